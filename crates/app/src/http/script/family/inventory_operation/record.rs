//! Inventory operations as records: read, saved, validated.

use std::collections::BTreeSet;

use lotbook_engine::table;
use lotbook_engine::thing::kept::{self, Kept, Which, called};
use lotbook_engine::thing::{ChangeRecord, CreateRecords, Record, Reference, Value, kinds};

use super::GET;
use crate::http::script::argument::{self, Args, text};
use crate::http::script::entity::all_faults;
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Parameter, Type};
use crate::http::script::session::{Reader, Session, read_answer};
use crate::http::script::shape::{Shape, id, number, violations};

const KINDS: Type = Type::Word(&[
    "CONSUME",
    "UNCONSUME",
    "PRODUCE",
    "SCRAP",
    "SCRAP_ALL",
    "RETURN",
    "RECEIVE",
    "RECEIVE_AND_CONSUME",
    "SHIP",
]);
const EDGES: Type = Type::Word(&["RISING_EDGE", "FALLING_EDGE", "CHANGE"]);
const LOTS: Type = Type::Word(&["AUTO_GENERATE", "EXPRESSION", "MANUAL", "FROM_LOCATION"]);
const SPARE: &str = "Free for your own use.";

/// The keys of an inventory operation, in their order.
pub const DATA: &[Parameter] = &[
    Parameter::optional("operationId", Type::Id, "The production operation that it belongs to."),
    Parameter::optional("operationName", Type::Text, "The same by name, where no id is given."),
    Parameter::required("name", Type::Text, "What it is called."),
    Parameter::optional("status", Type::Text, "Where it is in its life; never set by saving.").preset("\"IDLE\""),
    Parameter::optional("currentRecordId", Type::Id, "Its open lot record; never set by saving."),
    Parameter::optional("operationType", KINDS, "What it does.").preset("\"CONSUME\""),
    Parameter::optional(
        "triggerSource",
        Type::Word(&["EXPRESSION", "MANUAL", "PARENT"]),
        "What starts and stops it, beside scripts and people.",
    )
    .preset("\"EXPRESSION\""),
    Parameter::optional("startTriggerExpression", Type::Expression, "What starts it."),
    Parameter::optional("startTriggerType", EDGES, "Which change of it does.").preset("\"RISING_EDGE\""),
    Parameter::optional("stopTriggerExpression", Type::Expression, "What stops it."),
    Parameter::optional("stopTriggerType", EDGES, "Which change of it does.").preset("\"FALLING_EDGE\""),
    Parameter::optional("sourceLocationId", Type::Id, "Where it takes from."),
    Parameter::optional("sourceLocationPath", Type::Text, "The same by path, where no id is given."),
    Parameter::optional("destinationLocationId", Type::Id, "Where it brings to."),
    Parameter::optional("destinationLocationPath", Type::Text, "The same by path, where no id is given."),
    Parameter::optional(
        "materialSource",
        Type::Word(&["STATIC", "EXPRESSION", "MANUAL", "PARENT"]),
        "What says which material it is about.",
    )
    .preset("\"STATIC\""),
    Parameter::optional("materialId", Type::Id, "The material."),
    Parameter::optional("materialPath", Type::Text, "The same by path, where no id is given."),
    Parameter::optional("materialExpression", Type::Expression, "What names the material, by id or path."),
    Parameter::optional("secondaryMaterialId", Type::Id, "The material on the other side."),
    Parameter::optional("secondaryMaterialPath", Type::Text, "The same by path, where no id is given."),
    Parameter::optional("primaryLotResolutionStrategy", LOTS, "Which lot it is about.").preset("\"AUTO_GENERATE\""),
    Parameter::optional("secondaryLotResolutionStrategy", LOTS, "Which lot is on the other side; never FROM_LOCATION.")
        .preset("\"AUTO_GENERATE\""),
    Parameter::optional("primaryLotCodeExpression", Type::Expression, "What names the lot."),
    Parameter::optional("secondaryLotCodeExpression", Type::Expression, "What names the lot on the other side."),
    Parameter::optional("createLotIfNotFound", Type::Flag, "Whether lots that do not exist are made.").preset("false"),
    Parameter::optional(
        "inventoryNameResolutionStrategy",
        Type::Word(&["STATIC", "EXPRESSION", "MANUAL", "AUTO_GENERATE"]),
        "What the row of stock is called by.",
    )
    .preset("\"STATIC\""),
    Parameter::optional("inventoryName", Type::Text, "What the row of stock is called."),
    Parameter::optional("inventoryNameExpression", Type::Expression, "What names the row of stock."),
    Parameter::optional("quantitySource", Type::Word(&["EXPRESSION", "MANUAL"]), "What says how much.")
        .preset("\"EXPRESSION\""),
    Parameter::optional("quantityExpression", Type::Expression, "What says how much."),
    Parameter::optional(
        "quantityCalcType",
        Type::Word(&["DELTA", "DIRECT"]),
        "What a counter rose between start and stop, or the value at the stop.",
    )
    .preset("\"DELTA\""),
    Parameter::optional(
        "quantityOverflowValue",
        Type::Number,
        "Where the counter returns to 0; nothing or 0 = nowhere.",
    ),
    Parameter::optional("unitOfMeasureId", Type::Id, "What the quantity is counted in."),
    Parameter::optional("unitOfMeasureName", Type::Text, "The same by name or symbol, where no id is given."),
    Parameter::optional(
        "unitOfMeasureResolutionStrategy",
        Type::Word(&["STATIC", "FROM_CONTEXT"]),
        "That unit, or the material's own.",
    )
    .preset("\"STATIC\""),
    Parameter::optional("reasonCodeId", Type::Id, "Why; of a reason for this type of record."),
    Parameter::optional("reasonCodeName", Type::Text, "The same by its code, where no id is given."),
    Parameter::optional(
        "incrementProductionOrderCount",
        Type::Flag,
        "Whether what it produces counts for the production order.",
    )
    .preset("false"),
    Parameter::optional("flushIntervalMillis", Type::Whole, "Taken for older scripts; without effect.").hidden(),
    Parameter::optional("id", Type::Id, "The operation to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text, which goes along with each record."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be started.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
];

/// Keys that stand for one field of the record: the id goes before the name.
const PAIRS: &[(&str, &str, &str)] = &[
    ("process", "operationId", "operationName"),
    ("sourceLocation", "sourceLocationId", "sourceLocationPath"),
    ("destinationLocation", "destinationLocationId", "destinationLocationPath"),
    ("material", "materialId", "materialPath"),
    ("secondaryMaterial", "secondaryMaterialId", "secondaryMaterialPath"),
    ("unitOfMeasure", "unitOfMeasureId", "unitOfMeasureName"),
    ("reasonCode", "reasonCodeId", "reasonCodeName"),
];

/// Keys that are read nowhere: state, and what older versions had.
const DEAD: &[&str] = &["status", "currentRecordId", "flushIntervalMillis", "id"];

/// Words of older versions.
const OLD_WORDS: &[(&str, &str, &str)] = &[
    ("quantityCalcType", "RISING", "DELTA"),
    ("operationType", "RECEIVE_CONSUME", "RECEIVE_AND_CONSUME"),
    ("startTriggerType", "ANY_CHANGE", "CHANGE"),
    ("stopTriggerType", "ANY_CHANGE", "CHANGE"),
];

/// A word of a key as it is written now.
pub fn word(key: &str, said: &str) -> String {
    let word = said.trim().to_uppercase();
    let old = OLD_WORDS.iter().find(|(known, old, _)| *known == key && *old == word);
    old.map_or(word, |(.., new)| (*new).to_owned())
}

/// The operations asked for that the caller may see: those that come from or go to a place of theirs.
pub fn seen(reader: &mut Reader<'_>, which: Which<'_>) -> Result<Vec<Kept>, Fault> {
    let reach = reader.reach(GET)?;
    let places = reader.structure.visible(None, &reach);
    let mut found = kept::read(reader.conn, reader.tenant, &kinds::OPERATIONS, which)?;
    if let Some(places) = places {
        let places: BTreeSet<i64> = places.into_iter().map(|place| place.0).collect();
        found.retain(|one| ["source", "destination"].iter().any(|side| places.contains(&one.number(side))));
    }
    Ok(found)
}

/// Operations as scripts see them, those that [`seen`] answers, by name.
pub fn list(reader: &mut Reader<'_>, which: Which<'_>) -> Result<Vec<Value>, Fault> {
    let mut found = seen(reader, which)?;
    found.sort_by(|a, b| (a.text("name"), a.id).cmp(&(b.text("name"), b.id)));
    let ids = |columns: &[&'static str]| -> Vec<i64> {
        found.iter().flat_map(|one| columns.iter().map(|column| one.number(column))).collect()
    };
    let (conn, tenant) = (&mut *reader.conn, reader.tenant);
    let locations = called(conn, tenant, &kinds::LOCATIONS, ids(&["source", "destination"]))?;
    let materials = called(conn, tenant, &kinds::PRODUCTS, ids(&["material", "secondary_material"]))?;
    let units = called(conn, tenant, &kinds::UNITS, ids(&["unit"]))?;
    let reasons = called(conn, tenant, &kinds::REASON_CODES, ids(&["reason"]))?;
    let processes = called(conn, tenant, &kinds::PROCESSES, ids(&["process"]))?;
    let runs: Vec<_> = ids(&["current_run"]).into_iter().filter(|id| *id != 0).map(Into::into).collect();
    let runs = table::run::by_ids(conn, tenant, &runs)?;
    let show = |one: &Kept| {
        let run = runs.iter().find(|run| run.id.0 == one.number("current_run"));
        let text = |shape: Shape, key: &str, column: &str| shape.text(key, one.opt_text(column));
        let process = processes.get(&one.number("process"));
        let mut shape = Shape::new().called("operationId", "operationName", process);
        shape = text(shape, "name", "name");
        shape = text(shape, "status", "status");
        shape = shape.put("currentRecordId", run.map_or(Value::Null, |run| id(&run.uid)));
        shape = text(shape, "operationType", "operation_type");
        shape = text(shape, "triggerSource", "trigger_source");
        shape = text(shape, "startTriggerExpression", "start_expression");
        shape = text(shape, "startTriggerType", "start_type");
        shape = text(shape, "stopTriggerExpression", "stop_expression");
        shape = text(shape, "stopTriggerType", "stop_type");
        shape = shape.at("sourceLocationId", "sourceLocationPath", locations.get(&one.number("source"))).at(
            "destinationLocationId",
            "destinationLocationPath",
            locations.get(&one.number("destination")),
        );
        shape = text(shape, "materialSource", "material_source");
        shape = shape.at("materialId", "materialPath", materials.get(&one.number("material")));
        shape = text(shape, "materialExpression", "material_expression");
        shape =
            shape.at("secondaryMaterialId", "secondaryMaterialPath", materials.get(&one.number("secondary_material")));
        shape = text(shape, "primaryLotResolutionStrategy", "primary_lot_strategy");
        shape = text(shape, "secondaryLotResolutionStrategy", "secondary_lot_strategy");
        shape = text(shape, "primaryLotCodeExpression", "primary_lot_expression");
        shape = text(shape, "secondaryLotCodeExpression", "secondary_lot_expression");
        shape = shape.flag("createLotIfNotFound", one.flag("makes_lots"));
        shape = text(shape, "inventoryNameResolutionStrategy", "inventory_name_strategy");
        shape = text(shape, "inventoryName", "inventory_name");
        shape = text(shape, "inventoryNameExpression", "inventory_name_expression");
        shape = text(shape, "quantitySource", "quantity_source");
        shape = text(shape, "quantityExpression", "quantity_expression");
        shape = text(shape, "quantityCalcType", "quantity_calculation");
        shape = shape
            .put("quantityOverflowValue", one.opt_number("quantity_overflow").map_or(Value::Null, number))
            .called("unitOfMeasureId", "unitOfMeasureName", units.get(&one.number("unit")));
        shape = text(shape, "unitOfMeasureResolutionStrategy", "unit_strategy");
        shape = shape
            .called("reasonCodeId", "reasonCodeName", reasons.get(&one.number("reason")))
            .flag("incrementProductionOrderCount", one.flag("counts_order"))
            .put("id", id(&one.uid));
        shape = text(shape, "notes", "notes");
        shape = shape.flag("enabled", one.flag("is_enabled"));
        shape = text(shape, "spare1", "spare1");
        shape = text(shape, "spare2", "spare2");
        text(shape, "spare3", "spare3").done()
    };
    Ok(found.iter().map(show).collect())
}

/// Names the fields of the record as scripts do.
fn in_script_words(fault: Fault, args: &Args) -> Fault {
    fault.renamed(|field| {
        if field == "isEnabled" {
            return Some("enabled".to_owned());
        }
        let (_, by_id, by_name) = PAIRS.iter().find(|(native, ..)| *native == field)?;
        let is_by_id = text(args.get(by_id)).is_ok_and(|given| given.is_some());
        Some((*if is_by_id { by_id } else { by_name }).to_owned())
    })
}

/// What is to be written: of which operation, its fields, and what is wrong with arguments that make none.
type Asked = (Option<String>, Record, Vec<(String, String)>);

fn read(args: &Args) -> Result<Asked, Fault> {
    let mut record = Record::new();
    let mut wrong = Vec::new();
    for (native, by_id, by_name) in PAIRS {
        if !args.is_given(by_id) && !args.is_given(by_name) {
            continue;
        }
        let named = match text(args.get(by_id)) {
            Ok(None) => text(args.get(by_name)).map_err(|message| (by_name, message)),
            found => found.map_err(|message| (by_id, message)),
        };
        let named = match named {
            Ok(named) => named,
            Err((key, message)) => {
                wrong.push(((*key).to_owned(), message));
                continue;
            }
        };
        let value = named.map_or(Value::Null, |text| Value::Text(text.trim().trim_start_matches('/').to_owned()));
        record.push(((*native).to_owned(), value));
    }
    for (parameter, value) in args.each() {
        let name = parameter.name;
        let is_paired = PAIRS.iter().any(|(_, by_id, by_name)| *by_id == name || *by_name == name);
        if is_paired || DEAD.contains(&name) {
            continue;
        }
        let read = match (parameter.ty, value) {
            (Type::Expression | Type::Text, Value::Text(text)) if text.is_empty() && name != "name" => Ok(Value::Null),
            (Type::Word(_), Value::Text(said)) => Ok(Value::Text(word(name, said))),
            (Type::Number, value) => match argument::number(value) {
                Ok(Some(e6)) if e6 < 0 => Err("is below 0".to_owned()),
                found => found.map(|found| found.map_or(Value::Null, number)),
            },
            (Type::Flag, value) => argument::flag(value).map(|flag| flag.map_or(Value::Null, Value::Bool)),
            (_, Value::Number(digits)) => Ok(Value::Text(digits.clone())),
            (_, value) => Ok(value.clone()),
        };
        match read {
            Ok(value) => record.push((if name == "enabled" { "isEnabled" } else { name }.to_owned(), value)),
            Err(message) => wrong.push((name.to_owned(), message)),
        }
    }
    Ok((args.text("id")?, record, wrong))
}

/// Writes it, or tries to.
pub async fn write(session: &Session, args: &Args, is_trial: bool) -> Result<String, Fault> {
    let (known, record, wrong) = read(args)?;
    let is_trial = is_trial || !wrong.is_empty();
    let outcome = match known {
        Some(known) => {
            let change = ChangeRecord {
                kind: &kinds::OPERATIONS,
                reference: Reference::Plain(known),
                patch: record,
                version: None,
            };
            if is_trial { session.try_out(change).await } else { session.change(change).await }
        }
        None => {
            let create = CreateRecords { kind: &kinds::OPERATIONS, records: vec![record], is_list: false };
            if is_trial { session.try_out(create).await } else { session.change(create).await }
        }
    };
    let outcome = outcome.map_err(|fault| {
        let has_fields = !fault.violations.is_empty();
        let fault = in_script_words(fault, args);
        if has_fields { fault.as_kind(FaultKind::ConstraintViolation) } else { fault }
    });
    all_faults(wrong, outcome)
}

#[derive(serde::Deserialize)]
struct Written {
    id: i64,
}

/// `saveInventoryOperation`.
pub async fn save(session: Session, args: Args) -> Result<Value, Fault> {
    let answer = write(&session, &args, false).await?;
    let written: Written = read_answer(&answer)?;
    session.read(move |reader| Ok(list(reader, Which::Ids(&[written.id]))?.pop().unwrap_or(Value::Null))).await
}

/// `validateInventoryOperation`.
pub async fn validate(session: Session, args: Args) -> Result<Value, Fault> {
    match write(&session, &args, true).await {
        Ok(_) => Ok(violations(Vec::new())),
        Err(fault) if !fault.violations.is_empty() => Ok(violations(fault.violations)),
        Err(fault) if fault.kind == FaultKind::IllegalArgument => {
            Ok(violations(vec![("id".to_owned(), fault.message)]))
        }
        Err(fault) => Err(fault),
    }
}
