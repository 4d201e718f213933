//! Trees as people read them: categories, and the nodes of the location tree.

use lotbook_domain::id::{CategoryId, LocationId, TenantId};

use crate::error::Error;
use crate::store::{Arg, Conn};

/// A category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryNode {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// The category above; 0 = none.
    pub parent: CategoryId,
    /// Names from the top down, joined by `/`.
    pub path: String,
}

/// A location or an org unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationNode {
    /// Its id.
    pub id: LocationId,
    /// Its name.
    pub name: String,
    /// The node above; 0 = none.
    pub parent: LocationId,
    /// Names from the top down, joined by `/`.
    pub path: String,
    /// Whether it accounts for stock.
    pub is_org_unit: bool,
    /// Whether its org unit keeps stock there when nothing else is said.
    pub is_default: bool,
}

/// All categories in the order of ids.
pub fn categories(conn: &mut Conn, tenant: TenantId) -> Result<Vec<CategoryNode>, Error> {
    conn.query(
        "select c.id, c.name, c.parent, c.path from category c where c.tenant = $1 order by c.id",
        &[Arg::Int(tenant.0)],
        |row| {
            Ok(CategoryNode {
                id: CategoryId(row.int(0)?),
                name: row.text(1)?,
                parent: CategoryId(row.int(2)?),
                path: row.text(3)?,
            })
        },
    )
}

/// All places inside the house that may be used, in the order of ids. What is under way is no place
/// that anybody can name.
pub fn places(conn: &mut Conn, tenant: TenantId) -> Result<Vec<LocationNode>, Error> {
    conn.query(
        "select l.id, l.name, l.parent, l.path, l.is_org_unit, l.is_default from location l \
         where l.tenant = $1 and l.id > 0 and l.id <> $2 and l.is_enabled = 1 order by l.id",
        &[Arg::Int(tenant.0), Arg::Int(LocationId::IN_TRANSIT.0)],
        |row| {
            Ok(LocationNode {
                id: LocationId(row.int(0)?),
                name: row.text(1)?,
                parent: LocationId(row.int(2)?),
                path: row.text(3)?,
                is_org_unit: row.int(4)? != 0,
                is_default: row.int(5)? != 0,
            })
        },
    )
}
