//! From actions to flows: lots are found or made, places looked at, and every fault is named.

mod lot;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::booking::stock_key;
use lotbook_domain::catalog::{LotStatus, Product, Tracking, fold};
use lotbook_domain::entry::Entry;
use lotbook_domain::id::{EntryId, LocationId, LotId, ProductId, RunId, UnitId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::location::Location;
use lotbook_domain::money::convert;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::{Flow, RunKind};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use room::put;

use super::{Action, ActionKind, LotNamed, Mark, Part, Plan, Planned, Refused, new_run};
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

/// A lot that becomes part of the one that stands where it arrives.
struct Merging {
    lot: Piece,
    into: Piece,
    place: LocationId,
    amount: Amount,
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
    /// So many days after it was made a new lot of a product expires.
    shelf_lives: BTreeMap<ProductId, i64>,
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

/// Plans the actions of all parts in one list: how far it was where each part begins, and who may not act where
/// he wants to. `actions` are those of all parts, with what they are linked to.
pub(super) fn plan(
    tx: &mut Tx<'_>,
    desk: &mut Desk,
    parts: &[Part<'_>],
    actions: &[&Action],
) -> Result<(Plan, Vec<Mark>, Refused), Error> {
    read_catalog(tx, desk, actions)?;
    let shelf_lives = table::catalog::shelf_lives(tx.conn, tx.tenant, desk.catalog.products.keys().copied())?;
    let now = tx.now;
    let mut planner = Planner {
        tx,
        desk,
        reach: &Reach::All,
        plan: Plan::default(),
        merged: BTreeSet::new(),
        merging: Vec::new(),
        standing: BTreeMap::new(),
        shelf_lives,
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
            planner.action(action)?;
        }
        if planner.is_forbidden {
            let message = "some of these places belong to org units where you may not do this".to_owned();
            refused.insert(at, Error::Forbidden { message });
        }
    }
    planner.note_left()?;
    Ok((planner.plan, marks, refused))
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
        let at = run.ended_at.unwrap_or(run.started_at);
        let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
        if kind == RunKind::Move {
            let Some(to) = action.to.and_then(|to| self.place(to, "to")) else { return Ok(()) };
            let arriving = self.arrive(primary, &to, amount)?;
            if arriving == primary {
                let goes_to = if self.keeps(to.id) { to.id } else { LocationId::PRODUCTION };
                let flow = self.flow(kind, primary, amount, at, place.id, false, goes_to);
                planned.flows.push(flow);
            } else {
                self.pair(&mut planned, (primary, place.id), (arriving, to.id), amount, at);
            }
        } else if amount.quantity.0 > 0 {
            // Without a place the secondary lot is on record, and takes no part in the stock.
            let other = secondary.zip(if kind == RunKind::Split { Some(place.id) } else { secondary_place });
            match (leaves, other) {
                (true, Some((secondary, to))) => {
                    let Some(to) = self.place(to, "to") else { return Ok(()) };
                    let arriving = self.arrive(secondary, &to, amount)?;
                    self.pair(&mut planned, (primary, place.id), (arriving, to.id), amount, at);
                }
                (false, Some((secondary, from))) => {
                    let Some(from) = self.place(from, "from") else { return Ok(()) };
                    if !self.check_keeps(from.id, "from") {
                        return Ok(());
                    }
                    let arriving = self.arrive(primary, &place, amount)?;
                    (planned.run.product, planned.run.lot) = (arriving.product, arriving.lot);
                    self.pair(&mut planned, (secondary, from.id), (arriving, place.id), amount, at);
                }
                (true, None) => {
                    let flow = self.flow(kind, primary, amount, at, place.id, false, kind.outside());
                    planned.flows.push(flow);
                }
                (false, None) => {
                    let arriving = self.arrive(primary, &place, amount)?;
                    (planned.run.product, planned.run.lot) = (arriving.product, arriving.lot);
                    let flow = self.flow(kind, arriving, amount, at, place.id, true, kind.outside());
                    planned.flows.push(flow);
                    self.pass_on(&mut planned, arriving, amount, at, place.id);
                }
            }
        }
        self.merge_arrived(action)?;
        self.plan.runs.push(planned);
        Ok(())
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

    fn scrap_all(&mut self, action: &Action) -> Result<(), Error> {
        let Some(from) = action.from else {
            self.fault("from", "required", "is missing; say where everything is scrapped");
            return Ok(());
        };
        let Some(place) = self.place(from, "from") else { return Ok(()) };
        let goes_into = self.scrapped_into(action)?;
        let mut standing: Vec<(AccountKey, i64)> =
            self.standing(place.id)?.iter().map(|(key, quantity)| (*key, *quantity)).collect();
        standing.sort_by_key(|(key, _)| (key.lot, *key));
        for (key, quantity) in standing {
            if quantity == 0 || action.product.is_some_and(|product| product != key.product) {
                continue;
            }
            let lots = BTreeSet::from([key.lot]);
            self.desk.load_catalog(
                self.tx.conn,
                BTreeSet::from([key.product]),
                BTreeSet::new(),
                lots,
                BTreeSet::new(),
            )?;
            let unit = self.desk.catalog.products.get(&key.product).map(|product| product.unit).unwrap_or_default();
            let amount = Amount { quantity: Quantity(quantity.saturating_abs()), unit };
            let piece = Piece { product: key.product, lot: key.lot };
            let faults = self.plan.faults.len();
            self.check_lot(RunKind::Scrap, Some(piece), quantity > 0, "lot");
            if self.plan.faults.len() > faults {
                continue;
            }
            let mut run = self.begin(RunKind::Scrap, action, piece, unit)?;
            run.quantity = Quantity(quantity);
            let at = run.ended_at.unwrap_or(run.started_at);
            if let Some((secondary, to)) =
                goes_into.as_ref().filter(|(secondary, _)| quantity > 0 && *secondary != piece)
            {
                (run.secondary_product, run.secondary_lot) = (secondary.product, secondary.lot);
                let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
                let arriving = self.arrive(*secondary, to, amount)?;
                self.pair(&mut planned, (piece, place.id), (arriving, to.id), amount, at);
                self.plan.runs.push(planned);
                self.merge_arrived(action)?;
                continue;
            }
            let flow = self.flow(RunKind::Scrap, piece, amount, at, place.id, quantity < 0, LocationId::LOSS);
            self.plan.runs.push(Planned { action: self.index, run, flows: vec![flow], edges: Vec::new() });
        }
        Ok(())
    }

    /// The lot that takes in what is scrapped, and where; without both it is lost.
    fn scrapped_into(&mut self, action: &Action) -> Result<Option<(Piece, Location)>, Error> {
        let wants = action.secondary_lot != LotNamed::None || action.secondary_product.is_some();
        let Some(to) = action.to.filter(|_| wants) else { return Ok(None) };
        let Some(to) = self.place(to, "to") else { return Ok(None) };
        let Some(product) = self.product(action.secondary_product, &action.secondary_lot, "secondaryProduct") else {
            return Ok(None);
        };
        let piece = self.lot(&product, &action.secondary_lot, None, "secondaryLot", action)?;
        self.check_lot(RunKind::Scrap, piece, false, "secondaryLot");
        Ok(piece.map(|piece| (piece, to)))
    }

    fn change_status(&mut self, action: &Action) -> Result<(), Error> {
        let product = self.product(action.product, &action.lot, "product");
        if action.new_status.is_none() {
            self.fault("newStatus", "required", "is missing; say which status the lot gets");
        }
        let (Some(product), Some(status)) = (product, action.new_status) else { return Ok(()) };
        let Some(piece) = self.lot(&product, &action.lot, None, "lot", action)? else { return Ok(()) };
        if piece.lot.0 == 0 {
            self.fault("lot", "required", "is missing; say which lot");
            return Ok(());
        }
        self.check_enabled(piece, "lot");
        if let Some(lot) = self.desk.catalog.lots.get_mut(&piece.lot) {
            lot.status = status;
        }
        self.plan.lot_changes.push((piece.lot, status));
        let mut run = self.begin(RunKind::StatusChange, action, piece, product.unit)?;
        (run.quantity, run.lot_status) = (Quantity::ZERO, status);
        self.plan.runs.push(Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() });
        Ok(())
    }

    /// Sets what stands in a place to a figure.
    fn edit(&mut self, action: &Action) -> Result<(), Error> {
        let amount = self.amount(action);
        let product = self.product(action.product, &action.lot, "product");
        if action.from.is_none() {
            self.fault("from", "required", "is missing; say where this quantity stands");
        }
        let (Some(amount), Some(product), Some(from)) = (amount, product, action.from) else { return Ok(()) };
        let Some(place) = self.place(from, "from") else { return Ok(()) };
        if !self.check_keeps(place.id, "from") {
            return Ok(());
        }
        if action.lot == LotNamed::None && product.tracking != Tracking::None {
            let standing = self.standing(place.id)?.iter();
            let lots = standing.filter(|(key, quantity)| key.product == product.id && **quantity != 0).count();
            if lots > 1 {
                let message =
                    format!("is missing; {lots} lots of {} stand at {}, so name one", product.identifier, place.path);
                self.fault("lot", "ambiguousLot", message);
                return Ok(());
            }
        }
        let Some(piece) = self.lot(&product, &action.lot, Some(&place), "lot", action)? else { return Ok(()) };
        self.check_lot(RunKind::Edit, Some(piece), true, "lot");
        let Some((numerator, denominator)) = self.desk.catalog.ratio(product.id, amount.unit, product.unit) else {
            self.fault("unit", "noConversion", format!("there is no conversion to the unit of {}", product.identifier));
            return Ok(());
        };
        let Some(wanted) = convert(amount.quantity, numerator, denominator) else {
            self.fault("quantity", "quantityTooLarge", format!("{} leaves the range", amount.quantity));
            return Ok(());
        };
        let stands = self.stands(piece, place.id)?;
        let Some(Quantity(difference)) = wanted.checked_sub(stands) else {
            let message =
                format!("{wanted} is too far from the {stands} that stand at {}; correct it in parts", place.path);
            self.fault("quantity", "quantityTooLarge", message);
            return Ok(());
        };
        let mut run = self.begin(RunKind::Edit, action, piece, product.unit)?;
        run.quantity = Quantity(difference);
        let at = run.ended_at.unwrap_or(run.started_at);
        let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
        if difference != 0 {
            let amount = Amount { quantity: Quantity(difference.saturating_abs()), unit: product.unit };
            let flow = self.flow(RunKind::Edit, piece, amount, at, place.id, difference > 0, LocationId::ADJUSTMENT);
            planned.flows.push(flow);
        }
        self.plan.runs.push(planned);
        Ok(())
    }

    /// The secondary lot becomes part of the primary one: all of it, or what stands at `from`; where it stands,
    /// or brought to `to`. A run a place.
    fn merge(&mut self, action: &Action) -> Result<(), Error> {
        let product = self.product(action.product, &action.lot, "product");
        let Some(product) = product else { return Ok(()) };
        let into = self.lot(&product, &action.lot, None, "lot", action)?;
        let from = self.lot(&product, &action.secondary_lot, None, "secondaryLot", action)?;
        let (Some(into), Some(from)) = (into, from) else { return Ok(()) };
        if into.lot.0 == 0 || from.lot.0 == 0 || into.lot == from.lot {
            self.fault("secondaryLot", "required", "two different lots of one product are merged; name both");
            return Ok(());
        }
        self.check_lot(RunKind::Merge, Some(into), false, "lot");
        self.check_lot(RunKind::Merge, Some(from), true, "secondaryLot");
        let wanted = action.from;
        let target = match action.to.map(|to| self.place(to, "to")) {
            None => None,
            Some(Some(to)) => Some(to),
            Some(None) => return Ok(()),
        };
        let keys = table::account::of_instances(self.tx.conn, self.tx.tenant, &BTreeSet::from([from.lot]))?;
        let mut places: Vec<Location> = keys
            .iter()
            .filter(|key| key.product == from.product && wanted.is_none_or(|place| place == key.place))
            .filter_map(|key| self.desk.catalog.locations.get(key.place).cloned())
            .collect();
        places.sort_by(|a, b| b.path.cmp(&a.path));
        let runs = self.plan.runs.len();
        for place in places {
            let stands = self.stands(from, place.id)?;
            if stands.0 <= 0 {
                continue;
            }
            if self.place(place.id, "from").is_none() {
                return Ok(());
            }
            let to = target.as_ref().unwrap_or(&place).clone();
            let amount = Amount { quantity: stands, unit: product.unit };
            let mut run = self.begin(RunKind::Merge, action, into, product.unit)?;
            run.quantity = amount.quantity;
            (run.secondary_product, run.secondary_lot) = (from.product, from.lot);
            (run.from, run.to) = (place.id, to.id);
            let at = run.ended_at.unwrap_or(run.started_at);
            let mut planned = Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() };
            let arriving = if to.id == place.id { into } else { self.arrive(into, &to, amount)? };
            self.pair(&mut planned, (from, place.id), (arriving, to.id), amount, at);
            self.merge_arrived(action)?;
            self.plan.runs.push(planned);
        }
        if self.plan.runs.len() == runs {
            // Nothing stood anywhere; that they were merged is on record all the same.
            let mut run = self.begin(RunKind::Merge, action, into, product.unit)?;
            run.quantity = Quantity::ZERO;
            (run.secondary_product, run.secondary_lot) = (from.product, from.lot);
            self.plan.runs.push(Planned { action: self.index, run, flows: Vec::new(), edges: Vec::new() });
        }
        if wanted.is_none() {
            self.plan.lot_changes.push((from.lot, LotStatus::Closed));
        }
        Ok(())
    }

    fn begin(
        &mut self,
        kind: RunKind,
        action: &Action,
        primary: Piece,
        unit: UnitId,
    ) -> Result<table::run::Run, Error> {
        let is_ended =
            action.ends.as_ref().filter(|(id, _)| self.plan.runs.iter().all(|planned| planned.run.id != *id));
        let (id, uid) = match is_ended {
            Some((id, uid)) => (*id, uid.clone()),
            None => (RunId(self.tx.ids("run", 1)?), self.tx.uid()),
        };
        let mut run = new_run(id, uid, kind, action, self.tx.now);
        (run.product, run.lot, run.unit) = (primary.product, primary.lot, unit);
        run.lot_status = self.desk.catalog.lots.get(&primary.lot).map_or(LotStatus::Open, |lot| lot.status);
        Ok(run)
    }

    /// What goes in leaves one lot for production, and what comes out enters another at its cost.
    fn pair(
        &mut self,
        planned: &mut Planned,
        (input, from): (Piece, LocationId),
        (output, to): (Piece, LocationId),
        amount: Amount,
        at: Time,
    ) {
        let kind = planned.run.kind;
        let first = self.flow(kind, input, amount, at, from, false, LocationId::PRODUCTION);
        let second = self.flow(kind, output, amount, at, to, true, LocationId::PRODUCTION);
        self.plan.flows[second].cost_of = Some(first);
        planned.flows.extend([first, second]);
        planned.edges.push((first, second));
        self.pass_on(planned, output, amount, at, to);
    }

    /// What arrives where nothing is kept leaves the house at once.
    fn pass_on(&mut self, planned: &mut Planned, piece: Piece, amount: Amount, at: Time, place: LocationId) {
        if self.keeps(place) {
            return;
        }
        let flow = self.flow(planned.run.kind, piece, amount, at, place, false, LocationId::PRODUCTION);
        planned.flows.push(flow);
    }

    /// Adds a flow and answers its place in the list.
    #[allow(clippy::too_many_arguments)] // they are the parts of one flow
    fn flow(
        &mut self,
        kind: RunKind,
        piece: Piece,
        amount: Amount,
        at: Time,
        place: LocationId,
        is_receipt: bool,
        other: LocationId,
    ) -> usize {
        let catalog = &self.desk.catalog;
        let is_serial = catalog.products.get(&piece.product).is_some_and(|found| found.tracking == Tracking::Serial);
        let entry = Entry {
            id: EntryId(self.index as i64),
            org_unit: catalog.locations.org_unit_of(place),
            effective_at: at,
            product: piece.product,
            lot: piece.lot,
            instances: if is_serial { vec![piece.lot] } else { Vec::new() },
            location: place,
            count: amount.quantity,
            unit: amount.unit,
            ..Entry::default()
        };
        let base = catalog.products.get(&piece.product).and_then(|product| {
            let (numerator, denominator) = catalog.ratio(product.id, amount.unit, product.unit)?;
            convert(amount.quantity, numerator, denominator)
        });
        for (place, sign) in [(place, if is_receipt { 1 } else { -1 }), (other, if is_receipt { -1 } else { 1 })] {
            if let (Some(standing), Some(base)) = (self.standing.get_mut(&place), base) {
                put(standing, stock_key(piece.product, entry.variant, piece.lot, place), sign * base.0);
            }
        }
        self.plan.flows.push(Flow { kind, entry, is_receipt, other, cost_of: None });
        self.plan.flows.len() - 1
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
