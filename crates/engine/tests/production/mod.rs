//! What is made costs what was used, also where that becomes known later: random histories of a bakery against the
//! naive reading of the definition.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lotbook_domain::catalog::{Costing, LotStatus, Product, Tracking};
use lotbook_domain::id::{AccountId, BatchId, LocationId, MovementId, ProductId, RunId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LotUse;
use lotbook_domain::money::UnitCost;
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{Action, ActionKind, Execute, Executed, LotNamed, Reach, Reverse, ReverseWhat};
use lotbook_engine::query::stock_card::{CardFilter, stock_card};
use lotbook_engine::{Arg, Engine, Error, settle, table};
use lotbook_story::naive::{Facts, worth};
use lotbook_story::random::time;
use lotbook_story::{Booking, Entry, Floor, Outcome, Question, Thing, thing};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::floor::{self, House, OnEngine};
use crate::support;
use crate::{engine, how_many};

/// By average and by layers; what may be made of what is not said.
const PRODUCTS: [(&str, Costing); 4] =
    [("FLOUR", Costing::Average), ("DOUGH", Costing::Average), ("BREAD", Costing::Fifo), ("CRUMBS", Costing::Average)];
const PLACES: [&str; 2] = ["BAKERY", "SHOP"];
const LOTS: [&str; 2] = ["A", "B"];

#[derive(Clone, Debug)]
enum Act {
    /// So much comes in, at so many cents, or goes out to a customer.
    Deliver { product: usize, place: usize, lot: usize, halves: i64, cents: Option<i64>, minute: i64 },
    /// So much of one thing is made of as much of another.
    Make { of: (usize, usize, usize), to: (usize, usize, usize), halves: i64, minute: i64 },
    /// One of the batches before is undone.
    Undo(usize),
    /// Of one of the runs before only what was used is undone.
    UndoUsed(usize),
    /// Values are settled.
    Settle,
}

fn act() -> impl Strategy<Value = Act> {
    // Few instants, so that some things happen at once.
    let minute = || prop_oneof![0..12_i64, 0..8_000_i64];
    let which = || (0..PRODUCTS.len(), 0..PLACES.len(), 0..LOTS.len());
    let cents = proptest::option::of(1..900_i64);
    prop_oneof![
        5 => (which(), prop_oneof![3 => 1..40_i64, 2 => -20..0_i64], cents, minute()).prop_map(
            |((product, place, lot), halves, cents, minute)| Act::Deliver { product, place, lot, halves, cents, minute }
        ),
        6 => (which(), which(), 1..20_i64, minute())
            .prop_map(|(of, to, halves, minute)| Act::Make { of, to, halves, minute }),
        1 => (0..1_000_usize).prop_map(Act::Undo),
        1 => (0..1_000_usize).prop_map(Act::UndoUsed),
        3 => Just(Act::Settle),
    ]
}

/// What may be undone.
#[derive(Clone, Copy)]
enum Done {
    Booking(usize),
    Run(RunId),
}

struct Bakery {
    floor: OnEngine,
    done: Vec<Done>,
}

impl Bakery {
    fn found(engine: &Arc<Engine>, tenant: i64) -> Self {
        let mut floor = OnEngine::new(House::found(engine, tenant), true);
        for (at, (name, costing)) in PRODUCTS.iter().enumerate() {
            let cost = (at % 2 == 0).then_some(UnitCost(1_234_567));
            let (name, tracking) = ((*name).to_owned(), Tracking::Lot);
            let product = thing::Product { name, tracking, costing: *costing, cost, ..thing::Product::default() };
            floor.define(&Thing::Product(product));
            for lot in LOTS {
                let (product, name) = (PRODUCTS[at].0.to_owned(), lot.to_owned());
                let status = LotStatus::Available;
                floor.define(&Thing::Lot { product, name, expires_at: None, status, cost: None });
            }
        }
        for (unit, place) in [("NORTH", PLACES[0]), ("SOUTH", PLACES[1])] {
            floor.define(&Thing::OrgUnit { name: unit.to_owned(), parent: None, stock_of: None });
            floor.define(&Thing::Location {
                name: place.to_owned(),
                parent: Some(unit.to_owned()),
                allow_negative: None,
                is_default: false,
                lot_use: LotUse::Fifo,
            });
        }
        Self { floor, done: Vec::new() }
    }

    fn product(&self, which: usize) -> ProductId {
        self.floor.names.products[PRODUCTS[which].0]
    }

    /// What is refused leaves everything as it was.
    fn act(&mut self, act: &Act) {
        match act {
            Act::Deliver { product, place, lot, halves, cents, minute } => {
                let entry = Entry {
                    product: PRODUCTS[*product].0.to_owned(),
                    count: Quantity(halves * ONE_E6 / 2),
                    place: PLACES[*place].to_owned(),
                    lot: Some(LOTS[*lot].to_owned()),
                    cost: cents.filter(|_| *halves > 0).map(|cents| UnitCost(cents * 10_000)),
                    at: time(*minute),
                    ..Entry::default()
                };
                let outcome = self.floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] });
                let Outcome::Booked(booked) = outcome else { panic!("{outcome:?}") };
                self.done.push(Done::Booking(booked.handle));
            }
            Act::Make { of, to, halves, minute } => {
                let action = Action {
                    kind: Some(ActionKind::Run(RunKind::Produce)),
                    quantity: Some(Quantity(halves * ONE_E6 / 2)),
                    product: Some(self.product(to.0)),
                    lot: LotNamed::Name(LOTS[to.2].to_owned()),
                    secondary_product: Some(self.product(of.0)),
                    secondary_lot: LotNamed::Name(LOTS[of.2].to_owned()),
                    from: Some(self.floor.names.places[PLACES[of.1]]),
                    to: Some(self.floor.names.places[PLACES[to.1]]),
                    started_at: Some(time(*minute)),
                    ..Action::default()
                };
                let house = &self.floor.house;
                let done = house.engine.change(house.request(), Execute { actions: vec![action], reach: Reach::All });
                match done {
                    Ok(answer) => {
                        let done: Executed = serde_json::from_str(&answer).expect("the answer is JSON");
                        self.done.extend(done.runs[0].iter().map(|run| Done::Run(RunId(*run))));
                    }
                    Err(Error::Invalid(_) | Error::Refused { .. }) => {}
                    Err(error) => panic!("{act:?}: {error:?}"),
                }
            }
            Act::Undo(which) => {
                let undone = match self.done.get(which % self.done.len().max(1)).copied() {
                    None => return,
                    Some(Done::Booking(handle)) => return drop(self.floor.reverse(handle, None, None)),
                    Some(Done::Run(run)) => ReverseWhat::Run(run, None),
                };
                self.undo(undone, None);
            }
            Act::UndoUsed(which) => {
                let used = self.used();
                if let Some(id) = used.get(which % used.len().max(1)) {
                    self.undo(ReverseWhat::Movement(*id), None);
                }
            }
            Act::Settle => {
                settle::settle_all(&self.floor.house.engine).expect("values can be settled");
            }
        }
    }

    /// What something was made of, in the order of runs.
    fn used(&self) -> Vec<MovementId> {
        let (tenant, all) = (self.floor.house.tenant, (BatchId(0), BatchId(i64::MAX)));
        let links = self.floor.house.read(|conn| table::cost_link::scan(conn, tenant, all.0, all.1));
        links.into_iter().map(|(batch, _, source)| MovementId { batch, line: source }).collect()
    }

    /// Undoes something; answers why not, where it was refused.
    fn undo(&self, what: ReverseWhat, at: Option<Time>) -> Option<&'static str> {
        let undo = Reverse { what, rest: false, at, reason: "told so".to_owned(), reach: Reach::default() };
        match self.floor.house.engine.change(self.floor.house.request(), undo) {
            Ok(_) => None,
            Err(Error::Refused { code, .. }) => Some(code),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// What every pool holds and is worth by the ledger.
    fn standing(&self) -> BTreeMap<AccountId, (i128, i128)> {
        let tenant = self.floor.house.tenant;
        let args = [Arg::Int(tenant.0), Arg::Int(i64::MAX)];
        let pools = self.floor.house.read(|conn| table::account::select(conn, "a.tenant = $1 and a.kind = 2", &args));
        let standing = pools.into_iter().map(|pool| {
            let root = pool.timeline.root();
            (pool.id, (i128::from(root.quantity.0), i128::from(root.amount.0)))
        });
        standing.filter(|(_, standing)| *standing != (0, 0)).collect()
    }

    /// What they hold and are worth by the definition.
    fn definition(&self) -> BTreeMap<AccountId, (i128, i128)> {
        let tenant = self.floor.house.tenant;
        let all = (BatchId(0), BatchId(i64::MAX));
        let mut movements: Vec<(MovementId, Movement)> = Vec::new();
        let (positions, links, products) = self.floor.house.read(|conn| {
            table::scan::movements(conn, tenant, all.0, all.1, |scanned| {
                movements.push((scanned.id, scanned.movement.expect("it can be read")));
                Ok(())
            })?;
            let headers = table::header::after(conn, tenant, 0, i64::MAX)?;
            let positions: HashMap<BatchId, i64> =
                headers.into_iter().map(|header| (header.batch, header.position)).collect();
            let links = table::cost_link::scan(conn, tenant, all.0, all.1)?;
            let ids: Vec<ProductId> = (0..PRODUCTS.len()).map(|which| self.product(which)).collect();
            let products = table::catalog::products(conn, tenant, ids)?;
            let products: BTreeMap<ProductId, Product> =
                products.into_iter().map(|product| (product.id, product)).collect();
            Ok((positions, links, products))
        });
        let made_of = links
            .into_iter()
            .map(|(batch, line, source)| (MovementId { batch, line }, MovementId { batch, line: source }));
        worth(&Facts {
            movements: movements.iter().map(|(id, movement)| (positions[&id.batch], *id, movement)).collect(),
            value_facts: Vec::new(),
            products: products.iter().map(|(id, product)| (*id, product)).collect(),
            made_of: made_of.collect(),
        })
    }

    fn must_agree(&mut self) -> Result<(), TestCaseError> {
        self.act(&Act::Settle);
        prop_assert_eq!(self.standing(), self.definition());
        floor::verify::verify(&self.floor.house);
        floor::posting::post(&self.floor.house, 3);
        floor::posting::must_tie(&self.floor.house);
        Ok(())
    }
}

#[test]
fn what_is_made_costs_what_was_used_whenever_that_becomes_known() {
    for (name, database) in support::databases() {
        let engine = engine(&database);
        let tenants = AtomicI64::new(1);
        let cases = how_many(name);
        let config = ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 400, ..Default::default() };
        let lived = TestRunner::new(config).run(&vec(act(), 1..30), |acts| {
            let mut bakery = Bakery::found(&engine, tenants.fetch_add(1, Ordering::Relaxed));
            for act in &acts {
                bakery.act(act);
            }
            bakery.must_agree()
        });
        lived.unwrap_or_else(|why| panic!("{name}: {why}"));
        let told =
            engine.read(|conn| conn.one("select cast(count(*) as bigint) from late_cost", &[], |row| row.int(0)));
        let told = told.expect("it can be counted").unwrap_or(0);
        assert!(told > 0 || cases < 10, "{name}: the histories do not come across it");
    }
}

/// Bread is baked of flour that was not there yet, and a part of it is sold before the flour comes.
#[test]
fn what_was_made_of_what_was_not_there_is_told_when_that_comes() {
    let deliver = |product: usize, halves: i64, cents: Option<i64>, minute: i64| Act::Deliver {
        product,
        place: 0,
        lot: 0,
        halves,
        cents,
        minute,
    };
    for (name, database) in support::databases() {
        let engine = engine(&database);
        let mut bakery = Bakery::found(&engine, 1);
        let value_of = |bakery: &mut Bakery, which: usize, minute: i64| {
            let (product, place) = (PRODUCTS[which].0.to_owned(), PLACES[0].to_owned());
            let as_of = Some(time(minute));
            bakery.floor.balance(&Question { product, variant: None, lot: None, place, as_of, known_at: None }).1.0
        };
        // Ten dough of ten flour at the fall-back cost of 1.234567; four are gone when the flour comes at 3.00.
        bakery.act(&Act::Make { of: (0, 0, 0), to: (1, 0, 0), halves: 20, minute: 100 });
        bakery.act(&deliver(1, -8, None, 200));
        bakery.act(&deliver(0, 24, Some(300), 300));
        bakery.must_agree().unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(value_of(&mut bakery, 0, 400), 6_000_000, "{name}: two flour are left");
        assert_eq!(value_of(&mut bakery, 1, 299), 7_407_400, "{name}: six dough as they were thought to cost");
        // 17.6543 more for ten, of which six are there.
        assert_eq!(value_of(&mut bakery, 1, 300), 7_407_400 + 10_592_600, "{name}: six dough as they cost");
        let adjusted = bakery.floor.house.read(|conn| {
            conn.one(
                "select cast(sum(amount) as bigint) from value_entry where tenant = 1 and counterpart = $1",
                &[Arg::Int(LocationId::ADJUSTMENT.0)],
                |row| row.int(0),
            )
        });
        assert_eq!(adjusted, Some(-7_061_700), "{name}: what four dough that are gone cost more");
        // Its card says so of the movement that made it, though the flour came later.
        let brought = |bakery: &Bakery| {
            let house = &bakery.floor.house;
            let filter = CardFilter {
                product: bakery.product(1),
                variant: None,
                lot: None,
                places: None,
                effective: (None, Some(time(150))),
                as_known_at: None,
            };
            house.read(|conn| {
                let structure = house.engine.structure(conn, house.tenant)?;
                let card = stock_card(conn, house.tenant, &structure, &filter, None, 10)?;
                Ok(card.lines.iter().map(|line| line.current.map(|amount| amount.0)).collect::<Vec<_>>())
            })
        };
        assert_eq!(brought(&bakery), [Some(12_345_700 + 17_654_300)], "{name}: ten dough as they cost by now");
        // The flour is sent back, and others come later: the dough is told again.
        bakery.act(&Act::Undo(2));
        bakery.must_agree().unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(value_of(&mut bakery, 1, 400), 7_407_400, "{name}: nothing is known any more");
        assert_eq!(brought(&bakery), [Some(12_345_700)], "{name}: ten dough as they were thought to cost");
    }
}

/// Of a run only what was used is undone: what was made costs that much less, and that goes on to what was made of it.
/// At another time that is refused, unless what was made is undone as well.
#[test]
fn what_was_made_costs_less_when_what_was_used_is_undone_alone() {
    for (name, database) in support::databases() {
        let engine = engine(&database);
        let mut bakery = Bakery::found(&engine, 1);
        let flour = Act::Deliver { product: 0, place: 0, lot: 0, halves: 40, cents: Some(300), minute: 50 };
        bakery.act(&flour);
        bakery.act(&Act::Make { of: (0, 0, 0), to: (1, 0, 0), halves: 20, minute: 100 });
        bakery.act(&Act::Make { of: (1, 0, 0), to: (2, 0, 0), halves: 10, minute: 200 });
        bakery.must_agree().unwrap_or_else(|why| panic!("{name}: {why}"));
        let value_of = |bakery: &mut Bakery, which: usize| {
            let (product, place) = (PRODUCTS[which].0.to_owned(), PLACES[0].to_owned());
            bakery
                .floor
                .balance(&Question { product, variant: None, lot: None, place, as_of: None, known_at: None })
                .1
                .0
        };
        let values = |bakery: &mut Bakery| [0, 1, 2].map(|which| value_of(bakery, which) / 10_000);
        assert_eq!(values(&mut bakery), [3_000, 1_500, 1_500], "{name}: flour, dough and bread");
        let used = bakery.used()[0];
        assert_eq!(bakery.undo(ReverseWhat::Movement(used), Some(time(300))), Some("madeOfIt"), "{name}");
        assert_eq!(bakery.undo(ReverseWhat::Movement(used), None), None, "{name}");
        bakery.must_agree().unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(values(&mut bakery), [6_000, 0, 0], "{name}: the flour is there, and nothing was used");
        let Some(Done::Run(baked)) = bakery.done.last().copied() else { panic!("{name}: bread was baked") };
        assert_eq!(bakery.undo(ReverseWhat::Run(baked, None), Some(time(300))), None, "{name}: both at once may be");
        bakery.must_agree().unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}
