//! The general ledger's hook: batches become balanced documents, each batch once.
//!
//! Whoever reads the outbox makes it up to date first. A run takes the batches after the last one that was
//! posted, adds their amounts and value entries up by period, account and org unit, and writes a document for
//! each period together with the position it has come to, in one transaction: it happens entirely or not at
//! all, and once. What was posted stays as it was posted. Where a product's stock account has become another
//! one, its value is moved there by a document of its own, dated the day that it is made, whether or not there
//! is anything else to post.

mod detail;

use std::collections::BTreeMap;

use lotbook_domain::id::{CategoryId, LocationId, ProductId, TenantId};
use lotbook_domain::posting::{Document, DocumentKind, PostingKind, Postings, Rules, Side, Sums};
use lotbook_domain::settlement::ValueKind;
use lotbook_domain::time::Time;

use crate::engine::Engine;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::structure::Structure;
use crate::table;
use crate::table::general_ledger::Tail;
use crate::zone;

pub use detail::{Detail, details};

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
        if tail.position != table::header::position(conn, tenant)? {
            return Ok(None);
        }
        let structure = engine.structure(conn, tenant)?;
        let run = Run::new(&structure, table::general_ledger::rules(conn, tenant)?);
        Ok(run.in_another_account(conn, tenant)?.is_empty().then_some(tail))
    })?;
    if let Some(tail) = is_done {
        return Ok((tail, false));
    }
    let now = engine.now();
    engine.store().write(|conn| {
        // A product that changes its category meanwhile is posted by one of the two throughout, and moved next time.
        conn.see_one_snapshot()?;
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
    let mut tail = table::general_ledger::lock_tail(conn, tenant)?;
    let rules = table::general_ledger::rules(conn, tenant)?;
    let moved = Run::new(structure, rules.clone()).reclassify(conn, tenant, now)?;
    tail = moved.write(conn, tenant, tail, (tail.position, tail.position), DocumentKind::Reclassification, now)?;
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
        table::general_ledger::set_tail(conn, tenant, tail)?;
        return Ok((tail, false));
    };
    let mut run = Run::new(structure, rules);
    let rows = Rows::ids(taken);
    run.add_movements(conn, tenant, &rows)?;
    run.add_values(conn, tenant, &rows)?;
    let reached = run.write(conn, tenant, tail, (tail.position + 1, last), DocumentKind::Postings, now)?;
    table::general_ledger::set_tail(conn, tenant, reached)?;
    Ok((reached, last < table::header::position(conn, tenant)?))
}

/// What batches came to, without any account: by period and org unit, what was debited and credited, and by
/// product and org unit, what was added to stock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// By period and org unit.
    pub(crate) sums: BTreeMap<(String, LocationId), Sums>,
    /// By product and org unit.
    pub(crate) stock: BTreeMap<(ProductId, LocationId), i64>,
}

/// What these batches came to: two statements, and what each of them moved is read once.
pub(crate) fn told(
    conn: &mut Conn,
    structure: &Structure,
    tenant: TenantId,
    batches: &Rows,
    is_monthly: bool,
) -> Result<Told, Error> {
    let mut run = Run { is_monthly, ..Run::new(structure, Rules::default()) };
    run.add_movements(conn, tenant, batches)?;
    run.add_values(conn, tenant, batches)?;
    let mut told = Told::default();
    for (period, lines) in run.postings.by_period() {
        for (side, sums) in lines {
            let sum = told.sums.entry((period.clone(), side.org_unit)).or_default();
            sum.debit = sum.debit.saturating_add(sums.debit);
            sum.credit = sum.credit.saturating_add(sums.credit);
        }
    }
    told.stock = run.stock.into_iter().map(|(key, (_, amount))| (key, amount)).collect();
    Ok(told)
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

impl End {
    /// The end at a location, with the place of its pool; 0 = none.
    fn of(location: i64, pool: i64) -> Self {
        match pool {
            0 => Self::Outside(PostingKind::of_place(LocationId(location))),
            unit => Self::Pool(LocationId(unit)),
        }
    }
}

/// Stock that stands in an account that is no longer its own: the product, where it stands, where it belongs, and
/// how much.
type Moved = (ProductId, Side, String, i64);

impl<'a> Run<'a> {
    fn new(structure: &'a Structure, rules: Rules) -> Self {
        Self {
            structure,
            rules,
            zone: structure.settings.time_zone(),
            is_monthly: structure.settings.text("glPeriod").as_deref() == Some("month"),
            postings: Postings::new(),
            stock: BTreeMap::new(),
        }
    }

    fn in_another_account(&self, conn: &mut Conn, tenant: TenantId) -> Result<Vec<Moved>, Error> {
        let mut moved = Vec::new();
        table::general_ledger::each_stock(conn, tenant, |product, category, side, amount| {
            let account = self.stock_account(category, side.org_unit);
            if account != side.account {
                moved.push((product, side, account, amount));
            }
            Ok(())
        })?;
        Ok(moved)
    }

    /// Moves stock to the accounts where it belongs by now.
    fn reclassify(mut self, conn: &mut Conn, tenant: TenantId, now: Time) -> Result<Self, Error> {
        let period = self.period(now);
        for (product, from, account, amount) in self.in_another_account(conn, tenant)? {
            let to = Side { account: account.clone(), org_unit: from.org_unit };
            self.stock.insert((product, from.org_unit), (account, 0));
            self.post(&period, from, to, amount)?;
        }
        Ok(self)
    }

    /// Writes what was posted, a document a period, and what it does to stock; how far that comes.
    fn write(
        self,
        conn: &mut Conn,
        tenant: TenantId,
        tail: Tail,
        positions: (i64, i64),
        kind: DocumentKind,
        now: Time,
    ) -> Result<Tail, Error> {
        let mut number = tail.number;
        let by_period = self.postings.by_period();
        let documents: Vec<Document> = by_period
            .into_iter()
            .map(|(period, lines)| {
                number += 1;
                Document { number, kind, period, positions, created_at: now, lines }
            })
            .collect();
        table::general_ledger::append(conn, tenant, &documents)?;
        table::general_ledger::move_stock(conn, tenant, &self.stock)?;
        Ok(Tail { position: positions.1, number })
    }
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
                let product = (ProductId(row.int(0)?), CategoryId(row.int(1)?));
                let (from, to) = (End::of(row.int(3)?, row.int(5)?), End::of(row.int(4)?, row.int(6)?));
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
