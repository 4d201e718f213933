//! The feed: every batch once, in the order of positions.

use std::collections::HashMap;

use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::money::Amount;
use lotbook_domain::movement::ValueFact;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::ValueKind;
use lotbook_domain::time::Time;

use super::movement::{self, MovementFilter, Posted};
use crate::command::count_number;
use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows};
use crate::table::header::{self, Header};
use crate::table::value_fact;

/// A batch as the feed tells it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its header.
    pub header: Header,
    /// Its movements that may be seen, and counts that moved nothing, in the order of lines. One that undoes another
    /// names it.
    pub movements: Vec<Posted>,
    /// Its value entries that may be seen, in the order of lines.
    pub values: Vec<Value>,
    /// Its value facts that may be seen, in the order of lines.
    pub facts: Vec<Fact>,
    /// The value facts that it undid and that may be seen, in the order of batches and lines.
    pub facts_undone: Vec<Fact>,
    /// The counts that it undid and that may be seen, in the order of batches and lines.
    pub counts_undone: Vec<CountUndone>,
}

/// What a line is about, as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The product and its identifier.
    pub product: (ProductId, String),
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot, its ULID and its name; 0 = none.
    pub lot: (LotId, String, String),
}

/// A value entry with what its cost pool stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What the pool is of.
    pub subject: Subject,
    /// The pool's stock org unit.
    pub org_unit: LocationId,
    /// From when it counts.
    pub effective_at: Time,
    /// The place on the other side.
    pub counterpart: LocationId,
    /// What made it.
    pub kind: ValueKind,
    /// What it adds to the pool; negative takes away.
    pub amount: Amount,
}

/// A value fact, and the batch that said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The batch that said it, which is the id of its record.
    pub batch: BatchId,
    /// What its pool is of.
    pub subject: Subject,
    /// What it says.
    pub fact: ValueFact,
}

/// A count that holds no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountUndone {
    /// Its number, see [`count_number`].
    pub id: i64,
    /// What was counted.
    pub subject: Subject,
    /// Where.
    pub location: LocationId,
    /// By which org unit.
    pub org_unit: LocationId,
    /// When.
    pub at: Time,
    /// How much stood there.
    pub counted: Quantity,
    /// The number of the movement that made up its difference, if there was one.
    pub movement: Option<i64>,
}

/// A page ends with the batch that brings it to so many lines.
const LINES_MAX: i64 = 10_000;

/// The batches after a position, in order, each entire: at most `limit`, fewer where they are large. With
/// `org_units`, only what was moved by those, is worth something there, or was counted by them, is told of a batch;
/// the batch itself is told in any case, so that a reader's position never stands still. Cost: the lines told, and a
/// number of statements that does not depend on how many batches there are.
pub fn after(
    conn: &mut Conn,
    tenant: TenantId,
    position: i64,
    limit: i64,
    org_units: Option<&[LocationId]>,
) -> Result<Vec<Told>, Error> {
    let mut headers = header::after(conn, tenant, position, limit)?;
    if headers.is_empty() {
        return Ok(Vec::new());
    }
    let beside = beside(conn, tenant, &headers)?;
    let mut lines = 0;
    let kept = headers.iter().take_while(|header| {
        let fits = lines < LINES_MAX;
        lines += header.lines + beside.get(&header.batch).map_or(0, |beside| beside.iter().sum());
        fits
    });
    let kept = kept.count();
    headers.truncate(kept);
    let batches: Vec<BatchId> = headers.iter().map(|header| header.batch).collect();
    let filter = MovementFilter {
        batches: Some(batches.clone()),
        org_units: org_units.map(<[LocationId]>::to_vec),
        ..MovementFilter::default()
    };
    let mut movements: HashMap<BatchId, Vec<Posted>> = HashMap::new();
    for posted in movement::page(conn, tenant, &filter, 0, i64::from(i32::MAX))? {
        movements.entry(BatchId(posted.number >> 20)).or_default().push(posted);
    }
    let sees = |unit: LocationId| org_units.is_none_or(|units| units.contains(&unit));
    // Most pages are of bookings, which say nothing beside their movements.
    let with = |part: usize| -> Vec<BatchId> {
        let says = |batch: &&BatchId| beside.get(batch).is_some_and(|beside| beside[part] > 0);
        batches.iter().filter(says).copied().collect()
    };
    let mut values = by_batch(values_of(conn, tenant, &with(VALUES))?, |value| sees(value.org_unit));
    let mut facts = by_batch(facts_of(conn, tenant, &with(FACTS))?, |fact| sees(fact.fact.org_unit));
    let undone = facts_undone_by(conn, tenant, &with(FACTS_UNDONE))?;
    let mut facts_undone = by_batch(undone, |fact| sees(fact.fact.org_unit));
    let undone = counts_undone_by(conn, tenant, &with(COUNTS_UNDONE))?;
    let mut counts_undone = by_batch(undone, |count| sees(count.org_unit));
    Ok(headers
        .into_iter()
        .map(|header| Told {
            movements: movements.remove(&header.batch).unwrap_or_default(),
            values: values.remove(&header.batch).unwrap_or_default(),
            facts: facts.remove(&header.batch).unwrap_or_default(),
            facts_undone: facts_undone.remove(&header.batch).unwrap_or_default(),
            counts_undone: counts_undone.remove(&header.batch).unwrap_or_default(),
            header,
        })
        .collect())
}

fn by_batch<T>(found: Vec<(BatchId, T)>, is_seen: impl Fn(&T) -> bool) -> HashMap<BatchId, Vec<T>> {
    let mut of: HashMap<BatchId, Vec<T>> = HashMap::new();
    for (batch, told) in found.into_iter().filter(|(_, told)| is_seen(told)) {
        of.entry(batch).or_default().push(told);
    }
    of
}

/// What a batch may say beside its movements, in the order of [`beside`].
const VALUES: usize = 0;
const FACTS: usize = 1;
const FACTS_UNDONE: usize = 2;
const COUNTS_UNDONE: usize = 3;

/// How many lines each batch has beside its movements, of each sort, and last of counts that moved nothing. One
/// statement: a header counts movements alone.
fn beside(conn: &mut Conn, tenant: TenantId, headers: &[Header]) -> Result<HashMap<BatchId, [i64; 5]>, Error> {
    let rows = Rows::ids(headers.iter().map(|header| header.batch.0));
    let found = conn.query(
        "select r.id, \
         (select count(*) from value_entry v where v.tenant = $1 and v.batch = r.id), \
         (select count(*) from value_fact f where f.tenant = $1 and f.batch = r.id), \
         (select count(*) from value_undone u where u.tenant = $1 and u.batch = r.id), \
         (select count(*) from count_undone u where u.tenant = $1 and u.batch = r.id), \
         (select count(*) from stock_count c where c.tenant = $1 and c.batch = r.id and c.movement_line = -1) \
         from {rows $2 (id bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((BatchId(row.int(0)?), [row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?, row.int(5)?])),
    )?;
    Ok(found.into_iter().collect())
}

/// Product, variant and lot of the row `alias` names, for reading with [`subject`]: the columns, and the joins that
/// they need.
fn subject_of(alias: &str) -> (String, String) {
    let columns = format!(
        "{alias}.product, p.identifier, {alias}.variant, {alias}.lot, coalesce(l.uid, ''), coalesce(l.name, '')"
    );
    let joins = format!(
        "join product p on p.tenant = $1 and p.id = {alias}.product \
         left join lot l on l.tenant = $1 and l.id = {alias}.lot"
    );
    (columns, joins)
}

const SUBJECT_COLUMN_COUNT: usize = 6;

/// Reads the columns of [`subject_of`], which begin at column `at`.
fn subject(row: &Row<'_>, at: usize) -> Result<Subject, Error> {
    Ok(Subject {
        product: (ProductId(row.int(at)?), row.text(at + 1)?),
        variant: VariantId(row.int(at + 2)?),
        lot: (LotId(row.int(at + 3)?), row.text(at + 4)?, row.text(at + 5)?),
    })
}

/// Reads what batches say of one sort; nothing is asked where none of them does.
fn read_of<T>(
    conn: &mut Conn,
    tenant: TenantId,
    batches: &[BatchId],
    sql: &str,
    read: impl FnMut(&Row<'_>) -> Result<(BatchId, T), Error>,
) -> Result<Vec<(BatchId, T)>, Error> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::ids(batches.iter().map(|id| id.0));
    conn.query(sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], read)
}

fn values_of(conn: &mut Conn, tenant: TenantId, batches: &[BatchId]) -> Result<Vec<(BatchId, Value)>, Error> {
    let (columns, joins) = subject_of("a");
    let sql = format!(
        "select v.batch, {columns}, a.place, v.effective_at, v.counterpart, v.kind, v.amount \
         from {{rows $2 (id bigint) r}} {{look up value_entry v}} v.tenant = $1 and v.batch = r.id {{looked up v}} \
         join account a on a.tenant = $1 and a.id = v.pool {joins} order by v.batch, v.line"
    );
    read_of(conn, tenant, batches, &sql, |row| {
        let at = 1 + SUBJECT_COLUMN_COUNT;
        let value = Value {
            subject: subject(row, 1)?,
            org_unit: LocationId(row.int(at)?),
            effective_at: Time(row.int(at + 1)?),
            counterpart: LocationId(row.int(at + 2)?),
            kind: ValueKind::from_code(row.int(at + 3)?),
            amount: Amount(row.int(at + 4)?),
        };
        Ok((BatchId(row.int(0)?), value))
    })
}

fn facts_of(conn: &mut Conn, tenant: TenantId, batches: &[BatchId]) -> Result<Vec<(BatchId, Fact)>, Error> {
    let ((columns, joins), said) = (subject_of("f"), value_fact::COLUMNS);
    let sql = format!(
        "select f.batch, {columns}, {said} from {{rows $2 (id bigint) r}} \
         {{look up value_fact f}} f.tenant = $1 and f.batch = r.id {{looked up f}} {joins} order by f.batch, f.line"
    );
    read_of(conn, tenant, batches, &sql, fact)
}

fn facts_undone_by(conn: &mut Conn, tenant: TenantId, batches: &[BatchId]) -> Result<Vec<(BatchId, Fact)>, Error> {
    let ((columns, joins), said) = (subject_of("f"), value_fact::COLUMNS);
    let sql = format!(
        "select u.batch, {columns}, {said} from {{rows $2 (id bigint) r}} \
         {{look up value_undone u}} u.tenant = $1 and u.batch = r.id {{looked up u}} \
         {{look up value_fact f}} f.tenant = $1 and f.batch = u.fact_batch and f.line = u.fact_line {{looked up f}} \
         {joins} order by u.batch, f.batch, f.line"
    );
    read_of(conn, tenant, batches, &sql, fact)
}

/// Reads a batch, a subject and a value fact.
fn fact(row: &Row<'_>) -> Result<(BatchId, Fact), Error> {
    let (batch, fact) = value_fact::read(row, 1 + SUBJECT_COLUMN_COUNT)?;
    Ok((BatchId(row.int(0)?), Fact { batch, subject: subject(row, 1)?, fact }))
}

fn counts_undone_by(
    conn: &mut Conn,
    tenant: TenantId,
    batches: &[BatchId],
) -> Result<Vec<(BatchId, CountUndone)>, Error> {
    let (columns, joins) = subject_of("c");
    let sql = format!(
        "select u.batch, {columns}, c.batch, c.line, c.location, c.org_unit, c.effective_at, c.counted, c.movement_line \
         from {{rows $2 (id bigint) r}} \
         {{look up count_undone u}} u.tenant = $1 and u.batch = r.id {{looked up u}} \
         {{look up stock_count c}} c.tenant = $1 and c.batch = u.count_batch and c.line = u.count_line {{looked up c}} \
         {joins} order by u.batch, c.batch, c.line"
    );
    read_of(conn, tenant, batches, &sql, |row| {
        let at = 1 + SUBJECT_COLUMN_COUNT;
        let (batch, movement_line) = (BatchId(row.int(at)?), row.int(at + 6)?);
        let count = CountUndone {
            id: count_number(batch, row.int(at + 1)?),
            subject: subject(row, 1)?,
            location: LocationId(row.int(at + 2)?),
            org_unit: LocationId(row.int(at + 3)?),
            at: Time(row.int(at + 4)?),
            counted: Quantity(row.int(at + 5)?),
            movement: (movement_line >= 0).then_some(MovementId { batch, line: movement_line }.number()),
        };
        Ok((BatchId(row.int(0)?), count))
    })
}
