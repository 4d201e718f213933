//! Exact JSON: what a program sent is read as it stands, or refused with the path of the fault.
//!
//! A body is looked over once before it is read: text that is not UTF-8, more than
//! [`scan::DEPTH_MAX`] levels and a key that stands twice in one object are refused wherever they
//! are, also in properties that nobody reads. Decimals are taken from the digits of the text, never
//! by way of a binary number. A body without fault is parsed once; only a faulty one is parsed
//! again, to find the path.

mod decimal;
mod scan;
mod words;

pub use decimal::{Decimal, DecimalInput, must_be_text};
pub use scan::DEPTH_MAX;

use std::fmt::Write;

use serde::Deserialize;
use serde::de;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// Where: `$.stockDraftEntrySources[3].count`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

/// Longest message; it may quote what was sent.
const MESSAGE_CHARS_MAX: usize = 300;

/// Encloses the path in the message of a fault that comes out of a nested reading. It cannot be at
/// the start of any other message: what messages quote is escaped.
const NESTED: char = '\u{1}';

/// Reads a whole body; `T` may borrow from it.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, JsonFault> {
    let text = std::str::from_utf8(body).map_err(|error| JsonFault {
        path: "$".into(),
        message: format!("is not UTF-8 from byte {} on", error.valid_up_to()),
    })?;
    // Some programs put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    scan::check(text)?;
    serde_json::from_str(text).or_else(|_| read_tracked(text))
}

/// Reads one value's own text in the midst of reading a body; a fault keeps its whole path.
///
/// The text is part of a body that [`read`] has looked over.
pub(crate) fn read_nested<'a, T: Deserialize<'a>, E: de::Error>(raw: &'a RawValue) -> Result<T, E> {
    serde_json::from_str(raw.get()).or_else(|_| {
        read_tracked(raw.get()).map_err(|fault: JsonFault| {
            let path = fault.path.strip_prefix('$').unwrap_or_default();
            E::custom(format_args!("{NESTED}{path}{NESTED}{}", fault.message))
        })
    })
}

fn read_tracked<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, JsonFault> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let mut path = String::from("$");
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => push_index(&mut path, *index),
                Segment::Map { key } => push_key(&mut path, key),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        fault_at(path, error.inner())
    })?;
    deserializer.end().map_err(|error| fault_at("$".into(), &error))?;
    Ok(value)
}

fn fault_at(mut path: String, error: &serde_json::Error) -> JsonFault {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let mut message = text.strip_suffix(&place).unwrap_or(&text);
    if let Some((nested, rest)) = message.strip_prefix(NESTED).and_then(|rest| rest.split_once(NESTED)) {
        path.push_str(nested);
        message = rest;
    }
    let mut message = shorten(&words::of_parser(message, error.classify()), MESSAGE_CHARS_MAX);
    if !error.is_data() {
        message.push_str(&place);
    }
    JsonFault { path, message }
}

/// The text, or its beginning and an ellipsis.
fn shorten(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn push_index(path: &mut String, index: usize) {
    write!(path, "[{index}]").expect("writing to a string cannot fail");
}

/// `.count`, or `['odd key']` where the key is not a plain word.
fn push_key(path: &mut String, key: &str) {
    if !key.is_empty() && key.len() <= 64 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        path.push('.');
        path.push_str(key);
    } else {
        write!(path, "['{}']", shorten(key, 64).escape_debug()).expect("writing to a string cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::IgnoredAny;
    use std::collections::BTreeMap;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Body {
        lines: Vec<Line>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Line {
        count: Option<Decimal>,
        name: Option<String>,
    }

    fn fault(body: &[u8]) -> (String, String) {
        let fault = read::<Body>(body).expect_err("must be refused");
        (fault.path, fault.message)
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        for (body, path, message) in [
            (r#"{"lines":[{},{"count":true}]}"#, "$.lines[1].count", "a decimal"),
            (r#"{"lines":[{"count":"ten"}]}"#, "$.lines[0].count", "\"ten\" is not a decimal number"),
            (r#"{"lines":[{"count":0.0000001}]}"#, "$.lines[0].count", "more than 6 digits after the point"),
            (r#"{"lines":[{"name":5}]}"#, "$.lines[0].name", "is the number 5; send a text"),
            (r#"{"lines":5}"#, "$.lines", "is the number 5; send a list"),
            (r#"{"lines":[{"count":NaN}]}"#, "$.lines[0].count", "a value was expected at line 1 column"),
            (r#"{"lines":[{"count":01}]}"#, "$.lines[0].count", "invalid number"),
            (r#"{"lines":[{"count":Infinity}]}"#, "$.lines[0].count", "a value was expected"),
            (r#"{"lines":[{"count":1"#, "$.lines[0]", "ends before its object is closed"),
            (r#"{"lines":[{"name":"\ud800"}]}"#, "$.lines[0].name", "hex escape"),
            (r#"{"lines":[]} x"#, "$", "goes on behind its end"),
            ("", "$", "ends before its value is complete"),
            ("nonsense", "$", "is not JSON"),
        ] {
            let (at, what) = fault(body.as_bytes());
            assert_eq!(at, path, "{body}: {what}");
            assert!(what.contains(message), "{body}: {what}");
        }
        assert_eq!(fault(b"{\"lines\xff\":[]}").1, "is not UTF-8 from byte 7 on");
        let long = format!(r#"{{"lines":"{}"}}"#, "x".repeat(100_000));
        assert!(fault(long.as_bytes()).1.chars().count() <= MESSAGE_CHARS_MAX + 1);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert!(read::<Body>("\u{feff}{}".as_bytes()).is_ok());
    }

    #[test]
    fn a_nested_reading_keeps_the_whole_path() {
        struct Nested(#[allow(dead_code)] BTreeMap<String, Vec<Decimal>>);
        impl<'de> Deserialize<'de> for Nested {
            fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_nested(<&RawValue>::deserialize(deserializer)?).map(Self)
            }
        }
        let body = br#"[{"a":[1]},{"a":[1],"b":[1,{}]}]"#;
        let fault = read::<Vec<Nested>>(body).err().expect("must be refused");
        assert_eq!(fault.path, "$[1].b[1]");
        assert_eq!(fault.message, "expected a decimal number or a decimal string, got an object");
    }

    #[test]
    fn anything_well_formed_is_read() {
        for body in ["[]", "1e400", r#"{"a":{"a":[{"a":1}]},"b":1}"#, r#""\"""#] {
            assert!(read::<IgnoredAny>(body.as_bytes()).is_ok(), "{body}");
        }
    }
}
