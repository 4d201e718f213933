//! `lotbook backup` and `lotbook restore`

use std::path::PathBuf;

use clap::Args;
use lotbook_engine::store::backup;

use super::{Common, Failure};

/// Copies a SQLite database into one file, while it is in use.
#[derive(Args)]
pub struct Backup {
    /// The file to write; it must not exist
    to: PathBuf,
}

/// Puts a copy in the place of a SQLite database. No server may be using it.
#[derive(Args)]
pub struct Restore {
    /// The copy
    from: PathBuf,
    /// Replace the database that is there
    #[arg(long, env = "LOTBOOK_RESTORE_FORCE")]
    force: bool,
}

impl Backup {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        backup::copy(&common.database, &self.to)?;
        eprintln!("{} is a copy of the database, and whole", self.to.display());
        Ok(())
    }
}

impl Restore {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        backup::restore(&self.from, &common.database, self.force)?;
        eprintln!("the database is what {} was", self.from.display());
        Ok(())
    }
}
