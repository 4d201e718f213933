//! Which lot: named, the next in the order of its place, or new; and whether it may be used.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::catalog::{Lot, LotStatus, Product, Tracking, fold};
use lotbook_domain::entry::IDENTIFIER_MAX;
use lotbook_domain::id::LotId;
use lotbook_domain::location::{Location, LotUse};
use lotbook_domain::policy::Negative;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;

use super::{Piece, Planned, Planner};
use crate::command::run::{Action, LotNamed};
use crate::error::Error;
use crate::table;

impl Planner<'_, '_> {
    /// The lot that an action names, or the one that its place would take, or a new one. `from` is where it
    /// leaves.
    pub(super) fn lot(
        &mut self,
        product: &Product,
        named: &LotNamed,
        from: Option<&Location>,
        field: &'static str,
        action: &Action,
    ) -> Result<Option<Piece>, Error> {
        let piece = |lot| Some(Piece { product: product.id, lot });
        if product.tracking == Tracking::None {
            if *named != LotNamed::None {
                let message = format!("product {} is not tracked by lot; leave the lot out", product.identifier);
                self.fault(field, "notTracked", message);
                return Ok(None);
            }
            return Ok(piece(LotId(0)));
        }
        match named {
            LotNamed::Id(id) => match self.desk.catalog.lots.get(id) {
                Some(lot) if lot.product == product.id => Ok(piece(*id)),
                Some(lot) => {
                    let message =
                        format!("lot {} is not of product {}; name one that is", lot.name, product.identifier);
                    self.fault(field, "lotOfAnotherProduct", message);
                    Ok(None)
                }
                None => {
                    self.fault(field, "unknownLot", format!("there is no lot {id}"));
                    Ok(None)
                }
            },
            LotNamed::Name(name) => {
                if let Some(lot) = self.desk.catalog.lots_by_name.get(&(product.id, fold(name))) {
                    return Ok(piece(*lot));
                }
                // What is taken has to be there, unless stock may go below zero.
                let is_there = from.is_some_and(|place| {
                    let catalog = &self.desk.catalog;
                    catalog.policies.negative_at(&catalog.locations, place.id) == Negative::Forbid
                });
                if !action.makes_lots || is_there {
                    let way_out = if is_there { "name one that is there" } else { "say that lots may be made" };
                    let message = format!("{} has no lot {name}; {way_out}", product.identifier);
                    self.fault(field, "unknownLot", message);
                    return Ok(None);
                }
                if name.trim().is_empty() || name.chars().count() > IDENTIFIER_MAX {
                    self.fault(field, "wrongName", format!("a lot's name has 1 to {IDENTIFIER_MAX} characters"));
                    return Ok(None);
                }
                let lot = self.make_lot(product, name.trim().to_owned(), None)?;
                Ok(piece(lot))
            }
            LotNamed::None => {
                if let Some(place) = from {
                    let faults = self.plan.faults.len();
                    let found = self.next_lot(product, place, field)?;
                    let catalog = &self.desk.catalog;
                    let may_be_below_zero =
                        catalog.policies.negative_at(&catalog.locations, place.id) != Negative::Forbid;
                    if found.is_some() || !action.makes_lots || !may_be_below_zero {
                        return Ok(found);
                    }
                    self.plan.faults.truncate(faults);
                }
                let name = self.tx.engine.uuid();
                let lot = self.make_lot(product, name, None)?;
                Ok(piece(lot))
            }
        }
    }

    /// The lot that a place gives first.
    pub(super) fn next_lot(
        &mut self,
        product: &Product,
        place: &Location,
        field: &'static str,
    ) -> Result<Option<Piece>, Error> {
        let lots: BTreeSet<LotId> = self
            .standing(place.id)?
            .iter()
            .filter(|(key, quantity)| key.product == product.id && **quantity > 0)
            .map(|(key, _)| key.lot)
            .collect();
        self.desk.load_catalog(self.tx.conn, BTreeSet::new(), BTreeSet::new(), lots.clone(), BTreeSet::new())?;
        let mut arrivals = table::account::arrivals(self.tx.conn, self.tx.tenant, product.id, place.id, &lots)?;
        let catalog = &self.desk.catalog;
        let is_strict = catalog.policies.strict_open_lots;
        let usable = lots
            .into_iter()
            .filter_map(|id| catalog.lots.get(&id))
            .filter(|lot| lot.status == LotStatus::Available || (lot.status == LotStatus::Open && !is_strict))
            .filter(|lot| lot.is_enabled);
        // What this list of actions brings has arrived, too.
        let of_flows = self.plan.flows.iter().filter(|flow| {
            let goes_to = if flow.is_receipt { flow.entry.location } else { flow.other };
            goes_to == place.id
        });
        for flow in of_flows {
            arrivals.entry(flow.entry.lot).or_insert(flow.entry.effective_at);
        }
        let arrived = |lot: &Lot| (arrivals.get(&lot.id).copied().unwrap_or(Time::FOREVER), lot.id);
        let chosen = match place.lot_use {
            LotUse::Fifo => usable.min_by_key(|lot| arrived(lot)),
            LotUse::Lifo => usable.max_by_key(|lot| arrived(lot)),
            LotUse::Fefo => usable.min_by_key(|lot| (lot.expires_at.unwrap_or(Time::FOREVER), arrived(lot))),
        };
        let Some(chosen) = chosen else {
            let message = format!("no usable lot of {} stands at {}; name one", product.identifier, place.path);
            self.fault(field, "lotNotInStock", message);
            return Ok(None);
        };
        Ok(Some(Piece { product: product.id, lot: chosen.id }))
    }

    pub(super) fn make_lot(&mut self, product: &Product, name: String, like: Option<&Lot>) -> Result<LotId, Error> {
        let id = LotId(self.tx.ids("lot", 1)?);
        let lot = Lot {
            id,
            product: product.id,
            name,
            status: like.map_or(LotStatus::Open, |lot| lot.status),
            expires_at: match like {
                Some(lot) => lot.expires_at,
                None => self.shelf_lives.get(&product.id).map(|days| Time(self.started_at.0 + days * Time::DAY)),
            },
            is_enabled: true,
            ..Lot::default()
        };
        self.desk.catalog.insert_lot(lot.clone());
        self.plan.new_lots.push(lot);
        Ok(id)
    }

    /// The lot that a part of another becomes.
    pub(super) fn split_off(
        &mut self,
        product: &Product,
        primary: Option<Piece>,
        action: &Action,
    ) -> Result<Option<Piece>, Error> {
        let LotNamed::Name(name) = &action.secondary_lot else {
            self.fault("secondaryLot", "required", "is missing; say what the new lot is called");
            return Ok(None);
        };
        if self.desk.catalog.lots_by_name.contains_key(&(product.id, fold(name))) {
            let message = format!("{} has a lot {name} already; choose another name", product.identifier);
            self.fault("secondaryLot", "taken", message);
            return Ok(None);
        }
        let original = primary.and_then(|piece| self.desk.catalog.lots.get(&piece.lot)).cloned();
        let lot = self.make_lot(product, name.clone(), original.as_ref())?;
        Ok(Some(Piece { product: product.id, lot }))
    }

    /// Notes that a lot may not be used that way, because it is disabled or because of its status.
    pub(super) fn check_lot(&mut self, kind: RunKind, piece: Option<Piece>, leaves: bool, field: &'static str) {
        let Some(piece) = piece else { return };
        if !self.check_enabled(piece, field) {
            return;
        }
        let catalog = &self.desk.catalog;
        let Some(lot) = catalog.lots.get(&piece.lot) else { return };
        if kind.refuses(lot.status, leaves, catalog.policies.strict_open_lots) {
            let message = lot.refusal(&catalog.product_name(piece.product), !leaves);
            self.fault(field, "lotNotAvailable", message);
        }
    }

    pub(super) fn check_enabled(&mut self, piece: Piece, field: &'static str) -> bool {
        let catalog = &self.desk.catalog;
        let disabled = catalog.lots.get(&piece.lot).filter(|lot| !lot.is_enabled && !self.is_end);
        if let Some(message) = disabled.map(|lot| lot.disabled(&catalog.product_name(piece.product))) {
            self.fault(field, "lotDisabled", message);
            return false;
        }
        true
    }

    /// Lots of which nothing is left: those that were shipped to no lot of ours are SHIPPED, and those that became
    /// part of others where these arrived are CLOSED.
    pub(super) fn note_left(&mut self) -> Result<(), Error> {
        let is_shipped = |planned: &&Planned| {
            planned.run.kind == RunKind::Ship && planned.run.secondary_lot.0 == 0 && !planned.flows.is_empty()
        };
        let shipped = self.plan.runs.iter().filter(is_shipped).map(|planned| (planned.run.lot, LotStatus::Shipped));
        let merged = self.merged.iter().map(|lot| (*lot, LotStatus::Closed));
        let gone: BTreeMap<LotId, LotStatus> = shipped.chain(merged).filter(|(lot, _)| lot.0 != 0).collect();
        let totals = table::account::totals(self.tx.conn, self.tx.tenant, &gone.keys().copied().collect())?;
        for (lot, status) in gone {
            let mut left = totals.get(&lot).copied().unwrap_or(0);
            for flow in self.plan.flows.iter().filter(|flow| flow.entry.lot == lot) {
                let inside = self.changes_of(flow).into_iter().filter(|(key, _)| key.place.is_real());
                left += inside.map(|(_, change)| i128::from(change)).sum::<i128>();
            }
            if left == 0 {
                self.plan.left.push((lot, status));
            }
        }
        Ok(())
    }
}
