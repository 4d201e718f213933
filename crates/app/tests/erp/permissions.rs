//! Who may do what, where.

use crate::support::TestServer;
use crate::support::shop::{self, line};
use crate::*;
use lotbook_app::password;
use lotbook_engine::security::Reference;
use lotbook_engine::security::person::{CreatePeople, NewPerson, WantedRole};
use lotbook_engine::tenant::CreateTenant;

const SECRET: &str = "another good password";

/// Somebody who holds a role, everywhere or at an org unit.
fn hire(server: &TestServer, name: &str, role: &str, org_unit: Option<i64>) -> Client {
    let role = WantedRole { role: Reference::Text(role.into()), org_unit: org_unit.map(Reference::Id) };
    let person = NewPerson {
        name: name.into(),
        password_hash: Some(password::hash(SECRET)),
        is_enabled: true,
        roles: vec![role],
        ..NewPerson::default()
    };
    server.change(CreatePeople { people: vec![person], is_list: false });
    server.log_in(name, SECRET)
}

#[test]
fn a_reader_reads_and_changes_nothing() {
    for server in TestServer::all() {
        let mut reader = hire(&server, "rita", "reader", None);
        assert_eq!(reader.post(DESCRIPTORS, "{}").status, 200);
        for (path, body) in [
            (CREATE_APPENDIX, r#"{"stockDraftId":1}"#),
            (CREATE_ENTRIES, r#"{"stockAppendixId":1,"stockDraftEntrySources":[]}"#),
            (REMOVE, r#"{"stockDraftEntryId":1}"#),
            (CLEAR, r#"{"stockDraftId":1}"#),
            (BOOK, r#"{"stockDraftId":1}"#),
        ] {
            let reply = reader.post(path, body);
            assert_eq!((reply.status, reply.code().as_str()), (403, "PermissionDenied"), "{path}");
        }
    }
}

#[test]
fn whoever_belongs_to_a_store_sees_and_books_what_is_the_stores() {
    for server in TestServer::all() {
        let mut admin = server.admin();
        let mut olaf = hire(&server, "olaf", "operator", Some(shop::STORE_A));
        let names = |client: &mut Client| -> Vec<String> {
            let list = client.post(DESCRIPTORS, "{}").value();
            list.as_array().unwrap().iter().map(|draft| draft["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&mut admin), ["Purchases", "Web shop", "Counts", "Losses", "Store B", "Numbered"]);
        // Neither what is hidden nor what is another store's.
        assert_eq!(names(&mut olaf), ["Purchases", "Web shop", "Counts", "Numbered"]);
        let body = format!(r#"{{"stockDraftId":{}}}"#, shop::STORE_B_ONLY);
        for path in [CREATE_APPENDIX, CLEAR, BOOK, ENTRIES_PAGE] {
            assert_eq!(olaf.post(path, &body).code(), "StockDraftNotFound", "{path}");
        }
        let at_b = line("4").replace("100", "103").replace("101", "104");
        let (id, _) = appendix(&mut admin, shop::PURCHASES);
        let refused = olaf.post(CREATE_ENTRIES, &entries_body(id, &[line("1"), at_b.clone()]));
        assert_eq!(refused.violations(), [(Some(1), "organizationalUnitId".into(), "orgUnitNotAllowed".into())]);
        let created = admin.post(CREATE_ENTRIES, &entries_body(id, &[line("1"), at_b])).value();
        let of_b = created["stockDraftEntries"][1]["stockDraftEntryId"].as_i64().unwrap();

        // What is in a common draft is seen, removed, cleared and booked as far as it is the store's.
        assert_eq!(waiting(&mut olaf, shop::PURCHASES), 1);
        assert_eq!(olaf.post(REMOVE, &format!(r#"{{"stockDraftEntryId":{of_b}}}"#)).code(), "StockDraftEntryNotFound");
        let requisition = book(&mut olaf, shop::PURCHASES);
        assert_eq!(ended(&mut olaf, requisition)["state"], "2");
        assert_eq!(waiting(&mut admin, shop::PURCHASES), 1);
        assert_eq!(olaf.post(CLEAR, r#"{"stockDraftId":1}"#).status, 200);
        assert_eq!(waiting(&mut admin, shop::PURCHASES), 1, "{}", server.name);
        let requisition = book(&mut admin, shop::PURCHASES);
        assert_eq!(ended(&mut admin, requisition)["state"], "2");

        // The other store's stock and entries stay the other store's.
        assert_eq!((stock(&mut admin, shop::HOLDER), stock(&mut olaf, shop::HOLDER)), (5, 1));
        let seen = olaf.post(STOCK_ENTRIES, r#"{"includeOverallEntryCount":true}"#).value();
        assert_eq!(seen["overallEntryCount"], 1);
        let units = olaf.post("/api/inventory/OrganizationalUnit/GetOrganizationalUnits", "{}").value();
        assert_eq!(units.as_array().unwrap().len(), 1, "{units}");
    }
}

#[test]
fn nobody_gets_in_without_a_token() {
    for server in TestServer::all() {
        let mut stranger = server.stranger();
        let reply = stranger.post(DESCRIPTORS, "{}");
        assert_eq!((reply.status, reply.code().as_str()), (401, "Unauthorized"));
        stranger.token = Some("nonsense".into());
        assert_eq!(stranger.post(DESCRIPTORS, "{}").status, 401);
        stranger.token = None;
        let login = "/api/security/Authentication/Login";
        for body in [
            r#"{"userNameOrEMail":"admin","password":"wrong","tenantDomainName":"default"}"#,
            r#"{"userNameOrEMail":"nobody","password":"wrong","tenantDomainName":"default"}"#,
            r#"{"userNameOrEMail":"admin","password":"correct horse battery staple","tenantDomainName":"other"}"#,
        ] {
            let reply = stranger.post(login, body);
            assert_eq!((reply.status, reply.code().as_str()), (401, "LoginFailed"), "{body}");
        }
        assert_eq!(stranger.post(login, "{}").code(), "ValidationFailed");
        // The token counts bare as well.
        let token = server.admin().token.unwrap();
        let bare = stranger.send("POST", DESCRIPTORS, &[("Authorization", &token)], b"{}");
        assert_eq!(bare.status, 200);
    }
}

#[test]
fn what_another_tenant_has_does_not_exist() {
    for server in TestServer::all() {
        let mut ours = server.admin();
        enter(&mut ours, shop::WEB_SHOP, &[line("1")]);
        let created = enter(&mut ours, shop::PURCHASES, &[line("1")]);
        let entry = created["stockDraftEntries"][0]["stockDraftEntryId"].as_i64().unwrap();
        server.change(CreateTenant { name: "other".into(), admin_password_hash: Some(password::hash(SECRET)) });
        let mut theirs = server.log_in_at("other", "admin", SECRET);
        assert_eq!(theirs.post(DESCRIPTORS, "{}").value(), json!([]));
        for (path, body, code) in [
            (CREATE_APPENDIX, r#"{"stockDraftId":1}"#.to_owned(), "StockDraftNotFound"),
            (CREATE_ENTRIES, entries_body(1, &[line("1")]), "StockAppendixNotFound"),
            (ENTRIES_PAGE, r#"{"stockAppendixId":2}"#.to_owned(), "StockAppendixNotFound"),
            (REMOVE, format!(r#"{{"stockDraftEntryId":{entry}}}"#), "StockDraftEntryNotFound"),
            (CLEAR, r#"{"stockDraftId":1}"#.to_owned(), "StockDraftNotFound"),
            (BOOK, r#"{"stockDraftId":1}"#.to_owned(), "StockDraftNotFound"),
        ] {
            assert_eq!(theirs.post(path, &body).code(), code, "{path}");
        }
        assert_eq!(theirs.post(STATE, r#"{"id":1}"#).value()["resultCode"], "12");
        assert_eq!(theirs.post(STOCK_ENTRIES, "{}").value()["entries"], json!([]));
        assert_eq!(theirs.post(AVAILABILITY, "{}").value(), json!([]));
        assert_eq!(waiting(&mut ours, shop::PURCHASES), 1);
    }
}
