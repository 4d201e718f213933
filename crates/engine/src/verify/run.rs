//! I11: what a run says that it moved is in the ledger, once, and what was moved by runs a run says; what went into
//! production and what came out of it is which lot became which, and nothing else is; and the open run of an operation,
//! where its counter goes on, is one that is open.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, ProductId, RunId, TenantId};
use lotbook_domain::movement::MovementKind;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::error::Error;
use crate::store::Conn;
use crate::table::run::Edge;
use crate::table::run::scan::{self, Moved};

/// Runs looked at together.
const CHUNK: i64 = 1_000;

pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    let mut after = RunId(0);
    loop {
        let chunk = scan::ids_after(conn, tenant, after, CHUNK)?;
        let Some(last) = chunk.last() else { break };
        after = *last;
        found.checked(11, chunk.len() as u64);
        let mut edges: BTreeMap<RunId, Vec<Edge>> = BTreeMap::new();
        for edge in scan::edges_of(conn, tenant, &chunk)? {
            edges.entry(edge.run).or_default().push(edge);
        }
        let mut tally = Tally::default();
        scan::each_moved(conn, tenant, &chunk, |moved| {
            if tally.run.as_ref().is_none_or(|run| run.id != moved.id) {
                let own = tally.run.as_ref().and_then(|run| edges.remove(&run.id));
                tally.end(own.unwrap_or_default(), found);
                tally = Tally::default();
            }
            tally.add(moved, found);
            Ok(())
        })?;
        let own = tally.run.as_ref().and_then(|run| edges.remove(&run.id));
        tally.end(own.unwrap_or_default(), found);
        for (run, edges) in edges.into_iter().filter(|(run, _)| chunk.binary_search(run).is_ok()) {
            found.differs(11, thing(run), || {
                format!("moved nothing, but {} lots are said to have come of others by it", edges.len())
            });
        }
    }
    for (run, from, to) in scan::edges_without_run(conn, tenant, NAMED_MAX as i64)? {
        found.differs(11, Thing::Edge(run, from, to), || {
            "is in the genealogy; the run that it is said to have come of is not there".to_owned()
        });
    }
    for (run, batch, line) in scan::claimed_twice(conn, tenant, NAMED_MAX as i64)? {
        found.differs(11, thing(run), || {
            format!("says that movement {} is its own; another run says so too", MovementId { batch, line }.number())
        });
    }
    for (name, run) in scan::operations_astray(conn, tenant, NAMED_MAX as i64)? {
        found.differs(11, Thing::Other(format!("operation {name}")), || {
            format!("says that run {run} is its open run; that is not open, or belongs to another operation")
        });
    }
    Ok(())
}

/// A movement that a run made.
pub(super) struct OfRun {
    pub id: MovementId,
    pub kind: RunKind,
    pub thing: Thing,
}

/// Of a chunk of batches: each movement that a run made, in their order, is one that a run says it made.
pub(super) fn claimed(
    conn: &mut Conn,
    tenant: TenantId,
    (after, to): (BatchId, BatchId),
    movements: Vec<OfRun>,
    found: &mut Findings,
) -> Result<(), Error> {
    if movements.is_empty() {
        return Ok(());
    }
    let mut spans = scan::spans(conn, tenant, after, to)?.into_iter().peekable();
    // How far those runs reach that begin at the line at hand or before it.
    let mut reach = (BatchId(0), 0);
    for OfRun { id, kind, thing } in movements {
        while let Some((batch, _, last)) = spans.next_if(|(batch, first, _)| (*batch, *first) <= (id.batch, id.line)) {
            reach = reach.max((batch, last));
        }
        if reach < (id.batch, id.line) {
            found.differs(11, thing, || {
                format!("was made by a run of kind {}, and no run says that it made it; the run is lost", kind.name())
            });
        }
    }
    Ok(())
}

fn thing(run: RunId) -> Thing {
    Thing::Other(format!("run {run}"))
}

/// What the movements of a run come to.
#[derive(Default)]
struct Tally {
    run: Option<Moved>,
    lines: i64,
    leaves: BTreeMap<(ProductId, LotId), i64>,
    enters: BTreeMap<(ProductId, LotId), i64>,
    /// The lots that went into production.
    used: BTreeSet<LotId>,
    /// The lots that came out of it, and when.
    made: BTreeMap<LotId, Time>,
}

impl Tally {
    fn add(&mut self, moved: Moved, found: &mut Findings) {
        if let Some(movement) = &moved.movement {
            self.lines += 1;
            if movement.kind != MovementKind::Run(moved.kind).code() {
                found.differs(11, thing(moved.id), || {
                    format!("is {}, but its movement {} is of another kind", moved.kind.name(), movement.id.number())
                });
            }
            let key = (movement.product, movement.lot);
            if movement.lot.0 != 0 && movement.to == LocationId::PRODUCTION {
                self.used.insert(movement.lot);
            }
            if movement.lot.0 != 0 && movement.from == LocationId::PRODUCTION {
                self.made.insert(movement.lot, movement.at);
            }
            for (place, sums) in [(movement.from, &mut self.leaves), (movement.to, &mut self.enters)] {
                if place.is_real() {
                    let sum = sums.entry(key).or_default();
                    *sum = sum.saturating_add(movement.quantity.0);
                }
            }
        }
        self.run = Some(moved);
    }

    /// The most of a lot that went in or came out; 0 = it was not touched.
    fn most(&self, is_asked: impl Fn(&(ProductId, LotId)) -> bool) -> i64 {
        let sums = self.leaves.iter().chain(&self.enters);
        sums.filter(|(key, _)| is_asked(key)).map(|(_, sum)| *sum).max().unwrap_or(0)
    }

    fn end(&self, edges: Vec<Edge>, found: &mut Findings) {
        let Some(run) = &self.run else { return };
        let said = run.last_line.saturating_sub(run.first_line).saturating_add(1);
        if said != self.lines {
            found.differs(11, thing(run.id), || {
                format!("says that it has {said} movements in batch {}; there are {}", run.batch, self.lines)
            });
            return;
        }
        let primary = (run.product, run.lot);
        for (what, said, is) in [
            ("its lot", run.primary_quantity.0, self.most(|key| *key == primary)),
            ("its other lot", run.secondary_quantity.0, self.most(|key| *key != primary)),
        ] {
            if said != is {
                found.differs(11, thing(run.id), || {
                    format!("says that it moved {} of {what}; its movements say {}", Quantity(said), Quantity(is))
                });
            }
        }
        let of_lot = |sums: &BTreeMap<(ProductId, LotId), i64>, lot: LotId| -> i64 {
            sums.iter().filter(|((_, found), _)| *found == lot).fold(0, |all, (_, sum)| all.saturating_add(*sum))
        };
        self.compare_genealogy(run.id, &edges, found);
        for edge in edges {
            let moved = (of_lot(&self.leaves, edge.from), of_lot(&self.enters, edge.to));
            if moved != (edge.from_quantity.0, edge.to_quantity.0) {
                found.differs(11, thing(run.id), || {
                    format!(
                        "made {} of lot {} from {} of lot {} by the genealogy; its movements say {} and {}",
                        edge.to_quantity,
                        edge.to,
                        edge.from_quantity,
                        edge.from,
                        Quantity(moved.1),
                        Quantity(moved.0)
                    )
                });
            }
        }
    }

    /// What went into production became what came out of it, and nothing else did.
    fn compare_genealogy(&self, run: RunId, edges: &[Edge], found: &mut Findings) {
        let became = |from: LotId, to: LotId| from != to && self.used.contains(&from) && self.made.contains_key(&to);
        let known: BTreeSet<(LotId, LotId)> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
        let pairs = self.made.keys().flat_map(|to| self.used.iter().map(move |from| (*from, *to)));
        let missing = pairs.filter(|(from, to)| from != to && !known.contains(&(*from, *to)));
        for (from, to) in missing.take(NAMED_MAX) {
            found.differs(11, Thing::Edge(run, from, to), || {
                "its movements say so; it is missing in the genealogy".to_owned()
            });
        }
        for edge in edges {
            let thing = || Thing::Edge(run, edge.from, edge.to);
            match self.made.get(&edge.to).filter(|_| became(edge.from, edge.to)) {
                None => found.differs(11, thing(), || "is in the genealogy; its movements do not say so".to_owned()),
                Some(at) if *at != edge.at => found
                    .differs(11, thing(), || format!("is of {} by the genealogy; its movements are of {at}", edge.at)),
                Some(_) => {}
            }
        }
    }
}
