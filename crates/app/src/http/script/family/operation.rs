//! `system.mes.operation`: what a line does for a production order; natively a process.

use lotbook_domain::id::{LocationId, ProcessId, ProcessRecordId, TenantId};
use lotbook_domain::time::Time;
use lotbook_engine::Conn;
use lotbook_engine::command::{OperateProcess, ProcessOperated, ProcessVerb};
use lotbook_engine::table::process::{self, Record as ProcessRecord, RecordFilter};
use lotbook_engine::table::run::RunStatus;
use lotbook_engine::thing::kept::{self, Kept, Which, called};
use lotbook_engine::thing::{Reference, Value, kinds};

use crate::http::script::argument::{self, Args};
use crate::http::script::declare::{REFERENCES, SPARE, VALIDATED, acts, deletes, finds, plain, reads, takes};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Family, Parameter, Type, template};
use crate::http::script::permission::permissions;
use crate::http::script::query::{self, Row};
use crate::http::script::session::{Reader, Session, read_answer};
use crate::http::script::shape::{Shape, id, opt_text, time};

const GET: &str = "OPERATION.READ.GET";
const EXECUTE: &str = "OPERATION.EXECUTE";

const EDGES: Type = Type::Word(&["RISING_EDGE", "FALLING_EDGE", "CHANGE"]);
const ORDER_STATUS: Type = Type::Word(&["IDLE", "SCHEDULED", "RUNNING", "PAUSED", "STOPPED", "CLOSED", "CANCELLED"]);

const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "What it is called. Unique."),
    Parameter::required("locationId", Type::Id, "Where it happens.").also(&["locationPath"]),
    Parameter::optional("status", Type::Text, "Where it is in its life; never set by saving.").preset("\"IDLE\""),
    Parameter::optional("triggerSource", Type::Word(&["EXPRESSION", "MANUAL"]), "What starts and stops it.")
        .preset("\"MANUAL\""),
    Parameter::optional("startTriggerExpression", Type::Expression, "What starts it."),
    Parameter::optional("startTriggerType", EDGES, "Which change of it does.").preset("\"RISING_EDGE\""),
    Parameter::optional("stopTriggerExpression", Type::Expression, "What stops it."),
    Parameter::optional("stopTriggerType", EDGES, "Which change of it does.").preset("\"FALLING_EDGE\""),
    Parameter::optional(
        "runningConflictStrategy",
        Type::Word(&["STOP_PREVIOUS", "THROW_EXCEPTION"]),
        "What a start does while it runs.",
    )
    .preset("\"STOP_PREVIOUS\""),
    Parameter::optional(
        "productionOrderResolutionStrategy",
        Type::Word(&["NONE", "MANUAL", "EXPRESSION", "SCHEDULE"]),
        "Which order a start that names none is for.",
    )
    .preset("\"NONE\""),
    Parameter::optional(
        "productionOrderUpdateStrategy",
        Type::Word(&["KEEP_FIRST_GOOD_VALUE", "KEEP_LAST_GOOD_VALUE", "THROW_ERROR", "NEW_RECORD"]),
        "Kept; the expression is read at the start.",
    )
    .preset("\"KEEP_FIRST_GOOD_VALUE\""),
    Parameter::optional("productionOrderExpression", Type::Expression, "What names the order."),
    Parameter::optional("updateProductionOrderStatusOnStart", Type::Flag, "Whether a start sets the order's status.")
        .preset("false"),
    Parameter::optional("startProductionOrderStatus", ORDER_STATUS, "To what.").preset("\"RUNNING\""),
    Parameter::optional("updateProductionOrderStatusOnStop", Type::Flag, "Whether a stop sets the order's status.")
        .preset("false"),
    Parameter::optional("stopProductionOrderStatus", ORDER_STATUS, "To what.").preset("\"STOPPED\""),
    Parameter::optional("autoAddToSchedule", Type::Flag, "Kept for schedules elsewhere.").preset("true"),
    Parameter::optional(
        "expectedDurationCalculationStrategy",
        Type::Word(&["STATIC", "EXPRESSION", "FROM_PRODUCTION_ORDER"]),
        "What says how long it takes.",
    )
    .preset("\"STATIC\""),
    Parameter::optional("expectedDurationSeconds", Type::Whole, "How long it takes.").preset("0"),
    Parameter::optional("expectedDurationExpression", Type::Expression, "What says how long it takes."),
    Parameter::optional("flushIntervalMillis", Type::Whole, "Taken for older scripts; without effect.").hidden(),
    Parameter::optional("currentOperationRecordId", Type::Id, "Its open record; never set by saving."),
    Parameter::optional("currentProductionOrderId", Type::Id, "The order it works on; never set by saving."),
    Parameter::optional("id", Type::Id, "The operation to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be started.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
];

static OPERATION: Entity = Entity {
    kind: &kinds::PROCESSES,
    data: DATA,
    keys: &[
        ("name", Shows::Text("name")),
        ("locationId", Shows::IdOf(&kinds::LOCATIONS, "location")),
        ("locationPath", Shows::PathOf(&kinds::LOCATIONS, "location")),
        ("status", Shows::Word("status")),
        ("triggerSource", Shows::Word("trigger_source")),
        ("startTriggerExpression", Shows::Text("start_expression")),
        ("startTriggerType", Shows::Word("start_type")),
        ("stopTriggerExpression", Shows::Text("stop_expression")),
        ("stopTriggerType", Shows::Word("stop_type")),
        ("runningConflictStrategy", Shows::Word("conflict_strategy")),
        ("productionOrderResolutionStrategy", Shows::Word("order_strategy")),
        ("productionOrderUpdateStrategy", Shows::Word("order_update")),
        ("productionOrderExpression", Shows::Text("order_expression")),
        ("updateProductionOrderStatusOnStart", Shows::Flag("start_sets_order")),
        ("startProductionOrderStatus", Shows::Word("start_order_status")),
        ("updateProductionOrderStatusOnStop", Shows::Flag("stop_sets_order")),
        ("stopProductionOrderStatus", Shows::Word("stop_order_status")),
        ("autoAddToSchedule", Shows::Flag("joins_schedule")),
        ("expectedDurationCalculationStrategy", Shows::Word("duration_strategy")),
        ("expectedDurationSeconds", Shows::Whole("duration_seconds")),
        ("expectedDurationExpression", Shows::Text("duration_expression")),
        // Filled in by `list`, for a record is no catalog record.
        ("currentOperationRecordId", Shows::Of(|_| Value::Null)),
        ("currentProductionOrderId", Shows::IdOf(&kinds::PRODUCTION_ORDERS, "current_order")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[("locationId", "location")],
    unread: &["status", "currentOperationRecordId", "currentProductionOrderId"],
    by: "name",
    prepare: None,
};

/// Operations, each with its open record.
fn list(reader: &mut Reader<'_>, which: Which<'_>) -> Result<Vec<(Kept, Value)>, Fault> {
    let mut found = entity::shown(reader, &OPERATION, which)?;
    let open = found.iter().map(|(kept, _)| ProcessRecordId(kept.number("current_record"))).filter(|id| id.0 != 0);
    let open: Vec<ProcessRecordId> = open.collect();
    let records = process::records_by_ids(reader.conn, reader.tenant, open)?;
    for (kept, value) in &mut found {
        let record = records.iter().find(|record| record.id.0 == kept.number("current_record"));
        if let (Some(record), Value::Object(fields)) = (record, value)
            && let Some((_, field)) = fields.iter_mut().find(|(key, _)| key == "currentOperationRecordId")
        {
            *field = id(&record.uid);
        }
    }
    Ok(found)
}

fn values(found: Vec<(Kept, Value)>) -> Value {
    Value::List(found.into_iter().map(|(_, value)| value).collect())
}

const ONE: Parameter =
    Parameter::required("operationId", Type::Id, "The operation; its name does as well.").also(&["id"]);
const START: Parameter = Parameter::optional("startDate", Type::Time, "When it began; now.").also(&["startDateMillis"]);
const END: Parameter = Parameter::optional("endDate", Type::Time, "When it ended; now.").also(&["endDateMillis"]);
const ORDER: Parameter =
    Parameter::optional("productionOrderIdOrName", Type::Id, "The order it is for.").also(&["productionOrderId"]);

/// The family.
pub static FAMILY: Family = Family {
    title: "Operations",
    prefixes: &["system.mes.operation"],
    functions: &[
        plain(&["newOperation"], &[], "A template with every key and its default.", "the template", |session, _| {
            Ok(template(session, DATA))
        }),
        takes(
            &["saveOperation"],
            DATA,
            "OPERATION.WRITE.SAVE",
            "Makes an operation, or changes the one with the given id. Its state is never set by it.",
            "the operation as it is then",
            |session, args| {
                Box::pin(async move {
                    let id = entity::save_id(&session, args, &OPERATION).await?;
                    session
                        .read(move |reader| {
                            Ok(list(reader, Which::Ids(&[id]))?.pop().map_or(Value::Null, |(_, one)| one))
                        })
                        .await
                })
            },
        ),
        takes(
            &["validateOperation"],
            DATA,
            "OPERATION.READ.VALIDATE",
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &OPERATION)),
        ),
        reads(
            &["getOperation"],
            &[ONE],
            GET,
            "One operation.",
            "the operation, or nothing",
            |reader, args| match reader.find(&kinds::PROCESSES, &args.needed("operationId")?)? {
                Some(id) => Ok(list(reader, Which::Ids(&[id]))?.pop().map_or(Value::Null, |(_, value)| value)),
                None => Ok(Value::Null),
            },
        ),
        reads(
            &["getOperations", "getAllOperations"],
            &[],
            GET,
            "All operations by name.",
            "a list of operations",
            |reader, _| Ok(values(list(reader, Which::All)?)),
        ),
        reads(
            &["getOperationsByLocation"],
            &[Parameter::required("locationIdOrPath", Type::Id, "The location.").also(&["locationId"])],
            GET,
            "The operations of this very location.",
            "a list of operations",
            |reader, args| {
                let location = reader.need(&kinds::LOCATIONS, &args.needed("locationIdOrPath")?)?;
                Ok(values(list(reader, Which::With("location", location))?))
            },
        ),
        finds(&["findOperations"], GET, "The operations that a query request asks for.", |reader, args| {
            let found = list(reader, Which::All)?;
            entity::find_among(&args, found)
        }),
        reads(
            &["getOperationStatus"],
            &[ONE],
            GET,
            "Where an operation is in its life.",
            "IDLE, RUNNING, COMPLETED or FAULTED",
            |reader, args| {
                let id = reader.need(&kinds::PROCESSES, &args.needed("operationId")?)?;
                let found = kept::read(reader.conn, reader.tenant, &kinds::PROCESSES, Which::Ids(&[id]))?;
                Ok(opt_text(found.first().map(|found| found.text("status"))))
            },
        ),
        acts(
            &["startOperation"],
            &[ONE, ORDER, START],
            EXECUTE,
            "Starts an operation: opens a record for the order that is named, that its strategy finds, or that was set. \
             Inventory operations whose trigger is PARENT start with it.",
            "the open operation record",
            |session, args| Box::pin(start(session, args)),
        ),
        acts(
            &["stopOperation"],
            &[ONE, END],
            EXECUTE,
            "Stops an operation, and the inventory operations that started with it.",
            "the operation record, ended",
            |session, args| Box::pin(stop(session, args)),
        ),
        reads(
            &["getActiveOperationRecords"],
            &[],
            GET,
            "The records that are open.",
            "a list of operation records",
            |reader, _| {
                let rows =
                    records(reader, &RecordFilter { status: Some(RunStatus::Running), ..RecordFilter::default() })?;
                Ok(Value::List(rows))
            },
        ),
        finds(&["findOperationRecords"], GET, "The records that a query request asks for.", |reader, args| {
            let rows = records(reader, &RecordFilter::default())?;
            query::find(&args, rows.into_iter().map(|shown| Row { shown, beside: Vec::new() }).collect())
        }),
        acts(
            &["setProductionOrderForOperation"],
            &[
                Parameter::required("operationId", Type::Id, "The operation; or its location, where its name follows.")
                    .also(&["locationIdOrPath", "locationId"]),
                Parameter::required(
                    "productionOrderIdOrName",
                    Type::Id,
                    "The order; nothing = none. Or the operation's name.",
                )
                .also(&["operationName", "productionOrderId"]),
                Parameter::optional("orderOfNamed", Type::Id, "The order, after a location and a name."),
            ],
            EXECUTE,
            "Sets the order that an operation works on: by (operation, order) or (location, operation name, order).",
            "the operation",
            |session, args| Box::pin(set_order(session, args)),
        ),
        reads(
            &["getProductionOrderForOperation"],
            &[
                Parameter::required("operationId", Type::Id, "The operation; or its location, where its name follows.")
                    .also(&["locationIdOrPath", "locationId"]),
                Parameter::optional("operationName", Type::Text, "The name of an operation of the location."),
            ],
            GET,
            "The order that an operation works on: by (operation) or (location, operation name).",
            "the production order, or nothing",
            |reader, args| {
                let process = named(reader, &args, args.text("operationName")?)?;
                let found = kept::read(reader.conn, reader.tenant, &kinds::PROCESSES, Which::Ids(&[process]))?;
                match found.first().map_or(0, |kept| kept.number("current_order")) {
                    0 => Ok(Value::Null),
                    order => entity::with_id(reader, &super::production_order::ORDER, order),
                }
            },
        ),
        reads(&["getOperationReferences"], &[ONE], GET, "What refers to an operation.", REFERENCES, |reader, args| {
            entity::references(reader, &OPERATION, &args.needed("operationId")?)
        }),
        deletes(
            &["deleteOperation"],
            &[ONE],
            "OPERATION.WRITE.DELETE",
            "Deletes an operation without records that nothing refers to.",
            |session, args| {
                Box::pin(async move { entity::delete(session, args.needed("operationId")?, &OPERATION).await })
            },
        ),
        reads(
            &["updateOperationStatesFromDatabase"],
            &[Parameter::optional("ids", Type::List, "The operations; all.")],
            GET,
            "Nothing but a look at whether they exist: states are read from the database at every call.",
            "nothing",
            |reader, args| {
                if let Some(texts) = args.texts("ids")? {
                    reader.need_all(&kinds::PROCESSES, &texts)?;
                }
                Ok(Value::Null)
            },
        ),
        plain(&["getOperationPermissions"], &[], "The permissions of operations.", "a list of texts", |_, _| {
            Ok(permissions("OPERATION"))
        }),
    ],
};

/// The operation that the first argument names, or the one of that name at the location it names.
fn named(reader: &mut Reader<'_>, args: &Args, name: Option<String>) -> Result<i64, Fault> {
    let first = args.needed("operationId")?;
    let Some(name) = name else { return reader.need(&kinds::PROCESSES, &first) };
    let location = reader.need(&kinds::LOCATIONS, &first)?;
    let found = kept::read(reader.conn, reader.tenant, &kinds::PROCESSES, Which::With("location", location))?;
    let found = found.iter().find(|kept| kept.text("name").eq_ignore_ascii_case(name.trim()));
    found.map(|kept| kept.id).ok_or_else(|| Fault::illegal(format!("there is no operation {name} at {first}")))
}

fn at(args: &Args, name: &str) -> Result<Option<Time>, Fault> {
    argument::time(args.get(name))
        .map_err(|message| Fault::fields(FaultKind::IllegalArgument, vec![(name.to_owned(), message)]))
}

async fn start(session: Session, args: Args) -> Result<Value, Fault> {
    let (process, order) = (args.needed("operationId")?, args.text("productionOrderIdOrName")?);
    let order = order.map(|text| Reference::Plain(text.trim().to_owned()));
    operate(session, Reference::Plain(process), ProcessVerb::Start(order), at(&args, "startDate")?, "startDate").await
}

async fn stop(session: Session, args: Args) -> Result<Value, Fault> {
    let process = Reference::Plain(args.needed("operationId")?);
    operate(session, process, ProcessVerb::Stop, at(&args, "endDate")?, "endDate").await
}

async fn operate(
    session: Session,
    process: Reference,
    verb: ProcessVerb,
    at: Option<Time>,
    when: &'static str,
) -> Result<Value, Fault> {
    let reach = session.read(|reader| reader.reach(EXECUTE)).await?;
    let answer = session.change(OperateProcess { process, verb, at, reach }).await.map_err(|fault| {
        let fault = fault.renamed(|field| (field == "at").then(|| when.to_owned()));
        fault.as_kind(FaultKind::IllegalArgument)
    })?;
    let done: ProcessOperated = read_answer(&answer)?;
    session
        .read(move |reader| {
            let found = process::records_by_ids(reader.conn, reader.tenant, [ProcessRecordId(done.record)])?;
            Ok(show_records(reader.conn, reader.tenant, &found)?.pop().unwrap_or(Value::Null))
        })
        .await
}

async fn set_order(session: Session, args: Args) -> Result<Value, Fault> {
    let is_by_name = args.is_given("orderOfNamed");
    let (name, order) = if is_by_name {
        (args.text("productionOrderIdOrName")?, args.text("orderOfNamed")?)
    } else {
        (None, args.text("productionOrderIdOrName")?)
    };
    if is_by_name && name.is_none() {
        return Err(Fault::illegal("the second argument is missing; name the operation of the location"));
    }
    let (process, reach) =
        session.read(move |reader| Ok((named(reader, &args, name)?, reader.reach(EXECUTE)?))).await?;
    let verb = ProcessVerb::SetOrder(order.map(|text| Reference::Plain(text.trim().to_owned())));
    session.change(OperateProcess { process: Reference::Id(process), verb, at: None, reach }).await?;
    session
        .read(move |reader| Ok(list(reader, Which::Ids(&[process]))?.pop().map_or(Value::Null, |(_, value)| value)))
        .await
}

/// So many records are looked through at most.
const RECORDS_MAX: i64 = 100_000;

fn records(reader: &mut Reader<'_>, filter: &RecordFilter) -> Result<Vec<Value>, Fault> {
    let found = process::records(reader.conn, reader.tenant, filter, RECORDS_MAX)?;
    show_records(reader.conn, reader.tenant, &found)
}

fn show_records(conn: &mut Conn, tenant: TenantId, found: &[ProcessRecord]) -> Result<Vec<Value>, Fault> {
    let places = called(conn, tenant, &kinds::LOCATIONS, found.iter().map(|record| record.location.0))?;
    let orders = called(conn, tenant, &kinds::PRODUCTION_ORDERS, found.iter().map(|record| record.order.0))?;
    let operations = called(conn, tenant, &kinds::PROCESSES, found.iter().map(|record| record.process.0))?;
    let show = |record: &ProcessRecord| {
        let ProcessId(process) = record.process;
        let LocationId(location) = record.location;
        Shape::new()
            .text("name", Some(&record.name))
            .put("operationId", operations.get(&process).map_or(Value::Null, |one| id(&one.uid)))
            .text("operationName", operations.get(&process).map(|one| one.name.as_str()))
            .at("locationId", "locationPath", places.get(&location))
            .called("productionOrderId", "productionOrderName", orders.get(&record.order.0))
            .text("shiftRecordId", None)
            .put("startDate", time(Some(record.started_at)))
            .put("endDate", time(record.ended_at))
            .text("status", Some(record.status.name()))
            .put("id", id(&record.uid))
            .done()
    };
    Ok(found.iter().map(show).collect())
}
