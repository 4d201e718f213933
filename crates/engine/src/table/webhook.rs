//! Webhooks and what became of each delivery.

use lotbook_domain::id::{TenantId, UserId, WebhookId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// A webhook as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Its ULID.
    pub uid: String,
    /// Where it is sent.
    pub url: String,
    /// The kinds of batches that it is told of, as a JSON list; empty = every kind.
    pub kinds: String,
    /// What it is for.
    pub description: Option<String>,
    /// With what it is signed.
    pub secret: String,
    /// The secret before, and until when it signs as well.
    pub old_secret: Option<(String, Time)>,
    /// Whether anything is delivered.
    pub is_enabled: bool,
    /// Why the server itself ended it.
    pub stopped_because: Option<String>,
    /// With whose eyes it reads the ledger.
    pub person: UserId,
    /// Every batch up to here was delivered or given up.
    pub position: i64,
    /// How often the batch after it has failed.
    pub attempts: i64,
    /// The batch after it is not tried before.
    pub due_at: Time,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: UserId,
    /// When it was last changed.
    pub modified_at: Time,
    /// By whom.
    pub modified_by: UserId,
    /// Counts the changes that people make.
    pub version: i64,
}

const COLUMNS: &str = "id, uid, url, kinds, description, secret, old_secret, old_secret_until, is_enabled, \
     stopped_because, person, position, attempts, due_at, created_at, created_by, modified_at, modified_by, version";

fn read(row: &Row<'_>) -> Result<Webhook, Error> {
    Ok(Webhook {
        id: WebhookId(row.int(0)?),
        uid: row.text(1)?,
        url: row.text(2)?,
        kinds: row.text(3)?,
        description: row.opt_text(4)?,
        secret: row.text(5)?,
        old_secret: row.opt_text(6)?.zip(row.opt_int(7)?.map(Time)),
        is_enabled: row.int(8)? != 0,
        stopped_because: row.opt_text(9)?,
        person: UserId(row.int(10)?),
        position: row.int(11)?,
        attempts: row.int(12)?,
        due_at: Time(row.int(13)?),
        created_at: Time(row.int(14)?),
        created_by: UserId(row.int(15)?),
        modified_at: Time(row.int(16)?),
        modified_by: UserId(row.int(17)?),
        version: row.int(18)?,
    })
}

/// Writes a new webhook.
pub fn insert(conn: &mut Conn, tenant: TenantId, webhook: &Webhook) -> Result<(), Error> {
    conn.execute(
        &format!(
            "insert into webhook (tenant, {COLUMNS}, leased_by, leased_until) values \
             ($1, $2, $3, $4, $5, $6, $7, null, null, $8, null, $9, $10, 0, 0, $11, $12, $11, $12, 1, '', 0)"
        ),
        &[
            Arg::Int(tenant.0),
            Arg::Int(webhook.id.0),
            Arg::Text(&webhook.uid),
            Arg::Text(&webhook.url),
            Arg::Text(&webhook.kinds),
            Arg::OptText(webhook.description.as_deref()),
            Arg::Text(&webhook.secret),
            Arg::Int(i64::from(webhook.is_enabled)),
            Arg::Int(webhook.person.0),
            Arg::Int(webhook.position),
            Arg::Int(webhook.created_at.0),
            Arg::Int(webhook.created_by.0),
        ],
    )?;
    Ok(())
}

/// Writes what a person changed of it; how far it was told stays as it is, but is tried at once.
pub fn change(conn: &mut Conn, tenant: TenantId, webhook: &Webhook) -> Result<(), Error> {
    conn.execute(
        "update webhook set url = $3, kinds = $4, description = $5, secret = $6, old_secret = $7, \
         old_secret_until = $8, is_enabled = $9, stopped_because = $10, person = $11, due_at = 0, \
         modified_at = $12, modified_by = $13, version = $14 where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(webhook.id.0),
            Arg::Text(&webhook.url),
            Arg::Text(&webhook.kinds),
            Arg::OptText(webhook.description.as_deref()),
            Arg::Text(&webhook.secret),
            Arg::OptText(webhook.old_secret.as_ref().map(|(secret, _)| secret.as_str())),
            Arg::OptInt(webhook.old_secret.as_ref().map(|(_, until)| until.0)),
            Arg::Int(i64::from(webhook.is_enabled)),
            Arg::OptText(webhook.stopped_because.as_deref()),
            Arg::Int(webhook.person.0),
            Arg::Int(webhook.modified_at.0),
            Arg::Int(webhook.modified_by.0),
            Arg::Int(webhook.version),
        ],
    )?;
    Ok(())
}

/// Deletes a webhook and what became of its deliveries.
pub fn delete(conn: &mut Conn, tenant: TenantId, id: WebhookId) -> Result<(), Error> {
    let args = [Arg::Int(tenant.0), Arg::Int(id.0)];
    conn.execute("delete from webhook_delivery where tenant = $1 and webhook = $2", &args)?;
    conn.execute("delete from webhook where tenant = $1 and id = $2", &args)?;
    Ok(())
}

/// One webhook. `lock` keeps others from changing it until the transaction ends.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: WebhookId, lock: bool) -> Result<Option<Webhook>, Error> {
    let lock = if lock { " {for update}" } else { "" };
    conn.one(
        &format!("select {COLUMNS} from webhook where tenant = $1 and id = $2{lock}"),
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
        read,
    )
}

/// The id of a ULID.
pub fn id_of_uid(conn: &mut Conn, tenant: TenantId, uid: &str) -> Result<Option<WebhookId>, Error> {
    conn.one("select id from webhook where tenant = $1 and uid = $2", &[Arg::Int(tenant.0), Arg::Text(uid)], |row| {
        Ok(WebhookId(row.int(0)?))
    })
}

/// Webhooks after an id, in the order of ids.
pub fn page(conn: &mut Conn, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Webhook>, Error> {
    conn.query(
        &format!("select {COLUMNS} from webhook where tenant = $1 and id > $2 order by id limit $3"),
        &[Arg::Int(tenant.0), Arg::Int(after), Arg::Int(limit)],
        read,
    )
}

/// How many deliveries each of these webhooks has given up.
pub fn count_dead(conn: &mut Conn, tenant: TenantId, ids: &[WebhookId]) -> Result<Vec<(WebhookId, i64)>, Error> {
    let rows = Rows::ids(ids.iter().map(|id| id.0));
    conn.query(
        "select d.webhook, count(*) from {rows $2 (id bigint) r} cross join webhook_delivery d \
         where d.tenant = $1 and d.webhook = r.id and d.state = 3 group by d.webhook",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((WebhookId(row.int(0)?), row.int(1)?)),
    )
}

/// The webhooks, of all tenants, that have something to deliver now and that no other server is at.
pub fn due(conn: &mut Conn, server: &str, now: Time, limit: i64) -> Result<Vec<(TenantId, WebhookId)>, Error> {
    conn.query(
        "select w.tenant, w.id from webhook w join tail t on t.tenant = w.tenant \
         where w.is_enabled = 1 and (w.leased_until <= $2 or w.leased_by = $1) and \
         ((w.position < t.position and w.due_at <= $2) or exists (select 1 from webhook_delivery d \
         where d.tenant = w.tenant and d.webhook = w.id and d.state = 1 and d.due_at <= $2 \
         and d.position <= w.position)) order by w.tenant, w.id limit $3",
        &[Arg::Text(server), Arg::Int(now.0), Arg::Int(limit)],
        |row| Ok((TenantId(row.int(0)?), WebhookId(row.int(1)?))),
    )
}

/// Takes, keeps or (with a time that is over) gives up the lease; whether it is this server's.
pub fn lease(
    conn: &mut Conn,
    tenant: TenantId,
    id: WebhookId,
    server: &str,
    now: Time,
    until: Time,
) -> Result<bool, Error> {
    let changed = conn.execute(
        "update webhook set leased_by = $3, leased_until = $5 where tenant = $1 and id = $2 and is_enabled = 1 \
         and (leased_by = $3 or leased_until <= $4)",
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Text(server), Arg::Int(now.0), Arg::Int(until.0)],
    )?;
    Ok(changed > 0)
}

/// Whether a server still holds the lease; locks the webhook.
pub fn is_leased_by(conn: &mut Conn, tenant: TenantId, id: WebhookId, server: &str) -> Result<bool, Error> {
    let holder = conn.one(
        "select leased_by from webhook where tenant = $1 and id = $2 {for update}",
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
        |row| row.text(0),
    )?;
    Ok(holder.as_deref() == Some(server))
}

/// Notes how far a webhook was told.
pub fn advance(
    conn: &mut Conn,
    tenant: TenantId,
    id: WebhookId,
    position: i64,
    attempts: i64,
    due_at: Time,
) -> Result<(), Error> {
    conn.execute(
        "update webhook set position = {greatest}(position, $3), attempts = $4, due_at = $5 \
         where tenant = $1 and id = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Int(position), Arg::Int(attempts), Arg::Int(due_at.0)],
    )?;
    Ok(())
}

/// Ends a webhook for a reason that its maker is to read.
pub fn stop(conn: &mut Conn, tenant: TenantId, id: WebhookId, reason: &str) -> Result<(), Error> {
    conn.execute(
        "update webhook set is_enabled = 0, stopped_because = $3, leased_until = 0 where tenant = $1 and id = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Text(reason)],
    )?;
    Ok(())
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is tried, or tried again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It failed as often as it may; somebody has to ask for it again.
    Dead,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Dead];

    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Waiting => 1,
            Self::Delivered => 2,
            Self::Dead => 3,
        }
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    fn from_code(code: i64) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Error::Internal(format!("delivery state {code} is not known to this version")))
    }
}

/// What became of one batch at one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The batch's position.
    pub position: i64,
    /// The batch's ULID.
    pub batch: String,
    /// The batch's kind, see [`super::header::BatchKind`].
    pub kind: i64,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// It is not tried again before.
    pub due_at: Time,
    /// When it was first tried.
    pub first_at: Time,
    /// When it was last tried.
    pub last_at: Time,
    /// What the receiver answered the last time; 0 = nothing.
    pub status: i64,
    /// What went wrong the last time.
    pub failure: Option<String>,
}

const DELIVERY: &str = "position, batch, kind, state, attempts, due_at, first_at, last_at, status, failure";

fn read_delivery(row: &Row<'_>) -> Result<Delivery, Error> {
    Ok(Delivery {
        position: row.int(0)?,
        batch: row.text(1)?,
        kind: row.int(2)?,
        state: DeliveryState::from_code(row.int(3)?)?,
        attempts: row.int(4)?,
        due_at: Time(row.int(5)?),
        first_at: Time(row.int(6)?),
        last_at: Time(row.int(7)?),
        status: row.int(8)?,
        failure: row.opt_text(9)?,
    })
}

/// Notes what became of deliveries: one statement.
pub fn note(conn: &mut Conn, tenant: TenantId, id: WebhookId, deliveries: &[Delivery]) -> Result<(), Error> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let ints = |of: fn(&Delivery) -> i64| Column::Int(deliveries.iter().map(of).collect());
    let rows = Rows::new(vec![
        ints(|delivery| delivery.position),
        Column::Text(deliveries.iter().map(|delivery| delivery.batch.clone()).collect()),
        ints(|delivery| delivery.kind),
        ints(|delivery| delivery.state.code()),
        ints(|delivery| delivery.attempts),
        ints(|delivery| delivery.due_at.0),
        ints(|delivery| delivery.first_at.0),
        ints(|delivery| delivery.last_at.0),
        ints(|delivery| delivery.status),
        Column::OptText(deliveries.iter().map(|delivery| delivery.failure.clone()).collect()),
    ]);
    conn.execute(
        &format!(
            "insert into webhook_delivery (tenant, webhook, {DELIVERY}) \
             select $1, $2, r.position, r.batch, r.kind, r.state, r.attempts, r.due_at, r.first_at, r.last_at, \
             r.status, r.failure from {{rows $3 (position bigint, batch text, kind bigint, state bigint, \
             attempts bigint, due_at bigint, first_at bigint, last_at bigint, status bigint, failure text) r}} \
             where true on conflict (tenant, webhook, position) do update set state = excluded.state, \
             attempts = excluded.attempts, due_at = excluded.due_at, last_at = excluded.last_at, \
             status = excluded.status, failure = excluded.failure"
        ),
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

/// Deliveries before a position, newest first.
pub fn deliveries(
    conn: &mut Conn,
    tenant: TenantId,
    id: WebhookId,
    state: Option<DeliveryState>,
    before: i64,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    let only = if state.is_some() { " and state = $5" } else { "" };
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(id.0), Arg::Int(before), Arg::Int(limit)];
    args.extend(state.map(|state| Arg::Int(state.code())));
    conn.query(
        &format!(
            "select {DELIVERY} from webhook_delivery where tenant = $1 and webhook = $2 and position < $3{only} \
             order by position desc limit $4"
        ),
        &args,
        read_delivery,
    )
}

/// Batches that somebody asked for again and that are to be tried now, oldest first.
pub fn asked_again(
    conn: &mut Conn,
    tenant: TenantId,
    id: WebhookId,
    position: i64,
    now: Time,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    conn.query(
        &format!(
            "select {DELIVERY} from webhook_delivery where tenant = $1 and webhook = $2 and state = 1 \
             and due_at <= $4 and position <= $3 order by position limit $5"
        ),
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Int(position), Arg::Int(now.0), Arg::Int(limit)],
        read_delivery,
    )
}

/// Asks again for everything that was given up; how many.
pub fn revive(conn: &mut Conn, tenant: TenantId, id: WebhookId) -> Result<u64, Error> {
    conn.execute(
        "update webhook_delivery set state = 1, attempts = 0, due_at = 0 \
         where tenant = $1 and webhook = $2 and state = 3",
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
    )
}

/// Asks again for batches from one position to another, both included, of these kinds or of all; how many.
pub fn ask_again(
    conn: &mut Conn,
    tenant: TenantId,
    id: WebhookId,
    (from, to): (i64, i64),
    kinds: Option<&[i64]>,
    now: Time,
) -> Result<u64, Error> {
    let rows = Rows::ids(kinds.unwrap_or_default().iter().copied());
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(id.0), Arg::Int(from), Arg::Int(to), Arg::Int(now.0)];
    let mut only = "";
    if kinds.is_some() {
        args.push(Arg::Rows(&rows));
        only = " and h.kind in (select r.id from {rows $6 (id bigint) r})";
    }
    conn.execute(
        &format!(
            "insert into webhook_delivery (tenant, webhook, {DELIVERY}) \
             select $1, $2, h.position, h.uid, h.kind, 1, 0, 0, $5, $5, 0, null from header h \
             where h.tenant = $1 and h.position between $3 and $4{only} \
             on conflict (tenant, webhook, position) do update set state = 1, attempts = 0, due_at = 0"
        ),
        &args,
    )
}

/// Forgets deliveries that went well before a time, at most so many at once.
pub fn forget(conn: &mut Conn, tenant: TenantId, before: Time, limit: i64) -> Result<u64, Error> {
    conn.execute(
        "delete from webhook_delivery where tenant = $1 and state = 2 and (webhook, position) in \
         (select webhook, position from webhook_delivery where tenant = $1 and state = 2 and last_at < $2 limit $3)",
        &[Arg::Int(tenant.0), Arg::Int(before.0), Arg::Int(limit)],
    )
}
