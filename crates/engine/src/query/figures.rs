//! Figures about the whole database, for those who watch over it.

use crate::error::Error;
use crate::store::Conn;

/// What there is, over all tenants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Bookings that are not decided yet.
    pub bookings_waiting: i64,
    /// Batches in all ledgers.
    pub batches: i64,
}

/// The figures as this snapshot has them: two small reads, whatever the size of the ledger.
pub fn all(conn: &mut Conn) -> Result<Figures, Error> {
    let waiting = conn.one("select count(*) from booking where state = 1", &[], |row| row.int(0))?;
    let batches = conn.one("select cast(coalesce(sum(position), 0) as bigint) from tail", &[], |row| row.int(0))?;
    Ok(Figures { bookings_waiting: waiting.unwrap_or(0), batches: batches.unwrap_or(0) })
}
