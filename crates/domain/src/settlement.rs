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
//! so its replay begins there. Of a pool that is empty when a replay begins, what a unit last cost is not known; a
//! replay that comes to need it says so, and has to begin earlier.

use std::collections::{BTreeMap, VecDeque};

use crate::catalog::Costing;
use crate::cost::{UnderWay, amount_from_under_way, issue_amount, within};
use crate::costing::{Plan, Terms};
use crate::entry::Reference;
use crate::id::{AccountId, LocationId, LotId, VariantId, VoucherId};
use crate::ledger::LastCost;
use crate::money::{Amount, Scale, extend, share};
use crate::movement::Movement;
use crate::quantity::Quantity;
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

/// An issue, or the part of one, that was beyond stock and is not covered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shortage {
    quantity: i64,
    amount: i64,
    counterpart: LocationId,
    /// The pool that took over the provisional cost, and on which voucher; 0 = it left the house.
    carried_to: (AccountId, VoucherId),
    /// Which movement shown it was, from 1; 0 = none.
    by: u64,
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
    shortages: VecDeque<Shortage>,
    /// What is left of each receipt, oldest first; kept under FIFO.
    layers: VecDeque<(i64, i64)>,
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
    fn lay_down(&mut self) {
        self.layers = if self.quantity > 0 { VecDeque::from([(self.quantity, self.value)]) } else { VecDeque::new() };
    }

    /// Spreads a value over the layers by what they are worth, by quantity if that is nothing; the last takes
    /// the rest.
    fn spread(&mut self, value: i64, scale: Scale) -> Option<()> {
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
        Some(())
    }
}

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
}

/// What is sold under a document, and comes back: the variant, the lot under specific cost, the document's type and
/// number.
type Sold = (VariantId, LotId, String, i64);

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
    /// The pool of which it was needed what a unit cost before the replay began.
    lacks: Option<AccountId>,
    /// How much was sold under documents that something came back of, and what that cost by now.
    sold: BTreeMap<Sold, (Quantity, Amount)>,
    /// Which of these sales went beyond stock, by their numbers.
    sold_beyond: BTreeMap<u64, Sold>,
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
            lacks: None,
            sold: BTreeMap::new(),
            sold_beyond: BTreeMap::new(),
        }
    }

    /// The next movement, in the order of effective time, position, what takes out of what is under way
    /// last, and line. What was undone at its own time
    /// is not to be shown, nor is what undid it. `None` where a sum leaves the range.
    pub fn step(&mut self, movement: &Movement, extra: Extra) -> Option<()> {
        self.pass(movement.effective_at)?;
        self.shown += 1;
        self.is_beyond = false;
        let mut carried = None;
        if movement.from.pool.0 != 0 {
            let undone = movement.amount.0.checked_add(extra.landed)?.checked_add(extra.carried)?;
            let fixed = movement.reverses.is_some().then_some(Amount(undone));
            self.issued = self.issue(movement, fixed)?;
            if let Some(document) = movement.external.as_ref().filter(|_| extra.is_returned) {
                let sold = self.sold_under(movement, document);
                let sum = self.sold.entry(sold.clone()).or_default();
                sum.0 = sum.0.checked_add(movement.quantity)?;
                sum.1 = sum.1.checked_add(self.issued)?;
                self.sold_beyond.insert(self.shown, sold);
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

    fn sold_under(&self, movement: &Movement, document: &Reference) -> Sold {
        let lot = if self.terms.method == Costing::Specific { movement.lot } else { LotId(0) };
        (movement.variant, lot, document.kind.clone(), document.id)
    }

    /// What a return without a cost is worth: at what was sold under its document costs by now, else at the average of
    /// its pool just before it, else at the fall-back cost.
    fn returned(&self, movement: &Movement) -> Option<Amount> {
        let (scale, quantity) = (self.scale, movement.quantity);
        if self.terms.method == Costing::Standard {
            return extend(quantity, self.terms.standard, scale);
        }
        let sold =
            movement.credit_note.as_ref().and_then(|document| self.sold.get(&self.sold_under(movement, document)));
        if let Some((of, cost)) = sold {
            return share(Amount(cost.0.max(0)), quantity, *of, scale);
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

    fn issue(&mut self, movement: &Movement, fixed: Option<Amount>) -> Option<Amount> {
        let (scale, quantity, terms) = (self.scale, movement.quantity, self.terms);
        let by = self.shown;
        let pool = self.pools.entry(movement.from.pool).or_default();
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
        let (pool, at) = (movement.from.pool, movement.effective_at);
        self.effect(pool, at, movement.to.location, ValueKind::Settlement, -amount.0);
        Some(amount)
    }

    fn receive(&mut self, movement: &Movement, amount: Amount, landed: i64) -> Option<()> {
        let (scale, quantity, method) = (self.scale, movement.quantity.0, self.terms.method);
        let id = movement.to.pool;
        let pool = self.pools.entry(id).or_default();
        let before = pool.quantity;
        let mut open = quantity.min((-before).max(0));
        let total = amount.0.checked_add(landed)?;
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
        for (_, correction, ..) in &corrections {
            pool.value = pool.value.checked_sub(*correction)?;
        }
        if movement.to.location == LocationId::IN_TRANSIT {
            self.under_way.put((movement.voucher, id), movement.quantity, Amount(total));
        }
        self.received = Amount(total);
        for cover in &covered {
            if let Some(sum) = self.sold_beyond.get(&cover.by).and_then(|sold| self.sold.get_mut(sold)) {
                sum.1 = sum.1.checked_add(Amount(cover.amount))?;
            }
        }
        self.covered.extend(covered);
        let (at, supplier) = (movement.effective_at, LocationId::SUPPLIER);
        self.effect(id, at, movement.from.location, ValueKind::Settlement, amount.0);
        self.effect(id, at, supplier, ValueKind::LandedCost, landed);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{EntryId, JournalId, PartyId, ProductId, ReasonId, UnitId};
    use crate::journal::JournalKind;
    use crate::money::UnitCost;
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
        let plan = Plan::always(costing, UnitCost::default());
        let mut replay = Replay::new(plan, Scale::DEFAULT, BTreeMap::new(), Time::BEGINNING);
        for movement in movements {
            replay.step(movement, Extra::default()).unwrap();
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
