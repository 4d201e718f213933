//! Reservations, and what is open of them by scope.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{
    BatchId, LocationId, LotId, MovementId, ProductId, ReservationId, TenantId, UserId, VariantId,
};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::movement::Movement;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::{Reservation, ReservationState, Scope, Use};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};
use crate::table::stamp::Stamp;

/// A reservation as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The reservation.
    pub reservation: Reservation,
    /// The first of those that it was shared out together with; 0 = it stands alone.
    pub allocation: ReservationId,
    /// Its ULID.
    pub uid: String,
    /// Free text.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: UserId,
    /// When it was last changed.
    pub modified_at: Time,
    /// By whom.
    pub modified_by: UserId,
    /// Counts the changes.
    pub version: i64,
}

const COLUMNS: &str = "v.id, v.product, v.variant, v.lot, v.location, v.quantity, v.open_quantity, v.state, v.hold_until, \
     v.allow_backorder, v.uid, v.description, v.created_at, v.created_by, v.modified_at, v.modified_by, v.version, \
     v.allocation";

fn read(row: &Row<'_>) -> Result<Kept, Error> {
    let state = row.int(7)?;
    Ok(Kept {
        reservation: Reservation {
            id: ReservationId(row.int(0)?),
            scope: Scope {
                product: ProductId(row.int(1)?),
                variant: VariantId(row.int(2)?),
                lot: LotId(row.int(3)?),
                place: LocationId(row.int(4)?),
            },
            quantity: Quantity(row.int(5)?),
            open: Quantity(row.int(6)?),
            state: ReservationState::from_code(state)
                .ok_or_else(|| Error::Internal(format!("there is no state {state} of reservations")))?,
            hold_until: row.opt_int(8)?.map(Time),
            allow_backorder: row.int(9)? != 0,
        },
        allocation: ReservationId(row.int(17)?),
        uid: row.text(10)?,
        description: row.opt_text(11)?,
        created_at: Time(row.int(12)?),
        created_by: UserId(row.int(13)?),
        modified_at: Time(row.int(14)?),
        modified_by: UserId(row.int(15)?),
        version: row.int(16)?,
    })
}

fn product_rows(products: &BTreeSet<(ProductId, VariantId)>) -> Rows {
    Rows::new(vec![
        Column::Int(products.iter().map(|(product, _)| product.0).collect()),
        Column::Int(products.iter().map(|(_, variant)| variant.0).collect()),
    ])
}

/// The reservations with these ids; `lock` takes them for writing, in the order of ids.
pub fn by_ids(
    conn: &mut Conn,
    tenant: TenantId,
    ids: &BTreeSet<ReservationId>,
    lock: bool,
) -> Result<Vec<Kept>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::ids(ids.iter().map(|id| id.0));
    let sql = format!(
        "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join reservation v \
         where v.tenant = $1 and v.id = r.id order by v.id{}",
        // Only what changes: the batch of ids cannot be locked.
        if lock { " {for update}" } else { "" }
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], read)
}

/// The reservations with these ids, and all that were shared out together with them.
pub fn with_allocations(conn: &mut Conn, tenant: TenantId, ids: &BTreeSet<ReservationId>) -> Result<Vec<Kept>, Error> {
    let mut found = by_ids(conn, tenant, ids, false)?;
    let allocations: BTreeSet<i64> =
        found.iter().map(|kept| kept.allocation.0).filter(|allocation| *allocation != 0).collect();
    if allocations.is_empty() {
        return Ok(found);
    }
    let rows = Rows::ids(allocations);
    let beside = conn.query(
        &format!(
            "select {COLUMNS} from {{rows $2 (id bigint) r}} cross join reservation v \
             where v.tenant = $1 and v.allocation = r.id and v.allocation > 0 order by v.id"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )?;
    found.extend(beside.into_iter().filter(|kept| !ids.contains(&kept.reservation.id)));
    Ok(found)
}

/// The id of the reservation with this ULID.
pub fn id_of_uid(conn: &mut Conn, tenant: TenantId, uid: &str) -> Result<Option<ReservationId>, Error> {
    conn.one(
        "select id from reservation where tenant = $1 and uid = $2 limit 1",
        &[Arg::Int(tenant.0), Arg::Text(uid)],
        |row| Ok(ReservationId(row.int(0)?)),
    )
}

/// Which reservations. All that is given must hold; an empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct ReservationFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Of this lot.
    pub lot: Option<LotId>,
    /// Of this allocation.
    pub allocation: Option<ReservationId>,
    /// At these places.
    pub places: Option<Vec<LocationId>>,
    /// In this state; a hold whose time is over counts as expired.
    pub state: Option<ReservationState>,
    /// With ids greater than this, for paging.
    pub after: i64,
    /// The present time.
    pub now: Time,
}

/// A page of reservations in the order of ids.
pub fn page(conn: &mut Conn, tenant: TenantId, filter: &ReservationFilter, limit: i64) -> Result<Vec<Kept>, Error> {
    let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut sql = String::from("v.tenant = $1 and v.id > $2");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(filter.after)];
    let numbers = [
        ("v.product", filter.product.map(|id| id.0)),
        ("v.variant", filter.variant.map(|id| id.0)),
        ("v.lot", filter.lot.map(|id| id.0)),
        ("v.allocation", filter.allocation.map(|id| id.0)),
    ];
    for (column, number) in numbers {
        if let Some(number) = number {
            args.push(Arg::Int(number));
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
    }
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and v.location in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    if let Some(state) = filter.state {
        args.push(Arg::Int(state.code()));
        let code = args.len();
        args.push(Arg::Int(filter.now.0));
        let now = args.len();
        sql.push_str(&match state {
            ReservationState::Held => {
                format!(" and v.state = ${code} and (v.hold_until is null or v.hold_until > ${now})")
            }
            ReservationState::Expired => {
                format!(" and (v.state = ${code} or (v.state = 1 and v.hold_until <= ${now}))")
            }
            _ => format!(" and v.state = ${code} and ${now} > 0"),
        });
    }
    args.push(Arg::Int(limit));
    let limit_at = args.len();
    conn.query(&format!("select {COLUMNS} from reservation v where {sql} order by v.id limit ${limit_at}"), &args, read)
}

/// Writes new reservations and adds what they hold to the sums of their scopes: two statements.
pub fn insert(conn: &mut Conn, tenant: TenantId, reservations: &[Kept]) -> Result<(), Error> {
    if reservations.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Kept) -> i64| Column::Int(reservations.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|kept| kept.reservation.id.0),
        Column::Text(reservations.iter().map(|kept| kept.uid.clone()).collect()),
        ints(|kept| kept.reservation.scope.product.0),
        ints(|kept| kept.reservation.scope.variant.0),
        ints(|kept| kept.reservation.scope.lot.0),
        ints(|kept| kept.reservation.scope.place.0),
        ints(|kept| kept.reservation.quantity.0),
        ints(|kept| kept.reservation.open.0),
        ints(|kept| kept.reservation.state.code()),
        Column::OptInt(reservations.iter().map(|kept| kept.reservation.hold_until.map(|until| until.0)).collect()),
        ints(|kept| i64::from(kept.reservation.allow_backorder)),
        Column::OptText(reservations.iter().map(|kept| kept.description.clone()).collect()),
        ints(|kept| kept.created_at.0),
        ints(|kept| kept.created_by.0),
        ints(|kept| kept.allocation.0),
        ints(|kept| kept.reservation.hold_until.unwrap_or(Time::FOREVER).0),
    ]);
    conn.execute(
        "insert into reservation (tenant, id, uid, product, variant, lot, location, quantity, open_quantity, state, \
         hold_until, allow_backorder, description, created_at, created_by, modified_at, modified_by, version, allocation, \
         ended_at) \
         select $1, r.id, r.uid, r.product, r.variant, r.lot, r.location, r.quantity, r.open_quantity, r.state, \
         r.hold_until, r.allow_backorder, r.description, r.created_at, r.created_by, r.created_at, r.created_by, 1, r.allocation, \
         r.ended_at \
         from {rows $2 (id bigint, uid text, product bigint, variant bigint, lot bigint, location bigint, \
         quantity bigint, open_quantity bigint, state bigint, hold_until bigint, allow_backorder bigint, \
         description text, created_at bigint, created_by bigint, allocation bigint, ended_at bigint) r}",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    let mut sums: BTreeMap<Scope, i64> = BTreeMap::new();
    for kept in reservations {
        *sums.entry(kept.reservation.scope).or_default() += kept.reservation.open.0;
    }
    add(conn, tenant, &sums.into_iter().collect::<Vec<_>>())
}

/// Adds to the sums of scopes.
fn add(conn: &mut Conn, tenant: TenantId, sums: &[(Scope, i64)]) -> Result<(), Error> {
    let rows = Rows::new(vec![
        Column::Int(sums.iter().map(|(scope, _)| scope.product.0).collect()),
        Column::Int(sums.iter().map(|(scope, _)| scope.variant.0).collect()),
        Column::Int(sums.iter().map(|(scope, _)| scope.lot.0).collect()),
        Column::Int(sums.iter().map(|(scope, _)| scope.place.0).collect()),
        Column::Int(sums.iter().map(|(_, quantity)| *quantity).collect()),
    ]);
    conn.execute(
        "insert into reserved (tenant, product, variant, lot, location, quantity) \
         select $1, r.product, r.variant, r.lot, r.location, r.quantity \
         from {rows $2 (product bigint, variant bigint, lot bigint, location bigint, quantity bigint) r} where true \
         on conflict (tenant, product, variant, lot, location) do update set quantity = reserved.quantity + excluded.quantity",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// What becomes of a reservation.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The reservation as it was just before.
    pub reservation: Reservation,
    /// What it is then.
    pub state: ReservationState,
    /// Who said so last, and when.
    pub stamp: Stamp,
    /// How often it was changed up to then.
    pub changes: i64,
}

impl Turn {
    /// Its time is over; nobody has to say so.
    pub fn expired(reservation: Reservation, now: Time) -> Self {
        let stamp = Stamp { at: now, person: UserId(0) };
        Self { reservation, state: ReservationState::Expired, stamp, changes: 1 }
    }
}

/// Brings reservations, each named once, into a state, with what is open of them then; what that frees leaves the
/// sums.
pub fn change(conn: &mut Conn, tenant: TenantId, changed: &[Turn]) -> Result<(), Error> {
    if changed.is_empty() {
        return Ok(());
    }
    let is_open = |state: ReservationState| matches!(state, ReservationState::Held | ReservationState::Confirmed);
    let ints = |of: fn(&Turn) -> i64| Column::Int(changed.iter().map(of).collect());
    let open = changed.iter().map(|turn| if is_open(turn.state) { turn.reservation.open.0 } else { 0 });
    let [at, person] = Stamp::columns(changed.iter().map(|turn| turn.stamp));
    let rows = Rows::new(vec![
        ints(|turn| turn.reservation.id.0),
        ints(|turn| turn.state.code()),
        Column::Int(open.collect()),
        ints(|turn| turn.changes),
        at,
        person,
    ]);
    conn.execute(
        "update reservation set state = r.state, open_quantity = r.open_quantity, modified_at = r.at, \
         modified_by = r.person, version = reservation.version + r.changes, \
         hold_until = case when r.state = 2 then null else reservation.hold_until end, \
         ended_at = case when r.state = 4 then r.at when r.state = 2 then $3 \
         else coalesce(reservation.hold_until, r.at) end \
         from {rows $2 (id bigint, state bigint, open_quantity bigint, changes bigint, at bigint, person bigint) r} \
         where reservation.tenant = $1 and reservation.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(Time::FOREVER.0)],
    )?;
    let mut freed: BTreeMap<Scope, i64> = BTreeMap::new();
    for Turn { reservation, state, .. } in changed {
        if is_open(reservation.state) && !is_open(*state) {
            *freed.entry(reservation.scope).or_default() -= reservation.open.0;
        }
    }
    if freed.is_empty() { Ok(()) } else { add(conn, tenant, &freed.into_iter().collect::<Vec<_>>()) }
}

/// When the last part of a reservation `r.reservation` was issued, that of a batch being written included.
const LAST_ISSUED: &str = "(select max(m.effective_at) from reservation_use u cross join movement m \
     where u.tenant = $1 and u.reservation = r.reservation and m.tenant = $1 and m.batch = u.batch and m.line = u.line)";

/// What these movements took of reservations.
pub fn uses_of(
    conn: &mut Conn,
    tenant: TenantId,
    movements: &[(MovementId, Movement)],
) -> Result<Vec<(MovementId, Use)>, Error> {
    let rows = Rows::new(vec![
        Column::Int(movements.iter().map(|(id, _)| id.batch.0).collect()),
        Column::Int(movements.iter().map(|(id, _)| id.line).collect()),
    ]);
    conn.query(
        "select u.batch, u.line, u.reservation, u.quantity from {rows $2 (batch bigint, line bigint) r} \
         cross join reservation_use u where u.tenant = $1 and u.batch = r.batch and u.line = r.line \
         order by u.batch, u.line, u.reservation",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let id = MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? };
            let (reservation, quantity) = (ReservationId(row.int(2)?), Quantity(row.int(3)?));
            Ok((id, Use { reservation, line: id.line, quantity }))
        },
    )
}

/// Notes what movements of batches, each with whoever booked it, took or gave back: the uses, the reservations and the
/// sums of their scopes. The movements are written. What gets something back and was used up is firm again, or held where
/// it still has a time to end.
pub fn consume(conn: &mut Conn, tenant: TenantId, uses: &[(BatchId, UserId, Use)], now: Time) -> Result<(), Error> {
    if uses.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(uses.iter().map(|(.., taken)| taken.reservation.0).collect()),
        Column::Int(uses.iter().map(|(batch, ..)| batch.0).collect()),
        Column::Int(uses.iter().map(|(.., taken)| taken.line).collect()),
        Column::Int(uses.iter().map(|(.., taken)| taken.quantity.0).collect()),
    ]);
    let args = [Arg::Int(tenant.0), Arg::Rows(&rows)];
    conn.execute(
        "insert into reservation_use (tenant, reservation, batch, line, quantity) \
         select $1, r.reservation, r.batch, r.line, r.quantity \
         from {rows $2 (reservation bigint, batch bigint, line bigint, quantity bigint) r}",
        &args,
    )?;
    conn.execute(
        "update reserved set quantity = reserved.quantity - s.quantity from ( \
         select v.product, v.variant, v.lot, v.location, cast(sum(r.quantity) as bigint) as quantity \
         from {rows $2 (reservation bigint, batch bigint, line bigint, quantity bigint) r} cross join reservation v \
         where v.tenant = $1 and v.id = r.reservation group by v.product, v.variant, v.lot, v.location) s \
         where reserved.tenant = $1 and reserved.product = s.product and reserved.variant = s.variant \
         and reserved.lot = s.lot and reserved.location = s.location",
        &args,
    )?;
    // How much was taken of each, and who did so last.
    let mut taken: BTreeMap<ReservationId, (i64, UserId)> = BTreeMap::new();
    for (_, person, part) in uses {
        let sum = taken.entry(part.reservation).or_insert((0, *person));
        *sum = (sum.0 + part.quantity.0, *person);
    }
    let rows = Rows::new(vec![
        Column::Int(taken.keys().map(|id| id.0).collect()),
        Column::Int(taken.values().map(|(quantity, _)| *quantity).collect()),
        Column::Int(taken.values().map(|(_, person)| person.0).collect()),
    ]);
    // It ends when all of it was issued, and not before that was booked.
    conn.execute(
        &format!(
            "update reservation set open_quantity = reservation.open_quantity - s.quantity, \
             state = case when reservation.open_quantity = s.quantity then 3 \
             when reservation.state <> 3 then reservation.state when reservation.hold_until is null then 2 else 1 end, \
             modified_at = $3, modified_by = s.person, version = reservation.version + 1, \
             ended_at = case when reservation.open_quantity <> s.quantity and reservation.state <> 3 then reservation.ended_at \
             when reservation.open_quantity <> s.quantity then coalesce(reservation.hold_until, $4) \
             when s.issued_at > $3 then s.issued_at else $3 end from ( \
             select r.reservation, r.quantity, r.person, {LAST_ISSUED} as issued_at \
             from {{rows $2 (reservation bigint, quantity bigint, person bigint) r}}) s \
             where reservation.tenant = $1 and reservation.id = s.reservation"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(now.0), Arg::Int(Time::FOREVER.0)],
    )?;
    Ok(())
}

/// What is open of these products by scope. `lock` takes the sums, so that the stock of these products is
/// shared out by one transaction at a time; accounts are locked before.
pub fn open(
    conn: &mut Conn,
    tenant: TenantId,
    products: &BTreeSet<(ProductId, VariantId)>,
    lock: bool,
) -> Result<Vec<(Scope, Quantity)>, Error> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let rows = product_rows(products);
    let sql = |lock: &str| {
        format!(
            "select s.product, s.variant, s.lot, s.location, s.quantity \
             from {{rows $2 (product bigint, variant bigint) r}} cross join reserved s \
             where s.tenant = $1 and s.product = r.product and s.variant = r.variant and s.quantity <> 0 \
             order by s.product, s.variant, s.lot, s.location{lock}"
        )
    };
    let args = [Arg::Int(tenant.0), Arg::Rows(&rows)];
    let read = |row: &Row<'_>| {
        let scope = Scope {
            product: ProductId(row.int(0)?),
            variant: VariantId(row.int(1)?),
            lot: LotId(row.int(2)?),
            place: LocationId(row.int(3)?),
        };
        Ok((scope, Quantity(row.int(4)?)))
    };
    if !lock {
        return conn.query(&sql(""), &args, read);
    }
    let found = conn.query(&sql(" {for update}"), &args, read)?;
    if found.is_empty() || conn.dialect() == crate::store::Dialect::Sqlite {
        return Ok(found);
    }
    // While the locks were waited for, somebody may have reserved in a scope that had no row before.
    conn.query(&sql(""), &args, read)
}

/// Holds of these products whose time is over but that still count in the sums.
pub fn overdue(
    conn: &mut Conn,
    tenant: TenantId,
    products: &BTreeSet<(ProductId, VariantId)>,
    now: Time,
    lock: bool,
) -> Result<Vec<Reservation>, Error> {
    let rows = product_rows(products);
    let sql = format!(
        "select {COLUMNS} from reservation v where v.tenant = $1 and v.state = 1 and v.hold_until is not null \
         and v.hold_until <= $3 and exists (select 1 from {{rows $2 (product bigint, variant bigint) r}} \
         where r.product = v.product and r.variant = v.variant) order by v.id{}",
        if lock { " {for update}" } else { "" }
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(now.0)], |row| Ok(read(row)?.reservation))
}

/// The products of holds whose time is over.
pub fn overdue_products(
    conn: &mut Conn,
    tenant: TenantId,
    now: Time,
    limit: i64,
) -> Result<BTreeSet<(ProductId, VariantId)>, Error> {
    let found = conn.query(
        "select v.product, v.variant from reservation v where v.tenant = $1 and v.state = 1 \
         and v.hold_until is not null and v.hold_until <= $2 order by v.hold_until limit $3",
        &[Arg::Int(tenant.0), Arg::Int(now.0), Arg::Int(limit)],
        |row| Ok((ProductId(row.int(0)?), VariantId(row.int(1)?))),
    )?;
    Ok(found.into_iter().collect())
}

/// The keys of every stock account of these products and variants where something stands or is to stand.
pub fn accounts_of(
    conn: &mut Conn,
    tenant: TenantId,
    products: &BTreeSet<(ProductId, VariantId)>,
    now: Time,
) -> Result<Vec<AccountKey>, Error> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let rows = product_rows(products);
    conn.query(
        "select a.product, a.place, a.variant, a.lot from {rows $2 (product bigint, variant bigint) r} \
         cross join account a where a.tenant = $1 and a.product = r.product and a.variant = r.variant and a.kind = 1 \
         and a.place <> 2 and (a.quantity > 0 or a.instants_to > $3)",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(now.0)],
        |row| {
            Ok(AccountKey {
                product: ProductId(row.int(0)?),
                place: LocationId(row.int(1)?),
                kind: AccountKind::Stock,
                variant: VariantId(row.int(2)?),
                lot: LotId(row.int(3)?),
            })
        },
    )
}

/// What is open by scope at a time, of some products or of all; holds whose time is over are left out.
pub fn all_open(
    conn: &mut Conn,
    tenant: TenantId,
    products: Option<&[ProductId]>,
    now: Time,
) -> Result<Vec<(Scope, Quantity)>, Error> {
    let rows = products.map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(now.0)];
    let mut only = "";
    if let Some(rows) = &rows {
        args.push(Arg::Rows(rows));
        only = " and s.product in (select r.id from {rows $3 (id bigint) r})";
    }
    let sql = format!(
        "select s.product, s.variant, s.lot, s.location, s.quantity - coalesce((select cast(sum(v.open_quantity) as bigint) \
         from reservation v where v.tenant = $1 and v.state = 1 and v.hold_until is not null and v.hold_until <= $2 \
         and v.product = s.product and v.variant = s.variant and v.lot = s.lot and v.location = s.location), 0) \
         from reserved s where s.tenant = $1 and s.quantity <> 0{only} order by s.product, s.variant, s.lot, s.location"
    );
    let found = conn.query(&sql, &args, |row| {
        let scope = Scope {
            product: ProductId(row.int(0)?),
            variant: VariantId(row.int(1)?),
            lot: LotId(row.int(2)?),
            place: LocationId(row.int(3)?),
        };
        Ok((scope, Quantity(row.int(4)?)))
    })?;
    Ok(found.into_iter().filter(|(_, open)| open.0 > 0).collect())
}

/// The moment whose reservations count at a time, as known at a position of the ledger: that time, or the last before
/// more became known.
pub fn moment(conn: &mut Conn, tenant: TenantId, at: Time, known_at: Option<i64>) -> Result<Time, Error> {
    let Some(position) = known_at else { return Ok(at) };
    let next = conn.one(
        "select h.booked_at from header h where h.tenant = $1 and h.position > $2 order by h.position limit 1",
        &[Arg::Int(tenant.0), Arg::Int(position)],
        |row| row.int(0),
    )?;
    Ok(next.map_or(at, |next| at.min(Time(next - 1))))
}

/// What was open of reservations at a time, as known at a position of the ledger: made by then and neither released
/// nor run out, less what was issued of them; in millionths, since what is issued of it later may be so much that the sum
/// leaves the range. Cost: the reservations, of the products named if any are, that have
/// ended since or are open; what had ended before costs nothing.
pub fn open_at(
    conn: &mut Conn,
    tenant: TenantId,
    products: Option<&[ProductId]>,
    (at, known_at): (Time, Option<i64>),
) -> Result<Vec<(Scope, i128)>, Error> {
    let moment = moment(conn, tenant, at, known_at)?;
    let rows = products.map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let known_at = known_at.unwrap_or(i64::MAX);
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(moment.0), Arg::Int(at.0), Arg::Int(known_at)];
    let mut from = "reservation v where v.tenant = $1 and v.ended_at > $2 and v.created_at <= $2";
    if let Some(rows) = &rows {
        args.push(Arg::Rows(rows));
        from = "{rows $5 (id bigint) r} {look up reservation v} v.tenant = $1 and v.product = r.id \
                and v.ended_at > $2 {looked up v} where v.created_at <= $2";
    }
    let sql = format!(
        "select v.product, v.variant, v.lot, v.location, v.quantity - coalesce((select \
         cast(sum(u.quantity) as bigint) from reservation_use u \
         join header h on h.tenant = $1 and h.batch = u.batch and h.position <= $4 \
         join movement m on m.tenant = $1 and m.batch = u.batch and m.line = u.line and m.effective_at <= $3 \
         where u.tenant = $1 and u.reservation = v.id), 0) from {from}"
    );
    let mut found: BTreeMap<Scope, i128> = BTreeMap::new();
    conn.each(&sql, &args, |row| {
        let (product, variant) = (ProductId(row.int(0)?), VariantId(row.int(1)?));
        let (lot, place) = (LotId(row.int(2)?), LocationId(row.int(3)?));
        *found.entry(Scope { product, variant, lot, place }).or_default() += i128::from(row.int(4)?);
        Ok(())
    })?;
    Ok(found.into_iter().filter(|(_, open)| *open > 0).collect())
}

/// Scopes whose sum is not that of the reservations that are open in it: the scope, what is kept, and what
/// follows. The database adds up; at most `limit` are told.
pub fn wrong_sums(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(Scope, Quantity, Quantity)>, Error> {
    conn.query(
        "select b.product, b.variant, b.lot, b.location, cast(sum(b.kept) as bigint), cast(sum(b.open) as bigint) from ( \
         select s.product, s.variant, s.lot, s.location, s.quantity as kept, 0 as open from reserved s where s.tenant = $1 \
         union all select v.product, v.variant, v.lot, v.location, 0, v.open_quantity from reservation v \
         where v.tenant = $1 and v.state in (1, 2)) b \
         group by b.product, b.variant, b.lot, b.location having sum(b.kept) <> sum(b.open) \
         order by b.product, b.variant, b.lot, b.location limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| {
            let scope = Scope {
                product: ProductId(row.int(0)?),
                variant: VariantId(row.int(1)?),
                lot: LotId(row.int(2)?),
                place: LocationId(row.int(3)?),
            };
            Ok((scope, Quantity(row.int(4)?), Quantity(row.int(5)?)))
        },
    )
}

/// Reservations of which something else is open than was not issued: the reservation, what is kept, and
/// what follows. At most `limit` are told.
pub fn wrong_open(
    conn: &mut Conn,
    tenant: TenantId,
    limit: i64,
) -> Result<Vec<(ReservationId, Quantity, Quantity)>, Error> {
    conn.query(
        "select w.id, w.open_quantity, w.follows from (select v.id, v.open_quantity, v.quantity - coalesce(( \
         select cast(sum(u.quantity) as bigint) from reservation_use u where u.tenant = $1 and u.reservation = v.id), 0) \
         as follows from reservation v where v.tenant = $1 and v.state in (1, 2, 3)) w \
         where w.open_quantity <> w.follows order by w.id limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit)],
        |row| Ok((ReservationId(row.int(0)?), Quantity(row.int(1)?), Quantity(row.int(2)?))),
    )
}

/// Reservations that are kept as ended at another time than follows: the reservation, what is kept, and what
/// follows. At most `limit` are told.
pub fn wrong_ends(conn: &mut Conn, tenant: TenantId, limit: i64) -> Result<Vec<(ReservationId, Time, Time)>, Error> {
    conn.query(
        "select w.id, w.ended_at, w.follows from (select v.id, v.ended_at, case when v.state = 4 then v.modified_at \
         when v.state = 3 and v.modified_at >= f.issued_at then v.modified_at when v.state = 3 then f.issued_at \
         else coalesce(v.hold_until, $3) end as follows from (select r.id, (select max(m.effective_at) \
         from reservation_use u cross join movement m where u.tenant = $1 and u.reservation = r.id and m.tenant = $1 \
         and m.batch = u.batch and m.line = u.line) as issued_at from reservation r where r.tenant = $1) f \
         cross join reservation v where v.tenant = $1 and v.id = f.id) w \
         where w.ended_at <> w.follows order by w.id limit $2",
        &[Arg::Int(tenant.0), Arg::Int(limit), Arg::Int(Time::FOREVER.0)],
        |row| Ok((ReservationId(row.int(0)?), Time(row.int(1)?), Time(row.int(2)?))),
    )
}
