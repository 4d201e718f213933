//! Runs that happen at once: lots are consumed, made, moved, split, merged, scrapped, shipped.

mod plan;
pub(super) mod production;

use std::collections::BTreeSet;

use lotbook_domain::booking::{Booked, Stop, Wanted, pool_key, run as decide, stock_key};
use lotbook_domain::catalog::{Lot, LotStatus};
use lotbook_domain::id::{
    BatchId, BookingId, EntryId, LocationId, LotId, OperationId, ProductId, ReasonId, RunId, UnitId,
};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::{Flow, RunKind};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::append::{Batch, append};
use crate::desk::{Desk, ROUNDS_MAX};
use crate::error::Error;
use crate::table;
use crate::table::cost_link::CostLink;
use crate::table::header::BatchKind;
use crate::table::run::{Edge, Link, Run, RunStatus};
use crate::write::{Change, Tx};

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// One run of a kind.
    Run(RunKind),
    /// Everything of a product, or of every product, that stands in a place is scrapped, a run a lot.
    ScrapAll,
    /// A lot is received and consumed at once: two runs.
    ReceiveAndConsume,
}

impl ActionKind {
    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Run(kind) => kind.name(),
            Self::ScrapAll => "SCRAP_ALL",
            Self::ReceiveAndConsume => "RECEIVE_AND_CONSUME",
        }
    }
}

/// A lot, as an action names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LotNamed {
    /// Not at all.
    #[default]
    None,
    /// By id.
    Id(LotId),
    /// By its name within its product.
    Name(String),
}

/// One thing that happened, as it was asked for: references are found, nothing else is checked.
#[derive(Clone, Debug, Default)]
pub struct Action {
    /// What.
    pub kind: Option<ActionKind>,
    /// How much, in `unit`; of an edit, what stands there now; not asked of all kinds.
    pub quantity: Option<Quantity>,
    /// The unit; `None` = the product's base unit.
    pub unit: Option<UnitId>,
    /// The product of the primary lot; `None` = that of the lot, if it is given by id.
    pub product: Option<ProductId>,
    /// The primary lot. Not named, what is used up is taken in the order of the place, and what comes to be
    /// gets a lot of its own.
    pub lot: LotNamed,
    /// The product of the secondary lot; `None` = that of the lot, else the primary product.
    pub secondary_product: Option<ProductId>,
    /// The secondary lot: what it goes into, or comes from.
    pub secondary_lot: LotNamed,
    /// Where it leaves.
    pub from: Option<LocationId>,
    /// Where it arrives.
    pub to: Option<LocationId>,
    /// Whether lots that do not exist are made.
    pub makes_lots: bool,
    /// The status a lot gets.
    pub new_status: Option<LotStatus>,
    /// Why.
    pub reason: ReasonId,
    /// When it began; `None` = now.
    pub started_at: Option<Time>,
    /// When it ended; `None` = when it began.
    pub ended_at: Option<Time>,
    /// Whether it goes on: the goods move at its start.
    pub is_ongoing: bool,
    /// The name of the row of stock.
    pub inventory_name: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Free fields.
    pub spares: [Option<String>; 3],
    /// The open run that it ends, with its ULID.
    pub ends: Option<(RunId, String)>,
    /// Whether it only begins: the lots are found or made, and nothing moves.
    pub is_start: bool,
    /// The operation it is made by, with its name.
    pub operation: Option<(OperationId, String)>,
    /// What it is part of: of a process alone the record and the order that are current now are taken.
    pub link: Link,
    /// Whether what it produces counts for the production order.
    pub counts_order: bool,
}

/// Does all of these actions, or none.
///
/// Errors: [`Error::Invalid`] with every fault, each with the index of its action: `required`, `unknownLot`,
/// `unknownLocation`, `noConversion`, `lotOfAnotherProduct`, `notTracked`, `singleLot`, `otherProduct`,
/// `noCapacity`, `lotNotAvailable`, `lotDisabled`, `productDisabled`, `locationDisabled`, `insufficientStock`,
/// `periodClosed` …; forbidden where one of the places
/// is out of reach. Cost: a fixed number of statements for the accounts and the facts, a few for each place
/// that has a capacity or a storage rule.
#[derive(Clone, Debug)]
pub struct Execute {
    /// In this order.
    pub actions: Vec<Action>,
    /// Where the one who asks may act.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Executed {
    /// The ids of the runs of each action; the first is the one that answers for it.
    pub runs: Vec<Vec<i64>>,
    /// The batch of their movements; 0 = nothing moved.
    pub batch: i64,
    /// The ledger's end after it.
    pub position: i64,
}

/// So many actions are done at once at most.
pub const ACTIONS_MAX: usize = 1_000;

/// A run that is going to be recorded.
struct Planned {
    /// Which action it belongs to.
    action: usize,
    run: Run,
    /// Its flows, by their places in the list of all.
    flows: Vec<usize>,
    /// Which lot becomes which: the flow in and the flow out.
    edges: Vec<(usize, usize)>,
}

/// What the actions come to.
#[derive(Default)]
struct Plan {
    flows: Vec<Flow>,
    runs: Vec<Planned>,
    new_lots: Vec<Lot>,
    lot_changes: Vec<(LotId, LotStatus)>,
    faults: Vec<Violation>,
}

impl Change for Execute {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if self.actions.len() > ACTIONS_MAX {
            let message = format!("{} actions are too many; send at most {ACTIONS_MAX} at once", self.actions.len());
            return Err(Error::Invalid(vec![Violation::new("actions", "tooMany", message)]));
        }
        let answer = perform(tx, &self.actions, &self.reach)?;
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }

    fn may_share(&self) -> bool {
        self.actions.len() <= 10
    }
}

/// Does actions inside an open transaction. Where it fails for a fault, nothing was written.
pub(super) fn perform(tx: &mut Tx<'_>, actions: &[Action], reach: &Reach) -> Result<Executed, Error> {
    let structure = tx.engine.structure(tx.conn, tx.tenant)?;
    let mut desk = Desk::new(tx.tenant, structure, true);
    let linked = production::link(tx, actions)?;
    let actions = linked.as_deref().unwrap_or(actions);
    let mut plan = plan::plan(tx, &mut desk, actions, reach)?;
    let produced = production::produced(tx, &desk, actions, &mut plan)?;
    if !plan.faults.is_empty() {
        return Err(Error::Invalid(plan.faults));
    }
    let booked = decide_flows(tx, &mut desk, &plan.flows)?;
    table::production_order::count(tx.conn, tx.tenant, &produced)?;
    write(tx, actions, &mut plan, booked)
}

/// Reads what the flows touch, and decides them.
fn decide_flows(tx: &mut Tx<'_>, desk: &mut Desk, flows: &[Flow]) -> Result<Booked, Error> {
    if flows.is_empty() {
        return Ok(Booked::default());
    }
    let mut wanted = Wanted::default();
    let mut times: BTreeSet<(AccountKey, Time)> = BTreeSet::new();
    for flow in flows {
        let entry = &flow.entry;
        wanted.instances.extend(&entry.instances);
        for place in [entry.location, flow.other].into_iter().filter(|place| place.is_real()) {
            for lot in entry.instances.iter().copied().chain([entry.lot]) {
                let stock = stock_key(entry.product, entry.variant, lot, place);
                let pool = pool_key(&desk.catalog, entry.product, entry.variant, lot, place);
                for key in [Some(stock), pool].into_iter().flatten() {
                    wanted.accounts.insert(key);
                    times.insert((key, entry.effective_at));
                }
            }
        }
    }
    let times: Vec<_> = times.into_iter().collect();
    desk.load_accounts(tx.conn, tx.engine, &wanted, &times)?;
    for _ in 0..ROUNDS_MAX {
        let mut fresh = desk.ids.clone();
        match decide(&desk.ledger, &desk.catalog, flows, &mut fresh) {
            Ok(booked) => {
                if desk.ask_for_new(tx.conn, tx.engine, &booked.touched)? {
                    continue;
                }
                desk.ids = fresh;
                return Ok(booked);
            }
            Err(Stop::Missing(missing)) => desk.supply(tx.conn, tx.engine, missing)?,
            Err(Stop::Faults(faults)) => {
                let violations = faults.into_iter().map(|fault| {
                    let field = match fault.code {
                        "lotNotAvailable" | "unknownLot" | "lotNotInStock" => "lot",
                        "periodClosed" => "endedAt",
                        "unknownProduct" => "product",
                        "unknownLocation" => "from",
                        "noConversion" => "unit",
                        _ => "quantity",
                    };
                    Violation::at(fault.entry.0 as usize, field, fault.code, fault.message)
                });
                return Err(Error::Invalid(violations.collect()));
            }
        }
    }
    Err(Error::Internal("actions keep asking for the same part of a timeline".to_owned()))
}

fn write(tx: &mut Tx<'_>, actions: &[Action], plan: &mut Plan, mut booked: Booked) -> Result<Executed, Error> {
    let batch = if booked.movements.is_empty() { BatchId(0) } else { BatchId(tx.ids("batch", 1)?) };
    let lines = |flow: usize| {
        let of_flow = booked.sources.iter().enumerate().filter(move |(_, source)| **source == flow);
        of_flow.map(|(line, _)| line)
    };
    let quantity_of =
        |flow: usize| -> Quantity { Quantity(lines(flow).map(|line| booked.movements[line].quantity.0).sum()) };
    let mut edges = Vec::new();
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
    for movement in &mut booked.movements {
        movement.entry = EntryId(0);
    }
    let cost_links = cost_links(&booked);
    if batch.0 == 0 {
        let lots: Vec<(String, Lot)> = plan.new_lots.drain(..).map(|lot| (tx.uid(), lot)).collect();
        table::catalog::insert_lots(tx.conn, tx.tenant, &lots, tx.now, tx.person.0)?;
        table::catalog::set_lot_statuses(tx.conn, tx.tenant, &plan.lot_changes, tx.now, tx.person.0)?;
    } else {
        let batches = [Batch {
            id: batch,
            kind: BatchKind::Operation,
            booking: BookingId(0),
            movements: std::mem::take(&mut booked.movements),
            counts: Vec::new(),
            value_entries: Vec::new(),
            value_facts: Vec::new(),
            values_undone: Vec::new(),
            cost_links,
            new_lots: std::mem::take(&mut plan.new_lots),
            lot_changes: std::mem::take(&mut plan.lot_changes),
            booked_by: tx.person,
            reason: None,
            uses: std::mem::take(&mut booked.uses),
            compensations: std::mem::take(&mut booked.compensations),
        }];
        append(tx.conn, tx.engine, tx.tenant, &batches, &booked.touched, tx.now, |_| {})?;
        tx.wake_worker();
    }
    let runs: Vec<Run> = plan.runs.iter().map(|planned| planned.run.clone()).collect();
    let (ended, new): (Vec<Run>, Vec<Run>) = runs
        .iter()
        .cloned()
        .partition(|run| actions.iter().any(|action| action.ends.as_ref().is_some_and(|(id, _)| *id == run.id)));
    table::run::insert(tx.conn, tx.tenant, &new, tx.now, tx.person.0)?;
    for run in &ended {
        table::run::finish(tx.conn, tx.tenant, run, tx.now, tx.person.0)?;
    }
    table::run::insert_edges(tx.conn, tx.tenant, &edges)?;
    table::inventory_row::note_flows(tx.conn, tx.tenant, &rows_named(plan), tx.now, tx.person.0)?;
    let mut of_action: Vec<Vec<i64>> = vec![Vec::new(); actions.len()];
    for planned in &plan.runs {
        of_action[planned.action].push(planned.run.id.0);
    }
    for (ids, action) in of_action.iter_mut().zip(actions) {
        // Of several, the last one is what the action came to; of lots that were scrapped together, the first.
        if action.kind != Some(ActionKind::ScrapAll) {
            ids.reverse();
        }
    }
    let names: BTreeSet<&str> = runs.iter().map(|run| run.kind.name()).collect();
    let detail = names.into_iter().collect::<Vec<_>>().join(", ");
    tx.audit("execute", format!("{} runs", runs.len()), Some(detail));
    Ok(Executed { runs: of_action, batch: batch.0, position: table::header::position(tx.conn, tx.tenant)? })
}

/// What the runs say of the rows of stock that they changed: the name where goods arrive, the notes everywhere.
fn rows_named(plan: &Plan) -> Vec<(AccountKey, Option<String>, Option<String>)> {
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
                    rows.push((key, name, notes.clone()));
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

/// A run before its movements are known.
fn new_run(id: RunId, uid: String, kind: RunKind, action: &Action, now: Time) -> Run {
    let started_at = action.started_at.or(action.ended_at).unwrap_or(now);
    let is_open = action.is_ongoing || action.is_start;
    Run {
        id,
        uid,
        kind,
        product: ProductId(0),
        lot: LotId(0),
        secondary_product: ProductId(0),
        secondary_lot: LotId(0),
        from: action.from.unwrap_or_default(),
        to: action.to.unwrap_or_default(),
        operation: action.operation.as_ref().map(|(id, _)| *id).unwrap_or_default(),
        operation_name: action.operation.as_ref().map(|(_, name)| name.clone()),
        status: if is_open { RunStatus::Running } else { RunStatus::Completed },
        quantity: action.quantity.unwrap_or(Quantity::ZERO),
        unit: UnitId(0),
        primary_quantity: Quantity::ZERO,
        secondary_quantity: Quantity::ZERO,
        lot_status: LotStatus::Open,
        started_at,
        ended_at: if is_open { None } else { Some(action.ended_at.unwrap_or(started_at)) },
        batch: BatchId(0),
        first_line: 0,
        last_line: -1,
        reason: action.reason,
        inventory_name: action.inventory_name.clone(),
        notes: action.notes.clone(),
        spares: action.spares.clone(),
        link: action.link,
        order_counted: Quantity::ZERO,
        is_note: false,
        is_enabled: true,
    }
}
