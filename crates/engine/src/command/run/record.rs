//! What was planned and decided, written: batches, runs, edges, names of rows of stock, and the audit log.

use std::collections::BTreeSet;

use lotbook_domain::booking::{Booked, stock_key};
use lotbook_domain::catalog::{Lot, LotStatus};
use lotbook_domain::id::{BatchId, BookingId, EntryId, LotId};
use lotbook_domain::ledger::Account;
use lotbook_domain::quantity::Quantity;

use super::{Action, ActionKind, Executed, Part, Plan};
use crate::append::{Batch, append};
use crate::desk::Desk;
use crate::error::Error;
use crate::table;
use crate::table::cost_link::CostLink;
use crate::table::header::BatchKind;
use crate::table::inventory_row::Said;
use crate::table::run::{Edge, Run};
use crate::table::stamp::Stamp;
use crate::write::Tx;

/// What is to be written, of all parts together.
#[derive(Default)]
struct Sheet {
    batches: Vec<Batch>,
    /// Of parts that move nothing.
    lots: Vec<(String, Lot, Stamp)>,
    lot_changes: Vec<(LotId, LotStatus, Stamp)>,
    new: Vec<(Run, Stamp)>,
    ended: Vec<(Run, Stamp)>,
    edges: Vec<Edge>,
    said: Vec<Said>,
}

/// Writes parts, and answers for each. `actions` are those of all parts, as they were planned.
pub(super) fn write(
    tx: &mut Tx<'_>,
    desk: &Desk,
    parts: &[Part<'_>],
    actions: &[&Action],
    plans: Vec<Plan>,
    booked: Vec<Booked>,
) -> Result<Vec<Executed>, Error> {
    let count = booked.iter().filter(|booked| !booked.movements.is_empty()).count() as i64;
    let mut batch_ids = if count > 0 { tx.ids("batch", count)?..i64::MAX } else { 0..0 };
    let mut sheet = Sheet::default();
    let mut answers = Vec::with_capacity(parts.len());
    let mut first_action = 0;
    let mut now = tx.now;
    for ((part, mut plan), mut booked) in parts.iter().zip(plans).zip(booked) {
        if let Some(request) = part.request {
            tx.speak_for(request);
        }
        now = now.max(tx.now);
        let batch = if booked.movements.is_empty() {
            BatchId(0)
        } else {
            let id = batch_ids.next().ok_or_else(|| Error::Internal("too few batch numbers were taken".to_owned()))?;
            BatchId(id)
        };
        let of_part = &actions[first_action..first_action + part.actions.len()];
        complete(&mut plan, &booked, batch, &mut sheet.edges);
        sheet.said.extend(rows_named(&plan, tx.stamp()));
        keep_batch(tx, batch, &mut plan, &mut booked, &mut sheet);
        answers.push(answer(&plan, of_part, first_action, batch));
        let runs: Vec<Run> = plan.runs.into_iter().map(|planned| planned.run).collect();
        let names: BTreeSet<&str> = runs.iter().map(|run| run.kind.name()).collect();
        let detail = names.into_iter().collect::<Vec<_>>().join(", ");
        tx.audit("execute", format!("{} runs", runs.len()), Some(detail));
        for run in runs {
            let ends = of_part.iter().any(|action| action.ends.as_ref().is_some_and(|(id, _)| *id == run.id));
            (if ends { &mut sheet.ended } else { &mut sheet.new }).push((run, tx.stamp()));
        }
        first_action += part.actions.len();
    }
    table::catalog::insert_lots(tx.conn, tx.tenant, &sheet.lots)?;
    table::catalog::set_lot_statuses(tx.conn, tx.tenant, &sheet.lot_changes)?;
    if !sheet.batches.is_empty() {
        let touched: Vec<&Account> = desk.touched.iter().filter_map(|key| desk.ledger.accounts.get(key)).collect();
        append(tx.conn, tx.engine, (tx.tenant, desk.structure.version), &sheet.batches, touched, now, |_| {})?;
        tx.wake_worker();
    }
    table::run::insert(tx.conn, tx.tenant, &sheet.new)?;
    table::run::finish(tx.conn, tx.tenant, &sheet.ended)?;
    table::run::insert_edges(tx.conn, tx.tenant, &sheet.edges)?;
    table::inventory_row::note_flows(tx.conn, tx.tenant, &sheet.said)?;
    let mut position = table::header::position(tx.conn, tx.tenant)?;
    for answer in answers.iter_mut().rev() {
        answer.position = position;
        position -= i64::from(answer.batch != 0);
    }
    Ok(answers)
}

/// Puts what came of it into the runs of a plan, and notes which lot became which.
fn complete(plan: &mut Plan, booked: &Booked, batch: BatchId, edges: &mut Vec<Edge>) {
    // What keeps a later count true is no part of the run, and stands behind those of all others.
    let kept: BTreeSet<i64> = booked.compensations.iter().map(|made| made.line).collect();
    let lines = |flow: usize| {
        let of_flow = booked.sources.iter().enumerate().filter(move |(_, source)| **source == flow);
        of_flow.map(|(line, _)| line).filter(|line| !kept.contains(&(*line as i64)))
    };
    let quantity_of =
        |flow: usize| -> Quantity { Quantity(lines(flow).map(|line| booked.movements[line].quantity.0).sum()) };
    for planned in &mut plan.runs {
        let own: Vec<usize> = planned.flows.iter().flat_map(|flow| lines(*flow)).collect();
        if let (Some(first), Some(last)) = (own.iter().min(), own.iter().max()) {
            planned.run.batch = batch;
            (planned.run.first_line, planned.run.last_line) = (*first as i64, *last as i64);
        }
        for flow in &planned.flows {
            let quantity = quantity_of(*flow);
            let entry = &plan.flows[*flow].entry;
            if (entry.product, entry.lot) == (planned.run.product, planned.run.lot) {
                planned.run.primary_quantity = quantity.max(planned.run.primary_quantity);
            } else {
                planned.run.secondary_quantity = quantity.max(planned.run.secondary_quantity);
            }
        }
        for (input, output) in &planned.edges {
            let (from, to) = (plan.flows[*input].entry.lot, plan.flows[*output].entry.lot);
            if from.0 != 0 && to.0 != 0 && from != to {
                edges.push(Edge {
                    from,
                    to,
                    run: planned.run.id,
                    from_quantity: quantity_of(*input),
                    to_quantity: quantity_of(*output),
                    at: plan.flows[*output].entry.effective_at,
                });
            }
        }
    }
}

/// The batch of a part; of one that moves nothing, its lots alone.
fn keep_batch(tx: &mut Tx<'_>, id: BatchId, plan: &mut Plan, booked: &mut Booked, sheet: &mut Sheet) {
    let (new_lots, lot_changes) = (std::mem::take(&mut plan.new_lots), std::mem::take(&mut plan.lot_changes));
    if id.0 == 0 {
        let stamp = tx.stamp();
        sheet.lots.extend(new_lots.into_iter().map(|lot| (tx.uid(), lot, stamp)));
        sheet.lot_changes.extend(lot_changes.into_iter().map(|(lot, status)| (lot, status, stamp)));
        return;
    }
    for movement in &mut booked.movements {
        movement.entry = EntryId(0);
    }
    sheet.batches.push(Batch {
        id,
        kind: BatchKind::Operation,
        booking: BookingId(0),
        cost_links: cost_links(booked),
        movements: std::mem::take(&mut booked.movements),
        counts: Vec::new(),
        value_entries: Vec::new(),
        value_facts: Vec::new(),
        values_undone: Vec::new(),
        new_lots,
        lot_changes,
        booked_by: tx.person,
        reason: None,
        uses: std::mem::take(&mut booked.uses),
        compensations: std::mem::take(&mut booked.compensations),
    });
}

/// The answer for a part, its position not known yet.
fn answer(plan: &Plan, actions: &[&Action], first_action: usize, batch: BatchId) -> Executed {
    let mut runs: Vec<Vec<i64>> = vec![Vec::new(); actions.len()];
    for planned in &plan.runs {
        runs[planned.action - first_action].push(planned.run.id.0);
    }
    for (ids, action) in runs.iter_mut().zip(actions) {
        // Of several, the last one is what the action came to; of lots that were scrapped together, the first.
        if action.kind != Some(ActionKind::ScrapAll) {
            ids.reverse();
        }
    }
    Executed { runs, batch: batch.0, position: 0 }
}

/// What the runs say of the rows of stock that they changed: the name where goods arrive, the notes everywhere.
fn rows_named(plan: &Plan, stamp: Stamp) -> Vec<Said> {
    let mut rows = Vec::new();
    for planned in &plan.runs {
        let (name, notes) = (&planned.run.inventory_name, &planned.run.notes);
        if name.is_none() && notes.is_none() {
            continue;
        }
        for flow in planned.flows.iter().map(|flow| &plan.flows[*flow]) {
            let entry = &flow.entry;
            for (place, arrives) in [(entry.location, flow.is_receipt), (flow.other, !flow.is_receipt)] {
                let name = name.as_ref().filter(|_| arrives).cloned();
                if place.is_real() && (name.is_some() || notes.is_some()) {
                    let key = stock_key(entry.product, entry.variant, entry.lot, place);
                    rows.push(Said { key, name, notes: notes.clone(), stamp });
                }
            }
        }
    }
    rows
}

/// The lines that take over a cost, in the order of lines; what costs nobody anything has none to hand on.
fn cost_links(booked: &Booked) -> Vec<CostLink> {
    let movement = |line: i64| usize::try_from(line).ok().and_then(|at| booked.movements.get(at));
    let mut links: Vec<CostLink> = booked
        .cost_links
        .iter()
        .filter_map(|(line, source_line)| {
            let (made, used) = (movement(*line)?, movement(*source_line)?);
            let (pool, source_pool, at) = (made.to.pool, used.from.pool, made.effective_at);
            let has_pools = pool.0 != 0 && source_pool.0 != 0;
            has_pools.then_some(CostLink { line: *line, source_line: *source_line, pool, source_pool, at })
        })
        .collect();
    links.sort_by_key(|link| (link.line, link.source_line));
    links.dedup();
    links
}
