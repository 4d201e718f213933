//! The timeline against the plain way: a list of postings that is walked from end to end.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::money::Amount;
use crate::quantity::Quantity;

/// When, how much, and what it is worth.
type Posting = (i64, i64, i64);

fn post(timeline: &mut Timeline, (at, quantity, amount): Posting) {
    timeline.post(Time(at), Quantity(quantity), Amount(amount)).unwrap();
}

fn of(postings: &[Posting]) -> Timeline {
    let mut timeline = Timeline::new_empty();
    for posting in postings {
        post(&mut timeline, *posting);
    }
    timeline
}

fn nodes_of(timeline: &Timeline) -> BTreeMap<Place, Node> {
    timeline.changes().map(|(place, node)| (place, *node)).collect()
}

// The plain way ---------------------------------------------------------------------------------

/// The balance after each instant, in order of time.
fn balances(postings: &[Posting]) -> BTreeMap<i64, i64> {
    let mut changes = BTreeMap::new();
    for (at, quantity, _) in postings {
        *changes.entry(*at).or_insert(0) += quantity;
    }
    let mut running = 0;
    changes
        .into_iter()
        .map(|(at, change)| {
            (at, {
                running += change;
                running
            })
        })
        .collect()
}

fn plain_at(postings: &[Posting], at: i64) -> (Quantity, Amount) {
    let past = postings.iter().filter(|(when, _, _)| *when <= at);
    let (quantity, amount) = past.fold((0, 0), |sum, (_, quantity, amount)| (sum.0 + quantity, sum.1 + amount));
    (Quantity(quantity), Amount(amount))
}

fn plain_from(postings: &[Posting], at: i64) -> Vec<(i64, i64)> {
    let standing = (at, plain_at(postings, at).0.0);
    let later = balances(postings).into_iter().filter(|(when, _)| *when > at);
    [standing].into_iter().chain(later).collect()
}

fn plain_lowest(postings: &[Posting], at: i64) -> Quantity {
    Quantity(plain_from(postings, at).iter().map(|(_, balance)| *balance).min().unwrap())
}

fn plain_first_below(postings: &[Posting], at: i64, floor: i64, delta: i64) -> Option<(Time, Quantity)> {
    let mut from = plain_from(postings, at).into_iter();
    from.find(|(_, balance)| balance + delta < floor).map(|(when, balance)| (Time(when), Quantity(balance)))
}

/// All nodes by their definition, the root among them.
fn plain_nodes(postings: &[Posting], place: Place, nodes: &mut BTreeMap<Place, Node>) {
    let inside: Vec<Posting> = postings.iter().filter(|(at, _, _)| place.holds(Time(*at))).copied().collect();
    if inside.is_empty() {
        return;
    }
    let balances = balances(&inside);
    let lows: Vec<i64> = balances.values().copied().collect();
    let lowest = |lows: &[i64]| Quantity(lows.iter().copied().min().unwrap_or(i64::MAX));
    let (quantity, amount) = plain_at(&inside, i64::MAX);
    let is_split = inside.len() as i64 > LEAF_MAX && balances.len() > 1;
    let node = Node {
        quantity,
        amount,
        low: lowest(&lows),
        low_before: lowest(&lows[..lows.len() - 1]),
        instants_from: Time(*balances.keys().next().unwrap()),
        instants_to: Time(*balances.keys().next_back().unwrap()),
        postings: inside.len() as i64,
        is_split,
    };
    nodes.insert(place, node);
    if is_split {
        let mut children: Vec<Place> = balances.keys().filter_map(|at| place.child_at(Time(*at))).collect();
        children.dedup();
        for child in children {
            plain_nodes(&inside, child, nodes);
        }
    }
}

// A store to load from --------------------------------------------------------------------------

#[derive(Clone)]
struct Store {
    root: Node,
    nodes: BTreeMap<Place, Node>,
    postings: Vec<Posting>,
    loaded: Vec<Need>,
}

impl Store {
    fn of(postings: &[Posting]) -> Self {
        let timeline = of(postings);
        let postings = postings.to_vec();
        Self { root: *timeline.root(), nodes: nodes_of(&timeline), postings, loaded: Vec::new() }
    }

    fn supply(&mut self, timeline: &mut Timeline, need: Need) {
        self.loaded.push(need);
        // Twice, because loading again must change nothing.
        for _ in 0..2 {
            match need {
                Need::Children { place, at } => {
                    // Once a single level, then several; and what else is there is no harm.
                    let levels = 1 + self.loaded.len() % 3;
                    timeline.load_children(place, at, levels, &self.nodes).unwrap();
                }
                Need::Newest { place, at } => {
                    let nodes = place.towards(at).take(3);
                    let stored = nodes.filter_map(|place| Some((place, *self.nodes.get(&place)?)));
                    timeline.load_newest(place, &stored.collect()).unwrap();
                }
                Need::Instants { from, to } => {
                    let inside = self.postings.iter().filter(|(at, _, _)| (from.0..=to.0).contains(at));
                    let instants = inside.map(|(at, quantity, amount)| {
                        (Time(*at), Instant { quantity: Quantity(*quantity), amount: Amount(*amount), postings: 1 })
                    });
                    timeline.load_instants(from, instants).unwrap();
                }
            }
        }
    }

    /// Asks until nothing is missing.
    fn ask<T>(
        &mut self,
        timeline: &mut Timeline,
        mut question: impl FnMut(&mut Timeline) -> Result<T, TimelineFault>,
    ) -> T {
        loop {
            match question(timeline) {
                Ok(answer) => return answer,
                Err(TimelineFault::Missing(need)) => self.supply(timeline, need),
                Err(fault) => panic!("{fault}"),
            }
        }
    }
}

// In a storekeeper's words ----------------------------------------------------------------------

const DAY: i64 = Time::DAY;

#[test]
fn a_new_account_holds_nothing_at_any_time() {
    let timeline = Timeline::new_empty();
    assert_eq!(timeline.at(Time(0)), Ok((Quantity(0), Amount(0))));
    assert_eq!(timeline.lowest_from(Time(0)), Ok(Quantity(0)));
    assert_eq!(timeline.first_below(Time(5), Quantity(0), Quantity(0)), Ok(None));
    assert_eq!(timeline.first_below(Time(5), Quantity(0), Quantity(-1)), Ok(Some((Time(5), Quantity(0)))));
    assert!(!timeline.is_changed());
}

#[test]
fn ten_received_and_four_shipped_leave_six_from_that_day_on() {
    let timeline = of(&[(DAY, 10, 30), (3 * DAY, -4, -12)]);
    assert_eq!(timeline.at(Time(DAY - 1)), Ok((Quantity(0), Amount(0))));
    assert_eq!(timeline.at(Time(2 * DAY)), Ok((Quantity(10), Amount(30))));
    assert_eq!(timeline.at(Time(3 * DAY)), Ok((Quantity(6), Amount(18))));
    assert_eq!(timeline.lowest_from(Time(DAY)), Ok(Quantity(6)));
    assert_eq!(timeline.lowest_from(Time(0)), Ok(Quantity(0)));
}

#[test]
fn shipping_seven_yesterday_is_refused_for_what_is_shipped_today() {
    let timeline = of(&[(DAY, 10, 0), (3 * DAY, -4, 0), (5 * DAY, 20, 0)]);
    let yesterday = Time(2 * DAY);
    let below = timeline.first_below(yesterday, Quantity(0), Quantity(-7));
    assert_eq!(below, Ok(Some((Time(3 * DAY), Quantity(6)))));
    assert_eq!(timeline.first_below(yesterday, Quantity(0), Quantity(-6)), Ok(None));
    assert_eq!(timeline.first_below(Time(5 * DAY), Quantity(0), Quantity(-26)), Ok(None));
}

#[test]
fn what_comes_and_goes_at_one_instant_was_never_missing() {
    let timeline = of(&[(DAY, -5, 0), (DAY, 5, 0)]);
    assert_eq!(timeline.lowest_from(Time(0)), Ok(Quantity(0)));
    assert_eq!(timeline.root().low, Quantity(0));
}

#[test]
fn a_thousand_postings_at_one_instant_are_one_leaf_that_needs_no_postings() {
    let mut store = Store::of(&vec![(DAY, 3, 1); 1000]);
    assert!(store.nodes.is_empty() && !store.root.is_split);
    let mut timeline = Timeline::from_root(store.root);
    assert_eq!(timeline.need_at(Time(0)), None);
    assert_eq!(timeline.first_below(Time(0), Quantity(1), Quantity(0)), Ok(Some((Time(0), Quantity(0)))));
    assert_eq!(timeline.first_below(Time(DAY), Quantity(3001), Quantity(0)), Ok(Some((Time(DAY), Quantity(3000)))));
    // The next instant splits it, and still the sums are enough.
    store.ask(&mut timeline, |timeline| timeline.post(Time(0), Quantity(1), Amount(0)));
    assert_eq!(store.loaded, []);
    assert_eq!(timeline.at(Time(0)), Ok((Quantity(1), Amount(0))));
    let mut anew = vec![(DAY, 3, 1); 1000];
    anew.push((0, 1, 0));
    assert_eq!(nodes_of(&timeline), nodes_of(&of(&anew)));
}

#[test]
fn an_old_account_is_asked_and_booked_by_loading_a_handful() {
    let past: Vec<Posting> = (0..20_000).map(|n| (n * DAY / 8, if n % 2 == 0 { 5 } else { -4 }, n)).collect();
    let mut store = Store::of(&past);
    let mut timeline = Timeline::from_root(store.root);

    // Today: the root knows.
    assert_eq!(store.ask(&mut timeline, |timeline| timeline.lowest_from(Time(3000 * DAY))), Quantity(10_000));
    assert_eq!(store.loaded, []);

    // Appending needs one node per level, and nothing that is beside them.
    let today = Time(3000 * DAY);
    store.ask(&mut timeline, |timeline| timeline.post(today, Quantity(-1), Amount(0)));
    assert_eq!(store.loaded, [Need::Newest { place: Place::ROOT, at: Time(19_999 * DAY / 8) }]);
    assert!(timeline.nodes.len() <= 4 && timeline.instants.len() == 1, "{:?}", timeline.nodes);
    assert_eq!(timeline.need_at(today), None);
    store.loaded.clear();

    // In the past: one leaf.
    let old = Time(700 * DAY);
    let quantity = store.ask(&mut timeline, |timeline| timeline.at(old)).0;
    assert_eq!(quantity, plain_at(&past, old.0).0);
    store.ask(&mut timeline, |timeline| timeline.post(old, Quantity(-1), Amount(0)));
    assert!(store.loaded.len() <= 5, "{:?}", store.loaded);
    assert!(timeline.instants.len() <= LEAF_MAX as usize);
}

#[test]
fn a_hundred_postings_today_change_one_node_per_level() {
    let past: Vec<Posting> = (0..2_000).map(|n| (n * DAY, 1, 1)).collect();
    let mut timeline = of(&past);
    timeline.take_changes();
    assert!(!timeline.is_changed());
    (0..100).for_each(|n| post(&mut timeline, (2000 * DAY + n / 10, -1, -1)));
    assert!(timeline.is_changed());
    assert!(timeline.changes().count() <= 4, "{}", timeline.changes().count());
    assert_eq!(timeline.root().postings, 2_100);
}

#[test]
fn a_sum_that_is_too_large_is_refused_and_changes_nothing() {
    let mut timeline = of(&[(1, i64::MAX, 0), (3, -5, 0)]);
    let (root, instants) = (*timeline.root(), timeline.instants.clone());
    for at in [1, 2, 4] {
        assert_eq!(timeline.post(Time(at), Quantity(i64::MAX), Amount(0)), Err(TimelineFault::TooLarge));
        assert_eq!(timeline.post(Time(at), Quantity(6), Amount(0)), Err(TimelineFault::TooLarge));
        assert_eq!((timeline.root(), &timeline.instants), (&root, &instants));
    }
    assert_eq!(timeline.first_below(Time(3), Quantity(i64::MIN), Quantity(i64::MIN)).unwrap(), None);
}

#[test]
fn what_does_not_add_up_is_noticed() {
    let past: Vec<Posting> = (0..600).map(|n| (n, 1, 1)).collect();
    let store = Store::of(&past);
    let mut timeline = Timeline::from_root(store.root);
    let none = BTreeMap::new();
    assert_eq!(timeline.load_children(Place::ROOT, Time(0), 1, &none), Err(TimelineFault::Unmatched(Place::ROOT)));
    assert_eq!(timeline.load_newest(Place::ROOT, &none), Err(TimelineFault::Unmatched(Place::ROOT)));
    let older = store.nodes.iter().map(|(place, node)| (*place, Node { instants_to: Time(300), ..*node })).collect();
    assert_eq!(timeline.load_newest(Place::ROOT, &older), Err(TimelineFault::Unmatched(Place::ROOT)));

    let mut timeline = Timeline::from_root(*of(&past[..100]).root());
    let Some(Need::Instants { from, .. }) = timeline.need_at(Time(50)) else { panic!("a leaf is asked for") };
    let one = Instant { quantity: Quantity(1), amount: Amount(1), postings: 1 };
    let too_few = past[..99].iter().map(|(at, _, _)| (Time(*at), one));
    assert_eq!(timeline.load_instants(from, too_few), Err(TimelineFault::Unmatched(Place::ROOT)));
}

#[test]
fn places_nest() {
    for at in [i64::MIN, Time::EARLIEST.0, -1, 0, 1, 1_593_151_453_637_000, Time::LATEST.0, i64::MAX] {
        for depth in 1..DEPTH_MAX {
            let (above, place) = (Place::on_path(depth - 1, Time(at)), Place::on_path(depth, Time(at)));
            assert_eq!(place.parent(), Some(above));
            assert_eq!(above.child_shift(), Some(place.shift));
            assert!(above.children().contains(&place) && place.holds(Time(at)));
        }
    }
    let way: Vec<Place> = Place::ROOT.towards(Time(-5)).collect();
    assert_eq!(way, (1..DEPTH_MAX).map(|depth| Place::on_path(depth, Time(-5))).collect::<Vec<_>>());
    let day = Place::on_path(3, Time(0));
    assert!(!day.holds(Time(-1)) && !day.parent().unwrap().holds(Time(-1)));
}

// Against the plain way -------------------------------------------------------------------------

/// Times that crowd, repeat and lie far apart, on both sides of 1970.
fn times() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => (-3..3_i64).prop_map(|n| n * 1_000_000),
        6 => (0..500_i64).prop_map(|n| n - 250),
        4 => (0..400_i64).prop_map(|n| 1_593_151_453_000_000 + n * 1000),
        2 => (0..40_000_i64).prop_map(|n| -900 * DAY + n * DAY / 24),
        1 => Time::EARLIEST.0..Time::LATEST.0,
    ]
}

fn postings(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Posting>> {
    let posting = (times(), -20..22_i64, -100..100_i64);
    let crowd = (times(), 0..400_usize);
    (prop::collection::vec(posting, count), crowd).prop_map(|(mut postings, (at, crowd))| {
        // One instant that alone outgrows a leaf, spread over the order of arrival.
        let gap = postings.len() / crowd.max(1) + 1;
        (0..crowd).for_each(|n| postings.insert((n * gap) % (postings.len() + 1), (at, 1 - (n as i64 % 3), 2)));
        postings
    })
}

fn questions() -> impl Strategy<Value = Vec<(i64, i64, i64)>> {
    prop::collection::vec((times(), -200..200_i64, -100..100_i64), 1..20)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn it_answers_like_the_list(postings in postings(1..1500), questions in questions()) {
        let timeline = of(&postings);
        for (at, floor, delta) in questions {
            prop_assert_eq!(timeline.at(Time(at)), Ok(plain_at(&postings, at)));
            let lowest = plain_lowest(&postings, at);
            prop_assert_eq!(timeline.lowest_from(Time(at)), Ok(lowest));
            for floor in [floor, lowest.0 + delta, lowest.0 + delta + 1] {
                let below = timeline.first_below(Time(at), Quantity(floor), Quantity(delta));
                prop_assert_eq!(below, Ok(plain_first_below(&postings, at, floor, delta)));
            }
        }
    }

    #[test]
    fn its_shape_follows_from_the_postings_alone(mut postings in postings(1..2500)) {
        let mut want = BTreeMap::new();
        plain_nodes(&postings, Place::ROOT, &mut want);
        let arrived = of(&postings);
        let mut found = nodes_of(&arrived);
        found.insert(Place::ROOT, *arrived.root());
        prop_assert_eq!(&found, &want);

        postings.sort_unstable();
        let mut built = BTreeMap::new();
        let mut count = 0;
        let mut builder = Builder::new();
        let mut finished = |place, node| { built.insert(place, node); count += 1; };
        for (at, quantity, amount) in &postings {
            builder.push(Time(*at), Quantity(*quantity), Amount(*amount), &mut finished).unwrap();
        }
        let root = builder.finish(&mut finished);
        prop_assert_eq!(count, want.len() - 1);
        built.insert(Place::ROOT, root);
        prop_assert_eq!(built, want);
    }

    #[test]
    fn a_part_of_it_answers_like_the_whole(
        past in postings(1..1200),
        present in prop::collection::vec(((times(), -20..22_i64, -100..100_i64), (times(), -50..50_i64)), 1..150),
    ) {
        let mut whole = of(&past);
        whole.take_changes();
        let mut store = Store::of(&past);
        let mut part = Timeline::from_root(store.root);
        for (posting, (at, floor)) in present {
            let (at, floor) = (Time(at), Quantity(floor));
            post(&mut whole, posting);
            store.ask(&mut part, |part| part.post(Time(posting.0), Quantity(posting.1), Amount(posting.2)));
            prop_assert_eq!(store.ask(&mut part, |part| part.at(at)), whole.at(at).unwrap());
            prop_assert_eq!(store.ask(&mut part, |part| part.lowest_from(at)), whole.lowest_from(at).unwrap());
            let below = store.ask(&mut part, |part| part.first_below(at, floor, Quantity(1)));
            prop_assert_eq!(below, whole.first_below(at, floor, Quantity(1)).unwrap());
            prop_assert_eq!(part.root(), whole.root());
        }
        prop_assert_eq!(part.take_changes(), whole.take_changes());
        prop_assert!(store.loaded.len() < 120);
    }

    #[test]
    fn needs_can_be_met_before_posting(past in postings(300..1200), present in postings(1..40)) {
        let mut store = Store::of(&past);
        let mut timeline = Timeline::from_root(store.root);
        for (at, quantity, amount) in present {
            while let Some(need) = timeline.need_at(Time(at)) {
                store.supply(&mut timeline, need);
            }
            prop_assert_eq!(timeline.post(Time(at), Quantity(quantity), Amount(amount)), Ok(()));
            prop_assert!(timeline.at(Time(at)).is_ok());
        }
    }
}

#[test]
fn the_builder_forgets_what_is_finished() {
    let mut builder = Builder::new();
    let mut count = 0;
    let mut nodes = BTreeMap::new();
    let mut finished = |place, node: Node| {
        nodes.insert(place, node);
        count += 1;
    };
    let mut whole = Timeline::new_empty();
    let mut at = Time(-1000 * DAY);
    for n in 0..60_000_i64 {
        // A posting every eight hours, and now and then a burst within a millisecond.
        at.0 += if n % 5000 < 1500 { n % 2 } else { DAY / 3 };
        builder.push(at, Quantity(1 - n % 2 * 2), Amount(n), &mut finished).unwrap();
        whole.post(at, Quantity(1 - n % 2 * 2), Amount(n)).unwrap();
        assert!(builder.timeline.nodes.len() <= 2_500 && builder.timeline.instants.len() <= 2_500);
    }
    let root = builder.finish(&mut finished);
    assert_eq!((root, count), (*whole.root(), nodes.len()));
    assert_eq!(nodes, nodes_of(&whole));
}
