//! Units of measure, and the ratios between them.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::super::rule;
use super::{ANY, NOTES, PRODUCTS, SPARE1, SPARE2, SPARE3};

/// A ratio of two numbers of eighteen digits turns every quantity that fits without leaving 128 bits.
const RATIO_MAX: i64 = 999_999_999_999_999_999;

/// Units of measure.
pub static UNITS: Kind = Kind {
    name: "units",
    one: "unit",
    noun: "unit",
    about: "A unit of measure. Quantities are kept in a product's base unit.",
    table: "unit",
    counter: "unit",
    fields: &[
        Field::required("name", "name", Type::Name, "What it is called: kilogram."),
        Field::required("symbol", "symbol", Type::Name, "How it is written behind a number: kg. Unique."),
        NOTES,
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    key: Key::ColumnOr("symbol", "name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: None,
    uses: &[
        Use { what: "products", from: "product t where t.tenant = $1 and t.unit = $2" },
        Use {
            what: "unit conversions",
            from: "unit_conversion t where t.tenant = $1 and (t.from_unit = $2 or t.to_unit = $2)",
        },
        Use { what: "locations", from: "location t where t.tenant = $1 and t.capacity_unit = $2" },
        Use { what: "entries", from: "entry t where t.tenant = $1 and t.unit = $2" },
        Use { what: "movements", from: "movement t where t.tenant = $1 and t.entered_unit = $2" },
        Use { what: "operations", from: "operation t where t.tenant = $1 and t.unit = $2" },
        Use { what: "runs", from: "run t where t.tenant = $1 and t.unit = $2" },
        Use { what: "production orders", from: "production_order t where t.tenant = $1 and t.unit = $2" },
    ],
};

/// Exact ratios between units.
pub static UNIT_CONVERSIONS: Kind = Kind {
    name: "unit-conversions",
    one: "unitConversion",
    noun: "unit conversion",
    about: "An exact ratio between two units: 1 `from` = `numerator` / `denominator` `to`, read in both directions. \
            One with a product holds for that product and goes before the general one.",
    table: "unit_conversion",
    counter: "unitConversion",
    fields: &[
        Field::required("from", "from_unit", Type::Reference(&UNITS), "The unit to convert from.").stays(),
        Field::required("to", "to_unit", Type::Reference(&UNITS), "The unit to convert to.").stays(),
        Field::required("numerator", "numerator", Type::Whole(1, RATIO_MAX), "The ratio's upper number.").decides(),
        Field::number("denominator", "denominator", Type::Whole(1, RATIO_MAX), 1, "The ratio's lower number.")
            .decides(),
        Field::optional("product", "product", Type::Reference(&PRODUCTS), "The only product it holds for.").stays(),
        NOTES,
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    key: Key::Conversion,
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: Some(rule::conversions),
    uses: &[],
};
