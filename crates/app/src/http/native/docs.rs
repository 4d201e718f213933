//! The reference to browse: `/docs`, and the document it is made from, `/v1/openapi.json`.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::Shared;

const PAGE: &str = include_str!("docs/index.html");
const STYLE: &str = include_str!("docs/docs.css");
const SCRIPT: &str = include_str!("docs/docs.js");

/// `/docs` with its parts, and `/v1/openapi.json`.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/docs", get(|| async { part("text/html; charset=utf-8", PAGE) }))
        .route("/docs/docs.css", get(|| async { part("text/css; charset=utf-8", STYLE) }))
        .route("/docs/docs.js", get(|| async { part("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/v1/openapi.json", get(|| async { part("application/json", super::document()) }))
}

fn part(kind: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // The next version of the server may say something else.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
