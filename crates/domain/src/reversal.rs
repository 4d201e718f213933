//! Reversal: the linked undoing of movements, the only way to undo anything.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::booking::{pool_key, stock_key};
use crate::catalog::Catalog;
use crate::cost::await_settlement;
use crate::count::{Compensation, CountAt, CountId, FreshCounts, Moment, compensate, first_broken};
use crate::id::{AccountId, BatchId, LotId, MovementId, ProductId, VariantId};
use crate::journal::JournalKind;
use crate::ledger::{Account, AccountKey, AccountKind, FreshIds, Ledger, Missing, Trial};
use crate::money::Amount;
use crate::movement::{End, Movement, MovementKind};
use crate::policy::Negative;
use crate::quantity::Quantity;
use crate::time::Time;

/// Why movements can not be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `alreadyReversed`, `isReversal`, `periodClosed`, `insufficientStock`, `instanceNotHere`,
    /// `instanceElsewhere`.
    pub code: &'static str,
    /// A sentence that names the movement, the first date that would break, and the numbers.
    pub message: String,
}

/// Why there is no reversal.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// Every reason, in the order of movements.
    Refused(Vec<Refusal>),
    /// Load this, and decide again.
    Missing(Vec<Missing>),
}

/// A reversal that was accepted.
#[derive(Clone, Debug, Default)]
pub struct Reversed {
    /// The movements that undo, in the order of lines.
    pub movements: Vec<Movement>,
    /// The accounts as they stand now.
    pub touched: Vec<Account>,
    /// Which of the movements keep counts true.
    pub compensations: Vec<Compensation>,
}

/// A movement that kept a count true for the sake of one that is undone now.
#[derive(Clone, Debug)]
pub struct Mate {
    /// What it made up for.
    pub cause: MovementId,
    /// The count that it keeps true, or kept.
    pub count: CountId,
    /// Its id.
    pub id: MovementId,
    /// The movement.
    pub movement: Movement,
}

/// What is to be undone.
#[derive(Clone, Debug, Default)]
pub struct Undoing {
    /// The movements.
    pub movements: Vec<(MovementId, Movement)>,
    /// What keeps counts true that stay, for the sake of some of the movements.
    pub mates: Vec<Mate>,
    /// Those of the movements that kept counts true that are undone themselves, and which.
    pub freed: BTreeMap<MovementId, CountId>,
    /// At which positions the batches of the movements stand, and those of the counts that are named here.
    pub positions: HashMap<BatchId, i64>,
}

impl Undoing {
    /// Where a movement stands among counts: what keeps one true stands just before it.
    fn moment_of(&self, id: MovementId, movement: &Movement) -> Moment {
        let batch = self.freed.get(&id).map_or(id.batch, |count| count.batch);
        let position = self.positions.get(&batch);
        position.map_or(Moment::new(movement.effective_at), |position| Moment::told(movement.effective_at, *position))
    }
}

/// The accounts that undoing these movements touches. Of instances every account is needed beside them.
pub fn wanted(movements: &[(MovementId, Movement)]) -> Vec<AccountId> {
    let mut accounts: Vec<_> = movements
        .iter()
        .flat_map(|(_, movement)| [movement.from.account, movement.to.account, movement.from.pool, movement.to.pool])
        .filter(|id| id.0 != 0)
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}

/// Undoes movements at their own times (or at `at`, or on the first open instant where the period is
/// closed by now), if every policy still holds at every later time.
///
/// A count after what is undone, or after another time that it is undone at, stays true: where a mate keeps it so for
/// the sake of the movement, the mate is undone as well; else a new compensation is made.
pub fn reverse(
    ledger: &Ledger,
    catalog: &Catalog,
    undoing: &Undoing,
    at: Option<Time>,
    ids: &mut FreshIds,
) -> Result<Reversed, Stop> {
    let movements = &undoing.movements;
    let keys: BTreeMap<AccountId, AccountKey> =
        ledger.accounts.values().map(|account| (account.id, account.key)).collect();
    let mut trial = Trial::new(ledger, ids);
    let mut refusals = Vec::new();
    let mut missing = Vec::new();
    let mut reversed = Vec::with_capacity(movements.len());
    let mut postings: BTreeMap<AccountKey, Vec<(Time, i64)>> = BTreeMap::new();
    let mut instances: BTreeMap<(ProductId, VariantId, LotId), Time> = BTreeMap::new();
    let mut compensations = Vec::new();
    let mut gone_with_cause = BTreeSet::new();
    // What has to be made up for at counts that still hold, by what is counted.
    let mut dues: BTreeMap<(AccountKey, CountId), Vec<Owed<'_>>> = BTreeMap::new();
    let note_stock = |postings: &mut BTreeMap<AccountKey, Vec<(Time, i64)>>, kept: &Keeper| {
        let stock = postings.entry(kept.key).or_default();
        if !catalog.lots.get(&kept.key.lot).is_some_and(|lot| lot.is_serial) {
            stock.push((kept.movement.effective_at, kept.change));
        }
    };
    for (id, movement) in movements {
        if gone_with_cause.contains(id) {
            continue;
        }
        if movement.kind == MovementKind::Reversal {
            refusals.push(Refusal {
                code: "isReversal",
                message: format!("movement {} is itself a reversal; book the goods anew instead", id.number()),
            });
            continue;
        }
        let mut when = at.unwrap_or(movement.effective_at);
        let place = if movement.from.location.is_real() { movement.from.location } else { movement.to.location };
        if let Some(open_from) = catalog.policies.open_from_at(&catalog.locations, place)
            && when < open_from
        {
            if at.is_some() {
                refusals.push(Refusal {
                    code: "periodClosed",
                    message: format!("{when} lies in a closed period; the first open instant is {open_from}"),
                });
                continue;
            }
            when = open_from;
        }
        let mut undone = Movement {
            line: reversed.len() as i64,
            effective_at: when,
            kind: MovementKind::Reversal,
            from: movement.to,
            to: movement.from,
            entered_count: Quantity(-movement.entered_count.0),
            reverses: Some(*id),
            ..movement.clone()
        };
        undone.unit_cost = None;
        let steps = [
            (movement.to.account, -movement.quantity.0, 0),
            (movement.from.account, movement.quantity.0, 0),
            (movement.to.pool, -movement.quantity.0, -movement.amount.0),
            (movement.from.pool, movement.quantity.0, movement.amount.0),
        ];
        for (account, quantity, amount) in steps {
            let Some(key) = keys.get(&account) else { continue };
            if let Err(lack) = post(&mut trial, *key, when, Quantity(quantity), Amount(amount)) {
                missing.push(lack);
            }
            if key.kind == AccountKind::Stock && catalog.lots.get(&key.lot).is_some_and(|lot| lot.is_serial) {
                let from = instances.entry((key.product, key.variant, key.lot)).or_insert(when);
                *from = when.min(*from);
            } else if key.kind == AccountKind::Stock {
                postings.entry(*key).or_default().push((when, quantity));
            }
        }
        let cause_line = undone.line;
        reversed.push(undone);
        let own = undoing.moment_of(*id, movement);
        let moment = if when == own.at { own } else { Moment::new(when) };
        for end in [movement.from, movement.to] {
            match keep_count(&mut trial, catalog, (*id, movement, moment), end, &undoing.mates) {
                Err(lack) => missing.push(lack),
                Ok(None) => {}
                Ok(Some(Keeps::Mate(kept))) => {
                    note_stock(&mut postings, &kept);
                    gone_with_cause.extend(kept.movement.reverses);
                    let line = reversed.len() as i64;
                    reversed.push(Movement { line, ..kept.movement });
                }
                Ok(Some(Keeps::Due(due))) => {
                    let owed = dues.entry((due.key, due.count.id)).or_default();
                    // What another line undoes of the same key needs nothing made up for.
                    match owed.iter().position(|(other, ..)| other.change == -due.change) {
                        Some(other) => drop(owed.remove(other)),
                        None => owed.push((due, cause_line, movement)),
                    }
                }
            }
        }
    }
    for (due, cause, movement) in dues.into_values().flatten() {
        match due.made_up_for(&mut trial, catalog, movement) {
            Err(lack) => missing.push(lack),
            Ok(kept) => {
                note_stock(&mut postings, &kept);
                let line = reversed.len() as i64;
                compensations.push(Compensation { line, count: due.count.id, cause });
                reversed.push(Movement { line, ..kept.movement });
            }
        }
    }
    if missing.is_empty() {
        for (key, mut lines) in postings {
            if catalog.policies.negative_at(&catalog.locations, key.place) != Negative::Forbid {
                continue;
            }
            lines.sort_unstable();
            match crate::booking::first_shortage(&trial, key, &lines) {
                Err(lack) => missing.push(lack),
                Ok(None) => {}
                Ok(Some((when, balance))) => refusals.push(Refusal {
                    code: "insufficientStock",
                    message: format!(
                        "undoing this would leave {} of {} at {} on {when}; undo what was taken from there first",
                        balance,
                        catalog.product_name(key.product),
                        catalog.locations.name_of(key.place),
                    ),
                }),
            }
        }
    }
    if missing.is_empty() {
        for (instance, from) in instances {
            match crate::booking::instance_fault(&trial, catalog, instance, from) {
                Err(lack) => missing.push(lack),
                Ok(None) => {}
                Ok(Some((code, message))) => {
                    refusals.push(Refusal { code, message: format!("undoing this would break: {message}") });
                }
            }
        }
    }
    if missing.is_empty() {
        // A count says what is there; to take it back may leave less than is reserved, as the count itself may.
        let products = movements
            .iter()
            .filter(|(_, movement)| {
                !matches!(movement.kind, MovementKind::Journal(JournalKind::Settlement) | MovementKind::Compensation)
            })
            .filter(|(_, movement)| movement.to.location.is_real())
            .map(|(_, movement)| (movement.product, movement.variant))
            .collect();
        match crate::reservation::judge(&trial, catalog, &products, &[]) {
            Err(lack) => missing.push(lack),
            Ok(found) => refusals.extend(found.into_iter().map(|taken| Refusal {
                code: "insufficientStock",
                message: format!(
                    "undoing this would take what is reserved: {}; release the reservation first",
                    crate::booking::reserved_message(catalog, taken)
                ),
            })),
        }
    }
    if !missing.is_empty() {
        return Err(Stop::Missing(missing));
    }
    if !refusals.is_empty() {
        return Err(Stop::Refused(refusals));
    }
    Ok(Reversed { movements: reversed, touched: trial.into_touched(), compensations })
}

/// What keeps a count true.
struct Keeper {
    key: AccountKey,
    change: i64,
    movement: Movement,
}

/// How the first later count of one end is kept true.
enum Keeps {
    /// What made up for the undone movement is undone with it.
    Mate(Box<Keeper>),
    /// It has to be made up for, unless another line undoes the opposite.
    Due(Due),
}

/// What an undoing would leave untrue at a count.
struct Due {
    key: AccountKey,
    change: i64,
    count: CountAt,
}

/// What is due, the line of the undoing that it is due to, and what that undoes.
type Owed<'m> = (Due, i64, &'m Movement);

impl Due {
    fn made_up_for(&self, trial: &mut Trial<'_>, catalog: &Catalog, cause: &Movement) -> Result<Keeper, Missing> {
        let mut made = compensate(trial, catalog, cause, self.key, Quantity(self.change), self.count)?;
        let amount = crate::booking::value_alone(trial, catalog, &made)?;
        made.amount = amount.ok_or(Missing::TooLarge(self.key))?;
        Ok(Keeper { key: self.key, change: -self.change, movement: made })
    }
}

/// Keeps the first later count of one end true.
fn keep_count(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    (id, movement, moment): (MovementId, &Movement, Moment),
    end: End,
    mates: &[Mate],
) -> Result<Option<Keeps>, Missing> {
    if !end.location.is_real() {
        return Ok(None);
    }
    let key = stock_key(movement.product, movement.variant, movement.lot, end.location);
    let Some(count) = first_broken(trial, catalog, &FreshCounts::new(), key, moment)? else { return Ok(None) };
    // What the reversal takes from here: the opposite of what the movement brought.
    let change = if end.location == movement.to.location { -movement.quantity.0 } else { movement.quantity.0 };
    // A set and its instance are counted together.
    let mate = mates.iter().find(|mate| {
        mate.cause == id
            && (mate.count.batch == count.id.batch && mate.movement.effective_at == count.at)
            && (mate.movement.from.location == end.location || mate.movement.to.location == end.location)
    });
    if let Some(mate) = mate {
        let at = mate.movement.effective_at;
        let amount = Amount(if change < 0 { mate.movement.amount.0 } else { -mate.movement.amount.0 });
        post(trial, key, at, Quantity(-change), Amount::ZERO)?;
        if let Some(pool) = pool_key(catalog, key.product, key.variant, key.lot, key.place) {
            post(trial, pool, at, Quantity(-change), amount)?;
        }
        let mut undone = Movement {
            kind: MovementKind::Reversal,
            from: mate.movement.to,
            to: mate.movement.from,
            entered_count: Quantity(-mate.movement.entered_count.0),
            reverses: Some(mate.id),
            ..mate.movement.clone()
        };
        undone.unit_cost = None;
        return Ok(Some(Keeps::Mate(Box::new(Keeper { key, change: -change, movement: undone }))));
    }
    Ok(Some(Keeps::Due(Due { key, change, count })))
}

fn post(trial: &mut Trial<'_>, key: AccountKey, at: Time, quantity: Quantity, amount: Amount) -> Result<(), Missing> {
    let account = trial.account(key)?;
    account.post(at, quantity, amount)?;
    if key.kind == AccountKind::Pool {
        // What came after the undone movement, maybe at the same instant, costs something else now.
        await_settlement(account, at);
    }
    Ok(())
}
