//! The steps by which the schema came to be, and their running.
//!
//! A step is a text for both databases and one for each, run once and remembered in
//! `schema_migration` with a checksum. All missing steps run in one transaction, so a database is
//! never between two versions. A text that has been released is not changed again: the next step
//! changes the schema.

use std::collections::BTreeMap;

use lotbook_domain::time::Time;

use super::{Arg, Conn, Dialect, Store};
use crate::Error;

struct Migration {
    version: i64,
    name: &'static str,
    common: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    /// What takes more than SQL, done after the texts.
    then: Option<Then>,
}

type Then = fn(&mut Conn) -> Result<(), Error>;

macro_rules! migration {
    ($version:literal, $name:literal, $file:literal) => {
        Migration {
            version: $version,
            name: $name,
            common: include_str!(concat!("../../migrations/", $file, ".sql")),
            sqlite: include_str!(concat!("../../migrations/", $file, ".sqlite.sql")),
            postgres: include_str!(concat!("../../migrations/", $file, ".postgres.sql")),
            then: None,
        }
    };
}

/// In order, versions rising.
const MIGRATIONS: &[Migration] = &[
    migration!(1, "foundation", "0001_foundation"),
    migration!(3, "reservation", "0003_reservation"),
    migration!(5, "run", "0005_run"),
    migration!(7, "material", "0007_material"),
    migration!(8, "operation", "0008_operation"),
    migration!(9, "value", "0009_value"),
    migration!(10, "general ledger", "0010_general_ledger"),
    migration!(11, "webhook", "0011_webhook"),
    migration!(12, "count_sheet", "0012_count_sheet"),
    migration!(13, "lot_record", "0013_lot_record"),
    migration!(14, "production", "0014_production"),
    migration!(15, "mqtt", "0015_mqtt"),
    migration!(16, "edge_by_run", "0016_edge_by_run"),
    migration!(17, "revalued_to", "0017_revalued_to"),
    migration!(18, "return", "0018_return"),
    migration!(19, "proof", "0019_proof"),
    migration!(20, "order_count", "0020_order_count"),
    migration!(21, "covering", "0021_covering"),
    migration!(22, "late cost", "0022_late_cost"),
    migration!(23, "unit_symbols", "0023_unit_symbols"),
    migration!(24, "ends_and_sources", "0024_ends_and_sources"),
    Migration { then: Some(crate::table::said::link_all), ..migration!(28, "said", "0028_said") },
    migration!(29, "marks", "0029_marks"),
    Migration { then: Some(crate::table::said::link_all), ..migration!(30, "said_beside", "0030_said_beside") },
    migration!(31, "use_by_movement", "0031_use_by_movement"),
    migration!(32, "run_reservation", "0032_run_reservation"),
    migration!(33, "learned_since", "0033_learned_since"),
    migration!(34, "under_way", "0034_under_way"),
    migration!(35, "found_at_once", "0035_found_at_once"),
];

const TABLE: &str = "create table if not exists schema_migration (
  version bigint not null,
  name text not null,
  checksum text not null,
  applied_at bigint not null,
  primary key (version)
);";

impl Migration {
    fn own(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }

    /// Of the texts as written; the line ends that a checkout may change do not count.
    fn checksum(&self, dialect: Dialect) -> String {
        let text = format!("{}\0{}", self.common, self.own(dialect)).replace("\r\n", "\n");
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }
}

/// Runs the steps that are missing and says how many.
pub(super) fn run(store: &Store, now: Time) -> Result<usize, Error> {
    let dialect = store.dialect();
    // A look first: a server on an up-to-date schema needs neither locks nor the right to change it.
    let is_there = store.read(|conn| {
        if !has_table(conn)? {
            return Ok(None);
        }
        missing(conn).map(Some)
    })?;
    match is_there {
        Some(steps) if steps.is_empty() => return Ok(0),
        Some(_) => {}
        None => make_table(store)?,
    }
    store.write(|conn| {
        if let Some(lock) = dialect.lock_migrations() {
            conn.script(lock)?;
        }
        let steps = missing(conn)?;
        for step in &steps {
            conn.script(&dialect.translate_migration(step.common))?;
            conn.script(step.own(dialect))?;
            if let Some(then) = step.then {
                then(conn)?;
            }
            conn.execute(
                "insert into schema_migration (version, name, checksum, applied_at) values ($1, $2, $3, $4)",
                &[Arg::Int(step.version), Arg::Text(step.name), Arg::Text(&step.checksum(dialect)), Arg::Int(now.0)],
            )?;
        }
        if let Some(script) = dialect.prepare_plans().filter(|_| !steps.is_empty()) {
            conn.script(script)?;
        }
        Ok(steps.len())
    })
}

/// How many steps are missing.
pub(super) fn count_missing(store: &Store) -> Result<usize, Error> {
    store.read(|conn| if has_table(conn)? { missing(conn).map(|steps| steps.len()) } else { Ok(MIGRATIONS.len()) })
}

/// Whether any step was ever taken.
pub(super) fn has_table(conn: &mut Conn) -> Result<bool, Error> {
    let count = conn.one(conn.dialect().count_tables(), &[Arg::Text("schema_migration")], |row| row.int(0))?;
    Ok(count.is_some_and(|count| count > 0))
}

/// `if not exists` does not keep two servers on PostgreSQL from making the table at once: the second
/// is then told of a duplicate and finds the table made.
fn make_table(store: &Store) -> Result<(), Error> {
    let text = store.dialect().translate_migration(TABLE);
    let made = store.write(|conn| conn.script(&text));
    match made {
        Err(error) if store.read(has_table)? => {
            drop(error);
            Ok(())
        }
        other => other,
    }
}

/// Compares what was applied with what this program knows.
fn missing(conn: &mut Conn) -> Result<Vec<&'static Migration>, Error> {
    let dialect = conn.dialect();
    let mut applied: BTreeMap<i64, (String, String)> = conn
        .query("select version, name, checksum from schema_migration order by version", &[], |row| {
            Ok((row.int(0)?, (row.text(1)?, row.text(2)?)))
        })?
        .into_iter()
        .collect();
    let mut steps = Vec::new();
    for step in MIGRATIONS {
        match applied.remove(&step.version) {
            None => steps.push(step),
            Some((_, checksum)) if checksum == step.checksum(dialect) => {}
            Some((name, _)) => {
                return Err(Error::Refused {
                    code: "schemaDiffers",
                    message: format!(
                        "step {} ({name}) of the schema was made by another build of Lotbook, with other contents; \
                         start the build that made this database, or restore a backup",
                        step.version
                    ),
                    details: vec![("version", step.version.into())],
                });
            }
        }
    }
    if let Some((version, (name, _))) = applied.pop_last() {
        let known = MIGRATIONS.last().map_or(0, |step| step.version);
        return Err(Error::Refused {
            code: "schemaNewer",
            message: format!(
                "the database has step {version} ({name}) of the schema and this program knows {known} steps; \
                 start a newer Lotbook, or restore the backup from before the update"
            ),
            details: vec![("version", version.into()), ("known", known.into())],
        });
    }
    Ok(steps)
}
