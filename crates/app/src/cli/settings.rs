//! `lotbook settings`

use clap::{Args, Subcommand};
use lotbook_domain::id::LocationId;
use lotbook_engine::thing::reference::Reference;
use lotbook_engine::thing::setting::{self, ChangeSetting};
use lotbook_engine::thing::value::Value;

use super::user::TenantArg;
use super::{Common, Failure, house};

/// What to do with settings.
#[derive(Subcommand)]
pub enum Settings {
    /// Print all settings as JSON, with what holds where nothing was decided
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Print one setting as JSON
    Get {
        /// Its key: negativeStock
        key: String,
        #[command(flatten)]
        place: Place,
    },
    /// Decide about a setting and print it
    Set {
        /// Its key: negativeStock
        key: String,
        /// JSON, or else taken as text; null = back to what holds without a decision
        value: String,
        #[command(flatten)]
        place: Place,
    },
}

/// For whom.
#[derive(Args)]
pub struct Place {
    #[command(flatten)]
    tenant: TenantArg,
    /// The path of the org unit that it is for; the whole tenant if left out
    #[arg(long, value_name = "PATH", env = "LOTBOOK_ORG_UNIT")]
    org_unit: Option<String>,
}

impl Settings {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = match &self {
            Self::Set { .. } => house::open_or_make(common)?,
            Self::List { .. } | Self::Get { .. } => house::open_for_command(common)?,
        };
        match self {
            Self::List { tenant } => {
                let tenant = house::tenant(&engine, &tenant.tenant)?;
                println!("{}", engine.read(|conn| setting::list(conn, tenant))?);
            }
            Self::Get { key, place } => {
                let tenant = house::tenant(&engine, &place.tenant.tenant)?;
                let shown = engine.read(|conn| {
                    let at: Option<LocationId> = match &place.org_unit {
                        None => None,
                        Some(path) => Some(setting::org_unit(conn, tenant, &Reference::of_address(path))?),
                    };
                    setting::show(conn, tenant, &key, at)
                })?;
                println!("{shown}");
            }
            Self::Set { key, value, place } => {
                let tenant = house::tenant(&engine, &place.tenant.tenant)?;
                let value = Value::parse(&value).unwrap_or(Value::Text(value));
                let org_unit = place.org_unit.as_deref().map(Reference::of_address);
                let change = ChangeSetting { key, value, org_unit };
                println!("{}", engine.change(house::request(&engine, tenant), change)?);
            }
        }
        Ok(())
    }
}
