//! What has to be loaded before entries can be booked.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Costing, Tracking, fold};
use crate::entry::Entry;
use crate::id::{LocationId, LotId, ProductId, ReservationId, VariantId};
use crate::journal::{Counterpart, Journal, JournalKind, direction};
use crate::ledger::{AccountKey, AccountKind};

/// Everything that a booking may touch.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Accounts by key; those that do not exist are made, so that they can be locked.
    pub accounts: BTreeSet<AccountKey>,
    /// Products, variants and places of which every lot's account is needed.
    pub lots_at: BTreeSet<(ProductId, VariantId, LocationId)>,
    /// Instances of which every account is needed.
    pub instances: BTreeSet<LotId>,
    /// Lots that are named by product and name.
    pub lot_names: BTreeSet<(ProductId, String)>,
    /// Documents whose issues tell what a return cost.
    pub issued_under: BTreeSet<(ProductId, VariantId, String, i64)>,
    /// Documents that something is sold under; what was returned of them costs the same.
    pub sold_under: BTreeSet<(ProductId, VariantId, String, i64)>,
    /// Products and variants of which it matters what is reserved, beside those of the accounts.
    pub reserved: BTreeSet<(ProductId, VariantId)>,
    /// Reservations that entries or flows name.
    pub reservations: BTreeSet<ReservationId>,
}

/// The location where an entry is booked: its own, or the org unit's default where that is forced.
pub fn location_of(catalog: &Catalog, entry: &Entry) -> LocationId {
    if catalog.policies.forces_default_location(&catalog.locations, entry.org_unit) {
        catalog.locations.default_of(catalog.locations.stock_org_unit_of(entry.org_unit))
    } else {
        entry.location
    }
}

/// The pool of a lot of a product at a place: per lot under specific cost, else one for all.
pub fn pool_key(
    catalog: &Catalog,
    product: ProductId,
    variant: VariantId,
    lot: LotId,
    place: LocationId,
) -> Option<AccountKey> {
    let unit = catalog.locations.pool_unit_of(place)?;
    let is_specific = catalog.products.get(&product).is_some_and(|product| product.costing == Costing::Specific);
    let lot = if is_specific { lot } else { LotId(0) };
    Some(AccountKey { product, place: unit, kind: AccountKind::Pool, variant, lot })
}

/// The account of a lot of a product at a place.
pub fn stock_key(product: ProductId, variant: VariantId, lot: LotId, place: LocationId) -> AccountKey {
    AccountKey { product, place, kind: AccountKind::Stock, variant, lot }
}

/// The account that stands for all instances of a product at a place, if they are counted as a set there.
///
/// Nothing is posted to it. What was counted there as a whole is kept under it, and whoever moves an instance there
/// locks it, so that nobody moves one past a count that is being made.
pub fn set_key(catalog: &Catalog, product: ProductId, variant: VariantId, place: LocationId) -> Option<AccountKey> {
    let is_serial = catalog.products.get(&product).is_some_and(|product| product.tracking == Tracking::Serial);
    let is_counted = place.is_real() && place != LocationId::IN_TRANSIT;
    (is_serial && is_counted).then(|| stock_key(product, variant, LotId(0), place))
}

/// Whether an entry cancels a document, as its direction needs to know.
pub fn counterpart(entry: &Entry) -> Counterpart {
    Counterpart {
        customer: entry.customer.0 != 0,
        supplier: entry.supplier.0 != 0,
        credit_note: entry.credit_note.is_some(),
    }
}

/// What these entries may touch, added to `wanted`. Needs products, lots and locations in the catalog.
pub fn wanted(catalog: &Catalog, journal: &Journal, entries: &[Entry], wanted: &mut Wanted) {
    for entry in entries {
        let Some(product) = catalog.products.get(&entry.product) else { continue };
        let (id, variant, place) = (entry.product, entry.variant, location_of(catalog, entry));
        if entry.reservation.0 != 0 {
            wanted.reservations.insert(entry.reservation);
        }
        let mut lots: Vec<LotId> = Vec::new();
        match product.tracking {
            Tracking::None => lots.push(LotId(0)),
            Tracking::Serial => {
                lots.extend(&entry.instances);
                wanted.instances.extend(&entry.instances);
                wanted.accounts.extend(set_key(catalog, id, variant, place));
                if journal.kind == JournalKind::Settlement {
                    wanted.lots_at.insert((id, variant, place));
                }
            }
            Tracking::Lot => {
                if entry.lot.0 != 0 {
                    lots.push(entry.lot);
                } else {
                    let name = entry.lot_name.clone().unwrap_or_else(|| entry.voucher_number.to_string());
                    wanted.lot_names.insert((id, fold(&name)));
                    wanted.lots_at.insert((id, variant, place));
                    if journal.kind == JournalKind::InternalTransfer {
                        wanted.lots_at.insert((id, variant, LocationId::IN_TRANSIT));
                    }
                }
            }
        }
        for lot in lots {
            let mut places = vec![place];
            if journal.kind == JournalKind::InternalTransfer {
                places.push(LocationId::IN_TRANSIT);
            }
            for place in places {
                wanted.accounts.insert(stock_key(id, variant, lot, place));
                wanted.accounts.extend(pool_key(catalog, id, variant, lot, place));
            }
        }
        if product.tracking == Tracking::Lot && product.costing != Costing::Specific {
            wanted.accounts.extend(pool_key(catalog, id, variant, LotId(0), place));
            if journal.kind == JournalKind::InternalTransfer {
                wanted.accounts.extend(pool_key(catalog, id, variant, LotId(0), LocationId::IN_TRANSIT));
            }
        }
        if let Some(document) = &entry.external {
            wanted.sold_under.insert((id, variant, document.kind.clone(), document.id));
        }
        if let Some(credit) = &entry.credit_note
            && entry.cost_price.is_none()
            && direction(journal.kind, entry.count, counterpart(entry))
                .is_some_and(|way| way.is_receipt && way.other == LocationId::CUSTOMER)
        {
            wanted.issued_under.insert((id, variant, credit.kind.clone(), credit.id));
        }
    }
}
