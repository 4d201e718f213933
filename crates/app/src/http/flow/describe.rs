//! What the reference says of the journal flow and the ledger.
#![allow(clippy::needless_pass_by_value)] // schemas are made on the spot and given away

use lotbook_engine::security::permission::{STOCK_BOOK, STOCK_DRAFT, STOCK_READ, STOCK_REVERSE};
use serde_json::{Value, json};

use crate::http::native::openapi::{Api, Operation, items_of, list_of, one_or_many, query, schema_ref};

pub(super) fn text() -> Value {
    json!({"type": "string"})
}

pub(super) fn whole() -> Value {
    json!({"type": "integer", "format": "int64"})
}

pub(super) fn decimal() -> Value {
    json!({"type": ["number", "string"], "description": "An exact decimal, up to 12 digits before and 6 after the point."})
}

pub(super) fn time() -> Value {
    json!({"type": "string", "format": "date-time"})
}

pub(super) fn nullable(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

pub(super) fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

fn document() -> Value {
    object(json!({"type": text(), "id": whole()}), &["type", "id"])
}

/// Adds the operations of the flow.
pub fn describe(api: &mut Api) {
    describe_vouchers(api);
    describe_entries(api);
    describe_drafts(api);
    describe_bookings(api);
    describe_ledger(api);
    super::batch::describe(api);
    describe_stock(api);
    super::report::describe(api);
    super::posting::describe(api);
    super::reservation::describe(api);
    super::count::describe(api);
    super::value::describe(api);
    super::costing::describe(api);
    super::sheet::describe(api);
    super::count_plan::describe(api);
    super::adjustment::describe(api);
    super::run::describe(api);
    super::trace::describe(api);
    super::operation::describe(api);
    super::process::describe(api);
    super::board::describe(api);
    super::ledger::describe(api);
}

fn describe_vouchers(api: &mut Api) {
    api.tag("vouchers", "Vouchers of a journal: what groups entries and gives them a number.");
    let source = object(json!({"type": text(), "id": whole(), "identifier": text(), "alternativeNumber": text()}), &[]);
    api.schema(
        "Voucher",
        object(
            json!({
                "id": {"type": "integer", "readOnly": true}, "uid": {"type": "string", "readOnly": true},
                "journal": schema_ref("Reference"), "number": nullable(whole()), "description": nullable(text()),
                "source": nullable(source), "createdAt": {"type": "string", "readOnly": true},
                "createdBy": {"type": "integer", "readOnly": true}
            }),
            &["journal"],
        ),
    );
    api.add(
        "post",
        "/v1/vouchers",
        Operation::new("vouchers", "createVoucher", "Make a voucher, or a list of them")
            .about(
                "Without a number it gets the next of the journal's series; a chosen one lies outside of every series. \
                 Of a list, all are made or none; what is wrong with any of them is said at once.",
            )
            .needs(STOCK_DRAFT)
            .changes()
            .body(one_or_many("Voucher"))
            .answers(
                201,
                "The voucher, or all of a list in its order.",
                json!({"oneOf": [schema_ref("Voucher"), items_of("Voucher")]}),
            ),
    );
    api.add(
        "get",
        "/v1/vouchers",
        Operation::new("vouchers", "listVouchers", "List vouchers")
            .needs(STOCK_READ)
            .paged()
            .parameters([query("journal", "Of this journal.", text()), query("number", "With this number.", whole())])
            .answers(200, "A page.", list_of("Voucher")),
    );
    api.add(
        "get",
        "/v1/vouchers/{voucher}",
        Operation::new("vouchers", "getVoucher", "Read a voucher")
            .needs(STOCK_READ)
            .in_path("voucher", "Its id, number or ULID: a number that is an id is taken for the id.")
            .answers(200, "The voucher.", schema_ref("Voucher")),
    );
}

fn describe_entries(api: &mut Api) {
    api.tag("entries", "Entries that wait to be booked.");
    api.schema(
        "Entry",
        object(
            json!({
                "id": {"type": "integer", "readOnly": true},
                "voucher": schema_ref("Reference"), "product": schema_ref("Reference"),
                "variant": nullable(schema_ref("Reference")),
                "variantIdentifier": {"type": ["string", "null"], "readOnly": true},
                "lot": nullable(schema_ref("Reference")),
                "instances": {"type": ["array", "null"], "items": schema_ref("Reference")},
                "location": schema_ref("Reference"), "orgUnit": nullable(schema_ref("Reference")),
                "count": decimal(), "unit": nullable(schema_ref("Reference")), "stockDate": time(),
                "costPrice": nullable(decimal()), "salesPrice": nullable(decimal()),
                "customer": nullable(schema_ref("Reference")), "supplier": nullable(schema_ref("Reference")),
                "reason": nullable(schema_ref("Reference")), "description": nullable(text()),
                "externalReference": nullable(document()), "creditNoteReference": nullable(document()),
                "source": nullable(object(json!({"kind": whole(), "identifier": text()}), &[])),
                "reservation": nullable(schema_ref("Reference"))
            }),
            &["voucher", "product", "location", "count", "stockDate"],
        ),
    );
    let several = json!({"oneOf": [
        schema_ref("Entry"),
        {"type": "array", "maxItems": 100_000, "items": schema_ref("Entry")},
        object(
            json!({"voucher": schema_ref("Reference"), "entries": {"type": "array", "items": schema_ref("Entry")}}),
            &["voucher", "entries"]
        )
    ]});
    let created = object(
        json!({
            "items": {"type": "array", "items": object(json!({"id": whole(), "index": whole()}), &["id", "index"])},
            "booking": nullable(schema_ref("BookingOutcome"))
        }),
        &["items"],
    );
    api.add(
        "post",
        "/v1/entries",
        Operation::new("entries", "createEntries", "Enter lines of a voucher")
            .about("All or none; every fault of every line comes back at once. Where the journal books by itself, `booking` says how that went.")
            .needs(STOCK_DRAFT)
            .changes()
            .body(several)
            .answers(201, "Their ids, in the order sent.", created),
    );
    api.add(
        "get",
        "/v1/entries",
        Operation::new("entries", "listEntries", "List entries that wait")
            .needs(STOCK_READ)
            .paged()
            .parameters([
                query("journal", "Of this journal.", text()),
                query("voucher", "Of this voucher.", text()),
                query("product", "Of this product.", text()),
                query("location", "At this location or below.", text()),
                query("description", "With this in the description.", text()),
                query("ids", "With ids from the first to the last: `17-42`.", text()),
            ])
            .answers(200, "A page.", list_of("Entry")),
    );
    let id = "Its id.";
    api.add(
        "get",
        "/v1/entries/{entry}",
        Operation::new("entries", "getEntry", "Read an entry").needs(STOCK_READ).in_path("entry", id).answers(
            200,
            "The entry.",
            schema_ref("Entry"),
        ),
    );
    api.add(
        "put",
        "/v1/entries/{entry}",
        Operation::new("entries", "replaceEntry", "Put another entry in the place of one")
            .about("It stays in its voucher and gets an id of its own; the old id names nothing any more, so nobody overwrites what another has changed.")
            .needs(STOCK_DRAFT)
            .changes()
            .in_path("entry", id)
            .body(schema_ref("Entry"))
            .answers(200, "Its new id.", object(json!({"id": whole(), "replaced": whole()}), &["id", "replaced"])),
    );
    api.add(
        "delete",
        "/v1/entries/{entry}",
        Operation::new("entries", "removeEntry", "Remove an entry that is not booked")
            .needs(STOCK_DRAFT)
            .changes()
            .in_path("entry", id)
            .answers(200, "It is gone.", json!({"type": "object"})),
    );
    api.add(
        "post",
        "/v1/journals/{journal}/clear",
        Operation::new("entries", "clearJournal", "Remove every entry of a journal")
            .about("Vouchers and their numbers stay.")
            .needs(STOCK_DRAFT)
            .changes()
            .in_path("journal", "Its id, ULID or name.")
            .answers(200, "How many went.", object(json!({"removed": whole()}), &["removed"])),
    );
}

fn describe_drafts(api: &mut Api) {
    api.tag("drafts", "What waits in journals, as figures.");
    let running = nullable(object(
        json!({"id": whole(), "requestedAt": time(), "requestedBy": whole(), "done": whole(), "total": whole()}),
        &["id", "requestedAt", "requestedBy", "done", "total"],
    ));
    api.schema(
        "Draft",
        object(json!({"journal": whole(), "entries": whole(), "booking": running}), &["journal", "entries", "booking"]),
    );
    let voucher = object(json!({"id": whole(), "number": whole(), "entries": whole()}), &["id", "number", "entries"]);
    let run = json!({"type": "array", "items": whole(), "minItems": 2, "maxItems": 2});
    api.schema(
        "DraftFigures",
        object(
            json!({
                "journal": whole(), "entries": whole(), "count": decimal(), "totalCostPrice": decimal(),
                "ids": {"type": "array", "items": run}, "vouchers": {"type": "array", "items": voucher},
                "booking": running, "lastBooking": nullable(whole())
            }),
            &["journal", "entries", "count", "totalCostPrice", "ids", "vouchers", "booking", "lastBooking"],
        ),
    );
    api.add(
        "get",
        "/v1/drafts",
        Operation::new("drafts", "listDrafts", "How many entries wait in each journal").needs(STOCK_READ).answers(
            200,
            "Every journal, with the booking that is running.",
            list_of("Draft"),
        ),
    );
    api.add(
        "get",
        "/v1/drafts/{journal}",
        Operation::new("drafts", "getDraft", "What waits in one journal")
            .about("`ids` are those of the matching entries, as first and last of each run without gaps: who has them sees what others added or removed without reading the entries again.")
            .needs(STOCK_READ)
            .in_path("journal", "Its id, ULID or name.")
            .parameters([
                query("voucher", "Of this voucher.", text()),
                query("product", "Of this product.", text()),
                query("location", "At this location or below.", text()),
                query("description", "With this in the description.", text()),
            ])
            .answers(200, "Figures over all that match.", schema_ref("DraftFigures")),
    );
}

fn describe_bookings(api: &mut Api) {
    api.tag("bookings", "Bookings: all entries of a journal become movements, or none does.");
    let fault = object(
        json!({"entry": whole(), "voucherNumber": whole(), "code": text(), "message": text()}),
        &["entry", "voucherNumber", "code", "message"],
    );
    let state = json!({"type": "string", "enum": ["waiting", "booked", "rejected"]});
    api.schema(
        "BookingOutcome",
        object(
            json!({
                "id": whole(), "state": state, "resultCode": whole(), "faultedNumber": whole(),
                "faults": {"type": "array", "items": fault}
            }),
            &["id", "state", "resultCode", "faultedNumber", "faults"],
        ),
    );
    let lists =
        |about: &str| json!({"type": ["array", "null"], "items": schema_ref("Reference"), "description": about});
    api.schema(
        "Booking",
        object(
            json!({
                "id": whole(), "uid": text(), "journal": whole(), "state": state, "resultCode": whole(),
                "faultedNumber": whole(), "faults": {"type": "array", "items": fault},
                "progress": object(json!({"done": whole(), "total": whole()}), &["done", "total"]),
                "entries": whole(), "batch": nullable(whole()), "requestedAt": time(), "requestedBy": whole(),
                "finishedAt": nullable(time())
            }),
            &["id", "state"],
        ),
    );
    api.add(
        "post",
        "/v1/bookings",
        Operation::new("bookings", "requestBooking", "Book a journal's entries")
            .about("Answers at once; ask for the booking until it is `booked` or `rejected`.")
            .needs(STOCK_BOOK)
            .changes()
            .body(object(
                json!({
                    "journal": schema_ref("Reference"),
                    "categories": lists("Only products in these categories or below."),
                    "locations": lists("Only at these locations or below."),
                    "orgUnits": lists("Only of these org units or below.")
                }),
                &["journal"],
            ))
            .answers(202, "The booking.", schema_ref("Booking")),
    );
    api.add(
        "get",
        "/v1/bookings",
        Operation::new("bookings", "listBookings", "List bookings, newest first")
            .needs(STOCK_READ)
            .paged()
            .parameters([query("journal", "Of this journal.", text())])
            .answers(200, "A page.", list_of("Booking")),
    );
    api.add(
        "get",
        "/v1/bookings/{booking}",
        Operation::new("bookings", "getBooking", "Read a booking")
            .needs(STOCK_READ)
            .in_path("booking", "Its id.")
            .answers(200, "The booking.", schema_ref("Booking")),
    );
}

fn describe_ledger(api: &mut Api) {
    api.tag("ledger", "The posted ledger, and the only way to undo what it says.");
    let place = || object(json!({"id": whole(), "path": text()}), &["id", "path"]);
    api.schema(
        "Movement",
        object(
            json!({
                "id": whole(), "position": whole(), "batch": whole(), "line": whole(), "kind": text(),
                "product": object(json!({"id": whole(), "identifier": text(), "name": text()}), &["id", "identifier"]),
                "variant": nullable(whole()), "lot": nullable(object(json!({"id": whole(), "uid": text(), "name": text()}), &["id"])),
                "from": place(), "to": place(), "quantity": decimal(), "unit": nullable(text()), "amount": decimal(),
                "unitCost": nullable(decimal()), "counted": nullable(decimal()), "effectiveAt": time(), "bookedAt": time(), "bookedBy": whole(),
                "journal": nullable(whole()), "voucher": nullable(object(json!({"id": whole(), "number": whole()}), &["id", "number"])),
                "run": nullable(text()), "entry": nullable(whole()),
                "orgUnit": place(), "customer": nullable(whole()), "supplier": nullable(whole()), "reason": nullable(whole()),
                "externalReference": nullable(document()), "creditNoteReference": nullable(document()),
                "description": nullable(text()), "reverses": nullable(whole())
            }),
            &["id", "position", "product", "from", "to", "quantity", "effectiveAt"],
        ),
    );
    api.add(
        "get",
        "/v1/movements",
        Operation::new("ledger", "listMovements", "List movements, and counts that moved nothing")
            .needs(STOCK_READ)
            .paged()
            .parameters([
                query("product", "Of this product.", text()),
                query("variant", "Of this variant.", text()),
                query("lot", "Of this lot or instance.", text()),
                query("instance", "The same as `lot`.", text()),
                query("location", "From or to this location or below.", text()),
                query("orgUnit", "By this org unit or below.", text()),
                query("voucher", "Of the voucher with this number.", whole()),
                query("voucherNumber", "The same as `voucher`.", whole()),
                query("batch", "Of this batch.", whole()),
                query("externalReference", "Under the document with this number.", whole()),
                query("customer", "Of this customer.", text()),
                query("supplier", "Of this supplier.", text()),
                query("description", "With this in the description.", text()),
                query("from", "Effective from this time on.", time()),
                query("to", "Effective up to this time.", time()),
                query("asOf", "The same as `to`.", time()),
                query("asKnownAt", "As the ledger stood at this position.", whole()),
                query(
                    "order",
                    "In which order the ledger learned them: oldest first when left out.",
                    json!({"type": "string", "enum": ["oldest", "newest"]}),
                ),
            ])
            .answers(200, "A page.", list_of("Movement")),
    );
    api.add(
        "get",
        "/v1/movements/{movement}",
        Operation::new("ledger", "getMovement", "Read a movement")
            .needs(STOCK_READ)
            .in_path("movement", "Its id.")
            .answers(200, "The movement.", schema_ref("Movement")),
    );
    api.add(
        "get",
        "/v1/feed",
        Operation::new("ledger", "readFeed", "Read every batch once, in order")
            .about(
                "Begin with `after=0`, and go on with `after` = the `next` of the last answer. With `Accept: \
                 text/event-stream` it is a stream of events named `batch`; each has its position as its id, and a \
                 reader that comes back with `Last-Event-ID` misses none and gets none twice. Of a batch, only \
                 what the caller may see is told.",
            )
            .needs(STOCK_READ)
            .parameters([
                query("after", "The position of the last batch that was read.", whole()),
                query("limit", "At most so many batches; fewer where they are large.", whole()),
                query("wait", "Wait so many seconds, at most 60, for a batch where there is none.", whole()),
            ])
            .answers(
                200,
                "Batches.",
                object(
                    json!({
                        "items": {"type": "array", "items": schema_ref("Batch")},
                        "next": whole(), "position": whole()
                    }),
                    &["items", "next"],
                ),
            ),
    );
    api.add(
        "post",
        "/v1/reversals",
        Operation::new("ledger", "reverse", "Undo a booking, a movement, a run, one count or a whole batch of them, a landed cost or a revaluation")
            .about("One of them, whole or by `lines`; all that was counted together by its `countBatch`, which a count and a posted sheet tell as `batch`. A count of instances is undone with the set that it is of. By linked counter-movements at the original's own times; a landed cost or a revaluation is as if it had never been said. What had been issued of a reservation is reserved again, unless that was released since or its hold is over. Refused, with the first date that would break, where a later balance may not be negative.")
            .needs(STOCK_REVERSE)
            .changes()
            .body(object(
                json!({
                    "booking": whole(), "movement": whole(), "run": schema_ref("Reference"), "count": whole(),
                    "countBatch": whole(),
                    "landedCost": whole(), "revaluation": whole(), "lines": {"type": "array", "items": whole()},
                    "rest": {"type": "boolean", "description": "Of a booking, a run or a batch of counts: passes over what of it was undone already."},
                    "at": nullable(time()), "reason": text()
                }),
                &["reason"],
            ))
            .answers(
                201,
                "The batch that undoes.",
                object(
                    json!({
                        "batch": whole(), "position": whole(), "movements": {"type": "array", "items": whole()},
                        "counts": {"type": "array", "items": whole()},
                        "effects": {
                            "type": "array",
                            "description": "What stands where, of the stock that is concerned: before, and then.",
                            "items": object(
                                json!({
                                    "product": object(json!({"id": whole(), "identifier": text(), "name": text()}), &["id", "identifier"]),
                                    "variant": nullable(object(json!({"id": whole(), "identifier": text()}), &["id"])),
                                    "lot": nullable(object(json!({"id": whole(), "uid": text(), "name": text()}), &["id"])),
                                    "location": place(), "unit": nullable(text()), "before": decimal(), "after": decimal()
                                }),
                                &["product", "location", "before", "after"],
                            )
                        }
                    }),
                    &["batch", "position", "movements", "effects"],
                ),
            ),
    );
}

fn describe_stock(api: &mut Api) {
    api.tag("stock", "What stands where, what of it can be promised, and what it is worth.");
    let product = || object(json!({"id": whole(), "identifier": text(), "name": text()}), &["id", "identifier"]);
    let place = || object(json!({"id": whole(), "path": text()}), &["id", "path"]);
    let variant = || nullable(object(json!({"id": whole(), "identifier": text()}), &["id"]));
    let lot = || nullable(object(json!({"id": whole(), "uid": text(), "name": text()}), &["id"]));
    let filters = || {
        vec![
            query("product", "Of this product.", text()),
            query("variant", "Of this variant.", text()),
            query("lot", "Of this lot or instance.", text()),
            query("location", "At this location or below.", text()),
            query("orgUnit", "At this org unit or below.", text()),
            query("asOf", "As of this time; now when left out.", time()),
            query("asKnownAt", "As the ledger stood at this position.", whole()),
            query("withZero", "Also what is 0.", json!({"type": "boolean"})),
        ]
    };
    api.schema(
        "Balance",
        object(
            json!({"product": product(), "variant": variant(), "lot": lot(), "location": place(), "quantity": decimal(), "unit": text()}),
            &["product", "location", "quantity"],
        ),
    );
    api.add(
        "get",
        "/v1/balances",
        Operation::new("stock", "listBalances", "What stands where")
            .needs(STOCK_READ)
            .paged()
            .parameters(filters().into_iter().chain([query(
                "outside",
                "Also the places outside the house, so that each product adds up to 0.",
                json!({"type": "boolean"}),
            )]))
            .answers(200, "A page.", list_of("Balance")),
    );
    api.schema(
        "Availability",
        object(
            json!({
                "product": product(), "variant": variant(), "location": place(), "orgUnit": place(), "stock": decimal(),
                "reserved": decimal(), "available": decimal(),
                "ordered": {"type": ["number", "string"], "description": "What waiting deliveries would bring, as of now; left out with an asOf in the past and with asKnownAt."},
                "unit": text()
            }),
            &["product", "location", "stock", "available"],
        ),
    );
    api.add(
        "get",
        "/v1/availability",
        Operation::new("stock", "listAvailability", "What can be promised")
            .needs(STOCK_READ)
            .paged()
            .parameters(filters())
            .answers(200, "A page.", list_of("Availability")),
    );
    api.schema(
        "Value",
        object(
            json!({
                "product": product(), "variant": variant(), "lot": lot(), "orgUnit": place(), "quantity": decimal(),
                "unit": nullable(text()), "value": decimal(), "unitCost": nullable(decimal()), "method": text()
            }),
            &["product", "orgUnit", "quantity", "value"],
        ),
    );
    api.add(
        "get",
        "/v1/valuation",
        Operation::new("stock", "listValues", "What stock is worth, by cost pool")
            .about("`settledTo` is the position up to which values are settled. With `asKnownAt` that, and the `method`, are as known then.")
            .needs(STOCK_READ)
            .paged()
            .parameters(filters())
            .answers(200, "A page.", list_of("Value")),
    );
}
