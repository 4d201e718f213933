//! Logging in and out: what all dialects share, and the calls of the native API for it.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use lotbook_domain::id::{TenantId, UserId};
use lotbook_domain::time::Time;
use lotbook_engine::security::person::{self, ChangePerson};
use lotbook_engine::security::session::{EndSession, RenewSession, Renewal, Sessions, StartSession};
use lotbook_engine::security::{self, Access, Edit, Reference, SYSTEM};
use lotbook_engine::write::Request;
use lotbook_engine::{Error, table, tenant};
use serde::{Deserialize, Serialize};

use super::call::{self, Call};
use super::caller::{Caller, Denied, SESSION_COOKIE, peer_of};
use super::problem::Problem;
use crate::app::{App, Shared};
use crate::secret::Secret;
use crate::{bridge, json, password};

/// What a login gives.
pub struct LoggedIn {
    /// The tenant.
    pub tenant: TenantId,
    /// Who logged in.
    pub person: UserId,
    /// The token to send with every call.
    pub token: Secret,
    /// Until when it holds.
    pub expires_at: Time,
    /// The token that gives the next one, and until when it holds.
    pub refresh: Option<(Secret, Time)>,
}

/// Who wants in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The name or the address.
    pub user: &'a str,
    /// The password.
    pub password: &'a str,
    /// The tenant's name; `None` = the default one.
    pub tenant: Option<&'a str>,
}

/// Begins a session for a name and a password.
///
/// Wrong names take as long as wrong passwords. Failures are counted by address, and after too many
/// nobody is let in from there for some seconds, with whatever password.
pub async fn login(
    app: &App,
    peer: IpAddr,
    credentials: Credentials<'_>,
    with_refresh_token: bool,
) -> Result<LoggedIn, Denied> {
    let may_try = || app.failed_logins.check(&peer).map_err(|retry_after| Denied::TooMany { retry_after });
    may_try()?;
    let (tenant, found) = {
        let (user, tenant) = (credentials.user.to_owned(), credentials.tenant.map(str::to_owned));
        bridge::read(&app.engine, move |conn| {
            let Some(tenant) = find_tenant(conn, tenant.as_deref())? else { return Ok((tenant::DEFAULT, None)) };
            Ok((tenant, security::session::credential(conn, tenant, &user)?))
        })
        .await?
    };
    let kept = found.as_ref().filter(|found| found.is_enabled).and_then(|found| found.password_hash.clone());
    let is_right = credentials.password.len() <= password::BYTES_MAX
        && password::check_aside(credentials.password.to_owned(), kept).await?;
    let Some(found) = found.filter(|_| is_right) else {
        tracing::info!(%peer, "a login failed");
        app.failed_logins.take(peer).map_err(|retry_after| Denied::TooMany { retry_after })?;
        return Err(Denied::LoginFailed);
    };
    // Others may have failed from here while this password was being checked.
    may_try()?;
    let token = Secret::fresh(tenant);
    let refresh = with_refresh_token.then(|| Secret::fresh(tenant));
    let change = StartSession { session_hash: token.hash(), refresh_hash: refresh.as_ref().map(Secret::hash) };
    let answer = bridge::change(&app.engine, request(app, tenant, found.person, peer), change).await?;
    Ok(logged_in(tenant, token, refresh, decode(&answer)?))
}

/// Begins the next session for a refresh token. Unless a new refresh token is wanted, the old one
/// stays in use; else it is used up.
pub async fn renew(app: &App, peer: IpAddr, refresh_token: &str, with_refresh_token: bool) -> Result<LoggedIn, Denied> {
    app.failed_logins.check(&peer).map_err(|retry_after| Denied::TooMany { retry_after })?;
    let refuse = || match app.failed_logins.take(peer) {
        Ok(()) => Denied::LoginFailed,
        Err(retry_after) => Denied::TooMany { retry_after },
    };
    let Some(used) = Secret::parse(refresh_token) else { return Err(refuse()) };
    let tenant = used.tenant();
    let token = Secret::fresh(tenant);
    let refresh = with_refresh_token.then(|| Secret::fresh(tenant));
    let change = RenewSession {
        used_hash: used.hash(),
        session_hash: token.hash(),
        refresh_hash: refresh.as_ref().map(Secret::hash),
    };
    // Whoever it is becomes known by the token only; the change notes it.
    let answer = bridge::change(&app.engine, request(app, tenant, UserId(0), peer), change).await?;
    match decode(&answer)? {
        Renewal::Renewed(sessions) => Ok(logged_in(tenant, token, refresh, sessions)),
        Renewal::Refused => Err(refuse()),
        Renewal::Reused => {
            tracing::warn!(%peer, "a refresh token came a second time; its sessions were ended");
            app.tokens.forget();
            Err(refuse())
        }
    }
}

/// Ends the caller's session, or revokes the API key that was sent.
pub async fn logout(app: &App, caller: &Caller) -> Result<(), Error> {
    let Some((_, secret_hash)) = caller.token else {
        return Err(Error::refused("noSession", "nobody logged in here, so there is nobody to log out"));
    };
    let change = EndSession { secret_hash };
    bridge::change(&app.engine, caller.request(app, None, false), change).await?;
    app.tokens.forget();
    Ok(())
}

fn find_tenant(conn: &mut lotbook_engine::Conn, name: Option<&str>) -> Result<Option<TenantId>, Error> {
    match name.map(str::trim).filter(|name| !name.is_empty()) {
        None => Ok(Some(tenant::DEFAULT)),
        Some(name) => tenant::named(conn, name),
    }
}

fn request(app: &App, tenant: TenantId, person: UserId, peer: IpAddr) -> Request {
    Request { tenant, person, origin: peer.to_string(), key: None, now: app.engine.now(), dry_run: false }
}

fn decode<'a, T: Deserialize<'a>>(answer: &'a str) -> Result<T, Error> {
    serde_json::from_str(answer).map_err(|error| Error::Internal(format!("the answer of a login: {error}")))
}

fn logged_in(tenant: TenantId, token: Secret, refresh: Option<Secret>, sessions: Sessions) -> LoggedIn {
    LoggedIn {
        tenant,
        person: UserId(sessions.person),
        token,
        expires_at: Time(sessions.session_until),
        refresh: refresh.zip(sessions.refresh_until.map(Time)),
    }
}

// The calls of the native API.

/// `/v1/login`, `/v1/login/refresh`, `/v1/logout`, `/v1/me`.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/login", post(post_login))
        .route("/v1/login/refresh", post(post_refresh))
        .route("/v1/logout", post(post_logout))
        .route("/v1/me", get(get_me))
        .route("/v1/me/password", post(post_password))
}

#[derive(Deserialize)]
struct LoginBody {
    user: String,
    password: String,
    tenant: Option<String>,
    /// Whether the token goes into a cookie that pages cannot read, and not into the answer.
    #[serde(default)]
    cookie: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefreshBody {
    refresh_token: String,
}

#[derive(Deserialize)]
struct PasswordBody {
    current: String,
    new: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoginAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    user: i64,
    tenant: i64,
}

impl LoginAnswer {
    fn of(logged_in: &LoggedIn) -> Self {
        Self {
            token: Some(logged_in.token.reveal()),
            expires_at: logged_in.expires_at.to_string(),
            refresh_token: logged_in.refresh.as_ref().map(|(token, _)| token.reveal()),
            refresh_expires_at: logged_in.refresh.as_ref().map(|(_, until)| until.to_string()),
            csrf_token: None,
            user: logged_in.person.0,
            tenant: logged_in.tenant.0,
        }
    }
}

async fn post_login(State(app): State<Shared>, request: axum::extract::Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let peer = peer_of(&app, &parts);
    let body = call::read_body(&app, &parts, body).await?;
    let wanted: LoginBody = json::read(&body)?;
    let credentials = Credentials { user: &wanted.user, password: &wanted.password, tenant: wanted.tenant.as_deref() };
    let logged_in = login(&app, peer, credentials, !wanted.cookie).await?;
    let mut answer = LoginAnswer::of(&logged_in);
    if !wanted.cookie {
        return Ok(uncached(&answer));
    }
    answer.token = None;
    answer.csrf_token = Some(logged_in.token.csrf_token());
    let age_s = (logged_in.expires_at.0 - app.engine.now().0) / 1_000_000;
    let cookie = cookie(&logged_in.token.reveal(), age_s, is_secure(&app, &parts.headers));
    Ok(with_cookie(uncached(&answer), &cookie))
}

async fn post_refresh(State(app): State<Shared>, request: axum::extract::Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let peer = peer_of(&app, &parts);
    let body = call::read_body(&app, &parts, body).await?;
    let wanted: RefreshBody = json::read(&body)?;
    let logged_in = renew(&app, peer, &wanted.refresh_token, true).await?;
    Ok(uncached(&LoginAnswer::of(&logged_in)))
}

async fn post_logout(call: Call) -> Result<Response, Problem> {
    logout(&call.app, &call.caller).await?;
    let answer = call::json_text(StatusCode::OK, "{}");
    if call.caller.csrf_token.is_none() {
        return Ok(answer);
    }
    let cookie = cookie("", 0, is_secure(&call.app, &call.parts.headers));
    Ok(with_cookie(answer, &cookie))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    user: person::PersonView,
    tenant: TenantView,
    permissions: Vec<Allowed>,
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
}

#[derive(Serialize)]
struct TenantView {
    id: i64,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Allowed {
    permissions: Vec<String>,
    /// Where and below; null = everywhere.
    org_unit: Option<i64>,
}

fn allowed(access: &Access) -> Vec<Allowed> {
    let place = |id: i64| (id != 0).then_some(id);
    let allowed =
        |grant: &security::Grant| Allowed { permissions: grant.permissions.clone(), org_unit: place(grant.org_unit.0) };
    access.grants.iter().map(allowed).collect()
}

async fn get_me(State(app): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let (tenant, id) = (caller.tenant(), caller.person());
    if id == SYSTEM {
        let detail = "the command line is no user and may do everything; name the user that you mean with --user";
        return Err(Problem::new(StatusCode::NOT_FOUND, "notFound", detail));
    }
    let (user, tenant_name) = bridge::read(&app.engine, move |conn| {
        let found = person::find(conn, tenant, &Reference::Id(id.0))?;
        let user = person::views(conn, tenant, vec![found])?.pop().ok_or_else(|| Error::not_found("person", id))?;
        Ok((user, table::tenant::name(conn, tenant)?))
    })
    .await?;
    Ok(uncached(&Me {
        user,
        tenant: TenantView { id: tenant.0, name: tenant_name },
        permissions: allowed(&caller.access),
        expires_at: caller.token.and_then(|(token, _)| token.expires_at).map(|at| at.to_string()),
        csrf_token: caller.csrf_token.clone(),
    }))
}

/// Sets another password for the caller, who has to know the present one. Ends all their sessions.
async fn post_password(call: Call) -> Result<Response, Problem> {
    let wanted: PasswordBody = call.json()?;
    super::people::check_password(&wanted.new)?;
    let (tenant, id, peer) = (call.caller.tenant(), call.caller.person(), call.caller.peer);
    let name = call.caller.access.name.clone();
    call.app.failed_logins.check(&peer).map_err(|retry_after| Denied::TooMany { retry_after })?;
    let kept = call.read(move |conn| security::session::credential(conn, tenant, &name)).await?;
    let kept = kept.filter(|kept| kept.person == id).and_then(|kept| kept.password_hash);
    if !password::check_aside(wanted.current, kept).await? {
        call.app.failed_logins.take(peer).map_err(|retry_after| Denied::TooMany { retry_after })?;
        return Err(Denied::LoginFailed.into());
    }
    let hash = password::hash_aside(wanted.new).await?;
    let change = ChangePerson { password_hash: Edit::Set(hash), ..ChangePerson::of(Reference::Id(id.0)) };
    bridge::change(&call.app.engine, call.caller.request(&call.app, None, false), change).await?;
    call.app.tokens.forget();
    Ok(call::json_text(StatusCode::OK, "{}"))
}

/// Whether the browser reached us by HTTPS, as far as we know: a proxy that we trust says so.
fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    let scheme = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    app.options.trusts_forwarded && scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
}

fn cookie(token: &str, age_s: i64, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}")
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    let value = HeaderValue::from_str(cookie).expect("a cookie is made of ASCII");
    response.headers_mut().append(header::SET_COOKIE, value);
    response
}

/// An answer that holds what no cache may keep.
fn uncached<T: Serialize>(answer: &T) -> Response<Body> {
    use axum::response::IntoResponse;
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
