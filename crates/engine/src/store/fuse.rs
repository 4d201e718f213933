//! A fuse: after so many statements nothing reaches the database any more, as if the plug had been pulled.
//! Simulations end engines with it between any two statements.

use std::sync::atomic::{AtomicI64, Ordering};

/// Lets so many statements through, on all connections of a store together.
#[derive(Debug)]
pub struct Fuse {
    left: AtomicI64,
    answers_last: bool,
}

/// What a fuse makes of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Current {
    /// It runs.
    On,
    /// It runs, but its answer is lost.
    Unanswered,
    /// It does not run.
    Off,
}

impl Fuse {
    /// `statements` run and are answered. The next one does not run; or, with `runs_one_more`, it runs and
    /// its answer is lost. None runs after that.
    pub fn new(statements: u32, runs_one_more: bool) -> Self {
        Self { left: AtomicI64::new(i64::from(statements)), answers_last: !runs_one_more }
    }

    /// Whether it has blown.
    pub fn is_blown(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }

    /// How many statements it still lets through: what was let through between two looks was run.
    pub fn left(&self) -> i64 {
        self.left.load(Ordering::SeqCst)
    }

    pub(super) fn pass(&self) -> Current {
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            1.. => Current::On,
            0 if !self.answers_last => Current::Unanswered,
            _ => Current::Off,
        }
    }
}
