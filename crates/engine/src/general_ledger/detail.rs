//! What a document of the general ledger added up, line by line.

use std::collections::HashMap;

use lotbook_domain::id::{BatchId, CategoryId, LocationId, MovementId, ProductId, TenantId};
use lotbook_domain::posting::{Document, DocumentKind, PostingKind, Side};
use lotbook_domain::settlement::ValueKind;
use lotbook_domain::time::Time;

use super::{End, Run};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::structure::Structure;
use crate::table;
use crate::table::header::Header;

/// What a document added up: a movement or a value entry, with the accounts that rules name for it today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The position of its batch.
    pub position: i64,
    /// The movement; `None` = a value entry.
    pub movement: Option<MovementId>,
    /// What it is: the kind of its other side.
    pub kind: PostingKind,
    /// The product, and what it is called.
    pub product: (ProductId, String),
    /// When it was true.
    pub at: Time,
    /// Where the amount went.
    pub debit: Side,
    /// Where it came from.
    pub credit: Side,
    /// How much, > 0.
    pub amount: i64,
}

/// Batches that are looked through together for details.
const DETAIL_BATCHES: i64 = 500;

/// What a document added up, in the order of positions after `after`; of one side, if one is named. A page ends
/// with the batch that brings it to `limit`; the position to go on after is `None` at the end.
///
/// A reclassification has no details: nothing moved. Cost: three statements for each 500 batches.
pub fn details(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    document: &Document,
    side: Option<&Side>,
    after: i64,
    limit: usize,
) -> Result<(Vec<Detail>, Option<i64>), Error> {
    if document.kind == DocumentKind::Reclassification {
        return Ok((Vec::new(), None));
    }
    let run = Run {
        // The document says itself whether it is of a day or of a month.
        is_monthly: document.period.len() == 7,
        ..Run::new(structure, table::general_ledger::rules(conn, tenant)?)
    };
    let (first, last) = document.positions;
    let mut from = after.max(first - 1);
    let mut found = Vec::new();
    while from < last {
        let mut headers = table::header::after(conn, tenant, from, DETAIL_BATCHES.min(last - from))?;
        headers.retain(|header| header.position <= last);
        let Some(end) = headers.last().map(|header| header.position) else { break };
        let mut details = run.details_of(conn, tenant, &headers)?;
        details.retain(|detail| {
            run.period(detail.at) == document.period
                && side.is_none_or(|side| detail.debit == *side || detail.credit == *side)
        });
        details.sort_by_key(|detail| (detail.position, detail.movement.is_none(), detail.movement, detail.product.0));
        let mut details = details.into_iter().peekable();
        while let Some(detail) = details.next() {
            from = detail.position;
            found.push(detail);
            if found.len() >= limit && details.peek().is_some_and(|next| next.position > from) {
                return Ok((found, Some(from)));
            }
        }
        from = end;
        if found.len() >= limit && from < last {
            return Ok((found, Some(from)));
        }
    }
    Ok((found, None))
}

impl Run<'_> {
    /// What the movements and value entries of batches post.
    fn details_of(&self, conn: &mut Conn, tenant: TenantId, headers: &[Header]) -> Result<Vec<Detail>, Error> {
        let positions: HashMap<i64, i64> = headers.iter().map(|header| (header.batch.0, header.position)).collect();
        let rows = Rows::ids(positions.keys().copied());
        let mut found = Vec::new();
        let mut add = |(batch, movement): (i64, Option<MovementId>),
                       product: (ProductId, CategoryId, String),
                       at: Time,
                       (from, to): (End, End),
                       amount: i64| {
            let ((End::Pool(org_unit), other) | (other, End::Pool(org_unit))) = (from, to) else { return };
            let side = |end: End| match end {
                End::Pool(unit) => Side { account: self.stock_account(product.1, unit), org_unit: unit },
                End::Outside(kind) => {
                    let account = self.rules.account(&self.structure.catalog, product.1, kind).to_owned();
                    Side { account, org_unit }
                }
            };
            let kind = match other {
                End::Pool(unit) => PostingKind::of_pool(unit),
                End::Outside(kind) => kind,
            };
            let (credit, debit) = if amount < 0 { (to, from) } else { (from, to) };
            found.push(Detail {
                position: positions.get(&batch).copied().unwrap_or_default(),
                movement,
                kind,
                at,
                debit: side(debit),
                credit: side(credit),
                product: (product.0, product.2),
                amount: amount.saturating_abs(),
            });
        };
        let args = [Arg::Int(tenant.0), Arg::Rows(&rows)];
        conn.each(
            "select m.batch, m.line, m.product, p.category, p.identifier, m.effective_at, m.from_location, \
             m.to_location, coalesce(f.place, 0), coalesce(t.place, 0), m.amount from {rows $2 (id bigint) r} \
             {look up movement m} m.tenant = $1 and m.batch = r.id {looked up m} \
             join product p on p.tenant = $1 and p.id = m.product \
             left join account f on f.tenant = $1 and f.id = m.from_pool and m.from_pool > 0 \
             left join account t on t.tenant = $1 and t.id = m.to_pool and m.to_pool > 0 \
             where m.amount <> 0 and (m.from_pool > 0 or m.to_pool > 0)",
            &args,
            |row| {
                let id = MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? };
                let ends = (End::of(row.int(6)?, row.int(8)?), End::of(row.int(7)?, row.int(9)?));
                let product = (ProductId(row.int(2)?), CategoryId(row.int(3)?), row.text(4)?);
                add((id.batch.0, Some(id)), product, Time(row.int(5)?), ends, row.int(10)?);
                Ok(())
            },
        )?;
        conn.each(
            "select v.batch, a.product, p.category, p.identifier, v.effective_at, v.kind, v.counterpart, a.place, \
             v.amount from {rows $2 (id bigint) r} {look up value_entry v} v.tenant = $1 and v.batch = r.id \
             {looked up v} join account a on a.tenant = $1 and a.id = v.pool \
             join product p on p.tenant = $1 and p.id = a.product where v.amount <> 0",
            &args,
            |row| {
                let other = PostingKind::of_value(ValueKind::from_code(row.int(5)?), LocationId(row.int(6)?));
                let product = (ProductId(row.int(1)?), CategoryId(row.int(2)?), row.text(3)?);
                let ends = (End::Outside(other), End::Pool(LocationId(row.int(7)?)));
                add((row.int(0)?, None), product, Time(row.int(4)?), ends, row.int(8)?);
                Ok(())
            },
        )?;
        Ok(found)
    }
}
