//! What holds for every request, and the server's beginning and end.

mod support;

use std::io::{Read, Write};

use serde_json::json;
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
