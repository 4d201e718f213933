//! Runs with their flows: what leaves, what enters, and what takes over whose cost.

use lotbook_domain::catalog::{LotStatus, Tracking};
use lotbook_domain::entry::Entry;
use lotbook_domain::id::{EntryId, LocationId, RunId, UnitId};
use lotbook_domain::run::{Flow, RunKind};
use lotbook_domain::time::Time;

use super::room::put;
use super::{Amount, Piece, Planned, Planner};
use crate::command::run::{Action, new_run};
use crate::error::Error;
use crate::table::run::Run;

impl Planner<'_, '_> {
    /// A run with its primary lot. The first of an action that ends something is that, and goes on under its id.
    pub(super) fn begin(&mut self, kind: RunKind, action: &Action, primary: Piece, unit: UnitId) -> Result<Run, Error> {
        let is_ended =
            action.ends.as_ref().filter(|(id, _)| self.plan.runs.iter().all(|planned| planned.run.id != *id));
        let (id, uid) = match is_ended {
            Some((id, uid)) => (*id, uid.clone()),
            None => (RunId(self.tx.ids("run", 1)?), self.tx.uid()),
        };
        let mut run = new_run(id, uid, kind, action, self.tx.now);
        (run.product, run.lot, run.unit) = (primary.product, primary.lot, unit);
        run.lot_status = self.desk.catalog.lots.get(&primary.lot).map_or(LotStatus::Open, |lot| lot.status);
        Ok(run)
    }

    /// What goes in leaves one lot for production, and what comes out enters another at its cost.
    pub(super) fn pair(
        &mut self,
        planned: &mut Planned,
        (input, from): (Piece, LocationId),
        (output, to): (Piece, LocationId),
        amount: Amount,
        at: Time,
    ) {
        let kind = planned.run.kind;
        let first = self.flow(kind, input, amount, at, from, false, LocationId::PRODUCTION);
        let second = self.flow(kind, output, amount, at, to, true, LocationId::PRODUCTION);
        self.plan.flows[second].cost_of = Some(first);
        planned.flows.extend([first, second]);
        planned.edges.push((first, second));
        self.pass_on(planned, output, amount, at, to);
    }

    /// What arrives where nothing is kept leaves the house at once.
    pub(super) fn pass_on(&mut self, planned: &mut Planned, piece: Piece, amount: Amount, at: Time, place: LocationId) {
        if self.keeps(place) {
            return;
        }
        let flow = self.flow(planned.run.kind, piece, amount, at, place, false, LocationId::PRODUCTION);
        planned.flows.push(flow);
    }

    /// Adds a flow and answers its place in the list.
    #[allow(clippy::too_many_arguments)] // they are the parts of one flow
    pub(super) fn flow(
        &mut self,
        kind: RunKind,
        piece: Piece,
        amount: Amount,
        at: Time,
        place: LocationId,
        is_receipt: bool,
        other: LocationId,
    ) -> usize {
        let catalog = &self.desk.catalog;
        let is_serial = catalog.products.get(&piece.product).is_some_and(|found| found.tracking == Tracking::Serial);
        let entry = Entry {
            id: EntryId(self.index as i64),
            org_unit: catalog.locations.org_unit_of(place),
            effective_at: at,
            product: piece.product,
            lot: piece.lot,
            instances: if is_serial { vec![piece.lot] } else { Vec::new() },
            location: place,
            count: amount.quantity,
            unit: amount.unit,
            ..Entry::default()
        };
        let flow = Flow { kind, entry, is_receipt, other, cost_of: None };
        for (key, change) in self.changes_of(&flow) {
            if let Some(standing) = self.standing.get_mut(&key.place) {
                put(standing, key, change);
            }
        }
        self.plan.flows.push(flow);
        self.plan.flows.len() - 1
    }
}
