//! Places: what stands there, what fits in, and what becomes of a lot that arrives.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::booking::stock_key;
use lotbook_domain::id::{LocationId, ProductId, UnitId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::location::{Location, LotStorage};
use lotbook_domain::money::convert;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::Flow;

use super::merge::Merging;
use super::{Amount, Piece, Planner};
use crate::command::run::Action;
use crate::error::Error;
use crate::store::Arg;
use crate::table;

impl Planner<'_, '_> {
    /// The lot that stands in a place after this one arrives, by the place's rules; names what they forbid.
    pub(super) fn arrive(&mut self, piece: Piece, place: &Location, amount: Amount) -> Result<Piece, Error> {
        self.check_capacity(piece, place, amount)?;
        if place.lot_storage == LotStorage::AllowMultiple || place.lot_storage == LotStorage::NoStorage {
            return Ok(piece);
        }
        let others: Vec<(AccountKey, i64)> = self
            .standing(place.id)?
            .iter()
            .filter(|(key, quantity)| **quantity != 0 && (key.product, key.lot) != (piece.product, piece.lot))
            .map(|(key, quantity)| (*key, *quantity))
            .collect();
        let Some((other, _)) = others.first().copied() else { return Ok(piece) };
        if place.lot_storage == LotStorage::AllowSingleOrThrow {
            let message = format!("another lot stands at {}, which holds one at a time; take it out first", place.path);
            self.fault("to", "singleLot", message);
            return Ok(piece);
        }
        if others.iter().any(|(key, _)| key.product != piece.product) {
            let name = self.desk.catalog.product_name(other.product);
            let message = format!("{name} stands at {}, where lots of one product are merged", place.path);
            self.fault("to", "otherProduct", message);
            return Ok(piece);
        }
        if place.lot_storage == LotStorage::MergeIntoPrevious {
            let lots = BTreeSet::from([other.lot]);
            self.desk.load_catalog(self.tx.conn, BTreeSet::new(), BTreeSet::new(), lots, BTreeSet::new())?;
            let into = Piece { product: other.product, lot: other.lot };
            if !self.was_anywhere(piece)? {
                return Ok(into);
            }
            // What there was of it elsewhere and what is here now belong together: a recall has to find both.
            self.merging.push(Merging { lot: piece, into, place: place.id, amount });
            return Ok(piece);
        }
        for (key, quantity) in others.into_iter().filter(|(_, quantity)| *quantity > 0) {
            self.merged.insert(key.lot);
            let lots = BTreeSet::from([key.lot]);
            self.desk.load_catalog(self.tx.conn, BTreeSet::new(), BTreeSet::new(), lots, BTreeSet::new())?;
            let unit = self.desk.catalog.products.get(&piece.product).map(|product| product.unit).unwrap_or_default();
            let merged = Amount { quantity: Quantity(quantity), unit };
            let previous = Piece { product: key.product, lot: key.lot };
            self.merge_at(
                &Action::default(),
                &Merging { lot: previous, into: piece, place: place.id, amount: merged },
            )?;
        }
        Ok(piece)
    }

    /// Whether a lot ever stood anywhere, be it by what the actions so far have done.
    fn was_anywhere(&mut self, piece: Piece) -> Result<bool, Error> {
        if piece.lot.0 == 0 {
            return Ok(false);
        }
        if self.plan.flows.iter().any(|flow| flow.entry.lot == piece.lot) {
            return Ok(true);
        }
        if self.plan.new_lots.iter().any(|lot| lot.id == piece.lot) {
            return Ok(false);
        }
        Ok(!table::account::of_instances(self.tx.conn, self.tx.tenant, &BTreeSet::from([piece.lot]))?.is_empty())
    }

    pub(super) fn check_capacity(&mut self, piece: Piece, place: &Location, amount: Amount) -> Result<(), Error> {
        let Some(capacity) = place.capacity else { return Ok(()) };
        let standing: Vec<(ProductId, i64)> =
            self.standing(place.id)?.iter().map(|(key, quantity)| (key.product, *quantity)).collect();
        let products: BTreeSet<ProductId> = standing.iter().map(|(product, _)| *product).collect();
        self.desk.load_catalog(self.tx.conn, products, BTreeSet::new(), BTreeSet::new(), BTreeSet::new())?;
        let catalog = &self.desk.catalog;
        let in_capacity_unit = |product: ProductId, quantity: Quantity, unit: UnitId| {
            let base = catalog.products.get(&product)?.unit;
            let target = if place.capacity_unit.0 == 0 { base } else { place.capacity_unit };
            let (numerator, denominator) = catalog.ratio(product, unit, target)?;
            convert(quantity, numerator, denominator)
        };
        let base_of =
            |product: ProductId| catalog.products.get(&product).map(|product| product.unit).unwrap_or_default();
        let arriving_unit = if amount.unit.0 == 0 { base_of(piece.product) } else { amount.unit };
        let mut sum = 0_i128;
        for (product, quantity, unit) in standing
            .into_iter()
            .map(|(product, quantity)| (product, Quantity(quantity), base_of(product)))
            .chain([(piece.product, amount.quantity, arriving_unit)])
        {
            let Some(counted) = in_capacity_unit(product, quantity, unit) else {
                let name = catalog.product_name(product);
                let message =
                    format!("there is no conversion from the unit of {name} to that of the capacity of {}", place.path);
                self.fault("to", "noConversion", message);
                return Ok(());
            };
            sum += i128::from(counted.0);
        }
        if sum > i128::from(capacity.0) {
            let over = i64::try_from(sum - i128::from(capacity.0)).unwrap_or(i64::MAX);
            let message = format!(
                "{} holds {capacity} at most, and {} more would stand there; bring less or make room",
                place.path,
                Quantity(over)
            );
            self.fault("to", "noCapacity", message);
        }
        Ok(())
    }

    /// What stands at a place, after what the actions so far have done.
    pub(super) fn standing(&mut self, place: LocationId) -> Result<&BTreeMap<AccountKey, i64>, Error> {
        if !self.standing.contains_key(&place) {
            let found = table::account::select(
                self.tx.conn,
                "a.tenant = $1 and a.kind = 1 and a.place = $2 and a.quantity <> 0",
                &[Arg::Int(self.tx.tenant.0), Arg::Int(place.0), Arg::Int(i64::MAX)],
            )?;
            let mut standing: BTreeMap<AccountKey, i64> =
                found.iter().map(|account| (account.key, account.timeline.root().quantity.0)).collect();
            self.seen.places.insert(place);
            self.seen.quantities.extend(&standing);
            for (key, change) in self.plan.flows.iter().flat_map(|flow| self.changes_of(flow)) {
                if key.place == place {
                    put(&mut standing, key, change);
                }
            }
            self.standing.insert(place, standing);
        }
        Ok(&self.standing[&place])
    }

    /// How much of a lot, or of a product without lots, stands at a place.
    pub(super) fn stands(&mut self, piece: Piece, place: LocationId) -> Result<Quantity, Error> {
        let standing = self.standing(place)?.iter();
        let of_piece = standing.filter(|(key, _)| (key.product, key.lot) == (piece.product, piece.lot));
        Ok(Quantity(of_piece.fold(0, |sum, (_, quantity)| sum.saturating_add(*quantity))))
    }

    /// What a flow changes at its two ends, in the base unit of its product; nothing where that cannot be told, which
    /// the booking refuses.
    pub(super) fn changes_of(&self, flow: &Flow) -> Vec<(AccountKey, i64)> {
        let entry = &flow.entry;
        let base = self.desk.catalog.products.get(&entry.product).and_then(|product| {
            let (numerator, denominator) = self.desk.catalog.ratio(product.id, entry.unit, product.unit)?;
            convert(entry.count, numerator, denominator)
        });
        let key = |place| stock_key(entry.product, entry.variant, entry.lot, place);
        let sign = if flow.is_receipt { 1 } else { -1 };
        let ends = [(entry.location, sign), (flow.other, -sign)];
        base.into_iter().flat_map(|base| ends.map(|(place, sign)| (key(place), sign * base.0))).collect()
    }

    /// Whether what arrives at a place stays there.
    pub(super) fn keeps(&self, place: LocationId) -> bool {
        self.desk.catalog.locations.get(place).is_none_or(|found| found.lot_storage != LotStorage::NoStorage)
    }

    /// Notes that there is nothing to take from, or to count at, a place that keeps nothing.
    pub(super) fn check_keeps(&mut self, place: LocationId, field: &'static str) -> bool {
        let keeps = self.keeps(place);
        if !keeps {
            let name = self.desk.catalog.locations.name_of(place);
            let message = format!("{name} keeps nothing; what arrives there has left the house");
            self.fault(field, "noStorage", message);
        }
        keeps
    }
}

/// Adds to what stands somewhere. What leaves the range stays at its end: booking it is refused, with a reason.
pub(super) fn put(standing: &mut BTreeMap<AccountKey, i64>, key: AccountKey, change: i64) {
    let stands = standing.entry(key).or_default();
    *stands = stands.saturating_add(change);
}
