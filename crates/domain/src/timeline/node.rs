//! A stretch of time and what the postings inside it add up to.

use std::fmt;
use std::ops::RangeInclusive;

use super::TimelineFault;
use crate::money::Amount;
use crate::quantity::Quantity;
use crate::time::Time;

/// A node with more postings than this is split, unless all of them share one instant.
pub const LEAF_MAX: i64 = 256;

/// The levels from the root to a single instant.
pub const DEPTH_MAX: usize = SHIFTS.len();

/// The widths of the stretches, as powers of two of microseconds; the root's stands for all time.
const SHIFTS: [i64; 12] = [64, 46, 41, 36, 31, 26, 21, 16, 11, 6, 1, 0];

/// Where a node belongs: the stretch of time with `instant >> shift == bucket`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The width as a power of two of microseconds: 46 below the root, then 41, 36 … 6, 1, 0.
    pub shift: i64,
    /// Which of the stretches of this width, counted from 1970; negative before it.
    pub bucket: i64,
}

impl Place {
    /// All time. Its node is kept with the account, not among the nodes below.
    pub const ROOT: Self = Self { shift: SHIFTS[0], bucket: 0 };

    /// The shift of the places directly below; `None` below a single microsecond.
    pub fn child_shift(self) -> Option<i64> {
        match self.shift {
            0 => None,
            1 => Some(0),
            64 => Some(46),
            shift => Some(shift - 5),
        }
    }

    /// The buckets, first and last, of the places directly below, all at [`Self::child_shift`].
    pub fn child_buckets(self) -> (i64, i64) {
        match self.child_shift() {
            None => (1, 0),
            Some(shift) if self == Self::ROOT => (i64::MIN >> shift, i64::MAX >> shift),
            Some(shift) => {
                let steps = self.shift - shift;
                (self.bucket << steps, (self.bucket << steps) | ((1 << steps) - 1))
            }
        }
    }

    /// The place directly above; `None` above the root.
    pub fn parent(self) -> Option<Self> {
        let steps = match self.shift {
            64 => return None,
            46 => return Some(Self::ROOT),
            0 => 1,
            _ => 5,
        };
        Some(Self { shift: self.shift + steps, bucket: self.bucket >> steps })
    }

    /// Whether `at` lies inside.
    pub fn holds(self, at: Time) -> bool {
        self == Self::ROOT || at.0 >> self.shift == self.bucket
    }

    /// The places below it that hold `at`, which lies inside, from the top down.
    pub fn towards(self, at: Time) -> impl Iterator<Item = Self> {
        std::iter::successors(self.child_at(at), move |place| place.child_at(at))
    }

    /// The place at a depth below the root (which is depth 0) that holds `at`.
    pub(super) fn on_path(depth: usize, at: Time) -> Self {
        match SHIFTS[depth] {
            64 => Self::ROOT,
            shift => Self { shift, bucket: at.0 >> shift },
        }
    }

    /// The place directly below that holds `at`, which lies inside.
    pub(super) fn child_at(self, at: Time) -> Option<Self> {
        self.child_shift().map(|shift| Self { shift, bucket: at.0 >> shift })
    }

    /// All places directly below, in order of time. Not asked of a single microsecond.
    pub(super) fn children(self) -> RangeInclusive<Self> {
        let shift = self.child_shift().expect("a place of one microsecond is never split");
        let (first, last) = self.child_buckets();
        Self { shift, bucket: first }..=Self { shift, bucket: last }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ROOT { f.write_str("the root") } else { write!(f, "{}:{}", self.shift, self.bucket) }
    }
}

/// What postings at one instant add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instant {
    /// The sum of the quantities.
    pub quantity: Quantity,
    /// The sum of the amounts.
    pub amount: Amount,
    /// How many they are.
    pub postings: i64,
}

impl Instant {
    pub(super) fn plus(self, other: Self) -> Result<Self, TimelineFault> {
        Ok(Self {
            quantity: self.quantity.checked_add(other.quantity).ok_or(TimelineFault::TooLarge)?,
            amount: self.amount.checked_add(other.amount).ok_or(TimelineFault::TooLarge)?,
            postings: self.postings + other.postings,
        })
    }
}

/// What the postings inside a place add up to. Everything in it follows from those postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The sum of the quantities.
    pub quantity: Quantity,
    /// The sum of the amounts.
    pub amount: Amount,
    /// The lowest running sum of the quantities after an instant, counted from 0 at the start of the
    /// node; the largest number where there is no posting.
    pub low: Quantity,
    /// The same without the last instant, so that a posting at the last instant needs nothing else;
    /// the largest number where there is no other instant.
    pub low_before: Quantity,
    /// The first instant with a posting; the latest time where there is none.
    pub instants_from: Time,
    /// The last instant with a posting; the earliest time where there is none.
    pub instants_to: Time,
    /// How many postings.
    pub postings: i64,
    /// Whether there are nodes below.
    pub is_split: bool,
}

const NO_LOW: Quantity = Quantity(i64::MAX);

impl Node {
    /// The root of an account without postings.
    pub const EMPTY: Self = Self {
        quantity: Quantity::ZERO,
        amount: Amount::ZERO,
        low: NO_LOW,
        low_before: NO_LOW,
        instants_from: Time(i64::MAX),
        instants_to: Time(i64::MIN),
        postings: 0,
        is_split: false,
    };

    /// A leaf with one instant.
    pub(super) fn single(at: Time, instant: Instant) -> Self {
        Self {
            quantity: instant.quantity,
            amount: instant.amount,
            low: instant.quantity,
            low_before: NO_LOW,
            instants_from: at,
            instants_to: at,
            postings: instant.postings,
            is_split: false,
        }
    }

    /// One leaf for several nodes in order of time.
    pub(super) fn joined(nodes: impl IntoIterator<Item = Self>) -> Result<Self, TimelineFault> {
        nodes.into_iter().try_fold(Self::EMPTY, |node, next| node.followed_by(&next))
    }

    /// This node with one more instant, not before its last; whether it is split stays.
    pub(super) fn appended(&self, at: Time, instant: Instant) -> Result<Self, TimelineFault> {
        if at > self.instants_to {
            return self.followed_by(&Self::single(at, instant));
        }
        let total = self.total().plus(instant)?;
        Ok(Self {
            quantity: total.quantity,
            amount: total.amount,
            low: self.low_before.min(total.quantity),
            postings: total.postings,
            ..*self
        })
    }

    fn followed_by(&self, next: &Self) -> Result<Self, TimelineFault> {
        let after = |low: Quantity| self.quantity.checked_add(low).ok_or(TimelineFault::TooLarge);
        let total = self.total().plus(next.total())?;
        let next_low_before = if next.instants_from == next.instants_to { NO_LOW } else { after(next.low_before)? };
        Ok(Self {
            quantity: total.quantity,
            amount: total.amount,
            low: self.low.min(after(next.low)?),
            low_before: self.low.min(next_low_before),
            instants_from: self.instants_from.min(next.instants_from),
            instants_to: next.instants_to,
            postings: total.postings,
            is_split: self.is_split,
        })
    }

    pub(super) fn is_too_full(&self) -> bool {
        self.postings > LEAF_MAX && self.instants_from < self.instants_to
    }

    pub(super) fn total(&self) -> Instant {
        Instant { quantity: self.quantity, amount: self.amount, postings: self.postings }
    }
}
