//! A connection and its statements.

use std::sync::{Arc, Weak};

use super::dialect::{Dialect, Failure};
use super::fuse::{Current, Fuse};
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::twin::Readers;
use super::{Arg, Row};
use crate::Error;

/// A connection, lent for a transaction.
pub struct Conn {
    pub(super) link: Link,
    pub(super) transaction: Option<Purpose>,
    savepoints: usize,
    /// Another transaction was in the way of a statement since the last begin.
    pub(super) has_contention: bool,
    /// The connection is of no more use.
    pub(super) is_lost: bool,
    /// A statement failed, so that PostgreSQL would answer a commit by rolling back.
    is_spoiled: bool,
    statements: u64,
    fuse: Option<Arc<Fuse>>,
    /// Where others like it come from.
    pub(super) readers: Weak<Readers>,
}

pub(super) enum Link {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
}

impl Conn {
    pub(super) fn new(link: Link, fuse: Option<Arc<Fuse>>, readers: Weak<Readers>) -> Self {
        Self {
            fuse,
            readers,
            link,
            transaction: None,
            savepoints: 0,
            has_contention: false,
            is_lost: false,
            is_spoiled: false,
            statements: 0,
        }
    }

    pub(super) fn has_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.link {
            Link::Sqlite(_) => Dialect::Sqlite,
            Link::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How many statements were run in this transaction.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Runs a statement and says how many rows it changed.
    pub fn execute(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, Error> {
        self.statements += 1;
        self.pass(|link| match link {
            Link::Sqlite(link) => link.execute(sql, args),
            Link::Postgres(link) => link.execute(sql, args),
        })
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
        self.statements += 1;
        self.pass(|link| match link {
            Link::Sqlite(link) => link.each(sql, args, &mut row),
            Link::Postgres(link) => link.each(sql, args, &mut row),
        })
    }

    /// Lets a transaction for writing see one snapshot from its first statement on; so this comes before it.
    pub fn see_one_snapshot(&mut self) -> Result<(), Error> {
        self.dialect().write_on_one_snapshot().map_or(Ok(()), |words| self.script(words))
    }

    /// The error of a transaction that rests on what another one has changed since: [`super::Store::write`] runs it
    /// again from the start, as where the database itself says so.
    pub fn begin_again(&mut self, why: impl Into<String>) -> Error {
        self.has_contention = true;
        Error::Busy(why.into())
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

    /// From here on until the transaction ends, what somebody else has locked is hardly waited for: it fails as busy.
    pub fn wait_briefly(&mut self) -> Result<(), Error> {
        self.dialect().wait_briefly().map_or(Ok(()), |sql| self.script(sql))
    }

    /// Runs statements without arguments and without answers, in the words of this database.
    pub(super) fn script(&mut self, sql: &str) -> Result<(), Error> {
        self.pass(|link| match link {
            Link::Sqlite(link) => link.script(sql),
            Link::Postgres(link) => link.script(sql),
        })
    }

    pub(super) fn begin(&mut self, purpose: Purpose, memory: bool) -> Result<(), Error> {
        if self.transaction.is_some() {
            return Err(Error::Internal("a transaction is open already; end it before the next begins".into()));
        }
        if self.is_lost && !memory {
            return Err(Error::Busy("the connection to the database was lost; try again".into()));
        }
        self.has_contention = false;
        self.is_spoiled = false;
        self.savepoints = 0;
        self.statements = 0;
        if memory {
            // One connection serves both, so it has to be told.
            self.script(if purpose == Purpose::Read { "pragma query_only = on" } else { "pragma query_only = off" })?;
        }
        let dialect = self.dialect();
        self.script(if purpose == Purpose::Read { dialect.begin_read() } else { dialect.begin_write() })?;
        self.transaction = Some(purpose);
        Ok(())
    }

    pub(super) fn commit(&mut self) -> Result<(), Error> {
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

    pub(super) fn rollback(&mut self) -> Result<(), Error> {
        if self.transaction.is_none() {
            return Err(Error::Internal("there is no transaction to roll back".into()));
        }
        let is_open = match &self.link {
            Link::Sqlite(link) => link.has_transaction(),
            Link::Postgres(_) => true,
        };
        // The server itself undoes what a lost connection had begun.
        if is_open
            && let Err(error) = self.script("rollback")
            && !self.is_lost
        {
            return Err(error);
        }
        self.transaction = None;
        Ok(())
    }

    pub(super) fn is_closed(&self) -> bool {
        match &self.link {
            Link::Sqlite(_) => false,
            Link::Postgres(link) => link.is_closed(),
        }
    }

    /// Runs a statement, unless the fuse has blown.
    fn pass<T>(&mut self, statement: impl FnOnce(&mut Link) -> Result<T, Failure>) -> Result<T, Error> {
        let current = self.fuse.as_ref().map_or(Current::On, |fuse| fuse.pass());
        if current == Current::Off {
            return Err(self.lose());
        }
        let outcome = statement(&mut self.link);
        if current == Current::Unanswered {
            return Err(self.lose());
        }
        self.judge(outcome)
    }

    fn lose(&mut self) -> Error {
        self.is_lost = true;
        Error::Internal("the fuse of this store has blown".into())
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
