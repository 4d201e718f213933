//! Data to look around in: a webshop for coffee and tea, and a dairy plant, with some weeks behind them.
//!
//! Everything goes through the commands that a client uses, so what they refuse cannot be here
//! either. The same history comes out every time, ending today.

mod clerk;
mod office;
mod plant;
mod shop;

use std::sync::Arc;

use lotbook_domain::time::Time;
use lotbook_engine::{Engine, Error, table, tenant};

use clerk::Clerk;

const WEEKS: i64 = 6;
const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Fills the default tenant, unless it has journals already. The engine's threads must run. Answers
/// whether it did.
pub fn fill(engine: &Arc<Engine>) -> Result<bool, Error> {
    if !engine.read(|conn| table::journal::all(conn, tenant::DEFAULT))?.is_empty() {
        return Ok(false);
    }
    let today = engine.now().0.div_euclid(Time::DAY);
    let begins = Time((today - 7 * WEEKS) * Time::DAY);
    let clerk = Clerk(engine);
    let deliveries = shop::live(clerk, begins)?;
    plant::live(clerk, begins)?;
    office::live(clerk, begins, &deliveries)?;
    Ok(true)
}

/// A small generator of numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

fn damaged(what: &str) -> Error {
    Error::Internal(format!("the demo's {what} is not as the demo needs it"))
}
