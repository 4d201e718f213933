//! The durable floor: one write path over SQLite or PostgreSQL.

mod append;
pub mod command;
mod desk;
pub mod engine;
pub mod error;
pub mod general_ledger;
pub mod growth;
pub mod mqtt;
pub mod query;
pub mod raw;
mod replay;
pub mod security;
pub mod settle;
pub mod store;
pub mod structure;
pub mod table;
pub mod tenant;
pub mod thing;
pub mod uid;
pub mod verify;
pub mod webhook;
pub mod worker;
pub mod write;
pub mod zone;

pub use engine::{Engine, Surroundings};
pub use error::{Error, Figure};
pub use store::{Arg, Column, Conn, Dialect, Fuse, Row, Rows, Store};
