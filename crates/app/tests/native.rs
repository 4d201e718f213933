//! The native API: catalog records and settings over HTTP, and everything by the command line, without a server.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use serde_json::{Value, json};
use support::{PostgresDb, Scratch, Server, lotbook, run, run_ok};

#[test]
fn records_are_made_read_changed_and_deleted() {
    let server = Server::start();
    let mut admin = server.admin();
    let made = admin.post("/v1/units", &json!({"name": "Kilogram", "symbol": "kg"}));
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("location"), Some("/v1/units/10"));
    assert_eq!(made.header("etag"), Some("\"1\""));

    let many = admin.post(
        "/v1/locations",
        &json!([{"name": "Plant", "type": "site"}, {"name": "Receiving", "parent": "Plant"},
                {"name": "Silo1", "parent": "Plant/Receiving"}]),
    );
    assert_eq!(many.status, 201, "{}", many.text);
    assert_eq!(many.json()["items"][2]["path"], "Plant/Receiving/Silo1");
    for address in ["Plant/Receiving/Silo1", "plant%2Freceiving%2Fsilo1", "102"] {
        assert_eq!(admin.get(&format!("/v1/locations/{address}")).json()["id"], 102, "{address}");
    }

    let exact = r#"{"identifier": "85123A", "name": "Heart", "unit": "kg", "costPrice": 123456789012.345678}"#;
    let made = admin.send("POST", "/v1/products", exact);
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(made.text.contains("\"costPrice\":123456789012.345678,"), "{}", made.text);
    let read = admin.get("/v1/products/85123a");
    assert_eq!((read.status, read.header("etag")), (200, Some("\"1\"")));
    assert_eq!(read.json()["unit"], "kg");

    let mut careful = server.admin().with("If-Match", "\"1\"");
    let changed = careful.patch("/v1/products/85123A", &json!({"name": "Red heart"}));
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")), "{}", changed.text);
    assert_eq!(careful.patch("/v1/products/85123A", &json!({"name": "x"})).problem(), (412, "conflict".into()));
    assert_eq!(careful.delete("/v1/products/85123A").problem(), (412, "conflict".into()));

    let page = admin.get("/v1/products?search=HEART&unit=kg&limit=1");
    assert_eq!(page.json()["items"][0]["name"], "Red heart");
    assert_eq!(page.json()["nextCursor"], Value::Null);
    assert_eq!(admin.get("/v1/products?colour=red").problem(), (422, "unknownFilter".into()));

    assert_eq!(admin.delete("/v1/units/kg").problem(), (409, "inUse".into()));
    assert_eq!(admin.delete("/v1/products/85123A").status, 200);
    assert_eq!(admin.get("/v1/products/85123A").problem(), (404, "notFound".into()));
    assert_eq!(admin.get("/v1/widgets").problem(), (404, "unknownRoute".into()));
}

#[test]
fn all_faults_come_at_once_with_their_paths() {
    let server = Server::start();
    let mut admin = server.admin();
    let refused = admin.post("/v1/products", &json!([{"name": 5}, {"identifier": "a", "name": "b", "costPrice": -1}]));
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    let problem = refused.json();
    assert_eq!(problem["code"], "validationFailed");
    for path in ["[0].identifier", "[0].name", "[1].costPrice"] {
        assert_eq!(problem["violations"][path].as_array().map(Vec::len), Some(1), "{path} in {problem}");
    }
    assert_eq!(problem["requestId"].as_str(), refused.header("x-request-id"));
    for (body, status) in [("{", 400), ("[{}, 5]", 422), ("17", 422), (r#"{"name": "a", "name": "b"}"#, 400), ("", 422)]
    {
        assert_eq!(admin.send("POST", "/v1/products", body).status, status, "{body}");
    }
    let dry = admin.post("/v1/products?dryRun=true", &json!({"identifier": "a", "name": "b"}));
    assert_eq!((dry.status, dry.json()["identifier"].as_str()), (200, Some("a")));
    assert_eq!(admin.get("/v1/products").json()["items"], json!([]));
}

#[test]
fn what_nobody_would_read_is_refused() {
    let server = Server::start();
    let mut admin = server.admin();
    for address in [
        "/v1/balances",
        "/v1/valuation",
        "/v1/movements",
        "/v1/availability",
        "/v1/entries",
        "/v1/vouchers",
        "/v1/bookings",
        "/v1/reservations",
        "/v1/counts",
        "/v1/runs",
        "/v1/tags",
        "/v1/audit",
        "/v1/users",
        "/v1/feed",
        "/v1/drafts",
        "/v1/lots/x/trace",
        "/v1/revaluations",
        "/v1/stock-card",
        "/v1/units",
        "/v1/me",
        "/v1/locations/a/b",
    ] {
        let reply = admin.get(&format!("{address}?colour=red"));
        assert_eq!(reply.problem(), (422, "unknownFilter".into()), "{address}");
        assert_eq!(reply.json()["violations"]["colour"].as_array().map(Vec::len), Some(1), "{address}");
    }
    let unit = json!({"name": "Kilogram", "symbol": "kg"});
    let refused = admin.post("/v1/units?dryrun=true", &unit);
    assert_eq!(refused.problem(), (422, "unknownParameter".into()));
    assert!(refused.text.contains("there are dryRun"), "{}", refused.text);
    assert_eq!(admin.get("/v1/units/kg").status, 404);

    // A misspelled filter would book everything, a misspelled org unit let a role hold everywhere.
    for (address, body) in [
        ("/v1/bookings", json!({"journal": "In", "orgUnit": "Main"})),
        ("/v1/counts", json!({"product": "P", "location": "Main", "quantity": 1, "on": "2026-01-01"})),
        ("/v1/reservations", json!({"product": "P", "quantity": 1, "until": "2026-01-01"})),
        ("/v1/users", json!({"name": "kim", "role": "reader", "orgunit": "Main"})),
        ("/v1/users", json!({"name": "kim", "roles": [{"role": "reader", "orgunit": "Main"}]})),
        ("/v1/roles", json!({"name": "night", "permission": []})),
    ] {
        let refused = admin.post(address, &body);
        assert!(matches!(refused.status, 400 | 422), "{address}: {}", refused.text);
        let named = ["orgUnit", " on", "until", "orgunit", "role is its name", "roles", "permission"];
        assert!(named.iter().any(|name| refused.text.contains(name)), "{address}: {}", refused.text);
    }

    // A count and a movement have no lines that could be picked.
    for what in ["count", "countBatch", "movement"] {
        let refused = admin.post("/v1/reversals", &json!({ what: 1, "lines": [0], "reason": "miscounted" }));
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.json()["codes"], json!({"lines": ["notPossible"]}), "{}", refused.text);
    }

    let unreadable = admin.get("/v1/products/%FF");
    assert_eq!(unreadable.problem(), (400, "unreadableRequest".into()));
    assert_eq!(unreadable.header("content-type"), Some("application/problem+json"));
    for position in ["-1", "7"] {
        for address in ["/v1/balances", "/v1/movements", "/v1/valuation", "/v1/reports/stock"] {
            let refused = admin.get(&format!("{address}?asKnownAt={position}"));
            assert_eq!(refused.status, 422, "{address} {position}: {}", refused.text);
            assert!(refused.text.contains("asKnownAt"), "{}", refused.text);
        }
    }
}

#[test]
fn a_dry_run_does_not_look_like_a_change() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.post("/v1/locations", &json!({"name": "Shelf"}));
    admin.post("/v1/products", &json!({"identifier": "P", "name": "Pen", "unit": "pcs"}));
    admin.post("/v1/journals", &json!({"name": "In", "kind": "Delivery"}));
    for (address, body) in [
        ("/v1/vouchers", json!({"journal": "In"})),
        ("/v1/bookings", json!({"journal": "In"})),
        ("/v1/counts", json!({"product": "P", "location": "Shelf", "quantity": 1})),
        ("/v1/users", json!({"name": "kim"})),
        ("/v1/parties", json!({"code": "C1", "name": "Anna"})),
    ] {
        let dry = admin.post(&format!("{address}?dryRun=true"), &body);
        assert_eq!((dry.status, dry.header("dry-run")), (200, Some("true")), "{address}: {}", dry.text);
        let real = admin.post(address, &body);
        assert!(matches!(real.status, 201 | 202), "{address}: {}", real.text);
        assert_eq!(real.header("dry-run"), None);
    }
    let document = admin.get("/v1/openapi.json").json();
    let told = &document["paths"]["/v1/vouchers"]["post"]["responses"]["200"];
    assert!(told["headers"]["Dry-Run"].is_object(), "{told}");
}

#[test]
fn faults_are_told_where_they_are_and_in_plain_words() {
    let server = Server::start();
    let mut admin = server.admin();
    for (address, body) in [("/v1/counts", json!({"quantity": -1})), ("/v1/reservations", json!({"quantity": -1}))] {
        let refused = admin.post(address, &body).json();
        assert!(refused["violations"]["product"].is_array(), "{refused}");
        let refused = admin.post(address, &json!([body])).json();
        assert!(refused["violations"]["[0].product"].is_array(), "{refused}");
    }
    let refused = admin.send("POST", "/v1/products", "17").json();
    assert_eq!(refused["violations"]["$"].as_array().map(Vec::len), Some(1), "{refused}");
    assert!(!refused["detail"].as_str().unwrap().starts_with(':'), "{refused}");
    for (address, body, told) in [
        ("/v1/login", "{}", "the body has no field user; send it"),
        ("/v1/login", "{\"user\": {}}", "$.user: is an object; send a text"),
        ("/v1/users", "{\"roles\": {}}", "$.roles: is an object; send a list"),
        ("/v1/products", "{\"name\": \"x\"", "$: ends before its object is closed"),
    ] {
        let detail = admin.send("POST", address, body).json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(told) || detail.contains(told.trim_start_matches("$: ")), "{detail}");
    }
}

fn vouchers_are_made_together_or_not_at_all(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    admin.post("/v1/series", &json!({"name": "Short", "from": 500, "to": 502}));
    admin.post(
        "/v1/journals",
        &json!([{"name": "In", "kind": "Delivery"}, {"name": "Out", "kind": "InternalUse", "series": "Short"}]),
    );
    let one =
        admin.post("/v1/vouchers", &json!({"journal": "In", "number": 7, "source": {"type": "invoice", "id": 3}}));
    assert_eq!(one.status, 201, "{}", one.text);
    let shown = admin.get(&format!("/v1/vouchers/{}", one.json()["id"])).json();
    assert_eq!(one.json(), shown, "the answer is the record");

    let refused = admin.post(
        "/v1/vouchers",
        &json!([
            {"journal": "In"}, {"journal": "Nowhere"}, {"journal": "In", "number": 7}, {"number": -1},
            {"journal": "In", "number": 501, "colour": "red"}, {"journal": "In", "number": 8, "source": "a list"},
            {"journal": "In", "number": 8, "description": 5}
        ]),
    );
    assert_eq!(refused.status, 422, "{}", refused.text);
    let codes = refused.json()["codes"].clone();
    let want = json!({
        "[1].journal": ["unknownJournal"], "[2].number": ["numberInUse"], "[3].journal": ["required"],
        "[3].number": ["numberOutOfRange"], "[4]": ["unknownField"], "[4].number": ["numberOverlapsSeries"],
        "[5].source": ["wrongType"], "[6].number": ["numberInUse"], "[6].description": ["wrongType"]
    });
    assert_eq!(codes, want, "{}", refused.text);
    // A series that runs out in the middle makes none.
    let out = json!({"journal": "Out"});
    let short = admin.post("/v1/vouchers", &json!([out, out, {"journal": "In"}, out, out]));
    assert_eq!(short.problem(), (409, "seriesExhausted".into()), "{}", short.text);
    assert_eq!(admin.get("/v1/vouchers").json()["items"].as_array().unwrap().len(), 1);

    let several = json!([{"journal": "In"}, out, {"journal": "In", "number": 9, "description": "by hand"}, out]);
    let dry = admin.post("/v1/vouchers?dryRun=true", &several);
    assert_eq!((dry.status, dry.json()["items"].as_array().map(Vec::len)), (200, Some(4)), "{}", dry.text);
    let mut keyed = server.admin().with("Idempotency-Key", "four vouchers");
    let made = keyed.post("/v1/vouchers", &several);
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(keyed.post("/v1/vouchers", &several).json(), made.json());
    let listed = admin.get("/v1/vouchers").json()["items"].clone();
    assert_eq!(listed.as_array().unwrap()[1..], *made.json()["items"].as_array().unwrap());
    assert_eq!(listed[4]["number"], listed[2]["number"].as_i64().unwrap() + 1, "of the same series, in a row");
    // An id in an address is an id, whatever number another voucher has.
    let second = listed[1]["id"].as_i64().unwrap();
    admin.post("/v1/vouchers", &json!({"journal": "In", "number": second}));
    assert_eq!(admin.get(&format!("/v1/vouchers/{second}")).json()["id"], second);
    assert_eq!(admin.post("/v1/vouchers", &json!([])).json(), json!({"items": []}));
}

#[test]
fn vouchers_on_sqlite() {
    let scratch = support::Scratch::new();
    vouchers_are_made_together_or_not_at_all(&scratch.url());
}

#[test]
fn vouchers_on_postgresql() {
    let Some(database) = support::PostgresDb::new() else { return };
    vouchers_are_made_together_or_not_at_all(&database.url());
}

#[test]
fn a_key_makes_a_retry_harmless() {
    let server = Server::start();
    let mut admin = server.admin().with("Idempotency-Key", "once");
    let body = json!({"code": "C1", "name": "Anna"});
    let first = admin.post("/v1/parties", &body);
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(admin.post("/v1/parties", &body).text, first.text);
    assert_eq!(
        admin.post("/v1/parties", &json!({"code": "C2", "name": "Bert"})).problem(),
        (422, "idempotencyKeyReused".into())
    );
}

#[test]
fn whoever_may_only_read_changes_nothing() {
    let server = Server::start();
    let mut admin = server.admin();
    assert_eq!(admin.post("/v1/users", &json!({"name": "rita", "role": "reader"})).status, 201);
    let mut reader = server.client_with(&server.key("rita"));
    assert_eq!(reader.get("/v1/locations").status, 200);
    assert_eq!(
        reader.post("/v1/parties", &json!({"code": "C1", "name": "x"})).problem(),
        (403, "permissionDenied".into())
    );
    assert_eq!(
        reader.patch("/v1/settings/negativeStock", &json!({"value": "warn"})).problem(),
        (403, "permissionDenied".into())
    );
    assert_eq!(server.client().get("/v1/products").problem(), (401, "unauthorized".into()));
}

#[test]
fn settings_and_periods() {
    let server = Server::start();
    let mut admin = server.admin();
    let all = admin.get("/v1/settings").json();
    assert!(
        all["items"].as_array().unwrap().iter().any(|one| one["key"] == "negativeStock" && one["value"] == "allow")
    );
    let set = admin.patch("/v1/settings/negativeStock", &json!({"value": "forbid"}));
    assert_eq!((set.status, set.json()["value"].as_str()), (200, Some("forbid")), "{}", set.text);
    assert_eq!(admin.get("/v1/settings/negativeStock").json()["holds"], "forbid");
    assert_eq!(admin.post("/v1/locations", &json!({"name": "Shop", "type": "orgUnit"})).status, 201);
    let set = admin.patch("/v1/settings/negativeStock", &json!({"value": "warn", "orgUnit": "Shop"}));
    assert_eq!(set.json()["orgUnit"]["path"], "Shop", "{}", set.text);
    assert_eq!(admin.get("/v1/settings/negativeStock?orgUnit=Shop").json()["holds"], "warn");
    for (body, code) in [
        (json!({"value": "never"}), "unknownWord"),
        (json!({}), "required"),
        (json!({"value": "warn", "orgUnit": "Nowhere"}), "notFound"),
        (json!({"value": "warn", "place": 1}), "unknownField"),
    ] {
        assert_eq!(admin.patch("/v1/settings/negativeStock", &body).problem(), (422, code.into()), "{body}");
    }
    assert_eq!(admin.patch("/v1/settings/nonsense", &json!({"value": 1})).problem(), (404, "notFound".into()));
    let closed = admin.post("/v1/periods", &json!({"closedUntil": "2010-12-31"}));
    assert_eq!((closed.status, closed.json()["closedUntil"].as_str()), (201, Some("2010-12-31")), "{}", closed.text);
    assert_eq!(admin.get("/v1/periods").json()["items"][0]["closedBy"]["name"], "admin");
    assert_eq!(admin.get("/v1/settings/closedUntil").json()["value"], "2010-12-31");
}

#[test]
fn the_reference_is_there_for_everybody_and_says_what_is() {
    let server = Server::start();
    let mut anybody = server.client();
    for (path, kind) in [
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/docs.css", "text/css; charset=utf-8"),
        ("/docs/docs.js", "text/javascript; charset=utf-8"),
        ("/v1/openapi.json", "application/json"),
    ] {
        let reply = anybody.get(path);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{path}");
    }
    let document = anybody.get("/v1/openapi.json").json();
    assert_eq!(support::run_ok(&server.database, &["openapi"]).parse::<Value>().unwrap(), document);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let address = path.replace("{reference}", "1").replace("{key}", "timeZone").replace("{id}", "1");
            let reply = anybody.send(&method.to_uppercase(), &address, "{}");
            let is_open = operation.get("security").is_some();
            assert!(reply.status == 401 || is_open && reply.status != 404, "{method} {path}: {}", reply.text);
        }
    }
}

/// The operations of the reference: method, address with something in each of its places, and what they need.
fn operations(admin: &mut support::Client) -> Vec<(String, String, Option<String>)> {
    let document = admin.get("/v1/openapi.json").json();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let address = parts.collect::<Vec<_>>().join("/");
        for (method, operation) in methods.as_object().unwrap() {
            let is_open = operation["security"].as_array().is_some_and(Vec::is_empty);
            let needs = operation["x-permission"].as_str().and_then(|text| text.split(',').next()).map(str::to_owned);
            if !is_open {
                found.push((method.to_uppercase(), address.clone(), needs));
            }
        }
    }
    found
}

/// Whoever lacks the permission that the reference names is refused at every route, and it is all that is needed:
/// nobody is refused who holds nothing but it.
#[test]
fn each_route_asks_for_the_permission_that_the_reference_names() {
    let server = Server::start();
    let mut admin = server.admin();
    let operations = operations(&mut admin);
    let needed: std::collections::BTreeSet<&str> =
        operations.iter().filter_map(|(_, _, needs)| needs.as_deref()).collect();
    let hire = |admin: &mut support::Client, name: &str, permissions: &[&str]| {
        let role = admin.post("/v1/roles", &json!({"name": name, "permissions": permissions}));
        assert_eq!(role.status, 201, "{}", role.text);
        let person = admin.post("/v1/users", &json!({"name": name, "role": name}));
        assert_eq!(person.status, 201, "{}", person.text);
        server.key(name)
    };
    let mut holders = std::collections::BTreeMap::new();
    for permission in &needed {
        let name = format!("only {}", permission.to_lowercase());
        holders.insert(*permission, hire(&mut admin, &name, &[permission]));
    }
    let others =
        [hire(&mut admin, "tracer", &["TRACK_AND_TRACE.READ.GET"]), hire(&mut admin, "auditor", &["AUDIT.READ"])];
    let mut wrong = Vec::new();
    let (mut refused, mut let_in) = (0, 0);
    for (method, address, needs) in &operations {
        // What a run needs depends on its kind; and nobody changes who may do more than they do.
        let body = match (method.as_str(), address.as_str()) {
            ("GET" | "DELETE", _) => "",
            ("POST", "/v1/runs") => r#"{"kind": "RECEIVE"}"#,
            _ => "{}",
        };
        let own = "only%20users.write";
        let address =
            &address.replace("/users/1", &format!("/users/{own}")).replace("/roles/1", &format!("/roles/{own}"));
        let ask = |token: Option<&str>| {
            let mut client = token.map_or_else(|| server.client(), |token| server.client_with(token));
            client.send(method, address, body).status
        };
        if address == "/v1/logout" {
            continue;
        }
        let stranger = ask(None);
        if stranger != 401 {
            wrong.push(format!("{method} {address}: a stranger gets {stranger}"));
        }
        let Some(needs) = needs else { continue };
        let without = ask(Some(&others[usize::from(needs.starts_with("TRACK_AND_TRACE"))]));
        if without == 403 {
            refused += 1;
        } else {
            wrong.push(format!("{method} {address}: without {needs} {without}"));
        }
        let with = ask(Some(&holders[needs.as_str()]));
        if with == 403 { wrong.push(format!("{method} {address}: {needs} is not enough")) } else { let_in += 1 }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), operations.len(), wrong.join("\n"));
    assert!(refused > 150 && let_in == refused && needed.len() > 15, "{refused} {let_in} {needed:?}");
}

/// What `lotbook call` answers, told apart by spaces; `_` stands for a space inside.
fn called(database: &str, words: &str) -> Value {
    let text = run_ok(database, &arguments(words).iter().map(String::as_str).collect::<Vec<_>>());
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{words}: not JSON: {text}"))
}

/// What `lotbook call` says where it does nothing.
fn refused(database: &str, words: &str) -> String {
    let output = run(database, &arguments(words).iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(output.status.code(), Some(1), "{words}: {}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty(), "{words}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn arguments(words: &str) -> Vec<String> {
    std::iter::once("call").chain(words.split(' ')).map(|word| word.replace('_', " ")).collect()
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}

/// A shop without a server: everything that stock can meet with, by one command.
fn does_everything_without_a_server(database: &str) {
    has(&refused(database, "GET products"), &["there is no Lotbook database", "lotbook migrate"]);
    run_ok(database, &["settings", "set", "negativeStock", "forbid"]);
    // A product whose name is a number is a text; so is the name of a lot, which is a text anyway.
    called(database, "POST products -t identifier=22423 -f name=Cake_stand -f costing=average");
    called(database, "POST products -f identifier=MILK -f name=Milk -f tracking=lot");
    called(database, "POST locations -f [0].name=Cellar -f [1].name=Shop -f [1].type=site");
    let lot = called(database, "POST lots -f product=MILK -f name=7");
    assert_eq!(lot["name"], "7");
    called(database, "POST journals -f name=Goods_in -f kind=Delivery");

    // What waits for a worker elsewhere is done here: a booking is answered when it is decided, its values with it.
    let voucher = called(database, "POST vouchers -f journal=Goods_in")["id"].clone();
    let mut command = lotbook(database, &["call", "POST", "entries", "--input", "-", "--field", "[1].count=40"]);
    let lines = json!([
        { "voucher": voucher, "product": "22423", "location": "Cellar", "count": 10, "costPrice": 3, "stockDate": "2026-01-05" },
        { "voucher": voucher, "product": "MILK", "lot": "7", "location": "Cellar", "count": 1, "costPrice": 2, "stockDate": "2026-01-05" }
    ]);
    let file = Scratch::new();
    std::fs::write(file.0.join("lines.json"), lines.to_string()).unwrap();
    command.stdin(std::fs::File::open(file.0.join("lines.json")).unwrap());
    assert!(command.output().unwrap().status.success());
    let booking = called(database, "POST bookings -f journal=Goods_in");
    assert_eq!((&booking["state"], &booking["entries"]), (&json!("booked"), &json!(2)), "{booking}");
    let worth = |product: &str| {
        let page = called(database, &format!("GET valuation -q product={product}"));
        assert_eq!(page["settledTo"], page["position"], "{page}");
        page["items"][0]["value"].clone()
    };
    assert_eq!((worth("22423"), worth("MILK")), (json!(30), json!(80)));

    // One that is refused says why, for each line, and what became of it.
    let voucher = called(database, "POST vouchers -f journal=Goods_in")["id"].clone();
    called(
        database,
        &format!(
            "POST entries -f voucher={voucher} -t product=22423 -f location=Cellar -f count=-11 -f stockDate=2026-02-01"
        ),
    );
    let output = run(database, &["call", "POST", "bookings", "-f", "journal=Goods in"]);
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["state"], "rejected", "{told}");
    has(&String::from_utf8(output.stderr).unwrap(), &["22423", "the booking was refused"]);
    called(database, "POST journals/Goods_in/clear");

    // Promised, made firm and given up; the lot by its name, as everywhere.
    let hold = "POST reservations -f product=MILK -t lot=7 -f quantity=30 -f location=Cellar -f holdUntil=2199-01-01";
    let held = called(database, &format!("{hold} --key monday"));
    assert_eq!((&held["state"], &held["lot"]["name"]), (&json!("held"), &json!("7")), "{held}");
    assert_eq!(called(database, &format!("{hold} --key monday")), held, "one key, one change");
    has(&refused(database, &hold.replace("=7", "=8")), &["product MILK has no lot or instance 8"]);
    has(&refused(database, hold), &["30 are wanted", "10 can be reserved", "short by 20"]);
    let at = format!("reservations/{}", held["id"]);
    assert_eq!(called(database, &format!("POST {at}/confirm"))["state"], "confirmed");
    assert_eq!(called(database, &format!("GET {at}"))["lot"], held["lot"]);
    assert_eq!(called(database, &format!("POST {at}/release"))["state"], "released");
    assert_eq!(called(database, "GET reservations -q state=released")["items"][0]["lot"]["name"], "7");

    // A count, tried and made; undone once.
    let count = "POST counts -f product=MILK -t lot=7 -f location=Cellar -f quantity=38.5";
    assert_eq!(called(database, &format!("{count} --dry-run"))["difference"], -1.5);
    assert_eq!(called(database, "GET counts")["items"], json!([]));
    let counted = called(database, count);
    assert_eq!((&counted["expected"], &counted["lot"]["name"]), (&json!(40), &json!("7")), "{counted}");
    assert_eq!(worth("MILK"), 77);
    let undo = format!("POST reversals -f count={} -f reason=miscounted", counted["id"]);
    assert_eq!(called(database, &undo)["effects"][0]["after"], 40);
    has(&refused(database, &undo), &["was undone already; a count is undone once"]);
    has(&refused(database, "POST reversals -f count=17 -f reason=x"), &["there is no count 17"]);

    // A word on value, and a booking undone by line.
    called(database, "POST revaluations -t product=22423 -f value=12.5 -f reason=faded");
    assert_eq!(worth("22423"), 12.5);
    let undone = called(database, &format!("POST reversals -f booking={} -f lines=[1] -f reason=spilt", booking["id"]));
    assert_eq!((&undone["effects"][0]["lot"]["name"], &undone["effects"][0]["after"]), (&json!("7"), &json!(0)));
    assert_eq!(called(database, "GET balances -q product=MILK")["items"], json!([]));
    assert_eq!(called(database, "GET balances?product=MILK&asKnownAt=1")["items"][0]["quantity"], 40);

    // All faults at once, in the words of the command line.
    let text = refused(
        database,
        "POST reservations -f [0].product=GHEE -f [1].product=MILK -f [1].quantity=-1 -f [1].holduntil=x",
    );
    has(
        &text,
        &["there is no field holduntil", "there is no product GHEE", "[1].quantity is -1", "nothing was changed"],
    );
    has(&refused(database, "GET nothing/here"), &["there is no GET /v1/nothing/here", "--list"]);
    has(&refused(database, "POST balances"), &["there is GET"]);
    has(&refused(database, "GET balances -f product=MILK"), &["takes no body", "--query"]);
    has(&refused(database, "GET balances -q produkt=MILK"), &["there is no parameter produkt", "asKnownAt"]);
    has(&refused(database, "POST counts --input missing.json"), &["missing.json"]);
    has(&refused(database, "GET me"), &["--user"]);
    has(&refused(database, "POST logout"), &["nobody logged in"]);

    // Somebody by name may do what that user may.
    run_ok(database, &["user", "create", "rita", "--role", "reader"]);
    assert_eq!(called(database, "GET me --user rita")["user"]["name"], "rita");
    assert_eq!(called(database, "GET balances --user rita")["items"][0]["quantity"], 10);
    has(&refused(database, &format!("{count} --user rita")), &["rita has no permission STOCK.COUNT"]);
    has(&refused(database, "GET balances --user nobody"), &["there is no user nobody"]);
    run_ok(database, &["user", "disable", "rita"]);
    has(&refused(database, "GET balances --user rita"), &["is disabled", "lotbook user enable rita"]);
    has(&refused(database, "GET balances --tenant elsewhere"), &["there is no tenant elsewhere"]);
    assert_eq!(called(database, "GET audit -q search=reserve -q limit=1")["items"][0]["origin"], "cli");

    // What comes is printed as it comes, with its head where that is asked for.
    has(&run_ok(database, &["call", "GET", "reports/stock?format=csv"]), &["product,name,", "22423,Cake stand,"]);
    let text = run_ok(database, &["call", "get", "/v1/products/22423", "--include"]);
    has(&text, &["HTTP/1.1 200 OK\n", "etag: \"1\"\n", "\n\n{\"id\""]);
    has(&run_ok(database, &["call", "--list", "Revers"]), &["POST   /v1/reversals  Undo a booking"]);
    has(&run_ok(database, &["call", "post", "reversals", "--explain"]), &["STOCK.REVERSE", "reason*", "whole number"]);
    let report = run_ok(database, &["verify"]);
    assert!(report.contains("I12"), "{report}");
}

#[test]
fn the_command_line_does_everything_on_sqlite() {
    does_everything_without_a_server(&Scratch::new().url());
}

#[test]
fn the_command_line_does_everything_on_postgres() {
    if let Some(database) = PostgresDb::new() {
        does_everything_without_a_server(&database.url());
    }
}

/// Nothing that a connection can carry makes somebody an insider, and a call beside a running server is seen by it.
#[test]
fn a_call_beside_a_server_is_seen_there_and_opens_no_door() {
    let server = Server::start();
    let made = called(&server.database, "POST units -f name=Kilogram -f symbol=kg");
    let mut admin = server.admin();
    assert_eq!(admin.get("/v1/units/kg").json()["id"], made["id"]);
    assert_eq!(server.client().get("/v1/units/kg").status, 401);
    for (name, value) in [("x-insider", "cli"), ("Authorization", "cli"), ("Authorization", "Bearer lb_1_cli")] {
        assert_eq!(server.client().with(name, value).get("/v1/units/kg").status, 401, "{name}: {value}");
    }
}

/// The commands of a page as somebody pastes them, one after the other.
fn pasted(page: &str) -> String {
    let mut is_fenced = false;
    let lines = page.lines().filter(|line| {
        let is_command = is_fenced && !line.starts_with("```");
        is_fenced = *line == "```sh" || is_command;
        is_command
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whoever follows the page meets no error, and sees the figures that it tells.
#[test]
fn the_page_on_values_and_time_does_what_it_says() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/values-and-time.md");
    let commands = pasted(&std::fs::read_to_string(page).unwrap());
    let count = commands.lines().filter(|line| line.trim_start().starts_with("lotbook ")).count();
    assert!(count > 80, "{count} commands are not the page");
    let folder = Scratch::new();
    run_ok(&format!("sqlite:{}", folder.0.join("demo.db").display()), &["migrate"]);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_lotbook")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    // Each command is printed before what it answers, so that both can be compared with the page.
    let script = format!("set -euo pipefail; exec 3>&1; PS4='+ '; BASH_XTRACEFD=3; set -x\n{commands}");
    let mut bash = std::process::Command::new("bash");
    let output = bash.args(["-c", &script]).current_dir(&folder.0).env("PATH", path).env("LOTBOOK_LOG", "warn");
    let output = output.stdin(std::process::Stdio::null()).output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let end = answers.lines().rev().take(3).collect::<Vec<_>>();
    assert!(output.status.success(), "{}, after {end:#?}", String::from_utf8_lossy(&output.stderr));

    let said = commands.lines().filter(|line| line.starts_with("lotbook call GET valuation"));
    let said: Vec<_> = said.map(|line| line.split_once("# ").unwrap().1).collect();
    let lines: Vec<_> = answers.lines().collect();
    let asked = lines.windows(2).filter(|pair| pair[0].starts_with("+ lotbook call GET valuation"));
    let found: Vec<Value> = asked.map(|pair| serde_json::from_str(pair[1]).unwrap()).collect();
    assert_eq!(said.len(), found.len());
    let mut compared = 0;
    for (said, found) in said.iter().zip(&found).filter(|(said, _)| said.contains(", value ")) {
        assert_eq!(found["settledTo"], found["position"]);
        let found = format!("{}, value {}", found["items"][0]["quantity"], found["items"][0]["value"]);
        let said = said.split([':', ';']).next().unwrap();
        assert!(said == found || said.starts_with(&format!("{found}, ")), "the page says {said}; it is {found}");
        compared += 1;
    }
    assert!(compared >= 9, "{compared} figures of the page");
}
