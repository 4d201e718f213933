//! Where a settlement may end before the last movement: where the pools stand as if nothing had been learned.
//!
//! A late bill is worked in from the receipt that it is for; once what it was for has left the pool, what comes after is
//! as it was. From then on the replay would find what was found when the pools were settled last, so that it need not
//! look. Where that is, follows from what stood in the pools by what was known then.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{AccountId, TenantId};
use lotbook_domain::ledger::Account;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::Pool;
use lotbook_domain::time::Time;

use super::beginning::{first_end, last_first_open_day};
use super::replaying::Replaying;
use super::{Circle, Ground};
use crate::error::Error;
use crate::query::balance::standing;
use crate::store::{Arg, Conn, Rows};
use crate::table;

/// So many batches may have come since the pools were settled: each is looked up.
const BATCHES_MAX: i64 = 2_000;

/// What was learned of the pools of a circle since all of them were settled.
pub(super) struct Learned {
    /// From this time on nothing of it is told: the start of a day.
    to: Time,
    /// What it was booked with, in and out of each pool.
    booked: BTreeMap<AccountId, i64>,
}

impl Learned {
    /// Reads it; `None` where the pools cannot stand as they would without it, or where that would take long to tell.
    /// Cost: a handful of statements, which look up what moved of the product in each batch since then.
    pub(super) fn read(conn: &mut Conn, ground: &Ground, circle: Circle) -> Result<Option<Self>, Error> {
        let tenant = circle.tenant;
        let ids: Vec<AccountId> = ground.pools.iter().map(|pool| pool.id).collect();
        let Some((since, mut to)) = table::account::waits_since(conn, tenant, &ids)? else { return Ok(None) };
        if table::header::position(conn, tenant)? - since >= BATCHES_MAX {
            return Ok(None);
        }
        let own: BTreeSet<AccountId> = ids.into_iter().collect();
        let (mut quantities, mut booked): (BTreeMap<_, i64>, BTreeMap<_, i64>) = (BTreeMap::new(), BTreeMap::new());
        let mut is_in_range = true;
        for moved in table::movement::learned_since(conn, tenant, circle.product, since)? {
            for (pool, sign) in [(moved.from_pool, -1), (moved.to_pool, 1)] {
                if !own.contains(&pool) {
                    continue;
                }
                to = to.max(moved.at);
                for (sums, figure) in [(&mut quantities, moved.quantity.0), (&mut booked, moved.amount.0)] {
                    let sum = sums.entry(pool).or_default();
                    let added = sum.checked_add(sign * figure);
                    is_in_range &= added.is_some();
                    *sum = added.unwrap_or(0);
                }
            }
        }
        // Where more or less came in than went out, the pools never stand again as they would have. And what a unit last
        // cost is kept of a pool that holds nothing in the end: by what was posted last, whenever that was.
        let is_empty = |pool: &&Account| pool.timeline.root().quantity <= Quantity::ZERO;
        let told_anew = ground.pools.iter().filter(is_empty).any(|pool| quantities.contains_key(&pool.id));
        if !is_in_range || told_anew || quantities.values().any(|quantity| *quantity != 0) {
            return Ok(None);
        }
        let open = last_first_open_day(conn, tenant, &ground.desk.structure.settings.time_zone())?;
        let Some(next) = open.map_or(to, |open| to.max(open)).0.checked_add(Time::DAY) else { return Ok(None) };
        Ok(Some(Self { to: Time(next.div_euclid(Time::DAY) * Time::DAY), booked }))
    }

    /// Goes through a history up to a time, or to where the pools stand as if nothing had been learned; answers where
    /// that is, the start of a day. What is read at once doubles, so that it is asked seldom, and read at most twice as
    /// far as need be. `Err` names the pool of which the replay lacks what was before.
    pub(super) fn go_through(
        &self,
        conn: &mut Conn,
        (ground, circle): (&mut Ground, Circle),
        replaying: &mut Replaying,
        until: Time,
    ) -> Result<Result<Option<Time>, AccountId>, Error> {
        let first = replaying.from;
        let (mut from, mut end) = (first, self.to.max(first));
        while end <= until {
            if from < end {
                if let Some(pool) = replaying.read(conn, (from, Time(end.0 - 1)))? {
                    return Ok(Err(pool));
                }
                if from == first {
                    replaying.doubt();
                }
            }
            if self.is_over(conn, ground, circle, replaying, end)? {
                return Ok(Ok(Some(end)));
            }
            from = end;
            let further = (end.0 - first.0).max(Time::DAY);
            end = Time(end.0.saturating_add(further).div_euclid(Time::DAY) * Time::DAY);
        }
        Ok(replaying.read(conn, (from, until))?.map_or(Ok(None), Err))
    }

    /// Whether the pools stand at a time as if nothing had been learned, and whatever comes later is told by that.
    fn is_over(
        &self,
        conn: &mut Conn,
        ground: &mut Ground,
        circle: Circle,
        replaying: &mut Replaying,
        at: Time,
    ) -> Result<bool, Error> {
        let tenant = circle.tenant;
        replaying.pause()?;
        let lacking = replaying.lacking_before(at)?;
        let of = |sums: &BTreeMap<AccountId, i64>, pool| sums.get(&pool).copied().unwrap_or(0);
        if ground.pools.iter().any(|pool| of(&lacking, pool.id).checked_add(of(&self.booked, pool.id)) != Some(0)) {
            return Ok(false);
        }
        let ids: Vec<AccountId> = ground.pools.iter().map(|pool| pool.id).collect();
        let mut empty = Vec::new();
        for id in &ids {
            match replaying.pools().get(id) {
                Some(pool) if pool.is_plain(replaying.method()) => {}
                Some(pool) if (pool.quantity, pool.value) != (0, 0) => return Ok(false),
                // What a unit of it last cost is not told by that it holds nothing.
                _ => empty.push(*id),
            }
        }
        Ok(first_end(conn, tenant, &ground.pools, (at, Time::FOREVER))?.is_none()
            && table::movement::rest_or_begin_with_a_receipt(conn, tenant, &empty, (replaying.from, at))?
            && !is_taken_over(conn, tenant, &ids, (replaying.from, at))?
            && stands(conn, tenant, &mut ground.pools, replaying.pools(), &lacking, at)?)
    }
}

/// Whether something from a time on takes over what something before it costs, beside what stands in the pools: it is
/// made of it in the same pools, or undoes what landed costs were added to or what was made of something.
fn is_taken_over(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    (from, at): (Time, Time),
) -> Result<bool, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let args = [Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(at.0)];
    let linked = "select 1 from {rows $2 (id bigint) r} cross join cost_link l \
         join movement s on s.tenant = $1 and s.batch = l.batch and s.line = l.source_line and s.effective_at < $3 \
         where l.tenant = $1 and l.pool = r.id and l.effective_at >= $3 \
         and l.source_pool in (select o.id from {rows $2 (id bigint) o}) limit 1";
    if conn.one(linked, &args, |_| Ok(()))?.is_some() {
        return Ok(true);
    }
    let args = [Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(at.0), Arg::Int(from.0)];
    for (table, batch, line) in [("value_fact", "movement_batch", "movement_line"), ("cost_link", "batch", "line")] {
        let undone = format!(
            "select 1 from {{rows $2 (id bigint) r}} cross join {table} k \
             join movement x on x.tenant = $1 and x.reverses_batch = k.{batch} and x.reverses_line = k.{line} \
             and x.reverses_batch > 0 and x.effective_at >= $3 \
             where k.tenant = $1 and k.pool = r.id and k.effective_at >= $4 and k.effective_at < $3 limit 1"
        );
        if conn.one(&undone, &args, |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the pools hold before a time what the replay says, with what it is to add.
fn stands(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &mut [Account],
    defined: &BTreeMap<AccountId, Pool>,
    lacking: &BTreeMap<AccountId, i64>,
    at: Time,
) -> Result<bool, Error> {
    let found = standing(conn, tenant, pools, Some(Time(at.0 - 1)))?;
    Ok(pools.iter().zip(found).all(|(pool, (quantity, amount))| {
        let defined = defined.get(&pool.id).map_or((0, 0), |pool| (pool.quantity, pool.value));
        let lacking = lacking.get(&pool.id).copied().unwrap_or(0);
        (quantity, amount.0.checked_add(lacking)) == (Quantity(defined.0), Some(defined.1))
    }))
}
