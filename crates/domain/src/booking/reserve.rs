//! Reservations in a booking: an entry or flow that names one takes its share of it, and nobody takes another's.

use std::collections::BTreeSet;

use super::FaultKind;
use super::expand::{Line, Work, fault};
use super::want::stock_key;
use crate::catalog::Catalog;
use crate::entry::Entry;
use crate::id::{EntryId, LotId, ProductId, VariantId};
use crate::journal::JournalKind;
use crate::ledger::Trial;
use crate::movement::MovementKind;
use crate::quantity::Quantity;
use crate::reservation::{self, Taken, Use};
use crate::run::RunKind;

/// Takes the reservation that an entry or a flow names, as far as it is open; what goes beyond it is an issue like
/// any other. `quantity` is `None` where it brings something.
pub(super) fn consume(trial: &Trial<'_>, line: Line<'_>, lot: LotId, quantity: Option<Quantity>, work: &mut Work) {
    let Line { catalog, entry, product, place, source, .. } = line;
    let reserved = trial.reserved();
    let id = entry.reservation;
    let Some(found) = reserved.named.get(&id) else {
        work.fault(entry, FaultKind::Entry, "reservationNotOpen", format!("there is no reservation {id}"));
        return;
    };
    let key = stock_key(entry.product, entry.variant, lot, place);
    let says_what_is_there =
        matches!(source.kind(), MovementKind::Journal(JournalKind::Settlement) | MovementKind::Run(RunKind::Edit));
    let Some(quantity) = quantity.filter(|_| !says_what_is_there) else {
        let message =
            format!("reservation {id} is fulfilled by what is taken; this brings or counts {}", product.identifier);
        work.fault(entry, FaultKind::Entry, "reservationMismatch", message);
        return;
    };
    if let Err(message) = found.check_covers(catalog, &key) {
        work.fault(entry, FaultKind::Entry, "reservationMismatch", message);
        return;
    }
    if let Err(message) = found.check_open(reserved.now) {
        work.fault(entry, FaultKind::Entry, "reservationNotOpen", message);
        return;
    }
    let taken: i64 = work.uses.iter().filter(|taken| taken.reservation == id).map(|taken| taken.quantity.0).sum();
    let part = quantity.0.min(found.open.0 - taken);
    if part > 0 {
        work.uses.push(Use { reservation: id, line: work.movements.len() as i64, quantity: Quantity(part) });
    }
}

/// No issue takes what is reserved for others. A count says what is there, and is heard in any case. Of products
/// of which more is wrong, that is told first.
pub(super) fn judge(trial: &Trial<'_>, catalog: &Catalog, entries: &[Entry], work: &mut Work) {
    if trial.reserved().open.is_empty() {
        return;
    }
    let faulty: BTreeSet<EntryId> = work.faults.iter().map(|fault| fault.entry).collect();
    let faulty: BTreeSet<ProductId> =
        entries.iter().filter(|entry| faulty.contains(&entry.id)).map(|entry| entry.product).collect();
    let products: BTreeSet<(ProductId, VariantId)> = work
        .movements
        .iter()
        .filter(|movement| {
            movement.from.location.is_real()
                && !faulty.contains(&movement.product)
                && !matches!(
                    movement.kind,
                    MovementKind::Journal(JournalKind::Settlement)
                        | MovementKind::Run(RunKind::Edit)
                        | MovementKind::Compensation
                )
        })
        .map(|movement| (movement.product, movement.variant))
        .collect();
    match reservation::judge(trial, catalog, &products, &work.uses) {
        Err(missing) => work.missing.push(missing),
        Ok(found) => {
            for taken in found {
                let culprit = culprit(work, taken);
                let message = format!(
                    "{}; name the reservation in the field reservation of the entry or run, release it, or take less",
                    message(catalog, taken)
                );
                work.faults.push(fault(&entries[culprit], FaultKind::NegativeStock, "insufficientStock", message));
            }
        }
    }
}

/// The last entry that issues the product without naming a reservation for all of it.
fn culprit(work: &Work, taken: Taken) -> usize {
    let mut free = work.movements.iter().zip(&work.sources).filter(|(movement, _)| {
        let named: i64 = work.uses.iter().filter(|used| used.line == movement.line).map(|used| used.quantity.0).sum();
        (movement.product, movement.variant) == (taken.product, taken.variant)
            && movement.from.location.is_real()
            && movement.kind != MovementKind::Compensation
            && named < movement.quantity.0
    });
    free.next_back().map_or(0, |(_, source)| *source)
}

/// What to tell about stock that is reserved for others.
pub(crate) fn message(catalog: &Catalog, taken: Taken) -> String {
    format!(
        "product {}: {} are reserved for others, short by {}",
        catalog.product_name(taken.product),
        taken.reserved,
        taken.short,
    )
}
