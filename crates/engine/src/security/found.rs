//! The people and roles that a tenant begins with.

use lotbook_domain::id::{LocationId, RoleId, UserId};

use super::{access, permission};
use crate::error::Error;
use crate::table;
use crate::table::person::Person;
use crate::table::role::Role;
use crate::write::Tx;

/// The ready-made roles, in the order of their ids from 1.
const ROLES: [(&str, &[&str]); 4] = [
    ("admin", &[permission::ALL]),
    ("manager", permission::MANAGER),
    ("operator", permission::OPERATOR),
    ("reader", permission::READER),
];

/// Makes the roles admin, manager, operator and reader and the person admin, number 1, for the new
/// tenant of `tx`. Without the hash of a password nobody can log in until one is set.
pub fn found(tx: &mut Tx<'_>, admin_password_hash: Option<&str>) -> Result<(), Error> {
    let first = tx.ids("role", ROLES.len() as i64)?;
    let admin = UserId(tx.ids("person", 1)?);
    for (place, (name, permissions)) in ROLES.iter().enumerate() {
        let permissions: Vec<String> = permissions.iter().map(|name| (*name).to_owned()).collect();
        let role = Role {
            id: RoleId(first + place as i64),
            uid: tx.uid(),
            name: (*name).to_owned(),
            permissions: access::encode(&permissions),
            created_at: tx.now,
            created_by: admin,
            modified_at: tx.now,
            modified_by: admin,
            version: 1,
        };
        table::role::insert(tx.conn, tx.tenant, &role, name)?;
    }
    let person = Person {
        id: admin,
        uid: tx.uid(),
        name: "admin".to_owned(),
        email: None,
        is_enabled: true,
        created_at: tx.now,
        created_by: admin,
        modified_at: tx.now,
        modified_by: admin,
        version: 1,
    };
    table::person::insert(tx.conn, tx.tenant, &person, "admin", admin_password_hash)?;
    table::person::set_roles(tx.conn, tx.tenant, admin, &[(RoleId(first), LocationId::NONE)])
}
