//! Proof that the ages of stock are what their definition says, worked out from every movement.

use std::collections::BTreeMap;

use lotbook_domain::id::{BatchId, ProductId};
use lotbook_domain::movement::Movement;
use lotbook_domain::time::Time;
use lotbook_engine::query::report::{Aged, Ask, ageing};
use lotbook_engine::{Arg, table};

use super::{House, NOW};

/// Where the buckets end, in days before the end of 2024.
const LIMITS: [i64; 4] = [0, 1, 364, 365];

/// The ages of everything, and how many statements that took.
pub fn ages(house: &House, ask: &Ask) -> (Vec<Aged>, u64) {
    house.read(|conn| {
        let structure = house.engine.structure(conn, house.tenant)?;
        let (mut found, mut after) = (Vec::new(), ProductId(0));
        let before = conn.statements();
        loop {
            let (page, next) = ageing(conn, house.tenant, &structure, ask, &LIMITS, after, 50)?;
            found.extend(page);
            let Some(next) = next else { return Ok((found, conn.statements() - before)) };
            after = next;
        }
    })
}

/// Asks for everything as of a time, as it was known at a position.
pub fn ask(as_of: Option<Time>, as_known_at: i64, by_location: bool) -> Ask {
    Ask {
        products: None,
        categories: None,
        lots: None,
        places: None,
        from: Time::BEGINNING,
        as_of,
        as_known_at,
        at: as_of.unwrap_or(Time(NOW)),
        by_location,
    }
}

/// Proves ages at several times and positions.
pub fn must_hold(house: &House) {
    let moved: Vec<(i64, BatchId, Movement)> = house.read(|conn| {
        conn.query(
            &format!(
                "select {}, h.position from movement m join header h on h.tenant = m.tenant and h.batch = m.batch \
                 where m.tenant = $1",
                table::movement::COLUMNS
            ),
            &[Arg::Int(house.tenant.0)],
            |row| {
                let (batch, movement) = table::movement::read(row, 0)?;
                Ok((row.int(table::movement::COLUMN_COUNT)?, batch, movement))
            },
        )
    });
    let mut times: Vec<Time> = moved.iter().map(|(_, _, movement)| movement.effective_at).collect();
    times.sort_unstable();
    let position = moved.iter().map(|(position, ..)| *position).max().unwrap_or(0);
    let middle = times.get(times.len() / 2).copied();
    for (as_of, known_at) in [(None, position), (middle, position), (None, position / 2), (middle, position / 3)] {
        for by_location in [false, true] {
            hold(house, &moved, &ask(as_of, known_at, by_location));
        }
    }
}

fn hold(house: &House, moved: &[(i64, BatchId, Movement)], ask: &Ask) {
    let known = || moved.iter().filter(|(position, ..)| *position <= ask.as_known_at);
    let undone: Vec<_> = known().filter_map(|(_, _, movement)| movement.reverses).collect();
    // What stands in each account, and what came, the last first.
    let mut standing: BTreeMap<i64, i64> = BTreeMap::new();
    let mut came: BTreeMap<i64, Vec<(Time, i64)>> = BTreeMap::new();
    for (_, batch, movement) in known().filter(|(_, _, m)| ask.as_of.is_none_or(|at| m.effective_at <= at)) {
        let account_of = |end: &lotbook_domain::movement::End| if ask.by_location { end.account.0 } else { end.pool.0 };
        *standing.entry(account_of(&movement.from)).or_default() -= movement.quantity.0;
        *standing.entry(account_of(&movement.to)).or_default() += movement.quantity.0;
        let is_undone = undone.iter().any(|of| of.batch == *batch && of.line == movement.line);
        if movement.reverses.is_none() && !is_undone {
            let receipt = (movement.effective_at, movement.quantity.0);
            came.entry(account_of(&movement.to)).or_default().push(receipt);
        }
    }
    standing.retain(|account, quantity| *account != 0 && *quantity > 0);
    let (found, _) = ages(house, ask);
    let ids: BTreeMap<i64, &Aged> = found.iter().map(|aged| (aged.stock.balance.account.0, aged)).collect();
    assert_eq!(ids.len(), found.len(), "each account once");
    assert_eq!(ids.keys().collect::<Vec<_>>(), standing.keys().collect::<Vec<_>>(), "{ask:?}");
    for (account, quantity) in standing {
        let mut receipts = came.remove(&account).unwrap_or_default();
        receipts.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let (mut left, mut want, mut oldest) = (quantity, [0; LIMITS.len() + 1], None);
        for (at, quantity) in receipts.into_iter().filter(|(_, quantity)| *quantity > 0) {
            let part = quantity.min(left);
            if part > 0 {
                let days = (ask.at.0 - at.0).max(0) / Time::DAY;
                want[LIMITS.iter().position(|limit| days <= *limit).unwrap_or(LIMITS.len())] += part;
                (left, oldest) = (left - part, Some(at));
            }
        }
        want[LIMITS.len()] += left;
        let aged = ids[&account];
        let told: Vec<i64> = aged.buckets.iter().map(|bucket| bucket.quantity.0).collect();
        assert_eq!((told.as_slice(), aged.oldest), (want.as_slice(), oldest), "account {account}, {ask:?}");
        let worth: i64 = aged.buckets.iter().map(|bucket| bucket.value.0).sum();
        assert_eq!(worth, aged.stock.value.0, "account {account}, {ask:?}");
    }
}
