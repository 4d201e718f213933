//! `/v1/webhooks`: whom the server tells of batches by itself.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::violation::Violation;
use lotbook_engine::security::Edit;
use lotbook_engine::security::permission::SETTINGS_WRITE;
use lotbook_engine::table::header::BatchKind;
use lotbook_engine::table::webhook::{self, Delivery, DeliveryState, Webhook};
use lotbook_engine::webhook::{
    Again, ChangeWebhook, CreateWebhook, DeleteWebhook, Redeliver, RenewSecret, Said, find, views,
};
use lotbook_engine::{Error, uid};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Call, cursor_of, json_text};
use super::native::openapi::{Api, Operation, list_of, query, schema_ref};
use super::problem::Problem;
use crate::app::Shared;
use crate::webhook::{signature, target, worker};

/// Every route of webhooks.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/webhooks", get(list).post(create))
        .route("/v1/webhooks/{webhook}", get(one).patch(change).delete(delete))
        .route("/v1/webhooks/{webhook}/secret", post(renew))
        .route("/v1/webhooks/{webhook}/test", post(test))
        .route("/v1/webhooks/{webhook}/redeliver", post(redeliver))
        .route("/v1/webhooks/{webhook}/deliveries", get(list_deliveries))
        .route("/v1/webhooks/{webhook}/deliveries/{position}/redeliver", post(redeliver_one))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    url: Option<String>,
    kinds: Option<Vec<String>>,
    #[serde(default)]
    description: Edit<String>,
    is_enabled: Option<bool>,
    after: Option<i64>,
}

impl Body {
    fn said(self, call: &Call) -> Said {
        let mut violations = Vec::new();
        if let Some(url) = &self.url
            && let Err((code, message)) = target::check(url, call.app.options.webhooks.allows_private)
        {
            violations.push(Violation::new("url", code, message));
        }
        let Self { url, kinds, description, is_enabled, .. } = self;
        Said { url, kinds, description, is_enabled, violations }
    }
}

fn require(call: &Call) -> Result<(), Problem> {
    Ok(call.caller.access.require_everywhere(SETTINGS_WRITE)?)
}

/// The webhook that the address names.
async fn named(call: &Call, reference: String) -> Result<Webhook, Problem> {
    require(call)?;
    let tenant = call.caller.tenant();
    call.read(move |conn| find(conn, tenant, &reference)).await
}

async fn create(call: Call) -> Result<Response, Problem> {
    require(&call)?;
    let body: Body = call.json()?;
    let after = body.after;
    if after.is_some_and(|after| after < 0) {
        return Err(vec![Violation::new("after", "wrongNumber", "is less than 0; send a position")].into());
    }
    let change = CreateWebhook { said: body.said(&call), secret: signature::fresh_secret(), after };
    Ok(json_text(StatusCode::CREATED, call.change(change).await?))
}

async fn change(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let body: Body = call.json()?;
    if body.after.is_some() {
        return Err(
            vec![Violation::new("after", "notChangeable", "is said when a webhook is made; see redeliver")].into()
        );
    }
    let change = ChangeWebhook { webhook: found.id, version: call.version()?, said: body.said(&call) };
    Ok(json_text(StatusCode::OK, call.change(change).await?))
}

async fn delete(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let change = DeleteWebhook { webhook: found.id, version: call.version()? };
    Ok(json_text(StatusCode::OK, call.change(change).await?))
}

async fn renew(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let change = RenewSecret { webhook: found.id, secret: signature::fresh_secret() };
    Ok(json_text(StatusCode::OK, call.change(change).await?))
}

async fn test(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let tested = worker::test(&call.app, &found).await?;
    let answer = json!({
        "delivered": tested.is_delivered, "status": tested.status, "failure": tested.failure,
        "milliseconds": tested.took.as_millis() as u64,
    });
    Ok(json_text(StatusCode::OK, answer.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AgainBody {
    state: Option<String>,
    from: Option<i64>,
    to: Option<i64>,
}

async fn redeliver(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let body: AgainBody = call.json()?;
    let again = match (body.state.as_deref(), body.from, body.to) {
        (Some("dead"), None, None) => Again::Dead,
        (None, Some(from), to) if from > 0 && to.is_none_or(|to| to >= from) => {
            Again::Range(from, to.unwrap_or(found.position.max(from)))
        }
        _ => {
            let message = "send {\"state\": \"dead\"} for all that was given up, or {\"from\": 17, \"to\": 20}";
            return Err(vec![Violation::new("", "ambiguous", message)].into());
        }
    };
    let answer = call.change(Redeliver { webhook: found.id, again }).await?;
    Ok(json_text(StatusCode::OK, answer))
}

async fn redeliver_one(Path((reference, position)): Path<(String, String)>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let position = position.parse().map_err(|_| Error::not_found("batch", position))?;
    let answer = call.change(Redeliver { webhook: found.id, again: Again::One(position) }).await?;
    Ok(json_text(StatusCode::OK, answer))
}

async fn one(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (found, tenant) = (named(&call, reference).await?, call.caller.tenant());
    let shown = call.read(move |conn| views(conn, tenant, &[found])).await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown[0]).map_err(|_| Problem::internal())?))
}

async fn list(call: Call) -> Result<Response, Problem> {
    require(&call)?;
    let (tenant, limit, after) = (call.caller.tenant(), call.limit()?, call.cursor()?.unwrap_or(0));
    let mut items = call
        .read(move |conn| {
            let found = webhook::page(conn, tenant, after, limit + 1)?;
            views(conn, tenant, &found)
        })
        .await?;
    let has_more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| has_more).map(|last| cursor_of(last.id().0));
    Ok(json_text(StatusCode::OK, json!({ "items": items, "nextCursor": next }).to_string()))
}

fn show(delivery: &Delivery) -> Value {
    let was_tried = delivery.attempts > 0;
    json!({
        "position": delivery.position, "batch": uid::print(&delivery.batch), "message": format!("msg_{}", delivery.batch),
        "kind": BatchKind::name_of(delivery.kind), "state": delivery.state.name(), "attempts": delivery.attempts,
        "status": (delivery.status != 0).then_some(delivery.status), "failure": delivery.failure,
        "firstAttemptAt": was_tried.then(|| delivery.first_at.to_string()),
        "lastAttemptAt": was_tried.then(|| delivery.last_at.to_string()),
        "nextAttemptAt": (delivery.state == DeliveryState::Waiting).then(|| delivery.due_at.to_string()),
    })
}

async fn list_deliveries(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let found = named(&call, reference).await?;
    let state = match call.query("state").as_deref() {
        None | Some("") => None,
        Some(text) => {
            let known = DeliveryState::ALL.into_iter().find(|state| state.name() == text);
            let message = || format!("is {text:?}; send waiting, delivered or dead");
            Some(known.ok_or_else(|| vec![Violation::new("state", "unknownState", message())])?)
        }
    };
    let (tenant, limit, before) = (call.caller.tenant(), call.limit()?, call.cursor()?.unwrap_or(i64::MAX));
    let mut items =
        call.read(move |conn| webhook::deliveries(conn, tenant, found.id, state, before, limit + 1)).await?;
    let has_more = items.len() as i64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| has_more).map(|last| cursor_of(last.position));
    let items: Vec<Value> = items.iter().map(show).collect();
    Ok(json_text(StatusCode::OK, json!({ "items": items, "nextCursor": next }).to_string()))
}

/// Adds the operations on webhooks to the reference.
pub fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let nullable = |schema: Value| json!({"anyOf": [schema, {"type": "null"}]});
    let read_only = |kind: &str| json!({"type": kind, "readOnly": true});
    let kinds: Vec<&str> = lotbook_engine::webhook::kinds().into_iter().map(|(name, _)| name).collect();
    api.tag("webhooks", "Whom the server tells of batches by itself, signed by the Standard Webhooks convention.");
    api.schema(
        "Webhook",
        json!({
            "type": "object",
            "properties": {
                "id": read_only("integer"), "uid": read_only("string"),
                "url": {"type": "string", "format": "uri", "description": "http or https; redirects are not followed."},
                "kinds": {
                    "type": "array", "items": {"type": "string", "enum": kinds}, "default": [],
                    "description": "Of which kinds of batches it is told; none = of every kind."
                },
                "description": nullable(text()),
                "isEnabled": {"type": "boolean", "default": true},
                "after": {
                    "type": "integer", "writeOnly": true,
                    "description": "When it is made: it is told of the batches after this position; else of those from now on."
                },
                "secret": {
                    "type": "string", "readOnly": true,
                    "description": "`whsec_` and the key in base64; told when it is made or renewed, and never again."
                },
                "stoppedBecause": nullable(json!({"type": "string", "readOnly": true})),
                "position": {"type": "integer", "readOnly": true, "description": "Every batch up to here was delivered or given up."},
                "attempts": {"type": "integer", "readOnly": true, "description": "How often the batch after it has failed."},
                "nextAttemptAt": nullable(json!({"type": "string", "format": "date-time", "readOnly": true})),
                "dead": {"type": "integer", "readOnly": true, "description": "How many deliveries were given up."},
                "user": {"type": "integer", "readOnly": true, "description": "With whose eyes it reads: who last changed it."},
                "createdAt": read_only("string"), "createdBy": read_only("integer"),
                "modifiedAt": read_only("string"), "modifiedBy": read_only("integer"), "version": read_only("integer")
            },
            "required": ["url"]
        }),
    );
    api.schema(
        "WebhookDelivery",
        json!({
            "type": "object",
            "properties": {
                "position": {"type": "integer"}, "batch": text(),
                "message": {"type": "string", "description": "The header `webhook-id`, the same with every attempt."},
                "kind": text(), "state": {"type": "string", "enum": ["waiting", "delivered", "dead"]},
                "attempts": {"type": "integer"}, "status": nullable(json!({"type": "integer"})), "failure": nullable(text()),
                "firstAttemptAt": nullable(text()), "lastAttemptAt": nullable(text()), "nextAttemptAt": nullable(text())
            }
        }),
    );
    let operation = |id: &str, summary: &str| Operation::new("webhooks", id, summary).needs(SETTINGS_WRITE);
    let named = |operation: Operation| operation.in_path("webhook", "Its id or ULID.");
    let webhook = || schema_ref("Webhook");
    api.add(
        "post",
        "/v1/webhooks",
        operation("createWebhook", "Make a webhook")
            .about(
                "Each batch is posted once or more, in the order of positions, as \
                 `{\"type\": kind, \"timestamp\": …, \"data\": the batch as in the feed}` (`WebhookMessage`), with the headers `webhook-id`, \
                 `webhook-timestamp` and `webhook-signature`. What is not answered with 2xx in time is tried again after \
                 growing pauses, and given up after the last attempt; 410 ends the webhook. It sees what the person may \
                 see who last changed it.",
            )
            .changes()
            .body(webhook())
            .answers(201, "The webhook with its secret.", webhook()),
    );
    api.add(
        "get",
        "/v1/webhooks",
        operation("listWebhooks", "List webhooks").paged().answers(200, "A page.", list_of("Webhook")),
    );
    api.add(
        "get",
        "/v1/webhooks/{webhook}",
        named(operation("getWebhook", "Read a webhook")).answers(200, "The webhook.", webhook()),
    );
    api.add(
        "patch",
        "/v1/webhooks/{webhook}",
        named(operation("changeWebhook", "Change a webhook"))
            .about("From then on it sees what you may see. What waits is tried at once.")
            .changes()
            .versioned()
            .body(webhook())
            .answers(200, "The webhook.", webhook()),
    );
    api.add(
        "delete",
        "/v1/webhooks/{webhook}",
        named(operation("deleteWebhook", "Delete a webhook")).changes().versioned().answers(
            200,
            "Nothing.",
            json!({"type": "object"}),
        ),
    );
    api.add(
        "post",
        "/v1/webhooks/{webhook}/secret",
        named(operation("renewWebhookSecret", "Make a new secret"))
            .about("For a day messages carry two signatures, the new secret's and the old one's.")
            .changes()
            .answers(200, "The webhook with its new secret.", webhook()),
    );
    api.add(
        "post",
        "/v1/webhooks/{webhook}/test",
        named(operation("testWebhook", "Send a message of the type `test` now")).answers(
            200,
            "How it went.",
            json!({
                "type": "object",
                "properties": {
                    "delivered": {"type": "boolean"}, "status": {"type": "integer"}, "failure": nullable(text()),
                    "milliseconds": {"type": "integer"}
                }
            }),
        ),
    );
    api.add(
        "get",
        "/v1/webhooks/{webhook}/deliveries",
        named(operation("listWebhookDeliveries", "List what became of deliveries, newest first"))
            .about("Those that went well are kept for a week, the others until they go well.")
            .paged()
            .parameters([query("state", "waiting, delivered or dead.", text())])
            .answers(200, "A page.", list_of("WebhookDelivery")),
    );
    let count = || json!({"type": "object", "properties": {"redelivered": {"type": "integer"}}});
    api.add(
        "post",
        "/v1/webhooks/{webhook}/redeliver",
        named(operation("redeliver", "Deliver again"))
            .about("Everything that was given up, or the batches between two positions. They come beside the others, not in their order.")
            .changes()
            .body(json!({
                "oneOf": [
                    {"type": "object", "properties": {"state": {"const": "dead"}}, "required": ["state"]},
                    {"type": "object", "properties": {"from": {"type": "integer"}, "to": {"type": "integer"}}, "required": ["from"]}
                ]
            }))
            .answers(200, "How many.", count()),
    );
    api.add(
        "post",
        "/v1/webhooks/{webhook}/deliveries/{position}/redeliver",
        named(operation("redeliverOne", "Deliver one batch again"))
            .in_path("position", "The batch's position.")
            .changes()
            .answers(200, "How many.", count()),
    );
}
