//! Rows of stock: how much of which lot is where, what they are called, and what fits into a location.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{AccountId, LocationId, LotId, ProductId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::quantity::Quantity;
use lotbook_engine::command::{NameRow, Reach};
use lotbook_engine::query::balance::{Balance, BalanceFilter, balances};
use lotbook_engine::query::lot::{Room, room};
use lotbook_engine::table;
use lotbook_engine::table::inventory_row::InventoryRow;
use lotbook_engine::thing::kept::{self, Which, called};
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::uid;

use super::GET;
use super::lot::{find_lot, need_lot};
use crate::http::flow::visible;
use crate::http::script::argument::{self, Args};
use crate::http::script::fault::Fault;
use crate::http::script::session::{Reader, Session};
use crate::http::script::shape::{Shape, id, number};

/// The id of a row: the time of its lot or material, and its account's number. An account never changes its
/// number, so neither does a row its id.
fn id_of(owner: &str, account: AccountId) -> String {
    let mut text = owner.get(..10).unwrap_or("0000000000").to_owned();
    let number = account.0.unsigned_abs();
    for at in (0..16).rev() {
        let digit = if at > 12 { 0 } else { (number >> (5 * at)) & 31 };
        text.push(char::from(LETTERS[usize::try_from(digit).unwrap_or(0)]));
    }
    uid::print(&text)
}

/// The account of a row's id.
fn account_of(text: &str) -> Option<AccountId> {
    let plain = uid::parse(text)?;
    let mut number = 0_u64;
    for letter in plain.as_bytes().get(10..)? {
        let digit = LETTERS.iter().position(|known| known == letter)?;
        number = number.checked_mul(32)?.checked_add(u64::try_from(digit).ok()?)?;
    }
    i64::try_from(number).ok().map(AccountId)
}

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Which rows.
#[derive(Default)]
struct Wanted {
    product: Option<ProductId>,
    lots: Option<Vec<LotId>>,
    places: Option<Vec<LocationId>>,
}

fn read(reader: &mut Reader<'_>, wanted: Wanted) -> Result<Vec<Balance>, Fault> {
    let reach: Reach = reader.reach(GET)?;
    let places = visible_exactly(wanted.places, &reach, reader);
    let filter = BalanceFilter {
        products: wanted.product.map(|product| vec![product]),
        lots: wanted.lots,
        places,
        with_zero: true,
        ..BalanceFilter::default()
    };
    let (mut found, _) = balances(reader.conn, reader.tenant, AccountKind::Stock, &filter, usize::MAX)?;
    // In transit is nowhere yet.
    found.retain(|row| row.key.place != LocationId::IN_TRANSIT);
    Ok(found)
}

/// The places asked for that the caller may look at; `None` = all there are.
fn visible_exactly(asked: Option<Vec<LocationId>>, reach: &Reach, reader: &Reader<'_>) -> Option<Vec<LocationId>> {
    match (asked, reach) {
        (None, reach) => visible(None, reach, &reader.structure),
        (asked, Reach::All | Reach::Open) => asked,
        (Some(asked), reach) => {
            let tree = &reader.structure.catalog.locations;
            Some(asked.into_iter().filter(|place| reach.includes(tree.org_unit_of(*place))).collect())
        }
    }
}

/// Rows as scripts see them. One at zero is there as long as its lot is not closed.
fn show(reader: &mut Reader<'_>, found: Vec<Balance>) -> Result<Vec<Value>, Fault> {
    let (conn, tenant) = (&mut *reader.conn, reader.tenant);
    let lots: BTreeSet<LotId> = found.iter().map(|row| row.key.lot).filter(|lot| lot.0 != 0).collect();
    let uids = table::catalog::lot_uids(conn, tenant, lots.iter().copied())?;
    let lots: HashMap<LotId, _> =
        table::catalog::lots(conn, tenant, lots)?.into_iter().map(|lot| (lot.id, lot)).collect();
    let products: Vec<i64> = found.iter().map(|row| row.key.product.0).collect::<BTreeSet<_>>().into_iter().collect();
    let materials = called(conn, tenant, &kinds::PRODUCTS, products.iter().copied())?;
    let products = kept::read(conn, tenant, &kinds::PRODUCTS, Which::Ids(&products))?;
    let products: HashMap<i64, _> = products.into_iter().map(|product| (product.id, product)).collect();
    let units = called(conn, tenant, &kinds::UNITS, products.values().map(|product| product.number("unit")))?;
    let classes =
        called(conn, tenant, &kinds::CATEGORIES, products.values().map(|product| product.number("category")))?;
    let places = called(conn, tenant, &kinds::LOCATIONS, found.iter().map(|row| row.key.place.0))?;
    let kept = table::inventory_row::by_accounts(conn, tenant, found.iter().map(|row| row.account))?;
    let orders = called(conn, tenant, &kinds::PRODUCTION_ORDERS, kept.values().map(|row| row.production_order))?;
    let nothing = InventoryRow::default();
    let mut shown = Vec::with_capacity(found.len());
    for row in &found {
        let lot = lots.get(&row.key.lot);
        let is_over = lot.is_none_or(|lot| lot.status == lotbook_domain::catalog::LotStatus::Closed);
        if row.quantity.0 == 0 && is_over {
            continue;
        }
        let kept = kept.get(&row.account).unwrap_or(&nothing);
        let product = products.get(&row.key.product.0);
        let unit = product.and_then(|product| units.get(&product.number("unit")));
        let material = materials.get(&row.key.product.0);
        let class = product.and_then(|product| classes.get(&product.number("category")));
        let place = places.get(&row.key.place.0);
        let lot_uid = uids.get(&row.key.lot);
        let owner = lot_uid.or(material.map(|material| &material.uid));
        let [spare1, spare2, spare3] = &kept.spares;
        shown.push(
            Shape::new()
                .at("locationId", "locationPath", place)
                .at("storageLocationId", "storageLocationPath", place)
                .put("lotId", lot_uid.map_or(Value::Null, |uid| id(uid)))
                .text("lotName", lot.map(|lot| lot.name.as_str()))
                .text("lotStatus", lot.map(|lot| lot.status.name()))
                .put("quantity", number(row.quantity.0))
                .called("unitOfMeasureId", "unitOfMeasureName", unit)
                .text("unitOfMeasureSymbol", unit.map(|unit| unit.path.as_str()))
                .text("name", kept.name.as_deref())
                .called("productionOrderId", "productionOrderName", orders.get(&kept.production_order))
                .at("materialId", "materialPath", material)
                .text("materialDescription", product.and_then(|product| product.opt_text("description")))
                .text("materialImage", None)
                .at("materialClassId", "materialClassPath", class)
                .text("id", Some(&id_of(owner.map_or("", String::as_str), row.account)))
                .text("notes", kept.notes.as_deref())
                .flag("enabled", true)
                .text("spare1", spare1.as_deref())
                .text("spare2", spare2.as_deref())
                .text("spare3", spare3.as_deref())
                .done(),
        );
    }
    Ok(shown)
}

fn list(reader: &mut Reader<'_>, wanted: Wanted) -> Result<Value, Fault> {
    let found = read(reader, wanted)?;
    Ok(Value::List(show(reader, found)?))
}

/// `getAllInventory`.
pub fn all(reader: &mut Reader<'_>, _: Args) -> Result<Value, Fault> {
    list(reader, Wanted::default())
}

/// `getAllInventoryAtLocation`.
pub fn at_location(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let place = reader.need(&kinds::LOCATIONS, &args.needed("locationIdOrPath")?)?;
    list(reader, Wanted { places: Some(vec![LocationId(place)]), ..Wanted::default() })
}

/// `getAllInventoryForLocationAndChildren`.
pub fn below_location(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let places = match args.text("locationIdOrPath")? {
        Some(text) => {
            let place = LocationId(reader.need(&kinds::LOCATIONS, &text)?);
            Some(reader.structure.catalog.locations.with_descendants(&[place]))
        }
        None => None,
    };
    list(reader, Wanted { places, ..Wanted::default() })
}

/// `getInventoryForMaterial`.
pub fn of_material(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let product = reader.need(&kinds::PRODUCTS, &args.needed("materialIdOrPath")?)?;
    list(reader, Wanted { product: Some(ProductId(product)), ..Wanted::default() })
}

/// `getInventoryByLotAndLocation`.
pub fn of_lot_at(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let product = match args.text("materialIdOrPath")? {
        Some(text) => reader.need(&kinds::PRODUCTS, &text)?,
        None => 0,
    };
    let place = reader.need(&kinds::LOCATIONS, &args.needed("locationIdOrPath")?)?;
    let Some(lot) = find_lot(reader, &args.needed("lotIdOrName")?, product)? else { return Ok(Value::Null) };
    let wanted = Wanted { lots: Some(vec![LotId(lot)]), places: Some(vec![LocationId(place)]), product: None };
    let found = read(reader, wanted)?;
    Ok(show(reader, found)?.pop().unwrap_or(Value::Null))
}

/// The ids of a lot's rows.
pub fn ids_of_lot(reader: &mut Reader<'_>, lot: LotId) -> Result<Vec<String>, Fault> {
    let found = read(reader, Wanted { lots: Some(vec![lot]), ..Wanted::default() })?;
    let uids = table::catalog::lot_uids(reader.conn, reader.tenant, [lot])?;
    let owner = uids.get(&lot).map_or("", String::as_str);
    Ok(found.into_iter().map(|row| id_of(owner, row.account)).collect())
}

/// `setInventoryMetadata`.
pub async fn set_metadata(session: Session, args: Args) -> Result<Value, Fault> {
    let text = args.needed("inventoryId")?;
    let unknown = Fault::illegal(format!("there is no inventory {text}"));
    let account = account_of(&text).ok_or_else(|| unknown.clone())?;
    // Null leaves a field as it is; an empty text clears it.
    let said = |name: &str| match args.get(name) {
        Value::Null => Ok(None),
        value => argument::text(value).map(Some).map_err(|message| Fault::illegal(format!("{name} {message}"))),
    };
    let (name, notes) = (said("name")?, said("notes")?);
    let spares = [said("spare1")?, said("spare2")?, said("spare3")?];
    let order = said("productionOrderIdOrName")?;
    let production_order = session
        .read(move |reader| {
            let stored = table::account::by_ids(reader.conn, reader.tenant, &[account], false)?;
            let key = stored.first().map(|stored| stored.account.key).filter(|key| key.kind == AccountKind::Stock);
            let key = key.ok_or(unknown)?;
            if !reader.may_at("INVENTORY.WRITE.SAVE", key.place) {
                return Err(Fault::new(crate::http::script::fault::FaultKind::Security, "you may not change this row"));
            }
            Ok(match order {
                None => None,
                Some(None) => Some(0),
                Some(Some(order)) => Some(reader.need(&kinds::PRODUCTION_ORDERS, &order)?),
            })
        })
        .await?;
    session.change(NameRow { account, name, notes, spares, production_order }).await?;
    session
        .read(move |reader| {
            let stored = table::account::by_ids(reader.conn, reader.tenant, &[account], false)?;
            let found = stored.iter().map(|stored| Balance {
                account,
                key: stored.account.key,
                quantity: stored.account.timeline.root().quantity,
                amount: lotbook_domain::money::Amount(0),
            });
            let found = found.collect();
            Ok(show(reader, found)?.pop().unwrap_or(Value::Null))
        })
        .await
}

/// `publishInventoryState`.
pub async fn publish(session: Session, args: Args) -> Result<Value, Fault> {
    let texts = args.texts("locationIdsOrPaths")?;
    let locations = session
        .read(move |reader| {
            // Of all locations, by those who may look at all.
            let Some(texts) = texts else {
                reader.access.require_everywhere(GET)?;
                return Ok(None);
            };
            let found: Vec<LocationId> =
                reader.need_all(&kinds::LOCATIONS, &texts)?.into_iter().map(LocationId).collect();
            for place in &found {
                reader.access.require(GET, *place, &reader.structure.catalog.locations)?;
            }
            Ok(Some(found))
        })
        .await?;
    // A list that names nothing publishes nothing.
    if locations.as_ref().is_none_or(|locations| !locations.is_empty()) {
        session.app().publish_inventory(session.tenant(), locations.unwrap_or_default()).await?;
    }
    Ok(Value::Null)
}

/// `checkLocationHasCapacity`.
pub fn has_capacity(reader: &mut Reader<'_>, args: Args) -> Result<Value, Fault> {
    let place = reader.need(&kinds::LOCATIONS, &args.needed("locationIdOrPath")?)?;
    let product = match args.text("materialIdOrPath")? {
        Some(text) => reader.need(&kinds::PRODUCTS, &text)?,
        None if *args.get("materialIdOrPath") == Value::Null => {
            return Err(Fault::illegal("materialIdOrPath is missing; with the id of a lot, an empty text does"));
        }
        None => 0,
    };
    let lot = LotId(need_lot(reader, &args.needed("lotIdOrName")?, product)?);
    let lots = table::catalog::lots(reader.conn, reader.tenant, [lot])?;
    let product = lots.first().map_or(ProductId(product), |lot| lot.product);
    let quantity = match argument::number(args.get("quantity")) {
        Ok(Some(quantity)) if quantity >= 0 => Quantity(quantity),
        Ok(Some(_)) => return Err(Fault::illegal("quantity is below 0")),
        Ok(None) => return Err(Fault::illegal("quantity is missing")),
        Err(message) => return Err(Fault::illegal(format!("quantity {message}"))),
    };
    let structure = std::sync::Arc::clone(&reader.structure);
    let Some(place) = structure.catalog.locations.get(LocationId(place)) else {
        return Err(Fault::illegal("there is no such location"));
    };
    match room(reader.conn, reader.tenant, &structure, place, (product, quantity))? {
        Room::Fits => Ok(Value::Bool(true)),
        Room::Full => Ok(Value::Bool(false)),
        Room::NoConversion(name) => Err(Fault::illegal(format!(
            "there is no conversion from the unit of {name} to that of the capacity of {}",
            place.path
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_id_leads_back_to_its_account() {
        for number in [1, 31, 32, 4_711, i64::MAX] {
            let text = id_of("01JPAND53PABCDEFGHABCDEFGH", AccountId(number));
            assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [10, 8, 8], "{text}");
            assert_eq!(account_of(&text), Some(AccountId(number)));
        }
        assert_eq!(account_of("01JPAND53P-ZZZZZZZZ-ZZZZZZZZ"), None);
        assert_eq!(account_of("Silo"), None);
    }
}
