//! Which spots there are, in their order, and what stands there: read for those of a page alone.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::time::Time;

use super::Spot;
use crate::error::Error;
use crate::query::balance::{BalanceFilter, balances_of};
use crate::rows;
use crate::store::{Arg, Conn, Row, Rows};
use crate::table;

/// So many accounts are read and brought to a time together.
const CHUNK: i64 = 2_000;

/// The lists of a filter as parameters.
pub(super) struct Lists {
    /// In order, each once.
    products: Option<Vec<ProductId>>,
    variant: Option<VariantId>,
    lots: Option<Rows>,
    places: Option<Rows>,
    shown: Option<BTreeSet<LocationId>>,
}

impl Lists {
    pub(super) fn of(filter: &BalanceFilter) -> Self {
        let products = filter.products.as_ref();
        Self {
            products: products.map(|ids| ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()),
            variant: filter.variant,
            lots: filter.lots.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            places: filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0))),
            shown: filter.places.as_ref().map(|ids| ids.iter().copied().collect()),
        }
    }

    /// Whether a place is asked for.
    pub(super) fn shows(&self, place: LocationId) -> bool {
        self.shown.as_ref().is_none_or(|shown| shown.contains(&place))
    }

    /// The condition on these columns that keeps to the filter; what it needs is added to the arguments.
    fn narrow<'a>(&'a self, args: &mut Vec<Arg<'a>>, [variant, lot, place]: [Option<&str>; 3]) -> String {
        let mut sql = String::new();
        if let (Some(column), Some(id)) = (variant, self.variant) {
            args.push(Arg::Int(id.0));
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
        for (column, rows) in [(lot, &self.lots), (place, &self.places)] {
            let (Some(column), Some(rows)) = (column, rows) else { continue };
            // One is a constant for the planner, several are a set.
            if let Some(id) = rows.only_id() {
                args.push(Arg::Int(id));
                sql.push_str(&format!(" and {column} = ${}", args.len()));
            } else {
                args.push(Arg::Rows(rows));
                sql.push_str(&format!(" and {column} in (select w.id from {{rows ${} (id bigint) w}})", args.len()));
            }
        }
        sql
    }
}

/// The next products from one on, in order, at most `limit`, of which something stands, is reserved, or is ordered.
/// What is reserved is that of now, or with `open_at` of then. Cost: what these products have of that.
pub(super) fn products(
    conn: &mut Conn,
    tenant: TenantId,
    lists: &Lists,
    open_at: Option<Time>,
    from: ProductId,
    limit: i64,
) -> Result<Vec<ProductId>, Error> {
    if let Some(products) = &lists.products {
        let first = products.partition_point(|id| *id < from);
        return Ok(products[first..].iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).copied().collect());
    }
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(from.0), Arg::Int(limit), Arg::Int(JournalKind::Delivery.code())];
    let stands = format!(
        "select a.product as id from account a where a.tenant = $1 and a.kind = 1 and a.postings > 0 and a.product >= $2{} \
         group by a.product order by a.product limit $3",
        lists.narrow(&mut args, [Some("a.variant"), Some("a.lot"), Some("a.place")])
    );
    // What is reserved of more than a place shows where it stands, and there stands something.
    let is_reserved = match open_at {
        None => format!(
            "select s.product as id from reserved s where s.tenant = $1 and s.quantity <> 0 and s.product >= $2{} \
             group by s.product order by s.product limit $3",
            lists.narrow(&mut args, [Some("s.variant"), Some("s.lot"), Some("s.location")])
        ),
        Some(at) => {
            args.push(Arg::Int(at.0));
            let no = args.len();
            format!(
                "select v.product as id from reservation v where v.tenant = $1 and v.ended_at > ${no} \
                 and v.created_at <= ${no} and v.product >= $2{} group by v.product order by v.product limit $3",
                lists.narrow(&mut args, [Some("v.variant"), Some("v.lot"), Some("v.location")])
            )
        }
    };
    let is_ordered = format!(
        "select e.product as id from entry e where e.tenant = $1 and e.count > 0 and e.product >= $2{} and exists \
         (select 1 from journal j where j.tenant = $1 and j.id = e.journal and j.kind = $4) \
         group by e.product order by e.product limit $3",
        lists.narrow(&mut args, [Some("e.variant"), None, Some("e.location")])
    );
    conn.query(
        &format!(
            "select u.id from (select * from ({stands}) x union select * from ({is_reserved}) y \
             union select * from ({is_ordered}) z) u order by u.id limit $3"
        ),
        &args,
        |row| Ok(ProductId(row.int(0)?)),
    )
}

fn spot(row: &Row<'_>) -> Result<(Spot, i64), Error> {
    Ok(((ProductId(row.int(0)?), VariantId(row.int(1)?), LocationId(row.int(2)?)), row.int(3)?))
}

/// The spots of these products after one at which stock was ever posted, in order, at most `limit`, each with how many
/// accounts it has. Cost: the accounts of the products.
pub(super) fn spots_of(
    conn: &mut Conn,
    tenant: TenantId,
    lists: &Lists,
    products: &[ProductId],
    (product, variant, place): Spot,
    limit: i64,
) -> Result<Vec<(Spot, i64)>, Error> {
    let rows = Rows::ids(products.iter().map(|id| id.0));
    let mut args = vec![Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(limit)];
    args.extend([Arg::Int(product.0), Arg::Int(variant.0), Arg::Int(place.0)]);
    let narrowed = lists.narrow(&mut args, [Some("a.variant"), Some("a.lot"), Some("a.place")]);
    conn.query(
        &format!(
            "select a.product, a.variant, a.place, count(*) from {{rows $2 (id bigint) r}} {{look up account a}} \
             a.tenant = $1 and a.product = r.id and a.kind = 1 {{looked up a}} where a.postings > 0 and (a.product > $4 \
             or (a.product = $4 and (a.variant > $5 or (a.variant = $5 and a.place > $6)))){narrowed} \
             group by a.product, a.variant, a.place order by a.product, a.variant, a.place limit $3"
        ),
        &args,
        spot,
    )
}

/// All spots of these products and variants at which stock was ever posted, wherever they are, with how many accounts
/// each has.
pub(super) fn spots_of_groups(
    conn: &mut Conn,
    tenant: TenantId,
    lists: &Lists,
    groups: &BTreeSet<(ProductId, VariantId)>,
) -> Result<Vec<(Spot, i64)>, Error> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let groups: Vec<_> = groups.iter().collect();
    let rows = rows!(for group in groups => group.0.0, group.1.0);
    let mut args = vec![Arg::Int(tenant.0), Arg::Rows(&rows)];
    let narrowed = lists.narrow(&mut args, [None, Some("a.lot"), None]);
    conn.query(
        &format!(
            "select a.product, a.variant, a.place, count(*) from {{rows $2 (product bigint, variant bigint) r}} \
             {{look up account a}} a.tenant = $1 and a.product = r.product and a.kind = 1 and a.variant = r.variant \
             {{looked up a}} where a.postings > 0{narrowed} group by a.product, a.variant, a.place"
        ),
        &args,
        spot,
    )
}

/// What stands at spots, in millionths, over all lots of the filter, of spots with how many accounts they have. In memory are as many
/// accounts as are read together, however many lots stand at a spot.
pub(super) fn stock(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &BalanceFilter,
    lists: &Lists,
    spots: &BTreeMap<Spot, i64>,
) -> Result<BTreeMap<Spot, i128>, Error> {
    let mut found: BTreeMap<Spot, i128> = BTreeMap::new();
    let mut add = |conn: &mut Conn, accounts: Vec<Account>| -> Result<(), Error> {
        for balance in balances_of(conn, tenant, AccountKind::Stock, filter, accounts)? {
            let spot = (balance.key.product, balance.key.variant, balance.key.place);
            *found.entry(spot).or_default() += i128::from(balance.quantity.0);
        }
        Ok(())
    };
    let mut chunk: Vec<Spot> = Vec::new();
    let mut held = 0;
    for (spot, accounts) in spots {
        if *accounts > CHUNK {
            let mut after = None;
            loop {
                let read = accounts_of(conn, tenant, lists, &[*spot], Some((after, CHUNK)))?;
                let is_last = (read.len() as i64) < CHUNK;
                after = read.last().map(|account| account.key.lot);
                add(conn, read)?;
                if is_last {
                    break;
                }
            }
            continue;
        }
        if held + accounts > CHUNK {
            let read = accounts_of(conn, tenant, lists, &chunk, None)?;
            add(conn, read)?;
            (chunk, held) = (Vec::new(), 0);
        }
        chunk.push(*spot);
        held += accounts;
    }
    let read = accounts_of(conn, tenant, lists, &chunk, None)?;
    add(conn, read)?;
    Ok(found)
}

/// The accounts of spots; of one spot those after a lot, at most so many, in the order of lots.
fn accounts_of(
    conn: &mut Conn,
    tenant: TenantId,
    lists: &Lists,
    spots: &[Spot],
    part: Option<(Option<LotId>, i64)>,
) -> Result<Vec<Account>, Error> {
    if spots.is_empty() {
        return Ok(Vec::new());
    }
    let rows = rows!(for spot in spots => spot.0.0, spot.1.0, spot.2.0);
    let mut args = vec![Arg::Int(tenant.0), Arg::Rows(&rows)];
    let mut condition = format!("a.postings > 0{}", lists.narrow(&mut args, [None, Some("a.lot"), None]));
    if let Some((after, limit)) = part {
        args.extend([Arg::Int(after.map_or(-1, |lot| lot.0)), Arg::Int(limit)]);
        let no = args.len();
        condition.push_str(&format!(" and a.lot > ${} order by a.lot limit ${no}", no - 1));
    }
    table::account::of_spots(conn, &condition, &args)
}
