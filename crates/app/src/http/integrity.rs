//! `/v1/integrity`: what verifying beside the work has found.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_engine::security::permission::AUDIT_READ;
use lotbook_engine::table::{header, scrub};
use lotbook_engine::verify::Progress;
use serde_json::{Value, json};

use super::call::{Call, json_text};
use super::native::openapi::{Api, Operation};
use super::problem::Problem;
use crate::app::Shared;

/// The route.
pub fn routes() -> Router<Shared> {
    Router::new().route("/v1/integrity", get(show))
}

async fn show(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(AUDIT_READ)?;
    let tenant = call.caller.tenant();
    let (position, last) =
        call.read(move |conn| Ok((header::position(conn, tenant)?, scrub::last(conn, tenant)?))).await?;
    let running = call.app.scrubbing.of(tenant);
    let progress = |Progress { done, total }: Progress| json!({"done": done, "total": total.max(done)});
    let last = match last {
        None => Value::Null,
        Some(last) => {
            // Its figures are whole numbers, so nothing is lost on the way.
            let mut run: Value = serde_json::from_str(&last.report).map_err(|_| Problem::internal())?;
            run["startedAt"] = json!(last.started_at.to_string());
            run["finishedAt"] = json!(last.finished_at.to_string());
            run["isSound"] = json!(last.differences == 0);
            run["differences"] = json!(last.differences);
            run
        }
    };
    let body = json!({
        "isScrubbing": call.app.options.scrub.is_some(),
        "rowsPerSecond": call.app.options.scrub.as_ref().map(|pace| pace.rows_per_second),
        "position": position,
        "running": running.map(|(at, rows)| json!({"startedAt": at.to_string(), "rows": progress(rows)})),
        "lastRun": last,
    });
    Ok(json_text(StatusCode::OK, body.to_string()))
}

/// Adds the operation to the reference.
pub fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let whole = || json!({"type": "integer"});
    let difference = json!({"type": "object", "properties": {"thing": text(), "what": text()}});
    let check = json!({
        "type": "object",
        "properties": {
            "invariant": {"type": "string", "examples": ["I7"]}, "statement": text(), "checked": whole(), "unit": text(),
            "differences": whole(), "named": {"type": "array", "items": difference},
            "notes": {"type": "array", "items": text()}
        }
    });
    api.tag("integrity", "Whether everything that is derived is what the facts say.");
    api.add(
        "get",
        "/v1/integrity",
        Operation::new("integrity", "getIntegrity", "Read what verifying beside the work has found")
            .about(
                "The server verifies by itself where it was started with `--scrub`; `lotbook verify` does at any time. \
                 The last run is known after a restart, too.",
            )
            .needs(AUDIT_READ)
            .answers(
                200,
                "The last run, and the one that is under way.",
                json!({
                    "type": "object",
                    "properties": {
                        "isScrubbing": {"type": "boolean"}, "rowsPerSecond": {"type": ["integer", "null"]},
                        "position": {"type": "integer", "description": "The ledger's end now."},
                        "running": {
                            "type": ["object", "null"],
                            "properties": {"startedAt": text(), "rows": {
                                "type": "object", "properties": {"done": whole(), "total": whole()}
                            }}
                        },
                        "lastRun": {
                            "type": ["object", "null"],
                            "properties": {
                                "startedAt": text(), "finishedAt": text(), "position": whole(), "batches": whole(),
                                "movements": whole(), "isSound": {"type": "boolean"}, "differences": whole(),
                                "checks": {"type": "array", "items": check}
                            }
                        }
                    }
                }),
            ),
    );
}
