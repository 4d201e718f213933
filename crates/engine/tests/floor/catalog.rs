//! A tenant and its catalog, written straight into the tables: what is tested is booking, not this.

use lotbook_domain::catalog::{Costing, Tracking, fold};
use lotbook_domain::id::{LocationId, LotId, PartyId, ProductId, TenantId, UnitId, UserId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LotUse;
use lotbook_domain::time::Time;
use lotbook_engine::store::Conn;
use lotbook_engine::table;
use lotbook_engine::table::decision::Decision;
use lotbook_engine::write::{Change, Tx};
use lotbook_engine::{Arg, Error};
use lotbook_story::Thing;
use lotbook_story::names::Names;

use super::{House, NOW, journal_of};

/// A column and what goes into it.
type Columns<'a> = Vec<(&'a str, Arg<'a>)>;

fn insert(conn: &mut Conn, table: &str, columns: Columns<'_>) -> Result<(), Error> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
    let args: Vec<Arg<'_>> = columns.into_iter().map(|(_, arg)| arg).collect();
    let sql = format!("insert into {table} ({}) values ({})", names.join(", "), places.join(", "));
    conn.execute(&sql, &args)?;
    Ok(())
}

/// The columns that every record of the catalog begins with, and its own.
fn insert_record(
    conn: &mut Conn,
    tenant: TenantId,
    table: &str,
    id: i64,
    key: &str,
    own: Columns<'_>,
) -> Result<(), Error> {
    let uid = format!("{table}-{id}");
    let mut columns: Columns<'_> = vec![
        ("tenant", Arg::Int(tenant.0)),
        ("id", Arg::Int(id)),
        ("uid", Arg::Text(&uid)),
        ("natural_key", Arg::Text(key)),
        ("created_at", Arg::Int(NOW)),
        ("created_by", Arg::Int(1)),
        ("modified_at", Arg::Int(NOW)),
        ("modified_by", Arg::Int(1)),
        ("version", Arg::Int(1)),
    ];
    columns.extend(own);
    insert(conn, table, columns)
}

fn yes(is: bool) -> Arg<'static> {
    Arg::Int(i64::from(is))
}

fn unit(conn: &mut Conn, tenant: TenantId, id: i64, symbol: &str) -> Result<(), Error> {
    insert_record(
        conn,
        tenant,
        "unit",
        id,
        &fold(symbol),
        vec![("name", Arg::Text(symbol)), ("symbol", Arg::Text(symbol))],
    )
}

/// A location as tests make them.
struct Place<'a> {
    id: i64,
    path: &'a str,
    parent: i64,
    is_org_unit: bool,
    is_default: bool,
    stock_org_unit: i64,
    lot_use: &'a str,
    allow_negative: Option<bool>,
}

fn place(conn: &mut Conn, tenant: TenantId, place: &Place<'_>) -> Result<(), Error> {
    let own: Columns<'_> = vec![
        ("name", Arg::Text(place.path)),
        ("parent", Arg::Int(place.parent)),
        ("path", Arg::Text(place.path)),
        ("type", Arg::Text(if place.is_org_unit { "site" } else { "storage" })),
        ("is_org_unit", yes(place.is_org_unit)),
        ("is_default", yes(place.is_default)),
        ("stock_org_unit", Arg::Int(place.stock_org_unit)),
        ("lot_storage_strategy", Arg::Text("")),
        ("lot_use_strategy", Arg::Text(place.lot_use)),
        ("allow_negative", Arg::OptInt(place.allow_negative.map(i64::from))),
        ("is_enabled", yes(true)),
    ];
    insert_record(conn, tenant, "location", place.id, &fold(place.path), own)
}

fn outside(id: LocationId, path: &str) -> Place<'_> {
    Place {
        id: id.0,
        path,
        parent: 0,
        is_org_unit: id == LocationId::ROOT,
        is_default: false,
        stock_org_unit: 0,
        lot_use: "FIFO",
        allow_negative: None,
    }
}

/// Makes the test tenant with its root org unit, unit, and two journals of each kind.
pub fn found(house: &House) {
    let tenant = house.tenant;
    let name = format!("tenant {tenant}");
    house
        .engine
        .store()
        .write(|conn| {
            let columns = vec![
                ("id", Arg::Int(tenant.0)),
                ("uid", Arg::Text(&name)),
                ("name", Arg::Text("Main")),
                ("natural_key", Arg::Text(&name)),
                ("catalog_version", Arg::Int(1)),
                ("created_at", Arg::Int(NOW)),
            ];
            insert(conn, "tenant", columns)?;
            table::header::make_tail(conn, tenant)?;
            unit(conn, tenant, 1, "pcs")?;
            place(conn, tenant, &outside(LocationId::ROOT, "Main"))?;
            place(conn, tenant, &outside(LocationId::IN_TRANSIT, "transit"))?;
            for (id, name) in LocationId::OUTSIDE {
                place(conn, tenant, &outside(id, name))?;
            }
            for kind in JournalKind::ALL {
                for books_by_itself in [false, true] {
                    let name = format!("{} {}", kind.name(), if books_by_itself { "at once" } else { "on demand" });
                    let own = vec![
                        ("name", Arg::Text(&name)),
                        ("kind", Arg::Int(kind.code())),
                        ("is_auto_book", yes(books_by_itself)),
                        ("is_hidden", yes(false)),
                        ("org_unit", Arg::Int(0)),
                        ("location", Arg::Int(0)),
                        ("series", Arg::Int(0)),
                        ("create_finance_entries", yes(false)),
                    ];
                    let id = journal_of(kind, books_by_itself).0;
                    insert_record(conn, tenant, "journal", id, &fold(&name), own)?;
                }
            }
            Ok(())
        })
        .expect("a tenant can be made");
}

/// Adds a number series and gives it to a journal.
pub fn series(house: &House, journal: i64, from: i64, to: i64) {
    let tenant = house.tenant;
    house
        .engine
        .store()
        .write(|conn| {
            let own = vec![("name", Arg::Text("short")), ("from_number", Arg::Int(from)), ("to_number", Arg::Int(to))];
            insert_record(conn, tenant, "series", 7, "short", own)?;
            let args = [Arg::Int(tenant.0), Arg::Int(journal)];
            conn.execute("update journal set series = 7 where tenant = $1 and id = $2", &args)?;
            table::catalog::bump_version(conn, tenant)
        })
        .expect("a series can be made");
}

/// Gives that series another last number.
pub fn widen(house: &House, to: i64) {
    let args = [Arg::Int(house.tenant.0), Arg::Int(to)];
    house
        .engine
        .store()
        .write(|conn| {
            conn.execute("update series set to_number = $2 where tenant = $1 and id = 7", &args)?;
            table::catalog::bump_version(conn, house.tenant)
        })
        .expect("a series can be widened");
}

/// Adds what a story says there is.
pub fn define(house: &House, names: &mut Names, thing: &Thing) {
    let change = Define { names: names.clone(), thing: thing.clone() };
    let answer = house.engine.change(house.request(), change).unwrap_or_else(|error| panic!("{thing:?}: {error:?}"));
    let id: i64 = answer.parse().expect("the answer is the id");
    match thing {
        Thing::Unit { name } => _ = names.units.insert(name.clone(), UnitId(id)),
        Thing::Product(product) => _ = names.products.insert(product.name.clone(), ProductId(id)),
        Thing::Variant { product, name, .. } => {
            names.variants.insert((product.clone(), name.clone()), VariantId(id));
        }
        Thing::OrgUnit { name, .. } | Thing::Location { name, .. } => {
            names.places.insert(name.clone(), LocationId(id));
        }
        Thing::Lot { product, name, .. } | Thing::Instance { product, name, .. } => {
            names.lots.insert((product.clone(), fold(name)), LotId(id));
        }
        Thing::Party { name, .. } => _ = names.parties.insert(name.clone(), PartyId(id)),
        Thing::Conversion { .. } | Thing::Setting { .. } => {}
    }
}

struct Define {
    names: Names,
    thing: Thing,
}

fn counter_of(thing: &Thing) -> &'static str {
    match thing {
        Thing::Unit { .. } => "unit",
        Thing::Conversion { .. } => "unitConversion",
        Thing::Product(_) => "product",
        Thing::Variant { .. } => "variant",
        Thing::OrgUnit { .. } | Thing::Location { .. } => "location",
        Thing::Lot { .. } | Thing::Instance { .. } => "lot",
        Thing::Party { .. } => "party",
        Thing::Setting { .. } => "decision",
    }
}

impl Change for Define {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let id = tx.ids(counter_of(&self.thing), 1)?;
        let tenant = tx.tenant;
        let conn = &mut *tx.conn;
        let names = &self.names;
        match &self.thing {
            Thing::Unit { name } => unit(conn, tenant, id, name)?,
            Thing::Conversion { product, from, to, numerator, denominator } => {
                let own = vec![
                    ("from_unit", Arg::Int(names.units[from].0)),
                    ("to_unit", Arg::Int(names.units[to].0)),
                    ("numerator", Arg::Int(*numerator)),
                    ("denominator", Arg::Int(*denominator)),
                    ("product", Arg::Int(product.as_ref().map_or(0, |name| names.products[name].0))),
                ];
                insert_record(conn, tenant, "unit_conversion", id, &id.to_string(), own)?;
            }
            Thing::Product(product) => {
                let own = vec![
                    ("identifier", Arg::Text(&product.name)),
                    ("name", Arg::Text(&product.name)),
                    ("category", Arg::Int(0)),
                    ("unit", Arg::Int(product.unit.as_ref().map_or(1, |name| names.units[name].0))),
                    ("tracking", Arg::Int(tracking_code(product.tracking))),
                    ("costing", Arg::Int(costing_code(product.costing))),
                    ("cost_price", Arg::OptInt(product.cost.map(|cost| cost.0))),
                    ("default_cost_price", Arg::OptInt(product.default_cost.map(|cost| cost.0))),
                    ("barcodes", Arg::Text("[]")),
                    ("has_variants", yes(product.has_variants)),
                    ("is_enabled", yes(true)),
                ];
                insert_record(conn, tenant, "product", id, &fold(&product.name), own)?;
            }
            Thing::Variant { product, name, cost } => {
                let product = names.products[product];
                let own = vec![
                    ("product", Arg::Int(product.0)),
                    ("identifier", Arg::Text(name)),
                    ("name", Arg::Text(name)),
                    ("barcodes", Arg::Text("[]")),
                    ("cost_price", Arg::OptInt(cost.map(|cost| cost.0))),
                    ("is_enabled", yes(true)),
                ];
                insert_record(conn, tenant, "variant", id, &format!("{product}/{}", fold(name)), own)?;
            }
            Thing::OrgUnit { name, parent, stock_of } => {
                let parent = parent.as_ref().map_or(LocationId::ROOT, |name| names.place(name));
                let stock_org_unit = stock_of.as_ref().map_or(0, |name| names.place(name).0);
                let own = outside(LocationId(id), name);
                place(conn, tenant, &Place { parent: parent.0, stock_org_unit, is_org_unit: true, ..own })?;
            }
            Thing::Location { name, parent, allow_negative, is_default, lot_use } => {
                let parent = parent.as_ref().map_or(LocationId::ROOT, |name| names.place(name));
                let lot_use = match lot_use {
                    LotUse::Fifo => "FIFO",
                    LotUse::Lifo => "LIFO",
                    LotUse::Fefo => "FEFO",
                };
                let (is_default, allow_negative) = (*is_default, *allow_negative);
                let own = outside(LocationId(id), name);
                place(conn, tenant, &Place { parent: parent.0, is_default, allow_negative, lot_use, ..own })?;
            }
            Thing::Lot { product, name, expires_at, status, cost } => {
                let status = table::catalog::status_code(*status);
                let own = vec![
                    ("is_serial", yes(false)),
                    ("status", Arg::Int(status)),
                    ("expires_at", Arg::OptInt(expires_at.map(|at| at.0))),
                    ("cost_price", Arg::OptInt(cost.map(|cost| cost.0))),
                ];
                lot(conn, tenant, id, names.products[product], name, own)?;
            }
            Thing::Instance { product, name, cost } => {
                let cost_price = Arg::OptInt(cost.map(|cost| cost.0));
                let own = vec![("is_serial", yes(true)), ("status", Arg::Int(2)), ("cost_price", cost_price)];
                lot(conn, tenant, id, names.products[product], name, own)?;
            }
            Thing::Party { name, is_supplier } => {
                let own = vec![
                    ("code", Arg::Text(name)),
                    ("name", Arg::Text(name)),
                    ("is_customer", yes(!is_supplier)),
                    ("is_supplier", yes(*is_supplier)),
                ];
                insert_record(conn, tenant, "party", id, &fold(name), own)?;
            }
            Thing::Setting { key, value, org_unit } => {
                let decision = Decision {
                    id,
                    subject: format!("setting:{key}"),
                    org_unit: org_unit.as_ref().map_or(LocationId::NONE, |name| names.place(name)),
                    value: Some(value.clone()),
                    since: table::header::position(conn, tenant)?,
                    at: Time(NOW),
                    person: UserId(1),
                };
                table::decision::insert(conn, tenant, &decision)?;
                table::said::link(conn, tenant, &[table::said::of_decision(&decision)])?;
            }
        }
        tx.catalog_changed()?;
        Ok(id.to_string())
    }
}

fn lot(
    conn: &mut Conn,
    tenant: TenantId,
    id: i64,
    product: ProductId,
    name: &str,
    own: Columns<'_>,
) -> Result<(), Error> {
    let mut columns: Columns<'_> =
        vec![("product", Arg::Int(product.0)), ("variant", Arg::Int(0)), ("name", Arg::Text(name))];
    columns.extend(own);
    insert_record(conn, tenant, "lot", id, &table::catalog::lot_key(product, &fold(name)), columns)
}

fn tracking_code(tracking: Tracking) -> i64 {
    match tracking {
        Tracking::None => 0,
        Tracking::Lot => 1,
        Tracking::Serial => 2,
    }
}

fn costing_code(costing: Costing) -> i64 {
    match costing {
        Costing::Average => 0,
        Costing::Fifo => 1,
        Costing::Standard => 2,
        Costing::Specific => 3,
    }
}
