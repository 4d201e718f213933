//! `lotbook import`

use std::path::{Path, PathBuf};

use clap::Args;
use lotbook_domain::id::{JournalId, TenantId, VoucherId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{CreateEntries, CreateVoucher, EntriesCreated, Reach, RequestBooking, VoucherCreated};
use lotbook_engine::thing::{CreateRecords, Kind, Record, Value, kinds};
use lotbook_engine::write::Command;
use lotbook_engine::{Engine, Error, worker};

use super::{Common, Failure, bar, house};
use crate::http::flow::entry::read_entries;
use crate::http::flow::reference::find_text;
use crate::import::retail::post::{self, Options, Report};
use crate::import::retail::{Order, read};
use crate::import::table::{Cells, Row};
use crate::import::{Fault, ImportError, Importer, table};

/// Brings in what others keep. A file is checked as a whole; nothing is done while it has a fault.
#[derive(Args)]
pub struct Import {
    /// What the files hold: a kind of record (products, locations, parties, units, lots …), entries, or
    /// online-retail
    kind: String,
    /// The files: .csv, .xlsx or .json, also with .gz
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Check everything and write nothing
    #[arg(long, env = "LOTBOOK_IMPORT_DRY_RUN")]
    dry_run: bool,
    /// The tenant
    #[arg(long, value_name = "NAME", env = "LOTBOOK_TENANT", default_value = "default")]
    tenant: String,
    /// entries: the journal that they go into, in one voucher a file
    #[arg(long, value_name = "NAME", env = "LOTBOOK_IMPORT_JOURNAL")]
    journal: Option<String>,
    /// entries: book the journal afterwards
    #[arg(long, env = "LOTBOOK_IMPORT_BOOK")]
    book: bool,
    /// online-retail: in which order lines are posted
    #[arg(long, value_name = "ORDER", env = "LOTBOOK_IMPORT_ORDER", value_enum, default_value = "time")]
    order: LineOrder,
    /// online-retail: what the names of its journals begin with
    #[arg(long, value_name = "TEXT", env = "LOTBOOK_IMPORT_JOURNAL_PREFIX", default_value = "Online Retail")]
    journal_prefix: String,
}

/// In which order lines are posted.
#[derive(Clone, Copy, clap::ValueEnum)]
enum LineOrder {
    /// In the order of time, over all files
    Time,
    /// File by file as named
    Given,
}

/// So many faults are printed; the others are counted.
const FAULTS_SHOWN: usize = 1_000;

impl Import {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = house::open_for_command(common)?;
        let tenant = house::tenant(&engine, &self.tenant)?;
        match self.kind.as_str() {
            "online-retail" => self.retail(&engine, tenant),
            "entries" => self.entries(&engine, tenant),
            name => {
                if let Some(kind) = kinds::named(name) {
                    return self.records(&engine, tenant, kind);
                }
                let names: Vec<_> = kinds::ALL.iter().map(|kind| kind.name).collect();
                let known = names.join(", ");
                Err(Failure(format!("{name} cannot be imported; take one of {known}, entries, online-retail")))
            }
        }
    }

    fn records(&self, engine: &Engine, tenant: TenantId, kind: &'static Kind) -> Result<(), Failure> {
        for path in &self.files {
            let rows = read_table(path)?;
            let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
            let records: Vec<Record> = rows
                .into_iter()
                .map(|row| match row.cells {
                    Cells::Record(record) => record,
                    Cells::Texts(cells) => {
                        kind.record_of_texts(cells.iter().map(|(name, text)| (name.as_str(), text.as_str())))
                    }
                })
                .collect();
            if records.is_empty() {
                eprintln!("{}: nothing to import", path.display());
                continue;
            }
            let count = records.len();
            let mut request = house::request(engine, tenant);
            request.dry_run = self.dry_run;
            match engine.change(request, CreateRecords { kind, records, is_list: true }) {
                Ok(_) => self.done(path, count, kind.name),
                Err(Error::Invalid(violations)) => return Err(refuse(&faults_of(path, &lines, &violations))),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn done(&self, path: &Path, count: usize, things: &str) {
        let verb = if self.dry_run { "could be imported" } else { "imported" };
        eprintln!("{}: {count} {things} {verb}", path.display());
    }

    fn entries(&self, engine: &Engine, tenant: TenantId) -> Result<(), Failure> {
        let Some(journal) = &self.journal else {
            return Err(Failure("entries go into a journal; name it with --journal NAME".to_owned()));
        };
        let id = JournalId(engine.read(|conn| find_text(conn, tenant, &kinds::JOURNALS, journal))?);
        for path in &self.files {
            let rows = read_table(path)?;
            let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
            let records: Vec<Record> = rows.into_iter().map(record_of_entry).collect();
            let (entries, violations) = engine.read(|conn| {
                let structure = engine.structure(conn, tenant)?;
                read_entries(conn, tenant, &structure, &records)
            })?;
            if !violations.is_empty() {
                return Err(refuse(&faults_of(path, &lines, &violations)));
            }
            let count = entries.len();
            if self.dry_run {
                self.done(path, count, "entries");
                continue;
            }
            let description = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let voucher = CreateVoucher { journal: id, description, ..CreateVoucher::default() };
            let answer = engine.run(house::request(engine, tenant), Command::CreateVoucher(voucher))?;
            let voucher: VoucherCreated = answer_of(&answer)?;
            let command =
                CreateEntries { voucher: VoucherId(voucher.id), entries, violations: Vec::new(), reach: Reach::All };
            match engine.run(house::request(engine, tenant), Command::CreateEntries(command)) {
                Ok(answer) => {
                    let answer: EntriesCreated = answer_of(&answer)?;
                    self.done(path, count, "entries");
                    eprintln!("they are in voucher {}", voucher.number);
                    if let Some(booking) = answer.booking
                        && !booking.faults.is_empty()
                    {
                        for fault in &booking.faults {
                            eprintln!("voucher {}: {}", fault.voucher_number, fault.message);
                        }
                        return Err(Failure("they were not booked and wait in the journal".to_owned()));
                    }
                }
                Err(Error::Invalid(violations)) => return Err(refuse(&faults_of(path, &lines, &violations))),
                Err(error) => return Err(error.into()),
            }
        }
        if self.book && !self.dry_run {
            engine
                .change(house::request(engine, tenant), RequestBooking { journal: id, ..RequestBooking::default() })?;
            let done = worker::run_waiting(engine)?;
            eprintln!("{done} bookings were decided");
        }
        Ok(())
    }

    fn retail(&self, engine: &Engine, tenant: TenantId) -> Result<(), Failure> {
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        for (at, path) in self.files.iter().enumerate() {
            let name = path.display().to_string();
            let file = match std::fs::File::open(path) {
                Ok(file) => file,
                Err(error) => {
                    faults.push(Fault { file: name, line: 0, message: error.to_string() });
                    continue;
                }
            };
            let is_packed = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
            let found = if is_packed {
                read(at, &name, flate2::read::MultiGzDecoder::new(file))
            } else {
                read(at, &name, std::io::BufReader::new(file))
            };
            match found {
                Ok(found) => lines.extend(found),
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(refuse(&faults));
        }
        let bar = bar::new(lines.len() as u64, "lines");
        let mut tell = |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        };
        let mut importer = Importer { engine, request: house::request(engine, tenant), tell: &mut tell };
        let order = match self.order {
            LineOrder::Time => Order::Time,
            LineOrder::Given => Order::Given,
        };
        let options = Options { order, journal_prefix: self.journal_prefix.clone(), dry_run: self.dry_run };
        let outcome = post::import(&mut importer, &lines, &options);
        bar.finish_and_clear();
        match outcome {
            Ok(report) => {
                tell_report(&report);
                println!("{}", serde_json::to_string(&report).map_err(|error| Failure(error.to_string()))?);
                Ok(())
            }
            Err(ImportError::Faults(faults)) => Err(refuse(&faults)),
            Err(ImportError::Engine(error)) => Err(error.into()),
        }
    }
}

fn tell_report(report: &Report) {
    if report.is_unchanged() {
        eprintln!("everything in these files was imported before; nothing has changed");
    }
    let rows = [
        ("lines", report.lines),
        ("booked", report.booked),
        ("not booked: services and fees", report.not_booked.service),
        ("not booked: bad debt", report.not_booked.bad_debt),
        ("not booked: no quantity", report.not_booked.no_quantity),
        ("not booked: imported before", report.not_booked.already_imported),
        ("vouchers", report.vouchers),
        ("of them credit notes", report.credit_notes),
        ("of them write-offs", report.write_offs),
        ("products made", report.products),
        ("customers made", report.customers),
        ("opening deliveries", report.opening_lines),
    ];
    for (what, count) in rows {
        eprintln!("{what:<32}{count:>10}");
    }
}

fn answer_of<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, Failure> {
    serde_json::from_str(answer).map_err(|error| Failure(format!("the answer cannot be read: {error}")))
}

fn read_table(path: &Path) -> Result<Vec<Row>, Failure> {
    table::read(path).map_err(|faults| refuse(&faults))
}

/// A line of a table of entries; instances are separated by `;`, and documents by columns such as
/// `externalReference.type`.
fn record_of_entry(row: Row) -> Record {
    let cells = match row.cells {
        Cells::Record(record) => return record,
        Cells::Texts(cells) => cells,
    };
    let mut record: Record = Vec::new();
    for (name, text) in cells {
        let (name, text) = (name.trim(), text.trim());
        if text.is_empty() {
            continue;
        }
        if name == "instances" {
            let named = text.split(';').map(|name| Value::Text(name.trim().to_owned())).collect();
            record.push((name.to_owned(), Value::List(named)));
        } else if let Some((object, field)) = name.split_once('.') {
            let value = (field.to_owned(), Value::Text(text.to_owned()));
            match record.iter_mut().find(|(known, _)| known == object) {
                Some((_, Value::Object(fields))) => fields.push(value),
                _ => record.push((object.to_owned(), Value::Object(vec![value]))),
            }
        } else {
            record.push((name.to_owned(), Value::Text(text.to_owned())));
        }
    }
    record
}

fn faults_of(path: &Path, lines: &[u64], violations: &[Violation]) -> Vec<Fault> {
    violations
        .iter()
        .map(|violation| Fault {
            file: path.display().to_string(),
            line: violation.index.and_then(|at| lines.get(at)).copied().unwrap_or(0),
            message: format!("{} {}", violation.field, violation.message),
        })
        .collect()
}

/// Lists every fault, and says that nothing was done.
fn refuse(faults: &[Fault]) -> Failure {
    for fault in faults.iter().take(FAULTS_SHOWN) {
        eprintln!("{fault}");
    }
    if faults.len() > FAULTS_SHOWN {
        eprintln!("… and {} more", faults.len() - FAULTS_SHOWN);
    }
    let count = faults.len();
    Failure(format!("{count} {}; nothing was imported", if count == 1 { "fault" } else { "faults" }))
}
