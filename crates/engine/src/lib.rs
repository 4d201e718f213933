//! The durable floor: one write path over SQLite or PostgreSQL.

pub mod error;

pub use error::Error;
