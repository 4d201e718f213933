//! `/v1/operations/{operation}/start` and its likes, and `/v1/tags`, by which machines start and stop them.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::expression::{Expression, Number, Quality, Reading, Value as Said, tag_path};
use lotbook_domain::id::{OperationId, RunId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{Operate, Operated, Sample, SetTags, TagsSet, Verb, readiness, warnings};
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::operation::{self, Tag};
use lotbook_engine::table::run;
use lotbook_engine::thing::list::Seen;
use lotbook_engine::thing::{Record, Reference, Value, kinds};
use lotbook_engine::{Error, zone};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::entry::read_reservations;
use super::form::{decimal, field, refuse_unknown, text, time};
use super::reach;
use super::run::{Shown as RunShown, show_all};
use crate::app::Shared;
use crate::http::call::{Call, json_body, json_text};
use crate::http::native::body::{record, records};
use crate::http::native::openapi::{Api, Operation, query, schema_ref};
use crate::http::problem::Problem;

/// What starting, stopping, executing and cancelling needs.
pub const EXECUTE: &str = "INVENTORY_OPERATION.EXECUTE";

/// What seeing the values of tags needs, in the whole tenant.
pub const READ: &str = "INVENTORY_OPERATION.READ.GET";

pub(super) fn routes() -> Router<Shared> {
    let verbs = [("start", Verb::Start), ("stop", Verb::Stop), ("execute", Verb::Execute), ("cancel", Verb::Cancel)];
    let routes = verbs.into_iter().fold(Router::new(), |router, (name, verb)| {
        router.route(
            &format!("/v1/operations/{{reference}}/{name}"),
            post(move |path: Path<String>, call: Call| operate(verb, path, call)),
        )
    });
    routes
        .route("/v1/operations/{reference}/readiness", get(ready))
        .route("/v1/tags", get(list_tags).put(set_tags))
        .route("/v1/expressions/evaluate", post(evaluate))
}

const FIELDS: [&str; 8] =
    ["lot", "secondaryLot", "product", "quantity", "inventoryName", "startedAt", "endedAt", "reservation"];

#[derive(Serialize)]
struct Shown<'a> {
    operation: i64,
    status: String,
    run: Option<&'a RunShown>,
    runs: &'a [RunShown],
}

async fn operate(verb: Verb, Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let body = if call.body.is_empty() { Record::new() } else { record(&call)? };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, EXECUTE, &structure)?;
            let zone = structure.settings.time_zone();
            let mut wrong = Vec::new();
            let body = [body];
            refuse_unknown(&body, &FIELDS, &mut wrong);
            let reservation = read_reservations(conn, tenant, &body, &mut wrong)?.pop().flatten();
            for violation in &mut wrong {
                violation.index = None;
            }
            let [body] = &body;
            let mut named = |name: &'static str| match field(body, name) {
                Value::Number(number) => Some(number.clone()),
                other => text(other, None, name, &mut wrong),
            };
            let (lot, secondary_lot, product) = (named("lot"), named("secondaryLot"), named("product"));
            let said = lotbook_engine::command::Said {
                lot,
                secondary_lot,
                product,
                quantity: decimal(field(body, "quantity"), None, "quantity", &mut wrong).map(Quantity),
                inventory_name: text(field(body, "inventoryName"), None, "inventoryName", &mut wrong),
                started_at: time(field(body, "startedAt"), &zone, None, "startedAt", &mut wrong),
                ended_at: time(field(body, "endedAt"), &zone, None, "endedAt", &mut wrong),
                reservation,
                by_clock: false,
            };
            if wrong.is_empty() {
                Ok(Operate { operation: Reference::of_address(&reference), verb, said, reach })
            } else {
                Err(Error::Invalid(wrong))
            }
        })
        .await?;
    let answer = call.change(command).await?;
    let operated: Operated = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    if !operated.faults.is_empty() {
        let told: Vec<String> = operated.faults.iter().map(|(field, message)| format!("{field} {message}")).collect();
        let detail = format!("the operation is FAULTED: {}; mend it and stop it again, or cancel it", told.join("; "));
        return Err(Problem {
            violations: operated
                .faults
                .into_iter()
                .map(|(field, message)| (field, "operationFaulted", message))
                .collect(),
            ..Problem::new(StatusCode::CONFLICT, "operationFaulted", detail)
        });
    }
    let engine = call.app.engine.clone();
    let order = operated.runs;
    let runs = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let ids: Vec<RunId> = order.iter().map(|id| RunId(*id)).collect();
            let runs = run::by_ids(conn, tenant, &ids)?;
            let mut shown = show_all(conn, tenant, runs, &structure)?;
            // The one that answers for it comes first.
            shown.sort_by_key(|run| order.iter().position(|id| *id == run.id));
            Ok(shown)
        })
        .await?;
    let body = Shown { operation: operated.operation, status: operated.status, run: runs.first(), runs: &runs };
    json_body(StatusCode::OK, &body)
}

/// Messages by the field that they are about.
pub(super) fn by_field(found: Vec<Violation>) -> BTreeMap<String, Vec<String>> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in found {
        fields.entry(one.field.to_owned()).or_default().push(one.message);
    }
    fields
}

async fn ready(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (problems, warned) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let seen = Seen::of(&kinds::OPERATIONS, &reach(&access, STOCK_READ, &structure)?, &structure);
            let reference = Reference::of_address(&reference);
            let id = lotbook_engine::thing::reference::find(conn, tenant, &kinds::OPERATIONS, &reference, 0)?;
            let mut found = operation::by_ids(conn, tenant, [OperationId(id)])?;
            if !seen.includes(conn, tenant, &kinds::OPERATIONS, id)? {
                found.clear();
            }
            let found = found.pop().ok_or_else(|| Error::not_found("operation", &reference))?;
            Ok((by_field(readiness(&found)), by_field(warnings(&found))))
        })
        .await?;
    let body = json!({ "ready": problems.is_empty(), "problems": problems, "warnings": warned });
    Ok(json_text(StatusCode::OK, body.to_string()))
}

/// A value of JSON, as a tag holds it.
fn read_value(value: &Value) -> Result<Said, String> {
    Ok(match value {
        Value::Null => Said::Null,
        Value::Bool(yes) => Said::Bool(*yes),
        Value::Number(text) => {
            Said::Number(Number::parse(text).ok_or_else(|| format!("is {text}, which leaves the range"))?)
        }
        Value::Text(text) => Said::Text(text.clone()),
        other => return Err(format!("is {}; a tag holds true, false, a number, a text or null", other.noun())),
    })
}

/// A value as JSON; a number as it is written, not through a binary float.
fn show_value(value: &Said) -> Box<RawValue> {
    let text = match value {
        Said::Null => "null".to_owned(),
        Said::Bool(yes) => yes.to_string(),
        Said::Number(number) => number.to_string(),
        Said::Text(text) => json!(text).to_string(),
        Said::Time(at) => json!(at.to_string()).to_string(),
    };
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Reads samples; a tag that names no time said it now.
fn read_samples(records: &[Record], now: Time, zone: &str, wrong: &mut Vec<Violation>) -> Vec<Sample> {
    refuse_unknown(records, &["path", "value", "quality", "time"], wrong);
    let mut samples = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let at = Some(index);
        let Some(path) = text(field(record, "path"), at, "path", wrong) else {
            wrong.push(Violation::at(index, "path", "required", "is missing; name the tag as [provider]Path/To/Tag"));
            continue;
        };
        let Some(path) = tag_path(&path) else {
            let message = format!("is {path:?}; name the tag as [provider]Path/To/Tag");
            wrong.push(Violation::at(index, "path", "wrongPath", message));
            continue;
        };
        let value = match read_value(field(record, "value")) {
            Ok(value) => value,
            Err(message) => {
                wrong.push(Violation::at(index, "value", "wrongType", message));
                continue;
            }
        };
        let quality = match text(field(record, "quality"), at, "quality", wrong) {
            None => Quality::Good,
            Some(name) => Quality::named(&name).unwrap_or_else(|| {
                let message = format!("is {name:?}; send good, uncertain or bad");
                wrong.push(Violation::at(index, "quality", "unknown", message));
                Quality::Bad
            }),
        };
        let said_at = time(field(record, "time"), zone, at, "time", wrong);
        samples.push(Sample {
            path,
            reading: Reading { value, quality, why: None },
            at: said_at.unwrap_or(now),
            is_arrival: said_at.is_none(),
        });
    }
    samples
}

async fn set_tags(call: Call) -> Result<Response, Problem> {
    let (records, _) = records(&call)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let now = call.request()?.now;
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            access.require_everywhere(EXECUTE)?;
            let mut wrong = Vec::new();
            let samples = read_samples(&records, now, &structure.settings.time_zone(), &mut wrong);
            if wrong.is_empty() { Ok(SetTags { samples }) } else { Err(Error::Invalid(wrong)) }
        })
        .await?;
    let answer = call.change(command).await?;
    let set: TagsSet = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&set).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
struct TagShown {
    path: String,
    value: Box<RawValue>,
    quality: &'static str,
    time: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TagPage {
    items: Vec<TagShown>,
    next_after: Option<String>,
}

fn show_tag((path, tag): (String, Tag)) -> TagShown {
    TagShown {
        path,
        value: show_value(&tag.reading.value),
        quality: tag.reading.quality.name(),
        time: tag.at.to_string(),
    }
}

async fn list_tags(call: Call) -> Result<Response, Problem> {
    // What machines say belongs to no org unit, and is shown to whoever may see operations everywhere.
    call.caller.access.require_everywhere(READ)?;
    let tenant = call.caller.tenant();
    let limit = call.limit()?;
    let owned = |name: &str| call.query(name).map(std::borrow::Cow::into_owned).unwrap_or_default();
    let (search, after) = (owned("search"), owned("after"));
    let page = call
        .read(move |conn| {
            let mut found = operation::page_of_tags(conn, tenant, &search, &after, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_after = found.last().filter(|_| has_more).map(|(path, _)| path.clone());
            Ok(TagPage { items: found.into_iter().map(show_tag).collect(), next_after })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// What an expression sees when it is tried out.
struct Trial {
    tags: BTreeMap<String, Reading>,
    now: Time,
    ahead: i64,
}

impl lotbook_domain::expression::Surroundings for Trial {
    fn tag(&self, path: &str) -> Reading {
        self.tags.get(path).cloned().unwrap_or_else(|| Reading::bad("never said anything"))
    }

    fn now(&self) -> Time {
        self.now
    }

    fn ahead_of_utc(&self, _: Time) -> i64 {
        self.ahead
    }
}

#[derive(Serialize)]
struct Evaluated {
    value: Box<RawValue>,
    quality: &'static str,
    message: Option<String>,
    tags: BTreeMap<String, Box<RawValue>>,
}

async fn evaluate(call: Call) -> Result<Response, Problem> {
    let body = record(&call)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let now = call.request()?.now;
    let answer = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            reach(&access, STOCK_READ, &structure)?;
            let sees_tags = access.may_everywhere(READ);
            let mut wrong = Vec::new();
            let records = [body];
            refuse_unknown(&records, &["expression", "tags"], &mut wrong);
            let [body] = &records;
            let source = text(field(body, "expression"), None, "expression", &mut wrong).unwrap_or_default();
            let mut instead = BTreeMap::new();
            if let Value::Object(tags) = field(body, "tags") {
                for (path, value) in tags {
                    match (tag_path(path), read_value(value)) {
                        (Some(path), Ok(value)) => drop(instead.insert(path, Reading::good(value))),
                        (None, _) => wrong.push(Violation::new("tags", "wrongPath", format!("{path:?} is no tag"))),
                        (_, Err(message)) => wrong.push(Violation::new("tags", "wrongType", message)),
                    }
                }
            }
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let expression = match Expression::parse(&source) {
                Ok(expression) => expression,
                Err(fault) => {
                    let answer = json!({
                        "fault": { "at": fault.at, "expected": fault.expected, "found": fault.found },
                        "message": fault.to_string()
                    });
                    return Ok(answer.to_string());
                }
            };
            let named = expression.tags().iter().map(String::as_str).filter(|_| sees_tags);
            let known = operation::tags(conn, tenant, named)?;
            let mut tags: BTreeMap<String, Reading> =
                known.into_iter().map(|(path, tag)| (path, tag.reading)).collect();
            tags.extend(instead);
            let ahead = zone::ahead_of_utc(now, &structure.settings.time_zone());
            let trial = Trial { tags, now, ahead };
            let reading = expression.evaluate(&trial);
            let seen = |path: &String| trial.tags.get(path).map_or(&Said::Null, |tag| &tag.value);
            let evaluated = Evaluated {
                value: show_value(&reading.value),
                quality: reading.quality.name(),
                tags: expression.tags().iter().map(|path| (path.clone(), show_value(seen(path)))).collect(),
                message: reading.why,
            };
            serde_json::to_string(&evaluated).map_err(|error| Error::Internal(error.to_string()))
        })
        .await?;
    Ok(json_text(StatusCode::OK, answer))
}

/// Adds the operations on operations and tags to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let moment = || json!({"type": "string", "format": "date-time"});
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    api.schema(
        "OperationSaid",
        json!({
            "type": "object",
            "description": "What is said goes before what is configured.",
            "properties": {
                "lot": nullable(text()), "secondaryLot": nullable(text()), "product": nullable(text()),
                "quantity": schema_ref("DecimalToSend"), "inventoryName": nullable(text()),
                "startedAt": nullable(moment()), "endedAt": nullable(moment()),
                "reservation": json!({"anyOf": [schema_ref("Reference"), {"type": "null"}], "description": "What it takes is taken of this reservation, as far as that is open. What a start names counts at its stop, unless that names another; while it runs, and where it is cancelled, the reservation stays as it is."})
            }
        }),
    );
    api.schema(
        "Operated",
        json!({
            "type": "object",
            "properties": {
                "operation": {"type": "integer"}, "status": text(), "run": nullable(schema_ref("Run")),
                "runs": {"type": "array", "items": schema_ref("Run")}
            }
        }),
    );
    for (verb, id, summary, about) in [
        (
            "start",
            "startOperation",
            "Start an operation",
            "Finds or makes the lots and opens a run; nothing moves yet.",
        ),
        (
            "stop",
            "stopOperation",
            "Stop an operation",
            "Ends the open run and moves its quantity. Where the stock refuses, 409 `operationFaulted` says why, the run stays \
             open, and a later stop tries again.",
        ),
        ("execute", "executeOperation", "Start and stop an operation at once", "Of one that runs, it is a stop."),
        ("cancel", "cancelOperation", "Cancel an operation", "Ends the open run; nothing moves."),
    ] {
        api.add(
            "post",
            &format!("/v1/operations/{{reference}}/{verb}"),
            Operation::new("operations", id, summary)
                .about(about)
                .needs(EXECUTE)
                .by_reference()
                .changes()
                .body(schema_ref("OperationSaid"))
                .answers(200, "Its new status, and the run.", schema_ref("Operated")),
        );
    }
    let problems = json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}});
    api.add(
        "get",
        "/v1/operations/{reference}/readiness",
        Operation::new("operations", "operationReadiness", "What keeps an operation from being started")
            .needs(STOCK_READ)
            .by_reference()
            .answers(
                200,
                "Problems, which keep it from being started, and warnings, which do not; by field.",
                json!({
                    "type": "object",
                    "properties": {"ready": {"type": "boolean"}, "problems": problems, "warnings": problems}
                }),
            ),
    );
    api.tag("tags", "What machines say, and what follows from it.");
    let any = json!({"type": ["boolean", "number", "string", "null"]});
    api.schema(
        "Tag",
        json!({
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "`[provider]Path/To/Tag`."}, "value": any,
                "quality": {"type": "string", "enum": ["good", "uncertain", "bad"], "default": "good"},
                "time": nullable(moment())
            },
            "required": ["path"]
        }),
    );
    api.add(
        "put",
        "/v1/tags",
        Operation::new("tags", "setTags", "Tell what tags say")
            .about("In the order of their times; what is older than a tag's last value is ignored. Edges start and stop operations.")
            .needs(EXECUTE)
            .changes()
            .body(json!({"type": "array", "maxItems": 100_000, "items": schema_ref("Tag")}))
            .answers(
                200,
                "How many samples counted.",
                json!({"type": "object", "properties": {"accepted": {"type": "integer"}, "ignored": {"type": "integer"}}}),
            ),
    );
    let page = json!({
        "type": "object",
        "properties": {"items": {"type": "array", "items": schema_ref("Tag")}, "nextAfter": nullable(text())}
    });
    api.add(
        "get",
        "/v1/tags",
        Operation::new("tags", "listTags", "List tags by path")
            .about("Tags belong to no org unit: the permission has to hold in the whole tenant.")
            .needs(READ)
            .parameters([
                query("search", "Only those whose path contains this.", text()),
                query("after", "Only those whose path comes after this; `nextAfter` of the page before.", text()),
                query("limit", "At most so many.", json!({"type": "integer"})),
            ])
            .answers(200, "A page.", page),
    );
    let trial = json!({
        "type": "object",
        "properties": {
            "expression": text(),
            "tags": {"type": "object", "description": "Values to try instead of what tags hold.", "additionalProperties": {}}
        },
        "required": ["expression"]
    });
    api.add(
        "post",
        "/v1/expressions/evaluate",
        Operation::new("tags", "evaluateExpression", "Try an expression")
            .about("Changes nothing. Values of tags are seen by whoever may list them. One that cannot be read is answered with `fault`: where, and what could have stood there.")
            .needs(STOCK_READ)
            .body(trial)
            .answers(
                200,
                "Its value, quality, and what it saw.",
                json!({
                    "type": "object",
                    "properties": {
                        "value": {}, "quality": text(), "message": nullable(text()), "tags": {"type": "object"},
                        "fault": {"type": "object", "properties": {"at": {"type": "integer"}, "expected": text(), "found": text()}}
                    }
                }),
            ),
    );
}
