//! `lotbook token`

use clap::Subcommand;
use lotbook_domain::id::TokenId;
use lotbook_engine::security::Reference;
use lotbook_engine::security::api_key::{self, CreateApiKey, RevokeApiKey};

use super::user::TenantArg;
use super::{Common, Failure, house};
use crate::secret::Secret;

/// So many are read at once.
const PAGE: i64 = 1_000;

/// What to do with API keys.
#[derive(Subcommand)]
pub enum Token {
    /// Make an API key and print it; it is not shown again
    Create {
        /// For whom it speaks
        #[arg(long, env = "LOTBOOK_USER")]
        user: String,
        #[command(flatten)]
        tenant: TenantArg,
        /// What it is for
        #[arg(long, env = "LOTBOOK_TOKEN_NAME", default_value = "API key")]
        name: String,
    },
    /// Print all API keys without their secrets, one JSON object a line
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Make an API key worthless
    Revoke {
        /// Its id, as `list` shows it
        id: i64,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

impl Token {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = house::open_for_command(common)?;
        match self {
            Self::Create { user, tenant, name } => {
                let tenant = house::tenant(&engine, &tenant.tenant)?;
                let person = house::person(&engine, tenant, &user)?;
                let secret = Secret::fresh(tenant);
                let create = CreateApiKey {
                    person: Some(Reference::Id(person.0)),
                    name,
                    secret_hash: secret.hash(),
                    expires_at: None,
                };
                house::change(&engine, tenant, create)?;
                println!("{}", secret.reveal());
            }
            Self::List { tenant } => {
                let tenant = house::tenant(&engine, &tenant.tenant)?;
                let mut after = TokenId(0);
                loop {
                    let keys = engine.read(|conn| api_key::page(conn, tenant, None, after, PAGE))?;
                    let Some(last) = keys.last() else { break };
                    after = last.id();
                    for key in &keys {
                        println!("{}", serde_json::to_string(key).expect("views can be printed"));
                    }
                }
            }
            Self::Revoke { id, tenant } => {
                let tenant = house::tenant(&engine, &tenant.tenant)?;
                house::change(&engine, tenant, RevokeApiKey { id: TokenId(id) })?;
                eprintln!("API key {id} is revoked; a running server forgets it within 2 seconds");
            }
        }
        Ok(())
    }
}
