//! For those who watch over the server: `/healthz`, `/readyz`, `/metrics`.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use lotbook_domain::id::{TenantId, UserId};
use lotbook_engine::query::figures;
use lotbook_engine::write::{Change, Request, Tx};
use lotbook_engine::{Engine, Error};
use serde_json::{Value, json};

use super::problem::Problem;
use crate::app::{App, Shared};
use crate::bridge;

/// A writer that takes longer is not alive.
const WRITER_TIME_MAX: Duration = Duration::from_secs(5);
/// An answer is given again for so long: anybody may ask.
const KEPT: Duration = Duration::from_secs(1);

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes() -> Router<Shared> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(metrics))
}

/// The process runs and answers.
async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// The last look, and what was seen.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, Vec<String>)>>);

/// The server can do its work: the database answers, its schema is the one of this version, and the
/// writer takes changes.
async fn readyz(State(app): State<Shared>) -> Response {
    let kept = app.readiness.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let faults = match kept {
        Some((seen, faults)) if seen.elapsed() < KEPT => faults,
        _ => {
            let faults = look(&app).await;
            *app.readiness.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                Some((Instant::now(), faults.clone()));
            faults
        }
    };
    if faults.is_empty() {
        return Json(json!({ "status": "ready" })).into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "notReady", "faults": faults }))).into_response()
}

async fn look(app: &App) -> Vec<String> {
    let engine = std::sync::Arc::clone(&app.engine);
    match bridge::blocking(move || engine.store().count_missing_migrations()).await {
        Err(error) => {
            tracing::warn!(%error, "not ready");
            return vec!["the database does not answer, or its schema is another version's".to_owned()];
        }
        Ok(0) => {}
        Ok(missing) => return vec![format!("the schema is {missing} steps behind; run lotbook migrate")],
    }
    match tokio::time::timeout(WRITER_TIME_MAX, touch(&app.engine)).await {
        Ok(Ok(_)) => Vec::new(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            vec!["the writer does not take changes".to_owned()]
        }
        Err(_) => vec![format!("the writer has not answered for {} s", WRITER_TIME_MAX.as_secs())],
    }
}

/// A change of nothing.
struct Nothing;

impl Change for Nothing {
    fn run(&mut self, _: &mut Tx<'_>) -> Result<String, Error> {
        Ok(String::new())
    }
}

async fn touch(engine: &Engine) -> Result<String, Error> {
    let request = Request {
        tenant: TenantId(0),
        person: UserId(0),
        origin: "readyz".to_owned(),
        key: None,
        now: engine.now(),
        dry_run: true,
    };
    bridge::change(engine, request, Nothing).await
}

async fn metrics(State(app): State<Shared>) -> Result<Response, Problem> {
    let figures = bridge::read(&app.engine, figures::all).await?;
    let mut response = app.metrics.print(&app.engine, &figures, &app.mqtt, &app.scrubbing).into_response();
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}
