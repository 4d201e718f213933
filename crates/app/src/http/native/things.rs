//! Catalog records: the same five operations for every kind.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_engine::security::permission::{CATALOG_WRITE, STOCK_READ};
use lotbook_engine::thing::kind::Key;
use lotbook_engine::thing::list::Seen;
use lotbook_engine::thing::{ChangeRecord, CreateRecords, DeleteRecord, Kind, Reference, kinds, list};
use lotbook_engine::write::Command;
use serde_json::json;

use super::super::call::{Call, json_text};
use super::super::flow::reach;
use super::super::problem::Problem;
use super::body;
use super::openapi::{self, Api, Operation};
use super::schema;
use crate::app::Shared;
use crate::bridge;

/// `/v1/units` to `/v1/journals`.
pub fn routes() -> Router<Shared> {
    kinds::ALL.into_iter().fold(Router::new(), |router, kind| {
        router
            .route(
                &format!("/v1/{}", kind.name),
                get(move |call: Call| page(kind, call)).post(move |call: Call| create(kind, call)),
            )
            .route(
                &format!("/v1/{}/{}", kind.name, reference_in_route(kind)),
                get(move |path: Path<String>, call: Call| one(kind, path, call))
                    .patch(move |path: Path<String>, call: Call| change(kind, path, call))
                    .delete(move |path: Path<String>, call: Call| delete(kind, path, call)),
            )
    })
}

/// What somebody needs to change records of a kind.
fn write_permission(kind: &'static Kind) -> &'static str {
    match kind.name {
        "operations" => "INVENTORY_OPERATION.WRITE.SAVE",
        "processes" => "OPERATION.WRITE.SAVE",
        "production-orders" => "PRODUCTION_ORDER.WRITE.SAVE",
        _ => CATALOG_WRITE,
    }
}

/// The path of a location or category may stand in an address as it is, slashes and all.
fn reference_in_route(kind: &Kind) -> &'static str {
    if kind.key == Key::Path { "{*reference}" } else { "{reference}" }
}

async fn page(kind: &'static Kind, call: Call) -> Result<Response, Problem> {
    let (engine, access) = (call.app.engine.clone(), call.caller.access.clone());
    let (tenant, query) = (call.caller.tenant(), call.queries());
    let json = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let seen = Seen::of(kind, &reach(&access, STOCK_READ, &structure)?, &structure);
            list::page(conn, tenant, kind, &query, &seen)
        })
        .await?;
    Ok(json_text(StatusCode::OK, json))
}

async fn one(kind: &'static Kind, Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access) = (call.app.engine.clone(), call.caller.access.clone());
    let tenant = call.caller.tenant();
    let reference = Reference::of_address(&reference);
    let json = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let seen = Seen::of(kind, &reach(&access, STOCK_READ, &structure)?, &structure);
            list::one(conn, tenant, kind, &reference, &seen)
        })
        .await?;
    Ok(body::with_tag(StatusCode::OK, json))
}

async fn create(kind: &'static Kind, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(write_permission(kind))?;
    let (records, is_list) = body::records(&call)?;
    let request = call.request()?;
    let is_dry = request.dry_run;
    let change = CreateRecords { kind, records, is_list };
    let json = bridge::submit(&call.app.engine, request, Command::Change(Box::new(change))).await?;
    if is_list {
        return Ok(json_text(if is_dry { StatusCode::OK } else { StatusCode::CREATED }, json));
    }
    Ok(body::created(kind.name, json, is_dry))
}

async fn change(kind: &'static Kind, Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(write_permission(kind))?;
    let reference = Reference::of_address(&reference);
    let change = ChangeRecord { kind, reference, patch: body::record(&call)?, version: call.version()? };
    Ok(body::with_tag(StatusCode::OK, call.change(change).await?))
}

async fn delete(kind: &'static Kind, Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(write_permission(kind))?;
    let reference = Reference::of_address(&reference);
    let answer = call.change(DeleteRecord { kind, reference, version: call.version()? }).await?;
    Ok(json_text(StatusCode::OK, answer))
}

/// Adds the operations of every kind.
pub fn describe(api: &mut Api) {
    for kind in kinds::ALL {
        describe_kind(api, kind);
    }
}

fn describe_kind(api: &mut Api, kind: &'static Kind) {
    let names = schema::Names::of(kind);
    api.tag(kind.name, kind.about);
    api.schema(&names.shown, schema::shown(kind));
    api.schema(&names.made, schema::made(kind));
    api.schema(&names.changed, schema::changed(kind));
    let (all, single) = (format!("/v1/{}", kind.name), format!("/v1/{}/{{reference}}", kind.name));
    let several = names.several;
    let operation = |verb: &str, what: &str| format!("{verb}{what}");

    let mut filters: Vec<_> = kind
        .fields
        .iter()
        .filter(|field| list::is_filter(field))
        .map(|field| {
            openapi::query(field.name, &format!("Only those with this value. {}", field.about), schema::filter(field))
        })
        .collect();
    filters.extend([
        openapi::query(
            "search",
            "Only those whose name, identifier or barcode contains this.",
            json!({"type": "string"}),
        ),
        openapi::query("modifiedAfter", "Only those changed after this time.", json!({"type": "string"})),
    ]);
    if kind == &kinds::LOCATIONS {
        filters.push(openapi::query("outside", "Also places outside the house.", json!({"type": "boolean"})));
    }
    api.add(
        "get",
        &all,
        Operation::new(kind.name, &operation("list", &several), &format!("List {}", schema::words(&several)))
            .needs(STOCK_READ)
            .parameters(filters)
            .paged()
            .answers(200, "A page of records, in the order of ids.", openapi::list_of(&names.shown)),
    );
    api.add(
        "post",
        &all,
        Operation::new(
            kind.name,
            &operation("create", &several),
            &format!("Create one {} or several, all or none", kind.noun),
        )
        .needs(write_permission(kind))
        .changes()
        .body(openapi::one_or_many(&names.made))
        .answers(
            201,
            "The record, or `items` in the order of the request where a list was sent.",
            json!({"oneOf": [openapi::schema_ref(&names.shown), openapi::items_of(&names.shown)]}),
        ),
    );
    let one = schema::pascal(kind.one);
    api.add(
        "get",
        &single,
        Operation::new(kind.name, &operation("get", &one), &format!("Get one {}", kind.noun))
            .needs(STOCK_READ)
            .by_reference()
            .answers(200, "The record.", openapi::schema_ref(&names.shown)),
    );
    api.add(
        "patch",
        &single,
        Operation::new(
            kind.name,
            &operation("change", &one),
            &format!("Change the fields of one {} that are sent", kind.noun),
        )
        .needs(write_permission(kind))
        .by_reference()
        .changes()
        .versioned()
        .body(openapi::schema_ref(&names.changed))
        .answers(200, "The record as it is then.", openapi::schema_ref(&names.shown)),
    );
    api.add(
        "delete",
        &single,
        Operation::new(
            kind.name,
            &operation("delete", &one),
            &format!("Delete one {} that nothing refers to", kind.noun),
        )
        .needs(write_permission(kind))
        .by_reference()
        .changes()
        .versioned()
        .answers(
            200,
            "It is gone.",
            json!({"type": "object", "properties": {"id": {"type": "integer"}, "deleted": {"type": "boolean"}}}),
        ),
    );
}
