//! Tags: what machines say, and the operations that it starts and stops.
//!
//! A value, what triggers make of it and what they start or stop are one transaction. So an edge is seen
//! once, whenever the power fails, and needs no queue of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use lotbook_domain::expression::{Expression, Reading, Value};
use lotbook_domain::id::{OperationId, ProcessId, TenantId};
use lotbook_domain::time::Time;
use lotbook_domain::trigger::Act;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::operation::{Around, ahead_of_utc, trigger};
use super::process::{Parts, trigger_process};
use super::tags_of;
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::operation::{Operation, State, Tag};
use crate::table::process::{Process, ProcessState};
use crate::write::{Change, Tx};

/// So many samples are taken at once at most.
pub const SAMPLES_MAX: usize = 100_000;

/// What a tag said at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Which tag: `[provider]Path/To/Tag`.
    pub path: String,
    /// What it said, and how far that can be trusted.
    pub reading: Reading,
    /// When.
    pub at: Time,
    /// Whether that is only when it arrived: then it follows what its tag said last, also where the clock
    /// was set back meanwhile.
    pub is_arrival: bool,
}

/// Takes what tags say, in the order of time; a sample that is older than what its tag said last is
/// ignored. Operations and processes whose triggers see an edge start or stop; one that cannot is FAULTED and says why.
///
/// Errors: [`Error::Invalid`] `tooMany`. Cost: four statements, and those of the operations that start or
/// stop.
pub struct SetTags {
    /// The samples.
    pub samples: Vec<Sample>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsSet {
    /// How many samples were taken.
    pub accepted: i64,
    /// How many were older than what was known.
    pub ignored: i64,
}

impl Change for SetTags {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if self.samples.len() > SAMPLES_MAX {
            let message = format!("{} samples are too many; send at most {SAMPLES_MAX} at once", self.samples.len());
            return Err(Error::Invalid(vec![Violation::new("", "tooMany", message)]));
        }
        self.samples.sort_by_key(|sample| sample.at);
        let armed = tx.engine.armed.get(tx.conn, tx.tenant)?;
        let said: BTreeSet<&str> = self.samples.iter().map(|sample| sample.path.as_str()).collect();
        let concerned: BTreeSet<OperationId> =
            said.iter().filter_map(|path| armed.by_tag.get(*path)).flatten().copied().collect();
        let concerned_processes: BTreeSet<ProcessId> =
            said.iter().filter_map(|path| armed.processes_by_tag.get(*path)).flatten().copied().collect();
        // One statement for all that may change, another for all that is known.
        let mut processes: BTreeMap<ProcessId, (Process, ProcessState)> =
            table::process::lock(tx.conn, tx.tenant, concerned_processes.iter().copied())?
                .into_iter()
                .map(|process| (process.id, (process.clone(), process.state)))
                .collect();
        let started_with = table::operation::of_parents(tx.conn, tx.tenant, processes.keys().copied())?;
        let mut parts = Parts::lock(tx, concerned.into_iter().chain(started_with).collect())?;
        let mut wanted: BTreeSet<String> = said.iter().map(|path| (*path).to_owned()).collect();
        wanted.extend(concerned_processes.iter().flat_map(|id| armed.processes[id].tags.iter().cloned()));
        for (id, (operation, _)) in &parts.operations {
            match armed.operations.get(id) {
                Some(armed) => wanted.extend(armed.tags.iter().cloned()),
                None => wanted.extend(tags_of(operation)),
            }
        }
        let mut tags = table::operation::tags(tx.conn, tx.tenant, wanted.iter().map(String::as_str))?;
        let is_idle = parts.operations.is_empty() && processes.is_empty();
        let ahead = if is_idle { 0 } else { ahead_of_utc(tx)? };
        let mut answer = TagsSet::default();
        let mut changed_tags = BTreeMap::new();
        let mut changed_processes = BTreeSet::new();
        // It may have to run again: what was sent stays.
        for sample in &self.samples {
            let mut at = sample.at;
            if let Some(known) = tags.get(&sample.path).filter(|known| known.at > at) {
                if !sample.is_arrival {
                    answer.ignored += 1;
                    continue;
                }
                at = known.at;
            }
            answer.accepted += 1;
            let tag = Tag { reading: sample.reading.clone(), at };
            let concerned = armed.by_tag.get(&sample.path).cloned().unwrap_or_default();
            let concerned_processes = armed.processes_by_tag.get(&sample.path).cloned().unwrap_or_default();
            let now = tx.now;
            let time_of = |follows_clock: bool| if follows_clock { at.max(now) } else { at };
            // What a new trigger is compared with is what tags said until now.
            for id in &concerned_processes {
                let Some((process, state)) = processes.get_mut(id) else { continue };
                let armed = &armed.processes[id];
                let around = Around { tags: &tags, now: time_of(armed.follows_clock), ahead };
                let mut pair = process.triggers(state);
                pair.begin(|| armed.start.evaluate(&around), || armed.stop.evaluate(&around));
                if (&state.start, &state.stop) != (&pair.start.1, &pair.stop.1) {
                    (state.start, state.stop) = (pair.start.1, pair.stop.1);
                    changed_processes.insert(*id);
                }
            }
            for id in &concerned {
                let Some((operation, state)) = parts.operations.get_mut(id) else { continue };
                let armed = &armed.operations[id];
                let around = Around { tags: &tags, now: time_of(armed.follows_clock), ahead };
                if begin(armed, operation, state, &around) {
                    parts.changed.insert(*id);
                }
            }
            tags.insert(sample.path.clone(), tag.clone());
            changed_tags.insert(sample.path.clone(), tag);
            for id in concerned_processes {
                let Some((process, state)) = processes.get_mut(&id) else { continue };
                let before = state.clone();
                let mut pair = process.triggers(state);
                let ArmedProcess { start, stop, follows_clock, .. } = &armed.processes[&id];
                let around = Around { tags: &tags, now: time_of(*follows_clock), ahead };
                let act = pair.see(&start.evaluate(&around), &stop.evaluate(&around), state.record.0 != 0);
                (state.start, state.stop) = (pair.start.1, pair.stop.1);
                if let Some(act) = act.filter(|act| *act == Act::Stop || process.is_enabled) {
                    *state = trigger_process(tx, process, state.clone(), (act, at), &mut parts, &tags)?;
                }
                if *state != before {
                    changed_processes.insert(id);
                }
            }
            for id in concerned {
                let Some((operation, state)) = parts.operations.get_mut(&id) else { continue };
                let around = Around { tags: &tags, now: time_of(armed.operations[&id].follows_clock), ahead };
                let seen = see(&armed.operations[&id], operation, state, &around);
                if seen.is_changed {
                    parts.changed.insert(id);
                }
                if let Some(act) = seen.act.filter(|act| *act == Act::Stop || operation.is_enabled) {
                    *state = trigger(tx, operation, state.clone(), act, at, Some(&tags))?;
                }
            }
        }
        table::operation::save_tags(tx.conn, tx.tenant, &changed_tags)?;
        parts.save(tx)?;
        let states: BTreeMap<ProcessId, ProcessState> = processes
            .into_iter()
            .filter(|(id, _)| changed_processes.contains(id))
            .map(|(id, (_, state))| (id, state))
            .collect();
        table::process::save_states(tx.conn, tx.tenant, &states)?;
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }

    fn may_share(&self) -> bool {
        self.samples.len() <= 1_000
    }
}

/// Shows the triggers of an operation that remember nothing what their expressions say; whether they do now.
fn begin(armed: &ArmedOperation, operation: &Operation, state: &mut State, around: &Around<'_>) -> bool {
    let (Some(start), Some(stop)) = (&armed.start, &armed.stop) else { return false };
    let before = (state.start.clone(), state.stop.clone());
    let mut pair = operation.triggers();
    (pair.start.1, pair.stop.1) = before.clone();
    pair.begin(|| start.evaluate(around), || stop.evaluate(around));
    (state.start, state.stop) = (pair.start.1, pair.stop.1);
    (&state.start, &state.stop) != (&before.0, &before.1)
}

/// What a sample means for an operation.
struct Seen {
    is_changed: bool,
    act: Option<Act>,
}

/// Shows an operation what its expressions say now.
fn see(armed: &ArmedOperation, operation: &Operation, state: &mut State, around: &Around<'_>) -> Seen {
    let before = state.clone();
    let mut act = None;
    if let (Some(start), Some(stop)) = (&armed.start, &armed.stop) {
        let mut pair = operation.triggers();
        (pair.start.1, pair.stop.1) = (state.start.clone(), state.stop.clone());
        act = pair.see(&start.evaluate(around), &stop.evaluate(around), state.is_open());
        (state.start, state.stop) = (pair.start.1, pair.stop.1);
    }
    // A counter is read at every change, for between two readings more than one wrap cannot be told.
    if state.is_open()
        && act != Some(Act::Stop)
        && let (Some(counter), Some(quantity)) = (&mut state.counter, &armed.quantity)
        && let Some(number) = quantity.evaluate(around).usable().and_then(Value::number)
    {
        let mut next = *counter;
        if next.read(number).is_ok() {
            *counter = next;
        }
    }
    Seen { is_changed: act.is_some() || *state != before, act }
}

/// An operation that tags concern, with its expressions read.
pub(super) struct ArmedOperation {
    pub(super) start: Option<Expression>,
    pub(super) stop: Option<Expression>,
    quantity: Option<Expression>,
    tags: BTreeSet<String>,
    /// Whether its triggers may see an edge while no tag changes.
    follows_clock: bool,
}

/// A process that tags start and stop, with its expressions read.
pub(super) struct ArmedProcess {
    pub(super) start: Expression,
    pub(super) stop: Expression,
    pub(super) tags: BTreeSet<String>,
    follows_clock: bool,
}

/// Which tags concern which operations and processes, as of one catalog version.
#[derive(Default)]
pub(crate) struct Armed {
    version: i64,
    pub(super) operations: HashMap<OperationId, ArmedOperation>,
    by_tag: HashMap<String, BTreeSet<OperationId>>,
    pub(super) processes: HashMap<ProcessId, ArmedProcess>,
    processes_by_tag: HashMap<String, BTreeSet<ProcessId>>,
    /// Those that follow the clock.
    pub(super) by_clock: BTreeSet<OperationId>,
    /// The same of processes.
    pub(super) processes_by_clock: BTreeSet<ProcessId>,
}

/// Keeps [`Armed`] for each tenant until its catalog changes.
#[derive(Default)]
pub(crate) struct Arsenal(Mutex<HashMap<TenantId, Arc<Armed>>>);

impl Arsenal {
    pub(super) fn get(&self, conn: &mut Conn, tenant: TenantId) -> Result<Arc<Armed>, Error> {
        let version = table::catalog::version(conn, tenant)?;
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned();
        if let Some(armed) = known.filter(|armed| armed.version == version) {
            return Ok(armed);
        }
        let mut armed = Armed { version, ..Armed::default() };
        for operation in table::operation::armed(conn, tenant)? {
            let parse = |text: &Option<String>| text.as_deref().and_then(|text| Expression::parse(text).ok());
            let by_trigger = operation.trigger_source == "EXPRESSION";
            let (start, stop) =
                if by_trigger { (parse(&operation.start.0), parse(&operation.stop.0)) } else { (None, None) };
            let quantity = if operation.quantity.0 == "EXPRESSION" { parse(&operation.quantity.1) } else { None };
            let watched = [&start, &stop, &quantity].into_iter().flatten().flat_map(Expression::tags);
            for tag in watched {
                armed.by_tag.entry(tag.clone()).or_default().insert(operation.id);
            }
            let tags = tags_of(&operation);
            let follows_clock = [&start, &stop].into_iter().flatten().any(Expression::follows_clock);
            if follows_clock && start.is_some() && stop.is_some() {
                armed.by_clock.insert(operation.id);
            }
            armed.operations.insert(operation.id, ArmedOperation { start, stop, quantity, tags, follows_clock });
        }
        for process in table::process::armed(conn, tenant)? {
            let parse = |text: &Option<String>| text.as_deref().and_then(|text| Expression::parse(text).ok());
            let (Some(start), Some(stop)) = (parse(&process.start.0), parse(&process.stop.0)) else { continue };
            let mut tags: BTreeSet<String> = [&start, &stop].into_iter().flat_map(Expression::tags).cloned().collect();
            for tag in &tags {
                armed.processes_by_tag.entry(tag.clone()).or_default().insert(process.id);
            }
            tags.extend(parse(&process.order.1).iter().flat_map(Expression::tags).cloned());
            let follows_clock = start.follows_clock() || stop.follows_clock();
            if follows_clock {
                armed.processes_by_clock.insert(process.id);
            }
            armed.processes.insert(process.id, ArmedProcess { start, stop, tags, follows_clock });
        }
        let armed = Arc::new(armed);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant, Arc::clone(&armed));
        Ok(armed)
    }
}
