//! Bodies of changes: one record, or a list of them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use lotbook_domain::violation::Violation;
use lotbook_engine::thing::{Record, Reference, Value};
use serde::Deserialize;

use super::super::call::{Call, json_text};
use super::super::problem::Problem;

/// The records of a body, and whether it was a list.
pub fn records(call: &Call) -> Result<(Vec<Record>, bool), Problem> {
    match call.json::<Value>()? {
        Value::Object(record) => Ok((vec![record], false)),
        Value::List(values) => {
            let mut records = Vec::with_capacity(values.len());
            let mut violations = Vec::new();
            for (at, value) in values.into_iter().enumerate() {
                match value {
                    Value::Object(record) => records.push(record),
                    other => violations.push(Violation::at(at, "", "wrongType", not_an_object(&other))),
                }
            }
            if violations.is_empty() { Ok((records, true)) } else { Err(violations.into()) }
        }
        other => Err(vec![Violation::new("", "wrongType", not_an_object(&other))].into()),
    }
}

/// The one record of a body.
pub fn record(call: &Call) -> Result<Record, Problem> {
    match call.json::<Value>()? {
        Value::Object(record) => Ok(record),
        other => Err(vec![Violation::new("", "wrongType", not_an_object(&other))].into()),
    }
}

fn not_an_object(value: &Value) -> String {
    format!("is {}; send an object", value.noun())
}

/// Takes a field out of a record.
pub fn take(record: &mut Record, name: &str) -> Option<Value> {
    let at = record.iter().position(|(found, _)| found == name)?;
    Some(record.remove(at).1)
}

/// Takes the reference to an org unit out of a record; `None` = none is named.
pub fn take_org_unit(record: &mut Record) -> Result<Option<Reference>, Problem> {
    let Some(value) = take(record, "orgUnit") else { return Ok(None) };
    Reference::of(&value).map_err(|message| vec![Violation::new("orgUnit", "wrongType", message)].into())
}

/// Refuses what is left of a record after its fields were taken out.
pub fn nothing_else(record: &Record, known: &str) -> Result<(), Problem> {
    let violations: Vec<Violation> = record
        .iter()
        .map(|(name, _)| Violation::new("", "unknownField", format!("there is no field {name}; there are {known}")))
        .collect();
    if violations.is_empty() { Ok(()) } else { Err(violations.into()) }
}

#[derive(Deserialize)]
struct Stamp {
    id: i64,
    version: i64,
}

/// The answer with a record: its version as its tag.
pub fn with_tag(status: StatusCode, json: String) -> Response {
    let stamp = serde_json::from_str::<Stamp>(&json).ok();
    let mut response = json_text(status, json);
    if let Some(stamp) = stamp
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", stamp.version))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The answer with a new record: where it is now, and its tag.
pub fn created(name: &str, json: String, is_dry: bool) -> Response {
    if is_dry {
        return json_text(StatusCode::OK, json);
    }
    let stamp = serde_json::from_str::<Stamp>(&json).ok();
    let mut response = with_tag(StatusCode::CREATED, json);
    if let Some(stamp) = stamp
        && let Ok(place) = HeaderValue::from_str(&format!("/v1/{name}/{}", stamp.id))
    {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}
