//! The booking worker: decides what waits, one booking at a time, oldest first.
//!
//! A booking is waiting, booked or rejected. What is running is merely locked, so after a crash it is
//! waiting again and ends exactly once. On SQLite a booking is read and decided on a snapshot, so that
//! other writers wait for the writing alone; the writing begins by comparing what was read with what
//! stands now, and where accounts moved it reads these and decides again. On PostgreSQL it is decided under the locks of
//! the accounts it touches, and others wait only where keys meet.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lotbook_domain::booking::{Booked, Stop, Wanted, book, location_of, pool_key, stock_key, wanted};
use lotbook_domain::count::HoldingCounts;
use lotbook_domain::entry::Entry;
use lotbook_domain::id::{BatchId, BookingId, CategoryId, LocationId, TenantId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::time::Time;

use crate::append::{Batch, Step, append};
use crate::desk::{Desk, ROUNDS_MAX};
use crate::engine::Engine;
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;
use crate::table::booking::{Booking, BookingState, FAULTS_KEPT, KeptFault};
use crate::table::entry::EntryFilter;
use crate::table::header::BatchKind;
use crate::table::reservation::Turn;

/// How long the worker sleeps before it looks for bookings that another process asked for.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// A decision on a snapshot is tried so often before it is taken under the write lock.
const SNAPSHOT_TRIES: usize = 3;
/// A booking that fails for our own fault is tried so often before it is rejected.
const FAILURES_MAX: u32 = 5;

/// How far a booking is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entries done.
    pub done: i64,
    /// Entries in all.
    pub total: i64,
}

/// The worker's bell and its slate.
#[derive(Default)]
pub struct Worker {
    state: Mutex<WorkerState>,
    bell: Condvar,
    progress: Mutex<HashMap<(TenantId, BookingId), Progress>>,
}

#[derive(Default)]
struct WorkerState {
    rung: bool,
    closed: bool,
}

impl Worker {
    /// Tells that a booking waits.
    pub fn wake(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).rung = true;
        self.bell.notify_all();
    }

    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.bell.notify_all();
    }

    fn is_closed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed
    }

    /// Waits for the bell or the time; whether to go on.
    fn wait(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.rung && !state.closed {
            state = self.bell.wait_timeout(state, LOOK_AGAIN).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.rung = false;
        !state.closed
    }

    /// Waits for the time, or until somebody rings; whether somebody did.
    fn is_rung_within(&self, time: Duration) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = |state: &mut WorkerState| !state.rung && !state.closed;
        let (state, _) = self.bell.wait_timeout_while(state, time, quiet).unwrap_or_else(PoisonError::into_inner);
        state.rung || state.closed
    }

    /// How far a booking is that runs in this process.
    pub fn progress(&self, tenant: TenantId, booking: BookingId) -> Option<Progress> {
        self.slate().get(&(tenant, booking)).copied()
    }

    fn slate(&self) -> std::sync::MutexGuard<'_, HashMap<(TenantId, BookingId), Progress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// How far a booking is that runs in this process.
    pub fn progress(&self, tenant: TenantId, booking: BookingId) -> Option<Progress> {
        self.worker.progress(tenant, booking)
    }
}

/// Answers under idempotency keys are kept at least so long.
const ANSWERS_KEPT: i64 = 7 * Time::DAY;
/// How often old ones are looked for, and how many go at once, so that nobody waits for it.
const CLEANING_EVERY: i64 = Time::DAY / 24;
const CLEANED_AT_ONCE: i64 = 2_000;

/// Forgets answers that no client asks for any more.
fn forget_answers(engine: &Engine, now: Time) {
    let before = Time(now.0 - ANSWERS_KEPT);
    let Ok(tenants) = engine.read(crate::tenant::all) else { return };
    for (tenant, _) in tenants {
        loop {
            let gone = engine.store.write(|conn| table::answered::forget(conn, tenant, before, CLEANED_AT_ONCE));
            // What cannot be deleted now is found again in an hour.
            if engine.worker.is_closed() || gone.unwrap_or(0) < CLEANED_AT_ONCE as u64 {
                break;
            }
        }
    }
}

/// How often holds whose time is over are noted. They count no more from that time on in any case.
const TIDYING_EVERY: i64 = Time::DAY / 86_400 * 5;
/// How many are looked for at once.
const TIDIED_AT_ONCE: i64 = 2_000;

/// Notes which holds have expired, so that their sums are small and lists tell it without a clock.
pub fn tidy_holds(engine: &Engine, now: Time) {
    let Ok(tenants) = engine.read(crate::tenant::all) else { return };
    for (tenant, _) in tenants {
        let found = engine.read(|conn| table::reservation::overdue_products(conn, tenant, now, TIDIED_AT_ONCE));
        let Ok(products) = found else { return };
        if products.is_empty() {
            continue;
        }
        // What cannot be noted now is found again at the next look.
        let _ = engine.store.write(|conn| {
            table::reservation::open(conn, tenant, &products, true)?;
            let overdue = table::reservation::overdue(conn, tenant, &products, now, true)?;
            let expired: Vec<_> = overdue.into_iter().map(|reservation| Turn::expired(reservation, now)).collect();
            table::reservation::change(conn, tenant, &expired)
        });
    }
}

/// The worker's thread.
pub(crate) fn run(engine: &Engine) {
    let mut failures: HashMap<(TenantId, BookingId), u32> = HashMap::new();
    let mut cleaned_at = Time(i64::MIN / 2);
    let mut tidied_at = Time(i64::MIN / 2);
    while engine.worker.wait() {
        let now = engine.now();
        if now.0 - tidied_at.0 >= TIDYING_EVERY {
            tidy_holds(engine, now);
            tidied_at = now;
        }
        if now.0 - cleaned_at.0 >= CLEANING_EVERY {
            forget_answers(engine, now);
            crate::webhook::forget(engine, now, CLEANED_AT_ONCE);
            cleaned_at = now;
        }
        // What cannot be read now is looked for again after the pause.
        let Ok(waiting) = engine.read(|conn| table::booking::waiting(conn, 100)) else { continue };
        for (tenant, booking) in waiting {
            if engine.worker.is_closed() {
                return;
            }
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| execute(engine, tenant, booking)));
            let failed = !matches!(outcome, Ok(Ok(()) | Err(Error::Busy(_))));
            engine.worker.slate().remove(&(tenant, booking));
            if failed {
                let times = failures.entry((tenant, booking)).or_default();
                *times += 1;
                if *times >= FAILURES_MAX {
                    failures.remove(&(tenant, booking));
                    give_up(engine, tenant, booking);
                }
            } else {
                failures.remove(&(tenant, booking));
            }
        }
        // Before what was booked is read again to be settled.
        engine.tend_if_grown();
        settle_some(engine);
    }
}

/// While others wait to write, settling pauses so many times as long as it took, …
const SETTLING_PAUSES: u32 = 9;
/// … but not longer than this at a time.
const SETTLING_PAUSE_MAX: Duration = Duration::from_millis(250);

/// Settles what waits, a few products at a time, so that bookings are not kept waiting, and slower while
/// others write: a pool that goes on moving is better settled once later than again and again.
fn settle_some(engine: &Engine) {
    let Ok(waiting) = engine.read(|conn| crate::settle::waiting(conn, 50)) else { return };
    let mut more = false;
    let is_full = waiting.len() == 50;
    for circle in waiting {
        if engine.worker.is_closed() {
            return;
        }
        let started = Instant::now();
        // What fails is found waiting again at the next look, and does not keep others from it; `verify`
        // tells why.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| crate::settle::settle(engine, circle)));
        more |= is_full && matches!(outcome, Ok(Ok(_)));
        let others_wait = engine.queue.figures().0 > 0;
        if others_wait && engine.worker.is_rung_within((started.elapsed() * SETTLING_PAUSES).min(SETTLING_PAUSE_MAX)) {
            return;
        }
    }
    if more {
        engine.worker.wake();
    }
}

/// Does every booking that waits, in this thread; for tools that have no worker.
pub fn run_waiting(engine: &Engine) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        let waiting = engine.read(|conn| table::booking::waiting(conn, 100))?;
        if waiting.is_empty() {
            engine.tend_if_grown();
            return Ok(done);
        }
        for (tenant, booking) in waiting {
            execute(engine, tenant, booking)?;
            done += 1;
        }
    }
}

/// Rejects a booking that cannot be decided for a fault of ours, so that it never hangs.
fn give_up(engine: &Engine, tenant: TenantId, id: BookingId) {
    let now = engine.now();
    let outcome = engine.store.write(|conn| {
        let Some(mut booking) = table::booking::claim(conn, tenant, id)? else { return Ok(()) };
        booking.state = BookingState::Rejected;
        booking.result_code = 9;
        booking.finished_at = Some(now);
        booking.faults = vec![KeptFault {
            entry: 0,
            voucher_number: 0,
            code: "internal".to_owned(),
            message:
                "the booking failed on the server's side; its entries are still in the journal; see the server's log"
                    .to_owned(),
        }];
        table::booking::finish(conn, tenant, &booking)
    });
    // The next look finds it still waiting and comes here again.
    drop(outcome);
}

/// Which entries a booking takes.
pub fn takes(booking: &Booking, structure: &Structure) -> EntryFilter {
    let tree = &structure.catalog.locations;
    let widen = |ids: &Vec<i64>| {
        let ids: Vec<LocationId> =
            ids.iter().map(|id| if *id == -1 { LocationId::ROOT } else { LocationId(*id) }).collect();
        tree.with_descendants(&ids)
    };
    EntryFilter {
        journal: Some(booking.journal),
        generation_max: Some(booking.generation),
        ids: booking.filter.ids,
        categories: booking.filter.categories.as_ref().map(|ids| {
            let mut found: BTreeSet<CategoryId> = ids.iter().map(|id| CategoryId(*id)).collect();
            let above: Vec<CategoryId> = found.iter().copied().collect();
            for category in structure.catalog.category_parents.keys() {
                if above.iter().any(|above| structure.catalog.category_is_within(*category, *above)) {
                    found.insert(*category);
                }
            }
            found.into_iter().collect()
        }),
        locations: booking.filter.locations.as_ref().map(widen),
        org_units: booking.filter.org_units.as_ref().map(widen),
        ..EntryFilter::default()
    }
}

/// A booking that was read and decided.
struct Decided {
    booking: Booking,
    filter: EntryFilter,
    desk: Desk,
    entries: Vec<Entry>,
    outcome: Result<Booked, Vec<lotbook_domain::booking::Fault>>,
}

fn execute(engine: &Engine, tenant: TenantId, id: BookingId) -> Result<(), Error> {
    if engine.store.is_sqlite_file() {
        for _ in 0..SNAPSHOT_TRIES {
            let decided = engine.store.read(|conn| {
                let Some(booking) = table::booking::by_id(conn, tenant, id)? else { return Ok(None) };
                if booking.state != BookingState::Waiting {
                    return Ok(None);
                }
                decide(conn, engine, tenant, booking, false).map(Some)
            })?;
            let Some(mut decided) = decided else { return Ok(()) };
            let written = engine.store.write(|conn| {
                if table::booking::claim(conn, tenant, id)?.is_none() {
                    return Ok(true);
                }
                if engine.structure(conn, tenant)?.version != decided.desk.structure.version {
                    return Ok(false);
                }
                decide_again_if_moved(conn, engine, &mut decided)?;
                write(conn, engine, tenant, &mut decided)?;
                Ok(true)
            })?;
            if written {
                return Ok(());
            }
        }
    }
    engine.store.write(|conn| {
        let Some(booking) = table::booking::claim(conn, tenant, id)? else { return Ok(()) };
        let mut decided = decide(conn, engine, tenant, booking, true)?;
        write(conn, engine, tenant, &mut decided)
    })
}

/// Reads everything a booking touches and decides it.
fn decide(conn: &mut Conn, engine: &Engine, tenant: TenantId, booking: Booking, locks: bool) -> Result<Decided, Error> {
    let structure = engine.structure(conn, tenant)?;
    let filter = takes(&booking, &structure);
    let waiting = table::entry::all(conn, tenant, &filter)?;
    let entries: Vec<Entry> = waiting.into_iter().map(|waiting| waiting.entry).collect();
    let total = entries.len() as i64;
    note(engine, tenant, booking.id, total, 20);
    let mut desk = Desk::new(tenant, Arc::clone(&structure), locks);
    let Some(described) = structure.journals.get(&booking.journal) else {
        return Err(Error::Internal(format!(
            "booking {} names journal {}, which is gone",
            booking.id, booking.journal
        )));
    };
    load(conn, engine, &mut desk, &described.journal, &entries)?;
    note(engine, tenant, booking.id, total, 35);
    let outcome = decide_on(conn, engine, &mut desk, &described.journal, &entries)?;
    note(engine, tenant, booking.id, total, 50);
    Ok(Decided { booking, filter, desk, entries, outcome })
}

/// Decides again under the write lock where accounts have moved since the snapshot, by the same settings
/// and the same entries, which nobody may touch while they are being booked. Only what moved is read.
fn decide_again_if_moved(conn: &mut Conn, engine: &Engine, decided: &mut Decided) -> Result<(), Error> {
    let moved = table::account::moved(conn, decided.desk.tenant, &decided.desk.versions)?;
    let is_complete = is_complete(conn, decided)?;
    if moved.is_empty() && is_complete {
        return Ok(());
    }
    let Decided { desk, entries, booking, outcome, .. } = decided;
    desk.locks = true;
    let structure = Arc::clone(&desk.structure);
    let Some(described) = structure.journals.get(&booking.journal) else {
        return Err(Error::Internal(format!("the journal of booking {} is gone", booking.id)));
    };
    // What was decided makes room first.
    *outcome = Err(Vec::new());
    let keys = desk.read_again(conn, engine, &moved)?;
    if is_complete {
        let times: Vec<_> = each_time(desk, entries).filter(|(key, _)| keys.contains(key)).collect();
        desk.load_for_times(conn, &times)?;
    } else {
        desk.ledger.counts = HoldingCounts::default();
        load(conn, engine, desk, &described.journal, entries)?;
    }
    *outcome = decide_on(conn, engine, desk, &described.journal, entries)?;
    Ok(())
}

fn note(engine: &Engine, tenant: TenantId, booking: BookingId, total: i64, percent: i64) {
    engine.worker.slate().insert((tenant, booking), Progress { done: total * percent / 100, total });
}

/// Reads what booking these entries touches: the catalog, then the accounts.
pub(crate) fn load(
    conn: &mut Conn,
    engine: &Engine,
    desk: &mut Desk,
    journal: &lotbook_domain::journal::Journal,
    entries: &[Entry],
) -> Result<(), Error> {
    let lots = entries.iter().flat_map(|entry| entry.instances.iter().copied().chain([entry.lot])).collect();
    desk.load_catalog(
        conn,
        entries.iter().map(|entry| entry.product).collect(),
        entries.iter().map(|entry| entry.variant).collect(),
        lots,
        BTreeSet::new(),
    )?;
    let mut all = Wanted::default();
    wanted(&desk.catalog, journal, entries, &mut all);
    let times = times_of(desk, entries);
    desk.load_accounts(conn, engine, &all, &times)
}

/// When the accounts of entries are posted to, for reading the right parts of their timelines.
pub(crate) fn times_of(desk: &Desk, entries: &[Entry]) -> Vec<(AccountKey, Time)> {
    let mut times: Vec<_> = each_time(desk, entries).collect();
    times.sort_unstable();
    times.dedup();
    times
}

fn each_time<'a>(desk: &'a Desk, entries: &'a [Entry]) -> impl Iterator<Item = (AccountKey, Time)> + 'a {
    entries.iter().flat_map(move |entry| {
        let place = location_of(&desk.catalog, entry);
        let lots = entry.instances.iter().copied().chain([entry.lot]);
        lots.flat_map(move |lot| {
            let stock = stock_key(entry.product, entry.variant, lot, place);
            let pool = pool_key(&desk.catalog, entry.product, entry.variant, lot, place);
            [Some(stock), pool].into_iter().flatten().map(|key| (key, entry.effective_at))
        })
    })
}

/// Decides a booking, reading on where the decision asks for more.
pub(crate) fn decide_on(
    conn: &mut Conn,
    engine: &Engine,
    desk: &mut Desk,
    journal: &lotbook_domain::journal::Journal,
    entries: &[Entry],
) -> Result<Result<Booked, Vec<lotbook_domain::booking::Fault>>, Error> {
    for _ in 0..ROUNDS_MAX {
        let mut fresh = desk.ids.clone();
        match book(&desk.ledger, &desk.catalog, journal, entries, &mut fresh) {
            Ok(booked) => {
                if desk.ask_for_new(conn, engine, &booked.touched)? {
                    continue;
                }
                desk.ids = fresh;
                return Ok(Ok(booked));
            }
            Err(Stop::Faults(faults)) => return Ok(Err(faults)),
            Err(Stop::Missing(missing)) => desk.supply(conn, engine, missing)?,
        }
    }
    Err(Error::Internal("a booking keeps asking for the same part of a timeline".to_owned()))
}

/// Whether no account has come to be since that the decision would have looked at.
fn is_complete(conn: &mut Conn, decided: &Decided) -> Result<bool, Error> {
    let new: BTreeSet<AccountKey> = match &decided.outcome {
        Ok(booked) => booked.touched.iter().filter(|account| account.is_new).map(|account| account.key).collect(),
        Err(_) => BTreeSet::new(),
    };
    let desk = &decided.desk;
    Ok(table::account::by_keys(conn, desk.tenant, &new, false)?.is_empty()
        && desk.is_still_all(conn)?
        && desk.reserves_nothing(conn)?
        && desk.counts_stand(conn)?)
}

fn write(conn: &mut Conn, engine: &Engine, tenant: TenantId, decided: &mut Decided) -> Result<(), Error> {
    let now = engine.now();
    let total = decided.entries.len() as i64;
    let mut booking = decided.booking.clone();
    booking.finished_at = Some(now);
    booking.entry_count = total;
    let decided_at = decided.desk.structure.version;
    match &mut decided.outcome {
        Err(faults) => reject(&mut booking, faults),
        Ok(booked) => {
            accept(&mut booking, booked);
            if total > 0 {
                let batch = BatchId(engine.counters.take_in(conn, tenant.0, "batch", 1, 1)?);
                booking.batch = batch;
                let batches = [take_batch(booked, batch, &booking)];
                append(conn, engine, (tenant, decided_at), &batches, &booked.touched, now, |step| {
                    note(engine, tenant, booking.id, total, if step == Step::Accounts { 55 } else { 85 });
                })?;
                let [batch] = batches;
                put_back(booked, batch);
                let deleted = table::entry::delete(conn, tenant, &decided.filter)?;
                if deleted != total as u64 {
                    return Err(Error::Internal(format!(
                        "booking {}: {total} entries were decided but {deleted} are there",
                        booking.id
                    )));
                }
            }
        }
    }
    table::booking::finish(conn, tenant, &booking)?;
    note(engine, tenant, booking.id, total, 95);
    Ok(())
}

/// The batch that a booking becomes; its parts are moved, not copied.
pub(crate) fn take_batch(booked: &mut Booked, id: BatchId, booking: &Booking) -> Batch {
    Batch {
        id,
        kind: BatchKind::Booking,
        booking: booking.id,
        movements: std::mem::take(&mut booked.movements),
        counts: std::mem::take(&mut booked.counts),
        value_entries: Vec::new(),
        value_facts: Vec::new(),
        values_undone: Vec::new(),
        cost_links: Vec::new(),
        new_lots: std::mem::take(&mut booked.new_lots),
        lot_changes: std::mem::take(&mut booked.lot_changes),
        booked_by: booking.requested_by,
        reason: None,
        uses: std::mem::take(&mut booked.uses),
        compensations: std::mem::take(&mut booked.compensations),
    }
}

/// Undoes [`take_batch`], so that the transaction may run again.
fn put_back(booked: &mut Booked, batch: Batch) {
    booked.movements = batch.movements;
    booked.counts = batch.counts;
    booked.new_lots = batch.new_lots;
    booked.lot_changes = batch.lot_changes;
    booked.uses = batch.uses;
    booked.compensations = batch.compensations;
}

/// Notes on a booking that it was accepted.
pub(crate) fn accept(booking: &mut Booking, booked: &Booked) {
    booking.state = BookingState::Booked;
    booking.result_code = 1;
    booking.faults = kept(&booked.warnings);
}

/// Notes on a booking why it was rejected: the first faulty voucher is the one with the lowest id.
pub(crate) fn reject(booking: &mut Booking, faults: &[lotbook_domain::booking::Fault]) {
    booking.state = BookingState::Rejected;
    booking.faults = kept(faults);
    if let Some(first) = faults.first() {
        booking.faulted_number = first.voucher_number;
        booking.result_code = match first.kind {
            lotbook_domain::booking::FaultKind::Entry => 2,
            lotbook_domain::booking::FaultKind::NegativeStock => 3,
            lotbook_domain::booking::FaultKind::ClosedPeriod => 4,
            lotbook_domain::booking::FaultKind::Instance => 5,
        };
    }
}

fn kept(faults: &[lotbook_domain::booking::Fault]) -> Vec<KeptFault> {
    faults
        .iter()
        .take(FAULTS_KEPT)
        .map(|fault| KeptFault {
            entry: fault.entry.0,
            voucher_number: fault.voucher_number,
            code: fault.code.to_owned(),
            message: fault.message.clone(),
        })
        .collect()
}
