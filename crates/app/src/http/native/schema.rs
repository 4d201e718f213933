//! JSON schemas of catalog records, from the descriptions of their kinds.

use lotbook_engine::thing::field::{NAME_CHARS_MAX, NAMES_MAX, TEXT_CHARS_MAX};
use lotbook_engine::thing::kind::{Field, Key, Kind, Need, Type};
use serde_json::{Map, Value, json};

use super::openapi::schema_ref;

/// What the schemas of a kind are called.
pub struct Names {
    /// As answers show it: `Product`.
    pub shown: String,
    /// To make one: `ProductToCreate`.
    pub made: String,
    /// To change one: `ProductToChange`.
    pub changed: String,
    /// Several: `Products`.
    pub several: String,
}

impl Names {
    /// The names of a kind.
    pub fn of(kind: &Kind) -> Self {
        let one = pascal(kind.one);
        let several = kind.name.split('-').map(pascal).collect();
        Self { made: format!("{one}ToCreate"), changed: format!("{one}ToChange"), shown: one, several }
    }
}

/// `unitConversion` as `UnitConversion`.
pub fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// `UnitConversions` as `unit conversions`.
pub fn words(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// A record as answers show it.
pub fn shown(kind: &Kind) -> Value {
    let mut properties = Map::new();
    let mut required = vec!["id", "uid"];
    properties
        .insert("id".into(), json!({"type": "integer", "description": "Its number, unique per tenant and kind."}));
    properties.insert("uid".into(), json!({"type": "string", "description": "Its ULID, printed 10-8-8."}));
    for field in kind.fields {
        for name in [Some(field.name), field.also].into_iter().flatten() {
            properties.insert(name.into(), described(answer(field), field));
            required.push(name);
        }
    }
    for (name, schema, about) in [
        ("createdAt", moment(), "When it was made."),
        ("createdBy", person(), "By whom it was made."),
        ("modifiedAt", moment(), "When it was last changed."),
        ("modifiedBy", person(), "By whom it was last changed."),
        ("version", json!({"type": "integer"}), "How often it was written; for `If-Match`."),
    ] {
        let mut schema = schema;
        schema["description"] = about.into();
        properties.insert(name.into(), schema);
        required.push(name);
    }
    json!({"type": "object", "description": kind.about, "properties": properties, "required": required})
}

/// A record to be made.
pub fn made(kind: &Kind) -> Value {
    let required: Vec<&str> =
        kind.writable().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    let mut schema = changed(kind);
    // A field with two names is required under either, which only the check can say.
    let named_once: Vec<&str> =
        required.into_iter().filter(|name| kind.field(name).is_some_and(|field| field.also.is_none())).collect();
    schema["required"] = named_once.into();
    schema
}

/// A record's fields to be changed.
pub fn changed(kind: &Kind) -> Value {
    let mut properties = Map::new();
    for field in kind.writable() {
        for name in [Some(field.name), field.also].into_iter().flatten() {
            properties.insert(name.into(), described(request(field), field));
        }
    }
    json!({"type": "object", "properties": properties, "additionalProperties": true})
}

fn described(mut schema: Value, field: &Field) -> Value {
    // Beside a reference a description would not hold before OpenAPI 3.1; it does now.
    schema["description"] = field.about.into();
    if let Some(preset) = preset(field) {
        schema["default"] = preset;
    }
    schema
}

fn preset(field: &Field) -> Option<Value> {
    match (field.need, field.ty) {
        (Need::Number(number), Type::Flag) => Some(json!(number != 0)),
        (Need::Number(number), Type::Choice(choices)) => {
            choices.iter().find(|(_, code)| *code == number).map(|(name, _)| json!(name))
        }
        (Need::Number(number), Type::Whole(..)) => Some(json!(number)),
        (Need::Number(_), Type::Flags(flags)) => Some(flags.iter().map(|(name, _)| *name).collect()),
        (Need::Word(word), Type::Names) => serde_json::from_str(word).ok(),
        (Need::Word(word), _) => Some(json!(word)),
        _ => None,
    }
}

/// What a request may send.
fn request(field: &Field) -> Value {
    let schema = match field.ty {
        Type::Name | Type::Step => json!({"type": "string", "minLength": 1, "maxLength": NAME_CHARS_MAX}),
        Type::Text => json!({"type": "string", "maxLength": TEXT_CHARS_MAX}),
        Type::Names => json!({
            "type": "array", "maxItems": NAMES_MAX,
            "items": {"type": "string", "minLength": 1, "maxLength": NAME_CHARS_MAX}
        }),
        Type::Decimal => schema_ref("DecimalToSend"),
        Type::Whole(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
        Type::Flag => json!({"type": "boolean"}),
        Type::Choice(choices) => {
            json!({"type": "string", "enum": choices.iter().map(|(name, _)| *name).collect::<Vec<_>>()})
        }
        Type::Word(words) => json!({"type": "string", "enum": words}),
        Type::Flags(flags) => json!({
            "type": "array",
            "items": {"type": "string", "enum": flags.iter().map(|(name, _)| *name).collect::<Vec<_>>()}
        }),
        Type::Reference(_) => schema_ref("Reference"),
        Type::Time => json!({"type": "string", "examples": ["2027-03-31", "2027-03-31T12:00:00Z"]}),
    };
    if field.need == Need::Required { schema } else { nullable(schema) }
}

/// What an answer shows.
fn answer(field: &Field) -> Value {
    let schema = match field.ty {
        Type::Decimal => schema_ref("Decimal"),
        Type::Time => moment(),
        Type::Reference(kind) => refers(kind),
        // Fixed places have a word of their own.
        Type::Word(_) => json!({"type": "string"}),
        _ => return if field.need == Need::Optional { request(field) } else { strip_null(request(field)) },
    };
    match field.need {
        Need::Required => schema,
        _ if matches!(field.ty, Type::Word(_)) => schema,
        _ => nullable(schema),
    }
}

/// Another record, as answers name it.
fn refers(kind: &Kind) -> Value {
    match kind.key {
        Key::ColumnOr(..) => json!({"type": "string"}),
        key => json!({
            "type": "object",
            "properties": {"id": {"type": "integer"}, key.label(): {"type": "string"}},
            "required": ["id"]
        }),
    }
}

/// What a list may be filtered by.
pub fn filter(field: &Field) -> Value {
    match field.ty {
        Type::Reference(_) => json!({"type": "string", "description": "An id, a uid or a name; `null` = none."}),
        Type::Choice(choices) => {
            json!({"type": "string", "enum": choices.iter().map(|(name, _)| *name).collect::<Vec<_>>()})
        }
        Type::Word(words) => json!({"type": "string", "enum": words}),
        Type::Flags(flags) => {
            json!({"type": "string", "enum": flags.iter().map(|(name, _)| *name).collect::<Vec<_>>()})
        }
        Type::Flag => json!({"type": "boolean"}),
        Type::Whole(..) => json!({"type": "integer"}),
        _ => json!({"type": "string"}),
    }
}

fn moment() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn person() -> Value {
    json!({"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]}}})
}

fn nullable(mut schema: Value) -> Value {
    if let Some(Value::String(one)) = schema.get("type") {
        schema["type"] = json!([one, "null"]);
        if let Some(Value::Array(words)) = schema.get_mut("enum") {
            words.push(Value::Null);
        }
        return schema;
    }
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn strip_null(mut schema: Value) -> Value {
    if let Some(Value::Array(types)) = schema.get("type")
        && let Some(first) = types.first().cloned()
    {
        schema["type"] = first;
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    schema
}
