//! The stories, told by the engine: on both databases, booked at once and by the worker.

mod floor;
mod support;

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_engine::Store;
use lotbook_engine::query::balance::{Balance, BalanceFilter, balances};
use lotbook_story::random::{Line, build, time};
use lotbook_story::{Booking, Entry};
use support::TestDb;

/// Each story is a tenant of its own in one database.
fn tell_all(name: &str, database: &TestDb, books_by_itself: bool) {
    let engine = engine_on(Store::open(database.url()).expect("the database opens again"));
    let mut tenant = 0;
    lotbook_story::tell_all(name, |_| {
        tenant += 1;
        OnEngine::new(House::found(&engine, tenant), books_by_itself)
    });
}

#[test]
fn every_story_is_told_booking_at_once() {
    for (name, database) in support::databases() {
        tell_all(&format!("{name}, at once"), &database, true);
    }
}

#[test]
fn every_story_is_told_booking_on_demand() {
    for (name, database) in support::databases() {
        tell_all(&format!("{name}, on demand"), &database, false);
    }
}

/// Accounts of stock and pools come one after the other in the database; a list shows those of one kind, and a page of
/// it ends where it is full.
#[test]
fn a_list_of_balances_is_the_same_page_by_page() {
    const LOTS: usize = 150;
    for (name, database) in support::databases() {
        let engine = engine_on(Store::open(database.url()).expect("the database opens again"));
        let house = House::found(&engine, 1);
        let mut floor = OnEngine::new(house.clone(), true);
        build(&mut floor, false);
        // Each lot has a pool of its own; every third one is sold a day later.
        let line = |no: usize, halves, minute| Entry {
            lot: Some(format!("L{no:03}")),
            ..Line { product: 5, place: no % 3, halves, cents: Some(100), minute, lot: 0, party: 0 }
                .entry(JournalKind::Delivery)
        };
        let received = (0..LOTS).map(|no| line(no, 4, 0));
        let sold = (0..LOTS).step_by(3).map(|no| line(no, -4, 1_440));
        for entries in [received.collect(), sold.collect()] {
            let drafts = floor.drafts(&Booking { kind: JournalKind::Delivery, entries });
            let voucher = house.create_voucher(journal_of(JournalKind::Delivery, true)).expect("it can be made").id;
            house.create_entries(house.request(), voucher, drafts).expect("it is booked");
        }
        for kind in [AccountKind::Stock, AccountKind::Pool] {
            for (as_of, with_zero, expected) in
                [(None, false, 100), (None, true, LOTS), (Some(time(600)), false, LOTS), (Some(time(-1)), false, 0)]
            {
                let list = |limit: usize| {
                    let mut found: Vec<Balance> = Vec::new();
                    let mut filter = BalanceFilter { as_of, with_zero, ..BalanceFilter::default() };
                    loop {
                        let (page, next) = house.read(|conn| balances(conn, house.tenant, kind, &filter, limit));
                        assert!(page.len() <= limit, "{name}: {limit}");
                        found.extend(page);
                        match next {
                            Some(after) => filter.after = after,
                            None => return found,
                        }
                    }
                };
                let whole = list(usize::MAX);
                assert_eq!(whole.len(), expected, "{name}: {kind:?} as of {as_of:?}");
                assert!(whole.is_sorted_by_key(|balance| balance.account), "{name}");
                for limit in [1, 7, 63, 64, 65, expected.max(1)] {
                    assert_eq!(list(limit), whole, "{name}: {kind:?} as of {as_of:?}, by {limit}");
                }
            }
        }
    }
}
