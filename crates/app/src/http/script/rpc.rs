//! JSON-RPC 2.0: calls in a body, alone or in a batch, and their answers.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lotbook_engine::Error;
use lotbook_engine::thing::value::quote;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::write::{Change, RequestKey, Tx};

use super::argument::Args;
use super::fault::{Fault, FaultKind};
use super::function::{Run, named};
use super::session::Session;
use crate::http::call::{Call, json_text};
use crate::http::problem::Problem;
use crate::{bridge, json};

/// So many calls are in a batch at most.
pub const CALLS_MAX: usize = 1_000;

/// A call as it stands in the body.
struct Asked {
    /// What its answer is known by; `None` = nobody waits for one.
    id: Option<Value>,
    method: String,
    params: Option<Value>,
}

/// Serves a body.
pub async fn serve(call: Call) -> Result<Response, Problem> {
    let key = call
        .caller
        .key(&call.parts.headers, &call.parts.method, &call.parts.uri, &call.body)
        .map_err(Problem::unreadable)?;
    let body = match json::read::<Value>(&call.body) {
        Ok(body) => body,
        Err(fault) => return Ok(failed(-32_700, &format!("{}: {}", fault.path, fault.message))),
    };
    match body {
        Value::List(asked) if asked.is_empty() => Ok(failed(-32_600, "an empty batch asks for nothing")),
        Value::List(asked) if asked.len() > CALLS_MAX => {
            Ok(failed(-32_600, &format!("a batch holds up to {CALLS_MAX} calls, and this one has {}", asked.len())))
        }
        Value::List(asked) => batch(&call, key, asked).await,
        one => {
            let mut out = String::new();
            let is_told = answer(&call, key, one, &mut out).await?;
            Ok(if is_told { json_text(StatusCode::OK, out) } else { StatusCode::NO_CONTENT.into_response() })
        }
    }
}

/// A fault of the text as a whole.
fn failed(code: i64, message: &str) -> Response {
    let mut out = format!("{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":{code},\"message\":");
    quote(message, &mut out);
    out.push_str("},\"id\":null}");
    json_text(StatusCode::OK, out)
}

async fn batch(call: &Call, key: Option<RequestKey>, asked: Vec<Value>) -> Result<Response, Problem> {
    if let Some(key) = &key {
        // The key stands for the whole body, whichever of its calls changes something.
        let request = call.caller.request(&call.app, Some(key.clone()), false);
        bridge::change(&call.app.engine, request, Claim).await?;
    }
    let mut out = String::from("[");
    for (number, one) in asked.into_iter().enumerate() {
        let key = key.clone().map(|key| RequestKey { text: format!("{}#{}", key.text, number + 1), ..key });
        let before = out.len();
        if before > 1 {
            out.push(',');
        }
        if !answer(call, key, one, &mut out).await? {
            out.truncate(before);
        }
    }
    if out.len() == 1 {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    out.push(']');
    Ok(json_text(StatusCode::OK, out))
}

/// Keeps a key for the body it came with.
struct Claim;

impl Change for Claim {
    fn run(&mut self, _: &mut Tx<'_>) -> Result<String, Error> {
        Ok("{}".to_owned())
    }

    fn may_share(&self) -> bool {
        true
    }
}

/// Makes one call and adds its answer; says whether there is one. What only HTTP can say is a problem.
async fn answer(call: &Call, key: Option<RequestKey>, one: Value, out: &mut String) -> Result<bool, Problem> {
    let asked = match read(one) {
        Ok(asked) => asked,
        Err((id, message)) => {
            write_fault(-32_600, message, None, &id, out);
            return Ok(true);
        }
    };
    let outcome = perform(call, key, asked.method, asked.params).await;
    if let Err(fault) = &outcome {
        match fault.kind {
            FaultKind::Busy => {
                let busy = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", fault.message.clone());
                return Err(Problem { retry_after_s: Some(1), ..busy });
            }
            FaultKind::KeyReused => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Err(Problem::new(status, "idempotencyKeyReused", fault.message.clone()));
            }
            _ => {}
        }
    }
    let Some(id) = asked.id else { return Ok(false) };
    match outcome {
        Ok(result) => {
            out.push_str("{\"jsonrpc\":\"2.0\",\"result\":");
            result.write_json(out);
            out.push_str(",\"id\":");
            id.write_json(out);
            out.push('}');
        }
        Err(fault) => write_fault(fault.kind.code(), &fault.message, Some(&fault), &id, out),
    }
    Ok(true)
}

fn write_fault(code: i64, message: &str, fault: Option<&Fault>, id: &Value, out: &mut String) {
    out.push_str(&format!("{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":{code},\"message\":"));
    quote(message, out);
    if let Some(fault) = fault {
        out.push_str(&format!(",\"data\":{{\"type\":\"{}\",\"violations\":", fault.kind.name()));
        super::shape::violations(fault.violations.clone()).write_json(out);
        out.push('}');
    }
    out.push_str("},\"id\":");
    id.write_json(out);
    out.push('}');
}

/// What a call asks for, or what is wrong with it and the id to say so under.
fn read(one: Value) -> Result<Asked, (Value, &'static str)> {
    let Value::Object(mut fields) = one else { return Err((Value::Null, "a call is an object")) };
    let id = take(&mut fields, "id");
    let known = match &id {
        Some(id @ (Value::Null | Value::Text(_) | Value::Number(_))) => id.clone(),
        None => Value::Null,
        Some(_) => return Err((Value::Null, "the id of a call is a text, a number or null")),
    };
    if take(&mut fields, "jsonrpc") != Some(Value::Text("2.0".to_owned())) {
        return Err((known, "jsonrpc must be \"2.0\""));
    }
    let Some(Value::Text(method)) = take(&mut fields, "method") else {
        return Err((known, "method must be the dotted name of a function"));
    };
    Ok(Asked { id, method, params: take(&mut fields, "params") })
}

fn take(fields: &mut Record, name: &str) -> Option<Value> {
    let at = fields.iter().position(|(found, _)| found == name)?;
    Some(fields.swap_remove(at).1)
}

async fn perform(call: &Call, key: Option<RequestKey>, method: String, params: Option<Value>) -> Result<Value, Fault> {
    let Some(function) = named(&method) else {
        let message = format!("there is no function {method}; GET /script/functions lists them all");
        return Err(Fault::new(FaultKind::UnknownFunction, message));
    };
    if let Some(permission) = function.permission {
        // What belongs to no place is changed by those who may do so everywhere; the rest looks at its places.
        let access = &call.caller.access;
        let is_of_all = matches!(permission.rsplit('.').next(), Some("SAVE" | "DELETE"));
        if is_of_all { access.require_everywhere(permission)? } else { access.require_somewhere(permission)? }
    }
    let args = Args::bind(function, &method, params)?;
    let session = Session::new(call.app.clone(), call.caller.clone(), key);
    match function.run {
        Run::Plain(run) => run(&session, args),
        Run::Read(run) => session.read(move |reader| run(reader, args)).await,
        Run::Act(run) => run(session, args).await,
    }
}
