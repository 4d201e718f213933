//! The engine as a floor for stories, and what other tests of whole engines share.

#![allow(dead_code)] // not every test file needs all of it

pub mod age;
pub mod catalog;
pub mod posting;
mod reserve;
pub mod verify;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use lotbook_domain::catalog::Costing;
use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::{
    BatchId, BookingId, EntryId, JournalId, LocationId, MovementId, ProductId, TenantId, UserId, VoucherId,
};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::Amount;
use lotbook_domain::movement::ValueFactKind;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Signal;
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    BookingOutcome, ChangeCosting, ClearJournal, CreateEntries, CreateVoucher, EntriesCreated, LandCost, LandedOn,
    Reach, RequestBooking, Revalue, Reverse, ReverseWhat, Reversed, VoucherCreated,
};
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::query::value::ValueRecord;
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::write::{Command, Request, RequestKey};
use lotbook_engine::{Arg, Conn, Engine, Error, Store, Surroundings, settle, table, worker};
use lotbook_story::memory::Standing;
use lotbook_story::names::Names;
use lotbook_story::{
    Booked, Booking, CostingChange, Fault, Floor, Landing, Moved, Outcome, Question, Reservation, Revaluation, Thing,
};

/// When tests take place.
pub const NOW: i64 = 1_735_689_600_000_000;

/// An engine on a database that has its schema; its clock stands still but for a microsecond a look.
pub fn engine_on(store: Store) -> Arc<Engine> {
    static SEED: AtomicU64 = AtomicU64::new(0x9E37_79B9_7F4A_7C15);
    let clock = AtomicI64::new(NOW);
    Engine::open(
        store,
        Surroundings {
            clock: Box::new(move || Time(clock.fetch_add(1, Ordering::Relaxed))),
            random: Box::new(|bytes| {
                for byte in bytes {
                    let mut seed = SEED.fetch_add(0xA076_1D64_78BD_642F, Ordering::Relaxed);
                    seed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                    *byte = (seed >> 32) as u8;
                }
            }),
        },
    )
}

/// An engine and one of its tenants.
#[derive(Clone)]
pub struct House {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The tenant.
    pub tenant: TenantId,
}

/// The journal of a kind that [`catalog::found`] makes: one that books by itself, or one that waits.
pub fn journal_of(kind: JournalKind, books_by_itself: bool) -> JournalId {
    JournalId(kind.code() + if books_by_itself { 10 } else { 0 })
}

impl House {
    /// A fresh tenant on an engine.
    pub fn found(engine: &Arc<Engine>, tenant: i64) -> Self {
        let house = Self { engine: Arc::clone(engine), tenant: TenantId(tenant) };
        catalog::found(&house);
        house
    }

    /// A request of the test person.
    pub fn request(&self) -> Request {
        Request {
            tenant: self.tenant,
            person: UserId(1),
            origin: "test".to_owned(),
            key: None,
            now: self.engine.now(),
            dry_run: false,
        }
    }

    /// A request under an idempotency key.
    pub fn keyed(&self, key: &str, body: &str) -> Request {
        let key = RequestKey { text: key.to_owned(), body_hash: *blake3::hash(body.as_bytes()).as_bytes() };
        Request { key: Some(key), ..self.request() }
    }

    /// Makes a voucher.
    pub fn create_voucher(&self, journal: JournalId) -> Result<VoucherCreated, Error> {
        let command = CreateVoucher { journal, ..CreateVoucher::default() };
        let answer = self.engine.run(self.request(), Command::CreateVoucher(command))?;
        Ok(serde_json::from_str(&answer).expect("the answer is JSON"))
    }

    /// Adds entries to a voucher.
    pub fn create_entries(
        &self,
        request: Request,
        voucher: i64,
        entries: Vec<EntryDraft>,
    ) -> Result<EntriesCreated, Error> {
        let command = CreateEntries { voucher: VoucherId(voucher), entries, ..CreateEntries::default() };
        let answer = self.engine.run(request, Command::CreateEntries(command))?;
        Ok(serde_json::from_str(&answer).expect("the answer is JSON"))
    }

    /// Asks for a booking of a whole journal.
    pub fn request_booking(&self, journal: JournalId) -> Result<BookingOutcome, Error> {
        let request = RequestBooking { journal, ..RequestBooking::default() };
        let answer = self.engine.change(self.request(), request)?;
        Ok(serde_json::from_str(&answer).expect("the answer is JSON"))
    }

    /// How a booking stands.
    pub fn booking(&self, id: i64) -> table::booking::Booking {
        self.read(|conn| table::booking::by_id(conn, self.tenant, BookingId(id))).expect("the booking is there")
    }

    /// Reads one snapshot.
    pub fn read<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T, Error>) -> T {
        self.engine.read(f).expect("the database answers")
    }

    /// How many entries wait in a journal.
    pub fn entries_waiting(&self, journal: JournalId) -> i64 {
        let filter = table::entry::EntryFilter { journal: Some(journal), ..Default::default() };
        self.read(|conn| table::entry::count(conn, self.tenant, &filter))
    }
}

/// The engine as a floor.
pub struct OnEngine {
    /// The engine and the tenant.
    pub house: House,
    /// The ids of what was defined.
    pub names: Names,
    costing: HashMap<String, Costing>,
    books_by_itself: bool,
    settles_on_snapshot: bool,
    /// How many settlements ended before the last movement.
    pub ended_early: usize,
    done: Vec<Done>,
}

enum Done {
    Booking(BookingId),
    Reversal(BatchId, Vec<MovementId>),
    Value(ValueFactKind, BatchId),
}

impl OnEngine {
    /// An engine with a fresh tenant. Entries are booked as they are entered, or by asking for it.
    pub fn new(house: House, books_by_itself: bool) -> Self {
        let (names, costing) = (Names::default(), HashMap::new());
        Self { house, names, costing, books_by_itself, settles_on_snapshot: false, ended_early: 0, done: Vec::new() }
    }

    /// The drafts of a story's entries.
    pub fn drafts(&self, booking: &Booking) -> Vec<EntryDraft> {
        let structure = self.house.read(|conn| self.house.engine.structure(conn, self.house.tenant));
        let tree = &structure.catalog.locations;
        booking.entries.iter().map(|entry| self.names.draft(entry, |place| tree.org_unit_of(place))).collect()
    }

    /// Enters and books drafts; answers the voucher's number, the first entry, and how the booking went.
    pub fn book_drafts(
        &mut self,
        kind: JournalKind,
        drafts: Vec<EntryDraft>,
    ) -> Result<(i64, i64, table::booking::Booking), Error> {
        let journal = journal_of(kind, self.books_by_itself);
        let voucher = self.house.create_voucher(journal)?;
        let created = self.house.create_entries(self.house.request(), voucher.id, drafts)?;
        let outcome = if let Some(outcome) = created.booking {
            outcome
        } else {
            assert!(!self.books_by_itself, "an auto-book journal answers with a booking");
            let outcome = self.house.request_booking(journal)?;
            assert_eq!(outcome.state, BookingState::Waiting);
            worker::run_waiting(&self.house.engine)?;
            outcome
        };
        let booking = self.house.booking(outcome.id);
        let waiting = self.house.entries_waiting(journal);
        match booking.state {
            BookingState::Waiting => panic!("booking {} still waits", booking.id),
            BookingState::Booked => assert_eq!(waiting, 0, "booked entries leave the journal"),
            BookingState::Rejected => {
                assert_eq!(waiting, created.count, "rejected entries stay in the journal");
                self.house.engine.change(self.house.request(), ClearJournal { journal, ..ClearJournal::default() })?;
            }
        }
        Ok((voucher.number, created.first, booking))
    }

    /// What stands where after everything, by names; what is 0 is left out.
    pub fn standing(&self) -> Standing {
        let tenant = self.house.tenant;
        let products: HashMap<ProductId, &String> = self.names.products.iter().map(|(name, id)| (*id, name)).collect();
        self.house.read(|conn| {
            let structure = self.house.engine.structure(conn, tenant)?;
            let mut found = Standing::new();
            for kind in [AccountKind::Stock, AccountKind::Pool] {
                for balance in balances(conn, tenant, kind, &BalanceFilter::default(), 100_000)?.0 {
                    let key = balance.key;
                    let lot = table::catalog::lots(conn, tenant, [key.lot])?.pop();
                    let lot = lot.map(|lot| lotbook_domain::catalog::fold(&lot.name)).unwrap_or_default();
                    let name = (kind.code(), products[&key.product].clone(), String::new(), lot);
                    let place = structure.catalog.locations.name_of(key.place);
                    found.insert((name, place), (balance.quantity.0, balance.amount.0));
                }
            }
            Ok(found)
        })
    }

    fn moved(&self, batch: BatchId, first_entry: i64) -> Vec<Moved> {
        self.house.read(|conn| {
            let structure = self.house.engine.structure(conn, self.house.tenant)?;
            let movements = table::movement::of_batch(conn, self.house.tenant, batch, None)?;
            let lots =
                table::catalog::lots(conn, self.house.tenant, movements.iter().map(|(_, movement)| movement.lot))?;
            let lots: HashMap<_, _> = lots.into_iter().map(|lot| (lot.id, lot.name)).collect();
            let place = |id| structure.catalog.locations.name_of(id);
            Ok(movements
                .into_iter()
                .map(|(_, movement)| Moved {
                    entry: usize::try_from(movement.entry.0 - first_entry).unwrap_or_default(),
                    from: place(movement.from.location),
                    to: place(movement.to.location),
                    lot: lots.get(&movement.lot).cloned(),
                    quantity: movement.quantity,
                    amount: movement.amount,
                })
                .collect())
        })
    }

    fn counted(&self, batch: BatchId) -> Vec<(Quantity, Quantity)> {
        self.house.read(|conn| {
            conn.query(
                "select counted, expected from stock_count where tenant = $1 and batch = $2 order by line",
                &[Arg::Int(self.house.tenant.0), Arg::Int(batch.0)],
                |row| Ok((Quantity(row.int(0)?), Quantity(row.int(1)?))),
            )
        })
    }

    fn said(&mut self, kind: ValueFactKind, command: impl lotbook_engine::write::Change) -> Outcome {
        match self.house.engine.change(self.house.request(), command) {
            Err(error) => failed(error),
            Ok(answer) => {
                let record: ValueRecord = serde_json::from_str(&answer).expect("the answer is JSON");
                self.done.push(Done::Value(kind, BatchId(record.id)));
                Outcome::Booked(Booked { handle: self.done.len() - 1, ..Booked::default() })
            }
        }
    }

    /// At which position something that was done stands.
    fn position_of(&self, handle: usize) -> i64 {
        let batch = match &self.done[handle] {
            Done::Booking(id) => self.house.booking(id.0).batch,
            Done::Reversal(batch, _) | Done::Value(_, batch) => *batch,
        };
        let positions =
            self.house.read(|conn| table::header::positions(conn, self.house.tenant, &BTreeSet::from([batch])));
        positions[&batch]
    }

    fn lot(&self, product: ProductId, name: &str) -> Option<lotbook_domain::catalog::Lot> {
        let key = [(product, lotbook_domain::catalog::fold(name))];
        self.house.read(|conn| table::catalog::lots_by_name(conn, self.house.tenant, key)).pop()
    }
}

fn told(fault: &table::booking::KeptFault) -> Fault {
    Fault { code: fault.code.clone(), message: fault.message.clone() }
}

fn failed(error: Error) -> Outcome {
    match error {
        Error::Invalid(violations) => Outcome::Invalid(
            violations.into_iter().map(|found| Fault { code: found.code.to_owned(), message: found.message }).collect(),
        ),
        Error::Refused { code, message, .. } => Outcome::Refused(Fault { code: code.to_owned(), message }),
        other => panic!("{other:?}"),
    }
}

impl Floor for OnEngine {
    fn define(&mut self, thing: &Thing) {
        if let Thing::Product(product) = thing {
            self.costing.insert(product.name.clone(), product.costing);
        }
        catalog::define(&self.house, &mut self.names, thing);
    }

    fn book(&mut self, booking: &Booking) -> Outcome {
        let drafts = self.drafts(booking);
        let (voucher, first_entry, booking) = match self.book_drafts(booking.kind, drafts) {
            Ok(done) => done,
            Err(error) => return failed(error),
        };
        let faults: Vec<Fault> = booking.faults.iter().map(told).collect();
        if booking.state == BookingState::Rejected {
            assert_eq!(booking.faulted_number, voucher, "the faulty voucher is named");
            assert_ne!(booking.result_code, 1);
            return Outcome::Rejected(faults);
        }
        assert_eq!(booking.result_code, 1);
        self.done.push(Done::Booking(booking.id));
        Outcome::Booked(Booked {
            handle: self.done.len() - 1,
            voucher,
            movements: self.moved(booking.batch, first_entry),
            counts: self.counted(booking.batch),
            warnings: faults,
        })
    }

    fn reverse(&mut self, handle: usize, lines: Option<&[i64]>, at: Option<Time>) -> Outcome {
        let what = match &self.done[handle] {
            Done::Booking(id) => ReverseWhat::Booking(*id, lines.map(<[i64]>::to_vec)),
            Done::Reversal(_, movements) => {
                let Some(first) = movements.first() else {
                    // A word on value was undone: there is no movement to name.
                    let (code, message) = ("notBooked".to_owned(), "nothing moved".to_owned());
                    return Outcome::Refused(Fault { code, message });
                };
                ReverseWhat::Movement(*first)
            }
            Done::Value(kind, batch) => ReverseWhat::Value(*kind, *batch, lines.map(<[i64]>::to_vec)),
        };
        let reverse = Reverse { what, rest: false, at, reason: "told so".to_owned(), reach: Reach::default() };
        match self.house.engine.change(self.house.request(), reverse) {
            Err(error) => failed(error),
            Ok(answer) => {
                let reversed: Reversed = serde_json::from_str(&answer).expect("the answer is JSON");
                let movements = reversed.movements.iter().map(|number| MovementId::from_number(*number)).collect();
                let batch = BatchId(reversed.batch);
                self.done.push(Done::Reversal(batch, movements));
                let first_entry = self
                    .house
                    .read(|conn| table::movement::of_batch(conn, self.house.tenant, batch, None))
                    .first()
                    .map_or(EntryId(0), |(_, movement)| movement.entry);
                Outcome::Booked(Booked {
                    handle: self.done.len() - 1,
                    movements: self.moved(batch, first_entry.0),
                    ..Booked::default()
                })
            }
        }
    }

    fn revalue(&mut self, revaluation: &Revaluation) -> Outcome {
        let command = Revalue {
            product: self.names.products[&revaluation.product],
            org_unit: Some(self.names.place(&revaluation.place)),
            value: revaluation.value,
            at: Some(revaluation.at),
            reason: "told so".to_owned(),
            ..Revalue::default()
        };
        self.said(ValueFactKind::Revaluation, command)
    }

    fn land(&mut self, landing: &Landing) -> Outcome {
        let Done::Booking(booking) = &self.done[landing.on] else { panic!("a cost lands on a booking") };
        let batch = self.house.booking(booking.0).batch;
        let movements = self.house.read(|conn| table::movement::of_batch(conn, self.house.tenant, batch, None));
        let on = match &landing.lines {
            Some(lines) => LandedOn::Movements(lines.iter().map(|line| MovementId { batch, line: *line }).collect()),
            None => LandedOn::Voucher(movements[0].1.voucher),
        };
        let (amount, by_value) = (landing.amount, landing.by_value);
        let (reason, reach) = ("told so".to_owned(), Reach::default());
        let command = LandCost { on, amount, by_value, reason, violations: Vec::new(), reach };
        self.said(ValueFactKind::LandedCost, command)
    }

    fn cost(&mut self, change: &CostingChange) -> Outcome {
        let command = ChangeCosting {
            product: self.names.products[&change.product],
            method: Some(change.method),
            standard: change.standard,
            at: Some(change.at),
            reason: "told so".to_owned(),
            ..ChangeCosting::default()
        };
        match self.house.engine.change(self.house.request(), command) {
            Err(error) => failed(error),
            Ok(_) => Outcome::Booked(Booked::default()),
        }
    }

    fn reserve(&mut self, reservation: &Reservation) -> Outcome {
        self.say_reserved(reservation)
    }

    fn signal(&mut self, label: &str, signal: Signal) -> Outcome {
        self.say_signal(label, signal)
    }

    fn reserved(&mut self, label: &str) -> (String, Quantity) {
        self.look_reserved(label)
    }

    fn pass_time(&mut self) {
        self.let_time_pass();
    }

    fn balance(&mut self, question: &Question) -> (Quantity, Amount) {
        let product = self.names.products[&question.product];
        let lot = question.lot.as_ref().map(|name| self.lot(product, name).expect("the lot is there").id);
        let key = |name: &String| (question.product.clone(), name.clone());
        let variant = question.variant.as_ref().map(|name| self.names.variants[&key(name)]);
        let place = self.names.place(&question.place);
        let is_specific = self.costing[&question.product] == Costing::Specific;
        let as_known_at = question.known_at.map(|handle| self.position_of(handle));
        self.house.read(|conn| {
            let structure = self.house.engine.structure(conn, self.house.tenant)?;
            let tree = &structure.catalog.locations;
            let mut sum = |kind, places: Vec<LocationId>, lots| {
                let filter = BalanceFilter {
                    products: Some(vec![product]),
                    variant,
                    lots,
                    places: Some(places),
                    as_of: question.as_of,
                    as_known_at,
                    ..BalanceFilter::default()
                };
                let (found, rest) = balances(conn, self.house.tenant, kind, &filter, 1_000)?;
                assert!(rest.is_none(), "stories are short");
                Ok::<_, Error>(found)
            };
            let lots = lot.map(|lot| vec![lot]);
            let stock = sum(AccountKind::Stock, tree.with_descendants(&[place]), lots.clone())?;
            let pool = tree.pool_unit_of(place).expect("balances are read of real places");
            let pools = sum(AccountKind::Pool, vec![pool], lots.filter(|_| is_specific))?;
            Ok((
                Quantity(stock.iter().map(|balance| balance.quantity.0).sum()),
                Amount(pools.iter().map(|balance| balance.amount.0).sum()),
            ))
        })
    }

    fn status(&mut self, product: &str, lot: &str) -> String {
        let lot = self.lot(self.names.products[product], lot).expect("the lot is there");
        lot.status.name().to_owned()
    }

    /// Every other time as long histories are, on a snapshot.
    fn settle(&mut self) {
        self.settles_on_snapshot = !self.settles_on_snapshot;
        if self.settles_on_snapshot {
            for circle in self.house.read(|conn| settle::waiting(conn, 1_000)) {
                let settled = settle::settle_beyond(&self.house.engine, circle, 0).expect("values can be settled");
                self.ended_early += usize::from(settled.ended.is_some());
            }
        }
        settle::settle_all(&self.house.engine).expect("values can be settled");
    }

    fn verify(&mut self) {
        verify::verify(&self.house);
    }
}
