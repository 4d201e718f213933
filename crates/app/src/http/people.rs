//! Users, roles, API keys and the audit log, in the native API.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, get};
use lotbook_domain::id::{TokenId, UserId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::security::api_key::{self, CreateApiKey, RevokeApiKey};
use lotbook_engine::security::permission::{AUDIT_READ, FREE, KNOWN, USERS_WRITE};
use lotbook_engine::security::person::{self, ChangePerson, CreatePeople, NewPerson, WantedRole};
use lotbook_engine::security::role::{self, ChangeRole, CreateRoles, DeleteRole, NewRole};
use lotbook_engine::security::{Edit, Reference};
use lotbook_engine::table;
use lotbook_engine::table::audit::AuditFilter;
use lotbook_engine::thing::Value as Field;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

use super::call::{Call, cursor_of, json_text};
use super::flow::form;
use super::problem::Problem;
use crate::app::Shared;
use crate::password;
use crate::secret::Secret;

/// `/v1/users`, `/v1/roles`, `/v1/permissions`, `/v1/tokens`, `/v1/audit`.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/users", get(list_users).post(create_users))
        .route("/v1/users/{user}", get(get_user).patch(change_user))
        .route("/v1/roles", get(list_roles).post(create_roles))
        .route("/v1/roles/{role}", get(get_role).patch(change_role).delete(delete_role))
        .route("/v1/tokens", get(list_tokens).post(create_token))
        .route("/v1/tokens/{token}", delete(revoke_token))
        .route("/v1/permissions", get(list_permissions))
        .route("/v1/audit", get(list_audit))
}

/// One record or a list of them.
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// A list is at most so long: each new password takes a while.
const PEOPLE_MAX: usize = 1_000;

impl<T: DeserializeOwned> OneOrMany<T> {
    fn read(call: &Call) -> Result<Self, Problem> {
        let is_list = call.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        if !is_list {
            return Ok(Self::One(call.json()?));
        }
        let many: Vec<T> = call.json()?;
        if many.len() > PEOPLE_MAX {
            let message = format!("the list has {} records; at most {PEOPLE_MAX} fit", many.len());
            return Err(vec![Violation::new("items", "tooMany", message)].into());
        }
        Ok(Self::Many(many))
    }

    fn into_vec(self) -> (Vec<T>, bool) {
        match self {
            Self::One(one) => (vec![one], false),
            Self::Many(many) => (many, true),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserBody {
    name: Option<String>,
    #[serde(default)]
    email: Edit<String>,
    #[serde(default)]
    password: Edit<String>,
    is_enabled: Option<bool>,
    roles: Option<Vec<WantedRole>>,
    /// The only role, and where it holds: short for `roles`.
    role: Option<Reference>,
    org_unit: Option<Reference>,
    // What answers show beside it, so that an answer can be sent back.
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "uid")]
    _uid: Option<IgnoredAny>,
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[serde(rename = "createdBy")]
    _created_by: Option<IgnoredAny>,
    #[serde(rename = "modifiedAt")]
    _modified_at: Option<IgnoredAny>,
    #[serde(rename = "modifiedBy")]
    _modified_by: Option<IgnoredAny>,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
}

impl UserBody {
    fn roles(&mut self) -> Result<Option<Vec<WantedRole>>, Problem> {
        match (self.roles.take(), self.role.take(), self.org_unit.take()) {
            (roles, None, None) => Ok(roles),
            (None, Some(role), org_unit) => Ok(Some(vec![WantedRole { role, org_unit }])),
            _ => Err(vec![Violation::new(
                "roles",
                "ambiguous",
                "give either role, with orgUnit if it is not to hold everywhere, or roles",
            )]
            .into()),
        }
    }
}

/// What is wrong with a new password.
pub fn check_password(password: &str) -> Result<(), Problem> {
    let message = if password.is_empty() {
        "is empty".to_owned()
    } else if password.len() > password::BYTES_MAX {
        format!("has {} bytes; at most {} fit", password.len(), password::BYTES_MAX)
    } else if password.chars().count() < password::CHARS_MIN {
        format!("has fewer than {} characters and is soon guessed; take a longer one", password::CHARS_MIN)
    } else {
        return Ok(());
    };
    Err(vec![Violation::new("password", "notAPassword", message)].into())
}

async fn hash_of(password: Edit<String>) -> Result<Edit<String>, Problem> {
    Ok(match password {
        Edit::Keep => Edit::Keep,
        Edit::Remove => Edit::Remove,
        Edit::Set(password) => {
            check_password(&password)?;
            Edit::Set(password::hash_aside(password).await?)
        }
    })
}

async fn create_users(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let (bodies, is_list) = OneOrMany::<UserBody>::read(&call)?.into_vec();
    let mut people = Vec::with_capacity(bodies.len());
    for mut body in bodies {
        let roles = body.roles()?.unwrap_or_default();
        people.push(NewPerson {
            name: body.name.unwrap_or_default(),
            email: body.email.into_option(),
            password_hash: hash_of(body.password).await?.into_option(),
            is_enabled: body.is_enabled.unwrap_or(true),
            roles,
        });
    }
    let answer = call.change(CreatePeople { people, is_list }).await?;
    Ok(json_text(StatusCode::CREATED, answer))
}

async fn change_user(Path(user): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let mut body: UserBody = call.json()?;
    let roles = body.roles()?;
    let change = ChangePerson {
        person: Reference::from_text(user),
        version: call.version()?,
        name: body.name,
        email: body.email,
        password_hash: hash_of(body.password).await?,
        is_enabled: body.is_enabled,
        roles,
    };
    let answer = call.change(change).await?;
    call.app.tokens.forget();
    Ok(json_text(StatusCode::OK, answer))
}

async fn list_users(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let (tenant, limit, after) = (call.caller.tenant(), call.limit()?, UserId(call.cursor()?.unwrap_or(0)));
    let items = call.read(move |conn| person::page(conn, tenant, after, limit + 1)).await?;
    Ok(page(items, limit, |item| item.id().0))
}

async fn get_user(Path(user): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let tenant = call.caller.tenant();
    let found = call
        .read(move |conn| {
            let found = person::find(conn, tenant, &Reference::from_text(user))?;
            person::views(conn, tenant, vec![found])
        })
        .await?;
    Ok(json_text(StatusCode::OK, print(&found.first())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleBody {
    name: Option<String>,
    permissions: Option<Vec<String>>,
    // What answers show beside it, so that an answer can be sent back.
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "uid")]
    _uid: Option<IgnoredAny>,
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[serde(rename = "createdBy")]
    _created_by: Option<IgnoredAny>,
    #[serde(rename = "modifiedAt")]
    _modified_at: Option<IgnoredAny>,
    #[serde(rename = "modifiedBy")]
    _modified_by: Option<IgnoredAny>,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
}

async fn create_roles(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let (bodies, is_list) = OneOrMany::<RoleBody>::read(&call)?.into_vec();
    let roles = bodies
        .into_iter()
        .map(|body| NewRole { name: body.name.unwrap_or_default(), permissions: body.permissions.unwrap_or_default() })
        .collect();
    let answer = call.change(CreateRoles { roles, is_list }).await?;
    Ok(json_text(StatusCode::CREATED, answer))
}

async fn change_role(Path(role): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let body: RoleBody = call.json()?;
    let change = ChangeRole {
        role: Reference::from_text(role),
        version: call.version()?,
        name: body.name,
        permissions: body.permissions,
    };
    let answer = call.change(change).await?;
    call.app.tokens.forget();
    Ok(json_text(StatusCode::OK, answer))
}

async fn delete_role(Path(role): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let change = DeleteRole { role: Reference::from_text(role), version: call.version()? };
    let answer = call.change(change).await?;
    Ok(json_text(StatusCode::OK, answer))
}

async fn list_roles(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let tenant = call.caller.tenant();
    let items = call.read(move |conn| role::all(conn, tenant)).await?;
    Ok(json_text(StatusCode::OK, print(&json!({ "items": items, "nextCursor": null }))))
}

async fn get_role(Path(role): Path<String>, call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let tenant = call.caller.tenant();
    let view = call.read(move |conn| role::view(role::find(conn, tenant, &Reference::from_text(role))?)).await?;
    Ok(json_text(StatusCode::OK, print(&view)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenBody {
    name: Option<String>,
    user: Option<Reference>,
    expires_at: Option<String>,
}

async fn create_token(call: Call) -> Result<Response, Problem> {
    let body: TokenBody = call.json()?;
    let expires_at = match body.expires_at.as_deref().map(str::parse::<jiff::Timestamp>) {
        None => None,
        Some(Ok(at)) => Some(Time(at.as_microsecond())),
        Some(Err(_)) => {
            let message = "is not a time such as 2030-12-31T00:00:00Z";
            return Err(vec![Violation::new("expiresAt", "notATime", message)].into());
        }
    };
    let secret = Secret::fresh(call.caller.tenant());
    let request = call.request()?;
    if let Some(at) = expires_at.filter(|at| *at <= request.now) {
        let message = format!("is {at}; it is {} now, and the key would never hold", request.now);
        return Err(vec![Violation::new("expiresAt", "inThePast", message)].into());
    }
    let is_dry = request.dry_run;
    let change = CreateApiKey {
        person: body.user,
        name: body.name.unwrap_or_else(|| "API key".to_owned()),
        secret_hash: secret.hash(),
        expires_at,
    };
    let answer = crate::bridge::change(&call.app.engine, request, change).await?;
    let mut answer: Value = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    // A repeated request gets the first key again, whose secret is not this one and not known any more.
    let is_first = answer["fingerprint"] == api_key::fingerprint(&secret.hash());
    answer["token"] = if is_first && !is_dry { secret.reveal().into() } else { Value::Null };
    Ok(json_text(StatusCode::CREATED, answer.to_string()))
}

async fn list_tokens(call: Call) -> Result<Response, Problem> {
    let (tenant, own) = (call.caller.tenant(), call.caller.person());
    let (limit, after) = (call.limit()?, TokenId(call.cursor()?.unwrap_or(0)));
    let wanted = call.query("user").map(|user| Reference::from_text(user.into_owned()));
    let sees_all = call.caller.access.may_everywhere(USERS_WRITE);
    let items = call
        .read(move |conn| {
            let person = match wanted {
                Some(wanted) if sees_all => Some(person::find(conn, tenant, &wanted)?.id),
                None if sees_all => None,
                _ => Some(own),
            };
            api_key::page(conn, tenant, person, after, limit + 1)
        })
        .await?;
    Ok(page(items, limit, |item| item.id().0))
}

async fn revoke_token(Path(token): Path<String>, call: Call) -> Result<Response, Problem> {
    let id = token.parse().map_err(|_| lotbook_engine::Error::not_found("API key", token))?;
    let answer = call.change(RevokeApiKey { id: TokenId(id) }).await?;
    call.app.tokens.forget();
    Ok(json_text(StatusCode::OK, answer))
}

async fn list_permissions(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(USERS_WRITE)?;
    let items: Vec<Value> = KNOWN.iter().map(|name| json!({ "name": name })).collect();
    Ok(json_text(StatusCode::OK, print(&json!({ "items": items, "families": FREE, "nextCursor": null }))))
}

async fn list_audit(call: Call) -> Result<Response, Problem> {
    call.caller.access.require_everywhere(AUDIT_READ)?;
    let (tenant, limit, before) = (call.caller.tenant(), call.limit()?, call.cursor()?.unwrap_or(i64::MAX));
    let asked = |name: &str| call.query(name).filter(|text| !text.is_empty()).map(std::borrow::Cow::into_owned);
    let (user, from, to, text) = (asked("user"), asked("from"), asked("to"), asked("search"));
    let engine = call.app.engine.clone();
    let (rows, names) = call
        .read(move |conn| {
            let zone = engine.structure(conn, tenant)?.settings.time_zone();
            let mut wrong = Vec::new();
            let said = |text: Option<String>| text.map_or(Field::Null, Field::Text);
            let (from, to) = (said(from), said(to));
            let filter = AuditFilter {
                person: user
                    .map(|user| person::find(conn, tenant, &Reference::from_text(user)))
                    .transpose()?
                    .map(|p| p.id),
                from: form::time(&from, &zone, None, "from", &mut wrong),
                to: form::time_until(&to, &zone, None, "to", &mut wrong),
                text,
            };
            if !wrong.is_empty() {
                return Err(lotbook_engine::Error::Invalid(wrong));
            }
            let rows = table::audit::page(conn, tenant, &filter, before, limit + 1)?;
            let names = table::person::names(conn, tenant, rows.iter().map(|row| row.person))?;
            Ok((rows, names))
        })
        .await?;
    let items = rows
        .into_iter()
        .map(|row| {
            json!({
                "id": row.id, "at": row.at.to_string(), "user": {"id": row.person.0, "name": names.get(&row.person)},
                "origin": row.origin, "action": row.action, "subject": row.subject, "detail": row.detail,
            })
        })
        .collect();
    Ok(page(items, limit, |item| item["id"].as_i64().unwrap_or(0)))
}

/// A page out of one record more than it may have, so that it is known whether there is a next.
fn page<T: serde::Serialize>(mut items: Vec<T>, limit: i64, id: impl Fn(&T) -> i64) -> Response {
    let has_next = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| has_next).map(|last| cursor_of(id(last)));
    json_text(StatusCode::OK, print(&json!({ "items": items, "nextCursor": next })))
}

fn print<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("answers have text keys and parts that can be printed")
}
