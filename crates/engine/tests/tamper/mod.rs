//! What is said about value, counted, promised, decided and told to the general ledger: changed or lost, it is
//! found and named.

use lotbook_domain::id::{ProductId, TenantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::reservation::ReservationDraft;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{Action, ActionKind, Execute, LotNamed, Reach, Reserve};
use lotbook_engine::write::Command;
use lotbook_engine::{general_ledger, settle};
use lotbook_story::{Booking, Entry, Floor, Landing, Outcome};

use crate::floor::{House, NOW, OnEngine, engine_on};
use crate::support::{self, TestDb};
use crate::{after, named};

/// Averages, standard costs, landed costs, revaluations and their undoing, counts that are kept true, and a cost
/// that was pushed out of a closed month.
const STORY: &str = "\
# What may be tampered with.
product  MILK
product  BOLT standard, cost 2.00
product  CREAM lots
product  CHEESE lots
product  SALT
product  YEAST lots
product  STARTER lots
product  PAPER
product  PHONE instances
instance PHONE/SN1
location COLD
location SHOP
receive  MILK 10 at 1.00 into COLD on 2024-01-01 as FIRST
ship     MILK 4 from COLD on 2024-01-05
land     2.00 on FIRST by quantity
revalue  MILK 30.00 at COLD on 2024-01-10
revalue  MILK 90.00 at COLD on 2024-01-11 as WRONG
reverse  WRONG
ship     MILK 1 from COLD on 2024-01-12
count    MILK 4 at COLD on 2024-01-15 as COUNT
receive  MILK 3 at 4.00 into COLD on 2024-01-14
receive  BOLT 10 at 2.50 into COLD on 2024-01-16
costing  BOLT standard 3.00 on 2024-01-20
ship     BOLT 2 from COLD on 2024-01-21
receive  SALT 2 at 1.50 into COLD on 2024-01-22
ship     SALT 3 from COLD on 2024-01-23
settle
close until 2024-01-31
ship     MILK 1 from COLD on 2024-02-02
receive  MILK 9 at 3.00 into SHOP on 2024-02-03
land     6.00 on FIRST by quantity
receive  PAPER 5 at 1.00 into SHOP on 2024-02-03
count    PAPER 4 at SHOP on 2024-02-04 as SHORT
reverse  SHORT
count    PAPER 5 at SHOP on 2024-02-05 as RIGHT
reverse  RIGHT
receive  PHONE [SN1] at 9.00 into SHOP on 2024-02-03
count    PHONE [SN1] at SHOP on 2024-02-06
settle
";

fn booked(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Booked(booked) => booked.handle,
        other => panic!("{other:?}"),
    }
}

/// A house with all of that, a cheese made of cream that turned out to be dearer, reservations, and an outbox that
/// told of everything, the first half of it before the second was known.
fn house(database: &TestDb) -> House {
    let engine = engine_on(lotbook_engine::Store::open(database.url()).expect("the database opens again"));
    let mut floor = OnEngine::new(House::found(&engine, 1), true);
    let story = lotbook_story::parse("tampered", STORY).expect("it is a story");
    lotbook_story::tell(&story, &mut floor).expect("it comes out as it is told");
    let house = floor.house.clone();
    general_ledger::post_all(&engine, house.tenant).expect("batches can be posted");
    let february = Time(1_707_000_000_000_000);
    let cream = Entry {
        product: "CREAM".to_owned(),
        count: Quantity(12 * ONE_E6),
        place: "COLD".to_owned(),
        lot: Some("RAW".to_owned()),
        cost: Some(UnitCost(ONE_E6)),
        at: february,
        ..Entry::default()
    };
    let raw = booked(floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![cream] }));
    let make = Action {
        kind: Some(ActionKind::Run(RunKind::Produce)),
        quantity: Some(Quantity(6 * ONE_E6)),
        product: Some(floor.names.products["CHEESE"]),
        lot: LotNamed::Name("WHEEL".to_owned()),
        secondary_product: Some(floor.names.products["CREAM"]),
        secondary_lot: LotNamed::Name("RAW".to_owned()),
        from: Some(floor.names.places["COLD"]),
        to: Some(floor.names.places["COLD"]),
        makes_lots: true,
        started_at: Some(Time(february.0 + Time::DAY)),
        ..Action::default()
    };
    // A starter is made of yeast that comes later.
    let yeast = |count: i64, at: i64| Entry {
        product: "YEAST".to_owned(),
        count: Quantity(count * ONE_E6),
        place: "COLD".to_owned(),
        lot: Some("DRY".to_owned()),
        cost: (count > 0).then_some(UnitCost(2 * ONE_E6)),
        at: Time(february.0 + at * Time::DAY),
        ..Entry::default()
    };
    let mut deliver = |entry: Entry| booked(floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] }));
    deliver(yeast(1, 1));
    deliver(yeast(-1, 2));
    let begin = Action {
        quantity: Some(Quantity(2 * ONE_E6)),
        product: Some(floor.names.products["STARTER"]),
        lot: LotNamed::Name("WET".to_owned()),
        secondary_product: Some(floor.names.products["YEAST"]),
        secondary_lot: LotNamed::Name("DRY".to_owned()),
        started_at: Some(Time(february.0 + 3 * Time::DAY)),
        ..make.clone()
    };
    let execute = Execute { actions: vec![make, begin], reach: Reach::All };
    engine.change(house.request(), execute).expect("cheese and a starter are made");
    let mut deliver = |entry: Entry| booked(floor.book(&Booking { kind: JournalKind::Delivery, entries: vec![entry] }));
    deliver(Entry { cost: Some(UnitCost(3 * ONE_E6)), ..yeast(4, 4) });
    booked(floor.land(&Landing { on: raw, lines: None, amount: Amount(3 * ONE_E6), by_value: false }));
    settle::settle_all(&engine).expect("values can be settled");
    let reserve = |quantity: i64| ReservationDraft {
        product: Some(floor.names.products["MILK"]),
        place: Some(floor.names.places["SHOP"]),
        quantity: Some(Quantity(quantity * ONE_E6)),
        hold_until: Some(Time(NOW + 1_000 * Time::DAY)),
        ..ReservationDraft::default()
    };
    let reserve = Reserve { drafts: vec![reserve(2), reserve(1)], violations: Vec::new(), reach: Reach::All };
    engine.run(house.keyed("promise", "2 and 1"), Command::Reserve(reserve)).expect("there are 9");
    general_ledger::post_all(&engine, house.tenant).expect("batches can be posted");
    house
}

const INVENTED_ADJUSTMENT: &str = "insert into adjustment (tenant, batch, line, day, pool, amount) \
     select v.tenant, v.batch, v.line, v.effective_at - 86400000000, v.pool, 5000000 from value_entry v \
     where v.line = 0 and v.batch = (select min(w.batch) from value_entry w)";

const INVENTED_UNDOING: &str = "insert into count_undone (tenant, count_batch, count_line, batch) \
     select c.tenant, c.batch, c.line, 1 from stock_count c where c.movement_line >= 0 and not exists \
     (select 1 from count_undone u where u.count_batch = c.batch and u.count_line = c.line)";

const SET_UNDONE_IN_PART: &str = "insert into count_undone (tenant, count_batch, count_line, batch) \
     select c.tenant, c.batch, c.line, 1 from stock_count c where c.lot > 0 and c.movement_line = -1 and exists \
     (select 1 from stock_count s where s.batch = c.batch and s.movement_line = -2)";

/// What is done to the database, which invariant breaks, and what its difference says.
const DEEDS: &[(&str, usize, &str)] = &[
    // Value entries: what became known later.
    (
        "update value_entry set amount = amount + 1000000 where batch = (select min(v.batch) from value_entry v)",
        10,
        "its content is not what was hashed",
    ),
    (
        "update value_entry set amount = amount + 1000000 where batch = (select min(v.batch) from value_entry v)",
        2,
        "the cost pool of",
    ),
    ("update value_entry set counterpart = -13 where counterpart = -12", 10, "its content is not what was hashed"),
    (
        "delete from value_entry where batch = (select max(v.batch) from value_entry v)",
        10,
        "its content is not what was hashed",
    ),
    // What a unit of a pool last cost.
    (
        "update account set rate_amount = rate_amount + 1000000 where kind = 2 and quantity < 0",
        7,
        "keeps 4 for 2 as what a unit last cost; by the definition it is 3 for 2",
    ),
    // Landed costs and revaluations.
    ("update value_fact set amount = amount + 1000000 where kind = 1", 7, "the cost pool of MILK at Main"),
    ("update value_fact set amount = amount + 1000000 where kind = 2", 7, "the cost pool of CREAM at Main"),
    ("delete from value_fact where kind = 2", 10, "its content is not what was hashed"),
    ("delete from value_fact where kind = 1", 10, "its content is not what was hashed"),
    (
        "update value_fact set effective_at = effective_at + 86400000000 where kind = 1",
        10,
        "its content is not what was hashed",
    ),
    ("delete from value_undone", 10, "its content is not what was hashed"),
    ("delete from value_undone", 7, "the cost pool of MILK at Main"),
    (
        "delete from header where batch = (select max(u.fact_batch) from value_undone u)",
        12,
        "a word on value that was undone",
    ),
    // Standard costs and methods.
    ("update costing set standard_cost = 5000000 where standard_cost = 3000000", 7, "the cost pool of BOLT at Main"),
    ("delete from costing where standard_cost = 3000000", 7, "the cost pool of BOLT at Main"),
    (
        "update costing set since = 999 where standard_cost = 3000000",
        12,
        "a word on how a product is valued: is said to be of position 999",
    ),
    ("update decision set since = 999", 12, "a setting or a closed period: is said to be of position 999"),
    (
        "update costing set standard_cost = 5000000 where standard_cost = 3000000",
        10,
        "on how BOLT is valued: is not what was hashed when it was said",
    ),
    (
        "update costing set method = 1 where standard_cost = 3000000",
        10,
        "on how BOLT is valued: is not what was hashed when it was said",
    ),
    (
        "delete from costing where standard_cost = 3000000",
        10,
        "on how a product is valued: is in the chain of hashes, but lost",
    ),
    (
        "update decision set value = '\"2023-12-31\"'",
        10,
        "on setting:closedUntil: is not what was hashed when it was said",
    ),
    ("delete from decision", 10, "is in the chain of hashes, but lost"),
    (
        "insert into decision (tenant, id, subject, org_unit, value, since, at, person) \
         values (1, 777, 'setting:negativeStock', 0, null, 0, 0, 1)",
        10,
        "decision 777 on setting:negativeStock: is not in the chain of hashes",
    ),
    (
        "update said set chain_hash = content_hash where number = 1",
        10,
        "word 1 in the chain: its chain hash does not follow",
    ),
    ("delete from said where number = 1", 10, "word 2 in the chain: comes after word 0; what was between is missing"),
    ("delete from said where number = (select max(s.number) from said s)", 10, "its chain hash does not follow from"),
    // Costs that travel with what is made.
    ("update carried set delta = delta + 1000000", 7, "the cost pool of CHEESE at Main"),
    ("delete from carried", 7, "costs 1.5 more than was booked by now"),
    ("delete from cost_link", 10, "its content is not what was hashed"),
    ("delete from cost_link", 7, "the cost pool of CHEESE at Main"),
    ("update carried set batch = 777", 12, "batch 777: is not in the ledger, but a cost that it handed on"),
    // What was made of what came later.
    ("update late_cost set amount = amount + 1000000", 7, "the cost pool of STARTER at Main"),
    (
        "update late_cost set amount = amount + 1000000",
        7,
        "what was made of it costs more by 2 for 2 since 2024-02-07T22:40:00.000Z, and pool",
    ),
    ("delete from late_cost", 7, "the cost pool of STARTER at Main"),
    ("delete from late_cost", 7, "was told nothing"),
    (
        "update late_cost set batch = 777",
        12,
        "batch 777: is not in the ledger, but what it made and what costs more by now",
    ),
    ("update late_cost set cover_batch = 777", 12, "but a shortage that it covered"),
    // What was pushed out of a closed month.
    ("update adjustment set batch = 777", 12, "a correction that it pushed out of a closed period"),
    ("update adjustment set line = 99", 7, "belongs to no value entry"),
    ("update adjustment set pool = pool + 1", 7, "which is of another pool"),
    (
        "delete from adjustment",
        10,
        "a settlement of MILK: what it pushed out of closed days: is in the chain of hashes, but lost",
    ),
    (
        "update adjustment set amount = amount + 1",
        10,
        "6.000001 of 2024-01-01T00:00:00.000Z in pool 1, line 2): is not what was hashed when it was said",
    ),
    ("update adjustment set day = day - 86400000000", 10, "is not what was hashed when it was said"),
    (
        "insert into adjustment (tenant, batch, line, day, pool, amount) \
         select tenant, batch, line, day - 86400000000, pool, 5000000 from adjustment",
        10,
        "is not what was hashed when it was said",
    ),
    (INVENTED_ADJUSTMENT, 10, "what it pushed out of closed days (5 of 20"),
    (INVENTED_ADJUSTMENT, 10, "is not in the chain of hashes"),
    // Counts.
    ("update stock_count set counted = counted + 1000000", 8, "were counted where"),
    ("update stock_count set expected = expected + 1000000", 10, "its content is not what was hashed"),
    ("delete from stock_count", 8, "no count stands behind it"),
    ("update stock_count set counted = 0 where movement_line = -2", 8, "says that 0 instances were found where 1 were"),
    (SET_UNDONE_IN_PART, 8, "is kept as undone by batch 1, and the set of instances that it is of as holding"),
    ("update compensation set count_batch = 777", 12, "a count that others keep true"),
    ("delete from compensation", 8, "keeps no count true"),
    ("delete from count_undone", 8, "is kept as holding; movement"),
    ("delete from count_undone", 10, "what it undid of counts: is in the chain of hashes, but lost"),
    (
        "delete from count_undone where batch = (select max(u.batch) from count_undone u)",
        10,
        "what it undid of counts: is in the chain of hashes, but lost",
    ),
    ("update count_undone set batch = 1", 8, "is kept as undone by batch 1; movement"),
    ("update count_undone set batch = 1", 10, "batch 1: what it undid of counts ("),
    ("update count_undone set count_line = 7", 8, "there is no such count"),
    ("update count_undone set count_line = 7", 10, "is not what was hashed when it was said"),
    (INVENTED_UNDOING, 8, "is kept as undone by batch 1; there is no such count, or its difference stands"),
    (INVENTED_UNDOING, 10, "is not in the chain of hashes"),
    // Promises.
    (
        "update reservation set quantity = quantity + 1000000 where id = 1",
        2,
        "reservation 1: is open for 2; after what was issued of it it is 3",
    ),
    ("update reservation set open_quantity = open_quantity + 1000000 where id = 1", 2, "MILK: 3 are kept as reserved"),
    ("delete from reservation where id = 2", 2, "MILK: 3 are kept as reserved"),
    ("update reserved set quantity = 1", 2, "MILK: 0.000001 are kept as reserved"),
    ("delete from reserved", 2, "MILK: 0 are kept as reserved"),
    (
        "update answered set answer = '{\"batch\": 1, \"position\": 777}'",
        12,
        "the answer under key promise: says that batch 1 stands at position 777",
    ),
    // The general ledger's outbox.
    (
        "update gl_line set debit = debit + 1000000 where number = 1 and line = 0",
        7,
        "document 1 of the general ledger (2024-01-01): debits",
    ),
    (
        "update gl_line set debit = debit + 1000000 where number = 1 and line = 0",
        7,
        "is not what was hashed when it was made",
    ),
    ("update gl_line set account = 'cash' where number = 1 and line = 0", 7, "is not what was hashed when it was made"),
    (
        "update gl_line set account = 'cash' where account = 'stock'",
        7,
        "account stock of Main: holds 0 by its documents; the products in it come to",
    ),
    ("update gl_line set debit = debit * 2, credit = credit * 2 where number = 1", 7, "the batches from position 1 to"),
    ("update gl_line set org_unit = 99 where number = 2", 7, "for Main; the batches from position 1 to"),
    ("delete from gl_line where number = 3", 7, "is not what was hashed when it was made"),
    (
        "update gl_document set period = '2024-06-01' where number = 1",
        7,
        "document 1 of the general ledger (2024-06-01)",
    ),
    ("update gl_document set created_at = 1 where number = 1", 7, "is not what was hashed when it was made"),
    ("delete from gl_document where number = 2", 7, "has document 3 after document 1; what was between is missing"),
    (
        "delete from gl_document where number = (select t.number from gl_tail t)",
        7,
        "the outbox of the general ledger: made",
    ),
    ("delete from gl_document", 7, "which moved value"),
    ("update gl_tail set position = 999", 7, "says that it tells of batches up to position 999"),
    ("update gl_tail set position = (select max(d.to_position) - 1 from gl_document d)", 7, "would be told again"),
    (
        "update gl_stock set amount = amount + 1000000",
        7,
        "is kept as posted for it at Main in account stock; its batches come to",
    ),
    ("delete from gl_stock", 7, "nothing is kept as posted for it at Main"),
    ("update gl_stock set account = 'cash' where product = 1", 7, "account cash of Main: holds 0 by its documents"),
    (
        "update value_entry set effective_at = effective_at + 86400000000",
        7,
        "by the definition than was booked and by value entries",
    ),
];

#[test]
fn what_is_said_of_value_is_found_when_it_is_tampered_with() {
    for (name, database) in support::databases() {
        let house = house(&database);
        assert_eq!((house.tenant, ProductId(1)), (TenantId(1), ProductId(1)));
        let report =
            lotbook_engine::verify::verify(house.engine.store(), house.tenant, |_| {}).expect("it can be read");
        assert!(report.is_sound(), "{name}: {report:#?}");
        assert!(report.check(12).checked > 10, "{name}: {:#?}", report.check(12));
        let mut missed = Vec::new();
        for (sql, invariant, says) in DEEDS {
            let report = after(&database, &[sql]);
            let found = named(&report, *invariant);
            if !found.iter().any(|text| text.contains(says)) {
                missed.push(format!("after {sql}\n  I{invariant} should say “{says}”, but says {found:#?}"));
            }
        }
        assert!(missed.is_empty(), "{name}:\n{}", missed.join("\n"));
    }
}

/// What batches said beside their lines before the chain knew of it is linked when the schema comes to know of it.
#[test]
fn what_was_said_beside_batches_before_is_linked_where_the_ledger_stands() {
    for (name, database) in support::databases() {
        let house = house(&database);
        let differences = |expected: u64| {
            let report =
                lotbook_engine::verify::verify(house.engine.store(), house.tenant, |_| {}).expect("it can be read");
            assert_eq!(report.differences(), expected, "{name}: {report:#?}");
        };
        database.write(|conn| conn.execute(INVENTED_ADJUSTMENT, &[])).expect("a row can be added");
        differences(1);
        database
            .write(|conn| {
                lotbook_engine::table::said::link_all(conn)?;
                lotbook_engine::table::said::link_all(conn)
            })
            .expect("words can be linked");
        differences(0);
    }
}

#[test]
fn a_scrub_beside_writers_finds_nothing() {
    for (name, database) in support::databases() {
        let house = house(&database);
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (house, is_over) = (&house, &is_over);
            let writer = scope.spawn(move || {
                let mut said = 0;
                while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    let draft = lotbook_engine::command::Revalue {
                        product: ProductId(1),
                        org_unit: Some(lotbook_domain::id::LocationId::ROOT),
                        value: Amount((20 + said) * ONE_E6),
                        reason: "again".to_owned(),
                        ..Default::default()
                    };
                    house.engine.change(house.request(), draft).expect("it is worth something else");
                    said += 1;
                }
                said
            });
            for _ in 0..5 {
                let report =
                    lotbook_engine::verify::scrub(house.engine.store(), house.tenant, |_| {}).expect("it can be read");
                assert!(report.is_sound(), "{name}: {report:#?}");
            }
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(writer.join().expect("nobody panics") > 0, "{name}");
        });
    }
}
