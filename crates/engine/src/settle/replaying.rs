//! The replay of a circle, compared with what the ledger holds.

use std::collections::{BTreeMap, HashMap};

use lotbook_domain::catalog::Costing;
use lotbook_domain::costing::Plan;
use lotbook_domain::id::{AccountId, BatchId, TenantId};
use lotbook_domain::ledger::Account;
use lotbook_domain::settlement::{Difference, Differences, Effect, Moved, Pool, Replay, ValueKind};
use lotbook_domain::time::Time;

use super::beginning::{Beginning, begin};
use super::told::{Handed, Told};
use super::{Circle, too_large};
use crate::desk::Desk;
use crate::error::Error;
use crate::replay::{Event, Walk, each_event};
use crate::store::Conn;
use crate::table;
use crate::table::adjustment::Pushed;

/// A replay under way.
pub(super) struct Replaying {
    circle: Circle,
    ids: Vec<AccountId>,
    /// Where it began.
    pub(super) from: Time,
    walk: Walk,
    differences: Differences,
    /// How many movements were read.
    pub(super) looked_at: u64,
}

/// What the replay of a circle came to.
pub(super) struct Replayed {
    /// Where it began.
    pub(super) from: Time,
    /// Where it ended, and everything later is as it was; `None` = it went through all of it.
    pub(super) ended: Option<Time>,
    /// The pools by the definition, where it went through all.
    pub(super) after: BTreeMap<AccountId, Pool>,
    /// What is to be handed on.
    pub(super) told: Told,
    /// What the ledger lacks.
    pub(super) found: Vec<Difference>,
    /// How many movements were read.
    pub(super) looked_at: u64,
}

impl Replaying {
    /// Begins where that is sound, at a time or before it.
    pub(super) fn begin(
        conn: &mut Conn,
        circle: Circle,
        desk: &Desk,
        pools: &mut [Account],
        plan: &Plan,
        at: Time,
    ) -> Result<Self, Error> {
        let (tenant, policies) = (circle.tenant, &desk.catalog.policies);
        let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
        let Beginning { from, before, looked_at } = begin(conn, desk, pools, plan, at)?;
        let mut differences = Differences::default();
        for pool in pools.iter() {
            if let Some(open) = policies.open_from_at(&desk.catalog.locations, pool.key.place) {
                differences.open_from.insert(pool.id, open);
            }
        }
        hold_entries(conn, tenant, &ids, from, &mut differences)?.ok_or_else(too_large(circle))?;
        let replay = Replay::new(plan.clone(), policies.scale, before, from);
        let walk = Walk::new(conn, tenant, &ids, from, replay)?;
        Ok(Self { circle, ids, from, walk, differences, looked_at })
    }

    /// Goes on over a span of time; answers the pool of which it lacks what was before, so that it has to begin
    /// earlier.
    pub(super) fn read(&mut self, conn: &mut Conn, span: (Time, Time)) -> Result<Option<AccountId>, Error> {
        let overflow = too_large(self.circle);
        let (walk, differences, looked_at) = (&mut self.walk, &mut self.differences, &mut self.looked_at);
        let read = each_event(conn, self.circle.tenant, &self.ids, span, |event| {
            if let Event::Movement { movement, .. } = &event {
                *looked_at += 1;
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
            return Ok(Some(pool));
        }
        read.map(|()| None)
    }

    /// Applies what the last batch and instant still hand on.
    pub(super) fn pause(&mut self) -> Result<(), Error> {
        let overflow = too_large(self.circle);
        self.walk.correct_made().ok_or_else(&overflow)?;
        for effect in self.walk.replay.take_effects() {
            self.differences.define(effect).ok_or_else(&overflow)?;
        }
        Ok(())
    }

    /// From here on nothing that was learned is told any more.
    pub(super) fn doubt(&mut self) {
        self.walk.replay.doubt();
    }

    /// The pools as they stand.
    pub(super) fn pools(&self) -> &BTreeMap<AccountId, Pool> {
        self.walk.replay.pools()
    }

    /// By which method they are valued.
    pub(super) fn method(&self) -> Costing {
        self.walk.replay.method()
    }

    /// By how much the ledger lacks what the definition says of the days before a time, of each pool.
    pub(super) fn lacking_before(&self, at: Time) -> Result<BTreeMap<AccountId, i64>, Error> {
        self.differences.before(at).ok_or_else(too_large(self.circle))
    }

    /// What is to be handed on by what was read so far.
    pub(super) fn handed(&self, conn: &mut Conn, ended: Option<Time>) -> Result<Handed, Error> {
        let told = Told { changed: self.walk.changed.clone(), covered: self.walk.covered.clone() };
        Handed::read(conn, self.circle.tenant, &self.ids, (self.from, ended), &told)
    }

    /// What it came to, where from a time on everything is as it was.
    pub(super) fn end_before(mut self, at: Time) -> Replayed {
        self.differences.end_before(at);
        let Self { from, walk: Walk { changed, covered, .. }, differences, looked_at, .. } = self;
        let (told, found) = (Told { changed, covered }, differences.entries());
        Replayed { from, ended: Some(at), after: BTreeMap::new(), told, found, looked_at }
    }

    /// What it came to, once everything was read; or the pool of which it lacks what was before.
    pub(super) fn end(self, pools: &[Account]) -> Result<Result<Replayed, AccountId>, Error> {
        let Self { circle, from, mut walk, mut differences, looked_at, .. } = self;
        let overflow = too_large(circle);
        walk.end().ok_or_else(&overflow)?;
        for effect in walk.replay.take_effects() {
            differences.define(effect).ok_or_else(&overflow)?;
        }
        let Walk { replay, changed, covered, .. } = walk;
        let (after, told) = (replay.finish(), Told { changed, covered });
        // What is kept of a pool that nothing was dated back in still holds; of another one it is found by going back.
        let is_untold = |pool: &&Account| after.get(&pool.id).is_some_and(|after| after.last_cost.is_none());
        if let Some(pool) = pools.iter().filter(|pool| pool.unsettled_from.is_some()).find(is_untold) {
            return Ok(Err(pool.id));
        }
        Ok(Ok(Replayed { from, ended: None, after, told, found: differences.entries(), looked_at }))
    }
}

/// Takes off the value entries that stand in pools from a time on; what was pushed out of closed days is held on
/// these. `None` where a sum leaves the range.
pub(crate) fn hold_entries(
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

/// What a movement was first booked with, as effects on its pools.
pub(crate) fn booked(movement: &Moved) -> Vec<Effect> {
    let mut effects = Vec::with_capacity(2);
    for (pool, other, sign) in [(movement.from.pool, movement.to, -1), (movement.to.pool, movement.from, 1)] {
        if pool.0 != 0 {
            let (at, counterpart, kind) = (movement.effective_at, other.location, ValueKind::Settlement);
            effects.push(Effect { pool, at, counterpart, kind, amount: sign * movement.amount.0 });
        }
    }
    effects
}

/// Ends the reading for a replay that has to begin earlier.
pub(crate) fn stop_if_lacking(replay: &Replay) -> Result<(), Error> {
    match replay.lacks() {
        Some(pool) => Err(Error::Internal(format!("the replay lacks the past of pool {pool}"))),
        None => Ok(()),
    }
}
