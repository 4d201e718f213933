//! Edges: when the value of an expression starts or stops an operation.
//!
//! What is remembered is the last usable value. Null and bad quality leave it alone, and the first value
//! after an expression is new, changed or enabled again is only remembered. The memory outlives a
//! restart, so that a change during the downtime is one edge when it is seen.

use crate::expression::{Reading, Value};

/// What counts as an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// From false to true.
    Rising,
    /// From true to false.
    Falling,
    /// To any other value.
    Change,
}

impl EdgeKind {
    /// The name of its kind: `RISING_EDGE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rising => "RISING_EDGE",
            Self::Falling => "FALLING_EDGE",
            Self::Change => "CHANGE",
        }
    }

    /// By its name in any case; `ANY_CHANGE` is what `CHANGE` was once called.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        if name.eq_ignore_ascii_case("ANY_CHANGE") {
            return Some(Self::Change);
        }
        [Self::Rising, Self::Falling, Self::Change].into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// What a trigger remembers; nothing until it has seen a usable value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(pub Option<Value>);

impl Memory {
    /// Remembers a reading, and says whether it is an edge.
    pub fn see(&mut self, kind: EdgeKind, reading: &Reading) -> bool {
        let Some(value) = reading.usable() else { return false };
        // Rising and falling are about true and false; a value that is neither says nothing.
        if kind != EdgeKind::Change && value.truth().is_none() {
            return false;
        }
        let is_edge = self.0.as_ref().is_some_and(|before| match kind {
            EdgeKind::Change => before != value,
            EdgeKind::Rising => before.truth() == Some(false) && value.truth() == Some(true),
            EdgeKind::Falling => before.truth() == Some(true) && value.truth() == Some(false),
        });
        self.0 = Some(value.clone());
        is_edge
    }
}

impl Memory {
    /// Whether it holds something else than before that can ever make an edge of this kind.
    pub fn differs(&self, kind: EdgeKind, before: &Self) -> bool {
        match kind {
            EdgeKind::Change => self != before,
            EdgeKind::Rising | EdgeKind::Falling => {
                let truth = |memory: &Self| memory.0.as_ref().map(Value::truth);
                truth(self) != truth(before)
            }
        }
    }
}

/// The two triggers of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What starts it.
    pub start: (EdgeKind, Memory),
    /// What stops it.
    pub stop: (EdgeKind, Memory),
}

/// What an edge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Start the operation.
    Start,
    /// Stop it.
    Stop,
}

impl Pair {
    /// Shows both triggers what their expressions say now. Both remember it; the start counts only while
    /// the operation is not running, the stop only while it is.
    pub fn see(&mut self, start: &Reading, stop: &Reading, is_running: bool) -> Option<Act> {
        let starts = self.start.1.see(self.start.0, start);
        let stops = self.stop.1.see(self.stop.0, stop);
        match is_running {
            true if stops => Some(Act::Stop),
            false if starts => Some(Act::Start),
            _ => None,
        }
    }

    /// Shows what the expressions said until now to a trigger that remembers nothing yet: no edge comes of it.
    pub fn begin(&mut self, start: impl FnOnce() -> Reading, stop: impl FnOnce() -> Reading) {
        if self.start.1.0.is_none() {
            self.start.1.see(self.start.0, &start());
        }
        if self.stop.1.0.is_none() {
            self.stop.1.see(self.stop.0, &stop());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Number, Quality};

    fn reading(text: &str) -> Reading {
        match text {
            "null" => Reading::default(),
            "bad" => Reading { value: Value::Bool(true), quality: Quality::Bad, why: None },
            "true" | "false" => Reading::good(Value::Bool(text == "true")),
            _ => match Number::parse(text) {
                Some(number) => Reading::good(Value::Number(number)),
                None => Reading::good(Value::Text(text.to_owned())),
            },
        }
    }

    fn edges(kind: EdgeKind, readings: &str) -> String {
        let mut memory = Memory::default();
        readings.split(' ').map(|text| if memory.see(kind, &reading(text)) { '!' } else { '.' }).collect()
    }

    #[test]
    fn an_edge_is_a_change_from_what_was_remembered() {
        for (kind, readings, want) in [
            (EdgeKind::Rising, "true true false true true", "...!."),
            (EdgeKind::Rising, "false true false true", ".!.!"),
            (EdgeKind::Rising, "0 2 3 0 1", ".!..!"),
            (EdgeKind::Rising, "false null true", "..!"),
            (EdgeKind::Rising, "false bad true bad true", "..!.."),
            (EdgeKind::Rising, "null true false true", "...!"),
            (EdgeKind::Rising, "false on true", "..!"),
            (EdgeKind::Falling, "true false false true 0", ".!..!"),
            (EdgeKind::Falling, "true bad null false", "...!"),
            (EdgeKind::Change, "2 3 3 null 3 2", ".!...!"),
            (EdgeKind::Change, "a b b 1 true", ".!.!!"),
        ] {
            assert_eq!(edges(kind, readings), want, "{} {readings}", kind.name());
        }
    }

    #[test]
    fn what_was_said_before_is_the_baseline() {
        let none = || Memory::default();
        let mut pair = Pair { start: (EdgeKind::Rising, none()), stop: (EdgeKind::Falling, none()) };
        pair.begin(|| reading("null"), || reading("false"));
        assert_eq!((&pair.start.1, pair.stop.1 == none()), (&none(), false), "what said nothing is not remembered");
        pair.begin(|| reading("false"), || reading("true"));
        assert_eq!(pair.stop.1, Memory(Some(Value::Bool(false))), "what is remembered stays");
        assert_eq!(pair.see(&reading("true"), &reading("true"), false), Some(Act::Start));
    }

    #[test]
    fn a_memory_differs_where_an_edge_may_come_of_it() {
        let memory = |text: &str| Memory(reading(text).usable().cloned());
        for (kind, before, after, differs) in [
            (EdgeKind::Rising, "2", "3", false),
            (EdgeKind::Rising, "0", "3", true),
            (EdgeKind::Falling, "null", "0", true),
            (EdgeKind::Change, "2", "3", true),
            (EdgeKind::Change, "3", "3", false),
        ] {
            assert_eq!(memory(after).differs(kind, &memory(before)), differs, "{} {before} {after}", kind.name());
        }
    }

    #[test]
    fn a_restart_is_no_baseline() {
        let mut memory = Memory::default();
        assert!(!memory.see(EdgeKind::Rising, &reading("false")));
        let mut kept = memory.clone();
        assert!(kept.see(EdgeKind::Rising, &reading("true")), "the change happened while nobody looked");
        assert!(!kept.see(EdgeKind::Rising, &reading("true")), "and it is one edge");
    }

    fn acts(start: EdgeKind, stop: EdgeKind, readings: &str) -> String {
        let mut pair = Pair { start: (start, Memory::default()), stop: (stop, Memory::default()) };
        let mut is_running = false;
        let told = readings.split(' ').map(|text| match pair.see(&reading(text), &reading(text), is_running) {
            Some(Act::Start) => {
                is_running = true;
                '+'
            }
            Some(Act::Stop) => {
                is_running = false;
                '-'
            }
            None => '.',
        });
        told.collect()
    }

    #[test]
    fn one_tag_starts_and_stops() {
        assert_eq!(acts(EdgeKind::Rising, EdgeKind::Falling, "0 1 1 0 1 0"), ".+.-+-");
        assert_eq!(acts(EdgeKind::Change, EdgeKind::Change, "0 1 2 2 3"), ".+-.+", "a change toggles");
        assert_eq!(acts(EdgeKind::Falling, EdgeKind::Rising, "0 1 0 1"), "..+-");
    }

    #[test]
    fn both_at_once_means_the_one_that_can_be() {
        for (is_running, want) in [(true, Act::Stop), (false, Act::Start)] {
            let memory = || Memory(Some(Value::Bool(false)));
            let mut pair = Pair { start: (EdgeKind::Rising, memory()), stop: (EdgeKind::Rising, memory()) };
            assert_eq!(pair.see(&reading("true"), &reading("true"), is_running), Some(want));
            assert_eq!(pair.see(&reading("true"), &reading("true"), !is_running), None, "both have seen it");
        }
    }

    #[test]
    fn kinds_are_known_by_name() {
        assert_eq!(EdgeKind::named(" rising_edge"), Some(EdgeKind::Rising));
        assert_eq!(EdgeKind::named("any_change"), Some(EdgeKind::Change));
        assert_eq!(EdgeKind::named("sideways"), None);
    }
}
