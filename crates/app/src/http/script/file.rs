//! Files of catalog records: exported by names and paths, and imported again by them.

use std::future::Future;
use std::pin::Pin;

use lotbook_engine::thing::kept::{self, Which};
use lotbook_engine::thing::{Record, Value};

use super::argument::{Args, text};
use super::entity::{self, Entity, Shows};
use super::fault::{Fault, FaultKind};
use super::session::{Reader, Session};
use super::shape::bytes;
use super::transfer::{self, RowWriter};

/// How a family's files look.
pub struct Shape {
    /// The name of its import queue.
    pub queue: &'static str,
    /// What the records are.
    pub entity: &'static Entity,
    /// The columns, in order.
    pub columns: &'static [(&'static str, Shows)],
    /// Columns that name by path or name what a key of the record holds as an id.
    pub named: &'static [(&'static str, &'static str)],
    /// Finds the record that a row is about, and puts what its columns mean into the keys of the record.
    pub own: fn(&mut Reader<'_>, &mut Record) -> Result<Option<String>, Fault>,
}

/// What an export answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// CSV as bytes.
    Csv,
    /// JSON as bytes.
    Json,
    /// CSV as text.
    CsvText,
    /// JSON as text.
    JsonText,
}

/// What an import answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// How many rows were written; what is wrong is thrown after the rest was written.
    Count,
    /// An ApiResponse.
    Response,
}

/// Takes a text out of a row.
pub fn take(row: &mut Record, key: &str) -> Result<Option<String>, Fault> {
    let Some(at) = row.iter().position(|(name, _)| name == key) else { return Ok(None) };
    let (_, value) = row.remove(at);
    text(&value).map_err(|message| Fault::fields(FaultKind::ConstraintViolation, vec![(key.to_owned(), message)]))
}

/// The records, or those named, as a file.
pub fn export(reader: &mut Reader<'_>, shape: &Shape, named: Option<Vec<String>>, form: Form) -> Result<Value, Fault> {
    let entity = shape.entity;
    let ids = named.map(|texts| reader.need_all(entity.kind, &texts)).transpose()?;
    let which = ids.as_deref().map_or(Which::All, Which::Ids);
    let found = kept::read(reader.conn, reader.tenant, entity.kind, which)?;
    let rows = entity::show(reader, entity.kind, shape.columns, entity.by, found)?;
    let rows: Vec<Value> = rows.into_iter().map(|(_, value)| value).collect();
    let keys: Vec<&str> = shape.columns.iter().map(|(key, _)| *key).collect();
    let written = match form {
        Form::Csv | Form::CsvText => transfer::write_csv(&keys, &rows)?,
        Form::Json | Form::JsonText => transfer::write_json(&keys, rows),
    };
    Ok(match form {
        Form::Csv | Form::Json => bytes(&written),
        Form::CsvText | Form::JsonText => Value::Text(String::from_utf8_lossy(&written).into_owned()),
    })
}

struct Importer {
    session: Session,
    shape: &'static Shape,
}

impl RowWriter for Importer {
    fn write(&mut self, row: Record) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + '_>> {
        let (session, shape) = (self.session.clone(), self.shape);
        Box::pin(async move {
            let args = session.read(move |reader| read_row(reader, shape, row)).await?;
            entity::save_id(&session, args, shape.entity).await.map(|_| ())
        })
    }
}

/// A row as the arguments of its family's `save…`: names and paths go before ids.
fn read_row(reader: &mut Reader<'_>, shape: &Shape, mut row: Record) -> Result<Args, Fault> {
    let own_id = take(&mut row, "id")?;
    for (name, key) in shape.named {
        let Some(text) = take(&mut row, name)? else { continue };
        row.retain(|(known, _)| known != key);
        row.push(((*key).to_owned(), Value::Text(text)));
    }
    let found = match (shape.own)(reader, &mut row)? {
        Some(found) => Some(found),
        // An id of another system is none of ours.
        None => match own_id {
            Some(id) => reader.find(shape.entity.kind, &id)?.map(|_| id),
            None => None,
        },
    };
    if found.is_none() {
        // What an empty cell says of a new record is what its template says.
        row.retain(|(_, value)| *value != Value::Null);
    } else if let Some(found) = found {
        row.push(("id".to_owned(), Value::Text(found)));
    }
    Args::of_record(shape.entity.data, row)
}

/// Imports a file.
pub async fn import(
    session: Session,
    args: Args,
    shape: &'static Shape,
    is_csv: bool,
    answer: Answer,
) -> Result<Value, Fault> {
    let is_field = |key: &str| {
        let is_column = shape.columns.iter().any(|(known, _)| *known == key);
        is_column || shape.entity.data.iter().any(|parameter| parameter.is_shown && parameter.name == key)
    };
    let file = transfer::read(&args.bytes("importBytes")?, is_csv, is_field)?;
    let app = std::sync::Arc::clone(session.app());
    let tenant = session.tenant();
    let response = app.imports.run(tenant, shape.queue, file, Importer { session, shape }).await?;
    let Value::Object(record) = &response else { return Ok(response) };
    let of = |key: &str| record.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    match (answer, of("success")) {
        (Answer::Response, _) => Ok(response),
        (Answer::Count, Some(Value::Bool(true))) => Ok(of("data").unwrap_or(Value::Null)),
        (Answer::Count, _) => {
            let message = of("message").and_then(|value| text(&value).ok().flatten()).unwrap_or_default();
            Err(Fault::new(FaultKind::ConstraintViolation, message))
        }
    }
}

/// How many rows wait to be written.
pub fn waiting(session: &Session, shape: &Shape) -> i64 {
    session.app().imports.size(session.tenant(), shape.queue)
}

/// Drops the rows that wait, and says how many they were.
pub fn cancel(session: &Session, shape: &Shape) -> i64 {
    session.app().imports.cancel(session.tenant(), shape.queue)
}
