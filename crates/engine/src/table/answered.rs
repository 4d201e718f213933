//! Answers kept under idempotency keys.

use std::collections::HashMap;

use lotbook_domain::chain::Hash;
use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};

/// Which of these keys have been answered: the hash of the request's body and the answer.
pub fn find(conn: &mut Conn, tenant: TenantId, keys: &[&str]) -> Result<HashMap<String, (Vec<u8>, String)>, Error> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Rows::texts(keys.iter().copied());
    let found = conn.query(
        "select a.request_key, a.body_hash, a.answer from {rows $2 (request_key text) r} cross join answered a \
         where a.tenant = $1 and a.request_key = r.request_key",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.text(0)?, (row.bytes(1)?, row.text(2)?))),
    )?;
    Ok(found.into_iter().collect())
}

/// Keeps answers: `(key, body hash, answer)`.
pub fn insert(conn: &mut Conn, tenant: TenantId, answers: &[(String, Hash, String)], at: Time) -> Result<(), Error> {
    if answers.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Text(answers.iter().map(|(key, _, _)| key.clone()).collect()),
        Column::Bytes(answers.iter().map(|(_, hash, _)| hash.to_vec()).collect()),
        Column::Text(answers.iter().map(|(_, _, answer)| answer.clone()).collect()),
    ]);
    conn.execute(
        "insert into answered (tenant, request_key, body_hash, answer, at) \
         select $1, r.request_key, r.body_hash, r.answer, $3 \
         from {rows $2 (request_key text, body_hash bytea, answer text) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(at.0)],
    )?;
    Ok(())
}

/// Forgets answers older than a time, at most so many at once.
pub fn forget(conn: &mut Conn, tenant: TenantId, before: Time, limit: i64) -> Result<u64, Error> {
    conn.execute(
        "delete from answered where tenant = $1 and request_key in \
         (select request_key from answered where tenant = $1 and at < $2 limit $3)",
        &[Arg::Int(tenant.0), Arg::Int(before.0), Arg::Int(limit)],
    )
}

/// Kept answers after a key, in the order of keys: key, hash of the body, answer.
pub fn after_key(
    conn: &mut Conn,
    tenant: TenantId,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, Vec<u8>, String)>, Error> {
    conn.query(
        "select a.request_key, a.body_hash, a.answer from answered a where a.tenant = $1 and a.request_key > $2 \
         order by a.request_key limit $3",
        &[Arg::Int(tenant.0), Arg::Text(after), Arg::Int(limit)],
        |row| Ok((row.text(0)?, row.bytes(1)?, row.text(2)?)),
    )
}
