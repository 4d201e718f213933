//! Whether ten times the history makes questions slower.

use std::time::{Duration, Instant};

use lotbook_domain::ledger::AccountKind;
use lotbook_domain::time::Time;
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::tenant;

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{BEGINNING, Line, add_directly, book_directly, spread};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "flat";
/// How often each question is asked, after some times that do not count.
const TIMES: usize = 200;
const WARM_UP: usize = 20;
/// How many times as long the second history is.
const GROWTH: usize = 10;
const RATIO_MAX: f64 = 1.5;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let n = bench.plan.entries;
    grow(bench, site, 0, n)?;
    let small = ask_all(bench, site, n)?;
    for round in 1..GROWTH {
        grow(bench, site, round * n, n)?;
    }
    let large = ask_all(bench, site, n * GROWTH)?;
    for ((name, small), (_, large)) in small.into_iter().zip(large) {
        let name = format!("{name}, {n} → {} movements", n * GROWTH);
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        let figure = Figure::ms(NAME, name, large).beside(small.as_secs_f64() * 1e3, ratio);
        tell(figure.ratio_at_most(RATIO_MAX));
    }
    Ok(())
}

/// Lengthens the history, and by a tenth of that what waits in a journal. Every fifth movement is of
/// the first product at the first location; what waits is of all products alike, since what is on order
/// of a product is added up from what waits of it.
fn grow(bench: &Bench<'_>, site: &Site, from: usize, n: usize) -> Result<(), Failure> {
    let mut lines: Vec<Line> = spread(site, from, n);
    for line in lines.iter_mut().step_by(5) {
        (line.product, line.location) = (site.products[0], site.locations[0]);
    }
    add_directly(site, site.journal, &lines)?;
    book_directly(site, site.journal)?;
    add_directly(site, site.waiting_journal, &spread(site, from, (n / 10).max(1)))?;
    bench.look_up()
}

/// The median time of each question.
fn ask_all(bench: &Bench<'_>, site: &Site, n: usize) -> Result<Vec<(&'static str, Duration)>, Failure> {
    let (product, location) = (site.products[0], site.locations[0]);
    // Around the middle of the history, never twice the same instant.
    let middle = |turn: usize| Time(BEGINNING.0 + (n / 2 + turn * 37 % (n / 4).max(1)) as i64 * 1_000_000 + 500_000);
    let as_of = timed(|turn| {
        let filter = BalanceFilter {
            products: Some(vec![product]),
            places: Some(vec![location]),
            as_of: Some(middle(turn)),
            ..BalanceFilter::default()
        };
        site.engine.read(|conn| balances(conn, tenant::DEFAULT, AccountKind::Stock, &filter, 10))?;
        Ok(())
    })?;
    let mut found = vec![("balance as of the middle, engine", as_of)];
    let availability = move |turn: usize| {
        format!(
            "{{\"productIds\":{{\"value\":[{product}]}},\"productLocationIds\":{{\"value\":[{location}]}},\
             \"asOf\":{{\"value\":\"{}\"}}}}",
            middle(turn)
        )
    };
    let waiting = site.waiting_journal;
    let other = site.products[1];
    let questions: [(&str, &str, Box<dyn Fn(usize) -> String>); 5] = [
        (
            "availability as of the middle",
            "inventory/ProductAvailability/GetProductAvailability",
            Box::new(availability),
        ),
        ("first page of stock entries", "inventory/StockEntry/GetStockEntriesPage", Box::new(|_| "{}".to_owned())),
        (
            "first page of the hot product",
            "inventory/StockEntry/GetStockEntriesPage",
            Box::new(move |_| format!("{{\"productId\":{{\"value\":{product}}}}}")),
        ),
        (
            "first page of another product",
            "inventory/StockEntry/GetStockEntriesPage",
            Box::new(move |_| format!("{{\"productId\":{{\"value\":{other}}}}}")),
        ),
        (
            "first page of draft entries",
            "inventory/StockDraftEntry/GetStockDraftEntriesPage",
            Box::new(move |_| format!("{{\"stockDraftId\":{waiting}}}")),
        ),
    ];
    for (name, call, body) in questions {
        let mut client = bench.wait(Client::connect(site.address, &site.token))?;
        let took = timed(|turn| bench.wait(async { client.send(call, &body(turn)).await.map(|_| ()) }))?;
        found.push((name, took));
    }
    Ok(found)
}

fn timed(mut ask: impl FnMut(usize) -> Result<(), Failure>) -> Result<Duration, Failure> {
    let mut times = Times::default();
    for turn in 0..WARM_UP + TIMES {
        let started = Instant::now();
        ask(turn)?;
        if turn >= WARM_UP {
            times.push(started.elapsed());
        }
    }
    Ok(times.median())
}
