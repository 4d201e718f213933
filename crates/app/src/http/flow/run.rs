//! `/v1/runs`: what happened to lots, and doing it: consume, produce, move, split, merge, scrap, ship …

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::catalog::LotStatus;
use lotbook_domain::id::{
    LocationId, LotId, OperationId, OrderId, ProcessId, ProductId, ReasonId, RunId, TenantId, UnitId,
};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{Action, ActionKind, Execute, Executed, LotNamed, Reach};
use lotbook_engine::query::trace::{self, Named};
use lotbook_engine::security::Access;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::run::{self, Link, Run, RunFilter, RunStatus};
use lotbook_engine::thing::reference::{Found, Reference, resolve};
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::{Conn, Error, uid};
use serde::Serialize;
use serde_json::json;

use super::entry::read_reservations;
use super::form::{Number, decimal, field, refuse_unknown, text, time};
use super::movement::PlaceShown;
use super::reference::{Resolved, find_all, find_lot, find_text, unknown};
use super::{reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_body, json_text};
use crate::http::native::body::records;
use crate::http::native::openapi::{Api, Operation, list_of, one_or_many, query, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/runs", get(list).post(create)).route("/v1/runs/{run}", get(one))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    pub id: i64,
    uid: String,
    kind: &'static str,
    operation: Option<OperationShown>,
    process: Option<i64>,
    process_record: Option<i64>,
    production_order: Option<i64>,
    status: &'static str,
    product: Option<ProductShown>,
    lot: Option<LotShown>,
    secondary_product: Option<ProductShown>,
    secondary_lot: Option<LotShown>,
    from: Option<PlaceShown>,
    to: Option<PlaceShown>,
    quantity: Number,
    unit: Option<String>,
    primary_quantity: Number,
    secondary_quantity: Number,
    lot_status: &'static str,
    started_at: String,
    ended_at: Option<String>,
    reason: Option<i64>,
    inventory_name: Option<String>,
    notes: Option<String>,
    spare1: Option<String>,
    spare2: Option<String>,
    spare3: Option<String>,
    reservation: Option<i64>,
    batch: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<String>,
}

#[derive(Serialize)]
struct OperationShown {
    id: i64,
    name: Option<String>,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
}

/// A lot as answers name it.
#[derive(Serialize)]
pub(super) struct LotShown {
    pub id: i64,
    pub uid: String,
    pub name: String,
}

fn show(run: Run, names: &BTreeMap<LotId, Named>, structure: &Structure) -> Shown {
    let place =
        |id: LocationId| (id.0 != 0).then(|| PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) });
    let lot = |id: LotId| {
        names.get(&id).map(|named| LotShown { id: id.0, uid: uid::print(&named.uid), name: named.name.clone() })
    };
    let product = |id: ProductId, lot: LotId| {
        let named = names.get(&lot);
        (id.0 != 0).then(|| ProductShown {
            id: id.0,
            identifier: named.map_or_else(String::new, |named| named.product_name.0.clone()),
        })
    };
    let [spare1, spare2, spare3] = run.spares;
    Shown {
        id: run.id.0,
        uid: uid::print(&run.uid),
        kind: run.kind.name(),
        operation: (run.operation.0 != 0).then_some(OperationShown { id: run.operation.0, name: run.operation_name }),
        process: (run.link.process.0 != 0).then_some(run.link.process.0),
        process_record: (run.link.record.0 != 0).then_some(run.link.record.0),
        production_order: (run.link.order.0 != 0).then_some(run.link.order.0),
        status: run.status.name(),
        product: product(run.product, run.lot),
        lot: lot(run.lot),
        secondary_product: product(run.secondary_product, run.secondary_lot),
        secondary_lot: lot(run.secondary_lot),
        from: place(run.from),
        to: place(run.to),
        quantity: Number(run.quantity.0),
        unit: structure.catalog.units.get(&run.unit).cloned().or_else(|| names.get(&run.lot).map(|n| n.unit.clone())),
        primary_quantity: Number(run.primary_quantity.0),
        secondary_quantity: Number(run.secondary_quantity.0),
        lot_status: run.lot_status.name(),
        started_at: run.started_at.to_string(),
        ended_at: run.ended_at.map(|at| at.to_string()),
        reason: (run.reason.0 != 0).then_some(run.reason.0),
        inventory_name: run.inventory_name,
        notes: run.notes,
        spare1,
        spare2,
        spare3,
        reservation: (run.reservation.0 != 0).then_some(run.reservation.0),
        batch: (run.batch.0 != 0).then_some(run.batch.0),
        related: Vec::new(),
    }
}

pub(super) fn show_all(
    conn: &mut Conn,
    tenant: TenantId,
    runs: Vec<Run>,
    structure: &Structure,
) -> Result<Vec<Shown>, Error> {
    let lots = runs.iter().flat_map(|run| [run.lot, run.secondary_lot]).filter(|lot| lot.0 != 0);
    let names = trace::names(conn, tenant, lots.collect::<BTreeSet<_>>())?;
    let mut shown: Vec<Shown> = runs.into_iter().map(|run| show(run, &names, structure)).collect();
    // Products without lots are named by themselves.
    let unnamed: Vec<i64> = shown
        .iter()
        .flat_map(|run| [&run.product, &run.secondary_product])
        .flatten()
        .filter(|product| product.identifier.is_empty())
        .map(|product| product.id)
        .collect();
    let products = lotbook_engine::table::catalog::products(conn, tenant, unnamed.into_iter().map(ProductId))?;
    let identifiers: BTreeMap<i64, String> =
        products.into_iter().map(|product| (product.id.0, product.identifier)).collect();
    for run in &mut shown {
        for product in [&mut run.product, &mut run.secondary_product].into_iter().flatten() {
            if let Some(identifier) = identifiers.get(&product.id) {
                product.identifier.clone_from(identifier);
            }
        }
    }
    Ok(shown)
}

/// What somebody has to be allowed for an action.
fn permissions_of(kind: ActionKind) -> &'static [&'static str] {
    match kind {
        ActionKind::ScrapAll | ActionKind::Run(RunKind::Scrap) => &["INVENTORY.WRITE.SCRAP"],
        ActionKind::ReceiveAndConsume => &["INVENTORY.WRITE.RECEIVE", "INVENTORY.WRITE.CONSUME"],
        ActionKind::Run(RunKind::Consume) => &["INVENTORY.WRITE.CONSUME"],
        ActionKind::Run(RunKind::Unconsume) => &["INVENTORY.WRITE.UNCONSUME"],
        ActionKind::Run(RunKind::Produce) => &["INVENTORY.WRITE.PRODUCE"],
        ActionKind::Run(RunKind::Move) => &["INVENTORY.WRITE.MOVE"],
        ActionKind::Run(RunKind::Split) => &["INVENTORY.WRITE.SPLIT"],
        ActionKind::Run(RunKind::Merge) => &["INVENTORY.WRITE.MERGE"],
        ActionKind::Run(RunKind::Return) => &["INVENTORY.WRITE.RETURN"],
        ActionKind::Run(RunKind::StatusChange) => &["INVENTORY.WRITE.CHANGE_STATUS"],
        ActionKind::Run(RunKind::Edit) => &["INVENTORY.WRITE.EDIT"],
        ActionKind::Run(RunKind::Receive) => &["INVENTORY.WRITE.RECEIVE"],
        ActionKind::Run(RunKind::Ship) => &["INVENTORY.WRITE.SHIP"],
    }
}

/// Where somebody may do all of these actions; refused where one of them is allowed nowhere.
fn reach_of(access: &Access, actions: &[Action], structure: &Structure) -> Result<Reach, Error> {
    let mut common = Reach::All;
    let kinds = actions.iter().filter_map(|action| action.kind);
    for permission in kinds.flat_map(permissions_of).copied().collect::<BTreeSet<_>>() {
        common = match (common, reach(access, permission, structure)?) {
            (Reach::All | Reach::Open, found) => found,
            (common, Reach::All | Reach::Open) => common,
            (Reach::Only(units), Reach::Only(found)) => Reach::Only(units.intersection(&found).copied().collect()),
        };
    }
    Ok(common)
}

/// The kinds of actions by name.
fn kind_of(name: &str) -> Option<ActionKind> {
    match name {
        "SCRAP_ALL" => Some(ActionKind::ScrapAll),
        "RECEIVE_AND_CONSUME" => Some(ActionKind::ReceiveAndConsume),
        name => RunKind::from_name(name).map(ActionKind::Run),
    }
}

/// What an action can have.
const FIELDS: [&str; 24] = [
    "kind",
    "quantity",
    "unit",
    "product",
    "lot",
    "secondaryProduct",
    "secondaryLot",
    "from",
    "to",
    "makesLots",
    "newStatus",
    "reason",
    "startedAt",
    "endedAt",
    "ongoing",
    "inventoryName",
    "notes",
    "spare1",
    "spare2",
    "spare3",
    "process",
    "productionOrder",
    "countsOrder",
    "reservation",
];

/// Reads actions: finds what they refer to, and leaves the rules to the command.
fn read_actions(
    conn: &mut Conn,
    tenant: TenantId,
    records: &[Record],
    zone: &str,
    wrong: &mut Vec<Violation>,
) -> Result<Vec<Action>, Error> {
    let mut found: BTreeMap<&'static str, Vec<Resolved>> = BTreeMap::new();
    for (name, kind) in [
        ("product", &kinds::PRODUCTS),
        ("secondaryProduct", &kinds::PRODUCTS),
        ("unit", &kinds::UNITS),
        ("from", &kinds::LOCATIONS),
        ("to", &kinds::LOCATIONS),
        ("reason", &kinds::REASON_CODES),
        ("process", &kinds::PROCESSES),
        ("productionOrder", &kinds::PRODUCTION_ORDERS),
    ] {
        let values: Vec<(&Value, i64)> = records.iter().map(|record| (field(record, name), 0)).collect();
        let resolved = find_all(conn, tenant, kind, &values)?;
        for (at, outcome) in resolved.iter().enumerate() {
            if let Resolved::Unknown(what) = outcome {
                wrong.push(Violation::at(at, name, unknown(name), format!("there is no {} {what}", kind.one)));
            }
        }
        found.insert(name, resolved);
    }
    let reservations = read_reservations(conn, tenant, records, wrong)?;
    let mut actions = Vec::with_capacity(records.len());
    for (at, record) in records.iter().enumerate() {
        let index = Some(at);
        let id = |name: &str| match found[name][at] {
            Resolved::Id(id) => Some(id),
            _ => None,
        };
        let kind = text(field(record, "kind"), index, "kind", wrong);
        if let Some(name) = &kind
            && kind_of(name).is_none()
        {
            let message = format!("is {name:?}; there are CONSUME, PRODUCE, MOVE and the others of the reference");
            wrong.push(Violation::at(at, "kind", "unknown", message));
        }
        let status = text(field(record, "newStatus"), index, "newStatus", wrong);
        if let Some(name) = &status
            && LotStatus::from_name(name).is_none()
        {
            let message = format!("is {name:?}; send OPEN, AVAILABLE, QA_HOLD, EXPIRED, SHIPPED or CLOSED");
            wrong.push(Violation::at(at, "newStatus", "unknown", message));
        }
        let flag = |name: &'static str, wrong: &mut Vec<Violation>| match field(record, name) {
            Value::Null => false,
            Value::Bool(flag) => *flag,
            other => {
                wrong.push(Violation::at(at, name, "wrongType", format!("is {}; send true or false", other.noun())));
                false
            }
        };
        let product = id("product").map(ProductId);
        let secondary_product = id("secondaryProduct").map(ProductId);
        actions.push(Action {
            kind: kind.as_deref().and_then(kind_of),
            quantity: decimal(field(record, "quantity"), index, "quantity", wrong).map(Quantity),
            unit: id("unit").map(UnitId),
            product,
            lot: lot_of(conn, tenant, field(record, "lot"), product, (at, "lot"), wrong)?,
            secondary_product,
            secondary_lot: lot_of(
                conn,
                tenant,
                field(record, "secondaryLot"),
                secondary_product.or(product),
                (at, "secondaryLot"),
                wrong,
            )?,
            from: id("from").map(LocationId),
            to: id("to").map(LocationId),
            makes_lots: flag("makesLots", wrong),
            new_status: status.as_deref().and_then(LotStatus::from_name),
            reason: ReasonId(id("reason").unwrap_or(0)),
            started_at: time(field(record, "startedAt"), zone, index, "startedAt", wrong),
            ended_at: time(field(record, "endedAt"), zone, index, "endedAt", wrong),
            is_ongoing: flag("ongoing", wrong),
            link: Link {
                process: ProcessId(id("process").unwrap_or(0)),
                order: OrderId(id("productionOrder").unwrap_or(0)),
                ..Link::default()
            },
            counts_order: flag("countsOrder", wrong),
            reservation: reservations[at],
            inventory_name: text(field(record, "inventoryName"), index, "inventoryName", wrong),
            notes: text(field(record, "notes"), index, "notes", wrong),
            spares: [
                text(field(record, "spare1"), index, "spare1", wrong),
                text(field(record, "spare2"), index, "spare2", wrong),
                text(field(record, "spare3"), index, "spare3", wrong),
            ],
            ..Action::default()
        });
    }
    Ok(actions)
}

/// A lot by id, by ULID, or else by its name within its product.
fn lot_of(
    conn: &mut Conn,
    tenant: TenantId,
    value: &Value,
    product: Option<ProductId>,
    (at, name): (usize, &'static str),
    wrong: &mut Vec<Violation>,
) -> Result<LotNamed, Error> {
    match Reference::of(value) {
        Ok(None) => Ok(LotNamed::None),
        Ok(Some(Reference::Id(id))) => Ok(LotNamed::Id(LotId(id))),
        Ok(Some(reference)) => {
            let text = reference.to_string();
            if uid::parse(&text).is_some() {
                let plain = Reference::Plain(text.clone());
                let product = product.map_or(0, |product| product.0);
                for kind in [&kinds::LOTS, &kinds::INSTANCES] {
                    if let Found::One(id) = resolve(conn, tenant, kind, &[(&plain, product)])?[0] {
                        return Ok(LotNamed::Id(LotId(id)));
                    }
                }
            }
            Ok(LotNamed::Name(text))
        }
        Err(message) => {
            wrong.push(Violation::at(at, name, "wrongType", message));
            Ok(LotNamed::None)
        }
    }
}

async fn create(call: Call) -> Result<Response, Problem> {
    let (records, is_list) = records(&call)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let mut wrong = Vec::new();
            refuse_unknown(&records, &FIELDS, &mut wrong);
            let actions = read_actions(conn, tenant, &records, &structure.settings.time_zone(), &mut wrong)?;
            let reach = reach_of(&access, &actions, &structure)?;
            if wrong.is_empty() { Ok(Execute { actions, reach }) } else { Err(Error::Invalid(wrong)) }
        })
        .await?;
    let answer = call.change(command).await?;
    let executed: Executed = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let engine = call.app.engine.clone();
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let ids: Vec<RunId> = executed.runs.iter().flatten().map(|id| RunId(*id)).collect();
            let runs = run::by_ids(conn, tenant, &ids)?;
            let shown = show_all(conn, tenant, runs, &structure)?;
            let mut by_id: BTreeMap<i64, Shown> = shown.into_iter().map(|run| (run.id, run)).collect();
            let mut answers = Vec::with_capacity(executed.runs.len());
            for ids in &executed.runs {
                let related: Vec<String> =
                    ids.iter().skip(1).filter_map(|id| by_id.get(id)).map(|run| run.uid.clone()).collect();
                if let Some(first) = ids.first().and_then(|id| by_id.remove(id)) {
                    answers.push(Shown { related, ..first });
                }
            }
            Ok(answers)
        })
        .await?;
    match (is_list, shown.as_slice()) {
        (true, items) => json_body(StatusCode::CREATED, &Items { items }),
        (false, [one, ..]) => json_body(StatusCode::CREATED, one),
        (false, []) => json_body(StatusCode::CREATED, &()),
    }
}

#[derive(Serialize)]
struct Items<'a> {
    items: &'a [Shown],
}

async fn one(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let found = match (reference.parse::<i64>(), uid::parse(&reference)) {
                (Ok(id), _) => run::by_ids(conn, tenant, &[RunId(id)])?.pop(),
                (_, Some(uid)) => run::by_uid(conn, tenant, &uid)?,
                _ => None,
            };
            // As in the list: a run that neither came from nor went to a place of theirs is not there for them.
            let places = visible(None, &reach, &structure);
            let is_seen =
                |run: &Run| places.as_ref().is_none_or(|places| places.contains(&run.from) || places.contains(&run.to));
            let run = found.filter(is_seen).ok_or_else(|| Error::not_found("run", &reference))?;
            Ok(show_all(conn, tenant, vec![run], &structure)?.pop())
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let after = RunId(call.cursor()?.unwrap_or(0));
    let query = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
    let (lot, location, kind, status) = (query("lot"), query("location"), query("kind"), query("status"));
    let (operation, process, order) = (query("operation"), query("process"), query("productionOrder"));
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut wrong = Vec::new();
            let kind = kind.map(|name| {
                RunKind::from_name(&name).ok_or_else(|| {
                    wrong.push(Violation::new("kind", "unknown", format!("there is no kind {name:?}")));
                })
            });
            let status = status.map(|name| {
                RunStatus::from_name(&name).ok_or_else(|| {
                    wrong.push(Violation::new("status", "unknown", format!("there is no status {name:?}")));
                })
            });
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let place = match location {
                Some(text) => Some(vec![LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?)]),
                None => None,
            };
            let operation = match operation {
                Some(text) => Some(OperationId(find_text(conn, tenant, &kinds::OPERATIONS, &text)?)),
                None => None,
            };
            let mut id = |kind, text: Option<String>| text.map(|text| find_text(conn, tenant, kind, &text)).transpose();
            let filter = RunFilter {
                process: id(&kinds::PROCESSES, process)?.map(ProcessId),
                order: id(&kinds::PRODUCTION_ORDERS, order)?.map(OrderId),
                operation,
                lot: lot.map(|text| find_lot(conn, tenant, &text)).transpose()?.map(LotId),
                kind: kind.and_then(Result::ok),
                status: status.and_then(Result::ok),
                locations: visible(place, &reach, &structure),
                after,
            };
            let mut found = run::page(conn, tenant, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = if has_more { found.last().map(|run| cursor_of(run.id.0)) } else { None };
            Ok(Page { items: show_all(conn, tenant, found, &structure)?, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// Adds the operations on runs to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let read_only = |kind: &str| json!({"type": kind, "readOnly": true});
    let lot = || json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "description": "By id or ULID, or by its name within the product."});
    let moment = |about: &str| json!({"type": "string", "format": "date-time", "description": about});
    let kinds: Vec<&str> =
        RunKind::ALL.iter().map(|kind| kind.name()).chain(["SCRAP_ALL", "RECEIVE_AND_CONSUME"]).collect();
    api.tag("runs", "What happened to lots on the shop floor: used, made, moved, split, merged, scrapped, shipped.");
    api.schema(
        "Run",
        json!({
            "type": "object",
            "properties": {
                "id": read_only("integer"), "uid": read_only("string"),
                "kind": {"type": "string", "enum": kinds},
                "operation": nullable(json!({
                    "type": "object", "readOnly": true,
                    "properties": {"id": {"type": "integer"}, "name": nullable(text())}
                })),
                "status": {"type": "string", "enum": RunStatus::ALL.map(RunStatus::name), "readOnly": true},
                "product": reference(), "lot": lot(),
                "secondaryProduct": nullable(reference()), "secondaryLot": nullable(lot()),
                "from": nullable(reference()), "to": nullable(reference()),
                "quantity": schema_ref("DecimalToSend"), "unit": nullable(reference()),
                "primaryQuantity": {"type": "number", "readOnly": true, "description": "What moved of the lot, in the base unit of its product."},
                "secondaryQuantity": {"type": "number", "readOnly": true, "description": "What moved of the secondary lot, in the base unit of its product."},
                "makesLots": {"type": "boolean", "default": false, "writeOnly": true, "description": "Whether lots that do not exist are made."},
                "newStatus": {"type": "string", "enum": LotStatus::ALL.map(LotStatus::name), "writeOnly": true, "description": "Of STATUS_CHANGE."},
                "lotStatus": read_only("string"),
                "startedAt": moment("When it began; now, if left out."),
                "endedAt": moment("When it ended, which is when the goods moved; when it began, if left out."),
                "ongoing": {"type": "boolean", "default": false, "writeOnly": true, "description": "It goes on; the goods moved when it began."},
                "reason": nullable(reference()), "inventoryName": nullable(text()), "notes": nullable(text()),
                "spare1": nullable(text()), "spare2": nullable(text()), "spare3": nullable(text()),
                "process": nullable(reference()), "productionOrder": nullable(reference()),
                "processRecord": nullable(json!({"type": "integer", "readOnly": true})),
                "countsOrder": {"type": "boolean", "default": false, "writeOnly": true, "description": "Whether what PRODUCE brings counts for the production order."},
                "reservation": json!({"anyOf": [reference(), {"type": "null"}], "description": "What it takes is taken of this reservation, as far as that is open."}),
                "batch": nullable(json!({"type": "integer", "readOnly": true})),
                "related": {"type": "array", "items": text(), "readOnly": true, "description": "Other runs of the same action."}
            },
            "required": ["kind"]
        }),
    );
    let needs = "INVENTORY.WRITE, by kind";
    api.add(
        "post",
        "/v1/runs",
        Operation::new("runs", "execute", "Do what happens to lots, all of a list or nothing")
            .about(
                "Without a lot, what is used up is taken in the order of its place (FIFO, LIFO, FEFO), and what comes to be gets a lot \
                 of its own. With a secondary lot, what goes in is the cost of what comes out. Up to 1,000 actions.",
            )
            .needs(needs)
            .changes()
            .body(one_or_many("Run"))
            .answers(201, "The run, or `items` where a list was sent.", schema_ref("Run")),
    );
    api.add(
        "get",
        "/v1/runs",
        Operation::new("runs", "listRuns", "List runs")
            .needs(STOCK_READ)
            .paged()
            .parameters([
                query("lot", "Of this lot, first or second.", text()),
                query("location", "From or to this location or below.", text()),
                query("operation", "Of this operation.", text()),
                query("process", "Of this process.", text()),
                query("productionOrder", "For this production order.", text()),
                query("kind", "Of this kind.", text()),
                query("status", "In this status.", text()),
            ])
            .answers(200, "A page.", list_of("Run")),
    );
    api.add(
        "get",
        "/v1/runs/{run}",
        Operation::new("runs", "getRun", "Read a run").needs(STOCK_READ).in_path("run", "Its id or ULID.").answers(
            200,
            "The run.",
            schema_ref("Run"),
        ),
    );
}
