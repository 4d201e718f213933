//! Batch headers and the tail of the chain.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::chain::{GENESIS, Hash, Head};
use lotbook_domain::id::{BatchId, BookingId, TenantId, UserId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// What made a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// A booking of a journal's entries.
    Booking,
    /// The undoing of movements.
    Reversal,
    /// Counts.
    Count,
    /// A settlement of values.
    Settlement,
    /// Runs of one call.
    Operation,
    /// A revaluation or a landed cost: nothing moves.
    Value,
}

impl BatchKind {
    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Booking => 1,
            Self::Reversal => 2,
            Self::Count => 3,
            Self::Settlement => 4,
            Self::Operation => 5,
            Self::Value => 6,
        }
    }

    /// Its name on every face.
    pub fn name_of(code: i64) -> &'static str {
        match code {
            1 => "booking",
            2 => "reversal",
            3 => "count",
            4 => "settlement",
            5 => "operation",
            _ => "value",
        }
    }
}

/// The header that ends a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<H = Hash> {
    /// Where it stands in the ledger, from 1 without gaps.
    pub position: i64,
    /// The batch.
    pub batch: BatchId,
    /// Its ULID.
    pub uid: String,
    /// What made it, see [`BatchKind`].
    pub kind: i64,
    /// The booking it was; 0 = none.
    pub booking: BookingId,
    /// How many movements it holds.
    pub lines: i64,
    /// The hash of its content.
    pub content_hash: H,
    /// The hash of the one before, its position and its content.
    pub chain_hash: H,
    /// When we learned it.
    pub booked_at: Time,
    /// From whom.
    pub booked_by: UserId,
    /// Why, for reversals.
    pub reason: Option<String>,
}

impl<H> Header<H> {
    /// What is hashed of it.
    pub fn head(&self) -> Head<'_> {
        Head {
            uid: &self.uid,
            kind: self.kind,
            booking: self.booking,
            lines: self.lines,
            booked_at: self.booked_at,
            booked_by: self.booked_by,
            reason: self.reason.as_deref(),
        }
    }
}

/// The end of the chain, locked until the transaction ends.
pub fn lock_tail(conn: &mut Conn, tenant: TenantId) -> Result<(i64, Hash), Error> {
    let tail = conn.one(
        "select position, chain_hash from tail where tenant = $1 {for update}",
        &[Arg::Int(tenant.0)],
        |row| Ok((row.int(0)?, hash(row, 1)?)),
    )?;
    tail.ok_or_else(|| Error::Internal(format!("tenant {tenant} has no tail")))
}

/// The position of the newest batch.
pub fn position(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    Ok(conn.one("select position from tail where tenant = $1", &[Arg::Int(tenant.0)], |row| row.int(0))?.unwrap_or(0))
}

/// At which positions these batches stand. One statement, and none for none.
pub fn positions(
    conn: &mut Conn,
    tenant: TenantId,
    batches: &BTreeSet<BatchId>,
) -> Result<HashMap<BatchId, i64>, Error> {
    if batches.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Rows::ids(batches.iter().map(|batch| batch.0));
    let mut found = HashMap::with_capacity(batches.len());
    conn.each(
        "select h.batch, h.position from {rows $2 (id bigint) r} {look up header h} h.tenant = $1 and h.batch = r.id \
         {looked up h}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            found.insert(BatchId(row.int(0)?), row.int(1)?);
            Ok(())
        },
    )?;
    Ok(found)
}

/// The end of the chain: the newest position and its hash.
pub fn tail(conn: &mut Conn, tenant: TenantId) -> Result<(i64, Hash), Error> {
    let tail = conn.one("select position, chain_hash from tail where tenant = $1", &[Arg::Int(tenant.0)], |row| {
        Ok((row.int(0)?, hash(row, 1)?))
    })?;
    Ok(tail.unwrap_or((0, GENESIS)))
}

/// The hash up to a position; that of an empty ledger at 0, `None` where no batch stands there.
pub fn hash_at(conn: &mut Conn, tenant: TenantId, position: i64) -> Result<Option<Hash>, Error> {
    if position == 0 {
        return Ok(Some(GENESIS));
    }
    conn.one(
        "select chain_hash from header where tenant = $1 and position = $2",
        &[Arg::Int(tenant.0), Arg::Int(position)],
        |row| hash(row, 0),
    )
}

fn hash(row: &Row<'_>, at: usize) -> Result<Hash, Error> {
    row.bytes(at)?.try_into().map_err(|_| Error::Internal("a stored hash is not 32 bytes long".to_owned()))
}

/// Begins the chain of a new tenant.
pub fn make_tail(conn: &mut Conn, tenant: TenantId) -> Result<(), Error> {
    conn.execute(
        "insert into tail (tenant, position, chain_hash) values ($1, 0, $2)",
        &[Arg::Int(tenant.0), Arg::Bytes(&GENESIS)],
    )?;
    Ok(())
}

/// Writes headers and moves the tail: two statements.
pub fn append(conn: &mut Conn, tenant: TenantId, headers: &[Header]) -> Result<(), Error> {
    let Some(last) = headers.last() else { return Ok(()) };
    let ints = |of: fn(&Header) -> i64| Column::Int(headers.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|h| h.position),
        ints(|h| h.batch.0),
        Column::Text(headers.iter().map(|h| h.uid.clone()).collect()),
        ints(|h| h.kind),
        ints(|h| h.booking.0),
        ints(|h| h.lines),
        Column::Bytes(headers.iter().map(|h| h.content_hash.to_vec()).collect()),
        Column::Bytes(headers.iter().map(|h| h.chain_hash.to_vec()).collect()),
        ints(|h| h.booked_at.0),
        ints(|h| h.booked_by.0),
        Column::OptText(headers.iter().map(|h| h.reason.clone()).collect()),
    ]);
    conn.execute(
        "insert into header (tenant, position, batch, uid, kind, booking, lines, content_hash, chain_hash, booked_at, \
         booked_by, reason) \
         select $1, h.position, h.batch, h.uid, h.kind, h.booking, h.lines, h.content_hash, h.chain_hash, h.booked_at, \
         h.booked_by, h.reason \
         from {rows $2 (position bigint, batch bigint, uid text, kind bigint, booking bigint, lines bigint, \
         content_hash bytea, chain_hash bytea, booked_at bigint, booked_by bigint, reason text) h}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    conn.execute(
        "update tail set position = $2, chain_hash = $3 where tenant = $1",
        &[Arg::Int(tenant.0), Arg::Int(last.position), Arg::Bytes(&last.chain_hash)],
    )?;
    Ok(())
}

/// What [`read`] reads.
pub const COLUMNS: &str = "h.position, h.batch, h.uid, h.kind, h.booking, h.lines, h.content_hash, h.chain_hash, h.booked_at, \
     h.booked_by, h.reason";

/// Headers after a position, in order.
pub fn after(conn: &mut Conn, tenant: TenantId, position: i64, limit: i64) -> Result<Vec<Header>, Error> {
    conn.query(
        &format!("select {COLUMNS} from header h where h.tenant = $1 and h.position > $2 order by h.position limit $3"),
        &[Arg::Int(tenant.0), Arg::Int(position), Arg::Int(limit)],
        |row| read(row, hash),
    )
}

/// How many headers come after a position, and how many movements they have together; no more than `limit` of them are
/// counted.
pub fn counted_after(conn: &mut Conn, tenant: TenantId, position: i64, limit: i64) -> Result<(i64, i64), Error> {
    let counted = conn.one(
        "select count(*), cast(coalesce(sum(c.lines), 0) as bigint) from (select h.lines from header h \
         where h.tenant = $1 and h.position > $2 order by h.position limit $3) c",
        &[Arg::Int(tenant.0), Arg::Int(position), Arg::Int(limit)],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(counted.unwrap_or_default())
}

/// The ULIDs of batches.
pub fn uids(
    conn: &mut Conn,
    tenant: TenantId,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<HashMap<BatchId, String>, Error> {
    let rows = Rows::ids(batches.into_iter().map(|id| id.0));
    let found = conn.query(
        "select h.batch, h.uid from {rows $2 (id bigint) r} cross join header h where h.tenant = $1 and h.batch = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((BatchId(row.int(0)?), row.text(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// The header of a batch.
pub fn of_batch(conn: &mut Conn, tenant: TenantId, batch: BatchId) -> Result<Option<Header>, Error> {
    conn.one(
        &format!("select {COLUMNS} from header h where h.tenant = $1 and h.batch = $2"),
        &[Arg::Int(tenant.0), Arg::Int(batch.0)],
        |row| read(row, hash),
    )
}

/// A header, with its hashes as `hash` takes them from their columns.
pub fn read<'r, H>(row: &Row<'r>, hash: impl Fn(&Row<'r>, usize) -> Result<H, Error>) -> Result<Header<H>, Error> {
    Ok(Header {
        position: row.int(0)?,
        batch: BatchId(row.int(1)?),
        uid: row.text(2)?,
        kind: row.int(3)?,
        booking: BookingId(row.int(4)?),
        lines: row.int(5)?,
        content_hash: hash(row, 6)?,
        chain_hash: hash(row, 7)?,
        booked_at: Time(row.int(8)?),
        booked_by: UserId(row.int(9)?),
        reason: row.opt_text(10)?,
    })
}
