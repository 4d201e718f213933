//! No function is missing, and each throws only what its reference says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::plant::{furnish, ok};
use crate::support::Server;

/// Every function of the contract: what may stand before the dot, and the names, former ones included.
const CONTRACT: [(&[&str], &str); 12] = [
    (
        &["system.mes.inventory.operation", "system.mes.inventoryOperation"],
        "newInventoryOperation saveInventoryOperation validateInventoryOperation getInventoryOperation \
         getInventoryOperations getAllInventoryOperations getInventoryOperationsByOperation \
         getInventoryOperationsByLocation getInventoryOperationReferences getInventoryOperationStatus \
         deleteInventoryOperation deleteInventoryOperationWithReferences executeInventoryOperation \
         startInventoryOperation stopInventoryOperation cancelInventoryOperation \
         updateInventoryOperationStatesFromDatabase exportAsCsv exportAsJson importFromCsv importFromJson \
         getInventoryOperationPermissions getInventoryOperationImportQueueSize cancelInventoryOperationImportQueue \
         isSourceLocationRequired isDestinationLocationRequired exportAsCsvBytes exportAsJsonBytes",
    ),
    (
        &["system.mes.inventory"],
        "newConsumeRequest validateConsumeRequest consume newUnconsumeRequest validateUnconsumeRequest unconsume \
         newProduceRequest validateProduceRequest produce newScrapRequest validateScrapRequest scrap \
         newScrapAllRequest validateScrapAllRequest scrapAll newReturnRequest validateReturnRequest returnInventory \
         newReceiveRequest validateReceiveRequest receive newShipRequest validateShipRequest ship newMoveRequest \
         validateMoveRequest move newSplitRequest validateSplitRequest split newMergeRequest validateMergeRequest \
         merge newChangeStatusRequest validateChangeStatusRequest changeStatus newEditInventoryQuantityRequest \
         validateEditInventoryQuantityRequest editInventoryQuantity executeInventoryActions newLot saveLot \
         validateLot getLot getLotByIdOrNameAndMaterial getAllLots getLotsForMaterial findLots \
         getInventoryLotReferences deleteLot deleteLotWithReferences newInventoryLotRecord saveInventoryLotRecord \
         validateInventoryLotRecord getInventoryLotRecordReferences newLotHistoryRequest getLotHistory \
         getAllInventory getAllInventoryAtLocation getAllInventoryForLocationAndChildren getInventoryForMaterial \
         getInventoryByLotAndLocation setInventoryMetadata getInventoryPermissions checkLocationHasCapacity \
         publishInventoryState",
    ),
    (
        &["system.mes.query"],
        "newQueryRequest newFilterRequest validateQueryRequest validateFilterRequest getQueryPermissions",
    ),
    (
        &["system.mes.location"],
        "newLocation saveLocation validateLocation getLocation getAllLocations getLocationTree getChildren \
         getLocationsByPartialPath findLocations getLocationReferences deleteLocation importFromCsv importFromJson \
         exportAsCsv exportAsJson exportAsCsvBytes exportAsJsonBytes getLocationImportQueueSize \
         cancelLocationImportQueue clearLocationCache getLocationPermissions",
    ),
    (
        &["system.mes.material"],
        "newMaterial saveMaterial validateMaterial getMaterial getMaterialByErpId getAllMaterials findMaterials \
         doesMaterialExist getMaterialReferences deleteMaterial deleteMaterials importFromCsv importFromJson \
         exportAsCsv exportAsJson getMaterialImportQueueSize cancelMaterialImportQueue clearMaterialCache \
         clearMaterialClassCache getMaterialPermissions",
    ),
    (
        &["system.mes.material"],
        "newMaterialClass saveMaterialClass validateMaterialClass getMaterialClass getAllMaterialClasses \
         findMaterialClasses doesMaterialClassExist createMaterialClassesForPath getMaterialClassReferences \
         deleteMaterialClass deleteMaterialClasses",
    ),
    (
        &["system.mes.material"],
        "newMaterialReasonCode saveMaterialReasonCode validateMaterialReasonCode getMaterialReasonCode \
         getAllMaterialReasonCodes findMaterialReasonCodes deleteMaterialReasonCode",
    ),
    (
        &["system.mes.unitOfMeasure"],
        "newUnitOfMeasure saveUnitOfMeasure validateUnitOfMeasure getUnitOfMeasure getUnitOfMeasureOrCreateNew \
         getAllUnitsOfMeasure findUnitsOfMeasure doesUnitOfMeasureExist getUnitOfMeasureReferences \
         deleteUnitOfMeasure newUnitOfMeasureConversion saveUnitOfMeasureConversion validateUnitOfMeasureConversion \
         addConversion convert getConversion getUnitOfMeasureConversion getConversionFor doesConversionExist \
         getAllConversions getAllConversionsForMaterial findUnitOfMeasureConversions \
         getUnitOfMeasureConversionReferences deleteUnitOfMeasureConversion getUnitOfMeasureImportQueueSize \
         cancelUnitOfMeasureImportQueue clearUnitOfMeasureCache getUnitOfMeasurePermissions",
    ),
    (
        &["system.mes.operation"],
        "newOperation saveOperation validateOperation getOperation getOperations getOperationsByLocation \
         findOperations getOperationStatus startOperation stopOperation getActiveOperationRecords \
         findOperationRecords setProductionOrderForOperation getProductionOrderForOperation getOperationReferences \
         deleteOperation updateOperationStatesFromDatabase",
    ),
    (
        &["system.mes.productionOrder"],
        "newProductionOrder saveProductionOrder validateProductionOrder getProductionOrder getAllProductionOrders \
         findProductionOrders getProductionOrderReferences deleteProductionOrder",
    ),
    (
        &["system.mes.trackandtrace", "system.mes.trackAndTrace"],
        "getLotTraceGraph getLotTraceTable getTrackAndTracePermissions",
    ),
    (
        &["system.mes.role"],
        "newRole saveRole validateRole getRole getAllRoles findRoles deleteRole deleteRoles getAllPermissions \
         userHasAllPermissions userHasAtLeastOnePermission getSecurityLevelTree getAllSecurityLevelPaths \
         getRoleImportQueueSize cancelRoleImportQueue",
    ),
];

/// What the server says its functions are.
fn families(server: &Server) -> Vec<Value> {
    ok(&server.admin().get("/script/functions"))["families"].as_array().unwrap().clone()
}

fn listed(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_function_is_missing_and_no_name_is_given_twice() {
    let server = Server::start();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for family in families(&server) {
        for function in family["functions"].as_array().unwrap() {
            let names = listed(&function["names"]);
            for (prefix, name) in
                listed(&family["prefixes"]).iter().flat_map(|prefix| names.iter().map(move |name| (prefix, name)))
            {
                assert!(known.insert(format!("{prefix}.{name}")), "{prefix}.{name} is two functions");
            }
        }
    }
    let missing: Vec<String> = CONTRACT
        .iter()
        .flat_map(|(prefixes, names)| {
            prefixes.iter().flat_map(|prefix| names.split_whitespace().map(move |name| format!("{prefix}.{name}")))
        })
        .filter(|name| !known.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?} are missing");
}

#[test]
fn each_throws_what_it_says() {
    let server = Server::start();
    let mut admin = server.admin();
    furnish(&mut admin);
    let families = families(&server);
    let mut calls = Vec::new();
    for function in families.iter().flat_map(|one| one["functions"].as_array().unwrap()) {
        let parameters = function["parameters"].as_array().unwrap();
        let all = |value: Value| -> Value {
            Value::Object(
                parameters.iter().map(|one| (one["name"].as_str().unwrap().to_owned(), value.clone())).collect(),
            )
        };
        for params in [
            json!([]),
            json!({ "nonsense": 1 }),
            all(json!("nobody")),
            all(json!(true)),
            all(json!([{}])),
            all(json!({ "$bytes": "!" })),
            all(json!(-1)),
            json!(vec![Value::Null; 60]),
        ] {
            let call = json!({ "jsonrpc": "2.0", "id": calls.len(), "method": function["name"], "params": params });
            calls.push((call, function));
        }
    }
    let mut unsaid = Vec::new();
    for some in calls.chunks(500) {
        let batch: Vec<&Value> = some.iter().map(|(call, _)| call).collect();
        let answers = ok(&admin.post("/script", &json!(batch)));
        for ((call, function), answer) in some.iter().zip(answers.as_array().unwrap()) {
            let Some(error) = answer.get("error") else { continue };
            let name = &error["data"]["type"];
            let may = function["throws"].as_array().unwrap().contains(name)
                || name == "TypeError"
                || name == "IllegalArgumentException" && call["params"].get("nonsense").is_some();
            if !may {
                unsaid.push(format!("{call} throws {error}"));
            }
            assert!(!error["message"].as_str().unwrap().is_empty(), "{call}");
        }
    }
    assert!(unsaid.is_empty(), "{}", unsaid.join("\n"));
}
