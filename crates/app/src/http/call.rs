//! A call of the native API: who sent it, and what it asks for.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lotbook_engine::thing::Value;
use lotbook_engine::write::{Change, Command, Request};
use lotbook_engine::{Conn, Error};
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::problem::Problem;
use crate::app::Shared;
use crate::{bridge, json};

/// A list answers so many records when the request does not say.
const LIMIT: i64 = 100;
/// … and never more than so many.
const LIMIT_MAX: i64 = 1_000;

/// A call whose sender is known and whose body has arrived.
pub struct Call {
    /// What doors share.
    pub app: Shared,
    /// Who sent it.
    pub caller: Caller,
    /// Method, address and headers.
    pub parts: Parts,
    /// The body.
    pub body: Bytes,
}

impl FromRequest<Shared> for Call {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, app: &Shared) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let body = read_body(app, &parts, body).await?;
        Ok(Self { app: app.clone(), caller, parts, body })
    }
}

/// The whole body, or 413, or that it broke off.
pub async fn read_body(app: &Shared, parts: &Parts, body: Body) -> Result<Bytes, Problem> {
    let bytes_max = app.options.body_bytes_max;
    let said = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|said| said > bytes_max as u64) {
        return Err(too_large(bytes_max));
    }
    axum::body::to_bytes(body, bytes_max).await.map_err(|error| {
        let is_too_large =
            std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("length limit"));
        if is_too_large { too_large(bytes_max) } else { Problem::unreadable("the body broke off") }
    })
}

fn too_large(bytes_max: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "bodyTooLarge",
        format!("the body has more than {bytes_max} bytes; send it in parts"),
    )
}

impl Call {
    /// The body as JSON; an empty one counts as `{}`.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Problem> {
        let body: &[u8] = if self.body.iter().all(u8::is_ascii_whitespace) { b"{}" } else { &self.body };
        Ok(json::read(body)?)
    }

    /// One value of the query; the last where it stands there twice.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        let query = self.parts.uri.query()?;
        query.split('&').rev().find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key) == name).then(|| decode(value))
        })
    }

    /// All values of the query, in order.
    pub fn queries(&self) -> Vec<(String, String)> {
        let pairs = self.parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(key).into_owned(), decode(value).into_owned())
            })
            .collect()
    }

    /// The request for the write path, with its idempotency key and whether it is a dry run.
    pub fn request(&self) -> Result<Request, Problem> {
        let key = self
            .caller
            .key(&self.parts.headers, &self.parts.method, &self.parts.uri, &self.body)
            .map_err(Problem::unreadable)?;
        let dry_run = match self.query("dryRun").as_deref() {
            None | Some("false") => false,
            Some("" | "true") => true,
            Some(other) => return Err(Problem::unreadable(format!("dryRun is true or false, not {other:?}"))),
        };
        Ok(self.caller.request(&self.app, key, dry_run))
    }

    /// The version that a change was made from, if the request says so: `If-Match: "3"`.
    pub fn version(&self) -> Result<Option<i64>, Problem> {
        let Some(value) = self.parts.headers.get(header::IF_MATCH) else { return Ok(None) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(None);
        }
        let number = text.strip_prefix("W/").unwrap_or(text).trim_matches('"').parse();
        number.map(Some).map_err(|_| Problem::unreadable(format!("If-Match is a version such as \"3\", not {text:?}")))
    }

    /// Makes a change and answers with what it answered.
    pub async fn change(&self, change: impl Change) -> Result<String, Problem> {
        self.submit(Command::Change(Box::new(change))).await
    }

    /// Puts a command into the write path and answers with what it answered.
    pub async fn submit(&self, command: Command) -> Result<String, Problem> {
        bridge::submit(&self.app.engine, self.request()?, command).await.map_err(|error| self.told(error))
    }

    /// Reads one snapshot.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        bridge::read(&self.app.engine, f).await.map_err(|error| self.told(error))
    }

    /// What the engine says, in the words of this request: whoever sent one object is told of no list.
    pub fn told(&self, error: Error) -> Problem {
        match error {
            Error::Invalid(mut violations) if self.is_one() => {
                violations.iter_mut().filter(|found| found.index == Some(0)).for_each(|found| found.index = None);
                Error::Invalid(violations).into()
            }
            error => error.into(),
        }
    }

    /// Whether the body is one object that holds no list of objects.
    fn is_one(&self) -> bool {
        let Ok(Value::Object(fields)) = json::read::<Value>(&self.body) else { return false };
        let is_object = |value: &Value| matches!(value, Value::Object(_));
        !fields.iter().any(|(_, value)| matches!(value, Value::List(items) if items.iter().any(is_object)))
    }

    /// How many records a list is to answer.
    pub fn limit(&self) -> Result<i64, Problem> {
        match self.query("limit").as_deref() {
            None => Ok(LIMIT),
            Some(text) => match text.parse::<i64>() {
                Ok(limit) if limit >= 1 => Ok(limit.min(LIMIT_MAX)),
                _ => Err(Problem::unreadable(format!("limit is a number from 1 to {LIMIT_MAX}, not {text:?}"))),
            },
        }
    }

    /// The number that a list's last page ended with, if this asks for the next.
    pub fn cursor(&self) -> Result<Option<i64>, Problem> {
        self.cursor_as(|text| text.parse().ok())
    }

    /// What a list's last page ended with, if this asks for the next.
    pub fn cursor_as<T>(&self, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(text) = self.query("cursor").filter(|text| !text.is_empty()) else { return Ok(None) };
        let found =
            URL_SAFE_NO_PAD.decode(text.as_bytes()).ok().and_then(|bytes| read(&String::from_utf8(bytes).ok()?));
        match found {
            Some(found) => Ok(Some(found)),
            None => Err(Problem::unreadable("cursor is the nextCursor of a list's last page, as it was sent")),
        }
    }
}

/// What a page ends with, as a cursor.
pub fn cursor_of(last: impl std::fmt::Display) -> String {
    URL_SAFE_NO_PAD.encode(last.to_string())
}

/// JSON that is printed already.
pub fn json_text(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = (status, body.into()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer that is printed as it is, so that each digit of a decimal is kept; see [`crate::json::must_be_text`].
pub fn json_body(status: StatusCode, body: &impl Serialize) -> Result<Response, Problem> {
    Ok(json_text(status, serde_json::to_string(body).map_err(|_| Problem::internal())?))
}

/// `%41` and `+` in a part of a query.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'+' => b' ',
            b'%' => {
                let mut ahead = rest.clone();
                let hex = [ahead.next(), ahead.next()].map(|digit| char::from(digit.unwrap_or(b'x')).to_digit(16));
                match hex {
                    [Some(high), Some(low)] => {
                        rest = ahead;
                        (high * 16 + low) as u8
                    }
                    _ => b'%',
                }
            }
            other => other,
        };
        bytes.push(decoded);
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_query_are_decoded() {
        for (sent, want) in
            [("a", "a"), ("a+b", "a b"), ("%C3%A4", "ä"), ("100%", "100%"), ("%4", "%4"), ("%zz1", "%zz1")]
        {
            assert_eq!(decode(sent), want);
        }
    }

    #[test]
    fn a_cursor_hides_a_number() {
        let cursor = cursor_of(4_711);
        assert_eq!(URL_SAFE_NO_PAD.decode(cursor).unwrap(), b"4711");
    }
}
