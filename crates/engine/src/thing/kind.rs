//! What a catalog record is made of, as data.
//!
//! Each kind (products, locations …) is described once, in [`super::kinds`]. From the description
//! come the checks of a request, the SQL, the JSON of an answer, the filters of a list, the columns of
//! an import and the schema of the API; a field that is added there is there everywhere.

use super::plan::Plan;
use super::value::{Record, Value};
use crate::error::Error;

/// A kind of catalog record.
pub struct Kind {
    /// Its name in addresses: `unit-conversions`.
    pub name: &'static str,
    /// One of it, in camelCase: `unitConversion`.
    pub one: &'static str,
    /// One of it, in a sentence: `unit conversion`.
    pub noun: &'static str,
    /// What it is, in a sentence for the reference.
    pub about: &'static str,
    /// Where it is kept.
    pub table: &'static str,
    /// What its ids are counted by.
    pub counter: &'static str,
    /// Its fields, in the order in which they are shown.
    pub fields: &'static [Field],
    /// How people tell one from another.
    pub key: Key,
    /// A condition that its rows meet in a table shared with another kind; `t` is the row.
    pub rows: &'static str,
    /// What its rows have in a column that no field describes.
    pub constants: &'static [(&'static str, i64)],
    /// A condition that lists add unless the request says `outside=true`.
    pub listed: &'static str,
    /// Whether decisions are cached from it, so that a change has to be announced.
    pub is_structure: bool,
    /// Checks beyond single fields.
    pub check: Option<Check>,
    /// What keeps a record from being deleted.
    pub uses: &'static [Use],
}

/// Looks at all records of a request, and notes in the plan what is wrong.
pub type Check = fn(&mut Plan<'_, '_>) -> Result<(), Error>;

/// How people tell the records of a kind from one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// By one column.
    Column(&'static str),
    /// By one column, or where that fails by another.
    ColumnOr(&'static str, &'static str),
    /// By the names from the top of a tree down; the columns `name`, `parent` and `path`.
    Path,
    /// By one column, which several may have alike.
    Loose(&'static str),
    /// By one column within the product.
    InProduct(&'static str),
    /// By the units it joins.
    Conversion,
}

impl Key {
    /// The column that shows it to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Column(column) | Self::ColumnOr(column, _) | Self::Loose(column) | Self::InProduct(column) => column,
            Self::Path => "path",
            Self::Conversion => "natural_key",
        }
    }
}

/// A kind of row that refers to a record.
pub struct Use {
    /// What it is, in the plural: `movements`.
    pub what: &'static str,
    /// A condition after `select 1 from`, with the tenant as `$1` and the record's id as `$2`.
    pub from: &'static str,
}

/// A field of a record.
pub struct Field {
    /// Its name on every face of the native API.
    pub name: &'static str,
    /// Another name it may be sent by, and is shown by as well.
    pub also: Option<&'static str>,
    /// The column that keeps it; of [`Type::Flags`] the first.
    pub column: &'static str,
    /// What it holds.
    pub ty: Type,
    /// What stands there when nothing is sent.
    pub need: Need,
    /// Whether it may change later.
    pub change: May,
    /// Whether a change decides about bookings, so that it is kept with the position from which it holds.
    pub decides: bool,
    /// What it means, in a sentence for the reference.
    pub about: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Type {
    /// A text of 1 to 255 characters without blanks around it.
    Name,
    /// A name without `/`.
    Step,
    /// A text of up to 4000 characters.
    Text,
    /// Up to 100 names.
    Names,
    /// An exact decimal from 0 on, in millionths.
    Decimal,
    /// A whole number of this range.
    Whole(i64, i64),
    /// True or false.
    Flag,
    /// One of these words, kept as a number.
    Choice(&'static [(&'static str, i64)]),
    /// One of these words, kept as it is.
    Word(&'static [&'static str]),
    /// Any of these words, each with a column of its own.
    Flags(&'static [(&'static str, &'static str)]),
    /// Another record; 0 = none.
    Reference(&'static Kind),
    /// An instant.
    Time,
}

/// What stands in a field when nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must be sent.
    Required,
    /// Nothing: null, or no reference.
    Optional,
    /// This number, in its stored form.
    Number(i64),
    /// This text, in its stored form.
    Word(&'static str),
    /// It is never sent, only shown.
    ReadOnly,
}

/// Whether a field may change after the record was made.
#[derive(Clone, Copy)]
pub enum May {
    /// Always.
    Change,
    /// Never.
    Stay,
    /// Until one of these refers to the record.
    ChangeUntil(&'static [Use]),
}

impl Field {
    /// A field that must be sent, and may change.
    pub const fn required(name: &'static str, column: &'static str, ty: Type, about: &'static str) -> Self {
        Self { name, also: None, column, ty, need: Need::Required, change: May::Change, decides: false, about }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, column: &'static str, ty: Type, about: &'static str) -> Self {
        Self { need: Need::Optional, ..Self::required(name, column, ty, about) }
    }

    /// A field that has a number of its own when it is left out.
    pub const fn number(name: &'static str, column: &'static str, ty: Type, preset: i64, about: &'static str) -> Self {
        Self { need: Need::Number(preset), ..Self::required(name, column, ty, about) }
    }

    /// A field that has a word of its own when it is left out.
    pub const fn word(
        name: &'static str,
        column: &'static str,
        ty: Type,
        preset: &'static str,
        about: &'static str,
    ) -> Self {
        Self { need: Need::Word(preset), ..Self::required(name, column, ty, about) }
    }

    /// A field that is only shown.
    pub const fn shown(name: &'static str, column: &'static str, ty: Type, about: &'static str) -> Self {
        Self { need: Need::ReadOnly, ..Self::required(name, column, ty, about) }
    }

    /// The same, with a second name.
    #[must_use]
    pub const fn also(self, name: &'static str) -> Self {
        Self { also: Some(name), ..self }
    }

    /// The same, never to change.
    #[must_use]
    pub const fn stays(self) -> Self {
        Self { change: May::Stay, ..self }
    }

    /// The same, to change only until one of these refers to the record.
    #[must_use]
    pub const fn until(self, uses: &'static [Use]) -> Self {
        Self { change: May::ChangeUntil(uses), ..self }
    }

    /// The same, with its changes kept as decisions.
    #[must_use]
    pub const fn decides(self) -> Self {
        Self { decides: true, ..self }
    }

    /// Whether a request may send it.
    pub fn is_writable(&self) -> bool {
        self.need != Need::ReadOnly
    }

    /// Its columns.
    pub fn columns(&self) -> impl Iterator<Item = Column> + '_ {
        let flags: &[(&str, &'static str)] = match self.ty {
            Type::Flags(flags) => flags,
            _ => &[],
        };
        let own = flags.is_empty().then(|| Column { name: self.column, is_text: self.ty.is_text() });
        own.into_iter().chain(flags.iter().map(|(_, column)| Column { name: column, is_text: false }))
    }
}

impl Type {
    /// Whether it is kept as text.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Step | Self::Text | Self::Names | Self::Word(_))
    }
}

/// A column of a record's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Whether it holds text, else numbers.
    pub is_text: bool,
}

/// What a column of a record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A number, or null.
    Int(Option<i64>),
    /// A text, or null.
    Text(Option<String>),
}

impl Cell {
    /// Its number; 0 where there is none.
    pub fn number(&self) -> i64 {
        match self {
            Self::Int(number) => number.unwrap_or(0),
            Self::Text(_) => 0,
        }
    }

    /// Its text; empty where there is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(Some(text)) => text,
            _ => "",
        }
    }
}

impl Kind {
    /// The columns of all fields, in order.
    pub fn columns(&self) -> Vec<Column> {
        self.fields.iter().flat_map(Field::columns).collect()
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name || field.also == Some(name))
    }

    /// The names of the fields that may be sent, for messages and import columns.
    pub fn writable(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.is_writable())
    }

    /// The record of a line of a table of text, such as a CSV file, by the names of its columns. Empty
    /// cells are left out; a column that is no field stays, so that the checks can name it.
    pub fn record_of_texts<'t>(&self, cells: impl IntoIterator<Item = (&'t str, &'t str)>) -> Record {
        cells
            .into_iter()
            .filter_map(|(name, text)| {
                let value = match self.field(name.trim()) {
                    Some(field) => field.value_of_text(text),
                    None => (!text.trim().is_empty()).then(|| Value::Text(text.to_owned())),
                };
                Some((name.trim().to_owned(), value?))
            })
            .collect()
    }

    /// The field by whose column people tell records apart.
    pub fn label_field(&self) -> &'static str {
        match self.key {
            Key::Path => "name",
            Key::Conversion => "from",
            key => self.fields.iter().find(|field| field.column == key.label()).map_or("", |field| field.name),
        }
    }

    /// Where a column stands among [`Self::columns`].
    pub fn place(&self, column: &str) -> usize {
        self.columns()
            .iter()
            .position(|known| known.name == column)
            .unwrap_or_else(|| panic!("{} have no column {column}", self.name))
    }
}

impl PartialEq for &'static Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
