//! Who enters the demo's data: commands, handed over as the doors hand them over.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::{BookingId, JournalId, UserId, VoucherId};
use lotbook_engine::command::{BookingOutcome, CreateEntries, CreateVoucher, RequestBooking, VoucherCreated};
use lotbook_engine::table::booking::{self, BookingState};
use lotbook_engine::tenant;
use lotbook_engine::thing::change::CreateRecords;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::value::{Record, Value};
use lotbook_engine::write::{Change, Command, Request};
use lotbook_engine::{Engine, Error};
use serde::Deserialize;

use super::damaged;

/// The worker books a delivery well within this.
const BOOKING_TIME_MAX: Duration = Duration::from_mins(1);

#[derive(Clone, Copy)]
pub(super) struct Clerk<'e>(pub(super) &'e Arc<Engine>);

/// Records that were made, by the name of their kind.
pub(super) struct Made(HashMap<String, Vec<serde_json::Value>>);

impl Made {
    /// The records of a kind.
    pub(super) fn all(&self, kind: &str) -> &[serde_json::Value] {
        self.0.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// The id of the record whose field says this.
    pub(super) fn find(&self, kind: &str, field: &str, name: &str) -> Result<i64, Error> {
        let found = self.all(kind).iter().find(|record| record[field] == name);
        found.and_then(|record| record["id"].as_i64()).ok_or_else(|| damaged(name))
    }
}

impl Clerk<'_> {
    /// Makes the records of a catalog, kind by kind in its order.
    pub(super) fn make_all(self, catalog: &str) -> Result<Made, Error> {
        let Ok(Value::Object(catalog)) = Value::parse(catalog) else { return Err(damaged("the catalog")) };
        let mut made = HashMap::new();
        for (kind, records) in catalog {
            let Value::List(records) = records else { return Err(damaged(&kind)) };
            let records = records.into_iter().filter_map(|record| match record {
                Value::Object(fields) => Some(fields),
                _ => None,
            });
            let records = self.make(&kind, records.collect())?;
            made.insert(kind, records);
        }
        Ok(Made(made))
    }

    /// Makes records of one kind.
    pub(super) fn make(self, kind: &str, records: Vec<Record>) -> Result<Vec<serde_json::Value>, Error> {
        let kind = kinds::named(kind).ok_or_else(|| damaged(kind))?;
        let mut answer: serde_json::Value = self.change(CreateRecords { kind, records, is_list: true })?;
        match answer["items"].take() {
            serde_json::Value::Array(items) => Ok(items),
            _ => Err(damaged(kind.name)),
        }
    }

    /// Does something, and reads the answer.
    pub(super) fn change<T: for<'de> Deserialize<'de>>(self, change: impl Change) -> Result<T, Error> {
        read(&self.0.change(self.request(), change)?)
    }

    /// The same with a command of another queue.
    pub(super) fn run<T: for<'de> Deserialize<'de>>(self, command: Command) -> Result<T, Error> {
        read(&self.0.run(self.request(), command)?)
    }

    fn request(self) -> Request {
        Request {
            tenant: tenant::DEFAULT,
            person: UserId(1),
            origin: "demo".to_owned(),
            key: None,
            now: self.0.now(),
            dry_run: false,
        }
    }

    /// A voucher with entries in a journal, booked.
    pub(super) fn note(self, journal: JournalId, description: &str, entries: Vec<EntryDraft>) -> Result<(), Error> {
        let voucher = self.voucher(journal, description)?;
        self.enter(voucher, entries)?;
        self.book(journal)
    }

    pub(super) fn voucher(self, journal: JournalId, description: &str) -> Result<VoucherId, Error> {
        let description = Some(description.to_owned());
        let create = CreateVoucher { journal, description, ..CreateVoucher::default() };
        let answer = self.0.run(self.request(), Command::CreateVoucher(create))?;
        Ok(VoucherId(read::<VoucherCreated>(&answer)?.id))
    }

    pub(super) fn enter(self, voucher: VoucherId, entries: Vec<EntryDraft>) -> Result<(), Error> {
        let create = CreateEntries { voucher, entries, ..CreateEntries::default() };
        self.0.run(self.request(), Command::CreateEntries(create)).map(drop)
    }

    /// Books a journal and waits until the worker has done so.
    pub(super) fn book(self, journal: JournalId) -> Result<(), Error> {
        let asked: BookingOutcome = self.change(RequestBooking { journal, ..RequestBooking::default() })?;
        let asked_at = Instant::now();
        while asked_at.elapsed() < BOOKING_TIME_MAX {
            let found = self.0.read(|conn| booking::by_id(conn, tenant::DEFAULT, BookingId(asked.id)))?;
            match found {
                Some(found) if found.state == BookingState::Waiting => std::thread::sleep(Duration::from_millis(2)),
                Some(found) if found.state == BookingState::Booked => return Ok(()),
                _ => break,
            }
        }
        Err(Error::Internal(format!("booking {} of the demo was not booked", asked.id)))
    }

    /// Hands over commands at once, so that they share commits, and answers in their order.
    pub(super) fn all<T: for<'de> Deserialize<'de>>(self, commands: Vec<Command>) -> Result<Vec<T>, Error> {
        let receivers: Vec<_> = commands
            .into_iter()
            .map(|command| {
                let (sender, receiver) = mpsc::channel();
                // The receiver outlives the command, unless filling has failed already.
                self.0.submit(self.request(), command, move |answer| drop(sender.send(answer)));
                receiver
            })
            .collect();
        receivers
            .into_iter()
            .map(|receiver| {
                let answer = receiver.recv().map_err(|_| Error::Busy("the engine is stopping".to_owned()))?;
                read(&answer?)
            })
            .collect()
    }
}

fn read<T: for<'de> Deserialize<'de>>(answer: &str) -> Result<T, Error> {
    serde_json::from_str(answer).map_err(|error| Error::Internal(format!("an answer to the demo: {error}: {answer}")))
}

pub(super) fn fields(pairs: &[(&str, Value)]) -> Record {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}
