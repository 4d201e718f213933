//! `lotbook bench`

use std::path::PathBuf;

use clap::Args;

use super::{Common, Failure};
use crate::bench::{self, Plan, Workload};

/// Measures this machine with databases of its own, which are gone afterwards.
#[derive(Args)]
pub struct Bench {
    /// What to measure; everything if left out
    #[arg(value_enum)]
    workloads: Vec<Workload>,
    /// Also measure on this PostgreSQL server, in a new database
    #[arg(long, value_name = "URL", env = "LOTBOOK_BENCH_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
    /// Write the figures into this file, instead of to stdout
    #[arg(long, value_name = "FILE", env = "LOTBOOK_BENCH_JSON")]
    json: Option<PathBuf>,
    /// How many entries a large call has
    #[arg(long, value_name = "N", env = "LOTBOOK_BENCH_ENTRIES", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=200_000))]
    entries: u32,
    /// For how many seconds small calls are made
    #[arg(long, value_name = "N", env = "LOTBOOK_BENCH_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// How many movements a long history has
    #[arg(long, value_name = "N", env = "LOTBOOK_BENCH_MOVEMENTS", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..=20_000_000))]
    movements: u32,
    /// Where the SQLite database is made; the directory for temporary files if left out
    #[arg(long, value_name = "DIRECTORY", env = "LOTBOOK_BENCH_DIRECTORY")]
    directory: Option<PathBuf>,
}

impl Bench {
    /// Measures, and prints the figures as one JSON document.
    pub fn run(self, _: &Common) -> Result<(), Failure> {
        let plan = Plan {
            workloads: self.workloads,
            postgres: self.postgres.filter(|url| !url.is_empty()),
            directory: self.directory.unwrap_or_else(std::env::temp_dir),
            entries: self.entries as usize,
            seconds: u64::from(self.seconds),
            movements: self.movements as usize,
        };
        let report = bench::run(&plan)?;
        let text = serde_json::to_string_pretty(&report).expect("figures can be printed");
        match self.json {
            Some(file) => std::fs::write(&file, text + "\n")
                .map_err(|error| Failure(format!("{} cannot be written: {error}", file.display())))?,
            None => println!("{text}"),
        }
        Ok(())
    }
}
