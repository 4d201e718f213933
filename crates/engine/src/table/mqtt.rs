//! Sessions at MQTT brokers: leases, what was taken, what was published.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows, long_sum};

/// What is known of a tenant's session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The name under which the broker keeps it.
    pub client: String,
    /// Which broker, without the password.
    pub broker: String,
    /// What is subscribed: a JSON list.
    pub filters: String,
    /// The server that talks.
    pub leased_by: String,
    /// Until when it does.
    pub leased_until: Time,
    /// How many messages were taken.
    pub taken: i64,
    /// Below which topic inventory was published.
    pub prefix: String,
    /// The position up to which inventory was published.
    pub published: Option<i64>,
}

/// The settings of all tenants that have to do with MQTT: tenant, key, value as JSON.
pub fn settings(conn: &mut Conn) -> Result<Vec<(TenantId, String, String)>, Error> {
    conn.query(
        "select d.tenant, d.subject, d.value from tenant t join decision d on d.tenant = t.id and d.org_unit = 0 \
         and d.subject in ('setting:mqtt.enabled', 'setting:mqtt.url', 'setting:mqtt.subscriptions', \
         'setting:mqtt.publishPrefix') where d.value is not null and not exists (select 1 from decision x \
         where x.tenant = d.tenant and x.subject = d.subject and x.org_unit = 0 and x.id > d.id) order by d.tenant",
        &[],
        |row| {
            let key = row.str(1)?.trim_start_matches("setting:").to_owned();
            Ok((TenantId(row.int(0)?), key, row.text(2)?))
        },
    )
}

/// A tenant's session; `lock` takes it for writing.
pub fn session(conn: &mut Conn, tenant: TenantId, lock: bool) -> Result<Option<Session>, Error> {
    let lock = if lock { " {for update}" } else { "" };
    conn.one(
        &format!(
            "select client, broker, filters, leased_by, leased_until, taken, prefix, published from mqtt_session \
             where tenant = $1{lock}"
        ),
        &[Arg::Int(tenant.0)],
        |row| {
            Ok(Session {
                client: row.text(0)?,
                broker: row.text(1)?,
                filters: row.text(2)?,
                leased_by: row.text(3)?,
                leased_until: Time(row.int(4)?),
                taken: row.int(5)?,
                prefix: row.text(6)?,
                published: row.opt_int(7)?,
            })
        },
    )
}

/// Makes a tenant's session, unless it has one.
pub fn found(conn: &mut Conn, tenant: TenantId, client: &str) -> Result<(), Error> {
    conn.execute(
        "insert into mqtt_session (tenant, client, broker, filters, leased_by, leased_until, taken, prefix) \
         values ($1, $2, '', '[]', '', 0, 0, '') on conflict (tenant) do nothing",
        &[Arg::Int(tenant.0), Arg::Text(client)],
    )?;
    Ok(())
}

/// Writes a session.
pub fn save(conn: &mut Conn, tenant: TenantId, session: &Session) -> Result<(), Error> {
    conn.execute(
        "update mqtt_session set client = $2, broker = $3, filters = $4, leased_by = $5, leased_until = $6, \
         taken = $7, prefix = $8, published = $9 where tenant = $1",
        &[
            Arg::Int(tenant.0),
            Arg::Text(&session.client),
            Arg::Text(&session.broker),
            Arg::Text(&session.filters),
            Arg::Text(&session.leased_by),
            Arg::Int(session.leased_until.0),
            Arg::Int(session.taken),
            Arg::Text(&session.prefix),
            Arg::OptInt(session.published),
        ],
    )?;
    Ok(())
}

/// What was taken last under these packet numbers: digest and ordinal.
pub fn taken(
    conn: &mut Conn,
    tenant: TenantId,
    packets: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, (String, i64)>, Error> {
    let rows = Rows::ids(packets);
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = conn.query(
        "select t.packet, t.digest, t.ordinal from {rows $2 (id bigint) r} cross join mqtt_taken t \
         where t.tenant = $1 and t.packet = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.int(0)?, (row.text(1)?, row.int(2)?))),
    )?;
    Ok(found.into_iter().collect())
}

/// Notes what was taken: packet number, digest, ordinal. One statement.
pub fn note_taken(conn: &mut Conn, tenant: TenantId, taken: &BTreeMap<i64, (String, i64)>) -> Result<(), Error> {
    if taken.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(vec![
        Column::Int(taken.keys().copied().collect()),
        Column::Text(taken.values().map(|(digest, _)| digest.clone()).collect()),
        Column::Int(taken.values().map(|(_, ordinal)| *ordinal).collect()),
    ]);
    conn.execute(
        "insert into mqtt_taken (tenant, packet, digest, ordinal) select $1, r.packet, r.digest, r.ordinal \
         from {rows $2 (packet bigint, digest text, ordinal bigint) r} where true \
         on conflict (tenant, packet) do update set digest = excluded.digest, ordinal = excluded.ordinal",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Forgets what was taken: the broker has begun a new session.
pub fn forget_taken(conn: &mut Conn, tenant: TenantId) -> Result<(), Error> {
    conn.execute("delete from mqtt_taken where tenant = $1", &[Arg::Int(tenant.0)])?;
    Ok(())
}

/// Asks for the inventory of locations to be published; 0 = of all.
pub fn ask(conn: &mut Conn, tenant: TenantId, locations: impl IntoIterator<Item = LocationId>) -> Result<(), Error> {
    let rows = Rows::ids(locations.into_iter().map(|id| id.0));
    conn.execute(
        "insert into mqtt_asked (tenant, location) select $1, r.id from {rows $2 (id bigint) r} where true \
         on conflict (tenant, location) do nothing",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// For which locations somebody asked.
pub fn asked(conn: &mut Conn, tenant: TenantId) -> Result<BTreeSet<LocationId>, Error> {
    let found = conn.query(
        "select location from mqtt_asked where tenant = $1 order by location",
        &[Arg::Int(tenant.0)],
        |row| Ok(LocationId(row.int(0)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// Forgets that somebody asked.
pub fn answered(
    conn: &mut Conn,
    tenant: TenantId,
    locations: impl IntoIterator<Item = LocationId>,
) -> Result<(), Error> {
    let rows = Rows::ids(locations.into_iter().map(|id| id.0));
    conn.execute(
        "delete from mqtt_asked where tenant = $1 and location in (select r.id from {rows $2 (id bigint) r})",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// The locations in the house that the batches of these positions touched, the first one excluded.
pub fn touched(conn: &mut Conn, tenant: TenantId, after: i64, to: i64) -> Result<BTreeSet<LocationId>, Error> {
    let mut found = BTreeSet::new();
    conn.each(
        "select distinct m.from_location, m.to_location from header h {look up movement m} m.tenant = $1 \
         and m.batch = h.batch {looked up m} where h.tenant = $1 and h.position > $2 and h.position <= $3",
        &[Arg::Int(tenant.0), Arg::Int(after), Arg::Int(to)],
        |row: &Row<'_>| {
            found.extend([LocationId(row.int(0)?), LocationId(row.int(1)?)].into_iter().filter(|place| place.0 > 0));
            Ok(())
        },
    )?;
    Ok(found)
}

/// The locations where anything stands.
pub fn occupied(conn: &mut Conn, tenant: TenantId) -> Result<BTreeSet<LocationId>, Error> {
    let found = conn.query(
        "select distinct a.place from account a where a.tenant = $1 and a.kind = 1 and a.place > 0 \
         and a.quantity <> 0",
        &[Arg::Int(tenant.0)],
        |row| Ok(LocationId(row.int(0)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// What stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub place: LocationId,
    /// The product, its identifier and its name.
    pub product: (ProductId, String, String),
    /// The lot, its ULID, name and status; 0 = none.
    pub lot: (LotId, String, String, i64),
    /// How much, in millionths of the product's base unit; of several variants together it may be more than one quantity
    /// can tell.
    pub quantity_e6: i128,
    /// The unit's symbol.
    pub unit: String,
}

/// What stands at these locations. One statement.
pub fn standing(conn: &mut Conn, tenant: TenantId, places: &BTreeSet<LocationId>) -> Result<Vec<Standing>, Error> {
    let rows = Rows::ids(places.iter().map(|id| id.0));
    let sql = format!(
        "select a.place, p.id, p.identifier, p.name, a.lot, coalesce(l.uid, ''), coalesce(l.name, ''), \
         coalesce(l.status, 0), coalesce(n.symbol, ''), {} \
         from {{rows $2 (id bigint) r}} cross join account a join product p on p.tenant = a.tenant and p.id = a.product \
         left join lot l on l.tenant = a.tenant and l.id = a.lot left join unit n on n.tenant = a.tenant and n.id = p.unit \
         where a.tenant = $1 and a.kind = 1 and a.place = r.id and a.quantity <> 0 \
         group by a.place, p.id, p.identifier, p.name, a.lot, l.uid, l.name, l.status, n.symbol \
         order by a.place, p.identifier, a.lot",
        long_sum("a.quantity")
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
        Ok(Standing {
            place: LocationId(row.int(0)?),
            product: (ProductId(row.int(1)?), row.text(2)?, row.text(3)?),
            lot: (LotId(row.int(4)?), row.text(5)?, row.text(6)?, row.int(7)?),
            unit: row.text(8)?,
            quantity_e6: row.sum(9)?,
        })
    })
}

/// An operation's state, to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: i64,
    /// Its ULID.
    pub uid: String,
    /// Its name.
    pub name: String,
    /// Where it is in its life.
    pub status: String,
    /// The open run's ULID.
    pub run: Option<String>,
    /// Why it is FAULTED.
    pub fault: Option<String>,
    /// Since when.
    pub at: Time,
}

/// The operations whose status changed at this time or later, in the order of changes.
pub fn statuses(conn: &mut Conn, tenant: TenantId, from: Time) -> Result<Vec<Told>, Error> {
    conn.query(
        "select o.id, o.uid, o.name, o.status, u.uid, o.fault, o.status_at from operation o \
         left join run u on u.tenant = o.tenant and u.id = o.current_run and o.current_run > 0 \
         where o.tenant = $1 and o.status_at >= $2 order by o.status_at, o.id",
        &[Arg::Int(tenant.0), Arg::Int(from.0)],
        |row| {
            Ok(Told {
                id: row.int(0)?,
                uid: row.text(1)?,
                name: row.text(2)?,
                status: row.text(3)?,
                run: row.opt_text(4)?,
                fault: row.opt_text(5)?.filter(|text| !text.is_empty()),
                at: Time(row.int(6)?),
            })
        },
    )
}
