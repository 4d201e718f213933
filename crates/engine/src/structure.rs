//! The slow-moving part of a tenant: locations, journals, series, units, settings.
//!
//! It is kept in memory and compared with the tenant's catalog version inside every transaction that
//! decides by it, so that a change made through another process is seen at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lotbook_domain::catalog::Catalog;
use lotbook_domain::id::{JournalId, LocationId, SeriesId, TenantId};
use lotbook_domain::location::LocationTree;
use lotbook_domain::money::Scale;
use lotbook_domain::policy::{Negative, Policies};
use lotbook_domain::time::Time;

use crate::command::Reach;
use crate::error::Error;
use crate::store::Conn;
use crate::table::catalog::Series;
use crate::table::decision::Decision;
use crate::table::journal::Described;
use crate::thing::setting;
use crate::{table, zone};

/// The tenant's own series of voucher numbers, unless a setting changes it.
pub const GLOBAL_SERIES: (i64, i64) = (1_000_000_000, 1_999_999_999);

/// What decisions are made by, as of one catalog version.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// The catalog version that it was read at.
    pub version: i64,
    /// A catalog without products, lots and parties.
    pub catalog: Catalog,
    /// Journals by id.
    pub journals: HashMap<JournalId, Described>,
    /// Series by id; the global one is 0.
    pub series: HashMap<SeriesId, Series>,
    /// The settings that hold.
    pub settings: Settings,
}

/// Settings as they hold, those of org units included.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    values: HashMap<(String, LocationId), String>,
}

impl Settings {
    fn new(decisions: Vec<Decision>) -> Self {
        let values = decisions
            .into_iter()
            .filter_map(|decision| {
                let key = decision.subject.strip_prefix("setting:")?.to_owned();
                Some(((key, decision.org_unit), decision.value?))
            })
            .collect();
        Self { values }
    }

    /// The tenant's value of a setting as JSON text, if one was set.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(&(key.to_owned(), LocationId::NONE)).map(String::as_str)
    }

    /// A text setting of the tenant.
    pub fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(|json| serde_json::from_str(json).ok())
    }

    /// A setting of the tenant that is a whole number: what was set, else what holds without a decision.
    pub fn whole(&self, key: &str) -> i64 {
        let preset = || setting::named(key).ok().and_then(|found| found.preset.parse().ok());
        let set = self.get(key).and_then(|json| json.parse().ok());
        set.or_else(preset).expect("only settings that hold whole numbers are asked for one")
    }

    /// The values of a setting by org unit; [`LocationId::NONE`] = the tenant.
    pub fn by_org_unit(&self, key: &str) -> impl Iterator<Item = (LocationId, &str)> {
        self.values.iter().filter(move |((found, _), _)| found == key).map(|((_, at), value)| (*at, value.as_str()))
    }

    /// The tenant's time zone as an IANA name.
    pub fn time_zone(&self) -> String {
        self.text("timeZone").unwrap_or_else(|| "UTC".to_owned())
    }
}

impl Structure {
    /// Reads it.
    pub fn load(conn: &mut Conn, tenant: TenantId) -> Result<Self, Error> {
        let version = table::catalog::version(conn, tenant)?;
        let settings = Settings::new(table::decision::current(conn, tenant)?);
        let locations = LocationTree::new(table::catalog::locations(conn, tenant)?);
        let catalog = Catalog {
            reasons: Arc::new(table::catalog::reasons(conn, tenant)?),
            locations: Arc::new(locations),
            category_parents: Arc::new(table::catalog::category_parents(conn, tenant)?),
            conversions: Arc::new(table::catalog::conversions(conn, tenant)?),
            units: Arc::new(table::catalog::units(conn, tenant)?),
            policies: Arc::new(policies(&settings)),
            ..Catalog::default()
        };
        let journals = table::journal::all(conn, tenant)?.into_iter().map(|found| (found.journal.id, found)).collect();
        let (from, to) = settings
            .get("globalSeries")
            .and_then(|json| serde_json::from_str::<(i64, i64)>(json).ok())
            .unwrap_or(GLOBAL_SERIES);
        let mut series: HashMap<SeriesId, Series> =
            table::catalog::series(conn, tenant)?.into_iter().map(|found| (found.id, found)).collect();
        series.insert(SeriesId(0), Series { id: SeriesId(0), name: "global".to_owned(), from, to });
        Ok(Self { version, catalog, journals, series, settings })
    }

    /// A journal, for whoever has this reach; `None` = there is none, or none that they may know of.
    pub fn journal(&self, id: JournalId, reach: &Reach) -> Option<&Described> {
        self.journals.get(&id).filter(|found| reach.sees(&found.journal))
    }

    /// The journals that are there for whoever has this reach, in the order of ids; `None` = all.
    pub fn journals_seen(&self, reach: &Reach) -> Option<Vec<JournalId>> {
        let mut seen: Vec<JournalId> = self
            .journals
            .values()
            .map(|found| &found.journal)
            .filter(|found| reach.sees(found))
            .map(|found| found.id)
            .collect();
        seen.sort_unstable();
        (seen.len() < self.journals.len()).then_some(seen)
    }

    /// The places that somebody may look at, of those that are asked for and below them; `None` = all.
    pub fn visible(&self, asked: Option<Vec<LocationId>>, reach: &Reach) -> Option<Vec<LocationId>> {
        let tree = &self.catalog.locations;
        let asked = asked.map(|roots| tree.with_descendants(&roots));
        match reach {
            Reach::All | Reach::Open => asked,
            Reach::Only(units) => {
                let candidates = asked.unwrap_or_else(|| tree.all().into_iter().map(|node| node.id).collect());
                Some(candidates.into_iter().filter(|id| units.contains(&tree.org_unit_of(*id))).collect())
            }
        }
    }

    /// The series that a journal's vouchers are numbered from.
    pub fn series_of(&self, journal: JournalId) -> Option<&Series> {
        let id = self.journals.get(&journal)?.journal.series;
        self.series.get(&id).or_else(|| self.series.get(&SeriesId(0)))
    }
}

fn policies(settings: &Settings) -> Policies {
    let zone = settings.time_zone();
    let text = |json: &str| serde_json::from_str::<String>(json).ok();
    Policies {
        negative: settings
            .by_org_unit("negativeStock")
            .filter_map(|(at, json)| {
                let policy = match text(json)?.as_str() {
                    "allow" => Negative::Allow,
                    "warn" => Negative::Warn,
                    "forbid" => Negative::Forbid,
                    _ => return None,
                };
                Some((at, policy))
            })
            .collect(),
        open_from: settings
            .by_org_unit("closedUntil")
            .filter_map(|(at, json)| Some((at, first_open(json, &zone)?)))
            .collect(),
        force_default_location: settings
            .by_org_unit("forceDefaultLocation")
            .filter_map(|(at, json)| Some((at, serde_json::from_str(json).ok()?)))
            .collect(),
        scale: settings
            .get("amountScale")
            .and_then(|json| serde_json::from_str(json).ok())
            .and_then(Scale::try_new)
            .unwrap_or(Scale::DEFAULT),
        strict_open_lots: settings
            .get("mes.strictOpenLots")
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or(false),
    }
}

/// The first open instant after a value of `closedUntil`, which is included in what is closed: a date ends
/// with its business day in the tenant's zone.
pub(crate) fn first_open(json: &str, zone_name: &str) -> Option<Time> {
    let closed_until = serde_json::from_str::<String>(json).ok()?;
    zone::end_of(&closed_until, zone_name).ok()
}

/// Structures by tenant, each with the version it was read at.
#[derive(Default)]
pub struct Cache {
    by_tenant: Mutex<HashMap<TenantId, Arc<Structure>>>,
}

impl Cache {
    /// The structure as it stands in this transaction: one small read when nothing has changed.
    pub fn get(&self, conn: &mut Conn, tenant: TenantId) -> Result<Arc<Structure>, Error> {
        let version = table::catalog::version(conn, tenant)?;
        if let Some(found) = self.lock().get(&tenant)
            && found.version == version
        {
            return Ok(Arc::clone(found));
        }
        let fresh = Arc::new(Structure::load(conn, tenant)?);
        self.lock().insert(tenant, Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Lets the next one who asks read it again.
    pub fn forget(&self, tenant: TenantId) {
        self.lock().remove(&tenant);
    }

    /// The structure as it was last seen.
    pub fn last_seen(&self, tenant: TenantId) -> Option<Arc<Structure>> {
        self.lock().get(&tenant).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TenantId, Arc<Structure>>> {
        self.by_tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
