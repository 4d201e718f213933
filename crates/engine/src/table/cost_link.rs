//! Which lines take over the cost of which, and what they were told of later.

use std::collections::{BTreeMap, HashMap};

use lotbook_domain::id::{AccountId, BatchId, MovementId, TenantId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Column, Conn, Rows};

/// A line that takes over the cost of another line of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostLink {
    /// The line.
    pub line: i64,
    /// The line whose cost it takes over.
    pub source_line: i64,
    /// The pool that the line enters.
    pub pool: AccountId,
    /// The pool that the source leaves.
    pub source_pool: AccountId,
    /// When.
    pub at: Time,
}

/// Writes links: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, links: &[(BatchId, CostLink)]) -> Result<(), Error> {
    if links.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&CostLink) -> i64| Column::Int(links.iter().map(|(_, link)| of(link)).collect());
    let rows = Rows::new(vec![
        Column::Int(links.iter().map(|(batch, _)| batch.0).collect()),
        ints(|l| l.line),
        ints(|l| l.source_line),
        ints(|l| l.pool.0),
        ints(|l| l.source_pool.0),
        ints(|l| l.at.0),
    ]);
    conn.execute(
        "insert into cost_link (tenant, batch, line, source_line, pool, source_pool, effective_at) \
         select $1, r.batch, r.line, r.source_line, r.pool, r.source_pool, r.at \
         from {rows $2 (batch bigint, line bigint, source_line bigint, pool bigint, source_pool bigint, at bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// What a line takes over: its source, by how much that is known to cost more than was booked, and whether the
/// source leaves a pool of the same circle.
pub type Source = (MovementId, i64, bool);

/// The sources of lines that enter pools from a time on, and of lines that were undone from then on; those that
/// left pools of another circle only where they are known to cost something else. Each pool comes with the number
/// of its circle.
pub fn sources(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &BTreeMap<AccountId, usize>,
    from: Time,
) -> Result<HashMap<MovementId, Vec<Source>>, Error> {
    let rows = Rows::ids(pools.keys().map(|id| id.0));
    let mut found: HashMap<MovementId, Vec<Source>> = HashMap::new();
    conn.each(
        "select l.batch, l.line, l.source_line, coalesce(c.delta, 0), l.source_pool, l.pool from {rows $2 (id bigint) r} \
         cross join cost_link l left join carried c on c.tenant = $1 and c.batch = l.batch and c.line = l.source_line \
         where l.tenant = $1 and l.pool = r.id and (l.effective_at >= $3 or exists (select 1 from movement x \
         where x.tenant = $1 and x.reverses_batch = l.batch and x.reverses_line = l.line and x.reverses_batch > 0 \
         and x.effective_at >= $3))",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| {
            let batch = BatchId(row.int(0)?);
            let (source, delta) = (MovementId { batch, line: row.int(2)? }, row.int(3)?);
            let (left, entered) = (AccountId(row.int(4)?), AccountId(row.int(5)?));
            let is_own = pools.get(&left).is_some_and(|circle| pools.get(&entered) == Some(circle));
            if is_own || delta != 0 {
                let line = MovementId { batch, line: row.int(1)? };
                found.entry(line).or_default().push((source, delta, is_own));
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// By how much the sources that left pools from a time on are known to cost more than was booked.
pub fn carried(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
) -> Result<HashMap<MovementId, i64>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let found = conn.query(
        "select c.batch, c.line, c.delta from {rows $2 (id bigint) r} cross join cost_link l \
         join carried c on c.tenant = $1 and c.batch = l.batch and c.line = l.source_line \
         where l.tenant = $1 and l.source_pool = r.id and l.effective_at >= $3",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| Ok((MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? }, row.int(2)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// Of these movements those that others take over the cost of, with the pools of the others and their times, or the times
/// at which they were undone, where those are before; without those others that were undone at their own times.
pub fn taken_over(
    conn: &mut Conn,
    tenant: TenantId,
    sources: &[MovementId],
) -> Result<Vec<(MovementId, AccountId, Time)>, Error> {
    let rows = Rows::new(vec![
        Column::Int(sources.iter().map(|id| id.batch.0).collect()),
        Column::Int(sources.iter().map(|id| id.line).collect()),
    ]);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select l.batch, l.source_line, l.pool, {least}(l.effective_at, coalesce((select min(u.effective_at) \
         from movement u where u.tenant = $1 and u.reverses_batch = l.batch and u.reverses_line = l.line \
         and u.reverses_batch > 0), l.effective_at)) from {rows $2 (batch bigint, line bigint) r} \
         cross join cost_link l where l.tenant = $1 and l.batch = r.batch and l.source_line = r.line and not exists \
         (select 1 from movement x where x.tenant = $1 and x.reverses_batch = l.batch and x.reverses_line = l.line \
         and x.reverses_batch > 0 and x.effective_at = l.effective_at) order by l.batch, l.source_line, l.pool",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let id = MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? };
            Ok((id, AccountId(row.int(2)?), Time(row.int(3)?)))
        },
    )
}

/// What takes over the cost of these movements and stands, each with the movement.
pub fn standing(
    conn: &mut Conn,
    tenant: TenantId,
    sources: &[MovementId],
) -> Result<Vec<(MovementId, MovementId)>, Error> {
    let rows = rows!(for source in sources => source.batch.0, source.line);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select l.batch, l.source_line, l.line from {rows $2 (batch bigint, line bigint) r} \
         cross join cost_link l where l.tenant = $1 and l.batch = r.batch and l.source_line = r.line and not exists \
         (select 1 from movement x where x.tenant = $1 and x.reverses_batch = l.batch and x.reverses_line = l.line \
         and x.reverses_batch > 0) order by l.batch, l.source_line, l.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let batch = BatchId(row.int(0)?);
            Ok((MovementId { batch, line: row.int(1)? }, MovementId { batch, line: row.int(2)? }))
        },
    )
}

/// Notes by how much sources cost more than was booked: one statement.
pub fn carry(conn: &mut Conn, tenant: TenantId, deltas: &[(MovementId, i64)]) -> Result<(), Error> {
    let rows = Rows::new(vec![
        Column::Int(deltas.iter().map(|(id, _)| id.batch.0).collect()),
        Column::Int(deltas.iter().map(|(id, _)| id.line).collect()),
        Column::Int(deltas.iter().map(|(_, delta)| *delta).collect()),
    ]);
    if rows.is_empty() {
        return Ok(());
    }
    conn.execute(
        "insert into carried (tenant, batch, line, delta) select $1, r.batch, r.line, r.delta \
         from {rows $2 (batch bigint, line bigint, delta bigint) r} where true \
         on conflict (tenant, batch, line) do update set delta = excluded.delta",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The links of batches after one, up to one, as they were written: by batch, line and source line.
pub fn scan(conn: &mut Conn, tenant: TenantId, after: BatchId, to: BatchId) -> Result<Vec<(BatchId, i64, i64)>, Error> {
    conn.query(
        "select l.batch, l.line, l.source_line from cost_link l where l.tenant = $1 and l.batch > $2 and l.batch <= $3 \
         order by l.batch, l.line, l.source_line",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| Ok((BatchId(row.int(0)?), row.int(1)?, row.int(2)?)),
    )
}
