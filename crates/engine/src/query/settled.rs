//! Up to which position values are settled: now, and as it was when the ledger ended at a position.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{BatchId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Conn, Rows};
use crate::table::header::{self, BatchKind};
use crate::table::value_entry::SettledKey;

/// Up to which position every value is settled, now or as it was known at a position; `position` is the newest.
///
/// Of the past it tells what the ledger tells. A settlement is a batch of its own and counts from its own position on,
/// so what the first settlement after a position corrects waited at it, unless something was learned in between that
/// could have changed the same days. Cost: now, what waits; of the past, [`HEADERS_MAX`] batches at most. What was
/// settled later than that is taken for settled.
pub fn settled_to(conn: &mut Conn, tenant: TenantId, known_at: Option<i64>, position: i64) -> Result<i64, Error> {
    match known_at {
        Some(known_at) if known_at < position => settled_then(conn, tenant, known_at),
        _ => settled_now(conn, tenant, position),
    }
}

/// Up to which position every value is settled: before the first batch that moved a waiting pool at or
/// after the time from which it waits. Reads those movements, so it is cheap as long as little waits.
fn settled_now(conn: &mut Conn, tenant: TenantId, position: i64) -> Result<i64, Error> {
    let mut first = super::value::first_unsettled(conn, tenant)?;
    for column in ["to_pool", "from_pool"] {
        let found = conn.one(
            &format!(
                "select min(h.position) from account a {{look up movement m}} m.tenant = $1 and m.{column} = a.id + 0 \
                 and m.{column} > 0 and m.effective_at >= a.unsettled_from {{looked up m}} \
                 {{look up header h}} h.tenant = $1 and h.batch = m.batch {{looked up h}} \
                 where a.tenant = $1 and a.unsettled_from is not null"
            ),
            &[Arg::Int(tenant.0)],
            |row| row.opt_int(0),
        )?;
        if let Some(found) = found.flatten() {
            first = Some(first.map_or(found, |first: i64| first.min(found)));
        }
    }
    Ok(first.map_or(position, |first| first - 1))
}

/// At most so many batches after a position are looked at, and those that come before so many movements.
const HEADERS_MAX: i64 = 1_000;
const LINES_MAX: i64 = 10_000;

/// The first settlement of something after a position.
#[derive(Clone, Copy)]
struct Settled {
    /// Where it stands.
    position: i64,
    /// The first day that it corrects.
    from: Time,
}

/// Something that was learned.
struct Learned {
    position: i64,
    product: ProductId,
    /// 0 = any, for a word on how the product is valued.
    variant: VariantId,
    lot: LotId,
    at: Time,
    is_word: bool,
}

impl Learned {
    /// Whether it may be what a settlement corrects. Value entries tell of days, not of instants.
    fn explains(&self, (product, variant, lot): SettledKey, settled: Settled) -> bool {
        let is_of = if self.is_word {
            self.product == product && (self.variant.0 == 0 || self.variant == variant)
        } else {
            (self.product, self.variant) == (product, variant) && (lot.0 == 0 || self.lot == lot)
        };
        is_of && self.position < settled.position && self.at.0 < settled.from.0.saturating_add(Time::DAY)
    }
}

fn day_of(at: Time) -> Time {
    Time(at.0.div_euclid(Time::DAY).saturating_mul(Time::DAY))
}

fn settled_then(conn: &mut Conn, tenant: TenantId, known_at: i64) -> Result<i64, Error> {
    let mut headers = header::after(conn, tenant, known_at, HEADERS_MAX)?;
    let mut lines = 0;
    let kept = headers.iter().take_while(|header| {
        lines += header.lines;
        lines <= LINES_MAX
    });
    let kept = kept.count();
    let is_all = kept == headers.len() && (headers.len() as i64) < HEADERS_MAX;
    headers.truncate(kept);
    let is_settlement = |kind: i64| kind == BatchKind::Settlement.code();
    let (settlements, others): (Vec<_>, Vec<_>) = headers.iter().partition(|header| is_settlement(header.kind));
    let of = |headers: &[&header::Header]| -> BTreeMap<BatchId, i64> {
        headers.iter().map(|header| (header.batch, header.position)).collect()
    };
    let mut first = first_settled(conn, tenant, &of(&settlements))?;
    if is_all {
        // What waits now has not been settled since.
        for (key, from) in waiting(conn, tenant)? {
            first.entry(key).or_insert(Settled { position: i64::MAX, from: day_of(from) });
        }
    }
    if first.is_empty() {
        return Ok(known_at);
    }
    let up_to = headers.last().map_or(known_at, |header| header.position);
    let learned = learned(conn, tenant, &of(&others), (known_at, up_to))?;
    let (explained, mut waited): (Vec<_>, Vec<_>) =
        first.into_iter().partition(|(key, settled)| learned.iter().any(|learned| learned.explains(*key, *settled)));
    if let Some(earliest) = explained.iter().map(|(_, settled)| settled.position).min() {
        // What was made of something is settled after it, though nothing was learned of itself.
        let late: Vec<SettledKey> =
            waited.iter().filter(|(_, settled)| settled.position > earliest).map(|(key, _)| *key).collect();
        let made = made_of_others(conn, tenant, &late)?;
        waited.retain(|(key, settled)| settled.position < earliest || !made.contains(key));
    }
    if waited.is_empty() {
        return Ok(known_at);
    }
    let first = first_moved(conn, tenant, &waited, known_at)?;
    Ok(first.unwrap_or(known_at).max(1) - 1)
}

/// The first of these settlements of each product, variant and lot.
fn first_settled(
    conn: &mut Conn,
    tenant: TenantId,
    settlements: &BTreeMap<BatchId, i64>,
) -> Result<BTreeMap<SettledKey, Settled>, Error> {
    let mut found: BTreeMap<SettledKey, Settled> = BTreeMap::new();
    if settlements.is_empty() {
        return Ok(found);
    }
    let ids = Rows::ids(settlements.keys().map(|batch| batch.0));
    // What was pushed out of closed days corrects those.
    conn.each(
        "select v.batch, a.product, a.variant, a.lot, min(v.effective_at), min((select min(x.day) from adjustment x \
         where x.tenant = $1 and x.batch = v.batch and x.line = v.line)) from {rows $2 (id bigint) r} \
         {look up value_entry v} v.tenant = $1 and v.batch = r.id {looked up v} \
         join account a on a.tenant = $1 and a.id = v.pool group by v.batch, a.product, a.variant, a.lot",
        &[Arg::Int(tenant.0), Arg::Rows(&ids)],
        |row| {
            let key = (ProductId(row.int(1)?), VariantId(row.int(2)?), LotId(row.int(3)?));
            let from = row.opt_int(5)?.map_or(row.int(4)?, |day| day.min(row.int(4).unwrap_or(day)));
            let position = settlements.get(&BatchId(row.int(0)?)).copied().unwrap_or_default();
            let settled = Settled { position, from: day_of(Time(from)) };
            let kept = found.entry(key).or_insert(settled);
            if position < kept.position {
                *kept = settled;
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// What waits now, and from when.
fn waiting(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(SettledKey, Time)>, Error> {
    conn.query(
        "select a.product, a.variant, a.lot, min(a.unsettled_from) from account a where a.tenant = $1 \
         and a.unsettled_from is not null group by a.product, a.variant, a.lot",
        &[Arg::Int(tenant.0)],
        |row| Ok(((ProductId(row.int(0)?), VariantId(row.int(1)?), LotId(row.int(2)?)), Time(row.int(3)?))),
    )
}

/// What these batches moved and said of value, and what was said between two positions of how products are valued.
fn learned(
    conn: &mut Conn,
    tenant: TenantId,
    batches: &BTreeMap<BatchId, i64>,
    (after, up_to): (i64, i64),
) -> Result<Vec<Learned>, Error> {
    let ids = Rows::ids(batches.keys().map(|batch| batch.0));
    let mut found = conn.query(
        "select m.batch, m.product, m.variant, m.lot, \
         min(case when m.external_type is null then m.effective_at else $3 end) from {rows $2 (id bigint) r} \
         {look up movement m} m.tenant = $1 and m.batch = r.id {looked up m} \
         group by m.batch, m.product, m.variant, m.lot \
         union all \
         select f.batch, f.product, f.variant, f.lot, f.effective_at from {rows $2 (id bigint) r} \
         {look up value_fact f} f.tenant = $1 and f.batch = r.id {looked up f} \
         union all \
         select u.batch, f.product, f.variant, f.lot, f.effective_at from {rows $2 (id bigint) r} \
         {look up value_undone u} u.tenant = $1 and u.batch = r.id {looked up u} \
         join value_fact f on f.tenant = $1 and f.batch = u.fact_batch and f.line = u.fact_line",
        // What is sold under a document may have come back at any time.
        &[Arg::Int(tenant.0), Arg::Rows(&ids), Arg::Int(Time::BEGINNING.0)],
        |row| {
            Ok(Learned {
                position: batches.get(&BatchId(row.int(0)?)).copied().unwrap_or_default(),
                product: ProductId(row.int(1)?),
                variant: VariantId(row.int(2)?),
                lot: LotId(row.int(3)?),
                at: Time(row.int(4)?),
                is_word: false,
            })
        },
    )?;
    // One that was said after the batch at a position is known at that position.
    found.extend(conn.query(
        "select c.since, c.product, c.variant, c.effective_at from costing c \
         where c.tenant = $1 and c.since > $2 and c.since <= $3",
        &[Arg::Int(tenant.0), Arg::Int(after), Arg::Int(up_to)],
        |row| {
            Ok(Learned {
                position: row.int(0)?,
                product: ProductId(row.int(1)?),
                variant: VariantId(row.int(2)?),
                lot: LotId(0),
                at: Time(row.int(3)?),
                is_word: true,
            })
        },
    )?);
    Ok(found)
}

/// The cost pools of products, variants and lots, `a`, each with the row of what it is among, `r`.
const POOLS: &str = "{rows $2 (product bigint, variant bigint, lot bigint, at bigint) r} {look up account a} \
     a.tenant = $1 and a.product = r.product and a.kind = 2 and a.variant = r.variant and a.lot = r.lot {looked up a}";

fn pool_rows(wanted: &[(SettledKey, Time)]) -> Rows {
    rows!(for of in wanted => of.0.0.0, of.0.1.0, of.0.2.0, of.1.0)
}

/// Those of them that take over costs of what they were made of.
fn made_of_others(conn: &mut Conn, tenant: TenantId, keys: &[SettledKey]) -> Result<BTreeSet<SettledKey>, Error> {
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let wanted: Vec<(SettledKey, Time)> = keys.iter().map(|key| (*key, Time::BEGINNING)).collect();
    let rows = pool_rows(&wanted);
    let found = conn.query(
        &format!(
            "select distinct r.product, r.variant, r.lot from {POOLS} where exists \
             (select 1 from cost_link k where k.tenant = $1 and k.pool = a.id)"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((ProductId(row.int(0)?), VariantId(row.int(1)?), LotId(row.int(2)?))),
    )?;
    Ok(found.into_iter().collect())
}

/// The first position, up to one, of what moved pools that waited, or was said of their value, from the day on that
/// their settlement corrects.
fn first_moved(
    conn: &mut Conn,
    tenant: TenantId,
    waited: &[(SettledKey, Settled)],
    known_at: i64,
) -> Result<Option<i64>, Error> {
    let wanted: Vec<(SettledKey, Time)> = waited.iter().map(|(key, settled)| (*key, settled.from)).collect();
    let rows = pool_rows(&wanted);
    let args = [Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(known_at)];
    let moved = |column: &str| {
        format!(
            "select min(h.position) from {POOLS} {{look up movement m}} m.tenant = $1 and m.{column} = a.id \
             and m.{column} > 0 and m.effective_at >= r.at {{looked up m}} \
             {{look up header h}} h.tenant = $1 and h.batch = m.batch {{looked up h}} where h.position <= $3"
        )
    };
    let said = |undone: &str, batch: &str| {
        format!(
            "select min(h.position) from {POOLS} \
             join value_fact f on f.tenant = $1 and f.pool = a.id and f.effective_at >= r.at {undone} \
             join header h on h.tenant = $1 and h.batch = {batch} where h.position <= $3"
        )
    };
    let undone = "join value_undone u on u.tenant = $1 and u.fact_batch = f.batch and u.fact_line = f.line";
    let costed = "select min(c.since) from {rows $2 (product bigint, variant bigint, lot bigint, at bigint) r} \
         join costing c on c.tenant = $1 and c.product = r.product and c.effective_at >= r.at where c.since <= $3";
    let mut first: Option<i64> = None;
    for sql in [moved("to_pool"), moved("from_pool"), said("", "f.batch"), said(undone, "u.batch"), costed.to_owned()] {
        let found = conn.one(&sql, &args, |row| row.opt_int(0))?;
        first = [first, found.flatten()].into_iter().flatten().min();
    }
    Ok(first)
}
