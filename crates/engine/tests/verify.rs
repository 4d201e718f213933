//! Verifying finds what was tampered with, and names it, on both databases.

mod floor;
mod support;
mod tamper;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::{
    AccountId, BookingId, JournalId, LocationId, LotId, ProductId, TenantId, UnitId, UserId, VoucherId,
};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    Action, ActionKind, CreateEntries, CreateVoucher, EntriesCreated, Execute, LotNamed, Reach, Reverse, ReverseWhat,
    VoucherCreated,
};
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::verify::{Report, verify, verify_in};
use lotbook_engine::write::{Command, Request, RequestKey};
use lotbook_engine::{Arg, Conn, Dialect, Engine, Error, Rows, Store, Surroundings, table};
use support::TestDb;

const TENANT: TenantId = TenantId(1);
const DELIVERY: JournalId = JournalId(1);
const SETTLEMENT: JournalId = JournalId(2);
const TRANSFER: JournalId = JournalId(3);
const MILK: ProductId = ProductId(1);
const PUMP: ProductId = ProductId(2);
const STORE: LocationId = LocationId(101);
const SHOP: LocationId = LocationId(102);
const DAY: i64 = Time::DAY;

/// A tenant with a milk sold by the box of 6, a pump with serial numbers, two locations, and journals.
fn set_up(store: &Store) {
    let record = "1, 'U', ";
    let stamp = "0, 1, 0, 1, 1";
    let mut rows = vec![
        "insert into tenant (id, uid, name, natural_key, catalog_version, created_at) values (1, 'U', 'Main', 'main', 1, 0)".to_owned(),
        "insert into tail (tenant, position, chain_hash) values (1, 0, $1)".to_owned(),
    ];
    for (id, symbol) in [(1, "pcs"), (10, "box")] {
        rows.push(format!("insert into unit (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, name, symbol) values ({record}{id}, '{symbol}', {stamp}, '{symbol}', '{symbol}')"));
    }
    rows.push(format!("insert into unit_conversion (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, from_unit, to_unit, numerator, denominator, product) values ({record}1, 'box', {stamp}, 10, 1, 6, 1, 1)"));
    for (id, name, tracking) in [(1, "MILK", 0), (2, "PUMP", 2)] {
        rows.push(format!("insert into product (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, identifier, name, category, unit, tracking, costing, cost_price, default_cost_price, sales_price, barcodes, has_variants, is_enabled) values ({record}{id}, lower('{name}'), {stamp}, '{name}', '{name}', 0, 1, {tracking}, 0, 5000000, null, null, '', 0, 1)"));
    }
    for (id, name) in [(1, "P-1"), (2, "P-2")] {
        rows.push(format!("insert into lot (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, product, variant, name, is_serial, status, expires_at, cost_price, notes) values ({record}{id}, '2/{name}', {stamp}, 2, 0, '{name}', 1, 2, null, null, null)"));
    }
    for (id, path, parent, unit) in [
        (1, "Main", 0, 1),
        (2, "transit", 0, 0),
        (101, "Store", 1, 0),
        (102, "Shop", 1, 0),
        (-11, "supplier", 0, 0),
        (-12, "customer", 0, 0),
    ] {
        rows.push(format!("insert into location (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, name, parent, path, type, is_org_unit, is_default, stock_org_unit, process_type, lot_storage_strategy, lot_use_strategy, capacity, allow_negative, is_enabled) values ({record}{id}, lower('{path}'), {stamp}, '{path}', {parent}, '{path}', 'unit', {unit}, 0, 0, null, 'ALLOW_MULTIPLE', 'FIFO', null, null, 1)"));
    }
    for (id, name, kind) in [(1, "Sales", 5), (2, "Counts", 1), (3, "Moves", 2)] {
        rows.push(format!("insert into journal (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, name, description, kind, is_auto_book, is_hidden, org_unit, location, series, create_finance_entries) values ({record}{id}, lower('{name}'), {stamp}, '{name}', null, {kind}, 1, 0, 1, 0, 0, 0)"));
    }
    store
        .write(|conn| {
            for (at, row) in rows.iter().enumerate() {
                let hash = [0; 32];
                let args = [Arg::Bytes(&hash)];
                // Every record has a uid of its own.
                let row = row.replace("'U'", &format!("'U{at}'"));
                conn.execute(&row, if row.contains("$1") { &args } else { &[] })?;
            }
            Ok(())
        })
        .expect("the plant works");
}

struct Plant {
    engine: Arc<Engine>,
}

impl Plant {
    fn new(db: &TestDb) -> Self {
        set_up(db);
        let next = AtomicU64::new(1);
        let surroundings = Surroundings {
            clock: Box::new(|| Time(1_300_000_000_000_000)),
            random: Box::new(move |bytes| {
                let n = next.fetch_add(1, Ordering::Relaxed).to_le_bytes();
                bytes.iter_mut().zip(n.iter().cycle()).for_each(|(byte, n)| *byte = *n);
            }),
        };
        Self { engine: Engine::open(Store::open(db.url()).expect("the plant works"), surroundings) }
    }

    fn request(&self, key: Option<&str>) -> Request {
        let key = key.map(|text| RequestKey { text: text.to_owned(), body_hash: [7; 32] });
        let now = self.engine.now();
        Request { tenant: TENANT, person: UserId(1), origin: "test".to_owned(), key, now, dry_run: false }
    }

    fn book(&self, journal: JournalId, entries: Vec<EntryDraft>) -> EntriesCreated {
        let voucher = CreateVoucher { journal, ..CreateVoucher::default() };
        let voucher = self.engine.run(self.request(None), Command::CreateVoucher(voucher)).expect("the plant works");
        let voucher: VoucherCreated = serde_json::from_str(&voucher).expect("the plant works");
        let key = format!("voucher {}", voucher.number);
        let entries = CreateEntries { voucher: VoucherId(voucher.id), entries, ..CreateEntries::default() };
        let answer =
            self.engine.run(self.request(Some(&key)), Command::CreateEntries(entries)).expect("the plant works");
        let answer: EntriesCreated = serde_json::from_str(&answer).expect("the plant works");
        let booking = answer.booking.as_ref().expect("the plant works");
        assert_eq!(booking.state, BookingState::Booked, "{:?}", booking.faults);
        answer
    }

    /// Milk comes and goes for 600 days, in boxes and pieces, is counted, moved and returned; a pump
    /// comes and goes.
    fn run(&self) {
        let mut entries = Vec::new();
        for day in 0..600 {
            let (count, unit) = if day % 3 == 0 { (2, Some(UnitId(10))) } else { (-5, None) };
            entries.push(EntryDraft { unit, ..milk(day, count) });
        }
        for part in entries.chunks(250) {
            self.book(DELIVERY, part.to_vec());
        }
        self.book(SETTLEMENT, vec![milk(700, 550), milk(701, 550)]);
        let sent = EntryDraft { count: Some(Quantity(-20 * ONE_E6)), ..milk(702, 1) };
        let arrived = EntryDraft { location: Some(SHOP), ..milk(702, 20) };
        self.book(TRANSFER, vec![sent, arrived]);
        self.book(DELIVERY, vec![pump(1, 1, &[1, 2])]);
        let sold = self.book(DELIVERY, vec![pump(3, -1, &[1])]);
        self.book(TRANSFER, vec![pump(4, -1, &[2])]);
        let undo = Reverse {
            rest: false,
            what: ReverseWhat::Booking(BookingId(sold.booking.expect("the plant works").id), None),
            at: None,
            reason: "test".to_owned(),
            reach: Reach::All,
        };
        self.engine.change(self.request(None), undo).expect("the plant works");
    }

    fn report(&self) -> Report {
        let mut last = None;
        let report = verify(self.engine.store(), TENANT, |progress| last = Some(progress)).expect("the plant works");
        let last = last.expect("the end is told");
        assert_eq!(last.done, last.total);
        report
    }
}

fn milk(day: i64, count: i64) -> EntryDraft {
    EntryDraft {
        org_unit: Some(LocationId(1)),
        effective_at: Some(Time(1_290_000_000_000_000 + day * DAY)),
        product: Some(MILK),
        location: Some(STORE),
        count: Some(Quantity(count * ONE_E6)),
        cost_price: (count > 0).then_some(UnitCost(2_500_000)),
        ..EntryDraft::default()
    }
}

fn pump(day: i64, sign: i64, instances: &[i64]) -> EntryDraft {
    EntryDraft {
        product: Some(PUMP),
        instances: Some(instances.iter().map(|id| LotId(*id)).collect()),
        count: Some(Quantity(sign * instances.len() as i64 * ONE_E6)),
        ..milk(day, sign)
    }
}

/// A list that two threads read is the list that its pages are, each read by one.
#[test]
fn a_long_list_as_of_a_time_is_what_its_pages_are() {
    const PUMPS: i64 = 4_500;
    for (name, db) in support::databases() {
        let plant = Plant::new(&db);
        db.write(|conn| {
            let rows = Rows::ids(3..=PUMPS + 2);
            conn.execute(
                "insert into lot (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, \
                 version, product, variant, name, is_serial, status, expires_at, cost_price, notes) \
                 select 1, 'L' || r.id, r.id, '2/P-' || r.id, 0, 1, 0, 1, 1, 2, 0, 'P-' || r.id, 1, 2, null, null, null \
                 from {rows $1 (id bigint) r}",
                &[Arg::Rows(&rows)],
            )
        })
        .expect("the plant works");
        let all: Vec<i64> = (3..=PUMPS + 2).collect();
        for (at, some) in all.chunks(500).enumerate() {
            plant.book(DELIVERY, vec![pump(10 + 10 * (at as i64 % 2), 1, some)]);
        }
        let position = plant.engine.read(|conn| table::header::position(conn, TENANT)).expect("the plant works");
        plant.book(DELIVERY, vec![pump(12, -1, &all[..100])]);
        let on_day = |day: i64| Some(Time(1_290_000_000_000_000 + day * DAY + 1));
        let filters = [
            (BalanceFilter { as_of: on_day(15), ..BalanceFilter::default() }, 2_400),
            (BalanceFilter { as_of: on_day(25), ..BalanceFilter::default() }, 4_400),
            (BalanceFilter { as_of: on_day(15), with_zero: true, ..BalanceFilter::default() }, 4_500),
            (BalanceFilter { as_of: on_day(15), as_known_at: Some(position), ..BalanceFilter::default() }, 2_500),
            (BalanceFilter { as_known_at: Some(position), ..BalanceFilter::default() }, 4_500),
        ];
        for (filter, expected) in filters {
            let read = |after: AccountId, limit: usize| {
                let filter = BalanceFilter { after, ..filter.clone() };
                let page = |conn: &mut Conn| balances(conn, TENANT, AccountKind::Stock, &filter, limit);
                plant.engine.read(page).expect("the plant works")
            };
            let (whole, next) = read(AccountId(0), usize::MAX);
            assert_eq!((whole.len(), next), (expected, None), "{name}: {filter:?}");
            for limit in [700, 2_300] {
                let (mut paged, mut after) = (Vec::new(), Some(AccountId(0)));
                while let Some(from) = after {
                    let (page, next) = read(from, limit);
                    assert!(page.len() == limit || next.is_none(), "{name}: a page of {} and more", page.len());
                    paged.extend(page);
                    after = next;
                }
                assert_eq!(whole, paged, "{name}: {filter:?} by {limit}");
            }
        }
    }
}

fn plants() -> Vec<(&'static str, TestDb, Plant)> {
    support::databases()
        .into_iter()
        .map(|(name, db)| {
            let plant = Plant::new(&db);
            plant.run();
            (name, db, plant)
        })
        .collect()
}

/// Tables that the database itself keeps from being changed.
const APPEND_ONLY: [&str; 20] = [
    "movement",
    "value_entry",
    "header",
    "stock_count",
    "voucher_booked",
    "decision",
    "audit",
    "lot_edge",
    "value_fact",
    "value_undone",
    "costing",
    "cost_link",
    "adjustment",
    "adjustment_approval",
    "gl_document",
    "gl_line",
    "reservation_use",
    "compensation",
    "count_undone",
    "said",
];

/// What the differences of an invariant say.
fn named(report: &Report, invariant: usize) -> Vec<String> {
    report.check(invariant).named.iter().map(ToString::to_string).collect()
}

/// What verifying finds after something was changed that may not be changed; the change is undone.
fn after(db: &TestDb, sql: &[&str]) -> Report {
    let mut report = None;
    let outcome: Result<(), Error> = db.write(|conn| {
        for table in APPEND_ONLY {
            if conn.dialect() == Dialect::Sqlite {
                conn.execute(&format!("drop trigger {table}_no_update"), &[])?;
                conn.execute(&format!("drop trigger {table}_no_delete"), &[])?;
            } else {
                conn.execute(&format!("alter table {table} disable trigger all"), &[])?;
            }
        }
        for sql in sql {
            assert!(conn.execute(sql, &[])? > 0, "{sql} changes nothing");
        }
        report = Some(verify_in(conn, TENANT, &mut |_| {})?);
        Err(Error::Internal("undo".to_owned()))
    });
    report.unwrap_or_else(|| panic!("{sql:?}: {outcome:?}"))
}

#[test]
fn a_ledger_that_nobody_touched_is_sound() {
    for (name, _db, plant) in plants() {
        let report = plant.report();
        for check in &report.checks {
            assert_eq!(check.differences, 0, "{name} {}: {:#?}", check.invariant, check.named);
        }
        assert!(report.is_sound());
        assert_eq!(report.movements, 600 + 1 + 2 + 2 + 1 + 1 + 1, "{name}");
        assert_eq!(report.batches, 9, "{name}");
        assert_eq!(report.position, 9, "{name}");
        let checked: Vec<u64> = report.checks.iter().map(|check| check.checked).collect();
        // Accounts: milk at store, under way and in the shop with two pools, pumps at the store and one under way,
        // with two pools, and what stands for all pumps at the store. Keys are added up from the seven that are of stock.
        assert_eq!(checked[..3], [7, 11, 9], "{name}");
        assert_eq!(checked[5], 2, "{name}");
    }
}

/// What is done to the database, which invariant breaks, and what its difference says.
const DEEDS: [(&str, usize, &str); 32] = [
    (
        "update account set amount = amount + 1000000 where kind = 2 and product = 1 and place = 1",
        7,
        "the cost pool of MILK at Main",
    ),
    ("update movement set quantity = quantity + 1000000 where batch = 1 and line = 7", 2, "the stock of MILK at Store"),
    ("update movement set quantity = quantity + 1000000 where batch = 1 and line = 7", 10, "batch 1"),
    ("update movement set quantity = quantity + 1000000 where batch = 1 and line = 7", 1, "MILK"),
    (
        "update movement set quantity = quantity + 1000000 where batch = 1 and line = 7",
        8,
        "MILK from Store to customer",
    ),
    (
        "update movement set quantity = 9223372036854775807, effective_at = 1290000000000000 where lot = 1",
        2,
        "the sum of quantities or amounts is too large",
    ),
    ("update movement set amount = amount + 1 where batch = 1 and line = 7", 2, "the cost pool of MILK at Main"),
    ("update movement set description = 'x' where batch = 2 and line = 3", 10, "batch 2"),
    ("update movement set kind = 77 where batch = 2 and line = 3", 3, "movement 2097155: cannot be read"),
    ("update movement set to_account = 0, to_location = -11 where batch = 5 and line = 0", 2, "MILK at"),
    (
        "delete from movement where batch = 1 and line = 249",
        3,
        "batch 1: says that it has 250 movements; there are 249",
    ),
    ("delete from header where position = 9", 3, "no header"),
    ("delete from header where position = 5", 10, "stands at position 6 after position 4"),
    ("update header set booked_at = 1, lines = 3 where position = 2", 3, "batch 2: says that it has 3"),
    ("update header set chain_hash = content_hash where position = 3", 10, "batch 3: at position 3"),
    ("update header set reason = 'forged' where position = 3", 10, "batch 3: at position 3"),
    ("update header set booked_by = booked_by + 1 where position = 3", 10, "batch 3: at position 3"),
    ("update header set booked_at = booked_at + 1 where position = 3", 10, "batch 3: at position 3"),
    ("update header set kind = 7 - kind where position = 3", 10, "batch 3: at position 3"),
    ("update tail set position = 8", 10, "says position 8; the newest batch stands at 9"),
    ("delete from tail", 10, "the tail of the chain: is missing"),
    (
        "update account set quantity = quantity + 2000000 where id = (select min(a.id) from account a where a.kind = 1)",
        2,
        "quantity is stored as",
    ),
    (
        "update account set low = low - 1 where id = (select min(a.id) from account a where a.kind = 1)",
        2,
        "lowest balance is stored as",
    ),
    (
        "delete from account where id = (select min(a.id) from account a where a.kind = 1)",
        2,
        "does not exist, but movement",
    ),
    ("delete from summary where postings = (select min(s.postings) from summary s)", 2, "is missing; it holds"),
    (
        "update summary set bucket = bucket + 1000 where postings = (select min(s.postings) from summary s)",
        2,
        "is stored and no posting leads to it",
    ),
    ("update booking set state = 1 where batch = 2", 3, "for booking 2, which does not say so"),
    ("update voucher_booked set last_line = last_line + 1 where batch = 3", 9, "stored is lines 0 to"),
    (
        "update movement set lot = 1, from_account = (select a.id from account a where a.lot = 1 and a.kind = 1 and a.place = 101) where batch = 8",
        6,
        "instance P-2 of PUMP",
    ),
    (
        "insert into reserved (tenant, product, variant, lot, location, quantity) values (1, 1, 0, 0, 101, 5000000)",
        2,
        "MILK: 5 are kept as reserved",
    ),
    (
        "insert into reservation (tenant, id, uid, product, variant, lot, location, quantity, open_quantity, state, \
         hold_until, allow_backorder, description, created_at, created_by, modified_at, modified_by, version) \
         values (1, 9, 'R', 1, 0, 0, 101, 4000000, 3000000, 2, null, 0, null, 0, 0, 0, 0, 1)",
        2,
        "reservation 9: is open for 3; after what was issued of it it is 4",
    ),
    ("update answered set answer = 'nonsense'", 4, "is not JSON but 8 bytes"),
];

#[test]
fn whatever_is_tampered_with_is_found_and_named() {
    for (name, db, _plant) in plants() {
        for (sql, invariant, says) in DEEDS {
            let report = after(&db, &[sql]);
            let named = named(&report, invariant);
            assert!(
                named.iter().any(|text| text.contains(says)),
                "{name}: after {sql}, I{invariant} should say “{says}”, but says {named:#?}; the whole report: {report:#?}"
            );
        }
    }
}

#[test]
fn stock_below_zero_is_a_difference_only_where_it_was_forbidden_at_the_time() {
    for (name, db, plant) in plants() {
        plant.book(DELIVERY, vec![milk(800, -10_000)]);
        assert!(plant.report().is_sound(), "{name}");
        let forbid = |since: i64| {
            format!(
                "insert into decision (tenant, id, subject, org_unit, value, since, at, person) \
                 values (1, {since}, 'setting:negativeStock', 0, '\"forbid\"', {since}, 0, 1)"
            )
        };
        let report = after(&db, &[&forbid(10)]);
        assert_eq!(report.check(5).differences, 0, "{name}: {:#?}", report.check(5));
        assert!(report.check(5).notes[0].contains("1 balances were below zero already"), "{name}");
        let report = after(&db, &[&forbid(1)]);
        assert_eq!(report.check(5).differences, 1, "{name}");
        assert!(report.check(5).named[0].to_string().contains("MILK at Store"), "{name}");
    }
}

/// What was decided before the chain knew of it is linked when the schema comes to know of it, and never twice.
#[test]
fn what_was_decided_before_is_linked_where_the_ledger_stands() {
    for (name, db, plant) in plants() {
        db.write(|conn| {
            conn.execute(
                "insert into decision (tenant, id, subject, org_unit, value, since, at, person) \
                 values (1, 1, 'setting:negativeStock', 0, '\"allow\"', 3, 0, 1)",
                &[],
            )?;
            let report = verify_in(conn, TENANT, &mut |_| {})?;
            assert_eq!(report.check(10).differences, 1, "{name}: {:#?}", report.check(10));
            table::said::link_all(conn)?;
            table::said::link_all(conn)
        })
        .expect("words can be linked");
        assert!(plant.report().is_sound(), "{name}: {:#?}", plant.report().check(10));
        plant.book(DELIVERY, vec![milk(800, 1)]);
        assert!(plant.report().is_sound(), "{name}: {:#?}", plant.report().check(10));
    }
}

/// A product with lots, 12 of which were received, 5 of these consumed into another lot, and 3 split off.
fn on_the_shop_floor(db: &TestDb, plant: &Plant) {
    db.write(|conn| {
        conn.execute("insert into product (tenant, uid, id, natural_key, created_at, created_by, modified_at, modified_by, version, identifier, name, category, unit, tracking, costing, cost_price, default_cost_price, sales_price, barcodes, has_variants, is_enabled) values (1, 'cream', 3, 'cream', 0, 1, 0, 1, 1, 'CREAM', 'CREAM', 0, 1, 1, 0, 5000000, null, null, '', 0, 1)", &[])
    })
    .expect("the plant works");
    let act = |kind: RunKind, count: i64, lot: &str, secondary: &str, (from, to): (Option<_>, Option<_>)| {
        let named = |name: &str| match name {
            "" => LotNamed::None,
            name => LotNamed::Name(name.to_owned()),
        };
        let action = Action {
            kind: Some(ActionKind::Run(kind)),
            quantity: Some(Quantity(count * ONE_E6)),
            product: Some(ProductId(3)),
            lot: named(lot),
            secondary_lot: named(secondary),
            from,
            to,
            makes_lots: true,
            ..Action::default()
        };
        let execute = Execute { actions: vec![action], reach: Reach::All };
        plant.engine.change(plant.request(None), execute).expect("the plant works");
    };
    act(RunKind::Receive, 12, "R-1", "", (None, Some(STORE)));
    act(RunKind::Produce, 5, "C-1", "R-1", (Some(STORE), Some(SHOP)));
    act(RunKind::Split, 3, "R-1", "R-2", (Some(STORE), None));
}

#[test]
fn a_run_and_the_genealogy_say_what_the_ledger_says() {
    let deeds = [
        ("update run set primary_quantity = 4000000 where id = 2", "run 2: says that it moved 4 of its lot"),
        ("update run set secondary_quantity = 0 where id = 2", "run 2: says that it moved 0 of its other lot"),
        ("update run set last_line = last_line + 1 where id = 1", "run 1: says that it has 2 movements in batch"),
        ("update run set batch = 0 where id = 3", "run 3: moved nothing, but 1 lots are said to have come of others"),
        ("update run set batch = 777 where id = 1", "run 1: says that it has 1 movements in batch 777; there are 0"),
        ("update lot_edge set to_quantity = 1 where run = 2", "run 2: made 0.000001 of lot"),
        ("update lot_edge set at = at + 86400000000 where run = 2", "run 2, lot R-1 into lot C-1: is of"),
        ("update lot_edge set run = 99 where run = 2", "run 99, lot R-1 into lot C-1: is in the genealogy; the run"),
        ("update lot_edge set run = 99 where run = 2", "run 2, lot R-1 into lot C-1: its movements say so"),
        ("delete from lot_edge where run = 2", "run 2, lot R-1 into lot C-1: its movements say so; it is missing"),
        ("delete from lot_edge where run = 3", "run 3, lot R-1 into lot R-2: its movements say so; it is missing"),
        (
            "insert into lot_edge (tenant, from_lot, to_lot, run, from_quantity, to_quantity, at) \
             select tenant, to_lot, from_lot, run, 0, 0, at from lot_edge where run = 2",
            "run 2, lot C-1 into lot R-1: is in the genealogy; its movements do not say so",
        ),
        ("delete from run where id = 1", "(CREAM lot R-1 from supplier to Store): was made by a run of kind RECEIVE"),
        (
            "delete from run where id = 2",
            "(CREAM lot C-1 from location -13 to Shop): was made by a run of kind PRODUCE",
        ),
        ("delete from run where id = 2", "run 2, lot R-1 into lot C-1: is in the genealogy; the run"),
        ("delete from run where id = 3", "run 3, lot R-1 into lot R-2: is in the genealogy; the run"),
        ("update movement set kind = 37 where kind = 41", "run 1: is RECEIVE, but its movement"),
        (
            "insert into run (tenant, id, uid, kind, operation, product, lot, secondary_product, secondary_lot, from_location, \
             to_location, status, quantity, unit, primary_quantity, secondary_quantity, lot_status, started_at, batch, \
             first_line, last_line, reason, created_at, created_by, modified_at, modified_by) \
             select tenant, 99, 'twice', kind, operation, product, lot, secondary_product, secondary_lot, from_location, \
             to_location, status, quantity, unit, primary_quantity, secondary_quantity, lot_status, started_at, batch, \
             first_line, last_line, reason, created_at, created_by, modified_at, modified_by from run where id = 1",
            "run 99: says that movement",
        ),
    ];
    for (name, db, plant) in plants() {
        on_the_shop_floor(&db, &plant);
        let report = plant.report();
        assert!(report.is_sound(), "{name}: {report:#?}");
        assert_eq!(report.check(11).checked, 3, "{name}");
        for (sql, says) in deeds {
            let named = named(&after(&db, &[sql]), 11);
            assert!(
                named.iter().any(|text| text.contains(says)),
                "{name}: after {sql}, I11 should say “{says}”, but says {named:#?}"
            );
        }
        let named = named(&after(&db, &["delete from lot_edge where run = 2", "delete from run where id = 2"]), 11);
        assert!(named.iter().any(|text| text.contains("was made by a run of kind PRODUCE")), "{name}: {named:#?}");
    }
}
