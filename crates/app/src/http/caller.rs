//! Who asks: the token of a request, and what it allows.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use lotbook_domain::id::{TenantId, UserId};
use lotbook_engine::Error;
use lotbook_engine::security::Access;
use lotbook_engine::table::token::{Token, TokenKind};
use lotbook_engine::write::{Request, RequestKey};

use super::problem::Problem;
use crate::app::{App, Shared};
use crate::secret::Secret;

/// The cookie of the web UI. Pages cannot read it, and other sites' pages cannot have it sent along
/// with a change.
pub const SESSION_COOKIE: &str = "lotbook_session";
/// The header that a change made with the cookie has to carry.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// The header under which a change is made once.
const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// An idempotency key has at most so many characters.
const KEY_CHARS_MAX: usize = 255;

/// Somebody in this process who calls a door without a connection. They stand in an extension of the request: code
/// of ours puts one there, and no bytes that arrive over a connection ever make one.
#[derive(Clone, Debug)]
pub struct Insider {
    /// What they may do.
    pub access: Arc<Access>,
    /// What the ledger and the audit say of where their changes come from: `cli`.
    pub origin: &'static str,
}

/// Whoever sent a request, with everything that they may do.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What they may do.
    pub access: Arc<Access>,
    /// The token that they sent, and the hash of its secret; `None` = they are in this process and need none.
    pub token: Option<(Token, [u8; 32])>,
    /// From where.
    pub peer: IpAddr,
    /// The same in words, for what keeps it.
    origin: Cow<'static, str>,
    /// What changes have to carry when they come with the cookie; `None` = the token came in a header.
    pub csrf_token: Option<String>,
}

/// Why somebody is not let in. Each dialect has its own form for it.
#[derive(Debug)]
pub enum Denied {
    /// No token, or one that does not hold: 401.
    Unauthorized,
    /// The name, the password, the tenant or the refresh token is wrong: 401. Which one is not told.
    LoginFailed,
    /// A change that came with the cookie, without the page's proof that it made it: 403.
    Csrf,
    /// Too often: 429.
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// The engine could not say.
    Engine(Error),
}

impl From<Error> for Denied {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthorized => Self::unauthorized(),
            Denied::LoginFailed => Self::new(
                StatusCode::UNAUTHORIZED,
                "loginFailed",
                "the user, the password or the tenant is wrong, or the refresh token does not hold any more",
            ),
            Denied::Csrf => Self::new(
                StatusCode::FORBIDDEN,
                "csrf",
                format!(
                    "a change made with the session cookie needs the header {CSRF_HEADER}; GET /v1/me has its value"
                ),
            ),
            Denied::TooMany { retry_after } => Self::too_many_requests(seconds(retry_after)),
            Denied::Engine(error) => error.into(),
        }
    }
}

/// Whole seconds to wait, at least one.
pub fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl Caller {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        self.access.tenant
    }

    /// The person.
    pub fn person(&self) -> UserId {
        self.access.person
    }

    /// What the write path wants to know about a request.
    pub fn request(&self, app: &App, key: Option<RequestKey>, dry_run: bool) -> Request {
        Request {
            tenant: self.tenant(),
            person: self.person(),
            origin: self.origin.clone().into_owned(),
            key,
            now: app.engine.now(),
            dry_run,
        }
    }

    /// The idempotency key of a request, if it has one. The error says what is wrong with it.
    ///
    /// The caller and the address are hashed with the body: the same key sent by somebody else, or to
    /// another address, is another request.
    pub fn key(
        &self,
        headers: &HeaderMap,
        method: &Method,
        uri: &Uri,
        body: &[u8],
    ) -> Result<Option<RequestKey>, String> {
        let Some(text) = headers.get(IDEMPOTENCY_HEADER) else { return Ok(None) };
        let text = text.to_str().map(str::trim).unwrap_or_default();
        if text.is_empty() || text.len() > KEY_CHARS_MAX {
            return Err(format!("the header Idempotency-Key must have 1 to {KEY_CHARS_MAX} visible ASCII characters"));
        }
        let mut hasher = blake3::Hasher::new();
        for part in [&self.person().0.to_be_bytes()[..], method.as_str().as_bytes(), uri.to_string().as_bytes(), body] {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Ok(Some(RequestKey { text: text.to_owned(), body_hash: *hasher.finalize().as_bytes() }))
    }

    /// Who sent a request, by its headers. Changes with the cookie must carry the page's proof.
    pub async fn identify(app: &App, parts: &Parts) -> Result<Self, Denied> {
        let peer = peer_of(app, parts);
        if let Some(insider) = parts.extensions.get::<Insider>() {
            let (access, origin) = (Arc::clone(&insider.access), Cow::Borrowed(insider.origin));
            return Ok(Self { access, token: None, peer, origin, csrf_token: None });
        }
        let (secret, is_cookie) = match parts.headers.get(header::AUTHORIZATION) {
            Some(value) => (value.to_str().ok().and_then(token_of).and_then(Secret::parse), false),
            None => (cookie_of(&parts.headers).and_then(Secret::parse), true),
        };
        let Some(secret) = secret else { return Err(refuse(app, peer, parts)) };
        let Some(known) = app.tokens.verify(&app.engine, &secret).await? else { return Err(refuse(app, peer, parts)) };
        if known.token.kind == TokenKind::Refresh {
            return Err(refuse(app, peer, parts));
        }
        if let Err(retry_after) = known.bucket.take(app.pace) {
            return Err(Denied::TooMany { retry_after });
        }
        let csrf_token = is_cookie.then(|| secret.csrf_token());
        if let Some(wanted) = &csrf_token
            && !parts.method.is_safe()
            && parts.headers.get(CSRF_HEADER).is_none_or(|sent| sent.as_bytes() != wanted.as_bytes())
        {
            return Err(Denied::Csrf);
        }
        Ok(Self {
            access: Arc::clone(&known.access),
            token: Some((known.token.clone(), secret.hash())),
            peer,
            origin: Cow::Owned(peer.to_string()),
            csrf_token,
        })
    }
}

/// Tokens cannot be guessed, but trying costs the database a look; so tries are counted.
fn refuse(app: &App, peer: IpAddr, parts: &Parts) -> Denied {
    let has_tried = parts.headers.contains_key(header::AUTHORIZATION);
    match has_tried.then(|| app.wrong_tokens.take(peer)) {
        Some(Err(retry_after)) => Denied::TooMany { retry_after },
        _ => Denied::Unauthorized,
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        Ok(Self::identify(app, parts).await?)
    }
}

/// From where a request comes: the other end of the connection, or what the proxy before us says.
pub fn peer_of(app: &App, parts: &Parts) -> IpAddr {
    if app.options.trusts_forwarded
        && let Some(forwarded) = parts.headers.get_all("x-forwarded-for").iter().next_back()
        && let Ok(text) = forwarded.to_str()
        // The last one was added by the proxy that we trust; those before it are hearsay.
        && let Ok(peer) = text.rsplit(',').next().unwrap_or_default().trim().parse()
    {
        return peer;
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip().to_canonical())
}

/// The token of an `Authorization` header: with `Bearer` in front, or bare.
pub fn token_of(value: &str) -> Option<&str> {
    let value = value.trim();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim()),
        Some(_) => None,
        None => Some(value),
    }
}

fn cookie_of(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(SESSION_COOKIE)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_with_its_scheme_or_bare() {
        for (value, want) in
            [("Bearer abc", Some("abc")), ("bearer  abc ", Some("abc")), ("abc", Some("abc")), ("Basic abc", None)]
        {
            assert_eq!(token_of(value), want, "{value:?}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=b; lotbook_session_x=1".parse().unwrap());
        assert_eq!(cookie_of(&headers), None);
        headers.append(header::COOKIE, "c=d; lotbook_session=lb_1_x; e=f".parse().unwrap());
        assert_eq!(cookie_of(&headers), Some("lb_1_x"));
    }

    #[test]
    fn the_time_to_wait_is_rounded_up() {
        for (millis, want) in [(0, 0), (1, 1), (999, 1), (1_000, 1), (1_001, 2)] {
            assert_eq!(seconds(Duration::from_millis(millis)), want);
        }
    }
}
