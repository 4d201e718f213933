//! What stood where at a time: everywhere, and for one key.

use std::time::Instant;

use lotbook_domain::ledger::AccountKind;
use lotbook_domain::time::Time;
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::tenant;

use super::figure::{Figure, Times};
use super::load::{BEGINNING, add_directly, book_directly, spread};
use super::site::Site;
use super::{Bench, Failure};

const NAME: &str = "as-of";
/// How often the whole list is read, and how often one key.
const LISTS: usize = 5;
const KEYS: usize = 200;
/// In milliseconds.
const LIST_WITHIN: f64 = 1_000.0;
const KEY_WITHIN: f64 = 2.0;

/// Fills a site with a history over all of its keys.
pub(super) fn fill(bench: &Bench<'_>, site: &Site) -> Result<(), Failure> {
    let n = bench.plan.movements;
    for from in (0..n).step_by(bench.plan.entries) {
        add_directly(site, site.journal, &spread(site, from, bench.plan.entries.min(n - from)))?;
        book_directly(site, site.journal)?;
        bench.look_up()?;
    }
    Ok(())
}

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let n = bench.plan.movements;
    // All over the history, never twice the same instant.
    let moment = |turn: usize| {
        let at = (n / 10) + (turn * 7_919) % (n * 8 / 10).max(1);
        Some(Time(BEGINNING.0 + at as i64 * 1_000_000 + 500_000))
    };
    let mut lists = Times::default();
    let mut keys = 0;
    for turn in 0..LISTS {
        // From early to late: in the middle of a history the most of it is in doubt.
        let at = BEGINNING.0 + (n * (2 * turn + 1) / (2 * LISTS)) as i64 * 1_000_000 + 500_000;
        let filter = BalanceFilter { as_of: Some(Time(at)), with_zero: true, ..BalanceFilter::default() };
        let started = Instant::now();
        let (found, _) =
            site.engine.read(|conn| balances(conn, tenant::DEFAULT, AccountKind::Stock, &filter, usize::MAX))?;
        lists.push(started.elapsed());
        keys = found.len();
        bench.look_up()?;
    }
    let mut single = Times::default();
    for turn in 0..KEYS {
        let filter = BalanceFilter {
            products: Some(vec![site.products[turn * 13 % site.products.len()]]),
            places: Some(vec![site.locations[turn * 7 % site.locations.len()]]),
            as_of: moment(turn),
            ..BalanceFilter::default()
        };
        let started = Instant::now();
        site.engine.read(|conn| balances(conn, tenant::DEFAULT, AccountKind::Stock, &filter, 10))?;
        single.push(started.elapsed());
    }
    let what = format!("{n} movements");
    tell(Figure::ms(NAME, format!("stock of {keys} keys as of a time, {what}"), lists.median()).below(LIST_WITHIN));
    tell(Figure::ms(NAME, format!("stock of {keys} keys as of the slowest of {LISTS} times, {what}"), lists.max()));
    tell(Figure::ms(NAME, format!("stock of one key as of a time, {what}"), single.median()).below(KEY_WITHIN));
    tell(Figure::ms(NAME, format!("stock of one key as of a time, p99, {what}"), single.permille(990)));
    Ok(())
}
