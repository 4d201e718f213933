//! Random histories of promises: stock that comes and goes while some of it is reserved.

use lotbook_domain::journal::JournalKind;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Signal;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{LOTS, Line, PLACES, PRODUCTS, SERIALS, booking, kind, line};
use crate::names::MAIN;
use crate::{Fault, Floor, Hold, Outcome, Reservation};

/// Something that happens where stock is promised. Reservations and bookings are named by their turn among those that
/// were made.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Stock of the product and around the place of this line is promised, of its lot or of any.
    Reserve(Line, Wish),
    /// A reservation is made firm, or given up.
    Signal(usize, Signal),
    /// These lines are booked together; the first may be of a reservation.
    Book(JournalKind, Vec<Line>, Option<usize>),
    /// A booking is undone.
    Reverse(usize),
    /// What is held briefly is over.
    Pass,
}

/// How something is promised.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// At the place, in its org unit, or in the house: 0 to 2.
    pub breadth: usize,
    /// Of the lot that the line names.
    pub of_lot: bool,
    /// Until time passes.
    pub is_brief: bool,
    /// Also beyond what is there.
    pub allow_backorder: bool,
}

/// What was made so far.
#[derive(Clone, Debug, Default)]
pub struct Course {
    labels: Vec<String>,
    handles: Vec<usize>,
}

impl Course {
    fn label(&self, which: usize) -> Option<String> {
        self.labels.get(which % self.labels.len().max(1)).cloned()
    }

    /// Does it on a floor, and tells what came of it: that it was done or why not, and how far each reservation is.
    pub fn go(&mut self, floor: &mut impl Floor, deed: &Deed) -> String {
        let outcome = match deed {
            Deed::Reserve(line, wish) => {
                let label = format!("R{}", self.labels.len());
                let outcome = floor.reserve(&reservation(*line, *wish, &label));
                if matches!(outcome, Outcome::Booked(_)) {
                    self.labels.push(label);
                }
                Some(outcome)
            }
            Deed::Signal(which, signal) => self.label(*which).map(|label| floor.signal(&label, *signal)),
            Deed::Book(kind, lines, of) => {
                let mut booking = booking(*kind, lines);
                booking.entries[0].reservation = of.and_then(|which| self.label(which));
                let outcome = floor.book(&booking);
                if let Outcome::Booked(booked) = &outcome {
                    self.handles.push(booked.handle);
                }
                Some(outcome)
            }
            Deed::Reverse(which) => {
                let handle = self.handles.get(which % self.handles.len().max(1)).copied();
                handle.map(|handle| floor.reverse(handle, None, None))
            }
            Deed::Pass => {
                floor.pass_time();
                None
            }
        };
        let stands = self.labels.iter().map(|label| format!("{label}: {:?}", floor.reserved(label)));
        format!("{}; {}", outcome.as_ref().map_or_else(String::new, told), stands.collect::<Vec<_>>().join(", "))
    }
}

fn told(outcome: &Outcome) -> String {
    let codes = |faults: &[Fault]| {
        let mut codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_str()).collect();
        codes.sort_unstable();
        codes.join(" ")
    };
    match outcome {
        Outcome::Booked(_) => "done".to_owned(),
        Outcome::Invalid(faults) => format!("invalid {}", codes(faults)),
        Outcome::Rejected(faults) => format!("rejected {}", codes(faults)),
        Outcome::Refused(fault) => format!("refused {}", fault.code),
    }
}

fn reservation(line: Line, wish: Wish, label: &str) -> Reservation {
    let product = line.product % PRODUCTS.len();
    let place = match (wish.breadth, line.place % PLACES.len()) {
        (0, place) => PLACES[place],
        (1, 2) => "SOUTH",
        (1, _) => "NORTH",
        _ => MAIN,
    };
    let names: &[&str] = match product {
        2 | 5 => &LOTS,
        3 => &SERIALS,
        _ => &[],
    };
    let lot = names.get(line.lot % 3).filter(|_| wish.of_lot);
    let halves = if product == 3 { 2 } else { line.halves.abs() };
    Reservation {
        label: Some(label.to_owned()),
        product: PRODUCTS[product].to_owned(),
        variant: None,
        lot: lot.map(|name| (*name).to_owned()),
        place: place.to_owned(),
        count: Quantity(500_000 * halves),
        unit: None,
        hold: wish.is_brief.then_some(Hold::Briefly),
        allow_backorder: wish.allow_backorder,
    }
}

/// A history of one product, of which something comes and goes, and some is promised.
pub fn promising(deeds: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Deed>> {
    let wish = (0..3_usize, any::<bool>(), proptest::bool::weighted(0.2), proptest::bool::weighted(0.1))
        .prop_map(|(breadth, of_lot, is_brief, allow_backorder)| Wish { breadth, of_lot, is_brief, allow_backorder });
    let small = || line(0..1).prop_map(|line| Line { halves: line.halves.abs() % 8 + 1, ..line });
    // Some of it is dated after what is the present.
    let dated = |line: Line, is_late: bool| Line { minute: line.minute + i64::from(is_late) * 600_000, ..line };
    let comes = (small(), proptest::bool::weighted(0.1)).prop_map(move |(line, is_late)| dated(line, is_late));
    let goes = (small(), proptest::bool::weighted(0.1))
        .prop_map(move |(line, is_late)| dated(Line { halves: -line.halves, cents: None, ..line }, is_late));
    let deed = prop_oneof![
        5 => vec(comes, 1..4).prop_map(|lines| Deed::Book(JournalKind::Delivery, lines, None)),
        6 => (vec(goes, 1..3), proptest::option::weighted(0.7, 0..1_000_usize))
            .prop_map(|(lines, of)| Deed::Book(JournalKind::Delivery, lines, of)),
        2 => (kind(), vec(small(), 1..3)).prop_map(|(kind, lines)| Deed::Book(kind, lines, None)),
        7 => (small(), wish).prop_map(|(line, wish)| Deed::Reserve(line, wish)),
        2 => (0..1_000_usize).prop_map(|which| Deed::Signal(which, Signal::Confirm)),
        2 => (0..1_000_usize).prop_map(|which| Deed::Signal(which, Signal::Release)),
        3 => (0..1_000_usize).prop_map(Deed::Reverse),
        1 => Just(Deed::Pass),
    ];
    (0..PRODUCTS.len(), vec(deed, deeds)).prop_map(|(product, mut deeds)| {
        for deed in &mut deeds {
            match deed {
                Deed::Book(_, lines, _) => lines.iter_mut().for_each(|line| line.product = product),
                Deed::Reserve(line, _) => line.product = product,
                Deed::Signal(..) | Deed::Reverse(_) | Deed::Pass => {}
            }
        }
        deeds
    })
}
