//! What all doors share: the engine, the tokens, the measures, the limits.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use lotbook_engine::Engine;
use tokio::sync::watch;

use crate::http::erp::asking::Manners;
use crate::http::health::Readiness;
use crate::http::limit::{Buckets, Pace};
use crate::http::metrics::Metrics;
use crate::http::script::transfer::Queues;
use crate::http::tokens::Tokens;
use crate::mqtt::Board;
use crate::scrub::{self, Scrubbing};
use crate::webhook::Habits;

/// What doors share, as they hold it.
pub type Shared = Arc<App>;

/// Limits and habits of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A larger body is refused.
    pub body_bytes_max: usize,
    /// A request that takes longer is answered with 503.
    pub request_time_max: Duration,
    /// The headers of a request arrive within this time after the answer to the one before, or the
    /// connection is closed: whoever sends them letter by letter holds a place that others need.
    pub header_time_max: Duration,
    /// So many requests a second are taken from one token.
    pub requests_per_second: u32,
    /// Whether the address of a caller is what the proxy says: `X-Forwarded-For`, `X-Forwarded-Proto`.
    pub trusts_forwarded: bool,
    /// How the ledger is verified beside the work, if it is.
    pub scrub: Option<scrub::Pace>,
    /// How webhooks are delivered.
    pub webhooks: Habits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            body_bytes_max: 128 << 20,
            request_time_max: Duration::from_mins(5),
            header_time_max: Duration::from_secs(75),
            requests_per_second: 20_000,
            trusts_forwarded: false,
            scrub: None,
            webhooks: Habits::default(),
        }
    }
}

/// Logins that may fail from one address in a minute; those that succeed do not count.
const FAILED_LOGINS_PER_MINUTE: u32 = 10;
/// Tokens that may be wrong from one address in a minute.
const WRONG_TOKENS_PER_MINUTE: u32 = 600;
const MINUTE: Duration = Duration::from_mins(1);

/// What doors share.
pub struct App {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Tokens verified a moment ago.
    pub tokens: Arc<Tokens>,
    /// What is measured.
    pub metrics: Metrics,
    /// Limits and habits.
    pub options: Options,
    /// How often one token may be used.
    pub pace: Pace,
    /// Failed logins by address.
    pub failed_logins: Buckets<IpAddr>,
    /// Wrong tokens by address.
    pub wrong_tokens: Buckets<IpAddr>,
    /// How tenants read and print in the ERP dialect.
    pub manners: Manners,
    /// The last look at whether the server can do its work.
    pub readiness: Readiness,
    /// Rows of scripts' imports that wait.
    pub imports: Queues,
    /// How it goes with tenants' MQTT brokers.
    pub mqtt: Board,
    /// What verifying beside the work has found.
    pub scrubbing: Scrubbing,
    stopping: watch::Sender<bool>,
}

impl App {
    /// Doors to an engine whose writers run.
    pub fn new(engine: Arc<Engine>, options: Options) -> Shared {
        Arc::new(Self {
            engine,
            tokens: Arc::default(),
            metrics: Metrics::new(),
            pace: Pace::new(options.requests_per_second, Duration::from_secs(1)),
            options,
            failed_logins: Buckets::new(Pace::new(FAILED_LOGINS_PER_MINUTE, MINUTE)),
            wrong_tokens: Buckets::new(Pace::new(WRONG_TOKENS_PER_MINUTE, MINUTE)),
            manners: Manners::default(),
            readiness: Readiness::default(),
            imports: Queues::default(),
            mqtt: Board::default(),
            scrubbing: Scrubbing::default(),
            stopping: watch::Sender::new(false),
        })
    }

    /// Tells those who wait for something that the server is about to end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Ends when the server is about to: whoever waits for long waits for this, too.
    pub async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // The sender is part of `self` and so still there.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}
