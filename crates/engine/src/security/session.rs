//! Logging in, staying so, logging out.
//!
//! A login begins a *family*: a session and a refresh token. Using the refresh token adds the next
//! session and the next refresh token and uses the old one up. A refresh token that comes a second
//! time has been stolen from somebody, so the whole family ends; but for an instant, in which it is
//! somebody whose answer was lost and who asks again.

use lotbook_domain::catalog::fold;
use lotbook_domain::id::{TenantId, TokenId, UserId};
use lotbook_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::person::Credential;
use crate::table::token::{Token, TokenKind};
use crate::write::{Change, Tx};

/// How long a session holds, in microseconds: a shift and a break.
pub const SESSION_US: i64 = 12 * 3_600_000_000;
/// How long a refresh token holds, in microseconds.
pub const REFRESH_US: i64 = 30 * Time::DAY;

/// How long a refresh token that was used up still gives a session to whoever did not get the answer, in
/// microseconds.
pub const RETRY_US: i64 = 10_000_000;

/// What a login with a name or an address is checked against, if there is such a person.
pub fn credential(conn: &mut Conn, tenant: TenantId, name: &str) -> Result<Option<Credential>, Error> {
    table::person::credential(conn, tenant, &fold(name))
}

/// Begins a session of a person whose password has been verified. The person of the request is that
/// person. Answers [`Sessions`].
pub struct StartSession {
    /// The hash of the session's secret.
    pub session_hash: [u8; 32],
    /// The hash of the refresh token's secret; `None` = no refresh token.
    pub refresh_hash: Option<[u8; 32]>,
}

/// Uses a refresh token. Answers [`Renewal`].
pub struct RenewSession {
    /// The hash of the refresh token's secret.
    pub used_hash: [u8; 32],
    /// The hash of the new session's secret.
    pub session_hash: [u8; 32],
    /// The hash of the next refresh token's secret; `None` = the one that was sent stays in use.
    pub refresh_hash: Option<[u8; 32]>,
}

/// Ends the session with this hash and its whole family, or revokes the API key with it. Answers `{}`,
/// also when there was nothing to end.
pub struct EndSession {
    /// The hash of the secret.
    pub secret_hash: [u8; 32],
}

/// Until when what was issued holds, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// For whom the session speaks.
    pub person: i64,
    /// The session's end.
    pub session_until: i64,
    /// The refresh token's end.
    pub refresh_until: Option<i64>,
}

/// What came of using a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Renewal {
    /// There is a new session.
    Renewed(Sessions),
    /// The token is unknown, has expired, or its person may not act.
    Refused,
    /// The token had been used before: its family has ended.
    Reused,
}

impl Change for StartSession {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        table::token::forget_sessions(tx.conn, tx.tenant, tx.person, Time(tx.now.0 - REFRESH_US))?;
        let person = tx.person;
        let family = tx.uid();
        let sessions = issue(tx, person, &family, &self.session_hash, self.refresh_hash.as_ref())?;
        tx.audit("login", format!("person {person}"), None);
        Ok(to_json(&sessions))
    }
}

impl Change for RenewSession {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let renewal = self.renew(tx)?;
        Ok(to_json(&renewal))
    }
}

impl RenewSession {
    fn renew(&self, tx: &mut Tx<'_>) -> Result<Renewal, Error> {
        let found = table::token::lock_by_hash(tx.conn, tx.tenant, &self.used_hash)?;
        let Some(used) = found.filter(|token| token.kind == TokenKind::Refresh) else { return Ok(Renewal::Refused) };
        // The token says who asks.
        tx.person = used.person;
        let is_asked_again = match used.revoked_at {
            Some(at) => {
                tx.now.0 - at.0 <= RETRY_US
                    && table::token::is_family_alive(tx.conn, tx.tenant, used.person, &used.name)?
            }
            None => false,
        };
        if used.revoked_at.is_some() && !is_asked_again {
            table::token::revoke_family(tx.conn, tx.tenant, used.person, &used.name, tx.now)?;
            tx.audit("refreshTokenReused", format!("person {}", used.person), Some("the sessions were ended".into()));
            return Ok(Renewal::Reused);
        }
        let person = table::person::by_id(tx.conn, tx.tenant, used.person)?;
        let is_over = used.expires_at.is_some_and(|end| tx.now >= end);
        if is_over || !person.is_some_and(|person| person.is_enabled) {
            return Ok(Renewal::Refused);
        }
        if self.refresh_hash.is_some() {
            table::token::revoke(tx.conn, tx.tenant, used.id, tx.now)?;
        }
        let sessions = issue(tx, used.person, &used.name, &self.session_hash, self.refresh_hash.as_ref())?;
        Ok(Renewal::Renewed(sessions))
    }
}

impl Change for EndSession {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if let Some(token) = table::token::by_hash(tx.conn, tx.tenant, &self.secret_hash)? {
            match token.kind {
                TokenKind::ApiKey => table::token::revoke(tx.conn, tx.tenant, token.id, tx.now)?,
                TokenKind::Session | TokenKind::Refresh => {
                    table::token::revoke_family(tx.conn, tx.tenant, token.person, &token.name, tx.now)?;
                }
            }
            tx.audit("logout", format!("person {}", token.person), None);
        }
        Ok("{}".to_owned())
    }
}

fn issue(
    tx: &mut Tx<'_>,
    person: UserId,
    family: &str,
    session_hash: &[u8; 32],
    refresh_hash: Option<&[u8; 32]>,
) -> Result<Sessions, Error> {
    let first = tx.ids("token", 2)?;
    let session_until = Time(tx.now.0 + SESSION_US);
    let token = |id: i64, kind: TokenKind, until: Time| Token {
        id: TokenId(id),
        person,
        kind,
        name: family.to_owned(),
        created_at: tx.now,
        expires_at: Some(until),
        revoked_at: None,
    };
    let session = token(first, TokenKind::Session, session_until);
    table::token::insert(tx.conn, tx.tenant, &session, session_hash)?;
    let mut refresh_until = None;
    if let Some(hash) = refresh_hash {
        let until = Time(tx.now.0 + REFRESH_US);
        let refresh = token(first + 1, TokenKind::Refresh, until);
        table::token::insert(tx.conn, tx.tenant, &refresh, hash)?;
        refresh_until = Some(until.0);
    }
    Ok(Sessions { person: person.0, session_until: session_until.0, refresh_until })
}

fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("answers have text keys and parts that can be printed")
}
