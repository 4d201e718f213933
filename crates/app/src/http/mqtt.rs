//! `GET /v1/mqtt`: how it goes with the tenant's MQTT broker.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::mqtt;
use serde_json::json;

use super::call::{Call, json_text};
use super::native::openapi::{Api, Operation, schema_ref};
use super::problem::Problem;
use crate::app::Shared;

/// `/v1/mqtt`.
pub fn routes() -> Router<Shared> {
    Router::new().route("/v1/mqtt", get(show))
}

async fn show(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let tenant = call.caller.tenant();
    let session = call.read(move |conn| mqtt::session(conn, tenant, false)).await?.unwrap_or_default();
    let status = call.app.mqtt.status(tenant);
    let is_wanted = status.is_some();
    let status = status.unwrap_or_default();
    let now = call.app.engine.now();
    let shown = json!({
        "isWanted": is_wanted,
        "broker": is_wanted.then_some(status.broker),
        "client": Some(session.client).filter(|client| !client.is_empty()),
        "isLeading": status.is_leading,
        "isConnected": status.is_connected,
        "connectedSince": status.since.filter(|_| status.is_connected).map(|at| at.to_string()),
        "leasedBy": Some(session.leased_by).filter(|_| session.leased_until > now),
        "filters": status.filters,
        "publishPrefix": status.prefix,
        "publishedPosition": session.published,
        "received": status.received,
        "accepted": status.accepted,
        "ignored": status.ignored,
        "repeated": status.repeated,
        "unreadable": status.unreadable,
        "unreadableBecause": status.unreadable_because,
        "published": status.published,
        "failures": status.failures,
        "lastFault": status.fault.map(|(at, fault)| json!({ "at": at.to_string(), "message": fault })),
    });
    Ok(json_text(StatusCode::OK, shown.to_string()))
}

/// Adds the operation on MQTT to the reference.
pub fn describe(api: &mut Api) {
    let nullable = |of: &str| json!({ "type": [of, "null"] });
    let count = |about: &str| json!({ "type": "integer", "description": about });
    api.schema(
        "Mqtt",
        json!({
            "type": "object",
            "properties": {
                "isWanted": { "type": "boolean", "description": "Whether the settings name a broker and something to do there." },
                "broker": { "type": ["string", "null"], "description": "The broker, without the password." },
                "client": { "type": ["string", "null"], "description": "The name under which the broker keeps the session." },
                "isLeading": { "type": "boolean", "description": "Whether the server that answers is the one that talks." },
                "isConnected": { "type": "boolean" },
                "connectedSince": { "type": ["string", "null"], "format": "date-time" },
                "leasedBy": { "type": ["string", "null"], "description": "The server that talks." },
                "filters": { "type": "array", "items": { "type": "string" } },
                "publishPrefix": nullable("string"),
                "publishedPosition": { "type": ["integer", "null"], "description": "Up to which position of the ledger inventory was published." },
                "received": count("Messages that came since the server began or the settings changed."),
                "accepted": count("Values of tags taken."),
                "ignored": count("Values that were older than what their tag said last."),
                "repeated": count("Messages that had been taken before, and came once more."),
                "unreadable": count("Messages that hold nothing that a tag can hold."),
                "unreadableBecause": nullable("string"),
                "published": count("Messages that were published."),
                "failures": count("How often the connection broke or could not be made."),
                "lastFault": {
                    "type": ["object", "null"],
                    "properties": { "at": { "type": "string", "format": "date-time" }, "message": { "type": "string" } }
                }
            }
        }),
    );
    api.add(
        "get",
        "/v1/mqtt",
        Operation::new("tags", "getMqtt", "See how it goes with the MQTT broker")
            .needs(STOCK_READ)
            .about(
                "What is taken and published is said by the settings `mqtt.url`, `mqtt.subscriptions` and \
                 `mqtt.publishPrefix`. Messages are taken at least once from the broker and exactly once as tags.",
            )
            .answers(200, "How it goes, as the server that answers sees it.", schema_ref("Mqtt")),
    );
}
