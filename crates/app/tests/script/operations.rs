//! Inventory operations, as the pages of the function family show them.

use serde_json::{Value, json};

use crate::on_both;
use crate::plant::{Script, furnish};
use crate::support::{Server, run_ok};

/// The keys of an inventory operation in their order, as the template has them.
const KEYS: [&str; 45] = [
    "operationId",
    "operationName",
    "name",
    "status",
    "currentRecordId",
    "operationType",
    "triggerSource",
    "startTriggerExpression",
    "startTriggerType",
    "stopTriggerExpression",
    "stopTriggerType",
    "sourceLocationId",
    "sourceLocationPath",
    "destinationLocationId",
    "destinationLocationPath",
    "materialSource",
    "materialId",
    "materialPath",
    "materialExpression",
    "secondaryMaterialId",
    "secondaryMaterialPath",
    "primaryLotResolutionStrategy",
    "secondaryLotResolutionStrategy",
    "primaryLotCodeExpression",
    "secondaryLotCodeExpression",
    "createLotIfNotFound",
    "inventoryNameResolutionStrategy",
    "inventoryName",
    "inventoryNameExpression",
    "quantitySource",
    "quantityExpression",
    "quantityCalcType",
    "quantityOverflowValue",
    "unitOfMeasureId",
    "unitOfMeasureName",
    "unitOfMeasureResolutionStrategy",
    "reasonCodeId",
    "reasonCodeName",
    "incrementProductionOrderCount",
    "id",
    "notes",
    "enabled",
    "spare1",
    "spare2",
    "spare3",
];

/// The keys of an object in the order in which they were sent.
pub fn keys_of(text: &str, before: &str) -> Vec<String> {
    let from = text.find(before).unwrap() + before.len();
    let mut keys = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(&text[from..]).into_iter::<Box<serde_json::value::RawValue>>();
    let object = stream.next().unwrap().unwrap();
    let (mut depth, mut at, mut may_be_key) = (0, 0, false);
    let bytes = object.get().as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => {
                depth += 1;
                may_be_key = bytes[at] == b'{';
            }
            b'}' | b']' => depth -= 1,
            b',' => may_be_key = true,
            b'"' => {
                let mut end = at + 1;
                while bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                if depth == 1 && may_be_key {
                    keys.push(object.get()[at + 1..end].to_owned());
                }
                may_be_key = false;
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    keys
}

fn filling(script: &mut Script) -> Value {
    let mut filling = script.op("newInventoryOperation", json!([]));
    for (key, value) in [
        ("name", json!("Fill silo 1")),
        ("operationType", json!("RECEIVE")),
        ("triggerSource", json!("MANUAL")),
        ("quantitySource", json!("MANUAL")),
        ("primaryLotResolutionStrategy", json!("MANUAL")),
        ("createLotIfNotFound", json!(true)),
        ("destinationLocationPath", json!("Plant/Receiving/Silo1")),
        ("materialPath", json!("Raw/Milk")),
        ("unitOfMeasureName", json!("Pound")),
    ] {
        filling[key] = value;
    }
    filling
}

fn by_script(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let request =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "system.mes.inventory.operation.newInventoryOperation" });
    let text = server.admin().post("/script", &request).text;
    assert_eq!(keys_of(&text, "\"result\":"), KEYS);
    let template = filling(&mut script);
    assert_eq!(
        (&template["inventoryNameResolutionStrategy"], &template["quantityCalcType"]),
        (&json!("STATIC"), &json!("DELTA"))
    );
    assert_eq!(script.op("validateInventoryOperation", template.clone()), json!({}));
    let saved = script.op("saveInventoryOperation", template);
    let id = saved["id"].as_str().unwrap().to_owned();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [10, 8, 8]);
    assert_eq!(
        (&saved["status"], &saved["destinationLocationPath"]),
        (&json!("IDLE"), &json!("Plant/Receiving/Silo1"))
    );
    assert_eq!(saved["materialPath"], "Raw/Milk");
    assert_eq!(script.op("getInventoryOperation", json!([id])), saved);
    assert_eq!(script.op("getInventoryOperation", json!(["01JPAND53P-00000000-00000000"])), Value::Null);
    assert_eq!(script.op("getInventoryOperations", json!([])), json!([saved]));
    assert_eq!(script.op("getAllInventoryOperations", json!({})), json!([saved]));
    assert_eq!(script.op("getInventoryOperationsByLocation", json!(["/Plant/Receiving/Silo1"])), json!([saved]));
    assert_eq!(script.op("getInventoryOperationsByLocation", json!(["Plant/Receiving"])), json!([]));
    assert_eq!(script.op("getInventoryOperationReferences", json!([id])), json!([]));

    let started = script.op("startInventoryOperation", json!([id, "MILK-001", null, null, null, null]));
    assert_eq!(
        (&started["status"], &started["endDate"], &started["duration"]),
        (&json!("RUNNING"), &Value::Null, &Value::Null)
    );
    assert_eq!(script.op("getInventoryOperationStatus", json!([id])), "RUNNING");
    assert_eq!(script.op("getInventoryOperation", json!([id]))["currentRecordId"], started["id"]);
    let (name, message) = script.op_throws("startInventoryOperation", json!([id, "MILK-001"]));
    assert!(name == "IllegalArgumentException" && message.contains("runs already"), "{message}");
    let stopped = script.op("stopInventoryOperation", json!([id, 100, null, null]));
    assert_eq!(
        (&stopped["status"], &stopped["quantity"], &stopped["id"]),
        (&json!("COMPLETED"), &json!(100.0), &started["id"])
    );
    assert_eq!(stopped["unitOfMeasureSymbol"], "lb");
    let executed = script.op(
        "executeInventoryOperation",
        json!({ "inventoryOperationId": id, "primaryLotIdOrName": "MILK-001", "quantity": 50, "startDate": "2026-01-05T08:00:00Z" }),
    );
    assert_eq!((&executed["startDate"], &executed["quantity"]), (&json!("2026-01-05T08:00:00.000Z"), &json!(50.0)));
    // Executed while it runs, it stops: the record is the one that the start opened.
    let started = script.op("startInventoryOperation", json!([id, "MILK-001", null, null, null, null]));
    let executed = script.op("executeInventoryOperation", json!({ "inventoryOperationId": id, "quantity": 7 }));
    assert_eq!(
        (&executed["id"], &executed["status"], &executed["quantity"]),
        (&started["id"], &json!("COMPLETED"), &json!(7.0))
    );
    assert_eq!(script.op("getInventoryOperationStatus", json!([id])), "COMPLETED");
    script.op("startInventoryOperation", json!([id, "MILK-001", null, null, null, null]));
    assert_eq!(script.op("cancelInventoryOperation", json!([id]))["status"], "CANCELLED");
    let references = script.op("getInventoryOperationReferences", json!([id]));
    assert_eq!(references[0]["references"].as_array().unwrap().len(), 4, "{references}");

    // What is re-sent does not reset the state; what is null is cleared, and what is absent stays.
    let changed =
        script.op("saveInventoryOperation", json!({ "id": id, "name": "Fill", "status": "IDLE", "notes": "n" }));
    assert_eq!((&changed["status"], &changed["materialPath"]), (&json!("CANCELLED"), &json!("Raw/Milk")));
    let changed = script.op("saveInventoryOperation", json!({ "id": id, "unitOfMeasureId": null, "notes": null }));
    assert_eq!(
        (&changed["unitOfMeasureName"], &changed["notes"], &changed["name"]),
        (&Value::Null, &Value::Null, &json!("Fill"))
    );
    let old =
        json!({ "id": id, "quantityCalcType": "rising", "startTriggerType": "ANY_CHANGE", "flushIntervalMillis": 5 });
    let changed = script.op("saveInventoryOperation", old);
    assert_eq!((&changed["quantityCalcType"], &changed["startTriggerType"]), (&json!("DELTA"), &json!("CHANGE")));
    run_ok(database, &["verify"]);
}

#[test]
fn operations_are_saved_started_and_stopped() {
    on_both(by_script);
}

#[test]
fn what_is_wrong_is_named() {
    let server = Server::start();
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let thrown =
        script.call("system.mes.inventory.operation.saveInventoryOperation", json!({ "operationType": "BAKE" }));
    let thrown = thrown.unwrap_err();
    assert_eq!((thrown.code, thrown.name.as_str()), (-32_002, "ConstraintViolationException"));
    assert!(thrown.violations["name"].is_array() && thrown.violations["operationType"].is_array(), "{thrown:?}");
    let wrong = json!({
        "name": "x", "sourceLocationPath": "Nowhere", "materialId": "01JPAND53P-00000000-00000000",
        "startTriggerExpression": "{a} = ", "quantityOverflowValue": null, "secondaryLotResolutionStrategy": "FROM_LOCATION"
    });
    let problems = script.op("validateInventoryOperation", wrong);
    let fields: Vec<&String> = problems.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["materialId", "secondaryLotResolutionStrategy", "sourceLocationPath", "startTriggerExpression"]
    );
    let throws = |script: &mut Script, function: &str, params: Value| script.op_throws(function, params).0;
    for (function, params, name) in [
        ("saveInventoryOperation", json!({ "name": "x", "colour": "red" }), "IllegalArgumentException"),
        ("saveInventoryOperation", json!({ "id": "nobody", "name": "x" }), "IllegalArgumentException"),
        ("getInventoryOperationStatus", json!(["nobody"]), "IllegalArgumentException"),
        ("getInventoryOperationStatus", json!([null]), "IllegalArgumentException"),
        ("getInventoryOperationStatus", json!([]), "TypeError"),
        ("getInventoryOperationStatus", json!(["a", "b"]), "TypeError"),
        ("getInventoryOperationStatus", json!({ "colour": "red" }), "TypeError"),
        ("getInventoryOperationsByLocation", json!(["Nowhere"]), "IllegalArgumentException"),
        ("startInventoryOperation", json!(["nobody"]), "IllegalArgumentException"),
        ("stopInventoryOperation", json!(["nobody", "ten"]), "IllegalArgumentException"),
        ("isSourceLocationRequired", json!(["BAKE"]), "IllegalArgumentException"),
    ] {
        assert_eq!(throws(&mut script, function, params.clone()), name, "{function} {params}");
    }
    assert_eq!(script.op("isSourceLocationRequired", json!(["consume"])), json!(true));
    assert_eq!(script.op("isDestinationLocationRequired", json!(["CONSUME"])), json!(false));
    let listed = script.op("getInventoryOperationPermissions", json!([]));
    assert_eq!((&listed[0], &listed[7]), (&json!("INVENTORY_OPERATION"), &json!("INVENTORY_OPERATION.EXECUTE")));
}

fn deleted_and_refreshed(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let template = filling(&mut script);
    let made = |script: &mut Script, name: &str| {
        let mut one = template.clone();
        one["name"] = json!(name);
        script.op("saveInventoryOperation", one)["id"].clone()
    };
    let (unused, used) = (made(&mut script, "unused"), made(&mut script, "used"));
    assert_eq!(script.op("deleteInventoryOperation", json!([unused])), Value::Null);
    assert_eq!(script.op("getInventoryOperation", json!([unused])), Value::Null);
    assert_eq!(script.op_throws("deleteInventoryOperation", json!([unused])).0, "IllegalArgumentException");
    let record = script.op("executeInventoryOperation", json!([used, "M1", 5]));
    script.op("startInventoryOperation", json!([used, "M1"]));
    for function in ["deleteInventoryOperation", "deleteInventoryOperationWithReferences"] {
        let (name, message) = script.op_throws(function, json!([used]));
        assert!(name == "InUseException" && message.contains("stop or cancel"), "{message}");
    }
    assert_eq!(script.op("updateInventoryOperationStatesFromDatabase", json!([])), Value::Null);
    assert_eq!(script.op("getInventoryOperationStatus", json!([used])), "RUNNING");
    script.op("cancelInventoryOperation", json!([used]));
    assert_eq!(script.op_throws("deleteInventoryOperation", json!([used])).0, "InUseException");
    // As the later versions answer, where somebody decided so.
    let patch = |admin: &mut crate::support::Client, value: bool| {
        assert_eq!(admin.patch("/v1/settings/mes.apiResponses", &json!({ "value": value })).status, 200);
    };
    patch(&mut server.admin(), true);
    let refused = script.op("deleteInventoryOperation", json!([used]));
    assert_eq!((&refused["success"], &refused["data"]), (&json!(false), &Value::Null));
    assert!(refused["error"].as_str().unwrap().starts_with("InUseException: "), "{refused}");
    let gone = script.op("deleteInventoryOperationWithReferences", json!([used]));
    assert_eq!((&gone["success"], &gone["data"], &gone["error"]), (&json!(true), &used, &Value::Null));
    assert_eq!(script.op("getAllInventoryOperations", json!([])), json!([]));
    // History stays, and names what it was made by.
    let uid = record["id"].as_str().unwrap();
    let run = server.admin().get(&format!("/v1/runs/{uid}")).json();
    assert_eq!(run["operation"]["name"], "used");
    assert_eq!(script.op("updateInventoryOperationStatesFromDatabase", json!([null])), Value::Null);
    let nobody = script.op_throws("updateInventoryOperationStatesFromDatabase", json!([["nobody"]]));
    assert_eq!(nobody.0, "IllegalArgumentException");
    run_ok(database, &["verify"]);
}

#[test]
fn operations_are_deleted_and_refreshed() {
    on_both(deleted_and_refreshed);
}

fn text_of(bytes: &Value) -> String {
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::STANDARD.decode(bytes["$bytes"].as_str().unwrap()).unwrap();
    String::from_utf8(plain).unwrap()
}

#[test]
fn operations_travel_in_files() {
    let server = Server::start();
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let template = filling(&mut script);
    let saved = script.op("saveInventoryOperation", template);
    let csv = text_of(&script.op("exportAsCsv", json!([])));
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let keys: Vec<&str> = KEYS.into_iter().filter(|key| *key != "status" && *key != "currentRecordId").collect();
    assert_eq!(header, keys);
    assert!(csv.contains("Fill silo 1") && csv.contains("Plant/Receiving/Silo1"), "{csv}");
    let nothing = text_of(&script.op("exportAsCsvBytes", json!([[]])));
    assert_eq!(nothing.lines().count(), 1);
    let here = text_of(&script.op("exportAsJson", json!([["Plant/Receiving/Silo1"]])));
    assert!(here.contains("Fill silo 1") && !here.contains("currentRecordId"), "{here}");
    assert_eq!(text_of(&script.op("exportAsJson", json!([["Plant/Receiving/Bay1"]]))), "[]");
    assert_eq!(script.op_throws("exportAsJson", json!([["Nowhere"]])).0, "IllegalArgumentException");

    // The same file changes what it finds by name, places and type, whatever its ids.
    let foreign =
        csv.replace(saved["id"].as_str().unwrap(), "01JPAND53P-00000000-00000000").replace(",true,,,", ",false,,,");
    let answer = script.op("importFromCsv", json!([foreign]));
    assert_eq!((&answer["success"], &answer["data"]), (&json!(true), &json!(1)), "{answer}");
    let after = script.op("getAllInventoryOperations", json!([]));
    assert_eq!(
        (after.as_array().unwrap().len(), &after[0]["id"], &after[0]["enabled"]),
        (1, &saved["id"], &json!(false))
    );
    let rows = json!([
        { "name": "New", "operationType": "SHIP", "sourceLocationPath": "/Plant/Receiving/CreamSilo", "colour": "red" },
        { "name": "Bad", "sourceLocationPath": "Nowhere", "quantityCalcType": "UP" },
        { "name": "", "operationType": "SHIP" }
    ]);
    let answer = script.op("importFromJson", json!([rows.to_string()]));
    assert_eq!((&answer["success"], &answer["data"]), (&json!(false), &json!(1)));
    let message = answer["message"].as_str().unwrap();
    for part in [
        "1 of 3 rows written",
        "not read: colour",
        "row 2, sourceLocationPath: ",
        "row 2, quantityCalcType: ",
        "row 3, name: ",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    for (function, content) in
        [("importFromJson", json!("{}")), ("importFromCsv", json!("a\n1,2")), ("importFromCsv", json!(5))]
    {
        assert_eq!(script.op_throws(function, json!([content])).0, "IllegalArgumentException");
    }
    let queue = "system.mes.inventoryOperation.getInventoryOperationImportQueueSize";
    assert_eq!(script.call(queue, json!([])).unwrap(), 0);
    assert_eq!(script.op("cancelInventoryOperationImportQueue", json!([])), 0);
}
