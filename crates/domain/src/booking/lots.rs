//! Lots of a booking: found by name, made by receipts, taken by strategy.

use super::expand::{Line, Work};
use super::want::stock_key;
use super::{FaultKind, Source};
use crate::catalog::{Lot, LotStatus, fold};
use crate::id::{LocationId, LotId};
use crate::journal::{Direction, JournalKind};
use crate::ledger::{Missing, Trial};
use crate::location::LotUse;
use crate::quantity::Quantity;
use crate::time::Time;

/// The lot of a name, those of this booking included.
pub(super) fn find_lot(line: Line<'_>, name: &str, work: &Work) -> Option<LotId> {
    let Line { catalog, entry, .. } = line;
    let folded = fold(name);
    catalog.lots_by_name.get(&(entry.product, folded.clone())).copied().or_else(|| {
        work.new_lots.iter().find(|lot| lot.product == entry.product && fold(&lot.name) == folded).map(|lot| lot.id)
    })
}

/// The lot of a name, made where there is none yet.
pub(super) fn find_or_make_lot(
    trial: &mut Trial<'_>,
    line: Line<'_>,
    name: String,
    work: &mut Work,
) -> Result<LotId, Missing> {
    if let Some(lot) = find_lot(line, &name, work) {
        return Ok(lot);
    }
    let id = trial.fresh_lot()?;
    work.new_lots.push(Lot {
        id,
        product: line.entry.product,
        variant: line.entry.variant,
        name,
        is_serial: false,
        status: LotStatus::Available,
        expires_at: None,
        cost_price: None,
        is_enabled: true,
    });
    Ok(id)
}

/// Whether a lot may be moved this way; a customer's return into a shipped lot reopens it on hold.
pub(super) fn check_lot(line: Line<'_>, lot: LotId, way: Direction, work: &mut Work) -> bool {
    let Line { catalog, source, entry, product, .. } = line;
    let Direction { is_receipt, other, .. } = way;
    let Some(found) = catalog.lots.get(&lot).or_else(|| work.new_lots.iter().find(|new| new.id == lot)) else {
        work.fault(entry, FaultKind::Entry, "unknownLot", format!("product {} has no lot {lot}", product.identifier));
        return false;
    };
    let status = found.status;
    // Whoever plans a run has looked at that.
    if matches!(source, Source::Journal(_)) && !found.is_enabled {
        let message = found.disabled(&product.identifier);
        work.fault(entry, FaultKind::Entry, "lotDisabled", message);
        return false;
    }
    let refused = if let Source::Flow(flow) = source {
        flow.kind.refuses(status, !is_receipt, catalog.policies.strict_open_lots)
    } else if is_receipt {
        status == LotStatus::Closed
    } else {
        match status {
            LotStatus::Available => false,
            LotStatus::Open => catalog.policies.strict_open_lots && other == LocationId::CUSTOMER,
            LotStatus::QaHold | LotStatus::Expired => other == LocationId::CUSTOMER,
            LotStatus::Shipped | LotStatus::Closed => true,
        }
    };
    if refused {
        let message = found.refusal(&product.identifier, is_receipt);
        work.fault(entry, FaultKind::Entry, "lotNotAvailable", message);
        return false;
    }
    if matches!(source, Source::Journal(_))
        && is_receipt
        && other == LocationId::CUSTOMER
        && status == LotStatus::Shipped
    {
        work.lot_changes.push((lot, LotStatus::QaHold));
    }
    true
}

/// Which lots an issue without a lot takes: those that stand at the place, in the order of its strategy.
pub(super) fn take_lots(
    trial: &mut Trial<'_>,
    line: Line<'_>,
    source: LocationId,
    quantity: Quantity,
    work: &mut Work,
) -> Result<Vec<(LotId, Quantity)>, Missing> {
    let Line { catalog, source: asker, entry, product, .. } = line;
    let strategy = catalog.locations.get(source).map(|node| node.lot_use).unwrap_or_default();
    let mut lots: Vec<LotId> = trial.lots_at(entry.product, entry.variant, source);
    let expiry = |lot: &LotId| catalog.lots.get(lot).and_then(|lot| lot.expires_at).unwrap_or(Time::FOREVER);
    match strategy {
        LotUse::Fifo => lots.sort_unstable(),
        LotUse::Lifo => lots.sort_unstable_by(|a, b| b.cmp(a)),
        LotUse::Fefo => lots.sort_unstable_by_key(|lot| (expiry(lot), *lot)),
    }
    let to_customer = match asker {
        Source::Journal(journal) => matches!(journal.kind, JournalKind::Delivery | JournalKind::Complaint),
        Source::Flow(flow) => flow.other == LocationId::CUSTOMER,
    };
    let mut taken = Vec::new();
    let mut rest = quantity.0;
    for lot in lots {
        let found = catalog.lots.get(&lot);
        let is_free = match found.map(|lot| lot.status).unwrap_or_default() {
            _ if found.is_some_and(|lot| !lot.is_enabled) => false,
            LotStatus::Available => true,
            LotStatus::Open => !(catalog.policies.strict_open_lots && to_customer),
            LotStatus::QaHold | LotStatus::Expired | LotStatus::Shipped | LotStatus::Closed => false,
        };
        let Some(account) = trial.existing(stock_key(entry.product, entry.variant, lot, source)) else { continue };
        if !is_free || rest == 0 {
            continue;
        }
        let lowest = account.timeline.lowest_from(entry.effective_at).map_err(|fault| account.missing(fault))?;
        let part = lowest.0.min(rest);
        if part > 0 {
            taken.push((lot, Quantity(part)));
            rest -= part;
        }
    }
    if rest > 0 && !work.is_known(stock_key(entry.product, entry.variant, LotId(0), source)) {
        // What it would take is what an entry with a fault does not bring: that one is told.
        work.miss(catalog, asker, entry);
        return Ok(Vec::new());
    }
    if rest > 0 {
        let message = format!(
            "{} of {} are wanted at {}, but its free lots hold {} from {} on; name a lot or receive more",
            quantity,
            product.identifier,
            catalog.locations.name_of(source),
            Quantity(quantity.0 - rest),
            entry.effective_at
        );
        work.fault(entry, FaultKind::NegativeStock, "lotNotInStock", message);
        return Ok(Vec::new());
    }
    Ok(taken)
}
