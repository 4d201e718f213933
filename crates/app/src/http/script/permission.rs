//! Permissions as scripts name them: a tree of dotted names, each granting what is below it.

use lotbook_engine::security::permission;
use lotbook_engine::thing::Value;

/// Every permission, parents first.
pub const TREE: &[&str] = &[
    "SYSTEM",
    "SYSTEM.ADMIN",
    "UNIT_OF_MEASURE",
    "UNIT_OF_MEASURE.READ",
    "UNIT_OF_MEASURE.READ.GET",
    "UNIT_OF_MEASURE.READ.VALIDATE",
    "UNIT_OF_MEASURE.WRITE",
    "UNIT_OF_MEASURE.WRITE.SAVE",
    "UNIT_OF_MEASURE.WRITE.DELETE",
    "MATERIAL",
    "MATERIAL.READ",
    "MATERIAL.READ.GET",
    "MATERIAL.READ.VALIDATE",
    "MATERIAL.WRITE",
    "MATERIAL.WRITE.SAVE",
    "MATERIAL.WRITE.DELETE",
    "QUERY",
    "QUERY.READ",
    "QUERY.READ.VALIDATE",
    "INVENTORY_OPERATION",
    "INVENTORY_OPERATION.READ",
    "INVENTORY_OPERATION.READ.GET",
    "INVENTORY_OPERATION.READ.VALIDATE",
    "INVENTORY_OPERATION.WRITE",
    "INVENTORY_OPERATION.WRITE.SAVE",
    "INVENTORY_OPERATION.WRITE.DELETE",
    "INVENTORY_OPERATION.EXECUTE",
    "INVENTORY",
    "INVENTORY.READ",
    "INVENTORY.READ.GET",
    "INVENTORY.READ.VALIDATE",
    "INVENTORY.WRITE",
    "INVENTORY.WRITE.SAVE",
    "INVENTORY.WRITE.DELETE",
    "INVENTORY.WRITE.CONSUME",
    "INVENTORY.WRITE.UNCONSUME",
    "INVENTORY.WRITE.PRODUCE",
    "INVENTORY.WRITE.RECEIVE",
    "INVENTORY.WRITE.SHIP",
    "INVENTORY.WRITE.RETURN",
    "INVENTORY.WRITE.SCRAP",
    "INVENTORY.WRITE.MOVE",
    "INVENTORY.WRITE.SPLIT",
    "INVENTORY.WRITE.MERGE",
    "INVENTORY.WRITE.CHANGE_STATUS",
    "INVENTORY.WRITE.EDIT",
    "LOCATION",
    "LOCATION.READ",
    "LOCATION.READ.GET",
    "LOCATION.READ.VALIDATE",
    "LOCATION.WRITE",
    "LOCATION.WRITE.SAVE",
    "LOCATION.WRITE.DELETE",
    "OPERATION",
    "OPERATION.READ",
    "OPERATION.READ.GET",
    "OPERATION.READ.VALIDATE",
    "OPERATION.WRITE",
    "OPERATION.WRITE.SAVE",
    "OPERATION.WRITE.DELETE",
    "OPERATION.EXECUTE",
    "PRODUCTION_ORDER",
    "PRODUCTION_ORDER.READ",
    "PRODUCTION_ORDER.READ.GET",
    "PRODUCTION_ORDER.READ.VALIDATE",
    "PRODUCTION_ORDER.WRITE",
    "PRODUCTION_ORDER.WRITE.SAVE",
    "PRODUCTION_ORDER.WRITE.DELETE",
    "TRACK_AND_TRACE",
    "TRACK_AND_TRACE.READ",
    "TRACK_AND_TRACE.READ.GET",
    "STOCK",
    permission::STOCK_READ,
    permission::STOCK_DRAFT,
    permission::STOCK_BOOK,
    permission::STOCK_REVERSE,
    permission::STOCK_COUNT,
    permission::STOCK_RESERVE,
    permission::CATALOG_WRITE,
    permission::SETTINGS_WRITE,
    permission::USERS_WRITE,
    permission::AUDIT_READ,
];

/// A name space's permissions in the order of the tree, as its `get…Permissions` answers them.
pub fn permissions(space: &str) -> Value {
    let is_of_space =
        |name: &str| name.strip_prefix(space).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    Value::List(TREE.iter().filter(|name| is_of_space(name)).map(|name| Value::Text((*name).to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_space_has_what_is_below_it_and_nothing_beside_it() {
        let names = |space: &str| {
            let Value::List(names) = permissions(space) else { panic!("permissions are a list") };
            let text = |name| if let Value::Text(text) = name { text } else { panic!("{name:?} is no name") };
            names.into_iter().map(text).collect::<Vec<String>>()
        };
        assert_eq!(names("QUERY"), ["QUERY", "QUERY.READ", "QUERY.READ.VALIDATE"]);
        assert_eq!(names("INVENTORY").len(), 19);
        assert!(names("INVENTORY").iter().all(|name| !name.starts_with("INVENTORY_OPERATION")));
    }
}
