//! Reports: stock with its value, ageing, turnover, ABC, dead stock, expiry.
//!
//! A report is read product by product, in the order of ids, a handful of statements for a page however
//! many lines it has. Stock of a place is worth its share of its cost pool; the shares of a pool add up to
//! what it is worth, to the last minor unit.

mod age;
mod receipt;
mod turnover;

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{CategoryId, LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::money::{Amount, share};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::balance::{Balance, BalanceFilter, balances};
use super::range;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows, long_sum};
use crate::structure::Structure;

pub use self::age::{Aged, Bucket, Expiring, ExpiryMark, Idle, ageing, dead_stock, expiry};
pub use self::turnover::{Class, Turned, abc, turnover};

/// What a report is asked for. All that is given must hold; lists are already widened to descendants, and an
/// empty list matches nothing.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Of these products.
    pub products: Option<Vec<ProductId>>,
    /// Of products in these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// Of these lots or instances.
    pub lots: Option<Vec<LotId>>,
    /// At these places; of what is told by org unit, at these org units.
    pub places: Option<Vec<LocationId>>,
    /// From when movements count, where a report tells of a period.
    pub from: Time,
    /// As of this time, included; `None` = after everything that is known.
    pub as_of: Option<Time>,
    /// As it was known at this position.
    pub as_known_at: i64,
    /// The time from which ages are counted.
    pub at: Time,
    /// Whether it is told by location, else by stock org unit.
    pub by_location: bool,
}

/// A page of a report, and the product to go on after, if there are more.
pub type Page<T> = (Vec<T>, Option<ProductId>);

/// Stock at a place, or in a cost pool, with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// The account.
    pub balance: Balance,
    /// What it is worth.
    pub value: Amount,
}

impl Ask {
    fn kind(&self) -> AccountKind {
        if self.by_location { AccountKind::Stock } else { AccountKind::Pool }
    }

    /// The columns of a movement that name the account it enters and the one it leaves.
    fn sides(&self) -> (&'static str, &'static str) {
        if self.by_location { ("to_account", "from_account") } else { ("to_pool", "from_pool") }
    }

    fn until(&self) -> Time {
        self.as_of.unwrap_or(Time::FOREVER)
    }
}

/// The next products with accounts of a kind, as many as have about `limit` of them, at least one.
fn products(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    ask: &Ask,
    after: ProductId,
    limit: usize,
) -> Result<(Vec<ProductId>, bool), Error> {
    let ids = ask.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let categories = ask.categories.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(kind.code()), Arg::Int(after.0), Arg::Int(limit as i64 + 1)];
    let mut sql = String::from("a.tenant = $1 and a.kind = $2 and a.product > $3 and a.postings > 0");
    if let Some(rows) = &ids {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and a.product in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    if let Some(rows) = &categories {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(
            " and a.product in (select p.id from product p where p.tenant = $1 and p.category in \
             (select r.id from {{rows ${} (id bigint) r}}))",
            args.len()
        ));
    }
    let counted = conn.query(
        &format!(
            "select a.product, count(*) from account a where {sql} group by a.product order by a.product limit $4"
        ),
        &args,
        |row| Ok((ProductId(row.int(0)?), row.int(1)? as usize)),
    )?;
    let (mut found, mut accounts, total) = (Vec::new(), 0, counted.len());
    for (product, count) in counted {
        if !found.is_empty() && accounts + count > limit {
            return Ok((found, true));
        }
        accounts += count;
        found.push(product);
    }
    Ok((found, total > limit))
}

/// What stands in accounts of a kind of these products, wherever that is.
fn standing(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    ask: &Ask,
    products: &[ProductId],
    as_of: Option<Time>,
) -> Result<Vec<Balance>, Error> {
    let filter = BalanceFilter {
        products: Some(products.to_vec()),
        as_of,
        as_known_at: Some(ask.as_known_at),
        ..BalanceFilter::default()
    };
    Ok(balances(conn, tenant, kind, &filter, usize::MAX)?.0)
}

/// What the report may show of these.
fn shown(ask: &Ask, key: &AccountKey) -> bool {
    ask.places.as_ref().is_none_or(|places| places.contains(&key.place))
        && ask.lots.as_ref().is_none_or(|lots| lots.contains(&key.lot))
}

/// Stock with its value, of the level asked for, of these products; in the order of product, variant, place
/// and lot.
fn worth(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    ask: &Ask,
    products: &[ProductId],
    as_of: Option<Time>,
) -> Result<Vec<Worth>, Error> {
    let pools = standing(conn, tenant, AccountKind::Pool, ask, products, as_of)?;
    let mut found: Vec<Worth> = if ask.by_location {
        let stock = standing(conn, tenant, AccountKind::Stock, ask, products, as_of)?;
        shares(structure, &pools, stock)?
    } else {
        pools.into_iter().map(|balance| Worth { balance, value: balance.amount }).collect()
    };
    found.retain(|worth| shown(ask, &worth.balance.key));
    found.sort_by_key(|worth| {
        let key = worth.balance.key;
        (key.product, key.variant, key.place, key.lot)
    });
    Ok(found)
}

/// What each stock account is worth of its pool. All accounts of the pools have to be there.
///
/// Errors: refused `amountTooLarge`, where much more than a pool holds lacks at other places of it.
fn shares(structure: &Structure, pools: &[Balance], stock: Vec<Balance>) -> Result<Vec<Worth>, Error> {
    type Key = (ProductId, VariantId, LotId, LocationId);
    let scale = structure.catalog.policies.scale;
    let key_of = |key: &AccountKey, unit| (key.product, key.variant, key.lot, unit);
    let pools: HashMap<Key, &Balance> = pools.iter().map(|pool| (key_of(&pool.key, pool.key.place), pool)).collect();
    // What was shared out of each pool: a quantity, and what it was worth.
    let mut given: HashMap<Key, (i128, i64)> = HashMap::new();
    let worth_of = |balance: Balance| {
        let unit = structure.catalog.locations.pool_unit_of(balance.key.place).unwrap_or(LocationId::NONE);
        let own = key_of(&balance.key, unit);
        let key = if pools.contains_key(&own) { own } else { (own.0, own.1, LotId(0), own.3) };
        let Some(pool) = pools.get(&key) else { return Ok(Worth { balance, value: Amount::ZERO }) };
        let (quantity, value) = given.entry(key).or_default();
        *quantity += i128::from(balance.quantity.0);
        let upto = if *quantity == i128::from(pool.quantity.0) {
            pool.amount.0
        } else {
            let part = i64::try_from(*quantity).ok();
            let part = part.and_then(|part| share(pool.amount, Quantity(part), pool.quantity, scale));
            part.map_or(*value, |amount| amount.0)
        };
        let Some(own) = upto.checked_sub(*value) else {
            let place = structure.catalog.locations.name_of(balance.key.place);
            let message = format!(
                "what stands at {place} is worth more than ±9,223,372,036,854 by its share of the cost pool; ask by org unit"
            );
            return Err(Error::refused("amountTooLarge", message));
        };
        *value = upto;
        Ok(Worth { balance, value: Amount(own) })
    };
    stock.into_iter().map(worth_of).collect()
}

/// What stands where, or in which cost pool, and what it is worth. Cost: that of balances of the products on
/// the page.
pub fn stock(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    ask: &Ask,
    after: ProductId,
    limit: usize,
) -> Result<Page<Worth>, Error> {
    let (products, has_more) = products(conn, tenant, ask.kind(), ask, after, limit)?;
    let next = products.last().copied().filter(|_| has_more);
    Ok((worth(conn, tenant, structure, ask, &products, ask.as_of)?, next))
}

/// A cost pool, and what its value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tied {
    /// The pool, with what it is worth.
    pub pool: Balance,
    /// What movements brought in and took out as they were first booked.
    pub booked: Amount,
    /// Value entries by what made them: settlement, revaluation, landed cost, variance.
    pub entries: [Amount; 4],
    /// What the value has that movements and value entries do not explain: 0, or something is wrong.
    pub difference: Amount,
}

/// What cost pools are worth, tied to the movements and value entries that it comes from. Cost: every movement
/// and value entry of the pools on the page.
///
/// Errors: refused `amountTooLarge`, where what was booked or entered comes to more than a figure can tell.
pub fn tied(conn: &mut Conn, tenant: TenantId, ask: &Ask, after: ProductId, limit: usize) -> Result<Page<Tied>, Error> {
    let (products, has_more) = products(conn, tenant, AccountKind::Pool, ask, after, limit)?;
    let next = products.last().copied().filter(|_| has_more);
    let mut pools = standing(conn, tenant, AccountKind::Pool, ask, &products, ask.as_of)?;
    pools.retain(|pool| shown(ask, &pool.key));
    pools.sort_by_key(|pool| (pool.key.product, pool.key.variant, pool.key.place, pool.key.lot));
    let rows = Rows::ids(pools.iter().map(|pool| pool.account.0));
    let args = [Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(ask.until().0), Arg::Int(ask.as_known_at)];
    let mut booked: HashMap<i64, i128> = HashMap::new();
    let amounts = long_sum("m.amount");
    for (column, sign) in [("to_pool", 1), ("from_pool", -1)] {
        conn.each(
            &format!(
                "select r.id, {amounts} from {{rows $2 (id bigint) r}} {{look up movement m}} \
                 m.tenant = $1 and m.{column} = r.id and m.{column} > 0 and m.effective_at <= $3 {{looked up m}} \
                 {{look up header h}} h.tenant = $1 and h.batch = m.batch and h.position <= $4 {{looked up h}} group by r.id"
            ),
            &args,
            |row| {
                *booked.entry(row.int(0)?).or_default() += sign * row.sum(1)?;
                Ok(())
            },
        )?;
    }
    let mut entries: HashMap<i64, [i128; 4]> = HashMap::new();
    let amounts = long_sum("v.amount");
    conn.each(
        &format!(
            "select r.id, v.kind, {amounts} from {{rows $2 (id bigint) r}} {{look up value_entry v}} \
             v.tenant = $1 and v.pool = r.id and v.effective_at <= $3 {{looked up v}} \
             {{look up header h}} h.tenant = $1 and h.batch = v.batch and h.position <= $4 {{looked up h}} \
             group by r.id, v.kind"
        ),
        &args,
        |row| {
            let kind = (row.int(1)? - 1).clamp(0, 3) as usize;
            entries.entry(row.int(0)?).or_default()[kind] += row.sum(2)?;
            Ok(())
        },
    )?;
    let mut found = Vec::with_capacity(pools.len());
    for pool in pools {
        let booked = booked.get(&pool.account.0).copied().unwrap_or(0);
        let entries = entries.get(&pool.account.0).copied().unwrap_or_default();
        let difference = i128::from(pool.amount.0) - booked - entries.iter().sum::<i128>();
        let mut told = |what: &str, sum: i128| range::amount(conn, tenant, pool.key.product, what, sum);
        found.push(Tied {
            pool,
            booked: told("the amounts first booked with its movements", booked)?,
            entries: [
                told("its value entries of settlements", entries[0])?,
                told("its value entries of revaluations", entries[1])?,
                told("its value entries of landed costs", entries[2])?,
                told("its value entries of variances", entries[3])?,
            ],
            difference: told("the differences of its value", difference)?,
        });
    }
    Ok((found, next))
}

/// The categories and everything below them.
pub fn categories_below(structure: &Structure, above: CategoryId) -> Vec<CategoryId> {
    let mut all: BTreeSet<CategoryId> = structure.catalog.category_parents.keys().copied().collect();
    all.insert(above);
    all.into_iter().filter(|id| structure.catalog.category_is_within(*id, above)).collect()
}
