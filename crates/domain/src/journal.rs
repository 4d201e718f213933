//! Journals: what kind of change their entries are, and which place outside is the other side.

use crate::id::{JournalId, LocationId, SeriesId};
use crate::quantity::Quantity;

/// What the entries of a journal mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JournalKind {
    /// A counted total replaces the stock figure at its date.
    Settlement,
    /// − puts under way, + takes from under way.
    InternalTransfer,
    /// + removes: used by ourselves.
    InternalUse,
    /// + removes: lost.
    Shrinkage,
    /// + receives, − issues.
    Delivery,
    /// + comes back from a customer, − goes to one.
    Complaint,
}

impl JournalKind {
    /// Every kind, in the order of codes.
    pub const ALL: [Self; 6] =
        [Self::Settlement, Self::InternalTransfer, Self::InternalUse, Self::Shrinkage, Self::Delivery, Self::Complaint];

    /// The number that stands for it, in the database and in the ERP dialect.
    pub fn code(self) -> i64 {
        match self {
            Self::Settlement => 1,
            Self::InternalTransfer => 2,
            Self::InternalUse => 3,
            Self::Shrinkage => 4,
            Self::Delivery => 5,
            Self::Complaint => 6,
        }
    }

    /// The reverse of [`Self::code`].
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Settlement => "Settlement",
            Self::InternalTransfer => "InternalTransfer",
            Self::InternalUse => "InternalUse",
            Self::Shrinkage => "Shrinkage",
            Self::Delivery => "Delivery",
            Self::Complaint => "Complaint",
        }
    }
}

/// A journal, as far as booking needs it.
#[derive(Clone, Debug)]
pub struct Journal {
    /// Its id.
    pub id: JournalId,
    /// Its name.
    pub name: String,
    /// What its entries mean.
    pub kind: JournalKind,
    /// Whether entries are booked as soon as they are entered.
    pub is_auto_book: bool,
    /// Whether only administrators see it.
    pub is_hidden: bool,
    /// The org unit it belongs to; 0 = any.
    pub org_unit: LocationId,
    /// The series its vouchers are numbered from; 0 = the global one.
    pub series: SeriesId,
}

/// Who is named on an entry, as far as the other side of its movement depends on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counterpart {
    /// A customer is named.
    pub customer: bool,
    /// A supplier is named.
    pub supplier: bool,
    /// It refers to the document that it cancels.
    pub credit_note: bool,
}

/// Which way an entry moves stock, and between which place and the location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// Whether stock comes to the location.
    pub is_receipt: bool,
    /// How much, > 0.
    pub quantity: Quantity,
    /// The other side.
    pub other: LocationId,
}

/// Which way an entry with this count moves stock; `None` for a Settlement, where the balance decides.
///
/// A Delivery comes from the supplier if one is named, else from the customer if one is named (a
/// return), else from the supplier; it goes to the customer if one is named, else to the supplier if
/// one is named (a return), else to the customer. A cancellation without a party is the customer's.
pub fn direction(kind: JournalKind, count: Quantity, who: Counterpart) -> Option<Direction> {
    let adds = count.0 > 0;
    let quantity = Quantity(count.0.saturating_abs());
    let (is_receipt, other) = match kind {
        JournalKind::Settlement => return None,
        JournalKind::InternalTransfer => (adds, LocationId::IN_TRANSIT),
        JournalKind::InternalUse => (!adds, LocationId::INTERNAL_USE),
        JournalKind::Shrinkage => (!adds, LocationId::LOSS),
        JournalKind::Complaint => (adds, LocationId::CUSTOMER),
        JournalKind::Delivery => {
            // Goods come from who is named first in this order, and go to who is.
            let (first, second) = if adds { (who.supplier, who.customer) } else { (who.customer, who.supplier) };
            let usual = if adds { LocationId::SUPPLIER } else { LocationId::CUSTOMER };
            let unusual = if adds { LocationId::CUSTOMER } else { LocationId::SUPPLIER };
            let other = if first {
                usual
            } else if second {
                unusual
            } else if who.credit_note {
                LocationId::CUSTOMER
            } else {
                usual
            };
            (adds, other)
        }
    };
    Some(Direction { is_receipt, quantity, other })
}
