//! Production orders, as far as operations and processes change them.

use std::collections::BTreeMap;

use lotbook_domain::id::{LocationId, OrderId, ProductId, TenantId, UnitId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its ULID.
    pub uid: String,
    /// Its number or name.
    pub name: String,
    /// What is to be made.
    pub product: ProductId,
    /// What its quantities are counted in; 0 = the product's base unit.
    pub unit: UnitId,
    /// IDLE, SCHEDULED, RUNNING …
    pub status: String,
}

fn read(row: &Row<'_>) -> Result<Order, Error> {
    Ok(Order {
        id: OrderId(row.int(0)?),
        uid: row.text(1)?,
        name: row.text(2)?,
        product: ProductId(row.int(3)?),
        unit: UnitId(row.int(4)?),
        status: row.text(5)?,
    })
}

/// The orders with these ids.
pub fn by_ids(conn: &mut Conn, tenant: TenantId, ids: impl IntoIterator<Item = OrderId>) -> Result<Vec<Order>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select o.id, o.uid, o.name, o.product, o.unit, o.status from {rows $2 (id bigint) r} \
         cross join production_order o where o.tenant = $1 and o.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// The order that is next at a location: one that runs before those that are scheduled, the more urgent
/// before the less, the earlier before the later.
pub fn next_at(conn: &mut Conn, tenant: TenantId, location: LocationId) -> Result<Option<OrderId>, Error> {
    conn.one(
        "select o.id from production_order o where o.tenant = $1 and o.location = $2 and o.is_enabled = 1 \
         and o.status in ('RUNNING', 'SCHEDULED') \
         order by case o.status when 'RUNNING' then 0 else 1 end, \
         case o.priority when 'URGENT' then 0 when 'HIGH' then 1 when 'NORMAL' then 2 else 3 end, \
         coalesce(o.starts_at, o.due_at, 9223372036854775807), o.id limit 1",
        &[Arg::Int(tenant.0), Arg::Int(location.0)],
        |row| Ok(OrderId(row.int(0)?)),
    )
}

/// Counts what was produced for orders, in their own units; below 0, what is taken back of it. One statement.
pub fn count(conn: &mut Conn, tenant: TenantId, produced: &BTreeMap<OrderId, i64>) -> Result<(), Error> {
    if produced.values().all(|quantity| *quantity == 0) {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(produced.keys().map(|id| id.0).collect()),
        Column::Int(produced.values().copied().collect()),
    ]);
    conn.execute(
        "update production_order set quantity_produced = {greatest}(production_order.quantity_produced + r.quantity, 0) \
         from {rows $2 (id bigint, quantity bigint) r} \
         where production_order.tenant = $1 and production_order.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Changes where an order is in its life.
pub fn set_status(
    conn: &mut Conn,
    tenant: TenantId,
    (order, status): (OrderId, &str),
    at: Time,
    person: i64,
) -> Result<(), Error> {
    conn.execute(
        "update production_order set status = $3, version = version + 1, modified_at = $4, modified_by = $5 \
         where tenant = $1 and id = $2 and status <> $3",
        &[Arg::Int(tenant.0), Arg::Int(order.0), Arg::Text(status), Arg::Int(at.0), Arg::Int(person)],
    )?;
    Ok(())
}
