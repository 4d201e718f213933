//! What is promised, as a list of promises and of what was issued of each. How far one is and what is open of it
//! follow from that, and whether one more fits is told by a naive reading: of any few promises together, what they
//! ask for beyond all that may serve one of them is missing.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::booking::Booked as Decided;
use lotbook_domain::catalog::fold;
use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, ProductId, ReservationId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::{FreshIds, Trial};
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::{self, ReservationState, Reserved, Scope, Signal};
use lotbook_domain::time::Time;

use super::{Memory, refused};
use crate::{Booked, Fault, Hold, Outcome, Reservation};

/// When everything takes place: later than what stories tell.
const NOW: Time = Time(1_735_689_600_000_000);
/// How long something is held briefly.
const BRIEFLY: i64 = 1_000_000;

/// A product and a variant, and what they lack to keep all that was promised.
pub(super) type Shortfalls = BTreeMap<(ProductId, VariantId), i64>;

/// Every promise, and what was issued of it.
#[derive(Clone, Debug)]
pub(super) struct Promises {
    made: BTreeMap<ReservationId, Promise>,
    /// What a movement took of which promise and did not give back.
    issued: Vec<(MovementId, ReservationId, i64)>,
    now: Time,
}

/// Something that was promised.
#[derive(Clone, Copy, Debug)]
struct Promise {
    scope: Scope,
    quantity: i64,
    until: Option<Time>,
    allow_backorder: bool,
    /// What was last said of it.
    said: Option<Signal>,
}

impl Default for Promises {
    fn default() -> Self {
        Self { made: BTreeMap::new(), issued: Vec::new(), now: NOW }
    }
}

impl Promises {
    fn left(&self, id: ReservationId) -> i64 {
        let issued = self.issued.iter().filter(|(_, of, _)| *of == id).map(|(.., part)| part);
        self.made[&id].quantity - issued.sum::<i64>()
    }

    fn state(&self, id: ReservationId) -> ReservationState {
        let promise = self.made[&id];
        match promise.said {
            Some(Signal::Release) => ReservationState::Released,
            _ if self.left(id) == 0 => ReservationState::Consumed,
            Some(Signal::Confirm) => ReservationState::Confirmed,
            None if promise.until.is_some_and(|until| until <= self.now) => ReservationState::Expired,
            None => ReservationState::Held,
        }
    }

    fn open(&self, id: ReservationId) -> i64 {
        match self.state(id) {
            ReservationState::Held | ReservationState::Confirmed => self.left(id),
            ReservationState::Consumed | ReservationState::Released | ReservationState::Expired => 0,
        }
    }

    /// What is open of a product and variant, promise by promise.
    fn demand(&self, product: ProductId, variant: VariantId) -> Vec<(Scope, i64)> {
        let open = self.made.iter().map(|(id, promise)| (promise.scope, self.open(*id)));
        open.filter(|(scope, open)| (scope.product, scope.variant) == (product, variant) && *open > 0).collect()
    }

    fn subjects(&self) -> BTreeSet<(ProductId, VariantId)> {
        self.made.values().map(|promise| (promise.scope.product, promise.scope.variant)).collect()
    }

    /// The same for whoever decides.
    fn as_reserved(&self) -> Reserved {
        let mut reserved = Reserved { now: self.now, ..Reserved::default() };
        for (id, promise) in &self.made {
            reserved.add(promise.scope, self.open(*id));
            let found = reservation::Reservation {
                id: *id,
                scope: promise.scope,
                quantity: Quantity(promise.quantity),
                open: Quantity(self.open(*id)),
                state: self.state(*id),
                hold_until: promise.until,
                allow_backorder: promise.allow_backorder,
            };
            reserved.named.insert(*id, found);
        }
        reserved
    }
}

impl Memory {
    pub(super) fn say_reserved(&mut self, wish: &Reservation) -> Outcome {
        let until = wish.hold.map(|hold| match hold {
            Hold::Until(time) => time,
            Hold::Briefly => Time(self.promises.now.0 + BRIEFLY),
        });
        let lot = wish.lot.as_ref().map(|name| {
            let product = self.names.products[&wish.product];
            self.catalog.lots_by_name.get(&(product, fold(name))).copied().unwrap_or(LotId(i64::MAX))
        });
        let draft = self.names.wish(wish, lot, until);
        let mut found = Vec::new();
        let Some(checked) = reservation::check(0, &draft, &self.catalog, self.promises.now, &mut found) else {
            let faults = found.into_iter().map(|found| Fault { code: found.code.to_owned(), message: found.message });
            return Outcome::Invalid(faults.collect());
        };
        let (scope, wanted) = (checked.scope, checked.quantity);
        let available = self.available(scope, wanted);
        if available < wanted && !wish.allow_backorder {
            let message = format!(
                "product {} at {}: {wanted} are wanted, but {available} can be reserved, short by {}",
                wish.product,
                wish.place,
                Quantity(wanted.0 - available.0),
            );
            return refused("insufficientStock", message);
        }
        let id = ReservationId(self.fresh());
        let (quantity, allow_backorder) = (wanted.0, wish.allow_backorder);
        self.promises.made.insert(id, Promise { scope, quantity, until, allow_backorder, said: None });
        if let Some(label) = &wish.label {
            self.names.reservations.insert(label.clone(), id);
        }
        self.tell_promises();
        Outcome::Booked(Booked::default())
    }

    pub(super) fn say_signal(&mut self, label: &str, signal: Signal) -> Outcome {
        use ReservationState::{Confirmed, Consumed, Expired, Held, Released};
        let id = self.names.reservations[label];
        let state = self.promises.state(id);
        match (signal, state) {
            (Signal::Confirm, Held) | (Signal::Release, Held | Confirmed) => {
                let promise = self.promises.made.get_mut(&id).expect("it was made");
                promise.said = Some(signal);
                promise.until = promise.until.filter(|_| signal == Signal::Release);
                self.tell_promises();
            }
            (Signal::Confirm, Confirmed) | (Signal::Release, Released | Expired) => {}
            (Signal::Confirm, Consumed | Released | Expired) | (Signal::Release, Consumed) => {
                return refused("reservationNotOpen", format!("reservation {id} is {}; reserve anew", state.name()));
            }
        }
        Outcome::Booked(Booked::default())
    }

    pub(super) fn look_reserved(&self, label: &str) -> (String, Quantity) {
        let id = self.names.reservations[label];
        (self.promises.state(id).name().to_owned(), Quantity(self.promises.open(id)))
    }

    pub(super) fn let_time_pass(&mut self) {
        self.promises.now.0 += BRIEFLY;
        self.tell_promises();
    }

    /// What was promised is known to whoever decides.
    fn tell_promises(&mut self) {
        self.ledger.reserved = self.promises.as_reserved();
    }

    /// What a booking issued of promises that it names. Nobody else's is taken by it, unless it says what is there.
    pub(super) fn issue(&mut self, batch: BatchId, kind: JournalKind, decided: &Decided, before: &Shortfalls) {
        if self.promises.made.is_empty() {
            return;
        }
        let uses = decided.uses.iter();
        let issued = uses.map(|taken| (MovementId { batch, line: taken.line }, taken.reservation, taken.quantity.0));
        self.promises.issued.extend(issued);
        self.tell_promises();
        if kind != JournalKind::Settlement {
            for (subject, short) in self.shortfalls() {
                let was = before.get(&subject).copied().unwrap_or_default();
                assert!(short <= was, "{batch} took what is promised of {subject:?}: short by {short} after {was}");
            }
        }
    }

    /// What promises get back from movements that were undone, unless they were given up or their time is over.
    pub(super) fn give_back(&mut self, movements: &[Movement]) {
        let undone: BTreeSet<MovementId> = movements.iter().filter_map(|movement| movement.reverses).collect();
        let promises = &self.promises;
        let comes_back: BTreeSet<ReservationId> = promises
            .made
            .iter()
            .filter(|(id, promise)| match promises.state(**id) {
                ReservationState::Held | ReservationState::Confirmed => true,
                ReservationState::Consumed => promise.until.is_none_or(|until| until > promises.now),
                ReservationState::Released | ReservationState::Expired => false,
            })
            .map(|(id, _)| *id)
            .collect();
        let (back, stays): (Vec<_>, Vec<_>) =
            promises.issued.iter().partition(|(id, of, _)| undone.contains(id) && comes_back.contains(of));
        if back.is_empty() {
            return;
        }
        // What was used up without an end to it is firm again.
        let firm: Vec<ReservationId> = back
            .iter()
            .map(|(_, of, _)| *of)
            .filter(|id| self.promises.left(*id) == 0 && self.promises.made[id].until.is_none())
            .collect();
        self.promises.issued = stays;
        for id in firm {
            self.promises.made.get_mut(&id).expect("it was made").said = Some(Signal::Confirm);
        }
        self.tell_promises();
    }

    /// How much of what is wanted can be promised beside everything else; the domain has to say the same.
    fn available(&mut self, scope: Scope, wanted: Quantity) -> Quantity {
        let mut demand = self.promises.demand(scope.product, scope.variant);
        let supply = self.takeable(scope.product, scope.variant);
        let was = self.shortfall(&demand, &supply);
        demand.push((scope, wanted.0));
        let available = Quantity((wanted.0 - (self.shortfall(&demand, &supply) - was)).max(0));
        self.ledger.reserved.now = self.promises.now;
        let mut none = FreshIds::default();
        let trial = Trial::new(&self.ledger, &mut none);
        let told = reservation::reservable(&trial, &self.catalog, scope, wanted).expect("everything is loaded");
        assert_eq!(told, available, "of {scope:?}, beside {demand:?}");
        available
    }

    /// What is missing of everything that was promised.
    pub(super) fn shortfalls(&self) -> Shortfalls {
        let short = |(product, variant)| {
            let demand = self.promises.demand(product, variant);
            ((product, variant), self.shortfall(&demand, &self.takeable(product, variant)))
        };
        self.promises.subjects().into_iter().map(short).collect()
    }

    /// Of any few promises together, what they ask for beyond all that may serve one of them: the worst of it.
    fn shortfall(&self, demand: &[(Scope, i64)], supply: &BTreeMap<(LocationId, LotId), i64>) -> i64 {
        assert!(demand.len() < 16, "stories are short");
        let places: Vec<Vec<LocationId>> = demand
            .iter()
            .map(|(scope, _)| self.catalog.locations.with_descendants(&[scope.place]).into_iter().collect())
            .collect();
        let missing = |few: u32| {
            let chosen = || (0..demand.len()).filter(move |at| few & (1 << at) != 0);
            let serves = |(place, lot): &(LocationId, LotId)| {
                chosen().any(|at| {
                    let wanted = demand[at].0.lot;
                    (wanted.0 == 0 || wanted == *lot) && places[at].contains(place)
                })
            };
            let there: i64 = supply.iter().filter(|(key, _)| serves(key)).map(|(_, quantity)| quantity).sum();
            chosen().map(|at| demand[at].1).sum::<i64>() - there
        };
        (0..1_u32 << demand.len()).map(missing).max().unwrap_or_default().max(0)
    }

    /// What can be taken now of each lot in each place without leaving less than nothing later, by movements alone.
    fn takeable(&self, product: ProductId, variant: VariantId) -> BTreeMap<(LocationId, LotId), i64> {
        let mut changes: BTreeMap<(LocationId, LotId), BTreeMap<Time, i64>> = BTreeMap::new();
        let moved = self.movements.iter().map(|(_, movement)| movement);
        for movement in moved.filter(|movement| (movement.product, movement.variant) == (product, variant)) {
            for (end, sign) in [(movement.from, -1), (movement.to, 1)] {
                if end.location.is_real() && end.location != LocationId::IN_TRANSIT {
                    let key = (end.location, movement.lot);
                    let at = movement.effective_at.max(self.promises.now);
                    *changes.entry(key).or_default().entry(at).or_default() += sign * movement.quantity.0;
                }
            }
        }
        let lowest = |changes: BTreeMap<Time, i64>| {
            let mut stands = changes.get(&self.promises.now).copied().unwrap_or_default();
            let mut lowest = stands;
            for (_, change) in changes.range(Time(self.promises.now.0 + 1)..) {
                stands += change;
                lowest = lowest.min(stands);
            }
            lowest.max(0)
        };
        changes.into_iter().map(|(key, changes)| (key, lowest(changes))).collect()
    }
}
