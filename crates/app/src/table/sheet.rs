//! The forms in which a table is handed over: CSV, JSON, and a workbook.

use std::io::{Seek, Write};

use clap::ValueEnum;
use lotbook_domain::quantity::parse_e6;
use lotbook_engine::Error;
use lotbook_engine::thing::{Record, Value};

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Comma-separated, with a line of names
    Csv,
    /// A list of records
    Json,
    /// A workbook; one sheet for each million rows
    Xlsx,
}

impl Form {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }
}

/// A sheet of a workbook has at most 2^20 rows.
const SHEET_ROWS_MAX: u32 = 1_000_000;

/// What rows are written to.
pub struct Sheet {
    form: Form,
    columns: Vec<String>,
    rows: u64,
    has_names: bool,
    book: Option<rust_xlsxwriter::Workbook>,
    /// Rows of the workbook's last sheet, its names included.
    row: u32,
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a table could not be written: {error}"))
}

impl Sheet {
    /// An empty table; columns that are not known yet are those of the first row.
    pub fn new(form: Form, columns: Vec<String>) -> Self {
        let book = (form == Form::Xlsx).then(rust_xlsxwriter::Workbook::new);
        Self { form, columns, rows: 0, has_names: false, book, row: SHEET_ROWS_MAX }
    }

    /// Adds rows; what is ready to be sent is appended to `out`. Rows of a workbook wait on the disk.
    pub fn write(&mut self, rows: &[Record], out: &mut Vec<u8>) -> Result<(), Error> {
        if self.columns.is_empty()
            && let Some(first) = rows.first()
        {
            self.columns = first.iter().map(|(name, _)| name.clone()).collect();
        }
        match self.form {
            Form::Csv => self.write_lines(rows, out)?,
            Form::Json => {
                for row in rows {
                    out.extend_from_slice(if self.rows == 0 { b"[\n" } else { b",\n" });
                    out.extend_from_slice(Value::Object(row.clone()).to_json().as_bytes());
                    self.rows += 1;
                }
            }
            Form::Xlsx => {
                for row in rows {
                    self.write_cells(row).map_err(wrong)?;
                }
            }
        }
        Ok(())
    }

    fn write_lines(&mut self, rows: &[Record], out: &mut Vec<u8>) -> Result<(), Error> {
        let mut writer = csv::Writer::from_writer(out);
        if !self.has_names && !self.columns.is_empty() {
            writer.write_record(&self.columns).map_err(wrong)?;
            self.has_names = true;
        }
        for row in rows {
            writer.write_record(row.iter().map(|(_, value)| cell(value))).map_err(wrong)?;
            self.rows += 1;
        }
        writer.flush().map_err(wrong)
    }

    fn write_cells(&mut self, record: &Record) -> Result<(), rust_xlsxwriter::XlsxError> {
        let book = self.book.as_mut().expect("a workbook was made for this form");
        if self.row >= SHEET_ROWS_MAX {
            begin_sheet(book, &self.columns)?;
            self.row = 1;
        }
        let last = book.worksheets().len() - 1;
        let sheet = book.worksheet_from_index(last)?;
        for (column, (_, value)) in record.iter().enumerate() {
            let column = column as u16;
            match value {
                // A spreadsheet keeps 15 digits; longer numbers stay text, so that none is lost.
                Value::Number(digits) if digits.bytes().filter(u8::is_ascii_digit).count() <= 15 => {
                    match digits.parse::<f64>() {
                        Ok(cell) => sheet.write_number(self.row, column, cell)?,
                        Err(_) => sheet.write_string(self.row, column, digits)?,
                    };
                }
                other => {
                    sheet.write_string(self.row, column, plain(other))?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Ends what is sent as it is made; nothing for a workbook.
    pub fn end(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        match self.form {
            Form::Json => {
                out.extend_from_slice(if self.rows == 0 { b"[]\n" } else { b"\n]\n" });
                Ok(())
            }
            Form::Csv | Form::Xlsx => Ok(()),
        }
    }

    /// Saves the workbook.
    pub fn save(mut self, file: impl Write + Seek + Send) -> Result<(), Error> {
        let Some(book) = self.book.as_mut() else { return Ok(()) };
        if book.worksheets().is_empty() {
            begin_sheet(book, &self.columns).map_err(wrong)?;
        }
        book.save_to_writer(file).map_err(wrong)
    }
}

fn begin_sheet(book: &mut rust_xlsxwriter::Workbook, columns: &[String]) -> Result<(), rust_xlsxwriter::XlsxError> {
    let sheet = book.add_worksheet_with_constant_memory()?;
    for (column, name) in columns.iter().enumerate() {
        sheet.write_string(0, column as u16, name)?;
    }
    Ok(())
}

/// A value as a cell: references by what people call them.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(text) | Value::Text(text) => text.clone(),
        Value::List(values) => values.iter().map(plain).collect::<Vec<_>>().join(";"),
        Value::Object(fields) => {
            let name = ["identifier", "path", "symbol", "code", "number", "name", "id"]
                .iter()
                .find_map(|name| fields.iter().find(|(field, _)| field == name));
            name.map(|(_, value)| plain(value)).unwrap_or_default()
        }
    }
}

/// A value as a cell of CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front:
/// whoever may name a product is not to run anything on the machine of whoever opens the list.
fn cell(value: &Value) -> String {
    let text = plain(value);
    if matches!(value, Value::Number(_)) || !is_formula(&text) { text } else { format!("'{text}") }
}

/// The reverse of what is done to texts of CSV, so that what was written out can be read in.
pub fn without_guard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// Whether a spreadsheet would compute it; with apostrophes in front as well, so that [`without_guard`] takes
/// away what was added and no more. A number is none, whatever its sign.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) && parse_e6(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{decimal, record, text};

    #[test]
    fn a_table_without_rows_has_its_names() {
        for (form, want) in [(Form::Csv, "a,b\n"), (Form::Json, "[]\n")] {
            let mut out = Vec::new();
            let mut sheet = Sheet::new(form, vec!["a".into(), "b".into()]);
            sheet.write(&[], &mut out).unwrap();
            sheet.end(&mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn names_stand_once_however_many_pages_there_are() {
        let mut out = Vec::new();
        let mut sheet = Sheet::new(Form::Csv, Vec::new());
        for at in 1..=2 {
            let row = record([("a", decimal(at * 1_500_000)), ("b", text("x,y"))]);
            sheet.write(&[row], &mut out).unwrap();
        }
        sheet.end(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a,b\n1.5,\"x,y\"\n3,\"x,y\"\n");
    }

    #[test]
    fn no_text_is_a_formula_where_csv_is_opened_and_all_can_be_read_back() {
        let texts =
            ["=HYPERLINK(\"http://x\")", "+49 30 1", "-50 %", "@SUM(A1)", "'=1+1", "'quoted'", "O'Neill", "-5", "\t=1"];
        let mut row: Record = record([("a", decimal(-1_500_000))]);
        row.extend(texts.map(|cell| (String::new(), text(cell))));
        let mut out = Vec::new();
        let mut sheet = Sheet::new(Form::Csv, Vec::new());
        sheet.write(&[row], &mut out).unwrap();
        let mut reader = csv::Reader::from_reader(out.as_slice());
        let written = reader.records().next().unwrap().unwrap();
        let cells: Vec<&str> = written.iter().collect();
        let want = [
            "-1.5",
            "'=HYPERLINK(\"http://x\")",
            "'+49 30 1",
            "'-50 %",
            "'@SUM(A1)",
            "''=1+1",
            "'quoted'",
            "O'Neill",
            "-5",
            "'\t=1",
        ];
        assert_eq!(cells, want);
        assert_eq!(cells[1..].iter().map(|cell| without_guard(cell)).collect::<Vec<_>>(), texts);
    }
}
