//! What is published: what stands at a location, and how operations do.

use std::collections::BTreeSet;

use lotbook_domain::id::{LocationId, TenantId};
use lotbook_domain::quantity::format_sum_e6;
use lotbook_domain::time::Time;
use lotbook_engine::table::catalog::status_of;
use lotbook_engine::table::header;
use lotbook_engine::table::mqtt::{self, Standing, Told};
use lotbook_engine::{Conn, Engine, Error, uid};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

/// So many batches are looked at at once.
const BATCHES: i64 = 1_000;

/// A retained message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outgoing {
    pub(super) topic: String,
    pub(super) payload: String,
}

/// What is to be published of a part of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) messages: Vec<Outgoing>,
    /// Up to which position.
    pub(super) position: i64,
    /// What was asked for.
    pub(super) answered: Vec<LocationId>,
}

/// What stands at the locations that changed after a position, or that somebody asked for; all of them where
/// nothing was published yet. `None` = there is nothing to do.
pub(super) fn inventory(
    conn: &mut Conn,
    engine: &Engine,
    tenant: TenantId,
    prefix: &str,
    published: Option<i64>,
) -> Result<Option<Page>, Error> {
    let end = header::position(conn, tenant)?;
    let asked = mqtt::asked(conn, tenant)?;
    let (mut places, position) = match published {
        None => (mqtt::occupied(conn, tenant)?, end),
        Some(published) if published < end => {
            let to = end.min(published + BATCHES);
            (mqtt::touched(conn, tenant, published, to)?, to)
        }
        Some(published) => (BTreeSet::new(), published),
    };
    if asked.is_empty() && published == Some(position) {
        return Ok(None);
    }
    let structure = engine.structure(conn, tenant)?;
    let tree = &structure.catalog.locations;
    if asked.contains(&LocationId::NONE) {
        places.extend(tree.all().into_iter().map(|location| location.id).filter(|id| id.0 > 0));
    }
    places.extend(asked.iter().copied().filter(|id| id.0 > 0));
    let standing = mqtt::standing(conn, tenant, &places)?;
    let now = engine.now();
    let mut messages = Vec::new();
    for place in places {
        let Some(location) = tree.get(place) else { continue };
        let shown = StockShown {
            location: PlaceShown { id: place.0, path: &location.path },
            position: end,
            at: now.to_string(),
            inventory: standing.iter().filter(|line| line.place == place).map(show).collect(),
        };
        let payload = serde_json::to_string(&shown).map_err(|error| Error::Internal(error.to_string()))?;
        let path: Vec<String> = location.path.split('/').map(level).collect();
        messages.push(Outgoing { topic: format!("{prefix}/{}/inventory", path.join("/")), payload });
    }
    Ok(Some(Page { messages, position, answered: asked.into_iter().collect() }))
}

#[derive(Serialize)]
struct PlaceShown<'s> {
    id: i64,
    path: &'s str,
}

#[derive(Serialize)]
struct StockShown<'s> {
    location: PlaceShown<'s>,
    position: i64,
    at: String,
    inventory: Vec<LineShown<'s>>,
}

#[derive(Serialize)]
struct LineShown<'s> {
    product: ProductShown<'s>,
    lot: Option<LotShown<'s>>,
    quantity: Box<RawValue>,
    unit: &'s str,
}

#[derive(Serialize)]
struct ProductShown<'s> {
    id: i64,
    identifier: &'s str,
    name: &'s str,
}

#[derive(Serialize)]
struct LotShown<'s> {
    id: i64,
    uid: String,
    name: &'s str,
    status: &'static str,
}

fn show(line: &Standing) -> LineShown<'_> {
    let (id, identifier, name) = &line.product;
    let product = ProductShown { id: id.0, identifier, name };
    let (lot, lot_uid, lot_name, status) = &line.lot;
    let lot = (lot.0 != 0).then(|| LotShown {
        id: lot.0,
        uid: uid::print(lot_uid),
        name: lot_name,
        status: status_of(*status).name(),
    });
    // Nobody asked, so there is nobody to refuse, and the other lines of the place are right. A line that was left out
    // would tell that nothing stands there, and the largest figure would tell another quantity; a number of JSON has no
    // range, so that what stands there is told as it is.
    let quantity = RawValue::from_string(format_sum_e6(line.quantity_e6)).unwrap_or_else(|_| RawValue::NULL.to_owned());
    LineShown { product, lot, quantity, unit: &line.unit }
}

/// A level of a topic, which cannot hold everything that a name can.
fn level(name: &str) -> String {
    name.chars().map(|letter| if "+#/".contains(letter) || letter.is_control() { '_' } else { letter }).collect()
}

/// How operations do whose status changed at this time or later.
pub(super) fn statuses(
    conn: &mut Conn,
    tenant: TenantId,
    prefix: &str,
    from: Time,
) -> Result<Vec<(Told, Outgoing)>, Error> {
    let found = mqtt::statuses(conn, tenant, from)?;
    let told = found.into_iter().map(|one| {
        let payload = json!({
            "operation": { "id": one.id, "uid": uid::print(&one.uid), "name": one.name },
            "status": one.status,
            "run": one.run.as_deref().map(uid::print),
            "fault": one.fault,
            "at": (one.at.0 > 0).then(|| one.at.to_string()),
        });
        let topic = format!("{prefix}/operations/{}/status", level(&one.name));
        (one, Outgoing { topic, payload: payload.to_string() })
    });
    Ok(told.collect())
}
