//! Every request of the API's description, placeholders filled in, with its reply.

use crate::support::TestServer;
use crate::support::client::Reply;
use crate::support::exchange::Exchanges;
use crate::*;

#[test]
fn every_described_request_is_answered_as_committed() {
    for server in TestServer::all() {
        let mut kept = Exchanges::new("described", server.name);
        let mut client = server.stranger();

        kept.note("Logging in.");
        let login = kept.post(
            &mut client,
            "/api/security/Authentication/Login",
            r#"{"userNameOrEMail": "admin", "password": "correct horse battery staple", "tenantDomainName": "default"}"#,
        );
        let token = login.value()["token"].as_str().unwrap().to_owned();
        let refresh = login.value()["refreshTokenInfo"]["token"].as_str().unwrap().to_owned();
        kept.hide(&token, "<token>");
        kept.hide(&refresh, "<refresh token>");
        let again = kept.post(
            &mut client,
            "/api/security/Authentication/LoginWithRefreshToken",
            &format!(r#"{{"tenantDomainName": "default", "refreshToken": "{refresh}", "issueRefreshToken": false}}"#),
        );
        let token = again.value()["token"].as_str().unwrap().to_owned();
        kept.hide(&token, "<next token>");
        client.token = Some(token);

        kept.note("Which drafts there are.");
        kept.post(&mut client, DESCRIPTORS, "{}");

        kept.note("An appendix, numbered by the draft's series.");
        kept.post(&mut client, CREATE_APPENDIX, r#"{"stockDraftId": 1}"#);
        kept.note("An appendix with everything that can be said of it, and a number of its own.");
        kept.post(
            &mut client,
            CREATE_APPENDIX,
            r#"{"stockDraftId": 1, "description": {"value": "my appendix"}, "stockAppendixSource": {"value": {
            "sourceType": "invoice", "sourceId": {"value": 536365}, "sourceIdentifier": {"value": "INV-536365"},
            "alternativeAppendixNumber": {"value": "A-1"}}}, "userDefinedAppendixNumber": {"value": 536365}}"#,
        );

        kept.note("An entry with every field.");
        kept.post(
            &mut client,
            CREATE_ENTRIES,
            r#"{"stockAppendixId": 1, "stockDraftEntrySources": [{"customerActorId": {"value": 1},
            "supplierActorId": {"value": 2}, "description": {"value": "my stock draft entry"},
            "costPrice": {"value": 2.5}, "salesPrice": {"value": "3.39"},
            "source": {"value": {"kind": "PurchaseDelivery = 1", "identifier": "string"}},
            "organizationalUnitId": -1, "stockDate": "2020-06-26T06:04:13.637Z", "productId": 1, "variantId": null,
            "count": 1, "instanceIds": {"value": [1]}, "productLocationId": 1,
            "externalReference": {"value": {"sourceType": "invoice", "sourceId": 536365}},
            "creditNoteExternalReference": {"value": {"sourceType": "string", "sourceId": 0}}}]}"#,
        );
        kept.note("Two short ones.");
        kept.post(
            &mut client,
            CREATE_ENTRIES,
            r#"{"stockAppendixId": 2, "stockDraftEntrySources": [
            {"organizationalUnitId": 100, "stockDate": "2020-06-26T08:04:13.637+02:00", "productId": 2, "count": 6,
             "productLocationId": 101},
            {"organizationalUnitId": 100, "stockDate": "2020-06-26", "productId": 3, "variantId": 2, "count": 0.5,
             "productLocationId": 102}]}"#,
        );

        kept.note("Pages of entries.");
        kept.post(
            &mut client,
            ENTRIES_PAGE,
            r#"{"stockAppendixId": 1, "offset": 0, "count": 10, "includeOverallEntryCount": false}"#,
        );
        kept.post(
            &mut client,
            ENTRIES_PAGE,
            r#"{"stockDraftId": 1, "productId": {"value": 2}, "description": {"value": "none has this"},
            "costPrice": {"value": {"from": 1, "to": 3}}, "productCategoryIds": {"value": [1]},
            "productLocationIds": {"value": [101]}, "organizationalUnitIds": {"value": [-1]},
            "calculateTotalCostPrice": {"value": true}, "offset": 0, "count": 10, "includeOverallEntryCount": true}"#,
        );
        kept.post(
            &mut client,
            ENTRIES_PAGE,
            r#"{"stockDraftId": 1, "calculateTotalCostPrice": {"value": true}, "offset": 1, "count": 1,
            "includeOverallEntryCount": true}"#,
        );

        kept.note("Removing one entry.");
        kept.post(&mut client, REMOVE, r#"{"stockDraftEntryId": 3}"#);

        kept.note("Booking some, then the rest, and how it went.");
        let some = kept.post(
            &mut client,
            BOOK,
            r#"{"stockDraftId": 1, "productCategoryIds": {"value": [1]}, "productLocationIds": {"value": [101]},
            "organizationalUnitIds": {"value": [100]}}"#,
        );
        poll(&mut kept, &mut client, &some);
        let rest = kept.post(&mut client, BOOK, r#"{"stockDraftId": 1}"#);
        poll(&mut kept, &mut client, &rest);
        kept.note("A booking that there is not.");
        kept.post(&mut client, STATE, r#"{"id": 4711}"#);

        kept.note("What became of the entries.");
        kept.post(&mut client, STOCK_ENTRIES, r#"{"includeOverallEntryCount": true}"#);

        kept.note("A draft that books at once.");
        kept.post(&mut client, CREATE_APPENDIX, r#"{"stockDraftId": 2}"#);
        kept.post(
            &mut client,
            CREATE_ENTRIES,
            r#"{"stockAppendixId": 3, "stockDraftEntrySources": [{"customerActorId": {"value": 1},
            "salesPrice": {"value": 3.39}, "organizationalUnitId": 100, "stockDate": "2020-06-27T10:00:00Z",
            "productId": 2, "variantId": null, "count": -2, "productLocationId": 101}]}"#,
        );

        kept.note("Clearing a draft.");
        kept.post(&mut client, CLEAR, r#"{"stockDraftId": 1}"#);

        kept.note("Logging out.");
        kept.post(&mut client, "/api/security/Authentication/Logout", "{}");
        kept.post(&mut client, DESCRIPTORS, "{}");
        kept.finish();
    }
}

/// Waits for the end of a booking and keeps the exchange that tells of it.
fn poll(kept: &mut Exchanges, client: &mut Client, started: &Reply) {
    let requisition = started.value()["requisitionId"].as_i64().unwrap();
    ended(client, requisition);
    kept.post(client, STATE, &format!(r#"{{"id": {requisition}}}"#));
}
