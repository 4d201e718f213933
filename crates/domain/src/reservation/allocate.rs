//! Sharing a reservation out over lots and places when it is made, in the order by which stock is to leave.

use super::{Room, Scope};
use crate::catalog::{Catalog, Lot, LotStatus, Tracking};
use crate::id::{AccountId, LocationId};
use crate::ledger::{Missing, Trial};
use crate::location::LocationTree;
use crate::quantity::{ONE_E6, Quantity};
use crate::time::Time;

/// The order by which stock leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picking {
    /// What came first to where it stands, by the date of its first posting there.
    Fifo,
    /// What expires first; what does not expire comes last.
    Fefo,
    /// What came last, by the same.
    Lifo,
    /// What is nearest, and of that what came first.
    Nearest,
}

impl Picking {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Fifo, Self::Fefo, Self::Lifo, Self::Nearest];

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fifo => "fifo",
            Self::Fefo => "fefo",
            Self::Lifo => "lifo",
            Self::Nearest => "nearest",
        }
    }

    /// The reverse of [`Self::name`], in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|picking| picking.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// A reservation as it was shared out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocated {
    /// How much of which lot at which place, in the order of picking.
    pub picks: Vec<(Scope, Quantity)>,
    /// What no stock was found for.
    pub short: Quantity,
}

/// Shares out `wanted` over the stock that a scope covers, in an order, each pick beside what is reserved
/// already. Lots that are held, expired or closed are passed over.
///
/// What is left over when the order has been gone through can not be had in any other order either: taking
/// as much as possible of one account after the other loses nothing, because what a pick takes away from
/// others they can have elsewhere, or it is not taken. Cost: one look at what is reserved for each account
/// looked at.
pub fn allocate(
    trial: &Trial<'_>,
    catalog: &Catalog,
    scope: Scope,
    wanted: Quantity,
    picking: Picking,
    near: LocationId,
) -> Result<Allocated, Missing> {
    let now = trial.reserved().now;
    let tree = &catalog.locations;
    let mut candidates: Vec<(Rank, Scope, Quantity)> = Vec::new();
    let mut room = Room::of(trial, scope.product, scope.variant)?;
    for (key, free) in room.supply.iter().filter(|(key, free)| *free > 0 && scope.covers(tree, key)) {
        let lot = catalog.lots.get(&key.lot);
        if lot.is_none_or(|lot| is_usable(lot, now)) {
            let pick = Scope { lot: key.lot, place: key.place, ..scope };
            let arrival = trial
                .existing(*key)
                .map_or((Time(0), AccountId(0)), |account| (account.timeline.root().instants_from, account.id));
            candidates.push((rank(pick, arrival, lot, picking, near, tree), pick, Quantity(*free)));
        }
    }
    candidates.sort_by_key(|(rank, pick, _)| (*rank, *pick));
    let is_whole = catalog.products.get(&scope.product).is_some_and(|product| product.tracking == Tracking::Serial);
    let mut made = Allocated { picks: Vec::new(), short: wanted };
    for (_, pick, free) in candidates {
        if made.short.0 == 0 {
            break;
        }
        let mut most = room.beside(tree, pick, Quantity(free.0.min(made.short.0)));
        if is_whole {
            most.0 -= most.0 % ONE_E6;
        }
        if most.0 > 0 {
            room.promise(pick, most);
            made.picks.push((pick, most));
            made.short.0 -= most.0;
        }
    }
    Ok(made)
}

/// The order of picking: what is smallest first.
type Rank = (i64, i64, i64, i64);

/// When something of a lot first stood at a place says when it came there, whenever it was booked; of what came at the
/// same time the lot that was made first is the older one, and then the account.
fn rank(
    pick: Scope,
    (came_at, account): (Time, AccountId),
    lot: Option<&Lot>,
    picking: Picking,
    near: LocationId,
    tree: &LocationTree,
) -> Rank {
    let (at, lot_no, account) = (came_at.0, pick.lot.0, account.0);
    match picking {
        Picking::Fifo => (0, at, lot_no, account),
        Picking::Lifo => (0, -at, -lot_no, -account),
        Picking::Fefo => (lot.and_then(|lot| lot.expires_at).unwrap_or(Time::FOREVER).0, at, lot_no, account),
        Picking::Nearest => (steps(tree, near, pick.place), at, lot_no, account),
    }
}

fn is_usable(lot: &Lot, now: Time) -> bool {
    matches!(lot.status, LotStatus::Open | LotStatus::Available) && lot.expires_at.is_none_or(|end| now < end)
}

/// How far it is from one place to another: up the tree to where their ways meet, and down.
fn steps(tree: &LocationTree, from: LocationId, to: LocationId) -> i64 {
    let above: Vec<LocationId> = tree.chain(from).map(|node| node.id).collect();
    for (down, node) in tree.chain(to).enumerate() {
        if let Some(up) = above.iter().position(|id| *id == node.id) {
            return (up + down) as i64;
        }
    }
    i64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Location;

    #[test]
    fn the_way_goes_by_where_two_places_meet() {
        let node = |id, parent| Location { id: LocationId(id), parent: LocationId(parent), ..Location::default() };
        let tree = LocationTree::new([node(1, 0), node(10, 1), node(11, 10), node(12, 10), node(20, 1)]);
        for (from, to, want) in [(11, 11, 0), (11, 10, 1), (11, 12, 2), (11, 20, 3), (1, 12, 2)] {
            assert_eq!(steps(&tree, LocationId(from), LocationId(to)), want, "{from} to {to}");
            assert_eq!(steps(&tree, LocationId(to), LocationId(from)), want, "{to} to {from}");
        }
        assert_eq!(steps(&tree, LocationId(11), LocationId(99)), i64::MAX);
    }

    #[test]
    fn an_order_is_known_by_its_name() {
        for picking in Picking::ALL {
            assert_eq!(Picking::from_name(&picking.name().to_uppercase()), Some(picking));
        }
        assert_eq!(Picking::from_name("random"), None);
    }
}
