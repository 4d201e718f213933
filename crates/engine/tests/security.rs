//! People, roles and tokens, on both databases.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use lotbook_domain::id::{LocationId, TenantId, TokenId, UserId};
use lotbook_domain::time::Time;
use lotbook_engine::security::api_key::{self, CreateApiKey, RevokeApiKey};
use lotbook_engine::security::person::{ChangePerson, CreatePeople, NewPerson, WantedRole};
use lotbook_engine::security::role::{ChangeRole, CreateRoles, DeleteRole, NewRole};
use lotbook_engine::security::session::{EndSession, RenewSession, Renewal, Sessions, StartSession};
use lotbook_engine::security::{self, Edit, OrgUnits, Reference, Verified, hash_secret};
use lotbook_engine::table::audit::{self, AuditFilter};
use lotbook_engine::write::{Change, Request, Tx};
use lotbook_engine::{Arg, Engine, Error, Store, Surroundings};
use serde_json::Value;

const TENANT: TenantId = TenantId(1);
const ADMIN: UserId = UserId(1);

struct House {
    engine: Arc<Engine>,
    now: Arc<AtomicI64>,
    name: &'static str,
    // Dropped last: the engine's connections go first.
    _db: support::TestDb,
}

struct Found;

impl Change for Found {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        tx.conn.execute(
            "insert into tenant (id, uid, name, natural_key, catalog_version, created_at) values (1, 'T', 'default', 'default', 1, 0)",
            &[],
        )?;
        for (id, parent, path, key) in [(1, 0, "Main", "main"), (100, 1, "Shop", "shop"), (101, 1, "Plant", "plant")] {
            tx.conn.execute(
                "insert into location (tenant, id, uid, natural_key, created_at, created_by, modified_at, modified_by, version, \
                 name, parent, path, type, is_org_unit, is_default, stock_org_unit, lot_storage_strategy, lot_use_strategy, \
                 is_enabled) values (1, $1, $2, $3, 0, 1, 0, 1, 1, $4, $5, $4, 'orgUnit', 1, 0, 0, 'ALLOW_MULTIPLE', 'FIFO', 1)",
                &[Arg::Int(id), Arg::Text(key), Arg::Text(key), Arg::Text(path), Arg::Int(parent)],
            )?;
        }
        security::found(tx, Some("hash of admin"))?;
        Ok("{}".into())
    }
}

impl House {
    fn all() -> Vec<Self> {
        support::databases()
            .into_iter()
            .map(|(name, db)| {
                let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
                let clock = Arc::clone(&now);
                let random = AtomicU64::new(1);
                let surroundings = Surroundings {
                    clock: Box::new(move || Time(clock.load(Ordering::Relaxed))),
                    random: Box::new(move |bytes| {
                        let next = random.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                        for (at, byte) in bytes.iter_mut().rev().enumerate() {
                            *byte = next.iter().rev().nth(at).copied().unwrap_or(0);
                        }
                    }),
                };
                let engine = Engine::open(Store::open(db.url()).unwrap(), surroundings);
                let house = Self { engine, now, name, _db: db };
                house.act(ADMIN, Found).unwrap();
                house
            })
            .collect()
    }

    fn request(&self, person: UserId) -> Request {
        Request { tenant: TENANT, person, origin: "test".into(), key: None, now: self.engine.now(), dry_run: false }
    }

    fn act(&self, person: UserId, change: impl Change) -> Result<Value, Error> {
        let answer = self.engine.change(self.request(person), change)?;
        Ok(serde_json::from_str(&answer).expect("answers are JSON"))
    }

    fn verify(&self, secret: &[u8]) -> Option<Verified> {
        let now = self.engine.now();
        self.engine.read(|conn| security::verify(conn, TENANT, &hash_secret(secret), now)).unwrap()
    }

    fn person(&self, name: &str, roles: &[(&str, Option<&str>)]) -> UserId {
        let made = self.act(ADMIN, CreatePeople { people: vec![new(name, roles)], is_list: false }).unwrap();
        UserId(made["id"].as_i64().unwrap())
    }

    fn key(&self, person: UserId, secret: &[u8]) -> TokenId {
        let change =
            CreateApiKey { person: None, name: "key".into(), secret_hash: hash_secret(secret), expires_at: None };
        TokenId(self.act(person, change).unwrap()["id"].as_i64().unwrap())
    }

    fn login(&self, person: UserId, session: &[u8], refresh: &[u8]) {
        let change = StartSession { session_hash: hash_secret(session), refresh_hash: Some(hash_secret(refresh)) };
        self.act(person, change).unwrap();
    }

    fn renew(&self, used: &[u8], session: &[u8], refresh: Option<&[u8]>) -> Renewal {
        let change = RenewSession {
            used_hash: hash_secret(used),
            session_hash: hash_secret(session),
            refresh_hash: refresh.map(hash_secret),
        };
        serde_json::from_value(self.act(ADMIN, change).unwrap()).unwrap()
    }

    fn pass(&self, microseconds: i64) {
        self.now.fetch_add(microseconds, Ordering::Relaxed);
    }
}

fn new(name: &str, roles: &[(&str, Option<&str>)]) -> NewPerson {
    NewPerson {
        name: name.into(),
        email: None,
        password_hash: Some(format!("hash of {name}")),
        is_enabled: true,
        roles: wanted(roles),
    }
}

fn wanted(roles: &[(&str, Option<&str>)]) -> Vec<WantedRole> {
    roles
        .iter()
        .map(|(role, org_unit)| WantedRole { role: (*role).into(), org_unit: org_unit.map(Reference::from_text) })
        .collect()
}

fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        Error::Invalid(violations) => violations[0].code,
        Error::Forbidden { .. } => "forbidden",
        Error::NotFound { .. } => "notFound",
        Error::Conflict { .. } => "conflict",
        _ => "another",
    }
}

#[test]
fn a_tenant_begins_with_an_admin_and_four_roles() {
    for house in House::all() {
        house.key(ADMIN, b"root");
        let access = house.verify(b"root").expect(house.name).access;
        assert_eq!((access.person, access.name.as_str()), (ADMIN, "admin"));
        assert!(access.may_everywhere("USERS.WRITE") && access.may_everywhere("*"));
        let roles = house.engine.read(|conn| security::role::all(conn, TENANT)).unwrap();
        let roles = serde_json::to_value(roles).unwrap();
        let names: Vec<_> = roles.as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["admin", "manager", "operator", "reader"]);
        let found = house.engine.read(|conn| security::session::credential(conn, TENANT, " Admin ")).unwrap().unwrap();
        assert_eq!(found.password_hash.as_deref(), Some("hash of admin"));
    }
}

#[test]
fn a_role_holds_where_it_was_given() {
    for house in House::all() {
        let kim = house.person("Kim", &[("operator", Some("Shop")), ("reader", None)]);
        house.key(kim, b"kim");
        let access = house.verify(b"kim").unwrap().access;
        assert_eq!(access.org_units_for("STOCK.BOOK"), OrgUnits::Below(vec![LocationId(100)]), "{}", house.name);
        assert_eq!(access.org_units_for("STOCK.READ"), OrgUnits::All);
        assert!(access.org_units_for("CATALOG.WRITE").is_nowhere());

        // What is taken away is gone at once.
        let change =
            ChangePerson { roles: Some(wanted(&[("reader", Some("plant"))])), ..ChangePerson::of("kim".into()) };
        let changed = house.act(ADMIN, change).unwrap();
        assert_eq!(changed["roles"][0]["orgUnit"]["path"], "Plant");
        assert_eq!(changed["version"], 2);
        assert!(!house.verify(b"kim").unwrap().access.may_somewhere("STOCK.BOOK"));
    }
}

#[test]
fn a_token_holds_until_it_ends() {
    for house in House::all() {
        let kim = house.person("kim", &[("operator", None)]);
        let id = house.key(kim, b"api");
        house.login(kim, b"session", b"refresh");
        assert!(house.verify(b"api").is_some() && house.verify(b"session").is_some());
        assert!(house.verify(b"another").is_none());
        house.pass(security::session::SESSION_US);
        assert!(house.verify(b"session").is_none(), "{}: a session ends by itself", house.name);
        assert!(house.verify(b"api").is_some(), "an API key does not");
        let stranger = house.person("stranger", &[("operator", None)]);
        assert_eq!(code(&house.act(stranger, RevokeApiKey { id }).unwrap_err()), "forbidden");
        house.act(kim, RevokeApiKey { id }).unwrap();
        assert!(house.verify(b"api").is_none());

        house.login(kim, b"session 2", b"refresh 2");
        house.act(kim, EndSession { secret_hash: hash_secret(b"session 2") }).unwrap();
        assert!(house.verify(b"session 2").is_none());
        let after = house.renew(b"refresh 2", b"s", Some(b"r"));
        assert_eq!(after, Renewal::Reused, "a logout uses the refresh token up");
    }
}

#[test]
fn a_refresh_token_is_used_once() {
    for house in House::all() {
        let kim = house.person("kim", &[("operator", None)]);
        house.login(kim, b"s1", b"r1");
        let renewed = house.renew(b"r1", b"s2", Some(b"r2"));
        assert!(matches!(renewed, Renewal::Renewed(Sessions { person, .. }) if person == kim.0), "{}", house.name);
        assert_eq!(house.verify(b"s2").unwrap().access.person, kim);
        // Whoever did not get the answer asks again, and gets another one.
        assert!(matches!(house.renew(b"r1", b"t2", Some(b"q2")), Renewal::Renewed(_)), "{}", house.name);
        assert!(house.verify(b"t2").is_some() && house.verify(b"s2").is_some());
        house.pass(security::session::RETRY_US + 1);
        // The thief, or the victim, comes second: both are out.
        assert_eq!(house.renew(b"r1", b"s3", Some(b"r3")), Renewal::Reused);
        for secret in [b"s1", b"s2", b"s3", b"t2"] {
            assert!(house.verify(secret).is_none());
        }
        assert_eq!(house.renew(b"r2", b"s4", Some(b"r4")), Renewal::Reused);
        assert_eq!(house.renew(b"s2", b"s4", Some(b"r4")), Renewal::Refused, "a session is no refresh token");

        // Who wants no new refresh token keeps the old one.
        house.login(kim, b"s5", b"r5");
        for session in [b"s6", b"s7"] {
            assert!(matches!(house.renew(b"r5", session, None), Renewal::Renewed(_)));
        }
        house.pass(security::session::REFRESH_US);
        assert_eq!(house.renew(b"r5", b"s8", None), Renewal::Refused);
    }
}

#[test]
fn whoever_is_disabled_is_out_and_a_new_password_ends_sessions() {
    for house in House::all() {
        let kim = house.person("kim", &[("operator", None)]);
        house.key(kim, b"api");
        house.login(kim, b"s1", b"r1");
        let change = ChangePerson { password_hash: Edit::Set("new".into()), ..ChangePerson::of("kim".into()) };
        house.act(ADMIN, change).unwrap();
        assert!(house.verify(b"s1").is_none() && house.verify(b"api").is_some(), "{}", house.name);
        let change = ChangePerson { is_enabled: Some(false), ..ChangePerson::of(kim.0.into()) };
        house.act(ADMIN, change).unwrap();
        assert!(house.verify(b"api").is_none());
        let found = house.engine.read(|conn| security::session::credential(conn, TENANT, "kim")).unwrap().unwrap();
        assert!(!found.is_enabled);
    }
}

#[test]
fn nobody_hands_out_what_they_do_not_have() {
    for house in House::all() {
        let people_only =
            NewRole { name: "people".into(), permissions: vec!["users.write".into(), "STOCK.READ".into()] };
        house.act(ADMIN, CreateRoles { roles: vec![people_only], is_list: false }).unwrap();
        let kim = house.person("kim", &[("people", None)]);
        let operator = house.person("olga", &[("operator", None)]);

        let make = |name: &str, role: &str| CreatePeople { people: vec![new(name, &[(role, None)])], is_list: false };
        assert_eq!(code(&house.act(kim, make("x", "admin")).unwrap_err()), "forbidden", "{}", house.name);
        house.act(kim, make("x", "people")).unwrap();
        for change in [
            ChangePerson { password_hash: Edit::Set("mine".into()), ..ChangePerson::of("admin".into()) },
            ChangePerson { roles: Some(wanted(&[("admin", None)])), ..ChangePerson::of("kim".into()) },
        ] {
            assert_eq!(code(&house.act(kim, change).unwrap_err()), "forbidden");
        }
        let all =
            CreateRoles { roles: vec![NewRole { name: "all".into(), permissions: vec!["*".into()] }], is_list: false };
        assert_eq!(code(&house.act(kim, all).unwrap_err()), "forbidden");
        let own = ChangeRole { role: "people".into(), version: None, name: None, permissions: Some(vec!["*".into()]) };
        assert_eq!(code(&house.act(kim, own).unwrap_err()), "forbidden");
        let key = |person: &str| CreateApiKey {
            person: Some(person.into()),
            name: "k".into(),
            secret_hash: [7; 32],
            expires_at: None,
        };
        assert_eq!(code(&house.act(kim, key("admin")).unwrap_err()), "forbidden");
        assert_eq!(code(&house.act(operator, key("kim")).unwrap_err()), "forbidden");
    }
}

#[test]
fn somebody_who_may_do_everything_remains() {
    for house in House::all() {
        let change = || ChangePerson { is_enabled: Some(false), ..ChangePerson::of("admin".into()) };
        assert_eq!(code(&house.act(ADMIN, change()).unwrap_err()), "lastAdmin", "{}", house.name);
        let role =
            ChangeRole { role: "admin".into(), version: None, name: None, permissions: Some(vec!["STOCK".into()]) };
        assert_eq!(code(&house.act(ADMIN, role).unwrap_err()), "lastAdmin");
        house.person("second", &[("admin", None)]);
        house.act(ADMIN, change()).unwrap();
        assert_eq!(code(&house.act(ADMIN, change()).unwrap_err()), "forbidden", "who is disabled changes nothing");
    }
}

#[test]
fn faults_of_people_and_roles_are_named() {
    for house in House::all() {
        let people = CreatePeople {
            people: vec![new("", &[]), new("a", &[("nobody", None)]), new("b", &[("reader", Some("Nowhere"))])],
            is_list: true,
        };
        let Error::Invalid(violations) = house.act(ADMIN, people).unwrap_err() else { panic!("{}", house.name) };
        let found: Vec<_> = violations.iter().map(|v| (v.index.unwrap(), v.code)).collect();
        assert_eq!(found, [(0, "required"), (1, "unknownRole"), (2, "unknownOrgUnit")]);

        let two = || CreatePeople { people: vec![new("c", &[]), new("C ", &[])], is_list: true };
        assert_eq!(code(&house.act(ADMIN, two()).unwrap_err()), "nameTaken");
        let none = house.engine.read(|conn| security::session::credential(conn, TENANT, "c")).unwrap();
        assert_eq!(none, None, "all or none");

        let kim = house.person("kim", &[("reader", None)]);
        assert_eq!(
            code(&house.act(ADMIN, DeleteRole { role: "reader".into(), version: None }).unwrap_err()),
            "roleInUse"
        );
        house.act(ADMIN, DeleteRole { role: "operator".into(), version: Some(1) }).unwrap();
        let stale = ChangePerson { version: Some(7), is_enabled: Some(true), ..ChangePerson::of(kim.0.into()) };
        assert_eq!(code(&house.act(ADMIN, stale).unwrap_err()), "conflict");
        let unknown = ChangePerson::of("nobody".into());
        assert_eq!(code(&house.act(ADMIN, unknown).unwrap_err()), "notFound");
    }
}

#[test]
fn keys_are_listed_without_their_secrets_and_every_change_is_audited() {
    for house in House::all() {
        let kim = house.person("kim", &[("reader", None)]);
        house.key(kim, b"one");
        house.key(ADMIN, b"two");
        let keys = |person| {
            let keys = house.engine.read(|conn| api_key::page(conn, TENANT, person, TokenId(0), 10)).unwrap();
            serde_json::to_value(keys).unwrap()
        };
        assert_eq!(keys(None).as_array().unwrap().len(), 2, "{}", house.name);
        assert_eq!(keys(Some(kim))[0]["user"]["name"], "kim");
        let audit =
            |filter: AuditFilter| house.engine.read(|conn| audit::page(conn, TENANT, &filter, i64::MAX, 10)).unwrap();
        let audited = audit(AuditFilter::default());
        let actions: Vec<_> = audited.iter().rev().map(|row| (row.action.as_str(), row.person.0)).collect();
        assert_eq!(actions, [("createPerson", 1), ("createApiKey", kim.0), ("createApiKey", 1)]);
        assert_eq!(audited[0].origin, "test");
        let count = |filter| audit(filter).len();
        assert_eq!(count(AuditFilter { person: Some(kim), ..AuditFilter::default() }), 1);
        assert_eq!(count(AuditFilter { text: Some("KEY".into()), ..AuditFilter::default() }), 2);
        assert_eq!(count(AuditFilter { text: Some("%".into()), ..AuditFilter::default() }), 0);
        let (first, last) = (audited[2].at, audited[0].at);
        assert_eq!(count(AuditFilter { from: Some(first), to: Some(last), ..AuditFilter::default() }), 3);
        assert_eq!(count(AuditFilter { to: Some(Time(first.0 - 1)), ..AuditFilter::default() }), 0);
        assert_eq!(count(AuditFilter { from: Some(Time(last.0 + 1)), ..AuditFilter::default() }), 0);
    }
}
