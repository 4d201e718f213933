//! Operations: deleted where history allows, and their state put right from what the database says.

use std::collections::BTreeMap;

use lotbook_domain::id::{OperationId, RunId};

use crate::error::Error;
use crate::table;
use crate::table::operation::State;
use crate::thing::reference::{Reference, find};
use crate::thing::{kinds, row};
use crate::write::{Change, Tx};

/// Deletes an operation. What it did stays: an operation with records is taken out of every list, and its
/// records go on naming it.
///
/// Errors: [`Error::NotFound`]; [`Error::Refused`] `inUse` where it runs, or where it has records and
/// `with_references` is not said.
pub struct ForgetOperation {
    /// Which operation.
    pub reference: Reference,
    /// Whether records are no hindrance.
    pub with_references: bool,
}

impl Change for ForgetOperation {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let id = OperationId(find(tx.conn, tx.tenant, &kinds::OPERATIONS, &self.reference, 0)?);
        let operation = table::operation::lock(tx.conn, tx.tenant, [id])?
            .pop()
            .ok_or_else(|| Error::not_found("operation", &self.reference))?;
        if operation.state.is_open() {
            let message = format!("the operation {} runs; stop or cancel it before it is deleted", operation.name);
            return Err(Error::refused("inUse", message));
        }
        let records = table::run::count_of_operation(tx.conn, tx.tenant, id)?;
        if records > 0 && !self.with_references {
            let message = format!(
                "the operation {} has {records} lot records; disable it, or delete it with its references, which \
                 keeps the records",
                operation.name
            );
            return Err(Error::refused("inUse", message));
        }
        let shown = row::by_ids(tx.conn, tx.tenant, &kinds::OPERATIONS, [id.0])?.pop();
        if records > 0 {
            table::operation::bury(tx.conn, tx.tenant, id, tx.now, tx.person.0)?;
        } else {
            row::delete(tx, &kinds::OPERATIONS, id.0)?;
        }
        tx.catalog_changed()?;
        tx.audit("delete", format!("operation {id}"), shown);
        Ok(serde_json::json!({ "id": id.0, "uid": operation.uid, "name": operation.name }).to_string())
    }
}

/// Puts the states of operations right: one that says that it runs and has no open record becomes UNKNOWN,
/// one with an open record that does not say so runs again. Triggers are read anew and keep what they
/// remember. Answers the ids of those that changed.
pub struct RefreshOperations {
    /// Which operations; `None` = all.
    pub operations: Option<Vec<OperationId>>,
}

impl Change for RefreshOperations {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let suspects = table::operation::inconsistent(tx.conn, tx.tenant)?;
        let suspects = suspects.into_iter().filter(|(id, _)| match &self.operations {
            None => true,
            Some(wanted) => wanted.contains(id),
        });
        let open: BTreeMap<OperationId, RunId> = suspects.collect();
        let mut states = BTreeMap::new();
        for operation in table::operation::lock(tx.conn, tx.tenant, open.keys().copied())? {
            let run = open[&operation.id];
            let status = if run.0 == 0 { "UNKNOWN" } else { "RUNNING" };
            let state = State { status: status.to_owned(), run, fault: None, ..operation.state };
            states.insert(operation.id, state);
        }
        table::operation::save_states(tx.conn, tx.tenant, &states, tx.now)?;
        tx.catalog_changed()?;
        let changed: Vec<i64> = states.keys().map(|id| id.0).collect();
        tx.audit("refresh", format!("{} operations", changed.len()), None);
        Ok(serde_json::json!({ "changed": changed }).to_string())
    }
}
