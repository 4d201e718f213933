//! The plug is pulled between any two statements, again and again; another engine goes on with the same
//! requests. What it comes to is compared with a model that knows nothing of crashes.

mod floor;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::entry::EntryDraft;
use lotbook_domain::expression::{Number, Reading, Value as Said};
use lotbook_domain::id::{BookingId, TenantId, UserId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::quantity::ONE_E6;
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    ClearJournal, CreateEntries, EntriesCreated, Reach, Reverse, ReverseWhat, Sample, SetTags, VoucherCreated,
};
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::tenant::CreateTenant;
use lotbook_engine::thing::{CreateRecords, Kind, Value, kinds};
use lotbook_engine::write::{Command, Request};
use lotbook_engine::{Engine, Error, Fuse, Store, settle};
use lotbook_story::memory::Memory;
use lotbook_story::random::{Act, Line, booking, build, close, history, say, time};
use lotbook_story::{Floor, Outcome};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use support::TestDb;

/// When the plug is pulled: after so many statements, and whether the last one still ran.
type Pull = (u32, bool);

fn pulls(most: u32, n: usize) -> impl Strategy<Value = Vec<Pull>> {
    vec((0..most, any::<bool>()), n)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..Default::default() }
}

/// Where engines live, and how often one of them ended early.
struct World<'w> {
    database: &'w TestDb,
    crashes: &'w AtomicUsize,
}

impl World<'_> {
    /// Does it on an engine that may end at any time, and once more on one that does not, if the first ended.
    fn survive<T>(
        &self,
        house: &House,
        (statements, runs_one_more): Pull,
        act: impl Fn(&House) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let fuse = Arc::new(Fuse::new(statements, runs_one_more));
        // Opening it takes statements, too.
        if let Ok(store) = Store::open_with_fuse(self.database.url(), Arc::clone(&fuse)) {
            let frail = House { engine: engine_on(store), tenant: house.tenant };
            let outcome = act(&frail);
            if !fuse.is_blown() || !matches!(outcome, Err(Error::Internal(_) | Error::Busy(_))) {
                return outcome;
            }
        }
        self.crashes.fetch_add(1, Ordering::Relaxed);
        act(house)
    }
}

/// Enters and books lines under keys, as a client does that sends a request again until it is answered.
fn enter(house: &House, kind: JournalKind, drafts: &[EntryDraft], key: usize) -> Result<EntriesCreated, Error> {
    let voucher = Command::CreateVoucher(lotbook_engine::command::CreateVoucher {
        journal: journal_of(kind, true),
        ..Default::default()
    });
    let voucher = house.engine.run(house.keyed(&format!("voucher {key}"), ""), voucher)?;
    let voucher: VoucherCreated = serde_json::from_str(&voucher).expect("the answer is JSON");
    let entries = CreateEntries {
        voucher: lotbook_domain::id::VoucherId(voucher.id),
        entries: drafts.to_vec(),
        ..CreateEntries::default()
    };
    let answer = house.engine.run(house.keyed(&format!("entries {key}"), ""), Command::CreateEntries(entries))?;
    Ok(serde_json::from_str(&answer).expect("the answer is JSON"))
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Booked(_) => "booked",
        Outcome::Invalid(_) => "invalid",
        Outcome::Rejected(_) => "rejected",
        Outcome::Refused(_) => "refused",
    }
}

fn refusal(error: &Error) -> Result<&'static str, TestCaseError> {
    match error {
        Error::Invalid(_) => Ok("invalid"),
        Error::Refused { .. } => Ok("refused"),
        other => Err(TestCaseError::fail(format!("{other:?}"))),
    }
}

fn live_with_crashes(
    world: &World<'_>,
    house: &House,
    acts: &[Act],
    pulls: &[Pull],
    forbids: bool,
) -> Result<(), TestCaseError> {
    let mut memory = Memory::new();
    let mut engine = OnEngine::new(house.clone(), true);
    build(&mut memory, forbids);
    build(&mut engine, forbids);
    let mut handles: Vec<(usize, BookingId)> = Vec::new();
    for (key, (act, pull)) in acts.iter().zip(pulls).enumerate() {
        match act {
            Act::Book(kind, lines) => {
                let booking = booking(*kind, lines);
                let drafts = engine.drafts(&booking);
                let expected = memory.book(&booking);
                let found = world.survive(house, *pull, |house| enter(house, *kind, &drafts, key));
                let said = match &found {
                    Err(error) => refusal(error)?,
                    Ok(created) => {
                        let booking = created.booking.as_ref().expect("an auto-book journal answers with a booking");
                        if booking.state == BookingState::Booked {
                            "booked"
                        } else {
                            let clear = ClearJournal { journal: journal_of(*kind, true), ..ClearJournal::default() };
                            house.engine.change(house.request(), clear).expect("a journal can be cleared");
                            "rejected"
                        }
                    }
                };
                prop_assert_eq!(said, word(&expected), "{:?}: {:?}", act, expected);
                if let (Outcome::Booked(ours), Ok(created)) = (expected, found) {
                    handles.push((ours.handle, BookingId(created.booking.expect("it was booked").id)));
                }
            }
            Act::Reverse(which, minute) if !handles.is_empty() => {
                let (ours, theirs) = handles[which % handles.len()];
                let at = minute.map(time);
                let expected = memory.reverse(ours, None, at);
                let found = world.survive(house, *pull, |house| {
                    let what = ReverseWhat::Booking(theirs, None);
                    let reverse =
                        Reverse { what, rest: false, at, reason: "told so".to_owned(), reach: Reach::default() };
                    house.engine.change(house.keyed(&format!("reverse {key}"), ""), reverse)
                });
                let said = match &found {
                    Ok(_) => "booked",
                    Err(error) => refusal(error)?,
                };
                prop_assert_eq!(said, word(&expected), "{:?}", act);
            }
            Act::Revalue(..) | Act::Cost(..) => {
                let (expected, found) = (say(&mut memory, act, None), say(&mut engine, act, None));
                prop_assert_eq!(found.as_ref().map(word), expected.as_ref().map(word), "{:?}", act);
            }
            // Which booking it lands on is told by a handle, which a request that was cut off does not give.
            Act::Reverse(..) | Act::Land(..) => {}
            Act::Settle => {
                memory.settle();
                let settled = world.survive(house, *pull, |house| settle::settle_all(&house.engine));
                prop_assert!(settled.is_ok(), "{:?}", settled);
            }
            Act::Close(day) => {
                memory.define(&close(*day));
                engine.define(&close(*day));
            }
        }
    }
    memory.settle();
    engine.settle();
    prop_assert_eq!(engine.standing(), memory.standing());
    engine.verify();
    Ok(())
}

#[test]
fn what_was_asked_for_happens_once_whenever_the_plug_is_pulled() {
    for (name, database) in support::databases() {
        let engine = engine_on(Store::open(database.url()).expect("the database opens again"));
        let (tenants, crashes) = (AtomicI64::new(1), AtomicUsize::new(0));
        let world = World { database: &database, crashes: &crashes };
        let cases = if name == "sqlite" { 16 } else { 4 };
        let lives = (history(8..30), pulls(120, 30), any::<bool>());
        let lived = TestRunner::new(config(cases)).run(&lives, |(acts, pulls, forbids)| {
            let house = House::found(&engine, tenants.fetch_add(1, Ordering::Relaxed));
            live_with_crashes(&world, &house, &acts, &pulls, forbids)
        });
        lived.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let crashes = crashes.load(Ordering::Relaxed);
        assert!(crashes > cases as usize * 3, "{name}: only {crashes} crashes");
    }
}

/// A filling machine: one operation that runs while a tag is true and counts what a counter says, which
/// starts anew at 100.
struct Filling {
    engine: Arc<Engine>,
    house: House,
}

impl Filling {
    fn found(database: &TestDb, name: &str) -> Self {
        let engine = engine_on(Store::open(database.url()).expect("the database opens again"));
        let request = Request {
            tenant: TenantId(0),
            person: UserId(1),
            origin: "test".to_owned(),
            key: None,
            now: engine.now(),
            dry_run: false,
        };
        let answer = engine
            .change(request, CreateTenant { name: name.to_owned(), admin_password_hash: None })
            .expect("a tenant can be made");
        let made = Value::parse(&answer).expect("the answer is JSON");
        let Value::Object(fields) = made else { panic!("{answer}") };
        let id = fields.iter().find(|(key, _)| key == "id").map(|(_, value)| value.clone());
        let Some(Value::Number(id)) = id else { panic!("{answer}") };
        let house = House { engine: Arc::clone(&engine), tenant: TenantId(id.parse().expect("an id is a number")) };
        let filling = Self { engine, house };
        filling.make(&kinds::UNITS, r#"{"symbol": "lb", "name": "Pound"}"#);
        filling.make(&kinds::PRODUCTS, r#"{"identifier": "MILK", "name": "Milk", "unit": "lb", "tracking": "lot"}"#);
        filling.make(&kinds::LOCATIONS, r#"{"name": "Silo"}"#);
        filling.make(
            &kinds::OPERATIONS,
            r#"{"name": "Fill", "operationType": "RECEIVE", "triggerSource": "EXPRESSION",
                "startTriggerExpression": "{[default]Fill}", "stopTriggerExpression": "{[default]Fill}",
                "quantitySource": "EXPRESSION", "quantityCalcType": "DELTA", "quantityExpression": "{[default]Count}",
                "quantityOverflowValue": 100, "destinationLocation": "Silo", "material": "MILK",
                "unitOfMeasure": "lb"}"#,
        );
        filling
    }

    fn make(&self, kind: &'static Kind, json: &str) {
        let Ok(Value::Object(record)) = Value::parse(json) else { panic!("{json}") };
        let create = CreateRecords { kind, records: vec![record], is_list: false };
        self.engine.change(self.house.request(), create).unwrap_or_else(|error| panic!("{json}: {error:?}"));
    }

    /// What stands in the silo, and how many runs were completed.
    fn filled(&self) -> (i64, i64) {
        let of = |conn: &mut lotbook_engine::Conn, sql: &str| {
            let found = conn.one(sql, &[lotbook_engine::Arg::Int(self.house.tenant.0)], |row| row.int(0))?;
            Ok::<_, Error>(found.unwrap_or(0))
        };
        self.house.read(|conn| {
            let stands =
                "select cast(coalesce(sum(a.quantity), 0) as bigint) from account a where a.tenant = $1 and a.kind = 1";
            Ok((of(conn, stands)?, of(conn, "select count(*) from run u where u.tenant = $1 and u.status = 2")?))
        })
    }
}

/// What a machine does next.
#[derive(Clone, Copy, Debug)]
enum Tick {
    /// It goes on or stops.
    Fill(bool),
    /// It counts on by so many.
    Count(i64),
}

fn ticks() -> impl Strategy<Value = Vec<Vec<Tick>>> {
    let tick = prop_oneof![any::<bool>().prop_map(Tick::Fill), (0..100_i64).prop_map(Tick::Count)];
    vec(vec(tick, 1..4), 6..24)
}

fn fill_with_crashes(
    world: &World<'_>,
    filling: &Filling,
    calls: &[Vec<Tick>],
    pulls: &[Pull],
) -> Result<(), TestCaseError> {
    let sample = |at: i64, path: &str, value: Said| Sample {
        path: path.to_owned(),
        reading: Reading::good(value),
        at: Time(floor::NOW + at * 1_000_000),
        is_arrival: false,
    };
    let number = |n: i64| Said::Number(Number::parse(&n.to_string()).expect("it is one"));
    let (mut at, mut count, mut fills) = (1, 0, false);
    let (mut filled, mut runs) = (0, 0);
    let mut open = None;
    // What is said first is only remembered.
    let first = vec![sample(0, "[default]Fill", Said::Bool(false)), sample(0, "[default]Count", number(0))];
    filling.engine.change(filling.house.request(), SetTags { samples: first }).expect("tags can be set");
    for (key, (call, pull)) in calls.iter().zip(pulls).enumerate() {
        let mut samples = Vec::new();
        for tick in call {
            match *tick {
                Tick::Fill(now) => {
                    if now && !fills {
                        open = Some(0);
                    } else if !now && fills {
                        filled += open.take().expect("it fills");
                        runs += 1;
                    }
                    fills = now;
                    samples.push(sample(at, "[default]Fill", Said::Bool(now)));
                }
                Tick::Count(by) => {
                    count += by;
                    open = open.map(|sum| sum + by);
                    samples.push(sample(at, "[default]Count", number(count % 100)));
                }
            }
            at += 1;
        }
        let told = world.survive(&filling.house, *pull, |house| {
            let set = SetTags { samples: samples.clone() };
            house.engine.change(house.keyed(&format!("call {key}"), ""), set)
        });
        prop_assert!(told.is_ok(), "{:?}", told);
        prop_assert_eq!(filling.filled(), (filled * ONE_E6, runs), "after call {} of {:?}", key, call);
    }
    floor::verify::verify(&filling.house);
    Ok(())
}

#[test]
fn a_counter_is_counted_once_whenever_the_plug_is_pulled() {
    for (name, database) in support::databases() {
        let (plants, crashes) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let world = World { database: &database, crashes: &crashes };
        let cases = if name == "sqlite" { 12 } else { 3 };
        let lived = TestRunner::new(config(cases)).run(&(ticks(), pulls(60, 24)), |(calls, pulls)| {
            let plant = Filling::found(&database, &format!("plant {}", plants.fetch_add(1, Ordering::Relaxed)));
            fill_with_crashes(&world, &plant, &calls, &pulls)
        });
        lived.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        // A plant makes six calls at least, of which the plug ends one in two or three.
        let crashes = crashes.load(Ordering::Relaxed);
        assert!(crashes > cases as usize, "{name}: only {crashes} crashes");
    }
}

/// What a voucher asks of the database does not grow with its lines.
#[test]
fn five_hundred_lines_take_as_many_statements_as_two() {
    for (name, database) in support::databases() {
        let fuse = Arc::new(Fuse::new(u32::MAX, false));
        let store = Store::open_with_fuse(database.url(), Arc::clone(&fuse)).expect("the database opens");
        let mut floor = OnEngine::new(House::found(&engine_on(store), 1), true);
        build(&mut floor, false);
        let house = floor.house.clone();
        let book = |lines: i64| {
            let lines: Vec<Line> = (0..lines)
                .map(|at| Line {
                    product: [0, 1, 4][(at % 3) as usize],
                    place: (at / 3 % 3) as usize,
                    halves: if at % 5 == 4 { -1 } else { 2 },
                    cents: Some(100),
                    minute: at,
                    lot: 0,
                    party: 0,
                })
                .collect();
            let drafts = floor.drafts(&booking(JournalKind::Delivery, &lines));
            let voucher = house.create_voucher(journal_of(JournalKind::Delivery, true)).expect("it can be made").id;
            let before = fuse.left();
            let created = house.create_entries(house.request(), voucher, drafts).expect("it is decided");
            assert_eq!(created.booking.map(|booking| booking.state), Some(BookingState::Booked), "{name}");
            before - fuse.left()
        };
        // Whatever is read once is read by then.
        book(20);
        let (two, many) = (book(2), book(500));
        assert!(two > 5 && many <= two + 10, "{name}: 2 lines take {two} statements, 500 take {many}");
    }
}
