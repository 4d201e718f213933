//! The doors of Lotbook: HTTP in several dialects, and the command line. They translate, and decide nothing.

pub mod app;
pub mod bench;
pub mod bridge;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod epcis;
pub mod http;
pub mod import;
pub mod json;
pub mod log;
pub mod mqtt;
pub mod password;
pub mod scrub;
pub mod secret;
pub mod surroundings;
pub mod table;
pub mod tls;
pub mod webhook;
