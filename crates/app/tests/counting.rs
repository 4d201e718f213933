//! Counting as people do it: blind sheets, recounts, posting all or nothing, and the plan of what is due.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

fn furnish(admin: &mut Client) {
    ok(&admin.post(
        "/v1/categories",
        &json!([{ "name": "Cheese" }, { "name": "Soft", "parent": "Cheese" }, { "name": "Tools" }]),
    ));
    ok(&admin.post(
        "/v1/products",
        &json!([
            { "identifier": "BRIE", "name": "Brie", "category": "Cheese/Soft" },
            { "identifier": "MILK", "name": "Milk", "tracking": "lot", "category": "Cheese" },
            { "identifier": "DRILL", "name": "Drill", "tracking": "serial", "category": "Tools" },
            { "identifier": "NAIL", "name": "Nail", "category": "Tools" }
        ]),
    ));
    ok(&admin.post("/v1/lots", &json!([{ "product": "MILK", "name": "M1" }, { "product": "MILK", "name": "M2" }])));
    ok(&admin.post(
        "/v1/instances",
        &json!([{ "product": "DRILL", "identifier": "D1" }, { "product": "DRILL", "identifier": "D2" }]),
    ));
    ok(&admin.post(
        "/v1/locations",
        &json!([
            { "name": "Cellar" }, { "name": "Shop", "type": "orgUnit", "isOrgUnit": true },
            { "name": "Shelf", "parent": "Shop", "type": "shelf" }
        ]),
    ));
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery", "isAutoBook": true })));
}

fn book(admin: &mut Client, lines: &Value) {
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].clone();
    let mut lines = lines.clone();
    for line in lines.as_array_mut().unwrap() {
        line["voucher"] = voucher.clone();
        line["stockDate"] = json!("2026-01-01T00:00:00Z");
        if line["location"].as_str().unwrap().starts_with("Shop") {
            line["orgUnit"] = json!("Shop");
        }
    }
    let done = ok(&admin.post("/v1/entries", &lines));
    assert!(done["items"].is_array() || done["id"].is_number(), "{done}");
}

fn stock(admin: &mut Client, product: &str) -> Vec<(String, f64)> {
    let page = ok(&admin.get(&format!("/v1/balances?product={product}")));
    let mut found: Vec<(String, f64)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let lot = item["lot"]["name"].as_str().map_or(String::new(), |name| format!("/{name}"));
            (format!("{}{lot}", item["location"]["path"].as_str().unwrap()), item["quantity"].as_f64().unwrap())
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// The number of the line of a product in a place, maybe of a lot.
fn line(admin: &mut Client, sheet: &str, product: &str, place: &str, lot: Option<&str>) -> Value {
    let page = ok(&admin.get(&format!("{sheet}/lines")));
    let found = page["items"].as_array().unwrap().iter().find(|line| {
        line["product"]["identifier"] == product
            && line["location"]["path"] == place
            && line["lot"]["name"].as_str() == lot
    });
    found.unwrap_or_else(|| panic!("{product} at {place} is not in {page}"))["line"].clone()
}

fn is_counted_blindly(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    book(
        &mut admin,
        &json!([
            { "product": "BRIE", "location": "Cellar", "count": 10, "costPrice": 2 },
            { "product": "BRIE", "location": "Shop/Shelf", "count": 4, "costPrice": 2 },
            { "product": "MILK", "lot": "M1", "location": "Cellar", "count": 20, "costPrice": 1 },
            { "product": "MILK", "lot": "M2", "location": "Cellar", "count": 30, "costPrice": 1 },
            { "product": "DRILL", "instances": ["D1", "D2"], "location": "Cellar", "count": 2, "costPrice": 50 },
            { "product": "NAIL", "location": "Cellar", "count": 1000, "costPrice": 0.01 }
        ]),
    );
    let made = ok(&admin.post(
        "/v1/count-sheets",
        &json!({ "name": "January", "location": "Cellar", "tolerance": 1, "tolerancePercent": 2 }),
    ));
    let sheet = format!("/v1/count-sheets/{}", made["id"]);
    assert_eq!((&made["state"], &made["lines"], &made["toCount"]), (&json!("open"), &json!(5), &json!(5)));
    let lines = admin.get(&format!("{sheet}/lines")).text;
    assert!(!lines.contains("expected") && !lines.contains("\"quantity\"") && !lines.contains("1000"), "{lines}");
    // Of a category and what is below it, anywhere.
    let cheese = ok(&admin.post("/v1/count-sheets", &json!({ "category": "Cheese" })));
    assert_eq!(cheese["lines"], 4);
    assert_eq!(ok(&admin.post(&format!("/v1/count-sheets/{}/cancel", cheese["id"]), &json!({})))["state"], "cancelled");
    let nothing = admin.post("/v1/count-sheets", &json!({ "product": "NAIL", "location": "Shop" }));
    assert_eq!(nothing.problem(), (409, "nothingToCount".to_owned()));

    // Every fault at once, and nothing is kept.
    let brie = line(&mut admin, &sheet, "BRIE", "Cellar", None);
    let wrong = admin.post(
        &format!("{sheet}/counts"),
        &json!([{ "line": 99, "quantity": 1 }, { "line": brie, "quantity": -1 }, { "product": "GOLD", "location": "Cellar", "quantity": 1 }]),
    );
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    for path in ["[0].line", "[1].quantity", "[2].product"] {
        assert!(wrong.json()["violations"][path].is_array(), "{path}: {}", wrong.text);
    }
    assert_eq!(ok(&admin.get(&sheet))["counted"], 0);

    let (m1, m2) = (
        line(&mut admin, &sheet, "MILK", "Cellar", Some("M1")),
        line(&mut admin, &sheet, "MILK", "Cellar", Some("M2")),
    );
    let (drill, nail) =
        (line(&mut admin, &sheet, "DRILL", "Cellar", None), line(&mut admin, &sheet, "NAIL", "Cellar", None));
    let entered = ok(&admin.post(
        &format!("{sheet}/counts"),
        &json!([
            { "line": brie, "quantity": 8 }, { "line": m1, "quantity": 19 }, { "line": m2, "quantity": 33 },
            { "line": nail, "quantity": 990 }
        ]),
    ));
    assert_eq!(entered, json!({ "entered": 4, "left": 1 }));
    let early = admin.post(&format!("{sheet}/post"), &json!({}));
    assert_eq!(early.problem(), (409, "linesToCount".to_owned()));
    // Of two drills one is found; beside them some brie of the shop, which nobody expected.
    ok(&admin.post(&format!("{sheet}/counts"), &json!({ "line": drill, "instances": ["D2"] })));
    ok(&admin.post(&format!("{sheet}/counts"), &json!({ "product": "NAIL", "location": "Shop/Shelf", "quantity": 7 })));

    // 8 of 10, 33 of 30, one drill of two is within 1; 990 of 1000 are 1 %, and 7 of 0 are not.
    let asked = ok(&admin.post(&format!("{sheet}/recount"), &json!({})));
    let extra = line(&mut admin, &sheet, "NAIL", "Shop/Shelf", None);
    let mut want = vec![brie.as_i64().unwrap(), m2.as_i64().unwrap(), extra.as_i64().unwrap()];
    want.sort_unstable();
    let mut found: Vec<i64> = asked["lines"].as_array().unwrap().iter().map(|line| line.as_i64().unwrap()).collect();
    found.sort_unstable();
    assert_eq!(found, want);
    let again = ok(&admin.get(&format!("{sheet}/lines?state=toRecount")));
    assert!(
        again["items"].as_array().unwrap().iter().all(|line| line["counted"].is_null()),
        "the first round is not told"
    );
    // The second round finds the milk and counts the others alike, which is accepted.
    ok(&admin.post(
        &format!("{sheet}/counts"),
        &json!([{ "line": brie, "quantity": 8 }, { "line": m2, "quantity": 30 }, { "line": extra, "quantity": 7 }]),
    ));
    assert_eq!(ok(&admin.post(&format!("{sheet}/recount"), &json!({})))["lines"], json!([]));

    // What moves between counting and posting moves all the same.
    let dry = ok(&admin.post(&format!("{sheet}/post?dryRun=true"), &json!({})));
    assert_eq!(dry["differences"], 5);
    assert_eq!(stock(&mut admin, "BRIE")[0], ("Cellar".to_owned(), 10.0));
    let posted = ok(&admin.post(&format!("{sheet}/post"), &json!({})));
    assert_eq!(posted["differences"], 5, "{posted}");
    assert_eq!(stock(&mut admin, "BRIE"), [("Cellar".to_owned(), 8.0), ("Shop/Shelf".to_owned(), 4.0)]);
    assert_eq!(stock(&mut admin, "MILK"), [("Cellar/M1".to_owned(), 19.0), ("Cellar/M2".to_owned(), 30.0)]);
    assert_eq!(stock(&mut admin, "NAIL"), [("Cellar".to_owned(), 990.0), ("Shop/Shelf".to_owned(), 7.0)]);
    assert_eq!(stock(&mut admin, "DRILL"), [("Cellar/D2".to_owned(), 1.0)]);
    assert_eq!(admin.post(&format!("{sheet}/post"), &json!({})).problem(), (409, "sheetNotOpen".to_owned()));
    assert_eq!(ok(&admin.get(&sheet))["batch"], posted["batch"]);

    // What was counted is not due; what was not, is.
    let due = ok(&admin.get("/v1/count-plan?due=true"));
    let due: Vec<_> = due["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["product"]["identifier"].clone(), item["location"]["path"].clone()))
        .collect();
    assert_eq!(due, [(json!("BRIE"), json!("Shop/Shelf"))]);
    let by_plan = ok(&admin.post("/v1/count-sheets", &json!({ "due": true })));
    assert_eq!(by_plan["lines"], 1);
    let posted = ok(&admin.post(&format!("/v1/count-sheets/{}/post", by_plan["id"]), &json!({ "uncounted": "zero" })));
    assert_eq!((&posted["differences"], stock(&mut admin, "BRIE").len()), (&json!(1), 1));
    assert_eq!(ok(&admin.get("/v1/count-plan?due=true"))["items"], json!([]));
    // The drill that was counted leaves, and another one comes: the drills of the cellar were counted all the same.
    ok(&admin.post("/v1/instances", &json!({ "product": "DRILL", "identifier": "D3" })));
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].clone();
    let now = jiff::Timestamp::now().to_string();
    let line = |instance: &str, count: i64| {
        json!({ "voucher": voucher, "product": "DRILL", "instances": [instance], "location": "Cellar", "count": count,
            "costPrice": 50, "stockDate": now })
    };
    ok(&admin.post("/v1/entries", &json!([line("D2", -1), line("D3", 1)])));
    assert_eq!(stock(&mut admin, "DRILL"), [("Cellar/D3".to_owned(), 1.0)]);
    assert_eq!(ok(&admin.get("/v1/count-plan?due=true"))["items"], json!([]));
    assert_eq!(support::run(&server.database, &["verify"]).status.code(), Some(0));
}

#[test]
fn a_sheet_is_counted_blindly_on_sqlite() {
    is_counted_blindly(&Scratch::new().url());
}

#[test]
fn a_sheet_is_counted_blindly_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    is_counted_blindly(&database.url());
}

#[test]
fn the_plan_goes_by_what_use_is_worth_on_sqlite() {
    goes_by_what_use_is_worth(&Scratch::new().url());
}

#[test]
fn the_plan_goes_by_what_use_is_worth_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    goes_by_what_use_is_worth(&database.url());
}

fn goes_by_what_use_is_worth(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    book(
        &mut admin,
        &json!([
            { "product": "BRIE", "location": "Cellar", "count": 100, "costPrice": 9 },
            { "product": "MILK", "lot": "M1", "location": "Cellar", "count": 100, "costPrice": 2 },
            { "product": "NAIL", "location": "Cellar", "count": 100, "costPrice": 1 }
        ]),
    );
    // Brie 810, milk 160, nails 30 of 1000.
    book(
        &mut admin,
        &json!([
            { "product": "BRIE", "location": "Cellar", "count": -90 },
            { "product": "MILK", "lot": "M1", "location": "Cellar", "count": -80 },
            { "product": "NAIL", "location": "Cellar", "count": -30 }
        ]),
    );
    let plan = ok(&admin.get("/v1/count-plan?days=3650"));
    let classes: Vec<_> = plan["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["product"]["identifier"].as_str().unwrap(), item["class"].as_str().unwrap()))
        .collect();
    assert_eq!(classes, [("BRIE", "A"), ("MILK", "B"), ("NAIL", "C")]);
    // A page at a time it is the same.
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ok(&admin.get(&format!("/v1/count-plan?days=3650&limit=1{cursor}")));
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let identifier = |item: &Value| item["product"]["identifier"].clone();
    assert_eq!(paged.iter().map(identifier).collect::<Vec<_>>(), ["BRIE", "MILK", "NAIL"]);
    // Counted 40 days ago: due for A, which is counted every 30 days, and not for the others.
    let at = ok(&admin.get("/v1/count-plan"))["items"][0]["dueAt"].as_str().unwrap().to_owned();
    let at = at.parse::<jiff::Timestamp>().unwrap() - jiff::SignedDuration::from_hours(40 * 24);
    let counts: Vec<Value> = [("BRIE", 10, None), ("MILK", 20, Some("M1")), ("NAIL", 70, None)]
        .into_iter()
        .map(|(product, quantity, lot)| json!({ "product": product, "lot": lot, "location": "Cellar", "quantity": quantity, "at": at.to_string() }))
        .collect();
    ok(&admin.post("/v1/counts", &json!(counts)));
    let due = ok(&admin.get("/v1/count-plan?days=3650&due=true"));
    assert_eq!(due["items"].as_array().unwrap().len(), 1, "{due}");
    assert_eq!((&due["items"][0]["product"]["identifier"], &due["items"][0]["isDue"]), (&json!("BRIE"), &json!(true)));
    assert_eq!(ok(&admin.get("/v1/count-plan?days=3650&due=true&a=50"))["items"], json!([]));

    // Who counts for one shop sees and makes sheets of that shop alone.
    support::run_ok(&server.database, &["user", "create", "kim", "--role", "operator", "--org-unit", "Shop"]);
    let mut kim = server.client_with(&server.key("kim"));
    assert_eq!(ok(&kim.get("/v1/count-plan"))["items"], json!([]));
    assert_eq!(kim.post("/v1/count-sheets", &json!({ "location": "Cellar" })).status, 403);
    support::run_ok(&server.database, &["user", "create", "reader", "--role", "reader"]);
    let mut reader = server.client_with(&server.key("reader"));
    assert_eq!(reader.get("/v1/count-sheets").status, 403);
}

/// All numbers of the ledger in an order, read in pages of two.
fn ledger(admin: &mut Client, order: &str) -> Vec<i64> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ok(&admin.get(&format!("/v1/movements?order={order}&limit=2{cursor}")));
        found.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// What a reversal says it does, as `place before after`.
fn effects(answer: &Value) -> Vec<String> {
    let shown = answer["effects"].as_array().unwrap().iter();
    shown
        .map(|one| format!("{} {} {}", one["location"]["path"].as_str().unwrap(), one["before"], one["after"]))
        .collect()
}

fn is_read_both_ways_and_undone(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    book(
        &mut admin,
        &json!([
            { "product": "NAIL", "location": "Cellar", "count": 1000, "costPrice": 0.01 },
            { "product": "BRIE", "location": "Cellar", "count": 10, "costPrice": 2 },
            { "product": "BRIE", "location": "Shop/Shelf", "count": 4, "costPrice": 2 }
        ]),
    );
    // Counts that find what was expected move nothing, and are in the ledger all the same: more of them than a page holds.
    for quantity in [1000, 1000, 1000] {
        let at = json!({ "product": "NAIL", "location": "Cellar", "quantity": quantity });
        ok(&admin.post("/v1/counts", &at));
    }
    ok(&admin.post("/v1/counts", &json!({ "product": "BRIE", "location": "Cellar", "quantity": 9 })));
    let oldest = ledger(&mut admin, "oldest");
    assert_eq!(oldest.len(), 7);
    assert!(oldest.is_sorted());
    let mut newest = ledger(&mut admin, "newest");
    newest.reverse();
    assert_eq!(newest, oldest);
    assert_eq!(admin.get("/v1/movements?order=random").problem().0, 422);
    let first = ok(&admin.get(&format!("/v1/movements/{}", oldest[0])));
    assert_eq!((&first["unit"], &first["quantity"]), (&json!("pcs"), &json!(1000)));

    // What stands there now, and what would; of a trial nothing stays.
    let brie = oldest[1];
    let undo = json!({ "movement": brie, "reason": "Not ours" });
    let tried = ok(&admin.post("/v1/reversals?dryRun=true", &undo));
    // The count of nine stays true: what is undone before it is made up for at it.
    assert_eq!(effects(&tried), ["Cellar 9 9"], "{tried}");
    let shelf = ok(&admin.post("/v1/reversals?dryRun=true", &json!({ "movement": oldest[2], "reason": "Not ours" })));
    assert_eq!(effects(&shelf), ["Shop/Shelf 4 0"], "{shelf}");
    assert_eq!(
        (&shelf["effects"][0]["product"]["identifier"], &shelf["effects"][0]["unit"]),
        (&json!("BRIE"), &json!("pcs"))
    );
    assert_eq!(ledger(&mut admin, "oldest").len(), 7);
    assert_eq!(
        effects(&ok(&admin.post("/v1/reversals", &json!({ "movement": oldest[2], "reason": "Not ours" })))),
        ["Shop/Shelf 4 0"]
    );
    assert_eq!(stock(&mut admin, "BRIE"), [("Cellar".to_owned(), 9.0)]);
}

fn is_undone_whole(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    book(
        &mut admin,
        &json!([
            { "product": "BRIE", "location": "Cellar", "count": 10, "costPrice": 2 },
            { "product": "NAIL", "location": "Cellar", "count": 1000, "costPrice": 0.01 },
            { "product": "DRILL", "instances": ["D1"], "location": "Cellar", "count": 1, "costPrice": 50 }
        ]),
    );
    let counted = ok(&admin.post(
        "/v1/counts",
        &json!([
            { "product": "BRIE", "location": "Cellar", "quantity": 8, "at": "2026-01-05T00:00:00Z" },
            { "product": "NAIL", "location": "Cellar", "quantity": 1000, "at": "2026-01-05T00:00:00Z" },
            { "product": "DRILL", "location": "Cellar", "instances": [], "quantity": 0, "at": "2026-01-05T00:00:00Z" },
            { "product": "DRILL", "location": "Shop/Shelf", "instances": [], "quantity": 0, "at": "2026-01-05T00:00:00Z" }
        ]),
    ));
    let items = counted["items"].as_array().unwrap();
    let shown = |item: &Value| {
        let name = item["product"]["identifier"].as_str().unwrap().to_owned();
        let instances = item["instances"].as_array().map(Vec::len);
        (name, item["lot"]["name"].as_str().map(str::to_owned), instances, item["difference"].as_f64().unwrap())
    };
    let found: Vec<_> = items.iter().map(shown).collect();
    let of = |product: &str, lot: Option<&str>, instances, difference| {
        (product.to_owned(), lot.map(str::to_owned), instances, difference)
    };
    let want = [
        of("BRIE", None, None, -2.0),
        of("NAIL", None, None, 0.0),
        of("DRILL", None, Some(0), -1.0),
        of("DRILL", Some("D1"), None, -1.0),
        // Nothing was there, and nothing was expected: that is on file, too.
        of("DRILL", None, Some(0), 0.0),
    ];
    assert_eq!(found, want, "{counted}");
    let batch = items[0]["batch"].clone();
    let listed = ok(&admin.get(&format!("/v1/counts?batch={batch}")));
    assert_eq!(listed["items"].as_array().unwrap().iter().map(shown).collect::<Vec<_>>(), want, "{listed}");
    assert_eq!(admin.get("/v1/counts?batch=last").problem().0, 422);
    // What is learned of the time before is made up for, of a drill that nobody named as well.
    book(
        &mut admin,
        &json!([{ "product": "DRILL", "instances": ["D2"], "location": "Cellar", "count": 1, "costPrice": 50 }]),
    );
    assert_eq!(stock(&mut admin, "DRILL"), []);

    // One of them is undone by itself; the others whole, and once.
    let undo = |more: Value| {
        let mut body = json!({ "countBatch": batch, "reason": "the wrong week" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    ok(&admin.post("/v1/reversals", &json!({ "count": items[1]["id"], "reason": "not the nails" })));
    let refused = admin.post("/v1/reversals", &undo(json!({})));
    assert_eq!(refused.problem(), (409, "alreadyReversed".to_owned()));
    assert!(refused.text.contains("\\\"rest\\\": true"), "{}", refused.text);
    let tried = ok(&admin.post("/v1/reversals?dryRun=true", &undo(json!({ "rest": true }))));
    assert_eq!(effects(&tried), ["Cellar 8 10", "Cellar 0 1", "Cellar 0 1"], "{tried}");
    assert_eq!(tried["counts"].as_array().unwrap().len(), 4);
    let undone = ok(&admin.post("/v1/reversals", &undo(json!({ "rest": true }))));
    assert_eq!(undone["counts"], tried["counts"]);
    assert_eq!(stock(&mut admin, "BRIE"), [("Cellar".to_owned(), 10.0)]);
    assert_eq!(stock(&mut admin, "DRILL"), [("Cellar/D1".to_owned(), 1.0), ("Cellar/D2".to_owned(), 1.0)]);
    let holding = ok(&admin.get(&format!("/v1/counts?batch={batch}")));
    assert!(holding["items"].as_array().unwrap().iter().all(|count| count["holds"] == false), "{holding}");
    assert_eq!(admin.post("/v1/reversals", &undo(json!({ "rest": true }))).problem().0, 409);
    let nothing = admin.post("/v1/reversals", &json!({ "countBatch": 999, "reason": "x" }));
    assert_eq!(nothing.status, 404, "{}", nothing.text);

    // A sheet is undone by the batch that it became; one drill of a set with the whole set.
    let made = ok(&admin.post("/v1/count-sheets", &json!({ "name": "Cellar", "location": "Cellar" })));
    let sheet = format!("/v1/count-sheets/{}", made["id"]);
    let posted = ok(&admin.post(&format!("{sheet}/post"), &json!({ "uncounted": "zero" })));
    assert_eq!((&posted["differences"], stock(&mut admin, "DRILL")), (&json!(4), vec![]), "{posted}");
    let of_drill = posted["counts"].as_array().unwrap().iter().find(|count| count["lot"]["name"] == "D2").unwrap();
    let alone = ok(&admin.post("/v1/reversals?dryRun=true", &json!({ "count": of_drill["id"], "reason": "x" })));
    assert_eq!((effects(&alone).len(), alone["counts"].as_array().unwrap().len()), (2, 3), "{alone}");
    // Of another org unit it is not there.
    support::run_ok(&server.database, &["user", "create", "kim", "--role", "manager", "--org-unit", "Shop"]);
    let mut kim = server.client_with(&server.key("kim"));
    let whole = json!({ "countBatch": posted["batch"], "reason": "the wrong cellar" });
    assert_eq!(kim.post("/v1/reversals", &whole).status, 404);
    ok(&admin.post("/v1/reversals", &whole));
    assert_eq!(stock(&mut admin, "BRIE"), [("Cellar".to_owned(), 10.0)]);
    assert_eq!(stock(&mut admin, "DRILL").len(), 2);
    assert_eq!(support::run(&server.database, &["verify"]).status.code(), Some(0));
}

#[test]
fn counts_are_undone_whole_on_sqlite() {
    is_undone_whole(&Scratch::new().url());
}

#[test]
fn counts_are_undone_whole_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    is_undone_whole(&database.url());
}

#[test]
fn the_ledger_is_read_both_ways_on_sqlite() {
    is_read_both_ways_and_undone(&Scratch::new().url());
}

#[test]
fn the_ledger_is_read_both_ways_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    is_read_both_ways_and_undone(&database.url());
}
