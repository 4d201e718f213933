//! Why a call has no result, as scripts know it: by the names of exceptions.

use lotbook_domain::violation::Violation;
use lotbook_engine::Error;

use super::session::NOUNS;

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no function of this name.
    UnknownFunction,
    /// The arguments do not fit the signature.
    Arguments,
    /// An argument means nothing, or what it asks for cannot be done now.
    IllegalArgument,
    /// Fields of a request are missing, malformed, or taken.
    ConstraintViolation,
    /// Something refers to it.
    InUse,
    /// Not allowed.
    Security,
    /// Somebody else was faster.
    ConcurrentModification,
    /// Our fault.
    Internal,
    /// The database is not to be had at the moment; HTTP 503.
    Busy,
    /// The idempotency key was used with another body; HTTP 422.
    KeyReused,
}

impl FaultKind {
    /// The code of JSON-RPC.
    pub fn code(self) -> i64 {
        match self {
            Self::UnknownFunction => -32_601,
            Self::Arguments => -32_602,
            Self::IllegalArgument => -32_001,
            Self::ConstraintViolation => -32_002,
            Self::InUse => -32_003,
            Self::Security => -32_004,
            Self::ConcurrentModification => -32_005,
            Self::Internal | Self::Busy | Self::KeyReused => -32_603,
        }
    }

    /// The name that scripts catch it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownFunction => "UnknownFunction",
            Self::Arguments => "TypeError",
            Self::IllegalArgument => "IllegalArgumentException",
            Self::ConstraintViolation => "ConstraintViolationException",
            Self::InUse => "InUseException",
            Self::Security => "SecurityException",
            Self::ConcurrentModification => "ConcurrentModificationException",
            Self::Internal | Self::Busy | Self::KeyReused => "InternalError",
        }
    }
}

/// A fault to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// A sentence for a person.
    pub message: String,
    /// Each fault by its field.
    pub violations: Vec<(String, String)>,
}

impl Fault {
    /// A fault with nothing but a sentence.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), violations: Vec::new() }
    }

    /// An argument that means nothing, or what cannot be done now.
    pub fn illegal(message: impl Into<String>) -> Self {
        Self::new(FaultKind::IllegalArgument, message)
    }

    /// Something refers to it.
    pub fn in_use(message: impl Into<String>) -> Self {
        Self::new(FaultKind::InUse, message)
    }

    /// Fields that are wrong: all of them. With fields the message names the first few.
    pub fn fields(kind: FaultKind, violations: Vec<(String, String)>) -> Self {
        let told: Vec<String> =
            violations.iter().take(5).map(|(field, message)| format!("{field} {message}").trim().to_owned()).collect();
        let more = violations.len().saturating_sub(5);
        let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
        Self { kind, message: format!("{}{rest}", told.join("; ")), violations }
    }

    /// Our fault; the log says more.
    pub fn internal(text: &str) -> Self {
        tracing::error!(fault = text, "a script call failed");
        Self::new(FaultKind::Internal, "this is a fault of the server, not of the call; its log says more")
    }

    /// Whether the caller can mend it.
    pub fn is_of_the_caller(&self) -> bool {
        !matches!(self.kind, FaultKind::Internal | FaultKind::Busy | FaultKind::KeyReused | FaultKind::Security)
    }

    /// The same as another kind, if it is one of the two that name fields.
    #[must_use]
    pub fn as_kind(self, kind: FaultKind) -> Self {
        match self.kind {
            FaultKind::IllegalArgument | FaultKind::ConstraintViolation => Self { kind, ..self },
            _ => self,
        }
    }

    /// The same with its fields called by other names.
    #[must_use]
    pub fn renamed(mut self, name: impl Fn(&str) -> Option<String>) -> Self {
        if self.violations.is_empty() {
            return self;
        }
        for (field, _) in &mut self.violations {
            if let Some(other) = name(field) {
                *field = other;
            }
        }
        Self::fields(self.kind, self.violations)
    }
}

/// Whether a violation is about the form of a field, and not about what it asks for.
fn is_of_form(code: &str) -> bool {
    matches!(
        code,
        "required"
            | "wrongType"
            | "wrongNumber"
            | "wrongTime"
            | "wrongName"
            | "malformed"
            | "unknownWord"
            | "unknownField"
            | "tooLong"
            | "tooLarge"
            | "tooPrecise"
            | "illegalText"
            | "outOfRange"
            | "duplicate"
            | "taken"
            | "contradiction"
    )
}

/// What a message is about, or says that there is not, as scripts call it.
fn in_script_nouns(message: String) -> String {
    let found = ["there is no ", "the "].into_iter().find_map(|beginning| {
        let rest = message.strip_prefix(beginning)?;
        NOUNS.iter().find_map(|(native, noun)| {
            let named = rest.strip_prefix(native)?.strip_prefix(' ')?;
            Some(format!("{beginning}{noun} {named}"))
        })
    });
    found.unwrap_or(message)
}

/// That a name is taken, without the number by which the other record is known natively.
fn taken(message: String) -> String {
    let Some((what, _)) = message.split_once(" is taken by ") else { return message };
    let name = what.strip_prefix("the ").and_then(|rest| rest.split_once(' ')).filter(|(label, _)| *label != "pair");
    format!("{} is taken already; choose another", name.map_or(what, |(_, name)| name))
}

impl From<Vec<Violation>> for Fault {
    fn from(violations: Vec<Violation>) -> Self {
        let kind = if violations.iter().any(|violation| is_of_form(violation.code)) {
            FaultKind::ConstraintViolation
        } else {
            FaultKind::IllegalArgument
        };
        let named = violations.into_iter().map(|violation| {
            let message = in_script_nouns(violation.message);
            let message = if violation.code == "duplicate" { taken(message) } else { message };
            let violation = Violation { message, ..violation };
            let field = match violation.index {
                Some(index) if violation.field.is_empty() => format!("[{index}]"),
                Some(index) => format!("[{index}].{}", violation.field),
                None => violation.field.to_owned(),
            };
            (field, violation.message)
        });
        Self::fields(kind, named.collect())
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            Error::NotFound { .. } => Self::illegal(in_script_nouns(text)),
            Error::Invalid(violations) => violations.into(),
            Error::Refused { code: "inUse" | "fixedRecord" | "roleInUse", message, .. } => {
                Self::in_use(in_script_nouns(message))
            }
            Error::Refused { message, .. } => Self::illegal(in_script_nouns(message)),
            Error::Conflict { message } => Self::new(FaultKind::ConcurrentModification, message),
            Error::KeyReused { .. } => Self::new(FaultKind::KeyReused, text),
            Error::Forbidden { message } => Self::new(FaultKind::Security, message),
            Error::Duplicate(_) => {
                Self::new(FaultKind::ConstraintViolation, "another record has this name already; choose another")
            }
            Error::Busy(_) => Self::new(FaultKind::Busy, "the server is busy; try again in a moment"),
            Error::Internal(text) => Self::internal(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_told_without_numbers() {
        for (native, want) in [
            ("the name Feed 1 is taken by process 3", "Feed 1 is taken already; choose another"),
            ("the pair of units is taken by unit conversion 4", "the pair of units is taken already; choose another"),
            ("A stands twice; [0] has it too", "A stands twice; [0] has it too"),
        ] {
            assert_eq!(taken(native.to_owned()), want);
        }
    }
}
