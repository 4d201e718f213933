//! The nodes of an account, computed anew from its postings.

use super::{Node, Place, Timeline, TimelineFault};
use crate::money::Amount;
use crate::quantity::Quantity;
use crate::time::Time;

/// How many nodes or instants may gather before the finished ones are handed over.
const HELD_MAX: usize = 2048;

/// Computes all nodes of an account from its postings in order of time, in memory that does not grow
/// with their number: a node that lies wholly before the newest instant is finished and handed over.
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) timeline: Timeline,
}

impl Builder {
    /// A builder that has seen no posting.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next posting, not earlier than those before it, and hands over nodes that are
    /// finished, in no particular order but each once.
    pub fn push(
        &mut self,
        at: Time,
        quantity: Quantity,
        amount: Amount,
        finished: &mut impl FnMut(Place, Node),
    ) -> Result<(), TimelineFault> {
        let Timeline { root, .. } = &self.timeline;
        assert!(at >= root.node.instants_to, "the builder reads postings in order of time");
        self.timeline.post(at, quantity, amount)?;
        if self.timeline.nodes.len() > HELD_MAX || self.timeline.instants.len() > HELD_MAX {
            self.let_go(at, finished);
        }
        Ok(())
    }

    /// Hands over the nodes that are left, and returns the root.
    pub fn finish(mut self, finished: &mut impl FnMut(Place, Node)) -> Node {
        for (place, node) in self.timeline.take_changes() {
            finished(place, node);
        }
        *self.timeline.root()
    }

    /// Forgets what no later posting can change: postings at `at` or later are appended, and for
    /// that the nodes on the way to the newest instant are enough.
    fn let_go(&mut self, at: Time, finished: &mut impl FnMut(Place, Node)) {
        let mut leaf_from = self.timeline.root.node.instants_from;
        self.timeline.nodes.retain(|place, held| {
            let is_open = place.holds(at);
            if !is_open {
                finished(*place, held.node);
            } else if !held.node.is_split {
                leaf_from = held.node.instants_from;
            }
            is_open
        });
        self.timeline.instants = self.timeline.instants.split_off(&leaf_from);
    }
}
