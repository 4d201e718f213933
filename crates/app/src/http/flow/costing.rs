//! `/v1/costings`: how products are valued, as dated facts.

use std::collections::{BTreeSet, HashMap};

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::catalog::Costing;
use lotbook_domain::id::{LocationId, ProductId, TenantId, VariantId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{ChangeCosting, CostingAnswer};
use lotbook_engine::security::permission::{STOCK_READ, STOCK_VALUE};
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::{Conn, Error, table};
use serde::Serialize;
use serde_json::json;

use super::form::{Number, decimal, field, refuse_unknown, text, time};
use super::reach;
use super::reference::find_text;
use super::value::named;
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{self, Api, Operation, list_of, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/costings", get(list).post(create))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    product: i64,
    /// The product, as people name it.
    identifier: String,
    variant: Option<i64>,
    costing: Option<String>,
    standard_cost: Option<Number>,
    /// From when on; null = always.
    at: Option<String>,
    since: i64,
    created_at: String,
    created_by: i64,
    reason: Option<String>,
}

impl Shown {
    fn new(answer: CostingAnswer, names: &HashMap<ProductId, String>) -> Self {
        Self {
            id: answer.id,
            product: answer.product,
            identifier: names.get(&ProductId(answer.product)).cloned().unwrap_or_default(),
            variant: (answer.variant != 0).then_some(answer.variant),
            costing: answer.method,
            standard_cost: answer.standard.map(Number),
            at: answer.from.map(|at| Time(at).to_string()),
            since: answer.since,
            created_at: Time(answer.at).to_string(),
            created_by: answer.person,
            reason: answer.reason,
        }
    }
}

/// What products are called.
fn names(conn: &mut Conn, tenant: TenantId, answers: &[CostingAnswer]) -> Result<HashMap<ProductId, String>, Error> {
    let ids: BTreeSet<ProductId> = answers.iter().map(|answer| ProductId(answer.product)).collect();
    let found = table::catalog::products(conn, tenant, ids)?;
    Ok(found.into_iter().map(|product| (product.id, product.identifier)).collect())
}

async fn create(call: Call) -> Result<Response, Problem> {
    let record = match call.json::<Value>()? {
        Value::Object(record) => record,
        other => return Err(Problem::unreadable(format!("the body is {}; send one costing", other.noun()))),
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            // A method is of the product, wherever its stock is, so no org unit limits it.
            access.require(STOCK_VALUE, LocationId::ROOT, &structure.catalog.locations)?;
            let mut wrong = Vec::new();
            let known = ["product", "variant", "costing", "standardCost", "at", "reason"];
            refuse_unknown(std::slice::from_ref(&record), &known, &mut wrong);
            let product = named(conn, tenant, &record, ("product", &kinds::PRODUCTS), 0, &mut wrong)?;
            if product.is_none() && wrong.iter().all(|violation| violation.field != "product") {
                wrong.push(Violation::new("product", "required", "is missing"));
            }
            let product = product.unwrap_or(0);
            let variant = named(conn, tenant, &record, ("variant", &kinds::VARIANTS), product, &mut wrong)?;
            let method = text(field(&record, "costing"), None, "costing", &mut wrong).and_then(|name| {
                let found = Costing::from_name(&name);
                if found.is_none() {
                    let message = format!("is {name}; there are average, fifo, standard and specific");
                    wrong.push(Violation::new("costing", "wrongChoice", message));
                }
                found
            });
            let standard = decimal(field(&record, "standardCost"), None, "standardCost", &mut wrong).map(UnitCost);
            Ok(ChangeCosting {
                product: ProductId(product),
                variant: VariantId(variant.unwrap_or(0)),
                method,
                standard,
                at: time(field(&record, "at"), &structure.settings.time_zone(), None, "at", &mut wrong),
                reason: text(field(&record, "reason"), None, "reason", &mut wrong).unwrap_or_default(),
                violations: wrong,
            })
        })
        .await?;
    let answer = call.change(command).await?;
    let answer: CostingAnswer = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let shown = call
        .read(move |conn| {
            let names = names(conn, tenant, std::slice::from_ref(&answer))?;
            Ok(Shown::new(answer, &names))
        })
        .await?;
    let body = serde_json::to_string(&shown).map_err(|_| Problem::internal())?;
    Ok(json_text(StatusCode::CREATED, body))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let before = call.cursor()?.unwrap_or(i64::MAX);
    let product = call.query("product").map(std::borrow::Cow::into_owned);
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            reach(&access, STOCK_READ, &structure)?;
            let product = match product {
                Some(text) => Some(ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?)),
                None => None,
            };
            let mut found = table::costing::page(conn, tenant, product, before, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = found.last().filter(|_| has_more).map(|costed| cursor_of(costed.id));
            let answers: Vec<CostingAnswer> = found.into_iter().map(CostingAnswer::from).collect();
            let names = names(conn, tenant, &answers)?;
            let items = answers.into_iter().map(|answer| Shown::new(answer, &names)).collect();
            Ok(Page { items, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// Adds the operations on costings to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let whole = || json!({"type": "integer", "readOnly": true});
    api.schema(
        "Costing",
        json!({
            "type": "object",
            "properties": {
                "id": whole(), "product": reference(),
                "identifier": {"type": "string", "readOnly": true, "description": "The product, as people name it."},
                "variant": nullable(reference()),
                "costing": nullable(json!({"type": "string", "enum": ["average", "fifo", "standard", "specific"]})),
                "standardCost": nullable(schema_ref("DecimalToSend")),
                "at": {"type": ["string", "null"], "format": "date-time", "description": "From when on; where it is asked for without, now. An answer says null for what held from the beginning."},
                "since": {"type": "integer", "readOnly": true, "description": "The position of the ledger at which it was said."},
                "createdAt": {"type": "string", "readOnly": true}, "createdBy": whole(), "reason": nullable(text())
            },
            "required": ["product", "reason"]
        }),
    );
    api.add(
        "post",
        "/v1/costings",
        Operation::new("values", "createCosting", "Value a product differently from a time on")
            .about(
                "Another method, another standard cost, or both. What is dated from then on is valued so, whenever it is \
                 learned; under standard cost the stock is worth what the standard makes of it, and what is received at \
                 another cost leaves a variance. A changed product record says the same of the present moment.",
            )
            .needs(STOCK_VALUE)
            .changes()
            .body(schema_ref("Costing"))
            .answers(201, "What was said.", schema_ref("Costing")),
    );
    api.add(
        "get",
        "/v1/costings",
        Operation::new("values", "listCostings", "How products were valued, newest word first")
            .needs(STOCK_READ)
            .paged()
            .parameters([openapi::query("product", "Of this product.", text())])
            .answers(200, "A page.", list_of("Costing")),
    );
}
