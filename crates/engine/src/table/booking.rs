//! Bookings: waiting, booked or rejected.

use std::collections::BTreeSet;

use lotbook_domain::id::{BatchId, BookingId, JournalId, TenantId, UserId};
use lotbook_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};
use crate::table::entry::BookingFilter;

/// All the state there is: the worker's lock is what "running" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BookingState {
    /// Not decided yet.
    Waiting,
    /// All of its entries are movements now.
    Booked,
    /// None of its entries is; they are still in the journal.
    Rejected,
}

impl BookingState {
    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Waiting => 1,
            Self::Booked => 2,
            Self::Rejected => 3,
        }
    }

    fn from_code(code: i64) -> Self {
        match code {
            2 => Self::Booked,
            3 => Self::Rejected,
            _ => Self::Waiting,
        }
    }
}

/// Why an entry was not booked, as it is kept with the booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptFault {
    /// The entry.
    pub entry: i64,
    /// The voucher's number.
    pub voucher_number: i64,
    /// A stable code.
    pub code: String,
    /// The sentence.
    pub message: String,
}

/// A booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Its id; the requisition of the ERP face.
    pub id: BookingId,
    /// Its ULID.
    pub uid: String,
    /// The journal.
    pub journal: JournalId,
    /// It takes entries up to this generation.
    pub generation: i64,
    /// Which of them.
    pub filter: BookingFilter,
    /// How far it is.
    pub state: BookingState,
    /// 1 running or booked, 2 faulty entries, 3 negative stock, 4 closed period, 5 instance conflict,
    /// 9 our fault.
    pub result_code: i64,
    /// The number of the first faulty voucher; 0 = none.
    pub faulted_number: i64,
    /// What was wrong, at most [`FAULTS_KEPT`]; after a booking under the policy `warn`, what it warns of.
    pub faults: Vec<KeptFault>,
    /// How many entries it was about.
    pub entry_count: i64,
    /// The batch it became; 0 = none.
    pub batch: BatchId,
    /// When it was asked for.
    pub requested_at: Time,
    /// By whom.
    pub requested_by: UserId,
    /// When it was decided.
    pub finished_at: Option<Time>,
}

/// Nobody reads more faults of one booking.
pub const FAULTS_KEPT: usize = 200;

const COLUMNS: &str = "b.id, b.uid, b.journal, b.generation, b.filter, b.state, b.result_code, b.faulted_number, \
     b.faults, b.entry_count, b.batch, b.requested_at, b.requested_by, b.finished_at";

fn read(row: &Row<'_>) -> Result<Booking, Error> {
    let filter = match row.opt_text(4)? {
        None => BookingFilter::default(),
        Some(text) => serde_json::from_str(&text)
            .map_err(|fault| Error::Internal(format!("the filter of a booking is unreadable: {fault}")))?,
    };
    let faults = match row.opt_text(8)? {
        None => Vec::new(),
        Some(text) => serde_json::from_str(&text)
            .map_err(|fault| Error::Internal(format!("the faults of a booking are unreadable: {fault}")))?,
    };
    Ok(Booking {
        id: BookingId(row.int(0)?),
        uid: row.text(1)?,
        journal: JournalId(row.int(2)?),
        generation: row.int(3)?,
        filter,
        state: BookingState::from_code(row.int(5)?),
        result_code: row.int(6)?,
        faulted_number: row.int(7)?,
        faults,
        entry_count: row.int(9)?,
        batch: BatchId(row.int(10)?),
        requested_at: Time(row.int(11)?),
        requested_by: UserId(row.int(12)?),
        finished_at: row.opt_int(13)?.map(Time),
    })
}

fn filter_text(filter: &BookingFilter) -> Option<String> {
    (*filter != BookingFilter::default()).then(|| serde_json::to_string(filter).expect("a filter is plain data"))
}

fn fault_text(faults: &[KeptFault]) -> Option<String> {
    (!faults.is_empty()).then(|| serde_json::to_string(faults).expect("faults are plain data"))
}

/// Writes bookings: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, bookings: &[Booking]) -> Result<(), Error> {
    if bookings.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Booking) -> i64| Column::Int(bookings.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|b| b.id.0),
        Column::Text(bookings.iter().map(|b| b.uid.clone()).collect()),
        ints(|b| b.journal.0),
        ints(|b| b.generation),
        Column::OptText(bookings.iter().map(|b| filter_text(&b.filter)).collect()),
        ints(|b| b.state.code()),
        ints(|b| b.result_code),
        ints(|b| b.faulted_number),
        Column::OptText(bookings.iter().map(|b| fault_text(&b.faults)).collect()),
        ints(|b| b.entry_count),
        ints(|b| b.batch.0),
        ints(|b| b.requested_at.0),
        ints(|b| b.requested_by.0),
        Column::OptInt(bookings.iter().map(|b| b.finished_at.map(|at| at.0)).collect()),
    ]);
    conn.execute(
        "insert into booking (tenant, id, uid, journal, generation, filter, state, result_code, faulted_number, \
         faults, entry_count, batch, requested_at, requested_by, finished_at) \
         select $1, b.id, b.uid, b.journal, b.generation, b.filter, b.state, b.result_code, b.faulted_number, \
         b.faults, b.entry_count, b.batch, b.requested_at, b.requested_by, b.finished_at \
         from {rows $2 (id bigint, uid text, journal bigint, generation bigint, filter text, state bigint, \
         result_code bigint, faulted_number bigint, faults text, entry_count bigint, batch bigint, \
         requested_at bigint, requested_by bigint, finished_at bigint) b}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The booking with this id.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: BookingId) -> Result<Option<Booking>, Error> {
    conn.one(
        &format!("select {COLUMNS} from booking b where b.tenant = $1 and b.id = $2"),
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
        read,
    )
}

/// The booking, locked, if it still waits and nobody else has it.
pub fn claim(conn: &mut Conn, tenant: TenantId, id: BookingId) -> Result<Option<Booking>, Error> {
    conn.one(
        &format!(
            "select {COLUMNS} from booking b where b.tenant = $1 and b.id = $2 and b.state = 1 {{for update}} {{skip locked}}"
        ),
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
        read,
    )
}

/// The bookings that wait, oldest first.
pub fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<(TenantId, BookingId)>, Error> {
    conn.query(
        "select b.tenant, b.id from booking b where b.state = 1 order by b.requested_at, b.id limit $1",
        &[Arg::Int(limit)],
        |row| Ok((TenantId(row.int(0)?), BookingId(row.int(1)?))),
    )
}

/// The bookings of a tenant that wait, by journal, oldest first.
pub fn waiting_of(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Booking>, Error> {
    conn.query(
        &format!("select {COLUMNS} from booking b where b.tenant = $1 and b.state = 1 order by b.id"),
        &[Arg::Int(tenant.0)],
        read,
    )
}

/// Writes how a booking ended.
pub fn finish(conn: &mut Conn, tenant: TenantId, booking: &Booking) -> Result<(), Error> {
    let faults = fault_text(&booking.faults);
    conn.execute(
        "update booking set state = $3, result_code = $4, faulted_number = $5, faults = $6, entry_count = $7, \
         batch = $8, finished_at = $9 where tenant = $1 and id = $2 and state = 1",
        &[
            Arg::Int(tenant.0),
            Arg::Int(booking.id.0),
            Arg::Int(booking.state.code()),
            Arg::Int(booking.result_code),
            Arg::Int(booking.faulted_number),
            Arg::OptText(faults.as_deref()),
            Arg::Int(booking.entry_count),
            Arg::Int(booking.batch.0),
            Arg::OptInt(booking.finished_at.map(|at| at.0)),
        ],
    )?;
    Ok(())
}

/// A page of bookings, newest first, before an id.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    journal: Option<JournalId>,
    before: i64,
    limit: i64,
) -> Result<Vec<Booking>, Error> {
    conn.query(
        &format!(
            "select {COLUMNS} from booking b where b.tenant = $1 and b.id < $2 and ($3 = 0 or b.journal = $3) \
             order by b.id desc limit $4"
        ),
        &[Arg::Int(tenant.0), Arg::Int(before), Arg::Int(journal.map_or(0, |id| id.0)), Arg::Int(limit)],
        read,
    )
}

/// Which of these bookings exist.
pub fn known(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = BookingId>,
) -> Result<BTreeSet<i64>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = conn.query(
        "select b.id from {rows $2 (id bigint) r} cross join booking b where b.tenant = $1 and b.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| row.int(0),
    )?;
    Ok(found.into_iter().collect())
}
