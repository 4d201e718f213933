//! Operations: started, stopped, executed, cancelled.
//!
//! What an operation does is a run (see [`super::run`]). Its start finds or makes the lots and opens the
//! run; its stop says how much, and moves it; both in one transaction with the operation's state. Where
//! the stop fails for the stock's sake, the run stays open, the operation is FAULTED and says why, and a
//! later stop tries again.

mod beginning;
mod readiness;
mod reading;
mod together;

use std::collections::BTreeMap;

use lotbook_domain::counter::Counter;
use lotbook_domain::id::{LotId, OperationId, ReservationId, RunId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::trigger::Act;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

pub(super) use reading::Around;

pub use readiness::{action_kind, places_needed, readiness, warnings};
pub use reading::{so_far, tags_of};
pub(crate) use together::operate_together;

use super::run::{Executed, perform};
use super::{Action, ActionKind, LotNamed, Reach};
use crate::error::Error;
use crate::structure::Settings;
use crate::table;
use crate::table::operation::{Operation, State, Tag};
use crate::table::run::{Run, RunStatus};
use crate::thing::kinds;
use crate::thing::reference::{Reference, find};
use crate::write::{Change, Tx};

/// What is done with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Opens a run.
    Start,
    /// Ends the open run, and moves its quantity.
    Stop,
    /// Does both at once; of an operation that runs, it is a stop.
    Execute,
    /// Ends the open run, and moves nothing; a reservation that it named stays as it is.
    Cancel,
}

/// What somebody says beside the operation itself. What is said goes before what is configured.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The primary lot, by ULID or by name.
    pub lot: Option<String>,
    /// The secondary lot, by ULID or by name.
    pub secondary_lot: Option<String>,
    /// The product, by ULID, identifier or path.
    pub product: Option<String>,
    /// How much.
    pub quantity: Option<Quantity>,
    /// What the row of stock is called.
    pub inventory_name: Option<String>,
    /// The reservation that what it takes is taken of; what a start names counts at its stop.
    pub reservation: Option<ReservationId>,
    /// When it began.
    pub started_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// Whether a machine's clock says so: then no time is refused, and what ended before it began ended when
    /// it began, for clocks are set back now and then.
    pub by_clock: bool,
}

/// Starts, stops, executes or cancels an operation.
///
/// Errors: [`Error::NotFound`] the operation; [`Error::Refused`] `wrongState`, `disabled`;
/// [`Error::Invalid`] with what is missing or wrong, fields named as [`Said`] and the operation name them.
/// Where a stop fails for what the ledger says, the answer is an [`Operated`] with `faults`, for the
/// operation's new state is kept.
pub struct Operate {
    /// Which operation.
    pub operation: Reference,
    /// What.
    pub verb: Verb,
    /// With what.
    pub said: Said,
    /// Where the one who asks may act.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operated {
    /// The operation.
    pub operation: i64,
    /// Where it is in its life now.
    pub status: String,
    /// The runs that it opened or ended; the first is the one that answers for it.
    pub runs: Vec<i64>,
    /// Why it is FAULTED: field and message of everything that is wrong.
    pub faults: Vec<(String, String)>,
    /// Whether what it does may make several runs at once.
    #[serde(default)]
    pub makes_several: bool,
}

impl Change for Operate {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let id = OperationId(find(tx.conn, tx.tenant, &kinds::OPERATIONS, &self.operation, 0)?);
        let operation = table::operation::lock(tx.conn, tx.tenant, [id])?
            .pop()
            .ok_or_else(|| Error::not_found("operation", &self.operation))?;
        let answer = operate(tx, &operation, operation.state.clone(), self.verb, &self.said, &self.reach, None)?;
        table::operation::save_states(tx.conn, tx.tenant, &BTreeMap::from([(id, answer.1)]), tx.now)?;
        Ok(serde_json::to_string(&answer.0).expect("an answer is plain data"))
    }

    fn may_share(&self) -> bool {
        true
    }

    fn operates(&self) -> Option<&Operate> {
        Some(self)
    }
}

/// What is wrong with a time that lies further ahead of the clock than the setting `mes.maxClockSkewSeconds` allows.
pub fn too_far_ahead(settings: &Settings, now: Time, at: Time) -> Option<String> {
    let seconds = settings.whole("mes.maxClockSkewSeconds");
    let is_ahead = at.0.saturating_sub(now.0) > seconds * 1_000_000;
    is_ahead.then(|| format!("is {at}, which lies ahead of the server's clock by more than {seconds} seconds"))
}

/// Does it, and answers with the operation's state afterwards, which the caller keeps. `tags` are given
/// where they were read already.
pub(super) fn operate(
    tx: &mut Tx<'_>,
    operation: &Operation,
    state: State,
    verb: Verb,
    said: &Said,
    reach: &Reach,
    tags: Option<&BTreeMap<String, Tag>>,
) -> Result<(Operated, State), Error> {
    let own;
    let tags = if let Some(tags) = tags {
        tags
    } else {
        let paths = tags_of(operation);
        own = table::operation::tags(tx.conn, tx.tenant, paths.iter().map(String::as_str))?;
        &own
    };
    let ahead = ahead_of_utc(tx)?;
    let around = Around { tags, now: tx.now, ahead };
    let hands = Hands { operation, said, reach, around };
    match verb {
        Verb::Start => hands.start(tx, state),
        Verb::Stop => hands.stop(tx, state),
        Verb::Execute if state.is_open() => hands.stop(tx, state),
        Verb::Execute => hands.execute(tx, state),
        Verb::Cancel => hands.cancel(tx, state),
    }
}

/// How far the tenant's local time is ahead of UTC now, in microseconds.
pub(super) fn ahead_of_utc(tx: &mut Tx<'_>) -> Result<i64, Error> {
    let structure = tx.engine.structure(tx.conn, tx.tenant)?;
    Ok(crate::zone::ahead_of_utc(tx.now, &structure.settings.time_zone()))
}

/// Starts or stops an operation at an edge, or with its process. What is in the way makes it FAULTED.
pub(super) fn trigger(
    tx: &mut Tx<'_>,
    operation: &Operation,
    state: State,
    act: Act,
    at: Time,
    tags: Option<&BTreeMap<String, Tag>>,
) -> Result<State, Error> {
    let (verb, said) = match act {
        Act::Start => (Verb::Start, Said { started_at: Some(at), by_clock: true, ..Said::default() }),
        Act::Stop => (Verb::Stop, Said { ended_at: Some(at), by_clock: true, ..Said::default() }),
    };
    let state = match operate(tx, operation, state.clone(), verb, &said, &Reach::All, tags) {
        Ok((_, state)) => state,
        Err(Error::Invalid(faults)) => State { status: "FAULTED".to_owned(), fault: Some(told(&faults)), ..state },
        Err(Error::Refused { message, .. }) => State { status: "FAULTED".to_owned(), fault: Some(message), ..state },
        Err(error) => return Err(error),
    };
    // Nobody waits for the answer, so that it is on record beside the state, which the next edge changes.
    if let Some(fault) = state.fault.as_ref().filter(|_| state.status == "FAULTED") {
        let what = if act == Act::Start { "start" } else { "stop" };
        let detail = format!("could not {what} by its trigger at {at}: {fault}");
        tx.audit("fault", format!("operation {}", operation.id), Some(detail));
    }
    Ok(state)
}

struct Hands<'h> {
    operation: &'h Operation,
    said: &'h Said,
    reach: &'h Reach,
    around: Around<'h>,
}

type Outcome = Result<(Operated, State), Error>;

impl Hands<'_> {
    fn wrong_state(&self, what: &str) -> Error {
        Error::refused("wrongState", format!("the operation {} {what}", self.operation.name))
    }

    fn answer(&self, state: State, runs: Vec<i64>) -> (Operated, State) {
        let operated = Operated {
            operation: self.operation.id.0,
            status: state.status.clone(),
            runs,
            faults: Vec::new(),
            makes_several: matches!(self.operation.kind.as_str(), "SCRAP_ALL" | "RECEIVE_AND_CONSUME"),
        };
        (operated, state)
    }

    fn start(&self, tx: &mut Tx<'_>, state: State) -> Outcome {
        let (action, counter) = self.to_start(tx, &state)?;
        let mut runs = Vec::new();
        if action.kind != Some(ActionKind::ScrapAll) {
            runs = self.perform(tx, action)?;
        }
        Ok(self.started(state, counter, runs))
    }

    /// What a start does, and what the counter says.
    fn to_start(&self, tx: &mut Tx<'_>, state: &State) -> Result<(Action, Option<Counter>), Error> {
        if state.is_open() {
            return Err(self.wrong_state("runs already; stop or cancel it first"));
        }
        self.check_enabled()?;
        let action = self.beginning(tx, Verb::Start)?;
        if action.kind == Some(ActionKind::ScrapAll) && action.reservation.is_some() {
            // Its start opens no run that could keep it.
            let message = "is named when it stops, for only then is it known what is scrapped; leave it out here";
            return Err(invalid("reservation", "notYet", message));
        }
        Ok((action, self.first_reading()?))
    }

    fn started(&self, state: State, counter: Option<Counter>, runs: Vec<i64>) -> (Operated, State) {
        let run = RunId(runs.first().copied().unwrap_or(0));
        let state = State { status: "RUNNING".to_owned(), run, fault: None, counter, ..state };
        self.answer(state, runs)
    }

    fn execute(&self, tx: &mut Tx<'_>, state: State) -> Outcome {
        let action = self.to_execute(tx)?;
        let runs = self.perform(tx, action)?;
        Ok(self.completed(state, runs))
    }

    fn completed(&self, state: State, runs: Vec<i64>) -> (Operated, State) {
        let state = State { status: "COMPLETED".to_owned(), run: RunId(0), fault: None, counter: None, ..state };
        self.answer(state, runs)
    }

    /// What an execution does.
    fn to_execute(&self, tx: &mut Tx<'_>) -> Result<Action, Error> {
        self.check_enabled()?;
        let mut action = self.beginning(tx, Verb::Execute)?;
        if action.kind != Some(ActionKind::ScrapAll) {
            action.quantity = Some(match (self.said.quantity, self.operation.quantity.0.as_str()) {
                (Some(quantity), _) => quantity,
                (None, "EXPRESSION") if self.operation.is_counter => {
                    let message = "is missing; a counter says how much only between a start and a stop";
                    return Err(invalid("quantity", "required", message));
                }
                (None, "EXPRESSION") => self.direct()?,
                (None, _) => return Err(invalid("quantity", "required", "is missing; say how much")),
            });
        }
        Ok(action)
    }

    fn perform(&self, tx: &mut Tx<'_>, action: Action) -> Result<Vec<i64>, Error> {
        let executed: Executed = perform(tx, &[action], self.reach)?;
        Ok(executed.runs.into_iter().flatten().collect())
    }

    fn stop(&self, tx: &mut Tx<'_>, state: State) -> Outcome {
        let action = match self.to_stop(tx, &state, None) {
            Ok(action) => action,
            Err(Error::Invalid(faults)) if faults.iter().all(|fault| fault.code == "noReading") => {
                return self.fault(tx, state, &faults);
            }
            Err(error) => return Err(error),
        };
        match self.perform(tx, action) {
            Ok(runs) => Ok(self.completed(state, runs)),
            Err(Error::Invalid(faults)) => self.fault(tx, state, &faults),
            Err(error) => Err(error),
        }
    }

    /// Nothing was written; the run stays open, and the operation says why.
    fn fault(&self, tx: &mut Tx<'_>, state: State, faults: &[Violation]) -> Outcome {
        if state.run.0 != 0 {
            let status = (state.run, RunStatus::Faulted, None);
            table::run::set_status(tx.conn, tx.tenant, status, tx.now, tx.person.0)?;
        }
        let run = state.run.0;
        let state = State { status: "FAULTED".to_owned(), fault: Some(told(faults)), ..state };
        let (operated, state) = self.answer(state, if run == 0 { Vec::new() } else { vec![run] });
        let faults = faults.iter().map(|fault| (fault.field.to_owned(), fault.message.clone())).collect();
        Ok((Operated { faults, ..operated }, state))
    }

    fn cancel(&self, tx: &mut Tx<'_>, state: State) -> Outcome {
        if !state.is_open() {
            return Err(self.wrong_state("does not run; there is nothing to cancel"));
        }
        let mut runs = Vec::new();
        if state.run.0 != 0 {
            let status = (state.run, RunStatus::Cancelled, Some(tx.now));
            table::run::set_status(tx.conn, tx.tenant, status, tx.now, tx.person.0)?;
            runs.push(state.run.0);
        }
        tx.audit("cancel", format!("operation {}", self.operation.id), None);
        let state = State { status: "CANCELLED".to_owned(), run: RunId(0), fault: None, counter: None, ..state };
        Ok(self.answer(state, runs))
    }

    /// What runs is let run to its stop; nothing new begins.
    fn check_enabled(&self) -> Result<(), Error> {
        if self.operation.is_enabled {
            return Ok(());
        }
        let message = format!("the operation {} is disabled; enable it first", self.operation.name);
        Err(Error::refused("disabled", message))
    }

    fn check_times(&self, tx: &mut Tx<'_>, wrong: &mut Vec<Violation>) -> Result<(), Error> {
        if self.said.by_clock || (self.said.started_at.is_none() && self.said.ended_at.is_none()) {
            return Ok(());
        }
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        for (field, at) in [("startedAt", self.said.started_at), ("endedAt", self.said.ended_at)] {
            if let Some(message) = at.and_then(|at| too_far_ahead(&structure.settings, tx.now, at)) {
                wrong.push(Violation::new(field, "inTheFuture", message));
            }
        }
        if let (Some(start), Some(end)) = (self.said.started_at, self.said.ended_at)
            && start > end
        {
            wrong.push(Violation::new("endedAt", "beforeStart", format!("{end} is before the start, {start}")));
        }
        Ok(())
    }

    /// What a stop does: the action that ends the open run, which is given where it was read already.
    fn to_stop(&self, tx: &mut Tx<'_>, state: &State, run: Option<Run>) -> Result<Action, Error> {
        if !state.is_open() {
            return Err(self.wrong_state("does not run; start it first"));
        }
        if self.said.quantity.is_some_and(|quantity| quantity.0 < 0) {
            return Err(invalid("quantity", "negative", "is below 0; a run moves 0 or more"));
        }
        let operation = self.operation;
        let kind = action_kind(&operation.kind)
            .ok_or_else(|| Error::Internal(format!("operations do not {}", operation.kind)))?;
        if kind == ActionKind::ScrapAll {
            let mut action = self.beginning(tx, Verb::Stop)?;
            action.ended_at = self.said.ended_at;
            return Ok(action);
        }
        let run = match run {
            Some(run) => Some(run),
            None => table::run::by_ids(tx.conn, tx.tenant, &[state.run])?.pop(),
        };
        let run = run.ok_or_else(|| Error::Internal(format!("the open run {} is gone", state.run)))?;
        let mut wrong = Vec::new();
        self.check_times(tx, &mut wrong)?;
        let mut ended_at = self.said.ended_at.unwrap_or(tx.now.max(run.started_at));
        if self.said.by_clock {
            ended_at = ended_at.max(run.started_at);
        }
        if ended_at < run.started_at {
            let message = format!("{ended_at} is before the start, {}", run.started_at);
            wrong.push(Violation::new("endedAt", "beforeStart", message));
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let quantity = match (self.said.quantity, operation.quantity.0.as_str()) {
            (Some(quantity), _) => quantity,
            (None, "EXPRESSION") if operation.is_counter => self.counted(state)?,
            (None, "EXPRESSION") => self.direct()?,
            (None, _) => return Err(invalid("quantity", "required", "is missing; say how much")),
        };
        let named = |lot: LotId| if lot.0 == 0 { LotNamed::None } else { LotNamed::Id(lot) };
        Ok(Action {
            // The open record of both is the consumption.
            kind: Some(if kind == ActionKind::ReceiveAndConsume { kind } else { ActionKind::Run(run.kind) }),
            quantity: Some(quantity),
            unit: Some(run.unit).filter(|unit| unit.0 != 0),
            product: Some(run.product),
            lot: named(run.lot),
            secondary_product: Some(run.secondary_product).filter(|id| id.0 != 0),
            secondary_lot: named(run.secondary_lot),
            from: Some(run.from).filter(|place| place.0 != 0),
            to: Some(run.to).filter(|place| place.0 != 0),
            reason: run.reason,
            started_at: Some(run.started_at),
            ended_at: Some(ended_at),
            inventory_name: self.said.inventory_name.clone().or(run.inventory_name),
            notes: run.notes,
            spares: run.spares,
            ends: Some((run.id, run.uid)),
            operation: Some((operation.id, operation.name.clone())),
            link: run.link,
            counts_order: operation.counts_order,
            reservation: self.said.reservation.or(Some(run.reservation).filter(|id| id.0 != 0)),
            ..Action::default()
        })
    }
}

fn invalid(field: &'static str, code: &'static str, message: &str) -> Error {
    Error::Invalid(vec![Violation::new(field, code, message)])
}

/// What is wrong, in one sentence after the other.
fn told(faults: &[Violation]) -> String {
    let each: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.field, fault.message)).collect();
    each.join("; ")
}
