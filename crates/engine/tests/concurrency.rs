//! Many at once, through one engine and through two on the same database: nothing is lost, nothing happens
//! twice, and no rule is broken in between.

mod floor;
mod support;

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use floor::{House, OnEngine, catalog, engine_on, journal_of, verify};
use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::{BookingId, EntryId, JournalId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    Action, ActionKind, ChangeCosting, CreateVoucher, Execute, Reach, RemoveEntry, Reverse, ReverseWhat, VoucherCreated,
};
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::thing::setting::ChangeSetting;
use lotbook_engine::thing::{ChangeRecord, Reference, Value, kinds};
use lotbook_engine::write::{Change, Command, Request, Tx};
use lotbook_engine::{Arg, Error, Store, settle, table};
use lotbook_story::random::{Line, booking, build, time};
use lotbook_story::{Booking, Entry, Floor, Question, Thing};
use support::TestDb;

const THREADS: usize = 16;

/// A house with as many running engines on its database as it says.
struct Crowd {
    houses: Vec<House>,
    floor: OnEngine,
}

impl Crowd {
    fn new(database: &TestDb, engines: usize, forbids: bool) -> Self {
        let open = || engine_on(Store::open(database.url()).expect("the database opens again"));
        let engines: Vec<_> = (0..engines).map(|_| open()).collect();
        let house = House::found(&engines[0], 1);
        let mut floor = OnEngine::new(house.clone(), true);
        build(&mut floor, forbids);
        let houses: Vec<House> =
            engines.iter().map(|engine| House { engine: Arc::clone(engine), tenant: house.tenant }).collect();
        for house in &houses {
            house.engine.start();
        }
        Self { houses, floor }
    }

    fn house(&self, thread: usize) -> House {
        self.houses[thread % self.houses.len()].clone()
    }

    /// Runs `work` in every thread; answers what each came to.
    fn all<T: Send>(&self, work: impl Fn(usize, House) -> T + Sync) -> Vec<T> {
        std::thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let house = self.house(thread);
                    scope.spawn(move || work(thread, house))
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
        })
    }

    fn stop(&self) {
        for house in &self.houses {
            house.engine.stop();
        }
    }

    fn drafts(&self, kind: JournalKind, lines: &[Line]) -> Vec<EntryDraft> {
        self.floor.drafts(&booking(kind, lines))
    }
}

fn each(test: impl Fn(&str, &TestDb, usize)) {
    for engines in [1, 2] {
        for (name, database) in support::databases() {
            test(&format!("{name}, {engines} engines"), &database, engines);
        }
    }
}

fn line(halves: i64, minute: i64) -> Line {
    Line { product: 0, place: 0, halves, cents: Some(100), minute, lot: 0, party: 0 }
}

#[test]
fn voucher_numbers_are_unique_and_a_series_is_used_up_to_the_last() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        let long = journal_of(JournalKind::Delivery, false);
        let short = journal_of(JournalKind::Complaint, false);
        catalog::series(&crowd.houses[0], short.0, 501, 550);
        let numbers: Vec<i64> = crowd
            .all(|_, house| {
                let number = |_| house.create_voucher(long).expect("a voucher can be made").number;
                (0..12).map(number).collect::<Vec<_>>()
            })
            .concat();
        assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), THREADS * 12, "{name}");
        assert!(numbers.iter().all(|number| *number >= 1_000_000_000), "{name}");
        let attempts = crowd.all(|_, house| (0..4).map(|_| house.create_voucher(short)).collect::<Vec<_>>());
        let mut found = BTreeSet::new();
        for attempt in attempts.into_iter().flatten() {
            match attempt {
                Ok(voucher) => assert!(found.insert(voucher.number), "{name}: {} twice", voucher.number),
                Err(Error::Refused { code: "seriesExhausted", .. }) => {}
                Err(other) => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(found, (501..=550).collect(), "{name}");
        // Whoever was refused, tried again or only asked has used up none of what it is widened by.
        let house = crowd.house(0);
        catalog::widen(&house, 553);
        let make = |request: Request| {
            let command = CreateVoucher { journal: short, ..CreateVoucher::default() };
            let answer = house.engine.run(request, Command::CreateVoucher(command)).expect("three are left");
            serde_json::from_str::<VoucherCreated>(&answer).expect("the answer is JSON").number
        };
        assert_eq!(make(Request { dry_run: true, ..house.request() }), 551, "{name}");
        let tries = [(); 3].map(|()| make(house.keyed("the same", "voucher")));
        assert_eq!(tries, [551; 3], "{name}");
        assert_eq!([make(house.request()), make(house.request())], [552, 553], "{name}");
        crowd.stop();
    });
}

#[test]
fn a_hot_key_never_falls_below_zero() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, true);
        let journal = journal_of(JournalKind::Delivery, true);
        let supply = 600;
        let voucher = crowd.houses[0].create_voucher(journal).expect("a voucher can be made").id;
        let receipts = crowd.drafts(JournalKind::Delivery, &[line(supply, 0)]);
        let house = &crowd.houses[0];
        let created = house.create_entries(house.request(), voucher, receipts).expect("it is booked");
        assert_eq!(created.booking.map(|booking| booking.state), Some(BookingState::Booked), "{name}");
        let shipped: i64 = crowd
            .all(|thread, house| {
                let mut shipped = 0;
                for round in 0..10 {
                    // In all, more is wanted than there is; some of it earlier than what was taken already.
                    let halves = 2 + (thread as i64 * 7 + round * 3) % 9;
                    let drafts = crowd.drafts(JournalKind::Delivery, &[line(-halves, 1 + (round * 13) % 7)]);
                    let voucher = house.create_voucher(journal).expect("a voucher can be made").id;
                    let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
                    let booking = created.booking.expect("the journal books by itself");
                    match booking.state {
                        BookingState::Booked => shipped += halves,
                        BookingState::Rejected => {
                            assert_eq!(booking.faults[0].code, "insufficientStock", "{name}");
                        }
                        BookingState::Waiting => panic!("{name}: a small booking does not wait"),
                    }
                }
                shipped
            })
            .iter()
            .sum();
        assert!(shipped <= supply && shipped > supply - 11, "{name}: {shipped} of {supply} were shipped");
        crowd.stop();
        let left: i64 =
            crowd.floor.standing().iter().filter(|((kind, _), _)| kind.0 == 1).map(|(_, left)| left.0).sum();
        assert_eq!(left, (supply - shipped) * 500_000, "{name}");
        verify::verify(&crowd.houses[0]);
    });
}

/// Asks for bookings until nothing waits any more.
fn book_the_rest(house: &House, journal: JournalId) {
    let began = Instant::now();
    while house.entries_waiting(journal) > 0 {
        if began.elapsed() > Duration::from_secs(20) {
            let newest = house.read(|conn| table::booking::page(conn, house.tenant, Some(journal), i64::MAX, 3));
            panic!("bookings do not end: {newest:?}");
        }
        match house.request_booking(journal) {
            Ok(_) | Err(Error::Refused { code: "bookingInProgress", .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn bookings_asked_for_from_all_sides_end_exactly_once() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        let journals = [JournalKind::Delivery, JournalKind::InternalUse].map(|kind| journal_of(kind, false));
        let removed = AtomicI64::new(0);
        let created: i64 = crowd
            .all(|thread, house| {
                let kind = if thread % 2 == 0 { JournalKind::Delivery } else { JournalKind::InternalUse };
                let journal = journal_of(kind, false);
                let mut created = 0;
                for round in 0..6 {
                    let lines: Vec<Line> = (0..5)
                        .map(|at| Line { product: (thread + at) % 2, ..line(1 + at as i64, round * 10 + at as i64) })
                        .collect();
                    let drafts = crowd.drafts(kind, &lines);
                    let voucher = house.create_voucher(journal).expect("a voucher can be made").id;
                    let entries = house.create_entries(house.request(), voucher, drafts).expect("they are kept");
                    created += entries.count;
                    if round % 2 == 0 {
                        // One is taken back, unless a booking has it.
                        let remove = RemoveEntry { entry: EntryId(entries.first + 2), reach: Reach::All };
                        match house.engine.change(house.request(), remove) {
                            Ok(_) => _ = removed.fetch_add(1, Ordering::Relaxed),
                            Err(Error::NotFound { .. } | Error::Refused { code: "bookingInProgress", .. }) => {}
                            Err(other) => panic!("{name}: {other:?}"),
                        }
                    }
                    match house.request_booking(journal) {
                        Ok(outcome) => assert_eq!(outcome.state, BookingState::Waiting, "{name}"),
                        Err(Error::Refused { code: "bookingInProgress", details, .. }) => {
                            assert_eq!(details[0].0, "requisitionId", "{name}");
                        }
                        Err(other) => panic!("{name}: {other:?}"),
                    }
                }
                created
            })
            .iter()
            .sum();
        for journal in journals {
            book_the_rest(&crowd.houses[0], journal);
        }
        crowd.stop();
        let movements = verify::verify(&crowd.houses[0]);
        let entries: HashSet<_> = movements.iter().map(|(_, movement)| movement.entry).collect();
        let expected = created - removed.load(Ordering::Relaxed);
        assert_eq!(movements.len() as i64, expected, "{name}");
        assert_eq!(entries.len(), movements.len(), "{name}: an entry was booked twice");
    });
}

#[test]
fn an_instance_that_many_receive_comes_to_one_place() {
    each(|name, database, engines| {
        let mut crowd = Crowd::new(database, engines, false);
        let places: Vec<String> = (0..THREADS).map(|at| format!("SHELF{at}")).collect();
        for place in &places {
            crowd.floor.define(&Thing::Location {
                name: place.clone(),
                parent: None,
                allow_negative: None,
                is_default: false,
                lot_use: lotbook_domain::location::LotUse::default(),
            });
        }
        let journal = journal_of(JournalKind::Delivery, true);
        for instance in ["SN1", "SN2", "SN3"] {
            let received = crowd.all(|thread, house| {
                let entry = Entry {
                    place: places[thread].clone(),
                    instances: Some(vec![instance.to_owned()]),
                    ..Line { product: 3, ..line(2, 5) }.entry(JournalKind::Delivery)
                };
                let drafts = crowd.floor.drafts(&Booking { kind: JournalKind::Delivery, entries: vec![entry] });
                let voucher = house.create_voucher(journal).expect("a voucher can be made").id;
                let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
                created.booking.expect("the journal books by itself").state == BookingState::Booked
            });
            assert_eq!(received.iter().filter(|received| **received).count(), 1, "{name}: {instance}");
        }
        crowd.stop();
        verify::verify(&crowd.houses[0]);
    });
}

/// A booking of the worker's, decided on a snapshot where the database has one, against small ones that
/// change the same keys meanwhile.
#[test]
fn a_large_booking_and_small_ones_on_its_keys_add_up() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, true);
        let large = journal_of(JournalKind::Delivery, false);
        let small = journal_of(JournalKind::Delivery, true);
        let house = &crowd.houses[0];
        let receipts = crowd.drafts(JournalKind::Delivery, &[line(4_000, 0)]);
        let voucher = house.create_voucher(small).expect("a voucher can be made").id;
        house.create_entries(house.request(), voucher, receipts).expect("it is booked");
        let done = AtomicBool::new(false);
        let shipped = crowd.all(|thread, house| {
            if thread == 0 {
                let mut shipped = 0;
                for round in 0..3 {
                    let lines: Vec<Line> = (0..800).map(|at| line(-1, 10 + round * 1_000 + at)).collect();
                    let drafts = crowd.drafts(JournalKind::Delivery, &lines);
                    let voucher = house.create_voucher(large).expect("a voucher can be made").id;
                    house.create_entries(house.request(), voucher, drafts).expect("they are kept");
                    let booking = house.request_booking(large).expect("nothing runs in this journal");
                    let began = Instant::now();
                    let state = loop {
                        let state = house.booking(booking.id).state;
                        if state != BookingState::Waiting {
                            break state;
                        }
                        assert!(began.elapsed() < Duration::from_mins(1), "{name}: the booking does not end");
                        std::thread::sleep(Duration::from_millis(5));
                    };
                    assert_eq!(state, BookingState::Booked, "{name}");
                    shipped += 800;
                }
                done.store(true, Ordering::Relaxed);
                return shipped;
            }
            let mut shipped = 0;
            while !done.load(Ordering::Relaxed) && shipped < 100 && thread < 4 {
                let drafts = crowd.drafts(JournalKind::Delivery, &[line(-1, 5 + shipped % 5_000)]);
                let voucher = house.create_voucher(small).expect("a voucher can be made").id;
                let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
                assert_eq!(created.booking.map(|booking| booking.state), Some(BookingState::Booked), "{name}");
                shipped += 1;
            }
            shipped
        });
        crowd.stop();
        let left: i64 =
            crowd.floor.standing().iter().filter(|((kind, _), _)| kind.0 == 1).map(|(_, left)| left.0).sum();
        assert_eq!(left, (4_000 - shipped.iter().sum::<i64>()) * 500_000, "{name}");
        verify::verify(&crowd.houses[0]);
    });
}

impl Crowd {
    /// Books one line at once.
    fn book(&self, house: &House, kind: JournalKind, line: Line) -> BookingState {
        let voucher = house.create_voucher(journal_of(kind, true)).expect("a voucher can be made").id;
        let created =
            house.create_entries(house.request(), voucher, self.drafts(kind, &[line])).expect("it is decided");
        created.booking.expect("the journal books by itself").state
    }
}

/// What was counted at a time stood there then, whatever was booked meanwhile and dated before or after it.
#[test]
fn what_is_counted_while_goods_leave_stays_true() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        assert_eq!(crowd.book(&crowd.houses[0], JournalKind::Delivery, line(1_000, 0)), BookingState::Booked);
        crowd.all(|thread, house| {
            let thread = thread as i64;
            for round in 0..6 {
                // Counts at odd minutes, deliveries at even ones.
                let state = if thread % 4 == 0 {
                    let at = 1 + 2 * (thread * 6 + round);
                    crowd.book(&house, JournalKind::Settlement, line(200 + thread * 10 + round, at))
                } else {
                    let at = 2 * ((thread * 37 + round * 11) % 100);
                    crowd.book(&house, JournalKind::Delivery, line(-1 - round % 2, at))
                };
                assert_eq!(state, BookingState::Booked, "{name}");
            }
        });
        crowd.stop();
        let Crowd { houses, mut floor } = crowd;
        let counts = houses[0].read(|conn| {
            let sql = "select effective_at, counted from stock_count where tenant = $1 order by effective_at";
            let tenant = [Arg::Int(houses[0].tenant.0)];
            conn.query(sql, &tenant, |row| Ok((Time(row.int(0)?), Quantity(row.int(1)?))))
        });
        assert_eq!(counts.len(), THREADS / 4 * 6, "{name}");
        for (at, counted) in counts {
            let question = Question {
                product: "PLAIN".to_owned(),
                variant: None,
                lot: None,
                place: "COLD".to_owned(),
                as_of: Some(at),
                known_at: None,
            };
            assert_eq!(floor.balance(&question).0, counted, "{name}: at {at}");
        }
        verify::verify(&houses[0]);
    });
}

/// Two servers number their batches from leases of their own: what was known when somebody counted is told by the order
/// of the ledger, not by these numbers.
#[test]
fn what_a_count_knew_is_told_by_the_order_of_the_ledger() {
    for (name, database) in support::databases() {
        let crowd = Crowd::new(&database, 2, false);
        let [low, high] = [0, 1].map(|at| {
            let house = crowd.house(at);
            assert_eq!(crowd.book(&house, JournalKind::Delivery, line(2, 0)), BookingState::Booked, "{name}");
            house
        });
        let book = |house: &House, kind: JournalKind, line: Line| {
            let voucher = house.create_voucher(journal_of(kind, true)).expect("a voucher can be made").id;
            let created = house.create_entries(house.request(), voucher, crowd.drafts(kind, &[line]));
            BookingId(created.expect("it is decided").booking.expect("the journal books by itself").id)
        };
        let undo = |booking: BookingId| {
            let (reason, reach) = ("told so".to_owned(), Reach::All);
            let undo = Reverse { what: ReverseWhat::Booking(booking, None), rest: false, at: None, reason, reach };
            low.engine.change(low.request(), undo).expect("it is undone");
        };
        // Counted by the one with the higher numbers; what the other one learns of that instant comes after it.
        book(&high, JournalKind::Settlement, line(20, 10));
        let after = book(&low, JournalKind::Delivery, line(6, 10));
        undo(after);
        // Received there by the one with the higher numbers, and then counted by the other one, who knew of it.
        let before = book(&high, JournalKind::Delivery, line(6, 20));
        book(&low, JournalKind::Settlement, line(30, 20));
        undo(before);
        crowd.stop();
        let batches = low.read(|conn| {
            let sql = "select batch from header where tenant = $1 order by position";
            conn.query(sql, &[Arg::Int(low.tenant.0)], |row| row.int(0))
        });
        assert!(!batches.is_sorted(), "{name}: {batches:?} are in the order of the ledger, so this shows nothing");
        let Crowd { houses, mut floor } = crowd;
        let mut stood = |minute: i64| {
            let (product, place) = ("PLAIN".to_owned(), "COLD".to_owned());
            let as_of = Some(time(minute));
            floor.balance(&Question { product, variant: None, lot: None, place, as_of, known_at: None }).0
        };
        assert_eq!(stood(10), Quantity(10 * ONE_E6), "{name}: what came after the count was undone");
        assert_eq!(stood(20), Quantity(15 * ONE_E6), "{name}: what was counted is there");
        verify::verify(&houses[0]);
    }
}

/// A shelf is counted as empty while instances that nobody has named yet turn up as received there before: whoever comes
/// first, nothing stood there when it was counted. A count that nobody counts anew is undone meanwhile.
#[test]
fn a_set_that_is_counted_while_instances_turn_up_stays_true() {
    const ROUNDS: usize = 5;
    each(|name, database, engines| {
        let mut crowd = Crowd::new(database, engines, false);
        let instance = |thread: usize, round: usize| format!("NEW{thread}-{round}");
        for (thread, round) in (0..THREADS).flat_map(|thread| (0..ROUNDS).map(move |round| (thread, round))) {
            let name = instance(thread, round);
            crowd.floor.define(&Thing::Instance { product: "PHONE".to_owned(), name, cost: None });
        }
        let book = |house: &House, kind: JournalKind, entry: Entry| {
            let voucher = house.create_voucher(journal_of(kind, true)).expect("a voucher can be made").id;
            let drafts = crowd.floor.drafts(&Booking { kind, entries: vec![entry] });
            let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
            let booked = created.booking.expect("the journal books by itself");
            assert_eq!(booked.state, BookingState::Booked, "{name}");
            BookingId(booked.id)
        };
        let empty = |at: i64| Entry {
            count: Quantity::ZERO,
            instances: Some(Vec::new()),
            ..Line { product: 3, ..line(0, at) }.entry(JournalKind::Settlement)
        };
        let counted_by = |thread: usize| thread == 0;
        let together = Barrier::new(THREADS);
        crowd.all(|thread, house| {
            for round in 0..ROUNDS {
                // All at minutes of the round: received at its first, counted at its second and, to be undone, its third.
                let at = 10 * round as i64;
                together.wait();
                if counted_by(thread) {
                    book(&house, JournalKind::Settlement, empty(at + 1));
                    let wrong = book(&house, JournalKind::Settlement, empty(at + 2));
                    let (reason, reach) = ("another shelf".to_owned(), Reach::All);
                    let undo =
                        Reverse { what: ReverseWhat::Booking(wrong, None), rest: false, at: None, reason, reach };
                    house.engine.change(house.request(), undo).expect("a count is undone");
                } else {
                    let instances = Some(vec![instance(thread, round)]);
                    let received = Line { product: 3, ..line(2, at) }.entry(JournalKind::Delivery);
                    book(&house, JournalKind::Delivery, Entry { instances, ..received });
                }
            }
        });
        crowd.stop();
        let Crowd { houses, mut floor } = crowd;
        let mut stood = |minute: usize| {
            let (product, place) = ("PHONE".to_owned(), "COLD".to_owned());
            let as_of = Some(time(minute as i64));
            floor.balance(&Question { product, variant: None, lot: None, place, as_of, known_at: None }).0
        };
        let received = (0..THREADS).filter(|thread| !counted_by(*thread)).count() as i64;
        for round in 0..ROUNDS {
            assert_eq!(stood(10 * round), Quantity(received * ONE_E6), "{name}: received in round {round}");
            assert_eq!(stood(10 * round + 1), Quantity::ZERO, "{name}: counted in round {round}");
            assert_eq!(stood(10 * round + 2), Quantity::ZERO, "{name}: after the count of round {round}");
        }
        verify::verify(&houses[0]);
    });
}

/// Goods are sold before they are received, and received with dates of before, while the workers of every engine
/// settle what waits: values come to the definition.
#[test]
fn values_are_settled_beside_those_who_write() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        crowd.all(|thread, house| {
            for round in 0..8 {
                let n = thread as i64 * 8 + round;
                let found = Line {
                    product: [0, 1, 4][thread % 3],
                    place: (n % 3) as usize,
                    halves: if round % 2 == 0 { -3 } else { 5 },
                    cents: Some(100 + n),
                    minute: (n * 61) % 1_000,
                    lot: 0,
                    party: 0,
                };
                assert_eq!(crowd.book(&house, JournalKind::Delivery, found), BookingState::Booked, "{name}");
                if round % 4 == 3 {
                    let moved = Line { halves: 2, minute: (n * 17) % 1_000, ..found };
                    let back = Line { halves: -2, place: found.place + 1, ..moved };
                    for end in [back, moved] {
                        let state = crowd.book(&house, JournalKind::InternalTransfer, end);
                        assert_eq!(state, BookingState::Booked, "{name}");
                    }
                }
            }
        });
        let house = &crowd.houses[0];
        let began = Instant::now();
        while !house.read(|conn| settle::waiting(conn, 1)).is_empty() {
            assert!(began.elapsed() < Duration::from_mins(1), "{name}: values wait for ever");
            std::thread::sleep(Duration::from_millis(10));
        }
        crowd.stop();
        let settlements = house.read(|conn| {
            let sql = "select count(*) from header where tenant = $1 and kind = 4";
            Ok(conn.one(sql, &[Arg::Int(house.tenant.0)], |row| row.int(0))?.unwrap_or(0))
        });
        assert!(settlements > 0, "{name}: nobody settled");
        verify::verify(house);
    });
}

/// Long histories are settled on a snapshot, while others post to the same pools, later than all and earlier.
#[test]
fn what_is_learned_while_a_snapshot_is_replayed_is_not_lost() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        let lines: Vec<Line> = (0..150).map(|at| line(if at % 3 == 0 { 9 } else { -4 }, at * 5)).collect();
        let house = &crowd.houses[0];
        let voucher = house.create_voucher(journal_of(JournalKind::Delivery, true)).expect("a voucher can be made").id;
        let drafts = crowd.drafts(JournalKind::Delivery, &lines);
        house.create_entries(house.request(), voucher, drafts).expect("it is booked");
        let writing = AtomicI64::new(THREADS as i64 - 2);
        let settled: usize = crowd
            .all(|thread, house| {
                let mut settled = 0;
                if thread < 2 {
                    // The engine's own worker may be faster each time, on a busy machine until all is written.
                    for round in 0.. {
                        if writing.load(Ordering::Relaxed) == 0 {
                            if settled > 0 || round > 1_000 {
                                break;
                            }
                            let late = Line { cents: Some(100 + round), ..line(1, round % 700) };
                            assert_eq!(crowd.book(&house, JournalKind::Delivery, late), BookingState::Booked, "{name}");
                        }
                        for circle in house.read(|conn| settle::waiting(conn, 10)) {
                            let done = settle::settle_beyond(&house.engine, circle, 0).expect("it is settled");
                            settled += usize::from(done.looked_at > 0);
                        }
                    }
                    return settled;
                }
                for round in 0..6 {
                    let n = thread as i64 * 6 + round;
                    let (later, earlier) = (1_000 + n * 7, (n * 61) % 700);
                    let minute = if n % 3 == 0 { earlier } else { later };
                    let found = Line { cents: Some(100 + n), ..line(if n % 2 == 0 { 7 } else { -6 }, minute) };
                    assert_eq!(crowd.book(&house, JournalKind::Delivery, found), BookingState::Booked, "{name}");
                }
                writing.fetch_sub(1, Ordering::Relaxed);
                settled
            })
            .into_iter()
            .sum();
        assert!(settled > 0, "{name}: nothing was settled on a snapshot");
        crowd.stop();
        settle::settle_all(&house.engine).expect("it is settled");
        verify::verify(house);
    });
}

/// How often PostgreSQL had to end a circle of transactions that waited for one another in a database. The engines on
/// it have to be gone, since a connection tells of it when it ends.
fn deadlocks(database: &TestDb) -> i64 {
    let sql = "select deadlocks from pg_stat_database where datname = current_database()";
    let store = Store::open(database.url()).expect("the database opens again");
    store.read(|conn| conn.one(sql, &[], |row| row.int(0))).expect("it can be counted").unwrap_or(0)
}

/// Who books, who says how a product is valued, and who settles it and tells what was made of it take the same locks in
/// the same order: nobody waits in a circle.
#[test]
fn nobody_waits_in_a_circle() {
    for engines in [1, 2] {
        let Some(server) = support::postgres_server() else { return };
        let database = TestDb::postgres(&server);
        database.migrate(Time(0)).expect("the schema is made");
        let crowd = Crowd::new(&database, engines, false);
        let place = crowd.floor.names.places["COLD"];
        let products = ["PLAIN", "COSTLY"].map(|name| crowd.floor.names.products[name]);
        crowd.all(|thread, house| {
            for round in 0..6_i64 {
                let n = thread as i64 * 6 + round;
                match thread % 4 {
                    // The record of a product says it too.
                    0 if round % 2 == 1 => {
                        let method = ["fifo", "average"][(round / 2) as usize % 2];
                        let said = ChangeRecord {
                            kind: &kinds::PRODUCTS,
                            reference: Reference::Id(products[thread / 4 % 2].0),
                            patch: vec![("costing".to_owned(), Value::Text(method.to_owned()))],
                            version: None,
                        };
                        house.engine.change(house.request(), said).expect("it can be said");
                    }
                    0 => {
                        let said = ChangeCosting {
                            product: products[thread / 4 % 2],
                            standard: Some(UnitCost(1_000_000 + n * 10_000)),
                            at: Some(time((n * 13) % 500)),
                            reason: "it costs more".to_owned(),
                            ..ChangeCosting::default()
                        };
                        house.engine.change(house.request(), said).expect("it can be said");
                    }
                    // Each is made of the other, beyond stock, so that what is made of it is told.
                    1 | 2 => {
                        let (of, to) = (products[round as usize % 2], products[(round as usize + 1) % 2]);
                        let action = Action {
                            kind: Some(ActionKind::Run(RunKind::Produce)),
                            quantity: Some(Quantity(ONE_E6)),
                            product: Some(to),
                            secondary_product: Some(of),
                            from: Some(place),
                            to: Some(place),
                            started_at: Some(time((n * 29) % 500)),
                            ..Action::default()
                        };
                        let made = Execute { actions: vec![action], reach: Reach::All };
                        house.engine.change(house.request(), made).expect("it is made");
                    }
                    _ => {
                        let found =
                            Line { product: round as usize % 2, cents: Some(100 + n), ..line(3, (n * 61) % 500) };
                        assert_eq!(crowd.book(&house, JournalKind::Delivery, found), BookingState::Booked);
                    }
                }
            }
        });
        crowd.stop();
        settle::settle_all(&crowd.houses[0].engine).expect("it is settled");
        verify::verify(&crowd.houses[0]);
        drop(crowd);
        assert_eq!(deadlocks(&database), 0, "{engines} engines");
    }
}

/// Somebody forbids negative stock and allows it again while others sell what is not there: what is booked behind a word
/// was decided by it.
#[test]
fn nothing_stands_behind_a_setting_that_forbids_it() {
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        let is_selling = AtomicBool::new(true);
        let outcomes = crowd.all(|thread, house| {
            if thread == 0 {
                for turn in 0.. {
                    let word = if turn % 2 == 0 { "forbid" } else { "allow" };
                    let said = ChangeSetting {
                        key: "negativeStock".to_owned(),
                        value: Value::Text(word.to_owned()),
                        org_unit: None,
                    };
                    house.engine.change(house.request(), said).expect("it can be said");
                    if !is_selling.load(Ordering::Relaxed) {
                        break;
                    }
                }
                return (0, 0);
            }
            let mut outcomes = (0, 0);
            for round in 0..12 {
                let sold = Line { product: thread % 2, ..line(-1, (thread as i64 * 12 + round) % 60) };
                match crowd.book(&house, JournalKind::Delivery, sold) {
                    BookingState::Booked => outcomes.0 += 1,
                    _ => outcomes.1 += 1,
                }
            }
            if thread == THREADS - 1 {
                is_selling.store(false, Ordering::Relaxed);
            }
            outcomes
        });
        crowd.stop();
        let (booked, rejected) = outcomes.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        assert_eq!(booked + rejected, (THREADS - 1) * 12, "{name}: each was decided");
        settle::settle_all(&crowd.houses[0].engine).expect("it is settled");
        verify::verify(&crowd.houses[0]);
    });
}

/// Much is sold in one org unit by one booking, and while that is being written, some of it comes back in another: the
/// two have no account in common, and still what came back ends up worth what was sold.
#[test]
fn what_comes_back_elsewhere_while_it_is_being_sold_is_worth_what_was_sold() {
    const SOLD: i64 = 1_500;
    each(|name, database, engines| {
        let crowd = Crowd::new(database, engines, false);
        // What is sold arrives with the same booking: its pool is not there before, so nobody can wait for it.
        let received = Line { product: 1, place: 2, cents: Some(500), ..line(4_000, 0) };
        assert_eq!(crowd.book(&crowd.houses[0], JournalKind::Delivery, received), BookingState::Booked);
        // Invoice 1 is sold first, and each of the others later than what came back of the one before.
        let drafts_of = |lines: &[Line], document: &dyn Fn(usize) -> i64, is_return: bool| {
            let mut asked = booking(JournalKind::Delivery, lines);
            for (at, entry) in asked.entries.iter_mut().enumerate() {
                entry.customer = Some("ANNA".to_owned());
                let document = Some(("invoice".to_owned(), document(at)));
                if is_return { entry.credit_note = document } else { entry.external = document }
            }
            crowd.floor.drafts(&asked)
        };
        let (done, asked) = (AtomicBool::new(false), AtomicI64::new(0));
        // What comes back is to meet a booking that is decided and not yet there for others.
        let is_decided = || {
            let id = BookingId(asked.load(Ordering::Relaxed));
            let progress = crowd.houses.iter().find_map(|house| house.engine.progress(house.tenant, id));
            progress.is_some_and(|progress| progress.done * 2 >= progress.total && progress.total > 0)
        };
        let came_back: i64 = crowd
            .all(|thread, house| {
                if thread == 0 {
                    let arrives = Line { product: 1, cents: Some(300), ..line(2 * SOLD, 0) };
                    let sold = (0..SOLD).map(|at| Line { product: 1, cents: None, ..line(-2, 10 * at + 10) });
                    let lines: Vec<Line> = std::iter::once(arrives).chain(sold).collect();
                    let large = journal_of(JournalKind::Delivery, false);
                    let voucher = house.create_voucher(large).expect("a voucher can be made").id;
                    let drafts = drafts_of(&lines, &|at| at as i64, false);
                    house.create_entries(house.request(), voucher, drafts).expect("they are kept");
                    let booking = house.request_booking(large).expect("nothing runs in this journal");
                    asked.store(booking.id, Ordering::Relaxed);
                    let began = Instant::now();
                    while house.booking(booking.id).state == BookingState::Waiting {
                        assert!(began.elapsed() < Duration::from_mins(1), "{name}: the booking does not end");
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    assert_eq!(house.booking(booking.id).state, BookingState::Booked, "{name}");
                    done.store(true, Ordering::Relaxed);
                }
                while thread == 1 && !is_decided() && !done.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                let mut returned = 0;
                while thread == 1 && returned < SOLD && !done.load(Ordering::Relaxed) {
                    let back = Line { product: 1, place: 2, cents: None, ..line(2, 10 * returned + 15) };
                    let drafts = drafts_of(&[back], &|_| returned + 1, true);
                    let small = journal_of(JournalKind::Delivery, true);
                    let voucher = house.create_voucher(small).expect("a voucher can be made").id;
                    let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
                    assert_eq!(created.booking.map(|booking| booking.state), Some(BookingState::Booked), "{name}");
                    returned += 1;
                }
                returned
            })
            .into_iter()
            .sum();
        let house = &crowd.houses[0];
        let began = Instant::now();
        while !house.read(|conn| settle::waiting(conn, 1)).is_empty() {
            assert!(began.elapsed() < Duration::from_mins(1), "{name}: values wait for ever");
            std::thread::sleep(Duration::from_millis(10));
        }
        crowd.stop();
        verify::verify(house);
        let standing = crowd.floor.standing();
        let south = standing.iter().find(|((key, place), _)| key.0 == 2 && place.contains("SOUTH"));
        let worth = south.map(|(_, (_, worth))| *worth);
        assert_eq!(worth, Some((2_000 * 500 + came_back * 300) * 10_000), "{name}: {came_back}, {standing:?}");
    });
}

/// Waits until a statement that begins like that waits for a lock.
fn await_blocked(client: &mut postgres::Client, begins: &str) {
    let began = Instant::now();
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' \
               and starts_with(query, $1)";
    while client.query_one(sql, &[&begins]).expect("it can be asked").get::<_, i64>(0) == 0 {
        assert!(began.elapsed() < Duration::from_mins(1), "nothing that begins with {begins} waits");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A sale is decided in one transaction, which is held up before it is written; what comes back of it elsewhere is
/// booked and settled meanwhile in others. The pool of the sale comes to be with it, so nobody could wait for that: it
/// sees what came back, and what came back is worth what was sold.
#[test]
fn a_sale_that_is_written_after_what_came_back_of_it_tells_that_pool() {
    let Some(server) = support::postgres_server() else { return };
    let database = TestDb::postgres(&server);
    database.migrate(Time(0)).expect("the schema is made");
    let crowd = Crowd::new(&database, 2, false);
    let received = Line { product: 1, place: 2, cents: Some(500), ..line(40, 0) };
    assert_eq!(crowd.book(&crowd.houses[0], JournalKind::Delivery, received), BookingState::Booked);
    settle::settle_all(&crowd.houses[0].engine).expect("it is settled");
    let book = |house: &House, drafts: Vec<EntryDraft>| {
        let voucher = house.create_voucher(journal_of(JournalKind::Delivery, true)).expect("a voucher can be made").id;
        let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
        assert_eq!(created.booking.map(|booking| booking.state), Some(BookingState::Booked));
    };
    let invoice = || Some(("invoice".to_owned(), 7));
    // What arrives makes a lot, and that is written after everything is decided.
    let arrives = Line { product: 2, lot: 1, ..line(2, 0) };
    let bought = Line { product: 1, cents: Some(300), ..line(20, 0) };
    let sold = Line { product: 1, cents: None, ..line(-4, 10) };
    let mut sale = booking(JournalKind::Delivery, &[bought, sold, arrives]);
    (sale.entries[1].customer, sale.entries[1].external) = (Some("ANNA".to_owned()), invoice());
    let mut back = booking(JournalKind::Delivery, &[Line { product: 1, place: 2, cents: None, ..line(4, 20) }]);
    (back.entries[0].customer, back.entries[0].credit_note) = (Some("ANNA".to_owned()), invoice());
    let (sale, back) = (crowd.floor.drafts(&sale), crowd.floor.drafts(&back));
    let mut watcher = postgres::Client::connect(database.url(), postgres::NoTls).expect("the server answers");
    let mut holder = postgres::Client::connect(database.url(), postgres::NoTls).expect("the server answers");
    std::thread::scope(|scope| {
        let mut held = holder.transaction().expect("it begins");
        held.batch_execute("lock table lot in share mode").expect("it is locked");
        let selling = scope.spawn(|| book(&crowd.houses[0], sale));
        await_blocked(&mut watcher, "insert into lot ");
        book(&crowd.houses[1], back);
        settle::settle_all(&crowd.houses[1].engine).expect("it is settled");
        held.rollback().expect("it is let go");
        selling.join().expect("it is sold");
    });
    settle::settle_all(&crowd.houses[0].engine).expect("it is settled");
    crowd.stop();
    verify::verify(&crowd.houses[0]);
    let standing = crowd.floor.standing();
    let south = standing.iter().find(|((key, place), _)| key.0 == 2 && place.contains("SOUTH"));
    assert_eq!(south.map(|(_, (_, worth))| *worth), Some(106_000_000), "20 at 5.00 and 2 at 3.00: {standing:?}");
}

/// What one of several that share a commit does, or fails to do.
struct Act(fn(&mut Tx<'_>) -> Result<String, Error>);

impl Change for Act {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        (self.0)(tx)
    }

    fn may_share(&self) -> bool {
        true
    }
}

#[test]
fn a_fault_of_ours_in_one_request_is_nobody_elses() {
    for (name, database) in support::databases() {
        let crowd = Crowd::new(&database, 1, false);
        let house = crowd.house(0);
        let (sender, receiver) = channel();
        let submit = |no: usize, act: fn(&mut Tx<'_>) -> Result<String, Error>| {
            let sender = sender.clone();
            let command = Command::Change(Box::new(Act(act)));
            house.engine.submit(house.request(), command, move |answer| {
                sender.send((no, answer)).expect("somebody waits for it");
            });
        };
        // While the writers are held up, the others gather behind them.
        let hold = |_: &mut Tx<'_>| {
            std::thread::sleep(Duration::from_millis(200));
            Ok("held".to_owned())
        };
        submit(0, hold);
        submit(1, hold);
        std::thread::sleep(Duration::from_millis(50));
        submit(2, |tx| {
            tx.audit("before", "it".to_owned(), None);
            Ok("before".to_owned())
        });
        submit(3, |_| panic!("a fault that a test makes"));
        submit(4, |tx| {
            tx.audit("after", "it".to_owned(), None);
            Ok("after".to_owned())
        });
        let mut answers: Vec<_> = (0..5).map(|_| receiver.recv().expect("every request is answered")).collect();
        answers.sort_by_key(|(no, _)| *no);
        let told: Vec<_> = answers.iter().map(|(_, answer)| answer.as_deref().unwrap_or("failed")).collect();
        assert_eq!(told, ["held", "held", "before", "failed", "after"], "{name}");
        let noted = house.read(|conn| {
            conn.query(
                "select action from audit where tenant = $1 and subject = 'it' order by action",
                &[Arg::Int(house.tenant.0)],
                |row| row.text(0),
            )
        });
        assert_eq!(noted, ["after", "before"], "{name}: each is done once");
        crowd.stop();
    }
}
