//! Connections to a SQLite file.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::arg::{Arg, check_args};
use super::checkpoint::Checkpointer;
use super::dialect::{Dialect, Failure, Translated, sqlite_failure};
use super::row::Row;
use super::sqlite_rows::{self, Batch};
use crate::Error;

/// More texts than the engine has; only generated ones could fill it.
const STATEMENTS_MAX: usize = 512;

/// How long another process may hold the file.
const BUSY_MAX: Duration = Duration::from_secs(10);

/// Makes `lower` know all letters, as it does on PostgreSQL; the built-in one knows ASCII only.
fn register_lower(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("lower", 1, flags, |call| {
        Ok(match call.get_raw(0) {
            ValueRef::Text(text) => {
                let text = String::from_utf8_lossy(text);
                Some(if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() })
            }
            _ => None,
        })
    })
}

/// Where the data are.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// A file, made when it does not exist.
    File(PathBuf),
    /// The memory of the one connection.
    Memory,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Reader,
}

/// A connection with its statements.
pub(super) struct Sqlite {
    connection: Connection,
    translations: HashMap<Box<str>, Arc<Translated>>,
}

impl Sqlite {
    pub fn open(place: &Place, role: Role) -> Result<Self, Error> {
        let name = match place {
            Place::File(path) => path.display().to_string(),
            Place::Memory => "memory".into(),
        };
        Self::try_open(place, role).map_err(|error| match sqlite_failure(&error, "opening").error {
            Error::Internal(text) => Error::Internal(format!(
                "the database {name} cannot be opened: {text}; check that the directory exists and may be written to"
            )),
            other => other,
        })
    }

    fn try_open(place: &Place, role: Role) -> Result<Self, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match place {
            Place::File(path) => Connection::open_with_flags(path, flags)?,
            Place::Memory => Connection::open_in_memory_with_flags(flags)?,
        };
        // Before everything else, since switching to the log may meet another process.
        connection.busy_timeout(BUSY_MAX)?;
        if matches!(place, Place::File(_)) {
            use_log(&connection)?;
        }
        // The cache is in KiB. A commit is on the disk when it returns (full). The log is cut to 64 MiB
        // after a large change. `like` respects case as on PostgreSQL. No foreign keys: references are
        // checked when they are given, and tables are written in sets.
        let cache_kib = if role == Role::Writer { 65_536 } else { 16_384 };
        connection.execute_batch(&format!(
            "pragma synchronous = full;
             pragma foreign_keys = off;
             pragma cache_size = -{cache_kib};
             pragma mmap_size = 0;
             pragma temp_store = memory;
             pragma journal_size_limit = 67108864;
             pragma case_sensitive_like = on;"
        ))?;
        // A plan may not depend on what is bound: every statement of tenant 1 would be planned anew each
        // time it runs, since SQLite expects of the numbers 0 and 1 that many rows have them.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        if role == Role::Reader {
            connection.execute_batch("pragma query_only = on")?;
        }
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        sqlite_rows::register(&connection)?;
        register_lower(&connection)?;
        Ok(Self { connection, translations: HashMap::new() })
    }

    /// Leaves copying the log back to a thread of its own.
    pub fn watched_by(&mut self, checkpointer: &Checkpointer) -> Result<(), Error> {
        let watched = checkpointer.watch(&mut self.connection);
        watched.map_err(|error| sqlite_failure(&error, "watching the log").error)
    }

    /// Whether a transaction is open. Some errors, such as a full disk, end it.
    pub fn has_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Runs statements without arguments and without answers.
    pub fn script(&mut self, sql: &str) -> Result<(), Failure> {
        self.connection.execute_batch(sql).map_err(|error| sqlite_failure(&error, sql))
    }

    pub fn execute(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, Failure> {
        let translated = self.translated(sql)?;
        let fail = |error: rusqlite::Error| sqlite_failure(&error, sql);
        check_args(&translated, args)?;
        let mut statement = self.connection.prepare_cached(&translated.text).map_err(fail)?;
        bind(&mut statement, args).map_err(fail)?;
        statement.raw_execute().map(|count| count as u64).map_err(fail)
    }

    pub fn each(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Failure> {
        let translated = self.translated(sql)?;
        let fail = |error: rusqlite::Error| sqlite_failure(&error, sql);
        check_args(&translated, args)?;
        let mut statement = self.connection.prepare_cached(&translated.text).map_err(fail)?;
        bind(&mut statement, args).map_err(fail)?;
        let mut rows = statement.raw_query();
        while let Some(next) = rows.next().map_err(fail)? {
            row(&Row::sqlite(next))?;
        }
        Ok(())
    }

    fn translated(&mut self, sql: &str) -> Result<Arc<Translated>, Failure> {
        if let Some(translated) = self.translations.get(sql) {
            return Ok(Arc::clone(translated));
        }
        if self.translations.len() >= STATEMENTS_MAX {
            self.translations.clear();
        }
        let translated = Arc::new(Dialect::Sqlite.translate(sql)?);
        self.translations.insert(sql.into(), Arc::clone(&translated));
        Ok(translated)
    }
}

/// Switches a file to the write-ahead log, without which readers and the writer would shut each other
/// out. The first time, that needs the file alone, and SQLite does not always wait for it.
fn use_log(connection: &Connection) -> Result<(), rusqlite::Error> {
    let deadline = Instant::now() + BUSY_MAX;
    loop {
        let mode = connection.query_row("pragma journal_mode = wal", [], |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(rusqlite::Error::ModuleError(format!(
                    "its file system does not allow a write-ahead log (the journal mode stays {mode}); use a local disk"
                )));
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Binds what the statement asks for; an argument that its text does not mention is left out.
fn bind(statement: &mut rusqlite::Statement<'_>, args: &[Arg<'_>]) -> Result<(), rusqlite::Error> {
    let count = statement.parameter_count();
    for (index, arg) in args.iter().enumerate().take(count) {
        let value = match *arg {
            Arg::Int(value) | Arg::OptInt(Some(value)) => ValueRef::Integer(value),
            Arg::Text(value) | Arg::OptText(Some(value)) => ValueRef::Text(value.as_bytes()),
            Arg::Bytes(value) | Arg::OptBytes(Some(value)) => ValueRef::Blob(value),
            Arg::OptInt(None) | Arg::OptText(None) | Arg::OptBytes(None) => ValueRef::Null,
            Arg::Rows(rows) => {
                statement.raw_bind_parameter(index + 1, Batch(rows))?;
                continue;
            }
        };
        statement.raw_bind_parameter(index + 1, ToSqlOutput::Borrowed(value))?;
    }
    Ok(())
}
