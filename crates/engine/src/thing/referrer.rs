//! What refers to a record, as scripts are told it: by tables and columns under the names they know.

use lotbook_domain::id::TenantId;

use super::kind::Kind;
use crate::error::Error;
use crate::store::{Arg, Conn};

/// So many references are named of each table.
const REFERENCES_MAX: i64 = 1_000;

/// A column that may refer to records of a kind.
struct Referrer {
    /// The kind that is referred to.
    kind: &'static str,
    /// The table and the column that refer to it.
    at: (&'static str, &'static str),
    /// What scripts call both.
    called: (&'static str, &'static str),
}

const fn by(kind: &'static str, at: (&'static str, &'static str), called: (&'static str, &'static str)) -> Referrer {
    Referrer { kind, at, called }
}

const REFERRERS: &[Referrer] = &[
    by("units", ("product", "unit"), ("materials", "unit_of_measure_id")),
    by("units", ("unit_conversion", "from_unit"), ("unit_of_measure_conversions", "from_unit_of_measure_id")),
    by("units", ("unit_conversion", "to_unit"), ("unit_of_measure_conversions", "to_unit_of_measure_id")),
    by("units", ("location", "capacity_unit"), ("locations", "storage_capacity_unit_id")),
    by("units", ("operation", "unit"), ("inventory_operations", "unit_of_measure_id")),
    by("units", ("production_order", "unit"), ("production_orders", "unit_of_measure_id")),
    by("categories", ("category", "parent"), ("material_classes", "parent_id")),
    by("categories", ("product", "category"), ("materials", "material_class_id")),
    by("products", ("lot", "product"), ("inventory_lots", "material_id")),
    by("products", ("unit_conversion", "product"), ("unit_of_measure_conversions", "material_id")),
    by("products", ("operation", "material"), ("inventory_operations", "material_id")),
    by("products", ("operation", "secondary_material"), ("inventory_operations", "secondary_material_id")),
    by("products", ("production_order", "product"), ("production_orders", "product_material_id")),
    by("locations", ("location", "parent"), ("locations", "parent_id")),
    by("locations", ("operation", "source"), ("inventory_operations", "source_location_id")),
    by("locations", ("operation", "destination"), ("inventory_operations", "destination_location_id")),
    by("locations", ("process", "location"), ("operations", "location_id")),
    by("locations", ("process_record", "location"), ("operation_records", "location_id")),
    by("locations", ("production_order", "location"), ("production_orders", "location_id")),
    by("locations", ("run", "from_location"), ("inventory_lot_records", "source_location_id")),
    by("locations", ("run", "to_location"), ("inventory_lot_records", "destination_location_id")),
    by("reason-codes", ("operation", "reason"), ("inventory_operations", "reason_code_id")),
    by("reason-codes", ("run", "reason"), ("inventory_lot_records", "material_reason_code_id")),
    by("processes", ("operation", "process"), ("inventory_operations", "operation_id")),
    by("processes", ("process_record", "process"), ("operation_records", "operation_id")),
    by("production-orders", ("process", "current_order"), ("operations", "current_production_order_id")),
    by("production-orders", ("process_record", "production_order"), ("operation_records", "production_order_id")),
    by("production-orders", ("run", "production_order"), ("inventory_lot_records", "production_order_id")),
];

/// What refers to a record in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    /// The table, as scripts call it.
    pub table: &'static str,
    /// The column that refers to it, as scripts call it, and the ULID of the record that does.
    pub references: Vec<(&'static str, String)>,
}

/// Everything with an id of its own that refers to a record, up to a thousand of each column: a statement a
/// column.
pub fn references(conn: &mut Conn, tenant: TenantId, kind: &'static Kind, id: i64) -> Result<Vec<References>, Error> {
    let mut found: Vec<References> = Vec::new();
    for referrer in REFERRERS.iter().filter(|referrer| referrer.kind == kind.name) {
        let ((table, column), (called, field)) = (referrer.at, referrer.called);
        let uids: Vec<String> = conn.query(
            &format!(
                "select t.uid from {table} t where t.tenant = $1 and t.{column} = $2 and t.{column} > 0 \
                 order by t.id limit $3"
            ),
            &[Arg::Int(tenant.0), Arg::Int(id), Arg::Int(REFERENCES_MAX)],
            |row| row.text(0),
        )?;
        let references = uids.into_iter().map(|uid| (field, uid));
        match found.iter_mut().find(|group| group.table == called) {
            Some(group) => group.references.extend(references),
            None => found.push(References { table: called, references: references.collect() }),
        }
    }
    found.retain(|group| !group.references.is_empty());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thing::kinds;

    #[test]
    fn every_kind_is_known() {
        for referrer in REFERRERS {
            assert!(kinds::named(referrer.kind).is_some(), "{}", referrer.kind);
        }
    }
}
