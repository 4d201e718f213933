//! `lotbook call`: everything that the native API can do, without a server.
//!
//! The call goes through the very router that `serve` listens with, so what is refused, allowed and written down is
//! the same. What a server's worker would do afterwards is done here.

mod address;
mod answer;
mod body;
mod reference;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use axum::response::Response;
use clap::Args;
use futures_util::StreamExt;
use lotbook_domain::id::{BookingId, TenantId};
use lotbook_engine::Engine;
use lotbook_engine::security::{Access, SYSTEM};
use lotbook_engine::thing::Value;

use self::reference::Operation;
use super::user::TenantArg;
use super::{Common, Failure, house};
use crate::app::{App, Options};
use crate::http::caller::Insider;
use crate::http::guard::DRY_RUN;
use crate::http::server::router;
use crate::webhook::Habits;

/// A call may take so long: nobody else waits for it.
const TIME_MAX: Duration = Duration::from_hours(24);
/// A body has at most so many bytes.
const BODY_BYTES_MAX: usize = 1 << 30;
/// After the call, reads that still run have so long.
const LAST_READS: Duration = Duration::from_secs(5);

const EXAMPLES: &str = "\
Examples:
  lotbook call --list reserv                       which calls have to do with reservations
  lotbook call POST reservations --explain         what one takes and answers
  lotbook call GET balances -q product=C-110 -q asOf=2026-01-31
  lotbook call POST reservations -f product=C-110 -f quantity=2 -f holdUntil=2027-01-31
  lotbook call POST reservations/17/confirm
  lotbook call POST counts -f product=C-110 -f location='Webshop/Shelf A' -f quantity=9 --dry-run
  lotbook call POST reversals -f booking=4 -f 'lines=[0]' -f reason='counted twice'
  lotbook call POST locations -f '[0].name=Shelf C' -f '[1].name=Shelf D'
  lotbook call POST entries --input entries.json --key monday-1

What goes to stdout is the answer, as it came where it is no terminal. What is wrong goes to stderr, and ends with 1.
After a change, bookings that wait are decided and values are settled, as the server would do it. Webhooks are delivered
by `lotbook serve` alone.";

/// Do anything that the native API can do, on this database and without a server
///
/// Without --user the call is made by whoever has the database in their hands, and may do everything.
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub struct Call {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(required_unless_present = "list")]
    method: Option<String>,
    /// What is called: balances or /v1/balances; a query may follow behind ?
    #[arg(required_unless_present = "list")]
    path: Option<String>,
    /// Print the calls that there are, or those with this word
    #[arg(long, value_name = "WORD", env = "LOTBOOK_CALL_LIST", num_args = 0..=1, default_missing_value = "")]
    list: Option<String>,
    /// Print what the call takes and answers, and do nothing
    #[arg(long, env = "LOTBOOK_CALL_EXPLAIN")]
    explain: bool,
    /// A parameter of the query; may be given several times
    #[arg(short, long = "query", value_name = "NAME=VALUE", env = "LOTBOOK_CALL_QUERY")]
    queries: Vec<String>,
    /// A field of the body, set on top of --input: JSON, or else taken as text; a number names a record by its id,
    /// unless the field is a text; `lines[0].product` reaches inside; may be given several times
    #[arg(short, long = "field", value_name = "NAME=VALUE", env = "LOTBOOK_CALL_FIELD")]
    fields: Vec<String>,
    /// The same, and always a text: where a product is called 22423
    #[arg(short, long = "text", value_name = "NAME=TEXT", env = "LOTBOOK_CALL_TEXT")]
    texts: Vec<String>,
    /// The file with the body; - is stdin
    #[arg(short, long, value_name = "FILE", env = "LOTBOOK_CALL_INPUT")]
    input: Option<PathBuf>,
    /// Tell every fault or the effect, and write nothing
    #[arg(long, env = "LOTBOOK_CALL_DRY_RUN")]
    dry_run: bool,
    /// The idempotency key: repeated with the same key, a change is made once
    #[arg(long, value_name = "KEY", env = "LOTBOOK_CALL_KEY")]
    key: Option<String>,
    /// Another header, such as 'If-Match: "3"'; may be given several times
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", env = "LOTBOOK_CALL_HEADER")]
    headers: Vec<String>,
    /// Print the status and the headers of the answer, too
    #[arg(long, env = "LOTBOOK_CALL_INCLUDE")]
    include: bool,
    /// Let webhooks call addresses of this machine and of private networks, as `serve` may be told to
    #[arg(long, env = "LOTBOOK_WEBHOOK_PRIVATE")]
    webhook_private: bool,
    /// The user who calls, with what that user may do
    #[arg(long, value_name = "NAME", env = "LOTBOOK_USER")]
    user: Option<String>,
    #[command(flatten)]
    tenant: TenantArg,
}

/// What is to be sent.
struct Asked {
    method: Method,
    uri: Uri,
    body: Vec<u8>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Call {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        if let Some(word) = &self.list {
            return reference::list(word);
        }
        let method = self.method.as_deref().unwrap_or_default().to_ascii_uppercase();
        let method: Method = method.parse().map_err(|_| Failure(format!("{method:?} is not a method such as GET")))?;
        let mut address = address::of(self.path.as_deref().unwrap_or_default());
        let known = reference::find(method.as_str(), address.split('?').next().unwrap_or_default());
        if self.explain {
            let operation = known.ok_or_else(|| reference::none(method.as_str(), &address))?;
            return Ok(operation.explain(&mut std::io::stdout().lock())?);
        }
        let mut queries = body::pairs("--query", &self.queries)?;
        if self.dry_run {
            queries.push(("dryRun", "true"));
        }
        address::add(&mut address, &queries);
        let uri = address.parse().map_err(|error| Failure(format!("{address} is not an address: {error}")))?;
        let asked = Asked { body: self.body(&method, known.as_ref())?, headers: self.headers()?, method, uri };

        let engine = house::open_for_command(common)?;
        let tenant = house::tenant(&engine, &self.tenant.tenant)?;
        let insider = self.insider(&engine, tenant)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        engine.start();
        let webhooks = Habits { allows_private: self.webhook_private, ..Habits::default() };
        let options =
            Options { body_bytes_max: BODY_BYTES_MAX, request_time_max: TIME_MAX, webhooks, ..Options::default() };
        let doors = router(App::new(Arc::clone(&engine), options));
        let house = House { engine: Arc::clone(&engine), tenant, insider, runtime, doors };
        let outcome = house.call(asked, self.include);
        house.runtime.shutdown_timeout(LAST_READS);
        engine.stop();
        outcome
    }

    /// The body: what the file holds with the fields on top.
    fn body(&self, method: &Method, known: Option<&Operation>) -> Result<Vec<u8>, Failure> {
        let has_fields = !self.fields.is_empty() || !self.texts.is_empty();
        let takes_body = known.map_or(*method != Method::GET && *method != Method::HEAD, Operation::takes_body);
        if (has_fields || self.input.is_some()) && !takes_body {
            let called = known.map_or_else(|| method.to_string(), |known| format!("{method} {}", known.path));
            return Err(Failure(format!("{called} takes no body; say what is asked for with --query NAME=VALUE")));
        }
        let input = match &self.input {
            None => Vec::new(),
            Some(path) => body::read(path)?,
        };
        if !has_fields {
            return Ok(input);
        }
        let mut whole = body::parse(&input)?;
        for (name, text) in body::pairs("--field", &self.fields)? {
            let value = match Value::parse(text) {
                // 1400 is a fine name of an account.
                Ok(Value::Number(_)) if known.is_some_and(|known| known.takes_text(name)) => {
                    Value::Text(text.to_owned())
                }
                Ok(value) => value,
                Err(_) => Value::Text(text.to_owned()),
            };
            body::set(&mut whole, name, value)?;
        }
        for (name, text) in body::pairs("--text", &self.texts)? {
            body::set(&mut whole, name, Value::Text(text.to_owned()))?;
        }
        Ok(whole.to_json().into_bytes())
    }

    fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
        let key = self.key.iter().map(|key| ("Idempotency-Key", key.as_str()));
        let mut found = Vec::new();
        for given in &self.headers {
            let pair = given.split_once(':');
            found.push(pair.ok_or_else(|| Failure(format!("--header {given}: write it as NAME: VALUE")))?);
        }
        let read = |(name, value): (&str, &str)| {
            let wrong = || Failure(format!("{name}: {value} cannot be sent as a header; it has to be ASCII"));
            let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong())?;
            Ok((name, HeaderValue::from_str(value.trim()).map_err(|_| wrong())?))
        };
        key.chain(found).map(read).collect()
    }

    /// Who calls, with what they may do.
    fn insider(&self, engine: &Engine, tenant: TenantId) -> Result<Insider, Failure> {
        let access = match &self.user {
            None => Access::everything(tenant, SYSTEM),
            Some(name) => {
                let person = house::person(engine, tenant, name)?;
                engine.read(|conn| Access::load(conn, tenant, person))?.ok_or_else(|| {
                    Failure(format!("the user {name} is disabled; lotbook user enable {name} lets them in again"))
                })?
            }
        };
        Ok(Insider { access: Arc::new(access), origin: house::ORIGIN })
    }
}

/// The doors, with somebody inside.
struct House {
    engine: Arc<Engine>,
    tenant: TenantId,
    insider: Insider,
    runtime: tokio::runtime::Runtime,
    doors: Router,
}

impl House {
    fn call(&self, asked: Asked, include: bool) -> Result<(), Failure> {
        let is_safe = asked.method.is_safe();
        let called = (asked.method.to_string(), asked.uri.path().to_owned());
        let mut response = self.send(asked)?;
        if !response.status().is_success() {
            let head = include.then(|| answer::head(&response));
            let body = self.collect(response)?;
            if let Some(head) = head {
                println!("{head}{}", String::from_utf8_lossy(&body));
            }
            return Err(answer::refusal(&body, is_safe, &called));
        }
        let mut rejected = None;
        let is_change = !is_safe && !response.headers().contains_key(DRY_RUN);
        if is_change && response.status() == axum::http::StatusCode::ACCEPTED {
            // It is decided by the worker; what became of it is told rather than that it waits.
            let (parts, body) = response.into_parts();
            let body = self.collect(Response::new(body))?;
            let id = body::parse(&body)?;
            let Some(id) = answer::id(&id) else { return Err(Failure("the answer names no booking".to_owned())) };
            let booking = house::decided(&self.engine, self.tenant, BookingId(id))?;
            rejected = house::tell_booking(&booking).err();
            let uri = format!("/v1/bookings/{id}").parse().map_err(|_| Failure("an id is a number".to_owned()))?;
            let looked = self.send(Asked { method: Method::GET, uri, body: Vec::new(), headers: Vec::new() })?;
            // Whoever may book and not read is told of what the booking answered.
            let shown = if looked.status().is_success() { looked.into_body() } else { Body::from(body) };
            response = Response::from_parts(parts, shown);
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        if include {
            print!("{}", answer::head(&response));
        }
        self.print(response)?;
        // It is done and told by now: what is left to be settled does not make it a failure.
        if is_change && let Err(Failure(why)) = house::catch_up(&self.engine) {
            eprintln!("what was asked for is done, and its values wait to be settled: {why}");
        }
        rejected.map_or(Ok(()), Err)
    }

    fn send(&self, asked: Asked) -> Result<Response, Failure> {
        let mut request = Request::builder().method(asked.method).uri(asked.uri);
        if !asked.body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in asked.headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Body::from(asked.body)).map_err(|error| Failure(error.to_string()))?;
        request.extensions_mut().insert(self.insider.clone());
        let mut doors = self.doors.clone();
        // A router is always ready, and never fails.
        let answered = self.runtime.block_on(tower_service::Service::call(&mut doors, request));
        answered.map_err(|never| match never {})
    }

    fn collect(&self, response: Response) -> Result<Vec<u8>, Failure> {
        let body = self.runtime.block_on(axum::body::to_bytes(response.into_body(), usize::MAX));
        Ok(body.map_err(|error| Failure(format!("the answer broke off: {error}")))?.into())
    }

    /// The body to stdout: JSON over several lines where a person reads it, all else as it comes.
    fn print(&self, response: Response) -> Result<(), Failure> {
        let is_terminal = std::io::stdout().is_terminal();
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let is_json = kind.starts_with("application/json");
        if is_terminal && !is_json && !kind.starts_with("text/") && !kind.is_empty() {
            return Err(Failure(format!(
                "the answer is {kind}, nothing for a terminal; send it to a file with > FILE"
            )));
        }
        if is_json {
            let body = self.collect(response)?;
            let text = String::from_utf8_lossy(&body);
            let shown = if is_terminal { Value::parse(&text).ok().map(|value| answer::pretty(&value)) } else { None };
            writeln!(std::io::stdout().lock(), "{}", shown.as_deref().unwrap_or(&text))?;
            return Ok(());
        }
        let mut parts = response.into_body().into_data_stream();
        while let Some(part) = self.runtime.block_on(parts.next()) {
            let part = part.map_err(|error| Failure(format!("the answer broke off: {error}")))?;
            let mut out = std::io::stdout().lock();
            out.write_all(&part)?;
            out.flush()?;
        }
        Ok(())
    }
}
