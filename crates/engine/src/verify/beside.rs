//! What is kept beside the lines of batches, and is not hashed with them: which movement keeps which count true
//! (I8), which count holds no longer (I8), and what of a value entry belongs to closed days (I7).

use std::collections::BTreeSet;

use lotbook_domain::id::{BatchId, MovementId, TenantId};
use lotbook_domain::movement::{Count, IN_INSTANCES};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::command::count_number;
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// Of a chunk of batches: each movement that keeps a count true says which, and nothing else says so.
pub(super) fn compensations(
    conn: &mut Conn,
    tenant: TenantId,
    (after, to): (BatchId, BatchId),
    movements: &BTreeSet<MovementId>,
    found: &mut Findings,
) -> Result<(), Error> {
    let kept: BTreeSet<MovementId> = table::beside::compensations(conn, tenant, after, to)?.into_iter().collect();
    for id in movements.difference(&kept) {
        found.differs(8, Thing::Movement(*id, None), || {
            "keeps no count true, although that is what it was made for".to_owned()
        });
    }
    for id in kept.difference(movements) {
        found.differs(8, Thing::Movement(*id, None), || {
            "is said to keep a count true; there is no such movement".to_owned()
        });
    }
    Ok(())
}

/// A count holds as long as its difference stands.
pub(super) fn undoings(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    for wrong in table::beside::wrong_undoings(conn, tenant, NAMED_MAX as i64)? {
        let number = count_number(wrong.count.batch, wrong.count.line);
        found.differs(8, Thing::Other(format!("count {number} of batch {}", wrong.count.batch)), || {
            let said = wrong.said;
            match wrong.undone.map(|undone| (undone.number(), undone.batch)) {
                Some((undone, batch)) if said == 0 => {
                    format!("is kept as holding; movement {undone} of batch {batch} undid its difference")
                }
                Some((undone, batch)) => {
                    format!(
                        "is kept as undone by batch {said}; movement {undone} of batch {batch} undid its difference"
                    )
                }
                None => format!("is kept as undone by batch {said}; there is no such count, or its difference stands"),
            }
        });
    }
    Ok(())
}

/// A set of instances that was counted holds as a whole, or not at all.
pub(super) fn sets(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    for (count, undone, of_set) in table::beside::sets_undone_in_part(conn, tenant, NAMED_MAX as i64)? {
        let number = count_number(count.batch, count.line);
        let said =
            |batch: i64| if batch == 0 { "as holding".to_owned() } else { format!("as undone by batch {batch}") };
        found.differs(8, Thing::Other(format!("count {number} of batch {}", count.batch)), || {
            format!("is kept {}, and the set of instances that it is of {}", said(undone), said(of_set))
        });
    }
    Ok(())
}

/// What was counted of a set of instances, and what was expected, is the sum of its instances.
pub(super) fn sums_of_sets(batch: BatchId, counts: &[Count], found: &mut Findings) {
    for (at, of_set) in counts.iter().enumerate().filter(|(_, count)| count.movement_line == IN_INSTANCES) {
        let key = |count: &Count| (count.product, count.variant, count.location, count.effective_at);
        let instances = counts[at + 1..].iter().take_while(|count| count.lot.0 != 0 && key(count) == key(of_set));
        let (counted, expected) = instances.fold((0_i64, 0_i64), |(counted, expected), count| {
            (counted.saturating_add(count.counted.0), expected.saturating_add(count.expected.0))
        });
        if (counted, expected) != (of_set.counted.0, of_set.expected.0) {
            let number = count_number(batch, of_set.line);
            found.differs(8, Thing::Other(format!("count {number} of batch {batch}")), || {
                format!(
                    "says that {} instances were found where {} were expected; its lines say {} and {}",
                    of_set.counted,
                    of_set.expected,
                    Quantity(counted),
                    Quantity(expected)
                )
            });
        }
    }
}

/// What was pushed out of closed days is a part of a value entry of its pool that stands on a later day.
pub(super) fn adjustments(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    for wrong in table::beside::wrong_adjustments(conn, tenant, NAMED_MAX as i64)? {
        found.differs(7, Thing::Batch(wrong.batch), || {
            let (day, amount, line) = (Time(wrong.day), Quantity(wrong.amount), wrong.line);
            let what = format!("the correction of {amount} that it pushed out of the closed day {day}");
            match wrong.entry {
                None => format!("{what} belongs to no value entry: there is no line {line}"),
                Some((pool, _)) if pool != wrong.pool => {
                    format!(
                        "{what} is of pool {}; it belongs to a value entry which is of another pool, {pool}",
                        wrong.pool
                    )
                }
                Some((_, at)) => format!("{what} belongs to a value entry of {}, which is not later", Time(at)),
            }
        });
    }
    Ok(())
}
