//! What can be promised: stock by product, variant and location, over all lots.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{AccountId, LocationId, ProductId, TenantId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::location::LocationTree;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Scope;
use lotbook_domain::time::Time;

use super::balance::{BalanceFilter, balances};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
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
    /// What can still be promised.
    pub fn available(self) -> Quantity {
        Quantity(self.stock.0 - self.reserved.0)
    }
}

/// Whether an answer is about another time than now: what is reserved is then what was, and what is ordered, which
/// is known of now alone, is of no meaning.
pub fn is_of_the_past(asked: &BalanceFilter, now: Time) -> bool {
    asked.as_known_at.is_some() || asked.as_of.is_some_and(|at| at < now)
}

/// Product, variant and location.
pub type Spot = (ProductId, VariantId, LocationId);

/// Availability by spot, in the order of product, variant and location.
pub fn availability(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    asked: &BalanceFilter,
    now: Time,
) -> Result<BTreeMap<Spot, Available>, Error> {
    let mut found: BTreeMap<Spot, Available> = BTreeMap::new();
    let scopes = reserved(conn, tenant, asked, now)?;
    let mut filter = BalanceFilter { with_zero: true, ..asked.clone() };
    if scopes.iter().any(|(scope, _)| tree.all().iter().any(|node| node.parent == scope.place)) {
        // What is reserved of a whole site is shown where it can be taken from, so all of it is looked at.
        filter.places = None;
    }
    let shown = asked.places.as_ref();
    loop {
        let (page, next) = balances(conn, tenant, AccountKind::Stock, &filter, 10_000)?;
        for balance in page {
            let spot = (balance.key.product, balance.key.variant, balance.key.place);
            let sum = &mut found.entry(spot).or_default().stock;
            *sum = sum.checked_add(balance.quantity).unwrap_or(Quantity(i64::MAX));
        }
        match next {
            Some(next) => filter.after = next,
            None => break,
        }
    }
    filter.after = AccountId(0);
    add_reserved(tree, scopes, &mut found);
    for (spot, ordered) in ordered(conn, tenant, &filter)? {
        found.entry(spot).or_default().ordered = ordered;
    }
    if let Some(places) = shown {
        let places: std::collections::BTreeSet<_> = places.iter().copied().collect();
        found.retain(|(_, _, place), _| places.contains(place));
    }
    Ok(found)
}

/// What is open of reservations, by scope.
fn reserved(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &BalanceFilter,
    now: Time,
) -> Result<Vec<(Scope, Quantity)>, Error> {
    let products = filter.products.as_deref();
    let mut scopes = if is_of_the_past(filter, now) {
        let times = (filter.as_of.unwrap_or(now), filter.as_known_at);
        table::reservation::open_at(conn, tenant, products, times)?
    } else {
        table::reservation::all_open(conn, tenant, products, now)?
    };
    scopes.retain(|(scope, _)| {
        filter.variant.is_none_or(|variant| variant == scope.variant)
            && filter.lots.as_ref().is_none_or(|lots| lots.contains(&scope.lot))
    });
    Ok(scopes)
}

/// Adds what is reserved. A reservation of a place and what is below it shows where stock is free, in the
/// order of locations; what finds none shows at the place itself.
fn add_reserved(tree: &LocationTree, mut scopes: Vec<(Scope, Quantity)>, found: &mut BTreeMap<Spot, Available>) {
    // The deepest places first: who has less choice is served before who has more.
    scopes.sort_by_key(|(scope, _)| (std::cmp::Reverse(tree.chain(scope.place).count()), *scope));
    for (scope, open) in scopes {
        let mut rest = open.0;
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
            let part = rest.min(sum.available().0).max(0);
            sum.reserved.0 += part;
            rest -= part;
        }
        if rest > 0 {
            found.entry(own).or_default().reserved.0 += rest;
        }
    }
}

/// What entries of Delivery journals that wait to be booked would bring. Cost: the waiting entries of those
/// journals, of the products named if any are.
fn ordered(conn: &mut Conn, tenant: TenantId, filter: &BalanceFilter) -> Result<Vec<(Spot, Quantity)>, Error> {
    // A product named twice is not ordered twice.
    let products: Option<BTreeSet<i64>> = filter.products.as_ref().map(|ids| ids.iter().map(|id| id.0).collect());
    let products = products.map(Rows::ids);
    let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut from = String::from("journal j");
    let mut condition = String::from("e.tenant = $1 and e.journal = j.id and e.count > 0");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(JournalKind::Delivery.code())];
    if let Some(rows) = &products {
        args.push(Arg::Rows(rows));
        from = format!("{{rows ${} (id bigint) p}} cross join journal j", args.len());
        condition.push_str(" and e.product = p.id");
    }
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        condition.push_str(&format!(" and e.location in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    conn.query(
        &format!(
            "select e.product, e.variant, e.location, cast(sum(e.count) as bigint) from {from} \
             {{look up entry e}} {condition} {{looked up e}} where j.tenant = $1 and j.kind = $2 \
             group by e.product, e.variant, e.location"
        ),
        &args,
        |row| Ok(((ProductId(row.int(0)?), VariantId(row.int(1)?), LocationId(row.int(2)?)), Quantity(row.int(3)?))),
    )
}
