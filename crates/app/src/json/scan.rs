//! One pass over the bytes of a body before it is read: how deep it is, and which keys stand twice.
//!
//! The parser behind does not look at properties that nobody asked for, and takes the last of two
//! equal keys; whoever sent them meant something else. This pass does not judge the grammar: where
//! it is broken, the parser says so afterwards.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{JsonFault, push_index, push_key};

/// How many lists and objects may stand inside each other.
pub const DEPTH_MAX: usize = 64;

/// From so many keys on, an object's keys are kept in a hash set.
const KEYS_FOR_SET: usize = 32;

/// A list or an object that is open.
struct Frame<'a> {
    is_object: bool,
    wants_key: bool,
    /// Commas so far: in a list the index of the current element.
    index: usize,
    /// Where its keys begin among the keys of all open objects.
    keys_from: usize,
    /// One bit for each key by [`bit_of`]; most keys are new, and their bit shows it.
    bits: u64,
    /// The keys of an object with many of them.
    set: Option<HashSet<Cow<'a, str>>>,
}

/// Refuses a text that is too deep or has a key twice in one object.
pub(super) fn check(text: &str) -> Result<(), JsonFault> {
    let bytes = text.as_bytes();
    let mut frames: Vec<Frame> = Vec::with_capacity(DEPTH_MAX);
    let mut keys: Vec<Cow<str>> = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let (end, is_escaped) = string_end(bytes, at);
                if let Some(frame) = frames.last_mut()
                    && frame.wants_key
                {
                    frame.wants_key = false;
                    let raw = &text[at + 1..end];
                    let key = if is_escaped { unescape(raw) } else { Cow::Borrowed(raw) };
                    if !note_key(frame, &mut keys, key) {
                        return Err(JsonFault {
                            path: path(&frames, &keys),
                            message: "stands twice in its object".into(),
                        });
                    }
                }
                at = end;
            }
            b'{' | b'[' => {
                if frames.len() == DEPTH_MAX {
                    let message = format!("is nested deeper than {DEPTH_MAX} levels");
                    return Err(JsonFault { path: path(&frames, &keys), message });
                }
                let is_object = *byte == b'{';
                frames.push(Frame {
                    is_object,
                    wants_key: is_object,
                    index: 0,
                    keys_from: keys.len(),
                    bits: 0,
                    set: None,
                });
            }
            b'}' | b']' => {
                if let Some(frame) = frames.pop() {
                    keys.truncate(frame.keys_from);
                }
            }
            b',' => {
                if let Some(frame) = frames.last_mut() {
                    frame.index += 1;
                    frame.wants_key = frame.is_object;
                }
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The place of the closing quote (the end of the text where there is none), and whether a backslash
/// stands before it.
fn string_end(bytes: &[u8], open: usize) -> (usize, bool) {
    let mut at = open + 1;
    let mut is_escaped = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return (at, is_escaped),
            b'\\' => {
                is_escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
    (bytes.len(), is_escaped)
}

fn unescape(raw: &str) -> Cow<'_, str> {
    serde_json::from_str(&format!("\"{raw}\"")).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// Adds the key of an open object; says whether it is new there.
fn note_key<'a>(frame: &mut Frame<'a>, keys: &mut Vec<Cow<'a, str>>, key: Cow<'a, str>) -> bool {
    let own = &keys[frame.keys_from..];
    if own.len() == KEYS_FOR_SET {
        frame.set = Some(own.iter().cloned().collect());
    }
    let is_new = if let Some(set) = &mut frame.set {
        set.insert(key.clone())
    } else {
        let bit = bit_of(&key);
        let is_new = frame.bits & bit == 0 || !own.contains(&key);
        frame.bits |= bit;
        is_new
    };
    keys.push(key);
    is_new
}

fn bit_of(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    1 << ((bytes.len() * 7 + usize::from(first) * 5 + usize::from(last)) % 64)
}

fn path(frames: &[Frame], keys: &[Cow<str>]) -> String {
    let mut path = String::from("$");
    for (depth, frame) in frames.iter().enumerate() {
        if frame.is_object {
            let end = frames.get(depth + 1).map_or(keys.len(), |inner| inner.keys_from);
            if let Some(key) = keys[frame.keys_from..end].last() {
                push_key(&mut path, key);
            }
        } else {
            push_index(&mut path, frame.index);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_named() {
        for (text, want) in [
            (r#"{"a":1,"a":2}"#, "$.a"),
            (r#"{"a":1,"\u0061":2}"#, "$.a"),
            (r#"{"list":[1,{"x":{"y":1,"z":2,"y":3}}]}"#, "$.list[1].x.y"),
            (r#"{"odd key":{"it's":[[],[{"k":1,"k":1}]]}}"#, r"$['odd key']['it\'s'][1][0].k"),
            (r#"{"":1,"":2}"#, "$['']"),
        ] {
            let fault = check(text).expect_err(text);
            assert_eq!(fault.path, want);
            assert_eq!(fault.message, "stands twice in its object");
        }
        let many = (0..1000).map(|n| format!("\"k{n}\":{n},")).collect::<Vec<_>>().concat();
        assert_eq!(check(&format!("{{{many}\"k7\":1}}")).expect_err("k7").path, "$.k7");
        assert!(check(&format!("{{{many}\"k\":1}}")).is_ok());
        for text in [r#"{"a":1,"b":"a","c":{"a":1,"b":["a","a"]}}"#, r#"[{"a":1},{"a":1}]"#, r#"{"a\"":1,"a":2}"#] {
            assert!(check(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(check(&nested(DEPTH_MAX)).is_ok());
        let fault = check(&nested(DEPTH_MAX + 1)).expect_err("too deep");
        assert_eq!(fault.path, format!("${}", "[0]".repeat(DEPTH_MAX)));
        assert_eq!(fault.message, "is nested deeper than 64 levels");
        assert!(check(&format!("[{}]", r#"{"a":[]},"#.repeat(1000))).is_ok());
        assert!(check(&"{\"a\":".repeat(10_000)).is_err());
        assert!(check(&format!("\"{}\"", "[".repeat(1000))).is_ok());
    }

    #[test]
    fn broken_text_is_left_to_the_parser() {
        for text in ["", "\"", "\"\\", "{\"a", "]]}", "{,,}", "{\"a\" \"a\"}"] {
            assert!(check(text).is_ok(), "{text}");
        }
    }
}
