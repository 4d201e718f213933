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
mod bits;
mod finding;
mod instance;
mod key;
mod report;
mod run;
mod value;
mod voucher;

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
    let structure = Structure::load(conn, tenant)?;
    let mut found = Findings::default();
    let movements = table::scan::movement_count(conn, tenant)? as u64;
    let mut ticker = Ticker { progress: Progress { done: 0, total: movements * PASSES }, tell };
    let (position, batches) = batch::verify(conn, tenant, &structure, &mut found, &mut ticker)?;
    account::verify(conn, tenant, &structure, position, &mut found, &mut ticker)?;
    value::verify(conn, tenant, &structure, &mut found, &mut ticker)?;
    key::verify(conn, tenant, &mut found, &mut ticker)?;
    instance::verify(conn, tenant, &mut found)?;
    voucher::verify(conn, tenant, &structure, &mut found)?;
    answer::verify(conn, tenant, &mut found)?;
    run::verify(conn, tenant, &mut found)?;
    found.note(
        12,
        format!("this snapshot holds whole batches up to position {position}, without a gap: covered by I3 and I10"),
    );
    let total = ticker.progress.done;
    (ticker.tell)(Progress { done: total, total });
    let checks = found.into_checks(conn, tenant)?;
    Ok(Report { position, batches, movements, checks })
}
