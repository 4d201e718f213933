//! What products, variants and parties are known by outside the house: barcodes and codes.

use std::collections::HashMap;

use lotbook_domain::id::{PartyId, ProductId, TenantId, VariantId};

use super::product::names;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};

/// How something is called in the world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coded {
    /// Its identifier in this house.
    pub identifier: String,
    /// The symbol of its base unit; of a variant empty.
    pub unit: String,
    /// Its barcodes.
    pub barcodes: Vec<String>,
}

/// The products with these ids.
pub fn products(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = ProductId>,
) -> Result<HashMap<ProductId, Coded>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    let found = conn.query(
        "select p.id, p.identifier, coalesce(n.symbol, ''), p.barcodes from {rows $2 (id bigint) r} \
         {look up product p} p.tenant = $1 and p.id = r.id {looked up p} \
         left join unit n on n.tenant = $1 and n.id = p.unit",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            Ok((
                ProductId(row.int(0)?),
                Coded { identifier: row.text(1)?, unit: row.text(2)?, barcodes: names(row, 3)? },
            ))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// The variants with these ids.
pub fn variants(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = VariantId>,
) -> Result<HashMap<VariantId, Coded>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    let found = conn.query(
        "select v.id, v.identifier, v.barcodes from {rows $2 (id bigint) r} \
         {look up variant v} v.tenant = $1 and v.id = r.id {looked up v}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let coded = Coded { identifier: row.text(1)?, unit: String::new(), barcodes: names(row, 2)? };
            Ok((VariantId(row.int(0)?), coded))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// The codes of the parties with these ids.
pub fn parties(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = PartyId>,
) -> Result<HashMap<PartyId, String>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    let found = conn.query(
        "select p.id, p.code from {rows $2 (id bigint) r} \
         {look up party p} p.tenant = $1 and p.id = r.id {looked up p}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((PartyId(row.int(0)?), row.text(1)?)),
    )?;
    Ok(found.into_iter().collect())
}
