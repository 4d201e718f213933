//! One call at work: who makes it, and the ways to the engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lotbook_domain::id::{LocationId, LotId, TenantId};
use lotbook_domain::time::Time;
use lotbook_engine::command::{LotNamed, Reach};
use lotbook_engine::security::Access;
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::reference::{Found, Reference, resolve, several};
use lotbook_engine::thing::{Kind, Value};
use lotbook_engine::write::{Change, Command, Request, RequestKey};
use lotbook_engine::{Conn, Error, table, uid};

use super::fault::Fault;
use crate::app::Shared;
use crate::bridge;
use crate::http::caller::Caller;
use crate::http::flow;

/// One call at work.
#[derive(Clone)]
pub struct Session {
    app: Shared,
    caller: Caller,
    key: Option<RequestKey>,
    changes: Arc<AtomicUsize>,
    now: Time,
}

impl Session {
    /// A call of somebody, whose changes are made once under this key.
    pub fn new(app: Shared, caller: Caller, key: Option<RequestKey>) -> Self {
        let now = app.engine.now();
        Self { app, caller, key, changes: Arc::default(), now }
    }

    /// When the call began.
    pub fn now(&self) -> Time {
        self.now
    }

    /// What the caller may do.
    pub fn access(&self) -> &Arc<Access> {
        &self.caller.access
    }

    /// What doors share.
    pub fn app(&self) -> &Shared {
        &self.app
    }

    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        self.caller.tenant()
    }

    /// Reads one snapshot.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Reader<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (app, access, now) = (Arc::clone(&self.app), Arc::clone(&self.caller.access), self.now);
        bridge::read(&self.app.engine, move |conn| {
            let structure = app.engine.structure(conn, access.tenant)?;
            Ok(f(&mut Reader { tenant: access.tenant, conn, structure, access: &access, now }))
        })
        .await?
    }

    /// Makes a change, and answers with what it answered. Of several changes of one call each is made once.
    pub async fn change(&self, change: impl Change) -> Result<String, Fault> {
        let number = self.changes.fetch_add(1, Ordering::Relaxed);
        let key = self.key.clone().map(|key| match number {
            0 => key,
            _ => RequestKey { text: format!("{}#{number}", key.text), ..key },
        });
        self.submit(self.caller.request(&self.app, key, false), change).await
    }

    /// Says what a change would answer, and makes none.
    pub async fn try_out(&self, change: impl Change) -> Result<String, Fault> {
        self.submit(self.caller.request(&self.app, None, true), change).await
    }

    async fn submit(&self, request: Request, change: impl Change) -> Result<String, Fault> {
        Ok(bridge::submit(&self.app.engine, request, Command::Change(Box::new(change))).await?)
    }
}

/// A snapshot, and what reading functions need beside it.
pub struct Reader<'r> {
    /// The tenant.
    pub tenant: TenantId,
    /// The connection.
    pub conn: &'r mut Conn,
    /// Locations, units, settings.
    pub structure: Arc<Structure>,
    /// What the caller may do.
    pub access: &'r Access,
    /// When the call began.
    pub now: Time,
}

impl Reader<'_> {
    /// The record that a script names: by its id, else by its name, path, symbol or code; `None` = there is none.
    pub fn find(&mut self, kind: &'static Kind, text: &str) -> Result<Option<i64>, Fault> {
        self.find_within(kind, text, 0)
    }

    /// [`Self::find`] within one product, for lots; 0 = any.
    pub fn find_within(&mut self, kind: &'static Kind, text: &str, product: i64) -> Result<Option<i64>, Fault> {
        let reference = named(text);
        match resolve(self.conn, self.tenant, kind, &[(&reference, product)])?[0] {
            Found::One(id) => Ok(Some(id)),
            Found::None => Ok(None),
            Found::Several => Err(Fault::illegal(several(kind, &reference))),
        }
    }

    /// The record that a script names, or that there is none.
    pub fn need(&mut self, kind: &'static Kind, text: &str) -> Result<i64, Fault> {
        let found = self.find(kind, text)?;
        found.ok_or_else(|| Fault::illegal(format!("there is no {} {text}", noun(kind))))
    }

    /// The records that scripts name, all of them, or the first that there is not.
    pub fn need_all(&mut self, kind: &'static Kind, texts: &[String]) -> Result<Vec<i64>, Fault> {
        let references: Vec<Reference> = texts.iter().map(|text| named(text)).collect();
        let wanted: Vec<(&Reference, i64)> = references.iter().map(|reference| (reference, 0)).collect();
        let found = resolve(self.conn, self.tenant, kind, &wanted)?;
        let pairs = found.into_iter().zip(&references);
        pairs
            .map(|(found, reference)| match found {
                Found::One(id) => Ok(id),
                Found::None => Err(Fault::illegal(format!("there is no {} {reference}", noun(kind)))),
                Found::Several => Err(Fault::illegal(several(kind, reference))),
            })
            .collect()
    }

    /// A lot by its id, else by its name within its product, which need not exist.
    pub fn lot(&mut self, text: &str, product: i64) -> Result<LotNamed, Fault> {
        if uid::parse(text).is_some() {
            for kind in [&kinds::LOTS, &kinds::INSTANCES] {
                if let Some(id) = self.find_within(kind, text, product)? {
                    return Ok(LotNamed::Id(LotId(id)));
                }
            }
            // The id of another material's lot is no name for a new one; the engine says what is wrong with it.
            if let Some(lot) = table::catalog::lot_of_uid(self.conn, self.tenant, text)? {
                return Ok(LotNamed::Id(lot));
            }
        }
        Ok(LotNamed::Name(text.trim().to_owned()))
    }

    /// Whether deletions answer as the later versions of the API do; the setting `mes.apiResponses`.
    pub fn answers_api_responses(&self) -> bool {
        self.structure.settings.get("mes.apiResponses") == Some("true")
    }

    /// Where the caller may use a permission.
    pub fn reach(&self, permission: &str) -> Result<Reach, Fault> {
        Ok(flow::reach(self.access, permission, &self.structure)?)
    }

    /// Whether the caller may use a permission at a place.
    pub fn may_at(&self, permission: &str, place: LocationId) -> bool {
        self.access.may(permission, place, &self.structure.catalog.locations)
    }
}

/// What scripts call a record of a kind.
pub fn noun(kind: &Kind) -> &'static str {
    NOUNS.iter().find(|(native, _)| *native == kind.noun).map_or(kind.noun, |(_, noun)| noun)
}

/// Kinds that scripts call otherwise than the native API does.
pub const NOUNS: [(&str, &str); 4] = [
    ("product", "material"),
    ("category", "material class"),
    ("operation", "inventory operation"),
    ("process", "operation"),
];

/// What a script calls a record by.
pub fn named(text: &str) -> Reference {
    Reference::Plain(text.trim().trim_start_matches('/').to_owned())
}

/// What a change answered, read again.
pub fn read_answer<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, Fault> {
    serde_json::from_str(answer).map_err(|error| Fault::internal(&error.to_string()))
}

/// What a change answered, as a value.
pub fn value_of(answer: &str) -> Result<Value, Fault> {
    Value::parse(answer).map_err(|error| Fault::from(Error::Internal(error.to_string())))
}
