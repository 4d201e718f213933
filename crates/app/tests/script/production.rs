//! Production as scripts run it: operations with their orders, the way of a lot, and who may do what.

use serde_json::{Value, json};

use crate::on_both;
use crate::plant::{Script, furnish};
use crate::support::{Client, Server, run_ok};

fn call(script: &mut Script, function: &str, params: Value) -> Value {
    script.call(&format!("system.mes.{function}"), params).unwrap_or_else(|thrown| panic!("{function}: {thrown:?}"))
}

fn throws(script: &mut Script, function: &str, params: Value) -> (String, String) {
    let thrown = script.call(&format!("system.mes.{function}"), params).expect_err(function);
    (thrown.name, thrown.message)
}

/// A line works on an order; what it fills starts and stops with it and counts for the order.
fn orders(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let mut script = Script::new(admin);
    let s = &mut script;
    let mut order = call(s, "productionOrder.newProductionOrder", json!([]));
    assert_eq!((&order["schedulePriority"], &order["quantityProduced"]), (&json!("NORMAL"), &json!(0.0)));
    order["name"] = json!("PO-1");
    order["productId"] = json!("Finished/Cream");
    order["quantity"] = json!(4);
    order["unitOfMeasureId"] = json!("t");
    order["locationId"] = json!("Plant/Receiving/Separator");
    order["dueDate"] = json!(1_800_000_000_000_i64);
    assert_eq!(call(s, "productionOrder.validateProductionOrder", order.clone()), json!({}));
    let order = call(s, "productionOrder.saveProductionOrder", order);
    assert_eq!((&order["productName"], &order["unitOfMeasureName"]), (&json!("Cream"), &json!("Ton")));
    assert_eq!(order["dueDate"], "2027-01-15T08:00:00.000Z");
    let resent = call(s, "productionOrder.saveProductionOrder", json!({ "id": "PO-1", "notes": "as agreed" }));
    assert_eq!((&resent["notes"], &resent["quantity"]), (&json!("as agreed"), &json!(4.0)));

    let mut line = call(s, "operation.newOperation", json!([]));
    assert_eq!(line["runningConflictStrategy"], "STOP_PREVIOUS");
    line["name"] = json!("Separation");
    line["locationId"] = json!("Plant/Receiving/Separator");
    line["updateProductionOrderStatusOnStart"] = json!(true);
    let line = call(s, "operation.saveOperation", line);
    assert_eq!((&line["status"], &line["locationPath"]), (&json!("IDLE"), &json!("Plant/Receiving/Separator")));
    let id = line["id"].clone();
    let fill = json!({
        "name": "Fill cream", "operationId": id, "triggerSource": "PARENT", "operationType": "PRODUCE",
        "destinationLocationPath": "Plant/Receiving/CreamSilo", "materialSource": "PARENT", "createLotIfNotFound": true,
        "quantityExpression": "{Cream/Counter}", "unitOfMeasureResolutionStrategy": "FROM_CONTEXT",
        "incrementProductionOrderCount": true, "primaryLotResolutionStrategy": "EXPRESSION",
        "primaryLotCodeExpression": "'CREAM-1'"
    });
    let fill = s.op("saveInventoryOperation", fill);
    assert_eq!((&fill["operationId"], &fill["operationName"]), (&id, &json!("Separation")));
    let parts = s.op("getInventoryOperationsByOperation", json!(["Separation"]));
    assert_eq!(parts[0]["id"], fill["id"]);
    let orphan = json!({ "name": "Orphan", "triggerSource": "PARENT" });
    assert!(s.op("validateInventoryOperation", orphan)["triggerSource"].is_array());

    let say = |client: &mut Client, value: f64| {
        let sample = json!([{ "path": "Cream/Counter", "value": value }]);
        assert_eq!(client.send("PUT", "/v1/tags", &sample.to_string()).status, 200);
    };
    say(&mut s.client, 10.0);
    assert_eq!(call(s, "operation.getProductionOrderForOperation", json!([id])), Value::Null);
    let by_name = json!(["Plant/Receiving/Separator", "separation", "PO-1"]);
    let set = call(s, "operation.setProductionOrderForOperation", by_name);
    assert_eq!(set["currentProductionOrderId"], order["id"]);
    let record = call(s, "operation.startOperation", json!([id]));
    assert_eq!((&record["status"], &record["productionOrderName"]), (&json!("RUNNING"), &json!("PO-1")));
    assert_eq!((&record["endDate"], &record["operationId"]), (&Value::Null, &id));
    assert_eq!(s.op("getInventoryOperationStatus", json!([fill["id"]])), "RUNNING");
    assert_eq!(call(s, "productionOrder.getProductionOrder", json!(["PO-1"]))["status"], "RUNNING");
    let active = call(s, "operation.getActiveOperationRecords", json!([]));
    assert_eq!(active[0]["id"], record["id"]);
    let shown = call(s, "operation.getOperation", json!([id]));
    assert_eq!(shown["currentOperationRecordId"], record["id"]);
    say(&mut s.client, 11.25);
    drop(server); // killed while it runs
    let server = Server::start_on(database, &[]);
    let mut script = Script::new(server.admin());
    let s = &mut script;
    assert_eq!(call(s, "operation.getOperationStatus", json!(["Separation"])), "RUNNING");
    say(&mut s.client, 11.5);
    let ended = call(s, "operation.stopOperation", json!([id]));
    assert_eq!((&ended["id"], &ended["status"]), (&record["id"], &json!("COMPLETED")));
    let done = call(s, "productionOrder.getProductionOrder", json!(["PO-1"]));
    assert_eq!(done["quantityProduced"], 1.5, "in the order's unit");
    let run = s.client.get("/v1/runs?process=Separation").json()["items"][0].clone();
    assert_eq!((&run["quantity"], &run["unit"], &run["primaryQuantity"]), (&json!(1.5), &json!("t"), &json!(3000)));
    // By hand, while nothing is open: the record is stamped with neither.
    s.op("executeInventoryOperation", json!([fill["id"], null, 0.5]));
    let executed = s.op("executeInventoryOperation", json!([fill["id"], null, 0.5]));
    assert_eq!((&executed["operationRecordId"], &executed["productionOrderId"]), (&Value::Null, &Value::Null));
    call(s, "operation.startOperation", json!([id, "PO-1", 1_760_000_000_000_i64]));
    let stopped = s.op("stopInventoryOperation", json!([fill["id"], 0.25]));
    assert_eq!(
        (&stopped["operationRecordId"], &stopped["productionOrderName"]),
        (&call(s, "operation.getActiveOperationRecords", json!([]))[0]["id"], &json!("PO-1"))
    );
    assert_eq!(call(s, "productionOrder.getProductionOrder", json!(["PO-1"]))["quantityProduced"], 1.75);

    let open = json!({ "filters": [{ "field": "status", "condition": "EQUALS", "stringValue": "COMPLETED" }] });
    assert_eq!(call(s, "operation.findOperationRecords", open)["totalElements"], 1);
    let references = call(s, "operation.getOperationReferences", json!([id]));
    let tables: Vec<&str> =
        references.as_array().unwrap().iter().map(|group| group["tableName"].as_str().unwrap()).collect();
    assert_eq!(tables, ["inventory_operations", "operation_records"]);
    for (function, named) in
        [("operation.deleteOperation", "Separation"), ("productionOrder.deleteProductionOrder", "PO-1")]
    {
        assert_eq!(throws(s, function, json!([named])).0, "InUseException", "{function}");
    }
    call(s, "operation.stopOperation", json!([id]));
    let (name, message) = throws(s, "operation.stopOperation", json!([id]));
    assert_eq!(name, "IllegalArgumentException");
    assert!(message.contains("Separation does not run"), "{message}");
    assert_eq!(throws(s, "operation.startOperation", json!([id, "PO-9"])).0, "IllegalArgumentException");
    assert_eq!(throws(s, "operation.startOperation", json!([id, null, "soon"])).0, "IllegalArgumentException");
    call(s, "operation.updateOperationStatesFromDatabase", json!([]));
    run_ok(database, &["verify"]);
}

/// raw → WIP → cream → shipped: three hops forward, three back.
fn traces(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let mut script = Script::new(admin);
    let s = &mut script;
    let place = |name: &str| format!("Plant/Receiving/{name}");
    let step = |s: &mut Script, name: &str, kind: &str, from: &str, to: &str, material: &str, other: &str| {
        let paths = |name: &str| if name.is_empty() { Value::Null } else { json!(place(name)) };
        let operation = json!({
            "name": name, "operationType": kind, "triggerSource": "MANUAL", "quantitySource": "MANUAL",
            "sourceLocationPath": paths(from), "destinationLocationPath": paths(to), "materialPath": material,
            "secondaryMaterialPath": if other.is_empty() { Value::Null } else { json!(other) },
            "primaryLotResolutionStrategy": "MANUAL", "secondaryLotResolutionStrategy": "MANUAL",
            "createLotIfNotFound": true, "unitOfMeasureName": "Pound"
        });
        s.op("saveInventoryOperation", operation)["id"].clone()
    };
    let receive = step(s, "Receive", "RECEIVE", "", "Silo1", "Raw/Milk", "");
    let consume = step(s, "Consume", "CONSUME", "Silo1", "Separator", "Raw/Milk", "Finished/WIP");
    let cream = step(s, "Cream", "PRODUCE", "Separator", "CreamSilo", "Finished/Cream", "Finished/WIP");
    let skim = step(s, "Skim", "PRODUCE", "Separator", "SkimSilo", "Finished/Skim", "Finished/WIP");
    let ship = step(s, "Ship", "SHIP", "CreamSilo", "Dock", "Finished/Cream", "Finished/Cup");
    let run = |s: &mut Script, operation: &Value, lot: &str, quantity: f64, other: Value| {
        s.op("executeInventoryOperation", json!([operation, lot, quantity, other]))
    };
    let milk = run(s, &receive, "MILK-1", 500.0, Value::Null);
    let first = run(s, &consume, "MILK-1", 229.53, json!("WIP-1"));
    let second = run(s, &consume, "MILK-1", 192.13, json!("WIP-1"));
    let churned = run(s, &cream, "CREAM-1", 37.67, json!("WIP-1"));
    run(s, &skim, "SKIM-1", 300.0, json!("WIP-1"));
    let shipped = run(s, &ship, "CREAM-1", 37.67, json!("CUPS-1"));
    let raw = milk["inventoryLotId"].clone();
    let wip = first["secondaryInventoryLotId"].clone();
    let cups = shipped["secondaryInventoryLotId"].clone();

    let near = call(s, "trackandtrace.getLotTraceGraph", json!([raw, "OUTPUT"]));
    assert_eq!((near["nodes"].as_array().unwrap().len(), &near["nodes"][0]["id"]), (1, &wip), "without the root");
    let edge = &near["edges"][0];
    assert_eq!((&edge["source"], &edge["target"], &edge["animated"]), (&raw, &wip, &json!(true)));
    assert_eq!(edge["recordIds"], json!([first["id"], second["id"]]), "one edge for both");
    assert_eq!((&edge["id"], &edge["quantity"], &edge["uom"]), (&first["id"], &json!(421.66), &json!("lb")));
    let data = &near["nodes"][0]["data"];
    assert_eq!((&data["lotName"], &data["materialName"]), (&json!("WIP-1"), &json!("WIP")));
    assert_eq!((&data["materialClassName"], &data["quantity"]), (&json!("Finished"), &json!(421.66)));

    let two = call(s, "trackAndTrace.getLotTraceGraph", json!([raw, "output", 2]));
    assert!(!two["nodes"].to_string().contains("CUPS-1"), "two hops end at the silos");
    let three = call(s, "trackandtrace.getLotTraceGraph", json!([raw, "OUTPUT", 3]));
    let names: Vec<&str> =
        three["nodes"].as_array().unwrap().iter().map(|node| node["data"]["lotName"].as_str().unwrap()).collect();
    assert_eq!(names, ["WIP-1", "CREAM-1", "SKIM-1", "CUPS-1"]);
    assert_eq!(three["edges"].as_array().unwrap().len(), 4);
    let back = call(
        s,
        "trackandtrace.getLotTraceGraph",
        json!({ "rootNodeId": cups, "direction": "INPUT", "depth": 1000, "includeRoot": true }),
    );
    assert_eq!((back["nodes"].as_array().unwrap().len(), &back["nodes"][0]["id"]), (4, &cups));
    assert_eq!((&back["direction"], &back["truncated"]), (&json!("INPUT"), &json!(false)));
    for (wrong, params) in [
        ("a depth below one", json!([raw, "OUTPUT", 0])),
        ("a lot that is not there", json!(["01JPAND53P-00000000-00000000", "OUTPUT"])),
        ("no direction", json!([raw, "SIDEWAYS"])),
    ] {
        assert_eq!(throws(s, "trackandtrace.getLotTraceGraph", params).0, "IllegalArgumentException", "{wrong}");
    }

    let table = call(s, "trackandtrace.getLotTraceTable", json!([[churned["id"], second["id"], milk["id"]]]));
    assert_eq!((&table[0]["lotRecordType"], &table[1]["lotRecordType"]), (&json!("Produce"), &json!("Consume")));
    assert_eq!(
        (&table[0]["sourceInventoryLotName"], &table[0]["targetInventoryLotName"]),
        (&json!("WIP-1"), &json!("CREAM-1"))
    );
    assert_eq!((&table[0]["sourceMaterialName"], &table[0]["targetMaterialName"]), (&json!("WIP"), &json!("Cream")));
    assert_eq!(
        (&table[1]["sourceInventoryLotName"], &table[1]["targetInventoryLotName"]),
        (&json!("MILK-1"), &json!("WIP-1"))
    );
    assert_eq!((&table[1]["quantity"], &table[1]["sourceLocationPath"]), (&json!(192.13), &json!(place("Silo1"))));
    assert_eq!(
        (&table[2]["sourceInventoryLotId"], &table[2]["targetInventoryLotName"]),
        (&Value::Null, &json!("MILK-1"))
    );
    assert_eq!(throws(s, "trackandtrace.getLotTraceTable", json!([["nothing"]])).0, "IllegalArgumentException");
    let permissions = call(s, "trackAndTrace.getTrackAndTracePermissions", json!([]));
    assert_eq!(permissions, json!(["TRACK_AND_TRACE", "TRACK_AND_TRACE.READ", "TRACK_AND_TRACE.READ.GET"]));
    run_ok(database, &["verify"]);
}

/// Roles are made by those who hold what they grant.
fn roles(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let all = call(s, "role.getAllPermissions", json!([]));
    assert_eq!((&all[0], &all[1]), (&json!("SYSTEM"), &json!("SYSTEM.ADMIN")));
    assert_eq!(call(s, "role.validateRole", json!({}))["name"], json!(["is missing"]));
    let role = json!({ "name": "fitter", "permissions": ["location.read", "MATERIAL"] });
    let role = call(s, "role.saveRole", role);
    assert_eq!(role["permissions"], json!(["LOCATION.READ", "MATERIAL"]));
    assert_eq!(role["securityLevels"], json!(["Authenticated/Roles/fitter"]));
    let by_level = json!({ "securityLevels": ["Authenticated/Roles/welder"], "permissions": [] });
    assert_eq!(call(s, "role.saveRole", by_level)["name"], "welder");
    let changed = call(s, "role.saveRole", json!({ "id": role["id"], "permissions": ["LOCATION"] }));
    assert_eq!((&changed["name"], &changed["permissions"]), (&json!("fitter"), &json!(["LOCATION"])));
    assert_eq!(
        throws(s, "role.saveRole", json!({ "name": "x", "permissions": ["so so"] })).0,
        "ConstraintViolationException"
    );
    assert_eq!(call(s, "role.getRole", json!(["fitter"]))["id"], role["id"]);
    let named = json!({ "filters": [{ "field": "name", "condition": "EQUALS", "stringValue": "welder" }] });
    assert_eq!(call(s, "role.findRoles", named)["totalElements"], 1);
    let paths = call(s, "role.getAllSecurityLevelPaths", json!([]));
    assert!(paths.as_array().unwrap().contains(&json!("Authenticated/Roles/welder")), "{paths}");
    assert_eq!(call(s, "role.getSecurityLevelTree", json!([]))[0]["children"][0]["name"], "Roles");
    assert_eq!(call(s, "role.userHasAllPermissions", json!([["STOCK.BOOK", "LOCATION.READ.GET"]])), true);
    let held = throws(s, "role.deleteRole", json!(["admin"]));
    assert_eq!(held.0, "InUseException", "{held:?}");
    assert_eq!(call(s, "role.deleteRoles", json!([["welder", role["id"]]])), Value::Null);
    assert_eq!(call(s, "role.getRole", json!([role["id"]])), Value::Null);
}

#[test]
fn what_is_produced_counts_for_the_order() {
    on_both(orders);
}

#[test]
fn a_lot_is_followed_in_three_hops() {
    on_both(traces);
}

#[test]
fn roles_are_made_and_deleted() {
    on_both(roles);
}
