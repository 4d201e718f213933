//! `system.mes.inventory`: lots, their records, what is where, and the direct actions.

mod act;
mod history;
mod lot;
mod request;
mod row;

use lotbook_engine::thing::Value;
use lotbook_engine::thing::kept::Which;

use crate::http::script::argument::Args;
use crate::http::script::fault::FaultKind;
use crate::http::script::function::{Family, Function, Parameter, Run, Style, Type, permissions, template};
use crate::http::script::query;

const GET: &str = "INVENTORY.READ.GET";
const VALIDATE: &str = "INVENTORY.READ.VALIDATE";
const SAVE: &str = "INVENTORY.WRITE.SAVE";
const DELETE: &str = "INVENTORY.WRITE.DELETE";

const ILLEGAL: &[FaultKind] = &[FaultKind::IllegalArgument];
const ASKED: &[FaultKind] = &[FaultKind::IllegalArgument, FaultKind::ConstraintViolation];

const ID: Parameter = Parameter::required("id", Type::Id, "The record.");
const MATERIAL: Parameter =
    Parameter::required("materialIdOrPath", Type::Id, "The material.").also(&["materialId", "materialPath"]);
const LOCATION: Parameter = Parameter::required("locationIdOrPath", Type::Id, "The location.").also(&["locationId"]);
const LOT: Parameter = Parameter::required("lotIdOrName", Type::Id, "The lot.").also(&["lotId"]);

/// A template.
macro_rules! template_of {
    ($parameters:expr, $name:literal, $of:literal) => {
        Function {
            names: &[$name],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: concat!("A template of ", $of, "; nothing is kept."),
            returns: "the template",
            faults: &[],
            run: Run::Plain(|session, _| Ok(template(session, $parameters))),
        }
    };
}

/// What says whether an action would succeed.
macro_rules! validator_of {
    ($request:ident, $name:literal, $of:literal) => {
        Function {
            names: &[$name],
            style: Style::Keyword,
            parameters: request::$request.parameters,
            permission: Some(VALIDATE),
            about: concat!("Says what would keep `", $of, "` from succeeding now: all is tried, nothing is kept."),
            returns: "messages by field; empty = it would succeed",
            faults: ILLEGAL,
            run: Run::Act(|session, args: Args| Box::pin(act::validate(session, args, &request::$request))),
        }
    };
}

/// An action.
macro_rules! action {
    ($request:ident, $name:literal, $permission:literal, $about:literal) => {
        Function {
            names: &[$name],
            style: Style::Keyword,
            parameters: request::$request.parameters,
            permission: Some($permission),
            about: $about,
            returns: "the lot record",
            faults: ASKED,
            run: Run::Act(|session, args: Args| Box::pin(act::one(session, args, &request::$request, $permission))),
        }
    };
}

/// A function that reads.
macro_rules! reading {
    ($names:expr, $parameters:expr, $about:literal, $returns:literal, $run:path) => {
        Function {
            names: $names,
            style: Style::Positional,
            parameters: $parameters,
            permission: Some(GET),
            about: $about,
            returns: $returns,
            faults: ILLEGAL,
            run: Run::Read($run),
        }
    };
}

/// A function that takes a record.
macro_rules! keyword {
    ($name:literal, $parameters:expr, $permission:expr, $about:literal, $returns:literal, $run:expr) => {
        Function {
            names: &[$name],
            style: Style::Keyword,
            parameters: $parameters,
            permission: Some($permission),
            about: $about,
            returns: $returns,
            faults: ASKED,
            run: $run,
        }
    };
}

/// A function that deletes a lot.
macro_rules! deletion {
    ($name:literal, $with_references:literal, $about:literal) => {
        Function {
            names: &[$name],
            style: Style::Positional,
            parameters: &[ID],
            permission: Some(DELETE),
            about: $about,
            returns: "nothing; with the setting `mes.apiResponses` an ApiResponse, also of a refusal",
            faults: &[FaultKind::IllegalArgument, FaultKind::InUse],
            run: Run::Act(|session, args| Box::pin(lot::delete(session, args, $with_references))),
        }
    };
}

/// The family.
pub static FAMILY: Family = Family {
    title: "Inventory",
    prefixes: &["system.mes.inventory"],
    functions: &[
        template_of!(request::CONSUME.parameters, "newConsumeRequest", "what `consume` takes"),
        validator_of!(CONSUME, "validateConsumeRequest", "consume"),
        action!(
            CONSUME,
            "consume",
            "INVENTORY.WRITE.CONSUME",
            "Takes a quantity of a lot out of a location, into another lot if one is named."
        ),
        template_of!(request::UNCONSUME.parameters, "newUnconsumeRequest", "what `unconsume` takes"),
        validator_of!(UNCONSUME, "validateUnconsumeRequest", "unconsume"),
        action!(UNCONSUME, "unconsume", "INVENTORY.WRITE.UNCONSUME", "Brings back what was consumed."),
        template_of!(request::PRODUCE.parameters, "newProduceRequest", "what `produce` takes"),
        validator_of!(PRODUCE, "validateProduceRequest", "produce"),
        action!(
            PRODUCE,
            "produce",
            "INVENTORY.WRITE.PRODUCE",
            "Brings a quantity of a lot into a location, out of another lot if one is named."
        ),
        template_of!(request::SCRAP.parameters, "newScrapRequest", "what `scrap` takes"),
        validator_of!(SCRAP, "validateScrapRequest", "scrap"),
        action!(SCRAP, "scrap", "INVENTORY.WRITE.SCRAP", "Scraps a quantity of a lot."),
        template_of!(request::SCRAP_ALL.parameters, "newScrapAllRequest", "what `scrapAll` takes"),
        validator_of!(SCRAP_ALL, "validateScrapAllRequest", "scrapAll"),
        Function {
            names: &["scrapAll"],
            style: Style::Keyword,
            parameters: request::SCRAP_ALL.parameters,
            permission: Some("INVENTORY.WRITE.SCRAP"),
            about: "Scraps everything of a material, or everything, that stands in a location.",
            returns: "a list of lot records, one a lot, in the order of lots",
            faults: ASKED,
            run: Run::Act(|session, args| Box::pin(act::scrap_all(session, args))),
        },
        template_of!(request::RETURN.parameters, "newReturnRequest", "what `returnInventory` takes"),
        validator_of!(RETURN, "validateReturnRequest", "returnInventory"),
        action!(
            RETURN,
            "returnInventory",
            "INVENTORY.WRITE.RETURN",
            "Gives a quantity of a lot back to where it came from."
        ),
        template_of!(request::RECEIVE.parameters, "newReceiveRequest", "what `receive` takes"),
        validator_of!(RECEIVE, "validateReceiveRequest", "receive"),
        action!(RECEIVE, "receive", "INVENTORY.WRITE.RECEIVE", "Brings a quantity of a lot into the house."),
        template_of!(request::SHIP.parameters, "newShipRequest", "what `ship` takes"),
        validator_of!(SHIP, "validateShipRequest", "ship"),
        action!(
            SHIP,
            "ship",
            "INVENTORY.WRITE.SHIP",
            "Sends a quantity of a lot out of the house, or into a lot that is shipped."
        ),
        template_of!(request::MOVE.parameters, "newMoveRequest", "what `move` takes"),
        validator_of!(MOVE, "validateMoveRequest", "move"),
        action!(MOVE, "move", "INVENTORY.WRITE.MOVE", "Moves a quantity of a lot to another location."),
        template_of!(request::SPLIT.parameters, "newSplitRequest", "what `split` takes"),
        validator_of!(SPLIT, "validateSplitRequest", "split"),
        action!(SPLIT, "split", "INVENTORY.WRITE.SPLIT", "Makes a new lot of a part of another."),
        template_of!(request::MERGE.parameters, "newMergeRequest", "what `merge` takes"),
        validator_of!(MERGE, "validateMergeRequest", "merge"),
        action!(
            MERGE,
            "merge",
            "INVENTORY.WRITE.MERGE",
            "Makes a lot part of another, and closes it. One record a location; the first by path is answered."
        ),
        template_of!(request::CHANGE_STATUS.parameters, "newChangeStatusRequest", "what `changeStatus` takes"),
        validator_of!(CHANGE_STATUS, "validateChangeStatusRequest", "changeStatus"),
        action!(CHANGE_STATUS, "changeStatus", "INVENTORY.WRITE.CHANGE_STATUS", "Gives a lot another status."),
        template_of!(request::EDIT.parameters, "newEditInventoryQuantityRequest", "what `editInventoryQuantity` takes"),
        validator_of!(EDIT, "validateEditInventoryQuantityRequest", "editInventoryQuantity"),
        action!(
            EDIT,
            "editInventoryQuantity",
            "INVENTORY.WRITE.EDIT",
            "Sets what stands of a lot in a location; the difference goes on record."
        ),
        Function {
            names: &["executeInventoryActions"],
            style: Style::Keyword,
            parameters: &[Parameter::required(
                "requests",
                Type::List,
                "Requests as the templates give them, in order.",
            )],
            permission: Some("INVENTORY.WRITE"),
            about: "Does several actions in one transaction: all of them, or none. What each is, its `type` says; SCRAP \
                    without a quantity is `scrapAll`.",
            returns: "the lot records, in order",
            faults: ASKED,
            run: Run::Act(|session, args| Box::pin(act::all(session, args))),
        },
        template_of!(lot::DATA, "newLot", "a lot"),
        keyword!(
            "saveLot",
            lot::DATA,
            SAVE,
            "Makes a lot, or changes the one with the given id: what is not sent stays.",
            "the lot as it is then",
            Run::Act(|session, args| Box::pin(lot::save(session, args)))
        ),
        keyword!(
            "validateLot",
            lot::DATA,
            VALIDATE,
            "Says what would keep the lot from being saved.",
            "messages by field; empty = it can be saved",
            Run::Act(|session, args| Box::pin(lot::validate(session, args)))
        ),
        reading!(&["getLot"], &[ID], "One lot.", "the lot, or nothing where there is none", lot::get),
        reading!(
            &["getLotByIdOrNameAndMaterial"],
            &[
                Parameter::required("idOrName", Type::Id, "The lot."),
                Parameter::optional("materialIdOrPath", Type::Id, "Its material; of any, the name has to be unique."),
            ],
            "A lot by its id, or by its name within its material.",
            "the lot, or nothing where there is none",
            lot::get_of_material
        ),
        Function {
            names: &["getAllLots"],
            style: Style::Positional,
            parameters: &[],
            permission: Some(GET),
            about: "All lots.",
            returns: "a list of lots",
            faults: &[],
            run: Run::Read(|reader, _| Ok(Value::List(lot::list(reader, Which::All)?))),
        },
        reading!(&["getLotsForMaterial"], &[MATERIAL], "The lots of a material.", "a list of lots", lot::of_material),
        keyword!(
            "findLots",
            query::REQUEST,
            GET,
            "The lots that meet a query request; also by createdBy, modifiedDate and modifiedBy.",
            "a query result",
            Run::Read(lot::query)
        ),
        reading!(
            &["getInventoryLotReferences"],
            &[ID],
            "What refers to a lot.",
            "a list of `{tableName, references: [{fkColName, id}]}`",
            lot::references
        ),
        deletion!("deleteLot", false, "Deletes a lot that never moved and that no record names."),
        deletion!("deleteLotWithReferences", true, "Deletes a lot that never moved, with the records that name it."),
        template_of!(history::DATA, "newInventoryLotRecord", "a lot record"),
        keyword!(
            "saveInventoryLotRecord",
            history::DATA,
            SAVE,
            "Writes a lot record by hand: a note of history that moves nothing. Of a record that was booked, notes, \
             spares and reason change, and one that goes on can be ended; the rest is history.",
            "the lot record",
            Run::Act(|session, args| Box::pin(history::save(session, args)))
        ),
        keyword!(
            "validateInventoryLotRecord",
            history::DATA,
            VALIDATE,
            "Says what would keep the lot record from being saved.",
            "messages by field; empty = it can be saved",
            Run::Act(|session, args| Box::pin(history::validate(session, args)))
        ),
        reading!(
            &["getInventoryLotRecordReferences"],
            &[ID],
            "What refers to a lot record: the operation that has it open.",
            "a list of `{tableName, references: [{fkColName, id}]}`",
            history::references
        ),
        template_of!(history::REQUEST, "newLotHistoryRequest", "what `getLotHistory` takes"),
        keyword!(
            "getLotHistory",
            history::REQUEST,
            GET,
            "The records of a lot, on whichever side it is, in the order of their starts.",
            "a list of lot records",
            Run::Read(history::history)
        ),
        Function {
            names: &["getAllInventory"],
            style: Style::Positional,
            parameters: &[],
            permission: Some(GET),
            about: "All rows of stock: how much of which lot is where.",
            returns: "a list of rows",
            faults: &[],
            run: Run::Read(row::all),
        },
        reading!(
            &["getAllInventoryAtLocation"],
            &[LOCATION],
            "The rows of stock in this very location.",
            "a list of rows",
            row::at_location
        ),
        reading!(
            &["getAllInventoryForLocationAndChildren"],
            &[Parameter::optional("locationIdOrPath", Type::Id, "The location; everywhere.").also(&["locationId"])],
            "The rows of stock in a location and everything below it.",
            "a list of rows",
            row::below_location
        ),
        reading!(
            &["getInventoryForMaterial"],
            &[MATERIAL],
            "The rows of stock of a material.",
            "a list of rows",
            row::of_material
        ),
        reading!(
            &["getInventoryByLotAndLocation"],
            &[
                LOT,
                Parameter::required(
                    "materialIdOrPath",
                    Type::Id,
                    "Its material; with the id of a lot, an empty text does."
                ),
                LOCATION,
            ],
            "The row of stock of a lot in a location.",
            "the row, or nothing where there is none",
            row::of_lot_at
        ),
        Function {
            names: &["setInventoryMetadata"],
            style: Style::Positional,
            parameters: &[
                Parameter::required("inventoryId", Type::Id, "The row of stock."),
                Parameter::optional("notes", Type::Text, "Free text. Nothing leaves it, an empty text clears it."),
                Parameter::optional("spare1", Type::Text, "Free for your own use."),
                Parameter::optional("spare2", Type::Text, "Free for your own use."),
                Parameter::optional("spare3", Type::Text, "Free for your own use."),
                Parameter::optional("name", Type::Text, "What the row is called, such as a pallet's number."),
                Parameter::optional("productionOrderIdOrName", Type::Id, "The production order it is kept for.")
                    .also(&["productionOrderId"]),
            ],
            permission: Some(SAVE),
            about: "Says what a row of stock is called, and what is noted of it.",
            returns: "the row",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(row::set_metadata(session, args))),
        },
        Function {
            names: &["checkLocationHasCapacity"],
            style: Style::Positional,
            parameters: &[
                LOCATION,
                LOT,
                Parameter::required(
                    "materialIdOrPath",
                    Type::Id,
                    "Its material; with the id of a lot, an empty text does.",
                )
                .also(&["materialId"]),
                Parameter::required("quantity", Type::Number, "How much, in the lot's unit."),
            ],
            permission: None,
            about: "Whether so much more fits into a location.",
            returns: "true or false",
            faults: ILLEGAL,
            run: Run::Read(row::has_capacity),
        },
        Function {
            names: &["publishInventoryState"],
            style: Style::Positional,
            parameters: &[
                Parameter::optional("locationIdsOrPaths", Type::List, "The locations; all.").also(&["locationIds"])
            ],
            permission: Some(GET),
            about: "Has the rows of stock of locations published over MQTT, where the setting `mqtt.publishPrefix` says \
                    that states are published.",
            returns: "nothing",
            faults: ILLEGAL,
            run: Run::Act(|session, args| Box::pin(row::publish(session, args))),
        },
        Function {
            names: &["getInventoryPermissions"],
            style: Style::Positional,
            parameters: &[],
            permission: None,
            about: "The permissions of this family, parents first.",
            returns: "a list of names",
            faults: &[],
            run: Run::Plain(|_, _| {
                Ok(permissions(&[
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
                ]))
            }),
        },
    ],
};
