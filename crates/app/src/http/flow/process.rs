//! `/v1/processes/{process}/start` and its likes, and what processes did from start to stop.

use std::collections::HashMap;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::id::{LocationId, OrderId, ProcessId, ProcessRecordId, TenantId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{OperateProcess, ProcessOperated, ProcessVerb};
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::process::{self, Record as ProcessRecord, RecordFilter};
use lotbook_engine::table::run::RunStatus;
use lotbook_engine::thing::kept::{Called, called};
use lotbook_engine::thing::{Record, Reference, kinds};
use lotbook_engine::{Conn, Error, uid};
use serde::Serialize;
use serde_json::json;

use super::form::{field, refuse_unknown, time};
use super::movement::PlaceShown;
use super::reach;
use super::reference::find_text;
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::body::record;
use crate::http::native::openapi::{Api, Operation, list_of, query, schema_ref};
use crate::http::problem::Problem;

/// What starting and stopping needs.
pub const EXECUTE: &str = "OPERATION.EXECUTE";

/// What a call asks for.
#[derive(Clone, Copy)]
enum Asked {
    Start,
    Stop,
    SetOrder,
}

pub(super) fn routes() -> Router<Shared> {
    let verbs = [("start", Asked::Start), ("stop", Asked::Stop), ("order", Asked::SetOrder)];
    let routes = verbs.into_iter().fold(Router::new(), |router, (name, asked)| {
        router.route(
            &format!("/v1/processes/{{reference}}/{name}"),
            post(move |path: Path<String>, call: Call| operate(asked, path, call)),
        )
    });
    routes.route("/v1/process-records", get(list))
}

async fn operate(asked: Asked, Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let body = if call.body.is_empty() { Record::new() } else { record(&call)? };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, EXECUTE, &structure)?;
            let mut wrong = Vec::new();
            let known: &[&str] = match asked {
                Asked::Start => &["order", "at"],
                Asked::Stop => &["at"],
                Asked::SetOrder => &["order"],
            };
            let bodies = [body];
            refuse_unknown(&bodies, known, &mut wrong);
            for violation in &mut wrong {
                violation.index = None;
            }
            let [body] = &bodies;
            let order = Reference::of(field(body, "order")).unwrap_or_else(|message| {
                wrong.push(Violation::new("order", "wrongType", message));
                None
            });
            let at = time(field(body, "at"), &structure.settings.time_zone(), None, "at", &mut wrong);
            if matches!(asked, Asked::SetOrder) && !body.iter().any(|(name, _)| name == "order") {
                wrong.push(Violation::new("order", "required", "is missing; name the order, or send null for none"));
            }
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let verb = match asked {
                Asked::Start => ProcessVerb::Start(order),
                Asked::Stop => ProcessVerb::Stop,
                Asked::SetOrder => ProcessVerb::SetOrder(order),
            };
            Ok(OperateProcess { process: Reference::of_address(&reference), verb, at, reach })
        })
        .await?;
    let answer = call.change(command).await?;
    let done: ProcessOperated = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let engine = call.app.engine.clone();
    let body = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let records = process::records_by_ids(conn, tenant, [ProcessRecordId(done.record)])?;
            let record = show_all(conn, tenant, records, &structure)?.pop();
            let orders = called(conn, tenant, &kinds::PRODUCTION_ORDERS, [done.order])?;
            let operations = done.operations.iter();
            let operations: Vec<_> =
                operations.map(|(id, status, fault)| json!({ "id": id, "status": status, "fault": fault })).collect();
            Ok(json!({
                "process": done.process, "status": done.status, "record": record,
                "order": named(done.order, &orders), "operations": operations
            }))
        })
        .await?;
    Ok(json_text(StatusCode::OK, body.to_string()))
}

#[derive(Serialize)]
struct Named {
    id: i64,
    name: Option<String>,
}

fn named(id: i64, called: &HashMap<i64, Called>) -> Option<Named> {
    (id != 0).then(|| Named { id, name: called.get(&id).map(|called| called.name.clone()) })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    uid: String,
    process: Named,
    location: PlaceShown,
    order: Option<Named>,
    status: &'static str,
    started_at: String,
    ended_at: Option<String>,
}

fn show_all(
    conn: &mut Conn,
    tenant: TenantId,
    records: Vec<ProcessRecord>,
    structure: &Structure,
) -> Result<Vec<Shown>, Error> {
    let orders = called(conn, tenant, &kinds::PRODUCTION_ORDERS, records.iter().map(|record| record.order.0))?;
    let path = |id: LocationId| structure.catalog.locations.name_of(id);
    let shown = records.into_iter().map(|record| Shown {
        id: record.id.0,
        uid: uid::print(&record.uid),
        location: PlaceShown { id: record.location.0, path: path(record.location) },
        order: named(record.order.0, &orders),
        process: Named { id: record.process.0, name: Some(record.name) },
        status: record.status.name(),
        started_at: record.started_at.to_string(),
        ended_at: record.ended_at.map(|at| at.to_string()),
    });
    Ok(shown.collect())
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
    let after = ProcessRecordId(call.cursor()?.unwrap_or(0));
    let query = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
    let (of_process, order, status) = (query("process"), query("order"), query("status"));
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut found =
                |kind, text: Option<String>| text.map(|text| find_text(conn, tenant, kind, &text)).transpose();
            let of_process = found(&kinds::PROCESSES, of_process)?.map(ProcessId);
            let order = found(&kinds::PRODUCTION_ORDERS, order)?.map(OrderId);
            let status = status.map(|name| {
                RunStatus::from_name(&name).ok_or_else(|| {
                    let message = format!("there is no status {name:?}; there are RUNNING and COMPLETED");
                    Error::Invalid(vec![Violation::new("status", "unknown", message)])
                })
            });
            let filter = RecordFilter { process: of_process, order, status: status.transpose()?, after };
            let mut found = process::records(conn, tenant, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = if has_more { found.last().map(|record| cursor_of(record.id.0)) } else { None };
            found.retain(|record| reach.includes(structure.catalog.locations.org_unit_of(record.location)));
            Ok(Page { items: show_all(conn, tenant, found, &structure)?, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// Adds the operations on processes to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let moment = || json!({"type": "string", "format": "date-time"});
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let named = || json!({"type": "object", "properties": {"id": {"type": "integer"}, "name": nullable(text())}});
    api.schema(
        "ProcessRecord",
        json!({
            "type": "object",
            "description": "A process from one start to its stop.",
            "properties": {
                "id": {"type": "integer"}, "uid": text(), "process": named(), "order": nullable(named()),
                "location": {"type": "object", "properties": {"id": {"type": "integer"}, "path": text()}},
                "status": {"type": "string", "enum": ["RUNNING", "COMPLETED"]},
                "startedAt": moment(), "endedAt": nullable(moment())
            }
        }),
    );
    api.schema(
        "ProcessOperated",
        json!({
            "type": "object",
            "properties": {
                "process": {"type": "integer"}, "status": text(), "order": nullable(named()),
                "record": nullable(schema_ref("ProcessRecord")),
                "operations": {
                    "type": "array",
                    "description": "The operations that started or stopped with it.",
                    "items": {
                        "type": "object",
                        "properties": {"id": {"type": "integer"}, "status": text(), "fault": nullable(text())}
                    }
                }
            }
        }),
    );
    let order = || json!({"anyOf": [schema_ref("Reference"), {"type": "null"}]});
    for (verb, id, summary, about, properties) in [
        (
            "start",
            "startProcess",
            "Start a process",
            "Opens a record for the order that is named, that its strategy finds, or that was set. Operations whose \
             trigger is PARENT start with it; one that cannot is FAULTED and says why, and the process goes on.",
            json!({"order": order(), "at": nullable(moment())}),
        ),
        (
            "stop",
            "stopProcess",
            "Stop a process",
            "Ends the open record, and the runs of the operations that started with it.",
            json!({"at": nullable(moment())}),
        ),
        (
            "order",
            "setProcessOrder",
            "Set the production order that a process works on",
            "An open record is for it from then on; runs that began keep the order they began with.",
            json!({"order": order()}),
        ),
    ] {
        api.add(
            "post",
            &format!("/v1/processes/{{reference}}/{verb}"),
            Operation::new("processes", id, summary)
                .about(about)
                .needs(EXECUTE)
                .by_reference()
                .changes()
                .body(json!({"type": "object", "properties": properties}))
                .answers(200, "Its new status, and the record.", schema_ref("ProcessOperated")),
        );
    }
    api.add(
        "get",
        "/v1/process-records",
        Operation::new("processes", "listProcessRecords", "List what processes did from start to stop")
            .needs(STOCK_READ)
            .parameters([
                query("process", "Of this process.", text()),
                query("order", "For this production order.", text()),
                query("status", "RUNNING or COMPLETED.", text()),
            ])
            .paged()
            .answers(200, "A page of records, in the order of ids.", list_of("ProcessRecord")),
    );
}
