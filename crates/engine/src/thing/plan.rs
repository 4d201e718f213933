//! A change of records before it is written: what their columns will hold, and all that is wrong.

use std::collections::HashMap;

use lotbook_domain::catalog::fold;
use lotbook_domain::violation::Violation;

use super::field::Read;
use super::kind::{Cell, Column, Field, Key, Kind, May, Need, Type};
use super::reference::{Found, Reference, resolve, several};
use super::row;
use super::value::Record;
use crate::error::Error;
use crate::store::{self, Arg, Rows};
use crate::table;
use crate::write::Tx;

/// Longest natural key in bytes: what an index of PostgreSQL takes.
const KEY_BYTES_MAX: usize = 2_000;

/// A record as it will be.
pub struct Draft {
    /// The record as it is; `None` for a new one.
    pub before: Option<row::Stored>,
    /// What its columns will hold, by [`Kind::columns`].
    pub cells: Vec<Cell>,
    /// By what people will tell it, folded.
    pub key: String,
    /// Its parent, where that is a record of the same request.
    pub parent: Option<usize>,
    given: Vec<bool>,
    faulty: Vec<bool>,
}

/// A change of records of one kind.
pub struct Plan<'p, 'c> {
    /// The transaction.
    pub tx: &'p mut Tx<'c>,
    /// The kind.
    pub kind: &'static Kind,
    /// The records.
    pub drafts: Vec<Draft>,
    /// The columns of a record.
    pub columns: Vec<Column>,
    violations: Vec<Violation>,
    is_list: bool,
}

/// A reference of a draft that has to be found: draft, field, its column's place, the reference.
pub(super) struct Pending {
    pub draft: usize,
    field: &'static Field,
    place: usize,
    pub reference: Reference,
}

impl<'p, 'c> Plan<'p, 'c> {
    /// New records; violations name their place where `is_list`.
    pub fn create(tx: &'p mut Tx<'c>, kind: &'static Kind, records: &[Record], is_list: bool) -> Result<Self, Error> {
        let columns = kind.columns();
        let presets: Vec<Cell> = kind
            .fields
            .iter()
            .flat_map(|field| field.preset().unwrap_or_else(|| field.columns().map(empty).collect()))
            .collect();
        let drafts = records.iter().map(|_| Draft::new(None, presets.clone())).collect();
        let mut plan = Self { tx, kind, drafts, columns, violations: Vec::new(), is_list };
        plan.judge(records)?;
        Ok(plan)
    }

    /// A change of one record: the fields that are sent.
    pub fn change(tx: &'p mut Tx<'c>, kind: &'static Kind, before: row::Stored, patch: &Record) -> Result<Self, Error> {
        let cells = before.cells.clone();
        let drafts = vec![Draft::new(Some(before), cells)];
        let mut plan = Self { tx, kind, drafts, columns: kind.columns(), violations: Vec::new(), is_list: false };
        plan.judge(std::slice::from_ref(patch))?;
        Ok(plan)
    }

    /// The place of a column.
    pub fn place(&self, column: &str) -> usize {
        self.columns
            .iter()
            .position(|known| known.name == column)
            .unwrap_or_else(|| panic!("{} have no column {column}", self.kind.name))
    }

    /// Notes what is wrong with a field of a draft.
    pub fn complain(&mut self, draft: usize, field: &'static str, code: &'static str, message: impl Into<String>) {
        let index = self.is_list.then_some(draft);
        self.violations.push(Violation { index, field, code, message: message.into() });
    }

    /// Whether a column of a draft could be read, so that it can be looked at.
    pub fn is_sound(&self, draft: usize, place: usize) -> bool {
        !self.drafts[draft].faulty[place]
    }

    /// Whether the request says what a column is to hold.
    pub fn is_given(&self, draft: usize, place: usize) -> bool {
        self.drafts[draft].given[place]
    }

    /// Notes that a column holds nothing of use.
    pub fn spoil(&mut self, draft: usize, place: usize) {
        self.drafts[draft].faulty[place] = true;
    }

    fn judge(&mut self, records: &[Record]) -> Result<(), Error> {
        let zone = self.zone()?;
        let mut pending = Vec::new();
        for (draft, record) in records.iter().enumerate() {
            self.read_record(draft, record, &zone, &mut pending);
        }
        let (narrowed, free): (Vec<_>, Vec<_>) = pending.into_iter().partition(|wanted| is_in_product(wanted.field));
        self.refer(free)?;
        self.refer(narrowed)?;
        self.check_fixed()?;
        if let Some(check) = self.kind.check {
            check(self)?;
        }
        self.make_keys();
        self.check_duplicates()?;
        if self.violations.is_empty() {
            return Ok(());
        }
        self.violations.sort_by_key(|violation| violation.index);
        Err(Error::Invalid(std::mem::take(&mut self.violations)))
    }

    fn zone(&mut self) -> Result<String, Error> {
        if !self.kind.fields.iter().any(|field| matches!(field.ty, Type::Time)) {
            return Ok(String::new());
        }
        let json = table::decision::newest(self.tx.conn, self.tx.tenant, "setting:timeZone", 0)?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(|| "UTC".to_owned()))
    }

    fn read_record(&mut self, draft: usize, record: &Record, zone: &str, pending: &mut Vec<Pending>) {
        let kind = self.kind;
        for (name, _) in record {
            if kind.field(name).is_none() && !STAMPS.contains(&name.as_str()) {
                let known: Vec<&str> = kind.writable().map(|field| field.name).collect();
                self.complain(
                    draft,
                    "",
                    "unknownField",
                    format!("a {} has no field {name}; it has {}", kind.noun, known.join(", ")),
                );
            }
        }
        let mut place = 0;
        for field in kind.fields {
            let width = field.columns().count();
            self.read_field(draft, record, field, place..place + width, zone, pending);
            place += width;
        }
    }

    fn read_field(
        &mut self,
        draft: usize,
        record: &Record,
        field: &'static Field,
        places: std::ops::Range<usize>,
        zone: &str,
        pending: &mut Vec<Pending>,
    ) {
        if !field.is_writable() {
            return;
        }
        let mut sent = record.iter().filter(|(name, _)| name == field.name || field.also == Some(name));
        let wrong = match (sent.next(), sent.next()) {
            (None, _) if self.drafts[draft].before.is_none() && field.need == Need::Required => {
                Some(("required", "is missing".to_owned()))
            }
            (None, _) => None,
            (Some((_, one)), Some((other_name, other))) if one != other => {
                Some(("contradiction", format!("was sent twice with different values; {other_name} means the same")))
            }
            (Some((_, value)), _) => {
                self.drafts[draft].given[places.clone()].fill(true);
                match field.read(value, zone) {
                    Ok(Read::Cells(cells)) => {
                        for (place, cell) in places.clone().zip(cells) {
                            self.drafts[draft].cells[place] = cell;
                        }
                        None
                    }
                    Ok(Read::Refers(reference)) => {
                        pending.push(Pending { draft, field, place: places.start, reference });
                        None
                    }
                    Err(wrong) => Some(wrong),
                }
            }
        };
        if let Some((code, message)) = wrong {
            self.drafts[draft].faulty[places].fill(true);
            self.complain(draft, field.name, code, message);
        }
    }

    /// Finds what was referred to: a few statements per kind of record, however many references.
    fn refer(&mut self, pending: Vec<Pending>) -> Result<(), Error> {
        let product = self.columns.iter().position(|column| column.name == "product");
        let mut by_kind: Vec<(&'static Kind, Vec<Pending>)> = Vec::new();
        for wanted in pending {
            let Type::Reference(kind) = wanted.field.ty else { continue };
            match by_kind.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, list)) => list.push(wanted),
                None => by_kind.push((kind, vec![wanted])),
            }
        }
        for (kind, list) in by_kind {
            // Many records name the same unit or category: each name is looked up once.
            let mut places: HashMap<(&Reference, i64), usize> = HashMap::new();
            let mut wanted: Vec<(&Reference, i64)> = Vec::new();
            let mut at = Vec::with_capacity(list.len());
            for one in &list {
                let within = match product {
                    Some(place) if is_in_product(one.field) => self.drafts[one.draft].cells[place].number(),
                    _ => 0,
                };
                let next = wanted.len();
                let place = *places.entry((&one.reference, within)).or_insert_with(|| {
                    wanted.push((&one.reference, within));
                    next
                });
                at.push(place);
            }
            let found = resolve(self.tx.conn, self.tx.tenant, kind, &wanted)?;
            let found: Vec<Found> = at.into_iter().map(|place| found[place]).collect();
            self.note_found(kind, &list, &found)?;
        }
        Ok(())
    }

    fn note_found(&mut self, kind: &'static Kind, list: &[Pending], found: &[Found]) -> Result<(), Error> {
        // What is not there may be made by the same request.
        let may_be_ahead = kind == self.kind && kind.key == Key::Path && self.is_list && found.contains(&Found::None);
        let ahead = if may_be_ahead { super::tree::parents_in_request(self, list, found)? } else { HashMap::new() };
        for (one, found) in list.iter().zip(found) {
            match (found, ahead.get(&one.draft)) {
                (Found::One(id), _) => self.drafts[one.draft].cells[one.place] = Cell::Int(Some(*id)),
                (Found::None, Some(parent)) => self.drafts[one.draft].parent = Some(*parent),
                (Found::None, None) => {
                    let message = format!("there is no {} {}", kind.noun, one.reference);
                    self.complain(one.draft, one.field.name, "notFound", message);
                    self.spoil(one.draft, one.place);
                }
                (Found::Several, _) => {
                    self.complain(one.draft, one.field.name, "ambiguousName", several(kind, &one.reference));
                    self.spoil(one.draft, one.place);
                }
            }
        }
        Ok(())
    }

    /// Refuses changes of what may not change any more.
    fn check_fixed(&mut self) -> Result<(), Error> {
        for draft in 0..self.drafts.len() {
            let Some(before) = &self.drafts[draft].before else { continue };
            let id = before.id;
            let mut place = 0;
            for field in self.kind.fields {
                let width = field.columns().count();
                let places = place..place + width;
                place += width;
                let now = &self.drafts[draft];
                if now.before.as_ref().is_none_or(|before| before.cells[places.clone()] == now.cells[places.clone()]) {
                    continue;
                }
                match field.change {
                    May::Change => {}
                    May::Stay => self.complain(
                        draft,
                        field.name,
                        "fixed",
                        format!("is fixed; make another {} instead", self.kind.noun),
                    ),
                    May::ChangeUntil(uses) => {
                        let used = row::uses(self.tx.conn, self.tx.tenant, uses, id)?;
                        if !used.is_empty() {
                            let message = format!("is fixed, since this {} has {}", self.kind.noun, used.join(" and "));
                            self.complain(draft, field.name, "fixed", message);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn make_keys(&mut self) {
        for draft in 0..self.drafts.len() {
            let key = match self.kind.key {
                Key::Column(column) => {
                    let place = self.place(column);
                    self.is_sound(draft, place).then(|| fold(self.drafts[draft].cells[place].text()))
                }
                // A milligram is no megagram: of symbols the case matters.
                Key::ColumnOr(column, _) => {
                    let place = self.place(column);
                    self.is_sound(draft, place).then(|| self.drafts[draft].cells[place].text().trim().to_owned())
                }
                Key::InProduct(column) => {
                    let (product, place) = (self.place("product"), self.place(column));
                    let cells = &self.drafts[draft].cells;
                    (self.is_sound(draft, place) && self.is_sound(draft, product))
                        .then(|| format!("{}/{}", cells[product].number(), fold(cells[place].text())))
                }
                Key::Loose(column) => {
                    let uid = self.tx.uid();
                    let place = self.place(column);
                    let cells = &self.drafts[draft].cells;
                    self.is_sound(draft, place).then(|| format!("{}/{uid}", fold(cells[place].text())))
                }
                // Their checks have made them.
                Key::Path | Key::Conversion => None,
            };
            if let Some(key) = key {
                self.drafts[draft].key = key;
            }
            if self.drafts[draft].key.len() > KEY_BYTES_MAX {
                let message =
                    format!("makes a path of {} bytes; {KEY_BYTES_MAX} are allowed", self.drafts[draft].key.len());
                self.complain(draft, self.kind.label_field(), "tooLong", message);
                self.drafts[draft].key.clear();
            }
        }
    }

    /// Refuses what is there already, or twice in the request: one statement.
    fn check_duplicates(&mut self) -> Result<(), Error> {
        let mut first: HashMap<&str, usize> = HashMap::new();
        let mut twice: Vec<(usize, usize)> = Vec::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            if draft.key.is_empty() {
                continue;
            }
            match first.get(draft.key.as_str()) {
                Some(other) => twice.push((at, *other)),
                None => {
                    first.insert(&draft.key, at);
                }
            }
        }
        let mut taken: Vec<(usize, i64)> = Vec::new();
        let keys: Vec<(i64, String)> = first.iter().map(|(key, at)| (*at as i64, (*key).to_owned())).collect();
        if !keys.is_empty() {
            let rows = Rows::new(vec![
                store::Column::Int(keys.iter().map(|(at, _)| *at).collect()),
                store::Column::Text(keys.into_iter().map(|(_, key)| key).collect()),
            ]);
            // Without the kind's own condition: lots and instances share their names.
            let sql = format!(
                "select r.n, t.id from {{rows $2 (n bigint, natural_key text) r}} cross join {} t \
                 where t.tenant = $1 and t.natural_key = r.natural_key",
                self.kind.table
            );
            taken = self.tx.conn.query(&sql, &[Arg::Int(self.tx.tenant.0), Arg::Rows(&rows)], |row| {
                Ok((row.int(0)? as usize, row.int(1)?))
            })?;
        }
        let field = self.kind.label_field();
        let label = self.kind.key.label();
        for (at, other) in twice {
            let name = self.shown(at);
            self.complain(at, field, "duplicate", format!("{name} stands twice; [{other}] has it too"));
        }
        for (at, id) in taken {
            if self.drafts[at].before.as_ref().is_some_and(|before| before.id == id) {
                continue;
            }
            let name = self.shown(at);
            let label = if label == "natural_key" { "pair" } else { label };
            self.complain(at, field, "duplicate", format!("the {label} {name} is taken by {} {id}", self.kind.noun));
        }
        Ok(())
    }

    /// What people will tell a draft by, as they wrote it.
    fn shown(&self, draft: usize) -> String {
        let label = self.kind.key.label();
        match self.columns.iter().position(|column| column.name == label) {
            Some(place) => self.drafts[draft].cells[place].text().to_owned(),
            None => "of units".to_owned(),
        }
    }
}

impl Draft {
    fn new(before: Option<row::Stored>, cells: Vec<Cell>) -> Self {
        let width = cells.len();
        Self { before, cells, key: String::new(), parent: None, given: vec![false; width], faulty: vec![false; width] }
    }
}

/// What answers show of every record; sent back, it is passed over.
pub const STAMPS: [&str; 7] = ["id", "uid", "createdAt", "createdBy", "modifiedAt", "modifiedBy", "version"];

fn empty(column: Column) -> Cell {
    if column.is_text { Cell::Text(Some(String::new())) } else { Cell::Int(Some(0)) }
}

fn is_in_product(field: &Field) -> bool {
    matches!(field.ty, Type::Reference(kind) if matches!(kind.key, Key::InProduct(_)))
}
