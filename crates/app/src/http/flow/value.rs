//! `/v1/revaluations` and `/v1/landed-costs`: words on value alone.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::ValueFactKind;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{LandCost, LandedOn, Revalue};
use lotbook_engine::query::value::{ValueFilter, ValueLine, ValueRecord, page, records};
use lotbook_engine::security::permission::{STOCK_READ, STOCK_VALUE};
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::{Conn, Error};
use serde::Serialize;
use serde_json::json;

use super::form::{Number, decimal, field, refuse_unknown, text, time};
use super::reference::{Resolved, find_all, find_text, unknown};
use super::{id_of, reach, visible, voucher};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{self, Api, Operation, list_of, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/revaluations", get(list_revaluations).post(revalue))
        .route("/v1/revaluations/{id}", get(one_revaluation))
        .route("/v1/landed-costs", get(list_landed).post(land))
        .route("/v1/landed-costs/{id}", get(one_landed))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    position: i64,
    created_at: String,
    created_by: i64,
    reason: Option<String>,
    #[serde(flatten)]
    said: Said,
    /// Whether none of it was undone.
    holds: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    #[serde(rename_all = "camelCase")]
    Revaluation {
        product: ProductShown,
        variant: Option<i64>,
        org_unit: PlaceShown,
        at: String,
        value: Number,
        quantity: Number,
        lines: Vec<LineShown>,
    },
    #[serde(rename_all = "camelCase")]
    Landed { amount: Number, by: &'static str, movements: Vec<i64>, lines: Vec<LineShown> },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineShown {
    line: i64,
    product: ProductShown,
    variant: Option<i64>,
    lot: Option<i64>,
    org_unit: PlaceShown,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    movement: Option<i64>,
    quantity: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Number>,
    holds: bool,
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

fn show(record: ValueRecord, kind: ValueFactKind, structure: &Structure) -> Shown {
    let some = |id: i64| (id != 0).then_some(id);
    let place = |id: i64| PlaceShown { id, path: structure.catalog.locations.name_of(LocationId(id)) };
    let product = |line: &ValueLine| ProductShown { id: line.product, identifier: line.identifier.clone() };
    let is_landed = kind == ValueFactKind::LandedCost;
    let lines = record
        .lines
        .iter()
        .map(|line| LineShown {
            line: line.line,
            product: product(line),
            variant: some(line.variant),
            lot: some(line.lot),
            org_unit: place(line.org_unit),
            at: Time(line.at).to_string(),
            movement: line.movement,
            quantity: Number(line.quantity),
            value: (!is_landed).then_some(Number(line.amount)),
            amount: is_landed.then_some(Number(line.amount)),
            holds: line.holds,
        })
        .collect();
    let sum = |of: fn(&ValueLine) -> i64| Number(record.lines.iter().map(of).fold(0, i64::saturating_add));
    let holds = record.lines.iter().all(|line| line.holds);
    let said = match record.lines.first() {
        Some(first) if !is_landed => Said::Revaluation {
            product: product(first),
            variant: some(first.variant),
            org_unit: place(first.org_unit),
            at: Time(first.at).to_string(),
            value: sum(|line| line.amount),
            quantity: sum(|line| line.quantity),
            lines,
        },
        first => Said::Landed {
            amount: sum(|line| line.amount),
            by: if first.is_some_and(|line| line.by_value) { "value" } else { "quantity" },
            movements: record.lines.iter().filter_map(|line| line.movement).collect(),
            lines,
        },
    };
    Shown {
        id: record.id,
        position: record.position,
        created_at: Time(record.booked_at).to_string(),
        created_by: record.booked_by,
        reason: record.reason,
        said,
        holds,
    }
}

fn one_object(call: &Call, what: &str) -> Result<Record, Problem> {
    match call.json::<Value>()? {
        Value::Object(record) => Ok(record),
        other => Err(Problem::unreadable(format!("the body is {}; send one {what}", other.noun()))),
    }
}

/// The record that a field names; pushes what is wrong with it.
pub(super) fn named(
    conn: &mut Conn,
    tenant: TenantId,
    record: &Record,
    (name, kind): (&'static str, &'static lotbook_engine::thing::Kind),
    product: i64,
    wrong: &mut Vec<Violation>,
) -> Result<Option<i64>, Error> {
    Ok(match find_all(conn, tenant, kind, &[(field(record, name), product)])?.pop() {
        Some(Resolved::Id(id)) => Some(id),
        Some(Resolved::Unknown(what)) => {
            wrong.push(Violation::new(name, unknown(name), format!("there is no {} {what}", kind.noun)));
            None
        }
        Some(Resolved::Absent) | None => None,
    })
}

fn amount_of(record: &Record, name: &'static str, wrong: &mut Vec<Violation>) -> Amount {
    let before = wrong.len();
    let found = decimal(field(record, name), None, name, wrong);
    if found.is_none() && wrong.len() == before {
        wrong.push(Violation::new(name, "required", "is missing"));
    }
    Amount(found.unwrap_or_default())
}

async fn revalue(call: Call) -> Result<Response, Problem> {
    let record = one_object(&call, "revaluation")?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (command, structure) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_VALUE, &structure)?;
            let mut wrong = Vec::new();
            let known = ["product", "variant", "lot", "orgUnit", "value", "at", "reason"];
            refuse_unknown(std::slice::from_ref(&record), &known, &mut wrong);
            let product = named(conn, tenant, &record, ("product", &kinds::PRODUCTS), 0, &mut wrong)?;
            if product.is_none() && wrong.iter().all(|violation| violation.field != "product") {
                wrong.push(Violation::new("product", "required", "is missing"));
            }
            let product = product.unwrap_or(0);
            let variant = named(conn, tenant, &record, ("variant", &kinds::VARIANTS), product, &mut wrong)?;
            let lot = named(conn, tenant, &record, ("lot", &kinds::LOTS), product, &mut wrong)?;
            let org_unit = named(conn, tenant, &record, ("orgUnit", &kinds::LOCATIONS), 0, &mut wrong)?;
            let command = Revalue {
                product: ProductId(product),
                variant: VariantId(variant.unwrap_or(0)),
                lot: lot.map(LotId),
                org_unit: org_unit.map(LocationId),
                value: amount_of(&record, "value", &mut wrong),
                at: time(field(&record, "at"), &structure.settings.time_zone(), None, "at", &mut wrong),
                reason: text(field(&record, "reason"), None, "reason", &mut wrong).unwrap_or_default(),
                violations: wrong,
                reach,
            };
            Ok((command, structure))
        })
        .await?;
    created(&call, command, ValueFactKind::Revaluation, &structure).await
}

async fn land(call: Call) -> Result<Response, Problem> {
    let record = one_object(&call, "landed cost")?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (command, structure) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_VALUE, &structure)?;
            let mut wrong = Vec::new();
            let known = ["movements", "voucher", "amount", "by", "reason"];
            refuse_unknown(std::slice::from_ref(&record), &known, &mut wrong);
            let movements = movements_of(&record, &mut wrong);
            let on = match field(&record, "voucher") {
                Value::Null => LandedOn::Movements(movements),
                _ if !movements.is_empty() => {
                    wrong.push(Violation::new(
                        "voucher",
                        "tooMany",
                        "is named beside movements; name one or the other",
                    ));
                    LandedOn::Movements(movements)
                }
                value => LandedOn::Voucher(voucher::find(conn, tenant, value)?.id),
            };
            let by_value = match field(&record, "by") {
                Value::Text(by) if by == "value" => true,
                Value::Text(by) if by == "quantity" => false,
                Value::Null => {
                    wrong.push(Violation::new("by", "required", "is missing; send \"quantity\" or \"value\""));
                    false
                }
                other => {
                    let message = format!("is {}; send \"quantity\" or \"value\"", other.to_json());
                    wrong.push(Violation::new("by", "wrongChoice", message));
                    false
                }
            };
            let command = LandCost {
                on,
                amount: amount_of(&record, "amount", &mut wrong),
                by_value,
                reason: text(field(&record, "reason"), None, "reason", &mut wrong).unwrap_or_default(),
                violations: wrong,
                reach,
            };
            Ok((command, structure))
        })
        .await?;
    created(&call, command, ValueFactKind::LandedCost, &structure).await
}

fn movements_of(record: &Record, wrong: &mut Vec<Violation>) -> Vec<MovementId> {
    let values = match field(record, "movements") {
        Value::Null => return Vec::new(),
        Value::List(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    values
        .iter()
        .filter_map(|value| {
            // A movement as it is listed names itself by its id.
            let id = if let Value::Object(fields) = value { field(fields, "id") } else { value };
            super::form::whole(id, None, "movements", wrong).map(MovementId::from_number)
        })
        .collect()
}

async fn created(
    call: &Call,
    command: impl lotbook_engine::write::Change,
    kind: ValueFactKind,
    structure: &Structure,
) -> Result<Response, Problem> {
    let answer = call.change(command).await?;
    let record: ValueRecord = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let body = serde_json::to_string(&show(record, kind, structure)).map_err(|_| Problem::internal())?;
    Ok(json_text(StatusCode::CREATED, body))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

async fn list_revaluations(call: Call) -> Result<Response, Problem> {
    list(call, ValueFactKind::Revaluation).await
}

async fn list_landed(call: Call) -> Result<Response, Problem> {
    list(call, ValueFactKind::LandedCost).await
}

async fn list(call: Call, kind: ValueFactKind) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let after = BatchId(call.cursor()?.unwrap_or(0));
    let asked = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
    let (product, org_unit) = (asked("product"), asked("orgUnit"));
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter = ValueFilter { after, ..ValueFilter::default() };
            if let Some(text) = product {
                filter.product = Some(ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?));
            }
            let mut places = None;
            if let Some(text) = org_unit {
                places = Some(vec![LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?)]);
            }
            filter.places = visible(places, &reach, &structure);
            let mut found = page(conn, tenant, kind, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = found.last().filter(|_| has_more).map(|record| cursor_of(record.id));
            let items = found.into_iter().map(|record| show(record, kind, &structure)).collect();
            Ok(Page { items, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

async fn one_revaluation(path: Path<String>, call: Call) -> Result<Response, Problem> {
    one(path, call, ValueFactKind::Revaluation, "revaluation").await
}

async fn one_landed(path: Path<String>, call: Call) -> Result<Response, Problem> {
    one(path, call, ValueFactKind::LandedCost, "landedCost").await
}

async fn one(Path(id): Path<String>, call: Call, kind: ValueFactKind, noun: &'static str) -> Result<Response, Problem> {
    let id = id_of(noun, &id)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let is_of_kind = |line: &ValueLine| line.movement.is_some() == (kind == ValueFactKind::LandedCost);
            let found = records(conn, tenant, &[BatchId(id)])?.pop().filter(|record| {
                record.lines.iter().all(|line| is_of_kind(line) && reach.includes(LocationId(line.org_unit)))
            });
            let record = found.ok_or_else(|| Error::not_found(noun, id))?;
            Ok(show(record, kind, &structure))
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

/// Adds the operations on values to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let whole = || json!({"type": "integer", "readOnly": true});
    let read_only = |kind: &str| json!({"type": kind, "readOnly": true});
    let line = json!({
        "type": "object",
        "readOnly": true,
        "properties": {
            "line": whole(), "product": reference(), "variant": nullable(whole()), "lot": nullable(whole()),
            "orgUnit": reference(), "at": {"type": "string", "format": "date-time"}, "movement": nullable(whole()),
            "quantity": read_only("number"), "value": read_only("number"), "amount": read_only("number"),
            "holds": read_only("boolean")
        }
    });
    let lines = json!({"type": "array", "items": line, "readOnly": true});
    api.tag("values", "What stock is worth, said without moving anything. What follows is settled a moment later, see `settledTo` of the valuation.");
    api.schema(
        "Revaluation",
        json!({
            "type": "object",
            "properties": {
                "id": whole(), "position": whole(), "createdAt": read_only("string"), "createdBy": whole(),
                "product": reference(), "variant": nullable(reference()),
                "lot": nullable(json!({"allOf": [reference()], "description": "Under specific cost; all lots by what they are worth when left out."})),
                "orgUnit": nullable(json!({"allOf": [reference()], "description": "The only one with stock when left out."})),
                "value": schema_ref("DecimalToSend"),
                "at": {"type": "string", "format": "date-time", "description": "Now when left out."},
                "reason": text(), "quantity": read_only("number"), "lines": lines,
                "holds": {"type": "boolean", "readOnly": true, "description": "Whether none of it was undone."}
            },
            "required": ["product", "value", "reason"]
        }),
    );
    api.schema(
        "LandedCost",
        json!({
            "type": "object",
            "properties": {
                "id": whole(), "position": whole(), "createdAt": read_only("string"), "createdBy": whole(),
                "movements": {"type": "array", "items": {"type": "integer", "format": "int64"}, "description": "Movements that brought something."},
                "voucher": nullable(json!({"allOf": [reference()], "writeOnly": true, "description": "Or everything that a voucher received."})),
                "amount": schema_ref("DecimalToSend"),
                "by": {"type": "string", "enum": ["quantity", "value"]},
                "reason": text(), "lines": lines, "holds": read_only("boolean")
            },
            "required": ["amount", "by", "reason"]
        }),
    );
    let paths = [
        (
            "/v1/revaluations",
            "Revaluation",
            "revaluation",
            "State what stock is worth",
            "From its time on the stock of the org unit is worth so much, 0 included, whatever is learned later of the time before. Under FIFO it is spread over the layers by what they are worth, by quantity if that is nothing. Undone by `POST /v1/reversals`.",
        ),
        (
            "/v1/landed-costs",
            "LandedCost",
            "landedCost",
            "Share out a cost over what was received",
            "Freight, duty, a late bill: each movement gets its share, the last takes the rest. What was issued since is corrected. An amount below 0 makes cheaper, though no movement cheaper than nothing. Undone by `POST /v1/reversals`.",
        ),
    ];
    for (path, schema, noun, title, about) in paths {
        let of = |verb: &str| format!("{verb}{}{}", noun[..1].to_uppercase(), &noun[1..]);
        api.add(
            "post",
            path,
            Operation::new("values", &of("create"), title)
                .about(about)
                .needs(STOCK_VALUE)
                .changes()
                .body(schema_ref(schema))
                .answers(201, "The record.", schema_ref(schema)),
        );
        api.add(
            "get",
            path,
            Operation::new("values", &format!("{}s", of("list")), "List them")
                .needs(STOCK_READ)
                .paged()
                .parameters([
                    openapi::query("product", "Of this product.", text()),
                    openapi::query("orgUnit", "In this org unit or below.", text()),
                ])
                .answers(200, "A page.", list_of(schema)),
        );
        api.add(
            "get",
            &format!("{path}/{{id}}"),
            Operation::new("values", &of("get"), "Read one").needs(STOCK_READ).in_path("id", "Its id.").answers(
                200,
                "The record.",
                schema_ref(schema),
            ),
        );
    }
}
