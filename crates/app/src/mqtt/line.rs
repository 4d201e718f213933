//! A line to a tenant's broker: taken and kept under the tenant's lease, mended when it breaks.
//!
//! Each connection is a new client on the session that the broker keeps. So nothing is acknowledged that
//! this connection did not bring: what was taken and not acknowledged comes again, and is known.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::{Duration, Instant};

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;
use lotbook_engine::Error;
use lotbook_engine::mqtt::{Lease, Message, NoteFilters, NotePublished, TakeLease, TakeMessages, Taken, Wanted};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, Publish, QoS, SubscribeFilter, SubscribeReasonCode};
use rumqttc::{TlsConfiguration, Transport};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::publish::{self, Outgoing};
use super::{change, message, read};
use crate::app::Shared;
use crate::{bridge, tls};

/// A lease holds for so long …
const LEASE: Duration = Duration::from_secs(6);
/// … and is kept by asking again after this time.
const KEEP_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked for something to publish.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Who does not have the lease asks again after this time.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// So many messages are taken at once.
const MESSAGES_MAX: usize = 512;
/// So many may wait to be taken.
const WAITING_MAX: usize = 2_048;
/// A broker sends at most so many before it waits, so acknowledgements never have to.
const REQUESTS_MAX: usize = 70_000;
/// So many are published before the broker has said that it has them.
const UNHEARD_MAX: usize = 64;
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// The largest message, in either direction.
const BYTES_MAX: usize = 1 << 24;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Clocks of servers differ by less, and commits take less.
const STATUS_OVERLAP: i64 = 5_000_000;

pub(super) struct Line {
    pub(super) app: Shared,
    pub(super) server: String,
    pub(super) tenant: TenantId,
    pub(super) wanted: Wanted,
    pub(super) stop: watch::Receiver<bool>,
}

/// What a connection brings.
enum Came {
    Connected {
        is_known: bool,
    },
    Message(Publish),
    /// Whether every filter was taken.
    Subscribed(bool),
    /// The broker has a message that was published.
    Heard,
    Broken(String),
}

impl Line {
    /// Talks until it is told to stop, and then gives the lease back.
    pub(super) async fn run(mut self) {
        let mut failures = 0;
        while !*self.stop.borrow() {
            let pause = match self.lease(LEASE).await {
                Ok(lease) if lease.is_held => {
                    let connected_at = Instant::now();
                    let outcome = Connection::run(&mut self, lease).await;
                    self.note(|status| status.is_connected = false);
                    match outcome {
                        Ok(()) => Duration::ZERO,
                        Err(fault) => {
                            if connected_at.elapsed() > LONGEST_PAUSE {
                                failures = 0;
                            }
                            failures += 1;
                            self.fail(fault);
                            FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(10)).min(LONGEST_PAUSE)
                        }
                    }
                }
                Ok(_) => {
                    self.note(|status| status.is_leading = false);
                    ASK_EVERY
                }
                Err(error) => {
                    self.fail(error.to_string());
                    ASK_EVERY
                }
            };
            tokio::select! {
                () = told(&mut self.stop) => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if self.app.mqtt.status(self.tenant).is_some_and(|status| status.is_leading) {
            // Another server need not wait until it is over; if this fails, it has to.
            let _ = self.lease(Duration::ZERO).await;
        }
    }

    fn note(&self, change: impl FnOnce(&mut super::Status)) {
        self.app.mqtt.note(self.tenant, change);
    }

    fn fail(&self, fault: String) {
        tracing::warn!(tenant = self.tenant.0, %fault, "MQTT");
        let now = self.app.engine.now();
        self.note(|status| {
            status.failures += 1;
            status.fault = Some((now, fault));
        });
    }

    async fn lease(&self, time: Duration) -> Result<Lease, Error> {
        let now = self.app.engine.now();
        let take = TakeLease {
            server: self.server.clone(),
            until: Time(now.0 + i64::try_from(time.as_micros()).unwrap_or(0)),
            broker: self.wanted.broker.masked(),
            prefix: self.wanted.prefix.clone().unwrap_or_default(),
        };
        let lease: Lease = read(&change(&self.app, self.tenant, take).await?)?;
        self.note(|status| status.is_leading = lease.is_held && time > Duration::ZERO);
        Ok(lease)
    }

    fn filters(&self) -> BTreeSet<String> {
        self.wanted.subscriptions.iter().map(|one| one.topic.clone()).collect()
    }
}

/// One connection, until it breaks.
struct Connection<'l> {
    line: &'l mut Line,
    client: AsyncClient,
    pump: JoinHandle<()>,
    came: mpsc::Receiver<Came>,
    lease: Lease,
    kept_at: Instant,
    /// Whether old messages may come yet.
    is_resuming: bool,
    /// Time never goes back for what arrives.
    arrived: Time,
    /// What waits to be published.
    outgoing: VecDeque<Outgoing>,
    /// How much was published that the broker has not said it has.
    unheard: usize,
    /// What is noted when it has all of it.
    page: Option<NotePublished>,
    published: Option<i64>,
    is_ready: bool,
    looked_at: Instant,
    statuses_from: Time,
    told: HashMap<i64, (String, Option<String>, Option<String>)>,
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

impl<'l> Connection<'l> {
    async fn run(line: &'l mut Line, lease: Lease) -> Result<(), String> {
        let broker = &line.wanted.broker;
        let mut options = MqttOptions::new(lease.client.clone(), broker.host.clone(), broker.port);
        options.set_keep_alive(KEEP_ALIVE).set_clean_session(false).set_manual_acks(true);
        options.set_max_packet_size(BYTES_MAX, BYTES_MAX);
        if broker.is_secure {
            options.set_transport(Transport::Tls(TlsConfiguration::Rustls(tls::config().await?)));
        }
        if let Some(user) = &broker.user {
            options.set_credentials(user.clone(), broker.password.clone().unwrap_or_default());
        }
        let (client, events) = AsyncClient::new(options, REQUESTS_MAX);
        let (sender, came) = mpsc::channel(WAITING_MAX);
        let now = Instant::now();
        let mut connection = Self {
            client,
            pump: tokio::spawn(pump(events, sender)),
            came,
            published: lease.published,
            lease,
            kept_at: now,
            is_resuming: true,
            arrived: line.app.engine.now(),
            outgoing: VecDeque::new(),
            unheard: 0,
            page: None,
            is_ready: false,
            looked_at: now,
            statuses_from: Time(0),
            told: HashMap::new(),
            line,
        };
        connection.talk().await
    }

    async fn talk(&mut self) -> Result<(), String> {
        let mut stop = self.line.stop.clone();
        loop {
            let mut messages = Vec::new();
            tokio::select! {
                biased;
                () = told(&mut stop) => return Ok(()),
                came = self.came.recv() => {
                    let mut next = Some(came.ok_or("the connection ended")?);
                    while let Some(came) = next {
                        self.take_in(came, &mut messages).await?;
                        next = if messages.len() < MESSAGES_MAX { self.came.try_recv().ok() } else { None };
                    }
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            self.take(messages).await?;
            if self.kept_at.elapsed() >= KEEP_EVERY {
                let lease = self.line.lease(LEASE).await.map_err(|error| error.to_string())?;
                self.kept_at = Instant::now();
                if !lease.is_held {
                    return Ok(());
                }
            }
            if self.is_ready {
                self.publish().await?;
            }
        }
    }

    async fn take_in(&mut self, came: Came, messages: &mut Vec<Publish>) -> Result<(), String> {
        match came {
            Came::Message(publish) => messages.push(publish),
            Came::Heard => self.unheard = self.unheard.saturating_sub(1),
            Came::Broken(fault) => return Err(fault),
            Came::Connected { is_known } => self.connected(is_known).await?,
            Came::Subscribed(true) => {
                let filters = self.line.filters().into_iter().collect();
                self.note_filters(filters, false).await?;
            }
            Came::Subscribed(false) => return Err("the broker refuses one of the subscriptions".to_owned()),
        }
        Ok(())
    }

    async fn note_filters(&mut self, filters: Vec<String>, is_new: bool) -> Result<(), String> {
        let note = NoteFilters { server: self.line.server.clone(), filters: filters.clone(), is_new };
        change(&self.line.app, self.line.tenant, note).await.map_err(|error| error.to_string())?;
        self.line.note(|status| status.filters = filters);
        Ok(())
    }

    /// Subscribes what the broker does not know of yet: it would send what it retains once more.
    async fn connected(&mut self, is_known: bool) -> Result<(), String> {
        let now = self.line.app.engine.now();
        self.line.note(|status| {
            status.is_connected = true;
            status.since = Some(now);
        });
        let before: BTreeSet<String> =
            if is_known { self.lease.filters.iter().cloned().collect() } else { BTreeSet::new() };
        if !is_known {
            // It remembers neither what it sent nor what it retained.
            self.is_resuming = false;
            self.published = None;
            self.note_filters(Vec::new(), true).await?;
        }
        let wanted = self.line.filters();
        for gone in before.difference(&wanted) {
            self.client.unsubscribe(gone.as_str()).await.map_err(|error| error.to_string())?;
        }
        let new: Vec<SubscribeFilter> = wanted
            .difference(&before)
            .map(|topic| SubscribeFilter { path: topic.clone(), qos: QoS::AtLeastOnce })
            .collect();
        if new.is_empty() {
            self.note_filters(wanted.into_iter().collect(), false).await?;
        } else {
            self.client.subscribe_many(new).await.map_err(|error| error.to_string())?;
        }
        self.is_ready = true;
        Ok(())
    }

    /// Takes messages in one transaction, and acknowledges them.
    async fn take(&mut self, messages: Vec<Publish>) -> Result<(), String> {
        if messages.is_empty() {
            return Ok(());
        }
        self.arrived = self.arrived.max(self.line.app.engine.now());
        let mut unreadable = 0;
        let mut because = None;
        let read_one = |one: &Publish| {
            let samples = message::samples(&self.line.wanted.subscriptions, &one.topic, &one.payload, self.arrived);
            let samples = samples.unwrap_or_else(|fault| {
                unreadable += 1;
                because = Some(fault);
                Vec::new()
            });
            let digest = message::digest(&one.topic, &one.payload);
            Message { packet: i64::from(one.pkid), digest, is_again: one.dup, samples }
        };
        let take = TakeMessages {
            server: self.line.server.clone(),
            messages: messages.iter().map(read_one).collect(),
            is_resuming: self.is_resuming,
        };
        let answer = change(&self.line.app, self.line.tenant, take).await.map_err(|error| error.to_string())?;
        let taken: Taken = read(&answer).map_err(|error| error.to_string())?;
        if !taken.is_held {
            return Err("another server talks to the broker".to_owned());
        }
        self.is_resuming = taken.is_resuming;
        self.line.note(|status| {
            status.received += messages.len() as u64;
            status.accepted += taken.accepted as u64;
            status.ignored += taken.ignored as u64;
            status.repeated += taken.repeated as u64;
            status.unreadable += unreadable;
            if because.is_some() {
                status.unreadable_because = because;
            }
        });
        for one in &messages {
            self.client.ack(one).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Publishes what waits, looks for more when the broker has all of it, and notes how far it went.
    async fn publish(&mut self) -> Result<(), String> {
        let Some(prefix) = self.line.wanted.prefix.clone() else { return Ok(()) };
        if self.outgoing.is_empty() && self.unheard == 0 {
            if let Some(note) = self.page.take() {
                self.published = Some(note.position);
                let answer = change(&self.line.app, self.line.tenant, note).await;
                if answer.map_err(|error| error.to_string())? != "true" {
                    return Err("another server talks to the broker".to_owned());
                }
            }
            if self.looked_at.elapsed() >= LOOK_EVERY {
                self.look(&prefix).await.map_err(|error| error.to_string())?;
                self.looked_at = Instant::now();
            }
        }
        while self.unheard < UNHEARD_MAX {
            let Some(Outgoing { topic, payload }) = self.outgoing.pop_front() else { break };
            self.client.publish(topic, QoS::AtLeastOnce, true, payload).await.map_err(|error| error.to_string())?;
            self.unheard += 1;
            self.line.note(|status| status.published += 1);
        }
        Ok(())
    }

    async fn look(&mut self, prefix: &str) -> Result<(), Error> {
        let (engine, tenant) = (self.line.app.engine.clone(), self.line.tenant);
        let (published, from, below) = (self.published, self.statuses_from, prefix.to_owned());
        let (page, statuses) = bridge::read(&self.line.app.engine, move |conn| {
            let page = publish::inventory(conn, &engine, tenant, &below, published)?;
            Ok((page, publish::statuses(conn, tenant, &below, from)?))
        })
        .await?;
        for (told, outgoing) in statuses {
            let state = (told.status, told.run, told.fault);
            if self.told.get(&told.id) != Some(&state) {
                self.outgoing.push_back(outgoing);
                self.told.insert(told.id, state);
            }
            // One that commits late may have an earlier time.
            self.statuses_from = self.statuses_from.max(Time(told.at.0.max(1 + STATUS_OVERLAP) - STATUS_OVERLAP));
        }
        if let Some(page) = page {
            self.outgoing.extend(page.messages);
            let (server, position) = (self.line.server.clone(), page.position);
            self.page = Some(NotePublished { server, position, answered: page.answered });
        }
        Ok(())
    }
}

/// Ends when it is told to stop, or nobody is left to tell.
async fn told(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

/// Keeps the connection going, and hands on what it brings.
async fn pump(mut events: EventLoop, sender: mpsc::Sender<Came>) {
    loop {
        let came = match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(answer))) => Came::Connected { is_known: answer.session_present },
            Ok(Event::Incoming(Packet::Publish(publish))) => Came::Message(publish),
            Ok(Event::Incoming(Packet::SubAck(answer))) => {
                Came::Subscribed(answer.return_codes.iter().all(|code| *code != SubscribeReasonCode::Failure))
            }
            Ok(Event::Incoming(Packet::PubAck(_))) => Came::Heard,
            Ok(_) => continue,
            Err(error) => {
                // The receiver may have gone already, which is all the same now.
                let _ = sender.send(Came::Broken(error.to_string())).await;
                return;
            }
        };
        if sender.send(came).await.is_err() {
            return;
        }
    }
}
