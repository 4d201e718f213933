//! The rules of stock: pure functions over plain data.
//!
//! Nothing here reads a clock, a file, a database or a random source; time and ids come in as
//! arguments. The same code decides in tests, in the simulation and in production.
//!
//! A first walk: [`quantity`] and [`money`] (exact numbers) → [`movement`] (the fact) →
//! [`timeline`] (what stood where at a time) → [`booking`] (the one act that makes stock move).

pub mod booking;
pub mod catalog;
pub mod chain;
pub mod cost;
pub mod costing;
pub mod count;
pub mod counter;
pub mod entry;
pub mod expression;
pub mod id;
pub mod journal;
pub mod ledger;
pub mod location;
pub mod money;
pub mod movement;
pub mod policy;
pub mod posting;
pub mod quantity;
pub mod reservation;
pub mod reversal;
pub mod run;
pub mod settlement;
pub mod time;
pub mod timeline;
pub mod trigger;
pub mod violation;
