//! `lotbook export`

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lotbook_domain::id::{AccountId, LotId, TenantId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::quantity::format_e6;
use lotbook_engine::query::balance::{BalanceFilter, balances};
use lotbook_engine::query::movement::{self, MovementFilter};
use lotbook_engine::table::{catalog, entry};
use lotbook_engine::thing::reference::{self, Found, Reference};
use lotbook_engine::thing::{Record, Value, kinds, list, setting};
use lotbook_engine::{Engine, Error, zone};

use super::{Common, Failure, bar, house};
use crate::epcis;

/// Writes records out, page by page, in flat memory.
#[derive(Args)]
pub struct Export {
    /// What: a kind of record (products, locations, parties …), balances, movements, entries, or epcis (what happened, as
    /// one EPCIS 2.0 document in JSON-LD)
    kind: String,
    /// In which form
    #[arg(long, value_name = "FORM", env = "LOTBOOK_EXPORT_FORM", value_enum, default_value = "csv")]
    form: Form,
    /// Where to; standard output when left out
    #[arg(long, value_name = "FILE", env = "LOTBOOK_EXPORT_OUT")]
    out: Option<PathBuf>,
    /// The tenant
    #[arg(long, value_name = "NAME", env = "LOTBOOK_TENANT", default_value = "default")]
    tenant: String,
    /// epcis: of this lot or instance, by its name, id or ULID
    #[arg(long, value_name = "REF", env = "LOTBOOK_EXPORT_LOT")]
    lot: Option<String>,
    /// epcis: of what was true from this date or time on
    #[arg(long, value_name = "TIME", env = "LOTBOOK_EXPORT_FROM")]
    from: Option<String>,
    /// epcis: of what was true before this date or time
    #[arg(long, value_name = "TIME", env = "LOTBOOK_EXPORT_TO")]
    to: Option<String>,
}

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma-separated, with a line of names
    Csv,
    /// A list of records
    Json,
    /// A workbook with one sheet
    Xlsx,
}

/// Records read together.
const PAGE: i64 = 1_000;

impl Export {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        let engine = house::open_for_command(common)?;
        let tenant = house::tenant(&engine, &self.tenant)?;
        if self.form == Form::Xlsx && self.out.is_none() {
            return Err(Failure("a workbook goes into a file; name it with --out FILE".to_owned()));
        }
        let target: Box<dyn Write> = match &self.out {
            Some(path) => Box::new(std::io::BufWriter::new(std::fs::File::create(path)?)),
            None => Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
        };
        let bar = bar::new(0, &self.kind);
        if self.kind == "epcis" {
            let wanted = self.events(&engine, tenant)?;
            let mut target = target;
            epcis::export::<Failure>(&engine, tenant, wanted, &mut target, || bar.inc(1))?;
            bar.finish_and_clear();
            return Ok(target.flush()?);
        }
        let mut sheet = Sheet::new(self.form, target);
        let mut take = |record: Record| {
            bar.inc(1);
            sheet.write(&record)
        };
        match self.kind.as_str() {
            "balances" => each_balance(&engine, tenant, &mut take)?,
            "movements" => each_movement(&engine, tenant, &mut take)?,
            "entries" => each_entry(&engine, tenant, &mut take)?,
            name if kinds::named(name).is_some() => each_record(&engine, tenant, name, &mut take)?,
            name => {
                let names: Vec<_> = kinds::ALL.iter().map(|kind| kind.name).collect();
                let known = names.join(", ");
                return Err(Failure(format!(
                    "{name} cannot be exported; take one of {known}, balances, movements, entries, epcis"
                )));
            }
        }
        bar.finish_and_clear();
        sheet.finish()
    }
}

impl Export {
    /// Which events are asked for.
    fn events(&self, engine: &Engine, tenant: TenantId) -> Result<epcis::Wanted, Failure> {
        let mut wanted = epcis::Wanted::default();
        let zone = engine.read(|conn| setting::time_zone(conn, tenant))?;
        for (name, text, moment) in [("--from", &self.from, &mut wanted.from), ("--to", &self.to, &mut wanted.before)] {
            if let Some(text) = text {
                *moment = Some(zone::instant(text, &zone).map_err(|message| Failure(format!("{name}: {message}")))?);
            }
        }
        let Some(text) = &self.lot else { return Ok(wanted) };
        let reference = Reference::of_address(text);
        let found = engine.read(|conn| {
            let mut ids = Vec::new();
            for kind in [&kinds::LOTS, &kinds::INSTANCES] {
                ids.extend(reference::resolve(conn, tenant, kind, &[(&reference, 0)])?);
            }
            let known = ids.iter().find_map(|found| if let Found::One(id) = found { Some(LotId(*id)) } else { None });
            let lots = catalog::lots(conn, tenant, known)?;
            Ok((lots.first().map(|lot| (lot.id, lot.product)), ids.contains(&Found::Several)))
        })?;
        match found {
            (None, true) => Err(Failure(format!("several products have a lot {text}; name it by its id or ULID"))),
            (None, false) => Err(Failure(format!("there is no lot {text}"))),
            (lot, _) => Ok(epcis::Wanted { lot, ..wanted }),
        }
    }
}

type Take<'t> = &'t mut dyn FnMut(Record) -> Result<(), Failure>;

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn number(number: i64) -> Value {
    Value::Number(number.to_string())
}

fn decimal(e6: i64) -> Value {
    Value::Number(format_e6(e6))
}

fn some(id: i64) -> Value {
    if id == 0 { Value::Null } else { number(id) }
}

fn named(fields: Vec<(&str, Value)>) -> Record {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn each_record(engine: &Engine, tenant: TenantId, name: &str, take: Take<'_>) -> Result<(), Failure> {
    let Some(kind) = kinds::named(name) else { return Ok(()) };
    let mut cursor: Option<String> = None;
    loop {
        let mut query = vec![("limit".to_owned(), PAGE.to_string())];
        query.extend(cursor.take().map(|cursor| ("cursor".to_owned(), cursor)));
        let page = engine.read(|conn| list::page(conn, tenant, kind, &query))?;
        let page = Value::parse(&page).map_err(|error| Failure(error.to_string()))?;
        let Value::Object(fields) = page else { return Ok(()) };
        for (field, value) in fields {
            match (field.as_str(), value) {
                ("items", Value::List(items)) => {
                    for item in items {
                        if let Value::Object(record) = item {
                            take(record)?;
                        }
                    }
                }
                ("nextCursor", Value::Text(next)) => cursor = Some(next),
                _ => {}
            }
        }
        if cursor.is_none() {
            return Ok(());
        }
    }
}

fn each_balance(engine: &Engine, tenant: TenantId, take: Take<'_>) -> Result<(), Failure> {
    let mut filter = BalanceFilter::default();
    loop {
        let (rows, next) = engine.read(|conn| {
            let structure = engine.structure(conn, tenant)?;
            let (found, next) = balances(conn, tenant, AccountKind::Stock, &filter, PAGE as usize)?;
            let products = catalog::products(
                conn,
                tenant,
                found.iter().map(|row| row.key.product).collect::<std::collections::BTreeSet<_>>(),
            )?;
            let lots = catalog::lots(
                conn,
                tenant,
                found.iter().map(|row| row.key.lot).filter(|id| id.0 != 0).collect::<std::collections::BTreeSet<_>>(),
            )?;
            let rows: Vec<Record> = found
                .into_iter()
                .map(|row| {
                    let product = products.iter().find(|product| product.id == row.key.product);
                    let lot = lots.iter().find(|lot| lot.id == row.key.lot);
                    named(vec![
                        ("product", text(product.map(|product| product.identifier.clone()).unwrap_or_default())),
                        ("name", text(product.map(|product| product.name.clone()).unwrap_or_default())),
                        ("variant", some(row.key.variant.0)),
                        ("lot", lot.map_or(Value::Null, |lot| text(lot.name.clone()))),
                        ("location", text(structure.catalog.locations.name_of(row.key.place))),
                        ("quantity", decimal(row.quantity.0)),
                        (
                            "unit",
                            product
                                .and_then(|product| structure.catalog.units.get(&product.unit))
                                .map_or(Value::Null, |symbol| text(symbol.clone())),
                        ),
                    ])
                })
                .collect();
            Ok((rows, next))
        })?;
        for row in rows {
            take(row)?;
        }
        match next {
            Some(next) => filter.after = AccountId(next.0),
            None => return Ok(()),
        }
    }
}

fn each_movement(engine: &Engine, tenant: TenantId, take: Take<'_>) -> Result<(), Failure> {
    let mut filter = MovementFilter::default();
    loop {
        let (rows, last) = engine.read(|conn| {
            let structure = engine.structure(conn, tenant)?;
            let place = |id| text(structure.catalog.locations.name_of(id));
            let found = movement::page(conn, tenant, &filter, 0, PAGE)?;
            let last = found.last().map(|posted| posted.number);
            let rows: Vec<Record> = found
                .into_iter()
                .map(|posted| {
                    let moved = posted.movement;
                    named(vec![
                        ("id", number(posted.number)),
                        ("position", number(posted.position)),
                        ("kind", text(moved.kind.name())),
                        ("product", text(posted.product.0)),
                        ("variant", some(moved.variant.0)),
                        ("lot", if moved.lot.0 == 0 { Value::Null } else { text(posted.lot.1) }),
                        ("from", place(moved.from.location)),
                        ("to", place(moved.to.location)),
                        ("quantity", decimal(moved.quantity.0)),
                        ("amount", decimal(moved.amount.0)),
                        ("counted", posted.counted.map_or(Value::Null, |counted| decimal(counted.0))),
                        ("effectiveAt", text(moved.effective_at.to_string())),
                        ("bookedAt", text(posted.booked_at.to_string())),
                        ("voucher", some(posted.voucher_number)),
                        ("customer", some(moved.customer.0)),
                        ("supplier", some(moved.supplier.0)),
                        ("description", moved.description.map_or(Value::Null, text)),
                        ("reverses", moved.reverses.map_or(Value::Null, |id| number(id.number()))),
                    ])
                })
                .collect();
            Ok((rows, last))
        })?;
        let Some(last) = last else { return Ok(()) };
        for row in rows {
            take(row)?;
        }
        filter.after = last;
    }
}

fn each_entry(engine: &Engine, tenant: TenantId, take: Take<'_>) -> Result<(), Failure> {
    let mut after = 0;
    loop {
        let filter = entry::EntryFilter { ids: Some((after + 1, i64::MAX)), ..entry::EntryFilter::default() };
        let rows: Vec<(i64, Record)> = engine.read(|conn| -> Result<_, Error> {
            let structure = engine.structure(conn, tenant)?;
            let found = entry::page(conn, tenant, &filter, 0, PAGE)?;
            let ids: std::collections::BTreeSet<_> = found.iter().map(|waiting| waiting.entry.product).collect();
            let products = catalog::products(conn, tenant, ids)?;
            Ok(found
                .into_iter()
                .map(|waiting| {
                    let line = waiting.entry;
                    let product = products.iter().find(|product| product.id == line.product);
                    let journal = structure.journals.get(&line.journal).map(|found| found.journal.name.clone());
                    let record = named(vec![
                        ("id", number(line.id.0)),
                        ("journal", text(journal.unwrap_or_default())),
                        ("voucher", number(line.voucher_number)),
                        ("product", text(product.map(|product| product.identifier.clone()).unwrap_or_default())),
                        ("variant", some(line.variant.0)),
                        ("lot", line.lot_name.map_or_else(|| some(line.lot.0), text)),
                        ("location", text(structure.catalog.locations.name_of(line.location))),
                        ("orgUnit", text(structure.catalog.locations.name_of(line.org_unit))),
                        ("count", decimal(line.count.0)),
                        ("stockDate", text(line.effective_at.to_string())),
                        ("costPrice", line.cost_price.map_or(Value::Null, |cost| decimal(cost.0))),
                        ("salesPrice", line.sales_price.map_or(Value::Null, |price| decimal(price.0))),
                        ("description", line.description.map_or(Value::Null, text)),
                    ]);
                    (line.id.0, record)
                })
                .collect())
        })?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (_, record) in rows {
            take(record)?;
        }
    }
}

/// What records are written to.
struct Sheet {
    form: Form,
    target: Option<Box<dyn Write>>,
    csv: Option<csv::Writer<Box<dyn Write>>>,
    book: Option<rust_xlsxwriter::Workbook>,
    rows: u32,
}

impl Sheet {
    fn new(form: Form, target: Box<dyn Write>) -> Self {
        let mut sheet = Self { form, target: None, csv: None, book: None, rows: 0 };
        match form {
            Form::Csv => sheet.csv = Some(csv::Writer::from_writer(target)),
            Form::Json => sheet.target = Some(target),
            Form::Xlsx => {
                let mut book = rust_xlsxwriter::Workbook::new();
                // The sheet is found again by its index.
                let _ = book.add_worksheet_with_constant_memory();
                sheet.book = Some(book);
                sheet.target = Some(target);
            }
        }
        sheet
    }

    fn write(&mut self, record: &Record) -> Result<(), Failure> {
        match self.form {
            Form::Csv => {
                let writer = self.csv.as_mut().expect("it is written to until it is finished");
                if self.rows == 0 {
                    writer.write_record(record.iter().map(|(name, _)| name))?;
                }
                writer.write_record(record.iter().map(|(_, value)| plain(value)))?;
            }
            Form::Json => {
                let target = self.target.as_mut().expect("it is written to until it is finished");
                let begin = if self.rows == 0 { "[\n" } else { ",\n" };
                write!(target, "{begin}{}", Value::Object(record.clone()).to_json())?;
            }
            Form::Xlsx => self.write_cells(record)?,
        }
        self.rows += 1;
        Ok(())
    }

    fn write_cells(&mut self, record: &Record) -> Result<(), Failure> {
        let wrong = |error: rust_xlsxwriter::XlsxError| Failure(format!("the workbook: {error}"));
        let book = self.book.as_mut().expect("it is written to until it is finished");
        let sheet = book.worksheet_from_index(0).map_err(wrong)?;
        if self.rows == 0 {
            for (column, (name, _)) in record.iter().enumerate() {
                sheet.write_string(0, column as u16, name).map_err(wrong)?;
            }
        }
        for (column, (_, value)) in record.iter().enumerate() {
            let (row, column) = (self.rows + 1, column as u16);
            match value {
                // A spreadsheet keeps 15 digits; longer numbers stay text, so that none is lost.
                Value::Number(digits) if digits.trim_matches('-').len() <= 15 => {
                    let cell = digits.parse::<f64>().map_err(|error| Failure(error.to_string()))?;
                    sheet.write_number(row, column, cell).map_err(wrong)?;
                }
                other => {
                    sheet.write_string(row, column, plain(other)).map_err(wrong)?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), Failure> {
        if let Some(mut writer) = self.csv.take() {
            writer.flush()?;
        }
        if let Some(mut target) = self.target.take() {
            match self.book.as_mut() {
                Some(book) => {
                    let bytes = book.save_to_buffer().map_err(|error| Failure(format!("the workbook: {error}")))?;
                    target.write_all(&bytes)?;
                }
                None => writeln!(target, "{}", if self.rows == 0 { "[]" } else { "\n]" })?,
            }
            target.flush()?;
        }
        Ok(())
    }
}

/// A value as a cell: references by what people call them.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(text) | Value::Text(text) => text.clone(),
        Value::List(values) => values.iter().map(plain).collect::<Vec<_>>().join(";"),
        Value::Object(fields) => {
            let name = ["identifier", "path", "symbol", "code", "name", "id"]
                .iter()
                .find_map(|name| fields.iter().find(|(field, _)| field == name));
            name.map(|(_, value)| plain(value)).unwrap_or_default()
        }
    }
}
