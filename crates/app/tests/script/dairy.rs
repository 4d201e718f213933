//! A small dairy: raw milk is received, separated, shipped; by all the kinds of operations, and traced.

use serde_json::{Value, json};

use crate::on_both;
use crate::plant::{Script, furnish};
use crate::support::{Client, Server, run_ok};

const AT: &str = "Plant/Receiving";

/// An operation that is told everything by hand.
fn operation(script: &mut Script, fields: &Value) -> Value {
    let mut operation = script.op("newInventoryOperation", json!([]));
    for (key, value) in [("triggerSource", "MANUAL"), ("quantitySource", "MANUAL"), ("unitOfMeasureName", "Pound")] {
        operation[key] = json!(value);
    }
    for (key, value) in fields.as_object().unwrap() {
        operation[key] = value.clone();
    }
    for key in ["primaryLotResolutionStrategy", "secondaryLotResolutionStrategy"] {
        operation[key] = json!("MANUAL");
    }
    operation["createLotIfNotFound"] = json!(true);
    script.op("saveInventoryOperation", operation)["id"].clone()
}

fn say(admin: &mut Client, second: u32, path: &str, value: impl Into<Value>) {
    let sample = json!([{ "path": path, "value": value.into(), "time": format!("2026-01-05T08:00:{second:02}Z") }]);
    assert_eq!(admin.send("PUT", "/v1/tags", &sample.to_string()).status, 200);
}

fn dairy(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let mut script = Script::new(server.admin());
    let place = |name: &str| json!(format!("{AT}/{name}"));
    let receive = operation(
        &mut script,
        &json!({ "name": "Unload", "operationType": "RECEIVE", "sourceLocationPath": place("Bay1"), "destinationLocationPath": place("Silo1"), "materialPath": "Raw/Milk" }),
    );
    let separate = operation(
        &mut script,
        &json!({ "name": "Feed", "operationType": "CONSUME", "sourceLocationPath": place("Silo1"), "destinationLocationPath": place("Separator"), "materialPath": "Raw/Milk", "secondaryMaterialPath": "Finished/WIP" }),
    );
    let cream = operation(
        &mut script,
        &json!({ "name": "Cream off", "operationType": "PRODUCE", "sourceLocationPath": place("Separator"), "destinationLocationPath": place("CreamSilo"), "materialPath": "Finished/Cream", "secondaryMaterialPath": "Finished/WIP" }),
    );
    let salt = operation(
        &mut script,
        &json!({ "name": "Salt", "operationType": "RECEIVE_AND_CONSUME", "sourceLocationPath": place("SaltPoint"), "destinationLocationPath": place("Separator"), "materialPath": "Raw/Salt", "secondaryMaterialPath": "Finished/WIP" }),
    );
    let ship = operation(
        &mut script,
        &json!({ "name": "Ship", "operationType": "SHIP", "sourceLocationPath": place("CreamSilo"), "destinationLocationPath": place("Dock"), "materialPath": "Finished/Cream", "secondaryMaterialPath": "Finished/Cup" }),
    );
    let clean = operation(
        &mut script,
        &json!({ "name": "Clean", "operationType": "SCRAP_ALL", "sourceLocationPath": place("Silo1") }),
    );

    let run = |script: &mut Script, operation: &Value, lot: &str, quantity: f64, other: Value| {
        script.op("executeInventoryOperation", json!([operation, lot, quantity, other, null, null, null, null]))
    };
    run(&mut script, &receive, "RAW-1", 500.0, Value::Null);
    // The lot on the other side is there once it is made: by its name on the first day, by its id afterwards.
    let wip = script.inv(
        "saveLot",
        json!({ "name": "WIP-1", "materialId": "Finished/WIP", "unitOfMeasureId": "lb", "totalQuantity": 0 }),
    );
    run(&mut script, &separate, "RAW-1", 229.53, json!("WIP-1"));
    let second = run(&mut script, &separate, "RAW-1", 192.13, wip["id"].clone());
    assert_eq!(
        (&second["secondaryInventoryLotName"], &second["sourceLocationName"]),
        (&json!("WIP-1"), &json!("Silo1"))
    );
    let salted = run(&mut script, &salt, "SALT-1", 1.5, json!("WIP-1"));
    assert_eq!(
        (&salted["lotRecordType"], salted["relatedRecordIds"].as_array().unwrap().len()),
        (&json!("CONSUME"), 1)
    );
    assert_eq!(script.stands("SALT-1", "Raw/Salt", "Plant/Receiving/SaltPoint"), json!(0.0), "it came and went");
    assert_eq!(script.stands("WIP-1", "Finished/WIP", "Plant/Receiving/Separator"), json!(423.16));
    run(&mut script, &cream, "CREAM-1", 40.0, json!("WIP-1"));
    let shipped = run(&mut script, &ship, "CREAM-1", 37.67, json!("CUPS-1"));
    assert_eq!(shipped["lotRecordType"], "SHIP");
    let cups = script.inv("getLotByIdOrNameAndMaterial", json!(["CUPS-1", "Finished/Cup"]));
    assert_eq!((&cups["totalQuantity"], &cups["status"]), (&json!(37.67), &json!("OPEN")));

    // From the raw lot to what was shipped in three steps; two feedings are one edge.
    let raw = script.inv("getLotByIdOrNameAndMaterial", json!(["RAW-1", "Raw/Milk"]));
    let trace = admin.get(&format!("/v1/lots/{}/trace?direction=output&depth=3", raw["id"].as_str().unwrap())).json();
    let names: Vec<&str> =
        trace["nodes"].as_array().unwrap().iter().map(|node| node["lot"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["WIP-1", "CREAM-1", "CUPS-1"]);
    assert_eq!(
        (&trace["edges"][0]["quantity"], trace["edges"][0]["records"].as_array().unwrap().len()),
        (&json!(421.66), 2)
    );

    // What is left is scrapped, a record a lot; where nothing stands, nothing is made.
    let scrapped = script.op("executeInventoryOperation", json!([clean, null, null, null, null, null, null, null]));
    assert_eq!((&scrapped["lotRecordType"], &scrapped["quantity"]), (&json!("SCRAP"), &json!(78.34)));
    let nothing = script.op("executeInventoryOperation", json!([clean, null]));
    assert_eq!(
        (&nothing["id"], &nothing["quantity"], &nothing["status"]),
        (&Value::Null, &json!(0.0), &json!("COMPLETED"))
    );
    let begun = script.op("startInventoryOperation", json!([clean]));
    assert_eq!((&begun["id"], &begun["status"]), (&Value::Null, &json!("RUNNING")));
    script.op("stopInventoryOperation", json!([clean, null]));
    for operation in [&receive, &separate, &cream, &salt, &ship, &clean] {
        assert_eq!(script.op("getInventoryOperationStatus", json!([operation])), "COMPLETED");
    }

    // A counter that wraps, and one that stands still.
    let counted = script.op(
        "saveInventoryOperation",
        json!({
            "name": "By counter", "operationType": "RECEIVE", "destinationLocationPath": place("Silo2"), "materialPath": "Raw/Milk",
            "startTriggerExpression": "{[default]Bay/Valve}", "stopTriggerExpression": "{[default]Bay/Valve}",
            "primaryLotResolutionStrategy": "EXPRESSION", "primaryLotCodeExpression": "'RAW-2'", "createLotIfNotFound": true,
            "quantityExpression": "{[default]Bay/Counter}", "quantityOverflowValue": 100
        }),
    );
    say(&mut admin, 1, "[default]Bay/Valve", false);
    say(&mut admin, 2, "[default]Bay/Counter", 90);
    say(&mut admin, 3, "[default]Bay/Valve", true);
    say(&mut admin, 4, "[default]Bay/Counter", 10);
    say(&mut admin, 5, "[default]Bay/Valve", false);
    say(&mut admin, 6, "[default]Bay/Valve", true);
    say(&mut admin, 7, "[default]Bay/Valve", false);
    let history = script.inv("getLotHistory", json!({ "lotId": "RAW-2", "inventoryOperationId": counted["id"] }));
    let quantities: Vec<f64> =
        history.as_array().unwrap().iter().map(|one| one["quantity"].as_f64().unwrap()).collect();
    assert_eq!(quantities, [20.0, 0.0]);
    run_ok(database, &["verify"]);
}

#[test]
fn a_dairy_works_and_is_traced() {
    on_both(dairy);
}
