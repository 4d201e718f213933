//! The general ledger's hook: batches become balanced documents, each batch once.
//!
//! Whoever reads the outbox makes it up to date first. A run takes the batches after the last one that was
//! posted, adds their amounts and value entries up by period, account and org unit, and writes a document for
//! each period together with the position it has come to, in one transaction: it happens entirely or not at
//! all, and once. Where a product's stock account has become another one, its value is moved there.

use std::collections::BTreeMap;

use lotbook_domain::id::{CategoryId, LocationId, ProductId, TenantId};
use lotbook_domain::posting::{PostingKind, Postings, Rules, Side};
use lotbook_domain::settlement::ValueKind;
use lotbook_domain::time::Time;

use crate::engine::Engine;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::structure::Structure;
use crate::table;
use crate::table::general_ledger::{Document, Tail};
use crate::zone;

/// Batches that are posted together …
const BATCHES_MAX: i64 = 10_000;
/// … and lines; the batch that brings it there is the last.
const LINES_MAX: i64 = 200_000;

/// Posts every batch that has not been; up to which position that is.
pub fn post_all(engine: &Engine, tenant: TenantId) -> Result<i64, Error> {
    loop {
        let (tail, has_more) = post(engine, tenant, BATCHES_MAX)?;
        if !has_more {
            return Ok(tail.position);
        }
    }
}

/// Posts at most so many batches; how far that came, and whether there are more. Nothing is written where there
/// is nothing to post.
pub fn post(engine: &Engine, tenant: TenantId, batches_max: i64) -> Result<(Tail, bool), Error> {
    let is_done = engine.read(|conn| {
        let tail = table::general_ledger::tail(conn, tenant)?;
        Ok((tail.position == table::header::position(conn, tenant)?).then_some(tail))
    })?;
    if let Some(tail) = is_done {
        return Ok((tail, false));
    }
    let now = engine.now();
    engine.store().write(|conn| {
        let structure = engine.structure(conn, tenant)?;
        post_in(conn, &structure, tenant, batches_max, now)
    })
}

fn post_in(
    conn: &mut Conn,
    structure: &Structure,
    tenant: TenantId,
    batches_max: i64,
    now: Time,
) -> Result<(Tail, bool), Error> {
    let tail = table::general_ledger::lock_tail(conn, tenant)?;
    let headers = table::header::after(conn, tenant, tail.position, batches_max)?;
    let mut lines = 0;
    let taken: Vec<i64> = headers
        .iter()
        .take_while(|header| {
            let fits = lines < LINES_MAX;
            lines += header.lines;
            fits
        })
        .map(|header| header.batch.0)
        .collect();
    let Some(last) = taken.len().checked_sub(1).map(|last| headers[last].position) else {
        return Ok((tail, false));
    };
    let mut run = Run {
        structure,
        rules: table::general_ledger::rules(conn, tenant)?,
        zone: structure.settings.time_zone(),
        is_monthly: structure.settings.text("glPeriod").as_deref() == Some("month"),
        postings: Postings::new(),
        stock: BTreeMap::new(),
    };
    let mut moved = Vec::new();
    table::general_ledger::each_stock(conn, tenant, |product, category, side, amount| {
        let account = run.stock_account(category, side.org_unit);
        if account != side.account {
            moved.push((product, side, account, amount));
        }
        Ok(())
    })?;
    for (product, from, account, amount) in moved {
        let to = Side { account: account.clone(), org_unit: from.org_unit };
        run.stock.entry((product, from.org_unit)).or_insert((account, 0));
        let period = run.period(now);
        run.post(&period, from, to, amount)?;
    }
    let rows = Rows::ids(taken);
    run.add_movements(conn, tenant, &rows)?;
    run.add_values(conn, tenant, &rows)?;
    let mut number = tail.number;
    let positions = (tail.position + 1, last);
    let by_period = run.postings.by_period();
    let documents: Vec<Document> = by_period
        .into_iter()
        .map(|(period, lines)| {
            number += 1;
            Document { number, period, positions, created_at: now, lines }
        })
        .collect();
    table::general_ledger::append(conn, tenant, &documents)?;
    table::general_ledger::move_stock(conn, tenant, &run.stock)?;
    let reached = Tail { position: last, number };
    table::general_ledger::set_tail(conn, tenant, reached)?;
    Ok((reached, last < table::header::position(conn, tenant)?))
}

/// Postings in the making.
struct Run<'a> {
    structure: &'a Structure,
    rules: Rules,
    zone: String,
    is_monthly: bool,
    postings: Postings<String>,
    stock: BTreeMap<(ProductId, LocationId), (String, i64)>,
}

/// An end of a movement: a cost pool of this org unit, or a place outside.
#[derive(Clone, Copy)]
enum End {
    Pool(LocationId),
    Outside(PostingKind),
}

impl Run<'_> {
    /// The business day or month of a time.
    fn period(&self, at: Time) -> String {
        let local = Time(at.0.saturating_add(zone::ahead_of_utc(at, &self.zone)));
        let text = local.to_string();
        text[..if self.is_monthly { 7 } else { 10 }].to_owned()
    }

    fn stock_account(&self, category: CategoryId, org_unit: LocationId) -> String {
        self.rules.account(&self.structure.catalog, category, PostingKind::of_pool(org_unit)).to_owned()
    }

    fn post(&mut self, period: &String, from: Side, to: Side, amount: i64) -> Result<(), Error> {
        self.postings.post(period, from, to, amount).ok_or_else(|| Error::Refused {
            code: "amountTooLarge",
            message: format!("the postings of {period} leave the range of 64 bits; read the outbox more often"),
            details: Vec::new(),
        })
    }

    /// Posts an amount from one end to the other, and notes what it does to stock.
    fn add(
        &mut self,
        product: (ProductId, CategoryId),
        at: Time,
        from: End,
        to: End,
        amount: i64,
    ) -> Result<(), Error> {
        let ((End::Pool(org_unit), _) | (_, End::Pool(org_unit))) = (from, to) else { return Ok(()) };
        let mut side = |end: End, sign: i64| match end {
            End::Pool(org_unit) => {
                let account = self.stock_account(product.1, org_unit);
                let sum = self.stock.entry((product.0, org_unit)).or_insert_with(|| (account.clone(), 0));
                sum.1 = sum.1.saturating_add(sign * amount);
                Side { account, org_unit }
            }
            End::Outside(kind) => {
                let account = self.rules.account(&self.structure.catalog, product.1, kind).to_owned();
                Side { account, org_unit }
            }
        };
        let (from, to) = (side(from, -1), side(to, 1));
        let period = self.period(at);
        self.post(&period, from, to, amount)
    }

    fn add_movements(&mut self, conn: &mut Conn, tenant: TenantId, batches: &Rows) -> Result<(), Error> {
        conn.each(
            "select m.product, p.category, m.effective_at, m.from_location, m.to_location, \
             coalesce(f.place, 0), coalesce(t.place, 0), m.amount from {rows $2 (id bigint) r} \
             {look up movement m} m.tenant = $1 and m.batch = r.id {looked up m} \
             join product p on p.tenant = $1 and p.id = m.product \
             left join account f on f.tenant = $1 and f.id = m.from_pool and m.from_pool > 0 \
             left join account t on t.tenant = $1 and t.id = m.to_pool and m.to_pool > 0 \
             where m.amount <> 0 and (m.from_pool > 0 or m.to_pool > 0)",
            &[Arg::Int(tenant.0), Arg::Rows(batches)],
            |row| {
                let end = |location: i64, pool: i64| match pool {
                    0 => End::Outside(PostingKind::of_place(LocationId(location))),
                    unit => End::Pool(LocationId(unit)),
                };
                let product = (ProductId(row.int(0)?), CategoryId(row.int(1)?));
                let (from, to) = (end(row.int(3)?, row.int(5)?), end(row.int(4)?, row.int(6)?));
                self.add(product, Time(row.int(2)?), from, to, row.int(7)?)
            },
        )
    }

    fn add_values(&mut self, conn: &mut Conn, tenant: TenantId, batches: &Rows) -> Result<(), Error> {
        conn.each(
            "select a.product, p.category, v.effective_at, v.kind, v.counterpart, a.place, v.amount \
             from {rows $2 (id bigint) r} {look up value_entry v} v.tenant = $1 and v.batch = r.id {looked up v} \
             join account a on a.tenant = $1 and a.id = v.pool join product p on p.tenant = $1 and p.id = a.product",
            &[Arg::Int(tenant.0), Arg::Rows(batches)],
            |row| {
                let product = (ProductId(row.int(0)?), CategoryId(row.int(1)?));
                let other =
                    End::Outside(PostingKind::of_value(ValueKind::from_code(row.int(3)?), LocationId(row.int(4)?)));
                self.add(product, Time(row.int(2)?), other, End::Pool(LocationId(row.int(5)?)), row.int(6)?)
            },
        )
    }
}
