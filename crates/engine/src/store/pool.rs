//! Who may use which connection: one queue for the one writer of SQLite, and a pool for the rest.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use super::Conn;
use crate::Error;

/// How long a thread waits for a free connection before it gives up.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// A lock that is granted in the order of asking; it keeps the writing connection while nobody
/// writes. (`std::sync::Mutex` lets a thread that comes back at once overtake those that wait.)
#[derive(Default)]
pub(super) struct Turn {
    state: Mutex<TurnState>,
    changed: Condvar,
}

#[derive(Default)]
struct TurnState {
    next: u64,
    serving: u64,
    owner: Option<ThreadId>,
    conn: Option<Conn>,
}

impl Turn {
    /// Waits for the turn. `None`: the connection is to be opened first.
    pub fn take(&self) -> Result<Option<Conn>, Error> {
        let me = std::thread::current().id();
        let mut state = lock(&self.state);
        if state.owner == Some(me) {
            return Err(Error::Internal(
                "this thread asks for the one writing connection while it holds it; use the connection at hand".into(),
            ));
        }
        let ticket = state.next;
        state.next += 1;
        while state.serving != ticket {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.owner = Some(me);
        Ok(state.conn.take())
    }

    /// Ends the turn. `None`: the connection was of no more use.
    pub fn put(&self, conn: Option<Conn>) {
        let mut state = lock(&self.state);
        state.conn = conn;
        state.owner = None;
        state.serving += 1;
        drop(state);
        self.changed.notify_all();
    }
}

/// Connections that are opened when needed, up to a limit, and used again.
pub(super) struct Pool {
    state: Mutex<PoolState>,
    freed: Condvar,
    open_max: usize,
}

struct PoolState {
    idle: Vec<Conn>,
    open: usize,
}

impl Pool {
    pub fn new(open_max: usize) -> Self {
        Self { state: Mutex::new(PoolState { idle: Vec::new(), open: 0 }), freed: Condvar::new(), open_max }
    }

    /// Takes an idle connection or opens one; waits when the limit is reached.
    pub fn take(&self, open: impl FnOnce() -> Result<Conn, Error>) -> Result<Conn, Error> {
        let deadline = Instant::now() + WAIT_MAX;
        let mut state = lock(&self.state);
        loop {
            // The one that was used last has the warmest cache.
            if let Some(conn) = state.idle.pop() {
                return Ok(conn);
            }
            if state.open < self.open_max {
                state.open += 1;
                drop(state);
                return open().inspect_err(|_| self.put(None));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Busy(format!(
                    "all {} connections to the database are in use for {} s; try again",
                    self.open_max,
                    WAIT_MAX.as_secs()
                )));
            }
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes an idle connection or opens one; `None` where the limit is reached. Nobody who may wait is waiting then.
    pub fn take_spare(&self, open: impl FnOnce() -> Result<Conn, Error>) -> Result<Option<Conn>, Error> {
        let mut state = lock(&self.state);
        if let Some(conn) = state.idle.pop() {
            return Ok(Some(conn));
        }
        if state.open >= self.open_max {
            return Ok(None);
        }
        state.open += 1;
        drop(state);
        open().map(Some).inspect_err(|_| self.put(None))
    }

    /// Gives a connection back. `None`: it was of no more use.
    pub fn put(&self, conn: Option<Conn>) {
        let mut state = lock(&self.state);
        match conn {
            Some(conn) => state.idle.push(conn),
            None => state.open -= 1,
        }
        drop(state);
        self.freed.notify_one();
    }
}

/// A panic elsewhere leaves these states whole: each change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
