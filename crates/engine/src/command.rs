//! What can be done, a verb a file: plain data that the write path turns into facts.

mod adjustment;
mod booking;
mod clear;
mod clock;
pub(crate) mod costing;
mod count;
mod entries;
mod forget;
mod lot_record;
mod operation;
mod process;
mod remove;
mod replace;
mod reservation;
mod reversal;
mod run;
mod sheet;
mod tag;
mod value;
mod voucher;
mod vouchers;

pub use adjustment::ApproveAdjustment;
pub use booking::RequestBooking;
pub(crate) use booking::outcome as outcome_of;
pub use clear::ClearJournal;
pub use clock::{LookAtClock, clocks, clocks_version, is_due};
pub use costing::{ChangeCosting, CostingAnswer};
pub use count::{CountAnswer, TakeCounts, count_number, count_of_number};
pub use entries::{AUTO_BOOK_INLINE_MAX, BookingOutcome, CreateEntries, EntriesCreated};
pub use forget::{ForgetOperation, RefreshOperations};
pub use lot_record::{AmendRun, ForgetLot, NameRow, WriteNote};
pub(crate) use operation::operate_together;
pub use operation::{
    Operate, Operated, Said, Verb, action_kind, places_needed, readiness, so_far, tags_of, too_far_ahead, warnings,
};
pub use process::{OperateProcess, ProcessOperated, ProcessVerb};
pub use remove::RemoveEntry;
pub use replace::ReplaceEntry;
pub use reservation::{ChangeReservation, ReservationAnswer, Reserve};
pub use reversal::{Effect, Reverse, ReverseWhat, Reversed};
pub use run::{ACTIONS_MAX, Action, ActionKind, Execute, Executed, LotNamed};
pub use sheet::{
    AskRecount, CancelSheet, EnterCounts, Entered, MakeSheet, PostSheet, Posted, Recount, SHEET_LINES_MAX, SheetMade,
    Uncounted,
};
pub(crate) use tag::Arsenal;
pub use tag::{SAMPLES_MAX, Sample, SetTags, TagsSet};
pub use value::{LandCost, LandedOn, Revalue};
pub use voucher::{CreateVoucher, CreateVouchers, VoucherCreated};
pub use vouchers::{EnterVouchers, NewVoucher, VoucherEntered, VouchersEntered};

use std::collections::BTreeSet;

use lotbook_domain::id::LocationId;
use lotbook_domain::journal::Journal;

/// For which org units somebody may do something; descendants are already included.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Reach {
    /// Everywhere, in hidden journals too: administrators, and the system itself.
    #[default]
    All,
    /// Everywhere, but not in hidden journals.
    Open,
    /// At these only, and not in hidden journals.
    Only(BTreeSet<LocationId>),
}

impl Reach {
    /// Whether it includes an org unit; a record without an org unit (0) is everybody's.
    pub fn includes(&self, org_unit: LocationId) -> bool {
        match self {
            Self::All | Self::Open => true,
            Self::Only(units) => org_unit == LocationId::NONE || units.contains(&org_unit),
        }
    }

    /// Whether it leaves out no org unit.
    pub fn is_everywhere(&self) -> bool {
        !matches!(self, Self::Only(_))
    }

    /// Whether a journal is there at all for whoever has this reach: one of another org unit is not, and a hidden one
    /// is for administrators only.
    pub fn sees(&self, journal: &Journal) -> bool {
        self.includes(journal.org_unit) && (*self == Self::All || !journal.is_hidden)
    }
}
