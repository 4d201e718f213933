//! What is said about value alone, and settling: all that is known of a product's pools, replayed from the
//! beginning.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lotbook_domain::catalog::Costing;
use lotbook_domain::cost::{await_settlement, note_revaluation};
use lotbook_domain::costing::CostingFact;
use lotbook_domain::entry::Reference;
use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, VariantId};
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::money::{Amount, extend, split};
use lotbook_domain::movement::{Movement, MovementKind, ValueFact, ValueFactKind};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::{Differences, Effect, Extra, Moved, Replay, ValueKind};
use lotbook_domain::time::Time;

use super::{Memory, refused};
use crate::{Booked, CostingChange, Fault, Landing, Outcome, Revaluation};

impl Memory {
    pub(super) fn say_worth(&mut self, revaluation: &Revaluation) -> Outcome {
        let product = self.names.products[&revaluation.product];
        let at = revaluation.at;
        let unit = self.catalog.locations.pool_unit_of(self.names.place(&revaluation.place));
        if self.catalog.costing(product, VariantId(0)).at(at).method == Costing::Standard {
            return refused("standardCost", "it is valued at its standard cost".to_owned());
        }
        let mut held: Vec<(AccountId, LotId, Quantity, i64)> = Vec::new();
        for account in self.ledger.accounts.values() {
            let key = account.key;
            let (quantity, amount) = account.at(at).expect("everything is loaded");
            if key.kind == AccountKind::Pool && key.product == product && Some(key.place) == unit && quantity.0 > 0 {
                held.push((account.id, key.lot, quantity, amount.0.max(0)));
            }
        }
        held.sort_unstable_by_key(|(id, lot, ..)| (*lot, *id));
        if held.is_empty() {
            return refused("nothingInStock", "what is not there is worth nothing".to_owned());
        }
        let open_from = |unit| self.catalog.policies.open_from_at(&self.catalog.locations, unit);
        if unit.and_then(open_from).is_some_and(|open| at < open) {
            return refused("periodClosed", "it lies in a closed period".to_owned());
        }
        let scale = self.catalog.policies.scale;
        let worths: Vec<i64> = held.iter().map(|(.., worth)| *worth).collect();
        let quantities: Vec<i64> = held.iter().map(|(_, _, quantity, _)| quantity.0).collect();
        let parts = split(revaluation.value, &worths, scale).or_else(|| split(revaluation.value, &quantities, scale));
        let facts = held.into_iter().zip(parts.expect("stories are small")).enumerate();
        let facts = facts.map(|(line, ((pool, lot, quantity, _), amount))| ValueFact {
            line: line as i64,
            kind: ValueFactKind::Revaluation,
            product,
            variant: VariantId(0),
            lot,
            pool,
            org_unit: unit.unwrap_or_default(),
            effective_at: at,
            movement: None,
            by_value: true,
            quantity,
            amount,
        });
        let facts = facts.collect();
        self.say(facts)
    }

    pub(super) fn say_landed(&mut self, landing: &Landing) -> Outcome {
        let is_undone =
            |wanted: &MovementId| self.movements.iter().any(|(_, movement)| movement.reverses == Some(*wanted));
        let on: Vec<(MovementId, Movement)> = self
            .movements
            .iter()
            .filter(|(id, movement)| {
                id.batch.0 == landing.on as i64
                    && movement.to.pool.0 != 0
                    && movement.to.location != LocationId::IN_TRANSIT
                    && !matches!(movement.kind, MovementKind::Reversal | MovementKind::Compensation)
                    && landing.lines.as_ref().is_none_or(|lines| lines.contains(&id.line))
                    && (landing.lines.is_some() || !is_undone(id))
            })
            .cloned()
            .collect();
        if on.is_empty() {
            return refused("nothingReceived", "nothing was received that still holds".to_owned());
        }
        if on.iter().any(|(id, _)| is_undone(id)) {
            return refused("alreadyReversed", "it was undone".to_owned());
        }
        let landed = self.landed();
        let worth = |(id, movement): &(MovementId, Movement)| {
            movement.amount.0.saturating_add(landed.get(id).copied().unwrap_or(0))
        };
        let worths: Vec<i64> = on.iter().map(worth).collect();
        let quantities: Vec<i64> = on.iter().map(|(_, movement)| movement.quantity.0).collect();
        let scale = self.catalog.policies.scale;
        let by_worth = if landing.by_value { split(landing.amount, &worths, scale) } else { None };
        let parts = by_worth.or_else(|| split(landing.amount, &quantities, scale)).expect("stories are small");
        for (worth, part) in worths.iter().zip(&parts) {
            match worth.checked_add(part.0) {
                None => return refused("amountTooLarge", "it would cost more than can be told".to_owned()),
                Some(left) if left < 0 => return refused("belowZero", "it would cost less than nothing".to_owned()),
                Some(_) => {}
            }
        }
        for pool in self.ledger.accounts.values() {
            let ours = on.iter().zip(&parts).filter(|((_, movement), _)| movement.to.pool == pool.id);
            let mut worth = i128::from(pool.timeline.root().amount.0);
            worth += ours.map(|(_, part)| i128::from(part.0)).sum::<i128>();
            if i64::try_from(worth).is_err() {
                return refused("amountTooLarge", "what stands there would be worth more than can be told".to_owned());
            }
        }
        let facts = on.iter().zip(parts).enumerate().map(|(line, ((id, movement), amount))| ValueFact {
            line: line as i64,
            kind: ValueFactKind::LandedCost,
            product: movement.product,
            variant: movement.variant,
            lot: LotId(0),
            pool: movement.to.pool,
            org_unit: LocationId::NONE,
            effective_at: movement.effective_at,
            movement: Some(*id),
            by_value: landing.by_value,
            quantity: movement.quantity,
            amount,
        });
        let facts = facts.collect();
        self.say(facts)
    }

    pub(super) fn say_costing(&mut self, change: &CostingChange) -> Outcome {
        let id = self.names.products[&change.product];
        if self.catalog.policies.open_from.values().any(|open| change.at < *open) {
            return refused("periodClosed", "it lies in a closed period".to_owned());
        }
        let standard = change.standard.filter(|_| change.method == Costing::Standard).unwrap_or_default();
        let is_told = |account: &Account| {
            let held = account.timeline.root().quantity;
            extend(held, standard, self.catalog.policies.scale).is_some()
        };
        let mut pools = self.ledger.accounts.values().filter(|account| account.key.kind == AccountKind::Pool);
        if pools.any(|pool| pool.key.product == id && !is_told(pool)) {
            return refused("amountTooLarge", "it would be worth more than can be told".to_owned());
        }
        let product = self.catalog.products.get_mut(&id).expect("it was defined");
        if product.costings.is_empty() {
            let standard = product.cost_price.or(product.default_cost_price);
            let (from, method) = (Time::BEGINNING, Some(product.costing));
            product.costings.push(CostingFact { from, variant: VariantId(0), method, standard });
        }
        let (from, method) = (change.at, Some(change.method));
        product.costings.push(CostingFact { from, variant: VariantId(0), method, standard: change.standard });
        product.costing = change.method;
        product.cost_price = change.standard.or(product.cost_price);
        for account in self.ledger.accounts.values_mut() {
            if account.key.kind == AccountKind::Pool && account.key.product == id {
                await_settlement(account, change.at);
            }
        }
        Outcome::Booked(Booked::default())
    }

    /// Takes in value facts as a batch of their own.
    fn say(&mut self, facts: Vec<ValueFact>) -> Outcome {
        self.batches += 1;
        let batch = BatchId(self.batches);
        self.await_facts(&facts);
        for fact in facts.iter().filter(|fact| fact.kind == ValueFactKind::Revaluation) {
            let pool = self.ledger.accounts.values_mut().find(|account| account.id == fact.pool);
            note_revaluation(pool.expect("it was just found to hold something"), fact.effective_at);
        }
        self.valued.insert(batch);
        self.value_facts.extend(facts.into_iter().map(|fact| (batch, fact)));
        Outcome::Booked(Booked { handle: usize::try_from(batch.0).expect("batches are few"), ..Booked::default() })
    }

    fn await_facts(&mut self, facts: &[ValueFact]) {
        for account in self.ledger.accounts.values_mut() {
            let first = facts.iter().filter(|fact| fact.pool == account.id).map(|fact| fact.effective_at).min();
            if let Some(first) = first {
                await_settlement(account, first);
            }
        }
    }

    pub(super) fn reverse_value(&mut self, batch: BatchId, lines: Option<&[i64]>, at: Option<Time>) -> Outcome {
        if at.is_some() {
            let message = "cannot be chosen: what was said of a value is as if it was never said".to_owned();
            return Outcome::Invalid(vec![Fault { code: "notPossible".to_owned(), message }]);
        }
        let is_it =
            |(of, fact): &(BatchId, ValueFact)| *of == batch && lines.is_none_or(|lines| lines.contains(&fact.line));
        let undone: Vec<ValueFact> =
            self.value_facts.iter().filter(|fact| is_it(fact)).map(|(_, fact)| *fact).collect();
        if undone.is_empty() || lines.is_some_and(|lines| undone.len() < lines.len()) {
            return refused("alreadyReversed", format!("{batch} was undone already"));
        }
        let landed = self.landed();
        for (id, movement) in &self.movements {
            let ours = undone.iter().filter(|fact| fact.movement == Some(*id));
            let part = ours.map(|fact| i128::from(fact.amount.0)).sum::<i128>();
            let worth = i128::from(movement.amount.0) + i128::from(landed.get(id).copied().unwrap_or(0));
            if part != 0 && worth - part < 0 {
                return refused("belowZero", format!("{} would cost less than nothing", id.number()));
            }
        }
        self.await_facts(&undone);
        self.value_facts.retain(|fact| !is_it(fact));
        self.batches += 1;
        Outcome::Booked(Booked { handle: usize::try_from(self.batches).expect("batches are few"), ..Booked::default() })
    }

    /// What landed costs add to movements.
    fn landed(&self) -> BTreeMap<MovementId, i64> {
        let mut landed: BTreeMap<MovementId, i64> = BTreeMap::new();
        for (_, fact) in &self.value_facts {
            if let Some(id) = fact.movement {
                *landed.entry(id).or_default() += fact.amount.0;
            }
        }
        landed
    }

    /// Replays all that is known of the pools of a product, variant and, under specific cost, lot; what the
    /// ledger lacks is posted.
    pub(super) fn settle_circle(&mut self, (product, variant, lot): (ProductId, VariantId, LotId)) {
        let is_here = |account: &Account| {
            account.key.kind == AccountKind::Pool
                && (account.key.product, account.key.variant, account.key.lot) == (product, variant, lot)
        };
        let pools: BTreeSet<AccountId> =
            self.ledger.accounts.values().filter(|account| is_here(account)).map(|account| account.id).collect();
        let times: HashMap<MovementId, Time> =
            self.movements.iter().map(|(id, movement)| (*id, movement.effective_at)).collect();
        let void: HashSet<MovementId> = self
            .movements
            .iter()
            .filter_map(|(id, movement)| Some((*id, movement.reverses?, movement.effective_at)))
            .filter(|(_, undone, at)| times[undone] == *at)
            .flat_map(|(id, undone, _)| [id, undone])
            .collect();
        let mut order: Vec<&(MovementId, Movement)> = self
            .movements
            .iter()
            .filter(|(_, movement)| pools.contains(&movement.from.pool) || pools.contains(&movement.to.pool))
            .collect();
        order.sort_by_key(|(id, movement)| {
            (movement.effective_at, id.batch, movement.from.location == LocationId::IN_TRANSIT, id.line)
        });
        let mut differences = Differences::default();
        for account in self.ledger.accounts.values().filter(|account| is_here(account)) {
            if let Some(open) = self.catalog.policies.open_from_at(&self.catalog.locations, account.key.place) {
                differences.open_from.insert(account.id, open);
            }
        }
        let plan = self.catalog.costing(product, variant);
        let mut replay = Replay::new(plan, self.catalog.policies.scale, BTreeMap::new(), Time::BEGINNING);
        let landed = self.landed();
        let mut revaluations: Vec<(Time, BatchId, ValueFact)> = self
            .value_facts
            .iter()
            .filter(|(_, fact)| fact.kind == ValueFactKind::Revaluation && pools.contains(&fact.pool))
            .map(|(batch, fact)| (fact.effective_at, *batch, *fact))
            .collect();
        revaluations.sort_by_key(|(at, batch, fact)| (*at, *batch, fact.line));
        let mut revaluations = revaluations.into_iter().peekable();
        let returned: Vec<&Reference> = order
            .iter()
            .filter(|(_, movement)| movement.takes_cost_of_sale())
            .filter_map(|(_, movement)| movement.credit_note.as_ref())
            .collect();
        let in_range = "stories are small";
        for (id, movement) in order {
            let (at, amount) = (movement.effective_at, movement.amount.0);
            while let Some((at, _, fact)) = revaluations.next_if(|(time, batch, _)| (*time, *batch) < (at, id.batch)) {
                replay.revalue(fact.pool, at, fact.amount).expect(in_range);
            }
            for (pool, other, sign) in [(movement.from.pool, movement.to, -1), (movement.to.pool, movement.from, 1)] {
                if pool.0 != 0 {
                    let (counterpart, kind) = (other.location, ValueKind::Settlement);
                    let held = Effect { pool, at, counterpart, kind, amount: sign * amount };
                    differences.hold(held).expect(in_range);
                }
            }
            if !void.contains(id) {
                let of = movement.reverses.unwrap_or(*id);
                let moved = Moved::from(movement);
                let is_returned = moved.external.as_ref().is_some_and(|document| returned.contains(&document));
                let landed = landed.get(&of).copied().unwrap_or(0);
                let is_returned = is_returned && moved.is_sale();
                replay.step(&moved, Extra { landed, is_returned, ..Extra::default() }).expect(in_range);
            }
        }
        for (at, _, fact) in revaluations {
            replay.revalue(fact.pool, at, fact.amount).expect(in_range);
        }
        replay.end().expect(in_range);
        for effect in replay.take_effects() {
            differences.define(effect).expect(in_range);
        }
        let mut parts: HashMap<usize, Vec<(Time, i64)>> = HashMap::new();
        for (entry, day, amount) in &self.pushed {
            parts.entry(*entry).or_default().push((*day, *amount));
        }
        for (place, held) in self.value_entries.iter().enumerate().filter(|(_, held)| pools.contains(&held.pool)) {
            let mut own = held.amount;
            for (day, amount) in parts.get(&place).into_iter().flatten() {
                own -= amount;
                differences.hold(Effect { at: *day, amount: *amount, ..*held }).expect(in_range);
            }
            differences.hold(Effect { amount: own, ..*held }).expect(in_range);
        }
        let found = differences.entries();
        for (place, difference) in (self.value_entries.len()..).zip(&found) {
            self.pushed.extend(difference.pushed.iter().map(|(day, amount)| (place, *day, *amount)));
        }
        let entries: Vec<Effect> = found.into_iter().map(|difference| difference.effect).collect();
        let after = replay.finish();
        for account in self.ledger.accounts.values_mut().filter(|account| is_here(account)) {
            for entry in entries.iter().filter(|entry| entry.pool == account.id) {
                account.timeline.post(entry.at, Quantity::ZERO, Amount(entry.amount)).expect(in_range);
            }
            let root = account.timeline.root();
            let defined = after.get(&account.id).cloned().unwrap_or_default();
            assert_eq!((root.quantity.0, root.amount.0), (defined.quantity, defined.value), "{:?}", account.key);
            account.last_cost = defined.last_cost.expect("everything was replayed");
            account.unsettled_from = None;
        }
        self.settled_after.extend(entries.iter().map(|_| BatchId(self.batches)));
        self.value_entries.extend(entries);
    }
}
