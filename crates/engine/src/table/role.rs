//! Roles: named sets of permissions.

use lotbook_domain::id::{RoleId, TenantId, UserId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Row};

/// A named set of permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its ULID.
    pub uid: String,
    /// Its name.
    pub name: String,
    /// Its permissions, a JSON list of names.
    pub permissions: String,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: UserId,
    /// When it was last changed.
    pub modified_at: Time,
    /// By whom.
    pub modified_by: UserId,
    /// Counts changes from 1.
    pub version: i64,
}

const COLUMNS: &str = "id, uid, name, permissions, created_at, created_by, modified_at, modified_by, version";

fn read(row: &Row<'_>) -> Result<Role, Error> {
    Ok(Role {
        id: RoleId(row.int(0)?),
        uid: row.text(1)?,
        name: row.text(2)?,
        permissions: row.text(3)?,
        created_at: Time(row.int(4)?),
        created_by: UserId(row.int(5)?),
        modified_at: Time(row.int(6)?),
        modified_by: UserId(row.int(7)?),
        version: row.int(8)?,
    })
}

/// Writes a new role.
pub fn insert(conn: &mut Conn, tenant: TenantId, role: &Role, natural_key: &str) -> Result<(), Error> {
    conn.execute(
        "insert into role (tenant, id, uid, name, natural_key, permissions, created_at, created_by, modified_at, \
         modified_by, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            Arg::Int(tenant.0),
            Arg::Int(role.id.0),
            Arg::Text(&role.uid),
            Arg::Text(&role.name),
            Arg::Text(natural_key),
            Arg::Text(&role.permissions),
            Arg::Int(role.created_at.0),
            Arg::Int(role.created_by.0),
            Arg::Int(role.modified_at.0),
            Arg::Int(role.modified_by.0),
            Arg::Int(role.version),
        ],
    )?;
    Ok(())
}

/// Writes what may change of a role.
pub fn update(conn: &mut Conn, tenant: TenantId, role: &Role, natural_key: &str) -> Result<(), Error> {
    conn.execute(
        "update role set name = $3, natural_key = $4, permissions = $5, modified_at = $6, modified_by = $7, \
         version = $8 where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(role.id.0),
            Arg::Text(&role.name),
            Arg::Text(natural_key),
            Arg::Text(&role.permissions),
            Arg::Int(role.modified_at.0),
            Arg::Int(role.modified_by.0),
            Arg::Int(role.version),
        ],
    )?;
    Ok(())
}

/// Removes a role that nobody holds.
pub fn delete(conn: &mut Conn, tenant: TenantId, id: RoleId) -> Result<(), Error> {
    conn.execute("delete from role where tenant = $1 and id = $2", &[Arg::Int(tenant.0), Arg::Int(id.0)])?;
    Ok(())
}

/// How many people hold a role somewhere.
pub fn count_people(conn: &mut Conn, tenant: TenantId, id: RoleId) -> Result<i64, Error> {
    let count = conn.one(
        "select count(distinct person) from role_grant where tenant = $1 and role = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
        |row| row.int(0),
    )?;
    Ok(count.unwrap_or(0))
}

/// A role.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: RoleId) -> Result<Option<Role>, Error> {
    let sql = format!("select {COLUMNS} from role where tenant = $1 and id = $2");
    conn.one(&sql, &[Arg::Int(tenant.0), Arg::Int(id.0)], read)
}

/// The id that a folded name or a ULID means; the name comes first.
pub fn find(conn: &mut Conn, tenant: TenantId, natural_key: &str, uid: &str) -> Result<Option<RoleId>, Error> {
    conn.one(
        "select id from role where tenant = $1 and (natural_key = $2 or uid = $3) \
         order by case when natural_key = $2 then 0 else 1 end limit 1",
        &[Arg::Int(tenant.0), Arg::Text(natural_key), Arg::Text(uid)],
        |row| Ok(RoleId(row.int(0)?)),
    )
}

/// All roles in the order of ids; a tenant has few.
pub fn all(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Role>, Error> {
    let sql = format!("select {COLUMNS} from role where tenant = $1 order by id");
    conn.query(&sql, &[Arg::Int(tenant.0)], read)
}
