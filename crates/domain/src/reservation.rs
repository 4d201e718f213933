//! Reservations: stock that is promised and may not be taken by anybody else.
//!
//! A reservation covers a *scope*: a product and variant, one lot or any, at a place and everything below
//! it. Scopes overlap (five of anything in the house, three of them of one lot), so what is reserved can
//! be served exactly when the stock of the accounts can be shared out among the scopes that cover them.
//! What can not be shared out is the *shortfall*. One rule follows for whatever takes stock: it may not
//! make the shortfall greater. So nobody needs to know which piece is whose, and no order of requests
//! promises the same piece twice.
//!
//! Of an account counts what can be taken from it now without leaving less than nothing at a later time.

mod allocate;
mod share;

pub use allocate::{Allocated, Picking, allocate};

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::catalog::{Catalog, Product, Tracking};
use crate::entry::{TEXT_MAX, check_text};
use crate::id::{LocationId, LotId, MovementId, ProductId, ReservationId, UnitId, VariantId};
use crate::ledger::{Account, AccountKey, AccountKind, Missing, Trial};
use crate::location::LocationTree;
use crate::money::convert;
use crate::movement::Movement;
use crate::quantity::{ONE_E6, Quantity};
use crate::time::Time;
use crate::violation::Violation;

/// What a reservation covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot or instance; 0 = any.
    pub lot: LotId,
    /// At this place or below.
    pub place: LocationId,
}

impl Scope {
    /// Whether stock of an account may serve it. What is under way can not be picked and serves nobody.
    pub fn covers(&self, tree: &LocationTree, key: &AccountKey) -> bool {
        key.kind == AccountKind::Stock
            && (key.product, key.variant) == (self.product, self.variant)
            && (self.lot.0 == 0 || self.lot == key.lot)
            && key.place != LocationId::IN_TRANSIT
            && (key.place == self.place || tree.is_within(key.place, self.place))
    }

    /// The one account that it covers, where it can be one only.
    pub fn single(&self, catalog: &Catalog, parents: &HashSet<LocationId>) -> Option<AccountKey> {
        let tracking = catalog.products.get(&self.product).map(|product| product.tracking)?;
        let is_single = !parents.contains(&self.place) && (self.lot.0 != 0 || tracking == Tracking::None);
        is_single.then_some(AccountKey {
            product: self.product,
            place: self.place,
            kind: AccountKind::Stock,
            variant: self.variant,
            lot: self.lot,
        })
    }
}

/// How far a reservation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReservationState {
    /// It counts until it is confirmed, released, or its time is over.
    #[default]
    Held,
    /// It counts until it is consumed or released.
    Confirmed,
    /// All of it was issued.
    Consumed,
    /// Somebody gave it up.
    Released,
    /// Its time was over before it was confirmed.
    Expired,
}

impl ReservationState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Held, Self::Confirmed, Self::Consumed, Self::Released, Self::Expired];

    /// The number that stands for it in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Held => 1,
            Self::Confirmed => 2,
            Self::Consumed => 3,
            Self::Released => 4,
            Self::Expired => 5,
        }
    }

    /// The reverse of [`Self::code`].
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Consumed => "consumed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }
}

/// A reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// What it covers.
    pub scope: Scope,
    /// How much was reserved, in the base unit.
    pub quantity: Quantity,
    /// How much of it is still to be issued.
    pub open: Quantity,
    /// How far it is.
    pub state: ReservationState,
    /// Until when it is held if nobody confirms it; `None` = without an end.
    pub hold_until: Option<Time>,
    /// Whether it may exceed what is there.
    pub allow_backorder: bool,
}

/// Something that can be done to a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Make it firm: it does not expire any more.
    Confirm,
    /// Give up what is still open.
    Release,
}

impl Reservation {
    /// The state at a time: a hold whose time is over has expired, whether or not that was noted.
    pub fn state_at(&self, now: Time) -> ReservationState {
        match self.state {
            ReservationState::Held if self.hold_until.is_some_and(|until| until <= now) => ReservationState::Expired,
            state => state,
        }
    }

    /// Whether it counts.
    pub fn is_open_at(&self, now: Time) -> bool {
        matches!(self.state_at(now), ReservationState::Held | ReservationState::Confirmed)
    }

    /// Whether what is taken from this account may be taken of it; else what does not fit.
    pub fn check_covers(&self, catalog: &Catalog, key: &AccountKey) -> Result<(), String> {
        if self.scope.covers(&catalog.locations, key) {
            return Ok(());
        }
        let lot = |id: LotId, unknown: &str| match catalog.lots.get(&id) {
            Some(lot) => format!(", lot {},", lot.name),
            None if id.0 == 0 => String::new(),
            None => unknown.to_owned(),
        };
        let is_of_lot = self.scope.lot.0 != 0;
        Err(format!(
            "reservation {} is for {}{} at {}; this takes {}{} from {}",
            self.id,
            catalog.product_name(self.scope.product),
            lot(self.scope.lot, ""),
            catalog.locations.name_of(self.scope.place),
            catalog.product_name(key.product),
            if is_of_lot { lot(key.lot, ", another lot,") } else { String::new() },
            catalog.locations.name_of(key.place),
        ))
    }

    /// Whether something may be taken of it; else what became of it.
    pub fn check_open(&self, now: Time) -> Result<(), String> {
        if self.is_open_at(now) {
            return Ok(());
        }
        Err(format!("reservation {} is {}; reserve anew", self.id, self.state_at(now).name()))
    }

    /// The state after a signal, or why there is none. To say the same twice changes nothing.
    pub fn after(&self, signal: Signal, now: Time) -> Result<ReservationState, String> {
        use ReservationState::{Confirmed, Consumed, Expired, Held, Released};
        let state = self.state_at(now);
        match (signal, state) {
            (Signal::Confirm, Held | Confirmed) => Ok(Confirmed),
            (Signal::Release, Held | Confirmed | Released) => Ok(Released),
            (Signal::Release, Expired) => Ok(Expired),
            (Signal::Confirm, Consumed | Released | Expired) | (Signal::Release, Consumed) => {
                self.check_open(now).map(|()| state)
            }
        }
    }
}

/// A part of a reservation that a movement took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The reservation.
    pub reservation: ReservationId,
    /// The movement, by its line in the batch.
    pub line: i64,
    /// How much; below 0, the movement undoes one that took so much.
    pub quantity: Quantity,
}

/// What is reserved of the products that a decision is about.
#[derive(Clone, Debug, Default)]
pub struct Reserved {
    /// What is open by scope; what is not here is 0.
    pub open: BTreeMap<Scope, Quantity>,
    /// The reservations that somebody named.
    pub named: BTreeMap<ReservationId, Reservation>,
    /// What can be taken from accounts that the decision does not touch, but that a scope covers.
    pub beside: BTreeMap<AccountKey, Quantity>,
    /// The present time.
    pub now: Time,
}

impl Reserved {
    /// Changes what is open in a scope.
    pub fn add(&mut self, scope: Scope, quantity: i64) {
        let open = self.open.entry(scope).or_default();
        open.0 = open.0.saturating_add(quantity).max(0);
        if open.0 == 0 {
            self.open.remove(&scope);
        }
    }

    /// Takes over what a booking consumed.
    pub fn consume(&mut self, uses: &[Use]) {
        for taken in uses {
            let Some(found) = self.named.get_mut(&taken.reservation) else { continue };
            found.open.0 -= taken.quantity.0;
            if found.open.0 == 0 {
                found.state = ReservationState::Consumed;
            }
            let scope = found.scope;
            self.add(scope, -taken.quantity.0);
        }
    }

    /// What reservations get back when movements that took of them are undone: uses below 0, of the movements that undo.
    ///
    /// It is as if it had never been issued, so all of it is promised again, also where more was taken meanwhile than is
    /// left beside it. What was given up since, or whose time is over, stays so.
    pub fn given_back(&self, taken: &[(MovementId, Use)], undoing: &[Movement]) -> Vec<Use> {
        let lines: BTreeMap<MovementId, i64> =
            undoing.iter().filter_map(|movement| Some((movement.reverses?, movement.line))).collect();
        let comes_back = |reservation: &Reservation| match reservation.state {
            ReservationState::Consumed => reservation.hold_until.is_none_or(|until| until > self.now),
            _ => reservation.is_open_at(self.now),
        };
        taken
            .iter()
            .filter(|(_, taken)| self.named.get(&taken.reservation).is_some_and(comes_back))
            .filter_map(|(id, taken)| {
                Some(Use { line: *lines.get(id)?, quantity: Quantity(-taken.quantity.0), ..*taken })
            })
            .collect()
    }

    fn of(&self, product: ProductId, variant: VariantId) -> Vec<(Scope, i64)> {
        let first = Scope { product, variant, lot: LotId(i64::MIN), place: LocationId(i64::MIN) };
        let last = Scope { product, variant, lot: LotId(i64::MAX), place: LocationId(i64::MAX) };
        self.open.range(first..=last).map(|(scope, open)| (*scope, open.0)).collect()
    }
}

/// What can be taken from an account now without leaving less than nothing at a later time.
pub fn takeable(account: &Account, now: Time) -> Result<Quantity, Missing> {
    let lowest = account.timeline.lowest_from(now).map_err(|fault| account.missing(fault))?;
    Ok(Quantity(lowest.0.max(0)))
}

/// A shortfall that a decision makes greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// By how much.
    pub short: Quantity,
    /// How much is reserved in all.
    pub reserved: Quantity,
}

/// Whether a decision takes what is reserved: the products of which it makes the shortfall greater.
/// `uses` is what it consumes by name.
pub fn judge(
    trial: &Trial<'_>,
    catalog: &Catalog,
    products: &BTreeSet<(ProductId, VariantId)>,
    uses: &[Use],
) -> Result<Vec<Taken>, Missing> {
    let reserved = trial.reserved();
    let mut found = Vec::new();
    for (product, variant) in products {
        let before = reserved.of(*product, *variant);
        if before.is_empty() {
            continue;
        }
        let mut after: BTreeMap<Scope, i64> = before.iter().copied().collect();
        for taken in uses {
            if let Some(named) = reserved.named.get(&taken.reservation)
                && let Some(open) = after.get_mut(&named.scope)
            {
                *open -= taken.quantity.0;
            }
        }
        let after: Vec<(Scope, i64)> = after.into_iter().filter(|(_, open)| *open > 0).collect();
        let tree = &catalog.locations;
        let was = share::shortfall(tree, &before, &stock(trial, *product, *variant, true)?);
        let is = share::shortfall(tree, &after, &stock(trial, *product, *variant, false)?);
        if is > was {
            let sum: i128 = after.iter().map(|(_, open)| i128::from(*open)).sum();
            found.push(Taken { product: *product, variant: *variant, short: clamp(is - was), reserved: clamp(sum) });
        }
    }
    Ok(found)
}

/// How much of `wanted` can be reserved in a scope: all of it, or less.
pub fn reservable(trial: &Trial<'_>, catalog: &Catalog, scope: Scope, wanted: Quantity) -> Result<Quantity, Missing> {
    Ok(Room::of(trial, scope.product, scope.variant)?.beside(&catalog.locations, scope, wanted))
}

/// What is there of a product, and what is promised of it.
struct Room {
    demand: Vec<(Scope, i64)>,
    supply: Vec<(AccountKey, i64)>,
}

impl Room {
    fn of(trial: &Trial<'_>, product: ProductId, variant: VariantId) -> Result<Self, Missing> {
        Ok(Self { demand: trial.reserved().of(product, variant), supply: stock(trial, product, variant, true)? })
    }

    /// How much of `wanted` fits into a scope beside what is promised.
    fn beside(&self, tree: &LocationTree, scope: Scope, wanted: Quantity) -> Quantity {
        let was = share::shortfall(tree, &self.demand, &self.supply);
        let mut more = Self { demand: self.demand.clone(), supply: Vec::new() };
        more.promise(scope, wanted);
        let is = share::shortfall(tree, &more.demand, &self.supply);
        clamp((i128::from(wanted.0) - (is - was)).max(0))
    }

    /// Promises some of a scope.
    fn promise(&mut self, scope: Scope, quantity: Quantity) {
        match self.demand.iter_mut().find(|(known, _)| *known == scope) {
            Some((_, open)) => *open = open.saturating_add(quantity.0),
            None => self.demand.push((scope, quantity.0)),
        }
    }
}

fn clamp(quantity: i128) -> Quantity {
    Quantity(i64::try_from(quantity).unwrap_or(i64::MAX))
}

/// What can be taken from every account of a product that the decision knows, as it was or as it is to be.
fn stock(
    trial: &Trial<'_>,
    product: ProductId,
    variant: VariantId,
    was: bool,
) -> Result<Vec<(AccountKey, i64)>, Missing> {
    let reserved = trial.reserved();
    let mut found: BTreeMap<AccountKey, i64> = reserved
        .beside
        .iter()
        .filter(|(key, _)| (key.product, key.variant) == (product, variant))
        .map(|(key, quantity)| (*key, quantity.0))
        .collect();
    for account in trial.stock_of(product, variant, was) {
        found.insert(account.key, takeable(account, reserved.now)?.0);
    }
    Ok(found.into_iter().collect())
}

/// A reservation as it was asked for: nothing checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReservationDraft {
    /// The product.
    pub product: Option<ProductId>,
    /// The variant; required exactly when the product has variants.
    pub variant: Option<VariantId>,
    /// At this location or org unit, or below; `None` = anywhere in the house.
    pub place: Option<LocationId>,
    /// Of this lot or instance.
    pub lot: Option<LotId>,
    /// How much, in `unit`.
    pub quantity: Option<Quantity>,
    /// The unit that `quantity` is in; `None` = the base unit of the product. It is converted as that of an entry.
    pub unit: Option<UnitId>,
    /// Until when, if nobody confirms it.
    pub hold_until: Option<Time>,
    /// Whether it may exceed what is there.
    pub allow_backorder: bool,
    /// By which order it is shared out over lots and places; `None` = it stays open which.
    pub allocate: Option<Picking>,
    /// From where the way is measured, for what is nearest; `None` = from `place`.
    pub near: Option<LocationId>,
    /// Free text.
    pub description: Option<String>,
}

/// Checks a drafted reservation; pushes every violation, or returns it without its id.
///
/// Violations, in the order of fields: `required`, `unknownProduct`, `productDisabled`,
/// `unknownVariant`, `variantRequired`, `variantNotAllowed`, `unknownLocation`, `lotNotAllowed`,
/// `unknownLot`, `unknownUnit`, `noConversion`, `quantityNotPositive`, `quantityTooLarge`,
/// `quantityTooSmall`, `countNotWhole`, `holdOver`,
/// `backorderNotAllocated`, `nearNotUsed`, `tooLong`, `illegalText`.
pub fn check(
    index: usize,
    draft: &ReservationDraft,
    catalog: &Catalog,
    now: Time,
    violations: &mut Vec<Violation>,
) -> Option<Reservation> {
    let before = violations.len();
    let mut fault = |field: &'static str, code: &'static str, message: String| {
        violations.push(Violation::at(index, field, code, message));
    };
    let product = draft.product.and_then(|id| catalog.products.get(&id));
    match (draft.product, product) {
        (None, _) => fault("product", "required", "is missing; name what is to be reserved".into()),
        (Some(id), None) => fault("product", "unknownProduct", format!("there is no product {id}")),
        (_, Some(found)) if !found.is_enabled => {
            fault("product", "productDisabled", format!("product {} is disabled; enable it first", found.identifier));
        }
        _ => {}
    }
    let variant = draft.variant.unwrap_or_default();
    let lot = draft.lot.unwrap_or_default();
    if let Some(product) = product {
        let has_it = catalog.variants.get(&variant).is_some_and(|found| found.product == product.id);
        let name = &product.identifier;
        match (variant.0, product.has_variants) {
            (0, true) => fault("variant", "variantRequired", format!("product {name} has variants; name one")),
            (0, false) => {}
            (_, false) => {
                fault("variant", "variantNotAllowed", format!("product {name} has no variants; leave it out"));
            }
            (_, true) if !has_it => {
                fault("variant", "unknownVariant", format!("product {name} has no variant {variant}"));
            }
            (_, true) => {}
        }
        if lot.0 != 0 && product.tracking == Tracking::None {
            fault("lot", "lotNotAllowed", format!("product {name} is not tracked; leave the lot out"));
        } else if lot.0 != 0 && catalog.lots.get(&lot).is_none_or(|found| found.product != product.id) {
            fault("lot", "unknownLot", format!("product {name} has no lot or instance {lot}"));
        }
    }
    let place = draft.place.unwrap_or(LocationId::ROOT);
    if !place.is_real() || place == LocationId::IN_TRANSIT || catalog.locations.get(place).is_none() {
        fault("location", "unknownLocation", format!("there is no location {place} where stock can stand"));
    }
    let quantity = base_quantity(draft, product, catalog, &mut fault);
    if let Some(until) = draft.hold_until
        && (until <= now || !until.is_datable())
    {
        fault("holdUntil", "holdOver", format!("{until} is over or not a date; now it is {now}"));
    }
    if draft.allocate.is_some() && draft.allow_backorder {
        let message = "cannot be shared out over stock that is not there; leave allocate or allowBackorder out";
        fault("allocate", "backorderNotAllocated", message.into());
    }
    match draft.near {
        Some(_) if draft.allocate != Some(Picking::Nearest) => {
            fault("near", "nearNotUsed", "is only for allocate: nearest; leave it out".into());
        }
        Some(near) if catalog.locations.get(near).is_none() => {
            fault("near", "unknownLocation", format!("there is no location {near}"));
        }
        _ => {}
    }
    if let Some(text) = &draft.description
        && let Err((code, message)) = check_text(text, TEXT_MAX)
    {
        fault("description", code, message);
    }
    if violations.len() > before {
        return None;
    }
    let quantity = quantity?;
    Some(Reservation {
        id: ReservationId(0),
        scope: Scope { product: draft.product?, variant, lot, place },
        quantity,
        open: quantity,
        state: ReservationState::Held,
        hold_until: draft.hold_until,
        allow_backorder: draft.allow_backorder,
    })
}

/// How much is asked for in the base unit of the product; `None` where something about it is wrong.
fn base_quantity(
    draft: &ReservationDraft,
    product: Option<&Product>,
    catalog: &Catalog,
    mut fault: impl FnMut(&'static str, &'static str, String),
) -> Option<Quantity> {
    let unit = draft.unit.unwrap_or_default();
    let ratio = product.and_then(|product| catalog.ratio(product.id, unit, product.unit));
    if unit.0 != 0 && !catalog.units.contains_key(&unit) {
        fault("unit", "unknownUnit", format!("there is no unit {unit}"));
    } else if let (Some(product), None) = (product, ratio) {
        let name = &product.identifier;
        let message = format!("there is no conversion from that unit to the unit of product {name}; enter one");
        fault("unit", "noConversion", message);
    }
    let Some(wanted) = draft.quantity else {
        fault("quantity", "required", "is missing; say how much is to be reserved".into());
        return None;
    };
    if wanted.0 <= 0 {
        fault("quantity", "quantityNotPositive", format!("is {wanted}; it must be more than 0"));
        return None;
    }
    let (numerator, denominator) = ratio?;
    let Some(quantity) = convert(wanted, numerator, denominator) else {
        fault("quantity", "quantityTooLarge", format!("{wanted} leaves the range in the base unit"));
        return None;
    };
    if quantity.0 == 0 {
        let message = format!("{wanted} is less than a millionth of the base unit; reserve more");
        fault("quantity", "quantityTooSmall", message);
    } else if product.is_some_and(|product| product.tracking == Tracking::Serial) && quantity.0 % ONE_E6 != 0 {
        fault("quantity", "countNotWhole", format!("is {quantity}; instances are whole"));
    }
    Some(quantity)
}
