//! The names of permissions, and which grants which.

use lotbook_domain::violation::Violation;

/// Everything.
pub const ALL: &str = "*";
/// To see stock, the catalog, vouchers, the ledger.
pub const STOCK_READ: &str = "STOCK.READ";
/// To make vouchers and entries, and remove entries that are not booked.
pub const STOCK_DRAFT: &str = "STOCK.DRAFT";
/// To book.
pub const STOCK_BOOK: &str = "STOCK.BOOK";
/// To undo what was booked.
pub const STOCK_REVERSE: &str = "STOCK.REVERSE";
/// To state what was counted.
pub const STOCK_COUNT: &str = "STOCK.COUNT";
/// To reserve.
pub const STOCK_RESERVE: &str = "STOCK.RESERVE";
/// To say what stock is worth, how products are valued, and to approve what that did to closed periods.
pub const STOCK_VALUE: &str = "STOCK.VALUE";
/// To change products, locations and the other records of the catalog.
pub const CATALOG_WRITE: &str = "CATALOG.WRITE";
/// To change settings.
pub const SETTINGS_WRITE: &str = "SETTINGS.WRITE";
/// To change people, roles and everybody's API keys.
pub const USERS_WRITE: &str = "USERS.WRITE";
/// To follow what a lot was made of and what became of it.
pub const TRACE_READ: &str = "TRACK_AND_TRACE.READ.GET";
/// To read the audit log.
pub const AUDIT_READ: &str = "AUDIT.READ";

/// What a manager may do: all but people, roles and settings.
pub const MANAGER: &[&str] = &[
    "AUDIT.READ",
    "CATALOG",
    "DASHBOARD",
    "DOCUMENT",
    "EXPRESSION",
    "INVENTORY",
    "INVENTORY_OPERATION",
    "LOCATION",
    "MATERIAL",
    "OEE",
    "OPERATION",
    "PERSONNEL.READ",
    "PRODUCTION_ORDER",
    "QUERY",
    "SCHEDULE",
    "SHIFT",
    "STOCK",
    "TRACK_AND_TRACE",
    "UNIT_OF_MEASURE",
];

/// What an operator may do: drafts, booking, operations, counts and reservations. What was booked is
/// undone by somebody else.
pub const OPERATOR: &[&str] = &[
    "INVENTORY.READ",
    "INVENTORY.WRITE.CHANGE_STATUS",
    "INVENTORY.WRITE.CONSUME",
    "INVENTORY.WRITE.MERGE",
    "INVENTORY.WRITE.MOVE",
    "INVENTORY.WRITE.PRODUCE",
    "INVENTORY.WRITE.RECEIVE",
    "INVENTORY.WRITE.RETURN",
    "INVENTORY.WRITE.SCRAP",
    "INVENTORY.WRITE.SHIP",
    "INVENTORY.WRITE.SPLIT",
    "INVENTORY_OPERATION.EXECUTE",
    "INVENTORY_OPERATION.READ",
    "LOCATION.READ",
    "MATERIAL.READ",
    "OPERATION.EXECUTE",
    "OPERATION.READ",
    "PRODUCTION_ORDER.READ",
    "QUERY.READ",
    "SHIFT.READ",
    "STOCK.BOOK",
    "STOCK.COUNT",
    "STOCK.DRAFT",
    "STOCK.READ",
    "STOCK.RESERVE",
    "TRACK_AND_TRACE.READ",
    "UNIT_OF_MEASURE.READ",
];

/// What a reader may do: look.
pub const READER: &[&str] = &[
    "INVENTORY.READ",
    "INVENTORY_OPERATION.READ",
    "LOCATION.READ",
    "MATERIAL.READ",
    "OPERATION.READ",
    "PRODUCTION_ORDER.READ",
    "QUERY.READ",
    "SHIFT.READ",
    "STOCK.READ",
    "TRACK_AND_TRACE.READ",
    "UNIT_OF_MEASURE.READ",
];

/// Every permission that something asks for; what stands before a dot grants all behind it.
pub const KNOWN: &[&str] = &[
    AUDIT_READ,
    CATALOG_WRITE,
    "INVENTORY.READ.GET",
    "INVENTORY.READ.VALIDATE",
    "INVENTORY.WRITE.CHANGE_STATUS",
    "INVENTORY.WRITE.CONSUME",
    "INVENTORY.WRITE.DELETE",
    "INVENTORY.WRITE.EDIT",
    "INVENTORY.WRITE.MERGE",
    "INVENTORY.WRITE.MOVE",
    "INVENTORY.WRITE.PRODUCE",
    "INVENTORY.WRITE.RECEIVE",
    "INVENTORY.WRITE.RETURN",
    "INVENTORY.WRITE.SAVE",
    "INVENTORY.WRITE.SCRAP",
    "INVENTORY.WRITE.SHIP",
    "INVENTORY.WRITE.SPLIT",
    "INVENTORY.WRITE.UNCONSUME",
    "INVENTORY_OPERATION.EXECUTE",
    "INVENTORY_OPERATION.READ.GET",
    "INVENTORY_OPERATION.READ.VALIDATE",
    "INVENTORY_OPERATION.WRITE.DELETE",
    "INVENTORY_OPERATION.WRITE.SAVE",
    "LOCATION.READ.GET",
    "LOCATION.READ.VALIDATE",
    "LOCATION.WRITE.DELETE",
    "LOCATION.WRITE.SAVE",
    "MATERIAL.READ.GET",
    "MATERIAL.READ.VALIDATE",
    "MATERIAL.WRITE.DELETE",
    "MATERIAL.WRITE.SAVE",
    "OPERATION.EXECUTE",
    "OPERATION.READ.GET",
    "OPERATION.READ.VALIDATE",
    "OPERATION.WRITE.DELETE",
    "OPERATION.WRITE.SAVE",
    "PRODUCTION_ORDER.READ.GET",
    "PRODUCTION_ORDER.READ.VALIDATE",
    "PRODUCTION_ORDER.WRITE.DELETE",
    "PRODUCTION_ORDER.WRITE.SAVE",
    "QUERY.READ.VALIDATE",
    SETTINGS_WRITE,
    STOCK_BOOK,
    STOCK_COUNT,
    STOCK_DRAFT,
    STOCK_READ,
    STOCK_RESERVE,
    STOCK_REVERSE,
    STOCK_VALUE,
    "SYSTEM.ADMIN",
    TRACE_READ,
    "UNIT_OF_MEASURE.READ.GET",
    "UNIT_OF_MEASURE.READ.VALIDATE",
    "UNIT_OF_MEASURE.WRITE.DELETE",
    "UNIT_OF_MEASURE.WRITE.SAVE",
    USERS_WRITE,
];

/// Families that scripts ask for by themselves; what is below them is free.
pub const FREE: &[&str] = &["DASHBOARD", "DOCUMENT", "EXPRESSION", "OEE", "PERSONNEL", "SCHEDULE", "SHIFT"];

/// Whether granting it means anything.
fn is_known(name: &str) -> bool {
    name == ALL || KNOWN.iter().any(|known| grants(name, known)) || FREE.iter().any(|family| grants(family, name))
}

/// A permission has at most so many characters.
const NAME_CHARS_MAX: usize = 100;
/// A role has at most so many permissions.
pub const PERMISSIONS_MAX: usize = 1_000;

/// Whether holding `granted` is enough where `asked` is needed.
pub fn grants(granted: &str, asked: &str) -> bool {
    granted == ALL
        || asked
            .strip_prefix(granted)
            .is_some_and(|rest| rest.is_empty() || (!granted.is_empty() && rest.starts_with('.')))
}

/// Permissions in one spelling, sorted, each once, or what is wrong with them. They are those of [`KNOWN`], what
/// stands before a dot in them, and names below those of [`FREE`].
pub fn clean(permissions: &[String]) -> Result<Vec<String>, Violation> {
    if permissions.len() > PERMISSIONS_MAX {
        let message = format!("has {} permissions; at most {PERMISSIONS_MAX} fit", permissions.len());
        return Err(Violation::new("permissions", "tooMany", message));
    }
    let mut clean = Vec::with_capacity(permissions.len());
    for permission in permissions {
        let name = permission.trim().to_ascii_uppercase();
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        if name != ALL && (name.len() > NAME_CHARS_MAX || !name.split('.').all(is_word)) {
            let shown: String = permission.chars().take(NAME_CHARS_MAX).collect();
            let message = format!("{shown:?} is not a permission; it is words of A-Z, 0-9 and _ joined by dots, or *");
            return Err(Violation::new("permissions", "notAPermission", message));
        }
        if !is_known(&name) {
            let message = format!(
                "there is no permission {name}; there are *, {}, what stands before a dot in them, and names below {}",
                KNOWN.join(", "),
                FREE.join(", ")
            );
            return Err(Violation::new("permissions", "unknownPermission", message));
        }
        clean.push(name);
    }
    clean.sort_unstable();
    clean.dedup();
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_grants_its_children_and_nothing_else() {
        for (granted, asked, want) in [
            ("STOCK", "STOCK", true),
            ("STOCK", "STOCK.READ", true),
            ("INVENTORY", "INVENTORY.WRITE.CONSUME", true),
            ("STOCK.READ", "STOCK", false),
            ("STOCK.READ", "STOCK.BOOK", false),
            ("INVENTORY", "INVENTORY_OPERATION.EXECUTE", false),
            ("*", "USERS.WRITE", true),
            ("STOCK", "*", false),
            ("", "STOCK", false),
        ] {
            assert_eq!(grants(granted, asked), want, "{granted} for {asked}");
        }
    }

    #[test]
    fn permissions_have_one_spelling() {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(clean(&texts(&["stock.read ", "STOCK.READ", "*"])), Ok(texts(&["*", "STOCK.READ"])));
        for wrong in ["", ".", "STOCK.", "STOCK READ", "STOCK.*", "Ä", "A\0"] {
            assert_eq!(clean(&texts(&[wrong])).unwrap_err().code, "notAPermission", "{wrong:?}");
        }
        assert_eq!(clean(&texts(&["oee.x", "stock", "INVENTORY.WRITE"])).unwrap().len(), 3);
        for unknown in ["STOCK.FOO", "STOCK.READ.ALL", "STO", "FOO"] {
            let fault = clean(&texts(&[unknown])).unwrap_err();
            assert!(fault.code == "unknownPermission" && fault.message.contains("STOCK.READ"), "{unknown}");
        }
        assert_eq!(clean(&vec!["A".to_owned(); 1_001]).unwrap_err().code, "tooMany");
    }

    #[test]
    fn the_ready_made_roles_are_written_as_they_are_kept() {
        for role in [MANAGER, OPERATOR, READER] {
            let texts: Vec<String> = role.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(clean(&texts), Ok(texts.clone()));
        }
        for closed in [USERS_WRITE, SETTINGS_WRITE, "SYSTEM.ADMIN"] {
            assert!(!MANAGER.iter().any(|granted| grants(granted, closed)), "{closed}");
        }
        assert!(!OPERATOR.iter().any(|granted| grants(granted, STOCK_REVERSE)));
    }
}
