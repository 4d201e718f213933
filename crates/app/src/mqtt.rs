//! MQTT: tags are taken from a tenant's broker, and stock and operations are published there.
//!
//! `worker` sees who wants what and keeps a line to each broker; `line` is one connection, under the
//! tenant's lease; `message` makes samples of messages; `publish` says what stands where.

mod line;
mod message;
mod publish;
pub mod worker;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use lotbook_domain::id::{LocationId, TenantId};
use lotbook_domain::time::Time;
use lotbook_engine::Error;
use lotbook_engine::mqtt::AskInventory;
use lotbook_engine::security::SYSTEM;
use lotbook_engine::write::{Change, Request};

use crate::app::App;
use crate::bridge;

/// How it goes with a tenant's broker, as this server sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The broker, without the password.
    pub broker: String,
    /// Whether this server is the one that talks.
    pub is_leading: bool,
    /// Whether it is connected.
    pub is_connected: bool,
    /// Since when.
    pub since: Option<Time>,
    /// What is subscribed.
    pub filters: Vec<String>,
    /// Below which topic it publishes.
    pub prefix: Option<String>,
    /// Messages that came.
    pub received: u64,
    /// Samples that were taken.
    pub accepted: u64,
    /// Samples that were older than what was known.
    pub ignored: u64,
    /// Messages that had been taken before.
    pub repeated: u64,
    /// Messages that say nothing that a tag can hold.
    pub unreadable: u64,
    /// Messages that were published.
    pub published: u64,
    /// How often a connection was lost or could not be made.
    pub failures: u64,
    /// What went wrong last, and when.
    pub fault: Option<(Time, String)>,
    /// Why the last unreadable message was.
    pub unreadable_because: Option<String>,
}

/// Where it goes how.
#[derive(Default)]
pub struct Board(Mutex<BTreeMap<TenantId, Status>>);

impl Board {
    /// How it goes with a tenant's broker; `None` = it wants none.
    pub fn status(&self, tenant: TenantId) -> Option<Status> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned()
    }

    /// How it goes, over all tenants: how many are connected, and what was counted.
    pub fn sums(&self) -> (i64, [(&'static str, u64); 6]) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |of: fn(&Status) -> u64| all.values().map(of).sum();
        let connected = all.values().filter(|status| status.is_connected).count();
        let counts = [
            ("received", sum(|status| status.received)),
            ("accepted", sum(|status| status.accepted)),
            ("ignored", sum(|status| status.ignored)),
            ("repeated", sum(|status| status.repeated)),
            ("unreadable", sum(|status| status.unreadable)),
            ("published", sum(|status| status.published)),
        ];
        (connected as i64, counts)
    }

    fn note(&self, tenant: TenantId, change: impl FnOnce(&mut Status)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(tenant).or_default());
    }

    fn forget(&self, tenant: TenantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
}

impl App {
    /// Has the inventory of locations (none = of all) published by whichever server talks to the tenant's
    /// broker, also after a restart. Answers whether the tenant publishes at all; if not, nothing is kept.
    pub async fn publish_inventory(&self, tenant: TenantId, locations: Vec<LocationId>) -> Result<bool, Error> {
        let wanted = bridge::read(&self.engine, lotbook_engine::mqtt::wanted).await?;
        if wanted.get(&tenant).is_none_or(|wanted| wanted.prefix.is_none()) {
            return Ok(false);
        }
        change(self, tenant, AskInventory { locations }).await.map(|_| true)
    }
}

async fn change(app: &App, tenant: TenantId, change: impl Change) -> Result<String, Error> {
    let now = app.engine.now();
    let request = Request { tenant, person: SYSTEM, origin: "mqtt".to_owned(), key: None, now, dry_run: false };
    bridge::change(&app.engine, request, change).await
}

fn read<T: for<'de> serde::Deserialize<'de>>(answer: &str) -> Result<T, Error> {
    serde_json::from_str(answer).map_err(|error| Error::Internal(format!("an answer of the engine: {error}")))
}
