//! The last receipts of accounts, read backwards in time until they explain what stands there.

use std::collections::HashMap;

use lotbook_domain::id::{AccountId, TenantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::Ask;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows, long_sum};

/// A movement that was not undone, as far as is known at `$3`; it is no undoing itself.
pub(super) const HOLDS: &str = "m.reverses_batch = 0 and not exists (select 1 from movement x \
     join header y on y.tenant = $1 and y.batch = x.batch and y.position <= $3 \
     where x.tenant = $1 and x.reverses_batch = m.batch and x.reverses_line = m.line and x.reverses_batch > 0)";

/// So many receipts of each account are read first, …
const PAGE: i64 = 4;
/// … and so many times as many in each round after it.
const GROWTH: i64 = 4;

/// An account of which something that stands there is not explained yet.
struct Open {
    account: AccountId,
    /// How much.
    left: i64,
    /// Receipts after this time were read.
    upto: Time,
}

/// Shows with which receipts what stands in accounts came, the last of each account first: what stands there is what
/// came last. Receipts of one instant are shown as one, and of the first of them only the part that still stands there.
///
/// Cost: two statements a round, whatever the number of accounts, and each round reads four times as much of the
/// accounts that are still open as the one before; so it is the receipts that are shown, and up to four times as many.
pub(super) fn last(
    conn: &mut Conn,
    tenant: TenantId,
    ask: &Ask,
    standing: impl IntoIterator<Item = (AccountId, Quantity)>,
    mut show: impl FnMut(AccountId, Time, Quantity),
) -> Result<(), Error> {
    let upto = ask.until();
    let mut open: Vec<Open> = standing
        .into_iter()
        .filter(|(_, quantity)| quantity.0 > 0)
        .map(|(account, quantity)| Open { account, left: quantity.0, upto })
        .collect();
    let mut page = PAGE;
    while !open.is_empty() {
        let since = pages(conn, tenant, ask, &open, page)?;
        let mut left: HashMap<i64, i64> = open.iter().map(|open| (open.account.0, open.left)).collect();
        received(conn, tenant, ask, &open, &since, |account, at, quantity| {
            let left = left.entry(account.0).or_default();
            let part = quantity.min(*left);
            if part > 0 {
                *left -= part;
                show(account, at, Quantity(part));
            }
        })?;
        open.retain_mut(|open| {
            open.left = left[&open.account.0];
            // Where a page is not full there is nothing before it.
            let Some(since) = since.get(&open.account.0).filter(|_| open.left > 0) else { return false };
            open.upto = Time(since.0 - 1);
            true
        });
        page = page.saturating_mul(GROWTH);
    }
    Ok(())
}

/// The time at which a page of receipts of each account begins; none where there are fewer. What was undone counts, so
/// that the index alone is read.
fn pages(conn: &mut Conn, tenant: TenantId, ask: &Ask, open: &[Open], page: i64) -> Result<HashMap<i64, Time>, Error> {
    let (into, _) = ask.sides();
    let rows = Rows::new(vec![
        Column::Int(open.iter().map(|open| open.account.0).collect()),
        Column::Int(open.iter().map(|open| open.upto.0).collect()),
    ]);
    let mut found = HashMap::new();
    conn.each(
        &format!(
            "select r.id, (select m.effective_at from movement m where m.tenant = $1 and m.{into} = r.id and m.{into} > 0 \
             and m.effective_at <= r.upto order by m.effective_at desc limit 1 offset $3) \
             from {{rows $2 (id bigint, upto bigint) r}}"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(page - 1)],
        |row| {
            if let Some(since) = row.opt_int(1)? {
                found.insert(row.int(0)?, Time(since));
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// What came into each account from the beginning of its page on, by instant, the last first.
fn received(
    conn: &mut Conn,
    tenant: TenantId,
    ask: &Ask,
    open: &[Open],
    since: &HashMap<i64, Time>,
    mut show: impl FnMut(AccountId, Time, i64),
) -> Result<(), Error> {
    let (into, _) = ask.sides();
    let rows = Rows::new(vec![
        Column::Int(open.iter().map(|open| open.account.0).collect()),
        Column::Int(open.iter().map(|open| since.get(&open.account.0).map_or(i64::MIN, |since| since.0)).collect()),
        Column::Int(open.iter().map(|open| open.upto.0).collect()),
    ]);
    let quantities = long_sum("m.quantity");
    conn.each(
        &format!(
            "select r.id, m.effective_at, {quantities} \
             from {{rows $2 (id bigint, since bigint, upto bigint) r}} {{look up movement m}} m.tenant = $1 \
             and m.{into} = r.id and m.{into} > 0 and m.effective_at >= r.since and m.effective_at <= r.upto \
             {{looked up m}} {{look up header h}} h.tenant = $1 and h.batch = m.batch and h.position <= $3 \
             {{looked up h}} where {HOLDS} group by r.id, m.effective_at order by r.id, m.effective_at desc"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(ask.as_known_at)],
        |row| {
            // More than can stand there is as good as all of it.
            let quantity = i64::try_from(row.sum(2)?).unwrap_or(i64::MAX);
            show(AccountId(row.int(0)?), Time(row.int(1)?), quantity);
            Ok(())
        },
    )
}
