//! Adding entries to a voucher.

use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::VoucherId;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::table::booking::BookingState;
use crate::table::booking::KeptFault;

/// An auto-book call with more entries than this is booked by the worker; its answer is to be polled.
pub const AUTO_BOOK_INLINE_MAX: usize = 2_000;

/// Adds entries to a voucher, all or none; where the journal books by itself, books them.
///
/// Errors: not found `voucher`; violations of every line, see [`lotbook_domain::entry::check`], and
/// `orgUnitNotAllowed`.
#[derive(Clone, Debug, Default)]
pub struct CreateEntries {
    /// The voucher.
    pub voucher: VoucherId,
    /// What is to be entered, in order.
    pub entries: Vec<EntryDraft>,
    /// What the door already found wrong with them; reported together with the rest.
    pub violations: Vec<Violation>,
    /// Where the one who asks may draft.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntriesCreated {
    /// The id of the first entry; the others follow without gaps, in the order asked.
    pub first: i64,
    /// How many there are.
    pub count: i64,
    /// How booking them went, where the journal books by itself.
    pub booking: Option<BookingOutcome>,
}

/// How a booking stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingOutcome {
    /// Its id.
    pub id: i64,
    /// Waiting, booked or rejected.
    pub state: BookingState,
    /// See [`crate::table::booking::Booking::result_code`].
    pub result_code: i64,
    /// The first faulty voucher's number; 0 = none.
    pub faulted_number: i64,
    /// Every fault, bounded.
    pub faults: Vec<KeptFault>,
}
