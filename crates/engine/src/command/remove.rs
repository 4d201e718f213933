//! Removing an entry that is not booked yet.

use lotbook_domain::id::{EntryId, JournalId};

use super::Reach;
use crate::error::Error;
use crate::table;
use crate::table::entry::EntryFilter;
use crate::worker::takes;
use crate::write::{Change, Tx};

/// Removes one entry.
///
/// Errors: not found `entry` (unknown or booked already); refused `bookingInProgress`.
#[derive(Clone, Debug, Default)]
pub struct RemoveEntry {
    /// The entry.
    pub entry: EntryId,
    /// Where the one who asks may draft.
    pub reach: Reach,
}

impl Change for RemoveEntry {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let filter = EntryFilter { ids: Some((self.entry.0, self.entry.0)), ..EntryFilter::default() };
        let missing = || Error::not_found("entry", self.entry);
        let found = table::entry::page(tx.conn, tx.tenant, &filter, 0, 1)?.pop().ok_or_else(missing)?;
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        if !self.reach.includes(found.entry.org_unit) || structure.journal(found.entry.journal, &self.reach).is_none() {
            return Err(missing());
        }
        table::journal::lock(tx.conn, tx.tenant, found.entry.journal)?;
        refuse_if_taken(tx, self.entry, found.entry.journal)?;
        // Somebody else may have removed or booked it meanwhile.
        if table::entry::delete(tx.conn, tx.tenant, &filter)? == 0 {
            return Err(missing());
        }
        tx.audit(
            "removeEntry",
            format!("entry {}", self.entry),
            Some(format!("voucher {}", found.entry.voucher_number)),
        );
        Ok("{}".to_owned())
    }
}

/// Refuses where a booking is taking the entry; the journal is locked.
pub(super) fn refuse_if_taken(tx: &mut Tx<'_>, entry: EntryId, journal: JournalId) -> Result<(), Error> {
    let structure = tx.engine.structure(tx.conn, tx.tenant)?;
    for booking in table::booking::waiting_of(tx.conn, tx.tenant)? {
        if booking.journal == journal {
            let mut covered = takes(&booking, &structure);
            covered.ids = Some((entry.0, entry.0));
            let in_its_ids = booking.filter.ids.is_none_or(|(from, to)| (from..=to).contains(&entry.0));
            if in_its_ids && table::entry::count(tx.conn, tx.tenant, &covered)? > 0 {
                return Err(in_progress(booking.id.0));
            }
        }
    }
    Ok(())
}

pub(super) fn in_progress(booking: i64) -> Error {
    Error::Refused {
        code: "bookingInProgress",
        message: format!("booking {booking} is taking these entries; wait for it to end"),
        details: vec![("requisitionId", booking.into())],
    }
}
