//! Customers and suppliers, a page at a time.

use lotbook_domain::id::{PartyId, TenantId};
use lotbook_domain::time::Time;

use super::product::Condition;
use crate::error::Error;
use crate::store::{Arg, Conn};
use crate::table::catalog::contains_pattern;

/// Which parties. All that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct PartyFilter {
    /// Changed after this.
    pub modified_after: Option<Time>,
    /// Whose code or name contains this, whatever the case.
    pub search: Option<String>,
    /// Whether they buy.
    pub is_customer: Option<bool>,
    /// Whether they sell.
    pub is_supplier: Option<bool>,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRow {
    /// Its id.
    pub id: PartyId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it buys.
    pub is_customer: bool,
    /// Whether it sells.
    pub is_supplier: bool,
    /// When it was last changed.
    pub modified_at: Time,
}

fn condition<'a>(tenant: TenantId, filter: &PartyFilter, pattern: Option<&'a str>) -> Condition<'a> {
    let mut found = Condition::of(tenant);
    if let Some(after) = filter.modified_after {
        found.and("t.modified_at > ?", Arg::Int(after.0));
    }
    if let Some(pattern) = pattern {
        found.and("(t.natural_key like ? escape '\\' or {lower t.name} like ? escape '\\')", Arg::Text(pattern));
    }
    for (text, wanted) in [("t.is_customer = ?", filter.is_customer), ("t.is_supplier = ?", filter.is_supplier)] {
        if let Some(wanted) = wanted {
            found.and(text, Arg::Int(i64::from(wanted)));
        }
    }
    found
}

/// A page of parties in the order of ids.
pub fn parties(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &PartyFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<PartyRow>, Error> {
    let pattern = filter.search.as_deref().map(contains_pattern);
    let found = condition(tenant, filter, pattern.as_deref());
    let (sql, args) =
        found.page("t.id, t.code, t.name, t.is_customer, t.is_supplier, t.modified_at", "party", offset, limit);
    conn.query(&sql, &args, |row| {
        Ok(PartyRow {
            id: PartyId(row.int(0)?),
            code: row.text(1)?,
            name: row.text(2)?,
            is_customer: row.int(3)? != 0,
            is_supplier: row.int(4)? != 0,
            modified_at: Time(row.int(5)?),
        })
    })
}

/// How many parties match.
pub fn count(conn: &mut Conn, tenant: TenantId, filter: &PartyFilter) -> Result<i64, Error> {
    let pattern = filter.search.as_deref().map(contains_pattern);
    condition(tenant, filter, pattern.as_deref()).count(conn, "party")
}
