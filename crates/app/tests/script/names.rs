//! No function is missing, and each throws only what its reference says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::plant::{furnish, ok};
use crate::support::Server;

const OPERATION: &str = "newInventoryOperation saveInventoryOperation validateInventoryOperation getInventoryOperation \
    getInventoryOperations getAllInventoryOperations getInventoryOperationsByOperation \
    getInventoryOperationsByLocation getInventoryOperationReferences getInventoryOperationStatus \
    deleteInventoryOperation deleteInventoryOperationWithReferences executeInventoryOperation \
    startInventoryOperation stopInventoryOperation cancelInventoryOperation \
    updateInventoryOperationStatesFromDatabase exportAsCsv exportAsJson importFromCsv importFromJson \
    getInventoryOperationPermissions getInventoryOperationImportQueueSize cancelInventoryOperationImportQueue \
    isSourceLocationRequired isDestinationLocationRequired exportAsCsvBytes exportAsJsonBytes";

const INVENTORY: &str = "newConsumeRequest validateConsumeRequest consume newUnconsumeRequest validateUnconsumeRequest \
    unconsume newProduceRequest validateProduceRequest produce newScrapRequest validateScrapRequest scrap \
    newScrapAllRequest validateScrapAllRequest scrapAll newReturnRequest validateReturnRequest returnInventory \
    newReceiveRequest validateReceiveRequest receive newShipRequest validateShipRequest ship newMoveRequest \
    validateMoveRequest move newSplitRequest validateSplitRequest split newMergeRequest validateMergeRequest merge \
    newChangeStatusRequest validateChangeStatusRequest changeStatus newEditInventoryQuantityRequest \
    validateEditInventoryQuantityRequest editInventoryQuantity executeInventoryActions newLot saveLot validateLot \
    getLot getLotByIdOrNameAndMaterial getAllLots getLotsForMaterial findLots getInventoryLotReferences deleteLot \
    deleteLotWithReferences newInventoryLotRecord saveInventoryLotRecord validateInventoryLotRecord \
    getInventoryLotRecordReferences newLotHistoryRequest getLotHistory getAllInventory getAllInventoryAtLocation \
    getAllInventoryForLocationAndChildren getInventoryForMaterial getInventoryByLotAndLocation setInventoryMetadata \
    getInventoryPermissions checkLocationHasCapacity publishInventoryState";

const QUERY: &str = "newQueryRequest newFilterRequest validateQueryRequest validateFilterRequest getQueryPermissions";

#[test]
fn no_function_is_missing() {
    let server = Server::start();
    let functions = ok(&server.admin().get("/script/functions"));
    let known: BTreeSet<String> = functions["families"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|family| {
            let prefixes = family["prefixes"].as_array().unwrap().iter();
            let names = family["functions"].as_array().unwrap().iter().flat_map(|one| one["names"].as_array().unwrap());
            let names: Vec<&Value> = names.collect();
            prefixes
                .flat_map(|prefix| {
                    names.iter().map(move |name| format!("{}.{}", prefix.as_str().unwrap(), name.as_str().unwrap()))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    for (prefix, names) in [
        ("system.mes.inventory.operation", OPERATION),
        ("system.mes.inventoryOperation", OPERATION),
        ("system.mes.inventory", INVENTORY),
        ("system.mes.query", QUERY),
    ] {
        for name in names.split_whitespace() {
            assert!(known.contains(&format!("{prefix}.{name}")), "{prefix}.{name} is missing");
        }
    }
}

/// Those whose functions are called with nonsense of every kind.
const FAMILIES: [&str; 4] =
    ["system.mes.inventory.", "system.mes.query.", "system.mes.location.", "system.mes.material."];

#[test]
fn each_throws_what_it_says() {
    let server = Server::start();
    let mut admin = server.admin();
    furnish(&mut admin);
    let functions = ok(&admin.get("/script/functions"));
    let mut calls = Vec::new();
    for function in
        functions["families"].as_array().unwrap().iter().flat_map(|one| one["functions"].as_array().unwrap())
    {
        let name = function["name"].as_str().unwrap();
        if !FAMILIES.iter().any(|family| name.starts_with(family)) {
            continue;
        }
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
    for some in calls.chunks(500) {
        let batch: Vec<&Value> = some.iter().map(|(call, _)| call).collect();
        let answers = ok(&admin.post("/script", &json!(batch)));
        for ((call, function), answer) in some.iter().zip(answers.as_array().unwrap()) {
            let Some(error) = answer.get("error") else { continue };
            let name = &error["data"]["type"];
            let may = function["throws"].as_array().unwrap().contains(name)
                || name == "TypeError"
                || name == "IllegalArgumentException" && call["params"].get("nonsense").is_some();
            assert!(may, "{call} throws {error}");
            assert!(!error["message"].as_str().unwrap().is_empty(), "{call}");
        }
    }
}
