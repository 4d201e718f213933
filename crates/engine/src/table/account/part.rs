//! Parts of the timelines of accounts, as they are asked for: nodes, postings, and sums of postings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lotbook_domain::id::{AccountId, TenantId};
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Instant, Need, Node, Place};

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// What these parts of timelines hold, loaded into those of the accounts that need them: one to three statements,
/// however many.
pub fn load<'a>(
    conn: &mut Conn,
    tenant: TenantId,
    accounts: impl IntoIterator<Item = &'a mut Account>,
    needs: &BTreeSet<(AccountId, Need)>,
) -> Result<(), Error> {
    let ids: BTreeSet<AccountId> = needs.iter().map(|(id, _)| *id).collect();
    let mut accounts: BTreeMap<AccountId, &mut Account> =
        accounts.into_iter().filter(|account| ids.contains(&account.id)).map(|account| (account.id, account)).collect();
    load_nodes(conn, tenant, &mut accounts, needs)?;
    load_instants(conn, tenant, &mut accounts, needs)
}

/// As many levels of nodes are looked for at once: down to stretches of two seconds, below which an account must have
/// been very busy.
const LEVELS_AT_ONCE: usize = 6;

/// Up to so many parts are loaded with all their levels at once, for then the rounds cost more than rows that nobody
/// asked for; of more, level by level.
const FEW: usize = 64;

/// Nodes of one width in an account: its id, the shift, the first bucket and the last.
type Stretch = (i64, i64, i64, i64);

fn load_nodes(
    conn: &mut Conn,
    tenant: TenantId,
    accounts: &mut BTreeMap<AccountId, &mut Account>,
    needs: &BTreeSet<(AccountId, Need)>,
) -> Result<(), Error> {
    let levels = if needs.len() <= FEW { LEVELS_AT_ONCE } else { 1 };
    let mut stretches: BTreeSet<Stretch> = BTreeSet::new();
    for (id, need) in needs {
        match *need {
            Need::Children { place, at } => {
                let parents = std::iter::once(place).chain(place.towards(at)).take(levels);
                stretches.extend(parents.filter_map(|parent| {
                    let (first, last) = parent.child_buckets();
                    Some((id.0, parent.child_shift()?, first, last))
                }));
            }
            Need::Newest { place, at } => {
                let way = place.towards(at).take(LEVELS_AT_ONCE);
                stretches.extend(way.map(|place| (id.0, place.shift, place.bucket, place.bucket)));
            }
            Need::Instants { .. } => {}
        }
    }
    if stretches.is_empty() {
        return Ok(());
    }
    let rows = rows!(for stretch in &stretches => stretch.0, stretch.1, stretch.2, stretch.3);
    let mut found: HashMap<AccountId, BTreeMap<Place, Node>> = HashMap::new();
    conn.each(
        "select s.account, s.shift, s.bucket, s.quantity, s.amount, s.low, s.low_before, s.instants_from, \
         s.instants_to, s.postings, s.is_split \
         from {rows $2 (account bigint, shift bigint, low bigint, high bigint) r} \
         {look up summary s} s.tenant = $1 and s.account = r.account and s.shift = r.shift \
         and s.bucket between r.low and r.high {looked up s}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let place = Place { shift: row.int(1)?, bucket: row.int(2)? };
            found.entry(AccountId(row.int(0)?)).or_default().insert(place, read_node(row, 3)?);
            Ok(())
        },
    )?;
    let none = BTreeMap::new();
    for (id, need) in needs {
        let Some(account) = accounts.get_mut(id) else { continue };
        let nodes = found.get(id).unwrap_or(&none);
        let loaded = match *need {
            Need::Children { place, at } => account.timeline.load_children(place, at, levels, nodes),
            Need::Newest { place, .. } => account.timeline.load_newest(place, nodes),
            Need::Instants { .. } => Ok(()),
        };
        loaded.map_err(|fault| damaged(*id, fault))?;
    }
    Ok(())
}

/// A node, of which the eight columns begin here: quantity, amount, low, low_before, instants_from, instants_to, postings,
/// is_split.
pub fn read_node(row: &Row<'_>, first: usize) -> Result<Node, Error> {
    Ok(Node {
        quantity: Quantity(row.int(first)?),
        amount: Amount(row.int(first + 1)?),
        low: Quantity(row.int(first + 2)?),
        low_before: Quantity(row.int(first + 3)?),
        instants_from: Time(row.int(first + 4)?),
        instants_to: Time(row.int(first + 5)?),
        postings: row.int(first + 6)?,
        is_split: row.int(first + 7)? != 0,
    })
}

fn damaged(id: AccountId, fault: impl std::fmt::Display) -> Error {
    Error::Internal(format!("account {id}: {fault}; run verify"))
}

/// Both sides of a movement that post to an account of each kind, with the sign.
const SIDES: [(AccountKind, &str, &str); 4] = [
    (AccountKind::Stock, "to_account", ""),
    (AccountKind::Stock, "from_account", "-"),
    (AccountKind::Pool, "to_pool", ""),
    (AccountKind::Pool, "from_pool", "-"),
];

fn load_instants(
    conn: &mut Conn,
    tenant: TenantId,
    accounts: &mut BTreeMap<AccountId, &mut Account>,
    needs: &BTreeSet<(AccountId, Need)>,
) -> Result<(), Error> {
    // A decision in the making may ask for one leaf several times, each time up to a later end.
    let mut ends: BTreeMap<(AccountId, Time), Time> = BTreeMap::new();
    for (id, need) in needs {
        if let Need::Instants { from, to } = need {
            let end = ends.entry((*id, *from)).or_insert(*to);
            *end = (*to).max(*end);
        }
    }
    let spans: Vec<(AccountId, Time, Time)> = ends.into_iter().map(|((id, from), to)| (id, from, to)).collect();
    if spans.is_empty() {
        return Ok(());
    }
    let mut found: HashMap<(AccountId, Time), Vec<(Time, Instant)>> = HashMap::new();
    for kind in [AccountKind::Stock, AccountKind::Pool] {
        let of_kind: Vec<_> = spans
            .iter()
            .filter(|(id, _, _)| accounts.get(id).is_some_and(|account| account.key.kind == kind))
            .collect();
        if of_kind.is_empty() {
            continue;
        }
        let rows = Rows::new(vec![
            Column::Int(of_kind.iter().map(|(id, _, _)| id.0).collect()),
            Column::Int(of_kind.iter().map(|(_, from, _)| from.0).collect()),
            Column::Int(of_kind.iter().map(|(_, _, to)| to.0).collect()),
        ]);
        let mut arms = Vec::new();
        for (_, column, sign) in SIDES.iter().filter(|(side, _, _)| *side == kind) {
            let amount = if kind == AccountKind::Pool { format!("{sign}m.amount") } else { "0".to_owned() };
            arms.push(format!(
                "select r.account, r.low, m.effective_at, {sign}m.quantity, {amount}, 1 \
                 from {{rows $2 (account bigint, low bigint, high bigint) r}} {{look up movement m}} \
                 m.tenant = $1 and m.{column} = r.account and m.{column} > 0 \
                 and m.effective_at between r.low and r.high {{looked up m}}"
            ));
        }
        if kind == AccountKind::Pool {
            arms.push(
                "select r.account, r.low, v.effective_at, 0, v.amount, 1 \
                 from {rows $2 (account bigint, low bigint, high bigint) r} {look up value_entry v} \
                 v.tenant = $1 and v.pool = r.account and v.effective_at between r.low and r.high {looked up v}"
                    .to_owned(),
            );
        }
        conn.each(&arms.join(" union all "), &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
            let instant =
                Instant { quantity: Quantity(row.int(3)?), amount: Amount(row.int(4)?), postings: row.int(5)? };
            found.entry((AccountId(row.int(0)?), Time(row.int(1)?))).or_default().push((Time(row.int(2)?), instant));
            Ok(())
        })?;
    }
    for (id, from, _) in spans {
        if let Some(account) = accounts.get_mut(&id) {
            let instants = found.remove(&(id, from)).unwrap_or_default();
            account.timeline.load_instants(from, instants).map_err(|fault| damaged(id, fault))?;
        }
    }
    Ok(())
}

/// What is added up.
#[derive(Clone, Copy)]
enum Summed {
    Quantity,
    Amount,
}

/// Adds up what was posted to accounts of one kind within spans of time: `(number, account, from, to)`, each told by
/// its number, maybe several times; from the beginning and for ever are no bounds. Cost: a statement for those that have
/// both bounds, and one for each that has one; the movements in the spans, by index. Nothing of them leaves the
/// database, and nothing of them is kept or sorted there: each sum is a question of its own.
///
/// Where no bound is needed none is told: PostgreSQL compares each entry of the index with all of them.
pub fn sums(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    asked: &[(i64, AccountId, Time, Time)],
    mut tell: impl FnMut(i64, i64, i64) -> Result<(), Error>,
) -> Result<(), Error> {
    let bounds = |of: &(i64, AccountId, Time, Time)| (of.2 > Time::BEGINNING, of.3 < Time::FOREVER);
    for (has, span) in [
        ((true, true), " and x.effective_at between r.low and r.high"),
        ((true, false), " and x.effective_at >= r.low"),
        ((false, true), " and x.effective_at <= r.high"),
        ((false, false), ""),
    ] {
        let asked: Vec<_> = asked.iter().filter(|of| bounds(of) == has).collect();
        if !asked.is_empty() {
            sums_within(conn, tenant, kind, span, &rows!(for of in asked => of.0, of.1.0, of.2.0, of.3.0), &mut tell)?;
        }
    }
    Ok(())
}

fn sums_within(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    span: &str,
    rows: &Rows,
    mut tell: impl FnMut(i64, i64, i64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut sums: Vec<(Summed, String)> = Vec::new();
    for (_, column, sign) in SIDES.iter().filter(|(side, _, _)| *side == kind) {
        let within = format!("from movement x where x.tenant = $1{span} and x.{column} = r.account and x.{column} > 0");
        sums.push((Summed::Quantity, format!("{sign}(select cast(sum(x.quantity) as bigint) {within})")));
        if kind == AccountKind::Pool {
            sums.push((Summed::Amount, format!("{sign}(select cast(sum(x.amount) as bigint) {within})")));
        }
    }
    if kind == AccountKind::Pool {
        let within = format!("from value_entry x where x.tenant = $1{span} and x.pool = r.account");
        sums.push((Summed::Amount, format!("(select cast(sum(x.amount) as bigint) {within})")));
    }
    let columns: Vec<&str> = sums.iter().map(|(_, column)| column.as_str()).collect();
    let sql = format!(
        "select r.no, {} from {{rows $2 (no bigint, account bigint, low bigint, high bigint) r}}",
        columns.join(", ")
    );
    conn.each(&sql, &[Arg::Int(tenant.0), Arg::Rows(rows)], |row| {
        let no = row.int(0)?;
        for (column, (summed, _)) in (1..).zip(&sums) {
            match (summed, row.opt_int(column)?) {
                (_, None) => {}
                (Summed::Quantity, Some(quantity)) => tell(no, quantity, 0)?,
                (Summed::Amount, Some(amount)) => tell(no, 0, amount)?,
            }
        }
        Ok(())
    })
}
