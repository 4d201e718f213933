//! What verifying found, invariant by invariant.

use serde::Serialize;

/// So many differences of one invariant are named; the others are counted.
pub const NAMED_MAX: usize = 50;

/// What stands differently from what follows from the facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about, as people call it: `the stock of 85123A at Plant/Store`.
    pub thing: String,
    /// What is wrong, with both numbers.
    pub what: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.thing, self.what)
    }
}

/// How one invariant stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// `I1` to `I12`.
    pub invariant: &'static str,
    /// What must hold.
    pub statement: &'static str,
    /// How many things were looked at …
    pub checked: u64,
    /// … and what they are, in the plural.
    pub unit: &'static str,
    /// How many differences there are.
    pub differences: u64,
    /// The first [`NAMED_MAX`] of them.
    pub named: Vec<Difference>,
    /// What a reader should know and is no difference.
    pub notes: Vec<String>,
}

/// How the ledger of one tenant stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The position it was verified at.
    pub position: i64,
    /// Batches in the ledger.
    pub batches: u64,
    /// Movements in the ledger.
    pub movements: u64,
    /// I1 to I12, in order.
    pub checks: Vec<Check>,
}

impl Report {
    /// Whether everything follows from the facts.
    pub fn is_sound(&self) -> bool {
        self.differences() == 0
    }

    /// How many differences there are in all.
    pub fn differences(&self) -> u64 {
        self.checks.iter().map(|check| check.differences).sum()
    }

    /// The check of an invariant, by its number from 1.
    pub fn check(&self, number: usize) -> &Check {
        &self.checks[number - 1]
    }
}

/// What each invariant says, and what is counted for it.
pub(super) const STATEMENTS: [(&str, &str, &str); 12] = [
    ("I1", "over all places, real and outside, each key adds up to zero", "keys"),
    ("I2", "each balance is the sum of its movements, at every time", "accounts"),
    ("I3", "each batch is in the ledger as a whole", "batches"),
    ("I4", "each request key has one answer, of a change that took effect", "keys"),
    ("I5", "where negative stock is forbidden, no balance was ever below zero", "accounts"),
    ("I6", "an instance is in one real place at most, at every time", "instances"),
    (
        "I7",
        "each settled pool is worth what its movements cost by the definition, on each day, and so the general ledger is told",
        "pools and documents",
    ),
    ("I8", "each quantity is the exact conversion of what was entered", "entries"),
    ("I9", "voucher numbers are unique, and each entry was booked once", "vouchers and entries"),
    ("I10", "each batch carries the hash of the one before it", "batches"),
    ("I11", "what each run counted is in the ledger once, and so is which lot became which", "runs"),
    ("I12", "no reader sees half a batch, and each sees what was acknowledged", "facts and answers"),
];
