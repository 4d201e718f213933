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

/// Counts, promises, orders and values have something to show.
fn office(admin: &mut Client) {
    let sheets = items(admin, "/v1/count-sheets");
    let states: Vec<_> = sheets.iter().map(|sheet| sheet["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["open", "posted"]);
    assert!(sheets[0]["toCount"].as_i64() > Some(0) && sheets[0]["counted"] == 3, "{}", sheets[0]);
    let lines = items(admin, &format!("/v1/count-sheets/{}/lines", sheets[0]["id"]));
    assert_eq!((&lines[0]["name"], &lines[0]["unit"]), (&json!("Espresso beans Dolce 1 kg"), &json!("pcs")));
    assert!(lines.iter().all(|line| line["tracking"] == "none"), "{lines:?}");

    let reserved = items(admin, "/v1/reservations");
    let states: Vec<_> = reserved.iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["held", "held", "confirmed", "confirmed"]);
    let promise = &items(admin, "/v1/available-to-promise?product=C-110&quantity=40")[0];
    assert!(promise["promisableAt"].is_string(), "{promise}");

    let orders = items(admin, "/v1/production-orders?limit=100");
    let with = |status: &str| orders.iter().filter(|order| order["status"] == status).count();
    assert_eq!((with("CLOSED"), with("RUNNING"), with("SCHEDULED"), with("IDLE")), (18, 1, 1, 2));
    let made = orders.iter().filter(|order| order["status"] == "CLOSED");
    assert!(made.into_iter().all(|order| order["quantityProduced"].as_f64() > Some(3_000.0)), "{orders:?}");
    let runs = items(admin, "/v1/runs?productionOrder=CREAM-0003&limit=100");
    let kinds: std::collections::BTreeSet<_> = runs.iter().map(|run| run["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains("CONSUME") && kinds.contains("PRODUCE"), "{kinds:?}");
    assert_eq!(items(admin, "/v1/process-records?status=RUNNING").len(), 1);

    assert_eq!(items(admin, "/v1/revaluations").len(), 2);
    assert_eq!(items(admin, "/v1/landed-costs").len(), 2);
    let costings = items(admin, "/v1/costings");
    assert!(costings.iter().any(|one| one["identifier"] == "K-180" && one["costing"] == "fifo"), "{costings:?}");
    assert_eq!(items(admin, "/v1/periods").len(), 1);
    assert!(!items(admin, "/v1/adjustments?approved=false").is_empty());
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
    assert_eq!(drafts.len(), 10);
    assert_eq!(
        drafts.iter().filter(|draft| draft["entryCount"] != 0).count(),
        3,
        "a delivery is to be checked, an order to be packed, and more is on its way"
    );

    let stock = admin.post("/api/inventory/ProductAvailability/GetProductAvailability", &json!({})).json();
    let stock = stock["errorOrValue"]["value"].as_array().unwrap();
    assert!(stock.len() > 40, "{} products at places", stock.len());
    for line in stock {
        assert!((0..60_000).contains(&line["stock"].as_i64().unwrap()), "{line}");
    }
    plant(&mut admin);
    office(&mut admin);
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
