//! What tags and expressions hold: values, and how far they can be trusted.

use std::fmt;

use super::number::Number;
use crate::time::Time;

/// A value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// None.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// An instant.
    Time(Time),
}

impl Value {
    /// Whether it is true: a number is unless it is 0, a text if it says so. `None` where it says nothing.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(yes) => Some(*yes),
            Self::Number(number) => Some(!number.is_zero()),
            Self::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            Self::Text(text) => Number::parse(text.trim()).map(|number| !number.is_zero()),
            Self::Null | Self::Time(_) => None,
        }
    }

    /// As a number: yes is 1, a time its milliseconds, a text what it says. `None` where it is none.
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Bool(yes) => Some(if *yes { Number::ONE } else { Number::ZERO }),
            Self::Text(text) => Number::parse(text.trim()),
            Self::Time(at) => Number::whole(at.0.div_euclid(1_000)),
            Self::Null => None,
        }
    }

    /// What it is, for a sentence.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Time(_) => "a time",
        }
    }
}

/// How far a value can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// Fully.
    #[default]
    Good,
    /// It may be old or estimated; it counts all the same.
    Uncertain,
    /// Not at all.
    Bad,
}

impl Quality {
    /// By its name in any case.
    pub fn named(text: &str) -> Option<Self> {
        [Self::Good, Self::Uncertain, Self::Bad]
            .into_iter()
            .find(|quality| quality.name().eq_ignore_ascii_case(text.trim()))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Uncertain => "uncertain",
            Self::Bad => "bad",
        }
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value with its quality, and why it is bad where an expression found that out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The value.
    pub value: Value,
    /// How far it can be trusted.
    pub quality: Quality,
    /// What went wrong.
    pub why: Option<String>,
}

impl Reading {
    /// A value to be trusted.
    pub fn good(value: Value) -> Self {
        Self { value, quality: Quality::Good, why: None }
    }

    /// No value, for a reason.
    pub fn bad(why: impl Into<String>) -> Self {
        Self { value: Value::Null, quality: Quality::Bad, why: Some(why.into()) }
    }

    /// The value, unless it is null or bad: only such a value changes what is remembered or moves stock.
    pub fn usable(&self) -> Option<&Value> {
        (self.quality != Quality::Bad && self.value != Value::Null).then_some(&self.value)
    }

    /// Why there is no usable value, in a sentence's second half.
    pub fn complaint(&self) -> String {
        match (&self.why, self.quality) {
            (Some(why), _) => why.clone(),
            (None, Quality::Bad) => "is of bad quality".to_owned(),
            (None, _) => "is null".to_owned(),
        }
    }
}
