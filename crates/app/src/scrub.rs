//! Verifying beside the work: a thread of the server that goes through the ledger slowly, again and again,
//! and keeps what it found last.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;
use lotbook_engine::verify::{Progress, Report, scrub};
use lotbook_engine::{Error, tenant};

use crate::app::Shared;

/// How the ledger is verified beside the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many rows are read a second.
    pub rows_per_second: u64,
    /// The pause after every tenant's ledger was gone through.
    pub pause: Duration,
}

/// A verifying that is over.
#[derive(Clone, Debug)]
pub struct Run {
    /// When it began.
    pub started_at: Time,
    /// When it was done.
    pub finished_at: Time,
    /// What it found.
    pub report: Report,
}

/// What is known of a tenant's ledger.
#[derive(Clone, Debug, Default)]
pub struct Integrity {
    /// The run that is under way: when it began, and how far it is.
    pub running: Option<(Time, Progress)>,
    /// The last one that is over.
    pub last: Option<Run>,
}

/// What verifying beside the work has found.
#[derive(Default)]
pub struct Scrubbing {
    known: Mutex<BTreeMap<TenantId, Integrity>>,
    rows: AtomicU64,
    runs: AtomicU64,
}

impl Scrubbing {
    /// What is known of a tenant's ledger.
    pub fn of(&self, tenant: TenantId) -> Integrity {
        self.lock().get(&tenant).cloned().unwrap_or_default()
    }

    /// Rows read, runs done, differences that the last runs found, and when the oldest of these was done.
    pub fn figures(&self) -> (u64, u64, u64, Option<Time>) {
        let known = self.lock();
        let last = || known.values().filter_map(|integrity| integrity.last.as_ref());
        let differences = last().map(|run| run.report.differences()).sum();
        let oldest = last().map(|run| run.finished_at).min();
        (self.rows.load(Ordering::Relaxed), self.runs.load(Ordering::Relaxed), differences, oldest)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<TenantId, Integrity>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, tenant: TenantId, change: impl FnOnce(&mut Integrity)) {
        change(self.lock().entry(tenant).or_default());
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

/// Starts the thread. It only reads, so it ends with the process, wherever it is.
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
        scrubbing.note(tenant, |integrity| integrity.running = Some((started_at, progress)));
        let rest = brake.rest(rows);
        if rest >= REST_MIN {
            std::thread::sleep(rest);
        }
    });
    scrubbing.note(tenant, |integrity| integrity.running = None);
    let report = outcome?;
    let differences = report.differences();
    scrubbing.runs.fetch_add(1, Ordering::Relaxed);
    let run = Run { started_at, finished_at: app.engine.now(), report };
    scrubbing.note(tenant, |integrity| integrity.last = Some(run));
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
