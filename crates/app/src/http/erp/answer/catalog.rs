//! Products and what belongs to them, places, actors.

use std::collections::HashMap;

use lotbook_domain::catalog::Catalog;
use lotbook_domain::id::{LocationId, ProductId, TenantId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::time::Time;
use lotbook_engine::command::Reach;
use lotbook_engine::query::availability::of_products;
use lotbook_engine::query::balance::BalanceFilter;
use lotbook_engine::query::product::{self, InstanceRow, ProductRow, VariantRow};
use lotbook_engine::query::{party, tree};
use lotbook_engine::structure::Structure;
use lotbook_engine::{Conn, Error};
use serde::de::IgnoredAny;

use super::Answer;
use super::stock::stock_info;
use crate::http::erp::asking::{Asking, stock_places};
use crate::http::erp::catalog::{
    ActorReply, ActorsPageRequest, CategoryReply, InstanceReply, LocationReply, LocationsRequest, OrgUnitReply,
    ProductEntry, ProductFilter, ProductPageRequest, ProductPartsFilter, ProductPartsRequest, ProductReply,
    VariantReply,
};
use crate::http::erp::fault::{Fault, reply};
use crate::http::erp::filter::PlaceFilter;
use crate::http::erp::page::{self as paging, Page, PageReply};
use crate::http::erp::time::TimeOutput;
use crate::http::erp::wire;
use crate::json::Decimal;

fn decimal(cost: Option<UnitCost>) -> Option<Decimal> {
    cost.map(|cost| Decimal(cost.0))
}

fn some(id: i64) -> Option<i64> {
    (id != 0).then_some(id)
}

/// A page of products with what is there of them.
pub(super) async fn products(asking: Asking) -> Answer {
    let filter = asking
        .read_body(|body, zone| {
            let (request, paging): (ProductPageRequest, _) = paging::read(body)?;
            request.into_filter(paging, zone).map_err(Fault::validation)
        })
        .await?;
    let (reach, now) = (asking.reach(), asking.now());
    let page = asking
        .read(move |conn, tenant, structure| product_page(conn, tenant, (structure, now), &filter, &reach))
        .await?;
    Ok(reply(&page))
}

fn product_page(
    conn: &mut Conn,
    tenant: TenantId,
    (structure, now): (&Structure, Time),
    filter: &ProductFilter,
    reach: &Reach,
) -> Result<PageReply<ProductEntry>, Error> {
    let wanted = product::ProductFilter {
        modified_after: filter.modified_after,
        search: filter.search.clone(),
        ..product::ProductFilter::default()
    };
    let Page { offset, count, with_total } = filter.page;
    let rows = product::products(conn, tenant, &wanted, offset, count)?;
    let total = if with_total { Some(product::count_products(conn, tenant, &wanted)?) } else { None };
    let ids: Vec<ProductId> = rows.iter().map(|row| row.id).collect();
    let places = PlaceFilter { org_units: filter.org_unit.map(|id| vec![id]), ..PlaceFilter::default() };
    let at = stock_places(&places, reach, structure);
    let asked =
        BalanceFilter { products: Some(ids.clone()), places: at.clone(), as_of: Some(now), ..BalanceFilter::default() };
    let stock = of_products(conn, tenant, &structure.catalog.locations, &asked, now)?;
    let costs = if adjusts_cost_prices(structure) {
        product::average_costs(conn, tenant, ids, at.as_deref())?
    } else {
        HashMap::new()
    };
    let entries = rows
        .into_iter()
        .map(|row| ProductEntry {
            stock_info: stock_info(stock.get(&row.id).copied().unwrap_or_default(), true),
            product: product_reply(row, &costs),
        })
        .collect();
    Ok(PageReply { entries, overall_entry_count: total })
}

/// Whether a product's shown cost follows what is booked: the setting `adjustCostPrices`, on unless it
/// was switched off.
fn adjusts_cost_prices(structure: &Structure) -> bool {
    structure.settings.get("adjustCostPrices") != Some("false")
}

fn product_reply(row: ProductRow, costs: &HashMap<ProductId, UnitCost>) -> ProductReply {
    ProductReply {
        id: row.id.0,
        current_cost: decimal(costs.get(&row.id).copied()),
        identifier: row.identifier,
        display_name: row.name,
        barcodes: row.barcodes,
        product_category_id: some(row.category.0),
        is_product_variants_supported: row.has_variants,
        is_product_instances_supported: row.is_serial,
        is_enabled: row.is_enabled,
        cost_price: decimal(row.cost_price),
        default_cost_price: decimal(row.default_cost_price),
        sales_price: decimal(row.sales_price),
        modified_at: TimeOutput(row.modified_at),
    }
}

async fn parts(asking: &Asking) -> Result<(product::ProductFilter, Page), Fault> {
    let filter = asking
        .read_body(|body, zone| {
            let (request, paging): (ProductPartsRequest, _) = paging::read(body)?;
            request.into_filter(paging, zone).map_err(Fault::validation)
        })
        .await?;
    let ProductPartsFilter { products, variant, modified_after, search, page } = filter;
    Ok((product::ProductFilter { products, variant, modified_after, search }, page))
}

/// The variants of products: all of them, for the call has no pages.
pub(super) async fn variants(asking: Asking) -> Answer {
    let (filter, _) = parts(&asking).await?;
    let rows = asking.read(move |conn, tenant, _| product::variants(conn, tenant, &filter, 0, i64::MAX)).await?;
    let show = |row: VariantRow| VariantReply {
        id: row.id.0,
        product_id: row.product.0,
        identifier: row.identifier,
        display_name: row.name,
        barcodes: row.barcodes,
        is_enabled: row.is_enabled,
        cost_price: decimal(row.cost_price),
        sales_price: decimal(row.sales_price),
        modified_at: TimeOutput(row.modified_at),
    };
    Ok(reply(&rows.into_iter().map(show).collect::<Vec<_>>()))
}

/// A page of instances.
pub(super) async fn instances(asking: Asking) -> Answer {
    let (filter, page) = parts(&asking).await?;
    let reach = asking.reach();
    let page = asking
        .read(move |conn, tenant, structure| {
            let Page { offset, count, with_total } = page;
            let rows = product::instances(conn, tenant, &filter, offset, count)?;
            let total = if with_total { Some(product::count_instances(conn, tenant, &filter)?) } else { None };
            // Where a piece is, is told to those who may look there.
            let seen = stock_places(&PlaceFilter::default(), &reach, structure);
            let is_seen = |id: &LocationId| {
                *id != LocationId::IN_TRANSIT && seen.as_ref().is_none_or(|seen| seen.binary_search(id).is_ok())
            };
            let show = |row: InstanceRow| InstanceReply {
                id: row.id.0,
                product_id: row.product.0,
                variant_id: some(row.variant.0),
                identifier: row.name,
                cost_price: decimal(row.cost_price),
                product_location_id: row.location.filter(is_seen).map(|id| id.0),
                modified_at: TimeOutput(row.modified_at),
            };
            Ok(PageReply { entries: rows.into_iter().map(show).collect(), overall_entry_count: total })
        })
        .await?;
    Ok(reply(&page))
}

/// All categories.
pub(super) async fn categories(asking: Asking) -> Answer {
    asking.read_body(|body, _| Ok(wire::read::<IgnoredAny>(body).map(drop)?)).await?;
    let rows = asking.read(|conn, tenant, _| tree::categories(conn, tenant)).await?;
    let show = |row: tree::CategoryNode| CategoryReply {
        id: row.id.0,
        name: row.name,
        parent_id: some(row.parent.0),
        path: row.path,
    };
    Ok(reply(&rows.into_iter().map(show).collect::<Vec<_>>()))
}

/// The locations of org units: their own, and those of org units below them.
pub(super) async fn locations(asking: Asking) -> Answer {
    let org_units = asking
        .read_body(|body, _| {
            let request: LocationsRequest = wire::read(body)?;
            Ok(request.into_org_units())
        })
        .await?;
    let reach = asking.reach();
    let list = asking
        .read(move |conn, tenant, structure| {
            let Catalog { locations, .. } = &structure.catalog;
            let places = PlaceFilter { org_units, ..PlaceFilter::default() };
            let asked = stock_places(&places, &reach, structure);
            let rows = tree::places(conn, tenant)?.into_iter().filter(|row| {
                !row.is_org_unit && asked.as_ref().is_none_or(|asked| asked.binary_search(&row.id).is_ok())
            });
            let show = |row: tree::LocationNode| LocationReply {
                organizational_unit_id: wire::org_unit_number(locations.org_unit_of(row.id)),
                parent_id: locations.get(row.parent).filter(|above| !above.is_org_unit).map(|above| above.id.0),
                id: row.id.0,
                name: row.name,
                path: row.path,
                is_default: row.is_default,
            };
            Ok(rows.map(show).collect::<Vec<_>>())
        })
        .await?;
    Ok(reply(&list))
}

/// The org units that the caller may look into.
pub(super) async fn org_units(asking: Asking) -> Answer {
    asking.read_body(|body, _| Ok(wire::read::<IgnoredAny>(body).map(drop)?)).await?;
    let reach = asking.reach();
    let rows = asking.read(|conn, tenant, _| tree::places(conn, tenant)).await?;
    let show = |row: tree::LocationNode| OrgUnitReply {
        id: wire::org_unit_number(row.id),
        name: row.name,
        parent_id: some(row.parent.0).map(|id| wire::org_unit_number(LocationId(id))),
        path: row.path,
    };
    let seen = rows.into_iter().filter(|row| row.is_org_unit && reach.includes(row.id));
    Ok(reply(&seen.map(show).collect::<Vec<_>>()))
}

/// A page of customers and suppliers.
pub(super) async fn actors(asking: Asking) -> Answer {
    let filter = asking
        .read_body(|body, zone| {
            let (request, paging): (ActorsPageRequest, _) = paging::read(body)?;
            request.into_filter(paging, zone).map_err(Fault::validation)
        })
        .await?;
    let page = asking
        .read(move |conn, tenant, _| {
            let wanted = party::PartyFilter {
                modified_after: filter.modified_after,
                search: filter.search,
                is_customer: filter.is_customer,
                is_supplier: filter.is_supplier,
            };
            let Page { offset, count, with_total } = filter.page;
            let rows = party::parties(conn, tenant, &wanted, offset, count)?;
            let total = if with_total { Some(party::count(conn, tenant, &wanted)?) } else { None };
            let show = |row: party::PartyRow| ActorReply {
                id: row.id.0,
                identifier: row.code,
                display_name: row.name,
                is_customer: row.is_customer,
                is_supplier: row.is_supplier,
                modified_at: TimeOutput(row.modified_at),
            };
            Ok(PageReply { entries: rows.into_iter().map(show).collect(), overall_entry_count: total })
        })
        .await?;
    Ok(reply(&page))
}
