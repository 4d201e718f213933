//! What is measured, in the text that Prometheus reads.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use lotbook_engine::Engine;
use lotbook_engine::query::figures::Figures;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::mqtt::Board;
use crate::scrub::Scrubbing;

/// Upper bounds in seconds, from a read out of memory to a large import.
const SECONDS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Routed {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    outcome: &'static str,
}

/// What is measured.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Routed, Histogram, fn() -> Histogram>,
    waiting_writes: Gauge,
    groups: Counter<u64, AtomicU64>,
    grouped: Counter<u64, AtomicU64>,
    waiting_bookings: Gauge,
    deliveries: Family<Told, Counter>,
    mqtt_connected: Gauge,
    mqtt_messages: Family<Told, Counter<u64, AtomicU64>>,
    scrubbed_rows: Counter<u64, AtomicU64>,
    scrub_runs: Counter<u64, AtomicU64>,
    scrub_differences: Gauge,
    scrubbed_at: Gauge,
    batches: Gauge,
}

impl Metrics {
    /// Nothing measured yet.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("lotbook");
        let answered = Family::default();
        registry.register("http_requests", "Requests answered, by method, route and status", answered.clone());
        let seconds = Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        registry.register_with_unit(
            "http_request",
            "From the request's headers to the answer's",
            Unit::Seconds,
            seconds.clone(),
        );
        let waiting_writes = Gauge::default();
        registry.register("write_queue", "Changes that wait for a writer", waiting_writes.clone());
        let groups = Counter::default();
        registry.register("write_groups", "Commits that changes shared", groups.clone());
        let grouped = Counter::default();
        registry.register("writes", "Changes written; divided by the groups, how many share a commit", grouped.clone());
        let waiting_bookings = Gauge::default();
        registry.register("bookings_waiting", "Bookings that are not decided yet", waiting_bookings.clone());
        let batches = Gauge::default();
        registry.register("ledger_batches", "Batches in the ledgers of all tenants", batches.clone());
        let deliveries = Family::default();
        registry.register(
            "webhook_deliveries",
            "Attempts to tell webhooks of batches, by outcome: delivered, failed, dead",
            deliveries.clone(),
        );
        let mqtt_connected = Gauge::default();
        registry.register("mqtt_connected", "MQTT brokers that this server is connected to", mqtt_connected.clone());
        let mqtt_messages = Family::default();
        registry.register(
            "mqtt_messages",
            "MQTT messages, by outcome: received, accepted, ignored, repeated, unreadable, published",
            mqtt_messages.clone(),
        );
        let scrubbed_rows = Counter::default();
        registry.register("scrub_rows", "Rows verified beside the work", scrubbed_rows.clone());
        let scrub_runs = Counter::default();
        registry.register("scrub_runs", "Ledgers verified from end to end", scrub_runs.clone());
        let scrub_differences = Gauge::default();
        registry.register("scrub_differences", "Differences that the last runs found", scrub_differences.clone());
        let scrubbed_at = Gauge::default();
        registry.register_with_unit(
            "scrub_oldest_run_time",
            "When the oldest of the last runs was done, since 1970",
            Unit::Seconds,
            scrubbed_at.clone(),
        );
        Self {
            registry,
            answered,
            seconds,
            waiting_writes,
            groups,
            grouped,
            waiting_bookings,
            deliveries,
            mqtt_connected,
            mqtt_messages,
            scrubbed_rows,
            scrub_runs,
            scrub_differences,
            scrubbed_at,
            batches,
        }
    }

    /// Counts an attempt to tell a webhook: `delivered`, `failed` or `dead`.
    pub fn count_delivery(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&Told { outcome }).inc();
    }

    /// Counts a request that was answered.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let answered = Answered { method: method.to_owned(), route: route.to_owned(), status };
        self.answered.get_or_create(&answered).inc();
        self.seconds.get_or_create(&Routed { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Everything as text, with what the engine and the database say at this moment.
    pub fn print(&self, engine: &Engine, figures: &Figures, mqtt: &Board, scrubbing: &Scrubbing) -> String {
        let (rows, runs) = scrubbing.figures();
        self.scrubbed_rows.inner().store(rows, std::sync::atomic::Ordering::Relaxed);
        self.scrub_runs.inner().store(runs, std::sync::atomic::Ordering::Relaxed);
        self.scrub_differences.set(figures.scrub_differences);
        self.scrubbed_at.set(figures.scrubbed_at.map_or(0, |at| at.0 / 1_000_000));
        let (waiting, groups, grouped) = engine.write_figures();
        self.waiting_writes.set(waiting as i64);
        self.groups.inner().store(groups, std::sync::atomic::Ordering::Relaxed);
        self.grouped.inner().store(grouped, std::sync::atomic::Ordering::Relaxed);
        self.waiting_bookings.set(figures.bookings_waiting);
        self.batches.set(figures.batches);
        let (connected, counts) = mqtt.sums();
        self.mqtt_connected.set(connected);
        for (outcome, count) in counts {
            let counter = self.mqtt_messages.get_or_create(&Told { outcome });
            counter.inner().fetch_max(count, std::sync::atomic::Ordering::Relaxed);
        }
        let mut printed = String::new();
        text::encode(&mut printed, &self.registry).expect("a text takes all that is written to it");
        printed
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
