//! What stood in an account at a time, without walking its history.
//!
//! **Problem.** An account collects postings (an instant, a signed quantity, a signed amount) in any
//! order: the past may be corrected at any time, and an account may hold millions of postings. Before
//! each booking somebody asks: what stood here at that time, and how low does the stock get from
//! there on? Neither may cost more on an old account than on a young one.
//!
//! **Choice.** A radix trie over time. Each [`Node`] keeps the sums of the postings inside its
//! [`Place`] (a stretch of time) and the lowest that the running quantity gets inside. A node of more
//! than [`LEAF_MAX`] postings is split into the stretches below it, unless all of them share one
//! instant; then its sums say everything. Quiet years cost nothing and busy seconds go deep. The
//! shape follows from the postings alone, not from their order of arrival, so it can be recomputed
//! and compared ([`Builder`]). A balanced tree would answer as fast, but its shape would depend on
//! history.
//!
//! Balances are judged per instant, after all postings of that instant: goods that come and go in
//! the same microsecond were never missing.
//!
//! **Loading.** A [`Timeline`] may hold only a part: it begins with the root and is given what it asks
//! for. An operation that meets something not loaded changes nothing and returns
//! [`TimelineFault::Missing`]; the caller loads that and repeats the operation.
//! [`Timeline::need_at`] tells the same beforehand, so that the needs of many accounts can be
//! collected into one statement. What is loaded must be what was stored when the root was read. It is
//! compared with the node above it, so a timeline that does not add up is noticed, not believed.
//!
//! **Cost.** At most [`DEPTH_MAX`] levels with 32 siblings each (the root has one child per 814 days);
//! a million postings spread over ten years make four. A posting at or after the newest instant
//! touches one node per level and needs no posting of the past, except for the leaf that it splits.
//! A posting into the past needs the siblings on its path, which can be loaded at once, and the postings of one leaf.
//!
//! **Limits.** Sums are 64 bits of millionths; what would leave them is
//! [`TimelineFault::TooLarge`]. Postings are never taken away: a correction is another posting.

mod builder;
mod node;
mod post;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use crate::time::Time;
pub use builder::Builder;
pub use node::{DEPTH_MAX, Instant, LEAF_MAX, Node, Place};
pub use read::{Partly, Span};

/// Something that an operation has to know and that has not been loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// All nodes directly below a split node: those of [`Place::child_shift`] with a bucket in
    /// [`Place::child_buckets`]; and in turn below that one of them that holds a time, as many levels down as one
    /// likes, one at least: [`Place::towards`] names them. For [`Timeline::load_children`].
    Children {
        /// The split node.
        place: Place,
        /// The time that is asked about.
        at: Time,
    },
    /// The postings with `from <= effective <= to`, which are those of one leaf. For
    /// [`Timeline::load_instants`].
    Instants {
        /// The first instant of the leaf.
        from: Time,
        /// The last instant of the leaf.
        to: Time,
    },
    /// Of the nodes below a split node those that hold its newest instant, from the top down to as deep as one
    /// likes, one at least: [`Place::towards`] names them. For [`Timeline::load_newest`].
    Newest {
        /// The split node.
        place: Place,
        /// Its newest instant.
        at: Time,
    },
}

/// Why a timeline gives no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineFault {
    /// Load this and ask again; nothing has been changed.
    Missing(Need),
    /// A quantity or an amount leaves the range of 64 bits of millionths; nothing has been changed.
    TooLarge,
    /// What was loaded below this place does not add up to what the place says. The timeline is of
    /// no use any more: its stored form is damaged, or it was loaded from another state.
    Unmatched(Place),
}

impl fmt::Display for TimelineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(Need::Children { place, .. } | Need::Newest { place, .. }) => {
                write!(f, "the summaries below {place} are not loaded")
            }
            Self::Missing(Need::Instants { from, to }) => write!(f, "the postings from {from} to {to} are not loaded"),
            Self::TooLarge => f.write_str("the sum of quantities or amounts is too large"),
            Self::Unmatched(place) => write!(f, "the summaries below {place} do not add up to it"),
        }
    }
}

impl std::error::Error for TimelineFault {}

/// How much of what is directly below a node is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Below {
    /// Nothing.
    Unknown,
    /// Of a split node the child that holds its newest instant.
    Newest,
    /// The children of a split node, the instants of a leaf.
    Known,
}

/// A node in memory.
#[derive(Clone, Copy, Debug)]
struct Held {
    node: Node,
    below: Below,
    is_changed: bool,
}

impl Held {
    const NEW: Self = Self { node: Node::EMPTY, below: Below::Known, is_changed: false };

    fn loaded(node: Node) -> Self {
        let below = if node.postings == 0 { Below::Known } else { Below::Unknown };
        Self { node, below, is_changed: false }
    }

    fn is_known(&self) -> bool {
        self.below == Below::Known
    }

    /// Whether the postings of this leaf have to be loaded before one more at `at`: where it goes
    /// before the last instant, and where it splits the leaf.
    fn lacks_instants_at(&self, at: Time) -> bool {
        let Node { instants_from, instants_to, postings, .. } = self.node;
        !self.is_known() && instants_from < instants_to && (at < instants_to || postings >= LEAF_MAX)
    }

    fn instants_need(&self) -> TimelineFault {
        TimelineFault::Missing(Need::Instants { from: self.node.instants_from, to: self.node.instants_to })
    }
}

/// The postings of one account, as far as they are loaded. See the [module](self).
///
/// It lives within one database transaction: after what it changed has been stored, begin anew.
/// Cloning it for a tentative booking costs nothing while only the root is loaded.
#[derive(Clone, Debug)]
pub struct Timeline {
    root: Held,
    nodes: BTreeMap<Place, Held>,
    /// All instants of the leaves that are known, and what was posted to the others since loading.
    instants: BTreeMap<Time, Instant>,
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new_empty()
    }
}

impl Timeline {
    /// The timeline of a new account. It never misses anything.
    pub fn new_empty() -> Self {
        Self::from_root(Node::EMPTY)
    }

    /// A timeline of which only the root is known.
    pub fn from_root(root: Node) -> Self {
        Self { root: Held::loaded(root), nodes: BTreeMap::new(), instants: BTreeMap::new() }
    }

    /// The whole account as one node: what stands there after all postings.
    pub fn root(&self) -> &Node {
        &self.root.node
    }

    /// Whether anything was posted since loading or the last [`Self::take_changes`].
    pub fn is_changed(&self) -> bool {
        self.root.is_changed
    }

    /// The nodes below the root that were made or changed since loading, in the order of places.
    pub fn changes(&self) -> impl Iterator<Item = (Place, &Node)> {
        self.nodes.iter().filter(|(_, held)| held.is_changed).map(|(place, held)| (*place, &held.node))
    }

    /// [`Self::changes`], which from then on count as unchanged, like the root.
    pub fn take_changes(&mut self) -> Vec<(Place, Node)> {
        let taken = self.changes().map(|(place, node)| (place, *node)).collect();
        self.root.is_changed = false;
        self.nodes.values_mut().for_each(|held| held.is_changed = false);
        taken
    }

    /// Takes all children of a split node, and those of the nodes below it on the way to `at`: of `levels` nodes in
    /// all. Others among `nodes` are passed over. Loading again changes nothing.
    pub fn load_children(
        &mut self,
        below: Place,
        at: Time,
        levels: usize,
        nodes: &BTreeMap<Place, Node>,
    ) -> Result<(), TimelineFault> {
        for parent in std::iter::once(below).chain(below.towards(at)).take(levels) {
            let Some(held) = self.held(parent).copied() else {
                // Nothing was posted there; but the node that is asked about is known.
                return if parent == below { Err(TimelineFault::Unmatched(below)) } else { Ok(()) };
            };
            if !held.node.is_split {
                return Ok(());
            }
            if held.is_known() {
                continue;
            }
            for (place, node) in nodes.range(parent.children()) {
                // The newest one may have changed since it was loaded.
                self.nodes.entry(*place).or_insert(Held::loaded(*node));
            }
            let found = Node::joined(self.children(parent).map(|(_, held)| held.node))?;
            if (Node { is_split: true, ..found }) != held.node {
                return Err(TimelineFault::Unmatched(parent));
            }
            self.held_mut(parent).expect("it was just found").below = Below::Known;
        }
        Ok(())
    }

    /// Takes the nodes below a split node that hold its newest instant, as deep as they go. Others among `nodes` are
    /// passed over. Loading again changes nothing.
    pub fn load_newest(&mut self, below: Place, nodes: &BTreeMap<Place, Node>) -> Result<(), TimelineFault> {
        let mut parent = below;
        loop {
            let Some(held) = self.held(parent) else { return Err(TimelineFault::Unmatched(parent)) };
            let node = held.node;
            if held.below != Below::Unknown || !node.is_split {
                return Ok(());
            }
            let place = parent.child_at(node.instants_to).expect("a split node has places below it");
            match nodes.get(&place) {
                Some(child) if child.instants_to == node.instants_to && child.postings <= node.postings => {
                    self.nodes.insert(place, Held::loaded(*child));
                }
                None if parent != below => return Ok(()),
                _ => return Err(TimelineFault::Unmatched(parent)),
            }
            self.held_mut(parent).expect("it was just found").below = Below::Newest;
            parent = place;
        }
    }

    /// Takes the postings of the leaf that holds `from`, singly or added up per instant, in any
    /// order. Loading again changes nothing, and what was posted since the root was read is kept.
    pub fn load_instants(
        &mut self,
        from: Time,
        instants: impl IntoIterator<Item = (Time, Instant)>,
    ) -> Result<(), TimelineFault> {
        // Those beside the way need not be loaded.
        let (mut place, mut leaf) = (Place::ROOT, self.root);
        while leaf.node.is_split {
            let below = place.child_at(from).expect("a split node has places below it");
            let Some(held) = self.nodes.get(&below) else { return Err(TimelineFault::Unmatched(place)) };
            (place, leaf) = (below, *held);
        }
        if leaf.is_known() {
            return Ok(());
        }
        for (at, instant) in instants {
            if (leaf.node.instants_from..=leaf.node.instants_to).contains(&at) {
                let sum = self.instants.entry(at).or_default();
                *sum = sum.plus(instant)?;
            }
        }
        let found = Node::joined(self.instants_of(&leaf.node).map(|(at, instant)| Node::single(at, instant)))?;
        if found != leaf.node {
            return Err(TimelineFault::Unmatched(place));
        }
        self.held_mut(place).expect("it was just found").below = Below::Known;
        Ok(())
    }

    /// What has to be loaded first to post at `at` or to read what stands there; `None` where
    /// nothing is missing. More may be missing once that is loaded.
    pub fn need_at(&self, at: Time) -> Option<Need> {
        let fault = match self.descend(at) {
            Err(fault) => fault,
            Ok((_, Some(leaf))) if leaf.lacks_instants_at(at) => leaf.instants_need(),
            Ok(_) => return None,
        };
        match fault {
            TimelineFault::Missing(need) => Some(need),
            TimelineFault::TooLarge | TimelineFault::Unmatched(_) => None,
        }
    }

    /// Walks down to the leaf that holds `at`, or to where it would be: its depth, and the leaf.
    fn descend(&self, at: Time) -> Result<(usize, Option<Held>), TimelineFault> {
        let mut depth = 0;
        let mut held = self.root;
        while held.node.is_split {
            if at >= held.node.instants_to {
                Self::require_newest(Place::on_path(depth, at), &held)?;
            } else {
                Self::require_known(Place::on_path(depth, at), &held, at)?;
            }
            depth += 1;
            match self.nodes.get(&Place::on_path(depth, at)) {
                Some(next) => held = *next,
                None => return Ok((depth, None)),
            }
        }
        Ok((depth, Some(held)))
    }

    fn require_known(place: Place, held: &Held, at: Time) -> Result<(), TimelineFault> {
        match (held.is_known(), held.node.is_split) {
            (true, _) => Ok(()),
            (false, true) => Err(TimelineFault::Missing(Need::Children { place, at })),
            (false, false) => Err(held.instants_need()),
        }
    }

    fn require_newest(place: Place, held: &Held) -> Result<(), TimelineFault> {
        match held.below {
            Below::Unknown => Err(TimelineFault::Missing(Need::Newest { place, at: held.node.instants_to })),
            Below::Newest | Below::Known => Ok(()),
        }
    }

    fn held(&self, place: Place) -> Option<&Held> {
        if place == Place::ROOT { Some(&self.root) } else { self.nodes.get(&place) }
    }

    fn held_mut(&mut self, place: Place) -> Option<&mut Held> {
        if place == Place::ROOT { Some(&mut self.root) } else { self.nodes.get_mut(&place) }
    }

    /// The children of a split node in order of time, as far as they are loaded.
    fn children(&self, parent: Place) -> impl Iterator<Item = (Place, &Held)> {
        self.nodes.range(parent.children()).map(|(place, held)| (*place, held))
    }

    /// The instants of a known leaf in order of time.
    fn instants_of(&self, leaf: &Node) -> impl Iterator<Item = (Time, Instant)> {
        self.instants.range(leaf.instants_from..=leaf.instants_to).map(|(at, instant)| (*at, *instant))
    }
}
