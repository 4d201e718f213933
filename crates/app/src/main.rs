//! Lotbook: the server and its command line in one program.

use std::process::ExitCode;

fn main() -> ExitCode {
    lotbook_app::cli::run()
}
