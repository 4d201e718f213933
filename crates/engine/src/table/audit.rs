//! Who changed what, when and from where. Append-only.

use lotbook_domain::id::{TenantId, UserId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};
use crate::table::catalog::contains_pattern;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Its number, in the order of time per server.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Who.
    pub person: UserId,
    /// From where: an address, or `cli`, `worker`.
    pub origin: String,
    /// What was done: `createVoucher`.
    pub action: String,
    /// To what: `voucher 17`.
    pub subject: String,
    /// More about it.
    pub detail: Option<String>,
}

/// Writes audit rows: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, rows: &[Audited]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let batch = Rows::new(vec![
        Column::Int(rows.iter().map(|row| row.id).collect()),
        Column::Int(rows.iter().map(|row| row.at.0).collect()),
        Column::Int(rows.iter().map(|row| row.person.0).collect()),
        Column::Text(rows.iter().map(|row| row.origin.clone()).collect()),
        Column::Text(rows.iter().map(|row| row.action.clone()).collect()),
        Column::Text(rows.iter().map(|row| row.subject.clone()).collect()),
        Column::OptText(rows.iter().map(|row| row.detail.clone()).collect()),
    ]);
    conn.execute(
        "insert into audit (tenant, id, at, person, origin, action, subject, detail) \
         select $1, r.id, r.at, r.person, r.origin, r.action, r.subject, r.detail \
         from {rows $2 (id bigint, at bigint, person bigint, origin text, action text, subject text, detail text) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&batch)],
    )?;
    Ok(())
}

/// Which changes are asked for.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// By this person.
    pub person: Option<UserId>,
    /// At this time or later.
    pub from: Option<Time>,
    /// At this time or before.
    pub to: Option<Time>,
    /// What was done, to what, or more about it contains this, whatever the case.
    pub text: Option<String>,
}

/// A page of the audit log, newest first, before an id.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &AuditFilter,
    before: i64,
    limit: i64,
) -> Result<Vec<Audited>, Error> {
    let pattern = filter.text.as_ref().map(|text| contains_pattern(text));
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(before), Arg::Int(limit)];
    let mut condition = String::new();
    let mut and = |text: &str, arg| {
        args.push(arg);
        condition.push_str(" and ");
        condition.push_str(&text.replace('?', &format!("${}", args.len())));
    };
    if let Some(person) = filter.person {
        and("person = ?", Arg::Int(person.0));
    }
    if let Some(from) = filter.from {
        and("at >= ?", Arg::Int(from.0));
    }
    if let Some(to) = filter.to {
        and("at <= ?", Arg::Int(to.0));
    }
    if let Some(pattern) = &pattern {
        and("{lower (action || ' ' || subject || ' ' || coalesce(detail, ''))} like ? escape '\\'", Arg::Text(pattern));
    }
    conn.query(
        &format!(
            "select id, at, person, origin, action, subject, detail from audit where tenant = $1 and id < $2{condition} \
             order by id desc limit $3"
        ),
        &args,
        |row| {
            Ok(Audited {
                id: row.int(0)?,
                at: Time(row.int(1)?),
                person: UserId(row.int(2)?),
                origin: row.text(3)?,
                action: row.text(4)?,
                subject: row.text(5)?,
                detail: row.opt_text(6)?,
            })
        },
    )
}
