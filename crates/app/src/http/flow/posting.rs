//! `/v1/gl-postings`: balanced documents for the general ledger, each batch in them once.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_engine::general_ledger::post_all;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::{general_ledger, header};
use lotbook_engine::thing::Value;
use serde_json::json;

use super::describe::{decimal, object, text, time, whole};
use super::report::asked;
use crate::app::Shared;
use crate::bridge;
use crate::http::call::{Call, json_text};
use crate::http::download::{download, form};
use crate::http::native::openapi::{Api, Operation, query, schema_ref};
use crate::http::problem::Problem;
use crate::table::general_ledger::{show, table};
use crate::table::sheet::Form;
use crate::table::{number, record};

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/gl-postings", get(list))
}

async fn list(call: Call) -> Result<Response, Problem> {
    // Documents add up all org units, so whoever reads them may see all.
    call.caller.access.require_everywhere(STOCK_READ)?;
    let (engine, tenant) = (call.app.engine.clone(), call.caller.tenant());
    let form = form(&call)?;
    if form != Form::Json {
        let asked = asked(&call);
        let table = bridge::blocking(move || table(&asked)).await?;
        return download(&engine, table, form, "gl-postings").await;
    }
    let after = match call.query("after").as_deref() {
        None | Some("") => 0,
        Some(text) => match text.parse::<i64>() {
            Ok(number) if number >= 0 => number,
            _ => return Err(Problem::unreadable(format!("after is the number of a document, not {text:?}"))),
        },
    };
    let limit = call.limit()?;
    let posting = engine.clone();
    bridge::blocking(move || post_all(&posting, tenant)).await?;
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let found = general_ledger::after(conn, tenant, after, limit)?;
            let next = found.last().map_or(after, |document| document.number);
            let items = found.iter().map(|document| Value::Object(show(document, &structure))).collect();
            let tail = general_ledger::tail(conn, tenant)?;
            Ok(record([
                ("items", Value::List(items)),
                ("next", number(next)),
                ("postedTo", number(tail.position)),
                ("position", number(header::position(conn, tenant)?)),
            ]))
        })
        .await?;
    Ok(json_text(StatusCode::OK, Value::Object(page).to_json()))
}

/// Adds the operation.
pub(super) fn describe(api: &mut Api) {
    let line = object(
        json!({
            "account": text(), "orgUnit": object(json!({"id": whole(), "path": text()}), &["id", "path"]),
            "debit": decimal(), "credit": decimal()
        }),
        &["account", "orgUnit", "debit", "credit"],
    );
    api.schema(
        "GlDocument",
        object(
            json!({
                "number": whole(),
                "kind": {
                    "enum": ["postings", "reclassification"],
                    "description": "What batches came to, or stock that stands in another account from now on."
                },
                "period": text(), "fromPosition": whole(), "toPosition": whole(), "createdAt": time(),
                "lines": {"type": "array", "items": line}
            }),
            &["number", "kind", "period", "fromPosition", "toPosition", "lines"],
        ),
    );
    api.add(
        "get",
        "/v1/gl-postings",
        Operation::new("reports", "readGlPostings", "Read postings for the general ledger, each batch once")
            .about(
                "Reading posts what is new first: the batches since the last document, added up by period (the \
                 setting `glPeriod`), account (`/v1/gl-rules`) and org unit, a balanced document for each period. \
                 Begin with `after=0`, and go on with `after` = the `next` of the last answer; documents never change, \
                 so whoever keeps that number misses none and takes none twice. The stock accounts add up to the \
                 valuation. What was posted stays as it was posted: a changed rule holds for what is posted from \
                 then on, and where a product's stock account became another one, the value that stands in the old one \
                 is moved at the next reading by a document of the kind `reclassification`, dated that day.",
            )
            .needs(STOCK_READ)
            .parameters([
                query("after", "The number of the last document that was read.", whole()),
                query("limit", "At most so many documents.", whole()),
                query("format", "The form; CSV and workbooks hold a line each.", json!({"enum": ["json", "csv", "xlsx"]})),
            ])
            .answers(
                200,
                "Documents.",
                object(
                    json!({
                        "items": {"type": "array", "items": schema_ref("GlDocument")}, "next": whole(), "postedTo": whole(),
                        "position": whole()
                    }),
                    &["items", "next", "postedTo"],
                ),
            ),
    );
}
