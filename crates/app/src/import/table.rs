//! Tables of records: CSV, XLSX and JSON, packed with gzip or not, read as a whole.

use std::io::Read;
use std::path::Path;

use calamine::{Data, Reader as _};
use lotbook_engine::thing::{Record, Value};

use super::Fault;

/// A line of a table: where it stands in the file, and its cells by the names of their columns.
pub struct Row {
    /// The line in the file, from 1.
    pub line: u64,
    /// What stands there.
    pub cells: Cells,
}

/// The cells of a line.
pub enum Cells {
    /// Texts by column, as CSV and XLSX have them.
    Texts(Vec<(String, String)>),
    /// A record, as JSON has it.
    Record(Record),
}

/// Reads a file by its name: `.csv`, `.xlsx`, `.json`, each also with `.gz` behind it.
pub fn read(path: &Path) -> Result<Vec<Row>, Vec<Fault>> {
    let file = path.display().to_string();
    let fault = |line: u64, message: String| vec![Fault { file: file.clone(), line, message }];
    let mut bytes = std::fs::read(path).map_err(|error| fault(0, error.to_string()))?;
    let mut name = file.to_lowercase();
    if let Some(inner) = name.strip_suffix(".gz") {
        let mut unpacked = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut unpacked)
            .map_err(|error| fault(0, format!("is not gzip: {error}")))?;
        bytes = unpacked;
        name = inner.to_owned();
    }
    match name.rsplit('.').next() {
        Some("csv") => read_csv(&bytes, &fault),
        Some("xlsx") => read_xlsx(&bytes, &fault),
        Some("json") => read_json(&bytes, &fault),
        _ => Err(fault(0, "is none of .csv, .xlsx and .json, with or without .gz".to_owned())),
    }
}

type Faults<'f> = &'f dyn Fn(u64, String) -> Vec<Fault>;

fn read_csv(bytes: &[u8], fault: Faults<'_>) -> Result<Vec<Row>, Vec<Fault>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let names = reader.headers().map_err(|error| fault(1, error.to_string()))?.clone();
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                if record.len() > names.len() {
                    let message = format!("has {} cells, but there are {} columns", record.len(), names.len());
                    faults.extend(fault(line, message));
                }
                let cells =
                    names.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
                rows.push(Row { line, cells: Cells::Texts(cells) });
            }
            Err(error) => faults.extend(fault(error.position().map_or(0, csv::Position::line), error.to_string())),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

fn read_xlsx(bytes: &[u8], fault: Faults<'_>) -> Result<Vec<Row>, Vec<Fault>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| fault(0, error.to_string()))?;
    let Some(sheet) = book.worksheet_range_at(0) else { return Err(fault(0, "has no sheet".to_owned())) };
    let sheet = sheet.map_err(|error| fault(0, error.to_string()))?;
    let first = sheet.start().map_or(0, |(row, _)| u64::from(row)) + 1;
    let mut lines = sheet.rows();
    let names: Vec<String> = lines.next().map(|row| row.iter().map(text_of).collect()).unwrap_or_default();
    Ok(lines
        .enumerate()
        .map(|(at, row)| Row {
            line: first + 1 + at as u64,
            cells: Cells::Texts(names.iter().cloned().zip(row.iter().map(text_of)).collect()),
        })
        .collect())
}

/// A cell as it would be typed. A spreadsheet keeps numbers in binary; their shortest decimal is what
/// was typed, and the fields that take them refuse more digits than they keep.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(at) => at.to_ymd_hms_milli_text(),
        other => other.to_string(),
    }
}

/// A spreadsheet's date as ISO 8601.
trait DateText {
    fn to_ymd_hms_milli_text(&self) -> String;
}

impl DateText for calamine::ExcelDateTime {
    fn to_ymd_hms_milli_text(&self) -> String {
        let (year, month, day, hour, minute, second, _) = self.to_ymd_hms_milli();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

fn read_json(bytes: &[u8], fault: Faults<'_>) -> Result<Vec<Row>, Vec<Fault>> {
    let value: Value =
        crate::json::read(bytes).map_err(|error| fault(0, format!("{} {}", error.path, error.message)))?;
    let values = match value {
        Value::List(values) => values,
        Value::Object(fields) => match fields.into_iter().find(|(name, _)| name == "items") {
            Some((_, Value::List(values))) => values,
            _ => return Err(fault(0, "is neither a list of records nor {\"items\": [...]}".to_owned())),
        },
        other => return Err(fault(0, format!("is {}; send a list of records", other.noun()))),
    };
    let mut rows = Vec::with_capacity(values.len());
    let mut faults = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(record) => rows.push(Row { line: at as u64 + 1, cells: Cells::Record(record) }),
            other => faults.extend(fault(at as u64 + 1, format!("is {}, not a record", other.noun()))),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}
