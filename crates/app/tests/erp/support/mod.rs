//! A server in this process, on each database, with a demo shop and somebody logged in.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too
#![allow(dead_code)] // no test file uses all of it

pub mod client;
#[path = "../../../../engine/tests/support/mod.rs"]
mod databases;
pub mod exchange;
pub mod shop;
#[path = "../../support/exchange.rs"]
mod text;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lotbook_app::app::{App, Options, Shared};
use lotbook_app::http::listen;
use lotbook_app::{password, surroundings};
use lotbook_domain::id::{TenantId, UserId};
use lotbook_domain::time::Time;
use lotbook_engine::tenant::CreateTenant;
use lotbook_engine::write::{Change, Request};
use lotbook_engine::{Engine, Error, Store, Surroundings};
use tokio::sync::oneshot;

use client::Client;
use databases::TestDb;

/// What the clock shows until a test winds it: 2026-01-05T08:00:00Z.
pub const START: Time = Time(1_767_600_000_000_000);

/// The password of the person `admin`.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running server.
pub struct TestServer {
    /// The database: `sqlite` or `postgres`.
    pub name: &'static str,
    /// The engine behind it, for what no call does.
    pub engine: Arc<Engine>,
    /// What its doors share.
    pub app: Shared,
    clock: Arc<AtomicI64>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<tokio::runtime::Runtime>,
    // Dropped last: the engine's connections go first.
    _db: TestDb,
}

impl TestServer {
    /// A server with the demo shop on each database.
    pub fn all() -> Vec<Self> {
        databases::databases().into_iter().map(|(name, db)| Self::start(name, db)).collect()
    }

    fn start(name: &'static str, db: TestDb) -> Self {
        let clock = Arc::new(AtomicI64::new(START.0));
        let hands = Arc::clone(&clock);
        let surroundings = Surroundings {
            clock: Box::new(move || Time(hands.load(Ordering::Relaxed))),
            random: Box::new(surroundings::fill),
        };
        let engine = Engine::open(Store::open(db.url()).unwrap(), surroundings);
        let founding = CreateTenant { name: "default".into(), admin_password_hash: Some(password::hash(PASSWORD)) };
        change(&engine, founding).unwrap();
        shop::fill(&engine);
        engine.start();
        let app = App::new(Arc::clone(&engine), Options::default());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        runtime.spawn(listen::serve(listener, app.clone(), async move {
            // A test that fails drops the sender, which is as good.
            let _ = stopped.await;
        }));
        Self { name, engine, app, clock, address, stop: Some(stop), runtime: Some(runtime), _db: db }
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Client {
        Client::new(self.address)
    }

    /// The administrator, logged in.
    pub fn admin(&self) -> Client {
        self.log_in("admin", PASSWORD)
    }

    /// A person, logged in.
    pub fn log_in(&self, name: &str, password: &str) -> Client {
        self.log_in_at("default", name, password)
    }

    /// A person of a tenant, logged in.
    pub fn log_in_at(&self, tenant: &str, name: &str, password: &str) -> Client {
        let mut client = self.stranger();
        let body = serde_json::json!({"userNameOrEMail": name, "password": password, "tenantDomainName": tenant});
        let reply = client.post("/api/security/Authentication/Login", &body.to_string());
        assert_eq!(reply.status, 200, "{}", reply.text);
        client.token = Some(reply.value()["token"].as_str().unwrap().to_owned());
        client
    }

    /// Makes a change as the administrator.
    pub fn change(&self, change: impl Change) -> String {
        self::change(&self.engine, change).unwrap()
    }

    /// Sets the clock forward.
    pub fn wind(&self, micros: i64) {
        self.clock.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Not within the runtime: connections to PostgreSQL end here.
        drop(self.runtime.take());
        self.engine.stop();
    }
}

/// Makes a change as the administrator.
pub fn change(engine: &Engine, change: impl Change) -> Result<String, Error> {
    let request = Request {
        tenant: TenantId(1),
        person: UserId(1),
        origin: "test".into(),
        key: None,
        now: engine.now(),
        dry_run: false,
    };
    engine.change(request, change)
}
