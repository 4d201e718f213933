//! What a message says of tags.

use lotbook_domain::expression::{Number, Quality, Reading, Value as Said};
use lotbook_domain::time::Time;
use lotbook_engine::command::Sample;
use lotbook_engine::mqtt::Subscription;
use lotbook_engine::thing::Value;
use lotbook_engine::zone;

/// A larger message is no value of a tag.
const BYTES_MAX: usize = 65_536;
/// A longer text is none either.
const CHARS_MAX: usize = 4_000;

/// A hash of a message.
pub(super) fn digest(topic: &str, payload: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(topic.len() as u64).to_le_bytes());
    hasher.update(topic.as_bytes());
    hasher.update(payload);
    hasher.finalize().to_hex()[..32].to_owned()
}

/// The samples of a message, one for each subscription that takes its topic, or why there are none.
pub(super) fn samples(
    subscriptions: &[Subscription],
    topic: &str,
    payload: &[u8],
    arrived: Time,
) -> Result<Vec<Sample>, String> {
    let concerned: Vec<(String, &Subscription)> =
        subscriptions.iter().filter_map(|one| Some((one.tag_of(topic)?, one))).collect();
    // What was subscribed once may still come for a moment; an empty message removes a retained one.
    if concerned.is_empty() || payload.is_empty() {
        return Ok(Vec::new());
    }
    if payload.len() > BYTES_MAX {
        return Err(format!("{topic}: has {} bytes; {BYTES_MAX} are read", payload.len()));
    }
    let text = std::str::from_utf8(payload).map_err(|_| format!("{topic}: is not UTF-8"))?;
    let json = Value::parse(text).ok();
    concerned
        .into_iter()
        .map(|(tag, one)| sample(one, tag, text, json.as_ref(), arrived).map_err(|fault| format!("{topic}: {fault}")))
        .collect()
}

fn sample(one: &Subscription, path: String, text: &str, json: Option<&Value>, arrived: Time) -> Result<Sample, String> {
    let pointed = match (&one.pointer, json) {
        (None, json) => json,
        (Some(pointer), Some(json)) => {
            Some(at_pointer(json, pointer).ok_or_else(|| format!("has nothing at {pointer}"))?)
        }
        (Some(_), None) => return Err("is not JSON".to_owned()),
    };
    let field = |name: &str| match pointed {
        Some(Value::Object(fields)) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
        _ => None,
    };
    // An object with a value is as tags are told over HTTP.
    let value = match (pointed, field("value")) {
        (_, Some(value)) | (Some(value), None) => read(value)?,
        (None, None) => plain(text)?,
    };
    let quality = match field("quality") {
        Some(Value::Text(name)) => Quality::named(name).ok_or_else(|| format!("has the quality {name:?}"))?,
        _ => Quality::Good,
    };
    let said_at = match &one.time {
        Some(pointer) => {
            let found = json.and_then(|json| at_pointer(json, pointer));
            Some(found.ok_or_else(|| format!("has no time at {pointer}"))?)
        }
        None => field("time"),
    };
    let at = said_at.filter(|value| **value != Value::Null).map(time).transpose()?;
    Ok(Sample {
        path,
        reading: Reading { value, quality, why: None },
        at: at.unwrap_or(arrived),
        is_arrival: at.is_none(),
    })
}

fn read(value: &Value) -> Result<Said, String> {
    Ok(match value {
        Value::Null => Said::Null,
        Value::Bool(yes) => Said::Bool(*yes),
        Value::Number(text) => {
            Said::Number(Number::parse(text).ok_or_else(|| format!("has the number {text}, which leaves the range"))?)
        }
        Value::Text(text) => plain_text(text)?,
        other => return Err(format!("is {}; name what is meant of it by a pointer", other.noun())),
    })
}

/// A message that is no JSON is a text, or a number that JSON writes otherwise: `+1`, `.5`.
fn plain(text: &str) -> Result<Said, String> {
    match Number::parse(text.trim()) {
        Some(number) => Ok(Said::Number(number)),
        None => plain_text(text),
    }
}

fn plain_text(text: &str) -> Result<Said, String> {
    if text.chars().count() > CHARS_MAX {
        return Err(format!("has a text of more than {CHARS_MAX} characters"));
    }
    if text.contains('\0') {
        return Err("has a text with the character NUL".to_owned());
    }
    Ok(Said::Text(text.to_owned()))
}

/// A time as text, or as seconds or milliseconds since 1970.
fn time(value: &Value) -> Result<Time, String> {
    let wrong = || format!("has a time that is {}; send 2026-01-31T08:00:00Z or milliseconds", value.to_json());
    let at = match value {
        Value::Text(text) => zone::instant(text, "UTC").map_err(|_| wrong())?,
        Value::Number(text) => {
            let number = Number::parse(text).ok_or_else(wrong)?;
            let is_millis = number.abs().floor().to_whole().is_none_or(|whole| whole >= 100_000_000_000);
            let unit = Number::whole(if is_millis { 1_000 } else { 1_000_000 }).ok_or_else(wrong)?;
            Time(number.times(unit).and_then(|micros| micros.floor().to_whole()).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    if at.is_datable() { Ok(at) } else { Err(wrong()) }
}

/// What a JSON pointer points to.
fn at_pointer<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    let mut at = value;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        at = match at {
            Value::Object(fields) => fields.iter().find(|(name, _)| *name == step).map(|(_, value)| value)?,
            Value::List(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(pointer: Option<&str>, time: Option<&str>, payload: &str) -> Result<(Said, Time, bool), String> {
        let subscription = Subscription {
            topic: "a/b".to_owned(),
            tag: "[default]T".to_owned(),
            pointer: pointer.map(str::to_owned),
            time: time.map(str::to_owned),
        };
        let mut found = samples(&[subscription], "a/b", payload.as_bytes(), Time(7))?;
        let sample = found.pop().ok_or("nothing")?;
        assert_eq!(sample.path, "[default]T");
        Ok((sample.reading.value, sample.at, sample.is_arrival))
    }

    fn number(text: &str) -> Said {
        Said::Number(Number::parse(text).unwrap())
    }

    #[test]
    fn plain_values_and_values_in_json() {
        let arrived = |value| Ok((value, Time(7), true));
        assert_eq!(take(None, None, "21.5"), arrived(number("21.5")));
        assert_eq!(take(None, None, " +7 "), arrived(number("7")));
        assert_eq!(take(None, None, "true"), arrived(Said::Bool(true)));
        assert_eq!(take(None, None, "open"), arrived(Said::Text("open".to_owned())));
        assert_eq!(take(None, None, "\"open\""), arrived(Said::Text("open".to_owned())));
        assert_eq!(take(Some("/m/0/v~1x"), None, r#"{"m": [{"v/x": 0.1}]}"#), arrived(number("0.1")));
        let at = Time(1_767_600_000_000_000);
        let timed = r#"{"value": 3, "time": "2026-01-05T08:00:00Z"}"#;
        assert_eq!(take(None, None, timed), Ok((number("3"), at, false)));
        assert_eq!(take(Some("/v"), Some("/t"), r#"{"v": 3, "t": 1767600000000}"#), Ok((number("3"), at, false)));
        assert_eq!(take(Some("/v"), Some("/t"), r#"{"v": 3, "t": 1767600000}"#), Ok((number("3"), at, false)));
    }

    #[test]
    fn what_is_no_value_says_why() {
        for (pointer, payload, why) in [
            (None, "{\"a\": 1}", "pointer"),
            (Some("/b"), "{\"a\": 1}", "nothing at /b"),
            (Some("/b"), "plain", "not JSON"),
            (None, "a\0b", "NUL"),
            (None, r#"{"value": 1, "quality": "odd"}"#, "quality"),
            (None, r#"{"value": 1, "time": "yesterday"}"#, "time"),
        ] {
            let told = take(pointer, None, payload).unwrap_err();
            assert!(told.starts_with("a/b: ") && told.contains(why), "{payload}: {told}");
        }
        assert_eq!(take(None, None, ""), Err("nothing".to_owned()));
    }
}
