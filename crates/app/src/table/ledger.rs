//! Tables of the catalog, of drafts, and of the ledger as it stands.

use std::collections::BTreeSet;

use lotbook_domain::id::{AccountId, LocationId, LotId, TenantId};
use lotbook_domain::ledger::AccountKind;
use lotbook_engine::query::availability::{self, Part, is_of_the_past};
use lotbook_engine::query::balance::balances;
use lotbook_engine::query::movement::{self, MovementFilter};
use lotbook_engine::query::valuation::valuation;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::{catalog, entry, header};
use lotbook_engine::thing::list::Seen;
use lotbook_engine::thing::{Kind, Record, Value, kinds, list};
use lotbook_engine::{Conn, Error};

use super::asked::{Asked, check_position, find_text};
use super::names::{Names, place};
use super::{LONG_PAGE, PAGE, Table, decimal, maybe, number, record, some, text};

/// The records of a kind.
pub fn records(asked: &Asked, kind: &'static Kind) -> Table {
    let (tenant, engine, access) = (asked.tenant, asked.engine.clone(), asked.access.clone());
    let mut cursor: Option<String> = None;
    let mut is_done = false;
    Table::new(move |conn| {
        if is_done {
            return Ok(None);
        }
        let mut query = vec![("limit".to_owned(), PAGE.to_string())];
        query.extend(cursor.take().map(|cursor| ("cursor".to_owned(), cursor)));
        let seen = match &access {
            None => Seen::All,
            Some(access) => {
                let structure = engine.structure(conn, tenant)?;
                Seen::of(kind, &access.reach(STOCK_READ, &structure.catalog.locations), &structure)
            }
        };
        let page = list::page(conn, tenant, kind, &query, &seen)?;
        let page = Value::parse(&page).map_err(|error| Error::Internal(error.to_string()))?;
        let mut rows = Vec::new();
        if let Value::Object(fields) = page {
            for (field, value) in fields {
                match (field.as_str(), value) {
                    ("items", Value::List(items)) => {
                        rows.extend(items.into_iter().filter_map(|item| match item {
                            Value::Object(record) => Some(record),
                            _ => None,
                        }));
                    }
                    ("nextCursor", Value::Text(next)) => cursor = Some(next),
                    _ => {}
                }
            }
        }
        is_done = cursor.is_none();
        Ok(Some(rows))
    })
}

/// The position that a table tells of, the same on all of its pages.
fn pin(pinned: &mut Option<i64>, asked: Option<i64>, conn: &mut Conn, tenant: TenantId) -> Result<i64, Error> {
    if let Some(position) = *pinned {
        return Ok(position);
    }
    let position = match asked {
        Some(position) => position,
        None => header::position(conn, tenant)?,
    };
    Ok(*pinned.insert(position))
}

/// What stands where.
pub fn stock(asked: &Asked) -> Table {
    let asked = asked.clone();
    let (mut after, mut pinned) = (Some(AccountId(0)), None);
    Table::new(move |conn| {
        let Some(from) = after else { return Ok(None) };
        let structure = asked.engine.structure(conn, asked.tenant)?;
        let mut filter = asked.balances(conn, &structure)?;
        filter.as_known_at = Some(pin(&mut pinned, filter.as_known_at, conn, asked.tenant)?);
        filter.after = from;
        let (found, next) = balances(conn, asked.tenant, AccountKind::Stock, &filter, LONG_PAGE)?;
        after = next;
        let keys = found.iter().map(|row| (row.key.product, row.key.variant, row.key.lot));
        let names = Names::load(conn, asked.tenant, keys)?;
        let rows = found.iter().map(|row| {
            record([
                ("product", names.product_of(row.key.product)),
                ("name", names.name_of(row.key.product)),
                ("variant", names.variant_of(row.key.variant)),
                ("lot", names.lot_of(row.key.lot)),
                ("location", place(&structure, row.key.place)),
                ("quantity", decimal(row.quantity.0)),
                ("unit", names.unit_of(row.key.product, &structure)),
            ])
        });
        Ok(Some(rows.collect()))
    })
    .with_columns(["product", "name", "variant", "lot", "location", "quantity", "unit"])
}

/// What stock is worth, by cost pool.
pub fn values(asked: &Asked) -> Table {
    let asked = asked.clone();
    let (mut after, mut pinned) = (Some(AccountId(0)), None);
    Table::new(move |conn| {
        let Some(from) = after else { return Ok(None) };
        let structure = asked.engine.structure(conn, asked.tenant)?;
        let mut filter = asked.balances(conn, &structure)?;
        filter.as_known_at = Some(pin(&mut pinned, filter.as_known_at, conn, asked.tenant)?);
        filter.after = from;
        let at = filter.as_of.unwrap_or_else(|| asked.engine.now());
        let found = valuation(conn, asked.tenant, &filter, LONG_PAGE)?;
        after = found.next.map(AccountId);
        let keys = found.items.iter().map(|row| (row.product, row.variant, row.lot));
        let mut names = Names::load(conn, asked.tenant, keys)?;
        names.as_known_at(conn, asked.tenant, filter.as_known_at)?;
        let rows = found.items.iter().map(|row| {
            record([
                ("product", names.product_of(row.product)),
                ("name", names.name_of(row.product)),
                ("variant", names.variant_of(row.variant)),
                ("lot", names.lot_of(row.lot)),
                ("orgUnit", place(&structure, row.org_unit)),
                ("quantity", decimal(row.quantity.0)),
                ("unit", names.unit_of(row.product, &structure)),
                ("value", decimal(row.value.0)),
                ("unitCost", maybe(row.unit_cost, |cost| decimal(cost.0))),
                ("method", text(names.method_of(row.product, at))),
                ("settledTo", number(found.settled_to)),
            ])
        });
        Ok(Some(rows.collect()))
    })
    .with_columns([
        "product",
        "name",
        "variant",
        "lot",
        "orgUnit",
        "quantity",
        "unit",
        "value",
        "unitCost",
        "method",
        "settledTo",
    ])
}

/// What can be promised. Stock is that of one position on all of its pages; what is reserved and ordered is that of when
/// its page is read.
pub fn available(asked: &Asked) -> Table {
    let asked = asked.clone();
    let mut part = Some(Part { limit: LONG_PAGE, ..Part::default() });
    Table::new(move |conn| {
        let Some(at) = &mut part else { return Ok(None) };
        let structure = asked.engine.structure(conn, asked.tenant)?;
        // Before the filter takes its own: what is asked for without a time is not of the past.
        let now = asked.engine.now();
        let filter = asked.balances(conn, &structure)?;
        pin(&mut at.stock_at, filter.as_known_at, conn, asked.tenant)?;
        let (found, next) = availability::page(conn, asked.tenant, &structure.catalog.locations, &filter, now, at)?;
        at.after = next;
        if next.is_none() {
            part = None;
        }
        let is_of_now = !is_of_the_past(&filter, now);
        let keys = found.iter().map(|((product, variant, _), _)| (*product, *variant, LotId(0)));
        let names = Names::load(conn, asked.tenant, keys)?;
        let rows = found.iter().map(|((product, variant, at), sum)| {
            record([
                ("product", names.product_of(*product)),
                ("name", names.name_of(*product)),
                ("variant", names.variant_of(*variant)),
                ("location", place(&structure, *at)),
                ("stock", decimal(sum.stock.0)),
                ("reserved", decimal(sum.reserved.0)),
                ("available", decimal(sum.available().0)),
                ("ordered", maybe(is_of_now.then_some(sum.ordered.0), decimal)),
                ("unit", names.unit_of(*product, &structure)),
            ])
        });
        Ok(Some(rows.collect()))
    })
    .with_columns(["product", "name", "variant", "location", "stock", "reserved", "available", "ordered", "unit"])
}

/// The posted ledger.
pub fn movements(asked: &Asked) -> Table {
    let asked = asked.clone();
    let mut begun: Option<MovementFilter> = None;
    Table::new(move |conn| {
        let structure = asked.engine.structure(conn, asked.tenant)?;
        let filter = match &mut begun {
            Some(filter) => filter,
            none => none.insert(moved(&asked, conn, &structure)?),
        };
        let place = |id| text(structure.catalog.locations.name_of(id));
        let found = movement::page(conn, asked.tenant, filter, 0, PAGE)?;
        let Some(last) = found.last() else { return Ok(None) };
        filter.after = last.number;
        let rows = found.into_iter().map(|posted| {
            let moved = posted.movement;
            record([
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
                ("counted", maybe(posted.counted, |counted| decimal(counted.0))),
                ("effectiveAt", text(moved.effective_at.to_string())),
                ("bookedAt", text(posted.booked_at.to_string())),
                ("voucher", some(posted.voucher_number)),
                ("customer", some(moved.customer.0)),
                ("supplier", some(moved.supplier.0)),
                ("description", maybe(moved.description, text)),
                ("reverses", maybe(moved.reverses, |id| number(id.number()))),
            ])
        });
        Ok(Some(rows.collect()))
    })
}

/// What movements can be asked for by.
pub const MOVED: [&str; 9] = ["product", "variant", "lot", "location", "orgUnit", "from", "to", "asOf", "asKnownAt"];

fn moved(asked: &Asked, conn: &mut Conn, structure: &Structure) -> Result<MovementFilter, Error> {
    let mut wrong = Vec::new();
    let mut below = |name| -> Result<Option<Vec<LocationId>>, Error> {
        let Some(text) = asked.text(name) else { return Ok(None) };
        let root = LocationId(find_text(conn, asked.tenant, &kinds::LOCATIONS, text)?);
        Ok(Some(structure.catalog.locations.with_descendants(&[root])))
    };
    let (locations, org_units) = (below("location")?, below("orgUnit")?);
    let filter = MovementFilter {
        products: asked.product(conn)?.map(|product| vec![product]),
        variant: asked.variant(conn)?,
        lot: asked.lot(conn)?,
        locations,
        org_units,
        effective: (asked.time("from", structure, &mut wrong), asked.until(structure, &mut wrong)),
        as_known_at: asked.whole("asKnownAt", &mut wrong),
        ..MovementFilter::default()
    };
    check_position(conn, asked.tenant, filter.as_known_at, &mut wrong)?;
    if wrong.is_empty() { Ok(filter) } else { Err(Error::Invalid(wrong)) }
}

/// Entries that wait to be booked.
pub fn entries(asked: &Asked) -> Table {
    let asked = asked.clone();
    let mut after = 0;
    Table::new(move |conn| {
        let filter = entry::EntryFilter { ids: Some((after + 1, i64::MAX)), ..entry::EntryFilter::default() };
        let structure = asked.engine.structure(conn, asked.tenant)?;
        let found = entry::page(conn, asked.tenant, &filter, 0, PAGE)?;
        let Some(last) = found.last() else { return Ok(None) };
        after = last.entry.id.0;
        let ids: BTreeSet<_> = found.iter().map(|waiting| waiting.entry.product).collect();
        let products = catalog::products(conn, asked.tenant, ids)?;
        let rows: Vec<Record> = found
            .into_iter()
            .map(|waiting| {
                let line = waiting.entry;
                let product = products.iter().find(|product| product.id == line.product);
                let journal = structure.journals.get(&line.journal).map(|found| found.journal.name.clone());
                record([
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
                    ("costPrice", maybe(line.cost_price, |cost| decimal(cost.0))),
                    ("salesPrice", maybe(line.sales_price, |price| decimal(price.0))),
                    ("description", maybe(line.description, text)),
                ])
            })
            .collect();
        Ok(Some(rows))
    })
}
