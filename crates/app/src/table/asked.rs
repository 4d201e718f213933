//! What a table is asked for, by names and texts as they stand in a query or on the command line.

use std::collections::BTreeMap;
use std::sync::Arc;

use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::command::Reach;
use lotbook_engine::query::balance::BalanceFilter;
use lotbook_engine::security::Access;
use lotbook_engine::security::permission::STOCK_READ;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::header;
use lotbook_engine::thing::reference::{Found, Reference, resolve};
use lotbook_engine::thing::{Kind, kinds};
use lotbook_engine::{Conn, Engine, Error, zone};

/// Finds what a text names.
pub fn find_text(conn: &mut Conn, tenant: TenantId, kind: &'static Kind, text: &str) -> Result<i64, Error> {
    let reference = Reference::of_address(text);
    match resolve(conn, tenant, kind, &[(&reference, 0)])?[0] {
        Found::One(id) => Ok(id),
        Found::None | Found::Several => Err(Error::not_found(kind.one, text)),
    }
}

/// Finds a lot or an instance.
pub fn find_lot(conn: &mut Conn, tenant: TenantId, text: &str) -> Result<i64, Error> {
    match find_text(conn, tenant, &kinds::LOTS, text) {
        Err(Error::NotFound { .. }) => find_text(conn, tenant, &kinds::INSTANCES, text),
        found => found,
    }
}

/// Reads a time with one of the readers of [`zone`]; pushes what is wrong with it.
pub fn read_time(
    read: fn(&str, &str) -> Result<Time, String>,
    text: &str,
    zone_name: &str,
    index: Option<usize>,
    field: &'static str,
    wrong: &mut Vec<Violation>,
) -> Option<Time> {
    match read(text, zone_name) {
        Ok(at) => Some(at),
        Err(message) => {
            wrong.push(Violation { index, field, code: "wrongTime", message });
            None
        }
    }
}

/// Where somebody may use a permission; refused where that is nowhere.
pub fn reach(access: &Access, permission: &str, structure: &Structure) -> Result<Reach, Error> {
    access.require_somewhere(permission)?;
    Ok(access.reach(permission, &structure.catalog.locations))
}

/// The places that somebody may look at, of those that are asked for; `None` = all.
pub fn visible(asked: Option<Vec<LocationId>>, reach: &Reach, structure: &Structure) -> Option<Vec<LocationId>> {
    structure.visible(asked, reach)
}

/// Refuses a position of the ledger that there is not, with those that there are.
pub fn check_position(
    conn: &mut Conn,
    tenant: TenantId,
    asked: Option<i64>,
    wrong: &mut Vec<Violation>,
) -> Result<(), Error> {
    let Some(position) = asked else { return Ok(()) };
    let newest = header::position(conn, tenant)?;
    if !(0..=newest).contains(&position) {
        let message = format!("is {position}; the ledger has the positions 0 to {newest}");
        wrong.push(Violation::new("asKnownAt", "unknownPosition", message));
    }
    Ok(())
}

/// A question with the one who asks.
#[derive(Clone)]
pub struct Asked {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The tenant.
    pub tenant: TenantId,
    /// What the one who asks may do; `None` = all.
    pub access: Option<Arc<Access>>,
    /// What was said, by name.
    pub words: BTreeMap<String, String>,
}

impl Asked {
    /// What was said under a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Whether something was switched on.
    pub fn is(&self, name: &str) -> bool {
        self.words.get(name).is_some_and(|text| text.is_empty() || text == "true")
    }

    /// Names every word that nobody would read.
    pub fn refuse_unknown(&self, known: &[&str]) -> Result<(), Error> {
        let unknown: Vec<&str> = self.words.keys().map(String::as_str).filter(|name| !known.contains(name)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown = unknown.join(", ");
        let message = if known.is_empty() {
            format!("there is no filter {unknown}, for this table is always whole; leave {unknown} out")
        } else {
            format!("this table has no filter {unknown}; leave {unknown} out, or take one of {}", known.join(", "))
        };
        Err(Error::Invalid(vec![Violation::new("", "unknownFilter", message)]))
    }

    /// A time; without an offset it is meant in the tenant's zone, and a date alone is its first instant.
    pub fn time(&self, name: &'static str, structure: &Structure, wrong: &mut Vec<Violation>) -> Option<Time> {
        read_time(zone::instant, self.text(name)?, &structure.settings.time_zone(), None, name, wrong)
    }

    /// The time up to which something is asked for: like [`Self::time`], but a date alone is the whole of its day.
    pub fn time_until(&self, name: &'static str, structure: &Structure, wrong: &mut Vec<Violation>) -> Option<Time> {
        read_time(zone::last_instant, self.text(name)?, &structure.settings.time_zone(), None, name, wrong)
    }

    /// Where a list of what happened ends: `to`, or `asOf`; the earlier one where both are said.
    pub fn until(&self, structure: &Structure, wrong: &mut Vec<Violation>) -> Option<Time> {
        let ends = [self.time_until("to", structure, wrong), self.time_until("asOf", structure, wrong)];
        ends.into_iter().flatten().min()
    }

    /// A whole number from 0 on.
    pub fn whole(&self, name: &'static str, wrong: &mut Vec<Violation>) -> Option<i64> {
        let text = self.text(name)?;
        let found = text.parse().ok().filter(|number: &i64| *number >= 0);
        if found.is_none() {
            wrong.push(Violation::new(name, "wrongNumber", format!("is {text:?}; send a whole number from 0 on")));
        }
        found
    }

    /// Where the one who asks may read stock.
    pub fn reach(&self, structure: &Structure) -> Result<Reach, Error> {
        self.access.as_ref().map_or(Ok(Reach::All), |access| reach(access, STOCK_READ, structure))
    }

    /// The product, the variant and the lot that are named.
    pub fn product(&self, conn: &mut Conn) -> Result<Option<ProductId>, Error> {
        let Some(text) = self.text("product") else { return Ok(None) };
        Ok(Some(ProductId(find_text(conn, self.tenant, &kinds::PRODUCTS, text)?)))
    }

    /// The variant that is named.
    pub fn variant(&self, conn: &mut Conn) -> Result<Option<VariantId>, Error> {
        let Some(text) = self.text("variant") else { return Ok(None) };
        Ok(Some(VariantId(find_text(conn, self.tenant, &kinds::VARIANTS, text)?)))
    }

    /// The lot or instance that is named.
    pub fn lot(&self, conn: &mut Conn) -> Result<Option<LotId>, Error> {
        let Some(text) = self.text("lot") else { return Ok(None) };
        Ok(Some(LotId(find_lot(conn, self.tenant, text)?)))
    }

    /// The places asked for that the one who asks may see; `None` = all.
    pub fn places(&self, conn: &mut Conn, structure: &Structure) -> Result<Option<Vec<LocationId>>, Error> {
        let mut asked: Option<Vec<LocationId>> = None;
        for name in ["location", "orgUnit"] {
            if let Some(text) = self.text(name) {
                let place = LocationId(find_text(conn, self.tenant, &kinds::LOCATIONS, text)?);
                let below = structure.catalog.locations.with_descendants(&[place]);
                asked = Some(match asked {
                    Some(already) => already.into_iter().filter(|id| below.contains(id)).collect(),
                    None => below,
                });
            }
        }
        Ok(visible(asked, &self.reach(structure)?, structure))
    }

    /// The filter of balances.
    pub fn balances(&self, conn: &mut Conn, structure: &Structure) -> Result<BalanceFilter, Error> {
        let mut wrong = Vec::new();
        let filter = BalanceFilter {
            products: self.product(conn)?.map(|product| vec![product]),
            variant: self.variant(conn)?,
            lots: self.lot(conn)?.map(|lot| vec![lot]),
            places: self.places(conn, structure)?,
            as_of: self.time_until("asOf", structure, &mut wrong).or_else(|| Some(self.engine.now())),
            as_known_at: self.whole("asKnownAt", &mut wrong),
            with_zero: self.is("withZero"),
            ..BalanceFilter::default()
        };
        check_position(conn, self.tenant, filter.as_known_at, &mut wrong)?;
        if wrong.is_empty() { Ok(filter) } else { Err(Error::Invalid(wrong)) }
    }
}
