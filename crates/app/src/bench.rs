//! Measuring: what the server does on this machine, beside what its database does by itself.
//!
//! Every workload goes through the real server, on a loopback connection, with every commit on the
//! disk. The raw figures come from [`lotbook_engine::raw`]: the same rows, written by one statement or
//! one client, with nothing read, checked or decided. Ratios to them say more than times, which are
//! mostly the disk's.
#![allow(clippy::cast_precision_loss, clippy::type_complexity, clippy::struct_field_names)] // figures for people, and the dialect's own names

mod as_of;
mod backdated;
mod bulk;
mod client;
mod figure;
mod flat;
mod load;
mod machine;
mod mixed;
mod operations;
mod people;
mod proof;
mod reserve;
mod site;
mod trace;
mod triggers;
mod vouchers;

use std::path::PathBuf;

use lotbook_engine::Store;
use lotbook_engine::store::scratch::Scratch;
use serde::Serialize;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use self::figure::Figure;
use self::machine::Machine;
use self::site::Site;
use crate::cli::Failure;
use crate::http::listen;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Workload {
    /// Many entries in one call, and booking them
    Bulk,
    /// Vouchers of five lines that are booked as they come, from 64 connections
    Vouchers,
    /// Writers and readers while many entries are booked
    Mixed,
    /// Fifty people who read and post, by themselves and while 47,000 entries are booked
    People,
    /// Whether ten times the history makes questions slower
    Flat,
    /// A line dated before a long history of the same key: posting it, and settling what comes after
    Backdated,
    /// Stock as of a time, of 100,000 keys and of one
    AsOf,
    /// Verifying, beside reading the same rows in order
    Verify,
    /// Reserving from 64 connections, of one product and of many
    Reserve,
    /// Operations that are executed, or started and stopped, from 64 connections
    Operations,
    /// Ten thousand operations that tags start and stop, and a thousand tags that change every second
    Triggers,
    /// What became of a lot, in a million edges
    Trace,
}

impl Workload {
    const ALL: [Self; 12] = [
        Self::Bulk,
        Self::Vouchers,
        Self::Mixed,
        Self::People,
        Self::Flat,
        Self::Backdated,
        Self::AsOf,
        Self::Verify,
        Self::Reserve,
        Self::Operations,
        Self::Triggers,
        Self::Trace,
    ];
}

/// What is to be measured, where, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which workloads; none = all.
    pub workloads: Vec<Workload>,
    /// The server that is measured beside SQLite.
    pub postgres: Option<String>,
    /// Where the SQLite file is made.
    pub directory: PathBuf,
    /// How many entries a large call has.
    pub entries: usize,
    /// For how long small calls are made.
    pub seconds: u64,
    /// How long the history is of what asks for a long one.
    pub movements: usize,
}

/// With so many locations the products make 100,000 keys.
const WIDE_LOCATIONS: i64 = 100;

/// What came out, as it is printed for programs.
#[derive(Debug, Serialize)]
pub struct Report {
    machine: Machine,
    entries: usize,
    seconds: u64,
    movements: usize,
    figures: Vec<Figure>,
}

/// Measures everything in turn and tells each figure as a line on stderr.
pub fn run(plan: &Plan) -> Result<Report, Failure> {
    let bench = Bench::new(plan)?;
    let machine = Machine::look(&plan.directory);
    let (entries, seconds, movements) = (plan.entries, plan.seconds, plan.movements);
    let mut report = Report { machine, entries, seconds, movements, figures: Vec::new() };
    bench.measure("sqlite", &mut report, || Ok(Scratch::sqlite(&plan.directory)?))?;
    if let Some(address) = &plan.postgres {
        bench.measure("postgres", &mut report, || Ok(Scratch::postgres(address)?))?;
    }
    Ok(report)
}

/// The side of the clients: one thread, and an ear for Ctrl-C.
struct Bench<'a> {
    plan: &'a Plan,
    runtime: Runtime,
    interrupted: watch::Receiver<bool>,
}

impl<'a> Bench<'a> {
    fn new(plan: &'a Plan) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (sender, interrupted) = watch::channel(false);
        // From here on a signal is heard, also one that comes while nobody waits.
        let signal = runtime.block_on(async { listen::signal() })?;
        runtime.spawn(async move {
            signal.await;
            sender.send_replace(true);
        });
        Ok(Self { plan, runtime, interrupted })
    }

    /// Does what clients do, unless somebody ends it.
    fn wait<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let mut interrupted = self.interrupted.clone();
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                _ = interrupted.wait_for(|interrupted| *interrupted) => Err(Failure("interrupted".to_owned())),
                done = work => done,
            }
        })
    }

    /// Looks whether somebody ends it.
    fn look_up(&self) -> Result<(), Failure> {
        self.wait(async {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            Ok(())
        })
    }

    /// A workload that cannot be measured is told of and left out, so that the figures of the others are not lost.
    fn go_on_after(&self, workload: Workload, outcome: Result<(), Failure>) -> Result<(), Failure> {
        match outcome {
            Err(Failure(why)) if !*self.interrupted.borrow() => {
                eprintln!("LEFT OUT: {workload:?}: {why}");
                Ok(())
            }
            other => other,
        }
    }

    fn measure(
        &self,
        database: &'static str,
        report: &mut Report,
        fresh: impl Fn() -> Result<Scratch, Failure>,
    ) -> Result<(), Failure> {
        let wanted = |workload| self.plan.workloads.is_empty() || self.plan.workloads.contains(&workload);
        {
            let scratch = fresh()?;
            report.machine.databases.push(Store::open(scratch.url())?.version()?);
        }
        eprintln!("{}", report.machine.line());
        let mut tell = |mut figure: Figure| {
            database.clone_into(&mut figure.database);
            eprintln!("{}", figure.line());
            report.figures.push(figure);
        };
        let mut shared: Option<Site> = None;
        let mut wide: Option<Site> = None;
        for workload in Workload::ALL.into_iter().filter(|workload| wanted(*workload)) {
            if !matches!(workload, Workload::Bulk | Workload::Vouchers | Workload::Mixed) {
                // A history of its own; the other one is not needed any more.
                drop(shared.take());
            }
            match workload {
                Workload::People => {
                    self.go_on_after(workload, people::run(self, &Site::found(fresh()?)?, &mut tell))?;
                }
                Workload::Flat => self.go_on_after(workload, flat::run(self, &Site::found(fresh()?)?, &mut tell))?,
                Workload::Backdated => {
                    self.go_on_after(workload, backdated::run(self, &Site::found(fresh()?)?, &mut tell))?;
                }
                Workload::Reserve => {
                    self.go_on_after(workload, reserve::run(self, &Site::found(fresh()?)?, &mut tell))?;
                }
                Workload::AsOf | Workload::Verify => {
                    let site = if let Some(site) = &wide {
                        site
                    } else {
                        let site = Site::found_with(fresh()?, WIDE_LOCATIONS)?;
                        as_of::fill(self, &site)?;
                        wide.insert(site)
                    };
                    if workload == Workload::AsOf {
                        self.go_on_after(workload, as_of::run(self, site, &mut tell))?;
                    } else {
                        self.go_on_after(workload, proof::run(self, site, &mut tell))?;
                        drop(wide.take());
                    }
                }
                Workload::Operations => {
                    self.go_on_after(workload, operations::run(self, &Site::found(fresh()?)?, &mut tell))?;
                }
                Workload::Triggers => {
                    self.go_on_after(workload, triggers::run(self, &Site::found(fresh()?)?, &mut tell))?;
                }
                Workload::Trace => self.go_on_after(workload, trace::run(self, &Site::found(fresh()?)?, &mut tell))?,
                Workload::Bulk | Workload::Vouchers | Workload::Mixed => {}
            }
            if !matches!(workload, Workload::Bulk | Workload::Vouchers | Workload::Mixed) {
                continue;
            }
            let site = if let Some(site) = &shared {
                site
            } else {
                let site = Site::found(fresh()?)?;
                if workload != Workload::Bulk {
                    bulk::fill(self, &site)?;
                }
                shared.insert(site)
            };
            match workload {
                Workload::Bulk => self.go_on_after(workload, bulk::run(self, site, &mut tell))?,
                Workload::Vouchers => self.go_on_after(workload, vouchers::run(self, site, &mut tell))?,
                Workload::Mixed => self.go_on_after(workload, mixed::run(self, site, &mut tell))?,
                _ => {}
            }
        }
        Ok(())
    }
}
