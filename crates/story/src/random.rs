//! Random histories of a small house, for properties. They shrink, and print as plain data.

pub mod promise;

use lotbook_domain::catalog::{Costing, LotStatus, Tracking};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LotUse;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::thing::Product;
use crate::{Booking, CostingChange, Entry, Floor, Landing, Outcome, Revaluation, Thing};

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Act {
    /// These lines are booked together, in a journal of this kind.
    Book(JournalKind, Vec<Line>),
    /// One of the bookings before is undone, at its own time or at this minute.
    Reverse(usize, Option<i64>),
    /// A cost lands on one of the bookings before: cents, by value or by quantity.
    Land(usize, i64, bool),
    /// The stock of a product around a place is worth so many cents from a minute on.
    Revalue(usize, usize, i64, i64),
    /// A product is valued by another method, at so many cents, from a minute on.
    Cost(usize, Costing, i64, i64),
    /// Values are settled.
    Settle,
    /// The books are closed to the end of this day of 2024, counted from 0.
    Close(i64),
}

/// A line of a booking, as numbers that [`Line::entry`] reads.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Which product.
    pub product: usize,
    /// Which place.
    pub place: usize,
    /// Half units, with sign.
    pub halves: i64,
    /// Cents, if a cost is given.
    pub cents: Option<i64>,
    /// Minutes since the beginning of 2024.
    pub minute: i64,
    /// Which lot or instance; 0 = none is named, where that may be.
    pub lot: usize,
    /// Who is named, and which document.
    pub party: usize,
}

/// What there is in the house.
pub const PRODUCTS: [&str; 6] = ["PLAIN", "COSTLY", "LOTS", "PHONE", "LAYERS", "SPECIFIC"];
const PLACES: [&str; 3] = ["COLD", "SHOP", "BAR"];
const LOTS: [&str; 3] = ["A", "B", "C"];
const SERIALS: [&str; 3] = ["SN1", "SN2", "SN3"];
const DAWN: i64 = 1_704_067_200_000_000;
const MINUTE: i64 = 60_000_000;

/// What there is in the house: six products of all sorts, three places in two org units.
pub fn house() -> Vec<Thing> {
    let product = |name: &str, tracking, costing, cost: i64| {
        let cost = (cost > 0).then_some(UnitCost(cost));
        Thing::Product(Product { name: name.to_owned(), tracking, costing, cost, ..Product::default() })
    };
    let mut things = vec![
        product(PRODUCTS[0], Tracking::None, Costing::Average, 0),
        product(PRODUCTS[1], Tracking::None, Costing::Average, 1_234_567),
        product(PRODUCTS[2], Tracking::Lot, Costing::Average, 2_000_000),
        product(PRODUCTS[3], Tracking::Serial, Costing::Average, 100_000_000),
        product(PRODUCTS[4], Tracking::None, Costing::Fifo, 3_000_000),
        product(PRODUCTS[5], Tracking::Lot, Costing::Specific, 4_000_000),
    ];
    for name in SERIALS {
        things.push(Thing::Instance { product: PRODUCTS[3].to_owned(), name: name.to_owned(), cost: None });
    }
    // Some lots are defined, others come to be.
    for product in [PRODUCTS[2], PRODUCTS[5]] {
        let (name, status) = (LOTS[0].to_owned(), LotStatus::Available);
        things.push(Thing::Lot { product: product.to_owned(), name, expires_at: None, status, cost: None });
    }
    for (unit, places) in [("NORTH", &PLACES[..2]), ("SOUTH", &PLACES[2..])] {
        things.push(Thing::OrgUnit { name: unit.to_owned(), parent: None, stock_of: None });
        for place in places {
            things.push(Thing::Location {
                name: (*place).to_owned(),
                parent: Some(unit.to_owned()),
                allow_negative: None,
                is_default: false,
                lot_use: LotUse::Fifo,
            });
        }
    }
    things.push(Thing::Party { name: "ANNA".to_owned(), is_supplier: false });
    things.push(Thing::Party { name: "FARM".to_owned(), is_supplier: true });
    things
}

/// Builds the house on a floor; selling beyond stock is allowed, or it is not.
pub fn build(floor: &mut impl Floor, forbids: bool) {
    for thing in house() {
        floor.define(&thing);
    }
    if forbids {
        let (key, value) = ("negativeStock".to_owned(), "\"forbid\"".to_owned());
        floor.define(&Thing::Setting { key, value, org_unit: None });
    }
}

impl Line {
    /// The entry in a journal of this kind.
    pub fn entry(&self, kind: JournalKind) -> Entry {
        let product = self.product % PRODUCTS.len();
        let is_count = kind == JournalKind::Settlement;
        let is_serial = product == 3;
        let lots = product == 2 || product == 5;
        let halves = if is_count { self.halves.abs() } else { self.halves };
        let one = if is_serial { 1_000_000 * halves.signum() } else { 500_000 * halves };
        // A count of instances names all that are there, which may be none.
        let found = halves.unsigned_abs() as usize % (SERIALS.len() + 1);
        let named = if is_count { found } else { 1 };
        let instances = || (0..named).map(|at| SERIALS[(self.lot + at) % SERIALS.len()].to_owned()).collect();
        let count = if is_count && is_serial { 1_000_000 * found as i64 } else { one };
        let returns = kind == JournalKind::Delivery;
        // A lot that comes to be without a name is called after its voucher, which each floor numbers its way.
        let comes_in = match kind {
            JournalKind::Settlement => true,
            JournalKind::Delivery | JournalKind::Complaint => count > 0,
            JournalKind::InternalUse | JournalKind::Shrinkage => count < 0,
            JournalKind::InternalTransfer => false,
        };
        Entry {
            product: PRODUCTS[product].to_owned(),
            count: Quantity(count),
            instances: is_serial.then(instances),
            place: PLACES[self.place % PLACES.len()].to_owned(),
            lot: (lots && (comes_in || self.lot > 0)).then(|| LOTS[self.lot % LOTS.len()].to_owned()),
            cost: self.cents.filter(|_| count > 0).map(|cents| UnitCost(cents * 10_000)),
            customer: (returns && self.party == 1).then(|| "ANNA".to_owned()),
            supplier: (returns && self.party == 2).then(|| "FARM".to_owned()),
            external: (returns && count < 0 && self.party % 2 == 1).then(|| ("invoice".to_owned(), 7)),
            credit_note: (returns && count > 0 && self.party == 3).then(|| ("invoice".to_owned(), 7)),
            at: time(self.minute),
            ..Entry::default()
        }
    }
}

/// The time of a minute.
pub fn time(minute: i64) -> Time {
    Time(DAWN + minute * MINUTE)
}

/// The booking of these lines.
pub fn booking(kind: JournalKind, lines: &[Line]) -> Booking {
    Booking { kind, entries: lines.iter().map(|line| line.entry(kind)).collect() }
}

/// A line; `products` says which products it may be about.
pub fn line(products: std::ops::Range<usize>) -> impl Strategy<Value = Line> + Clone {
    // Few instants, so that some things happen at once.
    let minute = prop_oneof![0..12_i64, 0..4_000_i64];
    let halves = prop_oneof![3 => 1..40_i64, 2 => -20..0_i64];
    (products, 0..3_usize, halves, proptest::option::of(0..500_i64), minute, 0..4_usize, 0..4_usize).prop_map(
        |(product, place, halves, cents, minute, lot, party)| Line {
            product,
            place,
            halves,
            cents,
            minute,
            lot,
            party,
        },
    )
}

/// A kind of journal; deliveries are the most frequent.
pub fn kind() -> impl Strategy<Value = JournalKind> + Clone {
    prop_oneof![
        6 => Just(JournalKind::Delivery),
        1 => Just(JournalKind::Settlement),
        2 => Just(JournalKind::InternalTransfer),
        1 => Just(JournalKind::InternalUse),
        1 => Just(JournalKind::Shrinkage),
        1 => Just(JournalKind::Complaint),
    ]
}

/// Something that happens.
pub fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => (kind(), vec(line(0..PRODUCTS.len()), 1..5)).prop_map(|(kind, lines)| Act::Book(kind, lines)),
        2 => (0..1_000_usize, proptest::option::weighted(0.2, 0..4_000_i64))
            .prop_map(|(which, minute)| Act::Reverse(which, minute)),
        1 => Just(Act::Settle),
        1 => word(),
    ]
}

/// A word on value.
pub fn word() -> impl Strategy<Value = Act> + Clone {
    let method = prop_oneof![Just(Costing::Average), Just(Costing::Fifo), Just(Costing::Standard)];
    prop_oneof![
        3 => (0..1_000_usize, -300..3_000_i64, any::<bool>())
            .prop_map(|(which, cents, by_value)| Act::Land(which, if cents == 0 { 1 } else { cents }, by_value)),
        2 => (0..PRODUCTS.len(), 0..PLACES.len(), 0..9_000_i64, 0..4_000_i64)
            .prop_map(|(product, place, cents, minute)| Act::Revalue(product, place, cents, minute)),
        // Not of the one at specific cost, which stays so.
        1 => (0..PRODUCTS.len() - 1, method, 0..900_i64, 0..4_000_i64)
            .prop_map(|(product, method, cents, minute)| Act::Cost(product, method, cents, minute)),
    ]
}

/// Says a word on value; what is done first is looked up by `handle`, if there is any.
pub fn say(floor: &mut impl Floor, act: &Act, handle: Option<usize>) -> Option<Outcome> {
    match act {
        Act::Land(_, cents, by_value) => {
            let (amount, by_value) = (Amount(cents * 10_000), *by_value);
            Some(floor.land(&Landing { on: handle?, lines: None, amount, by_value }))
        }
        Act::Revalue(product, place, cents, minute) => {
            let (product, place) = (PRODUCTS[*product].to_owned(), PLACES[*place].to_owned());
            Some(floor.revalue(&Revaluation { product, place, value: Amount(cents * 10_000), at: time(*minute) }))
        }
        Act::Cost(product, method, cents, minute) => {
            let (product, standard) = (PRODUCTS[*product].to_owned(), Some(UnitCost(cents * 10_000)));
            Some(floor.cost(&CostingChange { product, method: *method, standard, at: time(*minute) }))
        }
        Act::Book(..) | Act::Reverse(..) | Act::Settle | Act::Close(_) => None,
    }
}

/// A history.
pub fn history(acts: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Act>> {
    vec(act(), acts)
}

/// A history of a product that is mostly in stock, settled often, while the books close behind it.
pub fn steady(acts: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Act>> {
    let in_stock = (line(1..2), proptest::bool::weighted(0.6)).prop_map(|(line, receives)| {
        let halves = if receives { line.halves.abs() + 20 } else { -(line.halves.abs() % 12) - 1 };
        Line { place: 0, halves, minute: line.minute * 2, ..line }
    });
    let act = prop_oneof![
        12 => vec(in_stock, 1..4).prop_map(|lines| Act::Book(JournalKind::Delivery, lines)),
        1 => (0..1_000_usize).prop_map(|which| Act::Reverse(which, None)),
        5 => Just(Act::Settle),
        1 => (0..4_i64).prop_map(Act::Close),
        2 => word(),
    ];
    vec(act, acts)
}

/// A history of one product, whose pools hang together by transfers, while the books close behind it.
pub fn dense(acts: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        12 => (kind(), vec(line(0..1), 1..5)).prop_map(|(kind, lines)| Act::Book(kind, lines)),
        4 => vec(line(0..1), 1..4).prop_map(|lines| Act::Book(JournalKind::InternalTransfer, both_ways(&lines))),
        3 => (0..1_000_usize, proptest::option::weighted(0.2, 0..4_000_i64))
            .prop_map(|(which, minute)| Act::Reverse(which, minute)),
        3 => Just(Act::Settle),
        1 => (0..3_i64).prop_map(Act::Close),
        3 => word(),
    ];
    (0..PRODUCTS.len(), vec(act, acts)).prop_map(|(product, mut acts)| {
        for act in &mut acts {
            about(act, product);
        }
        acts
    })
}

/// Makes an act one about this product.
fn about(act: &mut Act, product: usize) {
    match act {
        Act::Book(_, lines) => lines.iter_mut().for_each(|line| line.product = product),
        Act::Revalue(which, ..) => *which = product,
        // The one at specific cost stays so.
        Act::Cost(which, method, ..) => {
            *which = product;
            if product == PRODUCTS.len() - 1 {
                *method = Costing::Specific;
            }
        }
        Act::Reverse(..) | Act::Settle | Act::Close(_) | Act::Land(..) => {}
    }
}

/// A history over two weeks of one product that is bought and sold out again, so that what becomes known later of an
/// earlier day matters for some days only.
pub fn lapsing(acts: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Act>> {
    const DAY: i64 = 24 * 60;
    let pair = (line(0..1), 0..14_i64, 1..4 * DAY, prop_oneof![6 => Just(0_i64), 1 => -3..3_i64], 0..12_usize);
    let bought_and_sold = pair.prop_map(|(line, day, later, rest, way)| {
        let (halves, minute) = (line.halves.abs() + 4, day * DAY + line.minute % DAY);
        let bought = Line { halves, minute, place: 0, ..line };
        let sold = Line { halves: rest - halves, minute: minute + later, cents: None, place: 0, ..line };
        match way {
            // It is sold elsewhere.
            0 => vec![
                Act::Book(JournalKind::Delivery, vec![bought]),
                Act::Book(JournalKind::InternalTransfer, vec![sold, Line { halves, place: 2, ..sold }]),
                Act::Book(JournalKind::Delivery, vec![Line { place: 2, minute: sold.minute + 90, ..sold }]),
            ],
            1 | 2 => vec![Act::Book(JournalKind::Delivery, vec![sold]), Act::Book(JournalKind::Delivery, vec![bought])],
            _ => vec![Act::Book(JournalKind::Delivery, vec![bought, sold])],
        }
    });
    let word = (word(), 0..14 * DAY).prop_map(|(word, at)| match word {
        Act::Revalue(product, _, cents, _) => Act::Revalue(product, 0, cents, at),
        Act::Cost(product, method, cents, _) => Act::Cost(product, method, cents, at),
        word => word,
    });
    let act = prop_oneof![
        12 => bought_and_sold,
        2 => (0..1_000_usize, proptest::option::weighted(0.1, 0..14 * DAY))
            .prop_map(|(which, minute)| vec![Act::Reverse(which, minute), Act::Settle]),
        8 => Just(vec![Act::Settle]),
        1 => (0..9_i64).prop_map(|day| vec![Act::Close(day)]),
        5 => word.clone().prop_map(|word| vec![Act::Settle, word, Act::Settle]),
        // Several things are learned before they are settled together.
        3 => vec(word, 1..3),
        1 => (0..1_000_usize).prop_map(|which| vec![Act::Reverse(which, None)]),
    ];
    // One at average, at average with a fall-back cost, or with layers.
    (prop_oneof![Just(0_usize), Just(1), Just(4)], vec(act, acts)).prop_map(|(product, acts)| {
        let mut acts: Vec<Act> = acts.into_iter().flatten().collect();
        for act in &mut acts {
            about(act, product);
        }
        acts
    })
}

/// Lines of a transfer, each with the one that takes out what it put under way, at the next place and a little later.
fn both_ways(lines: &[Line]) -> Vec<Line> {
    let pairs = lines.iter().flat_map(|line| {
        let halves = line.halves.abs();
        let away = Line { halves: -halves, ..*line };
        [away, Line { halves, place: line.place + 1, minute: line.minute + line.lot as i64, ..*line }]
    });
    pairs.collect()
}

/// How the books are closed to the end of a day.
pub fn close(day: i64) -> Thing {
    let (year, month, date) = time(day * 24 * 60).civil();
    let (key, value) = ("closedUntil".to_owned(), format!("\"{year:04}-{month:02}-{date:02}\""));
    Thing::Setting { key, value, org_unit: None }
}
