//! First pass: entries become movements, and their quantities stand in the stock accounts.

use std::collections::BTreeMap;

use super::want::{counterpart, location_of, pool_key, stock_key};
use super::{Fault, FaultKind};
use crate::catalog::{Catalog, Lot, LotStatus, Product, Tracking, fold};
use crate::entry::Entry;
use crate::id::{LINES_PER_BATCH_MAX, LocationId, LotId};
use crate::journal::{Direction, Journal, JournalKind, direction};
use crate::ledger::{AccountKey, Missing, Trial};
use crate::location::LotUse;
use crate::money::{Amount, convert};
use crate::movement::{Count, End, Movement, MovementKind};
use crate::policy::Negative;
use crate::quantity::{ONE_E6, Quantity};
use crate::time::Time;

/// A posting to an account that has to be judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) at: Time,
    pub(super) change: Quantity,
    /// Which entry made it, by its place in the list.
    pub(super) entry: usize,
}

/// What the passes build up.
#[derive(Default)]
pub(super) struct Work {
    pub(super) movements: Vec<Movement>,
    /// For each movement, the entry that made it.
    pub(super) sources: Vec<usize>,
    pub(super) counts: Vec<Count>,
    pub(super) new_lots: Vec<Lot>,
    pub(super) lot_changes: Vec<(LotId, LotStatus)>,
    pub(super) faults: Vec<Fault>,
    pub(super) warnings: Vec<Fault>,
    pub(super) missing: Vec<Missing>,
    /// Accounts whose balance is not free to be negative, with what this booking posts to them.
    pub(super) judged: BTreeMap<AccountKey, (Negative, Vec<Judged>)>,
    /// Instances that moved: the first entry that moved each, and from when on.
    pub(super) instances: BTreeMap<LotId, (usize, Time)>,
}

impl Work {
    pub(super) fn fault(&mut self, entry: &Entry, kind: FaultKind, code: &'static str, message: String) {
        self.faults.push(fault(entry, kind, code, message));
    }

    fn note_instance(&mut self, instance: LotId, index: usize, at: Time) {
        let (_, from) = self.instances.entry(instance).or_insert((index, at));
        *from = at.min(*from);
    }
}

pub(super) fn fault(entry: &Entry, kind: FaultKind, code: &'static str, message: String) -> Fault {
    Fault { entry: entry.id, voucher: entry.voucher, voucher_number: entry.voucher_number, kind, code, message }
}

/// The fault that says that a sum left the range, if one of these is that.
pub(super) fn too_large(catalog: &Catalog, entries: &[Entry], missing: &[Missing]) -> Option<Fault> {
    missing.iter().find_map(|missing| {
        let Missing::TooLarge(key) = missing else { return None };
        let entry = entries.iter().find(|entry| entry.product == key.product)?;
        Some(fault(
            entry,
            FaultKind::Entry,
            "quantityTooLarge",
            format!(
                "the sum of {} at {} would leave the range of ±9,223,372,036,854 units; split the product or the location",
                catalog.product_name(key.product),
                catalog.locations.name_of(key.place)
            ),
        ))
    })
}

/// One piece of an entry that moves as a whole: a lot, an instance, or all of it.
struct Piece {
    lot: LotId,
    quantity: Quantity,
    is_receipt: bool,
    other: LocationId,
}

pub(super) fn expand(trial: &mut Trial<'_>, catalog: &Catalog, journal: &Journal, entries: &[Entry], work: &mut Work) {
    for (index, entry) in entries.iter().enumerate() {
        if let Err(missing) = expand_entry(trial, catalog, journal, entry, index, work) {
            work.missing.push(missing);
            if work.missing.len() >= MISSING_MAX {
                return;
            }
        }
        if work.faults.len() >= FAULTS_MAX {
            return;
        }
    }
}

/// What is missing is collected up to here before it is loaded; the rest is found at the next try.
const MISSING_MAX: usize = 200_000;
/// Nobody reads more faults than this; the rest is found when these are mended.
const FAULTS_MAX: usize = 1_000;

fn expand_entry(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    journal: &Journal,
    entry: &Entry,
    index: usize,
    work: &mut Work,
) -> Result<(), Missing> {
    let Some(product) = catalog.products.get(&entry.product) else {
        work.fault(entry, FaultKind::Entry, "unknownProduct", format!("there is no product {}", entry.product));
        return Ok(());
    };
    let place = location_of(catalog, entry);
    if catalog.locations.get(place).is_none() {
        work.fault(entry, FaultKind::Entry, "unknownLocation", format!("there is no location {place}"));
        return Ok(());
    }
    let Some((numerator, denominator)) = catalog.ratio(product.id, entry.unit, product.unit) else {
        let message = format!("there is no conversion to the unit of product {}; enter one", product.identifier);
        work.fault(entry, FaultKind::Entry, "noConversion", message);
        return Ok(());
    };
    let Some(count) = convert(entry.count, numerator, denominator) else {
        let message = format!("{} of {} leaves the range in its base unit", entry.count, product.identifier);
        work.fault(entry, FaultKind::Entry, "quantityTooLarge", message);
        return Ok(());
    };
    if let Some(open_from) = catalog.policies.open_from_at(&catalog.locations, place)
        && entry.effective_at < open_from
    {
        let message = format!(
            "{} at {} is dated {}, in a closed period; the first open instant is {open_from}",
            product.identifier,
            catalog.locations.name_of(place),
            entry.effective_at
        );
        work.fault(entry, FaultKind::ClosedPeriod, "periodClosed", message);
        return Ok(());
    }
    if work.movements.len() as i64 + entry.instances.len() as i64 + 1 >= LINES_PER_BATCH_MAX {
        let message = format!("one booking holds at most {LINES_PER_BATCH_MAX} movements; book the rest separately");
        work.fault(entry, FaultKind::Entry, "tooManyLines", message);
        return Ok(());
    }
    let pieces = match direction(journal.kind, count, counterpart(entry)) {
        None => settle(trial, catalog, entry, product, place, count, index, work)?,
        Some(way) if way.quantity.0 == 0 => {
            let message =
                format!("{} of {} is less than a millionth of its base unit", entry.count, product.identifier);
            work.fault(entry, FaultKind::Entry, "quantityTooSmall", message);
            Vec::new()
        }
        Some(way) => pieces(trial, catalog, journal, entry, product, place, way, work)?,
    };
    for piece in pieces {
        move_piece(trial, catalog, journal, entry, index, place, &piece, work)?;
    }
    Ok(())
}

/// What an entry with a direction moves: one piece, or one for each lot or instance.
fn pieces(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    journal: &Journal,
    entry: &Entry,
    product: &Product,
    place: LocationId,
    way: Direction,
    work: &mut Work,
) -> Result<Vec<Piece>, Missing> {
    let Direction { is_receipt, quantity, other } = way;
    let piece = |lot, quantity| Piece { lot, quantity, is_receipt, other };
    match product.tracking {
        Tracking::None => Ok(vec![piece(LotId(0), quantity)]),
        Tracking::Serial => {
            if quantity.0 != entry.instances.len() as i64 * ONE_E6 {
                let message = format!(
                    "{} of {} is entered with {} instances; name one for each",
                    entry.count,
                    product.identifier,
                    entry.instances.len()
                );
                work.fault(entry, FaultKind::Instance, "unknownInstance", message);
                return Ok(Vec::new());
            }
            Ok(entry.instances.iter().map(|instance| piece(*instance, Quantity::ONE)).collect())
        }
        Tracking::Lot => {
            let named = if entry.lot.0 != 0 {
                Some(entry.lot)
            } else if let Some(name) = &entry.lot_name {
                find_lot(catalog, work, entry, name)
            } else {
                None
            };
            if let Some(lot) = named {
                return Ok(if check_lot(catalog, entry, product, lot, is_receipt, other, work) {
                    vec![piece(lot, quantity)]
                } else {
                    Vec::new()
                });
            }
            let brings_new = is_receipt && other != LocationId::IN_TRANSIT;
            if brings_new {
                let name = entry.lot_name.clone().unwrap_or_else(|| entry.voucher_number.to_string());
                let lot = match find_lot(catalog, work, entry, &name) {
                    Some(lot) => lot,
                    None => {
                        let id = trial.fresh_lot()?;
                        work.new_lots.push(Lot {
                            id,
                            product: entry.product,
                            variant: entry.variant,
                            name,
                            is_serial: false,
                            status: LotStatus::Available,
                            expires_at: None,
                            cost_price: None,
                        });
                        id
                    }
                };
                return Ok(if check_lot(catalog, entry, product, lot, is_receipt, other, work) {
                    vec![piece(lot, quantity)]
                } else {
                    Vec::new()
                });
            }
            if let Some(name) = &entry.lot_name {
                let message = format!("product {} has no lot {name}", product.identifier);
                work.fault(entry, FaultKind::Entry, "unknownLot", message);
                return Ok(Vec::new());
            }
            let source = if is_receipt { LocationId::IN_TRANSIT } else { place };
            take_lots(trial, catalog, journal, entry, product, source, quantity, work)
                .map(|taken| taken.into_iter().map(|(lot, quantity)| piece(lot, quantity)).collect())
        }
    }
}

fn find_lot(catalog: &Catalog, work: &Work, entry: &Entry, name: &str) -> Option<LotId> {
    let folded = fold(name);
    catalog.lots_by_name.get(&(entry.product, folded.clone())).copied().or_else(|| {
        work.new_lots.iter().find(|lot| lot.product == entry.product && fold(&lot.name) == folded).map(|lot| lot.id)
    })
}

/// Whether a lot may be moved this way; a customer's return into a shipped lot reopens it on hold.
fn check_lot(
    catalog: &Catalog,
    entry: &Entry,
    product: &Product,
    lot: LotId,
    is_receipt: bool,
    other: LocationId,
    work: &mut Work,
) -> bool {
    let Some(found) = catalog.lots.get(&lot).or_else(|| work.new_lots.iter().find(|new| new.id == lot)) else {
        work.fault(entry, FaultKind::Entry, "unknownLot", format!("product {} has no lot {lot}", product.identifier));
        return false;
    };
    let status = found.status;
    let name = found.name.clone();
    let refused = if is_receipt {
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
        let message = format!(
            "lot {name} of {} is {}; it can not {} before its status is changed",
            product.identifier,
            status.name(),
            if is_receipt { "take anything in" } else { "be issued" }
        );
        work.fault(entry, FaultKind::Entry, "lotNotAvailable", message);
        return false;
    }
    if is_receipt && other == LocationId::CUSTOMER && status == LotStatus::Shipped {
        work.lot_changes.push((lot, LotStatus::QaHold));
    }
    true
}

/// Which lots an issue without a lot takes: those that stand at the place, in the order of its strategy.
fn take_lots(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    journal: &Journal,
    entry: &Entry,
    product: &Product,
    source: LocationId,
    quantity: Quantity,
    work: &mut Work,
) -> Result<Vec<(LotId, Quantity)>, Missing> {
    let strategy = catalog.locations.get(source).map(|node| node.lot_use).unwrap_or_default();
    let mut lots: Vec<LotId> = trial.lots_at(entry.product, entry.variant, source);
    let expiry = |lot: &LotId| catalog.lots.get(lot).and_then(|lot| lot.expires_at).unwrap_or(Time::FOREVER);
    match strategy {
        LotUse::Fifo => lots.sort_unstable(),
        LotUse::Lifo => lots.sort_unstable_by(|a, b| b.cmp(a)),
        LotUse::Fefo => lots.sort_unstable_by_key(|lot| (expiry(lot), *lot)),
    }
    let to_customer = journal.kind == JournalKind::Delivery || journal.kind == JournalKind::Complaint;
    let mut taken = Vec::new();
    let mut rest = quantity.0;
    for lot in lots {
        let status = catalog.lots.get(&lot).map(|lot| lot.status).unwrap_or_default();
        let is_free = match status {
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

/// What a count changes: the counted total against the balance at its time, later movements or not.
fn settle(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    entry: &Entry,
    product: &Product,
    place: LocationId,
    counted: Quantity,
    index: usize,
    work: &mut Work,
) -> Result<Vec<Piece>, Missing> {
    let mut found: Vec<(LotId, Quantity)> = Vec::new();
    match product.tracking {
        Tracking::None => found.push((LotId(0), counted)),
        Tracking::Lot => {
            let lot = if entry.lot.0 != 0 {
                entry.lot
            } else {
                let name = entry.lot_name.clone().unwrap_or_default();
                match find_lot(catalog, work, entry, &name) {
                    Some(lot) => lot,
                    None => {
                        let id = trial.fresh_lot()?;
                        work.new_lots.push(Lot {
                            id,
                            product: entry.product,
                            variant: entry.variant,
                            name,
                            ..Lot::default()
                        });
                        id
                    }
                }
            };
            found.push((lot, counted));
        }
        Tracking::Serial => {
            // The instances named are all that were found: every other one that stood here is gone.
            for lot in trial.lots_at(entry.product, entry.variant, place) {
                if !entry.instances.contains(&lot) {
                    found.push((lot, Quantity::ZERO));
                }
            }
            found.extend(entry.instances.iter().map(|instance| (*instance, Quantity::ONE)));
            found.sort_unstable();
        }
    }
    let mut pieces = Vec::new();
    for (lot, counted) in found {
        let key = stock_key(entry.product, entry.variant, lot, place);
        let account = trial.account(key)?;
        let id = account.id;
        let (expected, _) = account.at(entry.effective_at)?;
        if product.tracking == Tracking::Serial && counted.0 == 0 && expected.0 == 0 {
            continue;
        }
        let difference = counted.0.checked_sub(expected.0).ok_or(Missing::TooLarge(key))?;
        let movement_line = if difference == 0 { -1 } else { work.movements.len() as i64 + pieces.len() as i64 };
        work.counts.push(Count {
            line: work.counts.len() as i64,
            effective_at: entry.effective_at,
            account: id,
            product: entry.product,
            variant: entry.variant,
            lot,
            location: place,
            counted,
            expected,
            movement_line,
            unit_cost: entry.cost_price,
            journal: entry.journal,
            voucher: entry.voucher,
            entry: entry.id,
            org_unit: entry.org_unit,
            description: entry.description.clone(),
        });
        if difference != 0 {
            pieces.push(Piece {
                lot,
                quantity: Quantity(difference.saturating_abs()),
                is_receipt: difference > 0,
                other: LocationId::ADJUSTMENT,
            });
        }
        if product.tracking == Tracking::Serial {
            work.note_instance(lot, index, entry.effective_at);
        }
    }
    Ok(pieces)
}

/// Writes one movement down and posts its quantity at both ends.
fn move_piece(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    journal: &Journal,
    entry: &Entry,
    index: usize,
    place: LocationId,
    piece: &Piece,
    work: &mut Work,
) -> Result<(), Missing> {
    let (from, to) = if piece.is_receipt { (piece.other, place) } else { (place, piece.other) };
    let is_instance = catalog.products.get(&entry.product).is_some_and(|product| product.tracking == Tracking::Serial);
    let mut ends = [End { location: from, ..End::default() }, End { location: to, ..End::default() }];
    let values_move = catalog.locations.pool_unit_of(from) != catalog.locations.pool_unit_of(to);
    for (end, sign) in ends.iter_mut().zip([-1, 1]) {
        if !end.location.is_real() {
            continue;
        }
        let key = stock_key(entry.product, entry.variant, piece.lot, end.location);
        let change = Quantity(sign * piece.quantity.0);
        let account = trial.account(key)?;
        account.post(entry.effective_at, change, Amount::ZERO)?;
        end.account = account.id;
        if is_instance {
            work.note_instance(piece.lot, index, entry.effective_at);
        } else {
            let judged = work
                .judged
                .entry(key)
                .or_insert_with(|| (catalog.policies.negative_at(&catalog.locations, key.place), Vec::new()));
            if judged.0 != Negative::Allow {
                judged.1.push(Judged { at: entry.effective_at, change, entry: index });
            }
        }
        if values_move && let Some(key) = pool_key(catalog, entry.product, entry.variant, piece.lot, end.location) {
            end.pool = trial.account(key)?.id;
        }
    }
    work.sources.push(index);
    work.movements.push(Movement {
        line: work.movements.len() as i64,
        effective_at: entry.effective_at,
        kind: MovementKind::Journal(journal.kind),
        product: entry.product,
        variant: entry.variant,
        lot: piece.lot,
        from: ends[0],
        to: ends[1],
        quantity: piece.quantity,
        amount: Amount::ZERO,
        unit_cost: entry.cost_price,
        fallback_cost: catalog.fallback_cost(entry.product, entry.variant, piece.lot),
        sales_price: entry.sales_price,
        entered_count: entry.count,
        entered_unit: entry.unit,
        journal: entry.journal,
        voucher: entry.voucher,
        entry: entry.id,
        org_unit: entry.org_unit,
        customer: entry.customer,
        supplier: entry.supplier,
        reason: entry.reason,
        external: entry.external.clone(),
        credit_note: entry.credit_note.clone(),
        source_kind: entry.source_kind,
        source_identifier: entry.source_identifier.clone(),
        description: entry.description.clone(),
        reverses: None,
    });
    Ok(())
}
