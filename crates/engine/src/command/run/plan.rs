//! From actions to flows: lots are found or made, places looked at, and every fault is named.

mod correction;
mod flow;
mod lot;
mod merge;
mod reserved;
mod room;
mod scrap;

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::catalog::{Product, fold};
use lotbook_domain::id::{LocationId, LotId, ProductId, ReservationId, UnitId};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind};
use lotbook_domain::location::Location;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Reservation;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use merge::Merging;

use super::{Action, ActionKind, LotNamed, Mark, Part, Plan, Planned, Refused};
use crate::command::Reach;
use crate::desk::Desk;
use crate::error::Error;
use crate::table;
use crate::write::Tx;

/// A lot with its product.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Piece {
    product: ProductId,
    lot: LotId,
}

/// A quantity and its unit as entered.
#[derive(Clone, Copy)]
struct Amount {
    quantity: Quantity,
    unit: UnitId,
}

/// What stood at places when a plan was made.
#[derive(Default)]
pub(super) struct Seen {
    places: BTreeSet<LocationId>,
    quantities: BTreeMap<AccountKey, i64>,
}

impl Seen {
    /// Whether an account holds what the plan was made by, as far as it looked there.
    pub(super) fn still_holds(&self, account: &Account) -> bool {
        let seen = || self.quantities.get(&account.key).copied().unwrap_or(0);
        account.key.kind != AccountKind::Stock
            || !self.places.contains(&account.key.place)
            || account.timeline.root().quantity.0 == seen()
    }
}

struct Planner<'p, 'c> {
    tx: &'p mut Tx<'c>,
    desk: &'p mut Desk,
    reach: &'p Reach,
    plan: Plan,
    /// Lots that became part of others where these arrived.
    merged: BTreeSet<LotId>,
    /// Lots that become part of others where they arrive, once they have.
    merging: Vec<Merging>,
    /// What stands at places that were looked at, with what the actions so far bring and take.
    standing: BTreeMap<LocationId, BTreeMap<AccountKey, i64>>,
    /// What stood there when it was looked at; nobody had locked it.
    seen: Seen,
    /// So many days after it was made a new lot of a product expires.
    shelf_lives: BTreeMap<ProductId, i64>,
    /// The reservations that actions name, as they were when it was planned; nobody had locked them.
    reservations: BTreeMap<ReservationId, Reservation>,
    /// When the action at hand began.
    started_at: Time,
    /// When it moves what it moves.
    moves_at: Time,
    /// The action at hand.
    index: usize,
    /// Whether the action at hand ends what began before: what was disabled since does not keep it from that.
    is_end: bool,
    is_forbidden: bool,
}

/// Plans the actions of all parts in one list: how far it was where each part begins, who may not act where
/// he wants to, and what it was made by. `actions` are those of all parts, with what they are linked to.
pub(super) fn plan(
    tx: &mut Tx<'_>,
    desk: &mut Desk,
    parts: &[Part<'_>],
    actions: &[&Action],
) -> Result<(Plan, Vec<Mark>, Refused, Seen), Error> {
    read_catalog(tx, desk, actions)?;
    let shelf_lives = table::catalog::shelf_lives(tx.conn, tx.tenant, desk.catalog.products.keys().copied())?;
    let reservations = read_reservations(tx, actions)?;
    let now = tx.now;
    let mut planner = Planner {
        tx,
        desk,
        reach: &Reach::All,
        plan: Plan::default(),
        merged: BTreeSet::new(),
        merging: Vec::new(),
        standing: BTreeMap::new(),
        seen: Seen::default(),
        shelf_lives,
        reservations,
        started_at: now,
        moves_at: now,
        index: 0,
        is_end: false,
        is_forbidden: false,
    };
    planner.check_reasons(actions)?;
    let mut marks = Vec::with_capacity(parts.len());
    let mut refused = Refused::new();
    let mut actions = actions.iter().enumerate();
    for (at, part) in parts.iter().enumerate() {
        marks.push(planner.mark());
        if let Some(request) = part.request {
            planner.tx.speak_for(request);
        }
        (planner.reach, planner.is_forbidden) = (part.reach, false);
        for (index, action) in actions.by_ref().take(part.actions.len()) {
            planner.index = index;
            planner.is_end = action.ends.is_some();
            planner.started_at = action.started_at.or(action.ended_at).unwrap_or(planner.tx.now);
            let goes_on = action.is_ongoing || action.is_start;
            planner.moves_at = action.ended_at.filter(|_| !goes_on).unwrap_or(planner.started_at);
            let before = planner.mark();
            planner.action(action)?;
            planner.take_of_reservation(action, before);
        }
        if planner.is_forbidden {
            let message = "some of these places belong to org units where you may not do this".to_owned();
            refused.insert(at, Error::Forbidden { message });
        }
    }
    planner.note_left()?;
    Ok((planner.plan, marks, refused, planner.seen))
}

/// Reads the products and lots that are named.
fn read_catalog(tx: &mut Tx<'_>, desk: &mut Desk, actions: &[&Action]) -> Result<(), Error> {
    let named = || actions.iter().flat_map(|action| [&action.lot, &action.secondary_lot]);
    let ids: BTreeSet<LotId> =
        named().filter_map(|lot| if let LotNamed::Id(id) = lot { Some(*id) } else { None }).collect();
    desk.load_catalog(tx.conn, BTreeSet::new(), BTreeSet::new(), ids, BTreeSet::new())?;
    let mut products = BTreeSet::new();
    let mut names = BTreeSet::new();
    for action in actions {
        // A name without a product is one within the product of the other lot.
        let of_lots = [&action.lot, &action.secondary_lot].map(|lot| match lot {
            LotNamed::Id(id) => desk.catalog.lots.get(id).map(|lot| lot.product),
            LotNamed::None | LotNamed::Name(_) => None,
        });
        let own: Vec<ProductId> =
            [action.product, action.secondary_product].into_iter().chain(of_lots).flatten().collect();
        for lot in [&action.lot, &action.secondary_lot] {
            if let LotNamed::Name(name) = lot {
                names.extend(own.iter().map(|product| (*product, fold(name))));
            }
        }
        products.extend(own);
    }
    desk.load_catalog(tx.conn, products, BTreeSet::new(), BTreeSet::new(), BTreeSet::new())?;
    for lot in table::catalog::lots_by_name(tx.conn, tx.tenant, names)? {
        desk.catalog.insert_lot(lot);
    }
    Ok(())
}

/// Reads the reservations that are named: one statement, and none where nobody names one.
fn read_reservations(tx: &mut Tx<'_>, actions: &[&Action]) -> Result<BTreeMap<ReservationId, Reservation>, Error> {
    let named: BTreeSet<ReservationId> = actions.iter().filter_map(|action| action.reservation).collect();
    let found = table::reservation::by_ids(tx.conn, tx.tenant, &named, false)?;
    Ok(found.into_iter().map(|kept| (kept.reservation.id, kept.reservation)).collect())
}

impl Planner<'_, '_> {
    fn mark(&self) -> Mark {
        let plan = &self.plan;
        Mark {
            flows: plan.flows.len(),
            runs: plan.runs.len(),
            new_lots: plan.new_lots.len(),
            lot_changes: plan.lot_changes.len(),
        }
    }

    fn fault(&mut self, field: &'static str, code: &'static str, message: impl Into<String>) {
        self.plan.faults.push(Violation::at(self.index, field, code, message));
    }

    /// A reason may be for one kind of record, and may ask for a comment.
    fn check_reasons(&mut self, actions: &[&Action]) -> Result<(), Error> {
        let named = actions.iter().map(|action| action.reason).filter(|reason| reason.0 != 0);
        let rules = table::catalog::reason_rules(self.tx.conn, self.tx.tenant, named.collect::<BTreeSet<_>>())?;
        for (index, action) in actions.iter().enumerate() {
            let Some(rule) = rules.get(&action.reason) else { continue };
            self.index = index;
            if let Some(message) = action.kind.and_then(|kind| rule.refusal(kind.name())) {
                self.fault("reason", "otherReason", message);
            }
            if rule.asks_for_comment
                && !action.is_start
                && action.notes.as_deref().unwrap_or_default().trim().is_empty()
            {
                self.fault("notes", "required", format!("is missing; the reason {} asks for a comment", rule.name));
            }
        }
        Ok(())
    }

    fn action(&mut self, action: &Action) -> Result<(), Error> {
        match action.kind {
            None => {
                self.fault("kind", "required", "is missing; say what happened");
                Ok(())
            }
            Some(ActionKind::ScrapAll) => self.scrap_all(action),
            Some(ActionKind::ReceiveAndConsume) => self.receive_and_consume(action),
            Some(ActionKind::Run(RunKind::StatusChange)) => self.change_status(action),
            Some(ActionKind::Run(RunKind::Edit)) => self.edit(action),
            Some(ActionKind::Run(RunKind::Merge)) => self.merge(action),
            Some(ActionKind::Run(kind)) => self.one(kind, action),
        }
    }

    /// A run of a kind with one primary lot and maybe a secondary one.
    fn one(&mut self, kind: RunKind, action: &Action) -> Result<(), Error> {
        let faults = self.plan.faults.len();
        let leaves = kind.takes_from_primary();
        let (primary_place, secondary_place) = if leaves { (action.from, action.to) } else { (action.to, action.from) };
        if kind.needs_source() && action.from.is_none() {
            self.fault("from", "required", format!("is missing; {} takes from somewhere", kind.name()));
        }
        if kind.needs_destination() && action.to.is_none() {
            self.fault("to", "required", format!("is missing; {} brings somewhere", kind.name()));
        }
        let amount = self.amount(action);
        let product = self.product(action.product, &action.lot, "product");
        let (Some(amount), Some(product), Some(place)) = (amount, product, primary_place) else { return Ok(()) };
        let Some(place) = self.place(place, if leaves { "from" } else { "to" }) else { return Ok(()) };
        let primary = self.lot(&product, &action.lot, leaves.then_some(&place), "lot", action)?;
        self.check_lot(kind, primary, leaves, "lot");
        if leaves {
            self.check_keeps(place.id, "from");
        }
        if let Some(other) = secondary_place {
            // On record it is one that there is, also where nothing moves there.
            self.place(other, if leaves { "to" } else { "from" });
        }
        let wants_secondary = action.secondary_lot != LotNamed::None || action.secondary_product.is_some();
        let mut secondary = None;
        if kind == RunKind::Split {
            secondary = self.split_off(&product, primary, action)?;
        } else if wants_secondary && kind != RunKind::Move {
            let other = action.secondary_product.or(Some(product.id));
            let other = self.product(other, &action.secondary_lot, "secondaryProduct");
            if let Some(other) = other {
                let from = (!leaves).then_some(secondary_place).flatten();
                let from = from.and_then(|place| self.desk.catalog.locations.get(place).cloned());
                secondary = self.lot(&other, &action.secondary_lot, from.as_ref(), "secondaryLot", action)?;
                self.check_lot(kind, secondary, !leaves, "secondaryLot");
            }
        }
        let Some(primary) = primary else { return Ok(()) };
        if self.plan.faults.len() > faults {
            return Ok(());
        }
        let mut run = self.begin(kind, action, primary, amount.unit)?;
        if let Some(secondary) = secondary {
            (run.secondary_product, run.secondary_lot) = (secondary.product, secondary.lot);
        }
        let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
        // Without a place the secondary lot is on record, and takes no part in the stock.
        let other = secondary.zip(if kind == RunKind::Split { Some(place.id) } else { secondary_place });
        let is_told = match kind {
            RunKind::Move => self.bring(&mut planned, action, primary, &place, amount)?,
            _ if amount.quantity.0 == 0 => true,
            _ => self.turn(&mut planned, primary, &place, other, amount)?,
        };
        if !is_told {
            return Ok(());
        }
        self.merge_arrived(action)?;
        self.plan.runs.push(planned);
        Ok(())
    }

    /// A lot goes from one place to another; `false` where that is not told, and noted.
    fn bring(
        &mut self,
        planned: &mut Planned,
        action: &Action,
        lot: Piece,
        place: &Location,
        amount: Amount,
    ) -> Result<bool, Error> {
        let Some(to) = action.to.and_then(|to| self.place(to, "to")) else { return Ok(false) };
        let at = planned.run.ended_at.unwrap_or(planned.run.started_at);
        let arriving = self.arrive(lot, &to, amount)?;
        if arriving == lot {
            let goes_to = if self.keeps(to.id) { to.id } else { LocationId::PRODUCTION };
            let flow = self.flow(planned.run.kind, lot, amount, at, place.id, false, goes_to);
            planned.flows.push(flow);
        } else {
            self.pair(planned, (lot, place.id), (arriving, to.id), amount, at);
        }
        Ok(true)
    }

    /// A lot leaves its place or comes to be there, into or out of another lot where one takes part; `false` where
    /// it is not told from where or to where, and noted.
    fn turn(
        &mut self,
        planned: &mut Planned,
        primary: Piece,
        place: &Location,
        other: Option<(Piece, LocationId)>,
        amount: Amount,
    ) -> Result<bool, Error> {
        let kind = planned.run.kind;
        let at = planned.run.ended_at.unwrap_or(planned.run.started_at);
        match (kind.takes_from_primary(), other) {
            (true, Some((secondary, to))) => {
                let Some(to) = self.place(to, "to") else { return Ok(false) };
                let arriving = self.arrive(secondary, &to, amount)?;
                self.pair(planned, (primary, place.id), (arriving, to.id), amount, at);
            }
            (false, Some((secondary, from))) => {
                let Some(from) = self.place(from, "from") else { return Ok(false) };
                if !self.check_keeps(from.id, "from") {
                    return Ok(false);
                }
                let arriving = self.arrive(primary, place, amount)?;
                (planned.run.product, planned.run.lot) = (arriving.product, arriving.lot);
                self.pair(planned, (secondary, from.id), (arriving, place.id), amount, at);
            }
            (true, None) => {
                let flow = self.flow(kind, primary, amount, at, place.id, false, kind.outside());
                planned.flows.push(flow);
            }
            (false, None) => {
                let arriving = self.arrive(primary, place, amount)?;
                (planned.run.product, planned.run.lot) = (arriving.product, arriving.lot);
                let flow = self.flow(kind, arriving, amount, at, place.id, true, kind.outside());
                planned.flows.push(flow);
                self.pass_on(planned, arriving, amount, at, place.id);
            }
        }
        Ok(true)
    }

    fn receive_and_consume(&mut self, action: &Action) -> Result<(), Error> {
        if action.from.is_none() {
            self.fault("from", "required", "is missing; what is received there is consumed from there");
            return Ok(());
        }
        let before = self.plan.faults.len();
        let received = Action {
            to: action.from,
            from: None,
            secondary_lot: LotNamed::None,
            secondary_product: None,
            makes_lots: true,
            ends: None,
            // Of a reservation is taken what is consumed.
            reservation: None,
            ..action.clone()
        };
        let runs = self.plan.runs.len();
        self.one(RunKind::Receive, &received)?;
        if self.plan.faults.len() > before {
            return Ok(());
        }
        let lot = self.plan.runs.get(runs).map_or(LotId(0), |planned| planned.run.lot);
        if action.is_start {
            // What is open is the consumption; the receipt comes with its end.
            self.plan.runs.truncate(runs);
        }
        let named = if lot.0 == 0 { LotNamed::None } else { LotNamed::Id(lot) };
        self.one(RunKind::Consume, &Action { lot: named, ..action.clone() })
    }

    fn amount(&mut self, action: &Action) -> Option<Amount> {
        let unit = action.unit.unwrap_or_default();
        match action.quantity {
            None => {
                self.fault("quantity", "required", "is missing; say how much");
                None
            }
            Some(quantity) if quantity.0 < 0 => {
                self.fault("quantity", "negative", format!("is {quantity}; it must be 0 or more"));
                None
            }
            Some(quantity) => Some(Amount { quantity, unit }),
        }
    }

    /// A place that stock can stand in, and where the one who asks may act.
    fn place(&mut self, id: LocationId, field: &'static str) -> Option<Location> {
        let found = self.desk.catalog.locations.get(id).filter(|_| id.is_real()).cloned();
        match &found {
            None => self.fault(field, "unknownLocation", format!("there is no location {id}")),
            Some(_) if !self.reach.includes(self.desk.catalog.locations.org_unit_of(id)) => {
                self.is_forbidden = true;
                return None;
            }
            Some(place) if !place.is_enabled && !self.is_end => {
                let message = format!("location {} is disabled; enable it first", place.path);
                self.fault(field, "locationDisabled", message);
                return None;
            }
            Some(_) => {}
        }
        found
    }

    fn product(&mut self, asked: Option<ProductId>, lot: &LotNamed, field: &'static str) -> Option<Product> {
        let id = match (asked, lot) {
            (Some(id), _) => Some(id),
            (None, LotNamed::Id(lot)) => self.desk.catalog.lots.get(lot).map(|lot| lot.product),
            (None, _) => None,
        };
        let Some(id) = id else {
            self.fault(field, "required", "is missing; name the product, or the lot by its id");
            return None;
        };
        let found = self.desk.catalog.products.get(&id).cloned();
        match &found {
            None => self.fault(field, "unknownProduct", format!("there is no product {id}")),
            Some(product) if !product.is_enabled && !self.is_end => {
                let message = format!("product {} is disabled; enable it first", product.identifier);
                self.fault(field, "productDisabled", message);
                return None;
            }
            Some(_) => {}
        }
        found
    }
}
