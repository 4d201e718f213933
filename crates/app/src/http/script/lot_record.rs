//! Lot records: runs as scripts see them, with 34 keys.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{LotId, ProductId, RunId};
use lotbook_engine::query::trace;
use lotbook_engine::table;
use lotbook_engine::table::run::Run;
use lotbook_engine::thing::kept::{Called, called};
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::uid;

use super::fault::Fault;
use super::session::Reader;
use super::shape::{Shape, number, time, whole};

/// What the records of several runs refer to.
struct Names {
    lots: std::collections::BTreeMap<LotId, trace::Named>,
    locations: HashMap<i64, Called>,
    units: HashMap<i64, Called>,
    operations: HashMap<i64, Called>,
    reasons: HashMap<i64, Called>,
    orders: HashMap<i64, Called>,
    process_records: HashMap<i64, String>,
    base_units: HashMap<i64, i64>,
}

fn read_names(reader: &mut Reader<'_>, runs: &[Run]) -> Result<Names, Fault> {
    let tenant = reader.tenant;
    let lots: BTreeSet<LotId> =
        runs.iter().flat_map(|run| [run.lot, run.secondary_lot]).filter(|lot| lot.0 != 0).collect();
    let products = runs.iter().filter(|run| run.unit.0 == 0).map(|run| run.product).collect::<BTreeSet<ProductId>>();
    let products = table::catalog::products(reader.conn, tenant, products)?;
    let base_units: HashMap<i64, i64> = products.into_iter().map(|product| (product.id.0, product.unit.0)).collect();
    let units = runs.iter().map(|run| run.unit.0).chain(base_units.values().copied());
    let units = called(reader.conn, tenant, &kinds::UNITS, units)?;
    let records = runs.iter().map(|run| run.link.record).filter(|id| id.0 != 0).collect::<BTreeSet<_>>();
    let records = table::process::records_by_ids(reader.conn, tenant, records)?;
    let orders = runs.iter().map(|run| run.link.order.0);
    let places = runs.iter().flat_map(|run| [run.from.0, run.to.0]);
    Ok(Names {
        lots: trace::names(reader.conn, tenant, lots)?,
        locations: called(reader.conn, tenant, &kinds::LOCATIONS, places)?,
        units,
        operations: called(reader.conn, tenant, &kinds::OPERATIONS, runs.iter().map(|run| run.operation.0))?,
        reasons: called(reader.conn, tenant, &kinds::REASON_CODES, runs.iter().map(|run| run.reason.0))?,
        orders: called(reader.conn, tenant, &kinds::PRODUCTION_ORDERS, orders)?,
        process_records: records.into_iter().map(|record| (record.id.0, record.uid)).collect(),
        base_units,
    })
}

/// The records of runs, in their order: a statement for each kind of thing that they refer to.
pub fn records(reader: &mut Reader<'_>, runs: &[Run]) -> Result<Vec<Value>, Fault> {
    let names = read_names(reader, runs)?;
    Ok(runs.iter().map(|run| record(run, &names).done()).collect())
}

fn record(run: &Run, names: &Names) -> Shape {
    let lot = |id: LotId| names.lots.get(&id);
    let unit = match run.unit.0 {
        0 => names.base_units.get(&run.product.0).and_then(|unit| names.units.get(unit)),
        unit => names.units.get(&unit),
    };
    let operation = names.operations.get(&run.operation.0);
    let process_record = names.process_records.get(&run.link.record.0);
    let mut shape = Shape::new().text("lotRecordType", Some(run.kind.name()));
    for (id, name, lot) in [
        ("inventoryLotId", "inventoryLotName", lot(run.lot)),
        ("secondaryInventoryLotId", "secondaryInventoryLotName", lot(run.secondary_lot)),
    ] {
        shape =
            shape.text(id, lot.map(|lot| uid::print(&lot.uid)).as_deref()).text(name, lot.map(|lot| lot.name.as_str()));
    }
    shape = shape
        .text("operationRecordId", process_record.map(|kept| uid::print(kept)).as_deref())
        .text("inventoryOperationId", operation.map(|operation| uid::print(&operation.uid)).as_deref())
        .text("inventoryOperationName", run.operation_name.as_deref())
        .called("productionOrderId", "productionOrderName", names.orders.get(&run.link.order.0))
        .called("materialReasonCodeId", "materialReasonCodeName", names.reasons.get(&run.reason.0));
    for (id, name, path, place) in [
        ("sourceLocationId", "sourceLocationName", "sourceLocationPath", run.from),
        ("destinationLocationId", "destinationLocationName", "destinationLocationPath", run.to),
    ] {
        let place = names.locations.get(&place.0);
        shape = shape.called(id, name, place).text(path, place.map(|place| place.path.as_str()));
    }
    let [spare1, spare2, spare3] = &run.spares;
    shape
        .text("lotStatus", Some(run.lot_status.name()))
        .put("quantity", number(run.quantity.0))
        .called("unitOfMeasureId", "unitOfMeasureName", unit)
        .text("unitOfMeasureSymbol", unit.map(|unit| unit.path.as_str()))
        .put("startDate", time(Some(run.started_at)))
        .put("endDate", time(run.ended_at))
        .text("status", Some(run.status.name()))
        .put("duration", run.ended_at.map_or(Value::Null, |end| whole((end.0 - run.started_at.0) / 1_000_000)))
        .text("shiftRecordId", None)
        .put("id", super::shape::id(&run.uid))
        .text("notes", run.notes.as_deref())
        .flag("enabled", run.is_enabled)
        .text("spare1", spare1.as_deref())
        .text("spare2", spare2.as_deref())
        .text("spare3", spare3.as_deref())
}

/// The record that answers for an action which made these runs, the first of them, with the others related; what
/// may make several says so also where there are no others.
pub fn of_action(reader: &mut Reader<'_>, ids: &[i64], makes_several: bool) -> Result<Option<Value>, Fault> {
    let mut runs = table::run::by_ids(reader.conn, reader.tenant, &ids.iter().copied().map(RunId).collect::<Vec<_>>())?;
    // The one that answers comes first.
    runs.sort_by_key(|run| ids.iter().position(|id| *id == run.id.0));
    let Some(first) = runs.first() else { return Ok(None) };
    let shape = record(first, &read_names(reader, std::slice::from_ref(first))?);
    let related: Vec<Value> = runs.iter().skip(1).map(|run| super::shape::id(&run.uid)).collect();
    let is_alone = related.is_empty() && !makes_several;
    Ok(Some(if is_alone { shape.done() } else { shape.put("relatedRecordIds", Value::List(related)).done() }))
}
