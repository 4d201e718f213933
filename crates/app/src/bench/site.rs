//! What is measured: a fresh database with a catalog in it, and the real server in front of it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use lotbook_domain::id::{JournalId, LocationId, ProductId, UserId};
use lotbook_engine::security::Reference;
use lotbook_engine::security::api_key::CreateApiKey;
use lotbook_engine::store::scratch::Scratch;
use lotbook_engine::tenant::{self, CreateTenant};
use lotbook_engine::thing::change::CreateRecords;
use lotbook_engine::thing::kind::Kind;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::value::{Record, Value};
use lotbook_engine::write::{Change, Request};
use lotbook_engine::{Engine, Store};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::Failure;
use crate::app::{App, Options, Shared};
use crate::http::listen;
use crate::secret::Secret;
use crate::surroundings;

/// How many products there are.
pub const PRODUCTS: i64 = 1_000;
/// How many locations.
pub const LOCATIONS: i64 = 10;

/// A database, an engine and a server.
pub struct Site {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Where the server listens.
    pub address: SocketAddr,
    /// An API key of its administrator.
    pub token: String,
    /// Its products.
    pub products: Vec<ProductId>,
    /// Its locations.
    pub locations: Vec<LocationId>,
    /// A journal that is booked when somebody asks for it.
    pub journal: JournalId,
    /// Another one, whose entries stay.
    pub waiting_journal: JournalId,
    /// A journal whose entries are booked as they come.
    pub auto_journal: JournalId,
    app: Shared,
    runtime: Option<Runtime>,
    /// Goes last, when nobody uses it any more.
    _scratch: Scratch,
}

impl Site {
    /// Makes everything in a new database and starts the server.
    pub fn found(scratch: Scratch) -> Result<Self, Failure> {
        Self::found_with(scratch, LOCATIONS)
    }

    /// The same, with so many locations.
    pub fn found_with(scratch: Scratch, locations: i64) -> Result<Self, Failure> {
        let store = Store::open(scratch.url())?;
        store.migrate(surroundings::now())?;
        let engine = Engine::open(store, surroundings::real());
        let found = CreateTenant { name: tenant::DEFAULT_NAME.to_owned(), admin_password_hash: None };
        engine.change(request(&engine), found)?;
        let products = (1..=PRODUCTS)
            .map(|no| {
                let number = Value::Number("2".to_owned());
                record([
                    ("identifier", text(&format!("P{no:04}"))),
                    ("name", text(&format!("Product {no}"))),
                    ("costPrice", number),
                ])
            })
            .collect();
        let products = create(&engine, &kinds::PRODUCTS, products)?;
        let locations = (1..=locations)
            .map(|no| record([("name", text(&format!("Shelf {no}"))), ("type", text("shelf"))]))
            .collect();
        let locations = create(&engine, &kinds::LOCATIONS, locations)?;
        let journals = [("bulk", false), ("waiting", false), ("auto-book", true)]
            .map(|(name, books)| {
                record([("name", text(name)), ("kind", text("Delivery")), ("isAutoBook", Value::Bool(books))])
            })
            .into();
        let journals = create(&engine, &kinds::JOURNALS, journals)?;
        let secret = Secret::fresh(tenant::DEFAULT);
        let key = CreateApiKey {
            person: Some(Reference::Id(1)),
            name: "bench".to_owned(),
            secret_hash: secret.hash(),
            expires_at: None,
        };
        engine.change(request(&engine), key)?;

        engine.start();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // One token asks more here than a program should.
        let options = Options { requests_per_second: 1_000_000, ..Options::default() };
        let app = App::new(Arc::clone(&engine), options);
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        runtime.spawn(listen::serve(listener, Arc::clone(&app), std::future::pending()));
        Ok(Self {
            engine,
            address,
            token: secret.reveal(),
            products: products.into_iter().map(ProductId).collect(),
            locations: locations.into_iter().map(LocationId).collect(),
            journal: JournalId(journals[0]),
            waiting_journal: JournalId(journals[1]),
            auto_journal: JournalId(journals[2]),
            app,
            runtime: Some(runtime),
            _scratch: scratch,
        })
    }

    /// Makes one more product, valued in another way.
    pub fn add_product(&self, identifier: &str, costing: &str) -> Result<ProductId, Failure> {
        let fields = [
            ("identifier", text(identifier)),
            ("name", text(identifier)),
            ("costing", text(costing)),
            ("costPrice", Value::Number("9".to_owned())),
        ];
        let made = create(&self.engine, &kinds::PRODUCTS, vec![record(fields)])?;
        made.first().map(|id| ProductId(*id)).ok_or_else(|| Failure("no product was made".to_owned()))
    }

    /// A request of the site's administrator.
    pub fn request(&self) -> Request {
        request(&self.engine)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.app.stop();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
        self.engine.stop();
    }
}

fn request(engine: &Engine) -> Request {
    Request {
        tenant: tenant::DEFAULT,
        person: UserId(1),
        origin: "bench".to_owned(),
        key: None,
        now: engine.now(),
        dry_run: false,
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn record<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Makes records and answers their ids.
pub(super) fn create(engine: &Engine, kind: &'static Kind, records: Vec<Record>) -> Result<Vec<i64>, Failure> {
    #[derive(Deserialize)]
    struct Made {
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        id: i64,
    }
    let change: Box<dyn Change> = Box::new(CreateRecords { kind, records, is_list: true });
    let answer = engine.run(request(engine), lotbook_engine::write::Command::Change(change))?;
    let made: Made = serde_json::from_str(&answer)
        .map_err(|error| Failure(format!("the answer about {} is unreadable: {error}", kind.name)))?;
    Ok(made.items.into_iter().map(|item| item.id).collect())
}
