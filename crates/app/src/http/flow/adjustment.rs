//! `/v1/adjustments`: what was pushed out of closed periods, to be approved.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::id::{BatchId, LocationId, MovementId, ProductId, TenantId};
use lotbook_domain::settlement::ValueKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{ApproveAdjustment, Reach};
use lotbook_engine::security::permission::{STOCK_READ, STOCK_VALUE};
use lotbook_engine::structure::Structure;
use lotbook_engine::table::adjustment::{self, Adjustment, AdjustmentFilter};
use lotbook_engine::table::header::BatchKind;
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::{Conn, Error};
use serde::Serialize;
use serde_json::json;

use super::form::{Number, field, text};
use super::reference::find_text;
use super::{id_of, reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{self, Api, Operation, list_of, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/adjustments", get(list))
        .route("/v1/adjustments/{id}", get(one))
        .route("/v1/adjustments/{id}/approve", post(approve))
}

/// So many causes are named.
const CAUSES_MAX: i64 = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    position: i64,
    booked_at: String,
    product: ProductShown,
    variant: Option<i64>,
    org_unit: PlaceShown,
    kind: &'static str,
    counterpart: PlaceShown,
    amount: Number,
    at: String,
    from: Option<String>,
    until: Option<String>,
    days: Vec<DayShown>,
    causes: Vec<CauseShown>,
    approved: bool,
    approved_at: Option<String>,
    approved_by: Option<i64>,
    note: Option<String>,
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
struct DayShown {
    day: String,
    amount: Number,
}

#[derive(Serialize)]
struct CauseShown {
    position: i64,
    batch: i64,
    kind: &'static str,
    reason: Option<String>,
}

fn show(conn: &mut Conn, tenant: TenantId, found: Adjustment, structure: &Structure) -> Result<Shown, Error> {
    let place = |id: LocationId| PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) };
    let day = |day: Time| {
        let (year, month, date) = day.civil();
        format!("{year:04}-{month:02}-{date:02}")
    };
    let causes = adjustment::causes(conn, tenant, &found, CAUSES_MAX)?;
    let causes = causes.into_iter().map(|(position, batch, kind, reason)| {
        let kind = BatchKind::name_of(kind);
        CauseShown { position, batch, kind, reason }
    });
    let (approved_at, approved_by, note) = match found.approved {
        Some((at, person, note)) => (Some(at.to_string()), Some(person), note),
        None => (None, None, None),
    };
    Ok(Shown {
        id: MovementId { batch: found.batch, line: found.line }.number(),
        position: found.position,
        booked_at: found.booked_at.to_string(),
        product: ProductShown { id: found.product.0, identifier: found.identifier },
        variant: (found.variant.0 != 0).then_some(found.variant.0),
        org_unit: place(found.org_unit),
        kind: ValueKind::from_code(found.kind).name(),
        counterpart: place(found.counterpart),
        amount: Number(found.amount),
        at: found.effective_at.to_string(),
        from: found.days.first().map(|(first, _)| day(*first)),
        until: found.days.last().map(|(last, _)| day(*last)),
        days: found.days.iter().map(|(of, amount)| DayShown { day: day(*of), amount: Number(*amount) }).collect(),
        causes: causes.collect(),
        approved: approved_at.is_some(),
        approved_at,
        approved_by,
        note,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?.min(500);
    let after = MovementId::from_number(call.cursor()?.unwrap_or(0));
    let asked = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
    let (product, org_unit) = (asked("product"), asked("orgUnit"));
    let approved = match asked("approved").as_deref() {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => return Err(Problem::unreadable(format!("approved is true or false, not {other:?}"))),
    };
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter =
                AdjustmentFilter { approved, after: (after.batch, after.line), ..AdjustmentFilter::default() };
            if filter.after.0 == BatchId(0) {
                filter.after.1 = -1;
            }
            if let Some(text) = product {
                filter.product = Some(ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?));
            }
            let mut places = None;
            if let Some(text) = org_unit {
                places = Some(vec![LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?)]);
            }
            filter.places = visible(places, &reach, &structure);
            let mut found = adjustment::page(conn, tenant, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let items =
                found.into_iter().map(|item| show(conn, tenant, item, &structure)).collect::<Result<Vec<_>, _>>()?;
            let next_cursor = items.last().filter(|_| has_more).map(|item| cursor_of(item.id));
            Ok(Page { items, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// One adjustment, if somebody may see it.
async fn read(call: &Call, id: MovementId) -> Result<Shown, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    call.read(move |conn| {
        let structure = engine.structure(conn, tenant)?;
        let reach: Reach = reach(&access, STOCK_READ, &structure)?;
        let filter = AdjustmentFilter { only: Some((id.batch, id.line)), ..AdjustmentFilter::default() };
        let found = adjustment::page(conn, tenant, &filter, 1)?.pop().filter(|found| reach.includes(found.org_unit));
        show(conn, tenant, found.ok_or_else(|| Error::not_found("adjustment", id.number()))?, &structure)
    })
    .await
}

async fn one(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    let shown = read(&call, MovementId::from_number(id_of("adjustment", &id)?)).await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

async fn approve(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    let id = MovementId::from_number(id_of("adjustment", &id)?);
    let record = if call.body.is_empty() {
        Vec::new()
    } else {
        match call.json::<Value>()? {
            Value::Object(record) => record,
            Value::Null => Vec::new(),
            other => return Err(Problem::unreadable(format!("the body is {}; send an object", other.noun()))),
        }
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_VALUE, &structure)?;
            let mut wrong = Vec::new();
            let note = text(field(&record, "note"), None, "note", &mut wrong);
            let command = ApproveAdjustment { batch: id.batch, line: id.line, note, reach };
            if wrong.is_empty() { Ok(command) } else { Err(Error::Invalid(wrong)) }
        })
        .await?;
    call.change(command).await?;
    let shown = read(&call, id).await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

/// Adds the operations on adjustments to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let whole = || json!({"type": "integer", "format": "int64"});
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let place = || json!({"type": "object", "properties": {"id": whole(), "path": text()}});
    api.schema(
        "Adjustment",
        json!({
            "type": "object",
            "properties": {
                "id": whole(), "position": whole(), "bookedAt": text(),
                "product": {"type": "object", "properties": {"id": whole(), "identifier": text()}},
                "variant": nullable(whole()), "orgUnit": place(),
                "kind": {"type": "string", "enum": ["settlement", "revaluation", "landedCost", "variance"]},
                "counterpart": place(), "amount": {"type": "number"},
                "at": {"type": "string", "description": "Where it stands: the first open day."},
                "from": nullable(json!({"type": "string", "format": "date", "description": "The first closed day it comes from."})),
                "until": nullable(json!({"type": "string", "format": "date"})),
                "days": {"type": "array", "items": {"type": "object", "properties": {"day": text(), "amount": {"type": "number"}}}},
                "causes": {"type": "array", "items": {"type": "object", "properties": {
                    "position": whole(), "batch": whole(), "kind": text(), "reason": nullable(text())
                }}, "description": "The newest batches before it that moved or valued the same stock on those days or before."},
                "approved": {"type": "boolean"}, "approvedAt": nullable(text()), "approvedBy": nullable(whole()),
                "note": nullable(text())
            }
        }),
    );
    api.add(
        "get",
        "/v1/adjustments",
        Operation::new("values", "listAdjustments", "What was pushed out of closed periods")
            .about("What became known of a closed period stands on its first open day; here it is listed with the days it comes from, and why.")
            .needs(STOCK_READ)
            .paged()
            .parameters([
                openapi::query("product", "Of this product.", text()),
                openapi::query("orgUnit", "In this org unit or below.", text()),
                openapi::query("approved", "Approved ones, or those that wait for it.", json!({"type": "boolean"})),
            ])
            .answers(200, "A page.", list_of("Adjustment")),
    );
    api.add(
        "get",
        "/v1/adjustments/{id}",
        Operation::new("values", "getAdjustment", "Read one").needs(STOCK_READ).in_path("id", "Its id.").answers(
            200,
            "The adjustment.",
            schema_ref("Adjustment"),
        ),
    );
    api.add(
        "post",
        "/v1/adjustments/{id}/approve",
        Operation::new("values", "approveAdjustment", "Approve one")
            .needs(STOCK_VALUE)
            .changes()
            .in_path("id", "Its id.")
            .body(json!({"type": "object", "properties": {"note": nullable(text())}}))
            .answers(200, "The adjustment.", schema_ref("Adjustment")),
    );
}
