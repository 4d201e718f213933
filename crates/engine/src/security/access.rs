//! What one person may do, and where.

use std::collections::HashSet;

use lotbook_domain::id::{LocationId, TenantId, UserId};
use lotbook_domain::location::LocationTree;

use super::permission;
use crate::command::Reach;
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// A role that is held: its permissions, at an org unit and below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The permissions.
    pub permissions: Vec<String>,
    /// Where they hold; [`LocationId::NONE`] = everywhere.
    pub org_unit: LocationId,
}

/// A person with everything that they may do, as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The tenant.
    pub tenant: TenantId,
    /// The person.
    pub person: UserId,
    /// The person's name.
    pub name: String,
    /// What they hold.
    pub grants: Vec<Grant>,
}

/// Where a permission holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrgUnits {
    /// Everywhere.
    All,
    /// At these org units and everything below them; none = nowhere.
    Below(Vec<LocationId>),
}

impl OrgUnits {
    /// Whether a location or org unit is among them.
    pub fn contains(&self, place: LocationId, tree: &LocationTree) -> bool {
        match self {
            Self::All => true,
            Self::Below(roots) => tree.chain(place).any(|node| roots.contains(&node.id)),
        }
    }

    /// Every location among them; `None` = all there are, so that nothing need be filtered.
    pub fn expand(&self, tree: &LocationTree) -> Option<HashSet<LocationId>> {
        match self {
            Self::All => None,
            Self::Below(roots) => Some(tree.with_descendants(roots).into_iter().collect()),
        }
    }

    /// Whether there is none.
    pub fn is_nowhere(&self) -> bool {
        matches!(self, Self::Below(roots) if roots.is_empty())
    }
}

impl Access {
    /// What a person may do now; `None` where they are unknown or may not act at all.
    pub fn load(conn: &mut Conn, tenant: TenantId, person: UserId) -> Result<Option<Self>, Error> {
        let Some(found) = table::person::by_id(conn, tenant, person)?.filter(|found| found.is_enabled) else {
            return Ok(None);
        };
        let grants = table::person::roles_of(conn, tenant, [person])?
            .into_iter()
            .map(|held| Ok(Grant { permissions: decode(&held.permissions)?, org_unit: held.org_unit }))
            .collect::<Result<_, Error>>()?;
        Ok(Some(Self { tenant, person, name: found.name, grants }))
    }

    /// Access to everything, for the command line and for what the server does by itself.
    pub fn everything(tenant: TenantId, person: UserId) -> Self {
        let grant = Grant { permissions: vec![permission::ALL.to_owned()], org_unit: LocationId::NONE };
        Self { tenant, person, name: "system".to_owned(), grants: vec![grant] }
    }

    /// Whether the person may do this at an org unit or location.
    pub fn may(&self, permission: &str, place: LocationId, tree: &LocationTree) -> bool {
        self.holding(permission)
            .any(|grant| grant.org_unit == LocationId::NONE || tree.is_within(place, grant.org_unit))
    }

    /// Whether the person may do this in the whole tenant; asked for what belongs to no org unit, such
    /// as products and settings.
    pub fn may_everywhere(&self, permission: &str) -> bool {
        self.holding(permission).any(|grant| grant.org_unit == LocationId::NONE)
    }

    /// Whether the person may do this at least somewhere.
    pub fn may_somewhere(&self, permission: &str) -> bool {
        self.holding(permission).next().is_some()
    }

    /// Where the person may do this.
    pub fn org_units_for(&self, permission: &str) -> OrgUnits {
        if self.may_everywhere(permission) {
            return OrgUnits::All;
        }
        let mut roots: Vec<LocationId> = self.holding(permission).map(|grant| grant.org_unit).collect();
        roots.sort_unstable();
        roots.dedup();
        OrgUnits::Below(roots)
    }

    /// Where the person may do this, as commands and questions take it; only administrators reach hidden journals.
    pub fn reach(&self, permission: &str, tree: &LocationTree) -> Reach {
        match self.org_units_for(permission) {
            OrgUnits::All if self.may_everywhere(permission::ALL) => Reach::All,
            OrgUnits::All => Reach::Open,
            OrgUnits::Below(roots) => Reach::Only(tree.with_descendants(&roots).into_iter().collect()),
        }
    }

    /// Refuses what [`Self::may`] denies.
    pub fn require(&self, permission: &str, place: LocationId, tree: &LocationTree) -> Result<(), Error> {
        if self.may(permission, place, tree) {
            return Ok(());
        }
        Err(self.denied(permission, &format!(" at {}", tree.name_of(place))))
    }

    /// Refuses what [`Self::may_everywhere`] denies.
    pub fn require_everywhere(&self, permission: &str) -> Result<(), Error> {
        if self.may_everywhere(permission) { Ok(()) } else { Err(self.denied(permission, " in the whole tenant")) }
    }

    /// Refuses what [`Self::may_somewhere`] denies.
    pub fn require_somewhere(&self, permission: &str) -> Result<(), Error> {
        if self.may_somewhere(permission) { Ok(()) } else { Err(self.denied(permission, "")) }
    }

    fn denied(&self, permission: &str, place: &str) -> Error {
        Error::Forbidden {
            message: format!("{} has no permission {permission}{place}; ask an administrator", self.name),
        }
    }

    fn holding<'a>(&'a self, permission: &'a str) -> impl Iterator<Item = &'a Grant> {
        self.grants
            .iter()
            .filter(move |grant| grant.permissions.iter().any(|granted| permission::grants(granted, permission)))
    }
}

/// Permissions as they are kept.
pub(super) fn encode(permissions: &[String]) -> String {
    serde_json::to_string(permissions).expect("a list of texts can be printed")
}

/// The reverse of [`encode`].
pub(super) fn decode(kept: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(kept).map_err(|_| Error::Internal(format!("a role's permissions are not a list: {kept}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotbook_domain::location::Location;

    fn tree() -> LocationTree {
        let node = |id: i64, parent: i64| Location {
            id: LocationId(id),
            parent: LocationId(parent),
            path: format!("L{id}"),
            is_org_unit: true,
            ..Location::default()
        };
        LocationTree::new([node(1, 0), node(10, 1), node(11, 10), node(20, 1)])
    }

    fn access(grants: &[(&[&str], i64)]) -> Access {
        Access {
            tenant: TenantId(1),
            person: UserId(7),
            name: "kim".into(),
            grants: grants
                .iter()
                .map(|(permissions, org_unit)| Grant {
                    permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
                    org_unit: LocationId(*org_unit),
                })
                .collect(),
        }
    }

    #[test]
    fn a_grant_reaches_down_the_tree_and_not_beside() {
        let kim = access(&[(&["STOCK"], 10), (&["STOCK.READ"], 0)]);
        let tree = tree();
        for (permission, place, want) in [
            ("STOCK.BOOK", 10, true),
            ("STOCK.BOOK", 11, true),
            ("STOCK.BOOK", 1, false),
            ("STOCK.BOOK", 20, false),
            ("STOCK.READ", 20, true),
            ("CATALOG.WRITE", 10, false),
        ] {
            assert_eq!(kim.may(permission, LocationId(place), &tree), want, "{permission} at {place}");
            let units = kim.org_units_for(permission);
            assert_eq!(units.contains(LocationId(place), &tree), want, "{permission} at {place}");
        }
        assert_eq!(kim.org_units_for("STOCK.READ"), OrgUnits::All);
        assert_eq!(kim.org_units_for("STOCK.BOOK"), OrgUnits::Below(vec![LocationId(10)]));
        assert!(kim.org_units_for("CATALOG.WRITE").is_nowhere());
        let below: HashSet<_> = [LocationId(10), LocationId(11)].into();
        assert_eq!(kim.org_units_for("STOCK.BOOK").expand(&tree), Some(below));
        assert!(kim.may_somewhere("STOCK.BOOK") && !kim.may_everywhere("STOCK.BOOK"));
    }

    #[test]
    fn a_denial_names_the_permission_and_the_place() {
        let error = access(&[]).require("STOCK.BOOK", LocationId(11), &tree()).unwrap_err();
        assert_eq!(error.to_string(), "kim has no permission STOCK.BOOK at L11; ask an administrator");
    }
}
