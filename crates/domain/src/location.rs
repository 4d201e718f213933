//! The one tree of org units and locations, and the places outside the house.

use std::collections::HashMap;

use crate::id::{LocationId, UnitId};
use crate::quantity::Quantity;

impl LocationId {
    /// No location.
    pub const NONE: Self = Self(0);
    /// The root org unit, which exists from the start.
    pub const ROOT: Self = Self(1);
    /// Under way between two locations; kept like a real place, with a cost pool of its own.
    pub const IN_TRANSIT: Self = Self(2);
    /// Whoever sold it to us.
    pub const SUPPLIER: Self = Self(-11);
    /// Whoever bought it from us.
    pub const CUSTOMER: Self = Self(-12);
    /// What production consumed or made.
    pub const PRODUCTION: Self = Self(-13);
    /// The other side of a counted difference.
    pub const ADJUSTMENT: Self = Self(-14);
    /// Broken, spoilt, stolen.
    pub const LOSS: Self = Self(-15);
    /// Used up by ourselves.
    pub const INTERNAL_USE: Self = Self(-16);

    /// The places outside the house, with their names.
    pub const OUTSIDE: [(Self, &'static str); 6] = [
        (Self::SUPPLIER, "supplier"),
        (Self::CUSTOMER, "customer"),
        (Self::PRODUCTION, "production"),
        (Self::ADJUSTMENT, "adjustment"),
        (Self::LOSS, "loss"),
        (Self::INTERNAL_USE, "internalUse"),
    ];

    /// Whether the place is outside the house: no balance is kept for it, it follows from the rest.
    pub fn is_outside(self) -> bool {
        self.0 < 0
    }

    /// Whether stock can stand there.
    pub fn is_real(self) -> bool {
        self.0 > 0
    }
}

/// In which order an issue without a lot takes the lots that stand at a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LotUse {
    /// First in, first out: the lot that came to be first.
    #[default]
    Fifo,
    /// Last in, first out.
    Lifo,
    /// First expired, first out; lots without an expiry come last.
    Fefo,
}

/// What happens to a lot that arrives where other lots stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LotStorage {
    /// It stands beside them.
    #[default]
    AllowMultiple,
    /// It is refused.
    AllowSingleOrThrow,
    /// It becomes part of the lot of its product that stands there.
    MergeIntoPrevious,
    /// The lots of its product that stand there become part of it.
    MergeIntoNew,
    /// It does not stay: what arrives leaves the house at once.
    NoStorage,
}

impl LotStorage {
    /// The reverse of its name in the database: `ALLOW_MULTIPLE`.
    pub fn from_name(name: &str) -> Self {
        match name.to_ascii_uppercase().as_str() {
            "ALLOW_SINGLE_OR_THROW" => Self::AllowSingleOrThrow,
            "MERGE_INTO_PREVIOUS" => Self::MergeIntoPrevious,
            "MERGE_INTO_NEW" => Self::MergeIntoNew,
            "NO_STORAGE" => Self::NoStorage,
            _ => Self::AllowMultiple,
        }
    }
}

/// A node of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Its id; below 0 outside the house.
    pub id: LocationId,
    /// The node above; [`LocationId::NONE`] for the root and the outside places.
    pub parent: LocationId,
    /// Names from the root's child down, joined by `/`.
    pub path: String,
    /// Whether it accounts for stock.
    pub is_org_unit: bool,
    /// Whether it is where its org unit keeps stock when nothing else is said.
    pub is_default: bool,
    /// The org unit whose stock this org unit uses; [`LocationId::NONE`] = its own.
    pub stock_org_unit: LocationId,
    /// Its own word on negative stock; `None` = inherit.
    pub allow_negative: Option<bool>,
    /// How lots are taken.
    pub lot_use: LotUse,
    /// What happens to a lot that arrives.
    pub lot_storage: LotStorage,
    /// How much may stand there at most, in `capacity_unit`; `None` = any amount.
    pub capacity: Option<Quantity>,
    /// What the capacity is counted in; 0 = each product's own unit.
    pub capacity_unit: UnitId,
    /// Whether new stock may be booked here.
    pub is_enabled: bool,
}

/// All locations of a tenant.
#[derive(Clone, Debug, Default)]
pub struct LocationTree {
    nodes: HashMap<LocationId, Location>,
}

/// No tree is deeper; a longer chain of parents is a cycle.
const DEPTH_MAX: usize = 64;

impl LocationTree {
    /// A tree of these nodes.
    pub fn new(nodes: impl IntoIterator<Item = Location>) -> Self {
        Self { nodes: nodes.into_iter().map(|node| (node.id, node)).collect() }
    }

    /// Adds or replaces a node.
    pub fn insert(&mut self, node: Location) {
        self.nodes.insert(node.id, node);
    }

    /// The node with this id.
    pub fn get(&self, id: LocationId) -> Option<&Location> {
        self.nodes.get(&id)
    }

    /// Every node, in the order of ids.
    pub fn all(&self) -> Vec<&Location> {
        let mut all: Vec<_> = self.nodes.values().collect();
        all.sort_by_key(|node| node.id);
        all
    }

    /// The node and everything above it, nearest first; bounded.
    pub fn chain(&self, id: LocationId) -> impl Iterator<Item = &Location> {
        let mut next = self.nodes.get(&id);
        std::iter::from_fn(move || {
            let node = next?;
            next = self.nodes.get(&node.parent);
            Some(node)
        })
        .take(DEPTH_MAX)
    }

    /// The org unit that a location belongs to: the nearest one at or above it.
    pub fn org_unit_of(&self, id: LocationId) -> LocationId {
        self.chain(id).find(|node| node.is_org_unit).map_or(LocationId::ROOT, |node| node.id)
    }

    /// The org unit whose stock an org unit uses: itself, or the one it names. In transit is its own.
    pub fn stock_org_unit_of(&self, org_unit: LocationId) -> LocationId {
        match self.nodes.get(&org_unit) {
            Some(node) if node.stock_org_unit != LocationId::NONE => node.stock_org_unit,
            _ => org_unit,
        }
    }

    /// The org unit in whose cost pool stock at a location is valued; `None` outside the house.
    pub fn pool_unit_of(&self, location: LocationId) -> Option<LocationId> {
        if location == LocationId::IN_TRANSIT {
            return Some(location);
        }
        location.is_real().then(|| self.stock_org_unit_of(self.org_unit_of(location)))
    }

    /// Whether `id` is `above` or somewhere below it.
    pub fn is_within(&self, id: LocationId, above: LocationId) -> bool {
        self.chain(id).any(|node| node.id == above)
    }

    /// Where an org unit keeps stock when nothing else is said: its default location, else itself.
    pub fn default_of(&self, org_unit: LocationId) -> LocationId {
        let mut best = org_unit;
        for node in self.nodes.values() {
            if node.is_default
                && !node.is_org_unit
                && self.org_unit_of(node.id) == org_unit
                && (best == org_unit || node.id < best)
            {
                best = node.id;
            }
        }
        best
    }

    /// The ids and everything below them, sorted; for filters, which include descendants.
    pub fn with_descendants(&self, ids: &[LocationId]) -> Vec<LocationId> {
        let mut found: Vec<_> =
            self.nodes.keys().copied().filter(|id| ids.iter().any(|above| self.is_within(*id, *above))).collect();
        found.sort_unstable();
        found
    }

    /// How a location is named to people: its path.
    pub fn name_of(&self, id: LocationId) -> String {
        self.nodes.get(&id).map_or_else(|| format!("location {id}"), |node| node.path.clone())
    }
}
