//! The data to look around in.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use lotbook_engine::{Store, tenant, verify};
use serde_json::{Value, json};
use support::{Client, Scratch, Server};

fn items(admin: &mut Client, path: &str) -> Vec<Value> {
    let reply = admin.get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    reply.json()["items"].as_array().unwrap_or_else(|| panic!("{path} is no list")).clone()
}

/// From a tanker of milk to who has the cream, and what goes on right now.
fn plant(admin: &mut Client) {
    let trace = admin.get("/v1/lots/RAW-0001/trace?direction=output&depth=3").json();
    let found = |name: &str| {
        let node = trace["nodes"].as_array().unwrap().iter().find(|node| node["lot"]["name"] == name);
        node.map_or_else(|| panic!("{name} is not in {trace}"), |node| node["depth"].as_i64().unwrap())
    };
    assert_eq!(["B-0001", "CREAM-2-W1", "CT-0001"].map(found), [1, 2, 3], "raw, WIP, cream, shipped");
    let edge = trace["edges"].as_array().unwrap().iter().find(|edge| edge["to"]["name"] == "B-0001").unwrap();
    assert_eq!(edge["records"].as_array().unwrap().len(), 2, "fed in two runs, one edge: {edge}");

    // The tanker of cream was sold in a journal: the recall of the milk names the customer.
    let recall = admin.get("/v1/lots/RAW-0001/recall").json();
    let customers = recall["customers"].to_string();
    for customer in ["Butter Works Hansen", "Alpine Feed Mill", "Corner Market"] {
        assert!(customers.contains(customer), "{customer} is not in {recall}");
    }
    let culture = admin.get("/v1/lots/CU-01/recall").json();
    assert!(culture["customers"].to_string().contains("Butter Works Hansen"), "{culture}");

    let operations = items(admin, "/v1/operations?limit=100");
    let with = |status: &str| operations.iter().filter(|operation| operation["status"] == status).count();
    assert_eq!((with("RUNNING"), with("CANCELLED")), (4, 0));
    assert_eq!(with("COMPLETED"), operations.len() - 4, "every operation was used");
    let kinds: std::collections::BTreeSet<_> =
        operations.iter().map(|operation| operation["operationType"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 9, "{kinds:?}");
    let meter = items(admin, "/v1/tags?search=Receiving/Silo2/Meter");
    assert_eq!(meter.len(), 1);
    // A valve that was opened while nothing flowed left a run of nothing.
    let silo = operations.iter().find(|operation| operation["name"] == "Receive into Silo1").unwrap();
    let runs = items(admin, &format!("/v1/runs?operation={}&limit=100", silo["id"]));
    assert!(runs.iter().any(|run| run["quantity"] == 0 && run["status"] == "COMPLETED"));
    let held = items(admin, "/v1/lots?limit=500");
    let held = held.iter().filter(|lot| lot["status"] == "QA_HOLD" || lot["status"] == "EXPIRED").count();
    assert!(held > 1, "{held} lots are out of use");
}

#[test]
fn the_demo_is_a_shop_with_a_history_that_holds() {
    let scratch = Scratch::new();
    let server = Server::start_on(&scratch.url(), &["--demo"]);
    let mut admin = server.admin();
    let drafts = admin.post("/api/inventory/StockDraft/GetAllStockDraftsDescriptors", &json!({})).json();
    let drafts = drafts["errorOrValue"]["value"].as_array().unwrap();
    let shown: Vec<_> =
        drafts.iter().map(|draft| (draft["id"].as_i64().unwrap(), draft["name"].as_str().unwrap())).collect();
    assert_eq!(shown[..2], [(1, "Goods in and out"), (2, "Webshop orders")]);
    assert_eq!(drafts.len(), 9);
    assert_eq!(
        drafts.iter().filter(|draft| draft["entryCount"] != 0).count(),
        2,
        "a delivery is to be checked, and an order to be packed"
    );

    let stock = admin.post("/api/inventory/ProductAvailability/GetProductAvailability", &json!({})).json();
    let stock = stock["errorOrValue"]["value"].as_array().unwrap();
    assert!(stock.len() > 40, "{} products at places", stock.len());
    for line in stock {
        assert!((0..60_000).contains(&line["stock"].as_i64().unwrap()), "{line}");
    }
    plant(&mut admin);
    assert!(server.stop());

    let store = Store::open(&scratch.url()).unwrap();
    let report = verify::verify(&store, tenant::DEFAULT, |_| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
    drop(store);
    // Once more: nothing is added to what is there.
    let server = Server::start_on(&scratch.url(), &["--demo"]);
    let again = server.admin().post("/api/inventory/ProductAvailability/GetProductAvailability", &json!({})).json();
    assert_eq!(again["errorOrValue"]["value"].as_array().unwrap(), stock);
}
