//! Processes: started and stopped, with the operations that are part of them.
//!
//! A process, its record, the order's status and the operations whose trigger is PARENT change in one
//! transaction. An operation that cannot start or stop is FAULTED and says why; its process goes on.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::expression::{Expression, Value};
use lotbook_domain::id::{OperationId, OrderId, ProcessId, ProcessRecordId};
use lotbook_domain::time::Time;
use lotbook_domain::trigger::Act;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use super::operation::{Around, ahead_of_utc, too_far_ahead, trigger};
use crate::error::Error;
use crate::table;
use crate::table::operation::{Operation, State, Tag};
use crate::table::process::{Process, ProcessState, Record};
use crate::table::run::RunStatus;
use crate::thing::kinds;
use crate::thing::reference::{Found, Reference, find, resolve};
use crate::write::{Change, Tx};

/// What is done with a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessVerb {
    /// Opens a record, for this order; `None` = the one that its strategy finds, or that was set.
    Start(Option<Reference>),
    /// Ends the open record.
    Stop,
    /// Sets the order that it works on; an open record is for it, too. `None` = none.
    SetOrder(Option<Reference>),
}

/// Starts or stops a process, or sets its order.
///
/// Errors: [`Error::NotFound`] the process or the order; [`Error::Refused`] `wrongState`, `disabled`;
/// [`Error::Invalid`] for a time or an expression that is of no use; forbidden where its location is out of
/// reach. Cost: a handful of statements, and those of the operations that start or stop with it.
pub struct OperateProcess {
    /// Which process.
    pub process: Reference,
    /// What.
    pub verb: ProcessVerb,
    /// When; `None` = now.
    pub at: Option<Time>,
    /// Where the one who asks may act.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessOperated {
    /// The process.
    pub process: i64,
    /// Where it is in its life now.
    pub status: String,
    /// The record that was opened, ended or changed; 0 = none.
    pub record: i64,
    /// The order that it works on; 0 = none.
    pub order: i64,
    /// The operations that started or stopped with it, with their status, and why one is FAULTED.
    pub operations: Vec<(i64, String, Option<String>)>,
}

/// Operations that may start and stop with processes, locked, with their states as they change.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) operations: BTreeMap<OperationId, (Operation, State)>,
    pub(super) changed: BTreeSet<OperationId>,
}

impl Parts {
    /// Locks operations, by their ids.
    pub(super) fn lock(tx: &mut Tx<'_>, ids: BTreeSet<OperationId>) -> Result<Self, Error> {
        let operations = table::operation::lock(tx.conn, tx.tenant, ids)?
            .into_iter()
            .map(|operation| (operation.id, (operation.clone(), operation.state)))
            .collect();
        Ok(Self { operations, changed: BTreeSet::new() })
    }

    /// Keeps what changed.
    pub(super) fn save(self, tx: &mut Tx<'_>) -> Result<Vec<(i64, String, Option<String>)>, Error> {
        let Self { operations, changed } = self;
        let states: BTreeMap<OperationId, State> =
            operations.into_iter().filter(|(id, _)| changed.contains(id)).map(|(id, (_, state))| (id, state)).collect();
        table::operation::save_states(tx.conn, tx.tenant, &states, tx.now)?;
        Ok(states.into_iter().map(|(id, state)| (id.0, state.status, state.fault)).collect())
    }
}

impl Change for OperateProcess {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let id = ProcessId(find(tx.conn, tx.tenant, &kinds::PROCESSES, &self.process, 0)?);
        let process = table::process::lock(tx.conn, tx.tenant, [id])?
            .pop()
            .ok_or_else(|| Error::not_found("process", &self.process))?;
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        if !self.reach.includes(structure.catalog.locations.org_unit_of(process.location)) {
            let message = format!("the process {} belongs to an org unit where you may not do this", process.name);
            return Err(Error::Forbidden { message });
        }
        if let Some(message) = self.at.and_then(|at| too_far_ahead(&structure.settings, tx.now, at)) {
            return Err(invalid("at", "inTheFuture", &message));
        }
        let at = self.at.unwrap_or(tx.now);
        let order = match &self.verb {
            ProcessVerb::Start(Some(order)) | ProcessVerb::SetOrder(Some(order)) => {
                Some(OrderId(find(tx.conn, tx.tenant, &kinds::PRODUCTION_ORDERS, order, 0)?))
            }
            _ => None,
        };
        let mut parts = Parts::default();
        if !matches!(self.verb, ProcessVerb::SetOrder(_)) {
            let ids = table::operation::of_parents(tx.conn, tx.tenant, [id])?;
            parts = Parts::lock(tx, ids.into_iter().collect())?;
        }
        let before = process.state.clone();
        let (verb, state) = match &self.verb {
            ProcessVerb::Start(_) => ("start", start(tx, &process, before, order, at, &mut parts, None)?),
            ProcessVerb::Stop => ("stop", stop(tx, &process, before, at, &mut parts, None)?),
            ProcessVerb::SetOrder(_) => ("setOrder", set_order(tx, before, order.unwrap_or_default())?),
        };
        let record = if state.record.0 == 0 { process.state.record } else { state.record };
        let operations = parts.save(tx)?;
        table::process::save_states(tx.conn, tx.tenant, &BTreeMap::from([(id, state.clone())]))?;
        tx.audit(verb, format!("process {id}"), None);
        let answer =
            ProcessOperated { process: id.0, status: state.status, record: record.0, order: state.order.0, operations };
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }
}

type Tags = BTreeMap<String, Tag>;

/// Opens a record, then starts the operations that are part of it; answers the state, which the caller
/// keeps as well.
pub(super) fn start(
    tx: &mut Tx<'_>,
    process: &Process,
    mut state: ProcessState,
    order: Option<OrderId>,
    at: Time,
    parts: &mut Parts,
    tags: Option<&Tags>,
) -> Result<ProcessState, Error> {
    if !process.is_enabled {
        let message = format!("the process {} is disabled; enable it first", process.name);
        return Err(Error::refused("disabled", message));
    }
    if state.record.0 != 0 && !process.stops_previous {
        let message = format!("the process {} runs already; stop it first", process.name);
        return Err(Error::refused("wrongState", message));
    }
    // Found before anything is ended, for it may not be there.
    let order = match order {
        Some(order) => order,
        None => find_order(tx, process, &state, at, tags)?,
    };
    if state.record.0 != 0 {
        state = stop(tx, process, state, at, parts, tags)?;
    }
    let record = Record {
        id: ProcessRecordId(tx.ids("processRecord", 1)?),
        uid: tx.uid(),
        process: process.id,
        name: process.name.clone(),
        location: process.location,
        order,
        status: RunStatus::Running,
        started_at: at,
        ended_at: None,
    };
    table::process::open_record(tx.conn, tx.tenant, &record, tx.now, tx.person.0)?;
    if let Some(status) = process.order_at_start.as_deref().filter(|_| order.0 != 0) {
        table::production_order::set_status(tx.conn, tx.tenant, (order, status), tx.now, tx.person.0)?;
    }
    let state = ProcessState { status: "RUNNING".to_owned(), record: record.id, order, fault: None, ..state };
    // The operations look for the record and the order.
    table::process::save_states(tx.conn, tx.tenant, &BTreeMap::from([(process.id, state.clone())]))?;
    trigger_parts(tx, process.id, Act::Start, at, parts, tags)?;
    Ok(state)
}

/// Stops the operations that are part of it, then ends the open record.
pub(super) fn stop(
    tx: &mut Tx<'_>,
    process: &Process,
    state: ProcessState,
    at: Time,
    parts: &mut Parts,
    tags: Option<&Tags>,
) -> Result<ProcessState, Error> {
    if state.record.0 == 0 {
        let message = format!("the process {} does not run; start it first", process.name);
        return Err(Error::refused("wrongState", message));
    }
    let mut record = open_record(tx, &state)?;
    if at < record.started_at {
        let message = format!("{at} is before the start, {}", record.started_at);
        return Err(invalid("at", "beforeStart", &message));
    }
    trigger_parts(tx, process.id, Act::Stop, at, parts, tags)?;
    (record.status, record.ended_at) = (RunStatus::Completed, Some(at));
    table::process::change_record(tx.conn, tx.tenant, &record, tx.now, tx.person.0)?;
    if let Some(status) = process.order_at_stop.as_deref().filter(|_| record.order.0 != 0) {
        table::production_order::set_status(tx.conn, tx.tenant, (record.order, status), tx.now, tx.person.0)?;
    }
    Ok(ProcessState { status: "COMPLETED".to_owned(), record: ProcessRecordId(0), fault: None, ..state })
}

fn set_order(tx: &mut Tx<'_>, state: ProcessState, order: OrderId) -> Result<ProcessState, Error> {
    if state.record.0 != 0 {
        let record = Record { order, ..open_record(tx, &state)? };
        table::process::change_record(tx.conn, tx.tenant, &record, tx.now, tx.person.0)?;
    }
    Ok(ProcessState { order, ..state })
}

fn open_record(tx: &mut Tx<'_>, state: &ProcessState) -> Result<Record, Error> {
    table::process::records_by_ids(tx.conn, tx.tenant, [state.record])?
        .pop()
        .ok_or_else(|| Error::Internal(format!("the open record {} is gone", state.record)))
}

/// Starts or stops at an edge. What is in the way makes it FAULTED, and nothing else changes.
pub(super) fn trigger_process(
    tx: &mut Tx<'_>,
    process: &Process,
    state: ProcessState,
    (act, at): (Act, Time),
    parts: &mut Parts,
    tags: &Tags,
) -> Result<ProcessState, Error> {
    let before = state.clone();
    let done = match act {
        Act::Start => start(tx, process, state, None, at, parts, Some(tags)),
        Act::Stop => {
            // A machine's clock may have been set back.
            let at = at.max(open_record(tx, &state)?.started_at);
            stop(tx, process, state, at, parts, Some(tags))
        }
    };
    let faulted = |fault: String| {
        let what = if act == Act::Start { "start" } else { "stop" };
        let detail = format!("could not {what} by its trigger at {at}: {fault}");
        tx.audit("fault", format!("process {}", process.id), Some(detail));
        Ok(ProcessState { status: "FAULTED".to_owned(), fault: Some(fault), ..before })
    };
    match done {
        Err(Error::Invalid(faults)) => {
            let told: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
            faulted(told.join("; "))
        }
        Err(Error::Refused { message, .. }) => faulted(message),
        done => done,
    }
}

fn trigger_parts(
    tx: &mut Tx<'_>,
    process: ProcessId,
    act: Act,
    at: Time,
    parts: &mut Parts,
    tags: Option<&Tags>,
) -> Result<(), Error> {
    let Parts { operations, changed } = parts;
    for (id, (operation, state)) in operations {
        let is_due = match act {
            Act::Start => operation.is_enabled && !state.is_open(),
            Act::Stop => state.is_open(),
        };
        if operation.process == process && operation.trigger_source == "PARENT" && is_due {
            *state = trigger(tx, operation, state.clone(), act, at, tags)?;
            changed.insert(*id);
        }
    }
    Ok(())
}

/// The order that a start is for when it names none; 0 = none.
fn find_order(
    tx: &mut Tx<'_>,
    process: &Process,
    state: &ProcessState,
    at: Time,
    tags: Option<&Tags>,
) -> Result<OrderId, Error> {
    match (process.order.0.as_str(), &process.order.1) {
        ("EXPRESSION", Some(text)) => by_expression(tx, text, at, tags),
        ("SCHEDULE", _) => {
            Ok(table::production_order::next_at(tx.conn, tx.tenant, process.location)?.unwrap_or(state.order))
        }
        _ => Ok(state.order),
    }
}

fn by_expression(tx: &mut Tx<'_>, text: &str, at: Time, tags: Option<&Tags>) -> Result<OrderId, Error> {
    const FIELD: &str = "productionOrderExpression";
    let expression = Expression::parse(text).map_err(|fault| invalid(FIELD, "wrongExpression", &fault.to_string()))?;
    let own;
    let tags = if let Some(tags) = tags {
        tags
    } else {
        own = table::operation::tags(tx.conn, tx.tenant, expression.tags().iter().map(String::as_str))?;
        &own
    };
    let ahead = ahead_of_utc(tx)?;
    let reading = expression.evaluate(&Around { tags, now: at, ahead });
    let name = match reading.usable() {
        Some(Value::Text(text)) if text.trim().is_empty() => return Ok(OrderId(0)),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(value) => {
            let message = format!("is {}; it has to name a production order", value.noun());
            return Err(invalid(FIELD, "wrongType", &message));
        }
        None => return Err(invalid(FIELD, "noReading", &reading.complaint())),
    };
    let reference = Reference::Text(name.clone());
    match resolve(tx.conn, tx.tenant, &kinds::PRODUCTION_ORDERS, &[(&reference, 0)])?[0] {
        Found::One(id) => Ok(OrderId(id)),
        Found::None | Found::Several => {
            Err(invalid(FIELD, "unknownOrder", &format!("there is no production order {name}")))
        }
    }
}

fn invalid(field: &'static str, code: &'static str, message: &str) -> Error {
    Error::Invalid(vec![Violation::new(field, code, message)])
}
