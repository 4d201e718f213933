//! Values against a second, naive reading of the definition: every pool by itself, from its first movement on,
//! in exact fractions that are rounded where the definition says so.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use lotbook_domain::catalog::Costing;
use lotbook_domain::id::{AccountId, BatchId, MovementId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::movement::{Movement, ValueFactKind};
use lotbook_domain::time::Time;
use lotbook_story::memory::Memory;
use lotbook_story::random::{Act, booking, build, history, say, time};
use lotbook_story::{Floor, Outcome};
use proptest::prelude::*;

/// A fraction of millionths, rounded to four digits, half to even.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    let step = denominator * 100;
    let (whole, rest) = (numerator.div_euclid(step), numerator.rem_euclid(step));
    let is_up = match (2 * rest).cmp(&step) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => whole % 2 != 0,
    };
    (whole + i128::from(is_up)) * 100
}

/// A pool: what is held, what it is worth, what is owed, and under FIFO what is left of each receipt.
#[derive(Default)]
struct Shelf {
    held: i128,
    worth: i128,
    last: Option<(i128, i128)>,
    owed: VecDeque<(i128, i128)>,
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
        match quantity.cmp(&self.held) {
            _ if self.held <= 0 => cost,
            std::cmp::Ordering::Less => cost.min(self.worth),
            std::cmp::Ordering::Equal => self.worth,
            std::cmp::Ordering::Greater => cost.max(self.worth),
        }
    }

    fn issue(&mut self, quantity: i128, fallback: i128, is_fifo: bool, undone: Option<i128>) {
        let free = self.held.max(0);
        let beyond = (quantity - free).max(0);
        let cost = if let Some(cost) = undone {
            let cost = self.possible(quantity, cost);
            if is_fifo {
                self.take_layers(quantity.min(free));
            }
            cost
        } else if self.held > 0 && is_fifo {
            let (taken, cost) = self.take_layers(quantity);
            self.possible(quantity, cost + rounded(self.worth * (quantity - taken), self.held))
        } else if self.held > 0 {
            let covered = if quantity >= self.held { self.worth } else { rounded(self.worth * quantity, self.held) };
            covered + rounded(self.worth * beyond, self.held)
        } else if let Some((held, worth)) = self.last {
            rounded(worth * quantity, held)
        } else {
            rounded(fallback * quantity, 1_000_000)
        };
        let covered = if self.held > 0 { self.worth.min(cost) } else { 0 };
        if self.held > 0 && quantity >= self.held {
            self.last = Some((self.held, self.worth));
        }
        if beyond > 0 {
            self.owed.push_back((beyond, cost - covered));
        }
        (self.held, self.worth) = (self.held - quantity, self.worth - cost);
    }

    fn receive(&mut self, quantity: i128, cost: i128) {
        let mut open = quantity.min((-self.held).max(0));
        let mut left = (quantity, cost);
        (self.held, self.worth) = (self.held + quantity, self.worth + cost);
        while open > 0 {
            let (owed, provisional) = self.owed.pop_front().expect("what is below zero is owed");
            let piece = owed.min(open);
            let known = if piece == owed { provisional } else { rounded(provisional * piece, owed) };
            let real = if piece == left.0 { left.1 } else { rounded(left.1 * piece, left.0) };
            if piece < owed {
                self.owed.push_front((owed - piece, provisional - known));
            }
            self.worth -= real - known;
            (open, left) = (open - piece, (left.0 - piece, left.1 - real));
        }
        if left.0 > 0 {
            self.layers.push_back(left);
        }
    }

    fn revalue(&mut self, worth: i128) {
        if self.held <= 0 {
            return;
        }
        let before: i128 = self.layers.iter().map(|layer| layer.1).sum();
        let whole = if before > 0 { before } else { self.layers.iter().map(|layer| layer.0).sum() };
        let (mut left, last) = (worth, self.layers.len().saturating_sub(1));
        for (at, layer) in self.layers.iter_mut().enumerate() {
            let weight = if before > 0 { layer.1 } else { layer.0 };
            layer.1 = if at == last { left } else { rounded(worth * weight, whole).min(left) };
            left -= layer.1;
        }
        self.worth = worth;
    }
}

/// When something concerns a pool: its time, its batch, its line.
type Moment = (Time, BatchId, i64);

/// Something that concerns a pool, in the order of time and position.
enum Event<'m> {
    Moved(MovementId, &'m Movement),
    Revalued(i128),
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
    let mut landed: HashMap<MovementId, i128> = HashMap::new();
    let mut events: BTreeMap<AccountId, Vec<(Moment, Event<'_>)>> = BTreeMap::new();
    for (batch, fact) in &memory.value_facts {
        let amount = i128::from(fact.amount.0);
        if let (ValueFactKind::LandedCost, Some(id)) = (fact.kind, fact.movement) {
            *landed.entry(id).or_default() += amount;
        } else {
            let event = ((fact.effective_at, *batch, fact.line), Event::Revalued(amount));
            events.entry(fact.pool).or_default().push(event);
        }
    }
    for (id, movement) in memory.movements.iter().filter(|(id, _)| !gone.contains(id)) {
        for pool in [movement.from.pool, movement.to.pool].into_iter().filter(|pool| pool.0 != 0) {
            let key = (movement.effective_at, id.batch, id.line);
            events.entry(pool).or_default().push((key, Event::Moved(*id, movement)));
        }
    }
    let mut found = BTreeMap::new();
    for (pool, mut events) in events {
        events.sort_by_key(|(key, _)| *key);
        let mut shelf = Shelf::default();
        for (_, event) in events {
            match event {
                Event::Revalued(worth) => shelf.revalue(worth),
                Event::Moved(id, movement) => {
                    let quantity = i128::from(movement.quantity.0);
                    let extra = landed.get(&movement.reverses.unwrap_or(id)).copied().unwrap_or(0);
                    let cost = i128::from(movement.amount.0);
                    let is_fifo = memory.catalog.products[&movement.product].costing == Costing::Fifo;
                    if movement.from.pool == pool {
                        let undone = movement.reverses.map(|_| cost + extra);
                        let fallback = movement.fallback_cost.map_or(0, |cost| i128::from(cost.0));
                        shelf.issue(quantity, fallback, is_fifo, undone);
                    } else if movement.reverses.is_some() {
                        shelf.receive(quantity, cost);
                    } else {
                        shelf.receive(quantity, cost + extra);
                    }
                }
            }
        }
        found.insert(pool, (shelf.held, shelf.worth));
    }
    found
}

/// Carries out what the model knows: all but transfers, whose pools hang together, and changes of method.
fn live(memory: &mut Memory, acts: &[Act]) {
    let mut handles = Vec::new();
    let mut booked = Vec::new();
    for act in acts {
        let outcome = match act {
            Act::Book(JournalKind::InternalTransfer, _) | Act::Cost(..) | Act::Close(_) => continue,
            Act::Book(kind, lines) => memory.book(&booking(*kind, lines)),
            Act::Reverse(which, minute) => match handles.get(which % handles.len().max(1)) {
                Some(handle) => memory.reverse(*handle, None, minute.map(time)),
                None => continue,
            },
            Act::Land(which, ..) => match say(memory, act, booked.get(which % booked.len().max(1)).copied()) {
                Some(outcome) => outcome,
                None => continue,
            },
            Act::Revalue(..) => say(memory, act, None).expect("nothing has to be there before"),
            Act::Settle => {
                memory.settle();
                continue;
            }
        };
        if let Outcome::Booked(done) = outcome {
            handles.push(done.handle);
            if matches!(act, Act::Book(..)) {
                booked.push(done.handle);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Backdating, counts, reversals, landed costs and revaluations, in any order and settled at any time: in the
    /// end each pool holds and is worth what the definition says of all that is known.
    #[test]
    fn pools_are_worth_what_the_definition_says(acts in history(1..60), forbids in any::<bool>()) {
        let mut memory = Memory::new();
        build(&mut memory, forbids);
        live(&mut memory, &acts);
        memory.settle();
        let pools = memory.ledger.accounts.values().filter(|account| account.key.kind == AccountKind::Pool);
        let standing: BTreeMap<AccountId, (i128, i128)> = pools
            .map(|account| {
                let root = account.timeline.root();
                (account.id, (i128::from(root.quantity.0), i128::from(root.amount.0)))
            })
            .filter(|(_, standing)| *standing != (0, 0))
            .collect();
        let expected: BTreeMap<_, _> = model(&memory).into_iter().filter(|(_, standing)| *standing != (0, 0)).collect();
        prop_assert_eq!(standing, expected);
    }
}
