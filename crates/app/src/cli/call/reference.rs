//! What calls there are and what they take, out of the reference of the native API.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::LazyLock;

use serde_json::Value;

use crate::cli::Failure;
use crate::http::native;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(native::document()).expect("the reference is JSON"));

/// Fields inside fields are told of to this depth.
const DEPTH_MAX: usize = 4;
/// Lines are broken here.
const WIDTH: usize = 118;

/// A call of the reference.
pub struct Operation {
    method: String,
    /// Its address, with the parts that a caller fills in between braces.
    pub path: String,
    value: &'static Value,
}

fn operations() -> impl Iterator<Item = Operation> {
    DOCUMENT["paths"].as_object().into_iter().flatten().flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, value)| Operation {
            method: method.to_ascii_uppercase(),
            path: path.clone(),
            value,
        })
    })
}

/// The call that an address is of. One without braces there is meant before one with.
pub fn find(method: &str, path: &str) -> Option<Operation> {
    let method = if method == "HEAD" { "GET" } else { method };
    operations()
        .filter(|known| known.method == method && matches(&known.path, path))
        .min_by_key(|known| known.path.matches('{').count())
}

/// Whether an address is of a path; what stands between braces at its end may go on over slashes.
fn matches(pattern: &str, path: &str) -> bool {
    let wanted: Vec<&str> = pattern.split('/').collect();
    let given: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let takes_rest = wanted.last().is_some_and(|part| part.starts_with('{'));
    let has_length = given.len() == wanted.len() || (takes_rest && given.len() > wanted.len());
    has_length && wanted.iter().zip(&given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
}

/// There is no such call; those of other methods at the address, if there are some.
pub fn none(method: &str, path: &str) -> Failure {
    let path = path.split('?').next().unwrap_or_default();
    let others: BTreeSet<String> =
        operations().filter(|known| matches(&known.path, path)).map(|known| known.method).collect();
    let others = others.into_iter().collect::<Vec<_>>().join(", ");
    Failure(if others.is_empty() {
        format!("there is no {method} {path}; lotbook call --list [WORD] shows what there is")
    } else {
        format!("{path} is not called with {method}; there is {others}")
    })
}

/// Prints the calls whose method, address, summary or group has a word.
pub fn list(word: &str) -> Result<(), Failure> {
    let word = word.to_lowercase();
    let found: Vec<Operation> = operations().filter(|known| known.has(&word)).collect();
    if found.is_empty() {
        return Err(Failure(format!("no call has {word:?} in its name; lotbook call --list shows all")));
    }
    let width = found.iter().map(|known| known.path.chars().count()).max().unwrap_or(0);
    let mut out = std::io::stdout().lock();
    for known in found {
        writeln!(out, "{:<6} {:<width$}  {}", known.method, known.path, known.text("summary"))?;
    }
    Ok(())
}

impl Operation {
    fn text(&self, name: &str) -> &'static str {
        self.value[name].as_str().unwrap_or_default()
    }

    fn has(&self, word: &str) -> bool {
        let tag = self.value["tags"][0].as_str().unwrap_or_default();
        [self.method.as_str(), &self.path, self.text("summary"), tag]
            .iter()
            .any(|text| text.to_lowercase().contains(word))
    }

    /// Whether it has a body.
    pub fn takes_body(&self) -> bool {
        self.value.get("requestBody").is_some()
    }

    /// Whether a field, such as `entries[0].description`, takes texts and nothing else.
    pub fn takes_text(&self, name: &str) -> bool {
        // `[0]` of a list and `[]` of its description; of a list of bodies, each is one.
        let inside =
            name.split(']').map(|part| part.split_once('[').map_or(part.to_owned(), |(name, _)| format!("{name}[]")));
        let name: String = inside.collect();
        let name = name.strip_prefix("[].").unwrap_or(&name);
        let mut rows = Vec::new();
        fields("", self.body(), true, 0, &mut rows);
        rows.iter()
            .any(|(known, kind, _)| known.trim_end_matches('*') == name && matches!(kind.as_str(), "text" | "time"))
    }

    fn body(&self) -> &'static Value {
        one(&self.value["requestBody"]["content"]["application/json"]["schema"]).0
    }

    /// Prints what it takes and answers.
    pub fn explain(&self, out: &mut impl Write) -> std::io::Result<()> {
        writeln!(out, "{} {}: {}", self.method, self.path, self.text("summary"))?;
        if !self.text("description").is_empty() {
            paragraph(out, "", self.text("description"))?;
        }
        if !self.text("x-permission").is_empty() {
            writeln!(out, "It needs the permission {}.", self.text("x-permission"))?;
        }
        for (place, heading) in [
            ("path", "In the address:"),
            ("query", "With --query NAME=VALUE:"),
            ("header", "With --header 'NAME: VALUE':"),
        ] {
            let parameters = self.value["parameters"].as_array().into_iter().flatten();
            let rows = parameters.filter(|one| one["in"] == place).map(|one| {
                let about = one["description"].as_str().unwrap_or_default().to_owned();
                (one["name"].as_str().unwrap_or_default().to_owned(), kind(&one["schema"]), about)
            });
            table(out, heading, &rows.collect::<Vec<_>>())?;
        }
        let body = &self.value["requestBody"]["content"]["application/json"]["schema"];
        if !body.is_null() {
            let (schema, is_list) = one(body);
            let mut rows = Vec::new();
            fields("", schema, true, 0, &mut rows);
            let heading = "With --field NAME=VALUE, or as JSON with --input FILE; * is required:";
            table(out, heading, &rows)?;
            if is_list {
                writeln!(out, "  A list of them is taken as well: all or none.")?;
            }
        }
        let responses = || self.value["responses"].as_object().into_iter().flatten();
        let has_made = responses().any(|(status, _)| matches!(status.as_str(), "201" | "202"));
        for (status, answer) in responses() {
            // Where something is made, 200 is what a dry run answers, and looks the same.
            if !status.starts_with('2') || (has_made && status == "200") {
                continue;
            }
            let about = answer["description"].as_str().unwrap_or_default();
            writeln!(out)?;
            paragraph(out, "", &format!("It answers {status}: {about}"))?;
            for (_, content) in answer["content"].as_object().into_iter().flatten() {
                let mut rows = Vec::new();
                fields("", one(&content["schema"]).0, false, 0, &mut rows);
                let names: Vec<String> = rows.into_iter().map(|(name, ..)| name).collect();
                if !names.is_empty() {
                    paragraph(out, "  ", &names.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

/// Rows of a name, a kind and what it means.
fn table(out: &mut impl Write, heading: &str, rows: &[(String, String, String)]) -> std::io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}")?;
    let widest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let names = widest(&mut rows.iter().map(|(name, ..)| name));
    let kinds = widest(&mut rows.iter().map(|(_, kind, _)| kind)).min(40);
    for (name, kind, about) in rows {
        let head = format!("  {name:<names$}  {kind:<kinds$}  ");
        if head.chars().count() + about.chars().count() <= WIDTH {
            writeln!(out, "{}", format!("{head}{about}").trim_end())?;
        } else {
            writeln!(out, "{}", head.trim_end())?;
            paragraph(out, "      ", about)?;
        }
    }
    Ok(())
}

fn paragraph(out: &mut impl Write, indent: &str, text: &str) -> std::io::Result<()> {
    let mut line = indent.to_owned();
    for word in text.split_whitespace() {
        if line.len() > indent.len() && line.chars().count() + word.chars().count() >= WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            indent.clone_into(&mut line);
        }
        line.push_str(word);
        line.push(' ');
    }
    writeln!(out, "{}", line.trim_end())
}

/// What a reference within the document leads to, and its last name.
fn followed(schema: &'static Value) -> (&'static Value, Option<&'static str>) {
    match schema["$ref"].as_str() {
        None => (schema, None),
        Some(at) => {
            let found = DOCUMENT.pointer(at.trim_start_matches('#')).unwrap_or(&Value::Null);
            (found, at.rsplit('/').next())
        }
    }
}

/// The schema of one thing, where one or a list of them is taken; whether a list is.
fn one(schema: &'static Value) -> (&'static Value, bool) {
    let choices = schema["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
    match choices.iter().find(|choice| choice["type"] != "array") {
        Some(single) => (single, choices.iter().any(|choice| choice["type"] == "array")),
        None if schema["type"] == "array" => (&schema["items"], true),
        None => (schema, false),
    }
}

/// Without the choice of null.
fn given(schema: &'static Value) -> &'static Value {
    let choices = schema["anyOf"].as_array().map_or(&[][..], Vec::as_slice);
    let chosen = choices.iter().find(|choice| choice["type"] != "null").unwrap_or(schema);
    // What only adds a word to what it names.
    chosen["allOf"].get(0).unwrap_or(chosen)
}

/// The fields of an object and of what is inside: those that are sent, or those that are answered.
fn fields(above: &str, schema: &'static Value, is_sent: bool, depth: usize, rows: &mut Vec<(String, String, String)>) {
    let (schema, _) = followed(given(schema));
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let (inner, _) = followed(given(property));
        let hidden = if is_sent { "readOnly" } else { "writeOnly" };
        if property[hidden] == true || inner[hidden] == true {
            continue;
        }
        let mark = if is_sent && required.contains(&name.as_str()) { "*" } else { "" };
        let about = property["description"].as_str().or_else(|| {
            let choices = property["anyOf"].as_array()?;
            choices.iter().find_map(|choice| choice["description"].as_str())
        });
        let named = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        rows.push((format!("{named}{mark}"), kind(property), about.unwrap_or_default().to_owned()));
        let (inside, suffix) = if inner["items"].is_null() { (inner, "") } else { (one(&inner["items"]).0, "[]") };
        let (_, reference) = followed(given(inside));
        if depth + 1 < DEPTH_MAX && is_sent && reference != Some("Reference") && kind(inside) == "object" {
            fields(&format!("{named}{suffix}"), inside, is_sent, depth + 1, rows);
        }
    }
}

/// What a value has to be, in a few words.
fn kind(schema: &'static Value) -> String {
    let (schema, name) = followed(given(schema));
    match name {
        Some("Reference") => return "name or id".to_owned(),
        Some("Decimal" | "DecimalToSend") => return "number".to_owned(),
        _ => {}
    }
    if let Some(values) = schema["enum"].as_array() {
        let words = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        return words.collect::<Vec<_>>().join(" | ");
    }
    if !schema["properties"].is_null() {
        return "object".to_owned();
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect(),
        one => one.as_str().into_iter().collect(),
    };
    match (types.as_slice(), schema["format"].as_str()) {
        (["array"], _) => format!("list of {}", kind(&schema["items"])),
        (["string"], Some("date-time" | "date")) => "time".to_owned(),
        (["string"], _) => "text".to_owned(),
        (["integer"], _) => "whole number".to_owned(),
        (["boolean"], _) => "true | false".to_owned(),
        ([], _) => match schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            Some(choices) => choices.iter().map(kind).collect::<Vec<_>>().join(" or "),
            None => "anything".to_owned(),
        },
        (types, _) => types.join(" or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_find_their_calls() {
        for (method, path, want) in [
            ("GET", "/v1/balances", Some("/v1/balances")),
            ("POST", "/v1/reservations/17/confirm", Some("/v1/reservations/{reservation}/confirm")),
            ("GET", "/v1/locations/Plant/Silo1", Some("/v1/locations/{reference}")),
            ("HEAD", "/v1/balances/", Some("/v1/balances")),
            ("PUT", "/v1/balances", None),
            ("GET", "/v1/nothing", None),
        ] {
            assert_eq!(find(method, path).map(|known| known.path).as_deref(), want, "{method} {path}");
        }
        let entry = find("POST", "/v1/entries").unwrap();
        for (name, want) in [
            ("description", true),
            ("[0].description", true),
            ("stockDate", true),
            ("count", false),
            ("product", false),
            ("externalReference.type", true),
            ("nothing", false),
        ] {
            assert_eq!(entry.takes_text(name), want, "{name}");
        }
        assert!(none("PUT", "/v1/balances?x=1").0.ends_with("there is GET"), "{}", none("PUT", "/v1/balances").0);
    }

    #[test]
    fn every_call_is_explained() {
        for operation in operations() {
            let mut out = Vec::new();
            operation.explain(&mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.contains("It answers 2"), "{text}");
            assert!(!text.contains("  anything  anything"), "{text}");
        }
        let mut out = Vec::new();
        find("POST", "/v1/reservations").unwrap().explain(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for part in
            ["STOCK.RESERVE", "quantity*", "fifo | fefo | lifo | nearest", "name or id", "dryRun", "A list of them"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
