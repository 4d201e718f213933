//! Asking for a booking.

use lotbook_domain::id::{BatchId, BookingId, JournalId};

use super::{BookingOutcome, Reach};
use crate::error::Error;
use crate::table;
use crate::table::booking::{Booking, BookingState};
use crate::table::entry::BookingFilter;
use crate::write::{Change, Tx};

/// Asks for a booking of a journal's entries; answers at once, the worker does it.
///
/// Errors: not found `journal`; refused `bookingInProgress` with the booking's id.
#[derive(Clone, Debug, Default)]
pub struct RequestBooking {
    /// The journal.
    pub journal: JournalId,
    /// Which entries.
    pub filter: BookingFilter,
    /// Where the one who asks may book.
    pub reach: Reach,
}

impl Change for RequestBooking {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        if structure.journal(self.journal, &self.reach).is_none() {
            return Err(Error::not_found("journal", self.journal));
        }
        let generation = table::journal::lock(tx.conn, tx.tenant, self.journal)?;
        let waiting = table::booking::waiting_of(tx.conn, tx.tenant)?;
        if let Some(running) = waiting.iter().find(|booking| booking.journal == self.journal) {
            return Err(Error::Refused {
                code: "bookingInProgress",
                message: format!("booking {} of this journal is still running; wait for it to end", running.id),
                details: vec![("requisitionId", running.id.0.into())],
            });
        }
        table::journal::open_next(tx.conn, tx.tenant, self.journal)?;
        let booking = Booking {
            id: BookingId(tx.ids("booking", 1)?),
            uid: tx.uid(),
            journal: self.journal,
            generation,
            filter: self.filter.clone(),
            state: BookingState::Waiting,
            result_code: 1,
            faulted_number: 0,
            faults: Vec::new(),
            entry_count: 0,
            batch: BatchId(0),
            requested_at: tx.now,
            requested_by: tx.person,
            finished_at: None,
        };
        table::booking::insert(tx.conn, tx.tenant, std::slice::from_ref(&booking))?;
        tx.audit("requestBooking", format!("journal {}", self.journal), Some(format!("booking {}", booking.id)));
        tx.wake_worker();
        Ok(outcome_text(&booking))
    }
}

/// A booking's outcome as JSON text.
pub(crate) fn outcome_text(booking: &Booking) -> String {
    serde_json::to_string(&outcome(booking)).expect("an outcome is plain data")
}

/// How a booking stands.
pub(crate) fn outcome(booking: &Booking) -> BookingOutcome {
    BookingOutcome {
        id: booking.id.0,
        state: booking.state,
        result_code: booking.result_code,
        faulted_number: booking.faulted_number,
        faults: booking.faults.clone(),
    }
}
