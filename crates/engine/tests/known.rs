//! What stood where at a time, as it was known at a position: random histories against a naive reading of them, which
//! knows what was asked for and not how it is kept.

mod floor;
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use floor::{House, OnEngine, engine_on};
use lotbook_domain::catalog::fold;
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::time::Time;
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::{Store, table};
use lotbook_story::random::{Act, Line, booking, build, history, say, time};
use lotbook_story::{Entry, Floor, Outcome};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// Product, lot, place.
type Key = (String, String, String);

/// What is known of a key.
#[derive(Clone, Copy, Debug)]
enum Said {
    /// So much came, or went.
    Moved(i64),
    /// So much stood there.
    Counted(i64),
}

/// Something that was said of a key.
#[derive(Clone, Debug)]
struct Fact {
    key: Key,
    at: Time,
    said: Said,
    /// The position at which it became known.
    known: i64,
    /// The one from which on it never was.
    undone: i64,
}

const UNDER_WAY: &str = "transit";

/// What entries of a journal say, as a storekeeper reads them.
fn facts_of(kind: JournalKind, entries: &[Entry], known: i64) -> Vec<Fact> {
    let fact = |entry: &Entry, place: &str, said: Said| Fact {
        key: (entry.product.clone(), entry.lot.as_deref().map(fold).unwrap_or_default(), place.to_owned()),
        at: entry.at,
        said,
        known,
        undone: i64::MAX,
    };
    let mut facts = Vec::new();
    for entry in entries {
        let count = entry.count.0;
        match kind {
            JournalKind::Settlement => facts.push(fact(entry, &entry.place, Said::Counted(count))),
            JournalKind::Delivery | JournalKind::Complaint => facts.push(fact(entry, &entry.place, Said::Moved(count))),
            JournalKind::InternalUse | JournalKind::Shrinkage => {
                facts.push(fact(entry, &entry.place, Said::Moved(-count)));
            }
            JournalKind::InternalTransfer => {
                facts.push(fact(entry, &entry.place, Said::Moved(count)));
                facts.push(fact(entry, UNDER_WAY, Said::Moved(-count)));
            }
        }
    }
    facts
}

/// What stands where by these facts as of a time, as they were known at a position. What was counted stood there,
/// whatever is learned of the time before; of one instant, what was learned first comes first.
fn naive(facts: &[Fact], at: Time, known: i64) -> BTreeMap<Key, i64> {
    let mut order: Vec<&Fact> =
        facts.iter().filter(|fact| fact.at <= at && fact.known <= known && fact.undone > known).collect();
    order.sort_by_key(|fact| (fact.at, fact.known));
    let mut stands: BTreeMap<Key, i64> = BTreeMap::new();
    for fact in order {
        let sum = stands.entry(fact.key.clone()).or_default();
        match fact.said {
            Said::Moved(change) => *sum += change,
            Said::Counted(count) => *sum = count,
        }
    }
    stands.retain(|_, sum| *sum != 0);
    stands
}

/// The same by the ledger: stock by product, lot and place.
fn standing(floor: &OnEngine, as_of: Option<Time>, as_known_at: Option<i64>) -> BTreeMap<Key, i64> {
    let house = &floor.house;
    let filter = BalanceFilter { as_of, as_known_at, ..BalanceFilter::default() };
    house.read(|conn| {
        let structure = house.engine.structure(conn, house.tenant)?;
        let mut found = BTreeMap::new();
        for balance in balances(conn, house.tenant, AccountKind::Stock, &filter, usize::MAX)?.0 {
            let key = balance.key;
            let product = table::catalog::products(conn, house.tenant, [key.product])?.remove(0).identifier;
            let lot = table::catalog::lots(conn, house.tenant, [key.lot])?.pop();
            let lot = lot.map(|lot| fold(&lot.name)).unwrap_or_default();
            let path = structure.catalog.locations.name_of(key.place);
            let place = path.rsplit('/').next().unwrap_or_default().to_owned();
            found.insert((product, lot, place), balance.quantity.0);
        }
        Ok(found)
    })
}

/// What the pools held and were worth, as it was told when that was the newest that was known.
type Told = BTreeMap<i64, (i64, i64)>;

fn worth(floor: &OnEngine, as_of: Option<Time>, as_known_at: Option<i64>) -> Told {
    let house = &floor.house;
    let filter = BalanceFilter { as_of, as_known_at, ..BalanceFilter::default() };
    let pools = house.read(|conn| balances(conn, house.tenant, AccountKind::Pool, &filter, usize::MAX)).0;
    pools.into_iter().map(|pool| (pool.account.0, (pool.quantity.0, pool.amount.0))).collect()
}

fn position(floor: &OnEngine) -> i64 {
    floor.house.read(|conn| table::header::position(conn, floor.house.tenant))
}

/// Times at which things are asked: before everything, among what happens at once, here and there, after everything.
const ASKED: [i64; 8] = [-1, 3, 7, 11, 900, 1_440, 2_881, 10_000];

fn live(floor: &mut OnEngine, acts: &[Act]) -> Result<(), TestCaseError> {
    build(floor, false);
    let mut facts: Vec<Fact> = Vec::new();
    // What was done: its handle, its facts, and whether it counted something.
    let mut done: Vec<(usize, std::ops::Range<usize>, bool)> = Vec::new();
    let mut receipts: Vec<usize> = Vec::new();
    let mut told: Vec<(i64, Option<Time>, Told)> = Vec::new();
    for act in acts {
        match act {
            Act::Book(kind, lines) => {
                // Instances are not told by a name and a number alone; which lot is taken is said.
                let lines = lines.iter().filter(|line| line.product != 3);
                let lines: Vec<Line> = lines.map(|line| Line { lot: line.lot.max(1), ..*line }).collect();
                let booking = booking(*kind, &lines);
                if booking.entries.is_empty() {
                    continue;
                }
                let Outcome::Booked(booked) = floor.book(&booking) else { continue };
                let from = facts.len();
                let moved = !booked.movements.is_empty();
                facts.extend(facts_of(*kind, &booking.entries, position(floor)));
                done.push((booked.handle, from..facts.len(), *kind == JournalKind::Settlement));
                if moved {
                    receipts.push(booked.handle);
                }
            }
            Act::Reverse(which, minute) if !done.is_empty() => {
                let (handle, of, counts) = done[which % done.len()].clone();
                // A count is undone at its own time.
                let at = minute.filter(|_| !counts).map(time);
                if !matches!(floor.reverse(handle, None, at), Outcome::Booked(_)) {
                    continue;
                }
                let known = position(floor);
                for no in of {
                    match (at, facts[no].said) {
                        (Some(at), Said::Moved(change)) => {
                            let key = facts[no].key.clone();
                            facts.push(Fact { key, at, said: Said::Moved(-change), known, undone: i64::MAX });
                        }
                        _ => facts[no].undone = known,
                    }
                }
            }
            Act::Land(which, ..) if !receipts.is_empty() => {
                say(floor, act, Some(receipts[which % receipts.len()]));
            }
            Act::Revalue(..) | Act::Cost(..) => drop(say(floor, act, None)),
            Act::Settle => floor.settle(),
            Act::Reverse(..) | Act::Land(..) | Act::Close(_) => continue,
        }
        let known = position(floor);
        let as_of = ASKED.get(told.len() % (ASKED.len() + 1)).map(|minute| time(*minute));
        told.push((known, as_of, worth(floor, as_of, None)));
    }
    let newest = position(floor);
    for (no, minute) in ASKED.into_iter().enumerate() {
        let at = time(minute);
        prop_assert_eq!(standing(floor, Some(at), None), naive(&facts, at, newest), "as of minute {}", minute);
        let known = newest * no as i64 / ASKED.len() as i64;
        let found = standing(floor, Some(at), Some(known));
        prop_assert_eq!(found, naive(&facts, at, known), "as of minute {}, as known at {}", minute, known);
    }
    for (known, as_of, told) in told {
        prop_assert_eq!(worth(floor, as_of, Some(known)), told, "as of {:?}, as known at {}", as_of, known);
    }
    floor.verify();
    Ok(())
}

#[test]
fn what_stood_where_is_told_as_of_any_time_as_known_at_any_position() {
    for (name, database) in support::databases() {
        let engine = engine_on(Store::open(database.url()).expect("the database opens again"));
        let tenants = AtomicI64::new(1);
        let asked = std::env::var("LOTBOOK_TEST_HISTORIES").ok().map(|asked| asked.parse().expect("it is a number"));
        let cases = asked.unwrap_or(if name == "sqlite" { 24 } else { 6 });
        let config = ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 400, ..Default::default() };
        let lived = TestRunner::new(config).run(&(history(1..40), any::<bool>()), |(acts, at_once)| {
            let house = House::found(&engine, tenants.fetch_add(1, Ordering::Relaxed));
            live(&mut OnEngine::new(House { engine: Arc::clone(&house.engine), ..house }, at_once), &acts)
        });
        lived.unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}
