//! The functions of the script API as data: names, parameters, permission, meaning.
//!
//! Dispatch, the check of arguments, templates and the reference page all come from here. A family is one
//! file of [`super::family`], and lists its functions once.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

use lotbook_engine::thing::Value;

use super::argument::Args;
use super::fault::{Fault, FaultKind};
use super::session::{Reader, Session};

/// Functions that share a name space.
pub struct Family {
    /// What they are about, as a heading.
    pub title: &'static str,
    /// What stands before the dot of their names; the first is what the reference shows, the others do as well.
    pub prefixes: &'static [&'static str],
    /// The functions, in the order of the reference.
    pub functions: &'static [Function],
}

/// One function.
pub struct Function {
    /// Its names without the prefix: the first is its own, the others are what it was called before.
    pub names: &'static [&'static str],
    /// How it takes its arguments.
    pub style: Style,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// What the caller has to be allowed; nothing = any user.
    pub permission: Option<&'static str>,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// What it answers.
    pub returns: &'static str,
    /// What it may throw.
    pub faults: &'static [FaultKind],
    /// How it does it.
    pub run: Run,
}

/// How a function takes its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// By position, or by name.
    Positional,
    /// A dictionary spread into keyword arguments: a request or a record.
    Keyword,
}

/// What runs it.
#[derive(Clone, Copy)]
pub enum Run {
    /// Needs nothing but its arguments.
    Plain(fn(&Session, Args) -> Result<Value, Fault>),
    /// Reads one snapshot.
    Read(fn(&mut Reader<'_>, Args) -> Result<Value, Fault>),
    /// Changes something, or does several things.
    Act(fn(Session, Args) -> Acting),
}

/// What an acting function comes to.
pub type Acting = Pin<Box<dyn Future<Output = Result<Value, Fault>> + Send>>;

/// One parameter, or one field of a request.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Other names that it was or is known by.
    pub also: &'static [&'static str],
    /// What it holds.
    pub ty: Type,
    /// Whether it has to be given.
    pub is_required: bool,
    /// What stands there when nothing is given: JSON, or `now`.
    pub preset: &'static str,
    /// Whether templates show it; else it is taken and has no effect.
    pub is_shown: bool,
    /// What it means.
    pub about: &'static str,
}

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// The id of a record; its name, path or symbol does as well.
    Id,
    /// A decimal number.
    Number,
    /// A whole number.
    Whole,
    /// True or false.
    Flag,
    /// A time: ISO 8601, or milliseconds since 1970.
    Time,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An expression over tags.
    Expression,
    /// Bytes, or text.
    Bytes,
    /// A list.
    List,
    /// Anything.
    Any,
}

impl Type {
    /// What the reference calls it.
    pub fn name(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Id => "id".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Whole => "whole number".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Time => "time".to_owned(),
            Self::Word(words) => words.join(", "),
            Self::Expression => "expression".to_owned(),
            Self::Bytes => "bytes or text".to_owned(),
            Self::List => "list".to_owned(),
            Self::Any => "anything".to_owned(),
        }
    }
}

impl Parameter {
    /// One that has to be given.
    pub const fn required(name: &'static str, ty: Type, about: &'static str) -> Self {
        Self { name, also: &[], ty, is_required: true, preset: "null", is_shown: true, about }
    }

    /// One that may be left out.
    pub const fn optional(name: &'static str, ty: Type, about: &'static str) -> Self {
        Self { is_required: false, ..Self::required(name, ty, about) }
    }

    /// The same, with what stands there when nothing is given.
    #[must_use]
    pub const fn preset(self, preset: &'static str) -> Self {
        Self { preset, ..self }
    }

    /// The same, with other names.
    #[must_use]
    pub const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// The same, taken and without effect.
    #[must_use]
    pub const fn hidden(self) -> Self {
        Self { is_shown: false, ..self }
    }

    /// Whether it goes by a name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.also.contains(&name)
    }

    /// What stands there when nothing is given.
    pub fn value(&self, session: &Session) -> Value {
        match self.preset {
            "now" => Value::Text(session.now().to_string()),
            json => Value::parse(json).unwrap_or(Value::Null),
        }
    }
}

/// The record that a template shows: every key with its preset.
pub fn template(session: &Session, parameters: &[Parameter]) -> Value {
    let shown = parameters.iter().filter(|parameter| parameter.is_shown);
    Value::Object(shown.map(|parameter| (parameter.name.to_owned(), parameter.value(session))).collect())
}

/// Every function by each of its dotted names.
static BY_NAME: LazyLock<HashMap<String, &'static Function>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    for family in super::family::ALL {
        for function in family.functions {
            for prefix in family.prefixes {
                for name in function.names {
                    found.insert(format!("{prefix}.{name}"), function);
                }
            }
        }
    }
    found
});

/// The function of a dotted name.
pub fn named(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}
