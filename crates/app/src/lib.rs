//! The doors of Lotbook: HTTP in several dialects, and the command line. They translate, and decide nothing.

pub mod app;
pub mod bridge;
pub mod http;
pub mod json;
pub mod password;
pub mod secret;
pub mod surroundings;
