//! Operations over HTTP: started and stopped by hand and by tags, and what a failed stop leaves.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use serde_json::{Value, json};
use support::{Client, PostgresDb, Reply, Scratch, Server, run_ok};

fn ok(reply: &Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.900}", reply.status, reply.text);
    reply.json()
}

fn furnish(admin: &mut Client) {
    ok(&admin.post("/v1/units", &json!({ "symbol": "lb", "name": "Pound" })));
    for identifier in ["MILK", "WIP"] {
        let product = json!({ "identifier": identifier, "name": identifier, "unit": "lb", "tracking": "lot" });
        ok(&admin.post("/v1/products", &product));
    }
    ok(&admin.post(
        "/v1/locations",
        &json!([{ "name": "Bay", "allowNegative": false }, { "name": "Silo", "allowNegative": false }, { "name": "Vat" }]),
    ));
}

fn stands(admin: &mut Client, product: &str, place: &str) -> f64 {
    let page = ok(&admin.get(&format!("/v1/balances?product={product}&location={place}&limit=500")));
    page["items"].as_array().unwrap().iter().map(|item| item["quantity"].as_f64().unwrap()).sum()
}

fn is_about(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-7
}

fn by_hand(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let fill = ok(&admin.post(
        "/v1/operations",
        &json!({
            "name": "Fill silo", "operationType": "RECEIVE", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
            "primaryLotResolutionStrategy": "MANUAL", "createLotIfNotFound": true, "destinationLocation": "Silo",
            "material": "MILK", "unitOfMeasure": "lb", "notes": "as every morning"
        }),
    ));
    assert_eq!((&fill["status"], &fill["currentRun"]), (&json!("IDLE"), &json!(0)));
    let id = fill["id"].as_i64().unwrap();
    let verb = |name: &str| format!("/v1/operations/{id}/{name}");
    // A lot has to be said; a start without one is refused and changes nothing.
    let refused = admin.post(&verb("start"), &json!({}));
    assert!(refused.status == 422 && refused.text.contains("told the lot by hand"), "{}", refused.text);
    let refused = admin.post(&verb("stop"), &json!({ "quantity": 5 }));
    assert_eq!(refused.problem(), (409, "wrongState".to_owned()));
    let started = ok(&admin.post(&verb("start"), &json!({ "lot": "M1" })));
    assert_eq!((&started["status"], &started["run"]["status"]), (&json!("RUNNING"), &json!("RUNNING")));
    assert_eq!((&started["run"]["endedAt"], &started["run"]["notes"]), (&Value::Null, &json!("as every morning")));
    assert_eq!(started["run"]["operation"]["name"], "Fill silo");
    assert!(is_about(stands(&mut admin, "MILK", "Silo"), 0.0), "nothing moves before the end");
    assert_eq!(admin.post(&verb("start"), &json!({ "lot": "M1" })).problem(), (409, "wrongState".to_owned()));
    assert_eq!(admin.delete(&format!("/v1/operations/{id}")).problem(), (409, "inUse".to_owned()));
    let stopped = ok(&admin.post(&verb("stop"), &json!({ "quantity": 100 })));
    assert_eq!((&stopped["status"], &stopped["run"]["status"]), (&json!("COMPLETED"), &json!("COMPLETED")));
    assert_eq!((&stopped["run"]["id"], &stopped["run"]["quantity"]), (&started["run"]["id"], &json!(100)));
    let executed = ok(&admin.post(&verb("execute"), &json!({ "lot": "M1", "quantity": 50 })));
    assert_ne!(executed["run"]["id"], started["run"]["id"]);
    // What is executed while it runs stops, with what it was started with.
    let started = ok(&admin.post(&verb("start"), &json!({ "lot": "M1" })));
    let executed = ok(&admin.post(&verb("execute"), &json!({ "quantity": 7 })));
    assert_eq!((&executed["status"], &executed["run"]["id"]), (&json!("COMPLETED"), &started["run"]["id"]));
    assert_eq!((&executed["run"]["lot"]["name"], &executed["run"]["quantity"]), (&json!("M1"), &json!(7)));
    ok(&admin.post(&verb("start"), &json!({ "lot": "M1" })));
    let cancelled = ok(&admin.post(&verb("cancel"), &json!({})));
    assert_eq!((&cancelled["status"], &cancelled["run"]["status"]), (&json!("CANCELLED"), &json!("CANCELLED")));
    assert!(is_about(stands(&mut admin, "MILK", "Silo"), 157.0));
    let runs = ok(&admin.get(&format!("/v1/runs?operation={id}")));
    assert_eq!(runs["items"].as_array().unwrap().len(), 4);

    // A stop that the stock refuses leaves the run open, and says why; a later one tries again.
    let mix = json!({
        "name": "Mix", "operationType": "CONSUME", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
        "primaryLotResolutionStrategy": "FROM_LOCATION", "sourceLocation": "Silo", "destinationLocation": "Vat",
        "material": "MILK", "secondaryMaterial": "WIP"
    });
    let mix = ok(&admin.post("/v1/operations", &mix))["id"].as_i64().unwrap();
    ok(&admin.post(&format!("/v1/operations/{mix}/start"), &json!({})));
    let faulted = admin.post(&format!("/v1/operations/{mix}/stop"), &json!({ "quantity": 158 }));
    assert_eq!(faulted.problem(), (409, "operationFaulted".to_owned()));
    let shown = ok(&admin.get(&format!("/v1/operations/{mix}")));
    assert_eq!(shown["status"], "FAULTED");
    assert!(shown["fault"].as_str().unwrap().contains("short by 1"), "{shown}");
    assert_eq!(
        admin.post(&format!("/v1/operations/{mix}/start"), &json!({})).problem(),
        (409, "wrongState".to_owned())
    );
    let retried = ok(&admin.post(&format!("/v1/operations/{mix}/stop"), &json!({ "quantity": 157 })));
    assert_eq!((&retried["status"], &retried["run"]["secondaryQuantity"]), (&json!("COMPLETED"), &json!(157)));
    assert!(is_about(stands(&mut admin, "WIP", "Vat"), 157.0));
    let wrong = admin.post("/v1/operations", &json!({ "name": "X", "startTriggerExpression": "{[default]A} = " }));
    assert!(wrong.status == 422 && wrong.text.contains("at character"), "{}", wrong.text);
    run_ok(database, &["verify"]);
}

fn say(admin: &mut Client, second: u32, path: &str, value: impl Into<Value>) {
    let sample = json!([{ "path": path, "value": value.into(), "time": format!("2026-01-05T08:00:{second:02}Z") }]);
    assert_eq!(ok(&admin.send("PUT", "/v1/tags", &sample.to_string())), json!({ "accepted": 1, "ignored": 0 }));
}

fn by_tags(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let fill = ok(&admin.post(
        "/v1/operations",
        &json!({
            "name": "Fill by valve", "operationType": "RECEIVE", "destinationLocation": "Silo", "material": "MILK",
            "startTriggerExpression": "{[default]Bay/Valve}", "stopTriggerExpression": "{[default]Bay/Valve}",
            "primaryLotResolutionStrategy": "EXPRESSION", "primaryLotCodeExpression": "concat('M', toStr({Bay/Batch}))",
            "createLotIfNotFound": true, "quantityExpression": "{Bay/Counter}", "quantityOverflowValue": 100,
            "unitOfMeasureResolutionStrategy": "FROM_CONTEXT"
        }),
    ));
    let id = fill["id"].as_i64().unwrap();
    let ready = ok(&admin.get(&format!("/v1/operations/{id}/readiness")));
    assert_eq!(ready, json!({ "ready": true, "problems": {}, "warnings": {} }));
    say(&mut admin, 1, "Bay/Batch", 7);
    say(&mut admin, 1, "Bay/Counter", 90);
    say(&mut admin, 2, "[default]Bay/Valve", false);
    say(&mut admin, 3, "Bay/Valve", true);
    let running = ok(&admin.get(&format!("/v1/operations/{id}")));
    assert_eq!(running["status"], "RUNNING", "{running}");
    // The counter wraps twice while nobody looks at the stock, and once over a restart.
    for (second, count) in [(4, 95.5), (5, 10.0), (6, 99.0)] {
        say(&mut admin, second, "Bay/Counter", count);
    }
    drop(admin);
    drop(server); // killed
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    say(&mut admin, 7, "Bay/Counter", 4);
    say(&mut admin, 8, "Bay/Valve", true);
    assert_eq!(ok(&admin.get(&format!("/v1/operations/{id}")))["status"], "RUNNING");
    // The board shows what came together, before anything moves.
    let board = ok(&admin.get("/v1/operation-states?location=Silo"));
    let shown = &board["items"][0];
    assert_eq!((&shown["operation"]["name"], &shown["status"]), (&json!("Fill by valve"), &json!("RUNNING")));
    assert_eq!((&shown["soFar"], &shown["run"]["lot"]["name"]), (&json!(114), &json!("M7")), "{shown}");
    assert_eq!(shown["operation"]["destinationLocation"]["path"], "Silo");
    assert_eq!(ok(&admin.get("/v1/operation-states?location=Vat"))["items"], json!([]));
    say(&mut admin, 9, "Bay/Valve", false);
    let run = ok(&admin.get(&format!("/v1/runs?operation={id}")))["items"][0].clone();
    assert_eq!((&run["status"], &run["lot"]["name"]), (&json!("COMPLETED"), &json!("M7")));
    assert!(is_about(run["quantity"].as_f64().unwrap(), 114.0), "90 → 100 → 100 → 4: {run}");
    assert_eq!(run["startedAt"], "2026-01-05T08:00:03.000Z");
    assert_eq!(run["endedAt"], "2026-01-05T08:00:09.000Z");
    // What is late does not turn time back, and a bad value is no edge.
    let late = json!([
        { "path": "Bay/Valve", "value": true, "time": "2026-01-05T08:00:05Z" },
        { "path": "Bay/Valve", "value": true, "quality": "bad", "time": "2026-01-05T08:01:00Z" }
    ]);
    assert_eq!(ok(&admin.send("PUT", "/v1/tags", &late.to_string())), json!({ "accepted": 1, "ignored": 1 }));
    assert_eq!(ok(&admin.get(&format!("/v1/operations/{id}")))["status"], "COMPLETED");
    let runs = ok(&admin.get(&format!("/v1/runs?operation={id}")));
    assert_eq!(runs["items"].as_array().unwrap().len(), 1, "one edge, one run");
    // A whole cycle in one call, in whatever order it comes.
    let cycle = json!([
        { "path": "Bay/Valve", "value": false, "time": "2026-01-05T09:00:20Z" },
        { "path": "Bay/Counter", "value": 24, "time": "2026-01-05T09:00:10Z" },
        { "path": "Bay/Valve", "value": true, "time": "2026-01-05T09:00:00Z" }
    ]);
    assert_eq!(ok(&admin.send("PUT", "/v1/tags", &cycle.to_string()))["accepted"], 3);
    let runs = ok(&admin.get(&format!("/v1/runs?operation={id}")));
    assert_eq!(runs["items"][1]["quantity"], 20);
    assert!(is_about(stands(&mut admin, "MILK", "Silo"), 134.0));
    let tags = ok(&admin.get("/v1/tags?search=bay/"));
    assert_eq!(tags["items"].as_array().unwrap().len(), 3);
    assert_eq!((&tags["items"][0]["path"], &tags["items"][0]["value"]), (&json!("[default]Bay/Batch"), &json!(7)));
    let tried =
        ok(&admin.post("/v1/expressions/evaluate", &json!({ "expression": "{Bay/Counter} + 0.1", "tags": {} })));
    assert_eq!((&tried["value"], &tried["quality"]), (&json!(24.1), &json!("good")));
    let unread = ok(&admin.post("/v1/expressions/evaluate", &json!({ "expression": "1 + " })));
    assert_eq!(unread["fault"]["at"], 5);
    run_ok(database, &["verify"]);
}

/// A process, its order, and the operations that are part of it.
fn with_a_process(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    ok(&admin.post("/v1/units", &json!({ "symbol": "t", "name": "Ton" })));
    ok(&admin.post("/v1/unit-conversions", &json!({ "from": "t", "to": "lb", "numerator": 2000 })));
    ok(&admin.post(
        "/v1/production-orders",
        &json!({ "name": "PO-1", "product": "MILK", "quantity": 5, "unitOfMeasure": "t", "location": "Bay" }),
    ));
    let process = json!({
        "name": "Filling", "location": "Bay", "updateProductionOrderStatusOnStart": true,
        "updateProductionOrderStatusOnStop": true, "stopProductionOrderStatus": "CLOSED", "triggerSource": "EXPRESSION",
        "startTriggerExpression": "{Line/Run}", "stopTriggerExpression": "{Line/Run}",
        "productionOrderResolutionStrategy": "EXPRESSION", "productionOrderExpression": "{Line/Order}"
    });
    ok(&admin.post("/v1/processes", &process));
    let part = |name: &str, more: Value| {
        let mut part = json!({
            "name": name, "process": "Filling", "operationType": "PRODUCE", "triggerSource": "PARENT",
            "destinationLocation": "Silo", "materialSource": "PARENT", "createLotIfNotFound": true,
            "quantityExpression": "{Line/Counter}", "unitOfMeasure": "lb", "incrementProductionOrderCount": true
        });
        part.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        part
    };
    ok(&admin.post("/v1/operations", &part("Fill", json!({}))));
    // Of a lot that is to be there and is not: it is FAULTED, and the process goes on.
    let broken = json!({ "materialSource": "STATIC", "material": "WIP", "primaryLotResolutionStrategy": "MANUAL" });
    ok(&admin.post("/v1/operations", &part("Broken", broken)));
    let parentless = admin.post("/v1/operations", &json!({ "name": "Orphan", "triggerSource": "PARENT" }));
    assert!(parentless.status == 422 && parentless.text.contains("no process to start with"), "{}", parentless.text);

    // By hand: one lot of 4,000 lb is two tons of the order.
    let unknown = admin.post("/v1/processes/Filling/start", &json!({ "order": "PO-9" }));
    assert_eq!(unknown.status, 404, "{}", unknown.text);
    say(&mut admin, 1, "Line/Counter", 100);
    say(&mut admin, 1, "Line/Order", "PO-1");
    let started =
        ok(&admin.post("/v1/processes/Filling/start", &json!({ "order": "PO-1", "at": "2026-01-05T08:00:02Z" })));
    assert_eq!((&started["status"], &started["order"]["name"]), (&json!("RUNNING"), &json!("PO-1")));
    assert_eq!(started["operations"][0]["status"], "RUNNING");
    assert_eq!(started["operations"][1]["status"], "FAULTED");
    assert!(started["operations"][1]["fault"].as_str().unwrap().contains("told the lot by hand"), "{started}");
    assert_eq!(ok(&admin.get("/v1/production-orders/PO-1"))["status"], "RUNNING");
    assert_eq!(admin.delete("/v1/processes/Filling").problem(), (409, "inUse".to_owned()));
    say(&mut admin, 3, "Line/Counter", 2100);
    drop(admin);
    drop(server); // killed
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    let kept = ok(&admin.get("/v1/processes/Filling"));
    assert_eq!((&kept["status"], &kept["currentOrder"]["name"]), (&json!("RUNNING"), &json!("PO-1")));
    say(&mut admin, 4, "Line/Counter", 4100);
    let stopped = ok(&admin.post("/v1/processes/Filling/stop", &json!({ "at": "2026-01-05T08:00:05Z" })));
    assert_eq!((&stopped["status"], &stopped["record"]["status"]), (&json!("COMPLETED"), &json!("COMPLETED")));
    assert_eq!(stopped["record"]["id"], started["record"]["id"]);
    let order = ok(&admin.get("/v1/production-orders/PO-1"));
    assert_eq!((&order["status"], &order["quantityProduced"]), (&json!("CLOSED"), &json!(2)), "{order}");
    let runs = ok(&admin.get("/v1/runs?process=Filling&productionOrder=PO-1"));
    let run = &runs["items"][0];
    assert_eq!((&run["quantity"], &run["product"]["identifier"]), (&json!(4000), &json!("MILK")), "{run}");
    assert_eq!(run["processRecord"], started["record"]["id"]);
    assert_eq!(run["startedAt"], "2026-01-05T08:00:02.000Z");
    assert_eq!(admin.post("/v1/processes/Filling/stop", &json!({})).problem(), (409, "wrongState".to_owned()));

    // By a tag: its edge starts the process, and the process its part, in one transaction.
    say(&mut admin, 10, "Line/Run", false);
    say(&mut admin, 11, "Line/Run", true);
    assert_eq!(ok(&admin.get("/v1/operations/Fill"))["status"], "RUNNING");
    let cycle = json!([
        { "path": "Line/Counter", "value": 5100, "time": "2026-01-05T08:00:20Z" },
        { "path": "Line/Run", "value": 0, "time": "2026-01-05T08:00:30Z" },
        { "path": "Line/Run", "value": 1, "time": "2026-01-05T08:00:40Z" },
        { "path": "Line/Counter", "value": 6100, "time": "2026-01-05T08:00:50Z" },
        { "path": "Line/Run", "value": 0, "time": "2026-01-05T08:00:55Z" }
    ]);
    assert_eq!(ok(&admin.send("PUT", "/v1/tags", &cycle.to_string()))["accepted"], 5);
    assert_eq!(ok(&admin.get("/v1/production-orders/PO-1"))["quantityProduced"], 3);
    let records = ok(&admin.get("/v1/process-records?process=Filling&order=PO-1"));
    assert_eq!(records["items"].as_array().unwrap().len(), 3);
    assert_eq!(records["items"][2]["endedAt"], "2026-01-05T08:00:55.000Z");
    assert!(is_about(stands(&mut admin, "MILK", "Silo"), 6000.0));
    // Of an order that is not there the process is FAULTED, and nothing is opened.
    say(&mut admin, 56, "Line/Order", "PO-7");
    say(&mut admin, 57, "Line/Run", 1);
    let faulted = ok(&admin.get("/v1/processes/Filling"));
    assert_eq!((&faulted["status"], &faulted["currentRecord"]), (&json!("FAULTED"), &json!(0)));
    assert!(faulted["fault"].as_str().unwrap().contains("no production order PO-7"), "{faulted}");

    // One start ends the record before it, or is refused.
    ok(&admin.post("/v1/processes/Filling/start", &json!({ "order": "PO-1" })));
    ok(&admin.post("/v1/processes/Filling/start", &json!({ "order": "PO-1" })));
    let records = ok(&admin.get("/v1/process-records?process=Filling"))["items"].clone();
    assert_eq!(records.as_array().unwrap().len(), 5);
    let ends = records.as_array().unwrap().iter().filter(|record| !record["endedAt"].is_null()).count();
    assert_eq!(ends, 4, "one is open");
    ok(&admin.send(
        "PATCH",
        "/v1/processes/Filling",
        &json!({ "runningConflictStrategy": "THROW_EXCEPTION" }).to_string(),
    ));
    assert_eq!(
        admin.post("/v1/processes/Filling/start", &json!({ "order": "PO-1" })).problem(),
        (409, "wrongState".to_owned())
    );
    let produced = json!({
        "kind": "PRODUCE", "product": "MILK", "quantity": 0.5, "unit": "t", "to": "Silo", "process": "Filling",
        "countsOrder": true
    });
    let run = ok(&admin.post("/v1/runs", &produced));
    assert!(run["processRecord"].is_i64() && run["productionOrder"].is_i64(), "{run}");
    assert_eq!(ok(&admin.get("/v1/production-orders/PO-1"))["quantityProduced"], 3.5);
    let ledger = ok(&admin.get("/v1/ledger?from=0"));
    assert_eq!((&ledger["isIntact"], &ledger["checkedTo"]), (&json!(true), &ledger["position"]), "{ledger}");
    assert!(ledger["position"].as_i64().unwrap() > 1);
    run_ok(database, &["verify"]);
}

/// What is promised is used by whoever names it, in a run, an operation that stops, or one that is executed.
fn of_reservations(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let arrived =
        json!({ "kind": "RECEIVE", "product": "MILK", "lot": "M1", "makesLots": true, "to": "Silo", "quantity": 100 });
    ok(&admin.post("/v1/runs", &arrived));
    let held = ok(&admin.post("/v1/reservations", &json!({ "product": "MILK", "location": "Silo", "quantity": 80 })));
    let (id, uid) = (&held["id"], &held["uid"]);
    let open = |admin: &mut Client| ok(&admin.get(&format!("/v1/reservations/{id}")))["open"].clone();
    let used = |more: Value| {
        let mut action = json!({ "kind": "CONSUME", "product": "MILK", "lot": "M1", "from": "Silo", "quantity": 30 });
        action.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        action
    };
    let refused = |reply: &Reply, field: &str, says: &str| {
        assert_eq!(reply.status, 422, "{}", reply.text);
        assert!(reply.json()["violations"][field][0].as_str().unwrap().contains(says), "{}", reply.text);
    };
    let way_out = "name the reservation in the field reservation of the entry or run";
    refused(&admin.post("/v1/runs", &used(json!({}))), "quantity", way_out);
    refused(&admin.post("/v1/runs", &used(json!({ "reservation": 4711 }))), "reservation", "no reservation 4711");
    refused(&admin.post("/v1/runs", &used(json!({ "reservation": "none" }))), "reservation", "no reservation");
    let status = used(json!({ "kind": "STATUS_CHANGE", "newStatus": "AVAILABLE", "reservation": id }));
    refused(&admin.post("/v1/runs", &status), "reservation", "STATUS_CHANGE takes nothing");
    let run = ok(&admin.post("/v1/runs", &used(json!({ "reservation": uid }))));
    assert_eq!((&run["reservation"], open(&mut admin)), (id, json!(50)), "{run}");

    let mix = json!({
        "name": "Mix", "operationType": "CONSUME", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
        "primaryLotResolutionStrategy": "FROM_LOCATION", "sourceLocation": "Silo", "material": "MILK"
    });
    ok(&admin.post("/v1/operations", &mix));
    let mut told = |verb: &str, said: Value| admin.post(&format!("/v1/operations/Mix/{verb}"), &said);
    refused(&told("start", json!({ "reservation": 4711 })), "reservation", "no reservation 4711");
    let started = ok(&told("start", json!({ "reservation": id })));
    assert_eq!((&started["run"]["reservation"], &started["run"]["status"]), (id, &json!("RUNNING")));
    ok(&told("cancel", json!({})));
    let failed = told("execute", json!({ "quantity": 40 }));
    refused(&failed, "quantity", way_out);
    ok(&told("start", json!({ "reservation": { "id": id } })));
    let stopped = ok(&told("stop", json!({ "quantity": 40 })));
    assert_eq!(&stopped["run"]["reservation"], id);
    assert_eq!(open(&mut admin), json!(10));
    let executed = ok(&admin.post("/v1/operations/Mix/execute", &json!({ "quantity": 10, "reservation": uid })));
    let kept = ok(&admin.get(&format!("/v1/reservations/{id}")));
    assert_eq!((&kept["state"], &kept["open"]), (&json!("consumed"), &json!(0)), "{kept}");
    ok(&admin.post("/v1/reversals", &json!({ "run": executed["run"]["id"], "reason": "not used" })));
    assert_eq!(open(&mut admin), json!(10));
    let named = ok(&admin.get("/v1/runs?operation=Mix"))["items"].clone();
    assert!(named.as_array().unwrap().iter().all(|run| &run["reservation"] == id), "{named}");
    run_ok(database, &["verify"]);
}

const STORIES: [fn(&str); 5] = [by_hand, by_tags, with_a_process, of_others, of_reservations];

/// Whoever has rights at the plant only learns nothing of the shop: no operation, tag or journal, and of a lot that
/// was sold there no more than sums.
fn of_others(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    ok(&admin.post(
        "/v1/locations",
        &json!([{ "name": "Plant", "type": "orgUnit" }, { "name": "Shop", "type": "orgUnit" },
                { "name": "Tank", "parent": "Plant" }, { "name": "Shelf", "parent": "Shop" }]),
    ));
    for (name, place) in [("Fill tank", "Plant/Tank"), ("Fill shelf", "Shop/Shelf")] {
        let operation = json!({ "name": name, "operationType": "RECEIVE", "triggerSource": "MANUAL",
            "quantitySource": "MANUAL", "primaryLotResolutionStrategy": "MANUAL", "createLotIfNotFound": true,
            "destinationLocation": place, "material": "MILK" });
        ok(&admin.post("/v1/operations", &operation));
    }
    ok(&admin.post("/v1/operations/Fill%20shelf/execute", &json!({ "lot": "S1", "quantity": 10 })));
    ok(&admin.post("/v1/operations/Fill%20tank/execute", &json!({ "lot": "T1", "quantity": 4 })));
    ok(&admin.post("/v1/parties", &json!({ "code": "C7", "name": "Anna" })));
    for (name, more) in [
        ("Sales", json!({ "orgUnit": "Shop", "isAutoBook": true })),
        ("Drawer", json!({ "isHidden": true })),
        ("Open", json!({})),
    ] {
        let mut journal = json!({ "name": name, "kind": "Delivery" });
        journal.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ok(&admin.post("/v1/journals", &journal));
    }
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Sales" })))["id"].clone();
    let sold = json!({ "voucher": voucher, "product": "MILK", "lot": "S1", "location": "Shop/Shelf", "count": -3,
        "stockDate": "2099-01-01", "customer": "C7" });
    ok(&admin.post("/v1/entries", &sold));
    let hidden = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Drawer" })))["id"].clone();
    let kept = json!({ "voucher": hidden, "product": "MILK", "lot": "T1", "location": "Plant/Tank", "count": 1,
        "stockDate": "2099-01-01", "costPrice": 1 });
    ok(&admin.post("/v1/entries", &kept));
    ok(&admin.send("PUT", "/v1/tags", r#"[{"path": "[default]A", "value": 1}]"#));

    for (name, role, unit) in [("pia", "operator", json!("Plant")), ("olaf", "operator", Value::Null)] {
        ok(&admin.post("/v1/users", &json!({ "name": name, "roles": [{ "role": role, "orgUnit": unit }] })));
    }
    let mut pia = server.client_with(&server.key("pia"));
    let mut olaf = server.client_with(&server.key("olaf"));
    let named = |reply: Reply| -> Vec<String> {
        let page = ok(&reply);
        page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(named(pia.get("/v1/operations")), ["Fill tank"]);
    assert_eq!(named(olaf.get("/v1/operations")), ["Fill tank", "Fill shelf"]);
    assert_eq!(pia.get("/v1/operations/Fill%20shelf").status, 404);
    assert_eq!(pia.get("/v1/operations/Fill%20shelf/readiness").status, 404);
    assert_eq!(pia.get("/v1/tags").problem(), (403, "permissionDenied".to_owned()));
    assert_eq!(ok(&olaf.get("/v1/tags"))["items"].as_array().unwrap().len(), 1);

    assert_eq!(named(admin.get("/v1/journals")), ["Sales", "Drawer", "Open"]);
    assert_eq!(named(olaf.get("/v1/journals")), ["Sales", "Open"]);
    assert_eq!(named(pia.get("/v1/journals?kind=Delivery&limit=5")), ["Open"]);
    for client in [&mut pia, &mut olaf] {
        assert_eq!(client.get("/v1/journals/Drawer").status, 404);
        assert_eq!(client.get("/v1/drafts/Drawer").status, 404);
        assert_eq!(client.post("/v1/vouchers", &json!({ "journal": "Drawer" })).status, 404);
        assert_eq!(client.get(&format!("/v1/vouchers/{hidden}")).status, 404);
        assert_eq!(ok(&client.get("/v1/entries"))["items"], json!([]));
    }
    assert_eq!(ok(&pia.get("/v1/drafts"))["items"].as_array().unwrap().len(), 1);
    assert_eq!(ok(&admin.get("/v1/entries"))["items"].as_array().unwrap().len(), 1);

    let all = ok(&admin.get("/v1/lots/MILK%2FS1/recall"));
    assert_eq!(all["customers"][0]["party"]["name"], "Anna", "{all}");
    assert_eq!(all["elsewhere"], json!([]));
    let seen = ok(&pia.get("/v1/lots/MILK%2FS1/recall"));
    assert_eq!((&seen["customers"], &seen["locations"]), (&json!([]), &json!([])), "{seen}");
    for figure in ["made", "shipped", "onHand", "unexplained"] {
        assert_eq!(seen[figure], all[figure], "{figure}");
    }
    assert_eq!((&seen["elsewhere"][0]["delivered"], &seen["elsewhere"][0]["onHand"]), (&json!(3), &json!(7)));

    // A lot of the plant goes into one of the shop, and that into another there: the plant learns that it did.
    let mut runs = Vec::new();
    for (lot, from, into) in [("T1", "Plant/Tank", "S2"), ("S2", "Shop/Shelf", "S3")] {
        let used = json!({ "kind": "CONSUME", "product": "MILK", "lot": lot, "from": from, "quantity": 2,
            "secondaryProduct": "MILK", "secondaryLot": into, "to": "Shop/Shelf", "makesLots": true });
        runs.push(ok(&admin.post("/v1/runs", &used))["uid"].clone());
    }
    let address = "/v1/lots/MILK%2FT1/trace?depth=5";
    let all = ok(&admin.get(address));
    let names = |trace: &Value| -> Vec<Value> {
        trace["nodes"].as_array().unwrap().iter().map(|node| node["lot"]["name"].clone()).collect()
    };
    assert_eq!(names(&all), ["S2", "S3"]);
    assert_eq!((&all["edges"][0]["records"][0], &all["edges"][1]["hiddenRecords"]), (&runs[0], &json!(0)), "{all}");
    let seen = ok(&pia.get(address));
    assert_eq!(names(&seen), ["another org unit", "another org unit"]);
    for (at, node) in seen["nodes"].as_array().unwrap().iter().enumerate() {
        assert_eq!(
            (&node["hidden"], &node["lot"]["id"], &node["product"]["id"]),
            (&json!(true), &Value::Null, &Value::Null)
        );
        assert_eq!(node["quantity"], all["nodes"][at]["quantity"]);
    }
    let edges = seen["edges"].as_array().unwrap();
    assert_eq!((&edges[0]["records"], &edges[0]["hiddenRecords"]), (&json!([runs[0]]), &json!(0)), "{seen}");
    assert_eq!((&edges[1]["records"], &edges[1]["hiddenRecords"]), (&json!([]), &json!(1)), "{seen}");
    assert_eq!(edges[0]["to"]["uid"], edges[1]["from"]["uid"], "what is hidden hangs together");
    for told in [&all["nodes"][0], &all["nodes"][1]] {
        assert!(!seen.to_string().contains(told["lot"]["uid"].as_str().unwrap()), "{seen}");
    }
    let affected = ok(&pia.get("/v1/lots/MILK%2FT1/recall"))["affected"].clone();
    assert_eq!(affected[1]["lot"]["name"], "another org unit", "{affected}");
    for (client, status) in [(&mut admin, 200), (&mut pia, 404)] {
        assert_eq!(client.get(&format!("/v1/runs/{}", runs[1].as_str().unwrap())).status, status);
    }
    assert_eq!(pia.get(&format!("/v1/runs/{}", runs[0].as_str().unwrap())).status, 200);
}

#[test]
fn operations_on_sqlite() {
    for story in STORIES {
        let scratch = Scratch::new();
        story(&scratch.url());
    }
}

#[test]
fn operations_on_postgresql() {
    for story in STORIES {
        let Some(database) = PostgresDb::new() else { return };
        story(&database.url());
    }
}
