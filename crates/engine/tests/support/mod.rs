//! Fresh databases for tests: always SQLite, and PostgreSQL where a server is named.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lotbook_domain::time::Time;
use lotbook_engine::Store;

/// A store on a database of its own, which is gone when the test ends.
pub struct TestDb {
    store: Option<Arc<Store>>,
    url: String,
    clean: Clean,
}

enum Clean {
    Directory(PathBuf),
    Database { server: String, name: String },
}

impl TestDb {
    /// An empty SQLite file, without a schema.
    pub fn sqlite() -> Self {
        let directory = std::env::temp_dir().join(unique_name());
        std::fs::create_dir(&directory).expect("the temporary directory may be written to");
        let url = format!("sqlite:{}", directory.join("lotbook.db").display());
        Self::open(url, Clean::Directory(directory))
    }

    /// An empty PostgreSQL database on the server that `LOTBOOK_TEST_POSTGRES` names.
    pub fn postgres(server: &str) -> Self {
        let name = unique_name();
        admin(server).batch_execute(&format!("create database {name}")).expect("the server lets us create databases");
        let base = server.rsplit_once('/').expect("LOTBOOK_TEST_POSTGRES ends in /database").0;
        Self::open(format!("{base}/{name}"), Clean::Database { server: server.to_string(), name })
    }

    fn open(url: String, clean: Clean) -> Self {
        let store = Store::open(&url).expect("a fresh database opens");
        Self { store: Some(Arc::new(store)), url, clean }
    }

    /// Where it is, for a second store on the same database.
    #[allow(dead_code)] // not every test file opens a second store
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The store, to be shared with threads. They end before the test does.
    #[allow(dead_code)] // not every test file has threads
    pub fn shared(&self) -> Arc<Store> {
        Arc::clone(self.store.as_ref().expect("the store is taken out on drop only"))
    }
}

impl Deref for TestDb {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store.as_ref().expect("the store is taken out on drop only")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        drop(self.store.take());
        match &self.clean {
            Clean::Directory(path) => drop(std::fs::remove_dir_all(path)),
            Clean::Database { server, name } => {
                drop(admin(server).batch_execute(&format!("drop database if exists {name} with (force)")));
            }
        }
    }
}

/// The databases a test has to pass on, empty and without a schema.
///
/// Fails when no PostgreSQL server is named, unless `LOTBOOK_TEST_SQLITE_ONLY=1` says that this is
/// meant: a test that leaves out a database in silence proves nothing about it.
pub fn empty_databases() -> Vec<(&'static str, TestDb)> {
    let mut databases = vec![("sqlite", TestDb::sqlite())];
    databases.extend(postgres_server().map(|server| ("postgres", TestDb::postgres(&server))));
    databases
}

/// The PostgreSQL server for tests; `None` where it is meant to be left out.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var("LOTBOOK_TEST_POSTGRES").ok();
    assert!(
        server.is_some() || std::env::var("LOTBOOK_TEST_SQLITE_ONLY").is_ok_and(|value| value == "1"),
        "set LOTBOOK_TEST_POSTGRES to the address of a PostgreSQL server where tests may create databases \
         (postgres://user@host:port/postgres), or LOTBOOK_TEST_SQLITE_ONLY=1 to leave PostgreSQL out"
    );
    server
}

/// Like [`empty_databases`], with the schema.
#[allow(dead_code)] // not every test file needs a schema
pub fn databases() -> Vec<(&'static str, TestDb)> {
    let databases = empty_databases();
    for (name, db) in &databases {
        db.migrate(Time(0)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    databases
}

fn admin(server: &str) -> postgres::Client {
    postgres::Client::connect(server, postgres::NoTls).expect("LOTBOOK_TEST_POSTGRES names a running server")
}

fn unique_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("the clock is past 1970");
    format!(
        "lotbook_test_{}_{}_{}",
        std::process::id(),
        since.as_micros() % 1_000_000_000,
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}
