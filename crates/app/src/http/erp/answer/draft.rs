//! Drafts: which there are, opening an appendix, clearing.

use std::collections::{HashMap, HashSet};

use lotbook_domain::id::{JournalId, LocationId};
use lotbook_engine::command::{ClearJournal, CreateVoucher, VoucherCreated};
use lotbook_engine::table;
use lotbook_engine::table::journal::Described;
use lotbook_engine::table::voucher::VoucherSource;
use lotbook_engine::write::Command;
use serde::de::IgnoredAny;

use super::{Answer, engine_answer};
use crate::http::erp::asking::Asking;
use crate::http::erp::draft::{AppendixReply, ClearDraftRequest, CreateAppendixRequest, Done, DraftDescriptor};
use crate::http::erp::enumeration::EnumStyle;
use crate::http::erp::fault::{Fault, reply};
use crate::http::erp::wire;

/// The drafts that the caller may see, in the order of ids.
pub(super) async fn descriptors(asking: Asking) -> Answer {
    asking.read_body(|body, _| Ok(wire::read::<IgnoredAny>(body).map(drop)?)).await?;
    let (reach, style) = (asking.reach(), asking.manner.style);
    let list = asking
        .read(move |conn, tenant, structure| {
            let counts: HashMap<JournalId, i64> = table::entry::counts_by_journal(conn, tenant)?.into_iter().collect();
            let booking: HashSet<JournalId> =
                table::booking::waiting_of(conn, tenant)?.into_iter().map(|booking| booking.journal).collect();
            let mut seen: Vec<&Described> =
                structure.journals.values().filter(|found| reach.sees(&found.journal)).collect();
            seen.sort_by_key(|found| found.journal.id);
            let describe = |found: &Described| {
                let id = found.journal.id;
                descriptor(found, counts.get(&id).copied().unwrap_or(0), booking.contains(&id), style)
            };
            Ok(seen.into_iter().map(describe).collect::<Vec<_>>())
        })
        .await?;
    Ok(reply(&list))
}

fn descriptor(found: &Described, entry_count: i64, is_booking: bool, style: EnumStyle) -> DraftDescriptor {
    let some = |id: LocationId| (id != LocationId::NONE).then_some(id);
    DraftDescriptor {
        id: found.journal.id.0,
        name: found.journal.name.clone(),
        description: found.description.clone(),
        kind: style.code(found.journal.kind.code()),
        is_auto_book_possible: found.journal.is_auto_book,
        is_hidden: found.journal.is_hidden,
        organizational_unit_id: some(found.journal.org_unit).map(wire::org_unit_number),
        product_location_id: some(found.location).map(|id| id.0),
        create_finance_entries: found.create_finance_entries,
        entry_count,
        is_booking_in_progress: is_booking,
    }
}

/// Opens an appendix.
pub(super) async fn create_appendix(asking: Asking) -> Answer {
    let draft = asking
        .read_body(|body, _| {
            let request: CreateAppendixRequest = wire::read(body)?;
            request.into_draft().map_err(Fault::validation)
        })
        .await?;
    let source = draft.source.map_or_else(VoucherSource::default, |source| VoucherSource {
        kind: Some(source.kind),
        id: source.id,
        identifier: source.identifier,
        alternative_number: source.alternative_number,
    });
    let reach = asking.reach();
    let command =
        CreateVoucher { journal: draft.journal, number: draft.number, description: draft.description, source, reach };
    let answer = asking.submit(Command::CreateVoucher(command)).await?;
    let created: VoucherCreated = engine_answer(&answer)?;
    Ok(reply(&AppendixReply { appendix_id: created.id, appendix_number: created.number }))
}

/// Removes all entries of a draft.
pub(super) async fn clear(asking: Asking) -> Answer {
    let journal = asking
        .read_body(|body, _| {
            let request: ClearDraftRequest = wire::read(body)?;
            request.into_journal().map_err(Fault::validation)
        })
        .await?;
    let reach = asking.reach();
    asking.change(ClearJournal { journal, reach }).await?;
    Ok(reply(&Done {}))
}
