//! What can be promised: stock by product, variant and location, over all lots.

mod key;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use lotbook_domain::id::{LocationId, ProductId, TenantId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LocationTree;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Scope;
use lotbook_domain::time::Time;

use self::key::Lists;
use super::balance::BalanceFilter;
use super::range::{self, Beyond, fit};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows, long_sum};
use crate::table;

/// The availability of a product at a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Available {
    /// What stands there.
    pub stock: Quantity,
    /// What of it is promised already.
    pub reserved: Quantity,
    /// What waiting Delivery entries are about to bring there.
    pub ordered: Quantity,
}

impl Available {
    /// What can still be promised; of what a query answers, it is in the range.
    pub fn available(self) -> Quantity {
        Quantity(self.stock.0 - self.reserved.0)
    }
}

/// The same while it is added up, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub stock: i128,
    pub reserved: i128,
    pub ordered: i128,
}

impl Sums {
    fn add(&mut self, more: Self) {
        self.stock += more.stock;
        self.reserved += more.reserved;
        self.ordered += more.ordered;
    }

    /// As figures, of a product.
    fn told(self, conn: &mut Conn, tenant: TenantId, product: ProductId) -> Result<Available, Error> {
        self.fit().map_err(|beyond| range::refused(conn, tenant, product, beyond))
    }

    fn fit(self) -> Result<Available, Beyond> {
        let found = Available {
            stock: fit("what stands there", self.stock)?,
            reserved: fit("what is reserved there", self.reserved)?,
            ordered: fit("what is ordered there", self.ordered)?,
        };
        fit("what stands there less what is reserved", self.stock - self.reserved)?;
        Ok(found)
    }
}

/// Whether an answer is about another time than now: what is reserved is then what was, and what is ordered, which
/// is known of now alone, is of no meaning.
pub fn is_of_the_past(asked: &BalanceFilter, now: Time) -> bool {
    asked.as_known_at.is_some() || asked.as_of.is_some_and(|at| at < now)
}

/// Product, variant and location.
pub type Spot = (ProductId, VariantId, LocationId);

/// Availability by spot, in the order of product, variant and location: all of it, in memory. See [`page`].
///
/// Errors: as those of [`page`].
pub fn availability(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
) -> Result<BTreeMap<Spot, Available>, Error> {
    let mut found = BTreeMap::new();
    for (spot, sums) in sums(conn, tenant, tree, asked, now)? {
        found.insert(spot, sums.told(conn, tenant, spot.0)?);
    }
    Ok(found)
}

/// Availability by product, over all of its variants and the places of the filter; what is under way stands nowhere. What
/// places have is added up before it is told, so that those that are much ahead may be made up for by others.
///
/// Errors: refused `quantityTooLarge`, where a product has more than a figure can tell. Cost: as that of [`availability`].
pub fn of_products(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
) -> Result<BTreeMap<ProductId, Available>, Error> {
    let mut added: BTreeMap<ProductId, Sums> = BTreeMap::new();
    for ((product, _, place), sums) in sums(conn, tenant, tree, asked, now)? {
        if place != LocationId::IN_TRANSIT {
            added.entry(product).or_default().add(sums);
        }
    }
    let mut found = BTreeMap::new();
    for (product, sums) in added {
        found.insert(product, sums.told(conn, tenant, product)?);
    }
    Ok(found)
}

/// [`availability`] before it is told as figures.
pub(super) fn sums(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
) -> Result<BTreeMap<Spot, Sums>, Error> {
    let mut found = BTreeMap::new();
    let mut part = Part { limit: 10_000, ..Part::default() };
    loop {
        let (page, next) = page_of_sums(conn, tenant, tree, asked, now, &part)?;
        found.extend(page);
        match next {
            Some(next) => part.after = Some(next),
            None => return Ok(found),
        }
    }
}

/// Which part of a long list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    /// After this spot.
    pub after: Option<Spot>,
    /// At most so many spots.
    pub limit: usize,
    /// The position that stock is told of where none is asked for, so that several pages tell of the same. What is
    /// reserved and ordered is that of when its page is read.
    pub stock_at: Option<i64>,
}

/// A page, and the spot to go on after, if there are more.
pub type Page = (Vec<(Spot, Available)>, Option<Spot>);

type PageOfSums = (Vec<(Spot, Sums)>, Option<Spot>);

/// So many products are looked at together at first, and at most.
const PRODUCTS: std::ops::RangeInclusive<i64> = 4..=1_024;

/// A page of availability in the order of product, variant and location; the spot to go on after, if there are more.
///
/// Cost: the products that the page is of: their accounts are told apart by spot, and those of the page's spots are read
/// as balances are, see [`balances`](super::balance::balances). The number of statements does not grow with how many
/// spots there are after the page. Where something of a product and variant is reserved at a place with others below,
/// all of its spots are read, since each is left what those before it leave. Memory holds a page, such products, and what
/// is reserved of those looked at.
///
/// Errors: refused `quantityTooLarge`, where a spot of the page has more than a figure can tell.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
    part: &Part,
) -> Result<Page, Error> {
    let (found, next) = page_of_sums(conn, tenant, tree, asked, now, part)?;
    let mut page = Vec::with_capacity(found.len());
    for (spot, sums) in found {
        page.push((spot, sums.told(conn, tenant, spot.0)?));
    }
    Ok((page, next))
}

fn page_of_sums(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
    part: &Part,
) -> Result<PageOfSums, Error> {
    let is_past = is_of_the_past(asked, now);
    let open_at = if is_past {
        Some(table::reservation::moment(conn, tenant, asked.as_of.unwrap_or(now), asked.as_known_at)?)
    } else {
        None
    };
    let lists = Lists::of(asked);
    let parents: BTreeSet<LocationId> = tree.all().iter().map(|node| node.parent).collect();
    let filter = BalanceFilter { as_known_at: asked.as_known_at.or(part.stock_at), ..asked.clone() };
    let wanted = part.limit.saturating_add(1);
    let mut looked_at = i64::try_from(part.limit / 8).unwrap_or(i64::MAX).clamp(*PRODUCTS.start(), *PRODUCTS.end());
    let mut after = part.after.unwrap_or((ProductId(0), VariantId(0), LocationId(i64::MIN)));
    let mut page: Vec<(Spot, Sums)> = Vec::new();
    while page.len() < wanted {
        let products = key::products(conn, tenant, &lists, open_at, after.0, looked_at)?;
        let Some(last) = products.last().copied() else { break };
        let room = i64::try_from(wanted - page.len()).unwrap_or(i64::MAX);
        let spots = key::spots_of(conn, tenant, &lists, &products, after, room)?;
        // All spots up to this one are known, whether something stands there or not.
        let is_cut = spots.len() as i64 == room;
        let up_to =
            spots.last().filter(|_| is_cut).map_or((last, VariantId(i64::MAX), LocationId(i64::MAX)), |last| last.0);
        let products: Vec<ProductId> = products.into_iter().filter(|product| *product <= up_to.0).collect();
        let of_these = BalanceFilter { products: Some(products), ..filter.clone() };
        let scopes = reserved(conn, tenant, &of_these, asked, now)?;
        // Of these, what is left at one place depends on the others.
        let is_between = |group: &(ProductId, VariantId)| (after.0, after.1) <= *group && *group <= (up_to.0, up_to.1);
        let shared: BTreeSet<(ProductId, VariantId)> = scopes
            .iter()
            .filter(|(scope, _)| parents.contains(&scope.place))
            .map(|(scope, _)| (scope.product, scope.variant))
            .filter(is_between)
            .collect();
        let mut counted: BTreeMap<Spot, i64> = spots.into_iter().collect();
        counted.extend(key::spots_of_groups(conn, tenant, &lists, &shared)?);
        let mut found: BTreeMap<Spot, Sums> = key::stock(conn, tenant, &filter, &lists, &counted)?
            .into_iter()
            .map(|(spot, stock)| (spot, Sums { stock, ..Sums::default() }))
            .collect();
        add_reserved(tree, scopes, &mut found);
        for (spot, ordered) in ordered(conn, tenant, &of_these)? {
            found.entry(spot).or_default().ordered = ordered;
        }
        let is_shown = |(_, _, place): &Spot| lists.shows(*place);
        let of_page = found.range((Bound::Excluded(after), Bound::Included(up_to)));
        page.extend(of_page.filter(|(spot, _)| is_shown(spot)).map(|(spot, found)| (*spot, *found)));
        // From the cut on, or with the next product.
        after = if is_cut { up_to } else { (ProductId(last.0 + 1), VariantId(0), LocationId(i64::MIN)) };
        looked_at = looked_at.saturating_mul(2).min(*PRODUCTS.end());
    }
    let has_more = page.len() > part.limit;
    page.truncate(part.limit);
    let next = page.last().filter(|_| has_more).map(|(spot, _)| *spot);
    Ok((page, next))
}

/// What is open of reservations, by scope.
fn reserved(
    conn: &mut Conn,
    tenant: TenantId,
    of_these: &BalanceFilter,
    asked: &BalanceFilter,
    now: Time,
) -> Result<Vec<(Scope, i128)>, Error> {
    let products = of_these.products.as_deref();
    let mut scopes = if is_of_the_past(asked, now) {
        let times = (asked.as_of.unwrap_or(now), asked.as_known_at);
        table::reservation::open_at(conn, tenant, products, times)?
    } else {
        let open = table::reservation::all_open(conn, tenant, products, now)?;
        open.into_iter().map(|(scope, open)| (scope, i128::from(open.0))).collect()
    };
    scopes.retain(|(scope, _)| {
        asked.variant.is_none_or(|variant| variant == scope.variant)
            && asked.lots.as_ref().is_none_or(|lots| lots.contains(&scope.lot))
    });
    Ok(scopes)
}

/// Adds what is reserved. A reservation of a place and what is below it shows where stock is free, in the
/// order of locations; what finds none shows at the place itself.
fn add_reserved(tree: &LocationTree, mut scopes: Vec<(Scope, i128)>, found: &mut BTreeMap<Spot, Sums>) {
    // The deepest places first: who has less choice is served before who has more.
    scopes.sort_by_key(|(scope, _)| (std::cmp::Reverse(tree.chain(scope.place).count()), *scope));
    for (scope, open) in scopes {
        let mut rest = open;
        let own = (scope.product, scope.variant, scope.place);
        let below: Vec<Spot> = found
            .range(
                (scope.product, scope.variant, LocationId(i64::MIN))
                    ..=(scope.product, scope.variant, LocationId(i64::MAX)),
            )
            .map(|(spot, _)| *spot)
            .filter(|(_, _, place)| *place != LocationId::IN_TRANSIT && tree.is_within(*place, scope.place))
            .collect();
        for spot in std::iter::once(own).chain(below) {
            let Some(sum) = found.get_mut(&spot) else { continue };
            let part = rest.min(sum.stock - sum.reserved).max(0);
            sum.reserved += part;
            rest -= part;
        }
        if rest > 0 {
            found.entry(own).or_default().reserved += rest;
        }
    }
}

/// What entries of Delivery journals that wait to be booked would bring. Cost: the waiting entries of those
/// journals, of the products named if any are.
fn ordered(conn: &mut Conn, tenant: TenantId, filter: &BalanceFilter) -> Result<Vec<(Spot, i128)>, Error> {
    // A product named twice is not ordered twice.
    let products: Option<BTreeSet<i64>> = filter.products.as_ref().map(|ids| ids.iter().map(|id| id.0).collect());
    let products = products.map(Rows::ids);
    let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut from = String::from("journal j");
    let mut condition = String::from("e.tenant = $1 and e.journal = j.id and e.count > 0");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(JournalKind::Delivery.code())];
    if let Some(variant) = filter.variant {
        args.push(Arg::Int(variant.0));
        condition.push_str(&format!(" and e.variant = ${}", args.len()));
    }
    if let Some(rows) = &products {
        args.push(Arg::Rows(rows));
        from = format!("{{rows ${} (id bigint) p}} cross join journal j", args.len());
        condition.push_str(" and e.product = p.id");
    }
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        condition.push_str(&format!(" and e.location in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    let counts = long_sum("e.count");
    conn.query(
        &format!(
            "select e.product, e.variant, e.location, {counts} from {from} \
             {{look up entry e}} {condition} {{looked up e}} where j.tenant = $1 and j.kind = $2 \
             group by e.product, e.variant, e.location"
        ),
        &args,
        |row| Ok(((ProductId(row.int(0)?), VariantId(row.int(1)?), LocationId(row.int(2)?)), row.sum(3)?)),
    )
}
