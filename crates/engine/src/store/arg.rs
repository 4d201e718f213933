//! What is given to a statement.

use super::dialect::Translated;
use super::rows::{Column, Rows};
use crate::Error;

/// A value for a parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// A whole number.
    Int(i64),
    /// A whole number or null.
    OptInt(Option<i64>),
    /// A text.
    Text(&'a str),
    /// A text or null.
    OptText(Option<&'a str>),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A byte string or null.
    OptBytes(Option<&'a [u8]>),
    /// A batch, for the marker `{rows …}`.
    Rows(&'a Rows),
}

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::OptInt(value)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::OptText(value)
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a> From<&'a Rows> for Arg<'a> {
    fn from(value: &'a Rows) -> Self {
        Self::Rows(value)
    }
}

/// Sees that the arguments are those the statement speaks of.
pub(super) fn check_args(translated: &Translated, args: &[Arg<'_>]) -> Result<(), Error> {
    if args.len() < translated.args_min {
        return Err(Error::Internal(format!(
            "the statement speaks of ${} but has {} arguments, in: {}",
            translated.args_min,
            args.len(),
            translated.text
        )));
    }
    for (arg, kinds) in &translated.batches {
        let fits = match args[*arg] {
            Arg::Rows(rows) => rows.columns().iter().map(Column::kind).eq(kinds.iter().copied()),
            _ => false,
        };
        if !fits {
            return Err(Error::Internal(format!(
                "argument ${} is not a batch of the {} columns that the statement names, in: {}",
                arg + 1,
                kinds.len(),
                translated.text
            )));
        }
    }
    Ok(())
}
