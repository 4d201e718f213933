//! Catalog records: units, products, locations, parties and the rest, all by one description each.
//!
//! A kind is data ([`kind::Kind`], listed in [`kinds`]). A request's fields are read by it into a plan
//! that knows all that is wrong ([`plan`]), references are found set-wise ([`reference`]), and what is
//! written and shown follows from it as well ([`row`], [`list`]). What one kind asks beyond its fields
//! is in [`rule`] and [`tree`]. Settings are decisions, not records: [`setting`].

pub mod change;
pub mod field;
pub mod kept;
pub mod kind;
pub mod kinds;
pub mod list;
pub mod period;
pub mod plan;
pub mod reference;
pub mod referrer;
pub mod row;
mod rule;
pub mod setting;
pub mod tree;
pub mod value;

pub use change::{ChangeRecord, CreateRecords, DeleteRecord, RECORDS_MAX};
pub use kind::{Field, Kind};
pub use reference::Reference;
pub use value::{Record, Value};
