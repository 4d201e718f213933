//! The web UI, which is built into the program; or, where it is not, a page that says how to get it.
//!
//! The UI makes its own addresses, so each address that no door knows and that a browser opens as a
//! page gets the same document. It may load nothing from elsewhere and run nothing that stands in a page.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::app::Shared;

/// One file of the UI, with what it is packed as.
struct File {
    path: &'static str,
    body: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// What pages of the UI may do. Pictures are also made in the page, when a graph is exported.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

const WITHOUT_UI: &str = r#"<!doctype html>
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
    Router::new().route("/", get(|headers: HeaderMap| async move { document(&headers) }))
}

/// What the UI answers at an address that no other door knows; `None` = that is not one of its own.
pub fn find(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    if let Some(file) = FILES.iter().find(|file| file.path == path) {
        return Some(send(file, headers));
    }
    let wants_page = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kinds| kinds.contains("text/html"));
    let is_of_api = path.starts_with("/v1/") || path.starts_with("/docs");
    (wants_page && !is_of_api && !FILES.is_empty()).then(|| document(headers))
}

fn document(headers: &HeaderMap) -> Response {
    match FILES.iter().find(|file| file.path == "/index.html") {
        Some(file) => send(file, headers),
        None => Html(WITHOUT_UI).into_response(),
    }
}

fn send(file: &File, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes =
        |coding: &str| accepted.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == coding);
    let (body, coding) = match (file.br, file.gz) {
        (Some(packed), _) if takes("br") => (packed, Some("br")),
        (_, Some(packed)) if takes("gzip") => (packed, Some("gzip")),
        _ => (file.body, None),
    };
    let mut response = Body::from(body).into_response();
    let mut set = |name: HeaderName, value: &'static str| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, kind(file.path));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    // A file below assets has its content in its name; the others are asked for anew.
    set(
        header::CACHE_CONTROL,
        if file.path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" },
    );
    if let Some(coding) = coding {
        set(header::CONTENT_ENCODING, coding);
    }
    if file.br.is_some() || file.gz.is_some() {
        set(header::VARY, "accept-encoding");
    }
    response
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_has_no_pages() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        assert!(find(&Method::GET, "/v1/nothing", &headers).is_none());
        assert!(find(&Method::POST, "/stock", &headers).is_none());
        assert_eq!(find(&Method::GET, "/stock", &headers).is_some(), !FILES.is_empty());
        assert!(find(&Method::GET, "/stock", &HeaderMap::new()).is_none());
    }
}
