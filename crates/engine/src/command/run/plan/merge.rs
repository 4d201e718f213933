//! One lot becomes part of another: because somebody says so, or because a place holds one lot only.

use std::collections::BTreeSet;

use lotbook_domain::catalog::LotStatus;
use lotbook_domain::id::LocationId;
use lotbook_domain::location::Location;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;

use super::{Amount, Piece, Planned, Planner};
use crate::command::run::Action;
use crate::error::Error;
use crate::table;

/// A lot that becomes part of the one that stands where it arrives.
pub(super) struct Merging {
    pub(super) lot: Piece,
    pub(super) into: Piece,
    pub(super) place: LocationId,
    pub(super) amount: Amount,
}

impl Planner<'_, '_> {
    /// The secondary lot becomes part of the primary one: all of it, or what stands at `from`; where it stands,
    /// or brought to `to`. A run a place.
    pub(super) fn merge(&mut self, action: &Action) -> Result<(), Error> {
        let product = self.product(action.product, &action.lot, "product");
        let Some(product) = product else { return Ok(()) };
        let into = self.lot(&product, &action.lot, None, "lot", action)?;
        let from = self.lot(&product, &action.secondary_lot, None, "secondaryLot", action)?;
        let (Some(into), Some(from)) = (into, from) else { return Ok(()) };
        if into.lot.0 == 0 || from.lot.0 == 0 || into.lot == from.lot {
            self.fault("secondaryLot", "required", "two different lots of one product are merged; name both");
            return Ok(());
        }
        self.check_lot(RunKind::Merge, Some(into), false, "lot");
        self.check_lot(RunKind::Merge, Some(from), true, "secondaryLot");
        let wanted = action.from;
        let target = match action.to.map(|to| self.place(to, "to")) {
            None => None,
            Some(Some(to)) => Some(to),
            Some(None) => return Ok(()),
        };
        let keys = table::account::of_instances(self.tx.conn, self.tx.tenant, &BTreeSet::from([from.lot]))?;
        let mut places: Vec<Location> = keys
            .iter()
            .filter(|key| key.product == from.product && wanted.is_none_or(|place| place == key.place))
            .filter_map(|key| self.desk.catalog.locations.get(key.place).cloned())
            .collect();
        places.sort_by(|a, b| b.path.cmp(&a.path));
        let runs = self.plan.runs.len();
        for place in places {
            let stands = self.stands(from, place.id)?;
            if stands.0 <= 0 {
                continue;
            }
            if self.place(place.id, "from").is_none() {
                return Ok(());
            }
            let to = target.as_ref().unwrap_or(&place).clone();
            let amount = Amount { quantity: stands, unit: product.unit };
            let mut run = self.begin(RunKind::Merge, action, into, product.unit)?;
            run.quantity = amount.quantity;
            (run.secondary_product, run.secondary_lot) = (from.product, from.lot);
            (run.from, run.to) = (place.id, to.id);
            let at = run.ended_at.unwrap_or(run.started_at);
            let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
            let arriving = if to.id == place.id { into } else { self.arrive(into, &to, amount)? };
            self.pair(&mut planned, (from, place.id), (arriving, to.id), amount, at);
            self.merge_arrived(action)?;
            self.plan.runs.push(planned);
        }
        if self.plan.runs.len() == runs {
            // Nothing stood anywhere; that they were merged is on record all the same.
            let mut run = self.begin(RunKind::Merge, action, into, product.unit)?;
            run.quantity = Quantity::ZERO;
            (run.secondary_product, run.secondary_lot) = (from.product, from.lot);
            self.plan.runs.push(Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() });
        }
        if wanted.is_none() {
            self.plan.lot_changes.push((from.lot, LotStatus::Closed));
        }
        Ok(())
    }

    /// What has arrived becomes part of what stood there before.
    pub(super) fn merge_arrived(&mut self, action: &Action) -> Result<(), Error> {
        for merging in std::mem::take(&mut self.merging) {
            self.merge_at(action, &merging)?;
        }
        Ok(())
    }

    /// One lot becomes part of another where both stand.
    pub(super) fn merge_at(&mut self, action: &Action, merging: &Merging) -> Result<(), Error> {
        let Merging { lot, into, place, amount } = *merging;
        let action = Action {
            from: Some(place),
            to: Some(place),
            started_at: Some(self.moves_at),
            operation: action.operation.clone(),
            link: action.link,
            ..Action::default()
        };
        let mut run = self.begin(RunKind::Merge, &action, into, amount.unit)?;
        run.quantity = amount.quantity;
        (run.secondary_product, run.secondary_lot) = (lot.product, lot.lot);
        let at = run.started_at;
        let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
        self.pair(&mut planned, (lot, place), (into, place), amount, at);
        self.plan.runs.push(planned);
        Ok(())
    }
}
