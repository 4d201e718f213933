//! What a movement is worth when it is first booked: moving average of a cost pool.
//!
//! The pool's timeline gives quantity and value as of the movement's time. What becomes known later
//! (a shortage covered, a movement dated before this one) is not written back: it marks the pool as
//! awaiting settlement from that time on.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use crate::ledger::{Account, LastCost, Missing, Rate};
use crate::money::{Amount, Scale, UnitCost, extend, share};
use crate::quantity::Quantity;
use crate::time::Time;

/// What an issue takes out of a pool under moving average, without posting it.
///
/// From quantity Q and value V: `round(V × q / Q)`; all of V when q = Q. What goes beyond Q is
/// provisional: at V / Q while there is stock, else at what a unit last cost, else at the fall-back
/// cost. `None` where the amount leaves the range.
pub fn issue_amount(
    stand: (Quantity, Amount),
    last: LastCost,
    fallback: Option<UnitCost>,
    quantity: Quantity,
    scale: Scale,
) -> Option<Amount> {
    let (stock, value) = stand;
    let value = Amount(value.0.max(0));
    if stock.0 > 0 {
        if quantity <= stock {
            return if quantity == stock { Some(value) } else { share(value, quantity, stock, scale) };
        }
        // What is covered takes all there is; the rest is provisional at the same rate.
        return share(value, Quantity(quantity.0 - stock.0), stock, scale)?.checked_add(value);
    }
    match last {
        LastCost::Emptied(rate) | LastCost::Received(rate) => share(rate.amount, quantity, rate.quantity, scale),
        LastCost::Untold => extend(quantity, fallback.unwrap_or_default(), scale),
    }
}

impl LastCost {
    /// After an issue from what stood there: one that takes all of it tells what a unit cost.
    #[must_use]
    pub fn after_issue(self, (stock, value): (Quantity, Amount), quantity: Quantity) -> Self {
        if stock.0 > 0 && quantity >= stock {
            Self::Emptied(Rate { quantity: stock, amount: Amount(value.0.max(0)) })
        } else {
            self
        }
    }

    /// After a receipt: one that a shortage takes all of tells what a unit costs, but only of a pool that never held
    /// anything. Where something stands there now, nothing needs to be kept.
    #[must_use]
    pub fn after_receipt(self, stock: Quantity, quantity: Quantity, amount: Amount) -> Self {
        if stock.0.saturating_add(quantity.0) > 0 {
            Self::Untold
        } else if stock.0 < 0 && !matches!(self, Self::Emptied(_)) {
            Self::Received(Rate { quantity, amount: Amount(amount.0.max(0)) })
        } else {
            self
        }
    }
}

/// Posts an issue of this amount.
pub fn post_issue(pool: &mut Account, at: Time, quantity: Quantity, amount: Amount) -> Result<(), Missing> {
    let in_the_end = in_the_end(pool);
    mark_if_backdated(pool, at);
    pool.post(at, Quantity(-quantity.0), Amount(-amount.0))?;
    pool.last_cost = pool.last_cost.after_issue(in_the_end, quantity);
    Ok(())
}

/// What a pool holds after all that is known of it. What a unit last cost is kept of this, for what comes next in the
/// order of time; what is dated earlier is settled.
fn in_the_end(pool: &Account) -> (Quantity, Amount) {
    let root = pool.timeline.root();
    (root.quantity, root.amount)
}

/// Posts a receipt of this amount. One that meets a shortage makes the provisional cost of what was
/// sold beyond stock known, which settlement then books.
pub fn post_receipt(pool: &mut Account, at: Time, quantity: Quantity, amount: Amount) -> Result<(), Missing> {
    let (stock, _) = pool.at(at)?;
    let in_the_end = in_the_end(pool);
    mark_if_backdated(pool, at);
    pool.post(at, quantity, amount)?;
    pool.last_cost = pool.last_cost.after_receipt(in_the_end.0, quantity, amount);
    if stock.0 < 0 {
        await_settlement(pool, at);
    }
    Ok(())
}

/// What vouchers put under way and have not taken out again, by voucher and pool: what a voucher takes out
/// costs what it put in, first in, first out, before it costs the average.
#[derive(Clone, Debug)]
pub struct UnderWay<K>(BTreeMap<K, VecDeque<(Quantity, Amount)>>);

impl<K> Default for UnderWay<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> UnderWay<K> {
    /// Notes what is put under way.
    pub fn put(&mut self, key: K, quantity: Quantity, amount: Amount) {
        self.0.entry(key).or_default().push_back((quantity, amount));
    }

    /// Takes out what was put in under this key, at most `wanted`; the last part takes the remainder.
    pub fn take(&mut self, key: &K, wanted: Quantity, scale: Scale) -> (Quantity, Amount) {
        let mut taken = (0, 0);
        let Some(queue) = self.0.get_mut(key) else { return (Quantity::ZERO, Amount::ZERO) };
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
}

/// An amount as a pool can give it: what empties the pool takes all of its value, what leaves something
/// behind takes no more than that, what goes beyond stock takes no less.
pub fn within(stand: (Quantity, Amount), quantity: Quantity, amount: Amount) -> Amount {
    let (stock, value) = (stand.0, Amount(stand.1.0.max(0)));
    match quantity.cmp(&stock) {
        _ if stock.0 <= 0 => amount,
        Ordering::Less => amount.min(value),
        Ordering::Equal => value,
        Ordering::Greater => amount.max(value),
    }
}

/// What an issue from under way costs: what its voucher put in, then the average of what else is there, then that of
/// all that was there.
pub fn amount_from_under_way(
    paired: (Quantity, Amount),
    stand: (Quantity, Amount),
    last: LastCost,
    fallback: Option<UnitCost>,
    quantity: Quantity,
    scale: Scale,
) -> Option<Amount> {
    let open = Quantity(quantity.0 - paired.0.0);
    let mut amount = paired.1;
    if open.0 > 0 {
        let left = (Quantity(stand.0.0.checked_sub(paired.0.0)?), Amount(stand.1.0.checked_sub(paired.1.0)?));
        let last = last.after_issue(stand, quantity);
        amount = amount.checked_add(issue_amount(left, last, fallback, open, scale)?)?;
    }
    Some(within(stand, quantity, amount))
}

fn mark_if_backdated(pool: &mut Account, at: Time) {
    let root = pool.timeline.root();
    // A revaluation may have found nothing that it could post to, and now finds what comes in before it.
    let is_before_a_word = pool.revalued_to.is_some_and(|word| at < word);
    if (root.postings > 0 && at < root.instants_to) || is_before_a_word {
        await_settlement(pool, at);
    }
}

/// Notes that a revaluation said what a pool is worth at a time: it waits for what follows from that, now and
/// whenever something dated earlier is learned.
pub fn note_revaluation(pool: &mut Account, at: Time) {
    pool.revalued_to = pool.revalued_to.max(Some(at));
    await_settlement(pool, at);
}

/// Notes that what the pool is worth from a time on is not known yet.
pub fn await_settlement(pool: &mut Account, from: Time) {
    pool.unsettled_from = Some(pool.unsettled_from.map_or(from, |already| already.min(from)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::ONE_E6;

    fn of(units: i64) -> Quantity {
        Quantity(units * ONE_E6)
    }

    #[test]
    fn the_last_unit_takes_the_rest_of_the_value() {
        let scale = Scale::DEFAULT;
        // Bought 2 at 1.00 and 1 at 1.01; three are sold one by one.
        let mut stand = (of(3), Amount(3_010_000));
        let mut amounts = Vec::new();
        for _ in 0..3 {
            let amount = issue_amount(stand, LastCost::Untold, None, of(1), scale).unwrap();
            stand = (Quantity(stand.0.0 - ONE_E6), Amount(stand.1.0 - amount.0));
            amounts.push(amount.0);
        }
        assert_eq!(amounts, [1_003_300, 1_003_400, 1_003_300]);
        assert_eq!(stand, (Quantity::ZERO, Amount::ZERO));
    }

    #[test]
    fn beyond_stock_the_average_then_what_a_unit_last_cost_then_the_fall_back_is_taken() {
        let scale = Scale::DEFAULT;
        let last = LastCost::Emptied(Rate { quantity: of(4), amount: Amount(10_000_000) });
        let fallback = Some(UnitCost(9_000_000));
        let stand = (of(2), Amount(6_000_000));
        assert_eq!(issue_amount(stand, last, fallback, of(5), scale), Some(Amount(15_000_000)));
        let empty = (Quantity::ZERO, Amount::ZERO);
        assert_eq!(issue_amount(empty, last, fallback, of(2), scale), Some(Amount(5_000_000)));
        assert_eq!(issue_amount(empty, LastCost::Untold, fallback, of(2), scale), Some(Amount(18_000_000)));
        assert_eq!(issue_amount(empty, LastCost::Untold, None, of(2), scale), Some(Amount::ZERO));
    }

    #[test]
    fn a_receipt_that_a_shortage_takes_tells_a_cost_only_where_nothing_ever_stood() {
        let rate = |quantity: i64, cents: i64| Rate { quantity: of(quantity), amount: Amount(cents * 10_000) };
        let never = LastCost::Untold.after_issue((of(0), Amount::ZERO), of(3));
        assert_eq!(never, LastCost::Untold);
        let taken_up = never.after_receipt(of(-3), of(2), Amount(8_000_000));
        assert_eq!(taken_up, LastCost::Received(rate(2, 800)));
        assert_eq!(taken_up.after_receipt(of(-1), of(1), Amount(5_000_000)), LastCost::Received(rate(1, 500)));
        assert_eq!(taken_up.after_receipt(of(-1), of(3), Amount(5_000_000)), LastCost::Untold);
        let emptied = taken_up.after_issue((of(4), Amount(6_000_000)), of(5));
        assert_eq!(emptied, LastCost::Emptied(rate(4, 600)));
        assert_eq!(emptied.after_receipt(of(-1), of(1), Amount(5_000_000)), emptied);
    }
}
