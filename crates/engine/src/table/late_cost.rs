//! What was made of something that had gone beyond stock, and what it costs more since that was covered. Derived.

use std::collections::BTreeMap;

use lotbook_domain::id::{AccountId, BatchId, MovementId, TenantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};

/// What a correction is of: a line that takes over a cost, the line of its batch that it takes it over of, and the
/// movement that covered a part of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The batch of both lines.
    pub batch: BatchId,
    /// The line.
    pub line: i64,
    /// Whose cost it takes over.
    pub source_line: i64,
    /// What covered it.
    pub cover: MovementId,
}

/// By how much what was made costs more from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateCost {
    /// The pool that the line enters.
    pub pool: AccountId,
    /// The pool that the source leaves.
    pub source_pool: AccountId,
    /// When both are.
    pub made_at: Time,
    /// From when on: when the source was covered.
    pub at: Time,
    /// How much was made of what was covered.
    pub quantity: Quantity,
    /// How much more that costs, signed.
    pub amount: i64,
}

/// A line that takes over the cost of another of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// What was used.
    pub source: MovementId,
    /// The line that takes its cost over.
    pub line: i64,
    /// The pool that the line enters.
    pub pool: AccountId,
    /// The pool that the source leaves.
    pub source_pool: AccountId,
    /// When both are.
    pub at: Time,
    /// How much was made.
    pub made: Quantity,
    /// How much was used for it.
    pub used: Quantity,
}

/// What takes over the costs of these movements.
pub fn made_of(conn: &mut Conn, tenant: TenantId, sources: &[MovementId]) -> Result<Vec<Made>, Error> {
    let rows = ids(sources.iter());
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select l.batch, l.source_line, l.line, l.pool, l.source_pool, l.effective_at, m.quantity, u.quantity \
         from {rows $2 (batch bigint, line bigint) r} cross join cost_link l \
         join movement m on m.tenant = $1 and m.batch = l.batch and m.line = l.line \
         join movement u on u.tenant = $1 and u.batch = l.batch and u.line = l.source_line \
         where l.tenant = $1 and l.batch = r.batch and l.source_line = r.line order by l.batch, l.source_line, l.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            Ok(Made {
                source: MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? },
                line: row.int(2)?,
                pool: AccountId(row.int(3)?),
                source_pool: AccountId(row.int(4)?),
                at: Time(row.int(5)?),
                made: Quantity(row.int(6)?),
                used: Quantity(row.int(7)?),
            })
        },
    )
}

fn ids<'i>(ids: impl Iterator<Item = &'i MovementId> + Clone) -> Rows {
    Rows::new(vec![
        Column::Int(ids.clone().map(|id| id.batch.0).collect()),
        Column::Int(ids.map(|id| id.line).collect()),
    ])
}

const COLUMNS: &str = "k.batch, k.line, k.source_line, k.cover_batch, k.cover_line, k.pool, k.source_pool, k.made_at, \
     k.effective_at, k.quantity, k.amount";

fn read(row: &crate::store::Row<'_>) -> Result<(Key, LateCost), Error> {
    let cover = MovementId { batch: BatchId(row.int(3)?), line: row.int(4)? };
    let key = Key { batch: BatchId(row.int(0)?), line: row.int(1)?, source_line: row.int(2)?, cover };
    let late = LateCost {
        pool: AccountId(row.int(5)?),
        source_pool: AccountId(row.int(6)?),
        made_at: Time(row.int(7)?),
        at: Time(row.int(8)?),
        quantity: Quantity(row.int(9)?),
        amount: row.int(10)?,
    };
    Ok((key, late))
}

/// What was told of what left pools from a time on.
pub fn of_sources(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
) -> Result<BTreeMap<Key, LateCost>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let found = conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join late_cost k \
             where k.tenant = $1 and k.source_pool = r.id and k.made_at >= $3"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        read,
    )?;
    Ok(found.into_iter().collect())
}

/// What pools were told of a span of time, each with the position of what covered it, in the order of that; without
/// what was undone at its own time.
pub fn in_pools(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    (from, until): (Time, Time),
) -> Result<Vec<(i64, LateCost)>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    conn.query(
        &format!(
            "select {COLUMNS}, h.position from {{rows $2 (id bigint) r}} cross join late_cost k \
             {{look up header h}} h.tenant = $1 and h.batch = k.cover_batch {{looked up h}} \
             where k.tenant = $1 and k.pool = r.id and k.effective_at >= $3 and k.effective_at <= $4 and not exists \
             (select 1 from movement x where x.tenant = $1 and x.reverses_batch = k.batch and x.reverses_line = k.line \
             and x.reverses_batch > 0 and x.effective_at = k.made_at) \
             order by k.effective_at, h.position, k.cover_line, k.batch, k.source_line, k.line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0), Arg::Int(until.0)],
        |row| Ok((row.int(11)?, read(row)?.1)),
    )
}

/// By how much these movements brought more than was known when they were made, of those of which that is told; without
/// what was undone at its own time.
pub fn brought(conn: &mut Conn, tenant: TenantId, made: &[MovementId]) -> Result<Vec<(MovementId, i64)>, Error> {
    let rows = ids(made.iter());
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select k.batch, k.line, k.amount from {rows $2 (batch bigint, line bigint) r} cross join late_cost k \
         where k.tenant = $1 and k.batch = r.batch and k.line = r.line and not exists \
         (select 1 from movement x where x.tenant = $1 and x.reverses_batch = k.batch and x.reverses_line = k.line \
         and x.reverses_batch > 0 and x.effective_at = k.made_at) order by k.batch, k.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? }, row.int(2)?)),
    )
}

/// Takes back what holds no longer and notes what holds now: two statements.
pub fn write(conn: &mut Conn, tenant: TenantId, gone: &[Key], now: &[(Key, LateCost)]) -> Result<(), Error> {
    let key = |keys: &[Key]| {
        let ints = |of: fn(&Key) -> i64| Column::Int(keys.iter().map(of).collect());
        vec![
            ints(|k| k.batch.0),
            ints(|k| k.line),
            ints(|k| k.source_line),
            ints(|k| k.cover.batch.0),
            ints(|k| k.cover.line),
        ]
    };
    if !gone.is_empty() {
        conn.execute(
            "delete from late_cost where tenant = $1 and (batch, line, source_line, cover_batch, cover_line) in \
             (select r.batch, r.line, r.source_line, r.cover_batch, r.cover_line from {rows $2 (batch bigint, \
             line bigint, source_line bigint, cover_batch bigint, cover_line bigint) r})",
            &[Arg::Int(tenant.0), Arg::Rows(&Rows::new(key(gone)))],
        )?;
    }
    if now.is_empty() {
        return Ok(());
    }
    let keys: Vec<Key> = now.iter().map(|(key, _)| *key).collect();
    let ints = |of: fn(&LateCost) -> i64| Column::Int(now.iter().map(|(_, late)| of(late)).collect());
    let mut columns = key(&keys);
    columns.extend([
        ints(|l| l.pool.0),
        ints(|l| l.source_pool.0),
        ints(|l| l.made_at.0),
        ints(|l| l.at.0),
        ints(|l| l.quantity.0),
        ints(|l| l.amount),
    ]);
    conn.execute(
        "insert into late_cost (tenant, batch, line, source_line, cover_batch, cover_line, pool, source_pool, made_at, \
         effective_at, quantity, amount) select $1, r.batch, r.line, r.source_line, r.cover_batch, r.cover_line, r.pool, \
         r.source_pool, r.made_at, r.at, r.quantity, r.amount from {rows $2 (batch bigint, line bigint, \
         source_line bigint, cover_batch bigint, cover_line bigint, pool bigint, source_pool bigint, made_at bigint, \
         at bigint, quantity bigint, amount bigint) r} where true \
         on conflict (tenant, batch, line, source_line, cover_batch, cover_line) do update set \
         effective_at = excluded.effective_at, quantity = excluded.quantity, amount = excluded.amount",
        &[Arg::Int(tenant.0), Arg::Rows(&Rows::new(columns))],
    )?;
    Ok(())
}
