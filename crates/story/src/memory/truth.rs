//! A second, naive reading of what a count says: of all that is known now, what stood there when somebody looked.

use std::collections::BTreeMap;

use lotbook_domain::catalog::Tracking;
use lotbook_domain::count::CountId;
use lotbook_domain::id::{BatchId, LotId, MovementId};
use lotbook_domain::movement::{Count, Movement};
use lotbook_domain::quantity::Quantity;

use super::Memory;

impl Memory {
    /// Proves every count that was not undone: what it says stood there is what all movements come to. Those of its
    /// very instant belong to it where they were known, or undo what was, or keep this count or one before it true. Of
    /// instances, the set is what was found: every other one was somewhere else.
    pub(super) fn check_counts(&self) {
        for (id, count) in &self.counts {
            let is_serial = self.catalog.products[&count.product].tracking == Tracking::Serial;
            let mut said: BTreeMap<LotId, Quantity> = BTreeMap::new();
            if is_serial && count.lot.0 == 0 {
                for (_, movement) in self.movements.iter().filter(|(_, movement)| is_there(movement, count)) {
                    said.insert(movement.lot, Quantity::ZERO);
                }
                let of_set = self.counts.iter().filter(|(other, found)| {
                    other.batch == id.batch
                        && found.lot.0 != 0
                        && found.effective_at == count.effective_at
                        && (found.product, found.variant, found.location)
                            == (count.product, count.variant, count.location)
                });
                let mut found = 0;
                for (_, instance) in of_set {
                    said.insert(instance.lot, instance.counted);
                    found += instance.counted.0;
                }
                assert_eq!(found, count.counted.0, "the instances of {count:?}");
            } else {
                said.insert(count.lot, count.counted);
            }
            for (lot, counted) in said {
                let stood = self.stood(*id, count, lot);
                assert_eq!(stood, counted, "of lot {lot}, by {id:?}: {count:?}");
            }
        }
    }

    fn stood(&self, id: CountId, count: &Count, lot: LotId) -> Quantity {
        let belongs = |(moved, movement): &&(MovementId, Movement)| {
            movement.lot == lot
                && is_there(movement, count)
                && (movement.effective_at < count.effective_at
                    || (movement.effective_at == count.effective_at && self.was_told_in(*moved, movement) <= id.batch))
        };
        let signed = |(_, movement): &(MovementId, Movement)| {
            let sign =
                i64::from(movement.to.location == count.location) - i64::from(movement.from.location == count.location);
            sign * movement.quantity.0
        };
        Quantity(self.movements.iter().filter(belongs).map(signed).sum())
    }

    /// The batch that a movement belongs with: that of the count that it keeps true, or of what it undoes at the same time.
    fn was_told_in(&self, id: MovementId, movement: &Movement) -> BatchId {
        let undone = movement.reverses.and_then(|undone| self.movements.iter().find(|(id, _)| *id == undone));
        if let Some((undone, original)) = undone.filter(|(_, original)| original.effective_at == movement.effective_at)
        {
            return self.was_told_in(*undone, original);
        }
        let kept = self.kept.iter().find(|(kept, ..)| *kept == id);
        kept.map_or(id.batch, |(_, count, _)| count.batch)
    }
}

fn is_there(movement: &Movement, count: &Count) -> bool {
    (movement.product, movement.variant) == (count.product, count.variant)
        && (movement.from.location == count.location || movement.to.location == count.location)
}
