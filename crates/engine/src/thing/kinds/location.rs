//! Locations and org units.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::super::tree;
use super::{ANY, NOTES, SPARE1, SPARE2, SPARE3, UNITS};

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
