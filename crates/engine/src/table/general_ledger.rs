//! The general ledger's hook: rules, documents, and in which account stock was posted.

use std::collections::BTreeMap;

use lotbook_domain::chain::{GENESIS, Hash};
use lotbook_domain::id::{CategoryId, LocationId, ProductId, TenantId};
use lotbook_domain::posting::{Document, DocumentKind, PostingKind, Rules, Side, Sums};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};

/// Up to which position batches have been posted, and the number of the last document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// The position.
    pub position: i64,
    /// The number.
    pub number: i64,
}

/// All rules.
pub fn rules(conn: &mut Conn, tenant: TenantId) -> Result<Rules, Error> {
    let found = conn.query(
        "select category, kind, account from gl_rule where tenant = $1 order by id",
        &[Arg::Int(tenant.0)],
        |row| Ok((CategoryId(row.int(0)?), PostingKind::from_code(row.int(1)?), row.text(2)?)),
    )?;
    Ok(Rules::new(found.into_iter().filter_map(|(category, kind, account)| Some(((category, kind?), account)))))
}

/// How far things have been posted.
pub fn tail(conn: &mut Conn, tenant: TenantId) -> Result<Tail, Error> {
    let found = conn.one("select position, number from gl_tail where tenant = $1", &[Arg::Int(tenant.0)], |row| {
        Ok(Tail { position: row.int(0)?, number: row.int(1)? })
    })?;
    Ok(found.unwrap_or_default())
}

/// The same, and nobody else makes documents until the transaction ends.
pub fn lock_tail(conn: &mut Conn, tenant: TenantId) -> Result<Tail, Error> {
    conn.execute(
        "insert into gl_tail (tenant, position, number) values ($1, 0, 0) on conflict (tenant) do nothing",
        &[Arg::Int(tenant.0)],
    )?;
    conn.one("select position, number from gl_tail where tenant = $1 {for update}", &[Arg::Int(tenant.0)], |row| {
        Ok(Tail { position: row.int(0)?, number: row.int(1)? })
    })
    .map(Option::unwrap_or_default)
}

/// Notes how far things have been posted.
pub fn set_tail(conn: &mut Conn, tenant: TenantId, tail: Tail) -> Result<(), Error> {
    conn.execute(
        "update gl_tail set position = $2, number = $3 where tenant = $1",
        &[Arg::Int(tenant.0), Arg::Int(tail.position), Arg::Int(tail.number)],
    )?;
    Ok(())
}

/// Adds documents, each with the hash of the one before it: three statements.
pub fn append(conn: &mut Conn, tenant: TenantId, documents: &[Document]) -> Result<(), Error> {
    if documents.is_empty() {
        return Ok(());
    }
    let last = [Arg::Int(tenant.0), Arg::Int(documents[0].number - 1)];
    let last = conn
        .one("select chain_hash from gl_document where tenant = $1 and number = $2", &last, |row| row.opt_bytes(0))?;
    let mut before = last.flatten().and_then(|hash| Hash::try_from(hash.as_slice()).ok()).unwrap_or(GENESIS);
    let hashes = documents.iter().map(|document| {
        before = document.link(&before);
        before.to_vec()
    });
    let hashes = Column::Bytes(hashes.collect());
    let ints = |of: fn(&Document) -> i64| Column::Int(documents.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|document| document.number),
        Column::Text(documents.iter().map(|document| document.period.clone()).collect()),
        ints(|document| document.positions.0),
        ints(|document| document.positions.1),
        ints(|document| document.created_at.0),
        ints(|document| document.kind.code()),
        hashes,
    ]);
    conn.execute(
        "insert into gl_document (tenant, number, period, from_position, to_position, created_at, kind, chain_hash) \
         select $1, r.number, r.period, r.from_position, r.to_position, r.created_at, r.kind, r.chain_hash \
         from {rows $2 (number bigint, period text, from_position bigint, to_position bigint, created_at bigint, \
         kind bigint, chain_hash bytea) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    let lines: Vec<(i64, i64, &Side, &Sums)> = documents
        .iter()
        .flat_map(|document| {
            document.lines.iter().enumerate().map(|(line, (side, sums))| (document.number, line as i64, side, sums))
        })
        .collect();
    let ints = |of: fn(&(i64, i64, &Side, &Sums)) -> i64| Column::Int(lines.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|line| line.0),
        ints(|line| line.1),
        Column::Text(lines.iter().map(|(_, _, side, _)| side.account.clone()).collect()),
        ints(|line| line.2.org_unit.0),
        ints(|line| line.3.debit),
        ints(|line| line.3.credit),
    ]);
    conn.execute(
        "insert into gl_line (tenant, number, line, account, org_unit, debit, credit) \
         select $1, r.number, r.line, r.account, r.org_unit, r.debit, r.credit from {rows $2 (number bigint, \
         line bigint, account text, org_unit bigint, debit bigint, credit bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Documents after a number, in order, at most `limit`: two statements.
pub fn after(conn: &mut Conn, tenant: TenantId, number: i64, limit: i64) -> Result<Vec<Document>, Error> {
    Ok(hashed_after(conn, tenant, number, limit)?.into_iter().map(|(document, _)| document).collect())
}

/// A document with its hash as it stands there; those of before there were any have none.
pub type Hashed = (Document, Option<Vec<u8>>);

/// The same with their hashes.
pub fn hashed_after(conn: &mut Conn, tenant: TenantId, number: i64, limit: i64) -> Result<Vec<Hashed>, Error> {
    let mut found = conn.query(
        "select number, period, from_position, to_position, created_at, kind, chain_hash from gl_document \
         where tenant = $1 and number > $2 order by number limit $3",
        &[Arg::Int(tenant.0), Arg::Int(number), Arg::Int(limit)],
        |row| {
            let document = Document {
                number: row.int(0)?,
                kind: DocumentKind::from_code(row.int(5)?),
                period: row.text(1)?,
                positions: (row.int(2)?, row.int(3)?),
                created_at: Time(row.int(4)?),
                lines: Vec::new(),
            };
            Ok((document, row.opt_bytes(6)?))
        },
    )?;
    let Some((first, last)) = found.first().zip(found.last()).map(|(first, last)| (first.0.number, last.0.number))
    else {
        return Ok(found);
    };
    conn.each(
        "select number, account, org_unit, debit, credit from gl_line \
         where tenant = $1 and number >= $2 and number <= $3 order by number, line",
        &[Arg::Int(tenant.0), Arg::Int(first), Arg::Int(last)],
        |row| {
            let side = Side { account: row.text(1)?, org_unit: LocationId(row.int(2)?) };
            let sums = Sums { debit: row.int(3)?, credit: row.int(4)? };
            // Where one was lost, numbers are no places.
            let number = row.int(0)?;
            if let Ok(at) = found.binary_search_by_key(&number, |(document, _)| document.number) {
                found[at].0.lines.push((side, sums));
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// Where the value of products stands by what was posted: product and category, org unit, account, amount.
pub fn each_stock(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(ProductId, CategoryId, Side, i64) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        "select s.product, p.category, s.org_unit, s.account, s.amount from gl_stock s \
         join product p on p.tenant = $1 and p.id = s.product where s.tenant = $1",
        &[Arg::Int(tenant.0)],
        |row| {
            let side = Side { account: row.text(3)?, org_unit: LocationId(row.int(2)?) };
            each(ProductId(row.int(0)?), CategoryId(row.int(1)?), side, row.int(4)?)
        },
    )
}

/// Notes where the value of products stands now, and adds to it: one statement.
pub fn move_stock(
    conn: &mut Conn,
    tenant: TenantId,
    changes: &BTreeMap<(ProductId, LocationId), (String, i64)>,
) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(changes.keys().map(|(product, _)| product.0).collect()),
        Column::Int(changes.keys().map(|(_, org_unit)| org_unit.0).collect()),
        Column::Text(changes.values().map(|(account, _)| account.clone()).collect()),
        Column::Int(changes.values().map(|(_, amount)| *amount).collect()),
    ]);
    conn.execute(
        "insert into gl_stock (tenant, product, org_unit, account, amount) \
         select $1, r.product, r.org_unit, r.account, r.amount from {rows $2 (product bigint, org_unit bigint, \
         account text, amount bigint) r} where true on conflict (tenant, product, org_unit) do update \
         set account = excluded.account, amount = gl_stock.amount + excluded.amount",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The position from which the tenant's zone is what it is now; 0 = always.
pub fn zone_since(conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    let found = conn.one(
        "select max(since) from decision where tenant = $1 and subject = 'setting:timeZone'",
        &[Arg::Int(tenant.0)],
        |row| row.opt_int(0),
    )?;
    Ok(found.flatten().unwrap_or(0))
}

/// Whether a document has a hash: those of before there were any have none.
pub fn is_hashed(conn: &mut Conn, tenant: TenantId, number: i64) -> Result<bool, Error> {
    let found = conn.one(
        "select 1 from gl_document where tenant = $1 and number = $2 and chain_hash is not null",
        &[Arg::Int(tenant.0), Arg::Int(number)],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// The batches from one position to another.
pub fn batches_between(conn: &mut Conn, tenant: TenantId, from: i64, to: i64) -> Result<Vec<i64>, Error> {
    conn.query(
        "select h.batch from header h where h.tenant = $1 and h.position >= $2 and h.position <= $3 order by h.position",
        &[Arg::Int(tenant.0), Arg::Int(from), Arg::Int(to)],
        |row| row.int(0),
    )
}

/// The accounts that rules name for something else than stock.
pub fn accounts_of_others(conn: &mut Conn, tenant: TenantId) -> Result<Vec<String>, Error> {
    conn.query(
        "select distinct account from gl_rule where tenant = $1 and kind not in (1, 2)",
        &[Arg::Int(tenant.0)],
        |row| row.text(0),
    )
}
