//! The domain alone: a catalog and a ledger in memory, everything loaded. The plainest floor, and the
//! model that others are compared with.

mod reserve;
mod standing;
mod truth;
mod value;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lotbook_domain::booking::{self, Wanted, book, wanted};
use lotbook_domain::catalog::{Catalog, Lot, LotStatus, Product, Variant, fold};
use lotbook_domain::count::{Compensation, CountAt, CountId, StandingCount, undone_together};
use lotbook_domain::entry::{Entry, EntryDraft, check};
use lotbook_domain::id::{
    AccountId, BatchId, EntryId, JournalId, LocationId, LotId, MovementId, PartyId, ProductId, SeriesId, UnitId,
    VariantId, VoucherId,
};
use lotbook_domain::journal::{Journal, JournalKind};
use lotbook_domain::ledger::{AccountKind, FreshIds, Ledger, SoldUnder};
use lotbook_domain::location::Location;
use lotbook_domain::money::{Amount, Scale};
use lotbook_domain::movement::{Count, Movement, MovementKind, ValueFact};
use lotbook_domain::policy::Negative;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Signal;
use lotbook_domain::reversal;
use lotbook_domain::settlement::Effect;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Builder, Node, Place};

use reserve::Promises;

use crate::names::{MAIN, Names, TRANSIT};
use crate::{
    Booked, Booking, CostingChange, Fault, Floor, Landing, Moved, Outcome, Question, Reservation, Revaluation, Thing,
    date, thing,
};

/// A whole tenant in memory.
#[derive(Clone)]
pub struct Memory {
    /// The catalog.
    pub catalog: Catalog,
    /// Every account.
    pub ledger: Ledger,
    /// Every movement, in the order of batches and lines.
    pub movements: Vec<(MovementId, Movement)>,
    /// Value that became known later.
    pub value_entries: Vec<Effect>,
    /// After which batch each of them became known.
    settled_after: Vec<BatchId>,
    /// Which value entry, by its place among them, was pushed out of which closed day, and with how much.
    pub pushed: Vec<(usize, Time, i64)>,
    /// The ids of what was defined.
    pub names: Names,
    /// The batches of revaluations and landed costs.
    valued: BTreeSet<BatchId>,
    /// Revaluations and landed costs that hold, with their batches.
    pub value_facts: Vec<(BatchId, ValueFact)>,
    /// Every count, unless it was undone.
    counts: BTreeMap<CountId, Count>,
    /// What keeps counts true: the movement, the count, the cause.
    kept: Vec<(MovementId, CountId, MovementId)>,
    /// What was promised to whom.
    promises: Promises,
    ids: FreshIds,
    next_id: i64,
    batches: i64,
    entries: i64,
}

/// Quantity and value by kind of account (1 stock, 2 cost pool), product, variant, lot, and place.
pub type Standing = BTreeMap<((i64, String, String, String), String), (i64, i64)>;

/// Ids of accounts and lots that bookings make begin here; what is defined has smaller ones.
const FRESH_FROM: i64 = 1 << 40;

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// A tenant with its root org unit, what is under way, and the places outside.
    pub fn new() -> Self {
        let mut catalog = Catalog::default();
        let locations = Arc::make_mut(&mut catalog.locations);
        let node = |id: LocationId, path: &str| Location {
            id,
            path: path.to_owned(),
            is_enabled: true,
            is_org_unit: id == LocationId::ROOT,
            ..Location::default()
        };
        locations.insert(node(LocationId::ROOT, MAIN));
        locations.insert(node(LocationId::IN_TRANSIT, TRANSIT));
        for (id, name) in LocationId::OUTSIDE {
            locations.insert(node(id, name));
        }
        Arc::make_mut(&mut catalog.units).insert(UnitId(1), "pcs".to_owned());
        Self {
            catalog,
            ledger: Ledger::default(),
            movements: Vec::new(),
            value_entries: Vec::new(),
            settled_after: Vec::new(),
            pushed: Vec::new(),
            names: Names::default(),
            valued: BTreeSet::new(),
            value_facts: Vec::new(),
            counts: BTreeMap::new(),
            kept: Vec::new(),
            promises: Promises::default(),
            ids: FreshIds { accounts: FRESH_FROM..i64::MAX, lots: FRESH_FROM..i64::MAX },
            next_id: 100,
            batches: 0,
            entries: 0,
        }
    }

    fn fresh(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    /// The journal of a kind.
    pub fn journal(kind: JournalKind) -> Journal {
        Journal {
            id: JournalId(kind.code()),
            name: kind.name().to_owned(),
            kind,
            is_auto_book: true,
            is_hidden: false,
            org_unit: LocationId::NONE,
            series: SeriesId(0),
        }
    }

    /// Checks drafts and books them as one batch; `Err` holds what was wrong.
    pub fn book_drafts(&mut self, kind: JournalKind, drafts: &[EntryDraft]) -> Result<booking::Booked, Outcome> {
        let journal = Self::journal(kind);
        let voucher = VoucherId(self.batches + 1);
        let mut violations = Vec::new();
        let entries: Vec<Entry> = drafts
            .iter()
            .enumerate()
            .filter_map(|(index, draft)| check(index, draft, &journal, &self.catalog, &mut violations))
            .collect();
        if !violations.is_empty() {
            let faults =
                violations.iter().map(|found| Fault { code: found.code.to_owned(), message: found.message.clone() });
            return Err(Outcome::Invalid(faults.collect()));
        }
        let entries: Vec<Entry> = entries
            .into_iter()
            .enumerate()
            .map(|(at, entry)| Entry {
                id: EntryId(self.entries + 1 + at as i64),
                voucher,
                voucher_number: 1_000_000_000 + self.batches,
                ..entry
            })
            .collect();
        let mut all = Wanted::default();
        wanted(&self.catalog, &journal, &entries, &mut all);
        for document in all.issued_under {
            if let Some(sold) = self.issued_under(&document) {
                self.ledger.issued_under.insert(document, sold);
            }
        }
        let sold_under = all.sold_under.into_iter();
        self.ledger.returned_of = sold_under.filter(|document| self.is_returned_of(document)).collect();
        let short = self.shortfalls();
        match book(&self.ledger, &self.catalog, &journal, &entries, &mut self.ids) {
            Ok(booked) => {
                self.batches += 1;
                self.entries += entries.len() as i64;
                let batch = BatchId(self.batches);
                for lot in &booked.new_lots {
                    self.catalog.insert_lot(lot.clone());
                }
                for (lot, status) in &booked.lot_changes {
                    if let Some(lot) = self.catalog.lots.get_mut(lot) {
                        lot.status = *status;
                    }
                }
                self.ledger.apply(booked.touched.iter().cloned());
                self.remember(batch, &booked.movements);
                self.issue(batch, kind, &booked, &short);
                for count in &booked.counts {
                    self.counts.insert(CountId { batch, line: count.line }, count.clone());
                }
                self.keep(batch, &booked.compensations);
                self.hold_counts(&[]);
                Ok(booked)
            }
            Err(booking::Stop::Faults(faults)) => Err(Outcome::Rejected(faults.iter().map(told).collect())),
            Err(booking::Stop::Missing(missing)) => panic!("everything is loaded, and yet {missing:?}"),
        }
    }

    fn keep(&mut self, batch: BatchId, compensations: &[Compensation]) {
        self.kept.extend(compensations.iter().map(|made| {
            let count = if made.count.batch.0 == 0 { CountId { batch, ..made.count } } else { made.count };
            let id = |line| MovementId { batch, line };
            (id(made.line), count, id(made.cause))
        }));
    }

    /// Tells the ledger which counts hold: all but these.
    fn hold_counts(&mut self, undone: &[CountId]) {
        self.ledger.counts.is_complete = true;
        self.ledger.counts.fresh = self
            .counts
            .iter()
            .filter(|(id, _)| !undone.contains(id))
            .map(|(id, count)| {
                let position = Some(id.batch.0);
                let found = CountAt { id: *id, position, at: count.effective_at, unit_cost: count.unit_cost };
                ((count.account, found.moment()), found)
            })
            .collect();
    }

    fn remember(&mut self, batch: BatchId, movements: &[Movement]) {
        let with_id = |movement: &Movement| (MovementId { batch, line: movement.line }, movement.clone());
        self.movements.extend(movements.iter().map(with_id));
        self.give_back(movements);
    }

    /// What the issues under a document cost.
    fn issued_under(&self, document: &(ProductId, VariantId, String, i64)) -> Option<SoldUnder> {
        let mut sold = SoldUnder::default();
        let issues = self.movements.iter().map(|(_, movement)| movement).filter(|movement| {
            (movement.product, movement.variant) == (document.0, document.1)
                && movement.from.pool.0 != 0
                && movement.to.location.is_outside()
                && movement.external.as_ref().is_some_and(|found| (&found.kind, found.id) == (&document.2, document.3))
        });
        for issue in issues {
            sold.quantity_e6 += i128::from(issue.quantity.0);
            sold.amount_e6 += i128::from(issue.amount.0);
        }
        (sold.quantity_e6 > 0).then_some(sold)
    }

    fn is_returned_of(&self, document: &(ProductId, VariantId, String, i64)) -> bool {
        self.movements.iter().any(|(_, movement)| {
            (movement.product, movement.variant) == (document.0, document.1)
                && movement.takes_cost_of_sale()
                && movement.credit_note.as_ref().is_some_and(|of| (&of.kind, of.id) == (&document.2, document.3))
        })
    }

    fn moved(&self, movements: &[Movement], first_entry: i64) -> Vec<Moved> {
        let place = |id: LocationId| self.catalog.locations.name_of(id);
        movements
            .iter()
            .map(|movement| Moved {
                entry: usize::try_from(movement.entry.0 - first_entry).unwrap_or_default(),
                from: place(movement.from.location),
                to: place(movement.to.location),
                lot: self.catalog.lots.get(&movement.lot).map(|lot| lot.name.clone()),
                quantity: movement.quantity,
                amount: movement.amount,
            })
            .collect()
    }

    /// What stands where after everything, by names; what is 0 is left out.
    pub fn standing(&self) -> Standing {
        let accounts = self.ledger.accounts.values().map(|account| {
            let (key, root) = (account.key, account.timeline.root());
            let lot = self.catalog.lots.get(&key.lot).map(|lot| fold(&lot.name)).unwrap_or_default();
            let variant = self.catalog.variants.get(&key.variant).map(|found| found.identifier.clone());
            let product = self.catalog.product_name(key.product);
            let name = (key.kind.code(), product, variant.unwrap_or_default(), lot);
            ((name, self.catalog.locations.name_of(key.place)), (root.quantity.0, root.amount.0))
        });
        accounts.filter(|(_, standing)| *standing != (0, 0)).collect()
    }

    fn set(&mut self, key: &str, value: &str, org_unit: LocationId) {
        let policies = Arc::make_mut(&mut self.catalog.policies);
        let text = value.trim_matches('"');
        match key {
            "negativeStock" => {
                let word = match text {
                    "allow" => Negative::Allow,
                    "warn" => Negative::Warn,
                    "forbid" => Negative::Forbid,
                    other => panic!("negativeStock can not be {other}"),
                };
                policies.negative.insert(org_unit, word);
            }
            "closedUntil" => {
                let closed = date::read(text).unwrap_or_else(|| panic!("{text} is not a date"));
                policies.open_from.insert(org_unit, Time(closed.0 + Time::DAY));
            }
            "forceDefaultLocation" => {
                policies.force_default_location.insert(org_unit, text == "true");
            }
            "amountScale" => {
                policies.scale = text.parse().ok().and_then(Scale::try_new).expect("a scale is 0 to 6");
            }
            "mes.strictOpenLots" => policies.strict_open_lots = text == "true",
            other => panic!("there is no setting {other}"),
        }
    }

    fn define_product(&mut self, product: &thing::Product) {
        let id = ProductId(self.fresh());
        let unit = product.unit.as_ref().map_or(UnitId(1), |name| self.names.units[name]);
        self.catalog.products.insert(
            id,
            Product {
                id,
                identifier: product.name.clone(),
                name: product.name.clone(),
                unit,
                tracking: product.tracking,
                costing: product.costing,
                cost_price: product.cost,
                default_cost_price: product.default_cost,
                has_variants: product.has_variants,
                is_enabled: true,
                ..Product::default()
            },
        );
        self.names.products.insert(product.name.clone(), id);
    }

    fn define_place(&mut self, node: Location, parent: Option<&String>) {
        let id = LocationId(self.fresh());
        let parent = parent.map_or(LocationId::ROOT, |name| self.names.place(name));
        self.names.places.insert(node.path.clone(), id);
        let node = Location { id, parent, is_enabled: true, ..node };
        Arc::make_mut(&mut self.catalog.locations).insert(node);
    }

    fn define_lot(&mut self, product: &str, lot: Lot) {
        let id = LotId(self.fresh());
        self.names.lots.insert((product.to_owned(), fold(&lot.name)), id);
        self.catalog.insert_lot(Lot { id, product: self.names.products[product], is_enabled: true, ..lot });
    }
}

fn refused(code: &str, message: String) -> Outcome {
    Outcome::Refused(Fault { code: code.to_owned(), message })
}

fn told(fault: &booking::Fault) -> Fault {
    Fault { code: fault.code.to_owned(), message: fault.message.clone() }
}

impl Floor for Memory {
    fn define(&mut self, thing: &Thing) {
        match thing {
            Thing::Unit { name } => {
                let id = UnitId(self.fresh());
                Arc::make_mut(&mut self.catalog.units).insert(id, name.clone());
                self.names.units.insert(name.clone(), id);
            }
            Thing::Conversion { product, from, to, numerator, denominator } => {
                let product = product.as_ref().map_or(ProductId(0), |name| self.names.products[name]);
                let key = (product, self.names.units[from], self.names.units[to]);
                Arc::make_mut(&mut self.catalog.conversions).insert(key, (*numerator, *denominator));
            }
            Thing::Product(product) => self.define_product(product),
            Thing::Variant { product, name, cost } => {
                let id = VariantId(self.fresh());
                let variant = Variant {
                    id,
                    product: self.names.products[product],
                    identifier: name.clone(),
                    cost_price: *cost,
                    is_enabled: true,
                };
                self.catalog.variants.insert(id, variant);
                self.names.variants.insert((product.clone(), name.clone()), id);
            }
            Thing::OrgUnit { name, parent, stock_of } => {
                let stock_org_unit = stock_of.as_ref().map_or(LocationId::NONE, |name| self.names.place(name));
                let node = Location { path: name.clone(), is_org_unit: true, stock_org_unit, ..Location::default() };
                self.define_place(node, parent.as_ref());
            }
            Thing::Location { name, parent, allow_negative, is_default, lot_use } => {
                let node = Location {
                    path: name.clone(),
                    is_default: *is_default,
                    allow_negative: *allow_negative,
                    lot_use: *lot_use,
                    ..Location::default()
                };
                self.define_place(node, parent.as_ref());
            }
            Thing::Lot { product, name, expires_at, status, cost } => {
                let (status, expires_at, cost_price) = (*status, *expires_at, *cost);
                self.define_lot(product, Lot { name: name.clone(), status, expires_at, cost_price, ..Lot::default() });
            }
            Thing::Instance { product, name, cost } => {
                let status = LotStatus::Available;
                let lot = Lot { name: name.clone(), is_serial: true, status, cost_price: *cost, ..Lot::default() };
                self.define_lot(product, lot);
            }
            Thing::Party { name, .. } => {
                let id = PartyId(self.fresh());
                self.catalog.parties.insert(id, name.clone());
                self.names.parties.insert(name.clone(), id);
            }
            Thing::Setting { key, value, org_unit } => {
                let org_unit = org_unit.as_ref().map_or(LocationId::NONE, |name| self.names.place(name));
                self.set(key, value, org_unit);
            }
        }
    }

    fn book(&mut self, booking: &Booking) -> Outcome {
        let tree = Arc::clone(&self.catalog.locations);
        let drafts: Vec<EntryDraft> =
            booking.entries.iter().map(|entry| self.names.draft(entry, |place| tree.org_unit_of(place))).collect();
        let first_entry = self.entries + 1;
        match self.book_drafts(booking.kind, &drafts) {
            Err(outcome) => outcome,
            Ok(booked) => Outcome::Booked(Booked {
                handle: usize::try_from(self.batches).expect("batches are few"),
                voucher: 1_000_000_000 + self.batches - 1,
                movements: self.moved(&booked.movements, first_entry),
                counts: booked.counts.iter().map(|count| (count.counted, count.expected)).collect(),
                warnings: booked.warnings.iter().map(told).collect(),
            }),
        }
    }

    fn reverse(&mut self, handle: usize, lines: Option<&[i64]>, at: Option<Time>) -> Outcome {
        let batch = BatchId(handle as i64);
        if self.valued.contains(&batch) {
            return self.reverse_value(batch, lines, at);
        }
        let mut movements: Vec<(MovementId, Movement)> = self
            .movements
            .iter()
            .filter(|(id, _)| id.batch.0 == handle as i64 && lines.is_none_or(|lines| lines.contains(&id.line)))
            .cloned()
            .collect();
        let batch_counts: Vec<StandingCount> = self
            .counts
            .range(CountId { batch, line: 0 }..)
            .take_while(|(id, _)| id.batch == batch)
            .map(|(id, count)| StandingCount {
                id: *id,
                product: count.product,
                variant: count.variant,
                location: count.location,
                at: count.effective_at,
                movement_line: count.movement_line,
                org_unit: count.org_unit,
            })
            .collect();
        if movements.is_empty() && (lines.is_some() || batch_counts.is_empty()) {
            return refused("notBooked", "nothing moved; there is nothing to undo".to_owned());
        }
        let is_undone =
            |wanted: &MovementId| self.movements.iter().any(|(_, movement)| movement.reverses == Some(*wanted));
        movements.retain(|(id, movement)| movement.kind != MovementKind::Compensation || !is_undone(id));
        if let Some((id, _)) = movements.iter().find(|(id, _)| is_undone(id)) {
            return refused("alreadyReversed", format!("movement {} was undone already", id.number()));
        }
        let named = batch_counts
            .iter()
            .filter(|count| lines.is_none() || movements.iter().any(|(id, _)| id.line == count.movement_line))
            .map(|count| count.id)
            .collect();
        let together = undone_together(&batch_counts, &named);
        let undone: Vec<CountId> = together.iter().map(|count| count.id).collect();
        let live: Vec<_> = self.kept.iter().filter(|(id, ..)| !is_undone(id)).copied().collect();
        let read = |wanted: &MovementId| {
            let found = self.movements.iter().find(|(id, _)| id == wanted);
            found.expect("what keeps a count true is a movement").clone()
        };
        for line in together.iter().map(|count| count.movement_line).filter(|line| *line >= 0) {
            let id = MovementId { batch, line };
            if !movements.iter().any(|(moved, _)| *moved == id) {
                movements.push(read(&id));
            }
        }
        let mut mates = Vec::new();
        let mut freed = BTreeMap::new();
        for (id, count, cause) in live {
            if undone.contains(&count) {
                freed.insert(id, count);
            }
            if movements.iter().any(|(moved, _)| *moved == cause) {
                mates.push(reversal::Mate { cause, count, id, movement: read(&id).1 });
            } else if movements.iter().any(|(moved, _)| *moved == id) && !undone.contains(&count) {
                return refused("isCompensation", format!("movement {} keeps a count true", id.number()));
            }
        }
        movements.retain(|(id, _)| freed.contains_key(id) || !mates.iter().any(|mate| mate.id == *id));
        for id in freed.keys() {
            if !movements.iter().any(|(moved, _)| moved == id) {
                movements.push(read(id));
            }
        }
        let of_moved = movements.iter().map(|(id, _)| id.batch);
        // Batches are numbered as they come here, which is where they stand.
        let positions = of_moved.chain(freed.values().map(|count| count.batch)).map(|batch| (batch, batch.0)).collect();
        let undoing = reversal::Undoing { movements, mates, freed, positions };
        let before = self.ledger.counts.clone();
        self.hold_counts(&undone);
        let outcome = reversal::reverse(&self.ledger, &self.catalog, &undoing, at, &mut self.ids);
        self.ledger.counts = before;
        match outcome {
            Ok(reversed) => {
                self.batches += 1;
                self.ledger.apply(reversed.touched);
                self.counts.retain(|id, _| !undone.contains(id));
                self.keep(BatchId(self.batches), &reversed.compensations);
                self.hold_counts(&[]);
                self.remember(BatchId(self.batches), &reversed.movements);
                Outcome::Booked(Booked {
                    handle: usize::try_from(self.batches).expect("batches are few"),
                    movements: self
                        .moved(&reversed.movements, reversed.movements.first().map_or(0, |first| first.entry.0)),
                    ..Booked::default()
                })
            }
            Err(reversal::Stop::Refused(refusals)) => {
                let messages: Vec<&str> = refusals.iter().map(|refusal| refusal.message.as_str()).collect();
                refused(refusals[0].code, messages.join("; "))
            }
            Err(reversal::Stop::Missing(missing)) => panic!("everything is loaded, and yet {missing:?}"),
        }
    }

    fn revalue(&mut self, revaluation: &Revaluation) -> Outcome {
        self.say_worth(revaluation)
    }

    fn land(&mut self, landing: &Landing) -> Outcome {
        self.say_landed(landing)
    }

    fn cost(&mut self, change: &CostingChange) -> Outcome {
        self.say_costing(change)
    }

    fn reserve(&mut self, reservation: &Reservation) -> Outcome {
        self.say_reserved(reservation)
    }

    fn signal(&mut self, label: &str, signal: Signal) -> Outcome {
        self.say_signal(label, signal)
    }

    fn reserved(&mut self, label: &str) -> (String, Quantity) {
        self.look_reserved(label)
    }

    fn pass_time(&mut self) {
        self.let_time_pass();
    }

    fn balance(&mut self, question: &Question) -> (Quantity, Amount) {
        self.look(question)
    }

    fn status(&mut self, product: &str, lot: &str) -> String {
        let id = self.catalog.lots_by_name[&(self.names.products[product], fold(lot))];
        self.catalog.lots[&id].status.name().to_owned()
    }

    fn settle(&mut self) {
        let pools = self.ledger.accounts.values().filter(|account| account.unsettled_from.is_some());
        let circles: BTreeSet<_> =
            pools.map(|account| (account.key.product, account.key.variant, account.key.lot)).collect();
        for circle in circles {
            self.settle_circle(circle);
        }
    }

    fn verify(&mut self) {
        self.check_counts();
        self.check_derived();
        self.settle();
        self.check_derived();
    }
}

impl Memory {
    /// Proves accounts from movements and value entries: each timeline has the root and the nodes that a
    /// replay in the order of time gives, all places of a key hold nothing together, and an empty pool that
    /// awaits no settlement is worth nothing.
    pub fn check_derived(&self) {
        let movements = || self.movements.iter().map(|(_, movement)| movement);
        let replayed = replay(movements(), &self.value_entries);
        let mut sums: HashMap<(ProductId, VariantId, LotId), i64> = HashMap::new();
        let mut found = 0;
        for account in self.ledger.accounts.values() {
            let (key, root) = (account.key, account.timeline.root());
            if key.kind == AccountKind::Stock {
                *sums.entry((key.product, key.variant, key.lot)).or_default() += root.quantity.0;
            }
            let Some((replayed_root, replayed_nodes)) = replayed.get(&account.id) else {
                assert_eq!(root.postings, 0, "{key:?} has postings without movements");
                continue;
            };
            found += 1;
            assert_eq!(root, replayed_root, "the root of {key:?}");
            let nodes: BTreeMap<Place, Node> = account.timeline.changes().map(|(place, node)| (place, *node)).collect();
            assert_eq!(nodes, *replayed_nodes, "the nodes of {key:?}");
            if key.kind == AccountKind::Pool && root.quantity.0 == 0 && account.unsettled_from.is_none() {
                assert_eq!(root.amount, Amount::ZERO, "{key:?} is empty and yet worth something");
            }
            if key.kind == AccountKind::Pool && root.quantity.0 > 0 && account.unsettled_from.is_none() {
                assert!(root.amount.0 >= 0, "{key:?} holds {} worth {}", root.quantity, root.amount.0);
            }
        }
        assert_eq!(found, replayed.len(), "movements post to accounts that are not there");
        for movement in movements() {
            assert!(movement.quantity.0 > 0 && movement.amount.0 >= 0, "{movement:?}");
            let key = (movement.product, movement.variant, movement.lot);
            for (end, sign) in [(&movement.from, -1), (&movement.to, 1)] {
                assert_eq!(end.account.0 != 0, end.location.is_real(), "{movement:?}");
                if end.location.is_outside() {
                    *sums.entry(key).or_default() += sign * movement.quantity.0;
                }
            }
        }
        assert!(sums.values().all(|sum| *sum == 0), "what left one place entered another: {sums:?}");
    }
}

/// The root and the nodes of every account, from nothing but movements and value entries.
pub fn replay<'m>(
    movements: impl IntoIterator<Item = &'m Movement>,
    value_entries: &[Effect],
) -> BTreeMap<AccountId, (Node, BTreeMap<Place, Node>)> {
    let mut postings: BTreeMap<AccountId, Vec<(Time, Quantity, Amount)>> = BTreeMap::new();
    for movement in movements {
        let (at, quantity, amount) = (movement.effective_at, movement.quantity.0, movement.amount.0);
        for (account, quantity, amount) in [
            (movement.from.account, -quantity, 0),
            (movement.to.account, quantity, 0),
            (movement.from.pool, -quantity, -amount),
            (movement.to.pool, quantity, amount),
        ] {
            if account.0 != 0 {
                postings.entry(account).or_default().push((at, Quantity(quantity), Amount(amount)));
            }
        }
    }
    for entry in value_entries {
        postings.entry(entry.pool).or_default().push((entry.at, Quantity::ZERO, Amount(entry.amount)));
    }
    postings
        .into_iter()
        .map(|(account, mut postings)| {
            postings.sort_by_key(|(at, _, _)| *at);
            let mut builder = Builder::new();
            let mut nodes = BTreeMap::new();
            let mut finished = |place, node| _ = nodes.insert(place, node);
            for (at, quantity, amount) in postings {
                builder.push(at, quantity, amount, &mut finished).expect("it was in range when it was booked");
            }
            let root = builder.finish(&mut finished);
            (account, (root, nodes))
        })
        .collect()
}
