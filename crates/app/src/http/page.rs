//! The page at `/` of a server that was built without its web UI.

use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::app::Shared;

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Lotbook</title>
<h1>Lotbook is running</h1>
<p>This server was built without its web UI. To have it, build the UI first and the server after it:</p>
<pre>npm --prefix web ci
npm --prefix web run build
cargo build --release</pre>
<p>Meanwhile: <a href="/docs">the API</a>, <a href="/readyz">readiness</a>, <a href="/metrics">metrics</a>.</p>
</html>
"#;

/// `/`.
pub fn routes() -> Router<Shared> {
    Router::new().route("/", get(|| async { Html(PAGE) }))
}
