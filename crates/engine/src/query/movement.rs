//! The posted ledger: movements, and counts that found what was expected.

mod sparse;

use std::collections::HashMap;

use lotbook_domain::id::{
    BatchId, CategoryId, LINES_PER_BATCH_MAX, LocationId, LotId, MovementId, PartyId, ProductId, TenantId, UnitId,
    VariantId,
};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::movement::{End, Movement, MovementKind};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};
use crate::table::movement::{COLUMN_COUNT, COLUMNS, read};

/// Which movements. All that is given must hold; lists are already widened to descendants, and an
/// empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct MovementFilter {
    /// Of these products.
    pub products: Option<Vec<ProductId>>,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Of this lot or instance.
    pub lot: Option<LotId>,
    /// Of lots or instances whose name contains this, whatever the case.
    pub lot_name: Option<String>,
    /// From or to one of these places.
    pub locations: Option<Vec<LocationId>>,
    /// By these org units.
    pub org_units: Option<Vec<LocationId>>,
    /// Of products in these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// From … to, both included.
    pub effective: (Option<Time>, Option<Time>),
    /// Of the voucher with this number.
    pub voucher_number: Option<i64>,
    /// For this document, fulfilled or cancelled: its type, if given, and its number.
    pub external: Option<(Option<String>, i64)>,
    /// Of this customer.
    pub customer: Option<PartyId>,
    /// Of this supplier.
    pub supplier: Option<PartyId>,
    /// With a description that contains this, whatever the case.
    pub description: Option<String>,
    /// Of this batch.
    pub batch: Option<BatchId>,
    /// Of these batches.
    pub batches: Option<Vec<BatchId>>,
    /// With these numbers; counts that moved nothing are left out then.
    pub numbers: Option<Vec<i64>>,
    /// As it was known at this position.
    pub as_known_at: Option<i64>,
    /// The newest number first.
    pub newest_first: bool,
    /// After this movement number in the order in which they are read, for paging; 0 = all.
    pub after: i64,
}

/// A line of the posted ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its number: see [`lotbook_domain::id::MovementId::number`]. A count that moved nothing has one from the upper
    /// end of its batch's range.
    pub number: i64,
    /// The batch's position in the ledger.
    pub position: i64,
    /// When we learned it.
    pub booked_at: Time,
    /// From whom.
    pub booked_by: i64,
    /// The voucher's number; 0 = none.
    pub voucher_number: i64,
    /// The product's identifier and name.
    pub product: (String, String),
    /// The product's base unit, in which quantities are.
    pub unit: UnitId,
    /// The lot's ULID and name; empty = none.
    pub lot: (String, String),
    /// The ULID of the run that made it.
    pub run: Option<String>,
    /// The movement; of a count that moved nothing, with quantity 0.
    pub movement: Movement,
    /// What was counted, where it is a count.
    pub counted: Option<Quantity>,
}

struct Lists {
    products: Option<Rows>,
    locations: Option<Rows>,
    org_units: Option<Rows>,
    categories: Option<Rows>,
    batches: Option<Rows>,
    numbers: Option<Rows>,
    pattern: Option<String>,
    lot_pattern: Option<String>,
}

impl MovementFilter {
    fn lists(&self) -> Lists {
        Lists {
            products: self.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            locations: self.locations.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            org_units: self.org_units.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            categories: self.categories.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            batches: self.batches.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            numbers: self.numbers.as_ref().map(|numbers| {
                Rows::new(vec![
                    Column::Int(numbers.iter().map(|number| number >> 20).collect()),
                    Column::Int(numbers.iter().map(|number| number & (LINES_PER_BATCH_MAX - 1)).collect()),
                ])
            }),
            pattern: self.description.as_ref().map(|text| crate::table::catalog::contains_pattern(text)),
            lot_pattern: self.lot_name.as_ref().map(|text| crate::table::catalog::contains_pattern(text)),
        }
    }

    /// The condition on `m`, a movement (or a count, whose place is one column).
    fn condition<'a>(&'a self, lists: &'a Lists, tenant: TenantId, is_count: bool) -> (String, Vec<Arg<'a>>) {
        let mut sql = String::from("m.tenant = $1");
        let mut args = vec![Arg::Int(tenant.0)];
        let mut and = |text: &str, arg: Arg<'a>| {
            args.push(arg);
            sql.push_str(" and ");
            sql.push_str(&text.replace('?', &format!("${}", args.len())));
        };
        if let Some([product]) = self.products.as_deref() {
            and("m.product = ?", Arg::Int(product.0));
        } else if let Some(rows) = &lists.products {
            and("m.product in (select r.id from {rows ? (id bigint) r})", Arg::Rows(rows));
        }
        let numbers = [
            ("m.variant = ?", self.variant.map(|id| id.0)),
            ("m.lot = ?", self.lot.map(|id| id.0)),
            ("m.effective_at >= ?", self.effective.0.map(|at| at.0)),
            ("m.effective_at <= ?", self.effective.1.map(|at| at.0)),
            ("m.batch = ?", self.batch.map(|id| id.0)),
            ("m.batch in (select h.batch from header h where h.tenant = $1 and h.position <= ?)", self.as_known_at),
            ("m.voucher in (select v.id from voucher v where v.tenant = $1 and v.number = ?)", self.voucher_number),
            (
                "m.batch in (select b.batch from voucher_booked b join voucher v on v.tenant = $1 and v.id = b.voucher \
                 where b.tenant = $1 and v.number = ?)",
                self.voucher_number,
            ),
        ];
        for (text, number) in numbers {
            if let Some(number) = number {
                and(text, Arg::Int(number));
            }
        }
        if is_count {
            // A count names no party and no document.
            if self.external.is_some() || self.customer.is_some() || self.supplier.is_some() {
                and("1 = ?", Arg::Int(0));
            }
        } else {
            if let Some((kind, id)) = &self.external {
                and("(m.external_id = ? or m.credit_id = ?)", Arg::Int(*id));
                if let Some(kind) = kind {
                    and("(m.external_type = ? or m.credit_type = ?)", Arg::Text(kind));
                }
            }
            for (text, number) in
                [("m.customer = ?", self.customer.map(|id| id.0)), ("m.supplier = ?", self.supplier.map(|id| id.0))]
            {
                if let Some(number) = number {
                    and(text, Arg::Int(number));
                }
            }
        }
        if let Some(rows) = &lists.locations {
            if is_count {
                and("m.location in (select r.id from {rows ? (id bigint) r})", Arg::Rows(rows));
            } else {
                and(
                    "(m.to_location in (select r.id from {rows ? (id bigint) r}) \
                     or m.from_location in (select r.id from {rows ? (id bigint) r}))",
                    Arg::Rows(rows),
                );
            }
        }
        if let Some(rows) = &lists.batches {
            and("m.batch in (select r.id from {rows ? (id bigint) r})", Arg::Rows(rows));
        }
        if let Some(rows) = &lists.org_units {
            and("m.org_unit in (select r.id from {rows ? (id bigint) r})", Arg::Rows(rows));
        }
        if let Some(rows) = &lists.categories {
            and(
                "m.product in (select p.id from product p where p.tenant = $1 and p.category in \
                 (select r.id from {rows ? (id bigint) r}))",
                Arg::Rows(rows),
            );
        }
        if let Some(pattern) = &lists.pattern {
            and("{lower m.description} like ? escape '\\'", Arg::Text(pattern));
        }
        if let Some(pattern) = &lists.lot_pattern {
            and(
                "m.lot in (select l.id from lot l where l.tenant = $1 and l.product = m.product \
                 and {lower l.name} like ? escape '\\')",
                Arg::Text(pattern),
            );
        }
        if self.after > 0 {
            let line = self.after & (LINES_PER_BATCH_MAX - 1);
            let batch = args.len() + 1;
            args.push(Arg::Int(self.after >> 20));
            // Counts are numbered down from the upper end of their batch's range.
            args.push(Arg::Int(if is_count { LINES_PER_BATCH_MAX - 1 - line } else { line }));
            let on = if self.newest_first { "<" } else { ">" };
            let line_on = if self.newest_first == is_count { ">" } else { "<" };
            sql.push_str(&format!(
                " and m.batch {on}= ${batch} and (m.batch {on} ${batch} or m.line {line_on} ${})",
                batch + 1
            ));
        }
        (sql, args)
    }

    /// Which way numbers run.
    fn direction(&self) -> &'static str {
        if self.newest_first { " desc" } else { "" }
    }
}

const JOINS: &str = "join header h on h.tenant = $1 and h.batch = m.batch \
     join product p on p.tenant = $1 and p.id = m.product \
     left join voucher v on v.tenant = $1 and v.id = m.voucher \
     left join lot l on l.tenant = $1 and l.id = m.lot";

/// The run that made a movement.
const RUN: &str = "left join run u on u.tenant = $1 and u.batch = m.batch and u.batch > 0 \
     and m.line between u.first_line and u.last_line";

const SHOWN: &str = "h.position, h.booked_at, h.booked_by, coalesce(v.number, 0), p.identifier, p.name, \
     coalesce(l.uid, ''), coalesce(l.name, ''), p.unit";

/// A page of the posted ledger in the order of numbers, or the other way round.
///
/// Cost: reads on in that order until the page is full; where a filter names a place or a lot of which little moved, all
/// of that, however long the ledger is.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &MovementFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<Posted>, Error> {
    let lists = filter.lists();
    let accounts = if filter.numbers.is_some() { None } else { sparse::accounts(conn, tenant, filter)? };
    let accounts = accounts.map(|accounts| Rows::ids(accounts.into_iter().map(|account| account.0)));
    let counts = idle_counts(conn, tenant, filter, (&lists, accounts.as_ref()), offset + limit)?;
    let (skip, take) = if counts.is_empty() { (offset, limit) } else { (0, offset + limit) };
    let (sql, mut args) = filter.condition(&lists, tenant, false);
    let wanted = if let Some(rows) = lists.numbers.as_ref().or(accounts.as_ref()) {
        args.push(Arg::Rows(rows));
        match &lists.numbers {
            Some(_) => format!("{{rows ${} (batch bigint, line bigint) w}}", args.len()),
            None => sparse::of_accounts(args.len()),
        }
    } else {
        String::new()
    };
    let from = if wanted.is_empty() {
        "movement m".to_owned()
    } else {
        let one = "m.tenant = $1 and m.batch = w.batch and m.line = w.line";
        format!("{wanted} {{look up movement m}} {one} {{looked up m}}")
    };
    args.push(Arg::Int(take));
    args.push(Arg::Int(skip));
    let text = format!(
        "select {COLUMNS}, {SHOWN}, u.uid from {from} {JOINS} {RUN} where {sql} order by m.batch{way}, m.line{way} limit ${} offset ${}",
        args.len() - 1,
        args.len(),
        way = filter.direction(),
    );
    let mut found = conn.query(&text, &args, posted)?;
    if !counts.is_empty() {
        found.extend(counts);
        found.sort_by_key(|posted| if filter.newest_first { -posted.number } else { posted.number });
        found = found.into_iter().skip(offset as usize).take(limit as usize).collect();
    }
    add_counted(conn, tenant, &mut found)?;
    Ok(found)
}

fn posted(row: &Row<'_>) -> Result<Posted, Error> {
    let (batch, movement) = read(row, 0)?;
    let at = COLUMN_COUNT;
    Ok(Posted {
        number: (batch.0 << 20) | movement.line,
        position: row.int(at)?,
        booked_at: Time(row.int(at + 1)?),
        booked_by: row.int(at + 2)?,
        voucher_number: row.int(at + 3)?,
        product: (row.text(at + 4)?, row.text(at + 5)?),
        lot: (row.text(at + 6)?, row.text(at + 7)?),
        unit: UnitId(row.int(at + 8)?),
        run: row.opt_text(at + 9)?,
        movement,
        counted: None,
    })
}

/// The movements with these ids, in the order of numbers.
pub fn by_ids(conn: &mut Conn, tenant: TenantId, ids: &[MovementId]) -> Result<Vec<Posted>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(ids.iter().map(|id| id.batch.0).collect()),
        Column::Int(ids.iter().map(|id| id.line).collect()),
    ]);
    let text = format!(
        "select {COLUMNS}, {SHOWN}, u.uid from {{rows $2 (batch bigint, line bigint) r}} \
         {{look up movement m}} m.tenant = $1 and m.batch = r.batch and m.line = r.line {{looked up m}} \
         {JOINS} {RUN} order by m.batch, m.line"
    );
    let mut found = conn.query(&text, &[Arg::Int(tenant.0), Arg::Rows(&rows)], posted)?;
    add_counted(conn, tenant, &mut found)?;
    Ok(found)
}

/// The movement that first brought each of these lots into the house, in the order in which the ledger learned of them.
pub fn first_of_lots(
    conn: &mut Conn,
    tenant: TenantId,
    lots: impl IntoIterator<Item = LotId>,
) -> Result<HashMap<LotId, MovementId>, Error> {
    let rows = Rows::ids(lots.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.query(
        "select a.lot, min(m.batch * 1048576 + m.line) from {rows $2 (id bigint) r} \
         {look up account a} a.tenant = $1 and a.lot = r.id and a.lot > 0 and a.kind = 1 {looked up a} \
         join movement m on m.tenant = $1 and m.to_account = a.id and m.to_account > 0 group by a.lot",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((LotId(row.int(0)?), MovementId::from_number(row.int(1)?))),
    )?;
    Ok(found.into_iter().collect())
}

/// Counts that found what was expected: on file, though nothing moved.
fn idle_counts(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &MovementFilter,
    (lists, accounts): (&Lists, Option<&Rows>),
    limit: i64,
) -> Result<Vec<Posted>, Error> {
    if filter.numbers.is_some() {
        return Ok(Vec::new());
    }
    let (sql, mut args) = filter.condition(lists, tenant, true);
    let from = if let Some(accounts) = accounts {
        args.push(Arg::Rows(accounts));
        let one = "m.tenant = $1 and m.account = w.id";
        format!("{{rows ${} (id bigint) w}} {{look up stock_count m}} {one} {{looked up m}}", args.len())
    } else {
        "stock_count m".to_owned()
    };
    args.push(Arg::Int(limit));
    let text = format!(
        "select m.batch, m.line, m.effective_at, m.product, m.variant, m.lot, m.location, m.account, m.counted, \
         m.unit_cost, m.journal, m.voucher, m.entry, m.org_unit, m.description, p.unit, {SHOWN} \
         from {from} {JOINS} where {sql} and m.movement_line = -1 order by m.batch{}, m.line{} limit ${}",
        filter.direction(),
        if filter.newest_first { "" } else { " desc" },
        args.len()
    );
    conn.query(&text, &args, |row| {
        let (batch, line) = (row.int(0)?, row.int(1)?);
        let number = (batch << 20) | (LINES_PER_BATCH_MAX - 1 - line);
        let counted = Quantity(row.int(8)?);
        let place = End {
            location: LocationId(row.int(6)?),
            account: lotbook_domain::id::AccountId(row.int(7)?),
            pool: lotbook_domain::id::AccountId(0),
        };
        Ok(Posted {
            number,
            position: row.int(16)?,
            booked_at: Time(row.int(17)?),
            booked_by: row.int(18)?,
            voucher_number: row.int(19)?,
            product: (row.text(20)?, row.text(21)?),
            lot: (row.text(22)?, row.text(23)?),
            unit: UnitId(row.int(24)?),
            counted: Some(counted),
            run: None,
            movement: Movement {
                line: number & (LINES_PER_BATCH_MAX - 1),
                effective_at: Time(row.int(2)?),
                kind: MovementKind::Journal(JournalKind::Settlement),
                product: ProductId(row.int(3)?),
                variant: VariantId(row.int(4)?),
                lot: LotId(row.int(5)?),
                from: End { location: LocationId::ADJUSTMENT, ..End::default() },
                to: place,
                quantity: Quantity::ZERO,
                amount: Amount::ZERO,
                unit_cost: row.opt_int(9)?.map(UnitCost),
                fallback_cost: None,
                sales_price: None,
                entered_count: counted,
                entered_unit: UnitId(row.int(15)?),
                journal: lotbook_domain::id::JournalId(row.int(10)?),
                voucher: lotbook_domain::id::VoucherId(row.int(11)?),
                entry: lotbook_domain::id::EntryId(row.int(12)?),
                org_unit: LocationId(row.int(13)?),
                customer: PartyId(0),
                supplier: PartyId(0),
                reason: lotbook_domain::id::ReasonId(0),
                external: None,
                credit_note: None,
                source_kind: None,
                source_identifier: None,
                description: row.opt_text(14)?,
                reverses: None,
            },
        })
    })
}

/// Adds to the differences of counts what was counted.
fn add_counted(conn: &mut Conn, tenant: TenantId, found: &mut [Posted]) -> Result<(), Error> {
    let settled: Vec<&Posted> = found
        .iter()
        .filter(|posted| {
            posted.counted.is_none() && posted.movement.kind == MovementKind::Journal(JournalKind::Settlement)
        })
        .collect();
    if settled.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(settled.iter().map(|posted| posted.number >> 20).collect()),
        Column::Int(settled.iter().map(|posted| posted.movement.line).collect()),
    ]);
    let counted: HashMap<i64, i64> = conn
        .query(
            "select c.batch, c.movement_line, c.counted from {rows $2 (batch bigint, line bigint) r} \
             cross join stock_count c where c.tenant = $1 and c.batch = r.batch and c.movement_line = r.line",
            &[Arg::Int(tenant.0), Arg::Rows(&rows)],
            |row| Ok(((row.int(0)? << 20) | row.int(1)?, row.int(2)?)),
        )?
        .into_iter()
        .collect();
    for posted in found {
        if let Some(total) = counted.get(&posted.number) {
            posted.counted = Some(Quantity(*total));
        }
    }
    Ok(())
}

/// How many lines match, counts that moved nothing included. Reads every one that matches.
pub fn count(conn: &mut Conn, tenant: TenantId, filter: &MovementFilter) -> Result<i64, Error> {
    let lists = filter.lists();
    let (sql, args) = filter.condition(&lists, tenant, false);
    let moved = conn.one(&format!("select count(*) from movement m where {sql}"), &args, |row| row.int(0))?;
    let (sql, args) = filter.condition(&lists, tenant, true);
    let idle =
        conn.one(&format!("select count(*) from stock_count m where {sql} and m.movement_line = -1"), &args, |row| {
            row.int(0)
        })?;
    Ok(moved.unwrap_or(0) + idle.unwrap_or(0))
}
