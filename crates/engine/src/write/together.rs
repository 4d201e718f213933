//! What is done with operations at the same time, together.

use std::collections::{BTreeMap, BTreeSet};

use super::{After, Command, Pending, Request, Tx};
use crate::command::{Operate, operate_together};
use crate::engine::Engine;
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// So often it is tried again without those that are to be done alone; then all that are left are.
const ROUNDS_MAX: usize = 3;

/// Does what a group does with operations, together as far as it goes: the answers of those that were done, by
/// their places in the group. The others are to be done one by one. Cost: the statements of one, a round.
pub(super) fn operate(
    engine: &Engine,
    conn: &mut Conn,
    group: &[Pending],
    after: &mut After,
) -> Result<BTreeMap<usize, String>, Error> {
    let mut open: Vec<(usize, &Request, &Operate)> = group
        .iter()
        .enumerate()
        .filter_map(|(at, pending)| match &pending.command {
            Command::Change(change) => Some((at, &pending.request, change.operates()?)),
            _ => None,
        })
        .collect();
    leave_retries(conn, &mut open)?;
    for _ in 0..ROUNDS_MAX {
        if open.len() < 2 {
            break;
        }
        let asked: Vec<(&Request, &Operate)> = open.iter().map(|(_, request, operate)| (*request, *operate)).collect();
        let mut tx = Tx::new(conn, engine, asked[0].0);
        match operate_together(&mut tx, &asked)? {
            Ok(answers) => {
                tx.write_audited()?;
                after.wakes |= tx.wakes_worker;
                keep(conn, &asked, &answers)?;
                return Ok(open.iter().map(|(at, ..)| *at).zip(answers).collect());
            }
            Err(alone) => {
                let mut place = 0;
                open.retain(|_| {
                    place += 1;
                    !alone.contains(&(place - 1))
                });
            }
        }
    }
    Ok(BTreeMap::new())
}

/// Takes the numbers that a group is going to need, before its transaction begins: inside of it each would be a
/// statement.
pub(super) fn reserve(engine: &Engine, group: &[Pending]) -> Result<(), Error> {
    let operates =
        |pending: &&Pending| matches!(&pending.command, Command::Change(change) if change.operates().is_some());
    let count = group.iter().filter(operates).count() as i64;
    if count > 0 {
        let tenant = group[0].request.tenant.0;
        for (counter, each) in [("run", 2), ("batch", 1), ("audit", 1)] {
            engine.counters.reserve(&engine.store, tenant, counter, count * each, 1)?;
        }
    }
    Ok(())
}

/// Leaves out those whose key has an answer already, or is that of another of the group.
fn leave_retries(conn: &mut Conn, open: &mut Vec<(usize, &Request, &Operate)>) -> Result<(), Error> {
    let Some((_, request, _)) = open.first() else { return Ok(()) };
    let tenant = request.tenant;
    let keys: Vec<&str> =
        open.iter().filter_map(|(_, request, _)| request.key.as_ref()).map(|key| key.text.as_str()).collect();
    let found = table::answered::find(conn, tenant, &keys)?;
    let mut seen = BTreeSet::new();
    open.retain(|(_, request, _)| match &request.key {
        Some(key) => !found.contains_key(&key.text) && seen.insert(key.text.clone()),
        None => true,
    });
    Ok(())
}

/// Keeps the answers under the keys of their requests.
fn keep(conn: &mut Conn, asked: &[(&Request, &Operate)], answers: &[String]) -> Result<(), Error> {
    let now = asked.iter().map(|(request, _)| request.now).max().unwrap_or_default();
    let kept: Vec<_> = asked
        .iter()
        .zip(answers)
        .filter_map(|((request, _), answer)| {
            request.key.as_ref().map(|key| (key.text.clone(), key.body_hash, answer.clone()))
        })
        .collect();
    table::answered::insert(conn, asked[0].0.tenant, &kept, now)
}
