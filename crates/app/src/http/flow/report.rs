//! `/v1/stock-card` and `/v1/reports`: what moved a product, and stock looked at from several sides, as JSON
//! page by page, or as a sheet in one piece.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lotbook_engine::Error;
use lotbook_engine::query::stock_card::Mark;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::header;
use lotbook_engine::thing::{Record, Value};
use serde_json::json;

use super::describe::{decimal, nullable, object, text, time, whole};
use crate::app::Shared;
use crate::http::call::{Call, json_text};
use crate::http::download::{download, form};
use crate::http::native::openapi::{Api, Operation, list_of, query};
use crate::http::problem::Problem;
use crate::table::asked::Asked;
use crate::table::report::{self, Report};
use crate::table::sheet::Form;
use crate::table::{card, number, promise, text as text_of};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/stock-card", get(stock_card))
        .route("/v1/available-to-promise", get(promised))
        .route("/v1/reports", get(list))
        .route("/v1/reports/{name}", get(one))
}

/// What says how an answer looks, and not what it tells.
const SHAPE: [&str; 3] = ["format", "limit", "cursor"];

/// What a call asks for.
pub(super) fn asked(call: &Call) -> Asked {
    let words: BTreeMap<String, String> =
        call.queries().into_iter().filter(|(name, _)| !SHAPE.contains(&name.as_str())).collect();
    Asked {
        engine: call.app.engine.clone(),
        tenant: call.caller.tenant(),
        access: Some(call.caller.access.clone()),
        words,
    }
}

/// The numbers that a cursor holds: the position that the pages tell of, and where the last one ended.
fn cursor<const N: usize>(call: &Call) -> Result<Option<[i64; N]>, Problem> {
    let Some(text) = call.query("cursor").filter(|text| !text.is_empty()) else { return Ok(None) };
    let decoded = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let numbers = decoded.and_then(|text| text.split(' ').map(|part| part.parse().ok()).collect::<Option<Vec<i64>>>());
    match numbers.and_then(|numbers| numbers.try_into().ok()) {
        Some(numbers) => Ok(Some(numbers)),
        None => Err(Problem::unreadable("cursor is the nextCursor of the last page, as it was sent")),
    }
}

fn cursor_of<const N: usize>(numbers: Option<[i64; N]>) -> Value {
    numbers.map_or(Value::Null, |numbers| {
        let parts: Vec<String> = numbers.iter().map(i64::to_string).collect();
        text_of(URL_SAFE_NO_PAD.encode(parts.join(" ")))
    })
}

fn answer(items: Vec<Record>, next: Value, more: Vec<(&str, Value)>) -> Response {
    let mut fields: Record = vec![
        ("items".to_owned(), Value::List(items.into_iter().map(Value::Object).collect())),
        ("nextCursor".to_owned(), next),
    ];
    fields.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    json_text(StatusCode::OK, Value::Object(fields).to_json())
}

async fn stock_card(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let asked = asked(&call);
    asked.refuse_unknown(&card::WORDS)?;
    let form = form(&call)?;
    if form != Form::Json {
        return download(&call.app.engine, card::table(&asked), form, "stock-card").await;
    }
    let limit = call.limit()? as usize;
    let from = cursor::<4>(&call)?;
    let page = call
        .read(move |conn| {
            let after = from.map(|[_, at, position, line]| Mark(at, position, line));
            card::page(&asked, conn, from.map(|[known_at, ..]| known_at), after, limit)
        })
        .await?;
    let known_at = from.map_or(page.position, |[known_at, ..]| known_at);
    let next = page.next.map(|Mark(at, position, line)| [known_at, at, position, line]);
    let more = vec![
        ("opening", page.opening),
        ("closing", page.closing),
        ("settledTo", number(page.settled_to)),
        ("position", number(page.position)),
    ];
    Ok(answer(page.items, cursor_of(next), more))
}

async fn promised(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let asked = asked(&call);
    let form = form(&call)?;
    if form != Form::Json {
        return download(&call.app.engine, promise::table(&asked), form, "available-to-promise").await;
    }
    let tenant = asked.tenant;
    let (items, position) =
        call.read(move |conn| Ok((promise::records(&asked, conn)?, header::position(conn, tenant)?))).await?;
    Ok(answer(items, Value::Null, vec![("position", number(position))]))
}

async fn list(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let items = Report::ALL.map(|report| {
        let words = report.words().into_iter().map(text_of).collect();
        vec![("name".to_owned(), text_of(report.name())), ("filters".to_owned(), Value::List(words))]
    });
    Ok(answer(items.into(), Value::Null, Vec::new()))
}

async fn one(Path(name): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_somewhere(STOCK_READ)?;
    let report = Report::named(&name).ok_or_else(|| Error::not_found("report", &name))?;
    let asked = asked(&call);
    let form = form(&call)?;
    if form != Form::Json {
        return download(&call.app.engine, report::table(report, &asked), form, report.name()).await;
    }
    let limit = call.limit()? as usize;
    let from = cursor::<3>(&call)?;
    let page = call
        .read(move |conn| {
            let after = from.map(|[_, one, other]| (one, other));
            report::page(report, &asked, conn, from.map(|[known_at, ..]| known_at), after, limit, false)
        })
        .await?;
    let next = page.next.map(|(one, other)| [page.position, one, other]);
    let more = vec![("settledTo", number(page.settled_to)), ("position", number(page.position))];
    Ok(answer(page.items, cursor_of(next), more))
}

/// Adds the operations.
pub(super) fn describe(api: &mut Api) {
    api.tag("reports", "Stock cards and reports, as JSON page by page, or whole as CSV or a workbook.");
    let format = || {
        query(
            "format",
            "The form; else what `Accept` says. CSV and workbooks hold the whole table.",
            json!({"enum": ["json", "csv", "xlsx"], "default": "json"}),
        )
    };
    let named = |key: &str| object(json!({"id": whole(), key: text()}), &["id"]);
    let place = || object(json!({"id": whole(), "path": text()}), &["id", "path"]);
    let stand = || object(json!({"quantity": decimal(), "value": decimal()}), &["quantity", "value"]);
    api.schema(
        "StockCardLine",
        object(
            json!({
                "id": nullable(whole()), "position": whole(), "kind": text(), "effectiveAt": time(),
                "bookedAt": nullable(time()), "product": named("identifier"), "variant": nullable(named("identifier")),
                "lot": nullable(object(json!({"id": whole(), "uid": text(), "name": text()}), &["id"])),
                "from": place(), "to": place(), "quantity": decimal(), "amount": decimal(),
                "currentAmount": nullable(decimal()), "change": decimal(),
                "runningQuantity": decimal(), "runningValue": decimal(),
                "voucher": nullable(object(json!({"id": whole(), "number": whole()}), &["id", "number"])),
                "run": nullable(text()), "counted": nullable(decimal()), "customer": nullable(whole()),
                "supplier": nullable(whole()), "description": nullable(text()), "reverses": nullable(whole())
            }),
            &["position", "kind", "effectiveAt", "quantity", "amount", "change", "runningQuantity", "runningValue"],
        ),
    );
    let mut card_page = list_of("StockCardLine");
    card_page["properties"]["opening"] = stand();
    card_page["properties"]["closing"] = stand();
    card_page["properties"]["settledTo"] = whole();
    card_page["properties"]["position"] = whole();
    api.add(
        "get",
        "/v1/stock-card",
        Operation::new("reports", "readStockCard", "Everything that moved a product, with running figures")
            .about(
                "In the order of effective time, position and line. Lines without an id are value entries: what \
                 became known later about what a cost pool is worth. `runningValue` is what the valuation says then; \
                 stock of some places of a pool is worth its share of it. `amount` is what a movement was first \
                 booked with, `currentAmount` what it cost or brought by all that is known today. All pages tell of the position that the \
                 first one was read at.",
            )
            .needs(STOCK_READ)
            .paged()
            .parameters([
                query("product", "Of this product; it has to be named.", text()),
                query("variant", "Of this variant.", text()),
                query("lot", "Of this lot or instance.", text()),
                query("location", "At this location or below.", text()),
                query("orgUnit", "At this org unit or below.", text()),
                query("from", "Effective from this time on.", time()),
                query("to", "Effective up to this time.", time()),
                query("asOf", "The same as `to`: the card as it ended then.", time()),
                query("asKnownAt", "As the ledger stood at this position.", whole()),
                format(),
            ])
            .answers(200, "A page.", card_page),
    );
    let step = object(
        json!({
            "at": time(), "booked": decimal(), "incoming": decimal(), "released": decimal(), "projected": decimal(),
            "availableToPromise": decimal()
        }),
        &["at", "projected", "availableToPromise"],
    );
    api.schema(
        "Promise",
        object(
            json!({
                "product": named("identifier"), "variant": nullable(named("identifier")), "unit": nullable(text()),
                "stock": decimal(), "reserved": decimal(), "overdue": decimal(), "quantity": decimal(),
                "promisableAt": nullable(time()), "steps": {"type": "array", "items": step}
            }),
            &["product", "stock", "reserved", "overdue", "steps"],
        ),
    );
    api.add(
        "get",
        "/v1/available-to-promise",
        Operation::new("reports", "readPromise", "What can be promised of a product, by date")
            .about(
                "From now on, at each time at which something changes: what is booked for later, what waiting entries of \
                 Delivery journals bring on their date, and what holds give back when they end. `projected` is what will be \
                 free by then; `availableToPromise` is the least that will be free at any time from then on. What should \
                 have come already (`overdue`) is not counted on.",
            )
            .needs(STOCK_READ)
            .parameters([
                query("product", "Of this product; it has to be named.", text()),
                query("variant", "Of this variant.", text()),
                query("location", "At this location or below.", text()),
                query("orgUnit", "At this org unit or below.", text()),
                query("quantity", "Tell from when on so much can be promised (`promisableAt`).", decimal()),
                format(),
            ])
            .answers(200, "A record for each variant.", list_of("Promise")),
    );
    api.schema(
        "ReportName",
        object(json!({"name": text(), "filters": {"type": "array", "items": text()}}), &["name", "filters"]),
    );
    api.add(
        "get",
        "/v1/reports",
        Operation::new("reports", "listReports", "Which reports there are, and what each may be asked for")
            .needs(STOCK_READ)
            .answers(200, "All of them.", list_of("ReportName")),
    );
    let names: Vec<&str> = Report::ALL.iter().map(|report| report.name()).collect();
    api.add(
        "get",
        "/v1/reports/{name}",
        Operation::new("reports", "readReport", "Read a report")
            .about(
                "`stock`: what stands where, with its value. `valuation`: cost pools, tied to movements (`booked`) and \
                 value entries; `difference` is 0. `ageing`: stock by the time since it came, what came last standing \
                 longest. `turnover`: issues against average value. `abc`: products by what their issues cost. \
                 `dead-stock`: stock of which nothing has left for long. `expiry`: lots by the day on which they \
                 expire. A page ends with the product that fills it.",
            )
            .needs(STOCK_READ)
            .paged()
            .parameters([
                json!({"name": "name", "in": "path", "required": true, "description": "Which.", "schema": {"enum": names}}),
                query("product", "Of this product.", text()),
                query("category", "Of products in this category or below.", text()),
                query("lot", "Of this lot or instance; not for every report.", text()),
                query("location", "At this location or below; not for every report.", text()),
                query("orgUnit", "At this org unit or below.", text()),
                query("asOf", "As of this time; now when left out.", time()),
                query("asKnownAt", "As the ledger stood at this position.", whole()),
                query("from", "turnover, abc: when the period begins; a year before its end if left out.", time()),
                query("by", "ageing, dead-stock: by stock org unit or by location.", json!({"enum": ["orgUnit", "location"]})),
                query(
                    "days",
                    "ageing: where buckets end, 30,60,90,180,365 if left out. dead-stock: idle for so long, 180. \
                     expiry: expiring within so long, 30.",
                    text(),
                ),
                query("a", "abc: A is what makes up so many percent, 80.", whole()),
                query("b", "abc: A and B make up so many percent, 95.", whole()),
                format(),
            ])
            .answers(
                200,
                "A page.",
                json!({
                    "type": "object",
                    "properties": {
                        "items": {"type": "array", "items": {"type": "object"}},
                        "nextCursor": {"type": ["string", "null"]}, "settledTo": whole(), "position": whole()
                    },
                    "required": ["items", "nextCursor", "position"]
                }),
            ),
    );
}
