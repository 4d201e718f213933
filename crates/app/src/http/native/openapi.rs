//! The OpenAPI document, put together by the modules whose routes it describes.
#![allow(clippy::needless_pass_by_value)] // schemas are made on the spot and given away

use lotbook_engine::thing::list::{LIMIT_DEFAULT, LIMIT_MAX};
use serde_json::{Map, Value, json};

/// What is known of the API so far.
pub struct Api {
    tags: Vec<Value>,
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
}

/// One operation: a method at an address.
pub struct Operation {
    value: Value,
}

const INTRODUCTION: &str = "\
An open inventory engine: what stands where, what it is worth, and where a lot went.

- Every record has an `id` (a number), a `uid` (a ULID) and what people call it. A reference may be given as any of the three.
- `POST` takes one object or a list, all or none. `?dryRun=true` on a change tells every fault or the effect, and writes nothing; \
the answer is then 200 with the header `Dry-Run: true`.
- A parameter that a route does not have is refused, with the names of those that there are.
- Faults are `application/problem+json`: `code` is stable, `violations` names each fault by its path.
- `Idempotency-Key` on a change makes a retry harmless; `If-Match` with a version makes sure that nobody was faster.
- Numbers are exact decimals with up to 6 digits after the point. Times are ISO 8601; those without an offset are meant in the \
tenant's zone.
- Lists have pages: send `nextCursor` back as `cursor`.";

impl Api {
    /// A document with what all parts share.
    pub fn new() -> Self {
        let mut api = Self { tags: Vec::new(), paths: Map::new(), schemas: Map::new() };
        api.schema(
            "Problem",
            json!({
                "type": "object",
                "description": "Why there is no result, as RFC 9457 has it.",
                "properties": {
                    "type": {"type": "string", "examples": ["/errors/insufficientStock"]},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "code": {"type": "string", "description": "Stable, in camelCase."},
                    "detail": {"type": "string", "description": "A sentence for a person."},
                    "violations": {
                        "type": "object",
                        "description": "Each fault of the request: its path, such as `[3].quantity`, and what is wrong there.",
                        "additionalProperties": {"type": "array", "items": {"type": "string"}}
                    },
                    "codes": {
                        "type": "object",
                        "description": "The stable code of each of these faults, by the same path and in the same order.",
                        "additionalProperties": {"type": "array", "items": {"type": "string"}}
                    },
                    "details": {"type": "object", "additionalProperties": {"type": "number"}},
                    "requestId": {"type": "string", "description": "Under which the server's log says more."}
                },
                "required": ["type", "title", "status", "code", "detail"]
            }),
        );
        api.schema(
            "Reference",
            json!({
                "description": "A record: its id, its uid, or what people call it. An object as answers show it is taken, too.",
                "oneOf": [
                    {"type": "integer"},
                    {"type": "string"},
                    {"type": "object", "properties": {"id": {"type": "integer"}, "uid": {"type": "string"}}}
                ],
                "examples": [17, "85123A", "Plant/Receiving/Silo1", "kg"]
            }),
        );
        api.schema(
            "Decimal",
            json!({"type": "number", "description": "Exact, with up to 12 digits before and 6 after the point."}),
        );
        api.schema(
            "DecimalToSend",
            json!({
                "description": "Exact, with up to 12 digits before and 6 after the point; more is a fault, never rounded.",
                "oneOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$"}],
                "examples": [3.3, "0.000001"]
            }),
        );
        api
    }

    /// Adds a group of operations.
    pub fn tag(&mut self, name: &str, about: &str) {
        self.tags.push(json!({"name": name, "description": about}));
    }

    /// Adds a schema, to be named by [`schema_ref`].
    pub fn schema(&mut self, name: &str, schema: Value) {
        self.schemas.insert(name.to_owned(), schema);
    }

    /// Adds an operation: `get`, `/v1/products/{reference}`.
    pub fn add(&mut self, method: &str, path: &str, mut operation: Operation) {
        operation.tell_of_dry_run();
        let at = self.paths.entry(path.to_owned()).or_insert_with(|| json!({}));
        at[method] = operation.value;
    }

    /// The whole document as JSON text.
    pub fn document(self) -> String {
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Lotbook",
                "version": env!("CARGO_PKG_VERSION"),
                "description": INTRODUCTION,
                "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
            },
            "servers": [{"url": "/"}],
            "security": [{"token": []}, {"session": []}],
            "tags": self.tags,
            "paths": self.paths,
            "components": {
                "schemas": self.schemas,
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "description": "A token of POST /v1/login, or an API key."},
                    "session": {
                        "type": "apiKey", "in": "cookie", "name": crate::http::caller::SESSION_COOKIE,
                        "description": "The session of the web UI; changes also need the header x-csrf-token."
                    }
                },
                "responses": {
                    "Problem": {
                        "description": "Why there is no result.",
                        "content": {"application/problem+json": {"schema": schema_ref("Problem")}}
                    }
                }
            }
        });
        serde_json::to_string_pretty(&document).expect("the document has text keys and parts that can be printed")
    }
}

impl Default for Api {
    fn default() -> Self {
        Self::new()
    }
}

impl Operation {
    /// An operation of a group, with an id of its own and a line that says what it does.
    pub fn new(tag: &str, id: &str, summary: &str) -> Self {
        Self {
            value: json!({
                "tags": [tag], "operationId": id, "summary": summary, "parameters": [],
                "responses": {"default": {"$ref": "#/components/responses/Problem"}}
            }),
        }
    }

    /// The same, with more to read.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        self.value["description"] = about.into();
        self
    }

    /// The same, for whoever has this permission.
    #[must_use]
    pub fn needs(mut self, permission: &str) -> Self {
        self.value["x-permission"] = permission.into();
        self
    }

    /// The same, for everybody.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.value["security"] = json!([]);
        self
    }

    /// The same, with more parameters; see [`query`].
    #[must_use]
    pub fn parameters(mut self, parameters: impl IntoIterator<Item = Value>) -> Self {
        let known = self.value["parameters"].as_array_mut().expect("it begins as a list");
        known.extend(parameters);
        self
    }

    /// The same, with a part of the address.
    #[must_use]
    pub fn in_path(self, name: &str, about: &str) -> Self {
        self.parameters([json!({
            "name": name, "in": "path", "required": true, "description": about, "schema": {"type": "string"}
        })])
    }

    /// The same, of the record that the address names.
    #[must_use]
    pub fn by_reference(self) -> Self {
        self.in_path("reference", "The record: its id, its uid, or what people call it.")
    }

    /// The same, page by page.
    #[must_use]
    pub fn paged(self) -> Self {
        self.parameters([
            query(
                "limit",
                "How many at most.",
                json!({"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT}),
            ),
            query("cursor", "The `nextCursor` of the page before.", json!({"type": "string"})),
        ])
    }

    /// The same, as a change: it may be a dry run, and have a key.
    #[must_use]
    pub fn changes(self) -> Self {
        self.parameters([
            query(
                "dryRun",
                "Tell every fault or the effect, and write nothing.",
                json!({"type": "boolean", "default": false}),
            ),
            header("Idempotency-Key", "A retry with the same key and body gets the first answer again."),
        ])
    }

    /// Says how a dry run is answered, of a change that can be one.
    fn tell_of_dry_run(&mut self) {
        let parameters = self.value["parameters"].as_array().into_iter().flatten();
        if !parameters.into_iter().any(|one| one["name"] == "dryRun") {
            return;
        }
        let responses = &mut self.value["responses"];
        if let Some(done) = ["201", "202"].iter().find_map(|status| responses.get(status)).cloned()
            && responses.get("200").is_none()
        {
            responses["200"] = done;
            responses["200"]["description"] = "What a dry run would answer; nothing was written.".into();
        }
        responses["200"]["headers"] = json!({
            "Dry-Run": {"description": "`true` where it was a dry run.", "schema": {"type": "string", "enum": ["true"]}}
        });
    }

    /// The same, where the version can be asked for.
    #[must_use]
    pub fn versioned(self) -> Self {
        self.parameters([header(
            "If-Match",
            "The version that the change was made from; 412 where it is another by now.",
        )])
    }

    /// The same, with a body.
    #[must_use]
    pub fn body(mut self, schema: Value) -> Self {
        self.value["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        self
    }

    /// The same, with what it answers.
    #[must_use]
    pub fn answers(mut self, status: u16, about: &str, schema: Value) -> Self {
        self.value["responses"][status.to_string()] =
            json!({"description": about, "content": {"application/json": {"schema": schema}}});
        self
    }
}

/// A parameter of the query.
pub fn query(name: &str, about: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "description": about, "schema": schema})
}

/// A header of the request.
pub fn header(name: &str, about: &str) -> Value {
    json!({"name": name, "in": "header", "description": about, "schema": {"type": "string"}})
}

/// A schema by its name.
pub fn schema_ref(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// One record or a list of them.
pub fn one_or_many(name: &str) -> Value {
    json!({"oneOf": [schema_ref(name), {"type": "array", "maxItems": 100_000, "items": schema_ref(name)}]})
}

/// `{"items": [...]}`.
pub fn items_of(name: &str) -> Value {
    json!({
        "type": "object",
        "properties": {"items": {"type": "array", "items": schema_ref(name)}},
        "required": ["items"]
    })
}

/// `{"items": [...], "nextCursor": …}`.
pub fn list_of(name: &str) -> Value {
    let mut page = items_of(name);
    page["properties"]["nextCursor"] = json!({"type": ["string", "null"]});
    page["required"] = json!(["items", "nextCursor"]);
    page
}
