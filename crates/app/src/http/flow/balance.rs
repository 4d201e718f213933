//! `/v1/balances`, `/v1/availability`, `/v1/valuation`: what stands where, what of it can be promised,
//! and what it is worth.

use std::collections::HashMap;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{AccountId, LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::Reach;
use lotbook_engine::query::availability::{self, Part, Spot, is_of_the_past};
use lotbook_engine::query::balance::{BalanceFilter, balances, outside};
use lotbook_engine::query::valuation::valuation;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::{Conn, Error, table};
use serde::Serialize;

use super::form::{Number, time_until};
use super::reference::{find_lot, find_text};
use super::{reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::problem::Problem;
use crate::table::asked::check_position;
use crate::table::names::Names;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/balances", get(list_balances))
        .route("/v1/availability", get(list_availability))
        .route("/v1/valuation", get(list_values))
}

/// What a request asks for by its query.
struct Asked {
    query: HashMap<&'static str, String>,
    limit: i64,
    after: i64,
}

const NAMES: [&str; 9] =
    ["product", "variant", "lot", "location", "orgUnit", "asOf", "asKnownAt", "outside", "withZero"];

impl Asked {
    fn read(call: &Call) -> Result<Self, Problem> {
        Ok(Self { after: call.cursor()?.unwrap_or(0), ..Self::read_all(call)? })
    }

    /// The same, of a list that has a cursor of its own.
    fn read_all(call: &Call) -> Result<Self, Problem> {
        let query = NAMES.iter().filter_map(|name| Some((*name, call.query(name)?.into_owned()))).collect();
        Ok(Self { query, limit: call.limit()?, after: 0 })
    }

    fn is(&self, name: &str) -> bool {
        self.query.get(name).is_some_and(|text| text.is_empty() || text == "true")
    }

    fn filter(
        &self,
        conn: &mut Conn,
        tenant: TenantId,
        structure: &Structure,
        reach: &Reach,
        now: Time,
    ) -> Result<BalanceFilter, Error> {
        let mut wrong = Vec::new();
        let mut filter =
            BalanceFilter { after: AccountId(self.after), with_zero: self.is("withZero"), ..Default::default() };
        if let Some(text) = self.query.get("product") {
            filter.products = Some(vec![ProductId(find_text(conn, tenant, &kinds::PRODUCTS, text)?)]);
        }
        if let Some(text) = self.query.get("variant") {
            filter.variant = Some(VariantId(find_text(conn, tenant, &kinds::VARIANTS, text)?));
        }
        if let Some(text) = self.query.get("lot") {
            filter.lots = Some(vec![LotId(find_lot(conn, tenant, text)?)]);
        }
        let mut asked: Option<Vec<LocationId>> = None;
        for name in ["location", "orgUnit"] {
            if let Some(text) = self.query.get(name) {
                let place = LocationId(find_text(conn, tenant, &kinds::LOCATIONS, text)?);
                let below = structure.catalog.locations.with_descendants(&[place]);
                asked = Some(match asked {
                    Some(already) => already.into_iter().filter(|id| below.contains(id)).collect(),
                    None => below,
                });
            }
        }
        filter.places = visible(asked, reach, structure);
        filter.as_of = match self.query.get("asOf") {
            Some(text) => {
                let zone = structure.settings.time_zone();
                time_until(&Value::Text(text.clone()), &zone, None, "asOf", &mut wrong)
            }
            None => Some(now),
        };
        if let Some(text) = self.query.get("asKnownAt") {
            match text.parse() {
                Ok(position) => filter.as_known_at = Some(position),
                Err(_) => {
                    wrong.push(Violation::new("asKnownAt", "wrongNumber", format!("is {text:?}; send a position")));
                }
            }
        }
        check_position(conn, tenant, filter.as_known_at, &mut wrong)?;
        if wrong.is_empty() { Ok(filter) } else { Err(Error::Invalid(wrong)) }
    }
}

impl Names {
    pub(super) fn product(&self, id: ProductId) -> ProductShown {
        let found = self.products.get(&id);
        ProductShown {
            id: id.0,
            identifier: found.map(|product| product.identifier.clone()).unwrap_or_default(),
            name: found.map(|product| product.name.clone()).unwrap_or_default(),
        }
    }

    pub(super) fn variant(&self, id: VariantId) -> Option<VariantShown> {
        (id.0 != 0).then(|| VariantShown {
            id: id.0,
            identifier: self.variants.get(&id).map(|variant| variant.identifier.clone()).unwrap_or_default(),
        })
    }

    pub(super) fn lot(&self, id: LotId) -> Option<LotShown> {
        (id.0 != 0).then(|| {
            let found = self.lots.get(&id);
            LotShown {
                id: id.0,
                uid: found.map(|(uid, _)| lotbook_engine::uid::print(uid)).unwrap_or_default(),
                name: found.map(|(_, lot)| lot.name.clone()).unwrap_or_default(),
            }
        })
    }

    pub(super) fn unit(&self, id: ProductId, structure: &Structure) -> Option<String> {
        structure.catalog.units.get(&self.products.get(&id)?.unit).cloned()
    }
}

#[derive(Serialize)]
pub(super) struct ProductShown {
    id: i64,
    identifier: String,
    name: String,
}

#[derive(Serialize)]
pub(super) struct VariantShown {
    id: i64,
    identifier: String,
}

#[derive(Serialize)]
pub(super) struct LotShown {
    id: i64,
    uid: String,
    name: String,
}

#[derive(Serialize)]
pub(super) struct PlaceShown {
    id: i64,
    path: String,
}

pub(super) fn place(structure: &Structure, id: LocationId) -> PlaceShown {
    PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) }
}

#[derive(Serialize)]
struct BalanceShown {
    product: ProductShown,
    variant: Option<VariantShown>,
    lot: Option<LotShown>,
    location: PlaceShown,
    quantity: Number,
    unit: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BalancePage {
    items: Vec<BalanceShown>,
    next_cursor: Option<String>,
    position: i64,
}

async fn list_balances(call: Call) -> Result<Response, Problem> {
    let asked = Asked::read(&call)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let filter = asked.filter(conn, tenant, &structure, &reach, engine.now())?;
            let (found, next) = balances(conn, tenant, AccountKind::Stock, &filter, asked.limit as usize)?;
            let mut rows: Vec<(AccountKey, Quantity)> = found.iter().map(|found| (found.key, found.quantity)).collect();
            // The places outside follow the last page of real ones.
            if asked.is("outside") && next.is_none() && reach.is_everywhere() {
                let places = filter.places.clone();
                rows.extend(
                    outside(conn, tenant, &filter)?
                        .into_iter()
                        .filter(|(key, _)| places.as_ref().is_none_or(|places| places.contains(&key.place))),
                );
            }
            let names = Names::load(conn, tenant, rows.iter().map(|(key, _)| (key.product, key.variant, key.lot)))?;
            let items = rows
                .into_iter()
                .map(|(key, quantity)| BalanceShown {
                    product: names.product(key.product),
                    variant: names.variant(key.variant),
                    lot: names.lot(key.lot),
                    location: place(&structure, key.place),
                    quantity: Number(quantity.0),
                    unit: names.unit(key.product, &structure),
                })
                .collect();
            let position = table::header::position(conn, tenant)?;
            Ok(BalancePage { items, next_cursor: next.map(|id| cursor_of(id.0)), position })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
struct AvailableShown {
    product: ProductShown,
    variant: Option<VariantShown>,
    location: PlaceShown,
    #[serde(rename = "orgUnit")]
    org_unit: PlaceShown,
    stock: Number,
    reserved: Number,
    available: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    ordered: Option<Number>,
    unit: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AvailablePage {
    items: Vec<AvailableShown>,
    next_cursor: Option<String>,
    position: i64,
}

/// The spot that a page ended with: `product.variant.location`.
fn spot_of(cursor: &str) -> Option<Spot> {
    let mut ids = cursor.split('.').map(|id| id.parse::<i64>().ok());
    let spot = (ProductId(ids.next()??), VariantId(ids.next()??), LocationId(ids.next()??));
    ids.next().is_none().then_some(spot)
}

async fn list_availability(call: Call) -> Result<Response, Problem> {
    let asked = Asked::read_all(&call)?;
    let after = call.cursor_as(spot_of)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let now = engine.now();
            let filter = asked.filter(conn, tenant, &structure, &reach, now)?;
            // From the spot on that the page before ended with, whatever has come to be before it since.
            let part = Part { after, limit: usize::try_from(asked.limit).unwrap_or(usize::MAX), stock_at: None };
            let (shown, next) = availability::page(conn, tenant, &structure.catalog.locations, &filter, now, &part)?;
            let is_of_now = !is_of_the_past(&filter, now);
            let next_cursor = next.map(|(product, variant, at)| cursor_of(format!("{product}.{variant}.{at}")));
            let names = Names::load(
                conn,
                tenant,
                shown.iter().map(|((product, variant, _), _)| (*product, *variant, LotId(0))),
            )?;
            let items = shown
                .into_iter()
                .map(|((product, variant, at), found)| AvailableShown {
                    product: names.product(product),
                    variant: names.variant(variant),
                    location: place(&structure, at),
                    org_unit: place(&structure, structure.catalog.locations.org_unit_of(at)),
                    stock: Number(found.stock.0),
                    reserved: Number(found.reserved.0),
                    available: Number(found.available().0),
                    ordered: is_of_now.then_some(Number(found.ordered.0)),
                    unit: names.unit(product, &structure),
                })
                .collect();
            let position = table::header::position(conn, tenant)?;
            Ok(AvailablePage { items, next_cursor, position })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueShown {
    product: ProductShown,
    variant: Option<VariantShown>,
    lot: Option<LotShown>,
    org_unit: PlaceShown,
    quantity: Number,
    unit: Option<String>,
    value: Number,
    unit_cost: Option<Number>,
    method: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValuePage {
    items: Vec<ValueShown>,
    next_cursor: Option<String>,
    settled_to: i64,
    position: i64,
}

async fn list_values(call: Call) -> Result<Response, Problem> {
    let asked = Asked::read(&call)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let page = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let filter = asked.filter(conn, tenant, &structure, &reach, engine.now())?;
            let found = valuation(conn, tenant, &filter, asked.limit as usize)?;
            let at = filter.as_of.unwrap_or_else(|| engine.now());
            let mut names =
                Names::load(conn, tenant, found.items.iter().map(|value| (value.product, value.variant, value.lot)))?;
            names.as_known_at(conn, tenant, filter.as_known_at)?;
            let items = found
                .items
                .iter()
                .map(|value| ValueShown {
                    product: names.product(value.product),
                    variant: names.variant(value.variant),
                    lot: names.lot(value.lot),
                    org_unit: place(&structure, value.org_unit),
                    quantity: Number(value.quantity.0),
                    unit: names.unit(value.product, &structure),
                    value: Number(value.value.0),
                    unit_cost: value.unit_cost.map(|cost| Number(cost.0)),
                    method: names.method_of(value.product, at),
                })
                .collect();
            Ok(ValuePage {
                items,
                next_cursor: found.next.map(cursor_of),
                settled_to: found.settled_to,
                position: found.position,
            })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&page).map_err(|_| Problem::internal())?))
}
