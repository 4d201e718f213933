//! One call on its way: who asks, in which manner the tenant reads and prints, what was sent.
//!
//! What a call needs before it reaches the engine costs no read: permissions are the caller's, and
//! zone, enum style and the tree of org units are kept from the last time anybody read them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use jiff::tz::TimeZone;
use lotbook_domain::id::{CategoryId, LocationId, TenantId, UserId};
use lotbook_domain::time::Time;
use lotbook_engine::command::Reach;
use lotbook_engine::structure::Structure;
use lotbook_engine::write::{Change, Command, RequestKey};
use lotbook_engine::{Conn, Engine, Error, zone};

use super::enumeration::EnumStyle;
use super::fault::Fault;
use super::filter::PlaceFilter;
use super::route::Call;
use crate::app::Shared;
use crate::bridge;
use crate::http::caller::Caller;

/// A body above this size is read where it holds nobody up.
const INLINE_BYTES_MAX: usize = 256 * 1024;

/// An idempotency key has at most so many characters.
const KEY_CHARS_MAX: usize = 255;

/// The manners of tenants as last seen.
#[derive(Default)]
pub struct Manners {
    by_tenant: Mutex<HashMap<TenantId, Arc<Manner>>>,
}

/// How a tenant reads and prints.
pub struct Manner {
    /// What it was taken from.
    pub structure: Arc<Structure>,
    /// What times without an offset are meant in.
    pub zone: TimeZone,
    /// How enums are printed.
    pub style: EnumStyle,
}

impl Manner {
    fn new(structure: Arc<Structure>) -> Self {
        let zone = zone::named(&structure.settings.time_zone()).unwrap_or(TimeZone::UTC);
        let style = match structure.settings.text("enumStyle").as_deref() {
            Some("numbers") => EnumStyle::Numbers,
            _ => EnumStyle::Digits,
        };
        Self { structure, zone, style }
    }
}

impl Manners {
    async fn of(&self, engine: &Arc<Engine>, tenant: TenantId) -> Result<Arc<Manner>, Error> {
        let structure = if let Some(structure) = engine.structure_seen(tenant) {
            structure
        } else {
            let reader = Arc::clone(engine);
            bridge::read(engine, move |conn| reader.structure(conn, tenant)).await?
        };
        let mut manners = self.by_tenant.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = manners.get(&tenant)
            && Arc::ptr_eq(&known.structure, &structure)
        {
            return Ok(Arc::clone(known));
        }
        let fresh = Arc::new(Manner::new(structure));
        manners.insert(tenant, Arc::clone(&fresh));
        Ok(fresh)
    }
}

/// A call.
pub struct Asking {
    /// What doors share.
    pub app: Shared,
    /// Who asks, and what they may do.
    pub caller: Caller,
    /// How the tenant reads and prints.
    pub manner: Arc<Manner>,
    call: Call,
    key: Option<RequestKey>,
    body: Bytes,
}

impl Asking {
    /// A call that has come in, if its caller may make it at least somewhere.
    pub async fn new(app: Shared, caller: Caller, call: Call, headers: &HeaderMap, body: Bytes) -> Result<Self, Fault> {
        if let Some(permission) = call.permission() {
            caller.access.require_somewhere(permission)?;
        }
        let key = if call.changes() { request_key(call, caller.person(), headers, &body).await? } else { None };
        let manner = app.manners.of(&app.engine, caller.tenant()).await?;
        Ok(Self { app, caller, manner, call, key, body })
    }

    /// The present time.
    pub fn now(&self) -> Time {
        self.app.engine.now()
    }

    /// Which call it is.
    pub fn call(&self) -> Call {
        self.call
    }

    /// Reads the body: beside this task where it is large.
    pub async fn read_body<T: Send + 'static>(
        &self,
        read: impl FnOnce(&[u8], &TimeZone) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        if self.body.len() <= INLINE_BYTES_MAX {
            return read(&self.body, &self.manner.zone);
        }
        let (body, manner) = (self.body.clone(), Arc::clone(&self.manner));
        bridge::blocking(move || Ok(read(&body, &manner.zone))).await?
    }

    /// Has something done and waits for the engine's answer.
    pub async fn submit(self, command: Command) -> Result<String, Error> {
        let request = self.caller.request(&self.app, self.key, false);
        bridge::submit(&self.app.engine, request, command).await
    }

    /// [`Self::submit`] for what runs alone in its transaction.
    pub async fn change(self, change: impl Change) -> Result<String, Error> {
        self.submit(Command::Change(Box::new(change))).await
    }

    /// Reads one snapshot, with the structure as it stands in it.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, TenantId, &Structure) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (engine, tenant) = (Arc::clone(&self.app.engine), self.caller.tenant());
        bridge::read(&self.app.engine, move |conn| {
            let structure = engine.structure(conn, tenant)?;
            f(conn, tenant, &structure)
        })
        .await
    }

    /// Where the caller may make this call.
    pub fn reach(&self) -> Reach {
        let tree = &self.manner.structure.catalog.locations;
        self.call.permission().map_or(Reach::Open, |permission| self.caller.access.reach(permission, tree))
    }
}

/// The idempotency key of a call, with the hash of what was asked and by whom: the same call by any
/// spelling of its path is the same.
async fn request_key(
    call: Call,
    person: UserId,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Option<RequestKey>, Fault> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if text.is_empty() || text.len() > KEY_CHARS_MAX {
        return Err(Fault::with_status(
            StatusCode::BAD_REQUEST,
            "InvalidIdempotencyKey",
            format!("the header Idempotency-Key must have 1 to {KEY_CHARS_MAX} ASCII characters"),
        ));
    }
    let is_large = body.len() > INLINE_BYTES_MAX;
    let body = body.clone();
    let hash = move || {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&person.0.to_be_bytes());
        for name in call.names() {
            hasher.update(name.to_ascii_lowercase().as_bytes());
            hasher.update(b"/");
        }
        hasher.update(&body);
        *hasher.finalize().as_bytes()
    };
    let text = text.to_owned();
    let body_hash = if is_large { bridge::blocking(move || Ok(hash())).await? } else { hash() };
    Ok(Some(RequestKey { text, body_hash }))
}

/// Filters as the engine wants them: descendants included, and nothing beyond the caller's reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Widened {
    /// In these categories; `None` = in any.
    pub categories: Option<Vec<CategoryId>>,
    /// At these locations; `None` = at any.
    pub locations: Option<Vec<LocationId>>,
    /// Of these org units; `None` = of any.
    pub org_units: Option<Vec<LocationId>>,
}

/// Includes everything below what was asked for. Ids that do not exist match nothing.
pub fn widen(places: &PlaceFilter, reach: &Reach, structure: &Structure) -> Widened {
    let tree = &structure.catalog.locations;
    let asked = places.org_units.as_ref().map(|ids| tree.with_descendants(ids));
    let org_units = match (asked, reach) {
        (asked, Reach::All | Reach::Open) => asked,
        (Some(asked), Reach::Only(units)) => Some(asked.into_iter().filter(|id| units.contains(id)).collect()),
        (None, Reach::Only(units)) => Some(units.iter().copied().collect()),
    };
    Widened {
        categories: places.categories.as_ref().map(|ids| categories_below(ids, structure)),
        locations: places.locations.as_ref().map(|ids| tree.with_descendants(ids)),
        org_units,
    }
}

fn categories_below(ids: &[CategoryId], structure: &Structure) -> Vec<CategoryId> {
    let catalog = &structure.catalog;
    let mut found: Vec<CategoryId> = catalog
        .category_parents
        .keys()
        .copied()
        .filter(|category| ids.iter().any(|above| catalog.category_is_within(*category, *above)))
        .collect();
    found.sort_unstable();
    found
}

/// The places whose stock belongs to what was asked for, within the caller's reach; `None` = all
/// places. An org unit that uses another's stock answers with that stock.
pub fn stock_places(places: &PlaceFilter, reach: &Reach, structure: &Structure) -> Option<Vec<LocationId>> {
    let tree = &structure.catalog.locations;
    let stock_of = |units: &mut dyn Iterator<Item = LocationId>| -> Vec<LocationId> {
        let with_stock: Vec<LocationId> = units.flat_map(|id| [id, tree.stock_org_unit_of(id)]).collect();
        tree.with_descendants(&with_stock)
    };
    let mut sets: Vec<Vec<LocationId>> = Vec::new();
    if let Some(ids) = &places.org_units {
        sets.push(stock_of(&mut tree.with_descendants(ids).into_iter()));
    }
    if let Some(ids) = &places.locations {
        sets.push(tree.with_descendants(ids));
    }
    if let Reach::Only(units) = reach {
        sets.push(stock_of(&mut units.iter().copied()));
    }
    // Each set is sorted.
    sets.into_iter().reduce(|all, set| all.into_iter().filter(|id| set.binary_search(id).is_ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotbook_domain::location::{Location, LocationTree};
    use std::collections::HashMap;

    /// Root 1 with the stores 10 (shelf 11) and 20 (shelf 21); store 20 uses the stock of store 10.
    /// Category 1 with 2 below it, and 3.
    fn structure() -> Structure {
        let node = |id: i64, parent: i64, stock: i64| Location {
            id: LocationId(id),
            parent: LocationId(parent),
            is_org_unit: id % 10 == 0 || id == 1,
            stock_org_unit: LocationId(stock),
            ..Location::default()
        };
        let mut structure = Structure::default();
        structure.catalog.locations = Arc::new(LocationTree::new([
            node(1, 0, 0),
            node(10, 1, 0),
            node(11, 10, 0),
            node(20, 1, 10),
            node(21, 20, 0),
        ]));
        structure.catalog.category_parents =
            Arc::new(HashMap::from([(1, 0), (2, 1), (3, 0)].map(|(id, above)| (CategoryId(id), CategoryId(above)))));
        structure
    }

    fn places(categories: Option<&[i64]>, locations: Option<&[i64]>, org_units: Option<&[i64]>) -> PlaceFilter {
        PlaceFilter {
            categories: categories.map(|ids| ids.iter().map(|id| CategoryId(*id)).collect()),
            locations: locations.map(|ids| ids.iter().map(|id| LocationId(*id)).collect()),
            org_units: org_units.map(|ids| ids.iter().map(|id| LocationId(*id)).collect()),
        }
    }

    fn only(ids: &[i64]) -> Reach {
        Reach::Only(ids.iter().map(|id| LocationId(*id)).collect())
    }

    #[test]
    fn filters_include_what_lies_below() {
        let structure = structure();
        let ids =
            |list: &Option<Vec<LocationId>>| list.as_ref().map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>());
        let all = widen(&places(Some(&[1]), Some(&[10]), Some(&[1])), &Reach::All, &structure);
        assert_eq!(all.categories, Some(vec![CategoryId(1), CategoryId(2)]));
        assert_eq!(ids(&all.locations), Some(vec![10, 11]));
        assert_eq!(ids(&all.org_units), Some(vec![1, 10, 11, 20, 21]));
        assert_eq!(widen(&PlaceFilter::default(), &Reach::All, &structure), Widened::default());
        let none = widen(&places(Some(&[]), Some(&[99]), Some(&[])), &Reach::All, &structure);
        assert_eq!((none.categories, none.locations, none.org_units), (Some(vec![]), Some(vec![]), Some(vec![])));
        // What the caller may not see is left out, asked for or not.
        let reach = only(&[10, 11]);
        assert_eq!(ids(&widen(&places(None, None, Some(&[1])), &reach, &structure).org_units), Some(vec![10, 11]));
        assert_eq!(ids(&widen(&PlaceFilter::default(), &reach, &structure).org_units), Some(vec![10, 11]));
    }

    #[test]
    fn an_org_unit_answers_with_the_stock_that_it_uses() {
        let structure = structure();
        let found = |places: PlaceFilter, reach: &Reach| {
            stock_places(&places, reach, &structure).map(|ids| ids.into_iter().map(|id| id.0).collect::<Vec<_>>())
        };
        assert_eq!(found(PlaceFilter::default(), &Reach::All), None);
        assert_eq!(found(places(None, None, Some(&[20])), &Reach::All), Some(vec![10, 11, 20, 21]));
        assert_eq!(found(places(None, None, Some(&[10])), &Reach::All), Some(vec![10, 11]));
        assert_eq!(found(places(None, Some(&[1]), Some(&[10])), &Reach::All), Some(vec![10, 11]));
        assert_eq!(found(places(None, Some(&[21]), None), &only(&[10, 11])), Some(vec![]));
        assert_eq!(found(PlaceFilter::default(), &only(&[20, 21])), Some(vec![10, 11, 20, 21]));
    }
}
