//! What the replay of a product's pools is fed with: movements with what is known of them by now,
//! revaluations, and what was made that costs more from a time on, in the order of effective time and position.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::mpsc::sync_channel;

use lotbook_domain::entry::Reference;
use lotbook_domain::id::{AccountId, BatchId, LocationId, LotId, MovementId, TenantId, VariantId, VoucherId};
use lotbook_domain::money::{Amount, UnitCost, convert};
use lotbook_domain::movement::ValueFact;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::{Extra, Moved, Replay, Side};
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::rows;
use crate::store::{Arg, Conn, Row};
use crate::table;
use crate::table::cost_link::Source;
use crate::table::late_cost::LateCost;

/// One thing that a replay comes across.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// Something moved.
    Movement {
        /// What of it says what it costs.
        movement: Box<Moved>,
        /// Whether it counts for nothing: undone at its own time, or what undid it.
        is_void: bool,
        /// Which one it is.
        id: MovementId,
        /// What landed costs add to it.
        landed: i64,
        /// What it takes over the cost of.
        sources: Vec<Source>,
        /// Whether something came back of the document that it was sold under.
        is_returned: bool,
    },
    /// A pool is worth so much from a time on.
    Revaluation {
        /// The pool.
        pool: AccountId,
        /// From when on.
        at: Time,
        /// How much.
        value: Amount,
    },
    /// What was made of something that went beyond stock costs more from a time on.
    Late(LateCost),
}

/// What an issue to production that went beyond stock turned out to cost more, where a part of it was covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Covered {
    /// The issue.
    pub(crate) source: MovementId,
    /// What covered it.
    pub(crate) cover: MovementId,
    /// When.
    pub(crate) at: Time,
    /// How much of it.
    pub(crate) quantity: Quantity,
    /// How much more that costs, signed.
    pub(crate) amount: i64,
}

/// A replay with what its pools hand on to others.
///
/// What is used up hands its cost to what is made of it, in a pool of another product as a rule. Each circle of
/// pools is replayed by itself; what its issues to production cost is kept (`carried`) and told to the pools of
/// what was made, which then wait in their turn. What an issue costs depends on what came before it alone, so
/// that such waves end, whatever is made of what. Where an issue went beyond stock, what it costs more is handed on
/// from the time on at which it is covered, after what moved in the batch that covers it.
pub(crate) struct Walk {
    pub(crate) replay: Replay,
    /// What was handed on before.
    known: Rc<HashMap<MovementId, i64>>,
    /// What the issues of the batch and instant at hand cost more than was booked.
    fresh: (Time, BatchId, HashMap<MovementId, i64>),
    /// What is to be handed on now: the issues that cost something else than what was handed on.
    pub(crate) changed: Vec<(MovementId, i64)>,
    /// The issues to production that went beyond stock, by their numbers in the replay.
    beyond: HashMap<u64, MovementId>,
    /// What was covered of them.
    pub(crate) covered: Vec<Covered>,
    /// What was made of them in pools of this replay: which movement, its pool, how much, and how much was used for it.
    made: HashMap<MovementId, (MovementId, AccountId, Quantity, Quantity)>,
    /// By how much what was made in pools of this replay brought more, where that was handed on in it.
    pub(crate) brought: Vec<(MovementId, i64)>,
    /// How much those issues were, while it may be needed.
    used: HashMap<MovementId, Quantity>,
    /// What was covered of those in the batch and instant at hand.
    pending: (Time, BatchId, Vec<Covered>),
}

impl Walk {
    /// Begins with a replay, and what was handed on before; other movements than its own may be among them.
    pub(crate) fn with(known: Rc<HashMap<MovementId, i64>>, replay: Replay) -> Self {
        Self {
            replay,
            known,
            fresh: (Time::BEGINNING, BatchId(0), HashMap::new()),
            changed: Vec::new(),
            beyond: HashMap::new(),
            covered: Vec::new(),
            made: HashMap::new(),
            brought: Vec::new(),
            used: HashMap::new(),
            pending: (Time::BEGINNING, BatchId(0), Vec::new()),
        }
    }

    /// Begins with a replay of pools from a time on.
    pub(crate) fn new(
        conn: &mut Conn,
        tenant: TenantId,
        pools: &[AccountId],
        from: Time,
        replay: Replay,
    ) -> Result<Self, Error> {
        Ok(Self::with(Rc::new(table::cost_link::carried(conn, tenant, pools, from)?), replay))
    }

    /// Shows it an event; `None` where a sum leaves the range.
    pub(crate) fn show(&mut self, event: &Event) -> Option<()> {
        let is_same = match event {
            Event::Movement { movement, id, .. } => {
                (movement.effective_at, id.batch) == (self.pending.0, self.pending.1)
            }
            Event::Revaluation { .. } | Event::Late(_) => false,
        };
        if !is_same {
            self.correct_made()?;
        }
        match event {
            // What was undone at its own time cost nothing, for what was made of it as well.
            Event::Movement { is_void: true, movement, id, .. } => {
                if is_used(movement) {
                    self.note(movement, *id, movement.amount.0.checked_neg()?);
                }
                Some(())
            }
            Event::Movement { movement, id, landed, sources, is_returned, .. } => {
                self.turn_to(movement, *id);
                let mut carried: i64 = 0;
                for (source, known, is_own) in sources {
                    let fresh = self.fresh.2.get(source).copied().filter(|_| *is_own);
                    carried = carried.checked_add(fresh.unwrap_or(*known))?;
                }
                let is_made_of_own = sources.iter().any(|(_, _, is_own)| *is_own);
                let (landed, is_returned) = (*landed, *is_returned);
                self.replay.step(movement, Extra { landed, carried, is_returned, is_made_of_own })?;
                if is_used(movement) {
                    let delta = self.replay.issued().0.checked_sub(movement.amount.0)?;
                    self.note(movement, *id, delta);
                    if self.replay.is_beyond() {
                        self.beyond.insert(self.replay.shown(), *id);
                        self.used.insert(*id, movement.quantity);
                    }
                }
                if movement.reverses.is_none() {
                    for (source, ..) in sources.iter().filter(|(_, _, is_own)| *is_own) {
                        if let Some(used) = self.used.get(source) {
                            self.made.insert(*source, (*id, movement.to.pool, movement.quantity, *used));
                        }
                    }
                }
                for cover in self.replay.covered() {
                    let Some(source) = self.beyond.get(&cover.by).copied().filter(|_| cover.amount != 0) else {
                        continue;
                    };
                    let (at, quantity, amount) = (movement.effective_at, cover.quantity, cover.amount);
                    let covered = Covered { source, cover: *id, at, quantity, amount };
                    if self.made.contains_key(&source) {
                        (self.pending.0, self.pending.1) = (at, id.batch);
                        self.pending.2.push(covered);
                    }
                    self.covered.push(covered);
                }
                Some(())
            }
            Event::Revaluation { pool, at, value } => self.replay.revalue(*pool, *at, *value),
            Event::Late(late) => self.replay.correct_made(late.pool, late.at, late.quantity, late.amount),
        }
    }

    fn turn_to(&mut self, movement: &Moved, id: MovementId) {
        if (self.fresh.0, self.fresh.1) != (movement.effective_at, id.batch) {
            self.fresh = (movement.effective_at, id.batch, HashMap::new());
        }
    }

    /// What was used up costs so much more than was booked.
    fn note(&mut self, movement: &Moved, id: MovementId, delta: i64) {
        self.turn_to(movement, id);
        self.fresh.2.insert(id, delta);
        if delta != self.known.get(&id).copied().unwrap_or(0) {
            self.changed.push((id, delta));
        }
    }

    /// Hands on, in the pools of this replay, what the batch and instant shown last covered.
    pub(crate) fn correct_made(&mut self) -> Option<()> {
        let mut pending = std::mem::take(&mut self.pending.2);
        pending.sort_by_key(|covered| (covered.cover.line, covered.source));
        for Covered { source, at, quantity, amount, .. } in pending {
            let (id, pool, made, used) = self.made[&source];
            self.brought.push((id, amount));
            self.replay.correct_made(pool, at, of_what_was_made(made, quantity, used)?, amount)?;
        }
        Some(())
    }

    /// What was made in pools of this replay of something that went beyond stock and is not covered yet.
    pub(crate) fn made_of_uncovered(&self) -> impl Iterator<Item = MovementId> {
        let sources = self.replay.uncovered().filter_map(|number| self.beyond.get(&number));
        sources.filter_map(|source| self.made.get(source)).map(|(id, ..)| *id)
    }

    /// Applies what is left, after the last event.
    pub(crate) fn end(&mut self) -> Option<()> {
        self.correct_made()?;
        self.replay.end()
    }
}

/// Whether something was used up by a production, and not as an undoing.
fn is_used(movement: &Moved) -> bool {
    movement.from.pool.0 != 0 && movement.to.location == LocationId::PRODUCTION && movement.reverses.is_none()
}

/// How much was made of a part of what was used: to the millionth, and something.
pub(crate) fn of_what_was_made(made: Quantity, part: Quantity, used: Quantity) -> Option<Quantity> {
    if part == used { Some(made) } else { convert(made, part.0, used.0).map(|made| made.max(Quantity(1))) }
}

/// Everything that a replay of these pools from a time on, up to another, comes across, in its order. Cost: the
/// movements of that time, read once; what stands between them, and landed costs, is read before and kept meanwhile.
pub(crate) fn each_event(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[AccountId],
    span: (Time, Time),
    mut each: impl FnMut(Event) -> Result<(), Error>,
) -> Result<(), Error> {
    let circle: Vec<(AccountId, usize)> = pools.iter().map(|pool| (*pool, 0)).collect();
    each_event_of(conn, tenant, &circle, span, |_, event| each(event))
}

/// [`each_event`] of several circles of pools, one circle after the other in the order of their numbers; every
/// pool comes with the number of its circle. Takes as many statements as a single one.
pub(crate) fn each_event_of(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[(AccountId, usize)],
    (from, until): (Time, Time),
    mut each: impl FnMut(usize, Event) -> Result<(), Error>,
) -> Result<(), Error> {
    let ids: Vec<AccountId> = pools.iter().map(|(pool, _)| *pool).collect();
    let circle_of: BTreeMap<AccountId, usize> = pools.iter().copied().collect();
    let landed = table::value_fact::landed(conn, tenant, &ids, from)?;
    let linked = table::cost_link::sources(conn, tenant, &circle_of, from)?;
    let returned = table::movement::returned_of(conn, tenant, &ids, from)?;
    let revalued = |fact: ValueFact| Event::Revaluation { pool: fact.pool, at: fact.effective_at, value: fact.amount };
    let mut between: Vec<((usize, Time, i64), Event)> = Vec::new();
    for (position, fact) in table::value_fact::revaluations(conn, tenant, &ids, from)? {
        if let Some(circle) = circle_of.get(&fact.pool).filter(|_| fact.effective_at <= until) {
            between.push(((*circle, fact.effective_at, position), revalued(fact)));
        }
    }
    for (position, late) in table::late_cost::in_pools(conn, tenant, &ids, (from, until))? {
        if let Some(circle) = circle_of.get(&late.pool) {
            between.push(((*circle, late.at, position), Event::Late(late)));
        }
    }
    // Stable: what is of one batch keeps its order.
    between.sort_by_key(|(place, _)| *place);
    let told: BTreeSet<Time> = between.iter().map(|((_, at, _), _)| *at).collect();
    let mut between = between.into_iter().peekable();
    each_movement(conn, tenant, pools, (from, until), &told, |circle, id, position, movement, is_void| {
        let before = (circle, movement.effective_at, position);
        while let Some((of, event)) = between.next_if(|(place, _)| *place < before) {
            each(of.0, event)?;
        }
        let known = movement.reverses.unwrap_or(id);
        let landed = landed.get(&known).copied().unwrap_or(0);
        let sources = linked.get(&known).cloned().unwrap_or_default();
        let is_returned = movement.is_sale() && movement.external.as_ref().is_some_and(|of| returned.contains(of));
        each(circle, Event::Movement { movement: Box::new(movement), is_void, id, landed, sources, is_returned })
    })?;
    for (of, event) in between {
        each(of.0, event)?;
    }
    Ok(())
}

/// What is read of a movement `m`: what of it says what it costs, and no more, as it is read by
/// the million and sorted by the database.
const COLUMNS: &str = "m.batch, m.line, m.effective_at, m.variant, m.lot, m.from_location, m.from_pool, m.to_location, \
     m.to_pool, m.quantity, m.amount, m.unit_cost, m.fallback_cost, m.voucher, m.external_type, m.external_id, \
     m.credit_type, m.credit_id, m.reverses_batch, m.reverses_line";
/// The columns after these, where several pools are read: the position, and the number of the circle.
const POSITION: usize = 20;
const CIRCLE: usize = 21;

/// Reads [`COLUMNS`]; the position is not told.
fn read(row: &Row<'_>) -> Result<Read, Error> {
    let reference = |column: usize| -> Result<Option<Reference>, Error> {
        let kind = row.opt_text(column)?;
        kind.map_or(Ok(None), |kind| Ok(row.opt_int(column + 1)?.map(|id| Reference { kind, id })))
    };
    let side = |column: usize| -> Result<Side, Error> {
        Ok(Side { location: LocationId(row.int(column)?), pool: AccountId(row.int(column + 1)?) })
    };
    let movement = Moved {
        effective_at: Time(row.int(2)?),
        variant: VariantId(row.int(3)?),
        lot: LotId(row.int(4)?),
        from: side(5)?,
        to: side(7)?,
        quantity: Quantity(row.int(9)?),
        amount: Amount(row.int(10)?),
        has_cost: row.opt_int(11)?.is_some(),
        fallback_cost: row.opt_int(12)?.map(UnitCost),
        voucher: VoucherId(row.int(13)?),
        external: reference(14)?,
        credit_note: reference(16)?,
        reverses: match row.int(18)? {
            0 => None,
            batch => Some(MovementId { batch: BatchId(batch), line: row.int(19)? }),
        },
    };
    let id = MovementId { batch: BatchId(row.int(0)?), line: row.int(1)? };
    Ok(Read { id, position: 0, movement })
}

/// A movement on its way into a replay.
struct Read {
    id: MovementId,
    /// When it was learned; 0 where nothing depends on that.
    position: i64,
    movement: Moved,
}

impl Read {
    /// Where it stands among those of its instant: as they were learned, and of one batch what is taken out of what
    /// is under way after what was put there.
    fn rank(&self) -> (i64, bool, i64) {
        (self.position, self.movement.from.location == LocationId::IN_TRANSIT, self.id.line)
    }
}

/// The movements of one instant, which are shown together.
struct Together<E> {
    circle: usize,
    reads: Vec<Read>,
    each: E,
}

impl<E: FnMut(usize, MovementId, i64, Moved, bool) -> Result<(), Error>> Together<E> {
    fn new(circle: usize, each: E) -> Self {
        Self { circle, reads: Vec::new(), each }
    }

    /// Takes the next one, after showing those before it that it is not together with.
    fn push(&mut self, circle: usize, read: Read) -> Result<(), Error> {
        let is_with = |last: &Read| (self.circle, last.movement.effective_at) == (circle, read.movement.effective_at);
        if !self.reads.last().is_some_and(is_with) {
            self.show()?;
            self.circle = circle;
        }
        self.reads.push(read);
        Ok(())
    }

    /// Shows them in their order, each with whether it counts for nothing: undone at its own time, or what undid it.
    fn show(&mut self) -> Result<(), Error> {
        let (mut moved, mut undone) = (BTreeSet::new(), BTreeSet::new());
        if self.reads.len() > 1 {
            self.reads.sort_by_key(Read::rank);
            undone.extend(self.reads.iter().filter_map(|read| read.movement.reverses));
        }
        if !undone.is_empty() {
            moved.extend(self.reads.iter().map(|read| read.id));
        }
        self.reads.drain(..).try_for_each(|Read { id, position, movement }| {
            let is_void = undone.contains(&id) || movement.reverses.is_some_and(|undone| moved.contains(&undone));
            (self.each)(self.circle, id, position, movement, is_void)
        })
    }
}

/// The movements of pools from a time on, circle by circle, in the order that [`Replay::step`] wants, each with
/// its id, its position, and whether it counts for nothing. At `told` something is shown beside movements, so that
/// their positions matter.
///
/// The database brings them into the order of time, for a single pool by its index alone; those of one instant are
/// sorted here, where a movement and what undid it at its own time meet.
fn each_movement(
    conn: &mut Conn,
    tenant: TenantId,
    pools: &[(AccountId, usize)],
    (from, until): (Time, Time),
    told: &BTreeSet<Time>,
    each: impl FnMut(usize, MovementId, i64, Moved, bool) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut together = Together::new(pools.first().map_or(0, |(_, circle)| *circle), each);
    if let [(pool, circle)] = pools {
        each_of_pool(conn, tenant, *pool, (from, until), told, |read| together.push(*circle, read))?;
    } else {
        let rows = rows!(for pool in pools => pool.0.0, pool.1 as i64);
        let args = [Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(from.0), Arg::Int(until.0)];
        conn.each(&of_pools(), &args, |row| {
            let position = row.int(POSITION)?;
            together.push(row.int(CIRCLE)? as usize, Read { position, ..read(row)? })
        })?;
    }
    together.show()
}

/// So many movements of a pool are read at once: some megabytes. Tests turn many pages, and meet instants that are larger
/// than one.
const PAGE: i64 = if cfg!(debug_assertions) { 5 } else { 10_000 };

/// The movements of one pool in the order of time. Cost: two statements a page. While one page is shown, a thread
/// of its own reads the next, for either takes as long.
fn each_of_pool(
    conn: &mut Conn,
    tenant: TenantId,
    pool: AccountId,
    span: (Time, Time),
    told: &BTreeSet<Time>,
    mut each: impl FnMut(Read) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut pages = Pages { sql: of_one_pool(), tenant, pool, span, told, limit: PAGE, is_over: false };
    let mut show = |page: Vec<Read>| page.into_iter().try_for_each(&mut each);
    let first = pages.next(conn)?;
    if pages.is_over {
        return show(first);
    }
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(1);
        let reader = std::thread::Builder::new().name("reader of a pool".to_owned());
        let started = reader.spawn_scoped(scope, move || {
            while !pages.is_over {
                let page = pages.next(conn);
                // Nobody waits for it any more where the showing ended early.
                let is_last = page.is_err();
                if send.send(page).is_err() || is_last {
                    break;
                }
            }
        });
        started.map_err(|error| Error::Busy(format!("no thread to read a pool can be started: {error}; try again")))?;
        show(first)?;
        receive.into_iter().try_for_each(|page| show(page?))
    })
}

/// The movements of a pool, page by page, and whole instants on each.
struct Pages<'a> {
    sql: String,
    tenant: TenantId,
    pool: AccountId,
    /// What is still to be read.
    span: (Time, Time),
    /// Where positions matter in any case.
    told: &'a BTreeSet<Time>,
    limit: i64,
    is_over: bool,
}

impl Pages<'_> {
    /// The next page; empty where an instant is larger than that, which is read with twice the limit next.
    ///
    /// When a movement was learned stands in the header of its batch, and to look that up for each takes as long as to
    /// read them. It matters among batches of one instant alone, and beside what is told at an instant besides; only
    /// there it is looked up, for a page at once.
    fn next(&mut self, conn: &mut Conn) -> Result<Vec<Read>, Error> {
        let (from, until) = self.span;
        let args =
            [Arg::Int(self.tenant.0), Arg::Int(self.pool.0), Arg::Int(from.0), Arg::Int(until.0), Arg::Int(self.limit)];
        let mut page = conn.query(&self.sql, &args, read)?;
        match page.last() {
            Some(last) if page.len() as i64 >= self.limit => {
                // That instant may go on after the page.
                let last = last.movement.effective_at;
                page.truncate(page.partition_point(|read| read.movement.effective_at < last));
                self.span.0 = last;
                self.limit = if page.is_empty() { self.limit.saturating_mul(2) } else { PAGE };
            }
            _ => self.is_over = true,
        }
        tell_positions(conn, self.tenant, &mut page, self.told)?;
        Ok(page)
    }
}

/// Looks up when those movements of whole instants were learned for which that matters.
fn tell_positions(conn: &mut Conn, tenant: TenantId, page: &mut [Read], told: &BTreeSet<Time>) -> Result<(), Error> {
    let matters = |instant: &[Read]| {
        let first = &instant[0];
        told.contains(&first.movement.effective_at) || instant.iter().any(|read| read.id.batch != first.id.batch)
    };
    let instants = page.chunk_by(|a, b| a.movement.effective_at == b.movement.effective_at);
    let batches: BTreeSet<BatchId> =
        instants.filter(|instant| matters(instant)).flatten().map(|read| read.id.batch).collect();
    let positions = table::header::positions(conn, tenant, &batches)?;
    if !positions.is_empty() {
        for read in page {
            read.position = positions.get(&read.id.batch).copied().unwrap_or(0);
        }
    }
    Ok(())
}

/// A page of what moved in one pool. A movement between two of the pools is found by the one that it enters.
///
/// Each side is in the order of time by its index; said in a select of its own, that order is what PostgreSQL merges by,
/// where it would sort both sides together on the disk.
fn of_one_pool() -> String {
    let side = |pool: &str, but: &str| {
        format!(
            "select s.* from (select {COLUMNS} from movement m \
             where m.tenant = $1 and m.{pool} = $2 and m.{pool} > 0{but} and m.effective_at >= $3 \
             and m.effective_at <= $4 order by m.effective_at) s"
        )
    };
    format!("{} union all {} order by 3 limit $5", side("to_pool", ""), side("from_pool", " and m.to_pool = 0"))
}

/// What moved in several pools, with the position and the circle of each; circle by circle.
fn of_pools() -> String {
    let side = |pool: &str, but: &str| {
        format!(
            "select {COLUMNS}, h.position as position, r.circle as circle \
             from {{rows $2 (id bigint, circle bigint) r}} {{look up movement m}} m.tenant = $1 and m.{pool} = r.id \
             and m.{pool} > 0{but} and m.effective_at >= $3 and m.effective_at <= $4 {{looked up m}} \
             {{look up header h}} h.tenant = $1 and h.batch = m.batch {{looked up h}}"
        )
    };
    let (entered, left) = (side("to_pool", ""), side("from_pool", " and m.to_pool = 0"));
    format!("{entered} union all {left} order by {}, 3", CIRCLE + 1)
}
