//! The feed: every batch once, in the order of positions.

use std::collections::HashMap;

use lotbook_domain::id::{AccountId, BatchId, LocationId, ProductId, TenantId};
use lotbook_domain::money::Amount;
use lotbook_domain::time::Time;

use super::movement::{self, MovementFilter, Posted};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::table::header::{self, Header};

/// A batch as the feed tells it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its header.
    pub header: Header,
    /// Its movements that may be seen, and counts that moved nothing, in the order of lines.
    pub movements: Vec<Posted>,
    /// Its value entries that may be seen, in the order of lines.
    pub values: Vec<Value>,
}

/// A value entry with what its cost pool stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The cost pool.
    pub pool: AccountId,
    /// The pool's product and its identifier.
    pub product: (ProductId, String),
    /// The pool's stock org unit.
    pub org_unit: LocationId,
    /// From when it counts.
    pub effective_at: Time,
    /// The place on the other side.
    pub counterpart: LocationId,
    /// What it adds to the pool; negative takes away.
    pub amount: Amount,
}

/// A page ends with the batch that brings it to so many lines.
const LINES_MAX: i64 = 10_000;

/// The batches after a position, in order, each entire: at most `limit`, fewer where they are large. With
/// `org_units`, only what was moved by those, or is worth something there, is told of a batch; the batch
/// itself is told in any case, so that a reader's position never stands still. Cost: the lines told.
pub fn after(
    conn: &mut Conn,
    tenant: TenantId,
    position: i64,
    limit: i64,
    org_units: Option<&[LocationId]>,
) -> Result<Vec<Told>, Error> {
    let mut headers = header::after(conn, tenant, position, limit)?;
    let mut lines = 0;
    let kept = headers.iter().take_while(|header| {
        let fits = lines < LINES_MAX;
        lines += header.lines;
        fits
    });
    let kept = kept.count();
    headers.truncate(kept);
    let batches: Vec<BatchId> = headers.iter().map(|header| header.batch).collect();
    let filter = MovementFilter {
        batches: Some(batches.clone()),
        org_units: org_units.map(<[LocationId]>::to_vec),
        ..MovementFilter::default()
    };
    let mut movements: HashMap<BatchId, Vec<Posted>> = HashMap::new();
    for posted in movement::page(conn, tenant, &filter, 0, i64::from(i32::MAX))? {
        movements.entry(BatchId(posted.number >> 20)).or_default().push(posted);
    }
    let mut values: HashMap<BatchId, Vec<Value>> = HashMap::new();
    for (batch, value) in values_of(conn, tenant, &batches)? {
        if org_units.is_none_or(|units| units.contains(&value.org_unit)) {
            values.entry(batch).or_default().push(value);
        }
    }
    Ok(headers
        .into_iter()
        .map(|header| Told {
            movements: movements.remove(&header.batch).unwrap_or_default(),
            values: values.remove(&header.batch).unwrap_or_default(),
            header,
        })
        .collect())
}

fn values_of(conn: &mut Conn, tenant: TenantId, batches: &[BatchId]) -> Result<Vec<(BatchId, Value)>, Error> {
    let rows = Rows::ids(batches.iter().map(|id| id.0));
    conn.query(
        "select v.batch, v.pool, a.product, p.identifier, a.place, v.effective_at, v.counterpart, v.amount \
         from {rows $2 (id bigint) r} {look up value_entry v} v.tenant = $1 and v.batch = r.id {looked up v} \
         join account a on a.tenant = $1 and a.id = v.pool \
         join product p on p.tenant = $1 and p.id = a.product order by v.batch, v.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let value = Value {
                pool: AccountId(row.int(1)?),
                product: (ProductId(row.int(2)?), row.text(3)?),
                org_unit: LocationId(row.int(4)?),
                effective_at: Time(row.int(5)?),
                counterpart: LocationId(row.int(6)?),
                amount: Amount(row.int(7)?),
            };
            Ok((BatchId(row.int(0)?), value))
        },
    )
}
