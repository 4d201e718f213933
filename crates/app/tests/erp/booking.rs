//! Bookings: at once, refused, several at a time, and what they meet.

use crate::support::TestServer;
use crate::support::exchange::Exchanges;
use crate::support::shop::{self, line, line_of};
use crate::*;
use lotbook_engine::thing::Value as Given;
use lotbook_engine::thing::setting::ChangeSetting;

fn set(server: &TestServer, key: &str, json: &str) {
    server.change(ChangeSetting { key: key.into(), value: Given::parse(json).unwrap(), org_unit: None });
}

#[test]
fn a_refused_booking_says_why_and_leaves_everything_as_it_was() {
    for server in TestServer::all() {
        set(&server, "negativeStock", "\"forbid\"");
        let mut client = server.admin();
        let mut kept = Exchanges::new("refused", server.name);
        enter(&mut client, shop::PURCHASES, &[line("5")]);
        let shirt = line_of(shop::SHIRT, "-1").replace('}', r#","variantId":1}"#);
        enter(&mut client, shop::PURCHASES, &[line("-8"), shirt]);
        let requisition = book(&mut client, shop::PURCHASES);
        let state = ended(&mut client, requisition);
        assert_eq!((state["state"].as_str(), state["resultCode"].as_str()), (Some("3"), Some("3")));
        assert!(!state["htmlErrorMessage"].as_str().unwrap().contains("<b>"), "{state}");
        kept.note("Nothing of it was booked, and every reason is told, safe to show.");
        kept.post(&mut client, STATE, &format!(r#"{{"id": {requisition}}}"#));
        assert_eq!(waiting(&mut client, shop::PURCHASES), 3);
        assert_eq!(stock(&mut client, shop::HOLDER), 0);

        kept.note("At once: the entries are kept, and so are those of the next call, which goes through.");
        let failed = kept.post(&mut client, CREATE_APPENDIX, r#"{"stockDraftId": 2}"#).value();
        let appendix = failed["appendixId"].as_i64().unwrap();
        kept.post(&mut client, CREATE_ENTRIES, &entries_body(appendix, &[line("-1")]));
        let next = kept.post(&mut client, CREATE_ENTRIES, &entries_body(appendix, &[line("1")])).value();
        assert_eq!(next["bookOperationResult"]["state"]["state"], "2");
        assert_eq!(waiting(&mut client, shop::WEB_SHOP), 1);
        assert_eq!(stock(&mut client, shop::HOLDER), 1);
        kept.finish();
    }
}

#[test]
fn what_was_entered_is_never_markup() {
    for server in TestServer::all() {
        set(&server, "negativeStock", "\"forbid\"");
        let mut client = server.admin();
        // The lot's name is the user's, and the fault quotes it.
        let milk = line_of(shop::MILK, "-1").replace('}', r#","lotName":{"value":"<img src=x onerror=alert('1')>"}}"#);
        let value = enter(&mut client, shop::WEB_SHOP, &[milk]);
        let state = &value["bookOperationResult"]["state"];
        let html = state["htmlErrorMessage"].as_str().unwrap();
        assert_eq!(state["state"], "3", "{value}");
        assert!(html.contains("&lt;img src=x onerror=alert(&#39;1&#39;)&gt;"), "{html}");
        assert!(!html.contains("<img"), "{html}");
    }
}

#[test]
fn a_warning_is_told_and_stops_nothing() {
    for server in TestServer::all() {
        set(&server, "negativeStock", "\"warn\"");
        let mut client = server.admin();
        let value = enter(&mut client, shop::WEB_SHOP, &[line("-1")]);
        let state = &value["bookOperationResult"]["state"];
        assert_eq!((state["state"].as_str(), state["faultedAppendixNo"].as_i64()), (Some("2"), Some(0)));
        assert!(state["htmlErrorMessage"].as_str().unwrap().contains("85123A"), "{value}");
        assert_eq!(stock(&mut client, shop::HOLDER), -1);
    }
}

#[test]
fn of_two_bookings_of_a_draft_one_runs() {
    for server in TestServer::all() {
        let mut client = server.admin();
        // Enough lines that the first booking is still at it.
        let lines: Vec<String> = (0..3_000).map(|_| line("1")).collect();
        let value = enter(&mut client, shop::PURCHASES, &lines);
        assert_eq!(value["stockDraftEntries"].as_array().unwrap().len(), 3_000);
        let first = value["stockDraftEntries"][0]["stockDraftEntryId"].as_i64().unwrap();
        let mut replies: Vec<_> = (0..4)
            .map(|_| {
                let mut twin = client.twin();
                std::thread::spawn(move || twin.post(BOOK, r#"{"stockDraftId":1}"#))
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        replies.sort_by_key(|reply| !reply.json()["errorOrValue"]["error"].is_null());
        let requisition = replies[0].value()["requisitionId"].as_i64().unwrap();
        // The others were told of it, unless it had ended already.
        for reply in &replies[1..] {
            if !reply.json()["errorOrValue"]["error"].is_null() {
                assert_eq!(reply.code(), "BookingInProgress");
                assert!(reply.error()["details"]["requisitionId"].is_i64(), "{}", reply.text);
            }
        }
        // Neither can what it takes be removed, nor the draft be cleared, while it runs.
        for (path, body) in
            [(REMOVE, format!(r#"{{"stockDraftEntryId":{first}}}"#)), (CLEAR, r#"{"stockDraftId":1}"#.to_owned())]
        {
            let reply = client.post(path, &body);
            let error = reply.error();
            assert!(
                ["BookingInProgress", "StockDraftEntryNotFound"]
                    .contains(&error["code"].as_str().unwrap_or("StockDraftEntryNotFound")),
                "{}",
                reply.text
            );
        }
        assert_eq!(ended(&mut client, requisition)["state"], "2");
        assert_eq!(stock(&mut client, shop::HOLDER), 3_000, "{}", server.name);
        assert_eq!(waiting(&mut client, shop::PURCHASES), 0);
        assert_eq!(
            client.post(REMOVE, &format!(r#"{{"stockDraftEntryId":{first}}}"#)).code(),
            "StockDraftEntryNotFound"
        );
    }
}

#[test]
fn a_booking_takes_what_its_filter_names_and_leaves_the_rest() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let at_b = line("4").replace("100", "103").replace("101", "104");
        let milk = line_of(shop::MILK, "2").replace('}', r#","lotName":"L-1"}"#);
        enter(&mut client, shop::PURCHASES, &[line("1"), line("2").replace("101", "102"), at_b, milk]);
        for (filter, left) in [
            (r#""productCategoryIds":{"value":[]}"#, 4),
            (r#""productLocationIds":{"value":[102]}"#, 3),
            (r#""productCategoryIds":{"value":[1]},"organizationalUnitIds":{"value":[100]}"#, 2),
            (r#""organizationalUnitIds":{"value":[-1]}"#, 0),
        ] {
            let reply = client.post(BOOK, &format!(r#"{{"stockDraftId":1,{filter}}}"#)).value();
            let state = ended(&mut client, reply["requisitionId"].as_i64().unwrap());
            assert_eq!(state["state"], "2", "{state}");
            assert_eq!(waiting(&mut client, shop::PURCHASES), left, "{}: {filter}", server.name);
        }
        assert_eq!(stock(&mut client, shop::HOLDER), 7);
    }
}

#[test]
fn a_booking_of_nothing_succeeds_and_an_unknown_one_is_unknown() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let requisition = book(&mut client, shop::PURCHASES);
        assert_eq!(ended(&mut client, requisition)["state"], "2");
        let unknown = client.post(STATE, r#"{"id":4711}"#).value();
        assert_eq!(unknown, json!({"resultCode": "12", "value": null}));
        assert_eq!(client.post(BOOK, r#"{"stockDraftId":4711}"#).code(), "StockDraftNotFound");
    }
}

#[test]
fn a_count_replaces_the_figure_at_its_time() {
    for server in TestServer::all() {
        let mut client = server.admin();
        enter(&mut client, shop::WEB_SHOP, &[line("10"), line("5").replace("2026-01-02", "2026-01-04")]);
        enter(&mut client, shop::COUNTS, &[line("7").replace("2026-01-02", "2026-01-03")]);
        let requisition = book(&mut client, shop::COUNTS);
        assert_eq!(ended(&mut client, requisition)["state"], "2");
        assert_eq!(stock(&mut client, shop::HOLDER), 12, "{}", server.name);
        let negative =
            client.post(CREATE_ENTRIES, &entries_body(appendix(&mut server.admin(), shop::COUNTS).0, &[line("-1")]));
        assert_eq!(negative.violations(), [(Some(0), "count".into(), "countNegative".into())]);
    }
}

#[test]
fn many_small_vouchers_book_at_once_from_many_connections() {
    for server in TestServer::all() {
        let client = server.admin();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let mut twin = client.twin();
                std::thread::spawn(move || {
                    let mut numbers = Vec::new();
                    for _ in 0..25 {
                        let (id, number) = appendix(&mut twin, shop::WEB_SHOP);
                        let value = twin.post(CREATE_ENTRIES, &entries_body(id, &[line("1")])).value();
                        assert_eq!(value["bookOperationResult"]["state"]["state"], "2", "{value}");
                        numbers.push(number);
                    }
                    numbers
                })
            })
            .collect();
        let mut numbers: Vec<i64> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 200, "{}: every number is given once", server.name);
        assert_eq!(stock(&mut client.twin(), shop::HOLDER), 200, "{}", server.name);
    }
}
