//! `/v1/drafts`: what waits in journals, as figures that a page can ask for every few seconds.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{JournalId, TenantId};
use lotbook_engine::query::entries::totals;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::{self, booking};
use lotbook_engine::thing::kinds;
use lotbook_engine::{Conn, Engine, Error};
use serde::Serialize;

use super::entry::Asked;
use super::form::Number;
use super::reach;
use super::reference::find_text;
use crate::app::Shared;
use crate::http::call::{Call, json_text};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/drafts", get(list)).route("/v1/drafts/{journal}", get(one))
}

/// A booking that is not decided yet.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Running {
    id: i64,
    requested_at: String,
    requested_by: i64,
    done: i64,
    total: i64,
}

#[derive(Serialize)]
struct Summary {
    journal: i64,
    entries: i64,
    booking: Option<Running>,
}

#[derive(Serialize)]
struct Page {
    items: Vec<Summary>,
    #[serde(rename = "nextCursor")]
    next_cursor: Option<String>,
}

fn running(conn: &mut Conn, engine: &Engine, tenant: TenantId) -> Result<BTreeMap<JournalId, Running>, Error> {
    let mut found = BTreeMap::new();
    for booking in booking::waiting_of(conn, tenant)? {
        let progress = engine.progress(tenant, booking.id).unwrap_or_default();
        found.entry(booking.journal).or_insert(Running {
            id: booking.id.0,
            requested_at: booking.requested_at.to_string(),
            requested_by: booking.requested_by.0,
            done: progress.done,
            total: progress.total,
        });
    }
    Ok(found)
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let counts: BTreeMap<JournalId, i64> = table::entry::counts_by_journal(conn, tenant)?.into_iter().collect();
            let mut bookings = running(conn, &engine, tenant)?;
            let mut journals: Vec<JournalId> = structure
                .journals
                .iter()
                .filter(|(_, described)| reach.sees(&described.journal))
                .map(|(id, _)| *id)
                .collect();
            journals.sort();
            let items = journals
                .into_iter()
                .map(|id| Summary {
                    journal: id.0,
                    entries: counts.get(&id).copied().unwrap_or(0),
                    booking: bookings.remove(&id),
                })
                .collect();
            Ok(Page { items, next_cursor: None })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
struct VoucherShown {
    id: i64,
    number: i64,
    entries: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    journal: i64,
    entries: i64,
    /// Σ count.
    count: Number,
    /// Σ count × cost.
    total_cost_price: Number,
    /// The ids that are there, as first and last of each run without gaps, ascending.
    ids: Vec<(i64, i64)>,
    vouchers: Vec<VoucherShown>,
    booking: Option<Running>,
    last_booking: Option<i64>,
}

fn figures(
    conn: &mut Conn,
    engine: &Engine,
    tenant: TenantId,
    (journal, name): (JournalId, &str),
    filter: &table::entry::EntryFilter,
) -> Result<Figures, Error> {
    let mut ids: Vec<(i64, i64)> = Vec::new();
    let mut vouchers: BTreeMap<i64, VoucherShown> = BTreeMap::new();
    let (mut entries, mut count_e6, mut total_e12) = (0, 0_i128, Some(0_i128));
    table::entry::each_figure(conn, tenant, filter, |id, (voucher, number), quantity, cost| {
        match ids.last_mut() {
            Some((_, last)) if *last + 1 == id.0 => *last = id.0,
            _ => ids.push((id.0, id.0)),
        }
        vouchers.entry(voucher.0).or_insert(VoucherShown { id: voucher.0, number, entries: 0 }).entries += 1;
        entries += 1;
        count_e6 += i128::from(quantity.0);
        let worth = i128::from(quantity.0) * i128::from(cost.0);
        total_e12 = total_e12.and_then(|sum| sum.checked_add(worth));
    })?;
    let (count, cost) = totals(name, count_e6, total_e12)?;
    let last = booking::page(conn, tenant, Some(journal), i64::MAX, 1)?.pop();
    Ok(Figures {
        journal: journal.0,
        entries,
        count: Number(count.0),
        total_cost_price: Number(cost.0),
        ids,
        vouchers: vouchers.into_values().collect(),
        booking: running(conn, engine, tenant)?.remove(&journal),
        last_booking: last.map(|booking| booking.id.0),
    })
}

async fn one(Path(journal): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let mut asked = Asked::of(&call);
    asked.journal = Some(journal.clone());
    let figures = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let id = JournalId(find_text(conn, tenant, &kinds::JOURNALS, &journal)?);
            let found = structure.journal(id, &reach).ok_or_else(|| Error::not_found("journal", &journal))?;
            let filter = asked.filter(conn, tenant, &structure, &reach)?;
            figures(conn, &engine, tenant, (id, &found.journal.name), &filter)
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&figures).map_err(|_| Problem::internal())?))
}
