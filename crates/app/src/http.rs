//! The HTTP doors, one folder for each dialect, and what they share.

pub mod auth;
pub mod call;
pub mod caller;
pub mod download;
pub mod erp;
pub mod flow;
pub mod guard;
pub mod health;
pub mod integrity;
pub mod limit;
pub mod listen;
pub mod metrics;
pub mod mqtt;
pub mod native;
pub mod page;
pub mod people;
pub mod problem;
pub mod request_id;
pub mod script;
pub mod server;
pub mod tokens;
pub mod webhook;
