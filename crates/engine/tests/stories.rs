//! The stories, told by the engine: on both databases, booked at once and by the worker.

mod floor;
mod support;

use floor::{House, OnEngine, engine_on};
use lotbook_engine::Store;
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
