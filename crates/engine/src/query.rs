//! Questions, one a file: they read one snapshot and change nothing.

pub mod availability;
pub mod balance;
pub mod codes;
pub mod count;
pub mod count_plan;
pub mod entries;
pub mod feed;
pub mod figures;
pub mod lot;
pub mod movement;
pub mod party;
pub mod product;
pub mod promise;
mod range;
pub mod report;
pub mod settled;
pub mod stock_card;
pub mod trace;
pub mod tree;
pub mod valuation;
pub mod value;
