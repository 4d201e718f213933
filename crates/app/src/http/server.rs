//! The server: all doors behind one address, and what holds for each of them.
//!
//! Every reply has a request id and the headers that keep browsers careful; every request has a limit
//! in time and size; a panic ends the request that caused it and says nothing of itself outside.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tracing::Instrument;

use super::erp::fault::Fault;
use super::problem::Problem;
use super::request_id::RequestId;
use super::{auth, erp, flow, guard, health, integrity, mqtt, native, page, people, script, webhook};
use crate::app::{App, Shared};

/// What a reply is counted under, where the address alone does not say it: set by a door as an
/// extension of its reply.
#[derive(Clone, Copy, Debug)]
pub struct RouteName(pub &'static str);

/// All doors.
pub fn router(app: Shared) -> Router {
    let body_bytes_max = app.options.body_bytes_max;
    Router::new()
        .merge(auth::routes())
        .merge(people::routes())
        .merge(flow::routes())
        .merge(webhook::routes())
        .merge(mqtt::routes())
        .merge(integrity::routes())
        .merge(native::routes())
        .merge(script::routes())
        .merge(health::routes())
        .merge(page::routes())
        .fallback(other_route)
        .method_not_allowed_fallback(unknown_method)
        .layer(DefaultBodyLimit::max(body_bytes_max))
        .layer(from_fn_with_state(app.clone(), attend))
        .with_state(app)
}

/// What no route says: a call of the ERP dialect, whose paths have no fixed spelling, or nothing.
async fn other_route(State(app): State<Shared>, request: Request) -> Response {
    let path = request.uri().path();
    if erp::route::is_of_dialect(path) {
        return erp::door::serve(app, request).await;
    }
    if let Some(response) = page::find(request.method(), path, request.headers()) {
        return response;
    }
    Problem::unknown_route(request.method().as_str(), path).into_response()
}

async fn unknown_method(method: Method, uri: Uri) -> Response {
    let detail = format!("{} is not called with {method}; /docs lists what there is", uri.path());
    render(uri.path(), Problem::new(StatusCode::METHOD_NOT_ALLOWED, "methodNotAllowed", detail))
}

/// A problem in the form of the dialect that the address belongs to.
fn render(path: &str, problem: Problem) -> Response {
    if erp::route::is_of_dialect(path) { Fault::from(problem).into_response() } else { problem.into_response() }
}

/// What is done around each request.
async fn attend(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let id = RequestId::fresh();
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    // Of the highest level, so that the id is in every line, whatever is filtered.
    let span = tracing::error_span!("request", id = %id, method = %method, path);
    let checked = matched.as_ref().map_or(Ok(false), |route| guard::check(&method, request.uri(), route.as_str()));
    let mut response = match checked {
        Ok(is_dry) => {
            let mut response = id.scope(answer(&app, &path, request, next)).instrument(span.clone()).await;
            if is_dry {
                guard::mark_dry(&mut response);
            }
            response
        }
        Err(problem) => id.scope(async { problem.into_response() }).await,
    };
    let took = started.elapsed();

    let name = response.extensions().get::<RouteName>().map(|name| name.0);
    let route = name.or(matched.as_ref().map(MatchedPath::as_str)).unwrap_or("none");
    app.metrics.count(method_name(&method), route, response.status().as_u16(), took);
    span.in_scope(|| {
        tracing::debug!(status = response.status().as_u16(), took_us = took.as_micros() as u64, "answered");
    });

    let headers = response.headers_mut();
    let text = HeaderValue::from_str(id.as_str()).expect("an id is made of letters and digits");
    headers.insert(HeaderName::from_static("x-request-id"), text);
    for (header, value) in CAREFUL {
        headers.entry(header).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What browsers are told with each reply, unless a door says otherwise.
const CAREFUL: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
];

async fn answer(app: &App, path: &str, request: Request, next: Next) -> Response {
    let time_max = app.options.request_time_max;
    let running = AssertUnwindSafe(tokio::time::timeout(time_max, next.run(request))).catch_unwind();
    match running.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            let detail = format!(
                "the request took longer than {} s; a change may still be made, so send it again with the same \
                 Idempotency-Key, or in parts",
                time_max.as_secs()
            );
            render(path, Problem::new(StatusCode::SERVICE_UNAVAILABLE, "requestTimeout", detail))
        }
        Err(panic) => {
            let text =
                panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            tracing::error!(panic = text.unwrap_or("of another kind"), "a request panicked");
            render(path, Problem::internal())
        }
    }
}

/// Methods by name: whoever invents methods must not invent time series.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
