//! Inventory operations as files.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use lotbook_domain::id::LocationId;
use lotbook_engine::thing::kept::{self, Which};
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::uid;

use super::record::{self, DATA};
use crate::http::script::argument::{Args, text};
use crate::http::script::fault::Fault;
use crate::http::script::session::{Reader, Session};
use crate::http::script::shape::bytes;
use crate::http::script::transfer::{self, RowWriter};

/// What the queue of this family is known by.
pub const QUEUE: &str = "inventoryOperation";

/// The keys that files have: all but the state.
fn keys() -> Vec<&'static str> {
    let is_state = |name: &str| name == "status" || name == "currentRecordId";
    DATA.iter().filter(|one| one.is_shown && !is_state(one.name)).map(|one| one.name).collect()
}

/// `exportAsCsv`, `exportAsJson`.
pub fn export(reader: &mut Reader<'_>, args: &Args, is_csv: bool) -> Result<Value, Fault> {
    let mut found = record::list(reader, Which::All)?;
    if let Some(texts) = args.texts("locationIdOrPaths")? {
        let wanted: Vec<LocationId> = reader.need_all(&kinds::LOCATIONS, &texts)?.into_iter().map(LocationId).collect();
        let at = kept::called(reader.conn, reader.tenant, &kinds::LOCATIONS, wanted.iter().map(|id| id.0))?;
        let ids: Vec<String> = at.into_values().map(|called| uid::print(&called.uid)).collect();
        found.retain(|one| {
            let Value::Object(one) = one else { return false };
            one.iter().any(|(key, value)| {
                (key == "sourceLocationId" || key == "destinationLocationId")
                    && matches!(value, Value::Text(id) if ids.contains(id))
            })
        });
    }
    let keys = keys();
    Ok(bytes(&if is_csv { transfer::write_csv(&keys, &found)? } else { transfer::write_json(&keys, found) }))
}

/// `importFromCsv`, `importFromJson`.
pub async fn import(session: Session, args: Args, is_csv: bool) -> Result<Value, Fault> {
    let content = args.bytes("importBytes")?;
    let file = transfer::read(&content, is_csv, |name| DATA.iter().any(|one| one.is_called(name)))?;
    let writer = Writer { session: session.clone(), known: None };
    session.app().imports.run(session.tenant(), QUEUE, file, writer).await
}

/// By what an operation of a file is recognised: name, source, destination, type.
type Key = (String, i64, i64, String);

struct Writer {
    session: Session,
    /// The ULIDs of the operations there are, read when the turn has come.
    known: Option<HashMap<Key, String>>,
}

impl RowWriter for Writer {
    fn write(&mut self, row: Record) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + '_>> {
        Box::pin(self.write_row(row))
    }
}

impl Writer {
    async fn write_row(&mut self, mut row: Record) -> Result<(), Fault> {
        // Files travel between systems whose ids differ, so that names go before ids.
        for by_name in DATA.iter().map(|one| one.name).filter(|name| name.ends_with("Path") || name.ends_with("Name")) {
            let by_id = format!("{}Id", &by_name[..by_name.len() - 4]);
            if row.iter().any(|(key, value)| key == by_name && *value != Value::Null) {
                row.retain(|(key, _)| *key != by_id);
            }
        }
        row.retain(|(key, _)| key != "id" && key != "status" && key != "currentRecordId");
        let key = {
            let row = row.clone();
            self.session.read(move |reader| key_of(reader, &row)).await?
        };
        if self.known.is_none() {
            self.known = Some(self.session.read(read_known).await?);
        }
        let known = self.known.get_or_insert_default();
        if let Some(id) = known.get(&key) {
            row.push(("id".to_owned(), Value::Text(id.clone())));
        }
        let answer = record::write(&self.session, &Args::of_record(DATA, row)?, false).await?;
        let written: Written = crate::http::script::session::read_answer(&answer)?;
        known.insert(key, written.uid);
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct Written {
    uid: String,
}

fn key_of(reader: &mut Reader<'_>, row: &Record) -> Result<Key, Fault> {
    let get = |name: &str| row.iter().find(|(key, _)| key == name).map_or(&Value::Null, |(_, value)| value);
    let said = |name: &str| text(get(name)).ok().flatten();
    let mut place = |side: &str| -> Result<i64, Fault> {
        let named = said(&format!("{side}LocationPath")).or_else(|| said(&format!("{side}LocationId")));
        // One that there is not is a fault of the row, told when it is written.
        Ok(match named {
            Some(named) => reader.find(&kinds::LOCATIONS, &named)?.unwrap_or(0),
            None => 0,
        })
    };
    let (source, destination) = (place("source")?, place("destination")?);
    let kind = said("operationType").map_or_else(|| "CONSUME".to_owned(), |kind| record::word("operationType", &kind));
    Ok((said("name").unwrap_or_default().trim().to_owned(), source, destination, kind))
}

fn read_known(reader: &mut Reader<'_>) -> Result<HashMap<Key, String>, Fault> {
    let found = kept::read(reader.conn, reader.tenant, &kinds::OPERATIONS, Which::All)?;
    let known = found.into_iter().map(|one| {
        let key = (
            one.text("name").to_owned(),
            one.number("source"),
            one.number("destination"),
            one.text("operation_type").to_owned(),
        );
        (key, one.uid)
    });
    Ok(known.collect())
}
