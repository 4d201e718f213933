//! The one write path: nothing else in the program begins a transaction that changes something.
//!
//! Requests wait in a queue. A writer takes what waits: vouchers and entries of one tenant form a
//! *group* that is read once, decided one by one in memory (each seeing those before it), written
//! once and flushed once, so that a hundred small requests cost one commit. A refused request adds
//! nothing to its group; on a database error or a panic the group is run again one by one. Other changes that are
//! short share a commit, each in a savepoint of its own; the rest run alone.
//!
//! An idempotency key is kept with the answer in the same commit: the same key and the same body get
//! the first answer again, the same key with another body is refused.

mod group;
mod together;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, PoisonError};

use lotbook_domain::chain::Hash;
use lotbook_domain::id::{TenantId, UserId};
use lotbook_domain::time::Time;

use crate::command::{ChangeReservation, CreateEntries, CreateVoucher, Operate, Reserve};
use crate::engine::Engine;
use crate::error::Error;
use crate::store::{Conn, Dialect};
use crate::table;
use crate::table::audit::Audited;
use crate::table::stamp::Stamp;

/// A key that a client gives a request, so that a retry is not a second request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The key.
    pub text: String,
    /// The hash of what was asked, with the address it was sent to.
    pub body_hash: Hash,
}

/// Who asks, for whom, when, and under which key.
#[derive(Clone, Debug)]
pub struct Request {
    /// The tenant.
    pub tenant: TenantId,
    /// Who asks.
    pub person: UserId,
    /// From where: an address, or `cli`.
    pub origin: String,
    /// The idempotency key, if one was given.
    pub key: Option<RequestKey>,
    /// The present time.
    pub now: Time,
    /// Decide everything and write nothing.
    pub dry_run: bool,
}

/// A change that runs alone in its transaction: catalog, settings, people, bookings, reversals.
pub trait Change: Send + 'static {
    /// Does it, and answers as JSON text; that is also what a retry with the same key gets. It may be
    /// run again from the start when another transaction was in the way.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error>;

    /// Whether it may share a commit with others of its kind: it is short, and what it locks it locks in an
    /// order that all of them keep, or finds out that it has to begin again.
    fn may_share(&self) -> bool {
        false
    }

    /// What it does with an operation, if that is what it is: many of them are done together.
    fn operates(&self) -> Option<&Operate> {
        None
    }
}

/// What can be asked of the write path.
pub enum Command {
    /// Makes a voucher; grouped.
    CreateVoucher(CreateVoucher),
    /// Adds entries to a voucher and books them where the journal says so; grouped.
    CreateEntries(CreateEntries),
    /// Reserves stock; grouped.
    Reserve(Reserve),
    /// Confirms or releases a reservation; grouped.
    ChangeReservation(ChangeReservation),
    /// Anything else; alone.
    Change(Box<dyn Change>),
}

/// An open transaction with what a change needs beside the database.
pub struct Tx<'c> {
    /// The connection.
    pub conn: &'c mut Conn,
    /// The engine.
    pub engine: &'c Engine,
    /// The tenant.
    pub tenant: TenantId,
    /// Who asks.
    pub person: UserId,
    /// The present time.
    pub now: Time,
    /// Whether it will be rolled back.
    pub dry_run: bool,
    origin: String,
    audited: Vec<Audited>,
    wakes_worker: bool,
    has_changed_catalog: bool,
}

impl<'c> Tx<'c> {
    fn new(conn: &'c mut Conn, engine: &'c Engine, request: &Request) -> Self {
        Self {
            conn,
            engine,
            tenant: request.tenant,
            person: request.person,
            now: request.now,
            dry_run: request.dry_run,
            origin: request.origin.clone(),
            audited: Vec::new(),
            wakes_worker: false,
            has_changed_catalog: false,
        }
    }

    /// Writes what was noted for the audit log: a statement, however much it is.
    fn write_audited(&mut self) -> Result<(), Error> {
        let mut audited = std::mem::take(&mut self.audited);
        if audited.is_empty() {
            return Ok(());
        }
        let first = self.ids("audit", audited.len() as i64)?;
        for (at, row) in audited.iter_mut().enumerate() {
            row.id = first + at as i64;
        }
        table::audit::insert(self.conn, self.tenant, &audited)
    }

    /// Takes `n` fresh ids of a kind and answers the first.
    pub fn ids(&mut self, counter: &str, n: i64) -> Result<i64, Error> {
        let (tenant, first) = match counter {
            "tenant" => (0, 1),
            "location" => (self.tenant.0, 100),
            "unit" => (self.tenant.0, 10),
            _ => (self.tenant.0, 1),
        };
        self.engine.counters.take_in(self.conn, tenant, counter, n, first)
    }

    /// A fresh ULID.
    pub fn uid(&mut self) -> String {
        self.engine.uid(self.now)
    }

    /// When and by whom what is written now is written.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.now, person: self.person }
    }

    /// What follows is asked for by this request.
    pub(crate) fn speak_for(&mut self, request: &Request) {
        (self.now, self.person) = (request.now, request.person);
        self.origin.clone_from(&request.origin);
    }

    /// Notes a change in the audit log.
    pub fn audit(&mut self, action: &str, subject: String, detail: Option<String>) {
        self.audited.push(Audited {
            id: 0,
            at: self.now,
            person: self.person,
            origin: self.origin.clone(),
            action: action.to_owned(),
            subject,
            detail,
        });
    }

    /// Tells that locations, journals, series, units, categories, reasons or settings changed.
    pub fn catalog_changed(&mut self) -> Result<(), Error> {
        self.has_changed_catalog = true;
        table::catalog::bump_version(self.conn, self.tenant)
    }

    /// Wakes the booking worker once this is committed.
    pub fn wake_worker(&mut self) {
        self.wakes_worker = true;
    }
}

type Reply = Box<dyn FnOnce(Result<String, Error>) + Send>;

pub(crate) struct Pending {
    pub(crate) request: Request,
    pub(crate) command: Command,
    reply: Reply,
}

impl Pending {
    fn answer(self, answer: Result<String, Error>) {
        (self.reply)(answer);
    }
}

/// Requests that wait for a writer.
#[derive(Default)]
pub struct Queue {
    state: Mutex<QueueState>,
    arrived: Condvar,
}

#[derive(Default)]
struct QueueState {
    waiting: VecDeque<Pending>,
    is_open: bool,
    groups: u64,
    grouped: u64,
}

/// A group is at most so many requests …
const GROUP_REQUESTS_MAX: usize = 256;
/// … and ends with the first that brings it to so many entries, so that the others do not wait long.
const GROUP_ENTRIES_MAX: usize = 4_000;

impl Queue {
    pub(crate) fn open(&self) {
        self.lock().is_open = true;
    }

    pub(crate) fn close(&self) {
        self.lock().is_open = false;
        self.arrived.notify_all();
    }

    /// How many requests wait, how many groups were written, and how many requests were in them.
    pub fn figures(&self) -> (usize, u64, u64) {
        let state = self.lock();
        (state.waiting.len(), state.groups, state.grouped)
    }

    /// Takes a request in, or gives it back when the queue is closed.
    fn push(&self, pending: Box<Pending>) -> Result<(), Box<Pending>> {
        let mut state = self.lock();
        if !state.is_open {
            return Err(pending);
        }
        state.waiting.push_back(*pending);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// The next group, waiting for one; `None` when the queue is closed and empty.
    fn take(&self) -> Option<Vec<Pending>> {
        let mut state = self.lock();
        loop {
            if let Some(first) = state.waiting.pop_front() {
                let mut group = vec![first];
                if is_groupable(&group[0]) {
                    gather(&mut state.waiting, &mut group);
                } else if may_share(&group[0]) {
                    gather_changes(&mut state.waiting, &mut group);
                }
                state.groups += 1;
                state.grouped += group.len() as u64;
                return Some(group);
            }
            if !state.is_open {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_groupable(pending: &Pending) -> bool {
    !pending.request.dry_run && !matches!(pending.command, Command::Change(_))
}

fn may_share(pending: &Pending) -> bool {
    !pending.request.dry_run && matches!(&pending.command, Command::Change(change) if change.may_share())
}

/// So many changes share a commit at most: what one of them locked, others wait for until the commit.
const SHARED_MAX: usize = 64;

fn gather_changes(waiting: &mut VecDeque<Pending>, group: &mut Vec<Pending>) {
    let tenant = group[0].request.tenant;
    while group.len() < SHARED_MAX
        && waiting.front().is_some_and(|next| may_share(next) && next.request.tenant == tenant)
    {
        group.push(waiting.pop_front().expect("it was just looked at"));
    }
}

fn entries_of(pending: &Pending) -> usize {
    match &pending.command {
        Command::CreateEntries(command) => command.entries.len(),
        Command::Reserve(command) => command.drafts.len(),
        Command::CreateVoucher(_) | Command::ChangeReservation(_) | Command::Change(_) => 1,
    }
}

fn gather(waiting: &mut VecDeque<Pending>, group: &mut Vec<Pending>) {
    let tenant = group[0].request.tenant;
    let mut entries = entries_of(&group[0]);
    while group.len() < GROUP_REQUESTS_MAX && entries < GROUP_ENTRIES_MAX {
        let fits = waiting.front().is_some_and(|next| is_groupable(next) && next.request.tenant == tenant);
        if !fits {
            return;
        }
        let next = waiting.pop_front().expect("it was just looked at");
        entries += entries_of(&next);
        group.push(next);
    }
}

/// A writer: takes groups until the queue is closed and empty.
pub(crate) fn run_queue(engine: &Engine) {
    while let Some(group) = engine.queue.take() {
        write_group(engine, group);
    }
}

fn write_group(engine: &Engine, mut group: Vec<Pending>) {
    if group.len() == 1 && !is_groupable(&group[0]) {
        let pending = group.pop().expect("it has one");
        write_alone(engine, pending);
        return;
    }
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        if matches!(group[0].command, Command::Change(_)) {
            return change_together(engine, &mut group);
        }
        look_again(|| group::run(engine, &mut group)).map(|answers| (0..).zip(answers).collect())
    }));
    match caught.unwrap_or_else(|_| Err(panicked())) {
        Ok(mut answers) => {
            for (at, pending) in group.into_iter().enumerate() {
                match answers.remove(&at) {
                    Some(answer) => {
                        let answer = kept_meanwhile(engine, &pending.request, answer);
                        pending.answer(answer);
                    }
                    // It had to wait for somebody, and what shared its transaction did not.
                    None => write_group(engine, vec![pending]),
                }
            }
        }
        Err(error) if group.len() == 1 => group.pop().expect("it has one").answer(Err(error)),
        // Whose fault it was shows when each is done alone; the others do not suffer from it.
        Err(_) => {
            for pending in group {
                write_group(engine, vec![pending]);
            }
        }
    }
}

fn panicked() -> Error {
    Error::Internal("a writer panicked; see the log".to_owned())
}

/// So often something is decided anew because somebody else took a unique key meanwhile.
const LOOKS_MAX: usize = 4;

/// Decides again where another writer took a unique key at the same time: a chosen number, or the very
/// idempotency key. The next look finds it taken, and answers accordingly.
fn look_again<T>(mut decide: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 1..LOOKS_MAX {
        match decide() {
            Err(Error::Duplicate(_)) => {}
            outcome => return outcome,
        }
    }
    decide()
}

fn write_alone(engine: &Engine, pending: Pending) {
    let Pending { request, command, reply } = pending;
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match command {
        Command::Change(mut change) => look_again(|| change_alone(engine, &request, change.as_mut())),
        command => look_again(|| group::run_single(engine, &request, &command)),
    }));
    let answer = caught.unwrap_or_else(|_| Err(panicked()));
    reply(kept_meanwhile(engine, &request, answer));
}

/// The answer under a request's key where another writer did the same request at the same time: what
/// this one found against it may be nothing but that.
fn kept_meanwhile(engine: &Engine, request: &Request, answer: Result<String, Error>) -> Result<String, Error> {
    let is_refused = matches!(
        answer,
        Err(Error::NotFound { .. } | Error::Invalid(_) | Error::Refused { .. } | Error::Conflict { .. })
    );
    if !is_refused || request.key.is_none() || engine.store.dialect() == Dialect::Sqlite {
        return answer;
    }
    match engine.read(|conn| find_answer(conn, request)) {
        Ok(Some(kept)) => Ok(kept),
        _ => answer,
    }
}

/// Carries a rolled-back dry run's answer out of the transaction.
struct DryRun(String);

fn change_alone(engine: &Engine, request: &Request, change: &mut dyn Change) -> Result<String, Error> {
    let mut dry: Option<DryRun> = None;
    let mut after = After::default();
    let outcome = engine.store.write(|conn| {
        dry = None;
        let answer = change_in(engine, conn, request, change, &mut after)?;
        if request.dry_run {
            dry = Some(DryRun(answer));
            return Err(Error::Internal("dry run".to_owned()));
        }
        Ok(answer)
    });
    after.tell(engine, request.tenant, outcome.is_ok());
    if let Some(DryRun(answer)) = dry {
        return Ok(answer);
    }
    outcome
}

/// Does changes in one transaction: what is done with operations together as far as it goes, the others one after
/// the other, each seeing those before it; one that is refused leaves nothing behind. Answers those that were done, by
/// their places in the group. On a database error none is.
///
/// Whoever writes to the ledger holds its end until the commit, and should lock nothing more then that another one may
/// hold who waits for that end. So the first of them waits as long as it takes, those after it hardly: where one would,
/// what is done is committed, and the rest is done in transactions of their own.
fn change_together(engine: &Engine, group: &mut [Pending]) -> Result<BTreeMap<usize, Result<String, Error>>, Error> {
    let tenant = group[0].request.tenant;
    let mut after = After::default();
    together::reserve(engine, group)?;
    let outcome = engine.store.write(|conn| {
        let mut answers: BTreeMap<usize, Result<String, Error>> =
            together::operate(engine, conn, group, &mut after)?.into_iter().map(|(at, text)| (at, Ok(text))).collect();
        let mut is_brief = false;
        for (at, pending) in group.iter_mut().enumerate() {
            if answers.contains_key(&at) {
                continue;
            }
            let Pending { request, command: Command::Change(change), .. } = pending else {
                return Err(Error::Internal("only changes share a commit this way".to_owned()));
            };
            if !answers.is_empty() && !is_brief {
                conn.wait_briefly()?;
                is_brief = true;
            }
            match conn.savepoint(|conn| change_in(engine, conn, request, change.as_mut(), &mut after)) {
                Err(Error::Busy(_)) if is_brief => break,
                Err(error @ (Error::Busy(_) | Error::Internal(_) | Error::Duplicate(_))) => return Err(error),
                answer => answers.insert(at, answer),
            };
        }
        Ok(answers)
    });
    after.tell(engine, tenant, outcome.is_ok());
    outcome
}

/// What is to be told once it is committed.
#[derive(Default)]
struct After {
    wakes: bool,
    has_changed_catalog: bool,
}

impl After {
    fn tell(&self, engine: &Engine, tenant: TenantId, is_done: bool) {
        if self.has_changed_catalog {
            // What was read inside may never have come to be; what came to be is to be seen at once.
            engine.structures.forget(tenant);
        }
        if self.wakes && is_done {
            engine.worker.wake();
        }
    }
}

/// Does a change in an open transaction, with its audit and what its key keeps.
fn change_in(
    engine: &Engine,
    conn: &mut Conn,
    request: &Request,
    change: &mut dyn Change,
    after: &mut After,
) -> Result<String, Error> {
    if let Some(kept) = find_answer(conn, request)? {
        return Ok(kept);
    }
    let mut tx = Tx::new(conn, engine, request);
    let answer = change.run(&mut tx);
    after.has_changed_catalog |= tx.has_changed_catalog;
    let answer = answer?;
    after.wakes |= tx.wakes_worker;
    if request.dry_run {
        return Ok(answer);
    }
    tx.write_audited()?;
    if let Some(key) = &request.key {
        let kept = [(key.text.clone(), key.body_hash, answer.clone())];
        table::answered::insert(tx.conn, request.tenant, &kept, request.now)?;
    }
    Ok(answer)
}

fn find_answer(conn: &mut Conn, request: &Request) -> Result<Option<String>, Error> {
    let Some(key) = &request.key else { return Ok(None) };
    let mut found = table::answered::find(conn, request.tenant, &[&key.text])?;
    match found.remove(&key.text) {
        None => Ok(None),
        Some((hash, answer)) if hash == key.body_hash => Ok(Some(answer)),
        Some(_) => Err(Error::KeyReused { key: key.text.clone() }),
    }
}

impl Engine {
    /// Puts a request into the queue; `reply` is called from a writer's thread, once.
    pub fn submit(
        &self,
        request: Request,
        command: Command,
        reply: impl FnOnce(Result<String, Error>) + Send + 'static,
    ) {
        let pending = Box::new(Pending { request, command, reply: Box::new(reply) });
        if let Err(pending) = self.queue.push(pending) {
            pending.answer(Err(Error::Busy("the server is stopping; try again in a moment".to_owned())));
        }
    }

    /// Does a request and waits for it: through the queue where writers run, else in this thread.
    pub fn run(&self, request: Request, command: Command) -> Result<String, Error> {
        if !self.queue.lock().is_open {
            let (sender, receiver) = std::sync::mpsc::channel();
            let reply: Reply = Box::new(move |answer| {
                let _ = sender.send(answer);
            });
            write_group(self, vec![Pending { request, command, reply }]);
            return receiver.recv().unwrap_or_else(|_| Err(Error::Internal("no answer".to_owned())));
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        self.submit(request, command, move |answer| {
            // Nobody waits any more: the answer is not lost, it is kept under its key.
            let _ = sender.send(answer);
        });
        receiver.recv().unwrap_or_else(|_| Err(Error::Busy("the server is stopping; try again in a moment".to_owned())))
    }

    /// Does requests one after the other in this thread, and answers in their order. Vouchers and entries
    /// share commits as they do in the queue, but nothing overtakes: for tools that bring much at once.
    pub fn run_all(&self, requests: Vec<(Request, Command)>) -> Vec<Result<String, Error>> {
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut waiting: VecDeque<Pending> = requests
            .into_iter()
            .enumerate()
            .map(|(at, (request, command))| {
                let sender = sender.clone();
                let reply: Reply = Box::new(move |answer| {
                    // The receiver is at the end of this function.
                    let _ = sender.send((at, answer));
                });
                Pending { request, command, reply }
            })
            .collect();
        drop(sender);
        while let Some(first) = waiting.pop_front() {
            let mut group = vec![first];
            if is_groupable(&group[0]) {
                gather(&mut waiting, &mut group);
            }
            write_group(self, group);
        }
        let mut answers: Vec<(usize, Result<String, Error>)> = receiver.into_iter().collect();
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// [`Self::run`] for a change.
    pub fn change(&self, request: Request, change: impl Change) -> Result<String, Error> {
        self.run(request, Command::Change(Box::new(change)))
    }

    /// How many requests wait, how many groups were written, and how many requests were in them.
    pub fn write_figures(&self) -> (usize, u64, u64) {
        self.queue.figures()
    }
}
