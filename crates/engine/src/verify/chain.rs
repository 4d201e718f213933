//! I10: positions and words without gaps, each chain hash made of the one before it, and the tail at the end.

use lotbook_domain::chain::{GENESIS, Hash, link};
use lotbook_domain::id::TenantId;

use super::finding::{Findings, Thing};
use super::word;
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// Verifies the chain; answers the newest position and how many batches there are.
pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(i64, u64), Error> {
    let mut batches = 0;
    let mut last = 0;
    let mut words = 0;
    let mut before: Hash = GENESIS;
    table::scan::chain(conn, tenant, |header| {
        found.checked(10, 1);
        if header.word != 0 {
            word::chained(&header, (last, words), &before, found);
            words = header.word;
            before = Hash::try_from(header.chain_hash.as_slice()).unwrap_or(before);
            return Ok(());
        }
        batches += 1;
        if header.position != last + 1 {
            found.differs(10, Thing::Batch(header.batch), || {
                format!("stands at position {} after position {last}; what was between is missing", header.position)
            });
        }
        last = header.position;
        let expected =
            Hash::try_from(header.content_hash.as_slice()).ok().map(|content| link(&before, header.position, &content));
        if expected.is_none_or(|expected| expected[..] != header.chain_hash) {
            found.differs(10, Thing::Batch(header.batch), || {
                format!("at position {}: its chain hash does not follow from the batch before it", header.position)
            });
        }
        // One break is told once: the rest is compared with what is stored.
        if let Ok(stored) = Hash::try_from(header.chain_hash.as_slice()) {
            before = stored;
        }
        Ok(())
    })?;
    match table::scan::tail(conn, tenant)? {
        None => found.differs(10, Thing::Other("the tail of the chain".to_owned()), || "is missing".to_owned()),
        Some((position, hash)) => {
            if position != last {
                found.differs(10, Thing::Other("the tail of the chain".to_owned()), || {
                    format!("says position {position}; the newest batch stands at {last}")
                });
            }
            if hash != before {
                found.differs(10, Thing::Other("the tail of the chain".to_owned()), || {
                    format!("carries another hash than the batch at position {last}")
                });
            }
        }
    }
    Ok((last, batches))
}
