//! Direct actions: read, tried out, done.

use lotbook_domain::catalog::LotStatus;
use lotbook_domain::id::{LocationId, LotId, OperationId, OrderId, ProcessId, ProductId, ReasonId, UnitId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{Action, ActionKind, Execute, Executed, LotNamed, Reach, too_far_ahead};
use lotbook_engine::table;
use lotbook_engine::table::run::Link;
use lotbook_engine::thing::kept::called;
use lotbook_engine::thing::{Kind, Value, kinds};

use super::request::{self, Request};
use crate::http::script::argument::{Args, Reading};
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::lot_record;
use crate::http::script::session::{Reader, Session, noun, read_answer};
use crate::http::script::shape::violations;

/// Reads a request: what it refers to is found, the rules are left to the engine.
fn read(reader: &mut Reader<'_>, request: &Request, args: &Args) -> Result<Action, Fault> {
    let mut read = args.reading();
    for name in request.needed() {
        read.need(name);
    }
    let said = read.word("type");
    if said.as_deref().is_some_and(|said| said != request.word) {
        read.complain(
            "type",
            format!("is {}; leave it as the template has it, {}", said.unwrap_or_default(), request.word),
        );
    }
    let keys = &request.keys;
    let find = |reader: &mut Reader<'_>, read: &mut Reading<'_>, name: &'static str, kind: &'static Kind| {
        if name.is_empty() || !request.has(name) {
            return Ok(None);
        }
        let Some(text) = read.text(name) else { return Ok(None) };
        let found = reader.find(kind, &text)?;
        if found.is_none() {
            read.refuse(name, format!("there is no {} {text}", noun(kind)));
        }
        Ok::<_, Fault>(found)
    };
    let product = find(reader, &mut read, keys.material, &kinds::PRODUCTS)?.map(ProductId);
    let other_product = find(reader, &mut read, keys.other_material, &kinds::PRODUCTS)?.map(ProductId);
    let unit = find(reader, &mut read, "unitOfMeasureSymbol", &kinds::UNITS)?.map(UnitId);
    let from = find(reader, &mut read, keys.from, &kinds::LOCATIONS)?.map(LocationId);
    let to = find(reader, &mut read, keys.to, &kinds::LOCATIONS)?.map(LocationId);
    let reason = find(reader, &mut read, "materialReasonCodeId", &kinds::REASON_CODES)?.unwrap_or(0);
    let process = find(reader, &mut read, "operationId", &kinds::PROCESSES)?.unwrap_or(0);
    let order = find(reader, &mut read, "productionOrderIdOrName", &kinds::PRODUCTION_ORDERS)?.unwrap_or(0);
    let operation = find(reader, &mut read, "inventoryOperationId", &kinds::OPERATIONS)?;
    let operation = match operation {
        Some(id) => {
            let names = called(reader.conn, reader.tenant, &kinds::OPERATIONS, [id])?;
            Some((OperationId(id), names.get(&id).map(|called| called.name.clone()).unwrap_or_default()))
        }
        None => None,
    };
    let lot = read_lot(reader, &mut read, request, keys.lot, product)?;
    let other_lot = if request.kind == ActionKind::Run(RunKind::Split) {
        read.text(keys.other_lot).map_or(LotNamed::None, LotNamed::Name)
    } else {
        read_lot(reader, &mut read, request, keys.other_lot, other_product.or(product))?
    };
    let optional = |read: &mut Reading<'_>, name: &'static str| {
        if name.is_empty() || !request.has(name) { None } else { read.text(name) }
    };
    let inventory_name = optional(&mut read, keys.name);
    let spares = ["spare1", "spare2", "spare3"].map(|name| optional(&mut read, name));
    let notes = optional(&mut read, "notes");
    let new_status = if request.has("newStatus") { read.word("newStatus") } else { None };
    let new_status = new_status.and_then(|word| {
        let found = LotStatus::from_name(&word);
        if found.is_none() {
            read.complain(
                "newStatus",
                format!("is {word}; there are OPEN, AVAILABLE, QA_HOLD, EXPIRED, SHIPPED, CLOSED"),
            );
        }
        found
    });
    let quantity = if keys.quantity.is_empty() { None } else { read.number(keys.quantity) };
    if quantity.is_some_and(|quantity| quantity < 0) {
        read.refuse(keys.quantity, "is below 0; send 0 or more");
    }
    let flag = |read: &mut Reading<'_>, name: &'static str| request.has(name) && read.flag(name) == Some(true);
    let is_ongoing = flag(&mut read, "ongoing");
    let has_dates = request.has("startDate");
    let (started_at, ended_at) = if has_dates { (read.time("startDate"), read.time("endDate")) } else { (None, None) };
    for (name, at) in [("startDate", started_at), ("endDate", ended_at)] {
        if let Some(message) = at.and_then(|at| too_far_ahead(&reader.structure.settings, reader.now, at)) {
            read.refuse(name, message);
        }
    }
    if let (Some(start), Some(end)) = (started_at, ended_at)
        && start > end
    {
        read.refuse("endDate", format!("{end} is before the start, {start}"));
    }
    if is_ongoing && ended_at.is_some() {
        read.complain("endDate", "is given for what goes on; leave it out, and end the record later");
    }
    let makes_lots = request.kind != ActionKind::Run(RunKind::Unconsume) && flag(&mut read, "createIfNotExists");
    let counts_order = flag(&mut read, "incrementProductionOrderCount");
    read.finish()?;
    Ok(Action {
        kind: Some(request.kind),
        quantity: quantity.map(Quantity),
        unit,
        product,
        lot,
        secondary_product: other_product,
        secondary_lot: other_lot,
        from,
        to,
        makes_lots,
        new_status,
        reason: ReasonId(reason),
        started_at,
        ended_at,
        is_ongoing,
        inventory_name,
        notes,
        spares,
        operation,
        link: Link { process: ProcessId(process), order: OrderId(order), ..Link::default() },
        counts_order,
        ..Action::default()
    })
}

/// A lot by its id, or by its name within its material; where no material is asked for, whose ever it is.
fn read_lot(
    reader: &mut Reader<'_>,
    read: &mut Reading<'_>,
    request: &Request,
    name: &'static str,
    product: Option<ProductId>,
) -> Result<LotNamed, Fault> {
    if name.is_empty() || !request.has(name) {
        return Ok(LotNamed::None);
    }
    let Some(text) = read.text(name) else { return Ok(LotNamed::None) };
    if !request.keys.material.is_empty() {
        return reader.lot(&text, product.map_or(0, |product| product.0));
    }
    for kind in [&kinds::LOTS, &kinds::INSTANCES] {
        if let Some(id) = reader.find(kind, &text)? {
            return Ok(LotNamed::Id(LotId(id)));
        }
    }
    read.refuse(name, format!("there is no lot {text}"));
    Ok(LotNamed::None)
}

/// Names what the engine says of an action by the keys of its request.
fn key_of(request: &Request, field: &str) -> String {
    let keys = &request.keys;
    let key = match field {
        "quantity" => keys.quantity,
        "unit" => "unitOfMeasureSymbol",
        "product" if keys.material.is_empty() => keys.lot,
        "product" => keys.material,
        "lot" => keys.lot,
        "secondaryLot" => keys.other_lot,
        "secondaryProduct" => keys.other_material,
        "from" => keys.from,
        "to" => keys.to,
        "startedAt" => "startDate",
        "endedAt" => "endDate",
        "reason" => "materialReasonCodeId",
        "productionOrder" => "productionOrderIdOrName",
        "process" => "operationId",
        other => other,
    };
    if key.is_empty() { field.to_owned() } else { key.to_owned() }
}

fn in_script_words(fault: Fault, requests: &[&Request]) -> Fault {
    fault.renamed(|field| {
        let (index, field) = field.strip_prefix('[')?.split_once("].")?;
        let index: usize = index.parse().ok()?;
        let key = key_of(requests.get(index)?, field);
        Some(if requests.len() == 1 { key } else { format!("requests[{index}].{key}") })
    })
}

/// Does one action: the record that answers for it.
pub async fn one(
    session: Session,
    args: Args,
    request: &'static Request,
    permission: &'static str,
) -> Result<Value, Fault> {
    let executed = run(&session, vec![(request, args)], permission, false).await?;
    session
        .read(move |reader| {
            let ids = executed.runs.first().map(Vec::as_slice).unwrap_or_default();
            Ok(lot_record::of_action(reader, ids, false)?.unwrap_or(Value::Null))
        })
        .await
}

/// `scrapAll`: a record for each lot, in the order of lots.
pub async fn scrap_all(session: Session, args: Args) -> Result<Value, Fault> {
    let executed = run(&session, vec![(&request::SCRAP_ALL, args)], "INVENTORY.WRITE.SCRAP", false).await?;
    session
        .read(move |reader| Ok(Value::List(all_of(reader, executed.runs.first().cloned().unwrap_or_default())?)))
        .await
}

fn all_of(reader: &mut Reader<'_>, ids: Vec<i64>) -> Result<Vec<Value>, Fault> {
    let ids: Vec<_> = ids.into_iter().map(Into::into).collect();
    let mut runs = table::run::by_ids(reader.conn, reader.tenant, &ids)?;
    // Where what was scrapped went into another lot, that lot may have become part of one that stood there.
    runs.retain(|run| run.kind == RunKind::Scrap);
    runs.sort_by_key(|run| (run.lot, run.id));
    lot_record::records(reader, &runs)
}

/// Says what would keep an action from being done now.
pub async fn validate(session: Session, args: Args, request: &'static Request) -> Result<Value, Fault> {
    match run(&session, vec![(request, args)], "INVENTORY.READ.VALIDATE", true).await {
        Ok(_) => Ok(violations(Vec::new())),
        Err(fault) if !fault.violations.is_empty() => Ok(violations(fault.violations)),
        Err(fault) if fault.kind == FaultKind::IllegalArgument => Ok(violations(vec![(String::new(), fault.message)])),
        Err(fault) => Err(fault),
    }
}

/// `executeInventoryActions`: all or none.
pub async fn all(session: Session, args: Args) -> Result<Value, Fault> {
    let Value::List(values) = args.get("requests").clone() else {
        let wrong = vec![("requests".to_owned(), "is no list of requests".to_owned())];
        return Err(Fault::fields(FaultKind::ConstraintViolation, wrong));
    };
    let mut asked = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        let wrong =
            |message: String| Fault::fields(FaultKind::ConstraintViolation, vec![(format!("requests[{at}]"), message)]);
        let Value::Object(record) = value else { return Err(wrong(format!("is {}; send an object", value.noun()))) };
        let get = |name: &str| record.iter().find(|(key, _)| key == name).map_or(&Value::Null, |(_, value)| value);
        let Value::Text(word) = get("type") else {
            return Err(wrong("has no type; a template sets it".to_owned()));
        };
        let word = word.trim().to_uppercase();
        let is_all = word == "SCRAP_ALL" || (word == "SCRAP" && *get("quantity") == Value::Null);
        let found = request::ALL.into_iter().find(|request| {
            request.word == word && (request.kind == ActionKind::ScrapAll) == is_all
                || is_all && request.kind == ActionKind::ScrapAll
        });
        let Some(request) = found else { return Err(wrong(format!("has the type {word}, which no request has"))) };
        let mut record = record;
        if is_all {
            // A template of `scrap` without a quantity says the same.
            record.retain(|(key, value)| request.has(key) || key == "locationIdOrPath" || *value != Value::Null);
            for (key, value) in &mut record {
                if key == "type" {
                    *value = Value::Text("SCRAP".to_owned());
                }
            }
        }
        let args = Args::of_record(request.parameters, record)
            .map_err(|fault| Fault::illegal(format!("requests[{at}]: {}", fault.message)))?;
        asked.push((request, args));
    }
    let kinds: Vec<ActionKind> = asked.iter().map(|(request, _)| request.kind).collect();
    let executed = run(&session, asked, "INVENTORY.WRITE", false).await?;
    session
        .read(move |reader| {
            let mut answers = Vec::with_capacity(kinds.len());
            for (kind, ids) in kinds.into_iter().zip(executed.runs) {
                if kind == ActionKind::ScrapAll {
                    answers.extend(all_of(reader, ids)?);
                } else {
                    answers.extend(lot_record::of_action(reader, &ids, false)?);
                }
            }
            Ok(Value::List(answers))
        })
        .await
}

async fn run(
    session: &Session,
    asked: Vec<(&'static Request, Args)>,
    permission: &'static str,
    is_trial: bool,
) -> Result<Executed, Fault> {
    let requests: Vec<&'static Request> = asked.iter().map(|(request, _)| *request).collect();
    let (actions, reach): (Vec<Action>, Reach) = session
        .read(move |reader| {
            let reach = reader.reach(permission)?;
            let mut actions = Vec::with_capacity(asked.len());
            let (mut wrong, mut kind) = (Vec::new(), FaultKind::IllegalArgument);
            let is_alone = asked.len() == 1;
            for (at, (request, args)) in asked.iter().enumerate() {
                match read(reader, request, args) {
                    Ok(action) => actions.push(action),
                    Err(fault) if !fault.violations.is_empty() => {
                        if fault.kind == FaultKind::ConstraintViolation {
                            kind = fault.kind;
                        }
                        wrong.extend(fault.violations.into_iter().map(|(field, message)| {
                            (if is_alone { field } else { format!("requests[{at}].{field}") }, message)
                        }));
                    }
                    Err(fault) => return Err(fault),
                }
            }
            if wrong.is_empty() { Ok((actions, reach)) } else { Err(Fault::fields(kind, wrong)) }
        })
        .await?;
    let execute = Execute { actions, reach };
    let answer = if is_trial { session.try_out(execute).await } else { session.change(execute).await };
    read_answer(&answer.map_err(|fault| in_script_words(fault, &requests))?)
}
