//! Half of I2: every end of a movement names an account of its own key.
//!
//! What movements claim of accounts repeats itself, so it is kept once and compared with the accounts chunk by
//! chunk; what was found right stays known, up to a bound.

use std::collections::{HashMap, HashSet};

use lotbook_domain::id::{AccountId, LocationId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::movement::Movement;

use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;

/// So many claims stay known to be right.
const KNOWN_MAX: usize = 300_000;

/// What a movement says about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Claim {
    account: AccountId,
    is_pool: bool,
    product: ProductId,
    variant: VariantId,
    lot: LotId,
    place: LocationId,
}

/// Claims seen so far.
#[derive(Default)]
pub(super) struct Homes {
    right: HashSet<Claim>,
    open: HashMap<Claim, MovementId>,
}

impl Homes {
    /// Notes what a movement claims.
    pub fn note(&mut self, id: MovementId, movement: &Movement) {
        for end in [&movement.from, &movement.to] {
            for (account, is_pool) in [(end.account, false), (end.pool, true)] {
                if account.0 <= 0 {
                    continue;
                }
                let Movement { product, variant, lot, .. } = *movement;
                let claim = Claim { account, is_pool, product, variant, lot, place: end.location };
                if !self.right.contains(&claim) {
                    self.open.entry(claim).or_insert(id);
                }
            }
        }
    }

    /// Compares the claims that are open with the accounts: one statement. That an account does not exist is told
    /// with what is posted to it.
    pub fn judge(
        &mut self,
        conn: &mut Conn,
        tenant: TenantId,
        structure: &Structure,
        found: &mut Findings,
    ) -> Result<(), Error> {
        let mut ids: Vec<AccountId> = self.open.keys().map(|claim| claim.account).collect();
        ids.sort_unstable();
        ids.dedup();
        let keys: HashMap<AccountId, AccountKey> = table::account::by_ids(conn, tenant, &ids, false)?
            .into_iter()
            .map(|stored| (stored.account.id, stored.account.key))
            .collect();
        let mut wrong: Vec<(MovementId, Claim, AccountKey)> = Vec::new();
        if self.right.len() + self.open.len() > KNOWN_MAX {
            self.right.clear();
        }
        for (claim, id) in self.open.drain() {
            match keys.get(&claim.account) {
                Some(key) if claim.holds(*key, structure) => _ = self.right.insert(claim),
                Some(key) => wrong.push((id, claim, *key)),
                None => {}
            }
        }
        wrong.sort_unstable_by_key(|(id, claim, _)| (*id, claim.account));
        for (id, claim, key) in wrong {
            found.differs(2, Thing::Account(claim.account, key), || {
                let side = if claim.is_pool { "cost pool" } else { "stock" };
                format!("movement {} is posted to it as {side} and belongs elsewhere", id.number())
            });
        }
        Ok(())
    }
}

impl Claim {
    fn holds(&self, key: AccountKey, structure: &Structure) -> bool {
        if (self.product, self.variant) != (key.product, key.variant) {
            return false;
        }
        match (key.kind, self.is_pool) {
            (AccountKind::Stock, false) => (self.lot, self.place) == (key.lot, key.place),
            (AccountKind::Pool, true) => {
                (key.lot.0 == 0 || key.lot == self.lot)
                    && structure.catalog.locations.pool_unit_of(self.place).is_none_or(|unit| unit == key.place)
            }
            _ => false,
        }
    }
}
