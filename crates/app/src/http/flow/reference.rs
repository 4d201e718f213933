//! References of the flow: found set-wise, missing ones named.

use lotbook_domain::id::TenantId;
use lotbook_engine::thing::reference::{Found, Reference, resolve};
use lotbook_engine::thing::{Kind, Value};
use lotbook_engine::{Conn, Error};

pub use crate::table::asked::{find_lot, find_text};

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

/// The code of a field that names nothing, which is the one that the engine has for it.
pub fn unknown(field: &str) -> &'static str {
    match field {
        "product" | "products" | "secondaryProduct" => "unknownProduct",
        "variant" => "unknownVariant",
        "lot" => "unknownLot",
        "location" | "locations" | "near" | "from" | "to" => "unknownLocation",
        "orgUnit" | "orgUnits" => "unknownOrgUnit",
        "category" | "categories" => "unknownCategory",
        "unit" => "unknownUnit",
        "journal" => "unknownJournal",
        "customer" => "unknownCustomer",
        "supplier" => "unknownSupplier",
        "reason" => "unknownReason",
        "process" => "unknownProcess",
        "productionOrder" => "unknownOrder",
        _ => "unknown",
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
