//! `/v1/gl-postings`: balanced documents for the general ledger, each batch in them once.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::LocationId;
use lotbook_domain::posting::Side;
use lotbook_domain::violation::Violation;
use lotbook_engine::Error;
use lotbook_engine::general_ledger::{details, post_all};
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::{general_ledger, header};
use lotbook_engine::thing::{Value, kinds};
use serde_json::json;

use super::describe::{decimal, nullable, object, text, time, whole};
use super::id_of;
use super::reference::find_text;
use super::report::asked;
use crate::app::Shared;
use crate::bridge;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::download::{download, form};
use crate::http::native::openapi::{Api, Operation, list_of, query, schema_ref};
use crate::http::problem::Problem;
use crate::table::general_ledger::{show, table};
use crate::table::sheet::Form;
use crate::table::{decimal as exact, names as places, number, number as number_of, record, text as words};

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/gl-postings", get(list)).route("/v1/gl-postings/{number}/lines", get(lines))
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

/// What a document added up: movements and value entries.
async fn lines(Path(number): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(STOCK_READ)?;
    let (engine, tenant) = (call.app.engine.clone(), call.caller.tenant());
    let (number, limit) = (id_of("document", &number)?, call.limit()? as usize);
    let after = call.cursor()?.unwrap_or(0);
    let asked = |name: &str| call.query(name).filter(|text| !text.is_empty()).map(std::borrow::Cow::into_owned);
    let (account, org_unit) = (asked("account"), asked("orgUnit"));
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let document = general_ledger::after(conn, tenant, number.saturating_sub(1), 1)?.pop();
            let document = document.filter(|found| found.number == number);
            let document = document.ok_or_else(|| Error::not_found("document", number))?;
            let side = match (account, org_unit) {
                (None, None) => None,
                (Some(account), Some(text)) => {
                    // What is under way has an org unit of its own that no list knows.
                    let org_unit = match text.parse() {
                        Ok(id) => LocationId(id),
                        Err(_) => LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?),
                    };
                    Some(Side { account, org_unit })
                }
                _ => {
                    let message = "name account and orgUnit together, or neither";
                    return Err(Error::Invalid(vec![Violation::new("account", "required", message)]));
                }
            };
            let (found, next) = details(conn, tenant, &structure, &document, side.as_ref(), after, limit)?;
            let end = |side: &Side| {
                let org_unit = places::place(&structure, side.org_unit);
                Value::Object(record([("account", words(side.account.clone())), ("orgUnit", org_unit)]))
            };
            let items = found.iter().map(|detail| {
                let product = [("id", number_of(detail.product.0.0)), ("identifier", words(detail.product.1.clone()))];
                let movement = detail.movement.map_or(Value::Null, |id| number_of(id.number()));
                Value::Object(record([
                    ("position", number_of(detail.position)),
                    ("movement", movement),
                    ("kind", words(detail.kind.name())),
                    ("product", Value::Object(record(product))),
                    ("effectiveAt", words(detail.at.to_string())),
                    ("debit", end(&detail.debit)),
                    ("credit", end(&detail.credit)),
                    ("amount", exact(detail.amount)),
                ]))
            });
            Ok(record([
                ("items", Value::List(items.collect())),
                ("nextCursor", next.map_or(Value::Null, |position| words(cursor_of(position)))),
            ]))
        })
        .await?;
    Ok(json_text(StatusCode::OK, Value::Object(page).to_json()))
}

/// Adds the operations.
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
    let side = || {
        object(
            json!({"account": text(), "orgUnit": object(json!({"id": whole(), "path": text()}), &["id", "path"])}),
            &["account", "orgUnit"],
        )
    };
    api.schema(
        "GlLine",
        object(
            json!({
                "position": whole(), "movement": nullable(whole()), "kind": text(),
                "product": object(json!({"id": whole(), "identifier": text()}), &["id", "identifier"]),
                "effectiveAt": time(), "debit": side(), "credit": side(), "amount": decimal()
            }),
            &["position", "movement", "kind", "product", "effectiveAt", "debit", "credit", "amount"],
        ),
    );
    api.add(
        "get",
        "/v1/gl-postings/{number}/lines",
        Operation::new("reports", "readGlLines", "Read what a document of the general ledger added up")
            .about(
                "Movements, and value entries (`movement` null), with the accounts that the rules name for them today. \
                 A reclassification has none: nothing moved. A page ends with the batch \
                 that fills it.",
            )
            .needs(STOCK_READ)
            .paged()
            .in_path("number", "The document's number.")
            .parameters([
                query("account", "Of this account; together with orgUnit.", text()),
                query("orgUnit", "Of this org unit; together with account.", text()),
            ])
            .answers(200, "A page.", list_of("GlLine")),
    );
}
