//! From when to replay.

use std::collections::BTreeMap;

use lotbook_domain::catalog::Costing;
use lotbook_domain::costing::Plan;
use lotbook_domain::id::{AccountId, LocationId, TenantId};
use lotbook_domain::ledger::Account;
use lotbook_domain::settlement::Pool;
use lotbook_domain::time::Time;

use crate::desk::Desk;
use crate::error::Error;
use crate::query::balance::standing;
use crate::store::{Arg, Conn};
use crate::structure::first_open;
use crate::table;

/// From when to replay, and what the pools hold just before.
///
/// A value entry stands at its day, not at the movement that it corrects, so a replay begins with a day;
/// and what corrects a closed period stands on the first open day, so a replay begins after every such day
/// or at the start. Of the days that are left it is the latest, at or before `waits_from`, at whose start
/// no pool holds less than nothing, so that no shortage of the past is needed. What a unit of an empty pool last cost
/// is left open: a replay that comes to need it says so ([`Replay::lacks`]) and begins [`earlier`].
/// Under FIFO it is the start, or before FIFO began; under standard cost the standard says what a pool is worth.
pub(crate) fn begin(
    conn: &mut Conn,
    desk: &Desk,
    pools: &mut [Account],
    plan: &Plan,
    waits_from: Time,
) -> Result<(Time, BTreeMap<AccountId, Pool>), Error> {
    let tenant = desk.tenant;
    let first = pools.iter().map(|pool| pool.timeline.root().instants_from).min().unwrap_or(waits_from);
    let first_open = last_first_open_day(conn, tenant, &desk.structure.settings.time_zone())?;
    let mut from = begun_from(conn, tenant, pools, waits_from)?;
    let mut step = Time::DAY;
    let is_fifo_throughout = plan.is_constant() && plan.at(from).method == Costing::Fifo;
    while !is_fifo_throughout && from > first && first_open.is_none_or(|open| from > open) {
        let just_before = Time(from.0 - 1);
        let stands = standing(conn, tenant, pools, Some(just_before))?;
        let is_sound = match plan.at(just_before).method {
            Costing::Fifo => false,
            Costing::Standard => true,
            Costing::Average | Costing::Specific => {
                stands.iter().all(|(quantity, value)| quantity.0 > 0 || (quantity.0, value.0) == (0, 0))
            }
        };
        if is_sound {
            let before = pools
                .iter()
                .zip(stands)
                .filter(|(pool, _)| pool.timeline.root().instants_from < from)
                .map(|(pool, (quantity, value))| (pool.id, Pool::holding(quantity, value)))
                .collect();
            return Ok((from, before));
        }
        from = begun_from(conn, tenant, pools, Time(from.0.saturating_sub(step)).max(first))?;
        step = step.saturating_mul(2);
    }
    Ok((first, BTreeMap::new()))
}

/// The latest start of a day, at or before a time, from which a replay sees the first end of whatever it sees the
/// second end of: also of what came between the start of the day and the time.
fn begun_from(conn: &mut Conn, tenant: TenantId, pools: &[Account], at: Time) -> Result<Time, Error> {
    let mut from = day_of(at);
    loop {
        let sent = sent_from(conn, tenant, pools, from)?;
        if sent >= from {
            return Ok(from);
        }
        from = day_of(sent);
    }
}

fn day_of(at: Time) -> Time {
    Time(at.0.div_euclid(Time::DAY) * Time::DAY)
}

/// The last day that was ever the first open one, for whichever org unit.
pub(super) fn last_first_open_day(conn: &mut Conn, tenant: TenantId, zone: &str) -> Result<Option<Time>, Error> {
    let closed = table::decision::values_of(conn, tenant, "setting:closedUntil")?;
    Ok(closed.iter().filter_map(|value| first_open(value, zone)).map(day_of).max())
}

/// The time from which a replay sees the first end of whatever it sees the second end of: the earliest at which a
/// voucher put something under way that it took out at `from` or later, or something was sold that came back then.
pub(super) fn sent_from(conn: &mut Conn, tenant: TenantId, pools: &[Account], from: Time) -> Result<Time, Error> {
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let transit = pools.iter().find(|pool| pool.key.place == LocationId::IN_TRANSIT);
    let mut from = from;
    loop {
        let sold = table::movement::returned_since(conn, tenant, &ids, from)?;
        let sent = match transit {
            Some(transit) => put_under_way(conn, tenant, transit, from)?,
            None => None,
        };
        match sold.into_iter().chain(sent).min() {
            Some(earlier) => from = earlier,
            None => return Ok(from),
        }
    }
}

/// When the earliest of what left the way at a time or later was put under way, if before that time.
fn put_under_way(conn: &mut Conn, tenant: TenantId, transit: &Account, from: Time) -> Result<Option<Time>, Error> {
    let earliest = conn.one(
        "select min(s.effective_at) from movement m join movement s on s.tenant = $1 and s.to_pool = $2 \
         and s.to_pool > 0 and s.voucher = m.voucher and s.effective_at < $3 \
         where m.tenant = $1 and m.from_pool = $2 and m.from_pool > 0 and m.effective_at >= $3 and m.voucher > 0",
        &[Arg::Int(tenant.0), Arg::Int(transit.id.0), Arg::Int(from.0)],
        |row| row.opt_int(0),
    )?;
    Ok(earliest.flatten().map(Time))
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
