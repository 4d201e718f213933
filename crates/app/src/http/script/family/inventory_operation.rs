//! `system.mes.inventory.operation`: what is done to lots again and again.

mod record;
mod removal;
mod transfer;
mod work;

use lotbook_domain::id::OperationId;
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{action_kind, places_needed};
use lotbook_engine::table;
use lotbook_engine::thing::kept::Which;
use lotbook_engine::thing::{Value, kinds};

use self::record::DATA;
use crate::http::script::argument::Args;
use crate::http::script::declare::{FILE, ILLEGAL, REFERENCES, VALIDATED, acts, deletes, plain, reads, takes};
use crate::http::script::fault::Fault;
use crate::http::script::function::{Family, Function, Parameter, Type, template};
use crate::http::script::permission::permissions;
use crate::http::script::session::Reader;
use crate::http::script::shape::{Shape, opt_text, whole};

const GET: &str = "INVENTORY_OPERATION.READ.GET";
const SAVE: &str = "INVENTORY_OPERATION.WRITE.SAVE";
const DELETE: &str = "INVENTORY_OPERATION.WRITE.DELETE";
const EXECUTE: &str = "INVENTORY_OPERATION.EXECUTE";

const LOCATIONS: Parameter = Parameter::optional(
    "locationIdOrPaths",
    Type::List,
    "Only operations whose source or destination is one of these locations.",
);

const ID: Parameter = Parameter::required("id", Type::Id, "The inventory operation.");
const OPERATION: Parameter =
    Parameter::required("inventoryOperationId", Type::Id, "The inventory operation.").also(&["id"]);
const LOT: Parameter =
    Parameter::optional("primaryLotIdOrName", Type::Id, "The lot it is about, where the operation is told it by hand.");
const SECONDARY_LOT: Parameter = Parameter::optional("secondaryLotIdOrName", Type::Id, "The lot on the other side.");
const MATERIAL: Parameter = Parameter::optional("materialIdOrPath", Type::Id, "Another material than the configured.");
const INVENTORY_NAME: Parameter =
    Parameter::optional("inventoryName", Type::Text, "What the row of stock is called, such as a pallet's number.");
const START: Parameter = Parameter::optional("startDateMillis", Type::Time, "When it began; now.").also(&["startDate"]);
const END: Parameter = Parameter::optional("endDateMillis", Type::Time, "When it ended; now.").also(&["endDate"]);
const QUANTITY: Parameter = Parameter::optional(
    "quantity",
    Type::Number,
    "How much, in the operation's unit; nothing = what its expression says.",
);

/// The family.
pub static FAMILY: Family = Family {
    title: "Inventory operations",
    prefixes: &["system.mes.inventory.operation", "system.mes.inventoryOperation"],
    functions: &[
        plain(
            &["newInventoryOperation"],
            &[],
            "A template with every key and its default; nothing is kept.",
            "the template",
            |session, _| Ok(template(session, DATA)),
        ),
        takes(
            &["saveInventoryOperation"],
            DATA,
            SAVE,
            "Makes an operation, or changes the one with the given id: what is not sent stays, what is sent as \
                    null is cleared. Its state is never set by it.",
            "the operation as it is then",
            |session, args| Box::pin(record::save(session, args)),
        ),
        Function {
            faults: ILLEGAL,
            ..takes(
                &["validateInventoryOperation"],
                DATA,
                "INVENTORY_OPERATION.READ.VALIDATE",
                "Says what would keep the operation from being saved.",
                VALIDATED,
                |session, args| Box::pin(record::validate(session, args)),
            )
        },
        reads(
            &["getInventoryOperation"],
            &[ID],
            GET,
            "One operation.",
            "the operation, or nothing where there is none",
            get,
        ),
        reads(
            &["getAllInventoryOperations", "getInventoryOperations"],
            &[],
            GET,
            "All operations, also disabled ones, by name.",
            "a list of operations",
            |reader, _| Ok(Value::List(record::list(reader, Which::All)?)),
        ),
        reads(
            &["getInventoryOperationsByOperation"],
            &[Parameter::required("operationId", Type::Id, "The production operation.")],
            GET,
            "The operations that start and stop with a production operation.",
            "a list of operations",
            by_operation,
        ),
        reads(
            &["getInventoryOperationsByLocation"],
            &[Parameter::required("locationIdOrPath", Type::Id, "The location.").also(&["locationId"])],
            GET,
            "The operations whose source or destination is this very location.",
            "a list of operations",
            by_location,
        ),
        reads(&["getInventoryOperationReferences"], &[ID], GET, "What refers to an operation.", REFERENCES, references),
        reads(
            &["getInventoryOperationStatus"],
            &[OPERATION],
            GET,
            "Where an operation is in its life.",
            "IDLE, RUNNING, COMPLETED, FAULTED, CANCELLED, UNKNOWN or PAUSED",
            status,
        ),
        acts(
            &["executeInventoryOperation"],
            &[OPERATION, LOT, QUANTITY, SECONDARY_LOT, MATERIAL, INVENTORY_NAME, START, END],
            EXECUTE,
            "Starts and stops an operation at once; one that runs is stopped.",
            "the lot record",
            |session, args| Box::pin(work::execute(session, args)),
        ),
        acts(
            &["startInventoryOperation"],
            &[OPERATION, LOT, SECONDARY_LOT, MATERIAL, INVENTORY_NAME, START],
            EXECUTE,
            "Starts an operation: finds or makes its lots, and opens a record. Nothing moves before the stop.",
            "the open lot record",
            |session, args| Box::pin(work::start(session, args)),
        ),
        acts(
            &["stopInventoryOperation"],
            &[OPERATION, QUANTITY, INVENTORY_NAME, END],
            EXECUTE,
            "Stops an operation and moves the quantity. Where the stock does not allow it, the record stays open \
                    and the operation is FAULTED, until a later stop succeeds or it is cancelled.",
            "the completed lot record",
            |session, args| Box::pin(work::stop(session, args)),
        ),
        acts(
            &["cancelInventoryOperation"],
            &[OPERATION],
            EXECUTE,
            "Gives up what an operation is at; nothing moves.",
            "the cancelled lot record",
            |session, args| Box::pin(work::cancel(session, args)),
        ),
        deletes(
            &["deleteInventoryOperation"],
            &[ID],
            DELETE,
            "Deletes an operation that does not run and has no lot records.",
            |session, args| Box::pin(removal::delete(session, args, false)),
        ),
        deletes(
            &["deleteInventoryOperationWithReferences"],
            &[ID],
            DELETE,
            "Deletes an operation that does not run. Its lot records are history: they stay, and go on naming it.",
            |session, args| Box::pin(removal::delete(session, args, true)),
        ),
        acts(
            &["updateInventoryOperationStatesFromDatabase"],
            &[Parameter::optional("ids", Type::List, "The operations; all.").also(&["inventoryOperationIds"])],
            EXECUTE,
            "Reads definitions and triggers anew, and puts states right: RUNNING without an open record becomes \
                    UNKNOWN, an open record makes its operation RUNNING again.",
            "nothing",
            |session, args| Box::pin(removal::refresh(session, args)),
        ),
        reads(
            &["exportAsCsv", "exportAsCsvBytes"],
            &[LOCATIONS],
            GET,
            "The configuration of operations as CSV, with the keys of the template but the state.",
            "bytes",
            |reader, args| transfer::export(reader, &args, true),
        ),
        reads(
            &["exportAsJson", "exportAsJsonBytes"],
            &[LOCATIONS],
            GET,
            "The configuration of operations as a JSON list, with the keys of the template but the state.",
            "bytes",
            |reader, args| transfer::export(reader, &args, false),
        ),
        acts(
            &["importFromCsv"],
            &[FILE],
            SAVE,
            "Makes and changes operations from a file such as exportAsCsv gives. One with the same name, source, \
                    destination and type is changed. Paths and names go before ids; rows with faults are left out.",
            "an ApiResponse with the number of rows written",
            |session, args| Box::pin(transfer::import(session, args, true)),
        ),
        acts(
            &["importFromJson"],
            &[FILE],
            SAVE,
            "The same from a JSON list such as exportAsJson gives.",
            "an ApiResponse with the number of rows written",
            |session, args| Box::pin(transfer::import(session, args, false)),
        ),
        Function {
            permission: Some(GET),
            ..plain(
                &["getInventoryOperationImportQueueSize"],
                &[],
                "How many rows of imports wait to be written.",
                "a number",
                |session, _| Ok(whole(session.app().imports.size(session.tenant(), transfer::QUEUE))),
            )
        },
        Function {
            permission: Some(SAVE),
            ..plain(
                &["cancelInventoryOperationImportQueue"],
                &[],
                "Drops the rows of imports that are not written yet; whoever waits for them is told.",
                "how many there were",
                |session, _| Ok(whole(session.app().imports.cancel(session.tenant(), transfer::QUEUE))),
            )
        },
        plain(
            &["getInventoryOperationPermissions"],
            &[],
            "The permissions of this family, parents first.",
            "a list of names",
            |_, _| Ok(permissions("INVENTORY_OPERATION")),
        ),
        Function {
            faults: ILLEGAL,
            ..plain(
                &["isSourceLocationRequired"],
                &[KIND],
                "Whether a lot record of this type needs a source.",
                "true or false",
                |_, args| Ok(Value::Bool(needs(&args)?.0)),
            )
        },
        Function {
            faults: ILLEGAL,
            ..plain(
                &["isDestinationLocationRequired"],
                &[KIND],
                "Whether a lot record of this type needs a destination.",
                "true or false",
                |_, args| Ok(Value::Bool(needs(&args)?.1)),
            )
        },
    ],
};

const KIND: Parameter = Parameter::required("lotRecordType", Type::Text, "A type such as CONSUME or SCRAP_ALL.");

fn needs(args: &Args) -> Result<(bool, bool), Fault> {
    let name = args.needed("lotRecordType")?.to_uppercase();
    let name = if name == "RECEIVE_CONSUME" { "RECEIVE_AND_CONSUME".to_owned() } else { name };
    let kind = action_kind(&name).ok_or_else(|| {
        let known: Vec<&str> = RunKind::ALL.iter().map(|kind| kind.name()).collect();
        Fault::illegal(format!("lotRecordType is {name}; there are {}", known.join(", ")))
    })?;
    Ok(places_needed(kind))
}

fn get(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    match reader.find(&kinds::OPERATIONS, &args.needed("id")?)? {
        Some(id) => Ok(record::list(reader, Which::Ids(&[id]))?.pop().unwrap_or(Value::Null)),
        None => Ok(Value::Null),
    }
}

fn by_operation(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let process = reader.need(&kinds::PROCESSES, &args.needed("operationId")?)?;
    Ok(Value::List(record::list(reader, Which::With("process", process))?))
}

fn by_location(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let location = reader.need(&kinds::LOCATIONS, &args.needed("locationIdOrPath")?)?;
    Ok(Value::List(record::list(reader, Which::WithEither("source", "destination", location))?))
}

fn status(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let id = reader.need(&kinds::OPERATIONS, &args.needed("inventoryOperationId")?)?;
    let found = record::seen(reader, Which::Ids(&[id]))?;
    Ok(opt_text(found.first().map(|found| found.text("status"))))
}

fn references(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let id = reader.need(&kinds::OPERATIONS, &args.needed("id")?)?;
    let filter = table::run::RunFilter { operation: Some(OperationId(id)), ..table::run::RunFilter::default() };
    let runs = table::run::page(reader.conn, reader.tenant, &filter, i64::from(i32::MAX))?;
    if runs.is_empty() {
        return Ok(Value::List(Vec::new()));
    }
    let references = runs.iter().map(|run| {
        Shape::new()
            .text("fkColName", Some("inventory_operation_id"))
            .put("id", crate::http::script::shape::id(&run.uid))
            .done()
    });
    let group = Shape::new()
        .text("tableName", Some("inventory_lot_records"))
        .put("references", Value::List(references.collect()))
        .done();
    Ok(Value::List(vec![group]))
}
