//! Databases made for a measurement and gone after it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::postgres::config;
use super::{Conn, Dialect, Store};
use crate::Error;

/// A database of its own: dropped, it is removed. What was opened on it must be closed before.
pub struct Scratch {
    url: String,
    made: Made,
}

enum Made {
    /// A directory with a file in it.
    Directory(PathBuf),
    /// A database on a server.
    Database { server: Box<::postgres::Config>, name: String },
}

impl Scratch {
    /// An empty SQLite database in a new directory inside of this one.
    pub fn sqlite(directory: &Path) -> Result<Self, Error> {
        let made = directory.join(fresh_name());
        std::fs::create_dir_all(&made).map_err(|error| {
            Error::Internal(format!("the directory {} cannot be made: {error}; choose another", made.display()))
        })?;
        let url = format!("sqlite:{}", made.join("lotbook.db").display());
        Ok(Self { url, made: Made::Directory(made) })
    }

    /// An empty database on the server at this address, whose user must be allowed to make one.
    pub fn postgres(address: &str) -> Result<Self, Error> {
        let server = config(address)?;
        let name = fresh_name();
        let url = beside(address, &name)
            .ok_or_else(|| Error::Internal("the address of the server must end in /DATABASE".to_owned()))?;
        order(&server, &format!("create database {name}"))?;
        Ok(Self { url, made: Made::Database { server: Box::new(server), name } })
    }

    /// Its address, for [`Store::open`].
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody is left to tell: what stays behind has a name that says whose it was.
        match &self.made {
            Made::Directory(directory) => drop(std::fs::remove_dir_all(directory)),
            Made::Database { server, name } => {
                drop(order(server, &format!("drop database if exists {name} with (force)")));
            }
        }
    }
}

fn order(server: &::postgres::Config, sql: &str) -> Result<(), Error> {
    let run = || server.connect(::postgres::NoTls)?.batch_execute(sql);
    run().map_err(|error| Error::Busy(format!("PostgreSQL could not {sql}: {error}")))
}

/// The same address with another database.
fn beside(address: &str, name: &str) -> Option<String> {
    let (base, options) = match address.split_once('?') {
        Some((base, options)) => (base, format!("?{options}")),
        None => (address, String::new()),
    };
    let (server, _) = base.rsplit_once('/').filter(|(server, _)| !server.ends_with('/'))?;
    Some(format!("{server}/{name}{options}"))
}

/// A name that nobody else has taken: by the process and the time.
fn fresh_name() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("lotbook_scratch_{}_{}", std::process::id(), since.as_micros())
}

impl Store {
    /// The database's name and version.
    pub fn version(&self) -> Result<String, Error> {
        let one = |conn: &mut Conn, sql: &str| conn.one(sql, &[], |row| row.text(0));
        let found = match self.dialect() {
            Dialect::Sqlite => {
                self.read(|conn| one(conn, "select sqlite_version()"))?.map(|text| format!("SQLite {text}"))
            }
            Dialect::Postgres => self
                .read(|conn| one(conn, "select current_setting('server_version')"))?
                .map(|text| format!("PostgreSQL {text}")),
        };
        found.ok_or_else(|| Error::Internal("the database does not tell its version".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_turned_to_another_database() {
        for (address, want) in [
            ("postgres://u:p@h:5432/postgres", Some("postgres://u:p@h:5432/x")),
            ("postgres://h/a?sslmode=disable", Some("postgres://h/x?sslmode=disable")),
            ("postgres://h", None),
        ] {
            assert_eq!(beside(address, "x").as_deref(), want, "{address}");
        }
    }

    #[test]
    fn a_file_is_gone_with_its_directory() {
        let scratch = Scratch::sqlite(&std::env::temp_dir()).unwrap();
        let path = PathBuf::from(scratch.url().strip_prefix("sqlite:").unwrap());
        let store = Store::open(scratch.url()).unwrap();
        assert!(store.version().unwrap().starts_with("SQLite 3."));
        assert!(path.exists());
        drop(store);
        drop(scratch);
        assert!(!path.parent().unwrap().exists());
    }
}
