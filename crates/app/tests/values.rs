//! Values over HTTP: revaluations, landed costs, methods and standard costs, and their undoing.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too
#![allow(clippy::float_cmp)] // JSON numbers of a few digits come back as the doubles that those digits are

mod support;

use serde_json::{Value, json};
use support::{Client, PostgresDb, Server, run_ok};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.900}", reply.status, reply.text);
    reply.json()
}

fn furnish(admin: &mut Client) {
    for (identifier, costing) in [("MILK", "average"), ("BOLT", "standard")] {
        ok(&admin.post(
            "/v1/products",
            &json!({ "identifier": identifier, "name": identifier, "costing": costing, "costPrice": 2 }),
        ));
    }
    ok(&admin.post("/v1/locations", &json!([{ "name": "Cold" }])));
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery", "isAutoBook": true })));
}

/// Books a delivery; answers the voucher's number and the booking's id.
fn deliver(admin: &mut Client, product: &str, count: i64, cost: Option<f64>) -> (i64, i64) {
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })));
    let now = "2024-03-01T00:00:00Z";
    let entry = json!({ "voucher": voucher["id"], "product": product, "location": "Cold", "count": count, "stockDate": now, "costPrice": cost });
    let made = ok(&admin.post("/v1/entries", &entry));
    assert_eq!(made["booking"]["state"], "booked", "{made}");
    (voucher["number"].as_i64().unwrap(), made["booking"]["id"].as_i64().unwrap())
}

/// What the stock of a product is worth, once that is settled.
fn worth(admin: &mut Client, product: &str) -> (f64, String) {
    for _ in 0..200 {
        let page = ok(&admin.get(&format!("/v1/valuation?product={product}")));
        if page["settledTo"] == page["position"] {
            let item = &page["items"][0];
            return (item["value"].as_f64().unwrap_or(0.0), item["method"].as_str().unwrap_or_default().to_owned());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("values are not settled in ten seconds");
}

fn values_are_said_and_taken_back(server: &Server) {
    let mut admin = server.admin();
    furnish(&mut admin);
    let (voucher, booking) = deliver(&mut admin, "MILK", 10, Some(1.0));
    deliver(&mut admin, "MILK", -4, None);

    // A landed cost, tried first, then said under a key, twice.
    let freight = json!({ "voucher": voucher.to_string(), "amount": 5, "by": "quantity", "reason": "freight" });
    let tried = ok(&admin.post("/v1/landed-costs?dryRun=true", &freight));
    assert_eq!((&tried["amount"], &tried["by"], &tried["holds"]), (&json!(5), &json!("quantity"), &json!(true)));
    assert_eq!(ok(&admin.get("/v1/landed-costs"))["items"], json!([]));
    let mut keyed = server.admin().with("Idempotency-Key", "freight-1");
    let said = ok(&keyed.post("/v1/landed-costs", &freight));
    assert_eq!(ok(&keyed.post("/v1/landed-costs", &freight)), said);
    assert_eq!(ok(&admin.get("/v1/landed-costs"))["items"], json!([said]));
    assert_eq!(worth(&mut admin, "MILK").0, 9.0);
    let line = &said["lines"][0];
    assert_eq!((line["product"]["identifier"].as_str(), &line["amount"]), (Some("MILK"), &json!(5)));

    // A revaluation, to nothing.
    let zero = ok(&admin.post("/v1/revaluations", &json!({ "product": "MILK", "value": 0, "reason": "spoilt" })));
    assert_eq!((&zero["value"], &zero["quantity"]), (&json!(0), &json!(6)));
    assert_eq!(ok(&admin.get(&format!("/v1/revaluations/{}", zero["id"]))), zero);
    assert_eq!(worth(&mut admin, "MILK").0, 0.0);
    let back = ok(&admin.post("/v1/reversals", &json!({ "revaluation": zero["id"], "reason": "not spoilt" })));
    assert!(back["position"].as_i64() > zero["position"].as_i64());
    assert_eq!(worth(&mut admin, "MILK").0, 9.0);
    assert_eq!(ok(&admin.get(&format!("/v1/revaluations/{}", zero["id"])))["holds"], false);
    let again = admin.post("/v1/reversals", &json!({ "revaluation": zero["id"], "reason": "again" }));
    assert_eq!(again.problem().1, "alreadyReversed");

    // Undone by line, and the receipt that carried it as a whole once its issue is gone.
    ok(&admin.post("/v1/reversals", &json!({ "landedCost": said["id"], "lines": [0], "reason": "not ours" })));
    assert_eq!(worth(&mut admin, "MILK").0, 6.0);
    let on_movement = json!({ "movements": [line["movement"]], "amount": "2.50", "by": "value", "reason": "duty" });
    ok(&admin.post("/v1/landed-costs", &on_movement));
    assert_eq!(worth(&mut admin, "MILK").0, 7.5);
    ok(&admin.post("/v1/reversals", &json!({ "booking": booking, "reason": "sent back" })));
    ok(&admin.get("/v1/valuation"));

    // Everything that is wrong is told.
    let wrong = admin.post("/v1/landed-costs", &json!({ "amount": 0, "by": "weight", "size": 3 }));
    assert_eq!(wrong.status, 422);
    for field in ["amount", "by", "reason", "movements"] {
        assert!(wrong.json()["violations"][field].is_array(), "{field}: {}", wrong.text);
    }
    let nothing = admin.post("/v1/revaluations", &json!({ "product": "BOLT", "value": -1, "reason": "x" }));
    assert_eq!(nothing.status, 422);
    assert!(nothing.json()["violations"]["value"].is_array(), "{}", nothing.text);
    let standard = admin.post("/v1/revaluations", &json!({ "product": "BOLT", "value": 1, "reason": "x" }));
    assert_eq!(standard.problem().1, "standardCost");

    // Standard cost, and a product record that says something new from now on.
    deliver(&mut admin, "BOLT", 10, Some(2.5));
    assert_eq!(worth(&mut admin, "BOLT"), (20.0, "standard".to_owned()));
    ok(&admin.patch("/v1/products/BOLT", &json!({ "costPrice": 3 })));
    assert_eq!(worth(&mut admin, "BOLT"), (30.0, "standard".to_owned()));
    let past = json!({ "product": "BOLT", "costing": "average", "at": "2024-04-01", "reason": "from April on" });
    ok(&admin.post("/v1/costings", &past));
    let words = ok(&admin.get("/v1/costings?product=BOLT"));
    assert_eq!(words["items"].as_array().unwrap().len(), 3, "{words}");
    assert_eq!(words["items"][2]["at"], Value::Null);
    // The later word on a later time still holds.
    assert_eq!(worth(&mut admin, "BOLT"), (30.0, "standard".to_owned()));
    let specific = admin.patch("/v1/products/BOLT", &json!({ "costing": "specific" }));
    assert_eq!(specific.problem().1, "specificCost");

    as_it_was_known(&mut admin, &server.database);
    pushed_out_of_a_closed_period(&mut admin);
    made_of_what_became_dearer(&mut admin);

    // A reader may look and not speak.
    ok(&admin
        .post("/v1/users", &json!({ "name": "rita", "password": "a long password", "roles": [{ "role": "reader" }] })));
    let mut rita = server.client_with(&server.key("rita"));
    assert_eq!(rita.get("/v1/revaluations").status, 200);
    assert_eq!(rita.post("/v1/revaluations", &json!({ "product": "MILK", "value": 0, "reason": "x" })).status, 403);
    assert_eq!(rita.post("/v1/costings", &past).status, 403);
    let report = run_ok(&server.database, &["verify"]);
    assert!(report.contains("I7"), "{report}");
}

/// What was known at a position: values, up to where they were settled, and by which method.
fn as_it_was_known(admin: &mut Client, database: &str) {
    ok(&admin.post("/v1/products", &json!({ "identifier": "OATS", "name": "Oats" })));
    let (voucher, _) = deliver(admin, "OATS", 10, Some(1.0));
    deliver(admin, "OATS", -4, None);
    assert_eq!(worth(admin, "OATS").0, 6.0);
    let freight = json!({ "voucher": voucher.to_string(), "amount": 5, "by": "value", "reason": "freight" });
    let landed = ok(&admin.post("/v1/landed-costs", &freight))["position"].as_i64().unwrap();
    assert_eq!(worth(admin, "OATS"), (9.0, "average".to_owned()));
    let position = |admin: &mut Client| ok(&admin.get("/v1/valuation?limit=1"))["position"].as_i64().unwrap();
    let settled = position(admin);
    let change =
        json!({ "product": "OATS", "costing": "standard", "standardCost": 2, "at": "2024-03-02", "reason": "x" });
    ok(&admin.post("/v1/costings", &change));
    assert_eq!(worth(admin, "OATS"), (12.0, "standard".to_owned()));
    let changed = position(admin);
    // What was said after a batch is known at its position, and settled by the batch after it.
    for (at, value, is_settled, method) in [
        (landed - 1, 6.0, true, "average"),
        (landed, 6.0, false, "average"),
        (settled, 9.0, false, "standard"),
        (changed, 12.0, true, "standard"),
    ] {
        let known = format!("asKnownAt={at}");
        let page = ok(&admin.get(&format!("/v1/valuation?product=OATS&{known}")));
        let item = &page["items"][0];
        assert_eq!((item["value"].as_f64(), item["method"].as_str()), (Some(value), Some(method)), "{at}: {page}");
        let report = ok(&admin.get(&format!("/v1/reports/valuation?product=OATS&{known}")));
        assert_eq!((&report["items"][0]["value"], &report["items"][0]["method"]), (&item["value"], &item["method"]));
        let card = ok(&admin.get(&format!("/v1/stock-card?product=OATS&{known}")));
        assert_eq!(card["closing"]["value"].as_f64(), Some(value), "{at}: {card}");
        for told in [&page, &report, &card] {
            assert_eq!(told["settledTo"] == at, is_settled, "{at}: {told}");
            assert!(told["settledTo"].as_i64() <= Some(at), "{at}: {told}");
        }
    }
    assert_eq!(settled + 1, changed);

    // The command line tells the same, of what was received before anything was issued, too.
    ok(&admin.post("/v1/reservations", &json!({ "product": "OATS", "location": "Cold", "quantity": 2 })));
    let stands = |page: &Value| {
        let item = &page["items"][0];
        (item["stock"].clone(), item["reserved"].clone(), item.get("ordered").cloned())
    };
    let now = ok(&admin.get("/v1/availability?product=OATS"));
    assert_eq!(stands(&now), (json!(6), json!(2), Some(json!(0))));
    for (at, stock) in [(landed - 2, 10), (landed, 6)] {
        for question in ["availability", "stock-card"] {
            let asked = format!("{question}?product=OATS&asKnownAt={at}");
            let page = ok(&admin.get(&format!("/v1/{asked}")));
            let mut called: Value = serde_json::from_str(&run_ok(database, &["call", "GET", &asked])).unwrap();
            // A batch may have come meanwhile, which changes nothing of what is asked.
            called["position"] = page["position"].clone();
            assert_eq!(called, page, "{asked}");
            let place = format!("{at}");
            let text = run_ok(database, &["export", question, "--product", "OATS", "--as-known-at", &place]);
            let (head, rows) = text.split_once('\n').unwrap();
            let column = if question == "availability" { "stock" } else { "runningQuantity" };
            let column = head.split(',').position(|name| name == column).unwrap_or_else(|| panic!("{head}"));
            let last = rows.lines().last().unwrap_or_else(|| panic!("no row: {text}"));
            assert_eq!(last.split(',').nth(column), Some(stock.to_string().as_str()), "{text}");
        }
        let then = ok(&admin.get(&format!("/v1/availability?product=OATS&asKnownAt={at}")));
        assert_eq!(stands(&then), (json!(stock), json!(0), None));
    }
}

/// What a late cost does to a closed month stands on the first open day, and waits there to be approved.
fn pushed_out_of_a_closed_period(admin: &mut Client) {
    ok(&admin.post("/v1/products", &json!({ "identifier": "CORN", "name": "Corn" })));
    let (voucher, _) = deliver(admin, "CORN", 10, Some(1.0));
    deliver(admin, "CORN", -4, None);
    assert_eq!(worth(admin, "CORN").0, 6.0);
    ok(&admin.patch("/v1/settings/closedUntil", &json!({ "value": "2024-03-31" })));
    let late = json!({ "voucher": voucher.to_string(), "amount": 5, "by": "value", "reason": "late freight" });
    ok(&admin.post("/v1/landed-costs", &late));
    assert_eq!(worth(admin, "CORN").0, 9.0);
    let before = ok(&admin.get("/v1/valuation?product=CORN&asOf=2024-03-31"));
    assert_eq!(before["items"][0]["value"], 6, "a closed month stays as it was");
    let page = ok(&admin.get("/v1/adjustments?approved=false&product=CORN"));
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{page}");
    for item in items {
        assert_eq!((&item["from"], &item["until"]), (&json!("2024-03-01"), &json!("2024-03-01")), "{item}");
        assert_eq!(item["causes"][0]["reason"], "late freight", "{item}");
        assert_eq!(item["at"], "2024-04-01T00:00:00.000Z", "{item}");
    }
    let landed = items.iter().find(|item| item["kind"] == "landedCost").unwrap();
    assert_eq!((&landed["amount"], &landed["approved"]), (&json!(5), &json!(false)));
    let path = format!("/v1/adjustments/{}/approve", landed["id"]);
    let approved = ok(&admin.post(&path, &json!({ "note": "seen" })));
    assert_eq!((&approved["approved"], &approved["note"]), (&json!(true), &json!("seen")));
    assert_eq!(admin.post(&path, &json!({})).problem().1, "alreadyApproved");
    assert_eq!(ok(&admin.get("/v1/adjustments?approved=false&product=CORN"))["items"].as_array().unwrap().len(), 1);
    ok(&admin.patch("/v1/settings/closedUntil", &json!({ "value": null })));
}

/// What is made costs what was used, also when that becomes dearer after it was made, used again and sold.
fn made_of_what_became_dearer(admin: &mut Client) {
    for identifier in ["FLOUR", "DOUGH", "BREAD"] {
        ok(&admin.post("/v1/products", &json!({ "identifier": identifier, "name": identifier, "tracking": "lot" })));
    }
    ok(&admin.post("/v1/locations", &json!([{ "name": "Mill", "allowNegative": false }])));
    let run = |admin: &mut Client, action: &Value| ok(&admin.post("/v1/runs", action));
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })));
    let flour = json!({ "voucher": voucher["id"], "product": "FLOUR", "lot": "F1", "location": "Mill", "count": 10,
        "stockDate": "2024-05-01T00:00:00Z", "costPrice": 1 });
    ok(&admin.post("/v1/lots", &json!({ "product": "FLOUR", "name": "F1" })));
    ok(&admin.post("/v1/entries", &flour));
    let consume = |product: &str, lot: &str, into: &str, made: &str, quantity: i64, at: &str| {
        json!({ "kind": "CONSUME", "product": product, "lot": lot, "secondaryProduct": into, "secondaryLot": made,
            "makesLots": true, "from": "Mill", "to": "Mill", "quantity": quantity, "startedAt": at })
    };
    run(admin, &consume("FLOUR", "F1", "DOUGH", "D1", 8, "2024-05-02T00:00:00Z"));
    run(admin, &consume("DOUGH", "D1", "BREAD", "B1", 6, "2024-05-03T00:00:00Z"));
    let baked = run(admin, &consume("DOUGH", "D1", "BREAD", "B2", 1, "2024-05-04T00:00:00Z"));
    assert_eq!([worth(admin, "FLOUR").0, worth(admin, "DOUGH").0, worth(admin, "BREAD").0], [2.0, 1.0, 7.0]);
    let number = voucher["number"].as_i64().unwrap().to_string();
    let late = json!({ "voucher": number, "amount": 10, "by": "value", "reason": "a late bill" });
    let late = ok(&admin.post("/v1/landed-costs", &late));
    assert_eq!([worth(admin, "FLOUR").0, worth(admin, "DOUGH").0, worth(admin, "BREAD").0], [4.0, 2.0, 14.0]);
    // A run is undone by its ULID; what was used is there again, at what it costs by now.
    let uid = baked["items"][0]["uid"].as_str().or(baked["uid"].as_str()).unwrap().to_owned();
    ok(&admin.post("/v1/reversals", &json!({ "run": uid, "reason": "burnt" })));
    assert_eq!([worth(admin, "DOUGH").0, worth(admin, "BREAD").0], [4.0, 12.0]);
    ok(&admin.post("/v1/reversals", &json!({ "landedCost": late["id"], "reason": "not ours" })));
    assert_eq!([worth(admin, "FLOUR").0, worth(admin, "DOUGH").0, worth(admin, "BREAD").0], [2.0, 2.0, 6.0]);
}

#[test]
fn values_are_said_and_taken_back_on_sqlite() {
    values_are_said_and_taken_back(&Server::start());
}

#[test]
fn values_are_said_and_taken_back_on_postgres() {
    if let Some(database) = PostgresDb::new() {
        values_are_said_and_taken_back(&Server::start_on(&database.url(), &[]));
    }
}
