//! Import and export: files of records, and the queue in which rows wait to be written.
//!
//! A row is written entirely or not at all; one with faults is left out and named, and the others are
//! written all the same. The imports of one family run one after the other.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lotbook_domain::id::TenantId;
use lotbook_engine::thing::{Record, Value};

use super::fault::Fault;
use super::shape::{api_response, whole};

/// So many rows are in a file at most.
const ROWS_MAX: usize = 100_000;
/// So many faults are told one by one.
const FAULTS_TOLD: usize = 50;

/// The files of imports, as they came.
pub struct File {
    /// The records, in order.
    pub rows: Vec<Record>,
    /// Columns that are no fields, and are left unread.
    pub ignored: Vec<String>,
}

/// Reads CSV with a header, or a JSON list of objects, whose fields have these names. An empty cell is null.
pub fn read(bytes: &[u8], is_csv: bool, is_field: impl Fn(&str) -> bool) -> Result<File, Fault> {
    let mut file = if is_csv { read_csv(bytes)? } else { read_json(bytes)? };
    if file.rows.len() > ROWS_MAX {
        return Err(Fault::illegal(format!("{} rows are too many; send at most {ROWS_MAX}", file.rows.len())));
    }
    for row in &mut file.rows {
        row.retain(|(key, _)| {
            let is_known = is_field(key);
            if !is_known && !file.ignored.contains(key) {
                file.ignored.push(key.clone());
            }
            is_known
        });
    }
    Ok(file)
}

fn read_csv(bytes: &[u8]) -> Result<File, Fault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let unreadable = |error: csv::Error| Fault::illegal(format!("the file is no CSV: {error}"));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let names = reader.headers().map_err(unreadable)?.clone();
    let mut seen = BTreeSet::new();
    if let Some(name) = names.iter().map(str::trim).find(|name| !name.is_empty() && !seen.insert(*name)) {
        return Err(Fault::illegal(format!("the column {name} is there twice; leave one out")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        if record.len() > names.len() {
            let (row, cells, columns) = (rows.len() + 1, record.len(), names.len());
            return Err(Fault::illegal(format!("row {row} has {cells} cells, but there are {columns} columns")));
        }
        let cell = |text: &str| if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) };
        rows.push(names.iter().zip(record.iter()).map(|(name, text)| (name.trim().to_owned(), cell(text))).collect());
    }
    Ok(File { rows, ignored: Vec::new() })
}

fn read_json(bytes: &[u8]) -> Result<File, Fault> {
    let value: Value = crate::json::read(bytes)
        .map_err(|fault| Fault::illegal(format!("the file is no JSON: {} {}", fault.path, fault.message)))?;
    let Value::List(values) = value else { return Err(Fault::illegal("the file is no JSON list of objects")) };
    let mut rows = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(record) => rows.push(record),
            other => return Err(Fault::illegal(format!("row {} is {}; each is an object", at + 1, other.noun()))),
        }
    }
    Ok(File { rows, ignored: Vec::new() })
}

/// Records as CSV with a header.
pub fn write_csv(keys: &[&str], rows: &[Value]) -> Result<Vec<u8>, Fault> {
    let unwritable = |error: csv::Error| Fault::internal(&error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(keys).map_err(unwritable)?;
    for row in rows {
        let Value::Object(record) = row else { continue };
        let cells = keys.iter().map(|key| match record.iter().find(|(name, _)| name == key) {
            None | Some((_, Value::Null)) => String::new(),
            Some((_, Value::Text(text))) => text.clone(),
            Some((_, other)) => other.to_json(),
        });
        writer.write_record(cells).map_err(unwritable)?;
    }
    writer.into_inner().map_err(|error| Fault::internal(&error.to_string()))
}

/// Records as a JSON list.
pub fn write_json(keys: &[&str], rows: Vec<Value>) -> Vec<u8> {
    let rows = rows.into_iter().map(|row| match row {
        Value::Object(record) => {
            Value::Object(record.into_iter().filter(|(key, _)| keys.contains(&key.as_str())).collect())
        }
        other => other,
    });
    Value::List(rows.collect()).to_json().into_bytes()
}

/// A family's import queue.
#[derive(Default)]
struct Queue {
    /// Whose turn it is to write.
    turn: tokio::sync::Mutex<()>,
    /// How many rows wait, and how often what waited was cancelled.
    state: Mutex<(i64, u64)>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, (i64, u64)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The rows of one import that wait; those that are left when it ends, however it ends, wait no longer.
struct Waiting {
    queue: Arc<Queue>,
    rows: i64,
    /// How often the queue had been cancelled when they came.
    came_at: u64,
}

impl Waiting {
    fn new(queue: Arc<Queue>, rows: usize) -> Self {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let came_at = {
            let mut state = queue.state();
            state.0 += rows;
            state.1
        };
        Self { queue, rows, came_at }
    }

    /// Takes the next row; says whether it is still wanted.
    fn next(&mut self) -> bool {
        let mut state = self.queue.state();
        if state.1 != self.came_at {
            return false;
        }
        state.0 -= 1;
        self.rows -= 1;
        true
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        if state.1 == self.came_at {
            state.0 -= self.rows;
        }
    }
}

/// The import queues of all tenants and families.
#[derive(Default)]
pub struct Queues(Mutex<HashMap<(TenantId, &'static str), Arc<Queue>>>);

impl Queues {
    fn of(&self, tenant: TenantId, family: &'static str) -> Arc<Queue> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry((tenant, family)).or_default())
    }

    /// How many rows wait.
    pub fn size(&self, tenant: TenantId, family: &'static str) -> i64 {
        self.of(tenant, family).state().0
    }

    /// Drops the rows that wait, and says how many they were. Who waits for them is told.
    pub fn cancel(&self, tenant: TenantId, family: &'static str) -> i64 {
        let queue = self.of(tenant, family);
        let mut state = queue.state();
        let waiting = state.0;
        *state = (0, state.1 + 1);
        waiting
    }

    /// Writes the rows of a file, one by one, and answers what an import answers.
    pub async fn run<W>(
        &self,
        tenant: TenantId,
        family: &'static str,
        file: File,
        mut writer: W,
    ) -> Result<Value, Fault>
    where
        W: RowWriter,
    {
        let queue = self.of(tenant, family);
        let total = file.rows.len();
        let mut waiting = Waiting::new(Arc::clone(&queue), total);
        let _turn = queue.turn.lock().await;
        let (mut written, mut faults) = (0_i64, Vec::new());
        for (at, row) in file.rows.into_iter().enumerate() {
            if !waiting.next() {
                let message = format!("cancelled after {written} of {total}");
                return Ok(api_response(false, &message, whole(written), Some(&message)));
            }
            match writer.write(row).await {
                Ok(()) => written += 1,
                Err(fault) if fault.is_of_the_caller() => {
                    if fault.violations.is_empty() {
                        faults.push(format!("row {}: {}", at + 1, fault.message));
                    }
                    faults.extend(
                        fault.violations.iter().map(|(field, message)| format!("row {}, {field}: {message}", at + 1)),
                    );
                }
                Err(fault) => return Err(fault),
            }
        }
        let mut message = format!("{written} of {total} rows written");
        if !file.ignored.is_empty() {
            message.push_str(&format!("; not read: {}", file.ignored.join(", ")));
        }
        if faults.is_empty() {
            return Ok(api_response(true, &message, whole(written), None));
        }
        let more = faults.len().saturating_sub(FAULTS_TOLD);
        faults.truncate(FAULTS_TOLD);
        let mut told = faults.join("; ");
        if more > 0 {
            told.push_str(&format!("; and {more} more"));
        }
        Ok(api_response(false, &format!("{message}; {told}"), whole(written), Some(&told)))
    }
}

/// What writes a row of a file.
pub trait RowWriter: Send {
    /// Writes it, or says what is wrong with it.
    fn write(&mut self, row: Record) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + '_>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Never;

    impl RowWriter for Never {
        fn write(&mut self, _: Record) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + '_>> {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn rows_of_one_who_went_away_wait_no_longer() {
        let queues = Queues::default();
        let file = |rows: usize| File { rows: vec![Record::new(); rows], ignored: Vec::new() };
        let soon = std::time::Duration::from_millis(20);
        for rows in [3, 5] {
            let import = queues.run(TenantId(1), "material", file(rows), Never);
            assert!(tokio::time::timeout(soon, import).await.is_err(), "it hangs at its first row");
            assert_eq!(queues.size(TenantId(1), "material"), 0);
        }
        // What was cancelled is not counted off a second time.
        let import = queues.run(TenantId(1), "material", file(4), Never);
        let cancel = async {
            tokio::time::sleep(soon).await;
            queues.cancel(TenantId(1), "material")
        };
        let (gone, cancelled) = tokio::join!(tokio::time::timeout(soon * 3, import), cancel);
        assert!(gone.is_err());
        assert_eq!((cancelled, queues.size(TenantId(1), "material")), (3, 0));
    }
}
