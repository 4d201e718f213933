//! What a line costs that is dated before a long history of the same product in the same place: to post
//! it, until the values after it are settled, and what others wait meanwhile.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lotbook_domain::id::{MovementId, ProductId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::ONE_E6;
use lotbook_domain::time::Time;
use lotbook_engine::command::{LandCost, LandedOn, Reach};
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::query::movement::{self, MovementFilter};
use lotbook_engine::{settle, tenant};

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{BEGINNING, Line, add_booked, add_directly, book_directly, entries_body, open_appendix};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "backdated";
/// How often each is posted twice: right after values were settled for seconds, when the caches hold other things, and
/// right after an ordinary posting, when they hold its own.
const TURNS: usize = 5;
/// What stands there before the history begins; what comes and goes leaves it at that.
const STOCK: i64 = 1_000;
const RATIO_MAX: f64 = 3.0;
/// In milliseconds.
const SETTLED_WITHIN: f64 = 2_000.0;
/// Values that are not settled by then never will be.
const SETTLED_AT_LAST: Duration = Duration::from_mins(10);
const SECOND: i64 = 1_000_000;
/// What another writer may wait while values are settled, in milliseconds.
const PAUSE_MAX: f64 = 250.0;
/// What a reader may, in milliseconds.
const SLOW: f64 = 50.0;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    for costing in ["average", "fifo"] {
        let product = site.add_product(&format!("HOT-{costing}"), costing)?;
        let n = bench.plan.movements;
        for from in (0..n).step_by(bench.plan.entries) {
            add_directly(site, site.journal, &history(site, product, from, bench.plan.entries.min(n - from)))?;
            book_directly(site, site.journal)?;
            bench.look_up()?;
        }
        settled(site)?;
        let end = BEGINNING.0 + (n as i64 + 10) * SECOND;
        let (mut ordinary, mut backdated, mut settling) = (Times::default(), Times::default(), Times::default());
        for turn in 0..TURNS as i64 * 2 {
            if turn % 2 == 0 {
                // At the end of the history.
                for no in [0, 1] {
                    ordinary.push(post(bench, site, product, Time(end + (turn + no) * SECOND), 1)?);
                    settled(site)?;
                }
            }
            let before = standing(site, product)?;
            backdated.push(post(bench, site, product, Time(BEGINNING.0 - (turn + 1) * SECOND), 9)?);
            let replied = Instant::now();
            if standing(site, product)? != before + 9 * SECOND {
                return Err(Failure(format!("{costing}: a backdated receipt of 9 did not add 9 at once")));
            }
            settled(site)?;
            settling.push(replied.elapsed());
            bench.look_up()?;
        }
        let (ordinary, backdated) = (ordinary.median(), backdated.median());
        let ratio = backdated.as_secs_f64() / ordinary.as_secs_f64();
        tell(
            Figure::ms(NAME, format!("{costing}: post before {n} movements of the key"), backdated)
                .beside(ordinary.as_secs_f64() * 1e3, ratio)
                .ratio_at_most(RATIO_MAX),
        );
        let name = format!("{costing}: until {n} later movements are settled");
        tell(Figure::ms(NAME, name, settling.median()).below(SETTLED_WITHIN));
        let name = format!("{costing}: until a late bill for what came in first is settled");
        let whole = settling.median().as_secs_f64();
        let late = settle_bill(site, product)?;
        tell(Figure::ms(NAME, name, late).beside(whole * 1e3, late.as_secs_f64() / whole).below(SETTLED_WITHIN));
        post(bench, site, product, Time(BEGINNING.0 - (TURNS as i64 * 2 + 1) * SECOND), 9)?;
        let (writes, mut reads) = bench.wait(beside(site, product))?;
        tell(
            Figure::ms(NAME, format!("{costing}: the longest wait of a writer meanwhile"), writes.max())
                .below(PAUSE_MAX),
        );
        tell(Figure::new(NAME, format!("{costing}: vouchers written meanwhile"), writes.count() as f64 / 2.0, ""));
        let name = format!("{costing}: a read meanwhile, p99 of {}", reads.count());
        tell(Figure::ms(NAME, name, reads.permille(990)).below(SLOW));
    }
    Ok(())
}

/// Writes vouchers of another product, and asks for the one whose values wait, until they are settled: how long each
/// call took.
async fn beside(site: &Site, product: ProductId) -> Result<(Times, Times), Failure> {
    let is_over = Cell::new(false);
    let waiting = async {
        // A read waits for the database, which is not for the thread that the clients share.
        loop {
            let engine = Arc::clone(&site.engine);
            let looked = tokio::task::spawn_blocking(move || engine.read(|conn| settle::waiting(conn, 1))).await;
            if looked.map_err(|error| Failure(format!("a look at what waits ended early: {error}")))??.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        is_over.set(true);
        Ok::<_, Failure>(())
    };
    let writing = async {
        let mut client = Client::connect(site.address, &site.token).await?;
        let mut times = Times::default();
        while !is_over.get() {
            let (other, location) = (site.products[0], site.locations[0]);
            let line = Line { product: other, location, at: site.engine.now(), count: 1, has_cost: true };
            let started = Instant::now();
            let appendix = open_appendix(&mut client, site.auto_journal).await?;
            times.push(started.elapsed());
            let started = Instant::now();
            add_booked(&mut client, &entries_body(appendix, &[line])).await?;
            times.push(started.elapsed());
        }
        Ok(times)
    };
    let reading = async {
        let mut client = Client::connect(site.address, &site.token).await?;
        let mut times = Times::default();
        let body = format!("{{\"productId\":{{\"value\":{product}}}}}");
        while !is_over.get() {
            let started = Instant::now();
            client.send("inventory/ProductAvailability/GetProductAvailability", &body).await?;
            times.push(started.elapsed());
        }
        Ok(times)
    };
    let ((), writes, reads) = tokio::try_join!(waiting, writing, reading)?;
    Ok((writes, reads))
}

/// Lands a cost on the first receipts of the history; how long that took until values were settled. By layers it matters
/// until that has left, by average for ever.
fn settle_bill(site: &Site, product: ProductId) -> Result<Duration, Failure> {
    let filter = MovementFilter {
        products: Some(vec![product]),
        effective: (Some(BEGINNING), Some(Time(BEGINNING.0 + 20 * SECOND))),
        ..MovementFilter::default()
    };
    let first = site.engine.read(|conn| movement::page(conn, tenant::DEFAULT, &filter, 0, 20))?;
    let received = first.iter().filter(|posted| posted.movement.to.pool.0 != 0);
    let bill = LandCost {
        on: LandedOn::Movements(received.map(|posted| MovementId::from_number(posted.number)).collect()),
        amount: Amount(7 * ONE_E6),
        by_value: true,
        reason: "freight".to_owned(),
        violations: Vec::new(),
        reach: Reach::All,
    };
    let started = Instant::now();
    site.engine.change(site.request(), bill)?;
    settled(site)?;
    Ok(started.elapsed())
}

/// Something comes and something goes, a second apart, in one place; the first brings the stock.
fn history(site: &Site, product: ProductId, from: usize, n: usize) -> Vec<Line> {
    (from..from + n)
        .map(|no| {
            let count = match no {
                0 => STOCK,
                no if no % 2 == 1 => -3,
                _ => 3,
            };
            let at = Time(BEGINNING.0 + no as i64 * SECOND);
            Line { product, location: site.locations[0], at, count, has_cost: count > 0 }
        })
        .collect()
}

/// Posts one line that is booked as it comes; how long the reply took.
fn post(bench: &Bench<'_>, site: &Site, product: ProductId, at: Time, count: i64) -> Result<Duration, Failure> {
    bench.wait(async {
        let mut client = Client::connect(site.address, &site.token).await?;
        let appendix = open_appendix(&mut client, site.auto_journal).await?;
        let line = Line { product, location: site.locations[0], at, count, has_cost: false };
        let body = entries_body(appendix, &[line]);
        let started = Instant::now();
        add_booked(&mut client, &body).await?;
        Ok(started.elapsed())
    })
}

fn standing(site: &Site, product: ProductId) -> Result<i64, Failure> {
    let filter = BalanceFilter { products: Some(vec![product]), ..BalanceFilter::default() };
    let (found, _) = site.engine.read(|conn| balances(conn, tenant::DEFAULT, AccountKind::Stock, &filter, 10))?;
    Ok(found.iter().map(|balance| balance.quantity.0).sum())
}

/// Waits until no value waits.
fn settled(site: &Site) -> Result<(), Failure> {
    let started = Instant::now();
    while !site.engine.read(|conn| settle::waiting(conn, 1))?.is_empty() {
        if started.elapsed() > SETTLED_AT_LAST {
            return Err(Failure("values are not settled after ten minutes; lotbook verify tells why".to_owned()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
