//! Lots: read, found, saved, deleted.

use std::collections::BTreeSet;

use lotbook_domain::id::LotId;
use lotbook_engine::command::ForgetLot;
use lotbook_engine::query::lot::total_quantities;
use lotbook_engine::table;
use lotbook_engine::thing::kept::{self, Kept, Which, called};
use lotbook_engine::thing::{ChangeRecord, CreateRecords, Record, Reference, Value, kinds};
use lotbook_engine::uid;

use super::row;
use crate::http::script::argument::Args;
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Parameter, Type};
use crate::http::script::query::{Row, find};
use crate::http::script::session::{Reader, Session, read_answer};
use crate::http::script::shape::{self, Shape, deleted, id, number, opt_text, time, violations};

const SPARE: &str = "Free for your own use.";

/// The keys of a lot.
pub const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "What it is called; unique within its material."),
    Parameter::required("materialId", Type::Id, "The material.").also(&["materialPath"]),
    Parameter::optional(
        "status",
        Type::Word(&["OPEN", "AVAILABLE", "QA_HOLD", "EXPIRED", "SHIPPED", "CLOSED"]),
        "Where it is in its life.",
    )
    .preset("\"OPEN\""),
    Parameter::required(
        "totalQuantity",
        Type::Number,
        "0 or more; what it says is computed from what was added to it.",
    )
    .preset("0.0"),
    Parameter::required("unitOfMeasureId", Type::Id, "The unit of its material, which lots are counted in.")
        .also(&["unitOfMeasureName", "unitOfMeasureSymbol"]),
    Parameter::optional("expirationDate", Type::Time, "When it expires."),
    Parameter::optional("closedDate", Type::Time, "Since when it is CLOSED; set by its status."),
    Parameter::optional("supplierId", Type::Id, "Who it came from: a party's code does as well."),
    Parameter::optional("id", Type::Id, "The lot to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
    Parameter::optional("materialName", Type::Text, "Shown only.").hidden(),
    Parameter::optional("materialQuantityFormat", Type::Text, "Shown only.").hidden(),
    Parameter::optional("createdDate", Type::Time, "Shown only.").hidden(),
];

const STATUSES: [&str; 6] = ["OPEN", "AVAILABLE", "QA_HOLD", "EXPIRED", "SHIPPED", "CLOSED"];

/// The lots asked for, each with what it can be found by beside its keys.
fn rows(reader: &mut Reader<'_>, which: Which<'_>) -> Result<Vec<Row>, Fault> {
    let (conn, tenant) = (&mut *reader.conn, reader.tenant);
    let mut found = kept::read(conn, tenant, &kinds::LOTS, which)?;
    // Single pieces are lots of one.
    found.extend(kept::read(conn, tenant, &kinds::INSTANCES, which)?);
    found.sort_by_key(|lot| lot.id);
    let products: Vec<i64> =
        found.iter().map(|lot| lot.number("product")).collect::<BTreeSet<_>>().into_iter().collect();
    let names = called(conn, tenant, &kinds::PRODUCTS, products.iter().copied())?;
    let products = kept::read(conn, tenant, &kinds::PRODUCTS, Which::Ids(&products))?;
    let units = called(conn, tenant, &kinds::UNITS, products.iter().map(|product| product.number("unit")))?;
    let has_supplier = |lot: &Kept| lot.has("supplier").then(|| lot.number("supplier"));
    let suppliers = called(conn, tenant, &kinds::PARTIES, found.iter().filter_map(has_supplier))?;
    let totals = total_quantities(conn, tenant, found.iter().map(|lot| LotId(lot.id)))?;
    let show = |lot: &Kept| {
        let product = products.iter().find(|product| product.id == lot.number("product"));
        let material = names.get(&lot.number("product"));
        let unit = product.and_then(|product| units.get(&product.number("unit")));
        let optional = |column: &str| if lot.has(column) { lot.opt_text(column) } else { None };
        let status = usize::try_from(lot.number("status") - 1).ok().and_then(|at| STATUSES.get(at)).copied();
        let at =
            |column: &str| if lot.has(column) { lot.opt_number(column).map(lotbook_domain::time::Time) } else { None };
        let shown = Shape::new()
            .put("id", id(&lot.uid))
            .text("notes", optional("notes"))
            .flag("enabled", !lot.has("is_enabled") || lot.flag("is_enabled"))
            .text("spare1", optional("spare1"))
            .text("spare2", optional("spare2"))
            .text("spare3", optional("spare3"))
            .text("name", Some(lot.text("name")))
            .at("materialId", "materialPath", material)
            .text("materialName", material.map(|material| material.name.as_str()))
            .text("materialQuantityFormat", product.and_then(|product| product.opt_text("quantity_format")))
            .text("status", status)
            .put("totalQuantity", number(totals.get(&LotId(lot.id)).map_or(0, |total| total.0)))
            .called("unitOfMeasureId", "unitOfMeasureName", unit)
            .text("unitOfMeasureSymbol", unit.map(|unit| unit.path.as_str()))
            .put("expirationDate", time(at("expires_at")))
            .put("closedDate", time(at("closed_at")))
            .put("createdDate", time(Some(lot.created.0)))
            .put(
                "supplierId",
                has_supplier(lot).and_then(|id| suppliers.get(&id)).map_or(Value::Null, |one| shape::id(&one.uid)),
            )
            .done();
        let beside: Record = vec![
            ("createdBy".to_owned(), opt_text(lot.created.1.as_deref())),
            ("modifiedDate".to_owned(), time(lot.changed())),
            ("modifiedBy".to_owned(), opt_text(lot.changed().and(lot.modified.1.as_deref()))),
        ];
        Row { shown, beside }
    };
    Ok(found.iter().map(show).collect())
}

/// The lots asked for.
pub fn list(reader: &mut Reader<'_>, which: Which<'_>) -> Result<Vec<Value>, Fault> {
    Ok(rows(reader, which)?.into_iter().map(|row| row.shown).collect())
}

/// A lot by its id or its name; of a product, or of any.
pub fn find_lot(reader: &mut Reader<'_>, text: &str, product: i64) -> Result<Option<i64>, Fault> {
    for kind in [&kinds::LOTS, &kinds::INSTANCES] {
        if let Some(id) = reader.find_within(kind, text, product)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// A lot that there has to be.
pub fn need_lot(reader: &mut Reader<'_>, text: &str, product: i64) -> Result<i64, Fault> {
    find_lot(reader, text, product)?.ok_or_else(|| Fault::illegal(format!("there is no lot {text}")))
}

/// `getLot`.
pub fn get(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    match find_lot(reader, &args.needed("id")?, 0)? {
        Some(id) => Ok(list(reader, Which::Ids(&[id]))?.pop().unwrap_or(Value::Null)),
        None => Ok(Value::Null),
    }
}

/// `getLotByIdOrNameAndMaterial`.
pub fn get_of_material(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let product = match args.text("materialIdOrPath")? {
        Some(text) => reader.need(&kinds::PRODUCTS, &text)?,
        None => 0,
    };
    match find_lot(reader, &args.needed("idOrName")?, product)? {
        Some(id) => Ok(list(reader, Which::Ids(&[id]))?.pop().unwrap_or(Value::Null)),
        None => Ok(Value::Null),
    }
}

/// `getLotsForMaterial`.
pub fn of_material(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let product = reader.need(&kinds::PRODUCTS, &args.needed("materialIdOrPath")?)?;
    Ok(Value::List(list(reader, Which::With("product", product))?))
}

/// `findLots`.
pub fn query(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let rows = rows(reader, Which::All)?;
    find(&args, rows)
}

/// `getInventoryLotReferences`.
pub fn references(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let lot = LotId(need_lot(reader, &args.needed("id")?, 0)?);
    let filter = table::run::RunFilter { lot: Some(lot), ..table::run::RunFilter::default() };
    let runs = table::run::page(reader.conn, reader.tenant, &filter, i64::from(i32::MAX))?;
    let records = runs.iter().map(|run| {
        let column = if run.lot == lot { "inventory_lot_id" } else { "secondary_inventory_lot_id" };
        (column, uid::print(&run.uid))
    });
    let records: Vec<(&str, String)> = records.collect();
    let rows = row::ids_of_lot(reader, lot)?.into_iter().map(|id| ("inventory_lot_id", id)).collect();
    Ok(groups(vec![("inventory_lot_records", records), ("inventory", rows)]))
}

/// What refers to a record: tables with columns and ids; those without are left out.
pub fn groups(found: Vec<(&str, Vec<(&str, String)>)>) -> Value {
    let groups = found.into_iter().filter(|(_, references)| !references.is_empty()).map(|(table, references)| {
        let references = references
            .into_iter()
            .map(|(column, id)| Shape::new().text("fkColName", Some(column)).text("id", Some(&id)).done());
        Shape::new().text("tableName", Some(table)).put("references", Value::List(references.collect())).done()
    });
    Value::List(groups.collect())
}

/// What is to be written, and of which lot.
fn read(reader: &mut Reader<'_>, args: &Args) -> Result<(Option<String>, Record), Fault> {
    let mut read = args.reading();
    let known = read.text("id");
    let before = match &known {
        Some(text) => Some(need_lot(reader, text, 0)?),
        None => None,
    };
    let mut record = Record::new();
    if before.is_none() {
        for name in ["name", "materialId", "unitOfMeasureId"] {
            read.need(name);
        }
    } else {
        for name in ["name", "materialId"] {
            if args.is_given(name) {
                read.need(name);
            }
        }
    }
    let text = |name: &str| args.text(name);
    if let Some(name) = read.text("name") {
        record.push(("name".to_owned(), Value::Text(name)));
    }
    let product = match text("materialId")? {
        Some(path) => match reader.find(&kinds::PRODUCTS, &path)? {
            Some(id) => Some(id),
            None => {
                read.complain("materialId", format!("there is no material {path}"));
                None
            }
        },
        None => match before {
            Some(lot) => {
                table::catalog::lots(reader.conn, reader.tenant, [LotId(lot)])?.first().map(|lot| lot.product.0)
            }
            None => None,
        },
    };
    if let Some(product) = product
        && args.is_given("materialId")
    {
        record.push(("product".to_owned(), Value::Number(product.to_string())));
    }
    if read.number("totalQuantity").is_some_and(|total| total < 0) {
        read.complain("totalQuantity", "is below 0; it is 0 or more");
    }
    if let Some(unit) = text("unitOfMeasureId")? {
        let base = product
            .map(|id| kept::read(reader.conn, reader.tenant, &kinds::PRODUCTS, Which::Ids(&[id])))
            .transpose()?;
        let base = base.and_then(|found| found.first().map(|product| product.number("unit")));
        match (reader.find(&kinds::UNITS, &unit)?, base) {
            (None, _) => read.complain("unitOfMeasureId", format!("there is no unit {unit}")),
            (Some(found), Some(base)) if found != base => {
                let symbol = reader.structure.catalog.units.get(&base.into()).cloned().unwrap_or_default();
                let message = format!("is {unit}; lots are counted in the unit of their material, {symbol}");
                read.complain("unitOfMeasureId", message);
            }
            _ => {}
        }
    }
    if let Some(status) = read.word("status") {
        record.push(("status".to_owned(), Value::Text(status)));
    } else if before.is_none() {
        record.push(("status".to_owned(), Value::Text("OPEN".to_owned())));
    }
    if args.is_given("expirationDate") {
        let at = read.time("expirationDate").map_or(Value::Null, |at| Value::Text(at.to_string()));
        record.push(("expiresAt".to_owned(), at));
    }
    if args.is_given("supplierId") {
        let supplier = match text("supplierId")? {
            Some(code) => match reader.find(&kinds::PARTIES, &code)? {
                Some(id) => Value::Number(id.to_string()),
                None => {
                    read.complain("supplierId", format!("there is no party {code}"));
                    Value::Null
                }
            },
            None => Value::Null,
        };
        record.push(("supplier".to_owned(), supplier));
    }
    if let Some(flag) = read.flag("enabled") {
        record.push(("isEnabled".to_owned(), Value::Bool(flag)));
    }
    for name in ["notes", "spare1", "spare2", "spare3"] {
        if args.is_given(name) {
            record.push((name.to_owned(), read.text(name).map_or(Value::Null, Value::Text)));
        }
    }
    read.finish()?;
    Ok((known, record))
}

async fn write(session: &Session, args: &Args, is_trial: bool) -> Result<String, Fault> {
    let asked = args.clone();
    let (known, record) = session.read(move |reader| read(reader, &asked)).await?;
    let outcome = match known {
        Some(known) => {
            let reference = Reference::Plain(known);
            let change = ChangeRecord { kind: &kinds::LOTS, reference, patch: record, version: None };
            if is_trial { session.try_out(change).await } else { session.change(change).await }
        }
        None => {
            let create = CreateRecords { kind: &kinds::LOTS, records: vec![record], is_list: false };
            if is_trial { session.try_out(create).await } else { session.change(create).await }
        }
    };
    outcome.map_err(|fault| {
        let has_fields = !fault.violations.is_empty();
        let fault = fault.renamed(|field| {
            let key = match field {
                "product" => "materialId",
                "expiresAt" => "expirationDate",
                "supplier" => "supplierId",
                "isEnabled" => "enabled",
                _ => return None,
            };
            Some(key.to_owned())
        });
        if has_fields { fault.as_kind(FaultKind::ConstraintViolation) } else { fault }
    })
}

#[derive(serde::Deserialize)]
struct Written {
    id: i64,
}

/// `saveLot`.
pub async fn save(session: Session, args: Args) -> Result<Value, Fault> {
    let written: Written = read_answer(&write(&session, &args, false).await?)?;
    session.read(move |reader| Ok(list(reader, Which::Ids(&[written.id]))?.pop().unwrap_or(Value::Null))).await
}

/// `validateLot`.
pub async fn validate(session: Session, args: Args) -> Result<Value, Fault> {
    match write(&session, &args, true).await {
        Ok(_) => Ok(violations(Vec::new())),
        Err(fault) if !fault.violations.is_empty() => Ok(violations(fault.violations)),
        Err(fault) if fault.kind == FaultKind::IllegalArgument => {
            Ok(violations(vec![("id".to_owned(), fault.message)]))
        }
        Err(fault) => Err(fault),
    }
}

#[derive(serde::Deserialize)]
struct Gone {
    uid: String,
    name: String,
}

/// `deleteLot`, `deleteLotWithReferences`.
pub async fn delete(session: Session, args: Args, with_references: bool) -> Result<Value, Fault> {
    let reference = Reference::Plain(args.needed("id")?);
    let tells = session.read(|reader| Ok(reader.answers_api_responses())).await?;
    let outcome = session.change(ForgetLot { reference, with_references }).await;
    let outcome = outcome.and_then(|answer| read_answer::<Gone>(&answer));
    deleted(tells, outcome.map(|gone| (uid::print(&gone.uid), format!("the lot {}", gone.name))))
}
