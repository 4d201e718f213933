//! What is reserved, as a decision needs it: read after the accounts are locked, so that nobody reserves
//! or issues between the look and the decision.

use std::collections::{BTreeSet, HashSet};

use lotbook_domain::id::{AccountId, LocationId, ProductId, ReservationId, VariantId};
use lotbook_domain::ledger::{Account, AccountKey, Missing};
use lotbook_domain::reservation::{Scope, takeable};
use lotbook_domain::time::Time;
use lotbook_domain::timeline::Need;

use super::{Desk, ROUNDS_MAX};
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::reservation::Turn;

impl Desk {
    /// Reads what is reserved of these products, notes there what has expired, and takes the reservations
    /// that are named for writing. Where scopes are wider than an account, what can be taken from the
    /// others they cover is read as well: their stock cannot change meanwhile, for whoever takes from it
    /// needs the sums that are locked here.
    pub fn load_reserved(
        &mut self,
        conn: &mut Conn,
        products: &BTreeSet<(ProductId, VariantId)>,
        named: &BTreeSet<ReservationId>,
        now: Time,
    ) -> Result<(), Error> {
        let tenant = self.tenant;
        self.ledger.reserved.now = now;
        self.searched.reserved.extend(products);
        let open = table::reservation::open(conn, tenant, products, self.locks)?;
        for (product, variant) in products {
            self.ledger.reserved.open.retain(|scope, _| (scope.product, scope.variant) != (*product, *variant));
        }
        for (scope, quantity) in &open {
            self.ledger.reserved.add(*scope, quantity.0);
        }
        if !open.is_empty() {
            let holding: BTreeSet<_> = open.iter().map(|(scope, _)| (scope.product, scope.variant)).collect();
            let overdue = table::reservation::overdue(conn, tenant, &holding, now, self.locks)?;
            for reservation in &overdue {
                self.ledger.reserved.add(reservation.scope, -reservation.open.0);
            }
            if self.locks && !overdue.is_empty() {
                let expired: Vec<_> = overdue.into_iter().map(|reservation| Turn::expired(reservation, now)).collect();
                table::reservation::change(conn, tenant, &expired)?;
            }
            self.load_beside(conn, now)?;
        }
        let (mut products, mut lots) = (BTreeSet::new(), BTreeSet::new());
        for kept in table::reservation::by_ids(conn, tenant, named, self.locks)? {
            products.insert(kept.reservation.scope.product);
            lots.insert(kept.reservation.scope.lot);
            self.ledger.reserved.named.insert(kept.reservation.id, kept.reservation);
        }
        // Who names one that is for something else is told by name what it is for.
        self.load_catalog(conn, products, BTreeSet::new(), lots, BTreeSet::new())
    }

    /// The accounts that reserving in these scopes touches.
    pub fn reservable_accounts(
        &self,
        conn: &mut Conn,
        scopes: &[Scope],
        now: Time,
    ) -> Result<BTreeSet<AccountKey>, Error> {
        let parents = self.parents();
        let mut keys = BTreeSet::new();
        let mut wide: Vec<Scope> = Vec::new();
        for scope in scopes {
            match scope.single(&self.catalog, &parents) {
                Some(key) => drop(keys.insert(key)),
                None => wide.push(*scope),
            }
        }
        let products = wide.iter().map(|scope| (scope.product, scope.variant)).collect();
        let tree = &self.catalog.locations;
        keys.extend(
            table::reservation::accounts_of(conn, self.tenant, &products, now)?
                .into_iter()
                .filter(|key| wide.iter().any(|scope| scope.covers(tree, key))),
        );
        Ok(keys)
    }

    /// The places that have others below them.
    fn parents(&self) -> HashSet<LocationId> {
        self.catalog.locations.all().into_iter().map(|node| node.parent).collect()
    }

    fn load_beside(&mut self, conn: &mut Conn, now: Time) -> Result<(), Error> {
        let parents = self.parents();
        let reserved = &self.ledger.reserved;
        let wide: Vec<Scope> =
            reserved.open.keys().filter(|scope| scope.single(&self.catalog, &parents).is_none()).copied().collect();
        if wide.is_empty() {
            return Ok(());
        }
        let products = wide.iter().map(|scope| (scope.product, scope.variant)).collect();
        let tree = &self.catalog.locations;
        let keys: BTreeSet<AccountKey> = table::reservation::accounts_of(conn, self.tenant, &products, now)?
            .into_iter()
            .filter(|key| {
                !self.ledger.accounts.contains_key(key) && reserved.open.keys().any(|scope| scope.covers(tree, key))
            })
            .collect();
        let mut accounts: Vec<Account> = table::account::by_keys(conn, self.tenant, &keys, false)?
            .into_iter()
            .map(|stored| stored.account)
            .collect();
        for _ in 0..ROUNDS_MAX {
            let mut needs: BTreeSet<(AccountId, Need)> = BTreeSet::new();
            for account in &accounts {
                match takeable(account, now) {
                    Ok(quantity) => drop(self.ledger.reserved.beside.insert(account.key, quantity)),
                    Err(Missing::Part(id, need)) => drop(needs.insert((id, need))),
                    Err(other) => {
                        return Err(Error::Internal(format!("account {}: {other:?}; run verify", account.id)));
                    }
                }
            }
            if needs.is_empty() {
                return Ok(());
            }
            table::account::part::load(conn, self.tenant, &mut accounts, &needs)?;
        }
        Err(Error::Internal("a timeline keeps asking for the same part".to_owned()))
    }
}
