//! Postings for the general ledger, as lines for another program to take in.

use lotbook_domain::posting::Document;
use lotbook_engine::general_ledger::post_all;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::general_ledger::after;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::{Conn, Error};

use super::asked::Asked;
use super::names::place;
use super::{PAGE, Table, decimal, number, record, text};

/// A document with its lines.
pub fn show(document: &Document, structure: &Structure) -> Record {
    let lines = document.lines.iter().map(|(side, sums)| {
        Value::Object(record([
            ("account", text(side.account.clone())),
            ("orgUnit", place(structure, side.org_unit)),
            ("debit", decimal(sums.debit)),
            ("credit", decimal(sums.credit)),
        ]))
    });
    record([
        ("number", number(document.number)),
        ("kind", text(document.kind.name())),
        ("period", text(document.period.clone())),
        ("fromPosition", number(document.positions.0)),
        ("toPosition", number(document.positions.1)),
        ("createdAt", text(document.created_at.to_string())),
        ("lines", Value::List(lines.collect())),
    ])
}

/// Every line of every document after the one that is named, once what is new has been posted.
pub fn table(asked: &Asked) -> Result<Table, Error> {
    asked.refuse_unknown(&["after"])?;
    let mut wrong = Vec::new();
    let mut from = asked.whole("after", &mut wrong).unwrap_or(0);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let asked = asked.clone();
    post_all(&asked.engine, asked.tenant)?;
    let next = move |conn: &mut Conn| {
        let structure = asked.engine.structure(conn, asked.tenant)?;
        let documents = after(conn, asked.tenant, from, PAGE)?;
        let Some(last) = documents.last() else { return Ok(None) };
        from = last.number;
        let rows = documents.iter().flat_map(|document| {
            let structure = &structure;
            document.lines.iter().map(move |(side, sums)| {
                record([
                    ("number", number(document.number)),
                    ("period", text(document.period.clone())),
                    ("account", text(side.account.clone())),
                    ("orgUnit", place(structure, side.org_unit)),
                    ("debit", decimal(sums.debit)),
                    ("credit", decimal(sums.credit)),
                    ("fromPosition", number(document.positions.0)),
                    ("toPosition", number(document.positions.1)),
                    ("createdAt", text(document.created_at.to_string())),
                    ("kind", text(document.kind.name())),
                ])
            })
        });
        Ok(Some(rows.collect()))
    };
    let columns = [
        "number",
        "period",
        "account",
        "orgUnit",
        "debit",
        "credit",
        "fromPosition",
        "toPosition",
        "createdAt",
        "kind",
    ];
    Ok(Table::new(next).with_columns(columns))
}
