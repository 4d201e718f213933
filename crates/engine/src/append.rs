//! Writing decided batches: the facts, what is derived from them, and last the headers.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::catalog::{Lot, LotStatus};
use lotbook_domain::chain::{Content, GENESIS, link};
use lotbook_domain::count::Compensation;
use lotbook_domain::id::{AccountId, BatchId, BookingId, LotId, ProductId, TenantId, UserId, VoucherId};
use lotbook_domain::ledger::{Account, AccountKind};
use lotbook_domain::movement::{Count, Movement, ValueEntry, ValueFact};
use lotbook_domain::reservation::Use;
use lotbook_domain::time::Time;

use crate::engine::Engine;
use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::cost_link::CostLink;
use crate::table::header::{BatchKind, Header};
use crate::table::stamp::Stamp;

/// A batch that was decided and is to be written.
pub struct Batch {
    /// Its number.
    pub id: BatchId,
    /// What made it.
    pub kind: BatchKind,
    /// The booking it is; 0 = none.
    pub booking: BookingId,
    /// Its movements in the order of lines.
    pub movements: Vec<Movement>,
    /// Its counts.
    pub counts: Vec<Count>,
    /// Its value entries.
    pub value_entries: Vec<ValueEntry>,
    /// Its value facts.
    pub value_facts: Vec<ValueFact>,
    /// The value facts that it undoes: their batches, and their lines there.
    pub values_undone: Vec<(BatchId, i64)>,
    /// Which of its lines take over the cost of which.
    pub cost_links: Vec<CostLink>,
    /// Lots that came to be with it.
    pub new_lots: Vec<Lot>,
    /// Lots whose status changed.
    pub lot_changes: Vec<(LotId, LotStatus)>,
    /// From whom we learned it.
    pub booked_by: UserId,
    /// Why, for reversals.
    pub reason: Option<String>,
    /// What it took of reservations.
    pub uses: Vec<Use>,
    /// Which of its movements keep counts true.
    pub compensations: Vec<Compensation>,
}

impl Batch {
    /// A batch that says nothing yet.
    pub fn new(id: BatchId, kind: BatchKind, booked_by: UserId) -> Self {
        Self {
            id,
            kind,
            booking: BookingId(0),
            movements: Vec::new(),
            counts: Vec::new(),
            value_entries: Vec::new(),
            value_facts: Vec::new(),
            values_undone: Vec::new(),
            cost_links: Vec::new(),
            new_lots: Vec::new(),
            lot_changes: Vec::new(),
            booked_by,
            reason: None,
            uses: Vec::new(),
            compensations: Vec::new(),
        }
    }
}

/// Writes batches and the accounts they touched. The number of statements does not depend on how many
/// they are. The headers come last, under the tenant's tail lock, which is held until the commit.
///
/// `decided_at` is the version of the structure by which it was decided. Settings and closed days hold from a position
/// on; where one of them was said since, these batches would stand behind it and be judged by it, so they are decided
/// anew.
pub fn append<'a>(
    conn: &mut Conn,
    engine: &Engine,
    (tenant, decided_at): (TenantId, i64),
    batches: &[Batch],
    touched: impl IntoIterator<Item = &'a Account>,
    now: Time,
    mut progress: impl FnMut(Step),
) -> Result<(), Error> {
    if batches.is_empty() {
        return Ok(());
    }
    let stamp = |batch: &Batch| Stamp { at: now, person: batch.booked_by };
    let lots: Vec<(String, Lot, Stamp)> = batches
        .iter()
        .flat_map(|batch| batch.new_lots.iter().map(|lot| (engine.uid(now), lot.clone(), stamp(batch))))
        .collect();
    table::catalog::insert_lots(conn, tenant, &lots)?;
    let changes: Vec<(LotId, LotStatus, Stamp)> = batches
        .iter()
        .flat_map(|batch| batch.lot_changes.iter().map(|(lot, status)| (*lot, *status, stamp(batch))))
        .collect();
    table::catalog::set_lot_statuses(conn, tenant, &changes)?;
    let touched: Vec<&Account> = touched.into_iter().collect();
    table::account::save(conn, tenant, &touched)?;
    progress(Step::Accounts);
    let movements: Vec<(BatchId, &Movement)> =
        batches.iter().flat_map(|batch| batch.movements.iter().map(|movement| (batch.id, movement))).collect();
    table::movement::insert(conn, tenant, &movements)?;
    engine.growth.note(movements.len());
    progress(Step::Movements);
    let counts: Vec<(BatchId, &Count)> =
        batches.iter().flat_map(|batch| batch.counts.iter().map(|count| (batch.id, count))).collect();
    table::movement::insert_counts(conn, tenant, &counts)?;
    let values: Vec<(BatchId, &ValueEntry)> =
        batches.iter().flat_map(|batch| batch.value_entries.iter().map(|entry| (batch.id, entry))).collect();
    table::value_entry::insert(conn, tenant, &values)?;
    let facts: Vec<(BatchId, &ValueFact)> =
        batches.iter().flat_map(|batch| batch.value_facts.iter().map(|fact| (batch.id, fact))).collect();
    table::value_fact::insert(conn, tenant, &facts)?;
    let undone: Vec<(BatchId, i64, BatchId)> = batches
        .iter()
        .flat_map(|batch| batch.values_undone.iter().map(|(fact, line)| (*fact, *line, batch.id)))
        .collect();
    table::value_fact::undo(conn, tenant, &undone)?;
    let links: Vec<(BatchId, CostLink)> =
        batches.iter().flat_map(|batch| batch.cost_links.iter().map(|link| (batch.id, *link))).collect();
    table::cost_link::insert(conn, tenant, &links)?;
    table::movement::insert_booked(conn, tenant, &booked(batches))?;

    let uses: Vec<(BatchId, UserId, Use)> =
        batches.iter().flat_map(|batch| batch.uses.iter().map(|taken| (batch.id, batch.booked_by, *taken))).collect();
    table::reservation::consume(conn, tenant, &uses, now)?;
    let compensations: Vec<(BatchId, Compensation)> =
        batches.iter().flat_map(|batch| batch.compensations.iter().map(|made| (batch.id, *made))).collect();
    table::count::insert_compensations(conn, tenant, &compensations)?;

    // All but the header, before others wait.
    let contents: Vec<_> = batches.iter().map(content).collect();
    let (mut position, mut before) = table::header::lock_tail(conn, tenant)?;
    if table::catalog::version(conn, tenant)? != decided_at {
        return Err(conn.begin_again("settings were changed meanwhile, so it is decided anew; try again"));
    }
    await_what_came_back(conn, tenant, batches)?;
    await_what_was_said(conn, tenant, batches, &touched)?;
    let mut headers = Vec::with_capacity(batches.len());
    for (batch, content) in batches.iter().zip(contents) {
        position += 1;
        let mut header = Header {
            position,
            batch: batch.id,
            uid: engine.uid(now),
            kind: batch.kind.code(),
            booking: batch.booking,
            lines: batch.movements.len() as i64,
            content_hash: GENESIS,
            chain_hash: GENESIS,
            booked_at: now,
            booked_by: batch.booked_by,
            reason: batch.reason.clone(),
        };
        header.content_hash = content.finish(&header.head());
        before = link(&before, position, &header.content_hash);
        header.chain_hash = before;
        headers.push(header);
    }
    table::header::append(conn, tenant, &headers)
}

/// Marks the pools of sales of which something came back meanwhile, in another org unit.
///
/// A settlement locks every pool of a product, so what is settled sees what is sold, or waits until it is there. A pool
/// that comes to be with these very batches nobody can wait for; and if it receives first what it then sells, nothing
/// else marks it. Under the lock of the ledger's end one of the two sees the other: a return marks its pool in any case,
/// and here the sale does. Two statements, and none where no pool both receives and sells under a document.
fn await_what_came_back(conn: &mut Conn, tenant: TenantId, batches: &[Batch]) -> Result<(), Error> {
    let movements = || batches.iter().flat_map(|batch| &batch.movements);
    let sold_under = |movement: &&Movement| movement.external.is_some() && movement.from.pool.0 != 0;
    if !movements().any(|movement| sold_under(&movement)) {
        return Ok(());
    }
    let receive: BTreeSet<AccountId> = movements().map(|movement| movement.to.pool).collect();
    let mut sold: BTreeMap<table::movement::Document, Vec<(AccountId, Time)>> = BTreeMap::new();
    for movement in movements().filter(sold_under).filter(|movement| receive.contains(&movement.from.pool)) {
        if let Some(document) = &movement.external {
            let key = (movement.product, movement.variant, document.kind.clone(), document.id);
            sold.entry(key).or_default().push((movement.from.pool, movement.effective_at));
        }
    }
    let documents: Vec<_> = sold.keys().cloned().collect();
    let returned = table::movement::among_returned(conn, tenant, &documents)?;
    let pools: Vec<_> = returned.iter().filter_map(|document| sold.get(document)).flatten().copied().collect();
    table::account::await_settlement(conn, tenant, &pools)
}

/// Marks pools that come to be with these very batches, of products that something was said of how they are valued.
///
/// Whoever says it marks the pools that are there, and waits for those that are being posted to. One that comes to be
/// is not seen by then, and what is posted to it was decided by what held before. Under the lock of the ledger's end
/// one of the two sees the other. One statement, and none where no pool comes to be.
fn await_what_was_said(
    conn: &mut Conn,
    tenant: TenantId,
    batches: &[Batch],
    touched: &[&Account],
) -> Result<(), Error> {
    let mut posted: BTreeMap<AccountId, (i64, Time)> = BTreeMap::new();
    for movement in batches.iter().flat_map(|batch| &batch.movements) {
        for pool in [movement.from.pool, movement.to.pool] {
            let (count, first) = posted.entry(pool).or_insert((0, movement.effective_at));
            (*count, *first) = (*count + 1, movement.effective_at.min(*first));
        }
    }
    let is_new = |account: &&&Account| {
        let postings = posted.get(&account.id).map_or(0, |(count, _)| *count);
        account.key.kind == AccountKind::Pool && account.timeline.root().postings == postings
    };
    let new: Vec<(AccountId, ProductId)> =
        touched.iter().filter(is_new).map(|account| (account.id, account.key.product)).collect();
    let products: BTreeSet<ProductId> = new.iter().map(|(_, product)| *product).collect();
    let said = table::costing::among(conn, tenant, &products)?;
    let waiting: Vec<(AccountId, Time)> = new
        .into_iter()
        .filter(|(_, product)| said.contains(product))
        .filter_map(|(pool, _)| posted.get(&pool).map(|(_, first)| [(pool, *first), (pool, Time::FOREVER)]))
        .flatten()
        .collect();
    table::account::await_settlement(conn, tenant, &waiting)
}

/// How far [`append`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The accounts are written.
    Accounts,
    /// The movements are written.
    Movements,
}

fn content(batch: &Batch) -> Content {
    let mut content = Content::new(batch.id);
    for movement in &batch.movements {
        content.movement(movement);
    }
    for count in &batch.counts {
        content.count(count);
    }
    for entry in &batch.value_entries {
        content.value_entry(entry);
    }
    for fact in &batch.value_facts {
        content.value_fact(fact);
    }
    for (fact, line) in &batch.values_undone {
        content.value_undone(*fact, *line);
    }
    for link in &batch.cost_links {
        content.cost_link(link.line, link.source_line);
    }
    content
}

/// The stretch of lines that each voucher became: from its first to its last; where vouchers
/// interleave, readers filter by voucher inside it.
fn booked(batches: &[Batch]) -> Vec<(VoucherId, BatchId, i64, i64)> {
    let mut found = Vec::new();
    for batch in batches {
        let mut spans: BTreeMap<VoucherId, (i64, i64)> = BTreeMap::new();
        for movement in batch.movements.iter().filter(|movement| movement.voucher.0 != 0) {
            let span = spans.entry(movement.voucher).or_insert((movement.line, movement.line));
            *span = (span.0.min(movement.line), span.1.max(movement.line));
        }
        for count in batch.counts.iter().filter(|count| count.voucher.0 != 0) {
            spans.entry(count.voucher).or_insert((0, -1));
        }
        found.extend(spans.into_iter().map(|(voucher, (first, last))| (voucher, batch.id, first, last)));
    }
    found
}
