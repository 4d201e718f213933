//! Vouchers with their entries in one step, as files bring them.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::entry::{Entry, EntryDraft, check};
use lotbook_domain::id::{BatchId, BookingId, EntryId, JournalId, VoucherId};
use lotbook_domain::journal::Journal;
use lotbook_domain::violation::{Violation, joined};
use serde::{Deserialize, Serialize};

use super::{BookingOutcome, CreateVoucher, Reach, RequestBooking};
use crate::desk::Desk;
use crate::error::Error;
use crate::structure::Structure;
use crate::table;
use crate::table::booking::{Booking, BookingState};
use crate::table::entry::{BookingFilter, Waiting};
use crate::table::voucher::{Voucher, VoucherSource};
use crate::write::{Change, Tx};

/// Makes vouchers in a journal, each with its entries: all of them or none. Where the journal books by itself,
/// or where it is asked for, bookings are asked for in the same step; the worker does them.
///
/// A voucher whose fingerprint one of the journal bears already, or one before it in this request, is passed over and
/// its answer says so: a file brought twice counts once. The fingerprint is kept as the voucher's source, for good.
///
/// Errors: not found `journal`; violations of every line, counted over all vouchers, see
/// [`lotbook_domain::entry::check`], and `orgUnitNotAllowed`; refused `seriesExhausted`, `bookingInProgress`.
/// Cost: a fixed number of statements.
#[derive(Clone, Debug, Default)]
pub struct EnterVouchers {
    /// The journal.
    pub journal: JournalId,
    /// The vouchers, in order.
    pub vouchers: Vec<NewVoucher>,
    /// What the door already found wrong with the entries; reported together with the rest.
    pub violations: Vec<Violation>,
    /// Whether everything in the journal is to be booked afterwards.
    pub books: bool,
    /// Whether a voucher is made although its fingerprint is known.
    pub again: bool,
    /// Where the one who asks may draft and book.
    pub reach: Reach,
}

/// A voucher that is to be made.
#[derive(Clone, Debug, Default)]
pub struct NewVoucher {
    /// Free text.
    pub description: Option<String>,
    /// What is to be entered, in order.
    pub entries: Vec<EntryDraft>,
    /// By what it is known again: a hash of what it was made from.
    pub fingerprint: Option<String>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VouchersEntered {
    /// The vouchers, in the order asked.
    pub vouchers: Vec<VoucherEntered>,
    /// The ids of the bookings that were asked for.
    pub bookings: Vec<i64>,
}

/// A voucher that was made, or had been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoucherEntered {
    /// Its number.
    pub number: i64,
    /// How many entries it has.
    pub count: i64,
    /// Whether its fingerprint was known, so that nothing was done.
    pub is_repeated: bool,
}

impl Change for EnterVouchers {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let journal = match structure.journals.get(&self.journal) {
            Some(found) if self.reach.includes(found.journal.org_unit) => found.journal.clone(),
            _ => return Err(Error::not_found("journal", self.journal)),
        };
        for voucher in &self.vouchers {
            let description = voucher.description.clone();
            let like = CreateVoucher { journal: journal.id, description, ..CreateVoucher::default() };
            CreateVoucher { reach: self.reach.clone(), ..like }.check(&structure)?;
        }
        let mut desk = Desk::new(tx.tenant, structure.clone(), true);
        let mut entries = self.check(tx, &mut desk, &journal)?.into_iter();
        let generation = table::journal::lock(tx.conn, tx.tenant, journal.id)?;
        // Which of them are new, and which were made before, here or in this very request.
        let mut known = self.known(tx, journal.id)?;
        let mut answer = VouchersEntered::default();
        let mut made: Vec<(&NewVoucher, Vec<Entry>, usize)> = Vec::new();
        let mut fresh: HashMap<&str, usize> = HashMap::new();
        for (at, new) in self.vouchers.iter().enumerate() {
            let lines: Vec<Entry> = entries.by_ref().take(new.entries.len()).collect();
            let key = new.fingerprint.as_deref();
            let before = key.filter(|_| !self.again).and_then(|key| known.get(key));
            let twin = key.filter(|_| !self.again).and_then(|key| fresh.get(key));
            if before.is_none() && twin.is_none() {
                made.push((new, lines, at));
                fresh.extend(key.map(|key| (key, at)));
            }
            let entered = before.copied().unwrap_or_default();
            answer.vouchers.push(VoucherEntered { is_repeated: before.is_some(), ..entered });
        }
        let count = made.len() as i64;
        let total: i64 = made.iter().map(|(_, lines, _)| lines.len() as i64).sum();
        let (mut vouchers, mut waiting, mut bookings) = (Vec::new(), Vec::new(), Vec::new());
        if total > 0 {
            let first_voucher = tx.ids("voucher", count)?;
            let first_number = numbers(tx, &structure, journal.id, count)?;
            let mut entry_id = tx.ids("entry", total)?;
            let first_booking = if journal.is_auto_book && !self.books { tx.ids("booking", count)? } else { 0 };
            for (place, (new, lines, at)) in made.into_iter().enumerate() {
                let place = place as i64;
                let voucher = Voucher {
                    id: VoucherId(first_voucher + place),
                    uid: tx.uid(),
                    journal: journal.id,
                    number: first_number + place,
                    description: new.description.clone(),
                    source: source_of(new.fingerprint.as_deref()),
                    created_at: tx.now,
                    created_by: tx.person,
                };
                let count = lines.len() as i64;
                if first_booking > 0 {
                    let ids = Some((entry_id, entry_id + count - 1));
                    let filter = BookingFilter { ids, ..BookingFilter::default() };
                    let id = BookingId(first_booking + place);
                    bookings.push(booking(tx, id, journal.id, generation, filter, count));
                }
                for mut entry in lines {
                    entry.id = EntryId(entry_id);
                    entry.voucher = voucher.id;
                    entry.voucher_number = voucher.number;
                    entry_id += 1;
                    let lot = if entry.instances.len() == 1 { entry.instances[0] } else { entry.lot };
                    waiting.push(Waiting {
                        generation,
                        fallback_cost: desk.catalog.fallback_cost(entry.product, entry.variant, lot),
                        is_system_generated: false,
                        created_at: tx.now,
                        created_by: tx.person,
                        entry,
                    });
                }
                let entered = VoucherEntered { number: voucher.number, count, is_repeated: false };
                if let Some(key) = &new.fingerprint {
                    known.insert(key.clone(), entered);
                }
                tx.audit("createVoucher", format!("voucher {}", voucher.number), None);
                tx.audit("createEntries", format!("voucher {}", voucher.number), Some(format!("{count} entries")));
                answer.vouchers[at] = entered;
                vouchers.push(voucher);
            }
        }
        for (new, entered) in self.vouchers.iter().zip(&mut answer.vouchers) {
            // The second of two alike in this request.
            if entered.count == 0
                && let Some(twin) = new.fingerprint.as_ref().and_then(|key| known.get(key))
            {
                *entered = VoucherEntered { is_repeated: true, ..*twin };
            }
        }
        table::voucher::insert(tx.conn, tx.tenant, &vouchers)?;
        table::entry::insert(tx.conn, tx.tenant, &waiting)?;
        table::booking::insert(tx.conn, tx.tenant, &bookings)?;
        answer.bookings = bookings.iter().map(|booking| booking.id.0).collect();
        if self.books {
            let mut request =
                RequestBooking { journal: journal.id, reach: self.reach.clone(), ..RequestBooking::default() };
            let outcome: BookingOutcome = serde_json::from_str(&request.run(tx)?)
                .map_err(|fault| Error::Internal(format!("the outcome of a booking is unreadable: {fault}")))?;
            answer.bookings.push(outcome.id);
        }
        if !answer.bookings.is_empty() {
            tx.wake_worker();
        }
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }
}

impl EnterVouchers {
    fn drafts(&self) -> impl Iterator<Item = &EntryDraft> {
        self.vouchers.iter().flat_map(|voucher| &voucher.entries)
    }

    /// The entries that the drafts mean, without ids, or all that is wrong with them.
    fn check(&self, tx: &mut Tx<'_>, desk: &mut Desk, journal: &Journal) -> Result<Vec<Entry>, Error> {
        desk.load_catalog(
            tx.conn,
            self.drafts().filter_map(|draft| draft.product).collect(),
            self.drafts().filter_map(|draft| draft.variant).collect(),
            self.drafts().flat_map(|draft| draft.instances.iter().flatten().copied().chain(draft.lot)).collect(),
            self.drafts().flat_map(|draft| draft.customer.into_iter().chain(draft.supplier)).collect(),
        )?;
        let named: BTreeSet<_> = self.drafts().filter_map(|draft| draft.reservation).collect();
        let known = table::reservation::by_ids(tx.conn, tx.tenant, &named, false)?;
        let known: BTreeSet<_> = known.into_iter().map(|kept| kept.reservation.id).collect();
        let mut found = Vec::new();
        if self.vouchers.iter().any(|voucher| voucher.entries.is_empty()) && self.violations.is_empty() {
            found.push(Violation::new("entries", "required", "is empty; name at least one entry"));
        }
        let mut entries = Vec::new();
        for (index, draft) in self.drafts().enumerate() {
            if let Some(org_unit) = draft.org_unit
                && !self.reach.includes(org_unit)
            {
                let message = format!("you may not act in {}", desk.catalog.locations.name_of(org_unit));
                found.push(Violation::at(index, "orgUnit", "orgUnitNotAllowed", message));
            }
            if let Some(entry) = check(index, draft, journal, &desk.catalog, &mut found) {
                if entry.reservation.0 != 0 && !known.contains(&entry.reservation) {
                    let message = format!("there is no reservation {}", entry.reservation);
                    found.push(Violation::at(index, "reservation", "unknownReservation", message));
                }
                entries.push(entry);
            }
        }
        let violations = joined(self.violations.clone(), found);
        if violations.is_empty() { Ok(entries) } else { Err(Error::Invalid(violations)) }
    }

    /// The vouchers of the journal that bear these fingerprints: of several with one, the first.
    fn known(&self, tx: &mut Tx<'_>, journal: JournalId) -> Result<HashMap<String, VoucherEntered>, Error> {
        let prints: BTreeSet<&str> =
            self.vouchers.iter().filter_map(|voucher| voucher.fingerprint.as_deref()).collect();
        let found = table::voucher::by_fingerprint(tx.conn, tx.tenant, journal, IMPORTED, prints)?;
        let entered = |number| VoucherEntered { number, count: 0, is_repeated: true };
        Ok(found.into_iter().map(|(print, number)| (print, entered(number))).collect())
    }
}

/// The kind of source of a voucher that was made from a file; its identifier is the file's fingerprint.
const IMPORTED: &str = "import";

fn source_of(fingerprint: Option<&str>) -> VoucherSource {
    let kind = fingerprint.map(|_| IMPORTED.to_owned());
    VoucherSource { kind, identifier: fingerprint.map(ToOwned::to_owned), ..VoucherSource::default() }
}

/// Takes so many numbers in a row of the journal's series, and answers the first.
pub(super) fn numbers(tx: &mut Tx<'_>, structure: &Structure, journal: JournalId, n: i64) -> Result<i64, Error> {
    let series = structure.series_of(journal).ok_or_else(|| Error::not_found("journal", journal))?;
    let first = tx.engine.counters.take_in(tx.conn, tx.tenant.0, &series.counter(), n, series.from)?;
    if first + n - 1 > series.to { Err(series.exhausted(n)) } else { Ok(first) }
}

fn booking(
    tx: &mut Tx<'_>,
    id: BookingId,
    journal: JournalId,
    generation: i64,
    filter: BookingFilter,
    entry_count: i64,
) -> Booking {
    Booking {
        id,
        uid: tx.uid(),
        journal,
        generation,
        filter,
        state: BookingState::Waiting,
        result_code: 1,
        faulted_number: 0,
        faults: Vec::new(),
        entry_count,
        batch: BatchId(0),
        requested_at: tx.now,
        requested_by: tx.person,
        finished_at: None,
    }
}
