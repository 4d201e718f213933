//! What functions answer: objects with their keys in order, numbers to the last digit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lotbook_domain::quantity::format_e6;
use lotbook_domain::time::Time;
use lotbook_engine::thing::kept::Called;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::uid;

use super::fault::{Fault, FaultKind};

/// An object in the making.
#[derive(Default)]
pub struct Shape(Record);

impl Shape {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with another key.
    #[must_use]
    pub fn put(mut self, key: &str, value: Value) -> Self {
        self.0.push((key.to_owned(), value));
        self
    }

    /// The same with a text, or null.
    #[must_use]
    pub fn text(self, key: &str, text: Option<&str>) -> Self {
        self.put(key, opt_text(text))
    }

    /// The same with true or false.
    #[must_use]
    pub fn flag(self, key: &str, flag: bool) -> Self {
        self.put(key, Value::Bool(flag))
    }

    /// The same with how a record is called: its id under one key, its name under another.
    #[must_use]
    pub fn called(self, id: &str, name: &str, called: Option<&Called>) -> Self {
        self.text(id, called.map(|called| uid::print(&called.uid)).as_deref())
            .text(name, called.map(|called| called.name.as_str()))
    }

    /// The same, with the path in the place of the name.
    #[must_use]
    pub fn at(self, id: &str, path: &str, called: Option<&Called>) -> Self {
        self.text(id, called.map(|called| uid::print(&called.uid)).as_deref())
            .text(path, called.map(|called| called.path.as_str()))
    }

    /// The object.
    pub fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A text, or null.
pub fn opt_text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.to_owned()))
}

/// Millionths as a decimal number: `100.0`.
pub fn number(e6: i64) -> Value {
    let mut text = format_e6(e6);
    if !text.contains('.') {
        text.push_str(".0");
    }
    Value::Number(text)
}

/// A whole number.
pub fn whole(number: i64) -> Value {
    Value::Number(number.to_string())
}

/// A time, or null.
pub fn time(at: Option<Time>) -> Value {
    at.map_or(Value::Null, |at| Value::Text(at.to_string()))
}

/// A ULID as scripts see it.
pub fn id(kept: &str) -> Value {
    Value::Text(uid::print(kept))
}

/// Bytes.
pub fn bytes(bytes: &[u8]) -> Value {
    Shape::new().put("$bytes", Value::Text(STANDARD.encode(bytes))).done()
}

/// What deletions and imports answer.
pub fn api_response(success: bool, message: &str, data: Value, error: Option<&str>) -> Value {
    Shape::new().flag("success", success).text("message", Some(message)).put("data", data).text("error", error).done()
}

/// What a deletion answers: nothing, or what is wrong is thrown; where `tells` is said, an ApiResponse for
/// both. `outcome` is the id and the name of what is gone.
pub fn deleted(tells: bool, outcome: Result<(String, String), Fault>) -> Result<Value, Fault> {
    match outcome {
        Ok((id, name)) if tells => Ok(api_response(true, &format!("{name} is deleted"), Value::Text(id), None)),
        Ok(_) => Ok(Value::Null),
        Err(fault) if tells && fault.kind == FaultKind::InUse => {
            let error = format!("{}: {}", fault.kind.name(), fault.message);
            Ok(api_response(false, &fault.message, Value::Null, Some(&error)))
        }
        Err(fault) => Err(fault),
    }
}

/// Fields with what is wrong with each: what validators answer.
pub fn violations(wrong: Vec<(String, String)>) -> Value {
    let mut record: Record = Vec::new();
    for (field, message) in wrong {
        match record.iter_mut().find(|(known, _)| *known == field) {
            Some((_, Value::List(messages))) => messages.push(Value::Text(message)),
            _ => record.push((field, Value::List(vec![Value::Text(message)]))),
        }
    }
    Value::Object(record)
}
