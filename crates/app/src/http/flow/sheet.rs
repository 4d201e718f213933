//! `/v1/count-sheets` and `/v1/count-plan`: counting as people do it, without being told what is expected.

use std::collections::{BTreeSet, HashMap};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::catalog::Tracking;
use lotbook_domain::id::{CategoryId, LocationId, LotId, ProductId, SheetId, TenantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{
    AskRecount, CancelSheet, CountAnswer, EnterCounts, MakeSheet, PostSheet, Posted, Reach, SheetMade, Uncounted,
};
use lotbook_engine::security::permission::STOCK_COUNT;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::count_sheet::{self, Line, LineState, Sheet, SheetState};
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::{Conn, Error, table, uid};
use serde::Serialize;
use serde_json::json;

use super::count::{as_entry, in_words_of_a_count};
use super::count_plan::{EVERY, USED_DAYS};
use super::entry::read_entries;
use super::form::{Number, decimal, field, refuse_unknown, refuse_unknown_in, text, whole};
use super::reach;
use super::reference::{find_all, unknown};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{self, Api, Operation, list_of, schema_ref};
use crate::http::problem::Problem;
use crate::table::names::Names;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/count-sheets", get(list).post(create))
        .route("/v1/count-sheets/{sheet}", get(one))
        .route("/v1/count-sheets/{sheet}/lines", get(list_lines))
        .route("/v1/count-sheets/{sheet}/counts", post(enter))
        .route("/v1/count-sheets/{sheet}/recount", post(recount))
        .route("/v1/count-sheets/{sheet}/post", post(post_sheet))
        .route("/v1/count-sheets/{sheet}/cancel", post(cancel))
}

/// One call enters at most so many counts.
const COUNTS_MAX: usize = 100_000;
/// The sheet that the address names.
async fn named(call: &Call, reference: String) -> Result<Sheet, Problem> {
    call.caller.access.require_somewhere(STOCK_COUNT)?;
    let tenant = call.caller.tenant();
    call.read(move |conn| {
        let missing = || Error::not_found("count sheet", reference.clone());
        let id = match (reference.parse().ok(), uid::parse(&reference)) {
            (Some(id), _) => SheetId(id),
            (None, Some(uid)) => count_sheet::id_of_uid(conn, tenant, &uid)?.ok_or_else(missing)?,
            (None, None) => return Err(missing()),
        };
        count_sheet::by_id(conn, tenant, id, false)?.ok_or_else(missing)
    })
    .await
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SheetShown {
    id: i64,
    uid: String,
    name: String,
    location: Option<PlaceShown>,
    category: Option<i64>,
    product: Option<ProductShown>,
    tolerance: Number,
    tolerance_percent: Number,
    state: &'static str,
    lines: i64,
    to_count: i64,
    counted: i64,
    to_recount: i64,
    batch: Option<i64>,
    created_at: String,
    created_by: i64,
    modified_at: String,
    modified_by: i64,
    version: i64,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
}

#[derive(Serialize)]
struct PlaceShown {
    id: i64,
    path: String,
}

#[derive(Serialize)]
struct LotShown {
    id: i64,
    name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

fn print<T: Serialize>(status: StatusCode, body: &T) -> Result<Response, Problem> {
    Ok(json_text(status, serde_json::to_string(body).map_err(|_| Problem::internal())?))
}

fn place(id: LocationId, structure: &Structure) -> PlaceShown {
    PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) }
}

/// Sheets as they are shown.
fn show(conn: &mut Conn, tenant: TenantId, structure: &Structure, sheets: &[Sheet]) -> Result<Vec<SheetShown>, Error> {
    let ids: Vec<SheetId> = sheets.iter().map(|sheet| sheet.id).collect();
    let progress: HashMap<SheetId, [i64; 3]> = count_sheet::progress(conn, tenant, &ids)?.into_iter().collect();
    let products: BTreeSet<ProductId> =
        sheets.iter().map(|sheet| sheet.product).filter(|product| product.0 != 0).collect();
    let names: HashMap<ProductId, String> = table::catalog::products(conn, tenant, products)?
        .into_iter()
        .map(|product| (product.id, product.identifier))
        .collect();
    let some = |id: i64| (id != 0).then_some(id);
    Ok(sheets
        .iter()
        .map(|sheet| {
            let [to_count, counted, to_recount] = progress.get(&sheet.id).copied().unwrap_or_default();
            let product = names.get(&sheet.product).cloned();
            SheetShown {
                id: sheet.id.0,
                uid: uid::print(&sheet.uid),
                name: sheet.name.clone(),
                location: some(sheet.location.0).map(|_| place(sheet.location, structure)),
                category: some(sheet.category.0),
                product: product.map(|identifier| ProductShown { id: sheet.product.0, identifier }),
                tolerance: Number(sheet.tolerance.0),
                tolerance_percent: Number(sheet.tolerance_share.saturating_mul(100)),
                state: sheet.state.name(),
                lines: to_count + counted + to_recount,
                to_count,
                counted,
                to_recount,
                batch: some(sheet.batch.0),
                created_at: sheet.created_at.to_string(),
                created_by: sheet.created_by.0,
                modified_at: sheet.modified_at.to_string(),
                modified_by: sheet.modified_by.0,
                version: sheet.version,
            }
        })
        .collect())
}

fn read_sheet(conn: &mut Conn, tenant: TenantId, record: &Record, reach: Reach, now: Time) -> Result<MakeSheet, Error> {
    let mut wrong: Vec<Violation> = Vec::new();
    let known = ["name", "location", "category", "product", "tolerance", "tolerancePercent", "due"];
    refuse_unknown(std::slice::from_ref(record), &known, &mut wrong);
    let mut ids = Vec::new();
    for (name, kind) in
        [("location", &kinds::LOCATIONS), ("category", &kinds::CATEGORIES), ("product", &kinds::PRODUCTS)]
    {
        let found = find_all(conn, tenant, kind, &[(field(record, name), 0)])?.remove(0);
        if let super::reference::Resolved::Unknown(what) = &found {
            wrong.push(Violation::new(name, unknown(name), format!("there is no {} {what}", kind.noun)));
        }
        ids.push(found.id());
    }
    let due = match field(record, "due") {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some((EVERY, Time(now.0 - USED_DAYS * Time::DAY))),
        Value::Object(plan) => {
            refuse_unknown_in("due", plan, &["a", "b", "c", "days"], None, &mut wrong);
            let mut day = |name: &'static str, otherwise: i64| {
                whole(field(plan, name), None, "due", &mut wrong).unwrap_or(otherwise)
            };
            let every = [day("a", EVERY[0]), day("b", EVERY[1]), day("c", EVERY[2])];
            Some((every, Time(now.0.saturating_sub(day("days", USED_DAYS).saturating_mul(Time::DAY)))))
        }
        other => {
            let message =
                format!("is {}; send true, or {{\"a\": 30, \"b\": 90, \"c\": 365, \"days\": 365}}", other.noun());
            wrong.push(Violation::new("due", "wrongType", message));
            None
        }
    };
    let percent = decimal(field(record, "tolerancePercent"), None, "tolerancePercent", &mut wrong).unwrap_or(0);
    Ok(MakeSheet {
        name: text(field(record, "name"), None, "name", &mut wrong),
        location: ids[0].map(LocationId),
        category: ids[1].map(CategoryId),
        product: ids[2].map(ProductId),
        due,
        tolerance: Quantity(decimal(field(record, "tolerance"), None, "tolerance", &mut wrong).unwrap_or(0)),
        // Half a millionth of a share more or less is nobody's concern.
        tolerance_share: percent / 100,
        violations: wrong,
        reach,
    })
}

async fn create(call: Call) -> Result<Response, Problem> {
    let Value::Object(record) = call.json::<Value>()? else {
        return Err(Problem::unreadable("send one count sheet as an object"));
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_COUNT, &structure)?;
            read_sheet(conn, tenant, &record, reach, engine.now())
        })
        .await?;
    let answer = call.change(command).await?;
    let made: SheetMade = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    if call.request()?.dry_run {
        return Ok(json_text(StatusCode::CREATED, json!({"id": null, "lines": made.lines}).to_string()));
    }
    answer_sheet(&call, SheetId(made.id), StatusCode::CREATED).await
}

/// A sheet as it stands now.
async fn answer_sheet(call: &Call, id: SheetId, status: StatusCode) -> Result<Response, Problem> {
    let (engine, tenant) = (call.app.engine.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let found = count_sheet::by_id(conn, tenant, id, false)?;
            let found = found.ok_or_else(|| Error::not_found("count sheet", id))?;
            show(conn, tenant, &structure, &[found])
        })
        .await?;
    print(status, &shown[0])
}

async fn one(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    answer_sheet(&call, found.id, StatusCode::OK).await
}

async fn list(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_COUNT)?;
    let (engine, tenant) = (call.app.engine.clone(), call.caller.tenant());
    let (limit, before) = (call.limit()?, call.cursor()?.unwrap_or(i64::MAX));
    let state = match call.query("state").as_deref() {
        None | Some("") => None,
        Some(text) => {
            let known = SheetState::ALL.into_iter().find(|state| state.name() == text);
            let message = || format!("is {text:?}; send open, posted or cancelled");
            Some(known.ok_or_else(|| vec![Violation::new("state", "unknownState", message())])?)
        }
    };
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let mut found = count_sheet::page(conn, tenant, state, before, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = found.last().filter(|_| has_more).map(|last| cursor_of(last.id.0));
            Ok(Page { items: show(conn, tenant, &structure, &found)?, next_cursor })
        })
        .await?;
    print(StatusCode::OK, &page)
}

/// A line as it is shown: never what is expected, nor what a round found that is to be repeated.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineShown {
    line: i64,
    product: ProductShown,
    /// What people call the product, and its variant.
    name: String,
    variant: Option<i64>,
    variant_name: Option<String>,
    unit: Option<String>,
    tracking: &'static str,
    lot: Option<LotShown>,
    location: PlaceShown,
    is_extra: bool,
    state: &'static str,
    rounds: i64,
    counted: Option<Number>,
    counted_at: Option<String>,
    counted_by: Option<i64>,
    instances: Option<Vec<i64>>,
}

fn show_line(line: Line, names: &Names, structure: &Structure) -> LineShown {
    let product = names.products.get(&line.product);
    let variant = names.variants.get(&line.variant);
    let counted = line.counted.filter(|_| line.state == LineState::Counted);
    let instances = line.instances.filter(|_| counted.is_some());
    LineShown {
        line: line.line,
        product: ProductShown { id: line.product.0, identifier: line.identifier },
        name: product.map(|product| product.name.clone()).unwrap_or_default(),
        variant: (line.variant.0 != 0).then_some(line.variant.0),
        variant_name: variant.map(|variant| variant.identifier.clone()),
        unit: product.and_then(|product| structure.catalog.units.get(&product.unit).cloned()),
        tracking: match product.map_or(Tracking::None, |product| product.tracking) {
            Tracking::None => "none",
            Tracking::Lot => "lot",
            Tracking::Serial => "serial",
        },
        lot: (line.lot.0 != 0).then_some(LotShown { id: line.lot.0, name: line.lot_name }),
        location: place(line.location, structure),
        is_extra: line.is_extra,
        state: line.state.name(),
        rounds: line.rounds,
        counted: counted.map(|(quantity, _)| Number(quantity.0)),
        counted_at: counted.map(|(_, at)| at.to_string()),
        counted_by: counted.map(|_| line.counted_by.0),
        instances: instances.map(|ids| ids.into_iter().map(|id| id.0).collect()),
    }
}

async fn list_lines(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (limit, after) = (call.limit()?, call.cursor()?.unwrap_or(0));
    let state = match call.query("state").as_deref() {
        None | Some("") => None,
        Some(text) => {
            let known = LineState::ALL.into_iter().find(|state| state.name() == text);
            let message = || format!("is {text:?}; send toCount, counted or toRecount");
            Some(known.ok_or_else(|| vec![Violation::new("state", "unknownState", message())])?)
        }
    };
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_COUNT, &structure)?;
            let mut lines = count_sheet::lines(conn, tenant, found.id, state, after, limit + 1)?;
            let has_more = lines.len() as i64 > limit;
            lines.truncate(limit as usize);
            let next_cursor = lines.last().filter(|_| has_more).map(|last| cursor_of(last.line));
            let tree = &structure.catalog.locations;
            lines.retain(|line| reach.includes(tree.org_unit_of(line.location)));
            // The lot's name came with the line.
            let keys = lines.iter().map(|line| (line.product, line.variant, LotId(0)));
            let names = Names::load(conn, tenant, keys)?;
            let items = lines.into_iter().map(|line| show_line(line, &names, &structure)).collect();
            Ok(Page { items, next_cursor })
        })
        .await?;
    print(StatusCode::OK, &page)
}

/// What was counted in the words of an entry: a line's number stands for its product, lot and place, and
/// instances count themselves.
fn as_counts(
    conn: &mut Conn,
    tenant: TenantId,
    sheet: SheetId,
    records: Vec<Record>,
    now: &str,
    wrong: &mut Vec<Violation>,
) -> Result<Vec<Record>, Error> {
    let numbers: Vec<Option<i64>> = records
        .iter()
        .enumerate()
        .map(|(index, record)| whole(field(record, "line"), Some(index), "line", wrong))
        .collect();
    let asked: BTreeSet<i64> = numbers.iter().flatten().copied().collect();
    let lines: HashMap<i64, Line> =
        count_sheet::lines_by_number(conn, tenant, sheet, &asked)?.into_iter().map(|line| (line.line, line)).collect();
    let number = |id: i64| Value::Number(id.to_string());
    let mut counts = Vec::with_capacity(records.len());
    for (index, (mut record, line)) in records.into_iter().zip(numbers).enumerate() {
        record.retain(|(name, _)| name != "line");
        if let Some(asked) = line {
            match lines.get(&asked) {
                None => wrong.push(Violation::at(index, "line", "unknownLine", format!("there is no line {asked}"))),
                Some(line) => {
                    record.push(("product".to_owned(), number(line.product.0)));
                    record.push(("location".to_owned(), number(line.location.0)));
                    if line.variant.0 != 0 {
                        record.push(("variant".to_owned(), number(line.variant.0)));
                    }
                    if line.lot.0 != 0 {
                        record.push(("lot".to_owned(), number(line.lot.0)));
                    }
                }
            }
        }
        if let (Value::Null, Value::List(instances)) = (field(&record, "quantity"), field(&record, "instances")) {
            let count = number(instances.len() as i64);
            record.push(("quantity".to_owned(), count));
        }
        counts.push(as_entry(record, now));
    }
    Ok(counts)
}

async fn enter(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let sheet = named(&call, reference).await?.id;
    let values = match call.json::<Value>()? {
        Value::List(values) => values,
        value => vec![value],
    };
    if values.len() > COUNTS_MAX {
        let message = format!("{} counts are too many for one call; send at most {COUNTS_MAX}", values.len());
        return Err(Problem::from(Error::Invalid(vec![Violation::new("items", "tooMany", message)])));
    }
    let mut records: Vec<Record> = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(record) => records.push(record),
            other => return Err(Problem::unreadable(format!("$[{index}] is {}; send a count", other.noun()))),
        }
    }
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_COUNT, &structure)?;
            let mut violations: Vec<Violation> = Vec::new();
            let now = engine.now().to_string();
            let records = as_counts(conn, tenant, sheet, records, &now, &mut violations)?;
            let (drafts, wrong) = read_entries(conn, tenant, &structure, &records)?;
            violations.extend(in_words_of_a_count(wrong));
            Ok(EnterCounts { sheet, drafts, violations, reach })
        })
        .await?;
    Ok(json_text(StatusCode::OK, call.change(command).await?))
}

async fn recount(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let sheet = named(&call, reference).await?.id;
    Ok(json_text(StatusCode::OK, call.change(AskRecount { sheet }).await?))
}

async fn cancel(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let sheet = named(&call, reference).await?.id;
    call.change(CancelSheet { sheet }).await?;
    answer_sheet(&call, sheet, StatusCode::OK).await
}

async fn post_sheet(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let sheet = named(&call, reference).await?.id;
    let record: Record = match call.json::<Value>()? {
        Value::Object(record) => record,
        other => return Err(Problem::unreadable(format!("the body is {}; send an object", other.noun()))),
    };
    let uncounted = match field(&record, "uncounted") {
        Value::Null => Uncounted::Refuse,
        Value::Text(text) if text == "skip" => Uncounted::Skip,
        Value::Text(text) if text == "zero" => Uncounted::Zero,
        _ => return Err(vec![Violation::new("uncounted", "unknown", "send skip or zero, or leave it out")].into()),
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (command, structure) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_COUNT, &structure)?;
            Ok((PostSheet { sheet, uncounted, reach }, structure))
        })
        .await?;
    let answer = call.change(command).await?;
    let posted: Posted = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    // What differs of a set is told by its instances.
    let differs = |count: &&CountAnswer| count.instances.is_none() && count.counted != count.expected;
    let differing = posted.counts.iter().filter(differs).count();
    let names = super::names_of(&call, posted.counts.iter().flat_map(super::count::parts)).await?;
    let counts =
        posted.counts.into_iter().map(|count| super::count::show(count, None, true, &structure, &names)).collect();
    let body = PostedShown {
        id: sheet.0,
        state: SheetState::Posted.name(),
        batch: posted.batch,
        position: posted.position,
        differences: differing,
        counts,
    };
    print(StatusCode::OK, &body)
}

#[derive(Serialize)]
struct PostedShown {
    id: i64,
    state: &'static str,
    batch: i64,
    position: i64,
    differences: usize,
    counts: Vec<super::count::Shown>,
}

/// Adds the operations on count sheets to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let whole = || json!({"type": "integer"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let read_only = |kind: &str| json!({"type": kind, "readOnly": true});
    api.tag("count-sheets", "Counting as people do it, without being told what is expected; and what is due when.");
    let plan = json!({
        "description": "Only what is due by the plan: days from one count to the next by class, and days of use that decide the class.",
        "oneOf": [
            {"type": "boolean"},
            {"type": "object", "properties": {"a": whole(), "b": whole(), "c": whole(), "days": whole()}}
        ]
    });
    api.schema(
        "CountSheet",
        json!({
            "type": "object",
            "properties": {
                "id": read_only("integer"), "uid": read_only("string"), "name": text(),
                "location": nullable(reference()), "category": nullable(reference()), "product": nullable(reference()),
                "tolerance": {"type": "number", "default": 0, "description": "A difference up to so much is accepted …"},
                "tolerancePercent": {"type": "number", "default": 0, "description": "… or up to so many percent of what is expected."},
                "due": plan,
                "state": {"type": "string", "enum": ["open", "posted", "cancelled"], "readOnly": true},
                "lines": read_only("integer"), "toCount": read_only("integer"), "counted": read_only("integer"),
                "toRecount": read_only("integer"), "batch": nullable(read_only("integer")),
                "createdAt": read_only("string"), "createdBy": read_only("integer"),
                "modifiedAt": read_only("string"), "modifiedBy": read_only("integer"), "version": read_only("integer")
            }
        }),
    );
    api.schema(
        "CountLine",
        json!({
            "type": "object",
            "properties": {
                "line": whole(), "product": reference(), "name": text(), "variant": nullable(whole()),
                "variantName": nullable(text()), "unit": nullable(text()),
                "tracking": {"type": "string", "enum": ["none", "lot", "serial"]}, "lot": nullable(reference()),
                "location": reference(), "isExtra": {"type": "boolean", "description": "Found there and not expected."},
                "state": {"type": "string", "enum": ["toCount", "counted", "toRecount"]}, "rounds": whole(),
                "counted": nullable(schema_ref("Decimal")), "countedAt": nullable(text()), "countedBy": nullable(whole()),
                "instances": nullable(json!({"type": "array", "items": whole()}))
            }
        }),
    );
    let operation = |id: &str, summary: &str| Operation::new("count-sheets", id, summary).needs(STOCK_COUNT);
    let named = |operation: Operation| operation.in_path("sheet", "Its id or ULID.");
    api.add(
        "post",
        "/v1/count-sheets",
        operation("makeCountSheet", "Make a count sheet")
            .about("A line for each product, variant and lot that stands there; one for all instances of a product at a place.")
            .changes()
            .body(schema_ref("CountSheet"))
            .answers(201, "The sheet.", schema_ref("CountSheet")),
    );
    api.add(
        "get",
        "/v1/count-sheets",
        operation("listCountSheets", "List count sheets, newest first")
            .paged()
            .parameters([openapi::query("state", "open, posted or cancelled.", text())])
            .answers(200, "A page.", list_of("CountSheet")),
    );
    api.add(
        "get",
        "/v1/count-sheets/{sheet}",
        named(operation("getCountSheet", "Read a count sheet")).answers(200, "The sheet.", schema_ref("CountSheet")),
    );
    api.add(
        "get",
        "/v1/count-sheets/{sheet}/lines",
        named(operation("listCountLines", "List the lines of a count sheet"))
            .about("In the order of the way. Nothing tells what is expected.")
            .paged()
            .parameters([openapi::query("state", "toCount, counted or toRecount.", text())])
            .answers(200, "A page.", list_of("CountLine")),
    );
    let entered = json!({
        "type": "object",
        "properties": {
            "line": {"type": "integer", "description": "A line of the sheet; or say what it is:"},
            "product": reference(), "variant": reference(), "lot": reference(), "location": reference(),
            "quantity": schema_ref("DecimalToSend"),
            "instances": {"type": "array", "items": reference(), "description": "Of a serial-tracked product: every instance found there."},
            "at": {"type": "string", "format": "date-time", "description": "When it was counted; now when left out."}
        }
    });
    api.add(
        "post",
        "/v1/count-sheets/{sheet}/counts",
        named(operation("enterCounts", "Enter what was counted"))
            .about(
                "By the number of a line, or by product, lot and location; what was not on the sheet is added to it.",
            )
            .changes()
            .body(json!({"oneOf": [entered, {"type": "array", "items": entered, "maxItems": COUNTS_MAX}]}))
            .answers(
                200,
                "How many were entered and are left.",
                json!({
                    "type": "object", "properties": {"entered": whole(), "left": whole()}
                }),
            ),
    );
    api.add(
        "post",
        "/v1/count-sheets/{sheet}/recount",
        named(operation("askRecount", "Ask for lines that differ to be counted again"))
            .about("Those that differ by more than the sheet accepts, unless they were counted twice alike.")
            .changes()
            .answers(
                200,
                "The lines.",
                json!({
                    "type": "object", "properties": {"lines": {"type": "array", "items": whole()}}
                }),
            ),
    );
    api.add(
        "post",
        "/v1/count-sheets/{sheet}/post",
        named(operation("postCountSheet", "Post a count sheet"))
            .about("All that was counted becomes counts of one batch, each at the time when it was counted, or nothing does.")
            .changes()
            .body(json!({"type": "object", "properties": {
                "uncounted": {"type": "string", "enum": ["skip", "zero"], "description": "What becomes of lines that nobody has counted; left out, they are refused."}
            }}))
            .answers(200, "The counts.", json!({
                "type": "object",
                "properties": {
                    "id": whole(), "state": text(), "batch": whole(), "position": whole(), "differences": whole(),
                    "counts": {"type": "array", "items": schema_ref("Count")}
                }
            })),
    );
    api.add(
        "post",
        "/v1/count-sheets/{sheet}/cancel",
        named(operation("cancelCountSheet", "Give a count sheet up")).changes().answers(
            200,
            "The sheet.",
            schema_ref("CountSheet"),
        ),
    );
}
