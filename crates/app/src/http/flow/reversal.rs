//! `/v1/reversals`: undoing what is booked.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use lotbook_domain::id::{BatchId, BookingId, LocationId, LotId, MovementId, ProductId, RunId, TenantId, VariantId};
use lotbook_domain::movement::ValueFactKind;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{Effect, Reverse, ReverseWhat, Reversed, count_of_number};
use lotbook_engine::security::permission::STOCK_REVERSE;
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::Value;
use lotbook_engine::{Conn, Error, table, uid};
use serde::Serialize;

use super::balance::{LotShown, PlaceShown, ProductShown, VariantShown, place};
use super::form::{Number, field, refuse_unknown, text, time, whole};
use super::reach;
use crate::app::Shared;
use crate::http::call::{Call, json_text};
use crate::http::problem::Problem;
use crate::table::names::Names;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/reversals", post(create))
}

async fn create(call: Call) -> Result<Response, Problem> {
    let record = match call.json::<Value>()? {
        Value::Object(record) => record,
        other => return Err(Problem::unreadable(format!("the body is {}; send one reversal", other.noun()))),
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_REVERSE, &structure)?;
            let mut wrong = Vec::new();
            let booking = whole(field(&record, "booking"), None, "booking", &mut wrong);
            let movement = whole(field(&record, "movement"), None, "movement", &mut wrong);
            let count = whole(field(&record, "count"), None, "count", &mut wrong);
            let count_batch = whole(field(&record, "countBatch"), None, "countBatch", &mut wrong);
            let landed = whole(field(&record, "landedCost"), None, "landedCost", &mut wrong);
            let revaluation = whole(field(&record, "revaluation"), None, "revaluation", &mut wrong);
            let known = [
                "booking",
                "movement",
                "run",
                "count",
                "countBatch",
                "landedCost",
                "revaluation",
                "lines",
                "rest",
                "at",
                "reason",
            ];
            refuse_unknown(std::slice::from_ref(&record), &known, &mut wrong);
            let run = match field(&record, "run") {
                Value::Null => None,
                value => Some(run_of(conn, tenant, value)?),
            };
            let lines = match field(&record, "lines") {
                Value::Null => None,
                Value::List(values) => {
                    Some(values.iter().filter_map(|value| whole(value, None, "lines", &mut wrong)).collect())
                }
                other => {
                    wrong.push(Violation::new("lines", "wrongType", format!("is {}; send a list", other.noun())));
                    None
                }
            };
            let rest = match field(&record, "rest") {
                Value::Null => false,
                Value::Bool(rest) => *rest,
                other => {
                    wrong.push(Violation::new("rest", "wrongType", format!("is {}; send true or false", other.noun())));
                    false
                }
            };
            if lines.is_some() && (count.is_some() || count_batch.is_some() || movement.is_some()) {
                let message =
                    "are of a booking, a run, a landedCost or a revaluation; a count or a movement is undone whole";
                wrong.push(Violation::new("lines", "notPossible", message));
            }
            let at = time(field(&record, "at"), &structure.settings.time_zone(), None, "at", &mut wrong);
            let reason = text(field(&record, "reason"), None, "reason", &mut wrong).unwrap_or_default();
            if reason.trim().is_empty() {
                wrong.push(Violation::new("reason", "required", "is missing; say why it is undone"));
            }
            let mut named: Vec<ReverseWhat> = Vec::new();
            named.extend(booking.map(|id| ReverseWhat::Booking(BookingId(id), lines.clone())));
            named.extend(movement.map(|number| ReverseWhat::Movement(MovementId::from_number(number))));
            named.extend(count.map(|number| ReverseWhat::Count(count_of_number(number))));
            named.extend(count_batch.map(|number| ReverseWhat::CountBatch(BatchId(number))));
            named.extend(run.map(|id| ReverseWhat::Run(id, lines.clone())));
            let value = |kind, id| ReverseWhat::Value(kind, BatchId(id), lines.clone());
            named.extend(landed.map(|id| value(ValueFactKind::LandedCost, id)));
            named.extend(revaluation.map(|id| value(ValueFactKind::Revaluation, id)));
            let (Some(what), true) = (named.pop(), named.is_empty()) else {
                let message =
                    "name one booking, movement, run, count, countBatch, landedCost or revaluation to be undone";
                wrong.push(Violation::new("booking", "required", message));
                return Err(Error::Invalid(wrong));
            };
            if wrong.is_empty() { Ok(Reverse { what, rest, at, reason, reach }) } else { Err(Error::Invalid(wrong)) }
        })
        .await?;
    let answer = call.change(command).await?;
    let reversed: Reversed = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let engine = call.app.engine.clone();
    let body = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let effects = show_all(conn, tenant, &structure, &reversed.effects)?;
            let Reversed { batch, position, movements, counts, .. } = reversed;
            Ok(Shown { batch, position, movements, counts, effects })
        })
        .await?;
    Ok(json_text(StatusCode::CREATED, serde_json::to_string(&body).map_err(|_| Problem::internal())?))
}

/// The answer, with what stands where as people name it.
#[derive(Serialize)]
struct Shown {
    batch: i64,
    position: i64,
    movements: Vec<i64>,
    counts: Vec<i64>,
    effects: Vec<EffectShown>,
}

#[derive(Serialize)]
struct EffectShown {
    product: ProductShown,
    variant: Option<VariantShown>,
    lot: Option<LotShown>,
    location: PlaceShown,
    unit: Option<String>,
    before: Number,
    after: Number,
}

fn show_all(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    effects: &[Effect],
) -> Result<Vec<EffectShown>, Error> {
    let keys = effects.iter().map(|one| (ProductId(one.product), VariantId(one.variant), LotId(one.lot)));
    let names = Names::load(conn, tenant, keys)?;
    let shown = effects.iter().map(|one| EffectShown {
        product: names.product(ProductId(one.product)),
        variant: names.variant(VariantId(one.variant)),
        lot: names.lot(LotId(one.lot)),
        location: place(structure, LocationId(one.place)),
        unit: names.unit(ProductId(one.product), structure),
        before: Number(one.before),
        after: Number(one.after),
    });
    Ok(shown.collect())
}

/// The run that a value names: a number is its id, a text its ULID or its id.
fn run_of(conn: &mut Conn, tenant: TenantId, value: &Value) -> Result<RunId, Error> {
    let text = match value {
        Value::Number(text) | Value::Text(text) => text.trim(),
        Value::Object(fields) => return run_of(conn, tenant, field(fields, "id")),
        other => return Err(Error::not_found("run", other.to_json())),
    };
    let found = match (text.parse::<i64>(), uid::parse(text)) {
        (Ok(id), _) => Some(RunId(id)),
        (Err(_), Some(uid)) => table::run::by_uid(conn, tenant, &uid)?.map(|run| run.id),
        (Err(_), None) => None,
    };
    found.ok_or_else(|| Error::not_found("run", text))
}
