//! Connections to a PostgreSQL server.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{ToSql, Type};
use postgres::{Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::arg::{Arg, check_args};
use super::dialect::{Dialect, Failure, Slot, Translated, postgres_failure};
use super::row::Row;
use super::rows::{Column, Kind};
use crate::Error;

/// More texts than the engine has; only generated ones could fill it.
const STATEMENTS_MAX: usize = 512;

/// Reads an address. The error does not repeat it, since it may hold a password.
pub(super) fn config(url: &str) -> Result<Config, Error> {
    let mut config: Config = url.parse().map_err(|_| {
        Error::Internal(
            "the address of the database is not of the form postgres://user:password@host:port/database; \
             signs such as @ / ? in the password are written as %40 %2F %3F"
                .into(),
        )
    })?;
    if config.get_application_name().is_none() {
        config.application_name("lotbook");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    Ok(config)
}

/// A connection with its statements.
pub(super) struct Postgres {
    client: Client,
    statements: HashMap<Box<str>, Arc<Prepared>>,
}

struct Prepared {
    translated: Translated,
    statement: Statement,
}

impl Postgres {
    pub fn open(config: &Config) -> Result<Self, Error> {
        let fail = |error: &postgres::Error| {
            let reason = match error.as_db_error() {
                Some(cause) => cause.message().to_string(),
                None => std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string),
            };
            Error::Busy(format!("PostgreSQL at {} cannot be reached: {reason}", place(config)))
        };
        // Encrypted where the address says `sslmode=require`, and then only to the server that its certificate
        // names. Elsewhere in the clear: a certificate that nobody signed is what Debian gives every server.
        let connected = match config.get_ssl_mode() {
            SslMode::Require => {
                let trust =
                    super::tls().map_err(|why| Error::Busy(format!("PostgreSQL at {}: {why}", place(config))))?;
                config.connect(MakeRustlsConnect::new((*trust).clone()))
            }
            _ => config.connect(NoTls),
        };
        let mut client = connected.map_err(|error| fail(&error))?;
        // A lock is waited for as long as a booking of many entries may hold it. Compiling our short statements costs more than
        // it saves. An address with options of its own decides about the schema itself.
        let mut settings = String::from("set lock_timeout = '30s'; set jit = off; set client_min_messages = warning;");
        if config.get_options().is_none() {
            settings.push_str("set search_path = public;");
        }
        client.batch_execute(&settings).map_err(|error| fail(&error))?;
        Ok(Self { client, statements: HashMap::new() })
    }

    /// Whether the server or the network ended the connection, as far as is known.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs statements without arguments and without answers.
    pub fn script(&mut self, sql: &str) -> Result<(), Failure> {
        self.client.batch_execute(sql).map_err(|error| postgres_failure(&error, sql))
    }

    pub fn execute(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, Failure> {
        let prepared = self.prepared(sql, args)?;
        let parameters = parameters(&prepared.translated, args)?;
        self.client.execute(&prepared.statement, &parameters).map_err(|error| postgres_failure(&error, sql))
    }

    pub fn each(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Failure> {
        let prepared = self.prepared(sql, args)?;
        let parameters = parameters(&prepared.translated, args)?;
        let fail = |error: postgres::Error| postgres_failure(&error, sql);
        let mut rows = self.client.query_raw(&prepared.statement, parameters).map_err(fail)?;
        while let Some(next) = rows.next().map_err(fail)? {
            row(&Row::postgres(&next))?;
        }
        Ok(())
    }

    /// Prepares with types from the arguments, so that the server never guesses one.
    fn prepared(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<Arc<Prepared>, Failure> {
        if let Some(prepared) = self.statements.get(sql) {
            check_args(&prepared.translated, args)?;
            return Ok(Arc::clone(prepared));
        }
        if self.statements.len() >= STATEMENTS_MAX {
            self.statements.clear();
        }
        let translated = Dialect::Postgres.translate(sql)?;
        check_args(&translated, args)?;
        let types: Vec<Type> = translated.slots.iter().map(|slot| type_of(*slot, args)).collect();
        let statement =
            self.client.prepare_typed(&translated.text, &types).map_err(|error| postgres_failure(&error, sql))?;
        let prepared = Arc::new(Prepared { translated, statement });
        self.statements.insert(sql.into(), Arc::clone(&prepared));
        Ok(prepared)
    }
}

fn type_of(slot: Slot, args: &[Arg<'_>]) -> Type {
    match slot {
        Slot::Arg(arg) => match args[arg] {
            Arg::Int(_) | Arg::OptInt(_) => Type::INT8,
            Arg::Text(_) | Arg::OptText(_) => Type::TEXT,
            Arg::Bytes(_) | Arg::OptBytes(_) => Type::BYTEA,
            Arg::Rows(_) => Type::UNKNOWN,
        },
        Slot::Column { kind: Kind::Int, .. } => Type::INT8_ARRAY,
        Slot::Column { kind: Kind::Text, .. } => Type::TEXT_ARRAY,
        Slot::Column { kind: Kind::Bytes, .. } => Type::BYTEA_ARRAY,
    }
}

fn parameters<'a>(translated: &Translated, args: &'a [Arg<'a>]) -> Result<Vec<&'a (dyn ToSql + Sync)>, Error> {
    translated
        .slots
        .iter()
        .map(|slot| match *slot {
            Slot::Arg(arg) => match &args[arg] {
                Arg::Int(value) => Ok(value as &(dyn ToSql + Sync)),
                Arg::OptInt(value) => Ok(value as _),
                Arg::Text(value) => Ok(value as _),
                Arg::OptText(value) => Ok(value as _),
                Arg::Bytes(value) => Ok(value as _),
                Arg::OptBytes(value) => Ok(value as _),
                Arg::Rows(_) => Err(Error::Internal(format!("argument ${} is a batch outside of {{rows …}}", arg + 1))),
            },
            Slot::Column { arg, column, .. } => match &args[arg] {
                Arg::Rows(rows) => Ok(match &rows.columns()[column] {
                    Column::Int(values) => values as &(dyn ToSql + Sync),
                    Column::OptInt(values) => values as _,
                    Column::Text(values) => values as _,
                    Column::OptText(values) => values as _,
                    Column::Bytes(values) => values as _,
                }),
                _ => Err(Error::Internal(format!("argument ${} of {{rows …}} is not a batch", arg + 1))),
            },
        })
        .collect()
}

/// Where the server is, without the password.
fn place(config: &Config) -> String {
    let mut text = String::new();
    for (index, host) in config.get_hosts().iter().enumerate() {
        let port = config.get_ports().get(index).or(config.get_ports().first()).copied().unwrap_or(5432);
        let separator = if index == 0 { "" } else { ", " };
        let _ = match host {
            Host::Tcp(name) => write!(text, "{separator}{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(path) => write!(text, "{separator}{}:{port}", path.display()),
        };
    }
    if let Some(database) = config.get_dbname() {
        let _ = write!(text, ", database {database}");
    }
    if let Some(user) = config.get_user() {
        let _ = write!(text, ", user {user}");
    }
    text
}
