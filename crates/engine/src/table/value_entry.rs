//! Value entries. Append-only.

use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::ValueEntry;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// Writes value entries: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, entries: &[(BatchId, &ValueEntry)]) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&ValueEntry) -> i64| Column::Int(entries.iter().map(|(_, entry)| of(entry)).collect());
    let rows = Rows::new(vec![
        Column::Int(entries.iter().map(|(batch, _)| batch.0).collect()),
        ints(|entry| entry.line),
        ints(|entry| entry.pool.0),
        ints(|entry| entry.effective_at.0),
        ints(|entry| entry.counterpart.0),
        ints(|entry| entry.kind),
        ints(|entry| entry.amount.0),
    ]);
    conn.execute(
        "insert into value_entry (tenant, batch, line, pool, effective_at, counterpart, kind, amount) \
         select $1, r.batch, r.line, r.pool, r.effective_at, r.counterpart, r.kind, r.amount \
         from {rows $2 (batch bigint, line bigint, pool bigint, effective_at bigint, counterpart bigint, \
         kind bigint, amount bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<ValueEntry, Error> {
    Ok(ValueEntry {
        line: row.int(0)?,
        pool: AccountId(row.int(1)?),
        effective_at: Time(row.int(2)?),
        counterpart: LocationId(row.int(3)?),
        kind: row.int(4)?,
        amount: Amount(row.int(5)?),
    })
}

/// The value entries of these pools from a time on, each with its batch.
pub fn each_from(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
    mut each: impl FnMut(BatchId, ValueEntry) -> Result<(), Error>,
) -> Result<(), Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    conn.each(
        "select v.line, v.pool, v.effective_at, v.counterpart, v.kind, v.amount, v.batch from {rows $2 (id bigint) r} \
         cross join value_entry v where v.tenant = $1 and v.pool = r.id and v.effective_at >= $3",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| each(BatchId(row.int(6)?), read(row)?),
    )
}

/// The value entries of a batch in the order of lines.
pub fn of_batch(conn: &mut Conn, tenant: TenantId, batch: BatchId) -> Result<Vec<ValueEntry>, Error> {
    conn.query(
        "select line, pool, effective_at, counterpart, kind, amount from value_entry \
         where tenant = $1 and batch = $2 order by line",
        &[Arg::Int(tenant.0), Arg::Int(batch.0)],
        read,
    )
}

/// What is settled together: product, variant, lot.
pub type SettledKey = (ProductId, VariantId, LotId);

/// What each of these batches settled; without those that settled nothing.
pub fn settled(
    conn: &mut Conn,
    tenant: TenantId,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<Vec<(BatchId, SettledKey)>, Error> {
    let rows = Rows::ids(batches.into_iter().map(|batch| batch.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select v.batch, a.product, a.variant, a.lot from {rows $2 (id bigint) r} cross join value_entry v \
         join account a on a.tenant = $1 and a.id = v.pool where v.tenant = $1 and v.batch = r.id and v.line = 0",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((BatchId(row.int(0)?), (ProductId(row.int(1)?), VariantId(row.int(2)?), LotId(row.int(3)?)))),
    )
}
