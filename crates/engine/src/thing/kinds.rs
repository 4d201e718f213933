//! The kinds of catalog records, each described once.

mod finance;
mod production;

pub use finance::GL_RULES;
pub use production::{OPERATIONS, PROCESSES, PRODUCTION_ORDERS};

use super::kind::{Field, Key, Kind, Type, Use};
use super::{rule, tree};

/// All kinds, in the order of the reference.
pub static ALL: [&Kind; 16] = [
    &UNITS,
    &UNIT_CONVERSIONS,
    &CATEGORIES,
    &PRODUCTS,
    &VARIANTS,
    &INSTANCES,
    &LOTS,
    &LOCATIONS,
    &PARTIES,
    &REASON_CODES,
    &SERIES,
    &JOURNALS,
    &PROCESSES,
    &PRODUCTION_ORDERS,
    &OPERATIONS,
    &GL_RULES,
];

/// The kind with this name in addresses.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}

const ANY: &str = "1 = 1";

/// What most kinds have for people's own use.
const NOTES: Field = Field::optional("notes", "notes", Type::Text, "Free text.");
const SPARE1: Field = Field::optional("spare1", "spare1", Type::Text, "Free for your own use.");
const SPARE2: Field = Field::optional("spare2", "spare2", Type::Text, "Free for your own use.");
const SPARE3: Field = Field::optional("spare3", "spare3", Type::Text, "Free for your own use.");

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

/// Product categories.
pub static CATEGORIES: Kind = Kind {
    name: "categories",
    one: "category",
    noun: "category",
    about: "A node of the tree of product categories.",
    table: "category",
    counter: "category",
    fields: &[
        Field::required("name", "name", Type::Step, "Its name, unique below its parent; without `/`."),
        Field::optional("parent", "parent", Type::Reference(&CATEGORIES), "The category above it."),
        Field::shown("path", "path", Type::Text, "Names from the top down, joined by `/`."),
        Field::optional("description", "description", Type::Text, "What it is about."),
        NOTES,
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    key: Key::Path,
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: Some(tree::categories),
    uses: &[
        Use { what: "products", from: "product t where t.tenant = $1 and t.category = $2" },
        Use { what: "account rules", from: "gl_rule t where t.tenant = $1 and t.category = $2" },
        Use { what: "categories below it", from: "category t where t.tenant = $1 and t.parent = $2" },
    ],
};

const PRODUCT_HISTORY: &[Use] = &[
    Use { what: "movements", from: "movement t where t.tenant = $1 and t.product = $2" },
    Use { what: "counts", from: "account t where t.tenant = $1 and t.product = $2 and t.postings > 0" },
];

/// Products.
pub static PRODUCTS: Kind = Kind {
    name: "products",
    one: "product",
    noun: "product",
    about: "What stock is kept of.",
    table: "product",
    counter: "product",
    fields: &[
        Field::required(
            "identifier",
            "identifier",
            Type::Name,
            "Its number or code: 85123A. Unique, whatever the case of its letters.",
        ),
        Field::required("name", "name", Type::Text, "What it is called."),
        Field::optional("category", "category", Type::Reference(&CATEGORIES), "Where it belongs."),
        Field::number(
            "unit",
            "unit",
            Type::Reference(&UNITS),
            1,
            "Its base unit, pieces if none is named; fixed after the first movement.",
        )
        .until(PRODUCT_HISTORY),
        Field::number(
            "tracking",
            "tracking",
            Type::Choice(&[("none", 0), ("lot", 1), ("serial", 2)]),
            0,
            "How pieces or batches are told apart; fixed after the first movement.",
        )
        .until(PRODUCT_HISTORY),
        Field::number(
            "costing",
            "costing",
            Type::Choice(&[("average", 0), ("fifo", 1), ("standard", 2), ("specific", 3)]),
            0,
            "How the cost of an issue is found.",
        )
        .decides(),
        Field::optional("costPrice", "cost_price", Type::Decimal, "The cost of one unit where an entry gives none."),
        Field::optional(
            "defaultCostPrice",
            "default_cost_price",
            Type::Decimal,
            "The cost of one unit where there is no cost price either.",
        ),
        Field::optional("salesPrice", "sales_price", Type::Decimal, "The price of one unit."),
        Field::word("barcodes", "barcodes", Type::Names, "[]", "Its barcodes."),
        Field::number("hasVariants", "has_variants", Type::Flag, 0, "Whether each entry has to name a variant.")
            .until(PRODUCT_HISTORY),
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        Field::optional("description", "description", Type::Text, "What it is, in more words than its name."),
        Field::optional("erpId", "erp_id", Type::Name, "What another system calls it."),
        Field::optional(
            "shelfLifeDays",
            "shelf_life_days",
            Type::Whole(0, 100_000),
            "So many days after it was made a new lot expires.",
        ),
        Field::optional("quantityFormat", "quantity_format", Type::Name, "A pattern for printing its quantities."),
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    key: Key::Column("identifier"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: false,
    check: None,
    uses: &[
        Use {
            what: "operations",
            from: "operation t where t.tenant = $1 and (t.material = $2 or t.secondary_material = $2)",
        },
        Use { what: "production orders", from: "production_order t where t.tenant = $1 and t.product = $2" },
        Use { what: "movements", from: "movement t where t.tenant = $1 and t.product = $2" },
        Use { what: "counts", from: "account t where t.tenant = $1 and t.product = $2 and t.postings > 0" },
        Use { what: "entries", from: "entry t where t.tenant = $1 and t.product = $2" },
        Use { what: "variants", from: "variant t where t.tenant = $1 and t.product = $2" },
        Use { what: "lots or instances", from: "lot t where t.tenant = $1 and t.product = $2" },
        Use { what: "runs", from: "run t where t.tenant = $1 and (t.product = $2 or t.secondary_product = $2)" },
        Use { what: "unit conversions", from: "unit_conversion t where t.tenant = $1 and t.product = $2" },
    ],
};

/// Variants of products.
pub static VARIANTS: Kind = Kind {
    name: "variants",
    one: "variant",
    noun: "variant",
    about: "A variant of a product, such as a size or a colour, with stock of its own.",
    table: "variant",
    counter: "variant",
    fields: &[
        Field::required("product", "product", Type::Reference(&PRODUCTS), "The product.").stays(),
        Field::required("identifier", "identifier", Type::Name, "Its number or code, unique within the product."),
        Field::word("name", "name", Type::Text, "", "What it is called."),
        Field::word("barcodes", "barcodes", Type::Names, "[]", "Its barcodes."),
        Field::optional("costPrice", "cost_price", Type::Decimal, "The cost of one unit, before the product's."),
        Field::optional("salesPrice", "sales_price", Type::Decimal, "The price of one unit."),
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
    ],
    key: Key::InProduct("identifier"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: false,
    check: Some(rule::variants),
    uses: &[
        Use {
            what: "movements",
            from: "account t join variant o on o.tenant = t.tenant and o.product = t.product \
                   where t.tenant = $1 and o.id = $2 and t.variant = $2 and t.postings > 0",
        },
        Use { what: "entries", from: "entry t where t.tenant = $1 and t.variant = $2" },
        Use { what: "lots or instances", from: "lot t where t.tenant = $1 and t.variant = $2" },
    ],
};

const LOT_USES: &[Use] = &[
    Use {
        what: "movements",
        from: "account t join lot o on o.tenant = t.tenant and o.product = t.product \
               where t.tenant = $1 and o.id = $2 and t.lot = $2 and t.postings > 0",
    },
    Use { what: "entries", from: "entry t where t.tenant = $1 and t.lot = $2" },
    Use { what: "runs", from: "run t where t.tenant = $1 and (t.lot = $2 or t.secondary_lot = $2)" },
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
        from: "run t where t.tenant = $1 and t.batch > 0 and (t.lot = $2 or t.secondary_lot = $2)",
    },
    Use {
        what: "an operation that runs with it",
        from: "run t join operation o on o.tenant = t.tenant and o.current_run = t.id and o.current_run > 0 \
               where t.tenant = $1 and (t.lot = $2 or t.secondary_lot = $2)",
    },
];

/// What only names a lot.
pub(crate) const LOT_NAMED: &[Use] =
    &[Use { what: "lot records", from: "run t where t.tenant = $1 and (t.lot = $2 or t.secondary_lot = $2)" }];

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

/// Locations and org units.
pub static LOCATIONS: Kind = Kind {
    name: "locations",
    one: "location",
    noun: "location",
    about: "A node of the one tree of org units, plants, lines, shelves and bins. Without a parent it hangs below the \
            root org unit, and its path is its name. Lists leave out the places outside the house and the one for what is in \
            transit, unless `outside=true` is given.",
    table: "location",
    counter: "location",
    fields: &[
        Field::required("name", "name", Type::Step, "Its name, unique below its parent; without `/`."),
        Field::optional("parent", "parent", Type::Reference(&LOCATIONS), "What it is part of.").decides(),
        Field::shown("path", "path", Type::Text, "Names below the root, joined by `/`."),
        Field::word(
            "type",
            "type",
            Type::Word(&[
                "enterprise",
                "company",
                "site",
                "area",
                "line",
                "cellGroup",
                "cell",
                "unit",
                "orgUnit",
                "shelf",
            ]),
            "unit",
            "What kind of place it is; places outside the house read as `outside`.",
        ),
        Field::number(
            "isOrgUnit",
            "is_org_unit",
            Type::Flag,
            0,
            "Whether it accounts for stock; yes for the type `orgUnit` if nothing is sent.",
        )
        .decides(),
        Field::number(
            "isDefault",
            "is_default",
            Type::Flag,
            0,
            "Whether its org unit keeps stock here where an entry names no location.",
        ),
        Field::shown(
            "stockOrgUnit",
            "stock_org_unit",
            Type::Reference(&LOCATIONS),
            "The org unit whose stock this org unit uses; see the setting `stockOrgUnit`.",
        ),
        Field::word(
            "processType",
            "process_type",
            Type::Word(&["STORAGE", "CONTINUOUS", "BATCH", "DISCRETE", "NONE"]),
            "NONE",
            "What is done there.",
        ),
        Field::word(
            "lotStorageStrategy",
            "lot_storage_strategy",
            Type::Word(&[
                "ALLOW_MULTIPLE",
                "ALLOW_SINGLE_OR_THROW",
                "MERGE_INTO_PREVIOUS",
                "MERGE_INTO_NEW",
                "NO_STORAGE",
            ]),
            "ALLOW_MULTIPLE",
            "What happens to a lot that arrives where another one is.",
        ),
        Field::word(
            "lotUseStrategy",
            "lot_use_strategy",
            Type::Word(&["FIFO", "LIFO", "FEFO"]),
            "FIFO",
            "Which lot an issue takes that names none.",
        ),
        Field::optional("capacity", "capacity", Type::Decimal, "How much fits in."),
        Field::optional(
            "capacityUnit",
            "capacity_unit",
            Type::Reference(&UNITS),
            "What the capacity is counted in, and what is entered here without a unit.",
        ),
        Field::optional(
            "allowNegative",
            "allow_negative",
            Type::Flag,
            "Whether stock may go below zero here; nothing = as the place above or the setting says.",
        )
        .decides(),
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        Field::number(
            "sortOrder",
            "sort_order",
            Type::Whole(-1_000_000_000, 1_000_000_000),
            0,
            "Its place among its neighbours.",
        ),
        Field::optional("description", "description", Type::Text, "What it is about."),
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    key: Key::Path,
    rows: ANY,
    constants: &[],
    listed: "t.id > 0 and t.id <> 2",
    is_structure: true,
    check: Some(tree::locations),
    uses: &[
        Use { what: "locations below it", from: "location t where t.tenant = $1 and t.parent = $2" },
        Use { what: "movements", from: "account t where t.tenant = $1 and t.place = $2 and t.postings > 0" },
        Use { what: "entries", from: "entry t where t.tenant = $1 and (t.location = $2 or t.org_unit = $2)" },
        Use { what: "journals", from: "journal t where t.tenant = $1 and (t.location = $2 or t.org_unit = $2)" },
        Use { what: "org units that use its stock", from: "location t where t.tenant = $1 and t.stock_org_unit = $2" },
        Use { what: "granted roles", from: "role_grant t where t.tenant = $1 and t.org_unit = $2" },
        Use { what: "settings", from: "decision t where t.tenant = $1 and t.org_unit = $2" },
        Use { what: "bookings", from: "movement t where t.tenant = $1 and t.org_unit = $2" },
        Use { what: "operations", from: "operation t where t.tenant = $1 and (t.source = $2 or t.destination = $2)" },
        Use { what: "runs", from: "run t where t.tenant = $1 and (t.from_location = $2 or t.to_location = $2)" },
        Use { what: "processes", from: "process t where t.tenant = $1 and t.location = $2" },
        Use { what: "process records", from: "process_record t where t.tenant = $1 and t.location = $2" },
        Use { what: "production orders", from: "production_order t where t.tenant = $1 and t.location = $2" },
    ],
};

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

/// Reasons for corrections and scrap.
pub static REASON_CODES: Kind = Kind {
    name: "reason-codes",
    one: "reasonCode",
    noun: "reason code",
    about: "Why stock was corrected, scrapped or held.",
    table: "reason_code",
    counter: "reason",
    fields: &[
        Field::required("name", "name", Type::Name, "What it is called. Unique."),
        NOTES,
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be entered."),
        Field::optional(
            "recordType",
            "record_type",
            Type::Word(&[
                "CONSUME",
                "UNCONSUME",
                "PRODUCE",
                "MOVE",
                "SPLIT",
                "MERGE",
                "SCRAP",
                "RETURN",
                "STATUS_CHANGE",
                "EDIT",
                "RECEIVE",
                "SHIP",
            ]),
            "The only kind of lot record that it is for.",
        ),
        Field::optional("description", "description", Type::Text, "What it means."),
        Field::number("requiresComment", "requires_comment", Type::Flag, 0, "Whether a record with it needs notes."),
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    key: Key::Column("name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: None,
    uses: &[
        Use { what: "entries", from: "entry t where t.tenant = $1 and t.reason = $2" },
        Use { what: "movements", from: "movement t where t.tenant = $1 and t.reason = $2" },
        Use { what: "operations", from: "operation t where t.tenant = $1 and t.reason = $2" },
        Use { what: "runs", from: "run t where t.tenant = $1 and t.reason = $2" },
    ],
};

/// Series of voucher numbers.
pub static SERIES: Kind = Kind {
    name: "series",
    one: "series",
    noun: "series",
    about: "A range of numbers for the vouchers of journals. Ranges do not overlap.",
    table: "series",
    counter: "series",
    fields: &[
        Field::required("name", "name", Type::Name, "What it is called. Unique."),
        Field::required(
            "from",
            "from_number",
            Type::Whole(1, 9_007_199_254_740_991),
            "Its first number; fixed once numbers were taken.",
        )
        .until(&[Use {
            what: "numbers that were taken",
            from: "counter t where t.tenant = $1 and t.name = 'series:' || cast($2 as text)",
        }]),
        Field::required("to", "to_number", Type::Whole(1, 9_007_199_254_740_991), "Its last number."),
    ],
    key: Key::Column("name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: Some(rule::series),
    uses: &[Use { what: "journals", from: "journal t where t.tenant = $1 and t.series = $2" }],
};

const JOURNAL_HISTORY: &[Use] = &[
    Use { what: "vouchers", from: "voucher t where t.tenant = $1 and t.journal = $2" },
    Use { what: "entries", from: "entry t where t.tenant = $1 and t.journal = $2" },
    Use { what: "bookings", from: "booking t where t.tenant = $1 and t.journal = $2" },
];

/// Journals, which collect entries until they are booked.
pub static JOURNALS: Kind = Kind {
    name: "journals",
    one: "journal",
    noun: "journal",
    about: "Collects entries of one kind until they are booked; the ERP dialect calls it a stock draft.",
    table: "journal",
    counter: "journal",
    fields: &[
        Field::required("name", "name", Type::Name, "What it is called. Unique."),
        Field::required(
            "kind",
            "kind",
            Type::Choice(&[
                ("Settlement", 1),
                ("InternalTransfer", 2),
                ("InternalUse", 3),
                ("Shrinkage", 4),
                ("Delivery", 5),
                ("Complaint", 6),
            ]),
            "What its entries do; fixed once it has vouchers.",
        )
        .until(JOURNAL_HISTORY),
        Field::optional("description", "description", Type::Text, "Free text."),
        Field::number("isAutoBook", "is_auto_book", Type::Flag, 0, "Whether entries are booked as they come."),
        Field::number("isHidden", "is_hidden", Type::Flag, 0, "Whether it is there for administrators only."),
        Field::optional("orgUnit", "org_unit", Type::Reference(&LOCATIONS), "The org unit it belongs to."),
        Field::optional(
            "location",
            "location",
            Type::Reference(&LOCATIONS),
            "The location its entries are usually for.",
        ),
        Field::optional(
            "series",
            "series",
            Type::Reference(&SERIES),
            "Where its voucher numbers come from; the tenant's own range if none is named.",
        ),
        Field::number(
            "createFinanceEntries",
            "create_finance_entries",
            Type::Flag,
            0,
            "Whether its bookings are for the general ledger.",
        ),
    ],
    key: Key::Column("name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: Some(rule::journals),
    uses: JOURNAL_HISTORY,
};
