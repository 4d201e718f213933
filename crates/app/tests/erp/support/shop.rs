//! A small shop: what tests book.
//!
//! Ids are given in the order of this file, from 1, locations from 100.

use lotbook_engine::Engine;
use lotbook_engine::thing::{CreateRecords, Kind, Record, Value, kinds};

/// A scanner; each has a serial number, and instances 1 to 3 are known.
pub const SCANNER: i64 = 1;
/// A holder for candles: no tracking, 2.55 a piece.
pub const HOLDER: i64 = 2;
/// A shirt, with the variants 1 (S) and 2 (M).
pub const SHIRT: i64 = 3;
/// Milk, by the lot.
pub const MILK: i64 = 4;
/// A product that is disabled.
pub const DISABLED: i64 = 5;
/// Store A: an org unit with the shelf 101, its default, and the bin 102 on it.
pub const STORE_A: i64 = 100;
/// A shelf of store A.
pub const SHELF_A: i64 = 101;
/// A bin on that shelf.
pub const BIN_A: i64 = 102;
/// Store B: an org unit with the shelf 104.
pub const STORE_B: i64 = 103;
/// A shelf of store B.
pub const SHELF_B: i64 = 104;
/// A customer whose name is not safe in HTML.
pub const CUSTOMER: i64 = 1;
/// A supplier.
pub const SUPPLIER: i64 = 2;

/// The drafts, by id.
pub const PURCHASES: i64 = 1;
/// Books at once.
pub const WEB_SHOP: i64 = 2;
/// A Settlement.
pub const COUNTS: i64 = 3;
/// Hidden, a Shrinkage.
pub const LOSSES: i64 = 4;
/// Of store B.
pub const STORE_B_ONLY: i64 = 5;
/// Numbered from 500 to 502.
pub const NUMBERED: i64 = 6;

/// Makes everything above.
pub fn fill(engine: &Engine) {
    create(engine, &kinds::CATEGORIES, r#"[{"name":"Home"},{"name":"Toys"}]"#);
    create(engine, &kinds::CATEGORIES, r#"[{"name":"Candles","parent":1}]"#);
    create(
        engine,
        &kinds::PRODUCTS,
        r#"[{"identifier":"SCAN-1","name":"Scanner","category":2,"tracking":"serial","costPrice":100},
            {"identifier":"85123A","name":"WHITE HANGING HEART T-LIGHT HOLDER","category":3,"costPrice":2.55,
             "salesPrice":3.39,"barcodes":["4006381333931"]},
            {"identifier":"SHIRT","name":"Shirt <b>blue</b>","category":1,"hasVariants":true,"defaultCostPrice":5},
            {"identifier":"MILK","name":"Milk","tracking":"lot","costPrice":1},
            {"identifier":"OLD","name":"No longer sold","isEnabled":false}]"#,
    );
    create(
        engine,
        &kinds::VARIANTS,
        r#"[{"product":3,"identifier":"S"},{"product":3,"identifier":"M","costPrice":6}]"#,
    );
    create(
        engine,
        &kinds::INSTANCES,
        r#"[{"product":1,"identifier":"SN-1"},{"product":1,"identifier":"SN-2"},
            {"product":1,"identifier":"SN-3","costPrice":90}]"#,
    );
    create(engine, &kinds::LOCATIONS, r#"[{"name":"Store A","type":"orgUnit"}]"#);
    create(engine, &kinds::LOCATIONS, r#"[{"name":"Shelf","type":"shelf","parent":100,"isDefault":true}]"#);
    create(engine, &kinds::LOCATIONS, r#"[{"name":"Bin","type":"shelf","parent":101}]"#);
    create(engine, &kinds::LOCATIONS, r#"[{"name":"Store B","type":"orgUnit"}]"#);
    create(engine, &kinds::LOCATIONS, r#"[{"name":"Shelf","type":"shelf","parent":103}]"#);
    create(
        engine,
        &kinds::PARTIES,
        r#"[{"code":"C1","name":"Jo & Sons <script>","roles":["customer"]},
            {"code":"S1","name":"Candle works","roles":["supplier"]}]"#,
    );
    create(engine, &kinds::SERIES, r#"[{"name":"short","from":500,"to":502}]"#);
    create(
        engine,
        &kinds::JOURNALS,
        r#"[{"name":"Purchases","kind":"Delivery","description":"What suppliers bring"},
            {"name":"Web shop","kind":"Delivery","isAutoBook":true,"createFinanceEntries":true},
            {"name":"Counts","kind":"Settlement","location":101},
            {"name":"Losses","kind":"Shrinkage","isHidden":true},
            {"name":"Store B","kind":"Delivery","orgUnit":103},
            {"name":"Numbered","kind":"Delivery","series":"short"}]"#,
    );
}

fn create(engine: &Engine, kind: &'static Kind, json: &str) {
    let Value::List(values) = Value::parse(json).unwrap() else { panic!("{json} is no list") };
    let records: Vec<Record> = values
        .into_iter()
        .map(|value| match value {
            Value::Object(fields) => fields,
            other => panic!("{other:?} is no object"),
        })
        .collect();
    super::change(engine, CreateRecords { kind, records, is_list: true })
        .unwrap_or_else(|error| panic!("{}: {error}", kind.name));
}

/// A line of `CreateStockDraftEntries`: so many holders to the shelf of store A.
pub fn line(count: &str) -> String {
    line_of(HOLDER, count)
}

/// A line of a product, to the shelf of store A.
pub fn line_of(product: i64, count: &str) -> String {
    format!(
        r#"{{"organizationalUnitId":{STORE_A},"stockDate":"2026-01-02T10:00:00Z","productId":{product},"count":{count},"productLocationId":{SHELF_A}}}"#
    )
}
