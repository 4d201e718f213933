//! What a command or a query may answer instead of a result.

use lotbook_domain::quantity::Quantity;
use lotbook_domain::violation::Violation;

/// A number of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// An id, a position, a count.
    Whole(i64),
    /// A quantity, an exact decimal.
    Exact(Quantity),
}

impl From<i64> for Figure {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<Quantity> for Figure {
    fn from(quantity: Quantity) -> Self {
        Self::Exact(quantity)
    }
}

/// Why there is no result. Doors translate it once, each into its dialect.
#[derive(Debug)]
pub enum Error {
    /// The thing named does not exist, or not for this tenant. `what` names it as the user did.
    NotFound {
        /// The kind of record in camelCase: `journal`, `voucher`, `product`.
        kind: &'static str,
        /// The reference that was given.
        what: String,
    },
    /// The request has faults; all of them.
    Invalid(Vec<Violation>),
    /// The request is understood and may not be done now, for one reason.
    Refused {
        /// A stable code in camelCase, such as `bookingInProgress`.
        code: &'static str,
        /// A sentence for the user.
        message: String,
        /// Numbers that a client may read: `("requisitionId", 17.into())`.
        details: Vec<(&'static str, Figure)>,
    },
    /// Somebody changed the record since it was read.
    Conflict {
        /// A sentence that names the record and both versions.
        message: String,
    },
    /// The idempotency key was used with another request.
    KeyReused {
        /// The key.
        key: String,
    },
    /// Not allowed: names the permission and the place.
    Forbidden {
        /// A sentence for the user.
        message: String,
    },
    /// A unique key is taken already. Commands translate it where it can happen; the text names the
    /// key or the table and is for the log only. On PostgreSQL the transaction is spoiled by it, so
    /// whoever wants to go on writes inside `Conn::savepoint`.
    Duplicate(String),
    /// The database is not to be had at the moment; trying again is right.
    Busy(String),
    /// Our fault, or the database's. The text is for the log only and never reaches a user.
    Internal(String),
}

impl Error {
    /// A record that does not exist.
    #[allow(clippy::needless_pass_by_value, reason = "callers hand over ids, names and texts they have just made")]
    pub fn not_found(kind: &'static str, what: impl ToString) -> Self {
        Self::NotFound { kind, what: what.to_string() }
    }

    /// A refusal without numbers.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into(), details: Vec::new() }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound { kind, what } => write!(f, "there is no {kind} {what}"),
            Self::Invalid(violations) => {
                if violations.len() != 1 {
                    write!(f, "{} faults in the request", violations.len())?;
                }
                for violation in violations {
                    if violations.len() != 1 {
                        write!(f, "; ")?;
                    }
                    match (violation.index, violation.field) {
                        (Some(index), "") => write!(f, "[{index}]: ")?,
                        (Some(index), field) => write!(f, "[{index}].{field}: ")?,
                        (None, "") => {}
                        (None, field) => write!(f, "{field}: ")?,
                    }
                    f.write_str(&violation.message)?;
                }
                Ok(())
            }
            Self::Refused { message, .. } | Self::Conflict { message } | Self::Forbidden { message } => {
                f.write_str(message)
            }
            Self::KeyReused { key } => {
                write!(f, "the idempotency key {key} was used with another request; take a new key for a new request")
            }
            Self::Duplicate(key) => write!(f, "the unique key {key} is taken"),
            Self::Busy(text) | Self::Internal(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}
