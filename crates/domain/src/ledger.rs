//! The part of the ledger that a decision sees: accounts with their timelines, loaded as far as needed.
//!
//! A decision never changes the ledger. It works on a [`Trial`], which clones an account when it first
//! touches it; an accepted booking hands its touched accounts back, a rejected one drops them. So
//! several bookings are decided one after the other in memory, each seeing those before it, and
//! written together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use crate::count::{HoldingCounts, Moment};
use crate::id::{AccountId, LocationId, LotId, ProductId, VariantId};
use crate::money::Amount;
use crate::quantity::Quantity;
use crate::reservation::Reserved;
use crate::time::Time;
use crate::timeline::{Need, Timeline, TimelineFault};

/// What an account is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// The stock at a place.
    Stock,
    /// The cost pool of a stock org unit.
    Pool,
}

impl AccountKind {
    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Stock => 1,
            Self::Pool => 2,
        }
    }
}

/// Names an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// The product.
    pub product: ProductId,
    /// The place, or the stock org unit of a pool.
    pub place: LocationId,
    /// What it is kept for.
    pub kind: AccountKind,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot; 0 = none.
    pub lot: LotId,
}

/// What a unit costs, as the two numbers that say it exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// So much …
    pub quantity: Quantity,
    /// … was worth so much.
    pub amount: Amount,
}

/// How much was sold under a document, and what that cost: sums, in millionths, of any number of lines, so that they may
/// leave the range that each line is in. What a part of it cost is in the range again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoldUnder {
    /// So much …
    pub quantity_e6: i128,
    /// … cost so much.
    pub amount_e6: i128,
}

/// What a unit of a pool last cost: what goes beyond stock is provisional at that. It is kept while nothing stands
/// there; of what stands there, the average tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastCost {
    /// Nothing tells; the fall-back cost holds.
    #[default]
    Untold,
    /// The pool never held anything; this was received last, and a shortage took all of it.
    Received(Rate),
    /// This stood there just before the pool last ran empty.
    Emptied(Rate),
}

impl fmt::Display for LastCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worth = |rate: &Rate| Quantity(rate.amount.0);
        match self {
            Self::Untold => write!(f, "the fall-back cost"),
            Self::Received(rate) => write!(f, "{} for {} received", worth(rate), rate.quantity),
            Self::Emptied(rate) => write!(f, "{} for {}", worth(rate), rate.quantity),
        }
    }
}

/// An account as loaded.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it is kept for.
    pub key: AccountKey,
    /// What stood there when.
    pub timeline: Timeline,
    /// Pools: what a unit last cost.
    pub last_cost: LastCost,
    /// Pools: from when on values await settlement.
    pub unsettled_from: Option<Time>,
    /// Pools: the latest time at which a revaluation said what they are worth.
    pub revalued_to: Option<Time>,
    /// Whether it is not in the database yet.
    pub is_new: bool,
}

/// The accounts that a group of decisions may touch.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// By key. What is not here does not exist.
    pub accounts: HashMap<AccountKey, Account>,
    /// Lots with an account at a place, for issues that name no lot.
    pub lots_at: HashMap<(ProductId, VariantId, LocationId), Vec<LotId>>,
    /// Places where an instance has an account.
    pub places_of: HashMap<LotId, Vec<LocationId>>,
    /// What the issues under a document cost: `(product, variant, document type, number)`.
    pub issued_under: HashMap<(ProductId, VariantId, String, i64), SoldUnder>,
    /// Documents that something was returned of without a cost: the same.
    pub returned_of: HashSet<(ProductId, VariantId, String, i64)>,
    /// What is reserved of the products concerned.
    pub reserved: Reserved,
    /// Counts that may have to be kept true.
    pub counts: HoldingCounts,
}

impl Ledger {
    /// Takes over what an accepted booking changed.
    pub fn apply(&mut self, touched: impl IntoIterator<Item = Account>) {
        for account in touched {
            self.note(&account);
            self.accounts.insert(account.key, account);
        }
    }

    /// Adds an account that was loaded.
    pub fn insert(&mut self, account: Account) {
        self.note(&account);
        self.accounts.insert(account.key, account);
    }

    fn note(&mut self, account: &Account) {
        let key = account.key;
        if key.kind != AccountKind::Stock || key.lot.0 == 0 {
            return;
        }
        let lots = self.lots_at.entry((key.product, key.variant, key.place)).or_default();
        if !lots.contains(&key.lot) {
            lots.push(key.lot);
        }
        let places = self.places_of.entry(key.lot).or_default();
        if !places.contains(&key.place) {
            places.push(key.place);
        }
    }
}

/// Fresh ids, leased before the decision.
#[derive(Clone, Debug, Default)]
pub struct FreshIds {
    /// For new accounts.
    pub accounts: Range<i64>,
    /// For new lots.
    pub lots: Range<i64>,
}

/// Something that must be loaded, or leased, before the decision can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A part of a timeline.
    Part(AccountId, Need),
    /// The first count of an account after a time that holds.
    Count(AccountId, Moment),
    /// More account ids.
    AccountIds,
    /// More lot ids.
    LotIds,
    /// A sum leaves the range of 64 bits.
    TooLarge(AccountKey),
    /// What is stored for an account does not add up; its timeline cannot be trusted.
    Damaged(AccountId, String),
}

impl Account {
    /// What a fault of this account's timeline means for the decision.
    pub fn missing(&self, fault: TimelineFault) -> Missing {
        match fault {
            TimelineFault::Missing(need) => Missing::Part(self.id, need),
            TimelineFault::TooLarge => Missing::TooLarge(self.key),
            TimelineFault::Unmatched(_) => Missing::Damaged(self.id, fault.to_string()),
        }
    }

    /// [`Timeline::at`].
    pub fn at(&self, at: Time) -> Result<(Quantity, Amount), Missing> {
        self.timeline.at(at).map_err(|fault| self.missing(fault))
    }

    /// [`Timeline::post`].
    pub fn post(&mut self, at: Time, quantity: Quantity, amount: Amount) -> Result<(), Missing> {
        self.timeline.post(at, quantity, amount).map_err(|fault| self.missing(fault))
    }
}

/// A decision in the making.
pub struct Trial<'a> {
    base: &'a Ledger,
    ids: &'a mut FreshIds,
    touched: BTreeMap<AccountKey, Account>,
}

impl<'a> Trial<'a> {
    /// Begins on what the ledger holds.
    pub fn new(base: &'a Ledger, ids: &'a mut FreshIds) -> Self {
        Self { base, ids, touched: BTreeMap::new() }
    }

    /// The account of a key, made if it does not exist.
    pub fn account(&mut self, key: AccountKey) -> Result<&mut Account, Missing> {
        match self.touched.entry(key) {
            std::collections::btree_map::Entry::Occupied(found) => Ok(found.into_mut()),
            std::collections::btree_map::Entry::Vacant(free) => {
                let account = if let Some(account) = self.base.accounts.get(&key) {
                    account.clone()
                } else {
                    let id = AccountId(self.ids.accounts.next().ok_or(Missing::AccountIds)?);
                    Account {
                        id,
                        key,
                        timeline: Timeline::new_empty(),
                        last_cost: LastCost::default(),
                        unsettled_from: None,
                        revalued_to: None,
                        is_new: true,
                    }
                };
                Ok(free.insert(account))
            }
        }
    }

    /// The account of a key, if it exists.
    pub fn existing(&self, key: AccountKey) -> Option<&Account> {
        self.touched.get(&key).or_else(|| self.base.accounts.get(&key))
    }

    /// Lots that have an account at a place, those of this decision included.
    pub fn lots_at(&self, product: ProductId, variant: VariantId, place: LocationId) -> Vec<LotId> {
        let mut lots = self.base.lots_at.get(&(product, variant, place)).cloned().unwrap_or_default();
        for key in self.touched.keys() {
            if key.kind == AccountKind::Stock
                && (key.product, key.variant, key.place) == (product, variant, place)
                && key.lot.0 != 0
                && !lots.contains(&key.lot)
            {
                lots.push(key.lot);
            }
        }
        lots
    }

    /// Counts that may have to be kept true, without those of this decision.
    pub fn counts(&self) -> &HoldingCounts {
        &self.base.counts
    }

    /// What is reserved of the products concerned, before this decision.
    pub fn reserved(&self) -> &Reserved {
        &self.base.reserved
    }

    /// The stock accounts of a product and variant, before this decision or after it, in no order.
    pub fn stock_of(&self, product: ProductId, variant: VariantId, before: bool) -> impl Iterator<Item = &Account> {
        let is_it =
            move |key: &AccountKey| key.kind == AccountKind::Stock && (key.product, key.variant) == (product, variant);
        let known = self
            .base
            .accounts
            .values()
            .filter(move |account| is_it(&account.key) && (before || !self.touched.contains_key(&account.key)));
        known.chain(self.touched.values().filter(move |account| !before && is_it(&account.key)))
    }

    /// What the issues under a document cost.
    pub fn issued_under(&self, key: &(ProductId, VariantId, String, i64)) -> Option<SoldUnder> {
        self.base.issued_under.get(key).copied()
    }

    /// Whether something was returned, without a cost, of a document.
    pub fn is_returned_of(&self, key: &(ProductId, VariantId, String, i64)) -> bool {
        self.base.returned_of.contains(key)
    }

    /// Every account of an instance, in the order of places.
    pub fn accounts_of_instance(&self, product: ProductId, variant: VariantId, instance: LotId) -> Vec<AccountKey> {
        let mut places = self.base.places_of.get(&instance).cloned().unwrap_or_default();
        for key in self.touched.keys() {
            if key.kind == AccountKind::Stock && key.lot == instance && !places.contains(&key.place) {
                places.push(key.place);
            }
        }
        places.sort_unstable();
        places
            .into_iter()
            .map(|place| AccountKey { product, place, kind: AccountKind::Stock, variant, lot: instance })
            .collect()
    }

    /// A fresh lot id.
    pub fn fresh_lot(&mut self) -> Result<LotId, Missing> {
        self.ids.lots.next().map(LotId).ok_or(Missing::LotIds)
    }

    /// The touched accounts, in the order of keys.
    pub fn into_touched(self) -> Vec<Account> {
        self.touched.into_values().collect()
    }
}
