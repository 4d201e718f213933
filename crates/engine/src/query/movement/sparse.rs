//! Places and lots of which little moved: their movements are found by their accounts, instead of among all of the ledger.

use lotbook_domain::id::{AccountId, LocationId, TenantId};

use super::MovementFilter;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};

/// So many accounts are looked at to find that out …
const ACCOUNTS_MAX: i64 = 1_000;
/// … and so many postings of theirs are little: of a ledger in which there are more, a page of them is found soon by
/// reading it in its order.
const POSTINGS_MAX: i64 = 20_000;

/// The accounts in which all that a filter lets through was posted, where that is little. `None` where it is much, or the
/// filter names neither a place in the house nor a lot.
///
/// Cost: one statement, which reads at most a thousand accounts.
pub(super) fn accounts(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &MovementFilter,
) -> Result<Option<Vec<AccountId>>, Error> {
    let is_indoors = |places: &[LocationId]| places.iter().all(|place| place.0 > 0);
    let places = filter.locations.as_deref().filter(|places| is_indoors(places));
    let lot = filter.lot.filter(|lot| lot.0 > 0);
    let named = match (places, lot) {
        (_, Some(lot)) => Rows::ids([lot.0]),
        (Some(places), None) if places.len() as i64 <= ACCOUNTS_MAX => Rows::ids(places.iter().map(|place| place.0)),
        _ => return Ok(None),
    };
    let by = if lot.is_some() { "a.lot = r.id and a.lot > 0" } else { "a.place = r.id" };
    let mut args = vec![Arg::Int(tenant.0), Arg::Rows(&named)];
    let mut only = String::new();
    let within = [
        ("a.product", filter.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)))),
        ("a.place", places.map(|ids| Rows::ids(ids.iter().map(|id| id.0)))),
    ];
    for (column, ids) in &within {
        if let Some(ids) = ids {
            args.push(Arg::Rows(ids));
            only.push_str(&format!(" and {column} + 0 in (select l.id from {{rows ${} (id bigint) l}})", args.len()));
        }
    }
    args.push(Arg::Int(ACCOUNTS_MAX + 1));
    let text = format!(
        "select a.id, a.postings from {{rows $2 (id bigint) r}} {{look up account a}} a.tenant = $1 and {by} \
         and a.kind = 1 {{looked up a}} where a.tenant = $1{only} limit ${}",
        args.len()
    );
    let found = conn.query(&text, &args, |row| Ok((AccountId(row.int(0)?), row.int(1)?)))?;
    let postings = found.iter().fold(0_i64, |sum, (_, postings)| sum.saturating_add(*postings));
    let is_little = found.len() as i64 <= ACCOUNTS_MAX && postings <= POSTINGS_MAX;
    Ok(is_little.then(|| found.into_iter().map(|(id, _)| id).collect()))
}

/// The movements of these accounts, as a part of an SQL text: `w` with batch and line, each once.
pub(super) fn of_accounts(argument: usize) -> String {
    let side = |column: &str| {
        format!(
            "select x.batch, x.line from {{rows ${argument} (id bigint) r}} {{look up movement x}} x.tenant = $1 \
             and x.{column} = r.id and x.{column} > 0 {{looked up x}}"
        )
    };
    format!("({} union {}) w", side("to_account"), side("from_account"))
}
