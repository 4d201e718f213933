//! `lotbook export`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use lotbook_domain::id::{LotId, TenantId};
use lotbook_engine::table::catalog;
use lotbook_engine::thing::reference::{self, Found, Reference};
use lotbook_engine::thing::{kinds, setting};
use lotbook_engine::{Engine, zone};

use super::{Common, Failure, bar, house};
use crate::epcis;
use crate::table::asked::Asked;
use crate::table::report::{self, Report};
use crate::table::sheet::{Form, Sheet};
use crate::table::{Table, card, general_ledger, ledger, promise};

/// Writes records, balances, stock cards and reports out, page by page, in flat memory.
#[derive(Args)]
pub struct Export {
    /// What: a kind of record (products, locations, parties …), balances, valuation, availability,
    /// available-to-promise, stock-card,
    /// movements, entries, gl-postings, report, or epcis (what happened, as one EPCIS 2.0 document in JSON-LD)
    kind: String,
    /// Which report: stock, valuation, ageing, turnover, abc, dead-stock, expiry
    name: Option<String>,
    /// In which form
    #[arg(long, value_name = "FORM", env = "LOTBOOK_EXPORT_FORM", value_enum, default_value = "csv")]
    form: Form,
    /// Where to; standard output when left out
    #[arg(long, value_name = "FILE", env = "LOTBOOK_EXPORT_OUT")]
    out: Option<PathBuf>,
    /// The tenant
    #[arg(long, value_name = "NAME", env = "LOTBOOK_TENANT", default_value = "default")]
    tenant: String,
    #[command(flatten)]
    filter: Filter,
}

/// Which rows of stock, and as of when.
#[derive(Args)]
#[command(next_help_heading = "Which stock, and as of when")]
struct Filter {
    /// Of this product
    #[arg(long, value_name = "PRODUCT", env = "LOTBOOK_EXPORT_PRODUCT")]
    product: Option<String>,
    /// Of this variant
    #[arg(long, value_name = "VARIANT", env = "LOTBOOK_EXPORT_VARIANT")]
    variant: Option<String>,
    /// Of this lot or instance
    #[arg(long, value_name = "LOT", env = "LOTBOOK_EXPORT_LOT")]
    lot: Option<String>,
    /// Of products in this category or below
    #[arg(long, value_name = "CATEGORY", env = "LOTBOOK_EXPORT_CATEGORY")]
    category: Option<String>,
    /// At this location or below
    #[arg(long, value_name = "LOCATION", env = "LOTBOOK_EXPORT_LOCATION")]
    location: Option<String>,
    /// At this org unit or below
    #[arg(long, value_name = "ORG_UNIT", env = "LOTBOOK_EXPORT_ORG_UNIT")]
    org_unit: Option<String>,
    /// As of this time; after everything that is known when left out
    #[arg(long, value_name = "TIME", env = "LOTBOOK_EXPORT_AS_OF")]
    as_of: Option<String>,
    /// As the ledger stood at this position
    #[arg(long, value_name = "POSITION", env = "LOTBOOK_EXPORT_AS_KNOWN_AT")]
    as_known_at: Option<String>,
    /// Effective from this time on: movements, stock-card, turnover, abc, epcis
    #[arg(long, value_name = "TIME", env = "LOTBOOK_EXPORT_FROM")]
    from: Option<String>,
    /// After the document with this number: gl-postings
    #[arg(long, value_name = "NUMBER", env = "LOTBOOK_EXPORT_AFTER")]
    after: Option<String>,
    /// Effective up to this time: movements, stock-card; before it: epcis
    #[arg(long, value_name = "TIME", env = "LOTBOOK_EXPORT_TO")]
    to: Option<String>,
    /// By orgUnit or by location: ageing, dead-stock
    #[arg(long, value_name = "LEVEL", env = "LOTBOOK_EXPORT_BY")]
    by: Option<String>,
    /// Days: where ageing's buckets end (30,60,90), how long dead stock is idle, how soon lots expire
    #[arg(long, value_name = "DAYS", env = "LOTBOOK_EXPORT_DAYS")]
    days: Option<String>,
    /// Also what is 0: balances, valuation
    #[arg(long, env = "LOTBOOK_EXPORT_WITH_ZERO")]
    with_zero: bool,
}

impl Filter {
    fn words(self) -> BTreeMap<String, String> {
        let words = [
            ("product", self.product),
            ("variant", self.variant),
            ("lot", self.lot),
            ("category", self.category),
            ("location", self.location),
            ("orgUnit", self.org_unit),
            ("asOf", self.as_of),
            ("asKnownAt", self.as_known_at),
            ("from", self.from),
            ("to", self.to),
            ("after", self.after),
            ("by", self.by),
            ("days", self.days),
            ("withZero", self.with_zero.then(|| "true".to_owned())),
        ];
        words.into_iter().filter_map(|(name, word)| Some((name.to_owned(), word?))).collect()
    }
}

/// What balances, values and availability may be asked for.
const STANDING: [&str; 8] = ["product", "variant", "lot", "location", "orgUnit", "asOf", "asKnownAt", "withZero"];

fn table(kind: &str, name: Option<&str>, asked: &Asked) -> Result<Table, Failure> {
    if kind == "report" {
        let names = Report::ALL.map(Report::name).join(", ");
        let name = name.ok_or_else(|| Failure(format!("name the report: {names}")))?;
        let report = Report::named(name).ok_or_else(|| Failure(format!("there is no report {name}; take {names}")))?;
        return Ok(report::table(report, asked));
    }
    if let Some(name) = name {
        return Err(Failure(format!("{kind} takes no name; leave {name} out")));
    }
    let known: &[&str] = match kind {
        "balances" | "valuation" | "availability" => &STANDING,
        "gl-postings" => &["after"],
        "stock-card" => &card::WORDS,
        "movements" => &ledger::MOVED,
        "available-to-promise" => &promise::WORDS,
        _ => &[],
    };
    asked.refuse_unknown(known)?;
    Ok(match kind {
        "balances" => ledger::stock(asked),
        "valuation" => ledger::values(asked),
        "availability" => ledger::available(asked),
        "stock-card" => card::table(asked),
        "available-to-promise" => promise::table(asked),
        "movements" => ledger::movements(asked),
        "entries" => ledger::entries(asked),
        "gl-postings" => general_ledger::table(asked)?,
        name => {
            let Some(kind) = kinds::named(name) else {
                let names: Vec<_> = kinds::ALL.iter().map(|kind| kind.name).collect();
                return Err(Failure(format!(
                    "{name} cannot be exported; take one of {}, balances, valuation, availability, available-to-promise, stock-card, \
                     movements, entries, gl-postings, report, epcis",
                    names.join(", ")
                )));
            };
            ledger::records(asked, kind)
        }
    })
}

impl Export {
    /// Does it.
    pub fn run(self, common: &Common) -> Result<(), Failure> {
        if self.form == Form::Xlsx && self.out.is_none() {
            return Err(Failure("a workbook goes into a file; name it with --out FILE".to_owned()));
        }
        let engine = house::open_for_command(common)?;
        let tenant = house::tenant(&engine, &self.tenant)?;
        if self.kind == "epcis" {
            return self.events(&engine, tenant);
        }
        let asked = Asked { engine: engine.clone(), tenant, access: None, words: self.filter.words() };
        let mut table = table(&self.kind, self.name.as_deref(), &asked)?;
        let mut sheet = Sheet::new(self.form, std::mem::take(&mut table.columns));
        // The first page is read before a file is made, so that what is wrong leaves none behind.
        let mut rows = engine.read(|conn| (table.next)(conn))?;
        let bar = bar::new(0, &self.kind);
        if self.form == Form::Xlsx {
            let mut nothing = Vec::new();
            while let Some(page) = rows {
                bar.inc(page.len() as u64);
                sheet.write(&page, &mut nothing)?;
                rows = engine.read(|conn| (table.next)(conn))?;
            }
            bar.finish_and_clear();
            let path = self.out.expect("a workbook without a file was refused");
            return Ok(sheet.save(std::fs::File::create(path)?)?);
        }
        let mut target: Box<dyn Write> = match &self.out {
            Some(path) => Box::new(std::io::BufWriter::new(std::fs::File::create(path)?)),
            None => Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
        };
        let mut ready = Vec::new();
        loop {
            let is_last = rows.is_none();
            let page = rows.unwrap_or_default();
            bar.inc(page.len() as u64);
            sheet.write(&page, &mut ready)?;
            if is_last {
                sheet.end(&mut ready)?;
            }
            target.write_all(&ready)?;
            ready.clear();
            if is_last {
                break;
            }
            rows = engine.read(|conn| (table.next)(conn))?;
        }
        bar.finish_and_clear();
        Ok(target.flush()?)
    }

    /// Writes what happened, as one document.
    fn events(self, engine: &Engine, tenant: TenantId) -> Result<(), Failure> {
        let wanted = self.filter.wanted(engine, tenant)?;
        let mut target: Box<dyn Write> = match &self.out {
            Some(path) => Box::new(std::io::BufWriter::new(std::fs::File::create(path)?)),
            None => Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
        };
        let bar = bar::new(0, &self.kind);
        epcis::export::<Failure>(engine, tenant, wanted, &mut target, || bar.inc(1))?;
        bar.finish_and_clear();
        Ok(target.flush()?)
    }
}

impl Filter {
    /// Which events are asked for.
    fn wanted(&self, engine: &Engine, tenant: TenantId) -> Result<epcis::Wanted, Failure> {
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
