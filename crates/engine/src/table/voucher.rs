//! Vouchers.

use lotbook_domain::id::{JournalId, TenantId, UserId, VoucherId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// Where a voucher comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherSource {
    /// What kind of document: `invoice`.
    pub kind: Option<String>,
    /// Its number there.
    pub id: Option<i64>,
    /// Its identifier there.
    pub identifier: Option<String>,
    /// Another number that people know it by.
    pub alternative_number: Option<String>,
}

/// A voucher of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Its id.
    pub id: VoucherId,
    /// Its ULID.
    pub uid: String,
    /// The journal.
    pub journal: JournalId,
    /// Its number, unique within the tenant.
    pub number: i64,
    /// Free text.
    pub description: Option<String>,
    /// Where it comes from.
    pub source: VoucherSource,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: UserId,
}

const COLUMNS: &str = "v.id, v.uid, v.journal, v.number, v.description, v.source_type, v.source_id, v.source_identifier, \
     v.alternative_number, v.created_at, v.created_by";

fn read(row: &Row<'_>) -> Result<Voucher, Error> {
    Ok(Voucher {
        id: VoucherId(row.int(0)?),
        uid: row.text(1)?,
        journal: JournalId(row.int(2)?),
        number: row.int(3)?,
        description: row.opt_text(4)?,
        source: VoucherSource {
            kind: row.opt_text(5)?,
            id: row.opt_int(6)?,
            identifier: row.opt_text(7)?,
            alternative_number: row.opt_text(8)?,
        },
        created_at: Time(row.int(9)?),
        created_by: UserId(row.int(10)?),
    })
}

/// Writes vouchers: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, vouchers: &[Voucher]) -> Result<(), Error> {
    if vouchers.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(vouchers.iter().map(|v| v.id.0).collect()),
        Column::Text(vouchers.iter().map(|v| v.uid.clone()).collect()),
        Column::Int(vouchers.iter().map(|v| v.journal.0).collect()),
        Column::Int(vouchers.iter().map(|v| v.number).collect()),
        Column::OptText(vouchers.iter().map(|v| v.description.clone()).collect()),
        Column::OptText(vouchers.iter().map(|v| v.source.kind.clone()).collect()),
        Column::OptInt(vouchers.iter().map(|v| v.source.id).collect()),
        Column::OptText(vouchers.iter().map(|v| v.source.identifier.clone()).collect()),
        Column::OptText(vouchers.iter().map(|v| v.source.alternative_number.clone()).collect()),
        Column::Int(vouchers.iter().map(|v| v.created_at.0).collect()),
        Column::Int(vouchers.iter().map(|v| v.created_by.0).collect()),
    ]);
    conn.execute(
        "insert into voucher (tenant, id, uid, journal, number, description, source_type, source_id, \
         source_identifier, alternative_number, created_at, created_by) \
         select $1, v.id, v.uid, v.journal, v.number, v.description, v.source_type, v.source_id, \
         v.source_identifier, v.alternative_number, v.created_at, v.created_by \
         from {rows $2 (id bigint, uid text, journal bigint, number bigint, description text, source_type text, \
         source_id bigint, source_identifier text, alternative_number text, created_at bigint, created_by bigint) v}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The vouchers with these ids that exist.
pub fn by_ids(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = VoucherId>,
) -> Result<Vec<Voucher>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join voucher v where v.tenant = $1 and v.id = r.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// The voucher with this ULID.
pub fn by_uid(conn: &mut Conn, tenant: TenantId, uid: &str) -> Result<Option<Voucher>, Error> {
    conn.one(
        &format!("select {COLUMNS} from voucher v where v.tenant = $1 and v.uid = $2"),
        &[Arg::Int(tenant.0), Arg::Text(uid)],
        read,
    )
}

/// The lowest numbers of a journal's vouchers with these identifiers at a source of one kind, by identifier.
pub fn by_fingerprint<'p>(
    conn: &mut Conn,
    tenant: TenantId,
    journal: JournalId,
    kind: &str,
    identifiers: impl IntoIterator<Item = &'p str>,
) -> Result<Vec<(String, i64)>, Error> {
    let rows = Rows::texts(identifiers);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select r.name, min(v.number) from {rows $2 (name text) r} cross join voucher v where v.tenant = $1 \
         and v.source_identifier = r.name and v.source_identifier is not null and v.source_type = $3 \
         and v.journal + 0 = $4 group by r.name",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Text(kind), Arg::Int(journal.0)],
        |row| Ok((row.text(0)?, row.int(1)?)),
    )
}

/// Which of these numbers are taken.
pub fn taken_numbers(conn: &mut Conn, tenant: TenantId, numbers: &[i64]) -> Result<Vec<i64>, Error> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::ids(numbers.iter().copied());
    conn.query(
        "select v.number from {rows $2 (number bigint) r} cross join voucher v where v.tenant = $1 and v.number = r.number",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| row.int(0),
    )
}

/// Which vouchers a list is about.
#[derive(Clone, Debug, Default)]
pub struct VoucherFilter {
    /// Of this journal only.
    pub journal: Option<JournalId>,
    /// With this number only.
    pub number: Option<i64>,
    /// After this id.
    pub after: i64,
}

/// A page of vouchers in the order of ids.
pub fn page(conn: &mut Conn, tenant: TenantId, filter: &VoucherFilter, limit: i64) -> Result<Vec<Voucher>, Error> {
    let mut sql = format!("select {COLUMNS} from voucher v where v.tenant = $1 and v.id > $2");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(filter.after)];
    if let Some(journal) = filter.journal {
        args.push(Arg::Int(journal.0));
        sql.push_str(&format!(" and v.journal = ${}", args.len()));
    }
    if let Some(number) = filter.number {
        args.push(Arg::Int(number));
        sql.push_str(&format!(" and v.number = ${}", args.len()));
    }
    args.push(Arg::Int(limit));
    sql.push_str(&format!(" order by v.id limit ${}", args.len()));
    conn.query(&sql, &args, read)
}

/// A voucher as its source knows it, with how much of it is booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BySource {
    /// Its id.
    pub id: VoucherId,
    /// The journal.
    pub journal: JournalId,
    /// Its identifier at the source.
    pub identifier: String,
    /// Its other number there.
    pub alternative_number: Option<String>,
    /// How many of its movements are booked, reversals left out.
    pub booked: i64,
}

/// The vouchers of journals that come from a kind of source and have an identifier there.
pub fn by_source(
    conn: &mut Conn,
    tenant: TenantId,
    journals: impl IntoIterator<Item = JournalId>,
    kind: &str,
) -> Result<Vec<BySource>, Error> {
    let rows = Rows::ids(journals.into_iter().map(|id| id.0));
    conn.query(
        "select v.id, v.journal, v.source_identifier, v.alternative_number, \
         (select count(*) from voucher_booked b cross join movement m where b.tenant = $1 and b.voucher = v.id \
         and m.tenant = $1 and m.batch = b.batch and m.line >= b.first_line and m.line <= b.last_line \
         and m.voucher = v.id and m.reverses_batch = 0) as booked \
         from {rows $2 (id bigint) r} cross join voucher v where v.tenant = $1 and v.journal = r.id \
         and v.source_type = $3 and v.source_identifier is not null order by v.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Text(kind)],
        |row| {
            Ok(BySource {
                id: VoucherId(row.int(0)?),
                journal: JournalId(row.int(1)?),
                identifier: row.text(2)?,
                alternative_number: row.opt_text(3)?,
                booked: row.int(4)?,
            })
        },
    )
}
