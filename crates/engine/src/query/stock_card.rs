//! The stock card: everything that moved a product, with the quantity and the value after it.
//!
//! Running figures are the ledger's own: what stood just before comes from the timelines, and each movement
//! and each value entry is added in the order of effective time, position and line. So the card ends with
//! what balances and the valuation say. Stock of one place out of a cost pool is worth its share of the pool.

mod current;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::location::LocationTree;
use lotbook_domain::money::{Amount, Scale, share};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::ValueKind;
use lotbook_domain::time::Time;

use super::balance::{BalanceFilter, balances};
use super::movement::{self, MovementFilter, Posted};
use super::range;
use super::settled::settled_to;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::structure::Structure;
use crate::table;

/// Which stock card.
#[derive(Clone, Debug)]
pub struct CardFilter {
    /// Of this product.
    pub product: ProductId,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Of this lot or instance.
    pub lot: Option<LotId>,
    /// At these places; `None` = wherever it stands.
    pub places: Option<Vec<LocationId>>,
    /// From … to, both included.
    pub effective: (Option<Time>, Option<Time>),
    /// As it was known at this position; `None` = now.
    pub as_known_at: Option<i64>,
}

/// Where a line stands on its card: time, position, and number in its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub i64, pub i64, pub i64);

/// What made a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A movement.
    Moved(Box<Posted>),
    /// A value entry: what became known later about what this pool is worth.
    Valued {
        /// The stock org unit of the pool.
        org_unit: LocationId,
        /// The place on the other side.
        counterpart: LocationId,
        /// What made it.
        kind: ValueKind,
        /// What it added to the pool; negative took away.
        amount: Amount,
    },
}

/// A line of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLine {
    /// Where it stands.
    pub mark: Mark,
    /// What made it.
    pub cause: Cause,
    /// By how much the stock looked at changed; 0 for what stayed among the places looked at.
    pub change: Quantity,
    /// What stood there after it.
    pub quantity: Quantity,
    /// What that was worth.
    pub value: Amount,
    /// Movements: what it cost, or brought, by all that is known today.
    pub current: Option<Amount>,
}

/// A quantity and what it is worth.
pub type Stand = (Quantity, Amount);

/// A page of a stock card.
#[derive(Clone, Debug)]
pub struct Card {
    /// What stood just before the time that it begins with.
    pub opening: Stand,
    /// What stands at its end.
    pub closing: Stand,
    /// Its lines, in the order of effective time, position and line.
    pub lines: Vec<CardLine>,
    /// The line to go on after, if there are more.
    pub next: Option<Mark>,
    /// Up to which position values are settled, or were as known at the position asked for.
    pub settled_to: i64,
    /// The newest position.
    pub position: i64,
}

/// So many movements of a pool are read together at least.
const WINDOW: i64 = 1_000;

/// A cost pool as a card goes through it: all of it, and the part that is looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Pool {
    org_unit: LocationId,
    quantity: i128,
    value: i128,
    part: i128,
}

impl Pool {
    fn worth(&self, scale: Scale) -> i128 {
        if self.part == self.quantity {
            return self.value;
        }
        let whole = |number: i128| i64::try_from(number).ok();
        let shared = || {
            let (value, part) = (Amount(whole(self.value)?), Quantity(whole(self.part)?));
            share(value, part, Quantity(whole(self.quantity)?), scale)
        };
        shared().map_or(0, |amount| amount.0.into())
    }
}

/// What is looked at of all pools together, which may be more than each of them can hold.
type Total = (i128, i128);

/// What a card is read with.
struct Reading<'a> {
    tenant: TenantId,
    tree: &'a LocationTree,
    scale: Scale,
    filter: &'a CardFilter,
    places: Option<BTreeSet<LocationId>>,
    pools: BTreeMap<AccountId, Pool>,
    pool_of: HashMap<(VariantId, LotId, LocationId), AccountId>,
}

/// A page of a stock card after a line, at most `limit` lines.
///
/// Cost: what stood before it is read from the timelines; then the movements of the product's cost pools
/// in the time that the page covers, twice: what they cost as known today is found by replay, from a day before
/// them on which nothing was short. Memory holds a page and what was read with it.
///
/// Errors: refused `quantityTooLarge` and `amountTooLarge`, where pools together hold more than a figure can tell.
pub fn stock_card(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Arc<Structure>,
    filter: &CardFilter,
    after: Option<Mark>,
    limit: usize,
) -> Result<Card, Error> {
    let mut reading = Reading {
        tenant,
        tree: &structure.catalog.locations,
        scale: structure.catalog.policies.scale,
        filter,
        places: filter.places.as_ref().map(|places| places.iter().copied().collect()),
        pools: BTreeMap::new(),
        pool_of: HashMap::new(),
    };
    let end = filter.effective.1.unwrap_or(Time::FOREVER);
    reading.stand(conn, Some(end))?;
    let closing = reading.told(conn, reading.total())?;
    let before = |at: Time| Time(at.0.saturating_sub(1));
    let opening = match filter.effective.0 {
        None => (Quantity::ZERO, Amount::ZERO),
        Some(from) => {
            reading.stand(conn, Some(before(from)))?;
            reading.told(conn, reading.total())?
        }
    };
    let mut from = after.map(|mark| Time(mark.0)).or(filter.effective.0).unwrap_or(Time(i64::MIN));
    if from.0 == i64::MIN {
        reading.pools.values_mut().for_each(|pool| (pool.quantity, pool.value, pool.part) = (0, 0, 0));
    } else {
        reading.stand(conn, Some(before(from)))?;
    }
    let mut lines: Vec<(Step, i128, Total)> = Vec::new();
    let window = WINDOW.max(limit as i64);
    while from <= end && lines.len() <= limit {
        let until = reading.window_end(conn, from, end, window)?;
        let steps = reading.steps(conn, from, until)?;
        let mut total = reading.total();
        for step in steps {
            let (change, is_shown) = reading.apply(&step, &mut total);
            if is_shown && after.is_none_or(|mark| step.mark > mark) && lines.len() <= limit {
                lines.push((step, change, total));
            }
        }
        if until >= end {
            break;
        }
        from = Time(until.0 + 1);
    }
    let has_more = lines.len() > limit;
    lines.truncate(limit);
    let next = if has_more { lines.last().map(|(step, _, _)| step.mark) } else { None };
    let mut lines = reading.show(conn, lines)?;
    current::add(conn, tenant, structure, &mut lines)?;
    let position = table::header::position(conn, tenant)?;
    let settled_to = settled_to(conn, tenant, filter.as_known_at, position)?;
    Ok(Card { opening, closing, lines, next, settled_to, position })
}

/// A movement or a value entry as read, before it is known whether it is shown.
struct Step {
    mark: Mark,
    number: i64,
    pools: [AccountId; 2],
    places: [LocationId; 2],
    variant: VariantId,
    lot: LotId,
    quantity: i64,
    amount: i64,
    value_kind: i64,
}

impl Reading<'_> {
    fn sees(&self, place: LocationId, lot: LotId) -> bool {
        place.is_real()
            && self.filter.lot.is_none_or(|asked| asked == lot)
            && self.places.as_ref().is_none_or(|places| places.contains(&place))
    }

    /// Whether all of each pool is looked at.
    fn is_whole(&self) -> bool {
        self.places.is_none() && self.filter.lot.is_none()
    }

    /// Brings the pools, and what is looked at of each, to a time.
    fn stand(&mut self, conn: &mut Conn, as_of: Option<Time>) -> Result<(), Error> {
        let mut asked = BalanceFilter {
            products: Some(vec![self.filter.product]),
            variant: self.filter.variant,
            as_of,
            as_known_at: self.filter.as_known_at,
            with_zero: true,
            ..BalanceFilter::default()
        };
        asked.lots = self.filter.lot.map(|lot| vec![LotId(0), lot]);
        let (found, _) = balances(conn, self.tenant, AccountKind::Pool, &asked, usize::MAX)?;
        self.pools.clear();
        self.pool_of.clear();
        let is_whole = self.is_whole();
        for balance in found {
            let key = balance.key;
            self.pool_of.insert((key.variant, key.lot, key.place), balance.account);
            let (quantity, value) = (i128::from(balance.quantity.0), i128::from(balance.amount.0));
            let part = if is_whole { quantity } else { 0 };
            self.pools.insert(balance.account, Pool { org_unit: key.place, quantity, value, part });
        }
        if is_whole {
            return Ok(());
        }
        asked.lots = self.filter.lot.map(|lot| vec![lot]);
        asked.places.clone_from(&self.filter.places);
        let (found, _) = balances(conn, self.tenant, AccountKind::Stock, &asked, usize::MAX)?;
        for balance in found {
            if let Some(pool) = self.pool_at(balance.key.variant, balance.key.lot, balance.key.place) {
                pool.part += i128::from(balance.quantity.0);
            }
        }
        Ok(())
    }

    /// The pool in which stock at a place is valued.
    fn pool_at(&mut self, variant: VariantId, lot: LotId, place: LocationId) -> Option<&mut Pool> {
        let unit = self.tree.pool_unit_of(place)?;
        let id = self
            .pool_of
            .get(&(variant, lot, unit))
            .or_else(|| self.pool_of.get(&(variant, LotId(0), unit)))
            .copied()?;
        self.pools.get_mut(&id)
    }

    fn total(&self) -> Total {
        let quantity = self.pools.values().map(|pool| pool.part).sum();
        let value = self.pools.values().map(|pool| pool.worth(self.scale)).sum();
        (quantity, value)
    }

    fn told(&self, conn: &mut Conn, (quantity, value): Total) -> Result<Stand, Error> {
        let product = self.filter.product;
        let quantity = range::quantity(conn, self.tenant, product, "what stands there", quantity)?;
        let value = range::amount(conn, self.tenant, product, "the values of what stands there", value)?;
        Ok((quantity, value))
    }

    /// Takes a step; by how much the stock looked at changes, and whether the step belongs on the card.
    fn apply(&mut self, step: &Step, total: &mut Total) -> (i128, bool) {
        let scale = self.scale;
        let (quantity, amount) = (i128::from(step.quantity), i128::from(step.amount));
        if step.value_kind != 0 {
            let is_whole = self.is_whole();
            let Some(pool) = self.pools.get_mut(&step.pools[1]) else { return (0, false) };
            let before = pool.worth(scale);
            pool.value += amount;
            let gained = pool.worth(scale) - before;
            total.1 += gained;
            return (0, is_whole || gained != 0);
        }
        let mut change = 0;
        let mut is_shown = false;
        for (side, sign) in [(0, -1), (1, 1)] {
            let place = step.places[side];
            if !place.is_real() {
                continue;
            }
            let is_seen = self.sees(place, step.lot);
            let crosses = step.pools[side].0 != 0;
            let Some(pool) = self.pool_at(step.variant, step.lot, place) else { continue };
            let before = pool.worth(scale);
            if crosses {
                pool.quantity += sign * quantity;
                pool.value += sign * amount;
            }
            if is_seen {
                pool.part += sign * quantity;
                change += sign * quantity;
                is_shown = true;
            }
            total.1 += pool.worth(scale) - before;
        }
        total.0 += change;
        // A move inside a pool leaves its two ends at odds only between the sides of one step.
        (change, is_shown)
    }

    /// A time by which no pool has moved much more than a window's worth, so that what is read stays small.
    fn window_end(&self, conn: &mut Conn, from: Time, end: Time, window: i64) -> Result<Time, Error> {
        let pools = Rows::ids(self.pools.keys().map(|id| id.0));
        let nth = |table: &str, column: &str| {
            format!(
                "(select m.effective_at from {table} m where m.tenant = $1 and m.{column} = r.id and m.{column} > 0 \
                 and m.effective_at >= $3 order by m.effective_at limit 1 offset $4)"
            )
        };
        let mut until = end;
        let mut narrow = |at: Option<i64>| until = at.map_or(until, |at| until.min(Time(at)));
        conn.each(
            &format!(
                "select {}, {}, {} from {{rows $2 (id bigint) r}}",
                nth("movement", "to_pool"),
                nth("movement", "from_pool"),
                nth("value_entry", "pool")
            ),
            &[Arg::Int(self.tenant.0), Arg::Rows(&pools), Arg::Int(from.0), Arg::Int(window)],
            |row| {
                (0..3).try_for_each(|column| {
                    narrow(row.opt_int(column)?);
                    Ok(())
                })
            },
        )?;
        let places = self.place_rows();
        let (scope, args) = self.scope(places.as_ref(), vec![Arg::Int(from.0), Arg::Int(window)]);
        conn.each(
            &format!(
                "select (select m.effective_at from movement m where m.tenant = $1 and m.to_account = a.id \
                 and m.to_account > 0 and m.effective_at >= $3 order by m.effective_at limit 1 offset $4) \
                 from account a where {scope}"
            ),
            &args,
            |row| {
                narrow(row.opt_int(0)?);
                Ok(())
            },
        )?;
        Ok(until)
    }

    fn place_rows(&self) -> Option<Rows> {
        self.filter.places.as_ref().map(|places| Rows::ids(places.iter().map(|id| id.0)))
    }

    /// The condition on the stock accounts looked at, `a`, and the arguments before and with it: the tenant,
    /// the product, then `more`.
    fn scope<'r>(&self, places: Option<&'r Rows>, more: Vec<Arg<'r>>) -> (String, Vec<Arg<'r>>) {
        let mut args = vec![Arg::Int(self.tenant.0), Arg::Int(self.filter.product.0)];
        args.extend(more);
        let mut sql = String::from("a.tenant = $1 and a.product = $2 and a.kind = 1");
        for (column, id) in
            [("a.variant", self.filter.variant.map(|id| id.0)), ("a.lot", self.filter.lot.map(|id| id.0))]
        {
            if let Some(id) = id {
                args.push(Arg::Int(id));
                sql.push_str(&format!(" and {column} = ${}", args.len()));
            }
        }
        if let Some(rows) = places {
            args.push(Arg::Rows(rows));
            sql.push_str(&format!(" and a.place in (select w.id from {{rows ${} (id bigint) w}})", args.len()));
        }
        (sql, args)
    }

    /// Everything that moved the pools, or the stock looked at inside them, in the order of the card.
    fn steps(&self, conn: &mut Conn, from: Time, until: Time) -> Result<Vec<Step>, Error> {
        const COLUMNS: &str = "m.effective_at, h.position, m.batch, m.line, 0 as value_kind, m.from_pool, m.to_pool, \
             m.from_location, m.to_location, m.variant, m.lot, m.quantity, m.amount";
        const HEADER: &str =
            "{look up header h} h.tenant = $1 and h.batch = m.batch and h.position <= $6 {looked up h}";
        const TIME: &str = "m.effective_at >= $4 and m.effective_at <= $5";
        let pools = Rows::ids(self.pools.keys().map(|id| id.0));
        let places = self.place_rows();
        let known = self.filter.as_known_at.unwrap_or(i64::MAX);
        let (scope, args) =
            self.scope(places.as_ref(), vec![Arg::Rows(&pools), Arg::Int(from.0), Arg::Int(until.0), Arg::Int(known)]);
        let mut arms = vec![
            // A movement between two of the pools is found by the one it enters.
            format!(
                "select {COLUMNS} from {{rows $3 (id bigint) r}} {{look up movement m}} m.tenant = $1 \
                 and m.to_pool = r.id and m.to_pool > 0 and {TIME} {{looked up m}} {HEADER}"
            ),
            format!(
                "select {COLUMNS} from {{rows $3 (id bigint) r}} {{look up movement m}} m.tenant = $1 \
                 and m.from_pool = r.id and m.from_pool > 0 and m.to_pool = 0 and {TIME} {{looked up m}} {HEADER}"
            ),
            format!(
                "select m.effective_at, h.position, m.batch, m.line, m.kind as value_kind, 0, m.pool, m.counterpart, 0, \
                 0, 0, 0, m.amount from {{rows $3 (id bigint) r}} {{look up value_entry m}} m.tenant = $1 \
                 and m.pool = r.id and {TIME} {{looked up m}} {HEADER}"
            ),
            // What moves inside a pool touches none.
            format!(
                "select {COLUMNS} from account a {{look up movement m}} m.tenant = $1 and m.to_account = a.id \
                 and m.to_account > 0 and m.to_pool = 0 and m.from_pool = 0 and {TIME} {{looked up m}} {HEADER} \
                 where {scope}"
            ),
        ];
        if places.is_some() {
            arms.push(format!(
                "select {COLUMNS} from account a {{look up movement m}} m.tenant = $1 and m.from_account = a.id \
                 and m.from_account > 0 and m.to_pool = 0 and m.from_pool = 0 and {TIME} \
                 and m.to_location not in (select w.id from {{rows ${} (id bigint) w}}) {{looked up m}} {HEADER} \
                 where {scope}",
                args.len()
            ));
        }
        let sql = format!("{} order by 1, 2, 4, 5", arms.join(" union all "));
        conn.query(&sql, &args, |row| {
            let (position, batch, line, value_kind) = (row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?);
            let id = MovementId { batch: BatchId(batch), line };
            Ok(Step {
                mark: Mark(row.int(0)?, position, line * 2 + i64::from(value_kind != 0)),
                number: id.number(),
                pools: [AccountId(row.int(5)?), AccountId(row.int(6)?)],
                places: [LocationId(row.int(7)?), LocationId(row.int(8)?)],
                variant: VariantId(row.int(9)?),
                lot: LotId(row.int(10)?),
                quantity: row.int(11)?,
                amount: row.int(12)?,
                value_kind,
            })
        })
    }

    /// Reads what people see of the steps on a page.
    fn show(&self, conn: &mut Conn, steps: Vec<(Step, i128, Total)>) -> Result<Vec<CardLine>, Error> {
        let numbers = steps.iter().filter(|(step, _, _)| step.value_kind == 0).map(|(step, _, _)| step.number);
        let filter = MovementFilter { numbers: Some(numbers.collect()), ..MovementFilter::default() };
        let mut found: HashMap<i64, Posted> = movement::page(conn, self.tenant, &filter, 0, steps.len() as i64)?
            .into_iter()
            .map(|posted| (posted.number, posted))
            .collect();
        let shown = steps.into_iter().map(|(step, change, total)| {
            let (quantity, value) = self.told(conn, total)?;
            let change = range::quantity(conn, self.tenant, self.filter.product, "what changed", change)?;
            let cause = if step.value_kind == 0 {
                let posted = found.remove(&step.number);
                Cause::Moved(Box::new(posted.ok_or_else(|| {
                    Error::Internal(format!("movement {} was read and is gone; run verify", step.number))
                })?))
            } else {
                Cause::Valued {
                    org_unit: self.pools.get(&step.pools[1]).map_or(LocationId::NONE, |pool| pool.org_unit),
                    counterpart: step.places[0],
                    kind: ValueKind::from_code(step.value_kind),
                    amount: Amount(step.amount),
                }
            };
            Ok(CardLine { mark: step.mark, cause, change, quantity, value, current: None })
        });
        shown.collect()
    }
}
