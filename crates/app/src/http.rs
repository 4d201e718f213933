//! The HTTP doors, one folder for each dialect.

pub mod erp;
pub mod problem;
pub mod request_id;
