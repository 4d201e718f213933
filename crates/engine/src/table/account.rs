//! Accounts and their timelines.

pub mod part;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lotbook_domain::id::{AccountId, LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind, LastCost, Rate};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Node, Place, Timeline};

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Column, Conn, Row, Rows, long_sum};

const COLUMNS: &str = "a.id, a.kind, a.place, a.product, a.variant, a.lot, a.quantity, a.amount, a.low, a.low_before, \
     a.instants_from, a.instants_to, a.postings, a.is_split, a.rate_quantity, a.rate_amount, a.unsettled_from, \
     a.revalued_to, a.version";

/// An account as stored, with the version that a later write compares.
pub struct Stored {
    /// The account, its timeline with the root only.
    pub account: Account,
    /// Counts the writes to it.
    pub version: i64,
}

fn kind_of(code: i64) -> AccountKind {
    if code == 2 { AccountKind::Pool } else { AccountKind::Stock }
}

/// What a unit last cost, as it is kept: a quantity above 0 stood there just before the pool ran empty, one below 0
/// is, with the other sign, what was received and taken up by a shortage; 0 = nothing tells.
fn last_cost(quantity: i64, amount: i64) -> LastCost {
    let rate = Rate { quantity: Quantity(quantity.saturating_abs()), amount: Amount(amount) };
    match quantity.signum() {
        0 => LastCost::Untold,
        1 => LastCost::Emptied(rate),
        _ => LastCost::Received(rate),
    }
}

/// The reverse of [`last_cost`].
fn kept(last_cost: LastCost) -> (i64, i64) {
    match last_cost {
        LastCost::Untold => (0, 0),
        LastCost::Emptied(rate) => (rate.quantity.0, rate.amount.0),
        LastCost::Received(rate) => (-rate.quantity.0, rate.amount.0),
    }
}

fn read(row: &Row<'_>) -> Result<Stored, Error> {
    Ok(Stored {
        account: Account {
            id: AccountId(row.int(0)?),
            key: AccountKey {
                kind: kind_of(row.int(1)?),
                place: LocationId(row.int(2)?),
                product: ProductId(row.int(3)?),
                variant: VariantId(row.int(4)?),
                lot: LotId(row.int(5)?),
            },
            timeline: Timeline::from_root(part::read_node(row, 6)?),
            last_cost: last_cost(row.int(14)?, row.int(15)?),
            unsettled_from: row.opt_int(16)?.map(Time),
            revalued_to: row.opt_int(17)?.map(Time),
            is_new: false,
        },
        version: row.int(18)?,
    })
}

fn key_rows(keys: &[AccountKey]) -> Rows {
    Rows::new(vec![
        Column::Int(keys.iter().map(|key| key.product.0).collect()),
        Column::Int(keys.iter().map(|key| key.place.0).collect()),
        Column::Int(keys.iter().map(|key| key.kind.code()).collect()),
        Column::Int(keys.iter().map(|key| key.variant.0).collect()),
        Column::Int(keys.iter().map(|key| key.lot.0).collect()),
    ])
}

/// The accounts of these keys that exist. `lock` takes them for writing, in the order of ids.
pub fn by_keys(
    conn: &mut Conn,
    tenant: TenantId,
    keys: &BTreeSet<AccountKey>,
    lock: bool,
) -> Result<Vec<Stored>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = keys.iter().copied().collect();
    let rows = key_rows(&keys);
    let sql = format!(
        "select {COLUMNS} from {{rows $2 (product bigint, place bigint, kind bigint, variant bigint, lot bigint) r}} \
         cross join account a where a.tenant = $1 and a.product = r.product and a.place = r.place and a.kind = r.kind \
         and a.variant = r.variant and a.lot = r.lot order by a.id{}",
        if lock { " {for update}" } else { "" }
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], read)
}

/// The accounts with these ids.
pub fn by_ids(conn: &mut Conn, tenant: TenantId, ids: &[AccountId], lock: bool) -> Result<Vec<Stored>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![Column::Int(ids.iter().map(|id| id.0).collect())]);
    let sql = format!(
        "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join account a where a.tenant = $1 and a.id = r.id order by a.id{}",
        if lock { " {for update}" } else { "" }
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], read)
}

/// Accounts `a` that meet a condition, in the order of ids; the last argument is the limit.
pub fn select(conn: &mut Conn, condition: &str, args: &[Arg<'_>]) -> Result<Vec<Account>, Error> {
    select_by(conn, "a.id", condition, args)
}

/// [`select`], where the order is that of `id`, written so that the database goes by it or does not.
pub fn select_by(conn: &mut Conn, id: &str, condition: &str, args: &[Arg<'_>]) -> Result<Vec<Account>, Error> {
    let sql = format!("select {COLUMNS} from account a where {condition} order by {id} limit ${}", args.len());
    conn.query(&sql, args, |row| Ok(read(row)?.account))
}

/// The account that is `n` accounts after one in the order of ids; `None` where there are not so many.
pub fn nth_after(conn: &mut Conn, tenant: TenantId, after: AccountId, n: i64) -> Result<Option<AccountId>, Error> {
    conn.one(
        "select a.id from account a where a.tenant = $1 and a.id > $2 order by a.id limit 1 offset $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(n - 1)],
        |row| Ok(AccountId(row.int(0)?)),
    )
}

/// Accounts `a` after one and up to another that meet a condition, in the order of ids; the bounds become the last
/// argument. They are looked up by their ids whatever the database believes about the condition.
pub fn select_between(
    conn: &mut Conn,
    tenant: TenantId,
    (after, up_to): (AccountId, AccountId),
    condition: &str,
    args: &[Arg<'_>],
) -> Result<Vec<Account>, Error> {
    let bounds = Rows::new(vec![Column::Int(vec![tenant.0]), Column::Int(vec![after.0]), Column::Int(vec![up_to.0])]);
    let args: Vec<Arg<'_>> = args.iter().copied().chain([Arg::Rows(&bounds)]).collect();
    let sql = format!(
        "select {COLUMNS} from {{rows ${} (tenant bigint, after bigint, up_to bigint) r}} {{look up account a}} \
         a.tenant = r.tenant and a.id > r.after and a.id <= r.up_to {{looked up a}} where {condition} order by a.id",
        args.len()
    );
    conn.query(&sql, &args, |row| Ok(read(row)?.account))
}

/// Accounts `a` of stock at spots that meet a condition, which may end with their order. The first arguments are the
/// tenant and the spots: product, variant and place.
pub fn of_spots(conn: &mut Conn, condition: &str, args: &[Arg<'_>]) -> Result<Vec<Account>, Error> {
    let sql = format!(
        "select {COLUMNS} from {{rows $2 (product bigint, variant bigint, place bigint) r}} {{look up account a}} \
         a.tenant = $1 and a.product = r.product and a.place = r.place and a.kind = 1 and a.variant = r.variant \
         {{looked up a}} where {condition}"
    );
    conn.query(&sql, args, |row| Ok(read(row)?.account))
}

/// Accounts `a` that meet a condition, locked in the order of ids.
pub fn select_locked(conn: &mut Conn, condition: &str, args: &[Arg<'_>]) -> Result<Vec<Account>, Error> {
    let sql = format!("select {COLUMNS} from account a where {condition} order by a.id {{for update}}");
    conn.query(&sql, args, |row| Ok(read(row)?.account))
}

/// Notes that nothing of these pools waits for settlement any more, and what a unit of each last cost.
pub fn mark_settled(conn: &mut Conn, tenant: TenantId, pools: &[(AccountId, LastCost)]) -> Result<(), Error> {
    let rows = Rows::new(vec![
        Column::Int(pools.iter().map(|(id, _)| id.0).collect()),
        Column::Int(pools.iter().map(|(_, last)| kept(*last).0).collect()),
        Column::Int(pools.iter().map(|(_, last)| kept(*last).1).collect()),
    ]);
    conn.execute(
        "update account set unsettled_from = null, unsettled_since = null, unsettled_to = null, rate_quantity = r.quantity, rate_amount = r.amount, \
         marks = account.marks + 1, version = account.version + 1 from {rows $2 (id bigint, quantity bigint, amount bigint) r} \
         where account.tenant = $1 and account.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Accounts after one, in the order of ids.
pub fn after(conn: &mut Conn, tenant: TenantId, after: AccountId, limit: i64) -> Result<Vec<Stored>, Error> {
    conn.query(
        &format!("select {COLUMNS} from account a where a.tenant = $1 and a.id > $2 order by a.id limit $3"),
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)],
        read,
    )
}

/// Makes accounts that do not exist yet, empty, so that they can be locked; another writer may have
/// been faster.
pub fn make(conn: &mut Conn, tenant: TenantId, accounts: &[(AccountId, AccountKey)]) -> Result<(), Error> {
    if accounts.is_empty() {
        return Ok(());
    }
    let empty = Node::EMPTY;
    let rows = Rows::new(vec![
        Column::Int(accounts.iter().map(|(id, _)| id.0).collect()),
        Column::Int(accounts.iter().map(|(_, key)| key.kind.code()).collect()),
        Column::Int(accounts.iter().map(|(_, key)| key.place.0).collect()),
        Column::Int(accounts.iter().map(|(_, key)| key.product.0).collect()),
        Column::Int(accounts.iter().map(|(_, key)| key.variant.0).collect()),
        Column::Int(accounts.iter().map(|(_, key)| key.lot.0).collect()),
    ]);
    conn.execute(
        "insert into account (tenant, id, kind, place, product, variant, lot, quantity, amount, low, low_before, \
         instants_from, instants_to, postings, is_split, rate_quantity, rate_amount, unsettled_from, version) \
         select $1, r.id, r.kind, r.place, r.product, r.variant, r.lot, 0, 0, $3, $4, $5, $6, 0, 0, 0, 0, null, 0 \
         from {rows $2 (id bigint, kind bigint, place bigint, product bigint, variant bigint, lot bigint) r} \
         where true on conflict (tenant, product, place, kind, variant, lot) do nothing",
        &[
            Arg::Int(tenant.0),
            Arg::Rows(&rows),
            Arg::Int(empty.low.0),
            Arg::Int(empty.low_before.0),
            Arg::Int(empty.instants_from.0),
            Arg::Int(empty.instants_to.0),
        ],
    )?;
    Ok(())
}

/// The keys of every stock account of these products and variants at these places.
pub fn lots_at(
    conn: &mut Conn,
    tenant: TenantId,
    wanted: &BTreeSet<(ProductId, VariantId, LocationId)>,
) -> Result<Vec<AccountKey>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(wanted.iter().map(|(product, _, _)| product.0).collect()),
        Column::Int(wanted.iter().map(|(_, variant, _)| variant.0).collect()),
        Column::Int(wanted.iter().map(|(_, _, place)| place.0).collect()),
    ]);
    conn.query(
        "select a.product, a.place, a.variant, a.lot from {rows $2 (product bigint, variant bigint, place bigint) r} \
         cross join account a where a.tenant = $1 and a.product = r.product and a.place = r.place and a.kind = 1 \
         and a.variant = r.variant and a.lot > 0",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        stock_key,
    )
}

/// The keys of every stock account of these instances.
pub fn of_instances(conn: &mut Conn, tenant: TenantId, instances: &BTreeSet<LotId>) -> Result<Vec<AccountKey>, Error> {
    if instances.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![Column::Int(instances.iter().map(|id| id.0).collect())]);
    conn.query(
        "select a.product, a.place, a.variant, a.lot from {rows $2 (lot bigint) r} \
         cross join account a where a.tenant = $1 and a.lot = r.lot and a.lot > 0 and a.kind = 1",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        stock_key,
    )
}

/// When each of these lots first arrived at a place, by the dates of what still holds: one statement.
pub fn arrivals(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    place: LocationId,
    lots: &BTreeSet<LotId>,
) -> Result<HashMap<LotId, Time>, Error> {
    let rows = Rows::ids(lots.iter().map(|lot| lot.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.query(
        "select a.lot, (select m.effective_at from movement m where m.tenant = $1 and m.to_account = a.id \
         and m.to_account > 0 and m.reverses_batch = 0 and not exists (select 1 from movement u where u.tenant = $1 \
         and u.reverses_batch = m.batch and u.reverses_line = m.line and u.reverses_batch > 0) \
         order by m.effective_at limit 1) from {rows $4 (id bigint) r} cross join account a where a.tenant = $1 \
         and a.product = $2 and a.place = $3 and a.kind = 1 and a.lot = r.id",
        &[Arg::Int(tenant.0), Arg::Int(product.0), Arg::Int(place.0), Arg::Rows(&rows)],
        |row| Ok((LotId(row.int(0)?), row.opt_int(1)?.map(Time))),
    )?;
    let mut first: HashMap<LotId, Time> = HashMap::new();
    for (lot, at) in found {
        let Some(at) = at else { continue };
        let known = first.entry(lot).or_insert(at);
        *known = at.min(*known);
    }
    Ok(first)
}

/// How much of each of these lots there is, wherever it stands, in millionths: one statement.
pub fn totals(conn: &mut Conn, tenant: TenantId, lots: &BTreeSet<LotId>) -> Result<HashMap<LotId, i128>, Error> {
    let rows = Rows::ids(lots.iter().map(|lot| lot.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.query(
        &format!(
            "select a.lot, {} from {{rows $2 (id bigint) r}} cross join account a \
             where a.tenant = $1 and a.lot = r.id and a.lot > 0 and a.kind = 1 group by a.lot",
            long_sum("a.quantity")
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((LotId(row.int(0)?), row.sum(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

fn stock_key(row: &Row<'_>) -> Result<AccountKey, Error> {
    Ok(AccountKey {
        product: ProductId(row.int(0)?),
        place: LocationId(row.int(1)?),
        kind: AccountKind::Stock,
        variant: VariantId(row.int(2)?),
        lot: LotId(row.int(3)?),
    })
}

/// The position from which on something is learned that the values of a pool begin to wait for, once the pool is locked:
/// what was posted to it before has a position, what is posted later gets a higher one.
const NEXT_POSITION: &str = "(select t.position + 1 from tail t where t.tenant = $1)";

/// Writes the roots and changed nodes of accounts: one statement for new accounts, one for changed
/// ones, one for nodes.
pub fn save(conn: &mut Conn, tenant: TenantId, accounts: &[&Account]) -> Result<(), Error> {
    let mut sorted: Vec<&Account> =
        accounts.iter().copied().filter(|account| account.timeline.is_changed() || account.is_new).collect();
    sorted.sort_by_key(|account| account.id);
    let (new, old): (Vec<&Account>, Vec<&Account>) = sorted.iter().partition(|account| account.is_new);
    save_roots(
        conn,
        tenant,
        &new,
        &format!(
            "insert into account (tenant, id, kind, place, product, variant, lot, quantity, amount, low, low_before, \
             instants_from, instants_to, postings, is_split, rate_quantity, rate_amount, unsettled_from, \
             unsettled_to, unsettled_since, version) \
             select $1, r.id, r.kind, r.place, r.product, r.variant, r.lot, r.quantity, r.amount, r.low, r.low_before, \
             r.instants_from, r.instants_to, r.postings, r.is_split, r.rate_quantity, r.rate_amount, r.unsettled_from, \
             r.unsettled_from, case when r.unsettled_from is null then null else {NEXT_POSITION} end, 1 \
             from {{rows $2 (id bigint, kind bigint, place bigint, product bigint, variant bigint, lot bigint, \
             quantity bigint, amount bigint, low bigint, low_before bigint, instants_from bigint, instants_to bigint, \
             postings bigint, is_split bigint, rate_quantity bigint, rate_amount bigint, unsettled_from bigint) r}}"
        ),
    )?;
    save_roots(
        conn,
        tenant,
        &old,
        &format!(
            "update account set quantity = r.quantity, amount = r.amount, low = r.low, low_before = r.low_before, \
             instants_from = r.instants_from, instants_to = r.instants_to, postings = r.postings, \
             is_split = r.is_split, rate_quantity = r.rate_quantity, rate_amount = r.rate_amount, \
             unsettled_to = case when r.unsettled_from is null then null when account.unsettled_from is null \
             then r.unsettled_from else account.unsettled_to end, \
             unsettled_since = case when r.unsettled_from is null then null when account.unsettled_from is null \
             then {NEXT_POSITION} else account.unsettled_since end, \
             unsettled_from = r.unsettled_from, version = account.version + 1 \
             from {{rows $2 (id bigint, kind bigint, place bigint, product bigint, variant bigint, lot bigint, \
             quantity bigint, amount bigint, low bigint, low_before bigint, instants_from bigint, instants_to bigint, \
             postings bigint, is_split bigint, rate_quantity bigint, rate_amount bigint, unsettled_from bigint) r}} \
             where account.tenant = $1 and account.id = r.id"
        ),
    )?;
    save_nodes(conn, tenant, &sorted)
}

fn save_roots(conn: &mut Conn, tenant: TenantId, accounts: &[&Account], sql: &str) -> Result<(), Error> {
    if accounts.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&Account) -> i64| Column::Int(accounts.iter().map(|account| of(account)).collect());
    let rows = Rows::new(vec![
        column(|a| a.id.0),
        column(|a| a.key.kind.code()),
        column(|a| a.key.place.0),
        column(|a| a.key.product.0),
        column(|a| a.key.variant.0),
        column(|a| a.key.lot.0),
        column(|a| a.timeline.root().quantity.0),
        column(|a| a.timeline.root().amount.0),
        column(|a| a.timeline.root().low.0),
        column(|a| a.timeline.root().low_before.0),
        column(|a| a.timeline.root().instants_from.0),
        column(|a| a.timeline.root().instants_to.0),
        column(|a| a.timeline.root().postings),
        column(|a| i64::from(a.timeline.root().is_split)),
        column(|a| kept(a.last_cost).0),
        column(|a| kept(a.last_cost).1),
        Column::OptInt(accounts.iter().map(|a| a.unsettled_from.map(|at| at.0)).collect()),
    ]);
    conn.execute(sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)])?;
    Ok(())
}

fn save_nodes(conn: &mut Conn, tenant: TenantId, accounts: &[&Account]) -> Result<(), Error> {
    let nodes: Vec<(AccountId, Place, Node)> = accounts
        .iter()
        .flat_map(|account| account.timeline.changes().map(|(place, node)| (account.id, place, *node)))
        .collect();
    if nodes.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&(AccountId, Place, Node)) -> i64| Column::Int(nodes.iter().map(of).collect());
    let rows = Rows::new(vec![
        column(|(id, _, _)| id.0),
        column(|(_, place, _)| place.shift),
        column(|(_, place, _)| place.bucket),
        column(|(_, _, node)| node.quantity.0),
        column(|(_, _, node)| node.amount.0),
        column(|(_, _, node)| node.low.0),
        column(|(_, _, node)| node.low_before.0),
        column(|(_, _, node)| node.instants_from.0),
        column(|(_, _, node)| node.instants_to.0),
        column(|(_, _, node)| node.postings),
        column(|(_, _, node)| i64::from(node.is_split)),
    ]);
    conn.execute(
        "insert into summary (tenant, account, shift, bucket, quantity, amount, low, low_before, instants_from, \
         instants_to, postings, is_split) \
         select $1, r.account, r.shift, r.bucket, r.quantity, r.amount, r.low, r.low_before, r.instants_from, \
         r.instants_to, r.postings, r.is_split \
         from {rows $2 (account bigint, shift bigint, bucket bigint, quantity bigint, amount bigint, low bigint, \
         low_before bigint, instants_from bigint, instants_to bigint, postings bigint, is_split bigint) r} \
         where true \
         on conflict (tenant, account, shift, bucket) do update set quantity = excluded.quantity, \
         amount = excluded.amount, low = excluded.low, low_before = excluded.low_before, \
         instants_from = excluded.instants_from, instants_to = excluded.instants_to, postings = excluded.postings, \
         is_split = excluded.is_split",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Notes that the values of pools wait: from the earliest of the times that are named of each, and up to the latest of
/// them something is not as it was. Locks them in the order of ids, then one statement.
pub fn await_settlement(conn: &mut Conn, tenant: TenantId, pools: &[(AccountId, Time)]) -> Result<(), Error> {
    if pools.is_empty() {
        return Ok(());
    }
    let ids: Vec<AccountId> = pools.iter().map(|(id, _)| *id).collect();
    by_ids(conn, tenant, &ids, true)?;
    let mut spans: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for (id, at) in pools {
        let (from, to) = spans.entry(id.0).or_insert((at.0, at.0));
        (*from, *to) = (at.0.min(*from), at.0.max(*to));
    }
    let rows = rows!(for span in spans => *span.0, span.1.0, span.1.1);
    conn.execute(
        &format!(
            "update account set unsettled_to = case when account.unsettled_from is null or account.unsettled_to < r.until \
             then r.until else account.unsettled_to end, \
             unsettled_since = case when account.unsettled_from is null then {NEXT_POSITION} \
             else account.unsettled_since end, \
             unsettled_from = case when account.unsettled_from is null or account.unsettled_from > r.at \
             then r.at else account.unsettled_from end, marks = account.marks + 1, version = account.version + 1 \
             from {{rows $2 (id bigint, at bigint, until bigint) r}} where account.tenant = $1 and account.id = r.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Since which position, and up to which time, something was learned that the values of these pools wait for; `None`
/// where nothing waits, or where it was not noted since when.
pub fn waits_since(conn: &mut Conn, tenant: TenantId, pools: &[AccountId]) -> Result<Option<(i64, Time)>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let found = conn.one(
        "select min(a.unsettled_since), max(a.unsettled_to), \
         sum(case when a.unsettled_since is null or a.unsettled_to is null then 1 else 0 end) \
         from {rows $2 (id bigint) r} cross join account a \
         where a.tenant = $1 and a.id = r.id and a.unsettled_from is not null",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.opt_int(0)?, row.opt_int(1)?, row.opt_int(2)?)),
    )?;
    Ok(match found {
        Some((Some(since), Some(to), Some(0))) => Some((since, Time(to))),
        _ => None,
    })
}

/// Of each of these pools, how often it was marked as waiting or settled, and how many postings it has at a time or
/// later.
pub fn marks_and_later_postings(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
) -> Result<Vec<(AccountId, i64, i64)>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let later = |table: &str, pool: &str| {
        format!(
            "(select count(*) from {table} x where x.tenant = $1 and x.{pool} = a.id and x.{pool} > 0 \
             and x.effective_at >= $3)"
        )
    };
    let (entered, left, valued) =
        (later("movement", "to_pool"), later("movement", "from_pool"), later("value_entry", "pool"));
    conn.query(
        &format!(
            "select a.id, a.marks, {entered} + {left} + {valued} from {{rows $2 (id bigint) r}} cross join account a \
             where a.tenant = $1 and a.id = r.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| Ok((AccountId(row.int(0)?), row.int(1)?, row.int(2)?)),
    )
}

/// Notes up to when revaluations say what these pools are worth; the pools are locked. One statement.
pub fn note_revaluations(conn: &mut Conn, tenant: TenantId, pools: &[(AccountId, Time)]) -> Result<(), Error> {
    if pools.is_empty() {
        return Ok(());
    }
    let rows = rows!(for pool in pools => pool.0.0, pool.1.0);
    conn.execute(
        "update account set revalued_to = r.at, version = account.version + 1 from {rows $2 (id bigint, at bigint) r} \
         where account.tenant = $1 and account.id = r.id \
         and (account.revalued_to is null or account.revalued_to < r.at)",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Pools of products after one, up to one, that do not know of their latest revaluation.
pub fn unheard(conn: &mut Conn, tenant: TenantId, after: ProductId, to: ProductId) -> Result<Vec<Account>, Error> {
    select(
        conn,
        "a.tenant = $1 and a.kind = 2 and a.product > $2 and a.product <= $3 and exists (select 1 from value_fact f \
         where f.tenant = $1 and f.pool = a.id and f.kind = 1 \
         and (a.revalued_to is null or f.effective_at > a.revalued_to))",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0), Arg::Int(i64::MAX)],
    )
}

/// Copies all accounts, summaries and value entries of one tenant to another: for measurements. Nothing of the
/// copy waits to be settled.
pub fn copy(conn: &mut Conn, from: TenantId, to: TenantId) -> Result<(), Error> {
    for (table, columns) in [
        (
            "account",
            "id, kind, place, product, variant, lot, quantity, amount, low, low_before, instants_from, instants_to, \
             postings, is_split, rate_quantity, rate_amount, revalued_to, version",
        ),
        ("value_entry", "batch, line, pool, effective_at, counterpart, kind, amount"),
        (
            "summary",
            "account, shift, bucket, quantity, amount, low, low_before, instants_from, instants_to, postings, is_split",
        ),
    ] {
        conn.execute(
            &format!("insert into {table} (tenant, {columns}) select $2, {columns} from {table} where tenant = $1"),
            &[Arg::Int(from.0), Arg::Int(to.0)],
        )?;
    }
    Ok(())
}

/// Those of these accounts that have not the version any more that they were read with.
pub fn moved(conn: &mut Conn, tenant: TenantId, versions: &[(AccountId, i64)]) -> Result<BTreeSet<AccountId>, Error> {
    let rows = Rows::new(vec![
        Column::Int(versions.iter().map(|(id, _)| id.0).collect()),
        Column::Int(versions.iter().map(|(_, version)| *version).collect()),
    ]);
    let found = conn.query(
        "select r.id from {rows $2 (id bigint, version bigint) r} where not exists \
         (select 1 from account a where a.tenant = $1 and a.id = r.id and a.version = r.version)",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok(AccountId(row.int(0)?)),
    )?;
    Ok(found.into_iter().collect())
}
