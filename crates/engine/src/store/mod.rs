//! The database: connections, transactions, and statements that run on SQLite and on PostgreSQL.
//!
//! Statements are written once (see [`dialect`] for their words) and run on a [`Conn`], which is lent
//! for one transaction: [`Store::read`] shows one snapshot, [`Store::write`] changes all or nothing
//! and is run again when others were in the way. A whole batch travels as one argument ([`Rows`]).
//!
//! SQLite has one writer, granted in the order of asking, and up to eight readers beside it;
//! PostgreSQL has up to sixteen connections for both. Everything here blocks: async code calls it
//! from threads where it may, and drops the `Store` there too.

pub mod counter;
pub mod dialect;
mod migration;
mod pool;
mod postgres;
pub mod rows;
mod sqlite;
mod sqlite_rows;

use std::hash::{BuildHasher, Hasher};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use lotbook_domain::time::Time;

use self::dialect::{Failure, Translated};
use self::pool::{Pool, Turn};
use self::postgres::Postgres;
use self::sqlite::{Place, Role, Sqlite};
use crate::Error;

pub use self::counter::Counters;
pub use self::dialect::Dialect;
pub use self::rows::{Column, Rows};

/// How often a write is tried, and for how long it is begun anew, before its contention is reported.
const ATTEMPTS_MAX: u32 = 10;
const RETRY_MAX: Duration = Duration::from_secs(10);

/// An opened database.
pub struct Store {
    address: Address,
    /// SQLite: the one writer. On memory it serves readers too, since the data are in its connection.
    turn: Turn,
    /// SQLite: the readers. PostgreSQL: everybody.
    pool: Pool,
}

enum Address {
    Sqlite(Place),
    Postgres(Box<::postgres::Config>),
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, and connects once to see that it is
    /// there. A file that does not exist is made; its directory is not.
    pub fn open(url: &str) -> Result<Self, Error> {
        let (address, connections_max) = match url.strip_prefix("sqlite:") {
            Some("") => return Err(unknown_address()),
            Some(":memory:") => (Address::Sqlite(Place::Memory), 0),
            Some(path) => (Address::Sqlite(Place::File(path.into())), 8),
            None if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                (Address::Postgres(Box::new(postgres::config(url)?)), 16)
            }
            None => return Err(unknown_address()),
        };
        let store = Self { address, turn: Turn::default(), pool: Pool::new(connections_max) };
        drop(store.writer()?);
        Ok(store)
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.address {
            Address::Sqlite(_) => Dialect::Sqlite,
            Address::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Brings the schema up to this version of the program, and says how many steps that took.
    ///
    /// Several servers may do so at once. A database that a newer program has changed, or whose
    /// steps are not the ones of this program, is refused (`schemaNewer`, `schemaDiffers`).
    pub fn migrate(&self, now: Time) -> Result<usize, Error> {
        migration::run(self, now)
    }

    /// Reads one snapshot: nothing that others commit meanwhile is seen. Writing fails.
    pub fn read<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let mut lent = match self.address {
            Address::Sqlite(Place::Memory) => self.lend(Owner::Turn)?,
            _ => self.lend(Owner::Pool)?,
        };
        lent.begin(Purpose::Read)?;
        let value = f(lent.conn())?;
        lent.conn().commit()?;
        Ok(value)
    }

    /// Writes in one transaction: committed when `f` answers `Ok`, else rolled back.
    ///
    /// When another transaction was in the way, `f` runs again from the start, so it must not keep
    /// anything from a run that failed.
    pub fn write<T>(&self, mut f: impl FnMut(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let started = Instant::now();
        for attempt in 1.. {
            let mut writer = self.writer()?;
            let outcome = writer.begin().and_then(|()| f(&mut writer)).and_then(|value| {
                writer.commit()?;
                Ok(value)
            });
            let again =
                outcome.is_err() && writer.has_contention() && attempt < ATTEMPTS_MAX && started.elapsed() < RETRY_MAX;
            if !again {
                return outcome;
            }
            drop(writer);
            std::thread::sleep(pause(attempt));
        }
        unreachable!("the loop ends by returning")
    }

    /// A connection for writing, with the transaction in the caller's hands.
    ///
    /// On SQLite it is the one writer, and whoever asks waits for it; on PostgreSQL several may write
    /// at once.
    pub fn writer(&self) -> Result<WriterGuard<'_>, Error> {
        let owner = match self.address {
            Address::Sqlite(_) => Owner::Turn,
            Address::Postgres(_) => Owner::Pool,
        };
        Ok(WriterGuard { lent: self.lend(owner)? })
    }

    fn lend(&self, owner: Owner) -> Result<Lent<'_>, Error> {
        let conn = match owner {
            Owner::Turn => match self.turn.take()? {
                Some(conn) => conn,
                None => self.connect(Role::Writer).inspect_err(|_| self.turn.put(None))?,
            },
            Owner::Pool => self.pool.take(|| self.connect(Role::Reader))?,
        };
        Ok(Lent { store: self, owner, conn: Some(conn) })
    }

    /// The role matters to SQLite only.
    fn connect(&self, role: Role) -> Result<Conn, Error> {
        let link = match &self.address {
            Address::Sqlite(place) => Link::Sqlite(Sqlite::open(place, role)?),
            Address::Postgres(config) => Link::Postgres(Postgres::open(config)?),
        };
        Ok(Conn { link, transaction: None, savepoints: 0, has_contention: false, is_lost: false, is_spoiled: false })
    }

    /// Whether the data would go with the connection.
    fn is_memory(&self) -> bool {
        matches!(self.address, Address::Sqlite(Place::Memory))
    }
}

fn unknown_address() -> Error {
    Error::Internal(
        "the address of the database must be sqlite:PATH, sqlite::memory: or postgres://user:password@host:port/database"
            .into(),
    )
}

/// A random part keeps two transactions from meeting again and again; the keys of a hash map are
/// random without a crate for it.
fn pause(attempt: u32) -> Duration {
    let base_us = 1_000_u64 << attempt.min(6);
    let random = std::hash::RandomState::new().build_hasher().finish();
    Duration::from_micros(base_us / 2 + random % base_us)
}

/// Where a connection goes back to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Turn,
    Pool,
}

/// A connection on loan. Going back, it rolls back what was not committed.
struct Lent<'s> {
    store: &'s Store,
    owner: Owner,
    conn: Option<Conn>,
}

impl Lent<'_> {
    fn conn(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("the connection is taken out on drop only")
    }

    fn begin(&mut self, purpose: Purpose) -> Result<(), Error> {
        let memory = self.store.is_memory();
        let outcome = self.conn().begin(purpose, memory);
        // A pooled connection may have died while nobody used it; nothing has been done on it yet.
        if outcome.is_err() && self.conn().is_lost {
            *self.conn() = self.store.connect(Role::Reader)?;
            return self.conn().begin(purpose, memory);
        }
        outcome
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut conn = self.conn.take().expect("the connection is taken out here only");
        let is_clean = conn.transaction.is_none() || conn.rollback().is_ok();
        let is_usable = is_clean && !conn.is_lost && !conn.is_closed() || self.store.is_memory();
        let conn = is_usable.then_some(conn);
        match self.owner {
            Owner::Turn => self.store.turn.put(conn),
            Owner::Pool => self.store.pool.put(conn),
        }
    }
}

/// A connection for writing whose transactions the holder begins and ends. Dropping it rolls back.
pub struct WriterGuard<'s> {
    lent: Lent<'s>,
}

impl WriterGuard<'_> {
    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<(), Error> {
        self.lent.begin(Purpose::Write)
    }

    /// Commits it. After an error that is `Busy` without contention (a lost connection) nobody knows
    /// whether it was committed.
    pub fn commit(&mut self) -> Result<(), Error> {
        self.lent.conn().commit()
    }

    /// Undoes it.
    pub fn rollback(&mut self) -> Result<(), Error> {
        self.lent.conn().rollback()
    }

    /// Whether a statement since `begin` failed because another transaction was in the way, so that
    /// running the whole transaction again is right.
    pub fn has_contention(&self) -> bool {
        self.has_contention
    }
}

impl Deref for WriterGuard<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.lent.conn.as_ref().expect("the connection is taken out on drop only")
    }
}

impl DerefMut for WriterGuard<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.lent.conn()
    }
}

/// A connection, lent for a transaction.
pub struct Conn {
    link: Link,
    transaction: Option<Purpose>,
    savepoints: usize,
    has_contention: bool,
    is_lost: bool,
    /// A statement failed, so that PostgreSQL would answer a commit by rolling back.
    is_spoiled: bool,
}

enum Link {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Write,
}

impl Conn {
    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.link {
            Link::Sqlite(_) => Dialect::Sqlite,
            Link::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement and says how many rows it changed.
    pub fn execute(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, Error> {
        let outcome = match &mut self.link {
            Link::Sqlite(link) => link.execute(sql, args),
            Link::Postgres(link) => link.execute(sql, args),
        };
        self.judge(outcome)
    }

    /// Runs a query and collects what `row` makes of each row.
    pub fn query<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut values = Vec::new();
        self.each(sql, args, |next| {
            values.push(row(next)?);
            Ok(())
        })?;
        Ok(values)
    }

    /// Runs a query and shows row by row; memory stays flat however many there are. An error from
    /// `row` ends it.
    pub fn each(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let outcome = match &mut self.link {
            Link::Sqlite(link) => link.each(sql, args, &mut row),
            Link::Postgres(link) => link.each(sql, args, &mut row),
        };
        self.judge(outcome)
    }

    /// Runs a query and makes a value of its first row, if there is one. The others are read and
    /// forgotten: say `limit 1` where there may be many.
    pub fn one<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut first = None;
        self.each(sql, args, |next| {
            if first.is_none() {
                first = Some(row(next)?);
            }
            Ok(())
        })?;
        Ok(first)
    }

    /// Does a part of a transaction that may fail alone: what `f` changed is undone when it answers
    /// `Err`, and the transaction goes on.
    pub fn savepoint<T>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let name = format!("part{}", self.savepoints);
        let was_spoiled = self.is_spoiled;
        self.script(&format!("savepoint {name}"))?;
        self.savepoints += 1;
        let outcome = f(self);
        self.savepoints -= 1;
        match outcome {
            Ok(value) => {
                self.script(&format!("release savepoint {name}"))?;
                Ok(value)
            }
            Err(error) => {
                // When even this fails, the whole transaction is lost, and the first error says why.
                let undone = self
                    .script(&format!("rollback to savepoint {name}"))
                    .and_then(|()| self.script(&format!("release savepoint {name}")));
                match undone {
                    Ok(()) => self.is_spoiled = was_spoiled,
                    Err(_) => self.is_lost = true,
                }
                Err(error)
            }
        }
    }

    /// Runs statements without arguments and without answers, in the words of this database.
    fn script(&mut self, sql: &str) -> Result<(), Error> {
        let outcome = match &mut self.link {
            Link::Sqlite(link) => link.script(sql),
            Link::Postgres(link) => link.script(sql),
        };
        self.judge(outcome)
    }

    fn begin(&mut self, purpose: Purpose, memory: bool) -> Result<(), Error> {
        if self.transaction.is_some() {
            return Err(Error::Internal("a transaction is open already; end it before the next begins".into()));
        }
        self.has_contention = false;
        self.is_spoiled = false;
        self.savepoints = 0;
        if memory {
            // One connection serves both, so it has to be told.
            self.script(if purpose == Purpose::Read { "pragma query_only = on" } else { "pragma query_only = off" })?;
        }
        let dialect = self.dialect();
        self.script(if purpose == Purpose::Read { dialect.begin_read() } else { dialect.begin_write() })?;
        self.transaction = Some(purpose);
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        if self.transaction.is_none() {
            return Err(Error::Internal("there is no transaction to commit".into()));
        }
        if self.is_spoiled {
            return Err(Error::Internal(
                "a statement of this transaction failed, so it cannot be committed; what may fail goes into a savepoint"
                    .into(),
            ));
        }
        let outcome = self.script("commit");
        if outcome.is_err() && self.is_lost {
            // Perhaps it was committed, so running it again is not for us to decide.
            self.has_contention = false;
            self.transaction = None;
            return Err(Error::Busy(
                "the connection to the database was lost during the commit; whether the change was saved shows when \
                 the request is sent again with the same idempotency key"
                    .into(),
            ));
        }
        outcome?;
        self.transaction = None;
        Ok(())
    }

    fn rollback(&mut self) -> Result<(), Error> {
        if self.transaction.is_none() {
            return Err(Error::Internal("there is no transaction to roll back".into()));
        }
        let is_open = match &self.link {
            Link::Sqlite(link) => link.has_transaction(),
            Link::Postgres(_) => true,
        };
        if is_open {
            self.script("rollback")?;
        }
        self.transaction = None;
        Ok(())
    }

    fn is_closed(&self) -> bool {
        match &self.link {
            Link::Sqlite(_) => false,
            Link::Postgres(link) => link.is_closed(),
        }
    }

    fn judge<T>(&mut self, outcome: Result<T, Failure>) -> Result<T, Error> {
        outcome.map_err(|failure| {
            self.has_contention |= failure.is_contention;
            self.is_lost |= failure.is_lost;
            self.is_spoiled |= failure.is_spoiling;
            failure.error
        })
    }
}

/// A value for a parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// A whole number.
    Int(i64),
    /// A whole number or null.
    OptInt(Option<i64>),
    /// A text.
    Text(&'a str),
    /// A text or null.
    OptText(Option<&'a str>),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A byte string or null.
    OptBytes(Option<&'a [u8]>),
    /// A batch, for the marker `{rows …}`.
    Rows(&'a Rows),
}

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::OptInt(value)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::OptText(value)
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a> From<&'a Rows> for Arg<'a> {
    fn from(value: &'a Rows) -> Self {
        Self::Rows(value)
    }
}

/// Sees that the arguments are those the statement speaks of.
fn check_args(translated: &Translated, args: &[Arg<'_>]) -> Result<(), Error> {
    if args.len() < translated.args_min {
        return Err(Error::Internal(format!(
            "the statement speaks of ${} but has {} arguments, in: {}",
            translated.args_min,
            args.len(),
            translated.text
        )));
    }
    for (arg, kinds) in &translated.batches {
        let fits = match args[*arg] {
            Arg::Rows(rows) => rows.columns().iter().map(Column::kind).eq(kinds.iter().copied()),
            _ => false,
        };
        if !fits {
            return Err(Error::Internal(format!(
                "argument ${} is not a batch of the {} columns that the statement names, in: {}",
                arg + 1,
                kinds.len(),
                translated.text
            )));
        }
    }
    Ok(())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, is_contention: false, is_lost: false, is_spoiling: false }
    }
}

/// A row of an answer; columns are counted from 0.
pub enum Row<'a> {
    #[doc(hidden)]
    Sqlite(&'a rusqlite::Row<'a>),
    #[doc(hidden)]
    Postgres(&'a ::postgres::Row),
}

/// PostgreSQL's answers of every whole kind as one: `exists` is a boolean there, a literal is short.
struct Whole(i64);

impl<'a> ::postgres::types::FromSql<'a> for Whole {
    fn from_sql(
        kind: &::postgres::types::Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        use ::postgres::types::Type;
        Ok(Self(match *kind {
            Type::INT4 => i32::from_sql(kind, raw)?.into(),
            Type::INT2 => i16::from_sql(kind, raw)?.into(),
            Type::BOOL => bool::from_sql(kind, raw)?.into(),
            _ => i64::from_sql(kind, raw)?,
        }))
    }

    fn accepts(kind: &::postgres::types::Type) -> bool {
        use ::postgres::types::Type;
        [Type::INT8, Type::INT4, Type::INT2, Type::BOOL].contains(kind)
    }
}

impl Row<'_> {
    /// A whole number.
    pub fn int(&self, i: usize) -> Result<i64, Error> {
        match self {
            Self::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Self::Postgres(row) => row.try_get(i).map(|Whole(value)| value).map_err(|error| misread(i, &error)),
        }
    }

    /// A whole number or null.
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>, Error> {
        match self {
            Self::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Self::Postgres(row) => row
                .try_get::<_, Option<Whole>>(i)
                .map(|value| value.map(|Whole(value)| value))
                .map_err(|error| misread(i, &error)),
        }
    }

    /// A text, where it stands.
    pub fn str(&self, i: usize) -> Result<&str, Error> {
        match self {
            Self::Sqlite(row) => {
                let value = row.get_ref(i).map_err(|error| misread(i, &error))?;
                value.as_str().map_err(|error| misread(i, &error))
            }
            Self::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }

    /// A text.
    pub fn text(&self, i: usize) -> Result<String, Error> {
        self.str(i).map(str::to_string)
    }

    /// A text or null.
    pub fn opt_text(&self, i: usize) -> Result<Option<String>, Error> {
        match self {
            Self::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Self::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }

    /// A byte string.
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>, Error> {
        match self {
            Self::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Self::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }

    /// A byte string or null.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<Vec<u8>>, Error> {
        match self {
            Self::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Self::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }
}

fn misread(i: usize, error: &dyn std::error::Error) -> Error {
    Error::Internal(format!("column {i} of an answer: {error}"))
}
