//! The calls around the described ones: catalog, places, actors, what is there.

use crate::support::TestServer;
use crate::support::exchange::Exchanges;
use crate::support::shop::{self, line, line_of};
use crate::*;

const PRODUCTS: &str = "/api/inventory/Product/GetProductPage";
const VARIANTS: &str = "/api/inventory/ProductVariant/GetProductVariants";
const INSTANCES: &str = "/api/inventory/ProductInstance/GetProductInstancesPage";
const CATEGORIES: &str = "/api/inventory/ProductCategory/GetProductCategories";
const LOCATIONS: &str = "/api/inventory/ProductLocation/GetProductLocations";
const ORG_UNITS: &str = "/api/inventory/OrganizationalUnit/GetOrganizationalUnits";
const ACTORS: &str = "/api/actors/Actor/GetActorsPage";
const AVAILABILITY_PAGE: &str = "/api/inventory/ProductAvailability/GetProductAvailabilityPage";

#[test]
fn the_neighbouring_calls_are_answered_as_committed() {
    for server in TestServer::all() {
        let mut kept = Exchanges::new("neighbours", server.name);
        let mut client = server.admin();
        let supplied = |line: String, cost: &str| {
            line.replace('}', &format!(r#","costPrice":{{"value":{cost}}},"supplierActorId":{{"value":2}}}}"#))
        };
        let milk = line_of(shop::MILK, "3.5").replace('}', r#","lotName":{"value":"L-1"}}"#);
        let scanner = line_of(shop::SCANNER, "1").replace('}', r#","instanceIds":{"value":[2]}}"#);
        let shirt = line_of(shop::SHIRT, "4").replace('}', r#","variantId":2}"#);
        let late = line("10").replace("2026-01-02", "2026-01-04");
        let value = enter(
            &mut client,
            shop::WEB_SHOP,
            &[supplied(line("10"), "2.5"), supplied(late, "3.5"), milk, scanner, shirt],
        );
        assert_eq!(value["bookOperationResult"]["state"]["state"], "2", "{value}");
        enter(&mut client, shop::PURCHASES, &[line("7")]);
        let count = enter(&mut client, shop::COUNTS, &[line("18").replace("2026-01-02T10", "2026-01-04T12")]);
        assert_eq!(count["bookOperationResult"], Value::Null);
        let requisition = book(&mut client, shop::COUNTS);
        assert_eq!(ended(&mut client, requisition)["state"], "2");
        enter(&mut client, shop::COUNTS, &[line("18").replace("2026-01-02T10", "2026-01-04T13")]);
        let requisition = book(&mut client, shop::COUNTS);
        assert_eq!(ended(&mut client, requisition)["state"], "2");

        kept.note("Products, with what is there of them and what they cost on average.");
        kept.post(&mut client, PRODUCTS, r#"{"count": {"value": 2}, "includeOverallEntryCount": {"value": true}}"#);
        kept.post(&mut client, PRODUCTS, r#"{"searchPattern": {"value": "hanging HEART"}}"#);
        kept.post(
            &mut client,
            PRODUCTS,
            r#"{"searchPattern": {"value": "4006381"}, "organizationalUnitId": {"value": 103}}"#,
        );
        kept.post(&mut client, PRODUCTS, r#"{"modifiedAfter": {"value": "2026-01-05T08:00:00Z"}}"#);

        kept.note("Variants and instances.");
        kept.post(&mut client, VARIANTS, r#"{"productId": {"value": 3}}"#);
        kept.post(
            &mut client,
            INSTANCES,
            r#"{"productId": {"value": 1}, "includeOverallEntryCount": true, "count": 2}"#,
        );

        kept.note("Categories, places, actors.");
        kept.post(&mut client, CATEGORIES, "");
        kept.post(&mut client, LOCATIONS, r#"{"organizationalUnitId": {"value": 100}}"#);
        kept.post(&mut client, ORG_UNITS, "{}");
        kept.post(&mut client, ACTORS, r#"{"isSupplier": {"value": true}, "includeOverallEntryCount": true}"#);
        kept.post(&mut client, ACTORS, r#"{"searchPattern": {"value": "jo & s"}}"#);

        kept.note("What is there, now and as of a time.");
        kept.post(&mut client, AVAILABILITY, r#"{"productIds": {"value": [1, 2, 4]}}"#);
        kept.post(
            &mut client,
            AVAILABILITY,
            r#"{"productId": {"value": 2}, "asOf": {"value": "2026-01-03T00:00:00Z"}}"#,
        );
        kept.post(&mut client, AVAILABILITY, r#"{"organizationalUnitIds": {"value": [103]}}"#);
        kept.post(
            &mut client,
            AVAILABILITY_PAGE,
            r#"{"productCategoryIds": {"value": [1]}, "offset": 1, "count": 1, "includeOverallEntryCount": true}"#,
        );

        kept.note("The ledger: a count shows its difference and the total, also where there was none.");
        kept.post(&mut client, STOCK_ENTRIES, r#"{"productId": {"value": 2}, "includeOverallEntryCount": true}"#);
        kept.post(&mut client, STOCK_ENTRIES, r#"{"instanceId": {"value": 2}}"#);
        kept.post(&mut client, STOCK_ENTRIES, r#"{"lotName": {"value": "l-"}}"#);
        kept.post(
            &mut client,
            STOCK_ENTRIES,
            r#"{"stockDate": {"value": {"from": "2026-01-04"}}, "supplierActorId": {"value": 2}}"#,
        );
        kept.finish();
    }
}

#[test]
fn the_ledger_is_filtered_by_everything() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let described = line("1").replace(
            '}',
            r#","description":{"value":"Übergabe 100%"},"customerActorId":{"value":1},
            "externalReference":{"value":{"sourceType":"invoice","sourceId":7}}}"#,
        );
        let (id, number) = appendix(&mut client, shop::WEB_SHOP);
        client.post(CREATE_ENTRIES, &entries_body(id, &[described, line("2")])).value();
        enter(&mut client, shop::WEB_SHOP, &[line("3").replace("101", "102")]);
        let counts = |client: &mut Client, filter: &str| -> Vec<i64> {
            let page = client.post(STOCK_ENTRIES, filter).value();
            page["entries"].as_array().unwrap().iter().map(|entry| entry["count"].as_i64().unwrap()).collect()
        };
        for (filter, want) in [
            (format!(r#"{{"appendixNumber":{{"value":{number}}}}}"#), vec![1, 2]),
            (r#"{"description":{"value":"übergabe"}}"#.into(), vec![1]),
            (r#"{"description":{"value":"100%"}}"#.into(), vec![1]),
            (r#"{"description":{"value":"100_"}}"#.into(), vec![]),
            (r#"{"customerActorId":{"value":1}}"#.into(), vec![1]),
            (r#"{"externalReference":{"value":{"sourceType":"invoice","sourceId":7}}}"#.into(), vec![1]),
            (r#"{"externalReference":{"value":{"sourceType":"order","sourceId":7}}}"#.into(), vec![]),
            (r#"{"productLocationIds":{"value":[102]}}"#.into(), vec![3]),
            (r#"{"productLocationIds":{"value":[101]}}"#.into(), vec![1, 2, 3]),
            (r#"{"organizationalUnitIds":{"value":[103]}}"#.into(), vec![]),
            (r#"{"productCategoryIds":{"value":[1]}}"#.into(), vec![1, 2, 3]),
            (r#"{"productCategoryIds":{"value":[2]}}"#.into(), vec![]),
            (r#"{"productIds":{"value":[]}}"#.into(), vec![]),
            (r#"{"stockDate":{"value":{"to":"2026-01-02T10:00:00Z"}}}"#.into(), vec![1, 2, 3]),
            (r#"{"stockDate":{"value":{"from":"2026-01-02T10:00:00.001Z"}}}"#.into(), vec![]),
            (r#"{"offset":1,"count":1}"#.into(), vec![2]),
        ] {
            assert_eq!(counts(&mut client, &filter), want, "{}: {filter}", server.name);
        }
    }
}
