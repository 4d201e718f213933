//! Value facts: revaluations and landed costs, and which of them were undone. Append-only.

use std::collections::BTreeMap;

use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::{ValueFact, ValueFactKind};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// The columns of a value fact, from batch on, for reading with [`read`].
pub const COLUMNS: &str = "f.batch, f.line, f.kind, f.product, f.variant, f.lot, f.pool, f.org_unit, f.effective_at, \
     f.movement_batch, f.movement_line, f.by_value, f.quantity, f.amount";

/// How many columns [`COLUMNS`] has.
pub const COLUMN_COUNT: usize = 14;

/// A fact that was not undone.
pub(crate) const HOLDS: &str = "not exists (select 1 from value_undone u where u.tenant = $1 and u.fact_batch = f.batch \
     and u.fact_line = f.line)";

/// Writes value facts: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, facts: &[(BatchId, &ValueFact)]) -> Result<(), Error> {
    if facts.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&ValueFact) -> i64| Column::Int(facts.iter().map(|(_, fact)| of(fact)).collect());
    let rows = Rows::new(vec![
        Column::Int(facts.iter().map(|(batch, _)| batch.0).collect()),
        ints(|f| f.line),
        ints(|f| f.kind.code()),
        ints(|f| f.product.0),
        ints(|f| f.variant.0),
        ints(|f| f.lot.0),
        ints(|f| f.pool.0),
        ints(|f| f.org_unit.0),
        ints(|f| f.effective_at.0),
        ints(|f| f.movement.map_or(0, |id| id.batch.0)),
        ints(|f| f.movement.map_or(0, |id| id.line)),
        ints(|f| i64::from(f.by_value)),
        ints(|f| f.quantity.0),
        ints(|f| f.amount.0),
    ]);
    conn.execute(
        "insert into value_fact (tenant, batch, line, kind, product, variant, lot, pool, org_unit, effective_at, \
         movement_batch, movement_line, by_value, quantity, amount) \
         select $1, f.batch, f.line, f.kind, f.product, f.variant, f.lot, f.pool, f.org_unit, f.effective_at, \
         f.movement_batch, f.movement_line, f.by_value, f.quantity, f.amount \
         from {rows $2 (batch bigint, line bigint, kind bigint, product bigint, variant bigint, lot bigint, \
         pool bigint, org_unit bigint, effective_at bigint, movement_batch bigint, movement_line bigint, \
         by_value bigint, quantity bigint, amount bigint) f}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Notes which value facts hold no longer: one statement.
pub fn undo(conn: &mut Conn, tenant: TenantId, undone: &[(BatchId, i64, BatchId)]) -> Result<(), Error> {
    if undone.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(undone.iter().map(|(fact, ..)| fact.0).collect()),
        Column::Int(undone.iter().map(|(_, line, _)| *line).collect()),
        Column::Int(undone.iter().map(|(.., batch)| batch.0).collect()),
    ]);
    conn.execute(
        "insert into value_undone (tenant, fact_batch, fact_line, batch) \
         select $1, r.fact_batch, r.fact_line, r.batch \
         from {rows $2 (fact_batch bigint, fact_line bigint, batch bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Reads [`COLUMNS`], which begin at column `at` of the row.
pub fn read(row: &Row<'_>, at: usize) -> Result<(BatchId, ValueFact), Error> {
    let int = |column: usize| row.int(at + column);
    let kind = int(2)?;
    let fact = ValueFact {
        line: int(1)?,
        kind: ValueFactKind::from_code(kind)
            .ok_or_else(|| Error::Internal(format!("value fact kind {kind} is not known to this version")))?,
        product: ProductId(int(3)?),
        variant: VariantId(int(4)?),
        lot: LotId(int(5)?),
        pool: AccountId(int(6)?),
        org_unit: LocationId(int(7)?),
        effective_at: Time(int(8)?),
        movement: match int(9)? {
            0 => None,
            batch => Some(MovementId { batch: BatchId(batch), line: int(10)? }),
        },
        by_value: int(11)? != 0,
        quantity: Quantity(int(12)?),
        amount: Amount(int(13)?),
    };
    Ok((BatchId(int(0)?), fact))
}

/// The value facts of a batch in the order of lines, each with whether it holds.
pub fn of_batch(conn: &mut Conn, tenant: TenantId, batch: BatchId) -> Result<Vec<(ValueFact, bool)>, Error> {
    conn.query(
        &format!(
            "select {COLUMNS}, case when {HOLDS} then 1 else 0 end from value_fact f \
             where f.tenant = $1 and f.batch = $2 order by f.line"
        ),
        &[Arg::Int(tenant.0), Arg::Int(batch.0)],
        |row| Ok((read(row, 0)?.1, row.int(COLUMN_COUNT)? != 0)),
    )
}

/// The revaluations of pools from a time on that hold, in the order of time and position.
pub fn revaluations(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
) -> Result<Vec<(i64, ValueFact)>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    conn.query(
        &format!(
            "select {COLUMNS}, h.position from {{rows $2 (id bigint) r}} cross join value_fact f \
             {{look up header h}} h.tenant = $1 and h.batch = f.batch {{looked up h}} \
             where f.tenant = $1 and f.pool = r.id and f.effective_at >= $3 and f.kind = 1 and {HOLDS} \
             order by f.effective_at, h.position, f.line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| Ok((row.int(COLUMN_COUNT)?, read(row, 0)?.1)),
    )
}

/// What landed costs that hold add to movements of pools from a time on, and to movements that were undone
/// from then on.
pub fn landed(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
) -> Result<BTreeMap<MovementId, i64>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let found = conn.query(
        &format!(
            "select f.movement_batch, f.movement_line, cast(sum(f.amount) as bigint) \
             from {{rows $2 (id bigint) r}} cross join value_fact f \
             where f.tenant = $1 and f.pool = r.id and f.kind = 2 and {HOLDS} and (f.effective_at >= $3 or exists \
             (select 1 from movement x where x.tenant = $1 and x.reverses_batch = f.movement_batch \
             and x.reverses_line = f.movement_line and x.reverses_batch > 0 and x.effective_at >= $3)) \
             group by f.movement_batch, f.movement_line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| Ok((MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? }, row.int(2)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// What landed costs that hold add to these movements.
pub fn landed_on(
    conn: &mut Conn,
    tenant: TenantId,
    movements: &[MovementId],
) -> Result<BTreeMap<MovementId, i64>, Error> {
    let rows = Rows::new(vec![
        Column::Int(movements.iter().map(|id| id.batch.0).collect()),
        Column::Int(movements.iter().map(|id| id.line).collect()),
    ]);
    let found = conn.query(
        &format!(
            "select f.movement_batch, f.movement_line, cast(sum(f.amount) as bigint) \
             from {{rows $2 (batch bigint, line bigint) r}} cross join value_fact f \
             where f.tenant = $1 and f.movement_batch = r.batch and f.movement_line = r.line \
             and f.movement_batch > 0 and {HOLDS} group by f.movement_batch, f.movement_line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? }, row.int(2)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// The value facts of batches after one, up to one, in the order of batches and lines.
pub fn scan(
    conn: &mut Conn,
    tenant: TenantId,
    after: BatchId,
    to: BatchId,
) -> Result<Vec<(BatchId, ValueFact)>, Error> {
    conn.query(
        &format!(
            "select {COLUMNS} from value_fact f where f.tenant = $1 and f.batch > $2 and f.batch <= $3 \
             order by f.batch, f.line"
        ),
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| read(row, 0),
    )
}

/// Which facts were undone by batches after one, up to one: the undoing batch, the fact's batch and line.
pub fn scan_undone(
    conn: &mut Conn,
    tenant: TenantId,
    after: BatchId,
    to: BatchId,
) -> Result<Vec<(BatchId, BatchId, i64)>, Error> {
    conn.query(
        "select u.batch, u.fact_batch, u.fact_line from value_undone u where u.tenant = $1 and u.batch > $2 \
         and u.batch <= $3 order by u.batch, u.fact_batch, u.fact_line",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| Ok((BatchId(row.int(0)?), BatchId(row.int(1)?), row.int(2)?)),
    )
}
