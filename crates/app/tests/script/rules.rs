//! What is refused, and which lot is taken: statuses, what is disabled, reasons, names, the order of arrival.

use serde_json::{Value, json};

use crate::on_both;
use crate::plant::{Script, Thrown, furnish, ok};
use crate::support::{Server, run_ok};

const SILO1: &str = "Plant/Receiving/Silo1";
const SILO2: &str = "Plant/Receiving/Silo2";
const SEPARATOR: &str = "Plant/Receiving/Separator";

impl Script {
    /// A function of any other family.
    fn mes(&mut self, function: &str, params: Value) -> Value {
        self.call(&format!("system.mes.{function}"), params).unwrap_or_else(|thrown| panic!("{function}: {thrown:?}"))
    }

    fn receive(&mut self, lot: &str, quantity: i64, to: &str, at: &str) -> Value {
        let fields = json!({
            "quantity": quantity, "lotIdOrName": lot, "materialIdOrPath": "Raw/Milk", "createIfNotExists": true,
            "destinationLocationIdOrPath": to, "startDate": at
        });
        self.act("newReceiveRequest", "receive", &fields).unwrap()
    }

    fn lot(&mut self, name: &str) -> Value {
        self.inv("getLotByIdOrNameAndMaterial", json!([name, "Raw/Milk"]))
    }
}

/// Every action that is there for a lot, with what it says of M1.
fn actions_on(lot: &Value, place: &str) -> Vec<(&'static str, &'static str, Value)> {
    let taken = json!({
        "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": place,
        "destinationLocationIdOrPath": SILO2
    });
    let leaving = json!({
        "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": place
    });
    let coming = json!({
        "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "destinationLocationIdOrPath": place
    });
    vec![
        ("newConsumeRequest", "consume", leaving.clone()),
        ("newShipRequest", "ship", leaving.clone()),
        ("newProduceRequest", "produce", coming.clone()),
        ("newReceiveRequest", "receive", coming.clone()),
        ("newUnconsumeRequest", "unconsume", coming),
        ("newScrapRequest", "scrap", leaving.clone()),
        ("newReturnRequest", "returnInventory", leaving),
        ("newMoveRequest", "move", taken),
        (
            "newSplitRequest",
            "split",
            json!({
                "quantity": 1, "sourceLotId": lot["id"], "sourceLocationIdOrPath": place,
                "destinationLotName": "M1-A"
            }),
        ),
        (
            "newEditInventoryQuantityRequest",
            "editInventoryQuantity",
            json!({
                "newQuantity": 5, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk",
                "sourceLocationIdOrPath": place
            }),
        ),
        ("newScrapAllRequest", "scrapAll", json!({ "sourceLocationIdOrPath": place, "materialIdOrPath": "Raw/Milk" })),
    ]
}

fn refused(script: &mut Script, (template, function, fields): &(&str, &str, Value)) -> Option<Thrown> {
    let request = script.request(template, fields);
    let outcome = script.try_inv(function, request.clone());
    let validator = template.replace("new", "validate");
    if let Err(thrown) = &outcome {
        assert_eq!(thrown.name, "IllegalArgumentException", "{function}: {thrown:?}");
        let problems = script.inv(&validator, request);
        assert!(!problems.as_object().unwrap().is_empty(), "{validator} says that {function} would do");
    }
    outcome.err()
}

fn statuses(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    s.receive("M1", 100, SILO1, "2026-01-05T08:00:00Z");
    let lot = s.lot("M1");
    for action in actions_on(&lot, SILO1) {
        // What is disabled is not touched at all.
        s.inv("saveLot", json!({ "id": lot["id"], "enabled": false }));
        let thrown = refused(s, &action).unwrap_or_else(|| panic!("{} of a disabled lot", action.1));
        assert!(thrown.message.contains("lot M1 of Raw/Milk is disabled (OPEN); enable it first"), "{thrown:?}");
        s.inv("saveLot", json!({ "id": lot["id"], "enabled": true }));
    }
    let status = |s: &mut Script, to: &str| {
        let fields = json!({ "lotId": lot["id"], "newStatus": to });
        s.act("newChangeStatusRequest", "changeStatus", &fields).unwrap();
    };
    for (is, used, handled) in
        [("QA_HOLD", false, true), ("EXPIRED", false, true), ("CLOSED", false, false), ("SHIPPED", false, false)]
    {
        status(s, is);
        for action in actions_on(&lot, SILO1).into_iter().take(10) {
            let may = match action.1 {
                "consume" | "ship" | "produce" => used,
                _ => handled,
            };
            let thrown = refused(s, &action);
            assert_eq!(thrown.is_none(), may, "{} of {is}: {thrown:?}", action.1);
            if let Some(thrown) = thrown {
                assert!(thrown.message.contains("M1") && thrown.message.contains(is), "{thrown:?}");
            }
            if action.1 == "split" && may {
                // Its name is taken from now on.
                let part = s.lot("M1-A");
                s.inv("saveLot", json!({ "id": part["id"], "name": format!("part of {is}") }));
            }
        }
        status(s, "AVAILABLE");
    }
    // What a product is made of is used, too, and a strict house uses nothing that is open.
    let made = json!({
        "quantity": 1, "lotIdOrName": "C1", "materialIdOrPath": "Finished/Cream", "createIfNotExists": true,
        "destinationLocationIdOrPath": "Plant/Receiving/CreamSilo", "producingLotIdOrName": "M1",
        "producingMaterialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1
    });
    let made = ("newProduceRequest", "produce", made);
    status(s, "QA_HOLD");
    assert!(refused(s, &made).unwrap().violations["producingLotIdOrName"].is_array());
    status(s, "OPEN");
    ok(&s.client.send("PUT", "/v1/settings/mes.strictOpenLots", &json!({ "value": true }).to_string()));
    assert!(refused(s, &made).unwrap().message.contains("is OPEN"));
    ok(&s.client.send("PUT", "/v1/settings/mes.strictOpenLots", &json!({ "value": null }).to_string()));
    assert!(refused(s, &made).is_none());
    // Nor are materials and locations that are disabled.
    let leaving = &actions_on(&lot, SILO1)[0];
    for (function, key, is, name) in [
        ("material.saveMaterial", "materialIdOrPath", "product Raw/Milk is disabled", "Raw/Milk"),
        ("location.saveLocation", "sourceLocationIdOrPath", "location Plant/Receiving/Silo1 is disabled", SILO1),
    ] {
        s.mes(function, json!({ "id": name, "enabled": false }));
        let thrown = refused(s, leaving).unwrap();
        assert!(thrown.violations[key].to_string().contains(is), "{thrown:?}");
        s.mes(function, json!({ "id": name, "enabled": true }));
    }
    run_ok(database, &["verify"]);
}

#[test]
fn a_lot_is_used_as_its_status_allows() {
    on_both(statuses);
}

fn arrivals(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    // B is the older lot by its making, and the younger one here.
    s.receive("B", 10, SILO2, "2026-01-01T08:00:00Z");
    s.receive("A", 10, SILO1, "2026-01-03T08:00:00Z");
    s.receive("C", 10, SILO1, "2026-01-02T08:00:00Z");
    let moved = json!({
        "quantity": 10, "lotIdOrName": "B", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO2,
        "destinationLocationIdOrPath": SILO1, "startDate": "2026-01-04T08:00:00Z"
    });
    s.act("newMoveRequest", "move", &moved).unwrap();
    let take = json!({ "quantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 });
    let next = |s: &mut Script| {
        let record = s.act("newConsumeRequest", "consume", &take).unwrap();
        record["inventoryLotName"].as_str().unwrap().to_owned()
    };
    let order = |s: &mut Script, strategy: &str| {
        s.mes("location.saveLocation", json!({ "id": SILO1, "lotUseStrategy": strategy }))
    };
    assert_eq!(next(s), "C", "what arrived first");
    order(s, "LIFO");
    assert_eq!(next(s), "B", "what arrived last, though it was made first");
    order(s, "FEFO");
    assert_eq!(next(s), "C", "without dates, in the order of arrival");
    for (name, at) in [("A", "2026-03-01T00:00:00Z"), ("B", "2026-02-01T00:00:00Z"), ("C", "2026-03-01T00:00:00Z")] {
        let lot = s.lot(name);
        s.inv("saveLot", json!({ "id": lot["id"], "expirationDate": at }));
    }
    assert_eq!(next(s), "B");
    let lot = s.lot("B");
    s.inv("saveLot", json!({ "id": lot["id"], "enabled": false }));
    assert_eq!(next(s), "C", "of two with one date the one that arrived first; what is disabled is passed over");
    // What was undone never arrived.
    order(s, "FIFO");
    let first = s.receive("A", 1, SILO1, "2026-01-01T08:00:00Z");
    assert_eq!(next(s), "A");
    let run = first["id"].as_str().unwrap();
    let undone = s.client.post("/v1/reversals", &json!({ "run": run, "reason": "typing error" }));
    assert!(undone.status < 300, "{}", undone.text);
    assert_eq!(next(s), "C");
    // The same of an operation that takes from the location, and of a list whose first action brings more.
    let operation = json!({
        "name": "Feed", "operationType": "CONSUME", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
        "primaryLotResolutionStrategy": "FROM_LOCATION", "sourceLocationPath": SILO1, "materialPath": "Raw/Milk"
    });
    let operation = s.op("saveInventoryOperation", operation);
    let record = s.op("executeInventoryOperation", json!([operation["id"], null, 1]));
    assert_eq!(record["inventoryLotName"], "C");
    let brings = s.request(
        "newReceiveRequest",
        &json!({
            "quantity": 1, "lotIdOrName": "D", "materialIdOrPath": "Raw/Milk", "createIfNotExists": true,
            "destinationLocationIdOrPath": SILO1, "startDate": "2026-01-01T00:00:00Z"
        }),
    );
    let takes = s.request("newConsumeRequest", &take);
    let records = s.inv("executeInventoryActions", json!({ "requests": [brings, takes] }));
    assert_eq!(records[1]["inventoryLotName"], "D", "{records}");
    run_ok(database, &["verify"]);
}

#[test]
fn a_location_gives_in_the_order_of_arrival() {
    on_both(arrivals);
}

fn reasons_and_names(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let reason = json!({ "lotRecordType": "SCRAP", "reasonCode": "spilt" });
    s.mes("material.saveMaterialReasonCode", reason);
    let operation = |kind: &str| {
        json!({
            "name": "Feed", "operationType": kind, "triggerSource": "MANUAL", "quantitySource": "MANUAL",
            "sourceLocationPath": SILO1, "destinationLocationPath": SEPARATOR, "reasonCodeName": "spilt"
        })
    };
    for (kind, fits) in
        [("SCRAP", true), ("SCRAP_ALL", true), ("CONSUME", false), ("RECEIVE_AND_CONSUME", false), ("SHIP", false)]
    {
        let problems = s.op("validateInventoryOperation", operation(kind));
        assert_eq!(problems == json!({}), fits, "{kind}: {problems}");
        if !fits {
            let message = problems["reasonCodeName"][0].as_str().unwrap();
            assert!(message.contains("spilt is for SCRAP only, and this is ") && message.contains(kind), "{message}");
        }
    }
    // Everything that is wrong is told at once, whoever finds it.
    let mut wrong = operation("CONSUME");
    wrong["name"] = json!("");
    wrong["quantityOverflowValue"] = json!(-1);
    wrong["createLotIfNotFound"] = json!("perhaps");
    wrong["sourceLocationPath"] = json!("Nowhere");
    wrong["quantityExpression"] = json!("1 +");
    let problems = s.op("validateInventoryOperation", wrong.clone());
    let fields: Vec<&String> = problems.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "createLotIfNotFound",
            "name",
            "quantityExpression",
            "quantityOverflowValue",
            "reasonCodeName",
            "sourceLocationPath"
        ],
        "{problems}"
    );
    let thrown = s.call("system.mes.inventory.operation.saveInventoryOperation", wrong).unwrap_err();
    assert_eq!((thrown.name.as_str(), &thrown.violations), ("ConstraintViolationException", &problems));
    let place = json!({ "type": "PALACE", "sortOrder": 0.5, "storageCapacityUnitId": "stone" });
    let problems = s.mes("location.validateLocation", place);
    let fields: Vec<&String> = problems.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["name", "sortOrder", "storageCapacityUnitId", "type"], "{problems}");

    let first = s.op("saveInventoryOperation", operation("SCRAP"));
    let second = s.op("saveInventoryOperation", operation("SCRAP"));
    s.op("deleteInventoryOperation", json!([second["id"]]));
    ok(&s.client.send("PUT", "/v1/settings/mes.strictNames", &json!({ "value": true }).to_string()));
    let problems = s.op("validateInventoryOperation", operation("SCRAP"));
    assert!(problems["name"][0].as_str().unwrap().contains("Feed is the name of another SCRAP"), "{problems}");
    let mut elsewhere = operation("SCRAP");
    elsewhere["sourceLocationPath"] = json!(SILO2);
    s.op("saveInventoryOperation", elsewhere);
    s.op("saveInventoryOperation", json!({ "id": first["id"], "notes": "itself" }));
    let refused = s.client.send("PUT", "/v1/settings/mes.strictNames", &json!({ "value": "yes" }).to_string());
    assert_eq!(refused.status, 422, "{}", refused.text);
}

#[test]
fn what_is_saved_is_checked_at_once() {
    on_both(reasons_and_names);
}

fn counts_taken_back(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let order = json!({ "name": "PO-1", "productId": "Raw/Milk", "quantity": 1, "unitOfMeasureId": "t" });
    s.mes("productionOrder.saveProductionOrder", order);
    let produced =
        |s: &mut Script| s.mes("productionOrder.getProductionOrder", json!(["PO-1"]))["quantityProduced"].clone();
    let make = |s: &mut Script, quantity: i64, counts: bool| {
        let fields = json!({
            "quantity": quantity, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "createIfNotExists": true,
            "destinationLocationIdOrPath": SILO1, "productionOrderIdOrName": "PO-1",
            "incrementProductionOrderCount": counts
        });
        s.act("newProduceRequest", "produce", &fields).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (first, second, third) = (make(s, 1_000, true), make(s, 500, true), make(s, 200, false));
    assert_eq!(produced(s), 0.75, "in the unit of the order");
    let undo = |s: &mut Script, run: &str| {
        let undone = s.client.post("/v1/reversals", &json!({ "run": run, "reason": "miscounted" }));
        assert!(undone.status < 300, "{}", undone.text);
    };
    undo(s, &third);
    assert_eq!(produced(s), 0.75, "what never counted is not taken back");
    undo(s, &first);
    assert_eq!(produced(s), 0.25);
    let batch = s.client.get(&format!("/v1/runs/{second}")).json()["batch"].clone();
    let movement = s.client.get(&format!("/v1/movements?batch={batch}")).json()["items"][0]["id"].clone();
    let undone = s.client.post("/v1/reversals", &json!({ "movement": movement, "reason": "that too" }));
    assert!(undone.status < 300, "{}", undone.text);
    assert_eq!(produced(s), 0.0);
    let again = s.client.post("/v1/reversals", &json!({ "run": first, "reason": "twice" }));
    assert_eq!(again.status, 409, "{}", again.text);
    assert_eq!(produced(s), 0.0);
    run_ok(database, &["verify"]);
}

#[test]
fn what_is_undone_counts_no_longer() {
    on_both(counts_taken_back);
}

fn disabled_while_it_runs(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let operation = json!({
        "name": "Feed", "operationType": "RECEIVE", "destinationLocationPath": SILO1, "materialPath": "Raw/Milk",
        "startTriggerExpression": "{Feed/On}", "stopTriggerExpression": "{Feed/On}",
        "quantityExpression": "{Feed/Counter}", "primaryLotResolutionStrategy": "EXPRESSION",
        "primaryLotCodeExpression": "'M1'", "createLotIfNotFound": true, "unitOfMeasureName": "Pound"
    });
    let id = s.op("saveInventoryOperation", operation)["id"].clone();
    let say = |s: &mut Script, path: &str, value: Value| {
        let sample = json!([{ "path": path, "value": value }]);
        assert_eq!(s.client.send("PUT", "/v1/tags", &sample.to_string()).status, 200);
    };
    say(s, "Feed/Counter", json!(5));
    say(s, "Feed/On", json!(false));
    say(s, "Feed/On", json!(true));
    let status = |s: &mut Script| s.op("getInventoryOperationStatus", json!([id]));
    assert_eq!(status(s), "RUNNING");
    s.op("saveInventoryOperation", json!({ "id": id, "enabled": false }));
    assert_eq!(s.op_throws("startInventoryOperation", json!([id])).0, "IllegalArgumentException");
    say(s, "Feed/Counter", json!(12));
    say(s, "Feed/On", json!(false));
    assert_eq!(status(s), "COMPLETED", "it is let run to its stop");
    assert_eq!(s.stands("M1", "Raw/Milk", SILO1), 7.0);
    say(s, "Feed/On", json!(true));
    assert_eq!(status(s), "COMPLETED", "and not started again");
    let thrown = s.op_throws("startInventoryOperation", json!([id]));
    assert!(thrown.1.contains("operation Feed is disabled"), "{thrown:?}");
    // Enabled again, it begins with what it sees: no edge.
    s.op("saveInventoryOperation", json!({ "id": id, "enabled": true }));
    say(s, "Feed/On", json!(true));
    assert_eq!(status(s), "COMPLETED");
    say(s, "Feed/On", json!(false));
    say(s, "Feed/On", json!(true));
    assert_eq!(status(s), "RUNNING");
}

#[test]
fn what_is_disabled_is_let_run_to_its_stop() {
    on_both(disabled_while_it_runs);
}

fn storage(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let place = |s: &mut Script, name: &str, strategy: &str, negative: bool| {
        let place = json!({
            "name": name, "parentId": "Plant", "lotStorageStrategy": strategy, "allowNegativeInventory": negative
        });
        s.mes("location.saveLocation", place);
    };
    place(s, "Drain", "NO_STORAGE", true);
    place(s, "Mixer", "MERGE_INTO_NEW", false);
    s.receive("A", 100, SILO1, "2026-01-05T08:00:00Z");
    // Where nothing is kept, whatever arrives has left: by itself, moved, or as what something became.
    s.receive("N", 5, "Plant/Drain", "2026-01-05T09:00:00Z");
    let moved = json!({
        "quantity": 5, "lotIdOrName": "A", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1,
        "destinationLocationIdOrPath": "Plant/Drain", "startDate": "2026-01-05T10:00:00Z"
    });
    s.act("newMoveRequest", "move", &moved).unwrap();
    let mut used = moved.clone();
    used["consumingLotIdOrName"] = json!("W");
    used["consumingMaterialIdOrPath"] = json!("Finished/WIP");
    used["createIfNotExists"] = json!(true);
    let record = s.act("newConsumeRequest", "consume", &used).unwrap();
    let graph = s.mes("trackandtrace.getLotTraceGraph", json!(["A", "OUTPUT"]));
    assert_eq!(graph["nodes"][0]["id"], record["secondaryInventoryLotId"], "it is on record all the same");
    let rows = s.inv("getAllInventoryAtLocation", json!(["Plant/Drain"]));
    assert!(rows.as_array().unwrap().iter().all(|row| row["quantity"] == 0.0), "{rows}");
    assert_eq!(s.stands("A", "Raw/Milk", SILO1), 90.0);
    assert_eq!(s.inv("checkLocationHasCapacity", json!(["Plant/Drain", "A", "Raw/Milk", 1])), false);
    let taken = json!({
        "quantity": 1, "lotIdOrName": "A", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": "Plant/Drain"
    });
    for (template, function) in [("newShipRequest", "ship"), ("newConsumeRequest", "consume")] {
        let thrown = refused(s, &(template, function, taken.clone())).unwrap();
        assert!(thrown.violations["sourceLocationIdOrPath"].to_string().contains("keeps nothing"), "{thrown:?}");
    }
    let named = json!({
        "quantity": 1, "lotIdOrName": "A", "materialIdOrPath": "Raw/Milk", "destinationLocationIdOrPath": SILO1,
        "sourceLocationIdOrPath": "Plant/Drain", "startDate": "2026-01-05T10:00:00Z"
    });
    let record = s.act("newReceiveRequest", "receive", &named).unwrap();
    assert_eq!(record["sourceLocationPath"], "Plant/Drain", "where it came by is on record");
    // What becomes part of a new lot is closed when nothing of it is left anywhere.
    s.receive("M1", 10, "Plant/Mixer", "2026-01-05T08:00:00Z");
    s.receive("M2", 5, "Plant/Mixer", "2026-01-05T09:00:00Z");
    let lots = (s.lot("M1")["status"].clone(), s.lot("M2")["status"].clone());
    assert_eq!(lots, (json!("CLOSED"), json!("OPEN")));
    assert_eq!(
        (s.stands("M1", "Raw/Milk", "Plant/Mixer"), s.stands("M2", "Raw/Milk", "Plant/Mixer")),
        (Value::Null, json!(15.0))
    );
    s.receive("A", 1, "Plant/Mixer", "2026-01-05T10:00:00Z");
    s.receive("M3", 1, "Plant/Mixer", "2026-01-05T11:00:00Z");
    assert_eq!(s.lot("A")["status"], "OPEN", "there is more of it elsewhere");

    // What becomes part of an old one leaves a trace where there is more of it elsewhere.
    place(s, "Tank", "MERGE_INTO_PREVIOUS", false);
    s.receive("T1", 10, "Plant/Tank", "2026-01-05T08:00:00Z");
    let new = s.receive("T2", 5, "Plant/Tank", "2026-01-05T09:00:00Z");
    assert_eq!((&new["inventoryLotName"], new.get("relatedRecordIds")), (&json!("T1"), None), "there was no T2 before");
    s.receive("T3", 20, SILO2, "2026-01-05T08:00:00Z");
    let known = s.receive("T3", 7, "Plant/Tank", "2026-01-05T10:00:00Z");
    assert_eq!(known["relatedRecordIds"].as_array().unwrap().len(), 1, "{known}");
    let moved = json!({
        "quantity": 4, "lotIdOrName": "T3", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO2,
        "destinationLocationIdOrPath": "Plant/Tank", "startDate": "2026-01-05T11:00:00Z"
    });
    let moved = s.act("newMoveRequest", "move", &moved).unwrap();
    assert_eq!((&moved["lotRecordType"], &moved["inventoryLotName"]), (&json!("MOVE"), &json!("T3")));
    assert_eq!(
        (s.stands("T1", "Raw/Milk", "Plant/Tank"), s.stands("T3", "Raw/Milk", SILO2), s.lot("T3")["status"].clone()),
        (json!(26.0), json!(16.0), json!("OPEN"))
    );
    let id = s.lot("T3")["id"].clone();
    let merges = s.inv("getLotHistory", json!({ "lotId": id, "lotRecordType": "MERGE" }));
    let told = |one: &Value| {
        ["inventoryLotName", "secondaryInventoryLotName", "quantity", "startDate"].map(|key| one[key].clone())
    };
    assert_eq!(
        merges.as_array().unwrap().iter().map(told).collect::<Vec<_>>(),
        [(7.0, "10"), (4.0, "11")].map(|(quantity, hour)| {
            let at = format!("2026-01-05T{hour}:00:00.000Z");
            [json!("T1"), json!("T3"), json!(quantity), json!(at)]
        })
    );
    let graph = s.mes("trackandtrace.getLotTraceGraph", json!([id, "OUTPUT"]));
    assert_eq!((&graph["nodes"][0]["data"]["lotName"], &graph["edges"][0]["quantity"]), (&json!("T1"), &json!(11.0)));

    // Of lots that are scrapped together, the first by age answers.
    s.receive("B", 7, SILO1, "2026-01-05T09:00:00Z");
    let clean = json!({ "name": "Clean", "operationType": "SCRAP_ALL", "triggerSource": "MANUAL", "sourceLocationPath": SILO1 });
    let clean = s.op("saveInventoryOperation", clean)["id"].clone();
    let started = s.op("startInventoryOperation", json!([clean]));
    assert_eq!((&started["id"], &started["status"]), (&Value::Null, &json!("RUNNING")));
    s.op("saveInventoryOperation", json!({ "id": clean, "enabled": false }));
    let record = s.op("stopInventoryOperation", json!([clean]));
    assert_eq!((&record["inventoryLotName"], &record["quantity"]), (&json!("A"), &json!(91.0)));
    assert_eq!(record["relatedRecordIds"].as_array().unwrap().len(), 1);
    // A note that somebody wrote is no open record of an operation.
    let note = json!({
        "lotRecordType": "SCRAP", "inventoryLotId": "B", "startDate": "2026-01-05", "status": "RUNNING",
        "inventoryOperationId": clean
    });
    s.inv("saveInventoryLotRecord", note);
    s.op("updateInventoryOperationStatesFromDatabase", json!([]));
    assert_eq!(s.op("getInventoryOperationStatus", json!([clean])), "COMPLETED");
    // What is shipped to the last is SHIPPED, and what comes back is looked at by quality.
    s.receive("S", 3, SILO2, "2026-01-05T08:00:00Z");
    let ship =
        json!({ "quantity": 3, "lotIdOrName": "S", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO2 });
    s.act("newShipRequest", "ship", &ship).unwrap();
    assert_eq!(s.lot("S")["status"], "SHIPPED");
    run_ok(database, &["verify"]);
}

/// What is answered can be sent back as it is, and what is said of a record afterwards is checked, too.
fn sent_back(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    for (kind, code) in [("SHIP", "late"), ("RECEIVE", "early")] {
        let reason = json!({ "lotRecordType": kind, "reasonCode": code, "requireComments": true });
        let reason = s.mes("material.saveMaterialReasonCode", reason);
        let again = s.mes("material.saveMaterialReasonCode", reason.clone());
        assert_eq!(again["id"], reason["id"]);
    }
    let record = s.receive("A", 5, SILO1, "2026-01-05T08:00:00Z");
    assert_eq!(s.inv("saveInventoryLotRecord", record.clone()), record);
    let operation = json!({
        "name": "Salt", "operationType": "RECEIVE_AND_CONSUME", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
        "sourceLocationPath": "Plant/Receiving/SaltPoint", "destinationLocationPath": SEPARATOR,
        "materialPath": "Raw/Salt", "secondaryMaterialPath": "Finished/WIP", "createLotIfNotFound": true
    });
    let operation = s.op("saveInventoryOperation", operation);
    assert_eq!(s.op("saveInventoryOperation", operation.clone()), operation);
    let both = s.op("executeInventoryOperation", json!([operation["id"], "SALT-1", 5]));
    assert_eq!(s.inv("saveInventoryLotRecord", both.clone())["id"], both["id"]);
    let node = s.mes("location.getLocationTree", json!([]))[0].clone();
    assert_eq!(s.mes("location.saveLocation", node.clone())["id"], node["id"]);
    for (function, get, key) in [
        ("inventory.saveLot", "inventory.getAllLots", "id"),
        ("material.saveMaterial", "material.getAllMaterials", "id"),
        ("material.saveMaterialClass", "material.getAllMaterialClasses", "path"),
        ("unitOfMeasure.saveUnitOfMeasure", "unitOfMeasure.getAllUnitsOfMeasure", "symbol"),
        ("unitOfMeasure.saveUnitOfMeasureConversion", "unitOfMeasure.getAllConversions", "id"),
        ("role.saveRole", "role.getAllRoles", "name"),
    ] {
        let one = s.mes(get, json!([])).as_array().unwrap().last().unwrap().clone();
        assert_eq!(s.mes(function, one.clone())[key], one[key], "{function}");
    }
    let amend = |s: &mut Script, fields: Value| {
        let mut fields = fields;
        fields["id"] = record["id"].clone();
        s.try_inv("saveInventoryLotRecord", fields)
    };
    let thrown = amend(s, json!({ "materialReasonCodeId": "late", "notes": "x" })).unwrap_err();
    assert!(thrown.violations["materialReasonCodeId"].to_string().contains("for SHIP only"), "{thrown:?}");
    assert!(amend(s, json!({ "materialReasonCodeId": "early" })).unwrap_err().violations["notes"].is_array());
    let amended = amend(s, json!({ "materialReasonCodeId": "early", "notes": "at five" })).unwrap();
    assert_eq!(amended["materialReasonCodeName"], "early");
    // What goes on and has moved is ended, and not cancelled.
    let open = json!({
        "quantity": 5, "lotIdOrName": "A", "materialIdOrPath": "Raw/Milk", "destinationLocationIdOrPath": SILO1,
        "ongoing": true
    });
    let open = s.act("newReceiveRequest", "receive", &open).unwrap();
    let cancel = json!({ "id": open["id"], "status": "CANCELLED" });
    let thrown = s.try_inv("saveInventoryLotRecord", cancel).unwrap_err();
    assert!(thrown.message.contains("have moved"), "{thrown:?}");
    run_ok(database, &["verify"]);
}

/// What nobody named gets a UUID, and an id is never taken for the name of something new.
fn named_by_nobody(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let is_uuid = |name: &Value| {
        let name = name.as_str().unwrap();
        name.split('-').map(str::len).collect::<Vec<_>>() == [8, 4, 4, 4, 12] && &name[14..15] == "4"
    };
    let fields = json!({
        "quantity": 1, "materialIdOrPath": "Raw/Milk", "destinationLocationIdOrPath": SILO1
    });
    let received = s.act("newReceiveRequest", "receive", &fields).unwrap();
    assert!(is_uuid(&received["inventoryLotName"]), "{received}");
    let fill = json!({
        "name": "Fill", "operationType": "RECEIVE", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
        "destinationLocationPath": SILO1, "materialPath": "Raw/Milk", "inventoryNameResolutionStrategy": "AUTO_GENERATE",
        "createLotIfNotFound": true
    });
    let fill = s.op("saveInventoryOperation", fill)["id"].clone();
    let (first, second) = (
        s.op("executeInventoryOperation", json!([fill, null, 1])),
        s.op("executeInventoryOperation", json!([fill, null, 1])),
    );
    assert!(is_uuid(&first["inventoryLotName"]) && first["inventoryLotName"] != second["inventoryLotName"]);
    assert!(first["id"].as_str() < second["id"].as_str(), "ids rise");
    let row = s.inv("getInventoryByLotAndLocation", json!([first["inventoryLotId"], "", SILO1]));
    assert!(is_uuid(&row["name"]), "{row}");
    let salt = json!({
        "quantity": 1, "materialIdOrPath": "Raw/Salt", "destinationLocationIdOrPath": SILO2, "lotIdOrName": "SALT-1",
        "createIfNotExists": true
    });
    let salt = s.act("newReceiveRequest", "receive", &salt).unwrap()["inventoryLotId"].clone();
    let (name, message) = s.op_throws("executeInventoryOperation", json!([fill, salt, 1]));
    assert!(name == "IllegalArgumentException" && message.contains("SALT-1 is not of product Raw/Milk"), "{message}");
    let mut fields = fields;
    fields["lotIdOrName"] = salt;
    fields["createIfNotExists"] = json!(true);
    let thrown = s.act("newReceiveRequest", "receive", &fields).unwrap_err();
    assert!(thrown.violations["lotIdOrName"].to_string().contains("is not of product Raw/Milk"), "{thrown:?}");
    // Where one of several may be made, that there are no others is said as well.
    let clean = json!({ "name": "Clean", "operationType": "SCRAP_ALL", "triggerSource": "MANUAL", "sourceLocationPath": SILO2 });
    let clean = s.op("saveInventoryOperation", clean)["id"].clone();
    assert_eq!(s.op("executeInventoryOperation", json!([clean]))["relatedRecordIds"], json!([]));
    // What is asked without saying of what is not answered with yes.
    for (function, params) in [
        ("role.userHasAllPermissions", json!([null])),
        ("inventory.operation.importFromCsv", json!(["name,operationType,name\nA,SHIP,B"])),
    ] {
        let thrown = s.call(&format!("system.mes.{function}"), params).unwrap_err();
        assert_eq!(thrown.name, "IllegalArgumentException", "{thrown:?}");
    }
    // A file of older days means what is there.
    let old =
        json!([{ "name": "Salt in", "operationType": "RECEIVE_CONSUME", "sourceLocationPath": SILO1 }]).to_string();
    s.op("importFromJson", json!([old.clone()]));
    s.op("importFromJson", json!([old]));
    let all = s.op("getAllInventoryOperations", json!([]));
    assert_eq!(all.as_array().unwrap().iter().filter(|one| one["name"] == "Salt in").count(), 1);
    run_ok(database, &["verify"]);
}

#[test]
fn what_nobody_named_is_named_by_the_server() {
    on_both(named_by_nobody);
}

#[test]
fn what_is_answered_can_be_sent_back() {
    on_both(sent_back);
}

#[test]
fn a_location_keeps_lots_as_it_is_told() {
    on_both(storage);
}
