//! Undoing what is booked, by linked counter-movements.

use lotbook_domain::booking::{Wanted, set_key, stock_key};
use lotbook_domain::count::{CountId, StandingCount, undone_together};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind};
use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::entry::{TEXT_MAX, check_text};
use lotbook_domain::id::{AccountId, BatchId, BookingId, LocationId, LotId, MovementId, RunId};
use lotbook_domain::movement::{Movement, MovementKind, ValueFactKind};
use lotbook_domain::reservation::Use;
use lotbook_domain::reversal::{Mate, Stop, Undoing, reverse, wanted};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::{Reach, count_number};
use crate::append::{Batch, append};
use crate::desk::{Desk, ROUNDS_MAX};
use crate::error::Error;
use crate::table;
use crate::table::header::BatchKind;
use crate::write::{Change, Tx};

/// What is to be undone.
#[derive(Clone, Debug)]
pub enum ReverseWhat {
    /// A booking, or those of its lines.
    Booking(BookingId, Option<Vec<i64>>),
    /// One movement.
    Movement(MovementId),
    /// One count: it holds no longer. Of a set of instances, the set.
    Count(CountId),
    /// All that was counted in a batch: by one request, a count sheet or a booking.
    CountBatch(BatchId),
    /// A run, or those of its lines.
    Run(RunId, Option<Vec<i64>>),
    /// A revaluation or a landed cost, or those of its lines.
    Value(ValueFactKind, BatchId, Option<Vec<i64>>),
}

/// Undoes a booking, a run, some of its lines, one movement, a count or all of a batch, a revaluation or a landed cost.
///
/// Errors: not found `booking`, `movement`, `count batch` …; refused `notBooked`, `alreadyReversed`, `belowZero`, `isReversal`,
/// `periodClosed`, `insufficientStock`, `instanceNotHere`, `instanceElsewhere` (naming the first date that would break),
/// `madeOfIt`.
#[derive(Clone, Debug)]
pub struct Reverse {
    /// What.
    pub what: ReverseWhat,
    /// Whether lines of a booking or a run, or counts of a batch, that were undone already are passed over.
    pub rest: bool,
    /// When it takes effect; `None` = at the movements' own times, or on the first open instant.
    pub at: Option<Time>,
    /// Why.
    pub reason: String,
    /// Where the one who asks may undo.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversed {
    /// The batch that undoes.
    pub batch: i64,
    /// Its position in the ledger.
    pub position: i64,
    /// The ids of the movements that undo, and of those that keep counts true.
    pub movements: Vec<i64>,
    /// The ids of the counts that hold no longer.
    #[serde(default)]
    pub counts: Vec<i64>,
    /// What stands where, of the stock that is concerned.
    #[serde(default)]
    pub effects: Vec<Effect>,
}

/// What a reversal does to the stock of one product, variant and lot in one place, over all times; in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The product.
    pub product: i64,
    /// The variant; 0 = none.
    pub variant: i64,
    /// The lot; 0 = none.
    pub lot: i64,
    /// The place.
    pub place: i64,
    /// What stood there before.
    pub before: i64,
    /// What stands there then.
    pub after: i64,
}

/// What these movements did to stock; the accounts are as they stand afterwards.
fn effects(movements: &[Movement], touched: &[Account]) -> Vec<Effect> {
    let mut changes: BTreeMap<AccountId, i64> = BTreeMap::new();
    for movement in movements {
        for (account, change) in
            [(movement.from.account, -movement.quantity.0), (movement.to.account, movement.quantity.0)]
        {
            let sum = changes.entry(account).or_default();
            *sum = sum.saturating_add(change);
        }
    }
    let mut found: Vec<Effect> = touched
        .iter()
        .filter(|account| account.key.kind == AccountKind::Stock)
        .filter_map(|account| {
            let change = changes.get(&account.id)?;
            let (key, after) = (account.key, account.timeline.root().quantity.0);
            let (product, variant, lot, place) = (key.product.0, key.variant.0, key.lot.0, key.place.0);
            Some(Effect { product, variant, lot, place, before: after.saturating_sub(*change), after })
        })
        .collect();
    found.sort_unstable_by_key(|one| (one.product, one.variant, one.lot, one.place));
    found
}

impl Change for Reverse {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        self.check()?;
        if let ReverseWhat::Value(kind, batch, lines) = &self.what {
            let reversed = super::value::undo(tx, (*kind, *batch), lines.as_deref(), &self.reason, &self.reach)?;
            return Ok(serde_json::to_string(&reversed).expect("an answer is plain data"));
        }
        let mut movements = self.movements(tx)?;
        let ids: Vec<MovementId> = movements.iter().map(|(id, _)| *id).collect();
        let done = table::movement::reversed(tx.conn, tx.tenant, &ids)?;
        // What made up for something was undone with its count, which does not keep its cause from being undone.
        movements.retain(|(id, movement)| movement.kind != MovementKind::Compensation || !done.contains(id));
        if movements.iter().any(|(id, _)| done.contains(id)) {
            let (undone, left): (Vec<_>, Vec<_>) = movements.into_iter().partition(|(id, _)| done.contains(id));
            if !self.rest || left.is_empty() {
                return Err(self.undone_already(&undone, &left));
            }
            movements = left;
        }
        let uses = table::reservation::uses_of(tx.conn, tx.tenant, &movements)?;
        let counts = self.counts(tx, &mut movements)?;
        // Whoever posts before a count keeps it true, and locks its account for that. So it is locked before anybody asks
        // what keeps these counts true, and before anything else that others lock behind accounts.
        let mut touched: BTreeSet<AccountId> = wanted(&movements).into_iter().collect();
        touched.extend(table::count::accounts(tx.conn, tx.tenant, &counts)?);
        touched.extend(sets(tx, &movements)?);
        table::account::by_ids(tx.conn, tx.tenant, &touched.into_iter().collect::<Vec<_>>(), true)?;
        let batch = BatchId(tx.ids("batch", 1)?);
        // From here on they hold no longer, as every look at counts in this transaction sees.
        table::count::undo(tx.conn, tx.tenant, &counts, batch)?;
        let undoing = undoing(tx, movements, &counts)?;
        let Undoing { movements, mates, .. } = &undoing;
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let mut desk = Desk::new(tx.tenant, structure, true);
        let products = movements.iter().map(|(_, movement)| movement.product).collect();
        let lots = movements.iter().map(|(_, movement)| movement.lot).collect();
        desk.load_catalog(tx.conn, products, BTreeSet::new(), lots, BTreeSet::new())?;
        let all: Vec<(MovementId, Movement)> =
            movements.iter().cloned().chain(mates.iter().map(|mate| (mate.id, mate.movement.clone()))).collect();
        desk.load_accounts_by_id(tx.conn, &wanted(&all))?;
        // An instance may be in one place only, so the others where it has been are looked at too.
        let is_serial = |lot: &LotId| desk.catalog.lots.get(lot).is_some_and(|lot| lot.is_serial);
        let instances = movements.iter().map(|(_, movement)| movement.lot).filter(is_serial).collect();
        let catalog = &desk.catalog;
        let with_set = |key: AccountKey| [Some(key), set_key(catalog, key.product, key.variant, key.place)];
        let accounts = all.iter().flat_map(|(_, movement)| stock_keys(movement)).flat_map(with_set).flatten().collect();
        desk.load_accounts(tx.conn, tx.engine, &Wanted { instances, accounts, ..Wanted::default() }, &[])?;
        let reserved = movements.iter().map(|(_, movement)| (movement.product, movement.variant)).collect();
        let named = uses.iter().map(|(_, taken)| taken.reservation).collect();
        desk.load_reserved(tx.conn, &reserved, &named, tx.now)?;
        for _ in 0..ROUNDS_MAX {
            let mut fresh = std::mem::take(&mut desk.ids);
            let decided = reverse(&desk.ledger, &desk.catalog, &undoing, self.at, &mut fresh);
            desk.ids = fresh;
            match decided {
                Err(Stop::Missing(missing)) => desk.supply(tx.conn, tx.engine, missing)?,
                Err(Stop::Refused(refusals)) => {
                    let first = refusals.first().map_or("refused", |refusal| refusal.code);
                    return Err(Error::refused(
                        first,
                        refusals.iter().map(|refusal| refusal.message.as_str()).take(20).collect::<Vec<_>>().join("; "),
                    ));
                }
                Ok(decided) => {
                    refuse_what_something_was_made_of(tx, movements, &decided.movements)?;
                    super::run::production::take_back(tx, movements)?;
                    let given_back = desk.ledger.reserved.given_back(&uses, &decided.movements);
                    return self.write(tx, (batch, desk.structure.version), &counts, decided, given_back);
                }
            }
        }
        Err(Error::Internal("a reversal keeps asking for the same part of a timeline".to_owned()))
    }
}

/// What was used is undone at its own time, so that what was made of it costs that much less, or together with what was
/// made of it; at another time what was made would keep a cost that nothing stands for.
fn refuse_what_something_was_made_of(
    tx: &mut Tx<'_>,
    undone: &[(MovementId, Movement)],
    undoing: &[Movement],
) -> Result<(), Error> {
    let times: BTreeMap<MovementId, Time> = undone.iter().map(|(id, movement)| (*id, movement.effective_at)).collect();
    let moved: Vec<MovementId> = undoing
        .iter()
        .filter(|movement| movement.from.location == LocationId::PRODUCTION)
        .filter_map(|movement| movement.reverses.filter(|id| times.get(id) != Some(&movement.effective_at)))
        .collect();
    let standing = table::cost_link::standing(tx.conn, tx.tenant, &moved)?;
    let Some((used, made)) = standing.iter().find(|(_, made)| !times.contains_key(made)) else { return Ok(()) };
    let message = format!(
        "movement {} was used for what movement {} made, which stands; undo both, or what was used at its own time",
        used.number(),
        made.number()
    );
    Err(Error::refused("madeOfIt", message))
}

impl Reverse {
    fn check(&self) -> Result<(), Error> {
        if let Err((code, message)) = check_text(&self.reason, TEXT_MAX) {
            return Err(Error::Invalid(vec![Violation::new("reason", code, message)]));
        }
        let lines = match &self.what {
            ReverseWhat::Booking(_, lines) | ReverseWhat::Run(_, lines) | ReverseWhat::Value(_, _, lines) => {
                lines.as_deref()
            }
            ReverseWhat::Movement(_) | ReverseWhat::Count(_) | ReverseWhat::CountBatch(_) => None,
        };
        if lines.is_some_and(<[i64]>::is_empty) {
            let message = "is empty; name the lines to be undone, or leave it out to undo all";
            return Err(Error::Invalid(vec![Violation::new("lines", "required", message)]));
        }
        let has_parts =
            matches!(self.what, ReverseWhat::Booking(..) | ReverseWhat::Run(..) | ReverseWhat::CountBatch(_));
        if self.rest && !has_parts {
            let message = "is of a booking, a run or a batch of counts: what of it was not undone yet";
            return Err(Error::Invalid(vec![Violation::new("rest", "notPossible", message)]));
        }
        if self.at.is_some() && matches!(self.what, ReverseWhat::Value(..)) {
            let message = "cannot be chosen: what was said of a value is as if it was never said";
            return Err(Error::Invalid(vec![Violation::new("at", "notPossible", message)]));
        }
        if let Some(at) = self.at
            && !at.is_datable()
        {
            let message = format!("{at} is not between 1900-01-01 and 2199-12-31");
            return Err(Error::Invalid(vec![Violation::new("at", "dateOutOfRange", message)]));
        }
        Ok(())
    }

    /// Says which lines were undone, and which could still be.
    fn undone_already(&self, undone: &[(MovementId, Movement)], left: &[(MovementId, Movement)]) -> Error {
        let whole = match &self.what {
            ReverseWhat::Booking(id, _) => format!("booking {id}"),
            ReverseWhat::Run(id, _) => format!("run {id}"),
            _ => {
                let numbers: Vec<String> = undone.iter().map(|(id, _)| id.number().to_string()).collect();
                let message = format!("movement {} was undone already; a movement is undone once", numbers.join(", "));
                return Error::refused("alreadyReversed", message);
            }
        };
        let message = if left.is_empty() {
            format!("lines {} of {whole} were undone already, and no others are asked for", lines(undone))
        } else {
            format!(
                "lines {} of {whole} were undone already; lines {} remain: name them as lines, or send \"rest\": true",
                lines(undone),
                lines(left)
            )
        };
        Error::refused("alreadyReversed", message)
    }

    fn movements(&self, tx: &mut Tx<'_>) -> Result<Vec<(MovementId, Movement)>, Error> {
        let found = match &self.what {
            ReverseWhat::Movement(id) => {
                let found = table::movement::of_batch(tx.conn, tx.tenant, id.batch, Some(&[id.line]))?;
                if found.is_empty() {
                    return Err(Error::not_found("movement", id.number()));
                }
                found
            }
            ReverseWhat::Count(id) => {
                let standing = table::count::of_batches(tx.conn, tx.tenant, &BTreeSet::from([id.batch]))?;
                let found = standing.iter().find(|count| count.id == *id);
                let number = count_number(id.batch, id.line);
                let Some(StandingCount { movement_line, org_unit, .. }) = found else {
                    let undone_at = table::count::undone_at(tx.conn, tx.tenant, *id)?;
                    if undone_at.is_some_and(|org_unit| self.reach.includes(org_unit)) {
                        let message = format!("count {number} was undone already; a count is undone once");
                        return Err(Error::refused("alreadyReversed", message));
                    }
                    return Err(Error::not_found("count", number));
                };
                if !self.reach.includes(*org_unit) {
                    return Err(Error::Forbidden { message: "you may not undo counts there".to_owned() });
                }
                if *movement_line < 0 {
                    return Ok(Vec::new());
                }
                table::movement::of_batch(tx.conn, tx.tenant, id.batch, Some(&[*movement_line]))?
            }
            ReverseWhat::CountBatch(batch) => self.differences(tx, *batch)?,
            ReverseWhat::Value(..) => Vec::new(),
            ReverseWhat::Run(id, lines) => {
                let mut run = table::run::by_ids(tx.conn, tx.tenant, &[*id])?;
                let run = run.pop().ok_or_else(|| Error::not_found("run", id))?;
                if run.batch == BatchId(0) {
                    let message = format!("run {} has moved nothing; there is nothing to undo", run.uid);
                    return Err(Error::refused("notBooked", message));
                }
                let own: Vec<i64> = (run.first_line..=run.last_line)
                    .filter(|line| lines.as_ref().is_none_or(|lines| lines.contains(line)))
                    .collect();
                if let Some(lines) = lines
                    && own.len() < lines.len()
                {
                    return Err(Error::not_found("line", format!("{lines:?} of run {}", run.uid)));
                }
                table::movement::of_batch(tx.conn, tx.tenant, run.batch, Some(&own))?
            }
            ReverseWhat::Booking(id, lines) => {
                let booking =
                    table::booking::by_id(tx.conn, tx.tenant, *id)?.ok_or_else(|| Error::not_found("booking", id))?;
                if booking.batch == BatchId(0) {
                    return Err(Error::refused(
                        "notBooked",
                        format!("booking {id} has booked nothing; there is nothing to undo"),
                    ));
                }
                let found = table::movement::of_batch(tx.conn, tx.tenant, booking.batch, lines.as_deref())?;
                if let Some(lines) = lines
                    && found.len() < lines.len()
                {
                    return Err(Error::not_found("line", format!("{lines:?} of booking {id}")));
                }
                let batches = BTreeSet::from([booking.batch]);
                let has_counts = lines.is_none() && !table::count::of_batches(tx.conn, tx.tenant, &batches)?.is_empty();
                if found.is_empty() && !has_counts {
                    return Err(Error::refused(
                        "notBooked",
                        format!("booking {id} moved nothing; there is nothing to undo"),
                    ));
                }
                found
            }
        };
        if found.iter().any(|(_, movement)| !self.reach.includes(movement.org_unit)) {
            return Err(Error::Forbidden {
                message: "some of these movements belong to org units where you may not undo bookings".to_owned(),
            });
        }
        Ok(found)
    }

    /// The movements that made up the differences of all counts of a batch that hold. Without `rest`, all have to.
    fn differences(&self, tx: &mut Tx<'_>, batch: BatchId) -> Result<Vec<(MovementId, Movement)>, Error> {
        let standing = table::count::of_batches(tx.conn, tx.tenant, &BTreeSet::from([batch]))?;
        let undone = table::count::undone_of(tx.conn, tx.tenant, batch)?;
        let is_ours = |org_unit: &LocationId| self.reach.includes(*org_unit);
        let of_undone: Vec<LocationId> = undone.iter().map(|(_, org_unit)| *org_unit).collect();
        let org_units = standing.iter().map(|count| count.org_unit).chain(of_undone);
        // What is none of somebody's is not there for them; what is so in part is not theirs to undo.
        let (ours, all) = org_units.fold((0, 0), |(ours, all), one| (ours + i64::from(is_ours(&one)), all + 1));
        if ours == 0 {
            return Err(Error::not_found("count batch", batch));
        }
        if ours < all {
            let message = "some of these counts belong to org units where you may not undo counts".to_owned();
            return Err(Error::Forbidden { message });
        }
        if !undone.is_empty() && (!self.rest || standing.is_empty()) {
            let done = numbers(undone.iter().map(|(id, _)| *id));
            let message = if standing.is_empty() {
                format!("all counts of batch {batch} were undone already; a count is undone once")
            } else {
                let left = numbers(standing.iter().map(|count| count.id));
                format!(
                    "counts {done} of batch {batch} were undone already; counts {left} remain: undo each by itself, or \
                     send \"rest\": true"
                )
            };
            return Err(Error::refused("alreadyReversed", message));
        }
        let made: Vec<i64> = standing.iter().map(|count| count.movement_line).filter(|line| *line >= 0).collect();
        table::movement::of_batch(tx.conn, tx.tenant, batch, Some(&made))
    }

    /// The counts that hold no longer: those whose difference is undone, of a whole booking all, and with one of a set
    /// of instances all of the set. Their differences join the movements.
    fn counts(&self, tx: &mut Tx<'_>, movements: &mut Vec<(MovementId, Movement)>) -> Result<Vec<CountId>, Error> {
        let mut batches: BTreeSet<BatchId> = movements.iter().map(|(id, _)| id.batch).collect();
        let mut whole = None;
        match &self.what {
            ReverseWhat::Count(id) => batches = BTreeSet::from([id.batch]),
            ReverseWhat::CountBatch(batch) => {
                whole = Some(*batch);
                batches.extend(whole);
            }
            ReverseWhat::Booking(id, None) => {
                whole = table::booking::by_id(tx.conn, tx.tenant, *id)?.map(|booking| booking.batch);
                batches.extend(whole);
            }
            _ => {}
        }
        let undone: BTreeSet<MovementId> = movements.iter().map(|(id, _)| *id).collect();
        let difference = |count: &StandingCount| MovementId { batch: count.id.batch, line: count.movement_line };
        let is_named = |count: &StandingCount| match &self.what {
            ReverseWhat::Count(id) => count.id == *id,
            _ => whole == Some(count.id.batch) || undone.contains(&difference(count)),
        };
        let standing = table::count::of_batches(tx.conn, tx.tenant, &batches)?;
        let named = standing.iter().filter(|count| is_named(count)).map(|count| count.id).collect();
        let together = undone_together(&standing, &named);
        if together.iter().any(|count| !self.reach.includes(count.org_unit)) {
            return Err(Error::Forbidden { message: "you may not undo counts there".to_owned() });
        }
        let further: Vec<MovementId> = together
            .iter()
            .filter(|count| count.movement_line >= 0)
            .map(difference)
            .filter(|id| !undone.contains(id))
            .collect();
        let read: BTreeMap<_, _> = table::movement::by_ids(tx.conn, tx.tenant, &further)?.into_iter().collect();
        movements.extend(read);
        Ok(together.into_iter().map(|count| count.id).collect())
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        (batch, decided_at): (BatchId, i64),
        counts: &[CountId],
        decided: lotbook_domain::reversal::Reversed,
        uses: Vec<Use>,
    ) -> Result<String, Error> {
        let batches = [Batch {
            id: batch,
            kind: BatchKind::Reversal,
            booking: BookingId(0),
            movements: decided.movements,
            counts: Vec::new(),
            value_entries: Vec::new(),
            value_facts: Vec::new(),
            values_undone: Vec::new(),
            cost_links: Vec::new(),
            new_lots: Vec::new(),
            lot_changes: Vec::new(),
            booked_by: tx.person,
            reason: Some(self.reason.clone()),
            uses,
            compensations: decided.compensations,
        }];
        append(tx.conn, tx.engine, (tx.tenant, decided_at), &batches, &decided.touched, tx.now, |_| {})?;
        if !counts.is_empty() {
            table::said::link(tx.conn, tx.tenant, &[table::said::of_counts_undone(batch, counts)])?;
        }
        let subject = match &self.what {
            ReverseWhat::Booking(id, _) => format!("booking {id}"),
            ReverseWhat::Movement(id) => format!("movement {}", id.number()),
            ReverseWhat::Count(id) => format!("count {}", count_number(id.batch, id.line)),
            ReverseWhat::CountBatch(batch) => format!("counts of batch {batch}"),
            ReverseWhat::Run(id, _) => format!("run {id}"),
            ReverseWhat::Value(_, batch, _) => format!("batch {batch}"),
        };
        tx.audit("reverse", subject, Some(self.reason.clone()));
        let answer = Reversed {
            batch: batch.0,
            position: table::header::position(tx.conn, tx.tenant)?,
            movements: batches[0]
                .movements
                .iter()
                .map(|movement| MovementId { batch, line: movement.line }.number())
                .collect(),
            counts: counts.iter().map(|count| count_number(count.batch, count.line)).collect(),
            effects: effects(&batches[0].movements, &decided.touched),
        };
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }
}

/// The numbers of lines, and how many there are more.
fn lines(of: &[(MovementId, Movement)]) -> String {
    listed(of.iter().map(|(id, _)| id.line))
}

/// The numbers of counts, and how many there are more.
fn numbers(of: impl ExactSizeIterator<Item = CountId>) -> String {
    listed(of.map(|id| count_number(id.batch, id.line)))
}

fn listed(of: impl ExactSizeIterator<Item = i64>) -> String {
    const SHOWN_MAX: usize = 50;
    let more = of.len().saturating_sub(SHOWN_MAX);
    let shown: Vec<String> = of.take(SHOWN_MAX).map(|number| number.to_string()).collect();
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// The accounts that stand for all instances at the places of these movements, as far as there are any: nobody moves
/// an instance without locking them. Other lots have none.
fn sets(tx: &mut Tx<'_>, movements: &[(MovementId, Movement)]) -> Result<Vec<AccountId>, Error> {
    let of_lots = movements.iter().filter(|(_, movement)| movement.lot.0 != 0);
    let keys: BTreeSet<AccountKey> =
        of_lots.flat_map(|(_, movement)| stock_keys(movement)).map(|key| AccountKey { lot: LotId(0), ..key }).collect();
    let found = table::account::by_keys(tx.conn, tx.tenant, &keys, false)?;
    Ok(found.into_iter().map(|stored| stored.account.id).collect())
}

fn stock_keys(movement: &Movement) -> impl Iterator<Item = AccountKey> + use<> {
    let (product, variant, lot) = (movement.product, movement.variant, movement.lot);
    let places = [movement.from.location, movement.to.location];
    places
        .into_iter()
        .filter(|place| place.is_real() && *place != LocationId::IN_TRANSIT)
        .map(move |place| stock_key(product, variant, lot, place))
}

/// What is undone with these movements and counts: what made up for the movements at counts that still hold; and what made
/// up for others at counts that are undone, which joins the movements and is made up for at the next count, if there is one.
fn undoing(tx: &mut Tx<'_>, mut movements: Vec<(MovementId, Movement)>, counts: &[CountId]) -> Result<Undoing, Error> {
    let named: BTreeSet<MovementId> = movements.iter().map(|(id, _)| *id).collect();
    let causes: Vec<MovementId> = named.iter().copied().collect();
    let freed: BTreeMap<MovementId, CountId> = table::count::compensations_at(tx.conn, tx.tenant, counts)?
        .into_iter()
        .map(|kept| (kept.movement, kept.count))
        .collect();
    let kept = table::count::compensations_for(tx.conn, tx.tenant, &causes)?;
    let for_named = kept.iter().filter(|kept| named.contains(&kept.cause));
    let wanted: Vec<MovementId> =
        for_named.map(|kept| kept.movement).chain(freed.keys().copied().filter(|id| !named.contains(id))).collect();
    let mut read: BTreeMap<MovementId, Movement> =
        table::movement::by_ids(tx.conn, tx.tenant, &wanted)?.into_iter().collect();
    let mut mates = Vec::new();
    for kept in kept {
        if named.contains(&kept.cause) {
            mates.extend(read.get(&kept.movement).map(|movement| Mate {
                cause: kept.cause,
                count: kept.count,
                id: kept.movement,
                movement: movement.clone(),
            }));
        } else if named.contains(&kept.movement) && !freed.contains_key(&kept.movement) {
            return Err(Error::refused(
                "isCompensation",
                format!(
                    "movement {} keeps a count true; undo movement {}, which it makes up for, or the count {}",
                    kept.movement.number(),
                    kept.cause.number(),
                    count_number(kept.count.batch, kept.count.line)
                ),
            ));
        }
    }
    let with_cause: BTreeSet<MovementId> = mates.iter().map(|mate| mate.id).collect();
    movements.retain(|(id, _)| freed.contains_key(id) || !with_cause.contains(id));
    let not_named = freed.keys().copied().filter(|id| !named.contains(id));
    movements.extend(not_named.filter_map(|id| Some((id, read.remove(&id)?))));
    let batches: BTreeSet<BatchId> =
        movements.iter().map(|(id, _)| id.batch).chain(freed.values().map(|count| count.batch)).collect();
    let positions = table::header::positions(tx.conn, tx.tenant, &batches)?;
    Ok(Undoing { movements, mates, freed, positions })
}
