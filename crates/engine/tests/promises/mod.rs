//! Random histories of reservations beside a naive model: what is booked for later and for earlier, counted, undone,
//! brought elsewhere, used by runs; holds that end by themselves.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{BookingId, LotId, ReservationId, RunId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::reservation::{Picking, ReservationDraft, ReservationState, Signal};
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{Action, Reach, Reverse, ReverseWhat};
use lotbook_engine::{Error, table, worker};
use lotbook_story::random::{Line, time};
use proptest::prelude::*;

use crate::floor::{OnEngine, verify};
use crate::{change, draft, enter, execute, lot_of, reserve, reserved_at, sums, taking};

/// What is moved or counted; numbers pick among what there is.
#[derive(Clone, Copy, Debug)]
pub struct What {
    place: usize,
    lot: usize,
    /// Whether of the product with lots.
    lots: bool,
    count: i64,
    minute: i64,
}

/// What happens in a random history.
#[derive(Clone, Debug)]
pub enum Act {
    Receive(What),
    Issue(What, Option<usize>),
    /// To another place, so many further.
    Transfer(What, usize, Option<usize>),
    /// Uses it up, or brings it to another place, so many further.
    Run(What, Option<usize>, Option<usize>),
    Count(What),
    Undo(usize),
    Reserve {
        place: usize,
        count: i64,
        lot: usize,
        lots: bool,
        ahead: bool,
        order: Option<usize>,
        holds: bool,
    },
    Confirm(usize),
    Release(usize),
    /// Time passes until a hold is over; whether somebody tidies up then.
    Pass(usize, bool),
}

pub fn act() -> impl Strategy<Value = Act> {
    // Few instants, so that things happen at once; some lie ahead of the clock.
    let minute = prop_oneof![6 => 0..4_i64, 1 => 600_000..600_003_i64];
    let what = (0..3_usize, 0..3_usize, any::<bool>(), 1..8_i64, minute)
        .prop_map(|(place, lot, lots, count, minute)| What { place, lot, lots, count, minute });
    let names = proptest::option::weighted(0.6, 0..6_usize);
    let reserved = (0..6_usize, 1..8_i64, 0..4_usize, any::<bool>(), proptest::option::of(0..4_usize));
    prop_oneof![
        5 => what.clone().prop_map(Act::Receive),
        4 => (what.clone(), names.clone()).prop_map(|(what, names)| Act::Issue(what, names)),
        2 => (what.clone(), 1..3_usize, names.clone()).prop_map(|(what, to, names)| Act::Transfer(what, to, names)),
        3 => (what.clone(), proptest::option::of(1..3_usize), names).prop_map(|(what, to, names)| Act::Run(what, to, names)),
        2 => what.prop_map(Act::Count),
        3 => (0..12_usize).prop_map(Act::Undo),
        6 => (reserved, proptest::bool::weighted(0.1), proptest::bool::weighted(0.3)).prop_map(
            |((place, count, lot, lots, order), ahead, holds)| {
                Act::Reserve { place, count, lot, lots, ahead: ahead && order.is_none(), order, holds }
            }
        ),
        1 => (0..6_usize).prop_map(Act::Confirm),
        1 => (0..6_usize).prop_map(Act::Release),
        1 => (0..6_usize, any::<bool>()).prop_map(|(at, tidies)| Act::Pass(at, tidies)),
    ]
}

const PLACES: [&str; 3] = ["COLD", "SHOP", "BAR"];

/// Where reservations are made: the places, their org units, the house.
const AROUND: [(Option<&str>, &[usize]); 6] = [
    (Some("COLD"), &[0]),
    (Some("SHOP"), &[1]),
    (Some("BAR"), &[2]),
    (Some("NORTH"), &[0, 1]),
    (Some("SOUTH"), &[2]),
    (None, &[0, 1, 2]),
];
/// Of any lot.
const ANY: usize = 3;
/// A hold lasts so long unless somebody lets time pass: longer than a history takes.
const HOLD: i64 = 1_000_000;

/// Which product, where, which lot.
type Key = (bool, usize, usize);

/// What was told of a stock at a minute: by how much it changed, or how much was there.
#[derive(Clone, Copy, Debug)]
enum Told {
    Change(i64),
    Count(i64),
}

#[derive(Clone, Copy, Debug)]
struct Promise {
    lots: bool,
    around: usize,
    lot: usize,
    open: i64,
    state: ReservationState,
    until: Option<Time>,
}

impl Promise {
    fn is_open(&self) -> bool {
        matches!(self.state, ReservationState::Held | ReservationState::Confirmed)
    }

    fn covers(&self, (lots, place, lot): Key) -> bool {
        self.lots == lots && AROUND[self.around].1.contains(&place) && (self.lot == ANY || self.lot == lot)
    }
}

/// Obviously right: all that was told of each stock in the order in which it was learned, and a list of reservations.
#[derive(Clone, Default)]
struct Naive {
    told: Vec<(Key, i64, Told)>,
    promises: BTreeMap<i64, Promise>,
}

impl Naive {
    /// What stands there, instant by instant.
    fn standing(&self, key: Key) -> BTreeMap<i64, i64> {
        let mut told: Vec<(i64, Told)> =
            self.told.iter().filter(|(of, ..)| *of == key).map(|(_, minute, told)| (*minute, *told)).collect();
        // What is learned of an instant later comes later.
        told.sort_by_key(|(minute, _)| *minute);
        let mut stands = 0;
        let mut found = BTreeMap::new();
        for (minute, told) in told {
            match told {
                Told::Change(change) => stands += change,
                Told::Count(count) => stands = count,
            }
            found.insert(minute, stands);
        }
        found
    }

    /// What can be taken from now on without leaving less than nothing at any time.
    fn takeable(&self, key: Key, now: Time) -> i64 {
        let standing = self.standing(key);
        let present = standing.iter().rev().find(|(minute, _)| time(**minute) <= now).map_or(0, |(_, stands)| *stands);
        let ahead = standing.iter().filter(|(minute, _)| time(**minute) > now).map(|(_, stands)| *stands);
        ahead.fold(present, i64::min).max(0)
    }

    /// By the theorem of Hall: the worst set of scopes tells how much is short.
    fn short(&self, lots: bool, now: Time) -> i64 {
        let mut demand: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for promise in self.promises.values().filter(|promise| promise.lots == lots && promise.is_open()) {
            *demand.entry((promise.around, promise.lot)).or_default() += promise.open;
        }
        let scopes: Vec<_> = demand.into_iter().collect();
        let keys: BTreeSet<Key> = self.told.iter().map(|(key, ..)| *key).filter(|key| key.0 == lots).collect();
        let stock: Vec<(Key, i64)> = keys.into_iter().map(|key| (key, self.takeable(key, now))).collect();
        let mut worst = 0;
        for set in 0..1_u32 << scopes.len() {
            let chosen = || scopes.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, scope)| scope);
            let wanted: i64 = chosen().map(|(_, open)| open).sum();
            let covers = |(_, place, lot): Key| {
                chosen()
                    .any(|((around, named), _)| AROUND[*around].1.contains(&place) && (*named == ANY || *named == lot))
            };
            let there: i64 = stock.iter().filter(|(key, _)| covers(*key)).map(|(_, stands)| stands).sum();
            worst = worst.max(wanted - there);
        }
        worst
    }

    /// Holds whose time is over hold nothing.
    fn pass(&mut self, now: Time) {
        for promise in self.promises.values_mut() {
            if promise.state == ReservationState::Held && promise.until.is_some_and(|until| until <= now) {
                (promise.state, promise.open) = (ReservationState::Expired, 0);
            }
        }
    }

    /// Takes of a reservation, if it covers that and is open: how much.
    fn take(&mut self, id: i64, key: Key, count: i64) -> Option<i64> {
        let promise = self.promises.get_mut(&id).filter(|promise| promise.covers(key) && promise.is_open())?;
        let part = count.min(promise.open);
        promise.open -= part;
        if promise.open == 0 {
            promise.state = ReservationState::Consumed;
        }
        Some(part)
    }

    /// What was taken of a reservation and is undone.
    fn give_back(&mut self, id: i64, part: i64, now: Time) {
        let Some(promise) = self.promises.get_mut(&id) else { return };
        match promise.state {
            ReservationState::Consumed if promise.until.is_none_or(|until| until > now) => {
                promise.open = part;
                promise.state =
                    if promise.until.is_none() { ReservationState::Confirmed } else { ReservationState::Held };
            }
            ReservationState::Held | ReservationState::Confirmed => promise.open += part,
            _ => {}
        }
    }
}

/// What was done, and what it comes to if it is undone.
struct Deed {
    what: ReverseWhat,
    /// What it told, by its places in the list.
    told: std::ops::Range<usize>,
    /// Whether it brought something to a place, which may be promised by now.
    brings: bool,
    lots: bool,
    takes: Option<(i64, i64)>,
}

struct Tale<'f> {
    floor: &'f OnEngine,
    naive: Naive,
    made: Vec<i64>,
    together: BTreeMap<i64, Vec<i64>>,
    deeds: Vec<Deed>,
}

/// Carries a history out, and compares each step with what the naive model has.
pub fn tell(floor: &OnEngine, acts: &[Act]) {
    let (naive, made, together, deeds) = (Naive::default(), Vec::new(), BTreeMap::new(), Vec::new());
    let mut tale = Tale { floor, naive, made, together, deeds };
    for act in acts {
        tale.let_holds_end();
        tale.act(act);
        tale.compare(act);
    }
    let house = &floor.house;
    worker::tidy_holds(&house.engine, house.engine.now());
    tale.naive.pass(house.engine.now());
    let open = tale.open() * ONE_E6;
    assert_eq!(sums(house), (open, open), "in the end");
    let stands: i64 = floor
        .standing()
        .iter()
        .filter(|((key, place), _)| key.0 == 1 && place != "transit")
        .map(|(_, has)| has.0)
        .sum();
    let keys: BTreeSet<Key> = tale.naive.told.iter().map(|(key, ..)| *key).collect();
    let last = |key| tale.naive.standing(key).last_entry().map_or(0, |last| *last.get());
    assert_eq!(stands, keys.into_iter().map(last).sum::<i64>() * ONE_E6, "in the end");
    verify::verify(house);
}

impl Tale<'_> {
    /// Lets the time of holds be over that could end while something is done, on a machine that is busy with other work.
    fn let_holds_end(&mut self) {
        let soon = Time(self.now().0 + HOLD / 2);
        let open = self.naive.promises.values().filter(|promise| promise.is_open());
        let last = open.filter_map(|promise| promise.until).filter(|until| *until <= soon).max();
        while last.is_some_and(|until| self.now() <= until) {}
        self.naive.pass(self.now());
    }

    fn now(&self) -> Time {
        self.floor.house.engine.now()
    }

    fn open(&self) -> i64 {
        self.naive.promises.values().filter(|promise| promise.is_open()).map(|promise| promise.open).sum()
    }

    /// Every reservation is as it should be, and so is what the house says of all of them.
    fn compare(&mut self, act: &Act) {
        let house = &self.floor.house;
        let now = house.engine.now();
        self.naive.pass(now);
        let ids = self.naive.promises.keys().map(|id| ReservationId(*id)).collect();
        for kept in house.read(|conn| table::reservation::by_ids(conn, house.tenant, &ids, false)) {
            let (kept, promise) = (kept.reservation, self.naive.promises[&kept.reservation.id.0]);
            let open = if kept.is_open_at(now) { kept.open.0 } else { 0 };
            assert_eq!((kept.state_at(now), open), (promise.state, promise.open * ONE_E6), "{act:?}: {kept:?}");
        }
        assert_eq!(reserved_at(house, None, None), self.open(), "{act:?}");
    }

    fn line(what: What, count: i64) -> Line {
        Line {
            product: if what.lots { 2 } else { 0 },
            place: what.place,
            halves: count * 2,
            cents: Some(100),
            minute: what.minute,
            lot: what.lot,
            party: 0,
        }
    }

    /// What is taken of it, if it is there to be named: its own lot, or one that somebody brought.
    fn taken(&self, what: What) -> Option<What> {
        // Without a name the oldest lot would be taken: name one that is there.
        let what = What { lot: if what.lots { what.lot.max(1) } else { 0 }, ..what };
        (!what.lots || lot_of(self.floor, what.lot).is_some()).then_some(what)
    }

    /// Does something that takes, and tells whether it should have been refused.
    fn take(
        &mut self,
        act: &Act,
        what: What,
        to: Option<usize>,
        names: Option<usize>,
        doing: impl FnOnce(&Self, Option<i64>) -> Result<ReverseWhat, String>,
    ) {
        let named = names.and_then(|at| self.made.get(at).copied());
        let key = (what.lots, what.place, what.lot);
        let now = self.now();
        let mut next = self.naive.clone();
        let first = next.told.len();
        next.told.push((key, what.minute, Told::Change(-what.count)));
        if let Some(to) = to {
            next.told.push(((what.lots, to, what.lot), what.minute, Told::Change(what.count)));
        }
        let part = named.map(|id| next.take(id, key, what.count));
        let fits = part.is_none_or(|part| part.is_some());
        let may = fits && next.short(what.lots, now) <= self.naive.short(what.lots, now);
        let done = doing(self, named);
        assert_eq!(done.is_ok(), may, "{act:?}, naming {named:?}: {done:?}");
        if let Ok(done) = done {
            self.naive = next;
            let (told, brings, lots) = (first..self.naive.told.len(), to.is_some(), what.lots);
            let takes = named.zip(part.flatten());
            self.deeds.push(Deed { what: done, told, brings, lots, takes });
        }
    }

    fn did(&mut self, what: What, booking: i64, told: Told) {
        let first = self.naive.told.len();
        self.naive.told.push(((what.lots, what.place, what.lot), what.minute, told));
        let deed = ReverseWhat::Booking(BookingId(booking), None);
        let brings = matches!(told, Told::Change(_));
        self.deeds.push(Deed { what: deed, told: first..first + 1, brings, lots: what.lots, takes: None });
    }

    fn act(&mut self, act: &Act) {
        let (floor, house) = (self.floor, &self.floor.house);
        match act.clone() {
            Act::Receive(what) => {
                let what = What { lot: if what.lots { what.lot } else { 0 }, ..what };
                let booking = enter(floor, house, JournalKind::Delivery, &[Self::line(what, what.count)], None);
                self.did(what, booking.expect("receipts are welcome"), Told::Change(what.count));
            }
            Act::Count(what) => {
                let what = What { lot: if what.lots { what.lot } else { 0 }, count: what.count - 1, ..what };
                let booking = enter(floor, house, JournalKind::Settlement, &[Self::line(what, what.count)], None);
                self.did(what, booking.expect("a count is heard in any case"), Told::Count(what.count));
            }
            Act::Issue(what, names) => {
                let Some(what) = self.taken(what) else { return };
                self.take(act, what, None, names, |_, named| {
                    let line = Self::line(what, -what.count);
                    let booked = enter(floor, house, JournalKind::Delivery, &[line], named)?;
                    Ok(ReverseWhat::Booking(BookingId(booked), None))
                });
            }
            Act::Transfer(what, further, names) => {
                let Some(what) = self.taken(what) else { return };
                let to = (what.place + further) % 3;
                self.take(act, what, Some(to), names, |_, named| {
                    let lines = [Self::line(what, -what.count), Line { place: to, ..Self::line(what, what.count) }];
                    let booked = enter(floor, house, JournalKind::InternalTransfer, &lines, named)?;
                    Ok(ReverseWhat::Booking(BookingId(booked), None))
                });
            }
            Act::Run(what, further, names) => {
                let Some(what) = self.taken(what) else { return };
                let to = further.map(|further| (what.place + further) % 3);
                self.take(act, what, to, names, |_, named| {
                    let kind = if to.is_some() { RunKind::Move } else { RunKind::Consume };
                    let lot = what.lots.then_some(what.lot);
                    let action = Action {
                        to: to.map(|to| floor.names.places[PLACES[to]]),
                        started_at: Some(time(what.minute)),
                        ..taking(floor, kind, what.count, lot, Some(PLACES[what.place]), named.unwrap_or(0))
                    };
                    let runs = execute(house, vec![action]).map_err(|(field, code)| format!("{field} {code}"))?;
                    Ok(ReverseWhat::Run(RunId(runs[0]), None))
                });
            }
            Act::Undo(at) => self.undo(act, at),
            Act::Reserve { .. } => self.reserve(act),
            Act::Confirm(at) => self.signal(act, at, Signal::Confirm),
            Act::Release(at) => self.signal(act, at, Signal::Release),
            Act::Pass(at, tidies) => {
                let promise = self.made.get(at).map(|id| self.naive.promises[id]);
                let Some(until) = promise.and_then(|promise| promise.until) else { return };
                while house.engine.now() <= until {}
                if tidies {
                    worker::tidy_holds(&house.engine, house.engine.now());
                }
            }
        }
    }

    fn undo(&mut self, act: &Act, at: usize) {
        if at >= self.deeds.len() {
            return;
        }
        let deed = self.deeds.swap_remove(at);
        let now = self.now();
        let mut next = self.naive.clone();
        // It is as if it was never told, of a count as well.
        for told in &mut next.told[deed.told.clone()] {
            told.2 = Told::Change(0);
        }
        let may = !deed.brings || next.short(deed.lots, now) <= self.naive.short(deed.lots, now);
        let (reason, reach) = ("told so".to_owned(), Reach::All);
        let undo = Reverse { what: deed.what.clone(), rest: false, at: None, reason, reach };
        let done = self.floor.house.engine.change(self.floor.house.request(), undo);
        assert_eq!(done.is_ok(), may, "{act:?}, {:?}: {done:?}", deed.what);
        if may {
            self.naive = next;
            if let Some((id, part)) = deed.takes {
                self.naive.give_back(id, part, now);
            }
        } else {
            self.deeds.push(deed);
        }
    }

    fn signal(&mut self, act: &Act, at: usize, signal: Signal) {
        let Some(id) = self.made.get(at).copied() else { return };
        let done = change(&self.floor.house, id, signal);
        let together = self.together.get(&id).cloned().unwrap_or_else(|| vec![id]);
        let mut may = false;
        for id in together {
            let Some(promise) = self.naive.promises.get_mut(&id) else { continue };
            let over = matches!(promise.state, ReservationState::Released | ReservationState::Expired);
            may |= promise.is_open() || (signal == Signal::Release && over);
            match signal {
                Signal::Confirm if promise.is_open() => {
                    (promise.state, promise.until) = (ReservationState::Confirmed, None);
                }
                Signal::Release if promise.is_open() => {
                    (promise.state, promise.open) = (ReservationState::Released, 0);
                }
                _ => {}
            }
        }
        assert_eq!(done.is_ok(), may, "{act:?}: {done:?}");
    }

    fn reserve(&mut self, act: &Act) {
        let Act::Reserve { place, count, lot, lots, ahead, order, holds } = act.clone() else { return };
        let lot = if lots { lot } else { ANY };
        let now = self.now();
        let until = holds.then_some(Time(now.0 + HOLD));
        let mut wanted = ReservationDraft {
            allow_backorder: ahead,
            allocate: order.map(|order| Picking::ALL[order]),
            hold_until: until,
            ..draft(self.floor, if lots { "LOTS" } else { "PLAIN" }, AROUND[place].0, count)
        };
        if lot < ANY {
            wanted.lot = lot_of(self.floor, lot);
            if wanted.lot.is_none() {
                return;
            }
        }
        let promise = Promise { lots, around: place, lot, open: count, state: ReservationState::Held, until };
        let mut next = self.naive.clone();
        next.promises.insert(i64::MAX, promise);
        let may = ahead || next.short(lots, now) <= self.naive.short(lots, now);
        match reserve(&self.floor.house, wanted) {
            Ok(answer) => {
                assert!(may, "{act:?} was not to be reserved");
                let ids: Vec<i64> = answer.lines.iter().map(|line| line.id).collect();
                for line in &answer.lines {
                    let at = PLACES.iter().position(|name| self.floor.names.places[*name].0 == line.location);
                    let at = at.expect("it is one of the places");
                    let lot = (0..ANY).find(|lot| lots && lot_of(self.floor, *lot) == Some(LotId(line.lot)));
                    assert!(AROUND[place].1.contains(&at) && lot.is_some() == lots, "{act:?}: {line:?}");
                    let (lot, open) = (lot.unwrap_or(ANY), line.quantity / ONE_E6);
                    self.naive.promises.insert(line.id, Promise { around: at, lot, open, ..promise });
                    self.together.insert(line.id, ids.clone());
                }
                if order.is_none() {
                    self.naive.promises.insert(answer.id, promise);
                    self.made.push(answer.id);
                }
                assert!(self.naive.short(lots, now) <= next.short(lots, now), "{act:?} was shared out badly");
                self.made.extend(ids);
            }
            Err(Error::Refused { code: "insufficientStock", details, .. }) => {
                assert!(!may, "{act:?} was to be reserved");
                let short = next.short(lots, now) - self.naive.short(lots, now);
                assert!(
                    details.contains(&("short", Quantity(short * ONE_E6).into())),
                    "{act:?}: {details:?}, not {short}"
                );
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}
