//! Tenants: the enterprises that share a database and never see each other.

use lotbook_domain::catalog::fold;
use lotbook_domain::id::TenantId;

use crate::error::Error;
use crate::store::{Arg, Conn};

/// The tenant that a name means; case does not matter.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<TenantId>, Error> {
    conn.one("select id from tenant where natural_key = $1", &[Arg::Text(&fold(name))], |row| Ok(TenantId(row.int(0)?)))
}

/// The ids and names of all tenants, in the order of ids.
pub fn all(conn: &mut Conn) -> Result<Vec<(TenantId, String)>, Error> {
    conn.query("select id, name from tenant order by id", &[], |row| Ok((TenantId(row.int(0)?), row.text(1)?)))
}

/// Makes other changes of the tenant's people and roles wait until the transaction ends.
pub fn lock(conn: &mut Conn, tenant: TenantId) -> Result<(), Error> {
    conn.one("select id from tenant where id = $1 {for update}", &[Arg::Int(tenant.0)], |row| row.int(0))?;
    Ok(())
}

/// The name of a tenant.
pub fn name(conn: &mut Conn, tenant: TenantId) -> Result<String, Error> {
    conn.one("select name from tenant where id = $1", &[Arg::Int(tenant.0)], |row| row.text(0))?
        .ok_or_else(|| Error::not_found("tenant", tenant))
}
