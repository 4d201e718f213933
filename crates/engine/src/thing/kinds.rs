//! The kinds of catalog records, each described once.

mod finance;
mod journal;
mod location;
mod lot;
mod party;
mod product;
mod production;
mod reason;
mod unit;

pub use finance::GL_RULES;
pub use journal::{JOURNALS, SERIES};
pub use location::LOCATIONS;
pub use lot::{INSTANCES, LOTS};
pub(crate) use lot::{LOT_HISTORY, LOT_NAMED};
pub use party::PARTIES;
pub use product::{CATEGORIES, PRODUCTS, VARIANTS};
pub use production::{OPERATIONS, PROCESSES, PRODUCTION_ORDERS};
pub use reason::REASON_CODES;
pub use unit::{UNIT_CONVERSIONS, UNITS};

use super::kind::{Field, Kind, Type};

/// All kinds, in the order of the reference.
pub static ALL: [&Kind; 16] = [
    &UNITS,
    &UNIT_CONVERSIONS,
    &CATEGORIES,
    &PRODUCTS,
    &VARIANTS,
    &INSTANCES,
    &LOTS,
    &LOCATIONS,
    &PARTIES,
    &REASON_CODES,
    &SERIES,
    &JOURNALS,
    &PROCESSES,
    &PRODUCTION_ORDERS,
    &OPERATIONS,
    &GL_RULES,
];

/// The kind with this name in addresses.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}

const ANY: &str = "1 = 1";

/// What most kinds have for people's own use.
const NOTES: Field = Field::optional("notes", "notes", Type::Text, "Free text.");
const SPARE1: Field = Field::optional("spare1", "spare1", Type::Text, "Free for your own use.");
const SPARE2: Field = Field::optional("spare2", "spare2", Type::Text, "Free for your own use.");
const SPARE3: Field = Field::optional("spare3", "spare3", Type::Text, "Free for your own use.");
