//! Histories that were found at random, or by thinking of what random ones would come across once in ten thousand: each
//! was once told otherwise by the engine than by the domain.

use lotbook_domain::catalog::Costing;
use lotbook_domain::journal::JournalKind;
use lotbook_story::random::{Act, Line};

use crate::floor::{House, OnEngine};
use crate::{engine, live_on_both, support};

/// Lives each of these on every database, by a tenant of its own, and in memory. Entries are booked as they are entered,
/// or by asking for it; selling beyond stock is forbidden, or it is not.
fn live(histories: &[&[Act]], books_by_itself: bool, forbids: bool) {
    for (name, database) in support::databases() {
        let engine = engine(&database);
        for (tenant, acts) in (1..).zip(histories) {
            let mut floor = OnEngine::new(House::found(&engine, tenant), books_by_itself);
            live_on_both(&mut floor, acts, forbids).unwrap_or_else(|why| panic!("{name}, history {tenant}: {why}"));
        }
    }
}

/// What was pushed out of a closed day stays where it was put when the day is open again: histories that were found
/// at random.
#[test]
fn what_was_pushed_out_of_a_closed_day_stays_where_it_is() {
    let line = |halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 1,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let one_day = [
        book(&[line(-2, 1_260, None), line(21, 0, None)]),
        book(&[line(-2, 6_164, None)]),
        book(&[line(21, 0, Some(0))]),
        book(&[line(-2, 0, None)]),
        book(&[line(-2, 0, None)]),
        book(&[line(-2, 0, None)]),
        Act::Close(1),
        Act::Settle,
        book(&[line(-2, 2_880, None)]),
        Act::Close(0),
        Act::Settle,
        book(&[line(-2, 1_440, None)]),
    ];
    // The replay begins after the day that it was pushed to.
    let beyond = [
        book(&[line(-2, 0, None)]),
        book(&[line(21, 8, Some(0))]),
        book(&[line(21, 4, None), line(-2, 7_178, None)]),
        book(&[line(-2, 8, None)]),
        book(&[line(-2, 0, None)]),
        Act::Close(2),
        Act::Settle,
        book(&[line(-2, 5_760, None)]),
        Act::Close(0),
        Act::Settle,
        book(&[line(-2, 1_440, None)]),
    ];
    live(&[&one_day, &beyond], false, false);
}

/// Of one instant, what was learned first comes first, also where it came out of what was under way: a history that
/// was found at random.
#[test]
fn what_happens_at_one_instant_is_valued_as_it_was_learned() {
    let line = |halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 0,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let acts = [
        Act::Book(JournalKind::InternalTransfer, vec![line(1, 10, None)]),
        Act::Book(JournalKind::Settlement, vec![line(7, 0, Some(1)), line(1, 10, None)]),
    ];
    live(&[&acts], false, false);
}

/// What came back on the day that a settlement begins with, before what it waits for, is worth what was sold before
/// that day: a history that was found at random.
#[test]
fn what_came_back_earlier_on_that_day_is_worth_what_was_sold() {
    let line = |halves: i64, minute: i64, cents: Option<i64>, party: usize| Line {
        product: 1,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        book(&[line(21, 0, None, 0), line(-2, 0, None, 0)]),
        book(&[line(-8, 0, None, 1), line(-2, 0, None, 0)]),
        book(&[line(21, 0, None, 0)]),
        book(&[line(21, 4_320, None, 3), line(-2, 5_754, None, 0)]),
        book(&[line(21, 512, Some(5), 0)]),
        Act::Settle,
        book(&[line(58, 5_752, Some(374), 2)]),
    ];
    live(&[&acts], true, true);
}

/// What is booked before a change of terms that is known already is revalued by it, though nothing moves later: a
/// history that was found at random.
#[test]
fn what_is_dated_before_new_terms_waits_for_them() {
    let line = Line { product: 0, place: 0, halves: 1, cents: Some(1), minute: 0, lot: 0, party: 0 };
    let acts = [Act::Cost(0, Costing::Standard, 0, 11), Act::Book(JournalKind::Settlement, vec![line])];
    live(&[&acts], false, false);
}

/// A receipt that is dated before a revaluation which found nothing, or nothing to change, is revalued by it,
/// though nothing was posted at its time or later: histories that were found at random.
#[test]
fn what_is_dated_before_a_revaluation_waits_for_it() {
    let line = |minute: i64| Line { product: 5, place: 0, halves: 4, cents: Some(100), minute, lot: 1, party: 0 };
    let book = |minute: i64| Act::Book(JournalKind::Delivery, vec![line(minute)]);
    let found_nothing = [book(10), Act::Revalue(5, 0, 0, 50), Act::Reverse(0, None), Act::Settle, book(40)];
    let changed_nothing = [book(10), Act::Revalue(5, 0, 200, 50), Act::Settle, book(40), Act::Settle, book(50)];
    live(&[&found_nothing, &changed_nothing], false, false);
}

/// What a unit cost when a pool last ran empty is not forgotten by a settlement that begins after it: a history that
/// was found at random.
#[test]
fn a_late_settlement_keeps_the_rate_of_an_empty_pool() {
    let line = |halves: i64, minute: i64| Line { product: 1, place: 0, halves, cents: None, minute, lot: 0, party: 0 };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        book(&[line(-4, 0)]),
        book(&[line(-2, 0)]),
        book(&[line(-2, 24)]),
        book(&[line(24, 0)]),
        book(&[line(-6, 0), line(-12, 0)]),
        book(&[line(-2, 1_440)]),
        book(&[line(-2, 24)]),
        book(&[line(-2, 24)]),
        book(&[line(21, 24)]),
        Act::Settle,
        Act::Reverse(5, None),
        Act::Settle,
        book(&[line(-3, 0)]),
    ];
    live(&[&acts], false, false);
}

/// What a unit last cost is kept while a product has a standard cost, and a bill for it that comes late counts after that:
/// a history that was found at random.
#[test]
fn a_late_bill_from_before_a_standard_cost_is_worked_in() {
    let line = |place: usize, halves: i64, minute: i64| Line {
        product: 0,
        place,
        halves,
        cents: None,
        minute,
        lot: 0,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        Act::Settle,
        Act::Cost(0, Costing::Average, 0, 13_512),
        Act::Settle,
        Act::Reverse(0, None),
        Act::Settle,
        book(&[line(0, 5, 13_123)]),
        Act::Book(JournalKind::InternalTransfer, vec![line(0, -5, 15_840), line(2, 5, 15_840)]),
        book(&[line(2, -5, 15_930)]),
        Act::Settle,
        Act::Cost(0, Costing::Standard, 0, 5_516),
        Act::Settle,
        Act::Reverse(2, None),
        Act::Settle,
        book(&[line(0, -5, 15_841)]),
        book(&[line(0, 5, 15_840)]),
        Act::Reverse(509, Some(1_441)),
        Act::Settle,
        book(&[line(0, 6, 2_880), line(0, -6, 2_881)]),
        Act::Settle,
        Act::Land(173, 1, false),
        Act::Settle,
    ];
    live(&[&acts], false, false);
}

/// What was bought and sold out again is as if it never was, once it is undone: what is given beyond stock days later
/// costs no longer what a unit of it last cost.
#[test]
fn what_was_bought_and_sold_out_and_is_undone_tells_no_cost() {
    const DAY: i64 = 24 * 60;
    let line = |halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 1,
        place: 0,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let bought_and_sold = book(&[line(4, DAY, Some(300)), line(-4, DAY + 5, None)]);
    let later = [book(&[line(-2, 5 * DAY, None)]), Act::Settle, book(&[line(10, 6 * DAY, Some(400))]), Act::Settle];
    let undone = [Act::Reverse(0, None), Act::Settle];
    let never_before: Vec<Act> =
        [bought_and_sold.clone()].into_iter().chain(later.clone()).chain(undone.clone()).collect();
    // Before it, the pool held something that was sold out as well; a bill for what was sold then is taken back.
    let billed = [
        book(&[line(4, DAY, Some(300)), line(-4, DAY + 5, None)]),
        book(&[line(4, 2 * DAY, Some(100)), line(-4, 2 * DAY + 5, None)]),
        book(&[line(4, 3 * DAY, Some(300)), line(-4, 3 * DAY + 5, None)]),
    ];
    let before: Vec<Act> = billed.into_iter().chain(later).chain([Act::Reverse(2, None), Act::Settle]).collect();
    live(&[&never_before, &before], false, false);
}

/// What a voucher took out of what was under way before it put something in is where that went, also for a settlement
/// that begins in between.
#[test]
fn what_arrived_before_it_was_sent_is_told_what_that_cost() {
    const DAY: i64 = 24 * 60;
    let line = |place: usize, halves: i64, minute: i64, cents: Option<i64>| Line {
        product: 1,
        place,
        halves,
        cents,
        minute,
        lot: 0,
        party: 0,
    };
    let acts = [
        Act::Book(JournalKind::Delivery, vec![line(0, 20, 0, Some(100))]),
        Act::Book(JournalKind::InternalTransfer, vec![line(0, -10, 10, None)]),
        Act::Book(JournalKind::InternalTransfer, vec![line(2, 4, DAY, None), line(0, -14, 2 * DAY, None)]),
        Act::Settle,
        Act::Book(JournalKind::Delivery, vec![line(0, 20, 3 * DAY, Some(300))]),
        Act::Settle,
    ];
    live(&[&acts], false, false);
}

/// A cost that landed on what was undone at a time before is taken back from that time on: a history that was found at
/// random.
#[test]
fn what_landed_on_what_was_undone_earlier_is_taken_back_from_then_on() {
    let line = |halves: i64, minute: i64| Line { product: 1, place: 0, halves, cents: None, minute, lot: 0, party: 0 };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let acts = [
        book(&[line(5, 5_760), line(-7, 5_761)]),
        book(&[line(5, 0), line(-5, 1)]),
        Act::Land(0, 1, false),
        book(&[line(6, 0), line(-6, 4_704)]),
        Act::Reverse(0, Some(0)),
        Act::Settle,
        Act::Settle,
        Act::Land(1, 1, false),
        Act::Settle,
        Act::Settle,
        Act::Land(1, 1, false),
        Act::Settle,
        Act::Reverse(2, None),
        Act::Settle,
    ];
    live(&[&acts], false, false);
}

/// What is said of the worth of several lots is parted in the order of the lots, in whatever order their pools came to be: a
/// history that was found at random.
#[test]
fn what_does_not_divide_goes_to_the_last_lot() {
    let line = |halves: i64, minute: i64, lot: usize| Line {
        product: 5,
        place: 0,
        halves,
        cents: None,
        minute,
        lot,
        party: 0,
    };
    let book = |lines: &[Line]| Act::Book(JournalKind::Delivery, lines.to_vec());
    let away = Line { place: 1, ..line(1, 0, 0) };
    let mut acts = vec![
        Act::Book(JournalKind::InternalTransfer, vec![line(-1, 0, 0), away]),
        book(&[line(9, 0, 2), line(9, 0, 1), line(9, 6, 0)]),
        Act::Close(0),
        Act::Settle,
    ];
    acts.extend((0..6).map(|_| book(&[line(1, 0, 0)])));
    acts.extend([Act::Settle, Act::Revalue(5, 0, 52, 1_440)]);
    live(&[&acts], true, false);
}
