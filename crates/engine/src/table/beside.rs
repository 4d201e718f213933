//! What batches write beside their lines, and what names positions of the ledger: for verifying that a reader sees
//! whole batches and nothing beyond them.

use std::collections::BTreeSet;

use lotbook_domain::count::CountId;
use lotbook_domain::id::{BatchId, MovementId, TenantId};
use lotbook_domain::movement::IN_INSTANCES;

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Conn};

/// A column that names batches.
pub struct Beside {
    table: &'static str,
    column: &'static str,
    /// What stands there, for a sentence.
    pub noun: &'static str,
}

const fn beside(table: &'static str, column: &'static str, noun: &'static str) -> Beside {
    Beside { table, column, noun }
}

/// Every column that names a batch and is written with one. Lines, counts, value entries and value facts are told
/// with their batches, and so are the spans of vouchers and the movements of runs.
pub const BESIDE: [Beside; 12] = [
    beside("reservation_use", "batch", "what it issued of reservations"),
    beside("compensation", "batch", "what it made up for, so that a count stays true,"),
    beside("compensation", "count_batch", "a count that others keep true"),
    beside("count_undone", "batch", "a count that it undid"),
    beside("count_undone", "count_batch", "a count that was undone"),
    beside("value_undone", "fact_batch", "a word on value that was undone"),
    beside("adjustment", "batch", "a correction that it pushed out of a closed period"),
    beside("adjustment_approval", "batch", "the approval of a correction"),
    beside("carried", "batch", "a cost that it handed on"),
    beside("late_cost", "batch", "what it made and what costs more by now"),
    beside("late_cost", "cover_batch", "a shortage that it covered"),
    beside("count_sheet", "batch", "a count sheet that it closed"),
];

/// What is said of a position, with the column that names it.
pub const AHEAD: [Beside; 3] = [
    beside("decision", "since", "a setting or a closed period"),
    beside("costing", "since", "a word on how a product is valued"),
    beside("gl_document", "to_position", "a document of the general ledger"),
];

/// How many rows name a batch there.
pub fn count(conn: &mut Conn, tenant: TenantId, beside: &Beside) -> Result<i64, Error> {
    let Beside { table, column, .. } = beside;
    let sql = format!("select cast(count(*) as bigint) from {table} t where t.tenant = $1 and t.{column} > 0");
    Ok(conn.one(&sql, &[Arg::Int(tenant.0)], |row| row.int(0))?.unwrap_or(0))
}

/// Batches that are named there and have no header.
pub fn without_header(conn: &mut Conn, tenant: TenantId, beside: &Beside, limit: i64) -> Result<Vec<i64>, Error> {
    let Beside { table, column, .. } = beside;
    conn.query(
        &format!(
            "select distinct t.{column} from {table} t where t.tenant = $1 and t.{column} > 0 and not exists \
             (select 1 from header h where h.tenant = $1 and h.batch = t.{column}) order by 1 limit $2"
        ),
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| row.int(0),
    )
}

/// Positions that are named there and that the ledger has not reached.
pub fn ahead_of(
    conn: &mut Conn,
    tenant: TenantId,
    ahead: &Beside,
    position: i64,
    limit: i64,
) -> Result<Vec<i64>, Error> {
    let Beside { table, column, .. } = ahead;
    conn.query(
        &format!(
            "select distinct t.{column} from {table} t where t.tenant = $1 and t.{column} > $2 order by 1 limit $3"
        ),
        &[Arg::Int(tenant.0), Arg::Int(position), Arg::Int(limit)],
        |row| row.int(0),
    )
}

/// The largest number of a batch that has a header; 0 = there is none.
pub fn newest_batch(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    let found =
        conn.one("select max(batch) from header where tenant = $1", &[Arg::Int(tenant.0)], |row| row.opt_int(0))?;
    Ok(found.flatten().unwrap_or(0))
}

/// Of these positions, each with a batch, those where that batch stands.
pub fn at_their_positions(
    conn: &mut Conn,
    tenant: TenantId,
    places: &[(i64, i64)],
) -> Result<BTreeSet<(i64, i64)>, Error> {
    let rows = rows!(for place in places => place.0, place.1);
    let found = conn.query(
        "select h.position, h.batch from {rows $2 (position bigint, batch bigint) r} cross join header h \
         where h.tenant = $1 and h.position = r.position and h.batch = r.batch",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// The movements of batches after one, up to one, that are said to keep counts true.
pub fn compensations(conn: &mut Conn, tenant: TenantId, after: BatchId, to: BatchId) -> Result<Vec<MovementId>, Error> {
    conn.query(
        "select k.batch, k.line from compensation k where k.tenant = $1 and k.batch > $2 and k.batch <= $3 \
         order by k.batch, k.line",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| Ok(MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? }),
    )
}

/// A part of a value entry that is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAdjustment {
    /// The batch of the entry.
    pub batch: BatchId,
    /// Its line.
    pub line: i64,
    /// The closed day that the part belongs to.
    pub day: i64,
    /// The pool that it names.
    pub pool: i64,
    /// How much.
    pub amount: i64,
    /// The pool of the entry and its time, if there is one.
    pub entry: Option<(i64, i64)>,
}

/// Parts of value entries that are missing, of another pool, or not of a later day.
pub fn wrong_adjustments(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<WrongAdjustment>, Error> {
    conn.query(
        "select a.batch, a.line, a.day, a.pool, a.amount, v.pool, v.effective_at from adjustment a \
         left join value_entry v on v.tenant = $1 and v.batch = a.batch and v.line = a.line \
         where a.tenant = $1 and (v.batch is null or v.pool <> a.pool or v.effective_at <= a.day) \
         order by a.batch, a.line, a.day limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| {
            Ok(WrongAdjustment {
                batch: BatchId(row.int(0)?),
                line: row.int(1)?,
                day: row.int(2)?,
                pool: row.int(3)?,
                amount: row.int(4)?,
                entry: row.opt_int(5)?.zip(row.opt_int(6)?),
            })
        },
    )
}

/// A count of which the difference and the word on whether it holds say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongUndoing {
    /// The count.
    pub count: CountId,
    /// The batch that is said to have undone it; 0 = it is said to hold.
    pub said: i64,
    /// What undid the movement of its difference; `None` = that stands, or there is none.
    pub undone: Option<MovementId>,
}

/// Counts that are said to hold while their difference was undone, or the reverse, and counts that are said to be undone
/// and are not there.
pub fn wrong_undoings(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<WrongUndoing>, Error> {
    conn.query(
        "select c.batch, c.line, u.batch, m.batch, m.line from stock_count c \
         left join count_undone u on u.tenant = $1 and u.count_batch = c.batch and u.count_line = c.line \
         left join movement m on m.tenant = $1 and m.reverses_batch = c.batch and m.reverses_line = c.movement_line \
         and m.reverses_batch > 0 \
         where c.tenant = $1 and c.movement_line >= 0 and coalesce(u.batch, 0) <> coalesce(m.batch, 0) \
         union all select u.count_batch, u.count_line, u.batch, null, null from count_undone u where u.tenant = $1 \
         and not exists (select 1 from stock_count c where c.tenant = $1 and c.batch = u.count_batch \
         and c.line = u.count_line) order by 1, 2 limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| {
            let undone = row.opt_int(3)?.zip(row.opt_int(4)?);
            Ok(WrongUndoing {
                count: CountId { batch: BatchId(row.int(0)?), line: row.int(1)? },
                said: row.opt_int(2)?.unwrap_or(0),
                undone: undone.map(|(batch, line)| MovementId { batch: BatchId(batch), line }),
            })
        },
    )
}

/// Counts of single instances that are said to hold while that of their set is undone, or the reverse: the count, and the
/// batches that are said to have undone it, and the set; 0 = it is said to hold.
pub fn sets_undone_in_part(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(CountId, i64, i64)>, Error> {
    conn.query(
        "select c.batch, c.line, coalesce(u.batch, 0), coalesce(w.batch, 0) from stock_count s \
         left join count_undone w on w.tenant = $1 and w.count_batch = s.batch and w.count_line = s.line \
         join stock_count c on c.tenant = $1 and c.batch = s.batch and c.line > s.line \
         and c.line <= s.line + (s.counted + s.expected) / 1000000 and c.product = s.product \
         and c.variant = s.variant and c.location = s.location and c.effective_at = s.effective_at and c.lot > 0 \
         left join count_undone u on u.tenant = $1 and u.count_batch = c.batch and u.count_line = c.line \
         where s.tenant = $1 and s.movement_line = $3 and coalesce(u.batch, 0) <> coalesce(w.batch, 0) \
         order by c.batch, c.line limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit), Arg::Int(IN_INSTANCES)],
        |row| Ok((CountId { batch: BatchId(row.int(0)?), line: row.int(1)? }, row.int(2)?, row.int(3)?)),
    )
}
