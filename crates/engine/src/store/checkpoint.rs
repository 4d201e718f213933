//! Copying the log of a SQLite file back into it, in a thread of its own.
//!
//! Whoever writes would else do it in the middle of a commit, and everybody behind waits. The writer still
//! copies the last few pages of a long log, since a log begins anew only after a copy that no commit has overtaken.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

/// So many pages (4 KiB each) are added to the log before they are copied: fewer would copy the pages that
/// every commit changes more often, more would leave more to the writer.
const PAGES_COPIED: i32 = 400;

/// From so many pages on the writer copies what came during the last copy, as soon as that is done and it is little,
/// after which the log begins anew. It is SQLite's own number; logs of 2,000 to 8,000 pages gave executions the same
/// rate within the noise.
const PAGES_MANY: i32 = 1_000;

/// So many are little.
const PAGES_FEW: i32 = 300;

/// At so many the writer copies in any case.
const PAGES_MAX: i32 = 8_000;

/// The thread of one store. Dropping it ends the thread after the copy at hand.
pub(super) struct Checkpointer {
    log: Arc<Log>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// How many pages the log had after the last commit.
    pages: i32,
    /// How many of them were there when the last copy began.
    seen: i32,
    is_copying: bool,
    is_over: bool,
}

impl Checkpointer {
    /// Begins to watch over the log of a file, which is opened with the first copy.
    pub fn start(path: PathBuf) -> std::io::Result<Self> {
        let log = Arc::new(Log::default());
        let watched = Arc::clone(&log);
        let thread =
            std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || copy_on(&watched, &path))?;
        Ok(Self { log, thread: Some(thread) })
    }

    /// Makes a connection tell how its commits let the log grow. It replaces what `wal_autocheckpoint` says.
    pub fn watch(&self, connection: &mut Connection) -> Result<(), rusqlite::Error> {
        let log = Arc::clone(&self.log);
        connection.wal_hook(Some(move |wal: &mut rusqlite::hooks::Wal, pages| {
            if log.is_to_be_ended(pages) {
                // The commit holds whatever comes of this, and the next one tries again: somebody may be reading
                // what is older.
                let _ = wal.checkpoint();
            }
            log.has(pages);
            Ok(())
        }))
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.log.lock().is_over = true;
        self.log.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // What it held is closed; a panic of it has been told by the thread itself.
            let _ = thread.join();
        }
    }
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, pages: i32) {
        let mut state = self.lock();
        if pages < state.pages {
            // It began anew.
            state.seen = 0;
        }
        state.pages = pages;
        if state.is_due() {
            drop(state);
            self.changed.notify_all();
        }
    }

    fn is_to_be_ended(&self, pages: i32) -> bool {
        let state = self.lock();
        let is_little = pages - state.seen <= PAGES_FEW && !state.is_copying;
        pages >= PAGES_MAX || pages >= PAGES_MANY && is_little
    }

    /// Waits until there is something to copy. `false`: the store is closed.
    fn wait(&self) -> bool {
        let mut state = self.lock();
        state.is_copying = false;
        while !state.is_over && !state.is_due() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.seen = state.pages;
        state.is_copying = true;
        !state.is_over
    }
}

impl State {
    fn is_due(&self) -> bool {
        self.pages - self.seen >= PAGES_COPIED
    }
}

fn copy_on(log: &Log, path: &Path) {
    let mut connection = None;
    while log.wait() {
        // What fails here the writer meets too, as soon as the log is long, and it has somebody to tell.
        let copied = match &connection {
            Some(connection) => copy(connection),
            None => open(path).and_then(|opened| copy(connection.insert(opened))),
        };
        if copied.is_err() {
            connection = None;
        }
    }
}

fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch("pragma synchronous = full; pragma mmap_size = 0;")?;
    Ok(connection)
}

/// Copies as much as can be without anybody waiting for it.
fn copy(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))
}
