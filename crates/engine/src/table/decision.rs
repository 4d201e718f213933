//! Facts that decide: settings and policies. Append-only, the newest word per subject and org unit holds.

use lotbook_domain::id::{LocationId, TenantId, UserId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Row};

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub id: i64,
    /// What about: `setting:negativeStock`.
    pub subject: String,
    /// For which org unit; 0 = the tenant.
    pub org_unit: LocationId,
    /// What was decided, as JSON; `None` = back to the default.
    pub value: Option<String>,
    /// It holds for batches after this position.
    pub since: i64,
    /// When it was taken.
    pub at: Time,
    /// By whom.
    pub person: UserId,
}

fn read(row: &Row<'_>) -> Result<Decision, Error> {
    Ok(Decision {
        id: row.int(0)?,
        subject: row.text(1)?,
        org_unit: LocationId(row.int(2)?),
        value: row.opt_text(3)?,
        since: row.int(4)?,
        at: Time(row.int(5)?),
        person: UserId(row.int(6)?),
    })
}

/// What holds now: the newest decision of each subject and org unit.
pub fn current(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Decision>, Error> {
    conn.query(
        "select d.id, d.subject, d.org_unit, d.value, d.since, d.at, d.person from decision d \
         join (select subject, org_unit, max(id) as id from decision where tenant = $1 group by subject, org_unit) n \
         on d.id = n.id where d.tenant = $1 order by d.subject, d.org_unit",
        &[Arg::Int(tenant.0)],
        read,
    )
}

/// What was last decided about one subject at one org unit; `None` where nothing was, or the default.
pub fn newest(conn: &mut Conn, tenant: TenantId, subject: &str, org_unit: i64) -> Result<Option<String>, Error> {
    let found = conn.one(
        "select value from decision where tenant = $1 and subject = $2 and org_unit = $3 order by id desc limit 1",
        &[Arg::Int(tenant.0), Arg::Text(subject), Arg::Int(org_unit)],
        |row| row.opt_text(0),
    )?;
    Ok(found.flatten())
}

/// Whether anything was ever decided about a subject.
pub fn is_known(conn: &mut Conn, tenant: TenantId, subject: &str) -> Result<bool, Error> {
    let found = conn.one(
        "select 1 from decision where tenant = $1 and subject = $2 limit 1",
        &[Arg::Int(tenant.0), Arg::Text(subject)],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// The decisions about a subject after an id, oldest first.
pub fn about(conn: &mut Conn, tenant: TenantId, subject: &str, after: i64, limit: i64) -> Result<Vec<Decision>, Error> {
    conn.query(
        "select id, subject, org_unit, value, since, at, person from decision \
         where tenant = $1 and subject = $2 and id > $3 order by id limit $4",
        &[Arg::Int(tenant.0), Arg::Text(subject), Arg::Int(after), Arg::Int(limit)],
        read,
    )
}

/// Every value that was ever decided on a subject, for whichever org unit.
pub fn values_of(conn: &mut Conn, tenant: TenantId, subject: &str) -> Result<Vec<String>, Error> {
    conn.query(
        "select distinct d.value from decision d where d.tenant = $1 and d.subject = $2 and d.value is not null",
        &[Arg::Int(tenant.0), Arg::Text(subject)],
        |row| row.text(0),
    )
}

/// Takes a decision.
pub fn insert(conn: &mut Conn, tenant: TenantId, decision: &Decision) -> Result<(), Error> {
    conn.execute(
        "insert into decision (tenant, id, subject, org_unit, value, since, at, person) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            Arg::Int(tenant.0),
            Arg::Int(decision.id),
            Arg::Text(&decision.subject),
            Arg::Int(decision.org_unit.0),
            Arg::OptText(decision.value.as_deref()),
            Arg::Int(decision.since),
            Arg::Int(decision.at.0),
            Arg::Int(decision.person.0),
        ],
    )?;
    Ok(())
}

/// Every decision in the order of ids, with the hash that is linked of it, if it is.
pub fn each(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(Decision, Option<Vec<u8>>) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        "select d.id, d.subject, d.org_unit, d.value, d.since, d.at, d.person, s.content_hash from decision d \
         left join said s on s.tenant = $1 and s.kind = 1 and s.word = d.id where d.tenant = $1 order by d.id",
        &[Arg::Int(tenant.0)],
        |row| each(read(row)?, row.opt_bytes(7)?),
    )
}
