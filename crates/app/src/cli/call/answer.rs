//! What came back, for people.

use std::fmt::Write;

use axum::response::Response;
use lotbook_engine::thing::Value;
use lotbook_engine::thing::value::quote;

use crate::cli::{Failure, house};

/// So many faults are printed; the others are counted.
const FAULTS_SHOWN: usize = 1_000;

/// The status and the headers, and the empty line behind them.
pub fn head(response: &Response) -> String {
    let mut text = format!("HTTP/1.1 {}\n", response.status());
    for (name, value) in response.headers() {
        writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes())).expect("a text takes what is written");
    }
    text + "\n"
}

/// JSON over several lines, each digit and the order of fields kept; what is short stays on one line.
pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    print(value, 0, &mut out);
    out
}

/// A list or an object of plain values goes on one line while it is not longer.
const SHORT: usize = 100;

fn print(value: &Value, depth: usize, out: &mut String) {
    let (open, close, count) = match value {
        Value::List(values) => ('[', ']', values.len()),
        Value::Object(fields) => ('{', '}', fields.len()),
        plain => return plain.write_json(out),
    };
    let line = one_line(value);
    if depth > 0 && line.chars().count() + 2 * depth <= SHORT {
        return out.push_str(&line);
    }
    out.push(open);
    for at in 0..count {
        out.push_str(if at > 0 { ",\n" } else { "\n" });
        out.extend(std::iter::repeat_n("  ", depth + 1));
        match value {
            Value::List(values) => print(&values[at], depth + 1, out),
            Value::Object(fields) => {
                quote(&fields[at].0, out);
                out.push_str(": ");
                print(&fields[at].1, depth + 1, out);
            }
            _ => {}
        }
    }
    if count > 0 {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
    out.push(close);
}

fn one_line(value: &Value) -> String {
    match value {
        Value::List(values) => format!("[{}]", values.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let mut text = String::new();
                quote(name, &mut text);
                format!("{text}: {}", one_line(value))
            });
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_json(),
    }
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let Value::Object(fields) = value else { return None };
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    match field(value, name)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The id of a record that was answered.
pub fn id(value: &Value) -> Option<i64> {
    match field(value, "id")? {
        Value::Number(number) => number.parse().ok(),
        _ => None,
    }
}

/// A problem in sentences: each fault on a line of its own, and what they come to.
pub fn refusal(body: &[u8], is_safe: bool, (method, path): &(String, String)) -> Failure {
    let whole = String::from_utf8_lossy(body);
    let problem = Value::parse(&whole).unwrap_or(Value::Null);
    let Some(detail) = text(&problem, "detail") else { return Failure(whole.into_owned()) };
    if let Some("unknownRoute" | "methodNotAllowed") = text(&problem, "code") {
        return super::reference::none(method, path);
    }
    let mut faults: Vec<String> = Vec::new();
    if let Some(Value::Object(fields)) = field(&problem, "violations") {
        let mut fields: Vec<&(String, Value)> = fields.iter().collect();
        fields.sort_by_key(|(place, _)| line(place));
        for (place, messages) in fields {
            let Value::List(messages) = messages else { continue };
            let place = if place == "$" { "" } else { place };
            faults.extend(messages.iter().filter_map(|message| match message {
                Value::Text(message) => Some(house::sentence(place, message)),
                _ => None,
            }));
        }
    }
    if let [only] = faults.as_slice() {
        return Failure(only.clone());
    }
    if faults.is_empty() {
        return Failure(detail.to_owned());
    }
    for fault in faults.iter().take(FAULTS_SHOWN) {
        eprintln!("{fault}");
    }
    if faults.len() > FAULTS_SHOWN {
        eprintln!("… and {} more", faults.len() - FAULTS_SHOWN);
    }
    Failure(format!("{} faults{}", faults.len(), if is_safe { "" } else { "; nothing was changed" }))
}

/// Which line of a list a place is on: 12 of `[12].quantity` and of `lines[12].lot`.
fn line(place: &str) -> Option<usize> {
    place.split_once('[')?.1.split_once(']')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_by_people() {
        let json = r#"{"id":7,"quantity":10.50,"location":{"id":1,"path":"Cellar"},"lines":[],"text":"a\nb"}"#;
        let want = "{\n  \"id\": 7,\n  \"quantity\": 10.50,\n  \"location\": { \"id\": 1, \"path\": \"Cellar\" },\n  \
                    \"lines\": [],\n  \"text\": \"a\\nb\"\n}";
        assert_eq!(pretty(&Value::parse(json).unwrap()), want);
        assert_eq!(pretty(&Value::List(Vec::new())), "[]");
    }

    #[test]
    fn a_problem_is_a_sentence() {
        let called = ("POST".to_owned(), "/v1/counts".to_owned());
        let said = |json: &str| refusal(json.as_bytes(), false, &called).0;
        assert_eq!(said(r#"{"code":"x","detail":"5 are short","details":{"short":5}}"#), "5 are short");
        let one = r#"{"code":"x","detail":"quantity: is missing","violations":{"quantity":["is missing"]}}"#;
        assert_eq!(said(one), "quantity is missing");
        let two = r#"{"code":"x","detail":"…","violations":{"[0].at":["is missing"],"[1]":["there is no field y"]}}"#;
        assert_eq!(said(two), "2 faults; nothing was changed");
        let nowhere = ("POST".to_owned(), "/v1/nothing".to_owned());
        assert!(refusal(br#"{"code":"unknownRoute","detail":"x"}"#, false, &nowhere).0.contains("--list"));
        assert_eq!(said("bad gateway"), "bad gateway");
    }
}
