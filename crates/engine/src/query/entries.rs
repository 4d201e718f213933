//! Entries that wait to be booked, a page at a time, with what they amount to.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{ProductId, TenantId};
use lotbook_domain::money::{Amount, round_sum};
use lotbook_domain::quantity::{ONE_E6, Quantity, format_sum_e6};

use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::entry::{EntryFilter, Waiting};

/// Which entries, and what is to be known of them.
#[derive(Clone, Debug, Default)]
pub struct EntriesQuestion {
    /// Which entries.
    pub filter: EntryFilter,
    /// So many are passed over.
    pub offset: i64,
    /// At most so many are given.
    pub limit: i64,
    /// Whether to count all that match.
    pub with_total: bool,
    /// Whether to sum up what all that match cost.
    pub with_cost: bool,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct EntriesAnswer {
    /// The entries of the page, in the order of ids.
    pub entries: Vec<Waiting>,
    /// Identifier and name of the products of the page.
    pub products: HashMap<ProductId, (String, String)>,
    /// How many match, if that was asked.
    pub total: Option<i64>,
    /// Σ count × cost of all that match, if that was asked. An entry without a cost counts at its
    /// fall-back cost, without either at 0.
    pub cost: Option<Amount>,
}

/// Reads a page of entries.
///
/// Errors: refused `amountTooLarge`, where the sum leaves the range.
pub fn entries(conn: &mut Conn, tenant: TenantId, question: &EntriesQuestion) -> Result<EntriesAnswer, Error> {
    let EntriesQuestion { filter, offset, limit, with_total, with_cost } = question;
    let entries = match limit {
        0 => Vec::new(),
        _ => table::entry::page(conn, tenant, filter, *offset, *limit)?,
    };
    let named: BTreeSet<ProductId> = entries.iter().map(|waiting| waiting.entry.product).collect();
    let products = table::catalog::products(conn, tenant, named)?
        .into_iter()
        .map(|product| (product.id, (product.identifier, product.name)))
        .collect();
    let total = if *with_total { Some(table::entry::count(conn, tenant, filter)?) } else { None };
    let cost = if *with_cost { Some(cost(conn, tenant, filter)?) } else { None };
    Ok(EntriesAnswer { entries, products, total, cost })
}

/// How many are in a journal, and what they cost: sums of what was read, in millionths and in millionths of those, `None` =
/// more than 128 bits.
///
/// Errors: refused `quantityTooLarge` and `amountTooLarge`, where one of them leaves the range.
pub fn totals(journal: &str, count_e6: i128, cost_e12: Option<i128>) -> Result<(Quantity, Amount), Error> {
    let told =
        |what: &str| format!("journal {journal}: {what}, and figures end at ±9,223,372,036,854; narrow the filter");
    let count = i64::try_from(count_e6).map_err(|_| {
        let what = format!("the counts of its entries come to {}", format_sum_e6(count_e6));
        Error::refused("quantityTooLarge", told(&what))
    })?;
    let cost = cost_e12.and_then(round_sum).ok_or_else(|| {
        let sum = cost_e12.map(|sum| format_sum_e6(sum / i128::from(ONE_E6)));
        let what = format!("its entries cost {}", sum.as_deref().unwrap_or("more than can be added up"));
        Error::refused("amountTooLarge", told(&what))
    })?;
    Ok((Quantity(count), cost))
}

/// Summed exactly, rounded once.
fn cost(conn: &mut Conn, tenant: TenantId, filter: &EntryFilter) -> Result<Amount, Error> {
    let mut sum = Some(0_i128);
    table::entry::each_cost(conn, tenant, filter, |count, cost| {
        sum = sum.and_then(|sum| sum.checked_add(i128::from(count) * i128::from(cost)));
    })?;
    sum.and_then(round_sum).ok_or_else(|| {
        Error::refused("amountTooLarge", "the total leaves the range of ±9,223,372,036,854; narrow the filter")
    })
}
