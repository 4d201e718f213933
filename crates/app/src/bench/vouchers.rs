//! Small vouchers that are booked as they come, from many connections.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use lotbook_engine::raw::RawLedger;
use lotbook_engine::tenant;

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{Line, add_booked, entries_body, last_batches, open_appendix};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "vouchers";
const CONNECTIONS: usize = 64;
const LINES: usize = 5;
const WARM_UP: Duration = Duration::from_secs(2);
/// A phase ends after so many, whatever the time.
const VOUCHERS_MAX: usize = 200_000;
/// Of each of two parts.
const RAW_TIME: Duration = Duration::from_secs(2);
const RAW_CHUNK: i64 = 250;
const RAW_MAX: i64 = 20_000;
/// So many different vouchers are written raw in turn.
const RAW_VOUCHERS: i64 = 1_000;
/// In milliseconds, for a call. A voucher is two of them, one after the other: what 64 connections that wait
/// for each answer get through sets how long one takes (1,000 a second make 64 ms), so it has no limit of
/// its own.
const SLOW: f64 = 60.0;

/// Where the lines of vouchers go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// All over the catalog.
    Spread,
    /// To one product at one location.
    OneKey,
}

#[derive(Default)]
struct Outcome {
    took: Duration,
    vouchers: Times,
    calls: Times,
}

impl Outcome {
    fn rate(&self) -> f64 {
        self.vouchers.count() as f64 / self.took.as_secs_f64().max(1e-9)
    }
}

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let time = Duration::from_secs(bench.plan.seconds);
    bench.wait(load(site, Aim::Spread, WARM_UP.min(time)))?;
    let groups = || {
        let (_, groups, requests) = site.engine.write_figures();
        (groups, requests)
    };
    // Before and after, since the disk is not always as fast.
    let mut raw = Raw::new(site)?;
    raw.go_on()?;
    let before = groups();
    let spread = bench.wait(load(site, Aim::Spread, time))?;
    let after = groups();
    raw.go_on()?;
    let one_key = bench.wait(load(site, Aim::OneKey, time))?;

    let (rate, raw) = (spread.rate(), raw.rate());
    let name = format!("vouchers of {LINES} lines, {CONNECTIONS} connections");
    tell(Figure::new(NAME, name, rate, "/s").beside(raw, rate / raw).ratio_at_least(1.5));
    tell_times(spread, tell);
    let requests = (after.1 - before.1) as f64 / (after.0 - before.0).max(1) as f64;
    tell(Figure::new(NAME, "requests that share a commit", requests, ""));
    let hot = one_key.rate();
    tell(Figure::new(NAME, "all lines on one key", hot, "/s").ratio_to(hot / rate).ratio_at_least(0.5));
    let mut vouchers = one_key.vouchers;
    tell(Figure::ms(NAME, "a voucher on one key, p99", vouchers.permille(990)));
    Ok(())
}

fn tell_times(outcome: Outcome, tell: &mut dyn FnMut(Figure)) {
    for (name, mut times, limit) in
        [("a call", outcome.calls, Some(SLOW)), ("a voucher (two calls)", outcome.vouchers, None)]
    {
        tell(Figure::ms(NAME, format!("{name}, p50"), times.median()));
        let slowest = Figure::ms(NAME, format!("{name}, p99"), times.permille(990));
        tell(match limit {
            Some(limit) => slowest.below(limit),
            None => slowest,
        });
        tell(Figure::ms(NAME, format!("{name}, max"), times.max()));
    }
}

async fn load(site: &Site, aim: Aim, time: Duration) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let left = Cell::new(VOUCHERS_MAX);
    let lanes = (0..CONNECTIONS).map(|lane| one_connection(site, aim, lane, started + time, &left));
    let mut outcome = Outcome::default();
    for (vouchers, calls) in try_join_all(lanes).await? {
        outcome.vouchers.extend(vouchers);
        outcome.calls.extend(calls);
    }
    outcome.took = started.elapsed();
    Ok(outcome)
}

async fn one_connection(
    site: &Site,
    aim: Aim,
    lane: usize,
    until: Instant,
    left: &Cell<usize>,
) -> Result<(Times, Times), Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    let (mut vouchers, mut calls) = (Times::default(), Times::default());
    for turn in 0.. {
        if Instant::now() >= until || left.get() == 0 {
            break;
        }
        left.set(left.get() - 1);
        let lines: Vec<Line> = (0..LINES).map(|line| line_of(site, aim, lane, turn, line)).collect();
        let started = Instant::now();
        let appendix = open_appendix(&mut client, site.auto_journal).await?;
        let opened = Instant::now();
        add_booked(&mut client, &entries_body(appendix, &lines)).await?;
        calls.push(opened - started);
        calls.push(opened.elapsed());
        vouchers.push(started.elapsed());
    }
    Ok((vouchers, calls))
}

/// Strides that have no factor in common with the catalog reach all of it. Every other voucher brings
/// what the next one takes out.
fn line_of(site: &Site, aim: Aim, lane: usize, turn: usize, line: usize) -> Line {
    let no = match aim {
        Aim::Spread => lane * 7_919 + turn / 2 * 104_729 + line * 211,
        Aim::OneKey => 0,
    };
    Line {
        product: site.products[no % site.products.len()],
        location: site.locations[no / site.products.len() % site.locations.len()],
        at: site.engine.now(),
        count: if turn.is_multiple_of(2) { 1 } else { -1 },
        has_cost: turn.is_multiple_of(2),
    }
}

/// One client that only writes.
struct Raw<'a> {
    ledger: RawLedger<'a>,
    took: Duration,
    written: i64,
}

impl<'a> Raw<'a> {
    /// Takes the vouchers that were booked last as what to write.
    fn new(site: &'a Site) -> Result<Self, Failure> {
        let batches = last_batches(site, RAW_VOUCHERS)?;
        let ledger = RawLedger::copy(site.engine.store(), tenant::DEFAULT, &batches, site.engine.now())?;
        Ok(Self { ledger, took: Duration::ZERO, written: 0 })
    }

    fn go_on(&mut self) -> Result<(), Failure> {
        let until = self.took + RAW_TIME;
        while self.took < until && self.written < RAW_MAX {
            self.took += self.ledger.write(RAW_CHUNK)?;
            self.written += RAW_CHUNK;
        }
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.written as f64 / self.took.as_secs_f64()
    }
}
