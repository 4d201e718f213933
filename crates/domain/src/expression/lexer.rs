//! From characters to tokens.

use super::number::Number;
use super::{Fault, tag_path};

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(Number),
    Text(String),
    Tag(String),
    Word(String),
    Sign(&'static str),
    End,
}

impl Token {
    /// What it is, for a fault.
    pub fn shown(&self) -> String {
        match self {
            Self::Number(number) => format!("{number}"),
            Self::Text(_) => "a text".to_owned(),
            Self::Tag(path) => format!("{{{path}}}"),
            Self::Word(word) => word.chars().take(40).collect(),
            Self::Sign(sign) => (*sign).to_owned(),
            Self::End => "the end".to_owned(),
        }
    }
}

/// The longer ones first.
const SIGNS: [&str; 18] =
    ["&&", "||", "!=", "<=", ">=", "==", "=", "<", ">", "+", "-", "*", "/", "%", "^", "!", "(", ")"];

/// The tokens of a text, each with the character it begins at; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Fault> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = chars.get(at).copied() {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let (token, end) = match first {
            '"' | '\'' => quoted(&chars, at)?,
            '{' => tag(&chars, at)?,
            '0'..='9' | '.' => number(&chars, at)?,
            ',' => (Token::Sign(","), at + 1),
            _ if first.is_alphabetic() || first == '_' => word(&chars, at),
            _ => sign(&chars, at)?,
        };
        tokens.push((at + 1, token));
        at = end;
    }
    tokens.push((chars.len() + 1, Token::End));
    Ok(tokens)
}

fn quoted(chars: &[char], start: usize) -> Result<(Token, usize), Fault> {
    let (mut text, mut at) = (String::new(), start + 1);
    loop {
        match chars.get(at) {
            None => {
                let found = "the end".to_owned();
                return Err(Fault {
                    at: chars.len() + 1,
                    expected: format!("the text's closing {}", chars[start]),
                    found,
                });
            }
            Some(end) if *end == chars[start] => return Ok((Token::Text(text), at + 1)),
            Some('\\') => {
                let escaped = chars.get(at + 1).copied();
                text.push(match escaped {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some(same @ ('\\' | '"' | '\'')) => same,
                    other => {
                        let found = other.map_or("the end".to_owned(), |other| other.to_string());
                        return Err(Fault {
                            at: at + 2,
                            expected: "one of n, t, r, \\, \" or ' after a backslash".into(),
                            found,
                        });
                    }
                });
                at += 2;
            }
            Some(other) => {
                text.push(*other);
                at += 1;
            }
        }
    }
}

fn tag(chars: &[char], start: usize) -> Result<(Token, usize), Fault> {
    let Some(length) = chars[start..].iter().position(|c| *c == '}') else {
        return Err(Fault { at: chars.len() + 1, expected: "the tag's closing }".into(), found: "the end".into() });
    };
    let path: String = chars[start + 1..start + length].iter().collect();
    match tag_path(&path) {
        Some(path) => Ok((Token::Tag(path), start + length + 1)),
        None => Err(Fault {
            at: start + 2,
            expected: "a tag such as [default]Line1/Counter".into(),
            found: format!("{path:?}"),
        }),
    }
}

fn number(chars: &[char], start: usize) -> Result<(Token, usize), Fault> {
    let mut end = start;
    while let Some(c) = chars.get(end) {
        let is_sign_of_exponent = matches!(c, '+' | '-') && matches!(chars[end - 1], 'e' | 'E');
        if c.is_ascii_alphanumeric() || *c == '.' || is_sign_of_exponent { end += 1 } else { break }
    }
    let text: String = chars[start..end].iter().collect();
    match Number::parse(&text) {
        Some(number) => Ok((Token::Number(number), end)),
        None => {
            Err(Fault { at: start + 1, expected: "a number of at most 18 digits before the point".into(), found: text })
        }
    }
}

fn word(chars: &[char], start: usize) -> (Token, usize) {
    let length = chars[start..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
    (Token::Word(chars[start..start + length].iter().collect()), start + length)
}

fn sign(chars: &[char], start: usize) -> Result<(Token, usize), Fault> {
    let found =
        SIGNS.into_iter().find(|sign| sign.chars().enumerate().all(|(at, c)| chars.get(start + at) == Some(&c)));
    match found {
        Some(sign) => Ok((Token::Sign(sign), start + sign.len())),
        None => Err(Fault {
            at: start + 1,
            expected: "a value, an operator or a function".into(),
            found: chars[start].to_string(),
        }),
    }
}
