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

/// Waits until nothing waits to be settled.
fn settle(admin: &mut Client) {
    for _ in 0..200 {
        let page = ok(&admin.get("/v1/valuation?limit=1"));
        if page["settledTo"] == page["position"] {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("values are not settled in ten seconds");
}

/// The lists of a batch, and how many lines each has; without those that are empty.
fn said(batch: &Value) -> Vec<(&'static str, usize)> {
    ["movements", "values", "valueFacts", "valueFactsUndone", "countsUndone"]
        .into_iter()
        .map(|list| (list, batch[list].as_array().unwrap_or_else(|| panic!("no {list}: {batch}")).len()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn every_batch_says_what_it_is(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    deliver(&mut admin, "Cellar", 10, 2.5, 1);
    deliver(&mut admin, "Cellar", -4, 0.0, 2);
    deliver(&mut admin, "Shop/Shelf", 4, 3.0, 2);
    settle(&mut admin);
    // The newest batch of a kind, once nothing waits any more.
    let last = |admin: &mut Client, kind: &str| -> Value {
        settle(admin);
        let page = ok(&admin.get("/v1/feed?after=0"));
        page["items"].as_array().unwrap().iter().rfind(|item| item["kind"] == kind).unwrap().clone()
    };
    let count = |admin: &mut Client, quantity: i64, day: u32| {
        let at = format!("2026-01-{day:02}T00:00:00Z");
        ok(&admin
            .post("/v1/counts", &json!({ "product": "BRIE", "location": "Cellar", "quantity": quantity, "at": at })))
    };

    // One count finds what was expected and another one does not; both are undone.
    let expected = count(&mut admin, 6, 3);
    let told = last(&mut admin, "count");
    assert_eq!(said(&told), [("movements", 1)]);
    let line = &told["movements"][0];
    assert_eq!((&line["id"], &line["quantity"], &line["counted"]), (&expected["id"], &json!(0), &json!(6)));
    let short = count(&mut admin, 5, 4);
    for (undone, lists) in [(&short, &[("movements", 1), ("countsUndone", 1)][..]), (&expected, &[("countsUndone", 1)])]
    {
        ok(&admin.post("/v1/reversals", &json!({ "count": undone["id"], "reason": "of another cellar" })));
        let told = last(&mut admin, "reversal");
        assert_eq!((said(&told), &told["reason"]), (lists.to_vec(), &json!("of another cellar")));
        let count = &told["countsUndone"][0];
        for name in ["id", "variant", "lot", "location", "at", "quantity", "movement"] {
            assert_eq!(count[name], undone[name], "{name}");
        }
        assert_eq!(count["product"], json!({ "id": undone["product"]["id"], "identifier": "BRIE" }));
    }

    // A word on value tells what was said, its settlement what came of it, and its undoing what holds no longer.
    let worth = json!({ "product": "BRIE", "orgUnit": "Shop", "value": 9, "at": "2026-01-05", "reason": "ripe" });
    let revaluation = ok(&admin.post("/v1/revaluations", &worth));
    let told = last(&mut admin, "value");
    assert_eq!((said(&told), &told["reason"]), (vec![("valueFacts", 1)], &json!("ripe")));
    let ripe = told["valueFacts"][0].clone();
    let shop = json!({ "id": ripe["orgUnit"]["id"], "path": "Shop" });
    let wanted = json!({
        "kind": "revaluation", "id": revaluation["id"], "line": 0, "product": { "id": line["product"]["id"],
        "identifier": "BRIE" }, "variant": null, "lot": null, "orgUnit": shop, "at": revaluation["at"],
        "quantity": 4, "value": 9
    });
    assert_eq!(ripe, wanted);
    let settled = last(&mut admin, "settlement");
    assert_eq!(said(&settled), [("values", 1)]);
    let value = &settled["values"][0];
    assert_eq!((&value["kind"], &value["amount"], &value["orgUnit"]), (&json!("revaluation"), &json!(-3), &shop));
    let first = ok(&admin.get("/v1/feed?after=0&limit=1"))["items"][0]["movements"][0]["id"].clone();
    let freight = json!({ "movements": [first], "amount": 5, "by": "value", "reason": "freight" });
    ok(&admin.post("/v1/landed-costs", &freight));
    let told = last(&mut admin, "value");
    let landed = told["valueFacts"][0].clone();
    assert_eq!((&landed["kind"], &landed["amount"], &landed["by"]), (&json!("landedCost"), &json!(5), &json!("value")));
    assert_eq!((&landed["movement"], landed.get("value")), (&first, None));
    let settled = last(&mut admin, "settlement");
    let kinds: Vec<_> = settled["values"].as_array().unwrap().iter().map(|value| value["kind"].clone()).collect();
    assert_eq!(kinds, ["landedCost", "settlement"], "of what landed, and of what was issued since: {settled}");
    for (kind, fact) in [("revaluation", &ripe), ("landedCost", &landed)] {
        ok(&admin.post("/v1/reversals", &json!({ (kind): fact["id"], "reason": "no" })));
        let told = last(&mut admin, "reversal");
        assert_eq!((said(&told), &told["valueFactsUndone"][0]), (vec![("valueFactsUndone", 1)], fact));
    }
    ok(&admin.post("/v1/runs", &json!({ "kind": "CONSUME", "product": "BRIE", "from": "Cellar", "quantity": 1 })));
    assert_eq!(said(&last(&mut admin, "operation")), [("movements", 1)]);
    // How a product is valued is no batch; what comes of it is.
    ok(&admin
        .post("/v1/costings", &json!({ "product": "BRIE", "costing": "standard", "standardCost": 4, "reason": "x" })));
    settle(&mut admin);

    let page = ok(&admin.get("/v1/feed?after=0"));
    let items = page["items"].as_array().unwrap();
    assert!(items.iter().all(|batch| !said(batch).is_empty()), "no batch is empty: {page}");
    let mut kinds: Vec<&str> = items.iter().map(|batch| batch["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["booking", "count", "operation", "reversal", "settlement", "value"]);
    // One shape, however it is read and in however many pages.
    let streamed = events(&server, &server.key("admin"), None, items.len());
    assert_eq!(streamed.into_iter().map(|(_, batch)| batch).collect::<Vec<_>>(), *items);
    for batch in items {
        let after = batch["position"].as_i64().unwrap() - 1;
        assert_eq!(ok(&admin.get(&format!("/v1/feed?after={after}&limit=1&wait=1")))["items"], json!([batch]));
    }
    // Whoever sees the shop is told what was said of the shop.
    support::run_ok(&server.database, &["user", "create", "shopkeeper", "--role", "reader", "--org-unit", "Shop"]);
    let shown = ok(&server.client_with(&server.key("shopkeeper")).get("/v1/feed?after=0"));
    let all = |page: &Value, list: &str| -> Vec<Value> {
        page["items"].as_array().unwrap().iter().flat_map(|batch| batch[list].as_array().unwrap().clone()).collect()
    };
    assert_eq!(positions(&shown), positions(&page));
    for list in ["valueFacts", "valueFactsUndone", "countsUndone"] {
        let of_shop: Vec<Value> = all(&page, list).into_iter().filter(|line| line["orgUnit"] == shop).collect();
        assert_eq!(
            (all(&shown, list), of_shop.len()),
            (of_shop.clone(), usize::from(list != "countsUndone")),
            "{list}"
        );
    }
    assert!(all(&shown, "values").iter().all(|value| value["orgUnit"] == shop));
}

#[test]
fn every_batch_says_what_it_is_on_sqlite() {
    every_batch_says_what_it_is(&Scratch::new().url());
}

#[test]
fn every_batch_says_what_it_is_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    every_batch_says_what_it_is(&database.url());
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
