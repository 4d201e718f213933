//! Catalog records and settings, on both databases.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use lotbook_domain::id::{LocationId, TenantId, UserId};
use lotbook_domain::time::Time;
use lotbook_engine::tenant::CreateTenant;
use lotbook_engine::thing::period::{self, ClosePeriod};
use lotbook_engine::thing::setting::{self, ChangeSetting};
use lotbook_engine::thing::{ChangeRecord, CreateRecords, DeleteRecord, Kind, Record, Reference, Value, kinds, list};
use lotbook_engine::write::{Change, Request, Tx};
use lotbook_engine::{Arg, Engine, Error, Store, Surroundings};
use serde_json::Value as Json;

const TENANT: TenantId = TenantId(1);

struct House {
    engine: Arc<Engine>,
    name: &'static str,
    tenant: TenantId,
    // Dropped last: the engine's connections go first.
    _db: support::TestDb,
}

/// Counts the statements of a change.
struct Counted<C>(C, Arc<AtomicU64>);

impl<C: Change> Change for Counted<C> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let before = tx.conn.statements();
        let answer = self.0.run(tx);
        self.1.store(tx.conn.statements() - before, Ordering::Relaxed);
        answer
    }
}

/// What a test does that no command does.
struct Raw(&'static str);

impl Change for Raw {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        tx.conn.execute(self.0, &[])?;
        Ok("{}".to_owned())
    }
}

fn record(json: &str) -> Record {
    match Value::parse(json).unwrap() {
        Value::Object(fields) => fields,
        other => panic!("{other:?} is no object"),
    }
}

fn records(json: &str) -> Vec<Record> {
    match Value::parse(json).unwrap() {
        Value::List(values) => values
            .into_iter()
            .map(|value| match value {
                Value::Object(fields) => fields,
                other => panic!("{other:?} is no object"),
            })
            .collect(),
        other => panic!("{other:?} is no list"),
    }
}

impl House {
    fn all() -> Vec<Self> {
        support::databases()
            .into_iter()
            .map(|(name, db)| {
                let clock = AtomicI64::new(1_700_000_000_000_000);
                let random = AtomicU64::new(1);
                let surroundings = Surroundings {
                    clock: Box::new(move || Time(clock.fetch_add(1_000_000, Ordering::Relaxed))),
                    random: Box::new(move |bytes| {
                        let next = random.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                        let from = bytes.len() - 8;
                        bytes.fill(0);
                        bytes[from..].copy_from_slice(&next);
                    }),
                };
                let engine = Engine::open(Store::open(db.url()).unwrap(), surroundings);
                let house = Self { engine, name, tenant: TENANT, _db: db };
                house
                    .engine
                    .change(house.request(), CreateTenant { name: "default".into(), admin_password_hash: None })
                    .unwrap();
                house
            })
            .collect()
    }

    fn request(&self) -> Request {
        Request {
            tenant: self.tenant,
            person: UserId(1),
            origin: "test".into(),
            key: None,
            now: self.engine.now(),
            dry_run: false,
        }
    }

    fn change(&self, change: impl Change) -> Result<Json, Error> {
        self.engine
            .change(self.request(), change)
            .map(|json| serde_json::from_str(&json).unwrap_or_else(|error| panic!("{}: {error} in {json}", self.name)))
    }

    fn create(&self, kind: &'static Kind, json: &str) -> Json {
        self.change(CreateRecords { kind, records: vec![record(json)], is_list: false })
            .unwrap_or_else(|error| panic!("{}: {json}: {error}", self.name))
    }

    fn create_all(&self, kind: &'static Kind, json: &str) -> Result<Json, Error> {
        self.change(CreateRecords { kind, records: records(json), is_list: true })
    }

    fn patch(&self, kind: &'static Kind, name: &str, json: &str) -> Result<Json, Error> {
        let reference = Reference::of_address(name);
        self.change(ChangeRecord { kind, reference, patch: record(json), version: None })
    }

    fn delete(&self, kind: &'static Kind, name: &str) -> Result<Json, Error> {
        self.change(DeleteRecord { kind, reference: Reference::of_address(name), version: None })
    }

    fn one(&self, kind: &'static Kind, name: &str) -> Result<Json, Error> {
        let json = self
            .engine
            .read(|conn| list::one(conn, self.tenant, kind, &Reference::of_address(name), &list::Seen::All))?;
        Ok(serde_json::from_str(&json).unwrap())
    }

    fn list(&self, kind: &'static Kind, query: &[(&str, &str)]) -> Result<Json, Error> {
        let query: Vec<_> = query.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let json = self.engine.read(|conn| list::page(conn, self.tenant, kind, &query, &list::Seen::All))?;
        Ok(serde_json::from_str(&json).unwrap())
    }

    /// What a list shows, by one field.
    fn listed(&self, kind: &'static Kind, query: &[(&str, &str)], field: &str) -> Vec<String> {
        let page = self.list(kind, query).unwrap_or_else(|error| panic!("{}: {query:?}: {error}", self.name));
        page["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
    }

    fn raw(&self, sql: &'static str) {
        self.change(Raw(sql)).unwrap();
    }

    fn decisions(&self) -> Vec<(String, i64, Option<String>)> {
        self.engine
            .read(|conn| {
                conn.query(
                    "select subject, org_unit, value from decision where tenant = $1 order by id",
                    &[Arg::Int(self.tenant.0)],
                    |row| Ok((row.text(0)?, row.int(1)?, row.opt_text(2)?)),
                )
            })
            .unwrap()
    }
}

/// `[index].field code` of each violation, sorted.
fn faults(outcome: Result<Json, Error>) -> Vec<String> {
    match outcome {
        Err(Error::Invalid(violations)) => {
            let mut found: Vec<String> = violations
                .iter()
                .map(|one| match one.index {
                    Some(index) => format!("[{index}].{} {}", one.field, one.code),
                    None => format!("{} {}", one.field, one.code),
                })
                .collect();
            found.sort();
            found
        }
        other => panic!("expected violations, got {other:?}"),
    }
}

fn message(outcome: Result<Json, Error>) -> String {
    match outcome {
        Err(Error::Invalid(violations)) => violations.into_iter().map(|one| one.message).collect::<Vec<_>>().join("; "),
        Err(other) => other.to_string(),
        Ok(json) => panic!("expected a refusal, got {json}"),
    }
}

/// A movement of a product at a place, as far as histories look at it.
const MOVEMENT: &str = "insert into account (tenant, id, kind, place, product, variant, lot, quantity, amount, low, low_before, \
    instants_from, instants_to, postings, is_split, rate_quantity, rate_amount, version) \
    values (1, 1, 1, 100, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1)";

#[test]
fn a_product_is_made_shown_changed_and_deleted() {
    for house in House::all() {
        house.create(&kinds::CATEGORIES, r#"{"name": "Raw"}"#);
        let made = house.create(
            &kinds::PRODUCTS,
            r#"{"identifier": " 85123A ", "name": "White hanging heart", "category": "raw", "costPrice": 123456789012.345678,
                "salesPrice": "0.000001", "barcodes": ["400", "401", "400"], "tracking": "LOT"}"#,
        );
        assert_eq!(made["id"], 1, "{}", house.name);
        assert_eq!(made["identifier"], "85123A");
        assert_eq!(made["category"]["path"], "Raw");
        assert_eq!(made["unit"], "pcs");
        assert_eq!((&made["tracking"], &made["costing"]), (&Json::from("lot"), &Json::from("average")));
        assert_eq!(made["barcodes"], serde_json::json!(["400", "401"]));
        assert_eq!(made["defaultCostPrice"], Json::Null);
        assert_eq!(made["hasVariants"], false);
        assert_eq!(made["version"], 1);
        assert_eq!(made["createdBy"]["name"], "admin");
        let uid = made["uid"].as_str().unwrap().to_owned();
        assert_eq!(uid.len(), 28);
        // Digits stay as they were sent.
        let text = house
            .engine
            .read(|conn| list::one(conn, TENANT, &kinds::PRODUCTS, &Reference::of_address("85123a"), &list::Seen::All))
            .unwrap();
        assert!(text.contains("\"costPrice\":123456789012.345678,"), "{text}");
        assert!(text.contains("\"salesPrice\":0.000001,"), "{text}");
        for name in ["1", "85123A", " 85123a", &uid, &uid.to_lowercase().replace('-', "")] {
            assert_eq!(house.one(&kinds::PRODUCTS, name).unwrap()["id"], 1, "{}: {name}", house.name);
        }
        // What was read can be sent back; what is null goes back to nothing.
        let changed = house
            .patch(&kinds::PRODUCTS, "85123A", &text.replace("White", "Black").replace("123456789012.345678", "null"))
            .unwrap();
        assert_eq!((&changed["name"], &changed["costPrice"]), (&Json::from("Black hanging heart"), &Json::Null));
        assert_eq!(changed["version"], 2);
        assert_eq!(house.patch(&kinds::PRODUCTS, "1", r#"{"name": "Black hanging heart"}"#).unwrap()["version"], 2);
        let stale = ChangeRecord {
            kind: &kinds::PRODUCTS,
            reference: Reference::Id(1),
            patch: record(r#"{"name": "x"}"#),
            version: Some(1),
        };
        assert!(matches!(house.change(stale), Err(Error::Conflict { .. })));
        house.delete(&kinds::PRODUCTS, "85123A").unwrap();
        assert!(matches!(house.one(&kinds::PRODUCTS, "1"), Err(Error::NotFound { .. })));
        assert!(matches!(house.delete(&kinds::PRODUCTS, "1"), Err(Error::NotFound { .. })));
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    for house in House::all() {
        house.create(&kinds::PRODUCTS, r#"{"identifier": "Taken", "name": "x"}"#);
        let outcome = house.create_all(
            &kinds::PRODUCTS,
            r#"[{"name": "", "unit": "parsec", "costPrice": -1, "tracking": "maybe", "isEnabled": 1, "colour": "red"},
                {"identifier": "ok", "name": "ok"},
                {"identifier": "OK ", "name": "twice", "salesPrice": 0.0000001},
                {"identifier": "taken", "name": "x", "costPrice": 1e400, "barcodes": [7]},
                {"identifier": "a\u0000b", "name": 5, "category": true, "defaultCostPrice": "NaN"},
                {"identifier": null, "name": null}]"#,
        );
        assert_eq!(
            faults(outcome),
            [
                "[0]. unknownField",
                "[0].costPrice negative",
                "[0].identifier required",
                "[0].isEnabled wrongType",
                "[0].name required",
                "[0].tracking unknownWord",
                "[0].unit notFound",
                "[2].identifier duplicate",
                "[2].salesPrice tooPrecise",
                "[3].barcodes wrongType",
                "[3].costPrice tooLarge",
                "[3].identifier duplicate",
                "[4].category wrongType",
                "[4].defaultCostPrice malformed",
                "[4].identifier illegalText",
                "[4].name wrongType",
                "[5].identifier required",
                "[5].name required",
            ],
            "{}",
            house.name
        );
        let taken = message(house.create_all(&kinds::PRODUCTS, r#"[{"identifier": "TAKEN", "name": "x"}]"#));
        assert_eq!(taken, "the identifier TAKEN is taken by product 1");
        let long = format!(r#"{{"identifier": "{}", "name": "{}"}}"#, "x".repeat(256), "ü".repeat(4001));
        assert_eq!(
            faults(house.change(CreateRecords {
                kind: &kinds::PRODUCTS,
                records: vec![record(&long)],
                is_list: false
            })),
            ["identifier tooLong", "name tooLong"]
        );
        assert_eq!(house.listed(&kinds::PRODUCTS, &[], "identifier"), ["Taken"], "nothing was written");
    }
}

#[test]
fn ten_thousand_products_take_as_many_statements_as_two() {
    for house in House::all() {
        house.create(&kinds::CATEGORIES, r#"{"name": "Raw"}"#);
        house.create(&kinds::UNITS, r#"{"name": "Kilogram", "symbol": "kg"}"#);
        let batch = |n: usize, from: usize| -> Vec<Record> {
            (from..from + n)
                .map(|at| {
                    record(&format!(
                        r#"{{"identifier": "P{at}", "name": "Product {at}", "unit": "{}", "category": "Raw", "costPrice": {at}.5}}"#,
                        if at % 2 == 0 { "kg" } else { "kilogram" }
                    ))
                })
                .collect()
        };
        let mut counts = Vec::new();
        for (n, from) in [(2, 0), (10_000, 10)] {
            let count = Arc::new(AtomicU64::new(0));
            let create = CreateRecords { kind: &kinds::PRODUCTS, records: batch(n, from), is_list: true };
            let made = house.change(Counted(create, Arc::clone(&count))).unwrap();
            let items = made["items"].as_array().unwrap();
            assert_eq!(items.len(), n);
            assert_eq!(items[n - 1]["identifier"], format!("P{}", from + n - 1), "in the order of the request");
            assert_eq!(items[n - 1]["unit"], "kg");
            counts.push(count.load(Ordering::Relaxed));
        }
        assert_eq!(counts[0], counts[1], "{}", house.name);
        assert!(counts[0] <= 12, "{}: {counts:?}", house.name);

        let mut seen = 0;
        let mut cursor: Option<String> = None;
        loop {
            let mut query = vec![("limit", "999"), ("category", "raw")];
            if let Some(cursor) = &cursor {
                query.push(("cursor", cursor));
            }
            let page = house.list(&kinds::PRODUCTS, &query).unwrap();
            seen += page["items"].as_array().unwrap().len();
            match page["nextCursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(seen, 10_002, "{}", house.name);
    }
}

#[test]
fn a_tree_may_come_in_any_order_and_moves_as_a_whole() {
    for house in House::all() {
        let made = house
            .create_all(
                &kinds::LOCATIONS,
                r#"[{"name": "Silo1", "parent": "Plant/Receiving", "type": "unit"},
                    {"name": "Receiving", "parent": "plant", "type": "area"},
                    {"name": "Plant", "type": "site"},
                    {"name": "Line", "parent": {"path": "Plant"}, "type": "line"},
                    {"name": "Production", "parent": "Main"},
                    {"name": "Shop", "type": "orgUnit"}]"#,
            )
            .unwrap_or_else(|error| panic!("{}: {error}", house.name));
        let paths: Vec<&str> =
            made["items"].as_array().unwrap().iter().map(|item| item["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["Plant/Receiving/Silo1", "Plant/Receiving", "Plant", "Plant/Line", "Production", "Shop"]);
        assert_eq!(made["items"][0]["id"], 100, "{}", house.name);
        assert_eq!(made["items"][0]["parent"]["id"], 101);
        assert_eq!(made["items"][2]["parent"]["id"], 1);
        assert_eq!(
            (&made["items"][5]["isOrgUnit"], &made["items"][4]["isOrgUnit"]),
            (&Json::Bool(true), &Json::Bool(false))
        );
        assert_eq!(made["items"][0]["lotStorageStrategy"], "ALLOW_MULTIPLE");
        // A plant may have a place that is called as one outside the house.
        assert_eq!(house.one(&kinds::LOCATIONS, "production").unwrap()["id"], 104);
        assert_eq!(house.one(&kinds::LOCATIONS, "supplier").unwrap()["id"], -11);
        assert_eq!(house.one(&kinds::LOCATIONS, "-13").unwrap()["path"], "production");

        house.patch(&kinds::LOCATIONS, "plant", r#"{"name": "Wörk"}"#).unwrap();
        let silo = house.one(&kinds::LOCATIONS, "wörk/receiving/SILO1").unwrap();
        assert_eq!((&silo["path"], &silo["version"]), (&Json::from("Wörk/Receiving/Silo1"), &Json::from(2)));
        house.patch(&kinds::LOCATIONS, "Wörk/Receiving", r#"{"parent": "Shop", "name": "R"}"#).unwrap();
        assert_eq!(house.one(&kinds::LOCATIONS, "100").unwrap()["path"], "Shop/R/Silo1");
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "Shop", r#"{"parent": "Shop/R"}"#)), ["parent cycle"]);
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "Shop", r#"{"parent": "Shop"}"#)), ["parent cycle"]);
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "1", r#"{"parent": "Shop"}"#)), ["parent fixedPlace"]);
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "customer", r#"{"name": "x"}"#)), ["name fixedPlace"]);
        assert_eq!(house.patch(&kinds::LOCATIONS, "1", r#"{"name": "ACME"}"#).unwrap()["path"], "ACME");
        assert_eq!(house.one(&kinds::LOCATIONS, "acme").unwrap()["id"], 1);
        assert_eq!(house.one(&kinds::LOCATIONS, "Shop").unwrap()["path"], "Shop", "the root is in no path");
        for (reference, code) in
            [("1", "fixedRecord"), ("2", "fixedRecord"), ("supplier", "fixedRecord"), ("Shop", "inUse")]
        {
            match house.delete(&kinds::LOCATIONS, reference) {
                Err(Error::Refused { code: found, .. }) => assert_eq!(found, code, "{reference}"),
                other => panic!("{reference}: {other:?}"),
            }
        }
        house.delete(&kinds::LOCATIONS, "Production").unwrap();
        assert_eq!(
            faults(house.create_all(
                &kinds::LOCATIONS,
                r#"[{"name": "a/b"}, {"name": "x", "parent": "nowhere"}, {"name": "y", "parent": "supplier"},
                    {"name": "shop"}, {"name": "z", "type": "planet"}]"#
            )),
            [
                "[0].name illegalText",
                "[1].parent notFound",
                "[2].parent fixedPlace",
                "[3].name duplicate",
                "[4].type unknownWord"
            ]
        );
        assert_eq!(house.listed(&kinds::LOCATIONS, &[("parent", "1")], "path"), ["Wörk", "Shop"]);
        assert_eq!(house.listed(&kinds::LOCATIONS, &[], "path").len(), 6);
        assert_eq!(house.listed(&kinds::LOCATIONS, &[("outside", "true")], "path").len(), 13);
        assert_eq!(house.listed(&kinds::LOCATIONS, &[("path", "shop/r")], "path"), ["Shop/R"]);
    }
}

#[test]
fn an_org_unit_has_one_default_location() {
    for house in House::all() {
        house
            .create_all(
                &kinds::LOCATIONS,
                r#"[{"name": "Shop", "type": "orgUnit"}, {"name": "Shelf", "parent": "Shop", "type": "shelf", "isDefault": true},
                    {"name": "Rack", "parent": "Shop", "type": "shelf"}, {"name": "Bin", "isDefault": true}]"#,
            )
            .unwrap();
        assert_eq!(
            faults(house.patch(&kinds::LOCATIONS, "Shop/Rack", r#"{"isDefault": true}"#)),
            ["isDefault duplicate"]
        );
        assert_eq!(
            faults(house.patch(&kinds::LOCATIONS, "Shop", r#"{"isDefault": true}"#)),
            ["isDefault orgUnitAsDefault"]
        );
        assert_eq!(
            faults(house.create_all(
                &kinds::LOCATIONS,
                r#"[{"name": "A", "type": "orgUnit"}, {"name": "B", "parent": "A", "isDefault": true},
                    {"name": "C", "parent": "A", "isDefault": true}, {"name": "D", "isDefault": true}]"#
            )),
            ["[2].isDefault duplicate", "[3].isDefault duplicate"]
        );
        house.patch(&kinds::LOCATIONS, "Shop/Shelf", r#"{"isDefault": false}"#).unwrap();
        house.patch(&kinds::LOCATIONS, "Shop/Rack", r#"{"isDefault": true}"#).unwrap();
    }
}

#[test]
fn what_has_a_history_stays_where_it_is() {
    for house in House::all() {
        house
            .create_all(
                &kinds::LOCATIONS,
                r#"[{"name": "Bin"}, {"name": "Shop", "type": "orgUnit"}, {"name": "Hall"}]"#,
            )
            .unwrap();
        house.create(&kinds::UNITS, r#"{"name": "litre", "symbol": "l"}"#);
        house.create(&kinds::PRODUCTS, r#"{"identifier": "MILK", "name": "Milk"}"#);
        house.patch(&kinds::PRODUCTS, "MILK", r#"{"unit": "l", "tracking": "lot"}"#).unwrap();
        house.raw(MOVEMENT);
        assert_eq!(
            faults(house.patch(
                &kinds::PRODUCTS,
                "MILK",
                r#"{"unit": "pcs", "tracking": "none", "hasVariants": true}"#
            )),
            ["hasVariants fixed", "tracking fixed", "unit fixed"],
            "{}",
            house.name
        );
        house.patch(&kinds::PRODUCTS, "MILK", r#"{"unit": "l", "costing": "fifo", "name": "Whole milk"}"#).unwrap();
        house.patch(&kinds::PRODUCTS, "MILK", r#"{"costing": "standard"}"#).unwrap();
        let decided: Vec<_> = house.decisions();
        assert_eq!(
            decided,
            [
                ("product:1:costing".to_owned(), 0, Some("\"average\"".to_owned())),
                ("product:1:costing".to_owned(), 0, Some("\"fifo\"".to_owned())),
                ("product:1:costing".to_owned(), 0, Some("\"standard\"".to_owned())),
            ],
            "{}",
            house.name
        );
        match house.delete(&kinds::PRODUCTS, "MILK") {
            Err(Error::Refused { code: "inUse", message, .. }) => assert!(message.contains("counts"), "{message}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "Bin", r#"{"parent": "Shop"}"#)), ["parent hasHistory"]);
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "Bin", r#"{"isOrgUnit": true}"#)), ["isOrgUnit hasHistory"]);
        house.patch(&kinds::LOCATIONS, "Bin", r#"{"parent": "Hall"}"#).unwrap();
        assert_eq!(faults(house.patch(&kinds::LOCATIONS, "Hall", r#"{"parent": "Shop"}"#)), ["parent hasHistory"]);
        let outcome = house.change(ChangeSetting {
            key: "stockOrgUnit".into(),
            value: Value::Text("Shop".into()),
            org_unit: Some(Reference::Id(1)),
        });
        assert_eq!(faults(outcome), ["orgUnit hasHistory"]);
    }
}

#[test]
fn parts_of_a_product_are_told_by_their_name_in_it() {
    for house in House::all() {
        house
            .create_all(
                &kinds::PRODUCTS,
                r#"[{"identifier": "A/1", "name": "a", "tracking": "lot"}, {"identifier": "B", "name": "b", "tracking": "lot"},
                    {"identifier": "S", "name": "s", "tracking": "serial", "hasVariants": true},
                    {"identifier": "T", "name": "t", "tracking": "serial", "hasVariants": true}]"#,
            )
            .unwrap();
        house
            .create_all(
                &kinds::LOTS,
                r#"[{"product": "A/1", "name": "L/1", "expiresAt": "2027-03-31", "notes": "first"}, {"product": "b", "name": "L/1"},
                    {"product": 2, "name": "L2", "status": "QA_HOLD"}]"#,
            )
            .unwrap();
        house
            .create_all(
                &kinds::VARIANTS,
                r#"[{"product": "S", "identifier": "RED"}, {"product": "T", "identifier": "red", "name": "Red"}]"#,
            )
            .unwrap();
        let made = house
            .create_all(
                &kinds::INSTANCES,
                r#"[{"product": "S", "identifier": "0001", "variant": "red", "costPrice": 12.5}, {"product": "T", "name": "0001"}]"#,
            )
            .unwrap();
        assert_eq!(made["items"][0]["variant"], serde_json::json!({"id": 1, "identifier": "RED"}), "{}", house.name);
        assert_eq!(made["items"][1]["name"], made["items"][1]["identifier"]);
        assert_eq!(house.one(&kinds::LOTS, "L2").unwrap()["status"], "QA_HOLD");
        assert_eq!(house.one(&kinds::LOTS, "a/1/l/1").unwrap()["expiresAt"], "2027-03-31T00:00:00.000Z");
        assert_eq!(house.one(&kinds::LOTS, "B/L/1").unwrap()["id"], 2);
        match house.one(&kinds::LOTS, "L/1") {
            Err(Error::Refused { code, .. }) => assert_eq!(code, "ambiguousName"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(house.one(&kinds::LOTS, "0001"), Err(Error::NotFound { .. })), "an instance is no lot");
        assert_eq!(
            faults(house.create_all(
                &kinds::INSTANCES,
                r#"[{"product": "A/1", "identifier": "x"}, {"product": "S", "identifier": "0001"},
                    {"product": "S", "identifier": "y", "name": "z"}, {"product": "S", "identifier": "v", "variant": 2}]"#
            )),
            ["[0].product wrongTracking", "[1].identifier duplicate", "[2].identifier contradiction", "[3].variant otherProduct"]
        );
        assert_eq!(
            faults(house.create_all(&kinds::VARIANTS, r#"[{"product": "B", "identifier": "x"}]"#)),
            ["[0].product withoutVariants"]
        );
        assert_eq!(house.listed(&kinds::LOTS, &[("product", "B"), ("status", "available")], "name"), ["L/1"]);
        assert_eq!(house.listed(&kinds::LOTS, &[("status", "QA_HOLD"), ("status", "OPEN")], "name"), ["L2"]);
        assert_eq!(faults(house.patch(&kinds::LOTS, "L2", r#"{"product": "A/1"}"#)), ["product fixed"]);
    }
}

#[test]
fn units_convert_one_way_only() {
    for house in House::all() {
        house
            .create_all(&kinds::UNITS, r#"[{"name": "Kilogram", "symbol": "kg"}, {"name": "Gram", "symbol": "g"}]"#)
            .unwrap();
        house.create(&kinds::UNIT_CONVERSIONS, r#"{"from": "kg", "to": "GRAM", "numerator": 1000}"#);
        assert_eq!(
            faults(house.create_all(
                &kinds::UNIT_CONVERSIONS,
                r#"[{"from": "g", "to": "kg", "numerator": 1, "denominator": 1000}, {"from": "g", "to": "g", "numerator": 1},
                    {"from": "kg", "to": "g", "numerator": 5}, {"from": "pcs", "to": "g", "numerator": 0},
                    {"from": "pcs", "to": "g", "numerator": 1.5}]"#
            )),
            [
                "[0].from duplicate",
                "[1].to sameUnit",
                "[2].from duplicate",
                "[2].from duplicate",
                "[3].numerator outOfRange",
                "[4].from duplicate",
                "[4].numerator malformed"
            ],
            "{}",
            house.name
        );
        assert!(matches!(house.delete(&kinds::UNITS, "kg"), Err(Error::Refused { code: "inUse", .. })));
        assert!(matches!(house.delete(&kinds::UNITS, "pcs"), Err(Error::Refused { code: "fixedRecord", .. })));
    }
}

#[test]
fn journals_take_their_numbers_from_ranges_of_their_own() {
    for house in House::all() {
        house.create(&kinds::SERIES, r#"{"name": "Sales", "from": 1, "to": 1000}"#);
        assert_eq!(
            faults(house.create_all(
                &kinds::SERIES,
                r#"[{"name": "A", "from": 1000, "to": 2000}, {"name": "B", "from": 3000, "to": 4000},
                    {"name": "C", "from": 4000, "to": 5000}, {"name": "D", "from": 9, "to": 8},
                    {"name": "E", "from": 1500000000, "to": 1500000001}]"#
            )),
            ["[0].from overlaps", "[2].from overlaps", "[3].to outOfRange", "[4].from overlaps"],
            "{}",
            house.name
        );
        house.create(&kinds::LOCATIONS, r#"{"name": "Bin"}"#);
        let made = house.create(
            &kinds::JOURNALS,
            r#"{"name": "Orders", "kind": "delivery", "isAutoBook": true, "orgUnit": 1, "location": "Bin", "series": "sales"}"#,
        );
        assert_eq!((&made["kind"], &made["series"]["name"]), (&Json::from("Delivery"), &Json::from("Sales")));
        assert_eq!(
            faults(house.create_all(
                &kinds::JOURNALS,
                r#"[{"name": "x", "kind": "Gift"}, {"name": "y", "kind": "Delivery", "orgUnit": "Bin", "location": "supplier"}]"#
            )),
            ["[0].kind unknownWord", "[1].location fixedPlace", "[1].orgUnit notAnOrgUnit"]
        );
        assert!(matches!(house.delete(&kinds::SERIES, "Sales"), Err(Error::Refused { code: "inUse", .. })));
        house.raw(
            "insert into voucher (tenant, id, uid, journal, number, created_at, created_by) values (1, 1, 'v', 1, 5000, 0, 1)",
        );
        assert_eq!(faults(house.patch(&kinds::SERIES, "Sales", r#"{"to": 6000}"#)), ["from numberInUse"]);
        assert_eq!(faults(house.patch(&kinds::JOURNALS, "Orders", r#"{"kind": "Complaint"}"#)), ["kind fixed"]);
        assert!(matches!(house.delete(&kinds::JOURNALS, "Orders"), Err(Error::Refused { code: "inUse", .. })));
        let states: i64 = house
            .engine
            .read(|conn| conn.one("select count(*) from journal_state where generation = 1", &[], |row| row.int(0)))
            .unwrap()
            .unwrap();
        assert_eq!(states, 1);
    }
}

#[test]
fn lists_are_filtered_and_say_what_they_do_not_know() {
    for house in House::all() {
        house
            .create_all(
                &kinds::PARTIES,
                r#"[{"code": "C1", "name": "Anna 100%", "roles": ["customer"]}, {"code": "S1", "name": "Bert", "roles": ["supplier"]},
                    {"code": "B1", "name": "Both"}]"#,
            )
            .unwrap();
        assert_eq!(house.listed(&kinds::PARTIES, &[("roles", "customer")], "code"), ["C1", "B1"]);
        assert_eq!(house.listed(&kinds::PARTIES, &[("code", "c1")], "code"), ["C1"]);
        assert_eq!(house.listed(&kinds::PARTIES, &[("search", "0%")], "code"), ["C1"]);
        assert_eq!(house.listed(&kinds::PARTIES, &[("search", "_")], "code"), Vec::<String>::new());
        assert_eq!(house.listed(&kinds::PARTIES, &[("name", "bert")], "code"), ["S1"]);
        assert_eq!(house.listed(&kinds::PARTIES, &[("modifiedAfter", "2030-01-01")], "code"), Vec::<String>::new());
        assert_eq!(
            faults(house.list(
                &kinds::PARTIES,
                &[("colour", "red"), ("limit", "0"), ("cursor", "x"), ("modifiedAfter", "soon")]
            )),
            [" unknownFilter", "cursor malformed", "limit malformed", "modifiedAfter malformed"]
        );
        assert_eq!(faults(house.list(&kinds::PRODUCTS, &[("category", "none")])), ["category notFound"]);
        house
            .create_all(
                &kinds::CATEGORIES,
                r#"[{"name": "Food"}, {"name": "Dairy", "parent": "Food"}, {"name": "Foo"}]"#,
            )
            .unwrap();
        house
            .create_all(
                &kinds::PRODUCTS,
                r#"[{"identifier": "MILK", "name": "x", "category": "Food/Dairy"}, {"identifier": "NUT", "name": "x", "category": "Foo"},
                    {"identifier": "BREAD", "name": "x", "category": "Food"}, {"identifier": "VOID", "name": "x"}]"#,
            )
            .unwrap();
        assert_eq!(
            house.listed(&kinds::PRODUCTS, &[("category", "food")], "identifier"),
            ["MILK", "BREAD"],
            "{}",
            house.name
        );
        assert_eq!(house.listed(&kinds::PRODUCTS, &[("category", "null")], "identifier"), ["VOID"]);
        assert_eq!(house.listed(&kinds::PRODUCTS, &[("isEnabled", "false")], "identifier"), Vec::<String>::new());
        assert_eq!(house.listed(&kinds::PRODUCTS, &[("limit", "2")], "identifier"), ["MILK", "NUT"]);
    }
}

#[test]
fn settings_are_decisions() {
    for house in House::all() {
        let set = |key: &str, json: &str, org_unit: Option<&str>| {
            house.change(ChangeSetting {
                key: key.into(),
                value: Value::parse(json).unwrap(),
                org_unit: org_unit.map(|name| Reference::Text(name.into())),
            })
        };
        house
            .create_all(&kinds::LOCATIONS, r#"[{"name": "Shop", "type": "orgUnit"}, {"name": "Outlet", "type": "orgUnit"}, {"name": "Bin", "parent": "Shop"}]"#)
            .unwrap();
        assert_eq!(set("negativeStock", "\"forbid\"", None).unwrap()["value"], "forbid");
        assert_eq!(set("negativeStock", "\"warn\"", Some("Shop")).unwrap()["orgUnit"]["path"], "Shop");
        let shown = |key: &str, at: Option<&str>| -> Json {
            let json = house
                .engine
                .read(|conn| {
                    let at =
                        at.map(|name| setting::org_unit(conn, TENANT, &Reference::of_address(name))).transpose()?;
                    setting::show(conn, TENANT, key, at)
                })
                .unwrap();
            serde_json::from_str(&json).unwrap()
        };
        assert_eq!(shown("negativeStock", None)["orgUnits"][0]["value"], "warn", "{}", house.name);
        assert_eq!(shown("negativeStock", Some("Shop/Bin"))["holds"], "warn");
        assert_eq!(shown("negativeStock", Some("Outlet"))["holds"], "forbid");
        set("negativeStock", "null", Some("Shop")).unwrap();
        assert_eq!(shown("negativeStock", Some("Shop"))["holds"], "forbid");
        set("stockOrgUnit", "\"Shop\"", Some("Outlet")).unwrap();
        assert_eq!(house.one(&kinds::LOCATIONS, "Outlet").unwrap()["stockOrgUnit"]["path"], "Shop");
        assert_eq!(shown("stockOrgUnit", Some("Outlet"))["value"]["path"], "Shop");
        assert_eq!(faults(set("stockOrgUnit", "1", Some("Shop"))), ["orgUnit chain"]);
        assert_eq!(faults(set("stockOrgUnit", "\"Shop\"", None)), ["orgUnit required"]);
        for (key, json, at, fault) in [
            ("negativeStock", "\"never\"", None, "value unknownWord"),
            ("negativeStock", "true", None, "value wrongType"),
            ("negativeStock", "\"warn\"", Some("Bin"), "orgUnit notFound"),
            ("negativeStock", "\"warn\"", Some("Shop/Bin"), "orgUnit notAnOrgUnit"),
            ("timeZone", "\"Mars/Olympus\"", None, "value unknownZone"),
            ("timeZone", "\"UTC\"", Some("Shop"), "orgUnit notByOrgUnit"),
            ("amountScale", "7", None, "value outOfRange"),
            ("closedUntil", "\"soon\"", None, "value malformed"),
            ("adjustCostPrices", "\"yes\"", None, "value wrongType"),
            ("globalSeries", "[5, 1]", None, "value malformed"),
        ] {
            assert_eq!(faults(set(key, json, at)), [fault], "{}: {key} {json}", house.name);
        }
        assert!(matches!(set("nonsense", "1", None), Err(Error::NotFound { .. })));
        assert_eq!(set("mes.tick", "{\"ms\": 1.50}", None).unwrap()["value"]["ms"], 1.5);
        set("timeZone", "\"Europe/Madrid\"", None).unwrap();
        let closed =
            house.change(ClosePeriod { closed_until: Value::Text("2010-12-31".into()), org_unit: None }).unwrap();
        assert_eq!((&closed["closedUntil"], &closed["orgUnit"]), (&Json::from("2010-12-31"), &Json::Null));
        assert_eq!(
            faults(house.change(ClosePeriod { closed_until: Value::Bool(true), org_unit: None })),
            ["closedUntil wrongType"]
        );
        let periods = house.engine.read(|conn| period::list(conn, TENANT, 0, 10)).unwrap();
        assert_eq!(serde_json::from_str::<Json>(&periods).unwrap()["items"].as_array().unwrap().len(), 1);
        let all: Json = serde_json::from_str(&house.engine.read(|conn| setting::list(conn, TENANT)).unwrap()).unwrap();
        assert!(
            all["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|item| item["key"] == "closedUntil" && item["value"] == "2010-12-31")
        );
        let structure = house.engine.read(|conn| house.engine.structure(conn, TENANT)).unwrap();
        let tree = &structure.catalog.locations;
        let open_from = structure.catalog.policies.open_from_at(tree, LocationId::ROOT).unwrap();
        assert_eq!(open_from.to_string(), "2010-12-31T23:00:00.000Z", "a day ends in the tenant's zone");
    }
}

#[test]
fn a_line_of_text_becomes_a_record() {
    for house in House::all() {
        let header = ["identifier", "name", "costPrice", "barcodes", "isEnabled", "category", "tracking"];
        let lines = [["007", "Bond", "12.50", "1;2 | 3", "yes", "", "serial"], ["008", "Bill", "", "", "no", "", ""]];
        let records = lines
            .iter()
            .map(|line| kinds::PRODUCTS.record_of_texts(header.into_iter().zip(line.iter().copied())))
            .collect();
        let made = house.change(CreateRecords { kind: &kinds::PRODUCTS, records, is_list: true }).unwrap();
        assert_eq!(made["items"][0]["costPrice"], 12.5, "{}", house.name);
        assert_eq!(made["items"][0]["barcodes"], serde_json::json!(["1", "2", "3"]));
        assert_eq!(made["items"][1]["isEnabled"], false);
        let wrong = kinds::PRODUCTS.record_of_texts([
            ("identifier", "9"),
            ("name", "x"),
            ("Farbe", "rot"),
            ("costPrice", "1,5"),
        ]);
        assert_eq!(
            faults(house.change(CreateRecords { kind: &kinds::PRODUCTS, records: vec![wrong], is_list: true })),
            ["[0]. unknownField", "[0].costPrice malformed"]
        );
    }
}

#[test]
fn of_many_who_make_the_same_at_once_one_succeeds() {
    for house in House::all() {
        let outcomes: Vec<Result<Json, Error>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|at| {
                    let house = &house;
                    scope.spawn(move || {
                        let records = vec![
                            record(r#"{"code": "C1", "name": "x"}"#),
                            record(&format!(r#"{{"code": "T{at}", "name": "x"}}"#)),
                        ];
                        house.change(CreateRecords { kind: &kinds::PARTIES, records, is_list: true })
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(made.len(), 1, "{}: {refused:?}", house.name);
        for outcome in refused {
            assert_eq!(faults(outcome), ["[0].code duplicate"], "{}", house.name);
        }
        assert_eq!(house.listed(&kinds::PARTIES, &[], "code").len(), 2);
    }
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    for house in House::all() {
        let request = Request { dry_run: true, ..house.request() };
        let create = || CreateRecords {
            kind: &kinds::PARTIES,
            records: vec![record(r#"{"code": "C1", "name": "Anna"}"#)],
            is_list: false,
        };
        let told = house.engine.change(request, create()).unwrap();
        assert!(told.contains("\"code\":\"C1\""), "{told}");
        assert_eq!(house.listed(&kinds::PARTIES, &[], "code"), Vec::<String>::new(), "{}", house.name);
        house.change(create()).unwrap();
    }
}

#[test]
fn tenants_do_not_see_each_other() {
    for mut house in House::all() {
        house.create(&kinds::PARTIES, r#"{"code": "C1", "name": "Anna"}"#);
        let made = house.change(CreateTenant { name: "Second".into(), admin_password_hash: None }).unwrap();
        assert_eq!(made["id"], 2);
        assert_eq!(
            faults(house.change(CreateTenant { name: " second ".into(), admin_password_hash: None })),
            ["name duplicate"]
        );
        house.tenant = TenantId(2);
        assert_eq!(house.listed(&kinds::PARTIES, &[], "code"), Vec::<String>::new(), "{}", house.name);
        assert!(matches!(house.one(&kinds::PARTIES, "1"), Err(Error::NotFound { .. })));
        let made = house.create(&kinds::PARTIES, r#"{"code": "c1", "name": "Other"}"#);
        assert_eq!((&made["id"], &made["createdBy"]["name"]), (&Json::from(1), &Json::from("admin")));
        assert_eq!(house.create(&kinds::LOCATIONS, r#"{"name": "Plant"}"#)["id"], 100);
    }
}
