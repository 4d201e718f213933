//! Counting: statements of what stood somewhere at a time.

use lotbook_domain::catalog::Tracking;
use lotbook_domain::count::CountId;
use lotbook_domain::entry::{Entry, EntryDraft, check};
use lotbook_domain::id::{BatchId, BookingId, EntryId, JournalId, LINES_PER_BATCH_MAX, LocationId, SeriesId};
use lotbook_domain::journal::{Journal, JournalKind};
use lotbook_domain::movement::Count;
use lotbook_domain::violation::{Violation, joined};
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::append::{Batch, append};
use crate::desk::Desk;
use crate::error::Error;
use crate::table::header::BatchKind;
use crate::worker::{decide_on, load};
use crate::write::{Change, Tx};

/// States what was counted: all of it, or nothing. What differs from the ledger becomes a movement at the
/// time of the count, and the count holds from then on.
///
/// Errors: invalid; refused with the code of the first fault of the booking.
#[derive(Clone, Debug)]
pub struct TakeCounts {
    /// What was counted: the fields of an entry of a Settlement journal.
    pub drafts: Vec<EntryDraft>,
    /// What the door could not read.
    pub violations: Vec<Violation>,
    /// Where the one who asks may count.
    pub reach: Reach,
}

/// One count in the answer; quantities in millionths, times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountAnswer {
    /// Its id.
    pub id: i64,
    /// The batch that brought it.
    pub batch: i64,
    /// Its position in the ledger.
    pub position: i64,
    /// Which draft it comes from.
    pub index: usize,
    /// The product.
    pub product: i64,
    /// The product as people write it.
    pub identifier: String,
    /// The variant; 0 = none.
    pub variant: i64,
    /// The lot or instance; 0 = not tracked.
    pub lot: i64,
    /// The location.
    pub location: i64,
    /// The time it speaks of.
    pub at: i64,
    /// What stood there.
    pub counted: i64,
    /// What the ledger said before.
    pub expected: i64,
    /// The movement that made up the difference, if there was one.
    pub movement: Option<i64>,
    /// Of the count of a set: the instances that were found. The counts of each of them, and of those that were
    /// missed, follow it.
    #[serde(default)]
    pub instances: Option<Vec<i64>>,
}

/// The id of a count as one number: from the upper end of its batch's range, where no movement is.
pub fn count_number(batch: BatchId, line: i64) -> i64 {
    (batch.0 << 20) | (LINES_PER_BATCH_MAX - 1 - line)
}

/// The reverse of [`count_number`].
pub fn count_of_number(number: i64) -> CountId {
    CountId { batch: BatchId(number >> 20), line: LINES_PER_BATCH_MAX - 1 - (number & (LINES_PER_BATCH_MAX - 1)) }
}

/// The journal that counts without a voucher act as if they were of.
fn journal() -> Journal {
    Journal {
        id: JournalId(0),
        name: "counts".to_owned(),
        kind: JournalKind::Settlement,
        is_auto_book: true,
        is_hidden: true,
        org_unit: LocationId::NONE,
        series: SeriesId(0),
    }
}

impl Change for TakeCounts {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let mut desk = Desk::new(tx.tenant, structure, true);
        desk.load_catalog(
            tx.conn,
            self.drafts.iter().filter_map(|draft| draft.product).collect(),
            self.drafts.iter().filter_map(|draft| draft.variant).collect(),
            self.drafts.iter().flat_map(|draft| draft.instances.iter().flatten().copied().chain(draft.lot)).collect(),
            std::collections::BTreeSet::new(),
        )?;
        let entries = self.check(&desk)?;
        let journal = journal();
        load(tx.conn, tx.engine, &mut desk, &journal, &entries)?;
        let mut booked = match decide_on(tx.conn, tx.engine, &mut desk, &journal, &entries)? {
            Ok(booked) => booked,
            Err(faults) => {
                let first = faults.first().map_or("refused", |fault| fault.code);
                let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).take(20).collect();
                return Err(Error::refused(first, messages.join("; ")));
            }
        };
        // The entries were never kept: their numbers told the lines apart and mean nothing outside.
        let index_of: Vec<usize> =
            booked.counts.iter().map(|count| usize::try_from(count.entry.0 - 1).unwrap_or_default()).collect();
        for movement in &mut booked.movements {
            movement.entry = EntryId(0);
        }
        for count in &mut booked.counts {
            count.entry = EntryId(0);
        }
        let batch = BatchId(tx.ids("batch", 1)?);
        let batches = [Batch {
            id: batch,
            kind: BatchKind::Count,
            booking: BookingId(0),
            movements: booked.movements,
            counts: booked.counts,
            value_entries: Vec::new(),
            value_facts: Vec::new(),
            values_undone: Vec::new(),
            cost_links: Vec::new(),
            new_lots: booked.new_lots,
            lot_changes: booked.lot_changes,
            booked_by: tx.person,
            reason: None,
            uses: Vec::new(),
            compensations: booked.compensations,
        }];
        append(tx.conn, tx.engine, (tx.tenant, desk.structure.version), &batches, &booked.touched, tx.now, |_| {})?;
        let position = crate::table::header::position(tx.conn, tx.tenant)?;
        let is_serial =
            |product| desk.catalog.products.get(&product).is_some_and(|one| one.tracking == Tracking::Serial);
        let is_set = |count: &Count| count.lot.0 == 0 && is_serial(count.product);
        let answers: Vec<CountAnswer> = batches[0]
            .counts
            .iter()
            .zip(index_of)
            .map(|(count, index)| CountAnswer {
                instances: is_set(count).then(|| entries[index].instances.iter().map(|lot| lot.0).collect()),
                id: count_number(batch, count.line),
                batch: batch.0,
                position,
                index,
                product: count.product.0,
                identifier: desk.catalog.product_name(count.product),
                variant: count.variant.0,
                lot: count.lot.0,
                location: count.location.0,
                at: count.effective_at.0,
                counted: count.counted.0,
                expected: count.expected.0,
                movement: (count.movement_line >= 0).then_some((batch.0 << 20) | count.movement_line),
            })
            .collect();
        tx.audit("count", format!("batch {batch}"), Some(format!("{} counts", answers.len())));
        Ok(serde_json::to_string(&answers).expect("an answer is plain data"))
    }
}

impl TakeCounts {
    /// The entries that the drafts mean, or all that is wrong with them.
    pub(super) fn check(&self, desk: &Desk) -> Result<Vec<Entry>, Error> {
        let mut violations = self.violations.clone();
        if self.drafts.is_empty() && violations.is_empty() {
            violations.push(Violation::new("items", "required", "is empty; name at least one count"));
        }
        let mut found = Vec::new();
        let mut entries = Vec::with_capacity(self.drafts.len());
        let journal = journal();
        for (index, draft) in self.drafts.iter().enumerate() {
            if let Some(org_unit) = draft.org_unit
                && !self.reach.includes(org_unit)
            {
                let name = desk.catalog.locations.name_of(org_unit);
                found.push(Violation::at(
                    index,
                    "location",
                    "orgUnitNotAllowed",
                    format!("you may not count in {name}"),
                ));
            }
            if let Some(mut entry) = check(index, draft, &journal, &desk.catalog, &mut found) {
                entry.id = EntryId(index as i64 + 1);
                entries.push(entry);
            }
        }
        // In the words of a count, not of the entry that it is like.
        for violation in &mut found {
            violation.field = match violation.field {
                "count" => "quantity",
                "stockDate" => "at",
                "lotName" => "lot",
                other => other,
            };
        }
        let violations = joined(violations, found);
        if violations.is_empty() { Ok(entries) } else { Err(Error::Invalid(violations)) }
    }
}
