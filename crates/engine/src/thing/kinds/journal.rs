//! Journals, and the series that number their vouchers.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::super::rule;
use super::{ANY, LOCATIONS};

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
