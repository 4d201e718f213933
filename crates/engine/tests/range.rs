//! What is added up for showing: the sum is right however large its parts are on the way, and where it is more than a
//! figure can tell, that is said of the thing and nothing else is told.

mod floor;
mod support;

use std::collections::BTreeSet;

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::id::{LocationId, LotId, ProductId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;
use lotbook_engine::query::availability::{Available, availability, of_products};
use lotbook_engine::query::balance::{BalanceFilter, balances, outside};
use lotbook_engine::query::entries::totals;
use lotbook_engine::query::lot::total_quantities;
use lotbook_engine::query::product::average_costs;
use lotbook_engine::query::promise::promise;
use lotbook_engine::query::report::{Ask, Page, abc, ageing, stock, tied, turnover};
use lotbook_engine::query::stock_card::{CardFilter, stock_card};
use lotbook_engine::query::trace::{Limits, recall};
use lotbook_engine::{Conn, Error, Store, table};
use lotbook_story::random::{build, time};
use lotbook_story::thing::Product;
use lotbook_story::{Booking, Entry, Floor, Outcome, Question, Reservation, Thing};

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

fn reserve_ahead(floor: &mut OnEngine, product: &str, place: &str) {
    let wish = Reservation {
        product: product.to_owned(),
        place: place.to_owned(),
        count: Quantity(MUCH * ONE_E6),
        allow_backorder: true,
        label: None,
        variant: None,
        lot: None,
        unit: None,
        hold: None,
    };
    let outcome = floor.reserve(&wish);
    assert!(matches!(outcome, Outcome::Booked(_)), "{outcome:?}");
}

/// Entries that wait, each for another minute of these.
fn order(floor: &OnEngine, product: &str, place: &str, minutes: std::ops::Range<i64>) {
    let of = |minute| Entry {
        product: product.to_owned(),
        count: Quantity(MUCH * ONE_E6),
        place: place.to_owned(),
        at: time(minute),
        ..Entry::default()
    };
    let drafts = floor.drafts(&Booking { kind: JournalKind::Delivery, entries: minutes.map(of).collect() });
    let voucher = floor.house.create_voucher(journal_of(JournalKind::Delivery, false)).expect("it is made");
    floor.house.create_entries(floor.house.request(), voucher.id, drafts).expect("they wait");
}

#[test]
fn what_can_be_promised_is_added_up_beyond_the_range() {
    for (name, database) in support::databases() {
        let house = House::found(&engine_on(Store::open(database.url()).expect("it opens")), 1);
        let tenant = house.tenant;
        let mut floor = OnEngine::new(house.clone(), true);
        build(&mut floor, false);
        let (cold, bar) = (floor.names.places["COLD"], floor.names.places["BAR"]);
        let products = floor.names.products.clone();
        let of = |product: &str, places: Option<Vec<LocationId>>| BalanceFilter {
            products: Some(vec![products[product]]),
            places,
            ..BalanceFilter::default()
        };
        let now = house.engine.now();
        let spots = |product: &str, places: Option<Vec<LocationId>>| {
            house.engine.read(|conn| {
                let structure = house.engine.structure(conn, tenant)?;
                let found = availability(conn, tenant, &structure.catalog.locations, &of(product, places), now)?;
                Ok(found.into_values().collect::<Vec<Available>>())
            })
        };
        let whole = |product: &str| {
            house.engine.read(|conn| {
                let structure = house.engine.structure(conn, tenant)?;
                let found = of_products(conn, tenant, &structure.catalog.locations, &of(product, None), now)?;
                Ok(found.into_values().collect::<Vec<Available>>())
            })
        };
        let promised = |product: &str, places: Option<Vec<LocationId>>| {
            house.engine.read(|conn| {
                let structure = house.engine.structure(conn, tenant)?;
                let filter = BalanceFilter { places, ..BalanceFilter::default() };
                let found = promise(conn, tenant, &structure.catalog.locations, products[product], &filter, now)?;
                Ok(found.into_values().next().unwrap_or_default())
            })
        };
        let much = |times: i64| Quantity(times * MUCH * ONE_E6);

        // Of two lots more stands at a place than a figure can tell, and with a third that is short it can be told.
        for (minute, lot) in
            [(9, "A"), (2, "B")].into_iter().flat_map(|(times, lot)| (0..times).map(move |at| (at, lot)))
        {
            book(&mut floor, ("SPECIFIC", Some(lot)), "COLD", MUCH, minute);
        }
        refused(spots("SPECIFIC", None), "quantityTooLarge", ["product SPECIFIC", "10890000000000"]);
        refused(promised("SPECIFIC", None), "quantityTooLarge", ["product SPECIFIC", "10890000000000"]);
        assert_eq!(spots("PLAIN", None).expect("others are told"), [], "{name}");
        book(&mut floor, ("SPECIFIC", Some("C")), "COLD", MUCH, 19);
        for minute in 20..23 {
            book(&mut floor, ("SPECIFIC", Some("C")), "COLD", -MUCH, minute);
        }
        let stands = Available { stock: much(9), ..Available::default() };
        assert_eq!(spots("SPECIFIC", None).expect("it came back"), [stands], "{name}");
        assert_eq!(promised("SPECIFIC", None).expect("it came back").stock, much(9), "{name}");

        // At each of two places it can be told, and of both together not.
        for minute in 0..2 {
            book(&mut floor, ("SPECIFIC", Some("A")), "BAR", MUCH, minute);
        }
        let there = Available { stock: much(2), ..Available::default() };
        let both = spots("SPECIFIC", None).expect("each of the places is in the range");
        assert_eq!(both.len(), 2, "{name}");
        assert_eq!(spots("SPECIFIC", Some(vec![bar])).expect("so is this one"), [there], "{name}");
        refused(whole("SPECIFIC"), "quantityTooLarge", ["product SPECIFIC", "10890000000000"]);
        refused(promised("SPECIFIC", None), "quantityTooLarge", ["product SPECIFIC", "10890000000000"]);
        assert_eq!(promised("SPECIFIC", Some(vec![bar])).expect("one of them").stock, much(2), "{name}");
        for minute in 30..33 {
            book(&mut floor, ("SPECIFIC", Some("B")), "SHOP", -MUCH, minute);
        }
        assert_eq!(whole("SPECIFIC").expect("a third makes up for it")[0].stock, much(8), "{name}");

        // What is reserved of what is not there.
        for _ in 0..9 {
            reserve_ahead(&mut floor, "LAYERS", "COLD");
        }
        assert_eq!(spots("LAYERS", None).expect("it is in the range")[0].available(), much(-9), "{name}");
        book(&mut floor, ("LAYERS", None), "COLD", -MUCH, 0);
        refused(spots("LAYERS", None), "quantityTooLarge", ["product LAYERS", "-9900000000000"]);
        refused(promised("LAYERS", None), "quantityTooLarge", ["product LAYERS", "-9900000000000"]);

        // What is ordered: overdue in one place and another, and for days to come.
        order(&floor, "COSTLY", "COLD", 0..5);
        order(&floor, "COSTLY", "BAR", 0..5);
        assert_eq!(promised("COSTLY", Some(vec![cold])).expect("half of it").overdue, much(5), "{name}");
        refused(
            promised("COSTLY", None),
            "quantityTooLarge",
            ["product COSTLY", "what is overdue come to 9900000000000"],
        );
        order(&floor, "COSTLY", "COLD", 5..10);
        refused(
            spots("COSTLY", Some(vec![cold])),
            "quantityTooLarge",
            ["product COSTLY", "ordered there come to 9900000000000"],
        );
        order(&floor, "PLAIN", "COLD", 600_000..600_009);
        let steps = promised("PLAIN", None).expect("nine of them are in the range").steps;
        assert_eq!((steps.len(), steps[9].projected), (10, much(9)), "{name}");
        order(&floor, "PLAIN", "COLD", 600_009..600_010);
        refused(promised("PLAIN", None), "quantityTooLarge", ["product PLAIN", "9900000000000"]);
        // What stands is short by as much, and in the end there is one of them.
        book(&mut floor, ("PLAIN", None), "COLD", -MUCH, 0);
        let steps = promised("PLAIN", None).expect("it does not leave the range").steps;
        assert_eq!(
            steps.iter().map(|step| step.projected).collect::<Vec<_>>(),
            (-1..10).map(much).collect::<Vec<_>>(),
            "{name}"
        );
        floor.verify();
    }
}

#[test]
fn what_lots_and_documents_come_to_is_added_up_beyond_the_range() {
    for (name, database) in support::databases() {
        let house = House::found(&engine_on(Store::open(database.url()).expect("it opens")), 1);
        let tenant = house.tenant;
        let mut floor = OnEngine::new(house.clone(), true);
        build(&mut floor, false);
        let product = Product { name: "VARIED".to_owned(), has_variants: true, ..Product::default() };
        floor.define(&Thing::Product(product));

        // What was ever added to lots.
        come_and_go(&mut floor, ("LOTS", Some("A")), "COLD", 1..ROUNDS + 1);
        come_and_go(&mut floor, ("LOTS", Some("B")), "COLD", 1..ROUNDS - 1);
        let lots = floor.names.products["LOTS"];
        let lot = |of: ProductId, lot: &str| -> LotId {
            house.read(|conn| table::catalog::lots_by_name(conn, tenant, [(of, lot.to_lowercase())]))[0].id
        };
        let (a, b) = (lot(lots, "A"), lot(lots, "B"));
        let added = |lots: [LotId; 1]| house.engine.read(|conn| total_quantities(conn, tenant, lots));
        refused(added([a]), "quantityTooLarge", ["product LOTS: lot A", "10890000000000"]);
        let told = added([b]).expect("nine times are in the range");
        assert_eq!(told[&b], Quantity(9 * MUCH * ONE_E6), "{name}");

        // How much of a lot there is in two places, and of variants in one, which MQTT tells as it is.
        let e6 = |times: i64| i128::from(times) * i128::from(MUCH * ONE_E6);
        for minute in 0..9 {
            book(&mut floor, ("SPECIFIC", Some("A")), "COLD", MUCH, minute);
        }
        for minute in 9..11 {
            book(&mut floor, ("SPECIFIC", Some("A")), "BAR", MUCH, minute);
        }
        let specific = lot(floor.names.products["SPECIFIC"], "A");
        let there = house.read(|conn| table::account::totals(conn, tenant, &BTreeSet::from([specific])));
        assert_eq!(there[&specific], e6(11), "{name}");
        for variant in ["RED", "BLUE"] {
            floor.define(&Thing::Variant { product: "VARIED".to_owned(), name: variant.to_owned(), cost: None });
            for minute in 0..6 {
                let entry = Entry {
                    product: "VARIED".to_owned(),
                    variant: Some(variant.to_owned()),
                    count: Quantity(MUCH * ONE_E6),
                    place: "SHOP".to_owned(),
                    at: time(minute),
                    ..Entry::default()
                };
                let outcome = floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] });
                assert!(matches!(outcome, Outcome::Booked(_)), "{outcome:?}");
            }
        }
        let shop = BTreeSet::from([floor.names.places["SHOP"]]);
        let standing = house.read(|conn| table::mqtt::standing(conn, tenant, &shop));
        let shown: Vec<_> = standing.iter().map(|line| (line.product.1.as_str(), line.quantity_e6)).collect();
        assert_eq!(shown, [("VARIED", e6(12))], "{name}");

        // What comes back of more than can be told costs what it was sold at, now and when it is settled.
        book(&mut floor, ("PLAIN", None), "COLD", 7, 0);
        let sell = |floor: &mut OnEngine, count: i64, cost: i64, minute: i64| {
            let entry = |count: i64, minute: i64| Entry {
                product: "PLAIN".to_owned(),
                count: Quantity(count * ONE_E6),
                place: "COLD".to_owned(),
                at: time(minute),
                ..Entry::default()
            };
            let come = Entry { cost: Some(UnitCost(cost * ONE_E6)), ..entry(count, minute) };
            let document = Some(("invoice".to_owned(), 7));
            let go = Entry { external: document, customer: Some("ANNA".to_owned()), ..entry(-count, minute + 1) };
            for entry in [come, go] {
                let outcome = floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] });
                assert!(matches!(outcome, Outcome::Booked(_)), "{outcome:?}");
            }
        };
        for round in 0..ROUNDS {
            sell(&mut floor, MUCH, 1, 100 + round * 10);
        }
        let back = |floor: &mut OnEngine, count: i64, minute: i64| {
            let entry = Entry {
                product: "PLAIN".to_owned(),
                count: Quantity(count * ONE_E6),
                place: "COLD".to_owned(),
                credit_note: Some(("invoice".to_owned(), 7)),
                customer: Some("ANNA".to_owned()),
                at: time(minute),
                ..Entry::default()
            };
            match floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] }) {
                Outcome::Booked(booked) => booked.movements[0].amount,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(back(&mut floor, 5, 1_000), Amount(5 * ONE_E6), "{name}");
        floor.settle();
        let worth = |floor: &mut OnEngine| {
            floor.balance(&Question {
                product: "PLAIN".to_owned(),
                variant: None,
                lot: None,
                place: "COLD".to_owned(),
                as_of: None,
                known_at: None,
            })
        };
        assert_eq!(worth(&mut floor), (Quantity(12 * ONE_E6), Amount(12 * ONE_E6)), "{name}");
        // Eleven more at 3, which is known late, and so do the seven cost, among so many: what was sold cost 2 a piece by
        // then, and the 5 cost 10.
        for round in 0..ROUNDS {
            sell(&mut floor, MUCH, 3, 300 + round * 10);
        }
        floor.settle();
        assert_eq!(worth(&mut floor), (Quantity(12 * ONE_E6), Amount(31 * ONE_E6)), "{name}");
        // Exactly, the seven keep 14 more, which the 22 sales together cost less: 0.6364 for each.
        assert_eq!(back(&mut floor, MUCH, 1_010), Amount(2 * MUCH * ONE_E6 - 636_400), "{name}");
        floor.settle();
        floor.verify();
    }
}

#[test]
fn the_totals_of_a_journal_are_told_or_refused_by_its_name() {
    let (much, one) = (i128::from(MUCH) * i128::from(ONE_E6), i128::from(ONE_E6));
    let nine = Quantity(9 * MUCH * ONE_E6);
    assert_eq!(totals("Orders", 9 * much, Some(9 * much * one)).expect("it is told"), (nine, Amount(nine.0)));
    refused(totals("Orders", 10 * much, Some(0)), "quantityTooLarge", ["journal Orders", "9900000000000"]);
    refused(totals("Orders", 0, Some(-10 * much * one)), "amountTooLarge", ["journal Orders", "-9900000000000"]);
    refused(totals("Orders", 0, None), "amountTooLarge", ["journal Orders", "more than can be added up"]);
}
