//! How much the ledger has grown since the database last looked at it.
//!
//! PostgreSQL plans by what it measured. By itself it measures a minute after a table has changed much, and until then
//! it plans by an empty ledger what reads the booking of a hundred thousand lines that was just made. So whoever booked
//! much has it measured at once, in a transaction of its own, which keeps nobody from writing.
//!
//! An entry is gone once it is booked, and PostgreSQL keeps what is gone until it is swept out, by itself within a minute
//! or so: until then whoever asks what is on order of a product goes through all entries of it that were just booked. So
//! it is swept after each such booking, however long the ledger is.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::engine::Engine;

/// So many movements at least make it worth a look.
pub const MEASURED_AFTER: i64 = 20_000;
/// A look is due when this part of all that this process wrote is new: PostgreSQL's own rule, without the wait.
const PART: i64 = 10;

/// Counts the movements that this process wrote; those of transactions that were undone as well.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    written: AtomicI64,
    measured: AtomicI64,
    swept: AtomicI64,
}

impl Growth {
    /// Notes that movements were written.
    pub fn note(&self, movements: usize) {
        self.written.fetch_add(i64::try_from(movements).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Whether so much is new that it is worth a look; true for one of those who ask.
    fn is_due(&self) -> bool {
        self.is_new_since(&self.measured, MEASURED_AFTER.max(self.written.load(Ordering::Relaxed) / PART))
    }

    /// Whether so much was booked that its entries are to be swept out; true for one of those who ask.
    fn is_to_be_swept(&self) -> bool {
        self.is_new_since(&self.swept, MEASURED_AFTER)
    }

    fn is_new_since(&self, last: &AtomicI64, enough: i64) -> bool {
        let (written, before) = (self.written.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
        written - before >= enough
            && last.compare_exchange(before, written, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

impl Engine {
    /// Has the database look at the ledger, and sweep out the entries that were booked, if much was written since this
    /// process last did so. The worker does; whoever books much without one asks for it. Cost: nothing on SQLite, nor where
    /// little was written; else a sample of each table of the ledger, and a walk over what was entered lately.
    pub fn tend_if_grown(&self) {
        // The database does either by itself in a minute, if it cannot now.
        if self.growth.is_due() {
            let _ = self.store.measure();
        }
        if self.growth.is_to_be_swept() {
            let _ = self.store.sweep();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_due_once_when_much_is_new() {
        let growth = Growth::default();
        let due = |movements| {
            growth.note(movements);
            (growth.is_due(), growth.is_due())
        };
        assert_eq!([due(19_999), due(1), due(19_999)], [(false, false), (true, false), (false, false)]);
        assert_eq!([due(1), due(1_000_000), due(100_000)], [(true, false), (true, false), (false, false)]);
        assert_eq!(due(20_000), (true, false));
    }

    #[test]
    fn what_was_booked_is_swept_out_however_long_the_ledger_is() {
        let growth = Growth::default();
        let due = |movements| {
            growth.note(movements);
            (growth.is_to_be_swept(), growth.is_to_be_swept())
        };
        assert_eq!([due(1_000_000), due(19_999), due(1)], [(true, false), (false, false), (true, false)]);
    }
}
