//! What following a lot asks of the database.

mod floor;
mod support;

use std::sync::Arc;

use floor::{House, OnEngine, engine_on};
use lotbook_domain::catalog::Tracking;
use lotbook_domain::id::LotId;
use lotbook_domain::location::LotUse;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{Action, ActionKind, Execute, LotNamed, Reach};
use lotbook_engine::query::trace::{Limits, Way, recall, trace};
use lotbook_engine::{Fuse, Store, table};
use lotbook_story::thing::Product;
use lotbook_story::{Floor, Thing};

/// So many orders take of one lot, …
const MANY: usize = 1_300;
/// … and so many of another.
const FEW: usize = 2;
/// So many actions go in one call.
const AT_ONCE: usize = 1_000;

/// A house with milk in two lots, and orders that were filled from them.
fn with_orders(house: House) -> OnEngine {
    let mut floor = OnEngine::new(house, true);
    for name in ["MILK", "ORDER"] {
        let (name, tracking) = (name.to_owned(), Tracking::Lot);
        floor.define(&Thing::Product(Product { name, tracking, ..Product::default() }));
    }
    floor.define(&Thing::Location {
        name: "COLD".to_owned(),
        parent: None,
        allow_negative: None,
        is_default: false,
        lot_use: LotUse::Fifo,
    });
    let (milk, order) = (floor.names.products["MILK"], floor.names.products["ORDER"]);
    let cold = Some(floor.names.places["COLD"]);
    let receive = |lot: &str| Action {
        kind: Some(ActionKind::Run(RunKind::Receive)),
        quantity: Some(Quantity(2_000 * ONE_E6)),
        product: Some(milk),
        lot: LotNamed::Name(lot.to_owned()),
        to: cold,
        makes_lots: true,
        ..Action::default()
    };
    let fill = |lot: &str, no: usize| Action {
        kind: Some(ActionKind::Run(RunKind::Consume)),
        quantity: Some(Quantity(ONE_E6)),
        product: Some(milk),
        lot: LotNamed::Name(lot.to_owned()),
        secondary_product: Some(order),
        secondary_lot: LotNamed::Name(format!("{lot}-{no:04}")),
        from: cold,
        to: cold,
        makes_lots: true,
        ..Action::default()
    };
    let mut actions = vec![receive("MANY"), receive("FEW")];
    actions.extend((0..MANY).map(|no| fill("MANY", no)));
    actions.extend((0..FEW).map(|no| fill("FEW", no)));
    for actions in actions.chunks(AT_ONCE) {
        let execute = Execute { actions: actions.to_vec(), reach: Reach::All };
        floor.house.engine.change(floor.house.request(), execute).expect("the milk is there");
    }
    floor
}

/// The statements do not grow with the orders that a lot went into, and nothing is cut off with what a tenant has set
/// if it has set nothing.
#[test]
fn a_lot_in_1300_orders_is_followed_in_as_many_statements_as_one_in_two() {
    for (name, database) in support::databases() {
        let fuse = Arc::new(Fuse::new(u32::MAX, false));
        let store = Store::open_with_fuse(database.url(), Arc::clone(&fuse)).expect("the database opens");
        let floor = with_orders(House::found(&engine_on(store), 1));
        let house = &floor.house;
        let milk = floor.names.products["MILK"];
        let lot = |lot: &str| -> LotId {
            let wanted = [(milk, lotbook_domain::catalog::fold(lot))];
            house.read(|conn| table::catalog::lots_by_name(conn, house.tenant, wanted))[0].id
        };
        let limits = house.read(|conn| Ok(Limits::of(&house.engine.structure(conn, house.tenant)?.settings)));
        let follow = |lot: LotId, orders: usize| {
            let before = fuse.left();
            let found = house.read(|conn| trace(conn, house.tenant, lot, Way::Output, limits.depth, None, limits));
            let traced = before - fuse.left();
            assert!(!found.is_truncated, "{name}");
            assert_eq!((found.nodes.len(), found.links.len()), (orders, orders), "{name}");
            assert!(found.nodes.iter().all(|node| node.depth == 1 && node.is_terminal), "{name}");
            assert!(found.nodes.iter().all(|node| node.quantity == Quantity(ONE_E6)), "{name}");
            let before = fuse.left();
            let called_back = house.read(|conn| recall(conn, house.tenant, lot, None, limits));
            assert_eq!((called_back.affected.len(), called_back.is_truncated), (orders, false), "{name}");
            assert_eq!(called_back.fate.on_hand, Quantity((2_000 - orders as i64) * ONE_E6), "{name}");
            (traced, before - fuse.left())
        };
        let (few, many) = (follow(lot("FEW"), FEW), follow(lot("MANY"), MANY));
        assert_eq!(many, few, "{name}: statements of a trace and of a recall");
        floor::verify::verify(house);
    }
}
