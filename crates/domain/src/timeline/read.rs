//! What stands at a time, and how low it gets later.

use super::{Held, Instant, Need, Place, Timeline, TimelineFault};
use crate::money::Amount;
use crate::quantity::Quantity;
use crate::time::Time;

/// What stands at a time, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partly {
    /// The sum of what is known to have been posted until then.
    pub sum: Instant,
    /// The first and the last instant of the leaf whose postings until then are still to be added, and all that
    /// was posted there.
    pub leaf: Option<(Time, Time, Instant)>,
}

/// The postings of a leaf that are still to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub from: Time,
    /// The last instant.
    pub to: Time,
    /// Added to what is known to stand, or taken off it.
    pub is_added: bool,
}

impl Partly {
    /// The same by the shorter way, guessed by time: what is known to stand, and the postings that are still to be
    /// added or, counted from the end of the leaf, to be taken off.
    pub fn shorter(self, at: Time) -> Result<(Instant, Option<Span>), TimelineFault> {
        let Some((from, to, total)) = self.leaf else { return Ok((self.sum, None)) };
        let (passed, ahead) = (at.0.saturating_sub(from.0), to.0.saturating_sub(at.0));
        if passed <= ahead {
            Ok((self.sum, Some(Span { from, to: at, is_added: true })))
        } else {
            // A leaf that ends at `at` is not left to be read.
            Ok((self.sum.plus(total)?, Some(Span { from: Time(at.0 + 1), to, is_added: false })))
        }
    }
}

impl Timeline {
    /// The quantity and the amount that stand at `at`, after all postings of that instant.
    pub fn at(&self, at: Time) -> Result<(Quantity, Amount), TimelineFault> {
        match self.before_leaf(at)? {
            Partly { sum, leaf: None } => Ok((sum.quantity, sum.amount)),
            Partly { leaf: Some((from, to, _)), .. } => Err(TimelineFault::Missing(Need::Instants { from, to })),
        }
    }

    /// [`Self::at`] up to the leaf that `at` lies in, where its postings are not loaded: for whoever lets the
    /// database add up those of the leaf until then, and has no other use for them.
    pub fn before_leaf(&self, at: Time) -> Result<Partly, TimelineFault> {
        let mut sum = Instant::default();
        let mut place = Place::ROOT;
        while let Some(held) = self.held(place) {
            let node = held.node;
            if at >= node.instants_to {
                sum = sum.plus(node.total())?;
                break;
            }
            if at < node.instants_from {
                break;
            }
            if !node.is_split && !held.is_known() {
                return Ok(Partly { sum, leaf: Some((node.instants_from, node.instants_to, node.total())) });
            }
            Self::require_known(place, held, at)?;
            if !node.is_split {
                for (_, instant) in self.instants.range(node.instants_from..=at) {
                    sum = sum.plus(*instant)?;
                }
                break;
            }
            let next = place.child_at(at).expect("a split node has places below it");
            for (_, child) in self.children(place).take_while(|(child, _)| *child < next) {
                sum = sum.plus(child.node.total())?;
            }
            place = next;
        }
        Ok(Partly { sum, leaf: None })
    }

    /// Every instant with postings, in order, once all of them are loaded: meant for accounts with few,
    /// such as those of a single instance.
    pub fn instants(&self) -> Result<Vec<(Time, Instant)>, TimelineFault> {
        self.instants_below(Place::ROOT, &self.root)
    }

    fn instants_below(&self, place: Place, held: &Held) -> Result<Vec<(Time, Instant)>, TimelineFault> {
        let node = held.node;
        if node.postings == 0 {
            return Ok(Vec::new());
        }
        if !node.is_split && node.instants_from == node.instants_to {
            return Ok(vec![(node.instants_from, node.total())]);
        }
        Self::require_known(place, held, node.instants_from)?;
        if !node.is_split {
            return Ok(self.instants_of(&node).collect());
        }
        let mut found = Vec::new();
        for (child, held) in self.children(place) {
            found.extend(self.instants_below(child, held)?);
        }
        Ok(found)
    }

    /// The lowest that the balance gets at `at` or later.
    pub fn lowest_from(&self, at: Time) -> Result<Quantity, TimelineFault> {
        let (standing, _) = self.at(at)?;
        let later = self.lowest_after(Place::ROOT, &self.root, Quantity::ZERO, at)?;
        Ok(later.map_or(standing, |later| later.min(standing)))
    }

    /// The first instant, `at` or later, whose balance would be below `floor` if it were changed by
    /// `delta`; with the balance that stands there, without `delta`.
    pub fn first_below(
        &self,
        at: Time,
        floor: Quantity,
        delta: Quantity,
    ) -> Result<Option<(Time, Quantity)>, TimelineFault> {
        let limit = i128::from(floor.0) - i128::from(delta.0);
        let (standing, _) = self.at(at)?;
        if i128::from(standing.0) < limit {
            return Ok(Some((at, standing)));
        }
        self.first_below_after(Place::ROOT, &self.root, Quantity::ZERO, at, limit)
    }

    /// The lowest balance at the instants of a node that are later than `at`; `start` stands before
    /// the node.
    fn lowest_after(
        &self,
        place: Place,
        held: &Held,
        start: Quantity,
        at: Time,
    ) -> Result<Option<Quantity>, TimelineFault> {
        let node = &held.node;
        if at >= node.instants_to {
            return Ok(None);
        }
        if at < node.instants_from {
            return plus(start, node.low).map(Some);
        }
        Self::require_known(place, held, at)?;
        let mut running = start;
        let mut lowest: Option<Quantity> = None;
        let mut meet = |low: Option<Quantity>| lowest = lowest.into_iter().chain(low).min();
        if node.is_split {
            for (place, child) in self.children(place) {
                meet(self.lowest_after(place, child, running, at)?);
                running = plus(running, child.node.quantity)?;
            }
        } else {
            for (when, instant) in self.instants_of(node) {
                running = plus(running, instant.quantity)?;
                meet((when > at).then_some(running));
            }
        }
        Ok(lowest)
    }

    /// The first instant of a node, later than `at`, with a balance below `limit`; `start` stands
    /// before the node.
    fn first_below_after(
        &self,
        place: Place,
        held: &Held,
        start: Quantity,
        at: Time,
        limit: i128,
    ) -> Result<Option<(Time, Quantity)>, TimelineFault> {
        let node = &held.node;
        if at >= node.instants_to || i128::from(start.0) + i128::from(node.low.0) >= limit {
            return Ok(None);
        }
        if node.instants_from == node.instants_to {
            return Ok(Some((node.instants_to, plus(start, node.quantity)?)));
        }
        Self::require_known(place, held, at.max(node.instants_from))?;
        let mut running = start;
        if node.is_split {
            for (place, child) in self.children(place) {
                let found = self.first_below_after(place, child, running, at, limit)?;
                if found.is_some() {
                    return Ok(found);
                }
                running = plus(running, child.node.quantity)?;
            }
        } else {
            for (when, instant) in self.instants_of(node) {
                running = plus(running, instant.quantity)?;
                if when > at && i128::from(running.0) < limit {
                    return Ok(Some((when, running)));
                }
            }
        }
        Ok(None)
    }
}

fn plus(a: Quantity, b: Quantity) -> Result<Quantity, TimelineFault> {
    a.checked_add(b).ok_or(TimelineFault::TooLarge)
}
