//! Proof that what was posted for the general ledger balances, tells every batch once, and comes to what stock
//! is worth.

use std::collections::BTreeMap;

use lotbook_domain::ledger::AccountKind;
use lotbook_domain::posting::DocumentKind;
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::{general_ledger, table};

use super::House;

/// Posts at most so many batches.
pub fn post(house: &House, batches_max: i64) {
    general_ledger::post(&house.engine, house.tenant, batches_max).expect("batches can be posted");
}

/// Posts the rest, and proves that it adds up.
pub fn must_tie(house: &House) {
    general_ledger::post_all(&house.engine, house.tenant).expect("batches can be posted");
    let (documents, pools, position) = house.read(|conn| {
        let documents = table::general_ledger::after(conn, house.tenant, 0, i64::MAX)?;
        let (pools, _) = balances(conn, house.tenant, AccountKind::Pool, &BalanceFilter::default(), usize::MAX)?;
        Ok((documents, pools, table::header::position(conn, house.tenant)?))
    });
    let mut runs: BTreeMap<i64, i64> = BTreeMap::new();
    let mut posted: BTreeMap<i64, i64> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        assert_eq!(document.number, at as i64 + 1, "numbers have no gaps");
        let sum = |of: fn(&lotbook_domain::posting::Sums) -> i64| {
            document.lines.iter().map(|(_, sums)| of(sums)).sum::<i64>()
        };
        assert_eq!(sum(|sums| sums.debit), sum(|sums| sums.credit), "{document:?} balances");
        assert!(document.lines.iter().all(|(_, sums)| sums.debit >= 0 && sums.credit >= 0), "{document:?}");
        if document.kind == DocumentKind::Postings {
            runs.insert(document.positions.0, document.positions.1);
        }
        for (side, sums) in &document.lines {
            if side.account == "stock" || side.account == "inTransit" {
                *posted.entry(side.org_unit.0).or_default() += sums.debit - sums.credit;
            }
        }
    }
    // Runs follow each other: one that moved no value leaves no document, so there may be gaps, but no overlap.
    let mut last = 0;
    for (first, to) in runs {
        assert!(first > last && to >= first && to <= position, "{first} to {to} after {last}, of {position}");
        last = to;
    }
    let mut worth: BTreeMap<i64, i64> = BTreeMap::new();
    for pool in pools {
        *worth.entry(pool.key.place.0).or_default() += pool.amount.0;
    }
    posted.retain(|_, amount| *amount != 0);
    worth.retain(|_, amount| *amount != 0);
    assert_eq!(posted, worth, "stock accounts come to the valuation");
}
