//! Sees which tenants want a line to a broker, and keeps one for each.

use std::collections::BTreeMap;
use std::time::Duration;

use lotbook_domain::id::TenantId;
use lotbook_engine::mqtt::{self, Wanted};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Status;
use super::line::Line;
use crate::app::Shared;
use crate::bridge;

/// How often the settings are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

struct Kept {
    wanted: Wanted,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Kept {
    async fn end(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("a line to an MQTT broker panicked");
        }
    }
}

/// Keeps lines until the server is about to end, and comes back when all of them have ended.
pub async fn run(app: Shared) {
    let server = app.engine.uid(app.engine.now());
    let mut lines: BTreeMap<TenantId, Kept> = BTreeMap::new();
    loop {
        // What cannot be read now is looked for again after the pause.
        if let Ok(wanted) = bridge::read(&app.engine, mqtt::wanted).await {
            let others = |(tenant, kept): (&TenantId, &Kept)| {
                (wanted.get(tenant) != Some(&kept.wanted) || kept.task.is_finished()).then_some(*tenant)
            };
            let changed: Vec<TenantId> = lines.iter().filter_map(others).collect();
            for tenant in changed {
                if let Some(kept) = lines.remove(&tenant) {
                    kept.end().await;
                    app.mqtt.forget(tenant);
                }
            }
            for (tenant, wanted) in wanted {
                lines.entry(tenant).or_insert_with(|| begin(&app, &server, tenant, wanted));
            }
        }
        tokio::select! {
            () = app.stopped() => break,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    for kept in lines.values() {
        kept.stop.send_replace(true);
    }
    for kept in lines.into_values() {
        kept.end().await;
    }
}

fn begin(app: &Shared, server: &str, tenant: TenantId, wanted: Wanted) -> Kept {
    let (stop, stopping) = watch::channel(false);
    let status = Status { broker: wanted.broker.masked(), prefix: wanted.prefix.clone(), ..Status::default() };
    app.mqtt.note(tenant, |noted| *noted = status);
    let (app, server) = (app.clone(), server.to_owned());
    let line = Line { app, server, tenant, wanted: wanted.clone(), stop: stopping };
    Kept { wanted, stop, task: tokio::spawn(line.run()) }
}
