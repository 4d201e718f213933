//! `POST /script`: what scripts of the shop floor call, by JSON-RPC 2.0.
//!
//! The functions are data ([`function`]), one file a family ([`family`]); dispatch, templates and the
//! reference page follow from their table.
#![allow(clippy::needless_pass_by_value)] // every function of the table gets its arguments as its own
#![allow(clippy::single_match_else)] // both ways out of one question, side by side

pub mod argument;
mod declare;
mod entity;
pub mod family;
pub mod fault;
mod file;
pub mod function;
mod lot_record;
mod permission;
pub mod query;
pub mod reference;
pub mod rpc;
pub mod session;
pub mod shape;
#[cfg(test)]
mod stub;
pub mod transfer;

use std::sync::OnceLock;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use super::call::{Call, json_text};
use super::caller::Caller;
use super::native::openapi::{Api, Operation, header};
use super::problem::Problem;
use crate::app::Shared;

/// The routes of scripts.
pub fn routes() -> Router<Shared> {
    Router::new().route("/script", post(serve)).route("/script/functions", get(list))
}

async fn serve(call: Call) -> Result<Response, Problem> {
    rpc::serve(call).await
}

async fn list(_: Caller) -> Response {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    json_text(StatusCode::OK, DOCUMENT.get_or_init(reference::document).as_str())
}

/// Adds both to the reference.
pub fn describe(api: &mut Api) {
    api.tag("script", "What scripts of the shop floor call: functions by their dotted names, over JSON-RPC 2.0.");
    let call = json!({
        "type": "object",
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"type": ["string", "number", "null"], "description": "Without one, nobody is answered."},
            "method": {"type": "string", "examples": ["system.mes.inventory.operation.getInventoryOperation"]},
            "params": {"type": ["array", "object"], "description": "Arguments in order, or by name."}
        },
        "required": ["jsonrpc", "method"]
    });
    let answer = json!({
        "type": "object",
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"type": ["string", "number", "null"]},
            "result": {},
            "error": {
                "type": "object",
                "properties": {
                    "code": {"type": "integer"},
                    "message": {"type": "string"},
                    "data": {
                        "type": "object",
                        "properties": {
                            "type": {"type": "string", "examples": ["IllegalArgumentException"]},
                            "violations": {"type": "object"}
                        }
                    }
                }
            }
        }
    });
    let one_or_many = |schema: serde_json::Value| json!({"oneOf": [schema, {"type": "array", "items": schema}]});
    api.add(
        "post",
        "/script",
        Operation::new("script", "callScript", "Call functions")
            .about(
                "One call, or a batch of up to 1,000, done one after the other, each by itself. `GET /script/functions` \
                 lists the functions with what each needs. Results and faults come with status 200; calls without an id \
                 alone are answered with 204.",
            )
            .parameters([header(
                "Idempotency-Key",
                "For the whole body: a retry with the same key and body changes nothing anew.",
            )])
            .body(one_or_many(call))
            .answers(200, "Results and faults.", one_or_many(answer)),
    );
    api.add(
        "get",
        "/script/functions",
        Operation::new("script", "listScriptFunctions", "List the functions that scripts can call").answers(
            200,
            "Families of functions with their parameters.",
            json!({"type": "object"}),
        ),
    );
}
