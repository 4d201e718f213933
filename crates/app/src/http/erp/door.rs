//! The door of the dialect: from an HTTP request to a call, from its outcome to a reply.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answer::{Answer, answer};
use super::asking::Asking;
use super::draft::Done;
use super::fault::{Fault, json_response, reply};
use super::login::{LoginReply, LoginRequest, RefreshRequest, RefreshTokenInfo};
use super::route::{self, Call};
use super::time::TimeOutput;
use super::wire;
use crate::app::Shared;
use crate::http::auth::{self, LoggedIn};
use crate::http::call::read_body;
use crate::http::caller::{Caller, Denied, peer_of, seconds};
use crate::http::problem::Problem;
use crate::http::server::RouteName;

/// Answers a request whose path is of this dialect.
pub async fn serve(app: Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let call = match route::find(parts.method.as_str(), parts.uri.path()) {
        Ok(call) => call,
        Err(fault) => return fault.into_response(),
    };
    let mut response = match admit(&app, call, &parts).await {
        Err(denied) => refuse(denied),
        Ok(caller) => match read_body(&app, &parts, body).await {
            Err(problem) => Fault::from(problem).into_response(),
            Ok(body) => match call_for(app, caller, call, &parts, body).await {
                Ok(body) => json_response(StatusCode::OK, body),
                Err(Refusal::Fault(fault)) => fault.into_response(),
                Err(Refusal::Denied(denied)) => refuse(denied),
            },
        },
    };
    response.extensions_mut().insert(RouteName(call.names()[2]));
    response
}

/// Who calls, before the body is taken in: strangers send none of size.
async fn admit(app: &Shared, call: Call, parts: &Parts) -> Result<Option<Caller>, Denied> {
    if call.is_public() {
        return Ok(None);
    }
    Caller::identify(app, parts).await.map(Some)
}

/// Why there is no value.
enum Refusal {
    Fault(Fault),
    Denied(Denied),
}

impl<T: Into<Fault>> From<T> for Refusal {
    fn from(fault: T) -> Self {
        Self::Fault(fault.into())
    }
}

async fn call_for(
    app: Shared,
    caller: Option<Caller>,
    call: Call,
    parts: &Parts,
    body: Bytes,
) -> Result<String, Refusal> {
    let content_type = parts.headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("unreadable"));
    route::check_content_type(content_type, &body)?;
    match (call, caller) {
        (Call::Login, _) => log_in(&app, parts, &body).await,
        (Call::LoginWithRefreshToken, _) => log_in_again(&app, parts, &body).await,
        (_, None) => Err(Refusal::Denied(Denied::Unauthorized)),
        (Call::Logout, Some(caller)) => {
            auth::logout(&app, &caller).await?;
            Ok(reply(&Done {}))
        }
        (_, Some(caller)) => {
            let answered: Answer = answer(Asking::new(app, caller, call, &parts.headers, body).await?).await;
            Ok(answered?)
        }
    }
}

async fn log_in(app: &Shared, parts: &Parts, body: &[u8]) -> Result<String, Refusal> {
    let request: LoginRequest = wire::read(body)?;
    let wanted = request.into_credentials().map_err(Fault::validation)?;
    let credentials =
        auth::Credentials { user: &wanted.user, password: &wanted.password, tenant: wanted.tenant.as_deref() };
    let logged_in = auth::login(app, peer_of(app, parts), credentials, true).await.map_err(Refusal::Denied)?;
    Ok(reply(&login_reply(&logged_in)))
}

async fn log_in_again(app: &Shared, parts: &Parts, body: &[u8]) -> Result<String, Refusal> {
    let request: RefreshRequest = wire::read(body)?;
    let wanted = request.into_refresh().map_err(Fault::validation)?;
    let renewed = auth::renew(app, peer_of(app, parts), &wanted.token, wanted.with_refresh_token).await;
    Ok(reply(&login_reply(&renewed.map_err(Refusal::Denied)?)))
}

fn login_reply(logged_in: &LoggedIn) -> impl Serialize {
    let refresh_token_info = logged_in
        .refresh
        .as_ref()
        .map(|(token, until)| RefreshTokenInfo { token: token.reveal(), expires_in: TimeOutput(*until) });
    LoginReply { token: logged_in.token.reveal(), expires_in: TimeOutput(logged_in.expires_at), refresh_token_info }
}

fn refuse(denied: Denied) -> Response {
    let fault = match denied {
        Denied::Unauthorized => Fault::unauthorized(),
        Denied::LoginFailed => Fault::login_failed(),
        Denied::Csrf => Problem::from(Denied::Csrf).into(),
        Denied::Engine(error) => error.into(),
        Denied::TooMany { retry_after } => {
            let wait_s = seconds(retry_after);
            let mut response = Fault::too_many_requests(wait_s).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
            return response;
        }
    };
    fault.into_response()
}
