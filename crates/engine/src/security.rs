//! Who may do what, where: people, the roles they hold, and the tokens that speak for them.
//!
//! A *permission* is a dotted name, and a parent grants its children: `STOCK` grants `STOCK.READ`. A
//! *role* is a set of permissions. A person holds a role everywhere, or at an org unit and everything
//! below it. A *token* is 256 random bits of which only the hash is kept, so that whoever reads the
//! database cannot act with it; passwords are hashed by the caller, who has the processor time.
//!
//! Nobody gives what they do not have: a person who may change people and roles can hand out only
//! permissions that they hold everywhere themselves. Somebody who may do everything always remains.

pub mod access;
pub mod api_key;
pub mod permission;
pub mod person;
mod reference;
pub mod role;
pub mod session;

mod edit;
mod found;

pub use access::{Access, Grant, OrgUnits};
pub use edit::Edit;
pub use found::found;
pub use reference::Reference;

use lotbook_domain::id::{TenantId, UserId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::token::Token;
use crate::write::Tx;

/// Who has the database in their hands: the command line, and what the server does by itself. No token
/// speaks for it.
pub const SYSTEM: UserId = UserId(0);

/// The hash of a token's secret. The secret has 256 random bits, so a fast hash is enough.
pub fn hash_secret(secret: &[u8]) -> [u8; 32] {
    *blake3::hash(secret).as_bytes()
}

/// A token that holds, and what it allows.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The token.
    pub token: Token,
    /// For whom it speaks, and what they may do.
    pub access: Access,
}

/// The token with this hash, if it holds now and its person may act.
pub fn verify(conn: &mut Conn, tenant: TenantId, secret_hash: &[u8; 32], now: Time) -> Result<Option<Verified>, Error> {
    let Some(token) = table::token::by_hash(conn, tenant, secret_hash)? else { return Ok(None) };
    if !token.is_valid(now) {
        return Ok(None);
    }
    Ok(Access::load(conn, tenant, token.person)?.map(|access| Verified { token, access }))
}

/// Who makes a change, with all that they may do at this moment.
fn actor(tx: &mut Tx<'_>) -> Result<Access, Error> {
    if tx.person == SYSTEM {
        return Ok(Access::everything(tx.tenant, SYSTEM));
    }
    Access::load(tx.conn, tx.tenant, tx.person)?
        .ok_or_else(|| Error::Forbidden { message: "your user is disabled; ask an administrator".to_owned() })
}

/// Refuses to hand out permissions that the actor does not hold everywhere.
fn require_own(actor: &Access, permissions: &[String]) -> Result<(), Error> {
    match permissions.iter().find(|permission| !actor.may_everywhere(permission)) {
        None => Ok(()),
        Some(permission) => Err(Error::Forbidden {
            message: format!("{} does not hold {permission} everywhere, and so cannot hand it out", actor.name),
        }),
    }
}

/// Refuses a change after which nobody could do everything.
fn require_an_admin(tx: &mut Tx<'_>) -> Result<(), Error> {
    let roles = table::role::all(tx.conn, tx.tenant)?;
    let mut of_admins = Vec::new();
    for role in roles {
        if access::decode(&role.permissions)?.iter().any(|permission| permission == permission::ALL) {
            of_admins.push(role.id);
        }
    }
    if table::person::count_holders(tx.conn, tx.tenant, of_admins)? == 0 {
        return Err(Error::refused(
            "lastAdmin",
            "nobody would be left who may do everything; give somebody else the role admin first",
        ));
    }
    Ok(())
}

fn check_version(kind: &str, name: &str, asked: Option<i64>, found: i64) -> Result<(), Error> {
    match asked {
        Some(asked) if asked != found => Err(Error::Conflict {
            message: format!(
                "the {kind} {name} is at version {found}, not {asked}; read it again and repeat the change"
            ),
        }),
        _ => Ok(()),
    }
}

fn check_name(name: &str, chars_max: usize) -> Option<Violation> {
    let name = name.trim();
    let chars = name.chars().count();
    if chars == 0 {
        return Some(Violation::new("name", "required", "is missing"));
    }
    if chars > chars_max {
        let message = format!("has {chars} characters; at most {chars_max} fit");
        return Some(Violation::new("name", "tooLong", message));
    }
    let has_control = name.chars().any(char::is_control);
    has_control.then(|| Violation::new("name", "notAName", "has characters that cannot be seen"))
}

/// A name that is taken, said so.
fn taken(error: Error, kind: &str, name: &str) -> Error {
    match error {
        Error::Duplicate(_) => {
            Error::refused("nameTaken", format!("there is a {kind} {name} already; take another name"))
        }
        other => other,
    }
}
