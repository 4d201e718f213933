//! The replay of the pools of one product and variant, movement by movement.

use std::collections::BTreeMap;

use super::moved::Moved;
use super::pool::{Pool, Shortage, from_layers};
use super::sold::{Document, Sold};
use super::{Effect, ValueKind};
use crate::catalog::Costing;
use crate::cost::{UnderWay, amount_from_under_way, issue_amount, within};
use crate::costing::{Plan, Terms};
use crate::entry::Reference;
use crate::id::{AccountId, LocationId, LotId, VoucherId};
use crate::ledger::LastCost;
use crate::money::{Amount, Scale, extend, share, share_of_sum};
use crate::quantity::Quantity;
use crate::time::Time;

/// A part of an issue beyond stock that a receipt covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The number of the movement that went beyond stock; 0 = none was shown.
    pub by: u64,
    /// How much of it is covered.
    pub quantity: Quantity,
    /// By how much that costs more than was provisional.
    pub amount: i64,
}

/// What is known by now of a movement beside what it was booked with; of a reversal, what is known of the
/// movement that it undoes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// What landed costs add to it.
    pub landed: i64,
    /// By how much what it was made of costs more, or less, than was booked.
    pub carried: i64,
    /// Of an issue: whether a return without a cost names the document that it is for.
    pub is_returned: bool,
    /// Whether it was made of something that left pools of this replay.
    pub is_made_of_own: bool,
}

/// The replay of the pools of one product and variant.
pub struct Replay {
    plan: Plan,
    terms: Terms,
    /// Up to when the plan's changes have been applied, the time itself not included.
    passed: Time,
    scale: Scale,
    pools: BTreeMap<AccountId, Pool>,
    under_way: UnderWay<(VoucherId, AccountId)>,
    /// Where a voucher took out what it had put under way.
    forwarded: BTreeMap<(VoucherId, AccountId), AccountId>,
    /// What the last movement took out of its pool.
    issued: Amount,
    /// What the last movement brought into its pool.
    received: Amount,
    effects: Vec<Effect>,
    /// How many movements were shown.
    shown: u64,
    /// Which parts of shortages were covered.
    covered: Vec<Cover>,
    /// Whether the movement shown last went beyond stock.
    is_beyond: bool,
    /// Whether what the movement shown last took out of its pool may be worth something else than before something was
    /// learned.
    is_in_doubt: bool,
    /// The pool of which it was needed what a unit cost before the replay began.
    lacks: Option<AccountId>,
    sold: Sold,
}

impl Replay {
    /// Begins at a time with the pools as they stand just before; pools not named are empty.
    pub fn new(plan: Plan, scale: Scale, pools: BTreeMap<AccountId, Pool>, from: Time) -> Self {
        let terms = plan.at(Time(from.0.saturating_sub(1)));
        let (under_way, forwarded) = (UnderWay::default(), BTreeMap::new());
        let (issued, received) = (Amount::ZERO, Amount::ZERO);
        Self {
            plan,
            terms,
            passed: from,
            scale,
            pools,
            under_way,
            forwarded,
            issued,
            received,
            effects: Vec::new(),
            shown: 0,
            covered: Vec::new(),
            is_beyond: false,
            is_in_doubt: false,
            lacks: None,
            sold: Sold::default(),
        }
    }

    /// The next movement, in the order of effective time, position, what takes out of what is under way
    /// last, and line. What was undone at its own time
    /// is not to be shown, nor is what undid it. `None` where a sum leaves the range.
    pub fn step(&mut self, movement: &Moved, extra: Extra) -> Option<()> {
        self.pass(movement.effective_at)?;
        self.shown += 1;
        self.is_beyond = false;
        self.is_in_doubt = extra.is_made_of_own || movement.reverses.is_some() || movement.takes_cost_of_sale();
        let mut carried = None;
        if movement.from.pool.0 != 0 {
            let undone = movement.amount.0.checked_add(extra.landed)?.checked_add(extra.carried)?;
            let fixed = movement.reverses.is_some().then_some(Amount(undone.max(0)));
            self.issued = self.issue(movement, fixed)?;
            if let Some(document) = movement.external.as_ref().filter(|_| extra.is_returned) {
                let document = self.document(movement, document);
                self.sold.note(document, self.shown, movement.quantity, self.issued);
            }
            carried = Some(self.issued);
        }
        if movement.to.pool.0 != 0 {
            let mut extra = extra;
            let amount = match carried {
                // What was added to a transfer on its way is not given back to where it came from.
                Some(amount) if movement.reverses.is_some() => {
                    let back = amount.0.checked_sub(extra.landed)?.max(0);
                    extra = Extra::default();
                    Amount(back)
                }
                Some(amount) => amount,
                None if movement.reverses.is_some() => {
                    extra = Extra::default();
                    movement.amount
                }
                None if movement.takes_cost_of_sale() => self.returned(movement)?,
                None => Amount(movement.amount.0.checked_add(extra.carried)?),
            };
            self.receive(movement, amount, extra.landed)?;
        }
        if self.terms.method == Costing::Standard {
            for pool in [movement.from.pool, movement.to.pool] {
                if pool.0 != 0 {
                    self.restate(pool, movement.effective_at, ValueKind::Variance)?;
                }
            }
        }
        Some(())
    }

    fn document(&self, movement: &Moved, document: &Reference) -> Document {
        let lot = if self.terms.method == Costing::Specific { movement.lot } else { LotId(0) };
        (movement.variant, lot, document.kind.clone(), document.id)
    }

    /// What a return without a cost is worth: at what was sold under its document costs by now, else at the average of
    /// its pool just before it, else at the fall-back cost.
    fn returned(&self, movement: &Moved) -> Option<Amount> {
        let (scale, quantity) = (self.scale, movement.quantity);
        if self.terms.method == Costing::Standard {
            return extend(quantity, self.terms.standard, scale);
        }
        let document = movement.credit_note.as_ref().map(|document| self.document(movement, document));
        if let Some(sold) = document.and_then(|document| self.sold.under(&document)) {
            return share_of_sum(sold.amount_e6.max(0), quantity, sold.quantity_e6, scale);
        }
        match self.pools.get(&movement.to.pool) {
            Some(pool) if pool.quantity > 0 => {
                share(Amount(pool.value.max(0)), quantity, Quantity(pool.quantity), scale)
            }
            _ => extend(quantity, movement.fallback_cost.unwrap_or_default(), scale),
        }
    }

    /// What the movement shown last brought into its pool, landed costs included; of no meaning where it brought
    /// nothing.
    pub fn received(&self) -> Amount {
        self.received
    }

    /// A pool that was empty when the replay began, and of which it is needed what a unit cost before: what the replay
    /// says is wrong, and it has to begin earlier.
    pub fn lacks(&self) -> Option<AccountId> {
        self.lacks
    }

    /// How many movements were shown; of the one shown last, its number.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// Which movements, by number, went beyond stock and are not covered yet.
    pub fn uncovered(&self) -> impl Iterator<Item = u64> {
        self.pools.values().flat_map(|pool| pool.shortages.iter().map(|shortage| shortage.by))
    }

    /// What was covered of movements that had gone beyond stock, since effects were last taken.
    pub fn covered(&self) -> &[Cover] {
        &self.covered
    }

    /// Whether the movement shown last went beyond stock, so that what it costs is known when that is covered.
    pub fn is_beyond(&self) -> bool {
        self.is_beyond
    }

    /// What was made of something that went beyond stock costs so much more from a time on, at which that was
    /// covered: of the quantity made, what still stands in the pool takes its share, the rest is a loss or a gain.
    pub fn correct_made(&mut self, pool: AccountId, at: Time, made: Quantity, amount: i64) -> Option<()> {
        self.pass(at)?;
        self.make_dearer(pool, (at, LocationId::PRODUCTION), made.0, amount)
    }

    /// The pools as they stand now.
    pub fn pools(&self) -> &BTreeMap<AccountId, Pool> {
        &self.pools
    }

    /// The method by which what was shown last is valued.
    pub fn method(&self) -> Costing {
        self.terms.method
    }

    /// The layers that there are now are in doubt; those of later receipts are not.
    pub fn doubt(&mut self) {
        self.pools.values_mut().for_each(Pool::doubt);
    }

    /// What the movement shown last took out of its pool; of no meaning where it took nothing.
    pub fn issued(&self) -> Amount {
        self.issued
    }

    /// From a time on, after what was known of it, a pool is worth so much. Where nothing stands in it there is
    /// nothing to be worth something, and under standard cost the standard says it.
    pub fn revalue(&mut self, pool: AccountId, at: Time, value: Amount) -> Option<()> {
        self.pass(at)?;
        if self.terms.method == Costing::Standard {
            return Some(());
        }
        let (method, scale) = (self.terms.method, self.scale);
        let found = self.pools.entry(pool).or_default();
        if found.quantity <= 0 {
            return Some(());
        }
        if method == Costing::Fifo {
            found.spread(value.0, scale)?;
        }
        let amount = value.0.checked_sub(found.value)?;
        found.value = value.0;
        self.effect(pool, at, LocationId::ADJUSTMENT, ValueKind::Revaluation, amount);
        Some(())
    }

    fn effect(&mut self, pool: AccountId, at: Time, counterpart: LocationId, kind: ValueKind, amount: i64) {
        if amount != 0 {
            self.effects.push(Effect { pool, at, counterpart, kind, amount });
        }
    }

    /// Applies the changes of the plan up to a time.
    fn pass(&mut self, to: Time) -> Option<()> {
        if self.plan.is_constant() || to < self.passed {
            return Some(());
        }
        let due: Vec<(Time, Terms)> =
            self.plan.changes_from(self.passed).iter().take_while(|(at, _)| *at <= to).copied().collect();
        self.passed = Time(to.0.saturating_add(1));
        for (at, terms) in due {
            let before = std::mem::replace(&mut self.terms, terms);
            let pools: Vec<AccountId> = self.pools.keys().copied().collect();
            for id in pools {
                if terms.method == Costing::Standard {
                    self.restate(id, at, ValueKind::Revaluation)?;
                }
                let pool = self.pools.get_mut(&id).expect("its key was just read");
                if terms.method == Costing::Standard {
                    pool.shortages.clear();
                } else if before.method == Costing::Standard && pool.quantity < 0 {
                    let counterpart = LocationId::ADJUSTMENT;
                    let (quantity, amount) = (-pool.quantity, -pool.value);
                    let carried_to = (AccountId(0), VoucherId(0));
                    pool.shortages.push_back(Shortage { quantity, amount, counterpart, carried_to, by: 0 });
                }
                if terms.method != Costing::Fifo {
                    pool.layers.clear();
                } else if before.method != Costing::Fifo {
                    pool.lay_down();
                }
            }
        }
        Some(())
    }

    /// Brings a pool to what the standard cost makes of it.
    fn restate(&mut self, id: AccountId, at: Time, kind: ValueKind) -> Option<()> {
        let standard = self.terms.standard;
        let pool = self.pools.entry(id).or_default();
        let amount = extend(Quantity(pool.quantity), standard, self.scale)?.0.checked_sub(pool.value)?;
        pool.value = pool.value.checked_add(amount)?;
        self.effect(id, at, LocationId::ADJUSTMENT, kind, amount);
        Some(())
    }

    fn issue(&mut self, movement: &Moved, fixed: Option<Amount>) -> Option<Amount> {
        let (scale, quantity, terms) = (self.scale, movement.quantity, self.terms);
        let by = self.shown;
        let pool = self.pools.entry(movement.from.pool).or_default();
        self.is_in_doubt |= pool.stale > 0 || pool.quantity < quantity.0;
        let stock = pool.quantity;
        let stand = (Quantity(stock), Amount(pool.value));
        let is_under_way = movement.from.location == LocationId::IN_TRANSIT;
        let last_cost = pool.last_cost.unwrap_or_default();
        if pool.last_cost.is_none() && stock <= 0 && fixed.is_none() && terms.method != Costing::Standard {
            self.lacks = self.lacks.or(Some(movement.from.pool));
        }
        let paired = if is_under_way {
            self.forwarded.insert((movement.voucher, movement.from.pool), movement.to.pool);
            self.under_way.take(&(movement.voucher, movement.from.pool), quantity, scale)
        } else {
            (Quantity::ZERO, Amount::ZERO)
        };
        let amount = match (fixed, terms.method) {
            (None, Costing::Standard) => at_standard(stand, quantity, terms, scale)?,
            // Undone at another time: at what it was booked with, as far as the pool has it.
            (Some(amount), _) => within(stand, quantity, amount),
            (None, _) if is_under_way => {
                amount_from_under_way(paired, stand, last_cost, movement.fallback_cost, quantity, scale)?
            }
            (None, Costing::Fifo) if stock > 0 => within(stand, quantity, from_layers(pool, quantity, scale)?),
            (None, _) => issue_amount(stand, last_cost, movement.fallback_cost, quantity, scale)?,
        };
        if (fixed.is_some() || is_under_way) && terms.method == Costing::Fifo {
            let _ = from_layers(pool, Quantity(quantity.0.min(stock.max(0))), scale)?;
        }
        if stock > 0 {
            pool.last_cost = Some(last_cost.after_issue(stand, quantity));
        }
        let uncovered = quantity.0 - stock.max(0);
        if uncovered > 0 && terms.method != Costing::Standard {
            self.is_beyond = true;
            let covered_value = if stock > 0 { pool.value.max(0) } else { 0 };
            pool.shortages.push_back(Shortage {
                quantity: uncovered,
                amount: amount.0 - covered_value.min(amount.0),
                counterpart: movement.to.location,
                carried_to: (movement.to.pool, movement.voucher),
                by,
            });
        }
        pool.quantity = pool.quantity.checked_sub(quantity.0)?;
        pool.value = pool.value.checked_sub(amount.0)?;
        if is_under_way && self.is_in_doubt {
            // It went by its voucher, not by the layers.
            pool.doubt();
        }
        let (pool, at) = (movement.from.pool, movement.effective_at);
        self.effect(pool, at, movement.to.location, ValueKind::Settlement, -amount.0);
        Some(amount)
    }

    fn receive(&mut self, movement: &Moved, amount: Amount, landed: i64) -> Option<()> {
        let (scale, quantity, method) = (self.scale, movement.quantity.0, self.terms.method);
        let id = movement.to.pool;
        let pool = self.pools.entry(id).or_default();
        let before = pool.quantity;
        let mut open = quantity.min((-before).max(0));
        // What was taken off it may be more than what it costs by now: nothing comes in at less than nothing.
        let whole = amount.0.checked_add(landed)?;
        let total = whole.max(0);
        let mut left = (quantity, total);
        let (mut corrections, mut covered) = (Vec::new(), Vec::new());
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
            corrections.push((first.counterpart, cost - provisional, piece, first.carried_to));
            covered.push(Cover { by: first.by, quantity: Quantity(piece), amount: cost - provisional });
            left = (left.0 - piece, left.1 - cost);
            if piece == first.quantity {
                pool.shortages.pop_front();
            } else {
                first.quantity -= piece;
                first.amount -= provisional;
            }
            open -= piece;
        }
        // What lies before the replay may have told it; where something stands, that is of no meaning.
        if pool.last_cost.is_some() || before.saturating_add(quantity) > 0 {
            let last_cost = pool.last_cost.unwrap_or_default();
            pool.last_cost = Some(last_cost.after_receipt(Quantity(before), Quantity(quantity), Amount(total)));
        }
        pool.quantity = pool.quantity.checked_add(quantity)?;
        pool.value = pool.value.checked_add(total)?;
        if method == Costing::Fifo && left.0 > 0 {
            pool.layers.push_back(left);
        }
        if self.is_in_doubt {
            pool.doubt();
        }
        for (_, correction, ..) in &corrections {
            pool.value = pool.value.checked_sub(*correction)?;
        }
        if movement.to.location == LocationId::IN_TRANSIT {
            self.under_way.put((movement.voucher, id), movement.quantity, Amount(total));
        }
        self.received = Amount(total);
        for cover in &covered {
            self.sold.cover(cover);
        }
        self.covered.extend(covered);
        let (at, supplier) = (movement.effective_at, LocationId::SUPPLIER);
        self.effect(id, at, movement.from.location, ValueKind::Settlement, amount.0);
        self.effect(id, at, supplier, ValueKind::LandedCost, landed);
        self.effect(id, at, LocationId::ADJUSTMENT, ValueKind::Settlement, total.checked_sub(whole)?);
        for (counterpart, correction, piece, carried_to) in corrections {
            self.effect(id, at, counterpart, ValueKind::Settlement, -correction);
            self.pass_on(carried_to, (at, movement.to.location), piece, correction)?;
        }
        Some(())
    }

    /// What was sold beyond stock to another pool became dearer (or cheaper) there as well, from now on: what is
    /// still there takes its share, the rest is a loss or a gain. What is on its way by now follows its voucher.
    fn pass_on(
        &mut self,
        (pool, voucher): (AccountId, VoucherId),
        place: (Time, LocationId),
        quantity: i64,
        correction: i64,
    ) -> Option<()> {
        let id = self.forwarded.get(&(voucher, pool)).copied().unwrap_or(pool);
        self.make_dearer(id, place, quantity, correction)
    }

    /// So much that entered a pool became dearer (or cheaper), by the place that it came from: what is still there
    /// takes its share, the rest is a loss or a gain.
    fn make_dearer(
        &mut self,
        id: AccountId,
        (at, from): (Time, LocationId),
        quantity: i64,
        correction: i64,
    ) -> Option<()> {
        if id.0 == 0 || correction == 0 {
            return Some(());
        }
        let (method, scale) = (self.terms.method, self.scale);
        let pool = self.pools.entry(id).or_default();
        let there = quantity.min(pool.quantity).max(0);
        let stays = share(Amount(correction), Quantity(there), Quantity(quantity), scale)?.0.max(-pool.value.max(0));
        let stays = if there == 0 { 0 } else { stays };
        if method == Costing::Fifo {
            pool.spread(pool.value.checked_add(stays)?, scale)?;
        }
        pool.value = pool.value.checked_add(stays)?;
        self.effect(id, at, from, ValueKind::Settlement, correction);
        self.effect(id, at, LocationId::ADJUSTMENT, ValueKind::Settlement, stays.checked_sub(correction)?);
        if method == Costing::Standard {
            self.restate(id, at, ValueKind::Variance)?;
        }
        Some(())
    }

    /// Applies what is left of the plan, after the last movement.
    pub fn end(&mut self) -> Option<()> {
        self.pass(Time::FOREVER)?;
        if self.terms.method == Costing::Standard {
            // From here on the standard says what a unit costs.
            self.pools.values_mut().for_each(|pool| pool.last_cost = Some(LastCost::Untold));
        }
        Some(())
    }

    /// The effects since they were last taken, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        self.covered.clear();
        std::mem::take(&mut self.effects)
    }

    /// The pools as they stand.
    pub fn finish(self) -> BTreeMap<AccountId, Pool> {
        self.pools
    }
}

/// What an issue costs at standard cost: what the pool is worth less what is left at the standard.
fn at_standard(stand: (Quantity, Amount), quantity: Quantity, terms: Terms, scale: Scale) -> Option<Amount> {
    let left = extend(Quantity(stand.0.0.checked_sub(quantity.0)?), terms.standard, scale)?;
    stand.1.0.checked_sub(left.0).map(Amount)
}
