//! The desk: what a decision works on, read once for a whole group of requests.

mod reserved;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use lotbook_domain::booking::{Wanted, pool_key, set_key};
use lotbook_domain::catalog::Catalog;
use lotbook_domain::count::Moment;
use lotbook_domain::id::{AccountId, LocationId, LotId, PartyId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind, FreshIds, Ledger, Missing};
use lotbook_domain::time::Time;
use lotbook_domain::timeline::Need;

use crate::engine::Engine;
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;

/// A decision that needs more than this many rounds of loading is asking for the same thing again.
pub const ROUNDS_MAX: usize = 40;

/// What a group of decisions works on.
pub struct Desk {
    /// The tenant.
    pub tenant: TenantId,
    /// The slow-moving part.
    pub structure: Arc<Structure>,
    /// The catalog with what was asked for.
    pub catalog: Catalog,
    /// The accounts that were asked for.
    pub ledger: Ledger,
    /// Fresh ids.
    pub ids: FreshIds,
    /// Versions of the accounts as read.
    pub versions: Vec<(AccountId, i64)>,
    /// Whether accounts are locked and made as they are read: inside a write transaction.
    pub locks: bool,
    /// Where accounts were looked for without naming them.
    pub searched: Searched,
    /// The accounts that decisions changed so far, where several are taken at one desk.
    pub touched: BTreeSet<AccountKey>,
    /// The accounts that were asked for, also those that do not exist.
    asked: BTreeSet<AccountKey>,
    /// The position of the ledger when counts were first looked for without a lock.
    counts_from: Option<i64>,
    /// The documents whose issues were asked for.
    documents: BTreeSet<table::movement::Document>,
    /// The documents that something is sold under.
    sold_under: BTreeSet<table::movement::Document>,
}

/// Where accounts were looked for without naming them: others may have come to be there since.
#[derive(Clone, Debug, Default)]
pub struct Searched {
    /// Every lot of a product and variant at a place.
    pub lots_at: BTreeSet<(ProductId, VariantId, LocationId)>,
    /// Every place of an instance.
    pub instances: BTreeSet<LotId>,
    /// Products of which reservations were looked for.
    pub reserved: BTreeSet<(ProductId, VariantId)>,
}

impl Searched {
    fn keys(&self, conn: &mut Conn, tenant: TenantId) -> Result<Vec<AccountKey>, Error> {
        let mut keys = table::account::lots_at(conn, tenant, &self.lots_at)?;
        keys.extend(table::account::of_instances(conn, tenant, &self.instances)?);
        Ok(keys)
    }
}

impl Desk {
    /// An empty desk.
    pub fn new(tenant: TenantId, structure: Arc<Structure>, locks: bool) -> Self {
        let catalog = structure.catalog.clone();
        Self {
            tenant,
            structure,
            catalog,
            ledger: Ledger::default(),
            ids: FreshIds::default(),
            versions: Vec::new(),
            locks,
            searched: Searched::default(),
            touched: BTreeSet::new(),
            asked: BTreeSet::new(),
            counts_from: None,
            documents: BTreeSet::new(),
            sold_under: BTreeSet::new(),
        }
    }

    /// Reads products, variants, lots and parties that are not on the desk yet.
    pub fn load_catalog(
        &mut self,
        conn: &mut Conn,
        products: BTreeSet<ProductId>,
        variants: BTreeSet<VariantId>,
        lots: BTreeSet<LotId>,
        parties: BTreeSet<PartyId>,
    ) -> Result<(), Error> {
        let tenant = self.tenant;
        let catalog = &mut self.catalog;
        let new = products.into_iter().filter(|id| id.0 != 0 && !catalog.products.contains_key(id)).collect::<Vec<_>>();
        for product in table::catalog::products(conn, tenant, new)? {
            catalog.products.insert(product.id, product);
        }
        let new = variants.into_iter().filter(|id| id.0 != 0 && !catalog.variants.contains_key(id)).collect::<Vec<_>>();
        for variant in table::catalog::variants(conn, tenant, new)? {
            catalog.variants.insert(variant.id, variant);
        }
        let new = lots.into_iter().filter(|id| id.0 != 0 && !catalog.lots.contains_key(id)).collect::<Vec<_>>();
        for lot in table::catalog::lots(conn, tenant, new)? {
            catalog.insert_lot(lot);
        }
        let new = parties.into_iter().filter(|id| id.0 != 0 && !catalog.parties.contains_key(id)).collect::<Vec<_>>();
        for (id, name) in table::catalog::parties(conn, tenant, new)? {
            catalog.parties.insert(id, name);
        }
        Ok(())
    }

    /// Reads the accounts that are wanted, and of their timelines what posting at these times needs.
    pub fn load_accounts(
        &mut self,
        conn: &mut Conn,
        engine: &Engine,
        wanted: &Wanted,
        times: &[(AccountKey, Time)],
    ) -> Result<(), Error> {
        let tenant = self.tenant;
        for lot in table::catalog::lots_by_name(conn, tenant, wanted.lot_names.iter().cloned())? {
            self.catalog.insert_lot(lot);
        }
        if self.locks {
            // Two bookings that bring one instance to two places have no account in common.
            table::catalog::lock_lots(conn, tenant, &wanted.instances)?;
        }
        let searched = Searched {
            lots_at: wanted.lots_at.clone(),
            instances: wanted.instances.clone(),
            reserved: BTreeSet::new(),
        };
        let mut keys = wanted.accounts.clone();
        keys.extend(searched.keys(conn, tenant)?);
        self.searched.lots_at.extend(searched.lots_at);
        self.searched.instances.extend(searched.instances);
        let lots: BTreeSet<LotId> = keys.iter().map(|key| key.lot).collect();
        self.load_catalog(conn, BTreeSet::new(), BTreeSet::new(), lots, BTreeSet::new())?;
        // Under specific cost the pool of a lot that is found at the place is wanted as well.
        let pools: Vec<AccountKey> = keys
            .iter()
            .filter_map(|key| pool_key(&self.catalog, key.product, key.variant, key.lot, key.place))
            .collect();
        keys.extend(pools);
        let mut products: BTreeSet<_> = keys.iter().map(|key| (key.product, key.variant)).collect();
        products.extend(&wanted.reserved);
        keys.retain(|key| !self.ledger.accounts.contains_key(key));
        self.take_in(conn, engine, &keys)?;
        if self.locks {
            self.complete_sets(conn, engine, wanted)?;
        }
        self.load_reserved(conn, &products, &wanted.reservations, engine.now())?;
        self.documents.extend(wanted.issued_under.iter().cloned());
        self.sold_under.extend(wanted.sold_under.iter().cloned());
        self.load_documents(conn)?;
        self.load_for_times(conn, times)
    }

    /// Reads the instances that came to a place that is being counted between the search for them and the lock of the
    /// set, which nobody passes any more: a count that does not know of them would not deny them.
    fn complete_sets(&mut self, conn: &mut Conn, engine: &Engine, wanted: &Wanted) -> Result<(), Error> {
        let set_of =
            |spot: &&(ProductId, VariantId, LocationId)| set_key(&self.catalog, spot.0, spot.1, spot.2).is_some();
        let sets: BTreeSet<_> = wanted.lots_at.iter().filter(set_of).copied().collect();
        let mut new: BTreeSet<AccountKey> = table::account::lots_at(conn, self.tenant, &sets)?.into_iter().collect();
        new.retain(|key| !self.ledger.accounts.contains_key(key));
        if new.is_empty() {
            return Ok(());
        }
        let lots = new.iter().map(|key| key.lot).collect();
        self.load_catalog(conn, BTreeSet::new(), BTreeSet::new(), lots, BTreeSet::new())?;
        let pool_of = |key: &AccountKey| pool_key(&self.catalog, key.product, key.variant, key.lot, key.place);
        let pools: Vec<AccountKey> = new.iter().filter_map(pool_of).collect();
        new.extend(pools);
        new.retain(|key| !self.ledger.accounts.contains_key(key));
        self.take_in(conn, engine, &new)
    }

    /// Reads what the issues under the documents cost that were asked for, and of which of those that something is
    /// sold under something was returned.
    pub fn load_documents(&mut self, conn: &mut Conn) -> Result<(), Error> {
        let documents: Vec<_> = self.documents.iter().cloned().collect();
        self.ledger.issued_under.extend(table::movement::issued_under(conn, self.tenant, &documents)?);
        let sold_under: Vec<_> = self.sold_under.iter().cloned().collect();
        self.ledger.returned_of.extend(table::movement::among_returned(conn, self.tenant, &sold_under)?);
        Ok(())
    }

    fn take_in(&mut self, conn: &mut Conn, engine: &Engine, keys: &BTreeSet<AccountKey>) -> Result<(), Error> {
        let tenant = self.tenant;
        self.asked.extend(keys);
        let mut found = table::account::by_keys(conn, tenant, keys, self.locks)?;
        if self.locks && found.len() < keys.len() {
            let known: BTreeSet<AccountKey> = found.iter().map(|stored| stored.account.key).collect();
            let absent: Vec<AccountKey> = keys.difference(&known).copied().collect();
            let first = self.take_account_ids(conn, engine, absent.len() as i64)?;
            let new: Vec<(AccountId, AccountKey)> =
                absent.iter().enumerate().map(|(at, key)| (AccountId(first + at as i64), *key)).collect();
            table::account::make(conn, tenant, &new)?;
            // Read again, for somebody else may have made some meanwhile.
            let made: BTreeSet<AccountKey> = absent.into_iter().collect();
            found.extend(table::account::by_keys(conn, tenant, &made, true)?);
        }
        let absent = keys.len().saturating_sub(found.len()) as i64;
        if !self.locks && absent > self.ids.accounts.end - self.ids.accounts.start {
            let first = self.lease(conn, engine, "account", absent)?;
            self.ids.accounts = first..first + absent;
        }
        for stored in found {
            self.versions.push((stored.account.id, stored.version));
            self.ledger.insert(stored.account);
        }
        Ok(())
    }

    /// Takes ids: through the transaction, or through one of their own where this one only reads.
    fn lease(&self, conn: &mut Conn, engine: &Engine, counter: &str, n: i64) -> Result<i64, Error> {
        if self.locks {
            engine.counters.take_in(conn, self.tenant.0, counter, n, 1)
        } else {
            engine.counters.take(&engine.store, self.tenant.0, counter, n, 1)
        }
    }

    /// Whether nothing has come to be since where accounts were looked for without naming them.
    pub fn is_still_all(&self, conn: &mut Conn) -> Result<bool, Error> {
        let keys = self.searched.keys(conn, self.tenant)?;
        Ok(keys.iter().all(|key| self.ledger.accounts.contains_key(key)))
    }

    /// Whether nothing is or was reserved of the products at hand. What is reserved is judged under the
    /// write lock only.
    pub fn reserves_nothing(&self, conn: &mut Conn) -> Result<bool, Error> {
        let was_none = self.ledger.reserved.open.is_empty() && self.ledger.reserved.named.is_empty();
        Ok(was_none && table::reservation::open(conn, self.tenant, &self.searched.reserved, false)?.is_empty())
    }

    /// Reads the accounts that a decision took for new without anybody having asked for them. Whether there
    /// were any, so that it must be taken again.
    pub fn ask_for_new(&mut self, conn: &mut Conn, engine: &Engine, touched: &[Account]) -> Result<bool, Error> {
        let new = touched.iter().filter(|account| account.is_new).map(|account| account.key);
        let unknown: BTreeSet<AccountKey> = new.filter(|key| !self.asked.contains(key)).collect();
        if !unknown.is_empty() {
            self.take_in(conn, engine, &unknown)?;
        }
        Ok(!unknown.is_empty())
    }

    fn take_account_ids(&mut self, conn: &mut Conn, engine: &Engine, n: i64) -> Result<i64, Error> {
        if self.ids.accounts.end - self.ids.accounts.start >= n {
            let first = self.ids.accounts.start;
            self.ids.accounts.start += n;
            return Ok(first);
        }
        self.lease(conn, engine, "account", n)
    }

    /// Reads accounts anew that have moved since, and what documents cost; the keys of those accounts.
    pub fn read_again(
        &mut self,
        conn: &mut Conn,
        engine: &Engine,
        moved: &BTreeSet<AccountId>,
    ) -> Result<BTreeSet<AccountKey>, Error> {
        self.versions.retain(|(id, _)| !moved.contains(id));
        let away = self.ledger.accounts.extract_if(|_, account| moved.contains(&account.id));
        let keys = away.map(|(key, _)| key).collect();
        self.take_in(conn, engine, &keys)?;
        self.load_documents(conn)?;
        Ok(keys)
    }

    /// Reads accounts by id, for what is to be undone.
    pub fn load_accounts_by_id(&mut self, conn: &mut Conn, ids: &[AccountId]) -> Result<(), Error> {
        for stored in table::account::by_ids(conn, self.tenant, ids, self.locks)? {
            self.versions.push((stored.account.id, stored.version));
            self.ledger.insert(stored.account);
        }
        Ok(())
    }

    /// Reads which counts come first after these times.
    fn load_counts(&mut self, conn: &mut Conn, wanted: BTreeSet<(AccountId, Moment)>) -> Result<(), Error> {
        if !self.locks && self.counts_from.is_none() {
            self.counts_from = Some(table::header::position(conn, self.tenant)?);
        }
        let wanted: Vec<_> = wanted.into_iter().filter(|pair| !self.ledger.counts.found.contains_key(pair)).collect();
        let found = table::count::first_after(conn, self.tenant, &wanted)?;
        self.ledger.counts.found.extend(wanted.into_iter().zip(found));
        Ok(())
    }

    /// Whether no count was made or undone since those were read that a decision keeps true.
    pub fn counts_stand(&self, conn: &mut Conn) -> Result<bool, Error> {
        match self.counts_from {
            Some(position) => Ok(!table::count::changed_since(conn, self.tenant, position)?),
            None => Ok(true),
        }
    }

    /// Reads the parts of timelines that posting at these times needs, level by level, and the counts that
    /// come after them.
    pub fn load_for_times(&mut self, conn: &mut Conn, times: &[(AccountKey, Time)]) -> Result<(), Error> {
        let stock =
            times.iter().filter(|(key, _)| key.kind == AccountKind::Stock && key.place != LocationId::IN_TRANSIT);
        let accounts = &self.ledger.accounts;
        let pairs = stock.filter_map(|(key, at)| Some((accounts.get(key)?.id, Moment::new(*at)))).collect();
        self.load_counts(conn, pairs)?;
        for _ in 0..ROUNDS_MAX {
            let needs: BTreeSet<(AccountId, Need)> = times
                .iter()
                .filter_map(|(key, at)| {
                    let account = self.ledger.accounts.get(key)?;
                    Some((account.id, account.timeline.need_at(*at)?))
                })
                .collect();
            if needs.is_empty() {
                return Ok(());
            }
            self.load_needs(conn, &needs)?;
        }
        Err(Error::Internal("a timeline keeps asking for the same part".to_owned()))
    }

    fn load_needs(&mut self, conn: &mut Conn, needs: &BTreeSet<(AccountId, Need)>) -> Result<(), Error> {
        table::account::part::load(conn, self.tenant, self.ledger.accounts.values_mut(), needs)
    }

    /// Reads or leases what a decision found missing.
    pub fn supply(&mut self, conn: &mut Conn, engine: &Engine, missing: Vec<Missing>) -> Result<(), Error> {
        let mut needs = BTreeSet::new();
        let mut counts = BTreeSet::new();
        for missing in missing {
            match missing {
                Missing::Count(account, moment) => {
                    counts.insert((account, moment));
                }
                Missing::Part(account, need) => {
                    needs.insert((account, need));
                }
                Missing::AccountIds => {
                    let n = 1_000.max((self.ids.accounts.end - self.ids.accounts.start) * 2);
                    let first = self.lease(conn, engine, "account", n)?;
                    self.ids.accounts = first..first + n;
                }
                Missing::LotIds => {
                    let n = 1_000.max((self.ids.lots.end - self.ids.lots.start) * 2);
                    let first = self.lease(conn, engine, "lot", n)?;
                    self.ids.lots = first..first + n;
                }
                Missing::TooLarge(key) => {
                    return Err(Error::refused(
                        "quantityTooLarge",
                        format!(
                            "the sum of {} at {} would leave the range of ±9,223,372,036,854",
                            self.catalog.product_name(key.product),
                            self.catalog.locations.name_of(key.place)
                        ),
                    ));
                }
                Missing::Damaged(account, why) => {
                    return Err(Error::Internal(format!("account {account}: {why}; run verify")));
                }
            }
        }
        self.load_counts(conn, counts)?;
        if needs.is_empty() { Ok(()) } else { self.load_needs(conn, &needs) }
    }

    /// Gives the desk ids leased before the transaction.
    pub fn give_ids(&mut self, accounts: Range<i64>, lots: Range<i64>) {
        self.ids = FreshIds { accounts, lots };
    }
}
