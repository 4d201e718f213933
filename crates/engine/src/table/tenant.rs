//! Tenants: the enterprises that share a database and never see each other.

use lotbook_domain::id::TenantId;

use crate::error::Error;
use crate::store::{Arg, Conn};

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
