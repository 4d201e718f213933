//! API keys: tokens that programs hold until they are revoked.

use lotbook_domain::id::{TenantId, TokenId, UserId};
use lotbook_domain::time::Time;
use serde::Serialize;

use super::{Reference, access, permission};
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::token::{Token, TokenKind};
use crate::write::{Change, Tx};

/// A key's name has at most so many characters.
const NAME_CHARS_MAX: usize = 255;

/// Makes an API key for a person. Answers the key without its secret, and with the beginning of the
/// hash: a repeated request gets the first answer again, and the caller sees by it that the secret
/// it has just made is not the one of that key.
pub struct CreateApiKey {
    /// For whom it is to speak; `None` = who asks.
    pub person: Option<Reference>,
    /// What it is for.
    pub name: String,
    /// The hash of its secret.
    pub secret_hash: [u8; 32],
    /// Until when it holds; `None` = until it is revoked.
    pub expires_at: Option<Time>,
}

/// Revokes an API key. Answers `{}`.
pub struct RevokeApiKey {
    /// Which.
    pub id: TokenId,
}

/// The beginning of a secret's hash, by which two secrets can be told apart.
pub fn fingerprint(secret_hash: &[u8; 32]) -> String {
    secret_hash[..8].iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

impl Change for CreateApiKey {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if let Some(violation) = super::check_name(&self.name, NAME_CHARS_MAX) {
            return Err(Error::Invalid(vec![violation]));
        }
        let own = Reference::Id(tx.person.0);
        let person = super::person::find(tx.conn, tx.tenant, self.person.as_ref().unwrap_or(&own))?;
        require_may_speak_for(tx, person.id)?;
        let token = Token {
            id: TokenId(tx.ids("token", 1)?),
            person: person.id,
            kind: TokenKind::ApiKey,
            name: self.name.trim().to_owned(),
            created_at: tx.now,
            expires_at: self.expires_at,
            revoked_at: None,
        };
        table::token::insert(tx.conn, tx.tenant, &token, &self.secret_hash)?;
        tx.audit("createApiKey", format!("API key {}", token.id), Some(format!("{} for {}", token.name, person.name)));
        let view = ApiKeyView { fingerprint: Some(fingerprint(&self.secret_hash)), ..view(token, person.name) };
        Ok(serde_json::to_string(&view).expect("views have text keys and parts that can be printed"))
    }
}

impl Change for RevokeApiKey {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let found = table::token::by_id(tx.conn, tx.tenant, self.id)?;
        let Some(token) = found.filter(|token| token.kind == TokenKind::ApiKey) else {
            return Err(Error::not_found("API key", self.id));
        };
        if token.person != tx.person {
            super::actor(tx)?.require_everywhere(permission::USERS_WRITE)?;
        }
        table::token::revoke(tx.conn, tx.tenant, token.id, tx.now)?;
        tx.audit("revokeApiKey", format!("API key {}", token.id), Some(token.name));
        Ok("{}".to_owned())
    }
}

/// Everybody may make keys for themselves; for others, whoever may change people and may do all that
/// the other may.
fn require_may_speak_for(tx: &mut Tx<'_>, person: UserId) -> Result<(), Error> {
    if person == tx.person {
        return Ok(());
    }
    let actor = super::actor(tx)?;
    actor.require_everywhere(permission::USERS_WRITE)?;
    for held in table::person::roles_of(tx.conn, tx.tenant, [person])? {
        super::require_own(&actor, &access::decode(&held.permissions)?)?;
    }
    Ok(())
}

/// An API key as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyView {
    id: i64,
    name: String,
    user: UserView,
    created_at: String,
    expires_at: Option<String>,
    revoked_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct UserView {
    id: i64,
    name: String,
}

impl ApiKeyView {
    /// The key's id.
    pub fn id(&self) -> TokenId {
        TokenId(self.id)
    }
}

fn view(token: Token, person: String) -> ApiKeyView {
    ApiKeyView {
        id: token.id.0,
        name: token.name,
        user: UserView { id: token.person.0, name: person },
        created_at: token.created_at.to_string(),
        expires_at: token.expires_at.map(|at| at.to_string()),
        revoked_at: token.revoked_at.map(|at| at.to_string()),
        fingerprint: None,
    }
}

/// A page of API keys as they are shown, after an id: those of one person, or everybody's.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    person: Option<UserId>,
    after: TokenId,
    limit: i64,
) -> Result<Vec<ApiKeyView>, Error> {
    let tokens = table::token::page_of_keys(conn, tenant, person, after, limit)?;
    let mut views = Vec::with_capacity(tokens.len());
    let names = table::person::names(conn, tenant, tokens.iter().map(|token| token.person))?;
    for token in tokens {
        let name = names.get(&token.person).cloned().unwrap_or_default();
        views.push(view(token, name));
    }
    Ok(views)
}
