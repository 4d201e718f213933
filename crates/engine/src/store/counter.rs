//! Numbers for new records, counted per tenant and kind.
//!
//! The table `counter` holds the next free number. A block is leased by a short transaction of its
//! own and handed out from memory, so that a hundred small commands cost one lease, and no long
//! transaction locks a counter. A crash or a discarded block leaves a gap; nothing is handed out
//! twice, neither by several processes nor after a crash, because a block is committed before its
//! first number is seen.
//!
//! Where a lease may happen:
//! - Outside of a transaction: [`Counters::take`], on both databases.
//! - Inside of one, on PostgreSQL, `take` works too: it uses another connection. On SQLite it does
//!   not, since the one writer is taken (it then answers an error instead of waiting for itself).
//! - Inside of one, on both: [`Counters::take_in`]. It uses the block in memory and, where that is
//!   too short, counts on through the transaction at hand; those numbers are not kept in memory,
//!   because the transaction may roll back. [`Counters::reserve`] before the transaction makes that
//!   rare. On PostgreSQL the counter then stays locked until the transaction ends.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};
use std::sync::{Mutex, PoisonError};

use super::{Arg, Conn, Store};
use crate::Error;

/// How many numbers are leased at least.
const BLOCK_MIN: i64 = 1_000;
/// Whoever takes many at once comes back soon: so many times as many are leased, …
const BLOCK_TIMES: i64 = 64;
/// … but not more than this.
const BLOCK_MAX: i64 = 50_000;

/// The blocks that this process has leased.
#[derive(Default)]
pub struct Counters {
    blocks: Mutex<HashMap<i64, HashMap<String, Range<i64>>>>,
}

impl Counters {
    /// No blocks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `n` numbers in a row and answers the first. A counter that does not exist begins at
    /// `first`.
    pub fn take(&self, store: &Store, tenant: i64, name: &str, n: i64, first: i64) -> Result<i64, Error> {
        check(name, n)?;
        if let Some(start) = self.take_from_memory(tenant, name, n) {
            return Ok(start);
        }
        // The blocks are not locked meanwhile: the thread that has the one writer of SQLite must
        // never wait for a thread that waits for that writer. Two threads may then lease two blocks.
        let size = n.max(BLOCK_MIN).max(n.saturating_mul(BLOCK_TIMES).min(BLOCK_MAX));
        let start = store.write(|conn| lease(conn, tenant, name, size, first))?;
        self.keep(tenant, name, start + n..start + size);
        Ok(start)
    }

    /// Takes the next number of `range` inside of the transaction of `conn`, and none where that is rolled back: for a
    /// series so short that lost numbers would be missed. `None` = they are used up; the counter stays at its end.
    /// On PostgreSQL it stays locked until the transaction ends.
    pub fn take_of(
        &self,
        conn: &mut Conn,
        tenant: i64,
        name: &str,
        range: &RangeInclusive<i64>,
    ) -> Result<Option<i64>, Error> {
        conn.one(
            "insert into counter (tenant, name, next) values ($1, $2, $3 + 1)
             on conflict (tenant, name) do update set next = counter.next + 1 where counter.next <= $4
             returning next - 1",
            &[Arg::Int(tenant), Arg::Text(name), Arg::Int(*range.start()), Arg::Int(*range.end())],
            |row| row.int(0),
        )
    }

    /// Like [`Self::take`], inside of the transaction of `conn`.
    pub fn take_in(&self, conn: &mut Conn, tenant: i64, name: &str, n: i64, first: i64) -> Result<i64, Error> {
        check(name, n)?;
        match self.take_from_memory(tenant, name, n) {
            Some(start) => Ok(start),
            None => lease(conn, tenant, name, n, first),
        }
    }

    /// Sees that `n` numbers are in memory, for a transaction that is to begin. Other threads may
    /// take them meanwhile, so this saves work and promises nothing.
    pub fn reserve(&self, store: &Store, tenant: i64, name: &str, n: i64, first: i64) -> Result<(), Error> {
        check(name, n)?;
        let has_enough = {
            let blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
            blocks.get(&tenant).and_then(|names| names.get(name)).is_some_and(|block| block.end - block.start >= n)
        };
        if !has_enough {
            let size = n.max(BLOCK_MIN);
            let start = store.write(|conn| lease(conn, tenant, name, size, first))?;
            self.keep(tenant, name, start..start + size);
        }
        Ok(())
    }

    fn take_from_memory(&self, tenant: i64, name: &str, n: i64) -> Option<i64> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let block = blocks.get_mut(&tenant)?.get_mut(name)?;
        if block.end - block.start < n {
            return None;
        }
        let start = block.start;
        block.start += n;
        Some(start)
    }

    /// Adds to the block where it joins on; else the longer one stays and the other is a gap.
    fn keep(&self, tenant: i64, name: &str, rest: Range<i64>) {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let names = blocks.entry(tenant).or_default();
        match names.get_mut(name) {
            Some(block) if block.end == rest.start => block.end = rest.end,
            Some(block) if block.start == rest.end => block.start = rest.start,
            Some(block) if block.end - block.start >= rest.end - rest.start => {}
            Some(block) => *block = rest,
            None => {
                names.insert(name.to_string(), rest);
            }
        }
    }
}

fn check(name: &str, n: i64) -> Result<(), Error> {
    if n < 1 {
        return Err(Error::Internal(format!("{n} numbers of {name} were asked for; at least 1 can be taken")));
    }
    Ok(())
}

fn lease(conn: &mut Conn, tenant: i64, name: &str, n: i64, first: i64) -> Result<i64, Error> {
    let start = conn.one(
        "insert into counter (tenant, name, next) values ($1, $2, $3 + $4)
         on conflict (tenant, name) do update set next = counter.next + $4
         returning next - $4",
        &[Arg::Int(tenant), Arg::Text(name), Arg::Int(first), Arg::Int(n)],
        |row| row.int(0),
    )?;
    start.ok_or_else(|| Error::Internal(format!("the counter {name} did not answer")))
}
