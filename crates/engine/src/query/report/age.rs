//! How old stock is: since it came, since something of it last went, and until it expires.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{AccountId, LotId, ProductId, TenantId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::{Amount, share};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::receipt::HOLDS;
use super::{Ask, Page, Worth, products, receipt, shares, shown, standing, worth};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::structure::Structure;

/// What of some stock is of one age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// How much.
    pub quantity: Quantity,
    /// What it is worth: its share of the whole.
    pub value: Amount,
}

/// Stock by age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aged {
    /// The stock.
    pub stock: Worth,
    /// By bucket, youngest first; one more than there are limits.
    pub buckets: Vec<Bucket>,
    /// When the oldest of it came.
    pub oldest: Option<Time>,
}

/// Stock above 0 by the time since it came, in buckets that end with these ages in days: what stands there is
/// what came last. Cost: the receipts that what stands in the accounts on the page came with, not those before them.
pub fn ageing(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    ask: &Ask,
    days: &[i64],
    after: ProductId,
    limit: usize,
) -> Result<Page<Aged>, Error> {
    let (products, has_more) = products(conn, tenant, ask.kind(), ask, after, limit)?;
    let next = products.last().copied().filter(|_| has_more);
    let mut found = worth(conn, tenant, structure, ask, &products, ask.as_of)?;
    found.retain(|worth| worth.balance.quantity.0 > 0);
    let mut ages: HashMap<AccountId, (Vec<i64>, Time)> = HashMap::new();
    let standing = found.iter().map(|worth| (worth.balance.account, worth.balance.quantity));
    receipt::last(conn, tenant, ask, standing, |account, at, quantity| {
        let (buckets, oldest) = ages.entry(account).or_insert_with(|| (vec![0; days.len() + 1], at));
        let age = (ask.at.0 - at.0).max(0) / Time::DAY;
        buckets[days.iter().position(|limit| age <= *limit).unwrap_or(days.len())] += quantity.0;
        *oldest = at;
    })?;
    let scale = structure.catalog.policies.scale;
    let aged = found.into_iter().map(|stock| {
        let (mut quantities, oldest) = match ages.remove(&stock.balance.account) {
            Some((quantities, oldest)) => (quantities, Some(oldest)),
            None => (vec![0; days.len() + 1], None),
        };
        // What no receipt explains, because its receipt was undone, is as old as can be.
        let rest = stock.balance.quantity.0 - quantities.iter().sum::<i64>();
        quantities[days.len()] += rest;
        let (mut upto, mut given) = (0, 0);
        let buckets = quantities.into_iter().map(|quantity| {
            upto += quantity;
            let whole = stock.balance.quantity;
            let value = if upto == whole.0 {
                stock.value.0
            } else {
                share(stock.value, Quantity(upto), whole, scale).map_or(given, |amount| amount.0)
            };
            let own = value - given;
            given = value;
            Bucket { quantity: Quantity(quantity), value: Amount(own) }
        });
        Aged { buckets: buckets.collect(), stock, oldest }
    });
    Ok((aged.collect(), next))
}

/// Stock of which nothing has gone for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The stock.
    pub stock: Worth,
    /// When something of it last came.
    pub last_receipt: Option<Time>,
    /// When something of it last left the house; `None` = never.
    pub last_issue: Option<Time>,
    /// Days since then; since the last receipt where nothing ever left.
    pub days: i64,
}

/// Stock above 0 of which nothing has left the house for so many days. Cost: one look at each end of the
/// history of the accounts on the page.
pub fn dead_stock(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    ask: &Ask,
    days: i64,
    after: ProductId,
    limit: usize,
) -> Result<Page<Idle>, Error> {
    let (products, has_more) = products(conn, tenant, ask.kind(), ask, after, limit)?;
    let next = products.last().copied().filter(|_| has_more);
    let mut found = worth(conn, tenant, structure, ask, &products, ask.as_of)?;
    found.retain(|worth| worth.balance.quantity.0 > 0);
    let rows = Rows::ids(found.iter().map(|worth| worth.balance.account.0));
    let (into, out_of) = ask.sides();
    let last = |column: &str, more: &str| {
        format!(
            "(select m.effective_at from movement m join header h on h.tenant = $1 and h.batch = m.batch \
             and h.position <= $3 where m.tenant = $1 and m.{column} = r.id and m.{column} > 0 \
             and m.effective_at <= $4 and {HOLDS} {more} order by m.effective_at desc limit 1)"
        )
    };
    let mut times: HashMap<i64, (Option<Time>, Option<Time>)> = HashMap::new();
    conn.each(
        &format!(
            "select r.id, {}, {} from {{rows $2 (id bigint) r}}",
            last(into, ""),
            last(out_of, "and m.to_location < 0")
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(ask.as_known_at), Arg::Int(ask.until().0)],
        |row| {
            times.insert(row.int(0)?, (row.opt_int(1)?.map(Time), row.opt_int(2)?.map(Time)));
            Ok(())
        },
    )?;
    let idle = found.into_iter().filter_map(|stock| {
        let (last_receipt, last_issue) = times.get(&stock.balance.account.0).copied().unwrap_or_default();
        let since = last_issue.or(last_receipt)?;
        let idle = Idle { stock, last_receipt, last_issue, days: (ask.at.0 - since.0).max(0) / Time::DAY };
        (idle.days >= days).then_some(idle)
    });
    Ok((idle.collect(), next))
}

/// Stock of a lot that expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiring {
    /// The stock, at a location.
    pub stock: Worth,
    /// When.
    pub expires_at: Time,
    /// In so many days; below 0 = it has.
    pub days: i64,
}

/// Where a list of what expires goes on: after this time and lot.
pub type ExpiryMark = (Time, LotId);

/// Stock of lots that expire up to a time, the first to expire first, by location. Cost: balances of the
/// products on the page.
pub fn expiry(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    ask: &Ask,
    until: Time,
    after: Option<ExpiryMark>,
    limit: usize,
) -> Result<(Vec<Expiring>, Option<ExpiryMark>), Error> {
    let ids = ask.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let categories = ask.categories.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let (at, lot) = after.unwrap_or((Time(i64::MIN), LotId(0)));
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(until.0), Arg::Int(at.0), Arg::Int(lot.0), Arg::Int(limit as i64)];
    let mut sql = String::from(
        "l.tenant = $1 and l.expires_at <= $2 and l.expires_at >= $3 and (l.expires_at > $3 or l.id > $4) \
         and exists (select 1 from account a where a.tenant = $1 and a.lot = l.id and a.lot > 0 and a.kind = 1)",
    );
    if let Some(rows) = &ids {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and l.product in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    if let Some(rows) = &categories {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(
            " and l.product in (select p.id from product p where p.tenant = $1 and p.category in \
             (select r.id from {{rows ${} (id bigint) r}}))",
            args.len()
        ));
    }
    let lots = conn.query(
        &format!("select l.expires_at, l.id, l.product from lot l where {sql} order by l.expires_at, l.id limit $5"),
        &args,
        |row| Ok((Time(row.int(0)?), LotId(row.int(1)?), ProductId(row.int(2)?))),
    )?;
    let next = lots.last().filter(|_| lots.len() == limit).map(|(at, lot, _)| (*at, *lot));
    let products: Vec<ProductId> =
        lots.iter().map(|(_, _, product)| *product).collect::<BTreeSet<_>>().into_iter().collect();
    let pools = standing(conn, tenant, AccountKind::Pool, ask, &products, ask.as_of)?;
    let stock = standing(conn, tenant, AccountKind::Stock, ask, &products, ask.as_of)?;
    let mut by_lot: HashMap<LotId, Vec<Worth>> = HashMap::new();
    for worth in shares(structure, &pools, stock)? {
        if worth.balance.quantity.0 != 0 && shown(ask, &worth.balance.key) {
            by_lot.entry(worth.balance.key.lot).or_default().push(worth);
        }
    }
    let found = lots.into_iter().flat_map(|(expires_at, lot, _)| {
        // What is asked as of a time is as of the end of its millisecond; it still counts as that time.
        let days = (expires_at.0 - ask.at.0 + 999).div_euclid(Time::DAY);
        let stock = by_lot.remove(&lot).unwrap_or_default();
        stock.into_iter().map(move |stock| Expiring { stock, expires_at, days })
    });
    Ok((found.collect(), next))
}
