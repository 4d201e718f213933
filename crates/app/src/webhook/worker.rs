//! Delivers: finds the webhooks that are due, takes the lease of each, and tells it of one batch after the
//! other until it has heard of all, or one fails.
//!
//! What was delivered is noted a few at a time; a server that dies before it has noted some is followed by
//! one that delivers them again, under the same ids. A batch that fails is tried again after a pause, and
//! those behind it wait; after the last attempt it goes to the dead letters and the next one is tried.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lotbook_domain::id::{TenantId, WebhookId};
use lotbook_domain::time::Time;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::security::{Access, SYSTEM};
use lotbook_engine::table::header::{self, BatchKind};
use lotbook_engine::table::webhook::{self, Delivery, DeliveryState, Webhook};
use lotbook_engine::webhook::{Lease, Note, kinds_of};
use lotbook_engine::write::{Change, Request};
use lotbook_engine::{Error, uid};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::signature;
use super::target::{self, Reply, Target};
use crate::app::Shared;
use crate::bridge;
use crate::http::flow::feed::{self, Message};

/// How often webhooks are looked for that are due.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// So many are delivered to at the same time.
const COURIERS_MAX: usize = 64;
/// So many batches are read at once.
const PAGE: i64 = 50;
/// Deliveries are noted when there are so many …
const NOTED_AT_ONCE: usize = 32;
/// … or after this time.
const NOTE_EVERY: Duration = Duration::from_millis(500);
/// A lease holds for two answers and so much longer.
const LEASE_SPARE: Duration = Duration::from_secs(30);
/// "Gone": the receiver wants nothing any more.
const GONE: u16 = 410;

/// Delivers until the server is about to end, and then comes back as soon as what was delivered is noted.
pub async fn run(app: Shared) {
    let server = app.engine.uid(app.engine.now());
    let at_work: Arc<Mutex<HashSet<(TenantId, WebhookId)>>> = Arc::default();
    let places = Arc::new(Semaphore::new(COURIERS_MAX));
    let mut couriers = JoinSet::new();
    loop {
        tokio::select! {
            () = app.stopped() => break,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        while couriers.try_join_next().is_some() {}
        let (engine, asks) = (app.engine.clone(), server.clone());
        let due = bridge::read(&app.engine, move |conn| webhook::due(conn, &asks, engine.now(), 1_000)).await;
        // What cannot be read now is looked for again after the pause.
        for (tenant, id) in due.unwrap_or_default() {
            if !at_work.lock().unwrap_or_else(PoisonError::into_inner).insert((tenant, id)) {
                continue;
            }
            let (app, at_work, places, server) = (app.clone(), at_work.clone(), places.clone(), server.clone());
            couriers.spawn(async move {
                if let Ok(_place) = places.acquire().await
                    && let Err(error) = deliver(&app, server, tenant, id).await
                {
                    tracing::warn!(%error, webhook = id.0, tenant = tenant.0, "a webhook cannot be delivered to");
                }
                at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&(tenant, id));
            });
        }
    }
    while couriers.join_next().await.is_some() {}
}

/// Delivers to one webhook what it is to be told now.
async fn deliver(app: &Shared, server: String, tenant: TenantId, id: WebhookId) -> Result<(), Error> {
    let Some(mut courier) = Courier::take(app, server, tenant, id).await? else { return Ok(()) };
    let outcome = courier.run().await;
    // Also after a failure: what was delivered is to be known, and another server may go on.
    courier.note(true).await?;
    outcome
}

/// One message's signature and headers are those of the first attempt, but for the time.
struct Outgoing {
    id: String,
    body: String,
}

/// Who delivers to one webhook, with the lease in hand.
struct Courier<'a> {
    app: &'a Shared,
    server: String,
    tenant: TenantId,
    webhook: Webhook,
    target: Target,
    /// What was tried and is not noted yet.
    tried: Vec<Delivery>,
    leased_until: Instant,
    noted_at: Instant,
    is_ended: bool,
    stop: Option<String>,
}

/// How an attempt ended.
enum Attempt {
    Delivered(Reply),
    Failed {
        status: u16,
        failure: String,
        retry_after: Option<Duration>,
    },
    /// The server is about to end: whether it arrived is not known.
    BrokenOff,
}

impl<'a> Courier<'a> {
    async fn take(app: &'a Shared, server: String, tenant: TenantId, id: WebhookId) -> Result<Option<Self>, Error> {
        let lease = Lease { webhook: id, server: server.clone(), until: lease_end(app) };
        if change(app, tenant, lease).await? != "true" {
            return Ok(None);
        }
        let found = bridge::read(&app.engine, move |conn| webhook::by_id(conn, tenant, id, false)).await?;
        let Some(webhook) = found else { return Ok(None) };
        let target = target_of(app, &webhook)?;
        let leased_until = Instant::now() + lease_time(app);
        Ok(Some(Self {
            app,
            server,
            tenant,
            webhook,
            target,
            tried: Vec::new(),
            leased_until,
            noted_at: Instant::now(),
            is_ended: false,
            stop: None,
        }))
    }

    async fn run(&mut self) -> Result<(), Error> {
        loop {
            let again = self.deliver_again().await?;
            let told = if self.is_ended { 0 } else { self.deliver_next().await? };
            if self.is_ended || again + told == 0 || !self.note(false).await? {
                return Ok(());
            }
            self.look_again().await?;
        }
    }

    /// Takes over what people have changed meanwhile.
    async fn look_again(&mut self) -> Result<(), Error> {
        let (tenant, id) = (self.tenant, self.webhook.id);
        let found = bridge::read(&self.app.engine, move |conn| webhook::by_id(conn, tenant, id, false)).await?;
        match found.filter(|found| found.is_enabled) {
            None => self.is_ended = true,
            Some(found) => {
                if found.url != self.webhook.url {
                    self.target = target_of(self.app, &found)?;
                }
                self.webhook = found;
            }
        }
        Ok(())
    }

    /// What somebody asked for again; how many were tried.
    async fn deliver_again(&mut self) -> Result<usize, Error> {
        let (tenant, id, position) = (self.tenant, self.webhook.id, self.webhook.position);
        let now = self.app.engine.now();
        let found =
            bridge::read(&self.app.engine, move |conn| webhook::asked_again(conn, tenant, id, position, now, PAGE))
                .await?;
        let count = found.len();
        for known in found {
            let Some(message) = self.read(known.position - 1, 1).await?.pop() else { return Ok(0) };
            if self.tell(&message, known.attempts).await?.is_none() {
                return Ok(0);
            }
        }
        Ok(count)
    }

    /// The next page of batches, in order, up to one that fails; how many were looked at.
    async fn deliver_next(&mut self) -> Result<usize, Error> {
        if self.app.engine.now() < self.webhook.due_at {
            return Ok(0);
        }
        let kinds = kinds_of(&self.webhook)?;
        let page = self.read(self.webhook.position, PAGE).await?;
        let count = page.len();
        for message in page {
            if !kinds.is_empty() && kinds.iter().all(|kind| kind != BatchKind::name_of(message.kind)) {
                self.webhook.position = message.position;
                continue;
            }
            match self.tell(&message, self.webhook.attempts).await? {
                None => return Ok(0),
                Some(delivery) if delivery.state == DeliveryState::Waiting => {
                    self.webhook.attempts = delivery.attempts;
                    self.webhook.due_at = delivery.due_at;
                    return Ok(0);
                }
                Some(_) => {
                    self.webhook.position = message.position;
                    self.webhook.attempts = 0;
                    self.webhook.due_at = Time(0);
                }
            }
        }
        Ok(count)
    }

    /// Batches after a position, as the webhook's person may see them.
    async fn read(&mut self, after: i64, limit: i64) -> Result<Vec<Message>, Error> {
        let (engine, tenant, person) = (self.app.engine.clone(), self.tenant, self.webhook.person);
        let found = bridge::read(&self.app.engine, move |conn| {
            if header::position(conn, tenant)? <= after {
                return Ok(Some(Vec::new()));
            }
            let access = match person {
                SYSTEM => Some(Access::everything(tenant, SYSTEM)),
                person => Access::load(conn, tenant, person)?,
            };
            match access.filter(|access| access.may_somewhere(STOCK_READ)) {
                Some(access) => feed::messages(conn, &engine, &access, after, limit).map(Some),
                None => Ok(None),
            }
        });
        if let Some(found) = found.await? {
            return Ok(found);
        }
        self.is_ended = true;
        self.stop = Some(format!("user {person}, with whose eyes it reads, may not see stock any more"));
        Ok(Vec::new())
    }

    /// Tells of one batch and remembers what became of it; `None` where the courier has to end.
    async fn tell(&mut self, message: &Message, attempts: i64) -> Result<Option<Delivery>, Error> {
        let habits = &self.app.options.webhooks;
        let is_late = self.leased_until < Instant::now() + habits.answer_time_max + LEASE_SPARE / 2;
        let is_much = self.tried.len() >= NOTED_AT_ONCE || self.noted_at.elapsed() >= NOTE_EVERY;
        if (is_late || is_much) && !self.note(false).await? {
            return Ok(None);
        }
        let outgoing = Outgoing { id: format!("msg_{}", message.uid), body: message.text.clone() };
        let first_at = self.app.engine.now();
        let attempt = send(self.app, &mut self.target, &self.webhook, &outgoing).await;
        let now = self.app.engine.now();
        let mut delivery = Delivery {
            position: message.position,
            batch: message.uid.clone(),
            kind: message.kind,
            state: DeliveryState::Delivered,
            attempts: attempts + 1,
            due_at: Time(0),
            first_at,
            last_at: now,
            status: 0,
            failure: None,
        };
        match attempt {
            Attempt::BrokenOff => {
                self.is_ended = true;
                return Ok(None);
            }
            Attempt::Delivered(reply) => {
                delivery.status = i64::from(reply.status);
                self.app.metrics.count_delivery("delivered");
            }
            Attempt::Failed { status, failure, retry_after } => {
                delivery.status = i64::from(status);
                delivery.failure = Some(failure);
                if delivery.attempts >= i64::from(habits.attempts_max) {
                    delivery.state = DeliveryState::Dead;
                    self.app.metrics.count_delivery("dead");
                } else {
                    delivery.state = DeliveryState::Waiting;
                    let pause = self.pause(delivery.attempts, retry_after);
                    delivery.due_at = Time(now.0.saturating_add(pause.as_micros() as i64));
                    self.app.metrics.count_delivery("failed");
                }
                if status == GONE {
                    self.is_ended = true;
                    self.stop = Some("the receiver answered 410: it wants nothing any more".to_owned());
                }
            }
        }
        self.tried.push(delivery.clone());
        if self.stop.is_some() { Ok(None) } else { Ok(Some(delivery)) }
    }

    fn pause(&self, attempts: i64, retry_after: Option<Duration>) -> Duration {
        let habits = &self.app.options.webhooks;
        let mut random = [0];
        self.app.engine.random(&mut random);
        let pause = habits.pause(u32::try_from(attempts).unwrap_or(u32::MAX), random[0]);
        retry_after.map_or(pause, |asked| asked.min(habits.longest_pause).max(pause))
    }

    /// Notes what was tried, and keeps the lease or gives it up; whether the lease was still ours.
    async fn note(&mut self, gives_up: bool) -> Result<bool, Error> {
        let note = Note {
            webhook: self.webhook.id,
            server: self.server.clone(),
            deliveries: std::mem::take(&mut self.tried),
            position: self.webhook.position,
            attempts: self.webhook.attempts,
            due_at: self.webhook.due_at,
            until: if gives_up { Time(0) } else { lease_end(self.app) },
            stop: self.stop.take(),
        };
        let is_ours = change(self.app, self.tenant, note).await? == "true";
        self.leased_until = Instant::now() + lease_time(self.app);
        self.noted_at = Instant::now();
        self.is_ended |= !is_ours;
        Ok(is_ours)
    }
}

fn target_of(app: &Shared, webhook: &Webhook) -> Result<Target, Error> {
    let allows_private = app.options.webhooks.allows_private;
    // What is allowed may have changed since; each connection looks again.
    let uri = target::check(&webhook.url, true).map_err(|(_, message)| Error::Internal(message))?;
    Ok(Target::new(uri, allows_private))
}

fn lease_time(app: &Shared) -> Duration {
    app.options.webhooks.answer_time_max * 2 + LEASE_SPARE
}

fn lease_end(app: &Shared) -> Time {
    Time(app.engine.now().0.saturating_add(lease_time(app).as_micros() as i64))
}

async fn change(app: &Shared, tenant: TenantId, change: impl Change) -> Result<String, Error> {
    let now = app.engine.now();
    let request = Request { tenant, person: SYSTEM, origin: "webhook".to_owned(), key: None, now, dry_run: false };
    bridge::change(&app.engine, request, change).await
}

/// One attempt, within the time that an answer may take.
async fn send(app: &Shared, target: &mut Target, webhook: &Webhook, outgoing: &Outgoing) -> Attempt {
    let failed = |status: u16, failure: String| Attempt::Failed { status, failure, retry_after: None };
    let now = app.engine.now();
    let timestamp = now.0.div_euclid(1_000_000);
    let old = webhook.old_secret.iter().filter(|(_, until)| now < *until).map(|(secret, _)| secret.as_str());
    let secrets = std::iter::once(webhook.secret.as_str()).chain(old);
    let Some(signature) = signature::sign(secrets, &outgoing.id, timestamp, outgoing.body.as_bytes()) else {
        return failed(0, "the secret is not one of ours; renew it".to_owned());
    };
    let headers = [
        ("webhook-id", outgoing.id.clone()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature),
    ];
    let time_max = app.options.webhooks.answer_time_max;
    let answered = tokio::select! {
        () = app.stopped() => return Attempt::BrokenOff,
        answered = tokio::time::timeout(time_max, target.send(&headers, &outgoing.body)) => answered,
    };
    match answered {
        Err(_) => {
            // What is on that connection belongs to a question that nobody asks any more.
            failed(0, format!("there was no answer within {} s", time_max.as_secs()))
        }
        Ok(Err(failure)) => failed(0, failure),
        Ok(Ok(reply)) if (200..300).contains(&reply.status) => Attempt::Delivered(reply),
        Ok(Ok(Reply { status, retry_after })) => {
            let hint = if (300..400).contains(&status) { "; redirects are not followed" } else { "" };
            Attempt::Failed { status, failure: format!("the receiver answered {status}{hint}"), retry_after }
        }
    }
}

/// How a test call went.
#[derive(Clone, Debug)]
pub struct Tested {
    /// Whether the receiver took it.
    pub is_delivered: bool,
    /// What it answered; 0 = nothing.
    pub status: u16,
    /// What went wrong.
    pub failure: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// Sends a message of the type `test`, whatever the webhook is told of, and tells how it went.
pub async fn test(app: &Shared, webhook: &Webhook) -> Result<Tested, Error> {
    let mut target = target_of(app, webhook)?;
    let now = app.engine.now();
    let body = serde_json::json!({
        "type": "test", "timestamp": now.to_string(),
        "data": {"webhook": webhook.id.0, "uid": uid::print(&webhook.uid)},
    });
    let outgoing = Outgoing { id: format!("msg_{}", app.engine.uid(now)), body: body.to_string() };
    let started = Instant::now();
    let (is_delivered, status, failure) = match send(app, &mut target, webhook, &outgoing).await {
        Attempt::Delivered(reply) => (true, reply.status, None),
        Attempt::Failed { status, failure, .. } => (false, status, Some(failure)),
        Attempt::BrokenOff => (false, 0, Some("the server is stopping; try again in a moment".to_owned())),
    };
    Ok(Tested { is_delivered, status, failure, took: started.elapsed() })
}
