//! Differences as they are found, and their names, which are looked up at the end.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::id::{
    AccountId, BatchId, EntryId, LocationId, LotId, MovementId, ProductId, RunId, TenantId, VariantId,
};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::location::LocationTree;
use lotbook_domain::movement::Movement;

use super::report::{Check, Difference, NAMED_MAX, STATEMENTS};
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// What a difference is about.
#[derive(Clone, Debug)]
pub(super) enum Thing {
    Account(AccountId, AccountKey),
    Key(ProductId, VariantId, LotId),
    /// A movement, with product, lot and both places where it could be read.
    Movement(MovementId, Option<(ProductId, VariantId, LotId, LocationId, LocationId)>),
    Batch(BatchId),
    Entry(EntryId),
    Instance(LotId),
    /// That a part of the first lot became a part of the second one by a run.
    Edge(RunId, LotId, LotId),
    /// Something that a settlement says; it is told with what it settled.
    Settled(BatchId, String),
    Other(String),
}

impl Thing {
    pub fn movement(id: MovementId, movement: &Movement) -> Self {
        let key = (movement.product, movement.variant, movement.lot, movement.from.location, movement.to.location);
        Self::Movement(id, Some(key))
    }
}

/// What was found so far, by invariant number from 1.
#[derive(Default)]
pub(super) struct Findings {
    checked: [u64; 12],
    differences: [u64; 12],
    kept: [Vec<(Thing, String)>; 12],
    notes: [Vec<String>; 12],
}

impl Findings {
    /// Notes that so many things were looked at.
    pub fn checked(&mut self, invariant: usize, n: u64) {
        self.checked[invariant - 1] += n;
    }

    /// Notes a difference.
    pub fn differs(&mut self, invariant: usize, thing: Thing, what: impl FnOnce() -> String) {
        let at = invariant - 1;
        self.differences[at] += 1;
        if self.kept[at].len() < NAMED_MAX {
            self.kept[at].push((thing, what()));
        }
    }

    /// Notes something that is no difference.
    pub fn note(&mut self, invariant: usize, note: String) {
        self.notes[invariant - 1].push(note);
    }

    /// Adds what was found later.
    pub fn add(&mut self, later: Self) {
        for (at, (kept, notes)) in later.kept.into_iter().zip(later.notes).enumerate() {
            self.checked[at] += later.checked[at];
            self.differences[at] += later.differences[at];
            let room = NAMED_MAX.saturating_sub(self.kept[at].len());
            self.kept[at].extend(kept.into_iter().take(room));
            self.notes[at].extend(notes);
        }
    }

    /// The checks, with names.
    pub fn into_checks(self, conn: &mut Conn, tenant: TenantId) -> Result<Vec<Check>, Error> {
        let names = Names::load(conn, tenant, self.kept.iter().flatten().map(|(thing, _)| thing))?;
        let mut kept = self.kept.into_iter();
        let mut notes = self.notes.into_iter();
        Ok(STATEMENTS
            .iter()
            .enumerate()
            .map(|(at, (invariant, statement, unit))| Check {
                invariant,
                statement,
                checked: self.checked[at],
                unit,
                differences: self.differences[at],
                named: kept
                    .next()
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(thing, what)| Difference { thing: names.of(&thing), what })
                    .collect(),
                notes: notes.next().unwrap_or_default(),
            })
            .collect())
    }
}

/// What products, variants, lots and places are called.
struct Names {
    settled: HashMap<BatchId, table::value_entry::SettledKey>,
    products: HashMap<ProductId, String>,
    variants: HashMap<VariantId, String>,
    lots: HashMap<LotId, (ProductId, String)>,
    places: LocationTree,
}

impl Names {
    fn load<'a>(
        conn: &mut Conn,
        tenant: TenantId,
        things: impl Iterator<Item = &'a Thing> + Clone,
    ) -> Result<Self, Error> {
        let batches = things.clone().filter_map(|thing| match thing {
            Thing::Settled(batch, _) => Some(*batch),
            _ => None,
        });
        let settled: HashMap<_, _> = table::value_entry::settled(conn, tenant, batches)?.into_iter().collect();
        let mut products = BTreeSet::new();
        let mut variants = BTreeSet::new();
        let mut lots = BTreeSet::new();
        for thing in things {
            let (product, variant, lot) = match thing {
                Thing::Account(_, key) => (key.product, key.variant, key.lot),
                Thing::Key(product, variant, lot) | Thing::Movement(_, Some((product, variant, lot, _, _))) => {
                    (*product, *variant, *lot)
                }
                Thing::Instance(lot) => (ProductId(0), VariantId(0), *lot),
                Thing::Edge(_, from, to) => {
                    lots.insert(*from);
                    (ProductId(0), VariantId(0), *to)
                }
                Thing::Settled(batch, _) => match settled.get(batch) {
                    Some(key) => *key,
                    None => continue,
                },
                Thing::Movement(_, None) | Thing::Batch(_) | Thing::Entry(_) | Thing::Other(_) => continue,
            };
            products.insert(product);
            variants.insert(variant);
            lots.insert(lot);
        }
        let lots = table::catalog::lots(conn, tenant, lots)?;
        products.extend(lots.iter().map(|lot| lot.product));
        let products = table::catalog::products(conn, tenant, products)?;
        let variants = table::catalog::variants(conn, tenant, variants)?;
        Ok(Self {
            settled,
            products: products.into_iter().map(|product| (product.id, product.identifier)).collect(),
            variants: variants.into_iter().map(|variant| (variant.id, variant.identifier)).collect(),
            lots: lots.into_iter().map(|lot| (lot.id, (lot.product, lot.name))).collect(),
            places: LocationTree::new(table::catalog::locations(conn, tenant)?),
        })
    }

    fn product(&self, id: ProductId) -> String {
        self.products.get(&id).cloned().unwrap_or_else(|| format!("product {id}"))
    }

    fn lot(&self, id: LotId) -> String {
        self.lots.get(&id).map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }

    fn key(&self, product: ProductId, variant: VariantId, lot: LotId) -> String {
        let mut name = self.product(product);
        if variant.0 != 0 {
            let variant = self.variants.get(&variant).cloned().unwrap_or_else(|| format!("variant {variant}"));
            name = format!("{name} {variant}");
        }
        if lot.0 != 0 {
            name = format!("{name} lot {}", self.lot(lot));
        }
        name
    }

    fn of(&self, thing: &Thing) -> String {
        match thing {
            Thing::Account(id, key) => {
                let kind = if key.kind == AccountKind::Pool { "cost pool" } else { "stock" };
                let what = self.key(key.product, key.variant, key.lot);
                format!("the {kind} of {what} at {} (account {id})", self.places.name_of(key.place))
            }
            Thing::Key(product, variant, lot) => self.key(*product, *variant, *lot),
            Thing::Movement(id, Some((product, variant, lot, from, to))) => format!(
                "movement {} ({} from {} to {})",
                id.number(),
                self.key(*product, *variant, *lot),
                self.places.name_of(*from),
                self.places.name_of(*to)
            ),
            Thing::Movement(id, None) => format!("movement {}", id.number()),
            Thing::Batch(batch) => format!("batch {batch}"),
            Thing::Entry(entry) => format!("entry {entry}"),
            Thing::Instance(lot) => match self.lots.get(lot) {
                Some((product, name)) => format!("instance {name} of {}", self.product(*product)),
                None => format!("instance {lot}"),
            },
            Thing::Edge(run, from, to) => {
                format!("run {run}, lot {} into lot {}", self.lot(*from), self.lot(*to))
            }
            Thing::Settled(batch, said) => match self.settled.get(batch) {
                Some((product, variant, lot)) => {
                    format!("batch {batch}, a settlement of {}: {said}", self.key(*product, *variant, *lot))
                }
                None => format!("batch {batch}: {said}"),
            },
            Thing::Other(text) => text.clone(),
        }
    }
}
