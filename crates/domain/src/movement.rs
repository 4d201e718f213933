//! The fact: a positive quantity that left one place and entered another.

use crate::entry::Reference;
use crate::id::{
    AccountId, EntryId, JournalId, LocationId, LotId, MovementId, PartyId, ProductId, ReasonId, UnitId, VariantId,
    VoucherId,
};
use crate::journal::JournalKind;
use crate::money::{Amount, UnitCost};
use crate::quantity::Quantity;
use crate::run::RunKind;
use crate::time::Time;

/// What made a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MovementKind {
    /// An entry of a journal of this kind.
    Journal(JournalKind),
    /// A run of this kind.
    Run(RunKind),
    /// The undoing of another movement.
    Reversal,
    /// What keeps a count true after something from before it was learned.
    Compensation,
}

impl MovementKind {
    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Journal(kind) => kind.code(),
            Self::Run(kind) => kind.code(),
            Self::Reversal => 20,
            Self::Compensation => 21,
        }
    }

    /// The reverse of [`Self::code`].
    pub fn from_code(code: i64) -> Option<Self> {
        match code {
            20 => Some(Self::Reversal),
            21 => Some(Self::Compensation),
            code => RunKind::from_code(code).map(Self::Run).or_else(|| JournalKind::from_code(code).map(Self::Journal)),
        }
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Journal(kind) => kind.name(),
            Self::Run(kind) => kind.name(),
            Self::Reversal => "Reversal",
            Self::Compensation => "Compensation",
        }
    }
}

/// One end of a movement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The place.
    pub location: LocationId,
    /// The account of the stock there; 0 outside the house.
    pub account: AccountId,
    /// The cost pool of that stock; 0 outside the house and where value does not move.
    pub pool: AccountId,
}

/// A movement. Append-only: it is never changed and never deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Its place in its batch, from 0.
    pub line: i64,
    /// When it was true.
    pub effective_at: Time,
    /// What made it.
    pub kind: MovementKind,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot or instance; 0 = not tracked.
    pub lot: LotId,
    /// Where it left.
    pub from: End,
    /// Where it entered.
    pub to: End,
    /// How much, > 0, in the base unit.
    pub quantity: Quantity,
    /// The amount first booked with it, ≥ 0.
    pub amount: Amount,
    /// The unit cost given with it.
    pub unit_cost: Option<UnitCost>,
    /// The fall-back cost as it stood when it was booked.
    pub fallback_cost: Option<UnitCost>,
    /// The price given with it.
    pub sales_price: Option<UnitCost>,
    /// The count as it was entered, with its sign.
    pub entered_count: Quantity,
    /// The unit it was entered in.
    pub entered_unit: UnitId,
    /// The journal; 0 = none.
    pub journal: JournalId,
    /// The voucher; 0 = none.
    pub voucher: VoucherId,
    /// The entry it was; 0 = none.
    pub entry: EntryId,
    /// The org unit that acted.
    pub org_unit: LocationId,
    /// The customer; 0 = none.
    pub customer: PartyId,
    /// The supplier; 0 = none.
    pub supplier: PartyId,
    /// The reason; 0 = none.
    pub reason: ReasonId,
    /// The document that it fulfils.
    pub external: Option<Reference>,
    /// The document that it cancels.
    pub credit_note: Option<Reference>,
    /// What kind of document it comes from.
    pub source_kind: Option<i64>,
    /// Which document it comes from.
    pub source_identifier: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// The movement that it undoes.
    pub reverses: Option<MovementId>,
}

impl Movement {
    /// Whether it came back from a customer without a cost, so that it costs what was sold, or the average.
    pub fn takes_cost_of_sale(&self) -> bool {
        self.reverses.is_none() && self.unit_cost.is_none() && takes_cost_of_sale(self.from.location, self.to.pool)
    }
}

/// Whether something that left a pool for a place was given out of the house.
pub(crate) fn gave_out(from: AccountId, to: LocationId) -> bool {
    from.0 != 0 && to.is_outside()
}

/// Whether something that entered a pool, without a cost, costs what was sold, or the average.
pub(crate) fn takes_cost_of_sale(from: LocationId, to: AccountId) -> bool {
    from == LocationId::CUSTOMER && to.0 != 0
}

/// What a count found, kept also where it found what was expected.
///
/// A count of a serial-tracked product names every instance found at the place: the *set*. It has a count of its own,
/// without a lot, of how many they are; those of single instances, each found or missed, follow it. What no line
/// names was not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Its place among the counts of its batch, from 0.
    pub line: i64,
    /// The time it speaks of.
    pub effective_at: Time,
    /// The account counted.
    pub account: AccountId,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot or instance; 0 = not tracked, or the set of instances.
    pub lot: LotId,
    /// The location.
    pub location: LocationId,
    /// What stood there.
    pub counted: Quantity,
    /// What the ledger said before.
    pub expected: Quantity,
    /// The line of the movement that made up the difference; −1 = there was none, [`IN_INSTANCES`] = the counts of
    /// the instances tell it.
    pub movement_line: i64,
    /// The cost given for what was found.
    pub unit_cost: Option<UnitCost>,
    /// The journal; 0 = none.
    pub journal: JournalId,
    /// The voucher; 0 = none.
    pub voucher: VoucherId,
    /// The entry it was; 0 = none.
    pub entry: EntryId,
    /// The org unit that acted.
    pub org_unit: LocationId,
    /// Free text.
    pub description: Option<String>,
}

/// The movement line of the count of a set of instances, where counts of single instances follow it.
pub const IN_INSTANCES: i64 = -2;

/// Value that became known later. Append-only; one per pool, day and counterpart place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueEntry {
    /// Its place among the value entries of its batch, from 0.
    pub line: i64,
    /// The pool.
    pub pool: AccountId,
    /// From when on the pool is worth that much more.
    pub effective_at: Time,
    /// The place on the other side.
    pub counterpart: LocationId,
    /// What made it, see [`ValueKind`](crate::settlement::ValueKind).
    pub kind: i64,
    /// How much, signed: into the pool.
    pub amount: Amount,
}

/// What is said about value alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFactKind {
    /// From a time on, what stands in a pool is worth so much.
    Revaluation,
    /// What a movement brought cost so much more.
    LandedCost,
}

impl ValueFactKind {
    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Revaluation => 1,
            Self::LandedCost => 2,
        }
    }

    /// The reverse of [`Self::code`].
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::Revaluation, Self::LandedCost].into_iter().find(|kind| kind.code() == code)
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revaluation => "revaluation",
            Self::LandedCost => "landedCost",
        }
    }
}

/// A word on value alone: nothing moves. Append-only; undone by a reversal that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueFact {
    /// Its place among the value facts of its batch, from 0.
    pub line: i64,
    /// What it says.
    pub kind: ValueFactKind,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot; 0 = none.
    pub lot: LotId,
    /// The pool.
    pub pool: AccountId,
    /// The stock org unit of the pool.
    pub org_unit: LocationId,
    /// From when on.
    pub effective_at: Time,
    /// Of a landed cost: the movement that cost more.
    pub movement: Option<MovementId>,
    /// Of a landed cost: whether it was shared out by value, else by quantity.
    pub by_value: bool,
    /// What stood in the pool by what was known, or what the movement brought.
    pub quantity: Quantity,
    /// What the pool is worth, ≥ 0; or what the movement cost more, with its sign.
    pub amount: Amount,
}
