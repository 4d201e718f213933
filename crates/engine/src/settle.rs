//! Settling values: a batch of its own per product and variant whose pools wait for it.
//!
//! Quantities are right at once; what an issue costs may become known later. Whoever books marks the
//! pool with the time from which its values wait. Settling replays the product's pools from there and
//! appends the differences, see [`lotbook_domain::settlement`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lotbook_domain::catalog::Costing;
use lotbook_domain::costing::Plan;
use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, TenantId, UserId, VariantId};
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::{Movement, ValueEntry};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::{Difference, Differences, Effect, Pool, Replay, ValueKind};
use lotbook_domain::time::Time;

use crate::append::{Batch, append};
use crate::desk::Desk;
use crate::engine::Engine;
use crate::error::Error;
use crate::query::balance::standing;
use crate::replay::{Covered, Event, Walk, each_event, of_what_was_made};
use crate::store::{Arg, Conn};
use crate::structure::first_open;
use crate::table;
use crate::table::adjustment::Pushed;
use crate::table::header::BatchKind;
use crate::table::late_cost::{Key, LateCost, Made};

/// The pools that are settled together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Circle {
    /// The tenant.
    pub tenant: TenantId,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot, under specific cost; 0 = none.
    pub lot: LotId,
}

/// What waits for settlement, at most so many.
pub fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<Circle>, Error> {
    conn.query(
        "select a.tenant, a.product, a.variant, a.lot from account a where a.unsettled_from is not null \
         group by a.tenant, a.product, a.variant, a.lot order by a.tenant, a.product, a.variant, a.lot limit $1",
        &[Arg::Int(limit)],
        |row| {
            Ok(Circle {
                tenant: TenantId(row.int(0)?),
                product: ProductId(row.int(1)?),
                variant: VariantId(row.int(2)?),
                lot: LotId(row.int(3)?),
            })
        },
    )
}

/// Settles everything that waits; how many circles that were.
pub fn settle_all(engine: &Engine) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        let waiting = engine.read(|conn| waiting(conn, 500))?;
        if waiting.is_empty() {
            return Ok(done);
        }
        for circle in waiting {
            settle(engine, circle)?;
            done += 1;
        }
    }
}

/// What a settlement came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// How many movements it read, one read twice counted twice.
    pub looked_at: u64,
    /// How many value entries it wrote.
    pub entries: usize,
}

/// Settles the pools of a product and variant, if they still wait.
pub fn settle(engine: &Engine, circle: Circle) -> Result<Settled, Error> {
    let now = engine.now();
    engine.store.write(|conn| settle_in(conn, engine, circle, now))
}

fn too_large(circle: Circle) -> impl Fn() -> Error {
    move || Error::Internal(format!("the value of product {} leaves the range of 64 bits", circle.product))
}

fn settle_in(conn: &mut Conn, engine: &Engine, circle: Circle, now: Time) -> Result<Settled, Error> {
    let tenant = circle.tenant;
    let structure = engine.structure(conn, tenant)?;
    let mut desk = Desk::new(tenant, structure, true);
    let (products, variants) = (BTreeSet::from([circle.product]), BTreeSet::from([circle.variant]));
    desk.load_catalog(conn, products, variants, BTreeSet::new(), BTreeSet::new())?;
    let plan = desk.catalog.costing(circle.product, circle.variant);
    let mut pools = table::account::select_locked(
        conn,
        "a.tenant = $1 and a.product = $2 and a.variant = $3 and a.lot = $4 and a.kind = 2",
        &[Arg::Int(tenant.0), Arg::Int(circle.product.0), Arg::Int(circle.variant.0), Arg::Int(circle.lot.0)],
    )?;
    let Some(waits_from) = pools.iter().filter_map(|pool| pool.unsettled_from).min() else {
        return Ok(Settled::default());
    };
    let Replayed { ids, from, after, told, found, looked_at } =
        replay(conn, circle, &desk, &mut pools, &plan, waits_from)?;
    let pushed: Vec<Pushed> = found
        .iter()
        .zip(0..)
        .flat_map(|(difference, line)| {
            let pool = difference.effect.pool;
            difference.pushed.iter().map(move |(day, amount)| Pushed { line, day: *day, pool, amount: *amount })
        })
        .collect();
    let entries: Vec<ValueEntry> = found
        .iter()
        .zip(0..)
        .map(|(Difference { effect, .. }, line)| ValueEntry {
            line,
            pool: effect.pool,
            effective_at: effect.at,
            counterpart: effect.counterpart,
            kind: effect.kind.code(),
            amount: Amount(effect.amount),
        })
        .collect();
    post(conn, &mut desk, pools, &entries)?;
    let mut settled: Vec<Account> = desk.ledger.accounts.into_values().collect();
    settled.sort_by_key(|account| account.id);
    for pool in &mut settled {
        // A pool that the replay did not come across holds nothing: all of its movements were undone.
        let defined = after.get(&pool.id).cloned().unwrap_or_default();
        let root = pool.timeline.root();
        if (root.quantity.0, root.amount.0) != (defined.quantity, defined.value) {
            return Err(Error::Internal(format!(
                "pool {} of product {} would hold {} worth {}, but the definition says {} worth {}; run verify",
                pool.id,
                circle.product,
                root.quantity,
                Quantity(root.amount.0),
                Quantity(defined.quantity),
                Quantity(defined.value)
            )));
        }
        pool.last_cost = defined.last_cost.unwrap_or(pool.last_cost);
        pool.unsettled_from = None;
    }
    let last_costs: Vec<_> = settled.iter().map(|pool| (pool.id, pool.last_cost)).collect();
    let done = Settled { looked_at, entries: entries.len() };
    if entries.is_empty() {
        table::account::mark_settled(conn, tenant, &last_costs)?;
        hand_on(conn, tenant, &ids, from, &told)?;
        return Ok(done);
    }
    let id = BatchId(engine.counters.take_in(conn, tenant.0, "batch", 1, 1)?);
    let batches = [Batch { value_entries: entries, ..Batch::new(id, BatchKind::Settlement, UserId(0)) }];
    append(conn, engine, tenant, &batches, &settled, now, |_| {})?;
    table::adjustment::insert(conn, tenant, id, &pushed)?;
    table::account::mark_settled(conn, tenant, &last_costs)?;
    hand_on(conn, tenant, &ids, from, &told)?;
    Ok(done)
}

/// What the replay of a circle came to.
struct Replayed {
    ids: Vec<AccountId>,
    /// Where it began.
    from: Time,
    /// The pools by the definition.
    after: BTreeMap<AccountId, Pool>,
    /// What is to be handed on.
    told: Told,
    /// What the ledger lacks.
    found: Vec<Difference>,
    looked_at: u64,
}

/// Replays pools from where that is sound, and compares.
fn replay(
    conn: &mut Conn,
    circle: Circle,
    desk: &Desk,
    pools: &mut [Account],
    plan: &Plan,
    waits_from: Time,
) -> Result<Replayed, Error> {
    let tenant = circle.tenant;
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let mut open_from = BTreeMap::new();
    for pool in pools.iter() {
        if let Some(open) = desk.catalog.policies.open_from_at(&desk.catalog.locations, pool.key.place) {
            open_from.insert(pool.id, open);
        }
    }
    let overflow = too_large(circle);
    let (mut at, mut looked_at) = (waits_from, 0);
    for attempt in 0.. {
        let (from, before) = begin(conn, desk, pools, plan, at)?;
        let mut differences = Differences::default();
        differences.open_from.clone_from(&open_from);
        let replay = Replay::new(plan.clone(), desk.catalog.policies.scale, before, from);
        let mut walk = Walk::new(conn, tenant, &ids, from, replay)?;
        let read = each_event(conn, tenant, &ids, (from, Time::FOREVER), |event| {
            if let Event::Movement { movement, .. } = &event {
                looked_at += 1;
                for effect in booked(movement) {
                    differences.hold(effect).ok_or_else(&overflow)?;
                }
            }
            walk.show(&event).ok_or_else(&overflow)?;
            for effect in walk.replay.take_effects() {
                differences.define(effect).ok_or_else(&overflow)?;
            }
            stop_if_lacking(&walk.replay)
        });
        if let Some(pool) = walk.replay.lacks() {
            at = earlier(conn, tenant, pool, from, attempt)?;
            continue;
        }
        read?;
        walk.end().ok_or_else(&overflow)?;
        for effect in walk.replay.take_effects() {
            differences.define(effect).ok_or_else(&overflow)?;
        }
        let Walk { replay, changed, covered, .. } = walk;
        let (after, told) = (replay.finish(), Told { changed, covered });
        // What is kept of a pool that nothing was dated back in still holds; of another one it is found by going back.
        let is_untold = |pool: &&Account| after.get(&pool.id).is_some_and(|after| after.last_cost.is_none());
        if let Some(pool) = pools.iter().filter(|pool| pool.unsettled_from.is_some()).find(is_untold) {
            at = earlier(conn, tenant, pool.id, from, attempt)?;
            continue;
        }
        hold_entries(conn, tenant, &ids, from, &mut differences)?.ok_or_else(&overflow)?;
        return Ok(Replayed { ids, from, after, told, found: differences.entries(), looked_at });
    }
    unreachable!("a replay from the first movement on lacks nothing")
}

/// Ends the reading for a replay that has to begin earlier.
pub(crate) fn stop_if_lacking(replay: &Replay) -> Result<(), Error> {
    match replay.lacks() {
        Some(pool) => Err(Error::Internal(format!("the replay lacks the past of pool {pool}"))),
        None => Ok(()),
    }
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

/// Takes off the value entries that stand in pools from a time on; what was pushed out of closed days is held on
/// these. `None` where a sum leaves the range.
fn hold_entries(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
    differences: &mut Differences,
) -> Result<Option<()>, Error> {
    let mut pushed: HashMap<(BatchId, i64), Vec<Pushed>> = HashMap::new();
    for (batch, part) in table::adjustment::of_pools(conn, tenant, pools)? {
        pushed.entry((batch, part.line)).or_default().push(part);
    }
    let mut is_in_range = true;
    table::value_entry::each_from(conn, tenant, pools, from, |batch, entry| {
        let (pool, counterpart, kind) = (entry.pool, entry.counterpart, ValueKind::from_code(entry.kind));
        let mut own = entry.amount.0;
        for part in pushed.get(&(batch, entry.line)).into_iter().flatten() {
            own = own.saturating_sub(part.amount);
            let held = Effect { pool, at: part.day, counterpart, kind, amount: part.amount };
            is_in_range &= differences.hold(held).is_some();
        }
        let held = Effect { pool, at: entry.effective_at, counterpart, kind, amount: own };
        is_in_range &= differences.hold(held).is_some();
        Ok(())
    })?;
    Ok(is_in_range.then_some(()))
}

/// What the pools of what was made are to be told.
struct Told {
    /// Issues that cost something else than what was handed on.
    changed: Vec<(MovementId, i64)>,
    /// What was covered of issues that went beyond stock.
    covered: Vec<Covered>,
}

/// Tells the pools of what was made what the things that were used for it cost by now; they wait for that.
fn hand_on(conn: &mut Conn, tenant: TenantId, own: &[AccountId], from: Time, told: &Told) -> Result<(), Error> {
    let ids: Vec<MovementId> = told.changed.iter().map(|(id, _)| *id).collect();
    let taken_over = table::cost_link::taken_over(conn, tenant, &ids)?;
    let linked: HashSet<MovementId> = taken_over.iter().map(|(id, ..)| *id).collect();
    let deltas: Vec<(MovementId, i64)> = told.changed.iter().copied().filter(|(id, _)| linked.contains(id)).collect();
    table::cost_link::carry(conn, tenant, &deltas)?;
    // In the pools of this circle it was part of the same replay.
    let mut waiting: Vec<(AccountId, Time)> =
        taken_over.into_iter().filter(|(_, pool, _)| !own.contains(pool)).map(|(_, pool, at)| (pool, at)).collect();
    let before = table::late_cost::of_sources(conn, tenant, own, from)?;
    let now = late_costs(conn, tenant, &told.covered, |_, made| !own.contains(&made.pool))?;
    let gone: Vec<Key> = before.keys().filter(|key| !now.contains_key(key)).copied().collect();
    let fresh: Vec<(Key, LateCost)> = now.into_iter().filter(|(key, late)| before.get(key) != Some(late)).collect();
    waiting.extend(gone.iter().map(|key| &before[key]).map(|late| (late.pool, late.at)));
    for (key, late) in &fresh {
        waiting.extend([Some(late), before.get(key)].into_iter().flatten().map(|late| (late.pool, late.at)));
    }
    table::late_cost::write(conn, tenant, &gone, &fresh)?;
    table::account::await_settlement(conn, tenant, &waiting)
}

/// What was made of what was covered, and by how much it costs more from then on, in the pools that are asked for.
pub(crate) fn late_costs(
    conn: &mut Conn,
    tenant: TenantId,
    covered: &[Covered],
    is_wanted: impl Fn(&Covered, &Made) -> bool,
) -> Result<BTreeMap<Key, LateCost>, Error> {
    let sources: BTreeSet<MovementId> = covered.iter().map(|covered| covered.source).collect();
    let mut made_of: HashMap<MovementId, Vec<Made>> = HashMap::new();
    for made in table::late_cost::made_of(conn, tenant, &sources.into_iter().collect::<Vec<_>>())? {
        made_of.entry(made.source).or_default().push(made);
    }
    let mut found = BTreeMap::new();
    for covered in covered {
        let made_of = made_of.get(&covered.source).into_iter().flatten();
        for made in made_of.filter(|made| is_wanted(covered, made)) {
            let batch = made.source.batch;
            let key = Key { batch, line: made.line, source_line: made.source.line, cover: covered.cover };
            let quantity = of_what_was_made(made.made, covered.quantity, made.used)
                .ok_or_else(|| Error::Internal(format!("what batch {batch} made leaves the range of 64 bits")))?;
            let (pool, source_pool, made_at) = (made.pool, made.source_pool, made.at);
            let late = LateCost { pool, source_pool, made_at, at: covered.at, quantity, amount: covered.amount };
            found.insert(key, late);
        }
    }
    Ok(found)
}

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
fn last_first_open_day(conn: &mut Conn, tenant: TenantId, zone: &str) -> Result<Option<Time>, Error> {
    let closed = table::decision::values_of(conn, tenant, "setting:closedUntil")?;
    Ok(closed.iter().filter_map(|value| first_open(value, zone)).map(day_of).max())
}

/// The time from which a replay sees the first end of whatever it sees the second end of: the earliest at which a
/// voucher put something under way that it took out at `from` or later, or something was sold that came back then.
fn sent_from(conn: &mut Conn, tenant: TenantId, pools: &[Account], from: Time) -> Result<Time, Error> {
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

/// What a movement was first booked with, as effects on its pools.
fn booked(movement: &Movement) -> Vec<Effect> {
    let mut effects = Vec::with_capacity(2);
    for (pool, other, sign) in [(movement.from.pool, movement.to, -1), (movement.to.pool, movement.from, 1)] {
        if pool.0 != 0 {
            let (at, counterpart, kind) = (movement.effective_at, other.location, ValueKind::Settlement);
            effects.push(Effect { pool, at, counterpart, kind, amount: sign * movement.amount.0 });
        }
    }
    effects
}

/// Posts value entries to the timelines of their pools, reading on where that takes more.
fn post(conn: &mut Conn, desk: &mut Desk, pools: Vec<Account>, entries: &[ValueEntry]) -> Result<(), Error> {
    let mut keys = BTreeMap::new();
    for pool in pools {
        debug_assert_eq!(pool.key.kind, AccountKind::Pool);
        keys.insert(pool.id, pool.key);
        desk.ledger.insert(pool);
    }
    for entry in entries {
        let Some(key) = keys.get(&entry.pool) else {
            return Err(Error::Internal(format!("value entry for pool {}, which was not read", entry.pool)));
        };
        desk.load_for_times(conn, &[(*key, entry.effective_at)])?;
        let account = desk.ledger.accounts.get_mut(key).expect("it was just inserted");
        account
            .timeline
            .post(entry.effective_at, Quantity::ZERO, entry.amount)
            .map_err(|fault| Error::Internal(format!("pool {}: {fault}", entry.pool)))?;
    }
    Ok(())
}
