//! Lots and instances.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::super::rule;
use super::{ANY, NOTES, PARTIES, PRODUCTS, SPARE1, SPARE2, SPARE3, VARIANTS};

const LOT_USES: &[Use] = &[
    Use {
        what: "movements",
        from: "account t join lot o on o.tenant = t.tenant and o.product = t.product \
               where t.tenant = $1 and o.id = $2 and t.lot = $2 and t.postings > 0",
    },
    Use { what: "entries", from: "entry t where t.tenant = $1 and t.lot = $2" },
    Use {
        what: "runs",
        from: "run t where t.tenant = $1 and (t.lot = $2 or t.secondary_lot = $2 and t.secondary_lot > 0)",
    },
];

/// What a lot that did something cannot be without.
pub(crate) const LOT_HISTORY: &[Use] = &[
    Use {
        what: "movements",
        from: "account t join lot o on o.tenant = t.tenant and o.product = t.product \
               where t.tenant = $1 and o.id = $2 and t.lot = $2 and t.postings > 0",
    },
    Use { what: "entries", from: "entry t where t.tenant = $1 and t.lot = $2" },
    Use {
        what: "lot records that moved other lots",
        from: "run t where t.tenant = $1 and t.batch > 0 and (t.lot = $2 or t.secondary_lot = $2 and t.secondary_lot > 0)",
    },
    Use {
        what: "an operation that runs with it",
        from: "run t join operation o on o.tenant = t.tenant and o.current_run = t.id and o.current_run > 0 \
               where t.tenant = $1 and (t.lot = $2 or t.secondary_lot = $2 and t.secondary_lot > 0)",
    },
];

/// What only names a lot.
pub(crate) const LOT_NAMED: &[Use] = &[Use {
    what: "lot records",
    from: "run t where t.tenant = $1 and (t.lot = $2 or t.secondary_lot = $2 and t.secondary_lot > 0)",
}];

const LOT_STATUS: Type =
    Type::Choice(&[("OPEN", 1), ("AVAILABLE", 2), ("QA_HOLD", 3), ("EXPIRED", 4), ("SHIPPED", 5), ("CLOSED", 6)]);

/// Single pieces with a serial number.
pub static INSTANCES: Kind = Kind {
    name: "instances",
    one: "instance",
    noun: "instance",
    about: "One piece of a serial-tracked product.",
    table: "lot",
    counter: "lot",
    fields: &[
        Field::required("product", "product", Type::Reference(&PRODUCTS), "The product, tracked by serial number.")
            .stays(),
        Field::optional("variant", "variant", Type::Reference(&VARIANTS), "The variant.").until(LOT_USES),
        Field::required("identifier", "name", Type::Name, "The serial number, unique within the product.").also("name"),
        Field::number("status", "status", LOT_STATUS, 2, "Where it is in its life."),
        Field::optional("expiresAt", "expires_at", Type::Time, "When it expires."),
        Field::optional("costPrice", "cost_price", Type::Decimal, "What this very piece costs, before the product's."),
        NOTES,
    ],
    key: Key::InProduct("name"),
    rows: "t.is_serial = 1",
    constants: &[("is_serial", 1)],
    listed: ANY,
    is_structure: false,
    check: Some(rule::instances),
    uses: LOT_USES,
};

/// Lots.
pub static LOTS: Kind = Kind {
    name: "lots",
    one: "lot",
    noun: "lot",
    about: "A batch of a lot-tracked product.",
    table: "lot",
    counter: "lot",
    fields: &[
        Field::required("product", "product", Type::Reference(&PRODUCTS), "The product, tracked by lot.").stays(),
        Field::optional("variant", "variant", Type::Reference(&VARIANTS), "The variant.").until(LOT_USES),
        Field::required("name", "name", Type::Name, "Its name, unique within the product."),
        Field::number("status", "status", LOT_STATUS, 2, "Where it is in its life."),
        Field::optional("expiresAt", "expires_at", Type::Time, "When it expires."),
        Field::optional(
            "costPrice",
            "cost_price",
            Type::Decimal,
            "What one unit of this lot costs, before the product's.",
        ),
        NOTES,
        Field::optional("supplier", "supplier", Type::Reference(&PARTIES), "Who it came from."),
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        SPARE1,
        SPARE2,
        SPARE3,
        Field::shown("closedAt", "closed_at", Type::Time, "Since when it is CLOSED."),
    ],
    key: Key::InProduct("name"),
    rows: "t.is_serial = 0",
    constants: &[("is_serial", 0)],
    listed: ANY,
    is_structure: false,
    check: Some(rule::lots),
    uses: LOT_USES,
};
