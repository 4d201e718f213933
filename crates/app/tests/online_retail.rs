//! The public Online Retail files, imported and compared with figures computed straight from them.
//!
//! The files are not part of this repository: `LOTBOOK_TEST_DATA` names the directory that holds
//! `online-retail/2010-12.csv.gz` and `2011-01.csv.gz`, else `../shared/data` beside the repository.

#[path = "../../engine/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use lotbook_app::import::retail::post::{Options, Report, import};
use lotbook_app::import::retail::{Line, Order, read};
use lotbook_app::import::{ImportError, Importer};
use lotbook_app::surroundings;
use lotbook_domain::id::{TenantId, UserId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::time::Time;
use lotbook_engine::query::balance::{Balance, BalanceFilter, balances};
use lotbook_engine::settle::settle_all;
use lotbook_engine::tenant::CreateTenant;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::reference::by_natural_key;
use lotbook_engine::verify::verify;
use lotbook_engine::write::Request;
use lotbook_engine::{Engine, Store};
use support::TestDb;

const FILES: [&str; 2] = ["online-retail/2010-12.csv.gz", "online-retail/2011-01.csv.gz"];
const TENANT: TenantId = TenantId(1);
/// 2011-01-01T00:00Z.
const NEW_YEAR: Time = Time(1_293_840_000_000_000);

/// Where the files are; `None` only where somebody said that they are not to be had.
fn data() -> Option<PathBuf> {
    let directory = std::env::var("LOTBOOK_TEST_DATA")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    if FILES.iter().all(|file| directory.join(file).is_file()) {
        return Some(directory);
    }
    let is_meant = std::env::var("LOTBOOK_TEST_WITHOUT_DATA").is_ok_and(|value| value == "1");
    let missing = format!(
        "the Online Retail files {} are not in {}; set LOTBOOK_TEST_DATA to where they are, or \
         LOTBOOK_TEST_WITHOUT_DATA=1 to leave this test out",
        FILES.join(" and "),
        directory.display()
    );
    assert!(is_meant, "{missing}");
    eprintln!("left out: {missing}");
    None
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).expect("it was just seen");
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("it is gzipped");
    bytes
}

fn lines(directory: &Path, files: &[&str]) -> Vec<Line> {
    let all = files.iter().enumerate().map(|(at, name)| {
        read(at, name, unpacked(&directory.join(name)).as_slice()).expect("the public files are sound")
    });
    all.flatten().collect()
}

fn open(db: &TestDb) -> std::sync::Arc<Engine> {
    let engine = Engine::open(Store::open(db.url()).expect("it was open before"), surroundings::real());
    let tenant = CreateTenant { name: "default".to_owned(), admin_password_hash: None };
    engine.change(request(), tenant).expect("an empty database takes a tenant");
    engine
}

fn request() -> Request {
    Request {
        tenant: TENANT,
        person: UserId(1),
        origin: "test".to_owned(),
        key: None,
        now: surroundings::now(),
        dry_run: false,
    }
}

fn options(order: Order) -> Options {
    Options { order, journal_prefix: "Online Retail".to_owned(), dry_run: false }
}

fn run(engine: &Engine, lines: &[Line], options: &Options) -> Result<Report, ImportError> {
    let mut last = (0, 0);
    let mut tell = |done, total| {
        assert!(done >= last.0 && done <= total, "{done} of {total} after {last:?}");
        last = (done, total);
    };
    let report = import(&mut Importer { engine, request: request(), tell: &mut tell }, lines, options);
    assert_eq!(last.0, last.1, "the end is told");
    report
}

/// What the files say, computed without any of the program's code: by folded code, what stands at the new
/// year and at the end, in pieces; and how many lines of which fate there are.
#[derive(Default)]
struct Expected {
    at_new_year: BTreeMap<String, i64>,
    at_end: BTreeMap<String, i64>,
    booked: u64,
    services: u64,
    sales: HashSet<String>,
    credit_notes: HashSet<String>,
    write_offs: HashSet<String>,
}

fn expected(directory: &Path) -> Expected {
    let services = ["POST", "DOT", "M", "D", "C2", "BANK CHARGES", "AMAZONFEE", "S", "CRUK", "PADS"];
    let mut rows: Vec<(String, String, String, i64)> = Vec::new();
    let mut found = Expected::default();
    for file in FILES {
        let text = unpacked(&directory.join(file));
        let mut reader = csv::Reader::from_reader(text.as_slice());
        for record in reader.records() {
            let record = record.expect("the files are UTF-8");
            let code = record[1].trim().to_uppercase();
            if services.contains(&code.as_str()) || code.starts_with("GIFT_0001_") {
                found.services += 1;
            } else {
                rows.push((record[4].to_owned(), record[0].to_owned(), code, record[3].parse().expect("whole pieces")));
            }
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut lowest: HashMap<&str, i64> = HashMap::new();
    for (at, invoice, code, pieces) in &rows {
        found.booked += 1;
        let change = if *pieces > 0 {
            found.sales.insert(invoice.clone());
            -pieces
        } else if invoice.starts_with('C') {
            found.credit_notes.insert(invoice.clone());
            -pieces
        } else {
            found.write_offs.insert(invoice.clone());
            *pieces
        };
        let code_at_end = found.at_end.entry(code.clone()).or_default();
        *code_at_end += change;
        let low = lowest.entry(code).or_default();
        *low = (*low).min(*code_at_end);
        if at.as_str() < "2011" {
            found.at_new_year.insert(code.clone(), *code_at_end);
        }
    }
    for (code, stands) in &mut found.at_end {
        let opening = -lowest[code.as_str()];
        *stands += opening;
        *found.at_new_year.entry(code.clone()).or_default() += opening;
    }
    found
}

/// What stands at a time, by folded code, in pieces; nothing where nothing stands.
fn stands(engine: &Engine, codes: &BTreeMap<String, i64>, as_of: Option<Time>) -> BTreeMap<String, i64> {
    let ids = engine
        .read(|conn| {
            let keys: Vec<String> = codes.keys().map(|code| code.to_lowercase()).collect();
            by_natural_key(conn, TENANT, &kinds::PRODUCTS, keys.iter().map(String::as_str))
        })
        .expect("the products can be read");
    assert_eq!(ids.len(), codes.len(), "there is a product for each code");
    let codes: HashMap<i64, String> = ids.into_iter().map(|(code, id)| (id, code.to_uppercase())).collect();
    let filter = BalanceFilter { as_of, ..BalanceFilter::default() };
    let (found, more) = engine
        .read(|conn| balances(conn, TENANT, AccountKind::Stock, &filter, 1_000_000))
        .expect("the balances can be read");
    assert!(more.is_none());
    found
        .into_iter()
        .map(|balance| {
            assert_eq!(balance.quantity.0 % 1_000_000, 0, "whole pieces");
            (codes[&balance.key.product.0].clone(), balance.quantity.0 / 1_000_000)
        })
        .collect()
}

fn without_zeros(figures: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    figures.iter().filter(|(_, pieces)| **pieces != 0).map(|(code, pieces)| (code.clone(), *pieces)).collect()
}

fn check(name: &str, engine: &Engine, report: &Report, expected: &Expected) {
    assert_eq!(report.lines, 77_628, "{name}");
    assert_eq!(report.lines, report.booked + report.not_booked.service, "{name}: every line is accounted for");
    assert_eq!((report.booked, report.not_booked.service), (expected.booked, expected.services), "{name}");
    let vouchers = expected.sales.len() + expected.credit_notes.len() + expected.write_offs.len();
    assert_eq!(report.vouchers, vouchers as u64, "{name}");
    assert_eq!(report.credit_notes, expected.credit_notes.len() as u64, "{name}");
    assert_eq!(report.write_offs, expected.write_offs.len() as u64, "{name}");
    assert_eq!(stands(engine, &expected.at_end, None), without_zeros(&expected.at_end), "{name}");
    let at_new_year = stands(engine, &expected.at_end, Some(Time(NEW_YEAR.0 - 1)));
    assert_eq!(at_new_year, without_zeros(&expected.at_new_year), "{name}");
}

fn check_sound(name: &str, engine: &Engine) {
    let started = Instant::now();
    let report = verify(engine.store(), TENANT, |_| {}).expect("the database can be read");
    let differences: Vec<_> = report.checks.iter().flat_map(|check| &check.named).take(20).collect();
    assert!(report.is_sound(), "{name}: {differences:#?}");
    eprintln!("{name}: verified {} movements in {:.1?}", report.movements, started.elapsed());
}

#[test]
fn both_months_become_the_stock_figures_that_follow_from_them() {
    let Some(directory) = data() else { return };
    let expected = expected(&directory);
    let lines = lines(&directory, &FILES);
    for (name, db) in support::databases() {
        let engine = open(&db);
        let dry = Options { dry_run: true, ..options(Order::Time) };
        let promised =
            import(&mut Importer { engine: &engine, request: request(), tell: &mut |_, _| {} }, &lines, &dry).unwrap();
        let started = Instant::now();
        let report = run(&engine, &lines, &options(Order::Time)).unwrap();
        eprintln!("{name}: imported {} lines in {:.1?}", report.booked, started.elapsed());
        assert_eq!(promised, report, "{name}: the dry run promised what was done");
        check(name, &engine, &report, &expected);
        check_sound(name, &engine);
        let position = verify(engine.store(), TENANT, |_| {}).unwrap().position;
        let again = run(&engine, &lines, &options(Order::Time)).unwrap();
        assert!(again.is_unchanged(), "{name}: {again:?}");
        assert_eq!(again.not_booked.already_imported, report.booked, "{name}");
        assert_eq!(verify(engine.store(), TENANT, |_| {}).unwrap().position, position, "{name}");
    }
}

/// How much of each product there was at the end of each day, and what it was worth, in millionths, once values are
/// settled: by day and product.
fn worth(engine: &Engine) -> BTreeMap<(i64, i64), (i64, i64)> {
    settle_all(engine).expect("values can be settled");
    let mut worth = BTreeMap::new();
    for day in -32..32 {
        let as_of = Some(Time(NEW_YEAR.0 + day * Time::DAY - 1));
        let filter = BalanceFilter { as_of, ..BalanceFilter::default() };
        let (found, more) = engine
            .read(|conn| balances(conn, TENANT, AccountKind::Pool, &filter, 1_000_000))
            .expect("the database answers");
        assert!(more.is_none());
        let standing = |balance: &Balance| (balance.quantity.0, balance.amount.0);
        worth.extend(found.iter().map(|balance| ((day, balance.key.product.0), standing(balance))));
    }
    worth
}

#[test]
fn files_in_the_wrong_order_end_with_the_same_figures() {
    let Some(directory) = data() else { return };
    let expected = expected(&directory);
    for (name, db) in support::databases() {
        let late = open(&db);
        let given = lines(&directory, &[FILES[1], FILES[0]]);
        let report = run(&late, &given, &options(Order::Given)).unwrap();
        check("given order", &late, &report, &expected);
        let other = TestDb::sqlite();
        other.migrate(Time(0)).unwrap();
        let in_time = open(&other);
        run(&in_time, &lines(&directory, &FILES), &options(Order::Time)).unwrap();
        let (found, expected) = (worth(&late), worth(&in_time));
        let differ = expected.iter().filter(|(key, standing)| found.get(key) != Some(standing)).count();
        let sums = |of: &BTreeMap<(i64, i64), (i64, i64)>, day: i64| {
            let day = of.range((day, i64::MIN)..(day + 1, i64::MIN));
            day.fold((0_i64, 0_i64), |sum, (_, standing)| (sum.0 + standing.0, sum.1 + standing.1))
        };
        eprintln!("{name}: of {} pools and days {differ} differ", expected.len());
        for day in [-31, -15, 0, 15, 31] {
            eprintln!("{name}: day {day}: {:?}, in the order of time {:?}", sums(&found, day), sums(&expected, day));
        }
        assert_eq!(found, expected, "{name}: to the last minor unit");
        check_sound(name, &late);
    }
}

#[test]
fn an_import_that_was_cut_short_is_finished_by_the_next() {
    let Some(directory) = data() else { return };
    let lines: Vec<Line> = lines(&directory, &FILES[..1]).into_iter().take(12_000).collect();
    let db = TestDb::sqlite();
    db.migrate(Time(0)).unwrap();
    let engine = open(&db);
    // Cut short in the openings, then among the vouchers: a panic in what hears of the progress.
    for calls in [1, 3] {
        let mut called = 0;
        let cut = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut tell = |_, _| {
                called += 1;
                assert!(called < calls, "cut short");
            };
            drop(import(
                &mut Importer { engine: &engine, request: request(), tell: &mut tell },
                &lines,
                &options(Order::Time),
            ));
        }));
        assert!(cut.is_err());
    }
    let report = run(&engine, &lines, &options(Order::Time)).unwrap();
    assert!(report.booked > 0 && report.not_booked.already_imported > 0, "{report:?}");
    assert_eq!(report.opening_lines, 0);
    assert_eq!(
        report.lines,
        report.booked + report.not_booked.already_imported + report.not_booked.service,
        "{report:?}"
    );
    check_sound("cut short", &engine);
    let other = TestDb::sqlite();
    other.migrate(Time(0)).unwrap();
    let at_once = open(&other);
    run(&at_once, &lines, &options(Order::Time)).unwrap();
    let all = |engine: &Engine| {
        let filter = BalanceFilter::default();
        let (found, _) = engine.read(|conn| balances(conn, TENANT, AccountKind::Stock, &filter, 1_000_000)).unwrap();
        found.into_iter().map(|balance| (balance.key.product, balance.quantity)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(all(&engine), all(&at_once));
}
