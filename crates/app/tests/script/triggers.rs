//! When operations start by themselves: what an expression said before counts, the clock does, and what fails is on
//! record; and how far ahead of the clock people may be.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::on_both;
use crate::plant::{Script, furnish, ok};
use crate::support::{Client, Server, run_ok};

const SILO1: &str = "Plant/Receiving/Silo1";
const SILO2: &str = "Plant/Receiving/Silo2";

fn filling(name: &str, more: Value) -> Value {
    let mut filling = json!({
        "name": name, "operationType": "RECEIVE", "destinationLocationPath": SILO1, "materialPath": "Raw/Milk",
        "quantityExpression": "5", "quantityCalcType": "DIRECT", "primaryLotResolutionStrategy": "EXPRESSION",
        "primaryLotCodeExpression": "'M1'", "createLotIfNotFound": true
    });
    filling.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    filling
}

fn say(client: &mut Client, path: &str, value: impl Into<Value>) {
    let sample = json!([{ "path": path, "value": value.into() }]);
    assert_eq!(ok(&client.send("PUT", "/v1/tags", &sample.to_string()))["accepted"], 1);
}

fn set(client: &mut Client, key: &str, value: impl Into<Value>) {
    ok(&client.send("PUT", &format!("/v1/settings/{key}"), &json!({ "value": value.into() }).to_string()));
}

fn status(script: &mut Script, id: &Value) -> String {
    script.op("getInventoryOperationStatus", json!([id])).as_str().unwrap().to_owned()
}

/// Waits until an operation has this status.
fn becomes(script: &mut Script, id: &Value, wanted: &str) {
    let begun = Instant::now();
    while status(script, id) != wanted {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is {}, not {wanted}", status(script, id));
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn what_was_said_before(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    say(&mut s.client, "Valve", false);
    let by_valve = json!({ "startTriggerExpression": "{Valve}", "stopTriggerExpression": "{Valve}" });
    let known = s.op("saveInventoryOperation", filling("Known", by_valve))["id"].clone();
    let by_other = json!({ "startTriggerExpression": "{Other}", "stopTriggerExpression": "{Other}" });
    let unknown = s.op("saveInventoryOperation", filling("Unknown", by_other))["id"].clone();
    say(&mut s.client, "Valve", true);
    assert_eq!(status(s, &known), "RUNNING", "the valve was shut when the operation was made");
    say(&mut s.client, "Other", true);
    assert_eq!(status(s, &unknown), "IDLE", "nobody knows what was before");
    say(&mut s.client, "Valve", false);
    assert_eq!(status(s, &known), "COMPLETED");
    // Who enables it while the valve is open does not start it; what comes after counts.
    s.op("saveInventoryOperation", json!({ "id": known, "enabled": false }));
    say(&mut s.client, "Valve", true);
    s.op("saveInventoryOperation", json!({ "id": known, "enabled": true }));
    say(&mut s.client, "Valve", true);
    assert_eq!(status(s, &known), "COMPLETED");
    say(&mut s.client, "Valve", false);
    say(&mut s.client, "Valve", true);
    assert_eq!(status(s, &known), "RUNNING");
    say(&mut s.client, "Valve", false);
    run_ok(database, &["verify"]);
}

fn by_the_clock(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    set(&mut s.client, "mes.evaluationIntervalMs", 50);
    // Two seconds on and two seconds off, while a switch that nobody touches any more is on.
    say(&mut s.client, "Switch", true);
    let beat = "{Switch} && toInt(dateFormat(now(), 's')) % 4 < 2";
    let beat = json!({ "startTriggerExpression": beat, "stopTriggerExpression": beat });
    let id = s.op("saveInventoryOperation", filling("Beat", beat))["id"].clone();
    becomes(s, &id, "RUNNING");
    becomes(s, &id, "COMPLETED");
    becomes(s, &id, "RUNNING");
    say(&mut s.client, "Switch", false);
    assert_eq!(status(s, &id), "COMPLETED", "the switch need not wait for the clock");
    let references = s.op("getInventoryOperationReferences", json!([id]));
    let records = references[0]["references"].as_array().unwrap().len();
    assert_eq!(
        s.stands("M1", "Raw/Milk", SILO1),
        json!(5.0 * f64::from(u32::try_from(records).unwrap())),
        "each edge once"
    );
    // A process of the same kind takes its operations along.
    let process = json!({
        "name": "Shift", "locationId": SILO1, "triggerSource": "EXPRESSION", "startTriggerExpression": "now() > 0 && {Go}",
        "stopTriggerExpression": "now() > 0 && {Go}"
    });
    say(&mut s.client, "Go", false);
    let process = s.call("system.mes.operation.saveOperation", process).unwrap()["id"].clone();
    let part = json!({ "triggerSource": "PARENT", "operationId": process });
    let part = s.op("saveInventoryOperation", filling("Part", part))["id"].clone();
    say(&mut s.client, "Go", true);
    becomes(s, &part, "RUNNING");
    say(&mut s.client, "Go", false);
    becomes(s, &part, "COMPLETED");
    run_ok(database, &["verify"]);
}

fn what_is_missing(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    // A template with a name can be saved; what it lacks is in the way of its start.
    let mut template = s.op("newInventoryOperation", json!([]));
    template["name"] = json!("Bare");
    let bare = s.op("saveInventoryOperation", template)["id"].clone();
    let (name, message) = s.op_throws("startInventoryOperation", json!([bare]));
    assert_eq!(name, "IllegalArgumentException");
    for field in ["startTriggerExpression", "stopTriggerExpression", "quantityExpression", "sourceLocationId"] {
        assert!(message.contains(&format!("{field} is missing")), "{message}");
    }
    let (_, message) = s.op_throws("executeInventoryOperation", json!([bare, null, 5]));
    assert!(message.contains("startTriggerExpression") && !message.contains("quantityExpression"), "{message}");
    // By hand, all that is left is how much: said by whoever executes it, missed by whoever starts it.
    let by_hand = json!({ "triggerSource": "MANUAL", "quantityExpression": null });
    let hand = s.op("saveInventoryOperation", filling("By hand", by_hand))["id"].clone();
    assert!(s.op_throws("startInventoryOperation", json!([hand])).1.contains("quantityExpression is missing"));
    assert_eq!(s.op("executeInventoryOperation", json!([hand, null, 7]))["quantity"], 7.0);
    // What runs is stopped, though its expressions are gone.
    s.op("saveInventoryOperation", json!({ "id": hand, "quantityExpression": "5" }));
    s.op("startInventoryOperation", json!([hand]));
    s.op("saveInventoryOperation", json!({ "id": hand, "quantityExpression": null, "triggerSource": "EXPRESSION" }));
    assert_eq!(s.op("stopInventoryOperation", json!([hand, 3]))["quantity"], 3.0);
    // A unit that was not chosen keeps nothing, and is mentioned.
    let native = s.client.get("/v1/operations/By%20hand/readiness").json();
    assert!(native["warnings"]["unitOfMeasure"][0].as_str().unwrap().contains("STATIC"), "{native}");
    assert!(native["problems"].get("unitOfMeasure").is_none(), "{native}");
    let unit = json!({ "id": hand, "unitOfMeasureResolutionStrategy": "FROM_CONTEXT" });
    s.op("saveInventoryOperation", unit);
    let board = s.client.get("/v1/operation-states").json();
    let shown = board["items"].as_array().unwrap().iter().find(|one| one["operation"]["name"] == "By hand").unwrap();
    assert_eq!(shown["warnings"], json!({}));
    // What takes all there is takes no lot in particular.
    let clean = json!({
        "name": "Clean", "operationType": "SCRAP_ALL", "triggerSource": "MANUAL", "sourceLocationPath": SILO1,
        "primaryLotResolutionStrategy": "FROM_LOCATION"
    });
    let problems = s.op("validateInventoryOperation", clean);
    assert!(problems["primaryLotResolutionStrategy"][0].as_str().unwrap().contains("choose another"), "{problems}");
}

fn what_fails(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let by_valve = json!({
        "startTriggerExpression": "{Valve}", "stopTriggerExpression": "{Valve}", "primaryLotCodeExpression": "{Batch}"
    });
    let id = s.op("saveInventoryOperation", filling("Fill", by_valve))["id"].clone();
    say(&mut s.client, "Valve", false);
    say(&mut s.client, "Valve", true);
    assert_eq!(status(s, &id), "FAULTED");
    assert_eq!(s.op("getInventoryOperation", json!([id]))["currentRecordId"], Value::Null);
    say(&mut s.client, "Valve", false);
    say(&mut s.client, "Batch", "M1");
    say(&mut s.client, "Valve", true);
    assert_eq!(status(s, &id), "RUNNING", "the next edge tries again");
    let audit = s.client.get("/v1/audit?limit=500").json();
    let faults: Vec<&Value> =
        audit["items"].as_array().unwrap().iter().filter(|one| one["action"] == "fault").collect();
    assert_eq!(faults.len(), 1, "{audit}");
    let detail = faults[0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("could not start by its trigger at ") && detail.contains("primaryLotCode"), "{detail}");
}

fn ahead_of_the_clock(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let fill = filling("Fill", json!({ "triggerSource": "MANUAL" }));
    let id = s.op("saveInventoryOperation", fill)["id"].clone();
    let ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let (soon, later) = (ms + 240_000, ms + 3_000_000);
    let executed = |s: &mut Script, at: i64| {
        s.call(
            "system.mes.inventory.operation.executeInventoryOperation",
            json!([id, null, 5, null, null, null, at, at]),
        )
    };
    let received = |s: &mut Script, at: i64| {
        let fields = json!({
            "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "createIfNotExists": true,
            "destinationLocationIdOrPath": SILO2, "startDate": at
        });
        s.act("newReceiveRequest", "receive", &fields)
    };
    assert_eq!(executed(s, soon).unwrap()["status"], "COMPLETED");
    for thrown in [executed(s, later).unwrap_err(), received(s, later).unwrap_err()] {
        assert_eq!(thrown.name, "IllegalArgumentException");
        assert!(thrown.message.contains("by more than 300 seconds"), "{thrown:?}");
    }
    set(&mut s.client, "mes.maxClockSkewSeconds", 3_600);
    executed(s, later).unwrap();
    received(s, later).unwrap();
    set(&mut s.client, "mes.maxClockSkewSeconds", 0);
    assert!(executed(s, soon).unwrap_err().message.contains("by more than 0 seconds"));
    for (key, value) in [
        ("mes.evaluationIntervalMs", json!(10)),
        ("mes.maxClockSkewSeconds", json!("five minutes")),
        ("mes.maxTraceDepth", json!(0)),
        ("mes.maxTraceNodes", json!(1.5)),
    ] {
        let refused = s.client.send("PUT", &format!("/v1/settings/{key}"), &json!({ "value": value }).to_string());
        assert!(refused.status == 422 && refused.text.contains("whole number"), "{key}: {}", refused.text);
    }
}

fn as_far_as_allowed(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let fields = json!({
        "quantity": 100, "lotIdOrName": "L0", "materialIdOrPath": "Raw/Milk", "createIfNotExists": true,
        "destinationLocationIdOrPath": SILO1
    });
    s.act("newReceiveRequest", "receive", &fields).unwrap();
    for step in 0..4 {
        let fields = json!({
            "quantity": 10, "lotIdOrName": format!("L{step}"), "materialIdOrPath": "Raw/Milk",
            "sourceLocationIdOrPath": SILO1, "consumingLotIdOrName": format!("L{}", step + 1),
            "consumingMaterialIdOrPath": "Raw/Milk", "destinationLocationIdOrPath": SILO1, "createIfNotExists": true
        });
        s.act("newConsumeRequest", "consume", &fields).unwrap();
    }
    let graph = |s: &mut Script, depth: i64| {
        let graph = s.call("system.mes.trackandtrace.getLotTraceGraph", json!(["L0", "OUTPUT", depth])).unwrap();
        (graph["nodes"].as_array().unwrap().len(), graph["truncated"] == true)
    };
    assert_eq!(graph(s, 1_000_000), (4, false), "more than there may be is as much as there may be");
    set(&mut s.client, "mes.maxTraceDepth", 2);
    assert_eq!(graph(s, 9), (2, false));
    assert_eq!(s.client.get("/v1/lots/Raw%2FMilk%2FL0/trace?depth=9").json()["nodes"].as_array().unwrap().len(), 2);
    set(&mut s.client, "mes.maxTraceNodes", 1);
    assert_eq!(graph(s, 2), (1, true));
    let recall = s.client.get("/v1/lots/Raw%2FMilk%2FL0/recall").json();
    assert_eq!(recall["affected"].as_array().unwrap().len(), 4, "a recall is not cut short by it: {recall}");
}

#[test]
fn a_new_trigger_begins_with_what_was_said_before() {
    on_both(what_was_said_before);
}

#[test]
fn a_trigger_may_follow_the_clock() {
    on_both(by_the_clock);
}

#[test]
fn what_is_missing_is_in_the_way_of_a_start() {
    on_both(what_is_missing);
}

#[test]
fn a_trigger_that_fails_is_on_record() {
    on_both(what_fails);
}

#[test]
fn times_may_be_ahead_as_far_as_is_allowed() {
    on_both(ahead_of_the_clock);
}

#[test]
fn a_trace_goes_as_far_as_is_allowed() {
    on_both(as_far_as_allowed);
}
