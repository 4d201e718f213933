//! A cost pool as a replay goes through it: what stands there, what it lacks, and its layers under FIFO.

use std::collections::VecDeque;

use crate::catalog::Costing;
use crate::id::{AccountId, LocationId, VoucherId};
use crate::ledger::LastCost;
use crate::money::{Amount, Scale, share};
use crate::quantity::Quantity;

/// An issue, or the part of one, that was beyond stock and is not covered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shortage {
    pub(super) quantity: i64,
    pub(super) amount: i64,
    pub(super) counterpart: LocationId,
    /// The pool that took over the provisional cost, and on which voucher; 0 = it left the house.
    pub(super) carried_to: (AccountId, VoucherId),
    /// Which movement shown it was, from 1; 0 = none.
    pub(super) by: u64,
}

/// A pool as a replay goes through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How much stands there; below 0 = sold beyond stock.
    pub quantity: i64,
    /// What it is worth.
    pub value: i64,
    /// What a unit last cost; `None` = that lies before the replay.
    pub last_cost: Option<LastCost>,
    pub(super) shortages: VecDeque<Shortage>,
    /// What is left of each receipt, oldest first; kept under FIFO.
    pub(super) layers: VecDeque<(i64, i64)>,
    /// How much of the layers, from the oldest on, is in doubt: it may be worth something else than before something was
    /// learned, or than is known by what the replay began with.
    pub(super) stale: i64,
}

impl Default for Pool {
    /// One that has not begun.
    fn default() -> Self {
        Self {
            quantity: 0,
            value: 0,
            last_cost: Some(LastCost::Untold),
            shortages: VecDeque::new(),
            layers: VecDeque::new(),
            stale: 0,
        }
    }
}

impl Pool {
    /// A pool that has begun, holds this and has no shortage.
    pub fn holding(quantity: Quantity, value: Amount) -> Self {
        let last_cost = (quantity.0 > 0).then_some(LastCost::Untold);
        let mut pool = Self { quantity: quantity.0, value: value.0, last_cost, ..Self::default() };
        pool.lay_down();
        pool
    }

    /// All that stands here as one layer.
    pub(super) fn lay_down(&mut self) {
        self.layers = if self.quantity > 0 { VecDeque::from([(self.quantity, self.value)]) } else { VecDeque::new() };
        self.doubt();
    }

    /// All layers that there are are in doubt.
    pub(super) fn doubt(&mut self) {
        self.stale = self.quantity.max(0);
    }

    /// Whether all that is kept here for what comes later is told by how much stands here and what that is worth: where
    /// something stands there is no shortage, and what a unit last cost is told by the issue that takes the last of it;
    /// under FIFO there are the layers as well, which are as they were where none is in doubt.
    pub fn is_plain(&self, method: Costing) -> bool {
        self.quantity > 0 && (method != Costing::Fifo || self.stale == 0)
    }

    /// Spreads a value over the layers by what they are worth, by quantity if that is nothing; the last takes
    /// the rest.
    pub(super) fn spread(&mut self, value: i64, scale: Scale) -> Option<()> {
        let worth = self.layers.iter().try_fold(0_i64, |sum, layer| sum.checked_add(layer.1))?;
        let whole = if worth > 0 { worth } else { self.layers.iter().map(|layer| layer.0).sum() };
        let (mut left, last) = (value, self.layers.len().saturating_sub(1));
        for (at, layer) in self.layers.iter_mut().enumerate() {
            let weight = if worth > 0 { layer.1 } else { layer.0 };
            layer.1 = if at == last {
                left
            } else {
                share(Amount(value), Quantity(weight), Quantity(whole), scale)?.0.min(left)
            };
            left -= layer.1;
        }
        self.doubt();
        Some(())
    }
}

/// FIFO: what the oldest layers cost, layer by layer; what empties a layer takes its rest, and what goes
/// beyond stock is provisional at the pool's average.
pub(super) fn from_layers(pool: &mut Pool, quantity: Quantity, scale: Scale) -> Option<Amount> {
    let average = (pool.quantity, pool.value.max(0));
    let mut open = quantity.0;
    let mut amount: i64 = 0;
    pool.stale = pool.stale.saturating_sub(open).max(0);
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
