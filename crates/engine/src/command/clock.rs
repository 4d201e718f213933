//! The clock: triggers that say `now()` see edges while no tag changes, and are looked at again and again.
//!
//! A look reads; only where it sees an edge, or something new to remember, is there a change, which looks once more
//! with the operations locked. So hours in which nothing happens write nothing, and servers that share a database
//! see each edge once.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::expression::Expression;
use lotbook_domain::id::{ProcessId, TenantId};
use lotbook_domain::time::Time;
use lotbook_domain::trigger::{Act, Pair};

use super::operation::{Around, ahead_of_utc, trigger};
use super::process::{Parts, trigger_process};
use super::tag::Armed;
use crate::engine::Engine;
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::operation::{Operation, State, Tag};
use crate::table::process::{Process, ProcessState};
use crate::write::{Change, Tx};
use crate::zone;

/// Counts every change of any tenant's catalog, so that [`clocks`] need not be asked again before: one statement.
pub fn clocks_version(conn: &mut Conn) -> Result<(i64, i64), Error> {
    let found =
        conn.one("select count(*), cast(coalesce(sum(catalog_version), 0) as bigint) from tenant", &[], |row| {
            Ok((row.int(0)?, row.int(1)?))
        })?;
    Ok(found.unwrap_or_default())
}

/// The tenants that have a trigger which follows the clock, each with how often it is looked at, in milliseconds.
/// Cost: a statement over all operations and processes, and some for each tenant found.
pub fn clocks(engine: &Engine, conn: &mut Conn) -> Result<BTreeMap<TenantId, i64>, Error> {
    let says_now = "(lower(coalesce(x.start_expression, '')) like '%now%' \
         or lower(coalesce(x.stop_expression, '')) like '%now%') and x.trigger_source = 'EXPRESSION'";
    let found = conn.query(
        &format!(
            "select x.tenant from operation x where {says_now} union select x.tenant from process x where {says_now}"
        ),
        &[],
        |row| Ok(TenantId(row.int(0)?)),
    )?;
    let mut clocks = BTreeMap::new();
    for tenant in found {
        let armed = engine.armed.get(conn, tenant)?;
        if !armed.by_clock.is_empty() || !armed.processes_by_clock.is_empty() {
            let structure = engine.structure(conn, tenant)?;
            clocks.insert(tenant, structure.settings.whole("mes.evaluationIntervalMs"));
        }
    }
    Ok(clocks)
}

/// Whether a trigger that follows the clock has something to do, or to remember. At most four statements.
pub fn is_due(engine: &Engine, conn: &mut Conn, tenant: TenantId, now: Time) -> Result<bool, Error> {
    let armed = engine.armed.get(conn, tenant)?;
    let operations = table::operation::by_ids(conn, tenant, armed.by_clock.iter().copied())?;
    let processes = table::process::by_ids(conn, tenant, armed.processes_by_clock.iter().copied())?;
    let tags = tags_read(conn, tenant, &armed)?;
    let ahead = zone::ahead_of_utc(now, &engine.structure(conn, tenant)?.settings.time_zone());
    let around = Around { tags: &tags, now, ahead };
    let is_news = |looked: Option<Looked>| looked.is_some_and(|looked| looked.is_news());
    Ok(operations.iter().any(|one| is_news(look_at_operation(&armed, one, &one.state, &around)))
        || processes.iter().any(|one| is_news(look_at_process(&armed, one, &one.state, &around))))
}

/// Looks at the triggers that follow the clock, and starts and stops what they say, as [`super::SetTags`] does where a
/// tag changes. Answers `null`.
pub struct LookAtClock;

impl Change for LookAtClock {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let armed = tx.engine.armed.get(tx.conn, tx.tenant)?;
        let mut processes: BTreeMap<ProcessId, (Process, ProcessState)> =
            table::process::lock(tx.conn, tx.tenant, armed.processes_by_clock.iter().copied())?
                .into_iter()
                .map(|process| (process.id, (process.clone(), process.state)))
                .collect();
        let started_with = table::operation::of_parents(tx.conn, tx.tenant, processes.keys().copied())?;
        let mut parts = Parts::lock(tx, armed.by_clock.iter().copied().chain(started_with).collect())?;
        let mut wanted = tags_wanted(&armed);
        wanted.extend(parts.operations.values().flat_map(|(operation, _)| super::tags_of(operation)));
        let tags = table::operation::tags(tx.conn, tx.tenant, wanted.iter().map(String::as_str))?;
        let (now, ahead) = (tx.now, ahead_of_utc(tx)?);
        let mut changed = BTreeMap::new();
        for (id, (process, state)) in &mut processes {
            let around = Around { tags: &tags, now, ahead };
            let Some(looked) = look_at_process(&armed, process, state, &around).filter(Looked::is_news) else {
                continue;
            };
            (state.start, state.stop) = (looked.pair.start.1, looked.pair.stop.1);
            if let Some(act) = looked.act.filter(|act| *act == Act::Stop || process.is_enabled) {
                *state = trigger_process(tx, process, state.clone(), (act, now), &mut parts, &tags)?;
            }
            changed.insert(*id, state.clone());
        }
        for id in &armed.by_clock {
            let Some((operation, state)) = parts.operations.get_mut(id) else { continue };
            let around = Around { tags: &tags, now, ahead };
            let Some(looked) = look_at_operation(&armed, operation, state, &around).filter(Looked::is_news) else {
                continue;
            };
            (state.start, state.stop) = (looked.pair.start.1, looked.pair.stop.1);
            if let Some(act) = looked.act.filter(|act| *act == Act::Stop || operation.is_enabled) {
                *state = trigger(tx, operation, state.clone(), act, now, Some(&tags))?;
            }
            parts.changed.insert(*id);
        }
        parts.save(tx)?;
        table::process::save_states(tx.conn, tx.tenant, &changed)?;
        Ok("null".to_owned())
    }
}

/// What the triggers of one operation or process see now.
struct Looked {
    pair: Pair,
    act: Option<Act>,
    remembers_more: bool,
}

impl Looked {
    fn is_news(&self) -> bool {
        self.act.is_some() || self.remembers_more
    }
}

fn look(mut pair: Pair, (start, stop): (&Expression, &Expression), is_open: bool, around: &Around<'_>) -> Looked {
    let before = pair.clone();
    let act = pair.see(&start.evaluate(around), &stop.evaluate(around), is_open);
    let remembers_more =
        pair.start.1.differs(pair.start.0, &before.start.1) || pair.stop.1.differs(pair.stop.0, &before.stop.1);
    Looked { pair, act, remembers_more }
}

fn look_at_operation(armed: &Armed, operation: &Operation, state: &State, around: &Around<'_>) -> Option<Looked> {
    let found = armed.operations.get(&operation.id)?;
    let (start, stop) = (found.start.as_ref()?, found.stop.as_ref()?);
    let mut pair = operation.triggers();
    (pair.start.1, pair.stop.1) = (state.start.clone(), state.stop.clone());
    Some(look(pair, (start, stop), state.is_open(), around))
}

fn look_at_process(armed: &Armed, process: &Process, state: &ProcessState, around: &Around<'_>) -> Option<Looked> {
    let found = armed.processes.get(&process.id)?;
    Some(look(process.triggers(state), (&found.start, &found.stop), state.record.0 != 0, around))
}

fn tags_wanted(armed: &Armed) -> BTreeSet<String> {
    let of_operations = armed.by_clock.iter().filter_map(|id| armed.operations.get(id));
    let of_operations = of_operations.flat_map(|one| [&one.start, &one.stop]).flatten();
    let mut wanted: BTreeSet<String> = of_operations.flat_map(Expression::tags).cloned().collect();
    let of_processes = armed.processes_by_clock.iter().filter_map(|id| armed.processes.get(id));
    wanted.extend(of_processes.flat_map(|one| one.tags.iter().cloned()));
    wanted
}

fn tags_read(conn: &mut Conn, tenant: TenantId, armed: &Armed) -> Result<BTreeMap<String, Tag>, Error> {
    table::operation::tags(conn, tenant, tags_wanted(armed).iter().map(String::as_str))
}
