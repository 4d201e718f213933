//! The engine as commands have it: opened, up to date, with a tenant in it.

use std::sync::Arc;

use lotbook_domain::id::{BookingId, TenantId, UserId};
use lotbook_engine::security::SYSTEM;
use lotbook_engine::table::booking::{self, Booking, BookingState};
use lotbook_engine::tenant::{self, CreateTenant};
use lotbook_engine::write::{Change, Request};
use lotbook_engine::{Engine, Error, Store, settle, worker};

use super::{Common, Failure};
use crate::{password, surroundings};

/// Opens the database and brings it up to date. One without a tenant gets the default one, with a
/// person admin whose password is the given one, or else a random one that is printed now and never
/// again.
pub fn open(common: &Common, admin_password: Option<&str>) -> Result<Arc<Engine>, Failure> {
    let store = Store::open(&common.database)?;
    store.migrate(surroundings::now())?;
    let engine = Engine::open(store, surroundings::real());
    if engine.read(tenant::all)?.is_empty() {
        found(&engine, admin_password)?;
    }
    Ok(engine)
}

/// Opens a database that is there, for commands that look or change what somebody set up: they make none, for
/// an address mistyped would look like an empty business.
pub fn open_for_command(common: &Common) -> Result<Arc<Engine>, Failure> {
    let (place, url) = match common.database.strip_prefix("sqlite:") {
        Some(path) => (format!("at {path}"), common.database.as_str()),
        // The address may hold a password.
        None => ("at that PostgreSQL address".to_owned(), "URL"),
    };
    let absent = || {
        Failure(format!(
            "there is no Lotbook database {place}; name the one you mean with --database or LOTBOOK_DATABASE, or make \
             one with: lotbook migrate --database {url}"
        ))
    };
    if common.database.strip_prefix("sqlite:").is_some_and(|path| !std::path::Path::new(path).exists()) {
        return Err(absent());
    }
    let store = Store::open(&common.database)?;
    if !store.has_schema()? {
        return Err(absent());
    }
    store.migrate(surroundings::now())?;
    Ok(Engine::open(store, surroundings::real()))
}

/// [`open`] for commands that set up or fill a database and have no word on the password of admin: it comes
/// from the environment.
pub fn open_or_make(common: &Common) -> Result<Arc<Engine>, Failure> {
    let password = std::env::var("LOTBOOK_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty());
    open(common, password.as_deref())
}

fn found(engine: &Engine, admin_password: Option<&str>) -> Result<(), Failure> {
    let random = admin_password.is_none().then(random_password);
    let given = admin_password.or(random.as_deref()).unwrap_or_default();
    super::password::check(given)?;
    let create =
        CreateTenant { name: tenant::DEFAULT_NAME.to_owned(), admin_password_hash: Some(password::hash(given)) };
    let made = engine.change(request(engine, tenant::DEFAULT), create);
    if let Err(error) = made {
        // Another server may have been as quick.
        return if engine.read(tenant::all)?.is_empty() { Err(error.into()) } else { Ok(()) };
    }
    if let Some(password) = random {
        eprintln!("the user admin has the password {password}");
        eprintln!("it is not shown again; set another with: lotbook user password admin");
    }
    Ok(())
}

/// 24 letters and digits that are not mistaken for each other: 118 bits.
fn random_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 24];
    surroundings::fill(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

/// What the ledger and the audit say of where a change of a command came from.
pub const ORIGIN: &str = "cli";

/// A request of the person at the terminal, who has the database in their hands and so may do all.
pub fn request(engine: &Engine, tenant: TenantId) -> Request {
    Request { tenant, person: SYSTEM, origin: ORIGIN.to_owned(), key: None, now: engine.now(), dry_run: false }
}

/// Makes a change in a tenant.
pub fn change(engine: &Engine, tenant: TenantId, change: impl Change) -> Result<serde_json::Value, Failure> {
    let answer = engine.change(request(engine, tenant), change)?;
    serde_json::from_str(&answer).map_err(|error| Failure(format!("the answer cannot be read: {error}")))
}

/// The tenant with this name.
pub fn tenant(engine: &Engine, name: &str) -> Result<TenantId, Failure> {
    let found = engine.read(|conn| tenant::named(conn, name))?;
    found.ok_or_else(|| Failure(format!("there is no tenant {name}; lotbook tenant list shows them")))
}

/// The person whom a name means.
pub fn person(engine: &Engine, tenant: TenantId, name: &str) -> Result<UserId, Failure> {
    let found = engine.read(|conn| lotbook_engine::security::person::find(conn, tenant, &name.into()));
    match found {
        Ok(person) => Ok(person.id),
        Err(Error::NotFound { .. }) => Err(Failure(format!("there is no user {name}; lotbook user list shows them"))),
        Err(error) => Err(error.into()),
    }
}

/// Does what a server's worker does, for where no server runs nobody else would see to it: decides bookings that
/// wait, and settles values.
pub fn catch_up(engine: &Engine) -> Result<(), Failure> {
    worker::run_waiting(engine)?;
    settle::settle_all(engine)?;
    Ok(())
}

/// How long is waited between looks at a booking that a running server decides.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);

/// Sees a booking decided, by us or by a server that was as quick.
pub fn decided(engine: &Engine, tenant: TenantId, id: BookingId) -> Result<Booking, Failure> {
    loop {
        worker::run_waiting(engine)?;
        let found = engine.read(|conn| booking::by_id(conn, tenant, id))?;
        let found = found.ok_or_else(|| Failure(format!("booking {} is gone", id.0)))?;
        if found.state != BookingState::Waiting {
            return Ok(found);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// Says what is wrong with a booking that was rejected, or what another one warns of.
pub fn tell_booking(booking: &Booking) -> Result<(), Failure> {
    for fault in &booking.faults {
        match fault.voucher_number {
            0 => eprintln!("{}", fault.message),
            number => eprintln!("voucher {number}: {}", fault.message),
        }
    }
    if booking.state != BookingState::Rejected {
        return Ok(());
    }
    let message = "the booking was refused, so nothing of it is booked; the entries wait in the journal: mend them there \
                   or clear it, then book";
    Err(Failure(message.to_owned()))
}

/// What is wrong with a field, as a sentence: messages say of the field what it is, or are whole; of these, most name
/// the field.
pub fn sentence(field: &str, message: &str) -> String {
    let is_rest = ["is ", "are ", "has ", "may ", "must ", "needs ", "lies ", "takes "];
    match field {
        "" => message.to_owned(),
        field if is_rest.iter().any(|verb| message.starts_with(verb)) => format!("{field} {message}"),
        field if message.split(|sign: char| !sign.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(field)) => {
            message.to_owned()
        }
        field => format!("{field}: {message}"),
    }
}
