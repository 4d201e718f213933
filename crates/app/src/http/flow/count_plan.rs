//! `/v1/count-plan`: which product is to be counted where and when, by how much of it is used.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::LocationId;
use lotbook_domain::time::Time;
use lotbook_engine::query::count_plan::{PlanFilter, plan};
use lotbook_engine::security::permission::STOCK_COUNT;
use lotbook_engine::thing::kinds;
use serde_json::json;

use super::reference::find_text;
use super::{reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{self, Api, Operation, list_of, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/count-plan", get(show_plan))
}

/// Days from one count to the next, by class, unless something else is asked for.
pub(super) const EVERY: [i64; 3] = [30, 90, 365];
/// Days back from which use decides the class.
pub(super) const USED_DAYS: i64 = 365;

/// A number of days of the query.
fn days(text: Option<&str>, name: &str, otherwise: i64) -> Result<i64, Problem> {
    match text.map(str::parse::<i64>) {
        None => Ok(otherwise),
        Some(Ok(days)) if (1..=36_500).contains(&days) => Ok(days),
        _ => Err(Problem::unreadable(format!("{name} is a number of days from 1 to 36500"))),
    }
}

async fn show_plan(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (limit, from) = (call.limit()?, call.cursor()?.unwrap_or(0).max(0));
    let location = call.query("location").map(std::borrow::Cow::into_owned);
    let every = [
        days(call.query("a").as_deref(), "a", EVERY[0])?,
        days(call.query("b").as_deref(), "b", EVERY[1])?,
        days(call.query("c").as_deref(), "c", EVERY[2])?,
    ];
    let used = days(call.query("days").as_deref(), "days", USED_DAYS)?;
    let is_due_only = match call.query("due").as_deref() {
        None | Some("false") => false,
        Some("" | "true") => true,
        Some(other) => return Err(Problem::unreadable(format!("due is true or false, not {other:?}"))),
    };
    let (items, next) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_COUNT, &structure)?;
            let asked = match location {
                None => vec![LocationId::ROOT],
                Some(text) => vec![LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?)],
            };
            let mut places = visible(Some(asked), &reach, &structure).unwrap_or_default();
            places.retain(|place| place.is_real() && *place != LocationId::IN_TRANSIT);
            let now = engine.now();
            let used_from = Time(now.0 - used * Time::DAY);
            let filter = PlanFilter { places, used_from, every, now, is_due_only };
            let mut found = plan(conn, tenant, &filter, (from, limit + 1))?;
            let next = (found.len() as i64 > limit).then(|| cursor_of(from + limit));
            found.truncate(limit as usize);
            let tree = &structure.catalog.locations;
            let items: Vec<_> = found
                .into_iter()
                .map(|planned| {
                    json!({
                        "product": {"id": planned.product.0, "identifier": planned.identifier},
                        "location": {"id": planned.location.0, "path": tree.name_of(planned.location)},
                        "class": planned.class.name(), "countedAt": planned.counted_at.map(|at| at.to_string()),
                        "dueAt": planned.due_at.to_string(), "isDue": planned.due_at <= now,
                    })
                })
                .collect();
            Ok((items, next))
        })
        .await?;
    Ok(json_text(StatusCode::OK, json!({"items": items, "nextCursor": next}).to_string()))
}

/// Adds the plan to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let operation = |id: &str, summary: &str| Operation::new("count-sheets", id, summary).needs(STOCK_COUNT);
    api.schema(
        "CountPlanned",
        json!({
            "type": "object",
            "properties": {
                "product": reference(), "location": reference(), "class": {"type": "string", "enum": ["A", "B", "C"]},
                "countedAt": nullable(text()), "dueAt": text(), "isDue": {"type": "boolean"}
            }
        }),
    );
    api.add(
        "get",
        "/v1/count-plan",
        operation("planCounts", "What is to be counted when")
            .about(
                "Products that make 80 % of what was used in the last `days` are of class A, the next 15 % B, the rest C. Each class is \
                 counted every so many days; the longest overdue come first, what was never counted before them.",
            )
            .paged()
            .parameters([
                openapi::query("location", "At this location or below.", text()),
                openapi::query("a", "Days from one count to the next of class A.", json!({"type": "integer", "default": EVERY[0]})),
                openapi::query("b", "Of class B.", json!({"type": "integer", "default": EVERY[1]})),
                openapi::query("c", "Of class C.", json!({"type": "integer", "default": EVERY[2]})),
                openapi::query("days", "Days of use that decide the class.", json!({"type": "integer", "default": USED_DAYS})),
                openapi::query("due", "Only what is due now.", json!({"type": "boolean", "default": false})),
            ])
            .answers(200, "A page.", list_of("CountPlanned")),
    );
}
