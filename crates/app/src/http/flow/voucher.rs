//! `/v1/vouchers`.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{JournalId, TenantId, VoucherId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{CreateVoucher, CreateVouchers, Reach, VoucherCreated};
use lotbook_engine::security::permission::{STOCK_DRAFT, STOCK_READ};
use lotbook_engine::table::voucher::{self, Voucher, VoucherFilter, VoucherSource};
use lotbook_engine::thing::{RECORDS_MAX, Record, Value, kinds};
use lotbook_engine::write::Command;
use lotbook_engine::{Conn, Error, uid};
use serde::Serialize;

use super::form::{field, refuse_unknown, refuse_unknown_in, text, whole};
use super::reach;
use super::reference::{Resolved, find_all, find_text, unknown};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_body, json_text};
use crate::http::native::body;
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

/// The voucher that an address names: as with every record, digits are an id first; then its number or its ULID.
fn find_in_address(conn: &mut Conn, tenant: TenantId, text: &str) -> Result<Voucher, Error> {
    if let Ok(id) = text.trim().parse()
        && let Some(found) = voucher::by_ids(conn, tenant, [VoucherId(id)])?.pop()
    {
        return Ok(found);
    }
    find(conn, tenant, &Value::Text(text.to_owned()))
}

/// The voucher that a body names: a number is its id; a text its number, its ULID or its id.
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

/// What a voucher can have: what is sent, and what answers show beside it, so that an answer can be sent back.
const FIELDS: [&str; 8] = ["journal", "number", "description", "source", "id", "uid", "createdAt", "createdBy"];
const SOURCE_FIELDS: [&str; 4] = ["type", "id", "identifier", "alternativeNumber"];

/// Reads vouchers with the journals that they name; every fault that the body itself has goes along.
fn read_vouchers(
    conn: &mut Conn,
    tenant: TenantId,
    records: &[Record],
    reach: &Reach,
) -> Result<CreateVouchers, Error> {
    let mut wrong = Vec::new();
    refuse_unknown(records, &FIELDS, &mut wrong);
    let named: Vec<(&Value, i64)> = records.iter().map(|record| (field(record, "journal"), 0)).collect();
    let journals = find_all(conn, tenant, &kinds::JOURNALS, &named)?;
    let mut vouchers = Vec::with_capacity(records.len());
    for (index, (record, journal)) in records.iter().zip(journals).enumerate() {
        let at = Some(index);
        match &journal {
            Resolved::Id(_) => {}
            Resolved::Absent => {
                let message = "is missing; name the journal of the voucher";
                wrong.push(Violation::at(index, "journal", "required", message));
            }
            Resolved::Unknown(name) => {
                let message = format!("there is no journal {name}");
                wrong.push(Violation::at(index, "journal", unknown("journal"), message));
            }
        }
        let source = read_source(field(record, "source"), index, &mut wrong);
        vouchers.push(CreateVoucher {
            journal: JournalId(journal.id().unwrap_or(0)),
            number: whole(field(record, "number"), at, "number", &mut wrong),
            description: text(field(record, "description"), at, "description", &mut wrong),
            source,
            reach: reach.clone(),
        });
    }
    Ok(CreateVouchers { vouchers, violations: wrong })
}

fn read_source(value: &Value, index: usize, wrong: &mut Vec<Violation>) -> VoucherSource {
    let source = match value {
        Value::Null => return VoucherSource::default(),
        Value::Object(source) => source,
        other => {
            let message =
                format!("is {}; send {{\"type\", \"id\", \"identifier\", \"alternativeNumber\"}}", other.noun());
            wrong.push(Violation::at(index, "source", "wrongType", message));
            return VoucherSource::default();
        }
    };
    let at = Some(index);
    refuse_unknown_in("source", source, &SOURCE_FIELDS, at, wrong);
    VoucherSource {
        kind: text(field(source, "type"), at, "source.type", wrong),
        id: whole(field(source, "id"), at, "source.id", wrong),
        identifier: text(field(source, "identifier"), at, "source.identifier", wrong),
        alternative_number: text(field(source, "alternativeNumber"), at, "source.alternativeNumber", wrong),
    }
}

async fn create(call: Call) -> Result<Response, Problem> {
    let (records, is_list) = body::records(&call)?;
    if records.len() > RECORDS_MAX {
        let message = format!("{} vouchers in one request; {RECORDS_MAX} are allowed, so send several", records.len());
        return Err(Problem::from(Error::Invalid(vec![Violation::new("", "tooMany", message)])));
    }
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let command = read_vouchers(conn, tenant, &records, &reach(&access, STOCK_DRAFT, &structure)?)?;
            match command.violations.as_slice() {
                [_, ..] if is_list => Ok(command),
                [] => Ok(command),
                // One voucher whose only fault is its journal: what it names is not there.
                [only] if only.code == unknown("journal") => {
                    Err(Error::not_found("journal", field(&records[0], "journal").to_json().trim_matches('"')))
                }
                _ => Err(Error::Invalid(command.violations)),
            }
        })
        .await?;
    let vouchers = command.vouchers.clone();
    let answer = if is_list {
        call.change(command).await?
    } else {
        call.submit(Command::CreateVoucher(vouchers[0].clone())).await?
    };
    let answer = if is_list { answer } else { format!("[{answer}]") };
    let made: Vec<VoucherCreated> = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let mut items: Vec<Shown> = vouchers
        .into_iter()
        .zip(made)
        .map(|(new, made)| {
            Shown::from(Voucher {
                id: VoucherId(made.id),
                created_at: made.made_at(),
                uid: made.uid,
                journal: new.journal,
                number: made.number,
                description: new.description,
                source: new.source,
                created_by: call.caller.person(),
            })
        })
        .collect();
    if is_list {
        return json_body(StatusCode::CREATED, &serde_json::json!({ "items": items }));
    }
    json_body(StatusCode::CREATED, &items.pop().ok_or_else(Problem::internal)?)
}

async fn one(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let found = find_in_address(conn, tenant, &reference)?;
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
