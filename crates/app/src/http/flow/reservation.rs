//! `/v1/reservations`: stock that is promised.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::id::{LocationId, LotId, ProductId, ReservationId, TenantId, UnitId, VariantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::{Picking, ReservationDraft, ReservationState, Signal};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{ChangeReservation, ReservationAnswer, Reserve};
use lotbook_engine::security::permission::{STOCK_READ, STOCK_RESERVE};
use lotbook_engine::structure::Structure;
use lotbook_engine::table::reservation::{self, ReservationFilter};
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::write::Command;
use lotbook_engine::{Conn, Error, table, uid};
use serde::Serialize;
use serde_json::json;

use super::balance::{LotShown, VariantShown};
use super::entry::shown;
use super::form::{Number, decimal, field, refuse_unknown, text, time};
use super::reference::{Resolved, find_all, find_lot, find_text, unknown};
use super::{Parts, names_of, reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::native::openapi::{Api, Operation, list_of, one_or_many, query, schema_ref};
use crate::http::problem::Problem;
use crate::table::names::Names;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/reservations", get(list).post(create))
        .route("/v1/reservations/{reservation}", get(one))
        .route("/v1/reservations/{reservation}/confirm", post(confirm))
        .route("/v1/reservations/{reservation}/release", post(release))
}

/// One call reserves at most so many.
const RESERVATIONS_MAX: usize = 10_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    uid: String,
    product: ProductShown,
    variant: Option<VariantShown>,
    lot: Option<LotShown>,
    location: PlaceShown,
    quantity: Number,
    open: Number,
    state: String,
    hold_until: Option<String>,
    allow_backorder: bool,
    allocation: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<LineShown>,
    description: Option<String>,
    created_at: String,
    created_by: i64,
    modified_at: String,
    modified_by: i64,
    version: i64,
}

/// What a reservation was shared out into: a reservation of its own, of one lot at one place.
#[derive(Serialize)]
struct LineShown {
    id: i64,
    uid: String,
    lot: Option<LotShown>,
    location: PlaceShown,
    quantity: Number,
    open: Number,
    state: String,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
}

#[derive(Serialize)]
struct PlaceShown {
    id: i64,
    path: String,
}

/// What an answer and its lines speak of.
fn parts(answer: &ReservationAnswer) -> impl Iterator<Item = Parts> + Clone {
    let parts = |lot: i64| (ProductId(answer.product), VariantId(answer.variant), LotId(lot));
    std::iter::once(parts(answer.lot)).chain(answer.lines.iter().map(move |line| parts(line.lot)))
}

fn show(answer: ReservationAnswer, structure: &Structure, names: &Names) -> Shown {
    let some = |id: i64| (id != 0).then_some(id);
    let place = |id: i64| PlaceShown { id, path: structure.catalog.locations.name_of(LocationId(id)) };
    let lines = answer.lines.into_iter().map(|line| LineShown {
        id: line.id,
        uid: uid::print(&line.uid),
        lot: names.lot(LotId(line.lot)),
        location: place(line.location),
        quantity: Number(line.quantity),
        open: Number(line.open),
        state: line.state,
    });
    Shown {
        id: answer.id,
        uid: uid::print(&answer.uid),
        product: ProductShown { id: answer.product, identifier: answer.identifier },
        variant: names.variant(VariantId(answer.variant)),
        lot: names.lot(LotId(answer.lot)),
        location: place(answer.location),
        quantity: Number(answer.quantity),
        open: Number(answer.open),
        state: answer.state,
        hold_until: answer.hold_until.map(|until| Time(until).to_string()),
        allow_backorder: answer.allow_backorder,
        allocation: some(answer.allocation),
        lines: lines.collect(),
        description: answer.description,
        created_at: Time(answer.created_at).to_string(),
        created_by: answer.created_by,
        modified_at: Time(answer.modified_at).to_string(),
        modified_by: answer.modified_by,
        version: answer.version,
    }
}

/// The reservation that a value names: a number is its id, a text its id or its ULID.
pub(super) fn find(conn: &mut Conn, tenant: TenantId, value: &Value) -> Result<Option<ReservationId>, Error> {
    match value {
        Value::Number(text) => Ok(text.parse().ok().map(ReservationId)),
        Value::Text(text) => match (text.trim().parse().ok(), uid::parse(text.trim())) {
            (Some(id), _) => Ok(Some(ReservationId(id))),
            (None, Some(uid)) => reservation::id_of_uid(conn, tenant, &uid),
            (None, None) => Ok(None),
        },
        Value::Object(fields) => find(conn, tenant, field(fields, "id")),
        _ => Ok(None),
    }
}

/// Reads what is to be reserved; references are found set-wise.
fn read(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    records: &[Record],
) -> Result<(Vec<ReservationDraft>, Vec<Violation>), Error> {
    let mut wrong: Vec<Violation> = Vec::new();
    let mut found: Vec<Vec<Resolved>> = Vec::new();
    for (name, kind) in [
        ("product", &kinds::PRODUCTS),
        ("location", &kinds::LOCATIONS),
        ("orgUnit", &kinds::LOCATIONS),
        ("near", &kinds::LOCATIONS),
        ("unit", &kinds::UNITS),
    ] {
        let values: Vec<(&Value, i64)> = records.iter().map(|record| (field(record, name), 0)).collect();
        let resolved = find_all(conn, tenant, kind, &values)?;
        for (index, reference) in resolved.iter().enumerate() {
            if let Resolved::Unknown(what) = reference {
                wrong.push(Violation::at(index, name, unknown(name), format!("there is no {} {what}", kind.noun)));
            }
        }
        found.push(resolved);
    }
    let within = |name: &str| -> Vec<(&Value, i64)> {
        let product = |index: usize| found[0][index].id().unwrap_or(0);
        records.iter().enumerate().map(|(index, record)| (field(record, name), product(index))).collect()
    };
    let variants = find_all(conn, tenant, &kinds::VARIANTS, &within("variant"))?;
    let lots = find_all(conn, tenant, &kinds::LOTS, &within("lot"))?;
    let instances = find_all(conn, tenant, &kinds::INSTANCES, &within("lot"))?;
    let zone = structure.settings.time_zone();
    let mut drafts = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let at = Some(index);
        let allow_backorder = match field(record, "allowBackorder") {
            Value::Null => false,
            Value::Bool(yes) => *yes,
            other => {
                let message = format!("is {}; send true or false", other.noun());
                wrong.push(Violation::at(index, "allowBackorder", "wrongType", message));
                false
            }
        };
        let allocate = text(field(record, "allocate"), at, "allocate", &mut wrong).and_then(|name| {
            let found = Picking::from_name(&name);
            if found.is_none() {
                let message = format!("is {name:?}; send fifo, fefo, lifo or nearest");
                wrong.push(Violation::at(index, "allocate", "unknownOrder", message));
            }
            found
        });
        let lot = match &lots[index] {
            Resolved::Unknown(_) => &instances[index],
            known => known,
        };
        for (name, noun, found) in [("variant", "variant", &variants[index]), ("lot", "lot or instance", lot)] {
            if let Resolved::Unknown(what) = found {
                let message = format!("product {} has no {noun} {what}", shown(field(record, "product")));
                wrong.push(Violation::at(index, name, unknown(name), message));
            }
        }
        drafts.push(ReservationDraft {
            product: found[0][index].id().map(ProductId),
            variant: variants[index].id().map(VariantId),
            place: found[1][index].id().or_else(|| found[2][index].id()).map(LocationId),
            lot: lot.id().map(LotId),
            quantity: decimal(field(record, "quantity"), at, "quantity", &mut wrong).map(Quantity),
            unit: found[4][index].id().map(UnitId),
            hold_until: time(field(record, "holdUntil"), &zone, at, "holdUntil", &mut wrong),
            allow_backorder,
            allocate,
            near: found[3][index].id().map(LocationId),
            description: text(field(record, "description"), at, "description", &mut wrong),
        });
    }
    Ok((drafts, wrong))
}

/// What a reservation can have: what is sent, and what answers show beside it, so that an answer can be sent back.
const FIELDS: [&str; 23] = [
    "product",
    "variant",
    "lot",
    "location",
    "orgUnit",
    "quantity",
    "unit",
    "holdUntil",
    "allowBackorder",
    "allocate",
    "near",
    "description",
    "id",
    "uid",
    "open",
    "state",
    "allocation",
    "lines",
    "createdAt",
    "createdBy",
    "modifiedAt",
    "modifiedBy",
    "version",
];

async fn create(call: Call) -> Result<Response, Problem> {
    let (is_list, values) = match call.json::<Value>()? {
        Value::List(values) => (true, values),
        value => (false, vec![value]),
    };
    if values.len() > RESERVATIONS_MAX {
        let message =
            format!("{} reservations are too many for one call; send at most {RESERVATIONS_MAX}", values.len());
        return Err(Problem::from(Error::Invalid(vec![Violation::new("items", "tooMany", message)])));
    }
    let mut records: Vec<Record> = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(record) => records.push(record),
            other => return Err(Problem::unreadable(format!("$[{index}] is {}; send a reservation", other.noun()))),
        }
    }
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (command, structure) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_RESERVE, &structure)?;
            let (drafts, mut violations) = read(conn, tenant, &structure, &records)?;
            refuse_unknown(&records, &FIELDS, &mut violations);
            Ok((Reserve { drafts, violations, reach }, structure))
        })
        .await?;
    let answer = call.submit(Command::Reserve(command)).await?;
    let answers: Vec<ReservationAnswer> = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let names = names_of(&call, answers.iter().flat_map(parts)).await?;
    let mut shown: Vec<Shown> = answers.into_iter().map(|answer| show(answer, &structure, &names)).collect();
    let body = if is_list {
        serde_json::to_string(&Items { items: shown })
    } else {
        serde_json::to_string(&shown.pop().ok_or_else(Problem::internal)?)
    };
    Ok(json_text(StatusCode::CREATED, body.map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
struct Items {
    items: Vec<Shown>,
}

async fn confirm(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    change(id, call, Signal::Confirm).await
}

async fn release(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    change(id, call, Signal::Release).await
}

async fn change(reference: String, call: Call, signal: Signal) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let (command, structure) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_RESERVE, &structure)?;
            let found = find(conn, tenant, &Value::Text(reference.clone()))?;
            let reservation = found.ok_or_else(|| Error::not_found("reservation", reference))?;
            Ok((ChangeReservation { reservation, signal, reach }, structure))
        })
        .await?;
    let answer = call.submit(Command::ChangeReservation(command)).await?;
    let answer: ReservationAnswer = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let names = names_of(&call, parts(&answer)).await?;
    let body = serde_json::to_string(&show(answer, &structure, &names)).map_err(|_| Problem::internal())?;
    Ok(json_text(StatusCode::OK, body))
}

fn answers(
    conn: &mut Conn,
    tenant: TenantId,
    found: Vec<reservation::Kept>,
    now: Time,
) -> Result<Vec<ReservationAnswer>, Error> {
    let ids: std::collections::BTreeSet<ProductId> = found.iter().map(|kept| kept.reservation.scope.product).collect();
    let names: std::collections::HashMap<ProductId, String> = table::catalog::products(conn, tenant, ids)?
        .into_iter()
        .map(|product| (product.id, product.identifier))
        .collect();
    Ok(found
        .into_iter()
        .map(|kept| {
            let name = names.get(&kept.reservation.scope.product).cloned().unwrap_or_default();
            ReservationAnswer::of(&kept, name, now)
        })
        .collect())
}

fn show_all(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: Vec<reservation::Kept>,
    now: Time,
) -> Result<Vec<Shown>, Error> {
    let answers = answers(conn, tenant, found, now)?;
    let names = Names::load(conn, tenant, answers.iter().flat_map(parts))?;
    Ok(answers.into_iter().map(|answer| show(answer, structure, &names)).collect())
}

async fn one(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let missing = || Error::not_found("reservation", reference.clone());
            let id = find(conn, tenant, &Value::Text(reference.clone()))?.ok_or_else(missing)?;
            let mut found = reservation::with_allocations(conn, tenant, &[id].into())?;
            let tree = &structure.catalog.locations;
            found.retain(|kept| reach.includes(tree.org_unit_of(kept.reservation.scope.place)));
            if found.first().is_none_or(|kept| kept.allocation != id) {
                // One that stands alone, or one of those that something was shared out into.
                found.retain(|kept| kept.reservation.id == id);
                return show_all(conn, tenant, &structure, found, engine.now())?.pop().ok_or_else(missing);
            }
            let answers = answers(conn, tenant, found, engine.now())?;
            let names = Names::load(conn, tenant, answers.iter().flat_map(parts))?;
            Ok(show(ReservationAnswer::together(answers).ok_or_else(missing)?, &structure, &names))
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
    let after = call.cursor()?.unwrap_or(0);
    let asked = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
    let (product, variant, lot, location, org_unit, state) =
        (asked("product"), asked("variant"), asked("lot"), asked("location"), asked("orgUnit"), asked("state"));
    let allocation = asked("allocation");
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter = ReservationFilter { after, now: engine.now(), ..ReservationFilter::default() };
            if let Some(text) = product {
                filter.product = Some(ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?));
            }
            if let Some(text) = variant {
                filter.variant = Some(VariantId(find_text(conn, tenant, &kinds::VARIANTS, &text)?));
            }
            if let Some(text) = lot {
                filter.lot = Some(LotId(find_lot(conn, tenant, &text)?));
            }
            if let Some(text) = allocation {
                let id = find(conn, tenant, &Value::Text(text.clone()))?;
                filter.allocation = Some(id.ok_or_else(|| Error::not_found("reservation", text))?);
            }
            let mut places: Option<Vec<LocationId>> = None;
            for text in [location, org_unit].into_iter().flatten() {
                let place = LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?);
                let below = structure.catalog.locations.with_descendants(&[place]);
                places = Some(match places {
                    Some(already) => already.into_iter().filter(|id| below.contains(id)).collect(),
                    None => below,
                });
            }
            filter.places = visible(places, &reach, &structure);
            if let Some(text) = state {
                let found = ReservationState::ALL.into_iter().find(|state| state.name() == text);
                filter.state = Some(found.ok_or_else(|| {
                    let message = format!("is {text:?}; send held, confirmed, consumed, released or expired");
                    Error::Invalid(vec![Violation::new("state", "unknownState", message)])
                })?);
            }
            let mut found = reservation::page(conn, tenant, &filter, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = found.last().filter(|_| has_more).map(|kept| cursor_of(kept.reservation.id.0));
            Ok(Page { items: show_all(conn, tenant, &structure, found, filter.now)?, next_cursor })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// Adds the operations on reservations to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let reference = || schema_ref("Reference");
    let nullable = |schema| json!({"anyOf": [schema, {"type": "null"}]});
    let read_only = |kind: &str| json!({"type": kind, "readOnly": true});
    api.tag("reservations", "Stock that is promised, and that nobody else may take.");
    api.schema(
        "Reservation",
        json!({
            "type": "object",
            "properties": {
                "id": read_only("integer"), "uid": read_only("string"),
                "product": reference(), "variant": nullable(reference()),
                "location": nullable(reference()), "orgUnit": nullable(reference()), "lot": nullable(reference()),
                "quantity": schema_ref("DecimalToSend"),
                "unit": {
                    "anyOf": [reference(), {"type": "null"}], "writeOnly": true,
                    "description": "What `quantity` is sent in, converted as that of an entry; else the base unit of the \
                        product, which answers are always in."
                },
                "open": {"type": "number", "readOnly": true, "description": "What of it is still to be issued."},
                "state": {"type": "string", "enum": ["held", "confirmed", "consumed", "released", "expired"], "readOnly": true},
                "holdUntil": nullable(json!({"type": "string", "format": "date-time"})),
                "allowBackorder": {"type": "boolean", "default": false},
                "allocate": {
                    "type": "string", "enum": ["fifo", "fefo", "lifo", "nearest"], "writeOnly": true,
                    "description": "Share it out now over usable lots and places: what came first, what expires first, \
                        what came last, or what is nearest. Else it stays open which piece it will be."
                },
                "near": {
                    "anyOf": [reference(), {"type": "null"}], "writeOnly": true,
                    "description": "With `nearest`: from where the way is measured; else from `location`."
                },
                "allocation": nullable(json!({
                    "type": "integer", "readOnly": true, "description": "The first of those that it was shared out together with."
                })),
                "lines": {
                    "type": "array", "readOnly": true,
                    "description": "What it was shared out into. Each is a reservation by its own id, to be named by the entry that issues it.",
                    "items": {"type": "object", "properties": {
                        "id": {"type": "integer"}, "uid": text(), "lot": nullable(reference()),
                        "location": reference(), "quantity": schema_ref("Decimal"), "open": schema_ref("Decimal"), "state": text()
                    }}
                },
                "description": nullable(text()),
                "createdAt": read_only("string"), "createdBy": read_only("integer"),
                "modifiedAt": read_only("string"), "modifiedBy": read_only("integer"), "version": read_only("integer")
            },
            "required": ["product", "quantity"]
        }),
    );
    api.add(
        "post",
        "/v1/reservations",
        Operation::new("reservations", "reserve", "Reserve stock")
            .about(
                "At a location or an org unit, what is below it included; anywhere in the house where none is named. \
                 All that is asked for is reserved, or nothing: 409 `insufficientStock` names what is free. A hold ends by itself at `holdUntil`.",
            )
            .needs(STOCK_RESERVE)
            .changes()
            .body(one_or_many("Reservation"))
            .answers(201, "The reservation, or `items` where a list was sent.", schema_ref("Reservation")),
    );
    api.add(
        "get",
        "/v1/reservations",
        Operation::new("reservations", "listReservations", "List reservations")
            .needs(STOCK_READ)
            .paged()
            .parameters([
                query("product", "Of this product.", text()),
                query("variant", "Of this variant.", text()),
                query("lot", "Of this lot or instance.", text()),
                query("location", "At this location or below.", text()),
                query("orgUnit", "At this org unit or below.", text()),
                query("allocation", "Shared out together with this one.", text()),
                query("state", "In this state.", text()),
            ])
            .answers(200, "A page.", list_of("Reservation")),
    );
    let named = "Its id or ULID.";
    api.add(
        "get",
        "/v1/reservations/{reservation}",
        Operation::new("reservations", "getReservation", "Read a reservation")
            .needs(STOCK_READ)
            .in_path("reservation", named)
            .answers(200, "The reservation.", schema_ref("Reservation")),
    );
    for (verb, id, summary) in [
        ("confirm", "confirmReservation", "Make a hold firm"),
        ("release", "releaseReservation", "Give up what is still open of a reservation"),
    ] {
        api.add(
            "post",
            &format!("/v1/reservations/{{reservation}}/{verb}"),
            Operation::new("reservations", id, summary)
                .about("With all that was shared out together with it. To ask twice changes nothing.")
                .needs(STOCK_RESERVE)
                .changes()
                .in_path("reservation", named)
                .answers(200, "The reservation.", schema_ref("Reservation")),
        );
    }
}
