//! Reservations: nobody takes what is promised to others, whatever the order, however many at once.

mod floor;
mod promises;
mod support;

use std::sync::atomic::{AtomicU64, Ordering};

use floor::{House, OnEngine, engine_on, journal_of};
use lotbook_domain::entry::EntryDraft;
use lotbook_domain::expression::{Reading, Value as Said};
use lotbook_domain::id::{LocationId, LotId, OperationId, ReservationId, RunId, UserId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::reservation::{Picking, ReservationDraft, Signal};
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    self, Action, ActionKind, ChangeReservation, Execute, Executed, LotNamed, Operate, Operated, Reach,
    ReservationAnswer, Reserve, Reverse, ReverseWhat, Sample, SetTags, Verb,
};
use lotbook_engine::query::availability::availability;
use lotbook_engine::query::balance::BalanceFilter;
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::thing::change::CreateRecords;
use lotbook_engine::thing::reference::Reference;
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::write::{Command, Request};
use lotbook_engine::{Arg, Error, Store, table, worker};
use lotbook_story::random::{Line, booking, build, time};
use lotbook_story::thing::Product;
use lotbook_story::{Booking, Entry, Floor, Outcome, Question, Thing};
use promises::{act, tell};
use proptest::prelude::*;
use support::TestDb;

const THREADS: usize = 12;

fn found(database: &TestDb, tenant: i64) -> OnEngine {
    let house = House::found(&engine_on(Store::open(database.url()).expect("it opens again")), tenant);
    let mut floor = OnEngine::new(house, true);
    build(&mut floor, false);
    floor
}

fn line(product: usize, place: usize, count: i64) -> Line {
    Line { product, place, halves: count * 2, cents: Some(100), minute: 5, lot: 1, party: 0 }
}

/// Books one entry, maybe naming a reservation; whether it was booked, or the code of the first fault.
fn book(floor: &OnEngine, house: &House, line: Line, reservation: Option<i64>) -> Result<i64, String> {
    enter(floor, house, JournalKind::Delivery, &[line], reservation)
}

/// Books entries, of which the first may name a reservation; the booking, or the code of the first fault.
fn enter(
    floor: &OnEngine,
    house: &House,
    kind: JournalKind,
    lines: &[Line],
    reservation: Option<i64>,
) -> Result<i64, String> {
    let mut drafts: Vec<EntryDraft> = floor.drafts(&booking(kind, lines));
    drafts[0].reservation = reservation.map(ReservationId);
    let voucher = house.create_voucher(journal_of(kind, true)).expect("a voucher can be made").id;
    let created = match house.create_entries(house.request(), voucher, drafts) {
        Ok(created) => created,
        Err(Error::Invalid(violations)) => return Err(violations[0].code.to_owned()),
        Err(other) => panic!("{other:?}"),
    };
    let outcome = created.booking.expect("the journal books by itself");
    match outcome.state {
        BookingState::Booked => Ok(outcome.id),
        _ => Err(outcome.faults[0].code.clone()),
    }
}

fn draft(floor: &OnEngine, product: &str, place: Option<&str>, quantity: i64) -> ReservationDraft {
    ReservationDraft {
        product: Some(floor.names.products[product]),
        place: place.map(|name| floor.names.places[name]),
        quantity: Some(Quantity(quantity * ONE_E6)),
        ..ReservationDraft::default()
    }
}

fn reserve(house: &House, draft: ReservationDraft) -> Result<ReservationAnswer, Error> {
    // Each under a key of its own, so that its answer is kept.
    static KEY: AtomicU64 = AtomicU64::new(0);
    let command = Reserve { drafts: vec![draft], violations: Vec::new(), reach: Reach::All };
    let key = format!("reserve-{}", KEY.fetch_add(1, Ordering::Relaxed));
    let answer = house.engine.run(house.keyed(&key, "body"), Command::Reserve(command))?;
    let mut found: Vec<ReservationAnswer> = serde_json::from_str(&answer).expect("the answer is JSON");
    Ok(found.remove(0))
}

fn change(house: &House, id: i64, signal: Signal) -> Result<ReservationAnswer, Error> {
    let command = ChangeReservation { reservation: ReservationId(id), signal, reach: Reach::All };
    let answer = house.engine.run(house.request(), Command::ChangeReservation(command))?;
    Ok(serde_json::from_str(&answer).expect("the answer is JSON"))
}

fn sums(house: &House) -> (i64, i64) {
    let tenant = [Arg::Int(house.tenant.0)];
    house.read(|conn| {
        let kept = "select coalesce(cast(sum(quantity) as bigint), 0) from reserved where tenant = $1";
        let open = "select coalesce(cast(sum(open_quantity) as bigint), 0) from reservation where tenant = $1 and state in (1, 2)";
        Ok((conn.one(kept, &tenant, |row| row.int(0))?.unwrap_or(0), conn.one(open, &tenant, |row| row.int(0))?.unwrap_or(0)))
    })
}

/// What was reserved of everything at a time, as known at a position.
fn reserved_at(house: &House, as_of: Option<Time>, as_known_at: Option<i64>) -> i64 {
    house.read(|conn| {
        let structure = house.engine.structure(conn, house.tenant)?;
        let filter = BalanceFilter { as_of, as_known_at, ..BalanceFilter::default() };
        let found = availability(conn, house.tenant, &structure.catalog.locations, &filter, house.engine.now())?;
        Ok(found.values().map(|spot| spot.reserved.0 / ONE_E6).sum())
    })
}

fn position(house: &House) -> i64 {
    house.read(|conn| table::header::position(conn, house.tenant))
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("{other:?} is not refused"),
    }
}

#[test]
fn what_is_reserved_is_there_for_who_reserved_it() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let at_first = house.engine.now();
        let mine = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 6)).expect("there are 10");
        let whole = position(house);
        assert_eq!((mine.state.as_str(), mine.quantity, mine.open), ("held", 6_000_000, 6_000_000), "{name}");
        match reserve(house, draft(&floor, "PLAIN", Some("COLD"), 5)) {
            Err(Error::Refused { code: "insufficientStock", details, .. }) => {
                assert!(
                    details.contains(&("available", Quantity(4_000_000).into()))
                        && details.contains(&("short", Quantity(1_000_000).into()))
                );
            }
            other => panic!("{name}: {other:?}"),
        }
        // Selling beyond stock is allowed here, and yet nobody sells what is promised.
        assert_eq!(book(&floor, house, line(0, 0, -5), None), Err("insufficientStock".to_owned()), "{name}");
        book(&floor, house, line(0, 0, -4), None).expect("4 are free");
        book(&floor, house, line(0, 0, -2), Some(mine.id)).expect("a part of it");
        let after_a_part = position(house);
        let rest = change(house, mine.id, Signal::Confirm).expect("it is open");
        assert_eq!((rest.state.as_str(), rest.open), ("confirmed", 4_000_000), "{name}");
        assert_eq!(book(&floor, house, line(0, 1, -1), Some(mine.id)), Err("reservationMismatch".to_owned()));
        assert_eq!(book(&floor, house, line(0, 0, -1), Some(99)), Err("unknownReservation".to_owned()));
        book(&floor, house, line(0, 0, -4), Some(mine.id)).expect("the rest of it");
        assert_eq!(book(&floor, house, line(0, 0, -1), Some(mine.id)), Err("reservationNotOpen".to_owned()));
        assert_eq!(code(change(house, mine.id, Signal::Release)), "reservationNotOpen");
        assert_eq!(sums(house), (0, 0), "{name}");
        // To promise more than there is has to be asked for; then what arrives is promised already.
        let ahead = ReservationDraft { allow_backorder: true, ..draft(&floor, "PLAIN", Some("COLD"), 3) };
        let ahead = reserve(house, ahead).expect("a backorder");
        let arrived = book(&floor, house, line(0, 0, 3), None).expect("goods arrive");
        assert_eq!(book(&floor, house, line(0, 0, -1), None), Err("insufficientStock".to_owned()), "{name}");
        let undo = Reverse {
            rest: false,
            what: ReverseWhat::Booking(lotbook_domain::id::BookingId(arrived), None),
            at: None,
            reason: "never came".to_owned(),
            reach: Reach::All,
        };
        assert_eq!(code(house.engine.change(house.request(), undo.clone())), "insufficientStock", "{name}");
        let ahead_of_release = house.engine.now();
        change(house, ahead.id, Signal::Release).expect("it is open");
        // What was reserved then, whatever became of it.
        let then = [
            reserved_at(house, Some(at_first), None),
            reserved_at(house, None, Some(whole)),
            reserved_at(house, None, Some(after_a_part)),
            reserved_at(house, Some(ahead_of_release), None),
            reserved_at(house, None, None),
        ];
        assert_eq!(then, [0, 6, 4, 3, 0], "{name}");
        house.engine.change(house.request(), undo).expect("nobody waits for it");
    }
}

/// What was issued of a reservation and is undone is promised again, to the same one and for as long as it was.
#[test]
fn what_comes_back_to_a_reservation_is_reserved_again() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        let undo = |booking: i64| {
            let what = ReverseWhat::Booking(lotbook_domain::id::BookingId(booking), None);
            let (reason, reach) = ("not sent".to_owned(), Reach::All);
            house.engine.change(house.request(), Reverse { what, rest: false, at: None, reason, reach })
        };
        let shown = |id: i64| {
            let named = [lotbook_domain::id::ReservationId(id)].into();
            let kept = house.read(|conn| table::reservation::by_ids(conn, house.tenant, &named, false)).pop();
            let kept = kept.expect("it is there").reservation;
            (kept.state.name(), kept.open.0 / ONE_E6)
        };
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let firm = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 6)).expect("there are 10");
        change(house, firm.id, Signal::Confirm).expect("it is open");
        let part = book(&floor, house, line(0, 0, -2), Some(firm.id)).expect("a part of it");
        let rest = book(&floor, house, line(0, 0, -4), Some(firm.id)).expect("the rest of it");
        assert_eq!((shown(firm.id), sums(house)), (("consumed", 0), (0, 0)), "{name}");
        undo(rest).expect("it can be undone");
        assert_eq!((shown(firm.id), reserved_at(house, None, None)), (("confirmed", 4), 4), "{name}");
        undo(part).expect("it can be undone");
        assert_eq!((shown(firm.id), reserved_at(house, None, None)), (("confirmed", 6), 6), "{name}");
        assert_eq!(book(&floor, house, line(0, 0, -5), None), Err("insufficientStock".to_owned()), "{name}");
        book(&floor, house, line(0, 0, -6), Some(firm.id)).expect("it is there for who reserved it");
        assert_eq!(shown(firm.id), ("consumed", 0), "{name}");

        // One that was given up gets nothing back, nor does one whose time is over.
        let given_up = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 2)).expect("there are 4");
        let part = book(&floor, house, line(0, 0, -1), Some(given_up.id)).expect("a part of it");
        change(house, given_up.id, Signal::Release).expect("it is open");
        undo(part).expect("it can be undone");
        assert_eq!((shown(given_up.id), sums(house)), (("released", 0), (0, 0)), "{name}");
        let held = |last: i64| {
            let until = Time(house.engine.now().0 + last);
            let wanted = ReservationDraft { hold_until: Some(until), ..draft(&floor, "PLAIN", Some("COLD"), 2) };
            let held = reserve(house, wanted).expect("there are 4");
            (held.id, book(&floor, house, line(0, 0, -2), Some(held.id)).expect("all of it"), until)
        };
        let (id, booking, _) = held(Time::DAY);
        undo(booking).expect("it can be undone");
        assert_eq!((shown(id), reserved_at(house, None, None)), (("held", 2), 2), "{name}");
        change(house, id, Signal::Release).expect("it is open");
        let (id, booking, until) = held(2_000);
        while house.engine.now() <= until {}
        undo(booking).expect("it can be undone");
        assert_eq!((shown(id), sums(house)), (("consumed", 0), (0, 0)), "{name}");
        floor::verify::verify(house);
    }
}

#[test]
fn a_reservation_of_the_house_is_served_from_anywhere() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        for place in [0, 1] {
            book(&floor, house, line(0, place, 10), None).expect("goods arrive");
        }
        let wide = reserve(house, draft(&floor, "PLAIN", None, 12)).expect("there are 20");
        book(&floor, house, line(0, 0, -8), None).expect("12 are left");
        assert_eq!(book(&floor, house, line(0, 1, -1), None), Err("insufficientStock".to_owned()), "{name}");
        assert_eq!(code(reserve(house, draft(&floor, "PLAIN", Some("SHOP"), 1))), "insufficientStock");
        book(&floor, house, line(0, 1, -10), Some(wide.id)).expect("its own");
        assert_eq!(code(reserve(house, draft(&floor, "PLAIN", Some("COLD"), 1))), "insufficientStock");
        change(house, wide.id, Signal::Release).expect("it is open");
        reserve(house, draft(&floor, "PLAIN", Some("COLD"), 2)).expect("2 are free again");
    }
}

#[test]
fn a_hold_ends_by_itself_at_its_time() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        book(&floor, house, line(0, 0, 5), None).expect("goods arrive");
        let until = Time(house.engine.now().0 + 500);
        let held = ReservationDraft { hold_until: Some(until), ..draft(&floor, "PLAIN", Some("COLD"), 5) };
        let held = reserve(house, held).expect("all 5");
        assert_eq!(book(&floor, house, line(0, 0, -5), None), Err("insufficientStock".to_owned()), "{name}");
        while house.engine.now() <= until {}
        assert_eq!(code(change(house, held.id, Signal::Confirm)), "reservationNotOpen", "{name}");
        book(&floor, house, line(0, 0, -5), None).expect("nobody holds it any more");
        book(&floor, house, line(0, 0, 1), None).expect("goods arrive");
        let until = Time(house.engine.now().0 + 200);
        let held = ReservationDraft { hold_until: Some(until), ..draft(&floor, "PLAIN", Some("COLD"), 1) };
        reserve(house, held).expect("the one");
        while house.engine.now() <= until {}
        worker::tidy_holds(&house.engine, house.engine.now());
        assert_eq!(sums(house), (0, 0), "{name}: what has expired is noted");
    }
}

#[test]
fn stock_is_shared_out_in_the_order_asked_for() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        // Lots a, b, c in COLD and a in BAR, five each; b was there first, though that was learned later. It expires
        // before a, c is over, and d does not exist.
        for (place, lot, earlier) in [(0, 0, 0), (0, 1, 1), (0, 2, 0), (2, 0, 0)] {
            let usual = line(0, place, 5);
            let arriving = Line { product: 2, lot, minute: usual.minute - earlier, ..usual };
            book(&floor, house, arriving, None).expect("goods arrive");
        }
        let lots: Vec<LotId> = (0..3).map(|lot| lot_of(&floor, lot).expect("it arrived")).collect();
        for (lot, expires_at) in [(0, 4_000_000_000_000_000), (1, 3_000_000_000_000_000), (2, 1)] {
            let args = [Arg::Int(house.tenant.0), Arg::Int(lots[lot].0), Arg::Int(expires_at)];
            house
                .engine
                .store()
                .write(|conn| conn.execute("update lot set expires_at = $3 where tenant = $1 and id = $2", &args))
                .expect("the lot is there");
        }
        let (a, b) = (lots[0].0, lots[1].0);
        let (cold, bar) = (floor.names.places["COLD"].0, floor.names.places["BAR"].0);
        let share_out = |quantity: i64, order: Picking, near: Option<&str>| {
            let near = near.map(|place| floor.names.places[place]);
            let wanted = ReservationDraft { allocate: Some(order), near, ..draft(&floor, "LOTS", None, quantity) };
            let answer = reserve(house, wanted)?;
            let lines: Vec<(i64, i64, i64)> =
                answer.lines.iter().map(|line| (line.lot, line.location, line.quantity / ONE_E6)).collect();
            assert_eq!((answer.id, answer.quantity), (answer.allocation, quantity * ONE_E6), "{name}");
            Ok::<_, Error>((answer.id, lines))
        };
        for (order, near, want) in [
            (Picking::Fifo, None, vec![(b, cold, 5), (a, cold, 5), (a, bar, 2)]),
            (Picking::Lifo, None, vec![(a, bar, 5), (a, cold, 5), (b, cold, 2)]),
            (Picking::Fefo, None, vec![(b, cold, 5), (a, cold, 5), (a, bar, 2)]),
            (Picking::Nearest, Some("BAR"), vec![(a, bar, 5), (b, cold, 5), (a, cold, 2)]),
            (Picking::Nearest, Some("COLD"), vec![(b, cold, 5), (a, cold, 5), (a, bar, 2)]),
        ] {
            let (id, lines) = share_out(12, order, near).expect("15 are usable");
            assert_eq!(lines, want, "{name}: {order:?}");
            let confirmed = change(house, id, Signal::Confirm).expect("all of it is open");
            assert!(confirmed.lines.iter().all(|line| line.state == "confirmed"), "{name}");
            change(house, id, Signal::Release).expect("all of it is open");
            assert_eq!(sums(house), (0, 0), "{name}");
        }
        // The lot that is over is not given to anybody; 20 stand there, 15 can be had.
        match share_out(16, Picking::Fefo, None) {
            Err(Error::Refused { code: "insufficientStock", details, .. }) => {
                assert!(details.contains(&("available", Quantity(15_000_000).into())), "{name}: {details:?}");
            }
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(sums(house), (0, 0), "{name}");
        // Beside what is promised already without saying which, and each line is issued by its own id.
        let open = reserve(house, draft(&floor, "LOTS", Some("NORTH"), 12)).expect("15 stand in the north");
        let (_, lines) = share_out(8, Picking::Fifo, None).expect("of 20, 12 are promised");
        assert_eq!(lines, [(b, cold, 3), (a, bar, 5)], "{name}");
        let both = house.read(|conn| {
            let filter = lotbook_engine::table::reservation::ReservationFilter::default();
            lotbook_engine::table::reservation::page(conn, house.tenant, &filter, 100)
        });
        let mine: Vec<_> = both.iter().rev().take(2).map(|kept| kept.reservation.id.0).collect();
        assert_eq!(code(reserve(house, draft(&floor, "LOTS", None, 1))), "insufficientStock", "{name}");
        book(&floor, house, Line { product: 2, lot: 0, ..line(0, 2, -5) }, Some(mine[0]))
            .expect("it is promised to us");
        change(house, mine[1], Signal::Release).expect("the other half is open");
        change(house, open.id, Signal::Release).expect("it is open");
        floor::verify::verify(house);
        assert_eq!(sums(house), (0, 0), "{name}");
    }
}

/// How a reservation stands: its state, and how much is open.
fn standing(house: &House, id: i64) -> (&'static str, i64) {
    let kept = house.read(|conn| table::reservation::by_ids(conn, house.tenant, &[ReservationId(id)].into(), false));
    let kept = kept[0].reservation;
    (kept.state.name(), kept.open.0 / ONE_E6)
}

/// A run of PLAIN, or of a lot, that names a reservation.
fn taking(floor: &OnEngine, kind: RunKind, count: i64, lot: Option<usize>, from: Option<&str>, named: i64) -> Action {
    let lot = lot.map(|lot| lot_of(floor, lot).expect("it arrived"));
    Action {
        kind: Some(ActionKind::Run(kind)),
        quantity: Some(Quantity(count * ONE_E6)),
        product: Some(floor.names.products[if lot.is_some() { "LOTS" } else { "PLAIN" }]),
        lot: lot.map_or(LotNamed::None, LotNamed::Id),
        from: from.map(|place| floor.names.places[place]),
        reservation: (named != 0).then_some(ReservationId(named)),
        ..Action::default()
    }
}

/// Does these actions; the ids of their runs, or field and code of the first fault.
fn execute(house: &House, actions: Vec<Action>) -> Result<Vec<i64>, (&'static str, &'static str)> {
    match house.engine.change(house.request(), Execute { actions, reach: Reach::All }) {
        Ok(answer) => {
            let executed: Executed = serde_json::from_str(&answer).expect("the answer is JSON");
            Ok(executed.runs.into_iter().flatten().collect())
        }
        Err(Error::Invalid(faults)) => Err((faults[0].field, faults[0].code)),
        Err(other) => panic!("{other:?}"),
    }
}

fn undo_run(house: &House, run: i64) {
    let (what, reason) = (ReverseWhat::Run(RunId(run), None), "not used".to_owned());
    let undo = Reverse { what, rest: false, at: None, reason, reach: Reach::All };
    house.engine.change(house.request(), undo).expect("it can be undone");
}

#[test]
fn a_run_takes_of_the_reservation_that_it_names() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        let consume = |count: i64, from: &str, named: i64| {
            execute(house, vec![taking(&floor, RunKind::Consume, count, None, Some(from), named)])
        };
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        book(&floor, house, line(0, 1, 10), None).expect("goods arrive");
        let mine = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 6)).expect("there are 10").id;
        assert_eq!(consume(5, "COLD", 0), Err(("quantity", "insufficientStock")), "{name}");
        assert_eq!(consume(1, "COLD", 99), Err(("reservation", "unknownReservation")), "{name}");
        assert_eq!(consume(1, "SHOP", mine), Err(("reservation", "reservationMismatch")), "{name}");
        // What brings something, and what says how much is there, takes of no reservation.
        let to = Some(floor.names.places["COLD"]);
        for action in [
            Action { to, ..taking(&floor, RunKind::Receive, 1, None, None, mine) },
            taking(&floor, RunKind::Edit, 1, None, Some("COLD"), mine),
        ] {
            assert_eq!(execute(house, vec![action]), Err(("reservation", "reservationMismatch")), "{name}");
        }
        assert_eq!((standing(house, mine), sums(house)), (("held", 6), (6 * ONE_E6, 6 * ONE_E6)), "{name}");
        // Of the one who reserved, anything that takes: used, shipped beyond it, moved.
        let first = consume(2, "COLD", mine).expect("it is there for us")[0];
        assert_eq!(standing(house, mine), ("held", 4), "{name}");
        let both = [
            taking(&floor, RunKind::Scrap, 1, None, Some("COLD"), mine),
            Action {
                to: Some(floor.names.places["SHOP"]),
                ..taking(&floor, RunKind::Move, 1, None, Some("COLD"), mine)
            },
        ];
        execute(house, both.into()).expect("both name it");
        assert_eq!(standing(house, mine), ("held", 2), "{name}");
        let shipped = execute(house, vec![taking(&floor, RunKind::Ship, 5, None, Some("COLD"), mine)]);
        let shipped = shipped.expect("2 are reserved, and 3 free")[0];
        assert_eq!((standing(house, mine), sums(house)), (("consumed", 0), (0, 0)), "{name}");
        assert_eq!(consume(1, "COLD", mine), Err(("reservation", "reservationNotOpen")), "{name}");
        let kept = house.read(|conn| table::run::by_ids(conn, house.tenant, &[RunId(first), RunId(shipped)]));
        assert!(kept.iter().all(|run| run.reservation == ReservationId(mine)), "{name}: they say what they took of");
        // What is undone is promised again, as far as it was.
        undo_run(house, shipped);
        assert_eq!((standing(house, mine), reserved_at(house, None, None)), (("confirmed", 2), 2), "{name}");
        undo_run(house, first);
        assert_eq!((standing(house, mine), reserved_at(house, None, None)), (("confirmed", 4), 4), "{name}");
        assert_eq!(consume(5, "COLD", 0), Err(("quantity", "insufficientStock")), "{name}: 8 are there, 4 are ours");
        floor::verify::verify(house);
    }
}

/// One action may take from several lots and places; a reservation is taken from wherever it covers.
#[test]
fn a_run_takes_of_a_reservation_across_lots_and_places() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        for (place, lot) in [(0, 0), (0, 1), (1, 1), (2, 1)] {
            book(&floor, house, Line { product: 2, lot, ..line(0, place, 5) }, None).expect("goods arrive");
        }
        let of_b = ReservationDraft { lot: lot_of(&floor, 1), ..draft(&floor, "LOTS", Some("NORTH"), 10) };
        let north = reserve(house, of_b).expect("5 and 5 of lot b stand in the north").id;
        let merge = |named: i64| {
            let into = LotNamed::Id(lot_of(&floor, 0).expect("it arrived"));
            let action = taking(&floor, RunKind::Merge, 0, Some(1), None, named);
            execute(house, vec![Action { secondary_lot: action.lot.clone(), lot: into, quantity: None, ..action }])
        };
        assert_eq!(merge(0), Err(("quantity", "insufficientStock")), "{name}");
        // Lot b becomes part of lot a at all three places; of the reservation is what stood in the north.
        let runs = merge(north).expect("it is ours");
        assert_eq!((standing(house, north), sums(house)), (("consumed", 0), (0, 0)), "{name}");
        let ids: Vec<RunId> = runs.iter().map(|id| RunId(*id)).collect();
        let named = house.read(|conn| table::run::by_ids(conn, house.tenant, &ids)).into_iter();
        assert_eq!(named.filter(|run| run.reservation.0 != 0).count(), 2, "{name}: the one in the south took of none");
        // All that stands in a place is thrown away: also what is reserved, if that is named.
        let some = reserve(house, draft(&floor, "LOTS", Some("COLD"), 8)).expect("10 stand there").id;
        let scrap = |named: i64| {
            let kind = Some(ActionKind::ScrapAll);
            let action = taking(&floor, RunKind::Scrap, 0, None, Some("COLD"), named);
            execute(house, vec![Action { kind, product: None, quantity: None, ..action }])
        };
        assert_eq!(scrap(0), Err(("quantity", "insufficientStock")), "{name}");
        book(&floor, house, line(0, 0, 3), None).expect("goods arrive");
        let scrapped = scrap(some).expect("it is ours");
        assert_eq!((scrapped.len(), standing(house, some), sums(house)), (2, ("consumed", 0), (0, 0)), "{name}");
        floor::verify::verify(house);
    }
}

/// What is shipped into a place that keeps nothing leaves once, also where the reservation is for anywhere; what is
/// received and used at once was promised before it came.
#[test]
fn what_follows_from_a_run_takes_of_no_reservation() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        let gate = make(house, "locations", r#"{"name": "Gate", "lotStorageStrategy": "NO_STORAGE"}"#);
        for lot in [0, 1] {
            book(&floor, house, Line { product: 2, lot, ..line(0, 0, 10) }, None).expect("goods arrive");
        }
        let mine = reserve(house, draft(&floor, "LOTS", None, 10)).expect("20 are there").id;
        let into = LotNamed::Id(lot_of(&floor, 1).expect("it arrived"));
        let action = taking(&floor, RunKind::Ship, 4, Some(0), Some("COLD"), mine);
        execute(house, vec![Action { to: Some(LocationId(gate)), secondary_lot: into, ..action }]).expect("it is ours");
        assert_eq!((standing(house, mine), reserved_at(house, None, None)), (("held", 6), 6), "{name}");
        let ahead = ReservationDraft { allow_backorder: true, ..draft(&floor, "PLAIN", Some("COLD"), 3) };
        let ahead = reserve(house, ahead).expect("a backorder").id;
        let both = |named: i64| {
            let kind = Some(ActionKind::ReceiveAndConsume);
            execute(house, vec![Action { kind, ..taking(&floor, RunKind::Consume, 2, None, Some("COLD"), named) }])
        };
        both(0).expect("what came is gone again, and nothing is missing that was there");
        both(ahead).expect("it is ours");
        assert_eq!(standing(house, ahead), ("held", 1), "{name}");
        floor::verify::verify(house);
    }
}

/// What is learned of the time before a count is made up for at the count. That is no part of the run: it moved what it
/// moved, and undoing it undoes no other one.
#[test]
fn a_run_before_a_count_is_what_it_moved() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let counted = Line { minute: 100, ..line(0, 0, 10) };
        enter(&floor, house, JournalKind::Settlement, &[counted], None).expect("a count is heard");
        let used = |count: i64| Action {
            started_at: Some(time(50)),
            ..taking(&floor, RunKind::Consume, count, None, Some("COLD"), 0)
        };
        let runs = execute(house, vec![used(2), used(3)]).expect("10 are there");
        let ids = [RunId(runs[0]), RunId(runs[1])];
        let kept = house.read(|conn| table::run::by_ids(conn, house.tenant, &ids));
        let said: Vec<i64> = kept.iter().map(|run| run.primary_quantity.0 / ONE_E6).collect();
        assert_eq!(said, [2, 3], "{name}");
        floor::verify::verify(house);
        undo_run(house, runs[0]);
        undo_run(house, runs[1]);
        floor::verify::verify(house);
    }
}

fn make(house: &House, kind: &str, json: &str) -> i64 {
    let Ok(Value::Object(record)) = Value::parse(json) else { panic!("{json}") };
    let kind = kinds::named(kind).expect("there is such a kind");
    let records = CreateRecords { kind, records: vec![record], is_list: false };
    let answer = house.engine.change(house.request(), records).expect("it can be made");
    serde_json::from_str::<serde_json::Value>(&answer).expect("the answer is JSON")["id"]
        .as_i64()
        .expect("it has an id")
}

/// An operation that uses PLAIN in COLD, made by hand or, if it stops by a tag, by the machine.
fn user_of_plain(house: &House, name: &str, more: &str) -> Reference {
    let json = format!(
        r#"{{"name": "{name}", "operationType": "CONSUME", "material": "PLAIN", "sourceLocation": "COLD", {more}}}"#
    );
    make(house, "operations", &json);
    Reference::Text(name.to_owned())
}

const BY_HAND: &str = r#""triggerSource": "MANUAL", "quantitySource": "MANUAL""#;

fn operate(
    house: &House,
    operation: &Reference,
    verb: Verb,
    count: Option<i64>,
    named: i64,
) -> Result<Operated, Error> {
    let quantity = count.map(|count| Quantity(count * ONE_E6));
    let reservation = (named != 0).then_some(ReservationId(named));
    let said = command::Said { quantity, reservation, ..command::Said::default() };
    let asked = Operate { operation: operation.clone(), verb, said, reach: Reach::All };
    let answer = house.engine.change(house.request(), asked)?;
    Ok(serde_json::from_str(&answer).expect("the answer is JSON"))
}

/// Field and code of what keeps an operation from starting.
fn wrong(outcome: Result<Operated, Error>) -> (&'static str, &'static str) {
    match outcome {
        Err(Error::Invalid(faults)) => (faults[0].field, faults[0].code),
        other => panic!("{other:?} is not invalid"),
    }
}

#[test]
fn an_operation_takes_of_a_reservation_when_it_stops() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        let mix = user_of_plain(house, "Mix", BY_HAND);
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let mine = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 6)).expect("there are 10").id;
        let elsewhere = draft(&floor, "PLAIN", Some("COLD"), 1);
        let given_up = reserve(house, elsewhere).expect("4 are free").id;
        change(house, given_up, Signal::Release).expect("it is open");
        // A start that names what is of no use is told so, and nothing begins.
        for (named, code) in [(99, "unknownReservation"), (given_up, "reservationNotOpen")] {
            assert_eq!(wrong(operate(house, &mix, Verb::Start, None, named)), ("reservation", code), "{name}");
        }
        let other = ReservationDraft { allow_backorder: true, ..draft(&floor, "PLAIN", Some("SHOP"), 1) };
        let other = reserve(house, other).expect("a backorder").id;
        assert_eq!(
            wrong(operate(house, &mix, Verb::Start, None, other)),
            ("reservation", "reservationMismatch"),
            "{name}"
        );
        change(house, other, Signal::Release).expect("it is open");
        // While it runs, the reservation stays as it is; the stop takes of it, though it does not name it again.
        operate(house, &mix, Verb::Start, None, mine).expect("it is open");
        assert_eq!(standing(house, mine), ("held", 6), "{name}");
        assert_eq!(book(&floor, house, line(0, 0, -5), None), Err("insufficientStock".to_owned()), "{name}");
        operate(house, &mix, Verb::Stop, Some(2), 0).expect("it runs");
        assert_eq!(standing(house, mine), ("held", 4), "{name}");
        // One that is cancelled has taken nothing, nor has one that comes to nothing.
        operate(house, &mix, Verb::Start, None, mine).expect("it is open");
        operate(house, &mix, Verb::Cancel, None, 0).expect("it runs");
        operate(house, &mix, Verb::Start, None, mine).expect("it is open");
        assert_eq!(operate(house, &mix, Verb::Stop, Some(0), 0).expect("it runs").status, "COMPLETED", "{name}");
        assert_eq!((standing(house, mine), sums(house)), (("held", 4), (4 * ONE_E6, 4 * ONE_E6)), "{name}");
        // At once, as far as it goes; what goes beyond it is taken of what is free.
        operate(house, &mix, Verb::Execute, Some(3), mine).expect("it is ours");
        assert_eq!(standing(house, mine), ("held", 1), "{name}");
        // A hold that ends while it runs holds nothing; the stop says so, and may name another one.
        let until = Time(house.engine.now().0 + 500);
        let held = ReservationDraft { hold_until: Some(until), ..draft(&floor, "PLAIN", Some("COLD"), 2) };
        let held = reserve(house, held).expect("4 are free").id;
        operate(house, &mix, Verb::Start, None, held).expect("it is open");
        while house.engine.now() <= until {}
        let failed = operate(house, &mix, Verb::Stop, Some(5), 0).expect("its state is kept");
        assert_eq!((failed.status.as_str(), failed.faults[0].0.as_str()), ("FAULTED", "reservation"), "{name}");
        assert!(failed.faults[0].1.contains("is expired"), "{name}: {:?}", failed.faults);
        let stopped = operate(house, &mix, Verb::Stop, Some(5), mine).expect("it is open still");
        assert_eq!((stopped.status.as_str(), standing(house, mine)), ("COMPLETED", ("consumed", 0)), "{name}");
        assert_eq!(sums(house), (0, 0), "{name}");
        undo_run(house, stopped.runs[0]);
        assert_eq!(standing(house, mine), ("confirmed", 1), "{name}");
        // What scraps all that stands somewhere opens no run that could keep what its start names.
        let clear =
            r#"{"name": "Clear", "operationType": "SCRAP_ALL", "sourceLocation": "COLD", "triggerSource": "MANUAL"}"#;
        make(house, "operations", clear);
        let clear = Reference::Text("Clear".to_owned());
        assert_eq!(wrong(operate(house, &clear, Verb::Start, None, mine)), ("reservation", "notYet"), "{name}");
        operate(house, &clear, Verb::Start, None, 0).expect("it waits");
        operate(house, &clear, Verb::Stop, None, mine).expect("it is ours");
        assert_eq!((standing(house, mine), sums(house)), (("consumed", 0), (0, 0)), "{name}");
        floor::verify::verify(house);
    }
}

#[test]
fn what_a_start_by_hand_names_is_taken_when_the_machine_stops() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        let mill = user_of_plain(
            house,
            "Mill",
            r#""startTriggerExpression": "{Motor}", "stopTriggerExpression": "{Motor}", "quantitySource": "EXPRESSION",
               "quantityExpression": "2", "quantityCalcType": "DIRECT""#,
        );
        let say = |running: bool| {
            let (path, reading) = ("[default]Motor".to_owned(), Reading::good(Said::Bool(running)));
            let samples = vec![Sample { path, reading, at: house.engine.now(), is_arrival: true }];
            house.engine.change(house.request(), SetTags { samples }).expect("tags are heard");
        };
        book(&floor, house, line(0, 0, 5), None).expect("goods arrive");
        let mine = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 5)).expect("all 5").id;
        let status = || {
            let filter = table::run::RunFilter::default();
            let runs = house.read(|conn| table::run::page(conn, house.tenant, &filter, 100));
            let run = runs.last().expect("one began");
            let found = house.read(|conn| table::operation::by_ids(conn, house.tenant, [run.operation]));
            (run.operation != OperationId(0), found[0].state.status.clone())
        };
        say(false);
        operate(house, &mill, Verb::Start, None, mine).expect("it is open");
        say(true);
        say(false);
        assert_eq!((status(), standing(house, mine)), ((true, "COMPLETED".to_owned()), ("held", 3)), "{name}");
        // One that the machine starts names none, and may not take what is reserved.
        say(true);
        say(false);
        assert_eq!((status(), standing(house, mine)), ((true, "FAULTED".to_owned()), ("held", 3)), "{name}");
        operate(house, &mill, Verb::Stop, None, mine).expect("somebody names it");
        assert_eq!((status(), standing(house, mine)), ((true, "COMPLETED".to_owned()), ("held", 1)), "{name}");
        floor::verify::verify(house);
    }
}

/// Two operations that name one reservation in one commit take of it one after the other.
#[test]
fn operations_of_one_commit_share_a_reservation() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        let all: Vec<Reference> = (0..4).map(|no| user_of_plain(house, &format!("Mix {no}"), BY_HAND)).collect();
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let mine = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 5)).expect("there are 10").id;
        reserve(house, draft(&floor, "PLAIN", Some("COLD"), 3)).expect("5 are free");
        let ask = |operation: &Reference| {
            let reservation = Some(ReservationId(mine));
            let said = command::Said { quantity: Some(Quantity(2 * ONE_E6)), reservation, ..command::Said::default() };
            let asked = Operate { operation: operation.clone(), verb: Verb::Execute, said, reach: Reach::All };
            (house.request(), Command::Change(Box::new(asked)))
        };
        let answers = house.engine.run_all(all.iter().map(ask).collect());
        // 5 are ours and 2 are free: 2 and 2, then 1 and a free one; the fourth finds it used up.
        let done: Vec<bool> = answers.iter().map(Result::is_ok).collect();
        assert_eq!(done, [true, true, true, false], "{name}: {answers:?}");
        assert_eq!((standing(house, mine), sums(house)), (("consumed", 0), (3 * ONE_E6, 3 * ONE_E6)), "{name}");
        floor::verify::verify(house);
    }
}

#[test]
fn nothing_is_promised_twice_under_any_concurrency() {
    for engines in [1, 2] {
        for (name, database) in support::databases() {
            let name = format!("{name}, {engines} engines");
            let floor = found(&database, 1);
            book(&floor, &floor.house, line(0, 0, 200), None).expect("goods arrive");
            book(&floor, &floor.house, line(0, 1, 100), None).expect("goods arrive");
            let houses: Vec<House> = (0..engines)
                .map(|_| {
                    let engine = engine_on(Store::open(database.url()).expect("it opens again"));
                    engine.start();
                    House { engine, tenant: floor.house.tenant }
                })
                .collect();
            let taken: Vec<(i64, i64)> = std::thread::scope(|scope| {
                let (floor, houses, name) = (&floor, &houses, &name);
                let threads: Vec<_> = (0..THREADS)
                    .map(|thread| {
                        scope.spawn(move || {
                            let house = &houses[thread % houses.len()];
                            let (mut issued, mut open) = (0, 0);
                            for round in 0..8_i64 {
                                let wanted = 1 + (thread as i64 * 7 + round * 5) % 9;
                                let place = [Some("COLD"), Some("SHOP"), None][(thread + round as usize) % 3];
                                if (thread + round as usize).is_multiple_of(4) {
                                    let at = usize::from(place == Some("SHOP"));
                                    match book(floor, house, line(0, at, -wanted), None) {
                                        Ok(_) => issued += wanted,
                                        Err(code) => assert_eq!(code, "insufficientStock", "{name}"),
                                    }
                                    continue;
                                }
                                let allocate = Picking::ALL.get((thread * 3 + round as usize) % 6).copied();
                                match reserve(
                                    house,
                                    ReservationDraft { allocate, ..draft(floor, "PLAIN", place, wanted) },
                                ) {
                                    Ok(_) => open += wanted,
                                    Err(Error::Refused { code: "insufficientStock", .. }) => {}
                                    Err(other) => panic!("{name}: {other:?}"),
                                }
                            }
                            (issued, open)
                        })
                    })
                    .collect();
                threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
            });
            let issued: i64 = taken.iter().map(|(issued, _)| issued).sum();
            let open: i64 = taken.iter().map(|(_, open)| open).sum();
            assert!(issued + open <= 300, "{name}: {issued} were issued and {open} are reserved of 300");
            assert_eq!(sums(&floor.house), (open * ONE_E6, open * ONE_E6), "{name}");
            // Whatever is open can be had: each is issued in full from where there is stock.
            let stock: i64 = floor.standing().iter().filter(|((key, _), _)| key.0 == 1).map(|(_, has)| has.0).sum();
            assert!(stock >= open * ONE_E6, "{name}: {stock} are there for {open}");
            for house in &houses {
                house.engine.stop();
            }
        }
    }
}

fn lot_of(floor: &OnEngine, lot: usize) -> Option<LotId> {
    let key = [(floor.names.products["LOTS"], ["a", "b", "c"][lot].to_owned())];
    floor
        .house
        .read(|conn| lotbook_engine::table::catalog::lots_by_name(conn, floor.house.tenant, key))
        .pop()
        .map(|lot| lot.id)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_are_as_the_naive_model_has_them(acts in proptest::collection::vec(act(), 1..50)) {
        let database = TestDb::sqlite();
        database.migrate(Time(0)).expect("the schema is made");
        tell(&found(&database, 1), &acts);
    }
}

#[test]
fn a_random_history_is_the_same_on_every_database() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    for (_, database) in support::databases() {
        let mut runner = TestRunner::deterministic();
        for tenant in 1..6 {
            let acts =
                proptest::collection::vec(act(), 40..50).new_tree(&mut runner).expect("there are acts").current();
            tell(&found(&database, tenant), &acts);
        }
    }
}

/// The first complaint of them all: one of ten, asked for by twenty at once.
#[test]
fn of_twenty_who_want_one_of_ten_ten_get_it() {
    for engines in [1, 2] {
        for (name, database) in support::databases() {
            let floor = found(&database, 1);
            book(&floor, &floor.house, line(0, 0, 10), None).expect("goods arrive");
            let houses: Vec<House> = (0..engines)
                .map(|_| House {
                    engine: engine_on(Store::open(database.url()).expect("it opens again")),
                    tenant: floor.house.tenant,
                })
                .collect();
            let start = std::sync::Barrier::new(20);
            let got: Vec<bool> = std::thread::scope(|scope| {
                let (floor, houses, start) = (&floor, &houses, &start);
                let clients: Vec<_> = (0..20)
                    .map(|client: usize| {
                        scope.spawn(move || {
                            start.wait();
                            match reserve(&houses[client % houses.len()], draft(floor, "PLAIN", Some("COLD"), 1)) {
                                Ok(_) => true,
                                Err(Error::Refused { code: "insufficientStock", .. }) => false,
                                Err(other) => panic!("{other:?}"),
                            }
                        })
                    })
                    .collect();
                clients.into_iter().map(|client| client.join().expect("nobody panics")).collect()
            });
            assert_eq!(got.iter().filter(|got| **got).count(), 10, "{name}, {engines} engines");
            assert_eq!(sums(&floor.house), (10 * ONE_E6, 10 * ONE_E6), "{name}");
            assert_eq!(book(&floor, &floor.house, line(0, 0, -1), None), Err("insufficientStock".to_owned()), "{name}");
        }
    }
}

#[test]
fn lines_of_one_call_are_added_up() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let both = |second: i64| {
            let drafts = vec![draft(&floor, "PLAIN", Some("COLD"), 6), draft(&floor, "PLAIN", Some("COLD"), second)];
            let command = Reserve { drafts, violations: Vec::new(), reach: Reach::All };
            house.engine.run(house.request(), Command::Reserve(command))
        };
        assert_eq!(code(both(5)), "insufficientStock", "{name}");
        assert_eq!(sums(house), (0, 0), "{name}: neither line is kept");
        both(4).expect("6 and 4 are there");
        assert_eq!(sums(house), (10 * ONE_E6, 10 * ONE_E6), "{name}");
    }
}

/// Three people speak of two reservations at the same moment. One commit brings it all, and yet each of them said
/// what he said, and the last word on a reservation is what becomes of it.
#[test]
fn what_several_people_say_in_one_commit_is_kept_as_theirs() {
    for (name, database) in support::databases() {
        let floor = found(&database, 1);
        let house = &floor.house;
        book(&floor, house, line(0, 0, 10), None).expect("goods arrive");
        let first = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 2)).expect("there are 10");
        let second = reserve(house, draft(&floor, "PLAIN", Some("COLD"), 3)).expect("there are 8 more");
        let say = |person: i64, id: i64, signal: Signal| {
            let request = Request { person: UserId(person), ..house.request() };
            let command = ChangeReservation { reservation: ReservationId(id), signal, reach: Reach::All };
            (request, Command::ChangeReservation(command))
        };
        let answers = house.engine.run_all(vec![
            say(7, first.id, Signal::Confirm),
            say(8, second.id, Signal::Confirm),
            say(9, second.id, Signal::Release),
        ]);
        let told: Vec<ReservationAnswer> = answers
            .into_iter()
            .map(|answer| serde_json::from_str(&answer.expect("it is open")).expect("the answer is JSON"))
            .collect();
        let ids = [first.id, second.id].map(ReservationId);
        let kept = house.read(|conn| table::reservation::by_ids(conn, house.tenant, &ids.into(), false));
        let kept: Vec<ReservationAnswer> =
            kept.iter().map(|kept| ReservationAnswer::of(kept, "PLAIN".to_owned(), house.engine.now())).collect();
        assert_eq!(kept, [told[0].clone(), told[2].clone()], "{name}: what is kept is what was answered");
        let gist = |of: &ReservationAnswer| (of.state.clone(), of.open, of.modified_by, of.version);
        assert_eq!(gist(&kept[0]), ("confirmed".to_owned(), 2 * ONE_E6, 7, 2), "{name}");
        assert_eq!(gist(&kept[1]), ("released".to_owned(), 0, 9, 3), "{name}");
        assert_eq!(sums(house), (2 * ONE_E6, 2 * ONE_E6), "{name}");
        // Whoever issues it has changed it as well.
        let mut drafts = floor.drafts(&booking(JournalKind::Delivery, &[line(0, 0, -2)]));
        drafts[0].reservation = Some(ReservationId(first.id));
        let voucher = house.create_voucher(journal_of(JournalKind::Delivery, true)).expect("a voucher can be made").id;
        let request = Request { person: UserId(8), ..house.request() };
        house.create_entries(request, voucher, drafts).expect("it is reserved");
        let kept = house.read(|conn| table::reservation::by_ids(conn, house.tenant, &ids.into(), false));
        assert_eq!((kept[0].reservation.state.name(), kept[0].modified_by), ("consumed", UserId(8)), "{name}");
    }
}

/// 3.5 cm of what is kept in metres are promised, used, and promised and given back, and nothing is left over.
#[test]
fn a_small_part_of_a_large_unit_leaves_nothing_behind() {
    for (name, database) in support::databases() {
        let mut floor = found(&database, 1);
        for unit in ["m", "cm"] {
            floor.define(&Thing::Unit { name: unit.to_owned() });
        }
        let wire = Product { name: "WIRE".to_owned(), unit: Some("m".to_owned()), ..Product::default() };
        floor.define(&Thing::Product(wire));
        let (from, to) = ("cm".to_owned(), "m".to_owned());
        floor.define(&Thing::Conversion { product: None, from, to, numerator: 1, denominator: 100 });
        let entry = |unit: &str, count: i64| Booking {
            kind: JournalKind::Delivery,
            entries: vec![Entry {
                product: "WIRE".to_owned(),
                count: Quantity(count),
                unit: Some(unit.to_owned()),
                place: "COLD".to_owned(),
                at: Time(1_710_000_000_000_000),
                ..Entry::default()
            }],
        };
        assert!(matches!(floor.book(&entry("m", ONE_E6)), Outcome::Booked(_)), "{name}");
        let promise = |floor: &OnEngine| {
            let (quantity, unit) = (Some(Quantity(3_500_000)), Some(floor.names.units["cm"]));
            let small = ReservationDraft { quantity, unit, ..draft(floor, "WIRE", Some("COLD"), 0) };
            let promised = reserve(&floor.house, small).expect("there is a metre");
            assert_eq!(promised.quantity, 35_000, "{name}: it is told in metres");
            promised.id
        };
        let first = promise(&floor);
        let mut drafts = floor.drafts(&entry("cm", -3_500_000));
        drafts[0].reservation = Some(ReservationId(first));
        let (_, _, booked) = floor.book_drafts(JournalKind::Delivery, drafts).expect("it is promised to us");
        assert_eq!(booked.state, BookingState::Booked, "{name}: {:?}", booked.faults);
        let second = promise(&floor);
        change(&floor.house, second, Signal::Release).expect("it is open");
        assert_eq!(sums(&floor.house), (0, 0), "{name}");
        let left = |at: &str, floor: &mut OnEngine| {
            let (product, place) = ("WIRE".to_owned(), at.to_owned());
            floor.balance(&Question { product, variant: None, lot: None, place, as_of: None, known_at: None }).0
        };
        assert_eq!(left("COLD", &mut floor), Quantity(965_000), "{name}");
        assert!(matches!(floor.book(&entry("cm", -96_500_000)), Outcome::Booked(_)), "{name}");
        assert_eq!(left("COLD", &mut floor), Quantity::ZERO, "{name}");
        floor.verify();
    }
}
