//! `/v1/entries`.

use std::collections::{BTreeSet, HashMap};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use lotbook_domain::entry::{EntryDraft, Reference as Document};
use lotbook_domain::id::{
    EntryId, JournalId, LocationId, LotId, PartyId, ProductId, ReasonId, ReservationId, TenantId, UnitId, VariantId,
};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::{
    BookingOutcome, ClearJournal, CreateEntries, EntriesCreated, Reach, RemoveEntry, ReplaceEntry,
};
use lotbook_engine::security::permission::{STOCK_DRAFT, STOCK_READ};
use lotbook_engine::structure::Structure;
use lotbook_engine::table::entry::{self, EntryFilter, Waiting};
use lotbook_engine::thing::{Kind, Record, Value, kinds};
use lotbook_engine::write::Command;
use lotbook_engine::{Conn, Error, table};
use serde::Serialize;

use super::form::{Number, decimal, field, refuse_unknown, refuse_unknown_in, text, time, whole};
use super::reference::{Resolved, find_all, find_text, unknown};
use super::{id_of, reach, reservation, voucher};
use crate::app::Shared;
use crate::bridge;
use crate::http::call::{Call, cursor_of, json_text};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/v1/entries", get(list).post(create))
        .route("/v1/entries/{entry}", get(one).put(replace).delete(remove))
        .route("/v1/journals/{journal}/clear", post(clear))
}

/// One call enters at most so many.
const ENTRIES_MAX: usize = 100_000;

/// The fields that name records, with what they name.
const REFERENCES: [(&str, &Kind); 7] = [
    ("product", &kinds::PRODUCTS),
    ("location", &kinds::LOCATIONS),
    ("orgUnit", &kinds::LOCATIONS),
    ("unit", &kinds::UNITS),
    ("customer", &kinds::PARTIES),
    ("supplier", &kinds::PARTIES),
    ("reason", &kinds::REASON_CODES),
];

/// What an entry can have: what is entered, and what answers show beside it, so that an answer can be sent back.
pub const FIELDS: [&str; 29] = [
    "voucher",
    "product",
    "variant",
    "variantIdentifier",
    "lot",
    "lotName",
    "instances",
    "location",
    "orgUnit",
    "count",
    "unit",
    "stockDate",
    "costPrice",
    "salesPrice",
    "customer",
    "supplier",
    "reason",
    "description",
    "source",
    "externalReference",
    "creditNoteReference",
    "reservation",
    "id",
    "journal",
    "serials",
    "createdAt",
    "createdBy",
    "uid",
    "version",
];

/// Reads entries with their references; every fault that the body itself has goes along.
pub fn read_entries(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    records: &[Record],
) -> Result<(Vec<EntryDraft>, Vec<Violation>), Error> {
    let zone = structure.settings.time_zone();
    let mut wrong: Vec<Violation> = Vec::new();
    let mut found: Vec<Vec<Resolved>> = Vec::with_capacity(REFERENCES.len());
    for (name, kind) in REFERENCES {
        let values: Vec<(&Value, i64)> = records.iter().map(|record| (field(record, name), 0)).collect();
        let resolved = find_all(conn, tenant, kind, &values)?;
        for (index, reference) in resolved.iter().enumerate() {
            if let Resolved::Unknown(what) = reference {
                wrong.push(Violation::at(index, name, unknown(name), format!("there is no {} {what}", kind.noun)));
            }
        }
        found.push(resolved);
    }
    let product_of = |index: usize| found[0][index].id().unwrap_or(0);
    let within = |name: &str| -> Vec<(&Value, i64)> {
        records.iter().enumerate().map(|(index, record)| (field(record, name), product_of(index))).collect()
    };
    let variants = find_all(conn, tenant, &kinds::VARIANTS, &within("variant"))?;
    let lots = find_all(conn, tenant, &kinds::LOTS, &within("lot"))?;
    let instances = read_instances(conn, tenant, records, &product_of, &mut wrong)?;
    let reservations = read_reservations(conn, tenant, records, &mut wrong)?;
    let mut drafts = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let at = Some(index);
        let id = |place: usize| found[place][index].id();
        if let Resolved::Unknown(what) = &variants[index] {
            let message = format!("product {} has no variant {what}", shown(field(record, "product")));
            wrong.push(Violation::at(index, "variant", "unknownVariant", message));
        }
        // A lot that does not exist yet is named: a receipt makes it, an issue is told that it is missing.
        let (lot, lot_name) = match &lots[index] {
            Resolved::Absent => (None, text(field(record, "lotName"), at, "lotName", &mut wrong)),
            Resolved::Id(id) => (Some(LotId(*id)), None),
            Resolved::Unknown(name) => (None, Some(name.clone())),
        };
        let location = id(1).map(LocationId);
        let org_unit =
            id(2).map(LocationId).or_else(|| location.map(|place| structure.catalog.locations.org_unit_of(place)));
        let mut document = |name: &'static str| -> Option<Document> {
            match field(record, name) {
                Value::Object(fields) => {
                    refuse_unknown_in(name, fields, &["type", "id"], at, &mut wrong);
                    let before = wrong.len();
                    let kind = text(field(fields, "type"), at, name, &mut wrong);
                    let id = whole(field(fields, "id"), at, name, &mut wrong);
                    let (Some(kind), Some(id)) = (kind, id) else {
                        // What was sent under other names is not passed over in silence.
                        if wrong.len() == before {
                            let message = "needs a type and an id, as in {\"type\": \"invoice\", \"id\": 77}";
                            wrong.push(Violation::at(index, name, "required", message.to_owned()));
                        }
                        return None;
                    };
                    Some(Document { kind, id })
                }
                Value::Null => None,
                other => {
                    let message = format!("is {}; send {{\"type\", \"id\"}}", other.noun());
                    wrong.push(Violation::at(index, name, "wrongType", message));
                    None
                }
            }
        };
        let external = document("externalReference");
        let credit_note = document("creditNoteReference");
        let source = match field(record, "source") {
            Value::Object(fields) => {
                refuse_unknown_in("source", fields, &["kind", "identifier"], at, &mut wrong);
                fields.as_slice()
            }
            Value::Null => &[],
            other => {
                let message = format!("is {}; send {{\"kind\", \"identifier\"}}", other.noun());
                wrong.push(Violation::at(index, "source", "wrongType", message));
                &[]
            }
        };
        drafts.push(EntryDraft {
            org_unit,
            effective_at: time(field(record, "stockDate"), &zone, at, "stockDate", &mut wrong),
            product: id(0).map(ProductId),
            variant: variants[index].id().map(VariantId),
            lot,
            lot_name,
            instances: instances[index].clone(),
            location,
            count: decimal(field(record, "count"), at, "count", &mut wrong).map(Quantity),
            unit: id(3).map(UnitId),
            cost_price: decimal(field(record, "costPrice"), at, "costPrice", &mut wrong).map(UnitCost),
            sales_price: decimal(field(record, "salesPrice"), at, "salesPrice", &mut wrong).map(UnitCost),
            customer: id(4).map(PartyId),
            supplier: id(5).map(PartyId),
            reason: id(6).map(ReasonId),
            description: text(field(record, "description"), at, "description", &mut wrong),
            source_kind: whole(field(source, "kind"), at, "source", &mut wrong),
            source_identifier: text(field(source, "identifier"), at, "sourceIdentifier", &mut wrong),
            external,
            credit_note,
            reservation: reservations[index],
        });
    }
    Ok((drafts, wrong))
}

/// A reference as it was given.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => other.to_json(),
    }
}

/// What is wrong with entries, in the words in which they were sent: a lot that does not exist yet may be named by
/// `lot` as well as by `lotName`.
fn in_own_words(error: Error, has_lot_name: &[bool]) -> Error {
    let Error::Invalid(mut violations) = error else { return error };
    for violation in &mut violations {
        if violation.field == "lotName" && !violation.index.and_then(|at| has_lot_name.get(at)).unwrap_or(&true) {
            violation.field = "lot";
        }
    }
    Error::Invalid(violations)
}

fn have_lot_names(records: &[Record]) -> Vec<bool> {
    records.iter().map(|record| *field(record, "lotName") != Value::Null).collect()
}

/// The reservations that entries, runs or operations name, by id or by ULID.
pub(super) fn read_reservations(
    conn: &mut Conn,
    tenant: TenantId,
    records: &[Record],
    wrong: &mut Vec<Violation>,
) -> Result<Vec<Option<ReservationId>>, Error> {
    let mut outcome = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        outcome.push(match field(record, "reservation") {
            Value::Null => None,
            value => {
                let found = reservation::find(conn, tenant, value)?;
                if found.is_none() {
                    let message = format!("there is no reservation {}", value.to_json());
                    wrong.push(Violation::at(index, "reservation", "unknownReservation", message));
                }
                found
            }
        });
    }
    Ok(outcome)
}

fn read_instances(
    conn: &mut Conn,
    tenant: TenantId,
    records: &[Record],
    product_of: &dyn Fn(usize) -> i64,
    wrong: &mut Vec<Violation>,
) -> Result<Vec<Option<Vec<LotId>>>, Error> {
    let mut outcome: Vec<Option<Vec<LotId>>> = vec![None; records.len()];
    let mut asked: Vec<(usize, &Value)> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        match field(record, "instances") {
            Value::Null => {}
            Value::List(values) => {
                outcome[index] = Some(Vec::with_capacity(values.len()));
                asked.extend(values.iter().map(|value| (index, value)));
            }
            other => {
                let message = format!("is {}; send a list", other.noun());
                wrong.push(Violation::at(index, "instances", "wrongType", message));
            }
        }
    }
    let values: Vec<(&Value, i64)> = asked.iter().map(|(index, value)| (*value, product_of(*index))).collect();
    for ((index, _), resolved) in asked.iter().zip(find_all(conn, tenant, &kinds::INSTANCES, &values)?) {
        if let Resolved::Unknown(what) = &resolved {
            let message = format!("product {} has no instance {what}", shown(field(&records[*index], "product")));
            wrong.push(Violation::at(*index, "instances", "unknownInstance", message));
        }
        if let (Some(list), Some(id)) = (&mut outcome[*index], resolved.id()) {
            list.push(LotId(id));
        }
    }
    Ok(outcome)
}

#[derive(Serialize)]
struct Created {
    id: i64,
    index: i64,
}

#[derive(Serialize)]
struct CreatedAll {
    items: Vec<Created>,
    booking: Option<BookingOutcome>,
}

async fn create(call: Call) -> Result<Response, Problem> {
    // A list of entries that each name the voucher; or one; or {voucher, entries}.
    let (common, mut records) = match call.json::<Value>()? {
        Value::List(values) => (Value::Null, values),
        Value::Object(mut record) => match record.iter().position(|(name, _)| name == "entries") {
            Some(at) => match record.swap_remove(at).1 {
                Value::List(values) => (field(&record, "voucher").clone(), values),
                other => return Err(Problem::unreadable(format!("entries is {}; send a list", other.noun()))),
            },
            None => (Value::Null, vec![Value::Object(record)]),
        },
        other => return Err(Problem::unreadable(format!("the body is {}; send entries", other.noun()))),
    };
    if records.len() > ENTRIES_MAX {
        let message = format!("{} entries are too many for one call; send at most {ENTRIES_MAX}", records.len());
        return Err(Problem::from(Error::Invalid(vec![Violation::new("entries", "tooMany", message)])));
    }
    let mut lines: Vec<Record> = Vec::with_capacity(records.len());
    for (index, value) in records.drain(..).enumerate() {
        match value {
            Value::Object(record) => lines.push(record),
            other => return Err(Problem::unreadable(format!("$[{index}] is {}; send an entry", other.noun()))),
        }
    }
    let has_lot_name = have_lot_names(&lines);
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let command = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_DRAFT, &structure)?;
            let mut named = common;
            let mut wrong = Vec::new();
            for (index, record) in lines.iter().enumerate() {
                let own = field(record, "voucher");
                if *own == Value::Null {
                    continue;
                }
                if named == Value::Null {
                    named = own.clone();
                } else if named != *own {
                    let message = "names another voucher than the first entry; one call fills one voucher";
                    wrong.push(Violation::at(index, "voucher", "severalVouchers", message));
                }
            }
            if named == Value::Null {
                wrong.push(Violation::new("voucher", "required", "is missing; name the voucher of the entries"));
                return Err(Error::Invalid(wrong));
            }
            let voucher = voucher::find(conn, tenant, &named)?;
            refuse_unknown(&lines, &FIELDS, &mut wrong);
            let (entries, more) = read_entries(conn, tenant, &structure, &lines)?;
            wrong.extend(more);
            Ok(CreateEntries { voucher: voucher.id, entries, violations: wrong, reach })
        })
        .await?;
    let answer = bridge::submit(&call.app.engine, call.request()?, Command::CreateEntries(command)).await;
    let answer = answer.map_err(|error| call.told(in_own_words(error, &has_lot_name)))?;
    let answer: EntriesCreated = serde_json::from_str(&answer).map_err(|_| Problem::internal())?;
    let items = (0..answer.count).map(|index| Created { id: answer.first + index, index }).collect();
    let body = CreatedAll { items, booking: answer.booking };
    Ok(json_text(StatusCode::CREATED, serde_json::to_string(&body).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: i64,
    voucher: VoucherShown,
    journal: i64,
    product: ProductShown,
    variant: Option<i64>,
    variant_identifier: Option<String>,
    lot: Option<i64>,
    lot_name: Option<String>,
    instances: Option<Vec<i64>>,
    serials: Option<Vec<String>>,
    location: PlaceShown,
    org_unit: PlaceShown,
    count: Number,
    unit: Option<String>,
    stock_date: String,
    cost_price: Option<Number>,
    sales_price: Option<Number>,
    customer: Option<i64>,
    supplier: Option<i64>,
    reason: Option<i64>,
    description: Option<String>,
    source: Option<SourceShown>,
    external_reference: Option<DocumentShown>,
    credit_note_reference: Option<DocumentShown>,
    reservation: Option<i64>,
    created_at: String,
    created_by: i64,
}

#[derive(Serialize)]
struct VoucherShown {
    id: i64,
    number: i64,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
    name: String,
}

#[derive(Serialize)]
struct PlaceShown {
    id: i64,
    path: String,
}

#[derive(Serialize)]
struct DocumentShown {
    r#type: String,
    id: i64,
}

#[derive(Serialize)]
struct SourceShown {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
}

fn some(id: i64) -> Option<i64> {
    (id != 0).then_some(id)
}

/// What entries refer to, by its name.
struct Names {
    products: HashMap<ProductId, (String, String)>,
    variants: HashMap<VariantId, String>,
    lots: HashMap<LotId, String>,
}

fn show(waiting: Waiting, structure: &Structure, names: &Names) -> Shown {
    let entry = waiting.entry;
    let product = names.products.get(&entry.product).cloned().unwrap_or_default();
    let lot_name = entry.lot_name.or_else(|| names.lots.get(&entry.lot).cloned());
    let serial = |id: &LotId| names.lots.get(id).cloned().unwrap_or_else(|| id.to_string());
    let place = |id: LocationId| PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) };
    let document = |found: Option<Document>| found.map(|found| DocumentShown { r#type: found.kind, id: found.id });
    Shown {
        id: entry.id.0,
        voucher: VoucherShown { id: entry.voucher.0, number: entry.voucher_number },
        journal: entry.journal.0,
        product: ProductShown { id: entry.product.0, identifier: product.0, name: product.1 },
        variant: some(entry.variant.0),
        variant_identifier: names.variants.get(&entry.variant).cloned(),
        lot: some(entry.lot.0),
        lot_name,
        serials: entry.has_instances.then(|| entry.instances.iter().map(serial).collect()),
        instances: entry.has_instances.then(|| entry.instances.iter().map(|id| id.0).collect()),
        location: place(entry.location),
        org_unit: place(entry.org_unit),
        count: Number(entry.count.0),
        unit: structure.catalog.units.get(&entry.unit).cloned(),
        stock_date: entry.effective_at.to_string(),
        cost_price: entry.cost_price.map(|cost| Number(cost.0)),
        sales_price: entry.sales_price.map(|price| Number(price.0)),
        customer: some(entry.customer.0),
        supplier: some(entry.supplier.0),
        reason: some(entry.reason.0),
        description: entry.description,
        source: (entry.source_kind.is_some() || entry.source_identifier.is_some())
            .then_some(SourceShown { kind: entry.source_kind, identifier: entry.source_identifier }),
        external_reference: document(entry.external),
        credit_note_reference: document(entry.credit_note),
        reservation: some(entry.reservation.0),
        created_at: waiting.created_at.to_string(),
        created_by: waiting.created_by.0,
    }
}

fn show_all(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: Vec<Waiting>,
) -> Result<Vec<Shown>, Error> {
    let ids: BTreeSet<ProductId> = found.iter().map(|waiting| waiting.entry.product).collect();
    let products = table::catalog::products(conn, tenant, ids)?.into_iter();
    let ids: BTreeSet<VariantId> = found.iter().map(|waiting| waiting.entry.variant).filter(|id| id.0 != 0).collect();
    let variants = table::catalog::variants(conn, tenant, ids)?.into_iter();
    let ids: BTreeSet<LotId> = found
        .iter()
        .flat_map(|waiting| waiting.entry.instances.iter().copied().chain([waiting.entry.lot]))
        .filter(|id| id.0 != 0)
        .collect();
    let lots = table::catalog::lots(conn, tenant, ids)?.into_iter();
    let names = Names {
        products: products.map(|product| (product.id, (product.identifier, product.name))).collect(),
        variants: variants.map(|variant| (variant.id, variant.identifier)).collect(),
        lots: lots.map(|lot| (lot.id, lot.name)).collect(),
    };
    Ok(found.into_iter().map(|waiting| show(waiting, structure, &names)).collect())
}

async fn one(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    let id = id_of("entry", &id)?;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let shown = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let filter = EntryFilter { ids: Some((id, id)), ..EntryFilter::default() };
            let found = entry::page(conn, tenant, &filter, 0, 1)?;
            let found = found.into_iter().filter(|waiting| reach.includes(waiting.entry.org_unit)).collect();
            show_all(conn, tenant, &structure, found)?.pop().ok_or_else(|| Error::not_found("entry", id))
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&shown).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Shown>,
    next_cursor: Option<String>,
}

/// Which entries a list or a total is about, as the address says it.
pub(super) struct Asked {
    pub(super) journal: Option<String>,
    voucher: Option<String>,
    product: Option<String>,
    location: Option<String>,
    description: Option<String>,
}

impl Asked {
    pub(super) fn of(call: &Call) -> Self {
        let asked = |name: &str| call.query(name).map(std::borrow::Cow::into_owned);
        Self {
            journal: asked("journal"),
            voucher: asked("voucher"),
            product: asked("product"),
            location: asked("location"),
            description: asked("description"),
        }
    }

    /// The filter, without what the caller may not see.
    pub(super) fn filter(
        self,
        conn: &mut Conn,
        tenant: TenantId,
        structure: &Structure,
        reach: &Reach,
    ) -> Result<EntryFilter, Error> {
        let mut filter = EntryFilter { description: self.description, ..EntryFilter::default() };
        if let Some(text) = self.journal {
            filter.journal = Some(JournalId(find_text(conn, tenant, &kinds::JOURNALS, &text)?));
        }
        if let Some(text) = self.voucher {
            filter.voucher = Some(voucher::find(conn, tenant, &Value::Text(text))?.id);
        }
        if let Some(text) = self.product {
            filter.product = Some(ProductId(find_text(conn, tenant, &kinds::PRODUCTS, &text)?));
        }
        if let Some(text) = self.location {
            let place = LocationId(find_text(conn, tenant, &kinds::LOCATIONS, &text)?);
            filter.locations = Some(structure.catalog.locations.with_descendants(&[place]));
        }
        filter.journals = structure.journals_seen(reach);
        if let Reach::Only(units) = reach {
            filter.org_units = Some(units.iter().copied().collect());
        }
        Ok(filter)
    }
}

/// `ids=17-42`: only entries with ids in between, both included.
fn ids_of(call: &Call) -> Result<(i64, i64), Problem> {
    let Some(text) = call.query("ids") else { return Ok((1, i64::MAX)) };
    let ids = text.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    ids.ok_or_else(|| {
        Problem::unreadable(format!("ids is the first and the last of them, such as 17-42, not {text:?}"))
    })
}

async fn list(call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let limit = call.limit()?;
    let (first, last) = ids_of(&call)?;
    let after = call.cursor()?.unwrap_or(0);
    let asked = Asked::of(&call);
    let (items, next) = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_READ, &structure)?;
            let mut filter = asked.filter(conn, tenant, &structure, &reach)?;
            filter.ids = Some((first.max(after + 1), last));
            let mut found = entry::page(conn, tenant, &filter, 0, limit + 1)?;
            let has_more = found.len() as i64 > limit;
            found.truncate(limit as usize);
            let next = if has_more { found.last().map(|waiting| cursor_of(waiting.entry.id.0)) } else { None };
            Ok((show_all(conn, tenant, &structure, found)?, next))
        })
        .await?;
    let body = Page { items, next_cursor: next };
    Ok(json_text(StatusCode::OK, serde_json::to_string(&body).map_err(|_| Problem::internal())?))
}

async fn drafting_reach(call: &Call) -> Result<Reach, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    call.read(move |conn| {
        let structure = engine.structure(conn, tenant)?;
        reach(&access, STOCK_DRAFT, &structure)
    })
    .await
}

async fn remove(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    let id = id_of("entry", &id)?;
    let reach = drafting_reach(&call).await?;
    call.change(RemoveEntry { entry: EntryId(id), reach }).await?;
    Ok(json_text(StatusCode::OK, "{}"))
}

async fn replace(Path(id): Path<String>, call: Call) -> Result<Response, Problem> {
    let id = id_of("entry", &id)?;
    let record = match call.json::<Value>()? {
        Value::Object(record) => record,
        other => return Err(Problem::unreadable(format!("the body is {}; send one entry", other.noun()))),
    };
    let has_lot_name = *field(&record, "lotName") != Value::Null;
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let change = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, STOCK_DRAFT, &structure)?;
            let records = [record];
            let (mut drafts, mut violations) = read_entries(conn, tenant, &structure, &records)?;
            refuse_unknown(&records, &FIELDS, &mut violations);
            let draft = drafts.pop().expect("one record gives one entry");
            Ok(ReplaceEntry { entry: EntryId(id), draft, violations, reach })
        })
        .await?;
    let command = Command::Change(Box::new(change));
    let answer = bridge::submit(&call.app.engine, call.request()?, command).await;
    let answer = answer.map_err(|error| call.told(in_own_words(error, &[has_lot_name])))?;
    Ok(json_text(StatusCode::OK, answer))
}

async fn clear(Path(journal): Path<String>, call: Call) -> Result<Response, Problem> {
    let reach = drafting_reach(&call).await?;
    let tenant = call.caller.tenant();
    let journal = call.read(move |conn| find_text(conn, tenant, &kinds::JOURNALS, &journal)).await?;
    let answer = call.change(ClearJournal { journal: JournalId(journal), reach }).await?;
    Ok(json_text(StatusCode::OK, answer))
}
