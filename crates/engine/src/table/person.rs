//! People, and the roles that they hold somewhere.

use std::collections::HashMap;

use lotbook_domain::id::{LocationId, RoleId, TenantId, UserId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows};

/// A person or program that acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: UserId,
    /// Its ULID.
    pub uid: String,
    /// The name to log in with.
    pub name: String,
    /// The address, which may be used to log in as well.
    pub email: Option<String>,
    /// Whether it may act at all.
    pub is_enabled: bool,
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

/// What a login is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Whose it is.
    pub person: UserId,
    /// The hash of the password; a person without one cannot log in with a password.
    pub password_hash: Option<String>,
    /// Whether the person may act at all.
    pub is_enabled: bool,
}

const COLUMNS: &str = "id, uid, name, email, is_enabled, created_at, created_by, modified_at, modified_by, version";

fn read(row: &Row<'_>) -> Result<Person, Error> {
    Ok(Person {
        id: UserId(row.int(0)?),
        uid: row.text(1)?,
        name: row.text(2)?,
        email: row.opt_text(3)?,
        is_enabled: row.int(4)? != 0,
        created_at: Time(row.int(5)?),
        created_by: UserId(row.int(6)?),
        modified_at: Time(row.int(7)?),
        modified_by: UserId(row.int(8)?),
        version: row.int(9)?,
    })
}

/// Writes a new person.
pub fn insert(
    conn: &mut Conn,
    tenant: TenantId,
    person: &Person,
    natural_key: &str,
    password_hash: Option<&str>,
) -> Result<(), Error> {
    conn.execute(
        "insert into person (tenant, id, uid, name, natural_key, email, password_hash, is_enabled, \
         created_at, created_by, modified_at, modified_by, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            Arg::Int(tenant.0),
            Arg::Int(person.id.0),
            Arg::Text(&person.uid),
            Arg::Text(&person.name),
            Arg::Text(natural_key),
            Arg::OptText(person.email.as_deref()),
            Arg::OptText(password_hash),
            Arg::Int(i64::from(person.is_enabled)),
            Arg::Int(person.created_at.0),
            Arg::Int(person.created_by.0),
            Arg::Int(person.modified_at.0),
            Arg::Int(person.modified_by.0),
            Arg::Int(person.version),
        ],
    )?;
    Ok(())
}

/// Writes what may change of a person, its password apart.
pub fn update(conn: &mut Conn, tenant: TenantId, person: &Person, natural_key: &str) -> Result<(), Error> {
    conn.execute(
        "update person set name = $3, natural_key = $4, email = $5, is_enabled = $6, modified_at = $7, \
         modified_by = $8, version = $9 where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(person.id.0),
            Arg::Text(&person.name),
            Arg::Text(natural_key),
            Arg::OptText(person.email.as_deref()),
            Arg::Int(i64::from(person.is_enabled)),
            Arg::Int(person.modified_at.0),
            Arg::Int(person.modified_by.0),
            Arg::Int(person.version),
        ],
    )?;
    Ok(())
}

/// Writes the hash of a password.
pub fn set_password_hash(conn: &mut Conn, tenant: TenantId, id: UserId, hash: Option<&str>) -> Result<(), Error> {
    conn.execute(
        "update person set password_hash = $3 where tenant = $1 and id = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::OptText(hash)],
    )?;
    Ok(())
}

/// A person.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: UserId) -> Result<Option<Person>, Error> {
    let sql = format!("select {COLUMNS} from person where tenant = $1 and id = $2");
    conn.one(&sql, &[Arg::Int(tenant.0), Arg::Int(id.0)], read)
}

/// The id that a folded name or a ULID means; the name comes first.
pub fn find(conn: &mut Conn, tenant: TenantId, natural_key: &str, uid: &str) -> Result<Option<UserId>, Error> {
    conn.one(
        "select id from person where tenant = $1 and (natural_key = $2 or uid = $3) \
         order by case when natural_key = $2 then 0 else 1 end limit 1",
        &[Arg::Int(tenant.0), Arg::Text(natural_key), Arg::Text(uid)],
        |row| Ok(UserId(row.int(0)?)),
    )
}

/// A page of people in the order of ids, after an id.
pub fn page(conn: &mut Conn, tenant: TenantId, after: UserId, limit: i64) -> Result<Vec<Person>, Error> {
    let sql = format!("select {COLUMNS} from person where tenant = $1 and id > $2 order by id limit $3");
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)], read)
}

/// What a login with a name or an address is checked against; the name comes first, and an address
/// counts only where one person alone has it.
pub fn credential(conn: &mut Conn, tenant: TenantId, folded: &str) -> Result<Option<Credential>, Error> {
    let found = conn.query(
        "select case when natural_key = $2 then 0 else 1 end, id, password_hash, is_enabled from person \
         where tenant = $1 and (natural_key = $2 or {lower email} = $2) order by 1, 2 limit 2",
        &[Arg::Int(tenant.0), Arg::Text(folded)],
        |row| {
            let credential = Credential {
                person: UserId(row.int(1)?),
                password_hash: row.opt_text(2)?,
                is_enabled: row.int(3)? != 0,
            };
            Ok((row.int(0)? == 0, credential))
        },
    )?;
    Ok(match found.as_slice() {
        [(true, by_name), ..] => Some(by_name.clone()),
        [(false, by_address)] => Some(by_address.clone()),
        _ => None,
    })
}

/// The names of people.
pub fn names(
    conn: &mut Conn,
    tenant: TenantId,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, String>, Error> {
    let rows = Rows::ids(people.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let names = conn.query(
        "select p.id, p.name from {rows $2 (id bigint) r} cross join person p where p.tenant = $1 and p.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((UserId(row.int(0)?), row.text(1)?)),
    )?;
    Ok(names.into_iter().collect())
}

/// The org unit that a folded path, a ULID or a number means, in this order; the root's path is its name.
pub fn org_unit(
    conn: &mut Conn,
    tenant: TenantId,
    natural_key: &str,
    uid: &str,
    id: i64,
) -> Result<Option<LocationId>, Error> {
    conn.one(
        "select id from location where tenant = $1 and is_org_unit = 1 \
         and (natural_key = $2 or uid = $3 or id = $4 or (parent = 0 and {lower path} = $2)) \
         order by case when natural_key = $2 then 0 when uid = $3 then 1 else 2 end limit 1",
        &[Arg::Int(tenant.0), Arg::Text(natural_key), Arg::Text(uid), Arg::Int(id)],
        |row| Ok(LocationId(row.int(0)?)),
    )
}

/// A role that a person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who holds it.
    pub person: UserId,
    /// The role.
    pub role: RoleId,
    /// Its name.
    pub role_name: String,
    /// Its permissions as they are kept.
    pub permissions: String,
    /// Where it holds, and below; [`LocationId::NONE`] = everywhere.
    pub org_unit: LocationId,
    /// The path of that org unit; `None` = everywhere.
    pub org_unit_path: Option<String>,
}

/// The roles that these people hold, in the order of people, roles and org units.
pub fn roles_of(
    conn: &mut Conn,
    tenant: TenantId,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Vec<Held>, Error> {
    let rows = Rows::ids(people.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select g.person, g.role, o.name, o.permissions, g.org_unit, l.path \
         from {rows $2 (id bigint) r} cross join role_grant g \
         join role o on o.tenant = g.tenant and o.id = g.role \
         left join location l on l.tenant = g.tenant and l.id = g.org_unit \
         where g.tenant = $1 and g.person = r.id order by g.person, g.role, g.org_unit",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            Ok(Held {
                person: UserId(row.int(0)?),
                role: RoleId(row.int(1)?),
                role_name: row.text(2)?,
                permissions: row.text(3)?,
                org_unit: LocationId(row.int(4)?),
                org_unit_path: row.opt_text(5)?,
            })
        },
    )
}

/// Replaces the roles that a person holds.
pub fn set_roles(
    conn: &mut Conn,
    tenant: TenantId,
    person: UserId,
    roles: &[(RoleId, LocationId)],
) -> Result<(), Error> {
    conn.execute(
        "delete from role_grant where tenant = $1 and person = $2",
        &[Arg::Int(tenant.0), Arg::Int(person.0)],
    )?;
    if roles.is_empty() {
        return Ok(());
    }
    let rows = crate::rows!(for grant in roles => grant.0.0, grant.1.0);
    conn.execute(
        "insert into role_grant (tenant, person, role, org_unit) \
         select $1, $2, r.role, r.org_unit from {rows $3 (role bigint, org_unit bigint) r}",
        &[Arg::Int(tenant.0), Arg::Int(person.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// How many people who may act hold one of these roles everywhere.
pub fn count_holders(conn: &mut Conn, tenant: TenantId, roles: impl IntoIterator<Item = RoleId>) -> Result<i64, Error> {
    let rows = Rows::ids(roles.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(0);
    }
    let count = conn.one(
        "select count(distinct p.id) from {rows $2 (id bigint) r} cross join role_grant g \
         join person p on p.tenant = g.tenant and p.id = g.person \
         where g.tenant = $1 and g.role = r.id and g.org_unit = 0 and p.is_enabled = 1",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| row.int(0),
    )?;
    Ok(count.unwrap_or(0))
}
