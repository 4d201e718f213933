//! What is sent: vouchers, entries, and what comes back.

use std::fmt::Write;
use std::time::{Duration, Instant};

use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::{BatchId, JournalId, LocationId, ProductId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_engine::command::{CreateEntries, CreateVoucher, RequestBooking, VoucherCreated};
use lotbook_engine::table::header;
use lotbook_engine::tenant;
use lotbook_engine::write::Command;
use serde::Deserialize;

use super::Failure;
use super::client::Client;
use super::site::Site;

/// The day that histories begin: 2024-01-01.
pub const BEGINNING: Time = Time(1_704_067_200_000_000);

/// One entry to be.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The product.
    pub product: ProductId,
    /// The location.
    pub location: LocationId,
    /// When.
    pub at: Time,
    /// How many; negative = out.
    pub count: i64,
    /// Whether it names its cost.
    pub has_cost: bool,
}

/// Many entries, spread evenly over products and locations, a second apart: first a receipt for each of
/// them, then receipts and issues in turn, and never more out than in.
pub fn spread(site: &Site, from: usize, n: usize) -> Vec<Line> {
    let (products, locations) = (site.products.len(), site.locations.len());
    let line = |no: usize| {
        let pass = no / (products * locations);
        let count = if pass == 0 { 5 } else { [5, 1, -2, 7, 3][(no + pass) % 5] };
        Line {
            product: site.products[no % products],
            location: site.locations[no / products % locations],
            at: Time(BEGINNING.0 + no as i64 * 1_000_000),
            count,
            has_cost: count > 0,
        }
    };
    (from..from + n).map(line).collect()
}

/// The body of a call that adds entries.
pub fn entries_body(appendix: i64, lines: &[Line]) -> String {
    let mut body = String::with_capacity(64 + lines.len() * 192);
    let _ = write!(body, "{{\"stockAppendixId\":{appendix},\"stockDraftEntrySources\":[");
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            body.push(',');
        }
        let _ = write!(
            body,
            "{{\"organizationalUnitId\":-1,\"stockDate\":\"{}\",\"productId\":{},\"productLocationId\":{},\"count\":{}",
            line.at, line.product, line.location, line.count
        );
        if line.has_cost {
            body.push_str(",\"costPrice\":{\"value\":1.85}");
        }
        body.push('}');
    }
    body.push_str("]}");
    body
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Appendix {
    appendix_id: i64,
}

/// Opens an appendix.
pub async fn open_appendix(client: &mut Client, journal: JournalId) -> Result<i64, Failure> {
    let body = format!("{{\"stockDraftId\":{journal}}}");
    let made: Appendix = client.call("inventory/StockAppendicies/CreateStockAppendix", &body).await?;
    Ok(made.appendix_id)
}

/// The call that adds entries.
pub const CREATE_ENTRIES: &str = "inventory/StockDraftEntry/CreateStockDraftEntries";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    book_operation_result: Option<Requisition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requisition {
    requisition_id: i64,
    state: State,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    state: String,
    result_code: String,
    html_error_message: String,
}

impl State {
    /// Whether it is booked; the error where it never will be.
    fn is_booked(&self) -> Result<bool, Failure> {
        match (self.state.as_str(), self.result_code.as_str()) {
            ("1", "1") => Ok(false),
            ("2", "1") => Ok(true),
            _ => Err(Failure(format!("a booking was rejected: {}", self.html_error_message))),
        }
    }
}

/// Adds entries that are booked as they come, and sees that they were.
pub async fn add_booked(client: &mut Client, body: &str) -> Result<(), Failure> {
    let created: Created = client.call(CREATE_ENTRIES, body).await?;
    match created.book_operation_result {
        Some(requisition) if requisition.state.is_booked()? => Ok(()),
        _ => Err(Failure("a voucher of an auto-book draft was not booked at once".to_owned())),
    }
}

/// Books a draft and waits until it is done, asking every few milliseconds.
pub async fn book(client: &mut Client, journal: JournalId) -> Result<Duration, Failure> {
    #[derive(Deserialize)]
    struct Operation {
        value: State,
    }
    let started = Instant::now();
    let body = format!("{{\"stockDraftId\":{journal}}}");
    let requisition: Requisition = client.call("inventory/StockDraft/BookStockDraftEntries", &body).await?;
    let question = format!("{{\"id\":{}}}", requisition.requisition_id);
    let mut state = requisition.state;
    while !state.is_booked()? {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let found: Operation = client.call("inventory/StockDraft/GetStockBookingOperationState", &question).await?;
        state = found.value;
    }
    Ok(started.elapsed())
}

/// Adds entries to a new voucher and leaves them there: through the engine alone, for what is measured
/// later.
pub fn add_directly(site: &Site, journal: JournalId, lines: &[Line]) -> Result<(), Failure> {
    let create = CreateVoucher { journal, ..CreateVoucher::default() };
    let answer = site.engine.run(site.request(), Command::CreateVoucher(create))?;
    let made: VoucherCreated = serde_json::from_str(&answer)
        .map_err(|error| Failure(format!("the answer about a voucher is unreadable: {error}")))?;
    let entries = lines
        .iter()
        .map(|line| EntryDraft {
            org_unit: Some(LocationId::ROOT),
            effective_at: Some(line.at),
            product: Some(line.product),
            location: Some(line.location),
            count: Some(Quantity(line.count * 1_000_000)),
            cost_price: line.has_cost.then_some(UnitCost(1_850_000)),
            ..EntryDraft::default()
        })
        .collect();
    let create = CreateEntries { voucher: made.id.into(), entries, ..CreateEntries::default() };
    site.engine.run(site.request(), Command::CreateEntries(create))?;
    Ok(())
}

/// Books a draft through the engine alone and waits for it.
pub fn book_directly(site: &Site, journal: JournalId) -> Result<(), Failure> {
    site.engine.change(site.request(), RequestBooking { journal, ..RequestBooking::default() })?;
    loop {
        let waiting = site.engine.read(|conn| lotbook_engine::table::booking::waiting_of(conn, tenant::DEFAULT))?;
        if waiting.is_empty() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The batches that were booked last, of at most so many that were written.
pub fn last_batches(site: &Site, n: i64) -> Result<Vec<BatchId>, Failure> {
    let headers = site.engine.read(|conn| {
        let position = header::position(conn, tenant::DEFAULT)?;
        header::after(conn, tenant::DEFAULT, (position - n).max(0), n)
    })?;
    Ok(headers.into_iter().filter(|header| header.lines > 0).map(|header| header.batch).collect())
}

/// The batch that was booked last.
pub fn last_batch(site: &Site) -> Result<BatchId, Failure> {
    let found = site.engine.read(|conn| {
        let position = header::position(conn, tenant::DEFAULT)?;
        header::after(conn, tenant::DEFAULT, position - 1, 1)
    })?;
    found.first().map(|header| header.batch).ok_or_else(|| Failure("nothing was booked".to_owned()))
}
