//! What verifying beside the work found last, by tenant, so that it is known after a restart.

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn};
use crate::verify::Report;

/// A verifying that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scrub {
    /// When it began.
    pub started_at: Time,
    /// When it was done.
    pub finished_at: Time,
    /// How many differences it found.
    pub differences: i64,
    /// The report as JSON: position, batches, movements, checks.
    pub report: String,
}

/// Keeps what was found, instead of what was found before.
pub fn keep(
    conn: &mut Conn,
    tenant: TenantId,
    (started_at, finished_at): (Time, Time),
    report: &Report,
) -> Result<(), Error> {
    let text = serde_json::to_string(report).map_err(|error| Error::Internal(error.to_string()))?;
    let differences = i64::try_from(report.differences()).unwrap_or(i64::MAX);
    conn.execute(
        "insert into scrub (tenant, started_at, finished_at, differences, report) values ($1, $2, $3, $4, $5) \
         on conflict (tenant) do update set started_at = excluded.started_at, finished_at = excluded.finished_at, \
         differences = excluded.differences, report = excluded.report",
        &[Arg::Int(tenant.0), Arg::Int(started_at.0), Arg::Int(finished_at.0), Arg::Int(differences), Arg::Text(&text)],
    )?;
    Ok(())
}

/// What was found last.
pub fn last(conn: &mut Conn, tenant: TenantId) -> Result<Option<Scrub>, Error> {
    conn.one(
        "select started_at, finished_at, differences, report from scrub where tenant = $1",
        &[Arg::Int(tenant.0)],
        |row| {
            Ok(Scrub {
                started_at: Time(row.int(0)?),
                finished_at: Time(row.int(1)?),
                differences: row.int(2)?,
                report: row.text(3)?,
            })
        },
    )
}
