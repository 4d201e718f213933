//! Appendices and entries: numbers, filters, totals, pages.

use crate::support::TestServer;
use crate::support::shop::{self, line, line_of};
use crate::*;
use lotbook_engine::thing::Value as Given;
use lotbook_engine::thing::setting::ChangeSetting;

#[test]
fn appendices_are_numbered_by_series_or_by_choice() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let mut chosen = |draft: i64, number: &str| {
            client.post(
                CREATE_APPENDIX,
                &format!(r#"{{"stockDraftId":{draft},"userDefinedAppendixNumber":{{"value":{number}}}}}"#),
            )
        };
        assert_eq!(chosen(shop::PURCHASES, "4711").value()["appendixNumber"], 4711);
        assert_eq!(chosen(shop::PURCHASES, "\"4712\"").value()["appendixNumber"], 4712);
        // The number is unique in the tenant, not in the draft.
        assert_eq!(chosen(shop::COUNTS, "4711").code(), "AppendixNumberInUse");
        for inside in ["501", "1000000000", "1999999999"] {
            assert_eq!(chosen(shop::PURCHASES, inside).code(), "AppendixNumberOverlapsSeries", "{inside}");
        }
        assert_eq!(chosen(shop::PURCHASES, "2000000000").value()["appendixNumber"], 2_000_000_000_i64);
        for wrong in ["0", "-5", "9007199254740992"] {
            let violations = chosen(shop::PURCHASES, wrong).violations();
            assert_eq!(violations[0].1, "userDefinedAppendixNumber", "{wrong}: {violations:?}");
        }
        assert_eq!(chosen(99, "1").code(), "StockDraftNotFound");
        let first = appendix(&mut client, shop::PURCHASES).1;
        assert!((1_000_000_000..=1_999_999_999).contains(&first));
        let short: Vec<i64> = (0..3).map(|_| appendix(&mut client, shop::NUMBERED).1).collect();
        assert_eq!(short, [500, 501, 502], "{}", server.name);
        let full = client.post(CREATE_APPENDIX, &format!(r#"{{"stockDraftId":{}}}"#, shop::NUMBERED));
        assert_eq!(full.code(), "AppendixSeriesExhausted");
    }
}

#[test]
fn one_number_is_given_to_one_of_many_who_choose_it() {
    for server in TestServer::all() {
        let client = server.admin();
        let threads: Vec<_> = (0..12)
            .map(|_| {
                let mut twin = client.twin();
                std::thread::spawn(move || {
                    twin.post(CREATE_APPENDIX, r#"{"stockDraftId":1,"userDefinedAppendixNumber":{"value":77}}"#)
                })
            })
            .collect();
        let replies: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        let (got, refused): (Vec<_>, Vec<_>) =
            replies.iter().partition(|reply| reply.json()["errorOrValue"]["error"].is_null());
        assert_eq!(got.len(), 1, "{}: {replies:?}", server.name);
        assert!(refused.iter().all(|reply| reply.code() == "AppendixNumberInUse"), "{refused:?}");
    }
}

#[test]
fn entries_are_filtered_counted_summed_and_paged() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let priced = |count: &str, cost: &str, text: &str| {
            line(count)
                .replace('}', &format!(r#","costPrice":{{"value":{cost}}},"description":{{"value":"{text}"}}}}"#))
        };
        let milk = line_of(shop::MILK, "2").replace('}', r#","lotName":{"value":"Lot-7"}}"#);
        let at_b = line("4").replace("100", "103").replace("101", "104");
        let (id, number) = appendix(&mut client, shop::PURCHASES);
        let body = entries_body(
            id,
            &[
                priced("0.000001", "0.5", "Größe XL"),
                priced("0.000001", "0.5", "a%b"),
                priced("0.000001", "0.5", "a_b"),
                line("10").replace("101", "102"),
                milk,
                at_b,
            ],
        );
        let created = client.post(CREATE_ENTRIES, &body).value();
        let ids: Vec<i64> = created["stockDraftEntries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["stockDraftEntryId"].as_i64().unwrap())
            .collect();
        let mut page = |filter: &str| client.post(ENTRIES_PAGE, &format!(r#"{{"stockDraftId":1{filter}}}"#)).value();
        let found = |page: &Value| -> Vec<usize> {
            let entries = page["entries"].as_array().unwrap();
            entries
                .iter()
                .map(|entry| ids.iter().position(|id| entry["id"] == *id).expect("it is one of ours"))
                .collect()
        };
        for (filter, want) in [
            ("", vec![0, 1, 2, 3, 4, 5]),
            (r#","productId":{"value":4}"#, vec![4]),
            (r#","description":{"value":"GRÖSSE"}"#, vec![]),
            (r#","description":{"value":"größe x"}"#, vec![0]),
            (r#","description":{"value":"GRÖ"}"#, vec![0]),
            (r#","description":{"value":"a%"}"#, vec![1]),
            (r#","description":{"value":"A_B"}"#, vec![2]),
            (r#","costPrice":{"value":{"to":0.5}}"#, vec![0, 1, 2]),
            (r#","costPrice":{"value":{"from":2.55,"to":2.55}}"#, vec![3, 5]),
            (r#","productCategoryIds":{"value":[1]}"#, vec![0, 1, 2, 3, 5]),
            (r#","productCategoryIds":{"value":[2]}"#, vec![]),
            (r#","productCategoryIds":{"value":[]}"#, vec![]),
            (r#","productLocationIds":{"value":[102]}"#, vec![3]),
            (r#","productLocationIds":{"value":[101]}"#, vec![0, 1, 2, 3, 4]),
            (r#","organizationalUnitIds":{"value":[103]}"#, vec![5]),
            (r#","organizationalUnitIds":{"value":[-1]}"#, vec![0, 1, 2, 3, 4, 5]),
            (r#","lotName":{"value":"lot"}"#, vec![4]),
            (r#","offset":2,"count":2"#, vec![2, 3]),
            (r#","offset":6"#, vec![]),
            (r#","count":0"#, vec![]),
        ] {
            assert_eq!(found(&page(filter)), want, "{}: {filter}", server.name);
        }
        // Three times half a millionth is one and a half, rounded once to the even neighbour: 2 millionths.
        let total = page(
            r#","costPrice":{"value":{"to":0.5}},"count":0,"includeOverallEntryCount":true,"calculateTotalCostPrice":{"value":true}"#,
        );
        assert_eq!(total.to_string(), r#"{"entries":[],"overallEntryCount":3,"totalCostPrice":2e-6}"#);
        // The fall-back cost counts where none was given: 10 + 4 holders at 2.55, 2 l of milk at 1.
        let total = page(r#","costPrice":{"value":{"from":1}},"count":1,"calculateTotalCostPrice":{"value":true}"#);
        assert_eq!(
            (total["totalCostPrice"].to_string(), total["entries"].as_array().unwrap().len()),
            ("37.7".into(), 1)
        );
        assert_eq!(total.get("overallEntryCount"), None);
        let by_appendix =
            client.post(ENTRIES_PAGE, &format!(r#"{{"stockAppendixId":{id},"stockDraftId":1,"count":1}}"#));
        assert_eq!(by_appendix.value()["entries"][0]["appendixNumber"], number);
        let other = client.post(ENTRIES_PAGE, &format!(r#"{{"stockAppendixId":{id},"stockDraftId":2}}"#));
        assert_eq!(other.code(), "ScopeMismatch");
        for (body, code) in [
            (r#"{"stockAppendixId":4711}"#, "StockAppendixNotFound"),
            (r#"{"stockDraftId":4711}"#, "StockDraftNotFound"),
            ("{}", "ValidationFailed"),
            (r#"{"stockDraftId":1,"offset":-1}"#, "ValidationFailed"),
        ] {
            assert_eq!(client.post(ENTRIES_PAGE, body).code(), code, "{body}");
        }
    }
}

#[test]
fn a_page_is_never_larger_than_a_thousand() {
    for server in TestServer::all() {
        let mut client = server.admin();
        let lines: Vec<String> = (0..1_100).map(|_| line("1")).collect();
        enter(&mut client, shop::PURCHASES, &lines);
        let mut page = |body: &str| client.post(ENTRIES_PAGE, body).value()["entries"].as_array().unwrap().len();
        assert_eq!(page(r#"{"stockDraftId":1,"count":100000}"#), 1_000);
        assert_eq!(page(r#"{"stockDraftId":1}"#), 100);
        assert_eq!(page(r#"{"stockDraftId":1,"count":1000,"offset":1000}"#), 100);
        assert_eq!(client.post(CLEAR, r#"{"stockDraftId":1}"#).value(), json!({}));
        assert_eq!(waiting(&mut client, shop::PURCHASES), 0);
    }
}

#[test]
fn times_without_an_offset_are_the_tenants_and_enums_are_printed_as_it_likes() {
    for server in TestServer::all() {
        let mut client = server.admin();
        for (key, json) in [("timeZone", "\"Europe/Madrid\""), ("enumStyle", "\"numbers\"")] {
            server.change(ChangeSetting { key: key.into(), value: Given::parse(json).unwrap(), org_unit: None });
        }
        let kinds = client.post(DESCRIPTORS, "{}").value();
        assert_eq!(kinds[0]["kind"], 5);
        enter(&mut client, shop::PURCHASES, &[line("1").replace("2026-01-02T10:00:00Z", "2026-07-02T10:00:00")]);
        let page = client.post(ENTRIES_PAGE, r#"{"stockDraftId":1}"#).value();
        assert_eq!(page["entries"][0]["stockDate"], "2026-07-02T08:00:00.000Z", "{}", server.name);
    }
}

#[test]
fn a_hundred_thousand_entries_go_in_one_call() {
    // One database is enough: what is shown is the door's.
    let server = TestServer::all().remove(0);
    let mut client = server.admin();
    let (id, _) = appendix(&mut client, shop::PURCHASES);
    let lines: Vec<String> = (0..100_000).map(|_| line("1")).collect();
    let value = client.post(CREATE_ENTRIES, &entries_body(id, &lines)).value();
    let entries = value["stockDraftEntries"].as_array().unwrap();
    assert_eq!(entries.len(), 100_000);
    assert_eq!(entries[99_999]["index"], 99_999);
    assert_eq!(waiting(&mut client, shop::PURCHASES), 100_000);
}
