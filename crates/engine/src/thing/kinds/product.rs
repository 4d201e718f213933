//! Products, their categories and their variants.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::super::{rule, tree};
use super::{ANY, NOTES, SPARE1, SPARE2, SPARE3, UNITS};

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
