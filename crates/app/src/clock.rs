//! Looks at triggers that follow the clock, as often as the setting `mes.evaluationIntervalMs` says.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lotbook_domain::id::TenantId;
use lotbook_engine::command::{LookAtClock, clocks, clocks_version, is_due};
use lotbook_engine::security::SYSTEM;
use lotbook_engine::write::Request;

use crate::app::Shared;
use crate::bridge;

/// How often new triggers are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is known of tenants whose triggers follow the clock.
#[derive(Default)]
struct Known {
    version: Option<(i64, i64)>,
    every: BTreeMap<TenantId, Duration>,
    looked_at: BTreeMap<TenantId, Instant>,
}

/// Looks until the server is about to end.
pub async fn run(app: Shared) {
    let mut known = Known::default();
    loop {
        let begun = Instant::now();
        // What cannot be read now is looked at again after the pause.
        if let Err(error) = look(&app, &mut known).await {
            tracing::warn!(%error, "triggers that follow the clock were not looked at");
        }
        let pause = known.every.values().min().copied().unwrap_or(LOOK_EVERY).min(LOOK_EVERY);
        tokio::select! {
            () = app.stopped() => break,
            () = tokio::time::sleep(pause.saturating_sub(begun.elapsed())) => {}
        }
    }
}

async fn look(app: &Shared, known: &mut Known) -> Result<(), lotbook_engine::Error> {
    let engine = app.engine.clone();
    let version = known.version;
    let news = bridge::read(&app.engine, move |conn| {
        let now = clocks_version(conn)?;
        Ok(if version == Some(now) { None } else { Some((now, clocks(&engine, conn)?)) })
    })
    .await?;
    if let Some((version, clocks)) = news {
        known.version = Some(version);
        let duration = |ms: i64| Duration::from_millis(u64::try_from(ms).unwrap_or(0));
        known.every = clocks.into_iter().map(|(tenant, ms)| (tenant, duration(ms))).collect();
        known.looked_at.retain(|tenant, _| known.every.contains_key(tenant));
    }
    for (tenant, every) in &known.every {
        let tenant = *tenant;
        if known.looked_at.get(&tenant).is_some_and(|at| at.elapsed() < *every) {
            continue;
        }
        known.looked_at.insert(tenant, Instant::now());
        let (engine, now) = (app.engine.clone(), app.engine.now());
        if bridge::read(&app.engine, move |conn| is_due(&engine, conn, tenant, now)).await? {
            let request =
                Request { tenant, person: SYSTEM, origin: "clock".to_owned(), key: None, now, dry_run: false };
            bridge::change(&app.engine, request, LookAtClock).await?;
        }
    }
    Ok(())
}
