//! Tables as people take them away: lists, balances, stock cards and reports, page by page, for the command
//! line and for HTTP alike. However long a table is, one page of it is in memory.

pub mod asked;
pub mod card;
pub mod general_ledger;
pub mod ledger;
pub mod names;
pub mod promise;
pub mod report;
pub mod sheet;

use lotbook_domain::quantity::format_e6;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::{Conn, Error};

/// A table that is read page by page.
pub struct Table {
    /// The names of its columns, where they are known before its first row.
    pub columns: Vec<String>,
    /// Reads the next page; `None` after the last.
    pub next: Box<Next>,
}

/// Reads the next page of a table.
pub type Next = dyn FnMut(&mut Conn) -> Result<Option<Vec<Record>>, Error> + Send;

/// Rows that are read together.
pub const PAGE: i64 = 1_000;

/// Rows that are read together of balances, which are short and many: enough for two threads to share.
pub const LONG_PAGE: usize = 10_000;

impl Table {
    /// A table whose columns are those of its first row.
    pub fn new(next: impl FnMut(&mut Conn) -> Result<Option<Vec<Record>>, Error> + Send + 'static) -> Self {
        Self { columns: Vec::new(), next: Box::new(next) }
    }

    /// The same, with columns that are there without a row, too.
    #[must_use]
    pub fn with_columns(self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { columns: columns.into_iter().map(Into::into).collect(), ..self }
    }
}

/// A text.
pub fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// A whole number.
pub fn number(number: i64) -> Value {
    Value::Number(number.to_string())
}

/// Millionths as an exact decimal.
pub fn decimal(e6: i64) -> Value {
    Value::Number(format_e6(e6))
}

/// An id; 0 = nothing.
pub fn some(id: i64) -> Value {
    if id == 0 { Value::Null } else { number(id) }
}

/// A value, or nothing.
pub fn maybe<T>(value: Option<T>, show: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Null, show)
}

/// A record of these fields.
pub fn record<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
