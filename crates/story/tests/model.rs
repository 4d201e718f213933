//! Values against a second, naive reading of the definition: all that is known of a product's pools, from the first
//! movement on, in exact fractions that are rounded where the definition says so.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use lotbook_domain::catalog::{Costing, Product};
use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, VoucherId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::movement::{Movement, ValueFactKind};
use lotbook_domain::time::Time;
use lotbook_story::memory::Memory;
use lotbook_story::random::{Act, booking, build, close, dense, history, say, time};
use lotbook_story::{Floor, Outcome};
use proptest::prelude::*;

const ONE: i128 = 1_000_000;

/// A fraction of millionths, rounded to four digits, half to even.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    let step = denominator * 100;
    let (whole, rest) = (numerator.div_euclid(step), numerator.rem_euclid(step));
    let is_up = match (2 * rest).cmp(&step) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => whole % 2 != 0,
    };
    (whole + i128::from(is_up)) * 100
}

/// A document's type and number.
type Document = (String, i64);

/// What was given beyond stock and is not covered yet.
struct Owed {
    quantity: i128,
    cost: i128,
    /// The pool and voucher that took it over.
    to: Option<(AccountId, VoucherId)>,
    sold_under: Option<Document>,
}

/// A shortage that a receipt covers: how much of it, and how much dearer it was than thought.
struct Covered {
    quantity: i128,
    dearer: i128,
    to: Option<(AccountId, VoucherId)>,
    sold_under: Option<Document>,
}

/// A pool: what is held, what it is worth, what is owed, and under FIFO what is left of each receipt.
#[derive(Default)]
struct Shelf {
    held: i128,
    worth: i128,
    last: Option<(i128, i128)>,
    /// What was received last of what a shortage took all of.
    taken_up: Option<(i128, i128)>,
    owed: VecDeque<Owed>,
    layers: VecDeque<(i128, i128)>,
}

impl Shelf {
    fn take_layers(&mut self, wanted: i128) -> (i128, i128) {
        let (mut taken, mut cost) = (0, 0);
        while taken < wanted {
            let Some((held, worth)) = self.layers.pop_front() else { break };
            let part = held.min(wanted - taken);
            let share = if part == held { worth } else { rounded(worth * part, held) };
            if part < held {
                self.layers.push_front((held - part, worth - share));
            }
            (taken, cost) = (taken + part, cost + share);
        }
        (taken, cost)
    }

    /// As far as the pool has it: all of it for all, no more for less, no less for more.
    fn possible(&self, quantity: i128, cost: i128) -> i128 {
        let worth = self.worth.max(0);
        match quantity.cmp(&self.held) {
            _ if self.held <= 0 => cost,
            Ordering::Less => cost.min(worth),
            Ordering::Equal => worth,
            Ordering::Greater => cost.max(worth),
        }
    }

    /// What so much costs of so much that is worth so much.
    fn average(&self, (held, worth): (i128, i128), quantity: i128, fallback: i128) -> i128 {
        let worth = worth.max(0);
        if held > 0 {
            let covered = if quantity >= held { worth } else { rounded(worth * quantity, held) };
            covered + rounded(worth * (quantity - held).max(0), held)
        } else if let Some((held, worth)) = self.last.or(self.taken_up) {
            rounded(worth * quantity, held)
        } else {
            rounded(fallback * quantity, ONE)
        }
    }

    /// Brings the layers to a value, by what they are worth, or by quantity.
    fn spread(&mut self, worth: i128) {
        let before: i128 = self.layers.iter().map(|layer| layer.1).sum();
        let whole = if before > 0 { before } else { self.layers.iter().map(|layer| layer.0).sum() };
        let (mut left, last) = (worth, self.layers.len().saturating_sub(1));
        for (at, layer) in self.layers.iter_mut().enumerate() {
            let weight = if before > 0 { layer.1 } else { layer.0 };
            layer.1 = if at == last { left } else { rounded(worth * weight, whole).min(left) };
            left -= layer.1;
        }
    }
}

/// How a product is valued from a time on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Terms {
    method: Costing,
    standard: i128,
}

/// The terms from the beginning, and each time at which others begin.
fn terms(product: &Product) -> (Terms, Vec<(Time, Terms)>) {
    let cost = product.cost_price.or(product.default_cost_price);
    let first = Terms { method: product.costing, standard: cost.map_or(0, |cost| i128::from(cost.0)) };
    let mut times: Vec<Time> = product.costings.iter().map(|fact| fact.from).collect();
    times.sort_unstable();
    times.dedup();
    let at = |time: Time| {
        let mut said: Vec<_> = product.costings.iter().filter(|fact| fact.from <= time).collect();
        said.sort_by_key(|fact| fact.from);
        said.iter().fold(first, |terms, fact| Terms {
            method: fact.method.unwrap_or(terms.method),
            standard: fact.standard.map_or(terms.standard, |cost| i128::from(cost.0)),
        })
    };
    let later = times.into_iter().filter(|time| *time != Time::BEGINNING).map(|time| (time, at(time))).collect();
    (at(Time::BEGINNING), later)
}

/// The pools of a product, or of a lot of it under specific cost.
struct Circle {
    terms: Terms,
    shelves: BTreeMap<AccountId, Shelf>,
    under_way: BTreeMap<(VoucherId, AccountId), VecDeque<(i128, i128)>>,
    /// Where a voucher took out what it had put under way.
    arrived: BTreeMap<(VoucherId, AccountId), AccountId>,
    sold: BTreeMap<Document, (i128, i128)>,
}

impl Circle {
    fn begin(&mut self, terms: Terms) {
        let before = std::mem::replace(&mut self.terms, terms);
        for shelf in self.shelves.values_mut() {
            if terms.method == Costing::Standard {
                shelf.worth = rounded(shelf.held * terms.standard, ONE);
                shelf.owed.clear();
            } else if before.method == Costing::Standard && shelf.held < 0 {
                let (quantity, cost) = (-shelf.held, -shelf.worth);
                shelf.owed.push_back(Owed { quantity, cost, to: None, sold_under: None });
            }
            if terms.method != Costing::Fifo || shelf.held <= 0 {
                shelf.layers.clear();
            } else if before.method != Costing::Fifo {
                shelf.layers = VecDeque::from([(shelf.held, shelf.worth)]);
            }
        }
    }

    fn issue(&mut self, movement: &Movement, undone: Option<i128>) -> i128 {
        let quantity = i128::from(movement.quantity.0);
        let fallback = movement.fallback_cost.map_or(0, |cost| i128::from(cost.0));
        let is_under_way = movement.from.location == LocationId::IN_TRANSIT;
        let (mut paired, way) = ((0, 0), (movement.voucher, movement.from.pool));
        if is_under_way {
            self.arrived.insert(way, movement.to.pool);
            while let Some((held, worth)) = self.under_way.get_mut(&way).and_then(VecDeque::pop_front) {
                let part = held.min(quantity - paired.0);
                let share = if part == held { worth } else { rounded(worth * part, held) };
                paired = (paired.0 + part, paired.1 + share);
                if part < held {
                    let queue = self.under_way.get_mut(&way).expect("it was just taken from");
                    queue.push_front((held - part, worth - share));
                    break;
                }
            }
        }
        let method = self.terms.method;
        let shelf = self.shelves.entry(movement.from.pool).or_default();
        let free = shelf.held.max(0);
        let cost = if let Some(undone) = undone {
            shelf.possible(quantity, undone)
        } else if method == Costing::Standard {
            shelf.worth - rounded((shelf.held - quantity) * self.terms.standard, ONE)
        } else if is_under_way {
            let left = (shelf.held - paired.0, shelf.worth - paired.1);
            let open = quantity - paired.0;
            let rest = match open {
                0 => 0,
                _ if shelf.held > 0 && left.0 <= 0 => rounded(shelf.worth.max(0) * open, shelf.held),
                _ => shelf.average(left, open, fallback),
            };
            shelf.possible(quantity, paired.1 + rest)
        } else if shelf.held > 0 && method == Costing::Fifo {
            let (taken, cost) = shelf.take_layers(quantity);
            let beyond = rounded(shelf.worth.max(0) * (quantity - taken), shelf.held);
            shelf.possible(quantity, cost + beyond)
        } else {
            shelf.average((shelf.held, shelf.worth), quantity, fallback)
        };
        if method == Costing::Fifo && (undone.is_some() || is_under_way) {
            shelf.take_layers(quantity.min(free));
        }
        if shelf.held > 0 && quantity >= shelf.held {
            shelf.last = Some((shelf.held, shelf.worth.max(0)));
        }
        let sold_under = movement.external.as_ref().filter(|_| undone.is_none() && movement.to.location.is_outside());
        let sold_under = sold_under.map(|document| (document.kind.clone(), document.id));
        if quantity > free && method != Costing::Standard {
            let covered = if shelf.held > 0 { shelf.worth.max(0).min(cost) } else { 0 };
            let to = (movement.to.pool.0 != 0).then_some((movement.to.pool, movement.voucher));
            let owed = Owed { quantity: quantity - free, cost: cost - covered, to, sold_under: sold_under.clone() };
            shelf.owed.push_back(owed);
        }
        (shelf.held, shelf.worth) = (shelf.held - quantity, shelf.worth - cost);
        if let Some(document) = sold_under {
            let sum = self.sold.entry(document).or_default();
            *sum = (sum.0 + quantity, sum.1 + cost);
        }
        cost
    }

    fn receive(&mut self, movement: &Movement, cost: i128) {
        let quantity = i128::from(movement.quantity.0);
        let shelf = self.shelves.entry(movement.to.pool).or_default();
        let mut open = quantity.min((-shelf.held).max(0));
        if shelf.held < 0 && shelf.held + quantity <= 0 {
            shelf.taken_up = Some((quantity, cost.max(0)));
        }
        let mut left = (quantity, cost);
        (shelf.held, shelf.worth) = (shelf.held + quantity, shelf.worth + cost);
        let mut covered = Vec::new();
        while open > 0 {
            let Some(mut owed) = shelf.owed.pop_front() else { break };
            let piece = owed.quantity.min(open);
            let known = if piece == owed.quantity { owed.cost } else { rounded(owed.cost * piece, owed.quantity) };
            let real = if piece == left.0 { left.1 } else { rounded(left.1 * piece, left.0) };
            let (to, sold_under) = (owed.to, owed.sold_under.clone());
            if piece < owed.quantity {
                (owed.quantity, owed.cost) = (owed.quantity - piece, owed.cost - known);
                shelf.owed.push_front(owed);
            }
            shelf.worth -= real - known;
            covered.push(Covered { quantity: piece, dearer: real - known, to, sold_under });
            (open, left) = (open - piece, (left.0 - piece, left.1 - real));
        }
        if left.0 > 0 && self.terms.method == Costing::Fifo {
            shelf.layers.push_back(left);
        }
        if movement.to.location == LocationId::IN_TRANSIT {
            let way = (movement.voucher, movement.to.pool);
            self.under_way.entry(way).or_default().push_back((quantity, cost));
        }
        for Covered { quantity, dearer, to, sold_under } in covered {
            if let Some(sum) = sold_under.and_then(|document| self.sold.get_mut(&document)) {
                sum.1 += dearer;
            }
            let Some((pool, voucher)) = to.filter(|_| dearer != 0) else { continue };
            let pool = self.arrived.get(&(voucher, pool)).copied().unwrap_or(pool);
            if pool.0 == 0 {
                continue;
            }
            let there = self.shelves.entry(pool).or_default();
            let part = quantity.min(there.held);
            if part > 0 {
                let worth = there.worth + rounded(dearer * part, quantity).max(-there.worth.max(0));
                if self.terms.method == Costing::Fifo {
                    there.spread(worth);
                }
                there.worth = worth;
            }
        }
    }

    /// What a return without a cost is worth.
    fn returned(&self, movement: &Movement) -> i128 {
        let quantity = i128::from(movement.quantity.0);
        if self.terms.method == Costing::Standard {
            return rounded(quantity * self.terms.standard, ONE);
        }
        let document = movement.credit_note.as_ref().map(|document| (document.kind.clone(), document.id));
        if let Some((of, cost)) = document.and_then(|document| self.sold.get(&document)) {
            return rounded((*cost).max(0) * quantity, *of);
        }
        match self.shelves.get(&movement.to.pool).filter(|shelf| shelf.held > 0) {
            Some(shelf) => rounded(shelf.worth.max(0) * quantity, shelf.held),
            None => rounded(movement.fallback_cost.map_or(0, |cost| i128::from(cost.0)) * quantity, ONE),
        }
    }

    fn moved(&mut self, movement: &Movement, landed: i128) {
        let booked = i128::from(movement.amount.0);
        let is_undoing = movement.reverses.is_some();
        let mut cost = if is_undoing { booked } else { booked + landed };
        if movement.from.location == LocationId::CUSTOMER && movement.unit_cost.is_none() && !is_undoing {
            cost = self.returned(movement) + landed;
        }
        if movement.from.pool.0 != 0 {
            let given = self.issue(movement, is_undoing.then_some(booked + landed));
            cost = if is_undoing { (given - landed).max(0) } else { given + landed };
        }
        if movement.to.pool.0 != 0 {
            self.receive(movement, cost);
        }
        if self.terms.method == Costing::Standard {
            for shelf in self.shelves.values_mut() {
                shelf.worth = rounded(shelf.held * self.terms.standard, ONE);
            }
        }
    }

    fn revalue(&mut self, pool: AccountId, worth: i128) {
        let shelf = self.shelves.entry(pool).or_default();
        if shelf.held > 0 && self.terms.method != Costing::Standard {
            if self.terms.method == Costing::Fifo {
                shelf.spread(worth);
            }
            shelf.worth = worth;
        }
    }
}

/// When something concerns a pool: its time, its batch, whether it takes out of what is under way, its line.
type Moment = (Time, BatchId, bool, i64);

/// Something that concerns pools, in the order of time and position.
enum Event<'m> {
    Moved(MovementId, &'m Movement),
    Revalued(AccountId, i128),
}

/// What every pool holds and is worth.
fn model(memory: &Memory) -> BTreeMap<AccountId, (i128, i128)> {
    let times: HashMap<MovementId, Time> = memory.movements.iter().map(|(id, m)| (*id, m.effective_at)).collect();
    let mut gone: HashSet<MovementId> = HashSet::new();
    for (id, movement) in &memory.movements {
        if let Some(undone) = movement.reverses.filter(|undone| times[undone] == movement.effective_at) {
            gone.extend([*id, undone]);
        }
    }
    let lot = |product: ProductId, lot: LotId| match memory.catalog.products[&product].costing {
        Costing::Specific => lot,
        _ => LotId(0),
    };
    let mut landed: HashMap<MovementId, i128> = HashMap::new();
    let mut events: BTreeMap<(ProductId, LotId), Vec<(Moment, Event<'_>)>> = BTreeMap::new();
    for (batch, fact) in &memory.value_facts {
        let amount = i128::from(fact.amount.0);
        if let (ValueFactKind::LandedCost, Some(id)) = (fact.kind, fact.movement) {
            *landed.entry(id).or_default() += amount;
        } else {
            let event = ((fact.effective_at, *batch, false, fact.line), Event::Revalued(fact.pool, amount));
            events.entry((fact.product, lot(fact.product, fact.lot))).or_default().push(event);
        }
    }
    for (id, movement) in memory.movements.iter().filter(|(id, _)| !gone.contains(id)) {
        if movement.from.pool.0 != 0 || movement.to.pool.0 != 0 {
            let is_taken = movement.from.location == LocationId::IN_TRANSIT;
            let key = (movement.effective_at, id.batch, is_taken, id.line);
            let circle = (movement.product, lot(movement.product, movement.lot));
            events.entry(circle).or_default().push((key, Event::Moved(*id, movement)));
        }
    }
    let mut found = BTreeMap::new();
    for ((product, _), mut events) in events {
        events.sort_by_key(|(key, _)| *key);
        let (first, later) = terms(&memory.catalog.products[&product]);
        let mut later = later.into_iter().peekable();
        let mut circle = Circle {
            terms: first,
            shelves: BTreeMap::new(),
            under_way: BTreeMap::new(),
            arrived: BTreeMap::new(),
            sold: BTreeMap::new(),
        };
        for ((at, ..), event) in events {
            while let Some((_, terms)) = later.next_if(|(from, _)| *from <= at) {
                circle.begin(terms);
            }
            match event {
                Event::Revalued(pool, worth) => circle.revalue(pool, worth),
                Event::Moved(id, movement) => {
                    let of = movement.reverses.unwrap_or(id);
                    circle.moved(movement, landed.get(&of).copied().unwrap_or(0));
                }
            }
        }
        later.for_each(|(_, terms)| circle.begin(terms));
        found.extend(circle.shelves.into_iter().map(|(pool, shelf)| (pool, (shelf.held, shelf.worth))));
    }
    found.retain(|_, standing| *standing != (0, 0));
    found
}

/// What every pool holds and is worth by the ledger, up to a time.
fn standing(memory: &Memory, at: Time) -> BTreeMap<AccountId, (i128, i128)> {
    let pools = memory.ledger.accounts.values().filter(|account| account.key.kind == AccountKind::Pool);
    let standing = pools.map(|pool| {
        let (quantity, value) = pool.at(at).expect("everything is loaded");
        (pool.id, (i128::from(quantity.0), i128::from(value.0)))
    });
    standing.filter(|(_, standing)| *standing != (0, 0)).collect()
}

/// Carries a history out. While books are closed, nothing changes in what they say.
fn live(memory: &mut Memory, acts: &[Act]) -> Result<(), TestCaseError> {
    let mut handles = Vec::new();
    let mut booked = Vec::new();
    let mut closed = None;
    for act in acts {
        let outcome = match act {
            Act::Book(kind, lines) => memory.book(&booking(*kind, lines)),
            Act::Reverse(which, minute) => match handles.get(which % handles.len().max(1)) {
                Some(handle) => memory.reverse(*handle, None, minute.map(time)),
                None => continue,
            },
            Act::Land(which, ..) => match say(memory, act, booked.get(which % booked.len().max(1)).copied()) {
                Some(outcome) => outcome,
                None => continue,
            },
            Act::Revalue(..) | Act::Cost(..) => say(memory, act, None).expect("nothing has to be there before"),
            Act::Close(day) => {
                memory.define(&close(*day));
                let until = Time(memory.catalog.policies.open_from[&LocationId::NONE].0 - 1);
                closed = Some((until, standing(memory, until)));
                continue;
            }
            Act::Settle => {
                memory.settle();
                continue;
            }
        };
        if let Outcome::Booked(done) = outcome
            && !matches!(act, Act::Cost(..))
        {
            handles.push(done.handle);
            if matches!(act, Act::Book(..)) {
                booked.push(done.handle);
            }
        }
        if let Some((until, stood)) = &closed {
            prop_assert_eq!(&standing(memory, *until), stood, "after {:?}, in what was closed", act);
        }
    }
    memory.settle();
    if let Some((until, stood)) = &closed {
        prop_assert_eq!(&standing(memory, *until), stood, "after settling, in what was closed");
    }
    Ok(())
}

fn agree(acts: &[Act], forbids: bool) -> Result<(), TestCaseError> {
    let mut memory = Memory::new();
    build(&mut memory, forbids);
    live(&mut memory, acts)?;
    prop_assert_eq!(standing(&memory, Time::FOREVER), model(&memory));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Backdating, transfers, counts, reversals, returns, landed costs, revaluations and changes of method, in any
    /// order and settled at any time: in the end each pool holds and is worth what the definition says of all that is
    /// known.
    #[test]
    fn pools_are_worth_what_the_definition_says(acts in history(1..60), forbids in any::<bool>()) {
        agree(&acts, forbids)?;
    }

    /// The same of a single product, so that everything concerns everything else, while books close.
    #[test]
    fn the_pools_of_one_product_are_worth_what_the_definition_says(acts in dense(1..60), forbids in any::<bool>()) {
        agree(&acts, forbids)?;
    }
}
