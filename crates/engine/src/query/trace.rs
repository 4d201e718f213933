//! Genealogy: which lots became which, level by level over the indexed edges, and where a lot went.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::range;
use crate::error::Error;
use crate::store::{Arg, Conn, Row, Rows, long_sum};
use crate::structure::Settings;

/// How far traces go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// No trace goes deeper; one that is to gets so far.
    pub depth: i64,
    /// A trace of more lots than this ends early and says so.
    pub nodes: usize,
}

impl Limits {
    /// The tenant's: the settings `mes.maxTraceDepth` and `mes.maxTraceNodes`.
    pub fn of(settings: &Settings) -> Self {
        let nodes = settings.whole("mes.maxTraceNodes");
        Self { depth: settings.whole("mes.maxTraceDepth"), nodes: usize::try_from(nodes).unwrap_or(usize::MAX) }
    }
}

/// A recall looks at least so far, for what it does not find stays with the customers.
const RECALL_MIN: Limits = Limits { depth: 100, nodes: 10_000 };
/// So many deliveries to customers are listed.
const CUSTOMERS_MAX: i64 = 10_000;

/// Which way a trace goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What the lot was made of.
    Input,
    /// What was made of the lot.
    Output,
}

/// A lot that a trace found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The lot.
    pub lot: LotId,
    /// How many edges it is away.
    pub depth: i64,
    /// What reached it over the edges of the trace, in its own base unit.
    pub quantity: Quantity,
    /// Whether nothing lies beyond it.
    pub is_terminal: bool,
}

/// All that went from one lot into another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What went in.
    pub from: LotId,
    /// What came out.
    pub to: LotId,
    /// How much went in, in the base unit of `from`.
    pub from_quantity: Quantity,
    /// How much came out, in the base unit of `to`.
    pub to_quantity: Quantity,
    /// By which runs, in the order of time.
    pub runs: Vec<Passage>,
    /// When first.
    pub first_at: Time,
    /// When last.
    pub last_at: Time,
}

/// A run of an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its ULID.
    pub uid: String,
    /// Where from.
    pub from: LocationId,
    /// Where to.
    pub to: LocationId,
}

/// A trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The lots found, nearest first, without the one asked for.
    pub nodes: Vec<Node>,
    /// What joins them.
    pub links: Vec<Link>,
    /// Whether there was more than a trace shows.
    pub is_truncated: bool,
}

struct Step {
    from: LotId,
    to: LotId,
    from_quantity: i64,
    to_quantity: i64,
    at: Time,
    run: Passage,
}

/// Follows a lot's edges, at most `depth` of them in a row, over what happened up to `until`. Runs that were
/// undone make no edge. Every lot is looked at once, so a circle ends. Cost: one statement a level.
///
/// Errors: refused `quantityTooLarge`, where more went through a lot than a figure can tell.
pub fn trace(
    conn: &mut Conn,
    tenant: TenantId,
    root: LotId,
    way: Way,
    depth: i64,
    until: Option<Time>,
    limits: Limits,
) -> Result<Trace, Error> {
    let depth_max = depth.clamp(1, limits.depth.max(1));
    let mut found: BTreeMap<LotId, Node> = BTreeMap::new();
    let mut links: BTreeMap<(LotId, LotId), Link> = BTreeMap::new();
    let mut frontier = BTreeSet::from([root]);
    let mut is_truncated = false;
    let mut level = 0;
    while !frontier.is_empty() && level < depth_max && !is_truncated {
        level += 1;
        let mut next = BTreeSet::new();
        for step in steps(conn, tenant, &frontier, way, until)? {
            let (near, far) = if way == Way::Output { (step.from, step.to) } else { (step.to, step.from) };
            if let Some(node) = found.get_mut(&near) {
                node.is_terminal = false;
            }
            if far != root && !found.contains_key(&far) {
                if found.len() >= limits.nodes {
                    is_truncated = true;
                    continue;
                }
                found.insert(far, Node { lot: far, depth: level, quantity: Quantity::ZERO, is_terminal: true });
                next.insert(far);
            }
            let mut add = |lot: LotId, to: Quantity, more: i64| {
                range::of_lot(conn, tenant, lot, "what went through it", i128::from(to.0) + i128::from(more))
            };
            if let Some(node) = found.get_mut(&far) {
                let reached = if way == Way::Output { step.to_quantity } else { step.from_quantity };
                node.quantity = add(far, node.quantity, reached)?;
            }
            let link = links.entry((step.from, step.to)).or_insert_with(|| Link {
                from: step.from,
                to: step.to,
                from_quantity: Quantity::ZERO,
                to_quantity: Quantity::ZERO,
                runs: Vec::new(),
                first_at: step.at,
                last_at: step.at,
            });
            link.from_quantity = add(step.from, link.from_quantity, step.from_quantity)?;
            link.to_quantity = add(step.to, link.to_quantity, step.to_quantity)?;
            link.first_at = link.first_at.min(step.at);
            link.last_at = link.last_at.max(step.at);
            link.runs.push(step.run);
        }
        frontier = next;
    }
    if !frontier.is_empty() {
        // What lies beyond the last level is not shown, but that it does is said.
        for step in steps(conn, tenant, &frontier, way, until)? {
            let near = if way == Way::Output { step.from } else { step.to };
            if let Some(node) = found.get_mut(&near) {
                node.is_terminal = false;
            }
        }
    }
    let mut nodes: Vec<Node> = found.into_values().collect();
    nodes.sort_by_key(|node| (node.depth, node.lot));
    Ok(Trace { nodes, links: links.into_values().collect(), is_truncated })
}

fn steps(
    conn: &mut Conn,
    tenant: TenantId,
    frontier: &BTreeSet<LotId>,
    way: Way,
    until: Option<Time>,
) -> Result<Vec<Step>, Error> {
    let rows = Rows::ids(frontier.iter().map(|id| id.0));
    let near = if way == Way::Output { "from_lot" } else { "to_lot" };
    conn.query(
        &format!(
            "select e.from_lot, e.to_lot, e.from_quantity, e.to_quantity, e.at, u.uid, u.from_location, u.to_location \
             from {{rows $2 (id bigint) r}} {{look up lot_edge e}} e.tenant = $1 and e.{near} = r.id \
             and e.at <= $3 {{looked up e}} {{look up run u}} u.tenant = $1 and u.id = e.run {{looked up u}} \
             where not exists (select 1 from movement x where x.tenant = $1 and x.reverses_batch = u.batch \
             and x.reverses_line = u.first_line and x.reverses_batch > 0) order by e.at, e.run"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(until.unwrap_or(Time::FOREVER).0)],
        |row| {
            Ok(Step {
                from: LotId(row.int(0)?),
                to: LotId(row.int(1)?),
                from_quantity: row.int(2)?,
                to_quantity: row.int(3)?,
                at: Time(row.int(4)?),
                run: Passage { uid: row.text(5)?, from: LocationId(row.int(6)?), to: LocationId(row.int(7)?) },
            })
        },
    )
}

/// How a lot is called whose name is not told.
pub const ELSEWHERE: &str = "another org unit";

/// What may be told of a trace: which of its lots stood where somebody may look, and which runs went through there.
#[derive(Clone, Debug)]
pub struct Sight {
    places: Option<BTreeSet<LocationId>>,
    known: BTreeSet<LotId>,
}

impl Sight {
    /// For whoever sees these places, `None` = all, and asked for `root`. Cost: one statement.
    pub fn read(
        conn: &mut Conn,
        tenant: TenantId,
        places: Option<BTreeSet<LocationId>>,
        root: LotId,
        lots: &BTreeSet<LotId>,
    ) -> Result<Self, Error> {
        let mut known = BTreeSet::from([root]);
        if let Some(places) = &places {
            let (lots, places) = (Rows::ids(lots.iter().map(|lot| lot.0)), Rows::ids(places.iter().map(|at| at.0)));
            known.extend(conn.query(
                "select distinct a.lot from {rows $2 (id bigint) r} {look up account a} a.tenant = $1 and a.lot = r.id \
                 and a.lot > 0 and a.kind = 1 {looked up a} where a.place in (select v.id from {rows $3 (id bigint) v})",
                &[Arg::Int(tenant.0), Arg::Rows(&lots), Arg::Rows(&places)],
                |row| Ok(LotId(row.int(0)?)),
            )?);
        }
        Ok(Self { places, known })
    }

    /// Whether a lot may be told by its name: it stands or stood at a place that is seen, or was asked for.
    pub fn knows(&self, lot: LotId) -> bool {
        self.places.is_none() || self.known.contains(&lot)
    }

    /// Whether a run came from or went to a place that is seen.
    pub fn sees(&self, from: LocationId, to: LocationId) -> bool {
        self.places.as_ref().is_none_or(|places| places.contains(&from) || places.contains(&to))
    }
}

/// What stands for the ULID of a lot that is not told: the same for the same lot, and no way back to it.
pub fn alias(uid: &str) -> String {
    let hash = blake3::hash(uid.as_bytes()).to_hex();
    format!("other-{}", &hash[..16])
}

/// What became of a lot, in its base unit. What was undone counts for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// Received from a supplier, or made.
    pub made: Quantity,
    /// Gone to customers, or back to suppliers.
    pub shipped: Quantity,
    /// Come back from customers.
    pub returned: Quantity,
    /// Used up in production, or by ourselves.
    pub consumed: Quantity,
    /// Lost.
    pub scrapped: Quantity,
    /// What stands in the house.
    pub on_hand: Quantity,
    /// What the counts and corrections would have to explain: made and returned less all the rest.
    pub unexplained: Quantity,
}

/// A delivery to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Of this lot.
    pub lot: LotId,
    /// To this party: its code and name; `None` = nobody was named.
    pub party: Option<(String, String)>,
    /// The voucher and its number.
    pub voucher: Option<(i64, i64)>,
    /// How much, in the lot's base unit.
    pub quantity: Quantity,
    /// When.
    pub at: Time,
}

/// What has to be known to call a lot back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    /// What became of the lot itself.
    pub fate: Fate,
    /// The lots that it went into, with how far away.
    pub affected: Vec<(LotId, i64)>,
    /// Who got any of them.
    pub customers: Vec<Delivered>,
    /// Where any of them stands.
    pub locations: Vec<(LotId, LocationId, Quantity)>,
    /// What else was delivered and stands, at places that are not shown.
    pub elsewhere: Vec<Elsewhere>,
    /// Whether there are more lots than were looked at.
    pub is_truncated: bool,
}

/// What there is of a lot beyond what somebody may look at: sums without names, so that a recall adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// The lot.
    pub lot: LotId,
    /// Delivered to customers.
    pub delivered: Quantity,
    /// Standing somewhere.
    pub on_hand: Quantity,
}

/// The deliveries of lots to customers.
const DELIVERIES: &str = "from {rows $2 (id bigint) r} {look up account a} a.tenant = $1 and a.lot = r.id \
         and a.lot > 0 and a.kind = 1 {looked up a} {look up movement m} m.tenant = $1 and m.from_account = a.id \
         and m.from_account > 0 and m.to_location = $3 and m.reverses_batch = 0 {looked up m}";
/// That a movement `m` was not undone.
const HOLDS: &str = "not exists (select 1 from movement x where x.tenant = $1 and x.reverses_batch = m.batch \
         and x.reverses_line = m.line and x.reverses_batch > 0)";

/// The recall report of a lot for whoever sees these places; `None` = all. What became of the lot itself is told as
/// sums over all places; who got it and where it stands is named at the places seen, and summed up at others.
/// Cost: its forward trace, and the movements of the lots found.
///
/// Errors: refused `quantityTooLarge`, where a sum of a lot is more than a figure can tell.
pub fn recall(
    conn: &mut Conn,
    tenant: TenantId,
    lot: LotId,
    places: Option<&BTreeSet<LocationId>>,
    limits: Limits,
) -> Result<Recall, Error> {
    let is_seen = |place: LocationId| places.is_none_or(|places| places.contains(&place));
    let limits = Limits { depth: limits.depth.max(RECALL_MIN.depth), nodes: limits.nodes.max(RECALL_MIN.nodes) };
    let forward = trace(conn, tenant, lot, Way::Output, limits.depth, None, limits)?;
    let affected: Vec<(LotId, i64)> = forward.nodes.iter().map(|node| (node.lot, node.depth)).collect();
    let all = Rows::ids(std::iter::once(lot.0).chain(affected.iter().map(|(lot, _)| lot.0)));
    let own = Rows::ids([lot.0]);
    let args = |rows| [Arg::Int(tenant.0), Arg::Rows(rows)];
    let mut fate = [0_i128; 6];
    let quantities = long_sum("m.quantity");
    for (side, other, sign) in [("to_account", "from_location", 1), ("from_account", "to_location", -1)] {
        let text = format!(
            "select m.{other}, case when m.reverses_batch > 0 then 1 else 0 end, {quantities} \
             from {{rows $2 (id bigint) r}} {{look up account a}} a.tenant = $1 and a.lot = r.id and a.lot > 0 \
             and a.kind = 1 {{looked up a}} {{look up movement m}} m.tenant = $1 and m.{side} = a.id \
             and m.{side} > 0 and m.{other} < 0 {{looked up m}} group by 1, 2"
        );
        conn.each(&text, &args(&own), |row: &Row<'_>| {
            let (place, is_undoing, quantity) = (LocationId(row.int(0)?), row.int(1)? != 0, row.sum(2)?);
            // What undoes an issue comes from where the issue went, and counts against it.
            let came = (sign > 0) != is_undoing;
            let quantity = if is_undoing { -quantity } else { quantity };
            let sum = match (place, came) {
                (LocationId::SUPPLIER | LocationId::PRODUCTION, true) => 0,
                (LocationId::CUSTOMER | LocationId::SUPPLIER, false) => 1,
                (LocationId::CUSTOMER, true) => 2,
                (LocationId::PRODUCTION | LocationId::INTERNAL_USE, false) => 3,
                (LocationId::LOSS, false) => 4,
                _ => return Ok(()),
            };
            fate[sum] += quantity;
            Ok(())
        })?;
    }
    let mut locations = conn.query(
        "select a.lot, a.place, a.quantity from {rows $2 (id bigint) r} {look up account a} a.tenant = $1 \
         and a.lot = r.id and a.lot > 0 and a.kind = 1 and a.quantity <> 0 {looked up a} order by a.lot, a.place",
        &args(&all),
        |row| Ok((LotId(row.int(0)?), LocationId(row.int(1)?), Quantity(row.int(2)?))),
    )?;
    fate[5] = locations.iter().filter(|(of, ..)| *of == lot).map(|(_, _, standing)| i128::from(standing.0)).sum();
    let mut elsewhere: BTreeMap<LotId, (i128, i128)> = BTreeMap::new();
    for (of, _, quantity) in locations.extract_if(.., |(_, place, _)| !is_seen(*place)) {
        elsewhere.entry(of).or_default().1 += i128::from(quantity.0);
    }
    let seen = places.map(|places| Rows::ids(places.iter().map(|place| place.0)));
    let mut delivered_args = vec![Arg::Int(tenant.0), Arg::Rows(&all), Arg::Int(LocationId::CUSTOMER.0)];
    if places.is_some() {
        let sums = conn.query(
            &format!("select a.lot, a.place, {quantities} {DELIVERIES} where {HOLDS} group by 1, 2"),
            &delivered_args,
            |row| Ok((LotId(row.int(0)?), LocationId(row.int(1)?), row.sum(2)?)),
        )?;
        for (of, _, quantity) in sums.into_iter().filter(|(_, place, _)| !is_seen(*place)) {
            elsewhere.entry(of).or_default().0 += quantity;
        }
    }
    delivered_args.push(Arg::Int(CUSTOMERS_MAX));
    let within = match &seen {
        None => "",
        Some(seen) => {
            delivered_args.push(Arg::Rows(seen));
            "and a.place in (select v.id from {rows $5 (id bigint) v})"
        }
    };
    let customers = conn.query(
        &format!(
            "select a.lot, p.code, p.name, m.voucher, v.number, m.quantity, m.effective_at {DELIVERIES} \
         left join party p on p.tenant = $1 and p.id = m.customer \
         left join voucher v on v.tenant = $1 and v.id = m.voucher \
         where {HOLDS} {within} order by m.effective_at, m.batch, m.line limit $4"
        ),
        &delivered_args,
        |row| {
            Ok(Delivered {
                lot: LotId(row.int(0)?),
                party: row.opt_text(1)?.zip(row.opt_text(2)?),
                voucher: row.opt_int(4)?.map(|number| Ok::<_, Error>((row.int(3)?, number))).transpose()?,
                quantity: Quantity(row.int(5)?),
                at: Time(row.int(6)?),
            })
        },
    )?;
    let mut told = |lot: LotId, what: &str, sum: i128| range::of_lot(conn, tenant, lot, what, sum);
    let unexplained = fate[0] + fate[2] - fate[1] - fate[3] - fate[4] - fate[5];
    let fate = Fate {
        made: told(lot, "what was made of it", fate[0])?,
        shipped: told(lot, "what was shipped of it", fate[1])?,
        returned: told(lot, "what came back of it", fate[2])?,
        consumed: told(lot, "what was used of it", fate[3])?,
        scrapped: told(lot, "what was lost of it", fate[4])?,
        on_hand: told(lot, "what stands of it", fate[5])?,
        unexplained: told(lot, "what is not explained of it", unexplained)?,
    };
    let beyond = |(lot, (delivered, on_hand)): (LotId, (i128, i128))| {
        let delivered = told(lot, "what was delivered of it elsewhere", delivered)?;
        Ok(Elsewhere { lot, delivered, on_hand: told(lot, "what stands of it elsewhere", on_hand)? })
    };
    let elsewhere = elsewhere.into_iter().map(beyond).collect::<Result<_, Error>>()?;
    Ok(Recall { fate, affected, customers, locations, elsewhere, is_truncated: forward.is_truncated })
}

/// A lot as people know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Its ULID.
    pub uid: String,
    /// Its name.
    pub name: String,
    /// Its product.
    pub product: ProductId,
    /// The product's identifier and name.
    pub product_name: (String, String),
    /// The symbol of the product's base unit.
    pub unit: String,
}

/// How these lots are called.
pub fn names(
    conn: &mut Conn,
    tenant: TenantId,
    lots: impl IntoIterator<Item = LotId>,
) -> Result<BTreeMap<LotId, Named>, Error> {
    let rows = Rows::ids(lots.into_iter().map(|id| id.0));
    let found = conn.query(
        "select l.id, l.uid, l.name, p.id, p.identifier, p.name, coalesce(n.symbol, '') from {rows $2 (id bigint) r} \
         {look up lot l} l.tenant = $1 and l.id = r.id {looked up l} \
         join product p on p.tenant = $1 and p.id = l.product left join unit n on n.tenant = $1 and n.id = p.unit",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| {
            let named = Named {
                uid: row.text(1)?,
                name: row.text(2)?,
                product: ProductId(row.int(3)?),
                product_name: (row.text(4)?, row.text(5)?),
                unit: row.text(6)?,
            };
            Ok((LotId(row.int(0)?), named))
        },
    )?;
    Ok(found.into_iter().collect())
}
