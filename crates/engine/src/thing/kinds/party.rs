//! Customers and suppliers.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::ANY;

/// Customers and suppliers.
pub static PARTIES: Kind = Kind {
    name: "parties",
    one: "party",
    noun: "party",
    about: "A customer, a supplier, or both.",
    table: "party",
    counter: "party",
    fields: &[
        Field::required("code", "code", Type::Name, "Its number or code. Unique."),
        Field::required("name", "name", Type::Text, "What it is called."),
        Field::number(
            "roles",
            "is_customer",
            Type::Flags(&[("customer", "is_customer"), ("supplier", "is_supplier")]),
            1,
            "What it is to us; both if nothing is sent.",
        ),
    ],
    key: Key::Column("code"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: false,
    check: None,
    uses: &[
        Use { what: "entries", from: "entry t where t.tenant = $1 and (t.customer = $2 or t.supplier = $2)" },
        Use { what: "movements", from: "movement t where t.tenant = $1 and (t.customer = $2 or t.supplier = $2)" },
        Use { what: "lots", from: "lot t where t.tenant = $1 and t.supplier = $2" },
        Use { what: "production orders", from: "production_order t where t.tenant = $1 and t.customer = $2" },
    ],
};
