//! What decides beside the catalog: each rule by org unit, the nearest word wins.

use std::collections::HashMap;

use crate::id::LocationId;
use crate::location::LocationTree;
use crate::money::Scale;
use crate::time::Time;

/// What an issue beyond stock gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Negative {
    /// Booked.
    #[default]
    Allow,
    /// Booked and reported.
    Warn,
    /// Refused.
    Forbid,
}

/// The settings that a booking obeys. Maps are by org unit; [`LocationId::NONE`] is the tenant.
#[derive(Clone, Debug)]
pub struct Policies {
    /// What an issue beyond stock gets.
    pub negative: HashMap<LocationId, Negative>,
    /// The first instant that is open again; entries before it are refused.
    pub open_from: HashMap<LocationId, Time>,
    /// Whether booking puts stock at the org unit's default location, whatever the entry says.
    pub force_default_location: HashMap<LocationId, bool>,
    /// Digits of an amount.
    pub scale: Scale,
    /// Whether lots that are still open may not be sold.
    pub strict_open_lots: bool,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            negative: HashMap::new(),
            open_from: HashMap::new(),
            force_default_location: HashMap::new(),
            scale: Scale::DEFAULT,
            strict_open_lots: false,
        }
    }
}

fn nearest<T: Copy>(rules: &HashMap<LocationId, T>, tree: &LocationTree, at: LocationId) -> Option<T> {
    if rules.is_empty() {
        return None;
    }
    tree.chain(at).find_map(|node| rules.get(&node.id)).or_else(|| rules.get(&LocationId::NONE)).copied()
}

impl Policies {
    /// What an issue beyond stock gets at a location: its own word, else that of a location above it
    /// within its org unit, else the org unit's setting, else the tenant's. Under way nothing is refused.
    pub fn negative_at(&self, tree: &LocationTree, location: LocationId) -> Negative {
        if location == LocationId::IN_TRANSIT {
            return Negative::Allow;
        }
        for node in tree.chain(location) {
            if let Some(allowed) = node.allow_negative {
                return if allowed { Negative::Allow } else { Negative::Forbid };
            }
            if node.is_org_unit {
                break;
            }
        }
        nearest(&self.negative, tree, location).unwrap_or_default()
    }

    /// The first open instant at a location, if a period is closed there: the nearest word wins.
    pub fn open_from_at(&self, tree: &LocationTree, location: LocationId) -> Option<Time> {
        if self.open_from.is_empty() {
            return None;
        }
        nearest(&self.open_from, tree, location)
    }

    /// Whether the org unit's default location replaces the one entered.
    pub fn forces_default_location(&self, tree: &LocationTree, org_unit: LocationId) -> bool {
        nearest(&self.force_default_location, tree, org_unit).unwrap_or(false)
    }
}
