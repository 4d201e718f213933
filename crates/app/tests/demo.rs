//! The data to look around in.

mod support;

use lotbook_engine::{Store, tenant, verify};
use serde_json::json;
use support::{Scratch, Server};

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
    assert_eq!(drafts.len(), 7);
    assert_eq!(drafts.iter().filter(|draft| draft["entryCount"] != 0).count(), 1, "one delivery is to be checked");

    let stock = admin.post("/api/inventory/ProductAvailability/GetProductAvailability", &json!({})).json();
    let stock = stock["errorOrValue"]["value"].as_array().unwrap();
    assert!(stock.len() > 30, "{} products at places", stock.len());
    for line in stock {
        assert!((0..60).contains(&line["stock"].as_i64().unwrap()), "{line}");
    }
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
