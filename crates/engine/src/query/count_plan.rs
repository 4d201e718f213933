//! What is to be counted when: products by what their use is worth, each class in its own rhythm.

use std::collections::HashMap;

use lotbook_domain::id::{LocationId, ProductId, TenantId};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Conn, Rows};

/// How often what is counted.
#[derive(Clone, Debug)]
pub struct PlanFilter {
    /// At these places.
    pub places: Vec<LocationId>,
    /// From when on use counts.
    pub used_from: Time,
    /// Days from one count to the next of the classes A, B and C.
    pub every: [i64; 3],
    /// The present time.
    pub now: Time,
}

/// A product's class: what makes 80 % of all use is A, the next 15 % B, the rest C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Few products, most of the value.
    A,
    /// In between.
    B,
    /// Many products, little value; and what was not used at all.
    C,
}

impl Class {
    /// Its letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// A product in a place, and when it is to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The product.
    pub product: ProductId,
    /// The product as people write it.
    pub identifier: String,
    /// The place.
    pub location: LocationId,
    /// Its class.
    pub class: Class,
    /// When it was last counted there, if it ever was.
    pub counted_at: Option<Time>,
    /// When it is due.
    pub due_at: Time,
}

/// Percent of all use up to which a product is A, and up to which it is B.
const SHARES: [i128; 2] = [80, 95];

/// The class of each product that was used; the others are C. Cost: the movements since `from`.
pub fn classes(conn: &mut Conn, tenant: TenantId, from: Time) -> Result<HashMap<ProductId, Class>, Error> {
    let outs = Rows::ids(
        [LocationId::CUSTOMER, LocationId::PRODUCTION, LocationId::LOSS, LocationId::INTERNAL_USE].map(|id| id.0),
    );
    // What was undone is not used.
    let mut used: Vec<(ProductId, i64)> = conn.query(
        "select u.product, cast(sum(u.amount) as bigint) from ( \
         select m.product, m.amount from movement m where m.tenant = $1 and m.effective_at >= $2 \
         and m.to_location in (select r.id from {rows $3 (id bigint) r}) \
         union all select m.product, -m.amount from movement m where m.tenant = $1 and m.effective_at >= $2 \
         and m.reverses_batch > 0 and m.from_location in (select r.id from {rows $3 (id bigint) r})) u \
         group by u.product",
        &[Arg::Int(tenant.0), Arg::Int(from.0), Arg::Rows(&outs)],
        |row| Ok((ProductId(row.int(0)?), row.int(1)?)),
    )?;
    used.retain(|(_, amount)| *amount > 0);
    used.sort_by_key(|(product, amount)| (std::cmp::Reverse(*amount), *product));
    let all: i128 = used.iter().map(|(_, amount)| i128::from(*amount)).sum();
    let mut before: i128 = 0;
    Ok(used
        .into_iter()
        .map(|(product, amount)| {
            let class = match before * 100 {
                share if share < all * SHARES[0] => Class::A,
                share if share < all * SHARES[1] => Class::B,
                _ => Class::C,
            };
            before += i128::from(amount);
            (product, class)
        })
        .collect())
}

/// Every product that stands at one of the places, with its class and when it is due; the longest overdue
/// first. What was never counted is due at once.
pub fn plan(conn: &mut Conn, tenant: TenantId, filter: &PlanFilter) -> Result<Vec<Planned>, Error> {
    let classes = classes(conn, tenant, filter.used_from)?;
    let places = Rows::ids(filter.places.iter().map(|id| id.0));
    let mut found = conn.query(
        "select s.product, p.identifier, s.place, max(s.counted_at) from ( \
         select a.product, a.place, (select max(c.effective_at) from stock_count c where c.tenant = $1 \
         and c.account = a.id and not exists (select 1 from count_undone u where u.tenant = $1 \
         and u.count_batch = c.batch and u.count_line = c.line)) as counted_at \
         from account a where a.tenant = $1 and a.kind = 1 and a.quantity <> 0 \
         and a.place in (select r.id from {rows $2 (id bigint) r})) s \
         join product p on p.tenant = $1 and p.id = s.product group by s.product, p.identifier, s.place",
        &[Arg::Int(tenant.0), Arg::Rows(&places)],
        |row| {
            let product = ProductId(row.int(0)?);
            let class = classes.get(&product).copied().unwrap_or(Class::C);
            let counted_at = row.opt_int(3)?.map(Time);
            let every = filter.every[class as usize].saturating_mul(Time::DAY);
            Ok(Planned {
                product,
                identifier: row.text(1)?,
                location: LocationId(row.int(2)?),
                class,
                counted_at,
                due_at: counted_at.map_or(filter.now, |at| Time(at.0.saturating_add(every))),
            })
        },
    )?;
    found.sort_by_key(|planned| {
        // What was never counted comes before what was counted long ago.
        let due = if planned.counted_at.is_none() { Time(i64::MIN) } else { planned.due_at };
        (due, planned.class, planned.location, planned.product)
    });
    Ok(found)
}
