//! Processes with their state, and what each did from start to stop.

use std::collections::BTreeMap;

use lotbook_domain::id::{LocationId, OrderId, ProcessId, ProcessRecordId, TenantId};
use lotbook_domain::time::Time;
use lotbook_domain::trigger::{EdgeKind, Memory, Pair};

use super::operation::{read_value, write_value};
use super::run::RunStatus;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// What a process is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub id: ProcessId,
    /// Its ULID.
    pub uid: String,
    /// What it is called.
    pub name: String,
    /// Where it happens.
    pub location: LocationId,
    /// Whether tags start and stop it.
    pub is_triggered: bool,
    /// What starts it.
    pub start: (Option<String>, EdgeKind),
    /// What stops it.
    pub stop: (Option<String>, EdgeKind),
    /// Whether a start ends the record that is open, else it is refused.
    pub stops_previous: bool,
    /// NONE, MANUAL, EXPRESSION or SCHEDULE, and the expression.
    pub order: (String, Option<String>),
    /// The status that a start gives the order.
    pub order_at_start: Option<String>,
    /// The status that a stop gives the order.
    pub order_at_stop: Option<String>,
    /// Whether it may be started.
    pub is_enabled: bool,
    /// Where it is in its life.
    pub state: ProcessState,
}

/// Where a process is in its life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessState {
    /// IDLE, RUNNING, COMPLETED or FAULTED.
    pub status: String,
    /// The open record; 0 = none.
    pub record: ProcessRecordId,
    /// The order it works on; 0 = none.
    pub order: OrderId,
    /// Why it is FAULTED.
    pub fault: Option<String>,
    /// What its start trigger remembers.
    pub start: Memory,
    /// What its stop trigger remembers.
    pub stop: Memory,
}

impl Process {
    /// Its triggers with what they remember.
    pub fn triggers(&self, state: &ProcessState) -> Pair {
        Pair { start: (self.start.1, state.start.clone()), stop: (self.stop.1, state.stop.clone()) }
    }
}

const COLUMNS: &str = "p.id, p.uid, p.name, p.location, p.trigger_source, p.start_expression, p.start_type, \
     p.stop_expression, p.stop_type, p.conflict_strategy, p.order_strategy, p.order_expression, p.start_sets_order, \
     p.start_order_status, p.stop_sets_order, p.stop_order_status, p.is_enabled, p.status, p.current_record, \
     p.current_order, p.fault, p.start_memory, p.stop_memory";

fn read(row: &Row<'_>) -> Result<Process, Error> {
    let edge = |text: &str| {
        EdgeKind::named(text).ok_or_else(|| Error::Internal(format!("the edge {text} is not known to this version")))
    };
    let memory =
        |at: usize| -> Result<Memory, Error> { Ok(Memory(row.opt_text(at)?.and_then(|text| read_value(&text)))) };
    let status_if = |flag: usize, status: usize| -> Result<Option<String>, Error> {
        Ok(if row.int(flag)? == 0 { None } else { Some(row.text(status)?) })
    };
    Ok(Process {
        id: ProcessId(row.int(0)?),
        uid: row.text(1)?,
        name: row.text(2)?,
        location: LocationId(row.int(3)?),
        is_triggered: row.str(4)? == "EXPRESSION",
        start: (row.opt_text(5)?, edge(row.str(6)?)?),
        stop: (row.opt_text(7)?, edge(row.str(8)?)?),
        stops_previous: row.str(9)? == "STOP_PREVIOUS",
        order: (row.text(10)?, row.opt_text(11)?),
        order_at_start: status_if(12, 13)?,
        order_at_stop: status_if(14, 15)?,
        is_enabled: row.int(16)? != 0,
        state: ProcessState {
            status: row.text(17)?,
            record: ProcessRecordId(row.int(18)?),
            order: OrderId(row.int(19)?),
            fault: row.opt_text(20)?,
            start: memory(21)?,
            stop: memory(22)?,
        },
    })
}

/// The processes with these ids, in their order.
pub fn by_ids(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = ProcessId>,
) -> Result<Vec<Process>, Error> {
    select(conn, tenant, ids, "")
}

/// The processes with these ids, to be changed, in the order of ids.
pub fn lock(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = ProcessId>,
) -> Result<Vec<Process>, Error> {
    select(conn, tenant, ids, "{for update}")
}

fn select(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = ProcessId>,
    lock: &str,
) -> Result<Vec<Process>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        &format!(
            "select {COLUMNS} from process p where p.tenant = $1 \
             and p.id in (select r.id from {{rows $2 (id bigint) r}}) order by p.id {lock}"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// All processes that tags start and stop, those included that were disabled while they ran.
pub fn armed(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Process>, Error> {
    conn.query(
        &format!(
            "select {COLUMNS} from process p where p.tenant = $1 and (p.is_enabled = 1 or p.current_record > 0) \
             and p.trigger_source = 'EXPRESSION' order by p.id"
        ),
        &[Arg::Int(tenant.0)],
        read,
    )
}

/// Writes the states of processes: one statement. Their versions stay.
pub fn save_states(conn: &mut Conn, tenant: TenantId, states: &BTreeMap<ProcessId, ProcessState>) -> Result<(), Error> {
    if states.is_empty() {
        return Ok(());
    }
    let memory = |of: fn(&ProcessState) -> &Memory| {
        Column::OptText(states.values().map(|state| of(state).0.as_ref().map(write_value)).collect())
    };
    let rows = Rows::new(vec![
        Column::Int(states.keys().map(|id| id.0).collect()),
        Column::Text(states.values().map(|state| state.status.clone()).collect()),
        Column::Int(states.values().map(|state| state.record.0).collect()),
        Column::Int(states.values().map(|state| state.order.0).collect()),
        Column::OptText(states.values().map(|state| state.fault.clone()).collect()),
        memory(|state| &state.start),
        memory(|state| &state.stop),
    ]);
    conn.execute(
        "update process set status = r.status, current_record = r.record, current_order = r.production_order, \
         fault = r.fault, start_memory = r.start_memory, stop_memory = r.stop_memory \
         from {rows $2 (id bigint, status text, record bigint, production_order bigint, fault text, \
         start_memory text, stop_memory text) r} \
         where process.tenant = $1 and process.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Forgets what the triggers of a process remember, so that the next value is only remembered.
pub fn forget(conn: &mut Conn, tenant: TenantId, id: ProcessId) -> Result<(), Error> {
    conn.execute(
        "update process set start_memory = null, stop_memory = null where tenant = $1 and id = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
    )?;
    Ok(())
}

/// A process from one start to its stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: ProcessRecordId,
    /// Its ULID.
    pub uid: String,
    /// Which process.
    pub process: ProcessId,
    /// What that was called then.
    pub name: String,
    /// Where.
    pub location: LocationId,
    /// For which order; 0 = none.
    pub order: OrderId,
    /// Where it is in its life.
    pub status: RunStatus,
    /// When it began.
    pub started_at: Time,
    /// When it ended.
    pub ended_at: Option<Time>,
}

const RECORD: &str =
    "c.id, c.uid, c.process, c.name, c.location, c.production_order, c.status, c.started_at, c.ended_at";

fn read_record(row: &Row<'_>) -> Result<Record, Error> {
    let status = row.int(6)?;
    Ok(Record {
        id: ProcessRecordId(row.int(0)?),
        uid: row.text(1)?,
        process: ProcessId(row.int(2)?),
        name: row.text(3)?,
        location: LocationId(row.int(4)?),
        order: OrderId(row.int(5)?),
        status: RunStatus::ALL
            .into_iter()
            .find(|found| found.code() == status)
            .ok_or_else(|| Error::Internal(format!("record status {status} is not known to this version")))?,
        started_at: Time(row.int(7)?),
        ended_at: row.opt_int(8)?.map(Time),
    })
}

/// Opens a record.
pub fn open_record(conn: &mut Conn, tenant: TenantId, record: &Record, at: Time, person: i64) -> Result<(), Error> {
    conn.execute(
        "insert into process_record (tenant, id, uid, process, name, location, production_order, status, started_at, \
         ended_at, created_at, created_by, modified_at, modified_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10, $11, $10, $11)",
        &[
            Arg::Int(tenant.0),
            Arg::Int(record.id.0),
            Arg::Text(&record.uid),
            Arg::Int(record.process.0),
            Arg::Text(&record.name),
            Arg::Int(record.location.0),
            Arg::Int(record.order.0),
            Arg::Int(record.status.code()),
            Arg::Int(record.started_at.0),
            Arg::Int(at.0),
            Arg::Int(person),
        ],
    )?;
    Ok(())
}

/// Changes the order, the status and the end of a record.
pub fn change_record(conn: &mut Conn, tenant: TenantId, record: &Record, at: Time, person: i64) -> Result<(), Error> {
    conn.execute(
        "update process_record set production_order = $3, status = $4, ended_at = $5, modified_at = $6, \
         modified_by = $7 where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(record.id.0),
            Arg::Int(record.order.0),
            Arg::Int(record.status.code()),
            Arg::OptInt(record.ended_at.map(|at| at.0)),
            Arg::Int(at.0),
            Arg::Int(person),
        ],
    )?;
    Ok(())
}

/// Which records. All that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct RecordFilter {
    /// Of this process.
    pub process: Option<ProcessId>,
    /// For this order.
    pub order: Option<OrderId>,
    /// With this status.
    pub status: Option<RunStatus>,
    /// After this record.
    pub after: ProcessRecordId,
}

/// Records in the order of ids.
pub fn records(conn: &mut Conn, tenant: TenantId, filter: &RecordFilter, limit: i64) -> Result<Vec<Record>, Error> {
    let mut sql = String::from("c.tenant = $1 and c.id > $2");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(filter.after.0)];
    for (text, number) in [
        ("c.process = ?", filter.process.map(|id| id.0)),
        ("c.production_order = ? and c.production_order > 0", filter.order.map(|id| id.0)),
        ("c.status = ?", filter.status.map(RunStatus::code)),
    ] {
        if let Some(number) = number {
            args.push(Arg::Int(number));
            sql.push_str(" and ");
            sql.push_str(&text.replace('?', &format!("${}", args.len())));
        }
    }
    args.push(Arg::Int(limit));
    let sql = format!("select {RECORD} from process_record c where {sql} order by c.id limit ${}", args.len());
    conn.query(&sql, &args, read_record)
}

/// The records with these ids, in their order.
pub fn records_by_ids(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = ProcessRecordId>,
) -> Result<Vec<Record>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        &format!(
            "select {RECORD} from {{rows $2 (id bigint) r}} cross join process_record c \
             where c.tenant = $1 and c.id = r.id order by c.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read_record,
    )
}

/// The record with this ULID.
pub fn record_by_uid(conn: &mut Conn, tenant: TenantId, uid: &str) -> Result<Option<Record>, Error> {
    conn.one(
        &format!("select {RECORD} from process_record c where c.tenant = $1 and c.uid = $2"),
        &[Arg::Int(tenant.0), Arg::Text(uid)],
        read_record,
    )
}
