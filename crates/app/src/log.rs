//! The log: lines on stderr, for people or as JSON.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line of text
    #[default]
    Text,
    /// A JSON object in a line
    Json,
}

/// Begins to log what a filter lets through. The error says what is wrong with the filter.
pub fn begin(filter: &str, format: Format) -> Result<(), String> {
    use std::io::IsTerminal;
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("{filter} is not a filter for the log: {error}; take info, debug or warn"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = match format {
        Format::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
        Format::Json => builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
    begun.map_err(|error| format!("logging cannot begin: {error}"))
}
