//! Up to which position values were settled: what is told of a position later is what was told when the ledger ended
//! there.

mod floor;
mod support;

use std::collections::BTreeMap;

use floor::{House, OnEngine, engine_on};
use lotbook_domain::catalog::Costing;
use lotbook_domain::journal::JournalKind;
use lotbook_engine::query::settled::settled_to;
use lotbook_engine::{Store, table};
use lotbook_story::random::{Act, Line, booking, build, history, say, time};
use lotbook_story::{Floor, Outcome};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

/// The newest position, and up to which one values are settled as known at one; `None` = now.
fn settled(house: &House, known_at: Option<i64>) -> (i64, i64) {
    house.read(|conn| {
        let position = table::header::position(conn, house.tenant)?;
        Ok((position, settled_to(conn, house.tenant, known_at, position)?))
    })
}

fn line(product: usize, halves: i64, cents: Option<i64>, day: i64) -> Line {
    Line { product, place: 0, halves, cents, minute: day * 1_440, lot: 0, party: 0 }
}

#[test]
fn what_waited_at_a_position_is_told_of_it_later() {
    for (name, database) in support::databases() {
        let engine = engine_on(Store::open(database.url()).expect("it opens again"));
        let mut floor = OnEngine::new(House::found(&engine, 1), true);
        build(&mut floor, false);
        let mut told: BTreeMap<i64, i64> = BTreeMap::new();
        let mut note = |floor: &OnEngine| {
            let (position, to) = settled(&floor.house, None);
            told.insert(position, to);
        };
        let book = |floor: &mut OnEngine, line: Line| {
            let outcome = floor.book(&booking(JournalKind::Delivery, &[line]));
            assert!(matches!(outcome, Outcome::Booked(_)), "{name}: {outcome:?}");
        };
        // 1 and 2: in the order of time, nothing waits. 3: of another product.
        for line in [line(0, 20, Some(100), 1), line(0, -10, None, 3), line(1, 20, Some(100), 1)] {
            book(&mut floor, line);
            note(&floor);
        }
        // 4: dated before the issue, which waits; 5 and 6 go on meanwhile, of the same product and of the other one.
        for line in [line(0, 20, Some(300), 2), line(0, -2, None, 9), line(1, -2, None, 9)] {
            book(&mut floor, line);
            note(&floor);
        }
        floor.settle();
        note(&floor);
        // 8: a word on value, and its settlement.
        say(&mut floor, &Act::Revalue(1, 0, 5_000, 10 * 1_440), None);
        note(&floor);
        floor.settle();
        note(&floor);
        // How a product is valued is said after a batch, and known at its position.
        say(&mut floor, &Act::Cost(1, Costing::Standard, 300, 11 * 1_440), None);
        let (position, to) = settled(&floor.house, None);
        assert!(to < position, "{name}");
        floor.settle();
        note(&floor);
        let mut wanted: BTreeMap<i64, i64> = (1..=10).map(|position| (position, position)).collect();
        // The receipt made the issue of the day after it wait: from the receipt's day on, that is 2 and what follows.
        wanted.extend([(4, 1), (5, 1), (6, 1), (8, 7)]);
        assert_eq!(told, wanted, "{name}: as it was told at each");
        let house = floor.house.clone();
        let then = |position| settled(&house, Some(position)).1;
        // What was said after 9 made it wait: before, all was settled.
        wanted.insert(9, then(9));
        assert!(then(9) < 9, "{name}");
        let found: BTreeMap<i64, i64> = (1..=10).map(|position| (position, then(position))).collect();
        assert_eq!(found, wanted, "{name}: as it is told of each now");
        // What waits now does not make what was known before wait.
        book(&mut floor, line(1, 20, Some(900), 2));
        assert_eq!((settled(&floor.house, None), then(10)), ((11, 5), 10), "{name}");
        floor.settle();
        assert_eq!((then(10), then(11), then(12)), (10, 5, 12), "{name}");
    }
}

#[test]
fn what_was_settled_is_told_so_in_random_histories() {
    for (name, database) in support::databases() {
        let engine = engine_on(Store::open(database.url()).expect("it opens again"));
        let mut runner = TestRunner::deterministic();
        let (mut waited, mut told_so) = (0, 0);
        for tenant in 1..=if name == "sqlite" { 16 } else { 4 } {
            let acts = history(20..60).new_tree(&mut runner).expect("there are histories").current();
            let mut floor = OnEngine::new(House::found(&engine, tenant), true);
            build(&mut floor, false);
            let mut told: BTreeMap<i64, i64> = BTreeMap::new();
            let (mut handles, mut receipts) = (Vec::new(), Vec::new());
            for act in &acts {
                let outcome = match act {
                    Act::Book(kind, lines) => Some(floor.book(&booking(*kind, lines))),
                    Act::Reverse(which, minute) if !handles.is_empty() => {
                        Some(floor.reverse(handles[which % handles.len()], None, minute.map(time)))
                    }
                    Act::Land(which, ..) if !receipts.is_empty() => {
                        say(&mut floor, act, Some(receipts[which % receipts.len()]))
                    }
                    Act::Revalue(..) | Act::Cost(..) => say(&mut floor, act, None),
                    Act::Settle => {
                        floor.settle();
                        None
                    }
                    Act::Reverse(..) | Act::Land(..) | Act::Close(_) => None,
                };
                if let Some(Outcome::Booked(booked)) = outcome {
                    if !matches!(act, Act::Cost(..)) {
                        handles.push(booked.handle);
                    }
                    if matches!(act, Act::Book(..)) && !booked.movements.is_empty() {
                        receipts.push(booked.handle);
                    }
                }
                let (position, to) = settled(&floor.house, None);
                told.insert(position, to);
            }
            floor.settle();
            for (position, to) in told {
                let (_, then) = settled(&floor.house, Some(position));
                if to == position {
                    assert_eq!(then, position, "{name}, tenant {tenant}: nothing waited at {position}: {acts:?}");
                } else {
                    waited += 1;
                    told_so += i64::from(then < position);
                }
            }
        }
        // The others waited for nothing, or for what was corrected by something learned later as well.
        assert!(told_so > waited / 5, "{name}: {told_so} of {waited}");
    }
}
