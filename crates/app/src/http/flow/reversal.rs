//! `/v1/reversals`: undoing what is booked.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use lotbook_domain::id::{BookingId, MovementId};
use lotbook_domain::violation::Violation;
use lotbook_engine::Error;
use lotbook_engine::command::{Reverse, ReverseWhat, count_of_number};
use lotbook_engine::security::permission::STOCK_REVERSE;
use lotbook_engine::thing::Value;

use super::form::{field, text, time, whole};
use super::reach;
use crate::app::Shared;
use crate::http::call::{Call, json_text};
use crate::http::problem::Problem;

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
            let at = time(field(&record, "at"), &structure.settings.time_zone(), None, "at", &mut wrong);
            let reason = text(field(&record, "reason"), None, "reason", &mut wrong).unwrap_or_default();
            if reason.trim().is_empty() {
                wrong.push(Violation::new("reason", "required", "is missing; say why it is undone"));
            }
            let what = match (booking, movement, count) {
                (Some(id), None, None) => ReverseWhat::Booking(BookingId(id), lines),
                (None, Some(number), None) => ReverseWhat::Movement(MovementId::from_number(number)),
                (None, None, Some(number)) => ReverseWhat::Count(count_of_number(number)),
                _ => {
                    let message = "name one booking, one movement or one count to be undone";
                    wrong.push(Violation::new("booking", "required", message));
                    return Err(Error::Invalid(wrong));
                }
            };
            if wrong.is_empty() { Ok(Reverse { what, at, reason, reach }) } else { Err(Error::Invalid(wrong)) }
        })
        .await?;
    let answer = call.change(command).await?;
    Ok(json_text(StatusCode::CREATED, answer))
}
