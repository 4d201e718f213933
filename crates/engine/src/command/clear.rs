//! Clearing a journal: every entry that is not booked goes, vouchers and their numbers stay.

use lotbook_domain::id::JournalId;

use super::Reach;
use super::remove::in_progress;
use crate::error::Error;
use crate::table;
use crate::table::entry::EntryFilter;
use crate::write::{Change, Tx};

/// Removes every entry of a journal, as far as the one who asks may reach.
///
/// Errors: not found `journal`; refused `bookingInProgress`.
#[derive(Clone, Debug, Default)]
pub struct ClearJournal {
    /// The journal.
    pub journal: JournalId,
    /// Where the one who asks may draft.
    pub reach: Reach,
}

impl Change for ClearJournal {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        if structure.journal(self.journal, &self.reach).is_none() {
            return Err(Error::not_found("journal", self.journal));
        }
        table::journal::lock(tx.conn, tx.tenant, self.journal)?;
        let waiting = table::booking::waiting_of(tx.conn, tx.tenant)?;
        if let Some(running) = waiting.iter().find(|booking| booking.journal == self.journal) {
            return Err(in_progress(running.id.0));
        }
        let org_units = match &self.reach {
            Reach::All | Reach::Open => None,
            Reach::Only(units) => Some(units.iter().copied().collect()),
        };
        let filter = EntryFilter { journal: Some(self.journal), org_units, ..EntryFilter::default() };
        let removed = table::entry::delete(tx.conn, tx.tenant, &filter)?;
        tx.audit("clearJournal", format!("journal {}", self.journal), Some(format!("{removed} entries")));
        Ok(format!("{{\"removed\":{removed}}}"))
    }
}
