//! Vouchers and entries: what they are said to have become, and the numbers they took.

use lotbook_domain::id::{BatchId, EntryId, JournalId, TenantId, VoucherId};

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};

/// Which lines vouchers are said to have become, of those asked for: `(voucher, batch, first, last)`.
pub fn booked_lines(
    conn: &mut Conn,
    tenant: TenantId,
    wanted: &[(VoucherId, BatchId)],
) -> Result<Vec<(VoucherId, BatchId, i64, i64)>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(wanted.iter().map(|(voucher, _)| voucher.0).collect()),
        Column::Int(wanted.iter().map(|(_, batch)| batch.0).collect()),
    ]);
    conn.query(
        "select b.voucher, b.batch, b.first_line, b.last_line from {rows $2 (voucher bigint, batch bigint) r} \
         cross join voucher_booked b where b.tenant = $1 and b.voucher = r.voucher and b.batch = r.batch",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((VoucherId(row.int(0)?), BatchId(row.int(1)?), row.int(2)?, row.int(3)?)),
    )
}

/// How many pairs of voucher and batch are said to exist.
pub fn booked_count(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    let found =
        conn.one("select count(*) from voucher_booked b where b.tenant = $1", &[Arg::Int(tenant.0)], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

/// Pairs of voucher and batch without a movement or a count to show for it.
pub fn booked_in_vain(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(VoucherId, BatchId)>, Error> {
    conn.query(
        "select b.voucher, b.batch from voucher_booked b where b.tenant = $1 \
         and not exists (select 1 from movement m where m.tenant = $1 and m.batch = b.batch and m.voucher = b.voucher) \
         and not exists (select 1 from stock_count c where c.tenant = $1 and c.batch = b.batch and c.voucher = b.voucher) \
         order by b.voucher, b.batch limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((VoucherId(row.int(0)?), BatchId(row.int(1)?))),
    )
}

/// Vouchers that were booked and are gone.
pub fn booked_without_voucher(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<VoucherId>, Error> {
    conn.query(
        "select distinct b.voucher from voucher_booked b where b.tenant = $1 and not exists \
         (select 1 from voucher v where v.tenant = $1 and v.id = b.voucher) order by b.voucher limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok(VoucherId(row.int(0)?)),
    )
}

/// Every voucher with its number and journal, in the order of numbers.
pub fn voucher_numbers(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(VoucherId, i64, JournalId) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        "select v.id, v.number, v.journal from voucher v where v.tenant = $1 order by v.number",
        &[Arg::Int(tenant.0)],
        |row| each(VoucherId(row.int(0)?), row.int(1)?, JournalId(row.int(2)?)),
    )
}

/// The next number that each counter gives.
pub fn counters(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(String, i64)>, Error> {
    conn.query("select name, next from counter where tenant = $1 order by name", &[Arg::Int(tenant.0)], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })
}

/// Entries that still wait, in the order of ids.
pub fn waiting_entries(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(EntryId) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each("select e.id from entry e where e.tenant = $1 order by e.id", &[Arg::Int(tenant.0)], |row| {
        each(EntryId(row.int(0)?))
    })
}

/// The batches in which an entry was booked.
pub fn batches_of_entry(conn: &mut Conn, tenant: TenantId, entry: EntryId) -> Result<Vec<BatchId>, Error> {
    conn.query(
        "select distinct m.batch from movement m where m.tenant = $1 and m.entry = $2 and m.reverses_batch = 0 \
         order by m.batch limit 10",
        &[Arg::Int(tenant.0), Arg::Int(entry.0)],
        |row| Ok(BatchId(row.int(0)?)),
    )
}
