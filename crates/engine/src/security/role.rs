//! Making, changing and removing roles.

use lotbook_domain::catalog::fold;
use lotbook_domain::id::{RoleId, TenantId};
use lotbook_domain::violation::Violation;
use serde::Serialize;

use super::{Reference, access, permission};
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::role::Role;
use crate::uid;
use crate::write::{Change, Tx};

/// A role's name has at most so many characters.
const NAME_CHARS_MAX: usize = 255;

/// A role to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// Its name.
    pub name: String,
    /// Its permissions.
    pub permissions: Vec<String>,
}

/// Makes roles, all or none. Answers the role, or `{"items": […]}` for a list.
pub struct CreateRoles {
    /// Which.
    pub roles: Vec<NewRole>,
    /// Whether a list was asked for.
    pub is_list: bool,
}

/// Changes a role. What is `None` stays as it is. Answers the role.
pub struct ChangeRole {
    /// Which.
    pub role: Reference,
    /// The version that the change was made from; another one is a conflict.
    pub version: Option<i64>,
    /// A new name.
    pub name: Option<String>,
    /// All its permissions.
    pub permissions: Option<Vec<String>>,
}

/// Removes a role that nobody holds. Answers `{}`.
pub struct DeleteRole {
    /// Which.
    pub role: Reference,
    /// The version that the change was made from; another one is a conflict.
    pub version: Option<i64>,
}

impl Change for CreateRoles {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        table::tenant::lock(tx.conn, tx.tenant)?;
        let actor = super::actor(tx)?;
        let mut violations = Vec::new();
        let mut made = Vec::new();
        for (index, new) in self.roles.iter().enumerate() {
            let index = self.is_list.then_some(index);
            let mut found: Vec<Violation> = super::check_name(&new.name, NAME_CHARS_MAX).into_iter().collect();
            let permissions = permission::clean(&new.permissions).unwrap_or_else(|violation| {
                found.push(violation);
                Vec::new()
            });
            if !found.is_empty() {
                violations.extend(found.into_iter().map(|violation| Violation { index, ..violation }));
                continue;
            }
            super::require_own(&actor, &permissions)?;
            let role = Role {
                id: RoleId(tx.ids("role", 1)?),
                uid: tx.uid(),
                name: new.name.trim().to_owned(),
                permissions: access::encode(&permissions),
                created_at: tx.now,
                created_by: tx.person,
                modified_at: tx.now,
                modified_by: tx.person,
                version: 1,
            };
            let tenant = tx.tenant;
            tx.conn
                .savepoint(|conn| table::role::insert(conn, tenant, &role, &fold(&role.name)))
                .map_err(|error| super::taken(error, "role", &role.name))?;
            tx.audit("createRole", format!("role {}", role.name), Some(permissions.join(" ")));
            made.push(view(role)?);
        }
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        Ok(if self.is_list {
            to_json(&serde_json::json!({ "items": made }))
        } else {
            made.first().map(to_json).unwrap_or_default()
        })
    }
}

impl Change for ChangeRole {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        table::tenant::lock(tx.conn, tx.tenant)?;
        let actor = super::actor(tx)?;
        let mut role = find(tx.conn, tx.tenant, &self.role)?;
        super::check_version("role", &role.name, self.version, role.version)?;
        super::require_own(&actor, &access::decode(&role.permissions)?)?;
        let mut violations = Vec::new();
        if let Some(name) = &self.name {
            violations.extend(super::check_name(name, NAME_CHARS_MAX));
            name.trim().clone_into(&mut role.name);
        }
        if let Some(permissions) = &self.permissions {
            match permission::clean(permissions) {
                Ok(permissions) => {
                    super::require_own(&actor, &permissions)?;
                    role.permissions = access::encode(&permissions);
                }
                Err(violation) => violations.push(violation),
            }
        }
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        role.modified_at = tx.now;
        role.modified_by = tx.person;
        role.version += 1;
        let tenant = tx.tenant;
        tx.conn
            .savepoint(|conn| table::role::update(conn, tenant, &role, &fold(&role.name)))
            .map_err(|error| super::taken(error, "role", &role.name))?;
        super::require_an_admin(tx)?;
        tx.audit("changeRole", format!("role {}", role.name), Some(role.permissions.clone()));
        Ok(to_json(&view(role)?))
    }
}

impl Change for DeleteRole {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        table::tenant::lock(tx.conn, tx.tenant)?;
        let actor = super::actor(tx)?;
        let role = find(tx.conn, tx.tenant, &self.role)?;
        super::check_version("role", &role.name, self.version, role.version)?;
        super::require_own(&actor, &access::decode(&role.permissions)?)?;
        let people = table::role::count_people(tx.conn, tx.tenant, role.id)?;
        if people > 0 {
            return Err(Error::Refused {
                code: "roleInUse",
                message: format!("{people} people hold the role {}; take it from them first", role.name),
                details: vec![("people", people.into())],
            });
        }
        table::role::delete(tx.conn, tx.tenant, role.id)?;
        tx.audit("deleteRole", format!("role {}", role.name), None);
        Ok("{}".to_owned())
    }
}

/// The role that a reference means.
pub fn find(conn: &mut Conn, tenant: TenantId, reference: &Reference) -> Result<Role, Error> {
    let found = match find_id(conn, tenant, reference)? {
        Some(id) => table::role::by_id(conn, tenant, id)?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found("role", reference))
}

/// The id of the role that a reference means, if there is such a role.
pub(super) fn find_id(conn: &mut Conn, tenant: TenantId, reference: &Reference) -> Result<Option<RoleId>, Error> {
    if let Reference::Text(text) = reference {
        let uid = uid::parse(text).unwrap_or_default();
        let found = table::role::find(conn, tenant, &fold(text), &uid)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let Some(number) = reference.number() else { return Ok(None) };
    Ok(table::role::by_id(conn, tenant, RoleId(number))?.map(|role| role.id))
}

/// A role as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    id: i64,
    uid: String,
    name: String,
    permissions: Vec<String>,
    created_at: String,
    created_by: i64,
    modified_at: String,
    modified_by: i64,
    version: i64,
}

/// A role as it is shown.
pub fn view(role: Role) -> Result<RoleView, Error> {
    Ok(RoleView {
        id: role.id.0,
        uid: uid::print(&role.uid),
        permissions: access::decode(&role.permissions)?,
        name: role.name,
        created_at: role.created_at.to_string(),
        created_by: role.created_by.0,
        modified_at: role.modified_at.to_string(),
        modified_by: role.modified_by.0,
        version: role.version,
    })
}

/// All roles as they are shown, in the order of ids.
pub fn all(conn: &mut Conn, tenant: TenantId) -> Result<Vec<RoleView>, Error> {
    table::role::all(conn, tenant)?.into_iter().map(view).collect()
}

fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("views have text keys and parts that can be printed")
}
