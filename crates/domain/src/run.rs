//! Runs: what happened to lots on the shop floor, as flows between places.
//!
//! A run of one kind moves stock by up to two flows: what goes in leaves a lot at a place for production,
//! and what comes out of production enters a lot at a place and takes over the cost of what went in.

use crate::catalog::LotStatus;
use crate::entry::Entry;
use crate::id::LocationId;

/// What a run does. The names are those of the lot records of the MES dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunKind {
    /// A lot is used up, maybe into another.
    Consume,
    /// What was consumed comes back.
    Unconsume,
    /// A lot is made, maybe from another.
    Produce,
    /// A lot goes from one place to another.
    Move,
    /// A part of a lot becomes a lot of its own.
    Split,
    /// A lot becomes part of another.
    Merge,
    /// A lot is lost.
    Scrap,
    /// A lot goes back to where it came from.
    Return,
    /// A lot's status changes; nothing moves.
    StatusChange,
    /// What stands in a place is set to a figure.
    Edit,
    /// A lot comes from a supplier.
    Receive,
    /// A lot goes to a customer.
    Ship,
}

impl RunKind {
    /// Every kind, in the order of codes.
    pub const ALL: [Self; 12] = [
        Self::Consume,
        Self::Unconsume,
        Self::Produce,
        Self::Move,
        Self::Split,
        Self::Merge,
        Self::Scrap,
        Self::Return,
        Self::StatusChange,
        Self::Edit,
        Self::Receive,
        Self::Ship,
    ];

    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        31 + Self::ALL.iter().position(|kind| *kind == self).expect("ALL holds every kind") as i64
    }

    /// The reverse of [`Self::code`].
    pub fn from_code(code: i64) -> Option<Self> {
        usize::try_from(code - 31).ok().and_then(|at| Self::ALL.get(at).copied())
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Consume => "CONSUME",
            Self::Unconsume => "UNCONSUME",
            Self::Produce => "PRODUCE",
            Self::Move => "MOVE",
            Self::Split => "SPLIT",
            Self::Merge => "MERGE",
            Self::Scrap => "SCRAP",
            Self::Return => "RETURN",
            Self::StatusChange => "STATUS_CHANGE",
            Self::Edit => "EDIT",
            Self::Receive => "RECEIVE",
            Self::Ship => "SHIP",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether goods leave the primary lot, and for the secondary one if there is one; else they enter it.
    pub fn takes_from_primary(self) -> bool {
        matches!(self, Self::Consume | Self::Ship | Self::Scrap | Self::Return | Self::Split | Self::Move)
    }

    /// Whether its source has to be named.
    pub fn needs_source(self) -> bool {
        self.takes_from_primary() || self == Self::Edit
    }

    /// Whether its destination has to be named.
    pub fn needs_destination(self) -> bool {
        matches!(self, Self::Unconsume | Self::Produce | Self::Receive | Self::Move)
    }

    /// Where the goods go, or come from, when no secondary lot takes or gives them.
    pub fn outside(self) -> LocationId {
        match self {
            Self::Ship => LocationId::CUSTOMER,
            Self::Return | Self::Receive => LocationId::SUPPLIER,
            Self::Scrap => LocationId::LOSS,
            Self::Edit => LocationId::ADJUSTMENT,
            Self::Consume
            | Self::Unconsume
            | Self::Produce
            | Self::Split
            | Self::Merge
            | Self::Move
            | Self::StatusChange => LocationId::PRODUCTION,
        }
    }

    /// Whether a lot in this status may not give (`leaves`) or take. What is held or past its date is put
    /// elsewhere, counted or thrown away, and not used; nor are lots that are still open in a strict house.
    pub fn refuses(self, status: LotStatus, leaves: bool, is_strict: bool) -> bool {
        let is_use = !matches!(self, Self::Move | Self::Edit | Self::Merge | Self::Split | Self::Scrap | Self::Return);
        match status {
            LotStatus::Available => false,
            LotStatus::Open => leaves && is_strict && is_use,
            LotStatus::QaHold | LotStatus::Expired => {
                if leaves {
                    is_use
                } else {
                    self == Self::Produce
                }
            }
            LotStatus::Shipped | LotStatus::Closed => true,
        }
    }
}

/// A quantity of a lot that leaves a place or enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// What for.
    pub kind: RunKind,
    /// What, how much, when and where; its id tells which action it belongs to.
    pub entry: Entry,
    /// Whether it enters the entry's location.
    pub is_receipt: bool,
    /// The other side: a place outside, or another location.
    pub other: LocationId,
    /// The flow, by its place in the list, whose amount it takes over.
    pub cost_of: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::movement::MovementKind;

    #[test]
    fn kinds_are_found_by_code_and_by_name() {
        for kind in RunKind::ALL {
            assert_eq!(RunKind::from_code(kind.code()), Some(kind));
            assert_eq!(RunKind::from_name(kind.name()), Some(kind));
            assert_eq!(MovementKind::from_code(kind.code()), Some(MovementKind::Run(kind)));
        }
        assert_eq!(RunKind::from_code(30), None);
        assert_eq!(RunKind::from_code(43), None);
    }

    #[test]
    fn a_lot_on_hold_may_be_moved_and_scrapped_but_not_used() {
        for (kind, refused) in
            [(RunKind::Consume, true), (RunKind::Ship, true), (RunKind::Move, false), (RunKind::Scrap, false)]
        {
            assert_eq!(kind.refuses(LotStatus::QaHold, true, false), refused, "{}", kind.name());
        }
        assert!(RunKind::Produce.refuses(LotStatus::Expired, false, false));
        assert!(RunKind::Produce.refuses(LotStatus::QaHold, true, false), "what it is made of");
        assert!(!RunKind::Receive.refuses(LotStatus::QaHold, false, false), "quarantine takes in");
        assert!(!RunKind::Move.refuses(LotStatus::Open, true, true));
        assert!(RunKind::Scrap.refuses(LotStatus::Closed, true, false));
        assert!(RunKind::Consume.refuses(LotStatus::Open, true, true));
        assert!(!RunKind::Consume.refuses(LotStatus::Open, true, false));
    }
}
