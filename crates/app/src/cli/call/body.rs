//! The body of a call, put together from a file and from fields.

use std::io::Read;
use std::path::Path;

use lotbook_engine::thing::Value;

use crate::cli::Failure;
use crate::json;

/// Lists get so long by fields at most; more come in a file.
const LINES_MAX: usize = 1_000;

/// `NAME=VALUE`, apart.
pub fn pairs<'t>(option: &str, given: &'t [String]) -> Result<Vec<(&'t str, &'t str)>, Failure> {
    let apart = |text: &'t String| {
        let pair = text.split_once('=').filter(|(name, _)| !name.trim().is_empty());
        let (name, value) = pair.ok_or_else(|| Failure(format!("{option} {text}: write it as NAME=VALUE")))?;
        Ok((name.trim(), value))
    };
    given.iter().map(apart).collect()
}

/// What a file holds; `-` is stdin.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| Failure(format!("{}: {error}", path.display())))
}

/// A body as a value; an empty one has yet to become something.
pub fn parse(body: &[u8]) -> Result<Value, Failure> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    json::read(body).map_err(|fault| Failure(format!("the input: {} {}", fault.path, fault.message)))
}

/// Sets what a name such as `lines[0].product` means; what is missing on the way is made.
pub fn set(whole: &mut Value, name: &str, value: Value) -> Result<(), Failure> {
    let wrong = |what: &str| Failure(format!("the field {name} {what}"));
    let mut at = whole;
    let mut rest = name;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (number, behind) = inside.split_once(']').ok_or_else(|| wrong("has a [ without its ]"))?;
            rest = behind;
            if *at == Value::Null {
                *at = Value::List(Vec::new());
            }
            let Value::List(values) = at else { return Err(wrong("asks for a line of what is no list")) };
            let line = match number.trim() {
                "" => values.len(),
                number => number.parse().map_err(|_| wrong("has no whole number between [ and ]"))?,
            };
            if line >= LINES_MAX {
                return Err(wrong("is too far down a list; send such a list in a file, with --input"));
            }
            while values.len() <= line {
                values.push(Value::Null);
            }
            at = &mut values[line];
        } else {
            let start = rest.strip_prefix('.').unwrap_or(rest);
            let end = start.find(['.', '[']).unwrap_or(start.len());
            let key = &start[..end];
            rest = &start[end..];
            if key.is_empty() {
                return Err(wrong("has no name between its dots"));
            }
            if *at == Value::Null {
                *at = Value::Object(Vec::new());
            }
            let Value::Object(fields) = at else { return Err(wrong("asks for a field of what has none")) };
            let found = fields.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
                fields.push((key.to_owned(), Value::Null));
                fields.len() - 1
            });
            at = &mut fields[found].1;
        }
    }
    *at = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_reach_inside() {
        let mut whole = parse(br#"{"reason": "a", "price": 0.100}"#).unwrap();
        for (name, value) in
            [("reason", "b"), ("lines[1].lot.name", "M1"), ("lines[0].lot", "M2"), ("lines[].lot", "M3")]
        {
            set(&mut whole, name, Value::Text(value.into())).unwrap();
        }
        let want = r#"{"reason":"b","price":0.100,"lines":[{"lot":"M2"},{"lot":{"name":"M1"}},{"lot":"M3"}]}"#;
        assert_eq!(whole.to_json(), want);
        let mut list = parse(b" ").unwrap();
        set(&mut list, "[0].name", Value::Bool(true)).unwrap();
        assert_eq!(list.to_json(), r#"[{"name":true}]"#);
        for (name, what) in [
            ("[0].name[0]", "no list"),
            ("[0].name.x", "no field"),
            ("[x]", "whole number"),
            ("[0", "without"),
            ("[0]..x", "between"),
            ("[99999]", "--input"),
        ] {
            let Failure(text) = set(&mut list, name, Value::Null).unwrap_err();
            assert!(text.contains(what) || what == "no field" && text.contains("has none"), "{name}: {text}");
        }
    }

    #[test]
    fn a_broken_body_says_where() {
        let Failure(text) = parse(b"{\"a\": 1, \"a\": 2}").unwrap_err();
        assert!(text.starts_with("the input: $"), "{text}");
    }
}
