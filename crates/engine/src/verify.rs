//! Verifying: every derived figure is computed anew from the facts and compared, on one snapshot.
//!
//! The ledger is read as streams in the order of batches, of accounts and of products; what is kept
//! beside them is one chunk of headers, one chunk of timeline nodes, one account's builder and a bit
//! per entry; the database sorts the movements of one product at a time, for the replay of their
//! values. Two threads share the stages, each with a connection of its own. Nothing is repaired: a difference is named, with what is stored and what follows from
//! the movements, and a person decides.

mod account;
mod answer;
mod batch;
mod beside;
mod bits;
mod chain;
mod finding;
mod home;
mod instance;
mod key;
mod posting;
mod report;
mod reserved;
mod run;
mod snapshot;
mod value;
mod voucher;
mod word;

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender};
use std::time::Duration;

use lotbook_domain::id::TenantId;

use crate::error::Error;
use crate::store::{Conn, Store};
use crate::structure::Structure;
use crate::table;
use finding::Findings;
pub use report::{Check, Difference, NAMED_MAX, Report};

/// How far verifying is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows read.
    pub done: u64,
    /// Rows to read, about.
    pub total: u64,
}

/// How far all that verify together are.
struct Tally {
    done: AtomicU64,
    total: u64,
}

impl Tally {
    fn of(conn: &mut Conn, tenant: TenantId) -> Result<(Self, u64), Error> {
        let movements = table::scan::movement_count(conn, tenant)? as u64;
        Ok((Self { done: AtomicU64::new(0), total: movements * PASSES }, movements))
    }

    fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), total: self.total }
    }
}

/// Counts the rows of one stage, and tells how far all are now and then.
struct Ticker<'p> {
    tally: &'p Tally,
    untold: u64,
    tell: &'p mut dyn FnMut(Progress),
}

/// Rows between two reports of progress.
const TELL_EVERY: u64 = 4_096;
/// A movement is read about so often: with its batch, at both ends of stock and of value, with its pools,
/// and with its product.
const PASSES: u64 = 5;
/// So often progress is told while others do the reading.
const TELL_WITHIN: Duration = Duration::from_millis(100);

impl Ticker<'_> {
    fn tick(&mut self) {
        self.untold += 1;
        if self.untold == TELL_EVERY {
            self.count();
            (self.tell)(self.tally.progress());
        }
    }

    fn count(&mut self) {
        self.tally.done.fetch_add(std::mem::take(&mut self.untold), Ordering::Relaxed);
    }
}

impl Drop for Ticker<'_> {
    fn drop(&mut self) {
        self.count();
    }
}

/// Verifies the ledger of a tenant as it stands now, with two threads where the database lets two connections see the
/// same. `tell` hears how far it is.
///
/// Errors are those of the database; whatever is wrong with the ledger is in the report.
pub fn verify(store: &Store, tenant: TenantId, mut tell: impl FnMut(Progress)) -> Result<Report, Error> {
    store.read_beside(|conn, beside| match beside {
        Some(beside) => verify_beside(conn, beside, tenant, &mut tell),
        None => verify_in(conn, tenant, &mut tell),
    })
}

/// [`verify`] in a transaction that is open already.
pub fn verify_in(conn: &mut Conn, tenant: TenantId, tell: &mut dyn FnMut(Progress)) -> Result<Report, Error> {
    let (tally, movements) = Tally::of(conn, tenant)?;
    let mut seen = Seen::default();
    for stage in STAGES {
        seen.add(stage.verify(conn, tenant, &tally, tell)?);
    }
    seen.report(conn, tenant, (&tally, movements), tell)
}

/// Two threads take one stage after the other; what they found is put together in the order of stages.
fn verify_beside(
    conn: &mut Conn,
    beside: &mut Conn,
    tenant: TenantId,
    tell: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let (tally, movements) = Tally::of(conn, tenant)?;
    let next = AtomicUsize::new(0);
    let has_failed = AtomicBool::new(false);
    let work = |conn: &mut Conn, _at_end: Sender<()>| {
        let mut found = Vec::new();
        while !has_failed.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(stage) = STAGES.get(at) else { break };
            let seen = stage.verify(conn, tenant, &tally, &mut |_| {});
            has_failed.fetch_or(seen.is_err(), Ordering::Relaxed);
            found.push((at, seen));
        }
        found
    };
    let mut found = std::thread::scope(|scope| {
        let (sender, ends) = std::sync::mpsc::channel();
        let theirs = sender.clone();
        let lanes = [scope.spawn(|| work(conn, sender)), scope.spawn(|| work(beside, theirs))];
        // It is disconnected when both are at their end, however they came there.
        while ends.recv_timeout(TELL_WITHIN) != Err(RecvTimeoutError::Disconnected) {
            tell(tally.progress());
        }
        lanes.into_iter().flat_map(|lane| lane.join().unwrap_or_else(|panic| resume_unwind(panic))).collect::<Vec<_>>()
    });
    found.sort_by_key(|(at, _)| *at);
    let mut seen = Seen::default();
    for (_, stage) in found {
        seen.add(stage?);
    }
    seen.report(conn, tenant, (&tally, movements), tell)
}

/// [`verify`] for a server that is at work: each stage has a snapshot of its own, so that none grows old
/// while the caller takes its time in `tell`. What is compared within a stage is of one moment; the report's
/// position is that of the first.
pub fn scrub(store: &Store, tenant: TenantId, mut tell: impl FnMut(Progress)) -> Result<Report, Error> {
    let (tally, movements) = store.read(|conn| Tally::of(conn, tenant))?;
    let mut seen = Seen::default();
    for stage in STAGES {
        seen.add(store.read(|conn| stage.verify(conn, tenant, &tally, &mut tell))?);
    }
    store.read(|conn| seen.report(conn, tenant, (&tally, movements), &mut tell))
}

/// A part of verifying that stands alone.
#[derive(Clone, Copy)]
enum Stage {
    Batches,
    Accounts,
    Values,
    Keys,
    Instances,
    Vouchers,
    Answers,
    Reserved,
    Runs,
    Postings,
    Snapshot,
}

const STAGES: [Stage; 11] = [
    Stage::Batches,
    Stage::Accounts,
    Stage::Values,
    Stage::Keys,
    Stage::Instances,
    Stage::Vouchers,
    Stage::Answers,
    Stage::Reserved,
    Stage::Runs,
    Stage::Postings,
    Stage::Snapshot,
];

impl Stage {
    fn verify(
        self,
        conn: &mut Conn,
        tenant: TenantId,
        tally: &Tally,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Seen, Error> {
        let mut seen = Seen::default();
        let found = &mut seen.found;
        let mut ticker = Ticker { tally, untold: 0, tell };
        let end = snapshot::End::seen(conn, tenant)?;
        let structure = Structure::load(conn, tenant)?;
        match self {
            Self::Batches => {
                (seen.position, seen.batches) = batch::verify(conn, tenant, &structure, found, &mut ticker)?;
            }
            Self::Accounts => {
                // Whatever the end of the ledger says of itself.
                let position = table::header::position(conn, tenant)?.max(table::scan::last_position(conn, tenant)?);
                account::verify(conn, tenant, &structure, position, found, &mut ticker)?;
            }
            Self::Values => value::verify(conn, tenant, &structure, found, &mut ticker)?,
            Self::Keys => key::verify(conn, tenant, found, &mut ticker)?,
            Self::Instances => instance::verify(conn, tenant, found)?,
            Self::Vouchers => voucher::verify(conn, tenant, &structure, found)?,
            Self::Answers => answer::verify(conn, tenant, found)?,
            Self::Reserved => reserved::verify(conn, tenant, found)?,
            Self::Runs => run::verify(conn, tenant, found)?,
            Self::Postings => {
                beside::adjustments(conn, tenant, found)?;
                posting::verify(conn, tenant, &structure, found)?;
            }
            Self::Snapshot => snapshot::verify(conn, tenant, found)?,
        }
        end.stands(conn, tenant, found)?;
        drop(ticker);
        Ok(seen)
    }
}

/// What stages saw.
#[derive(Default)]
struct Seen {
    found: Findings,
    /// Where the ledger ends.
    position: i64,
    batches: u64,
}

impl Seen {
    fn add(&mut self, later: Self) {
        self.found.add(later.found);
        self.position = self.position.max(later.position);
        self.batches += later.batches;
    }

    fn report(
        self,
        conn: &mut Conn,
        tenant: TenantId,
        (tally, movements): (&Tally, u64),
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Report, Error> {
        let total = tally.progress().done;
        tell(Progress { done: total, total });
        let checks = self.found.into_checks(conn, tenant)?;
        Ok(Report { position: self.position, batches: self.batches, movements, checks })
    }
}
