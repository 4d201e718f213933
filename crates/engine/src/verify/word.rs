//! I10: words that decide (settings, closed periods, how products are valued), and what batches say beside their lines
//! (what they pushed out of closed days, the counts that they undid), say what was linked when they were said, and none
//! is missing.

use lotbook_domain::chain::Hash;
use lotbook_domain::id::{BatchId, TenantId};
use lotbook_domain::quantity::Quantity;

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::command::count_number;
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::said::{Link, Word, WordKind, of_costing, of_counts_undone, of_decision, of_pushed};
use crate::table::scan::RawLink;

pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    table::decision::each(conn, tenant, |decision, linked| {
        compare(&of_decision(&decision), linked, found, || {
            Thing::Other(format!("decision {} on {}", decision.id, decision.subject))
        });
        Ok(())
    })?;
    table::costing::each(conn, tenant, |costed, product, linked| {
        compare(&of_costing(&costed), linked, found, || {
            let product = product.unwrap_or_else(|| format!("product {}", costed.product));
            Thing::Other(format!("word {} on how {product} is valued", costed.id))
        });
        Ok(())
    })?;
    table::adjustment::each(conn, tenant, |batch, pushed, linked| {
        compare(&of_pushed(batch, &pushed), linked, found, || {
            let parts = pushed.iter().map(|part| {
                format!("{} of {} in pool {}, line {}", Quantity(part.amount), part.day, part.pool, part.line)
            });
            Thing::Settled(batch, format!("what it pushed out of closed days ({})", some(parts)))
        });
        Ok(())
    })?;
    table::count::each_undoing(conn, tenant, |batch, counts, linked| {
        compare(&of_counts_undone(batch, &counts), linked, found, || {
            let counts = counts.iter().map(|count| count_number(count.batch, count.line).to_string());
            Thing::Other(format!("batch {batch}: what it undid of counts ({})", some(counts)))
        });
        Ok(())
    })?;
    for (kind, id) in table::said::lost(conn, tenant, NAMED_MAX as i64)? {
        let thing = match kind {
            WordKind::Decision => Thing::Other(format!("decision {id}")),
            WordKind::Costing => Thing::Other(format!("word {id} on how a product is valued")),
            WordKind::Pushed => Thing::Settled(BatchId(id), "what it pushed out of closed days".to_owned()),
            WordKind::CountsUndone => Thing::Other(format!("batch {id}: what it undid of counts")),
        };
        found.differs(10, thing, || "is in the chain of hashes, but lost".to_owned());
    }
    Ok(())
}

/// The first of them, and how many there are more.
fn some(parts: impl ExactSizeIterator<Item = String>) -> String {
    const SHOWN_MAX: usize = 5;
    let more = parts.len().saturating_sub(SHOWN_MAX);
    let shown = parts.take(SHOWN_MAX).collect::<Vec<_>>().join("; ");
    if more > 0 { format!("{shown}; and {more} more") } else { shown }
}

fn compare((.., content): &Word, linked: Option<Vec<u8>>, found: &mut Findings, thing: impl FnOnce() -> Thing) {
    match linked {
        Some(linked) if linked == content => {}
        Some(_) => found.differs(10, thing(), || "is not what was hashed when it was said".to_owned()),
        None => found.differs(10, thing(), || "is not in the chain of hashes".to_owned()),
    }
}

/// A word in the chain, after the batch at a position and the word of a number.
pub(super) fn chained(link: &RawLink, (last, words): (i64, i64), before: &Hash, found: &mut Findings) {
    let thing = || Thing::Other(format!("word {} in the chain", link.word));
    if link.position != last {
        found.differs(10, thing(), || {
            format!("was said after position {}, but the batch there is missing", link.position)
        });
    }
    if link.word != words + 1 {
        found.differs(10, thing(), || format!("comes after word {words}; what was between is missing"));
    }
    let (number, content_hash, chain_hash) = (link.word, link.content_hash.clone(), link.chain_hash.clone());
    if !(Link { number, content_hash, chain_hash }).follows(before) {
        found.differs(10, thing(), || "its chain hash does not follow from what was before it".to_owned());
    }
}
