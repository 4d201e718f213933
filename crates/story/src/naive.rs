//! A second, naive reading of the definition of values: all that is known, from the first movement on, in exact
//! fractions that are rounded where the definition says so. One walk over everything in the order of time, whatever
//! product it is of, so that costs travel from product to product as they come.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use lotbook_domain::catalog::{Costing, Product};
use lotbook_domain::id::{AccountId, LocationId, LotId, MovementId, ProductId, VoucherId};
use lotbook_domain::movement::{Movement, ValueFact, ValueFactKind};
use lotbook_domain::time::Time;

const ONE: i128 = 1_000_000;

/// A fraction of millionths, rounded to four digits, half to even.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    nearest(numerator, denominator * 100) * 100
}

/// The whole number that is nearest to a fraction, half to even.
fn nearest(numerator: i128, step: i128) -> i128 {
    let (whole, rest) = (numerator.div_euclid(step), numerator.rem_euclid(step));
    let is_up = match (2 * rest).cmp(&step) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => whole % 2 != 0,
    };
    whole + i128::from(is_up)
}

/// A document's type and number.
type Document = (String, i64);

/// What was given beyond stock and is not covered yet.
struct Owed {
    /// The movement; `None` = it was at standard cost.
    by: Option<MovementId>,
    quantity: i128,
    cost: i128,
    /// The pool and voucher that took it over.
    to: Option<(AccountId, VoucherId)>,
    sold_under: Option<Document>,
}

/// A shortage that a receipt covers: how much of it, and how much dearer it was than thought.
struct Covered {
    by: Option<MovementId>,
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
    later: VecDeque<(Time, Terms)>,
    shelves: BTreeMap<AccountId, Shelf>,
    under_way: BTreeMap<(VoucherId, AccountId), VecDeque<(i128, i128)>>,
    /// Where a voucher took out what it had put under way.
    arrived: BTreeMap<(VoucherId, AccountId), AccountId>,
    sold: BTreeMap<Document, (i128, i128)>,
}

impl Circle {
    fn new(product: &Product) -> Self {
        let (terms, later) = terms(product);
        Self {
            terms,
            later: later.into(),
            shelves: BTreeMap::new(),
            under_way: BTreeMap::new(),
            arrived: BTreeMap::new(),
            sold: BTreeMap::new(),
        }
    }

    /// Lets the terms begin that do by a time.
    fn pass(&mut self, to: Time) {
        while let Some((_, terms)) = self.later.pop_front_if(|(from, _)| *from <= to) {
            self.begin(terms);
        }
    }

    fn begin(&mut self, terms: Terms) {
        let before = std::mem::replace(&mut self.terms, terms);
        for shelf in self.shelves.values_mut() {
            if terms.method == Costing::Standard {
                shelf.worth = rounded(shelf.held * terms.standard, ONE);
                shelf.owed.clear();
            } else if before.method == Costing::Standard && shelf.held < 0 {
                let (quantity, cost) = (-shelf.held, -shelf.worth);
                shelf.owed.push_back(Owed { by: None, quantity, cost, to: None, sold_under: None });
            }
            if terms.method != Costing::Fifo || shelf.held <= 0 {
                shelf.layers.clear();
            } else if before.method != Costing::Fifo {
                shelf.layers = VecDeque::from([(shelf.held, shelf.worth)]);
            }
        }
    }

    fn issue(&mut self, id: MovementId, movement: &Movement, undone: Option<i128>) -> i128 {
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
            let (by, sold_under) = (Some(id), sold_under.clone());
            let owed = Owed { by, quantity: quantity - free, cost: cost - covered, to, sold_under };
            shelf.owed.push_back(owed);
        }
        (shelf.held, shelf.worth) = (shelf.held - quantity, shelf.worth - cost);
        if let Some(document) = sold_under {
            let sum = self.sold.entry(document).or_default();
            *sum = (sum.0 + quantity, sum.1 + cost);
        }
        cost
    }

    /// Takes something in; answers what of which movements it covered, and how much dearer that is.
    fn receive(&mut self, movement: &Movement, cost: i128) -> Vec<(MovementId, i128, i128)> {
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
            let (by, to, sold_under) = (owed.by, owed.to, owed.sold_under.clone());
            if piece < owed.quantity {
                (owed.quantity, owed.cost) = (owed.quantity - piece, owed.cost - known);
                shelf.owed.push_front(owed);
            }
            shelf.worth -= real - known;
            covered.push(Covered { by, quantity: piece, dearer: real - known, to, sold_under });
            (open, left) = (open - piece, (left.0 - piece, left.1 - real));
        }
        if left.0 > 0 && self.terms.method == Costing::Fifo {
            shelf.layers.push_back(left);
        }
        if movement.to.location == LocationId::IN_TRANSIT {
            let way = (movement.voucher, movement.to.pool);
            self.under_way.entry(way).or_default().push_back((quantity, cost));
        }
        let mut told = Vec::new();
        for Covered { by, quantity, dearer, to, sold_under } in covered {
            if let Some(sum) = sold_under.and_then(|document| self.sold.get_mut(&document)) {
                sum.1 += dearer;
            }
            told.extend(by.map(|by| (by, quantity, dearer)));
            let Some((pool, voucher)) = to.filter(|_| dearer != 0) else { continue };
            let pool = self.arrived.get(&(voucher, pool)).copied().unwrap_or(pool);
            if pool.0 != 0 {
                self.make_dearer(pool, quantity, dearer);
            }
        }
        told
    }

    /// So much that entered a pool is so much dearer: what is still there takes its share.
    fn make_dearer(&mut self, pool: AccountId, quantity: i128, dearer: i128) {
        let there = self.shelves.entry(pool).or_default();
        let part = quantity.min(there.held);
        if part > 0 {
            let worth = there.worth + rounded(dearer * part, quantity).max(-there.worth.max(0));
            if self.terms.method == Costing::Fifo {
                there.spread(worth);
            }
            there.worth = worth;
        }
        self.restate();
    }

    fn restate(&mut self) {
        if self.terms.method == Costing::Standard {
            for shelf in self.shelves.values_mut() {
                shelf.worth = rounded(shelf.held * self.terms.standard, ONE);
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

    /// Something moves that was booked at so much, and landed costs add so much to it. Answers what it cost, and what of
    /// which movements it covered.
    fn moved(
        &mut self,
        id: MovementId,
        movement: &Movement,
        (booked, landed): (i128, i128),
    ) -> (i128, Vec<(MovementId, i128, i128)>) {
        let is_undoing = movement.reverses.is_some();
        let mut cost = if is_undoing { i128::from(movement.amount.0) } else { booked + landed };
        if movement.from.location == LocationId::CUSTOMER && movement.unit_cost.is_none() && !is_undoing {
            cost = self.returned(movement) + landed;
        }
        let mut given = 0;
        if movement.from.pool.0 != 0 {
            given = self.issue(id, movement, is_undoing.then_some((booked + landed).max(0)));
            cost = if is_undoing { (given - landed).max(0) } else { given + landed };
        }
        // Whatever was taken off it: nothing comes in at less than nothing.
        let covered = if movement.to.pool.0 == 0 { Vec::new() } else { self.receive(movement, cost.max(0)) };
        self.restate();
        (given, covered)
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

/// All that is known. Positions say in which order batches were learned.
pub struct Facts<'f> {
    /// What moved, with the position of its batch.
    pub movements: Vec<(i64, MovementId, &'f Movement)>,
    /// Revaluations and landed costs that hold, with the position of their batch.
    pub value_facts: Vec<(i64, &'f ValueFact)>,
    /// The products, with what was said of how they are valued.
    pub products: BTreeMap<ProductId, &'f Product>,
    /// Which line takes over the cost of which other.
    pub made_of: HashMap<MovementId, MovementId>,
}

/// When something happens: its time, the position of its batch, whether it takes out of what is under way, its line.
type Moment = (Time, i64, bool, i64);

enum Event<'f> {
    Moved(MovementId, &'f Movement),
    Revalued(&'f ValueFact),
}

/// What was covered of something that another thing was made of.
struct Late {
    cover_line: i64,
    source: MovementId,
    quantity: i128,
    dearer: i128,
}

/// What every pool holds and is worth; what is nothing is left out.
pub fn worth(facts: &Facts<'_>) -> BTreeMap<AccountId, (i128, i128)> {
    let times: HashMap<MovementId, Time> = facts.movements.iter().map(|(_, id, m)| (*id, m.effective_at)).collect();
    let mut gone: HashSet<MovementId> = HashSet::new();
    for (_, id, movement) in &facts.movements {
        if let Some(undone) = movement.reverses.filter(|undone| times.get(undone) == Some(&movement.effective_at)) {
            gone.extend([*id, undone]);
        }
    }
    let circle_of = |product: ProductId, lot: LotId| match facts.products[&product].costing {
        Costing::Specific => (product, lot),
        _ => (product, LotId(0)),
    };
    let mut landed: HashMap<MovementId, i128> = HashMap::new();
    let mut events: Vec<(Moment, Event<'_>)> = Vec::new();
    for (position, fact) in &facts.value_facts {
        match (fact.kind, fact.movement) {
            (ValueFactKind::LandedCost, Some(id)) => *landed.entry(id).or_default() += i128::from(fact.amount.0),
            _ => events.push(((fact.effective_at, *position, false, fact.line), Event::Revalued(fact))),
        }
    }
    let mut made: HashMap<MovementId, &Movement> = HashMap::new();
    for (position, id, movement) in facts.movements.iter().filter(|(_, id, _)| !gone.contains(id)) {
        if movement.from.pool.0 != 0 || movement.to.pool.0 != 0 {
            let is_taken = movement.from.location == LocationId::IN_TRANSIT;
            events.push(((movement.effective_at, *position, is_taken, id.line), Event::Moved(*id, movement)));
            if let Some(source) = facts.made_of.get(id) {
                made.insert(*source, movement);
            }
        }
    }
    events.sort_by_key(|(moment, _)| *moment);
    let mut circles: BTreeMap<(ProductId, LotId), Circle> = BTreeMap::new();
    // What was used and what it was booked with, by what it costs more.
    let mut dearer_than_booked: HashMap<MovementId, i128> = facts
        .movements
        .iter()
        .filter(|(_, id, movement)| gone.contains(id) && movement.to.location == LocationId::PRODUCTION)
        .map(|(_, id, movement)| (*id, -i128::from(movement.amount.0)))
        .collect();
    let mut used: HashMap<MovementId, &Movement> = HashMap::new();
    let mut late: Vec<Late> = Vec::new();
    let mut at = (Time::BEGINNING, 0);
    let hand_on = |late: &mut Vec<Late>,
                   used: &HashMap<MovementId, &Movement>,
                   circles: &mut BTreeMap<(ProductId, LotId), Circle>,
                   at: Time| {
        let circle = |movement: &Movement| circle_of(movement.product, movement.lot);
        // What was made in pools of the same circle comes first.
        late.sort_by_key(|late| {
            let is_other = made.get(&late.source).is_some_and(|made| circle(made) != circle(used[&late.source]));
            (is_other, late.cover_line, late.source)
        });
        for Late { source, quantity, dearer, .. } in late.drain(..).filter(|late| late.dearer != 0) {
            let Some(made) = made.get(&source).filter(|made| made.to.pool.0 != 0) else { continue };
            let (of, all) = (i128::from(made.quantity.0), i128::from(used[&source].quantity.0));
            let part = if quantity == all { of } else { nearest(of * quantity, all).max(1) };
            let circle = circles.entry(circle(made)).or_insert_with(|| Circle::new(facts.products[&made.product]));
            circle.pass(at);
            circle.make_dearer(made.to.pool, part, dearer);
        }
    };
    for ((time, position, ..), event) in events {
        if at != (time, position) {
            hand_on(&mut late, &used, &mut circles, at.0);
            at = (time, position);
        }
        let (product, lot) = match &event {
            Event::Revalued(fact) => (fact.product, fact.lot),
            Event::Moved(_, movement) => (movement.product, movement.lot),
        };
        let circle = circles.entry(circle_of(product, lot)).or_insert_with(|| Circle::new(facts.products[&product]));
        circle.pass(time);
        match event {
            Event::Revalued(fact) => circle.revalue(fact.pool, i128::from(fact.amount.0)),
            Event::Moved(id, movement) => {
                let of = movement.reverses.unwrap_or(id);
                let carried = facts.made_of.get(&of).and_then(|source| dearer_than_booked.get(source));
                let booked = i128::from(movement.amount.0) + carried.copied().unwrap_or(0);
                let (given, covered) = circle.moved(id, movement, (booked, landed.get(&of).copied().unwrap_or(0)));
                if movement.to.location == LocationId::PRODUCTION && movement.reverses.is_none() {
                    dearer_than_booked.insert(id, given - i128::from(movement.amount.0));
                    used.insert(id, movement);
                }
                let of_production = covered.into_iter().filter(|(by, ..)| used.contains_key(by));
                late.extend(of_production.map(|(source, quantity, dearer)| Late {
                    cover_line: id.line,
                    source,
                    quantity,
                    dearer,
                }));
            }
        }
    }
    hand_on(&mut late, &used, &mut circles, at.0);
    let mut found = BTreeMap::new();
    for circle in circles.values_mut() {
        circle.pass(Time::FOREVER);
        found.extend(circle.shelves.iter().map(|(pool, shelf)| (*pool, (shelf.held, shelf.worth))));
    }
    found.retain(|_, standing| *standing != (0, 0));
    found
}
