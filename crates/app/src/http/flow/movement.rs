//! `/v1/movements`: the posted ledger.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, PartyId, ProductId, VariantId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::Reach;
use lotbook_engine::query::movement::{self, MovementFilter, Posted};
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::table;
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::{Error, uid};
use serde::Serialize;

use super::form::{Number, time, time_until};
use super::reference::{find_lot, find_text};
use super::{id_of, reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::problem::Problem;
use crate::table::asked::check_position;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/movements", get(list)).route("/v1/movements/{movement}", get(one))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    id: i64,
    position: i64,
    batch: i64,
    line: i64,
    kind: &'static str,
    product: ProductShown,
    variant: Option<i64>,
    lot: Option<LotShown>,
    from: PlaceShown,
    to: PlaceShown,
    quantity: Number,
    /// The symbol of the product's base unit.
    unit: Option<String>,
    amount: Number,
    unit_cost: Option<Number>,
    counted: Option<Number>,
    effective_at: String,
    booked_at: String,
    booked_by: i64,
    journal: Option<i64>,
    voucher: Option<VoucherShown>,
    run: Option<String>,
    entry: Option<i64>,
    org_unit: PlaceShown,
    customer: Option<i64>,
    supplier: Option<i64>,
    reason: Option<i64>,
    external_reference: Option<DocumentShown>,
    credit_note_reference: Option<DocumentShown>,
    description: Option<String>,
    reverses: Option<i64>,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
    name: String,
}

#[derive(Serialize)]
pub(super) struct LotShown {
    pub id: i64,
    pub uid: String,
    pub name: String,
}

#[derive(Serialize)]
pub(super) struct PlaceShown {
    pub id: i64,
    pub path: String,
}

#[derive(Serialize)]
struct VoucherShown {
    id: i64,
    number: i64,
}

#[derive(Serialize)]
struct DocumentShown {
    r#type: String,
    id: i64,
}

fn some(id: i64) -> Option<i64> {
    (id != 0).then_some(id)
}

pub(super) fn show(posted: Posted, structure: &Structure) -> Shown {
    let movement = posted.movement;
    let place = |id: LocationId| PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) };
    let document = |found: Option<lotbook_domain::entry::Reference>| {
        found.map(|found| DocumentShown { r#type: found.kind, id: found.id })
    };
    let id = MovementId::from_number(posted.number);
    Shown {
        id: posted.number,
        position: posted.position,
        batch: id.batch.0,
        line: id.line,
        kind: movement.kind.name(),
        product: ProductShown { id: movement.product.0, identifier: posted.product.0, name: posted.product.1 },
        variant: some(movement.variant.0),
        lot: (movement.lot.0 != 0).then(|| LotShown {
            id: movement.lot.0,
            uid: uid::print(&posted.lot.0),
            name: posted.lot.1,
        }),
        from: place(movement.from.location),
        to: place(movement.to.location),
        quantity: Number(movement.quantity.0),
        unit: structure.catalog.units.get(&posted.unit).cloned(),
        amount: Number(movement.amount.0),
        unit_cost: movement.unit_cost.map(|cost| Number(cost.0)),
        counted: posted.counted.map(|counted| Number(counted.0)),
        effective_at: movement.effective_at.to_string(),
        booked_at: posted.booked_at.to_string(),
        booked_by: posted.booked_by,
        journal: some(movement.journal.0),
        voucher: (movement.voucher.0 != 0)
            .then_some(VoucherShown { id: movement.voucher.0, number: posted.voucher_number }),
        run: posted.run.as_deref().map(uid::print),
        entry: some(movement.entry.0),
        org_unit: place(movement.org_unit),
        customer: some(movement.customer.0),
        supplier: some(movement.supplier.0),
        reason: some(movement.reason.0),
        external_reference: document(movement.external),
        credit_note_reference: document(movement.credit_note),
        description: movement.description,
        reverses: movement.reverses.map(MovementId::number),
    }
}

/// Keeps to what somebody may see: movements of org units in their reach.
fn keep_to(filter: &mut MovementFilter, reach: &Reach) {
    if let Reach::Only(units) = reach {
        filter.org_units = Some(match filter.org_units.take() {
            Some(asked) => asked.into_iter().filter(|id| units.contains(id)).collect(),
            None => units.iter().copied().collect(),
        });
    }
}

async fn one(Path(number): Path<String>, call: Call) -> Result<Response, Problem> {
    let number = id_of("movement", &number)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let mut filter = MovementFilter {
                batch: Some(MovementId::from_number(number).batch),
                after: number - 1,
                ..MovementFilter::default()
            };
            keep_to(&mut filter, &reach(&access, STOCK_READ, &structure)?);
            movement::page(conn, tenant, &filter, 0, 1)?
                .into_iter()
                .find(|posted| posted.number == number)
                .map(|posted| show(posted, &structure))
                .ok_or_else(|| Error::not_found("movement", number))
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
    position: i64,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let after = call.cursor()?.unwrap_or(0);
    let query: Vec<(String, String)> =
        NAMES.iter().filter_map(|name| Some(((*name).to_owned(), call.query(name)?.into_owned()))).collect();
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter = MovementFilter { after, ..MovementFilter::default() };
            let mut wrong = Vec::new();
            let zone = structure.settings.time_zone();
            for (name, text) in query {
                let value = Value::Text(text.clone());
                let mut number = |field: &'static str| {
                    if let Ok(number) = text.parse::<i64>() {
                        number
                    } else {
                        wrong.push(Violation::new(field, "wrongNumber", format!("is {text:?}; send a whole number")));
                        0
                    }
                };
                match name.as_str() {
                    "product" => {
                        filter.products = Some(vec![ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?)]);
                    }
                    "variant" => filter.variant = Some(VariantId(find_text(conn, tenant, &kinds::VARIANTS, &text)?)),
                    "lot" | "instance" => filter.lot = Some(LotId(find_lot(conn, tenant, &text)?)),
                    "location" => {
                        let place = LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?);
                        filter.locations = visible(Some(vec![place]), &Reach::All, &structure);
                    }
                    "orgUnit" => {
                        let unit = LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?);
                        filter.org_units = visible(Some(vec![unit]), &Reach::All, &structure);
                    }
                    "voucher" | "voucherNumber" => filter.voucher_number = Some(number("voucher")),
                    "batch" => filter.batch = Some(BatchId(number("batch"))),
                    "externalReference" => filter.external = Some((None, number("externalReference"))),
                    "customer" => filter.customer = Some(PartyId(find_text(conn, tenant, &kinds::PARTIES, &text)?)),
                    "supplier" => filter.supplier = Some(PartyId(find_text(conn, tenant, &kinds::PARTIES, &text)?)),
                    "asKnownAt" => filter.as_known_at = Some(number("asKnownAt")),
                    "description" => filter.description = Some(text),
                    "order" => match text.as_str() {
                        "oldest" => {}
                        "newest" => filter.newest_first = true,
                        other => {
                            let message = format!("is {other:?}; there are oldest and newest");
                            wrong.push(Violation::new("order", "wrongChoice", message));
                        }
                    },
                    "from" => filter.effective.0 = time(&value, &zone, None, "from", &mut wrong),
                    _ => {
                        // `to`, and `asOf`, which is the same: the earlier one where both are said.
                        let field = if name == "asOf" { "asOf" } else { "to" };
                        let until = time_until(&value, &zone, None, field, &mut wrong);
                        filter.effective.1 = [filter.effective.1, until].into_iter().flatten().min();
                    }
                }
            }
            check_position(conn, tenant, filter.as_known_at, &mut wrong)?;
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            keep_to(&mut filter, &reach);
            let mut found = movement::page(conn, tenant, &filter, 0, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next_cursor = if has_more { found.last().map(|posted| cursor_of(posted.number)) } else { None };
            let position = table::header::position(conn, tenant)?;
            let items = found.into_iter().map(|posted| show(posted, &structure)).collect();
            Ok(Page { items, next_cursor, position })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

/// What movements can be asked for by.
const NAMES: [&str; 18] = [
    "product",
    "variant",
    "lot",
    "instance",
    "location",
    "orgUnit",
    "voucher",
    "voucherNumber",
    "batch",
    "externalReference",
    "customer",
    "supplier",
    "asKnownAt",
    "description",
    "from",
    "to",
    "asOf",
    "order",
];
