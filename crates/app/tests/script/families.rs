//! What a plant is made of, as scripts make it: units, materials, places, reasons.

use serde_json::{Value, json};

use crate::on_both;
use crate::plant::{Script, Thrown, ok};
use crate::support::Server;

fn call(script: &mut Script, function: &str, params: Value) -> Value {
    script.call(&format!("system.mes.{function}"), params).unwrap_or_else(|thrown| panic!("{function}: {thrown:?}"))
}

fn throws(script: &mut Script, function: &str, params: Value) -> Thrown {
    script.call(&format!("system.mes.{function}"), params).expect_err(function)
}

fn names(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
}

fn units(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let template = call(s, "unitOfMeasure.newUnitOfMeasure", json!([]));
    assert_eq!((&template["name"], &template["enabled"]), (&Value::Null, &json!(true)));
    let wrong = call(s, "unitOfMeasure.validateUnitOfMeasure", template.clone());
    assert!(wrong["name"].is_array() && wrong["symbol"].is_array(), "{wrong}");
    let pound = call(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "name": "Pound", "symbol": "lb" }));
    let taken = throws(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "name": "pound", "symbol": "lbs" }));
    assert_eq!((taken.code, taken.name.as_str()), (-32002, "ConstraintViolationException"));
    assert!(taken.violations["name"][0].as_str().unwrap().contains("taken by the unit lb"), "{taken:?}");
    let taken = throws(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "name": "Pfund", "symbol": "lb" }));
    assert!(taken.violations["symbol"].is_array(), "{taken:?}");
    let changed = call(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "id": pound["id"], "notes": "avoirdupois" }));
    assert_eq!((&changed["name"], &changed["notes"]), (&json!("Pound"), &json!("avoirdupois")));
    let ton = call(s, "unitOfMeasure.getUnitOfMeasureOrCreateNew", json!(["Ton", "t"]));
    assert_eq!(call(s, "unitOfMeasure.getUnitOfMeasureOrCreateNew", json!(["Ton", "t"])), ton);
    assert_eq!(throws(s, "unitOfMeasure.getUnitOfMeasureOrCreateNew", json!(["Tonne", "t"])).code, -32001);
    assert_eq!(call(s, "unitOfMeasure.doesUnitOfMeasureExist", json!(["lb"])), true);
    assert_eq!(call(s, "unitOfMeasure.getUnitOfMeasure", json!(["stone"])), Value::Null);

    // A milligram is no megagram; where nothing is told apart by it, the case does not matter.
    let milli = call(s, "unitOfMeasure.getUnitOfMeasureOrCreateNew", json!(["Milligram", "mg"]));
    let mega = call(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "name": "Megagram", "symbol": "Mg" }));
    for (named, unit) in [("mg", &milli), ("Mg", &mega), ("MILLIGRAM", &milli), ("megagram", &mega), ("LB", &pound)] {
        assert_eq!(call(s, "unitOfMeasure.getUnitOfMeasure", json!([named]))["id"], unit["id"], "{named}");
    }
    assert!(throws(s, "unitOfMeasure.getUnitOfMeasure", json!(["MG"])).message.contains("several units"));
    let taken = throws(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "name": "Other", "symbol": "mg" }));
    assert_eq!(taken.violations["symbol"][0], "mg is taken already; choose another");

    // Exact both ways; what is read and sent back is no change.
    let exact = call(s, "unitOfMeasure.addConversion", json!(["Ton", "Pound", 2000, null]));
    assert_eq!((&exact["conversionFactor"], &exact["materialId"]), (&json!(2000.0), &Value::Null));
    assert_eq!(call(s, "unitOfMeasure.convert", json!([1.5, "t", "lb"])), 3000.0);
    assert_eq!(call(s, "unitOfMeasure.convert", json!([500, "Pound", "Ton"])), 0.25);
    let unknown = throws(s, "unitOfMeasure.convert", json!([1, "t", "pcs"]));
    assert!(unknown.message.contains("no conversion from t to"), "{unknown:?}");
    let third = json!({ "fromId": "Pound", "toId": "pcs", "conversionFactor": "1/3" });
    let mut third = call(s, "unitOfMeasure.saveUnitOfMeasureConversion", third);
    assert_eq!(call(s, "unitOfMeasure.convert", json!([9, "lb", "pcs"])), 3.0);
    third["notes"] = json!("three to a piece");
    call(s, "unitOfMeasure.saveUnitOfMeasureConversion", third.clone());
    assert_eq!(call(s, "unitOfMeasure.convert", json!([9_000_000, "lb", "pcs"])), 3_000_000.0, "a third stays one");
    let wrong = throws(s, "unitOfMeasure.addConversion", json!(["Ton", "pcs", "many"]));
    assert!(wrong.violations["conversionFactor"].is_array(), "{wrong:?}");
    let twice = throws(s, "unitOfMeasure.addConversion", json!(["Pound", "Ton", "0.0005"]));
    assert_eq!(twice.name, "ConstraintViolationException");
    assert_eq!(call(s, "unitOfMeasure.doesConversionExist", json!(["Ton", "Pound", null])), true);
    assert_eq!(call(s, "unitOfMeasure.getConversionFor", json!(["Ton", "Pound"]))["id"], exact["id"]);
    assert_eq!(call(s, "unitOfMeasure.getAllConversions", json!([])).as_array().unwrap().len(), 2);
    let references = call(s, "unitOfMeasure.getUnitOfMeasureReferences", json!(["Ton"]));
    assert_eq!(references[0]["tableName"], "unit_of_measure_conversions");
    assert_eq!(references[0]["references"][0]["id"], exact["id"]);
    let used = throws(s, "unitOfMeasure.deleteUnitOfMeasure", json!(["Ton"]));
    assert_eq!((used.code, used.name.as_str()), (-32003, "InUseException"));
    assert!(used.message.contains("the unit Ton cannot be deleted"), "{used:?}");
    assert_eq!(call(s, "unitOfMeasure.deleteUnitOfMeasureConversion", json!([exact["id"]])), Value::Null);
    assert_eq!(call(s, "unitOfMeasure.deleteUnitOfMeasure", json!(["Ton"])), Value::Null);
    let permissions = call(s, "unitOfMeasure.getUnitOfMeasurePermissions", json!([]));
    assert_eq!((&permissions[0], &permissions[4]), (&json!("UNIT_OF_MEASURE"), &json!("UNIT_OF_MEASURE.WRITE")));
    assert_eq!(call(s, "unitOfMeasure.getUnitOfMeasureImportQueueSize", json!([])), 0);
}

fn materials(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut script = Script::new(server.admin());
    let s = &mut script;
    call(s, "unitOfMeasure.saveUnitOfMeasure", json!({ "name": "Pound", "symbol": "lb" }));
    let water = call(s, "material.createMaterialClassesForPath", json!(["/Raw Materials/Water"]));
    assert_eq!(water["path"], "Raw Materials/Water");
    assert_eq!(call(s, "material.createMaterialClassesForPath", json!(["Raw Materials/Water"]))["id"], water["id"]);
    let classes = call(s, "material.getAllMaterialClasses", json!([]));
    assert_eq!(names(&classes, "path"), ["Raw Materials", "Raw Materials/Water"]);
    assert_eq!(classes[1]["parentId"], classes[0]["id"]);
    let mut material = call(s, "material.newMaterial", json!([]));
    let wrong = call(s, "material.validateMaterial", material.clone());
    for key in ["name", "materialClassId", "unitOfMeasureId"] {
        assert!(wrong[key].is_array(), "{key}: {wrong}");
    }
    material["name"] = json!("Brewing Water");
    material["materialClassId"] = water["id"].clone();
    material["unitOfMeasureId"] = json!("Pound");
    material["erpId"] = json!("4711");
    material["shelfLifeDays"] = json!(30);
    assert_eq!(call(s, "material.validateMaterial", material.clone()), json!({}));
    let saved = call(s, "material.saveMaterial", material.clone());
    assert_eq!(saved["path"], "Raw Materials/Water/Brewing Water");
    assert_eq!((&saved["shelfLifeDays"], &saved["materialClassId"]), (&json!(30), &water["id"]));
    let taken = throws(s, "material.saveMaterial", material);
    assert!(taken.violations["name"][0].as_str().unwrap().contains("taken by another material"), "{taken:?}");
    for named in
        ["Raw Materials/Water/Brewing Water", "/Raw Materials/Water/Brewing Water", saved["id"].as_str().unwrap()]
    {
        assert_eq!(call(s, "material.getMaterial", json!([named]))["id"], saved["id"], "{named}");
    }
    assert_eq!(call(s, "material.getMaterialByErpId", json!(["4711"]))["id"], saved["id"]);
    // What is told by its path is told by the new one after it moved.
    let moved = json!({ "id": saved["id"], "name": "Hot Water", "materialClassId": "Raw Materials" });
    assert_eq!(call(s, "material.saveMaterial", moved)["path"], "Raw Materials/Hot Water");
    assert_eq!(call(s, "material.doesMaterialExist", json!(["Raw Materials/Water/Brewing Water"])), false);
    let slash = throws(s, "material.saveMaterial", json!({ "id": saved["id"], "name": "a/b" }));
    assert!(slash.violations["name"].is_array(), "{slash:?}");
    let malt = json!({ "name": "Malt", "materialClassId": "Raw Materials", "unitOfMeasureId": "lb" });
    call(s, "material.saveMaterial", malt);

    let filter = json!({ "field": "name", "condition": "starts with", "stringValue": "Ma" });
    let found = call(s, "material.findMaterials", json!({ "filters": [filter], "pageSize": 10, "pageIndex": 0 }));
    assert_eq!((names(&found["content"], "name"), &found["totalElements"]), (vec!["Malt".to_owned()], &json!(1)));
    let recent = json!({ "field": "createdDate", "condition": "GREATER_THAN", "dateValue": "2020-01-01T00:00:00Z" });
    let found = call(
        s,
        "material.findMaterials",
        json!({ "filters": [recent], "sortFields": ["name"], "sortDirections": ["desc"] }),
    );
    assert_eq!(names(&found["content"], "name"), ["Malt", "Hot Water"]);

    // Files travel: what one system exports, another imports, by paths.
    let csv = call(s, "material.exportAsCsv", json!([]));
    let bytes = csv["$bytes"].as_str().unwrap().to_owned();
    assert_eq!(call(s, "material.importFromCsv", json!([{ "$bytes": bytes }]))["data"], 2);
    let rows = json!([
        { "path": "Raw Materials/Malt", "notes": "pale" },
        { "path": "Raw Materials/Hops", "unitOfMeasureName": "Pound", "color": "green" },
        { "path": "Nowhere/Yeast", "unitOfMeasureName": "Pound" }
    ]);
    let imported = call(s, "material.importFromJson", json!([rows.to_string()]));
    assert_eq!((&imported["success"], &imported["data"]), (&json!(false), &json!(2)), "{imported}");
    let told = imported["message"].as_str().unwrap();
    assert!(told.contains("row 3, materialClassId") && told.contains("not read: color"), "{told}");
    let malt = call(s, "material.getMaterial", json!(["Raw Materials/Malt"]));
    assert_eq!((&malt["notes"], &malt["enabled"]), (&json!("pale"), &json!(true)));
    let only = call(s, "material.exportAsJson", json!([["Raw Materials/Malt"]]));
    assert!(only["$bytes"].is_string());

    let reason = json!({ "lotRecordType": "SCRAP", "reasonCode": "SPILT", "requireComments": true });
    let reason = call(s, "material.saveMaterialReasonCode", reason);
    assert!(reason["createdDate"].is_string() && reason["modifiedDate"].is_null(), "{reason}");
    let missing = throws(s, "material.saveMaterialReasonCode", json!({ "reasonCode": "LOST" }));
    assert!(missing.violations["lotRecordType"].is_array(), "{missing:?}");
    assert_eq!(call(s, "material.getMaterialReasonCode", json!(["SPILT"]))["id"], reason["id"]);
    assert_eq!(call(s, "material.deleteMaterialReasonCode", json!([reason["id"]])), Value::Null);
    let used = throws(s, "material.deleteMaterialClass", json!(["Raw Materials"]));
    assert_eq!(used.name, "InUseException");
    call(s, "material.deleteMaterials", json!([["Raw Materials/Malt", "Raw Materials/Hops"]]));
    assert_eq!(names(&call(s, "material.getAllMaterials", json!([])), "name"), ["Hot Water"]);
    assert_eq!(throws(s, "material.deleteMaterial", json!(["Raw Materials/Malt"])).code, -32001);
    // Later versions of the API answer deletions, and refusals as well.
    ok(&s.client.send("PUT", "/v1/settings/mes.apiResponses", &json!({ "value": true }).to_string()));
    let refused = call(s, "material.deleteMaterialClass", json!(["Raw Materials"]));
    assert_eq!((&refused["success"], &refused["data"]), (&json!(false), &Value::Null), "{refused}");
    assert!(refused["error"].as_str().unwrap().starts_with("InUseException"), "{refused}");
    let gone = call(s, "material.deleteMaterialClass", json!([water["id"]]));
    assert_eq!((&gone["success"], &gone["data"]), (&json!(true), &water["id"]), "{gone}");
}

fn locations(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut script = Script::new(server.admin());
    let s = &mut script;
    let template = call(s, "location.newLocation", json!([]));
    assert_eq!(template["lotStorageStrategy"], "ALLOW_MULTIPLE");
    let plant = call(s, "location.saveLocation", json!({ "name": "Plant" }));
    assert_eq!((&plant["type"], &plant["allowNegativeInventory"]), (&json!("ENTERPRISE"), &json!(false)));
    assert_eq!((&plant["parentId"], &plant["path"]), (&Value::Null, &json!("Plant")));
    let group = json!({ "name": "Silos", "parentId": plant["id"], "type": "cell_group", "processType": "storage" });
    let group = call(s, "location.saveLocation", group);
    assert_eq!((&group["type"], &group["processType"]), (&json!("CELL_GROUP"), &json!("STORAGE")));
    for (name, order) in [("Silo2", 1), ("Silo1", 2)] {
        let silo = json!({
            "name": name, "parentId": "Plant/Silos", "type": "UNIT", "sortOrder": order, "storageCapacity": 1000.5,
            "storageCapacityUnitId": "pcs", "lotStorageStrategy": "keep_previous", "lotUseStrategy": "FEFO"
        });
        let silo = call(s, "location.saveLocation", silo);
        assert_eq!(
            (&silo["storageCapacity"], &silo["lotStorageStrategy"]),
            (&json!(1000.5), &json!("MERGE_INTO_PREVIOUS"))
        );
    }
    let twin = throws(s, "location.saveLocation", json!({ "name": "Silos", "parentId": "Plant" }));
    assert!(twin.violations["name"].is_array(), "{twin:?}");
    let lost = throws(s, "location.saveLocation", json!({ "name": "X", "parentId": "Nowhere", "type": "PALACE" }));
    assert!(lost.violations["parentId"].is_array() && lost.violations["type"].is_array(), "{lost:?}");
    let all = call(s, "location.getAllLocations", json!([]));
    assert_eq!(names(&all, "path"), ["Plant", "Plant/Silos", "Plant/Silos/Silo1", "Plant/Silos/Silo2"]);
    let tree = call(s, "location.getLocationTree", json!([]));
    assert_eq!(names(&tree[0]["children"][0]["children"], "name"), ["Silo2", "Silo1"], "by their order");
    let branch = call(s, "location.getLocationTree", json!(["silo1"]));
    assert_eq!(names(&branch[0]["children"][0]["children"], "name"), ["Silo1"]);
    assert_eq!(names(&call(s, "location.getChildren", json!(["Plant"])), "name"), ["Silos"]);
    assert_eq!(call(s, "location.getLocationsByPartialPath", json!(["silos/"])).as_array().unwrap().len(), 2);
    assert_eq!(call(s, "location.getLocation", json!(["/Plant/Silos"]))["id"], group["id"]);
    let fefo = json!({ "field": "lotUseStrategy", "condition": "EQUALS", "stringValue": "FEFO" });
    assert_eq!(call(s, "location.findLocations", json!({ "filters": [fefo] }))["totalElements"], 2);
    let references = call(s, "location.getLocationReferences", json!(["Plant/Silos"]));
    assert_eq!(
        (&references[0]["tableName"], references[0]["references"].as_array().unwrap().len()),
        (&json!("locations"), 2)
    );
    assert_eq!(throws(s, "location.deleteLocation", json!(["Plant/Silos"])).name, "InUseException");

    // What is exported is imported with the same paths, and what is new is made below what is there.
    let csv = call(s, "location.exportAsCsv", json!([]));
    let csv = csv.as_str().unwrap();
    assert!(csv.starts_with("path,description,type"), "{csv}");
    let more = format!("{csv}Plant/Dock,,AREA\n");
    let count = call(s, "location.importFromCsv", json!([more]));
    assert_eq!(count, 5);
    let dock = call(s, "location.getLocation", json!(["Plant/Dock"]));
    assert_eq!((&dock["type"], &dock["allowNegativeInventory"]), (&json!("AREA"), &json!(false)));
    let wrong =
        throws(s, "location.importFromJson", json!(["[{\"path\": \"Plant/Yard\"}, {\"path\": \"Moon/Base\"}]"]));
    assert!(wrong.message.contains("1 of 2 rows written") && wrong.message.contains("row 2, parentId"), "{wrong:?}");
    assert_eq!(throws(s, "location.importFromJson", json!(["{"])).code, -32001);
    assert_eq!(call(s, "location.cancelLocationImportQueue", json!([])), 0);
    assert_eq!(call(s, "location.deleteLocation", json!(["Plant/Yard"])), Value::Null);
}

#[test]
fn units_convert_exactly() {
    on_both(units);
}

#[test]
fn materials_are_told_by_their_paths() {
    on_both(materials);
}

#[test]
fn locations_are_a_tree() {
    on_both(locations);
}
