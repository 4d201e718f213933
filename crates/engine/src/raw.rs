//! What the database does by itself: the same rows, written without reading or deciding anything.
//!
//! `lotbook bench` shows its figures as ratios to these. The rows go to a tenant of their own that
//! nothing else reads; whoever measures uses a database made for it.

use std::time::{Duration, Instant};

use lotbook_domain::chain::{GENESIS, link};
use lotbook_domain::id::{
    AccountId, BatchId, BookingId, JournalId, LocationId, LotId, ProductId, TenantId, UserId, VariantId, VoucherId,
};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind, Rate};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::Timeline;

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

/// One client that writes, a transaction each, every row that a booked voucher leaves: the voucher, its
/// booking, two audit rows, its movements, its accounts, the header and the tail. Nothing is read,
/// checked or decided. `template` gives the movements of one voucher; how many vouchers, and how long.
pub fn vouchers(store: &Store, template: &[Movement], from: i64, count: i64) -> Result<Duration, Error> {
    prepare(store)?;
    let now = Time(1_700_000_000_000_000);
    let mut chain = GENESIS;
    let accounts: Vec<Vec<Account>> = (0..count).map(|no| accounts(template, no)).collect();
    store.write(|conn| {
        let all: Vec<(AccountId, AccountKey)> =
            accounts.iter().flatten().map(|account| (account.id, account.key)).collect();
        let mut new: Vec<(AccountId, AccountKey)> = all;
        new.sort_unstable();
        new.dedup();
        table::account::make(conn, TENANT, &new)
    })?;
    let started = Instant::now();
    for (no, accounts) in (from..from + count).zip(&accounts) {
        let id = no + 1;
        let movements: Vec<Movement> = template
            .iter()
            .zip(accounts.chunks(2))
            .map(|(movement, pair)| Movement {
                product: pair[0].key.product,
                voucher: VoucherId(id),
                from: lotbook_domain::movement::End { account: pair[0].id, pool: pair[1].id, ..movement.from },
                ..movement.clone()
            })
            .collect();
        store.write(|conn| {
            table::voucher::insert(conn, TENANT, &[voucher(id, now)])?;
            table::booking::insert(conn, TENANT, &[booking(id, now)])?;
            table::audit::insert(conn, TENANT, &[audited(id * 2, now), audited(id * 2 + 1, now)])?;
            let changed: Vec<&Account> = accounts.iter().collect();
            table::account::save(conn, TENANT, &changed)?;
            let rows: Vec<(BatchId, &Movement)> = movements.iter().map(|movement| (BatchId(id), movement)).collect();
            table::movement::insert(conn, TENANT, &rows)?;
            table::movement::insert_booked(
                conn,
                TENANT,
                &[(VoucherId(id), BatchId(id), 0, movements.len() as i64 - 1)],
            )?;
            chain = link(&chain, id, &GENESIS);
            table::header::append(conn, TENANT, &[header(id, chain, movements.len() as i64, now)])
        })?;
    }
    Ok(started.elapsed())
}

fn prepare(store: &Store) -> Result<(), Error> {
    store.write(|conn| {
        let found = conn.one("select 1 from tail where tenant = $1", &[Arg::Int(TENANT.0)], |row| row.int(0))?;
        if found.is_none() {
            table::header::make_tail(conn, TENANT)?;
        }
        Ok(())
    })
}

/// Two accounts for each movement: the stock and its pool, spread over a thousand products.
fn accounts(template: &[Movement], no: i64) -> Vec<Account> {
    let mut found = Vec::with_capacity(template.len() * 2);
    for (line, movement) in template.iter().enumerate() {
        // A stride coprime to a thousand visits every product and never one twice in a voucher.
        let product = (no * 7 + line as i64 * 211) % 1_000 + 1;
        for kind in [AccountKind::Stock, AccountKind::Pool] {
            let id = AccountId(product * 2 + i64::from(kind == AccountKind::Pool));
            let mut timeline = Timeline::new_empty();
            timeline
                .post(movement.effective_at, Quantity(1_000_000), Amount(1_000_000))
                .expect("an empty timeline takes a posting");
            found.push(Account {
                id,
                key: AccountKey {
                    product: ProductId(product),
                    place: LocationId(1),
                    kind,
                    variant: VariantId(0),
                    lot: LotId(0),
                },
                timeline,
                rate: Rate::default(),
                unsettled_from: None,
                is_new: false,
            });
        }
    }
    found
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
