//! What the ledger has to be told: the definition less what it holds.

use std::collections::BTreeMap;

use super::{Effect, ValueKind};
use crate::id::{AccountId, LocationId};
use crate::time::Time;

/// A value entry that is to be written, and what of it belongs to days of a closed period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The entry; its time is that of the latest effect of its day.
    pub effect: Effect,
    /// What was pushed out of closed days: each with the start of the day.
    pub pushed: Vec<(Time, i64)>,
}

/// A pool, a day, a counterpart place and a kind: for each there is at most one value entry in a batch.
type DifferenceKey = (AccountId, i64, LocationId, ValueKind);

/// What the ledger has to be told, per pool, day, counterpart place and kind: the definition less what it
/// holds, added up as a replay goes on.
#[derive(Debug, Default)]
pub struct Differences {
    /// The first open instant of pools with a closed period; days before it are one with its day.
    pub open_from: BTreeMap<AccountId, Time>,
    sums: BTreeMap<DifferenceKey, (i64, Time)>,
    /// The part of the sums that comes from closed days, by these.
    closed: BTreeMap<DifferenceKey, i64>,
}

impl Differences {
    /// Adds what the definition says.
    pub fn define(&mut self, effect: Effect) -> Option<()> {
        self.add(effect, 1)
    }

    /// Takes off what the ledger holds. A value entry that was pushed out of closed days is held on those, also
    /// when they are open again: it was told and maybe approved where it stands, and stays there. So it does not
    /// matter where a replay begins.
    pub fn hold(&mut self, effect: Effect) -> Option<()> {
        self.add(effect, -1)
    }

    fn add(&mut self, effect: Effect, sign: i64) -> Option<()> {
        let (Effect { pool, counterpart, kind, .. }, amount) = (effect, sign.checked_mul(effect.amount)?);
        let mut at = effect.at;
        if let Some(open) = self.open_from.get(&pool).filter(|open| at < **open) {
            let sum = self.closed.entry((pool, day_of(at), counterpart, kind)).or_default();
            *sum = sum.checked_add(amount)?;
            at = *open;
        }
        let sum = self.sums.entry((pool, day_of(at), counterpart, kind)).or_insert((0, at));
        sum.0 = sum.0.checked_add(amount)?;
        sum.1 = sum.1.max(at);
        Some(())
    }

    /// What the definition says beyond what the ledger holds, of each pool, of the days before that of a time.
    pub fn before(&self, at: Time) -> Option<BTreeMap<AccountId, i64>> {
        let mut found: BTreeMap<AccountId, i64> = BTreeMap::new();
        for ((pool, day, ..), (amount, _)) in &self.sums {
            if *day < day_of(at) {
                let sum = found.entry(*pool).or_default();
                *sum = sum.checked_add(*amount)?;
            }
        }
        Some(found)
    }

    /// Nothing is to be told of the day of a time and those after it.
    pub fn end_before(&mut self, at: Time) {
        self.sums.retain(|(_, day, ..), _| *day < day_of(at));
    }

    /// The value entries to write.
    pub fn entries(self) -> Vec<Difference> {
        let Self { open_from, sums, closed } = self;
        let found = sums.into_iter().filter(|(_, (amount, _))| *amount != 0);
        found
            .map(|((pool, day, counterpart, kind), (amount, at))| {
                let is_first_open = open_from.get(&pool).is_some_and(|open| day_of(*open) == day);
                let of_pool = closed.range((pool, i64::MIN, LocationId(i64::MIN), ValueKind::Settlement)..);
                let pushed = of_pool
                    .take_while(|((of, ..), _)| is_first_open && *of == pool)
                    .filter(|((_, _, place, of), amount)| (*place, *of) == (counterpart, kind) && **amount != 0)
                    .map(|((_, day, ..), amount)| (Time(day * Time::DAY), *amount))
                    .collect();
                Difference { effect: Effect { pool, at, counterpart, kind, amount }, pushed }
            })
            .collect()
    }
}

fn day_of(at: Time) -> i64 {
    at.0.div_euclid(Time::DAY)
}
