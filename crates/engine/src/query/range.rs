//! Sums for showing. What is added up is in the range of ±9,223,372,036,854 each, and the sum need not be: then the
//! answer is a refusal that names what was summed up, instead of a figure.

use lotbook_domain::id::{LotId, ProductId, TenantId};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::{Quantity, format_sum_e6};

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
    i64::try_from(sum).map(Amount).map_err(|_| too_large(conn, tenant, product, "amountTooLarge", (what, sum)))
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
    i64::try_from(sum).map(Quantity).map_err(|_| too_large(conn, tenant, product, "quantityTooLarge", (what, sum)))
}

/// What a sum is of, and the sum, in millionths, where it leaves the range: for sums that are worked out without a
/// database at hand.
pub(super) type Beyond = (&'static str, i128);

/// The refusal of a sum of quantities of a product. Cost: one statement.
pub(super) fn refused(conn: &mut Conn, tenant: TenantId, product: ProductId, beyond: Beyond) -> Error {
    too_large(conn, tenant, product, "quantityTooLarge", beyond)
}

/// A sum of quantities, in millionths; or what is to be [`refused`].
pub(super) fn fit(what: &'static str, sum: i128) -> Result<Quantity, Beyond> {
    i64::try_from(sum).map(Quantity).map_err(|_| (what, sum))
}

/// A sum of quantities of a lot, in millionths.
///
/// Errors: refused `quantityTooLarge`. Cost: nothing, or two statements for the refusal.
pub(super) fn of_lot(conn: &mut Conn, tenant: TenantId, lot: LotId, what: &str, sum: i128) -> Result<Quantity, Error> {
    if let Ok(sum) = i64::try_from(sum) {
        return Ok(Quantity(sum));
    }
    let found = table::catalog::lots(conn, tenant, [lot])?.pop();
    let (product, name) = found.map_or_else(Default::default, |lot| (lot.product, lot.name));
    quantity(conn, tenant, product, &format!("lot {name}, {what}"), sum)
}

fn too_large(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    code: &'static str,
    (what, sum): (&str, i128),
) -> Error {
    let named = match table::catalog::products(conn, tenant, [product]) {
        Ok(found) => found.first().map_or_else(String::new, |found| found.identifier.clone()),
        Err(error) => return error,
    };
    let message = format!(
        "product {named}: {what} come to {}, and figures end at ±9,223,372,036,854; ask for less of it, or a shorter time",
        format_sum_e6(sum)
    );
    Error::refused(code, message)
}
