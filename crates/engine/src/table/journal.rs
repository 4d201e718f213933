//! Journals and their moving part: the generation of entries being collected.

use lotbook_domain::id::{JournalId, LocationId, SeriesId, TenantId};
use lotbook_domain::journal::{Journal, JournalKind};

use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows};

/// A journal with what lists show of it.
#[derive(Clone, Debug)]
pub struct Described {
    /// The journal.
    pub journal: Journal,
    /// Free text.
    pub description: Option<String>,
    /// The location its entries are usually for; 0 = none.
    pub location: LocationId,
    /// Whether its bookings are for the general ledger.
    pub create_finance_entries: bool,
}

fn read(row: &Row<'_>) -> Result<Described, Error> {
    let kind = row.int(3)?;
    Ok(Described {
        journal: Journal {
            id: JournalId(row.int(0)?),
            name: row.text(1)?,
            kind: JournalKind::from_code(kind)
                .ok_or_else(|| Error::Internal(format!("journal kind {kind} is not known to this version")))?,
            is_auto_book: row.int(4)? != 0,
            is_hidden: row.int(5)? != 0,
            org_unit: LocationId(row.int(6)?),
            series: SeriesId(row.int(8)?),
        },
        description: row.opt_text(2)?,
        location: LocationId(row.int(7)?),
        create_finance_entries: row.int(9)? != 0,
    })
}

/// All journals in the order of ids.
pub fn all(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Described>, Error> {
    conn.query(
        "select id, name, description, kind, is_auto_book, is_hidden, org_unit, location, series, create_finance_entries \
         from journal where tenant = $1 order by id",
        &[Arg::Int(tenant.0)],
        read,
    )
}

/// The generation that a journal collects, read so that it stands until the transaction ends.
pub fn generations(
    conn: &mut Conn,
    tenant: TenantId,
    journals: impl IntoIterator<Item = JournalId>,
) -> Result<Vec<(JournalId, i64)>, Error> {
    let rows = Rows::ids(journals.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select s.journal, s.generation from {rows $2 (id bigint) r} cross join journal_state s \
         where s.tenant = $1 and s.journal = r.id order by s.journal {for share}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((JournalId(row.int(0)?), row.int(1)?)),
    )
}

/// Locks a journal for a change of its bookings; answers its generation.
pub fn lock(conn: &mut Conn, tenant: TenantId, journal: JournalId) -> Result<i64, Error> {
    make_states(conn, tenant, [journal])?;
    conn.one(
        "select generation from journal_state where tenant = $1 and journal = $2 {for update}",
        &[Arg::Int(tenant.0), Arg::Int(journal.0)],
        |row| row.int(0),
    )?
    .ok_or_else(|| Error::Internal(format!("journal {journal} has no state")))
}

/// Makes the moving part of journals that have none yet.
pub fn make_states(
    conn: &mut Conn,
    tenant: TenantId,
    journals: impl IntoIterator<Item = JournalId>,
) -> Result<(), Error> {
    let rows = Rows::ids(journals.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(());
    }
    conn.execute(
        "insert into journal_state (tenant, journal, generation) \
         select $1, r.id, 1 from {rows $2 (id bigint) r} where true on conflict (tenant, journal) do nothing",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Closes the generation that a journal collects and opens the next.
pub fn open_next(conn: &mut Conn, tenant: TenantId, journal: JournalId) -> Result<(), Error> {
    conn.execute(
        "update journal_state set generation = generation + 1 where tenant = $1 and journal = $2",
        &[Arg::Int(tenant.0), Arg::Int(journal.0)],
    )?;
    Ok(())
}

/// Forgets the moving part of a journal that goes away.
pub fn delete_state(conn: &mut Conn, tenant: TenantId, journal: JournalId) -> Result<(), Error> {
    conn.execute(
        "delete from journal_state where tenant = $1 and journal = $2",
        &[Arg::Int(tenant.0), Arg::Int(journal.0)],
    )?;
    Ok(())
}
