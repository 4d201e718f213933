//! The families of functions, one file each.

pub mod inventory_operation;
pub mod query;

use super::function::Family;

/// All families, in the order of the reference.
pub static ALL: &[&Family] = &[&inventory_operation::FAMILY, &query::FAMILY];
