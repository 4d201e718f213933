//! What a door hands over for a field: JSON's values, with numbers as they were written.
//!
//! A number stays text until its field says what it is, so that no digit is lost on the way; the CSV
//! importer makes the same values from cells.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Explicitly nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number, digit by digit.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the order of its keys as sent.
    Object(Record),
}

/// The fields of one record, by name.
pub type Record = Vec<(String, Value)>;

impl Value {
    /// The value of a JSON text.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// What it is, for a sentence such as "is a list".
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// As JSON again; numbers as they were written.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => quote(text, out),
            Self::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    value.write_json(out);
                }
                out.push(']');
            }
            Self::Object(fields) => write_record(fields, out),
        }
    }

    /// As JSON again.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }
}

/// A record as JSON.
pub fn write_record(fields: &[(String, Value)], out: &mut String) {
    out.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        quote(name, out);
        out.push(':');
        value.write_json(out);
    }
    out.push('}');
}

/// A text in JSON's quotes.
pub fn quote(text: &str, out: &mut String) {
    out.push_str(&serde_json::to_string(text).expect("a text can always be printed"));
}

struct Fields(Record);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Record::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        match json.as_bytes().first() {
            Some(b'{') => serde_json::from_str(json).map(|Fields(fields)| Self::Object(fields)),
            Some(b'[') => serde_json::from_str(json).map(Self::List),
            Some(b'"') => serde_json::from_str(json).map(Self::Text),
            Some(b't') => Ok(Self::Bool(true)),
            Some(b'f') => Ok(Self::Bool(false)),
            Some(b'n') => Ok(Self::Null),
            _ => Ok(Self::Number(json.to_owned())),
        }
        .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let json = r#"{"price":123456789012.345678,"tiny":1e-7,"list":[1.10,true,null,"a\"b"],"in":{"x":-0}}"#;
        let value = Value::parse(json).unwrap();
        assert_eq!(value.to_json(), json);
        let Value::Object(fields) = value else { panic!("it is an object") };
        assert_eq!(fields[0], ("price".to_owned(), Value::Number("123456789012.345678".to_owned())));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for json in ["", "{", "[1,]", "nul", "{\"a\" 1}", "1 2", "NaN"] {
            assert!(Value::parse(json).is_err(), "{json}");
        }
    }
}
