//! Figures about the whole database, for those who watch over it.

use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::Conn;

/// What there is, over all tenants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Bookings that are not decided yet.
    pub bookings_waiting: i64,
    /// Batches in all ledgers.
    pub batches: i64,
    /// Differences that verifying beside the work found last.
    pub scrub_differences: i64,
    /// When the oldest of these runs was done.
    pub scrubbed_at: Option<Time>,
}

/// The figures as this snapshot has them: three small reads, whatever the size of the ledger.
pub fn all(conn: &mut Conn) -> Result<Figures, Error> {
    let waiting = conn.one("select count(*) from booking where state = 1", &[], |row| row.int(0))?;
    let batches = conn.one("select cast(coalesce(sum(position), 0) as bigint) from tail", &[], |row| row.int(0))?;
    let scrubbed =
        conn.one("select cast(coalesce(sum(differences), 0) as bigint), min(finished_at) from scrub", &[], |row| {
            Ok((row.int(0)?, row.opt_int(1)?.map(Time)))
        })?;
    let (scrub_differences, scrubbed_at) = scrubbed.unwrap_or_default();
    Ok(Figures {
        bookings_waiting: waiting.unwrap_or(0),
        batches: batches.unwrap_or(0),
        scrub_differences,
        scrubbed_at,
    })
}
