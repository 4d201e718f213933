//! `system.mes.role`: who may do what.
//!
//! A role here is a name with permissions, held by people at org units. Where the API speaks of security
//! levels, a role is its own: `Authenticated/Roles/NAME`.

use lotbook_engine::security::Reference;
use lotbook_engine::security::role::{ChangeRole, CreateRoles, DeleteRole, NewRole};
use lotbook_engine::table;
use lotbook_engine::thing::Value;
use lotbook_engine::uid;

use crate::http::script::argument::Args;
use crate::http::script::declare::{ILLEGAL, VALIDATED, acts, deletes, finds, plain, reads, takes};
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Family, Function, Parameter, Type, template};
use crate::http::script::permission::TREE;
use crate::http::script::query::{self, Row};
use crate::http::script::session::{Reader, Session, read_answer};
use crate::http::script::shape::{Shape, deleted, violations, whole};

const ADMIN: &str = "SYSTEM.ADMIN";
const QUEUE: &str = "role";
/// Where roles stand among security levels.
const LEVELS: [&str; 2] = ["Authenticated", "Roles"];

const DATA: &[Parameter] = &[
    Parameter::optional(
        "name",
        Type::Text,
        "What it is called. Unique. The last name of its security level, if left out.",
    ),
    Parameter::optional("securityLevels", Type::List, "Its security level, `Authenticated/Roles/NAME`.").preset("[]"),
    Parameter::optional(
        "roleRequirementType",
        Type::Word(&["ANY_OF", "ALL_OF"]),
        "Taken for older scripts: a role has one level, and whoever holds it holds the role.",
    )
    .preset("\"ANY_OF\""),
    Parameter::optional("permissions", Type::List, "What it grants; each grants what is below it.").preset("[]"),
    Parameter::optional("id", Type::Id, "The role to be changed; nothing = a new one."),
];

const ONE: Parameter = Parameter::required("id", Type::Id, "The role; its name does as well.").also(&["idOrName"]);
const ASKED: Parameter = Parameter::required("permissions", Type::List, "The permissions.");

/// The permissions asked about: some have to be named, for of none everybody has all.
fn asked(args: &Args) -> Result<Vec<String>, Fault> {
    args.texts("permissions")?.ok_or_else(|| Fault::illegal("permissions is missing; send a list of names"))
}

/// The family.
pub static FAMILY: Family = Family {
    title: "Roles",
    prefixes: &["system.mes.role"],
    functions: &[
        plain(&["newRole"], &[], "A template with every key and its default.", "the template", |session, _| {
            Ok(template(session, DATA))
        }),
        takes(
            &["saveRole"],
            DATA,
            ADMIN,
            "Makes a role, or changes the one with the given id. Nobody grants what they do not hold.",
            "the role as it is then",
            |session, args| Box::pin(save(session, args)),
        ),
        takes(
            &["validateRole"],
            DATA,
            ADMIN,
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(validate(session, args)),
        ),
        reads(&["getRole"], &[ONE], ADMIN, "One role.", "the role, or nothing", |reader, args| {
            let text = args.needed("id")?;
            Ok(find(reader, &text)?.map_or(Value::Null, |(_, shown)| shown))
        }),
        reads(&["getAllRoles"], &[], ADMIN, "All roles.", "a list of roles", |reader, _| {
            Ok(Value::List(all(reader)?.into_iter().map(|(_, shown)| shown).collect()))
        }),
        finds(&["findRoles"], ADMIN, "The roles that a query request asks for.", |reader, args| {
            let rows = all(reader)?.into_iter().map(|(_, shown)| Row { shown, beside: Vec::new() });
            query::find(&args, rows.collect())
        }),
        deletes(&["deleteRole"], &[ONE], ADMIN, "Deletes a role that nobody holds.", |session, args| {
            Box::pin(async move { delete(session, args.needed("id")?).await })
        }),
        deletes(
            &["deleteRoles"],
            &[Parameter::required("ids", Type::List, "The roles.")],
            ADMIN,
            "Deletes roles one after the other, until one cannot be deleted.",
            |session, args| {
                Box::pin(async move {
                    let mut last = Value::Null;
                    for text in args.texts("ids")?.unwrap_or_default() {
                        last = delete(session.clone(), text).await?;
                        if last.to_json().starts_with("{\"success\":false") {
                            break;
                        }
                    }
                    Ok(last)
                })
            },
        ),
        plain(&["getAllPermissions"], &[], "Every permission, parents first.", "a list of texts", |_, _| {
            Ok(list(TREE.iter().copied()))
        }),
        Function {
            faults: ILLEGAL,
            ..plain(
                &["userHasAllPermissions"],
                &[ASKED],
                "Whether the caller has all of these, at least somewhere.",
                "true or false",
                |session, args| {
                    let asked = asked(&args)?;
                    Ok(Value::Bool(asked.iter().all(|permission| may(session, permission))))
                },
            )
        },
        Function {
            faults: ILLEGAL,
            ..plain(
                &["userHasAtLeastOnePermission"],
                &[ASKED],
                "Whether the caller has one of these, at least somewhere.",
                "true or false",
                |session, args| {
                    let asked = asked(&args)?;
                    Ok(Value::Bool(asked.iter().any(|permission| may(session, permission))))
                },
            )
        },
        reads(
            &["getSecurityLevelTree"],
            &[],
            ADMIN,
            "The security levels: one for each role, below `Authenticated/Roles`.",
            "a list of `{name, path, children}`",
            |reader, _| {
                let node = |name: &str, path: &str, children: Vec<Value>| {
                    Shape::new()
                        .text("name", Some(name))
                        .text("path", Some(path))
                        .put("children", Value::List(children))
                        .done()
                };
                let roles = table::role::all(reader.conn, reader.tenant)?;
                let [top, below] = LEVELS;
                let leaves = roles.iter().map(|role| node(&role.name, &level_of(&role.name), Vec::new())).collect();
                Ok(Value::List(vec![node(top, top, vec![node(below, &format!("{top}/{below}"), leaves)])]))
            },
        ),
        reads(
            &["getAllSecurityLevelPaths"],
            &[],
            ADMIN,
            "The paths of the security levels.",
            "a list of texts",
            |reader, _| {
                let roles = table::role::all(reader.conn, reader.tenant)?;
                let [top, below] = LEVELS;
                let paths = [top.to_owned(), format!("{top}/{below}")].into_iter();
                let paths = paths.chain(roles.iter().map(|role| level_of(&role.name)));
                Ok(Value::List(paths.map(Value::Text).collect()))
            },
        ),
        acts(
            &["getRoleImportQueueSize"],
            &[],
            ADMIN,
            "How many rows of imports wait to be written.",
            "a number",
            |session, _| Box::pin(async move { Ok(whole(session.app().imports.size(session.tenant(), QUEUE))) }),
        ),
        acts(
            &["cancelRoleImportQueue"],
            &[],
            ADMIN,
            "Drops the rows of imports that are not written yet.",
            "how many there were",
            |session, _| Box::pin(async move { Ok(whole(session.app().imports.cancel(session.tenant(), QUEUE))) }),
        ),
    ],
};

fn may(session: &Session, permission: &str) -> bool {
    session.access().may_somewhere(&permission.trim().to_uppercase())
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> Value {
    Value::List(texts.map(|text| Value::Text(text.to_owned())).collect())
}

fn level_of(name: &str) -> String {
    format!("{}/{name}", LEVELS.join("/"))
}

/// All roles: the number and what is shown.
fn all(reader: &mut Reader<'_>) -> Result<Vec<(i64, Value)>, Fault> {
    reader.access.require_everywhere(ADMIN)?;
    let roles = table::role::all(reader.conn, reader.tenant)?;
    let show = |role: table::role::Role| -> Result<(i64, Value), Fault> {
        let granted: Vec<String> =
            serde_json::from_str(&role.permissions).map_err(|error| Fault::internal(&error.to_string()))?;
        let level = level_of(&role.name);
        let shown = Shape::new()
            .text("name", Some(&role.name))
            .put("securityLevels", list(std::iter::once(level.as_str())))
            .text("roleRequirementType", Some("ANY_OF"))
            .put("permissions", list(granted.iter().map(String::as_str)))
            .put("id", crate::http::script::shape::id(&role.uid))
            .done();
        Ok((role.id.0, shown))
    };
    roles.into_iter().map(show).collect()
}

/// The role with this id, else with this name.
fn find(reader: &mut Reader<'_>, text: &str) -> Result<Option<(i64, Value)>, Fault> {
    let asked = uid::parse(text).map(|uid| uid::print(&uid));
    let has = |shown: &Value, key: &str, value: &str| {
        matches!(shown, Value::Object(record)
            if record.iter().any(|(known, found)| known == key && matches!(found, Value::Text(text) if text.eq_ignore_ascii_case(value))))
    };
    let roles = all(reader)?;
    let by_id = roles.iter().position(|(_, shown)| asked.as_deref().is_some_and(|uid| has(shown, "id", uid)));
    let at = by_id.or_else(|| roles.iter().position(|(_, shown)| has(shown, "name", text.trim())));
    Ok(at.and_then(|at| roles.into_iter().nth(at)))
}

/// What is to be written, and over which role.
struct Wanted {
    known: Option<i64>,
    name: Option<String>,
    permissions: Option<Vec<String>>,
}

fn wanted(reader: &mut Reader<'_>, args: &Args) -> Result<Wanted, Fault> {
    let known = match args.text("id")? {
        None => None,
        Some(text) => {
            let found = find(reader, &text)?;
            Some(found.ok_or_else(|| Fault::illegal(format!("there is no role {text}")))?.0)
        }
    };
    reader.access.require_everywhere(ADMIN)?;
    let levels = args.texts("securityLevels")?.unwrap_or_default();
    let of_level = levels.first().and_then(|level| level.rsplit('/').next()).map(str::to_owned);
    let name = args.text("name")?.or_else(|| of_level.filter(|_| known.is_none()));
    if name.is_none() && known.is_none() {
        let wrong = vec![("name".to_owned(), "is missing".to_owned())];
        return Err(Fault::fields(FaultKind::ConstraintViolation, wrong));
    }
    Ok(Wanted { known, name, permissions: args.texts("permissions")? })
}

async fn write(session: &Session, args: Args, is_trial: bool) -> Result<String, Fault> {
    let wanted = session.read(move |reader| wanted(reader, &args)).await?;
    let answer = if let Some(id) = wanted.known {
        let change =
            ChangeRole { role: Reference::Id(id), version: None, name: wanted.name, permissions: wanted.permissions };
        if is_trial { session.try_out(change).await } else { session.change(change).await }
    } else {
        let new =
            NewRole { name: wanted.name.unwrap_or_default(), permissions: wanted.permissions.unwrap_or_default() };
        let create = CreateRoles { roles: vec![new], is_list: false };
        if is_trial { session.try_out(create).await } else { session.change(create).await }
    };
    answer.map_err(
        |fault| if fault.violations.is_empty() { fault } else { fault.as_kind(FaultKind::ConstraintViolation) },
    )
}

#[derive(serde::Deserialize)]
struct Written {
    uid: String,
}

async fn save(session: Session, args: Args) -> Result<Value, Fault> {
    let written: Written = read_answer(&write(&session, args, false).await?)?;
    // What people may do is kept in memory for a moment.
    session.app().tokens.forget();
    session.read(move |reader| Ok(find(reader, &written.uid)?.map_or(Value::Null, |(_, shown)| shown))).await
}

async fn validate(session: Session, args: Args) -> Result<Value, Fault> {
    match write(&session, args, true).await {
        Ok(_) => Ok(violations(Vec::new())),
        Err(fault) if !fault.violations.is_empty() => Ok(violations(fault.violations)),
        Err(fault) if fault.kind == FaultKind::IllegalArgument => {
            Ok(violations(vec![("id".to_owned(), fault.message)]))
        }
        Err(fault) => Err(fault),
    }
}

async fn delete(session: Session, text: String) -> Result<Value, Fault> {
    let asked = text.clone();
    let (tells, found) =
        session.read(move |reader| Ok((reader.answers_api_responses(), find(reader, &asked)?))).await?;
    let (id, shown) = found.ok_or_else(|| Fault::illegal(format!("there is no role {text}")))?;
    let record = if let Value::Object(record) = shown { record } else { Vec::new() };
    let uid = record.into_iter().find(|(key, _)| key == "id");
    let uid = if let Some((_, Value::Text(uid))) = uid { uid } else { String::new() };
    let outcome = session.change(DeleteRole { role: Reference::Id(id), version: None }).await;
    deleted(tells, outcome.map(|_| (uid, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_its_parent_before_it_and_every_function_its_permission() {
        for (at, permission) in TREE.iter().enumerate() {
            if let Some((parent, _)) = permission.rsplit_once('.')
                && TREE.contains(&parent)
            {
                assert!(TREE[..at].contains(&parent), "{permission}");
            }
            assert!(!TREE[..at].contains(permission), "{permission} is there twice");
        }
        for function in crate::http::script::family::ALL.iter().flat_map(|family| family.functions) {
            if let Some(permission) = function.permission {
                assert!(TREE.contains(&permission), "{permission} of {}", function.names[0]);
            }
        }
    }
}
