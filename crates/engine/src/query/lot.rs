//! What came of lots over all, and whether more of one fits into a place.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{LotId, ProductId, TenantId, UnitId};
use lotbook_domain::location::{Location, LotStorage};
use lotbook_domain::money::convert;
use lotbook_domain::quantity::Quantity;

use super::range;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows, long_sum};
use crate::structure::Structure;
use crate::table;

/// How much was ever added to these lots, in the base unit: received, made, counted in. What left or was moved
/// within the house makes no difference, and what was undone counts for nothing.
///
/// Errors: refused `quantityTooLarge`, where more was added to one than a figure can tell. Cost: two statements.
pub fn total_quantities(
    conn: &mut Conn,
    tenant: TenantId,
    lots: impl IntoIterator<Item = LotId>,
) -> Result<HashMap<LotId, Quantity>, Error> {
    let rows = Rows::ids(lots.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let mut totals: HashMap<LotId, i128> = HashMap::new();
    let quantities = long_sum("m.quantity");
    for (side, other, condition, sign) in [
        ("to_account", "from_location", "m.reverses_batch = 0", 1),
        // What undoes a receipt leaves the way that it came.
        ("from_account", "to_location", "m.reverses_batch > 0", -1),
    ] {
        let text = format!(
            "select a.lot, {quantities} \
             from {{rows $2 (id bigint) r}} {{look up account a}} a.tenant = $1 and a.lot = r.id and a.lot > 0 \
             and a.kind = 1 {{looked up a}} {{look up movement m}} m.tenant = $1 and m.{side} = a.id \
             and m.{side} > 0 and m.{other} < 0 and {condition} {{looked up m}} group by a.lot"
        );
        conn.each(&text, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
            *totals.entry(LotId(row.int(0)?)).or_default() += sign * row.sum(1)?;
            Ok(())
        })?;
    }
    let told = |(lot, total)| Ok((lot, range::of_lot(conn, tenant, lot, "what was added to it", total)?));
    totals.into_iter().map(told).collect()
}

/// Whether more fits into a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// It does.
    Fits,
    /// It does not.
    Full,
    /// What stands there, or would, cannot be counted in the unit of the capacity: the product's name.
    NoConversion(String),
}

/// Whether so much of a product, in its base unit, fits into a place beside what stands there.
pub fn room(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    place: &Location,
    (product, quantity): (ProductId, Quantity),
) -> Result<Room, Error> {
    if place.lot_storage == LotStorage::NoStorage {
        return Ok(if quantity.0 > 0 { Room::Full } else { Room::Fits });
    }
    let Some(capacity) = place.capacity else { return Ok(Room::Fits) };
    let found = table::account::select(
        conn,
        "a.tenant = $1 and a.kind = 1 and a.place = $2 and a.quantity <> 0",
        &[Arg::Int(tenant.0), Arg::Int(place.id.0), Arg::Int(i64::MAX)],
    )?;
    let standing = found.iter().map(|account| (account.key.product, account.timeline.root().quantity));
    let amounts: Vec<(ProductId, Quantity)> = standing.chain([(product, quantity)]).collect();
    let ids: BTreeSet<ProductId> = amounts.iter().map(|(product, _)| *product).collect();
    let products = table::catalog::products(conn, tenant, ids)?;
    let products: HashMap<ProductId, _> = products.into_iter().map(|product| (product.id, product)).collect();
    let mut sum = 0_i128;
    for (product, quantity) in amounts {
        let Some(found) = products.get(&product) else { return Ok(Room::NoConversion(product.to_string())) };
        let target = if place.capacity_unit == UnitId(0) { found.unit } else { place.capacity_unit };
        let counted = structure
            .catalog
            .ratio(product, found.unit, target)
            .and_then(|(numerator, denominator)| convert(quantity, numerator, denominator));
        match counted {
            Some(counted) => sum += i128::from(counted.0),
            None => return Ok(Room::NoConversion(found.name.clone())),
        }
    }
    Ok(if sum <= i128::from(capacity.0) { Room::Fits } else { Room::Full })
}
