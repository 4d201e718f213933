//! How products are valued over time. Append-only.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::costing::CostingFact;
use lotbook_domain::id::{ProductId, TenantId, UserId, VariantId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::time::Time;

use super::catalog::{costing_code, costing_of};
use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows};

/// A word on how a product is valued, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costed {
    /// Its number.
    pub id: i64,
    /// The product.
    pub product: ProductId,
    /// What it says.
    pub fact: CostingFact,
    /// The position of the ledger at which it was said.
    pub since: i64,
    /// When it was said.
    pub at: Time,
    /// By whom.
    pub person: UserId,
    /// Why.
    pub reason: Option<String>,
}

const COLUMNS: &str = "c.id, c.product, c.variant, c.effective_at, c.method, c.standard_cost, c.since, c.decided_at, \
     c.person, c.reason";

fn read(row: &Row<'_>) -> Result<Costed, Error> {
    Ok(Costed {
        id: row.int(0)?,
        product: ProductId(row.int(1)?),
        fact: CostingFact {
            from: Time(row.int(3)?),
            variant: VariantId(row.int(2)?),
            method: row.opt_int(4)?.map(costing_of),
            standard: row.opt_int(5)?.map(UnitCost),
        },
        since: row.int(6)?,
        at: Time(row.int(7)?),
        person: UserId(row.int(8)?),
        reason: row.opt_text(9)?,
    })
}

/// Writes one.
pub fn insert(conn: &mut Conn, tenant: TenantId, costed: &Costed) -> Result<(), Error> {
    conn.execute(
        "insert into costing (tenant, id, product, variant, effective_at, method, standard_cost, since, decided_at, \
         person, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            Arg::Int(tenant.0),
            Arg::Int(costed.id),
            Arg::Int(costed.product.0),
            Arg::Int(costed.fact.variant.0),
            Arg::Int(costed.fact.from.0),
            Arg::OptInt(costed.fact.method.map(costing_code)),
            Arg::OptInt(costed.fact.standard.map(|cost| cost.0)),
            Arg::Int(costed.since),
            Arg::Int(costed.at.0),
            Arg::Int(costed.person.0),
            Arg::OptText(costed.reason.as_deref()),
        ],
    )?;
    Ok(())
}

/// Those of these products that something was said about.
pub fn among(conn: &mut Conn, tenant: TenantId, products: &BTreeSet<ProductId>) -> Result<BTreeSet<ProductId>, Error> {
    let rows = Rows::ids(products.iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = conn.query(
        "select r.id from {rows $2 (id bigint) r} where exists \
         (select 1 from costing c where c.tenant = $1 and c.product = r.id)",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok(ProductId(row.int(0)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// What was said about products, in the order in which it was said.
pub fn of_products(
    conn: &mut Conn,
    tenant: TenantId,
    products: &Rows,
) -> Result<HashMap<ProductId, Vec<CostingFact>>, Error> {
    let mut found: HashMap<ProductId, Vec<CostingFact>> = HashMap::new();
    let rows = conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join costing c \
             where c.tenant = $1 and c.product = r.id order by c.product, c.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(products)],
        read,
    )?;
    for costed in rows {
        found.entry(costed.product).or_default().push(costed.fact);
    }
    Ok(found)
}

/// What was said about products by a position of the ledger, in the order in which it was said: what held from the
/// beginning, and what was said up to the batch at that position or right after it.
pub fn said_by(
    conn: &mut Conn,
    tenant: TenantId,
    products: impl IntoIterator<Item = ProductId>,
    position: i64,
) -> Result<HashMap<ProductId, Vec<CostingFact>>, Error> {
    let rows = Rows::ids(products.into_iter().map(|id| id.0));
    let mut found: HashMap<ProductId, Vec<CostingFact>> = HashMap::new();
    let said = conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join costing c \
             where c.tenant = $1 and c.product = r.id and c.since <= $3 order by c.product, c.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(position)],
        read,
    )?;
    for costed in said {
        found.entry(costed.product).or_default().push(costed.fact);
    }
    Ok(found)
}

/// What was said, newest first, before a number; of one product, if one is named.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    product: Option<ProductId>,
    before: i64,
    limit: i64,
) -> Result<Vec<Costed>, Error> {
    let of_product = if product.is_some() { "and c.product = $4" } else { "" };
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(before), Arg::Int(limit)];
    args.extend(product.map(|id| Arg::Int(id.0)));
    conn.query(
        &format!(
            "select {COLUMNS} from costing c where c.tenant = $1 and c.id < $2 {of_product} order by c.id desc limit $3"
        ),
        &args,
        read,
    )
}

/// One of them.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: i64) -> Result<Option<Costed>, Error> {
    conn.one(
        &format!("select {COLUMNS} from costing c where c.tenant = $1 and c.id = $2"),
        &[Arg::Int(tenant.0), Arg::Int(id)],
        read,
    )
}

/// Every word in the order of ids, with the name of its product, and the hash that is linked of it, if it is.
pub fn each(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(Costed, Option<String>, Option<Vec<u8>>) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        &format!(
            "select {COLUMNS}, p.identifier, s.content_hash from costing c \
             left join product p on p.tenant = $1 and p.id = c.product \
             left join said s on s.tenant = $1 and s.kind = 2 and s.word = c.id where c.tenant = $1 order by c.id"
        ),
        &[Arg::Int(tenant.0)],
        |row| each(read(row)?, row.opt_text(10)?, row.opt_bytes(11)?),
    )
}
