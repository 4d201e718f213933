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
//! **Limits.** Under FIFO the layers at a time follow from everything since the pool was last empty,
//! so its replay begins there.

use std::collections::{BTreeMap, VecDeque};

use crate::catalog::Costing;
use crate::cost::{UnderWay, amount_from_under_way, issue_amount, within};
use crate::id::{AccountId, LocationId, VoucherId};
use crate::ledger::Rate;
use crate::money::{Amount, Scale, share};
use crate::movement::Movement;
use crate::quantity::Quantity;
use crate::time::Time;

/// An issue, or the part of one, that was beyond stock and is not covered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shortage {
    quantity: i64,
    amount: i64,
    counterpart: LocationId,
}

/// A pool as a replay goes through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// How much stands there; below 0 = sold beyond stock.
    pub quantity: i64,
    /// What it is worth.
    pub value: i64,
    /// What a unit last cost when the pool ran empty.
    pub rate: Rate,
    shortages: VecDeque<Shortage>,
    layers: VecDeque<(i64, i64)>,
}

impl Pool {
    /// A pool that holds this and has no shortage.
    pub fn holding(quantity: Quantity, value: Amount, rate: Rate) -> Self {
        let layers = if quantity.0 > 0 { VecDeque::from([(quantity.0, value.0)]) } else { VecDeque::new() };
        Self { quantity: quantity.0, value: value.0, rate, shortages: VecDeque::new(), layers }
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
    /// How much, signed.
    pub amount: i64,
}

/// The replay of the pools of one product and variant.
pub struct Replay {
    costing: Costing,
    scale: Scale,
    pools: BTreeMap<AccountId, Pool>,
    under_way: UnderWay<(VoucherId, AccountId)>,
    effects: Vec<Effect>,
}

impl Replay {
    /// Begins with the pools as they stand just before the first movement; pools not named are empty.
    pub fn new(costing: Costing, scale: Scale, pools: BTreeMap<AccountId, Pool>) -> Self {
        Self { costing, scale, pools, under_way: UnderWay::default(), effects: Vec::new() }
    }

    /// The next movement, in the order of effective time, position, what takes out of what is under way
    /// last, and line. What was undone at its own time
    /// is not to be shown, nor is what undid it. `None` where a sum leaves the range.
    pub fn step(&mut self, movement: &Movement) -> Option<()> {
        let mut carried = None;
        if movement.from.pool.0 != 0 {
            let fixed = movement.reverses.is_some().then_some(movement.amount);
            carried = Some(self.issue(movement, fixed)?);
        }
        if movement.to.pool.0 != 0 {
            let amount = carried.unwrap_or(movement.amount);
            self.receive(movement, amount)?;
        }
        Some(())
    }

    fn issue(&mut self, movement: &Movement, fixed: Option<Amount>) -> Option<Amount> {
        let (scale, quantity) = (self.scale, movement.quantity);
        let pool = self.pools.entry(movement.from.pool).or_default();
        let stock = pool.quantity;
        let stand = (Quantity(stock), Amount(pool.value));
        let is_under_way = movement.from.location == LocationId::IN_TRANSIT;
        let paired = if is_under_way {
            self.under_way.take(&(movement.voucher, movement.from.pool), quantity, scale)
        } else {
            (Quantity::ZERO, Amount::ZERO)
        };
        let amount = match fixed {
            // Undone at another time: at what it was booked with, as far as the pool has it.
            Some(amount) => within(stand, quantity, amount),
            None if is_under_way => {
                amount_from_under_way(paired, stand, pool.rate, movement.fallback_cost, quantity, scale)?
            }
            None if self.costing == Costing::Fifo && stock > 0 => {
                within(stand, quantity, from_layers(pool, quantity, scale)?)
            }
            None => issue_amount(stand, pool.rate, movement.fallback_cost, quantity, scale)?,
        };
        if fixed.is_some() && self.costing == Costing::Fifo {
            let _ = from_layers(pool, Quantity(quantity.0.min(stock.max(0))), scale)?;
        }
        if stock > 0 && quantity.0 >= stock {
            pool.rate = Rate { quantity: Quantity(stock), amount: Amount(pool.value.max(0)) };
        }
        let uncovered = quantity.0 - stock.max(0);
        if uncovered > 0 {
            let covered_value = if stock > 0 { pool.value.max(0) } else { 0 };
            pool.shortages.push_back(Shortage {
                quantity: uncovered,
                amount: amount.0 - covered_value.min(amount.0),
                counterpart: movement.to.location,
            });
        }
        pool.quantity = pool.quantity.checked_sub(quantity.0)?;
        pool.value = pool.value.checked_sub(amount.0)?;
        self.effects.push(Effect {
            pool: movement.from.pool,
            at: movement.effective_at,
            counterpart: movement.to.location,
            amount: -amount.0,
        });
        Some(amount)
    }

    fn receive(&mut self, movement: &Movement, amount: Amount) -> Option<()> {
        let (scale, quantity) = (self.scale, movement.quantity.0);
        let id = movement.to.pool;
        let pool = self.pools.entry(id).or_default();
        let before = pool.quantity;
        let mut open = quantity.min((-before).max(0));
        let mut left = (quantity, amount.0);
        let mut corrections = Vec::new();
        // Oldest shortage first; each piece costs its share of this receipt, the last takes the rest.
        while open > 0 {
            let Some(first) = pool.shortages.front_mut() else { break };
            let piece = first.quantity.min(open);
            let provisional = if piece == first.quantity {
                first.amount
            } else {
                share(Amount(first.amount), Quantity(piece), Quantity(first.quantity), scale)?.0
            };
            let cost = if piece == left.0 {
                left.1
            } else {
                share(Amount(left.1), Quantity(piece), Quantity(left.0), scale)?.0
            };
            corrections.push((first.counterpart, cost - provisional));
            left = (left.0 - piece, left.1 - cost);
            if piece == first.quantity {
                pool.shortages.pop_front();
            } else {
                first.quantity -= piece;
                first.amount -= provisional;
            }
            open -= piece;
        }
        pool.quantity = pool.quantity.checked_add(quantity)?;
        pool.value = pool.value.checked_add(amount.0)?;
        if before < 0 && pool.quantity <= 0 {
            pool.rate = Rate { quantity: movement.quantity, amount };
        }
        if left.0 > 0 {
            pool.layers.push_back(left);
        }
        if movement.to.location == LocationId::IN_TRANSIT {
            self.under_way.put((movement.voucher, id), movement.quantity, amount);
        }
        self.effects.push(Effect {
            pool: id,
            at: movement.effective_at,
            counterpart: movement.from.location,
            amount: amount.0,
        });
        for (counterpart, correction) in corrections {
            if correction != 0 {
                let pool = self.pools.get_mut(&id).expect("it was just made");
                pool.value = pool.value.checked_sub(correction)?;
                self.effects.push(Effect { pool: id, at: movement.effective_at, counterpart, amount: -correction });
            }
        }
        Some(())
    }

    /// The effects since they were last taken, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The pools after the last movement.
    pub fn finish(self) -> BTreeMap<AccountId, Pool> {
        self.pools
    }
}

/// FIFO: what the oldest layers cost, layer by layer; what empties a layer takes its rest, and what goes
/// beyond stock is provisional at the pool's average.
fn from_layers(pool: &mut Pool, quantity: Quantity, scale: Scale) -> Option<Amount> {
    let average = (pool.quantity, pool.value.max(0));
    let mut open = quantity.0;
    let mut amount: i64 = 0;
    while open > 0 {
        let Some(first) = pool.layers.front_mut() else { break };
        if first.0 <= open {
            open -= first.0;
            amount = amount.checked_add(first.1)?;
            pool.layers.pop_front();
        } else {
            let part = share(Amount(first.1), Quantity(open), Quantity(first.0), scale)?.0;
            first.0 -= open;
            first.1 -= part;
            amount = amount.checked_add(part)?;
            open = 0;
        }
    }
    if open > 0 && average.0 > 0 {
        amount = amount.checked_add(share(Amount(average.1), Quantity(open), Quantity(average.0), scale)?.0)?;
    }
    Some(Amount(amount))
}

/// What the ledger has to be told, per pool, day and counterpart place: the definition less what it
/// holds, added up as a replay goes on.
#[derive(Debug, Default)]
pub struct Differences {
    /// The first open instant of pools with a closed period; days before it are one with its day.
    pub open_from: BTreeMap<AccountId, Time>,
    sums: BTreeMap<(AccountId, i64, LocationId), (i64, Time)>,
}

impl Differences {
    /// Adds what the definition says.
    pub fn define(&mut self, effect: Effect) -> Option<()> {
        self.add(effect, 1)
    }

    /// Takes off what the ledger holds.
    pub fn hold(&mut self, effect: Effect) -> Option<()> {
        self.add(effect, -1)
    }

    fn add(&mut self, effect: Effect, sign: i64) -> Option<()> {
        let at = self.open_from.get(&effect.pool).map_or(effect.at, |open| effect.at.max(*open));
        let day = at.0.div_euclid(Time::DAY);
        let sum = self.sums.entry((effect.pool, day, effect.counterpart)).or_insert((0, at));
        sum.0 = sum.0.checked_add(sign * effect.amount)?;
        sum.1 = sum.1.max(at);
        Some(())
    }

    /// The value entries to write. The time of each is that of the latest effect of its day.
    pub fn entries(self) -> Vec<Effect> {
        self.sums
            .into_iter()
            .filter(|(_, (amount, _))| *amount != 0)
            .map(|((pool, _, counterpart), (amount, at))| Effect { pool, at, counterpart, amount })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{EntryId, JournalId, LotId, PartyId, ProductId, ReasonId, UnitId, VariantId, VoucherId};
    use crate::journal::JournalKind;
    use crate::movement::{End, MovementKind};
    use crate::quantity::ONE_E6;

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
        let mut replay = Replay::new(costing, Scale::DEFAULT, BTreeMap::new());
        for movement in movements {
            replay.step(movement).unwrap();
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
        for effect in &effects[..2] {
            differences.hold(*effect).unwrap();
        }
        for effect in effects {
            differences.define(effect).unwrap();
        }
        assert_eq!(
            differences.entries(),
            [Effect { pool: POOL, at: Time(2 * Time::DAY), counterpart: LocationId::CUSTOMER, amount: -6_600_000 }]
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
