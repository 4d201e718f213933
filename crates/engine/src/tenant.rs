//! Tenants: each has a root org unit, a place for what is in transit, places outside the house, a unit
//! and an empty ledger from the start.

use lotbook_domain::catalog::fold;
use lotbook_domain::id::{LocationId, TenantId, UserId};
use lotbook_domain::violation::Violation;

use crate::error::Error;
use crate::store::{Arg, Conn};
use crate::table;
use crate::thing::value::quote;
use crate::write::{Change, Tx};
use crate::{rows, security, uid};

/// The tenant that is there from the first start.
pub const DEFAULT: TenantId = TenantId(1);
/// Its name.
pub const DEFAULT_NAME: &str = "default";
/// Whom every tenant begins with, and who made what it begins with.
const ADMIN: UserId = UserId(1);
/// The name of a root org unit.
const ROOT_NAME: &str = "Main";

/// Makes a tenant. Answers `{id, uid, name}`.
///
/// The first one that is made in a database is the default one, id 1.
pub struct CreateTenant {
    /// Its name, unique whatever the case of its letters.
    pub name: String,
    /// The hash of the password of its person `admin`; without one nobody can log in until one is set.
    pub admin_password_hash: Option<String>,
}

impl Change for CreateTenant {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let tenant = found(tx, &self.name, self.admin_password_hash.as_deref())?;
        let made = tx.conn.one("select uid, name from tenant where id = $1", &[Arg::Int(tenant.0)], |row| {
            Ok((row.text(0)?, row.text(1)?))
        })?;
        let (kept, name) = made.ok_or_else(|| Error::Internal("a tenant was not kept".to_owned()))?;
        let mut answer = format!("{{\"id\":{tenant},\"uid\":\"{}\",\"name\":", uid::print(&kept));
        quote(&name, &mut answer);
        answer.push('}');
        tx.audit("create", format!("tenant {tenant}"), Some(answer.clone()));
        Ok(answer)
    }
}

/// The tenant with this name.
pub fn named(conn: &mut Conn, name: &str) -> Result<Option<TenantId>, Error> {
    conn.one("select id from tenant where natural_key = $1", &[Arg::Text(&fold(name))], |row| Ok(TenantId(row.int(0)?)))
}

/// All tenants: id and name, in the order of ids.
pub fn all(conn: &mut Conn) -> Result<Vec<(TenantId, String)>, Error> {
    conn.query("select id, name from tenant order by id", &[], |row| Ok((TenantId(row.int(0)?), row.text(1)?)))
}

/// Inserts a tenant and what every tenant has, its roles and its person `admin` among it, in the
/// transaction at hand.
pub fn found(tx: &mut Tx<'_>, name: &str, admin_password_hash: Option<&str>) -> Result<TenantId, Error> {
    let name = name.trim();
    let refuse = |code, message: &str| Err(Error::Invalid(vec![Violation::new("name", code, message)]));
    if name.is_empty() {
        return refuse("required", "is missing");
    }
    if name.chars().count() > 255 || name.chars().any(char::is_control) {
        return refuse("illegalText", "is longer than 255 characters or has a control character");
    }
    if named(tx.conn, name)?.is_some() {
        return refuse("duplicate", &format!("there is a tenant {name} already"));
    }
    let tenant = TenantId(tx.ids("tenant", 1)?);
    let tenant_uid = tx.uid();
    tx.conn.execute(
        "insert into tenant (id, uid, name, natural_key, catalog_version, created_at) values ($1, $2, $3, $4, 1, $5)",
        &[Arg::Int(tenant.0), Arg::Text(&tenant_uid), Arg::Text(name), Arg::Text(&fold(name)), Arg::Int(tx.now.0)],
    )?;
    table::header::make_tail(tx.conn, tenant)?;
    insert_unit(tx, tenant)?;
    insert_places(tx, tenant)?;
    let asking = std::mem::replace(&mut tx.tenant, tenant);
    let founded = security::found(tx, admin_password_hash);
    tx.tenant = asking;
    founded.map(|()| tenant)
}

fn insert_unit(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), Error> {
    let uid = tx.uid();
    tx.conn.execute(
        "insert into unit (tenant, id, uid, natural_key, created_at, created_by, modified_at, modified_by, version, \
         name, symbol) values ($1, 1, $2, 'pcs', $3, $4, $3, $4, 1, 'piece', 'pcs')",
        &[Arg::Int(tenant.0), Arg::Text(&uid), Arg::Int(tx.now.0), Arg::Int(ADMIN.0)],
    )?;
    Ok(())
}

/// The places that cannot be made or deleted. Their keys begin with a slash, which no path does, so that a
/// plant may have a location called production.
fn insert_places(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), Error> {
    let mut places = vec![
        (LocationId::ROOT, ROOT_NAME, "enterprise", 1_i64, tx.uid()),
        (LocationId::IN_TRANSIT, "inTransit", "outside", 0, tx.uid()),
    ];
    places.extend(LocationId::OUTSIDE.iter().map(|(id, name)| (*id, *name, "outside", 0, tx.uid())));
    let rows = rows!(for place in &places =>
        place.0.0,
        place.4.clone(),
        format!("/{}", fold(place.1)),
        place.1.to_owned(),
        place.2.to_owned(),
        place.3
    );
    tx.conn.execute(
        "insert into location (tenant, id, uid, natural_key, created_at, created_by, modified_at, modified_by, version, \
         name, parent, path, type, is_org_unit, is_default, stock_org_unit, process_type, lot_storage_strategy, \
         lot_use_strategy, capacity, allow_negative, is_enabled) \
         select $1, r.id, r.uid, r.natural_key, $3, $4, $3, $4, 1, \
         r.name, 0, r.name, r.type, r.is_org_unit, 0, 0, 'NONE', 'ALLOW_MULTIPLE', 'FIFO', null, null, 1 \
         from {rows $2 (id bigint, uid text, natural_key text, name text, type text, is_org_unit bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(tx.now.0), Arg::Int(ADMIN.0)],
    )?;
    Ok(())
}
