//! What was planned, done: through the same commands as any other client, in order, sharing commits.
//!
//! Importing again is safe at any time. A voucher is known by its invoice number and by how many of its
//! lines are booked; whatever an import that was cut short has left undone is done by the next.

use std::collections::{HashMap, HashSet};

use lotbook_domain::catalog::fold;
use lotbook_domain::entry::{EntryDraft, Reference};
use lotbook_domain::id::{JournalId, LocationId, PartyId, ProductId, VoucherId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_engine::command::{CreateEntries, CreateVoucher, EntriesCreated, VoucherCreated};
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::table::voucher::{BySource, VoucherSource, by_source};
use lotbook_engine::thing::reference::by_natural_key;
use lotbook_engine::thing::{CreateRecords, Kind, Record, Value, kinds};
use lotbook_engine::write::{Command, Request, RequestKey};
use lotbook_engine::{Error, settle};
use serde::Serialize;

use super::line::Line;
use super::plan::{Order, Part, Plan, Product, Voucher, VoucherKind, plan};
use crate::import::{Fault, ImportError, Importer};

/// What kind of document an invoice is, on vouchers and entries.
const INVOICE: &str = "invoice";
/// What kind of document an opening is.
const OPENING: &str = "opening";
/// Requests handed over together; they share commits.
const CHUNK: usize = 256;
/// Entries in one request.
const ENTRIES_MAX: usize = 1_000;

/// What became of the lines; every line is in `booked` or in one of `not_booked`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Lines of all files.
    pub lines: u64,
    /// Lines that were booked.
    pub booked: u64,
    /// Vouchers that were booked: invoices, credit notes and write-offs.
    pub vouchers: u64,
    /// Those of them that are credit notes.
    pub credit_notes: u64,
    /// Those of them that are write-offs.
    pub write_offs: u64,
    /// Lines that were not booked, by reason.
    pub not_booked: NotBooked,
    /// Products that were made.
    pub products: u64,
    /// Customers that were made.
    pub customers: u64,
    /// Opening deliveries that were booked.
    pub opening_lines: u64,
}

/// Lines that were not booked, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotBooked {
    /// Services and fees.
    pub service: u64,
    /// Adjustments of bad debt.
    pub bad_debt: u64,
    /// Lines of 0 pieces.
    pub no_quantity: u64,
    /// Lines that an earlier import booked.
    pub already_imported: u64,
}

impl Report {
    /// Whether there was nothing to do.
    pub fn is_unchanged(&self) -> bool {
        (self.booked, self.products, self.customers, self.opening_lines) == (0, 0, 0, 0)
    }
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// In which order lines are posted.
    pub order: Order,
    /// What the names of the journals begin with.
    pub journal_prefix: String,
    /// Decide everything and write nothing.
    pub dry_run: bool,
}

/// Vouchers that are there, by kind and invoice.
type KnownVouchers = HashMap<(VoucherKind, String), Known>;

/// The journals.
#[derive(Clone, Copy)]
struct Journals {
    sales: JournalId,
    openings: JournalId,
    write_offs: JournalId,
}

impl Journals {
    fn of(self, kind: VoucherKind) -> JournalId {
        match kind {
            VoucherKind::Sale | VoucherKind::CreditNote => self.sales,
            VoucherKind::WriteOff => self.write_offs,
        }
    }
}

/// A voucher in the database.
#[derive(Clone, Copy)]
struct Known {
    id: VoucherId,
    booked: usize,
}

/// Imports the lines of all files named.
pub fn import(importer: &mut Importer<'_>, lines: &[Line], options: &Options) -> Result<Report, ImportError> {
    let mut work = Work { importer, lines, options, faults: Vec::new() };
    let known_journals = work.known_journals()?;
    let (sources, openings_known) = match known_journals {
        Some(journals) => work.known_vouchers(journals)?,
        None => Default::default(),
    };
    let imported: HashSet<(VoucherKind, String)> =
        sources.iter().filter(|(_, known)| known.booked > 0).map(|(key, _)| key.clone()).collect();
    let plan = plan(lines, options.order, &imported);
    let hash = content_hash(lines);
    let needs_openings = !openings_known.is_complete(&hash);
    let mut report = work.expected(&plan, &sources, needs_openings)?;
    let (products, customers) = (work.known_products(&plan)?, work.known_customers(&plan)?);
    report.products = (plan.products.len() - products.len()) as u64;
    report.customers = (plan.customers.len() - customers.len()) as u64;
    if options.dry_run || report.is_unchanged() {
        return Ok(report);
    }
    let journals = match known_journals {
        Some(journals) => journals,
        None => work.make_journals()?,
    };
    let products = work.make_products(&plan, products)?;
    let customers = work.make_customers(&plan, customers)?;
    let names = Names { journals, products, customers, location: work.location()? };
    let total = report.booked + report.opening_lines;
    let mut done = 0;
    if needs_openings {
        work.post_openings(&plan, &names, &hash, &openings_known, &mut done, total)?;
    }
    work.post_vouchers(&plan, &names, &sources, &mut done, total)?;
    work.importer.engine.tend_if_grown();
    settle::settle_all(work.importer.engine)?;
    Ok(report)
}

/// Ids of what entries name.
struct Names {
    journals: Journals,
    products: HashMap<String, ProductId>,
    customers: HashMap<String, PartyId>,
    location: LocationId,
}

/// Opening vouchers that are there, by what they are known by.
#[derive(Default)]
struct Openings {
    by_name: HashMap<String, (Known, Option<usize>)>,
}

impl Openings {
    fn name(hash: &str, delivery: usize) -> String {
        format!("{hash}/{delivery}")
    }

    /// Whether every line of both deliveries is booked. The other number of each says how many those are,
    /// since what later imports would need is another matter.
    fn is_complete(&self, hash: &str) -> bool {
        [1, 2].into_iter().all(|delivery| {
            self.by_name.get(&Self::name(hash, delivery)).is_some_and(|(known, lines)| Some(known.booked) == *lines)
        })
    }
}

struct Work<'w, 'i> {
    importer: &'w mut Importer<'i>,
    lines: &'w [Line],
    options: &'w Options,
    faults: Vec<Fault>,
}

impl Work<'_, '_> {
    fn request(&self, key: Option<(String, [u8; 32])>) -> Request {
        let key = key.map(|(text, body_hash)| RequestKey { text, body_hash });
        Request { key, ..self.importer.request.clone() }
    }

    fn journal_names(&self) -> [(String, &'static str); 3] {
        let prefix = &self.options.journal_prefix;
        [
            (format!("{prefix} Sales"), "Delivery"),
            (format!("{prefix} Openings"), "Delivery"),
            (format!("{prefix} Write-offs"), "Shrinkage"),
        ]
    }

    /// The journals, if they are there; they have to be what this import needs.
    fn known_journals(&mut self) -> Result<Option<Journals>, ImportError> {
        let engine = self.importer.engine;
        let structure = engine.read(|conn| engine.structure(conn, self.importer.request.tenant))?;
        let mut found = Vec::new();
        for (name, kind) in self.journal_names() {
            let folded = fold(&name);
            let journal =
                structure.journals.values().map(|found| &found.journal).find(|found| fold(&found.name) == folded);
            match journal {
                Some(journal) if journal.kind.name() == kind && journal.is_auto_book => found.push(journal.id),
                Some(_) => {
                    let message = format!(
                        "journal {name} is there, but it is not of kind {kind} with automatic booking; name another with --journal-prefix"
                    );
                    return Err(ImportError::one("journals", message));
                }
                None => {}
            }
        }
        match found[..] {
            [sales, openings, write_offs] => Ok(Some(Journals { sales, openings, write_offs })),
            [] => Ok(None),
            _ => Err(ImportError::one(
                "journals",
                format!(
                    "some of the journals {} … are there and some are not; name another prefix with --journal-prefix",
                    self.options.journal_prefix
                ),
            )),
        }
    }

    fn make_journals(&mut self) -> Result<Journals, ImportError> {
        let text = |text: &str| Value::Text(text.to_owned());
        let records: Vec<Record> = self
            .journal_names()
            .iter()
            .map(|(name, kind)| {
                vec![
                    ("name".to_owned(), text(name)),
                    ("kind".to_owned(), text(kind)),
                    ("isAutoBook".to_owned(), Value::Bool(true)),
                ]
            })
            .collect();
        self.create(&kinds::JOURNALS, &records)?;
        self.known_journals()?.ok_or_else(|| ImportError::one("journals", "they were made and are gone again"))
    }

    fn create(&mut self, kind: &'static Kind, records: &[Record]) -> Result<(), ImportError> {
        for records in records.chunks(ENTRIES_MAX * 10) {
            let create = CreateRecords { kind, records: records.to_vec(), is_list: true };
            self.importer.engine.change(self.request(None), create)?;
        }
        Ok(())
    }

    /// The vouchers that are there, by kind and invoice, and the openings.
    fn known_vouchers(&self, journals: Journals) -> Result<(KnownVouchers, Openings), ImportError> {
        let tenant = self.importer.request.tenant;
        let (invoices, opened) = self.importer.engine.read(|conn| {
            let invoices = by_source(conn, tenant, [journals.sales, journals.write_offs], INVOICE)?;
            Ok((invoices, by_source(conn, tenant, [journals.openings], OPENING)?))
        })?;
        let known = |voucher: &BySource| Known { id: voucher.id, booked: voucher.booked as usize };
        let invoices = invoices
            .iter()
            .map(|voucher| {
                let kind = if voucher.journal == journals.write_offs {
                    VoucherKind::WriteOff
                } else if voucher.identifier.starts_with(['C', 'c']) {
                    VoucherKind::CreditNote
                } else {
                    VoucherKind::Sale
                };
                ((kind, voucher.identifier.clone()), known(voucher))
            })
            .collect();
        let by_name = opened
            .iter()
            .map(|voucher| {
                let lines = voucher.alternative_number.as_ref().and_then(|text| text.parse().ok());
                (voucher.identifier.clone(), (known(voucher), lines))
            })
            .collect();
        Ok((invoices, Openings { by_name }))
    }

    /// What will be done; the faults of vouchers that are there and do not fit.
    fn expected(
        &mut self,
        plan: &Plan,
        sources: &HashMap<(VoucherKind, String), Known>,
        needs_openings: bool,
    ) -> Result<Report, ImportError> {
        let mut report = Report { lines: self.lines.len() as u64, ..Report::default() };
        report.not_booked.service = plan.not_booked.service;
        report.not_booked.bad_debt = plan.not_booked.bad_debt;
        report.not_booked.no_quantity = plan.not_booked.no_quantity;
        for voucher in &plan.vouchers {
            let (lines, booked) = (voucher.lines.len(), booked_of(voucher, sources));
            if booked > lines {
                let first = &self.lines[voucher.lines[0]];
                self.faults.push(Fault {
                    file: format!("file {}", first.file + 1),
                    line: first.number,
                    message: format!(
                        "invoice {} was imported with {booked} lines and has {lines} here; import it under another --journal-prefix",
                        voucher.invoice
                    ),
                });
            }
            report.not_booked.already_imported += booked.min(lines) as u64;
            if booked < lines {
                report.booked += (lines - booked) as u64;
                report.vouchers += 1;
                report.credit_notes += u64::from(voucher.kind == VoucherKind::CreditNote);
                report.write_offs += u64::from(voucher.kind == VoucherKind::WriteOff);
            }
        }
        if needs_openings && report.booked > 0 {
            report.opening_lines = opening_lines(plan).iter().map(|lines| lines.len() as u64).sum();
        }
        if self.faults.is_empty() { Ok(report) } else { Err(ImportError::Faults(std::mem::take(&mut self.faults))) }
    }

    fn known_products(&self, plan: &Plan) -> Result<HashMap<String, i64>, ImportError> {
        let keys: Vec<String> = plan.products.iter().map(|product| fold(&product.identifier)).collect();
        self.known(&kinds::PRODUCTS, &keys)
    }

    fn known_customers(&self, plan: &Plan) -> Result<HashMap<String, i64>, ImportError> {
        let keys: Vec<String> = plan.customers.iter().map(|code| fold(code)).collect();
        self.known(&kinds::PARTIES, &keys)
    }

    fn known(&self, kind: &'static Kind, keys: &[String]) -> Result<HashMap<String, i64>, ImportError> {
        let tenant = self.importer.request.tenant;
        let keys = keys.iter().map(String::as_str);
        Ok(self.importer.engine.read(|conn| by_natural_key(conn, tenant, kind, keys))?)
    }

    fn make_products(
        &mut self,
        plan: &Plan,
        known: HashMap<String, i64>,
    ) -> Result<HashMap<String, ProductId>, ImportError> {
        let records: Vec<Record> = plan
            .products
            .iter()
            .filter(|product| !known.contains_key(&fold(&product.identifier)))
            .map(|product| {
                vec![
                    ("identifier".to_owned(), Value::Text(product.identifier.clone())),
                    ("name".to_owned(), Value::Text(product.name.clone())),
                ]
            })
            .collect();
        let known = if records.is_empty() {
            known
        } else {
            self.create(&kinds::PRODUCTS, &records)?;
            self.known_products(plan)?
        };
        Ok(known.into_iter().map(|(code, id)| (code, ProductId(id))).collect())
    }

    fn make_customers(
        &mut self,
        plan: &Plan,
        known: HashMap<String, i64>,
    ) -> Result<HashMap<String, PartyId>, ImportError> {
        let records: Vec<Record> = plan
            .customers
            .iter()
            .filter(|code| !known.contains_key(&fold(code)))
            .map(|code| {
                vec![
                    ("code".to_owned(), Value::Text(code.clone())),
                    ("name".to_owned(), Value::Text(format!("Customer {code}"))),
                    ("roles".to_owned(), Value::List(vec![Value::Text("customer".to_owned())])),
                ]
            })
            .collect();
        let known = if records.is_empty() {
            known
        } else {
            self.create(&kinds::PARTIES, &records)?;
            self.known_customers(plan)?
        };
        Ok(known.into_iter().map(|(code, id)| (code, PartyId(id))).collect())
    }

    /// Where the goods are: the default location of the root org unit.
    fn location(&self) -> Result<LocationId, ImportError> {
        let engine = self.importer.engine;
        let structure = engine.read(|conn| engine.structure(conn, self.importer.request.tenant))?;
        Ok(structure.catalog.locations.default_of(LocationId::ROOT))
    }

    /// Two deliveries from the supplier, on the two days before the first line.
    fn post_openings(
        &mut self,
        plan: &Plan,
        names: &Names,
        hash: &str,
        known: &Openings,
        done: &mut u64,
        total: u64,
    ) -> Result<(), ImportError> {
        let Some(first) = plan.first else { return Ok(()) };
        let midnight = first.0.div_euclid(Time::DAY) * Time::DAY;
        for (delivery, lines) in (1..).zip(opening_lines(plan)) {
            let at = Time(midnight - (3 - delivery) * Time::DAY);
            let name = Openings::name(hash, delivery as usize);
            let kept = known.by_name.get(&name).map(|(known, _)| *known);
            let kept = if let Some(kept) = kept {
                kept
            } else {
                let create = CreateVoucher {
                    journal: names.journals.openings,
                    description: Some(format!("Opening delivery {delivery} before {first}")),
                    source: VoucherSource {
                        kind: Some(OPENING.to_owned()),
                        id: None,
                        identifier: Some(name.clone()),
                        alternative_number: Some(lines.len().to_string()),
                    },
                    ..CreateVoucher::default()
                };
                let key = Some((format!("online-retail/{}/{name}", names.journals.openings), hash_of(&name)));
                let answer = self.importer.engine.run(self.request(key), Command::CreateVoucher(create))?;
                Known { id: VoucherId(voucher_of(&answer)?.id), booked: 0 }
            };
            let drafts: Vec<EntryDraft> = lines
                .iter()
                .map(|(product, quantity, cost)| EntryDraft {
                    org_unit: Some(LocationId::ROOT),
                    location: Some(names.location),
                    effective_at: Some(at),
                    product: names.products.get(&fold(&product.identifier)).copied(),
                    count: Some(*quantity),
                    cost_price: Some(*cost),
                    ..EntryDraft::default()
                })
                .collect();
            let requests = drafts
                .chunks(ENTRIES_MAX)
                .enumerate()
                .filter(|(at, drafts)| at * ENTRIES_MAX + drafts.len() > kept.booked)
                .map(|(at, drafts)| {
                    let key = format!("online-retail/{}/{name}/{at}", names.journals.openings);
                    let body = hash_of(&format!("{drafts:?}"));
                    let command =
                        CreateEntries { voucher: kept.id, entries: drafts.to_vec(), ..CreateEntries::default() };
                    (self.request(Some((key, body))), Command::CreateEntries(command))
                })
                .collect();
            self.run_entries(requests, |_| format!("opening delivery {delivery}"))?;
            *done += lines.len() as u64;
            (self.importer.tell)(*done, total);
        }
        Ok(())
    }

    fn post_vouchers(
        &mut self,
        plan: &Plan,
        names: &Names,
        sources: &HashMap<(VoucherKind, String), Known>,
        done: &mut u64,
        total: u64,
    ) -> Result<(), ImportError> {
        let mut ids: Vec<Option<VoucherId>> = plan
            .vouchers
            .iter()
            .map(|voucher| sources.get(&(voucher.kind, voucher.invoice.clone())).map(|known| known.id))
            .collect();
        let parts: Vec<Part> = plan
            .parts
            .iter()
            .flat_map(|part| {
                (part.from..part.to).step_by(ENTRIES_MAX).map(|from| Part {
                    from,
                    to: part.to.min(from + ENTRIES_MAX),
                    ..*part
                })
            })
            .filter(|part| part.to > booked_of(&plan.vouchers[part.voucher], sources))
            .collect();
        for parts in parts.chunks(CHUNK) {
            self.make_vouchers(plan, names, parts, &mut ids)?;
            let mut requests = Vec::with_capacity(parts.len());
            for part in parts {
                let voucher = &plan.vouchers[part.voucher];
                let id = ids[part.voucher].expect("the vouchers of all parts were just made");
                let from = part.from.max(booked_of(voucher, sources));
                let drafts: Vec<EntryDraft> =
                    voucher.lines[from..part.to].iter().map(|at| draft(&self.lines[*at], voucher, names)).collect();
                *done += drafts.len() as u64;
                let key = format!("{}/{from}", key_of(voucher, names));
                let body = hash_of(&format!("{drafts:?}"));
                let command = CreateEntries { voucher: id, entries: drafts, ..CreateEntries::default() };
                requests.push((self.request(Some((key, body))), Command::CreateEntries(command)));
            }
            self.run_entries(requests, |at| format!("invoice {}", plan.vouchers[parts[at].voucher].invoice))?;
            (self.importer.tell)(*done, total);
        }
        Ok(())
    }

    fn make_vouchers(
        &mut self,
        plan: &Plan,
        names: &Names,
        parts: &[Part],
        ids: &mut [Option<VoucherId>],
    ) -> Result<(), ImportError> {
        let mut wanted: Vec<usize> = Vec::new();
        for part in parts {
            if ids[part.voucher].is_none() && !wanted.contains(&part.voucher) {
                wanted.push(part.voucher);
            }
        }
        let requests = wanted
            .iter()
            .map(|at| {
                let voucher = &plan.vouchers[*at];
                let create = CreateVoucher {
                    journal: names.journals.of(voucher.kind),
                    description: (!voucher.country.is_empty()).then(|| voucher.country.clone()),
                    source: VoucherSource {
                        kind: Some(INVOICE.to_owned()),
                        id: Some(voucher.digits),
                        identifier: Some(voucher.invoice.clone()),
                        alternative_number: None,
                    },
                    ..CreateVoucher::default()
                };
                let key = key_of(voucher, names);
                let body = hash_of(&key);
                (self.request(Some((key, body))), Command::CreateVoucher(create))
            })
            .collect();
        for (at, answer) in wanted.into_iter().zip(self.importer.engine.run_all(requests)) {
            ids[at] = Some(VoucherId(voucher_of(&answer?)?.id));
        }
        Ok(())
    }

    /// Adds entries and looks how booking them went; what went wrong is told by voucher.
    fn run_entries(
        &mut self,
        requests: Vec<(Request, Command)>,
        name: impl Fn(usize) -> String,
    ) -> Result<(), ImportError> {
        for (at, answer) in self.importer.engine.run_all(requests).into_iter().enumerate() {
            let fault = |message: String| Fault { file: name(at), line: 0, message };
            match answer {
                Ok(answer) => {
                    let created: EntriesCreated = serde_json::from_str(&answer)
                        .map_err(|error| Error::Internal(format!("an answer cannot be read: {error}")))?;
                    let booking = created.booking.filter(|booking| booking.state != BookingState::Booked);
                    self.faults.extend(
                        booking.iter().flat_map(|booking| &booking.faults).map(|kept| fault(kept.message.clone())),
                    );
                    if booking.is_some() && self.faults.is_empty() {
                        self.faults.push(fault("was not booked".to_owned()));
                    }
                }
                Err(error @ (Error::Busy(_) | Error::Internal(_))) => return Err(error.into()),
                Err(Error::KeyReused { .. }) => {
                    self.faults.push(fault(
                        "was imported with other lines before; import it under another --journal-prefix".to_owned(),
                    ));
                }
                Err(error) => self.faults.push(fault(error.to_string())),
            }
        }
        if self.faults.is_empty() { Ok(()) } else { Err(ImportError::Faults(std::mem::take(&mut self.faults))) }
    }
}

fn booked_of(voucher: &Voucher, sources: &HashMap<(VoucherKind, String), Known>) -> usize {
    sources.get(&(voucher.kind, voucher.invoice.clone())).map_or(0, |known| known.booked)
}

fn key_of(voucher: &Voucher, names: &Names) -> String {
    format!("online-retail/{}/{}", names.journals.of(voucher.kind), voucher.invoice)
}

/// The lines of both opening deliveries: product, how many, at which cost.
fn opening_lines(plan: &Plan) -> [Vec<(&Product, Quantity, UnitCost)>; 2] {
    let mut lines = [Vec::new(), Vec::new()];
    for product in &plan.products {
        for (lines, (quantity, cost)) in lines.iter_mut().zip(product.deliveries()) {
            if quantity.0 > 0 {
                lines.push((product, quantity, cost));
            }
        }
    }
    lines
}

fn draft(line: &Line, voucher: &Voucher, names: &Names) -> EntryDraft {
    let document = || Some(Reference { kind: INVOICE.to_owned(), id: line.digits });
    let goods = Quantity(line.quantity.0.saturating_abs());
    let (count, external, credit_note) = match voucher.kind {
        VoucherKind::Sale => (Quantity(-goods.0), document(), None),
        VoucherKind::CreditNote => (goods, None, document()),
        VoucherKind::WriteOff => (goods, None, None),
    };
    EntryDraft {
        org_unit: Some(LocationId::ROOT),
        location: Some(names.location),
        effective_at: Some(line.at),
        product: names.products.get(&fold(&line.code)).copied(),
        count: Some(count),
        sales_price: Some(line.price),
        customer: names.customers.get(&fold(&line.customer)).copied(),
        description: (!line.description.is_empty()).then(|| line.description.clone()),
        external,
        credit_note,
        ..EntryDraft::default()
    }
}

fn voucher_of(answer: &str) -> Result<VoucherCreated, Error> {
    serde_json::from_str(answer).map_err(|error| Error::Internal(format!("an answer cannot be read: {error}")))
}

fn hash_of(text: &str) -> [u8; 32] {
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// What these lines are known by, whatever files they are in and in which order.
fn content_hash(lines: &[Line]) -> String {
    let mut hashes: Vec<[u8; 32]> =
        lines.iter().map(|line| hash_of(&format!("{:?}", Line { file: 0, number: 0, ..line.clone() }))).collect();
    hashes.sort_unstable();
    let hash = blake3::hash(hashes.as_flattened()).to_hex();
    hash[..32].to_owned()
}
