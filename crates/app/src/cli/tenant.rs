//! `lotbook tenant`

use clap::Subcommand;
use lotbook_engine::tenant::{self, CreateTenant};

use super::{Common, Failure, house};
use crate::password;

/// What to do with tenants.
#[derive(Subcommand)]
pub enum Tenant {
    /// Make a tenant with a user admin
    Create {
        /// Its name
        name: String,
        /// The password of its user admin; without one nobody can log in until one is set
        #[arg(long, env = "LOTBOOK_ADMIN_PASSWORD", hide_env_values = true)]
        admin_password: Option<String>,
    },
    /// Print the names of all tenants
    List,
}

impl Tenant {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Create { name, admin_password } => {
                let engine = house::open_or_make(common)?;
                let given = admin_password.filter(|password| !password.is_empty());
                if let Some(password) = &given {
                    super::password::check(password)?;
                }
                let has_password = given.is_some();
                let create =
                    CreateTenant { name, admin_password_hash: given.map(|password| password::hash(&password)) };
                let made = house::change(&engine, tenant::DEFAULT, create)?;
                let name = made["name"].as_str().unwrap_or_default();
                println!("{}", made["id"]);
                eprintln!("tenant {name} has a user admin and the roles admin, manager, operator and reader");
                if !has_password {
                    eprintln!("set the password with: lotbook user password admin --tenant {name}");
                }
            }
            Self::List => {
                let engine = house::open_for_command(common)?;
                for (_, name) in engine.read(tenant::all)? {
                    println!("{name}");
                }
            }
        }
        Ok(())
    }
}
