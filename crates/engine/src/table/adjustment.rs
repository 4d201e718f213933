//! Value entries that were pushed out of closed periods, and who approved them. Append-only.

use lotbook_domain::id::{AccountId, BatchId, LocationId, ProductId, TenantId, VariantId};
use lotbook_domain::time::Time;

use super::said;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// A part of a value entry that belongs to a closed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The line of the entry in its batch.
    pub line: i64,
    /// The start of the day.
    pub day: Time,
    /// The pool.
    pub pool: AccountId,
    /// How much.
    pub amount: i64,
}

/// Writes what a batch pushed out of closed days: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, batch: BatchId, pushed: &[Pushed]) -> Result<(), Error> {
    if pushed.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Pushed) -> i64| Column::Int(pushed.iter().map(of).collect());
    let rows = Rows::new(vec![ints(|p| p.line), ints(|p| p.day.0), ints(|p| p.pool.0), ints(|p| p.amount)]);
    conn.execute(
        "insert into adjustment (tenant, batch, line, day, pool, amount) \
         select $1, $3, r.line, r.day, r.pool, r.amount \
         from {rows $2 (line bigint, day bigint, pool bigint, amount bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(batch.0)],
    )?;
    Ok(())
}

/// What was pushed of the entries of pools, by batch.
pub fn of_pools(conn: &mut Conn, tenant: TenantId, pools: &[AccountId]) -> Result<Vec<(BatchId, Pushed)>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    conn.query(
        "select a.batch, a.line, a.day, a.pool, a.amount from {rows $2 (id bigint) r} cross join adjustment a \
         where a.tenant = $1 and a.pool = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let pushed =
                Pushed { line: row.int(1)?, day: Time(row.int(2)?), pool: AccountId(row.int(3)?), amount: row.int(4)? };
            Ok((BatchId(row.int(0)?), pushed))
        },
    )
}

/// What each batch pushed out of closed days, in the order of batches, with the hash that is linked of it, if it is.
pub fn each(
    conn: &mut Conn,
    tenant: TenantId,
    each: impl FnMut(BatchId, Vec<Pushed>, Option<Vec<u8>>) -> Result<(), Error>,
) -> Result<(), Error> {
    said::each_of_batch(
        conn,
        tenant,
        "select a.batch, s.content_hash, a.line, a.day, a.pool, a.amount from adjustment a \
         left join said s on s.tenant = $1 and s.kind = 3 and s.word = a.batch \
         where a.tenant = $1 order by a.batch, a.line, a.day",
        |row| {
            Ok(Pushed { line: row.int(2)?, day: Time(row.int(3)?), pool: AccountId(row.int(4)?), amount: row.int(5)? })
        },
        each,
    )
}

/// A value entry that was pushed out of a closed period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Its batch.
    pub batch: BatchId,
    /// Its line among the value entries there.
    pub line: i64,
    /// Its position in the ledger.
    pub position: i64,
    /// When it was written.
    pub booked_at: Time,
    /// The pool.
    pub pool: AccountId,
    /// The product.
    pub product: ProductId,
    /// The product as people write it.
    pub identifier: String,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The stock org unit.
    pub org_unit: LocationId,
    /// The place on the other side.
    pub counterpart: LocationId,
    /// What made it, see [`ValueKind`](lotbook_domain::settlement::ValueKind).
    pub kind: i64,
    /// Where it stands now: the first open day.
    pub effective_at: Time,
    /// How much, signed: into the pool.
    pub amount: i64,
    /// The closed days that it comes from, each with its part.
    pub days: Vec<(Time, i64)>,
    /// When it was approved, by whom, and what they said.
    pub approved: Option<(Time, i64, Option<String>)>,
}

/// Which adjustments.
#[derive(Clone, Debug, Default)]
pub struct AdjustmentFilter {
    /// In these stock org units.
    pub places: Option<Vec<LocationId>>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Approved ones, or those that wait for it.
    pub approved: Option<bool>,
    /// After this batch and line.
    pub after: (BatchId, i64),
    /// This one only.
    pub only: Option<(BatchId, i64)>,
}

/// Adjustments in the order of batches and lines. Cost: two statements.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &AdjustmentFilter,
    limit: i64,
) -> Result<Vec<Adjustment>, Error> {
    let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut sql = String::from("v.tenant = $1 and (v.batch > $2 or (v.batch = $2 and v.line > $3))");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(filter.after.0.0), Arg::Int(filter.after.1)];
    if let Some((batch, line)) = filter.only {
        args.extend([Arg::Int(batch.0), Arg::Int(line)]);
        sql.push_str(" and v.batch = $4 and v.line = $5");
    }
    if let Some(product) = filter.product {
        args.push(Arg::Int(product.0));
        sql.push_str(&format!(" and a.product = ${}", args.len()));
    }
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and a.place in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    match filter.approved {
        None => {}
        Some(true) => sql.push_str(" and p.at is not null"),
        Some(false) => sql.push_str(" and p.at is null"),
    }
    args.push(Arg::Int(limit));
    let text = format!(
        "select v.batch, v.line, h.position, h.booked_at, v.pool, a.product, d.identifier, a.variant, a.place, \
         v.counterpart, v.kind, v.effective_at, v.amount, p.at, p.person, p.note \
         from (select distinct j.batch, j.line from adjustment j where j.tenant = $1) j \
         join value_entry v on v.tenant = $1 and v.batch = j.batch and v.line = j.line \
         join header h on h.tenant = $1 and h.batch = v.batch \
         join account a on a.tenant = $1 and a.id = v.pool \
         join product d on d.tenant = $1 and d.id = a.product \
         left join adjustment_approval p on p.tenant = $1 and p.batch = v.batch and p.line = v.line \
         where {sql} order by v.batch, v.line limit ${}",
        args.len()
    );
    let mut found = conn.query(&text, &args, read)?;
    let rows = Rows::new(vec![
        Column::Int(found.iter().map(|item| item.batch.0).collect()),
        Column::Int(found.iter().map(|item| item.line).collect()),
        Column::Int((0..found.len() as i64).collect()),
    ]);
    if !rows.is_empty() {
        conn.each(
            "select r.n, j.day, j.amount from {rows $2 (batch bigint, line bigint, n bigint) r} cross join adjustment j \
             where j.tenant = $1 and j.batch = r.batch and j.line = r.line order by r.n, j.day",
            &[Arg::Int(tenant.0), Arg::Rows(&rows)],
            |row| {
                if let Some(item) = found.get_mut(row.int(0)? as usize) {
                    item.days.push((Time(row.int(1)?), row.int(2)?));
                }
                Ok(())
            },
        )?;
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Adjustment, Error> {
    Ok(Adjustment {
        batch: BatchId(row.int(0)?),
        line: row.int(1)?,
        position: row.int(2)?,
        booked_at: Time(row.int(3)?),
        pool: AccountId(row.int(4)?),
        product: ProductId(row.int(5)?),
        identifier: row.text(6)?,
        variant: VariantId(row.int(7)?),
        org_unit: LocationId(row.int(8)?),
        counterpart: LocationId(row.int(9)?),
        kind: row.int(10)?,
        effective_at: Time(row.int(11)?),
        amount: row.int(12)?,
        days: Vec::new(),
        approved: match row.opt_int(13)? {
            Some(at) => Some((Time(at), row.int(14)?, row.opt_text(15)?)),
            None => None,
        },
    })
}

/// A batch that may have led to an adjustment: its position, its batch, its kind and its reason.
pub type Cause = (i64, i64, i64, Option<String>);

/// What may have led to an adjustment: the newest batches before it that moved its pool, or spoke of its value,
/// on one of its days or before.
pub fn causes(conn: &mut Conn, tenant: TenantId, adjustment: &Adjustment, limit: i64) -> Result<Vec<Cause>, Error> {
    let until = adjustment.days.last().map_or(adjustment.effective_at.0, |(day, _)| day.0 + Time::DAY);
    conn.query(
        "select distinct h.position, h.batch, h.kind, h.reason from header h join ( \
         select m.batch from movement m where m.tenant = $1 and m.to_pool = $2 and m.to_pool > 0 and m.effective_at < $3 \
         union select m.batch from movement m where m.tenant = $1 and m.from_pool = $2 and m.from_pool > 0 \
         and m.effective_at < $3 \
         union select f.batch from value_fact f where f.tenant = $1 and f.pool = $2 and f.effective_at < $3 \
         union select u.batch from value_fact f join value_undone u on u.tenant = $1 and u.fact_batch = f.batch \
         and u.fact_line = f.line where f.tenant = $1 and f.pool = $2 and f.effective_at < $3) b on b.batch = h.batch \
         where h.tenant = $1 and h.position < $4 and h.position > (select coalesce(max(o.position), 0) from value_entry v \
         join header o on o.tenant = $1 and o.batch = v.batch and o.kind = 4 \
         where v.tenant = $1 and v.pool = $2 and o.position < $4) order by h.position desc limit $5",
        &[
            Arg::Int(tenant.0),
            Arg::Int(adjustment.pool.0),
            Arg::Int(until),
            Arg::Int(adjustment.position),
            Arg::Int(limit),
        ],
        |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.opt_text(3)?)),
    )
}

/// Notes who approved an adjustment.
pub fn approve(
    conn: &mut Conn,
    tenant: TenantId,
    (batch, line): (BatchId, i64),
    (at, person): (Time, i64),
    note: Option<&str>,
) -> Result<(), Error> {
    conn.execute(
        "insert into adjustment_approval (tenant, batch, line, at, person, note) values ($1, $2, $3, $4, $5, $6)",
        &[Arg::Int(tenant.0), Arg::Int(batch.0), Arg::Int(line), Arg::Int(at.0), Arg::Int(person), Arg::OptText(note)],
    )?;
    Ok(())
}
