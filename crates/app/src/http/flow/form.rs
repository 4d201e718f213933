//! What the flow's bodies hold, and the records that several routes print.

use lotbook_domain::quantity::{format_e6, parse_e6};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::zone;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::must_be_text;
use crate::table::asked::read_time;

/// An exact decimal, printed as a JSON number.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub i64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        must_be_text::<S>();
        RawValue::from_string(format_e6(self.0)).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// The decimal of a field; pushes what is wrong with it.
pub fn decimal(value: &Value, index: Option<usize>, field: &'static str, wrong: &mut Vec<Violation>) -> Option<i64> {
    let parsed = match value {
        Value::Null => return None,
        Value::Number(text) | Value::Text(text) => parse_e6(text).map_err(|fault| {
            let advice = "; write a decimal point, as in 1.5, and nothing between thousands";
            format!("{text:?} {fault}{}", if text.contains(',') { advice } else { "" })
        }),
        other => Err(format!("is {}; send a number", other.noun())),
    };
    match parsed {
        Ok(number) => Some(number),
        Err(message) => {
            wrong.push(Violation { index, field, code: "wrongNumber", message });
            None
        }
    }
}

/// Names every field that nobody would read, for a misspelled one is not to be lost silently.
pub fn refuse_unknown(records: &[Record], known: &[&str], wrong: &mut Vec<Violation>) {
    for (index, record) in records.iter().enumerate() {
        refuse_unknown_in("", record, known, Some(index), wrong);
    }
}

/// Refuses names inside the value of a field that nobody would read.
pub fn refuse_unknown_in(
    field: &'static str,
    value: &Record,
    known: &[&str],
    index: Option<usize>,
    wrong: &mut Vec<Violation>,
) {
    let unknown: Vec<&str> = value.iter().map(|(name, _)| name.as_str()).filter(|name| !known.contains(name)).collect();
    if !unknown.is_empty() {
        let message = format!("there is no field {}; there are {}", unknown.join(", "), known.join(", "));
        wrong.push(Violation { index, field, code: "unknownField", message });
    }
}

/// The text of a field.
pub fn text(value: &Value, index: Option<usize>, field: &'static str, wrong: &mut Vec<Violation>) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Text(text) => Some(text.clone()),
        other => {
            let message = format!("is {}; send a text", other.noun());
            wrong.push(Violation { index, field, code: "wrongType", message });
            None
        }
    }
}

/// The whole number of a field.
pub fn whole(value: &Value, index: Option<usize>, field: &'static str, wrong: &mut Vec<Violation>) -> Option<i64> {
    let parsed = match value {
        Value::Null => return None,
        Value::Number(text) | Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    if parsed.is_none() {
        let message = format!("is {}; send a whole number", value.to_json());
        wrong.push(Violation { index, field, code: "wrongNumber", message });
    }
    parsed
}

/// The time of a field; without an offset it is meant in the tenant's zone, and a date alone is its start.
pub fn time(
    value: &Value,
    zone_name: &str,
    index: Option<usize>,
    field: &'static str,
    wrong: &mut Vec<Violation>,
) -> Option<Time> {
    time_of(zone::instant, value, zone_name, index, field, wrong)
}

/// The time up to which something is asked for: like [`time`], but a date alone is the whole of its day.
pub fn time_until(
    value: &Value,
    zone_name: &str,
    index: Option<usize>,
    field: &'static str,
    wrong: &mut Vec<Violation>,
) -> Option<Time> {
    time_of(zone::last_instant, value, zone_name, index, field, wrong)
}

fn time_of(
    read: fn(&str, &str) -> Result<Time, String>,
    value: &Value,
    zone_name: &str,
    index: Option<usize>,
    field: &'static str,
    wrong: &mut Vec<Violation>,
) -> Option<Time> {
    match value {
        Value::Null => None,
        Value::Text(text) => read_time(read, text, zone_name, index, field, wrong),
        other => {
            let message = format!("is {}; send a time such as \"2026-11-22T08:30:00Z\"", other.noun());
            wrong.push(Violation { index, field, code: "wrongTime", message });
            None
        }
    }
}

/// One field of an object of a body; `Null` where it is not there.
pub fn field<'v>(record: &'v [(String, Value)], name: &str) -> &'v Value {
    record.iter().rev().find(|(key, _)| key == name).map_or(&Value::Null, |(_, value)| value)
}
