//! Who waits while many entries are booked.

use std::cell::Cell;
use std::time::Instant;

use futures_util::future::try_join_all;

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{CREATE_ENTRIES, Line, add_booked, book, entries_body, open_appendix, spread};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "mixed";
const READERS: usize = 4;
/// In milliseconds.
const SLOW: f64 = 50.0;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let n = bench.plan.entries;
    let (booking, writes, mut reads) = bench.wait(async {
        let mut client = Client::connect(site.address, &site.token).await?;
        let appendix = open_appendix(&mut client, site.journal).await?;
        client.send(CREATE_ENTRIES, &entries_body(appendix, &spread(site, n, n))).await?;
        let is_over = Cell::new(false);
        let booking = async {
            let took = book(&mut client, site.journal).await;
            is_over.set(true);
            took
        };
        let readers = try_join_all((0..READERS).map(|reader| read(site, reader, &is_over)));
        tokio::try_join!(booking, write(site, &is_over), readers)
    })?;
    let mut all = Times::default();
    reads.drain(..).for_each(|times| all.extend(times));
    tell(Figure::ms(NAME, format!("book {n} entries meanwhile"), booking));
    tell(Figure::ms(NAME, "the longest wait of a writer", writes.max()));
    tell(Figure::new(NAME, "vouchers written meanwhile", writes.count() as f64 / 2.0, ""));
    tell(Figure::ms(NAME, format!("a read, p99 of {}", all.count()), all.permille(990)).below(SLOW));
    tell(Figure::ms(NAME, "a read, max", all.max()));
    Ok(())
}

/// Writes vouchers until it is over: how long each call took.
async fn write(site: &Site, is_over: &Cell<bool>) -> Result<Times, Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    let mut times = Times::default();
    for turn in 0.. {
        if is_over.get() {
            break;
        }
        let line = |line: usize| Line {
            product: site.products[(turn / 2 * 7 + line * 211) % site.products.len()],
            location: site.locations[turn / 2 % site.locations.len()],
            at: site.engine.now(),
            count: if turn % 2 == 0 { 1 } else { -1 },
            has_cost: turn % 2 == 0,
        };
        let lines: Vec<Line> = (0..5).map(line).collect();
        let started = Instant::now();
        let appendix = open_appendix(&mut client, site.auto_journal).await?;
        times.push(started.elapsed());
        let started = Instant::now();
        add_booked(&mut client, &entries_body(appendix, &lines)).await?;
        times.push(started.elapsed());
    }
    Ok(times)
}

/// Asks for balances and pages in turn until it is over: how long each took.
async fn read(site: &Site, reader: usize, is_over: &Cell<bool>) -> Result<Times, Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    let mut times = Times::default();
    for turn in reader.. {
        if is_over.get() {
            break;
        }
        let product = site.products[turn * 13 % site.products.len()];
        let (call, body) = match turn % 3 {
            0 => {
                let body = format!("{{\"productId\":{{\"value\":{product}}}}}");
                ("inventory/ProductAvailability/GetProductAvailability", body)
            }
            1 => (
                "inventory/StockEntry/GetStockEntriesPage",
                format!("{{\"productId\":{{\"value\":{product}}},\"count\":20}}"),
            ),
            _ => (
                "inventory/StockDraftEntry/GetStockDraftEntriesPage",
                format!("{{\"stockDraftId\":{},\"count\":20}}", site.journal),
            ),
        };
        let started = Instant::now();
        client.send(call, &body).await?;
        times.push(started.elapsed());
    }
    Ok(times)
}
