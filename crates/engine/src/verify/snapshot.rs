//! I12: a reader sees whole batches and nothing beyond them. What a batch writes beside its lines is there with a
//! batch of the ledger; what was decided was decided at a position that the ledger has; what was acknowledged
//! with a position stands there; and the snapshot that is read stands still while it is read.

use lotbook_domain::id::{BatchId, TenantId};
use serde::Deserialize;

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::beside::{AHEAD, BESIDE};

/// Keys looked at together.
const CHUNK: i64 = 1_000;

/// Where the ledger ends by what a stage can see of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    position: i64,
    newest: i64,
}

impl End {
    /// As it is seen now: two statements, each of one row.
    pub(super) fn seen(conn: &mut Conn, tenant: TenantId) -> Result<Self, Error> {
        Ok(Self {
            position: table::header::position(conn, tenant)?,
            newest: table::beside::newest_batch(conn, tenant)?,
        })
    }

    /// What a stage began with is what it ends with, whatever others have booked meanwhile.
    pub(super) fn stands(self, conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
        found.checked(12, 1);
        let now = Self::seen(conn, tenant)?;
        if now != self {
            found.differs(12, Thing::Other("the snapshot that was read".to_owned()), || {
                format!(
                    "ended at position {} with batch {} when reading began, and at {} with {} when it ended",
                    self.position, self.newest, now.position, now.newest
                )
            });
        }
        Ok(())
    }
}

/// What an answer that names its place in the ledger says.
#[derive(Deserialize)]
struct Placed {
    batch: i64,
    position: i64,
}

pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    let position = table::header::position(conn, tenant)?;
    for beside in &BESIDE {
        found.checked(12, table::beside::count(conn, tenant, beside)? as u64);
        for batch in table::beside::without_header(conn, tenant, beside, NAMED_MAX as i64)? {
            found.differs(12, Thing::Batch(BatchId(batch)), || {
                format!("is not in the ledger, but {} of it can be seen", beside.noun)
            });
        }
    }
    for ahead in &AHEAD {
        for since in table::beside::ahead_of(conn, tenant, ahead, position, NAMED_MAX as i64)? {
            found.differs(12, Thing::Other(ahead.noun.to_owned()), || {
                format!("is said to be of position {since}; the ledger ends at {position}")
            });
        }
    }
    acknowledged(conn, tenant, found)
}

/// Whoever was told a position finds the batch there.
fn acknowledged(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let chunk = table::answered::after_key(conn, tenant, &after, CHUNK)?;
        let Some((last, _, _)) = chunk.last() else { return Ok(()) };
        after.clone_from(last);
        let mut told: Vec<(i64, i64, &str)> = Vec::new();
        for (key, _, answer) in &chunk {
            let placed: Vec<Placed> = serde_json::from_str(answer)
                .map(|one| vec![one])
                .or_else(|_| serde_json::from_str(answer))
                .unwrap_or_default();
            // What moved nothing has no batch, and tells how far the ledger went then.
            let placed = placed.iter().filter(|placed| placed.batch != 0);
            told.extend(placed.map(|placed| (placed.position, placed.batch, key.as_str())));
        }
        found.checked(12, told.len() as u64);
        let places: Vec<(i64, i64)> = told.iter().map(|(position, batch, _)| (*position, *batch)).collect();
        let there = table::beside::at_their_positions(conn, tenant, &places)?;
        for (position, batch, key) in told {
            if !there.contains(&(position, batch)) {
                found.differs(12, Thing::Other(format!("the answer under key {key}")), || {
                    format!("says that batch {batch} stands at position {position}; it does not stand there")
                });
            }
        }
    }
}
