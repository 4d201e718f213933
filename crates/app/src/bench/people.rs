//! Fifty people who read and post, by themselves and while 47,000 entries are booked.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use lotbook_domain::id::ProductId;

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{Line, add_booked, add_directly, book, book_directly, entries_body, open_appendix, spread};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "people";
const PEOPLE: usize = 50;
const ENTRIES: usize = 47_000;
/// Between an answer and what is asked next. Without it, how many answers there are in a second would say how long one
/// takes, and nothing else.
const PAUSE: Duration = Duration::from_millis(100);
/// In milliseconds, for a read.
const SLOW: f64 = 50.0;

/// What calls took: reads, and posts on the products that are booked and on others.
#[derive(Default)]
struct Outcome {
    reads: Times,
    on_its_keys: Times,
    elsewhere: Times,
}

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let others = (0..PEOPLE).map(|no| site.add_product(&format!("OTHER-{no}"), "average"));
    let others: Vec<ProductId> = others.collect::<Result<_, _>>()?;
    add_directly(site, site.journal, &spread(site, 0, ENTRIES))?;
    book_directly(site, site.journal)?;

    add_directly(site, site.journal, &spread(site, ENTRIES, ENTRIES))?;
    let alone = bench.wait(async {
        let mut client = Client::connect(site.address, &site.token).await?;
        book(&mut client, site.journal).await
    })?;
    let until = Instant::now() + Duration::from_secs(bench.plan.seconds);
    let mut quiet = bench.wait(work(site, &others, || Instant::now() >= until))?;
    add_directly(site, site.journal, &spread(site, 2 * ENTRIES, ENTRIES))?;
    let (booking, mut busy) = bench.wait(async {
        let mut client = Client::connect(site.address, &site.token).await?;
        let is_over = Cell::new(false);
        let booking = async {
            // Everybody has begun.
            tokio::time::sleep(3 * PAUSE).await;
            let took = book(&mut client, site.journal).await;
            is_over.set(true);
            took
        };
        tokio::try_join!(booking, work(site, &others, || is_over.get()))
    })?;

    let ratio = |now: Duration, before: Duration| now.as_secs_f64() / before.as_secs_f64().max(1e-9);
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    let meanwhile = format!("book {ENTRIES} entries beside {PEOPLE} people");
    tell(Figure::ms(NAME, meanwhile, booking).beside(ms(alone), ratio(booking, alone)));
    let (before, now) = (quiet.reads.permille(990), busy.reads.permille(990));
    let name = format!("a read meanwhile, p99 of {}", busy.reads.count());
    tell(Figure::ms(NAME, name, now).beside(ms(before), ratio(now, before)).below(SLOW));
    tell(Figure::ms(NAME, "a read meanwhile, max", busy.reads.max()));
    for (name, quiet, busy) in [
        ("on other products", &mut quiet.elsewhere, &mut busy.elsewhere),
        ("on its products", &mut quiet.on_its_keys, &mut busy.on_its_keys),
    ] {
        let (before, now) = (quiet.permille(990), busy.permille(990));
        let counted = format!("a post {name}, p99 of {}", busy.count());
        tell(Figure::ms(NAME, counted, now).beside(ms(before), ratio(now, before)));
        tell(Figure::ms(NAME, format!("the longest wait of a post {name}"), busy.max()));
    }
    Ok(())
}

/// Everybody reads and posts in turn until it is over.
async fn work(site: &Site, others: &[ProductId], is_over: impl Fn() -> bool) -> Result<Outcome, Failure> {
    let is_over = &is_over;
    let mut outcome = Outcome::default();
    let people = others.iter().enumerate().map(|(no, other)| async move {
        // What a person looks at does not wait for what the same person posts.
        let (reads, posts) = tokio::try_join!(looks(site, no, is_over), posts(site, no, *other, is_over))?;
        Ok::<_, Failure>((no, reads, posts))
    });
    for (no, reads, posts) in try_join_all(people).await? {
        outcome.reads.extend(reads);
        if is_elsewhere(no) { &mut outcome.elsewhere } else { &mut outcome.on_its_keys }.extend(posts);
    }
    Ok(outcome)
}

/// Whether a person posts on products of which nothing is booked.
fn is_elsewhere(no: usize) -> bool {
    no.is_multiple_of(2)
}

/// Not all of them at once.
async fn begin(site: &Site, no: usize) -> Result<Client, Failure> {
    tokio::time::sleep(PAUSE * no as u32 / PEOPLE as u32).await;
    Client::connect(site.address, &site.token).await
}

async fn looks(site: &Site, no: usize, is_over: &impl Fn() -> bool) -> Result<Times, Failure> {
    let mut client = begin(site, no).await?;
    let mut times = Times::default();
    for turn in 0.. {
        if is_over() {
            break;
        }
        let product = site.products[(turn * 13 + no * 211) % site.products.len()];
        let started = Instant::now();
        read(&mut client, site, product, turn + no).await?;
        times.push(started.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(times)
}

async fn posts(site: &Site, no: usize, other: ProductId, is_over: &impl Fn() -> bool) -> Result<Times, Failure> {
    let mut client = begin(site, no).await?;
    let mut times = Times::default();
    for turn in 0.. {
        if is_over() {
            break;
        }
        let of_booking = site.products[(turn * 13 + no * 211) % site.products.len()];
        let product = if is_elsewhere(no) { other } else { of_booking };
        post(&mut client, site, product, turn, &mut times).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(times)
}

/// Looks at what can be promised of a product, at its movements, or at what waits to be booked.
async fn read(client: &mut Client, site: &Site, product: ProductId, turn: usize) -> Result<(), Failure> {
    let (call, body) = match turn % 3 {
        0 => (
            "inventory/ProductAvailability/GetProductAvailability",
            format!("{{\"productId\":{{\"value\":{product}}}}}"),
        ),
        1 => (
            "inventory/StockEntry/GetStockEntriesPage",
            format!("{{\"productId\":{{\"value\":{product}}},\"count\":20}}"),
        ),
        _ => (
            "inventory/StockDraftEntry/GetStockDraftEntriesPage",
            format!("{{\"stockDraftId\":{},\"count\":20}}", site.journal),
        ),
    };
    client.send(call, &body).await.map(|_| ())
}

/// Posts a voucher of two lines, which come and go: how long each of its two calls took.
async fn post(
    client: &mut Client,
    site: &Site,
    product: ProductId,
    turn: usize,
    times: &mut Times,
) -> Result<(), Failure> {
    let line = |count: i64| Line {
        product,
        location: site.locations[turn % site.locations.len()],
        at: site.engine.now(),
        count,
        has_cost: count > 0,
    };
    let lines = [line(2), line(-1)];
    let started = Instant::now();
    let appendix = open_appendix(client, site.auto_journal).await?;
    times.push(started.elapsed());
    let started = Instant::now();
    add_booked(client, &entries_body(appendix, &lines)).await?;
    times.push(started.elapsed());
    Ok(())
}
