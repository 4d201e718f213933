//! MQTT: which broker, what is taken from it as tags, and how a message that comes twice is known.
//!
//! A message is taken in one transaction with what it starts and stops, and acknowledged after that. A
//! server that dies between the two gets the message again, under the same packet number; what was taken
//! last under each number is kept, so it is taken once. One server at a time talks, under a lease.

use std::collections::BTreeMap;

use lotbook_domain::expression::tag_path;
use lotbook_domain::id::{LocationId, TenantId};
use lotbook_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::command::{Sample, SetTags, TagsSet};
use crate::error::Error;
use crate::store::Conn;
use crate::table::mqtt::{self as table, Session};
use crate::thing::value::Value;
use crate::write::{Change, Tx};

/// The port of MQTT, and that of MQTT over TLS.
const PORTS: [u16; 2] = [1883, 8883];
/// What stands for a password that is not shown.
pub const MASK: &str = "***";
/// A tenant has at most so many subscriptions.
pub const SUBSCRIPTIONS_MAX: usize = 1_000;
/// A topic has at most so many bytes.
const TOPIC_MAX: usize = 1_024;
/// The same packet number is not used again before so many others.
const PACKETS_APART: i64 = 32_768;

/// A broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Whether it is talked to over TLS.
    pub is_secure: bool,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// As whom.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<String>,
}

impl Broker {
    /// `mqtt[s]://[user[:password]@]host[:port]`; the error says what is wrong with it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let is_one_of = |scheme: &str, known: [&str; 2]| known.iter().any(|one| scheme.eq_ignore_ascii_case(one));
        let (is_secure, rest) = match url.split_once("://") {
            Some((scheme, rest)) if is_one_of(scheme, ["mqtt", "tcp"]) => (false, rest),
            Some((scheme, rest)) if is_one_of(scheme, ["mqtts", "ssl"]) => (true, rest),
            _ => return Err("is no address of a broker; send mqtt://user:password@host:1883".to_owned()),
        };
        let rest = rest.trim_end_matches('/');
        let (login, address) = rest.rsplit_once('@').map_or((None, rest), |(login, address)| (Some(login), address));
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                let port = port.parse().ok().filter(|port| *port > 0);
                (host, port.ok_or_else(|| "has no port that is a number from 1 to 65535".to_owned())?)
            }
            _ => (address, PORTS[usize::from(is_secure)]),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) || host.contains(char::is_control) {
            return Err("names no host; send mqtt://user:password@host:1883".to_owned());
        }
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
            None => (None, None),
            Some((user, password)) => (Some(decode(user)?), Some(decode(password)?)),
        };
        Ok(Self { is_secure, host: host.to_owned(), port, user, password: password.filter(|text| !text.is_empty()) })
    }

    /// The address with the password left out.
    pub fn masked(&self) -> String {
        let login = match (&self.user, &self.password) {
            (Some(user), Some(_)) => format!("{}:{MASK}@", encode(user)),
            (Some(user), None) => format!("{}@", encode(user)),
            (None, _) => String::new(),
        };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("mqtt{}://{login}{host}:{}", if self.is_secure { "s" } else { "" }, self.port)
    }
}

fn decode(text: &str) -> Result<String, String> {
    let wrong = || "has a % that does not stand before two hexadecimal digits".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().ok_or_else(wrong)?, rest.next().ok_or_else(wrong)?];
            let digits = std::str::from_utf8(&digits).map_err(|_| wrong())?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| "has a login that is not UTF-8".to_owned())
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What is subscribed, and which tags its messages are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// The topic filter: `plant/+/temperature`, `plant/#`.
    pub topic: String,
    /// The tag. Each `+` of it stands for what the next `+` of the topic was, `#` for what `#` was; where the
    /// tag has neither, what they were is added at its end.
    pub tag: String,
    /// Where the value is in a message of JSON, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Where its time is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

impl Subscription {
    /// The subscriptions of a setting; the error says what is wrong with them.
    pub fn list(value: &Value) -> Result<Vec<Self>, String> {
        let Value::List(items) = value else {
            return Err(format!("is {}; send a list of {{topic, tag, pointer?}}", value.noun()));
        };
        if items.len() > SUBSCRIPTIONS_MAX {
            return Err(format!("has {} subscriptions; {SUBSCRIPTIONS_MAX} are allowed", items.len()));
        }
        let read = |(at, item): (usize, &Value)| Self::read(item).map_err(|fault| format!("[{at}] {fault}"));
        items.iter().enumerate().map(read).collect()
    }

    fn read(value: &Value) -> Result<Self, String> {
        let Value::Object(fields) = value else {
            return Err(format!("is {}; send {{topic, tag, pointer?}}", value.noun()));
        };
        let known = ["topic", "tag", "pointer", "time"];
        if let Some((name, _)) = fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(format!("has a field {name}; there are {}", known.join(", ")));
        }
        let text = |name: &str| match fields.iter().find(|(field, _)| field == name) {
            None | Some((_, Value::Null)) => Ok(None),
            Some((_, Value::Text(text))) => Ok(Some(text.clone())),
            Some((_, other)) => Err(format!("{name} is {}; send a text", other.noun())),
        };
        let topic = text("topic")?.ok_or("topic is missing; send a topic filter such as plant/+/temperature")?;
        let wild = check_filter(&topic)?;
        let tag = text("tag")?.ok_or("tag is missing; send a tag such as [default]Plant/+/Temperature")?;
        let tag = tag_path(&tag).ok_or_else(|| format!("tag is {tag:?}; send [provider]Path/To/Tag"))?;
        let of_tag = wildcards(tag.split(']').nth(1).unwrap_or_default());
        if of_tag.0 > wild.0 || of_tag.1 > wild.1 {
            return Err(format!("tag {tag} has more + or # than the topic {topic}"));
        }
        let pointer = |name: &str| match text(name)? {
            Some(text) if !text.is_empty() && !text.starts_with('/') => {
                Err(format!("{name} is {text:?}; a JSON pointer begins with /"))
            }
            found => Ok(found),
        };
        Ok(Self { topic, tag, pointer: pointer("pointer")?, time: pointer("time")? })
    }

    /// The tag that a topic is, if the filter takes it.
    pub fn tag_of(&self, topic: &str) -> Option<String> {
        let mut filter = self.topic.split('/');
        let mut levels = topic.split('/');
        let mut found: Vec<&str> = Vec::new();
        let mut rest: Option<String> = None;
        // Topics of the broker's own are not meant by a filter that begins with a wildcard.
        if topic.starts_with('$') && !self.topic.starts_with('$') {
            return None;
        }
        loop {
            match (filter.next(), levels.next()) {
                (Some("#"), level) => {
                    let all: Vec<&str> = level.into_iter().chain(levels).collect();
                    rest = Some(all.join("/"));
                    break;
                }
                (Some("+"), Some(level)) => found.push(level),
                (Some(wanted), Some(level)) if wanted == level => {}
                (None, None) => break,
                _ => return None,
            }
        }
        let (provider, path) = self.tag.split_once(']')?;
        let tag = if wildcards(path) == (0, 0) {
            let added = found.into_iter().map(str::to_owned).chain(rest).filter(|part| !part.is_empty());
            std::iter::once(path.to_owned()).chain(added).collect::<Vec<_>>().join("/")
        } else {
            let mut found = found.into_iter();
            let steps = path.split('/').map(|step| match step {
                "+" => found.next().unwrap_or_default().to_owned(),
                "#" => rest.clone().unwrap_or_default(),
                step => step.to_owned(),
            });
            steps.collect::<Vec<_>>().join("/")
        };
        tag_path(&format!("{provider}]{tag}"))
    }
}

/// How many levels are `+`, and how many `#`.
fn wildcards(path: &str) -> (usize, usize) {
    let count = |wanted: &str| path.split('/').filter(|step| *step == wanted).count();
    (count("+"), count("#"))
}

fn check_filter(topic: &str) -> Result<(usize, usize), String> {
    if topic.is_empty() || topic.len() > TOPIC_MAX || topic.contains(char::is_control) {
        return Err(format!("topic has to have 1 to {TOPIC_MAX} characters that can be seen"));
    }
    let levels: Vec<&str> = topic.split('/').collect();
    for (at, level) in levels.iter().enumerate() {
        let is_last = at + 1 == levels.len();
        if level.contains('#') && (*level != "#" || !is_last) {
            return Err(format!("topic {topic}: # stands alone in the last level"));
        }
        if level.contains('+') && *level != "+" {
            return Err(format!("topic {topic}: + stands alone in its level"));
        }
    }
    Ok(wildcards(topic))
}

/// A prefix of topics, as the setting `mqtt.publishPrefix` has it.
pub fn check_prefix(text: &str) -> Result<String, String> {
    let prefix = text.trim().trim_matches('/');
    if prefix.is_empty() || prefix.len() > TOPIC_MAX {
        return Err(format!("has to have 1 to {TOPIC_MAX} characters; null turns publishing off"));
    }
    if prefix.contains(['+', '#']) || prefix.starts_with('$') || prefix.contains(char::is_control) {
        return Err("has a +, # or $ at its beginning, which topics cannot have".to_owned());
    }
    Ok(prefix.to_owned())
}

/// What a tenant wants of MQTT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// From which broker.
    pub broker: Broker,
    /// What is taken.
    pub subscriptions: Vec<Subscription>,
    /// Below which topic stock and operations are published; `None` = not at all.
    pub prefix: Option<String>,
}

/// What the tenants want that want anything.
pub fn wanted(conn: &mut Conn) -> Result<BTreeMap<TenantId, Wanted>, Error> {
    let mut of_tenants: BTreeMap<TenantId, BTreeMap<String, Value>> = BTreeMap::new();
    for (tenant, key, json) in table::settings(conn)? {
        if let Ok(value) = Value::parse(&json) {
            of_tenants.entry(tenant).or_default().insert(key, value);
        }
    }
    let read = |settings: &BTreeMap<String, Value>| {
        if settings.get("mqtt.enabled") == Some(&Value::Bool(false)) {
            return None;
        }
        let Some(Value::Text(url)) = settings.get("mqtt.url") else { return None };
        let prefix = match settings.get("mqtt.publishPrefix") {
            Some(Value::Text(text)) => check_prefix(text).ok(),
            _ => None,
        };
        let subscriptions = settings.get("mqtt.subscriptions").and_then(|value| Subscription::list(value).ok());
        let subscriptions = subscriptions.unwrap_or_default();
        let wants = prefix.is_some() || !subscriptions.is_empty();
        wants.then(|| Broker::parse(url).ok().map(|broker| Wanted { broker, subscriptions, prefix })).flatten()
    };
    Ok(of_tenants.iter().filter_map(|(tenant, settings)| Some((*tenant, read(settings)?))).collect())
}

/// Takes or keeps the lease. Answers the [`Lease`].
pub struct TakeLease {
    /// The server that asks.
    pub server: String,
    /// Until when; over = given up.
    pub until: Time,
    /// Which broker, without the password: another one knows nothing of the session.
    pub broker: String,
    /// Below which topic inventory is published; below another one nothing is yet.
    pub prefix: String,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Whether it is the server's that asked.
    pub is_held: bool,
    /// Whose it is.
    pub leased_by: String,
    /// The name under which the broker keeps the session.
    pub client: String,
    /// What is subscribed at the broker already.
    pub filters: Vec<String>,
    /// Up to which position inventory was published; `None` = none was.
    pub published: Option<i64>,
}

impl Change for TakeLease {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if table::session(tx.conn, tx.tenant, false)?.is_none() {
            let client = format!("lotbook-{}", tx.uid().to_lowercase());
            table::found(tx.conn, tx.tenant, &client)?;
        }
        let mut session = held(tx)?;
        // A lease that is longer than any was given by a clock that has been set back.
        let length = self.until.0.saturating_sub(tx.now.0);
        let is_over = session.leased_until <= tx.now || session.leased_until.0 > tx.now.0 + 2 * length.max(1);
        let is_held = session.leased_by == self.server || is_over;
        if is_held {
            session.leased_by.clone_from(&self.server);
            session.leased_until = self.until;
            if session.broker != self.broker && self.until > tx.now {
                session.broker.clone_from(&self.broker);
                "[]".clone_into(&mut session.filters);
                session.published = None;
                table::forget_taken(tx.conn, tx.tenant)?;
            }
            if session.prefix != self.prefix && self.until > tx.now {
                session.prefix.clone_from(&self.prefix);
                session.published = None;
            }
            table::save(tx.conn, tx.tenant, &session)?;
        }
        let filters = serde_json::from_str(&session.filters).unwrap_or_default();
        let lease = Lease {
            is_held,
            leased_by: session.leased_by,
            client: session.client,
            filters,
            published: session.published,
        };
        Ok(serde_json::to_string(&lease).expect("an answer is plain data"))
    }

    fn may_share(&self) -> bool {
        true
    }
}

fn held(tx: &mut Tx<'_>) -> Result<Session, Error> {
    table::session(tx.conn, tx.tenant, true)?.ok_or_else(|| Error::Internal("there is no MQTT session".to_owned()))
}

/// A message from the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its packet number; 0 = it is sent once and not acknowledged.
    pub packet: i64,
    /// What it says, as a hash of topic and content.
    pub digest: String,
    /// Whether the broker says that it has sent it before.
    pub is_again: bool,
    /// What it says of tags.
    pub samples: Vec<Sample>,
}

/// Takes messages, in their order, each once. Answers [`Taken`].
///
/// Errors: as [`SetTags`]. Cost: three statements more than that.
pub struct TakeMessages {
    /// The server that has the lease.
    pub server: String,
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether they follow a connection, and so may be old ones whatever the broker says of them.
    pub is_resuming: bool,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Whether the lease was the server's; if not, nothing was taken.
    pub is_held: bool,
    /// How many samples were taken.
    pub accepted: i64,
    /// How many were older than what was known.
    pub ignored: i64,
    /// How many messages had been taken before.
    pub repeated: i64,
    /// Whether old ones may still follow.
    pub is_resuming: bool,
}

impl Change for TakeMessages {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut session = held(tx)?;
        let mut taken = Taken::default();
        if session.leased_by == self.server {
            taken.is_held = true;
            taken.is_resuming = self.is_resuming;
            let packets = self.messages.iter().map(|message| message.packet).filter(|packet| *packet > 0);
            let mut known = table::taken(tx.conn, tx.tenant, packets)?;
            let mut new = BTreeMap::new();
            let mut samples = Vec::new();
            for message in &self.messages {
                if message.packet > 0 {
                    let is_known = known.get(&message.packet).is_some_and(|(digest, ordinal)| {
                        *digest == message.digest && session.taken - ordinal < PACKETS_APART
                    });
                    if is_known && (message.is_again || taken.is_resuming) {
                        taken.repeated += 1;
                        continue;
                    }
                    taken.is_resuming = false;
                    session.taken += 1;
                    known.insert(message.packet, (message.digest.clone(), session.taken));
                    new.insert(message.packet, (message.digest.clone(), session.taken));
                }
                samples.extend(message.samples.iter().cloned());
            }
            if !samples.is_empty() {
                let set: TagsSet = serde_json::from_str(&SetTags { samples }.run(tx)?)
                    .map_err(|error| Error::Internal(format!("what tags were set: {error}")))?;
                (taken.accepted, taken.ignored) = (set.accepted, set.ignored);
            }
            if !new.is_empty() {
                table::note_taken(tx.conn, tx.tenant, &new)?;
                table::save(tx.conn, tx.tenant, &session)?;
            }
        }
        Ok(serde_json::to_string(&taken).expect("an answer is plain data"))
    }

    fn may_share(&self) -> bool {
        true
    }
}

/// Notes what is subscribed, and whether the broker has begun a new session. Answers whether the lease is the
/// server's.
pub struct NoteFilters {
    /// The server that has the lease.
    pub server: String,
    /// What is subscribed.
    pub filters: Vec<String>,
    /// Whether the broker knew nothing of the session.
    pub is_new: bool,
}

impl Change for NoteFilters {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut session = held(tx)?;
        let is_held = session.leased_by == self.server;
        if is_held {
            if self.is_new {
                table::forget_taken(tx.conn, tx.tenant)?;
                session.published = None;
            }
            session.filters = serde_json::to_string(&self.filters).expect("a list of texts can be printed");
            table::save(tx.conn, tx.tenant, &session)?;
        }
        Ok(is_held.to_string())
    }
}

/// Notes that inventory was published. Answers whether the lease is the server's.
pub struct NotePublished {
    /// The server that has the lease.
    pub server: String,
    /// Up to which position.
    pub position: i64,
    /// What was asked for, and is published now.
    pub answered: Vec<LocationId>,
}

impl Change for NotePublished {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut session = held(tx)?;
        let is_held = session.leased_by == self.server;
        if is_held {
            session.published = Some(self.position.max(session.published.unwrap_or_default()));
            table::save(tx.conn, tx.tenant, &session)?;
            table::answered(tx.conn, tx.tenant, self.answered.iter().copied())?;
        }
        Ok(is_held.to_string())
    }

    fn may_share(&self) -> bool {
        true
    }
}

/// Asks for the inventory of locations to be published, by whichever server talks to the broker.
pub struct AskInventory {
    /// Of which; none = of all.
    pub locations: Vec<LocationId>,
}

impl Change for AskInventory {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let all = [LocationId::NONE];
        let locations = if self.locations.is_empty() { all.as_slice() } else { &self.locations };
        table::ask(tx.conn, tx.tenant, locations.iter().copied())?;
        Ok("true".to_owned())
    }

    fn may_share(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(topic: &str, tag: &str) -> Subscription {
        let value = Value::parse(&serde_json::json!([{ "topic": topic, "tag": tag }]).to_string()).unwrap();
        Subscription::list(&value).unwrap().pop().unwrap()
    }

    #[test]
    fn brokers_are_read_and_shown_without_their_password() {
        let broker = Broker::parse("mqtt://us%40er:se:c%2Fret@plant.example:1884/").unwrap();
        assert_eq!((broker.host.as_str(), broker.port), ("plant.example", 1884));
        assert_eq!((broker.user.as_deref(), broker.password.as_deref()), (Some("us@er"), Some("se:c/ret")));
        assert_eq!(broker.masked(), "mqtt://us%40er:***@plant.example:1884");
        assert_eq!(Broker::parse("mqtt://[::1]").unwrap().masked(), "mqtt://[::1]:1883");
        let secure = Broker::parse("MQTTS://user:secret@plant.example").unwrap();
        assert_eq!((secure.is_secure, secure.masked().as_str()), (true, "mqtts://user:***@plant.example:8883"));
        for wrong in ["plant:1883", "http://plant", "mqtt://", "mqtt://a:b@", "mqtt://h:0", "mqtt://h:x"] {
            assert!(Broker::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn topics_become_tags() {
        let exact = subscription("plant/line1/count", "Line1/Count");
        assert_eq!(exact.tag_of("plant/line1/count").as_deref(), Some("[default]Line1/Count"));
        assert_eq!(exact.tag_of("plant/line1/count/x"), None);
        let levels = subscription("plant/+/temp/+", "[plc]Plant/+/T/+");
        assert_eq!(levels.tag_of("plant/a/temp/b").as_deref(), Some("[plc]Plant/a/T/b"));
        let rest = subscription("plant/+/#", "[default]+/#");
        assert_eq!(rest.tag_of("plant/a/b/c").as_deref(), Some("[default]a/b/c"));
        let added = subscription("plant/#", "Plant");
        assert_eq!(added.tag_of("plant/a/b").as_deref(), Some("[default]Plant/a/b"));
        assert_eq!(added.tag_of("plant").as_deref(), Some("[default]Plant"));
        assert_eq!(added.tag_of("plants/a"), None);
        assert_eq!(subscription("#", "All").tag_of("$SYS/load"), None);
        let wrong = Value::parse(r#"[{"topic": "a/#/b", "tag": "T"}]"#).unwrap();
        assert!(Subscription::list(&wrong).unwrap_err().contains("last level"));
        let wrong = Value::parse(r#"[{"topic": "a/b", "tag": "T/+"}]"#).unwrap();
        assert!(Subscription::list(&wrong).unwrap_err().contains("more + or #"));
    }
}
