//! How fast stock turns, and which of it matters most.

use std::collections::HashMap;

use lotbook_domain::id::{LocationId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::money::{Amount, mul_div_half_even};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;

use super::{Ask, Page, products, shown};
use crate::error::Error;
use crate::query::balance::{BalanceFilter, balances};
use crate::query::range;
use crate::store::{Arg, Conn, Rows, long_sum};

/// A cost pool over a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The pool.
    pub pool: AccountKey,
    /// What stood there before the period, and what it was worth.
    pub opening: (Quantity, Amount),
    /// What came in, less what went elsewhere in the house: what stands there at the end beyond what stood there before and
    /// was not issued.
    pub received: Quantity,
    /// What left the house, less what came back: how much, and what it cost by all that is known.
    pub issued: (Quantity, Amount),
    /// What stood there at its end.
    pub closing: (Quantity, Amount),
    /// How often the stock turned, in millionths: cost of issues by average value; `None` = there was none.
    pub turns: Option<i64>,
    /// For how many days the average stock lasts, in millionths; `None` = nothing was issued.
    pub days_of_stock: Option<i64>,
}

/// What goes to these places is used: sold, used up, lost.
const USES: [LocationId; 4] =
    [LocationId::CUSTOMER, LocationId::PRODUCTION, LocationId::LOSS, LocationId::INTERNAL_USE];

/// How cost pools turned between `from` and the time asked for. Cost: the movements and value entries of that
/// time, of the pools on the page.
///
/// Errors: refused `quantityTooLarge` and `amountTooLarge`, where what was issued comes to more than a figure can tell.
pub fn turnover(
    conn: &mut Conn,
    tenant: TenantId,
    ask: &Ask,
    after: ProductId,
    limit: usize,
) -> Result<Page<Turned>, Error> {
    let (products, has_more) = products(conn, tenant, AccountKind::Pool, ask, after, limit)?;
    let next = products.last().copied().filter(|_| has_more);
    // Both ends are read with what is 0, so that they go side by side.
    let mut stands = Vec::new();
    for as_of in [Some(Time(ask.from.0.saturating_sub(1))), ask.as_of] {
        let filter = BalanceFilter {
            products: Some(products.clone()),
            as_of,
            as_known_at: Some(ask.as_known_at),
            with_zero: true,
            ..BalanceFilter::default()
        };
        stands.push(balances(conn, tenant, AccountKind::Pool, &filter, usize::MAX)?.0);
    }
    let (openings, closings) = (&stands[0], &stands[1]);
    let rows = Rows::ids(openings.iter().map(|pool| pool.account.0));
    let uses = Rows::ids(USES.map(|place| place.0));
    let args = [
        Arg::Int(tenant.0),
        Arg::Rows(&rows),
        Arg::Int(ask.from.0),
        Arg::Int(ask.until().0),
        Arg::Int(ask.as_known_at),
        Arg::Rows(&uses),
        Arg::Int(LocationId::CUSTOMER.0),
    ];
    let mut issued: HashMap<i64, (i128, i128)> = HashMap::new();
    let (quantities, amounts) = (long_sum("m.quantity"), long_sum("m.amount"));
    // What production gives back is a receipt, and undoing that no issue; what customers bring back was none.
    for (pool, place, sign, what) in [
        ("from_pool", "to_location", 1, "(m.to_location = $7 or m.reverses_batch = 0)"),
        ("to_pool", "from_location", -1, "(m.from_location = $7 or m.reverses_batch > 0)"),
    ] {
        conn.each(
            &format!(
                "select r.id, {quantities}, {amounts} \
                 from {{rows $2 (id bigint) r}} {{look up movement m}} m.tenant = $1 and m.{pool} = r.id \
                 and m.{pool} > 0 and m.effective_at >= $3 and m.effective_at <= $4 {{looked up m}} \
                 {{look up header h}} h.tenant = $1 and h.batch = m.batch and h.position <= $5 {{looked up h}} \
                 where m.{place} in (select u.id from {{rows $6 (id bigint) u}}) and {what} group by r.id"
            ),
            &args,
            |row| {
                let sum = issued.entry(row.int(0)?).or_default();
                *sum = (sum.0 + sign * row.sum(1)?, sum.1 + sign * row.sum(3)?);
                Ok(())
            },
        )?;
    }
    let amounts = long_sum("v.amount");
    conn.each(
        &format!(
            "select r.id, {amounts} from {{rows $2 (id bigint) r}} {{look up value_entry v}} \
             v.tenant = $1 and v.pool = r.id and v.effective_at >= $3 and v.effective_at <= $4 {{looked up v}} \
             {{look up header h}} h.tenant = $1 and h.batch = v.batch and h.position <= $5 {{looked up h}} \
             where v.counterpart in (select u.id from {{rows $6 (id bigint) u}}) group by r.id"
        ),
        &args[..6],
        |row| {
            issued.entry(row.int(0)?).or_default().1 -= row.sum(1)?;
            Ok(())
        },
    )?;
    let period = ask.at.0.saturating_sub(ask.from.0);
    let mut found = Vec::with_capacity(openings.len());
    for (opening, closing) in openings.iter().zip(closings) {
        debug_assert_eq!(opening.account, closing.account);
        if !shown(ask, &opening.key) {
            continue;
        }
        let (quantity, cost) = issued.get(&opening.account.0).copied().unwrap_or_default();
        let product = opening.key.product;
        let received = i128::from(closing.quantity.0) - i128::from(opening.quantity.0) + quantity;
        let received = range::quantity(conn, tenant, product, "what was received in that time", received)?;
        let quantity = range::quantity(conn, tenant, product, "what was issued in that time", quantity)?;
        let cost = range::amount(conn, tenant, product, "what issues of that time cost", cost)?;
        // Twice the average, so that nothing is rounded before the ratio is.
        let double = i128::from(opening.amount.0) + i128::from(closing.amount.0);
        let turned = Turned {
            pool: opening.key,
            opening: (opening.quantity, opening.amount),
            received,
            issued: (quantity, cost),
            closing: (closing.quantity, closing.amount),
            turns: if double > 0 { mul_div_half_even(cost.0, 2 * ONE_E6, double) } else { None },
            days_of_stock: if cost.0 > 0 {
                mul_div_half_even(double, period / (2 * Time::DAY / ONE_E6), cost.0)
            } else {
                None
            },
        };
        let figures = [turned.opening, turned.issued, turned.closing];
        if figures.iter().any(|(quantity, amount)| quantity.0 != 0 || amount.0 != 0) {
            found.push(turned);
        }
    }
    found.sort_by_key(|turned| (turned.pool.product, turned.pool.variant, turned.pool.place, turned.pool.lot));
    Ok((found, next))
}

/// A product or variant and how much of all use it makes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// How much was issued.
    pub quantity: Quantity,
    /// What that cost.
    pub cost: Amount,
    /// Its part of what all of them cost, in millionths.
    pub share: i64,
    /// The part of it and those before it, in millionths.
    pub upto: i64,
    /// A, B or C.
    pub class: char,
}

/// Products and variants by what their issues of the period cost, the most first. Those that make up the first
/// `a` millionths are A, those up to `b` are B, the rest is C. Cost: [`turnover`] of all that is asked for;
/// memory holds a line for each. Errors: those of [`turnover`].
pub fn abc(conn: &mut Conn, tenant: TenantId, ask: &Ask, a: i64, b: i64) -> Result<Vec<Class>, Error> {
    let mut sums: HashMap<(ProductId, VariantId), (i128, i128)> = HashMap::new();
    let mut after = ProductId(0);
    loop {
        let (page, next) = turnover(conn, tenant, ask, after, 2_000)?;
        for turned in page {
            let sum = sums.entry((turned.pool.product, turned.pool.variant)).or_default();
            *sum = (sum.0 + i128::from(turned.issued.0.0), sum.1 + i128::from(turned.issued.1.0));
        }
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    let mut ranked: Vec<_> = sums.into_iter().collect();
    ranked.sort_by_key(|((product, variant), (_, cost))| (std::cmp::Reverse(*cost), *product, *variant));
    let total: i128 = ranked.iter().map(|(_, (_, cost))| (*cost).max(0)).sum();
    let part = |cost: i128| if total > 0 { mul_div_half_even(cost, ONE_E6, total).unwrap_or(0) } else { 0 };
    let mut upto = 0;
    let mut classed = Vec::with_capacity(ranked.len());
    for ((product, variant), (quantity, cost)) in ranked {
        let before = part(upto);
        upto += cost.max(0);
        let class = match before {
            _ if cost <= 0 => 'C',
            before if before < a => 'A',
            before if before < b => 'B',
            _ => 'C',
        };
        classed.push(Class {
            product,
            variant,
            quantity: range::quantity(conn, tenant, product, "what was issued in that time", quantity)?,
            cost: range::amount(conn, tenant, product, "what issues of that time cost", cost)?,
            share: part(cost.max(0)),
            upto: part(upto),
            class,
        });
    }
    Ok(classed)
}
