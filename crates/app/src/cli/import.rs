//! `lotbook import`

use std::path::{Path, PathBuf};

use clap::Args;
use lotbook_domain::chain::Hash;
use lotbook_domain::id::{BookingId, JournalId, TenantId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{EnterVouchers, NewVoucher, Reach, VouchersEntered};
use lotbook_engine::thing::{CreateRecords, Kind, Record, Value, kinds};
use lotbook_engine::{Engine, Error};

use super::{Common, Failure, bar, house};
use crate::http::flow::entry::{FIELDS, read_entries};
use crate::http::flow::form::refuse_unknown;
use crate::http::flow::reference::find_text;
use crate::import::retail::post::{self, Options, Report};
use crate::import::retail::{Order, read};
use crate::import::table::{Cells, Row};
use crate::import::{Fault, ImportError, Importer, table};

/// Brings in what others keep. All files are checked first; nothing is done while one of them has a fault.
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
    /// entries: book the journal afterwards; ends with 1 and says why where that is refused
    #[arg(long, env = "LOTBOOK_IMPORT_BOOK")]
    book: bool,
    /// entries: import also what was imported before; without this, a file that came into the journal before is
    /// known again by its content, whatever its name, and passed over
    #[arg(long, env = "LOTBOOK_IMPORT_AGAIN")]
    again: bool,
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

/// What several files hold together: one request, so that it is all or nothing, and where each line stands.
struct Together {
    /// The files with their hashes and how many of the records are theirs.
    files: Vec<(PathBuf, Hash, usize)>,
    records: Vec<Record>,
    /// The file, by its place, and the line of each record.
    places: Vec<(usize, u64)>,
    /// What could not be read.
    faults: Vec<Fault>,
}

impl Together {
    /// Reads all files; those without a line are told of and left out.
    fn read(paths: &[PathBuf], record_of: impl Fn(Row) -> Record) -> Self {
        let mut found = Self { files: Vec::new(), records: Vec::new(), places: Vec::new(), faults: Vec::new() };
        for path in paths {
            let table = table::read(path);
            if table.rows.is_empty() && table.faults.is_empty() {
                eprintln!("{}: nothing to import", path.display());
                continue;
            }
            let file = found.files.len();
            found.files.push((path.clone(), table.hash, table.rows.len()));
            found.faults.extend(table.faults);
            for row in table.rows {
                found.places.push((file, row.line));
                found.records.push(record_of(row));
            }
        }
        found
    }

    /// Lists what the engine finds wrong together with what could not be read, in the order of the files.
    fn refuse(mut self, violations: &[Violation]) -> Failure {
        let name = |file: usize| self.files[file].0.display().to_string();
        for violation in violations {
            let place = violation.index.and_then(|at| self.places.get(at)).copied();
            let message = sentence(violation, |other| {
                let (file, line) = self.places.get(other).copied()?;
                let is_same = place.is_some_and(|(here, _)| here == file);
                Some(if is_same { format!("line {line}") } else { format!("{} line {line}", name(file)) })
            });
            let (file, line) = match place {
                Some((file, line)) => (name(file), line),
                None => {
                    (self.files.iter().map(|(path, ..)| path.display().to_string()).collect::<Vec<_>>().join(", "), 0)
                }
            };
            self.faults.push(Fault { file, line, message });
        }
        let order: Vec<String> = self.files.iter().map(|(path, ..)| path.display().to_string()).collect();
        self.faults.sort_by_key(|fault| (order.iter().position(|file| *file == fault.file), fault.line));
        refuse(&self.faults)
    }
}

/// What is wrong with a field, as a sentence. `line_of` says where another record of the list stands.
fn sentence(violation: &Violation, line_of: impl Fn(usize) -> Option<String>) -> String {
    let mut message = violation.message.clone();
    if violation.code == "duplicate"
        && let Some((before, rest)) = message.split_once('[')
        && let Some((place, after)) = rest.split_once(']')
        && let Some(line) = place.parse().ok().and_then(line_of)
    {
        message = format!("{before}{line}{after}");
    }
    house::sentence(violation.field, &message)
}

impl Import {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = if self.dry_run { house::open_for_command(common)? } else { house::open_or_make(common)? };
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
        let mut all = Together::read(&self.files, |row| match row.cells {
            Cells::Record(record) => record,
            Cells::Texts(cells) => {
                kind.record_of_texts(cells.iter().map(|(name, text)| (name.as_str(), text.as_str())))
            }
        });
        let mut request = house::request(engine, tenant);
        request.dry_run = self.dry_run || !all.faults.is_empty();
        let records = std::mem::take(&mut all.records);
        match engine.change(request, CreateRecords { kind, records, is_list: true }) {
            Ok(_) if all.faults.is_empty() => {}
            Ok(_) => return Err(all.refuse(&[])),
            Err(Error::Invalid(violations)) => return Err(all.refuse(&violations)),
            Err(error) => return Err(error.into()),
        }
        for (path, _, count) in &all.files {
            self.done(path, *count, (kind.noun, kind.name));
        }
        Ok(())
    }

    fn done(&self, path: &Path, count: usize, (one, many): (&str, &str)) {
        let things = if count == 1 { one } else { many };
        let verb = if self.dry_run { "could be imported" } else { "imported" };
        eprintln!("{}: {count} {things} {verb}", path.display());
    }

    fn entries(&self, engine: &Engine, tenant: TenantId) -> Result<(), Failure> {
        let Some(journal) = &self.journal else {
            return Err(Failure("entries go into a journal; name it with --journal NAME".to_owned()));
        };
        let journal = JournalId(engine.read(|conn| find_text(conn, tenant, &kinds::JOURNALS, journal))?);
        let all = Together::read(&self.files, record_of_entry);
        let mut violations = Vec::new();
        refuse_unknown(&all.records, &FIELDS, &mut violations);
        let (drafts, found) = engine.read(|conn| {
            let structure = engine.structure(conn, tenant)?;
            read_entries(conn, tenant, &structure, &all.records)
        })?;
        violations.extend(found);
        let mut drafts = drafts.into_iter();
        let vouchers = all.files.iter().map(|(path, hash, count)| NewVoucher {
            description: path.file_name().map(|name| name.to_string_lossy().into_owned()),
            entries: drafts.by_ref().take(*count).collect(),
            fingerprint: Some(hash.iter().map(|byte| format!("{byte:02x}")).collect()),
        });
        // A file of which nothing could be read has told why.
        let vouchers = vouchers.filter(|voucher| !voucher.entries.is_empty()).collect();
        let books = self.book;
        let command = EnterVouchers { journal, vouchers, violations, books, again: self.again, reach: Reach::All };
        let mut request = house::request(engine, tenant);
        request.dry_run = self.dry_run || !all.faults.is_empty();
        let answer = match engine.change(request, command) {
            Ok(answer) if all.faults.is_empty() => answer,
            Ok(_) => return Err(all.refuse(&[])),
            Err(Error::Invalid(violations)) => return Err(all.refuse(&violations)),
            Err(error) => return Err(error.into()),
        };
        let answer: VouchersEntered =
            serde_json::from_str(&answer).map_err(|error| Failure(format!("the answer cannot be read: {error}")))?;
        for ((path, _, count), voucher) in all.files.iter().zip(&answer.vouchers) {
            match (voucher.is_repeated, self.dry_run) {
                (true, _) => eprintln!(
                    "{}: was imported before into this journal, as voucher {}, and is not imported anew; \
                     --again does so",
                    path.display(),
                    voucher.number
                ),
                (false, true) => self.done(path, *count, ("entry", "entries")),
                (false, false) => {
                    self.done(path, *count, ("entry", "entries"));
                    eprintln!("they are in voucher {}", voucher.number);
                }
            }
        }
        if self.dry_run { Ok(()) } else { tell_bookings(engine, tenant, &answer.bookings) }
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

/// Sees bookings decided, and says what is wrong with those that were rejected, and what others warn of.
fn tell_bookings(engine: &Engine, tenant: TenantId, bookings: &[i64]) -> Result<(), Failure> {
    let mut rejected = None;
    for id in bookings {
        let booking = house::decided(engine, tenant, BookingId(*id))?;
        match house::tell_booking(&booking) {
            Err(refused) => rejected = Some(refused),
            Ok(()) if booking.entry_count == 1 => eprintln!("1 entry booked"),
            Ok(()) => eprintln!("{} entries booked", booking.entry_count),
        }
    }
    if !bookings.is_empty() {
        house::catch_up(engine)?;
    }
    rejected.map_or(Ok(()), Err)
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
