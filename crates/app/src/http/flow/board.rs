//! `/v1/operation-states`: how operations stand, in one answer: the open run, what came together so far, and
//! what is in the way.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{LocationId, OperationId, ProductId};
use lotbook_engine::command::{readiness, so_far, tags_of, warnings};
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::{catalog, operation, run};
use lotbook_engine::thing::kinds;
use lotbook_engine::{Error, zone};
use serde::Serialize;
use serde_json::json;

use super::form::Number;
use super::movement::PlaceShown;
use super::operation::by_field;
use super::reference::find_text;
use super::run::{Shown as RunShown, show_all};
use super::{reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{Api, Operation, list_of, query, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/operation-states", get(list))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    operation: OperationShown,
    status: String,
    fault: Option<String>,
    run: Option<RunShown>,
    so_far: Option<Number>,
    so_far_fault: Option<String>,
    problems: BTreeMap<String, Vec<String>>,
    warnings: BTreeMap<String, Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OperationShown {
    id: i64,
    uid: String,
    name: String,
    operation_type: String,
    trigger_source: String,
    quantity_source: String,
    primary_lot_resolution_strategy: String,
    secondary_lot_resolution_strategy: String,
    material_source: String,
    is_enabled: bool,
    source_location: Option<PlaceShown>,
    destination_location: Option<PlaceShown>,
    material: Option<ProductShown>,
    secondary_material: Option<ProductShown>,
    unit_of_measure: Option<String>,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let after = OperationId(call.cursor()?.unwrap_or(0));
    let location = call.query("location").map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty());
    let now = call.request()?.now;
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let asked = match location {
                Some(text) => Some(vec![LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?)]),
                None => None,
            };
            let places = visible(asked, &reach, &structure);
            let mut found = operation::page(conn, tenant, places.as_deref(), after, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = found.last().filter(|_| has_more).map(|last| cursor_of(last.id.0));

            let open = found.iter().map(|one| one.state.run).filter(|run| run.0 != 0).collect::<Vec<_>>();
            let runs = run::by_ids(conn, tenant, &open)?;
            let runs = show_all(conn, tenant, runs, &structure)?;
            let mut runs: BTreeMap<i64, RunShown> = runs.into_iter().map(|run| (run.id, run)).collect();
            let paths: BTreeSet<String> = found.iter().filter(|one| one.state.is_open()).flat_map(tags_of).collect();
            let tags = operation::tags(conn, tenant, paths.iter().map(String::as_str))?;
            let named = found.iter().flat_map(|one| [one.material, one.secondary_material]);
            let named: BTreeSet<ProductId> = named.filter(|id| id.0 != 0).collect();
            let products: BTreeMap<ProductId, lotbook_domain::catalog::Product> =
                catalog::products(conn, tenant, named)?.into_iter().map(|product| (product.id, product)).collect();

            let ahead = zone::ahead_of_utc(now, &structure.settings.time_zone());
            let place = |id: LocationId| {
                (id.0 != 0).then(|| PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) })
            };
            let product = |id: ProductId| {
                products.get(&id).map(|product| ProductShown {
                    id: id.0,
                    identifier: product.identifier.clone(),
                    name: product.name.clone(),
                })
            };
            let mut items = Vec::with_capacity(found.len());
            for one in found {
                let (so_far, so_far_fault) = match so_far(&one, &tags, now, ahead) {
                    None => (None, None),
                    Some(Ok(quantity)) => (Some(Number(quantity.0)), None),
                    Some(Err(why)) => (None, Some(why)),
                };
                let problems = by_field(readiness(&one));
                let warnings = by_field(warnings(&one));
                let unit = (!one.takes_base_unit).then(|| structure.catalog.units.get(&one.unit).cloned()).flatten();
                items.push(Shown {
                    status: one.state.status,
                    fault: one.state.fault,
                    run: runs.remove(&one.state.run.0),
                    so_far,
                    so_far_fault,
                    problems,
                    warnings,
                    operation: OperationShown {
                        id: one.id.0,
                        uid: one.uid,
                        name: one.name,
                        operation_type: one.kind,
                        trigger_source: one.trigger_source,
                        quantity_source: one.quantity.0,
                        primary_lot_resolution_strategy: one.primary_lot.0,
                        secondary_lot_resolution_strategy: one.secondary_lot.0,
                        material_source: one.material_source,
                        is_enabled: one.is_enabled,
                        source_location: place(one.source),
                        destination_location: place(one.destination),
                        material: product(one.material),
                        secondary_material: product(one.secondary_material),
                        unit_of_measure: unit,
                    },
                });
            }
            serde_json::to_string(&Page { items, next_cursor }).map_err(|error| Error::Internal(error.to_string()))
        })
        .await?;
    Ok(json_text(StatusCode::OK, page))
}

/// Adds the board to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let place = || {
        nullable(
            json!({"type": "object", "properties": {"id": {"type": "integer"}, "path": text()}, "required": ["id", "path"]}),
        )
    };
    let product = || {
        nullable(json!({
            "type": "object",
            "properties": {"id": {"type": "integer"}, "identifier": text(), "name": text()},
            "required": ["id", "identifier", "name"]
        }))
    };
    api.schema(
        "OperationState",
        json!({
            "type": "object",
            "properties": {
                "operation": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "integer"}, "uid": text(), "name": text(), "operationType": text(),
                        "triggerSource": text(), "quantitySource": text(), "materialSource": text(),
                        "primaryLotResolutionStrategy": text(), "secondaryLotResolutionStrategy": text(),
                        "isEnabled": {"type": "boolean"}, "sourceLocation": place(), "destinationLocation": place(),
                        "material": product(), "secondaryMaterial": product(), "unitOfMeasure": nullable(text())
                    },
                    "required": [
                        "id", "uid", "name", "operationType", "triggerSource", "quantitySource", "materialSource",
                        "primaryLotResolutionStrategy", "secondaryLotResolutionStrategy", "isEnabled", "sourceLocation",
                        "destinationLocation", "material", "secondaryMaterial", "unitOfMeasure"
                    ]
                },
                "status": {"type": "string", "description": "IDLE, RUNNING, COMPLETED, CANCELLED or FAULTED."},
                "fault": nullable(text()),
                "run": nullable(schema_ref("Run")),
                "soFar": {"type": ["number", "null"], "description": "What a stop would move now, by what tags say."},
                "soFarFault": {"type": ["string", "null"], "description": "Why tags do not say how much."},
                "problems": {
                    "type": "object", "additionalProperties": {"type": "array", "items": text()},
                    "description": "What keeps it from being started, by field."
                },
                "warnings": {
                    "type": "object", "additionalProperties": {"type": "array", "items": text()},
                    "description": "What keeps nothing, but may not be what was meant, by field."
                }
            },
            "required": ["operation", "status", "fault", "run", "soFar", "soFarFault", "problems"]
        }),
    );
    api.add(
        "get",
        "/v1/operation-states",
        Operation::new("operations", "listOperationStates", "List how operations stand")
            .about("With the open run, what came together so far, and what is in the way of a start. A constant number of statements.")
            .needs(STOCK_READ)
            .paged()
            .parameters([query("location", "That take from or bring to this location or below.", text())])
            .answers(200, "A page, in the order of ids.", list_of("OperationState")),
    );
}
