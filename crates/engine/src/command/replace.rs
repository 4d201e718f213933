//! Putting another entry in the place of one that is not booked yet.

use lotbook_domain::entry::{EntryDraft, check};
use lotbook_domain::id::EntryId;
use lotbook_domain::violation::{Violation, joined};

use super::Reach;
use super::remove::refuse_if_taken;
use crate::desk::Desk;
use crate::error::Error;
use crate::table;
use crate::table::entry::{EntryFilter, Waiting};
use crate::write::{Change, Tx};

/// Replaces one entry by another of the same voucher, which gets an id of its own.
///
/// So whoever still looks at the entry of before cannot overwrite what has come in its place: its id
/// names nothing any more.
///
/// Errors: not found `entry` (unknown, booked, removed or replaced already); refused
/// `bookingInProgress`; violations of the new entry, see [`lotbook_domain::entry::check`].
#[derive(Clone, Debug, Default)]
pub struct ReplaceEntry {
    /// The entry to be replaced.
    pub entry: EntryId,
    /// What comes in its place.
    pub draft: EntryDraft,
    /// What the door already found wrong with it.
    pub violations: Vec<Violation>,
    /// Where the one who asks may draft.
    pub reach: Reach,
}

impl Change for ReplaceEntry {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let missing = || Error::not_found("entry", self.entry);
        let filter = EntryFilter { ids: Some((self.entry.0, self.entry.0)), ..EntryFilter::default() };
        let found = table::entry::page(tx.conn, tx.tenant, &filter, 0, 1)?.pop().ok_or_else(missing)?;
        if !self.reach.includes(found.entry.org_unit) {
            return Err(missing());
        }
        let journal = found.entry.journal;
        let generation = table::journal::lock(tx.conn, tx.tenant, journal)?;
        refuse_if_taken(tx, self.entry, journal)?;
        let new = self.check(tx, &found)?;
        // Somebody else may have removed or booked it meanwhile.
        if table::entry::delete(tx.conn, tx.tenant, &filter)? == 0 {
            return Err(missing());
        }
        let id = tx.ids("entry", 1)?;
        let mut waiting = Waiting { generation, created_at: tx.now, created_by: tx.person, ..new };
        waiting.entry.id = EntryId(id);
        waiting.entry.voucher = found.entry.voucher;
        waiting.entry.voucher_number = found.entry.voucher_number;
        table::entry::insert(tx.conn, tx.tenant, &[waiting])?;
        tx.audit(
            "replaceEntry",
            format!("entry {}", self.entry),
            Some(format!("voucher {}, now entry {id}", found.entry.voucher_number)),
        );
        Ok(format!("{{\"id\":{id},\"replaced\":{}}}", self.entry))
    }
}

impl ReplaceEntry {
    fn check(&self, tx: &mut Tx<'_>, found: &Waiting) -> Result<Waiting, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let journal = structure
            .journal(found.entry.journal, &self.reach)
            .map(|described| described.journal.clone())
            .ok_or_else(|| Error::not_found("journal", found.entry.journal))?;
        let draft = &self.draft;
        let mut desk = Desk::new(tx.tenant, structure, false);
        desk.load_catalog(
            tx.conn,
            draft.product.into_iter().collect(),
            draft.variant.into_iter().collect(),
            draft.lot.into_iter().chain(draft.instances.iter().flatten().copied()).collect(),
            draft.customer.into_iter().chain(draft.supplier).collect(),
        )?;
        let mut more = Vec::new();
        if let Some(org_unit) = draft.org_unit
            && !self.reach.includes(org_unit)
        {
            let name = desk.catalog.locations.name_of(org_unit);
            more.push(Violation::at(0, "orgUnit", "orgUnitNotAllowed", format!("you may not act in {name}")));
        }
        let entry = check(0, draft, &journal, &desk.catalog, &mut more);
        let read = self.violations.iter().cloned().map(|violation| Violation { index: Some(0), ..violation }).collect();
        let violations = joined(read, more);
        let Some(entry) = entry.filter(|_| violations.is_empty()) else { return Err(Error::Invalid(violations)) };
        let lot = if entry.instances.len() == 1 { entry.instances[0] } else { entry.lot };
        Ok(Waiting {
            generation: 0,
            fallback_cost: desk.catalog.fallback_cost(entry.product, entry.variant, lot),
            is_system_generated: false,
            created_at: tx.now,
            created_by: tx.person,
            entry,
        })
    }
}
