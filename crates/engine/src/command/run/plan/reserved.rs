//! Reservations that actions name: what an action takes is taken of them.

use lotbook_domain::booking::stock_key;
use lotbook_domain::id::{ReservationId, VariantId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::run::RunKind;

use super::Planner;
use crate::command::run::{Action, ActionKind, Mark};
use crate::table::run::Run;

/// What is wrong with naming a reservation: a code and a sentence.
type Wrong = (&'static str, String);

impl Planner<'_, '_> {
    /// Lets what the action at hand takes be taken of the reservation that it names, if it names one: from every lot and
    /// place that the reservation covers, for an action may take from several. `before` is how far the plan was when the
    /// action began.
    pub(super) fn take_of_reservation(&mut self, action: &Action, before: Mark) {
        let Some(id) = action.reservation else { return };
        if let Err((code, message)) = self.name_reservation(id, action, before) {
            self.fault("reservation", code, message);
        }
    }

    fn name_reservation(&mut self, id: ReservationId, action: &Action, before: Mark) -> Result<(), Wrong> {
        let found = self.reservations.get(&id).copied();
        let reservation = found.ok_or_else(|| ("unknownReservation", format!("there is no reservation {id}")))?;
        let mismatch = |message: String| ("reservationMismatch", message);
        let takes_nothing = || {
            let name = action.kind.map_or("it", ActionKind::name);
            mismatch(format!("reservation {id} is fulfilled by what is taken; {name} takes nothing here"))
        };
        // What stands somewhere is put right by an edit, not taken by it.
        if let Some(ActionKind::Run(RunKind::Edit | RunKind::StatusChange)) = action.kind {
            return Err(takes_nothing());
        }
        // Runs that a place makes of what arrives there name none: they take what the action has brought.
        let own: Vec<usize> =
            (before.runs..self.plan.runs.len()).filter(|run| self.plan.runs[*run].run.reservation == id).collect();
        // The first flow of a run is what it is about; behind it is what follows from it.
        let firsts: Vec<(usize, usize)> =
            own.iter().filter_map(|run| Some((*run, *self.plan.runs[*run].flows.first()?))).collect();
        if firsts.is_empty() {
            // It begins, or moves nothing: what it would take is on record.
            if action.is_start {
                reservation.check_open(self.tx.now).map_err(|message| ("reservationNotOpen", message))?;
            }
            for run in own {
                let key = taken_by(&self.plan.runs[run].run).ok_or_else(takes_nothing)?;
                if key.place.0 != 0 {
                    reservation.check_covers(&self.desk.catalog, &key).map_err(mismatch)?;
                }
            }
            return Ok(());
        }
        let taking: Vec<(usize, usize, AccountKey)> = firsts
            .into_iter()
            .filter(|(_, flow)| !self.plan.flows[*flow].is_receipt)
            .map(|(run, flow)| {
                let entry = &self.plan.flows[flow].entry;
                (run, flow, stock_key(entry.product, entry.variant, entry.lot, entry.location))
            })
            .collect();
        let tree = &self.desk.catalog.locations;
        let covered: Vec<(usize, usize)> = taking
            .iter()
            .filter(|(.., key)| reservation.scope.covers(tree, key))
            .map(|(run, flow, _)| (*run, *flow))
            .collect();
        if covered.is_empty() {
            let (.., key) = taking.first().ok_or_else(takes_nothing)?;
            return reservation.check_covers(&self.desk.catalog, key).map_err(mismatch);
        }
        // On record it is named by the runs that take of it.
        for run in own {
            self.plan.runs[run].run.reservation = ReservationId(0);
        }
        for (run, flow) in covered {
            self.plan.runs[run].run.reservation = id;
            self.plan.flows[flow].entry.reservation = id;
        }
        Ok(())
    }
}

/// What a run takes from, by its record; `None` where it takes nothing.
fn taken_by(run: &Run) -> Option<AccountKey> {
    let (product, lot) =
        if run.kind.takes_from_primary() { (run.product, run.lot) } else { (run.secondary_product, run.secondary_lot) };
    // Without a place what goes in is on record alone; what is merged is taken wherever it stands.
    let takes = product.0 != 0 && (run.from.0 != 0 || run.kind == RunKind::Merge);
    takes.then(|| stock_key(product, VariantId(0), lot, run.from))
}
