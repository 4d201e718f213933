//! `/v1/bookings`.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{BookingId, JournalId, TenantId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{BookingOutcome, RequestBooking};
use lotbook_engine::security::permission::{STOCK_BOOK, STOCK_READ};
use lotbook_engine::table::booking::{self, Booking, KeptFault};
use lotbook_engine::table::entry::BookingFilter;
use lotbook_engine::thing::{Kind, Value, kinds};
use lotbook_engine::worker::Progress;
use lotbook_engine::{Conn, Engine, Error, uid};
use serde::Serialize;

use super::form::{field, refuse_unknown};
use super::reference::{Resolved, find_all, find_text, unknown};
use super::{id_of, reach};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/bookings", get(list).post(request)).route("/v1/bookings/{booking}", get(one))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    uid: String,
    journal: i64,
    state: lotbook_engine::table::booking::BookingState,
    result_code: i64,
    faulted_number: i64,
    progress: Done,
    faults: Vec<KeptFault>,
    entries: i64,
    batch: Option<i64>,
    requested_at: String,
    requested_by: i64,
    finished_at: Option<String>,
}

#[derive(Serialize)]
struct Done {
    done: i64,
    total: i64,
}

fn show(engine: &Engine, tenant: TenantId, booking: Booking) -> Shown {
    let progress = engine.progress(tenant, booking.id).unwrap_or(if booking.finished_at.is_some() {
        Progress { done: booking.entry_count, total: booking.entry_count }
    } else {
        Progress::default()
    });
    Shown {
        id: booking.id.0,
        uid: uid::print(&booking.uid),
        journal: booking.journal.0,
        state: booking.state,
        result_code: booking.result_code,
        faulted_number: booking.faulted_number,
        progress: Done { done: progress.done, total: progress.total },
        faults: booking.faults,
        entries: booking.entry_count,
        batch: (booking.batch.0 != 0).then_some(booking.batch.0),
        requested_at: booking.requested_at.to_string(),
        requested_by: booking.requested_by.0,
        finished_at: booking.finished_at.map(|at| at.to_string()),
    }
}

/// The records that a list field names; `None` where it is not given.
fn ids_of(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    value: &Value,
    name: &'static str,
) -> Result<Option<Vec<i64>>, Error> {
    let values = match value {
        Value::Null => return Ok(None),
        Value::List(values) => values,
        other => {
            let message = format!("is {}; send a list", other.noun());
            return Err(Error::Invalid(vec![Violation::new(name, "wrongType", message)]));
        }
    };
    let asked: Vec<(&Value, i64)> = values.iter().map(|value| (value, 0)).collect();
    let mut ids = Vec::with_capacity(values.len());
    let mut wrong = Vec::new();
    for found in find_all(conn, tenant, kind, &asked)? {
        match found {
            Resolved::Id(id) => ids.push(id),
            Resolved::Unknown(what) => {
                wrong.push(Violation::new(name, unknown(name), format!("there is no {} {what}", kind.noun)));
            }
            Resolved::Absent => {}
        }
    }
    if wrong.is_empty() { Ok(Some(ids)) } else { Err(Error::Invalid(wrong)) }
}

/// What a booking is asked for by.
const FIELDS: [&str; 4] = ["journal", "categories", "locations", "orgUnits"];

async fn request(call: Call) -> Result<Response, Problem> {
    let record = match call.json::<Value>()? {
        Value::Object(record) => record,
        other => return Err(Problem::unreadable(format!("the body is {}; send one booking", other.noun()))),
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_BOOK, &structure)?;
            // A misspelled filter would let everything be booked.
            let mut wrong = Vec::new();
            refuse_unknown(std::slice::from_ref(&record), &FIELDS, &mut wrong);
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let journal = match find_all(conn, tenant, &kinds::JOURNALS, &[(field(&record, "journal"), 0)])?.remove(0) {
                Resolved::Id(id) => JournalId(id),
                Resolved::Unknown(name) => return Err(Error::not_found("journal", name)),
                Resolved::Absent => {
                    let message = "is missing; name the journal to be booked";
                    return Err(Error::Invalid(vec![Violation::new("journal", "required", message)]));
                }
            };
            let categories = ids_of(conn, tenant, &kinds::CATEGORIES, field(&record, "categories"), "categories")?;
            let locations = ids_of(conn, tenant, &kinds::LOCATIONS, field(&record, "locations"), "locations")?;
            let org_units = ids_of(conn, tenant, &kinds::LOCATIONS, field(&record, "orgUnits"), "orgUnits")?;
            let filter = BookingFilter { categories, locations, org_units, ids: None };
            Ok(RequestBooking { journal, filter, reach })
        })
        .await?;
    let answer = call.change(command).await?;
    let outcome: BookingOutcome = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let (engine, tenant) = (call.app.engine.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let id = BookingId(outcome.id);
            Ok(booking::by_id(conn, tenant, id)?.map(|found| show(&engine, tenant, found)))
        })
        .await?;
    // A dry run leaves nothing to be looked at again.
    let body = match shown {
        Some(shown) => serde_json::to_string(&shown).map_err(|_| Problem::internal())?,
        None => answer,
    };
    Ok(json_text(StatusCode::ACCEPTED, body))
}

async fn one(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    let id = id_of("booking", &id)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            booking::by_id(conn, tenant, BookingId(id))?
                .filter(|found| structure.journal(found.journal, &reach).is_some())
                .map(|found| show(&engine, tenant, found))
                .ok_or_else(|| Error::not_found("booking", id))
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
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
    let before = call.cursor()?.unwrap_or(i64::MAX);
    let journal = call.query("journal").map(std::borrow::Cow::into_owned);
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let journal = match journal {
                Some(text) => Some(JournalId(find_text(conn, tenant, &kinds::JOURNALS, &text)?)),
                None => None,
            };
            let mut found = booking::page(conn, tenant, journal, before, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = if has_more { found.last().map(|found| cursor_of(found.id.0)) } else { None };
            let items = found
                .into_iter()
                .filter(|found| structure.journal(found.journal, &reach).is_some())
                .map(|found| show(&engine, tenant, found))
                .collect();
            Ok(Page { items, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}
