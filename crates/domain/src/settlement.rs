//! Settlement: what movements cost by the definition, applied to all that is known by now.
//!
//! **Problem.** What a movement was first booked with is right by what was known then. Later a
//! shortage is covered, or a movement dated earlier arrives, and the issues after it cost something
//! else. Rewriting them would falsify history, and replaying everything would cost more every day.
//!
//! **Choice.** The pools of one product and variant are replayed together, in the order of effective
//! time and position, from just before the first thing that changed. Together, because a transfer
//! carries the corrected cost of one pool into the next; in the order of time, so that each movement
//! is looked at once and a circle of transfers ends by itself. The outcome is compared with what the
//! ledger holds per pool, day and counterpart place, and only the differences become value entries.
//!
//! **Limits.** Under FIFO the layers at a time follow from everything since the pool was last empty; they are
//! found by a replay that begins some time before, with what stands there in doubt, and goes on until all of that has
//! left. Of a pool that is empty when a replay begins, what a unit last cost is not known; a
//! replay that comes to need it says so, and has to begin earlier.

mod difference;
mod moved;
mod pool;
mod replay;
mod sold;

pub use difference::{Difference, Differences};
pub use moved::{Moved, Side};
pub use pool::Pool;
pub use replay::{Cover, Extra, Replay};

use crate::id::{AccountId, LocationId};
use crate::time::Time;

/// What made a value entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// What was booked costs something else by now.
    #[default]
    Settlement,
    /// Stock is worth something else from a time on.
    Revaluation,
    /// What was received cost more.
    LandedCost,
    /// What was received at another cost than the standard.
    Variance,
}

impl ValueKind {
    /// Every kind, in the order of codes.
    pub const ALL: [Self; 4] = [Self::Settlement, Self::Revaluation, Self::LandedCost, Self::Variance];

    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Settlement => 1,
            Self::Revaluation => 2,
            Self::LandedCost => 3,
            Self::Variance => 4,
        }
    }

    /// The reverse of [`Self::code`]; what is not known is a settlement.
    pub fn from_code(code: i64) -> Self {
        Self::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or_default()
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Settlement => "settlement",
            Self::Revaluation => "revaluation",
            Self::LandedCost => "landedCost",
            Self::Variance => "variance",
        }
    }
}

/// Value that the definition puts into a pool (or takes out of it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The pool.
    pub pool: AccountId,
    /// When.
    pub at: Time,
    /// The place on the other side.
    pub counterpart: LocationId,
    /// What made it.
    pub kind: ValueKind,
    /// How much, signed.
    pub amount: i64,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::Costing;
    use crate::costing::Plan;
    use crate::id::{EntryId, JournalId, PartyId, ProductId, ReasonId, UnitId};
    use crate::id::{LotId, VariantId, VoucherId};
    use crate::journal::JournalKind;
    use crate::money::{Amount, Scale, UnitCost};
    use crate::movement::{End, Movement, MovementKind};
    use crate::quantity::{ONE_E6, Quantity};

    const POOL: AccountId = AccountId(7);

    fn movement(at: i64, quantity: i64, amount: i64) -> Movement {
        let house = End { location: LocationId(1), account: AccountId(6), pool: POOL };
        let (from, to) = if quantity > 0 {
            (End { location: LocationId::SUPPLIER, ..End::default() }, house)
        } else {
            (house, End { location: LocationId::CUSTOMER, ..End::default() })
        };
        Movement {
            line: 0,
            effective_at: Time(at * Time::DAY),
            kind: MovementKind::Journal(JournalKind::Delivery),
            product: ProductId(1),
            variant: VariantId(0),
            lot: LotId(0),
            from,
            to,
            quantity: Quantity(quantity.abs() * ONE_E6),
            amount: Amount(amount),
            unit_cost: None,
            fallback_cost: None,
            sales_price: None,
            entered_count: Quantity(quantity * ONE_E6),
            entered_unit: UnitId(1),
            journal: JournalId(1),
            voucher: VoucherId(1),
            entry: EntryId(1),
            org_unit: LocationId(1),
            customer: PartyId(0),
            supplier: PartyId(0),
            reason: ReasonId(0),
            external: None,
            credit_note: None,
            source_kind: None,
            source_identifier: None,
            description: None,
            reverses: None,
        }
    }

    fn replayed(costing: Costing, movements: &[Movement]) -> (Pool, Vec<Effect>) {
        let plan = Plan::always(costing, UnitCost::default());
        let mut replay = Replay::new(plan, Scale::DEFAULT, BTreeMap::new(), Time::BEGINNING);
        for movement in movements {
            replay.step(&Moved::from(movement), Extra::default()).unwrap();
        }
        let effects = replay.take_effects();
        (replay.finish().remove(&POOL).unwrap(), effects)
    }

    #[test]
    fn two_sold_with_no_stock_cost_what_the_receipt_that_covers_them_costs() {
        let story = [movement(1, -2, 0), movement(2, 20, 66_000_000)];
        let (pool, effects) = replayed(Costing::Average, &story);
        assert_eq!((pool.quantity, pool.value), (18 * ONE_E6, 59_400_000));
        let mut differences = Differences::default();
        // What was booked at first: an issue for nothing, and the receipt.
        for effect in effects.iter().filter(|effect| effect.amount >= 0) {
            differences.hold(*effect).unwrap();
        }
        for effect in effects {
            differences.define(effect).unwrap();
        }
        let entries: Vec<Effect> = differences.entries().into_iter().map(|difference| difference.effect).collect();
        assert_eq!(
            entries,
            [Effect {
                pool: POOL,
                at: Time(2 * Time::DAY),
                counterpart: LocationId::CUSTOMER,
                kind: ValueKind::Settlement,
                amount: -6_600_000
            }]
        );
    }

    #[test]
    fn fifo_takes_the_oldest_cost_first() {
        let story = [movement(1, 10, 20_000_000), movement(2, 10, 30_000_000), movement(3, -15, 0)];
        let (pool, effects) = replayed(Costing::Fifo, &story);
        assert_eq!(effects[2].amount, -35_000_000);
        assert_eq!((pool.quantity, pool.value), (5 * ONE_E6, 15_000_000));
    }

    #[test]
    fn a_pool_that_empties_is_worth_nothing() {
        let story = [movement(1, -3, 1), movement(2, 2, 1_000_000), movement(3, 1, 777_777), movement(4, 1, 5)];
        let (pool, _) = replayed(Costing::Average, &story[..3]);
        assert_eq!((pool.quantity, pool.value), (0, 0));
        let (pool, _) = replayed(Costing::Average, &story);
        assert_eq!((pool.quantity, pool.value), (ONE_E6, 5));
    }
}
