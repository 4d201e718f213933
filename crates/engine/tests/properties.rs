//! The engine, which reads only what it needs, against the domain in memory, which holds everything.

mod floor;
mod found;
mod production;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::money::Amount;
use lotbook_engine::growth::MEASURED_AFTER;
use lotbook_engine::query::report::Ask;
use lotbook_engine::{Engine, Error, Store, settle};
use lotbook_story::memory::Memory;
use lotbook_story::random::promise::{Course, promising};
use lotbook_story::random::{Act, Line, PRODUCTS, booking, build, close, dense, history, lapsing, say, steady, time};
use lotbook_story::{Floor, Landing, Outcome, Question};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use support::TestDb;

fn engine(database: &TestDb) -> Arc<Engine> {
    engine_on(Store::open(database.url()).expect("the database opens again"))
}

/// What came of it, without what each floor counts in its own way.
fn plain(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Booked(mut booked) => {
            (booked.handle, booked.voucher) = (0, 0);
            Outcome::Booked(booked)
        }
        Outcome::Refused(mut fault) => {
            // Movements are named by their number.
            fault.message.clear();
            Outcome::Refused(fault)
        }
        Outcome::Rejected(mut faults) => {
            for fault in &mut faults {
                fault.message = without_voucher(&fault.message);
            }
            Outcome::Rejected(faults)
        }
        invalid @ Outcome::Invalid(_) => invalid,
    }
}

/// A message without the numbers of vouchers.
fn without_voucher(message: &str) -> String {
    let mut parts = message.split(" on voucher ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + " on a voucher" + part.trim_start_matches(|sign: char| sign.is_ascii_digit())
    })
}

/// Lives a history on both floors and compares every outcome, and in the end what stands where.
fn live_on_both(engine: &mut OnEngine, acts: &[Act], forbids: bool) -> Result<(), TestCaseError> {
    let mut memory = Memory::new();
    build(&mut memory, forbids);
    build(engine, forbids);
    let mut handles = Vec::new();
    let mut receipts = Vec::new();
    for act in acts {
        let (expected, found) = match act {
            Act::Book(kind, lines) => {
                let booking = booking(*kind, lines);
                (memory.book(&booking), engine.book(&booking))
            }
            Act::Reverse(which, minute) if !handles.is_empty() => {
                let (ours, theirs) = handles[which % handles.len()];
                let at = minute.map(time);
                (memory.reverse(ours, None, at), engine.reverse(theirs, None, at))
            }
            Act::Land(which, ..) if !receipts.is_empty() => {
                let (ours, theirs) = receipts[which % receipts.len()];
                let told = (say(&mut memory, act, Some(ours)), say(engine, act, Some(theirs)));
                let (Some(expected), Some(found)) = told else { continue };
                (expected, found)
            }
            Act::Reverse(..) | Act::Land(..) => continue,
            Act::Revalue(..) | Act::Cost(..) => {
                let (Some(expected), Some(found)) = (say(&mut memory, act, None), say(engine, act, None)) else {
                    continue;
                };
                (expected, found)
            }
            Act::Settle => {
                memory.settle();
                engine.settle();
                floor::posting::post(&engine.house, 3);
                prop_assert_eq!(engine.standing(), memory.standing(), "after settling");
                continue;
            }
            Act::Close(day) => {
                memory.define(&close(*day));
                engine.define(&close(*day));
                continue;
            }
        };
        if let (Outcome::Booked(ours), Outcome::Booked(theirs)) = (&expected, &found) {
            if !matches!(act, Act::Cost(..)) {
                handles.push((ours.handle, theirs.handle));
            }
            if matches!(act, Act::Book(..)) && !ours.movements.is_empty() {
                receipts.push((ours.handle, theirs.handle));
            }
        }
        prop_assert_eq!(plain(found), plain(expected), "{:?}", act);
    }
    prop_assert_eq!(engine.standing(), memory.standing());
    memory.verify();
    engine.verify();
    prop_assert_eq!(engine.standing(), memory.standing());
    same_as_known(engine, &mut memory, &handles)?;
    floor::posting::must_tie(&engine.house);
    floor::age::must_hold(&engine.house);
    Ok(())
}

/// What stood in an org unit, and what that was worth, as of a time and of all times, as known at some of the bookings.
fn same_as_known(engine: &mut OnEngine, memory: &mut Memory, handles: &[(usize, usize)]) -> Result<(), TestCaseError> {
    for (ours, theirs) in handles.iter().step_by(handles.len() / 3 + 1) {
        for product in PRODUCTS {
            for as_of in [None, Some(time(1_500))] {
                let asked = |known_at| Question {
                    product: product.to_owned(),
                    variant: None,
                    lot: None,
                    place: "NORTH".to_owned(),
                    as_of,
                    known_at: Some(known_at),
                };
                let expected = memory.balance(&asked(*ours));
                prop_assert_eq!(engine.balance(&asked(*theirs)), expected, "{:?}", asked(*ours));
            }
        }
    }
    Ok(())
}

/// Lives so many histories; answers how many settlements ended before the last movement.
fn compare_floors(database: &TestDb, cases: u32, histories: impl Strategy<Value = Vec<Act>>) -> Result<usize, String> {
    let engine = engine(database);
    let ended_early = AtomicUsize::new(0);
    let tenants = AtomicI64::new(1);
    let config = ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 400, ..Default::default() };
    let lived = TestRunner::new(config).run(&(histories, any::<bool>(), any::<bool>()), |(acts, forbids, at_once)| {
        let house = House::found(&engine, tenants.fetch_add(1, Ordering::Relaxed));
        let mut floor = OnEngine::new(house, at_once);
        live_on_both(&mut floor, &acts, forbids)?;
        ended_early.fetch_add(floor.ended_early, Ordering::Relaxed);
        Ok(())
    });
    lived.map(|()| ended_early.into_inner()).map_err(|failure| failure.to_string())
}

/// So many histories are shown to each database; `LOTBOOK_TEST_HISTORIES=1500` searches for longer.
fn how_many(database: &str) -> u32 {
    let asked = std::env::var("LOTBOOK_TEST_HISTORIES").ok();
    asked.map_or(if database == "sqlite" { 24 } else { 6 }, |asked| {
        asked.parse().expect("LOTBOOK_TEST_HISTORIES is a whole number")
    })
}

#[test]
fn the_engine_decides_as_the_domain_does() {
    for (name, database) in support::databases() {
        compare_floors(&database, how_many(name), history(1..40)).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn one_product_whose_pools_hang_together_is_valued_as_the_domain_does() {
    for (name, database) in support::databases() {
        compare_floors(&database, how_many(name), dense(1..40)).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn values_settled_bit_by_bit_come_to_the_definition() {
    for (name, database) in support::databases() {
        compare_floors(&database, how_many(name), steady(1..40)).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// What is promised, issued, given up and given back is as the domain's list of promises has it.
#[test]
fn stock_is_promised_as_the_domain_does() {
    for (name, database) in support::databases() {
        let engine = engine(&database);
        let tenants = AtomicI64::new(1);
        let config = ProptestConfig {
            cases: how_many(name),
            failure_persistence: None,
            max_shrink_iters: 400,
            ..Default::default()
        };
        let histories = (promising(1..40), any::<bool>(), any::<bool>());
        let told = TestRunner::new(config).run(&histories, |(deeds, forbids, at_once)| {
            let house = House::found(&engine, tenants.fetch_add(1, Ordering::Relaxed));
            let (mut memory, mut floor) = (Memory::new(), OnEngine::new(house, at_once));
            build(&mut memory, forbids);
            build(&mut floor, forbids);
            let (mut ours, mut theirs) = (Course::default(), Course::default());
            for deed in &deeds {
                prop_assert_eq!(theirs.go(&mut floor, deed), ours.go(&mut memory, deed), "{:?}", deed);
            }
            memory.verify();
            floor.verify();
            Ok(())
        });
        told.unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// What was sold out since is settled no further than that, and comes to the same as if everything were looked at.
#[test]
fn what_matters_no_longer_is_not_looked_at() {
    for (name, database) in support::databases() {
        let ended =
            compare_floors(&database, how_many(name), lapsing(1..40)).unwrap_or_else(|why| panic!("{name}: {why}"));
        println!("{name}: {ended} settlements ended early");
    }
}

/// A product that is sent to and fro by way of what is under way, which is empty at the end of each day: what becomes
/// known of a day is settled from that day on, however long the history before it is.
#[test]
fn a_product_that_is_transferred_is_settled_from_where_it_changed() {
    const DAY: i64 = 24 * 60;
    let line = |place: usize, halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 1,
        place,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let looked_at = |engine: &Engine| -> Vec<u64> {
        let waiting = engine.read(|conn| settle::waiting(conn, 10)).expect("it can be asked");
        waiting.into_iter().map(|circle| settle::settle(engine, circle).expect("it is settled").looked_at).collect()
    };
    for (name, database) in support::databases() {
        let engine = engine(&database);
        for (tenant, days) in [(1, 20), (2, 80)] {
            let mut floor = OnEngine::new(House::found(&engine, tenant), true);
            build(&mut floor, false);
            let mut book = |kind: JournalKind, lines: &[Line]| {
                let outcome = floor.book(&booking(kind, lines));
                assert!(matches!(outcome, Outcome::Booked(_)), "{name}: {outcome:?}");
            };
            book(JournalKind::Delivery, &[line(0, 4_000, 0, Some(150))]);
            for day in 0..days {
                let at = day * DAY + 60;
                book(JournalKind::InternalTransfer, &[line(0, -10, at, None), line(2, 10, at + 5, None)]);
                book(JournalKind::Delivery, &[line(2, -3, at + 10, None)]);
            }
            looked_at(&engine);
            // Five days ago more came in than was known: each of the days since has three movements, and it is one.
            let late = (days - 5) * DAY + 30;
            book(JournalKind::Delivery, &[line(0, 100, late, Some(650))]);
            assert_eq!(looked_at(&engine), [5 * 3 + 1], "{name}, {days} days");
            // What is taken out of the empty way costs what a unit of it last cost: that is one day earlier.
            book(JournalKind::InternalTransfer, &[line(2, 4, late - 10, None)]);
            assert_eq!(looked_at(&engine), [1 + 6 * 3 + 2], "{name}, {days} days");
            assert!(looked_at(&engine).is_empty(), "{name}: everything is settled");
            floor.verify();
        }
    }
}

/// A bill that comes late is worked in up to where what it is for has left the house: by average where the pool was
/// empty then, by layers also where it never was.
#[test]
fn a_late_bill_is_worked_in_as_far_as_it_matters() {
    const DAY: i64 = 24 * 60;
    const DAYS: i64 = 60;
    let line = |product: usize, halves: i64, minute: i64, cents: Option<i64>| Line {
        product,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    for (name, database) in support::databases() {
        let engine = engine(&database);
        // Which product, how much of each day's stays for the next one, and after how many days that has left.
        for (tenant, (product, stays, after)) in [(1, (1, 0, 1)), (2, (4, 0, 1)), (3, (4, 6, 2))] {
            let mut floor = OnEngine::new(House::found(&engine, tenant), true);
            build(&mut floor, false);
            let mut bought = Vec::new();
            for day in 0..DAYS {
                let (at, sold) = (day * DAY + 60, if day == 0 { 20 - stays } else { 20 });
                let lines = [line(product, 20, at, Some(100 + day)), line(product, -sold, at + 60, None)];
                match floor.book(&booking(JournalKind::Delivery, &lines)) {
                    Outcome::Booked(booked) => bought.push(booked.handle),
                    refused => panic!("{name}: {refused:?}"),
                }
            }
            let settle = || {
                let waiting = engine.read(|conn| settle::waiting(conn, 10)).expect("it can be asked");
                let settled = waiting.into_iter().map(|circle| settle::settle_beyond(&engine, circle, 0));
                settled.map(|settled| settled.expect("it is settled")).collect::<Vec<_>>()
            };
            settle();
            let bill = Landing { on: bought[9], lines: None, amount: Amount(7_770_000), by_value: true };
            assert!(matches!(floor.land(&bill), Outcome::Booked(_)), "{name}");
            let settled = settle();
            let [settled] = settled[..] else { panic!("{name}: {settled:?}") };
            let ended = settled.ended.unwrap_or_else(|| panic!("{name}: it went on to the end"));
            assert!(ended >= time((9 + after) * DAY), "{name}: {settled:?}");
            // By layers it begins where they do.
            let from = if product == 4 { 0 } else { 9 };
            assert!(settled.looked_at <= 2 * 2 * (9 + after - from) as u64, "{name}: {settled:?}");
            floor.verify();
            // What comes in today is another matter: it is settled to the end.
            floor.book(&booking(JournalKind::Delivery, &[line(product, 20, 9 * DAY, Some(200))]));
            assert!(settle().iter().all(|settled| settled.ended.is_none()), "{name}");
            floor.verify();
        }
    }
}

/// What is sold by layers is settled by what came in since those that are left, however long the history before it is:
/// also where it was sent from elsewhere.
#[test]
fn layers_are_found_by_going_back_to_what_is_left() {
    const DAY: i64 = 24 * 60;
    let line = |place: usize, halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 4,
        place,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    for (name, database) in support::databases() {
        let engine = engine(&database);
        let mut looked = Vec::new();
        for (tenant, days) in [(1, 100), (2, 300)] {
            let mut floor = OnEngine::new(House::found(&engine, tenant), true);
            build(&mut floor, false);
            let mut book = |kind: JournalKind, lines: &[Line]| {
                let outcome = floor.book(&booking(kind, lines));
                assert!(matches!(outcome, Outcome::Booked(_)), "{name}: {outcome:?}");
            };
            // Three days' worth stays here, and one at the other end.
            book(JournalKind::Delivery, &[line(0, 30, 0, Some(99))]);
            for day in 0..days {
                let at = day * DAY + 60;
                book(JournalKind::Delivery, &[line(0, 10, at, Some(100 + day % 37))]);
                book(JournalKind::InternalTransfer, &[line(0, -10, at + 1, None), line(2, 10, at + 5, None)]);
                book(JournalKind::Delivery, &[line(2, if day == 0 { -5 } else { -10 }, at + 10, None)]);
            }
            let settle = || {
                let waiting = engine.read(|conn| settle::waiting(conn, 10)).expect("it can be asked");
                let settled = waiting.into_iter().map(|circle| settle::settle(&engine, circle));
                settled.map(|settled| settled.expect("it is settled").looked_at).sum::<u64>()
            };
            settle();
            book(JournalKind::Delivery, &[line(2, -4, days * DAY, None)]);
            looked.push(settle());
            floor.verify();
        }
        assert!(looked[0] < 100 && looked[0] == looked[1], "{name}: {looked:?}");
    }
}

/// A product with so many movements that only parts of its timelines are read.
#[test]
fn a_long_history_is_read_in_parts_and_decided_as_a_whole() {
    for (name, database) in support::databases() {
        let house = House::found(&engine(&database), 1);
        let mut seed = 7_u64;
        let mut random = move |below: i64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as i64 % below
        };
        let mut line = |spread: i64| Line {
            product: 1,
            place: 0,
            halves: if random(3) == 0 { -1 - random(9) } else { 1 + random(6) },
            cents: (random(2) == 0).then(|| random(500)),
            minute: random(spread),
            lot: 0,
            party: 0,
        };
        let mut acts = Vec::new();
        for round in 0..4 {
            // Crowded days, then single movements long before and in between.
            let lines = (0..200).map(|_| line(if round % 2 == 0 { 1_000 } else { 2_000_000 })).collect();
            acts.push(Act::Book(JournalKind::Delivery, lines));
            acts.extend((0..12).map(|_| Act::Book(JournalKind::Delivery, vec![line(2_000_000)])));
            acts.push(Act::Book(JournalKind::Settlement, vec![line(2_000_000)]));
            acts.push(Act::Reverse(round * 5, None));
            acts.push(Act::Settle);
            // Later than all before, in any order.
            let later = |line: Line| Line { minute: line.minute + (round as i64 + 1) * 2_000_000, ..line };
            acts.push(Act::Book(JournalKind::Delivery, (0..9).map(|_| later(line(5_000))).collect()));
        }
        for (tenant, forbids) in [(2, false), (3, true)] {
            let mut floor = OnEngine::new(House::found(&house.engine, tenant), tenant == 2);
            live_on_both(&mut floor, &acts, forbids).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        }
    }
}

/// Where stock lies deep, ages are found in rounds, and each round asks for all products at once.
#[test]
fn ages_of_many_products_take_as_many_statements_as_those_of_one() {
    for (name, database) in support::databases() {
        let mut floor = OnEngine::new(House::found(&engine(&database), 1), true);
        build(&mut floor, false);
        let line = |product, minute| Line { product, place: 0, halves: 2, cents: None, minute, lot: 1, party: 0 };
        let received = |product| (0..90).map(move |no| line(product, no / 3 * 1_440));
        let lines: Vec<Line> = [0, 1, 2, 4, 5].into_iter().flat_map(received).collect();
        let outcome = floor.book(&booking(JournalKind::Delivery, &lines));
        assert!(matches!(outcome, Outcome::Booked(_)), "{name}: {outcome:?}");
        let all = floor::age::ask(None, 1, false);
        let one = Ask { products: Some(vec![floor.names.products["PLAIN"]]), ..all.clone() };
        let ((of_all, many), (of_one, few)) =
            (floor::age::ages(&floor.house, &all), floor::age::ages(&floor.house, &one));
        assert_eq!((of_all.len(), of_one.len(), many), (5, 1, few), "{name}");
        floor::age::must_hold(&floor.house);
    }
}

/// After a large booking PostgreSQL knows what is there, without a wait for its autovacuum.
#[test]
fn what_was_booked_at_once_is_looked_at_by_the_database() {
    for (name, database) in support::databases() {
        let mut floor = OnEngine::new(House::found(&engine(&database), 1), false);
        build(&mut floor, false);
        let line = |minute| Line { product: 0, place: 0, halves: 2, cents: None, minute, lot: 0, party: 0 };
        let lines: Vec<Line> = (0..MEASURED_AFTER).map(line).collect();
        let drafts = floor.drafts(&booking(JournalKind::Delivery, &lines));
        let (_, _, booked) = floor.book_drafts(JournalKind::Delivery, drafts).expect("it is booked");
        assert_eq!(booked.entry_count, MEASURED_AFTER, "{name}");
        if name == "sqlite" {
            continue;
        }
        let known = floor.house.read(|conn| {
            conn.one("select cast(reltuples as bigint) from pg_class where relname = 'movement'", &[], |row| row.int(0))
        });
        assert_eq!(known, Some(MEASURED_AFTER), "{name}");
        // And nothing is left of the entries, through which a question for what is on order would go.
        let swept = floor.house.read(|conn| {
            conn.one("select cast(reltuples as bigint) from pg_class where relname = 'entry'", &[], |row| row.int(0))
        });
        assert_eq!(swept, Some(0), "{name}");
    }
}

/// The same key and the same body get the same answer, and take effect once, also all at once.
#[test]
fn a_request_key_takes_effect_once() {
    for (name, database) in support::databases() {
        let engine = engine(&database);
        engine.start();
        let house = House::found(&engine, 1);
        let mut floor = OnEngine::new(house.clone(), true);
        build(&mut floor, false);
        let line = Line { product: 0, place: 0, halves: 6, cents: Some(100), minute: 1, lot: 0, party: 0 };
        let drafts = floor.drafts(&booking(JournalKind::Delivery, &[line]));
        let voucher = house.create_voucher(journal_of(JournalKind::Delivery, true)).expect("a voucher can be made");
        let attempts: Vec<_> = (0..8)
            .map(|_| {
                let (house, drafts) = (house.clone(), drafts.clone());
                std::thread::spawn(move || house.create_entries(house.keyed("key-1", "body"), voucher.id, drafts))
            })
            .collect();
        let answers: Vec<_> = attempts.into_iter().map(|attempt| attempt.join().expect("no panic")).collect();
        let first = answers[0].as_ref().expect("it is booked");
        for answer in &answers {
            assert_eq!(answer.as_ref().expect("it is booked"), first, "{name}");
        }
        let other = house.create_entries(house.keyed("key-1", "another body"), voucher.id, drafts.clone());
        assert!(matches!(other, Err(Error::KeyReused { .. })), "{name}: {other:?}");
        // A refused request may be mended and sent again under its key.
        let refused = house.create_entries(house.keyed("key-2", "body"), 999_999, drafts.clone());
        assert!(matches!(refused, Err(Error::NotFound { kind: "voucher", .. })), "{name}: {refused:?}");
        house.create_entries(house.keyed("key-2", "mended"), voucher.id, drafts).expect("it is booked");
        assert_eq!(floor.standing().values().next().map(|(quantity, _)| *quantity), Some(6_000_000), "{name}");
        assert_eq!(floor::verify::verify(&house).len(), 2, "{name}");
        engine.stop();
    }
}
