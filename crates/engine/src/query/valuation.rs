//! What stock is worth, by cost pool.

use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::money::{Amount, UnitCost, rate};
use lotbook_domain::quantity::Quantity;

use super::balance::{BalanceFilter, balances};
use super::settled::settled_to;
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// The value of a cost pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot, under specific cost; 0 = none.
    pub lot: LotId,
    /// The stock org unit.
    pub org_unit: LocationId,
    /// How much stands in the pool.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Amount,
    /// Value by quantity, for showing; `None` where nothing stands there.
    pub unit_cost: Option<UnitCost>,
}

/// A page of values.
#[derive(Clone, Debug, Default)]
pub struct Valuation {
    /// In the order of pools.
    pub items: Vec<Value>,
    /// The pool to go on after, if there are more.
    pub next: Option<i64>,
    /// Up to which position values are settled, or were as known at the position asked for, see [`settled_to`].
    pub settled_to: i64,
    /// The newest position.
    pub position: i64,
}

/// The values of pools. `filter.places` names stock org units. Cost: that of [`balances`].
pub fn valuation(conn: &mut Conn, tenant: TenantId, filter: &BalanceFilter, limit: usize) -> Result<Valuation, Error> {
    let (found, next) = balances(conn, tenant, AccountKind::Pool, filter, limit)?;
    let items = found
        .into_iter()
        .map(|balance| Value {
            product: balance.key.product,
            variant: balance.key.variant,
            lot: balance.key.lot,
            org_unit: balance.key.place,
            quantity: balance.quantity,
            value: balance.amount,
            unit_cost: if balance.quantity.0 > 0 { rate(balance.amount, balance.quantity) } else { None },
        })
        .collect();
    let position = table::header::position(conn, tenant)?;
    let settled_to = settled_to(conn, tenant, filter.as_known_at, position)?;
    Ok(Valuation { items, next: next.map(|id| id.0), settled_to, position })
}
