//! The doors of Lotbook: HTTP in several dialects, and the command line. They translate, and decide nothing.

pub mod http;
pub mod json;
