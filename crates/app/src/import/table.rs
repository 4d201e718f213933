//! Tables of records: CSV, XLSX and JSON, packed with gzip or not, read as a whole.

use std::io::Read;
use std::path::Path;

use calamine::{Data, Reader as _};
use lotbook_domain::chain::Hash;
use lotbook_engine::thing::{Record, Value};

use super::Fault;
use crate::table::sheet::without_guard;

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

/// A file as it was read.
pub struct Table {
    /// Its lines, also those with a fault, so that what else is wrong with them can be told.
    pub rows: Vec<Row>,
    /// What is wrong with it already.
    pub faults: Vec<Fault>,
    /// The hash of its bytes, by which it is known again.
    pub hash: Hash,
}

type Found = (Vec<Row>, Vec<(u64, String)>);
/// What makes a file of no use at all: the line (0 = all of it) and a sentence.
type Useless = (u64, String);

/// Reads a file by its name: `.csv`, `.xlsx`, `.json`, each also with `.gz` behind it.
pub fn read(path: &Path) -> Table {
    let file = path.display().to_string();
    let mut hash = Hash::default();
    let (rows, faults) = match read_into(path, &mut hash) {
        Ok(found) => found,
        Err(useless) => (Vec::new(), vec![useless]),
    };
    let faults = faults.into_iter().map(|(line, message)| Fault { file: file.clone(), line, message }).collect();
    Table { rows, faults, hash }
}

fn read_into(path: &Path, hash: &mut Hash) -> Result<Found, Useless> {
    let mut bytes = std::fs::read(path).map_err(|error| (0, format!("cannot be read: {error}")))?;
    let mut name = path.display().to_string().to_lowercase();
    if let Some(inner) = name.strip_suffix(".gz") {
        let mut unpacked = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut unpacked)
            .map_err(|error| (0, format!("is not gzip: {error}")))?;
        bytes = unpacked;
        name = inner.to_owned();
    }
    *hash = *blake3::hash(&bytes).as_bytes();
    match name.rsplit('.').next() {
        Some("csv") => read_csv(&bytes),
        Some("xlsx") => read_xlsx(&bytes),
        Some("json") => read_json(&bytes),
        _ => Err((0, "is none of .csv, .xlsx and .json, with or without .gz".to_owned())),
    }
}

fn lines_in(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').skip(1).count() as u64
}

/// What separates cells: what the line of names has most of. Spreadsheets take `;` where the comma is the
/// decimal sign.
fn separator(bytes: &[u8]) -> u8 {
    let mut is_quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in bytes.iter().skip_while(|byte| matches!(byte, b'\r' | b'\n')) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\r' | b'\n' if !is_quoted => break,
            byte if !is_quoted => {
                for (separator, count) in &mut counts {
                    *count += usize::from(byte == separator);
                }
            }
            _ => {}
        }
    }
    // The comma is first, and wins a tie.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| separator)
}

/// The names of columns; two of the same name would hide each other.
fn names_of(cells: impl IntoIterator<Item = String>, line: u64) -> Result<Vec<String>, Useless> {
    let names: Vec<String> = cells.into_iter().map(|name| name.trim().to_owned()).collect();
    let mut twice = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(first) = names[..at].iter().position(|other| other == name && !name.is_empty()) {
            twice.push(format!("the columns {} and {} are both called {name}", first + 1, at + 1));
        }
    }
    if twice.is_empty() { Ok(names) } else { Err((line, format!("{}; leave one", twice.join(", ")))) }
}

/// The cells of a line by their columns, if it has any. What stands where there is no column is a fault; nothing there is not,
/// for spreadsheets write empty columns out.
fn cells_of(names: &[String], cells: Vec<String>, line: u64, faults: &mut Vec<(u64, String)>) -> Option<Row> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return None;
    }
    let (wide, columns) = (cells.len(), names.len());
    if cells.iter().skip(columns).any(|cell| !cell.trim().is_empty()) {
        faults.push((line, format!("has {wide} cells, but there are {columns} columns")));
    }
    let mut found = Vec::with_capacity(columns);
    for (at, (name, cell)) in names.iter().zip(cells).enumerate() {
        if !name.is_empty() {
            found.push((name.clone(), cell));
        } else if !cell.trim().is_empty() {
            faults.push((line, format!("has {cell:?} in column {}, which has no name", at + 1)));
        }
    }
    Some(Row { line, cells: Cells::Texts(found) })
}

fn read_csv(bytes: &[u8]) -> Result<Found, Useless> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let line = lines_in(&bytes[..error.valid_up_to()]) + 1;
        let message = "is not UTF-8; save the file as \"CSV UTF-8\" (in LibreOffice: character set Unicode (UTF-8)), \
                       or as .xlsx";
        return Err((line, message.to_owned()));
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(separator(bytes)).from_reader(bytes);
    let mut names = None;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let (mut counted, mut line) = (0, 1);
    for record in reader.records() {
        let record = record.map_err(|error| (0, error.to_string()))?;
        // Lines are passed over where nothing stands; the reader tells where it began to look.
        let mut start = record.position().map_or(0, csv::Position::byte) as usize;
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        line += lines_in(&bytes[counted..start.max(counted)]);
        counted = start.max(counted);
        let cells = record.iter().map(|cell| without_guard(cell).to_owned());
        match &names {
            None => names = Some(names_of(cells, line)?),
            Some(names) => rows.extend(cells_of(names, cells.collect(), line, &mut faults)),
        }
    }
    Ok((rows, faults))
}

fn read_xlsx(bytes: &[u8]) -> Result<Found, Useless> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| (0, error.to_string()))?;
    let Some(sheet) = book.worksheet_range_at(0) else { return Err((0, "has no sheet".to_owned())) };
    let sheet = sheet.map_err(|error| (0, error.to_string()))?;
    let first = sheet.start().map_or(0, |(row, _)| u64::from(row)) + 1;
    let mut lines = sheet.rows();
    let names = names_of(lines.next().into_iter().flatten().map(text_of), first)?;
    let mut faults = Vec::new();
    let rows = lines
        .enumerate()
        .filter_map(|(at, row)| cells_of(&names, row.iter().map(text_of).collect(), first + 1 + at as u64, &mut faults))
        .collect();
    Ok((rows, faults))
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

fn read_json(bytes: &[u8]) -> Result<Found, Useless> {
    let value: Value = crate::json::read(bytes).map_err(|error| (0, format!("{} {}", error.path, error.message)))?;
    let values = match value {
        Value::List(values) => values,
        Value::Object(fields) => match fields.into_iter().find(|(name, _)| name == "items") {
            Some((_, Value::List(values))) => values,
            _ => return Err((0, "is neither a list of records nor {\"items\": [...]}".to_owned())),
        },
        other => return Err((0, format!("is {}; send a list of records", other.noun()))),
    };
    let mut rows = Vec::with_capacity(values.len());
    let mut faults = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        match value {
            Value::Object(record) => rows.push(Row { line: at as u64 + 1, cells: Cells::Record(record) }),
            other => faults.push((at as u64 + 1, format!("is {}, not a record", other.noun()))),
        }
    }
    Ok((rows, faults))
}
