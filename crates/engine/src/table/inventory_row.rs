//! What rows of stock are called, such as a pallet's number, and what is noted of them.

use std::collections::{BTreeMap, HashMap};

use lotbook_domain::id::{AccountId, TenantId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::time::Time;

use super::stamp::Stamp;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};

/// What is kept of a row of stock beside its quantity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InventoryRow {
    /// What it is called.
    pub name: Option<String>,
    /// The production order that it is kept for; 0 = none.
    pub production_order: i64,
    /// Free text.
    pub notes: Option<String>,
    /// Free fields.
    pub spares: [Option<String>; 3],
}

/// What is kept of these accounts; one of which nothing was ever said is left out. One statement.
pub fn by_accounts(
    conn: &mut Conn,
    tenant: TenantId,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, InventoryRow>, Error> {
    let rows = Rows::ids(accounts.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.query(
        "select i.account, i.name, i.production_order, i.notes, i.spare1, i.spare2, i.spare3 \
         from {rows $2 (id bigint) r} cross join inventory_row i where i.tenant = $1 and i.account = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let kept = InventoryRow {
                name: row.opt_text(1)?,
                production_order: row.int(2)?,
                notes: row.opt_text(3)?,
                spares: [row.opt_text(4)?, row.opt_text(5)?, row.opt_text(6)?],
            };
            Ok((AccountId(row.int(0)?), kept))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// Keeps what is said of an account.
pub fn save(
    conn: &mut Conn,
    tenant: TenantId,
    (account, row): (AccountId, &InventoryRow),
    at: Time,
    person: i64,
) -> Result<(), Error> {
    conn.execute(
        "insert into inventory_row (tenant, account, name, production_order, notes, spare1, spare2, spare3, \
         modified_at, modified_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (tenant, account) do update set name = excluded.name, \
         production_order = excluded.production_order, notes = excluded.notes, spare1 = excluded.spare1, \
         spare2 = excluded.spare2, spare3 = excluded.spare3, modified_at = excluded.modified_at, \
         modified_by = excluded.modified_by",
        &[
            Arg::Int(tenant.0),
            Arg::Int(account.0),
            Arg::OptText(row.name.as_deref()),
            Arg::Int(row.production_order),
            Arg::OptText(row.notes.as_deref()),
            Arg::OptText(row.spares[0].as_deref()),
            Arg::OptText(row.spares[1].as_deref()),
            Arg::OptText(row.spares[2].as_deref()),
            Arg::Int(at.0),
            Arg::Int(person),
        ],
    )?;
    Ok(())
}

/// What came with goods.
pub struct Said {
    /// The row of stock.
    pub key: AccountKey,
    /// What it is called.
    pub name: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// When it came, and by whom.
    pub stamp: Stamp,
}

/// Keeps the names and notes that came with goods; what is not said stays. One statement.
pub fn note_flows(conn: &mut Conn, tenant: TenantId, said: &[Said]) -> Result<(), Error> {
    let mut newest: BTreeMap<AccountKey, (Option<&str>, Option<&str>, Stamp)> = BTreeMap::new();
    for said in said {
        let known = newest.entry(said.key).or_insert((None, None, said.stamp));
        *known = (said.name.as_deref().or(known.0), said.notes.as_deref().or(known.1), said.stamp);
    }
    if newest.is_empty() {
        return Ok(());
    }
    let [at, person] = Stamp::columns(newest.values().map(|(.., stamp)| *stamp));
    let rows = Rows::new(vec![
        Column::Int(newest.keys().map(|key| key.product.0).collect()),
        Column::Int(newest.keys().map(|key| key.place.0).collect()),
        Column::Int(newest.keys().map(|key| key.variant.0).collect()),
        Column::Int(newest.keys().map(|key| key.lot.0).collect()),
        Column::OptText(newest.values().map(|(name, ..)| name.map(str::to_owned)).collect()),
        Column::OptText(newest.values().map(|(_, notes, _)| notes.map(str::to_owned)).collect()),
        at,
        person,
    ]);
    conn.execute(
        "insert into inventory_row (tenant, account, name, production_order, notes, modified_at, modified_by) \
         select $1, a.id, r.name, 0, r.notes, r.at, r.person \
         from {rows $2 (product bigint, place bigint, variant bigint, lot bigint, name text, notes text, at bigint, \
         person bigint) r} \
         join account a on a.tenant = $1 and a.product = r.product and a.place = r.place and a.kind = 1 \
         and a.variant = r.variant and a.lot = r.lot where true \
         on conflict (tenant, account) do update set name = coalesce(excluded.name, inventory_row.name), \
         notes = coalesce(excluded.notes, inventory_row.notes), modified_at = excluded.modified_at, \
         modified_by = excluded.modified_by",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}
