//! Lotbook.
fn main() {}
