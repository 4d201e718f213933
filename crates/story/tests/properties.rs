//! What holds for every history, shown on the domain in memory.

use lotbook_domain::journal::JournalKind;
use lotbook_story::memory::{Memory, Standing};
use lotbook_story::random::promise::{Course, promising};
use lotbook_story::random::{Act, Line, booking, build, close, dense, history, kind, line, say, time};
use lotbook_story::{Floor, Outcome};
use proptest::collection::vec;
use proptest::prelude::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn house(forbids: bool) -> Memory {
    let mut floor = Memory::new();
    build(&mut floor, forbids);
    floor
}

/// Carries a history out; answers the handles of what was booked.
fn live(floor: &mut Memory, acts: &[Act]) -> Vec<usize> {
    let mut handles: Vec<usize> = Vec::new();
    let mut words: Vec<usize> = Vec::new();
    for act in acts {
        let outcome = match act {
            Act::Book(kind, lines) => floor.book(&booking(*kind, lines)),
            Act::Reverse(which, minute) if !handles.is_empty() => {
                floor.reverse(handles[which % handles.len()], None, minute.map(time))
            }
            Act::Reverse(..) => continue,
            Act::Land(which, ..) => {
                let booked: Vec<usize> = handles.iter().copied().filter(|handle| !words.contains(handle)).collect();
                let on = booked.get(which % booked.len().max(1)).copied();
                match say(floor, act, on) {
                    Some(outcome) => outcome,
                    None => continue,
                }
            }
            Act::Revalue(..) | Act::Cost(..) => match say(floor, act, None) {
                Some(outcome) => outcome,
                None => continue,
            },
            Act::Settle => {
                floor.settle();
                continue;
            }
            Act::Close(day) => {
                floor.define(&close(*day));
                continue;
            }
        };
        if let Outcome::Booked(booked) = outcome
            && !matches!(act, Act::Cost(..))
        {
            handles.push(booked.handle);
            if matches!(act, Act::Land(..) | Act::Revalue(..)) {
                words.push(booked.handle);
            }
        }
    }
    handles
}

fn quantities(standing: &Standing) -> Vec<(String, i64)> {
    let stock = standing.iter().filter(|((name, _), _)| name.0 == 1);
    stock.map(|((name, place), (quantity, _))| (format!("{name:?} at {place}"), *quantity)).collect()
}

fn settled(mut floor: Memory) -> Standing {
    floor.settle();
    floor.standing()
}

proptest! {
    #![proptest_config(cases(48))]

    /// Accounts and their nodes are what a replay of the movements gives, all places of a key hold nothing
    /// together, and an empty pool is worth nothing, before and after values are settled.
    #[test]
    fn everything_derived_follows_from_the_movements(acts in history(1..60), forbids in any::<bool>()) {
        let mut floor = house(forbids);
        live(&mut floor, &acts);
        floor.verify();
        if forbids {
            let below: Vec<_> = floor.ledger.accounts.values().filter(|account| {
                account.key.kind.code() == 1 && account.key.place.0 != 2 && account.timeline.root().low.0 < 0
            }).collect();
            prop_assert!(below.is_empty(), "{:?}", below);
        }
    }

    /// What was counted stays true, of whole sets of instances too: everything concerns one product.
    #[test]
    fn what_was_counted_stays_true(acts in dense(1..60), forbids in any::<bool>()) {
        let mut floor = house(forbids);
        live(&mut floor, &acts);
        floor.verify();
    }

    /// What can be promised is what a naive reading says, and no booking takes what is promised to others: the floor
    /// in memory sees to both, whatever was reserved where, issued, given up and undone.
    #[test]
    fn nothing_is_promised_twice(deeds in promising(1..40), forbids in any::<bool>()) {
        let mut floor = house(forbids);
        let mut course = Course::default();
        for deed in &deeds {
            course.go(&mut floor, deed);
        }
        floor.verify();
    }

    /// What is undone is as if it never happened: quantities at once, values when they are settled.
    #[test]
    fn a_reversal_restores(acts in history(0..30), kind in kind(), lines in vec(line(0..6), 1..5)) {
        let mut floor = house(false);
        live(&mut floor, &acts);
        floor.settle();
        let before = floor.standing();
        if let Outcome::Booked(booked) = floor.book(&booking(kind, &lines)) && !booked.movements.is_empty() {
            let undone = floor.reverse(booked.handle, None, None);
            prop_assert!(matches!(undone, Outcome::Booked(_)), "{:?}", undone);
            prop_assert_eq!(quantities(&floor.standing()), quantities(&before));
            prop_assert_eq!(settled(floor), before);
        }
    }

    /// A booking of many lines comes to the same as its lines one by one: quantities always; values, where
    /// the lines do not pair with one another, when they are settled.
    #[test]
    fn a_batch_equals_its_lines_one_by_one(acts in history(0..20), kind in kind(), lines in vec(line(0..6), 2..12)) {
        let mut together = house(false);
        live(&mut together, &acts);
        let mut single = together.clone();
        let Outcome::Booked(booked) = together.book(&booking(kind, &lines)) else { return Ok(()) };
        for line in &lines {
            let outcome = single.book(&booking(kind, &[*line]));
            // An instance may leave and come back within one booking, but not line by line.
            if !matches!(outcome, Outcome::Booked(_)) {
                prop_assert!(lines.iter().any(|line| line.product == 3), "{:?}", outcome);
                return Ok(());
            }
        }
        prop_assert_eq!(quantities(&together.standing()), quantities(&single.standing()), "{:?}", booked);
        // Among facts of one instant, what keeps a count true comes after the lines of its own batch: of a count before it,
        // or of one of several counts of the booking at that instant, where another line of it is dated earlier.
        let counted = |minute: i64| {
            acts.iter().any(|act| match act {
                Act::Book(JournalKind::Settlement, counts) => counts.iter().any(|count| count.minute == minute),
                _ => false,
            })
        };
        let counts_together = |minute: i64| {
            kind == JournalKind::Settlement
                && lines.iter().filter(|line| line.minute == minute).count() > 1
                && lines.iter().any(|line| line.minute < minute)
        };
        let is_ordered = |line: &Line| !counted(line.minute) && !counts_together(line.minute);
        if kind != JournalKind::InternalTransfer && lines.iter().all(is_ordered) {
            prop_assert_eq!(settled(together), settled(single));
        }
    }

    /// The order in which facts are learned does not matter to what they are worth in the end.
    #[test]
    fn values_do_not_depend_on_the_order_of_learning(
        mut lines in vec((line(0..2), kind()), 1..25),
        order in any::<prop::sample::Index>(),
        fifo in any::<bool>(),
    ) {
        for (at, (line, kind)) in lines.iter_mut().enumerate() {
            // Distinct times, and no facts that say what they say because of others: counts. What comes back may name
            // what it was sold under.
            line.minute = line.minute * 64 + at as i64;
            if fifo {
                line.product = 4;
            }
            if *kind == JournalKind::Settlement {
                *kind = JournalKind::Delivery;
            }
        }
        let mut forward = house(false);
        for (line, kind) in &lines {
            let outcome = forward.book(&booking(*kind, &[*line]));
            prop_assert!(matches!(outcome, Outcome::Booked(_)), "{:?}", outcome);
        }
        let turn = order.index(lines.len());
        lines.rotate_left(turn);
        lines.reverse();
        let mut backward = house(false);
        for (at, (line, kind)) in lines.iter().enumerate() {
            backward.book(&booking(*kind, &[*line]));
            if at % 5 == 4 {
                backward.settle();
            }
        }
        prop_assert_eq!(settled(forward), settled(backward));
    }
}

/// What one line of a booking made up for at a later count, and another took back, is undone as if neither had been: a
/// history that was found at random.
#[test]
fn what_two_lines_made_up_for_is_undone_without_a_rest() {
    let line = |place: usize, halves: i64, cents: Option<i64>, minute: i64, lot: usize| Line {
        product: 3,
        place,
        halves,
        cents,
        minute,
        lot,
        party: 0,
    };
    let mut floor = house(false);
    let received = Act::Book(JournalKind::Delivery, vec![line(1, 1, Some(0), 0, 1)]);
    let found_empty = Act::Book(JournalKind::Settlement, vec![line(0, 12, None, 939, 0)]);
    live(&mut floor, &[received, found_empty]);
    floor.settle();
    let before = floor.standing();
    // One instance is found at first, and later another in its place.
    let lines = [line(0, 1, None, 325, 2), line(0, 5, None, 0, 0)];
    let Outcome::Booked(booked) = floor.book(&booking(JournalKind::Settlement, &lines)) else {
        panic!("it is booked");
    };
    let moved = booked.movements.len();
    let Outcome::Booked(undone) = floor.reverse(booked.handle, None, None) else { panic!("it is undone") };
    assert_eq!(undone.movements.len(), moved, "each movement is undone, and nothing else moves");
    assert_eq!(settled(floor), before);
}
