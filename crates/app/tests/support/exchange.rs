//! Exchanges as committed, in files that a person can read.
//!
//! `LOTBOOK_BLESS=1` writes the files anew; what changed is then seen in the diff.

use std::fmt::Write;
use std::path::Path;

/// Compares what happened, on this database, with the file that was committed, or commits it.
pub fn compare(path: &Path, text: &str, database: &str) {
    let text = format!("{}\n", text.trim_end());
    if std::env::var("LOTBOOK_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(path, &text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().zip(kept.lines().chain(std::iter::repeat("")));
    if let Some((at, (now, before))) = lines.enumerate().find(|(_, (now, before))| now != before) {
        panic!(
            "{} on {database}, line {}:\n  committed: {before}\n  now:       {now}\nLOTBOOK_BLESS=1 commits to what is now",
            path.display(),
            at + 1
        );
    }
    assert_eq!(text.lines().count(), kept.lines().count(), "{} is longer than what happened", path.display());
}

/// JSON over several lines, in the order in which it was sent; what is short stays on one line.
pub fn pretty(json: &str) -> String {
    let mut out = String::new();
    let tokens = tokens(json);
    print(&tokens, &mut 0, 0, &mut out);
    out
}

const WIDTH: usize = 110;

fn tokens(json: &str) -> Vec<&str> {
    let bytes = json.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => at += 1,
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            _ => {
                while at < bytes.len() && !b"{}[],: \n\t\r".contains(&bytes[at]) {
                    at += 1;
                }
            }
        }
        found.push(&json[from..at.min(bytes.len())]);
    }
    found
}

/// Prints one value from `at` on.
fn print(tokens: &[&str], at: &mut usize, depth: usize, out: &mut String) {
    let Some(first) = tokens.get(*at) else { return };
    if !matches!(*first, "{" | "[") {
        out.push_str(first);
        *at += 1;
        return;
    }
    let end = end_of(tokens, *at);
    let line = on_one_line(&tokens[*at..=end]);
    if line.chars().count() + 2 * depth <= WIDTH {
        out.push_str(&line);
        *at = end + 1;
        return;
    }
    out.push_str(first);
    *at += 1;
    while *at < end {
        write!(out, "\n{}", "  ".repeat(depth + 1)).unwrap();
        if tokens.get(*at + 1) == Some(&":") {
            write!(out, "{}: ", tokens[*at]).unwrap();
            *at += 2;
        }
        print(tokens, at, depth + 1, out);
        if tokens[*at] == "," {
            out.push(',');
            *at += 1;
        }
    }
    write!(out, "\n{}{}", "  ".repeat(depth), tokens[end]).unwrap();
    *at = end + 1;
}

fn end_of(tokens: &[&str], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match *token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len() - 1
}

fn on_one_line(tokens: &[&str]) -> String {
    let mut line = String::new();
    for token in tokens {
        line.push_str(token);
        if matches!(*token, "," | ":") {
            line.push(' ');
        }
    }
    line
}
