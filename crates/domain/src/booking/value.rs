//! Third pass: what each movement is worth, in the order of time.

use super::FaultKind;
use super::expand::Work;
use super::want::pool_key;
use crate::catalog::{Catalog, Costing};
use crate::cost::{UnderWay, amount_from_under_way, await_settlement, issue_amount, post_issue, post_receipt};
use crate::costing::Terms;
use crate::entry::Entry;
use crate::id::{LocationId, VoucherId};
use crate::ledger::{AccountKey, Missing, Trial};
use crate::money::{Amount, Scale, extend, share, share_of_sum};
use crate::movement::{Movement, MovementKind};
use crate::quantity::Quantity;
use crate::time::Time;

/// What vouchers of this booking put under way.
type Transit = UnderWay<(VoucherId, AccountKey)>;

pub(super) fn value(trial: &mut Trial<'_>, catalog: &Catalog, entries: &[Entry], work: &mut Work) {
    let mut order: Vec<usize> =
        (0..work.movements.len()).filter(|at| work.movements[*at].from.pool != work.movements[*at].to.pool).collect();
    // What a voucher puts under way comes before what it takes out at the same instant.
    order.sort_by_key(|at| {
        let movement = &work.movements[*at];
        (movement.effective_at, movement.from.location == LocationId::IN_TRANSIT, movement.line)
    });
    let mut under_way = Transit::default();
    for at in order {
        let taken_over = match work.cost_of.get(&at) {
            Some(flow) => {
                let given = work
                    .sources
                    .iter()
                    .zip(&work.movements)
                    .filter(|(source, movement)| *source == flow && movement.kind != MovementKind::Compensation);
                let given: Vec<(i64, Amount)> = given.map(|(_, movement)| (movement.line, movement.amount)).collect();
                let line = work.movements[at].line;
                work.cost_links.extend(given.iter().map(|(source, _)| (line, *source)));
                given.into_iter().map(|(_, amount)| amount).try_fold(Amount::ZERO, Amount::checked_add)
            }
            None => None,
        };
        let movement = &mut work.movements[at];
        match value_one(trial, catalog, movement, taken_over, &mut under_way) {
            Ok(Some(amount)) => movement.amount = amount,
            Ok(None) => {
                let entry = &entries[work.sources[at]];
                let message = format!(
                    "the value of {} of {} leaves the range of 9,223,372,036,854; split the entry",
                    movement.quantity,
                    catalog.product_name(movement.product)
                );
                work.fault(entry, FaultKind::Entry, "amountTooLarge", message);
            }
            Err(missing) => work.missing.push(missing),
        }
    }
}

/// What a movement that is not part of a booking is worth; `None` = too much.
pub(crate) fn value_alone(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    movement: &Movement,
) -> Result<Option<Amount>, Missing> {
    let amount = value_one(trial, catalog, movement, None, &mut Transit::default())?;
    for end in [movement.from, movement.to] {
        if let Some(key) = pool_key(catalog, movement.product, movement.variant, movement.lot, end.location) {
            await_settlement(trial.account(key)?, movement.effective_at);
        }
    }
    Ok(amount)
}

fn value_one(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    movement: &Movement,
    taken_over: Option<Amount>,
    under_way: &mut Transit,
) -> Result<Option<Amount>, Missing> {
    let key = |place| pool_key(catalog, movement.product, movement.variant, movement.lot, place);
    let scale = catalog.policies.scale;
    let (at, quantity) = (movement.effective_at, movement.quantity);
    let plan = catalog.costing(movement.product, movement.variant);
    let terms = plan.at(at);
    // Other terms hold later: what stands then is worth something else by them, moved or not.
    let changes_later = !plan.changes_from(Time(at.0.saturating_add(1))).is_empty();
    let mut amount = None;
    if movement.from.pool.0 != 0
        && let Some(source) = key(movement.from.location)
    {
        let pool = trial.account(source)?;
        let stand = pool.at(at)?;
        let (last, fallback) = (pool.last_cost, movement.fallback_cost);
        let found = if terms.method == Costing::Standard {
            extend(quantity, terms.standard, scale)
        } else if movement.from.location == LocationId::IN_TRANSIT {
            let paired = under_way.take(&(movement.voucher, source), quantity, scale);
            amount_from_under_way(paired, stand, last, fallback, quantity, scale)
        } else {
            issue_amount(stand, last, fallback, quantity, scale)
        };
        let Some(found) = found else { return Ok(None) };
        let pool = trial.account(source)?;
        post_issue(pool, at, quantity, found)?;
        let is_returned = movement.external.as_ref().is_some_and(|document| {
            let key = (movement.product, movement.variant, document.kind.clone(), document.id);
            trial.is_returned_of(&key)
        });
        let pool = trial.account(source)?;
        let Some(is_off) = is_off_standard(pool.at(at)?, terms, scale) else { return Ok(None) };
        if terms.method == Costing::Fifo || changes_later || is_returned || is_off {
            // Which layers it takes, and what rounding leaves, is found by the replay.
            await_settlement(pool, at);
        }
        amount = Some(found);
    }
    if movement.to.pool.0 != 0
        && let Some(target) = key(movement.to.location)
    {
        let found = match amount.or(taken_over) {
            Some(amount) => amount,
            None => match receipt_amount(trial, catalog, movement, target, terms)? {
                Some(amount) => amount,
                None => return Ok(None),
            },
        };
        let pool = trial.account(target)?;
        post_receipt(pool, at, quantity, found)?;
        // What is returned of a document may not be settled yet, nor known.
        let is_return_of = movement.takes_cost_of_sale() && movement.credit_note.is_some();
        let Some(is_off) = is_off_standard(pool.at(at)?, terms, scale) else { return Ok(None) };
        if changes_later || is_return_of || is_off {
            // The variance is a value entry of its own.
            await_settlement(pool, at);
        }
        if movement.to.location == LocationId::IN_TRANSIT {
            under_way.put((movement.voucher, target), quantity, found);
        }
        amount = Some(found);
    }
    Ok(amount)
}

/// Whether a pool under standard cost is worth something else than its standard.
/// Whether a pool is worth something else than the standard says; `None` = what that says leaves the range.
fn is_off_standard(stand: (Quantity, Amount), terms: Terms, scale: Scale) -> Option<bool> {
    if terms.method != Costing::Standard {
        return Some(false);
    }
    extend(stand.0, terms.standard, scale).map(|worth| worth != stand.1)
}

/// What comes from outside costs what was given with it; a return costs what its document's issues
/// did, else the average just before; else the fall-back cost.
fn receipt_amount(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    movement: &Movement,
    target: AccountKey,
    terms: Terms,
) -> Result<Option<Amount>, Missing> {
    let scale = catalog.policies.scale;
    if let Some(cost) = movement.unit_cost {
        return Ok(extend(movement.quantity, cost, scale));
    }
    if terms.method == Costing::Standard {
        return Ok(extend(movement.quantity, terms.standard, scale));
    }
    if movement.from.location == LocationId::CUSTOMER {
        if let Some(credit) = &movement.credit_note {
            let key = (movement.product, movement.variant, credit.kind.clone(), credit.id);
            if let Some(sold) = trial.issued_under(&key)
                && sold.quantity_e6 > 0
            {
                return Ok(share_of_sum(sold.amount_e6, movement.quantity, sold.quantity_e6, scale));
            }
        }
        let (stock, value) = trial.account(target)?.at(movement.effective_at)?;
        if stock.0 > 0 {
            return Ok(share(Amount(value.0.max(0)), movement.quantity, stock, scale));
        }
    }
    Ok(extend(movement.quantity, movement.fallback_cost.unwrap_or_default(), scale))
}
