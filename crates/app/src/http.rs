//! The HTTP doors, one folder for each dialect.

pub mod erp;
