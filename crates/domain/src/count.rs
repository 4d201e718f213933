//! Counts that hold: what was counted stays true, also when something from before is learned later.
//!
//! A movement that is learned after a count but was effective before it changes what the ledger says
//! stood there when somebody looked. What was seen was seen: a *compensation* at the time of the first
//! later count takes back what the movement would change from then on. Of one instant the position decides: what
//! was known when somebody counted comes before the count, what is learned later comes after it. What undoes a movement
//! at its own time stands where that stood, and a compensation stands just before its count ([`Moment`]). A count that
//! was undone holds nothing any more; what was made up for its sake is made up for at the next one.
//!
//! Of a serial-tracked product the whole set of instances at a place is counted: one that is not named was not there.
//! So what concerns an instance is kept by the counts that name it, and by those of the set.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use crate::booking::set_key;
use crate::catalog::Catalog;
use crate::id::{AccountId, BatchId, LocationId, ProductId, VariantId};
use crate::ledger::{Account, AccountKey, Missing, Trial};
use crate::money::{Amount, UnitCost};
use crate::movement::{End, IN_INSTANCES, Movement, MovementKind};
use crate::quantity::Quantity;
use crate::time::Time;

/// A count by its batch and its line among the counts of that batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountId {
    /// The batch; 0 = the one that is being decided.
    pub batch: BatchId,
    /// Its place among the counts of the batch.
    pub line: i64,
}

/// Where something stands among counts: its time, and of one time when the ledger learned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The time.
    pub at: Time,
    /// The position of the batch that told it; the last one there can be = it is not written yet.
    pub position: i64,
    /// Of what is not written yet, the batch: they are numbered in the order in which they are decided. The last one
    /// there can be = the one that is being decided.
    pub batch: BatchId,
}

impl Moment {
    /// Of what a batch at a position told.
    pub fn told(at: Time, position: i64) -> Self {
        Self { at, position, batch: BatchId(0) }
    }

    /// Of what is being decided: after everything of its time that was told.
    pub fn new(at: Time) -> Self {
        Self { at, position: i64::MAX, batch: BatchId(i64::MAX) }
    }
}

/// A count that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountAt {
    /// Which.
    pub id: CountId,
    /// The position of its batch; `None` = it is not written yet.
    pub position: Option<i64>,
    /// The time it speaks of.
    pub at: Time,
    /// The cost given for what was found.
    pub unit_cost: Option<UnitCost>,
}

impl CountAt {
    /// Where it stands.
    pub fn moment(&self) -> Moment {
        match self.position {
            Some(position) => Moment::told(self.at, position),
            None if self.id.batch.0 == 0 => Moment::new(self.at),
            None => Moment { batch: self.id.batch, ..Moment::new(self.at) },
        }
    }
}

/// A count that was not undone, as undoing it needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingCount {
    /// Which.
    pub id: CountId,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The location.
    pub location: LocationId,
    /// The time it speaks of.
    pub at: Time,
    /// The line of the movement that made up its difference; below 0 = there is none.
    pub movement_line: i64,
    /// The org unit that counted.
    pub org_unit: LocationId,
}

impl StandingCount {
    fn counted(&self) -> (BatchId, ProductId, VariantId, LocationId, Time) {
        (self.id.batch, self.product, self.variant, self.location, self.at)
    }
}

/// Those that are named, and what is undone with them: a set of instances is one statement, and so are the counts of
/// its instances.
pub fn undone_together(standing: &[StandingCount], named: &BTreeSet<CountId>) -> Vec<StandingCount> {
    let is_set = |count: &&StandingCount| count.movement_line == IN_INSTANCES;
    let sets: BTreeSet<_> = standing.iter().filter(is_set).map(StandingCount::counted).collect();
    let named_sets: BTreeSet<_> = standing
        .iter()
        .filter(|count| named.contains(&count.id))
        .map(StandingCount::counted)
        .filter(|set| sets.contains(set))
        .collect();
    let goes = |count: &&StandingCount| named.contains(&count.id) || named_sets.contains(&count.counted());
    standing.iter().filter(goes).copied().collect()
}

/// The counts that a decision may have to respect.
#[derive(Clone, Debug, Default)]
pub struct HoldingCounts {
    /// The first count of an account after a moment, as far as it was looked for.
    pub found: HashMap<(AccountId, Moment), Option<CountAt>>,
    /// Counts that came to be since that was looked for, by where they stand.
    pub fresh: FreshCounts,
    /// Whether nothing has to be looked for, because all counts are fresh.
    pub is_complete: bool,
}

/// Counts of accounts by where they stand. A batch counts an account once for one time.
pub type FreshCounts = BTreeMap<(AccountId, Moment), CountAt>;

impl HoldingCounts {
    fn first_after(&self, account: &Account, moment: Moment) -> Result<Option<CountAt>, Missing> {
        let stored = if account.is_new || self.is_complete {
            None
        } else {
            *self.found.get(&(account.id, moment)).ok_or(Missing::Count(account.id, moment))?
        };
        Ok(earlier(stored, first_of(&self.fresh, account.id, moment)))
    }
}

/// The first count of an account after a moment.
fn first_of(counts: &FreshCounts, account: AccountId, moment: Moment) -> Option<CountAt> {
    let last = Moment::new(Time(i64::MAX));
    counts.range((Bound::Excluded((account, moment)), Bound::Included((account, last)))).next().map(|(_, count)| *count)
}

/// The one that stands first; of a batch, the other one.
fn earlier(one: Option<CountAt>, other: Option<CountAt>) -> Option<CountAt> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.moment() <= one.moment() { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// Which movement was made up for at which count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compensation {
    /// The compensating movement, by its line in the batch.
    pub line: i64,
    /// The count that stays true by it.
    pub count: CountId,
    /// What it makes up for, by its line in the same batch.
    pub cause: i64,
}

/// The first count that a posting would make untrue; `own` are those of the decision itself.
pub(crate) fn first_broken(
    trial: &Trial<'_>,
    catalog: &Catalog,
    own: &FreshCounts,
    key: AccountKey,
    moment: Moment,
) -> Result<Option<CountAt>, Missing> {
    if key.place == LocationId::IN_TRANSIT {
        return Ok(None);
    }
    let of_set = set_key(catalog, key.product, key.variant, key.place).filter(|set| *set != key);
    let mut first = None;
    // Of one batch, what names the instance comes after what tells of the set, and is what is named.
    for key in of_set.into_iter().chain([key]) {
        let Some(account) = trial.existing(key) else { continue };
        let known = trial.counts().first_after(account, moment)?;
        first = earlier(first, earlier(known, first_of(own, account.id, moment)));
    }
    Ok(first)
}

/// The movement that keeps a count true after `change` was posted to an account before it: its quantity
/// is posted here, its line is the caller's to give.
pub(crate) fn compensate(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    cause: &Movement,
    key: AccountKey,
    change: Quantity,
    count: CountAt,
) -> Result<Movement, Missing> {
    let back = Quantity(-change.0);
    let account = trial.account(key)?;
    account.post(count.at, back, Amount::ZERO)?;
    let mut here = End { location: key.place, account: account.id, ..End::default() };
    if let Some(pool) = crate::booking::pool_key(catalog, key.product, key.variant, key.lot, key.place) {
        here.pool = trial.account(pool)?.id;
    }
    let away = End { location: LocationId::ADJUSTMENT, ..End::default() };
    let (from, to) = if back.0 > 0 { (away, here) } else { (here, away) };
    let unit = catalog.products.get(&key.product).map(|product| product.unit).unwrap_or_default();
    Ok(Movement {
        line: 0,
        effective_at: count.at,
        kind: MovementKind::Compensation,
        product: key.product,
        variant: key.variant,
        lot: key.lot,
        from,
        to,
        quantity: Quantity(back.0.abs()),
        amount: Amount::ZERO,
        unit_cost: count.unit_cost.filter(|_| back.0 > 0),
        fallback_cost: catalog.fallback_cost(key.product, key.variant, key.lot),
        sales_price: None,
        entered_count: back,
        entered_unit: unit,
        journal: crate::id::JournalId(0),
        voucher: crate::id::VoucherId(0),
        entry: crate::id::EntryId(0),
        org_unit: cause.org_unit,
        customer: crate::id::PartyId(0),
        supplier: crate::id::PartyId(0),
        reason: crate::id::ReasonId(0),
        external: None,
        credit_note: None,
        source_kind: None,
        source_identifier: None,
        description: None,
        reverses: None,
    })
}
