//! Reasons for corrections and scrap.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::{ANY, NOTES, SPARE1, SPARE2, SPARE3};

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
