//! Words on value alone: revaluations, and costs that land on what was received before. Nothing moves.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::catalog::{Catalog, Costing};
use lotbook_domain::entry::{TEXT_MAX, check_text};
use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, VariantId, VoucherId};
use lotbook_domain::ledger::Account;
use lotbook_domain::money::{Amount, Scale, split};
use lotbook_domain::movement::{Movement, MovementKind, ValueFact, ValueFactKind};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use super::Reach;
use crate::append::{Batch, append};
use crate::desk::Desk;
use crate::error::Error;
use crate::query::balance::standing;
use crate::query::value::{pools_of, records};
use crate::table;
use crate::table::account::Stored;
use crate::table::header::BatchKind;
use crate::write::{Change, Tx};

/// States what the stock of a product is worth in a stock org unit from a time on; answers the record. What
/// follows for values is settled a moment later.
///
/// Errors: invalid `required`, `outOfRange`, `tooPrecise`, `dateOutOfRange`, `unknownProduct`; refused
/// `nothingInStock`, `standardCost`, `periodClosed`; forbidden out of reach. Cost: a fixed number of
/// statements.
#[derive(Clone, Debug, Default)]
pub struct Revalue {
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot, under specific cost; `None` = all of them, by what they are worth.
    pub lot: Option<LotId>,
    /// The org unit; `None` = the only one with stock.
    pub org_unit: Option<LocationId>,
    /// What it is worth, ≥ 0.
    pub value: Amount,
    /// From when on; `None` = now.
    pub at: Option<Time>,
    /// Why.
    pub reason: String,
    /// What the door could not read.
    pub violations: Vec<Violation>,
    /// Where the one who asks may do that.
    pub reach: Reach,
}

impl Change for Revalue {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let mut desk = Desk::new(tx.tenant, structure, true);
        let (products, variants) = (BTreeSet::from([self.product]), BTreeSet::from([self.variant]));
        let lots = self.lot.into_iter().collect();
        desk.load_catalog(tx.conn, products, variants, lots, BTreeSet::new())?;
        let catalog = &desk.catalog;
        let at = self.at.unwrap_or(tx.now);
        self.check(catalog, at)?;
        let name = catalog.product_name(self.product);
        if catalog.costing(self.product, self.variant).at(at).method == Costing::Standard {
            let message = format!("{name} is valued at its standard cost; change that instead");
            return Err(Error::refused("standardCost", message));
        }
        let org_unit = self.org_unit.map(|unit| catalog.locations.pool_unit_of(unit).unwrap_or(unit));
        let key = (self.product, self.variant.0);
        let mut pools = pools_of(tx.conn, tx.tenant, key, org_unit, self.lot)?;
        let stands = standing(tx.conn, tx.tenant, &mut pools, Some(at))?;
        let mut held: Vec<(&Account, (Quantity, Amount))> = pools
            .iter()
            .zip(stands)
            .filter(|(pool, (quantity, _))| quantity.0 > 0 && pool.key.place != LocationId::IN_TRANSIT)
            .collect();
        // What does not divide goes to the lot that is known last, whenever its pool came to be.
        held.sort_by_key(|(pool, _)| pool.key.lot);
        let units: BTreeSet<LocationId> = held.iter().map(|(pool, _)| pool.key.place).collect();
        if units.is_empty() {
            let place = org_unit.map(|unit| format!(" in {}", catalog.locations.name_of(unit))).unwrap_or_default();
            let message = format!("nothing of {name} stands{place} on {at}; what is not there is worth nothing");
            return Err(Error::refused("nothingInStock", message));
        }
        if units.len() > 1 {
            let names: Vec<String> = units.iter().map(|unit| catalog.locations.name_of(*unit)).collect();
            let message = format!("is missing; {name} stands in {}, so say which", names.join(", "));
            return Err(Error::Invalid(vec![Violation::new("orgUnit", "required", message)]));
        }
        for unit in units {
            if !self.reach.includes(unit) {
                let message = format!("you may not revalue the stock of {}", catalog.locations.name_of(unit));
                return Err(Error::Forbidden { message });
            }
            if let Some(open) = catalog.policies.open_from_at(&catalog.locations, unit)
                && at < open
            {
                let message = format!("{at} lies in a closed period; the first open instant is {open}");
                return Err(Error::refused("periodClosed", message));
            }
        }
        let facts = self.facts(&held, at, catalog.policies.scale)?;
        let detail = format!("{name} is worth {} from {at} on: {}", Quantity(self.value.0), self.reason);
        say(tx, desk.structure.version, facts, &self.reason, ("revalue", detail))
    }
}

impl Revalue {
    fn check(&self, catalog: &Catalog, at: Time) -> Result<(), Error> {
        let mut wrong = self.violations.clone();
        check_said(&mut wrong, &self.reason);
        check_amount(&mut wrong, "value", self.value, catalog.policies.scale);
        if self.value.0 < 0 {
            let message = format!("is {}; stock is worth 0 or more", Quantity(self.value.0));
            wrong.push(Violation::new("value", "outOfRange", message));
        }
        if !at.is_datable() {
            let message = format!("{at} is not between 1900-01-01 and 2199-12-31");
            wrong.push(Violation::new("at", "dateOutOfRange", message));
        }
        let named = |field: &str| wrong.iter().any(|violation| violation.field == field);
        match catalog.products.get(&self.product) {
            _ if named("product") => {}
            None => {
                let message = format!("there is no product {}", self.product);
                wrong.push(Violation::new("product", "unknownProduct", message));
            }
            Some(product) if product.has_variants && self.variant.0 == 0 && !named("variant") => {
                let message = format!("is missing; {} has variants, each with a value of its own", product.identifier);
                wrong.push(Violation::new("variant", "required", message));
            }
            Some(_) => {}
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }

    /// One for each pool; several pools share by what they are worth, by quantity if that is nothing.
    fn facts(&self, held: &[(&Account, (Quantity, Amount))], at: Time, scale: Scale) -> Result<Vec<ValueFact>, Error> {
        let worths: Vec<i64> = held.iter().map(|(_, (_, worth))| worth.0.max(0)).collect();
        let quantities: Vec<i64> = held.iter().map(|(_, (quantity, _))| quantity.0).collect();
        let parts = split(self.value, &worths, scale).or_else(|| split(self.value, &quantities, scale));
        let parts = parts.ok_or_else(too_large)?;
        let facts = held.iter().zip(parts).enumerate().map(|(line, ((pool, (quantity, _)), amount))| ValueFact {
            line: line as i64,
            kind: ValueFactKind::Revaluation,
            product: self.product,
            variant: self.variant,
            lot: pool.key.lot,
            pool: pool.id,
            org_unit: pool.key.place,
            effective_at: at,
            movement: None,
            by_value: true,
            quantity: *quantity,
            amount,
        });
        Ok(facts.collect())
    }
}

/// What a cost landed on.
#[derive(Clone, Debug)]
pub enum LandedOn {
    /// Everything that a voucher received.
    Voucher(VoucherId),
    /// These movements.
    Movements(Vec<MovementId>),
}

/// Shares a cost out over what was received, also when it has been issued since.
///
/// Errors: not found `movement`, `voucher`; invalid `required`, `outOfRange`, `tooPrecise`, `duplicate`; refused
/// `notAReceipt`, `alreadyReversed`, `nothingReceived`, `belowZero`, `amountTooLarge`; forbidden out of reach. Cost: a fixed
/// number of statements.
#[derive(Clone, Debug)]
pub struct LandCost {
    /// What it landed on.
    pub on: LandedOn,
    /// How much, in all; below 0 = it became cheaper.
    pub amount: Amount,
    /// Whether it is shared out by what was received is worth, else by how much it is.
    pub by_value: bool,
    /// Why.
    pub reason: String,
    /// What the door could not read.
    pub violations: Vec<Violation>,
    /// Where the one who asks may do that.
    pub reach: Reach,
}

impl Change for LandCost {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let scale = structure.catalog.policies.scale;
        self.check(scale)?;
        let found = self.movements(tx)?;
        // Under the locks of their pools nobody undoes them meanwhile.
        let pools: Vec<AccountId> = found.iter().map(|(_, movement)| movement.to.pool).filter(|id| id.0 != 0).collect();
        let keys = table::account::by_ids(tx.conn, tx.tenant, &pools, true)?;
        let ids: Vec<MovementId> = found.iter().map(|(id, _)| *id).collect();
        let undone = table::movement::reversed(tx.conn, tx.tenant, &ids)?;
        let on = self.fit(found, &undone)?;
        if on.iter().any(|(_, movement)| !self.reach.includes(movement.org_unit)) {
            let message = "some of these movements belong to org units whose stock you may not revalue".to_owned();
            return Err(Error::Forbidden { message });
        }
        let ids: Vec<MovementId> = on.iter().map(|(id, _)| *id).collect();
        let landed = table::value_fact::landed_on(tx.conn, tx.tenant, &ids)?;
        let quantities: Vec<i64> = on.iter().map(|(_, movement)| movement.quantity.0).collect();
        // What landed before left each in its range.
        let worth = |(id, movement): &(MovementId, Movement)| {
            movement.amount.0.saturating_add(landed.get(id).copied().unwrap_or(0))
        };
        let worths: Vec<i64> = on.iter().map(worth).collect();
        let by_worth = if self.by_value { split(self.amount, &worths, scale) } else { None };
        let parts = by_worth.or_else(|| split(self.amount, &quantities, scale)).ok_or_else(too_large)?;
        check_worths(&on, &worths, &parts)?;
        check_pools(&on, &parts, &keys)?;
        let unit_of = |pool: AccountId| {
            let found = keys.iter().find(|stored| stored.account.id == pool);
            found.map_or((LocationId::NONE, LotId(0)), |stored| (stored.account.key.place, stored.account.key.lot))
        };
        let facts = on.iter().zip(parts).enumerate().map(|(line, ((id, movement), amount))| {
            let (org_unit, lot) = unit_of(movement.to.pool);
            ValueFact {
                line: line as i64,
                kind: ValueFactKind::LandedCost,
                product: movement.product,
                variant: movement.variant,
                lot,
                pool: movement.to.pool,
                org_unit,
                effective_at: movement.effective_at,
                movement: Some(*id),
                by_value: self.by_value,
                quantity: movement.quantity,
                amount,
            }
        });
        let facts = facts.collect();
        let detail = format!("{} on {} movements: {}", Quantity(self.amount.0), on.len(), self.reason);
        say(tx, structure.version, facts, &self.reason, ("landCost", detail))
    }
}

impl LandCost {
    fn check(&self, scale: Scale) -> Result<(), Error> {
        let mut wrong = self.violations.clone();
        check_said(&mut wrong, &self.reason);
        check_amount(&mut wrong, "amount", self.amount, scale);
        if self.amount.0 == 0 && wrong.iter().all(|violation| violation.field != "amount") {
            wrong.push(Violation::new("amount", "outOfRange", "is 0, which changes nothing"));
        }
        if let LandedOn::Movements(ids) = &self.on {
            let mut seen = BTreeSet::new();
            if let Some(twice) = ids.iter().find(|id| !seen.insert(**id)) {
                let message = format!("names {} twice", twice.number());
                wrong.push(Violation::new("movements", "duplicate", message));
            }
            if ids.is_empty() && wrong.iter().all(|violation| violation.field != "movements") {
                wrong.push(Violation::new("movements", "required", "is missing; name movements or a voucher"));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }

    fn movements(&self, tx: &mut Tx<'_>) -> Result<Vec<(MovementId, Movement)>, Error> {
        match &self.on {
            LandedOn::Voucher(voucher) => {
                if table::voucher::by_ids(tx.conn, tx.tenant, [*voucher])?.is_empty() {
                    return Err(Error::not_found("voucher", voucher));
                }
                table::movement::of_voucher(tx.conn, tx.tenant, *voucher)
            }
            LandedOn::Movements(ids) => {
                let mut found = table::movement::by_ids(tx.conn, tx.tenant, ids)?;
                found.sort_by_key(|(id, _)| *id);
                if let Some(absent) = ids.iter().find(|id| found.iter().all(|(found, _)| found != *id)) {
                    return Err(Error::not_found("movement", absent.number()));
                }
                Ok(found)
            }
        }
    }

    /// Those that a cost can land on: of a voucher what is left, of named movements all.
    fn fit(
        &self,
        found: Vec<(MovementId, Movement)>,
        undone: &[MovementId],
    ) -> Result<Vec<(MovementId, Movement)>, Error> {
        let brings = |movement: &Movement| {
            movement.to.pool.0 != 0
                && movement.to.location != LocationId::IN_TRANSIT
                && !matches!(movement.kind, MovementKind::Reversal | MovementKind::Compensation)
        };
        if let LandedOn::Voucher(voucher) = &self.on {
            let on: Vec<_> =
                found.into_iter().filter(|(id, movement)| brings(movement) && !undone.contains(id)).collect();
            if on.is_empty() {
                let message = format!("voucher {voucher} has received nothing that still holds");
                return Err(Error::refused("nothingReceived", message));
            }
            return Ok(on);
        }
        for (id, movement) in &found {
            if !brings(movement) {
                let message = format!("movement {} brings nothing into stock, so no cost can land on it", id.number());
                return Err(Error::refused("notAReceipt", message));
            }
            if undone.contains(id) {
                let message = format!("movement {} was undone; name the one that stands for it now", id.number());
                return Err(Error::refused("alreadyReversed", message));
            }
        }
        Ok(found)
    }
}

/// Undoing what landed on a movement leaves it with a cost of its own: what was taken off since is undone first.
fn refuse_what_was_taken_off<'f>(tx: &mut Tx<'_>, undone: impl Iterator<Item = &'f ValueFact>) -> Result<(), Error> {
    let mut parts: BTreeMap<MovementId, Amount> = BTreeMap::new();
    for fact in undone {
        let Some(id) = fact.movement else { continue };
        let part = parts.entry(id).or_default();
        part.0 = part.0.checked_sub(fact.amount.0).ok_or_else(too_large)?;
    }
    let ids: Vec<MovementId> = parts.keys().copied().collect();
    let landed = table::value_fact::landed_on(tx.conn, tx.tenant, &ids)?;
    for (id, movement) in table::movement::by_ids(tx.conn, tx.tenant, &ids)? {
        let landed = landed.get(&id).copied().unwrap_or(0);
        let worth = movement.amount.checked_add(Amount(landed)).and_then(|worth| worth.checked_add(parts[&id]));
        let left = worth.ok_or_else(too_large)?;
        if left.0 < 0 {
            let message = format!(
                "movement {} would be left with a cost of {}: something was taken off it since; undo that first",
                id.number(),
                Quantity(left.0)
            );
            return Err(Error::refused("belowZero", message));
        }
    }
    Ok(())
}

/// No movement is left with a cost below 0, or one that leaves the range.
fn check_worths(on: &[(MovementId, Movement)], worths: &[i64], parts: &[Amount]) -> Result<(), Error> {
    for (((id, _), worth), part) in on.iter().zip(worths).zip(parts) {
        let (number, brought) = (id.number(), Quantity(*worth));
        match worth.checked_add(part.0) {
            None => {
                let message = format!(
                    "movement {number} brought {brought}; with {} more it leaves the range of 9,223,372,036,854, so \
                     land less on it",
                    Quantity(part.0)
                );
                return Err(Error::refused("amountTooLarge", message));
            }
            Some(left) if left < 0 => {
                let message = format!(
                    "movement {number} would be left with a cost of {}; it brought {brought}, so take off no more than \
                     that",
                    Quantity(left)
                );
                return Err(Error::refused("belowZero", message));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// No pool leaves the range by it: its values could not be settled any more.
fn check_pools(on: &[(MovementId, Movement)], parts: &[Amount], pools: &[Stored]) -> Result<(), Error> {
    let mut worth: BTreeMap<AccountId, Amount> =
        pools.iter().map(|stored| (stored.account.id, stored.account.timeline.root().amount)).collect();
    for ((id, movement), part) in on.iter().zip(parts) {
        let Some(worth) = worth.get_mut(&movement.to.pool) else { continue };
        *worth = worth.checked_add(*part).ok_or_else(|| {
            let message = format!(
                "the stock that movement {} went to is worth {}; with {} more that leaves the range of \
                 9,223,372,036,854, so land less on it",
                id.number(),
                Quantity(worth.0),
                Quantity(part.0)
            );
            Error::refused("amountTooLarge", message)
        })?;
    }
    Ok(())
}

fn too_large() -> Error {
    Error::refused("amountTooLarge", "the amount leaves the range of 9,223,372,036,854")
}

fn check_said(wrong: &mut Vec<Violation>, reason: &str) {
    if wrong.iter().any(|violation| violation.field == "reason") {
        return;
    }
    if reason.trim().is_empty() {
        wrong.push(Violation::new("reason", "required", "is missing; say why"));
    } else if let Err((code, message)) = check_text(reason, TEXT_MAX) {
        wrong.push(Violation::new("reason", code, message));
    }
}

fn check_amount(wrong: &mut Vec<Violation>, field: &'static str, amount: Amount, scale: Scale) {
    if amount.0 % scale.step_e6() != 0 {
        let message = format!("is {}; amounts have {} digits after the point here", Quantity(amount.0), scale.digits());
        wrong.push(Violation::new(field, "tooPrecise", message));
    }
}

/// Writes facts as a batch of their own; the pools wait for what follows from them.
fn say(
    tx: &mut Tx<'_>,
    decided_at: i64,
    facts: Vec<ValueFact>,
    reason: &str,
    (action, detail): (&str, String),
) -> Result<String, Error> {
    let pools: Vec<(AccountId, Time)> = facts.iter().map(|fact| (fact.pool, fact.effective_at)).collect();
    table::account::await_settlement(tx.conn, tx.tenant, &pools)?;
    let revalued: Vec<(AccountId, Time)> = facts
        .iter()
        .filter(|fact| fact.kind == ValueFactKind::Revaluation)
        .map(|fact| (fact.pool, fact.effective_at))
        .collect();
    table::account::note_revaluations(tx.conn, tx.tenant, &revalued)?;
    let id = BatchId(tx.ids("batch", 1)?);
    let reason = Some(reason.to_owned());
    let batches = [Batch { value_facts: facts, reason, ..Batch::new(id, BatchKind::Value, tx.person) }];
    append(tx.conn, tx.engine, (tx.tenant, decided_at), &batches, [], tx.now, |_| {})?;
    tx.audit(action, format!("batch {id}"), Some(detail));
    tx.wake_worker();
    let record = records(tx.conn, tx.tenant, &[id])?.pop();
    Ok(serde_json::to_string(&record).expect("an answer is plain data"))
}

/// Undoes value facts of a kind, all of a record or those of its lines: from this batch on the record counts
/// for nothing, as if it had never been said.
pub(super) fn undo(
    tx: &mut Tx<'_>,
    (kind, batch): (ValueFactKind, BatchId),
    lines: Option<&[i64]>,
    reason: &str,
    reach: &Reach,
) -> Result<super::Reversed, Error> {
    let (noun, called, action) = match kind {
        ValueFactKind::Revaluation => ("revaluation", "revaluation", "undo revaluation"),
        ValueFactKind::LandedCost => ("landedCost", "landed cost", "undo landed cost"),
    };
    let decided_at = tx.engine.structure(tx.conn, tx.tenant)?.version;
    let said = table::value_fact::of_batch(tx.conn, tx.tenant, batch)?;
    // What undid a movement took out what had landed on it, maybe at a time before.
    let movements: Vec<MovementId> = said.iter().filter_map(|(fact, _)| fact.movement).collect();
    let undone: BTreeMap<MovementId, Time> =
        table::movement::undone_at(tx.conn, tx.tenant, &movements)?.into_iter().collect();
    let times = |fact: &ValueFact| {
        let undone = fact.movement.and_then(|movement| undone.get(&movement).copied());
        [Some(fact.effective_at), undone].into_iter().flatten().map(|at| (fact.pool, at)).collect::<Vec<_>>()
    };
    // Whoever undoes the same at the same time waits here, and then finds it undone.
    let pools: Vec<(AccountId, Time)> = said.iter().flat_map(|(fact, _)| times(fact)).collect();
    table::account::await_settlement(tx.conn, tx.tenant, &pools)?;
    let found: Vec<(ValueFact, bool)> = table::value_fact::of_batch(tx.conn, tx.tenant, batch)?
        .into_iter()
        .filter(|(fact, _)| fact.kind == kind && lines.is_none_or(|lines| lines.contains(&fact.line)))
        .collect();
    if found.is_empty() || lines.is_some_and(|lines| found.len() < lines.len()) {
        return Err(Error::not_found(noun, batch));
    }
    if found.iter().any(|(fact, _)| !reach.includes(fact.org_unit)) {
        let message = "it concerns org units where you may not undo anything".to_owned();
        return Err(Error::Forbidden { message });
    }
    if let Some((fact, _)) = found.iter().find(|(_, holds)| !holds) {
        let message = format!("line {} of {called} {batch} was undone already; a line is undone once", fact.line);
        return Err(Error::refused("alreadyReversed", message));
    }
    refuse_what_was_taken_off(tx, found.iter().map(|(fact, _)| fact))?;
    let id = BatchId(tx.ids("batch", 1)?);
    let values_undone = found.iter().map(|(fact, _)| (batch, fact.line)).collect();
    let reason = Some(reason.to_owned());
    let batches = [Batch { values_undone, reason: reason.clone(), ..Batch::new(id, BatchKind::Reversal, tx.person) }];
    append(tx.conn, tx.engine, (tx.tenant, decided_at), &batches, [], tx.now, |_| {})?;
    tx.audit(action, format!("batch {batch}"), reason);
    tx.wake_worker();
    Ok(super::Reversed {
        batch: id.0,
        position: table::header::position(tx.conn, tx.tenant)?,
        movements: Vec::new(),
        counts: Vec::new(),
        effects: Vec::new(),
    })
}
