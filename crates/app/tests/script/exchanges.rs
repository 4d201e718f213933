//! What every function is asked and answers, as committed in `exchanges`.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::exchange::{compare, pretty};
use crate::on_both;
use crate::plant::ok;
use crate::support::{Client, Server, run_ok};

const CALLS: &str = include_str!("exchanges/calls.txt");

/// A line of the file of calls.
struct Line {
    named: Option<String>,
    function: String,
    params: String,
}

fn read(line: &str) -> Line {
    let (named, call) = match line.split_once(" = ") {
        Some((named, call)) if !named.contains(' ') => (Some(named.to_owned()), call),
        _ => (None, line),
    };
    let (function, params) = call.split_once(' ').unwrap_or_else(|| panic!("{line} has no params"));
    Line { named, function: format!("system.mes.{function}"), params: params.to_owned() }
}

/// Puts what was answered before where it is named.
fn fill(params: &mut Value, known: &HashMap<String, Value>) {
    match params {
        Value::String(text) if text.starts_with('$') => {
            let (name, key) = text[1..].split_once('.').unwrap_or((&text[1..], "id"));
            let found = known.get(name).unwrap_or_else(|| panic!("nothing was called {name}"));
            *params = found[key].clone();
        }
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, known)),
        Value::Object(values) => values.values_mut().for_each(|value| fill(value, known)),
        _ => {}
    }
}

/// The length of an id that begins here: 10-8-8.
fn id_at(text: &[u8]) -> bool {
    text.len() >= 28
        && text[..28].iter().enumerate().all(|(at, letter)| match at {
            10 | 19 => *letter == b'-',
            _ => letter.is_ascii_uppercase() || letter.is_ascii_digit(),
        })
}

/// A time that begins here, to the millisecond.
fn time_at(text: &[u8]) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.000Z";
    text.len() >= SHAPE.len()
        && text.iter().zip(SHAPE).all(
            |(letter, shape)| {
                if *shape == b'0' { letter.is_ascii_digit() } else { letter == shape }
            },
        )
}

/// The same text with what differs each time called alike: ids in the order in which they come, and the time of the
/// test itself.
fn steady(text: &str, ids: &mut HashMap<String, usize>, from: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (String::new(), 0);
    while at < bytes.len() {
        if id_at(&bytes[at..]) {
            let next = ids.len() + 1;
            let number = ids.entry(text[at..at + 28].to_owned()).or_insert(next);
            write!(out, "<id {number}>").unwrap();
            at += 28;
        } else if time_at(&bytes[at..]) && &text[at..at + 24] >= from {
            out.push_str("<now>");
            at += 24;
        } else {
            let letter = text[at..].chars().next().unwrap();
            out.push(letter);
            at += letter.len_utf8();
        }
    }
    out
}

/// Bytes as the text that they are.
fn readable(json: &str) -> String {
    let Some((before, rest)) = json.split_once(r#"{"$bytes":""#) else { return json.to_owned() };
    let (bytes, after) = rest.split_once('"').unwrap();
    let text = String::from_utf8(STANDARD.decode(bytes).unwrap()).unwrap();
    format!(r#"{before}{{"$bytes":{}{}"#, json!(text), readable(after))
}

/// What stands between these two in an answer, as it was sent.
fn part<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).unwrap() + from.len();
    &text[start..text.rfind(to).unwrap()]
}

struct Kept {
    file: String,
    text: String,
    ids: HashMap<String, usize>,
}

impl Kept {
    fn new(file: &str) -> Self {
        Self { file: file.to_owned(), text: String::new(), ids: HashMap::new() }
    }

    fn keep(&mut self, client: &mut Client, line: &Line, params: &Value, from: &str) -> Value {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": line.function, "params": params });
        let reply = client.post("/script", &call);
        let answer = ok(&reply);
        let shown = if answer.get("error").is_some() {
            format!("throws {}", pretty(part(&reply.text, "\"error\":", ",\"id\":1}")))
        } else {
            pretty(&readable(part(&reply.text, "\"result\":", ",\"id\":1}")))
        };
        let text = format!("{} {}\n\n{shown}\n\n\n", line.function, pretty(&line.params));
        let text = steady(&text, &mut self.ids, from);
        // A second may pass between a start and an end that are told by the clock.
        self.text.push_str(&text.replace("\"duration\": 1,", "\"duration\": 0,"));
        answer["result"].clone()
    }

    fn finish(&self, database: &str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/script/exchanges");
        compare(&path.join(format!("{}.txt", self.file)), &self.text, database);
    }
}

fn every_function(database: &str) {
    let name = if database.starts_with("sqlite") { "sqlite" } else { "postgres" };
    let server = Server::start_on(database, &[]);
    let mut client = server.admin();
    // What is later is told by the clock; what the calls say is earlier.
    let from = "2025-01-01T00:00:00.000Z";
    let mut known = HashMap::new();
    let mut called = BTreeSet::new();
    let mut kept: Option<Kept> = None;
    let joined = CALLS.replace("\n    ", " ");
    for line in joined.lines().filter(|line| !line.is_empty()) {
        if let Some(file) = line.strip_prefix("== ") {
            if let Some(done) = kept.replace(Kept::new(file)) {
                done.finish(name);
            }
            continue;
        }
        let Some(kept) = &mut kept else { continue };
        if let Some(note) = line.strip_prefix("# ") {
            write!(kept.text, "# {note}\n\n").unwrap();
            continue;
        }
        let line = read(line);
        let mut params: Value =
            serde_json::from_str(&line.params).unwrap_or_else(|error| panic!("{}: {error}", line.function));
        fill(&mut params, &known);
        let answer = kept.keep(&mut client, &line, &params, from);
        called.insert(line.function.clone());
        if let Some(named) = line.named {
            assert!(answer.is_object(), "{} answers {answer}", line.function);
            known.insert(named, answer);
        }
    }
    kept.unwrap().finish(name);
    let functions = ok(&client.get("/script/functions"));
    let missing: Vec<String> = functions["families"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|family| {
            let prefixes = family["prefixes"].as_array().unwrap();
            family["functions"].as_array().unwrap().iter().filter_map(|function| {
                let all: Vec<String> = function["names"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .flat_map(|name| {
                        prefixes
                            .iter()
                            .map(move |prefix| format!("{}.{}", prefix.as_str().unwrap(), name.as_str().unwrap()))
                    })
                    .collect();
                (!all.iter().any(|name| called.contains(name))).then(|| all[0].clone())
            })
        })
        .collect();
    assert!(missing.is_empty(), "calls.txt does not call {missing:?}");
    run_ok(database, &["verify"]);
}

#[test]
fn every_function_answers_as_committed() {
    on_both(every_function);
}
