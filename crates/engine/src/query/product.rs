//! Products, their variants and instances, a page at a time, and what a product costs by the ledger.

use std::collections::HashMap;

use lotbook_domain::id::{CategoryId, LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::money::{UnitCost, mul_div_half_even};
use lotbook_domain::quantity::ONE_E6;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows, long_sum};
use crate::table::catalog::contains_pattern;

/// Which products, variants or instances. All that is given must hold; an empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter {
    /// These products, or those of these products.
    pub products: Option<Vec<ProductId>>,
    /// This variant, or instances of it.
    pub variant: Option<VariantId>,
    /// Changed after this.
    pub modified_after: Option<Time>,
    /// Whose identifier, name or barcode contains this, whatever the case.
    pub search: Option<String>,
}

/// A product as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// Its id.
    pub id: ProductId,
    /// Its identifier.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Its barcodes.
    pub barcodes: Vec<String>,
    /// Its category; 0 = none.
    pub category: CategoryId,
    /// Whether each entry names a variant.
    pub has_variants: bool,
    /// Whether each piece has a serial number.
    pub is_serial: bool,
    /// Whether it may be entered.
    pub is_enabled: bool,
    /// The cost entered for it.
    pub cost_price: Option<UnitCost>,
    /// The cost where nothing else is known.
    pub default_cost_price: Option<UnitCost>,
    /// The price entered for it.
    pub sales_price: Option<UnitCost>,
    /// When it was last changed.
    pub modified_at: Time,
}

/// A variant as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantRow {
    /// Its id.
    pub id: VariantId,
    /// Its product.
    pub product: ProductId,
    /// Its identifier.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Its barcodes.
    pub barcodes: Vec<String>,
    /// Whether it may be entered.
    pub is_enabled: bool,
    /// The cost entered for it.
    pub cost_price: Option<UnitCost>,
    /// The price entered for it.
    pub sales_price: Option<UnitCost>,
    /// When it was last changed.
    pub modified_at: Time,
}

/// An instance (a serial-numbered piece) as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceRow {
    /// Its id.
    pub id: LotId,
    /// Its product.
    pub product: ProductId,
    /// Its variant; 0 = none.
    pub variant: VariantId,
    /// Its serial number.
    pub name: String,
    /// The cost entered for it.
    pub cost_price: Option<UnitCost>,
    /// Where it stands; `None` = not in stock.
    pub location: Option<LocationId>,
    /// When it was last changed.
    pub modified_at: Time,
}

/// A condition on rows `t` of one table, built up with its arguments.
pub(super) struct Condition<'a> {
    sql: String,
    args: Vec<Arg<'a>>,
}

impl<'a> Condition<'a> {
    /// Of this tenant, which is argument 1.
    pub(super) fn of(tenant: TenantId) -> Self {
        Self { sql: "t.tenant = $1".to_owned(), args: vec![Arg::Int(tenant.0)] }
    }

    /// Adds a condition; each `?` stands for the argument.
    pub(super) fn and(&mut self, text: &str, arg: Arg<'a>) {
        self.args.push(arg);
        self.sql.push_str(" and ");
        self.sql.push_str(&text.replace('?', &format!("${}", self.args.len())));
    }

    /// A page of rows in the order of ids.
    pub(super) fn page(mut self, columns: &str, table: &str, offset: i64, limit: i64) -> (String, Vec<Arg<'a>>) {
        self.args.push(Arg::Int(limit));
        self.args.push(Arg::Int(offset));
        let (limit, offset) = (self.args.len() - 1, self.args.len());
        let sql =
            format!("select {columns} from {table} t where {} order by t.id limit ${limit} offset ${offset}", self.sql);
        (sql, self.args)
    }

    /// How many rows there are.
    pub(super) fn count(self, conn: &mut Conn, table: &str) -> Result<i64, Error> {
        let sql = format!("select count(*) from {table} t where {}", self.sql);
        Ok(conn.one(&sql, &self.args, |row| row.int(0))?.unwrap_or(0))
    }
}

/// What differs between the tables of products, variants and instances.
struct Shape {
    table: &'static str,
    /// The column that names the product.
    product: &'static str,
    /// The column that names the variant; empty = none.
    variant: &'static str,
    /// Matches a search.
    search: &'static str,
    /// Which rows there are at all.
    only: &'static str,
}

const PRODUCTS: Shape = Shape {
    table: "product",
    product: "t.id",
    variant: "",
    search: "(t.natural_key like ? escape '\\' or {lower t.name} like ? escape '\\' \
             or {lower t.barcodes} like ? escape '\\')",
    only: "",
};
const VARIANTS: Shape = Shape {
    table: "variant",
    product: "t.product",
    variant: "t.id",
    search: "({lower t.identifier} like ? escape '\\' or {lower t.name} like ? escape '\\' \
             or {lower t.barcodes} like ? escape '\\')",
    only: "",
};
const INSTANCES: Shape = Shape {
    table: "lot",
    product: "t.product",
    variant: "t.variant",
    search: "{lower t.name} like ? escape '\\'",
    only: "t.is_serial = ?",
};

/// What a filter's parts refer to while a statement runs.
struct Parts {
    products: Option<Rows>,
    pattern: Option<String>,
}

impl ProductFilter {
    fn parts(&self) -> Parts {
        Parts {
            products: self.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            pattern: self.search.as_deref().map(contains_pattern),
        }
    }

    fn condition<'a>(&self, parts: &'a Parts, tenant: TenantId, shape: &Shape) -> Condition<'a> {
        let mut found = Condition::of(tenant);
        if !shape.only.is_empty() {
            found.and(shape.only, Arg::Int(1));
        }
        if let Some(rows) = &parts.products {
            found.and(&format!("{} in (select r.id from {{rows ? (id bigint) r}})", shape.product), Arg::Rows(rows));
        }
        if let Some(variant) = self.variant
            && !shape.variant.is_empty()
        {
            found.and(&format!("{} = ?", shape.variant), Arg::Int(variant.0));
        }
        if let Some(after) = self.modified_after {
            found.and("t.modified_at > ?", Arg::Int(after.0));
        }
        if let Some(pattern) = &parts.pattern {
            found.and(shape.search, Arg::Text(pattern));
        }
        found
    }

    fn page<T>(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        shape: &Shape,
        columns: &str,
        (offset, limit): (i64, i64),
        row: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let parts = self.parts();
        let (sql, args) = self.condition(&parts, tenant, shape).page(columns, shape.table, offset, limit);
        conn.query(&sql, &args, row)
    }

    fn count(&self, conn: &mut Conn, tenant: TenantId, shape: &Shape) -> Result<i64, Error> {
        let parts = self.parts();
        self.condition(&parts, tenant, shape).count(conn, shape.table)
    }
}

pub(super) fn names(row: &Row<'_>, at: usize) -> Result<Vec<String>, Error> {
    let text = row.text(at)?;
    serde_json::from_str(&text).map_err(|_| Error::Internal(format!("barcodes are not a list: {text}")))
}

/// A page of products in the order of ids.
pub fn products(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &ProductFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<ProductRow>, Error> {
    let columns = "t.id, t.identifier, t.name, t.barcodes, t.category, t.has_variants, t.tracking, t.is_enabled, \
         t.cost_price, t.default_cost_price, t.sales_price, t.modified_at";
    filter.page(conn, tenant, &PRODUCTS, columns, (offset, limit), |row| {
        Ok(ProductRow {
            id: ProductId(row.int(0)?),
            identifier: row.text(1)?,
            name: row.text(2)?,
            barcodes: names(row, 3)?,
            category: CategoryId(row.int(4)?),
            has_variants: row.int(5)? != 0,
            is_serial: row.int(6)? == 2,
            is_enabled: row.int(7)? != 0,
            cost_price: row.opt_int(8)?.map(UnitCost),
            default_cost_price: row.opt_int(9)?.map(UnitCost),
            sales_price: row.opt_int(10)?.map(UnitCost),
            modified_at: Time(row.int(11)?),
        })
    })
}

/// How many products match.
pub fn count_products(conn: &mut Conn, tenant: TenantId, filter: &ProductFilter) -> Result<i64, Error> {
    filter.count(conn, tenant, &PRODUCTS)
}

/// A page of variants in the order of ids.
pub fn variants(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &ProductFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<VariantRow>, Error> {
    let columns = "t.id, t.product, t.identifier, t.name, t.barcodes, t.is_enabled, t.cost_price, t.sales_price, \
         t.modified_at";
    filter.page(conn, tenant, &VARIANTS, columns, (offset, limit), |row| {
        Ok(VariantRow {
            id: VariantId(row.int(0)?),
            product: ProductId(row.int(1)?),
            identifier: row.text(2)?,
            name: row.text(3)?,
            barcodes: names(row, 4)?,
            is_enabled: row.int(5)? != 0,
            cost_price: row.opt_int(6)?.map(UnitCost),
            sales_price: row.opt_int(7)?.map(UnitCost),
            modified_at: Time(row.int(8)?),
        })
    })
}

/// A page of instances in the order of ids, each with where it stands.
pub fn instances(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &ProductFilter,
    offset: i64,
    limit: i64,
) -> Result<Vec<InstanceRow>, Error> {
    let columns = "t.id, t.product, t.variant, t.name, t.cost_price, t.modified_at, \
         (select min(a.place) from account a where a.tenant = $1 and a.lot = t.id and a.lot > 0 and a.kind = 1 \
         and a.quantity > 0)";
    filter.page(conn, tenant, &INSTANCES, columns, (offset, limit), |row| {
        Ok(InstanceRow {
            id: LotId(row.int(0)?),
            product: ProductId(row.int(1)?),
            variant: VariantId(row.int(2)?),
            name: row.text(3)?,
            cost_price: row.opt_int(4)?.map(UnitCost),
            modified_at: Time(row.int(5)?),
            location: row.opt_int(6)?.map(LocationId),
        })
    })
}

/// How many instances match.
pub fn count_instances(conn: &mut Conn, tenant: TenantId, filter: &ProductFilter) -> Result<i64, Error> {
    filter.count(conn, tenant, &INSTANCES)
}

/// The products in these categories.
pub fn in_categories(conn: &mut Conn, tenant: TenantId, categories: &[CategoryId]) -> Result<Vec<ProductId>, Error> {
    let rows = Rows::ids(categories.iter().map(|id| id.0));
    conn.query(
        "select p.id from {rows $2 (id bigint) r} cross join product p \
         where p.tenant = $1 and p.category = r.id order by p.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok(ProductId(row.int(0)?)),
    )
}

/// The moving average of products: the value of their cost pools by their quantity, over these stock
/// org units (`None` = all). A product of which nothing is there has none.
pub fn average_costs(
    conn: &mut Conn,
    tenant: TenantId,
    products: impl IntoIterator<Item = ProductId>,
    stock_units: Option<&[LocationId]>,
) -> Result<HashMap<ProductId, UnitCost>, Error> {
    let products = Rows::ids(products.into_iter().map(|id| id.0));
    let units = stock_units.map(|units| Rows::ids(units.iter().map(|id| id.0)));
    let mut args = vec![Arg::Int(tenant.0), Arg::Rows(&products)];
    // All pools together may hold more than one of them can.
    let mut sql = format!(
        "select a.product, {}, {} from {{rows $2 (id bigint) r}} cross join account a \
         where a.tenant = $1 and a.product = r.id and a.kind = 2",
        long_sum("a.quantity"),
        long_sum("a.amount")
    );
    if let Some(units) = &units {
        args.push(Arg::Rows(units));
        sql.push_str(" and a.place in (select r.id from {rows $3 (id bigint) r})");
    }
    sql.push_str(" group by a.product");
    let found = conn.query(&sql, &args, |row| Ok((ProductId(row.int(0)?), row.sum(1)?, row.sum(3)?)))?;
    let cost = |(product, quantity, amount): (ProductId, i128, i128)| {
        let cost = if quantity > 0 { mul_div_half_even(amount, ONE_E6, quantity) } else { None };
        Some((product, UnitCost(cost?)))
    };
    Ok(found.into_iter().filter_map(cost).collect())
}
