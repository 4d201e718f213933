//! How fast the ledger is verified, beside reading the same rows in order.

use std::time::Instant;

use lotbook_engine::verify::verify;
use lotbook_engine::{raw, tenant};

use super::figure::Figure;
use super::machine::{MemoryWatch, resident_mib};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "verify";
const RATIO_MIN: f64 = 0.5;
/// In MiB.
const MEMORY_MAX: f64 = 200.0;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let (rows, raw) = raw::read_in_order(site.engine.store(), tenant::DEFAULT)?;
    bench.look_up()?;
    let before = resident_mib();
    let watch = MemoryWatch::begin();
    let mut passed = 0;
    let started = Instant::now();
    let report = verify(site.engine.store(), tenant::DEFAULT, |progress| passed = progress.done);
    let took = started.elapsed();
    let memory = watch.end() - before;
    let report = report?;
    if !report.is_sound() {
        return Err(Failure(format!("{} differences were found in a ledger of its own making", report.differences())));
    }
    let movements = report.movements;
    tell(
        Figure::ms(NAME, format!("verify {movements} movements"), took)
            .beside(raw.as_secs_f64() * 1e3, raw.as_secs_f64() / took.as_secs_f64()),
    );
    let (speed, raw_speed) = (passed as f64 / took.as_secs_f64(), rows as f64 / raw.as_secs_f64());
    tell(
        Figure::new(NAME, "rows verified a second; raw: read in order", speed, "/s")
            .beside(raw_speed, speed / raw_speed)
            .ratio_at_least(RATIO_MIN),
    );
    tell(Figure::new(NAME, "memory while verifying, over what was held before", memory, "MiB").below(MEMORY_MAX));
    Ok(())
}
