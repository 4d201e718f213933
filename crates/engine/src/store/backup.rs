//! Copies of a SQLite database, made while it is in use, and put back when it is not.
//!
//! A copy is one file without a log, checked from end to end before it gets its name, so that a file
//! of that name is always whole. PostgreSQL has tools of its own for this.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::Error;

/// Copies the database at an address into a new file.
pub fn copy(url: &str, to: &Path) -> Result<(), Error> {
    let from = file_of(url, "pg_dump --format=custom --file=FILE URL")?;
    if to.exists() {
        return Err(Error::refused("fileExists", format!("{} exists; name a new file", to.display())));
    }
    let connection = open(&from)?;
    let part = part_of(to);
    remove(&part)?;
    let copied = connection
        .execute("vacuum into ?1", [part.to_string_lossy().as_ref()])
        .map_err(|error| failed(&from, &error))
        .and_then(|_| check(&part))
        .and_then(|()| name(&part, to));
    if copied.is_err() {
        // What went wrong is told; that the rest of it stays as well would not help.
        let _ = remove(&part);
    }
    copied
}

/// Puts a copy in the place of the database at an address. One that is there is replaced only when
/// that is said, and only when nobody uses it.
pub fn restore(from: &Path, url: &str, replaces: bool) -> Result<(), Error> {
    let to = file_of(url, "pg_restore --clean --dbname=URL FILE")?;
    check(from)?;
    let is_there = to.metadata().is_ok_and(|metadata| metadata.len() > 0);
    if is_there && !replaces {
        return Err(Error::refused(
            "databaseExists",
            format!("{} exists; add --force to replace it, or restore to another address", to.display()),
        ));
    }
    let part = part_of(&to);
    fs::copy(from, &part).map_err(|error| io_failed(&part, &error))?;
    let restored =
        check(&part).and_then(|()| if is_there { fold(&to) } else { Ok(()) }).and_then(|()| name(&part, &to));
    if restored.is_err() {
        let _ = remove(&part);
    }
    restored
}

fn file_of(url: &str, tool: &str) -> Result<PathBuf, Error> {
    match url.strip_prefix("sqlite:") {
        Some(":memory:" | "") => Err(Error::refused("notAFile", "a database in memory cannot be copied")),
        Some(path) => Ok(PathBuf::from(path)),
        None => Err(Error::refused("notSqlite", format!("this is for SQLite; on PostgreSQL use {tool}"))),
    }
}

fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| failed(path, &error))?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(|error| failed(path, &error))?;
    Ok(connection)
}

/// Whether a file is a whole database of Lotbook.
fn check(path: &Path) -> Result<(), Error> {
    let refuse = |why: &str| {
        let message = format!("{} is not a whole database of Lotbook: {why}", path.display());
        Error::refused("damaged", message)
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| failed(path, &error))?;
    let found: String = connection
        .query_row("pragma integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| refuse(&error.to_string()))?;
    if found != "ok" {
        return Err(refuse(&found));
    }
    let steps: i64 = connection
        .query_row("select count(*) from sqlite_schema where name = 'schema_migration'", [], |row| row.get(0))
        .map_err(|error| refuse(&error.to_string()))?;
    if steps == 0 { Err(refuse("it has no schema_migration")) } else { Ok(()) }
}

/// Writes a database's log back into its file, which only the last one who uses it can do.
fn fold(path: &Path) -> Result<(), Error> {
    let connection = open(path)?;
    connection.busy_timeout(Duration::from_secs(1)).map_err(|error| failed(path, &error))?;
    let mode: Result<String, _> = connection.query_row("pragma journal_mode = delete", [], |row| row.get(0));
    match mode {
        Ok(mode) if mode == "delete" => Ok(()),
        _ => Err(Error::refused("databaseInUse", format!("{} is in use; stop the server first", path.display()))),
    }
}

/// Gives a finished file its name, so that both survive a power cut.
fn name(part: &Path, to: &Path) -> Result<(), Error> {
    let done = || -> std::io::Result<()> {
        File::open(part)?.sync_all()?;
        fs::rename(part, to)?;
        let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory)?.sync_all()
    };
    done().map_err(|error| io_failed(to, &error))
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_failed(path, &error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> Error {
    Error::Internal(format!("{}: {error}", path.display()))
}

fn io_failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Internal(format!("{}: {error}", path.display()))
}
