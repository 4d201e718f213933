//! `system.mes.inventory`: lots, their records, what is where, and the direct actions.

mod act;
mod history;
mod lot;
mod request;
mod row;

use lotbook_engine::thing::Value;
use lotbook_engine::thing::kept::Which;

use crate::http::script::declare::{
    ILLEGAL, REFERENCES, SAVING, SPARE, VALIDATED, acts, deletes, finds, plain, reads, takes,
};
use crate::http::script::fault::FaultKind;
use crate::http::script::function::{Family, Function, Parameter, Run, Style, Type, template};
use crate::http::script::permission::permissions;

const GET: &str = "INVENTORY.READ.GET";
const VALIDATE: &str = "INVENTORY.READ.VALIDATE";
const SAVE: &str = "INVENTORY.WRITE.SAVE";
const DELETE: &str = "INVENTORY.WRITE.DELETE";

const ID: Parameter = Parameter::required("id", Type::Id, "The record.");
const MATERIAL: Parameter =
    Parameter::required("materialIdOrPath", Type::Id, "The material.").also(&["materialId", "materialPath"]);
const LOCATION: Parameter = Parameter::required("locationIdOrPath", Type::Id, "The location.").also(&["locationId"]);
const LOT: Parameter = Parameter::required("lotIdOrName", Type::Id, "The lot.").also(&["lotId"]);

/// A template.
macro_rules! template_of {
    ($parameters:expr, $name:literal, $of:literal) => {
        plain(&[$name], &[], concat!("A template of ", $of, "; nothing is kept."), "the template", |session, _| {
            Ok(template(session, $parameters))
        })
    };
}

/// What says whether an action would succeed.
macro_rules! validator_of {
    ($request:ident, $name:literal, $of:literal) => {
        Function {
            faults: ILLEGAL,
            ..takes(
                &[$name],
                request::$request.parameters,
                VALIDATE,
                concat!("Says what would keep `", $of, "` from succeeding now: all is tried, nothing is kept."),
                "messages by field; empty = it would succeed",
                |session, args| Box::pin(act::validate(session, args, &request::$request)),
            )
        }
    };
}

/// An action.
macro_rules! action {
    ($request:ident, $name:literal, $permission:literal, $about:literal) => {
        takes(&[$name], request::$request.parameters, $permission, $about, "the lot record", |session, args| {
            Box::pin(act::one(session, args, &request::$request, $permission))
        })
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
        takes(
            &["scrapAll"],
            request::SCRAP_ALL.parameters,
            "INVENTORY.WRITE.SCRAP",
            "Scraps everything of a material, or everything, that stands in a location.",
            "a list of lot records, one a lot, in the order of lots",
            |session, args| Box::pin(act::scrap_all(session, args)),
        ),
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
        takes(
            &["executeInventoryActions"],
            &[Parameter::required("requests", Type::List, "Requests as the templates give them, in order.")],
            "INVENTORY.WRITE",
            "Does several actions in one transaction: all of them, or none. What each is, its `type` says; SCRAP \
                    without a quantity is `scrapAll`.",
            "the lot records, in order",
            |session, args| Box::pin(act::all(session, args)),
        ),
        template_of!(lot::DATA, "newLot", "a lot"),
        takes(
            &["saveLot"],
            lot::DATA,
            SAVE,
            "Makes a lot, or changes the one with the given id: what is not sent stays.",
            "the lot as it is then",
            |session, args| Box::pin(lot::save(session, args)),
        ),
        takes(
            &["validateLot"],
            lot::DATA,
            VALIDATE,
            "Says what would keep the lot from being saved.",
            VALIDATED,
            |session, args| Box::pin(lot::validate(session, args)),
        ),
        reads(&["getLot"], &[ID], GET, "One lot.", "the lot, or nothing where there is none", lot::get),
        reads(
            &["getLotByIdOrNameAndMaterial"],
            &[
                Parameter::required("idOrName", Type::Id, "The lot."),
                Parameter::optional("materialIdOrPath", Type::Id, "Its material; of any, the name has to be unique."),
            ],
            GET,
            "A lot by its id, or by its name within its material.",
            "the lot, or nothing where there is none",
            lot::get_of_material,
        ),
        reads(&["getAllLots"], &[], GET, "All lots.", "a list of lots", |reader, _| {
            Ok(Value::List(lot::list(reader, Which::All)?))
        }),
        reads(&["getLotsForMaterial"], &[MATERIAL], GET, "The lots of a material.", "a list of lots", lot::of_material),
        finds(
            &["findLots"],
            GET,
            "The lots that meet a query request; also by createdBy, modifiedDate and modifiedBy.",
            lot::query,
        ),
        reads(&["getInventoryLotReferences"], &[ID], GET, "What refers to a lot.", REFERENCES, lot::references),
        deletes(
            &["deleteLot"],
            &[ID],
            DELETE,
            "Deletes a lot that never moved and that no record names.",
            |session, args| Box::pin(lot::delete(session, args, false)),
        ),
        deletes(
            &["deleteLotWithReferences"],
            &[ID],
            DELETE,
            "Deletes a lot that never moved, with the records that name it.",
            |session, args| Box::pin(lot::delete(session, args, true)),
        ),
        template_of!(history::DATA, "newInventoryLotRecord", "a lot record"),
        Function {
            faults: &[FaultKind::IllegalArgument, FaultKind::ConstraintViolation, FaultKind::InUse],
            ..takes(
                &["saveInventoryLotRecord"],
                history::DATA,
                SAVE,
                "Writes a lot record by hand: a note of history that moves nothing. Of a record that was booked, notes, \
             spares and reason change, and one that goes on can be ended; the rest is history.",
                "the lot record",
                |session, args| Box::pin(history::save(session, args)),
            )
        },
        takes(
            &["validateInventoryLotRecord"],
            history::DATA,
            VALIDATE,
            "Says what would keep the lot record from being saved.",
            VALIDATED,
            |session, args| Box::pin(history::validate(session, args)),
        ),
        reads(
            &["getInventoryLotRecordReferences"],
            &[ID],
            GET,
            "What refers to a lot record: the operation that has it open.",
            REFERENCES,
            history::references,
        ),
        template_of!(history::REQUEST, "newLotHistoryRequest", "what `getLotHistory` takes"),
        Function {
            style: Style::Keyword,
            faults: SAVING,
            ..reads(
                &["getLotHistory"],
                history::REQUEST,
                GET,
                "The records of a lot, on whichever side it is, in the order of their starts.",
                "a list of lot records",
                history::history,
            )
        },
        reads(
            &["getAllInventory"],
            &[],
            GET,
            "All rows of stock: how much of which lot is where.",
            "a list of rows",
            row::all,
        ),
        reads(
            &["getAllInventoryAtLocation"],
            &[LOCATION],
            GET,
            "The rows of stock in this very location.",
            "a list of rows",
            row::at_location,
        ),
        reads(
            &["getAllInventoryForLocationAndChildren"],
            &[Parameter::optional("locationIdOrPath", Type::Id, "The location; everywhere.").also(&["locationId"])],
            GET,
            "The rows of stock in a location and everything below it.",
            "a list of rows",
            row::below_location,
        ),
        reads(
            &["getInventoryForMaterial"],
            &[MATERIAL],
            GET,
            "The rows of stock of a material.",
            "a list of rows",
            row::of_material,
        ),
        reads(
            &["getInventoryByLotAndLocation"],
            &[
                LOT,
                Parameter::required(
                    "materialIdOrPath",
                    Type::Id,
                    "Its material; with the id of a lot, an empty text does.",
                ),
                LOCATION,
            ],
            GET,
            "The row of stock of a lot in a location.",
            "the row, or nothing where there is none",
            row::of_lot_at,
        ),
        acts(
            &["setInventoryMetadata"],
            &[
                Parameter::required("inventoryId", Type::Id, "The row of stock."),
                Parameter::optional("notes", Type::Text, "Free text. Nothing leaves it, an empty text clears it."),
                Parameter::optional("spare1", Type::Text, SPARE),
                Parameter::optional("spare2", Type::Text, SPARE),
                Parameter::optional("spare3", Type::Text, SPARE),
                Parameter::optional("name", Type::Text, "What the row is called, such as a pallet's number."),
                Parameter::optional("productionOrderIdOrName", Type::Id, "The production order it is kept for.")
                    .also(&["productionOrderId"]),
            ],
            SAVE,
            "Says what a row of stock is called, and what is noted of it.",
            "the row",
            |session, args| Box::pin(row::set_metadata(session, args)),
        ),
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
        acts(
            &["publishInventoryState"],
            &[Parameter::optional("locationIdsOrPaths", Type::List, "The locations; all.").also(&["locationIds"])],
            GET,
            "Has the rows of stock of locations published over MQTT, where the setting `mqtt.publishPrefix` says \
                    that states are published.",
            "nothing",
            |session, args| Box::pin(row::publish(session, args)),
        ),
        plain(
            &["getInventoryPermissions"],
            &[],
            "The permissions of this family, parents first.",
            "a list of names",
            |_, _| Ok(permissions("INVENTORY")),
        ),
    ],
};
