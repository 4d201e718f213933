//! Sums for showing. What is added up is in the range of ±9,223,372,036,854 each, and the sum need not be: then the
//! answer is a refusal that names what was summed up, instead of a figure.

use lotbook_domain::id::{ProductId, TenantId};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::{ONE_E6, Quantity};

use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// A sum of amounts, in millionths. `what` begins the sentence about one that leaves the range: `the issues of the period`.
///
/// Errors: refused `amountTooLarge`. Cost: nothing, or one statement for the refusal.
pub(super) fn amount(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    what: &str,
    sum: i128,
) -> Result<Amount, Error> {
    match i64::try_from(sum) {
        Ok(sum) => Ok(Amount(sum)),
        Err(_) => Err(too_large(conn, tenant, product, "amountTooLarge", &format!("{what} come to {}", told(sum)))),
    }
}

/// A sum of quantities, in millionths.
///
/// Errors: refused `quantityTooLarge`. Cost: as that of [`amount`].
pub(super) fn quantity(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    what: &str,
    sum: i128,
) -> Result<Quantity, Error> {
    match i64::try_from(sum) {
        Ok(sum) => Ok(Quantity(sum)),
        Err(_) => Err(too_large(conn, tenant, product, "quantityTooLarge", &format!("{what} come to {}", told(sum)))),
    }
}

fn too_large(conn: &mut Conn, tenant: TenantId, product: ProductId, code: &'static str, what: &str) -> Error {
    let named = match table::catalog::products(conn, tenant, [product]) {
        Ok(found) => found.first().map_or_else(String::new, |found| found.identifier.clone()),
        Err(error) => return error,
    };
    let message = format!(
        "product {named}: {what}, and figures end at ±9,223,372,036,854; ask for less of it, or a shorter time"
    );
    Error::refused(code, message)
}

/// Millionths as a decimal.
fn told(sum: i128) -> String {
    let (sign, size, one) = (if sum < 0 { "-" } else { "" }, sum.unsigned_abs(), u128::from(ONE_E6.unsigned_abs()));
    let text = format!("{sign}{}.{:06}", size / one, size % one);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_beyond_the_range() {
        let most = i128::from(i64::MAX);
        assert_eq!(told(2 * most), "18446744073709.551614");
        assert_eq!(told(-20_000_000_000_000_000_000), "-20000000000000");
    }
}
