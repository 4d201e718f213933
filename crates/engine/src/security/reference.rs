//! How a request names a person, a role or an org unit: by number, by ULID, or by what people call it.

use lotbook_domain::catalog::fold;
use serde::{Deserialize, Deserializer};

/// A reference as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The number of the record.
    Id(i64),
    /// Its natural key or its ULID; where neither fits and it is all digits, its number.
    Text(String),
}

impl Reference {
    /// What a text in an address means.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text as natural keys are kept.
    pub fn folded(&self) -> Option<String> {
        match self {
            Self::Id(_) => None,
            Self::Text(text) => Some(fold(text)),
        }
    }

    /// The number, where it may be one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<i64> for Reference {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for Reference {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Reference;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a reference: a number, or a text that is the natural key or the ULID")
            }

            fn visit_i64<E>(self, id: i64) -> Result<Reference, E> {
                Ok(Reference::Id(id))
            }

            fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<Reference, E> {
                i64::try_from(id).map(Reference::Id).map_err(|_| E::custom("the number is too large for an id"))
            }

            fn visit_str<E>(self, text: &str) -> Result<Reference, E> {
                Ok(Reference::Text(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
