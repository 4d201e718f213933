//! `lotbook user`

use clap::{Args, Subcommand};
use lotbook_domain::id::UserId;
use lotbook_engine::security::person::{self, ChangePerson, CreatePeople, NewPerson, WantedRole};
use lotbook_engine::security::{Edit, Reference};

use super::password::PasswordArgs;
use super::{Common, Failure, house};
use crate::password;

/// So many are read at once.
const PAGE: i64 = 1_000;

/// What to do with users.
#[derive(Subcommand)]
pub enum User {
    /// Make a user
    Create(Create),
    /// Print all users, one JSON object a line
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Keep a user out: sessions end, API keys do not hold any more
    Disable(Named),
    /// Let a user in again
    Enable(Named),
    /// Set another password; the user's sessions end
    Password {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Give a user these roles instead of those held
    Roles {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        roles: RoleArgs,
    },
}

/// Which tenant.
#[derive(Args)]
pub struct TenantArg {
    /// The tenant's name
    #[arg(long, env = "LOTBOOK_TENANT", default_value = "default")]
    pub tenant: String,
}

/// Which user.
#[derive(Args)]
pub struct Named {
    /// The user's name
    name: String,
    #[command(flatten)]
    tenant: TenantArg,
}

/// Which roles.
#[derive(Args)]
pub struct RoleArgs {
    /// A role that the user is to hold: admin, manager, operator, reader or one of your own; may be given
    /// several times
    #[arg(long = "role", value_name = "ROLE", env = "LOTBOOK_ROLE", value_delimiter = ',')]
    roles: Vec<String>,
    /// The path of the org unit where the roles hold, and below; everywhere if left out
    #[arg(long, value_name = "PATH", env = "LOTBOOK_ORG_UNIT")]
    org_unit: Option<String>,
}

impl RoleArgs {
    fn wanted(self) -> Vec<WantedRole> {
        let org_unit = self.org_unit.map(Reference::from_text);
        self.roles
            .into_iter()
            .map(|role| WantedRole { role: Reference::from_text(role), org_unit: org_unit.clone() })
            .collect()
    }
}

/// A new user.
#[derive(Args)]
pub struct Create {
    /// The name to log in with
    name: String,
    #[command(flatten)]
    tenant: TenantArg,
    #[command(flatten)]
    roles: RoleArgs,
    /// The user's address, which may be used to log in as well
    #[arg(long, env = "LOTBOOK_EMAIL")]
    email: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
}

impl User {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Create(create) => create.run(common),
            Self::List { tenant } => list(common, &tenant.tenant),
            Self::Disable(named) => named.change(common, |change| change.is_enabled = Some(false)),
            Self::Enable(named) => named.change(common, |change| change.is_enabled = Some(true)),
            Self::Password { named, password } => {
                let password = password.get(&named.name)?.ok_or_else(|| {
                    Failure("no password: give --password-stdin or LOTBOOK_PASSWORD, or use a terminal".to_owned())
                })?;
                named.change(common, |change| change.password_hash = Edit::Set(password::hash(&password)))
            }
            Self::Roles { named, roles } => {
                let wanted = roles.wanted();
                named.change(common, |change| change.roles = Some(wanted))
            }
        }
    }
}

impl Create {
    fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = house::open_or_make(common)?;
        let tenant = house::tenant(&engine, &self.tenant.tenant)?;
        let password = self.password.get(&self.name)?;
        if password.is_none() {
            eprintln!("note: {} has no password, so only API keys can speak for them", self.name);
        }
        let new = NewPerson {
            name: self.name,
            email: self.email,
            password_hash: password.map(|password| password::hash(&password)),
            is_enabled: true,
            roles: self.roles.wanted(),
        };
        let made = house::change(&engine, tenant, CreatePeople { people: vec![new], is_list: false })?;
        println!("{}", made["id"]);
        Ok(())
    }
}

impl Named {
    fn change(self, common: &Common, edit: impl FnOnce(&mut ChangePerson)) -> Result<(), Failure> {
        let engine = house::open_for_command(common)?;
        let tenant = house::tenant(&engine, &self.tenant.tenant)?;
        let person = house::person(&engine, tenant, &self.name)?;
        let mut change = ChangePerson::of(Reference::Id(person.0));
        edit(&mut change);
        let changed = house::change(&engine, tenant, change)?;
        eprintln!("user {} is changed", changed["name"].as_str().unwrap_or_default());
        Ok(())
    }
}

fn list(common: &Common, tenant: &str) -> Result<(), Failure> {
    let engine = house::open_for_command(common)?;
    let tenant = house::tenant(&engine, tenant)?;
    let mut after = UserId(0);
    loop {
        let people = engine.read(|conn| person::page(conn, tenant, after, PAGE))?;
        let Some(last) = people.last() else { return Ok(()) };
        after = last.id();
        for person in &people {
            println!("{}", serde_json::to_string(person).expect("views can be printed"));
        }
    }
}
