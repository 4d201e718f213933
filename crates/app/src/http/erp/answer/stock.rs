//! What is there, and what has been booked.

use std::collections::{BTreeSet, HashSet};

use lotbook_domain::catalog::Lot;
use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId};
use lotbook_domain::movement::Movement;
use lotbook_domain::time::Time;
use lotbook_engine::command::Reach;
use lotbook_engine::query::availability::{Available, Spot, availability as availability_of};
use lotbook_engine::query::balance::BalanceFilter;
use lotbook_engine::query::movement::{self, MovementFilter, Posted};
use lotbook_engine::query::product;
use lotbook_engine::structure::Structure;
use lotbook_engine::{Conn, Error, table};

use super::Answer;
use crate::http::erp::asking::{Asking, stock_places, widen};
use crate::http::erp::catalog::StockInfo;
use crate::http::erp::draft_entry::{SourceFields, SourceOutput};
use crate::http::erp::enumeration::EnumStyle;
use crate::http::erp::fault::{Fault, reply};
use crate::http::erp::page::{self as paging, Page, PageReply};
use crate::http::erp::stock::{
    AvailabilityFilter, AvailabilityReply, AvailabilityRequest, StockEntriesRequest, StockEntryFilter, StockEntryReply,
};
use crate::http::erp::time::TimeOutput;
use crate::http::erp::wire::{Wrap, org_unit_number};
use crate::json::Decimal;

/// The figures of a place, as the dialect shows them. What is ordered is known of now alone.
pub(super) fn stock_info(found: Available, is_of_now: bool) -> StockInfo {
    StockInfo {
        stock: Decimal(found.stock.0),
        reserved: Decimal(found.reserved.0),
        available: Decimal(found.available().0),
        ordered: is_of_now.then_some(Decimal(found.ordered.0)),
    }
}

/// What is there, by product, variant and location; now, where no time is named. What is under way stands nowhere.
pub(super) fn available_at(
    conn: &mut Conn,
    tenant: TenantId,
    products: Option<Vec<ProductId>>,
    places: Option<Vec<LocationId>>,
    as_of: Option<Time>,
    (structure, now): (&Structure, Time),
) -> Result<Vec<(Spot, Available)>, Error> {
    let filter = BalanceFilter { products, places, as_of: as_of.or(Some(now)), ..BalanceFilter::default() };
    let found = availability_of(conn, tenant, &structure.catalog.locations, &filter, now)?;
    Ok(found.into_iter().filter(|((_, _, place), _)| *place != LocationId::IN_TRANSIT).collect())
}

async fn availability_filter(asking: &Asking) -> Result<AvailabilityFilter, Fault> {
    asking
        .read_body(|body, zone| {
            let (request, paging): (AvailabilityRequest, _) = paging::read(body)?;
            request.into_filter(paging, zone).map_err(Fault::validation)
        })
        .await
}

async fn available(asking: &Asking, filter: &AvailabilityFilter) -> Result<Vec<AvailabilityReply>, Fault> {
    let (reach, filter, now) = (asking.reach(), filter.clone(), asking.now());
    let list = asking
        .read(move |conn, tenant, structure| {
            let products = products_of(conn, tenant, structure, &filter)?;
            let places = stock_places(&filter.places, &reach, structure);
            let found = available_at(conn, tenant, products, places, filter.as_of, (structure, now))?;
            let is_of_now = filter.as_of.is_none_or(|at| at >= now);
            let show = |((product, variant, place), available): (Spot, Available)| AvailabilityReply {
                product_id: product.0,
                variant_id: (variant.0 != 0).then_some(variant.0),
                organizational_unit_id: org_unit_number(structure.catalog.locations.org_unit_of(place)),
                product_location_id: place.0,
                stock: stock_info(available, is_of_now),
            };
            let wanted =
                found.into_iter().filter(|((_, variant, _), _)| filter.variant.is_none_or(|id| id == *variant));
            Ok(wanted.map(show).collect())
        })
        .await?;
    Ok(list)
}

/// The products that are asked about; `None` = all.
fn products_of(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    filter: &AvailabilityFilter,
) -> Result<Option<Vec<ProductId>>, Error> {
    let Some(categories) = widen(&filter.places, &Reach::All, structure).categories else {
        return Ok(filter.products.clone());
    };
    let in_categories = product::in_categories(conn, tenant, &categories)?;
    Ok(Some(match &filter.products {
        None => in_categories,
        Some(asked) => {
            let in_categories: HashSet<ProductId> = in_categories.into_iter().collect();
            asked.iter().copied().filter(|id| in_categories.contains(id)).collect()
        }
    }))
}

/// What is there and what of it is free, all of it.
pub(super) async fn availability(asking: Asking) -> Answer {
    let filter = availability_filter(&asking).await?;
    Ok(reply(&available(&asking, &filter).await?))
}

/// A page of the same, in the order of product, variant and location.
pub(super) async fn availability_page(asking: Asking) -> Answer {
    let filter = availability_filter(&asking).await?;
    let list = available(&asking, &filter).await?;
    let Page { offset, count, with_total } = filter.page;
    let overall_entry_count = with_total.then_some(list.len() as i64);
    let entries: Vec<_> = list.into_iter().skip(offset as usize).take(count as usize).collect();
    Ok(reply(&PageReply { entries, overall_entry_count }))
}

/// A page of the ledger.
pub(super) async fn entries_page(asking: Asking) -> Answer {
    let filter = asking
        .read_body(|body, zone| {
            let (request, paging): (StockEntriesRequest, _) = paging::read(body)?;
            request.into_filter(paging, zone).map_err(Fault::validation)
        })
        .await?;
    let (reach, style) = (asking.reach(), asking.manner.style);
    let page = asking
        .read(move |conn, tenant, structure| {
            let Page { offset, count, with_total } = filter.page;
            let Some(wanted) = movement_filter(filter, &reach, structure) else {
                return Ok(PageReply { entries: Vec::new(), overall_entry_count: with_total.then_some(0) });
            };
            let found = match count {
                0 => Vec::new(),
                _ => movement::page(conn, tenant, &wanted, offset, count)?,
            };
            let total = if with_total { Some(movement::count(conn, tenant, &wanted)?) } else { None };
            let lots: BTreeSet<LotId> = found.iter().map(|posted| posted.movement.lot).filter(|id| id.0 != 0).collect();
            let instances: HashSet<LotId> = table::catalog::lots(conn, tenant, lots)?
                .into_iter()
                .filter(|lot: &Lot| lot.is_serial)
                .map(|lot| lot.id)
                .collect();
            let entries = found.into_iter().map(|posted| stock_entry(posted, &instances, style)).collect();
            Ok(PageReply { entries, overall_entry_count: total })
        })
        .await?;
    Ok(reply(&page))
}

/// `None` where two parts of the filter exclude each other.
fn movement_filter(filter: StockEntryFilter, reach: &Reach, structure: &Structure) -> Option<MovementFilter> {
    let widened = widen(&filter.places, reach, structure);
    let lot = match (filter.lot, filter.instance) {
        (Some(lot), Some(instance)) if lot != instance => return None,
        (lot, instance) => lot.or(instance),
    };
    Some(MovementFilter {
        products: filter.products,
        variant: filter.variant,
        lot,
        lot_name: filter.lot_name,
        locations: widened.locations,
        org_units: widened.org_units,
        categories: widened.categories,
        effective: (filter.stock_date.from, filter.stock_date.to),
        voucher_number: filter.appendix_number,
        external: filter.external.map(|(kind, id)| (Some(kind), id)),
        customer: filter.customer,
        supplier: filter.supplier,
        description: filter.description,
        ..MovementFilter::default()
    })
}

/// Where a movement changed stock, and whether it added there. Of two places in the house, what is
/// under way is the other side; else stock is shown where it arrived.
fn side(movement: &Movement) -> (LocationId, i64) {
    let (from, to) = (movement.from.location, movement.to.location);
    let is_shelf = |id: LocationId| id.is_real() && id != LocationId::IN_TRANSIT;
    if is_shelf(to) || !is_shelf(from) { (to, 1) } else { (from, -1) }
}

fn stock_entry(posted: Posted, instances: &HashSet<LotId>, style: EnumStyle) -> StockEntryReply {
    let movement = posted.movement;
    let (place, sign) = side(&movement);
    let some = |id: i64| Wrap((id != 0).then_some(id));
    let is_instance = instances.contains(&movement.lot);
    let lot_name = (movement.lot.0 != 0 && !is_instance).then_some(posted.lot.1);
    let source = SourceFields {
        customer_actor_id: some(movement.customer.0),
        supplier_actor_id: some(movement.supplier.0),
        description: Wrap(movement.description),
        cost_price: Wrap(movement.unit_cost.map(|cost| Decimal(cost.0))),
        sales_price: Wrap(movement.sales_price.map(|price| Decimal(price.0))),
        source: Wrap(SourceOutput::new(movement.source_kind, movement.source_identifier, style)),
        organizational_unit_id: org_unit_number(movement.org_unit),
        stock_date: TimeOutput(movement.effective_at),
        product_id: movement.product.0,
        variant_id: some(movement.variant.0).0,
        count: Decimal(sign * movement.quantity.0),
        instance_ids: Wrap(is_instance.then(|| vec![movement.lot.0])),
        product_location_id: place.0,
        lot_id: if is_instance { Wrap(None) } else { some(movement.lot.0) },
        lot_name: Wrap(lot_name),
        external_reference: Wrap(movement.external.map(Into::into)),
        credit_note_external_reference: Wrap(movement.credit_note.map(Into::into)),
    };
    StockEntryReply {
        id: posted.number,
        stock_draft_id: movement.journal.0,
        kind: style.code(movement.kind.code()),
        stock_appendix_id: movement.voucher.0,
        appendix_number: posted.voucher_number,
        source,
        counted_total: Wrap(posted.counted.map(|counted| Decimal(counted.0))),
        amount: Decimal(sign * movement.amount.0),
        product_identifier: posted.product.0,
        product_name: posted.product.1,
        booked_at: TimeOutput(posted.booked_at),
        booked_by: posted.booked_by,
    }
}
