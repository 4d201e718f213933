//! `/v1/counts`: statements of what stood somewhere at a time.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{BatchId, LocationId, LotId, ProductId, VariantId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{CountAnswer, TakeCounts};
use lotbook_engine::query::count::{CountFilter, counts};
use lotbook_engine::security::permission::{STOCK_COUNT, STOCK_READ};
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::{Error, query};
use serde::Serialize;
use serde_json::json;

use super::balance::{LotShown, VariantShown};
use super::entry::read_entries;
use super::form::{Number, field, refuse_unknown};
use super::reference::{find_lot, find_text};
use super::{Parts, names_of, reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{self, Api, Operation, list_of, one_or_many, schema_ref};
use crate::http::problem::Problem;
use crate::table::names::Names;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/counts", get(list).post(create))
}

/// One call counts at most so many.
const COUNTS_MAX: usize = 100_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    id: i64,
    batch: i64,
    position: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    product: ProductShown,
    variant: Option<VariantShown>,
    lot: Option<LotShown>,
    instances: Option<Vec<LotShown>>,
    location: PlaceShown,
    at: String,
    quantity: Number,
    expected: Number,
    difference: Number,
    movement: Option<i64>,
    holds: bool,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
}

#[derive(Serialize)]
struct PlaceShown {
    id: i64,
    path: String,
}

/// What a count speaks of: itself, and the instances of a set.
pub(super) fn parts(answer: &CountAnswer) -> impl Iterator<Item = Parts> + Clone + use<> {
    let (product, variant) = (ProductId(answer.product), VariantId(answer.variant));
    let instances = answer.instances.clone().unwrap_or_default();
    [answer.lot].into_iter().chain(instances).map(move |lot| (product, variant, LotId(lot)))
}

pub(super) fn show(
    answer: CountAnswer,
    index: Option<usize>,
    holds: bool,
    structure: &Structure,
    names: &Names,
) -> Shown {
    Shown {
        id: answer.id,
        batch: answer.batch,
        position: answer.position,
        index,
        product: ProductShown { id: answer.product, identifier: answer.identifier },
        variant: names.variant(VariantId(answer.variant)),
        lot: names.lot(LotId(answer.lot)),
        instances: answer
            .instances
            .map(|instances| instances.into_iter().filter_map(|id| names.lot(LotId(id))).collect()),
        location: PlaceShown {
            id: answer.location,
            path: structure.catalog.locations.name_of(LocationId(answer.location)),
        },
        at: Time(answer.at).to_string(),
        quantity: Number(answer.counted),
        expected: Number(answer.expected),
        difference: Number(answer.counted.saturating_sub(answer.expected)),
        movement: answer.movement,
        holds,
    }
}

/// What a count can have: what is sent, and what answers show beside it, so that an answer can be sent back.
const FIELDS: [&str; 19] = [
    "product",
    "variant",
    "lot",
    "instances",
    "location",
    "orgUnit",
    "quantity",
    "unit",
    "unitCost",
    "at",
    "description",
    "id",
    "batch",
    "position",
    "index",
    "expected",
    "difference",
    "movement",
    "holds",
];

/// A count in the words of an entry: `quantity` is its count, `at` its date, which is now where none is given.
pub(super) fn as_entry(record: Record, now: &str) -> Record {
    let mut entry: Record = record
        .into_iter()
        .map(|(name, value)| {
            let name = match name.as_str() {
                "quantity" => "count".to_owned(),
                "at" => "stockDate".to_owned(),
                "unitCost" => "costPrice".to_owned(),
                _ => name,
            };
            (name, value)
        })
        .collect();
    if *field(&entry, "stockDate") == Value::Null {
        entry.push(("stockDate".to_owned(), Value::Text(now.to_owned())));
    }
    entry
}

/// Violations of an entry, in the words of a count.
pub(super) fn in_words_of_a_count(mut violations: Vec<Violation>) -> Vec<Violation> {
    for violation in &mut violations {
        violation.field = match violation.field {
            "count" => "quantity",
            "stockDate" => "at",
            "costPrice" => "unitCost",
            other => other,
        };
    }
    violations
}

async fn create(call: Call) -> Result<Response, Problem> {
    let (is_list, values) = match call.json::<Value>()? {
        Value::List(values) => (true, values),
        value => (false, vec![value]),
    };
    if values.len() > COUNTS_MAX {
        let message = format!("{} counts are too many for one call; send at most {COUNTS_MAX}", values.len());
        return Err(Problem::from(Error::Invalid(vec![Violation::new("items", "tooMany", message)])));
    }
    let now = call.app.engine.now().to_string();
    let mut sent: Vec<Record> = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(record) => sent.push(record),
            other => return Err(Problem::unreadable(format!("$[{index}] is {}; send a count", other.noun()))),
        }
    }
    let mut wrong = Vec::new();
    refuse_unknown(&sent, &FIELDS, &mut wrong);
    let records: Vec<Record> = sent.into_iter().map(|record| as_entry(record, &now)).collect();
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (command, structure) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_COUNT, &structure)?;
            let (drafts, violations) = read_entries(conn, tenant, &structure, &records)?;
            let mut violations = in_words_of_a_count(violations);
            violations.extend(wrong);
            Ok((TakeCounts { drafts, violations, reach }, structure))
        })
        .await?;
    let answer = call.change(command).await?;
    let answers: Vec<CountAnswer> = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let names = names_of(&call, answers.iter().flat_map(parts)).await?;
    let mut shown: Vec<Shown> = answers
        .into_iter()
        .map(|answer| {
            let index = Some(answer.index);
            show(answer, index, true, &structure, &names)
        })
        .collect();
    // One count of instances may be many statements: of the set, and one for each that was found or missed.
    let body = if is_list || shown.len() != 1 {
        serde_json::to_string(&Items { items: shown })
    } else {
        serde_json::to_string(&shown.pop().ok_or_else(Problem::internal)?)
    };
    Ok(json_text(StatusCode::CREATED, body.map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
struct Items {
    items: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let after = call.cursor()?.unwrap_or(0);
    let asked = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
    let (product, lot, location, batch) = (asked("product"), asked("lot"), asked("location"), asked("batch"));
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter = CountFilter { after, ..CountFilter::default() };
            if let Some(text) = product {
                filter.product = Some(ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?));
            }
            if let Some(text) = lot {
                filter.lot = Some(LotId(find_lot(conn, tenant, &text)?));
            }
            if let Some(text) = batch {
                let number = text.trim().parse().map_err(|_| {
                    let message = format!("is {text:?}; send the number of a batch");
                    Error::Invalid(vec![Violation::new("batch", "wrongType", message)])
                })?;
                filter.batch = Some(BatchId(number));
            }
            let mut places = None;
            if let Some(text) = location {
                places = Some(vec![LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?)]);
            }
            filter.places = visible(places, &reach, &structure);
            let mut found: Vec<query::count::Counted> = counts(conn, tenant, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = found.last().filter(|_| has_more).map(|counted| cursor_of(counted.answer.id));
            let names = Names::load(conn, tenant, found.iter().flat_map(|counted| parts(&counted.answer)))?;
            let items = found
                .into_iter()
                .map(|counted| show(counted.answer, None, counted.holds, &structure, &names))
                .collect();
            Ok(Page { items, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// Adds the operations on counts to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let read_only = |kind: &str| json!({"type": kind, "readOnly": true});
    api.tag("counts", "Statements of what stood somewhere at a time. They hold, whatever is learned later.");
    api.schema(
        "Count",
        json!({
            "type": "object",
            "properties": {
                "id": read_only("integer"), "batch": read_only("integer"), "position": read_only("integer"),
                "product": reference(), "variant": nullable(reference()), "lot": nullable(reference()),
                "instances": {"type": ["array", "null"], "items": reference(), "description": "Of a serial-tracked product: every instance found there. The others were not there. Answers show them with the count of the set, which those of each instance follow; these have a lot instead."},
                "location": reference(), "orgUnit": nullable(reference()),
                "quantity": schema_ref("DecimalToSend"), "unit": nullable(reference()),
                "unitCost": nullable(schema_ref("DecimalToSend")),
                "at": {"type": "string", "format": "date-time", "description": "Now when left out."},
                "description": nullable(text()),
                "expected": {"type": "number", "readOnly": true, "description": "What the ledger said before."},
                "difference": read_only("number"),
                "movement": {"type": ["integer", "null"], "readOnly": true, "description": "What made up the difference."},
                "holds": {"type": "boolean", "readOnly": true, "description": "Whether it was not undone."}
            },
            "required": ["product", "location", "quantity"]
        }),
    );
    api.add(
        "post",
        "/v1/counts",
        Operation::new("counts", "count", "State what was counted")
            .about(
                "The difference to what the ledger says of that time becomes a movement. The count holds: a movement that is \
                 learned later but was effective before it is made up for at the time of the count, in its own batch.",
            )
            .needs(STOCK_COUNT)
            .changes()
            .body(one_or_many("Count"))
            .answers(201, "The count; `items` where a list was sent, or where instances make several.", schema_ref("Count")),
    );
    api.add(
        "get",
        "/v1/counts",
        Operation::new("counts", "listCounts", "List counts")
            .needs(STOCK_READ)
            .paged()
            .parameters([
                openapi::query("product", "Of this product.", text()),
                openapi::query("lot", "Of this lot or instance.", text()),
                openapi::query("location", "At this location or below.", text()),
                openapi::query("batch", "Of this batch: what was counted together.", json!({"type": "integer"})),
            ])
            .answers(200, "A page.", list_of("Count")),
    );
}
