//! What is to be counted when: products by what their use is worth, each class in its own rhythm.

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
    /// Whether only what is due by now is asked for.
    pub is_due_only: bool,
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
    fn of_rank(rank: i64) -> Self {
        match rank {
            0 => Self::A,
            1 => Self::B,
            _ => Self::C,
        }
    }

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

/// What each product's use was worth, and its rank by the sum of those that were worth more: less than 80 % of
/// all is A, less than 95 % B. What was undone is not used. Sums are of thousandths, so that they fit whatever a
/// house uses; of integers b and t, b < 0.8 t is b < t - t / 5.
const RANKS: &str = "select w.product, case when w.above < w.total - w.total / 5 then 0 \
     when w.above < w.total - w.total / 20 then 1 else 2 end as rank from (select x.product, \
     cast(sum(x.amount / 1000) over (order by x.amount desc, x.product rows between unbounded preceding and current row) \
     as bigint) - x.amount / 1000 as above, cast(sum(x.amount / 1000) over () as bigint) as total from ( \
     select u.product, cast(sum(u.amount) as bigint) as amount from ( \
     select m.product, m.amount from movement m where m.tenant = $1 and m.effective_at >= $3 \
     and m.to_location in (select r.id from {rows $4 (id bigint) r}) \
     union all select m.product, -m.amount from movement m where m.tenant = $1 and m.effective_at >= $3 \
     and m.reverses_batch > 0 and m.from_location in (select r.id from {rows $4 (id bigint) r})) u \
     group by u.product having sum(u.amount) > 0) x) w";

/// Products that stand at one of the places, each with its class and when it is due; the longest overdue first.
/// What was never counted is due at once. Instances are counted as a set, under the account without a lot. The database
/// ranks and sorts; of what is found, `limit` after `from` come back. Cost: the movements since `used_from`, and a look at the counts of each account at the places.
pub fn plan(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &PlanFilter,
    (from, limit): (i64, i64),
) -> Result<Vec<Planned>, Error> {
    let places = Rows::ids(filter.places.iter().map(|id| id.0));
    let outs = Rows::ids(
        [LocationId::CUSTOMER, LocationId::PRODUCTION, LocationId::LOSS, LocationId::INTERNAL_USE].map(|id| id.0),
    );
    // No plan looks further ahead than times reach.
    let every = filter.every.map(|days| days.clamp(0, 1_000_000) * Time::DAY);
    let due_by = if filter.is_due_only { filter.now.0 } else { i64::MAX };
    conn.query(
        &format!(
            "select d.product, d.identifier, d.place, d.counted_at, d.rank, d.due_at from ( \
             select k.product, p.identifier, k.place, k.counted_at, k.rank, \
             coalesce(k.counted_at + case k.rank when 0 then cast($6 as bigint) when 1 then cast($7 as bigint) \
             else cast($8 as bigint) end, cast($5 as bigint)) as due_at from ( \
             select s.product, s.place, max(s.counted_at) as counted_at, coalesce(max(c.rank), 2) as rank from ( \
             select a.product, a.place, a.quantity, (select max(c.effective_at) from stock_count c where c.tenant = $1 \
             and c.account = a.id and not exists (select 1 from count_undone u where u.tenant = $1 \
             and u.count_batch = c.batch and u.count_line = c.line)) as counted_at \
             from account a where a.tenant = $1 and a.kind = 1 and (a.quantity <> 0 or a.lot = 0) \
             and a.place in (select r.id from {{rows $2 (id bigint) r}})) s \
             left join ({RANKS}) c on c.product = s.product group by s.product, s.place \
             having max(case when s.quantity <> 0 then 1 else 0 end) = 1) k \
             join product p on p.tenant = $1 and p.id = k.product) d where d.due_at <= $9 \
             order by case when d.counted_at is null then 0 else 1 end, d.due_at, d.rank, d.place, d.product \
             limit $10 offset $11"
        ),
        &[
            Arg::Int(tenant.0),
            Arg::Rows(&places),
            Arg::Int(filter.used_from.0),
            Arg::Rows(&outs),
            Arg::Int(filter.now.0),
            Arg::Int(every[0]),
            Arg::Int(every[1]),
            Arg::Int(every[2]),
            Arg::Int(due_by),
            Arg::Int(limit),
            Arg::Int(from),
        ],
        |row| {
            Ok(Planned {
                product: ProductId(row.int(0)?),
                identifier: row.text(1)?,
                location: LocationId(row.int(2)?),
                counted_at: row.opt_int(3)?.map(Time),
                class: Class::of_rank(row.int(4)?),
                due_at: Time(row.int(5)?),
            })
        },
    )
}
