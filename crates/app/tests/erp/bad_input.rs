//! Whatever is wrong with a request has one answer, and changes nothing.

use crate::support::TestServer;
use crate::support::shop::{self, line, line_of};
use crate::*;

#[test]
fn what_cannot_be_read_is_answered_with_its_place() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let deep = format!(r#"{{"stockDraftId":1,"x":{}{}}}"#, "[".repeat(70), "]".repeat(70));
        for (path, body, place) in [
            (CREATE_APPENDIX, "{".to_owned(), "$"),
            (CREATE_APPENDIX, "[]".to_owned(), "$"),
            (CREATE_APPENDIX, "nonsense".to_owned(), "$"),
            (CREATE_APPENDIX, r#"{"stockDraftId":1"#.to_owned(), "$"),
            (CREATE_APPENDIX, r#"{"stockDraftId":1} x"#.to_owned(), "$"),
            (CREATE_APPENDIX, r#"{"stockDraftId":1.0}"#.to_owned(), "$.stockDraftId"),
            (CREATE_APPENDIX, r#"{"stockDraftId":"one"}"#.to_owned(), "$.stockDraftId"),
            (CREATE_APPENDIX, r#"{"stockDraftId":99999999999999999999}"#.to_owned(), "$.stockDraftId"),
            (CREATE_APPENDIX, r#"{"stockDraftId":1,"stockDraftId":2}"#.to_owned(), "$.stockDraftId"),
            (CREATE_APPENDIX, r#"{"stockDraftId":1,"description":{"value":5}}"#.to_owned(), "$.description.value"),
            (CREATE_APPENDIX, deep, "$.x"),
            (CREATE_ENTRIES, entries_body(1, &[line("NaN")]), "$.stockDraftEntrySources[0].count"),
            (CREATE_ENTRIES, entries_body(1, &[line("\"ten\"")]), "$.stockDraftEntrySources[0].count"),
            (
                CREATE_ENTRIES,
                entries_body(1, &[line("1"), line("1").replace("2026-01-02T", "2026-13-02T")]),
                "$.stockDraftEntrySources[1].stockDate",
            ),
            (
                CREATE_ENTRIES,
                entries_body(1, &[line("1").replace('}', r#","source":{"value":{"kind":"Gift"}}}"#)]),
                "$.stockDraftEntrySources[0].source.value.kind",
            ),
            (ENTRIES_PAGE, r#"{"stockDraftId":1,"count":"x"}"#.to_owned(), "$.count"),
        ] {
            let reply = client.post(path, &body);
            assert_eq!((reply.status, reply.code().as_str()), (400, "UnreadableRequest"), "{body}: {}", reply.text);
            let at = reply.error()["details"]["path"].as_str().unwrap().to_owned();
            assert!(at.starts_with(place), "{body}: {at}");
        }
        let reply = client.send("POST", CREATE_APPENDIX, &[], b"{\"stockDraftId\":1,\"x\":\"\xff\"}");
        assert_eq!(reply.status, 400);
        assert_eq!(waiting(&mut client, shop::PURCHASES), 0);
    }
}

#[test]
fn every_fault_of_every_line_is_told_at_once_and_nothing_is_entered() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let (id, _) = appendix(&mut client, shop::PURCHASES);
        let with = |line: String, more: &str| line.replace('}', &format!(",{more}}}"));
        let long = "x".repeat(4_001);
        let lines = [
            "{}".to_owned(),
            line("1"),
            line("0"),
            line("1e400"),
            line("0.0000001"),
            line("1234567890123"),
            line_of(4711, "1"),
            line_of(shop::DISABLED, "1"),
            line_of(shop::SHIRT, "1"),
            with(line("1"), r#""variantId":1"#),
            with(line_of(shop::SHIRT, "1"), r#""variantId":99"#),
            line_of(shop::SCANNER, "1"),
            with(line_of(shop::SCANNER, "1"), r#""instanceIds":{"value":[1,2]}"#),
            with(line_of(shop::SCANNER, "2"), r#""instanceIds":{"value":[1,1]}"#),
            with(line_of(shop::SCANNER, "1"), r#""instanceIds":{"value":[99]}"#),
            with(line_of(shop::SCANNER, "1.5"), r#""instanceIds":{"value":[1]}"#),
            with(line("1"), r#""instanceIds":{"value":[1]}"#),
            with(line("1"), r#""lotName":{"value":"L"}"#),
            line("1").replace("100", "4711"),
            line("1").replace("101", "4711"),
            line("1").replace("101", "104"),
            line("1").replace("101", "-11"),
            line("1").replace("101", "2"),
            line("1").replace("2026-01-02T10:00:00Z", "1815-06-18"),
            with(line("1"), r#""customerActorId":{"value":99},"supplierActorId":{"value":99}"#),
            with(line("1"), r#""costPrice":{"value":-1}"#),
            with(line("1"), &format!(r#""description":{{"value":"{long}"}}"#)),
            with(line("1"), r#""description":{"value":"a\u0000b"}"#),
            with(line("1"), r#""source":{"value":{"identifier":"x"}}"#),
            with(line("1"), r#""externalReference":{"value":{"sourceType":"invoice"}}"#),
        ];
        let reply = client.post(CREATE_ENTRIES, &entries_body(id, &lines));
        assert_eq!((reply.status, reply.code().as_str()), (200, "ValidationFailed"));
        let found = reply.violations();
        let of = |index: u64| -> Vec<(&str, &str)> {
            found
                .iter()
                .filter(|(at, _, _)| *at == Some(index))
                .map(|(_, field, code)| (field.as_str(), code.as_str()))
                .collect()
        };
        let required = |field| (field, "required");
        assert_eq!(
            of(0),
            ["count", "organizationalUnitId", "stockDate", "productId", "productLocationId"].map(required)
        );
        for (index, want) in [
            vec![],
            vec![("count", "countZero")],
            vec![("count", "tooLarge")],
            vec![("count", "tooPrecise")],
            vec![("count", "tooLarge")],
            vec![("productId", "unknownProduct")],
            vec![("productId", "productDisabled")],
            vec![("variantId", "variantRequired")],
            vec![("variantId", "variantNotAllowed")],
            vec![("variantId", "unknownVariant")],
            vec![("instanceIds", "instancesRequired")],
            vec![("instanceIds", "instanceCountDiffers")],
            vec![("instanceIds", "instanceRepeated")],
            vec![("instanceIds", "unknownInstance")],
            vec![("count", "countNotWhole")],
            vec![("instanceIds", "instancesNotAllowed")],
            vec![("lotName", "lotNotAllowed")],
            vec![("organizationalUnitId", "unknownOrgUnit")],
            vec![("productLocationId", "unknownLocation")],
            vec![("productLocationId", "locationNotInOrgUnit")],
            vec![("productLocationId", "unknownLocation")],
            vec![("productLocationId", "unknownLocation")],
            vec![("stockDate", "dateOutOfRange")],
            vec![("customerActorId", "unknownCustomer"), ("supplierActorId", "unknownSupplier")],
            vec![("costPrice", "negativePrice")],
            vec![("description", "tooLong")],
            vec![("description", "illegalText")],
            vec![("source.kind", "required")],
            vec![("externalReference.sourceId", "required")],
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(of(index as u64 + 1), want, "{}: line {}: {}", server.name, index + 1, lines[index + 1]);
        }
        assert_eq!(waiting(&mut client, shop::PURCHASES), 0);
    }
}

#[test]
fn what_does_not_exist_and_what_is_missing_have_their_codes() {
    for server in TestServer::all() {
        let mut client = server.admin();
        for (path, body, code) in [
            (CREATE_APPENDIX, "", "ValidationFailed"),
            (CREATE_APPENDIX, r#"{"stockDraftId":null}"#, "ValidationFailed"),
            (CREATE_APPENDIX, r#"{"stockDraftId":4711}"#, "StockDraftNotFound"),
            (CREATE_APPENDIX, r#"{"stockDraftId":-1}"#, "StockDraftNotFound"),
            (CREATE_ENTRIES, "{}", "ValidationFailed"),
            (CREATE_ENTRIES, r#"{"stockAppendixId":1,"stockDraftEntrySources":[]}"#, "StockAppendixNotFound"),
            (CREATE_ENTRIES, r#"{"stockDraftEntrySources":[{}]}"#, "ValidationFailed"),
            (REMOVE, "{}", "ValidationFailed"),
            (REMOVE, r#"{"stockDraftEntryId":4711}"#, "StockDraftEntryNotFound"),
            (CLEAR, r#"{"stockDraftId":4711}"#, "StockDraftNotFound"),
            (BOOK, "{}", "ValidationFailed"),
            (STATE, "{}", "ValidationFailed"),
        ] {
            let reply = client.post(path, body);
            assert_eq!((reply.status, reply.code().as_str()), (200, code), "{path} {body}");
        }
        let (id, _) = appendix(&mut client, shop::PURCHASES);
        assert_eq!(client.post(CREATE_ENTRIES, &entries_body(id, &[])).code(), "ValidationFailed");
        assert_eq!(client.post(CREATE_ENTRIES, &entries_body(4711, &[line("1")])).code(), "StockAppendixNotFound");
    }
}

#[test]
fn the_door_knows_its_paths_and_content_types() {
    let server = TestServer::all().remove(0);
    let mut client = server.admin();
    for (method, path, status) in [
        ("POST", "/API//inventory/stockdraft/getallstockdraftsdescriptors", 200),
        ("POST", "/api/inventory/StockDraft/Nothing", 404),
        ("POST", "/api", 404),
        ("GET", DESCRIPTORS, 405),
        ("PUT", DESCRIPTORS, 405),
    ] {
        let reply = client.send(method, path, &[], b"{}");
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
        assert!(reply.text.starts_with(r#"{"errorOrValue":{"error":"#), "{method} {path}: {}", reply.text);
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    }
    for (content_type, status) in [
        ("text/json", 200),
        ("application/json-patch+json; charset=utf-8", 200),
        ("text/plain", 400),
        ("application/x-www-form-urlencoded", 400),
    ] {
        let reply = client.send("POST", DESCRIPTORS, &[("Content-Type", content_type)], b"{}");
        assert_eq!(reply.status, status, "{content_type}");
    }
    assert_eq!(client.post(DESCRIPTORS, "").status, 200);
    assert_eq!(client.post(DESCRIPTORS, "  \n").status, 200);
    let unread = client.post(DESCRIPTORS, "{");
    assert_eq!(unread.status, 400, "{}", unread.text);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let server = TestServer::all().remove(0);
    let mut client = server.admin();
    let reply = client.send("POST", DESCRIPTORS, &[("Content-Length", "999999999999")], b"");
    assert_eq!((reply.status, reply.code().as_str()), (413, "BodyTooLarge"));
}

#[test]
fn a_body_that_breaks_off_changes_nothing() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let (id, _) = appendix(&mut client, shop::PURCHASES);
        let body = entries_body(id, &[line("1")]);
        for sent in [1, body.len() / 2, body.len() - 1] {
            let mut twin = client.twin();
            let length = body.len().to_string();
            twin.write("POST", CREATE_ENTRIES, &[("Content-Length", &length)], &body.as_bytes()[..sent]);
            twin.hang_up();
        }
        assert_eq!(waiting(&mut client, shop::PURCHASES), 0, "{}", server.name);
    }
}
