//! A group: vouchers and entries of one tenant that are read, decided and written together.

mod reserve;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use lotbook_domain::booking::{Wanted, wanted};
use lotbook_domain::count::{CountAt, CountId};
use lotbook_domain::entry::{Entry, check};
use lotbook_domain::id::{BatchId, BookingId, EntryId, JournalId, LotId, PartyId, ProductId, VariantId, VoucherId};
use lotbook_domain::ledger::{Account, AccountKey};
use lotbook_domain::violation::{Violation, joined};

use super::{Command, Pending, Request, find_answer};
use crate::append::{Batch, append};
use crate::command::{AUTO_BOOK_INLINE_MAX, CreateEntries, CreateVoucher, EntriesCreated, VoucherCreated, outcome_of};
use crate::desk::Desk;
use crate::engine::Engine;
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;
use crate::table::audit::Audited;
use crate::table::booking::{Booking, BookingState};
use crate::table::catalog::Series;
use crate::table::entry::{BookingFilter, Waiting};
use crate::table::voucher::Voucher;
use crate::worker::{accept, decide_on, reject, take_batch, times_of};

type Answer = Result<String, Error>;

/// Runs a group; one answer for each request, in order.
pub(super) fn run(engine: &Engine, group: &mut [Pending]) -> Result<Vec<Answer>, Error> {
    let members: Vec<Member<'_>> =
        group.iter().map(|pending| Member { request: &pending.request, command: &pending.command }).collect();
    run_members(engine, &members)
}

/// Runs one request alone, maybe as a dry run.
pub(super) fn run_single(engine: &Engine, request: &Request, command: &Command) -> Answer {
    let members = [Member { request, command }];
    run_members(engine, &members)?.pop().unwrap_or_else(|| Err(Error::Internal("no answer".to_owned())))
}

struct Member<'a> {
    request: &'a Request,
    command: &'a Command,
}

/// Ids leased before the transaction, so that no counter is locked in it.
struct Leased {
    vouchers: Range<i64>,
    /// First entry id of each member.
    entries: Vec<i64>,
    bookings: Range<i64>,
    batches: Range<i64>,
    accounts: Range<i64>,
    lots: Range<i64>,
    audits: Range<i64>,
    reservations: Range<i64>,
    /// Voucher number of each member that asked for one of a long series.
    numbers: Vec<Option<i64>>,
    structure_version: i64,
}

fn run_members(engine: &Engine, members: &[Member<'_>]) -> Result<Vec<Answer>, Error> {
    let tenant = members[0].request.tenant;
    let mut structure = match engine.structures.last_seen(tenant) {
        Some(structure) => structure,
        None => engine.read(|conn| engine.structure(conn, tenant))?,
    };
    loop {
        let leased = lease(engine, members, &structure)?;
        let mut newer = None;
        let mut wakes = false;
        let mut dry: Option<Vec<Answer>> = None;
        let outcome = engine.store.write(|conn| {
            let current = engine.structure(conn, tenant)?;
            if current.version != leased.structure_version {
                // Numbers were leased by what held before: lease again.
                newer = Some(current);
                return Ok(Vec::new());
            }
            let mut work = Work::new(conn, engine, members, current, &leased);
            let answers = work.run()?;
            wakes = work.wakes_worker;
            if members[0].request.dry_run {
                dry = Some(answers);
                return Err(Error::Internal("dry run".to_owned()));
            }
            Ok(answers)
        });
        if let Some(answers) = dry {
            return Ok(answers);
        }
        let answers = outcome?;
        if let Some(current) = newer {
            structure = current;
            continue;
        }
        if wakes {
            engine.worker.wake();
        }
        return Ok(answers);
    }
}

/// Of a series shorter than this nothing is leased: numbers that a retry, a dry run or a refusal loses would be missed.
const SHORT_SERIES: i64 = 100_000;

fn lease(engine: &Engine, members: &[Member<'_>], structure: &Structure) -> Result<Leased, Error> {
    let tenant = members[0].request.tenant;
    let take = |name: &str, n: i64| -> Result<Range<i64>, Error> {
        if n == 0 {
            return Ok(0..0);
        }
        let first = engine.counters.take(&engine.store, tenant.0, name, n, 1)?;
        Ok(first..first + n)
    };
    let mut vouchers = 0;
    let mut bookings = 0;
    let mut lines = 0;
    let mut reservations = 0;
    let mut entries = Vec::with_capacity(members.len());
    let mut numbers = Vec::with_capacity(members.len());
    for member in members {
        match member.command {
            Command::CreateVoucher(command) => {
                vouchers += 1;
                entries.push(0);
                let series = structure.series_of(command.journal).filter(|_| command.number.is_none());
                let long = series.filter(|series| series.to - series.from >= SHORT_SERIES);
                let take =
                    |series: &Series| engine.counters.take(&engine.store, tenant.0, &series.counter(), 1, series.from);
                numbers.push(long.map(take).transpose()?);
            }
            Command::CreateEntries(command) => {
                bookings += 1;
                let n = command.entries.len() as i64;
                lines += n;
                entries.push(if n == 0 { 0 } else { take("entry", n)?.start });
                numbers.push(None);
            }
            Command::Reserve(command) => {
                reservations += command.drafts.len() as i64;
                entries.push(0);
                numbers.push(None);
            }
            Command::ChangeReservation(_) | Command::Change(_) => {
                entries.push(0);
                numbers.push(None);
            }
        }
    }
    let lines = lines.min(AUTO_BOOK_INLINE_MAX as i64 * 2);
    Ok(Leased {
        vouchers: take("voucher", vouchers)?,
        entries,
        bookings: take("booking", bookings)?,
        batches: take("batch", bookings)?,
        accounts: take("account", (lines + reservations) * 2)?,
        reservations: take("reservation", reservations)?,
        lots: if bookings > 0 { take("lot", 16.min(lines))? } else { 0..0 },
        audits: take("audit", members.len() as i64)?,
        numbers,
        structure_version: structure.version,
    })
}

/// A checked call that adds entries.
struct Checked<'a> {
    command: &'a CreateEntries,
    voucher: VoucherId,
    journal: JournalId,
    entries: Vec<Entry>,
}

/// A group in its transaction.
struct Work<'w> {
    conn: &'w mut Conn,
    engine: &'w Engine,
    members: &'w [Member<'w>],
    desk: Desk,
    vouchers: HashMap<VoucherId, Voucher>,
    generations: HashMap<JournalId, i64>,
    ids: Ids,
    leased: &'w Leased,
    new_vouchers: Vec<Voucher>,
    new_entries: Vec<Waiting>,
    new_bookings: Vec<Booking>,
    batches: Vec<Batch>,
    touched: BTreeSet<AccountKey>,
    audited: Vec<Audited>,
    kept: Vec<(String, lotbook_domain::chain::Hash, String)>,
    wakes_worker: bool,
    reservations: reserve::Slips,
}

/// What is left of the leased ids.
struct Ids {
    vouchers: Range<i64>,
    bookings: Range<i64>,
    batches: Range<i64>,
    audits: Range<i64>,
    reservations: Range<i64>,
}

const LEASED: &str = "as many were leased as the group has requests";

impl<'w> Work<'w> {
    fn new(
        conn: &'w mut Conn,
        engine: &'w Engine,
        members: &'w [Member<'w>],
        structure: Arc<Structure>,
        leased: &'w Leased,
    ) -> Self {
        let mut desk = Desk::new(members[0].request.tenant, structure, true);
        desk.give_ids(leased.accounts.clone(), leased.lots.clone());
        let ids = Ids {
            vouchers: leased.vouchers.clone(),
            bookings: leased.bookings.clone(),
            batches: leased.batches.clone(),
            audits: leased.audits.clone(),
            reservations: leased.reservations.clone(),
        };
        Self {
            conn,
            engine,
            members,
            desk,
            vouchers: HashMap::new(),
            generations: HashMap::new(),
            ids,
            leased,
            new_vouchers: Vec::new(),
            new_entries: Vec::new(),
            new_bookings: Vec::new(),
            batches: Vec::new(),
            touched: BTreeSet::new(),
            audited: Vec::new(),
            kept: Vec::new(),
            wakes_worker: false,
            reservations: reserve::Slips::default(),
        }
    }

    fn run(&mut self) -> Result<Vec<Answer>, Error> {
        let mut answers: Vec<Option<Answer>> = self.members.iter().map(|_| None).collect();
        self.answer_retries(&mut answers)?;
        self.load_vouchers(&answers)?;
        self.load_reservations(&answers)?;
        self.load_catalog(&answers)?;
        let mut checked: Vec<Option<Checked<'w>>> = Vec::with_capacity(self.members.len());
        for (at, answer) in answers.iter_mut().enumerate() {
            checked.push(match self.members[at].command {
                Command::CreateEntries(command) if answer.is_none() => match self.check_entries(at, command) {
                    Ok(checked) => Some(checked),
                    Err(error) => {
                        *answer = Some(Err(error));
                        None
                    }
                },
                _ => None,
            });
        }
        self.check_reservations(&mut answers);
        self.load_accounts(&checked)?;
        let taken = self.taken_numbers(&answers)?;
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut used: HashSet<i64> = taken;
        for at in 0..self.members.len() {
            if answers[at].is_some() {
                continue;
            }
            // A key that an earlier request of this very group has: the same answer, if it has one.
            let request = self.members[at].request;
            if let Some(key) = &request.key {
                if let Some(earlier) = seen.get(&key.text)
                    && let Some(Ok(answer)) = &answers[*earlier]
                {
                    let earlier_key = self.members[*earlier].request.key.as_ref().expect("it was found by its key");
                    answers[at] = Some(if earlier_key.body_hash == key.body_hash {
                        Ok(answer.clone())
                    } else {
                        Err(Error::KeyReused { key: key.text.clone() })
                    });
                    continue;
                }
                seen.insert(key.text.clone(), at);
            }
            let answer = match (self.members[at].command, checked[at].take()) {
                (Command::CreateVoucher(command), _) => self.create_voucher(at, command, &mut used),
                (Command::CreateEntries(_), Some(checked)) => self.create_entries(at, checked),
                (Command::Reserve(command), _) => self.reserve(at, command),
                (Command::ChangeReservation(command), _) => self.change_reservation(at, command),
                _ => Err(Error::Internal("only vouchers, entries and reservations are grouped".to_owned())),
            };
            // A fault of the database or of ours is the whole group's: it is run again one by one.
            if let Err(error @ (Error::Busy(_) | Error::Internal(_) | Error::Duplicate(_))) = answer {
                return Err(error);
            }
            if let (Some(key), Ok(answer)) = (&request.key, &answer) {
                self.kept.push((key.text.clone(), key.body_hash, answer.clone()));
            }
            answers[at] = Some(answer);
        }
        self.write()?;
        Ok(answers.into_iter().map(|answer| answer.expect("every member was answered")).collect())
    }

    fn answer_retries(&mut self, answers: &mut [Option<Answer>]) -> Result<(), Error> {
        let keys: Vec<&str> =
            self.members.iter().filter_map(|member| member.request.key.as_ref()).map(|key| key.text.as_str()).collect();
        if keys.is_empty() {
            return Ok(());
        }
        if let [single] = self.members {
            if let Some(answer) =
                find_answer(self.conn, single.request).map_or_else(|error| Some(Err(error)), |found| found.map(Ok))
            {
                if let Err(error @ (Error::Busy(_) | Error::Internal(_))) = answer {
                    return Err(error);
                }
                answers[0] = Some(answer);
            }
            return Ok(());
        }
        let found = table::answered::find(self.conn, self.desk.tenant, &keys)?;
        for (member, answer) in self.members.iter().zip(answers) {
            if let Some(key) = &member.request.key
                && let Some((hash, kept)) = found.get(&key.text)
            {
                *answer = Some(if *hash == key.body_hash {
                    Ok(kept.clone())
                } else {
                    Err(Error::KeyReused { key: key.text.clone() })
                });
            }
        }
        Ok(())
    }

    fn open_entries<'a>(
        members: &'a [Member<'a>],
        answers: &'a [Option<Answer>],
    ) -> impl Iterator<Item = &'a CreateEntries> {
        members.iter().zip(answers).filter(|(_, answer)| answer.is_none()).filter_map(|(member, _)| {
            match member.command {
                Command::CreateEntries(command) => Some(command),
                _ => None,
            }
        })
    }

    fn load_vouchers(&mut self, answers: &[Option<Answer>]) -> Result<(), Error> {
        let ids: BTreeSet<VoucherId> =
            Self::open_entries(self.members, answers).map(|command| command.voucher).collect();
        for voucher in table::voucher::by_ids(self.conn, self.desk.tenant, ids)? {
            self.vouchers.insert(voucher.id, voucher);
        }
        // Entries that stay in a journal carry the generation that it collects.
        let structure = Arc::clone(&self.desk.structure);
        let journals: BTreeSet<JournalId> = Self::open_entries(self.members, answers)
            .filter_map(|command| {
                let journal = self.vouchers.get(&command.voucher)?.journal;
                let books = structure.journals.get(&journal).is_some_and(|found| found.journal.is_auto_book);
                (!books || command.entries.len() > AUTO_BOOK_INLINE_MAX).then_some(journal)
            })
            .collect();
        self.load_generations(journals)
    }

    fn load_generations(&mut self, journals: BTreeSet<JournalId>) -> Result<(), Error> {
        let tenant = self.desk.tenant;
        let found = table::journal::generations(self.conn, tenant, journals.iter().copied())?;
        if found.len() < journals.len() {
            table::journal::make_states(self.conn, tenant, journals.iter().copied())?;
            self.generations.extend(table::journal::generations(self.conn, tenant, journals)?);
        } else {
            self.generations.extend(found);
        }
        Ok(())
    }

    fn load_catalog(&mut self, answers: &[Option<Answer>]) -> Result<(), Error> {
        let mut products: BTreeSet<ProductId> = BTreeSet::new();
        let mut variants: BTreeSet<VariantId> = BTreeSet::new();
        let mut lots: BTreeSet<LotId> = BTreeSet::new();
        let mut parties: BTreeSet<PartyId> = BTreeSet::new();
        for draft in Self::open_entries(self.members, answers).flat_map(|command| &command.entries) {
            products.extend(draft.product);
            variants.extend(draft.variant);
            lots.extend(draft.lot);
            lots.extend(draft.instances.iter().flatten());
            parties.extend(draft.customer);
            parties.extend(draft.supplier);
        }
        self.reservations.name(self.members, answers, &mut products, &mut variants, &mut lots);
        self.desk.load_catalog(self.conn, products, variants, lots, parties)
    }

    fn check_entries(&self, at: usize, command: &'w CreateEntries) -> Result<Checked<'w>, Error> {
        let missing = || Error::not_found("voucher", command.voucher);
        let voucher = self.vouchers.get(&command.voucher).ok_or_else(missing)?;
        let described = self.desk.structure.journal(voucher.journal, &command.reach).ok_or_else(missing)?;
        let mut violations = command.violations.clone();
        if command.entries.is_empty() && violations.is_empty() {
            violations.push(Violation::new("entries", "required", "is empty; name at least one entry"));
        }
        let mut entries = Vec::with_capacity(command.entries.len());
        let mut found = Vec::new();
        for (index, draft) in command.entries.iter().enumerate() {
            if let Some(org_unit) = draft.org_unit
                && !command.reach.includes(org_unit)
            {
                found.push(Violation::at(
                    index,
                    "orgUnit",
                    "orgUnitNotAllowed",
                    format!("you may not act in {}", self.desk.catalog.locations.name_of(org_unit)),
                ));
            }
            if let Some(mut entry) = check(index, draft, &described.journal, &self.desk.catalog, &mut found) {
                if entry.reservation.0 != 0 && !self.reservations.is_known(entry.reservation) {
                    let message = format!("there is no reservation {}", entry.reservation);
                    found.push(Violation::at(index, "reservation", "unknownReservation", message));
                }
                entry.id = EntryId(self.leased.entries[at] + index as i64);
                entry.voucher = voucher.id;
                entry.voucher_number = voucher.number;
                entries.push(entry);
            }
        }
        let violations = joined(violations, found);
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        Ok(Checked { command, voucher: voucher.id, journal: voucher.journal, entries })
    }

    fn load_accounts(&mut self, checked: &[Option<Checked<'_>>]) -> Result<(), Error> {
        let mut all = Wanted::default();
        let mut times = Vec::new();
        for checked in checked.iter().flatten() {
            let described = &self.desk.structure.journals[&checked.journal];
            if described.journal.is_auto_book && checked.entries.len() <= AUTO_BOOK_INLINE_MAX {
                wanted(&self.desk.catalog, &described.journal, &checked.entries, &mut all);
                times.extend(times_of(&self.desk, &checked.entries));
            }
        }
        self.want_reservations(&mut all)?;
        if times.is_empty() && all.reserved.is_empty() {
            return Ok(());
        }
        self.desk.load_accounts(self.conn, self.engine, &all, &times)
    }

    fn taken_numbers(&mut self, answers: &[Option<Answer>]) -> Result<HashSet<i64>, Error> {
        let chosen: Vec<i64> = self
            .members
            .iter()
            .zip(answers)
            .filter(|(_, answer)| answer.is_none())
            .filter_map(|(member, _)| match member.command {
                Command::CreateVoucher(command) => command.number,
                _ => None,
            })
            .collect();
        Ok(table::voucher::taken_numbers(self.conn, self.desk.tenant, &chosen)?.into_iter().collect())
    }

    fn create_voucher(&mut self, at: usize, command: &CreateVoucher, used: &mut HashSet<i64>) -> Answer {
        command.check(&self.desk.structure)?;
        let number = match command.number {
            Some(number) if used.contains(&number) => {
                return Err(Error::refused("numberInUse", format!("number {number} is in use; choose another")));
            }
            Some(number) => number,
            None => self.next_number(at, command.journal)?,
        };
        used.insert(number);
        let request = self.members[at].request;
        let voucher = Voucher {
            id: VoucherId(self.ids.vouchers.next().expect(LEASED)),
            uid: self.engine.uid(request.now),
            journal: command.journal,
            number,
            description: command.description.clone(),
            source: command.source.clone(),
            created_at: request.now,
            created_by: request.person,
        };
        let answer = VoucherCreated::of(&voucher);
        self.audit(request, "createVoucher", format!("voucher {number}"), None);
        self.new_vouchers.push(voucher);
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }

    /// The next number of a journal's series.
    fn next_number(&mut self, at: usize, journal: JournalId) -> Result<i64, Error> {
        let series = self.desk.structure.series_of(journal).ok_or_else(|| Error::not_found("journal", journal))?;
        let numbers = series.from..=series.to;
        let number = match self.leased.numbers[at] {
            Some(number) => Some(number).filter(|number| numbers.contains(number)),
            None => self.engine.counters.take_of(self.conn, self.desk.tenant.0, &series.counter(), &numbers)?,
        };
        number.ok_or_else(|| series.exhausted(1))
    }

    fn create_entries(&mut self, at: usize, checked: Checked<'_>) -> Answer {
        let request = self.members[at].request;
        let journal = self.desk.structure.journals[&checked.journal].journal.clone();
        let count = checked.entries.len() as i64;
        let first = self.leased.entries[at];
        let number = checked.entries.first().map_or(0, |entry| entry.voucher_number);
        let mut booking = None;
        if journal.is_auto_book {
            let mut new = Booking {
                id: BookingId(self.ids.bookings.next().expect(LEASED)),
                uid: self.engine.uid(request.now),
                journal: journal.id,
                generation: 0,
                filter: BookingFilter { ids: Some((first, first + count - 1)), ..BookingFilter::default() },
                state: BookingState::Waiting,
                result_code: 1,
                faulted_number: 0,
                faults: Vec::new(),
                entry_count: count,
                batch: BatchId(0),
                requested_at: request.now,
                requested_by: request.person,
                finished_at: None,
            };
            if checked.entries.len() > AUTO_BOOK_INLINE_MAX {
                new.generation = self.generations[&journal.id];
                self.keep_entries(request, checked.entries);
                self.wakes_worker = true;
            } else {
                let decided = decide_on(self.conn, self.engine, &mut self.desk, &journal, &checked.entries)?;
                new.finished_at = Some(request.now);
                match decided {
                    Ok(mut booked) => {
                        accept(&mut new, &booked);
                        new.batch = BatchId(self.ids.batches.next().expect(LEASED));
                        self.batches.push(take_batch(&mut booked, new.batch, &new));
                        for lot in &self.batches.last().expect("it was just added").new_lots {
                            self.desk.catalog.insert_lot(lot.clone());
                        }
                        self.touched.extend(booked.touched.iter().map(|account| account.key));
                        self.desk.ledger.apply(booked.touched);
                        self.note_counts();
                        self.desk.ledger.reserved.consume(&self.batches.last().expect("it was just added").uses);
                    }
                    Err(faults) => {
                        reject(&mut new, &faults);
                        self.load_generations(BTreeSet::from([journal.id]))?;
                        new.generation = self.generations[&journal.id];
                        self.keep_entries(request, checked.entries);
                    }
                }
            }
            booking = Some(outcome_of(&new));
            self.new_bookings.push(new);
        } else {
            self.keep_entries(request, checked.entries);
        }
        self.audit(request, "createEntries", format!("voucher {number}"), Some(format!("{count} entries")));
        debug_assert_eq!(checked.voucher, checked.command.voucher);
        let answer = EntriesCreated { first, count, booking };
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }

    /// Notes the counts of the last batch, so that what is decided next in this group keeps them true.
    fn note_counts(&mut self) {
        let Some(batch) = self.batches.last() else { return };
        for count in &batch.counts {
            let at = count.effective_at;
            let id = CountId { batch: batch.id, line: count.line };
            let found = CountAt { id, position: None, at, unit_cost: count.unit_cost };
            self.desk.ledger.counts.fresh.insert((count.account, found.moment()), found);
        }
    }

    fn keep_entries(&mut self, request: &Request, entries: Vec<Entry>) {
        let catalog = &self.desk.catalog;
        for entry in entries {
            let lot = if entry.instances.len() == 1 { entry.instances[0] } else { entry.lot };
            self.new_entries.push(Waiting {
                generation: self.generations[&entry.journal],
                fallback_cost: catalog.fallback_cost(entry.product, entry.variant, lot),
                is_system_generated: false,
                created_at: request.now,
                created_by: request.person,
                entry,
            });
        }
    }

    fn audit(&mut self, request: &Request, action: &str, subject: String, detail: Option<String>) {
        self.audited.push(Audited {
            id: self.ids.audits.next().expect(LEASED),
            at: request.now,
            person: request.person,
            origin: request.origin.clone(),
            action: action.to_owned(),
            subject,
            detail,
        });
    }

    /// Writes what was decided: a handful of statements, however many requests there are.
    fn write(&mut self) -> Result<(), Error> {
        let tenant = self.desk.tenant;
        let now = self.members.iter().map(|member| member.request.now).max().unwrap_or_default();
        table::voucher::insert(self.conn, tenant, &self.new_vouchers)?;
        table::entry::insert(self.conn, tenant, &self.new_entries)?;
        table::booking::insert(self.conn, tenant, &self.new_bookings)?;
        table::answered::insert(self.conn, tenant, &self.kept, now)?;
        table::audit::insert(self.conn, tenant, &self.audited)?;
        let touched: Vec<&Account> = self.touched.iter().filter_map(|key| self.desk.ledger.accounts.get(key)).collect();
        append(self.conn, self.engine, (tenant, self.desk.structure.version), &self.batches, touched, now, |_| {})?;
        self.write_reservations()
    }
}
