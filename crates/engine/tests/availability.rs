//! What can be promised, page by page: as if all of it had been worked out at once.

mod floor;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::catalog::Tracking;
use lotbook_domain::id::LocationId;
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::location::{LocationTree, LotUse};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::reservation::{ReservationDraft, Scope};
use lotbook_domain::time::Time;
use lotbook_engine::command::{Reach, Reserve};
use lotbook_engine::query::availability::{Available, Part, Spot, availability, is_of_the_past, page};
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::write::Command;
use lotbook_engine::{Conn, Error, Store, table};
use lotbook_story::random::time;
use lotbook_story::thing::Product;
use lotbook_story::{Booking, Entry, Floor, Thing};
use support::TestDb;

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

const PLACES: [&str; 6] = ["COLD", "RACK", "BIN", "SHOP", "BAR", "CELLAR"];
/// Where reservations are made: places, some of them with others below, org units, the house.
const AROUND: [Option<&str>; 9] = [
    Some("COLD"),
    Some("RACK"),
    Some("BIN"),
    Some("SHOP"),
    Some("BAR"),
    Some("CELLAR"),
    Some("NORTH"),
    Some("SOUTH"),
    None,
];
const PRODUCTS: usize = 14;

fn house_on(database: &TestDb, tenant: i64) -> OnEngine {
    let house = House::found(&engine_on(Store::open(database.url()).expect("it opens again")), tenant);
    let mut floor = OnEngine::new(house, true);
    for no in 0..PRODUCTS {
        let tracking = if no % 3 == 1 { Tracking::Lot } else { Tracking::None };
        let has_variants = !variants_of(no).is_empty();
        floor.define(&Thing::Product(Product { name: format!("P{no}"), tracking, has_variants, ..Product::default() }));
        for variant in variants_of(no) {
            floor.define(&Thing::Variant { product: format!("P{no}"), name: variant, cost: None });
        }
    }
    for unit in ["NORTH", "SOUTH"] {
        floor.define(&Thing::OrgUnit { name: unit.to_owned(), parent: None, stock_of: None });
    }
    for (name, parent) in
        [("COLD", "NORTH"), ("RACK", "COLD"), ("BIN", "RACK"), ("SHOP", "NORTH"), ("BAR", "SOUTH"), ("CELLAR", "SOUTH")]
    {
        let (name, parent) = (name.to_owned(), Some(parent.to_owned()));
        let lot_use = LotUse::Fifo;
        floor.define(&Thing::Location { name, parent, allow_negative: None, is_default: false, lot_use });
    }
    floor
}

fn variants_of(product: usize) -> Vec<String> {
    if product.is_multiple_of(5) { vec!["RED".to_owned(), "BLUE".to_owned()] } else { Vec::new() }
}

fn entry(dice: &mut Dice, product: usize) -> Entry {
    let variants = variants_of(product);
    Entry {
        product: format!("P{product}"),
        variant: (!variants.is_empty()).then(|| variants[dice.roll(variants.len())].clone()),
        count: Quantity((dice.roll(12) as i64 - 3) * ONE_E6),
        place: PLACES[dice.roll(PLACES.len())].to_owned(),
        lot: (product % 3 == 1).then(|| format!("L{}", dice.roll(4))),
        at: time(dice.roll(4_000) as i64),
        ..Entry::default()
    }
}

/// A random history: stock, reservations of all sizes, and entries that wait.
fn live(floor: &mut OnEngine, dice: &mut Dice) {
    for round in 0..60 {
        let lines = 1 + dice.roll(4);
        let entries: Vec<Entry> = (0..lines).map(|_| entry(dice, dice_product(round))).collect();
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| entry.count.0 != 0).collect();
        let waits = round % 9 == 4;
        if !entries.is_empty() {
            let drafts = floor.drafts(&Booking { kind: JournalKind::Delivery, entries });
            if waits {
                let voucher = floor.house.create_voucher(journal_of(JournalKind::Delivery, false)).expect("it is made");
                floor.house.create_entries(floor.house.request(), voucher.id, drafts).expect("they wait");
            } else {
                // One that takes what is promised to others is refused, which is as well.
                drop(floor.book_drafts(JournalKind::Delivery, drafts));
            }
        }
        if round % 3 == 0 {
            reserve(floor, dice);
        }
    }
}

fn reserve(floor: &OnEngine, dice: &mut Dice) {
    let product = dice.roll(PRODUCTS);
    let variants = variants_of(product);
    let variant = (!variants.is_empty()).then(|| variants[dice.roll(variants.len())].clone());
    let name = format!("P{product}");
    let draft = ReservationDraft {
        product: Some(floor.names.products[&name]),
        variant: variant.map(|variant| floor.names.variants[&(name, variant)]),
        place: AROUND[dice.roll(AROUND.len())].map(|place| floor.names.places[place]),
        quantity: Some(Quantity((1 + dice.roll(9) as i64) * ONE_E6)),
        allow_backorder: true,
        ..ReservationDraft::default()
    };
    let command = Reserve { drafts: vec![draft], violations: Vec::new(), reach: Reach::All };
    floor.house.engine.run(floor.house.request(), Command::Reserve(command)).expect("it may be ahead of stock");
}

/// Obviously right: every account, every reservation and every entry, in memory.
fn naive(
    conn: &mut Conn,
    house: &House,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
) -> Result<BTreeMap<Spot, Available>, Error> {
    let tenant = house.tenant;
    let everywhere = BalanceFilter { places: None, with_zero: true, ..asked.clone() };
    let mut found: BTreeMap<Spot, Available> = BTreeMap::new();
    for balance in balances(conn, tenant, AccountKind::Stock, &everywhere, usize::MAX)?.0 {
        let key = balance.key;
        found.entry((key.product, key.variant, key.place)).or_default().stock.0 += balance.quantity.0;
    }
    let mut scopes: Vec<(Scope, i64)> = if is_of_the_past(asked, now) {
        let open = table::reservation::open_at(conn, tenant, None, (asked.as_of.unwrap_or(now), asked.as_known_at))?;
        open.into_iter().map(|(scope, open)| (scope, i64::try_from(open).expect("it is little"))).collect()
    } else {
        let open = table::reservation::all_open(conn, tenant, None, now)?;
        open.into_iter().map(|(scope, open)| (scope, open.0)).collect()
    };
    scopes.retain(|(scope, _)| {
        asked.products.as_ref().is_none_or(|products| products.contains(&scope.product))
            && asked.variant.is_none_or(|variant| variant == scope.variant)
            && asked.lots.as_ref().is_none_or(|lots| lots.contains(&scope.lot))
    });
    scopes.sort_by_key(|(scope, _)| (std::cmp::Reverse(tree.chain(scope.place).count()), *scope));
    for (scope, open) in scopes {
        let own = (scope.product, scope.variant, scope.place);
        let mut rest = open;
        let within: Vec<Spot> = found
            .keys()
            .filter(|(product, variant, place)| {
                (*product, *variant) == (scope.product, scope.variant)
                    && *place != LocationId::IN_TRANSIT
                    && tree.is_within(*place, scope.place)
            })
            .copied()
            .collect();
        for spot in std::iter::once(own).chain(within) {
            let Some(sum) = found.get_mut(&spot) else { continue };
            let part = rest.min(sum.available().0).max(0);
            sum.reserved.0 += part;
            rest -= part;
        }
        if rest > 0 {
            found.entry(own).or_default().reserved.0 += rest;
        }
    }
    let waiting = table::entry::EntryFilter {
        journal: Some(journal_of(JournalKind::Delivery, false)),
        ..table::entry::EntryFilter::default()
    };
    for waiting in table::entry::page(conn, tenant, &waiting, 0, 10_000)? {
        let entry = waiting.entry;
        let is_asked = asked.products.as_ref().is_none_or(|products| products.contains(&entry.product))
            && asked.variant.is_none_or(|variant| variant == entry.variant);
        if is_asked && entry.count.0 > 0 {
            found.entry((entry.product, entry.variant, entry.location)).or_default().ordered.0 += entry.count.0;
        }
    }
    found.retain(|(_, _, place), _| asked.places.as_ref().is_none_or(|places| places.contains(place)));
    Ok(found)
}

/// The pages of a list, one after another.
fn pages(
    conn: &mut Conn,
    house: &House,
    tree: &LocationTree,
    asked: &BalanceFilter,
    (now, limit): (Time, usize),
) -> Result<Vec<(Spot, Available)>, Error> {
    let mut all = Vec::new();
    let mut part = Part { limit, ..Part::default() };
    loop {
        let (found, next) = page(conn, house.tenant, tree, asked, now, &part)?;
        assert!(found.len() == limit || next.is_none(), "a page is full unless it is the last");
        all.extend(found);
        match next {
            Some(next) => part.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// What is asked for: everything, and by each filter, now and at other times.
fn questions(floor: &OnEngine, dice: &mut Dice, now: Time) -> Vec<BalanceFilter> {
    let names = &floor.names;
    let structure = floor.house.read(|conn| floor.house.engine.structure(conn, floor.house.tenant));
    let below = |name: &str| Some(structure.catalog.locations.with_descendants(&[names.places[name]]));
    let position = floor.house.read(|conn| table::header::position(conn, floor.house.tenant));
    let product = |no: usize| names.products[&format!("P{no}")];
    let lot = floor.house.read(|conn| {
        let key = [(product(1), "l1".to_owned())];
        table::catalog::lots_by_name(conn, floor.house.tenant, key)
    });
    let places =
        [None, below("NORTH"), below("RACK"), below("BAR"), Some(vec![names.places["SHOP"], names.places["BIN"]])];
    let mut asked = Vec::new();
    for places in places {
        for products in [None, Some(vec![product(dice.roll(PRODUCTS))]), Some(vec![product(7), product(0), product(1)])]
        {
            let with = BalanceFilter { places: places.clone(), products, as_of: Some(now), ..BalanceFilter::default() };
            asked.push(with);
        }
    }
    let red = names.variants[&("P5".to_owned(), "RED".to_owned())];
    asked.push(BalanceFilter { variant: Some(red), ..BalanceFilter::default() });
    asked.push(BalanceFilter { lots: Some(lot.iter().map(|lot| lot.id).collect()), ..BalanceFilter::default() });
    asked.push(BalanceFilter { products: Some(Vec::new()), ..BalanceFilter::default() });
    let of_then: Vec<BalanceFilter> = asked
        .iter()
        .flat_map(|of_now| {
            let at = Some(time(dice.roll(4_000) as i64));
            let known = Some(dice.roll(usize::try_from(position).expect("it is small") + 1) as i64);
            [(at, None), (None, known), (at, known)].map(|(as_of, as_known_at)| BalanceFilter {
                as_of,
                as_known_at,
                ..of_now.clone()
            })
        })
        .collect();
    asked.extend(of_then);
    asked
}

#[test]
fn pages_of_any_length_are_parts_of_the_whole() {
    for (name, database) in support::databases() {
        for tenant in 1..=3 {
            let mut floor = house_on(&database, tenant);
            let mut dice = Dice(tenant as u64 * 77);
            live(&mut floor, &mut dice);
            let (house, now) = (&floor.house, floor.house.engine.now());
            for asked in questions(&floor, &mut dice, now) {
                house.read(|conn| {
                    let structure = house.engine.structure(conn, house.tenant)?;
                    let tree = &structure.catalog.locations;
                    let wanted = naive(conn, house, tree, &asked, now)?;
                    assert_eq!(availability(conn, house.tenant, tree, &asked, now)?, wanted, "{name}: {asked:?}");
                    let wanted: Vec<(Spot, Available)> = wanted.into_iter().collect();
                    for limit in [1, 7, 10_000] {
                        let found = pages(conn, house, tree, &asked, (now, limit))?;
                        assert_eq!(found, wanted, "{name}: {asked:?} by {limit}");
                    }
                    Ok(())
                });
            }
            let all = house.read(|conn| {
                let structure = house.engine.structure(conn, house.tenant)?;
                availability(conn, house.tenant, &structure.catalog.locations, &BalanceFilter::default(), now)
            });
            let has = |is: fn(&Available) -> bool| all.values().any(is);
            assert!(all.len() > 40, "{name}: {}", all.len());
            assert!(has(|spot| spot.reserved.0 > 0) && has(|spot| spot.available().0 < 0), "{name}");
            assert!(has(|spot| spot.ordered.0 > 0) && has(|spot| spot.stock.0 < 0), "{name}");
        }
    }
}

/// Books entries at once, as many as book themselves.
fn deliver(floor: &mut OnEngine, entries: &[Entry]) {
    for part in entries.chunks(1_000) {
        let drafts = floor.drafts(&Booking { kind: JournalKind::Delivery, entries: part.to_vec() });
        floor.book_drafts(JournalKind::Delivery, drafts).expect("goods arrive");
    }
}

/// A page costs what it holds: the same number of statements wherever it is, and however much comes after it.
#[test]
fn a_page_takes_as_many_statements_of_many_products_as_of_few() {
    const LOTS: usize = 4_500;
    for (name, database) in support::databases() {
        let mut floor = house_on(&database, 1);
        let receive = |product: String, place: &str, lot: Option<String>| Entry {
            product,
            count: Quantity(ONE_E6),
            place: place.to_owned(),
            lot,
            at: time(1),
            ..Entry::default()
        };
        let count_of = |floor: &OnEngine, after: Option<Spot>| {
            let house = &floor.house;
            house.read(|conn| {
                let structure = house.engine.structure(conn, house.tenant)?;
                let before = conn.statements();
                let part = Part { after, limit: 5, ..Part::default() };
                let now = house.engine.now();
                let (found, next) =
                    page(conn, house.tenant, &structure.catalog.locations, &BalanceFilter::default(), now, &part)?;
                assert_eq!(found.len(), 5);
                Ok((conn.statements() - before, next))
            })
        };
        for no in 0..8 {
            floor.define(&Thing::Product(Product { name: format!("Q{no}"), ..Product::default() }));
        }
        let some: Vec<Entry> = (0..8).map(|no| receive(format!("Q{no}"), "SHOP", None)).collect();
        deliver(&mut floor, &some);
        let (few, _) = count_of(&floor, None);
        for no in 8..300 {
            floor.define(&Thing::Product(Product { name: format!("Q{no}"), ..Product::default() }));
        }
        let many: Vec<Entry> = (8..300).map(|no| receive(format!("Q{no}"), "BAR", None)).collect();
        deliver(&mut floor, &many);
        let (first, next) = count_of(&floor, None);
        let (second, _) = count_of(&floor, next);
        assert!(first <= few && second <= few + 2, "{name}: {few}, {first}, {second}");

        // More lots stand at one spot than are read together.
        let lots: Vec<Entry> = (0..LOTS).map(|no| receive("P1".to_owned(), "BIN", Some(format!("N{no}")))).collect();
        deliver(&mut floor, &lots);
        let product = floor.names.products["P1"];
        let filter = BalanceFilter { products: Some(vec![product]), ..BalanceFilter::default() };
        let house = &floor.house;
        let found = house.read(|conn| {
            let structure = house.engine.structure(conn, house.tenant)?;
            availability(conn, house.tenant, &structure.catalog.locations, &filter, house.engine.now())
        });
        let stands: Vec<i64> = found.values().map(|spot| spot.stock.0 / ONE_E6).collect();
        assert_eq!(stands, [LOTS as i64], "{name}");
    }
}

/// A long list that is read while stock moves tells of one position.
#[test]
fn what_moves_between_two_pages_is_told_once() {
    for (name, database) in support::databases() {
        let mut floor = house_on(&database, 1);
        let at = |place: &str, count: i64| Entry {
            product: "P0".to_owned(),
            variant: Some("RED".to_owned()),
            count: Quantity(count * ONE_E6),
            place: place.to_owned(),
            at: time(1),
            ..Entry::default()
        };
        deliver(&mut floor, &[at("SHOP", 5), at("BAR", 1)]);
        let position = floor.house.read(|conn| table::header::position(conn, floor.house.tenant));
        let read = |floor: &OnEngine, after: Option<Spot>| {
            let house = &floor.house;
            house.read(|conn| {
                let structure = house.engine.structure(conn, house.tenant)?;
                let part = Part { after, limit: 1, stock_at: Some(position) };
                let filter = BalanceFilter::default();
                page(conn, house.tenant, &structure.catalog.locations, &filter, house.engine.now(), &part)
            })
        };
        let (first, next) = read(&floor, None);
        deliver(&mut floor, &[at("SHOP", -5), at("BAR", 5)]);
        let (second, _) = read(&floor, next);
        let stands: BTreeSet<i64> = [first, second].concat().iter().map(|(_, spot)| spot.stock.0 / ONE_E6).collect();
        assert_eq!(stands, BTreeSet::from([1, 5]), "{name}");
    }
}

fn dice_product(round: usize) -> usize {
    (round * 7 + round / 5) % PRODUCTS
}
