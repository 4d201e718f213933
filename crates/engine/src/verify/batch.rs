//! I3, I8, I9 and I10: batches with their lines, what entries became of them, and their hashes.

mod entry;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lotbook_domain::chain::Content;
use lotbook_domain::id::{
    BatchId, EntryId, LINES_PER_BATCH_MAX, LotId, MovementId, ProductId, TenantId, UnitId, VoucherId,
};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::movement::{Count, Movement, MovementKind, ValueEntry, ValueFact};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use entry::Entered;

use super::bits::Bits;
use super::finding::{Findings, Thing};
use super::home::Homes;
use super::report::NAMED_MAX;
use super::run::{self, OfRun};
use super::{Ticker, beside, chain, word};
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;
use crate::table::scan::{RawHeader, Scanned};

/// Batches looked at together …
const BATCHES_MAX: i64 = 1_000;
/// … and their movements, unless a single batch has more.
const LINES_MAX: i64 = 100_000;

/// Verifies all batches; answers the newest position and how many batches there are.
pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(i64, u64), Error> {
    let mut reader = Reader {
        structure,
        conversions_changed: table::catalog::conversion_changes(conn, tenant)?.into_iter().collect(),
        found,
        homes: Homes::default(),
        entries: Bits::default(),
        pairs: 0,
        inconvertible: 0,
        changed_since: 0,
    };
    let mut after = BatchId(0);
    loop {
        let mut headers = table::scan::headers_by_batch(conn, tenant, after, BATCHES_MAX)?;
        let is_last = (headers.len() as i64) < BATCHES_MAX;
        let mut to = headers.last().filter(|_| !is_last).map_or(BatchId(i64::MAX), |last| last.batch);
        let mut lines = 0_i64;
        for (at, header) in headers.iter().enumerate() {
            lines = lines.saturating_add(header.lines.max(0));
            if lines > LINES_MAX && at + 1 < headers.len() {
                to = header.batch;
                headers.truncate(at + 1);
                break;
            }
        }
        reader.chunk(conn, tenant, headers, after, to, ticker)?;
        if to.0 == i64::MAX {
            break;
        }
        after = to;
    }
    let (entries, pairs) = (std::mem::take(&mut reader.entries), reader.pairs);
    reader.note_conversions();
    entries_booked_and_waiting(conn, tenant, &entries, found)?;
    if table::scan::booked_count(conn, tenant)? as u64 != pairs {
        for (voucher, batch) in table::scan::booked_in_vain(conn, tenant, NAMED_MAX as i64)? {
            found.differs(9, Thing::Other(format!("voucher {voucher}")), || {
                format!("is said to be booked in batch {batch}, which has no line of it")
            });
        }
    }
    bookings(conn, tenant, found)?;
    beside::undoings(conn, tenant, found)?;
    beside::sets(conn, tenant, found)?;
    word::verify(conn, tenant, found)?;
    chain::verify(conn, tenant, found)
}

fn entries_booked_and_waiting(
    conn: &mut Conn,
    tenant: TenantId,
    booked: &Bits,
    found: &mut Findings,
) -> Result<(), Error> {
    table::scan::waiting_entries(conn, tenant, |entry| {
        found.checked(9, 1);
        if booked.contains(entry.0) {
            found.differs(9, Thing::Entry(entry), || "waits in its journal and was booked already".to_owned());
        }
        Ok(())
    })
}

fn bookings(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    for (position, batch, booking) in table::scan::headers_without_booking(conn, tenant, NAMED_MAX as i64)? {
        found.differs(3, Thing::Batch(batch), || {
            format!("stands at position {position} for booking {booking}, which does not say so")
        });
    }
    for (booking, batch) in table::scan::bookings_without_header(conn, tenant, NAMED_MAX as i64)? {
        found.differs(3, Thing::Other(format!("booking {booking}")), || {
            format!("says that it became batch {batch}, which is not in the ledger")
        });
    }
    Ok(())
}

/// Reads batches chunk by chunk.
struct Reader<'a> {
    structure: &'a Structure,
    conversions_changed: HashMap<(ProductId, UnitId, UnitId), Time>,
    found: &'a mut Findings,
    homes: Homes,
    /// Every entry that a batch consumed.
    entries: Bits,
    /// Pairs of voucher and batch.
    pairs: u64,
    inconvertible: u64,
    changed_since: u64,
}

/// A chunk of batches being read.
struct Chunk {
    headers: BTreeMap<BatchId, RawHeader>,
    /// What batches say beside their movements.
    beside: BTreeMap<BatchId, Beside>,
    /// Lot, counted and expected quantity behind each movement that a count made.
    counted: HashMap<MovementId, (LotId, Quantity, Quantity)>,
    spans: Vec<(VoucherId, BatchId, i64, i64)>,
    reversals: Vec<(MovementId, Movement)>,
    /// What keeps counts true.
    compensations: BTreeSet<MovementId>,
    repeated: Vec<(EntryId, BatchId)>,
    /// What runs moved.
    of_runs: Vec<OfRun>,
}

/// What a batch says beside its movements.
#[derive(Default)]
struct Beside {
    counts: Vec<Count>,
    values: Vec<ValueEntry>,
    facts: Vec<ValueFact>,
    /// The value facts that it undoes.
    undone: Vec<(BatchId, i64)>,
    /// Which lines take over the cost of which.
    links: Vec<(i64, i64)>,
}

/// The batch that lines come for.
struct Open {
    id: BatchId,
    booked_at: Option<Time>,
    content: Content,
    lines: i64,
    has_gap: bool,
    is_unreadable: bool,
    spans: BTreeMap<VoucherId, (i64, i64)>,
    entries: HashSet<EntryId>,
    /// The entry whose lines come: its product, unit and count as entered, and what its lines add up to.
    entered: Option<Entered>,
}

impl Open {
    fn new(id: BatchId, header: Option<&RawHeader>) -> Self {
        Self {
            id,
            booked_at: header.map(|header| header.booked_at),
            content: Content::new(id),
            lines: 0,
            has_gap: false,
            is_unreadable: false,
            spans: BTreeMap::new(),
            entries: HashSet::new(),
            entered: None,
        }
    }
}

impl Reader<'_> {
    fn chunk(
        &mut self,
        conn: &mut Conn,
        tenant: TenantId,
        headers: Vec<RawHeader>,
        after: BatchId,
        to: BatchId,
        ticker: &mut Ticker<'_>,
    ) -> Result<(), Error> {
        let mut chunk = Chunk {
            headers: headers.into_iter().map(|header| (header.batch, header)).collect(),
            beside: BTreeMap::new(),
            counted: HashMap::new(),
            spans: Vec::new(),
            reversals: Vec::new(),
            compensations: BTreeSet::new(),
            repeated: Vec::new(),
            of_runs: Vec::new(),
        };
        for (batch, count) in table::scan::counts(conn, tenant, after, to)? {
            let made = MovementId { batch, line: count.movement_line };
            chunk.counted.insert(made, (count.lot, count.counted, count.expected));
            chunk.beside.entry(batch).or_default().counts.push(count);
        }
        for (batch, value) in table::scan::value_entries(conn, tenant, after, to)? {
            chunk.beside.entry(batch).or_default().values.push(value);
        }
        for (batch, fact) in table::value_fact::scan(conn, tenant, after, to)? {
            chunk.beside.entry(batch).or_default().facts.push(fact);
        }
        self.compare_landed(conn, tenant, &chunk)?;
        for (batch, fact, line) in table::value_fact::scan_undone(conn, tenant, after, to)? {
            chunk.beside.entry(batch).or_default().undone.push((fact, line));
        }
        for (batch, line, source) in table::cost_link::scan(conn, tenant, after, to)? {
            chunk.beside.entry(batch).or_default().links.push((line, source));
        }
        let mut open: Option<Open> = None;
        table::scan::movements(conn, tenant, after, to, |scanned| {
            ticker.tick();
            if open.as_ref().is_none_or(|open| open.id != scanned.id.batch) {
                if let Some(done) = open.take() {
                    self.end(&mut chunk, done);
                }
                open = Some(Open::new(scanned.id.batch, chunk.headers.get(&scanned.id.batch)));
            }
            let open = open.as_mut().expect("it was just opened");
            self.line(&mut chunk, open, scanned);
            Ok(())
        })?;
        if let Some(done) = open.take() {
            self.end(&mut chunk, done);
        }
        // Batches without a movement.
        let rest: BTreeSet<BatchId> = chunk.headers.keys().chain(chunk.beside.keys()).copied().collect();
        for batch in rest {
            let open = Open::new(batch, chunk.headers.get(&batch));
            self.end(&mut chunk, open);
        }
        self.homes.judge(conn, tenant, self.structure, self.found)?;
        self.compare_spans(conn, tenant, &chunk)?;
        self.compare_reversals(conn, tenant, &chunk)?;
        beside::compensations(conn, tenant, (after, to), &chunk.compensations, self.found)?;
        run::claimed(conn, tenant, (after, to), chunk.of_runs, self.found)?;
        for (entry, batch) in chunk.repeated {
            let others = table::scan::batches_of_entry(conn, tenant, entry)?;
            let others: Vec<String> = others.iter().filter(|other| **other != batch).map(ToString::to_string).collect();
            self.found.differs(9, Thing::Entry(entry), || {
                format!("was booked in batch {batch} and already in batch {}", others.join(", "))
            });
        }
        Ok(())
    }

    fn line(&mut self, chunk: &mut Chunk, open: &mut Open, scanned: Scanned) {
        let Scanned { id, movement, unit } = scanned;
        if id.line != open.lines {
            open.has_gap = true;
        }
        open.lines += 1;
        let movement = match movement {
            Ok(movement) => movement,
            Err(why) => {
                open.is_unreadable = true;
                self.found.differs(3, Thing::Movement(id, None), || format!("cannot be read: {why}"));
                return;
            }
        };
        open.content.movement(&movement);
        if movement.kind == MovementKind::Compensation {
            chunk.compensations.insert(id);
        }
        self.sound(id, &movement, unit);
        self.homes.note(id, &movement);
        if movement.voucher.0 != 0 {
            let span = open.spans.entry(movement.voucher).or_insert((id.line, id.line));
            *span = (span.0.min(id.line), span.1.max(id.line));
        }
        if movement.kind == MovementKind::Reversal || movement.reverses.is_some() {
            self.end_entry(open);
            chunk.reversals.push((id, movement));
            return;
        }
        if let MovementKind::Run(kind) = movement.kind {
            chunk.of_runs.push(OfRun { id, kind, thing: Thing::movement(id, &movement) });
        }
        if movement.entry.0 != 0 {
            self.consume(chunk, open, movement.entry);
        }
        if movement.kind == MovementKind::Journal(JournalKind::Settlement) {
            self.end_entry(open);
            self.settled(chunk, id, &movement, unit, open.booked_at);
            return;
        }
        match &mut open.entered {
            Some(entered) if movement.entry.0 != 0 && entered.movement.entry == movement.entry => {
                entered.sum += i128::from(movement.quantity.0);
            }
            _ => {
                self.end_entry(open);
                let sum = i128::from(movement.quantity.0);
                open.entered = Some(Entered { first: id, movement, base: unit, sum });
            }
        }
    }

    /// What every movement is by itself.
    fn sound(&mut self, id: MovementId, movement: &Movement, unit: Option<UnitId>) {
        let mut faults = Vec::new();
        if movement.quantity.0 <= 0 {
            faults.push(format!("moves {}, which is not above 0", movement.quantity));
        }
        if movement.amount.0 < 0 {
            faults.push(format!("carries the amount {}, which is below 0", Quantity(movement.amount.0)));
        }
        if movement.from.location == movement.to.location {
            faults.push("leaves and enters the same place".to_owned());
        }
        for end in [&movement.from, &movement.to] {
            if end.location.is_real() != (end.account.0 > 0) {
                faults.push(format!("names account {} at location {}", end.account, end.location));
            }
        }
        if unit.is_none() {
            faults.push(format!("moves product {}, which does not exist", movement.product));
        }
        for fault in faults {
            self.found.differs(1, Thing::movement(id, movement), || fault);
        }
    }

    fn end(&mut self, chunk: &mut Chunk, mut open: Open) {
        self.end_entry(&mut open);
        let Beside { counts, values, facts, undone, links } = chunk.beside.remove(&open.id).unwrap_or_default();
        for count in &counts {
            open.content.count(count);
            if count.entry.0 != 0 {
                self.consume(chunk, &mut open, count.entry);
            }
            if count.voucher.0 != 0 {
                open.spans.entry(count.voucher).or_insert((0, -1));
            }
        }
        beside::sums_of_sets(open.id, &counts, self.found);
        for value in &values {
            open.content.value_entry(value);
        }
        for fact in &facts {
            open.content.value_fact(fact);
        }
        for (fact, line) in undone {
            open.content.value_undone(fact, line);
        }
        for (line, source) in links {
            open.content.cost_link(line, source);
        }
        self.found.checked(3, 1);
        let batch = open.id;
        self.pairs += open.spans.len() as u64;
        chunk.spans.extend(open.spans.iter().map(|(voucher, (first, last))| (*voucher, batch, *first, *last)));
        let Some(header) = chunk.headers.remove(&batch) else {
            self.found.differs(3, Thing::Batch(batch), || {
                format!("has {} movements and {} counts, but no header", open.lines, counts.len())
            });
            return;
        };
        if header.lines != open.lines {
            self.found.differs(3, Thing::Batch(batch), || {
                format!("says that it has {} movements; there are {}", header.lines, open.lines)
            });
        } else if open.has_gap {
            self.found.differs(3, Thing::Batch(batch), || {
                format!("its {} movements are not numbered from 0 without gaps", open.lines)
            });
        }
        if open.lines > LINES_PER_BATCH_MAX {
            self.found.differs(3, Thing::Batch(batch), || format!("has more than {LINES_PER_BATCH_MAX} movements"));
        }
        if !open.is_unreadable && !open.content.is_hashed_as(&header.head(), &header.content_hash) {
            self.found.differs(10, Thing::Batch(batch), || {
                format!(
                    "at position {}: its content is not what was hashed when it was booked, with who booked it, when and why",
                    header.position
                )
            });
        }
    }

    fn compare_spans(&mut self, conn: &mut Conn, tenant: TenantId, chunk: &Chunk) -> Result<(), Error> {
        let wanted: Vec<_> = chunk.spans.iter().map(|(voucher, batch, _, _)| (*voucher, *batch)).collect();
        let stored: HashMap<_, _> = table::scan::booked_lines(conn, tenant, &wanted)?
            .into_iter()
            .map(|(voucher, batch, first, last)| ((voucher, batch), (first, last)))
            .collect();
        for (voucher, batch, first, last) in &chunk.spans {
            let kept = stored.get(&(*voucher, *batch));
            if kept != Some(&(*first, *last)) {
                self.found.differs(9, Thing::Other(format!("voucher {voucher}")), || {
                    let said =
                        kept.map_or_else(|| "nothing".to_owned(), |(first, last)| format!("lines {first} to {last}"));
                    format!("became lines {first} to {last} of batch {batch}; stored is {said}")
                });
            }
        }
        Ok(())
    }

    /// A landed cost is of a movement that entered the pool that it names.
    fn compare_landed(&mut self, conn: &mut Conn, tenant: TenantId, chunk: &Chunk) -> Result<(), Error> {
        let facts = || chunk.beside.iter().flat_map(|(batch, said)| said.facts.iter().map(move |fact| (*batch, fact)));
        let ids: Vec<MovementId> = facts().filter_map(|(_, fact)| fact.movement).collect();
        let movements: HashMap<_, _> = table::movement::by_ids(conn, tenant, &ids)?.into_iter().collect();
        for (batch, fact) in facts() {
            self.found.checked(7, 1);
            let Some(id) = fact.movement else { continue };
            if movements.get(&id).is_none_or(|movement| movement.to.pool != fact.pool) {
                self.found.differs(7, Thing::Batch(batch), || {
                    format!(
                        "adds to what movement {} brought to pool {}, which it did not enter",
                        id.number(),
                        fact.pool
                    )
                });
            }
        }
        Ok(())
    }

    /// A reversal is its original the other way round.
    fn compare_reversals(&mut self, conn: &mut Conn, tenant: TenantId, chunk: &Chunk) -> Result<(), Error> {
        let ids: Vec<MovementId> = chunk.reversals.iter().filter_map(|(_, movement)| movement.reverses).collect();
        let originals: HashMap<_, _> = table::movement::by_ids(conn, tenant, &ids)?.into_iter().collect();
        for (id, movement) in &chunk.reversals {
            let original = movement.reverses.and_then(|original| originals.get(&original));
            let what = match (movement.reverses, original) {
                (None, _) => "undoes no movement, although it is a reversal".to_owned(),
                (Some(undone), None) => format!("undoes movement {}, which does not exist", undone.number()),
                (Some(undone), Some(original)) => {
                    let is_mirror = (original.product, original.variant, original.lot, original.quantity)
                        == (movement.product, movement.variant, movement.lot, movement.quantity)
                        && (original.from, original.to) == (movement.to, movement.from);
                    if is_mirror {
                        continue;
                    }
                    format!("is not movement {} the other way round", undone.number())
                }
            };
            self.found.differs(9, Thing::movement(*id, movement), || what);
        }
        Ok(())
    }
}
