//! Naming a record: by id, by uid, or by what people tell it by.
//!
//! A number is an id. A text is first what people tell the record by (a product's identifier, a
//! location's path, a unit's symbol or name), then a uid, then digits that are an id. In an address,
//! where all is text, digits are an id first. A lot or variant is told by its name where that is
//! unique, else by `PRODUCT/NAME`; where the product is known, the name alone is enough.

use std::collections::HashMap;

use lotbook_domain::catalog::fold;
use lotbook_domain::id::TenantId;

use super::kind::{Key, Kind};
use super::value::Value;
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};
use crate::uid;

/// A record, as a request names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// By id.
    Id(i64),
    /// By natural key, uid, or the digits of an id, in this order.
    Text(String),
    /// By an address's text.
    Address(String),
    /// By uid, or else by natural key; digits are a name like any other. As scripts name things, where a
    /// lot may be called `5`.
    Plain(String),
}

impl Reference {
    /// What a field of a request names; `None` for null. The error says what is wrong with it.
    pub fn of(value: &Value) -> Result<Option<Self>, String> {
        match value {
            Value::Null => Ok(None),
            Value::Number(text) => match text.parse() {
                Ok(id) => Ok(Some(Self::Id(id))),
                Err(_) => Err(format!("{text} is not an id; ids are whole numbers")),
            },
            Value::Text(text) if text.trim().is_empty() => Err("is empty; name a record or send null".to_owned()),
            Value::Text(text) => Ok(Some(Self::Text(text.clone()))),
            // As answers show it, so that what was read can be sent back.
            Value::Object(fields) => {
                let named = ["id", "uid", "path", "identifier", "symbol", "code", "name"]
                    .iter()
                    .find_map(|name| fields.iter().find(|(field, value)| field == name && *value != Value::Null));
                match named {
                    Some((_, value @ (Value::Number(_) | Value::Text(_)))) => Self::of(value),
                    _ => Err("names no record; send an id, a uid or a name".to_owned()),
                }
            }
            Value::Bool(_) | Value::List(_) => {
                Err(format!("is {}; name a record by its id, uid or name", value.noun()))
            }
        }
    }

    /// What a part of an address or a query names.
    pub fn of_address(text: &str) -> Self {
        Self::Address(text.to_owned())
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Text(text) | Self::Address(text) | Self::Plain(text) => f.write_str(text),
        }
    }
}

/// What a reference was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One record.
    One(i64),
    /// No record.
    None,
    /// Several records bear this name.
    Several,
}

/// Finds records of a kind, however many: a handful of statements. `product` narrows a lot or variant
/// to one product; 0 = any.
pub fn resolve(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    wanted: &[(&Reference, i64)],
) -> Result<Vec<Found>, Error> {
    let mut finder = Finder { conn, tenant, kind, found: vec![Found::None; wanted.len()] };
    let mut ids = Vec::new();
    let mut texts = Vec::new();
    let mut plain = Vec::new();
    for (at, (reference, product)) in wanted.iter().enumerate() {
        match reference {
            Reference::Id(id) => ids.push((at, *id)),
            Reference::Text(text) => texts.push((at, text.as_str(), *product)),
            Reference::Address(text) => {
                ids.extend(id_of(text).map(|id| (at, id)));
                texts.push((at, text.as_str(), *product));
            }
            Reference::Plain(text) => plain.push((at, text.as_str(), *product)),
        }
    }
    finder.by_uids(&plain)?;
    plain.retain(|(at, ..)| finder.found[*at] == Found::None);
    finder.by_keys(&plain)?;
    finder.by_ids(&ids)?;
    texts.retain(|(at, ..)| finder.found[*at] == Found::None);
    finder.by_keys(&texts)?;
    texts.retain(|(at, ..)| finder.found[*at] == Found::None);
    finder.by_uids(&texts)?;
    texts.retain(|(at, ..)| finder.found[*at] == Found::None);
    let digits: Vec<(usize, i64)> = texts.iter().filter_map(|(at, text, _)| Some((*at, id_of(text)?))).collect();
    finder.by_ids(&digits)?;
    Ok(finder.found)
}

/// Finds one record, or says that there is none.
pub fn find(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    reference: &Reference,
    product: i64,
) -> Result<i64, Error> {
    match resolve(conn, tenant, kind, &[(reference, product)])?[0] {
        Found::One(id) => Ok(id),
        Found::None => Err(Error::not_found(kind.one, reference)),
        Found::Several => Err(Error::refused("ambiguousName", several(kind, reference))),
    }
}

/// The ids of the records with these natural keys, which are folded already: `85123a`.
pub fn by_natural_key<'k>(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<HashMap<String, i64>, Error> {
    let rows = Rows::texts(keys);
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select t.natural_key, t.id from {{rows $2 (natural_key text) r}} cross join {} t \
         where t.tenant = $1 and t.natural_key = r.natural_key and {}",
        kind.table, kind.rows
    );
    let found = conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| Ok((row.text(0)?, row.int(1)?)))?;
    Ok(found.into_iter().collect())
}

/// The id that a text is, written as we write it: `0001` is somebody's number, but not our id 1.
fn id_of(text: &str) -> Option<i64> {
    let id: i64 = text.trim().parse().ok()?;
    (id.to_string() == text.trim()).then_some(id)
}

/// What to tell about a name that several records bear.
pub fn several(kind: &Kind, reference: &Reference) -> String {
    let by =
        if matches!(kind.key, Key::InProduct(_)) { "as PRODUCT/NAME or by its id or uid" } else { "by its id or uid" };
    format!("several {}s are called {reference}; name one {by}", kind.noun)
}

struct Finder<'c> {
    conn: &'c mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    found: Vec<Found>,
}

impl Finder<'_> {
    fn by_ids(&mut self, ids: &[(usize, i64)]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows = Rows::new(vec![
            Column::Int(ids.iter().map(|(at, _)| *at as i64).collect()),
            Column::Int(ids.iter().map(|(_, id)| *id).collect()),
        ]);
        let sql = format!(
            "select r.n, t.id from {{rows $2 (n bigint, id bigint) r}} cross join {} t \
             where t.tenant = $1 and t.id = r.id and {}",
            self.kind.table, self.kind.rows
        );
        self.note(&sql, &rows)
    }

    fn by_uids(&mut self, texts: &[(usize, &str, i64)]) -> Result<(), Error> {
        let uids: Vec<_> = texts.iter().filter_map(|(at, text, _)| Some((*at, uid::parse(text.trim())?))).collect();
        let sql = format!(
            "select r.n, t.id from {{rows $2 (n bigint, uid text) r}} cross join {} t \
             where t.tenant = $1 and t.uid = r.uid and {}",
            self.kind.table, self.kind.rows
        );
        self.note_texts(&sql, uids)
    }

    fn by_keys(&mut self, texts: &[(usize, &str, i64)]) -> Result<(), Error> {
        if texts.is_empty() {
            return Ok(());
        }
        if let Key::InProduct(column) = self.kind.key {
            return self.by_names_in_product(texts, column);
        }
        if let Key::Loose(column) = self.kind.key {
            let names = texts.iter().map(|(at, text, _)| (*at, text.trim().to_owned())).collect();
            let sql = format!(
                "select r.n, t.id from {{rows $2 (n bigint, name text) r}} cross join {} t \
                 where t.tenant = $1 and t.{column} = r.name and {}",
                self.kind.table, self.kind.rows
            );
            return self.note_texts(&sql, names);
        }
        if let Key::ColumnOr(column, other) = self.kind.key {
            let keys = texts.iter().map(|(at, text, _)| (*at, text.trim().to_owned())).collect();
            self.by_natural_keys(keys)?;
            // Where case does not match, it does not matter, unless two differ by nothing else.
            for column in [column, other] {
                let left = texts.iter().filter(|(at, ..)| self.found[*at] == Found::None);
                let names: Vec<_> = left.map(|(at, text, _)| (*at, fold(text))).collect();
                self.by_other_name(column, &names)?;
            }
            return Ok(());
        }
        let keys = texts.iter().map(|(at, text, _)| (*at, fold(text))).collect();
        self.by_natural_keys(keys)?;
        let left = || texts.iter().filter(|(at, ..)| self.found[*at] == Found::None);
        match self.kind.key {
            // Fixed places keep a key that no path can have, so that a plant may be called as they are.
            Key::Path => {
                let keys = left().map(|(at, text, _)| (*at, format!("/{}", fold(text)))).collect();
                self.by_natural_keys(keys)
            }
            _ if self.kind.name == "products" => {
                let paths = left().map(|(at, text, _)| (*at, text.trim().trim_start_matches('/'))).collect();
                self.by_path_of_product(paths)
            }
            _ => Ok(()),
        }
    }

    /// A product by its category's path and its name, as the script API names materials: `Raw/Milk`.
    fn by_path_of_product(&mut self, paths: Vec<(usize, &str)>) -> Result<(), Error> {
        // Names may hold slashes, so that each is tried as the border.
        let mut splits = (Vec::new(), Vec::new(), Vec::new());
        for (at, path) in paths {
            for (border, _) in path.match_indices('/').take(16) {
                splits.0.push(at as i64);
                splits.1.push(fold(&path[..border]));
                splits.2.push(path[border + 1..].to_owned());
            }
            // Without a category, the name alone.
            splits.0.push(at as i64);
            splits.1.push(String::new());
            splits.2.push(path.to_owned());
        }
        let rows = Rows::new(vec![Column::Int(splits.0), Column::Text(splits.1), Column::Text(splits.2)]);
        let sql = "select r.n, t.id from {rows $2 (n bigint, category text, name text) r} cross join product t \
             left join category c on c.tenant = t.tenant and c.id = t.category \
             where t.tenant = $1 and t.name = r.name and coalesce(c.natural_key, '') = r.category";
        self.note(sql, &rows)
    }

    fn by_natural_keys(&mut self, keys: Vec<(usize, String)>) -> Result<(), Error> {
        let sql = format!(
            "select r.n, t.id from {{rows $2 (n bigint, natural_key text) r}} cross join {} t \
             where t.tenant = $1 and t.natural_key = r.natural_key and {}",
            self.kind.table, self.kind.rows
        );
        self.note_texts(&sql, keys)
    }

    /// For a small table: the database cannot fold as we do, so all names are compared here.
    fn by_other_name(&mut self, column: &str, names: &[(usize, String)]) -> Result<(), Error> {
        if names.is_empty() {
            return Ok(());
        }
        let mut known: HashMap<String, Found> = HashMap::new();
        let sql = format!("select t.id, t.{column} from {} t where t.tenant = $1 order by t.id", self.kind.table);
        self.conn.each(&sql, &[Arg::Int(self.tenant.0)], |row| {
            let id = row.int(0)?;
            known.entry(fold(row.str(1)?)).and_modify(|found| *found = Found::Several).or_insert(Found::One(id));
            Ok(())
        })?;
        for (at, name) in names {
            self.found[*at] = known.get(name).copied().unwrap_or(Found::None);
        }
        Ok(())
    }

    fn by_names_in_product(&mut self, texts: &[(usize, &str, i64)], column: &str) -> Result<(), Error> {
        let (within, anywhere): (Vec<_>, Vec<_>) = texts.iter().partition(|(_, _, product)| *product != 0);
        let keys = within.iter().map(|(at, text, product)| (*at, format!("{product}/{}", fold(text)))).collect();
        self.by_natural_keys(keys)?;
        let names = anywhere.iter().map(|(at, text, _)| (*at, text.trim().to_owned())).collect();
        let sql = format!(
            "select r.n, t.id from {{rows $2 (n bigint, name text) r}} cross join {} t \
             where t.tenant = $1 and t.{column} = r.name and {}",
            self.kind.table, self.kind.rows
        );
        self.note_texts(&sql, names)?;
        // Both parts may hold slashes, so that each is tried as the border.
        let mut splits = (Vec::new(), Vec::new(), Vec::new());
        for (at, text, _) in anywhere {
            if self.found[at] != Found::None {
                continue;
            }
            for (border, _) in text.match_indices('/').take(16) {
                splits.0.push(at as i64);
                splits.1.push(fold(&text[..border]));
                splits.2.push(fold(&text[border + 1..]));
            }
        }
        let rows = Rows::new(vec![Column::Int(splits.0), Column::Text(splits.1), Column::Text(splits.2)]);
        let sql = format!(
            "select r.n, t.id from {{rows $2 (n bigint, product text, name text) r}} \
             cross join product p cross join {} t \
             where p.tenant = $1 and p.natural_key = r.product \
             and t.tenant = $1 and t.natural_key = cast(p.id as text) || '/' || r.name and {}",
            self.kind.table, self.kind.rows
        );
        self.note(&sql, &rows)
    }

    fn note_texts(&mut self, sql: &str, texts: Vec<(usize, String)>) -> Result<(), Error> {
        let (places, texts): (Vec<i64>, Vec<String>) =
            texts.into_iter().filter(|(_, text)| !text.contains('\0')).map(|(at, text)| (at as i64, text)).unzip();
        self.note(sql, &Rows::new(vec![Column::Int(places), Column::Text(texts)]))
    }

    fn note(&mut self, sql: &str, rows: &Rows) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let found = &mut self.found;
        self.conn.each(sql, &[Arg::Int(self.tenant.0), Arg::Rows(rows)], |row| {
            let place = &mut found[row.int(0)? as usize];
            *place = if *place == Found::None { Found::One(row.int(1)?) } else { Found::Several };
            Ok(())
        })
    }
}
