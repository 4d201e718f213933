//! `system.mes.inventory.operation`: what is done to lots again and again.

mod record;
mod removal;
mod transfer;
mod work;

use lotbook_domain::id::OperationId;
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{action_kind, places_needed};
use lotbook_engine::table;
use lotbook_engine::thing::kept::{self, Which};
use lotbook_engine::thing::{Value, kinds};

use self::record::DATA;
use crate::http::script::argument::Args;
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Family, Function, Parameter, Run, Style, Type, permissions, template};
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
const FILE: Parameter = Parameter::required("importBytes", Type::Bytes, "The file.");

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

const ILLEGAL: &[FaultKind] = &[FaultKind::IllegalArgument];

/// The family.
pub static FAMILY: Family = Family {
    title: "Inventory operations",
    prefixes: &["system.mes.inventory.operation", "system.mes.inventoryOperation"],
    functions: &[
        Function {
            names: &["newInventoryOperation"],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: "A template with every key and its default; nothing is kept.",
            returns: "the template",
            faults: &[],
            run: Run::Plain(|session, _| Ok(template(session, DATA))),
        },
        Function {
            names: &["saveInventoryOperation"],
            style: Style::Keyword,
            parameters: DATA,
            permission: Some(SAVE),
            about: "Makes an operation, or changes the one with the given id: what is not sent stays, what is sent as \
                    null is cleared. Its state is never set by it.",
            returns: "the operation as it is then",
            faults: &[FaultKind::IllegalArgument, FaultKind::ConstraintViolation],
            run: Run::Act(|session, args| Box::pin(record::save(session, args))),
        },
        Function {
            names: &["validateInventoryOperation"],
            style: Style::Keyword,
            parameters: DATA,
            permission: Some("INVENTORY_OPERATION.READ.VALIDATE"),
            about: "Says what would keep the operation from being saved.",
            returns: "messages by field; empty = it can be saved",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(record::validate(session, args))),
        },
        Function {
            names: &["getInventoryOperation"],
            style: Style::Positional,
            parameters: &[ID],
            permission: Some(GET),
            about: "One operation.",
            returns: "the operation, or nothing where there is none",
            faults: ILLEGAL,
            run: Run::Read(get),
        },
        Function {
            names: &["getAllInventoryOperations", "getInventoryOperations"],
            style: Style::Positional,
            parameters: &[],
            permission: Some(GET),
            about: "All operations, also disabled ones, by name.",
            returns: "a list of operations",
            faults: &[],
            run: Run::Read(|reader, _| Ok(Value::List(record::list(reader, Which::All)?))),
        },
        Function {
            names: &["getInventoryOperationsByOperation"],
            style: Style::Positional,
            parameters: &[Parameter::required("operationId", Type::Id, "The production operation.")],
            permission: Some(GET),
            about: "The operations that start and stop with a production operation.",
            returns: "a list of operations",
            faults: ILLEGAL,
            run: Run::Read(by_operation),
        },
        Function {
            names: &["getInventoryOperationsByLocation"],
            style: Style::Positional,
            parameters: &[Parameter::required("locationIdOrPath", Type::Id, "The location.").also(&["locationId"])],
            permission: Some(GET),
            about: "The operations whose source or destination is this very location.",
            returns: "a list of operations",
            faults: ILLEGAL,
            run: Run::Read(by_location),
        },
        Function {
            names: &["getInventoryOperationReferences"],
            style: Style::Positional,
            parameters: &[ID],
            permission: Some(GET),
            about: "What refers to an operation.",
            returns: "a list of `{tableName, references: [{fkColName, id}]}`",
            faults: ILLEGAL,
            run: Run::Read(references),
        },
        Function {
            names: &["getInventoryOperationStatus"],
            style: Style::Positional,
            parameters: &[OPERATION],
            permission: Some(GET),
            about: "Where an operation is in its life.",
            returns: "IDLE, RUNNING, COMPLETED, FAULTED, CANCELLED, UNKNOWN or PAUSED",
            faults: ILLEGAL,
            run: Run::Read(status),
        },
        Function {
            names: &["executeInventoryOperation"],
            style: Style::Positional,
            parameters: &[OPERATION, LOT, QUANTITY, SECONDARY_LOT, MATERIAL, INVENTORY_NAME, START, END],
            permission: Some(EXECUTE),
            about: "Starts and stops an operation at once; one that runs is stopped.",
            returns: "the lot record",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(work::execute(session, args))),
        },
        Function {
            names: &["startInventoryOperation"],
            style: Style::Positional,
            parameters: &[OPERATION, LOT, SECONDARY_LOT, MATERIAL, INVENTORY_NAME, START],
            permission: Some(EXECUTE),
            about: "Starts an operation: finds or makes its lots, and opens a record. Nothing moves before the stop.",
            returns: "the open lot record",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(work::start(session, args))),
        },
        Function {
            names: &["stopInventoryOperation"],
            style: Style::Positional,
            parameters: &[OPERATION, QUANTITY, INVENTORY_NAME, END],
            permission: Some(EXECUTE),
            about: "Stops an operation and moves the quantity. Where the stock does not allow it, the record stays open \
                    and the operation is FAULTED, until a later stop succeeds or it is cancelled.",
            returns: "the completed lot record",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(work::stop(session, args))),
        },
        Function {
            names: &["cancelInventoryOperation"],
            style: Style::Positional,
            parameters: &[OPERATION],
            permission: Some(EXECUTE),
            about: "Gives up what an operation is at; nothing moves.",
            returns: "the cancelled lot record",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(work::cancel(session, args))),
        },
        Function {
            names: &["deleteInventoryOperation"],
            style: Style::Positional,
            parameters: &[ID],
            permission: Some(DELETE),
            about: "Deletes an operation that does not run and has no lot records.",
            returns: "nothing; with the setting `mes.apiResponses` an ApiResponse, also of a refusal",
            faults: &[FaultKind::IllegalArgument, FaultKind::InUse],
            run: Run::Act(|session, args| Box::pin(removal::delete(session, args, false))),
        },
        Function {
            names: &["deleteInventoryOperationWithReferences"],
            style: Style::Positional,
            parameters: &[ID],
            permission: Some(DELETE),
            about: "Deletes an operation that does not run. Its lot records are history: they stay, and go on naming it.",
            returns: "nothing; with the setting `mes.apiResponses` an ApiResponse, also of a refusal",
            faults: &[FaultKind::IllegalArgument, FaultKind::InUse],
            run: Run::Act(|session, args| Box::pin(removal::delete(session, args, true))),
        },
        Function {
            names: &["updateInventoryOperationStatesFromDatabase"],
            style: Style::Positional,
            parameters: &[
                Parameter::optional("ids", Type::List, "The operations; all.").also(&["inventoryOperationIds"])
            ],
            permission: Some(EXECUTE),
            about: "Reads definitions and triggers anew, and puts states right: RUNNING without an open record becomes \
                    UNKNOWN, an open record makes its operation RUNNING again.",
            returns: "nothing",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(removal::refresh(session, args))),
        },
        Function {
            names: &["exportAsCsv", "exportAsCsvBytes"],
            style: Style::Positional,
            parameters: &[LOCATIONS],
            permission: Some(GET),
            about: "The configuration of operations as CSV, with the keys of the template but the state.",
            returns: "bytes",
            faults: ILLEGAL,
            run: Run::Read(|reader, args| transfer::export(reader, &args, true)),
        },
        Function {
            names: &["exportAsJson", "exportAsJsonBytes"],
            style: Style::Positional,
            parameters: &[LOCATIONS],
            permission: Some(GET),
            about: "The configuration of operations as a JSON list, with the keys of the template but the state.",
            returns: "bytes",
            faults: ILLEGAL,
            run: Run::Read(|reader, args| transfer::export(reader, &args, false)),
        },
        Function {
            names: &["importFromCsv"],
            style: Style::Positional,
            parameters: &[FILE],
            permission: Some(SAVE),
            about: "Makes and changes operations from a file such as exportAsCsv gives. One with the same name, source, \
                    destination and type is changed. Paths and names go before ids; rows with faults are left out.",
            returns: "an ApiResponse with the number of rows written",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(transfer::import(session, args, true))),
        },
        Function {
            names: &["importFromJson"],
            style: Style::Positional,
            parameters: &[FILE],
            permission: Some(SAVE),
            about: "The same from a JSON list such as exportAsJson gives.",
            returns: "an ApiResponse with the number of rows written",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(transfer::import(session, args, false))),
        },
        Function {
            names: &["getInventoryOperationImportQueueSize"],
            style: Style::Positional,
            parameters: &[],
            permission: Some(GET),
            about: "How many rows of imports wait to be written.",
            returns: "a number",
            faults: &[],
            run: Run::Plain(|session, _| Ok(whole(session.app().imports.size(session.tenant(), transfer::QUEUE)))),
        },
        Function {
            names: &["cancelInventoryOperationImportQueue"],
            style: Style::Positional,
            parameters: &[],
            permission: Some(SAVE),
            about: "Drops the rows of imports that are not written yet; whoever waits for them is told.",
            returns: "how many there were",
            faults: &[],
            run: Run::Plain(|session, _| Ok(whole(session.app().imports.cancel(session.tenant(), transfer::QUEUE)))),
        },
        Function {
            names: &["getInventoryOperationPermissions"],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: "The permissions of this family, parents first.",
            returns: "a list of names",
            faults: &[],
            run: Run::Plain(|_, _| {
                Ok(permissions(&[
                    "INVENTORY_OPERATION",
                    "INVENTORY_OPERATION.READ",
                    "INVENTORY_OPERATION.READ.GET",
                    "INVENTORY_OPERATION.READ.VALIDATE",
                    "INVENTORY_OPERATION.WRITE",
                    "INVENTORY_OPERATION.WRITE.SAVE",
                    "INVENTORY_OPERATION.WRITE.DELETE",
                    "INVENTORY_OPERATION.EXECUTE",
                ]))
            }),
        },
        Function {
            names: &["isSourceLocationRequired"],
            style: Style::Positional,
            parameters: &[KIND],
            permission: None,
            about: "Whether a lot record of this type needs a source.",
            returns: "true or false",
            faults: ILLEGAL,
            run: Run::Plain(|_, args| Ok(Value::Bool(needs(&args)?.0))),
        },
        Function {
            names: &["isDestinationLocationRequired"],
            style: Style::Positional,
            parameters: &[KIND],
            permission: None,
            about: "Whether a lot record of this type needs a destination.",
            returns: "true or false",
            faults: ILLEGAL,
            run: Run::Plain(|_, args| Ok(Value::Bool(needs(&args)?.1))),
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
    let found = kept::read(reader.conn, reader.tenant, &kinds::OPERATIONS, Which::Ids(&[id]))?;
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
