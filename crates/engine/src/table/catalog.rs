//! What booking needs of the catalog.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lotbook_domain::catalog::{Conversions, Costing, Lot, LotStatus, Product, Tracking, Variant};
use lotbook_domain::costing::CostingFact;
use lotbook_domain::id::{
    CategoryId, LocationId, LotId, PartyId, ProductId, ReasonId, SeriesId, TenantId, UnitId, UserId, VariantId,
};
use lotbook_domain::location::{Location, LotStorage, LotUse};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::stamp::Stamp;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// The pattern of a `like … escape '\'` that finds a text anywhere, whatever the case.
pub fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// The lot or instance with this ULID, in any of its printed forms, of whichever product.
pub fn lot_of_uid(conn: &mut Conn, tenant: TenantId, text: &str) -> Result<Option<LotId>, Error> {
    let Some(uid) = crate::uid::parse(text) else { return Ok(None) };
    conn.one("select id from lot where tenant = $1 and uid = $2", &[Arg::Int(tenant.0), Arg::Text(&uid)], |row| {
        Ok(LotId(row.int(0)?))
    })
}

/// Counts every change of what decisions are cached from.
pub fn version(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    conn.one("select catalog_version from tenant where id = $1", &[Arg::Int(tenant.0)], |row| row.int(0))?
        .ok_or_else(|| Error::not_found("tenant", tenant))
}

/// Counts a change.
pub fn bump_version(conn: &mut Conn, tenant: TenantId) -> Result<(), Error> {
    conn.execute("update tenant set catalog_version = catalog_version + 1 where id = $1", &[Arg::Int(tenant.0)])?;
    Ok(())
}

fn tracking_of(code: i64) -> Tracking {
    match code {
        1 => Tracking::Lot,
        2 => Tracking::Serial,
        _ => Tracking::None,
    }
}

/// The method that a stored number stands for.
pub fn costing_of(code: i64) -> Costing {
    match code {
        1 => Costing::Fifo,
        2 => Costing::Standard,
        3 => Costing::Specific,
        _ => Costing::Average,
    }
}

/// The reverse of [`costing_of`].
pub fn costing_code(costing: Costing) -> i64 {
    match costing {
        Costing::Average => 0,
        Costing::Fifo => 1,
        Costing::Standard => 2,
        Costing::Specific => 3,
    }
}

/// The status that a stored number stands for.
pub fn status_of(code: i64) -> LotStatus {
    match code {
        1 => LotStatus::Open,
        3 => LotStatus::QaHold,
        4 => LotStatus::Expired,
        5 => LotStatus::Shipped,
        6 => LotStatus::Closed,
        _ => LotStatus::Available,
    }
}

/// The number that stands for a status.
pub fn status_code(status: LotStatus) -> i64 {
    match status {
        LotStatus::Open => 1,
        LotStatus::Available => 2,
        LotStatus::QaHold => 3,
        LotStatus::Expired => 4,
        LotStatus::Shipped => 5,
        LotStatus::Closed => 6,
    }
}

/// The products with these ids that exist.
pub fn products(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = ProductId>,
) -> Result<Vec<Product>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut costings = super::costing::of_products(conn, tenant, &rows)?;
    conn.query(
        "select p.id, p.identifier, p.name, p.category, p.unit, p.tracking, p.costing, p.cost_price, \
         p.default_cost_price, p.has_variants, p.is_enabled from {rows $2 (id bigint) r} cross join product p \
         where p.tenant = $1 and p.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let id = ProductId(row.int(0)?);
            Ok(Product {
                id,
                identifier: row.text(1)?,
                name: row.text(2)?,
                category: CategoryId(row.int(3)?),
                unit: UnitId(row.int(4)?),
                tracking: tracking_of(row.int(5)?),
                costing: costing_of(row.int(6)?),
                cost_price: row.opt_int(7)?.map(UnitCost),
                default_cost_price: row.opt_int(8)?.map(UnitCost),
                has_variants: row.int(9)? != 0,
                is_enabled: row.int(10)? != 0,
                costings: costings.remove(&id).unwrap_or_default(),
            })
        },
    )
}

/// Lets the record of a product, or of one of its variants, say how it is valued now.
pub fn set_costing(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    fact: &CostingFact,
    (now, person): (Time, UserId),
) -> Result<(), Error> {
    let standard = Arg::OptInt(fact.standard.map(|cost| cost.0));
    let (now, person) = (Arg::Int(now.0), Arg::Int(person.0));
    if fact.variant.0 == 0 {
        conn.execute(
            "update product set costing = coalesce($3, costing), cost_price = coalesce($4, cost_price), \
             modified_at = $5, modified_by = $6, version = version + 1 where tenant = $1 and id = $2",
            &[
                Arg::Int(tenant.0),
                Arg::Int(product.0),
                Arg::OptInt(fact.method.map(costing_code)),
                standard,
                now,
                person,
            ],
        )?;
    } else {
        conn.execute(
            "update variant set cost_price = coalesce($3, cost_price), modified_at = $4, modified_by = $5, \
             version = version + 1 where tenant = $1 and id = $2",
            &[Arg::Int(tenant.0), Arg::Int(fact.variant.0), standard, now, person],
        )?;
    }
    Ok(())
}

/// The variants with these ids that exist.
pub fn variants(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = VariantId>,
) -> Result<Vec<Variant>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select v.id, v.product, v.identifier, v.cost_price, v.is_enabled from {rows $2 (id bigint) r} \
         cross join variant v where v.tenant = $1 and v.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            Ok(Variant {
                id: VariantId(row.int(0)?),
                product: ProductId(row.int(1)?),
                identifier: row.text(2)?,
                cost_price: row.opt_int(3)?.map(UnitCost),
                is_enabled: row.int(4)? != 0,
            })
        },
    )
}

const LOT_COLUMNS: &str = "l.id, l.product, l.variant, l.name, l.is_serial, l.status, l.expires_at, l.cost_price, \
     l.is_enabled";

fn read_lot(row: &Row<'_>) -> Result<Lot, Error> {
    Ok(Lot {
        id: LotId(row.int(0)?),
        product: ProductId(row.int(1)?),
        variant: VariantId(row.int(2)?),
        name: row.text(3)?,
        is_serial: row.int(4)? != 0,
        status: status_of(row.int(5)?),
        expires_at: row.opt_int(6)?.map(Time),
        cost_price: row.opt_int(7)?.map(UnitCost),
        is_enabled: row.int(8)? != 0,
    })
}

/// The lots with these ids that exist.
pub fn lots(conn: &mut Conn, tenant: TenantId, ids: impl IntoIterator<Item = LotId>) -> Result<Vec<Lot>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        &format!(
            "select {LOT_COLUMNS} from {{rows $2 (id bigint) r}} cross join lot l where l.tenant = $1 and l.id = r.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read_lot,
    )
}

/// Locks lots until the transaction ends, in the order of ids.
pub fn lock_lots(conn: &mut Conn, tenant: TenantId, ids: &BTreeSet<LotId>) -> Result<(), Error> {
    let rows = Rows::ids(ids.iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(());
    }
    let sql = "select l.id from {rows $2 (id bigint) r} cross join lot l where l.tenant = $1 and l.id = r.id \
         order by l.id {for update}";
    conn.each(sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |_| Ok(()))
}

/// The ULIDs of these lots.
pub fn lot_uids(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = LotId>,
) -> Result<HashMap<LotId, String>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.query(
        "select l.id, l.uid from {rows $2 (id bigint) r} cross join lot l where l.tenant = $1 and l.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((LotId(row.int(0)?), row.text(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// How a lot is found by name within its product.
pub fn lot_key(product: ProductId, folded_name: &str) -> String {
    format!("{product}/{folded_name}")
}

/// The lots of these products and folded names that exist.
pub fn lots_by_name(
    conn: &mut Conn,
    tenant: TenantId,
    names: impl IntoIterator<Item = (ProductId, String)>,
) -> Result<Vec<Lot>, Error> {
    let rows = Rows::texts(names.into_iter().map(|(product, name)| lot_key(product, &name)));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        &format!(
            "select {LOT_COLUMNS} from {{rows $2 (name text) r}} cross join lot l \
             where l.tenant = $1 and l.natural_key = r.name"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read_lot,
    )
}

/// Writes lots that a booking made: one statement.
pub fn insert_lots(conn: &mut Conn, tenant: TenantId, lots: &[(String, Lot, Stamp)]) -> Result<(), Error> {
    if lots.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Lot) -> i64| Column::Int(lots.iter().map(|(_, lot, _)| of(lot)).collect());
    let [at, person] = Stamp::columns(lots.iter().map(|(.., stamp)| *stamp));
    let rows = Rows::new(vec![
        ints(|lot| lot.id.0),
        Column::Text(lots.iter().map(|(uid, ..)| uid.clone()).collect()),
        Column::Text(
            lots.iter().map(|(_, lot, _)| lot_key(lot.product, &lotbook_domain::catalog::fold(&lot.name))).collect(),
        ),
        ints(|lot| lot.product.0),
        ints(|lot| lot.variant.0),
        Column::Text(lots.iter().map(|(_, lot, _)| lot.name.clone()).collect()),
        ints(|lot| status_code(lot.status)),
        Column::OptInt(lots.iter().map(|(_, lot, _)| lot.expires_at.map(|at| at.0)).collect()),
        at,
        person,
    ]);
    conn.execute(
        "insert into lot (tenant, id, uid, natural_key, created_at, created_by, modified_at, modified_by, version, \
         product, variant, name, is_serial, status, expires_at, cost_price, notes) \
         select $1, r.id, r.uid, r.natural_key, r.at, r.person, r.at, r.person, 1, r.product, r.variant, r.name, 0, \
         r.status, r.expires_at, null, null \
         from {rows $2 (id bigint, uid text, natural_key text, product bigint, variant bigint, name text, \
         status bigint, expires_at bigint, at bigint, person bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// So many days after it was made a lot of these products expires, where it does.
pub fn shelf_lives(
    conn: &mut Conn,
    tenant: TenantId,
    products: impl IntoIterator<Item = ProductId>,
) -> Result<BTreeMap<ProductId, i64>, Error> {
    let rows = Rows::ids(products.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = conn.query(
        "select p.id, p.shelf_life_days from {rows $2 (id bigint) r} cross join product p \
         where p.tenant = $1 and p.id = r.id and p.shelf_life_days is not null",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((ProductId(row.int(0)?), row.int(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// What a reason asks of a record that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonRule {
    /// What it is called.
    pub name: String,
    /// The only kind of record it is for.
    pub record_type: Option<String>,
    /// Whether such a record needs notes.
    pub asks_for_comment: bool,
}

impl ReasonRule {
    /// Why it is none for what is called so, in words; `None` where it is. A run of two records takes the
    /// reasons of both.
    pub fn refusal(&self, action: &str) -> Option<String> {
        let only = self.record_type.as_deref()?;
        let fits = match action {
            "RECEIVE_AND_CONSUME" => matches!(only, "RECEIVE" | "CONSUME"),
            "SCRAP_ALL" => only == "SCRAP",
            other => only == other,
        };
        (!fits).then(|| format!("{} is for {only} only, and this is {action}; choose another", self.name))
    }
}

/// What these reasons ask.
pub fn reason_rules(
    conn: &mut Conn,
    tenant: TenantId,
    reasons: impl IntoIterator<Item = ReasonId>,
) -> Result<HashMap<ReasonId, ReasonRule>, Error> {
    let rows = Rows::ids(reasons.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.query(
        "select c.id, c.name, c.record_type, c.requires_comment from {rows $2 (id bigint) r} cross join reason_code c \
         where c.tenant = $1 and c.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let rule =
                ReasonRule { name: row.text(1)?, record_type: row.opt_text(2)?, asks_for_comment: row.int(3)? != 0 };
            Ok((ReasonId(row.int(0)?), rule))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// Changes the status of lots: one statement.
pub fn set_lot_statuses(conn: &mut Conn, tenant: TenantId, changes: &[(LotId, LotStatus, Stamp)]) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let newest: BTreeMap<LotId, (LotStatus, Stamp)> =
        changes.iter().map(|(id, status, stamp)| (*id, (*status, *stamp))).collect();
    let [at, person] = Stamp::columns(newest.values().map(|(_, stamp)| *stamp));
    let rows = Rows::new(vec![
        Column::Int(newest.keys().map(|id| id.0).collect()),
        Column::Int(newest.values().map(|(status, _)| status_code(*status)).collect()),
        at,
        person,
    ]);
    conn.execute(
        "update lot set status = r.status, modified_at = r.at, modified_by = r.person, version = lot.version + 1, \
         closed_at = case when r.status <> 6 then null when lot.status = 6 then lot.closed_at else r.at end \
         from {rows $2 (id bigint, status bigint, at bigint, person bigint) r} \
         where lot.tenant = $1 and lot.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The parties with these ids that exist, with their names.
pub fn parties(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = PartyId>,
) -> Result<Vec<(PartyId, String)>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select p.id, p.name from {rows $2 (id bigint) r} cross join party p where p.tenant = $1 and p.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((PartyId(row.int(0)?), row.text(1)?)),
    )
}

/// Every location.
pub fn locations(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Location>, Error> {
    conn.query(
        "select id, parent, path, is_org_unit, is_default, stock_org_unit, allow_negative, lot_use_strategy, is_enabled, \
         lot_storage_strategy, capacity, capacity_unit from location where tenant = $1",
        &[Arg::Int(tenant.0)],
        |row| {
            let lot_use = row.text(7)?.to_uppercase();
            Ok(Location {
                id: LocationId(row.int(0)?),
                parent: LocationId(row.int(1)?),
                path: row.text(2)?,
                is_org_unit: row.int(3)? != 0,
                is_default: row.int(4)? != 0,
                stock_org_unit: LocationId(row.int(5)?),
                allow_negative: row.opt_int(6)?.map(|allowed| allowed != 0),
                lot_use: if lot_use.contains("FEFO") || lot_use.contains("FIRST_EXPIRED") {
                    LotUse::Fefo
                } else if lot_use.contains("LIFO") || lot_use.contains("LAST_IN") {
                    LotUse::Lifo
                } else {
                    LotUse::Fifo
                },
                is_enabled: row.int(8)? != 0,
                lot_storage: LotStorage::from_name(&row.text(9)?),
                capacity: row.opt_int(10)?.map(Quantity),
                capacity_unit: UnitId(row.int(11)?),
            })
        },
    )
}

/// Parents of all categories.
pub fn category_parents(conn: &mut Conn, tenant: TenantId) -> Result<HashMap<CategoryId, CategoryId>, Error> {
    let rows = conn.query("select id, parent from category where tenant = $1", &[Arg::Int(tenant.0)], |row| {
        Ok((CategoryId(row.int(0)?), CategoryId(row.int(1)?)))
    })?;
    Ok(rows.into_iter().collect())
}

/// Symbols of all units.
pub fn units(conn: &mut Conn, tenant: TenantId) -> Result<HashMap<UnitId, String>, Error> {
    let rows = conn.query("select id, symbol from unit where tenant = $1", &[Arg::Int(tenant.0)], |row| {
        Ok((UnitId(row.int(0)?), row.text(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

/// All conversions.
pub fn conversions(conn: &mut Conn, tenant: TenantId) -> Result<Conversions, Error> {
    let rows = conn.query(
        "select product, from_unit, to_unit, numerator, denominator from unit_conversion where tenant = $1",
        &[Arg::Int(tenant.0)],
        |row| Ok(((ProductId(row.int(0)?), UnitId(row.int(1)?), UnitId(row.int(2)?)), (row.int(3)?, row.int(4)?))),
    )?;
    Ok(rows.into_iter().collect())
}

/// What a conversion is found by: product, from, to.
pub type ConversionKey = (ProductId, UnitId, UnitId);

/// When each conversion was changed last.
pub fn conversion_changes(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(ConversionKey, Time)>, Error> {
    conn.query(
        "select c.product, c.from_unit, c.to_unit, c.modified_at from unit_conversion c where c.tenant = $1",
        &[Arg::Int(tenant.0)],
        |row| Ok(((ProductId(row.int(0)?), UnitId(row.int(1)?), UnitId(row.int(2)?)), Time(row.int(3)?))),
    )
}

/// Names of all reason codes.
pub fn reasons(conn: &mut Conn, tenant: TenantId) -> Result<HashMap<ReasonId, String>, Error> {
    let rows = conn.query("select id, name from reason_code where tenant = $1", &[Arg::Int(tenant.0)], |row| {
        Ok((ReasonId(row.int(0)?), row.text(1)?))
    })?;
    Ok(rows.into_iter().collect())
}

/// A number series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its id; 0 = the tenant's global one.
    pub id: SeriesId,
    /// Its name.
    pub name: String,
    /// Its first number.
    pub from: i64,
    /// Its last number.
    pub to: i64,
}

impl Series {
    /// The counter that holds its next number.
    pub fn counter(&self) -> String {
        format!("series:{}", self.id)
    }

    /// The refusal where it has less than so many numbers left.
    pub fn exhausted(&self, wanted: i64) -> Error {
        let left = if wanted == 1 { "no number".to_owned() } else { format!("less than {wanted} numbers") };
        let message = format!(
            "the series {} ({} to {}) has {left} left; widen it or give the journal another",
            self.name, self.from, self.to
        );
        Error::refused("seriesExhausted", message)
    }
}

/// All series.
pub fn series(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Series>, Error> {
    conn.query(
        "select id, name, from_number, to_number from series where tenant = $1 order by id",
        &[Arg::Int(tenant.0)],
        |row| Ok(Series { id: SeriesId(row.int(0)?), name: row.text(1)?, from: row.int(2)?, to: row.int(3)? }),
    )
}

/// The ids and ULIDs of the products that another system calls so.
pub fn products_by_erp_id(conn: &mut Conn, tenant: TenantId, erp_id: &str) -> Result<Vec<(i64, String)>, Error> {
    conn.query(
        "select p.id, p.uid from product p where p.tenant = $1 and p.erp_id = $2 order by p.id limit 2",
        &[Arg::Int(tenant.0), Arg::Text(erp_id)],
        |row| Ok((row.int(0)?, row.text(1)?)),
    )
}
