//! Lots, direct actions and rows of stock, as scripts use them.

use serde_json::{Value, json};

use crate::on_both;
use crate::operations::keys_of;
use crate::plant::{Script, Thrown, furnish};
use crate::support::{Server, run_ok};

const SILO1: &str = "Plant/Receiving/Silo1";
const SILO2: &str = "Plant/Receiving/Silo2";

impl Script {
    /// A function of inventories.
    pub fn inv(&mut self, function: &str, params: Value) -> Value {
        self.try_inv(function, params).unwrap_or_else(|thrown| panic!("{function}: {thrown:?}"))
    }

    pub fn try_inv(&mut self, function: &str, params: Value) -> Result<Value, Thrown> {
        self.call(&format!("system.mes.inventory.{function}"), params)
    }

    /// An action by its template with these fields.
    pub fn act(&mut self, template: &str, function: &str, fields: &Value) -> Result<Value, Thrown> {
        let request = self.request(template, fields);
        self.try_inv(function, request)
    }

    pub fn request(&mut self, template: &str, fields: &Value) -> Value {
        let mut request = self.inv(template, json!([]));
        for (key, value) in fields.as_object().unwrap() {
            request[key] = value.clone();
        }
        request
    }

    /// How much of a lot of milk is where.
    pub fn stands(&mut self, lot: &str, material: &str, place: &str) -> Value {
        let row = self.inv("getInventoryByLotAndLocation", json!([lot, material, place]));
        row.get("quantity").cloned().unwrap_or(Value::Null)
    }
}

#[test]
fn templates_have_their_keys_in_order() {
    let server = Server::start();
    let mut admin = server.admin();
    let tail = "startDate endDate ongoing inventoryName notes spare1 spare2 spare3";
    let outward = format!(
        "type quantity unitOfMeasureSymbol lotIdOrName materialIdOrPath sourceLocationIdOrPath operationId \
         inventoryOperationId productionOrderIdOrName materialReasonCodeId {tail} destinationLotIdOrName \
         destinationMaterialIdOrPath destinationLocationIdOrPath"
    );
    let moved = "type quantity unitOfMeasureSymbol lotIdOrName materialIdOrPath sourceLocationIdOrPath \
                 destinationLocationIdOrPath operationId inventoryOperationId productionOrderIdOrName \
                 materialReasonCodeId startDate endDate ongoing destinationInventoryName notes spare1 spare2 spare3";
    for (function, keys) in [
        ("newShipRequest", outward.as_str()),
        ("newScrapRequest", &outward),
        ("newReturnRequest", &outward),
        ("newMoveRequest", moved),
        (
            "newSplitRequest",
            "type quantity unitOfMeasureSymbol sourceLotId sourceLocationIdOrPath destinationLotName operationId \
             inventoryOperationId productionOrderIdOrName materialReasonCodeId destinationInventoryName notes spare1 \
             spare2 spare3",
        ),
        (
            "newMergeRequest",
            "type sourceLotId destinationLotId locationId operationId inventoryOperationId productionOrderIdOrName \
             materialReasonCodeId notes spare1 spare2 spare3",
        ),
        ("newChangeStatusRequest", "type lotId newStatus operationId inventoryOperationId notes spare1 spare2 spare3"),
        (
            "newEditInventoryQuantityRequest",
            "type newQuantity unitOfMeasureSymbol lotIdOrName materialIdOrPath sourceLocationIdOrPath operationId \
             inventoryOperationId notes spare1 spare2 spare3",
        ),
        (
            "newLotHistoryRequest",
            "lotId lotRecordType operationId inventoryOperationId productionOrderIdOrName materialReasonCodeId \
             startDate endDate status",
        ),
        (
            "newLot",
            "name materialId status totalQuantity unitOfMeasureId expirationDate closedDate supplierId id notes \
             enabled spare1 spare2 spare3",
        ),
        (
            "newInventoryLotRecord",
            "lotRecordType inventoryLotId inventoryLotName secondaryInventoryLotId secondaryInventoryLotName \
             operationRecordId inventoryOperationId productionOrderId materialReasonCodeId sourceLocationId \
             destinationLocationId lotStatus quantity startDate endDate status id notes enabled spare1 spare2 spare3",
        ),
    ] {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": format!("system.mes.inventory.{function}") });
        let text = admin.post("/script", &call).text;
        assert_eq!(keys_of(&text, "\"result\":").join(" "), keys, "{function}");
    }
}

fn actions(database: &str) {
    let server = Server::start_on(database, &[]);
    furnish(&mut server.admin());
    let mut script = Script::new(server.admin());
    let receive = json!({
        "quantity": 100, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "createIfNotExists": true,
        "destinationLocationIdOrPath": SILO1, "inventoryName": "PAL-1", "notes": "first"
    });
    let request = script.request("newReceiveRequest", &receive);
    assert_eq!(script.inv("validateReceiveRequest", request.clone()), json!({}));
    assert_eq!(script.inv("getAllInventory", json!([])), json!([]), "a validator keeps nothing");
    let record = script.inv("receive", request);
    assert_eq!(
        (&record["lotRecordType"], &record["quantity"], &record["status"]),
        (&json!("RECEIVE"), &json!(100.0), &json!("COMPLETED"))
    );
    assert_eq!((&record["unitOfMeasureSymbol"], &record["notes"]), (&json!("lb"), &json!("first")));
    let row = script.inv("getInventoryByLotAndLocation", json!(["M1", "Raw/Milk", SILO1]));
    assert_eq!((&row["quantity"], &row["name"], &row["lotStatus"]), (&json!(100.0), &json!("PAL-1"), &json!("OPEN")));
    assert_eq!((&row["storageLocationPath"], &row["materialClassPath"]), (&json!(SILO1), &json!("Raw")));
    let named = script.inv("setInventoryMetadata", json!([row["id"], null, "s", null, null, "PAL-2", null]));
    assert_eq!(
        (&named["name"], &named["spare1"], &named["notes"], &named["id"]),
        (&json!("PAL-2"), &json!("s"), &json!("first"), &row["id"])
    );
    let cleared = script.inv("setInventoryMetadata", json!([row["id"], "", "", null, null, null, null]));
    assert_eq!(
        (&cleared["notes"], &cleared["spare1"], &cleared["name"]),
        (&Value::Null, &Value::Null, &json!("PAL-2"))
    );

    let units = json!({ "quantity": 0.01, "unitOfMeasureSymbol": "t", "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1, "destinationLocationIdOrPath": SILO2 });
    let moved = script.act("newMoveRequest", "move", &units).unwrap();
    assert_eq!((&moved["quantity"], &moved["unitOfMeasureSymbol"]), (&json!(0.01), &json!("t")));
    assert_eq!(
        (script.stands("M1", "Raw/Milk", SILO1), script.stands("M1", "Raw/Milk", SILO2)),
        (json!(80.0), json!(20.0))
    );
    let lot = script.inv("getLotByIdOrNameAndMaterial", json!(["M1", "Raw/Milk"]));
    assert_eq!(
        (&lot["totalQuantity"], &lot["status"], &lot["materialPath"]),
        (&json!(100.0), &json!("OPEN"), &json!("Raw/Milk"))
    );

    // What cannot be done is an illegal argument; what is missing or malformed names its field.
    let too_much =
        json!({ "quantity": 81, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 });
    let thrown = script.act("newConsumeRequest", "consume", &too_much).unwrap_err();
    assert_eq!((thrown.code, thrown.name.as_str()), (-32_001, "IllegalArgumentException"));
    assert!(thrown.violations["quantity"][0].as_str().unwrap().contains("short by 1"), "{thrown:?}");
    let request = script.request("newConsumeRequest", &too_much);
    let told = script.inv("validateConsumeRequest", request);
    assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), ["quantity"]);
    let thrown = script
        .act("newConsumeRequest", "consume", &json!({ "quantity": "ten", "sourceLocationIdOrPath": "Nowhere" }))
        .unwrap_err();
    assert_eq!(thrown.name, "ConstraintViolationException");
    let fields: Vec<&String> = thrown.violations.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["materialIdOrPath", "quantity", "sourceLocationIdOrPath"]);
    for (fields, name) in [
        (
            json!({ "quantity": -1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 }),
            "IllegalArgumentException",
        ),
        (
            json!({ "quantity": 1, "lotIdOrName": "M9", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 }),
            "IllegalArgumentException",
        ),
        (
            json!({ "quantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": "Nowhere" }),
            "IllegalArgumentException",
        ),
        (
            json!({ "quantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1, "ongoing": true, "endDate": "2026-01-05" }),
            "ConstraintViolationException",
        ),
        (
            json!({ "quantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1, "type": "SHIP" }),
            "ConstraintViolationException",
        ),
        (
            json!({ "quantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1, "colour": "red" }),
            "IllegalArgumentException",
        ),
        (
            json!({ "quantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1, "startDate": "2190-01-05" }),
            "IllegalArgumentException",
        ),
    ] {
        assert_eq!(script.act("newConsumeRequest", "consume", &fields).unwrap_err().name, name, "{fields}");
    }

    let split = json!({ "quantity": 30, "sourceLotId": lot["id"], "sourceLocationIdOrPath": SILO1, "destinationLotName": "M2", "destinationInventoryName": "PAL-3" });
    let record = script.act("newSplitRequest", "split", &split).unwrap();
    assert_eq!((&record["lotRecordType"], &record["secondaryInventoryLotName"]), (&json!("SPLIT"), &json!("M2")));
    assert_eq!(
        (script.stands("M1", "Raw/Milk", SILO1), script.stands("M2", "Raw/Milk", SILO1)),
        (json!(50.0), json!(30.0))
    );
    let second = script.inv("getLotByIdOrNameAndMaterial", json!(["M2", null]));
    assert_eq!(second["totalQuantity"], 30.0);
    let edit = json!({ "newQuantity": 49.5, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 });
    assert_eq!(
        script.act("newEditInventoryQuantityRequest", "editInventoryQuantity", &edit).unwrap()["quantity"],
        -0.5
    );
    let several = json!({ "newQuantity": 1, "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 });
    let thrown = script.act("newEditInventoryQuantityRequest", "editInventoryQuantity", &several).unwrap_err();
    assert!(thrown.name == "IllegalArgumentException" && thrown.message.contains("2 lots"), "{thrown:?}");
    let hold = json!({ "lotId": lot["id"], "newStatus": "qa_hold" });
    let record = script.act("newChangeStatusRequest", "changeStatus", &hold).unwrap();
    assert_eq!((&record["lotStatus"], &record["quantity"]), (&json!("QA_HOLD"), &json!(0.0)));
    let consume =
        json!({ "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 });
    assert_eq!(script.act("newConsumeRequest", "consume", &consume).unwrap_err().name, "IllegalArgumentException");
    let open = json!({ "lotId": lot["id"], "newStatus": "AVAILABLE" });
    script.act("newChangeStatusRequest", "changeStatus", &open).unwrap();

    // Everything of M2 goes into M1, to one place; M2 is closed.
    let merge = json!({ "sourceLotId": second["id"], "destinationLotId": lot["id"], "locationId": SILO2 });
    let record = script.act("newMergeRequest", "merge", &merge).unwrap();
    assert_eq!(
        (&record["inventoryLotName"], &record["quantity"], &record["destinationLocationPath"]),
        (&json!("M1"), &json!(30.0), &json!(SILO2))
    );
    assert_eq!(script.stands("M1", "Raw/Milk", SILO2), json!(50.0));
    let closed = script.inv("getLot", json!([second["id"]]));
    assert_eq!(closed["status"], "CLOSED");
    assert!(closed["closedDate"].is_string(), "{closed}");
    assert_eq!(script.stands("M2", "Raw/Milk", SILO1), Value::Null, "an empty row of a closed lot is gone");

    // All or none.
    let produce = script.request("newProduceRequest", &json!({ "quantity": 5, "lotIdOrName": "W1", "materialIdOrPath": "Finished/WIP", "destinationLocationIdOrPath": "Plant/Receiving/Separator", "createIfNotExists": true }));
    let bad = script.request("newShipRequest", &json!({ "quantity": 500, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO1 }));
    let thrown = script.try_inv("executeInventoryActions", json!({ "requests": [produce, bad] })).unwrap_err();
    assert!(thrown.violations["requests[1].quantity"].is_array(), "{thrown:?}");
    assert_eq!(script.inv("getLotsForMaterial", json!(["Finished/WIP"])), json!([]));
    let all = script.request("newScrapAllRequest", &json!({ "sourceLocationIdOrPath": SILO2 }));
    let records = script.inv("executeInventoryActions", json!({ "requests": [produce, all] }));
    let kinds: Vec<&str> =
        records.as_array().unwrap().iter().map(|one| one["lotRecordType"].as_str().unwrap()).collect();
    assert_eq!((kinds, &records[1]["quantity"]), (vec!["PRODUCE", "SCRAP"], &json!(50.0)));
    for (function, params) in [
        ("executeInventoryActions", json!({ "requests": 5 })),
        ("executeInventoryActions", json!({ "requests": [{ "quantity": 5 }] })),
        ("executeInventoryActions", json!({ "requests": [{ "type": "BAKE" }] })),
    ] {
        assert_eq!(script.try_inv(function, params).unwrap_err().name, "ConstraintViolationException");
    }
    let history = script.inv("getLotHistory", json!({ "lotId": lot["id"] }));
    let kinds: Vec<&str> =
        history.as_array().unwrap().iter().map(|one| one["lotRecordType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["RECEIVE", "MOVE", "SPLIT", "EDIT", "STATUS_CHANGE", "STATUS_CHANGE", "MERGE", "SCRAP"]);
    let only = script.inv("getLotHistory", json!({ "lotId": "M1", "lotRecordType": "MOVE", "status": "COMPLETED" }));
    assert_eq!(only.as_array().unwrap().len(), 1);
    run_ok(database, &["verify"]);
}

#[test]
fn actions_move_stock() {
    on_both(actions);
}

fn lots_and_records(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    admin.post("/v1/reason-codes", &json!([{ "name": "Spilt", "recordType": "SCRAP", "requiresComment": true }]));
    admin.patch("/v1/products/Raw%2FMilk", &json!({ "shelfLifeDays": 10 }));
    admin.patch("/v1/locations/Plant/Receiving/Silo2", &json!({ "capacity": 50 }));
    let mut script = Script::new(admin);
    let mut template = script.inv("newLot", json!([]));
    let thrown = script.try_inv("saveLot", template.clone()).unwrap_err();
    let fields: Vec<&String> = thrown.violations.as_object().unwrap().keys().collect();
    assert_eq!(
        (thrown.name.as_str(), fields),
        (
            "ConstraintViolationException",
            vec![&"materialId".to_owned(), &"name".to_owned(), &"unitOfMeasureId".to_owned()]
        )
    );
    for (key, value) in [
        ("name", json!("L1")),
        ("materialId", json!("Raw/Milk")),
        ("unitOfMeasureId", json!("lb")),
        ("expirationDate", json!("2027-01-01T00:00:00Z")),
    ] {
        template[key] = value;
    }
    assert_eq!(script.inv("validateLot", template.clone()), json!({}));
    let lot = script.inv("saveLot", template.clone());
    assert_eq!(
        (&lot["status"], &lot["totalQuantity"], &lot["expirationDate"]),
        (&json!("OPEN"), &json!(0.0), &json!("2027-01-01T00:00:00.000Z"))
    );
    assert_eq!(script.try_inv("saveLot", template.clone()).unwrap_err().name, "ConstraintViolationException");
    let told = script.inv(
        "validateLot",
        json!({ "name": "x", "materialId": "Raw/Milk", "totalQuantity": -1, "unitOfMeasureId": "t" }),
    );
    assert_eq!(told.as_object().unwrap().keys().collect::<Vec<_>>(), ["totalQuantity", "unitOfMeasureId"]);
    let changed = script.inv("saveLot", json!({ "id": lot["id"], "notes": "n", "status": "CLOSED" }));
    assert_eq!((&changed["notes"], &changed["name"]), (&json!("n"), &json!("L1")));
    assert!(changed["closedDate"].is_string());
    let found = script.inv("findLots", json!({ "filters": [{ "field": "name", "condition": "starts with", "stringValue": "l" }], "pageSize": 5, "pageIndex": 0 }));
    assert_eq!((&found["totalElements"], &found["content"][0]["id"]), (&json!(1), &lot["id"]));
    assert_eq!(script.inv("getInventoryLotReferences", json!([lot["id"]])), json!([]));

    // A note of history moves nothing, and is gone with its lot.
    let mut note = script.inv("newInventoryLotRecord", json!([]));
    for (key, value) in [
        ("lotRecordType", json!("CONSUME")),
        ("inventoryLotId", lot["id"].clone()),
        ("status", json!("COMPLETED")),
        ("quantity", json!(5)),
        ("sourceLocationId", json!(SILO1)),
    ] {
        note[key] = value;
    }
    assert_eq!(script.inv("validateInventoryLotRecord", note.clone()), json!({}));
    let saved = script.inv("saveInventoryLotRecord", note);
    assert_eq!((&saved["quantity"], &saved["sourceLocationPath"]), (&json!(5.0), &json!(SILO1)));
    assert_eq!(script.stands("L1", "Raw/Milk", SILO1), Value::Null);
    let again = script.inv("saveInventoryLotRecord", json!({ "id": saved["id"], "quantity": 6 }));
    assert_eq!(
        (&again["quantity"], &again["id"], &again["lotRecordType"]),
        (&json!(6.0), &saved["id"], &json!("CONSUME"))
    );
    assert_eq!(script.try_inv("deleteLot", json!([lot["id"]])).unwrap_err().name, "InUseException");
    assert_eq!(script.inv("deleteLotWithReferences", json!([lot["id"]])), Value::Null);
    assert_eq!(script.inv("getLot", json!([lot["id"]])), Value::Null);
    assert_eq!(script.try_inv("deleteLot", json!([lot["id"]])).unwrap_err().name, "IllegalArgumentException");

    // What goes on can be ended, and nothing else of it changes.
    let receive = json!({ "quantity": 40, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "createIfNotExists": true, "destinationLocationIdOrPath": SILO2, "ongoing": true, "startDate": "2026-01-05T08:00:00Z" });
    let open = script.act("newReceiveRequest", "receive", &receive).unwrap();
    assert_eq!((&open["status"], &open["endDate"]), (&json!("RUNNING"), &Value::Null));
    assert_eq!(script.stands("M1", "Raw/Milk", SILO2), json!(40.0));
    let made = script.inv("getLotByIdOrNameAndMaterial", json!(["M1", "Raw/Milk"]));
    assert_eq!(made["expirationDate"], "2026-01-15T08:00:00.000Z");
    let thrown = script.try_inv("saveInventoryLotRecord", json!({ "id": open["id"], "quantity": 41 })).unwrap_err();
    assert!(thrown.name == "InUseException" && thrown.message.contains("reverse"), "{thrown:?}");
    let ended = script.inv("saveInventoryLotRecord", json!({ "id": open["id"], "quantity": 40.0, "endDate": "2026-01-05T09:00:00Z", "status": "COMPLETED", "notes": "done" }));
    assert_eq!(
        (&ended["status"], &ended["duration"], &ended["notes"]),
        (&json!("COMPLETED"), &json!(3_600), &json!("done"))
    );
    assert_eq!(script.inv("getInventoryLotRecordReferences", json!([open["id"]])), json!([]));
    assert_eq!(script.try_inv("deleteLotWithReferences", json!([made["id"]])).unwrap_err().name, "InUseException");

    assert_eq!(script.inv("publishInventoryState", json!([])), Value::Null);
    assert_eq!(script.inv("publishInventoryState", json!([["Plant"]])), Value::Null);
    assert_eq!(
        script.try_inv("publishInventoryState", json!([["Nowhere"]])).unwrap_err().name,
        "IllegalArgumentException"
    );

    // Capacity, reasons.
    let fits = |script: &mut Script, quantity: Value| {
        script.inv("checkLocationHasCapacity", json!([SILO2, "M1", "Raw/Milk", quantity]))
    };
    assert_eq!((fits(&mut script, json!(10)), fits(&mut script, json!("10.000001"))), (json!(true), json!(false)));
    assert_eq!(
        script.try_inv("checkLocationHasCapacity", json!([SILO2, "M1", null, 1])).unwrap_err().name,
        "IllegalArgumentException"
    );
    let more = json!({ "quantity": 11, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "destinationLocationIdOrPath": SILO2 });
    let thrown = script.act("newReceiveRequest", "receive", &more).unwrap_err();
    assert!(thrown.violations["destinationLocationIdOrPath"][0].as_str().unwrap().contains("1 more"), "{thrown:?}");
    let scrap = |script: &mut Script, extra: Value| {
        let mut fields = json!({ "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO2, "materialReasonCodeId": "Spilt" });
        fields["notes"] = extra;
        script.act("newScrapRequest", "scrap", &fields)
    };
    let thrown = scrap(&mut script, Value::Null).unwrap_err();
    assert!(thrown.violations["notes"].is_array(), "{thrown:?}");
    assert_eq!(scrap(&mut script, json!("over the floor")).unwrap()["materialReasonCodeName"], "Spilt");
    let ship = json!({ "quantity": 1, "lotIdOrName": "M1", "materialIdOrPath": "Raw/Milk", "sourceLocationIdOrPath": SILO2, "materialReasonCodeId": "Spilt", "notes": "x" });
    assert!(script.act("newShipRequest", "ship", &ship).unwrap_err().message.contains("SCRAP only"));
    assert_eq!(script.inv("getAllInventoryForLocationAndChildren", json!(["Plant"])).as_array().unwrap().len(), 1);
    assert_eq!(script.inv("getAllInventoryForLocationAndChildren", json!([null])).as_array().unwrap().len(), 1);
    assert_eq!(script.inv("getAllInventoryAtLocation", json!(["Plant"])), json!([]));
    assert_eq!(script.inv("getInventoryForMaterial", json!(["Raw/Milk"]))[0]["quantity"], 39.0);
    run_ok(database, &["verify"]);
}

#[test]
fn lots_and_their_records_are_kept() {
    on_both(lots_and_records);
}
