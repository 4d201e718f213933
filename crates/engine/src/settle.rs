//! Settling values: a batch of its own per product and variant whose pools wait for it.
//!
//! Quantities are right at once; what an issue costs may become known later. Whoever books marks the
//! pool with the time from which its values wait. Settling replays the product's pools from there and
//! appends the differences, see [`lotbook_domain::settlement`].
//!
//! A long history is replayed on a snapshot, up to its last instant; others write meanwhile. The writing begins by
//! comparing: where nothing was learned but of later times, the replay goes on from there, and ends. So writers wait for
//! what came meanwhile, and for the value entries, however long the history is.

mod beginning;
mod coinciding;
mod replaying;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::costing::Plan;
use lotbook_domain::entry::Reference;
use lotbook_domain::id::{AccountId, BatchId, LotId, ProductId, TenantId, UserId, VariantId};
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::ValueEntry;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::Difference;
use lotbook_domain::time::Time;

use crate::append::{Batch, append};
use crate::desk::Desk;
use crate::engine::Engine;
use crate::error::Error;
use crate::store::{Arg, Conn, Dialect, Rows};
use crate::table;
use crate::table::adjustment::Pushed;
use crate::table::header::BatchKind;
use beginning::first_end;
pub(crate) use beginning::{Beginning, begin, earlier, last_first_open_day};
use coinciding::Learned;
use replaying::{Replayed, Replaying};
pub(crate) use replaying::{booked, hold_entries, stop_if_lacking};
use told::Handed;
pub(crate) use told::late_costs;

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

/// Settles everything that waits; how many circles that were. One that fails keeps no other from it; the first failure
/// is told in the end.
pub fn settle_all(engine: &Engine) -> Result<usize, Error> {
    let mut done = 0;
    let mut failed: BTreeMap<Circle, Error> = BTreeMap::new();
    loop {
        let more = i64::try_from(failed.len()).unwrap_or(i64::MAX).saturating_add(500);
        let waiting = engine.read(|conn| waiting(conn, more))?;
        let left: Vec<Circle> = waiting.into_iter().filter(|circle| !failed.contains_key(circle)).collect();
        if left.is_empty() {
            return failed.into_values().next().map_or(Ok(done), Err);
        }
        for circle in left {
            match settle(engine, circle) {
                Ok(_) => done += 1,
                Err(error) => {
                    failed.insert(circle, error);
                }
            }
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
    /// From when on everything was as it had been, so that it read no further; `None` = it read to the end.
    pub ended: Option<Time>,
}

/// Postings of a circle that are replayed under the writer's lock: that takes some milliseconds.
const SHORT: i64 = 5_000;
/// A settlement begins again so often: what a snapshot rests on changed meanwhile, or pools that it has to tell were
/// not locked in their order. Then it is done under the lock, in whatever order.
const TRIES: u32 = 3;

/// Settles the pools of a product and variant, if they still wait.
pub fn settle(engine: &Engine, circle: Circle) -> Result<Settled, Error> {
    settle_beyond(engine, circle, SHORT)
}

/// [`settle`], where a history of more postings than that is long, and replayed on a snapshot.
pub fn settle_beyond(engine: &Engine, circle: Circle, postings: i64) -> Result<Settled, Error> {
    let mut attempt = Attempt { circle, now: engine.now(), no: 0, at: Time::FOREVER, along: BTreeSet::new() };
    let mut is_long = false;
    while attempt.no < TRIES {
        let outcome = if is_long {
            let Some(begun) = engine.store.read(|conn| Begun::on_snapshot(conn, engine, &attempt))? else {
                return Ok(Settled::default());
            };
            let mut begun = Some(begun);
            engine.store.write(|conn| match begun.take() {
                Some(begun) => begun.end(conn, engine, &attempt),
                // Another transaction was in the way of the first run.
                None => Ok(Outcome::Again { at: Time::FOREVER, along: BTreeSet::new() }),
            })?
        } else {
            engine.store.write(|conn| at_once(conn, engine, &attempt, postings))?
        };
        match outcome {
            Outcome::Settled(settled) => return Ok(settled),
            Outcome::Long => is_long = true,
            Outcome::Again { at, along } => {
                attempt.no += 1;
                attempt.at = attempt.at.min(at);
                attempt.along.extend(along);
            }
        }
    }
    match engine.store.write(|conn| at_once(conn, engine, &attempt, i64::MAX))? {
        Outcome::Settled(settled) => Ok(settled),
        Outcome::Long | Outcome::Again { .. } => Err(Error::Internal(format!(
            "the values of product {} were to be settled in any case, and are not",
            circle.product
        ))),
    }
}

/// What one attempt to settle a circle is made with.
struct Attempt {
    circle: Circle,
    now: Time,
    /// How many there were before it.
    no: u32,
    /// It begins then, or before.
    at: Time,
    /// Pools of what was made that it has to tell, and locks with its own.
    along: BTreeSet<AccountId>,
}

/// What became of one.
enum Outcome {
    Settled(Settled),
    /// The history is long: it is to be replayed on a snapshot.
    Long,
    /// It has to begin again: at this time or before it, and locking these pools.
    Again {
        at: Time,
        along: BTreeSet<AccountId>,
    },
}

fn too_large(circle: Circle) -> impl Fn() -> Error {
    move || Error::Internal(format!("the value of product {} leaves the range of 64 bits", circle.product))
}

/// The pools `a` of a circle.
const OF_CIRCLE: &str = "a.tenant = $1 and a.product = $2 and a.variant = $3 and a.lot = $4 and a.kind = 2";

/// What a settlement rests on.
struct Ground {
    desk: Desk,
    plan: Plan,
    pools: Vec<Account>,
    /// From when on values wait; `None` = none do.
    waits_from: Option<Time>,
}

impl Ground {
    /// Reads it; `locks` takes the pools for writing, and those that go along, in the order of ids.
    fn read(conn: &mut Conn, engine: &Engine, attempt: &Attempt, locks: bool) -> Result<Self, Error> {
        let circle = attempt.circle;
        let tenant = circle.tenant;
        let mut desk = Desk::new(tenant, engine.structure(conn, tenant)?, locks);
        let along = Rows::ids(attempt.along.iter().map(|id| id.0));
        let mut args =
            vec![Arg::Int(tenant.0), Arg::Int(circle.product.0), Arg::Int(circle.variant.0), Arg::Int(circle.lot.0)];
        let mut pools = if !locks {
            args.push(Arg::Int(i64::MAX));
            table::account::select(conn, OF_CIRCLE, &args)?
        } else if along.is_empty() {
            table::account::select_locked(conn, OF_CIRCLE, &args)?
        } else {
            args.push(Arg::Rows(&along));
            let both = format!("{OF_CIRCLE} or a.tenant = $1 and a.id in (select r.id from {{rows $5 (id bigint) r}})");
            table::account::select_locked(conn, &both, &args)?
        };
        pools.retain(|pool| {
            (pool.key.product, pool.key.variant, pool.key.lot) == (circle.product, circle.variant, circle.lot)
        });
        let (products, variants) = (BTreeSet::from([circle.product]), BTreeSet::from([circle.variant]));
        desk.load_catalog(conn, products, variants, BTreeSet::new(), BTreeSet::new())?;
        let plan = desk.catalog.costing(circle.product, circle.variant);
        let waits_from = pools.iter().filter_map(|pool| pool.unsettled_from).min();
        Ok(Self { desk, plan, pools, waits_from })
    }

    fn replay_from(&mut self, conn: &mut Conn, circle: Circle, at: Time) -> Result<Replaying, Error> {
        Replaying::begin(conn, circle, &self.desk, &mut self.pools, &self.plan, at)
    }
}

/// Settles under the lock, unless the pools have more postings than that.
fn at_once(conn: &mut Conn, engine: &Engine, attempt: &Attempt, postings_max: i64) -> Result<Outcome, Error> {
    let circle = attempt.circle;
    let mut ground = Ground::read(conn, engine, attempt, true)?;
    let Some(waits_from) = ground.waits_from else { return Ok(Outcome::Settled(Settled::default())) };
    let postings = ground.pools.iter().map(|pool| pool.timeline.root().postings);
    if postings.fold(0_i64, i64::saturating_add) > postings_max {
        return Ok(Outcome::Long);
    }
    let (mut at, mut looked_at) = (waits_from.min(attempt.at), 0);
    for no in 0.. {
        let mut replaying = ground.replay_from(conn, circle, at)?;
        let from = replaying.from;
        replaying.looked_at += looked_at;
        let lacks = replaying.read(conn, (from, Time::FOREVER))?;
        looked_at = replaying.looked_at;
        let lacks = match lacks {
            Some(pool) => pool,
            None => match replaying.end(&ground.pools)? {
                Ok(replayed) => return write_down(conn, engine, attempt, ground, replayed),
                Err(pool) => pool,
            },
        };
        at = earlier(conn, circle.tenant, lacks, from, no)?;
    }
    unreachable!("a replay from the first movement on lacks nothing")
}

/// What the replay of a snapshot rests on that a later posting may change.
#[derive(PartialEq, Eq)]
struct Footing {
    structure: i64,
    plan: Plan,
    /// Each pool: how often it was said of it, beside postings, that its values wait or are settled, and how many
    /// postings it has up to the time that was replayed.
    pools: BTreeMap<AccountId, (i64, i64)>,
    /// The documents that something came back of later than that.
    returned: BTreeSet<Reference>,
}

impl Footing {
    fn read(conn: &mut Conn, tenant: TenantId, ground: &Ground, until: Time) -> Result<Self, Error> {
        let ids: Vec<AccountId> = ground.pools.iter().map(|pool| pool.id).collect();
        let after = Time(until.0.saturating_add(1));
        let later = table::account::marks_and_later_postings(conn, tenant, &ids, after)?;
        let postings: BTreeMap<_, _> =
            ground.pools.iter().map(|pool| (pool.id, pool.timeline.root().postings)).collect();
        let pools = later
            .into_iter()
            .map(|(id, marks, later)| (id, (marks, postings.get(&id).copied().unwrap_or(0).saturating_sub(later))))
            .collect();
        let returned = table::movement::returned_of(conn, tenant, &ids, after)?.into_iter().collect();
        let (structure, plan) = (ground.desk.structure.version, ground.plan.clone());
        Ok(Self { structure, plan, pools, returned })
    }
}

/// A settlement whose history was replayed on a snapshot.
struct Begun {
    replaying: Replaying,
    /// Up to then.
    until: Time,
    /// From when on everything is as it was, so that it ends there.
    ended: Option<Time>,
    footing: Footing,
    /// The pools that it has to tell, as far as is known.
    along: BTreeSet<AccountId>,
}

impl Begun {
    /// Replays what is there now, but for the last instant; `None` = nothing waits.
    fn on_snapshot(conn: &mut Conn, engine: &Engine, attempt: &Attempt) -> Result<Option<Self>, Error> {
        let circle = attempt.circle;
        let mut ground = Ground::read(conn, engine, attempt, false)?;
        let Some(waits_from) = ground.waits_from else { return Ok(None) };
        let last = ground.pools.iter().map(|pool| pool.timeline.root().instants_to).max().unwrap_or(waits_from);
        let until = Time(last.0.saturating_sub(1));
        // To end early takes that nothing is learned meanwhile; it is tried once.
        let learned = if attempt.no == 0 { Learned::read(conn, &ground, circle)? } else { None };
        let (mut at, mut looked_at) = (waits_from.min(attempt.at), 0);
        for no in 0.. {
            let mut replaying = ground.replay_from(conn, circle, at)?;
            let from = replaying.from;
            replaying.looked_at += looked_at;
            let read = match &learned {
                Some(learned) => learned.go_through(conn, (&mut ground, circle), &mut replaying, until)?,
                None => replaying.read(conn, (from, until))?.map_or(Ok(None), Err),
            };
            let ended = match read {
                Ok(ended) => ended,
                Err(pool) => {
                    looked_at = replaying.looked_at;
                    at = earlier(conn, circle.tenant, pool, from, no)?;
                    continue;
                }
            };
            let until = if ended.is_some() { Time::FOREVER } else { until };
            let footing = Footing::read(conn, circle.tenant, &ground, until)?;
            let along =
                if is_locked_by_row(conn) { replaying.handed(conn, ended)?.pools().collect() } else { BTreeSet::new() };
            return Ok(Some(Self { replaying, until, ended, footing, along }));
        }
        unreachable!("a replay from the first movement on lacks nothing")
    }

    /// Goes on with what was learned meanwhile, as far as that is later, and writes down what it came to.
    fn end(self, conn: &mut Conn, engine: &Engine, attempt: &Attempt) -> Result<Outcome, Error> {
        let Self { mut replaying, until, ended, footing, mut along } = self;
        let tenant = attempt.circle.tenant;
        along.extend(&attempt.along);
        let attempt = Attempt { along, ..*attempt };
        let ground = Ground::read(conn, engine, &attempt, true)?;
        if ground.waits_from.is_none() {
            return Ok(Outcome::Settled(Settled::default()));
        }
        let again = |at: Time| Ok(Outcome::Again { at, along: BTreeSet::new() });
        if Footing::read(conn, tenant, &ground, until)? != footing {
            return again(Time::FOREVER);
        }
        if let Some(ended) = ended {
            return write_down(conn, engine, &attempt, ground, replaying.end_before(ended));
        }
        let (from, rest) = (replaying.from, Time(until.0.saturating_add(1)));
        // What was learned meanwhile may be the second end of something that began before the replay.
        let first = first_end(conn, tenant, &ground.pools, (rest, Time::FOREVER))?;
        if let Some(first) = first.filter(|first| *first < from) {
            return again(first);
        }
        let lacks = match replaying.read(conn, (rest.max(from), Time::FOREVER))? {
            Some(pool) => pool,
            None => match replaying.end(&ground.pools)? {
                Ok(replayed) => return write_down(conn, engine, &attempt, ground, replayed),
                Err(pool) => pool,
            },
        };
        again(earlier(conn, tenant, lacks, from, attempt.no)?)
    }
}

/// Whether others write at the same time, and wait for the rows that one of them locks.
fn is_locked_by_row(conn: &Conn) -> bool {
    conn.dialect() == Dialect::Postgres
}

/// Writes what a replay came to: value entries in a batch of their own, and what is handed on.
///
/// Accounts are locked in the order of ids, and the end of the ledger after all of them, as whoever books does. So where
/// a pool that is told comes before one of its own, it begins again and locks that one with them.
fn write_down(
    conn: &mut Conn,
    engine: &Engine,
    attempt: &Attempt,
    ground: Ground,
    replayed: Replayed,
) -> Result<Outcome, Error> {
    let (circle, now) = (attempt.circle, attempt.now);
    let tenant = circle.tenant;
    let Ground { mut desk, pools, .. } = ground;
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let Replayed { from, ended, after, told, found, looked_at } = replayed;
    let handed = Handed::read(conn, tenant, &ids, (from, ended), &told)?;
    let last = ids.iter().chain(&attempt.along).max().copied().unwrap_or_default();
    let along: BTreeSet<AccountId> =
        handed.pools().filter(|pool| *pool < last && !attempt.along.contains(pool)).collect();
    if !along.is_empty() && is_locked_by_row(conn) && attempt.no < TRIES {
        return Ok(Outcome::Again { at: Time::FOREVER, along: handed.pools().collect() });
    }
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
        pool.unsettled_from = None;
        // Where the replay ended, the pools stood as it says; what a unit last cost is as it was.
        if ended.is_some() {
            continue;
        }
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
    }
    let last_costs: Vec<_> = settled.iter().map(|pool| (pool.id, pool.last_cost)).collect();
    let done = Settled { looked_at, entries: entries.len(), ended };
    handed.write(conn, tenant)?;
    table::account::mark_settled(conn, tenant, &last_costs)?;
    if entries.is_empty() {
        return Ok(Outcome::Settled(done));
    }
    let id = BatchId(engine.counters.take_in(conn, tenant.0, "batch", 1, 1)?);
    let batches = [Batch { value_entries: entries, ..Batch::new(id, BatchKind::Settlement, UserId(0)) }];
    append(conn, engine, (tenant, desk.structure.version), &batches, &settled, now, |_| {})?;
    table::adjustment::insert(conn, tenant, id, &pushed)?;
    if !pushed.is_empty() {
        table::said::link(conn, tenant, &[table::said::of_pushed(id, &pushed)])?;
    }
    Ok(Outcome::Settled(done))
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
