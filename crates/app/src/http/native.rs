//! The native API under `/v1`: plain JSON, described by an OpenAPI document that is made from the same
//! tables as the checks.
//!
//! A module for a part of it has two functions: `routes`, and `describe`, which adds its operations and
//! schemas to the [`openapi::Api`]. Both are named here, and nowhere else.

pub mod body;
pub mod docs;
pub mod openapi;
pub mod schema;
pub mod session;
pub mod settings;
pub mod things;

use std::sync::OnceLock;

use axum::Router;

use self::openapi::Api;
use crate::app::Shared;

/// All routes of this folder.
pub fn routes() -> Router<Shared> {
    Router::new().merge(things::routes()).merge(settings::routes()).merge(docs::routes())
}

/// The OpenAPI document of the native API, as JSON text.
pub fn document() -> &'static str {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    DOCUMENT.get_or_init(|| api().document())
}

fn api() -> Api {
    let mut api = Api::new();
    session::describe(&mut api);
    things::describe(&mut api);
    settings::describe(&mut api);
    super::flow::describe::describe(&mut api);
    super::webhook::describe(&mut api);
    super::mqtt::describe(&mut api);
    super::integrity::describe(&mut api);
    super::script::describe(&mut api);
    api
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;

    /// Every `$ref` below a value.
    fn refs<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| refs(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| refs(value, found)),
            _ => {}
        }
    }

    #[test]
    fn the_document_holds_together() {
        let document: Value = serde_json::from_str(document()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let mut found = Vec::new();
        refs(&document, &mut found);
        assert!(found.len() > 100);
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("a reference within the document");
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
        let tags: HashSet<&str> =
            document["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
        let mut ids = HashSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id), "{id} stands twice");
                assert!(tags.contains(operation["tags"][0].as_str().unwrap()), "{id}: unknown tag");
                let named =
                    operation["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "path").count();
                assert_eq!(path.matches('{').count(), named, "{method} {path}");
            }
        }
    }
}
