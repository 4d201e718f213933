//! Runs, and which lot came of which.

pub mod scan;

use lotbook_domain::catalog::LotStatus;
use lotbook_domain::id::{
    BatchId, LocationId, LotId, OperationId, OrderId, ProcessId, ProcessRecordId, ProductId, ReasonId, ReservationId,
    RunId, TenantId, UnitId,
};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;

use super::catalog::{status_code, status_of};
use super::stamp::Stamp;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// Where a run is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// Started and not ended.
    Running,
    /// Ended.
    Completed,
    /// Given up; it moved nothing.
    Cancelled,
    /// It could not be ended, and waits for another try.
    Faulted,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Running, Self::Completed, Self::Cancelled, Self::Faulted];

    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Running => 1,
            Self::Completed => 2,
            Self::Cancelled => 3,
            Self::Faulted => 4,
        }
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Faulted => "FAULTED",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// What a run was part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The process; 0 = none.
    pub process: ProcessId,
    /// The record of the process that was open when the run began; 0 = none.
    pub record: ProcessRecordId,
    /// The production order; 0 = none.
    pub order: OrderId,
}

/// A run as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its ULID.
    pub uid: String,
    /// What it does.
    pub kind: RunKind,
    /// The operation it was made by; 0 = none.
    pub operation: OperationId,
    /// What that was called then.
    pub operation_name: Option<String>,
    /// The product of the primary lot.
    pub product: ProductId,
    /// The primary lot; 0 = the product is not tracked by lot.
    pub lot: LotId,
    /// The product of the secondary lot; 0 = none.
    pub secondary_product: ProductId,
    /// The secondary lot; 0 = none.
    pub secondary_lot: LotId,
    /// Where it takes from; 0 = not said.
    pub from: LocationId,
    /// Where it brings to; 0 = not said.
    pub to: LocationId,
    /// Where it is in its life.
    pub status: RunStatus,
    /// How much, as entered.
    pub quantity: Quantity,
    /// The unit entered.
    pub unit: UnitId,
    /// How much of the primary lot, in its base unit.
    pub primary_quantity: Quantity,
    /// How much of the secondary lot, in its base unit.
    pub secondary_quantity: Quantity,
    /// The status of the primary lot when it was recorded.
    pub lot_status: LotStatus,
    /// When it began.
    pub started_at: Time,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// The batch of its movements; 0 = it moved nothing.
    pub batch: BatchId,
    /// The first line of its movements.
    pub first_line: i64,
    /// The last line of its movements.
    pub last_line: i64,
    /// The reason; 0 = none.
    pub reason: ReasonId,
    /// The name given to the row of stock.
    pub inventory_name: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Free fields.
    pub spares: [Option<String>; 3],
    /// What it was part of.
    pub link: Link,
    /// What it counts for the order, in the order's unit; less what was undone.
    pub order_counted: Quantity,
    /// The reservation that it takes of, or is going to when it ends; 0 = none.
    pub reservation: ReservationId,
    /// Whether it was written by hand: it moved nothing, and is no part of balances, traces and recalls.
    pub is_note: bool,
    /// Whether scripts call it enabled.
    pub is_enabled: bool,
}

const COLUMNS: &str = "u.id, u.uid, u.kind, u.product, u.lot, u.secondary_product, u.secondary_lot, u.from_location, \
     u.to_location, u.status, u.quantity, u.unit, u.primary_quantity, u.secondary_quantity, u.lot_status, \
     u.started_at, u.ended_at, u.batch, u.first_line, u.last_line, u.reason, u.inventory_name, u.notes, u.spare1, \
     u.spare2, u.spare3, u.operation, u.operation_name, u.process, u.process_record, u.production_order, \
     u.is_note, u.is_enabled, u.order_counted, u.reservation";

fn read(row: &Row<'_>) -> Result<Run, Error> {
    let unknown = |what: &str, code: i64| Error::Internal(format!("run {what} {code} is not known to this version"));
    let (kind, status) = (row.int(2)?, row.int(9)?);
    Ok(Run {
        id: RunId(row.int(0)?),
        uid: row.text(1)?,
        kind: RunKind::from_code(kind).ok_or_else(|| unknown("kind", kind))?,
        product: ProductId(row.int(3)?),
        lot: LotId(row.int(4)?),
        secondary_product: ProductId(row.int(5)?),
        secondary_lot: LotId(row.int(6)?),
        from: LocationId(row.int(7)?),
        to: LocationId(row.int(8)?),
        status: RunStatus::ALL
            .into_iter()
            .find(|found| found.code() == status)
            .ok_or_else(|| unknown("status", status))?,
        quantity: Quantity(row.int(10)?),
        unit: UnitId(row.int(11)?),
        primary_quantity: Quantity(row.int(12)?),
        secondary_quantity: Quantity(row.int(13)?),
        lot_status: status_of(row.int(14)?),
        started_at: Time(row.int(15)?),
        ended_at: row.opt_int(16)?.map(Time),
        batch: BatchId(row.int(17)?),
        first_line: row.int(18)?,
        last_line: row.int(19)?,
        reason: ReasonId(row.int(20)?),
        inventory_name: row.opt_text(21)?,
        notes: row.opt_text(22)?,
        spares: [row.opt_text(23)?, row.opt_text(24)?, row.opt_text(25)?],
        operation: OperationId(row.int(26)?),
        operation_name: row.opt_text(27)?,
        link: Link {
            process: ProcessId(row.int(28)?),
            record: ProcessRecordId(row.int(29)?),
            order: OrderId(row.int(30)?),
        },
        is_note: row.int(31)? != 0,
        is_enabled: row.int(32)? != 0,
        order_counted: Quantity(row.int(33)?),
        reservation: ReservationId(row.int(34)?),
    })
}

fn columns(runs: &[(Run, Stamp)]) -> Rows {
    let ints = |of: fn(&Run) -> i64| Column::Int(runs.iter().map(|(run, _)| of(run)).collect());
    let texts =
        |of: fn(&Run) -> &Option<String>| Column::OptText(runs.iter().map(|(run, _)| of(run).clone()).collect());
    let [at, person] = Stamp::columns(runs.iter().map(|(_, stamp)| *stamp));
    Rows::new(vec![
        ints(|u| u.id.0),
        Column::Text(runs.iter().map(|(run, _)| run.uid.clone()).collect()),
        ints(|u| u.kind.code()),
        ints(|u| u.product.0),
        ints(|u| u.lot.0),
        ints(|u| u.secondary_product.0),
        ints(|u| u.secondary_lot.0),
        ints(|u| u.from.0),
        ints(|u| u.to.0),
        ints(|u| u.status.code()),
        ints(|u| u.quantity.0),
        ints(|u| u.unit.0),
        ints(|u| u.primary_quantity.0),
        ints(|u| u.secondary_quantity.0),
        ints(|u| status_code(u.lot_status)),
        ints(|u| u.started_at.0),
        Column::OptInt(runs.iter().map(|(u, _)| u.ended_at.map(|at| at.0)).collect()),
        ints(|u| u.batch.0),
        ints(|u| u.first_line),
        ints(|u| u.last_line),
        ints(|u| u.reason.0),
        texts(|u| &u.inventory_name),
        texts(|u| &u.notes),
        texts(|u| &u.spares[0]),
        texts(|u| &u.spares[1]),
        texts(|u| &u.spares[2]),
        ints(|u| u.operation.0),
        texts(|u| &u.operation_name),
        ints(|u| u.link.process.0),
        ints(|u| u.link.record.0),
        ints(|u| u.link.order.0),
        ints(|u| i64::from(u.is_note)),
        ints(|u| i64::from(u.is_enabled)),
        ints(|u| u.order_counted.0),
        ints(|u| u.reservation.0),
        at,
        person,
    ])
}

/// Writes runs, each with its stamp: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, runs: &[(Run, Stamp)]) -> Result<(), Error> {
    if runs.is_empty() {
        return Ok(());
    }
    let rows = columns(runs);
    conn.execute(
        "insert into run (tenant, id, uid, kind, operation, operation_name, product, lot, secondary_product, \
         secondary_lot, from_location, to_location, status, quantity, unit, primary_quantity, secondary_quantity, \
         lot_status, started_at, ended_at, batch, first_line, last_line, reason, inventory_name, notes, spare1, \
         spare2, spare3, process, process_record, production_order, is_note, is_enabled, order_counted, \
         reservation, created_at, created_by, modified_at, modified_by) \
         select $1, r.id, r.uid, r.kind, r.operation, r.operation_name, r.product, r.lot, r.secondary_product, r.secondary_lot, \
         r.from_location, r.to_location, r.status, r.quantity, r.unit, r.primary_quantity, r.secondary_quantity, \
         r.lot_status, r.started_at, r.ended_at, r.batch, r.first_line, r.last_line, r.reason, r.inventory_name, \
         r.notes, r.spare1, r.spare2, r.spare3, r.process, r.process_record, r.production_order, \
         r.is_note, r.is_enabled, r.order_counted, r.reservation, r.at, r.person, r.at, r.person \
         from {rows $2 (id bigint, uid text, kind bigint, product bigint, lot bigint, secondary_product bigint, \
         secondary_lot bigint, from_location bigint, to_location bigint, status bigint, quantity bigint, unit bigint, \
         primary_quantity bigint, secondary_quantity bigint, lot_status bigint, started_at bigint, ended_at bigint, \
         batch bigint, first_line bigint, last_line bigint, reason bigint, inventory_name text, notes text, \
         spare1 text, spare2 text, spare3 text, operation bigint, operation_name text, process bigint, \
         process_record bigint, production_order bigint, is_note bigint, is_enabled bigint, \
         order_counted bigint, reservation bigint, at bigint, person bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Ends open runs as these are now: one statement.
pub fn finish(conn: &mut Conn, tenant: TenantId, runs: &[(Run, Stamp)]) -> Result<(), Error> {
    if runs.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Run) -> i64| Column::Int(runs.iter().map(|(run, _)| of(run)).collect());
    let [at, person] = Stamp::columns(runs.iter().map(|(_, stamp)| *stamp));
    let rows = Rows::new(vec![
        ints(|u| u.id.0),
        ints(|u| u.lot.0),
        ints(|u| u.secondary_lot.0),
        ints(|u| u.status.code()),
        ints(|u| u.quantity.0),
        ints(|u| u.primary_quantity.0),
        ints(|u| u.secondary_quantity.0),
        ints(|u| status_code(u.lot_status)),
        Column::OptInt(runs.iter().map(|(run, _)| run.ended_at.map(|at| at.0)).collect()),
        ints(|u| u.batch.0),
        ints(|u| u.first_line),
        ints(|u| u.last_line),
        Column::OptText(runs.iter().map(|(run, _)| run.inventory_name.clone()).collect()),
        ints(|u| u.order_counted.0),
        ints(|u| u.reservation.0),
        at,
        person,
    ]);
    conn.execute(
        "update run set lot = r.lot, secondary_lot = r.secondary_lot, status = r.status, quantity = r.quantity, \
         primary_quantity = r.primary_quantity, secondary_quantity = r.secondary_quantity, \
         lot_status = r.lot_status, ended_at = r.ended_at, batch = r.batch, first_line = r.first_line, \
         last_line = r.last_line, inventory_name = r.inventory_name, order_counted = r.order_counted, \
         reservation = r.reservation, modified_at = r.at, modified_by = r.person \
         from {rows $2 (id bigint, lot bigint, secondary_lot bigint, status bigint, quantity bigint, \
         primary_quantity bigint, secondary_quantity bigint, lot_status bigint, ended_at bigint, batch bigint, \
         first_line bigint, last_line bigint, inventory_name text, order_counted bigint, \
         reservation bigint, at bigint, person bigint) r} \
         where run.tenant = $1 and run.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The runs of these batches that count for an order.
pub fn counted(
    conn: &mut Conn,
    tenant: TenantId,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<Vec<Run>, Error> {
    let rows = Rows::ids(batches.into_iter().map(|batch| batch.0));
    conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join run u where u.tenant = $1 and u.batch = r.id \
             and u.batch > 0 and u.order_counted > 0 order by u.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// Lets runs count so much for their orders from now on: one statement.
pub fn set_counted(conn: &mut Conn, tenant: TenantId, counted: &[(RunId, Quantity)]) -> Result<(), Error> {
    if counted.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(counted.iter().map(|(id, _)| id.0).collect()),
        Column::Int(counted.iter().map(|(_, quantity)| quantity.0).collect()),
    ]);
    conn.execute(
        "update run set order_counted = r.quantity from {rows $2 (id bigint, quantity bigint) r} \
         where run.tenant = $1 and run.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Locks a run until the transaction ends.
pub fn lock(conn: &mut Conn, tenant: TenantId, run: RunId) -> Result<(), Error> {
    let sql = "select id from run where tenant = $1 and id = $2 {for update}";
    conn.one(sql, &[Arg::Int(tenant.0), Arg::Int(run.0)], |row| row.int(0)).map(|_| ())
}

/// Writes what may change of a run that happened: its words, its reason and whether it goes on.
pub fn amend(conn: &mut Conn, tenant: TenantId, run: &Run, at: Time, person: i64) -> Result<(), Error> {
    conn.execute(
        "update run set notes = $3, spare1 = $4, spare2 = $5, spare3 = $6, reason = $7, is_enabled = $8, status = $9, \
         ended_at = $10, modified_at = $11, modified_by = $12 where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(run.id.0),
            Arg::OptText(run.notes.as_deref()),
            Arg::OptText(run.spares[0].as_deref()),
            Arg::OptText(run.spares[1].as_deref()),
            Arg::OptText(run.spares[2].as_deref()),
            Arg::Int(run.reason.0),
            Arg::Int(i64::from(run.is_enabled)),
            Arg::Int(run.status.code()),
            Arg::OptInt(run.ended_at.map(|at| at.0)),
            Arg::Int(at.0),
            Arg::Int(person),
        ],
    )?;
    Ok(())
}

/// Forgets a run that was written by hand.
pub fn delete_note(conn: &mut Conn, tenant: TenantId, id: RunId) -> Result<(), Error> {
    conn.execute(
        "delete from run where tenant = $1 and id = $2 and is_note = 1",
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
    )?;
    Ok(())
}

/// Forgets the runs of a lot that never moved.
pub fn delete_of_lot(conn: &mut Conn, tenant: TenantId, lot: LotId) -> Result<(), Error> {
    conn.execute(
        "delete from run where tenant = $1 and batch = 0 and (lot = $2 or secondary_lot = $2 and secondary_lot > 0)",
        &[Arg::Int(tenant.0), Arg::Int(lot.0)],
    )?;
    Ok(())
}

/// Changes where a run is in its life, and nothing else of it.
pub fn set_status(
    conn: &mut Conn,
    tenant: TenantId,
    (id, status, ended_at): (RunId, RunStatus, Option<Time>),
    at: Time,
    person: i64,
) -> Result<(), Error> {
    conn.execute(
        "update run set status = $3, ended_at = $4, modified_at = $5, modified_by = $6 where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(id.0),
            Arg::Int(status.code()),
            Arg::OptInt(ended_at.map(|at| at.0)),
            Arg::Int(at.0),
            Arg::Int(person),
        ],
    )?;
    Ok(())
}

/// A part of a lot that became a part of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// What went in.
    pub from: LotId,
    /// What came out.
    pub to: LotId,
    /// By which run.
    pub run: RunId,
    /// How much went in, in the base unit of `from`.
    pub from_quantity: Quantity,
    /// How much came out, in the base unit of `to`.
    pub to_quantity: Quantity,
    /// When.
    pub at: Time,
}

/// Writes edges: one statement.
pub fn insert_edges(conn: &mut Conn, tenant: TenantId, edges: &[Edge]) -> Result<(), Error> {
    if edges.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Edge) -> i64| Column::Int(edges.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|e| e.from.0),
        ints(|e| e.to.0),
        ints(|e| e.run.0),
        ints(|e| e.from_quantity.0),
        ints(|e| e.to_quantity.0),
        ints(|e| e.at.0),
    ]);
    conn.execute(
        "insert into lot_edge (tenant, from_lot, to_lot, run, from_quantity, to_quantity, at) \
         select $1, r.from_lot, r.to_lot, r.run, r.from_quantity, r.to_quantity, r.at \
         from {rows $2 (from_lot bigint, to_lot bigint, run bigint, from_quantity bigint, to_quantity bigint, \
         at bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Which runs. All that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// Of this lot, primary or secondary.
    pub lot: Option<LotId>,
    /// Of this operation.
    pub operation: Option<OperationId>,
    /// Of this process.
    pub process: Option<ProcessId>,
    /// For this production order.
    pub order: Option<OrderId>,
    /// Of this kind.
    pub kind: Option<RunKind>,
    /// With this status.
    pub status: Option<RunStatus>,
    /// From or to one of these places.
    pub locations: Option<Vec<LocationId>>,
    /// After this run.
    pub after: RunId,
}

/// Runs in the order of ids.
pub fn page(conn: &mut Conn, tenant: TenantId, filter: &RunFilter, limit: i64) -> Result<Vec<Run>, Error> {
    let mut sql = String::from("u.tenant = $1 and u.id > $2");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(filter.after.0)];
    for (text, number) in [
        ("(u.lot = ? or (u.secondary_lot = ? and u.secondary_lot > 0))", filter.lot.map(|id| id.0)),
        ("u.operation = ? and u.operation > 0", filter.operation.map(|id| id.0)),
        ("u.process = ? and u.process > 0", filter.process.map(|id| id.0)),
        ("u.production_order = ? and u.production_order > 0", filter.order.map(|id| id.0)),
        ("u.kind = ?", filter.kind.map(RunKind::code)),
        ("u.status = ?", filter.status.map(RunStatus::code)),
    ] {
        if let Some(number) = number {
            args.push(Arg::Int(number));
            sql.push_str(" and ");
            sql.push_str(&text.replace('?', &format!("${}", args.len())));
        }
    }
    let places = filter.locations.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        let list = format!("(select r.id from {{rows ${} (id bigint) r}})", args.len());
        sql.push_str(&format!(" and (u.from_location in {list} or u.to_location in {list})"));
    }
    args.push(Arg::Int(limit));
    conn.query(&format!("select {COLUMNS} from run u where {sql} order by u.id limit ${}", args.len()), &args, read)
}

/// The runs with these ids, in their order.
pub fn by_ids(conn: &mut Conn, tenant: TenantId, ids: &[RunId]) -> Result<Vec<Run>, Error> {
    let rows = Rows::ids(ids.iter().map(|id| id.0));
    conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join run u where u.tenant = $1 and u.id = r.id \
             order by u.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// The runs with these ULIDs, in the order of ids.
pub fn by_uids(conn: &mut Conn, tenant: TenantId, uids: impl IntoIterator<Item = String>) -> Result<Vec<Run>, Error> {
    let rows = Rows::texts(uids);
    conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (name text) r}} cross join run u where u.tenant = $1 and u.uid = r.name \
             order by u.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// Runs that were completed and moved something or changed a lot's status, in the order of ids: of this lot, if one is
/// named, and ended in this period, from the first time on and before the second one.
pub fn completed(
    conn: &mut Conn,
    tenant: TenantId,
    lot: Option<LotId>,
    (from, before): (Option<Time>, Option<Time>),
    after: RunId,
    limit: i64,
) -> Result<Vec<Run>, Error> {
    let mut sql =
        String::from("u.tenant = $1 and u.id > $2 and u.status = 2 and u.is_note = 0 and (u.batch > 0 or u.kind = $3)");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(RunKind::StatusChange.code())];
    for (text, number) in [
        ("(u.lot = ? or (u.secondary_lot = ? and u.secondary_lot > 0))", lot.map(|id| id.0)),
        ("coalesce(u.ended_at, u.started_at) >= ?", from.map(|at| at.0)),
        ("coalesce(u.ended_at, u.started_at) < ?", before.map(|at| at.0)),
    ] {
        if let Some(number) = number {
            args.push(Arg::Int(number));
            sql.push_str(" and ");
            sql.push_str(&text.replace('?', &format!("${}", args.len())));
        }
    }
    args.push(Arg::Int(limit));
    conn.query(&format!("select {COLUMNS} from run u where {sql} order by u.id limit ${}", args.len()), &args, read)
}

/// How many runs an operation has.
pub fn count_of_operation(conn: &mut Conn, tenant: TenantId, operation: OperationId) -> Result<i64, Error> {
    let count = conn.one(
        "select count(*) from run u where u.tenant = $1 and u.operation = $2 and u.operation > 0",
        &[Arg::Int(tenant.0), Arg::Int(operation.0)],
        |row| row.int(0),
    )?;
    Ok(count.unwrap_or(0))
}

/// The run with this ULID.
pub fn by_uid(conn: &mut Conn, tenant: TenantId, uid: &str) -> Result<Option<Run>, Error> {
    conn.one(
        &format!("select {COLUMNS} from run u where u.tenant = $1 and u.uid = $2"),
        &[Arg::Int(tenant.0), Arg::Text(uid)],
        read,
    )
}
