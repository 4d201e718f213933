//! I7: what the pools of a product are worth by the definition, replayed from the first movement: in the end, and as of
//! each day.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use lotbook_domain::catalog::{Catalog, Costing};
use lotbook_domain::id::{AccountId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{Account, AccountKey, LastCost};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::{Differences, Effect, Pool, Replay};
use lotbook_domain::time::Time;

use super::Ticker;
use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::replay::{Covered, Event, Walk, each_event_of};
use crate::settle::{booked, hold_entries, last_first_open_day, late_costs};
use crate::store::{Arg, Conn};
use crate::structure::Structure;
use crate::table;
use crate::table::late_cost::{Key, LateCost};

/// Pools looked up together, but that one product's are never parted …
const POOLS_MAX: i64 = 1_000;
/// … and movements of theirs that are brought into order together, but that one circle's are never parted: as many as
/// PostgreSQL sorts in the 4 MiB of memory that it gives to that unless told otherwise.
const MOVEMENTS_MAX: i64 = 15_000;

pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(), Error> {
    let mut after = ProductId(0);
    loop {
        let to = table::scan::product_after(conn, tenant, after, POOLS_MAX)?;
        for pool in table::account::unheard(conn, tenant, after, to.unwrap_or(ProductId(i64::MAX)))? {
            found.differs(7, Thing::Account(pool.id, pool.key), || {
                let heard = pool.revalued_to.map_or("none".to_owned(), |at| at.to_string());
                format!("was revalued later than it knows; the last revaluation it knows of is {heard}")
            });
        }
        let circles = circles(conn, tenant, after, to.unwrap_or(ProductId(i64::MAX)))?;
        let products: BTreeSet<ProductId> = circles.iter().map(|circle| circle[0].key.product).collect();
        let variants: BTreeSet<VariantId> = circles.iter().map(|circle| circle[0].key.variant).collect();
        let products = table::catalog::products(conn, tenant, products)?;
        let variants = table::catalog::variants(conn, tenant, variants.into_iter().filter(|variant| variant.0 != 0))?;
        let mut catalog = Catalog::default();
        catalog.products.extend(products.into_iter().map(|product| (product.id, product)));
        catalog.variants.extend(variants.into_iter().map(|variant| (variant.id, variant)));
        let mut rest = &circles[..];
        while !rest.is_empty() {
            let mut movements = 0_i64;
            let fits = rest.iter().take_while(|circle| {
                let postings = circle.iter().map(|pool| pool.timeline.root().postings.max(0));
                movements = postings.fold(movements, i64::saturating_add);
                movements <= MOVEMENTS_MAX
            });
            let (together, others) = rest.split_at(fits.count().max(1));
            replay(conn, tenant, structure, &catalog, together, found, ticker)?;
            rest = others;
        }
        match to {
            Some(to) => after = to,
            None => return Ok(()),
        }
    }
}

/// The pools of products after one, up to one, by circle: corrections travel between the pools of a circle, so
/// they are settled together. Circles of which one waits to be settled are left out.
fn circles(conn: &mut Conn, tenant: TenantId, after: ProductId, to: ProductId) -> Result<Vec<Vec<Account>>, Error> {
    let mut circles: BTreeMap<(ProductId, VariantId, LotId), Vec<Account>> = BTreeMap::new();
    let pools = table::account::select(
        conn,
        "a.tenant = $1 and a.kind = 2 and a.product > $2 and a.product <= $3",
        &[Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(to.0), Arg::Int(i64::MAX)],
    )?;
    for pool in pools {
        circles.entry((pool.key.product, pool.key.variant, pool.key.lot)).or_default().push(pool);
    }
    Ok(circles.into_values().filter(|circle| circle.iter().all(|pool| pool.unsettled_from.is_none())).collect())
}

/// A circle that is being replayed.
struct Open {
    walk: Walk,
    is_too_large: bool,
    /// Whether the standard says what a unit costs, after all that is known.
    ends_at_standard: bool,
}

fn replay(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    catalog: &Catalog,
    circles: &[Vec<Account>],
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(), Error> {
    let pools: Vec<(AccountId, usize)> =
        (0..).zip(circles).flat_map(|(circle, pools)| pools.iter().map(move |pool| (pool.id, circle))).collect();
    let all: Vec<AccountId> = pools.iter().map(|(pool, _)| *pool).collect();
    let known = Rc::new(table::cost_link::carried(conn, tenant, &all, Time::BEGINNING)?);
    let mut open: Vec<Open> = circles
        .iter()
        .map(|circle| {
            let plan = catalog.costing(circle[0].key.product, circle[0].key.variant);
            let ends_at_standard = plan.at(Time::FOREVER).method == Costing::Standard;
            let replay = Replay::new(plan, structure.catalog.policies.scale, BTreeMap::new(), Time::BEGINNING);
            Open { walk: Walk::with(Rc::clone(&known), replay), is_too_large: false, ends_at_standard }
        })
        .collect();
    let mut days = Days::new(conn, tenant, structure, &all)?;
    let read = each_event_of(conn, tenant, &pools, (Time::BEGINNING, Time::FOREVER), |circle, event| {
        ticker.tick();
        let open = &mut open[circle];
        open.is_too_large = open.is_too_large || open.walk.show(&event).is_none();
        days.show(&event, &mut open.walk);
        Ok(())
    });
    match read {
        // A movement that cannot be read was told with its batch.
        Err(Error::Internal(_)) => return Ok(()),
        other => other?,
    }
    // What is made of them has to have been told what they cost.
    let changed: HashMap<MovementId, i64> = open.iter().flat_map(|open| open.walk.changed.iter().copied()).collect();
    let mut ids: Vec<MovementId> = changed.keys().copied().collect();
    ids.sort_unstable();
    for (id, pool, _) in table::cost_link::taken_over(conn, tenant, &ids)? {
        let delta = changed.get(&id).copied().unwrap_or(0);
        found.differs(7, Thing::Movement(id, None), || {
            format!("costs {} more than was booked by now, which pool {pool} was not told", Quantity(delta))
        });
    }
    let circle_of: HashMap<AccountId, usize> = pools.iter().copied().collect();
    let covered: Vec<Covered> = open.iter().flat_map(|open| open.walk.covered.iter().copied()).collect();
    let defined =
        late_costs(conn, tenant, &covered, |_, made| circle_of.get(&made.pool) != circle_of.get(&made.source_pool))?;
    let told = table::late_cost::of_sources(conn, tenant, &all, Time::BEGINNING)?;
    compare_late_costs(&told, &defined, found);
    for (mut open, pools) in open.into_iter().zip(circles) {
        let is_too_large = open.is_too_large || open.walk.end().is_none();
        days.take_effects(&mut open.walk);
        let defined = open.walk.replay.finish();
        compare(pools, &defined, is_too_large, found);
        if !is_too_large && !open.ends_at_standard {
            compare_last_costs(pools, &defined, found);
        }
    }
    days.compare(circles, found);
    Ok(())
}

/// What pools became worth on each day, against the definition. Days of a closed period count together with the first
/// open day after them, as what is learned of them is told there.
struct Days {
    differences: Differences,
    /// Whether all sums are within 64 bits; where one is not, that is told of its pool already.
    is_in_range: bool,
}

impl Days {
    /// Takes off what value entries say. Memory: a sum per pool, day and place on the other side.
    fn new(conn: &mut Conn, tenant: TenantId, structure: &Structure, pools: &[AccountId]) -> Result<Self, Error> {
        let mut differences = Differences::default();
        if let Some(open) = last_first_open_day(conn, tenant, &structure.settings.time_zone())? {
            differences.open_from.extend(pools.iter().map(|pool| (*pool, open)));
        }
        let is_in_range = hold_entries(conn, tenant, pools, Time::BEGINNING, &mut differences)?.is_some();
        Ok(Self { differences, is_in_range })
    }

    /// Takes off what was booked, and adds what the definition made of it.
    fn show(&mut self, event: &Event, walk: &mut Walk) {
        if let Event::Movement { movement, .. } = event {
            for effect in booked(movement) {
                self.is_in_range &= self.differences.hold(effect).is_some();
            }
        }
        self.take_effects(walk);
    }

    fn take_effects(&mut self, walk: &mut Walk) {
        for effect in walk.replay.take_effects() {
            self.is_in_range &= self.differences.define(effect).is_some();
        }
    }

    fn compare(self, circles: &[Vec<Account>], found: &mut Findings) {
        if !self.is_in_range {
            return;
        }
        let keys: HashMap<AccountId, AccountKey> = circles.iter().flatten().map(|pool| (pool.id, pool.key)).collect();
        for difference in self.differences.entries() {
            let Effect { pool, at, amount, kind, .. } = difference.effect;
            let Some(key) = keys.get(&pool) else { continue };
            found.differs(7, Thing::Account(pool, *key), || {
                let ((year, month, day), amount, kind) = (at.civil(), Quantity(amount), kind.name());
                format!(
                    "became worth {amount} more on {year:04}-{month:02}-{day:02} by the definition than was booked and by \
                     value entries ({kind})"
                )
            });
        }
    }
}

/// What pools hold against what they hold by the definition.
fn compare(pools: &[Account], defined: &BTreeMap<AccountId, Pool>, is_too_large: bool, found: &mut Findings) {
    for pool in pools {
        found.checked(7, 1);
        let root = pool.timeline.root();
        let (quantity, value) = defined.get(&pool.id).map_or((0, 0), |pool| (pool.quantity, pool.value));
        if is_too_large {
            found.differs(7, Thing::Account(pool.id, pool.key), || "its value leaves the range of 64 bits".to_owned());
        } else if (root.quantity.0, root.amount.0) != (quantity, value) {
            found.differs(7, Thing::Account(pool.id, pool.key), || {
                format!(
                    "holds {} worth {}; by the definition it is {} worth {}",
                    root.quantity,
                    Quantity(root.amount.0),
                    Quantity(quantity),
                    Quantity(value)
                )
            });
        }
    }
}

/// What is kept of what a unit last cost, of pools that hold nothing, against the definition.
fn compare_last_costs(pools: &[Account], defined: &BTreeMap<AccountId, Pool>, found: &mut Findings) {
    for pool in pools.iter().filter(|pool| pool.timeline.root().quantity.0 <= 0) {
        let last_cost = defined.get(&pool.id).and_then(|pool| pool.last_cost).unwrap_or(LastCost::Untold);
        if pool.last_cost != last_cost {
            found.differs(7, Thing::Account(pool.id, pool.key), || {
                format!("keeps {} as what a unit last cost; by the definition it is {last_cost}", pool.last_cost)
            });
        }
    }
}

/// What the pools of what was made were told of what was covered later, against the definition.
fn compare_late_costs(told: &BTreeMap<Key, LateCost>, defined: &BTreeMap<Key, LateCost>, found: &mut Findings) {
    let keys: BTreeSet<&Key> = told.keys().chain(defined.keys()).collect();
    for key in keys {
        let (told, defined) = (told.get(key), defined.get(key));
        if told == defined {
            continue;
        }
        let source = MovementId { batch: key.batch, line: key.source_line };
        found.differs(7, Thing::Movement(source, None), || {
            let say = |late: Option<&LateCost>| match late {
                Some(late) => format!("{} for {} since {}", Quantity(late.amount), late.quantity, late.at),
                None => "nothing".to_owned(),
            };
            let pool = told.or(defined).map_or(AccountId(0), |late| late.pool);
            format!(
                "was covered by movement {}; what was made of it costs more by {}, and pool {pool} was told {}",
                key.cover.number(),
                say(defined),
                say(told)
            )
        });
    }
}
