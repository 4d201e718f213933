//! What is added up for showing: the sum is right however large its parts are on the way, and where it is more than a
//! figure can tell, that is said of the thing and nothing else is told.

mod floor;
mod support;

use floor::{House, OnEngine, engine_on};
use lotbook_domain::id::{LocationId, LotId, ProductId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;
use lotbook_engine::query::balance::{BalanceFilter, balances, outside};
use lotbook_engine::query::product::average_costs;
use lotbook_engine::query::report::{Ask, Page, abc, ageing, stock, tied, turnover};
use lotbook_engine::query::stock_card::{CardFilter, stock_card};
use lotbook_engine::query::trace::{Limits, recall};
use lotbook_engine::{Conn, Error, Store, table};
use lotbook_story::random::{build, time};
use lotbook_story::{Booking, Entry, Floor, Outcome};

/// Close to what one line may carry; ten of them are more than a figure can tell.
const MUCH: i64 = 990_000_000_000;
const ROUNDS: i64 = 11;

fn book(floor: &mut OnEngine, (product, lot): (&str, Option<&str>), place: &str, units: i64, minute: i64) {
    let entry = Entry {
        product: product.to_owned(),
        lot: lot.map(str::to_owned),
        count: Quantity(units * ONE_E6),
        place: place.to_owned(),
        cost: (units > 0).then_some(UnitCost(ONE_E6)),
        at: time(minute),
        ..Entry::default()
    };
    let outcome = floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] });
    assert!(matches!(outcome, Outcome::Booked(_)), "{outcome:?}");
}

/// Comes and goes, eleven times: never much at a time, and in all more than a figure can tell.
fn come_and_go(floor: &mut OnEngine, what: (&str, Option<&str>), place: &str, rounds: std::ops::Range<i64>) {
    for round in rounds {
        book(floor, what, place, MUCH, round * 10);
        book(floor, what, place, -MUCH, round * 10 + 5);
    }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, code: &str, says: [&str; 2]) {
    match outcome {
        Err(Error::Refused { code: found, message, .. }) => {
            assert_eq!(found, code, "{message}");
            assert!(says.iter().all(|says| message.contains(says)), "{message}");
        }
        other => panic!("{other:?} is not refused with {code}"),
    }
}

#[test]
fn sums_that_leave_the_range_are_named_and_those_that_come_back_are_right() {
    for (name, database) in support::databases() {
        let house = House::found(&engine_on(Store::open(database.url()).expect("it opens")), 1);
        let tenant = house.tenant;
        let mut floor = OnEngine::new(house.clone(), true);
        build(&mut floor, false);
        book(&mut floor, ("PLAIN", None), "COLD", 7, 0);
        let early = house.read(|conn| table::header::position(conn, tenant));
        come_and_go(&mut floor, ("PLAIN", None), "COLD", 1..ROUNDS + 1);
        come_and_go(&mut floor, ("LOTS", Some("A")), "COLD", 1..ROUNDS + 1);
        // Half of it in each of two org units.
        come_and_go(&mut floor, ("COSTLY", None), "COLD", 1..6);
        come_and_go(&mut floor, ("COSTLY", None), "BAR", 1..7);
        let ask = |product: &str| Ask {
            products: Some(vec![floor.names.products[product]]),
            from: time(1),
            ..floor::age::ask(None, i64::MAX, false)
        };
        let report = |product: &str, of: &dyn Fn(&mut Conn, &Ask) -> Result<(), Error>| {
            let ask = ask(product);
            house.engine.read(|conn| of(conn, &ask))
        };
        let turned = |conn: &mut Conn, ask: &Ask| turnover(conn, tenant, ask, ProductId(0), 10).map(drop);
        refused(report("PLAIN", &turned), "quantityTooLarge", ["product PLAIN", "10890000000000"]);
        report("COSTLY", &turned).expect("each org unit alone is in the range");
        let classed = |conn: &mut Conn, ask: &Ask| abc(conn, tenant, ask, 800_000, 950_000).map(drop);
        refused(report("COSTLY", &classed), "quantityTooLarge", ["product COSTLY", "10890000000000"]);

        // What came and went is nothing, or the seven, however it is added up.
        let seven = (Quantity(7 * ONE_E6), Amount(7 * ONE_E6));
        let page: Page<_> = house.read(|conn| tied(conn, tenant, &ask("PLAIN"), ProductId(0), 10));
        let [pool] = &page.0[..] else { panic!("{name}: {page:?}") };
        assert_eq!((pool.pool.quantity, pool.pool.amount), seven, "{name}");
        assert_eq!((pool.booked, pool.difference), (seven.1, Amount::ZERO), "{name}");
        let past = |as_known_at: Option<i64>, as_of: Option<Time>| {
            let products = Some(vec![floor.names.products["PLAIN"]]);
            let filter = BalanceFilter { products, as_known_at, as_of, ..BalanceFilter::default() };
            let found = house.read(|conn| balances(conn, tenant, AccountKind::Pool, &filter, 10)).0;
            found.iter().map(|balance| (balance.quantity, balance.amount)).collect::<Vec<_>>()
        };
        assert_eq!(past(Some(early), None), [seven], "{name}: as it was known when the seven had come");
        assert_eq!(
            past(Some(early + 1), None),
            [(Quantity((7 + MUCH) * ONE_E6), Amount((7 + MUCH) * ONE_E6))],
            "{name}"
        );
        assert_eq!(past(None, Some(time(3))), [seven], "{name}");
        house.read(|conn| {
            let structure = house.engine.structure(conn, tenant)?;
            let (shown, _) = stock(conn, tenant, &structure, &ask("PLAIN"), ProductId(0), 10)?;
            assert_eq!(shown.iter().map(|worth| worth.value).collect::<Vec<_>>(), [seven.1], "{name}");
            let (aged, _) = ageing(conn, tenant, &structure, &ask("PLAIN"), &[30], ProductId(0), 10)?;
            let buckets = aged[0].buckets.iter().map(|bucket| bucket.quantity.0);
            assert_eq!(buckets.sum::<i64>(), seven.0.0, "{name}");
            Ok(())
        });

        // What went to customers is more than can be told, in all and of the lot.
        let sold = house.engine.read(|conn| {
            let products = Some(vec![floor.names.products["PLAIN"]]);
            outside(conn, tenant, &BalanceFilter { products, ..BalanceFilter::default() })
        });
        refused(sold, "quantityTooLarge", ["product PLAIN", "10890000000000"]);
        let lots = floor.names.products["LOTS"];
        let lot: LotId = house.read(|conn| table::catalog::lots_by_name(conn, tenant, [(lots, "a".to_owned())]))[0].id;
        let limits = Limits { depth: 10, nodes: 100 };
        let called_back = house.engine.read(|conn| recall(conn, tenant, lot, None, limits));
        refused(called_back, "quantityTooLarge", ["lot A", "10890000000000"]);

        // What stands in two org units is more than can be told of both, and what a piece of it costs is known.
        for (round, place) in ["COLD", "BAR"].into_iter().cycle().take(12).enumerate() {
            book(&mut floor, ("COSTLY", None), place, MUCH, 1_000 + round as i64);
        }
        let costly = floor.names.products["COSTLY"];
        let card = |places: Option<Vec<LocationId>>| {
            let filter = CardFilter {
                product: costly,
                variant: None,
                lot: None,
                places,
                effective: (Some(time(1_000)), None),
                as_known_at: None,
            };
            house.engine.read(|conn| {
                let structure = house.engine.structure(conn, tenant)?;
                stock_card(conn, tenant, &structure, &filter, None, 10)
            })
        };
        refused(card(None), "quantityTooLarge", ["product COSTLY", "11880000000000"]);
        let cold = card(Some(vec![floor.names.places["COLD"]])).expect("one of them is in the range").closing;
        assert_eq!(cold, (Quantity(6 * MUCH * ONE_E6), Amount(6 * MUCH * ONE_E6)), "{name}");
        let average = house.read(|conn| average_costs(conn, tenant, [costly], None));
        assert_eq!(average[&costly], UnitCost(ONE_E6), "{name}");
        floor.verify();
    }
}
