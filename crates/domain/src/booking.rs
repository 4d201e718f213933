//! Booking: the one act that turns entries into movements, or names every entry that may not be booked.
//!
//! A booking runs in three passes over plain data. *Expand*: each entry becomes movements (a lot or an
//! instance each), and their quantities are posted to the stock accounts, in the order of entries.
//! *Judge*: per account and instant, after everything of that instant, no place that forbids it may be
//! below zero, an instance is in one place at most, and nobody takes what is reserved for others. *Value*: in the order of time, amounts are
//! found and posted to the cost pools.

mod expand;
mod judge;
mod lots;
mod reserve;
mod value;
mod want;

use crate::catalog::LotStatus;
use crate::catalog::{Catalog, Lot};
use crate::count::Compensation;
use crate::entry::Entry;
use crate::id::{EntryId, LINES_PER_BATCH_MAX, LotId, VoucherId};
use crate::journal::Journal;
use crate::ledger::{Account, FreshIds, Ledger, Missing, Trial};
use crate::movement::{Count, Movement, MovementKind};
use crate::reservation::Use;
use crate::run::Flow;
pub(crate) use judge::{first_shortage, instance_fault};
pub(crate) use reserve::message as reserved_message;
pub(crate) use value::value_alone;
pub use want::{Wanted, location_of, pool_key, set_key, stock_key, wanted};

/// Which family a fault belongs to; decides the result code of a requisition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// The entry itself.
    Entry,
    /// Stock would be negative.
    NegativeStock,
    /// It lies in a closed period.
    ClosedPeriod,
    /// An instance would be in two places, or leave one where it is not.
    Instance,
}

/// What says which way an entry goes.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// The kind of its journal, and its sign.
    Journal(&'a Journal),
    /// The flow itself.
    Flow(&'a Flow),
}

impl Source<'_> {
    fn kind(self) -> MovementKind {
        match self {
            Self::Journal(journal) => MovementKind::Journal(journal.kind),
            Self::Flow(flow) => MovementKind::Run(flow.kind),
        }
    }
}

/// Why an entry may not be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry.
    pub entry: EntryId,
    /// Its voucher.
    pub voucher: VoucherId,
    /// The voucher's number.
    pub voucher_number: i64,
    /// The family.
    pub kind: FaultKind,
    /// A stable code in camelCase.
    pub code: &'static str,
    /// A sentence that names product, location, date and numbers.
    pub message: String,
}

/// A booking that was accepted.
#[derive(Clone, Debug, Default)]
pub struct Booked {
    /// What happened, in the order of lines.
    pub movements: Vec<Movement>,
    /// What was counted.
    pub counts: Vec<Count>,
    /// The accounts as they stand now.
    pub touched: Vec<Account>,
    /// Lots that came to be.
    pub new_lots: Vec<Lot>,
    /// Lots whose status changed.
    pub lot_changes: Vec<(LotId, LotStatus)>,
    /// What would have been refused under a stricter policy.
    pub warnings: Vec<Fault>,
    /// What it took of reservations.
    pub uses: Vec<Use>,
    /// Which of the movements keep counts true that were made before.
    pub compensations: Vec<Compensation>,
    /// For each movement, which entry or flow made it, by its place in the list.
    pub sources: Vec<usize>,
    /// Which line takes over the cost of which, as `(line, source line)`.
    pub cost_links: Vec<(i64, i64)>,
}

/// Why there is no booking.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// Every entry that may not be booked, in the order of vouchers and entries.
    Faults(Vec<Fault>),
    /// Load or lease this, and decide again.
    Missing(Vec<Missing>),
}

/// Turns entries into movements, or names every one that may not be booked, and why.
///
/// Entries are applied in the order given, which is that of their ids; all or nothing. Nothing is read
/// but the arguments and nothing is changed: the accounts in the answer replace those of the ledger.
///
/// Faults, per entry in this order: `unknownProduct`, `unknownLocation`, `noConversion`,
/// `quantityTooLarge`, `periodClosed`, `unknownLot`, `lotNotAvailable`, `lotNotInStock`,
/// `unknownInstance`, `countedTwice`, `reservationNotOpen`, `reservationMismatch`, `instanceNotHere`, `instanceElsewhere`,
/// `insufficientStock`, `amountTooLarge`, `tooManyLines`.
///
/// Cost: one map look-up or two per movement; timelines are read and changed in a handful of nodes.
pub fn book(
    ledger: &Ledger,
    catalog: &Catalog,
    journal: &Journal,
    entries: &[Entry],
    ids: &mut FreshIds,
) -> Result<Booked, Stop> {
    let mut trial = Trial::new(ledger, ids);
    let mut work = expand::Work::default();
    let lines = entries.iter().map(|entry| (entry, Source::Journal(journal)));
    expand::expand(&mut trial, catalog, lines, &mut work);
    work.append_compensations();
    finish(trial, catalog, entries, work)
}

/// Turns flows of runs into movements, or names every action that may not be, and why. Like [`book`], but
/// each flow says which way it goes, every lot is named, and what comes out of production can take over
/// the cost of what went in. Faults name the id of the flow's entry.
pub fn run(ledger: &Ledger, catalog: &Catalog, flows: &[Flow], ids: &mut FreshIds) -> Result<Booked, Stop> {
    let mut trial = Trial::new(ledger, ids);
    let mut work = expand::Work::default();
    let lines = flows.iter().map(|flow| (&flow.entry, Source::Flow(flow)));
    expand::expand(&mut trial, catalog, lines, &mut work);
    work.append_compensations();
    let entries: Vec<Entry> = flows.iter().map(|flow| flow.entry.clone()).collect();
    finish(trial, catalog, &entries, work)
}

/// Judges and values what was expanded.
fn finish(mut trial: Trial<'_>, catalog: &Catalog, entries: &[Entry], mut work: expand::Work) -> Result<Booked, Stop> {
    // One entry that counts a place becomes as many lines as there are lots.
    if let Some(last) = entries.last().filter(|_| work.lines() > LINES_PER_BATCH_MAX) {
        return Err(Stop::Faults(vec![expand::too_many(last)]));
    }
    // Every entry is told what is wrong with it, also beside others that could not be expanded.
    if work.missing.is_empty() && !work.is_cut_short {
        judge::judge(&mut trial, catalog, entries, &mut work);
    }
    if work.missing.is_empty() && !work.is_cut_short {
        reserve::judge(&trial, catalog, entries, &mut work);
    }
    if work.faults.is_empty() && work.missing.is_empty() {
        value::value(&mut trial, catalog, entries, &mut work);
    }
    if !work.missing.is_empty() {
        if let Some(fault) = expand::too_large(catalog, entries, &work.missing) {
            work.faults.push(fault);
            work.faults.sort_by_key(|fault| (fault.voucher, fault.entry));
            return Err(Stop::Faults(work.faults));
        }
        work.missing.dedup();
        return Err(Stop::Missing(work.missing));
    }
    if !work.faults.is_empty() {
        work.faults.sort_by_key(|fault| (fault.voucher, fault.entry));
        return Err(Stop::Faults(work.faults));
    }
    Ok(Booked {
        movements: work.movements,
        counts: work.counts,
        touched: trial.into_touched(),
        new_lots: work.new_lots,
        lot_changes: work.lot_changes,
        warnings: work.warnings,
        uses: work.uses,
        compensations: work.compensations,
        sources: work.sources,
        cost_links: work.cost_links,
    })
}
