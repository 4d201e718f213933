//! What runs have to do with production: the record and the order they are stamped with, what they count for
//! an order, and what of it is taken back.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{BatchId, MovementId, OrderId};
use lotbook_domain::money::convert;
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::violation::Violation;

use super::{Action, Plan};
use crate::desk::Desk;
use crate::error::Error;
use crate::table;
use crate::table::run::Run;
use crate::write::Tx;

/// The same actions, those of a process with the record and the order that are current; `None` where
/// nothing is to be found. One statement.
pub(super) fn link(tx: &mut Tx<'_>, actions: &[&Action]) -> Result<Option<Vec<Action>>, Error> {
    let is_open = |action: &Action| action.link.process.0 != 0 && action.link.record.0 == 0 && action.ends.is_none();
    let wanted: BTreeSet<_> = actions.iter().filter(|a| is_open(a)).map(|a| a.link.process).collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let states: BTreeMap<_, _> = table::process::by_ids(tx.conn, tx.tenant, wanted)?
        .into_iter()
        .map(|process| (process.id, process.state))
        .collect();
    let mut linked: Vec<Action> = actions.iter().map(|action| (*action).clone()).collect();
    for action in linked.iter_mut().filter(|action| is_open(action)) {
        let Some(state) = states.get(&action.link.process).filter(|state| state.record.0 != 0) else { continue };
        action.link.record = state.record;
        if action.link.order.0 == 0 {
            action.link.order = state.order;
        }
    }
    Ok(Some(linked))
}

/// How much the runs of a plan produce for which orders, each in the order's own unit. Notes orders that
/// are not there, and units that cannot be converted. One statement.
pub(super) fn produced(
    tx: &mut Tx<'_>,
    desk: &Desk,
    actions: &[&Action],
    plan: &mut Plan,
) -> Result<BTreeMap<OrderId, i64>, Error> {
    let wanted: BTreeSet<OrderId> =
        actions.iter().filter(|a| a.counts_order && a.link.order.0 != 0).map(|a| a.link.order).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let orders: BTreeMap<_, _> = table::production_order::by_ids(tx.conn, tx.tenant, wanted)?
        .into_iter()
        .map(|order| (order.id, order))
        .collect();
    let mut produced: BTreeMap<OrderId, i64> = BTreeMap::new();
    let mut faults = Vec::new();
    for planned in &mut plan.runs {
        let (run, action) = (&mut planned.run, actions[planned.action]);
        if !action.counts_order || run.kind != RunKind::Produce || planned.flows.is_empty() || run.link.order.0 == 0 {
            continue;
        }
        let Some(order) = orders.get(&run.link.order) else {
            let message = format!("there is no production order {}", run.link.order);
            faults.push(Violation::at(planned.action, "productionOrder", "unknownOrder", message));
            continue;
        };
        let base = desk.catalog.products.get(&run.product).map(|product| product.unit).unwrap_or_default();
        let (from, to) = (Some(run.unit).filter(|unit| unit.0 != 0), Some(order.unit).filter(|unit| unit.0 != 0));
        let ratio = desk.catalog.ratio(run.product, from.unwrap_or(base), to.unwrap_or(base));
        let counted = ratio.and_then(|(numerator, denominator)| convert(run.quantity, numerator, denominator));
        let sum = produced.entry(order.id).or_default();
        if let Some((counted, now)) = counted.and_then(|counted| Some((counted, sum.checked_add(counted.0)?))) {
            run.order_counted = counted;
            *sum = now;
        } else {
            let message = format!("cannot be converted to the unit of the production order {}", order.name);
            faults.push(Violation::at(planned.action, "unit", "noConversion", message));
        }
    }
    plan.faults.extend(faults);
    Ok(produced)
}

/// What these movements, which are about to be undone, counted for orders no longer counts: in proportion, where
/// only a part of what a run made is undone. Two statements for each of their batches, where they count at all.
pub(in crate::command) fn take_back(tx: &mut Tx<'_>, undone: &[(MovementId, Movement)]) -> Result<(), Error> {
    let batches: BTreeSet<BatchId> = undone.iter().map(|(id, _)| id.batch).collect();
    let mut runs: BTreeMap<BatchId, Vec<Run>> = BTreeMap::new();
    for run in table::run::counted(tx.conn, tx.tenant, batches)? {
        runs.entry(run.batch).or_default().push(run);
    }
    let mut taken: BTreeMap<OrderId, i64> = BTreeMap::new();
    let mut left = Vec::new();
    for (batch, runs) in runs {
        let lines: Vec<i64> = runs.iter().flat_map(|run| run.first_line..=run.last_line).collect();
        let mut standing = table::movement::of_batch(tx.conn, tx.tenant, batch, Some(&lines))?;
        let ids: Vec<MovementId> = standing.iter().map(|(id, _)| *id).collect();
        let gone: BTreeSet<MovementId> = table::movement::reversed(tx.conn, tx.tenant, &ids)?.into_iter().collect();
        standing.retain(|(id, _)| !gone.contains(id));
        for run in runs {
            let made = |found: &[(MovementId, Movement)]| -> i64 {
                let own = found.iter().filter(|(id, movement)| {
                    id.batch == batch
                        && (run.first_line..=run.last_line).contains(&id.line)
                        && (movement.product, movement.to.location) == (run.product, run.to)
                });
                own.map(|(_, movement)| movement.quantity.0).sum()
            };
            let (undone, standing) = (made(undone), made(&standing));
            if undone == 0 {
                continue;
            }
            let part = if undone < standing { convert(run.order_counted, undone, standing) } else { None };
            let takes = part.unwrap_or(run.order_counted);
            *taken.entry(run.link.order).or_default() -= takes.0;
            left.push((run.id, Quantity(run.order_counted.0 - takes.0)));
        }
    }
    table::run::set_counted(tx.conn, tx.tenant, &left)?;
    table::production_order::count(tx.conn, tx.tenant, &taken)
}
