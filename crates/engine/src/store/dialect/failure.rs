//! What the errors of both databases mean, judged by their codes and never by their texts.

use std::fmt::Write as _;

use postgres::error::SqlState;

use crate::Error;

/// What is to be made of a failed statement.
pub(in crate::store) struct Failure {
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

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, is_contention: false, is_lost: false, is_spoiling: false }
    }
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
pub(in crate::store) fn sqlite_failure(error: &rusqlite::Error, sql: &str) -> Failure {
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
pub(in crate::store) fn postgres_failure(error: &postgres::Error, sql: &str) -> Failure {
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
    let is_outdated = *code == SqlState::INVALID_SQL_STATEMENT_NAME
        || *code == SqlState::FEATURE_NOT_SUPPORTED && cause.routine() == Some("RevalidateCachedQuery");
    if is_outdated {
        return Failure {
            error: Error::Busy(format!("the schema changed meanwhile; try again (PostgreSQL {text})")),
            is_contention: true,
            is_lost: true,
            is_spoiling: true,
        };
    }
    Failure::of(Error::Internal(format!("PostgreSQL {text}, in: {}", excerpt(sql))))
}
