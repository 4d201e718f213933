//! Records as they are kept, column by column, for doors that print them in a shape of their own.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;

use super::kind::{Cell, Key, Kind};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};

/// A record with its columns.
pub struct Kept {
    /// Its id.
    pub id: i64,
    /// Its ULID.
    pub uid: String,
    /// How often it was written.
    pub version: i64,
    /// When it was made, and by whom.
    pub created: (Time, Option<String>),
    /// When it was last changed, and by whom.
    pub modified: (Time, Option<String>),
    places: Arc<HashMap<&'static str, usize>>,
    cells: Vec<Cell>,
}

impl Kept {
    fn cell(&self, column: &str) -> &Cell {
        const NOTHING: &Cell = &Cell::Int(None);
        debug_assert!(self.places.contains_key(column), "there is no column {column}");
        self.places.get(column).map_or(NOTHING, |place| &self.cells[*place])
    }

    /// Whether its kind has a column; of single pieces there are fewer than of lots.
    pub fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }

    /// The number of a column; 0 where there is none.
    pub fn number(&self, column: &str) -> i64 {
        self.cell(column).number()
    }

    /// The number of a column that may be null.
    pub fn opt_number(&self, column: &str) -> Option<i64> {
        match self.cell(column) {
            Cell::Int(number) => *number,
            Cell::Text(_) => None,
        }
    }

    /// The text of a column that may be null.
    pub fn opt_text(&self, column: &str) -> Option<&str> {
        match self.cell(column) {
            Cell::Text(text) => text.as_deref(),
            Cell::Int(_) => None,
        }
    }

    /// The text of a column; empty where there is none.
    pub fn text(&self, column: &str) -> &str {
        self.opt_text(column).unwrap_or_default()
    }

    /// Whether a column says yes.
    pub fn flag(&self, column: &str) -> bool {
        self.number(column) != 0
    }

    /// When it was changed after it was made; `None` = never.
    pub fn changed(&self) -> Option<Time> {
        (self.version > 1).then_some(self.modified.0)
    }
}

/// Which records.
#[derive(Clone, Copy, Debug)]
pub enum Which<'w> {
    /// All there are.
    All,
    /// Those with these ids.
    Ids(&'w [i64]),
    /// Those with this number in a column.
    With(&'static str, i64),
    /// Those with this number in one of two columns.
    WithEither(&'static str, &'static str, i64),
}

/// Records in the order of ids: one statement.
pub fn read(conn: &mut Conn, tenant: TenantId, kind: &'static Kind, which: Which<'_>) -> Result<Vec<Kept>, Error> {
    let columns = kind.columns();
    let names: String = columns.iter().map(|column| format!(", t.{}", column.name)).collect();
    let (from, condition) = match which {
        Which::All => ("", "1 = 1".to_owned()),
        Which::Ids(_) => ("{rows $2 (id bigint) r} cross join ", "t.id = r.id".to_owned()),
        Which::With(column, _) => ("", format!("t.{column} = $2")),
        Which::WithEither(one, other, _) => ("", format!("(t.{one} = $2 or t.{other} = $2)")),
    };
    let sql = format!(
        "select t.id, t.uid, t.version, t.created_at, cp.name, t.modified_at, mp.name{names} from {from}{} t \
         left join person cp on cp.tenant = t.tenant and cp.id = t.created_by \
         left join person mp on mp.tenant = t.tenant and mp.id = t.modified_by \
         where t.tenant = $1 and {condition} and {} order by t.id",
        kind.table, kind.rows
    );
    let rows;
    let mut args = vec![Arg::Int(tenant.0)];
    match which {
        Which::All => {}
        Which::Ids(ids) => {
            rows = Rows::ids(ids.iter().copied().collect::<BTreeSet<_>>());
            args.push(Arg::Rows(&rows));
        }
        Which::With(_, number) | Which::WithEither(_, _, number) => args.push(Arg::Int(number)),
    }
    let places: Arc<HashMap<&'static str, usize>> =
        Arc::new(columns.iter().enumerate().map(|(at, column)| (column.name, at)).collect());
    conn.query(&sql, &args, |row| {
        let mut cells = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            let at = at + 7;
            cells.push(if column.is_text { Cell::Text(row.opt_text(at)?) } else { Cell::Int(row.opt_int(at)?) });
        }
        Ok(Kept {
            id: row.int(0)?,
            uid: row.text(1)?,
            version: row.int(2)?,
            created: (Time(row.int(3)?), row.opt_text(4)?),
            modified: (Time(row.int(5)?), row.opt_text(6)?),
            places: Arc::clone(&places),
            cells,
        })
    })
}

/// How a record is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Its ULID.
    pub uid: String,
    /// Its name.
    pub name: String,
    /// Its path from the top down, where it has one; of a unit the symbol; else the name again.
    pub path: String,
}

/// How these records are called: one statement. Ids that are 0 or unknown are left out; one that
/// is deleted and still named is found. A product's path
/// is that of its category and its name.
pub fn called(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, Called>, Error> {
    let ids: BTreeSet<i64> = ids.into_iter().filter(|id| *id != 0).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let (path, join) = if kind.name == "products" {
        (
            "case when c.path is null then t.name else c.path || '/' || t.name end".to_owned(),
            " left join category c on c.tenant = t.tenant and c.id = t.category",
        )
    } else {
        (format!("t.{}", kind.key.label()), "")
    };
    let has_name = kind.columns().iter().any(|column| column.name == "name");
    let name = if has_name { "t.name" } else { path.as_str() };
    let path = if matches!(kind.key, Key::Conversion) { name } else { path.as_str() };
    let sql = format!(
        "select t.id, t.uid, {name}, {path} from {{rows $2 (id bigint) r}} cross join {} t{join} \
         where t.tenant = $1 and t.id = r.id",
        kind.table
    );
    let rows = Rows::ids(ids);
    let found = conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
        Ok((row.int(0)?, Called { uid: row.text(1)?, name: row.text(2)?, path: row.text(3)? }))
    })?;
    Ok(found.into_iter().collect())
}
