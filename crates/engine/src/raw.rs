//! What the database does by itself: the same rows, written without reading or deciding anything.
//!
//! `lotbook bench` shows its figures as ratios to these. The rows go to tenants of their own that
//! nothing else reads; whoever measures uses a database made for it.

pub mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use lotbook_domain::chain::{GENESIS, Hash, link};
use lotbook_domain::id::{AccountId, BatchId, BookingId, JournalId, TenantId, UserId, VoucherId};
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Timeline, TimelineFault};

use crate::desk::ROUNDS_MAX;
use crate::error::Error;
use crate::store::{Arg, Store};
use crate::table;
use crate::table::audit::Audited;
use crate::table::booking::{Booking, BookingState};
use crate::table::entry::BookingFilter;
use crate::table::header::Header;
use crate::table::voucher::{Voucher, VoucherSource};

/// The tenant of raw rows.
pub const TENANT: TenantId = TenantId(900_001);

/// Inserts the movements of a batch once more, with all their indexes, by the statement that booking
/// uses and in one transaction; how many, and how long that took with the commit.
pub fn copy_batch(store: &Store, tenant: TenantId, batch: BatchId) -> Result<(usize, Duration), Error> {
    let movements = store.read(|conn| table::movement::of_batch(conn, tenant, batch, None))?;
    let rows: Vec<(BatchId, &Movement)> = movements.iter().map(|(id, movement)| (id.batch, movement)).collect();
    let started = Instant::now();
    store.write(|conn| table::movement::insert(conn, TENANT, &rows))?;
    Ok((rows.len(), started.elapsed()))
}

/// Reads every movement of a tenant once, all its columns, in the order of batches: how many, and how long
/// that took.
pub fn read_in_order(store: &Store, tenant: TenantId) -> Result<(u64, Duration), Error> {
    let started = Instant::now();
    let mut rows = 0;
    let columns = table::movement::COLUMNS;
    let sql = format!("select {columns} from movement m where m.tenant = $1 order by m.batch, m.line");
    store.read(|conn| {
        conn.each(&sql, &[Arg::Int(tenant.0)], |row| {
            table::movement::read(row, 0)?;
            rows += 1;
            Ok(())
        })
    })?;
    Ok((rows, started.elapsed()))
}

/// The tenant of [`RawLedger`].
const LEDGER_TENANT: TenantId = TenantId(900_002);

/// A copy of a tenant's ledger to which one client writes vouchers, so that its indexes are as large and as
/// widely spread as those that the program itself writes to.
pub struct RawLedger<'a> {
    store: &'a Store,
    tenant: TenantId,
    /// The movements of vouchers that the program booked.
    vouchers: Vec<Vec<Movement>>,
    /// The accounts that they move, as they stand in the copy.
    accounts: BTreeMap<AccountId, Account>,
    chain: Hash,
    written: i64,
    at: Time,
}

/// Beyond the numbers of batches that are copied.
const FROM: i64 = 1 << 30;
/// So many movements are copied at once.
const COPIED_AT_ONCE: usize = 20_000;

impl<'a> RawLedger<'a> {
    /// Copies the movements, accounts and summaries of a tenant. `batches` are those whose movements will be
    /// written anew, in turn; `at` is later than all of them.
    pub fn copy(store: &'a Store, tenant: TenantId, batches: &[BatchId], at: Time) -> Result<Self, Error> {
        Self::copy_to(store, tenant, 0, batches, at)
    }

    /// The same with a number, so that several copies have tenants of their own.
    pub fn copy_to(
        store: &'a Store,
        tenant: TenantId,
        number: i64,
        batches: &[BatchId],
        at: Time,
    ) -> Result<Self, Error> {
        let own = TenantId(LEDGER_TENANT.0 + number);
        store.write(|conn| {
            table::header::make_tail(conn, own)?;
            table::account::copy(conn, tenant, own)?;
            let mut chunk: Vec<(BatchId, Movement)> = Vec::new();
            let mut after = (0, 0);
            loop {
                let condition = "m.tenant = $1 and (m.batch, m.line) > ($2, $3) order by m.batch, m.line limit $4";
                let args = [Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(after.1), Arg::Int(COPIED_AT_ONCE as i64)];
                chunk.extend(conn.query(
                    &format!("select {} from movement m where {condition}", table::movement::COLUMNS),
                    &args,
                    |row| table::movement::read(row, 0),
                )?);
                let Some((batch, last)) = chunk.last() else { return Ok(()) };
                after = (batch.0, last.line);
                let rows: Vec<(BatchId, &Movement)> = chunk.iter().map(|(id, movement)| (*id, movement)).collect();
                table::movement::insert(conn, own, &rows)?;
                chunk.clear();
            }
        })?;
        let mut vouchers = Vec::with_capacity(batches.len());
        for batch in batches {
            let movements = store.read(|conn| table::movement::of_batch(conn, tenant, *batch, None))?;
            vouchers.push(movements.into_iter().map(|(_, movement)| movement).collect::<Vec<_>>());
        }
        let ids: BTreeSet<AccountId> = vouchers.iter().flatten().flat_map(accounts_of).collect();
        let ids: Vec<AccountId> = ids.into_iter().collect();
        let stored = store.read(|conn| table::account::by_ids(conn, own, &ids, false))?;
        let accounts = stored.into_iter().map(|stored| (stored.account.id, stored.account)).collect();
        Ok(Self { store, tenant: own, vouchers, accounts, chain: GENESIS, written: 0, at })
    }

    /// Writes so many vouchers, a transaction each, with every row that a booked one leaves: the voucher, its
    /// booking, two audit rows, its movements, its accounts and their summaries, the header and the tail.
    /// Nothing is read, checked or decided in the time that is told.
    pub fn write(&mut self, count: i64) -> Result<Duration, Error> {
        let now = Time(1_700_000_000_000_000);
        let tenant = self.tenant;
        let mut took = Duration::ZERO;
        for no in self.written..self.written + count {
            // Outside the time, and only after the one before is kept: a busy timeline is read on in parts.
            let (movements, accounts) = self.prepare(no)?;
            let started = Instant::now();
            let id = FROM + no + 1;
            self.store.write(|conn| {
                table::voucher::insert(conn, tenant, &[voucher(id, now)])?;
                table::booking::insert(conn, tenant, &[booking(id, now)])?;
                table::audit::insert(conn, tenant, &[audited(id * 2, now), audited(id * 2 + 1, now)])?;
                let changed: Vec<&Account> = accounts.iter().collect();
                table::account::save(conn, tenant, &changed)?;
                let rows: Vec<(BatchId, &Movement)> = movements.iter().map(|each| (BatchId(id), each)).collect();
                table::movement::insert(conn, tenant, &rows)?;
                let lines = movements.len() as i64;
                table::movement::insert_booked(conn, tenant, &[(VoucherId(id), BatchId(id), 0, lines - 1)])?;
                self.chain = link(&self.chain, id, &GENESIS);
                table::header::append(conn, tenant, &[header(id, self.chain, lines, now)])
            })?;
            took += started.elapsed();
        }
        self.written += count;
        Ok(took)
    }

    /// The movements of a voucher and its accounts after it.
    fn prepare(&mut self, no: i64) -> Result<(Vec<Movement>, Vec<Account>), Error> {
        let template = &self.vouchers[no as usize % self.vouchers.len()];
        let at = Time(self.at.0 + no);
        let movements: Vec<Movement> = template
            .iter()
            .map(|movement| Movement { effective_at: at, voucher: VoucherId(FROM + no + 1), ..movement.clone() })
            .collect();
        let mut changed = BTreeSet::new();
        for movement in &movements {
            for (id, sign) in
                [(movement.from.account, -1), (movement.from.pool, -1), (movement.to.account, 1), (movement.to.pool, 1)]
            {
                if id.0 != 0 {
                    self.post(id, at, sign, movement)?;
                    changed.insert(id);
                }
            }
        }
        let after = changed
            .into_iter()
            .map(|id| {
                let account = self.accounts.get_mut(&id).expect("it was just posted to");
                // What is loaded of a timeline is of no use beyond the transaction that stores it.
                let root = *account.timeline.root();
                let begun_anew = Account { timeline: Timeline::from_root(root), ..account.clone() };
                std::mem::replace(account, begun_anew)
            })
            .collect();
        Ok((movements, after))
    }

    fn post(&mut self, id: AccountId, at: Time, sign: i64, movement: &Movement) -> Result<(), Error> {
        let account =
            self.accounts.get_mut(&id).ok_or_else(|| Error::Internal(format!("account {id} was not read")))?;
        let amount = if account.key.kind == AccountKind::Pool { sign * movement.amount.0 } else { 0 };
        for _ in 0..ROUNDS_MAX {
            match account.timeline.post(at, Quantity(sign * movement.quantity.0), Amount(amount)) {
                Ok(()) => return Ok(()),
                Err(TimelineFault::Missing(need)) => {
                    let needs = BTreeSet::from([(id, need)]);
                    self.store.read(|conn| table::account::part::load(conn, self.tenant, [&mut *account], &needs))?;
                }
                Err(fault) => return Err(Error::Internal(format!("account {id}: {fault}"))),
            }
        }
        Err(Error::Internal(format!("account {id} keeps asking for the same part of its timeline")))
    }
}

fn accounts_of(movement: &Movement) -> impl Iterator<Item = AccountId> {
    [movement.from.account, movement.from.pool, movement.to.account, movement.to.pool]
        .into_iter()
        .filter(|id| id.0 != 0)
}

fn voucher(id: i64, now: Time) -> Voucher {
    Voucher {
        id: VoucherId(id),
        uid: "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
        journal: JournalId(1),
        number: id,
        description: None,
        source: VoucherSource::default(),
        created_at: now,
        created_by: UserId(1),
    }
}

fn booking(id: i64, now: Time) -> Booking {
    Booking {
        id: BookingId(id),
        uid: "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
        journal: JournalId(1),
        generation: 0,
        filter: BookingFilter { ids: Some((id, id)), ..BookingFilter::default() },
        state: BookingState::Booked,
        result_code: 1,
        faulted_number: 0,
        faults: Vec::new(),
        entry_count: 5,
        batch: BatchId(id),
        requested_at: now,
        requested_by: UserId(1),
        finished_at: Some(now),
    }
}

fn audited(id: i64, now: Time) -> Audited {
    Audited {
        id,
        at: now,
        person: UserId(1),
        origin: "127.0.0.1".to_owned(),
        action: "createEntries".to_owned(),
        subject: format!("voucher {id}"),
        detail: Some("5 entries".to_owned()),
    }
}

fn header(position: i64, chain_hash: lotbook_domain::chain::Hash, lines: i64, now: Time) -> Header {
    Header {
        position,
        batch: BatchId(position),
        uid: "01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(),
        kind: 1,
        booking: BookingId(position),
        lines,
        content_hash: GENESIS,
        chain_hash,
        booked_at: now,
        booked_by: UserId(1),
        reason: None,
    }
}
