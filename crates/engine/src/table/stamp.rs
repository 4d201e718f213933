//! A stamp: when a row was written, and by whom.

use lotbook_domain::id::UserId;
use lotbook_domain::time::Time;

use crate::store::Column;

/// When, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Time,
    /// Who.
    pub person: UserId,
}

impl Stamp {
    /// The columns `at` and `person` of rows with these stamps.
    pub(super) fn columns(stamps: impl Iterator<Item = Self> + Clone) -> [Column; 2] {
        [
            Column::Int(stamps.clone().map(|stamp| stamp.at.0).collect()),
            Column::Int(stamps.map(|stamp| stamp.person.0).collect()),
        ]
    }
}
