//! Words in the chain of hashes: settings, closed periods, how products are valued, and what batches say beside their
//! lines that does not follow from these. Append-only.

use std::collections::BTreeMap;

use lotbook_domain::chain::{Hash, link_word, word};
use lotbook_domain::count::CountId;
use lotbook_domain::id::{BatchId, TenantId};

use super::adjustment::Pushed;
use super::catalog::costing_code;
use super::costing::Costed;
use super::decision::Decision;
use super::{adjustment, costing, count, decision, header};
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordKind {
    /// A setting or a closed period.
    Decision,
    /// How a product is valued.
    Costing,
    /// What a batch pushed out of closed days; its id is that of the batch.
    Pushed,
    /// The counts that a batch undid; its id is that of the batch.
    CountsUndone,
}

impl WordKind {
    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Decision => 1,
            Self::Costing => 2,
            Self::Pushed => 3,
            Self::CountsUndone => 4,
        }
    }
}

/// A word as it is linked: its kind, its id, and the hash of what it says.
pub type Word = (WordKind, i64, Hash);

/// A decision as it is linked.
pub fn of_decision(decision: &Decision) -> Word {
    let Decision { id, subject, org_unit, value, since, at, person } = decision;
    let numbers = [WordKind::Decision.code(), *id, org_unit.0, *since, at.0, person.0];
    (WordKind::Decision, *id, word(&numbers.map(Some), &[Some(subject), value.as_deref()]))
}

/// A word on how a product is valued as it is linked.
pub fn of_costing(costed: &Costed) -> Word {
    let fact = &costed.fact;
    let numbers = [
        Some(WordKind::Costing.code()),
        Some(costed.id),
        Some(costed.product.0),
        Some(fact.variant.0),
        Some(fact.from.0),
        fact.method.map(costing_code),
        fact.standard.map(|cost| cost.0),
        Some(costed.since),
        Some(costed.at.0),
        Some(costed.person.0),
    ];
    (WordKind::Costing, costed.id, word(&numbers, &[costed.reason.as_deref()]))
}

/// What a batch pushed out of closed days as it is linked.
pub fn of_pushed(batch: BatchId, pushed: &[Pushed]) -> Word {
    let mut rows: Vec<[i64; 4]> = pushed.iter().map(|p| [p.line, p.day.0, p.pool.0, p.amount]).collect();
    rows.sort_unstable();
    beside(WordKind::Pushed, batch, rows.as_flattened())
}

/// The counts that a batch undid as they are linked.
pub fn of_counts_undone(batch: BatchId, counts: &[CountId]) -> Word {
    let mut rows: Vec<[i64; 2]> = counts.iter().map(|count| [count.batch.0, count.line]).collect();
    rows.sort_unstable();
    beside(WordKind::CountsUndone, batch, rows.as_flattened())
}

fn beside(kind: WordKind, batch: BatchId, rows: &[i64]) -> Word {
    let numbers: Vec<Option<i64>> = [kind.code(), batch.0].iter().chain(rows).copied().map(Some).collect();
    (kind, batch.0, word(&numbers, &[]))
}

/// What batches say beside their lines, batch by batch in the order of batches, with the hash that is linked of it, if it
/// is: of rows whose first columns are the batch and that hash.
pub(super) fn each_of_batch<T>(
    conn: &mut Conn,
    tenant: TenantId,
    sql: &str,
    mut part: impl FnMut(&Row<'_>) -> Result<T, Error>,
    mut each: impl FnMut(BatchId, Vec<T>, Option<Vec<u8>>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut open: Option<(BatchId, Vec<T>, Option<Vec<u8>>)> = None;
    conn.each(sql, &[Arg::Int(tenant.0)], |row| {
        let (batch, found) = (BatchId(row.int(0)?), part(row)?);
        match &mut open {
            Some((of, parts, _)) if *of == batch => parts.push(found),
            _ => {
                if let Some((batch, parts, linked)) = open.replace((batch, vec![found], row.opt_bytes(1)?)) {
                    each(batch, parts, linked)?;
                }
            }
        }
        Ok(())
    })?;
    open.map_or(Ok(()), |(batch, parts, linked)| each(batch, parts, linked))
}

/// Links words to the end of the chain, which is locked until the transaction ends: four statements.
pub fn link(conn: &mut Conn, tenant: TenantId, words: &[Word]) -> Result<(), Error> {
    if words.is_empty() {
        return Ok(());
    }
    let (position, mut before) = header::lock_tail(conn, tenant)?;
    let newest =
        conn.one("select max(number) from said where tenant = $1", &[Arg::Int(tenant.0)], |row| row.opt_int(0))?;
    let first = newest.flatten().unwrap_or(0) + 1;
    let mut hashes = Vec::with_capacity(words.len());
    for (number, (.., content)) in (first..).zip(words) {
        before = link_word(&before, number, content);
        hashes.push(before.to_vec());
    }
    let rows = Rows::new(vec![
        Column::Int((first..).take(words.len()).collect()),
        Column::Int(words.iter().map(|(kind, ..)| kind.code()).collect()),
        Column::Int(words.iter().map(|(_, id, _)| *id).collect()),
        Column::Bytes(words.iter().map(|(.., content)| content.to_vec()).collect()),
        Column::Bytes(hashes),
    ]);
    conn.execute(
        "insert into said (tenant, number, after_position, kind, word, content_hash, chain_hash) \
         select $1, r.number, $3, r.kind, r.word, r.content_hash, r.chain_hash from {rows $2 (number bigint, \
         kind bigint, word bigint, content_hash bytea, chain_hash bytea) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(position)],
    )?;
    conn.execute("update tail set chain_hash = $2 where tenant = $1", &[Arg::Int(tenant.0), Arg::Bytes(&before)])?;
    Ok(())
}

/// Links, of every tenant, the words that are not linked yet: those of before words were.
pub fn link_all(conn: &mut Conn) -> Result<(), Error> {
    let tenants = conn.query("select t.tenant from tail t order by t.tenant", &[], |row| row.int(0))?;
    for tenant in tenants.into_iter().map(TenantId) {
        let mut words = Vec::new();
        decision::each(conn, tenant, |decision, linked| {
            words.extend(linked.is_none().then(|| of_decision(&decision)));
            Ok(())
        })?;
        costing::each(conn, tenant, |costed, _, linked| {
            words.extend(linked.is_none().then(|| of_costing(&costed)));
            Ok(())
        })?;
        adjustment::each(conn, tenant, |batch, pushed, linked| {
            words.extend(linked.is_none().then(|| of_pushed(batch, &pushed)));
            Ok(())
        })?;
        count::each_undoing(conn, tenant, |batch, counts, linked| {
            words.extend(linked.is_none().then(|| of_counts_undone(batch, &counts)));
            Ok(())
        })?;
        link(conn, tenant, &words)?;
    }
    Ok(())
}

/// Words that are linked and are not there: what they are, and their ids.
pub fn lost(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(WordKind, i64)>, Error> {
    let mut found = Vec::new();
    for (kind, table, id) in [
        (WordKind::Decision, "decision", "id"),
        (WordKind::Costing, "costing", "id"),
        (WordKind::Pushed, "adjustment", "batch"),
        (WordKind::CountsUndone, "count_undone", "batch"),
    ] {
        let ids = conn.query(
            &format!(
                "select s.word from said s where s.tenant = $1 and s.kind = $2 and not exists \
                 (select 1 from {table} w where w.tenant = $1 and w.{id} = s.word) order by s.word limit $3"
            ),
            &[Arg::Int(tenant.0), Arg::Int(kind.code()), Arg::Int(limit)],
            |row| row.int(0),
        )?;
        found.extend(ids.into_iter().map(|id| (kind, id)));
    }
    Ok(found)
}

/// A link of a word: its number, and both hashes as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub number: i64,
    /// The hash of what it says.
    pub content_hash: Vec<u8>,
    /// The hash of the chain up to it.
    pub chain_hash: Vec<u8>,
}

impl Link {
    /// Whether it follows from what comes before it.
    pub fn follows(&self, before: &Hash) -> bool {
        let content = Hash::try_from(self.content_hash.as_slice()).ok();
        content.is_some_and(|content| link_word(before, self.number, &content)[..] == self.chain_hash)
    }
}

fn read(row: &Row<'_>) -> Result<(i64, Link), Error> {
    let link = Link { number: row.int(1)?, content_hash: row.bytes(2)?, chain_hash: row.bytes(3)? };
    Ok((row.int(0)?, link))
}

/// What was said after the batches at these positions and at those between, by position, in order.
pub fn links(conn: &mut Conn, tenant: TenantId, (from, to): (i64, i64)) -> Result<BTreeMap<i64, Vec<Link>>, Error> {
    let mut found: BTreeMap<i64, Vec<Link>> = BTreeMap::new();
    let read = conn.query(
        "select s.after_position, s.number, s.content_hash, s.chain_hash from said s \
         where s.tenant = $1 and s.after_position >= $2 and s.after_position <= $3 order by s.number",
        &[Arg::Int(tenant.0), Arg::Int(from), Arg::Int(to)],
        read,
    )?;
    for (position, link) in read {
        found.entry(position).or_default().push(link);
    }
    Ok(found)
}
