//! Lists of records: filters, and pages by a cursor that stays right while others write.

use lotbook_domain::catalog::fold;
use lotbook_domain::id::TenantId;
use lotbook_domain::violation::Violation;

use super::field::Read;
use super::kind::{Cell, Field, Key, Kind, Type};
use super::kinds;
use super::reference::{Found, Reference, resolve, several};
use super::row;
use super::value::Value;
use crate::command::Reach;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::structure::Structure;
use crate::table::catalog::contains_pattern;
use crate::table::decision;
use crate::zone;

/// Records on a page where nothing is said.
pub const LIMIT_DEFAULT: i64 = 100;
/// Most records on a page.
pub const LIMIT_MAX: i64 = 1_000;

/// Which records of a kind are there for the one who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// All.
    #[default]
    All,
    /// Those with these ids.
    Ids(Vec<i64>),
    /// Operations that come from or go to one of these locations.
    Operations(Vec<i64>),
}

impl Seen {
    /// Of a kind, for whoever has this reach. Journals and operations belong to org units; the rest of the catalog is
    /// everybody's.
    pub fn of(kind: &'static Kind, reach: &Reach, structure: &Structure) -> Self {
        if kind == &kinds::JOURNALS {
            let seen = structure.journals_seen(reach);
            return seen.map_or(Self::All, |ids| Self::Ids(ids.into_iter().map(|id| id.0).collect()));
        }
        if kind == &kinds::OPERATIONS {
            let seen = structure.visible(None, reach);
            return seen.map_or(Self::All, |ids| Self::Operations(ids.into_iter().map(|id| id.0).collect()));
        }
        Self::All
    }

    /// The condition, with the marker of its batch of ids, and these.
    fn condition(&self, marker: &str) -> Option<(String, Rows)> {
        match self {
            Self::All => None,
            Self::Ids(ids) => Some((
                format!("t.id in (select r.id from {{rows {marker} (id bigint) r}})"),
                Rows::ids(ids.iter().copied()),
            )),
            Self::Operations(ids) => Some((
                format!(
                    "exists (select 1 from {{rows {marker} (id bigint) r}} where r.id in (t.source, t.destination))"
                ),
                Rows::ids(ids.iter().copied()),
            )),
        }
    }

    /// Whether it includes a record.
    pub fn includes(&self, conn: &mut Conn, tenant: TenantId, kind: &'static Kind, id: i64) -> Result<bool, Error> {
        let Some((condition, rows)) = self.condition("$3") else { return Ok(true) };
        let sql = format!("select t.id from {} t where t.tenant = $1 and t.id = $2 and {condition}", kind.table);
        let found = conn.query(&sql, &[Arg::Int(tenant.0), Arg::Int(id), Arg::Rows(&rows)], |row| row.int(0))?;
        Ok(!found.is_empty())
    }
}

/// One record as JSON; one that the one who asks may not see is not there.
pub fn one(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    reference: &Reference,
    seen: &Seen,
) -> Result<String, Error> {
    let id = super::reference::find(conn, tenant, kind, reference, 0)?;
    if !seen.includes(conn, tenant, kind, id)? {
        return Err(Error::not_found(kind.one, reference));
    }
    row::by_ids(conn, tenant, kind, [id])?.pop().ok_or_else(|| Error::not_found(kind.one, reference))
}

/// A page of records as `{"items": [...], "nextCursor": …}`, in the order of ids.
///
/// `query` is what the address says: a field's name (of [`is_filter`]) with what it is to be, `search`,
/// `modifiedAfter`, `limit`, `cursor`. The same name twice means either value. Faults: `Invalid`.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    query: &[(String, String)],
    seen: &Seen,
) -> Result<String, Error> {
    let mut list = List::new(kind, tenant);
    list.read(conn, query)?;
    let seen = seen.condition(&format!("${}", list.args.len() + 2));
    list.conditions.extend(seen.iter().map(|(condition, _)| condition.clone()));
    let sql = format!(
        "{} where t.tenant = $1 and {} and {} order by t.id limit {}",
        row::select(kind, ""),
        kind.rows,
        list.conditions.join(" and "),
        list.limit + 1
    );
    let mut args = vec![Arg::Int(tenant.0)];
    args.extend(list.args.iter().map(|arg| match arg {
        Cell::Int(number) => Arg::OptInt(*number),
        Cell::Text(text) => Arg::OptText(text.as_deref()),
    }));
    args.extend(seen.iter().map(|(_, rows)| Arg::Rows(rows)));
    let (mut items, mut count, mut last, mut has_more) = (String::new(), 0, 0, false);
    conn.each(&sql, &args, |row| {
        if count == list.limit {
            has_more = true;
            return Ok(());
        }
        if count > 0 {
            items.push(',');
        }
        count += 1;
        last = row.int(0)?;
        row::write_json(kind, row, &mut items)
    })?;
    let next = if has_more { format!("\"{}\"", cursor_after(last)) } else { "null".to_owned() };
    Ok(format!("{{\"items\":[{items}],\"nextCursor\":{next}}}"))
}

/// Whether a list can be filtered by a field.
pub fn is_filter(field: &Field) -> bool {
    !matches!(field.ty, Type::Names | Type::Text | Type::Decimal | Type::Time)
        || field.name == "name"
        || field.name == "path"
}

/// The cursor of the page after the record with this id.
pub fn cursor_after(id: i64) -> String {
    format!("c{:x}", id.cast_unsigned())
}

/// The id that a cursor stands for.
pub fn id_of_cursor(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('c').filter(|digits| !digits.starts_with('+'))?;
    u64::from_str_radix(digits, 16).ok().map(u64::cast_signed)
}

struct List {
    kind: &'static Kind,
    tenant: TenantId,
    conditions: Vec<String>,
    args: Vec<Cell>,
    limit: i64,
    violations: Vec<Violation>,
}

impl List {
    fn new(kind: &'static Kind, tenant: TenantId) -> Self {
        Self { kind, tenant, conditions: Vec::new(), args: Vec::new(), limit: LIMIT_DEFAULT, violations: Vec::new() }
    }

    /// Adds an argument and answers its marker; the tenant is `$1`.
    fn arg(&mut self, cell: Cell) -> String {
        self.args.push(cell);
        format!("${}", self.args.len() + 1)
    }

    fn complain(&mut self, field: &'static str, code: &'static str, message: impl Into<String>) {
        self.violations.push(Violation::new(field, code, message));
    }

    fn read(&mut self, conn: &mut Conn, query: &[(String, String)]) -> Result<(), Error> {
        let kind = self.kind;
        let mut shows_all = false;
        let mut filtered: Vec<&'static str> = Vec::new();
        for (name, text) in query {
            match name.as_str() {
                "limit" => match text.parse::<i64>() {
                    Ok(limit) if limit >= 1 => self.limit = limit.min(LIMIT_MAX),
                    _ => self.complain("limit", "malformed", format!("{text} is not a number from 1 to {LIMIT_MAX}")),
                },
                "cursor" => match id_of_cursor(text) {
                    Some(id) => {
                        let marker = self.arg(Cell::Int(Some(id)));
                        self.conditions.push(format!("t.id > {marker}"));
                    }
                    None => self.complain("cursor", "malformed", "is not a cursor of an earlier page; take nextCursor"),
                },
                "search" => self.search(text),
                "modifiedAfter" => self.modified_after(conn, text)?,
                "outside" => shows_all = text == "true",
                _ => match kind.field(name).filter(|field| is_filter(field)) {
                    Some(field) if filtered.contains(&field.name) => {}
                    Some(field) => {
                        filtered.push(field.name);
                        let texts: Vec<&str> = query
                            .iter()
                            .filter(|(other, _)| other == field.name || field.also == Some(other))
                            .map(|(_, text)| text.as_str())
                            .collect();
                        self.filter(conn, field, &texts)?;
                    }
                    None => {
                        let known: Vec<&str> =
                            kind.fields.iter().filter(|field| is_filter(field)).map(|field| field.name).collect();
                        let message = format!(
                            "{} cannot be filtered by {name}; there are {}, search, modifiedAfter, limit and cursor",
                            kind.name,
                            known.join(", ")
                        );
                        self.complain("", "unknownFilter", message);
                    }
                },
            }
        }
        if !shows_all {
            self.conditions.push(kind.listed.to_owned());
        }
        if self.conditions.is_empty() {
            self.conditions.push("1 = 1".to_owned());
        }
        if self.violations.is_empty() { Ok(()) } else { Err(Error::Invalid(std::mem::take(&mut self.violations))) }
    }

    fn search(&mut self, text: &str) {
        if text.contains('\0') {
            return self.complain("search", "illegalText", "contains the character NUL; remove it");
        }
        let marker = self.arg(Cell::Text(Some(contains_pattern(text))));
        let columns = self.kind.columns();
        let places: Vec<String> = ["identifier", "name", "symbol", "code", "path", "barcodes"]
            .into_iter()
            .filter(|name| columns.iter().any(|column| column.name == *name && column.is_text))
            .map(|name| format!("{{lower t.{name}}} like {marker} escape '\\'"))
            .collect();
        let key = format!("t.natural_key like {marker} escape '\\'");
        let is_named = matches!(self.kind.key, Key::Column(_) | Key::ColumnOr(..) | Key::Path);
        let all = places.into_iter().chain(is_named.then_some(key)).collect::<Vec<_>>();
        self.conditions.push(if all.is_empty() { "1 = 0".to_owned() } else { format!("({})", all.join(" or ")) });
    }

    fn modified_after(&mut self, conn: &mut Conn, text: &str) -> Result<(), Error> {
        let zone = decision::newest(conn, self.tenant, "setting:timeZone", 0)?;
        let zone = zone.and_then(|json| serde_json::from_str::<String>(&json).ok()).unwrap_or_else(|| "UTC".to_owned());
        match zone::start_of(text, &zone) {
            Ok(at) => {
                let marker = self.arg(Cell::Int(Some(at.0)));
                self.conditions.push(format!("t.modified_at > {marker}"));
            }
            Err(what) => self.complain("modifiedAfter", "malformed", what),
        }
        Ok(())
    }

    fn filter(&mut self, conn: &mut Conn, field: &'static Field, texts: &[&str]) -> Result<(), Error> {
        let mut either = Vec::new();
        for text in texts {
            if text.contains('\0') {
                self.complain(field.name, "illegalText", "contains the character NUL; remove it");
            } else if let Type::Reference(kind) = field.ty {
                either.extend(self.refers(conn, field, kind, text)?);
            } else {
                either.extend(self.equals(field, text));
            }
        }
        if !either.is_empty() {
            self.conditions.push(format!("({})", either.join(" or ")));
        }
        Ok(())
    }

    fn refers(
        &mut self,
        conn: &mut Conn,
        field: &Field,
        kind: &'static Kind,
        text: &str,
    ) -> Result<Option<String>, Error> {
        if text.is_empty() || text == "null" {
            return Ok(Some(format!("t.{} = 0", field.column)));
        }
        let reference = Reference::of_address(text);
        let id = match resolve(conn, self.tenant, kind, &[(&reference, 0)])?[0] {
            Found::One(id) => id,
            Found::None => {
                self.complain(filter_name(self.kind, field), "notFound", format!("there is no {} {text}", kind.noun));
                return Ok(None);
            }
            Found::Several => {
                self.complain(filter_name(self.kind, field), "ambiguousName", several(kind, &reference));
                return Ok(None);
            }
        };
        let marker = self.arg(Cell::Int(Some(id)));
        // What belongs to a branch of a tree belongs to what is above it; a parent is meant exactly.
        if kind.key == Key::Path && kind != self.kind {
            return Ok(Some(format!(
                "t.{} in (select d.id from {table} a join {table} d on d.tenant = a.tenant and (d.id = a.id \
                 or (d.natural_key >= a.natural_key || '/' and d.natural_key < a.natural_key || '0')) \
                 where a.tenant = $1 and a.id = {marker})",
                field.column,
                table = kind.table
            )));
        }
        Ok(Some(format!("t.{} = {marker}", field.column)))
    }

    fn equals(&mut self, field: &'static Field, text: &str) -> Option<String> {
        let is_key = match self.kind.key {
            Key::Column(column) => column == field.column,
            Key::Path => field.column == "path",
            Key::ColumnOr(..) | Key::Loose(_) | Key::InProduct(_) | Key::Conversion => false,
        };
        if is_key {
            let marker = self.arg(Cell::Text(Some(fold(text))));
            return Some(format!("t.natural_key = {marker}"));
        }
        if field.ty.is_text() && !matches!(field.ty, Type::Word(_)) {
            let marker = self.arg(Cell::Text(Some(fold(text))));
            return Some(format!("{{lower t.{}}} = {marker}", field.column));
        }
        if let Type::Flags(flags) = field.ty {
            let found = flags.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
            if found.is_none() {
                self.complain(field.name, "unknownWord", format!("{text} is no value of {}", field.name));
            }
            return found.map(|(_, column)| format!("t.{column} = 1"));
        }
        if text == "null" || text.is_empty() {
            return Some(format!("t.{} is null", field.column));
        }
        let value = field.value_of_text(text).unwrap_or(Value::Null);
        match field.read(&value, "UTC") {
            Ok(Read::Cells(mut cells)) => {
                let marker = self.arg(cells.remove(0));
                Some(format!("t.{} = {marker}", field.column))
            }
            Ok(Read::Refers(_)) => None,
            Err((code, message)) => {
                self.complain(field.name, code, message);
                None
            }
        }
    }
}

/// The field's own name, which lives as long as the program.
fn filter_name(kind: &'static Kind, field: &Field) -> &'static str {
    kind.field(field.name).map_or("", |found| found.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back() {
        for id in [0, 1, -16, i64::MAX, i64::MIN] {
            assert_eq!(id_of_cursor(&cursor_after(id)), Some(id));
        }
        for text in ["", "c", "5", "cx", "c+5"] {
            assert_eq!(id_of_cursor(text), None, "{text}");
        }
    }
}
