//! I1: what stands in the house and what went outside add up to zero, key by key.

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
    let mut product = ProductId(0);
    let mut sums = Sums::new();
    table::scan::key_quantities(conn, tenant, |next, variant, lot, quantity, is_movement| {
        if next != product {
            judge(product, &std::mem::take(&mut sums), found);
            product = next;
        }
        *sums.entry((variant, lot)).or_default() += i128::from(quantity);
        if is_movement {
            ticker.tick();
        }
        Ok(())
    })?;
    judge(product, &sums, found);
    Ok(())
}

fn judge(product: ProductId, sums: &Sums, found: &mut Findings) {
    for ((variant, lot), sum) in sums {
        found.checked(1, 1);
        if *sum != 0 {
            found.differs(1, Thing::Key(product, *variant, *lot), || {
                let sum =
                    i64::try_from(*sum).map_or_else(|_| format!("{sum} millionths"), |sum| Quantity(sum).to_string());
                format!("real and outside places together hold {sum} instead of 0")
            });
        }
    }
}
