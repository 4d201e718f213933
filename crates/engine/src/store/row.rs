//! What a query answers, row by row.

use postgres::types::{FromSql, Type};

use crate::Error;

/// A row of an answer; columns are counted from 0.
pub struct Row<'a>(Cells<'a>);

enum Cells<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self(Cells::Sqlite(row))
    }

    pub(super) fn postgres(row: &'a postgres::Row) -> Self {
        Self(Cells::Postgres(row))
    }
}

/// PostgreSQL's answers of every whole kind as one: `exists` is a boolean there, a literal is short.
struct Whole(i64);

impl<'a> FromSql<'a> for Whole {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(match *kind {
            Type::INT4 => i32::from_sql(kind, raw)?.into(),
            Type::INT2 => i16::from_sql(kind, raw)?.into(),
            Type::BOOL => bool::from_sql(kind, raw)?.into(),
            _ => i64::from_sql(kind, raw)?,
        }))
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::INT2, Type::BOOL].contains(kind)
    }
}

/// In a statement, the sum of a whole number over any number of rows, though it may leave the range of one: two columns
/// that [`Row::sum`] reads. `cast(sum(x) as bigint)` fails where the sum leaves it, with an error of the database's own.
pub fn long_sum(expression: &str) -> String {
    format!("cast(sum(({expression}) / {HALF}) as bigint), cast(sum(({expression}) % {HALF}) as bigint)")
}

/// Where [`long_sum`] cuts a number in two.
const HALF: i64 = 1 << 32;

impl Row<'_> {
    /// A [`long_sum`], from its first column on; of no rows it is 0.
    pub fn sum(&self, i: usize) -> Result<i128, Error> {
        let part = |i| Ok::<_, Error>(i128::from(self.opt_int(i)?.unwrap_or(0)));
        Ok(part(i)? * i128::from(HALF) + part(i + 1)?)
    }

    /// A whole number.
    pub fn int(&self, i: usize) -> Result<i64, Error> {
        match self.0 {
            Cells::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Cells::Postgres(row) => row.try_get(i).map(|Whole(value)| value).map_err(|error| misread(i, &error)),
        }
    }

    /// A whole number or null.
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>, Error> {
        match self.0 {
            Cells::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Cells::Postgres(row) => row
                .try_get::<_, Option<Whole>>(i)
                .map(|value| value.map(|Whole(value)| value))
                .map_err(|error| misread(i, &error)),
        }
    }

    /// A text, where it stands.
    pub fn str(&self, i: usize) -> Result<&str, Error> {
        match self.0 {
            Cells::Sqlite(row) => {
                let value = row.get_ref(i).map_err(|error| misread(i, &error))?;
                value.as_str().map_err(|error| misread(i, &error))
            }
            Cells::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }

    /// A text.
    pub fn text(&self, i: usize) -> Result<String, Error> {
        self.str(i).map(str::to_string)
    }

    /// A text or null.
    pub fn opt_text(&self, i: usize) -> Result<Option<String>, Error> {
        match self.0 {
            Cells::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Cells::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }

    /// A byte string.
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>, Error> {
        match self.0 {
            Cells::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Cells::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }

    /// A byte string or null.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<Vec<u8>>, Error> {
        match self.0 {
            Cells::Sqlite(row) => row.get(i).map_err(|error| misread(i, &error)),
            Cells::Postgres(row) => row.try_get(i).map_err(|error| misread(i, &error)),
        }
    }
}

fn misread(i: usize, error: &dyn std::error::Error) -> Error {
    Error::Internal(format!("column {i} of an answer: {error}"))
}
