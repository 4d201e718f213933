//! Approving what was pushed out of a closed period.

use lotbook_domain::entry::{TEXT_MAX, check_text};
use lotbook_domain::id::BatchId;
use lotbook_domain::violation::Violation;

use super::Reach;
use crate::error::Error;
use crate::table;
use crate::table::adjustment::AdjustmentFilter;
use crate::write::{Change, Tx};

/// Notes that somebody has seen what was pushed out of a closed period, and approves it. Nothing else changes.
///
/// Errors: not found `adjustment`; refused `alreadyApproved`; forbidden out of reach.
#[derive(Clone, Debug)]
pub struct ApproveAdjustment {
    /// The batch of the value entry.
    pub batch: BatchId,
    /// Its line.
    pub line: i64,
    /// What is to be remembered of it.
    pub note: Option<String>,
    /// Where the one who asks may approve.
    pub reach: Reach,
}

impl Change for ApproveAdjustment {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if let Some(note) = &self.note
            && let Err((code, message)) = check_text(note, TEXT_MAX)
        {
            return Err(Error::Invalid(vec![Violation::new("note", code, message)]));
        }
        let number = (self.batch.0 << 20) | self.line;
        let filter = AdjustmentFilter { only: Some((self.batch, self.line)), ..AdjustmentFilter::default() };
        let found = table::adjustment::page(tx.conn, tx.tenant, &filter, 1)?.pop();
        let found = found.ok_or_else(|| Error::not_found("adjustment", number))?;
        if !self.reach.includes(found.org_unit) {
            return Err(Error::Forbidden { message: "you may not approve adjustments there".to_owned() });
        }
        let again = || Error::refused("alreadyApproved", format!("adjustment {number} was approved already"));
        if found.approved.is_some() {
            return Err(again());
        }
        let (id, by) = ((self.batch, self.line), (tx.now, tx.person.0));
        match table::adjustment::approve(tx.conn, tx.tenant, id, by, self.note.as_deref()) {
            // Somebody else did so at the same time.
            Err(Error::Duplicate(_)) => return Err(again()),
            other => other?,
        }
        tx.audit("approve", format!("adjustment {number}"), self.note.clone());
        Ok("{}".to_owned())
    }
}
