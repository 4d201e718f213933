//! Many entries in one call, and booking them.

use std::time::{Duration, Instant};

use lotbook_engine::{raw, tenant};

use super::client::Client;
use super::figure::{Figure, Times};
use super::load::{CREATE_ENTRIES, add_directly, book, book_directly, entries_body, last_batch, open_appendix, spread};
use super::machine::{MemoryWatch, resident_mib};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "bulk";
const ROUNDS: usize = 3;
/// The memory that a booking may take, in MiB.
const MEMORY_MAX: f64 = 300.0;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let n = bench.plan.entries;
    let (mut creates, mut books, mut raws) = (Times::default(), Times::default(), Times::default());
    let mut most: f64 = 0.0;
    let mut body_mib = 0.0;
    for round in 0..ROUNDS {
        let (create, booking, memory, bytes) = bench.wait(one(site, round * n, n))?;
        let (rows, raw) = raw::copy_batch(site.engine.store(), tenant::DEFAULT, last_batch(site)?)?;
        if rows != n {
            return Err(Failure(format!("{n} entries were booked, but the batch has {rows} movements")));
        }
        creates.push(create);
        books.push(booking);
        raws.push(raw);
        most = most.max(memory);
        body_mib = bytes as f64 / f64::from(1 << 20);
    }
    let raw = raws.median();
    let figure = |name: String, took: Duration| {
        Figure::ms(NAME, name, took).beside(raw.as_secs_f64() * 1e3, raw.as_secs_f64() / took.as_secs_f64())
    };
    tell(figure(format!("create {n} entries in one call ({body_mib:.0} MiB)"), creates.median()).ratio_at_least(0.25));
    tell(figure(format!("book {n} entries"), books.median()).ratio_at_least(0.3));
    tell(Figure::new(NAME, "memory while booking, over what was held before", most, "MiB").below(MEMORY_MAX));
    tell(Figure::new(NAME, "memory held after it", resident_mib(), "MiB"));
    Ok(())
}

/// Creates and books: how long each took, how much more memory was held while booking, the
/// size of the body.
async fn one(site: &Site, from: usize, n: usize) -> Result<(Duration, Duration, f64, usize), Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    let appendix = open_appendix(&mut client, site.journal).await?;
    let body = entries_body(appendix, &spread(site, from, n));
    let bytes = body.len();
    let started = Instant::now();
    client.send(CREATE_ENTRIES, &body).await?;
    let create = started.elapsed();
    drop((client, body));
    let mut client = Client::connect(site.address, &site.token).await?;
    let before = resident_mib();
    let watch = MemoryWatch::begin();
    let booking = book(&mut client, site.journal).await;
    let more = watch.end() - before;
    Ok((create, booking?, more, bytes))
}

/// Brings a history of one large booking, for workloads that want one.
pub(super) fn fill(bench: &Bench<'_>, site: &Site) -> Result<(), Failure> {
    add_directly(site, site.journal, &spread(site, 0, bench.plan.entries))?;
    book_directly(site, site.journal)?;
    bench.look_up()
}
