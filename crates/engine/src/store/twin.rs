//! A second connection on the snapshot of a first one: two threads read what one transaction would.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::conn::{Link, Purpose};
use super::fuse::Fuse;
use super::pool::Pool;
use super::postgres::Postgres;
use super::sqlite::{Role, Sqlite};
use super::{Address, Conn};
use crate::Error;

/// The connections that a store lends for reading, and how more of them are opened.
pub(super) struct Readers {
    pub address: Address,
    pub pool: Pool,
    pub fuse: Option<Arc<Fuse>>,
}

impl Readers {
    /// Opens a connection that knows where it came from.
    pub fn connect(self: &Arc<Self>) -> Result<Conn, Error> {
        let link = match &self.address {
            Address::Sqlite(place) => Link::Sqlite(Sqlite::open(place, Role::Reader)?),
            Address::Postgres(config) => Link::Postgres(Postgres::open(config)?),
        };
        Ok(Conn::new(link, self.fuse.clone(), Arc::downgrade(self)))
    }

    /// A connection for whoever can do without: `None` where all are in use.
    pub fn spare(self: &Arc<Self>) -> Result<Option<Twin>, Error> {
        let taken = self.pool.take_spare(|| self.connect())?;
        Ok(taken.map(|conn| Twin { readers: Arc::clone(self), conn: Some(conn) }))
    }
}

/// A connection beside another one, in a transaction that reads the same snapshot. Going back, it ends it.
pub struct Twin {
    readers: Arc<Readers>,
    conn: Option<Conn>,
}

impl Twin {
    /// Begins reading what the transaction sees that named this snapshot; whether that went well.
    pub(super) fn join(&mut self, snapshot: &str) -> bool {
        let words = format!("set transaction snapshot '{snapshot}'");
        self.begin(Purpose::Read, false).and_then(|()| self.script(&words)).is_ok()
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        let mut conn = self.conn.take().expect("the connection is taken out here only");
        let is_clean = !conn.has_transaction() || conn.rollback().is_ok();
        let is_usable = is_clean && !conn.is_lost && !conn.is_closed();
        self.readers.pool.put(is_usable.then_some(conn));
    }
}

impl Deref for Twin {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("the connection is taken out on drop only")
    }
}

impl DerefMut for Twin {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("the connection is taken out on drop only")
    }
}

impl Conn {
    /// Another connection that sees what this one sees, for a thread beside. `None` where there is none to be had: while
    /// all are in use, on SQLite, which lets nobody join a snapshot, and in a transaction that writes.
    ///
    /// Cost: one statement here, and a transaction there.
    pub fn twin(&mut self) -> Result<Option<Twin>, Error> {
        let (Link::Postgres(_), Some(Purpose::Read), Some(readers)) =
            (&self.link, self.transaction, self.readers.upgrade())
        else {
            return Ok(None);
        };
        let Some(mut twin) = readers.spare()? else { return Ok(None) };
        let named = self.one("select pg_export_snapshot()", &[], |row| row.text(0))?;
        // The name comes from the server and becomes a part of a statement.
        let is_name = |name: &String| name.bytes().all(|sign| sign.is_ascii_hexdigit() || sign == b'-');
        let is_joined = named.filter(is_name).is_some_and(|name| twin.join(&name));
        Ok(is_joined.then_some(twin))
    }

    /// Sees the database from now on as it is now, until the transaction ends; SQLite by itself would only do so from
    /// the first look on.
    pub(super) fn fix_snapshot(&mut self) -> Result<(), Error> {
        let Some(look) = self.dialect().fix_snapshot() else { return Ok(()) };
        self.one(look, &[], |row| row.int(0)).map(|_| ())
    }
}
