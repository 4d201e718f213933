//! Making and changing people.

use lotbook_domain::catalog::fold;
use lotbook_domain::id::{LocationId, RoleId, TenantId, UserId};
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Access, Edit, Reference, access};
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::person::{Held, Person};
use crate::uid;
use crate::write::{Change, Tx};

/// Names and addresses have at most so many characters.
const TEXT_CHARS_MAX: usize = 255;
/// A person holds at most so many roles.
const ROLES_MAX: usize = 100;

/// A role to be held: by the role's name alone, everywhere, or with the org unit where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedRole {
    /// The role.
    pub role: Reference,
    /// Where it is to hold, and below; `None` = everywhere.
    pub org_unit: Option<Reference>,
}

impl<'de> Deserialize<'de> for WantedRole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A misspelled orgUnit would let the role hold everywhere.
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct AtOrgUnit {
            role: Reference,
            org_unit: Option<Reference>,
        }
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a role is its name, or {\"role\": …, \"orgUnit\": …}")]
        enum Form {
            Everywhere(Reference),
            AtOrgUnit(AtOrgUnit),
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Everywhere(role) => Self { role, org_unit: None },
            Form::AtOrgUnit(AtOrgUnit { role, org_unit }) => Self { role, org_unit },
        })
    }
}

/// A person to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// The name to log in with.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The hash of the password; without one, only API keys speak for the person.
    pub password_hash: Option<String>,
    /// Whether the person may act.
    pub is_enabled: bool,
    /// What they are to hold.
    pub roles: Vec<WantedRole>,
}

/// Makes people, all or none. Answers the person, or `{"items": […]}` for a list.
pub struct CreatePeople {
    /// Who.
    pub people: Vec<NewPerson>,
    /// Whether a list was asked for.
    pub is_list: bool,
}

/// Changes a person. What is `None` stays as it is. Answers the person.
pub struct ChangePerson {
    /// Who.
    pub person: Reference,
    /// The version that the change was made from; another one is a conflict.
    pub version: Option<i64>,
    /// A new name.
    pub name: Option<String>,
    /// A new address, or none.
    pub email: Edit<String>,
    /// The hash of a new password, or none. Ends the person's sessions.
    pub password_hash: Edit<String>,
    /// Whether the person may act. Denying it ends the sessions and makes API keys useless.
    pub is_enabled: Option<bool>,
    /// All that the person is to hold.
    pub roles: Option<Vec<WantedRole>>,
}

impl ChangePerson {
    /// A change of nothing yet.
    pub fn of(person: Reference) -> Self {
        Self {
            person,
            version: None,
            name: None,
            email: Edit::Keep,
            password_hash: Edit::Keep,
            is_enabled: None,
            roles: None,
        }
    }
}

impl Change for CreatePeople {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        table::tenant::lock(tx.conn, tx.tenant)?;
        let actor = super::actor(tx)?;
        let mut violations = Vec::new();
        let mut made = Vec::new();
        for (index, new) in self.people.iter().enumerate() {
            let index = self.is_list.then_some(index);
            match make(tx, &actor, new) {
                Ok(person) => made.push(person),
                Err(Error::Invalid(found)) => {
                    violations.extend(found.into_iter().map(|violation| Violation { index, ..violation }));
                }
                Err(error) => return Err(error),
            }
        }
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        let views = views(tx.conn, tx.tenant, made)?;
        Ok(if self.is_list {
            to_json(&serde_json::json!({ "items": views }))
        } else {
            views.first().map(to_json).unwrap_or_default()
        })
    }
}

fn make(tx: &mut Tx<'_>, actor: &Access, new: &NewPerson) -> Result<Person, Error> {
    let mut violations: Vec<Violation> = check_name(&new.name).into_iter().collect();
    violations.extend(new.email.as_deref().and_then(check_email));
    let roles = match resolve_roles(tx.conn, tx.tenant, &new.roles) {
        Ok(roles) => roles,
        Err(Error::Invalid(found)) => {
            violations.extend(found);
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    require_own(tx, actor, &roles)?;
    let person = Person {
        id: UserId(tx.ids("person", 1)?),
        uid: tx.uid(),
        name: new.name.trim().to_owned(),
        email: new.email.as_deref().map(|email| email.trim().to_owned()),
        is_enabled: new.is_enabled,
        created_at: tx.now,
        created_by: tx.person,
        modified_at: tx.now,
        modified_by: tx.person,
        version: 1,
    };
    let key = fold(&new.name);
    let tenant = tx.tenant;
    tx.conn
        .savepoint(|conn| table::person::insert(conn, tenant, &person, &key, new.password_hash.as_deref()))
        .map_err(|error| super::taken(error, "person", &person.name))?;
    table::person::set_roles(tx.conn, tenant, person.id, &roles)?;
    tx.audit("createPerson", format!("person {}", person.name), Some(describe(&new.roles)));
    Ok(person)
}

impl Change for ChangePerson {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        table::tenant::lock(tx.conn, tx.tenant)?;
        let actor = super::actor(tx)?;
        let mut person = find(tx.conn, tx.tenant, &self.person)?;
        super::check_version("person", &person.name, self.version, person.version)?;
        let held = table::person::roles_of(tx.conn, tx.tenant, [person.id])?;
        if person.id != tx.person {
            // Whoever may log in as somebody may do what they may do.
            let roles: Vec<_> = held.iter().map(|held| (held.role, held.org_unit)).collect();
            require_own(tx, &actor, &roles)?;
        }
        let mut violations = Vec::new();
        if let Some(name) = &self.name {
            violations.extend(check_name(name));
            name.trim().clone_into(&mut person.name);
        }
        violations.extend(self.email.as_set().and_then(|email| check_email(email)));
        match &self.email {
            Edit::Keep => {}
            Edit::Remove => person.email = None,
            Edit::Set(email) => person.email = Some(email.trim().to_owned()),
        }
        let roles = match &self.roles {
            None => None,
            Some(wanted) => match resolve_roles(tx.conn, tx.tenant, wanted) {
                Ok(roles) => Some(roles),
                Err(Error::Invalid(found)) => {
                    violations.extend(found);
                    None
                }
                Err(error) => return Err(error),
            },
        };
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        if let Some(roles) = &roles {
            require_own(tx, &actor, roles)?;
            table::person::set_roles(tx.conn, tx.tenant, person.id, roles)?;
        }
        person.is_enabled = self.is_enabled.unwrap_or(person.is_enabled);
        person.modified_at = tx.now;
        person.modified_by = tx.person;
        person.version += 1;
        let tenant = tx.tenant;
        let key = fold(&person.name);
        tx.conn
            .savepoint(|conn| table::person::update(conn, tenant, &person, &key))
            .map_err(|error| super::taken(error, "person", &person.name))?;
        let is_password_another = self.password_hash != Edit::Keep;
        if is_password_another {
            let hash = self.password_hash.as_set().map(String::as_str);
            table::person::set_password_hash(tx.conn, tenant, person.id, hash)?;
        }
        if is_password_another || !person.is_enabled {
            table::token::revoke_sessions(tx.conn, tenant, person.id, tx.now)?;
        }
        super::require_an_admin(tx)?;
        tx.audit("changePerson", format!("person {}", person.name), Some(self.describe()));
        let views = views(tx.conn, tenant, vec![person])?;
        Ok(views.first().map(to_json).unwrap_or_default())
    }
}

impl ChangePerson {
    /// What is changed, for the audit log. The password is only said to be another.
    fn describe(&self) -> String {
        let mut parts = Vec::new();
        if let Some(name) = &self.name {
            parts.push(format!("name {name}"));
        }
        match &self.email {
            Edit::Keep => {}
            Edit::Remove => parts.push("email removed".to_owned()),
            Edit::Set(email) => parts.push(format!("email {email}")),
        }
        match &self.password_hash {
            Edit::Keep => {}
            Edit::Remove => parts.push("password removed".to_owned()),
            Edit::Set(_) => parts.push("password set".to_owned()),
        }
        if let Some(is_enabled) = self.is_enabled {
            parts.push(if is_enabled { "enabled" } else { "disabled" }.to_owned());
        }
        if let Some(roles) = &self.roles {
            parts.push(describe(roles));
        }
        parts.join("; ")
    }
}

fn describe(roles: &[WantedRole]) -> String {
    let roles: Vec<String> = roles
        .iter()
        .map(|wanted| match &wanted.org_unit {
            None => wanted.role.to_string(),
            Some(org_unit) => format!("{} at {org_unit}", wanted.role),
        })
        .collect();
    format!("roles {}", if roles.is_empty() { "none".to_owned() } else { roles.join(", ") })
}

fn check_name(name: &str) -> Option<Violation> {
    super::check_name(name, TEXT_CHARS_MAX)
}

fn check_email(email: &str) -> Option<Violation> {
    let email = email.trim();
    let is_address = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
        && email.chars().count() <= TEXT_CHARS_MAX
        && !email.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    let message = format!("is not an address of at most {TEXT_CHARS_MAX} characters; leave it out if there is none");
    (!is_address).then(|| Violation::new("email", "notAnAddress", message))
}

fn resolve_roles(conn: &mut Conn, tenant: TenantId, wanted: &[WantedRole]) -> Result<Vec<(RoleId, LocationId)>, Error> {
    let mut violations = Vec::new();
    if wanted.len() > ROLES_MAX {
        let message = format!("has {} roles; at most {ROLES_MAX} fit", wanted.len());
        return Err(Error::Invalid(vec![Violation::new("roles", "tooMany", message)]));
    }
    let mut roles = Vec::new();
    for wanted in wanted {
        let role = super::role::find_id(conn, tenant, &wanted.role)?;
        if role.is_none() {
            let message = format!("there is no role {}; GET /v1/roles lists them", wanted.role);
            violations.push(Violation::new("roles", "unknownRole", message));
        }
        let org_unit = match &wanted.org_unit {
            None => Some(LocationId::NONE),
            Some(org_unit) => find_org_unit(conn, tenant, org_unit)?,
        };
        if org_unit.is_none() {
            let named = wanted.org_unit.as_ref().map(Reference::to_string).unwrap_or_default();
            violations.push(Violation::new("roles", "unknownOrgUnit", format!("there is no org unit {named}")));
        }
        if let (Some(role), Some(org_unit)) = (role, org_unit) {
            roles.push((role, org_unit));
        }
    }
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

fn find_org_unit(conn: &mut Conn, tenant: TenantId, org_unit: &Reference) -> Result<Option<LocationId>, Error> {
    let folded = org_unit.folded().unwrap_or_default();
    let uid = uid::parse(&folded).unwrap_or_default();
    // The ERP face calls the root -1.
    let number = org_unit.number().map(|id| if id == -1 { LocationId::ROOT.0 } else { id });
    table::person::org_unit(conn, tenant, &folded, &uid, number.unwrap_or(0))
}

/// Refuses to hand out what the actor does not hold everywhere.
fn require_own(tx: &mut Tx<'_>, actor: &Access, roles: &[(RoleId, LocationId)]) -> Result<(), Error> {
    for (role, _) in roles {
        let Some(role) = table::role::by_id(tx.conn, tx.tenant, *role)? else { continue };
        super::require_own(actor, &access::decode(&role.permissions)?)?;
    }
    Ok(())
}

/// The person that a reference means.
pub fn find(conn: &mut Conn, tenant: TenantId, reference: &Reference) -> Result<Person, Error> {
    let id = match reference {
        Reference::Id(id) => Some(UserId(*id)),
        Reference::Text(text) => {
            let uid = uid::parse(text).unwrap_or_default();
            table::person::find(conn, tenant, &fold(text), &uid)?.or_else(|| reference.number().map(UserId))
        }
    };
    let found = match id {
        Some(id) => table::person::by_id(conn, tenant, id)?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found("person", reference))
}

/// A person as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    id: i64,
    uid: String,
    name: String,
    email: Option<String>,
    is_enabled: bool,
    roles: Vec<HeldView>,
    created_at: String,
    created_by: i64,
    modified_at: String,
    modified_by: i64,
    version: i64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HeldView {
    role: String,
    org_unit: Option<PlaceView>,
}

#[derive(Clone, Debug, Serialize)]
struct PlaceView {
    id: i64,
    path: String,
}

/// People as they are shown, with the roles that they hold.
pub fn views(conn: &mut Conn, tenant: TenantId, people: Vec<Person>) -> Result<Vec<PersonView>, Error> {
    let held = table::person::roles_of(conn, tenant, people.iter().map(|person| person.id))?;
    let roles_of = |id: UserId| held.iter().filter(move |held| held.person == id).map(view_of_held).collect();
    Ok(people
        .into_iter()
        .map(|person| PersonView {
            id: person.id.0,
            uid: uid::print(&person.uid),
            roles: roles_of(person.id),
            name: person.name,
            email: person.email,
            is_enabled: person.is_enabled,
            created_at: person.created_at.to_string(),
            created_by: person.created_by.0,
            modified_at: person.modified_at.to_string(),
            modified_by: person.modified_by.0,
            version: person.version,
        })
        .collect())
}

fn view_of_held(held: &Held) -> HeldView {
    let org_unit = (held.org_unit != LocationId::NONE)
        .then(|| PlaceView { id: held.org_unit.0, path: held.org_unit_path.clone().unwrap_or_default() });
    HeldView { role: held.role_name.clone(), org_unit }
}

/// A page of people as they are shown, after an id.
pub fn page(conn: &mut Conn, tenant: TenantId, after: UserId, limit: i64) -> Result<Vec<PersonView>, Error> {
    let people = table::person::page(conn, tenant, after, limit)?;
    views(conn, tenant, people)
}

impl PersonView {
    /// The person's id.
    pub fn id(&self) -> UserId {
        UserId(self.id)
    }
}

fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("views have text keys and parts that can be printed")
}
