//! `/v1/feed`: every batch once, in the order of positions, as pages or as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lotbook_domain::id::{LocationId, TenantId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::Reach;
use lotbook_engine::query::feed;
use lotbook_engine::security::Access;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::header::position;
use lotbook_engine::{Conn, Engine, Error};
use serde::Serialize;
use tokio::time::Instant;

use super::{batch, reach};
use crate::app::Shared;
use crate::bridge;
use crate::http::call::{Call, json_text};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/feed", get(tell))
}

/// How often the ledger's end is looked at while somebody waits for it to move; other servers move it too.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A page is waited for at most so long.
const WAIT_S_MAX: u64 = 60;
/// A stream ends after so long, and whoever reads it goes on from the last event in a new one: by then
/// what they may see may have changed.
const STREAM_TIME_MAX: Duration = Duration::from_mins(10);
/// Batches that are read at once for a stream.
const STREAM_PAGE: i64 = 100;

/// A batch as a message to somebody outside.
pub struct Message {
    /// Its position.
    pub position: i64,
    /// Its kind, see [`lotbook_engine::table::header::BatchKind`].
    pub kind: i64,
    /// The batch's ULID.
    pub uid: String,
    /// The message as JSON.
    pub text: String,
}

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: &'a str,
    data: &'a batch::Shown,
}

/// The batches after a position as messages, as somebody may see them who reads stock somewhere.
pub fn messages(
    conn: &mut Conn,
    engine: &Engine,
    access: &Access,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>, Error> {
    let structure = engine.structure(conn, access.tenant)?;
    let units = units_of(access, &structure)?;
    let told = feed::after(conn, access.tenant, after, limit, units.as_deref())?;
    told.into_iter()
        .map(|told| {
            let (position, kind, uid) = (told.header.position, told.header.kind, told.header.uid.clone());
            let shown = batch::show(told, &structure);
            let envelope = Envelope { kind: shown.kind, timestamp: &shown.at, data: &shown };
            let text = serde_json::to_string(&envelope)
                .map_err(|error| Error::Internal(format!("batch {position} cannot be printed: {error}")))?;
            Ok(Message { position, kind, uid, text })
        })
        .collect()
}

/// Refuses a position beyond the ledger's end: whoever read further read another ledger, such as one from before a
/// backup was restored, and would wait until this one has overtaken it without hearing of what it holds.
async fn check_after(reader: &Reader, after: i64) -> Result<(), Problem> {
    let tenant = reader.tenant;
    let newest = bridge::read(&reader.engine, move |conn| position(conn, tenant)).await?;
    if after <= newest {
        return Ok(());
    }
    let message = format!("is {after}; the ledger ends at {newest}, so what was read is of another; begin anew");
    Err(vec![Violation::new("after", "unknownPosition", message)].into())
}

/// The org units whose stock somebody may see; `None` = all.
fn units_of(access: &Access, structure: &Structure) -> Result<Option<Vec<LocationId>>, Error> {
    Ok(match reach(access, STOCK_READ, structure)? {
        Reach::All | Reach::Open => None,
        Reach::Only(units) => Some(units.into_iter().collect()),
    })
}

#[derive(Serialize)]
struct Page {
    items: Vec<batch::Shown>,
    next: i64,
    position: i64,
}

/// Who reads the feed, and of which ledger.
#[derive(Clone)]
struct Reader {
    engine: Arc<Engine>,
    access: Arc<Access>,
    tenant: TenantId,
}

impl Reader {
    /// The batches after a position, as many as a page holds.
    async fn read(&self, after: i64, limit: i64) -> Result<Page, Error> {
        let reader = self.clone();
        bridge::read(&self.engine, move |conn| {
            let structure = reader.engine.structure(conn, reader.tenant)?;
            let units = units_of(&reader.access, &structure)?;
            let told = feed::after(conn, reader.tenant, after, limit, units.as_deref())?;
            let next = told.last().map_or(after, |told| told.header.position);
            let items = told.into_iter().map(|told| batch::show(told, &structure)).collect();
            Ok(Page { items, next, position: position(conn, reader.tenant)? })
        })
        .await
    }

    /// Waits until the ledger has grown beyond a position; whether it has.
    async fn wait(&self, after: i64, until: Instant) -> Result<bool, Error> {
        let tenant = self.tenant;
        loop {
            if bridge::read(&self.engine, move |conn| position(conn, tenant)).await? > after {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

async fn tell(call: Call) -> Result<Response, Problem> {
    let reader =
        Reader { engine: call.app.engine.clone(), access: call.caller.access.clone(), tenant: call.caller.tenant() };
    reader.access.require_somewhere(STOCK_READ)?;
    let accepted = call.parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepted.contains("text/event-stream") {
        let last = call.parts.headers.get("last-event-id").and_then(|value| value.to_str().ok());
        let after = match last {
            Some(text) => number(text, "Last-Event-ID")?,
            None => asked(&call, "after")?,
        };
        check_after(&reader, after).await?;
        return Ok(stream(reader, after));
    }
    let after = asked(&call, "after")?;
    check_after(&reader, after).await?;
    let wait = Duration::from_secs(asked(&call, "wait")?.unsigned_abs().min(WAIT_S_MAX));
    if !wait.is_zero() {
        reader.wait(after, Instant::now() + wait).await?;
    }
    let page = reader.read(after, call.limit()?).await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

fn asked(call: &Call, name: &'static str) -> Result<i64, Problem> {
    call.query(name).map_or(Ok(0), |text| number(&text, name))
}

fn number(text: &str, name: &str) -> Result<i64, Problem> {
    match text.trim().parse::<i64>() {
        Ok(number) if number >= 0 => Ok(number),
        _ => Err(Problem::unreadable(format!("{name} is a number from 0 on, not {text:?}"))),
    }
}

/// What is still to be sent of a page, and after which position the next one begins.
struct Streaming {
    reader: Reader,
    after: i64,
    ready: VecDeque<Event>,
    until: Instant,
}

fn stream(reader: Reader, after: i64) -> Response {
    let until = Instant::now() + STREAM_TIME_MAX;
    let streaming = Streaming { reader, after, ready: VecDeque::new(), until };
    let events = futures_util::stream::unfold(streaming, |mut streaming| async move {
        let event = streaming.next().await?;
        Some((Ok::<Event, Infallible>(event), streaming))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

impl Streaming {
    /// The next event; none when the stream's time is over or the ledger cannot be read, after which the
    /// reader comes again with the id of the last event.
    async fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() {
            if !self.reader.wait(self.after, self.until).await.ok()? {
                return None;
            }
            let page = self.reader.read(self.after, STREAM_PAGE).await.ok()?;
            self.after = page.next;
            for batch in page.items {
                let event = Event::default().id(batch.position.to_string()).event("batch");
                self.ready.push_back(event.json_data(&batch).ok()?);
            }
        }
        self.ready.pop_front()
    }
}
