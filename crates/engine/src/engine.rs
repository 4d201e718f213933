//! The engine: one database, one write path, a worker for bookings.

use std::sync::{Arc, Mutex, PoisonError};

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;

use crate::command::Arsenal;
use crate::error::Error;
use crate::growth::Growth;
use crate::store::{Conn, Counters, Store};
use crate::structure::{Cache, Structure};
use crate::uid;
use crate::worker::Worker;
use crate::write::Queue;

/// Tells the present time.
pub type Clock = Box<dyn Fn() -> Time + Send + Sync>;
/// Fills a buffer with random bytes.
pub type Random = Box<dyn Fn(&mut [u8]) + Send + Sync>;

/// What only the surroundings have: a clock and a random source.
pub struct Surroundings {
    /// The present time.
    pub clock: Clock,
    /// Fills a buffer with random bytes.
    pub random: Random,
}

/// The engine. See [`crate::write`] for how changes go through it.
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) counters: Counters,
    pub(crate) structures: Cache,
    pub(crate) armed: Arsenal,
    pub(crate) queue: Queue,
    pub(crate) worker: Worker,
    pub(crate) growth: Growth,
    surroundings: Surroundings,
    /// The millisecond and the random part of the last ULID.
    last_uid: Mutex<(i64, [u8; 10])>,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Engine {
    /// An engine over a database whose schema is up to date. It has no threads until [`Self::start`];
    /// without them, [`Self::run`] does the work in the caller's thread.
    pub fn open(store: Store, surroundings: Surroundings) -> Arc<Self> {
        Arc::new(Self {
            store,
            counters: Counters::new(),
            structures: Cache::default(),
            armed: Arsenal::default(),
            queue: Queue::default(),
            worker: Worker::default(),
            growth: Growth::default(),
            surroundings,
            last_uid: Mutex::default(),
            threads: Mutex::new(Vec::new()),
        })
    }

    /// Starts the writers and the booking worker.
    pub fn start(self: &Arc<Self>) {
        let writers = match self.store.dialect() {
            crate::store::Dialect::Sqlite => 1,
            // One gathers and decides while the other waits for the flush.
            crate::store::Dialect::Postgres => 2,
        };
        // Before the writers look: a closed and empty queue tells them to end.
        self.queue.open();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let mut start = |name: &str, run: fn(&Engine)| {
            let engine = Arc::clone(self);
            let thread = std::thread::Builder::new().name(name.to_owned());
            threads.push(thread.spawn(move || run(&engine)).expect("the system has a thread for the engine"));
        };
        for _ in 0..writers {
            start("writer", crate::write::run_queue);
        }
        start("worker", crate::worker::run);
    }

    /// Ends the threads after what they are at; what still waits in the queue is done first.
    pub fn stop(&self) {
        self.queue.close();
        self.worker.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A panicked thread has been reported where it happened.
            let _ = thread.join();
        }
    }

    /// Reads one snapshot.
    pub fn read<T>(&self, f: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        self.store.read(f)
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The present time.
    pub fn now(&self) -> Time {
        (self.surroundings.clock)()
    }

    /// A fresh ULID of 26 letters and digits. Those of one millisecond follow each other in the order in which they
    /// were asked for.
    pub fn uid(&self, now: Time) -> String {
        let millisecond = now.0.div_euclid(1_000);
        let mut last = self.last_uid.lock().unwrap_or_else(PoisonError::into_inner);
        let next = if last.0 == millisecond { uid::next(last.1) } else { None };
        let random = next.unwrap_or_else(|| {
            let mut random = [0; 10];
            (self.surroundings.random)(&mut random);
            random
        });
        *last = (millisecond, random);
        uid::format(now, random)
    }

    /// A random UUID as text.
    pub fn uuid(&self) -> String {
        let mut random = [0; 16];
        (self.surroundings.random)(&mut random);
        uid::uuid(random)
    }

    /// Fills a buffer with random bytes.
    pub fn random(&self, bytes: &mut [u8]) {
        (self.surroundings.random)(bytes);
    }

    /// The slow-moving part of a tenant as this snapshot has it.
    pub fn structure(&self, conn: &mut Conn, tenant: TenantId) -> Result<Arc<Structure>, Error> {
        self.structures.get(conn, tenant)
    }

    /// The slow-moving part of a tenant as it was last seen, which costs no read: at least as new as
    /// the last change that this process made, and as the last request that it wrote or read anything
    /// for. For what is worked out before a transaction; inside one, take [`Self::structure`].
    pub fn structure_seen(&self, tenant: TenantId) -> Option<Arc<Structure>> {
        self.structures.last_seen(tenant)
    }
}
