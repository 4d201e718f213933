//! Closed periods: the setting `closedUntil`, seen as records.

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use super::list::cursor_after;
use super::reference::Reference;
use super::setting::apply;
use super::value::{Value, quote};
use crate::error::Error;
use crate::store::{Arg, Conn};
use crate::write::{Change, Tx};

/// Closes a period: the setting `closedUntil`, seen as a record. Answers `{id, closedUntil, …}`.
pub struct ClosePeriod {
    /// The last day or instant that is closed.
    pub closed_until: Value,
    /// For which org unit; `None` = the tenant.
    pub org_unit: Option<Reference>,
}

impl Change for ClosePeriod {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        apply(tx, "closedUntil", &self.closed_until, self.org_unit.as_ref()).map_err(|error| match error {
            Error::Invalid(violations) => Error::Invalid(
                violations
                    .into_iter()
                    .map(|found| Violation {
                        field: if found.field == "value" { "closedUntil" } else { found.field },
                        ..found
                    })
                    .collect(),
            ),
            other => other,
        })?;
        let mut newest =
            periods_where(tx.conn, tx.tenant, "d.id = (select max(id) from decision where tenant = $1)", 0, 1)?;
        newest.pop().map(|(_, json)| json).ok_or_else(|| Error::Internal("a decision was not kept".to_owned()))
    }
}

/// Closed periods as `{"items": [...], "nextCursor": …}`, in the order in which they were closed.
pub fn list(conn: &mut Conn, tenant: TenantId, after: i64, limit: i64) -> Result<String, Error> {
    let mut found = periods_where(conn, tenant, "1 = 1", after, limit + 1)?;
    let next = if found.len() as i64 > limit {
        found.truncate(limit as usize);
        found.last().map_or_else(|| "null".to_owned(), |(id, _)| format!("\"{}\"", cursor_after(*id)))
    } else {
        "null".to_owned()
    };
    let items: Vec<String> = found.into_iter().map(|(_, json)| json).collect();
    Ok(format!("{{\"items\":[{}],\"nextCursor\":{next}}}", items.join(",")))
}

fn periods_where(
    conn: &mut Conn,
    tenant: TenantId,
    condition: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>, Error> {
    let sql = format!(
        "select d.id, d.value, d.org_unit, l.path, d.since, d.at, d.person, p.name from decision d \
         left join location l on l.tenant = d.tenant and l.id = d.org_unit \
         left join person p on p.tenant = d.tenant and p.id = d.person \
         where d.tenant = $1 and d.subject = 'setting:closedUntil' and d.id > $2 and {condition} order by d.id limit $3"
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Int(after), Arg::Int(limit)], |row| {
        let id = row.int(0)?;
        let mut out =
            format!("{{\"id\":{id},\"closedUntil\":{}", row.opt_text(1)?.unwrap_or_else(|| "null".to_owned()));
        match (row.int(2)?, row.opt_text(3)?) {
            (0, _) => out.push_str(",\"orgUnit\":null"),
            (at, path) => {
                out.push_str(&format!(",\"orgUnit\":{{\"id\":{at},\"path\":"));
                quote(path.as_deref().unwrap_or_default(), &mut out);
                out.push('}');
            }
        }
        out.push_str(&format!(
            ",\"since\":{},\"closedAt\":\"{}\",\"closedBy\":{{\"id\":{},\"name\":",
            row.int(4)?,
            Time(row.int(5)?),
            row.int(6)?
        ));
        match row.opt_text(7)? {
            Some(name) => quote(&name, &mut out),
            None => out.push_str("null"),
        }
        out.push_str("}}");
        Ok((id, out))
    })
}
