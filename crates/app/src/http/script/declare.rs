//! Short ways to describe a function, for families that have many of one kind.

use super::argument::Args;
use super::fault::{Fault, FaultKind};
use super::function::{Acting, Function, Parameter, Run, Style, Type};
use super::session::{Reader, Session};
use lotbook_engine::thing::Value;

/// What most functions may throw.
pub const ILLEGAL: &[FaultKind] = &[FaultKind::IllegalArgument];
/// What functions throw that save something.
pub const SAVING: &[FaultKind] = &[FaultKind::IllegalArgument, FaultKind::ConstraintViolation];
/// What functions throw that delete something.
pub const DELETING: &[FaultKind] = &[FaultKind::IllegalArgument, FaultKind::InUse];
/// What deletions answer.
pub const DELETED: &str = "nothing; with the setting `mes.apiResponses` an ApiResponse, also of a refusal";
/// What references answer.
pub const REFERENCES: &str = "a list of `{tableName, references: [{fkColName, id}]}`";
/// What validations answer.
pub const VALIDATED: &str = "messages by field; empty = it can be saved";
/// What query requests answer.
pub const FOUND: &str = "a query result with its page of records under `content`";
/// What is said of free fields.
pub const SPARE: &str = "Free for your own use.";
/// The bytes of an import.
pub const FILE: Parameter = Parameter::required("importBytes", Type::Bytes, "The file.");

type Names = &'static [&'static str];
type Parameters = &'static [Parameter];

/// A function that needs nothing but its arguments, and no permission.
pub const fn plain(
    names: Names,
    parameters: Parameters,
    about: &'static str,
    returns: &'static str,
    run: fn(&Session, Args) -> Result<Value, Fault>,
) -> Function {
    Function {
        names,
        style: Style::Positional,
        parameters,
        permission: None,
        about,
        returns,
        faults: &[],
        run: Run::Plain(run),
    }
}

/// A function that reads.
pub const fn reads(
    names: Names,
    parameters: Parameters,
    permission: &'static str,
    about: &'static str,
    returns: &'static str,
    run: fn(&mut Reader<'_>, Args) -> Result<Value, Fault>,
) -> Function {
    Function {
        names,
        style: Style::Positional,
        parameters,
        permission: Some(permission),
        about,
        returns,
        faults: if parameters.is_empty() { &[] } else { ILLEGAL },
        run: Run::Read(run),
    }
}

/// A function that takes a query request.
pub const fn finds(
    names: Names,
    permission: &'static str,
    about: &'static str,
    run: fn(&mut Reader<'_>, Args) -> Result<Value, Fault>,
) -> Function {
    let found = reads(names, super::query::REQUEST, permission, about, FOUND, run);
    Function { style: Style::Keyword, faults: SAVING, ..found }
}

/// A function that takes a record or a request, and acts.
pub const fn takes(
    names: Names,
    parameters: Parameters,
    permission: &'static str,
    about: &'static str,
    returns: &'static str,
    run: fn(Session, Args) -> Acting,
) -> Function {
    Function { style: Style::Keyword, faults: SAVING, ..acts(names, parameters, permission, about, returns, run) }
}

/// A function that acts.
pub const fn acts(
    names: Names,
    parameters: Parameters,
    permission: &'static str,
    about: &'static str,
    returns: &'static str,
    run: fn(Session, Args) -> Acting,
) -> Function {
    Function {
        names,
        style: Style::Positional,
        parameters,
        permission: Some(permission),
        about,
        returns,
        faults: ILLEGAL,
        run: Run::Act(run),
    }
}

/// A function that deletes.
pub const fn deletes(
    names: Names,
    parameters: Parameters,
    permission: &'static str,
    about: &'static str,
    run: fn(Session, Args) -> Acting,
) -> Function {
    Function { faults: DELETING, ..acts(names, parameters, permission, about, DELETED, run) }
}
