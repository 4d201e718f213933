//! What holds for every request, the server's beginning and end, and what commands say.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::io::{Read, Write};

use serde_json::{Value, json};
use support::{PostgresDb, Scratch, Server, lotbook, run, run_ok};

#[test]
fn every_reply_has_an_id_and_careful_headers() {
    let server = Server::start();
    let mut client = server.client();
    let mut ids = Vec::new();
    for (path, status) in [("/", 200), ("/healthz", 200), ("/readyz", 200), ("/v1/me", 401), ("/v1/nothing", 404)] {
        let reply = client.get(path);
        assert_eq!(reply.status, status, "{path}: {}", reply.text);
        let id = reply.header("x-request-id").unwrap().to_owned();
        assert_eq!(id.len(), 26);
        if status >= 400 {
            assert_eq!(reply.json()["requestId"], id.as_str());
            assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        }
        for header in ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"] {
            assert!(reply.header(header).is_some(), "{path} has no {header}");
        }
        ids.push(id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 5);
    assert_eq!(client.send("PUT", "/v1/login", "{}").problem(), (405, "methodNotAllowed".into()));
    let reply = client.post("/api/inventory/Nothing/Nothing", &json!({})).json();
    assert!(reply["errorOrValue"]["error"]["code"].is_string(), "{reply}");
}

#[test]
fn what_happens_is_measured() {
    let server = Server::start();
    let mut admin = server.admin();
    for _ in 0..3 {
        admin.get("/v1/roles/reader");
    }
    let text = admin.get("/metrics").text;
    for line in [
        "lotbook_http_requests_total{method=\"GET\",route=\"/v1/roles/{role}\",status=\"200\"} 3",
        "lotbook_http_request_seconds_count{route=\"/v1/roles/{role}\"} 3",
        "lotbook_write_queue 0",
        "lotbook_ledger_batches 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_body_that_is_too_large_or_breaks_off_is_refused() {
    let scratch = Scratch::new();
    let server = Server::start_on(&scratch.url(), &["--body-limit", "1"]);
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(1 << 20));
    let reply = server.admin().send("POST", "/v1/roles", &large);
    assert_eq!(reply.problem(), (413, "bodyTooLarge".into()));
    // The server goes on when a caller hangs up in the middle.
    let key = server.key("admin");
    let mut stream = server.connect();
    let half =
        format!("POST /v1/roles HTTP/1.1\r\nHost: t\r\nAuthorization: {key}\r\nContent-Length: 100\r\n\r\n{{\"na");
    stream.get_mut().write_all(half.as_bytes()).unwrap();
    drop(stream);
    assert_eq!(server.client_with(&key).get("/v1/me").status, 200);
}

#[test]
fn who_says_nothing_more_makes_room() {
    let scratch = Scratch::new();
    let server = Server::start_on(&scratch.url(), &["--idle-timeout", "1"]);
    for said in ["", "GET /healthz HTTP/1.1\r\nHos", "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"] {
        let mut stream = server.connect();
        stream.get_mut().write_all(said.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // It ends: the test would otherwise wait for 30 seconds and fail.
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(answer.starts_with(b"HTTP/1.1 200"), said.ends_with("\r\n\r\n"), "{said:?}");
    }
}

#[test]
fn a_token_has_its_rate() {
    let scratch = Scratch::new();
    let server = Server::start_on(&scratch.url(), &["--requests-per-second", "5"]);
    let mut admin = server.admin();
    let replies: Vec<u16> = (0..20).map(|_| admin.get("/v1/roles/reader").status).collect();
    assert_eq!(replies[..5], [200; 5]);
    assert!(replies.contains(&429));
    assert_eq!(server.admin().get("/v1/me").status, 200, "another token has its own");
}

#[test]
fn the_server_ends_when_it_is_told_and_remembers() {
    let (scratch, postgres) = (Scratch::new(), PostgresDb::new());
    for url in std::iter::once(scratch.url()).chain(postgres.as_ref().map(PostgresDb::url)) {
        let server = Server::start_on(&url, &[]);
        let key = server.key("admin");
        let mut client = server.client_with(&key);
        assert_eq!(client.post("/v1/users", &json!({ "name": "kim" })).status, 201);
        assert_eq!(client.get("/readyz").status, 200);
        // A connection that is open and idle does not keep it.
        let idle = server.connect();
        assert!(server.stop(), "{url}");
        drop(idle);
        let server = Server::start_on(&url, &[]);
        assert_eq!(server.client_with(&key).get("/v1/users/kim").status, 200);
    }
}

#[test]
fn an_empty_database_gets_an_admin_whose_password_is_told_once() {
    let scratch = Scratch::new();
    let start = || {
        let mut command = lotbook(&scratch.url(), &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command
            .env_remove("LOTBOOK_ADMIN_PASSWORD")
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = [0; 20];
        child.stdout.as_mut().unwrap().read_exact(&mut out).unwrap();
        assert_eq!(&out, b"listening on http://");
        child.kill().unwrap();
        let mut said = String::new();
        child.stderr.as_mut().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        said
    };
    assert!(start().contains("the user admin has the password "));
    assert!(!start().contains("password"));
}

#[test]
fn commands_say_what_they_did_or_why_not() {
    let scratch = Scratch::new();
    let url = scratch.url();
    assert_eq!(run_ok(&url, &["tenant", "create", "Second"]), "2");
    assert_eq!(run_ok(&url, &["tenant", "list"]), "default\nSecond");
    run_ok(&url, &["user", "create", "kim", "--tenant", "second", "--role", "operator", "--role", "reader"]);
    let listed = run_ok(&url, &["user", "list", "--tenant", "second"]);
    assert!(listed.lines().any(|line| line.contains("\"kim\"") && line.contains("operator")), "{listed}");
    let token = run_ok(&url, &["token", "create", "--user", "kim", "--tenant", "Second"]);
    assert!(token.starts_with("lb_2_") && !token.contains(char::is_whitespace));
    run_ok(&url, &["user", "roles", "kim", "--tenant", "second", "--role", "reader", "--org-unit", "Main"]);
    let keys = run_ok(&url, &["token", "list", "--tenant", "second"]);
    let id = serde_json::from_str::<serde_json::Value>(&keys).unwrap()["id"].to_string();
    run_ok(&url, &["token", "revoke", &id, "--tenant", "second"]);
    let copy = scratch.0.join("copy.db");
    run_ok(&url, &["backup", copy.to_str().unwrap()]);
    run_ok(&url, &["restore", copy.to_str().unwrap(), "--force"]);
    run_ok(&url, &["migrate"]);
    let set = run_ok(&url, &["settings", "set", "negativeStock", "forbid", "--tenant", "second"]);
    assert!(set.contains("forbid"), "{set}");
    assert_eq!(run_ok(&url, &["settings", "get", "negativeStock", "--tenant", "second"]), set);
    assert!(!run_ok(&url, &["settings", "list"]).contains("\"value\":\"forbid\""), "each tenant has its own");

    for (arguments, code, said) in [
        (&["user", "create", "kim", "--tenant", "second"][..], 1, "there is a person kim already"),
        (&["user", "disable", "nobody"], 1, "there is no user nobody"),
        (&["user", "disable", "admin"], 1, "nobody would be left"),
        (&["token", "create", "--user", "kim"], 1, "there is no user kim"),
        (&["token", "create", "--user", "kim", "--tenant", "third"], 1, "there is no tenant third"),
        (&["tenant", "create", "second"], 1, "there is a tenant second already"),
        (&["restore", copy.to_str().unwrap()], 1, "--force"),
        (&["settings", "set", "negativeStock", "perhaps"], 1, "allow"),
        (&["settings", "get", "nothing"], 1, "nothing"),
        (&["serve", "--listen", "nowhere"], 1, "cannot listen on nowhere"),
        (&["nothing"], 2, "unrecognized"),
        (&["--log", "a=b=c", "migrate"], 2, "not a filter"),
    ] {
        let output = run(&url, arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn commands_that_look_make_no_database() {
    let scratch = Scratch::new();
    let url = scratch.url();
    for arguments in [
        &["verify"][..],
        &["export", "products"],
        &["tenant", "list"],
        &["user", "list"],
        &["user", "disable", "kim"],
        &["token", "list"],
        &["settings", "list"],
        &["import", "products", "none.csv", "--dry-run"],
    ] {
        let output = run(&url, arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains("there is no Lotbook database at ") && text.contains("lotbook migrate"), "{text}");
        assert!(!text.contains("password") && std::fs::read_dir(&scratch.0).unwrap().next().is_none(), "{text}");
    }
    run_ok(&url, &["migrate"]);
    run_ok(&url, &["verify"]);
    let output = run(&url, &["user", "list"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && text.contains("there is no tenant default"), "{text}");
    if let Some(db) = PostgresDb::new() {
        let output = run(&db.url(), &["verify"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && text.contains("there is no Lotbook database at that"), "{text}");
    }
}

#[test]
fn verify_prints_one_document_that_names_tenants() {
    let scratch = Scratch::new();
    let url = scratch.url();
    run_ok(&url, &["tenant", "create", "Second"]);
    let document: Value = run_ok(&url, &["verify", "--json"]).parse().unwrap();
    let tenants = document["tenants"].as_array().unwrap();
    let names: Vec<_> = tenants.iter().map(|found| found["tenant"].as_str().unwrap()).collect();
    assert_eq!(names, ["default", "Second"]);
    assert!(tenants.iter().all(|found| found["checks"].as_array().unwrap().len() > 10), "{document}");
    let output = run(&url, &["export", "products", "--product", "C-110"]);
    let text = String::from_utf8(output.stderr).unwrap();
    let want = "error: there is no filter product, for this table is always whole; leave product out\n";
    assert_eq!(text, want);
}

/// What a file is answered with on stderr, after the names of directories.
struct Files<'s> {
    scratch: &'s Scratch,
    url: String,
}

impl Files<'_> {
    fn import(&self, arguments: &[&str], files: &[(&str, &[u8])]) -> (bool, String) {
        let mut command = lotbook(&self.url, &["import"]);
        command.args(arguments).current_dir(&self.scratch.0);
        for (name, bytes) in files {
            std::fs::write(self.scratch.0.join(name), bytes).unwrap();
            command.arg(name);
        }
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }

    fn refused(&self, arguments: &[&str], files: &[(&str, &[u8])], said: &[&str]) {
        let (is_done, text) = self.import(arguments, files);
        assert!(!is_done, "{text}");
        assert_eq!(text.lines().collect::<Vec<_>>(), said);
    }

    fn done(&self, arguments: &[&str], files: &[(&str, &[u8])], said: &[&str]) {
        let (is_done, text) = self.import(arguments, files);
        assert!(is_done, "{text}");
        assert_eq!(text.lines().collect::<Vec<_>>(), said);
    }

    fn count(&self, what: &str) -> usize {
        run_ok(&self.url, &["export", what, "--form", "json"]).parse::<Value>().unwrap().as_array().unwrap().len()
    }

    fn stands(&self) -> String {
        let rows: Value = run_ok(&self.url, &["export", "balances", "--form", "json"]).parse().unwrap();
        rows.as_array().unwrap().iter().map(|row| row["quantity"].to_string()).collect::<Vec<_>>().join(" ")
    }
}

const PRODUCTS: &[u8] = b"identifier,name,unit\nP1,Bolt,pcs\nP2,Nut,pcs\n";

#[test]
fn files_of_records_are_imported_all_or_none_and_say_all_that_is_wrong() {
    let scratch = Scratch::new();
    let files = Files { url: scratch.url(), scratch: &scratch };
    let products = &["products"][..];
    files.refused(
        products,
        &[("good.csv", PRODUCTS), ("bad.csv", b"identifier,name,unit\n\nP3,Gear,zzz,more\nP1,Bolt,pcs\n")],
        &[
            "bad.csv line 3: has 4 cells, but there are 3 columns",
            "bad.csv line 3: there is no unit zzz",
            "bad.csv line 4: identifier: P1 stands twice; good.csv line 2 has it too",
            "error: 3 faults; nothing was imported",
        ],
    );
    assert_eq!(files.count("products"), 0);
    files.done(products, &[("good.csv", PRODUCTS)], &["good.csv: 2 products imported"]);
    files.refused(
        products,
        &[("one.csv", b"identifier;name;unit\r\nP1;Bolt;pcs")],
        &["one.csv line 2: the identifier P1 is taken by product 1", "error: 1 fault; nothing was imported"],
    );
    files.done(
        products,
        &[("tab.csv", b"identifier\tname\tunit\t\n\t\t\t\nP4\t'=1+1\tpcs\t\n")],
        &["tab.csv: 1 product imported"],
    );
    assert!(run_ok(&files.url, &["export", "products"]).contains(",'=1+1,"));
    files.refused(
        products,
        &[("twice.csv", b"name,identifier,name\nBolt,P5,Bolt\n"), ("latin.csv", b"identifier,name\nP6,Bolt\nP7,M\xFCtter\n")],
        &[
            "twice.csv line 1: the columns 1 and 3 are both called name; leave one",
            "latin.csv line 3: is not UTF-8; save the file as \"CSV UTF-8\" (in LibreOffice: character set Unicode (UTF-8)), or as .xlsx",
            "error: 2 faults; nothing was imported",
        ],
    );
}

/// Nobody runs a server, and values follow all the same: of 10 at 2 and, dated before, 10 at 4, 4 were sold.
#[test]
fn values_follow_an_import_without_a_server() {
    let scratch = Scratch::new();
    let files = Files { url: scratch.url(), scratch: &scratch };
    files.done(&["products"], &[("products.csv", PRODUCTS)], &["products.csv: 2 products imported"]);
    files.done(&["locations"], &[("places.csv", b"name\nShop\n")], &["places.csv: 1 location imported"]);
    files.done(&["journals"], &[("journals.csv", b"name,kind\nJ,Delivery\n")], &["journals.csv: 1 journal imported"]);
    let books = &["entries", "--journal", "J", "--book"][..];
    let known = b"product,location,count,stockDate,costPrice\nP1,Shop,10,2026-01-05,2\nP1,Shop,-4,2026-01-06,\n";
    let late = b"product,location,count,stockDate,costPrice\nP1,Shop,10,2026-01-04,4\n";
    for (file, content, number, count) in
        [("known.csv", &known[..], 1_000_000_000, "2 entries"), ("late.csv", &late[..], 1_000_000_001, "1 entry")]
    {
        let said =
            [format!("{file}: {count} imported"), format!("they are in voucher {number}"), format!("{count} booked")];
        files.done(books, &[(file, content)], &said.each_ref().map(String::as_str));
    }
    let valued = run_ok(&files.url, &["export", "valuation"]);
    let row: Vec<&str> = valued.lines().nth(1).expect("one pool").split(',').collect();
    let column = |name: &str| row[valued.lines().next().unwrap().split(',').position(|one| one == name).unwrap()];
    assert_eq!((column("quantity"), column("value")), ("16", "48"), "{valued}");
}

fn entries_once_or_never(url: String) {
    let scratch = Scratch::new();
    let files = Files { url, scratch: &scratch };
    files.done(&["products"], &[("products.csv", PRODUCTS)], &["products.csv: 2 products imported"]);
    files.done(&["locations"], &[("places.csv", b"name\nShop\n")], &["places.csv: 1 location imported"]);
    files.done(
        &["journals"],
        &[("journals.csv", b"name,kind,isAutoBook\nJ,Delivery,false\nA,Delivery,true\n")],
        &["journals.csv: 2 journals imported"],
    );
    run_ok(&files.url, &["settings", "set", "negativeStock", "forbid"]);
    let into = &["entries", "--journal", "J"][..];
    let dry = &["entries", "--journal", "J", "--dry-run"][..];
    let books = &["entries", "--journal", "J", "--book"][..];
    let good = b"product,location,count,stockDate\nP1,Shop,10,2026-01-05\n";
    let bad = b"product,location,count,stockDate,costPrice\nP1,Shop,\"1,5\",2026-01-05,\nP1,Shop,,2026-01-05,\n\
        P1,Shop,0,2026-01-05,\nP1,Shop,1,2026-01-05,-4\nP1,Shop,1,2250-01-01,\nP1,Shop,1,1999-01-05,\n";
    run_ok(&files.url, &["settings", "set", "closedUntil", "2000-01-01"]);
    let said = [
        "bad.csv line 2: count: \"1,5\" is not a decimal number; write a decimal point",
        "bad.csv line 3: count is missing",
        "bad.csv line 4: count is 0",
        "bad.csv line 5: costPrice ",
        "bad.csv line 6: stockDate: 2250-01-01",
        "bad.csv line 7: stockDate: 1999-01-05",
        "error: 6 faults; nothing was imported",
    ];
    for arguments in [into, dry, books] {
        let (is_done, text) = files.import(arguments, &[("good.csv", good), ("bad.csv", bad)]);
        assert!(!is_done && text.lines().count() == said.len(), "{text}");
        for (line, said) in text.lines().zip(said) {
            assert!(line.starts_with(said), "{line}");
        }
        assert_eq!((files.count("entries"), files.stands()), (0, String::new()));
    }
    let (_, text) = files.import(dry, &[("lost.csv", b"product,location,count,stockdate\nP1,Shop,1,2026-01-05\n")]);
    assert!(text.contains("lost.csv line 2: there is no field stockdate; there are "), "{text}");

    // The same content is the same import, whatever the file is called; in another journal it is another.
    files.done(dry, &[("good.csv", good)], &["good.csv: 1 entry could be imported"]);
    let first = ["good.csv: 1 entry imported", "they are in voucher 1000000000", "1 entry booked"];
    files.done(books, &[("good.csv", good)], &first);
    let known =
        "was imported before into this journal, as voucher 1000000000, and is not imported anew; --again does so";
    files.done(into, &[("copy.csv", good)], &[&format!("copy.csv: {known}")]);
    files.done(dry, &[("copy.csv", good)], &[&format!("copy.csv: {known}")]);
    assert_eq!((files.count("entries"), files.stands()), (0, "10".to_owned()));
    let more = b"product,location,count,stockDate\nP2,Shop,7,2026-01-05\n";
    files.done(
        books,
        &[("copy.csv", good), ("more.csv", more), ("twin.csv", more)],
        &[
            &format!("copy.csv: {known}"),
            "more.csv: 1 entry imported",
            "they are in voucher 1000000001",
            "twin.csv: was imported before into this journal, as voucher 1000000001, and is not imported anew; --again does so",
            "1 entry booked",
        ],
    );
    assert_eq!(files.stands(), "10 7");
    let again = [books, &["--again"]].concat();
    let twice = ["good.csv: 1 entry imported", "they are in voucher 1000000002", "1 entry booked"];
    files.done(&again, &[("good.csv", good)], &twice);
    assert_eq!(files.stands(), "20 7");

    // A booking that is refused says why, and its entries wait.
    let short = b"product,location,count,stockDate\nP1,Shop,-500,2026-01-06\n";
    for (arguments, number) in [(books, 1_000_000_003), (&["entries", "--journal", "A"], 1_000_000_004)] {
        let (is_done, text) = files.import(arguments, &[("short.csv", short)]);
        assert!(!is_done && text.contains(&format!("voucher {number}: ")) && text.contains("short by 480"), "{text}");
        assert!(text.contains("error: the booking was refused"), "{text}");
    }
    assert_eq!((files.count("entries"), files.stands()), (2, "20 7".to_owned()));
    run_ok(&files.url, &["verify"]);
}

#[test]
fn files_of_entries_count_once_or_never() {
    let scratch = Scratch::new();
    entries_once_or_never(scratch.url());
    if let Some(db) = PostgresDb::new() {
        entries_once_or_never(db.url());
    }
}

/// With `sslmode=require` nothing is said to a server that its certificate does not name.
#[test]
fn a_postgres_server_is_known_by_its_certificate() {
    let Ok(authority) = std::env::var("LOTBOOK_TEST_POSTGRES_AUTHORITY") else {
        eprintln!("LEFT OUT: LOTBOOK_TEST_POSTGRES_AUTHORITY does not say who signed the server's certificate");
        return;
    };
    let Some(db) = PostgresDb::new() else { return };
    let here = db.url();
    let named = here.replace("127.0.0.1", "localhost");
    let other = format!("{}/tests/certificates/localhost.pem", env!("CARGO_MANIFEST_DIR"));
    for (url, trusted, said) in [
        (format!("{named}?sslmode=require"), &authority, None),
        (format!("{named}?sslmode=require"), &other, Some("certificate")),
        (format!("{here}?sslmode=require"), &authority, Some("certificate")),
        (here.clone(), &other, None),
    ] {
        let mut command = lotbook(&url, &["migrate"]);
        let output = command.env("SSL_CERT_FILE", trusted).env("SSL_CERT_DIR", "/nowhere").output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let address = url.rsplit_once('@').unwrap().1;
        match said {
            None => assert!(output.status.success(), "{address}, trusting {trusted}: {text}"),
            Some(said) => {
                assert_eq!(output.status.code(), Some(1), "{address}, trusting {trusted}: {text}");
                assert!(text.contains("PostgreSQL at ") && text.contains(said), "{address}: {text}");
            }
        }
    }
}
