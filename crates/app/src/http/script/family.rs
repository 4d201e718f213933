//! The families of functions, one file each.

pub mod inventory;
pub mod inventory_operation;
pub mod location;
pub mod material;
pub mod material_class;
pub mod operation;
pub mod production_order;
pub mod query;
pub mod reason_code;
pub mod role;
pub mod trace;
pub mod unit;

use super::function::Family;

/// All families, in the order of the reference.
pub static ALL: &[&Family] = &[
    &inventory::FAMILY,
    &inventory_operation::FAMILY,
    &query::FAMILY,
    &location::FAMILY,
    &material::FAMILY,
    &material_class::FAMILY,
    &reason_code::FAMILY,
    &unit::FAMILY,
    &unit::CONVERSIONS,
    &operation::FAMILY,
    &production_order::FAMILY,
    &trace::FAMILY,
    &role::FAMILY,
];
