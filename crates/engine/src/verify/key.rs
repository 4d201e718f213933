//! I1: what stands in the house and what went outside add up to zero, key by key.
//!
//! Everything is multiplied with a number of its key and added up, in whatever order it is stored: where every key
//! adds up to zero, so does that sum, and where one does not, it is zero once in 2^64. Only if it is not zero are the
//! keys brought into order, to name those that are wrong.

use std::collections::BTreeMap;

use lotbook_domain::id::{LotId, ProductId, TenantId, VariantId};
use lotbook_domain::quantity::Quantity;

use super::Ticker;
use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// The keys of one product, each with its sum.
type Sums = BTreeMap<(VariantId, LotId), i128>;

pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(), Error> {
    let (mut sum, mut accounts) = (0_i128, 0);
    table::scan::key_quantities_unsorted(conn, tenant, |product, variant, lot, quantity, is_movement| {
        sum = sum.wrapping_add(i128::from(quantity).wrapping_mul(weight([product.0, variant.0, lot.0])));
        if is_movement {
            ticker.tick();
        } else {
            accounts += 1;
        }
    })?;
    found.checked(1, accounts);
    if sum != 0 {
        name(conn, tenant, found)?;
    }
    Ok(())
}

/// An odd number of 127 bits that looks random: `splitmix64` over the parts of a key, twice.
fn weight(key: [i64; 3]) -> i128 {
    let half = |seed: u64| {
        key.iter().fold(seed, |state, part| {
            let mut mixed = (state ^ part.cast_unsigned()).wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        })
    };
    (i128::from(half(1) >> 1) << 64) | i128::from(half(2) | 1)
}

/// Brings the keys into order and names those that do not add up to zero.
fn name(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    let mut product = ProductId(0);
    let mut sums = Sums::new();
    table::scan::key_quantities(conn, tenant, |next, variant, lot, quantity| {
        if next != product {
            judge(product, &std::mem::take(&mut sums), found);
            product = next;
        }
        *sums.entry((variant, lot)).or_default() += i128::from(quantity);
        Ok(())
    })?;
    judge(product, &sums, found);
    Ok(())
}

fn judge(product: ProductId, sums: &Sums, found: &mut Findings) {
    for ((variant, lot), sum) in sums.iter().filter(|(_, sum)| **sum != 0) {
        found.differs(1, Thing::Key(product, *variant, *lot), || {
            let sum = i64::try_from(*sum).map_or_else(|_| format!("{sum} millionths"), |sum| Quantity(sum).to_string());
            format!("real and outside places together hold {sum} instead of 0")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_make_up_for_one_another_are_told_apart() {
        let keys =
            (1..40).flat_map(|product| (0..4).flat_map(move |variant| (0..40).map(move |lot| [product, variant, lot])));
        let weights: std::collections::BTreeSet<i128> = keys.clone().map(weight).collect();
        assert_eq!(weights.len(), keys.count());
        // One too many here and one too few there.
        let off = weight([1, 0, 0]).wrapping_sub(weight([1, 0, 1]));
        assert_ne!(off, 0);
        assert_eq!(weight([7, 0, 3]).wrapping_mul(5).wrapping_add(weight([7, 0, 3]).wrapping_mul(-5)), 0);
    }
}
