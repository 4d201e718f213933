//! The ERP dialect: the stock-draft calls under `/api/inventory/{Controller}/{Method}`.
//!
//! Everything peculiar to the dialect stops here: wrapped optional values, enums as digit strings,
//! `-1` for the root org unit, errors inside a reply of status 200, HTML in a message. A call goes
//! [`door`] → [`route`] → [`asking`] (who asks, and how) → [`wire`] (what was sent, by type) → plain structs and
//! violations → [`answer`], which asks the engine → reply structs → [`fault::reply`].

pub mod answer;
pub mod asking;
pub mod booking;
pub mod catalog;
pub mod checks;
pub mod door;
pub mod draft;
pub mod draft_entry;
pub mod enumeration;
pub mod fault;
pub mod filter;
pub mod html;
pub mod login;
pub mod page;
pub mod route;
pub mod stock;
pub mod time;
pub mod wire;
