//! The whole ledger as streams, in the orders in which it is verified.
//!
//! Each stream follows an index or is bounded by the ids it is asked for, so that neither side sorts
//! or keeps the ledger. What was tampered with is handed over as it stands; judging is not done here.

use std::collections::BTreeSet;

use lotbook_domain::id::{
    AccountId, BatchId, BookingId, EntryId, JournalId, LocationId, LotId, MovementId, ProductId, TenantId, UnitId,
    VariantId, VoucherId,
};
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::movement::{Count, Movement, ValueEntry};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Node, Place};

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};
use crate::table::account::part::read_node;
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

/// The movements with these ids that exist.
pub fn movements_by_id(
    conn: &mut Conn,
    tenant: TenantId,
    ids: &[MovementId],
) -> Result<Vec<(MovementId, Movement)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(ids.iter().map(|id| id.batch.0).collect()),
        Column::Int(ids.iter().map(|id| id.line).collect()),
    ]);
    conn.query(
        &format!(
            "select {} from {{rows $2 (batch bigint, line bigint) r}} cross join movement m \
             where m.tenant = $1 and m.batch = r.batch and m.line = r.line",
            movement::COLUMNS
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let (batch, movement) = movement::read(row, 0)?;
            Ok((MovementId { batch, line: movement.line }, movement))
        },
    )
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

/// The product up to which, after one, there are so many pools, or a few more; `None` = to the end.
pub fn product_after(
    conn: &mut Conn,
    tenant: TenantId,
    after: ProductId,
    pools: i64,
) -> Result<Option<ProductId>, Error> {
    conn.one(
        "select a.product from account a where a.tenant = $1 and a.kind = 2 and a.product > $2 \
         order by a.product limit 1 offset $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(pools)],
        |row| Ok(ProductId(row.int(0)?)),
    )
}

/// A posting to an account.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// The account it names.
    pub account: AccountId,
    /// When.
    pub at: Time,
    /// How much, with its sign.
    pub quantity: Quantity,
    /// How much value, with its sign; 0 for stock.
    pub amount: Amount,
    /// The movement or value entry.
    pub id: MovementId,
}

/// What is posted to accounts after one, up to one, in the order of accounts and times. The indexes by account and
/// by pool hold all of it.
///
/// SQLite begins at the first bound that it reads: the one that lets the index be used stands last.
pub fn postings(
    conn: &mut Conn,
    tenant: TenantId,
    after: AccountId,
    to: AccountId,
    mut each: impl FnMut(Posting) -> Result<(), Error>,
) -> Result<(), Error> {
    let side = |column: &str, sign: &str, amount: &str| {
        format!(
            "select m.{column} as account, m.effective_at as at, {sign}m.quantity as quantity, {amount} as amount, \
             m.batch as batch, m.line as line from movement m where m.tenant = $1 \
             and m.{column} > $2 and m.{column} <= $3 and m.{column} > 0"
        )
    };
    let sql = format!(
        "{} union all {} union all {} union all {} union all \
         select v.pool as account, v.effective_at as at, 0 as quantity, v.amount as amount, v.batch as batch, \
         v.line as line from value_entry v where v.tenant = $1 and v.pool > $2 and v.pool <= $3 order by 1, 2",
        side("to_account", "", "0"),
        side("from_account", "-", "0"),
        side("to_pool", "", "m.amount"),
        side("from_pool", "-", "-m.amount"),
    );
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)], |row| {
        each(Posting {
            account: AccountId(row.int(0)?),
            at: Time(row.int(1)?),
            quantity: Quantity(row.int(2)?),
            amount: Amount(row.int(3)?),
            id: MovementId { batch: BatchId(row.int(4)?), line: row.int(5)? },
        })
    })
}

/// What was posted to the stock of one account by batches up to a position, in the order of times.
pub fn postings_known_at(
    conn: &mut Conn,
    tenant: TenantId,
    account: AccountId,
    position: i64,
    mut each: impl FnMut(Time, Quantity) -> Result<(), Error>,
) -> Result<(), Error> {
    let side = |column: &str, sign: &str| {
        format!(
            "select m.effective_at as at, {sign}m.quantity as quantity from movement m \
             join header h on h.tenant = m.tenant and h.batch = m.batch \
             where m.tenant = $1 and m.{column} = $2 and m.{column} > 0 and h.position <= $3"
        )
    };
    let sql = format!("{} union all {} order by 1", side("to_account", ""), side("from_account", "-"));
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Int(account.0), Arg::Int(position)], |row| {
        each(Time(row.int(0)?), Quantity(row.int(1)?))
    })
}

/// How many nodes are stored below each account after one, up to one.
pub fn node_counts(
    conn: &mut Conn,
    tenant: TenantId,
    after: AccountId,
    to: AccountId,
) -> Result<Vec<(AccountId, i64)>, Error> {
    conn.query(
        "select s.account, count(*) from summary s where s.tenant = $1 and s.account > $2 and s.account <= $3 \
         group by s.account order by s.account",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| Ok((AccountId(row.int(0)?), row.int(1)?)),
    )
}

/// The nodes stored below accounts after one, up to one.
pub fn nodes(
    conn: &mut Conn,
    tenant: TenantId,
    after: AccountId,
    to: AccountId,
    mut each: impl FnMut(AccountId, Place, Node),
) -> Result<(), Error> {
    conn.each(
        "select s.account, s.shift, s.bucket, s.quantity, s.amount, s.low, s.low_before, s.instants_from, \
         s.instants_to, s.postings, s.is_split from summary s \
         where s.tenant = $1 and s.account > $2 and s.account <= $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| {
            let node = read_node(row, 3)?;
            each(AccountId(row.int(0)?), Place { shift: row.int(1)?, bucket: row.int(2)? }, node);
            Ok(())
        },
    )
}

/// What a movement adds to the places outside the house. Between two of them, or inside the house, it adds nothing.
const OUTSIDE: &str = "case when m.to_location < 0 and m.from_location > 0 then m.quantity \
     when m.from_location < 0 and m.to_location > 0 then -m.quantity else 0 end";

/// What stands in accounts and went outside, in no order: `(product, variant, lot, quantity, whether it is a
/// movement)`. Reads both in the order in which they are stored.
pub fn key_quantities_unsorted(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(ProductId, VariantId, LotId, i64, bool),
) -> Result<(), Error> {
    let stock = "select a.product, a.variant, a.lot, a.quantity from account a where a.tenant = $1 and a.kind = 1";
    let outside = format!("select m.product, m.variant, m.lot, {OUTSIDE} from movement m where m.tenant = $1");
    for (sql, is_movement) in [(stock, false), (outside.as_str(), true)] {
        conn.each(sql, &[Arg::Int(tenant.0)], |row| {
            each(ProductId(row.int(0)?), VariantId(row.int(1)?), LotId(row.int(2)?), row.int(3)?, is_movement);
            Ok(())
        })?;
    }
    Ok(())
}

/// The same product by product. All of a product together is zero.
pub fn key_quantities(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(ProductId, VariantId, LotId, i64) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        &format!(
            "select a.product as product, a.variant as variant, a.lot as lot, a.quantity as quantity \
             from account a where a.tenant = $1 and a.kind = 1 \
             union all select m.product as product, m.variant as variant, m.lot as lot, {OUTSIDE} as quantity \
             from movement m where m.tenant = $1 order by 1"
        ),
        &[Arg::Int(tenant.0)],
        |row| each(ProductId(row.int(0)?), VariantId(row.int(1)?), LotId(row.int(2)?), row.int(3)?),
    )
}

/// Instances (serial numbers) after one, in the order of ids.
pub fn instances(conn: &mut Conn, tenant: TenantId, after: LotId, limit: i64) -> Result<Vec<LotId>, Error> {
    conn.query(
        "select l.id from lot l where l.tenant = $1 and l.id > $2 and l.is_serial = 1 order by l.id limit $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)],
        |row| Ok(LotId(row.int(0)?)),
    )
}

/// Where these instances went: `(instance, when, place, change)` in the order of instances and times.
pub fn instance_steps(
    conn: &mut Conn,
    tenant: TenantId,
    instances: &[LotId],
    mut each: impl FnMut(LotId, Time, LocationId, Quantity) -> Result<(), Error>,
) -> Result<(), Error> {
    let rows = Rows::ids(instances.iter().map(|id| id.0));
    let side = |column: &str, sign: &str| {
        format!(
            "select a.lot as lot, m.effective_at as at, a.place as place, {sign}m.quantity as quantity \
             from {{rows $2 (id bigint) r}} cross join account a cross join movement m \
             where a.tenant = $1 and a.lot = r.id and a.lot > 0 and a.kind = 1 \
             and m.tenant = $1 and m.{column} = a.id and m.{column} > 0"
        )
    };
    let sql = format!("{} union all {} order by 1, 2", side("to_account", ""), side("from_account", "-"));
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
        each(LotId(row.int(0)?), Time(row.int(1)?), LocationId(row.int(2)?), Quantity(row.int(3)?))
    })
}

/// Which lines vouchers are said to have become, of those asked for: `(voucher, batch, first, last)`.
pub fn booked_lines(
    conn: &mut Conn,
    tenant: TenantId,
    wanted: &[(VoucherId, BatchId)],
) -> Result<Vec<(VoucherId, BatchId, i64, i64)>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(wanted.iter().map(|(voucher, _)| voucher.0).collect()),
        Column::Int(wanted.iter().map(|(_, batch)| batch.0).collect()),
    ]);
    conn.query(
        "select b.voucher, b.batch, b.first_line, b.last_line from {rows $2 (voucher bigint, batch bigint) r} \
         cross join voucher_booked b where b.tenant = $1 and b.voucher = r.voucher and b.batch = r.batch",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((VoucherId(row.int(0)?), BatchId(row.int(1)?), row.int(2)?, row.int(3)?)),
    )
}

/// How many pairs of voucher and batch are said to exist.
pub fn booked_count(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    let found =
        conn.one("select count(*) from voucher_booked b where b.tenant = $1", &[Arg::Int(tenant.0)], |row| row.int(0))?;
    Ok(found.unwrap_or(0))
}

/// Pairs of voucher and batch without a movement or a count to show for it.
pub fn booked_in_vain(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(VoucherId, BatchId)>, Error> {
    conn.query(
        "select b.voucher, b.batch from voucher_booked b where b.tenant = $1 \
         and not exists (select 1 from movement m where m.tenant = $1 and m.batch = b.batch and m.voucher = b.voucher) \
         and not exists (select 1 from stock_count c where c.tenant = $1 and c.batch = b.batch and c.voucher = b.voucher) \
         order by b.voucher, b.batch limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((VoucherId(row.int(0)?), BatchId(row.int(1)?))),
    )
}

/// Vouchers that were booked and are gone.
pub fn booked_without_voucher(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<VoucherId>, Error> {
    conn.query(
        "select distinct b.voucher from voucher_booked b where b.tenant = $1 and not exists \
         (select 1 from voucher v where v.tenant = $1 and v.id = b.voucher) order by b.voucher limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok(VoucherId(row.int(0)?)),
    )
}

/// Every voucher with its number and journal, in the order of numbers.
pub fn voucher_numbers(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(VoucherId, i64, JournalId) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        "select v.id, v.number, v.journal from voucher v where v.tenant = $1 order by v.number",
        &[Arg::Int(tenant.0)],
        |row| each(VoucherId(row.int(0)?), row.int(1)?, JournalId(row.int(2)?)),
    )
}

/// The next number that each counter gives.
pub fn counters(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(String, i64)>, Error> {
    conn.query("select name, next from counter where tenant = $1 order by name", &[Arg::Int(tenant.0)], |row| {
        Ok((row.text(0)?, row.int(1)?))
    })
}

/// Entries that still wait, in the order of ids.
pub fn waiting_entries(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(EntryId) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each("select e.id from entry e where e.tenant = $1 order by e.id", &[Arg::Int(tenant.0)], |row| {
        each(EntryId(row.int(0)?))
    })
}

/// The batches in which an entry was booked.
pub fn batches_of_entry(conn: &mut Conn, tenant: TenantId, entry: EntryId) -> Result<Vec<BatchId>, Error> {
    conn.query(
        "select distinct m.batch from movement m where m.tenant = $1 and m.entry = $2 and m.reverses_batch = 0 \
         order by m.batch limit 10",
        &[Arg::Int(tenant.0), Arg::Int(entry.0)],
        |row| Ok(BatchId(row.int(0)?)),
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

/// What is settled together: product, variant, lot.
pub type SettledKey = (ProductId, VariantId, LotId);

/// What each of these batches settled; without those that settled nothing.
pub fn settled(
    conn: &mut Conn,
    tenant: TenantId,
    batches: impl IntoIterator<Item = BatchId>,
) -> Result<Vec<(BatchId, SettledKey)>, Error> {
    let rows = Rows::ids(batches.into_iter().map(|batch| batch.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select v.batch, a.product, a.variant, a.lot from {rows $2 (id bigint) r} cross join value_entry v \
         join account a on a.tenant = $1 and a.id = v.pool where v.tenant = $1 and v.batch = r.id and v.line = 0",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((BatchId(row.int(0)?), (ProductId(row.int(1)?), VariantId(row.int(2)?), LotId(row.int(3)?)))),
    )
}

/// Kept answers after a key, in the order of keys: key, hash of the body, answer.
pub fn answers(
    conn: &mut Conn,
    tenant: TenantId,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, Vec<u8>, String)>, Error> {
    conn.query(
        "select a.request_key, a.body_hash, a.answer from answered a where a.tenant = $1 and a.request_key > $2 \
         order by a.request_key limit $3",
        &[Arg::Int(tenant.0), Arg::Text(after), Arg::Int(limit)],
        |row| Ok((row.text(0)?, row.bytes(1)?, row.text(2)?)),
    )
}

/// What a conversion is found by: product, from, to.
pub type ConversionKey = (ProductId, UnitId, UnitId);

/// When each conversion was changed last.
pub fn conversion_changes(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(ConversionKey, Time)>, Error> {
    conn.query(
        "select c.product, c.from_unit, c.to_unit, c.modified_at from unit_conversion c where c.tenant = $1",
        &[Arg::Int(tenant.0)],
        |row| Ok(((ProductId(row.int(0)?), UnitId(row.int(1)?), UnitId(row.int(2)?)), Time(row.int(3)?))),
    )
}

/// Which of these bookings exist.
pub fn known_bookings(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = BookingId>,
) -> Result<BTreeSet<i64>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = conn.query(
        "select b.id from {rows $2 (id bigint) r} cross join booking b where b.tenant = $1 and b.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| row.int(0),
    )?;
    Ok(found.into_iter().collect())
}
