//! The feed over HTTP: pages, waiting, streams, and who may see what.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

fn furnish(admin: &mut Client) {
    ok(&admin.post("/v1/products", &json!({ "identifier": "BRIE", "name": "Brie" })));
    ok(&admin.post(
        "/v1/locations",
        &json!([
            { "name": "Cellar" }, { "name": "Shop", "type": "orgUnit", "isOrgUnit": true },
            { "name": "Shelf", "parent": "Shop", "type": "shelf" }
        ]),
    ));
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery", "isAutoBook": true })));
}

/// Books a delivery at once.
fn deliver(admin: &mut Client, location: &str, count: i64, cost: f64, day: u32) {
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].as_i64().unwrap();
    let unit = location.starts_with("Shop").then_some("Shop");
    ok(&admin.post(
        "/v1/entries",
        &json!([{
            "voucher": voucher, "product": "BRIE", "location": location, "orgUnit": unit, "count": count,
            "costPrice": cost, "stockDate": format!("2026-01-{day:02}T00:00:00Z")
        }]),
    ));
}

fn positions(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["position"].as_i64().unwrap()).collect()
}

fn is_told_once(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    assert_eq!(ok(&admin.get("/v1/feed?after=0")), json!({ "items": [], "next": 0, "position": 0 }));
    for day in 1..=3 {
        deliver(&mut admin, "Cellar", 10, 2.5, day);
    }
    let page = ok(&admin.get("/v1/feed?after=0&limit=2"));
    assert_eq!(positions(&page), [1, 2]);
    assert_eq!(page["next"], 2);
    let first = &page["items"][0];
    assert_eq!(first["kind"], "booking");
    assert_eq!(first["movements"][0]["product"]["identifier"], "BRIE");
    assert_eq!(first["movements"][0]["quantity"], 10);
    assert_eq!(first["movements"][0]["to"]["path"], "Cellar");
    assert_eq!(first["batch"].as_str().unwrap().len(), 28, "a ULID as 10-8-8");
    let rest = ok(&admin.get("/v1/feed?after=2"));
    assert_eq!((positions(&rest), &rest["next"]), (vec![3], &json!(3)));

    // Who waits is told as soon as something happens, and not later than asked for.
    let mut waiting = server.admin();
    let waiter = std::thread::spawn(move || {
        let started = Instant::now();
        (ok(&waiting.get("/v1/feed?after=3&wait=20")), started.elapsed())
    });
    std::thread::sleep(Duration::from_millis(300));
    deliver(&mut admin, "Shop/Shelf", 4, 3.0, 4);
    let (page, waited) = waiter.join().unwrap();
    assert_eq!(positions(&page), [4]);
    assert!(waited >= Duration::from_millis(250) && waited < Duration::from_secs(10), "{waited:?}");
    let newest = ok(&admin.get("/v1/feed?after=4"))["position"].clone();
    let started = Instant::now();
    let end = ok(&admin.get(&format!("/v1/feed?after={newest}&wait=1")));
    assert_eq!(positions(&end), Vec::<i64>::new());
    assert!(started.elapsed() >= Duration::from_secs(1));
    // Whoever read further than the ledger goes read another one.
    let beyond = admin.get("/v1/feed?after=1000&wait=20");
    assert_eq!(beyond.problem(), (422, "unknownPosition".to_owned()), "{}", beyond.text);
    // Before anything was known nothing stood anywhere, and a card up to a time is the card as of it.
    assert_eq!(ok(&admin.get("/v1/balances?asKnownAt=0"))["items"], json!([]));
    assert_eq!(ok(&admin.get("/v1/balances?asKnownAt=1"))["items"].as_array().unwrap().len(), 1);
    let until = ok(&admin.get("/v1/stock-card?product=BRIE&to=2026-01-02"));
    assert_eq!(ok(&admin.get("/v1/stock-card?product=BRIE&asOf=2026-01-02")), until);
    let moved = ok(&admin.get("/v1/movements?to=2026-01-02"));
    assert_eq!(ok(&admin.get("/v1/movements?asOf=2026-01-02&to=2030-01-01")), moved);

    // A late receipt at another cost: what it changes of the issues' values is told, too.
    deliver(&mut admin, "Cellar", -20, 0.0, 20);
    deliver(&mut admin, "Cellar", 10, 5.5, 2);
    let settled = (0..200).find_map(|_| {
        let page = ok(&admin.get("/v1/feed?after=6&wait=1"));
        page["items"].as_array().unwrap().iter().find(|item| item["kind"] == "settlement").cloned()
    });
    let settled = settled.expect("the settlement is a batch of the feed");
    // 40 pieces were worth 130, so that 20 of them cost 65 and not 50.
    assert_eq!(settled["values"][0]["amount"], -15);
    assert_eq!(settled["values"][0]["product"]["identifier"], "BRIE");

    let problem = admin.get("/v1/feed?after=x");
    assert_eq!(problem.status, 400, "{}", problem.text);
}

#[test]
fn the_feed_tells_every_batch_once_on_sqlite() {
    is_told_once(&Scratch::new().url());
}

#[test]
fn the_feed_tells_every_batch_once_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    is_told_once(&database.url());
}

/// Reads so many events of a stream: their ids and data.
fn events(server: &Server, key: &str, last: Option<i64>, count: usize) -> Vec<(i64, Value)> {
    let mut stream = server.connect();
    let last = last.map_or(String::new(), |last| format!("Last-Event-ID: {last}\r\n"));
    let request = format!(
        "GET /v1/feed HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key}\r\nAccept: text/event-stream\r\n{last}\r\n"
    );
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let (mut found, mut id) = (Vec::new(), 0);
    let mut line = String::new();
    while found.len() < count {
        line.clear();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended early");
        if let Some(text) = line.strip_prefix("id: ") {
            id = text.trim().parse().unwrap();
        } else if let Some(text) = line.strip_prefix("data: ") {
            found.push((id, serde_json::from_str(text).unwrap()));
        }
    }
    found
}

#[test]
fn a_stream_goes_on_where_its_reader_stopped() {
    let server = Server::start();
    let mut admin = server.admin();
    furnish(&mut admin);
    for day in 1..=5 {
        deliver(&mut admin, "Cellar", 1, 1.0, day);
    }
    let key = server.key("admin");
    let first = events(&server, &key, None, 3);
    assert_eq!(first.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(first[2].1["position"], 3);
    let rest = events(&server, &key, Some(3), 2);
    assert_eq!(rest.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [4, 5]);
}

#[test]
fn a_reader_of_one_shop_is_told_of_that_shop() {
    let server = Server::start();
    let mut admin = server.admin();
    furnish(&mut admin);
    deliver(&mut admin, "Cellar", 10, 2.5, 1);
    deliver(&mut admin, "Shop/Shelf", 4, 2.5, 2);
    support::run_ok(&server.database, &["user", "create", "shopkeeper", "--role", "reader", "--org-unit", "Shop"]);
    let mut shopkeeper = server.client_with(&server.key("shopkeeper"));
    let page = ok(&shopkeeper.get("/v1/feed?after=0"));
    assert_eq!(positions(&page), [1, 2], "positions have no gaps");
    assert_eq!(page["items"][0]["movements"], json!([]));
    assert_eq!(page["items"][1]["movements"][0]["quantity"], 4);
    assert_eq!(server.client().get("/v1/feed").status, 401);
}
