//! Runs that happen at once: lots are consumed, made, moved, split, merged, scrapped, shipped.

mod plan;
pub(super) mod production;
mod record;

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::booking::{Booked, Stop, Wanted, pool_key, run as decide, stock_key};
use lotbook_domain::catalog::{Lot, LotStatus};
use lotbook_domain::id::{BatchId, LocationId, LotId, OperationId, ProductId, ReasonId, ReservationId, RunId, UnitId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::{Flow, RunKind};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::desk::{Desk, ROUNDS_MAX};
use crate::error::Error;
use crate::table;
use crate::table::run::{Link, Run, RunStatus};
use crate::write::{Change, Request, Tx};

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
    /// The reservation that what it takes is taken of, as far as that covers it and is open; of one that only begins,
    /// what it takes when it ends.
    pub reservation: Option<ReservationId>,
}

/// Does all of these actions, or none.
///
/// Errors: [`Error::Invalid`] with every fault, each with the index of its action: `required`, `unknownLot`,
/// `unknownLocation`, `noConversion`, `lotOfAnotherProduct`, `notTracked`, `singleLot`, `otherProduct`,
/// `noCapacity`, `lotNotAvailable`, `lotDisabled`, `productDisabled`, `locationDisabled`, `insufficientStock`,
/// `unknownReservation`, `reservationNotOpen`, `reservationMismatch`, `periodClosed` …; forbidden where one of the places
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

/// What the actions of one request come to.
#[derive(Default)]
struct Plan {
    flows: Vec<Flow>,
    runs: Vec<Planned>,
    new_lots: Vec<Lot>,
    lot_changes: Vec<(LotId, LotStatus)>,
    /// Lots of which nothing is left after all of it, and what they are then.
    left: Vec<(LotId, LotStatus)>,
    faults: Vec<Violation>,
}

impl Plan {
    /// Takes away what came after this mark, as a plan that stands by itself.
    fn split_off(&mut self, mark: Mark) -> Self {
        let mut rest = Self {
            flows: self.flows.split_off(mark.flows),
            runs: self.runs.split_off(mark.runs),
            new_lots: self.new_lots.split_off(mark.new_lots),
            lot_changes: self.lot_changes.split_off(mark.lot_changes),
            left: Vec::new(),
            faults: Vec::new(),
        };
        for source in rest.flows.iter_mut().filter_map(|flow| flow.cost_of.as_mut()) {
            *source -= mark.flows;
        }
        for planned in &mut rest.runs {
            planned.flows.iter_mut().for_each(|flow| *flow -= mark.flows);
            for (input, output) in &mut planned.edges {
                (*input, *output) = (*input - mark.flows, *output - mark.flows);
            }
        }
        rest
    }

    /// The lots that it moves or changes.
    fn lots(&self) -> impl Iterator<Item = LotId> {
        let flows = self.flows.iter().map(|flow| flow.entry.lot);
        let runs = self.runs.iter().flat_map(|planned| [planned.run.lot, planned.run.secondary_lot]);
        flows.chain(runs).chain(self.lot_changes.iter().map(|(lot, _)| *lot)).filter(|lot| lot.0 != 0)
    }
}

/// How far a plan was when the actions of a request began.
#[derive(Clone, Copy, Default)]
struct Mark {
    flows: usize,
    runs: usize,
    new_lots: usize,
    lot_changes: usize,
}

/// What one of several requests asks for: all of its actions or none, in a batch of their own.
pub(super) struct Part<'p> {
    /// In this order.
    pub(super) actions: &'p [Action],
    /// Where the one who asks may act.
    pub(super) reach: &'p Reach,
    /// Who asks and when; `None` = the one whom the transaction speaks for.
    pub(super) request: Option<&'p Request>,
}

/// Parts that cannot be done together with the others, by their places in the list, and why.
pub(super) type Refused = BTreeMap<usize, Error>;

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
    let parts = [Part { actions, reach, request: None }];
    match perform_each(tx, &parts)? {
        Ok(mut executed) => executed.pop().ok_or_else(|| Error::Internal("one part has one answer".to_owned())),
        Err(mut refused) => Err(refused
            .pop_first()
            .map_or_else(|| Error::Internal("a part was refused without a reason".to_owned()), |(_, error)| error)),
    }
}

/// Does what several requests ask for, one after the other, each seeing those before it: planned and decided in
/// memory, and written together, so that the number of statements does not depend on how many they are. Where
/// some are refused, or depend on each other in a way that only the ledger can tell, nothing was written and
/// they are named: the others can be done without them.
pub(super) fn perform_each(tx: &mut Tx<'_>, parts: &[Part<'_>]) -> Result<Result<Vec<Executed>, Refused>, Error> {
    let structure = tx.engine.structure(tx.conn, tx.tenant)?;
    let mut desk = Desk::new(tx.tenant, structure, true);
    let all: Vec<&Action> = parts.iter().flat_map(|part| part.actions).collect();
    let linked = production::link(tx, &all)?;
    let all: Vec<&Action> = match &linked {
        Some(linked) => linked.iter().collect(),
        None => all,
    };
    let (mut plan, marks, mut refused, seen) = plan::plan(tx, &mut desk, parts, &all)?;
    let produced = production::produced(tx, &desk, &all, &mut plan)?;
    let part_of = |action: usize| {
        let mut ends = parts.iter().scan(0, |end, part| {
            *end += part.actions.len();
            Some(*end)
        });
        ends.position(|end| action < end).unwrap_or(0)
    };
    for fault in std::mem::take(&mut plan.faults) {
        let part = fault.index.map_or(0, part_of);
        // Who may not act there is told so, and nothing about what is there.
        if let Error::Invalid(faults) = refused.entry(part).or_insert_with(|| Error::Invalid(Vec::new())) {
            faults.push(fault);
        }
    }
    let mut plans: Vec<Plan> = marks.iter().rev().map(|mark| plan.split_off(*mark)).collect();
    plans.reverse();
    for (lot, status) in std::mem::take(&mut plan.left) {
        // Whoever took the last of it has said so.
        if let Some(last) = plans.iter_mut().rfind(|plan| plan.lots().any(|of_plan| of_plan == lot)) {
            last.lot_changes.push((lot, status));
        }
    }
    if parts.len() > 1 {
        refuse_entangled(&plans, &mut refused);
    }
    if !refused.is_empty() {
        return Ok(Err(refused));
    }
    load(tx, &mut desk, &plans)?;
    // A plan that takes the difference to what stands there is made anew where that was moved before it was locked.
    if !desk.ledger.accounts.values().all(|account| seen.still_holds(account)) {
        return Err(tx.conn.begin_again("what stands there was moved meanwhile, so it is planned anew; try again"));
    }
    let mut booked: Vec<Booked> = Vec::with_capacity(parts.len());
    for (at, plan) in plans.iter().enumerate() {
        match decide_flows(tx, &mut desk, &plan.flows)? {
            Ok(mut decided) => {
                desk.ledger.reserved.consume(&decided.uses);
                let touched = std::mem::take(&mut decided.touched);
                desk.touched.extend(touched.iter().map(|account| account.key));
                desk.ledger.apply(touched);
                booked.push(decided);
            }
            Err(faults) => {
                // What the others come to may hang on it.
                refused.insert(at, Error::Invalid(faults));
                return Ok(Err(refused));
            }
        }
    }
    table::production_order::count(tx.conn, tx.tenant, &produced)?;
    record::write(tx, &desk, parts, &all, plans, booked).map(Ok)
}

/// A lot whose status changes because nothing is left of it, or because somebody says so, may be refused to
/// whoever names it after that: in the same list only one of its parts may have to do with it.
fn refuse_entangled(plans: &[Plan], refused: &mut Refused) {
    let changed: BTreeSet<LotId> = plans.iter().flat_map(|plan| plan.lot_changes.iter().map(|(lot, _)| *lot)).collect();
    if changed.is_empty() {
        return;
    }
    for (at, plan) in plans.iter().enumerate() {
        let entangled = plan.lots().find(|lot| {
            changed.contains(lot)
                && plans.iter().enumerate().any(|(other, plan)| other != at && plan.lots().any(|l| l == *lot))
        });
        if let Some(lot) = entangled {
            refused.entry(at).or_insert_with(|| Error::Busy(format!("lot {lot} is changed beside others that use it")));
        }
    }
}

/// Reads what the flows touch.
fn load(tx: &mut Tx<'_>, desk: &mut Desk, plans: &[Plan]) -> Result<(), Error> {
    let mut wanted = Wanted::default();
    let mut times: BTreeSet<(AccountKey, Time)> = BTreeSet::new();
    for flow in plans.iter().flat_map(|plan| &plan.flows) {
        let entry = &flow.entry;
        wanted.instances.extend(&entry.instances);
        wanted.reservations.extend(Some(entry.reservation).filter(|id| id.0 != 0));
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
    if wanted.accounts.is_empty() {
        return Ok(());
    }
    let times: Vec<_> = times.into_iter().collect();
    desk.load_accounts(tx.conn, tx.engine, &wanted, &times)
}

/// Decides flows by what is on the desk.
fn decide_flows(tx: &mut Tx<'_>, desk: &mut Desk, flows: &[Flow]) -> Result<Result<Booked, Vec<Violation>>, Error> {
    if flows.is_empty() {
        return Ok(Ok(Booked::default()));
    }
    for _ in 0..ROUNDS_MAX {
        let mut fresh = desk.ids.clone();
        match decide(&desk.ledger, &desk.catalog, flows, &mut fresh) {
            Ok(booked) => {
                if desk.ask_for_new(tx.conn, tx.engine, &booked.touched)? {
                    continue;
                }
                desk.ids = fresh;
                return Ok(Ok(booked));
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
                        "reservationNotOpen" | "reservationMismatch" => "reservation",
                        _ => "quantity",
                    };
                    Violation::at(fault.entry.0 as usize, field, fault.code, fault.message)
                });
                return Ok(Err(violations.collect()));
            }
        }
    }
    Err(Error::Internal("actions keep asking for the same part of a timeline".to_owned()))
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
        reservation: action.reservation.unwrap_or_default(),
        is_note: false,
        is_enabled: true,
    }
}
