//! Many operations at once: what many people and machines ask for at the same time is read, decided and written
//! together, so that a call costs its own rows and a share of the statements.
//!
//! Only what goes well is done here. What is asked of an operation that another request of the list works on,
//! what is refused, and what has to be looked at alone, is named and left to whoever does it one by one: each
//! answer is the one that the request would have got alone, after those before it in the ledger.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::counter::Counter;
use lotbook_domain::id::{OperationId, RunId};

use super::{Action, ActionKind, Around, Hands, Operate, State, Verb, ahead_of_utc, tags_of};
use crate::command::run::{Part, perform_each};
use crate::error::Error;
use crate::table;
use crate::table::operation::{Operation, Tag};
use crate::table::run::Run;
use crate::thing::kinds;
use crate::thing::reference::{Found, resolve};
use crate::write::{Request, Tx};

/// The places in a list of requests that are to be done alone.
pub(crate) type Alone = BTreeSet<usize>;

/// Operates for several requests of one tenant, and answers each; or says which of them are to be done alone,
/// and has written nothing but accounts that hold nothing yet.
pub(crate) fn operate_together(
    tx: &mut Tx<'_>,
    asked: &[(&Request, &Operate)],
) -> Result<Result<Vec<String>, Alone>, Error> {
    let mut alone = Alone::new();
    let ids = named(tx, asked, &mut alone)?;
    if !alone.is_empty() {
        return Ok(Err(alone));
    }
    let found = table::operation::lock(tx.conn, tx.tenant, ids.iter().copied())?;
    let operations: BTreeMap<OperationId, Operation> = found.into_iter().map(|found| (found.id, found)).collect();
    let paths: BTreeSet<String> = operations.values().flat_map(tags_of).collect();
    let tags = table::operation::tags(tx.conn, tx.tenant, paths.iter().map(String::as_str))?;
    let open: Vec<RunId> = operations.values().map(|found| found.state.run).filter(|run| run.0 != 0).collect();
    let mut runs: BTreeMap<RunId, Run> =
        table::run::by_ids(tx.conn, tx.tenant, &open)?.into_iter().map(|run| (run.id, run)).collect();
    let mut prepared = Vec::with_capacity(asked.len());
    for (at, ((request, operate), id)) in asked.iter().zip(&ids).enumerate() {
        let Some(operation) = operations.get(id) else {
            alone.insert(at);
            continue;
        };
        tx.speak_for(request);
        match prepare(tx, operation, operate, &tags, &mut runs) {
            Ok(Some(ready)) => prepared.push(ready),
            Err(error @ (Error::Busy(_) | Error::Internal(_) | Error::Duplicate(_))) => return Err(error),
            Ok(None) | Err(_) => {
                alone.insert(at);
            }
        }
    }
    if !alone.is_empty() {
        return Ok(Err(alone));
    }
    let parts: Vec<Part<'_>> = prepared
        .iter()
        .zip(asked)
        .map(|(ready, (request, operate))| Part {
            actions: std::slice::from_ref(&ready.action),
            reach: &operate.reach,
            request: Some(*request),
        })
        .collect();
    let executed = match perform_each(tx, &parts)? {
        Ok(executed) => executed,
        Err(refused) => return Ok(Err(refused.into_keys().collect())),
    };
    let mut states = BTreeMap::new();
    let mut answers = Vec::with_capacity(asked.len());
    for ((ready, executed), (request, operate)) in prepared.into_iter().zip(executed).zip(asked) {
        tx.speak_for(request);
        let hands = hands(tx, ready.operation, operate, &tags)?;
        let runs = executed.runs.into_iter().flatten().collect();
        let state = ready.operation.state.clone();
        let (operated, state) =
            if ready.is_start { hands.started(state, ready.counter, runs) } else { hands.completed(state, runs) };
        states.insert(ready.operation.id, state);
        answers.push(serde_json::to_string(&operated).expect("an answer is plain data"));
    }
    let now = asked.iter().map(|(request, _)| request.now).max().unwrap_or(tx.now);
    table::operation::save_states(tx.conn, tx.tenant, &states, now)?;
    Ok(Ok(answers))
}

/// The operations that are named; two requests for one of them wait for each other.
fn named(tx: &mut Tx<'_>, asked: &[(&Request, &Operate)], alone: &mut Alone) -> Result<Vec<OperationId>, Error> {
    let references: Vec<_> = asked.iter().map(|(_, operate)| (&operate.operation, 0)).collect();
    let found = resolve(tx.conn, tx.tenant, &kinds::OPERATIONS, &references)?;
    let mut seen = BTreeSet::new();
    let mut ids = Vec::with_capacity(asked.len());
    for (at, found) in found.into_iter().enumerate() {
        match found {
            Found::One(id) if seen.insert(id) => ids.push(OperationId(id)),
            Found::One(_) | Found::None | Found::Several => {
                alone.insert(at);
            }
        }
    }
    Ok(ids)
}

/// An operation and what is to be done with it.
struct Ready<'o> {
    operation: &'o Operation,
    action: Action,
    is_start: bool,
    counter: Option<Counter>,
}

fn hands<'h>(
    tx: &mut Tx<'_>,
    operation: &'h Operation,
    operate: &'h Operate,
    tags: &'h BTreeMap<String, Tag>,
) -> Result<Hands<'h>, Error> {
    let around = Around { tags, now: tx.now, ahead: ahead_of_utc(tx)? };
    Ok(Hands { operation, said: &operate.said, reach: &operate.reach, around })
}

/// What a request comes to; `None` where it does more, or less, than one action.
fn prepare<'o>(
    tx: &mut Tx<'_>,
    operation: &'o Operation,
    operate: &Operate,
    tags: &BTreeMap<String, Tag>,
    runs: &mut BTreeMap<RunId, Run>,
) -> Result<Option<Ready<'o>>, Error> {
    if operate.verb == Verb::Cancel || operation.kind == ActionKind::ScrapAll.name() {
        return Ok(None);
    }
    let hands = hands(tx, operation, operate, tags)?;
    let state: &State = &operation.state;
    let (action, is_start, counter) = match operate.verb {
        Verb::Start => {
            let (action, counter) = hands.to_start(tx, state)?;
            (action, true, counter)
        }
        Verb::Execute if !state.is_open() => (hands.to_execute(tx)?, false, None),
        Verb::Stop | Verb::Execute | Verb::Cancel => {
            let Some(run) = runs.remove(&state.run) else { return Ok(None) };
            (hands.to_stop(tx, state, Some(run))?, false, None)
        }
    };
    Ok(Some(Ready { operation, action, is_start, counter }))
}
