//! `lotbook migrate`

use clap::Args;
use lotbook_engine::Store;

use super::{Common, Failure};
use crate::surroundings;

/// Brings the schema up to date. The server does so by itself when it starts.
#[derive(Args)]
pub struct Migrate {}

impl Migrate {
    /// Does it, and says how many steps it took.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let Self {} = self;
        let steps = Store::open(&common.database)?.migrate(surroundings::now())?;
        match steps {
            0 => eprintln!("the database is up to date"),
            1 => eprintln!("1 step was taken; the database is up to date"),
            _ => eprintln!("{steps} steps were taken; the database is up to date"),
        }
        Ok(())
    }
}
