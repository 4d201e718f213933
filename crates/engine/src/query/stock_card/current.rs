//! What movements cost by all that is known today.
//!
//! It is kept nowhere: a movement keeps what it was first booked with, and value entries tell of days, not of
//! movements. So the product's pools are replayed, from a day before the page on which nothing was short, to
//! the page's end, and on until what went beyond stock on it is covered. What was made brought what it was made of,
//! also as far as that was covered later.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lotbook_domain::costing::Plan;
use lotbook_domain::id::{AccountId, MovementId, ProductId, TenantId};
use lotbook_domain::ledger::Account;
use lotbook_domain::money::Amount;
use lotbook_domain::settlement::Replay;
use lotbook_domain::time::Time;

use super::{CardLine, Cause};
use crate::desk::Desk;
use crate::error::Error;
use crate::replay::{Event, Walk, each_event};
use crate::settle::{Beginning, begin, earlier, stop_if_lacking};
use crate::store::{Arg, Column, Conn, Rows};
use crate::structure::Structure;
use crate::table;

/// Adds to the lines of movements what they cost, or brought, as known today. What moved inside a pool cost
/// nothing, nor did what was undone at its own time.
pub(super) fn add(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Arc<Structure>,
    lines: &mut [CardLine],
) -> Result<(), Error> {
    let mut wanted: HashMap<i64, Amount> = HashMap::new();
    let mut touched: BTreeSet<AccountId> = BTreeSet::new();
    let (mut first, mut last) = (Time::FOREVER, Time::BEGINNING);
    let mut product = ProductId(0);
    for line in lines.iter() {
        if let Cause::Moved(posted) = &line.cause {
            let movement = &posted.movement;
            wanted.insert(posted.number, Amount::ZERO);
            touched.extend([movement.from.pool, movement.to.pool].into_iter().filter(|pool| pool.0 != 0));
            (first, last) = (first.min(movement.effective_at), last.max(movement.effective_at));
            product = movement.product;
        }
    }
    for (plan, pools) in circles(conn, tenant, structure, product, &touched)? {
        replay(conn, tenant, structure, &plan, pools, (first, last), &mut wanted)?;
    }
    // What other products were covered by later went on into what was made of them.
    let ids: Vec<MovementId> = wanted.keys().map(|number| MovementId::from_number(*number)).collect();
    for (id, amount) in table::late_cost::brought(conn, tenant, &ids)? {
        add_to(&mut wanted, id, amount)?;
    }
    for line in lines {
        if let Cause::Moved(posted) = &line.cause {
            line.current = wanted.get(&posted.number).copied();
        }
    }
    Ok(())
}

/// The pools that have to be replayed with those touched, by how they are valued: all of the same variants and
/// lots. Variants that are valued alike are replayed together, as pools of different ones do not meet.
fn circles(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Arc<Structure>,
    product: ProductId,
    touched: &BTreeSet<AccountId>,
) -> Result<Vec<(Plan, Vec<Account>)>, Error> {
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::ids(touched.iter().map(|id| id.0));
    let keys: BTreeSet<(i64, i64)> = conn
        .query(
            "select a.variant, a.lot from {rows $2 (id bigint) r} {look up account a} a.tenant = $1 and a.id = r.id \
             {looked up a}",
            &[Arg::Int(tenant.0), Arg::Rows(&rows)],
            |row| Ok((row.int(0)?, row.int(1)?)),
        )?
        .into_iter()
        .collect();
    let rows = Rows::new(vec![
        Column::Int(keys.iter().map(|(variant, _)| *variant).collect()),
        Column::Int(keys.iter().map(|(_, lot)| *lot).collect()),
    ]);
    let pools = table::account::select(
        conn,
        "a.tenant = $1 and a.product = $2 and a.kind = 2 and exists (select 1 from {rows $3 (variant bigint, lot bigint) r} \
         where r.variant = a.variant and r.lot = a.lot)",
        &[Arg::Int(tenant.0), Arg::Int(product.0), Arg::Rows(&rows), Arg::Int(i64::MAX)],
    )?;
    let mut desk = Desk::new(tenant, Arc::clone(structure), false);
    let variants = pools.iter().map(|pool| pool.key.variant).filter(|variant| variant.0 != 0).collect();
    desk.load_catalog(conn, BTreeSet::from([product]), variants, BTreeSet::new(), BTreeSet::new())?;
    let mut circles: Vec<(Plan, Vec<Account>)> = Vec::new();
    for pool in pools {
        let plan = desk.catalog.costing(product, pool.key.variant);
        match circles.iter_mut().find(|(known, _)| *known == plan) {
            Some((_, members)) => members.push(pool),
            None => circles.push((plan, vec![pool])),
        }
    }
    Ok(circles)
}

fn replay(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Arc<Structure>,
    plan: &Plan,
    mut pools: Vec<Account>,
    (first, last): (Time, Time),
    wanted: &mut HashMap<i64, Amount>,
) -> Result<(), Error> {
    // Before a time from which values wait, they are settled.
    let waits_from = pools.iter().filter_map(|pool| pool.unsettled_from).min().map_or(first, |waits| waits.min(first));
    let desk = Desk::new(tenant, Arc::clone(structure), false);
    let mut at = waits_from;
    for attempt in 0.. {
        let Beginning { from, before, .. } = begin(conn, &desk, &mut pools, plan, at)?;
        let replay = Replay::new(plan.clone(), structure.catalog.policies.scale, before, from);
        match replay_from(conn, tenant, &pools, replay, (from, first, last), wanted)? {
            Some(pool) => at = earlier(conn, tenant, pool, from, attempt)?,
            None => break,
        }
    }
    Ok(())
}

/// Replays pools from a time on; answers the pool of which it lacks what was before.
fn replay_from(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[Account],
    replay: Replay,
    (mut from, first, last): (Time, Time, Time),
    wanted: &mut HashMap<i64, Amount>,
) -> Result<Option<AccountId>, Error> {
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let end = pools.iter().map(|pool| pool.timeline.root().instants_to).max().unwrap_or(last);
    let mut walk = Walk::new(conn, tenant, &ids, from, replay)?;
    // The movements that are wanted, by their number in the replay.
    let mut numbers: BTreeMap<u64, MovementId> = BTreeMap::new();
    let mut until = last;
    loop {
        let read = each_event(conn, tenant, &ids, (from, until), |event| {
            walk.show(&event).ok_or_else(too_large)?;
            let replay = &mut walk.replay;
            for cover in replay.covered() {
                if let Some(id) = numbers.get(&cover.by) {
                    add_to(wanted, *id, cover.amount)?;
                }
            }
            for (id, amount) in walk.brought.drain(..) {
                add_to(wanted, id, amount)?;
            }
            if let Event::Movement { movement, is_void: false, id, .. } = &event
                && let Some(sum) = wanted.get_mut(&id.number())
            {
                numbers.insert(replay.shown(), *id);
                *sum = if movement.from.pool.0 != 0 { replay.issued() } else { replay.received() };
            }
            drop(replay.take_effects());
            stop_if_lacking(replay)
        });
        if walk.replay.lacks().is_some() {
            return Ok(walk.replay.lacks());
        }
        read?;
        let is_open = walk.replay.uncovered().any(|number| numbers.contains_key(&number))
            || walk.made_of_uncovered().any(|id| wanted.contains_key(&id.number()));
        if until >= end || !is_open {
            walk.end().ok_or_else(too_large)?;
            return walk.brought.drain(..).try_for_each(|(id, amount)| add_to(wanted, id, amount)).map(|()| None);
        }
        from = Time(until.0 + 1);
        // Twice as far each time, so that far covers take few readings.
        let span = (until.0.saturating_sub(first.0)).max(30 * Time::DAY);
        until = Time(until.0.saturating_add(span)).min(end);
    }
}

/// Adds to what a movement cost or brought, if it is wanted.
fn add_to(wanted: &mut HashMap<i64, Amount>, id: MovementId, amount: i64) -> Result<(), Error> {
    if let Some(sum) = wanted.get_mut(&id.number()) {
        sum.0 = sum.0.checked_add(amount).ok_or_else(too_large)?;
    }
    Ok(())
}

fn too_large() -> Error {
    Error::Internal("the values of a product leave the range of 64 bits; run verify".to_owned())
}
