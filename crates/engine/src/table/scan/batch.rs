//! Batches: headers and the chain, and the lines that come with them.

use lotbook_domain::id::{
    AccountId, BatchId, BookingId, EntryId, JournalId, LocationId, LotId, MovementId, ProductId, TenantId, UnitId,
    VariantId, VoucherId,
};
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::movement::{Count, Movement, ValueEntry};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Row};
use crate::table::header::{self, Header};
use crate::table::movement;

/// A header as stored; hashes of whatever length stands there.
pub type RawHeader = Header<Vec<u8>>;

/// Headers in the order of batches, after one.
pub fn headers_by_batch(
    conn: &mut Conn,
    tenant: TenantId,
    after: BatchId,
    limit: i64,
) -> Result<Vec<RawHeader>, Error> {
    conn.query(
        &format!(
            "select {} from header h where h.tenant = $1 and h.batch > $2 order by h.batch limit $3",
            header::COLUMNS
        ),
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)],
        |row| header::read(row, Row::bytes),
    )
}

/// A link of the chain: a batch, or a word that decides.
pub struct RawLink {
    /// The position of the batch; of a word, that of the batch before it.
    pub position: i64,
    /// The number of the word; 0 = it is a batch.
    pub word: i64,
    /// The batch; 0 = it is a word.
    pub batch: BatchId,
    /// The hash of the content.
    pub content_hash: Vec<u8>,
    /// The hash of the chain up to it.
    pub chain_hash: Vec<u8>,
}

/// The chain from its beginning.
pub fn chain(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(RawLink) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        "select h.position, cast(0 as bigint), h.batch, h.content_hash, h.chain_hash from header h where h.tenant = $1 \
         union all select s.after_position, s.number, cast(0 as bigint), s.content_hash, s.chain_hash from said s \
         where s.tenant = $1 order by 1, 2",
        &[Arg::Int(tenant.0)],
        |row| {
            each(RawLink {
                position: row.int(0)?,
                word: row.int(1)?,
                batch: BatchId(row.int(2)?),
                content_hash: row.bytes(3)?,
                chain_hash: row.bytes(4)?,
            })
        },
    )
}

/// The end of the chain as stored, if it is there.
pub fn tail(conn: &mut Conn, tenant: TenantId) -> Result<Option<(i64, Vec<u8>)>, Error> {
    conn.one("select position, chain_hash from tail where tenant = $1", &[Arg::Int(tenant.0)], |row| {
        Ok((row.int(0)?, row.bytes(1)?))
    })
}

/// Where the last header stands, whatever the end of the chain says; 0 = there is none.
pub fn last_position(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    let last =
        conn.one("select max(position) from header where tenant = $1", &[Arg::Int(tenant.0)], |row| row.opt_int(0))?;
    Ok(last.flatten().unwrap_or(0))
}

/// How many movements there are.
pub fn movement_count(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    let found =
        conn.one("select count(*) from movement m where m.tenant = $1", &[Arg::Int(tenant.0)], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

/// A movement with what its product says about it.
pub struct Scanned {
    /// The batch and the line.
    pub id: MovementId,
    /// The movement, or why it cannot be read.
    pub movement: Result<Movement, String>,
    /// The base unit of its product; `None` = there is no such product.
    pub unit: Option<UnitId>,
}

/// The movements of batches after one, up to one, in the order of batches and lines.
pub fn movements(
    conn: &mut Conn,
    tenant: TenantId,
    after: BatchId,
    to: BatchId,
    mut each: impl FnMut(Scanned) -> Result<(), Error>,
) -> Result<(), Error> {
    let sql = format!(
        "select {}, p.unit from movement m left join product p on p.tenant = m.tenant and p.id = m.product \
         where m.tenant = $1 and m.batch > $2 and m.batch <= $3 order by m.batch, m.line",
        movement::COLUMNS
    );
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)], |row| {
        let id = MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? };
        let movement = match movement::read(row, 0) {
            Ok((_, movement)) => Ok(movement),
            Err(Error::Internal(why)) => Err(why),
            Err(error) => return Err(error),
        };
        each(Scanned { id, movement, unit: row.opt_int(movement::COLUMN_COUNT)?.map(UnitId) })
    })
}

/// The counts of batches after one, up to one, in the order of batches and lines.
pub fn counts(conn: &mut Conn, tenant: TenantId, after: BatchId, to: BatchId) -> Result<Vec<(BatchId, Count)>, Error> {
    conn.query(
        "select c.batch, c.line, c.effective_at, c.account, c.product, c.variant, c.lot, c.location, c.counted, \
         c.expected, c.movement_line, c.unit_cost, c.journal, c.voucher, c.entry, c.org_unit, c.description \
         from stock_count c where c.tenant = $1 and c.batch > $2 and c.batch <= $3 order by c.batch, c.line",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| {
            let count = Count {
                line: row.int(1)?,
                effective_at: Time(row.int(2)?),
                account: AccountId(row.int(3)?),
                product: ProductId(row.int(4)?),
                variant: VariantId(row.int(5)?),
                lot: LotId(row.int(6)?),
                location: LocationId(row.int(7)?),
                counted: Quantity(row.int(8)?),
                expected: Quantity(row.int(9)?),
                movement_line: row.int(10)?,
                unit_cost: row.opt_int(11)?.map(UnitCost),
                journal: JournalId(row.int(12)?),
                voucher: VoucherId(row.int(13)?),
                entry: EntryId(row.int(14)?),
                org_unit: LocationId(row.int(15)?),
                description: row.opt_text(16)?,
            };
            Ok((BatchId(row.int(0)?), count))
        },
    )
}

/// The value entries of batches after one, up to one, in the order of batches and lines.
pub fn value_entries(
    conn: &mut Conn,
    tenant: TenantId,
    after: BatchId,
    to: BatchId,
) -> Result<Vec<(BatchId, ValueEntry)>, Error> {
    conn.query(
        "select v.batch, v.line, v.pool, v.effective_at, v.counterpart, v.kind, v.amount from value_entry v \
         where v.tenant = $1 and v.batch > $2 and v.batch <= $3 order by v.batch, v.line",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| {
            let entry = ValueEntry {
                line: row.int(1)?,
                pool: AccountId(row.int(2)?),
                effective_at: Time(row.int(3)?),
                counterpart: LocationId(row.int(4)?),
                kind: row.int(5)?,
                amount: Amount(row.int(6)?),
            };
            Ok((BatchId(row.int(0)?), entry))
        },
    )
}

/// Headers that name a booking which does not name them: `(position, batch, booking)`.
pub fn headers_without_booking(
    conn: &mut Conn,
    tenant: TenantId,
    limit: i64,
) -> Result<Vec<(i64, BatchId, BookingId)>, Error> {
    conn.query(
        "select h.position, h.batch, h.booking from header h \
         left join booking b on b.tenant = h.tenant and b.id = h.booking \
         where h.tenant = $1 and h.booking > 0 and (b.id is null or b.state <> 2 or b.batch <> h.batch) \
         order by h.position limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((row.int(0)?, BatchId(row.int(1)?), BookingId(row.int(2)?))),
    )
}

/// Bookings that are booked, into a batch that has no header.
pub fn bookings_without_header(
    conn: &mut Conn,
    tenant: TenantId,
    limit: i64,
) -> Result<Vec<(BookingId, BatchId)>, Error> {
    conn.query(
        "select b.id, b.batch from booking b left join header h on h.tenant = b.tenant and h.batch = b.batch \
         where b.tenant = $1 and b.state = 2 and b.batch > 0 and h.batch is null order by b.id limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((BookingId(row.int(0)?), BatchId(row.int(1)?))),
    )
}
