//! Operations of the shop floor from many connections: executed at once, and started and stopped.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use lotbook_domain::id::{LocationId, ProductId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{Action, ActionKind, Execute, LotNamed, Reach};
use lotbook_engine::raw::{RawLedger, run as raw};
use lotbook_engine::tenant;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::value::Value;

use super::client::Client;
use super::figure::{Figure, Times};
use super::site::{Site, create, record, text};
use super::{Bench, Failure};

const NAME: &str = "operations";
const CONNECTIONS: usize = 64;
const WARM_UP: Duration = Duration::from_secs(2);
/// Of each of two parts.
const RAW_TIME: Duration = Duration::from_secs(2);
const RAW_CHUNK: i64 = 250;
/// So many different runs are written raw in turn.
const RAW_RUNS: i64 = 1_000;
/// In milliseconds, for a call.
const SLOW: f64 = 60.0;

/// What is done with an operation, again and again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    Execute,
    StartAndStop,
}

#[derive(Default)]
struct Outcome {
    took: Duration,
    done: usize,
    calls: Times,
}

impl Outcome {
    fn rate(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64().max(1e-9)
    }
}

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let time = Duration::from_secs(bench.plan.seconds);
    let operations = furnish(site)?;
    bench.wait(load(site, &operations, Habit::Execute, WARM_UP.min(time)))?;
    for (habit, name, least) in
        [(Habit::Execute, "executions", 1.5), (Habit::StartAndStop, "starts and stops, pairs", 0.75)]
    {
        // Before and after, since the disk is not always as fast.
        let mut raw = Raw::new(site, habit)?;
        raw.go_on()?;
        let outcome = bench.wait(load(site, &operations, habit, time))?;
        raw.go_on()?;
        let (rate, raw) = (outcome.rate(), raw.rate());
        let name = format!("{name}, {CONNECTIONS} connections");
        tell(Figure::new(NAME, &*name, rate, "/s").beside(raw, rate / raw).ratio_at_least(least));
        let mut calls = outcome.calls;
        tell(Figure::ms(NAME, format!("{name}: a call, p50"), calls.median()));
        tell(Figure::ms(NAME, format!("{name}: a call, p99"), calls.permille(990)).below(SLOW));
    }
    Ok(())
}

/// For each connection a silo with plenty of a lot, a vat, and an operation that brings from one to the
/// other, which makes another product of it.
fn furnish(site: &Site) -> Result<Vec<i64>, Failure> {
    let lanes = 0..CONNECTIONS;
    let products = lanes.clone().flat_map(|lane| {
        ["RAW", "MIX"].map(|kind| {
            let name = format!("{kind}-{lane}");
            record([("identifier", text(&name)), ("name", text(&name)), ("tracking", text("lot"))])
        })
    });
    let products = create(&site.engine, &kinds::PRODUCTS, products.collect())?;
    let places =
        lanes.clone().flat_map(|lane| ["Silo", "Vat"].map(|kind| record([("name", text(&format!("{kind} {lane}")))])));
    let places = create(&site.engine, &kinds::LOCATIONS, places.collect())?;
    let operations = lanes.clone().map(|lane| {
        record([
            ("name", text(&format!("Mix {lane}"))),
            ("operationType", text("CONSUME")),
            ("triggerSource", text("MANUAL")),
            ("quantitySource", text("MANUAL")),
            ("primaryLotResolutionStrategy", text("MANUAL")),
            ("secondaryLotResolutionStrategy", text("MANUAL")),
            ("createLotIfNotFound", Value::Bool(true)),
            ("material", text(&format!("RAW-{lane}"))),
            ("secondaryMaterial", text(&format!("MIX-{lane}"))),
            ("sourceLocation", text(&format!("Silo {lane}"))),
            ("destinationLocation", text(&format!("Vat {lane}"))),
        ])
    });
    let operations = create(&site.engine, &kinds::OPERATIONS, operations.collect())?;
    let actions = lanes.map(|lane| Action {
        kind: Some(ActionKind::Run(RunKind::Receive)),
        quantity: Some(Quantity(1_000_000_000_000_000)),
        product: Some(ProductId(products[lane * 2])),
        lot: LotNamed::Name(format!("R{lane}")),
        to: Some(LocationId(places[lane * 2])),
        makes_lots: true,
        ..Action::default()
    });
    site.engine.change(site.request(), Execute { actions: actions.collect(), reach: Reach::All })?;
    Ok(operations)
}

async fn load(site: &Site, operations: &[i64], habit: Habit, time: Duration) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let lanes =
        operations.iter().enumerate().map(|(lane, id)| one_connection(site, (lane, *id), habit, started + time));
    let mut outcome = Outcome::default();
    for (done, calls) in try_join_all(lanes).await? {
        outcome.done += done;
        outcome.calls.extend(calls);
    }
    outcome.took = started.elapsed();
    Ok(outcome)
}

async fn one_connection(
    site: &Site,
    (lane, operation): (usize, i64),
    habit: Habit,
    until: Instant,
) -> Result<(usize, Times), Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    let lots = format!("\"lot\":\"R{lane}\",\"secondaryLot\":\"M{lane}\"");
    let calls: &[(&str, String)] = match habit {
        Habit::Execute => &[("execute", format!("{{{lots},\"quantity\":1}}"))],
        Habit::StartAndStop => &[("start", format!("{{{lots}}}")), ("stop", "{\"quantity\":1}".to_owned())],
    };
    let mut times = Times::default();
    let mut done = 0;
    while Instant::now() < until {
        for (verb, body) in calls {
            let started = Instant::now();
            client.request("POST", &format!("/v1/operations/{operation}/{verb}"), body).await?;
            times.push(started.elapsed());
        }
        done += 1;
    }
    Ok((done, times))
}

/// One client that only writes.
struct Raw<'a> {
    ledger: RawLedger<'a>,
    runs: Vec<lotbook_engine::table::run::Run>,
    habit: Habit,
    took: Duration,
    written: i64,
}

impl<'a> Raw<'a> {
    /// Takes the runs that were made last as what to write.
    fn new(site: &'a Site, habit: Habit) -> Result<Self, Failure> {
        let store = site.engine.store();
        let (batches, runs) = raw::last_runs(store, tenant::DEFAULT, RAW_RUNS)?;
        let tenant = i64::from(habit != Habit::Execute);
        let ledger = RawLedger::copy_to(store, tenant::DEFAULT, tenant, &batches, site.engine.now())?;
        Ok(Self { ledger, runs, habit, took: Duration::ZERO, written: 0 })
    }

    fn go_on(&mut self) -> Result<(), Failure> {
        let until = self.took + RAW_TIME;
        while self.took < until {
            self.took += self.ledger.write_runs(&self.runs, RAW_CHUNK, self.habit == Habit::StartAndStop)?;
            self.written += RAW_CHUNK;
        }
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.written as f64 / self.took.as_secs_f64()
    }
}
