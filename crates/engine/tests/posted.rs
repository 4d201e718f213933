//! Lists of the posted ledger: what a filter lets through is what one finds by reading all of it, whichever way it is found.

mod floor;
mod support;

use std::collections::BTreeSet;

use floor::{House, OnEngine, engine_on};
use lotbook_domain::id::{LocationId, LotId, ProductId};
use lotbook_domain::journal::JournalKind;
use lotbook_engine::Store;
use lotbook_engine::query::movement::{MovementFilter, Posted, page};
use lotbook_story::random::{Act, Line, booking, build, history, time};
use lotbook_story::{Floor, Outcome};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

/// Everything that a filter lets through, read page by page.
fn listed(house: &House, filter: &MovementFilter, size: i64) -> Vec<Posted> {
    let mut found: Vec<Posted> = Vec::new();
    loop {
        let after = found.last().map_or(0, |posted| posted.number);
        let filter = MovementFilter { after, ..filter.clone() };
        let part = house.read(|conn| page(conn, house.tenant, &filter, 0, size));
        if part.is_empty() {
            return found;
        }
        found.extend(part);
    }
}

fn passes(filter: &MovementFilter, posted: &Posted) -> bool {
    let movement = &posted.movement;
    let is_one_of = |places: &Vec<LocationId>| {
        // A count that moved nothing is of its place alone.
        let is_at = |place: LocationId| places.contains(&place);
        is_at(movement.to.location)
            || posted.counted.is_none_or(|_| movement.quantity.0 > 0) && is_at(movement.from.location)
    };
    filter.locations.as_ref().is_none_or(is_one_of)
        && filter.lot.is_none_or(|lot| lot == movement.lot)
        && filter.products.as_ref().is_none_or(|products| products.contains(&movement.product))
        && filter.effective.0.is_none_or(|from| from <= movement.effective_at)
}

#[test]
fn what_a_list_shows_is_what_there_is_of_it() {
    for (name, database) in support::databases() {
        let engine = engine_on(Store::open(database.url()).expect("it opens again"));
        let mut runner = TestRunner::deterministic();
        let (mut shown, mut idle) = (0, 0);
        for tenant in 1..=if name == "sqlite" { 6 } else { 2 } {
            let acts = history(30..50).new_tree(&mut runner).expect("there are histories").current();
            let mut floor = OnEngine::new(House::found(&engine, tenant), true);
            build(&mut floor, false);
            // Nothing is there, and all that is there: neither moves anything.
            let count = |halves: i64, place: usize| {
                let line = |product| Line { product, place, halves, cents: None, minute: 1, lot: 0, party: 0 };
                booking(JournalKind::Settlement, &[line(0), line(1), line(2)])
            };
            for counted in [count(0, 2), count(8, 0), count(8, 0)] {
                assert!(matches!(floor.book(&counted), Outcome::Booked(_)), "{name}");
            }
            for act in &acts {
                if let Act::Book(kind, lines) = act {
                    floor.book(&booking(*kind, lines));
                }
            }
            let house = floor.house.clone();
            let all = listed(&house, &MovementFilter::default(), 1_000);
            idle += all.iter().filter(|posted| posted.movement.quantity.0 == 0).count();
            let sides = |posted: &Posted| [posted.movement.from.location, posted.movement.to.location];
            let places: BTreeSet<LocationId> = all.iter().flat_map(sides).collect();
            let lots: BTreeSet<LotId> = all.iter().map(|posted| posted.movement.lot).collect();
            let products: BTreeSet<ProductId> = all.iter().map(|posted| posted.movement.product).collect();
            let of_places = places.iter().map(|place| vec![*place]).chain([places.iter().copied().collect()]);
            let mut filters: Vec<MovementFilter> =
                of_places.map(|at| MovementFilter { locations: Some(at), ..MovementFilter::default() }).collect();
            filters.extend(lots.iter().map(|lot| MovementFilter { lot: Some(*lot), ..MovementFilter::default() }));
            for place in &places {
                filters.extend(products.iter().map(|product| MovementFilter {
                    locations: Some(vec![*place]),
                    products: Some(vec![*product]),
                    effective: (Some(time(60)), None),
                    ..MovementFilter::default()
                }));
                filters.extend(lots.iter().map(|lot| MovementFilter {
                    locations: Some(vec![*place]),
                    lot: Some(*lot),
                    ..MovementFilter::default()
                }));
            }
            for filter in filters {
                for newest_first in [false, true] {
                    let filter = MovementFilter { newest_first, ..filter.clone() };
                    let mut wanted: Vec<i64> =
                        all.iter().filter(|posted| passes(&filter, posted)).map(|posted| posted.number).collect();
                    if newest_first {
                        wanted.reverse();
                    }
                    let found: Vec<i64> = listed(&house, &filter, 7).iter().map(|posted| posted.number).collect();
                    assert_eq!(found, wanted, "{name}, tenant {tenant}: {filter:?}");
                    shown += found.len();
                }
            }
        }
        assert!(shown > 100 && idle > 10, "{name}: {shown} lines were shown, {idle} of them counts that moved nothing");
    }
}
