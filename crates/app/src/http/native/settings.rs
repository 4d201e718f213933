//! Settings and closed periods.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::LocationId;
use lotbook_domain::violation::Violation;
use lotbook_engine::security::permission::{SETTINGS_WRITE, STOCK_READ};
use lotbook_engine::thing::Reference;
use lotbook_engine::thing::list::id_of_cursor;
use lotbook_engine::thing::period::{self, ClosePeriod};
use lotbook_engine::thing::setting::{self, ChangeSetting, SETTINGS};
use serde_json::json;

use super::super::call::{Call, json_text};
use super::super::problem::Problem;
use super::body::{nothing_else, record, take, take_org_unit};
use super::openapi::{self, Api, Operation};
use crate::app::Shared;

/// `/v1/settings`, `/v1/periods`.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/settings", get(list_settings))
        .route("/v1/settings/{key}", get(get_setting).patch(change_setting).put(change_setting))
        .route("/v1/periods", get(list_periods).post(close_period))
}

async fn list_settings(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let tenant = call.caller.tenant();
    Ok(json_text(StatusCode::OK, call.read(move |conn| setting::list(conn, tenant)).await?))
}

async fn get_setting(Path(key): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let tenant = call.caller.tenant();
    let place = call.query("orgUnit").map(|text| Reference::of_address(&text));
    let json = call
        .read(move |conn| {
            let at = place.map(|place| setting::org_unit(conn, tenant, &place)).transpose()?;
            setting::show(conn, tenant, &key, at)
        })
        .await?;
    Ok(json_text(StatusCode::OK, json))
}

async fn change_setting(Path(key): Path<String>, call: Call) -> Result<Response, Problem> {
    let mut fields = record(&call)?;
    let org_unit = take_org_unit(&mut fields)?;
    let value = take(&mut fields, "value");
    nothing_else(&fields, "value and orgUnit")?;
    may_decide(&call, org_unit.clone()).await?;
    let Some(value) = value else {
        let message = "is missing; null goes back to the default";
        return Err(vec![Violation::new("value", "required", message)].into());
    };
    Ok(json_text(StatusCode::OK, call.change(ChangeSetting { key, value, org_unit }).await?))
}

/// Whoever may set something for an org unit need not be allowed to do so for all.
async fn may_decide(call: &Call, org_unit: Option<Reference>) -> Result<(), Problem> {
    let access = std::sync::Arc::clone(&call.caller.access);
    let Some(org_unit) = org_unit.filter(|_| !access.may_everywhere(SETTINGS_WRITE)) else {
        return Ok(access.require_everywhere(SETTINGS_WRITE)?);
    };
    let (engine, tenant) = (std::sync::Arc::clone(&call.app.engine), call.caller.tenant());
    call.read(move |conn| {
        let at: LocationId = setting::org_unit(conn, tenant, &org_unit)?;
        let structure = engine.structure(conn, tenant)?;
        access.require(SETTINGS_WRITE, at, &structure.catalog.locations)
    })
    .await
}

async fn list_periods(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let (tenant, limit) = (call.caller.tenant(), call.limit()?);
    let after = match call.query("cursor") {
        None => 0,
        Some(text) => id_of_cursor(&text)
            .ok_or_else(|| Problem::unreadable("cursor is the nextCursor of a list's last page, as it was sent"))?,
    };
    Ok(json_text(StatusCode::OK, call.read(move |conn| period::list(conn, tenant, after, limit)).await?))
}

async fn close_period(call: Call) -> Result<Response, Problem> {
    let mut fields = record(&call)?;
    let org_unit = take_org_unit(&mut fields)?;
    let closed_until = take(&mut fields, "closedUntil");
    nothing_else(&fields, "closedUntil and orgUnit")?;
    may_decide(&call, org_unit.clone()).await?;
    let Some(closed_until) = closed_until else {
        let message = "is missing; null opens everything again";
        return Err(vec![Violation::new("closedUntil", "required", message)].into());
    };
    let json = call.change(ClosePeriod { closed_until, org_unit }).await?;
    Ok(json_text(StatusCode::CREATED, json))
}

/// Adds the operations of settings and periods.
pub fn describe(api: &mut Api) {
    let keys: Vec<String> = SETTINGS.iter().map(|one| format!("- `{}`: {}", one.key, one.about)).collect();
    api.tag(
        "settings",
        &format!(
            "Decisions about the whole tenant or an org unit and what is below it. The newest one holds; `null` goes \
             back to what is said above. Keys that begin with `mes.` or `mqtt.` may hold any JSON.\n\n{}",
            keys.join("\n")
        ),
    );
    api.schema("Setting", setting_schema());
    let org_unit = || openapi::query("orgUnit", "What holds at this org unit.", json!({"type": "string"}));
    api.add(
        "get",
        "/v1/settings",
        Operation::new("settings", "listSettings", "List all settings").needs(STOCK_READ).answers(
            200,
            "The tenant's settings, then the words of org units.",
            openapi::list_of("Setting"),
        ),
    );
    let by_key = |operation: Operation| operation.in_path("key", "Its key.");
    api.add(
        "get",
        "/v1/settings/{key}",
        by_key(Operation::new("settings", "getSetting", "Get one setting"))
            .needs(STOCK_READ)
            .parameters([org_unit()])
            .answers(200, "The setting, and the words of org units.", openapi::schema_ref("Setting")),
    );
    let value = json!({
        "type": "object",
        "properties": {"value": {"description": "What is to hold; null = the default."}, "orgUnit": openapi::schema_ref("Reference")},
        "required": ["value"]
    });
    api.add(
        "patch",
        "/v1/settings/{key}",
        by_key(Operation::new("settings", "changeSetting", "Decide about a setting"))
            .needs(SETTINGS_WRITE)
            .changes()
            .body(value)
            .answers(200, "The setting as it is then.", openapi::schema_ref("Setting")),
    );
    api.tag("periods", "Periods that are closed: nothing is booked at or before `closedUntil`.");
    api.schema("Period", period_schema());
    api.add(
        "get",
        "/v1/periods",
        Operation::new("periods", "listPeriods", "List what was closed, oldest first")
            .needs(STOCK_READ)
            .paged()
            .answers(200, "A page of closings.", openapi::list_of("Period")),
    );
    let body = json!({
        "type": "object",
        "properties": {
            "closedUntil": {"type": ["string", "null"], "examples": ["2026-12-31"], "description": "The last closed day or instant."},
            "orgUnit": openapi::schema_ref("Reference")
        },
        "required": ["closedUntil"]
    });
    api.add(
        "post",
        "/v1/periods",
        Operation::new("periods", "closePeriod", "Close a period").needs(SETTINGS_WRITE).changes().body(body).answers(
            201,
            "The closing.",
            openapi::schema_ref("Period"),
        ),
    );
}

fn setting_schema() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {
            "key": {"type": "string"},
            "value": {"description": "What was decided for the tenant or the org unit."},
            "holds": {"description": "What holds there, decided or not."},
            "orgUnit": {"type": ["object", "null"], "properties": {"id": {"type": "integer"}, "path": {"type": "string"}}},
            "default": {}, "isSet": {"type": "boolean"},
            "since": {"type": "integer", "description": "The ledger position from which it holds."},
            "modifiedAt": {"type": "string", "format": "date-time"},
            "orgUnits": {"type": "array", "items": {"type": "object"}}
        },
        "required": ["key", "value", "orgUnit", "default", "isSet"]
    })
}

fn period_schema() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "integer"}, "closedUntil": {"type": ["string", "null"]},
            "orgUnit": {"type": ["object", "null"], "properties": {"id": {"type": "integer"}, "path": {"type": "string"}}},
            "since": {"type": "integer"}, "closedAt": {"type": "string", "format": "date-time"},
            "closedBy": {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]}}}
        },
        "required": ["id", "closedUntil", "orgUnit", "since", "closedAt", "closedBy"]
    })
}

#[cfg(test)]
mod tests {
    use lotbook_engine::thing::Value;

    use super::*;

    #[test]
    fn a_field_is_taken_out_once() {
        let mut fields = vec![("value".to_owned(), Value::Null), ("x".to_owned(), Value::Bool(true))];
        assert_eq!(take(&mut fields, "value"), Some(Value::Null));
        assert_eq!(take(&mut fields, "value"), None);
        assert!(nothing_else(&fields, "value").is_err());
    }
}
