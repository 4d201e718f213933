//! Counts that hold, and what keeps them true.

use std::collections::BTreeSet;

use lotbook_domain::count::{Compensation, CountAt, CountId, Moment, StandingCount};
use lotbook_domain::id::{AccountId, BatchId, LocationId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::time::Time;

use super::said;
use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Column, Conn, Rows};

/// The first count that holds of each account after its moment, in the order asked. Cost: one probe of an
/// index each, or one in all where nothing was ever counted.
pub fn first_after(
    conn: &mut Conn,
    tenant: TenantId,
    wanted: &[(AccountId, Moment)],
) -> Result<Vec<Option<CountAt>>, Error> {
    let mut outcome = vec![None; wanted.len()];
    let any = "select 1 from stock_count where tenant = $1 limit 1";
    if wanted.is_empty() || conn.one(any, &[Arg::Int(tenant.0)], |row| row.int(0))?.is_none() {
        return Ok(outcome);
    }
    let rows = Rows::new(vec![
        Column::Int((0..wanted.len() as i64).collect()),
        Column::Int(wanted.iter().map(|(account, _)| account.0).collect()),
        Column::Int(wanted.iter().map(|(_, moment)| moment.at.0).collect()),
        Column::Int(wanted.iter().map(|(_, moment)| moment.position).collect()),
    ]);
    let holds = "not exists (select 1 from count_undone u where u.tenant = $1 and u.count_batch = c.batch and u.count_line = c.line)";
    conn.each(
        &format!(
            "select f.no, c.batch, c.line, c.effective_at, c.unit_cost, h.position from ( \
             select r.no, r.account, r.at as after_at, r.position as after_position, \
             (select min(c.effective_at) from stock_count c where c.tenant = $1 \
             and c.account = r.account and c.effective_at >= r.at and (c.effective_at > r.at or exists \
             (select 1 from header h where h.tenant = $1 and h.batch = c.batch and h.position > r.position)) \
             and {holds}) as at \
             from {{rows $2 (no bigint, account bigint, at bigint, position bigint) r}}) f \
             cross join stock_count c join header h on h.tenant = $1 and h.batch = c.batch \
             where c.tenant = $1 and c.account = f.account and c.effective_at = f.at \
             and (f.at > f.after_at or h.position > f.after_position) and {holds} \
             order by f.no, h.position desc, c.line desc"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            outcome[row.int(0)? as usize] = Some(CountAt {
                id: CountId { batch: BatchId(row.int(1)?), line: row.int(2)? },
                position: Some(row.int(5)?),
                at: Time(row.int(3)?),
                unit_cost: row.opt_int(4)?.map(UnitCost),
            });
            Ok(())
        },
    )?;
    Ok(outcome)
}

/// Whether counts were made or undone after a position.
pub fn changed_since(conn: &mut Conn, tenant: TenantId, position: i64) -> Result<bool, Error> {
    let found = conn.one(
        "select 1 from header h where h.tenant = $1 and h.position > $2 \
         and (exists (select 1 from stock_count c where c.tenant = $1 and c.batch = h.batch) \
         or exists (select 1 from count_undone u where u.tenant = $1 and u.batch = h.batch)) limit 1",
        &[Arg::Int(tenant.0), Arg::Int(position)],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Notes which movements keep counts true.
pub fn insert_compensations(
    conn: &mut Conn,
    tenant: TenantId,
    compensations: &[(BatchId, Compensation)],
) -> Result<(), Error> {
    if compensations.is_empty() {
        return Ok(());
    }
    let own = |batch: BatchId, count: CountId| if count.batch.0 == 0 { batch.0 } else { count.batch.0 };
    let rows = Rows::new(vec![
        Column::Int(compensations.iter().map(|(batch, _)| batch.0).collect()),
        Column::Int(compensations.iter().map(|(_, made)| made.line).collect()),
        Column::Int(compensations.iter().map(|(batch, made)| own(*batch, made.count)).collect()),
        Column::Int(compensations.iter().map(|(_, made)| made.count.line).collect()),
        Column::Int(compensations.iter().map(|(_, made)| made.cause).collect()),
    ]);
    conn.execute(
        "insert into compensation (tenant, batch, line, count_batch, count_line, cause_line) \
         select $1, r.batch, r.line, r.count_batch, r.count_line, r.cause_line \
         from {rows $2 (batch bigint, line bigint, count_batch bigint, count_line bigint, cause_line bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// A compensation as it is kept: the movement, the count that it keeps true, and its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The compensating movement.
    pub movement: MovementId,
    /// The count.
    pub count: CountId,
    /// What it makes up for.
    pub cause: MovementId,
}

fn compensations(conn: &mut Conn, tenant: TenantId, rows: &Rows, of: &str) -> Result<Vec<Kept>, Error> {
    conn.query(
        &format!(
            "select k.batch, k.line, k.count_batch, k.count_line, k.cause_line \
             from {{rows $2 (batch bigint, line bigint) r}} cross join compensation k \
             where k.tenant = $1 and {of} and not exists (select 1 from movement m where m.tenant = $1 \
             and m.reverses_batch = k.batch and m.reverses_line = k.line and m.reverses_batch > 0) \
             order by k.batch, k.line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(rows)],
        |row| {
            let batch = BatchId(row.int(0)?);
            Ok(Kept {
                movement: MovementId { batch, line: row.int(1)? },
                count: CountId { batch: BatchId(row.int(2)?), line: row.int(3)? },
                cause: MovementId { batch, line: row.int(4)? },
            })
        },
    )
}

/// What keeps these counts true, unless it was undone.
pub fn compensations_at(conn: &mut Conn, tenant: TenantId, counts: &[CountId]) -> Result<Vec<Kept>, Error> {
    let rows = Rows::new(vec![
        Column::Int(counts.iter().map(|count| count.batch.0).collect()),
        Column::Int(counts.iter().map(|count| count.line).collect()),
    ]);
    compensations(conn, tenant, &rows, "k.count_batch = r.batch and k.count_line = r.line")
}

/// The compensations in the batches of these movements that were not undone.
pub fn compensations_for(conn: &mut Conn, tenant: TenantId, causes: &[MovementId]) -> Result<Vec<Kept>, Error> {
    let mut batches: Vec<i64> = causes.iter().map(|id| id.batch.0).collect();
    batches.sort_unstable();
    batches.dedup();
    let lines = vec![0; batches.len()];
    compensations(
        conn,
        tenant,
        &Rows::new(vec![Column::Int(batches), Column::Int(lines)]),
        "k.batch = r.batch and r.line = 0",
    )
}

/// The counts of these batches that hold, in their order.
pub fn of_batches(conn: &mut Conn, tenant: TenantId, batches: &BTreeSet<BatchId>) -> Result<Vec<StandingCount>, Error> {
    let rows = Rows::ids(batches.iter().map(|batch| batch.0));
    conn.query(
        "select c.batch, c.line, c.product, c.variant, c.location, c.effective_at, c.movement_line, c.org_unit \
         from {rows $2 (id bigint) r} cross join stock_count c where c.tenant = $1 and c.batch = r.id \
         and not exists (select 1 from count_undone u where u.tenant = $1 and u.count_batch = c.batch \
         and u.count_line = c.line) order by c.batch, c.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            Ok(StandingCount {
                id: CountId { batch: BatchId(row.int(0)?), line: row.int(1)? },
                product: ProductId(row.int(2)?),
                variant: VariantId(row.int(3)?),
                location: LocationId(row.int(4)?),
                at: Time(row.int(5)?),
                movement_line: row.int(6)?,
                org_unit: LocationId(row.int(7)?),
            })
        },
    )
}

/// Where a count was made that holds no longer; `None` where it holds, or never was.
pub fn undone_at(conn: &mut Conn, tenant: TenantId, id: CountId) -> Result<Option<LocationId>, Error> {
    conn.one(
        "select c.org_unit from count_undone u join stock_count c on c.tenant = $1 and c.batch = u.count_batch \
         and c.line = u.count_line where u.tenant = $1 and u.count_batch = $2 and u.count_line = $3",
        &[Arg::Int(tenant.0), Arg::Int(id.batch.0), Arg::Int(id.line)],
        |row| Ok(LocationId(row.int(0)?)),
    )
}

/// The counts of a batch that hold no longer, with the org units that counted.
pub fn undone_of(conn: &mut Conn, tenant: TenantId, batch: BatchId) -> Result<Vec<(CountId, LocationId)>, Error> {
    conn.query(
        "select c.line, c.org_unit from count_undone u join stock_count c on c.tenant = $1 and c.batch = u.count_batch \
         and c.line = u.count_line where u.tenant = $1 and u.count_batch = $2 order by c.line",
        &[Arg::Int(tenant.0), Arg::Int(batch.0)],
        |row| Ok((CountId { batch, line: row.int(0)? }, LocationId(row.int(1)?))),
    )
}

/// The accounts that these counts were of.
pub fn accounts(conn: &mut Conn, tenant: TenantId, counts: &[CountId]) -> Result<Vec<AccountId>, Error> {
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let rows = rows!(for count in counts => count.batch.0, count.line);
    conn.query(
        "select c.account from {rows $2 (batch bigint, line bigint) r} join stock_count c on c.tenant = $1 \
         and c.batch = r.batch and c.line = r.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok(AccountId(row.int(0)?)),
    )
}

/// Notes that counts hold no longer.
pub fn undo(conn: &mut Conn, tenant: TenantId, counts: &[CountId], batch: BatchId) -> Result<(), Error> {
    if counts.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(counts.iter().map(|count| count.batch.0).collect()),
        Column::Int(counts.iter().map(|count| count.line).collect()),
    ]);
    conn.execute(
        "insert into count_undone (tenant, count_batch, count_line, batch) \
         select $1, r.batch, r.line, $3 from {rows $2 (batch bigint, line bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(batch.0)],
    )?;
    Ok(())
}

/// The counts that each batch undid, in the order of batches, with the hash that is linked of them, if it is.
pub fn each_undoing(
    conn: &mut Conn,
    tenant: TenantId,
    each: impl FnMut(BatchId, Vec<CountId>, Option<Vec<u8>>) -> Result<(), Error>,
) -> Result<(), Error> {
    said::each_of_batch(
        conn,
        tenant,
        "select u.batch, s.content_hash, u.count_batch, u.count_line from count_undone u \
         left join said s on s.tenant = $1 and s.kind = 4 and s.word = u.batch \
         where u.tenant = $1 order by u.batch, u.count_batch, u.count_line",
        |row| Ok(CountId { batch: BatchId(row.int(2)?), line: row.int(3)? }),
        each,
    )
}
