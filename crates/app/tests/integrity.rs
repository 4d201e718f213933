//! The server verifies its ledger beside the work, and says what it found.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::time::{Duration, Instant};

use lotbook_engine::{Arg, Store};
use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

fn deliver(admin: &mut Client, count: i64) {
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].clone();
    ok(&admin.post(
        "/v1/entries",
        &json!([{
            "voucher": voucher, "product": "BRIE", "location": "Cellar", "count": count, "costPrice": 2,
            "stockDate": "2026-01-01T00:00:00Z"
        }]),
    ));
}

/// The first run that has seen a position and found so.
fn run_at(admin: &mut Client, position: i64, is_sound: bool) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let run = ok(&admin.get("/v1/integrity"))["lastRun"].clone();
        if run["position"] == position && run["isSound"] == is_sound {
            return run;
        }
        assert!(Instant::now() < until, "waited for 30 s in vain: {run}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn is_told(database: &str) {
    let server = Server::start_on(database, &["--scrub", "--scrub-rate", "1000000", "--scrub-pause", "1"]);
    let mut admin = server.admin();
    ok(&admin.post("/v1/products", &json!({ "identifier": "BRIE", "name": "Brie" })));
    ok(&admin.post("/v1/locations", &json!({ "name": "Cellar" })));
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery", "isAutoBook": true })));
    deliver(&mut admin, 10);
    deliver(&mut admin, -4);
    let run = run_at(&mut admin, 2, true);
    assert_eq!((&run["movements"], &run["checks"][1]["invariant"]), (&json!(2), &json!("I2")));
    // Somebody changes a sum behind the server's back.
    Store::open(database)
        .unwrap()
        .write(|conn| {
            conn.execute("update account set quantity = quantity + $1 where kind = 1", &[Arg::Int(1_000_000)])
        })
        .unwrap();
    let run = run_at(&mut admin, 2, false);
    let named = run["checks"][1]["named"].to_string();
    assert!(named.contains("the stock of BRIE at Cellar"), "{run}");
    let metrics = admin.get("/metrics").text;
    let figure = |name: &str| {
        let line =
            metrics.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}: {metrics}"));
        line.rsplit(' ').next().unwrap().parse::<i64>().unwrap()
    };
    assert!(figure("lotbook_scrub_differences ") > 0 && figure("lotbook_scrub_runs_total ") >= 2);
    assert!(figure("lotbook_scrub_oldest_run_time_seconds ") > 1_700_000_000);
    assert!(server.stop());

    // Whoever starts a server anew knows what was found, also if it does not verify by itself.
    let server = Server::start_on(database, &[]);
    let told = ok(&server.admin().get("/v1/integrity"));
    assert_eq!((&told["isScrubbing"], &told["running"]), (&json!(false), &Value::Null));
    let last = &told["lastRun"];
    assert_eq!((&last["position"], &last["isSound"], &last["movements"]), (&json!(2), &json!(false), &json!(2)));
    assert!(last["checks"][1]["named"].to_string().contains("the stock of BRIE at Cellar"), "{last}");
    assert!(last["finishedAt"].as_str() >= run["finishedAt"].as_str() && last["startedAt"].is_string());
    let metrics = server.client().get("/metrics").text;
    assert!(!metrics.contains("lotbook_scrub_differences 0"), "{metrics}");
}

#[test]
fn what_differs_is_told_on_sqlite() {
    is_told(&Scratch::new().url());
}

#[test]
fn what_differs_is_told_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    is_told(&database.url());
}

#[test]
fn a_server_that_was_not_asked_to_verify_says_so() {
    let server = Server::start();
    let mut admin = server.admin();
    let told = ok(&admin.get("/v1/integrity"));
    assert_eq!((&told["isScrubbing"], &told["lastRun"], &told["position"]), (&json!(false), &Value::Null, &json!(0)));
    support::run_ok(&server.database, &["user", "create", "kim", "--role", "operator"]);
    let mut kim = server.client_with(&server.key("kim"));
    assert_eq!(kim.get("/v1/integrity").status, 403);
}
