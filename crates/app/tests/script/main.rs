//! The script API over HTTP, as scripts of the shop floor use it.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too
#![allow(clippy::needless_pass_by_value)] // arguments are made on the spot and given away

#[path = "../support/mod.rs"]
mod support;

#[path = "../support/exchange.rs"]
mod exchange;

mod dairy;
mod exchanges;
mod families;
mod inventory;
mod names;
mod operations;
mod plant;
mod production;
mod protocol;
mod rules;
mod triggers;

use support::{PostgresDb, Scratch};

/// Tells a story on both databases.
fn on_both(story: fn(&str)) {
    let scratch = Scratch::new();
    story(&scratch.url());
    if let Some(database) = PostgresDb::new() {
        story(&database.url());
    }
}
