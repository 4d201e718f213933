//! The ids that a floor gave to the names of a story.

use std::collections::HashMap;

use lotbook_domain::catalog::fold;
use lotbook_domain::entry::{EntryDraft, Reference};
use lotbook_domain::id::{LocationId, LotId, PartyId, ProductId, ReservationId, UnitId, VariantId};
use lotbook_domain::reservation::ReservationDraft;
use lotbook_domain::time::Time;

use crate::{Entry, Reservation};

/// The ids of what was defined.
#[derive(Clone, Debug)]
pub struct Names {
    /// Units by symbol.
    pub units: HashMap<String, UnitId>,
    /// Products by identifier.
    pub products: HashMap<String, ProductId>,
    /// Variants by product and identifier.
    pub variants: HashMap<(String, String), VariantId>,
    /// Lots and instances that were defined, by product and name.
    pub lots: HashMap<(String, String), LotId>,
    /// Locations and org units.
    pub places: HashMap<String, LocationId>,
    /// Customers and suppliers.
    pub parties: HashMap<String, PartyId>,
    /// Reservations by their labels.
    pub reservations: HashMap<String, ReservationId>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            units: HashMap::from([("pcs".to_owned(), UnitId(1))]),
            products: HashMap::new(),
            variants: HashMap::new(),
            lots: HashMap::new(),
            places: HashMap::from([(MAIN.to_owned(), LocationId::ROOT), (TRANSIT.to_owned(), LocationId::IN_TRANSIT)]),
            parties: HashMap::new(),
            reservations: HashMap::new(),
        }
    }
}

/// How stories call the root org unit.
pub const MAIN: &str = "Main";
/// How stories call the place under way.
pub const TRANSIT: &str = "transit";

/// What stands for a name that was never defined: no record has it.
const NOBODY: i64 = 999_999_999;

impl Names {
    /// The id of a place, or one that no place has.
    pub fn place(&self, name: &str) -> LocationId {
        self.places.get(name).copied().unwrap_or(LocationId(NOBODY))
    }

    /// The entry as a request carries it. `org_unit_of` tells which org unit a location belongs to.
    pub fn draft(&self, entry: &Entry, org_unit_of: impl Fn(LocationId) -> LocationId) -> EntryDraft {
        let place = self.place(&entry.place);
        let reference =
            |found: &Option<(String, i64)>| found.as_ref().map(|(kind, id)| Reference { kind: kind.clone(), id: *id });
        let party = |name: &Option<String>| {
            name.as_ref().map(|name| self.parties.get(name).copied().unwrap_or(PartyId(NOBODY)))
        };
        let lot = entry.lot.as_ref().and_then(|name| self.lots.get(&(entry.product.clone(), fold(name)))).copied();
        EntryDraft {
            org_unit: Some(entry.org_unit.as_ref().map_or_else(|| org_unit_of(place), |name| self.place(name))),
            effective_at: Some(entry.at),
            product: Some(self.products.get(&entry.product).copied().unwrap_or(ProductId(NOBODY))),
            variant: entry.variant.as_ref().map(|name| {
                let key = (entry.product.clone(), name.clone());
                self.variants.get(&key).copied().unwrap_or(VariantId(NOBODY))
            }),
            lot,
            lot_name: if lot.is_none() { entry.lot.clone() } else { None },
            instances: entry.instances.as_ref().map(|names| {
                let id = |name: &String| self.lots.get(&(entry.product.clone(), fold(name))).copied();
                names.iter().map(|name| id(name).unwrap_or(LotId(NOBODY))).collect()
            }),
            location: Some(place),
            count: Some(entry.count),
            unit: entry.unit.as_ref().map(|name| self.units.get(name).copied().unwrap_or(UnitId(NOBODY))),
            cost_price: entry.cost,
            customer: party(&entry.customer),
            supplier: party(&entry.supplier),
            external: reference(&entry.external),
            credit_note: reference(&entry.credit_note),
            reservation: entry.reservation.as_ref().map(|label| self.reservation(label)),
            ..EntryDraft::default()
        }
    }

    /// The id of a reservation, or one that none has.
    pub fn reservation(&self, label: &str) -> ReservationId {
        self.reservations.get(label).copied().unwrap_or(ReservationId(NOBODY))
    }

    /// A reservation as a request carries it; which lot that is, and when it is over, is known to the floor.
    pub fn wish(&self, wish: &Reservation, lot: Option<LotId>, hold_until: Option<Time>) -> ReservationDraft {
        ReservationDraft {
            product: Some(self.products.get(&wish.product).copied().unwrap_or(ProductId(NOBODY))),
            variant: wish.variant.as_ref().map(|name| {
                let key = (wish.product.clone(), name.clone());
                self.variants.get(&key).copied().unwrap_or(VariantId(NOBODY))
            }),
            place: Some(self.place(&wish.place)),
            lot,
            quantity: Some(wish.count),
            unit: wish.unit.as_ref().map(|name| self.units.get(name).copied().unwrap_or(UnitId(NOBODY))),
            hold_until,
            allow_backorder: wish.allow_backorder,
            ..ReservationDraft::default()
        }
    }
}
