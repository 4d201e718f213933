//! Entries that wait to be booked.

use lotbook_domain::entry::{Entry, Reference};
use lotbook_domain::id::{
    CategoryId, EntryId, JournalId, LocationId, LotId, PartyId, ProductId, ReasonId, ReservationId, TenantId, UnitId,
    UserId, VariantId, VoucherId,
};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// An entry with what the draft keeps beside it.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The entry.
    pub entry: Entry,
    /// The generation of the journal it was entered in.
    pub generation: i64,
    /// Its cost when none was given, for totals.
    pub fallback_cost: Option<UnitCost>,
    /// Whether the system made it.
    pub is_system_generated: bool,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: UserId,
}

const COLUMNS: &str = "e.id, e.journal, e.voucher, v.number, e.generation, e.org_unit, e.effective_at, e.product, \
     e.variant, e.lot, e.lot_name, e.instances, e.location, e.count, e.unit, e.cost_price, e.sales_price, \
     e.fallback_cost, e.customer, e.supplier, e.reason, e.description, e.source_kind, e.source_identifier, \
     e.external_type, e.external_id, e.credit_type, e.credit_id, e.is_system_generated, e.created_at, e.created_by, e.reservation";

fn ids_to_text(ids: &[LotId]) -> String {
    let mut text = String::with_capacity(ids.len() * 8);
    for id in ids {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&id.0.to_string());
    }
    text
}

fn ids_from_text(text: &str) -> Vec<LotId> {
    text.split(',').filter_map(|id| id.parse().ok().map(LotId)).collect()
}

fn read(row: &Row<'_>) -> Result<Waiting, Error> {
    let reference = |at: usize| -> Result<Option<Reference>, Error> {
        Ok(match (row.opt_text(at)?, row.opt_int(at + 1)?) {
            (Some(kind), Some(id)) => Some(Reference { kind, id }),
            _ => None,
        })
    };
    let instances = row.opt_text(11)?;
    Ok(Waiting {
        entry: Entry {
            id: EntryId(row.int(0)?),
            journal: JournalId(row.int(1)?),
            voucher: VoucherId(row.int(2)?),
            voucher_number: row.int(3)?,
            org_unit: LocationId(row.int(5)?),
            effective_at: Time(row.int(6)?),
            product: ProductId(row.int(7)?),
            variant: VariantId(row.int(8)?),
            lot: LotId(row.int(9)?),
            lot_name: row.opt_text(10)?,
            has_instances: instances.is_some(),
            instances: instances.as_deref().map(ids_from_text).unwrap_or_default(),
            location: LocationId(row.int(12)?),
            count: Quantity(row.int(13)?),
            unit: UnitId(row.int(14)?),
            cost_price: row.opt_int(15)?.map(UnitCost),
            sales_price: row.opt_int(16)?.map(UnitCost),
            customer: PartyId(row.int(18)?),
            supplier: PartyId(row.int(19)?),
            reason: ReasonId(row.int(20)?),
            description: row.opt_text(21)?,
            source_kind: row.opt_int(22)?,
            source_identifier: row.opt_text(23)?,
            external: reference(24)?,
            credit_note: reference(26)?,
            reservation: ReservationId(row.int(31)?),
        },
        generation: row.int(4)?,
        fallback_cost: row.opt_int(17)?.map(UnitCost),
        is_system_generated: row.int(28)? != 0,
        created_at: Time(row.int(29)?),
        created_by: UserId(row.int(30)?),
    })
}

/// Writes entries: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, entries: &[Waiting]) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Waiting) -> i64| Column::Int(entries.iter().map(of).collect());
    let options = |of: fn(&Waiting) -> Option<i64>| Column::OptInt(entries.iter().map(of).collect());
    let texts = |of: fn(&Waiting) -> Option<String>| Column::OptText(entries.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|w| w.entry.id.0),
        ints(|w| w.entry.journal.0),
        ints(|w| w.entry.voucher.0),
        ints(|w| w.generation),
        ints(|w| w.entry.org_unit.0),
        ints(|w| w.entry.effective_at.0),
        ints(|w| w.entry.product.0),
        ints(|w| w.entry.variant.0),
        ints(|w| w.entry.lot.0),
        texts(|w| w.entry.lot_name.clone()),
        texts(|w| w.entry.has_instances.then(|| ids_to_text(&w.entry.instances))),
        ints(|w| w.entry.location.0),
        ints(|w| w.entry.count.0),
        ints(|w| w.entry.unit.0),
        options(|w| w.entry.cost_price.map(|cost| cost.0)),
        options(|w| w.entry.sales_price.map(|price| price.0)),
        options(|w| w.fallback_cost.map(|cost| cost.0)),
        ints(|w| w.entry.customer.0),
        ints(|w| w.entry.supplier.0),
        ints(|w| w.entry.reason.0),
        texts(|w| w.entry.description.clone()),
        options(|w| w.entry.source_kind),
        texts(|w| w.entry.source_identifier.clone()),
        texts(|w| w.entry.external.as_ref().map(|reference| reference.kind.clone())),
        options(|w| w.entry.external.as_ref().map(|reference| reference.id)),
        texts(|w| w.entry.credit_note.as_ref().map(|reference| reference.kind.clone())),
        options(|w| w.entry.credit_note.as_ref().map(|reference| reference.id)),
        ints(|w| i64::from(w.is_system_generated)),
        ints(|w| w.created_at.0),
        ints(|w| w.created_by.0),
        ints(|w| w.entry.reservation.0),
    ]);
    conn.execute(
        "insert into entry (tenant, id, journal, voucher, generation, org_unit, effective_at, product, variant, lot, \
         lot_name, instances, location, count, unit, cost_price, sales_price, fallback_cost, customer, supplier, \
         reason, description, source_kind, source_identifier, external_type, external_id, credit_type, credit_id, \
         is_system_generated, created_at, created_by, reservation) \
         select $1, e.id, e.journal, e.voucher, e.generation, e.org_unit, e.effective_at, e.product, e.variant, e.lot, \
         e.lot_name, e.instances, e.location, e.count, e.unit, e.cost_price, e.sales_price, e.fallback_cost, \
         e.customer, e.supplier, e.reason, e.description, e.source_kind, e.source_identifier, e.external_type, \
         e.external_id, e.credit_type, e.credit_id, e.is_system_generated, e.created_at, e.created_by, e.reservation \
         from {rows $2 (id bigint, journal bigint, voucher bigint, generation bigint, org_unit bigint, \
         effective_at bigint, product bigint, variant bigint, lot bigint, lot_name text, instances text, \
         location bigint, count bigint, unit bigint, cost_price bigint, sales_price bigint, fallback_cost bigint, \
         customer bigint, supplier bigint, reason bigint, description text, source_kind bigint, \
         source_identifier text, external_type text, external_id bigint, credit_type text, credit_id bigint, \
         is_system_generated bigint, created_at bigint, created_by bigint, reservation bigint) e}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Which entries of a journal a booking takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BookingFilter {
    /// Of these categories or below; `None` = any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<i64>>,
    /// At these locations or below; `None` = any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locations: Option<Vec<i64>>,
    /// Of these org units or below; `None` = any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_units: Option<Vec<i64>>,
    /// With ids from … to: what one auto-book call entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<(i64, i64)>,
}

/// Which entries a question is about. All that is given must hold; lists are already widened to
/// descendants, and an empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// Of this voucher.
    pub voucher: Option<VoucherId>,
    /// Of this journal.
    pub journal: Option<JournalId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// With a description that contains this, whatever the case.
    pub description: Option<String>,
    /// With a cost of at least … at most, in millionths.
    pub cost: (Option<i64>, Option<i64>),
    /// Of products in these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// At these locations.
    pub locations: Option<Vec<LocationId>>,
    /// Of these org units.
    pub org_units: Option<Vec<LocationId>>,
    /// Of this lot.
    pub lot: Option<LotId>,
    /// Of lots whose name contains this, whatever the case.
    pub lot_name: Option<String>,
    /// Up to this generation.
    pub generation_max: Option<i64>,
    /// With ids from … to, both included.
    pub ids: Option<(i64, i64)>,
    /// Of these journals.
    pub journals: Option<Vec<JournalId>>,
}

/// A condition built up with its arguments.
struct Where<'a> {
    sql: String,
    args: Vec<Arg<'a>>,
}

impl<'a> Where<'a> {
    fn and(&mut self, text: &str, arg: Arg<'a>) {
        self.args.push(arg);
        self.sql.push_str(" and ");
        self.sql.push_str(&text.replace('?', &format!("${}", self.args.len())));
    }
}

/// The lists of a filter as batches, which have to outlive the statement.
struct Lists {
    categories: Option<Rows>,
    locations: Option<Rows>,
    org_units: Option<Rows>,
    journals: Option<Rows>,
    pattern: Option<String>,
    lot_pattern: Option<String>,
}

impl EntryFilter {
    fn lists(&self) -> Lists {
        Lists {
            categories: self.categories.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            locations: self.locations.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            org_units: self.org_units.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            journals: self.journals.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            pattern: self.description.as_ref().map(|text| crate::table::catalog::contains_pattern(text)),
            lot_pattern: self.lot_name.as_ref().map(|text| crate::table::catalog::contains_pattern(text)),
        }
    }

    fn condition<'a>(&'a self, lists: &'a Lists, tenant: TenantId) -> Where<'a> {
        let mut found = Where { sql: "e.tenant = $1".to_owned(), args: vec![Arg::Int(tenant.0)] };
        let numbers = [
            ("e.voucher = ?", self.voucher.map(|id| id.0)),
            ("e.journal = ?", self.journal.map(|id| id.0)),
            ("e.product = ?", self.product.map(|id| id.0)),
            ("e.lot = ?", self.lot.map(|id| id.0)),
            ("coalesce(e.cost_price, e.fallback_cost, 0) >= ?", self.cost.0),
            ("coalesce(e.cost_price, e.fallback_cost, 0) <= ?", self.cost.1),
            ("e.generation <= ?", self.generation_max),
            ("e.id >= ?", self.ids.map(|ids| ids.0)),
            ("e.id <= ?", self.ids.map(|ids| ids.1)),
        ];
        for (text, number) in numbers {
            if let Some(number) = number {
                found.and(text, Arg::Int(number));
            }
        }
        if let Some(pattern) = &lists.pattern {
            found.and("{lower e.description} like ? escape '\\'", Arg::Text(pattern));
        }
        if let Some(pattern) = &lists.lot_pattern {
            found.and(
                "({lower e.lot_name} like ? escape '\\' or e.lot in (select l.id from lot l where l.tenant = $1 \
                 and l.product = e.product and {lower l.name} like ? escape '\\'))",
                Arg::Text(pattern),
            );
        }
        let batches = [
            ("e.location in (select r.id from {rows ? (id bigint) r})", &lists.locations),
            ("e.org_unit in (select r.id from {rows ? (id bigint) r})", &lists.org_units),
            ("e.journal in (select r.id from {rows ? (id bigint) r})", &lists.journals),
            (
                "e.product in (select p.id from product p where p.tenant = $1 and p.category in \
                 (select r.id from {rows ? (id bigint) r}))",
                &lists.categories,
            ),
        ];
        for (text, rows) in batches {
            if let Some(rows) = rows {
                found.and(text, Arg::Rows(rows));
            }
        }
        found
    }
}

/// A page of entries in the order of ids.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &EntryFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<Waiting>, Error> {
    let lists = filter.lists();
    let mut found = filter.condition(&lists, tenant);
    found.args.push(Arg::Int(limit));
    found.args.push(Arg::Int(offset));
    let sql = format!(
        "select {COLUMNS} from entry e join voucher v on v.tenant = $1 and v.id = e.voucher where {} \
         order by e.id limit ${} offset ${}",
        found.sql,
        found.args.len() - 1,
        found.args.len()
    );
    conn.query(&sql, &found.args, read)
}

/// Every matching entry in the order of ids.
pub fn all(conn: &mut Conn, tenant: TenantId, filter: &EntryFilter) -> Result<Vec<Waiting>, Error> {
    page(conn, tenant, filter, 0, i64::MAX)
}

/// How many entries match.
pub fn count(conn: &mut Conn, tenant: TenantId, filter: &EntryFilter) -> Result<i64, Error> {
    let lists = filter.lists();
    let found = filter.condition(&lists, tenant);
    let sql = format!("select count(*) from entry e where {}", found.sql);
    Ok(conn.one(&sql, &found.args, |row| row.int(0))?.unwrap_or(0))
}

/// Calls `each` with count and cost (given, else fall-back, else 0) of every matching entry.
pub fn each_cost(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &EntryFilter,
    mut each: impl FnMut(i64, i64),
) -> Result<(), Error> {
    let lists = filter.lists();
    let found = filter.condition(&lists, tenant);
    let sql = format!("select e.count, coalesce(e.cost_price, e.fallback_cost, 0) from entry e where {}", found.sql);
    conn.each(&sql, &found.args, |row| {
        each(row.int(0)?, row.int(1)?);
        Ok(())
    })
}

/// Calls `each` with id, voucher and its number, count and cost (given, else fall-back, else 0) of every
/// matching entry, in the order of ids.
pub fn each_figure(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &EntryFilter,
    mut each: impl FnMut(EntryId, (VoucherId, i64), Quantity, UnitCost),
) -> Result<(), Error> {
    let lists = filter.lists();
    let found = filter.condition(&lists, tenant);
    let sql = format!(
        "select e.id, e.voucher, v.number, e.count, coalesce(e.cost_price, e.fallback_cost, 0) from entry e \
         join voucher v on v.tenant = $1 and v.id = e.voucher where {} order by e.id",
        found.sql
    );
    conn.each(&sql, &found.args, |row| {
        let voucher = (VoucherId(row.int(1)?), row.int(2)?);
        each(EntryId(row.int(0)?), voucher, Quantity(row.int(3)?), UnitCost(row.int(4)?));
        Ok(())
    })
}

/// Deletes matching entries, answers how many.
pub fn delete(conn: &mut Conn, tenant: TenantId, filter: &EntryFilter) -> Result<u64, Error> {
    let lists = filter.lists();
    let found = filter.condition(&lists, tenant);
    conn.execute(&format!("delete from entry as e where {}", found.sql), &found.args)
}

/// How many entries wait, by journal.
pub fn counts_by_journal(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(JournalId, i64)>, Error> {
    conn.query(
        "select e.journal, count(*) from entry e where e.tenant = $1 group by e.journal",
        &[Arg::Int(tenant.0)],
        |row| Ok((JournalId(row.int(0)?), row.int(1)?)),
    )
}
