//! The durable floor: one write path over SQLite or PostgreSQL.

pub mod error;
pub mod store;

pub use error::Error;
pub use store::{Arg, Column, Conn, Dialect, Row, Rows, Store};
