//! What can be promised by which date: what stands, what is reserved, and what is still to come and to go.

use std::collections::BTreeMap;

use lotbook_domain::id::{LocationId, ProductId, TenantId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LocationTree;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::availability;
use super::balance::BalanceFilter;
use super::range::{self, Beyond, fit};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows, long_sum};

/// A time at which what can be promised changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Time,
    /// By how much what is booked for later changes stock then.
    pub booked: Quantity,
    /// What waiting Delivery entries are to bring then.
    pub incoming: Quantity,
    /// What holds that end then give back.
    pub released: Quantity,
    /// What will be free by then, if nothing else happens.
    pub projected: Quantity,
    /// What can be promised from then on without breaking a later promise: the least that will be free at any time
    /// from then on; never below 0.
    pub promise: Quantity,
}

/// What can be promised of a product or variant, from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promise {
    /// What stands there now.
    pub stock: Quantity,
    /// What of it is reserved.
    pub reserved: Quantity,
    /// What should have come already and still waits; it is not counted on.
    pub overdue: Quantity,
    /// Now, and each later time at which something changes.
    pub steps: Vec<Step>,
}

impl Promise {
    /// From when on so much can be promised; `None` = not from anything that is known by now.
    pub fn earliest(&self, quantity: Quantity) -> Option<Time> {
        self.steps.iter().find(|step| step.promise >= quantity).map(|step| step.at)
    }
}

/// What changes at a time: booked, incoming, released.
type Changes = BTreeMap<Time, [i128; 3]>;

/// What stands, is reserved and is overdue, and what changes, in millionths.
#[derive(Default)]
struct Known {
    stock: i128,
    reserved: i128,
    overdue: i128,
    changes: Changes,
}

/// What can be promised of a product from now on, by variant, over the places of the filter.
///
/// Errors: refused `quantityTooLarge`, where something that is told is more than a figure can tell. Cost: its balances,
/// its movements that are still to be true, its waiting entries and its holds.
pub fn promise(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    product: ProductId,
    asked: &BalanceFilter,
    now: Time,
) -> Result<BTreeMap<VariantId, Promise>, Error> {
    let filter = BalanceFilter { products: Some(vec![product]), as_of: Some(now), ..asked.clone() };
    let mut found: BTreeMap<VariantId, Known> = BTreeMap::new();
    for ((_, variant, _), spot) in availability::sums(conn, tenant, tree, &filter, now)? {
        let sum = found.entry(variant).or_default();
        sum.stock += spot.stock;
        sum.reserved += spot.reserved;
    }
    let mut note = |variant: VariantId, at: Time, which: usize, quantity: i128| {
        if asked.variant.is_none_or(|only| only == variant) {
            found.entry(variant).or_default().changes.entry(at).or_default()[which] += quantity;
        }
    };
    let places = asked.places.as_ref().map(|places| Rows::ids(places.iter().map(|id| id.0)));
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(product.0), Arg::Int(now.0)];
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
    }
    let at_places = |column: &str, argument: usize| match places {
        Some(_) => format!(" and {column} in (select w.id from {{rows ${argument} (id bigint) w}})"),
        None => String::new(),
    };
    let quantities = long_sum("m.quantity");
    for (side, sign) in [("to_account", 1), ("from_account", -1)] {
        conn.each(
            &format!(
                "select a.variant, m.effective_at, {quantities} from account a \
                 {{look up movement m}} m.tenant = $1 and m.{side} = a.id and m.{side} > 0 and m.effective_at > $3 \
                 {{looked up m}} where a.tenant = $1 and a.product = $2 and a.kind = 1{} \
                 group by a.variant, m.effective_at",
                at_places("a.place", 4)
            ),
            &args,
            |row| {
                note(VariantId(row.int(0)?), Time(row.int(1)?), 0, sign * row.sum(2)?);
                Ok(())
            },
        )?;
    }
    // The time is no part of this one: what is overdue is told apart below.
    let waiting: Vec<Arg<'_>> = args.iter().enumerate().filter(|(at, _)| *at != 2).map(|(_, arg)| *arg).collect();
    let mut overdue: BTreeMap<VariantId, i128> = BTreeMap::new();
    conn.each(
        &format!(
            "select e.variant, e.effective_at, {} from entry e \
             join journal j on j.tenant = $1 and j.id = e.journal and j.kind = {} \
             where e.tenant = $1 and e.product = $2 and e.count > 0{} group by e.variant, e.effective_at",
            long_sum("e.count"),
            JournalKind::Delivery.code(),
            at_places("e.location", 3)
        ),
        &waiting,
        |row| {
            let (variant, at, quantity) = (VariantId(row.int(0)?), Time(row.int(1)?), row.sum(2)?);
            if at > now {
                note(variant, at, 1, quantity);
            } else if asked.variant.is_none_or(|only| only == variant) {
                *overdue.entry(variant).or_default() += quantity;
            }
            Ok(())
        },
    )?;
    let mut ends = Vec::new();
    conn.each(
        &format!(
            "select v.variant, v.location, v.hold_until, {} from reservation v \
             where v.tenant = $1 and v.product = $2 and v.state = 1 and v.hold_until is not null and v.hold_until > $3 \
             group by v.variant, v.location, v.hold_until",
            long_sum("v.open_quantity")
        ),
        &args[..3],
        |row| {
            ends.push((VariantId(row.int(0)?), LocationId(row.int(1)?), Time(row.int(2)?), row.sum(3)?));
            Ok(())
        },
    )?;
    for (variant, place, at, quantity) in ends {
        // A hold of a whole site gives back what may stand in any of its places.
        let is_shown = asked.places.as_ref().is_none_or(|places| {
            places.iter().any(|shown| tree.is_within(*shown, place) || tree.is_within(place, *shown))
        });
        if is_shown {
            note(variant, at, 2, quantity);
        }
    }
    for (variant, quantity) in overdue {
        found.entry(variant).or_default().overdue = quantity;
    }
    let mut told = BTreeMap::new();
    for (variant, known) in found {
        let promise = match walk(known, now) {
            Ok(promise) => promise,
            Err(beyond) => return Err(range::refused(conn, tenant, product, beyond)),
        };
        told.insert(variant, promise);
    }
    Ok(told)
}

/// Puts the changes in order, and finds what each time can promise.
fn walk(known: Known, now: Time) -> Result<Promise, Beyond> {
    let Known { stock, reserved, overdue, changes } = known;
    let mut promise = Promise {
        stock: fit("what stands there", stock)?,
        reserved: fit("what is reserved", reserved)?,
        overdue: fit("what is overdue", overdue)?,
        steps: Vec::new(),
    };
    let mut free = stock - reserved;
    promise.steps.push(Step { at: now, projected: fit("what will be free", free)?, ..Step::default() });
    let mut held = reserved.max(0);
    for (at, [booked, incoming, released]) in changes.into_iter().filter(|(_, sums)| *sums != [0; 3]) {
        // Of a hold of more than these places, no more comes back here than was taken off.
        let released = released.min(held);
        held -= released;
        free += booked + incoming + released;
        promise.steps.push(Step {
            at,
            booked: fit("what is booked for one time", booked)?,
            incoming: fit("what is to come at one time", incoming)?,
            released: fit("what holds give back at one time", released)?,
            projected: fit("what will be free", free)?,
            promise: Quantity::ZERO,
        });
    }
    let mut least = i64::MAX;
    for step in promise.steps.iter_mut().rev() {
        least = least.min(step.projected.0);
        step.promise = Quantity(least.max(0));
    }
    Ok(promise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_promised_that_is_needed_later() {
        let changes =
            BTreeMap::from([(Time(5), [-5, 0, 0]), (Time(7), [0, 20, 0]), (Time(8), [0, 0, 0]), (Time(9), [-2, 0, 3])]);
        let known = Known { stock: 10, reserved: 4, changes, ..Known::default() };
        let promise = walk(known, Time(1)).expect("it is little");
        let shown: Vec<_> = promise.steps.iter().map(|step| (step.at.0, step.projected.0, step.promise.0)).collect();
        assert_eq!(shown, [(1, 6, 1), (5, 1, 1), (7, 21, 21), (9, 22, 22)]);
        assert_eq!(promise.earliest(Quantity(1)), Some(Time(1)));
        assert_eq!(promise.earliest(Quantity(2)), Some(Time(7)));
        assert_eq!(promise.earliest(Quantity(23)), None);
    }
}
