//! How much the ledger has grown since the database last looked at it.
//!
//! PostgreSQL plans by what it measured. By itself it measures a minute after a table has changed much, and until then
//! it plans by an empty ledger what reads the booking of a hundred thousand lines that was just made. So whoever booked
//! much has it measured at once, in a transaction of its own, which keeps nobody from writing.

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
}

impl Growth {
    /// Notes that movements were written.
    pub fn note(&self, movements: usize) {
        self.written.fetch_add(i64::try_from(movements).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Whether enough is new; true for one of those who ask.
    fn is_due(&self) -> bool {
        let (written, measured) = (self.written.load(Ordering::Relaxed), self.measured.load(Ordering::Relaxed));
        written - measured >= MEASURED_AFTER.max(written / PART)
            && self.measured.compare_exchange(measured, written, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

impl Engine {
    /// Has the database look at the ledger, if much was written since this process last did so. The worker does; whoever
    /// books much without one asks for it. Cost: nothing on SQLite, nor where little was written; else a sample of each
    /// table of the ledger.
    pub fn measure_if_grown(&self) {
        if self.growth.is_due() {
            // The database does it by itself in a minute, if it cannot now.
            let _ = self.store.measure();
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
}
