//! Where lots came from and went, over HTTP: what goes round in circles, and what goes everywhere.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server, run_ok};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.900}", reply.status, reply.text);
    reply.json()
}

fn furnish(admin: &mut Client) {
    for identifier in ["MILK", "VAT", "CREAM"] {
        let product = json!({ "identifier": identifier, "name": identifier, "tracking": "lot" });
        ok(&admin.post("/v1/products", &product));
    }
    ok(&admin.post("/v1/locations", &json!([{ "name": "Silo", "allowNegative": false }, { "name": "Vat" }])));
    let milk =
        json!({ "kind": "RECEIVE", "product": "MILK", "lot": "M1", "makesLots": true, "to": "Silo", "quantity": 2000 });
    ok(&admin.post("/v1/runs", &milk));
}

/// So much goes from one lot into another.
fn goes(admin: &mut Client, (from, place): (&str, &str), (to, target): (&str, &str), quantity: i64) -> Value {
    let (from, to) = (from.split_once('/').unwrap(), to.split_once('/').unwrap());
    let run = json!({
        "kind": "CONSUME", "product": from.0, "lot": from.1, "from": place, "quantity": quantity, "makesLots": true,
        "secondaryProduct": to.0, "secondaryLot": to.1, "to": target
    });
    ok(&admin.post("/v1/runs", &run))
}

/// So much is taken back out of one lot into the one that it came from.
fn goes_back(admin: &mut Client, from: &str, to: &str, quantity: i64) -> Value {
    let (from, to) = (from.split_once('/').unwrap(), to.split_once('/').unwrap());
    let run = json!({
        "kind": "UNCONSUME", "product": to.0, "lot": to.1, "to": "Silo", "quantity": quantity,
        "secondaryProduct": from.0, "secondaryLot": from.1, "from": "Vat"
    });
    ok(&admin.post("/v1/runs", &run))
}

/// The lots of a trace: name, how far away, how much reached them, and whether it ends there.
fn lots(trace: &Value) -> Vec<(String, i64, i64, bool)> {
    assert_eq!(trace["truncated"], false, "{trace}");
    let nodes = trace["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| {
            let number = |name: &str| node[name].as_i64().unwrap();
            let name = node["lot"]["name"].as_str().unwrap().to_owned();
            (name, number("depth"), number("quantity"), node["terminal"].as_bool().unwrap())
        })
        .collect()
}

/// What joins them: from which lot into which, how much, in how many runs.
fn edges(trace: &Value) -> Vec<(String, String, i64, usize)> {
    let text = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let edges = trace["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| {
            let runs = edge["records"].as_array().unwrap().len();
            (text(&edge["from"]), text(&edge["to"]), edge["quantity"].as_i64().unwrap(), runs)
        })
        .collect()
}

/// Milk is put into a vat, taken back, put in and taken back again; what was made of it is put in once more. The lots
/// lead back to each other, and a trace of any of them names every lot once and ends.
fn what_comes_back_and_goes_again_ends(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let (milk, vat, cream) = ("MILK/M1", "VAT/V1", "CREAM/C1");
    for (put, taken) in [(40, 20), (20, 10)] {
        goes(&mut admin, (milk, "Silo"), (vat, "Vat"), put);
        goes_back(&mut admin, vat, milk, taken);
    }
    let far = |admin: &mut Client, lot: &str, direction: &str| {
        ok(&admin.get(&format!("/v1/lots/{}/trace?direction={direction}&depth=100", lot.replace('/', "%2F"))))
    };
    let named = |from: &str, to: &str, quantity: i64, runs: usize| (from.to_owned(), to.to_owned(), quantity, runs);
    let forward = far(&mut admin, milk, "output");
    assert_eq!(lots(&forward), [("V1".into(), 1, 60, false)], "the lot itself is no part of what became of it");
    assert_eq!(edges(&forward), [named("M1", "V1", 60, 2), named("V1", "M1", 30, 2)]);
    let backward = far(&mut admin, milk, "input");
    assert_eq!(lots(&backward), [("V1".into(), 1, 30, false)]);
    assert_eq!(edges(&backward), edges(&forward));

    // Cream that came out of the vat is put back into it: a circle within the circle.
    goes(&mut admin, (vat, "Vat"), (cream, "Vat"), 12);
    let again = goes(&mut admin, (cream, "Vat"), (vat, "Vat"), 5);
    let expected = [("V1".into(), 1, 65, false), ("C1".into(), 2, 12, false)];
    assert_eq!(lots(&far(&mut admin, milk, "output")), expected);
    let both = far(&mut admin, cream, "both");
    assert_eq!(both["nodes"].as_array().unwrap().len(), 4, "each of the two others, once each way: {both}");
    let recall = ok(&admin.get("/v1/lots/MILK%2FM1/recall"));
    let affected: Vec<&str> =
        recall["affected"].as_array().unwrap().iter().map(|one| one["lot"]["name"].as_str().unwrap()).collect();
    assert_eq!((affected, &recall["onHand"], &recall["unexplained"]), (vec!["V1", "C1"], &json!(1970), &json!(0)));

    // What is undone leads nowhere any more.
    ok(&admin.post("/v1/reversals", &json!({ "run": again["uid"], "reason": "it was not put back" })));
    let expected = [("V1".into(), 1, 60, false), ("C1".into(), 2, 12, true)];
    assert_eq!(lots(&far(&mut admin, milk, "output")), expected);
    run_ok(database, &["verify"]);
}

/// What a customer returns and gets again, twice, is told as often as it went, and the lot's balance explains itself.
fn what_is_sold_and_returned_again_is_called_back(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    ok(&admin.post("/v1/journals", &json!({ "name": "Sales", "kind": "Delivery", "isAutoBook": true })));
    ok(&admin.post("/v1/parties", &json!({ "code": "SHOP", "name": "The shop" })));
    for (day, count) in [(5, -30), (6, 20), (7, -20), (8, 20), (9, -5)] {
        let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Sales" })))["id"].clone();
        // The milk came in a moment ago, and is sold in the days after.
        let at = format!("2031-01-0{day}T08:00:00Z");
        let entry = json!({ "voucher": voucher, "product": "MILK", "lot": "M1", "location": "Silo", "count": count, "customer": "SHOP", "stockDate": at });
        ok(&admin.post("/v1/entries", &json!([entry])));
    }
    let recall = ok(&admin.get("/v1/lots/MILK%2FM1/recall"));
    let figures = ["made", "shipped", "returned", "onHand", "unexplained"].map(|name| recall[name].as_i64().unwrap());
    assert_eq!(figures, [2_000, 55, 40, 1_985, 0]);
    let delivered: Vec<i64> =
        recall["customers"].as_array().unwrap().iter().map(|one| one["quantity"].as_i64().unwrap()).collect();
    assert_eq!(delivered, [30, 20, 5], "each time that it went out");
    assert_eq!(lots(&ok(&admin.get("/v1/lots/MILK%2FM1/trace?direction=both&depth=100"))), [], "it stayed what it was");
    run_ok(database, &["verify"]);
}

/// One lot of milk goes into 1,300 orders: all of them are found, from either end.
fn a_lot_in_1300_orders_is_found_in_all(database: &str) {
    const ORDERS: usize = 1_300;
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let order = |no: usize| {
        json!({
            "kind": "CONSUME", "product": "MILK", "lot": "M1", "from": "Silo", "quantity": 1, "makesLots": true,
            "secondaryProduct": "CREAM", "secondaryLot": format!("ORDER-{no:04}"), "to": "Vat"
        })
    };
    let all: Vec<Value> = (0..ORDERS).map(order).collect();
    for some in all.chunks(650) {
        ok(&admin.post("/v1/runs", &json!(some)));
    }
    let trace = ok(&admin.get("/v1/lots/MILK%2FM1/trace?direction=output&depth=9"));
    let mut found = lots(&trace);
    found.sort();
    let expected: Vec<_> = (0..ORDERS).map(|no| (format!("ORDER-{no:04}"), 1, 1, true)).collect();
    assert_eq!(found, expected);
    let mut edges = edges(&trace);
    edges.sort();
    let expected: Vec<_> = (0..ORDERS).map(|no| ("M1".to_owned(), format!("ORDER-{no:04}"), 1, 1)).collect();
    assert_eq!(edges, expected, "each by one run");
    let back = ok(&admin.get("/v1/lots/CREAM%2FORDER-0777/trace?direction=input&depth=9"));
    assert_eq!(lots(&back), [("M1".into(), 1, 1, true)], "the other orders had no part in it");
    let recall = ok(&admin.get("/v1/lots/MILK%2FM1/recall"));
    assert_eq!((&recall["onHand"], &recall["unexplained"]), (&json!(700), &json!(0)));
    assert_eq!((recall["affected"].as_array().unwrap().len(), &recall["truncated"]), (ORDERS, &json!(false)));
    run_ok(database, &["verify"]);
}

const STORIES: [fn(&str); 3] = [
    what_comes_back_and_goes_again_ends,
    what_is_sold_and_returned_again_is_called_back,
    a_lot_in_1300_orders_is_found_in_all,
];

#[test]
fn traces_on_sqlite() {
    for story in STORIES {
        story(&Scratch::new().url());
    }
}

#[test]
fn traces_on_postgresql() {
    for story in STORIES {
        let Some(database) = PostgresDb::new() else { return };
        story(&database.url());
    }
}
