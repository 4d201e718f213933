//! Runs over HTTP: a dairy makes cream, sells it through a draft, and calls it back.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server, run_ok};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.900}", reply.status, reply.text);
    reply.json()
}

/// Where something is wrong, and what.
fn faults(reply: &support::Reply) -> BTreeMap<String, String> {
    assert!((400..500).contains(&reply.status), "{}: {:.900}", reply.status, reply.text);
    let answer = reply.json();
    let violations = answer["violations"].as_object().unwrap_or_else(|| panic!("no violations: {answer}"));
    violations.iter().map(|(field, messages)| (field.clone(), messages[0].as_str().unwrap().to_owned())).collect()
}

/// That one thing is wrong, at a field, and that the message says so.
fn is_refused(reply: &support::Reply, field: &str, says: &str) {
    let found = faults(reply);
    assert_eq!(found.keys().collect::<Vec<_>>(), [field], "{found:?}");
    assert!(found[field].contains(says), "{found:?}");
}

fn furnish(admin: &mut Client) {
    ok(&admin.post("/v1/units", &json!([{ "symbol": "lb", "name": "Pound" }, { "symbol": "oz", "name": "Ounce" }])));
    ok(&admin.post("/v1/unit-conversions", &json!({ "from": "lb", "to": "oz", "numerator": 16 })));
    for (identifier, name) in
        [("MILK", "Raw milk"), ("WIP", "Milk under way"), ("CREAM", "Cream"), ("TUB", "Tub of cream")]
    {
        let product = json!({ "identifier": identifier, "name": name, "unit": "lb", "tracking": "lot" });
        ok(&admin.post("/v1/products", &product));
    }
    ok(&admin.post("/v1/products", &json!({ "identifier": "SALT", "name": "Salt", "unit": "lb" })));
    ok(&admin.post(
        "/v1/locations",
        &json!([
            { "name": "Bay", "allowNegative": false }, { "name": "Silo", "capacity": 500, "capacityUnit": "lb" }, { "name": "Separator" },
            { "name": "Cream" }, { "name": "Dock" },
            { "name": "Single", "lotStorageStrategy": "ALLOW_SINGLE_OR_THROW" },
            { "name": "Previous", "lotStorageStrategy": "MERGE_INTO_PREVIOUS" },
            { "name": "New", "lotStorageStrategy": "MERGE_INTO_NEW" },
            { "name": "Drain", "lotStorageStrategy": "NO_STORAGE" },
            { "name": "Last", "lotUseStrategy": "LIFO" }
        ]),
    ));
}

/// What stands of a lot at a place.
fn stands(admin: &mut Client, product: &str, lot: &str, place: &str) -> i64 {
    let page = ok(&admin.get(&format!("/v1/balances?product={product}&location={place}&limit=500")));
    let items = page["items"].as_array().unwrap();
    let found = items.iter().filter(|item| item["lot"]["name"] == lot || item["lot"]["identifier"] == lot);
    found.map(|item| item["quantity"].as_i64().expect("whole quantities")).sum()
}

fn run(admin: &mut Client, action: &Value) -> Value {
    ok(&admin.post("/v1/runs", action))
}

fn receive(admin: &mut Client, lot: &str, place: &str, quantity: i64) -> Value {
    run(
        admin,
        &json!({ "kind": "RECEIVE", "product": "MILK", "lot": lot, "makesLots": true, "to": place, "quantity": quantity }),
    )
}

/// Milk arrives through a supplier's draft, becomes cream, is shipped through a customer's draft.
fn make_cream(admin: &mut Client) {
    ok(&admin.post(
        "/v1/journals",
        &json!([
            { "name": "Purchases", "kind": "Delivery", "isAutoBook": true },
            { "name": "Sales", "kind": "Delivery", "isAutoBook": true }
        ]),
    ));
    ok(&admin
        .post("/v1/parties", &json!([{ "code": "FARM", "name": "The farm" }, { "code": "SHOP", "name": "The shop" }])));
    let bought = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Purchases" })))["id"].clone();
    ok(&admin.post(
        "/v1/entries",
        &json!([{ "voucher": bought, "product": "MILK", "lot": "M1", "location": "Silo", "count": 400, "costPrice": 0.5, "supplier": "FARM", "stockDate": "2026-01-05T08:00:00Z" }]),
    ));
    run(
        admin,
        &json!({
            "kind": "CONSUME", "product": "MILK", "lot": "M1", "from": "Silo", "quantity": 300,
            "secondaryProduct": "WIP", "secondaryLot": "W1", "to": "Separator", "makesLots": true,
            "startedAt": "2026-01-06T08:00:00Z"
        }),
    );
    run(
        admin,
        &json!({
            "kind": "PRODUCE", "product": "CREAM", "lot": "C1", "to": "Cream", "quantity": 100,
            "secondaryProduct": "WIP", "secondaryLot": "W1", "from": "Separator", "makesLots": true,
            "startedAt": "2026-01-07T08:00:00Z"
        }),
    );
    run(
        admin,
        &json!({
            "kind": "SHIP", "product": "CREAM", "lot": "C1", "from": "Cream", "quantity": 60,
            "secondaryProduct": "TUB", "secondaryLot": "T1", "to": "Dock", "makesLots": true,
            "startedAt": "2026-01-08T08:00:00Z"
        }),
    );
    let sold = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Sales" })))["id"].clone();
    ok(&admin.post(
        "/v1/entries",
        &json!([{ "voucher": sold, "product": "TUB", "lot": "T1", "location": "Dock", "count": -25, "customer": "SHOP", "stockDate": "2026-01-09T08:00:00Z" }]),
    ));
}

fn the_trace_crosses_both_faces(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    make_cream(&mut admin);
    let trace = ok(&admin.get("/v1/lots/MILK%2FM1/trace?direction=output&depth=3"));
    let nodes: Vec<(String, i64, i64, bool)> = trace["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let name = node["lot"]["name"].as_str().unwrap().to_owned();
            let quantity = node["quantity"].as_i64().unwrap();
            (name, node["depth"].as_i64().unwrap(), quantity, node["terminal"].as_bool().unwrap())
        })
        .collect();
    assert_eq!(
        nodes,
        [("W1".into(), 1, 300, false), ("C1".into(), 2, 100, false), ("T1".into(), 3, 60, true)],
        "raw, under way, cream, shipped in three hops"
    );
    let back = ok(&admin.get("/v1/lots/TUB%2FT1/trace?direction=input&depth=9"));
    assert_eq!(back["nodes"].as_array().unwrap().last().unwrap()["lot"]["name"], "M1");
    let nearest = ok(&admin.get("/v1/lots/TUB%2FT1/trace?direction=input"));
    assert_eq!(nearest["nodes"].as_array().unwrap().len(), 1, "one hop, if nobody asks for more");
    assert_eq!(admin.get("/v1/lots/TUB%2FT1/trace?depth=0").status, 400);
    assert_eq!(admin.get("/v1/lots/TUB%2FT9/trace").status, 404);

    let recall = ok(&admin.get("/v1/lots/MILK%2FM1/recall"));
    assert_eq!((&recall["made"], &recall["onHand"], &recall["consumed"]), (&json!(400), &json!(100), &json!(300)));
    assert_eq!((&recall["shipped"], &recall["unexplained"]), (&json!(0), &json!(0)));
    assert_eq!(recall["affected"].as_array().unwrap().len(), 3);
    let customer = &recall["customers"][0];
    assert_eq!((&customer["party"]["code"], &customer["quantity"]), (&json!("SHOP"), &json!(25)));
    assert!(customer["voucher"]["id"].as_i64().unwrap() > 0, "the invoice can be opened");
    let tubs = ok(&admin.get("/v1/lots/TUB%2FT1/recall"));
    assert_eq!((&tubs["made"], &tubs["shipped"], &tubs["onHand"]), (&json!(60), &json!(25), &json!(35)));

    // 300 lb at 0.5 went in; a third of it came out as cream, and carries a third of it on.
    let movements = ok(&admin.get("/v1/movements?product=TUB&limit=10"));
    let items = movements["items"].as_array().unwrap();
    assert!(items.iter().any(|one| one["amount"] == 30), "60 lb of cream at 0.5: {items:?}");
    run_ok(database, &["verify"]);
}

fn every_kind_does_what_it_says(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let received = receive(&mut admin, "A", "Bay", 100);
    assert_eq!(
        (&received["kind"], &received["status"], &received["primaryQuantity"]),
        (&json!("RECEIVE"), &json!("COMPLETED"), &json!(100))
    );
    assert_eq!(received["uid"].as_str().unwrap().len(), 28);
    // In ounces, moved in pounds.
    let moved = run(
        &mut admin,
        &json!({ "kind": "MOVE", "product": "MILK", "lot": "A", "from": "Bay", "to": "Silo", "quantity": 320, "unit": "oz" }),
    );
    assert_eq!(
        (&moved["quantity"], &moved["unit"], &moved["primaryQuantity"]),
        (&json!(320), &json!("oz"), &json!(20))
    );
    assert_eq!((stands(&mut admin, "MILK", "A", "Bay"), stands(&mut admin, "MILK", "A", "Silo")), (80, 20));
    run(
        &mut admin,
        &json!({ "kind": "SPLIT", "product": "MILK", "lot": "A", "secondaryLot": "B", "from": "Bay", "quantity": 30 }),
    );
    assert_eq!((stands(&mut admin, "MILK", "A", "Bay"), stands(&mut admin, "MILK", "B", "Bay")), (50, 30));
    run(&mut admin, &json!({ "kind": "CONSUME", "product": "MILK", "lot": "B", "from": "Bay", "quantity": 10 }));
    run(&mut admin, &json!({ "kind": "UNCONSUME", "product": "MILK", "lot": "B", "to": "Bay", "quantity": 4 }));
    run(&mut admin, &json!({ "kind": "SCRAP", "product": "MILK", "lot": "B", "from": "Bay", "quantity": 3 }));
    run(&mut admin, &json!({ "kind": "RETURN", "product": "MILK", "lot": "B", "from": "Bay", "quantity": 1 }));
    assert_eq!(stands(&mut admin, "MILK", "B", "Bay"), 20);
    run(&mut admin, &json!({ "kind": "MERGE", "product": "MILK", "lot": "A", "secondaryLot": "B" }));
    assert_eq!((stands(&mut admin, "MILK", "A", "Bay"), stands(&mut admin, "MILK", "B", "Bay")), (70, 0));
    assert_eq!(
        ok(&admin.get("/v1/lots/MILK%2FB"))["status"],
        "CLOSED",
        "nothing is left of a lot that was merged everywhere"
    );
    run(&mut admin, &json!({ "kind": "EDIT", "product": "MILK", "lot": "A", "from": "Bay", "quantity": 64 }));
    assert_eq!(stands(&mut admin, "MILK", "A", "Bay"), 64);
    run(&mut admin, &json!({ "kind": "RECEIVE_AND_CONSUME", "product": "SALT", "from": "Separator", "quantity": 2 }));
    assert_eq!(stands(&mut admin, "SALT", "", "Separator"), 0);
    let held =
        run(&mut admin, &json!({ "kind": "STATUS_CHANGE", "product": "MILK", "lot": "A", "newStatus": "QA_HOLD" }));
    assert_eq!(held["lotStatus"], "QA_HOLD");
    let refused = admin
        .post("/v1/runs", &json!({ "kind": "CONSUME", "product": "MILK", "lot": "A", "from": "Bay", "quantity": 1 }));
    is_refused(&refused, "lot", "QA_HOLD");
    run(&mut admin, &json!({ "kind": "SCRAP_ALL", "from": "Bay" }));
    assert_eq!(stands(&mut admin, "MILK", "A", "Bay"), 0);
    let page = ok(&admin.get("/v1/runs?lot=MILK%2FA&limit=3"));
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    assert!(page["nextCursor"].is_string());
    let one = ok(&admin.get(&format!("/v1/runs/{}", moved["uid"].as_str().unwrap())));
    assert_eq!(one["to"]["path"], "Silo");
    assert_eq!(admin.get("/v1/runs/99999").status, 404);
    run_ok(database, &["verify"]);
}

fn places_have_rules(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    receive(&mut admin, "A", "Silo", 490);
    let full = admin
        .post("/v1/runs", &json!({ "kind": "RECEIVE", "product": "MILK", "lot": "A", "to": "Silo", "quantity": 20 }));
    is_refused(&full, "to", "10 more would stand there");
    receive(&mut admin, "A", "Single", 1);
    receive(&mut admin, "A", "Single", 1);
    let second =
        json!({ "kind": "RECEIVE", "product": "MILK", "lot": "B", "makesLots": true, "to": "Single", "quantity": 1 });
    is_refused(&admin.post("/v1/runs", &second), "to", "holds one at a time");
    receive(&mut admin, "A", "Previous", 5);
    let merged = receive(&mut admin, "C", "Previous", 7);
    assert_eq!(merged["lot"]["name"], "A", "it arrived in the lot that was there");
    assert_eq!(stands(&mut admin, "MILK", "A", "Previous"), 12);
    receive(&mut admin, "A", "New", 5);
    receive(&mut admin, "D", "New", 7);
    assert_eq!((stands(&mut admin, "MILK", "D", "New"), stands(&mut admin, "MILK", "A", "New")), (12, 0));
    receive(&mut admin, "A", "Drain", 5);
    assert_eq!(stands(&mut admin, "MILK", "A", "Drain"), 0);
    // Last in, first out; and a lot that nobody named.
    receive(&mut admin, "E", "Last", 5);
    receive(&mut admin, "F", "Last", 5);
    let taken = run(&mut admin, &json!({ "kind": "CONSUME", "product": "MILK", "from": "Last", "quantity": 1 }));
    assert_eq!(taken["lot"]["name"], "F");
    let made = run(&mut admin, &json!({ "kind": "PRODUCE", "product": "CREAM", "to": "Cream", "quantity": 1 }));
    assert_eq!(made["lot"]["name"].as_str().unwrap().len(), 36, "a lot of its own, called by a UUID");
    run_ok(database, &["verify"]);
}

fn all_or_nothing(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    receive(&mut admin, "A", "Bay", 10);
    let before = ok(&admin.get("/v1/runs"))["items"].as_array().unwrap().len();
    let wrong = admin.post(
        "/v1/runs",
        &json!([
            { "kind": "MOVE", "product": "MILK", "lot": "A", "from": "Bay", "to": "Silo", "quantity": 1 },
            { "kind": "CONSUME", "product": "MILK", "lot": "Z", "from": "Bay", "quantity": 1 },
            { "kind": "RECEIVE", "product": "MILK", "quantity": -1 },
            { "kind": "SPLIT", "product": "MILK", "lot": "A", "from": "Bay", "quantity": 1 },
            { "kind": "CONSUME", "product": "SALT", "lot": "X", "from": "Bay", "quantity": 1 }
        ]),
    );
    let found = faults(&wrong);
    let fields: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(fields, ["[1].lot", "[2].quantity", "[2].to", "[3].secondaryLot", "[4].lot"], "{found:?}");
    let short = admin.post(
        "/v1/runs",
        &json!([
            { "kind": "MOVE", "product": "MILK", "lot": "A", "from": "Bay", "to": "Silo", "quantity": 8 },
            { "kind": "CONSUME", "product": "MILK", "lot": "A", "from": "Bay", "quantity": 3 }
        ]),
    );
    is_refused(&short, "[1].quantity", "short by 1");
    assert_eq!(stands(&mut admin, "MILK", "A", "Silo"), 0, "the first did not happen either");
    assert_eq!(ok(&admin.get("/v1/runs"))["items"].as_array().unwrap().len(), before);
    // The same key, the same answer; and once.
    let mut patient = server.admin().with("Idempotency-Key", "move-1");
    let action = json!({ "kind": "MOVE", "product": "MILK", "lot": "A", "from": "Bay", "to": "Silo", "quantity": 1 });
    let first = ok(&patient.post("/v1/runs", &action));
    assert_eq!(ok(&patient.post("/v1/runs", &action))["uid"], first["uid"]);
    assert_eq!(stands(&mut admin, "MILK", "A", "Silo"), 1);
    run_ok(database, &["verify"]);
}

fn exported(database: &str, arguments: &[&str]) -> Vec<Value> {
    let document: Value = serde_json::from_str(&run_ok(database, &[&["export", "epcis"], arguments].concat())).unwrap();
    assert_eq!((&document["type"], &document["schemaVersion"]), (&json!("EPCISDocument"), &json!("2.0")));
    document["epcisBody"]["eventList"].as_array().unwrap().clone()
}

fn steps(events: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    events.iter().map(|event| format!("{} {}", text(&event["action"]), text(&event["bizStep"]))).collect()
}

fn what_happened_leaves_as_epcis(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    ok(&admin.patch("/v1/products/CREAM", &json!({ "barcodes": ["not one", "4006381333931"] })));
    make_cream(&mut admin);
    let hold = json!({ "kind": "STATUS_CHANGE", "product": "CREAM", "lot": "C1", "newStatus": "QA_HOLD" });
    run(&mut admin, &hold);
    run(&mut admin, &json!({ "kind": "SCRAP", "product": "CREAM", "lot": "C1", "from": "Cream", "quantity": 0 }));
    let events = exported(database, &[]);
    assert_eq!(
        steps(&events),
        [
            "- creating_class_instance",
            "- creating_class_instance",
            "- shipping",
            "OBSERVE holding",
            "ADD commissioning",
            "OBSERVE receiving",
            "OBSERVE shipping"
        ],
        "runs first, then what drafts moved; a run of nothing is left out"
    );
    let cream = "https://id.gs1.org/01/04006381333931/10/C1";
    assert_eq!(
        events[1]["inputQuantityList"],
        json!([{ "epcClass": "urn:lotbook:product:WIP:lot:W1", "quantity": 100, "uom": "LBR" }])
    );
    assert_eq!(events[1]["outputQuantityList"], json!([{ "epcClass": cream, "quantity": 100, "uom": "LBR" }]));
    assert_eq!(events[1]["ilmd"], json!({ "cbvmda:lotNumber": "C1" }));
    assert_eq!(events[1]["bizLocation"]["id"], "urn:lotbook:location:Cream");
    assert!(events[1]["transformationID"].as_str().unwrap().starts_with("urn:lotbook:run:"));
    assert_eq!(events[3]["disposition"], "unavailable");
    assert_eq!(events[4]["eventTime"], "2026-01-05T08:00:00.000Z");
    assert_eq!(events[5]["sourceList"], json!([{ "type": "owning_party", "source": "urn:lotbook:party:FARM" }]));
    assert_eq!(events[6]["destinationList"][0]["destination"], "urn:lotbook:party:SHOP");
    assert_eq!(events[6]["quantityList"][0]["quantity"], 25);
    // Again it is the same, event by event, and of a lot or a period only what belongs to it.
    assert_eq!(exported(database, &[]), events);
    let of_lot = exported(database, &["--lot", "C1"]);
    assert_eq!(of_lot, events[1..4]);
    let early = exported(database, &["--from", "2026-01-05", "--to", "2026-01-06T09:00:00Z"]);
    assert_eq!(early, [&events[0..1], &events[4..6]].concat());
    let unknown = support::run(database, &["export", "epcis", "--lot", "NOBODY"]);
    assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("no lot NOBODY"));
    // What is undone is told again, as not having occurred.
    let sold = ok(&admin.get("/v1/movements?product=TUB"));
    let sold = sold["items"].as_array().unwrap().iter().find(|item| item["kind"] == "Delivery").unwrap();
    ok(&admin.post("/v1/reversals", &json!({ "movement": sold["id"], "reason": "the wrong shop" })));
    let after = exported(database, &[]);
    let mut taken_back = after.last().unwrap().clone();
    assert_eq!(after.len(), events.len() + 1);
    let declared = taken_back.as_object_mut().unwrap().remove("errorDeclaration").unwrap();
    assert_eq!(declared["reason"], "did_not_occur");
    assert_eq!(taken_back, events[6]);
    // So is a run, once, however many movements it made.
    let split = json!({ "kind": "SPLIT", "product": "MILK", "lot": "M1", "from": "Silo", "quantity": 40, "secondaryLot": "M2" });
    let split = run(&mut admin, &split);
    ok(&admin.post("/v1/reversals", &json!({ "run": split["uid"], "reason": "it was not split" })));
    let of_lot = exported(database, &["--lot", "M2"]);
    assert_eq!(steps(&of_lot), ["- repackaging", "- repackaging"]);
    assert_eq!(of_lot[0]["eventID"], of_lot[1]["eventID"]);
    assert_eq!((&of_lot[0]["errorDeclaration"], &of_lot[0]["ilmd"]["cbvmda:lotNumber"]), (&Value::Null, &json!("M2")));
    assert_eq!(of_lot[1]["errorDeclaration"]["reason"], "did_not_occur");
    // Identifiers of the house's own begin as the house likes.
    let base = json!({ "value": "https://id.example.com" });
    ok(&admin.patch("/v1/settings/epcis.baseUri", &base));
    let own = exported(database, &["--lot", "M1"]);
    let begun = own.iter().find(|event| event["eventID"] == events[4]["eventID"]).expect("whatever things are called");
    assert_eq!(begun["quantityList"][0]["epcClass"], "https://id.example.com/product/MILK/lot/M1");
    for wrong in [json!("no uri"), json!("urn:"), json!(1)] {
        assert_eq!(admin.patch("/v1/settings/epcis.baseUri", &json!({ "value": wrong })).status, 422);
    }
}

/// More digits than a double has come back from everywhere as they were sent.
fn digits_are_kept(database: &str) {
    const MANY: &str = "9007199.254741";
    const DOUBLE: &str = "9007199254.740993";
    const BOTH: &str = "9016206453.995734";
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let kept = |reply: &support::Reply, path: &str| {
        assert!(reply.status < 300, "{path}: {}: {:.500}", reply.status, reply.text);
        let digits = |number: &str| {
            let found = reply.text.match_indices(number).map(|(at, _)| &reply.text[at + number.len()..]);
            found.filter(|rest| !rest.starts_with(|next: char| next.is_ascii_digit())).count()
        };
        assert!(
            digits(DOUBLE) + digits(MANY) + digits(BOTH) > 0,
            "{path} does not say {DOUBLE}, {MANY} or {BOTH}: {}",
            reply.text
        );
    };
    let received =
        json!({ "kind": "RECEIVE", "product": "MILK", "lot": "L", "makesLots": true, "to": "Bay", "quantity": DOUBLE });
    kept(&admin.post("/v1/runs", &json!([received])), "POST /v1/runs of a list");
    let operation = json!({
        "name": "Fill", "operationType": "RECEIVE", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
        "material": "MILK", "destinationLocation": "Dock", "createLotIfNotFound": true
    });
    ok(&admin.post("/v1/operations", &operation));
    let executed = admin.post("/v1/operations/Fill/execute", &json!({ "lot": "M", "quantity": MANY }));
    kept(&executed, "POST /v1/operations/Fill/execute");
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery" })));
    ok(&admin.patch("/v1/products/SALT", &json!({ "costPrice": DOUBLE })));
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].clone();
    ok(&admin.post(
        "/v1/entries",
        &json!({ "voucher": voucher, "product": "SALT", "location": "Dock", "count": DOUBLE, "costPrice": "0.5", "stockDate": "2024-01-01T00:00:00Z" }),
    ));
    let held = json!({ "product": "MILK", "location": "Bay", "quantity": DOUBLE });
    kept(&admin.post("/v1/reservations", &held), "POST /v1/reservations");
    let counted = json!({ "product": "MILK", "lot": "L", "location": "Bay", "quantity": DOUBLE });
    kept(&admin.post("/v1/counts", &counted), "POST /v1/counts");
    for path in [
        "/v1/products/SALT",
        "/v1/products?limit=100",
        "/v1/entries?limit=100",
        "/v1/movements?limit=100",
        "/v1/balances?product=MILK",
        "/v1/availability?product=MILK",
        "/v1/valuation?product=MILK",
        "/v1/runs",
        "/v1/reservations",
        "/v1/counts",
        "/v1/feed",
        "/v1/stock-card?product=MILK",
        "/v1/lots/MILK%2FL/recall",
    ] {
        kept(&admin.get(path), path);
    }
}

/// A list of what is promised is of the place and of the org unit that are asked for, not of one of them.
fn promises_are_listed_by_place_and_org_unit(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    ok(&admin.post("/v1/locations", &json!({ "name": "Shop", "isOrgUnit": true })));
    ok(&admin.post(
        "/v1/locations",
        &json!([{ "name": "Shelf", "parent": "Shop" }, { "name": "Counter", "parent": "Shop" }]),
    ));
    let promise = |place: &str, quantity: i64| json!({ "product": "SALT", "location": place, "quantity": quantity, "allowBackorder": true });
    ok(&admin.post(
        "/v1/reservations",
        &json!([promise("Bay", 1), promise("Shop/Shelf", 2), promise("Shop/Counter", 4), promise("Shop", 8)]),
    ));
    for (query, sum) in [
        ("", 15),
        ("?orgUnit=Shop", 14),
        ("?location=Shop/Shelf", 2),
        ("?location=Shop/Shelf&orgUnit=Shop", 2),
        ("?location=Shop&orgUnit=Shop", 14),
        ("?location=Bay&orgUnit=Shop", 0),
    ] {
        let page = ok(&admin.get(&format!("/v1/reservations{query}")));
        let found: i64 = page["items"].as_array().unwrap().iter().map(|item| item["quantity"].as_i64().unwrap()).sum();
        assert_eq!(found, sum, "{query}: {page}");
    }
}

/// What is promised in ounces is kept in pounds, as what is entered is.
fn promises_take_units(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    ok(&admin.post("/v1/units", &json!({ "symbol": "ell", "name": "Ell" })));
    receive(&mut admin, "A", "Bay", 1);
    receive(&mut admin, "B", "Bay", 1);
    let promise = |quantity: Value, unit: &str| json!({ "product": "MILK", "location": "Bay", "quantity": quantity, "unit": unit });
    let held = ok(&admin.post("/v1/reservations", &promise(json!(8), "oz")));
    assert_eq!((&held["quantity"], &held["open"]), (&json!(0.5), &json!(0.5)), "{held}");
    let mut shared = promise(json!(20), "oz");
    shared["allocate"] = json!("fifo");
    let shared = ok(&admin.post("/v1/reservations", &shared));
    let lines: Vec<&Value> = shared["lines"].as_array().unwrap().iter().map(|line| &line["quantity"]).collect();
    assert_eq!((&shared["quantity"], lines.len()), (&json!(1.25), 2), "{shared}");
    let short = admin.post("/v1/reservations", &promise(json!(5), "oz"));
    assert_eq!(short.problem(), (409, "insufficientStock".into()), "{}", short.text);
    ok(&admin.post("/v1/reservations", &promise(json!(4), "oz")));
    let wrong = [
        promise(json!(1), "ell"),
        promise(json!(1), "fathom"),
        promise(json!(0), "fathom"),
        promise(json!("0.000001"), "oz"),
    ];
    let found = faults(&admin.post("/v1/reservations", &json!(wrong)));
    let says = |field: &str, text: &str| assert!(found.get(field).is_some_and(|said| said.contains(text)), "{found:?}");
    says("[0].unit", "no conversion from that unit to the unit of product MILK");
    says("[1].unit", "there is no unit fathom");
    says("[2].unit", "there is no unit fathom");
    says("[2].quantity", "must be more than 0");
    says("[3].quantity", "less than a millionth");
    assert_eq!(found.len(), 5, "{found:?}");
    run_ok(database, &["verify"]);
}

const STORIES: [fn(&str); 8] = [
    digits_are_kept,
    the_trace_crosses_both_faces,
    every_kind_does_what_it_says,
    places_have_rules,
    all_or_nothing,
    what_happened_leaves_as_epcis,
    promises_are_listed_by_place_and_org_unit,
    promises_take_units,
];

#[test]
fn runs_on_sqlite() {
    for story in STORIES {
        story(&Scratch::new().url());
    }
}

#[test]
fn runs_on_postgresql() {
    for story in STORIES {
        let Some(database) = PostgresDb::new() else { return };
        story(&database.url());
    }
}
