//! SQL, one file a noun: rows in, rows out. No rule about stock is decided here.

pub mod account;
pub mod answered;
pub mod audit;
pub mod booking;
pub mod catalog;
pub mod costing;
pub mod count;
pub mod decision;
pub mod entry;
pub mod header;
pub mod journal;
pub mod movement;
pub mod operation;
pub mod person;
pub mod process;
pub mod production_order;
pub mod reservation;
pub mod role;
pub mod run;
pub mod scan;
pub mod tenant;
pub mod token;
pub mod value_entry;
pub mod value_fact;
pub mod voucher;
pub mod webhook;
