//! Making, changing and deleting records.

use lotbook_domain::id::{LocationId, ProductId, VariantId};

use super::kind::Kind;
use super::kinds;
use super::plan::Plan;
use super::reference::{Reference, find};
use super::value::{Record, write_record};
use super::{row, rule, tree};
use crate::command::costing::Before;
use crate::error::Error;
use crate::table;
use crate::table::decision::Decision;
use crate::write::{Change, Tx};

/// How many records one request may make.
pub const RECORDS_MAX: usize = 100_000;

/// Makes records, all or none. Answers the one as an object, or `{"items": [...]}` in the order of the
/// request.
///
/// A handful of statements, however many records. Faults: `Invalid` with everything that is wrong.
pub struct CreateRecords {
    /// Of which kind.
    pub kind: &'static Kind,
    /// Their fields.
    pub records: Vec<Record>,
    /// Whether the request was a list.
    pub is_list: bool,
}

impl Change for CreateRecords {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let (kind, n) = (self.kind, self.records.len());
        if n > RECORDS_MAX {
            let message = format!("{n} {} in one request; {RECORDS_MAX} are allowed, so send several", kind.name);
            return Err(Error::refused("tooManyRecords", message));
        }
        if n == 0 {
            return Ok("{\"items\":[]}".to_owned());
        }
        let mut plan = Plan::create(tx, kind, &self.records, self.is_list)?;
        let first = match row::insert(&mut plan) {
            // Somebody else made the same at the same time: a second look says which.
            Err(Error::Duplicate(key)) => {
                Plan::create(tx, kind, &self.records, self.is_list)?;
                return Err(Error::Duplicate(key));
            }
            other => other?,
        };
        let ids = first..first + n as i64;
        if kind == &kinds::JOURNALS {
            table::journal::make_states(tx.conn, tx.tenant, ids.clone().map(Into::into))?;
        }
        let made = row::by_ids(tx.conn, tx.tenant, kind, ids.clone())?;
        if kind.is_structure {
            tx.catalog_changed()?;
        }
        if let ([only], false) = (made.as_slice(), self.is_list) {
            tx.audit("create", format!("{} {first}", kind.noun), Some(only.clone()));
            return Ok(only.clone());
        }
        let last = ids.end - 1;
        tx.audit("create", format!("{} {first} to {last}", kind.name), None);
        Ok(format!("{{\"items\":[{}]}}", made.join(",")))
    }
}

/// Changes the fields of a record that are sent, and answers it as it is then.
///
/// Faults: `NotFound`, `Conflict` where it is not the version that was expected, `Invalid`.
pub struct ChangeRecord {
    /// Of which kind.
    pub kind: &'static Kind,
    /// Which one.
    pub reference: Reference,
    /// What is to change.
    pub patch: Record,
    /// The version that the sender knows; `None` = any.
    pub version: Option<i64>,
}

impl Change for ChangeRecord {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let kind = self.kind;
        let id = find(tx.conn, tx.tenant, kind, &self.reference, 0)?;
        match self.write(tx, id) {
            Err(Error::Duplicate(key)) => {
                let before = locked(tx, kind, id, &self.reference)?;
                Plan::change(tx, kind, before, &self.patch)?;
                return Err(Error::Duplicate(key));
            }
            other => other?,
        }
        let mut shown = row::by_ids(tx.conn, tx.tenant, kind, [id])?;
        shown.pop().ok_or_else(|| Error::not_found(kind.one, &self.reference))
    }
}

impl ChangeRecord {
    fn write(&self, tx: &mut Tx<'_>, id: i64) -> Result<(), Error> {
        let kind = self.kind;
        let before = locked(tx, kind, id, &self.reference)?;
        check_version(kind, &self.reference, self.version, before.version)?;
        let mut plan = Plan::change(tx, kind, before, &self.patch)?;
        let draft = &plan.drafts[0];
        if draft.before.as_ref().is_some_and(|before| before.cells == draft.cells) {
            return Ok(());
        }
        let valued = if kind == &kinds::PRODUCTS {
            Before::read(plan.tx, ProductId(id), VariantId(0))?
        } else if kind == &kinds::VARIANTS {
            let product = plan.drafts[0].cells[plan.place("product")].number();
            Before::read(plan.tx, ProductId(product), VariantId(id))?
        } else {
            None
        };
        row::update(&mut plan, id)?;
        if kind.key == super::kind::Key::Path {
            tree::repath(&mut plan)?;
        }
        let decisions = rule::decisions(&plan);
        if let Some(valued) = valued {
            valued.compare(tx)?;
        }
        for (subject, before, now) in decisions {
            decide_from(tx, subject, before, now)?;
        }
        if kind.is_structure {
            tx.catalog_changed()?;
        }
        let mut detail = String::new();
        write_record(&self.patch, &mut detail);
        tx.audit("change", format!("{} {id}", kind.noun), Some(detail));
        Ok(())
    }
}

/// Deletes a record that nothing refers to.
///
/// Faults: `NotFound`, `Conflict`, and `Refused` with the code `inUse` or `fixedRecord`.
pub struct DeleteRecord {
    /// Of which kind.
    pub kind: &'static Kind,
    /// Which one.
    pub reference: Reference,
    /// The version that the sender knows; `None` = any.
    pub version: Option<i64>,
}

impl Change for DeleteRecord {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let kind = self.kind;
        let id = find(tx.conn, tx.tenant, kind, &self.reference, 0)?;
        let before = locked(tx, kind, id, &self.reference)?;
        check_version(kind, &self.reference, self.version, before.version)?;
        let name = format!("the {} {}", kind.noun, self.reference);
        if rule::is_fixed(kind, id) {
            return Err(Error::refused("fixedRecord", format!("{name} cannot be deleted, since every tenant has it")));
        }
        let used = row::uses(tx.conn, tx.tenant, kind.uses, id)?;
        if !used.is_empty() {
            let used: Vec<String> = used
                .iter()
                .map(|what| if what.ends_with(" it") { (*what).to_owned() } else { format!("{what} of it") })
                .collect();
            let message = format!("{name} cannot be deleted, since there are {}", used.join(" and "));
            return Err(Error::refused("inUse", message));
        }
        let shown = row::by_ids(tx.conn, tx.tenant, kind, [id])?.pop();
        row::delete(tx, kind, id)?;
        if kind == &kinds::JOURNALS {
            table::journal::delete_state(tx.conn, tx.tenant, id.into())?;
        }
        if kind.is_structure {
            tx.catalog_changed()?;
        }
        tx.audit("delete", format!("{} {id}", kind.noun), shown);
        Ok(format!("{{\"id\":{id},\"deleted\":true}}"))
    }
}

fn locked(tx: &mut Tx<'_>, kind: &'static Kind, id: i64, reference: &Reference) -> Result<row::Stored, Error> {
    row::lock(tx.conn, tx.tenant, kind, id)?.ok_or_else(|| Error::not_found(kind.one, reference))
}

fn check_version(kind: &Kind, reference: &Reference, known: Option<i64>, version: i64) -> Result<(), Error> {
    match known {
        Some(known) if known != version => Err(Error::Conflict {
            message: format!(
                "the {} {reference} is at version {version}, not {known}; read it again and repeat the change",
                kind.noun
            ),
        }),
        _ => Ok(()),
    }
}

/// Takes a decision about a subject that had a value of its own before anybody decided: the first time,
/// that value is kept as well, as what held from the beginning.
fn decide_from(tx: &mut Tx<'_>, subject: String, before: String, now: String) -> Result<(), Error> {
    // Before the number, as everywhere, and before the question, so that only one of two is the first.
    table::header::lock_tail(tx.conn, tx.tenant)?;
    if !table::decision::is_known(tx.conn, tx.tenant, &subject)? {
        decide_since(tx, subject.clone(), LocationId::NONE, Some(before), 0)?;
    }
    decide(tx, subject, LocationId::NONE, Some(now))
}

/// Takes a decision that holds from the present position on; `None` = back to the default.
pub fn decide(tx: &mut Tx<'_>, subject: String, org_unit: LocationId, value: Option<String>) -> Result<(), Error> {
    // Under the lock, so that no batch gets a position meanwhile.
    let (since, _) = table::header::lock_tail(tx.conn, tx.tenant)?;
    decide_since(tx, subject, org_unit, value, since)
}

fn decide_since(
    tx: &mut Tx<'_>,
    subject: String,
    org_unit: LocationId,
    value: Option<String>,
    since: i64,
) -> Result<(), Error> {
    let id = tx.ids("decision", 1)?;
    let decision = Decision { id, subject, org_unit, value, since, at: tx.now, person: tx.person };
    table::decision::insert(tx.conn, tx.tenant, &decision)?;
    table::said::link(tx.conn, tx.tenant, &[table::said::of_decision(&decision)])
}
