//! What holds for every native route, by what the reference says of it: no parameter that nobody would read, an
//! address that is text, and a dry run that does not look like a change.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use lotbook_engine::thing::kinds;
use serde_json::Value;

use super::call::decode;
use super::native;
use super::problem::Problem;

/// The header of an answer to a dry run.
pub const DRY_RUN: HeaderName = HeaderName::from_static("dry-run");

/// The parameters of each route, by method and address.
static ROUTES: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(native::document()).expect("the reference is JSON");
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (key(&method.to_uppercase(), path), operation))
    });
    let mut routes: HashMap<String, Vec<String>> = operations
        .map(|(key, operation)| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let of_query = parameters.filter(|one| one["in"] == "query");
            let mut names: Vec<String> = of_query.filter_map(|one| one["name"].as_str().map(str::to_owned)).collect();
            // A list that comes whole is asked for as the others are: whoever reads all pages reads one.
            if operation["responses"]["200"].to_string().contains("nextCursor") {
                for name in ["limit", "cursor"] {
                    if !names.iter().any(|known| known == name) {
                        names.push(name.to_owned());
                    }
                }
            }
            (key, names)
        })
        .collect();
    for kind in kinds::ALL {
        if let Some(names) = routes.get_mut(&key("GET", &format!("/v1/{}", kind.name))) {
            names.extend(kind.fields.iter().filter_map(|field| field.also).map(str::to_owned));
        }
    }
    routes
});

/// `GET /v1/lots/{}/trace`: whatever the parts of the address are called.
fn key(method: &str, path: &str) -> String {
    let mut key = format!("{method} ");
    for (at, part) in path.split('/').enumerate() {
        if at > 0 {
            key.push('/');
        }
        key.push_str(if part.starts_with('{') { "{}" } else { part });
    }
    key
}

/// What is wrong with the address of a request to a route; else whether it is a dry run. Routes that the reference
/// does not have look at their parameters themselves.
pub fn check(method: &Method, uri: &Uri, route: &str) -> Result<bool, Problem> {
    let method = if *method == Method::HEAD { Method::GET } else { method.clone() };
    let Some(known) = ROUTES.get(&key(method.as_str(), route)) else { return Ok(false) };
    if !is_text(uri.path()) {
        let detail = "the address has bytes behind % that are no UTF-8; send text as UTF-8, such as %C3%A4 for ä";
        return Err(Problem::unreadable(detail));
    }
    let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut is_dry = false;
    let mut unknown: Vec<String> = Vec::new();
    for (name, value) in pairs {
        let name = decode(name);
        if !known.iter().any(|known| *known == name) {
            if !unknown.contains(&name.clone().into_owned()) {
                unknown.push(name.into_owned());
            }
        } else if name == "dryRun" {
            is_dry = matches!(&*decode(value), "" | "true");
        }
    }
    if unknown.is_empty() {
        return Ok(is_dry);
    }
    let code = if method == Method::GET { "unknownFilter" } else { "unknownParameter" };
    let there_are = match known.as_slice() {
        [] => "none is known here".to_owned(),
        known => format!("there are {}", known.join(", ")),
    };
    let faults = unknown.into_iter().map(|name| {
        let message = format!("there is no parameter {name}; {there_are}");
        (name, code, message)
    });
    let violations: Vec<(String, &'static str, String)> = faults.collect();
    let detail = violations.iter().map(|(_, _, message)| message.as_str()).collect::<Vec<_>>().join("; ");
    Err(Problem { violations, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) })
}

/// Marks the answer to a dry run: nothing was created or accepted.
pub fn mark_dry(response: &mut Response) {
    if !response.status().is_success() {
        return;
    }
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.remove(header::LOCATION);
    headers.insert(DRY_RUN, HeaderValue::from_static("true"));
}

/// Whether what stands behind `%` in a path is UTF-8.
fn is_text(path: &str) -> bool {
    // A plus sign is itself in a path, and makes no difference to whether it is text.
    !path.contains('%') || !decode(path).contains('\u{fffd}') || path.to_ascii_uppercase().contains("%EF%BF%BD")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: &Method, address: &str, route: &str) -> Result<bool, (u16, String)> {
        let found = check(method, &address.parse().unwrap(), route);
        found.map_err(|problem| (problem.status.as_u16(), problem.detail))
    }

    #[test]
    fn parameters_that_nobody_reads_are_named() {
        let (status, detail) = checked(&Method::POST, "/v1/units?dryrun=true", "/v1/units").unwrap_err();
        assert_eq!((status, detail.as_str()), (422, "there is no parameter dryrun; there are dryRun"));
        assert_eq!(checked(&Method::POST, "/v1/units?dryRun=true", "/v1/units"), Ok(true));
        assert_eq!(checked(&Method::POST, "/v1/units?dryRun=false", "/v1/units"), Ok(false));
        assert_eq!(
            checked(&Method::HEAD, "/v1/me?x", "/v1/me").unwrap_err().1,
            "there is no parameter x; none is known here"
        );
        assert_eq!(
            checked(&Method::GET, "/v1/locations/a%2Fb?%6c=1", "/v1/locations/{*reference}").unwrap_err().0,
            422
        );
        assert_eq!(checked(&Method::GET, "/healthz?x=1", "/healthz"), Ok(false));
        assert_eq!(checked(&Method::GET, "/v1/products/%FF", "/v1/products/{reference}").unwrap_err().0, 400);
        assert_eq!(checked(&Method::GET, "/v1/products/%C3%A4+", "/v1/products/{reference}"), Ok(false));
    }
}
