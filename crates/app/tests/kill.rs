//! A server that is killed in the middle of a booking: what it had begun ends once, after the restart.

#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server, run_ok};

const PRODUCTS: usize = 200;
const ENTRIES: usize = 20_000;
/// How long after the request, or after the restart, the server is killed.
const KILLED_AFTER_MS: [u64; 4] = [30, 250, 700, 1_500];
const PATIENCE: Duration = Duration::from_mins(2);

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

fn state_of(admin: &mut Client, booking: i64) -> String {
    ok(&admin.get(&format!("/v1/bookings/{booking}")))["state"].as_str().unwrap().to_owned()
}

/// Asks for a booking of many entries; its id.
fn request_booking(server: &Server) -> i64 {
    let mut admin = server.admin();
    let product = |no: usize| json!({ "identifier": format!("P{no}"), "name": format!("P{no}"), "costPrice": 1.5 });
    ok(&admin.post("/v1/products", &(0..PRODUCTS).map(product).collect()));
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery" })));
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].as_i64().unwrap();
    let entry = |no: usize| json!({ "voucher": voucher, "product": format!("P{}", no % PRODUCTS), "count": 1, "location": "In stock", "stockDate": "2026-01-01T00:00:00Z" });
    ok(&admin.post("/v1/locations", &json!({ "name": "In stock" })));
    ok(&admin.post("/v1/entries", &(0..ENTRIES).map(entry).collect()));
    ok(&admin.post("/v1/bookings", &json!({ "journal": "Deliveries" })))["id"].as_i64().unwrap()
}

fn ends_once(database: &str) {
    let mut server = Server::start_on(database, &[]);
    let booking = request_booking(&server);
    let mut killed_while_waiting = 0;
    for after in KILLED_AFTER_MS {
        std::thread::sleep(Duration::from_millis(after));
        killed_while_waiting += usize::from(state_of(&mut server.admin(), booking) == "waiting");
        // Dropping it is SIGKILL.
        drop(server);
        server = Server::start_on(database, &[]);
    }
    assert!(killed_while_waiting > 0, "the booking was over before the server was killed: book more entries");

    let mut admin = server.admin();
    let started = Instant::now();
    while state_of(&mut admin, booking) == "waiting" {
        assert!(started.elapsed() < PATIENCE, "the booking never ends");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(state_of(&mut admin, booking), "booked");
    let balances = ok(&admin.get("/v1/balances?limit=1000"));
    let items = balances["items"].as_array().unwrap();
    let quantities: Vec<&Value> = items.iter().map(|item| &item["quantity"]).collect();
    assert_eq!(quantities, vec![&json!(ENTRIES / PRODUCTS); PRODUCTS], "each entry is booked once");
    assert_eq!(balances["position"], 1, "there is one batch");
    assert_eq!(ok(&admin.get("/v1/entries?journal=Deliveries"))["items"], json!([]), "none is left in the journal");
    assert!(server.stop());
    run_ok(database, &["verify"]);
}

#[test]
fn a_booking_survives_being_killed_on_sqlite() {
    let scratch = Scratch::new();
    ends_once(&scratch.url());
}

#[test]
fn a_booking_survives_being_killed_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    ends_once(&database.url());
}
