//! Lot records and rows of stock: what may be said of them after the fact. Quantities that were booked are
//! history, and are put right by a reversal.

use lotbook_domain::id::{AccountId, LotId, ReasonId, RunId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use crate::error::Error;
use crate::table;
use crate::table::inventory_row::InventoryRow;
use crate::table::run::{Run, RunStatus};
use crate::thing::reference::{Reference, find};
use crate::thing::{kinds, row};
use crate::write::{Change, Tx};

/// Writes a lot record by hand, or one that was written by hand anew. It moves nothing.
pub struct WriteNote {
    /// The record; an id of 0 = a new one.
    pub run: Run,
}

impl Change for WriteNote {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut run = self.run.clone();
        if run.id.0 == 0 {
            (run.id, run.uid) = (RunId(tx.ids("run", 1)?), tx.uid());
        } else {
            table::run::delete_note(tx.conn, tx.tenant, run.id)?;
        }
        run.is_note = true;
        check_reason(tx, &run)?;
        table::run::insert(tx.conn, tx.tenant, &[(run.clone(), tx.stamp())])?;
        tx.audit("note", format!("lot record {}", run.id), run.notes.clone());
        Ok(run.id.0.to_string())
    }
}

/// Changes the words and the reason of a record that was booked; one that goes on may be ended.
///
/// Errors: [`Error::Refused`] `inUse` where an operation has it open, `wrongState` where it does not go on, or is
/// to be cancelled though its goods have moved; [`Error::Invalid`] `otherReason`, `required` where a reason is
/// named that is for records of another type, or asks for a comment.
pub struct AmendRun {
    /// Which record.
    pub run: RunId,
    /// Free text, where it changes.
    pub notes: Option<Option<String>>,
    /// Free fields, where they change.
    pub spares: [Option<Option<String>>; 3],
    /// The reason, where it changes; 0 = none.
    pub reason: Option<ReasonId>,
    /// Whether it is enabled, where that changes.
    pub is_enabled: Option<bool>,
    /// When it ended, and how.
    pub end: Option<(Time, RunStatus)>,
}

impl Change for AmendRun {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        // What an operation says of it at the same time stays said.
        table::run::lock(tx.conn, tx.tenant, self.run)?;
        let found = table::run::by_ids(tx.conn, tx.tenant, &[self.run])?.pop();
        let mut run = found.ok_or_else(|| Error::not_found("lot record", self.run))?;
        if let Some((at, status)) = self.end {
            if run.status != RunStatus::Running {
                return Err(Error::refused("wrongState", "the lot record does not go on, so it cannot be ended"));
            }
            let operation = table::operation::by_ids(tx.conn, tx.tenant, [run.operation])?.pop();
            if let Some(operation) = operation.filter(|operation| operation.state.run == run.id) {
                let message = format!("the operation {} has it open; stop or cancel that", operation.name);
                return Err(Error::refused("inUse", message));
            }
            if status == RunStatus::Cancelled && run.batch.0 != 0 {
                let message = "the goods of this lot record have moved; end it, and reverse it then";
                return Err(Error::refused("wrongState", message));
            }
            (run.ended_at, run.status) = (Some(at), status);
        }
        let is_reason_said = self.reason.is_some() || self.notes.is_some();
        if let Some(notes) = &self.notes {
            run.notes.clone_from(notes);
        }
        for (kept, said) in run.spares.iter_mut().zip(&self.spares) {
            if let Some(said) = said {
                kept.clone_from(said);
            }
        }
        run.reason = self.reason.unwrap_or(run.reason);
        run.is_enabled = self.is_enabled.unwrap_or(run.is_enabled);
        if is_reason_said {
            check_reason(tx, &run)?;
        }
        table::run::amend(tx.conn, tx.tenant, &run, tx.now, tx.person.0)?;
        tx.audit("amend", format!("lot record {}", run.id), run.notes.clone());
        Ok(run.id.0.to_string())
    }
}

/// A reason may be for one type of record, and may ask for a comment.
fn check_reason(tx: &mut Tx<'_>, run: &Run) -> Result<(), Error> {
    let named = Some(run.reason).filter(|reason| reason.0 != 0);
    let Some(rule) = table::catalog::reason_rules(tx.conn, tx.tenant, named)?.into_values().next() else {
        return Ok(());
    };
    let mut wrong = Vec::new();
    if let Some(message) = rule.refusal(run.kind.name()) {
        wrong.push(Violation::new("reason", "otherReason", message));
    }
    if rule.asks_for_comment && run.notes.as_deref().unwrap_or_default().trim().is_empty() {
        let message = format!("is missing; the reason {} asks for a comment", rule.name);
        wrong.push(Violation::new("notes", "required", message));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Says what a row of stock is called, and what is noted of it.
pub struct NameRow {
    /// The account of the row.
    pub account: AccountId,
    /// What it is called, where that changes.
    pub name: Option<Option<String>>,
    /// Free text, where it changes.
    pub notes: Option<Option<String>>,
    /// Free fields, where they change.
    pub spares: [Option<Option<String>>; 3],
    /// The production order that it is kept for, where that changes; 0 = none.
    pub production_order: Option<i64>,
}

impl Change for NameRow {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        // As whoever posts to it does, who may name it too.
        table::account::by_ids(tx.conn, tx.tenant, &[self.account], true)?;
        let known = table::inventory_row::by_accounts(tx.conn, tx.tenant, [self.account])?;
        let mut row: InventoryRow = known.into_values().next().unwrap_or_default();
        if let Some(name) = &self.name {
            row.name.clone_from(name);
        }
        if let Some(notes) = &self.notes {
            row.notes.clone_from(notes);
        }
        for (kept, said) in row.spares.iter_mut().zip(&self.spares) {
            if let Some(said) = said {
                kept.clone_from(said);
            }
        }
        row.production_order = self.production_order.unwrap_or(row.production_order);
        table::inventory_row::save(tx.conn, tx.tenant, (self.account, &row), tx.now, tx.person.0)?;
        tx.audit("name", format!("inventory {}", self.account), row.name);
        Ok(self.account.0.to_string())
    }
}

/// Deletes a lot that never moved; with `with_references` also the records that name it.
///
/// Errors: [`Error::NotFound`]; [`Error::Refused`] `inUse`.
pub struct ForgetLot {
    /// Which lot.
    pub reference: Reference,
    /// Whether records that moved nothing are no hindrance.
    pub with_references: bool,
}

impl Change for ForgetLot {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let id = LotId(find(tx.conn, tx.tenant, &kinds::LOTS, &self.reference, 0)?);
        table::catalog::lock_lots(tx.conn, tx.tenant, &[id].into())?;
        let lot = table::catalog::lots(tx.conn, tx.tenant, [id])?.pop();
        let lot = lot.ok_or_else(|| Error::not_found("lot", &self.reference))?;
        let used = row::uses(tx.conn, tx.tenant, kinds::LOT_HISTORY, id.0)?;
        if !used.is_empty() {
            let message = format!(
                "the lot {} has {}; what it did is history and is put right by a reversal, and the lot by closing it",
                lot.name,
                used.join(" and ")
            );
            return Err(Error::refused("inUse", message));
        }
        let named = row::uses(tx.conn, tx.tenant, kinds::LOT_NAMED, id.0)?;
        if !named.is_empty() && !self.with_references {
            let message =
                format!("the lot {} is named by {}; delete it with its references", lot.name, named.join(" and "));
            return Err(Error::refused("inUse", message));
        }
        let uid = table::catalog::lot_uids(tx.conn, tx.tenant, [id])?.remove(&id).unwrap_or_default();
        table::run::delete_of_lot(tx.conn, tx.tenant, id)?;
        row::delete(tx, &kinds::LOTS, id.0)?;
        tx.audit("delete", format!("lot {id}"), Some(lot.name.clone()));
        Ok(serde_json::json!({ "uid": uid, "name": lot.name }).to_string())
    }
}
