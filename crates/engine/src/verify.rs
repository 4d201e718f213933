//! Verifying: every derived figure is computed anew from the facts and compared, on one snapshot.
//!
//! The ledger is read as streams in the order of batches, of accounts and of products; what is kept
//! beside them is one chunk of headers, one chunk of timeline nodes, one account's builder and a bit
//! per entry; the database sorts the movements of one product at a time, for the replay of their
//! values. Nothing is repaired: a difference is named, with what is stored and what follows from
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

/// Counts rows and tells how far it is now and then.
struct Ticker<'p> {
    progress: Progress,
    tell: &'p mut dyn FnMut(Progress),
}

/// Rows between two reports of progress.
const TELL_EVERY: u64 = 4_096;
/// A movement is read about so often: with its batch, at both ends of stock and of value, with its pools,
/// and with its product.
const PASSES: u64 = 5;

impl Ticker<'_> {
    fn tick(&mut self) {
        self.progress.done += 1;
        if self.progress.done.is_multiple_of(TELL_EVERY) {
            (self.tell)(self.progress);
        }
    }
}

/// Verifies the ledger of a tenant as it stands now. `tell` hears how far it is.
///
/// Errors are those of the database; whatever is wrong with the ledger is in the report.
pub fn verify(store: &Store, tenant: TenantId, mut tell: impl FnMut(Progress)) -> Result<Report, Error> {
    store.read(|conn| verify_in(conn, tenant, &mut tell))
}

/// [`verify`] in a transaction that is open already.
pub fn verify_in(conn: &mut Conn, tenant: TenantId, tell: &mut dyn FnMut(Progress)) -> Result<Report, Error> {
    let mut run = Run::begin(conn, tenant, tell)?;
    for stage in STAGES {
        run.stage(conn, stage)?;
    }
    run.end(conn)
}

/// [`verify`] for a server that is at work: each stage has a snapshot of its own, so that none grows old
/// while the caller takes its time in `tell`. What is compared within a stage is of one moment; the report's
/// position is that of the first.
pub fn scrub(store: &Store, tenant: TenantId, mut tell: impl FnMut(Progress)) -> Result<Report, Error> {
    let mut run = store.read(|conn| Run::begin(conn, tenant, &mut tell))?;
    for stage in STAGES {
        store.read(|conn| run.stage(conn, stage))?;
    }
    store.read(|conn| run.end(conn))
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

/// A verifying under way.
struct Run<'p> {
    tenant: TenantId,
    found: Findings,
    ticker: Ticker<'p>,
    movements: u64,
    position: i64,
    batches: u64,
}

impl<'p> Run<'p> {
    fn begin(conn: &mut Conn, tenant: TenantId, tell: &'p mut dyn FnMut(Progress)) -> Result<Self, Error> {
        let movements = table::scan::movement_count(conn, tenant)? as u64;
        let ticker = Ticker { progress: Progress { done: 0, total: movements * PASSES }, tell };
        Ok(Self { tenant, found: Findings::default(), ticker, movements, position: 0, batches: 0 })
    }

    fn stage(&mut self, conn: &mut Conn, stage: Stage) -> Result<(), Error> {
        let (tenant, found, ticker) = (self.tenant, &mut self.found, &mut self.ticker);
        let end = snapshot::End::seen(conn, tenant)?;
        let structure = Structure::load(conn, tenant)?;
        match stage {
            Stage::Batches => {
                (self.position, self.batches) = batch::verify(conn, tenant, &structure, found, ticker)?;
            }
            Stage::Accounts => {
                let position = table::header::position(conn, tenant)?.max(self.position);
                account::verify(conn, tenant, &structure, position, found, ticker)?;
            }
            Stage::Values => value::verify(conn, tenant, &structure, found, ticker)?,
            Stage::Keys => key::verify(conn, tenant, found, ticker)?,
            Stage::Instances => instance::verify(conn, tenant, found)?,
            Stage::Vouchers => voucher::verify(conn, tenant, &structure, found)?,
            Stage::Answers => answer::verify(conn, tenant, found)?,
            Stage::Reserved => reserved::verify(conn, tenant, found)?,
            Stage::Runs => run::verify(conn, tenant, found)?,
            Stage::Postings => {
                beside::adjustments(conn, tenant, found)?;
                posting::verify(conn, tenant, &structure, found)?;
            }
            Stage::Snapshot => snapshot::verify(conn, tenant, found)?,
        }
        end.stands(conn, tenant, found)
    }

    fn end(self, conn: &mut Conn) -> Result<Report, Error> {
        let position = self.position;
        let total = self.ticker.progress.done;
        (self.ticker.tell)(Progress { done: total, total });
        let checks = self.found.into_checks(conn, self.tenant)?;
        Ok(Report { position, batches: self.batches, movements: self.movements, checks })
    }
}
