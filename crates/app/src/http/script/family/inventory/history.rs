//! Lot records: the history of lots, notes written by hand, and what may be said of a record afterwards.

use lotbook_domain::catalog::LotStatus;
use lotbook_domain::id::{
    BatchId, LocationId, LotId, OperationId, OrderId, ProductId, ReasonId, ReservationId, RunId, UnitId,
};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{AmendRun, WriteNote};
use lotbook_engine::table;
use lotbook_engine::table::run::{Link, Run, RunFilter, RunStatus};
use lotbook_engine::thing::kept::called;
use lotbook_engine::thing::{Kind, Value, kinds};
use lotbook_engine::uid;

use super::lot::{groups, need_lot};
use crate::http::script::argument::{self, Args, Reading};
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Parameter, Type};
use crate::http::script::lot_record;
use crate::http::script::session::{Reader, Session, noun};
use crate::http::script::shape::violations;

const TYPES: Type = Type::Word(&[
    "CONSUME",
    "UNCONSUME",
    "PRODUCE",
    "MOVE",
    "SPLIT",
    "MERGE",
    "SCRAP",
    "RETURN",
    "STATUS_CHANGE",
    "EDIT",
    "RECEIVE",
    "SHIP",
]);
const SPARE: &str = "Free for your own use.";
const SHOWN: &str = "Shown only.";

/// The keys of a lot record.
pub const DATA: &[Parameter] = &[
    Parameter::required("lotRecordType", TYPES, "What happened."),
    Parameter::required("inventoryLotId", Type::Id, "The lot it is about."),
    Parameter::optional("inventoryLotName", Type::Text, SHOWN),
    Parameter::optional("secondaryInventoryLotId", Type::Id, "The lot on the other side."),
    Parameter::optional("secondaryInventoryLotName", Type::Text, SHOWN),
    Parameter::optional("operationRecordId", Type::Id, SHOWN),
    Parameter::optional("inventoryOperationId", Type::Id, "The inventory operation."),
    Parameter::optional("productionOrderId", Type::Id, "The production order."),
    Parameter::optional("materialReasonCodeId", Type::Id, "Why."),
    Parameter::optional("sourceLocationId", Type::Id, "Where it came from."),
    Parameter::optional("destinationLocationId", Type::Id, "Where it went."),
    Parameter::optional(
        "lotStatus",
        Type::Word(&["OPEN", "AVAILABLE", "QA_HOLD", "EXPIRED", "SHIPPED", "CLOSED"]),
        "The status of the lot then.",
    ),
    Parameter::optional("quantity", Type::Number, "How much."),
    Parameter::required("startDate", Type::Time, "When it began.").preset("now"),
    Parameter::optional("endDate", Type::Time, "When it ended."),
    Parameter::required("status", Type::Word(&["RUNNING", "COMPLETED", "CANCELLED"]), "Where it is in its life."),
    Parameter::optional("id", Type::Id, "The record to be changed; nothing = a new one, written by hand."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it counts for scripts.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
    Parameter::optional("inventoryOperationName", Type::Text, SHOWN).hidden(),
    Parameter::optional("productionOrderName", Type::Text, SHOWN).hidden(),
    Parameter::optional("materialReasonCodeName", Type::Text, SHOWN).hidden(),
    Parameter::optional("sourceLocationName", Type::Text, SHOWN).hidden(),
    Parameter::optional("sourceLocationPath", Type::Text, SHOWN).hidden(),
    Parameter::optional("destinationLocationName", Type::Text, SHOWN).hidden(),
    Parameter::optional("destinationLocationPath", Type::Text, SHOWN).hidden(),
    Parameter::optional("unitOfMeasureId", Type::Id, SHOWN).hidden(),
    Parameter::optional("unitOfMeasureName", Type::Text, SHOWN).hidden(),
    Parameter::optional("unitOfMeasureSymbol", Type::Text, SHOWN).hidden(),
    Parameter::optional("duration", Type::Whole, SHOWN).hidden(),
    Parameter::optional("shiftRecordId", Type::Id, SHOWN).hidden(),
    Parameter::optional("relatedRecordIds", Type::List, SHOWN).hidden(),
];

/// The keys of a request for the history of a lot.
pub const REQUEST: &[Parameter] = &[
    Parameter::required("lotId", Type::Id, "The lot, on whichever side of a record."),
    Parameter::optional("lotRecordType", TYPES, "Only records of this type."),
    Parameter::optional("operationId", Type::Id, "Only of this production operation."),
    Parameter::optional("inventoryOperationId", Type::Id, "Only of this inventory operation."),
    Parameter::optional("productionOrderIdOrName", Type::Id, "Only for this production order."),
    Parameter::optional("materialReasonCodeId", Type::Id, "Only with this reason."),
    Parameter::optional("startDate", Type::Time, "Only what began then or later."),
    Parameter::optional("endDate", Type::Time, "Only what began before."),
    Parameter::optional(
        "status",
        Type::Word(&["RUNNING", "COMPLETED", "CANCELLED", "FAULTED"]),
        "Only with this status.",
    ),
];

fn find(
    reader: &mut Reader<'_>,
    read: &mut Reading<'_>,
    name: &str,
    kind: &'static Kind,
) -> Result<Option<i64>, Fault> {
    let Some(text) = read.text(name) else { return Ok(None) };
    let found = reader.find(kind, &text)?;
    if found.is_none() {
        read.refuse(name, format!("there is no {} {text}", noun(kind)));
    }
    Ok(found)
}

fn read_word<T>(read: &mut Reading<'_>, name: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    let word = read.word(name)?;
    let found = known(&word);
    if found.is_none() {
        read.complain(name, format!("is {word}, which is not known"));
    }
    found
}

/// `getLotHistory`.
pub fn history(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let mut read = args.reading();
    read.need("lotId");
    let kind = read_word(&mut read, "lotRecordType", RunKind::from_name);
    let status = read_word(&mut read, "status", RunStatus::from_name);
    let (from, before) = (read.time("startDate"), read.time("endDate"));
    let process = find(reader, &mut read, "operationId", &kinds::PROCESSES)?;
    let operation = find(reader, &mut read, "inventoryOperationId", &kinds::OPERATIONS)?;
    let order = find(reader, &mut read, "productionOrderIdOrName", &kinds::PRODUCTION_ORDERS)?;
    let reason = find(reader, &mut read, "materialReasonCodeId", &kinds::REASON_CODES)?;
    read.finish()?;
    let filter = RunFilter {
        lot: Some(LotId(need_lot(reader, &args.needed("lotId")?, 0)?)),
        operation: operation.map(OperationId),
        process: process.map(Into::into),
        order: order.map(OrderId),
        kind,
        status,
        ..RunFilter::default()
    };
    let mut runs = table::run::page(reader.conn, reader.tenant, &filter, i64::from(i32::MAX))?;
    runs.retain(|run| {
        reason.is_none_or(|reason| run.reason.0 == reason)
            && from.is_none_or(|from| run.started_at >= from)
            && before.is_none_or(|before| run.started_at < before)
    });
    runs.sort_by(|a, b| (a.started_at, &a.uid).cmp(&(b.started_at, &b.uid)));
    Ok(Value::List(lot_record::records(reader, &runs)?))
}

/// The record of an id.
fn need_record(reader: &mut Reader<'_>, text: &str) -> Result<Run, Fault> {
    let found = match uid::parse(text) {
        Some(uid) => table::run::by_uid(reader.conn, reader.tenant, &uid)?,
        None => None,
    };
    found.ok_or_else(|| Fault::illegal(format!("there is no lot record {text}")))
}

/// `getInventoryLotRecordReferences`.
pub fn references(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let run = need_record(reader, &args.needed("id")?)?;
    let operation = table::operation::by_ids(reader.conn, reader.tenant, [run.operation])?.pop();
    let open = operation.filter(|operation| operation.state.run == run.id);
    let open = open.into_iter().map(|operation| ("current_record_id", uid::print(&operation.uid))).collect();
    Ok(groups(vec![("inventory_operations", open)]))
}

/// What a save comes to.
enum Save {
    Note(Box<Run>),
    Amend(AmendRun),
}

fn read(reader: &mut Reader<'_>, args: &Args) -> Result<Save, Fault> {
    match args.text("id")? {
        None => read_note(reader, args, None).map(|run| Save::Note(Box::new(run))),
        Some(text) => {
            let run = need_record(reader, &text)?;
            if run.is_note {
                read_note(reader, args, Some(run)).map(|run| Save::Note(Box::new(run)))
            } else {
                amend(reader, args, run).map(Save::Amend)
            }
        }
    }
}

/// A record written by hand: it moves nothing.
fn read_note(reader: &mut Reader<'_>, args: &Args, before: Option<Run>) -> Result<Run, Fault> {
    let mut read = args.reading();
    for name in ["lotRecordType", "inventoryLotId", "startDate", "status"] {
        if before.is_none() || args.is_given(name) {
            read.need(name);
        }
    }
    let is_said = |name: &str| before.is_none() || args.is_given(name);
    let mut run = before.clone().unwrap_or(Run {
        id: RunId(0),
        uid: String::new(),
        kind: RunKind::Edit,
        operation: OperationId(0),
        operation_name: None,
        product: ProductId(0),
        lot: LotId(0),
        secondary_product: ProductId(0),
        secondary_lot: LotId(0),
        from: LocationId(0),
        to: LocationId(0),
        status: RunStatus::Completed,
        quantity: Quantity::ZERO,
        unit: UnitId(0),
        primary_quantity: Quantity::ZERO,
        secondary_quantity: Quantity::ZERO,
        lot_status: LotStatus::Open,
        started_at: reader.now,
        ended_at: None,
        batch: BatchId(0),
        first_line: 0,
        last_line: -1,
        reason: ReasonId(0),
        inventory_name: None,
        notes: None,
        spares: [None, None, None],
        link: Link::default(),
        order_counted: Quantity::ZERO,
        reservation: ReservationId(0),
        is_note: true,
        is_enabled: true,
    });
    run.kind = read_word(&mut read, "lotRecordType", RunKind::from_name).unwrap_or(run.kind);
    run.status = read_word(&mut read, "status", RunStatus::from_name).unwrap_or(run.status);
    for (name, is_primary) in [("inventoryLotId", true), ("secondaryInventoryLotId", false)] {
        if !is_said(name) {
            continue;
        }
        let lot = match read.text(name) {
            Some(text) => Some(LotId(need_lot(reader, &text, 0)?)),
            None => None,
        };
        let found = table::catalog::lots(reader.conn, reader.tenant, lot)?.pop();
        let (product, id) = found.as_ref().map_or((ProductId(0), LotId(0)), |lot| (lot.product, lot.id));
        if is_primary {
            (run.product, run.lot) = (product, id);
            run.lot_status = found.map_or(run.lot_status, |lot| lot.status);
        } else {
            (run.secondary_product, run.secondary_lot) = (product, id);
        }
    }
    if is_said("inventoryOperationId") {
        let operation = find(reader, &mut read, "inventoryOperationId", &kinds::OPERATIONS)?.unwrap_or(0);
        let names = called(reader.conn, reader.tenant, &kinds::OPERATIONS, [operation])?;
        run.operation = OperationId(operation);
        run.operation_name = names.get(&operation).map(|called| called.name.clone());
    }
    if is_said("productionOrderId") {
        let order = find(reader, &mut read, "productionOrderId", &kinds::PRODUCTION_ORDERS)?;
        run.link.order = OrderId(order.unwrap_or(0));
    }
    if is_said("materialReasonCodeId") {
        run.reason = ReasonId(find(reader, &mut read, "materialReasonCodeId", &kinds::REASON_CODES)?.unwrap_or(0));
    }
    if is_said("sourceLocationId") {
        run.from = LocationId(find(reader, &mut read, "sourceLocationId", &kinds::LOCATIONS)?.unwrap_or(0));
    }
    if is_said("destinationLocationId") {
        run.to = LocationId(find(reader, &mut read, "destinationLocationId", &kinds::LOCATIONS)?.unwrap_or(0));
    }
    run.lot_status = read_word(&mut read, "lotStatus", LotStatus::from_name).unwrap_or(run.lot_status);
    if is_said("quantity") {
        run.quantity = Quantity(read.number("quantity").unwrap_or(0));
    }
    run.started_at = read.time("startDate").unwrap_or(run.started_at);
    if is_said("endDate") {
        run.ended_at = read.time("endDate");
    }
    if run.ended_at.is_some_and(|end| end < run.started_at) {
        read.refuse("endDate", "is before the start");
    }
    run.is_enabled = read.flag("enabled").unwrap_or(run.is_enabled);
    if is_said("notes") {
        run.notes = read.text("notes");
    }
    for (at, name) in ["spare1", "spare2", "spare3"].into_iter().enumerate() {
        if is_said(name) {
            run.spares[at] = read.text(name);
        }
    }
    read.finish()?;
    Ok(run)
}

/// What may be said of a record that was booked: its words, its reason, and of one that goes on its end.
fn amend(reader: &mut Reader<'_>, args: &Args, run: Run) -> Result<AmendRun, Fault> {
    let mut read = args.reading();
    let shown = lot_record::records(reader, std::slice::from_ref(&run))?.pop();
    let Some(Value::Object(shown)) = shown else { return Err(Fault::illegal("there is no such lot record")) };
    let is_ongoing = run.status == RunStatus::Running;
    for (parameter, value) in args.each() {
        let name = parameter.name;
        let is_free = matches!(
            name,
            "id" | "notes"
                | "spare1"
                | "spare2"
                | "spare3"
                | "enabled"
                | "materialReasonCodeId"
                | "materialReasonCodeName"
        ) || (is_ongoing && matches!(name, "endDate" | "status" | "duration"));
        let kept = shown.iter().find(|(key, _)| key == name).map_or(&Value::Null, |(_, value)| value);
        if is_free || !parameter.is_shown || is_same(parameter.ty, value, kept) {
            continue;
        }
        return Err(Fault::in_use(format!(
            "{name} of a record that was booked is history; reverse the record, and book what is right"
        )));
    }
    let status = read_word(&mut read, "status", RunStatus::from_name);
    let ended_at = read.time("endDate");
    let end = match (is_ongoing, ended_at, status) {
        (true, Some(at), status) => {
            Some((at, status.filter(|status| *status != RunStatus::Running).unwrap_or(RunStatus::Completed)))
        }
        (true, None, Some(status)) if status != RunStatus::Running => Some((reader.now, status)),
        _ => None,
    };
    if end.is_some_and(|(at, _)| at < run.started_at) {
        read.refuse("endDate", "is before the start");
    }
    let mut said = |name: &str| args.is_given(name).then(|| read.text(name));
    let (notes, spares) = (said("notes"), [said("spare1"), said("spare2"), said("spare3")]);
    let reason = if args.is_given("materialReasonCodeId") {
        Some(ReasonId(find(reader, &mut read, "materialReasonCodeId", &kinds::REASON_CODES)?.unwrap_or(0)))
    } else {
        None
    };
    let is_enabled = read.flag("enabled");
    read.finish()?;
    Ok(AmendRun { run: run.id, notes, spares, reason, is_enabled, end })
}

/// Whether a value says what stands there; null says nothing.
fn is_same(ty: Type, said: &Value, kept: &Value) -> bool {
    if *said == Value::Null {
        return true;
    }
    match ty {
        Type::Number => argument::number(said) == argument::number(kept),
        Type::Time => argument::time(said) == argument::time(kept),
        Type::Word(_) | Type::Id | Type::Text => match (argument::text(said), argument::text(kept)) {
            (Ok(said), Ok(kept)) => said.map(|text| text.to_uppercase()) == kept.map(|text| text.to_uppercase()),
            _ => false,
        },
        _ => said == kept,
    }
}

async fn write(session: &Session, args: &Args, is_trial: bool) -> Result<String, Fault> {
    let asked = args.clone();
    let outcome = match session.read(move |reader| read(reader, &asked)).await? {
        Save::Note(run) if is_trial => session.try_out(WriteNote { run: *run }).await,
        Save::Note(run) => session.change(WriteNote { run: *run }).await,
        Save::Amend(change) if is_trial => session.try_out(change).await,
        Save::Amend(change) => session.change(change).await,
    };
    outcome.map_err(|fault| fault.renamed(|field| (field == "reason").then(|| "materialReasonCodeId".to_owned())))
}

/// `saveInventoryLotRecord`.
pub async fn save(session: Session, args: Args) -> Result<Value, Fault> {
    let answer = write(&session, &args, false).await?;
    let id: i64 = crate::http::script::session::read_answer(&answer)?;
    session.read(move |reader| Ok(lot_record::of_action(reader, &[id], false)?.unwrap_or(Value::Null))).await
}

/// `validateInventoryLotRecord`.
pub async fn validate(session: Session, args: Args) -> Result<Value, Fault> {
    match write(&session, &args, true).await {
        Ok(_) => Ok(violations(Vec::new())),
        Err(fault) if !fault.violations.is_empty() => Ok(violations(fault.violations)),
        Err(fault) if matches!(fault.kind, FaultKind::IllegalArgument | FaultKind::InUse) => {
            Ok(violations(vec![("id".to_owned(), fault.message)]))
        }
        Err(fault) => Err(fault),
    }
}
