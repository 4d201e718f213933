//! I8 and half of I9: entries became what was entered, converted, and each was booked once.

use lotbook_domain::id::{EntryId, MovementId, ProductId, UnitId};
use lotbook_domain::money::convert;
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::{Chunk, Open, Reader};
use crate::verify::finding::Thing;
use crate::verify::report::NAMED_MAX;

/// The lines that one entry became: the first of them, the base unit of the product, and what they add up to.
pub(super) struct Entered {
    pub(super) first: MovementId,
    pub(super) movement: Movement,
    pub(super) base: Option<UnitId>,
    pub(super) sum: i128,
}

impl Reader<'_> {
    pub(super) fn consume(&mut self, chunk: &mut Chunk, open: &mut Open, entry: EntryId) {
        if open.entries.insert(entry) {
            self.found.checked(9, 1);
            if !self.entries.insert(entry.0) && chunk.repeated.len() < NAMED_MAX {
                chunk.repeated.push((entry, open.id));
            }
        }
    }

    pub(super) fn end_entry(&mut self, open: &mut Open) {
        let Some(entered) = open.entered.take() else { return };
        let Entered { first, movement, base, sum } = entered;
        self.converted(first, &movement, base, open.booked_at, sum.unsigned_abs() as i128, movement.entered_count);
    }

    /// I8: what was entered, converted, against what stands there.
    fn converted(
        &mut self,
        id: MovementId,
        movement: &Movement,
        base: Option<UnitId>,
        booked_at: Option<Time>,
        stands: i128,
        entered: Quantity,
    ) {
        let Some(base) = base else { return };
        self.found.checked(8, 1);
        let unit = movement.entered_unit;
        let Some((numerator, denominator)) = self.structure.catalog.ratio(movement.product, unit, base) else {
            self.inconvertible += 1;
            return;
        };
        let Some(expected) = convert(entered, numerator, denominator) else {
            self.inconvertible += 1;
            return;
        };
        if i128::from(expected.0.unsigned_abs()) == stands {
            return;
        }
        let changed = [movement.product, ProductId(0)]
            .into_iter()
            .flat_map(|product| [(product, unit, base), (product, base, unit)])
            .filter_map(|key| self.conversions_changed.get(&key))
            .max();
        if changed > booked_at.as_ref() {
            self.changed_since += 1;
            return;
        }
        let symbol = |unit: UnitId| {
            self.structure.catalog.units.get(&unit).cloned().unwrap_or_else(|| format!("of unit {unit}"))
        };
        let (from, to) = (symbol(unit), symbol(base));
        self.found.differs(8, Thing::movement(id, movement), || {
            let stands = i64::try_from(stands).map_or_else(|_| stands.to_string(), |n| Quantity(n).to_string());
            format!("{entered} {from} were entered, which is {expected} {to}, but {stands} {to} are booked")
        });
    }

    /// A movement that makes up the difference of a count.
    pub(super) fn settled(
        &mut self,
        chunk: &Chunk,
        id: MovementId,
        movement: &Movement,
        base: Option<UnitId>,
        booked_at: Option<Time>,
    ) {
        let Some((lot, counted, expected)) = chunk.counted.get(&id).copied() else {
            self.found.differs(8, Thing::movement(id, movement), || "no count stands behind it".to_owned());
            return;
        };
        let difference = i128::from(counted.0) - i128::from(expected.0);
        if difference.unsigned_abs() as i128 != i128::from(movement.quantity.0) {
            self.found.differs(8, Thing::movement(id, movement), || {
                format!("moves {}, but {counted} were counted where {expected} stood", movement.quantity)
            });
        }
        // Of lots and instances one entry may make several counts.
        if lot.0 == 0 {
            self.converted(id, movement, base, booked_at, i128::from(counted.0), movement.entered_count);
        }
    }

    pub(super) fn note_conversions(&mut self) {
        if self.inconvertible > 0 {
            let n = self.inconvertible;
            self.found.note(8, format!("{n} entries are in units that have no conversion any more and are not judged"));
        }
        if self.changed_since > 0 {
            let n = self.changed_since;
            self.found.note(8, format!("{n} entries were converted by ratios that were changed since"));
        }
    }
}
