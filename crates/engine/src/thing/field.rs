//! From a value of a request to what a column keeps, and from there to JSON.

use lotbook_domain::quantity::{DecimalFault, format_e6, parse_e6};
use lotbook_domain::time::Time;

use super::kind::{Cell, Field, Key, Need, Type};
use super::reference::Reference;
use super::value::{Value, quote};
use crate::uid;
use crate::zone;

/// Longest free text.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Longest name or identifier.
pub const NAME_CHARS_MAX: usize = 255;
/// Most names in one field, such as barcodes of a product.
pub const NAMES_MAX: usize = 100;

/// What is wrong with a value: a stable code and a sentence.
pub type Wrong = (&'static str, String);

/// What a value was read as.
pub enum Read {
    /// What goes into the field's columns.
    Cells(Vec<Cell>),
    /// A record to be found.
    Refers(Reference),
}

impl Field {
    /// What stands in the field when nothing is sent; `None` where something has to be.
    pub fn preset(&self) -> Option<Vec<Cell>> {
        let cell = match self.need {
            Need::Required => return None,
            Need::Number(number) => Cell::Int(Some(number)),
            Need::Word(word) => Cell::Text(Some(word.to_owned())),
            Need::Optional | Need::ReadOnly => match self.ty {
                Type::Reference(_) => Cell::Int(Some(0)),
                ty if !ty.is_text() => Cell::Int(None),
                _ if self.need == Need::ReadOnly => Cell::Text(Some(String::new())),
                _ => Cell::Text(None),
            },
        };
        Some(self.columns().map(|_| cell.clone()).collect())
    }

    /// What a value means; `zone` is where times without an offset are meant.
    pub fn read(&self, value: &Value, zone: &str) -> Result<Read, Wrong> {
        if *value == Value::Null {
            return self.preset().map(Read::Cells).ok_or_else(missing);
        }
        if let Type::Reference(_) = self.ty {
            return match Reference::of(value).map_err(|what| ("wrongType", what))? {
                Some(reference) => Ok(Read::Refers(reference)),
                None => self.preset().map(Read::Cells).ok_or_else(missing),
            };
        }
        let cell = match self.ty {
            Type::Name => Cell::Text(Some(name(value)?)),
            Type::Step => {
                let name = name(value)?;
                if name.contains('/') {
                    return Err((
                        "illegalText",
                        format!("{name} has a slash, which separates the names of a path; leave it out"),
                    ));
                }
                Cell::Text(Some(name))
            }
            Type::Text => {
                let text = text(value, TEXT_CHARS_MAX)?;
                if self.need == Need::Required && text.trim().is_empty() {
                    return Err(("required", "is empty".to_owned()));
                }
                Cell::Text(Some(text.to_owned()))
            }
            Type::Names => Cell::Text(Some(names(value)?)),
            Type::Decimal => Cell::Int(Some(decimal(value)?)),
            Type::Whole(from, to) => Cell::Int(Some(whole(value, from, to)?)),
            Type::Flag => match value {
                Value::Bool(yes) => Cell::Int(Some(i64::from(*yes))),
                _ => return Err(wrong_type(value, "true or false")),
            },
            Type::Choice(choices) => {
                let known = || choices.iter().map(|(name, _)| *name).collect::<Vec<_>>();
                let found = match value {
                    Value::Text(text) => choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim())),
                    _ => return Err(wrong_type(value, &one_of(&known()))),
                };
                match found {
                    Some((_, code)) => Cell::Int(Some(*code)),
                    None => return Err(("unknownWord", format!("is not {}", one_of(&known())))),
                }
            }
            Type::Word(words) => match value {
                Value::Text(text) => match words.iter().find(|word| word.eq_ignore_ascii_case(text.trim())) {
                    Some(word) => Cell::Text(Some((*word).to_owned())),
                    None => return Err(("unknownWord", format!("is not {}", one_of(words)))),
                },
                _ => return Err(wrong_type(value, &one_of(words))),
            },
            Type::Flags(flags) => return read_flags(value, flags).map(Read::Cells),
            Type::Time => match value {
                Value::Text(text) => {
                    let at = zone::start_of(text, zone).map_err(|what| ("malformed", what))?;
                    if !at.is_datable() {
                        return Err(("outOfRange", format!("{text} is not between the years 1900 and 2199")));
                    }
                    Cell::Int(Some(at.0))
                }
                _ => return Err(wrong_type(value, "a time such as 2026-01-31 or 2026-01-31T12:00:00Z")),
            },
            Type::Reference(_) => unreachable!("references were looked at before"),
        };
        Ok(Read::Cells(vec![cell]))
    }

    /// The value of a cell of a table of text, such as a CSV file; `None` where the cell is empty.
    pub fn value_of_text(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(match self.ty {
            Type::Flag => match text.to_lowercase().as_str() {
                "true" | "yes" | "1" | "x" => Value::Bool(true),
                "false" | "no" | "0" => Value::Bool(false),
                _ => Value::Text(text.to_owned()),
            },
            Type::Decimal | Type::Whole(..) => Value::Number(text.to_owned()),
            Type::Names | Type::Flags(_) => Value::List(
                text.split([';', '|'])
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(|part| Value::Text(part.to_owned()))
                    .collect(),
            ),
            _ => Value::Text(text.to_owned()),
        })
    }

    /// Adds the field's value as JSON; `cells` are those of its columns, `label` what people call the
    /// record that it refers to.
    pub fn write_json(&self, cells: &[Cell], label: Option<&str>, out: &mut String) {
        match (self.ty, &cells[0]) {
            (Type::Reference(_), Cell::Int(Some(0) | None)) => out.push_str("null"),
            (Type::Reference(kind), Cell::Int(Some(id))) => write_reference(kind.key, *id, label, out),
            (Type::Flags(flags), _) => {
                let set: Vec<&str> = flags
                    .iter()
                    .zip(cells)
                    .filter(|(_, cell)| cell.number() != 0)
                    .map(|((name, _), _)| *name)
                    .collect();
                out.push_str(&serde_json::to_string(&set).expect("texts can be printed"));
            }
            (Type::Names, Cell::Text(Some(json))) => out.push_str(json),
            (_, Cell::Int(None) | Cell::Text(None)) => out.push_str("null"),
            (_, Cell::Text(Some(text))) => quote(text, out),
            (Type::Decimal, Cell::Int(Some(e6))) => out.push_str(&format_e6(*e6)),
            (Type::Flag, Cell::Int(Some(flag))) => out.push_str(if *flag == 0 { "false" } else { "true" }),
            (Type::Choice(choices), Cell::Int(Some(code))) => match choices.iter().find(|(_, known)| known == code) {
                Some((name, _)) => quote(name, out),
                None => out.push_str(&code.to_string()),
            },
            (Type::Time, Cell::Int(Some(at))) => quote(&Time(*at).to_string(), out),
            (_, Cell::Int(Some(number))) => out.push_str(&number.to_string()),
        }
    }
}

/// A record as others show it: a unit as its symbol, anything else as its id and what people call it.
fn write_reference(key: Key, id: i64, label: Option<&str>, out: &mut String) {
    match (key, label) {
        (Key::ColumnOr(..), Some(symbol)) => quote(symbol, out),
        (_, None) => out.push_str(&format!("{{\"id\":{id}}}")),
        (key, Some(label)) => {
            out.push_str(&format!("{{\"id\":{id},\"{}\":", key.label()));
            quote(label, out);
            out.push('}');
        }
    }
}

/// What every record shows beside its fields.
pub struct Stamp<'r> {
    /// Its id.
    pub id: i64,
    /// Its ULID as kept.
    pub uid: &'r str,
    /// How often it was written.
    pub version: i64,
    /// When and by whom it was made: time, id, name.
    pub created: (i64, i64, Option<String>),
    /// When and by whom it was last changed.
    pub modified: (i64, i64, Option<String>),
}

impl Stamp<'_> {
    /// Begins the record's JSON.
    pub fn write_head(&self, out: &mut String) {
        out.push_str(&format!("{{\"id\":{},\"uid\":\"{}\"", self.id, uid::print(self.uid)));
    }

    /// Ends it.
    pub fn write_tail(&self, out: &mut String) {
        for (name, (at, person, label)) in [("created", &self.created), ("modified", &self.modified)] {
            out.push_str(&format!(",\"{name}At\":\"{}\",\"{name}By\":{{\"id\":{person},\"name\":", Time(*at)));
            match label {
                Some(label) => quote(label, out),
                None => out.push_str("null"),
            }
            out.push('}');
        }
        out.push_str(&format!(",\"version\":{}}}", self.version));
    }
}

fn missing() -> Wrong {
    ("required", "is missing".to_owned())
}

fn wrong_type(value: &Value, wanted: &str) -> Wrong {
    ("wrongType", format!("is {}; send {wanted}", value.noun()))
}

fn one_of(words: &[&str]) -> String {
    format!("one of {}", words.join(", "))
}

fn text(value: &Value, chars_max: usize) -> Result<&str, Wrong> {
    let Value::Text(text) = value else { return Err(wrong_type(value, "a text")) };
    if text.contains('\0') {
        return Err(("illegalText", "contains the character NUL; remove it".to_owned()));
    }
    let length = text.chars().count();
    if length > chars_max {
        return Err(("tooLong", format!("has {length} characters; {chars_max} are allowed")));
    }
    Ok(text)
}

fn name(value: &Value) -> Result<String, Wrong> {
    let name = text(value, NAME_CHARS_MAX)?.trim();
    if name.is_empty() {
        return Err(("required", "is empty".to_owned()));
    }
    if name.chars().any(char::is_control) {
        return Err(("illegalText", "contains a control character such as a line break; remove it".to_owned()));
    }
    Ok(name.to_owned())
}

fn names(value: &Value) -> Result<String, Wrong> {
    let Value::List(values) = value else { return Err(wrong_type(value, "a list of texts")) };
    if values.len() > NAMES_MAX {
        return Err(("tooMany", format!("has {} texts; {NAMES_MAX} are allowed", values.len())));
    }
    let mut names: Vec<String> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let name = name(value).map_err(|(code, what)| (code, format!("text {at} {what}")))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(serde_json::to_string(&names).expect("texts can be printed"))
}

fn decimal(value: &Value) -> Result<i64, Wrong> {
    let (Value::Number(text) | Value::Text(text)) = value else { return Err(wrong_type(value, "a decimal number")) };
    let e6 = parse_e6(text).map_err(|fault| {
        let code = match fault {
            DecimalFault::Malformed => "malformed",
            DecimalFault::TooLarge => "tooLarge",
            DecimalFault::TooPrecise => "tooPrecise",
        };
        (code, format!("{text} {fault}"))
    })?;
    if e6 < 0 { Err(("negative", format!("{text} is below 0"))) } else { Ok(e6) }
}

fn whole(value: &Value, from: i64, to: i64) -> Result<i64, Wrong> {
    let (Value::Number(text) | Value::Text(text)) = value else { return Err(wrong_type(value, "a whole number")) };
    // `1e3` and `5.0` are whole as well; beyond the exact decimals, plain digits are asked for.
    let number = text.parse().ok().or_else(|| match parse_e6(text) {
        Ok(e6) if e6 % 1_000_000 == 0 => Some(e6 / 1_000_000),
        _ => None,
    });
    match number {
        None => Err(("malformed", format!("{text} is not a whole number"))),
        Some(number) if (from..=to).contains(&number) => Ok(number),
        Some(number) => Err(("outOfRange", format!("{number} is not between {from} and {to}"))),
    }
}

fn read_flags(value: &Value, flags: &[(&str, &str)]) -> Result<Vec<Cell>, Wrong> {
    let words: Vec<&str> = flags.iter().map(|(name, _)| *name).collect();
    let Value::List(values) = value else {
        return Err(wrong_type(value, &format!("a list of {}", words.join(", "))));
    };
    let mut set = vec![0; flags.len()];
    for value in values {
        let place = match value {
            Value::Text(text) => words.iter().position(|word| word.eq_ignore_ascii_case(text.trim())),
            _ => None,
        };
        match place {
            Some(place) => set[place] = 1,
            None => return Err(("unknownWord", format!("{} is not {}", value.to_json(), one_of(&words)))),
        }
    }
    Ok(set.into_iter().map(|flag| Cell::Int(Some(flag))).collect())
}
