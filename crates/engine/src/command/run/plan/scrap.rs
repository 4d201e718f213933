//! Everything that stands in a place is scrapped: lost, or into a lot that takes it in.

use std::collections::BTreeSet;

use lotbook_domain::id::LocationId;
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::location::Location;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;

use super::{Amount, Piece, Planned, Planner};
use crate::command::run::{Action, LotNamed};
use crate::error::Error;

impl Planner<'_, '_> {
    pub(super) fn scrap_all(&mut self, action: &Action) -> Result<(), Error> {
        let Some(from) = action.from else {
            self.fault("from", "required", "is missing; say where everything is scrapped");
            return Ok(());
        };
        let Some(place) = self.place(from, "from") else { return Ok(()) };
        let goes_into = self.scrapped_into(action)?;
        let mut standing: Vec<(AccountKey, i64)> =
            self.standing(place.id)?.iter().map(|(key, quantity)| (*key, *quantity)).collect();
        standing.sort_by_key(|(key, _)| (key.lot, *key));
        for (key, quantity) in standing {
            if quantity == 0 || action.product.is_some_and(|product| product != key.product) {
                continue;
            }
            let lots = BTreeSet::from([key.lot]);
            self.desk.load_catalog(
                self.tx.conn,
                BTreeSet::from([key.product]),
                BTreeSet::new(),
                lots,
                BTreeSet::new(),
            )?;
            let unit = self.desk.catalog.products.get(&key.product).map(|product| product.unit).unwrap_or_default();
            let amount = Amount { quantity: Quantity(quantity.saturating_abs()), unit };
            let piece = Piece { product: key.product, lot: key.lot };
            let faults = self.plan.faults.len();
            self.check_lot(RunKind::Scrap, Some(piece), quantity > 0, "lot");
            if self.plan.faults.len() > faults {
                continue;
            }
            let mut run = self.begin(RunKind::Scrap, action, piece, unit)?;
            run.quantity = Quantity(quantity);
            let at = run.ended_at.unwrap_or(run.started_at);
            if let Some((secondary, to)) =
                goes_into.as_ref().filter(|(secondary, _)| quantity > 0 && *secondary != piece)
            {
                (run.secondary_product, run.secondary_lot) = (secondary.product, secondary.lot);
                let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
                let arriving = self.arrive(*secondary, to, amount)?;
                self.pair(&mut planned, (piece, place.id), (arriving, to.id), amount, at);
                self.plan.runs.push(planned);
                self.merge_arrived(action)?;
                continue;
            }
            let flow = self.flow(RunKind::Scrap, piece, amount, at, place.id, quantity < 0, LocationId::LOSS);
            self.plan.runs.push(Planned { action: self.index, run, flows: vec![flow], edges: Vec::new() });
        }
        Ok(())
    }

    /// The lot that takes in what is scrapped, and where; without both it is lost.
    fn scrapped_into(&mut self, action: &Action) -> Result<Option<(Piece, Location)>, Error> {
        let wants = action.secondary_lot != LotNamed::None || action.secondary_product.is_some();
        let Some(to) = action.to.filter(|_| wants) else { return Ok(None) };
        let Some(to) = self.place(to, "to") else { return Ok(None) };
        let Some(product) = self.product(action.secondary_product, &action.secondary_lot, "secondaryProduct") else {
            return Ok(None);
        };
        let piece = self.lot(&product, &action.secondary_lot, None, "secondaryLot", action)?;
        self.check_lot(RunKind::Scrap, piece, false, "secondaryLot");
        Ok(piece.map(|piece| (piece, to)))
    }
}
