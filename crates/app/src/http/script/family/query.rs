//! `system.mes.query`: the requests that all `find…` functions take.

use crate::http::script::argument::Args;
use crate::http::script::fault::FaultKind;
use crate::http::script::function::{Family, Function, Run, Style, template};
use crate::http::script::permission::permissions;
use crate::http::script::query::{FILTER, REQUEST, faults_of_filter, faults_of_request};
use crate::http::script::shape::violations;

const VALIDATE: &str = "QUERY.READ.VALIDATE";

/// The family.
pub static FAMILY: Family = Family {
    title: "Queries",
    prefixes: &["system.mes.query"],
    functions: &[
        Function {
            names: &["newQueryRequest"],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: "A template of what `find…` functions take.",
            returns: "the template",
            faults: &[],
            run: Run::Plain(|session, _| Ok(template(session, REQUEST))),
        },
        Function {
            names: &["newFilterRequest"],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: "A template of one filter of a query request.",
            returns: "the template",
            faults: &[],
            run: Run::Plain(|session, _| Ok(template(session, FILTER))),
        },
        Function {
            names: &["validateQueryRequest"],
            style: Style::Keyword,
            parameters: REQUEST,
            permission: Some(VALIDATE),
            about: "Says what is wrong with a query request.",
            returns: "messages by field; empty = nothing",
            faults: &[FaultKind::IllegalArgument],
            run: Run::Plain(|_, args: Args| Ok(violations(faults_of_request(&args)))),
        },
        Function {
            names: &["validateFilterRequest"],
            style: Style::Keyword,
            parameters: FILTER,
            permission: Some(VALIDATE),
            about: "Says what is wrong with a filter request.",
            returns: "messages by field; empty = nothing",
            faults: &[FaultKind::IllegalArgument],
            run: Run::Plain(|_, args: Args| Ok(violations(faults_of_filter(&args)))),
        },
        Function {
            names: &["getQueryPermissions"],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: "The permissions of this family, parents first.",
            returns: "a list of names",
            faults: &[],
            run: Run::Plain(|_, _| Ok(permissions("QUERY"))),
        },
    ],
};
