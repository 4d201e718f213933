//! Reserving from many connections: of one product that all want, and of many.

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use lotbook_domain::id::ProductId;
use lotbook_domain::time::Time;
use lotbook_engine::table::reservation::all_open;
use lotbook_engine::tenant;

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{BEGINNING, Line, add_directly, book_directly};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "reserve";
const CLIENTS: usize = 64;
const RATIO_MIN: f64 = 0.5;
/// More than anybody reserves in the time.
const PLENTY: i64 = 10_000_000;
/// What there is of the product that is reserved to the last piece.
const SCARCE: i64 = 1_000;
const ONE: i64 = 1_000_000;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let (hot, scarce) = (site.products[0], site.products[1]);
    let stock: Vec<Line> = site
        .products
        .iter()
        .map(|product| Line {
            product: *product,
            location: site.locations[0],
            at: Time(BEGINNING.0),
            count: if *product == scarce { SCARCE } else { PLENTY },
            has_cost: true,
        })
        .collect();
    add_directly(site, site.journal, &stock)?;
    book_directly(site, site.journal)?;
    let others = &site.products[2..];
    let time = Duration::from_secs(bench.plan.seconds);
    // Once without counting, so that the first is not the slower for being the first.
    bench.wait(crowd(site, time / 5, |turn| others[turn * 17 % others.len()]))?;
    let (mut spread_times, spread) = bench.wait(crowd(site, time, |turn| others[turn * 17 % others.len()]))?;
    let (mut hot_times, hot_count) = bench.wait(crowd(site, time, |_| hot))?;
    let per_second = |count: usize| count as f64 / time.as_secs_f64();
    tell(Figure::new(NAME, format!("{CLIENTS} clients, spread products"), per_second(spread), "/s"));
    tell(Figure::ms(NAME, "a reservation of spread products, p99", spread_times.permille(990)));
    let (spread, hot_count) = (per_second(spread), per_second(hot_count));
    tell(
        Figure::new(NAME, format!("{CLIENTS} clients, one hot product"), hot_count, "/s")
            .beside(spread, hot_count / spread)
            .ratio_at_least(RATIO_MIN),
    );
    tell(Figure::ms(NAME, "a reservation of the hot product, p99", hot_times.permille(990)));
    let granted = bench.wait(last_piece(site, scarce))?;
    let open: i64 = site
        .engine
        .read(|conn| all_open(conn, tenant::DEFAULT, Some(&[scarce]), site.engine.now()))?
        .iter()
        .map(|(_, open)| open.0)
        .sum();
    if open != granted * ONE {
        return Err(Failure(format!("{granted} were granted, but {open} millionths are reserved")));
    }
    let oversold = (granted - SCARCE).max(0) as f64;
    tell(Figure::new(NAME, format!("oversold of {SCARCE}, {granted} granted"), oversold, "pcs").below(1.0));
    Ok(())
}

async fn connect(site: &Site) -> Result<Vec<Client>, Failure> {
    try_join_all((0..CLIENTS).map(|_| Client::connect(site.address, &site.token))).await
}

/// Everybody reserves one piece after the other for a time: how long each took, and how many there were.
async fn crowd(site: &Site, time: Duration, product: impl Fn(usize) -> ProductId) -> Result<(Times, usize), Failure> {
    let until = Instant::now() + time;
    let product = &product;
    let clients = connect(site).await?.into_iter().enumerate().map(|(no, mut client)| async move {
        let mut times = Times::default();
        for turn in 0.. {
            if Instant::now() >= until {
                break;
            }
            let started = Instant::now();
            match client.post("/v1/reservations", &body(product(no * 1_009 + turn), 1)).await? {
                201 => times.push(started.elapsed()),
                status => return Err(Failure(format!("a reservation was answered with {status}"))),
            }
        }
        Ok(times)
    });
    let mut all = Times::default();
    try_join_all(clients).await?.into_iter().for_each(|times| all.extend(times));
    let count = all.count();
    Ok((all, count))
}

/// Everybody reserves from one to three pieces until nobody gets one more; how many were granted.
async fn last_piece(site: &Site, product: ProductId) -> Result<i64, Failure> {
    let clients = connect(site).await?.into_iter().enumerate().map(|(no, mut client)| async move {
        let mut granted = 0;
        let mut wanted = 1 + no as i64 % 3;
        while wanted > 0 {
            match client.post("/v1/reservations", &body(product, wanted)).await? {
                201 => granted += wanted,
                409 => wanted -= 1,
                status => return Err(Failure(format!("a reservation was answered with {status}"))),
            }
        }
        Ok(granted)
    });
    Ok(try_join_all(clients).await?.into_iter().sum())
}

fn body(product: ProductId, quantity: i64) -> String {
    format!("{{\"product\":{product},\"quantity\":{quantity}}}")
}
