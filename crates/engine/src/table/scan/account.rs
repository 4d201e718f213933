//! Accounts: what is posted to them, their nodes, and what they hold by product and by instance.

use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Node, Place};

use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::table::account::part::read_node;

/// A posting to an account.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// The account it names.
    pub account: AccountId,
    /// When.
    pub at: Time,
    /// How much, with its sign.
    pub quantity: Quantity,
    /// How much value, with its sign; 0 for stock.
    pub amount: Amount,
    /// The movement or value entry.
    pub id: MovementId,
}

/// What is posted to accounts after one, up to one, in the order of accounts and times. The indexes by account and
/// by pool hold all of it.
///
/// SQLite begins at the first bound that it reads: the one that lets the index be used stands last.
pub fn postings(
    conn: &mut Conn,
    tenant: TenantId,
    after: AccountId,
    to: AccountId,
    mut each: impl FnMut(Posting) -> Result<(), Error>,
) -> Result<(), Error> {
    let side = |column: &str, sign: &str, amount: &str| {
        format!(
            "select m.{column} as account, m.effective_at as at, {sign}m.quantity as quantity, {amount} as amount, \
             m.batch as batch, m.line as line from movement m where m.tenant = $1 \
             and m.{column} > $2 and m.{column} <= $3 and m.{column} > 0"
        )
    };
    let sql = format!(
        "{} union all {} union all {} union all {} union all \
         select v.pool as account, v.effective_at as at, 0 as quantity, v.amount as amount, v.batch as batch, \
         v.line as line from value_entry v where v.tenant = $1 and v.pool > $2 and v.pool <= $3 order by 1, 2",
        side("to_account", "", "0"),
        side("from_account", "-", "0"),
        side("to_pool", "", "m.amount"),
        side("from_pool", "-", "-m.amount"),
    );
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)], |row| {
        each(Posting {
            account: AccountId(row.int(0)?),
            at: Time(row.int(1)?),
            quantity: Quantity(row.int(2)?),
            amount: Amount(row.int(3)?),
            id: MovementId { batch: BatchId(row.int(4)?), line: row.int(5)? },
        })
    })
}

/// What was posted to the stock of one account by batches up to a position, in the order of times.
pub fn postings_known_at(
    conn: &mut Conn,
    tenant: TenantId,
    account: AccountId,
    position: i64,
    mut each: impl FnMut(Time, Quantity) -> Result<(), Error>,
) -> Result<(), Error> {
    let side = |column: &str, sign: &str| {
        format!(
            "select m.effective_at as at, {sign}m.quantity as quantity from movement m \
             join header h on h.tenant = m.tenant and h.batch = m.batch \
             where m.tenant = $1 and m.{column} = $2 and m.{column} > 0 and h.position <= $3"
        )
    };
    let sql = format!("{} union all {} order by 1", side("to_account", ""), side("from_account", "-"));
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Int(account.0), Arg::Int(position)], |row| {
        each(Time(row.int(0)?), Quantity(row.int(1)?))
    })
}

/// How many nodes are stored below each account after one, up to one.
pub fn node_counts(
    conn: &mut Conn,
    tenant: TenantId,
    after: AccountId,
    to: AccountId,
) -> Result<Vec<(AccountId, i64)>, Error> {
    conn.query(
        "select s.account, count(*) from summary s where s.tenant = $1 and s.account > $2 and s.account <= $3 \
         group by s.account order by s.account",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| Ok((AccountId(row.int(0)?), row.int(1)?)),
    )
}

/// The nodes stored below accounts after one, up to one.
pub fn nodes(
    conn: &mut Conn,
    tenant: TenantId,
    after: AccountId,
    to: AccountId,
    mut each: impl FnMut(AccountId, Place, Node),
) -> Result<(), Error> {
    conn.each(
        "select s.account, s.shift, s.bucket, s.quantity, s.amount, s.low, s.low_before, s.instants_from, \
         s.instants_to, s.postings, s.is_split from summary s \
         where s.tenant = $1 and s.account > $2 and s.account <= $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0)],
        |row| {
            let node = read_node(row, 3)?;
            each(AccountId(row.int(0)?), Place { shift: row.int(1)?, bucket: row.int(2)? }, node);
            Ok(())
        },
    )
}

/// What a movement adds to the places outside the house. Between two of them, or inside the house, it adds nothing.
const OUTSIDE: &str = "case when m.to_location < 0 and m.from_location > 0 then m.quantity \
     when m.from_location < 0 and m.to_location > 0 then -m.quantity else 0 end";

/// What stands in accounts and went outside, in no order: `(product, variant, lot, quantity, whether it is a
/// movement)`. Reads both in the order in which they are stored.
pub fn key_quantities_unsorted(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(ProductId, VariantId, LotId, i64, bool),
) -> Result<(), Error> {
    let stock = "select a.product, a.variant, a.lot, a.quantity from account a where a.tenant = $1 and a.kind = 1";
    let outside = format!("select m.product, m.variant, m.lot, {OUTSIDE} from movement m where m.tenant = $1");
    for (sql, is_movement) in [(stock, false), (outside.as_str(), true)] {
        conn.each(sql, &[Arg::Int(tenant.0)], |row| {
            each(ProductId(row.int(0)?), VariantId(row.int(1)?), LotId(row.int(2)?), row.int(3)?, is_movement);
            Ok(())
        })?;
    }
    Ok(())
}

/// The same product by product. All of a product together is zero.
pub fn key_quantities(
    conn: &mut Conn,
    tenant: TenantId,
    mut each: impl FnMut(ProductId, VariantId, LotId, i64) -> Result<(), Error>,
) -> Result<(), Error> {
    conn.each(
        &format!(
            "select a.product as product, a.variant as variant, a.lot as lot, a.quantity as quantity \
             from account a where a.tenant = $1 and a.kind = 1 \
             union all select m.product as product, m.variant as variant, m.lot as lot, {OUTSIDE} as quantity \
             from movement m where m.tenant = $1 order by 1"
        ),
        &[Arg::Int(tenant.0)],
        |row| each(ProductId(row.int(0)?), VariantId(row.int(1)?), LotId(row.int(2)?), row.int(3)?),
    )
}

/// Instances (serial numbers) after one, in the order of ids.
pub fn instances(conn: &mut Conn, tenant: TenantId, after: LotId, limit: i64) -> Result<Vec<LotId>, Error> {
    conn.query(
        "select l.id from lot l where l.tenant = $1 and l.id > $2 and l.is_serial = 1 order by l.id limit $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)],
        |row| Ok(LotId(row.int(0)?)),
    )
}

/// Where these instances went: `(instance, when, place, change)` in the order of instances and times.
pub fn instance_steps(
    conn: &mut Conn,
    tenant: TenantId,
    instances: &[LotId],
    mut each: impl FnMut(LotId, Time, LocationId, Quantity) -> Result<(), Error>,
) -> Result<(), Error> {
    let rows = Rows::ids(instances.iter().map(|id| id.0));
    let side = |column: &str, sign: &str| {
        format!(
            "select a.lot as lot, m.effective_at as at, a.place as place, {sign}m.quantity as quantity \
             from {{rows $2 (id bigint) r}} cross join account a cross join movement m \
             where a.tenant = $1 and a.lot = r.id and a.lot > 0 and a.kind = 1 \
             and m.tenant = $1 and m.{column} = a.id and m.{column} > 0"
        )
    };
    let sql = format!("{} union all {} order by 1, 2", side("to_account", ""), side("from_account", "-"));
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
        each(LotId(row.int(0)?), Time(row.int(1)?), LocationId(row.int(2)?), Quantity(row.int(3)?))
    })
}

/// The product up to which, after one, there are so many pools, or a few more; `None` = to the end.
pub fn product_after(
    conn: &mut Conn,
    tenant: TenantId,
    after: ProductId,
    pools: i64,
) -> Result<Option<ProductId>, Error> {
    conn.one(
        "select a.product from account a where a.tenant = $1 and a.kind = 2 and a.product > $2 \
         order by a.product limit 1 offset $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(pools)],
        |row| Ok(ProductId(row.int(0)?)),
    )
}
