//! First pass: entries become movements, and their quantities stand in the stock accounts.

use std::collections::{BTreeMap, BTreeSet};

use super::lots::{check_lot, find_lot, find_or_make_lot, take_lots};
use super::want::{counterpart, location_of, pool_key, set_key, stock_key};
use super::{Fault, FaultKind, Source};
use crate::catalog::{Catalog, Lot, LotStatus, Product, Tracking};
use crate::count::{Compensation, CountAt, CountId, FreshCounts, Moment, compensate, first_broken};
use crate::entry::Entry;
use crate::id::{AccountId, BatchId, LINES_PER_BATCH_MAX, LocationId, LotId, ProductId, VariantId};
use crate::journal::{Direction, direction};
use crate::ledger::{AccountKey, Missing, Trial};
use crate::money::{Amount, convert};
use crate::movement::{Count, End, IN_INSTANCES, Movement};
use crate::policy::Negative;
use crate::quantity::{ONE_E6, Quantity};
use crate::reservation::Use;
use crate::run::Flow;
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
    /// For movements that take over a cost: the flow whose amount it is.
    pub(super) cost_of: BTreeMap<usize, usize>,
    /// Which movement takes over the amount of which, by line.
    pub(super) cost_links: Vec<(i64, i64)>,
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
    /// What was taken of reservations that entries or flows name.
    pub(super) uses: Vec<Use>,
    /// The counts of this booking, by account and time.
    counted: FreshCounts,
    /// What keeps counts true: posted already, written after the movements of the entries, each with the
    /// count and its cause.
    pending: Vec<(Movement, CountId, i64)>,
    pub(super) compensations: Vec<Compensation>,
    /// What was said of a stock at a time by a count of this booking: how much, on which voucher.
    stated: BTreeMap<(AccountKey, Time), (Quantity, i64)>,
    /// Where entries with faults would have brought something: what would stand there nobody knows.
    unknown: BTreeSet<(ProductId, VariantId, LocationId)>,
    /// Whether so much is wrong that not every entry was looked at.
    pub(super) is_cut_short: bool,
}

impl Work {
    /// Whether a balance there is what it would be once every fault is mended.
    pub(super) fn is_known(&self, key: AccountKey) -> bool {
        !self.unknown.contains(&(key.product, key.variant, key.place))
    }

    /// Whether the balances of a product are, at every place.
    pub(super) fn is_known_everywhere(&self, product: ProductId, variant: VariantId) -> bool {
        let all = (product, variant, LocationId(i64::MIN))..=(product, variant, LocationId(i64::MAX));
        self.unknown.range(all).next().is_none()
    }

    /// Notes what an entry with faults does not bring.
    pub(super) fn miss(&mut self, catalog: &Catalog, source: Source<'_>, entry: &Entry) {
        let (brings_here, other) = match source {
            Source::Flow(flow) => (flow.is_receipt, flow.other),
            Source::Journal(journal) => match direction(journal.kind, entry.count, counterpart(entry)) {
                Some(way) => (way.is_receipt, way.other),
                None => (true, LocationId::ADJUSTMENT),
            },
        };
        let place = match source {
            Source::Journal(_) => location_of(catalog, entry),
            Source::Flow(_) => entry.location,
        };
        self.unknown.insert((entry.product, entry.variant, if brings_here { place } else { other }));
    }

    pub(super) fn fault(&mut self, entry: &Entry, kind: FaultKind, code: &'static str, message: String) {
        self.faults.push(fault(entry, kind, code, message));
    }

    /// Gives compensations their lines, after all others.
    pub(super) fn append_compensations(&mut self) {
        for (mut movement, count, cause) in std::mem::take(&mut self.pending) {
            movement.line = self.movements.len() as i64;
            self.compensations.push(Compensation { line: movement.line, count, cause });
            self.sources.push(self.sources[usize::try_from(cause).unwrap_or_default()]);
            self.movements.push(movement);
        }
    }

    /// How many numbers of its batch this takes: movements from one end, counts from the other.
    pub(super) fn lines(&self) -> i64 {
        (self.movements.len() + self.pending.len() + self.counts.len()) as i64
    }

    fn note_instance(&mut self, instance: LotId, index: usize, at: Time) {
        let (_, from) = self.instances.entry(instance).or_insert((index, at));
        *from = at.min(*from);
    }
}

pub(super) fn fault(entry: &Entry, kind: FaultKind, code: &'static str, message: String) -> Fault {
    Fault { entry: entry.id, voucher: entry.voucher, voucher_number: entry.voucher_number, kind, code, message }
}

/// The fault of the entry at which a booking gets too long for one batch.
pub(super) fn too_many(entry: &Entry) -> Fault {
    let message =
        format!("one booking holds at most {LINES_PER_BATCH_MAX} movements and counts; book the rest separately");
    fault(entry, FaultKind::Entry, "tooManyLines", message)
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

/// The entry at hand, with what it names.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) source: Source<'a>,
    pub(super) entry: &'a Entry,
    /// Its place in the list.
    pub(super) index: usize,
    pub(super) product: &'a Product,
    /// Where it is booked.
    pub(super) place: LocationId,
}

pub(super) fn expand<'a>(
    trial: &mut Trial<'_>,
    catalog: &'a Catalog,
    lines: impl Iterator<Item = (&'a Entry, Source<'a>)>,
    work: &mut Work,
) {
    for (index, (entry, source)) in lines.enumerate() {
        let faults = work.faults.len();
        if let Err(missing) = expand_entry(trial, catalog, source, entry, index, work) {
            work.missing.push(missing);
            if work.missing.len() >= MISSING_MAX {
                return;
            }
        }
        if work.faults.len() > faults {
            work.miss(catalog, source, entry);
        }
        if work.faults.len() >= FAULTS_MAX {
            work.is_cut_short = true;
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
    source: Source<'_>,
    entry: &Entry,
    index: usize,
    work: &mut Work,
) -> Result<(), Missing> {
    let Some(product) = catalog.products.get(&entry.product) else {
        work.fault(entry, FaultKind::Entry, "unknownProduct", format!("there is no product {}", entry.product));
        return Ok(());
    };
    let place = match source {
        Source::Journal(_) => location_of(catalog, entry),
        Source::Flow(_) => entry.location,
    };
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
    if work.lines() + entry.instances.len() as i64 + 1 >= LINES_PER_BATCH_MAX {
        work.faults.push(too_many(entry));
        return Ok(());
    }
    let line = Line { catalog, source, entry, index, product, place };
    let way = match source {
        Source::Journal(journal) => direction(journal.kind, count, counterpart(entry)),
        Source::Flow(flow) => Some(Direction { is_receipt: flow.is_receipt, quantity: count, other: flow.other }),
    };
    let pieces = match way {
        None => settle(trial, line, count, work)?,
        Some(way) if way.quantity.0 == 0 => {
            let message =
                format!("{} of {} is less than a millionth of its base unit", entry.count, product.identifier);
            work.fault(entry, FaultKind::Entry, "quantityTooSmall", message);
            Vec::new()
        }
        Some(way) => pieces(trial, line, way, work)?,
    };
    for piece in pieces {
        move_piece(trial, line, &piece, work)?;
    }
    Ok(())
}

/// What an entry with a direction moves: one piece, or one for each lot or instance.
fn pieces(trial: &mut Trial<'_>, line: Line<'_>, way: Direction, work: &mut Work) -> Result<Vec<Piece>, Missing> {
    let Line { entry, product, place, .. } = line;
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
                find_lot(line, name, work)
            } else {
                None
            };
            if let Some(lot) = named {
                return Ok(if check_lot(line, lot, way, work) { vec![piece(lot, quantity)] } else { Vec::new() });
            }
            let brings_new = is_receipt && other != LocationId::IN_TRANSIT;
            if brings_new {
                let name = entry.lot_name.clone().unwrap_or_else(|| entry.voucher_number.to_string());
                let lot = find_or_make_lot(trial, line, name, work)?;
                return Ok(if check_lot(line, lot, way, work) { vec![piece(lot, quantity)] } else { Vec::new() });
            }
            if let Some(name) = &entry.lot_name {
                let message = format!("product {} has no lot {name}", product.identifier);
                work.fault(entry, FaultKind::Entry, "unknownLot", message);
                return Ok(Vec::new());
            }
            let source = if is_receipt { LocationId::IN_TRANSIT } else { place };
            take_lots(trial, line, source, quantity, work)
                .map(|taken| taken.into_iter().map(|(lot, quantity)| piece(lot, quantity)).collect())
        }
    }
}

/// What a count changes: the counted total against the balance at its time, later movements or not.
fn settle(trial: &mut Trial<'_>, line: Line<'_>, counted: Quantity, work: &mut Work) -> Result<Vec<Piece>, Missing> {
    let Line { catalog, entry, index, product, place, .. } = line;
    let mut found: Vec<(LotId, Quantity)> = Vec::new();
    match product.tracking {
        Tracking::None => found.push((LotId(0), counted)),
        Tracking::Lot => {
            let lot = if entry.lot.0 != 0 {
                entry.lot
            } else {
                find_or_make_lot(trial, line, entry.lot_name.clone().unwrap_or_default(), work)?
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
    // Instances are counted as a set, everything else by what it is.
    let lot = if product.tracking == Tracking::Lot { found[0].0 } else { LotId(0) };
    let key = stock_key(entry.product, entry.variant, lot, place);
    if let Some((before, voucher)) = work.stated.insert((key, entry.effective_at), (counted, entry.voucher_number)) {
        let on = |number: i64| if number == 0 { String::new() } else { format!(" on voucher {number}") };
        let message = format!(
            "product {}{} at {} is counted twice for {}: {before}{} and {counted}{}; one count holds, so keep one of \
             them, or enter their sum",
            product.identifier,
            match catalog.lots.get(&lot).map(|lot| &lot.name).or(entry.lot_name.as_ref()) {
                Some(name) if lot.0 != 0 => format!(", lot {name},"),
                _ => String::new(),
            },
            catalog.locations.name_of(place),
            entry.effective_at,
            on(voucher),
            on(entry.voucher_number)
        );
        work.fault(entry, FaultKind::Entry, "countedTwice", message);
        return Ok(Vec::new());
    }
    let mut pieces = Vec::new();
    // The set is a statement also where nothing was found, and nothing was expected.
    let set = work.counts.len();
    if let Some(key) = set_key(catalog, entry.product, entry.variant, place) {
        let account = trial.account(key)?.id;
        let counted = Quantity(entry.instances.len() as i64 * ONE_E6);
        state(line, (account, LotId(0)), (counted, Quantity::ZERO), work);
    }
    for (lot, counted) in found {
        let key = stock_key(entry.product, entry.variant, lot, place);
        let account = trial.account(key)?;
        let id = account.id;
        let (expected, _) = account.at(entry.effective_at)?;
        if product.tracking == Tracking::Serial && counted.0 == 0 && expected.0 == 0 {
            continue;
        }
        let difference = counted.0.checked_sub(expected.0).ok_or(Missing::TooLarge(key))?;
        let movement_line = work.movements.len() as i64 + pieces.len() as i64;
        let stated = state(line, (id, lot), (counted, expected), work);
        if difference != 0 {
            stated.movement_line = movement_line;
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
    if let Some((of_set, instances)) = work.counts[set..].split_first_mut().filter(|(of_set, _)| of_set.lot.0 == 0)
        && !instances.is_empty()
    {
        of_set.expected = Quantity(instances.iter().map(|count| count.expected.0).sum());
        of_set.movement_line = IN_INSTANCES;
    }
    // A count that finds what was expected fulfils no reservation, either.
    if pieces.is_empty() && entry.reservation.0 != 0 {
        super::reserve::consume(trial, line, lot, None, work);
    }
    Ok(pieces)
}

/// Notes what was counted of an account, and what the ledger said of it before.
fn state<'w>(
    line: Line<'_>,
    (account, lot): (AccountId, LotId),
    (counted, expected): (Quantity, Quantity),
    work: &'w mut Work,
) -> &'w mut Count {
    let entry = line.entry;
    let id = CountId { batch: BatchId(0), line: work.counts.len() as i64 };
    let at = CountAt { id, position: None, at: entry.effective_at, unit_cost: entry.cost_price };
    work.counted.insert((account, at.moment()), at);
    work.counts.push(Count {
        line: id.line,
        effective_at: entry.effective_at,
        account,
        product: entry.product,
        variant: entry.variant,
        lot,
        location: line.place,
        counted,
        expected,
        movement_line: -1,
        unit_cost: entry.cost_price,
        journal: entry.journal,
        voucher: entry.voucher,
        entry: entry.id,
        org_unit: entry.org_unit,
        description: entry.description.clone(),
    });
    work.counts.last_mut().expect("it was just added")
}

/// Writes one movement down and posts its quantity at both ends.
fn move_piece(trial: &mut Trial<'_>, line: Line<'_>, piece: &Piece, work: &mut Work) -> Result<(), Missing> {
    let Line { catalog, source, entry, index, place, .. } = line;
    let (from, to) = if piece.is_receipt { (piece.other, place) } else { (place, piece.other) };
    if entry.reservation.0 != 0 {
        super::reserve::consume(trial, line, piece.lot, (!piece.is_receipt).then_some(piece.quantity), work);
    }
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
    if let Source::Flow(Flow { cost_of: Some(flow), .. }) = source {
        work.cost_of.insert(work.movements.len(), *flow);
    }
    work.sources.push(index);
    work.movements.push(Movement {
        line: work.movements.len() as i64,
        effective_at: entry.effective_at,
        kind: source.kind(),
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
    keep_counts(trial, catalog, index, is_instance, work)
}

/// Makes up, at the first later count of each end, for what the last movement changes there.
fn keep_counts(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    index: usize,
    is_instance: bool,
    work: &mut Work,
) -> Result<(), Missing> {
    let Some(cause) = work.movements.last() else { return Ok(()) };
    let (cause_line, at) = (cause.line, cause.effective_at);
    for (end, sign) in [(cause.from, -1), (cause.to, 1)] {
        if !end.location.is_real() {
            continue;
        }
        let key = stock_key(cause.product, cause.variant, cause.lot, end.location);
        let Some(count) = first_broken(trial, catalog, &work.counted, key, Moment::new(at))? else { continue };
        let change = Quantity(sign * cause.quantity.0);
        let made = compensate(trial, catalog, cause, key, change, count)?;
        if !is_instance
            && let Some((_, lines)) = work.judged.get_mut(&key).filter(|(policy, _)| *policy != Negative::Allow)
        {
            lines.push(Judged { at: count.at, change: Quantity(-change.0), entry: index });
        }
        work.pending.push((made, count.id, cause_line));
    }
    Ok(())
}
