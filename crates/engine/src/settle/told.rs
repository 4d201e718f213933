//! What the pools of what was made are told of what was used for it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lotbook_domain::id::{AccountId, MovementId, TenantId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::replay::{Covered, of_what_was_made};
use crate::store::Conn;
use crate::table;
use crate::table::late_cost::{Key, LateCost, Made};

/// What a replay found that the pools of what was made have to know.
pub(super) struct Told {
    /// Issues that cost something else than what was handed on.
    pub(super) changed: Vec<(MovementId, i64)>,
    /// What was covered of issues that went beyond stock.
    pub(super) covered: Vec<Covered>,
}

/// What the pools of what was made are told: what the things that were used for it cost by now.
pub(super) struct Handed {
    /// What issues cost more than was booked, of those that something was made of.
    deltas: Vec<(MovementId, i64)>,
    /// What was told of covers and is so no more.
    gone: Vec<Key>,
    /// What was not told of covers.
    fresh: Vec<(Key, LateCost)>,
    /// The pools, each with the time from which its values wait for that.
    waiting: Vec<(AccountId, Time)>,
}

impl Handed {
    /// Works it out, for a replay of these pools from a time on, which may have ended at another.
    pub(super) fn read(
        conn: &mut Conn,
        tenant: TenantId,
        own: &[AccountId],
        (from, ended): (Time, Option<Time>),
        told: &Told,
    ) -> Result<Self, Error> {
        let ids: Vec<MovementId> = told.changed.iter().map(|(id, _)| *id).collect();
        let taken_over = table::cost_link::taken_over(conn, tenant, &ids)?;
        let linked: HashSet<MovementId> = taken_over.iter().map(|(id, ..)| *id).collect();
        let deltas = told.changed.iter().copied().filter(|(id, _)| linked.contains(id)).collect();
        // In the pools of this circle it was part of the same replay.
        let mut waiting: Vec<(AccountId, Time)> =
            taken_over.into_iter().filter(|(_, pool, _)| !own.contains(pool)).map(|(_, pool, at)| (pool, at)).collect();
        let mut before = table::late_cost::of_sources(conn, tenant, own, from)?;
        before.retain(|_, late| ended.is_none_or(|ended| late.at < ended));
        let now = late_costs(conn, tenant, &told.covered, |_, made| !own.contains(&made.pool))?;
        let gone: Vec<Key> = before.keys().filter(|key| !now.contains_key(key)).copied().collect();
        let fresh: Vec<(Key, LateCost)> = now.into_iter().filter(|(key, late)| before.get(key) != Some(late)).collect();
        waiting.extend(gone.iter().map(|key| &before[key]).map(|late| (late.pool, late.at)));
        for (key, late) in &fresh {
            waiting.extend([Some(late), before.get(key)].into_iter().flatten().map(|late| (late.pool, late.at)));
        }
        Ok(Self { deltas, gone, fresh, waiting })
    }

    /// The pools that are told.
    pub(super) fn pools(&self) -> impl Iterator<Item = AccountId> {
        self.waiting.iter().map(|(pool, _)| *pool)
    }

    /// Tells them; locks them, so before the end of the ledger is.
    pub(super) fn write(&self, conn: &mut Conn, tenant: TenantId) -> Result<(), Error> {
        table::account::await_settlement(conn, tenant, &self.waiting)?;
        table::cost_link::carry(conn, tenant, &self.deltas)?;
        table::late_cost::write(conn, tenant, &self.gone, &self.fresh)
    }
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
