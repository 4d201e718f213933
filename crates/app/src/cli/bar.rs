//! Progress on stderr, where a person watches.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over so many things; invisible where stderr is no terminal.
pub fn new(length: u64, things: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(8));
    let style = format!("{{bar:40}} {{pos}} of {{len}} {things}, {{elapsed}}, {{eta}} to go");
    if let Ok(style) = ProgressStyle::with_template(&style) {
        bar.set_style(style);
    }
    bar
}
