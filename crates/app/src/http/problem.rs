//! Why a call of the native API has no result: `application/problem+json` as RFC 9457 has it.
//!
//! The status says who has to act: 400 the text could not be read · 401 log in · 403 ask for the
//! permission · 404 there is no such thing · 409 the state of things is another · 412 the record has
//! changed since it was read · 422 the request was read and is not right · 429 and 503 wait, then try
//! again · 500 our fault. `code` is stable, `detail` is for people, `violations` lists every fault by
//! its path, and `codes` says in the same order what a program may go by.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lotbook_domain::violation::Violation;
use lotbook_engine::{Error, Figure};
use serde::{Serialize, Serializer};

use super::flow::form::Number;
use super::request_id::RequestId;
use crate::json::JsonFault;

/// A problem to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status of the reply.
    pub status: StatusCode,
    /// A stable code in camelCase.
    pub code: Cow<'static, str>,
    /// A sentence for a person.
    pub detail: String,
    /// Each fault of the request: its path, its stable code and a sentence.
    pub violations: Vec<(String, &'static str, String)>,
    /// Numbers that a program may read: `("booking", 17)`.
    pub details: Vec<(&'static str, Figure)>,
    /// After how many seconds trying again is worth while.
    pub retry_after_s: Option<u64>,
}

/// A figure in a body: a whole number, or an exact decimal.
pub struct Shown(pub Figure);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Figure::Whole(number) => number.serialize(serializer),
            Figure::Exact(quantity) => Number(quantity.0).serialize(serializer),
        }
    }
}

impl Problem {
    /// A problem with nothing but a code and a sentence.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            detail: detail.into(),
            violations: Vec::new(),
            details: Vec::new(),
            retry_after_s: None,
        }
    }

    /// 400: a part of the address or a header that cannot be read.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadableRequest", detail)
    }

    /// 401: no token, or one that does not hold.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "the token is missing, unknown or expired; log in with POST /v1/login and send it as Authorization: Bearer <token>",
        )
    }

    /// 404: no route of this API.
    pub fn unknown_route(method: &str, path: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknownRoute",
            format!("there is no {method} {path}; /docs lists what there is"),
        )
    }

    /// 429.
    pub fn too_many_requests(retry_after_s: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "tooManyRequests",
                format!("too many requests; try again in {retry_after_s} s"),
            )
        }
    }

    /// 500, without a word about what went wrong: that is in the log.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internalError",
            "this is a fault of the server, not of the request; its log says more under the request id",
        )
    }

    /// The body, for the request at hand.
    pub fn body(&self) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            r#type: String,
            title: &'static str,
            status: u16,
            code: &'a str,
            detail: &'a str,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            violations: BTreeMap<&'a str, Vec<&'a str>>,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            codes: BTreeMap<&'a str, Vec<&'static str>>,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            details: BTreeMap<&'static str, Shown>,
            #[serde(skip_serializing_if = "Option::is_none")]
            request_id: Option<String>,
        }
        let mut violations: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut codes: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
        for (path, code, message) in &self.violations {
            violations.entry(path).or_default().push(message);
            codes.entry(path).or_default().push(code);
        }
        let body = Body {
            r#type: format!("/errors/{}", self.code),
            title: title(self.status),
            status: self.status.as_u16(),
            code: &self.code,
            detail: &self.detail,
            violations,
            codes,
            details: self.details.iter().map(|(name, figure)| (*name, Shown(*figure))).collect(),
            request_id: RequestId::current().map(|id| id.to_string()),
        };
        serde_json::to_string(&body).expect("a problem has text keys and parts that can be printed")
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request cannot be read",
        401 => "Log in first",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Not called this way",
        409 => "Not possible now",
        412 => "The record has changed",
        413 => "The request is too large",
        422 => "The request has faults",
        429 => "Too many requests",
        503 => "Try again later",
        _ => "A fault of the server",
    }
}

/// The whole body.
const WHOLE: &str = "$";

/// `[3].quantity` for a line of a list, else the field; `$` is the whole body.
fn path(violation: &Violation) -> String {
    match violation.index {
        None if violation.field.is_empty() => WHOLE.to_owned(),
        Some(index) if violation.field.is_empty() => format!("[{index}]"),
        Some(index) => format!("[{index}].{}", violation.field),
        None => violation.field.to_owned(),
    }
}

impl From<Vec<Violation>> for Problem {
    fn from(violations: Vec<Violation>) -> Self {
        let detail = match violations.as_slice() {
            [only] if only.index.is_none() && only.field.is_empty() => only.message.clone(),
            [only] => format!("{}: {}", path(only), only.message),
            all => format!("the request has {} faults; violations names them all", all.len()),
        };
        let code = match violations.as_slice() {
            [only] => only.code,
            _ => "validationFailed",
        };
        Self {
            violations: violations
                .into_iter()
                .map(|violation| (path(&violation), violation.code, violation.message))
                .collect(),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
        }
    }
}

impl From<JsonFault> for Problem {
    fn from(fault: JsonFault) -> Self {
        Self {
            violations: vec![(fault.path.clone(), "unreadableRequest", fault.message.clone())],
            ..Self::unreadable(match fault.path.as_str() {
                WHOLE => format!("the body {}", fault.message),
                path => format!("{path}: {}", fault.message),
            })
        }
    }
}

impl From<Error> for Problem {
    /// What the engine says, in the words of this API. Internal text goes to the log and no further.
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, "notFound", error.to_string()),
            Error::Invalid(violations) => violations.into(),
            Error::Refused { code, message, details } => {
                Self { details, ..Self::new(StatusCode::CONFLICT, code, message) }
            }
            // Said of a version that `If-Match` names.
            Error::Conflict { message } => Self::new(StatusCode::PRECONDITION_FAILED, "conflict", message),
            Error::KeyReused { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotencyKeyReused", error.to_string())
            }
            Error::Forbidden { message } => Self::new(StatusCode::FORBIDDEN, "permissionDenied", message),
            Error::Busy(text) => {
                tracing::warn!(error = text, "the database is not to be had");
                Self {
                    retry_after_s: Some(1),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "unavailable",
                        "the database cannot be reached at the moment; try again",
                    )
                }
            }
            // A command that knows what the key means has said so before it gets here.
            Error::Duplicate(text) | Error::Internal(text) => {
                tracing::error!(error = text, "a request failed");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_heard_as_a_problem() {
        use lotbook_domain::quantity::Quantity;

        let refused = || Error::Refused {
            code: "insufficientStock",
            message: "5.5 l are short".into(),
            details: vec![("short", Figure::Exact(Quantity(5_500_000))), ("index", 2.into())],
        };
        let body = Problem::from(refused()).body();
        assert!(body.contains(r#""details":{"index":2,"short":5.5}"#), "{body}");
        for (error, status, code) in [
            (Error::not_found("journal", 5), 404, "notFound"),
            (refused(), 409, "insufficientStock"),
            (Error::Conflict { message: "changed".into() }, 412, "conflict"),
            (Error::Invalid(vec![]), 422, "validationFailed"),
            (Error::Invalid(vec![Violation::new("name", "required", "is missing")]), 422, "required"),
            (Error::KeyReused { key: "k".into() }, 422, "idempotencyKeyReused"),
            (Error::Forbidden { message: "no".into() }, 403, "permissionDenied"),
            (Error::Busy("secret".into()), 503, "unavailable"),
            (Error::Duplicate("secret".into()), 500, "internalError"),
            (Error::Internal("secret".into()), 500, "internalError"),
        ] {
            let problem = Problem::from(error);
            assert_eq!((problem.status.as_u16(), problem.code.as_ref()), (status, code));
            assert!(!problem.body().contains("secret"));
        }
    }

    #[test]
    fn every_fault_is_listed_by_its_path() {
        let problem = Problem::from(vec![
            Violation::at(2, "quantity", "required", "is missing"),
            Violation::at(2, "quantity", "notPositive", "must be above 0"),
            Violation::new("reason", "tooLong", "has 5000 characters; at most 4000 fit"),
        ]);
        let body: serde_json::Value = serde_json::from_str(&problem.body()).unwrap();
        assert_eq!(body["violations"]["[2].quantity"][1], "must be above 0");
        assert_eq!(body["violations"]["reason"].as_array().map(Vec::len), Some(1));
        assert_eq!(body["codes"]["[2].quantity"], serde_json::json!(["required", "notPositive"]));
        assert_eq!(body["status"], 422);
        assert_eq!(body["type"], "/errors/validationFailed");
        assert!(body.get("requestId").is_none(), "no request is being answered");
    }
}
