//! Every difference between the two databases.
//!
//! Statements are written once, in the words that SQLite and PostgreSQL share, with `$1`, `$2` … for
//! arguments. Where the databases differ, a marker in braces stands for the difference:
//!
//! | marker | PostgreSQL | SQLite |
//! |---|---|---|
//! | `$1` | `$n` | `?1` |
//! | `{rows $1 (id bigint, name text) r}` | `unnest($1::bigint[], $2::text[]) as r(id, name)` | `(select c0 as id, c1 as name from batch_rows(?1)) as r` |
//! | `{look up summary s} s.id = r.id {looked up s}` | `cross join lateral (select * from summary s where s.id = r.id offset 0) s` | `cross join summary s on s.id = r.id` |
//! | `{for update}`, `{for update of a}`, `{for share}` | as it stands | nothing: the one writer holds everything |
//! | `{skip locked}`, `{nowait}` | as it stands | nothing |
//! | `{greatest}(a, b)`, `{least}(a, b)` | `greatest`, `least` | `max`, `min` |
//! | `{lower t.name}` | `lower(t.name collate "und-x-icu")` | `lower(t.name)`, taught all letters |
//! | `insert into`, `update account set` | as it stands | `insert or fail into`, `update or fail account set` |
//!
//! What fails on SQLite need not be undone statement by statement, since it spoils the transaction or the
//! savepoint as it does on PostgreSQL. SQLite would copy each page before the statement changes it.
//!
//! What needs no marker but care:
//! - PostgreSQL keeps a plan that was good while a table was small, and joins a batch with the whole of the
//!   table long after it has grown. What must cost the rows of the batch and nothing else is looked up.
//! - `sum` of a bigint is numeric on PostgreSQL: write `cast(sum(x) as bigint)` of what is counted, and
//!   [`long_sum`](super::long_sum) of quantities and amounts, of which a sum may leave the range.
//! - `insert … select … from {rows …} on conflict` needs `where true` before `on conflict` on SQLite.
//! - `like` respects case on both; its escape character must be named: `like $1 escape '\'`.
//! - `account a left join {rows …} r`, `not exists (select 1 from {rows …} r …)` and batches joined
//!   with each other walk the whole batch per row on SQLite. Begin at the batch, or name it first:
//!   `with r as materialized (select * from {rows …} b)`, which SQLite can index.
//! - Text sorts by bytes on both: migrations give each text column the collation "C" on PostgreSQL.
//! - Text must not hold the character U+0000; PostgreSQL refuses it.
//!
//! Migrations are written in PostgreSQL's types: on SQLite `bigint` becomes `integer` and `bytea`
//! becomes `blob`, and tables are made `strict, without rowid`.

mod failure;
mod piece;

use std::collections::HashMap;
use std::fmt::Write as _;

use self::piece::{Piece, pieces};
use super::rows::Kind;
use crate::Error;

pub(super) use self::failure::{Failure, postgres_failure, sqlite_failure};

/// Which database a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, embedded: one writer, readers beside it.
    Sqlite,
    /// A PostgreSQL server: several writers.
    Postgres,
}

/// A statement in the words of one database.
#[derive(Debug)]
pub(super) struct Translated {
    pub text: String,
    /// How many arguments the caller must give at least.
    pub args_min: usize,
    /// PostgreSQL: what goes into `$1`, `$2` …; SQLite numbers its parameters like the arguments.
    pub slots: Vec<Slot>,
    /// The batches: which argument, with which columns.
    pub batches: Vec<(usize, Vec<Kind>)>,
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A plain argument.
    Arg(usize),
    /// A column of an argument that is a batch.
    Column { arg: usize, column: usize, kind: Kind },
}

/// `analyze` of one small table makes the table of statistics. A table without row ids goes by its own name as
/// its primary key.
const PREPARE_PLANS: &str = "analyze schema_migration;
delete from sqlite_stat1;
insert into sqlite_stat1 (tbl, idx, stat)
select t.name, case i.origin when 'pk' then t.name else i.name end,
  '1000000 ' || (select group_concat(
    case
      when i.\"unique\" = 1 and c.seqno = (select max(l.seqno) from pragma_index_info(i.name) l) then 1
      when c.name = 'tenant' and c.seqno = 0 then 1000000
      when c.seqno < 2 then 1000
      when c.seqno = 2 then 100
      else 10
    end, ' ' order by c.seqno) from pragma_index_info(i.name) c)
from sqlite_schema t join pragma_index_list(t.name) i
where t.type = 'table' and t.name not like 'sqlite%';
analyze sqlite_schema;";

impl Dialect {
    /// The statement that opens a transaction for reading one snapshot.
    pub(super) fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "begin deferred",
            Self::Postgres => "begin isolation level repeatable read read only",
        }
    }

    /// The first statement of a transaction for writing that sees one snapshot, and is run again where somebody else
    /// changed what it locks; none where nobody else can write.
    pub(super) fn write_on_one_snapshot(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("set transaction isolation level repeatable read"),
        }
    }

    /// The statement with which a transaction for reading sees its snapshot, where beginning it does not do that.
    pub(super) fn fix_snapshot(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("select count(*) from sqlite_schema"),
            Self::Postgres => None,
        }
    }

    /// The statement that opens a transaction for writing.
    pub(super) fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "begin immediate",
            Self::Postgres => "begin isolation level read committed read write",
        }
    }

    /// The statement after which a transaction waits for locks for the time of some commits and no longer; none where
    /// nobody else can write. PostgreSQL looks for circles of waiting transactions after a second.
    pub(super) fn wait_briefly(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("set local lock_timeout = '50ms'"),
        }
    }

    /// Counts the tables named `$1`.
    pub(super) fn count_tables(self) -> &'static str {
        match self {
            Self::Sqlite => "select count(*) from sqlite_master where type = 'table' and name = $1",
            Self::Postgres => {
                "select count(*) from pg_catalog.pg_tables where schemaname = current_schema() and tablename = $1"
            }
        }
    }

    /// The statement that keeps others from migrating meanwhile; on SQLite the transaction does.
    pub(super) fn lock_migrations(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("lock table schema_migration in share row exclusive mode"),
        }
    }

    /// What to run when the schema is made or changed, so that plans are sound before anything was measured.
    ///
    /// SQLite plans without statistics as if a tenant had ten rows, and prefers to walk all of a tenant's rows
    /// in the order of the primary key to any index that begins with the tenant. It is told a size instead, the
    /// same for every table: many rows of a tenant, a thousand of what the second column names, and so on. The
    /// plans of a database then never depend on when it was looked at. PostgreSQL measures by itself, and when
    /// much was written at once ([`Self::measure`]).
    pub(super) fn prepare_plans(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some(PREPARE_PLANS),
            Self::Postgres => None,
        }
    }

    /// What to run when the ledger has grown much: one statement, outside of a transaction. Nobody waits for it, and where
    /// somebody is at it already it is left to them. SQLite was told sizes that do not change.
    pub(super) fn measure(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(
                "vacuum (analyze, skip_locked, truncate off) account, summary, movement, header, value_entry, \
                 stock_count, voucher_booked",
            ),
        }
    }

    /// What to run when many entries were booked: one statement, outside of a transaction, which keeps nobody from reading or
    /// writing.
    pub(super) fn sweep(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("vacuum (skip_locked, truncate off) entry"),
        }
    }

    /// Puts a statement into the words of this database.
    pub(super) fn translate(self, sql: &str) -> Result<Translated, Error> {
        let mut out = Translated {
            text: String::with_capacity(sql.len() + 32),
            args_min: 0,
            slots: Vec::new(),
            batches: Vec::new(),
        };
        let mut numbers: HashMap<Slot, usize> = HashMap::new();
        let mut before = "";
        for piece in pieces(sql) {
            match piece {
                Piece::Word(word) => {
                    out.text.push_str(word);
                    // `on conflict … do update` has no table of its own.
                    if self == Self::Sqlite && (word == "insert" || word == "update" && before != "do") {
                        out.text.push_str(" or fail");
                    }
                    before = word;
                }
                Piece::Parameter(number) => {
                    out.args_min = out.args_min.max(number);
                    match self {
                        Self::Sqlite => write!(out.text, "?{number}"),
                        Self::Postgres => {
                            let number = number_of(&mut out.slots, &mut numbers, Slot::Arg(number - 1));
                            write!(out.text, "${number}")
                        }
                    }
                    .expect("a String takes every write");
                }
                Piece::Marker(marker) => self.translate_marker(marker, &mut out, &mut numbers)?,
                Piece::Other(text) => out.text.push_str(text),
            }
        }
        Ok(out)
    }

    fn translate_marker(
        self,
        marker: &str,
        out: &mut Translated,
        numbers: &mut HashMap<Slot, usize>,
    ) -> Result<(), Error> {
        if let Some(rest) = marker.strip_prefix("rows ") {
            return self.translate_rows(rest, out, numbers);
        }
        if let Some(column) = marker.strip_prefix("lower ") {
            // Text has the collation "C", by which only ASCII has capitals.
            match self {
                Self::Sqlite => write!(out.text, "lower({column})"),
                Self::Postgres => write!(out.text, "lower({column} collate \"und-x-icu\")"),
            }
            .expect("a String takes every write");
            return Ok(());
        }
        if let Some(table) = marker.strip_prefix("look up ") {
            match self {
                Self::Sqlite => write!(out.text, "cross join {table} on"),
                Self::Postgres => write!(out.text, "cross join lateral (select * from {table} where"),
            }
            .expect("a String takes every write");
            return Ok(());
        }
        if let Some(alias) = marker.strip_prefix("looked up ") {
            if self == Self::Postgres {
                write!(out.text, "offset 0) {alias}").expect("a String takes every write");
            }
            return Ok(());
        }
        let text = match (self, marker) {
            (Self::Sqlite, "skip locked" | "nowait") => "",
            (Self::Postgres, "skip locked" | "nowait") => marker,
            (Self::Sqlite, _) if is_lock(marker) => "",
            (Self::Postgres, _) if is_lock(marker) => marker,
            (Self::Sqlite, "greatest") => "max",
            (Self::Sqlite, "least") => "min",
            (Self::Postgres, "greatest" | "least") => marker,
            _ => return Err(Error::Internal(format!("the statement has an unknown marker {{{marker}}}"))),
        };
        out.text.push_str(text);
        Ok(())
    }

    /// `$1 (id bigint, name text) r`
    fn translate_rows(
        self,
        marker: &str,
        out: &mut Translated,
        numbers: &mut HashMap<Slot, usize>,
    ) -> Result<(), Error> {
        let malformed = || {
            Error::Internal(format!(
                "the marker {{rows {marker}}} is not of the form {{rows $1 (id bigint, name text) alias}}"
            ))
        };
        let (argument, rest) = marker.split_once('(').ok_or_else(malformed)?;
        let (list, alias) = rest.rsplit_once(')').ok_or_else(malformed)?;
        let number: usize =
            argument.trim().strip_prefix('$').and_then(|digits| digits.parse().ok()).ok_or_else(malformed)?;
        if number == 0 || alias.trim().is_empty() {
            return Err(malformed());
        }
        let alias = alias.trim();
        let mut names = Vec::new();
        let mut kinds = Vec::new();
        for column in list.split(',') {
            let mut words = column.split_whitespace();
            let (Some(name), Some(kind), None) = (words.next(), words.next(), words.next()) else {
                return Err(malformed());
            };
            names.push(name);
            kinds.push(match kind {
                "bigint" => Kind::Int,
                "text" => Kind::Text,
                "bytea" => Kind::Bytes,
                _ => return Err(malformed()),
            });
        }
        out.args_min = out.args_min.max(number);
        let arg = number - 1;
        match self {
            Self::Sqlite => {
                let columns: Vec<String> =
                    names.iter().enumerate().map(|(index, name)| format!("c{index} as {name}")).collect();
                write!(out.text, "(select {} from batch_rows(?{number})) as {alias}", columns.join(", "))
            }
            Self::Postgres => {
                let arrays: Vec<String> = kinds
                    .iter()
                    .enumerate()
                    .map(|(column, &kind)| {
                        let slot = Slot::Column { arg, column, kind };
                        format!("${}::{}[]", number_of(&mut out.slots, numbers, slot), type_name(kind))
                    })
                    .collect();
                write!(out.text, "unnest({}) as {alias}({})", arrays.join(", "), names.join(", "))
            }
        }
        .expect("a String takes every write");
        out.batches.push((arg, kinds));
        Ok(())
    }

    /// Puts a migration into the words of this database. It holds no arguments and no markers.
    pub(super) fn translate_migration(self, sql: &str) -> String {
        let mut out = String::with_capacity(sql.len() + 1024);
        let mut statement: Vec<&str> = Vec::new();
        for piece in pieces(sql) {
            match piece {
                Piece::Word(word) => {
                    out.push_str(match (self, word) {
                        (Self::Sqlite, "bigint") => "integer",
                        (Self::Sqlite, "bytea") => "blob",
                        (Self::Postgres, "text") => "text collate \"C\"",
                        _ => word,
                    });
                    statement.push(word);
                }
                Piece::Other(";") => {
                    if self == Self::Sqlite && statement.starts_with(&["create", "table"]) {
                        out.push_str(" strict, without rowid");
                    }
                    out.push(';');
                    statement.clear();
                }
                Piece::Other(text) => out.push_str(text),
                Piece::Parameter(number) => write!(out, "${number}").expect("a String takes every write"),
                Piece::Marker(marker) => write!(out, "{{{marker}}}").expect("a String takes every write"),
            }
        }
        out
    }
}

fn is_lock(marker: &str) -> bool {
    marker == "for update"
        || marker == "for share"
        || marker.starts_with("for update of ")
        || marker.starts_with("for share of ")
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
    }
}

fn number_of(slots: &mut Vec<Slot>, numbers: &mut HashMap<Slot, usize>, slot: Slot) -> usize {
    *numbers.entry(slot).or_insert_with(|| {
        slots.push(slot);
        slots.len()
    })
}

impl std::hash::Hash for Slot {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match *self {
            Self::Arg(arg) => (arg, 0).hash(state),
            Self::Column { arg, column, .. } => (arg, column + 1).hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(sql: &str) -> (String, String) {
        let translate = |dialect: Dialect| dialect.translate(sql).expect("a statement").text;
        (translate(Dialect::Sqlite), translate(Dialect::Postgres))
    }

    #[test]
    fn parameters_keep_their_numbers_on_sqlite_and_are_counted_anew_on_postgres() {
        let (sqlite, postgres) = both("select $2, $1, $2 from t where a = '$3 {x}' -- $4");
        assert_eq!(sqlite, "select ?2, ?1, ?2 from t where a = '$3 {x}' -- $4");
        assert_eq!(postgres, "select $1, $2, $1 from t where a = '$3 {x}' -- $4");
    }

    #[test]
    fn a_batch_becomes_a_table() {
        let (sqlite, postgres) = both(
            "select a.* from {rows $1 (id bigint, name text) r} join account a on a.tenant = $2 and a.id = r.id {for update of a} {skip locked}",
        );
        assert_eq!(
            sqlite.trim_end(),
            "select a.* from (select c0 as id, c1 as name from batch_rows(?1)) as r join account a on a.tenant = ?2 and a.id = r.id"
        );
        assert_eq!(
            postgres,
            "select a.* from unnest($1::bigint[], $2::text[]) as r(id, name) join account a on a.tenant = $3 and a.id = r.id for update of a skip locked"
        );
        let slots = Dialect::Postgres.translate("{rows $1 (id bigint) r} $2").expect("a statement").slots;
        assert_eq!(slots, [Slot::Column { arg: 0, column: 0, kind: Kind::Int }, Slot::Arg(1)]);
    }

    #[test]
    fn what_is_looked_up_is_never_joined_with_a_whole_table() {
        let (sqlite, postgres) = both(
            "select s.low from {rows $2 (id bigint) r} {look up summary s} s.tenant = $1 and s.id = r.id {looked up s} where s.low > 0",
        );
        assert_eq!(
            sqlite.replace("  ", " "),
            "select s.low from (select c0 as id from batch_rows(?2)) as r cross join summary s on s.tenant = ?1 and s.id = r.id where s.low > 0"
        );
        assert_eq!(
            postgres,
            "select s.low from unnest($1::bigint[]) as r(id) cross join lateral (select * from summary s where s.tenant = $2 and s.id = r.id offset 0) s where s.low > 0"
        );
    }

    #[test]
    fn what_fails_on_sqlite_is_not_undone_by_itself() {
        let upsert = "insert into t (a) select r.a from r where true on conflict (a) do update set a = excluded.a";
        assert_eq!(both(upsert), (upsert.replace("insert into", "insert or fail into"), upsert.to_owned()));
        let update = "update t set a = 'update' where b = $1";
        assert_eq!(both(update).0, "update or fail t set a = 'update' where b = ?1");
        assert_eq!(both("delete from t where insert_at > 1").0, "delete from t where insert_at > 1");
    }

    #[test]
    fn scalar_extremes_and_faulty_markers() {
        assert_eq!(both("{greatest}(a, 1)"), ("max(a, 1)".into(), "greatest(a, 1)".into()));
        assert_eq!(both("{lower t.a}"), ("lower(t.a)".into(), "lower(t.a collate \"und-x-icu\")".into()));
        for wrong in ["{rows}", "{rows $1 r}", "{rows $1 (id int) r}", "{rows $1 (id bigint)}", "{upsert}"] {
            assert!(Dialect::Sqlite.translate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_migration_speaks_the_types_of_its_database() {
        let sql = "-- bigint; stays\ncreate table t (a bigint not null, b bytea, c text, primary key (a));\ncreate index i on t (c);";
        assert_eq!(
            Dialect::Sqlite.translate_migration(sql),
            "-- bigint; stays\ncreate table t (a integer not null, b blob, c text, primary key (a)) strict, without rowid;\ncreate index i on t (c);"
        );
        assert_eq!(
            Dialect::Postgres.translate_migration(sql),
            "-- bigint; stays\ncreate table t (a bigint not null, b bytea, c text collate \"C\", primary key (a));\ncreate index i on t (c);"
        );
    }
}
