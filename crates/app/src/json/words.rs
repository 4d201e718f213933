//! What the parser says, in words for people.

use serde_json::error::Category;

/// A message of the parser as a sentence about what was sent. What readers of ours say is a sentence already.
pub(super) fn of_parser(message: &str, category: Category) -> String {
    match category {
        Category::Data | Category::Io => of_data(message),
        Category::Eof => match message.strip_prefix("EOF while parsing ") {
            Some("an object") => "ends before its object is closed".to_owned(),
            Some("a list") => "ends before its list is closed".to_owned(),
            Some("a string") => "ends before its text is closed".to_owned(),
            _ => "ends before its value is complete".to_owned(),
        },
        Category::Syntax => match message {
            "expected value" | "expected ident" => "is not JSON: a value was expected".to_owned(),
            "trailing characters" => "goes on behind its end".to_owned(),
            "trailing comma" => "is not JSON: nothing follows a comma".to_owned(),
            other => format!("is not JSON: {other}"),
        },
    }
}

fn of_data(message: &str) -> String {
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return format!("has no field {name}; send it");
    }
    if let Some(rest) = message.strip_prefix("unknown field `")
        && let Some((name, known)) = rest.split_once("`, expected ")
    {
        let known = known.trim_start_matches("one of ").replace('`', "");
        return format!("has a field {name} that nobody knows; there are {known}");
    }
    for start in ["invalid type: ", "invalid value: "] {
        if let Some((found, wanted)) = message.strip_prefix(start).and_then(|rest| rest.rsplit_once(", expected ")) {
            return format!("is {}; send {}", noun(found), asked(wanted));
        }
    }
    message.to_owned()
}

fn noun(found: &str) -> String {
    let quoted = |name: &str| found.strip_prefix(name).and_then(|rest| rest.strip_prefix(" `")?.strip_suffix('`'));
    match found {
        "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        "unit value" | "Option value" => "null".to_owned(),
        _ => match (quoted("boolean"), quoted("integer").or(quoted("floating point"))) {
            (Some(truth), _) => truth.to_owned(),
            (_, Some(number)) => format!("the number {number}"),
            _ => found.strip_prefix("string ").map_or_else(|| found.to_owned(), |text| format!("the text {text}")),
        },
    }
}

fn asked(wanted: &str) -> String {
    match wanted {
        "a string" | "a borrowed string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "i64" | "i32" | "u64" | "u32" | "usize" => "a whole number".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.replace("a sequence", "a list").replace("a string", "a text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_in_their_words() {
        for (said, told) in [
            ("invalid type: map, expected a sequence", "is an object; send a list"),
            ("invalid type: string \"x, y\", expected struct Login", "is the text \"x, y\"; send an object"),
            ("invalid type: boolean `true`, expected a string", "is true; send a text"),
            ("invalid type: null, expected i64", "is null; send a whole number"),
            ("missing field `user`", "has no field user; send it"),
            ("unknown field `a`, expected one of `b`, `c`", "has a field a that nobody knows; there are b, c"),
            ("\"ten\" is not a decimal number", "\"ten\" is not a decimal number"),
        ] {
            assert_eq!(of_parser(said, Category::Data), told);
        }
        assert_eq!(of_parser("EOF while parsing a list", Category::Eof), "ends before its list is closed");
    }
}
