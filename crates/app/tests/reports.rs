//! Stock cards and reports over HTTP and on the command line, each figure found a second time from the
//! movements and value entries that the feed tells.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server, run_ok};

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

/// A JSON number in millionths, digit by digit.
fn e6(value: &Value) -> i64 {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let fraction: i64 = format!("{fraction:0<6}").parse().unwrap();
    whole.parse::<i64>().unwrap() * 1_000_000 + sign * fraction
}

/// All pages of a list.
fn all(client: &mut Client, path: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = ok(&client.get(&format!("{path}{}cursor={cursor}", if path.contains('?') { '&' } else { '?' })));
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return found,
        }
    }
}

fn furnish(admin: &mut Client) {
    ok(&admin.post(
        "/v1/categories",
        &json!([{ "name": "Food" }, { "name": "Cheese", "parent": "Food" }, { "name": "Tools" }]),
    ));
    ok(&admin.post(
        "/v1/products",
        &json!([
            { "identifier": "BRIE", "name": "Brie", "category": "Food/Cheese" },
            { "identifier": "HAM", "name": "Ham", "category": "Food", "tracking": "lot" },
            { "identifier": "KNIFE", "name": "Knife", "category": "Tools" }
        ]),
    ));
    ok(&admin.post(
        "/v1/lots",
        &json!([
            { "product": "HAM", "name": "H1", "expiresAt": "2026-02-10T00:00:00Z" },
            { "product": "HAM", "name": "H2", "expiresAt": "2026-06-10T00:00:00Z" },
            { "product": "HAM", "name": "H3" }
        ]),
    ));
    ok(&admin.post(
        "/v1/locations",
        &json!([
            { "name": "Cellar" }, { "name": "Rack", "parent": "Cellar", "type": "shelf" },
            { "name": "Shop", "type": "orgUnit", "isOrgUnit": true },
            { "name": "Shelf", "parent": "Shop", "type": "shelf" }
        ]),
    ));
    ok(&admin.post(
        "/v1/journals",
        &json!([
            { "name": "Deliveries", "kind": "Delivery", "isAutoBook": true },
            { "name": "Returns", "kind": "Complaint", "isAutoBook": true },
            { "name": "Losses", "kind": "Shrinkage", "isAutoBook": true },
            { "name": "Transfers", "kind": "InternalTransfer", "isAutoBook": true }
        ]),
    ));
}

struct Clerk<'a>(&'a mut Client);

impl Clerk<'_> {
    /// Books lines `(product, lot, location, count, cost)` of one voucher at once.
    fn book(&mut self, journal: &str, day: &str, lines: &[(&str, &str, &str, f64, f64)]) -> Vec<i64> {
        let voucher = ok(&self.0.post("/v1/vouchers", &json!({ "journal": journal })))["id"].as_i64().unwrap();
        let entries: Vec<Value> = lines
            .iter()
            .map(|(product, lot, location, count, cost)| {
                let mut entry = json!({
                    "voucher": voucher, "product": product, "location": location, "count": count,
                    "orgUnit": location.starts_with("Shop").then_some("Shop"), "stockDate": format!("{day}T08:00:00Z")
                });
                if !lot.is_empty() {
                    entry["lot"] = json!(lot);
                }
                if *cost > 0.0 {
                    entry["costPrice"] = json!(cost);
                }
                entry
            })
            .collect();
        let before = ok(&self.0.get("/v1/ledger"))["position"].as_i64().unwrap();
        ok(&self.0.post("/v1/entries", &json!(entries)));
        let told = ok(&self.0.get(&format!("/v1/feed?after={before}")));
        let batches = told["items"].as_array().unwrap().iter();
        batches
            .flat_map(|batch| batch["movements"].as_array().unwrap().clone())
            .map(|movement| movement["id"].as_i64().unwrap())
            .collect()
    }

    /// Waits until values are settled; the position then.
    fn settled(&mut self) -> i64 {
        for _ in 0..200 {
            let page = ok(&self.0.get("/v1/valuation"));
            if page["settledTo"] == page["position"] {
                return page["position"].as_i64().unwrap();
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("values were not settled in time");
    }
}

/// A year with everything in it: average cost that changes late, stock sold before it came, a move inside a
/// unit and one between two, a return, a loss, and something that was undone.
fn live(admin: &mut Client) {
    let mut clerk = Clerk(admin);
    clerk.book("Deliveries", "2025-07-01", &[("KNIFE", "", "Cellar", 10.0, 4.0)]);
    clerk.book("Deliveries", "2026-01-02", &[("BRIE", "", "Cellar", 30.0, 2.5), ("HAM", "H1", "Cellar", 8.0, 7.0)]);
    clerk.book("Deliveries", "2026-01-20", &[("BRIE", "", "Cellar", -12.0, 0.0), ("HAM", "H2", "Cellar", 5.5, 7.7)]);
    clerk.book("Deliveries", "2026-01-25", &[("HAM", "H3", "Cellar", 2.0, 6.1)]);
    clerk.book("Transfers", "2026-02-01", &[("BRIE", "", "Cellar", -9.0, 0.0), ("BRIE", "", "Shop/Shelf", 9.0, 0.0)]);
    clerk.book(
        "Transfers",
        "2026-02-02",
        &[("HAM", "H1", "Cellar", -3.0, 0.0), ("HAM", "H1", "Cellar/Rack", 3.0, 0.0)],
    );
    // Sold before it came, and covered by two deliveries.
    clerk.book("Deliveries", "2026-02-05", &[("BRIE", "", "Shop/Shelf", -11.0, 0.0)]);
    clerk.book("Deliveries", "2026-02-07", &[("BRIE", "", "Shop/Shelf", 7.0, 3.1)]);
    clerk.book("Returns", "2026-02-08", &[("BRIE", "", "Shop/Shelf", 1.0, 3.1)]);
    clerk.book("Losses", "2026-02-09", &[("BRIE", "", "Cellar", 0.5, 0.0)]);
    let wrong = clerk.book("Deliveries", "2026-02-10", &[("BRIE", "", "Cellar", 99.0, 9.9)]);
    // A delivery that was entered late changes what came after it.
    clerk.book("Deliveries", "2026-01-10", &[("BRIE", "", "Cellar", 10.0, 4.0)]);
    let movement = wrong[0];
    ok(&clerk.0.post("/v1/reversals", &json!({ "movement": movement, "reason": "Not ours" })));
    clerk.settled();
}

/// A movement or a value entry as the feed told it.
struct Fact {
    at: String,
    position: i64,
    line: i64,
    product: String,
    from: String,
    to: String,
    quantity: i64,
    amount: i64,
    /// Value entries: the org unit of the pool.
    unit: Option<String>,
    is_void: bool,
}

/// Everything that the feed tells.
fn facts(admin: &mut Client) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut after = 0;
    let mut undone = Vec::new();
    loop {
        let page = ok(&admin.get(&format!("/v1/feed?after={after}&limit=1000")));
        for batch in page["items"].as_array().unwrap() {
            let position = batch["position"].as_i64().unwrap();
            for (line, movement) in batch["movements"].as_array().unwrap().iter().enumerate() {
                let text = |name: &str| movement[name]["path"].as_str().unwrap().to_owned();
                if let Some(id) = movement["reverses"].as_i64() {
                    undone.push(id);
                }
                found.push((
                    movement["id"].as_i64().unwrap(),
                    Fact {
                        at: movement["effectiveAt"].as_str().unwrap().to_owned(),
                        position,
                        line: line as i64,
                        product: movement["product"]["identifier"].as_str().unwrap().to_owned(),
                        from: text("from"),
                        to: text("to"),
                        quantity: e6(&movement["quantity"]),
                        amount: e6(&movement["amount"]),
                        unit: None,
                        is_void: movement["reverses"].is_i64(),
                    },
                ));
            }
            for (line, value) in batch["values"].as_array().unwrap().iter().enumerate() {
                found.push((
                    0,
                    Fact {
                        at: value["effectiveAt"].as_str().unwrap().to_owned(),
                        position,
                        line: line as i64,
                        product: value["product"]["identifier"].as_str().unwrap().to_owned(),
                        from: value["counterpart"]["path"].as_str().unwrap().to_owned(),
                        to: String::new(),
                        quantity: 0,
                        amount: e6(&value["amount"]),
                        unit: Some(value["orgUnit"]["path"].as_str().unwrap().to_owned()),
                        is_void: false,
                    },
                ));
            }
        }
        let next = page["next"].as_i64().unwrap();
        if next == after {
            break;
        }
        after = next;
    }
    let mut facts: Vec<Fact> = found
        .into_iter()
        .map(|(id, mut fact)| {
            fact.is_void |= undone.contains(&id);
            fact
        })
        .collect();
    facts.sort_by(|a, b| (&a.at, a.position, a.line).cmp(&(&b.at, b.position, b.line)));
    facts
}

const OUTSIDE: [&str; 6] = ["supplier", "customer", "production", "adjustment", "loss", "internalUse"];

fn is_real(place: &str) -> bool {
    !OUTSIDE.contains(&place)
}

/// The org unit of the test's places.
fn unit_of(place: &str) -> &str {
    match place {
        place if place.starts_with("Shop") => "Shop",
        place if place.starts_with("Cellar") => "",
        other => other,
    }
}

fn cards_hold(admin: &mut Client, product: &str, facts: &[Fact]) {
    let own: Vec<&Fact> = facts.iter().filter(|fact| fact.product == product).collect();
    let card = ok(&admin.get(&format!("/v1/stock-card?product={product}&limit=1000")));
    let lines = card["items"].as_array().unwrap();
    assert_eq!(lines.len(), own.len(), "{product}");
    let (mut quantity, mut value, mut current) = (0, 0, 0);
    for (line, fact) in lines.iter().zip(&own) {
        assert_eq!((line["position"].as_i64(), line["effectiveAt"].as_str()), (Some(fact.position), Some(&*fact.at)));
        let sign = i64::from(is_real(&fact.to)) - i64::from(is_real(&fact.from));
        if fact.unit.is_some() {
            value += fact.amount;
        } else {
            quantity += sign * fact.quantity;
            value += sign * fact.amount;
            current += sign * e6(&line["currentAmount"]);
        }
        assert_eq!(e6(&line["runningQuantity"]), quantity, "{line}");
        assert_eq!(e6(&line["runningValue"]), value, "{line}");
    }
    assert_eq!((e6(&card["closing"]["quantity"]), e6(&card["closing"]["value"])), (quantity, value));
    assert_eq!(current, value, "what movements cost by now is what the stock is worth by now");
    assert_eq!((e6(&card["opening"]["quantity"]), e6(&card["opening"]["value"])), (0, 0));
    // What the card ends with is what the other questions answer.
    let sum = |rows: Vec<Value>, name: &str| rows.iter().map(|row| e6(&row[name])).sum::<i64>();
    assert_eq!(sum(all(admin, &format!("/v1/balances?product={product}")), "quantity"), quantity);
    assert_eq!(sum(all(admin, &format!("/v1/valuation?product={product}")), "value"), value);
    // In pages of two lines it is the same card.
    assert_eq!(&all(admin, &format!("/v1/stock-card?product={product}&limit=2")), lines);

    // A part of it begins with what stood before.
    let (from, to) = ("2026-02-01T00:00:00Z", "2026-02-07T12:00:00Z");
    let part = ok(&admin.get(&format!("/v1/stock-card?product={product}&from={from}&to={to}&limit=1000")));
    let inside: Vec<&Value> = lines
        .iter()
        .filter(|line| {
            let at = line["effectiveAt"].as_str().unwrap();
            ("2026-02-01T00:00:00.000Z"..="2026-02-07T12:00:00.000Z").contains(&at)
        })
        .collect();
    assert_eq!(part["items"].as_array().unwrap().iter().collect::<Vec<_>>(), inside);
    let before = lines.iter().rfind(|line| line["effectiveAt"].as_str().unwrap() < "2026-02-01").unwrap();
    assert_eq!(part["opening"]["quantity"], before["runningQuantity"]);
    assert_eq!(part["opening"]["value"], before["runningValue"]);
    if let Some(last) = inside.last() {
        assert_eq!(part["closing"]["value"], last["runningValue"]);
    }
}

/// By hand: what movements were booked with, and what they cost since more is known.
fn costs_are_known_by_now(admin: &mut Client) {
    let card = all(admin, "/v1/stock-card?product=BRIE&limit=3");
    let shown: Vec<(&str, i64, i64)> = card
        .iter()
        .filter(|line| line["id"].is_i64() && line["from"]["id"] != 2)
        .map(|line| (&line["effectiveAt"].as_str().unwrap()[5..10], e6(&line["amount"]), e6(&line["currentAmount"])))
        .collect();
    let want = [
        ("01-02", 75_000_000, 75_000_000),
        ("01-10", 40_000_000, 40_000_000),
        // Twelve of thirty that cost 75; of forty that cost 115.
        ("01-20", 30_000_000, 34_500_000),
        ("02-01", 22_500_000, 25_875_000),
        // All nine of the shop, and two that cost what the next delivery cost.
        ("02-05", 27_500_000, 32_075_000),
        ("02-07", 21_700_000, 21_700_000),
        ("02-08", 3_100_000, 3_100_000),
        ("02-09", 1_250_000, 1_437_500),
        // Undone.
        ("02-10", 980_100_000, 0),
        ("02-10", 980_100_000, 0),
    ];
    assert_eq!(shown, want);
}

/// One place of a cost pool: its own movements, worth its share.
fn a_place_has_a_card(admin: &mut Client, facts: &[Fact]) {
    for place in ["Cellar/Rack", "Shop/Shelf", "Cellar"] {
        for product in ["BRIE", "HAM"] {
            let card = ok(&admin.get(&format!("/v1/stock-card?product={product}&location={place}&limit=1000")));
            let is_in =
                |path: &str| path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
            let moved: Vec<&Fact> = facts
                .iter()
                .filter(|fact| fact.product == product && fact.unit.is_none() && (is_in(&fact.from) || is_in(&fact.to)))
                .collect();
            let lines: Vec<&Value> =
                card["items"].as_array().unwrap().iter().filter(|line| line["id"].is_i64()).collect();
            assert_eq!(lines.len(), moved.len(), "{product} at {place}");
            let mut quantity = 0;
            for (line, fact) in lines.iter().zip(moved) {
                quantity += (i64::from(is_in(&fact.to)) - i64::from(is_in(&fact.from))) * fact.quantity;
                assert_eq!(e6(&line["runningQuantity"]), quantity, "{line}");
            }
            assert_eq!(e6(&card["closing"]["quantity"]), quantity);
            let last = card["items"].as_array().unwrap().last();
            assert_eq!(last.map_or(0, |line| e6(&line["runningValue"])), e6(&card["closing"]["value"]));
            let report = all(admin, &format!("/v1/reports/stock?product={product}&location={place}"));
            let worth: i64 = report.iter().map(|row| e6(&row["value"])).sum();
            // Both are shares of the same pool, rounded in another order.
            assert!((worth - e6(&card["closing"]["value"])).abs() <= 200, "{product} at {place}: {worth} {card}");
        }
    }
}

fn stock_ties(admin: &mut Client, more: &str) {
    let mut by_unit: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for row in all(admin, &format!("/v1/reports/stock?limit=2{more}")) {
        let unit =
            if row["location"]["id"] == 2 { row["location"]["path"].clone() } else { row["orgUnit"]["path"].clone() };
        let sum = by_unit.entry((text(&row["product"]["identifier"]), text(&unit))).or_default();
        *sum = (sum.0 + e6(&row["quantity"]), sum.1 + e6(&row["value"]));
    }
    by_unit.retain(|_, sum| *sum != (0, 0));
    let mut pools: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for row in all(admin, &format!("/v1/valuation?limit=1000{more}")) {
        let sum = pools.entry((text(&row["product"]["identifier"]), text(&row["orgUnit"]["path"]))).or_default();
        *sum = (sum.0 + e6(&row["quantity"]), sum.1 + e6(&row["value"]));
    }
    assert_eq!(by_unit, pools);
    for row in all(admin, &format!("/v1/reports/valuation?limit=2{more}")) {
        assert_eq!(row["difference"], 0, "{row}");
        let parts = ["booked", "settlement", "revaluation", "landedCost", "variance"];
        assert_eq!(parts.iter().map(|name| e6(&row[name])).sum::<i64>(), e6(&row["value"]), "{row}");
    }
}

/// By its definition: what stands there is what came last.
fn ages_hold(admin: &mut Client, facts: &[Fact]) {
    let day = |text: &str| -> i64 {
        let parts: Vec<i64> = text[..10].split('-').map(|part| part.parse().unwrap()).collect();
        // Days since some day, by the calendar's rule.
        let (y, m) = if parts[1] > 2 { (parts[0], parts[1] - 3) } else { (parts[0] - 1, parts[1] + 9) };
        365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + parts[2]
    };
    let limits = [10, 30, 60];
    let rows = all(admin, "/v1/reports/ageing?asOf=2026-02-20T08:00:00Z&days=10,30,60&limit=1");
    assert!(rows.len() >= 4, "{rows:?}");
    for row in rows {
        let product = row["product"]["identifier"].as_str().unwrap();
        let unit = row["place"]["path"].as_str().unwrap();
        let is_own = |place: &str| {
            is_real(place) && (unit_of(place) == unit || unit_of(place).is_empty() && row["place"]["id"] == 1)
        };
        let mut left = e6(&row["quantity"]);
        let mut want = [0; 4];
        for fact in facts.iter().rev().filter(|fact| {
            fact.product == product && !fact.is_void && fact.unit.is_none() && is_own(&fact.to) && !is_own(&fact.from)
        }) {
            let age = day("2026-02-20") - day(&fact.at);
            let part = left.min(fact.quantity);
            want[limits.iter().position(|limit| age <= *limit).unwrap_or(3)] += part;
            left -= part;
        }
        assert_eq!(left, 0, "{row}");
        let buckets = row["buckets"].as_array().unwrap();
        let found: Vec<i64> = buckets.iter().map(|bucket| e6(&bucket["quantity"])).collect();
        assert_eq!(found, want, "{row}");
        assert_eq!(buckets.iter().map(|bucket| e6(&bucket["value"])).sum::<i64>(), e6(&row["value"]));
    }
}

fn figures_of_use_hold(admin: &mut Client) {
    let rows = all(admin, "/v1/reports/turnover?product=BRIE&from=2026-02-02T00:00:00Z&asOf=2026-02-28T00:00:00Z");
    let shop = rows.iter().find(|row| row["orgUnit"]["path"] == "Shop").unwrap();
    // Of nine at 2.875 and seven at 3.1, eleven were sold, two of them before they came; one came back.
    assert_eq!((shop["openingQuantity"].as_f64(), shop["closingQuantity"].as_f64()), (Some(9.0), Some(6.0)));
    assert_eq!((e6(&shop["issuedQuantity"]), e6(&shop["issuedCost"])), (10_000_000, 28_975_000), "{shop}");
    assert_eq!((e6(&shop["openingValue"]), e6(&shop["closingValue"])), (25_875_000, 18_600_000), "{shop}");
    // Twice 28.975 by 44.475.
    assert_eq!((e6(&shop["turns"]), e6(&shop["receivedQuantity"])), (1_302_979, 7_000_000), "{shop}");
    let house = rows.iter().find(|row| row["orgUnit"]["path"] != "Shop").unwrap();
    assert_eq!(e6(&house["issuedQuantity"]), 500_000, "{house}");
    // 30 at 2.5 and 10 at 4 are worth 115: half a piece costs 1.4375.
    assert_eq!(e6(&house["issuedCost"]), 1_437_500, "{house}");
    assert_eq!(e6(&house["receivedQuantity"]), 0);
    let classes = all(admin, "/v1/reports/abc?from=2026-02-02T00:00:00Z&asOf=2026-02-28T00:00:00Z&limit=1");
    assert_eq!(classes.len(), 3, "{classes:?}");
    assert!(classes.iter().all(|row| row["class"].is_string()));

    let idle = all(admin, "/v1/reports/dead-stock?asOf=2026-02-28T00:00:00Z&days=200");
    assert_eq!(idle.len(), 1, "{idle:?}");
    assert_eq!((idle[0]["product"]["identifier"].as_str(), idle[0]["idleDays"].as_i64()), (Some("KNIFE"), Some(241)));
    assert_eq!(idle[0]["value"], 40);

    let expiring = all(admin, "/v1/reports/expiry?asOf=2026-02-05T00:00:00Z&days=30&limit=1");
    let shown: Vec<(&str, i64, i64)> = expiring
        .iter()
        .map(|row| (row["location"]["path"].as_str().unwrap(), e6(&row["quantity"]), row["days"].as_i64().unwrap()))
        .collect();
    assert_eq!(shown, [("Cellar", 5_000_000, 5), ("Cellar/Rack", 3_000_000, 5)]);
    assert_eq!(all(admin, "/v1/reports/expiry?asOf=2026-02-05T00:00:00Z&days=150").len(), 3);
}

fn filters_and_times_hold(admin: &mut Client, position: i64) {
    let cheese = all(admin, "/v1/reports/stock?category=Food");
    let names: std::collections::BTreeSet<&str> =
        cheese.iter().map(|row| row["product"]["identifier"].as_str().unwrap()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["BRIE", "HAM"], "a category means those below it, too");
    assert!(all(admin, "/v1/reports/stock?orgUnit=Shop").iter().all(|row| row["orgUnit"]["path"] == "Shop"));
    // Before the late delivery was known, 18 were left of the thirty.
    let then = all(admin, "/v1/reports/stock?product=BRIE&asOf=2026-01-31T00:00:00Z&asKnownAt=4");
    assert_eq!((e6(&then[0]["quantity"]), e6(&then[0]["value"])), (18_000_000, 45_000_000));
    let now = all(admin, "/v1/reports/stock?product=BRIE&asOf=2026-01-31T00:00:00Z");
    // 28 of forty that cost 115.
    assert_eq!((e6(&now[0]["quantity"]), e6(&now[0]["value"])), (28_000_000, 80_500_000));
    let card = ok(&admin.get("/v1/stock-card?product=BRIE&asKnownAt=4"));
    assert_eq!((card["items"].as_array().unwrap().len(), e6(&card["closing"]["value"])), (2, 45_000_000));
    for as_of in ["2026-01-15T00:00:00Z", "2026-02-06T00:00:00Z", "2026-02-10T09:00:00Z"] {
        stock_ties(admin, &format!("&asOf={as_of}"));
        stock_ties(admin, &format!("&asOf={as_of}&asKnownAt={}", position / 2));
    }
    for (path, status, code) in [
        ("/v1/reports/nonsense", 404, "notFound"),
        ("/v1/reports/stock?colour=red", 422, "unknownFilter"),
        ("/v1/reports/stock?product=GOUDA", 404, "notFound"),
        ("/v1/reports/ageing?days=60,30", 422, "wrongNumber"),
        ("/v1/reports/turnover?location=Cellar", 422, "unknownFilter"),
        ("/v1/reports/stock?asOf=soon", 422, "wrongTime"),
        ("/v1/stock-card", 422, "required"),
        ("/v1/stock-card?product=BRIE&cursor=x", 400, "unreadableRequest"),
    ] {
        let reply = admin.get(path);
        assert_eq!(reply.status, status, "{path}: {}", reply.text);
        assert_eq!(reply.problem().1, code, "{path}: {}", reply.text);
    }
}

fn sheets_hold(server: &Server, admin: &mut Client) {
    let names = ["stock", "valuation", "ageing", "turnover", "abc", "dead-stock", "expiry"];
    let listed = all(admin, "/v1/reports");
    assert_eq!(listed.iter().map(|row| row["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    for name in names {
        let filter = if name == "expiry" { "asOf=2026-02-05T00:00:00Z" } else { "asOf=2026-02-28T00:00:00Z" };
        let rows = all(admin, &format!("/v1/reports/{name}?{filter}"));
        let reply = admin.get(&format!("/v1/reports/{name}?{filter}&format=csv"));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/csv; charset=utf-8")));
        let mut reader = csv::Reader::from_reader(reply.text.as_bytes());
        assert!(reader.headers().unwrap().len() > 8, "{name}: {}", reply.text);
        assert_eq!(reader.records().map(Result::unwrap).count(), rows.len(), "{name}: {}", reply.text);
        let as_of = filter.strip_prefix("asOf=").unwrap();
        let printed = support::run_ok(&server.database, &["export", "report", name, "--as-of", as_of]);
        assert_eq!(printed, reply.text.trim_end(), "{name}");
    }
    let card = admin.get("/v1/stock-card?product=BRIE&format=csv");
    let printed = support::run_ok(&server.database, &["export", "stock-card", "--product", "BRIE"]);
    assert_eq!(printed, card.text.trim_end());
    let mut accepting = server.admin().with("Accept", "text/csv");
    assert_eq!(accepting.get("/v1/stock-card?product=BRIE").text, card.text);

    // A workbook holds the same cells.
    let book = admin.get("/v1/reports/stock?format=xlsx");
    assert_eq!(book.status, 200);
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(book.bytes)).unwrap();
    let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    let rows = all(admin, "/v1/reports/stock");
    assert_eq!(sheet.height(), rows.len() + 1);
    assert_eq!(sheet.get((0, 0)).unwrap().to_string(), "product");
    assert_eq!(sheet.get((1, 6)).unwrap().to_string(), rows[0]["quantity"].to_string());

    for (kind, time) in [("balances", "quantity"), ("valuation", "value")] {
        let arguments = ["export", kind, "--product", "BRIE", "--as-of", "2026-01-31", "--as-known-at", "4"];
        let printed = support::run_ok(&server.database, &arguments);
        let mut reader = csv::Reader::from_reader(printed.as_bytes());
        let at = reader.headers().unwrap().iter().position(|name| name == time).unwrap();
        let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!((lines.len(), &lines[0][at]), (1, if kind == "balances" { "18" } else { "45" }), "{printed}");
    }
    let refused = support::run(&server.database, &["export", "report", "nonsense"]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("there is no report"));
}

/// Debits less credits by account, once every document was seen to balance.
fn balances_of(documents: &[Value]) -> BTreeMap<String, i64> {
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for document in documents {
        let (mut debits, mut credits) = (0, 0);
        for line in document["lines"].as_array().unwrap() {
            let (debit, credit) = (e6(&line["debit"]), e6(&line["credit"]));
            assert!(debit >= 0 && credit >= 0, "{line}");
            *found.entry(line["account"].as_str().unwrap().to_owned()).or_default() += debit - credit;
            (debits, credits) = (debits + debit, credits + credit);
        }
        assert_eq!(debits, credits, "{document}");
    }
    found.retain(|_, amount| *amount != 0);
    found
}

/// What the feed tells, posted by hand.
fn posted_by_hand(facts: &[Fact], stock: impl Fn(&str) -> &'static str) -> BTreeMap<String, i64> {
    let mut want: BTreeMap<String, i64> = BTreeMap::new();
    for fact in facts {
        let account = |place: &str| match place {
            "customer" => "5000".to_owned(),
            place if !is_real(place) => place.to_owned(),
            place if unit_of(place) == place && place != "Shop" => "inTransit".to_owned(),
            _ => stock(&fact.product).to_owned(),
        };
        match &fact.unit {
            None if is_real(&fact.from) && is_real(&fact.to) && fact.amount == 0 => {}
            None => {
                *want.entry(account(&fact.to)).or_default() += fact.amount;
                *want.entry(account(&fact.from)).or_default() -= fact.amount;
            }
            Some(unit) => {
                let other = if is_real(&fact.from) { "transfer".to_owned() } else { account(&fact.from) };
                let own = if unit == "Main" || unit == "Shop" {
                    stock(&fact.product).to_owned()
                } else {
                    "inTransit".to_owned()
                };
                *want.entry(own).or_default() += fact.amount;
                *want.entry(other).or_default() -= fact.amount;
            }
        }
    }
    want.retain(|_, amount| *amount != 0);
    want
}

fn postings_hold(server: &Server, admin: &mut Client) {
    ok(&admin.post(
        "/v1/gl-rules",
        &json!([
            { "name": "Stock", "kind": "stock", "account": "1400" },
            { "name": "Food", "kind": "stock", "category": "Food", "account": "1410" },
            { "name": "Cost of sales", "kind": "customer", "account": "5000" }
        ]),
    ));
    let twice =
        admin.post("/v1/gl-rules", &json!({ "name": "Again", "kind": "stock", "category": "Food", "account": "1" }));
    assert_eq!(twice.problem(), (422, "duplicate".into()), "{}", twice.text);
    let wrong = admin.post("/v1/gl-rules", &json!({ "name": "Other", "kind": "nonsense", "account": "1" }));
    assert_eq!(wrong.status, 422, "{}", wrong.text);

    let read = |admin: &mut Client, after: i64| ok(&admin.get(&format!("/v1/gl-postings?after={after}&limit=1000")));
    // Whoever reads at the same time gets the same documents.
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let mut reader = server.admin();
            std::thread::spawn(move || ok(&reader.get("/v1/gl-postings?after=0&limit=1000")))
        })
        .collect();
    let pages: Vec<Value> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    let first = read(admin, 0);
    assert!(pages.iter().all(|page| page["items"] == first["items"]), "{pages:?}");
    assert_eq!(first["postedTo"], first["position"]);
    let documents = first["items"].as_array().unwrap().clone();
    let stock = |product: &str| if product == "KNIFE" { "1400" } else { "1410" };
    let before = facts(admin);
    assert_eq!(balances_of(&documents), posted_by_hand(&before, stock));
    let worth = |admin: &mut Client, food: bool| -> i64 {
        let rows = all(admin, "/v1/valuation?limit=1000").into_iter();
        rows.filter(|row| (row["product"]["identifier"] != "KNIFE") == food).map(|row| e6(&row["value"])).sum()
    };
    assert_eq!(
        (balances_of(&documents)["1400"], balances_of(&documents)["1410"]),
        (worth(admin, false), worth(admin, true))
    );
    // A document for each day on which something happened, the late ones included.
    let periods: Vec<&str> = documents.iter().map(|document| document["period"].as_str().unwrap()).collect();
    let mut days: Vec<&str> = before.iter().filter(|fact| fact.amount != 0).map(|fact| &fact.at[..10]).collect();
    days.dedup();
    assert_eq!(periods, days);
    documents_are_made_of_lines(admin, &documents);

    // Nothing new, nothing more; then what was booked since, and nothing else.
    let next = first["next"].as_i64().unwrap();
    assert_eq!((next, read(admin, next)["items"].clone()), (documents.len() as i64, json!([])));
    Clerk(admin).book("Deliveries", "2026-02-12", &[("KNIFE", "", "Cellar", 2.0, 5.0)]);
    let more = read(admin, next);
    assert_eq!(
        balances_of(more["items"].as_array().unwrap()),
        [("1400".into(), 10_000_000), ("supplier".into(), -10_000_000)].into()
    );
    assert_eq!(more["items"][0]["period"], "2026-02-12");
    assert_eq!(read(admin, 0)["items"].as_array().unwrap()[..documents.len()], documents);

    // Another account: what stood in the old one moves there by a document of its own, today, though nothing else
    // happened; what was posted stays as it was posted.
    let told = read(admin, 0);
    ok(&admin.patch("/v1/gl-rules/Food", &json!({ "account": "1499" })));
    ok(&admin.patch("/v1/gl-rules/Cost%20of%20sales", &json!({ "account": "5100" })));
    let moved = read(admin, told["next"].as_i64().unwrap());
    let [document] = moved["items"].as_array().unwrap().as_slice() else { panic!("one document: {moved}") };
    assert_eq!((&document["kind"], &document["toPosition"]), (&json!("reclassification"), &told["position"]));
    assert_eq!(document["period"].as_str().unwrap(), &document["createdAt"].as_str().unwrap()[..10]);
    let food = worth(admin, true);
    let sums = balances_of(std::slice::from_ref(document));
    assert_eq!(sums, [("1410".to_owned(), -food), ("1499".to_owned(), food)].into(), "{document}");
    assert_eq!(read(admin, moved["next"].as_i64().unwrap())["items"], json!([]));
    let everything = read(admin, 0)["items"].as_array().unwrap().clone();
    assert_eq!(everything[..everything.len() - 1], *told["items"].as_array().unwrap());
    assert!(everything[..everything.len() - 1].iter().all(|document| document["kind"] == "postings"));

    // From now on by months.
    ok(&admin.patch("/v1/settings/glPeriod", &json!({ "value": "month" })));
    Clerk(admin).book("Deliveries", "2026-02-12", &[("BRIE", "", "Cellar", 1.0, 5.0)]);
    Clerk(admin).settled();
    let everything = read(admin, 0)["items"].as_array().unwrap().clone();
    let sums = balances_of(&everything);
    assert_eq!(
        (sums.get("1410"), sums["1499"], sums["1400"]),
        (None, worth(admin, true), worth(admin, false)),
        "{sums:?}"
    );
    assert_eq!(everything.last().unwrap()["period"].as_str().unwrap().len(), 7);

    let lines: usize = everything.iter().map(|document| document["lines"].as_array().unwrap().len()).sum();
    let printed = support::run_ok(&server.database, &["export", "gl-postings"]);
    assert_eq!(printed.lines().count(), lines + 1);
    assert_eq!(admin.get("/v1/gl-postings?format=csv").text.trim_end(), printed);
    assert_eq!(admin.get("/v1/gl-postings?after=x").status, 400);
    assert_eq!(admin.delete("/v1/categories/Food%2FCheese").status, 409);
    let mut shopkeeper = server.client_with(&server.key("shopkeeper"));
    assert_eq!(shopkeeper.get("/v1/gl-postings").status, 403);
    assert_eq!(shopkeeper.get("/v1/gl-postings/1/lines").status, 403);
}

/// What a document added up, account by account and page by page, comes to what it says.
fn documents_are_made_of_lines(admin: &mut Client, documents: &[Value]) {
    let mut movements = 0;
    for document in documents {
        for line in document["lines"].as_array().unwrap() {
            let (account, unit) = (line["account"].as_str().unwrap(), &line["orgUnit"]["id"]);
            let at = format!("/v1/gl-postings/{}/lines?account={account}&orgUnit={unit}&limit=2", document["number"]);
            let lines = all(admin, &at);
            let sum = |side: &str| -> i64 {
                let of_side = |one: &&Value| one[side]["account"] == account && one[side]["orgUnit"]["id"] == *unit;
                lines.iter().filter(of_side).map(|one| e6(&one["amount"])).sum()
            };
            assert_eq!((sum("debit"), sum("credit")), (e6(&line["debit"]), e6(&line["credit"])), "{line}: {lines:?}");
        }
        let lines = all(admin, &format!("/v1/gl-postings/{}/lines?limit=2", document["number"]));
        movements += lines.iter().filter(|one| one["movement"].is_i64()).count();
    }
    assert!(movements > 0);
    assert_eq!(admin.get("/v1/gl-postings/1/lines?account=1400").status, 422);
    assert_eq!(admin.get("/v1/gl-postings/999/lines").status, 404);
}

/// What is free at each time, and what can be promised without breaking a later promise.
fn promises_hold(server: &Server, admin: &mut Client) {
    ok(&admin.post("/v1/journals", &json!({ "name": "Expected", "kind": "Delivery" })));
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Expected" })))["id"].as_i64().unwrap();
    let expected = |count: i64, day: &str| json!({ "voucher": voucher, "product": "KNIFE", "location": "Cellar", "count": count, "stockDate": day });
    let entries = [expected(20, "2099-03-01T00:00:00Z"), expected(3, "2026-01-01T00:00:00Z")];
    ok(&admin.post("/v1/entries", &json!(entries)));
    Clerk(admin).book("Deliveries", "2099-02-01", &[("KNIFE", "", "Cellar", -5.0, 0.0)]);
    let hold = json!({ "product": "KNIFE", "location": "Cellar", "quantity": 4, "holdUntil": "2099-02-15T00:00:00Z" });
    ok(&admin.post("/v1/reservations", &hold));

    let found = all(admin, "/v1/available-to-promise?product=KNIFE&quantity=5");
    assert_eq!(found.len(), 1, "{found:?}");
    let promise = &found[0];
    assert_eq!([&promise["stock"], &promise["reserved"], &promise["overdue"]], [&json!(12), &json!(4), &json!(3)]);
    let steps: Vec<(&str, i64, i64)> = promise["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let at = step["at"].as_str().unwrap();
            (&at[..10], e6(&step["projected"]) / 1_000_000, e6(&step["availableToPromise"]) / 1_000_000)
        })
        .collect();
    // 12 less 4; 5 leave; the hold ends; 20 arrive.
    assert_eq!((steps[0].1, steps[0].2), (8, 3));
    assert_eq!(steps[1..], [("2099-02-01", 3, 3), ("2099-02-15", 7, 7), ("2099-03-01", 27, 27)]);
    assert_eq!(promise["promisableAt"], "2099-02-15T00:00:00.000Z");
    let never = all(admin, "/v1/available-to-promise?product=KNIFE&quantity=28&location=Cellar");
    assert_eq!((&never[0]["promisableAt"], &never[0]["steps"][3]["incoming"]), (&Value::Null, &json!(20)));
    assert_eq!(all(admin, "/v1/available-to-promise?product=KNIFE&orgUnit=Shop"), Vec::<Value>::new());
    assert_eq!(admin.get("/v1/available-to-promise").problem(), (422, "required".into()));
    let printed = support::run_ok(&server.database, &["export", "available-to-promise", "--product", "KNIFE"]);
    assert_eq!(printed.lines().count(), 5, "{printed}");
}

fn holds(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    live(&mut admin);
    let facts = facts(&mut admin);
    for product in ["BRIE", "HAM", "KNIFE"] {
        cards_hold(&mut admin, product, &facts);
    }
    costs_are_known_by_now(&mut admin);
    a_place_has_a_card(&mut admin, &facts);
    stock_ties(&mut admin, "");
    ages_hold(&mut admin, &facts);
    figures_of_use_hold(&mut admin);
    let position = ok(&admin.get("/v1/valuation"))["position"].as_i64().unwrap();
    filters_and_times_hold(&mut admin, position);
    sheets_hold(&server, &mut admin);

    support::run_ok(&server.database, &["user", "create", "shopkeeper", "--role", "reader", "--org-unit", "Shop"]);
    let mut shopkeeper = server.client_with(&server.key("shopkeeper"));
    let rows = all(&mut shopkeeper, "/v1/reports/stock");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["orgUnit"]["path"] == "Shop"), "{rows:?}");
    let card = all(&mut shopkeeper, "/v1/stock-card?product=BRIE");
    let moved = card.iter().filter(|line| line["id"].is_i64());
    assert!(moved.clone().count() > 0);
    for line in moved {
        assert!([&line["from"], &line["to"]].iter().any(|place| place["path"] == "Shop/Shelf"), "{line}");
    }
    assert_eq!(server.client().get("/v1/reports/stock").status, 401);
    postings_hold(&server, &mut admin);
    promises_hold(&server, &mut admin);
}

#[test]
fn reports_hold_on_sqlite() {
    holds(&Scratch::new().url());
}

#[test]
fn reports_hold_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    holds(&database.url());
}

#[test]
fn reports_hold_on_the_demo() {
    let scratch = Scratch::new();
    let server = Server::start_on(&scratch.url(), &["--demo"]);
    let mut admin = server.admin();
    Clerk(&mut admin).settled();
    stock_ties(&mut admin, "");
    let facts = facts(&mut admin);
    let mut products: Vec<String> = facts.iter().map(|fact| fact.product.clone()).collect();
    products.sort_unstable();
    products.dedup();
    for product in products {
        let (mut quantity, mut value) = (0, 0);
        for fact in facts.iter().filter(|fact| fact.product == product) {
            let sign = i64::from(is_real(&fact.to)) - i64::from(is_real(&fact.from));
            quantity += if fact.unit.is_some() { 0 } else { sign * fact.quantity };
            value += if fact.unit.is_some() { fact.amount } else { sign * fact.amount };
        }
        let card = ok(&admin.get(&format!("/v1/stock-card?product={}&limit=1", product.replace(' ', "%20"))));
        assert_eq!((e6(&card["closing"]["quantity"]), e6(&card["closing"]["value"])), (quantity, value), "{product}");
        // Where nothing but movements makes value, what they cost by now comes to it.
        let lines = all(&mut admin, &format!("/v1/stock-card?product={}&limit=50", product.replace(' ', "%20")));
        let is_plain = lines.iter().all(|line| line["id"].is_i64() || line["kind"] == "settlement");
        let current: i64 = lines
            .iter()
            .filter(|line| line["id"].is_i64())
            .map(|line| {
                let is_real = |end: &str| i64::from(line[end]["id"].as_i64().unwrap() > 0);
                (is_real("to") - is_real("from")) * e6(&line["currentAmount"])
            })
            .sum();
        assert!(!is_plain || current == value, "{product}: {current} and {value}");
    }
    let documents = ok(&admin.get("/v1/gl-postings?limit=1000"))["items"].as_array().unwrap().clone();
    let sums = balances_of(&documents);
    let worth: i64 = all(&mut admin, "/v1/valuation?limit=1000").iter().map(|row| e6(&row["value"])).sum();
    // The demo's accounts of stock begin with 14.
    let stock: i64 = sums.iter().filter(|(account, _)| account.starts_with("14")).map(|(_, sum)| sum).sum();
    assert_eq!(stock + sums.get("inTransit").copied().unwrap_or(0), worth, "{sums:?}");
    for name in ["ageing", "turnover", "abc", "dead-stock?days=7", "expiry?days=365"] {
        assert!(!all(&mut admin, &format!("/v1/reports/{name}")).is_empty(), "{name} is empty");
    }
}

/// Without a time the question is about now; a date alone is the whole of its day.
#[test]
fn what_is_still_to_come_does_not_stand_there_yet() {
    let server = Server::start();
    let mut admin = server.admin();
    furnish(&mut admin);
    let count = |quantity: i64, at: &str| json!({ "product": "BRIE", "location": "Cellar/Rack", "quantity": quantity, "at": at });
    ok(&admin.post("/v1/counts", &json!([count(20, "2026-01-05T08:00:00Z"), count(26, "2090-01-01T08:00:00Z")])));
    let mut stock = |path: &str| {
        let page = ok(&admin.get(path));
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| e6(row.get("stock").unwrap_or(&row["quantity"])))
            .sum::<i64>()
    };
    for (question, expected) in [
        ("balances?product=BRIE", 20),
        ("availability?product=BRIE", 20),
        ("valuation?product=BRIE", 20),
        ("reports/stock?product=BRIE", 20),
        ("balances?product=BRIE&asOf=2026-01-05", 20),
        ("balances?product=BRIE&asOf=2026-01-04", 0),
        ("reports/stock?product=BRIE&asOf=2026-01-05", 20),
        ("balances?product=BRIE&asOf=2090-01-01", 26),
        ("balances?product=BRIE&asOf=2089-12-31", 20),
    ] {
        assert_eq!(stock(&format!("/v1/{question}")), expected * 1_000_000, "{question}");
    }
    let of_now = ok(&admin.get("/v1/availability?product=BRIE"));
    assert_eq!(of_now["items"][0]["ordered"], 0, "{of_now}");
    let of_then = ok(&admin.get("/v1/availability?product=BRIE&asOf=2026-01-05"));
    assert!(of_then["items"][0].get("ordered").is_none(), "{of_then}");
    let exported = run_ok(&server.database, &["export", "availability", "--product", "BRIE"]);
    let (head, row) = exported.split_once('\n').unwrap();
    let at = head.split(',').position(|name| name == "ordered").unwrap();
    assert_eq!(row.split(',').nth(at), Some("0"), "{exported}");
    let card = ok(&admin.get("/v1/stock-card?product=BRIE&from=2026-01-05&to=2026-01-05"));
    assert_eq!(card["items"].as_array().map(Vec::len), Some(1), "{card}");
}
