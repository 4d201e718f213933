//! Third pass: what each movement is worth, in the order of time.

use std::collections::{HashMap, VecDeque};

use super::FaultKind;
use super::expand::Work;
use super::want::pool_key;
use crate::catalog::Catalog;
use crate::cost::{issue_amount, post_issue, post_receipt};
use crate::entry::Entry;
use crate::id::{LocationId, ProductId, VariantId, VoucherId};
use crate::ledger::{AccountKey, Missing, Trial};
use crate::money::{Amount, extend, share};
use crate::movement::Movement;
use crate::quantity::Quantity;

/// What a voucher put under way and has not taken out again.
type UnderWay = HashMap<(VoucherId, ProductId, VariantId), VecDeque<(Quantity, Amount)>>;

pub(super) fn value(trial: &mut Trial<'_>, catalog: &Catalog, entries: &[Entry], work: &mut Work) {
    let mut order: Vec<usize> =
        (0..work.movements.len()).filter(|at| work.movements[*at].from.pool != work.movements[*at].to.pool).collect();
    // What a voucher puts under way comes before what it takes out at the same instant.
    order.sort_by_key(|at| {
        let movement = &work.movements[*at];
        (movement.effective_at, movement.from.location == LocationId::IN_TRANSIT, movement.line)
    });
    let mut under_way = UnderWay::new();
    for at in order {
        let movement = &mut work.movements[at];
        match value_one(trial, catalog, movement, &mut under_way) {
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

fn value_one(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    movement: &Movement,
    under_way: &mut UnderWay,
) -> Result<Option<Amount>, Missing> {
    let key = |place| pool_key(catalog, movement.product, movement.variant, movement.lot, place);
    let scale = catalog.policies.scale;
    let (at, quantity) = (movement.effective_at, movement.quantity);
    let voucher = (movement.voucher, movement.product, movement.variant);
    let mut amount = None;
    if movement.from.pool.0 != 0
        && let Some(source) = key(movement.from.location)
    {
        let pool = trial.account(source)?;
        let stand = pool.at(at)?;
        let (rate, fallback) = (pool.rate, movement.fallback_cost);
        let paired = if movement.from.location == LocationId::IN_TRANSIT {
            take_under_way(under_way.entry(voucher).or_default(), quantity, scale)
        } else {
            (Quantity::ZERO, Amount::ZERO)
        };
        let open = Quantity(quantity.0 - paired.0.0);
        let rest = if open.0 == 0 {
            Some(Amount::ZERO)
        } else {
            let left = (Quantity(stand.0.0 - paired.0.0), Amount(stand.1.0 - paired.1.0));
            issue_amount(left, rate, fallback, open, scale)
        };
        let Some(found) = rest.and_then(|rest| rest.checked_add(paired.1)) else { return Ok(None) };
        post_issue(trial.account(source)?, at, quantity, found)?;
        amount = Some(found);
    }
    if movement.to.pool.0 != 0
        && let Some(target) = key(movement.to.location)
    {
        let found = match amount {
            Some(amount) => amount,
            None => match receipt_amount(trial, catalog, movement, target)? {
                Some(amount) => amount,
                None => return Ok(None),
            },
        };
        post_receipt(trial.account(target)?, at, quantity, found)?;
        if movement.to.location == LocationId::IN_TRANSIT {
            under_way.entry(voucher).or_default().push_back((quantity, found));
        }
        amount = Some(found);
    }
    Ok(amount)
}

/// What comes from outside costs what was given with it; a return costs what its document's issues
/// did, else the average just before; else the fall-back cost.
fn receipt_amount(
    trial: &mut Trial<'_>,
    catalog: &Catalog,
    movement: &Movement,
    target: AccountKey,
) -> Result<Option<Amount>, Missing> {
    let scale = catalog.policies.scale;
    if let Some(cost) = movement.unit_cost {
        return Ok(extend(movement.quantity, cost, scale));
    }
    if movement.from.location == LocationId::CUSTOMER {
        if let Some(credit) = &movement.credit_note {
            let key = (movement.product, movement.variant, credit.kind.clone(), credit.id);
            if let Some(rate) = trial.issued_under(&key)
                && rate.quantity.0 > 0
            {
                return Ok(share(rate.amount, movement.quantity, rate.quantity, scale));
            }
        }
        let (stock, value) = trial.account(target)?.at(movement.effective_at)?;
        if stock.0 > 0 {
            return Ok(share(Amount(value.0.max(0)), movement.quantity, stock, scale));
        }
    }
    Ok(extend(movement.quantity, movement.fallback_cost.unwrap_or_default(), scale))
}

/// Takes what a voucher put under way, first in, first out; the last part takes the remainder.
fn take_under_way(
    queue: &mut VecDeque<(Quantity, Amount)>,
    wanted: Quantity,
    scale: crate::money::Scale,
) -> (Quantity, Amount) {
    let mut taken = (0, 0);
    while let Some(first) = queue.front_mut()
        && taken.0 < wanted.0
    {
        let open = wanted.0 - taken.0;
        if first.0.0 <= open {
            taken = (taken.0 + first.0.0, taken.1 + first.1.0);
            queue.pop_front();
        } else {
            let part = share(first.1, Quantity(open), first.0, scale).unwrap_or_default();
            *first = (Quantity(first.0.0 - open), Amount(first.1.0 - part.0));
            taken = (taken.0 + open, taken.1 + part.0);
        }
    }
    (Quantity(taken.0), Amount(taken.1))
}
