//! What is corrected where it is: the status of a lot, and how much of it there is.

use lotbook_domain::catalog::Tracking;
use lotbook_domain::id::LocationId;
use lotbook_domain::money::convert;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;

use super::{Amount, Planned, Planner};
use crate::command::run::{Action, LotNamed};
use crate::error::Error;

impl Planner<'_, '_> {
    pub(super) fn change_status(&mut self, action: &Action) -> Result<(), Error> {
        let product = self.product(action.product, &action.lot, "product");
        if action.new_status.is_none() {
            self.fault("newStatus", "required", "is missing; say which status the lot gets");
        }
        let (Some(product), Some(status)) = (product, action.new_status) else { return Ok(()) };
        let Some(piece) = self.lot(&product, &action.lot, None, "lot", action)? else { return Ok(()) };
        if piece.lot.0 == 0 {
            self.fault("lot", "required", "is missing; say which lot");
            return Ok(());
        }
        self.check_enabled(piece, "lot");
        if let Some(lot) = self.desk.catalog.lots.get_mut(&piece.lot) {
            lot.status = status;
        }
        self.plan.lot_changes.push((piece.lot, status));
        let mut run = self.begin(RunKind::StatusChange, action, piece, product.unit)?;
        (run.quantity, run.lot_status) = (Quantity::ZERO, status);
        self.plan.runs.push(Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() });
        Ok(())
    }

    /// Sets what stands in a place to a figure.
    pub(super) fn edit(&mut self, action: &Action) -> Result<(), Error> {
        let amount = self.amount(action);
        let product = self.product(action.product, &action.lot, "product");
        if action.from.is_none() {
            self.fault("from", "required", "is missing; say where this quantity stands");
        }
        let (Some(amount), Some(product), Some(from)) = (amount, product, action.from) else { return Ok(()) };
        let Some(place) = self.place(from, "from") else { return Ok(()) };
        if !self.check_keeps(place.id, "from") {
            return Ok(());
        }
        if action.lot == LotNamed::None && product.tracking != Tracking::None {
            let standing = self.standing(place.id)?.iter();
            let lots = standing.filter(|(key, quantity)| key.product == product.id && **quantity != 0).count();
            if lots > 1 {
                let message =
                    format!("is missing; {lots} lots of {} stand at {}, so name one", product.identifier, place.path);
                self.fault("lot", "ambiguousLot", message);
                return Ok(());
            }
        }
        let Some(piece) = self.lot(&product, &action.lot, Some(&place), "lot", action)? else { return Ok(()) };
        self.check_lot(RunKind::Edit, Some(piece), true, "lot");
        let Some((numerator, denominator)) = self.desk.catalog.ratio(product.id, amount.unit, product.unit) else {
            self.fault("unit", "noConversion", format!("there is no conversion to the unit of {}", product.identifier));
            return Ok(());
        };
        let Some(wanted) = convert(amount.quantity, numerator, denominator) else {
            self.fault("quantity", "quantityTooLarge", format!("{} leaves the range", amount.quantity));
            return Ok(());
        };
        let stands = self.stands(piece, place.id)?;
        let Some(Quantity(difference)) = wanted.checked_sub(stands) else {
            let message =
                format!("{wanted} is too far from the {stands} that stand at {}; correct it in parts", place.path);
            self.fault("quantity", "quantityTooLarge", message);
            return Ok(());
        };
        let mut run = self.begin(RunKind::Edit, action, piece, product.unit)?;
        run.quantity = Quantity(difference);
        let at = run.ended_at.unwrap_or(run.started_at);
        let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
        if difference != 0 {
            let amount = Amount { quantity: Quantity(difference.saturating_abs()), unit: product.unit };
            let flow = self.flow(RunKind::Edit, piece, amount, at, place.id, difference > 0, LocationId::ADJUSTMENT);
            planned.flows.push(flow);
        }
        self.plan.runs.push(planned);
        Ok(())
    }
}
