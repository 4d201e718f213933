//! Inventory operations at work: started, stopped, executed, cancelled.

use lotbook_domain::id::OperationId;
use lotbook_domain::quantity::Quantity;
use lotbook_engine::command::{Operate, Operated, Said, Verb};
use lotbook_engine::table;
use lotbook_engine::thing::{Reference, Value};

use super::EXECUTE;
use crate::http::script::argument::Args;
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::lot_record;
use crate::http::script::session::{Session, read_answer};
use crate::http::script::shape::{Shape, number, time};

/// `startInventoryOperation`.
pub async fn start(session: Session, args: Args) -> Result<Value, Fault> {
    let mut read = args.reading();
    let said = Said {
        lot: read.text("primaryLotIdOrName"),
        secondary_lot: read.text("secondaryLotIdOrName"),
        product: read.text("materialIdOrPath"),
        inventory_name: read.text("inventoryName"),
        started_at: read.time("startDateMillis"),
        ..Said::default()
    };
    let wrong = read.wrong();
    operate(session, &args, Verb::Start, said, wrong).await
}

/// `stopInventoryOperation`.
pub async fn stop(session: Session, args: Args) -> Result<Value, Fault> {
    let mut read = args.reading();
    let said = Said {
        quantity: read.number("quantity").map(Quantity),
        inventory_name: read.text("inventoryName"),
        ended_at: read.time("endDateMillis"),
        by_clock: false,
        ..Said::default()
    };
    let wrong = read.wrong();
    operate(session, &args, Verb::Stop, said, wrong).await
}

/// `executeInventoryOperation`.
pub async fn execute(session: Session, args: Args) -> Result<Value, Fault> {
    let mut read = args.reading();
    let said = Said {
        lot: read.text("primaryLotIdOrName"),
        secondary_lot: read.text("secondaryLotIdOrName"),
        product: read.text("materialIdOrPath"),
        quantity: read.number("quantity").map(Quantity),
        inventory_name: read.text("inventoryName"),
        started_at: read.time("startDateMillis"),
        ended_at: read.time("endDateMillis"),
        ..Said::default()
    };
    let wrong = read.wrong();
    operate(session, &args, Verb::Execute, said, wrong).await
}

/// `cancelInventoryOperation`.
pub async fn cancel(session: Session, args: Args) -> Result<Value, Fault> {
    operate(session, &args, Verb::Cancel, Said::default(), Vec::new()).await
}

async fn operate(
    session: Session,
    args: &Args,
    verb: Verb,
    said: Said,
    wrong: Vec<(String, String)>,
) -> Result<Value, Fault> {
    let operation = Reference::Plain(args.needed("inventoryOperationId")?);
    if !wrong.is_empty() {
        return Err(Fault::fields(FaultKind::IllegalArgument, wrong));
    }
    let reach = session.read(|reader| reader.reach(EXECUTE)).await?;
    let answer = session.change(Operate { operation, verb, said, reach }).await.map_err(in_script_words)?;
    let operated: Operated = read_answer(&answer)?;
    if !operated.faults.is_empty() {
        let fault = in_script_words(Fault::fields(FaultKind::IllegalArgument, operated.faults));
        let message = format!("the operation is FAULTED: {}; stop it again, or cancel it", fault.message);
        return Err(Fault { message, ..fault });
    }
    session
        .read(move |reader| match lot_record::of_action(reader, &operated.runs, operated.makes_several)? {
            Some(record) => Ok(record),
            None => {
                let found = table::operation::by_ids(reader.conn, reader.tenant, [OperationId(operated.operation)])?;
                Ok(found.first().map_or(Value::Null, |operation| unsaved(operation, &operated.status, reader.now)))
            }
        })
        .await
}

/// What stands for a record where none was made: everything is going to be scrapped, or nothing was there.
fn unsaved(operation: &table::operation::Operation, status: &str, now: lotbook_domain::time::Time) -> Value {
    let mut shape = Shape::new().text("lotRecordType", Some("SCRAP"));
    for key in KEYS {
        shape = match *key {
            "inventoryOperationId" => shape.put(key, crate::http::script::shape::id(&operation.uid)),
            "inventoryOperationName" => shape.text(key, Some(&operation.name)),
            "quantity" => shape.put(key, number(0)),
            "startDate" => shape.put(key, time(Some(now))),
            "endDate" => shape.put(key, time((status != "RUNNING").then_some(now))),
            "status" => shape.text(key, Some(status)),
            "enabled" => shape.flag(key, true),
            "notes" => shape.text(key, operation.notes.as_deref()),
            _ => shape.text(key, None),
        };
    }
    shape.put("relatedRecordIds", Value::List(Vec::new())).done()
}

/// The keys of a lot record after its type.
const KEYS: &[&str] = &[
    "inventoryLotId",
    "inventoryLotName",
    "secondaryInventoryLotId",
    "secondaryInventoryLotName",
    "operationRecordId",
    "inventoryOperationId",
    "inventoryOperationName",
    "productionOrderId",
    "productionOrderName",
    "materialReasonCodeId",
    "materialReasonCodeName",
    "sourceLocationId",
    "sourceLocationName",
    "sourceLocationPath",
    "destinationLocationId",
    "destinationLocationName",
    "destinationLocationPath",
    "lotStatus",
    "quantity",
    "unitOfMeasureId",
    "unitOfMeasureName",
    "unitOfMeasureSymbol",
    "startDate",
    "endDate",
    "status",
    "duration",
    "shiftRecordId",
    "id",
    "notes",
    "enabled",
    "spare1",
    "spare2",
    "spare3",
];

/// Names what is wrong as the arguments are called; whatever it is, it is an argument that does not do.
fn in_script_words(fault: Fault) -> Fault {
    let fault = fault.renamed(|field| {
        // Of the one action there is, the index says nothing.
        let field = field.strip_prefix("[0].").unwrap_or(field);
        Some(
            match field {
                "lot" => "primaryLotIdOrName",
                "secondaryLot" => "secondaryLotIdOrName",
                "product" => "materialIdOrPath",
                "material" => "materialId",
                "sourceLocation" | "from" => "sourceLocationId",
                "destinationLocation" | "to" => "destinationLocationId",
                "startedAt" => "startDateMillis",
                "endedAt" => "endDateMillis",
                "unit" => "unitOfMeasureId",
                "secondaryProduct" => "secondaryMaterialId",
                other => other,
            }
            .to_owned(),
        )
    });
    fault.as_kind(FaultKind::IllegalArgument)
}
