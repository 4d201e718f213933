//! Movements, counts, and which of them a voucher became. Append-only.

use std::collections::HashSet;

use lotbook_domain::entry::Reference;
use lotbook_domain::id::{
    AccountId, BatchId, EntryId, JournalId, LocationId, LotId, MovementId, PartyId, ProductId, ReasonId, TenantId,
    UnitId, VariantId, VoucherId,
};
use lotbook_domain::ledger::SoldUnder;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::movement::{Count, End, Movement, MovementKind};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Column, Conn, Row, Rows, long_sum};

/// The columns of a movement, from batch on, for reading with [`read`].
pub const COLUMNS: &str = "m.batch, m.line, m.effective_at, m.kind, m.product, m.variant, m.lot, m.from_location, \
     m.to_location, m.from_account, m.to_account, m.from_pool, m.to_pool, m.quantity, m.amount, m.unit_cost, \
     m.fallback_cost, m.sales_price, m.entered_count, m.entered_unit, m.journal, m.voucher, m.entry, m.org_unit, \
     m.customer, m.supplier, m.reason, m.external_type, m.external_id, m.credit_type, m.credit_id, m.source_kind, \
     m.source_identifier, m.description, m.reverses_batch, m.reverses_line";

/// Writes movements of one or several batches: one statement.
pub fn insert(conn: &mut Conn, tenant: TenantId, movements: &[(BatchId, &Movement)]) -> Result<(), Error> {
    if movements.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Movement) -> i64| Column::Int(movements.iter().map(|(_, movement)| of(movement)).collect());
    let options =
        |of: fn(&Movement) -> Option<i64>| Column::OptInt(movements.iter().map(|(_, movement)| of(movement)).collect());
    let texts = |of: fn(&Movement) -> Option<&str>| {
        Column::OptText(movements.iter().map(|(_, movement)| of(movement).map(str::to_owned)).collect())
    };
    let rows = Rows::new(vec![
        Column::Int(movements.iter().map(|(batch, _)| batch.0).collect()),
        ints(|m| m.line),
        ints(|m| m.effective_at.0),
        ints(|m| m.kind.code()),
        ints(|m| m.product.0),
        ints(|m| m.variant.0),
        ints(|m| m.lot.0),
        ints(|m| m.from.location.0),
        ints(|m| m.to.location.0),
        ints(|m| m.from.account.0),
        ints(|m| m.to.account.0),
        ints(|m| m.from.pool.0),
        ints(|m| m.to.pool.0),
        ints(|m| m.quantity.0),
        ints(|m| m.amount.0),
        options(|m| m.unit_cost.map(|cost| cost.0)),
        options(|m| m.fallback_cost.map(|cost| cost.0)),
        options(|m| m.sales_price.map(|price| price.0)),
        ints(|m| m.entered_count.0),
        ints(|m| m.entered_unit.0),
        ints(|m| m.journal.0),
        ints(|m| m.voucher.0),
        ints(|m| m.entry.0),
        ints(|m| m.org_unit.0),
        ints(|m| m.customer.0),
        ints(|m| m.supplier.0),
        ints(|m| m.reason.0),
        texts(|m| m.external.as_ref().map(|reference| reference.kind.as_str())),
        options(|m| m.external.as_ref().map(|reference| reference.id)),
        texts(|m| m.credit_note.as_ref().map(|reference| reference.kind.as_str())),
        options(|m| m.credit_note.as_ref().map(|reference| reference.id)),
        options(|m| m.source_kind),
        texts(|m| m.source_identifier.as_deref()),
        texts(|m| m.description.as_deref()),
        ints(|m| m.reverses.map_or(0, |id| id.batch.0)),
        ints(|m| m.reverses.map_or(0, |id| id.line)),
    ]);
    conn.execute(
        "insert into movement (tenant, batch, line, effective_at, kind, product, variant, lot, from_location, \
         to_location, from_account, to_account, from_pool, to_pool, quantity, amount, unit_cost, fallback_cost, \
         sales_price, entered_count, entered_unit, journal, voucher, entry, org_unit, customer, supplier, reason, \
         external_type, external_id, credit_type, credit_id, source_kind, source_identifier, description, \
         reverses_batch, reverses_line) \
         select $1, m.batch, m.line, m.effective_at, m.kind, m.product, m.variant, m.lot, m.from_location, \
         m.to_location, m.from_account, m.to_account, m.from_pool, m.to_pool, m.quantity, m.amount, m.unit_cost, \
         m.fallback_cost, m.sales_price, m.entered_count, m.entered_unit, m.journal, m.voucher, m.entry, m.org_unit, \
         m.customer, m.supplier, m.reason, m.external_type, m.external_id, m.credit_type, m.credit_id, \
         m.source_kind, m.source_identifier, m.description, m.reverses_batch, m.reverses_line \
         from {rows $2 (batch bigint, line bigint, effective_at bigint, kind bigint, product bigint, variant bigint, \
         lot bigint, from_location bigint, to_location bigint, from_account bigint, to_account bigint, \
         from_pool bigint, to_pool bigint, quantity bigint, amount bigint, unit_cost bigint, fallback_cost bigint, \
         sales_price bigint, entered_count bigint, entered_unit bigint, journal bigint, voucher bigint, entry bigint, \
         org_unit bigint, customer bigint, supplier bigint, reason bigint, external_type text, external_id bigint, \
         credit_type text, credit_id bigint, source_kind bigint, source_identifier text, description text, \
         reverses_batch bigint, reverses_line bigint) m}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Reads [`COLUMNS`], which begin at column `at` of the row.
pub fn read(row: &Row<'_>, at: usize) -> Result<(BatchId, Movement), Error> {
    let int = |column: usize| row.int(at + column);
    let option = |column: usize| row.opt_int(at + column);
    let reference = |column: usize| -> Result<Option<Reference>, Error> {
        Ok(match (row.opt_text(at + column)?, option(column + 1)?) {
            (Some(kind), Some(id)) => Some(Reference { kind, id }),
            _ => None,
        })
    };
    let kind = int(3)?;
    let movement = Movement {
        line: int(1)?,
        effective_at: Time(int(2)?),
        kind: MovementKind::from_code(kind)
            .ok_or_else(|| Error::Internal(format!("movement kind {kind} is not known to this version")))?,
        product: ProductId(int(4)?),
        variant: VariantId(int(5)?),
        lot: LotId(int(6)?),
        from: End { location: LocationId(int(7)?), account: AccountId(int(9)?), pool: AccountId(int(11)?) },
        to: End { location: LocationId(int(8)?), account: AccountId(int(10)?), pool: AccountId(int(12)?) },
        quantity: Quantity(int(13)?),
        amount: Amount(int(14)?),
        unit_cost: option(15)?.map(UnitCost),
        fallback_cost: option(16)?.map(UnitCost),
        sales_price: option(17)?.map(UnitCost),
        entered_count: Quantity(int(18)?),
        entered_unit: UnitId(int(19)?),
        journal: JournalId(int(20)?),
        voucher: VoucherId(int(21)?),
        entry: EntryId(int(22)?),
        org_unit: LocationId(int(23)?),
        customer: PartyId(int(24)?),
        supplier: PartyId(int(25)?),
        reason: ReasonId(int(26)?),
        external: reference(27)?,
        credit_note: reference(29)?,
        source_kind: option(31)?,
        source_identifier: row.opt_text(at + 32)?,
        description: row.opt_text(at + 33)?,
        reverses: match int(34)? {
            0 => None,
            batch => Some(MovementId { batch: BatchId(batch), line: int(35)? }),
        },
    };
    Ok((BatchId(int(0)?), movement))
}

/// How many columns [`COLUMNS`] has.
pub const COLUMN_COUNT: usize = 36;

fn with_id(row: &Row<'_>) -> Result<(MovementId, Movement), Error> {
    let (batch, movement) = read(row, 0)?;
    Ok((MovementId { batch, line: movement.line }, movement))
}

/// The movements with these ids that exist.
pub fn by_ids(conn: &mut Conn, tenant: TenantId, ids: &[MovementId]) -> Result<Vec<(MovementId, Movement)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(ids.iter().map(|id| id.batch.0).collect()),
        Column::Int(ids.iter().map(|id| id.line).collect()),
    ]);
    conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (batch bigint, line bigint) r}} cross join movement m \
             where m.tenant = $1 and m.batch = r.batch and m.line = r.line"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        with_id,
    )
}

/// The movements of a batch in the order of lines; those of `lines` only, if any are named.
pub fn of_batch(
    conn: &mut Conn,
    tenant: TenantId,
    batch: BatchId,
    lines: Option<&[i64]>,
) -> Result<Vec<(MovementId, Movement)>, Error> {
    match lines {
        None => conn.query(
            &format!("select {COLUMNS} from movement m where m.tenant = $1 and m.batch = $2 order by m.line"),
            &[Arg::Int(tenant.0), Arg::Int(batch.0)],
            with_id,
        ),
        Some(lines) => {
            let rows = Rows::new(vec![Column::Int(lines.to_vec())]);
            conn.query(
                &format!(
                    "select {COLUMNS} from {{rows $3 (line bigint) r}} cross join movement m \
                     where m.tenant = $1 and m.batch = $2 and m.line = r.line order by m.line"
                ),
                &[Arg::Int(tenant.0), Arg::Int(batch.0), Arg::Rows(&rows)],
                with_id,
            )
        }
    }
}

/// What a voucher became, in the order of batches and lines.
pub fn of_voucher(conn: &mut Conn, tenant: TenantId, voucher: VoucherId) -> Result<Vec<(MovementId, Movement)>, Error> {
    conn.query(
        &format!(
            "select {COLUMNS} from voucher_booked v join movement m on m.tenant = $1 and m.batch = v.batch \
             and m.line >= v.first_line and m.line <= v.last_line and m.voucher = v.voucher \
             where v.tenant = $1 and v.voucher = $2 order by m.batch, m.line"
        ),
        &[Arg::Int(tenant.0), Arg::Int(voucher.0)],
        with_id,
    )
}

/// Which of these movements have been undone already.
pub fn reversed(conn: &mut Conn, tenant: TenantId, ids: &[MovementId]) -> Result<Vec<MovementId>, Error> {
    Ok(undone_at(conn, tenant, ids)?.into_iter().map(|(id, _)| id).collect())
}

/// Those of these movements that were undone, each with the time at which what undid it is effective.
pub fn undone_at(conn: &mut Conn, tenant: TenantId, ids: &[MovementId]) -> Result<Vec<(MovementId, Time)>, Error> {
    let rows = rows!(for id in ids => id.batch.0, id.line);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select m.reverses_batch, m.reverses_line, m.effective_at from {rows $2 (batch bigint, line bigint) r} \
         cross join movement m where m.tenant = $1 and m.reverses_batch = r.batch and m.reverses_line = r.line \
         and m.reverses_batch > 0",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? }, Time(row.int(2)?))),
    )
}

/// A product and variant under a document: its type and number.
pub type Document = (ProductId, VariantId, String, i64);

/// What the issues under documents cost: per product, variant and document, the sums of their quantities and amounts.
pub fn issued_under(
    conn: &mut Conn,
    tenant: TenantId,
    wanted: &[Document],
) -> Result<Vec<(Document, SoldUnder)>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new(vec![
        Column::Int(wanted.iter().map(|(product, _, _, _)| product.0).collect()),
        Column::Int(wanted.iter().map(|(_, variant, _, _)| variant.0).collect()),
        Column::Text(wanted.iter().map(|(_, _, kind, _)| kind.clone()).collect()),
        Column::Int(wanted.iter().map(|(_, _, _, id)| *id).collect()),
    ]);
    // The sums `+ 0` keep the planner from walking a pool or a product instead of the document's few lines.
    let (quantities, amounts) = (long_sum("m.quantity"), long_sum("m.amount"));
    conn.query(
        &format!(
            "select r.product, r.variant, r.kind, r.id, {quantities}, {amounts} \
             from {{rows $2 (product bigint, variant bigint, kind text, id bigint) r}} cross join movement m \
             where m.tenant = $1 and m.external_id = r.id and m.external_id is not null and m.external_type = r.kind \
             and m.product + 0 = r.product and m.variant = r.variant and m.from_pool + 0 > 0 and m.to_location < 0 \
             group by r.product, r.variant, r.kind, r.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let document = (ProductId(row.int(0)?), VariantId(row.int(1)?), row.text(2)?, row.int(3)?);
            Ok((document, SoldUnder { quantity_e6: row.sum(4)?, amount_e6: row.sum(6)? }))
        },
    )
}

/// A return without a cost under a document, among movements `m`; a part of an SQL text.
const IS_RETURN: &str = "m.credit_id is not null and m.unit_cost is null and m.from_location = -12 \
     and m.reverses_batch = 0";

/// Those of these documents that something was returned of without a cost.
pub fn among_returned(conn: &mut Conn, tenant: TenantId, wanted: &[Document]) -> Result<Vec<Document>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = rows!(for document in wanted => document.0.0, document.1.0, document.2.clone(), document.3);
    conn.query(
        &format!(
            "select r.product, r.variant, r.kind, r.id \
             from {{rows $2 (product bigint, variant bigint, kind text, id bigint) r}} where exists \
             (select 1 from movement m where m.tenant = $1 and m.credit_id = r.id and m.credit_type = r.kind \
             and m.product + 0 = r.product and m.variant = r.variant and {IS_RETURN})"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((ProductId(row.int(0)?), VariantId(row.int(1)?), row.text(2)?, row.int(3)?)),
    )
}

/// The documents of which something was returned, without a cost, to pools from a time on.
pub fn returned_of(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    from: Time,
) -> Result<HashSet<Reference>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let found = conn.query(
        &format!(
            "select distinct m.credit_type, m.credit_id from {{rows $2 (id bigint) r}} cross join movement m \
             where m.tenant = $1 and m.to_pool = r.id and m.effective_at >= $3 and {IS_RETURN}"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0)],
        |row| Ok(Reference { kind: row.text(0)?, id: row.int(1)? }),
    )?;
    Ok(found.into_iter().collect())
}

/// When the earliest was sold of what came back to pools, without a cost, in a span of time, if before that.
pub fn returned_in(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    (from, until): (Time, Time),
) -> Result<Option<Time>, Error> {
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let earliest = conn.one(
        &format!(
            "select min(s.effective_at) from {{rows $2 (id bigint) r}} cross join movement m join movement s \
             on s.tenant = $1 and s.external_id = m.credit_id and s.external_id is not null \
             and s.external_type = m.credit_type and s.product + 0 = m.product and s.variant = m.variant \
             and s.from_pool + 0 > 0 and s.to_location < 0 and s.reverses_batch = 0 and s.effective_at + 0 < $3 \
             where m.tenant = $1 and m.to_pool = r.id and m.effective_at >= $3 and m.effective_at < $4 and {IS_RETURN}"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0), Arg::Int(until.0)],
        |row| row.opt_int(0),
    )?;
    Ok(earliest.flatten().map(Time))
}

/// When the earliest was put under way of what its voucher took out in a span of time, or was taken out of what its
/// voucher put in then, if before that. Cost: looks up the voucher of each such movement of the span.
pub fn under_way_in(
    conn: &mut Conn,
    tenant: TenantId,
    transit: AccountId,
    (from, until): (Time, Time),
) -> Result<Option<Time>, Error> {
    let place = LocationId::IN_TRANSIT.0;
    let earliest = |first: &str, second: &str| {
        format!(
            "select min((select min(s.effective_at) from movement s where s.tenant = $1 and s.{first}_pool = $2 \
             and s.{first}_location = {place} and s.voucher = m.voucher and s.effective_at < $3)) as at \
             from movement m where m.tenant = $1 and m.{second}_pool = $2 and m.{second}_pool > 0 \
             and m.effective_at >= $3 and m.effective_at < $4 and m.voucher > 0"
        )
    };
    let (sent, arrived) = (earliest("to", "from"), earliest("from", "to"));
    let earliest = conn.one(
        &format!("select min(e.at) from ({sent} union all {arrived}) e"),
        &[Arg::Int(tenant.0), Arg::Int(transit.0), Arg::Int(from.0), Arg::Int(until.0)],
        |row| row.opt_int(0),
    )?;
    Ok(earliest.flatten().map(Time))
}

/// What moved in pools, of a batch.
pub struct Learned {
    /// The pool that it entered; 0 = none.
    pub to_pool: AccountId,
    /// The pool that it left; 0 = none.
    pub from_pool: AccountId,
    /// When.
    pub at: Time,
    /// How much.
    pub quantity: Quantity,
    /// What it was booked with.
    pub amount: Amount,
}

/// What moved of a product in the batches from a position on. Cost: looks the product up in each of them.
pub fn learned_since(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    position: i64,
) -> Result<Vec<Learned>, Error> {
    conn.query(
        "select m.to_pool, m.from_pool, m.effective_at, m.quantity, m.amount from header h \
         {look up movement m} m.tenant = $1 and m.product = $2 and m.batch = h.batch {looked up m} \
         where h.tenant = $1 and h.position >= $3",
        &[Arg::Int(tenant.0), Arg::Int(product.0), Arg::Int(position)],
        |row| {
            let (to_pool, from_pool) = (AccountId(row.int(0)?), AccountId(row.int(1)?));
            let (at, quantity, amount) = (Time(row.int(2)?), Quantity(row.int(3)?), Amount(row.int(4)?));
            Ok(Learned { to_pool, from_pool, at, quantity, amount })
        },
    )
}

/// Whether of each of these pools nothing moved over a span of time, undone or not, or what moves first in it afterwards
/// comes in, and counts. One statement, and none for none.
pub fn rest_or_begin_with_a_receipt(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    (from, until): (Time, Time),
) -> Result<bool, Error> {
    if pools.is_empty() {
        return Ok(true);
    }
    let rows = Rows::ids(pools.iter().map(|id| id.0));
    let rests = |side: &str| {
        format!(
            "not exists (select 1 from movement o where o.tenant = $1 and o.{side} = r.id and o.{side} > 0 \
             and o.effective_at >= $5 and o.effective_at < $3)"
        )
    };
    let found = conn.one(
        &format!(
            "select count(*) from {{rows $2 (id bigint) r}} where {} and {} or exists (select 1 from movement m \
             where m.tenant = $1 and m.to_pool = r.id and m.to_pool > 0 and m.effective_at >= $3 \
             and m.reverses_batch = 0 \
             and m.effective_at < coalesce((select min(l.effective_at) from movement l where l.tenant = $1 \
             and l.from_pool = r.id and l.from_pool > 0 and l.effective_at >= $3), $4) \
             and not exists (select 1 from movement x where x.tenant = $1 and x.reverses_batch = m.batch \
             and x.reverses_line = m.line and x.reverses_batch > 0))",
            rests("to_pool"),
            rests("from_pool")
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(until.0), Arg::Int(Time::FOREVER.0), Arg::Int(from.0)],
        |row| row.int(0),
    )?;
    Ok(found == Some(pools.len() as i64))
}

/// Writes counts of one or several batches: one statement.
pub fn insert_counts(conn: &mut Conn, tenant: TenantId, counts: &[(BatchId, &Count)]) -> Result<(), Error> {
    if counts.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Count) -> i64| Column::Int(counts.iter().map(|(_, count)| of(count)).collect());
    let rows = Rows::new(vec![
        Column::Int(counts.iter().map(|(batch, _)| batch.0).collect()),
        ints(|c| c.line),
        ints(|c| c.effective_at.0),
        ints(|c| c.account.0),
        ints(|c| c.product.0),
        ints(|c| c.variant.0),
        ints(|c| c.lot.0),
        ints(|c| c.location.0),
        ints(|c| c.counted.0),
        ints(|c| c.expected.0),
        ints(|c| c.movement_line),
        Column::OptInt(counts.iter().map(|(_, count)| count.unit_cost.map(|cost| cost.0)).collect()),
        ints(|c| c.journal.0),
        ints(|c| c.voucher.0),
        ints(|c| c.entry.0),
        ints(|c| c.org_unit.0),
        Column::OptText(counts.iter().map(|(_, count)| count.description.clone()).collect()),
    ]);
    conn.execute(
        "insert into stock_count (tenant, batch, line, effective_at, account, product, variant, lot, location, \
         counted, expected, movement_line, unit_cost, journal, voucher, entry, org_unit, description) \
         select $1, c.batch, c.line, c.effective_at, c.account, c.product, c.variant, c.lot, c.location, c.counted, \
         c.expected, c.movement_line, c.unit_cost, c.journal, c.voucher, c.entry, c.org_unit, c.description \
         from {rows $2 (batch bigint, line bigint, effective_at bigint, account bigint, product bigint, \
         variant bigint, lot bigint, location bigint, counted bigint, expected bigint, movement_line bigint, \
         unit_cost bigint, journal bigint, voucher bigint, entry bigint, org_unit bigint, description text) c}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Notes which lines vouchers became: `(voucher, batch, first line, last line)`.
pub fn insert_booked(
    conn: &mut Conn,
    tenant: TenantId,
    booked: &[(VoucherId, BatchId, i64, i64)],
) -> Result<(), Error> {
    if booked.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(booked.iter().map(|row| row.0.0).collect()),
        Column::Int(booked.iter().map(|row| row.1.0).collect()),
        Column::Int(booked.iter().map(|row| row.2).collect()),
        Column::Int(booked.iter().map(|row| row.3).collect()),
    ]);
    conn.execute(
        "insert into voucher_booked (tenant, voucher, batch, first_line, last_line) \
         select $1, r.voucher, r.batch, r.first_line, r.last_line \
         from {rows $2 (voucher bigint, batch bigint, first_line bigint, last_line bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}
