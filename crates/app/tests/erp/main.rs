//! The ERP dialect over HTTP, on both databases.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

mod bad_input;
mod booking;
mod described;
mod entries;
mod neighbours;
mod once;
mod permissions;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::client::Client;

const DESCRIPTORS: &str = "/api/inventory/StockDraft/GetAllStockDraftsDescriptors";
const CREATE_APPENDIX: &str = "/api/inventory/StockAppendicies/CreateStockAppendix";
const CREATE_ENTRIES: &str = "/api/inventory/StockDraftEntry/CreateStockDraftEntries";
const ENTRIES_PAGE: &str = "/api/inventory/StockDraftEntry/GetStockDraftEntriesPage";
const REMOVE: &str = "/api/inventory/StockDraftEntry/RemoveStockDraftEntry";
const CLEAR: &str = "/api/inventory/StockDraft/ClearStockDraft";
const BOOK: &str = "/api/inventory/StockDraft/BookStockDraftEntries";
const STATE: &str = "/api/inventory/StockDraft/GetStockBookingOperationState";
const STOCK_ENTRIES: &str = "/api/inventory/StockEntry/GetStockEntriesPage";
const AVAILABILITY: &str = "/api/inventory/ProductAvailability/GetProductAvailability";

/// Opens an appendix: its id and number.
fn appendix(client: &mut Client, draft: i64) -> (i64, i64) {
    let value = client.post(CREATE_APPENDIX, &format!(r#"{{"stockDraftId":{draft}}}"#)).value();
    (value["appendixId"].as_i64().unwrap(), value["appendixNumber"].as_i64().unwrap())
}

/// A request that adds lines to an appendix.
fn entries_body(appendix: i64, lines: &[String]) -> String {
    format!(r#"{{"stockAppendixId":{appendix},"stockDraftEntrySources":[{}]}}"#, lines.join(","))
}

/// Adds lines to a new appendix of a draft: the reply's value.
fn enter(client: &mut Client, draft: i64, lines: &[String]) -> Value {
    let (appendix, _) = appendix(client, draft);
    client.post(CREATE_ENTRIES, &entries_body(appendix, lines)).value()
}

/// Starts a booking: its id.
fn book(client: &mut Client, draft: i64) -> i64 {
    let value = client.post(BOOK, &format!(r#"{{"stockDraftId":{draft}}}"#)).value();
    value["requisitionId"].as_i64().unwrap()
}

/// Polls a booking until it has ended: its state.
fn ended(client: &mut Client, requisition: i64) -> Value {
    let since = Instant::now();
    loop {
        let found = client.post(STATE, &format!(r#"{{"id":{requisition}}}"#)).value();
        assert_eq!(found["resultCode"], "11");
        if found["value"]["state"] != "1" {
            return found["value"].clone();
        }
        assert!(since.elapsed() < Duration::from_secs(20), "booking {requisition} hangs: {found}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// How many entries wait in a draft.
fn waiting(client: &mut Client, draft: i64) -> i64 {
    let body = json!({"stockDraftId": draft, "count": 0, "includeOverallEntryCount": true});
    client.post(ENTRIES_PAGE, &body.to_string()).value()["overallEntryCount"].as_i64().unwrap()
}

/// What is there of a product, over all places; whole pieces.
fn stock(client: &mut Client, product: i64) -> i64 {
    let list = client.post(AVAILABILITY, &format!(r#"{{"productId":{product}}}"#)).value();
    list.as_array().unwrap().iter().map(|spot| spot["stock"].as_i64().unwrap()).sum()
}
