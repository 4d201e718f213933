//! The command line: one file a command. What a command prints for programs goes to stdout, everything
//! for people to stderr.
//!
//! A command is a struct of arguments with a method `run`. To add one, add its module, its line in
//! [`Command`] and its line in [`Command::run`].

mod backup;
mod bar;
mod bench;
mod call;
mod export;
mod house;
mod import;
mod migrate;
mod password;
mod serve;
mod settings;
mod tenant;
mod token;
mod user;
mod verify;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use lotbook_engine::Error;

use crate::http::native;
use crate::log;

/// Lotbook: an inventory engine with one immutable stock ledger.
#[derive(Parser)]
#[command(name = "lotbook", version, about, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command knows.
#[derive(Args)]
pub struct Common {
    /// Where the data are: sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "LOTBOOK_DATABASE",
        hide_env_values = true,
        default_value = "sqlite:lotbook.db"
    )]
    pub database: String,
    /// What is logged: error, warn, info, debug or trace, also by part: info,lotbook_app=debug
    #[arg(long, global = true, value_name = "FILTER", env = "LOTBOOK_LOG", default_value = "info")]
    pub log: String,
    /// How it is logged
    #[arg(long, global = true, value_name = "FORMAT", env = "LOTBOOK_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: log::Format,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the APIs and the web UI
    Serve(serve::Serve),
    /// Bring the database up to this version of the program
    Migrate(migrate::Migrate),
    /// Tenants: enterprises that share a database
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// People who may use the APIs
    #[command(subcommand)]
    User(user::User),
    /// API keys, which speak for people
    #[command(subcommand)]
    Token(token::Token),
    /// Settings of a tenant and of its org units
    #[command(subcommand)]
    Settings(settings::Settings),
    /// Bring in tables of records, entries, or the Online Retail data
    Import(import::Import),
    /// Write records, balances, movements or entries out
    Export(Box<export::Export>),
    Call(Box<call::Call>),
    /// Compute everything derived anew, and compare
    Verify(verify::Verify),
    /// Print the OpenAPI document of the native API
    Openapi,
    /// Copy a SQLite database while it is in use
    Backup(backup::Backup),
    /// Put a copy that `backup` made in the place of the database
    Restore(backup::Restore),
    /// Measure what this machine does
    Bench(bench::Bench),
}

impl Command {
    fn run(self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Serve(command) => command.run(common),
            Self::Migrate(command) => command.run(common),
            Self::Tenant(command) => command.run(common),
            Self::User(command) => command.run(common),
            Self::Token(command) => command.run(common),
            Self::Settings(command) => command.run(common),
            Self::Openapi => {
                println!("{}", native::document());
                Ok(())
            }
            Self::Import(command) => command.run(common),
            Self::Export(command) => command.run(common),
            Self::Call(command) => command.run(common),
            Self::Verify(command) => command.run(common),
            Self::Backup(command) => command.run(common),
            Self::Restore(command) => command.run(common),
            Self::Bench(command) => command.run(common),
        }
    }
}

/// Why a command did not do what it was asked for: a sentence for the person at the terminal.
#[derive(Debug)]
pub struct Failure(pub String);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl Failure {
    /// Whoever read our output has enough, as `head` does: an end, not a fault.
    fn is_silent(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Self(String::new()) } else { Self(error.to_string()) }
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        let text = error.to_string();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            _ => Self(text),
        }
    }
}

/// Runs the command that the arguments ask for: 0 when it did, 1 when it failed, 2 when the arguments
/// make no sense.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    if let Err(fault) = log::begin(&cli.common.log, cli.common.log_format) {
        eprintln!("error: {fault}");
        return ExitCode::from(2);
    }
    match cli.command.run(&cli.common) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_silent() => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            eprintln!("error: {text}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense_and_every_flag_has_its_variable() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments().filter(|argument| !argument.is_positional()) {
                let name = argument.get_id().as_str();
                assert!(
                    ["help", "version"].contains(&name) || argument.get_env().is_some(),
                    "{}: --{name} has no environment variable",
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(check);
        }
        let command = Cli::command();
        command.clone().debug_assert();
        check(&command);
    }
}
