//! Copies of a SQLite database.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::path::PathBuf;

use lotbook_domain::time::Time;
use lotbook_engine::store::backup;
use lotbook_engine::{Error, Store};

fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        _ => "another",
    }
}

fn count(store: &Store) -> i64 {
    store.read(|conn| conn.one("select count(*) from tenant", &[], |row| row.int(0))).unwrap().unwrap()
}

fn add(store: &Store, id: i64) {
    let sql = format!(
        "insert into tenant (id, uid, name, natural_key, catalog_version, created_at) values ({id}, '{id}', '{id}', '{id}', 1, 0)"
    );
    store.write(|conn| conn.execute(&sql, &[])).unwrap();
}

#[test]
fn a_copy_is_what_the_database_was() {
    let db = support::TestDb::sqlite();
    db.migrate(Time(0)).unwrap();
    add(&db, 1);
    let path = PathBuf::from(db.url().strip_prefix("sqlite:").unwrap());
    let copy = path.with_file_name("copy.db");
    {
        // A change that is not committed is not in the copy, and does not hinder it.
        let mut writer = db.writer().unwrap();
        writer.begin().unwrap();
        writer.execute("delete from tenant", &[]).unwrap();
        backup::copy(db.url(), &copy).unwrap();
    }
    assert_eq!(code(&backup::copy(db.url(), &copy).unwrap_err()), "fileExists");
    add(&db, 2);

    let other = format!("sqlite:{}", path.with_file_name("other.db").display());
    backup::restore(&copy, &other, false).unwrap();
    assert_eq!(code(&backup::restore(&copy, &other, false).unwrap_err()), "databaseExists");
    let restored = Store::open(&other).unwrap();
    assert_eq!((count(&restored), count(&db)), (1, 2));
    add(&restored, 3);
    assert_eq!(code(&backup::restore(&copy, &other, true).unwrap_err()), "databaseInUse");
    drop(restored);
    backup::restore(&copy, &other, true).unwrap();
    assert_eq!(count(&Store::open(&other).unwrap()), 1);
}

#[test]
fn what_is_no_database_is_not_restored() {
    let db = support::TestDb::sqlite();
    db.migrate(Time(0)).unwrap();
    let path = PathBuf::from(db.url().strip_prefix("sqlite:").unwrap());
    let copy = path.with_file_name("copy.db");
    backup::copy(db.url(), &copy).unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let other = format!("sqlite:{}", path.with_file_name("other.db").display());
    let half = bytes.len() / 2;
    for byte in &mut bytes[half..half + 4_096] {
        *byte ^= 0xFF;
    }
    for content in [&b"nothing of the sort"[..], &bytes[..half], &bytes[..]] {
        std::fs::write(&copy, content).unwrap();
        assert_eq!(code(&backup::restore(&copy, &other, false).unwrap_err()), "damaged");
    }
    assert!(!path.with_file_name("other.db").exists() && !path.with_file_name("other.db.part").exists());
    for url in ["postgres://localhost/lotbook", "sqlite::memory:"] {
        assert!(matches!(backup::copy(url, &path.with_file_name("x")), Err(Error::Refused { .. })));
    }
}
