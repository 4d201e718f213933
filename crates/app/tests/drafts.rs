//! What the pages of a journal rest on: figures of what waits, and entries replaced without anybody
//! overwriting what another has changed.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use serde_json::json;
use support::Server;

#[test]
fn a_replaced_entry_leaves_nothing_under_its_old_id() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.post("/v1/locations", &json!({"name": "Shelf"}));
    admin.post("/v1/products", &json!({"identifier": "P", "name": "Pen", "unit": "pcs"}));
    admin.post("/v1/journals", &json!({"name": "In", "kind": "Delivery"}));
    let voucher = admin.post("/v1/vouchers", &json!({"journal": "In"})).json()["id"].as_i64().unwrap();
    let line = |count: i64| json!({"product": "P", "location": "Shelf", "count": count, "stockDate": "2026-11-01", "costPrice": 2.5});
    let made = admin.post("/v1/entries", &json!({"voucher": voucher, "entries": [line(1), line(2), line(3)]}));
    assert_eq!(made.status, 201, "{}", made.text);
    let ids: Vec<i64> =
        made.json()["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();

    let waiting = admin.get("/v1/drafts/In").json();
    assert_eq!(waiting["entries"], 3);
    assert_eq!(waiting["count"], 6);
    assert_eq!(waiting["totalCostPrice"], 15);
    assert_eq!(waiting["ids"], json!([[ids[0], ids[2]]]));
    assert_eq!(waiting["vouchers"][0]["entries"], 3);
    assert_eq!(admin.get("/v1/drafts").json()["items"][0]["entries"], 3);

    let refused = admin.send("PUT", &format!("/v1/entries/{}", ids[1]), &line(0).to_string());
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.json()["violations"]["count"].is_array(), "{}", refused.text);

    let replaced = admin.send("PUT", &format!("/v1/entries/{}", ids[1]), &line(7).to_string());
    assert_eq!(replaced.status, 200, "{}", replaced.text);
    let new = replaced.json()["id"].as_i64().unwrap();
    assert!(new > ids[2]);
    // Whoever still has the old one in front of them is told.
    let late = admin.send("PUT", &format!("/v1/entries/{}", ids[1]), &line(9).to_string());
    assert_eq!(late.problem(), (404, "notFound".into()));

    let shown = admin.get(&format!("/v1/entries/{new}")).json();
    assert_eq!(shown["voucher"]["id"], voucher);
    assert_eq!((shown["count"].clone(), shown["product"]["name"].clone()), (json!(7), json!("Pen")));
    let waiting = admin.get("/v1/drafts/In").json();
    assert_eq!(waiting["ids"], json!([[ids[0], ids[0]], [ids[2], new]]));
    assert_eq!(waiting["count"], 11);
    let part = admin.get(&format!("/v1/entries?journal=In&ids={}-{}", ids[2], new)).json();
    assert_eq!(part["items"].as_array().unwrap().len(), 2);
    assert_eq!(admin.get("/v1/drafts/In?description=nothing").json()["entries"], 0);
}

/// Whoever changes one thing sends the rest back as it was told, and nothing is lost by that.
#[test]
fn what_an_entry_answers_says_the_same_when_it_is_sent_back() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.post("/v1/locations", &json!({"name": "Shelf"}));
    admin.post("/v1/products", &json!({"identifier": "A", "name": "Apron", "hasVariants": true}));
    admin.post("/v1/variants", &json!({"product": "A", "identifier": "L", "barcodes": ["4006381333948"]}));
    admin.post("/v1/parties", &json!({"code": "ANNA", "name": "Anna"}));
    admin.post("/v1/journals", &json!({"name": "Out", "kind": "Delivery"}));
    let voucher = admin.post("/v1/vouchers", &json!({"journal": "Out"})).json()["id"].clone();
    let line = json!({
        "product": "A", "variant": "L", "location": "Shelf", "count": -1, "salesPrice": 17.9, "customer": "ANNA",
        "stockDate": "2026-11-01", "source": {"kind": 3, "identifier": "order 7"},
        "externalReference": {"type": "order", "id": 7}, "description": "wrapped"
    });
    // A document that is named in other words is not lost in silence.
    for document in [json!({"sourceType": "order", "sourceId": 7}), json!({"id": 7}), json!({"type": "order"})] {
        let mut unclear = line.clone();
        unclear["externalReference"] = document.clone();
        unclear["creditNoteReference"] = document;
        let refused = admin.post("/v1/entries", &json!({"voucher": voucher, "entries": [unclear]}));
        assert_eq!(refused.status, 422, "{}", refused.text);
        for field in ["externalReference", "creditNoteReference"] {
            assert!(
                refused.text.contains(field) && refused.text.contains("needs a type and an id"),
                "{}",
                refused.text
            );
        }
    }
    let made = admin.post("/v1/entries", &json!({"voucher": voucher, "entries": [line]})).json();
    let mut id = made["items"][0]["id"].as_i64().unwrap();
    let first = admin.get(&format!("/v1/entries/{id}")).json();
    assert_eq!(first["variantIdentifier"], "L");
    assert_eq!(first["source"], json!({"kind": 3, "identifier": "order 7"}));
    let replaced = admin.send("PUT", &format!("/v1/entries/{id}"), &first.to_string());
    assert_eq!(replaced.status, 200, "{}", replaced.text);
    id = replaced.json()["id"].as_i64().unwrap();
    let second = admin.get(&format!("/v1/entries/{id}")).json();
    for (field, value) in first.as_object().unwrap().iter().filter(|(field, _)| *field != "id" && *field != "createdAt")
    {
        assert_eq!(&second[field], value, "{field}");
    }
}

/// What is in the ledger was rounded by a scale, and is replayed by it.
#[test]
fn amounts_keep_the_digits_that_they_were_rounded_to() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.post("/v1/locations", &json!({"name": "Shelf"}));
    admin.post("/v1/products", &json!({"identifier": "A", "name": "Apron"}));
    admin.post("/v1/journals", &json!({"name": "In", "kind": "Delivery", "isAutoBook": true}));
    let scale =
        |admin: &mut support::Client, digits: i64| admin.patch("/v1/settings/amountScale", &json!({"value": digits}));
    assert_eq!(scale(&mut admin, 3).status, 200);
    let voucher = admin.post("/v1/vouchers", &json!({"journal": "In"})).json()["id"].clone();
    let line = json!({"stockDate": "2026-01-05", "product": "A", "count": 3, "location": "Shelf", "costPrice": 3.3333});
    let booked = admin.post("/v1/entries", &json!({"voucher": voucher, "entries": [line]}));
    assert!(booked.status < 300, "{}", booked.text);
    assert_eq!(scale(&mut admin, 3).status, 200, "it is what it was");
    let refused = scale(&mut admin, 2);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("rounded to 3 digits in the 1 batches"), "{}", refused.text);
}

/// A lot that is disabled is not entered; one that was disabled after it was entered is not booked.
#[test]
fn a_disabled_lot_is_left_alone() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.post("/v1/locations", &json!({"name": "Shelf"}));
    admin.post("/v1/products", &json!({"identifier": "P", "name": "Pen", "tracking": "lot"}));
    admin.post("/v1/lots", &json!([{"product": "P", "name": "A"}, {"product": "P", "name": "B"}]));
    admin.post("/v1/journals", &json!([{"name": "In", "kind": "Delivery"}]));
    let mut enter = |lot: &str| {
        let voucher = admin.post("/v1/vouchers", &json!({"journal": "In"})).json()["id"].clone();
        let line = json!({"stockDate": "2026-01-05", "product": "P", "lot": lot, "count": 5, "location": "Shelf"});
        admin.post("/v1/entries", &json!({"voucher": voucher, "entries": [line]}))
    };
    let entered = enter("A");
    assert!(entered.status < 300, "{}", entered.text);
    let mut other = server.admin();
    for lot in ["A", "B"] {
        let disabled = other.patch(&format!("/v1/lots/P%2F{lot}"), &json!({"isEnabled": false}));
        assert!(disabled.status < 300, "{}", disabled.text);
    }
    let refused = enter("B");
    assert!(refused.status == 422 && refused.text.contains("lot B of P is disabled"), "{}", refused.text);
    let booking = other.post("/v1/bookings", &json!({"journal": "In"})).json()["id"].clone();
    let started = std::time::Instant::now();
    let ended = loop {
        let shown = other.get(&format!("/v1/bookings/{booking}"));
        if shown.json()["state"] != "waiting" {
            break shown;
        }
        assert!(started.elapsed().as_secs() < 60, "{}", shown.text);
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(ended.text.contains("lot A of P is disabled (AVAILABLE)"), "{}", ended.text);
}

/// What is left of a booking of which a line was undone is named, and can be undone as a whole.
#[test]
fn the_rest_of_a_booking_is_undone() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.post("/v1/locations", &json!({"name": "Shelf"}));
    admin.post("/v1/products", &json!({"identifier": "P", "name": "Pen", "unit": "pcs"}));
    admin.post("/v1/journals", &json!({"name": "In", "kind": "Delivery", "isAutoBook": true}));
    let voucher = admin.post("/v1/vouchers", &json!({"journal": "In"})).json()["id"].as_i64().unwrap();
    let line = |count: i64| json!({"product": "P", "location": "Shelf", "count": count, "stockDate": "2026-11-01", "costPrice": 2});
    let made = admin.post("/v1/entries", &json!({"voucher": voucher, "entries": [line(1), line(2), line(4)]}));
    assert_eq!(made.status, 201, "{}", made.text);
    let undo = |more: serde_json::Value| {
        let mut body = json!({"booking": 1, "reason": "never came"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let nothing = admin.post("/v1/reversals", &undo(json!({"lines": []})));
    assert_eq!(nothing.status, 422, "{}", nothing.text);
    assert!(nothing.json()["violations"]["lines"].is_array(), "{}", nothing.text);
    let one = admin.post("/v1/reversals", &undo(json!({"lines": [1]})));
    assert_eq!(one.status, 201, "{}", one.text);
    let whole = admin.post("/v1/reversals", &undo(json!({})));
    assert_eq!(whole.problem(), (409, "alreadyReversed".into()), "{}", whole.text);
    assert!(whole.text.contains("lines 1 of booking 1 were undone already"), "{}", whole.text);
    let rest = admin.post("/v1/reversals", &undo(json!({"rest": true})));
    assert_eq!((rest.status, rest.json()["movements"].as_array().map(Vec::len)), (201, Some(2)), "{}", rest.text);
    assert_eq!(admin.get("/v1/balances?product=P").json()["items"], json!([]));
    assert_eq!(admin.post("/v1/reversals", &undo(json!({"rest": true}))).status, 409);
}
