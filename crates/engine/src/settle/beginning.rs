//! From when to replay.

use std::collections::BTreeMap;

use lotbook_domain::catalog::Costing;
use lotbook_domain::costing::Plan;
use lotbook_domain::id::{AccountId, LocationId, TenantId};
use lotbook_domain::ledger::Account;
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::{Pool, Replay};
use lotbook_domain::time::Time;

use super::replaying::stop_if_lacking;
use crate::desk::Desk;
use crate::error::Error;
use crate::query::balance::standing;
use crate::replay::{Event, Walk, each_event};
use crate::store::{Arg, Conn};
use crate::structure::first_open;
use crate::table;

/// Where a replay begins.
pub(crate) struct Beginning {
    /// When.
    pub(crate) from: Time,
    /// What the pools hold just before.
    pub(crate) before: BTreeMap<AccountId, Pool>,
    /// How many movements were read to find that.
    pub(crate) looked_at: u64,
}

/// From when to replay, and what the pools hold just before.
///
/// A value entry stands at its day, not at the movement that it corrects, so a replay begins with a day;
/// and what corrects a closed period stands on the first open day, so a replay begins after every such day
/// or at the start. Of the days that are left it is the latest, at or before `waits_from`, at whose start
/// no pool holds less than nothing, so that no shortage of the past is needed. What a unit of an empty pool last cost
/// is left open: a replay that comes to need it says so ([`Replay::lacks`]) and begins [`earlier`].
/// Under standard cost the standard says what a pool is worth. Under FIFO the layers are found by going back to where
/// those that are left came in; where that is far, it is the start.
pub(crate) fn begin(
    conn: &mut Conn,
    desk: &Desk,
    pools: &mut [Account],
    plan: &Plan,
    waits_from: Time,
) -> Result<Beginning, Error> {
    let tenant = desk.tenant;
    let mut looked_at = 0;
    let first = pools.iter().map(|pool| pool.timeline.root().instants_from).min().unwrap_or(waits_from);
    let first_open = last_first_open_day(conn, tenant, &desk.structure.settings.time_zone())?;
    let mut from = begun_from(conn, tenant, pools, waits_from)?;
    let mut step = Time::DAY;
    let mut has_looked_for_layers = false;
    while from > first && first_open.is_none_or(|open| from > open) {
        let just_before = Time(from.0 - 1);
        let stands = standing(conn, tenant, pools, Some(just_before))?;
        let is_sound = match plan.at(just_before).method {
            Costing::Fifo if stands.iter().all(|stand| *stand == (Quantity::ZERO, Amount::ZERO)) => true,
            Costing::Fifo if !std::mem::replace(&mut has_looked_for_layers, true) => {
                if let Some(before) = layers(conn, desk, pools, plan, (first, from), &stands, &mut looked_at)? {
                    return Ok(Beginning { from, before, looked_at });
                }
                false
            }
            Costing::Fifo => false,
            Costing::Standard => true,
            Costing::Average | Costing::Specific => {
                stands.iter().all(|(quantity, value)| quantity.0 > 0 || (quantity.0, value.0) == (0, 0))
            }
        };
        if is_sound {
            return Ok(Beginning { from, before: holding(pools, &stands, from), looked_at });
        }
        from = begun_from(conn, tenant, pools, Time(from.0.saturating_sub(step)).max(first))?;
        step = step.saturating_mul(2);
    }
    Ok(Beginning { from: first, before: BTreeMap::new(), looked_at })
}

/// Layers are looked for within this part of what came before; beyond it, to begin at the start costs little more. Tests
/// look through all of it.
const FAR: i64 = if cfg!(debug_assertions) { 1 } else { 4 };

/// What pools under FIFO hold just before a time, with their layers; `None` = those are not found within a quarter of
/// what came before.
///
/// A replay begins some days earlier with all that stands there as one layer, whose cost is in doubt. Once all of that has
/// left, and nothing that is left took over a cost from it, the layers are those of the definition. It begins a day
/// earlier, two, four.
fn layers(
    conn: &mut Conn,
    desk: &Desk,
    pools: &mut [Account],
    plan: &Plan,
    (first, at): (Time, Time),
    stands: &[(Quantity, Amount)],
    looked_at: &mut u64,
) -> Result<Option<BTreeMap<AccountId, Pool>>, Error> {
    let tenant = desk.tenant;
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let mut back = Time::DAY;
    while back <= (at.0 - first.0) / FAR {
        let from = begun_from(conn, tenant, pools, Time(at.0 - back))?;
        back = back.saturating_mul(2).max(at.0 - from.0);
        if from <= first || plan.at(Time(from.0 - 1)).method != Costing::Fifo {
            return Ok(None);
        }
        let began = standing(conn, tenant, pools, Some(Time(from.0 - 1)))?;
        if began.iter().any(|(quantity, amount)| quantity.0 < 0 || quantity.0 == 0 && amount.0 != 0) {
            continue;
        }
        let began = holding(pools, &began, from);
        let replay = Replay::new(plan.clone(), desk.catalog.policies.scale, began, from);
        let mut walk = Walk::new(conn, tenant, &ids, from, replay)?;
        let read = each_event(conn, tenant, &ids, (from, Time(at.0 - 1)), |event| {
            *looked_at += u64::from(matches!(event, Event::Movement { .. }));
            walk.show(&event).ok_or_else(out_of_range)?;
            let _ = walk.replay.take_effects();
            stop_if_lacking(&walk.replay)
        });
        if walk.replay.lacks().is_some() {
            continue;
        }
        read?;
        walk.correct_made().ok_or_else(out_of_range)?;
        let method = walk.replay.method();
        let mut found = walk.replay.finish();
        let is_found = pools.iter().zip(stands).all(|(pool, (quantity, amount))| match found.get(&pool.id) {
            _ if (quantity.0, amount.0) == (0, 0) => true,
            Some(found) => found.is_plain(method) && (found.quantity, found.value) == (quantity.0, amount.0),
            None => false,
        });
        if method == Costing::Fifo && is_found {
            // What a unit of an empty one last cost is left open, as by whoever begins with what stands there.
            for (id, pool) in holding(pools, stands, at) {
                let layers = found.remove(&id).filter(|_| pool.quantity > 0);
                found.insert(id, layers.unwrap_or(pool));
            }
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn out_of_range() -> Error {
    Error::Internal("values leave the range of 64 bits".to_owned())
}

/// The pools that have begun before a time, as they stand then.
fn holding(pools: &[Account], stands: &[(Quantity, Amount)], at: Time) -> BTreeMap<AccountId, Pool> {
    let begun = pools.iter().zip(stands).filter(|(pool, _)| pool.timeline.root().instants_from < at);
    begun.map(|(pool, (quantity, amount))| (pool.id, Pool::holding(*quantity, *amount))).collect()
}

/// The latest start of a day, at or before a time, from which a replay sees the first end of whatever it sees the
/// second end of: also of what came between the start of the day and the time. Each movement is asked once.
fn begun_from(conn: &mut Conn, tenant: TenantId, pools: &[Account], at: Time) -> Result<Time, Error> {
    let (mut from, mut until) = (day_of(at), Time::FOREVER);
    while let Some(first) = first_end(conn, tenant, pools, (from, until))? {
        (from, until) = (day_of(first), from);
    }
    Ok(from)
}

fn day_of(at: Time) -> Time {
    Time(at.0.div_euclid(Time::DAY) * Time::DAY)
}

/// The last day that was ever the first open one, for whichever org unit.
pub(crate) fn last_first_open_day(conn: &mut Conn, tenant: TenantId, zone: &str) -> Result<Option<Time>, Error> {
    let closed = table::decision::values_of(conn, tenant, "setting:closedUntil")?;
    Ok(closed.iter().filter_map(|value| first_open(value, zone)).map(day_of).max())
}

/// The earliest first end, before a span of time, of whatever has its second end in it: a voucher put something under
/// way, or took it out, of which it did the other then, or something was sold that came back then.
pub(super) fn first_end(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[Account],
    span: (Time, Time),
) -> Result<Option<Time>, Error> {
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let sold = table::movement::returned_in(conn, tenant, &ids, span)?;
    let sent = match pools.iter().find(|pool| pool.key.place == LocationId::IN_TRANSIT) {
        Some(transit) => table::movement::under_way_in(conn, tenant, transit.id, span)?,
        None => None,
    };
    Ok(sold.into_iter().chain(sent).min())
}

/// A time before `from` to begin at, where a replay from there on lacked what a unit of a pool cost before: the last
/// time at which something moved there, and with each attempt at least twice as far back.
pub(crate) fn earlier(
    conn: &mut Conn,
    tenant: TenantId,
    pool: AccountId,
    from: Time,
    attempt: u32,
) -> Result<Time, Error> {
    let last = |side: &str| {
        format!(
            "select max(m.effective_at) as at from movement m where m.tenant = $1 and m.{side} = $2 and m.{side} > 0 \
             and m.effective_at < $3"
        )
    };
    let moved = conn.one(
        &format!("select max(l.at) from ({} union all {}) l", last("to_pool"), last("from_pool")),
        &[Arg::Int(tenant.0), Arg::Int(pool.0), Arg::Int(from.0)],
        |row| row.opt_int(0),
    )?;
    let far = if attempt == 0 { 1 } else { Time::DAY.saturating_mul(1_i64.checked_shl(attempt).unwrap_or(i64::MAX)) };
    let far = Time(from.0.saturating_sub(far));
    Ok(moved.flatten().map_or(far, |moved| far.min(Time(moved))))
}
