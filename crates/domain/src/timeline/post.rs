//! Adding a posting: the nodes on its path, and the split of a leaf that is too full.

use super::{Below, DEPTH_MAX, Held, Instant, Node, Place, Timeline, TimelineFault};
use crate::money::Amount;
use crate::quantity::Quantity;
use crate::time::Time;

/// What one posting does to the nodes, computed before anything is touched.
struct Change {
    /// The nodes from the root down to the leaf.
    path: [Node; DEPTH_MAX],
    /// The nodes below the leaf, if it is split now.
    below: Vec<(Place, Node)>,
}

impl Timeline {
    /// Adds a posting. On a fault nothing has changed.
    pub fn post(&mut self, at: Time, quantity: Quantity, amount: Amount) -> Result<(), TimelineFault> {
        let (depth, leaf) = self.descend(at)?;
        let mut leaf = leaf.unwrap_or(Held::NEW);
        if leaf.lacks_instants_at(at) {
            return Err(leaf.instants_need());
        }
        if !leaf.is_known() && leaf.node.instants_from == leaf.node.instants_to {
            // All at one instant: the sums are the instant, nothing has to be loaded.
            self.instants.insert(leaf.node.instants_from, leaf.node.total());
            leaf.below = Below::Known;
            self.held_mut(Place::on_path(depth, at)).expect("only a leaf that exists is unknown").below = Below::Known;
        }
        let posting = Instant { quantity, amount, postings: 1 };
        let before = self.instants.get(&at).copied();
        let after = before.unwrap_or_default().plus(posting)?;
        self.instants.insert(at, after);
        match self.changed_by(at, posting, depth, &leaf.node) {
            Ok(change) => {
                self.apply(at, depth, leaf.below, change);
                Ok(())
            }
            Err(fault) => {
                match before {
                    Some(before) => self.instants.insert(at, before),
                    None => self.instants.remove(&at),
                };
                Err(fault)
            }
        }
    }

    /// The nodes on the way to `at` as they are with `posting`, which `instants` holds already.
    fn changed_by(&self, at: Time, posting: Instant, depth: usize, leaf: &Node) -> Result<Change, TimelineFault> {
        let mut change = Change { path: [Node::EMPTY; DEPTH_MAX], below: Vec::new() };
        let mut node = if at >= leaf.instants_to {
            leaf.appended(at, posting)?
        } else {
            let instants = self.instants.range(at.min(leaf.instants_from)..=leaf.instants_to);
            Node::joined(instants.map(|(at, instant)| Node::single(*at, *instant)))?
        };
        if node.is_too_full() {
            let instants: Vec<(Time, Instant)> = self.instants_of(&node).collect();
            node.is_split = true;
            split(Place::on_path(depth, at), &instants, &mut change.below)?;
        }
        change.path[depth] = node;
        for depth in (0..depth).rev() {
            let place = Place::on_path(depth, at);
            let parent = self.held(place).expect("the way down was walked").node;
            change.path[depth] = if at >= parent.instants_to {
                parent.appended(at, posting)?
            } else {
                let changed = (Place::on_path(depth + 1, at), change.path[depth + 1]);
                let siblings = || self.children(place).map(|(sibling, held)| (sibling, held.node));
                let earlier = siblings().take_while(|(sibling, _)| *sibling < changed.0);
                let later = siblings().skip_while(|(sibling, _)| *sibling <= changed.0);
                let children = earlier.chain([changed]).chain(later).map(|(_, child)| child);
                Node { is_split: true, ..Node::joined(children)? }
            };
        }
        Ok(change)
    }

    fn apply(&mut self, at: Time, depth: usize, leaf: Below, change: Change) {
        let held = |node, below| Held { node, below, is_changed: true };
        for (level, node) in change.path.into_iter().enumerate().take(depth + 1) {
            let place = Place::on_path(level, at);
            let below = if level == depth { leaf } else { self.held(place).expect("the way down was walked").below };
            let held = held(node, below);
            match level {
                0 => self.root = held,
                _ => _ = self.nodes.insert(place, held),
            }
        }
        self.nodes.extend(change.below.into_iter().map(|(place, node)| (place, held(node, Below::Known))));
    }
}

/// Makes the nodes below a leaf that is too full, and those below them.
fn split(place: Place, instants: &[(Time, Instant)], below: &mut Vec<(Place, Node)>) -> Result<(), TimelineFault> {
    let child_at = |at| place.child_at(at).expect("a place of one microsecond holds one instant and is never split");
    for group in instants.chunk_by(|(a, _), (b, _)| child_at(*a) == child_at(*b)) {
        let child = child_at(group[0].0);
        let mut node = Node::joined(group.iter().map(|(at, instant)| Node::single(*at, *instant)))?;
        node.is_split = node.is_too_full();
        below.push((child, node));
        if node.is_split {
            split(child, group, below)?;
        }
    }
    Ok(())
}
