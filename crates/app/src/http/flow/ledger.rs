//! `/v1/ledger`: where the ledger ends, and whether the chain of its hashes holds.

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::chain::{Hash, link};
use lotbook_engine::Error;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::table::{header, said};
use serde_json::json;

use crate::app::Shared;
use crate::http::call::{Call, json_text};
use crate::http::native::openapi::{Api, Operation, query};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/ledger", get(state))
}

/// So many links are looked at in one call.
const LINKS_MAX: i64 = 10_000;
/// So many, counted from the end, where nobody says from where.
const LINKS: i64 = 1_000;

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn state(call: Call) -> Result<Response, Problem> {
    let (access, tenant) = (call.caller.access.clone(), call.caller.tenant());
    let from = match call.query("from").as_deref() {
        None | Some("") => None,
        Some(text) => match text.parse::<i64>() {
            Ok(from) if from >= 0 => Some(from),
            _ => return Err(Problem::unreadable(format!("from is a position, 0 or more, not {text:?}"))),
        },
    };
    let body = call
        .read(move |conn| {
            access.require_somewhere(STOCK_READ)?;
            let (position, last) = header::tail(conn, tenant)?;
            let from = from.unwrap_or((position - LINKS).max(0)).min(position);
            let headers = header::after(conn, tenant, from, LINKS_MAX.min(position - from))?;
            let said = said::links(conn, tenant, (from, from.saturating_add(headers.len() as i64)))?;
            let after_words = |position: i64, before: Hash| {
                said.get(&position).into_iter().flatten().try_fold(before, |before, word| {
                    Some(()).filter(|()| word.follows(&before))?;
                    Hash::try_from(word.chain_hash.as_slice()).ok()
                })
            };
            let mut before = header::hash_at(conn, tenant, from)?.and_then(|before| after_words(from, before));
            let mut to = from;
            let mut broken = before.is_none().then_some(from);
            for one in &headers {
                let follows = before.is_some_and(|before| {
                    one.position == to + 1 && link(&before, one.position, &one.content_hash) == one.chain_hash
                });
                if !follows {
                    broken = broken.or(Some(to + 1));
                    break;
                }
                (to, before) = (one.position, after_words(one.position, one.chain_hash));
            }
            if broken.is_none() && to == position && before != Some(last) {
                broken = Some(position);
            }
            if broken.is_none() && headers.is_empty() && to < position {
                broken = Some(to + 1);
            }
            let body = json!({
                "position": position, "hash": hex(&last), "checkedFrom": from, "checkedTo": to,
                "isIntact": broken.is_none(), "brokenAt": broken,
            });
            Ok::<_, Error>(body.to_string())
        })
        .await?;
    Ok(json_text(StatusCode::OK, body))
}

/// Adds the ledger's state to the reference.
pub(super) fn describe(api: &mut Api) {
    let whole = || json!({"type": "integer"});
    let from = "Links after this position are looked at, up to 10,000; without it, the last 1,000.";
    api.add(
        "get",
        "/v1/ledger",
        Operation::new("ledger", "ledgerState", "Where the ledger ends, and whether its chain holds")
            .about("Compares the links between batches. `lotbook verify` computes what stands in each batch anew as well.")
            .needs(STOCK_READ)
            .parameters([query("from", from, whole())])
            .answers(
                200,
                "Its end, and what was looked at.",
                json!({
                    "type": "object",
                    "properties": {
                        "position": whole(), "hash": {"type": "string", "description": "Of everything up to `position`, in hexadecimal."},
                        "checkedFrom": whole(), "checkedTo": whole(), "isIntact": {"type": "boolean"},
                        "brokenAt": {"type": ["integer", "null"], "description": "The first position whose link does not hold."}
                    },
                    "required": ["position", "hash", "checkedFrom", "checkedTo", "isIntact", "brokenAt"]
                }),
            ),
    );
}
