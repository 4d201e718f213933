//! The engine, which reads only what it needs, against the domain in memory, which holds everything.

mod floor;
mod production;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::catalog::Costing;
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

/// What was pushed out of a closed day stays where it was put when the day is open again: histories that were found
/// at random.
#[test]
fn what_was_pushed_out_of_a_closed_day_stays_where_it_is() {
    let line = |halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 1,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let one_day = [
        book(&[line(-2, 1_260, None), line(21, 0, None)]),
        book(&[line(-2, 6_164, None)]),
        book(&[line(21, 0, Some(0))]),
        book(&[line(-2, 0, None)]),
        book(&[line(-2, 0, None)]),
        book(&[line(-2, 0, None)]),
        Act::Close(1),
        Act::Settle,
        book(&[line(-2, 2_880, None)]),
        Act::Close(0),
        Act::Settle,
        book(&[line(-2, 1_440, None)]),
    ];
    // The replay begins after the day that it was pushed to.
    let beyond = [
        book(&[line(-2, 0, None)]),
        book(&[line(21, 8, Some(0))]),
        book(&[line(21, 4, None), line(-2, 7_178, None)]),
        book(&[line(-2, 8, None)]),
        book(&[line(-2, 0, None)]),
        Act::Close(2),
        Act::Settle,
        book(&[line(-2, 5_760, None)]),
        Act::Close(0),
        Act::Settle,
        book(&[line(-2, 1_440, None)]),
    ];
    for (name, database) in support::databases() {
        let engine = engine(&database);
        for (tenant, acts) in [(1, &one_day[..]), (2, &beyond[..])] {
            let house = House::found(&engine, tenant);
            live_on_both(&mut OnEngine::new(house, false), acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}

/// Of one instant, what was learned first comes first, also where it came out of what was under way: a history that
/// was found at random.
#[test]
fn what_happens_at_one_instant_is_valued_as_it_was_learned() {
    let line = |halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 0,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let acts = [
        Act::Book(JournalKind::InternalTransfer, vec![line(1, 10, None)]),
        Act::Book(JournalKind::Settlement, vec![line(7, 0, Some(1)), line(1, 10, None)]),
    ];
    for (name, database) in support::databases() {
        let house = House::found(&engine(&database), 1);
        live_on_both(&mut OnEngine::new(house, false), &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// What came back on the day that a settlement begins with, before what it waits for, is worth what was sold before
/// that day: a history that was found at random.
#[test]
fn what_came_back_earlier_on_that_day_is_worth_what_was_sold() {
    let line = |halves: i64, minute: i64, cents: Option<i64>, party: usize| Line {
        product: 1,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        book(&[line(21, 0, None, 0), line(-2, 0, None, 0)]),
        book(&[line(-8, 0, None, 1), line(-2, 0, None, 0)]),
        book(&[line(21, 0, None, 0)]),
        book(&[line(21, 4_320, None, 3), line(-2, 5_754, None, 0)]),
        book(&[line(21, 512, Some(5), 0)]),
        Act::Settle,
        book(&[line(58, 5_752, Some(374), 2)]),
    ];
    for (name, database) in support::databases() {
        let house = House::found(&engine(&database), 1);
        live_on_both(&mut OnEngine::new(house, true), &acts, true).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// What is booked before a change of terms that is known already is revalued by it, though nothing moves later: a
/// history that was found at random.
#[test]
fn what_is_dated_before_new_terms_waits_for_them() {
    let line = Line { product: 0, place: 0, halves: 1, cents: Some(1), minute: 0, lot: 0, party: 0 };
    let acts = [Act::Cost(0, Costing::Standard, 0, 11), Act::Book(JournalKind::Settlement, vec![line])];
    for (name, database) in support::databases() {
        let house = House::found(&engine(&database), 1);
        live_on_both(&mut OnEngine::new(house, false), &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// A receipt that is dated before a revaluation which found nothing, or nothing to change, is revalued by it,
/// though nothing was posted at its time or later: histories that were found at random.
#[test]
fn what_is_dated_before_a_revaluation_waits_for_it() {
    let line = |minute: i64| Line { product: 5, place: 0, halves: 4, cents: Some(100), minute, lot: 1, party: 0 };
    let book = |minute: i64| Act::Book(JournalKind::Delivery, vec![line(minute)]);
    let found_nothing = [book(10), Act::Revalue(5, 0, 0, 50), Act::Reverse(0, None), Act::Settle, book(40)];
    let changed_nothing = [book(10), Act::Revalue(5, 0, 200, 50), Act::Settle, book(40), Act::Settle, book(50)];
    for (name, database) in support::databases() {
        let engine = engine(&database);
        for (tenant, acts) in [(1, &found_nothing[..]), (2, &changed_nothing[..])] {
            let house = House::found(&engine, tenant);
            live_on_both(&mut OnEngine::new(house, false), acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}

/// What a unit cost when a pool last ran empty is not forgotten by a settlement that begins after it: a history that
/// was found at random.
#[test]
fn a_late_settlement_keeps_the_rate_of_an_empty_pool() {
    let line = |halves: i64, minute: i64| Line { product: 1, place: 0, halves, cents: None, minute, lot: 0, party: 0 };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        book(&[line(-4, 0)]),
        book(&[line(-2, 0)]),
        book(&[line(-2, 24)]),
        book(&[line(24, 0)]),
        book(&[line(-6, 0), line(-12, 0)]),
        book(&[line(-2, 1_440)]),
        book(&[line(-2, 24)]),
        book(&[line(-2, 24)]),
        book(&[line(21, 24)]),
        Act::Settle,
        Act::Reverse(5, None),
        Act::Settle,
        book(&[line(-3, 0)]),
    ];
    for (name, database) in support::databases() {
        let house = House::found(&engine(&database), 1);
        live_on_both(&mut OnEngine::new(house, false), &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
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

/// What a unit last cost is kept while a product has a standard cost, and a bill for it that comes late counts after that:
/// a history that was found at random.
#[test]
fn a_late_bill_from_before_a_standard_cost_is_worked_in() {
    let line = |place: usize, halves: i64, minute: i64| Line {
        product: 0,
        place,
        halves,
        cents: None,
        minute,
        lot: 0,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        Act::Settle,
        Act::Cost(0, lotbook_domain::catalog::Costing::Average, 0, 13_512),
        Act::Settle,
        Act::Reverse(0, None),
        Act::Settle,
        book(&[line(0, 5, 13_123)]),
        Act::Book(JournalKind::InternalTransfer, vec![line(0, -5, 15_840), line(2, 5, 15_840)]),
        book(&[line(2, -5, 15_930)]),
        Act::Settle,
        Act::Cost(0, lotbook_domain::catalog::Costing::Standard, 0, 5_516),
        Act::Settle,
        Act::Reverse(2, None),
        Act::Settle,
        book(&[line(0, -5, 15_841)]),
        book(&[line(0, 5, 15_840)]),
        Act::Reverse(509, Some(1_441)),
        Act::Settle,
        book(&[line(0, 6, 2_880), line(0, -6, 2_881)]),
        Act::Settle,
        Act::Land(173, 1, false),
        Act::Settle,
    ];
    for (name, database) in support::databases() {
        let mut floor = OnEngine::new(House::found(&engine(&database), 1), false);
        live_on_both(&mut floor, &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// What was bought and sold out again is as if it never was, once it is undone: what is given beyond stock days later
/// costs no longer what a unit of it last cost.
#[test]
fn what_was_bought_and_sold_out_and_is_undone_tells_no_cost() {
    const DAY: i64 = 24 * 60;
    let line = |halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 1,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let bought_and_sold = book(&[line(4, DAY, Some(300)), line(-4, DAY + 5, None)]);
    let later = [book(&[line(-2, 5 * DAY, None)]), Act::Settle, book(&[line(10, 6 * DAY, Some(400))]), Act::Settle];
    let undone = [Act::Reverse(0, None), Act::Settle];
    let never_before: Vec<Act> =
        [bought_and_sold.clone()].into_iter().chain(later.clone()).chain(undone.clone()).collect();
    // Before it, the pool held something that was sold out as well; a bill for what was sold then is taken back.
    let billed = [
        book(&[line(4, DAY, Some(300)), line(-4, DAY + 5, None)]),
        book(&[line(4, 2 * DAY, Some(100)), line(-4, 2 * DAY + 5, None)]),
        book(&[line(4, 3 * DAY, Some(300)), line(-4, 3 * DAY + 5, None)]),
    ];
    let before: Vec<Act> = billed.into_iter().chain(later).chain([Act::Reverse(2, None), Act::Settle]).collect();
    for (name, database) in support::databases() {
        let engine = engine(&database);
        for (tenant, acts) in [(1, &never_before), (2, &before)] {
            let mut floor = OnEngine::new(House::found(&engine, tenant), false);
            live_on_both(&mut floor, acts, false).unwrap_or_else(|why| panic!("{name}, {tenant}: {why}"));
        }
    }
}

/// What a voucher took out of what was under way before it put something in is where that went, also for a settlement
/// that begins in between.
#[test]
fn what_arrived_before_it_was_sent_is_told_what_that_cost() {
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
    let acts = [
        Act::Book(JournalKind::Delivery, vec![line(0, 20, 0, Some(100))]),
        Act::Book(JournalKind::InternalTransfer, vec![line(0, -10, 10, None)]),
        Act::Book(JournalKind::InternalTransfer, vec![line(2, 4, DAY, None), line(0, -14, 2 * DAY, None)]),
        Act::Settle,
        Act::Book(JournalKind::Delivery, vec![line(0, 20, 3 * DAY, Some(300))]),
        Act::Settle,
    ];
    for (name, database) in support::databases() {
        let mut floor = OnEngine::new(House::found(&engine(&database), 1), false);
        live_on_both(&mut floor, &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// A cost that landed on what was undone at a time before is taken back from that time on: a history that was found at
/// random.
#[test]
fn what_landed_on_what_was_undone_earlier_is_taken_back_from_then_on() {
    let line = |halves: i64, minute: i64| Line { product: 1, place: 0, halves, cents: None, minute, lot: 0, party: 0 };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        book(&[line(5, 5_760), line(-7, 5_761)]),
        book(&[line(5, 0), line(-5, 1)]),
        Act::Land(0, 1, false),
        book(&[line(6, 0), line(-6, 4_704)]),
        Act::Reverse(0, Some(0)),
        Act::Settle,
        Act::Settle,
        Act::Land(1, 1, false),
        Act::Settle,
        Act::Settle,
        Act::Land(1, 1, false),
        Act::Settle,
        Act::Reverse(2, None),
        Act::Settle,
    ];
    for (name, database) in support::databases() {
        let mut floor = OnEngine::new(House::found(&engine(&database), 1), false);
        live_on_both(&mut floor, &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// What is said of the worth of several lots is parted in the order of the lots, in whatever order their pools came to be: a
/// history that was found at random.
#[test]
fn what_does_not_divide_goes_to_the_last_lot() {
    let line = |halves: i64, minute: i64, lot: usize| Line {
        product: 5,
        place: 0,
        halves,
        cents: None,
        minute,
        lot,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let away = Line { place: 1, ..line(1, 0, 0) };
    let mut acts = vec![
        Act::Book(JournalKind::InternalTransfer, vec![line(-1, 0, 0), away]),
        book(&[line(9, 0, 2), line(9, 0, 1), line(9, 6, 0)]),
        Act::Close(0),
        Act::Settle,
    ];
    acts.extend((0..6).map(|_| book(&[line(1, 0, 0)])));
    acts.extend([Act::Settle, Act::Revalue(5, 0, 52, 1_440)]);
    for (name, database) in support::databases() {
        let mut floor = OnEngine::new(House::found(&engine(&database), 1), true);
        live_on_both(&mut floor, &acts, false).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}
