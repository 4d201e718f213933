//! Entries of a draft: adding, showing, removing.

use lotbook_domain::id::TenantId;
use lotbook_engine::command::{CreateEntries, EntriesCreated, Reach, RemoveEntry};
use lotbook_engine::query::entries::{EntriesAnswer, EntriesQuestion, entries};
use lotbook_engine::structure::Structure;
use lotbook_engine::table::entry::{self as entry_table, Waiting};
use lotbook_engine::write::Command;
use lotbook_engine::{Conn, Error, table};

use super::{Answer, engine_answer};
use crate::http::erp::asking::{Asking, widen};
use crate::http::erp::booking::BookingReply;
use crate::http::erp::draft::{
    CreateEntriesReply, CreatedEntries, Done, EntriesPageReply, EntriesPageRequest, EntryFilter, EntryReply,
    RemoveEntryRequest,
};
use crate::http::erp::draft_entry::{CreateEntriesRequest, SourceFields, SourceOutput};
use crate::http::erp::enumeration::EnumStyle;
use crate::http::erp::fault::{Fault, reply};
use crate::http::erp::time::TimeOutput;
use crate::http::erp::wire::{Wrap, org_unit_number};
use crate::http::erp::{page as paging, wire};
use crate::json::Decimal;

/// Adds entries to an appendix.
pub(super) async fn create(asking: Asking) -> Answer {
    let draft = asking
        .read_body(|body, zone| {
            let request: CreateEntriesRequest = wire::read(body)?;
            Ok(request.into_draft(zone))
        })
        .await?;
    // Without an appendix there is no draft by whose rules the lines could be looked at.
    let Some(voucher) = draft.voucher else { return Err(Fault::validation(draft.violations)) };
    let (reach, style) = (asking.reach(), asking.manner.style);
    let command = CreateEntries { voucher, entries: draft.entries, violations: draft.violations, reach };
    let answer = asking.submit(Command::CreateEntries(command)).await?;
    let created: EntriesCreated = engine_answer(&answer)?;
    Ok(reply(&CreateEntriesReply {
        stock_draft_entries: CreatedEntries { first: created.first, count: created.count },
        book_operation_result: created.booking.map(|outcome| BookingReply::new(&outcome, style)),
    }))
}

/// Removes an entry.
pub(super) async fn remove(asking: Asking) -> Answer {
    let entry = asking
        .read_body(|body, _| {
            let request: RemoveEntryRequest = wire::read(body)?;
            request.into_entry().map_err(Fault::validation)
        })
        .await?;
    let reach = asking.reach();
    asking.change(RemoveEntry { entry, reach }).await?;
    Ok(reply(&Done {}))
}

/// Shows a page of entries.
pub(super) async fn page(asking: Asking) -> Answer {
    let filter = asking
        .read_body(|body, _| {
            let (request, paging): (EntriesPageRequest, _) = paging::read(body)?;
            request.into_filter(paging).map_err(Fault::validation)
        })
        .await?;
    let (reach, style) = (asking.reach(), asking.manner.style);
    let found = asking
        .read(move |conn, tenant, structure| {
            if let Some(mismatch) = scope_fault(conn, tenant, structure, &filter, &reach)? {
                return Ok(Err(mismatch));
            }
            entries(conn, tenant, &question(filter, &reach, structure)).map(Ok)
        })
        .await??;
    Ok(reply(&page_reply(found, style)))
}

/// Why the appendix and the draft that a page is asked of do not hold, if so.
fn scope_fault(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    filter: &EntryFilter,
    reach: &Reach,
) -> Result<Option<Fault>, Error> {
    let is_seen = |journal| structure.journal(journal, reach).is_some();
    if let Some(journal) = filter.journal
        && !is_seen(journal)
    {
        return Err(Error::not_found("journal", journal));
    }
    let Some(id) = filter.voucher else { return Ok(None) };
    let voucher = table::voucher::by_ids(conn, tenant, [id])?
        .pop()
        .filter(|voucher| is_seen(voucher.journal))
        .ok_or_else(|| Error::not_found("voucher", id))?;
    Ok(filter.journal.filter(|journal| *journal != voucher.journal).map(|journal| {
        Fault::business(
            "ScopeMismatch",
            format!(
                "stock appendix {id} belongs to stock draft {}, not to {journal}; give one of the two or both of one draft",
                voucher.journal
            ),
        )
    }))
}

fn question(filter: EntryFilter, reach: &Reach, structure: &Structure) -> EntriesQuestion {
    let widened = widen(&filter.places, reach, structure);
    EntriesQuestion {
        filter: entry_table::EntryFilter {
            voucher: filter.voucher,
            journal: filter.journal,
            product: filter.product,
            description: filter.description,
            cost: (filter.cost_price.from.map(|cost| cost.0), filter.cost_price.to.map(|cost| cost.0)),
            categories: widened.categories,
            locations: widened.locations,
            org_units: widened.org_units,
            lot: filter.lot,
            lot_name: filter.lot_name,
            generation_max: None,
            ids: None,
            journals: structure.journals_seen(reach),
        },
        offset: filter.page.offset,
        limit: filter.page.count,
        with_total: filter.page.with_total,
        with_cost: filter.with_total_cost,
    }
}

fn page_reply(found: EntriesAnswer, style: EnumStyle) -> EntriesPageReply {
    let EntriesAnswer { entries, products, total, cost } = found;
    let show = |waiting: Waiting| {
        let (product_identifier, product_name) = products.get(&waiting.entry.product).cloned().unwrap_or_default();
        EntryReply {
            id: waiting.entry.id.0,
            stock_draft_id: waiting.entry.journal.0,
            stock_appendix_id: waiting.entry.voucher.0,
            appendix_number: waiting.entry.voucher_number,
            product_identifier,
            product_name,
            created_at: TimeOutput(waiting.created_at),
            created_by: waiting.created_by.0,
            is_system_generated: waiting.is_system_generated,
            source: source_fields(waiting, style),
        }
    };
    EntriesPageReply {
        entries: entries.into_iter().map(show).collect(),
        overall_entry_count: total,
        total_cost_price: cost.map(|cost| Decimal(cost.0)),
    }
}

fn source_fields(waiting: Waiting, style: EnumStyle) -> SourceFields {
    let entry = waiting.entry;
    let some = |id: i64| Wrap((id != 0).then_some(id));
    let instances = entry.has_instances.then(|| entry.instances.iter().map(|id| id.0).collect());
    SourceFields {
        customer_actor_id: some(entry.customer.0),
        supplier_actor_id: some(entry.supplier.0),
        description: Wrap(entry.description),
        cost_price: Wrap(entry.cost_price.map(|cost| Decimal(cost.0))),
        sales_price: Wrap(entry.sales_price.map(|price| Decimal(price.0))),
        source: Wrap(SourceOutput::new(entry.source_kind, entry.source_identifier, style)),
        organizational_unit_id: org_unit_number(entry.org_unit),
        stock_date: TimeOutput(entry.effective_at),
        product_id: entry.product.0,
        variant_id: some(entry.variant.0).0,
        count: Decimal(entry.count.0),
        instance_ids: Wrap(instances),
        product_location_id: entry.location.0,
        lot_id: some(entry.lot.0),
        lot_name: Wrap(entry.lot_name),
        external_reference: Wrap(entry.external.map(Into::into)),
        credit_note_external_reference: Wrap(entry.credit_note.map(Into::into)),
    }
}
