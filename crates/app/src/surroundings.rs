//! The only clock and the only random source of the program.

use std::time::{SystemTime, UNIX_EPOCH};

use lotbook_domain::time::Time;
use lotbook_engine::Surroundings;

/// The clock and the random source of this machine.
pub fn real() -> Surroundings {
    Surroundings { clock: Box::new(now), random: Box::new(fill) }
}

/// The present time.
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Fills a buffer with random bytes that nobody can guess.
pub fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has a random source, without which no secret is safe");
}
