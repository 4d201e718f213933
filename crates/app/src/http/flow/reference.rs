//! References of the flow: found set-wise, missing ones named.

use lotbook_domain::id::TenantId;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::reference::{Found, Reference, resolve};
use lotbook_engine::thing::{Kind, Value};
use lotbook_engine::{Conn, Error};

/// What a reference was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Nothing was given.
    Absent,
    /// This record.
    Id(i64),
    /// Nothing of that name; what was given.
    Unknown(String),
}

impl Resolved {
    /// The id; of something unknown one that no record has, so that the rules name it as missing.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Absent => None,
            Self::Id(id) => Some(*id),
            Self::Unknown(_) => Some(UNKNOWN),
        }
    }
}

/// An id that no record has.
pub const UNKNOWN: i64 = i64::MAX;

/// Finds the values of one field of many lines: a handful of statements.
pub fn find_all(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    values: &[(&Value, i64)],
) -> Result<Vec<Resolved>, Error> {
    let mut outcome = vec![Resolved::Absent; values.len()];
    let mut asked: Vec<(usize, Reference, i64)> = Vec::new();
    for (at, (value, product)) in values.iter().enumerate() {
        match Reference::of(value) {
            Ok(Some(reference)) => asked.push((at, reference, *product)),
            Ok(None) => {}
            Err(_) => outcome[at] = Resolved::Unknown(value.to_json()),
        }
    }
    let wanted: Vec<(&Reference, i64)> = asked.iter().map(|(_, reference, product)| (reference, *product)).collect();
    for ((at, reference, _), found) in asked.iter().zip(resolve(conn, tenant, kind, &wanted)?) {
        outcome[*at] = match found {
            Found::One(id) => Resolved::Id(id),
            Found::None | Found::Several => Resolved::Unknown(reference.to_string()),
        };
    }
    Ok(outcome)
}

/// Finds what a part of an address or a query names.
pub fn find_text(conn: &mut Conn, tenant: TenantId, kind: &'static Kind, text: &str) -> Result<i64, Error> {
    let reference = Reference::of_address(text);
    match resolve(conn, tenant, kind, &[(&reference, 0)])?[0] {
        Found::One(id) => Ok(id),
        Found::None | Found::Several => Err(Error::not_found(kind.one, text)),
    }
}

/// Finds a lot or an instance.
pub fn find_lot(conn: &mut Conn, tenant: TenantId, text: &str) -> Result<i64, Error> {
    match find_text(conn, tenant, &kinds::LOTS, text) {
        Err(Error::NotFound { .. }) => find_text(conn, tenant, &kinds::INSTANCES, text),
        found => found,
    }
}
