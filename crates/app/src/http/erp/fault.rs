//! The envelope of every reply, and what stands in it when there is no value.
//!
//! A fault of business has status 200: clients of this dialect look into the envelope. Other
//! statuses say that a call was not understood or not let in.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lotbook_domain::violation::Violation;
use lotbook_engine::error::{Error, Figure};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::http::problem::{Problem, Shown};
use crate::json::JsonFault;

/// Why a call has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The status of the reply.
    pub status: StatusCode,
    /// A stable code: `BookingInProgress`.
    pub code: Cow<'static, str>,
    /// A sentence for a person.
    pub message: String,
    /// What a program may read beside the code.
    pub details: Details,
}

/// What a program may read of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Details {
    /// Nothing: `{}`.
    None,
    /// Where the body is wrong: `{"path": "$.count"}`.
    Path(String),
    /// All that is wrong with the request: `{"violations": [...]}`.
    Violations(Vec<Violation>),
    /// Numbers: `{"requisitionId": 17}`.
    Numbers(Vec<(&'static str, Figure)>),
}

impl Fault {
    /// A fault of business, status 200.
    pub fn business(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::with_status(StatusCode::OK, code, message)
    }

    /// A fault with a status of its own.
    pub fn with_status(status: StatusCode, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), details: Details::None }
    }

    /// Everything that is wrong with a request that could be read.
    pub fn validation(violations: Vec<Violation>) -> Self {
        let message = match violations.len() {
            1 => "the request has 1 fault; see details.violations".to_owned(),
            count => format!("the request has {count} faults; see details.violations"),
        };
        Self { details: Details::Violations(violations), ..Self::business("ValidationFailed", message) }
    }

    /// 401: no token, or one that does not hold.
    pub fn unauthorized() -> Self {
        Self::with_status(
            StatusCode::UNAUTHORIZED,
            "Unauthorized",
            "the token is missing, unknown or expired; log in and send it as Authorization: Bearer <token>",
        )
    }

    /// 401: a name, a password or a tenant that does not fit; which one is not told.
    pub fn login_failed() -> Self {
        Self::with_status(
            StatusCode::UNAUTHORIZED,
            "LoginFailed",
            "the user name, password or tenant is wrong, or the refresh token is unknown, used up or expired",
        )
    }

    /// 413.
    pub fn body_too_large(bytes_max: u64) -> Self {
        Self::with_status(
            StatusCode::PAYLOAD_TOO_LARGE,
            "BodyTooLarge",
            format!("the body has more than {bytes_max} bytes; send it in parts"),
        )
    }

    /// 429.
    pub fn too_many_requests(retry_after_s: u64) -> Self {
        let message = format!("too many requests; try again in {retry_after_s} s");
        let details = vec![("retryAfterSeconds", i64::try_from(retry_after_s).unwrap_or(i64::MAX).into())];
        Self {
            details: Details::Numbers(details),
            ..Self::with_status(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        }
    }

    /// The body of the reply.
    pub fn body(&self) -> String {
        enclose(&Envelope::<()>::Error(self))
    }
}

impl From<JsonFault> for Fault {
    fn from(fault: JsonFault) -> Self {
        Self {
            details: Details::Path(fault.path.clone()),
            ..Self::with_status(
                StatusCode::BAD_REQUEST,
                "UnreadableRequest",
                format!("{}: {}", fault.path, fault.message),
            )
        }
    }
}

impl From<Problem> for Fault {
    /// What the server says about any request, in the form of the dialect.
    fn from(problem: Problem) -> Self {
        Self::with_status(problem.status, pascal(&problem.code), problem.detail)
    }
}

impl From<Error> for Fault {
    /// What the engine says, in the words of the dialect. Internal text does not leave.
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { kind, what } => match kind {
                "journal" => Self::business("StockDraftNotFound", format!("there is no stock draft {what}")),
                "voucher" => Self::business("StockAppendixNotFound", format!("there is no stock appendix {what}")),
                "entry" => Self::business("StockDraftEntryNotFound", format!("there is no stock draft entry {what}")),
                _ => Self::business(format!("{}NotFound", pascal(kind)), format!("there is no {kind} {what}")),
            },
            Error::Invalid(violations) => Self::validation(violations),
            Error::Refused { code, message, details } => {
                let message = match (code, details.as_slice()) {
                    ("bookingInProgress", [(_, Figure::Whole(booking))]) => format!(
                        "booking {booking} of this stock draft is still running; ask \
                         GetStockBookingOperationState until it has ended"
                    ),
                    _ => message,
                };
                let details = if details.is_empty() { Details::None } else { Details::Numbers(details) };
                Self { details, ..Self::business(refusal_code(code), message) }
            }
            Error::Conflict { message } => Self::business("Conflict", message),
            Error::KeyReused { .. } => Self::business("IdempotencyKeyReused", error.to_string()),
            Error::Forbidden { message } => Self::with_status(StatusCode::FORBIDDEN, "PermissionDenied", message),
            Error::Busy(text) => {
                tracing::warn!(error = text, "the database is not to be had");
                Self::with_status(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Unavailable",
                    "the database cannot be reached at the moment; try again",
                )
            }
            // A command that knows what the key means has said so before it gets here.
            Error::Duplicate(text) | Error::Internal(text) => {
                tracing::error!(error = text, "a call failed");
                Self::with_status(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "InternalError",
                    "this is a fault of the server; nothing was changed, and its log says more",
                )
            }
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        json_response(self.status, self.body())
    }
}

/// The body of a reply with a value.
pub fn reply<T: Serialize>(value: &T) -> String {
    enclose(&Envelope::Value(value))
}

/// A reply of this dialect; also one that is given again under its idempotency key.
pub fn json_response(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

fn enclose<T: Serialize>(envelope: &Envelope<'_, T>) -> String {
    serde_json::to_string(envelope).expect("replies have text keys and parts that can be printed")
}

/// The dialect's code of a refusal: voucher numbers are numbers of appendices here.
fn refusal_code(code: &str) -> String {
    match code {
        "numberOverlapsSeries" | "numberInUse" | "seriesExhausted" => format!("Appendix{}", pascal(code)),
        _ => pascal(code),
    }
}

/// `bookingInProgress` → `BookingInProgress`.
fn pascal(code: &str) -> String {
    let mut chars = code.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// A field as this dialect names it.
fn field_name(field: &str) -> &str {
    match field {
        "journal" => "stockDraftId",
        "voucher" => "stockAppendixId",
        "entry" => "stockDraftEntryId",
        "entries" => "stockDraftEntrySources",
        "number" => "userDefinedAppendixNumber",
        "orgUnit" => "organizationalUnitId",
        "product" => "productId",
        "variant" => "variantId",
        "instances" => "instanceIds",
        "location" => "productLocationId",
        "lot" => "lotId",
        "customer" => "customerActorId",
        "supplier" => "supplierActorId",
        "sourceKind" => "source.kind",
        "sourceIdentifier" => "source.identifier",
        "creditNoteReference" => "creditNoteExternalReference",
        "creditNoteReference.sourceType" => "creditNoteExternalReference.sourceType",
        "creditNoteReference.sourceId" => "creditNoteExternalReference.sourceId",
        other => other,
    }
}

enum Envelope<'a, T> {
    Value(&'a T),
    Error(&'a Fault),
}

impl<T: Serialize> Serialize for Envelope<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct ErrorOrValue<'a, 'b, T>(&'a Envelope<'b, T>);
        impl<T: Serialize> Serialize for ErrorOrValue<'_, '_, T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(2))?;
                match self.0 {
                    Envelope::Value(value) => {
                        map.serialize_entry("error", &())?;
                        map.serialize_entry("value", value)?;
                    }
                    Envelope::Error(fault) => {
                        map.serialize_entry("error", fault)?;
                        map.serialize_entry("value", &())?;
                    }
                }
                map.end()
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("errorOrValue", &ErrorOrValue(self))?;
        map.end()
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("details", &self.details)?;
        map.end()
    }
}

impl Serialize for Details {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::None => {}
            Self::Path(path) => map.serialize_entry("path", path)?,
            Self::Violations(violations) => map.serialize_entry("violations", &ViolationList(violations))?,
            Self::Numbers(numbers) => {
                for (name, figure) in numbers {
                    map.serialize_entry(name, &Shown(*figure))?;
                }
            }
        }
        map.end()
    }
}

struct ViolationList<'a>(&'a [Violation]);

impl Serialize for ViolationList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Line<'a> {
            index: Option<usize>,
            field: &'a str,
            code: &'a str,
            message: &'a str,
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for Violation { index, field, code, message } in self.0 {
            list.serialize_element(&Line { index: *index, field: field_name(field), code, message })?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_has_the_envelope() {
        for (body, want) in [
            (reply(&5), r#"{"errorOrValue":{"error":null,"value":5}}"#),
            (
                Fault::business("BookingInProgress", "wait").body(),
                r#"{"errorOrValue":{"error":{"code":"BookingInProgress","message":"wait","details":{}},"value":null}}"#,
            ),
            (
                Fault::from(JsonFault { path: "$.count".into(), message: "is odd".into() }).body(),
                r#"{"errorOrValue":{"error":{"code":"UnreadableRequest","message":"$.count: is odd","details":{"path":"$.count"}},"value":null}}"#,
            ),
            (
                Fault::validation(vec![
                    Violation::new("voucher", "required", "is missing"),
                    Violation::at(3, "orgUnit", "required", "is missing"),
                ])
                .body(),
                r#"{"errorOrValue":{"error":{"code":"ValidationFailed","message":"the request has 2 faults; see details.violations","details":{"violations":[{"index":null,"field":"stockAppendixId","code":"required","message":"is missing"},{"index":3,"field":"organizationalUnitId","code":"required","message":"is missing"}]}},"value":null}}"#,
            ),
        ] {
            assert_eq!(body, want);
        }
    }

    #[test]
    fn the_engine_is_heard_in_the_words_of_the_dialect() {
        let refused = Error::Refused {
            code: "bookingInProgress",
            message: "booking 17 runs".into(),
            details: vec![("requisitionId", 17.into())],
        };
        for (error, status, code) in [
            (Error::not_found("journal", 5), 200, "StockDraftNotFound"),
            (Error::not_found("voucher", 5), 200, "StockAppendixNotFound"),
            (Error::not_found("entry", 5), 200, "StockDraftEntryNotFound"),
            (Error::not_found("product", 5), 200, "ProductNotFound"),
            (refused, 200, "BookingInProgress"),
            (Error::refused("numberInUse", "taken"), 200, "AppendixNumberInUse"),
            (Error::refused("numberOverlapsSeries", "taken"), 200, "AppendixNumberOverlapsSeries"),
            (Error::refused("seriesExhausted", "all gone"), 200, "AppendixSeriesExhausted"),
            (Error::Invalid(vec![]), 200, "ValidationFailed"),
            (Error::KeyReused { key: "k".into() }, 200, "IdempotencyKeyReused"),
            (Error::Forbidden { message: "no".into() }, 403, "PermissionDenied"),
            (Error::Busy("secret".into()), 503, "Unavailable"),
            (Error::Duplicate("secret".into()), 500, "InternalError"),
            (Error::Internal("secret".into()), 500, "InternalError"),
        ] {
            let fault = Fault::from(error);
            assert_eq!((fault.status.as_u16(), fault.code.as_ref()), (status, code));
            assert!(!fault.body().contains("secret"));
            if code == "BookingInProgress" {
                assert!(fault.body().contains(r#""details":{"requisitionId":17}"#));
            }
        }
    }
}
