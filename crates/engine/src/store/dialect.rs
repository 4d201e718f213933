//! Every difference between the two databases.
//!
//! Statements are written once, in the words that SQLite and PostgreSQL share, with `$1`, `$2` … for
//! arguments. Where the databases differ, a marker in braces stands for the difference:
//!
//! | marker | PostgreSQL | SQLite |
//! |---|---|---|
//! | `$1` | `$n` | `?1` |
//! | `{rows $1 (id bigint, name text) r}` | `unnest($1::bigint[], $2::text[]) as r(id, name)` | `(select c0 as id, c1 as name from batch_rows(?1)) as r` |
//! | `{for update}`, `{for update of a}`, `{for share}` | as it stands | nothing: the one writer holds everything |
//! | `{skip locked}`, `{nowait}` | as it stands | nothing |
//! | `{greatest}(a, b)`, `{least}(a, b)` | `greatest`, `least` | `max`, `min` |
//!
//! What needs no marker but care:
//! - `sum` of a bigint is numeric on PostgreSQL: write `cast(sum(x) as bigint)`.
//! - `insert … select … from {rows …} on conflict` needs `where true` before `on conflict` on SQLite.
//! - `like` respects case on both; its escape character must be named: `like $1 escape '\'`.
//! - Text sorts by bytes on both: migrations give each text column the collation "C" on PostgreSQL.
//! - Text must not hold the character U+0000; PostgreSQL refuses it.
//!
//! Migrations are written in PostgreSQL's types: on SQLite `bigint` becomes `integer` and `bytea`
//! becomes `blob`, and tables are made `strict, without rowid`.

use std::collections::HashMap;
use std::fmt::Write as _;

use postgres::error::SqlState;

use super::rows::Kind;
use crate::Error;

/// Which database a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, embedded: one writer, readers beside it.
    Sqlite,
    /// A PostgreSQL server: several writers.
    Postgres,
}

/// A statement in the words of one database.
#[derive(Debug)]
pub(super) struct Translated {
    pub text: String,
    /// How many arguments the caller must give at least.
    pub args_min: usize,
    /// PostgreSQL: what goes into `$1`, `$2` …; SQLite numbers its parameters like the arguments.
    pub slots: Vec<Slot>,
    /// The batches: which argument, with which columns.
    pub batches: Vec<(usize, Vec<Kind>)>,
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A plain argument.
    Arg(usize),
    /// A column of an argument that is a batch.
    Column { arg: usize, column: usize, kind: Kind },
}

/// What is to be made of a failed statement.
pub(super) struct Failure {
    pub error: Error,
    /// Another transaction was in the way, or the connection went away before the commit: running the
    /// whole transaction again is right.
    pub is_contention: bool,
    /// The connection is of no more use.
    pub is_lost: bool,
    /// The database refused the statement, which spoils the transaction.
    pub is_spoiling: bool,
}

impl Failure {
    fn of(error: Error) -> Self {
        Self { error, is_contention: false, is_lost: false, is_spoiling: true }
    }
}

impl Dialect {
    /// The statement that opens a transaction for reading one snapshot.
    pub(super) fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "begin deferred",
            Self::Postgres => "begin isolation level repeatable read read only",
        }
    }

    /// The statement that opens a transaction for writing.
    pub(super) fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "begin immediate",
            Self::Postgres => "begin isolation level read committed read write",
        }
    }

    /// Counts the tables named `$1`.
    pub(super) fn count_tables(self) -> &'static str {
        match self {
            Self::Sqlite => "select count(*) from sqlite_master where type = 'table' and name = $1",
            Self::Postgres => {
                "select count(*) from pg_catalog.pg_tables where schemaname = current_schema() and tablename = $1"
            }
        }
    }

    /// The statement that keeps others from migrating meanwhile; on SQLite the transaction does.
    pub(super) fn lock_migrations(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("lock table schema_migration in share row exclusive mode"),
        }
    }

    /// Puts a statement into the words of this database.
    pub(super) fn translate(self, sql: &str) -> Result<Translated, Error> {
        let mut out = Translated {
            text: String::with_capacity(sql.len() + 32),
            args_min: 0,
            slots: Vec::new(),
            batches: Vec::new(),
        };
        let mut numbers: HashMap<Slot, usize> = HashMap::new();
        for piece in pieces(sql) {
            match piece {
                Piece::Parameter(number) => {
                    out.args_min = out.args_min.max(number);
                    match self {
                        Self::Sqlite => write!(out.text, "?{number}"),
                        Self::Postgres => {
                            let number = number_of(&mut out.slots, &mut numbers, Slot::Arg(number - 1));
                            write!(out.text, "${number}")
                        }
                    }
                    .expect("a String takes every write");
                }
                Piece::Marker(marker) => self.translate_marker(marker, &mut out, &mut numbers)?,
                Piece::Word(text) | Piece::Other(text) => out.text.push_str(text),
            }
        }
        Ok(out)
    }

    fn translate_marker(
        self,
        marker: &str,
        out: &mut Translated,
        numbers: &mut HashMap<Slot, usize>,
    ) -> Result<(), Error> {
        if let Some(rest) = marker.strip_prefix("rows ") {
            return self.translate_rows(rest, out, numbers);
        }
        let text = match (self, marker) {
            (Self::Sqlite, "skip locked" | "nowait") => "",
            (Self::Postgres, "skip locked" | "nowait") => marker,
            (Self::Sqlite, _) if is_lock(marker) => "",
            (Self::Postgres, _) if is_lock(marker) => marker,
            (Self::Sqlite, "greatest") => "max",
            (Self::Sqlite, "least") => "min",
            (Self::Postgres, "greatest" | "least") => marker,
            _ => return Err(Error::Internal(format!("the statement has an unknown marker {{{marker}}}"))),
        };
        out.text.push_str(text);
        Ok(())
    }

    /// `$1 (id bigint, name text) r`
    fn translate_rows(
        self,
        marker: &str,
        out: &mut Translated,
        numbers: &mut HashMap<Slot, usize>,
    ) -> Result<(), Error> {
        let malformed = || {
            Error::Internal(format!(
                "the marker {{rows {marker}}} is not of the form {{rows $1 (id bigint, name text) alias}}"
            ))
        };
        let (argument, rest) = marker.split_once('(').ok_or_else(malformed)?;
        let (list, alias) = rest.rsplit_once(')').ok_or_else(malformed)?;
        let number: usize =
            argument.trim().strip_prefix('$').and_then(|digits| digits.parse().ok()).ok_or_else(malformed)?;
        if number == 0 || alias.trim().is_empty() {
            return Err(malformed());
        }
        let alias = alias.trim();
        let mut names = Vec::new();
        let mut kinds = Vec::new();
        for column in list.split(',') {
            let mut words = column.split_whitespace();
            let (Some(name), Some(kind), None) = (words.next(), words.next(), words.next()) else {
                return Err(malformed());
            };
            names.push(name);
            kinds.push(match kind {
                "bigint" => Kind::Int,
                "text" => Kind::Text,
                "bytea" => Kind::Bytes,
                _ => return Err(malformed()),
            });
        }
        out.args_min = out.args_min.max(number);
        let arg = number - 1;
        match self {
            Self::Sqlite => {
                let columns: Vec<String> =
                    names.iter().enumerate().map(|(index, name)| format!("c{index} as {name}")).collect();
                write!(out.text, "(select {} from batch_rows(?{number})) as {alias}", columns.join(", "))
            }
            Self::Postgres => {
                let arrays: Vec<String> = kinds
                    .iter()
                    .enumerate()
                    .map(|(column, &kind)| {
                        let slot = Slot::Column { arg, column, kind };
                        format!("${}::{}[]", number_of(&mut out.slots, numbers, slot), type_name(kind))
                    })
                    .collect();
                write!(out.text, "unnest({}) as {alias}({})", arrays.join(", "), names.join(", "))
            }
        }
        .expect("a String takes every write");
        out.batches.push((arg, kinds));
        Ok(())
    }

    /// Puts a migration into the words of this database. It holds no arguments and no markers.
    pub(super) fn translate_migration(self, sql: &str) -> String {
        let mut out = String::with_capacity(sql.len() + 1024);
        let mut statement: Vec<&str> = Vec::new();
        for piece in pieces(sql) {
            match piece {
                Piece::Word(word) => {
                    out.push_str(match (self, word) {
                        (Self::Sqlite, "bigint") => "integer",
                        (Self::Sqlite, "bytea") => "blob",
                        (Self::Postgres, "text") => "text collate \"C\"",
                        _ => word,
                    });
                    statement.push(word);
                }
                Piece::Other(";") => {
                    if self == Self::Sqlite && statement.starts_with(&["create", "table"]) {
                        out.push_str(" strict, without rowid");
                    }
                    out.push(';');
                    statement.clear();
                }
                Piece::Other(text) => out.push_str(text),
                Piece::Parameter(number) => write!(out, "${number}").expect("a String takes every write"),
                Piece::Marker(marker) => write!(out, "{{{marker}}}").expect("a String takes every write"),
            }
        }
        out
    }
}

fn is_lock(marker: &str) -> bool {
    marker == "for update"
        || marker == "for share"
        || marker.starts_with("for update of ")
        || marker.starts_with("for share of ")
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
    }
}

fn number_of(slots: &mut Vec<Slot>, numbers: &mut HashMap<Slot, usize>, slot: Slot) -> usize {
    *numbers.entry(slot).or_insert_with(|| {
        slots.push(slot);
        slots.len()
    })
}

impl std::hash::Hash for Slot {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match *self {
            Self::Arg(arg) => (arg, 0).hash(state),
            Self::Column { arg, column, .. } => (arg, column + 1).hash(state),
        }
    }
}

/// A part of a statement's text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// A name or a key word.
    Word(&'a str),
    /// `$n`, counted from 1.
    Parameter(usize),
    /// What stands between braces.
    Marker(&'a str),
    /// Everything else as it stands: strings, quoted names, comments, signs, space.
    Other(&'a str),
}

/// Cuts a statement so that nothing inside strings, quoted names and comments is taken for more.
fn pieces(sql: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match first {
            '\'' | '"' => rest[1..].find(first).map(|at| at + 2),
            '-' if rest.starts_with("--") => rest.find('\n'),
            '/' if rest.starts_with("/*") => rest.find("*/").map(|at| at + 2),
            '{' => rest.find('}').map(|at| at + 1),
            '$' => rest[1..].find(|c: char| !c.is_ascii_digit()).map(|at| at + 1),
            c if is_word(c) => rest.find(|c: char| !is_word(c)),
            c => Some(c.len_utf8()),
        };
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(match first {
            '{' => Piece::Marker(text.trim_start_matches('{').trim_end_matches('}').trim()),
            '$' => match text[1..].parse() {
                Ok(number) if number > 0 => Piece::Parameter(number),
                _ => Piece::Other(text),
            },
            c if is_word(c) => Piece::Word(text),
            _ => Piece::Other(text),
        })
    })
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The beginning of a statement, for the log.
fn excerpt(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Judges an error of SQLite by its code.
pub(super) fn sqlite_failure(error: &rusqlite::Error, sql: &str) -> Failure {
    use rusqlite::ErrorCode;
    let rusqlite::Error::SqliteFailure(cause, message) = error else {
        return Failure::of(Error::Internal(format!("SQLite: {error}, in: {}", excerpt(sql))));
    };
    let message = message.as_deref().unwrap_or("no message");
    match (cause.code, cause.extended_code) {
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, code) => Failure {
            error: Error::Busy(format!(
                "another process is writing to the database file; try again (SQLite {code}: {message})"
            )),
            is_contention: true,
            is_lost: false,
            is_spoiling: true,
        },
        // Primary key, unique, rowid.
        (_, 1555 | 2067 | 2579) => {
            Failure::of(Error::Duplicate(message.trim_start_matches("UNIQUE constraint failed: ").to_string()))
        }
        (ErrorCode::DiskFull, _) => Failure::of(Error::Busy(
            "the disk of the database is full; nothing was written, make room and try again".into(),
        )),
        (_, code) => Failure::of(Error::Internal(format!("SQLite {code}: {message}, in: {}", excerpt(sql)))),
    }
}

/// Judges an error of PostgreSQL by its state.
pub(super) fn postgres_failure(error: &postgres::Error, sql: &str) -> Failure {
    let Some(cause) = error.as_db_error() else {
        let mut text = error.to_string();
        if let Some(source) = std::error::Error::source(error) {
            let _ = write!(text, ": {source}");
        }
        if error.is_closed()
            || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        {
            return Failure {
                error: Error::Busy(format!("the connection to PostgreSQL was lost; try again ({text})")),
                is_contention: true,
                is_lost: true,
                is_spoiling: true,
            };
        }
        return Failure::of(Error::Internal(format!("PostgreSQL: {text}, in: {}", excerpt(sql))));
    };
    let code = cause.code();
    let text = format!("{} {}", code.code(), cause.message());
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE]
        .contains(code)
    {
        return Failure {
            error: Error::Busy(format!(
                "other changes to the same records were in the way; try again (PostgreSQL {text})"
            )),
            is_contention: true,
            is_lost: false,
            is_spoiling: true,
        };
    }
    if *code == SqlState::UNIQUE_VIOLATION {
        return Failure::of(Error::Duplicate(cause.constraint().unwrap_or("of unknown name").to_string()));
    }
    // Resources (53), a server that stops or starts (57P), connections (08).
    if ["53", "57P", "08"].iter().any(|class| code.code().starts_with(class)) {
        return Failure {
            error: Error::Busy(format!("PostgreSQL cannot serve at the moment; try again ({text})")),
            is_contention: true,
            is_lost: !code.code().starts_with("53"),
            is_spoiling: true,
        };
    }
    // Another server migrated the schema under a prepared statement: a new connection prepares anew.
    if *code == SqlState::FEATURE_NOT_SUPPORTED && cause.message().contains("cached plan")
        || *code == SqlState::INVALID_SQL_STATEMENT_NAME
    {
        return Failure {
            error: Error::Busy(format!("the schema changed meanwhile; try again (PostgreSQL {text})")),
            is_contention: true,
            is_lost: true,
            is_spoiling: true,
        };
    }
    Failure::of(Error::Internal(format!("PostgreSQL {text}, in: {}", excerpt(sql))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(sql: &str) -> (String, String) {
        let translate = |dialect: Dialect| dialect.translate(sql).expect("a statement").text;
        (translate(Dialect::Sqlite), translate(Dialect::Postgres))
    }

    #[test]
    fn parameters_keep_their_numbers_on_sqlite_and_are_counted_anew_on_postgres() {
        let (sqlite, postgres) = both("select $2, $1, $2 from t where a = '$3 {x}' -- $4");
        assert_eq!(sqlite, "select ?2, ?1, ?2 from t where a = '$3 {x}' -- $4");
        assert_eq!(postgres, "select $1, $2, $1 from t where a = '$3 {x}' -- $4");
    }

    #[test]
    fn a_batch_becomes_a_table() {
        let (sqlite, postgres) = both(
            "select a.* from {rows $1 (id bigint, name text) r} join account a on a.tenant = $2 and a.id = r.id {for update of a} {skip locked}",
        );
        assert_eq!(
            sqlite.trim_end(),
            "select a.* from (select c0 as id, c1 as name from batch_rows(?1)) as r join account a on a.tenant = ?2 and a.id = r.id"
        );
        assert_eq!(
            postgres,
            "select a.* from unnest($1::bigint[], $2::text[]) as r(id, name) join account a on a.tenant = $3 and a.id = r.id for update of a skip locked"
        );
        let slots = Dialect::Postgres.translate("{rows $1 (id bigint) r} $2").expect("a statement").slots;
        assert_eq!(slots, [Slot::Column { arg: 0, column: 0, kind: Kind::Int }, Slot::Arg(1)]);
    }

    #[test]
    fn scalar_extremes_and_faulty_markers() {
        assert_eq!(both("{greatest}(a, 1)"), ("max(a, 1)".into(), "greatest(a, 1)".into()));
        for wrong in ["{rows}", "{rows $1 r}", "{rows $1 (id int) r}", "{rows $1 (id bigint)}", "{upsert}"] {
            assert!(Dialect::Sqlite.translate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_migration_speaks_the_types_of_its_database() {
        let sql = "-- bigint; stays\ncreate table t (a bigint not null, b bytea, c text, primary key (a));\ncreate index i on t (c);";
        assert_eq!(
            Dialect::Sqlite.translate_migration(sql),
            "-- bigint; stays\ncreate table t (a integer not null, b blob, c text, primary key (a)) strict, without rowid;\ncreate index i on t (c);"
        );
        assert_eq!(
            Dialect::Postgres.translate_migration(sql),
            "-- bigint; stays\ncreate table t (a bigint not null, b bytea, c text collate \"C\", primary key (a));\ncreate index i on t (c);"
        );
    }
}
