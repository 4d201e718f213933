//! Logging in and out, users, roles and API keys, over HTTP.

mod support;

use serde_json::{Value, json};
use support::{PASSWORD, Server, run_ok};

fn login(server: &Server, user: &str, password: &str) -> support::Reply {
    server.client().post("/v1/login", &json!({ "user": user, "password": password }))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

#[test]
fn a_login_gives_a_token_that_a_logout_ends() {
    let server = Server::start();
    let reply = login(&server, "Admin", PASSWORD);
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let answer = reply.json();
    let token = text(&answer, "token");
    assert!(token.starts_with("lb_1_"));

    let me = server.client_with(token).get("/v1/me").json();
    assert_eq!((text(&me["user"], "name"), text(&me["tenant"], "name")), ("admin", "default"));
    assert_eq!(me["permissions"][0]["permissions"], json!(["*"]));
    let bare = server.client().with("Authorization", token).get("/v1/me");
    assert_eq!(bare.status, 200, "a token comes with or without its scheme");

    // The refresh token is no session, and gives the next one once.
    let refresh = text(&answer, "refreshToken");
    assert_eq!(server.client_with(refresh).get("/v1/me").status, 401);
    let renewed = server.client().post("/v1/login/refresh", &json!({ "refreshToken": refresh })).json();
    let next = text(&renewed, "token");
    assert_eq!(server.client_with(next).get("/v1/me").status, 200);
    // Whoever did not get the answer asks again, and nobody is thrown out for it.
    let again = server.client().post("/v1/login/refresh", &json!({ "refreshToken": refresh })).json();
    for token in [next, text(&again, "token")] {
        assert_eq!(server.client_with(token).get("/v1/me").status, 200);
    }
    assert_eq!(server.client_with(next).post("/v1/logout", &json!({})).status, 200);
    let late = server.client().post("/v1/login/refresh", &json!({ "refreshToken": refresh }));
    assert_eq!(late.problem(), (401, "loginFailed".into()));
    assert_eq!(
        server.client_with(text(&again, "token")).get("/v1/me").status,
        401,
        "all sessions of a login end together"
    );

    let answer = login(&server, "admin", PASSWORD).json();
    let mut client = server.client_with(text(&answer, "token"));
    assert_eq!(client.post("/v1/logout", &json!({})).status, 200);
    let reply = client.get("/v1/me");
    assert_eq!(reply.problem(), (401, "unauthorized".into()));
    assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
}

#[test]
fn nobody_learns_from_a_failed_login_what_was_wrong() {
    let server = Server::start();
    run_ok(&server.database, &["tenant", "create", "Other"]);
    let mut replies = Vec::new();
    for body in [
        json!({ "user": "admin", "password": "wrong" }),
        json!({ "user": "nobody", "password": PASSWORD }),
        json!({ "user": "admin", "password": PASSWORD, "tenant": "nowhere" }),
        json!({ "user": "admin", "password": "", "tenant": "other" }),
    ] {
        let reply = server.client().post("/v1/login", &body);
        assert_eq!(reply.problem(), (401, "loginFailed".into()));
        replies.push(reply.json()["detail"].clone());
    }
    assert!(replies.windows(2).all(|two| two[0] == two[1]));
    let other = server.client().post("/v1/login", &json!({ "user": "admin", "password": PASSWORD, "tenant": "Other" }));
    assert_eq!(other.json()["tenant"], 2);

    for _ in 0..6 {
        assert_eq!(login(&server, "admin", "wrong").status, 401);
    }
    let reply = login(&server, "admin", PASSWORD);
    assert_eq!(reply.problem(), (429, "tooManyRequests".into()), "after ten failures, also the right password");
    assert!(reply.header("retry-after").is_some());
    assert_eq!(server.admin().get("/v1/me").status, 200, "who is in stays in");
}

#[test]
fn the_cookie_of_a_page_needs_the_pages_proof() {
    let server = Server::start();
    let body = json!({ "user": "admin", "password": PASSWORD, "cookie": true });
    let reply = server.client().post("/v1/login", &body);
    let answer = reply.json();
    assert!(answer.get("token").is_none() && answer.get("refreshToken").is_none(), "pages cannot read the token");
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();

    let mut page = server.client().with("Cookie", cookie);
    let me = page.get("/v1/me").json();
    assert_eq!(me["csrfToken"], answer["csrfToken"]);
    let user = json!({ "name": "kim" });
    assert_eq!(page.post("/v1/users", &user).problem(), (403, "csrf".into()));
    let mut page = page.with("X-CSRF-Token", "wrong");
    assert_eq!(page.post("/v1/users", &user).problem(), (403, "csrf".into()));
    let mut page = page.with("X-CSRF-Token", text(&me, "csrfToken"));
    assert_eq!(page.post("/v1/users", &user).status, 201);
    let reply = page.post("/v1/logout", &json!({}));
    assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(page.get("/v1/me").status, 401);
}

#[test]
fn users_hold_roles_and_lose_them_at_once() {
    let server = Server::start();
    let mut admin = server.admin();
    let kim = json!({ "name": "kim", "password": "kim's password", "roles": ["operator", { "role": "reader", "orgUnit": "Main" }] });
    let made = admin.post("/v1/users", &kim);
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!((&made["roles"][0]["role"], &made["roles"][0]["orgUnit"]), (&json!("operator"), &Value::Null));
    assert_eq!(made["roles"][1]["orgUnit"], json!({ "id": 1, "path": "Main" }));
    assert!(made.get("password").is_none());
    assert_eq!(admin.post("/v1/users", &kim).problem(), (409, "nameTaken".into()));

    let answer = login(&server, "kim", "kim's password").json();
    let mut client = server.client_with(text(&answer, "token"));
    assert_eq!(client.get("/v1/users").problem(), (403, "permissionDenied".into()));
    assert_eq!(client.post("/v1/users", &json!({ "name": "x", "roles": ["admin"] })).status, 403);
    assert_eq!(client.get("/v1/audit").status, 403);
    assert_eq!(client.get("/v1/permissions").status, 403);
    assert_eq!(client.get("/v1/roles").problem(), (403, "permissionDenied".into()));
    assert_eq!(admin.get("/v1/roles").json()["items"].as_array().unwrap().len(), 4);

    let mut stale = server.admin().with("If-Match", "\"7\"");
    assert_eq!(
        stale.patch("/v1/users/kim", &json!({ "email": "kim@example.com" })).problem(),
        (412, "conflict".into())
    );
    let changed = admin.patch("/v1/users/kim", &json!({ "email": "kim@example.com", "role": "manager", "orgUnit": 1 }));
    assert_eq!(changed.json()["roles"], json!([{ "role": "manager", "orgUnit": { "id": 1, "path": "Main" } }]));
    assert_eq!(login(&server, "Kim@Example.com", "kim's password").status, 200, "the address will do as well");

    let wrong = json!({ "current": "wrong", "new": "another password" });
    assert_eq!(client.post("/v1/me/password", &wrong).problem(), (401, "loginFailed".into()));
    let right = json!({ "current": "kim's password", "new": "another password" });
    assert_eq!(client.post("/v1/me/password", &right).status, 200);
    assert_eq!(client.get("/v1/me").status, 401, "a new password ends the sessions");
    let answer = login(&server, "kim", "another password").json();
    let mut client = server.client_with(text(&answer, "token"));
    assert_eq!(admin.patch("/v1/users/kim", &json!({ "isEnabled": false })).status, 200);
    assert_eq!(client.get("/v1/me").status, 401);
    assert_eq!(login(&server, "kim", "another password").status, 401);

    let list = admin.get("/v1/users?limit=1").json();
    assert_eq!(list["items"][0]["name"], "admin");
    let next = admin.get(&format!("/v1/users?cursor={}", text(&list, "nextCursor"))).json();
    assert_eq!((&next["items"][0]["name"], &next["nextCursor"]), (&json!("kim"), &Value::Null));
    let audit = admin.get("/v1/audit?limit=2").json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
    assert!(audit["nextCursor"].is_string());
    let first = &admin.get("/v1/audit").json()["items"][0];
    assert_eq!((text(first, "action"), text(first, "subject")), ("changePerson", "person kim"));
    assert_eq!((text(first, "origin"), text(&first["user"], "name")), ("127.0.0.1", "admin"));
    let mut found = |query: &str| admin.get(&format!("/v1/audit?{query}")).json()["items"].as_array().unwrap().len();
    assert_eq!(found("user=kim&search=createPerson"), 0, "kim made nobody");
    assert!(found("user=admin&search=PERSON%20KIM&from=2020-01-01") > 0);
    assert_eq!(found("to=2020-01-01"), 0);
    assert_eq!(admin.get("/v1/audit?from=soon").status, 422);
    let known = admin.get("/v1/permissions").json();
    assert!(known["items"].as_array().unwrap().contains(&json!({"name": "STOCK.BOOK"})));
}

#[test]
fn lists_are_made_whole_and_faults_are_named_by_their_place() {
    let server = Server::start();
    let mut admin = server.admin();
    let reply = admin
        .post("/v1/roles", &json!([{ "name": "packer", "permissions": ["STOCK.READ"] }, { "permissions": ["no!"] }]));
    assert_eq!(reply.status, 422);
    let violations = reply.json()["violations"].clone();
    assert_eq!(violations["[1].name"], json!(["is missing"]));
    assert!(violations["[1].permissions"].is_array());
    assert_eq!(admin.get("/v1/roles/packer").problem(), (404, "notFound".into()));

    let role = json!({ "name": "packer", "permissions": ["stock.read"] });
    let dry = admin.post("/v1/roles?dryRun=true", &role);
    assert_eq!((dry.status, dry.json()["permissions"].clone()), (200, json!(["STOCK.READ"])));
    assert_eq!(admin.get("/v1/roles/packer").status, 404, "a dry run writes nothing");

    // A retry is answered alike and changes nothing; another request under the key is refused.
    let mut keyed = server.admin().with("Idempotency-Key", "k1");
    let (one, two) = (keyed.post("/v1/roles", &role), keyed.post("/v1/roles", &role));
    assert_eq!((one.status, &one.text), (two.status, &two.text));
    assert_eq!(keyed.post("/v1/users", &json!({ "name": "kim" })).problem(), (422, "idempotencyKeyReused".into()));
    assert_eq!(admin.delete("/v1/roles/packer").status, 200);
    assert_eq!(admin.get("/v1/roles/packer").status, 404);

    let reply = admin.send("POST", "/v1/roles", "{\"name\": \"x\", \"name\": \"y\"}");
    assert_eq!(reply.problem(), (400, "unreadableRequest".into()));
    assert_eq!(admin.post("/v1/roles?dryRun=perhaps", &role).problem(), (400, "unreadableRequest".into()));
}

#[test]
fn an_api_key_is_shown_once() {
    let server = Server::start();
    let mut admin = server.admin().with("Idempotency-Key", "the key of the key");
    let made = admin.post("/v1/tokens", &json!({ "name": "till 3" })).json();
    let token = text(&made, "token").to_owned();
    let again = admin.post("/v1/tokens", &json!({ "name": "till 3" })).json();
    assert_eq!((&again["id"], &again["token"]), (&made["id"], &Value::Null));
    let mut till = server.client_with(&token);
    assert_eq!(till.get("/v1/me").status, 200);

    let mut admin = server.admin();
    let listed = admin.get("/v1/tokens").json();
    assert!(!listed.to_string().contains(&token));
    let found = listed["items"].as_array().unwrap().iter().find(|key| key["id"] == made["id"]).unwrap();
    assert_eq!((text(found, "name"), text(&found["user"], "name")), ("till 3", "admin"));
    assert_eq!(admin.delete(&format!("/v1/tokens/{}", made["id"])).status, 200);
    assert_eq!(till.get("/v1/me").status, 401);
    assert_eq!(admin.delete("/v1/tokens/none").status, 404);

    run_ok(&server.database, &["user", "create", "kim", "--role", "operator"]);
    let mut kim = server.client_with(&server.key("kim"));
    assert_eq!(kim.get("/v1/tokens").json()["items"].as_array().unwrap().len(), 1, "everybody sees their own");
    assert_eq!(kim.post("/v1/tokens", &json!({ "user": "admin" })).status, 403);
    assert_eq!(kim.delete("/v1/tokens/1").status, 403);
    let refused = kim.post("/v1/tokens", &json!({ "expiresAt": "2020-01-01T00:00:00Z" }));
    assert_eq!(refused.problem(), (422, "inThePast".into()), "{}", refused.text);
    assert_eq!(
        admin.post("/v1/users", &json!({ "name": "x", "password": "1" })).problem(),
        (422, "notAPassword".into())
    );
    let refused = admin.post("/v1/roles", &json!({ "name": "x", "permissions": ["STOCK.FOO"] }));
    assert_eq!(refused.problem(), (422, "unknownPermission".into()));
    assert!(
        refused.json()["violations"]["permissions"][0].as_str().unwrap().contains("STOCK.REVERSE"),
        "{}",
        refused.text
    );
}

#[test]
fn what_the_command_line_revokes_is_forgotten_within_two_seconds() {
    let server = Server::start();
    run_ok(&server.database, &["user", "create", "kim", "--role", "operator"]);
    let mut kim = server.client_with(&server.key("kim"));
    assert_eq!(kim.get("/v1/me").status, 200);
    run_ok(&server.database, &["user", "disable", "kim"]);
    let since = std::time::Instant::now();
    while kim.get("/v1/me").status != 401 {
        assert!(since.elapsed() < std::time::Duration::from_secs(3), "kim is still let in");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
