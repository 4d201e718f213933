//! Revaluations and landed costs as they are kept: a record a batch.

use std::collections::BTreeMap;

use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, ProductId, TenantId};
use lotbook_domain::movement::{ValueFact, ValueFactKind};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::table::value_fact::{COLUMN_COUNT, COLUMNS, HOLDS, read};

/// A revaluation or a landed cost; quantities and amounts in millionths, times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueRecord {
    /// Its id, which is its batch.
    pub id: i64,
    /// Its position in the ledger.
    pub position: i64,
    /// When we learned it.
    pub booked_at: i64,
    /// From whom.
    pub booked_by: i64,
    /// Why.
    pub reason: Option<String>,
    /// What it says, in the order of lines.
    pub lines: Vec<ValueLine>,
}

/// One line of a revaluation or a landed cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueLine {
    /// Its place in the record, from 0.
    pub line: i64,
    /// The product.
    pub product: i64,
    /// The product as people write it.
    pub identifier: String,
    /// The variant; 0 = none.
    pub variant: i64,
    /// The lot; 0 = none.
    pub lot: i64,
    /// The stock org unit.
    pub org_unit: i64,
    /// From when on.
    pub at: i64,
    /// Of a landed cost: the movement that cost more.
    pub movement: Option<i64>,
    /// Of a landed cost: whether it was shared out by value, else by quantity.
    pub by_value: bool,
    /// What stood in the pool by what was known, or what the movement brought.
    pub quantity: i64,
    /// What the pool is worth, or what the movement cost more.
    pub amount: i64,
    /// Whether it was not undone.
    pub holds: bool,
}

fn line_of(fact: &ValueFact, identifier: String, holds: bool) -> ValueLine {
    ValueLine {
        line: fact.line,
        product: fact.product.0,
        identifier,
        variant: fact.variant.0,
        lot: fact.lot.0,
        org_unit: fact.org_unit.0,
        at: fact.effective_at.0,
        movement: fact.movement.map(MovementId::number),
        by_value: fact.by_value,
        quantity: fact.quantity.0,
        amount: fact.amount.0,
        holds,
    }
}

/// Which records.
#[derive(Clone, Debug, Default)]
pub struct ValueFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of these stock org units.
    pub places: Option<Vec<LocationId>>,
    /// After this record.
    pub after: BatchId,
}

/// A page of records in the order of their ids. Cost: two statements.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    kind: ValueFactKind,
    filter: &ValueFilter,
    limit: i64,
) -> Result<Vec<ValueRecord>, Error> {
    let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut sql = String::from("f.tenant = $1 and f.kind = $2 and f.batch > $3");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(kind.code()), Arg::Int(filter.after.0)];
    if let Some(product) = filter.product {
        args.push(Arg::Int(product.0));
        sql.push_str(&format!(" and f.product = ${}", args.len()));
    }
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and f.org_unit in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    args.push(Arg::Int(limit));
    let text =
        format!("select f.batch from value_fact f where {sql} group by f.batch order by f.batch limit ${}", args.len());
    let batches = conn.query(&text, &args, |row| Ok(BatchId(row.int(0)?)))?;
    records(conn, tenant, &batches)
}

/// The records of these batches, in the order of ids; what is not there is left out.
pub fn records(conn: &mut Conn, tenant: TenantId, batches: &[BatchId]) -> Result<Vec<ValueRecord>, Error> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::ids(batches.iter().map(|id| id.0));
    let mut found: BTreeMap<BatchId, ValueRecord> = BTreeMap::new();
    conn.each(
        &format!(
            "select {COLUMNS}, case when {HOLDS} then 1 else 0 end, p.identifier, h.position, h.booked_at, h.booked_by, \
             h.reason from {{rows $2 (id bigint) r}} cross join value_fact f \
             join header h on h.tenant = $1 and h.batch = f.batch \
             join product p on p.tenant = $1 and p.id = f.product \
             where f.tenant = $1 and f.batch = r.id order by f.batch, f.line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let (batch, fact) = read(row, 0)?;
            let holds = row.int(COLUMN_COUNT)? != 0;
            let identifier = row.text(COLUMN_COUNT + 1)?;
            let record = match found.entry(batch) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(free) => free.insert(ValueRecord {
                    id: batch.0,
                    position: row.int(COLUMN_COUNT + 2)?,
                    booked_at: row.int(COLUMN_COUNT + 3)?,
                    booked_by: row.int(COLUMN_COUNT + 4)?,
                    reason: row.opt_text(COLUMN_COUNT + 5)?,
                    lines: Vec::new(),
                }),
            };
            record.lines.push(line_of(&fact, identifier, holds));
            Ok(())
        },
    )?;
    Ok(found.into_values().collect())
}

/// The first position of a value fact, of its undoing, or at which a product's costing was changed, that pools
/// still wait for.
pub(crate) fn first_unsettled(conn: &mut Conn, tenant: TenantId) -> Result<Option<i64>, Error> {
    let mut first = None;
    for (undone, batch) in [
        ("", "f.batch"),
        ("join value_undone u on u.tenant = $1 and u.fact_batch = f.batch and u.fact_line = f.line", "u.batch"),
    ] {
        let found = conn.one(
            &format!(
                "select min(h.position) from account a {{look up value_fact f}} f.tenant = $1 and f.pool = a.id + 0 \
                 and f.effective_at >= a.unsettled_from {{looked up f}} {undone} \
                 join header h on h.tenant = $1 and h.batch = {batch} \
                 where a.tenant = $1 and a.unsettled_from is not null"
            ),
            &[Arg::Int(tenant.0)],
            |row| row.opt_int(0),
        )?;
        first = [first, found.flatten()].into_iter().flatten().min();
    }
    let costed = conn.one(
        "select min(c.since) from account a join costing c on c.tenant = $1 and c.product = a.product \
         and c.effective_at >= a.unsettled_from where a.tenant = $1 and a.unsettled_from is not null",
        &[Arg::Int(tenant.0)],
        |row| row.opt_int(0),
    )?;
    first = [first, costed.flatten().map(|since| since.max(1))].into_iter().flatten().min();
    Ok(first)
}

/// The cost pools of a product and variant, those of a stock org unit or a lot only where they are named.
pub(crate) fn pools_of(
    conn: &mut Conn,
    tenant: TenantId,
    (product, variant): (ProductId, i64),
    org_unit: Option<LocationId>,
    lot: Option<LotId>,
) -> Result<Vec<lotbook_domain::ledger::Account>, Error> {
    let mut sql = String::from("a.tenant = $1 and a.product = $2 and a.variant = $3 and a.kind = 2");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(product.0), Arg::Int(variant)];
    for (column, id) in [("a.place", org_unit.map(|id| id.0)), ("a.lot", lot.map(|id| id.0))] {
        if let Some(id) = id {
            args.push(Arg::Int(id));
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
    }
    crate::table::account::select_locked(conn, &sql, &args)
}
