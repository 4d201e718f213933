//! Webhooks: what people may say of them, and how far each was told.
//!
//! A webhook reads the ledger with the eyes of the person who last changed it, so that nobody sees more by
//! giving another person's webhook an address of their own. One server at a time delivers, under a lease;
//! what it tells is noted with the lease in hand, so that a server that was away too long changes nothing.

use lotbook_domain::id::{TenantId, WebhookId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Error;
use crate::security::Edit;
use crate::store::Conn;
use crate::table::header::{self, BatchKind};
use crate::table::webhook::{self, Delivery, Webhook};
use crate::uid;
use crate::write::{Change, Tx};

/// A tenant has at most so many webhooks.
const WEBHOOKS_MAX: usize = 100;
const DESCRIPTION_CHARS_MAX: usize = 1_000;
/// After a new secret was made, the one before signs as well for so long.
const OLD_SECRET_KEPT: i64 = Time::DAY;
/// At most so many batches are asked for again in one call.
pub const REDELIVERED_MAX: i64 = 10_000;
/// Deliveries that went well are told of for so long.
const DELIVERIES_KEPT: i64 = 7 * Time::DAY;

/// The kinds of batches by name, with the numbers that stand for them.
pub fn kinds() -> Vec<(&'static str, i64)> {
    let mut found: Vec<(&'static str, i64)> = Vec::new();
    for code in 1..=32 {
        let name = BatchKind::name_of(code);
        if found.iter().all(|(known, _)| *known != name) {
            found.push((name, code));
        }
    }
    found
}

/// What a person may say of a webhook.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Where it is sent; checked by the door, which knows addresses.
    pub url: Option<String>,
    /// Of which kinds of batches it is told; empty = of every kind.
    pub kinds: Option<Vec<String>>,
    /// What it is for.
    pub description: Edit<String>,
    /// Whether anything is delivered.
    pub is_enabled: Option<bool>,
    /// What the door found wrong.
    pub violations: Vec<Violation>,
}

impl Said {
    fn check(&self, is_new: bool) -> Result<(), Error> {
        let mut violations = self.violations.clone();
        if is_new && self.url.is_none() && violations.iter().all(|violation| violation.field != "url") {
            violations.push(Violation::new("url", "required", "is missing; say where batches are to be sent"));
        }
        let known = kinds();
        for kind in self.kinds.iter().flatten() {
            if known.iter().all(|(name, _)| name != kind) {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                let message = format!("there is no kind {kind:?}; there are {}", names.join(", "));
                violations.push(Violation::new("kinds", "unknownKind", message));
            }
        }
        if let Some(text) = self.description.as_set() {
            let chars = text.chars().count();
            if chars > DESCRIPTION_CHARS_MAX {
                let message = format!("has {chars} characters; at most {DESCRIPTION_CHARS_MAX} fit");
                violations.push(Violation::new("description", "tooLong", message));
            } else if text.chars().any(|letter| letter.is_control() && letter != '\n') {
                violations.push(Violation::new("description", "illegalText", "has characters that cannot be seen"));
            }
        }
        if violations.is_empty() { Ok(()) } else { Err(Error::Invalid(violations)) }
    }

    fn apply(&self, webhook: &mut Webhook) {
        if let Some(url) = &self.url {
            webhook.url.clone_from(url);
        }
        if let Some(kinds) = &self.kinds {
            webhook.kinds = serde_json::to_string(kinds).expect("a list of texts can be printed");
        }
        match &self.description {
            Edit::Keep => {}
            Edit::Remove => webhook.description = None,
            Edit::Set(text) => webhook.description = Some(text.clone()),
        }
        if let Some(is_enabled) = self.is_enabled {
            webhook.is_enabled = is_enabled;
        }
    }
}

/// Makes a webhook. Answers it with its secret, which is told this once.
///
/// Errors: invalid; refused `tooManyWebhooks`.
pub struct CreateWebhook {
    /// What is said of it.
    pub said: Said,
    /// With what it signs.
    pub secret: String,
    /// It is told of the batches after this position; `None` = of those from now on.
    pub after: Option<i64>,
}

/// Changes a webhook, which from then on reads with the eyes of who changed it.
///
/// Errors: invalid; not found `webhook`; conflict.
pub struct ChangeWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// What is said of it.
    pub said: Said,
    /// The version that the change was made from.
    pub version: Option<i64>,
}

/// Gives a webhook a new secret, told this once; the one before signs as well for a day.
pub struct RenewSecret {
    /// Which.
    pub webhook: WebhookId,
    /// With what it signs from now on.
    pub secret: String,
}

/// Deletes a webhook with its list of deliveries. Answers `{}`.
pub struct DeleteWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// The version that the wish was made from.
    pub version: Option<i64>,
}

/// What is to be delivered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Everything that was given up.
    Dead,
    /// One batch, whatever its kind.
    One(i64),
    /// The batches from one position to another, of the kinds that the webhook is told of.
    Range(i64, i64),
}

/// Asks for deliveries again. Answers how many: `{"redelivered": 3}`.
///
/// Errors: not found `webhook` or `batch`; refused `notToldYet`, `tooManyDeliveries`.
pub struct Redeliver {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// What.
    pub again: Again,
}

/// A webhook as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    id: i64,
    uid: String,
    url: String,
    kinds: Vec<String>,
    description: Option<String>,
    is_enabled: bool,
    stopped_because: Option<String>,
    position: i64,
    attempts: i64,
    next_attempt_at: Option<String>,
    dead: i64,
    user: i64,
    created_at: String,
    created_by: i64,
    modified_at: String,
    modified_by: i64,
    version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl WebhookView {
    /// The webhook's id.
    pub fn id(&self) -> WebhookId {
        WebhookId(self.id)
    }
}

/// The kinds that a webhook is told of; empty = every kind.
pub fn kinds_of(webhook: &Webhook) -> Result<Vec<String>, Error> {
    serde_json::from_str(&webhook.kinds)
        .map_err(|_| Error::Internal(format!("the kinds of webhook {} are not a list: {}", webhook.id, webhook.kinds)))
}

fn view(webhook: &Webhook, dead: i64, shows_secret: bool) -> Result<WebhookView, Error> {
    Ok(WebhookView {
        id: webhook.id.0,
        uid: uid::print(&webhook.uid),
        url: webhook.url.clone(),
        kinds: kinds_of(webhook)?,
        description: webhook.description.clone(),
        is_enabled: webhook.is_enabled,
        stopped_because: webhook.stopped_because.clone(),
        position: webhook.position,
        attempts: webhook.attempts,
        next_attempt_at: (webhook.attempts > 0).then(|| webhook.due_at.to_string()),
        dead,
        user: webhook.person.0,
        created_at: webhook.created_at.to_string(),
        created_by: webhook.created_by.0,
        modified_at: webhook.modified_at.to_string(),
        modified_by: webhook.modified_by.0,
        version: webhook.version,
        secret: shows_secret.then(|| webhook.secret.clone()),
    })
}

fn print(view: &WebhookView) -> String {
    serde_json::to_string(view).expect("views have text keys and parts that can be printed")
}

/// Webhooks as they are shown.
pub fn views(conn: &mut Conn, tenant: TenantId, webhooks: &[Webhook]) -> Result<Vec<WebhookView>, Error> {
    let ids: Vec<WebhookId> = webhooks.iter().map(|webhook| webhook.id).collect();
    let dead = webhook::count_dead(conn, tenant, &ids)?;
    let dead_of = |id| dead.iter().find(|(found, _)| *found == id).map_or(0, |(_, count)| *count);
    webhooks.iter().map(|webhook| view(webhook, dead_of(webhook.id), false)).collect()
}

/// The webhook that an id or ULID names.
pub fn find(conn: &mut Conn, tenant: TenantId, reference: &str) -> Result<Webhook, Error> {
    let missing = || Error::not_found("webhook", reference);
    let id = match (reference.parse().ok(), uid::parse(reference)) {
        (Some(id), _) => WebhookId(id),
        (None, Some(uid)) => webhook::id_of_uid(conn, tenant, &uid)?.ok_or_else(missing)?,
        (None, None) => return Err(missing()),
    };
    webhook::by_id(conn, tenant, id, false)?.ok_or_else(missing)
}

fn locked(tx: &mut Tx<'_>, id: WebhookId, version: Option<i64>) -> Result<Webhook, Error> {
    let found = webhook::by_id(tx.conn, tx.tenant, id, true)?.ok_or_else(|| Error::not_found("webhook", id))?;
    match version {
        Some(asked) if asked != found.version => Err(Error::Conflict {
            message: format!(
                "the webhook {id} is at version {}, not {asked}; read it again and repeat the change",
                found.version
            ),
        }),
        _ => Ok(found),
    }
}

impl Change for CreateWebhook {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        self.said.check(true)?;
        if webhook::page(tx.conn, tx.tenant, 0, WEBHOOKS_MAX as i64)?.len() >= WEBHOOKS_MAX {
            let message = format!("there are {WEBHOOKS_MAX} webhooks already; delete one that nobody reads");
            return Err(Error::refused("tooManyWebhooks", message));
        }
        let end = header::position(tx.conn, tx.tenant)?;
        let mut made = Webhook {
            id: WebhookId(tx.ids("webhook", 1)?),
            uid: tx.uid(),
            url: String::new(),
            kinds: "[]".to_owned(),
            description: None,
            secret: self.secret.clone(),
            old_secret: None,
            is_enabled: true,
            stopped_because: None,
            person: tx.person,
            position: self.after.unwrap_or(end).clamp(0, end),
            attempts: 0,
            due_at: Time(0),
            created_at: tx.now,
            created_by: tx.person,
            modified_at: tx.now,
            modified_by: tx.person,
            version: 1,
        };
        self.said.apply(&mut made);
        webhook::insert(tx.conn, tx.tenant, &made)?;
        tx.audit("createWebhook", format!("webhook {}", made.id), Some(made.url.clone()));
        Ok(print(&view(&made, 0, true)?))
    }
}

impl Change for ChangeWebhook {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        self.said.check(false)?;
        let mut found = locked(tx, self.webhook, self.version)?;
        self.said.apply(&mut found);
        if found.is_enabled {
            found.stopped_because = None;
        }
        found.person = tx.person;
        keep(tx, &mut found)?;
        tx.audit("changeWebhook", format!("webhook {}", found.id), Some(found.url.clone()));
        let shown = views(tx.conn, tx.tenant, &[found])?;
        Ok(print(&shown[0]))
    }
}

fn keep(tx: &mut Tx<'_>, webhook: &mut Webhook) -> Result<(), Error> {
    webhook.modified_at = tx.now;
    webhook.modified_by = tx.person;
    webhook.version += 1;
    webhook::change(tx.conn, tx.tenant, webhook)
}

impl Change for RenewSecret {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut found = locked(tx, self.webhook, None)?;
        let old = std::mem::replace(&mut found.secret, self.secret.clone());
        found.old_secret = Some((old, Time(tx.now.0 + OLD_SECRET_KEPT)));
        keep(tx, &mut found)?;
        tx.audit("renewWebhookSecret", format!("webhook {}", found.id), None);
        let dead = webhook::count_dead(tx.conn, tx.tenant, &[found.id])?.first().map_or(0, |(_, count)| *count);
        Ok(print(&view(&found, dead, true)?))
    }
}

impl Change for DeleteWebhook {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let found = locked(tx, self.webhook, self.version)?;
        webhook::delete(tx.conn, tx.tenant, found.id)?;
        tx.audit("deleteWebhook", format!("webhook {}", found.id), Some(found.url));
        Ok("{}".to_owned())
    }
}

impl Change for Redeliver {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let found = locked(tx, self.webhook, None)?;
        let count = match self.again {
            Again::Dead => webhook::revive(tx.conn, tx.tenant, found.id)?,
            Again::One(position) => {
                told(&found, position)?;
                let count = webhook::ask_again(tx.conn, tx.tenant, found.id, (position, position), None, tx.now)?;
                if count == 0 {
                    return Err(Error::not_found("batch", position));
                }
                count
            }
            Again::Range(from, to) => {
                told(&found, to)?;
                if to - from >= REDELIVERED_MAX {
                    let message = format!(
                        "{} batches are too many for one call; ask for at most {REDELIVERED_MAX}",
                        i128::from(to) - i128::from(from) + 1
                    );
                    return Err(Error::refused("tooManyDeliveries", message));
                }
                let wanted = kinds_of(&found)?;
                let codes: Vec<i64> =
                    (1..=32).filter(|code| wanted.iter().any(|name| name == BatchKind::name_of(*code))).collect();
                let codes = (!wanted.is_empty()).then_some(codes.as_slice());
                webhook::ask_again(tx.conn, tx.tenant, found.id, (from, to), codes, tx.now)?
            }
        };
        tx.audit("redeliver", format!("webhook {}", found.id), Some(format!("{count} batches")));
        Ok(format!("{{\"redelivered\":{count}}}"))
    }
}

/// What was not told yet is told in its turn.
fn told(webhook: &Webhook, position: i64) -> Result<(), Error> {
    if position <= webhook.position {
        return Ok(());
    }
    Err(Error::Refused {
        code: "notToldYet",
        message: format!(
            "webhook {} has been told of batches up to {}; {position} comes in its turn",
            webhook.id, webhook.position
        ),
        details: vec![("position", webhook.position.into())],
    })
}

/// Takes or keeps the lease of a webhook. Answers whether it is this server's: `true` or `false`.
pub struct Lease {
    /// Which.
    pub webhook: WebhookId,
    /// The server that asks.
    pub server: String,
    /// Until when.
    pub until: Time,
}

impl Change for Lease {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let is_held = webhook::lease(tx.conn, tx.tenant, self.webhook, &self.server, tx.now, self.until)?;
        Ok(is_held.to_string())
    }

    fn may_share(&self) -> bool {
        true
    }
}

/// Notes what became of deliveries, and keeps or gives up the lease. Answers whether the lease was still
/// this server's; if it was not, nothing is noted.
pub struct Note {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// The server that delivered.
    pub server: String,
    /// What was tried.
    pub deliveries: Vec<Delivery>,
    /// Every batch up to here was delivered or given up.
    pub position: i64,
    /// How often the batch after it has failed.
    pub attempts: i64,
    /// The batch after it is not tried before.
    pub due_at: Time,
    /// Until when the lease is kept; over = given up.
    pub until: Time,
    /// Why nothing more is delivered.
    pub stop: Option<String>,
}

impl Change for Note {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if !webhook::is_leased_by(tx.conn, tx.tenant, self.webhook, &self.server)? {
            return Ok("false".to_owned());
        }
        webhook::note(tx.conn, tx.tenant, self.webhook, &self.deliveries)?;
        webhook::advance(tx.conn, tx.tenant, self.webhook, self.position, self.attempts, self.due_at)?;
        match &self.stop {
            Some(reason) => {
                webhook::stop(tx.conn, tx.tenant, self.webhook, reason)?;
                tx.audit("stopWebhook", format!("webhook {}", self.webhook), Some(reason.clone()));
            }
            None => drop(webhook::lease(tx.conn, tx.tenant, self.webhook, &self.server, tx.now, self.until)?),
        }
        Ok("true".to_owned())
    }

    fn may_share(&self) -> bool {
        true
    }
}

/// Forgets deliveries that went well long ago, a few thousand at a time.
pub(crate) fn forget(engine: &Engine, now: Time, at_once: i64) {
    let before = Time(now.0 - DELIVERIES_KEPT);
    let Ok(tenants) = engine.read(crate::tenant::all) else { return };
    for (tenant, _) in tenants {
        loop {
            let gone = engine.store().write(|conn| webhook::forget(conn, tenant, before, at_once));
            // What cannot be deleted now is found again at the next look.
            if gone.unwrap_or(0) < at_once as u64 {
                break;
            }
        }
    }
}
