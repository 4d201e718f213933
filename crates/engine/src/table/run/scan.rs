//! Runs beside what the ledger says of them, for verifying.

use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, ProductId, RunId, TenantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;

use super::Edge;
use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows};

/// A movement of a run.
#[derive(Clone, Debug)]
pub struct MovedPart {
    /// Which.
    pub id: MovementId,
    /// Its kind's number.
    pub kind: i64,
    /// Of this product.
    pub product: ProductId,
    /// Of this lot; 0 = not tracked.
    pub lot: LotId,
    /// Where it left.
    pub from: LocationId,
    /// Where it arrived.
    pub to: LocationId,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// When.
    pub at: Time,
}

/// A run that says that it moved something, and one of the movements that it names.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The run.
    pub id: RunId,
    /// What it did.
    pub kind: RunKind,
    /// The product of its lot.
    pub product: ProductId,
    /// Its lot.
    pub lot: LotId,
    /// How much of it.
    pub primary_quantity: Quantity,
    /// How much of the other one.
    pub secondary_quantity: Quantity,
    /// The batch.
    pub batch: BatchId,
    /// Its first line there.
    pub first_line: i64,
    /// Its last line there.
    pub last_line: i64,
    /// The movement; `None` = none is there.
    pub movement: Option<MovedPart>,
}

/// Runs after a run, in the order of ids.
pub fn ids_after(conn: &mut Conn, tenant: TenantId, after: RunId, limit: i64) -> Result<Vec<RunId>, Error> {
    conn.query(
        "select u.id from run u where u.tenant = $1 and u.id > $2 order by u.id limit $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)],
        |row| Ok(RunId(row.int(0)?)),
    )
}

/// Those of these runs that say that they moved something, each with every movement that it names.
pub fn each_moved(
    conn: &mut Conn,
    tenant: TenantId,
    runs: &[RunId],
    mut each: impl FnMut(Moved) -> Result<(), Error>,
) -> Result<(), Error> {
    let rows = Rows::ids(runs.iter().map(|id| id.0));
    conn.each(
        "select u.id, u.kind, u.product, u.lot, u.primary_quantity, u.secondary_quantity, u.batch, u.first_line, \
         u.last_line, m.line, m.kind, m.product, m.lot, m.from_location, m.to_location, m.quantity, m.effective_at \
         from {rows $2 (id bigint) r} cross join run u left join movement m on m.tenant = u.tenant \
         and m.batch = u.batch and m.line >= u.first_line and m.line <= u.last_line \
         where u.tenant = $1 and u.id = r.id and u.batch > 0 order by u.id, m.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| each(read(row)?),
    )
}

fn read(row: &Row<'_>) -> Result<Moved, Error> {
    let kind = row.int(1)?;
    let batch = BatchId(row.int(6)?);
    let movement = match row.opt_int(9)? {
        None => None,
        Some(line) => Some(MovedPart {
            id: MovementId { batch, line },
            kind: row.int(10)?,
            product: ProductId(row.int(11)?),
            lot: LotId(row.int(12)?),
            from: LocationId(row.int(13)?),
            to: LocationId(row.int(14)?),
            quantity: Quantity(row.int(15)?),
            at: Time(row.int(16)?),
        }),
    };
    Ok(Moved {
        id: RunId(row.int(0)?),
        kind: RunKind::from_code(kind)
            .ok_or_else(|| Error::Internal(format!("run kind {kind} is not known to this version")))?,
        product: ProductId(row.int(2)?),
        lot: LotId(row.int(3)?),
        primary_quantity: Quantity(row.int(4)?),
        secondary_quantity: Quantity(row.int(5)?),
        batch,
        first_line: row.int(7)?,
        last_line: row.int(8)?,
        movement,
    })
}

/// Which lots came of which by these runs.
pub fn edges_of(conn: &mut Conn, tenant: TenantId, runs: &[RunId]) -> Result<Vec<Edge>, Error> {
    let (Some(first), Some(last)) = (runs.iter().min(), runs.iter().max()) else { return Ok(Vec::new()) };
    conn.query(
        "select e.from_lot, e.to_lot, e.run, e.from_quantity, e.to_quantity, e.at from lot_edge e \
         where e.tenant = $1 and e.run >= $2 and e.run <= $3 order by e.run, e.from_lot, e.to_lot",
        &[Arg::Int(tenant.0), Arg::Int(first.0), Arg::Int(last.0)],
        |row| {
            Ok(Edge {
                from: LotId(row.int(0)?),
                to: LotId(row.int(1)?),
                run: RunId(row.int(2)?),
                from_quantity: Quantity(row.int(3)?),
                to_quantity: Quantity(row.int(4)?),
                at: Time(row.int(5)?),
            })
        },
    )
}

/// Runs that name a line of a batch which another run names too: `(run, batch, line)`.
pub fn claimed_twice(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(RunId, BatchId, i64)>, Error> {
    conn.query(
        "select b.id, b.batch, b.first_line from run a join run b on b.tenant = a.tenant and b.batch = a.batch \
         and b.batch > 0 and b.first_line >= a.first_line and b.first_line <= a.last_line \
         and (b.first_line > a.first_line or b.id > a.id) and b.id <> a.id \
         where a.tenant = $1 and a.batch > 0 order by b.id limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((RunId(row.int(0)?), BatchId(row.int(1)?), row.int(2)?)),
    )
}

/// Operations whose open run is not open or not theirs: name and run.
pub fn operations_astray(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(String, RunId)>, Error> {
    conn.query(
        "select o.name, o.current_run from operation o where o.tenant = $1 and o.current_run > 0 and not exists \
         (select 1 from run u where u.tenant = o.tenant and u.id = o.current_run and u.operation = o.id \
         and u.status in (1, 4)) order by o.id limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((row.text(0)?, RunId(row.int(1)?))),
    )
}

/// The lines that runs say they moved, of batches after one, up to one, in the order of batches and first lines:
/// `(batch, first, last)`.
pub fn spans(
    conn: &mut Conn,
    tenant: TenantId,
    after: BatchId,
    to: BatchId,
) -> Result<Vec<(BatchId, i64, i64)>, Error> {
    conn.query(
        "select u.batch, u.first_line, u.last_line from run u where u.tenant = $1 and u.batch > $2 and u.batch <= $3 \
         and u.batch > 0 order by u.batch, u.first_line",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| Ok((BatchId(row.int(0)?), row.int(1)?, row.int(2)?)),
    )
}

/// Which lots are said to have come of which by runs that are not there: `(run, from, to)`.
pub fn edges_without_run(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(RunId, LotId, LotId)>, Error> {
    conn.query(
        "select e.run, e.from_lot, e.to_lot from lot_edge e where e.tenant = $1 and not exists \
         (select 1 from run u where u.tenant = $1 and u.id = e.run) order by e.run, e.from_lot, e.to_lot limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((RunId(row.int(0)?), LotId(row.int(1)?), LotId(row.int(2)?))),
    )
}
