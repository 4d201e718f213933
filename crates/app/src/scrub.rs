//! Verifying beside the work: a thread of the server that goes through the ledger slowly, again and again. What
//! it found last is kept in the database, where it is known after a restart and to other servers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;
use lotbook_engine::verify::{Progress, scrub};
use lotbook_engine::{Error, table, tenant};

use crate::app::Shared;

/// How the ledger is verified beside the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many rows are read a second.
    pub rows_per_second: u64,
    /// The pause after every tenant's ledger was gone through.
    pub pause: Duration,
}

/// What is verified beside the work at the moment.
#[derive(Default)]
pub struct Scrubbing {
    running: Mutex<BTreeMap<TenantId, (Time, Progress)>>,
    rows: AtomicU64,
    runs: AtomicU64,
}

impl Scrubbing {
    /// The run through a tenant's ledger that is under way: when it began, and how far it is.
    pub fn of(&self, tenant: TenantId) -> Option<(Time, Progress)> {
        self.lock().get(&tenant).copied()
    }

    /// Rows read, and runs done, by this server.
    pub fn figures(&self) -> (u64, u64) {
        (self.rows.load(Ordering::Relaxed), self.runs.load(Ordering::Relaxed))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<TenantId, (Time, Progress)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps to so many rows a second.
struct Brake {
    rows_per_second: u64,
    since: Instant,
    rows: u64,
}

/// Rests are not shorter: the clock of threads is coarse.
const REST_MIN: Duration = Duration::from_millis(5);

impl Brake {
    fn new(rows_per_second: u64) -> Self {
        Self { rows_per_second: rows_per_second.max(1), since: Instant::now(), rows: 0 }
    }

    /// How long to rest so that `rows` more are not too fast.
    fn rest(&mut self, rows: u64) -> Duration {
        self.rows += rows;
        let wanted = Duration::from_nanos(
            u64::try_from(u128::from(self.rows) * 1_000_000_000 / u128::from(self.rows_per_second)).unwrap_or(u64::MAX),
        );
        wanted.saturating_sub(self.since.elapsed())
    }
}

/// Starts the thread. It reads, and writes what it found in one statement, so it may end with the process,
/// wherever it is.
pub fn start(app: Shared, pace: Pace) {
    let thread = std::thread::Builder::new().name("scrubber".to_owned());
    thread.spawn(move || run(&app, &pace)).expect("the system has a thread for the scrubber");
}

fn run(app: &Shared, pace: &Pace) {
    loop {
        match app.engine.read(tenant::all) {
            Err(error) => tracing::warn!(%error, "the ledgers cannot be verified now"),
            Ok(tenants) => {
                for (tenant, name) in tenants {
                    match verify(app, tenant, pace) {
                        Ok(0) => tracing::info!(tenant = name, "the ledger is what its facts say"),
                        Ok(differences) => tracing::error!(
                            tenant = name,
                            differences,
                            "the ledger is not what its facts say; GET /v1/integrity or lotbook verify names what differs"
                        ),
                        Err(error) => tracing::warn!(%error, tenant = name, "the ledger cannot be verified now"),
                    }
                }
            }
        }
        std::thread::sleep(pace.pause);
    }
}

/// One run; how many differences it found.
fn verify(app: &Shared, tenant: TenantId, pace: &Pace) -> Result<u64, Error> {
    let (scrubbing, started_at) = (&app.scrubbing, app.engine.now());
    let mut brake = Brake::new(pace.rows_per_second);
    let mut done = 0;
    let outcome = scrub(app.engine.store(), tenant, |progress| {
        let rows = progress.done.saturating_sub(done);
        done = progress.done;
        scrubbing.rows.fetch_add(rows, Ordering::Relaxed);
        scrubbing.lock().insert(tenant, (started_at, progress));
        let rest = brake.rest(rows);
        if rest >= REST_MIN {
            std::thread::sleep(rest);
        }
    });
    scrubbing.lock().remove(&tenant);
    let report = outcome?;
    let differences = report.differences();
    scrubbing.runs.fetch_add(1, Ordering::Relaxed);
    let times = (started_at, app.engine.now());
    app.engine.store().write(|conn| table::scrub::keep(conn, tenant, times, &report))?;
    Ok(differences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brake_holds_the_rate() {
        let mut brake = Brake::new(1_000);
        assert!(brake.rest(500) > Duration::from_millis(400));
        assert!(brake.rest(1_500) > Duration::from_millis(1_900));
        let mut fast = Brake::new(u64::MAX);
        assert_eq!(fast.rest(1_000_000), Duration::ZERO);
    }
}
