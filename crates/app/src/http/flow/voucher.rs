//! `/v1/vouchers`.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{JournalId, TenantId, VoucherId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::CreateVoucher;
use lotbook_engine::security::permission::{STOCK_DRAFT, STOCK_READ};
use lotbook_engine::table::voucher::{self, Voucher, VoucherFilter, VoucherSource};
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::write::Command;
use lotbook_engine::{Conn, Error, uid};
use serde::Serialize;

use super::form::{field, text, whole};
use super::reach;
use super::reference::{Resolved, find_all, find_text};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/vouchers", get(list).post(create)).route("/v1/vouchers/{voucher}", get(one))
}

/// A voucher as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    uid: String,
    journal: i64,
    number: i64,
    description: Option<String>,
    source: Option<Source>,
    created_at: String,
    created_by: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    r#type: Option<String>,
    id: Option<i64>,
    identifier: Option<String>,
    alternative_number: Option<String>,
}

impl From<Voucher> for Shown {
    fn from(voucher: Voucher) -> Self {
        let source = (voucher.source != VoucherSource::default()).then_some(Source {
            r#type: voucher.source.kind,
            id: voucher.source.id,
            identifier: voucher.source.identifier,
            alternative_number: voucher.source.alternative_number,
        });
        Self {
            id: voucher.id.0,
            uid: uid::print(&voucher.uid),
            journal: voucher.journal.0,
            number: voucher.number,
            description: voucher.description,
            source,
            created_at: voucher.created_at.to_string(),
            created_by: voucher.created_by.0,
        }
    }
}

/// The voucher that a request names: a number is its id; a text its number, its ULID or its id.
pub(super) fn find(conn: &mut Conn, tenant: TenantId, reference: &Value) -> Result<Voucher, Error> {
    let missing = || Error::not_found("voucher", reference.to_json().trim_matches('"'));
    let (id, number, uid) = match reference {
        Value::Number(text) => (text.parse().ok(), None, None),
        Value::Text(text) => (text.trim().parse().ok(), text.trim().parse().ok(), uid::parse(text.trim())),
        Value::Object(fields) => return find(conn, tenant, field(fields, "id")),
        _ => return Err(missing()),
    };
    if let Some(number) = number {
        let filter = VoucherFilter { number: Some(number), ..VoucherFilter::default() };
        if let Some(found) = voucher::page(conn, tenant, &filter, 1)?.pop() {
            return Ok(found);
        }
    }
    if let Some(uid) = uid
        && let Some(found) = voucher::by_uid(conn, tenant, &uid)?
    {
        return Ok(found);
    }
    match id {
        Some(id) => voucher::by_ids(conn, tenant, [VoucherId(id)])?.pop().ok_or_else(missing),
        None => Err(missing()),
    }
}

async fn create(call: Call) -> Result<Response, Problem> {
    let record = match call.json::<Value>()? {
        Value::Object(record) => record,
        other => return Err(Problem::unreadable(format!("the body is {}; send one voucher", other.noun()))),
    };
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_DRAFT, &structure)?;
            let mut wrong = Vec::new();
            let journal = find_all(conn, tenant, &kinds::JOURNALS, &[(field(&record, "journal"), 0)])?.remove(0);
            let journal = match journal {
                Resolved::Id(id) => JournalId(id),
                Resolved::Unknown(name) => return Err(Error::not_found("journal", name)),
                Resolved::Absent => {
                    wrong.push(Violation::new("journal", "required", "is missing; name the journal of the voucher"));
                    JournalId(0)
                }
            };
            let mut command = CreateVoucher {
                journal,
                number: whole(field(&record, "number"), None, "number", &mut wrong),
                description: text(field(&record, "description"), None, "description", &mut wrong),
                source: VoucherSource::default(),
                reach,
            };
            if let Value::Object(source) = field(&record, "source") {
                command.source = VoucherSource {
                    kind: text(field(source, "type"), None, "source.type", &mut wrong),
                    id: whole(field(source, "id"), None, "source.id", &mut wrong),
                    identifier: text(field(source, "identifier"), None, "source.identifier", &mut wrong),
                    alternative_number: text(
                        field(source, "alternativeNumber"),
                        None,
                        "source.alternativeNumber",
                        &mut wrong,
                    ),
                };
            }
            if wrong.is_empty() { Ok(command) } else { Err(Error::Invalid(wrong)) }
        })
        .await?;
    let answer = call.submit(Command::CreateVoucher(command)).await?;
    let mut answer: lotbook_engine::command::VoucherCreated =
        serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    answer.uid = uid::print(&answer.uid);
    Ok(json_text(StatusCode::CREATED, serde_json::to_string(&answer).map_err(|_| Problem::internal())?))
}

async fn one(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let found = find(conn, tenant, &Value::Text(reference.clone()))?;
            if structure.journal(found.journal, &reach).is_none() {
                return Err(Error::not_found("voucher", reference));
            }
            Ok(Shown::from(found))
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let after = call.cursor()?.unwrap_or(0);
    let journal = call.query("journal").map(std::borrow::Cow::into_owned);
    let number = call.query("number").map(std::borrow::Cow::into_owned);
    let (items, next) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter = VoucherFilter { after, ..VoucherFilter::default() };
            if let Some(journal) = journal {
                filter.journal = Some(JournalId(find_text(conn, tenant, &kinds::JOURNALS, &journal)?));
            }
            if let Some(number) = number {
                filter.number = Some(number.parse().map_err(|_| {
                    Error::Invalid(vec![Violation::new("number", "wrongNumber", "is not a whole number")])
                })?);
            }
            let found = voucher::page(conn, tenant, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            let found: Vec<Voucher> = found.into_iter().take(limit as usize).collect();
            let next = if has_more { found.last().map(|voucher| cursor_of(voucher.id.0)) } else { None };
            let items: Vec<Shown> = found
                .into_iter()
                .filter(|voucher| structure.journal(voucher.journal, &reach).is_some())
                .map(Shown::from)
                .collect();
            Ok((items, next))
        })
        .await?;
    let body = serde_json::json!({ "items": items, "nextCursor": next });
    Ok(json_text(StatusCode::OK, body.to_string()))
}
