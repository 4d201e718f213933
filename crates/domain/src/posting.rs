//! Double entry: what moved value, as debits and credits of a general ledger.
//!
//! Every amount is debited to the account of where it went and credited to the account of where it came
//! from, so each period balances by itself. A cost pool has the stock account of its product's category;
//! what is outside the house, and what became known later, has an account for each kind. A rule names the
//! account of a kind, for a category and everything below it that has no rule of its own.

use std::collections::{BTreeMap, HashMap};

use crate::catalog::Catalog;
use crate::chain::Hash;
use crate::id::{CategoryId, LocationId};
use crate::settlement::ValueKind;
use crate::time::Time;

/// What an account is for: stock itself, or the other side of what changes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostingKind {
    /// The stock of a cost pool.
    Stock,
    /// The stock under way between two locations.
    InTransit,
    /// The other side of what became known later about a transfer; both its ends come to 0 there.
    Transfer,
    /// From suppliers, and back to them.
    Supplier,
    /// To customers, and back from them: the cost of sales.
    Customer,
    /// Used and made by production.
    Production,
    /// Differences that were counted.
    Adjustment,
    /// Lost.
    Loss,
    /// Used up by ourselves.
    InternalUse,
    /// Stock that is worth something else from a time on.
    Revaluation,
    /// What was received cost more.
    LandedCost,
    /// What was received at another cost than the standard.
    Variance,
}

impl PostingKind {
    /// Every kind, with the number that stands for it in the database and its name on every face.
    pub const ALL: [(Self, i64, &'static str); 12] = [
        (Self::Stock, 1, "stock"),
        (Self::InTransit, 2, "inTransit"),
        (Self::Transfer, 3, "transfer"),
        (Self::Supplier, 11, "supplier"),
        (Self::Customer, 12, "customer"),
        (Self::Production, 13, "production"),
        (Self::Adjustment, 14, "adjustment"),
        (Self::Loss, 15, "loss"),
        (Self::InternalUse, 16, "internalUse"),
        (Self::Revaluation, 22, "revaluation"),
        (Self::LandedCost, 23, "landedCost"),
        (Self::Variance, 24, "variance"),
    ];

    /// The kind that stands in the database as this number.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == code).map(|(kind, _, _)| kind)
    }

    /// Its name on every face, which is also the account of a kind without a rule.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, _, name)| name)
    }

    /// What a place is on the other side of a movement or a value entry.
    pub fn of_place(place: LocationId) -> Self {
        match place {
            LocationId::SUPPLIER => Self::Supplier,
            LocationId::CUSTOMER => Self::Customer,
            LocationId::PRODUCTION => Self::Production,
            LocationId::LOSS => Self::Loss,
            LocationId::INTERNAL_USE => Self::InternalUse,
            place if place.is_real() => Self::Transfer,
            _ => Self::Adjustment,
        }
    }

    /// The kind of the stock in an org unit's pools.
    pub fn of_pool(org_unit: LocationId) -> Self {
        if org_unit == LocationId::IN_TRANSIT { Self::InTransit } else { Self::Stock }
    }

    /// The other side of a value entry: what made it, or where what it corrects came from or went.
    pub fn of_value(kind: ValueKind, counterpart: LocationId) -> Self {
        match kind {
            ValueKind::Settlement => Self::of_place(counterpart),
            ValueKind::Revaluation => Self::Revaluation,
            ValueKind::LandedCost => Self::LandedCost,
            ValueKind::Variance => Self::Variance,
        }
    }
}

/// The accounts that rules name.
#[derive(Clone, Debug, Default)]
pub struct Rules(HashMap<(CategoryId, PostingKind), String>);

impl Rules {
    /// Rules for a category ([`CategoryId`] 0 = any) and a kind.
    pub fn new(rules: impl IntoIterator<Item = ((CategoryId, PostingKind), String)>) -> Self {
        Self(rules.into_iter().collect())
    }

    /// The account of a kind for products of a category: that of the nearest rule at or above it.
    pub fn account<'r>(&'r self, catalog: &Catalog, category: CategoryId, kind: PostingKind) -> &'r str {
        let mut at = category;
        // No tree is deeper; a longer chain of parents is a cycle.
        for _ in 0..64 {
            if let Some(account) = self.0.get(&(at, kind)) {
                return account;
            }
            if at.0 == 0 {
                break;
            }
            at = catalog.category_parents.get(&at).copied().unwrap_or_default();
        }
        kind.name()
    }
}

/// One side of an amount: an account, and the org unit that it is booked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side {
    /// The account.
    pub account: String,
    /// The org unit.
    pub org_unit: LocationId,
}

/// Debits and credits, each ≥ 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// What was debited.
    pub debit: i64,
    /// What was credited.
    pub credit: i64,
}

/// What a document tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// What batches came to.
    Postings,
    /// Stock that stands in another account from now on, because a rule or a product's category was changed.
    Reclassification,
}

impl DocumentKind {
    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Postings => 1,
            Self::Reclassification => 2,
        }
    }

    /// The kind that stands in the database as this number.
    pub fn from_code(code: i64) -> Self {
        if code == 2 { Self::Reclassification } else { Self::Postings }
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postings => "postings",
            Self::Reclassification => "reclassification",
        }
    }
}

/// A document for the general ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its number, from 1 without gaps.
    pub number: i64,
    /// What it tells.
    pub kind: DocumentKind,
    /// The day or the month, as `2026-02-28` or `2026-02`.
    pub period: String,
    /// The first and the last position that it tells of; others of the same run may tell of other periods. Of a
    /// reclassification twice the position up to which batches were posted before it.
    pub positions: (i64, i64),
    /// When it was made.
    pub created_at: Time,
    /// Its lines, which balance.
    pub lines: Vec<(Side, Sums)>,
}

impl Document {
    /// Its hash, made of all that it says and of the hash of the document before it.
    pub fn link(&self, before: &Hash) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(before);
        let (number, kind, (from, to)) = (self.number, self.kind.code(), self.positions);
        for number in [number, kind, from, to, self.created_at.0, self.period.len() as i64] {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(self.period.as_bytes());
        for (side, sums) in &self.lines {
            hasher.update(&(side.account.len() as i64).to_le_bytes());
            hasher.update(side.account.as_bytes());
            for number in [side.org_unit.0, sums.debit, sums.credit] {
                hasher.update(&number.to_le_bytes());
            }
        }
        *hasher.finalize().as_bytes()
    }
}

/// Postings added up by period, account and org unit.
#[derive(Clone, Debug, Default)]
pub struct Postings<P>(BTreeMap<(P, Side), Sums>);

impl<P: Ord + Clone> Postings<P> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds an amount that went from one side to the other; a negative one went the other way. `None` where a
    /// sum leaves the range.
    pub fn post(&mut self, period: &P, from: Side, to: Side, amount: i64) -> Option<()> {
        let (credited, debited, amount) =
            if amount >= 0 { (from, to, amount) } else { (to, from, amount.checked_neg()?) };
        if amount == 0 {
            return Some(());
        }
        let sum = self.0.entry((period.clone(), debited)).or_default();
        sum.debit = sum.debit.checked_add(amount)?;
        let sum = self.0.entry((period.clone(), credited)).or_default();
        sum.credit = sum.credit.checked_add(amount)?;
        Some(())
    }

    /// By period, the lines of each in the order of accounts and org units.
    pub fn by_period(self) -> BTreeMap<P, Vec<(Side, Sums)>> {
        let mut found: BTreeMap<P, Vec<(Side, Sums)>> = BTreeMap::new();
        for ((period, side), sums) in self.0 {
            found.entry(period).or_default().push((side, sums));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_nearest_rule_names_the_account() {
        let parents = HashMap::from([(CategoryId(2), CategoryId(1)), (CategoryId(3), CategoryId(2))]);
        let catalog = Catalog { category_parents: Arc::new(parents), ..Catalog::default() };
        let rules = Rules::new([
            ((CategoryId(0), PostingKind::Stock), "1400".to_owned()),
            ((CategoryId(2), PostingKind::Stock), "1410".to_owned()),
        ]);
        for (category, want) in [(3, "1410"), (2, "1410"), (1, "1400"), (0, "1400"), (9, "1400")] {
            assert_eq!(rules.account(&catalog, CategoryId(category), PostingKind::Stock), want, "{category}");
        }
        assert_eq!(rules.account(&catalog, CategoryId(3), PostingKind::Customer), "customer");
        for (kind, code, name) in PostingKind::ALL {
            assert_eq!((PostingKind::from_code(code), kind.name()), (Some(kind), name));
        }
    }

    #[test]
    fn a_document_is_hashed_with_all_that_it_says() {
        let side = Side { account: "1400".to_owned(), org_unit: LocationId::ROOT };
        let document = Document {
            number: 2,
            kind: DocumentKind::Postings,
            period: "2026-02".to_owned(),
            positions: (4, 9),
            created_at: Time(5),
            lines: vec![(side.clone(), Sums { debit: 3, credit: 0 })],
        };
        let others = [
            Document { number: 3, ..document.clone() },
            Document { kind: DocumentKind::Reclassification, ..document.clone() },
            Document { period: "2026-03".to_owned(), ..document.clone() },
            Document { positions: (4, 10), ..document.clone() },
            Document { created_at: Time(6), ..document.clone() },
            Document { lines: vec![(side, Sums { debit: 0, credit: 3 })], ..document.clone() },
            Document { lines: Vec::new(), ..document.clone() },
        ];
        let before = [7; 32];
        for other in others {
            assert_ne!(document.link(&before), other.link(&before), "{other:?}");
        }
        assert_ne!(document.link(&before), document.link(&[8; 32]));
        for kind in [DocumentKind::Postings, DocumentKind::Reclassification] {
            assert_eq!(DocumentKind::from_code(kind.code()), kind);
        }
    }

    #[test]
    fn both_sides_of_an_amount_are_of_one_period() {
        let side = |account: &str| Side { account: account.to_owned(), org_unit: LocationId::ROOT };
        let mut postings = Postings::new();
        postings.post(&1, side("supplier"), side("stock"), 50).unwrap();
        postings.post(&1, side("stock"), side("customer"), 20).unwrap();
        postings.post(&1, side("stock"), side("customer"), -5).unwrap();
        postings.post(&2, side("stock"), side("stock"), 0).unwrap();
        assert!(postings.clone().post(&1, side("supplier"), side("stock"), i64::MAX).is_none());
        let by_period = postings.by_period();
        assert_eq!(by_period.len(), 1);
        let lines = &by_period[&1];
        let stock = lines.iter().find(|(side, _)| side.account == "stock").unwrap().1;
        assert_eq!(stock, Sums { debit: 55, credit: 20 });
        let sum = |of: fn(&Sums) -> i64| lines.iter().map(|(_, sums)| of(sums)).sum::<i64>();
        assert_eq!(sum(|sums| sums.debit), sum(|sums| sums.credit));
    }
}
