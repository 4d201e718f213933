//! Idempotency keys: a request that is sent again is not a second request.

use crate::support::TestServer;
use crate::support::shop::{self, line};
use crate::*;

#[test]
fn the_same_key_gets_the_same_reply_and_does_nothing_twice() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let first = client.post_once(CREATE_APPENDIX, "a-1", r#"{"stockDraftId":2}"#);
        let again = client.post_once(&CREATE_APPENDIX.to_uppercase(), "a-1", r#"{"stockDraftId":2}"#);
        assert_eq!(first.text, again.text);
        let id = first.value()["appendixId"].as_i64().unwrap();
        let body = entries_body(id, &[line("3")]);
        let entered = client.post_once(CREATE_ENTRIES, "e-1", &body);
        assert_eq!(entered.value()["bookOperationResult"]["state"]["state"], "2");
        assert_eq!(client.post_once(CREATE_ENTRIES, "e-1", &body).text, entered.text);
        assert_eq!(stock(&mut client, shop::HOLDER), 3, "{}", server.name);
        // Another body, or another call: refused.
        for (path, body) in
            [(CREATE_ENTRIES, entries_body(id, &[line("4")])), (CREATE_APPENDIX, r#"{"stockDraftId":2}"#.to_owned())]
        {
            assert_eq!(client.post_once(path, "e-1", &body).code(), "IdempotencyKeyReused");
        }
        let booked = client.post_once(BOOK, "b-1", r#"{"stockDraftId":1}"#);
        let requisition = booked.value()["requisitionId"].as_i64().unwrap();
        ended(&mut client, requisition);
        assert_eq!(client.post_once(BOOK, "b-1", r#"{"stockDraftId":1}"#).text, booked.text);
    }
}

#[test]
fn a_refused_request_may_be_mended_under_its_key() {
    for server in TestServer::all() {
        let mut client = server.admin();
        assert_eq!(client.post_once(CREATE_APPENDIX, "k", r#"{"stockDraftId":99}"#).code(), "StockDraftNotFound");
        let mended = client.post_once(CREATE_APPENDIX, "k", r#"{"stockDraftId":1}"#);
        assert_eq!(client.post_once(CREATE_APPENDIX, "k", r#"{"stockDraftId":1}"#).text, mended.text);
    }
}

#[test]
fn a_key_that_comes_many_times_at_once_is_done_once() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let (id, _) = appendix(&mut client, shop::WEB_SHOP);
        for (key, path, body) in [
            ("entries", CREATE_ENTRIES, entries_body(id, &[line("1")])),
            ("appendix", CREATE_APPENDIX, r#"{"stockDraftId":1}"#.to_owned()),
            ("clear", CLEAR, r#"{"stockDraftId":1}"#.to_owned()),
            ("book", BOOK, r#"{"stockDraftId":1}"#.to_owned()),
        ] {
            let threads: Vec<_> = (0..16)
                .map(|_| {
                    let (mut twin, body) = (client.twin(), body.clone());
                    std::thread::spawn(move || twin.post_once(path, key, &body).text)
                })
                .collect();
            let mut texts: Vec<String> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            texts.dedup();
            assert_eq!(texts.len(), 1, "{}: {key}: {texts:?}", server.name);
            assert!(texts[0].contains(r#""error":null"#), "{}: {}", server.name, texts[0]);
        }
        assert_eq!(stock(&mut client, shop::HOLDER), 1, "{}", server.name);
    }
}

#[test]
fn whoever_hangs_up_finds_the_reply_under_the_key() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let (id, _) = appendix(&mut client, shop::WEB_SHOP);
        let body = entries_body(id, &[line("1")]);
        let mut twin = client.twin();
        twin.write("POST", CREATE_ENTRIES, &[("Idempotency-Key", "gone")], body.as_bytes());
        twin.hang_up();
        let reply = client.post_once(CREATE_ENTRIES, "gone", &body);
        assert_eq!(reply.value()["bookOperationResult"]["state"]["state"], "2");
        assert_eq!(stock(&mut client, shop::HOLDER), 1, "{}", server.name);
    }
}

#[test]
fn a_key_has_its_limits() {
    for server in TestServer::all() {
        let mut client = server.admin();
        for (key, status) in [("k".repeat(255), 200), ("k".repeat(256), 400), (String::new(), 400)] {
            assert_eq!(client.post_once(CREATE_APPENDIX, &key, r#"{"stockDraftId":1}"#).status, status);
        }
        // Where nothing is changed it does not count.
        assert_eq!(client.post_once(DESCRIPTORS, "", "{}").status, 200);
    }
}
