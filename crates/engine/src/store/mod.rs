//! The database: connections, transactions, and statements that run on SQLite and on PostgreSQL.
//!
//! Statements are written once (see [`dialect`] for their words) and run on a [`Conn`], which is lent
//! for one transaction: [`Store::read`] shows one snapshot, [`Store::write`] changes all or nothing
//! and is run again when others were in the way. A whole batch travels as one argument ([`Rows`]).
//!
//! SQLite has one writer, granted in the order of asking, and up to eight readers beside it;
//! PostgreSQL has up to sixteen connections for both. Everything here blocks: async code calls it
//! from threads where it may, and drops the `Store` there too.

mod arg;
pub mod backup;
mod checkpoint;
mod conn;
pub mod counter;
pub mod dialect;
mod fuse;
mod migration;
mod pool;
mod postgres;
mod row;
pub mod rows;
pub mod scratch;
mod sqlite;
mod sqlite_rows;
mod tls;
mod twin;

use std::hash::{BuildHasher, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lotbook_domain::time::Time;

use self::checkpoint::Checkpointer;
use self::conn::{Link, Purpose};
use self::pool::{Pool, Turn};
use self::sqlite::{Place, Role, Sqlite};
use self::twin::Readers;
use crate::Error;

pub use self::arg::Arg;
pub use self::conn::Conn;
pub use self::counter::Counters;
pub use self::dialect::Dialect;
pub use self::fuse::Fuse;
pub use self::row::{Row, long_sum};
pub use self::rows::{Column, Rows};
pub use self::tls::tls;
pub use self::twin::Twin;

/// How often a write is tried, and for how long it is begun anew, before its contention is reported.
const ATTEMPTS_MAX: u32 = 10;
const RETRY_MAX: Duration = Duration::from_mins(1);

/// An opened database.
pub struct Store {
    /// SQLite: the one writer. On memory it serves readers too, since the data are in its connection.
    turn: Turn,
    /// SQLite: the readers. PostgreSQL: everybody.
    readers: Arc<Readers>,
    /// A SQLite file's.
    checkpointer: Option<Checkpointer>,
}

enum Address {
    Sqlite(Place),
    Postgres(Box<::postgres::Config>),
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, and connects once to see that it is
    /// there. A file that does not exist is made; its directory is not.
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::open_with(url, None)
    }

    /// [`Self::open`] with a fuse that ends every statement when it blows: for simulations.
    pub fn open_with_fuse(url: &str, fuse: Arc<Fuse>) -> Result<Self, Error> {
        Self::open_with(url, Some(fuse))
    }

    fn open_with(url: &str, fuse: Option<Arc<Fuse>>) -> Result<Self, Error> {
        let (address, connections_max) = match url.strip_prefix("sqlite:") {
            Some("") => return Err(unknown_address()),
            Some(":memory:") => (Address::Sqlite(Place::Memory), 0),
            Some(path) => (Address::Sqlite(Place::File(path.into())), 8),
            None if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                (Address::Postgres(Box::new(postgres::config(url)?)), 16)
            }
            None => return Err(unknown_address()),
        };
        let checkpointer = match &address {
            Address::Sqlite(Place::File(path)) => Some(Checkpointer::start(path.clone()).map_err(|error| {
                Error::Internal(format!("the thread that looks after the log cannot be started: {error}"))
            })?),
            _ => None,
        };
        let readers = Arc::new(Readers { address, pool: Pool::new(connections_max), fuse });
        let store = Self { checkpointer, turn: Turn::default(), readers };
        drop(store.writer()?);
        Ok(store)
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.readers.address {
            Address::Sqlite(_) => Dialect::Sqlite,
            Address::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether one can read a snapshot on SQLite while another connection writes: not in memory, where
    /// there is one connection for all.
    pub fn is_sqlite_file(&self) -> bool {
        matches!(self.readers.address, Address::Sqlite(Place::File(_)))
    }

    /// Brings the schema up to this version of the program, and says how many steps that took.
    ///
    /// Several servers may do so at once. A database that a newer program has changed, or whose
    /// steps are not the ones of this program, is refused (`schemaNewer`, `schemaDiffers`).
    pub fn migrate(&self, now: Time) -> Result<usize, Error> {
        migration::run(self, now)
    }

    /// Whether there is a schema of Lotbook at all, of whatever version.
    pub fn has_schema(&self) -> Result<bool, Error> {
        self.read(migration::has_table)
    }

    /// How many steps the schema is behind this version of the program; [`Self::migrate`] would take them.
    pub fn count_missing_migrations(&self) -> Result<usize, Error> {
        migration::count_missing(self)
    }

    /// Reads one snapshot: nothing that others commit meanwhile is seen. Writing fails.
    pub fn read<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let mut lent = match self.readers.address {
            Address::Sqlite(Place::Memory) => self.lend(Owner::Turn)?,
            _ => self.lend(Owner::Pool)?,
        };
        lent.begin(Purpose::Read)?;
        let value = f(lent.conn())?;
        lent.conn().commit()?;
        Ok(value)
    }

    /// [`Self::read`] over two connections that see the same, for two threads that share the work. The second is missing
    /// where there is none to be had: in memory, and while all are in use or somebody else writes for too long.
    ///
    /// Cost: on SQLite a turn of the writer, in which nobody commits, so that both see the same.
    pub fn read_beside<T>(&self, f: impl FnOnce(&mut Conn, Option<&mut Conn>) -> Result<T, Error>) -> Result<T, Error> {
        if !self.is_sqlite_file() {
            return self.read(|conn| {
                let mut twin = conn.twin()?;
                f(conn, twin.as_deref_mut())
            });
        }
        let mut lent = self.lend(Owner::Pool)?;
        let mut twin = self.readers.spare()?;
        let mut writer = twin.as_ref().and_then(|_| self.writer().ok());
        if writer.as_mut().is_none_or(|writer| writer.begin().is_err()) {
            twin = None;
        }
        lent.begin(Purpose::Read)?;
        lent.conn().fix_snapshot()?;
        twin = twin.and_then(|mut twin| {
            twin.begin(Purpose::Read, false).and_then(|()| twin.fix_snapshot()).is_ok().then_some(twin)
        });
        drop(writer);
        let value = f(lent.conn(), twin.as_deref_mut())?;
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

    /// Has the database look at the tables of the ledger, so that it plans by what is there. Nothing where it does not
    /// plan by that.
    pub fn measure(&self) -> Result<(), Error> {
        let Some(script) = self.dialect().measure() else { return Ok(()) };
        self.lend(Owner::Pool)?.conn().script(script)
    }

    /// Has the database give up what booked entries have left behind. Nothing where nothing is left behind.
    pub fn sweep(&self) -> Result<(), Error> {
        let Some(script) = self.dialect().sweep() else { return Ok(()) };
        self.lend(Owner::Pool)?.conn().script(script)
    }

    /// A connection for writing, with the transaction in the caller's hands.
    ///
    /// On SQLite it is the one writer, and whoever asks waits for it; on PostgreSQL several may write
    /// at once.
    pub fn writer(&self) -> Result<WriterGuard<'_>, Error> {
        let owner = match self.readers.address {
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
            Owner::Pool => self.readers.pool.take(|| self.readers.connect())?,
        };
        Ok(Lent { store: self, owner, conn: Some(conn) })
    }

    /// The role matters to SQLite only.
    fn connect(&self, role: Role) -> Result<Conn, Error> {
        match (&self.readers.address, role) {
            (Address::Sqlite(place), Role::Writer) => {
                let mut link = Sqlite::open(place, role)?;
                if let Some(checkpointer) = &self.checkpointer {
                    link.watched_by(checkpointer)?;
                }
                Ok(Conn::new(Link::Sqlite(link), self.readers.fuse.clone(), Arc::downgrade(&self.readers)))
            }
            _ => self.readers.connect(),
        }
    }

    /// Whether the data would go with the connection.
    fn is_memory(&self) -> bool {
        matches!(self.readers.address, Address::Sqlite(Place::Memory))
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
        // A connection may have died while nobody used it; nothing has been done on it yet.
        if outcome.is_err() && self.conn().is_lost && !self.conn().has_transaction() && !memory {
            let role = if self.owner == Owner::Turn { Role::Writer } else { Role::Reader };
            *self.conn() = self.store.connect(role)?;
            return self.conn().begin(purpose, memory);
        }
        outcome
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut conn = self.conn.take().expect("the connection is taken out here only");
        let is_clean = !conn.has_transaction() || conn.rollback().is_ok();
        let is_usable = is_clean && !conn.is_lost && !conn.is_closed() || self.store.is_memory();
        let conn = is_usable.then_some(conn);
        match self.owner {
            Owner::Turn => self.store.turn.put(conn),
            Owner::Pool => self.store.readers.pool.put(conn),
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
