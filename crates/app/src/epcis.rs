//! What happened, as EPCIS 2.0 events for trading partners and repositories: one JSON-LD document.
//!
//! A run or a movement becomes one event ([`mapping`]), or two where a lot first appears or is counted. What things are
//! called outside the house is [`names`]' business. Which becomes what, and why:
//! `docs/decisions/0019-what-leaves-as-epcis.md`.

pub mod event;
pub mod mapping;
pub mod names;

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use lotbook_domain::id::{BatchId, LotId, MovementId, ProductId, RunId, TenantId};
use lotbook_domain::movement::MovementKind;
use lotbook_domain::time::Time;
use lotbook_engine::query::codes;
use lotbook_engine::query::movement::{self, MovementFilter, Posted};
use lotbook_engine::table::run::{self, Run};
use lotbook_engine::table::{catalog, header};
use lotbook_engine::{Conn, Engine, Error};

use event::Event;
use names::Names;

/// Records read together.
const PAGE: i64 = 1_000;

/// Which events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Of this lot and its product.
    pub lot: Option<(LotId, ProductId)>,
    /// Of what was true from then on …
    pub from: Option<Time>,
    /// … and before then.
    pub before: Option<Time>,
}

/// Writes the document; `told` hears of every event. Memory: a page of records, and a few words per lot.
///
/// Errors: whatever the database or the target say.
pub fn export<E: From<Error> + From<std::io::Error>>(
    engine: &Engine,
    tenant: TenantId,
    wanted: Wanted,
    out: &mut dyn Write,
    mut told: impl FnMut(),
) -> Result<(), E> {
    let mut names = engine.read(|conn| Ok::<_, Error>(Names::new(engine.structure(conn, tenant)?)))?;
    write!(out, "{}", event::head(engine.now(), &names.base))?;
    let mut is_first = true;
    let mut write = |events: Vec<Event>| -> Result<(), std::io::Error> {
        for event in events {
            out.write_all(if is_first { b"\n" } else { b",\n" })?;
            is_first = false;
            serde_json::to_writer(&mut *out, &event)?;
            told();
        }
        Ok(())
    };
    let mut after = RunId(0);
    loop {
        let (last, events) = engine.read(|conn| {
            let period = (wanted.from, wanted.before);
            let runs = run::completed(conn, tenant, wanted.lot.map(|(lot, _)| lot), period, after, PAGE)?;
            names.learn_runs(conn, tenant, &runs)?;
            let events: Vec<Event> = runs.iter().flat_map(|run| mapping::of_run(run, &names)).collect();
            Ok::<_, Error>((runs.last().map(|run| run.id), events))
        })?;
        write(events)?;
        let Some(last) = last else { break };
        after = last;
    }
    let mut filter = MovementFilter {
        products: wanted.lot.map(|(_, product)| vec![product]),
        lot: wanted.lot.map(|(lot, _)| lot),
        effective: (wanted.from, wanted.before.map(|at| Time(at.0 - 1))),
        ..MovementFilter::default()
    };
    // The run whose undoing was told last: it is undone line by line, and told once.
    let mut undone = None;
    loop {
        let (last, events) = engine.read(|conn| {
            let found = movement::page(conn, tenant, &filter, 0, PAGE)?;
            let last = found.last().map(|posted| posted.number);
            Ok::<_, Error>((last, of_movements(conn, tenant, found, &mut names, &mut undone)?))
        })?;
        write(events)?;
        let Some(last) = last else { break };
        filter.after = last;
    }
    writeln!(out, "\n]}}}}")?;
    Ok(())
}

/// The events of movements that no run made, and of what undoes others.
fn of_movements(
    conn: &mut Conn,
    tenant: TenantId,
    mut found: Vec<Posted>,
    names: &mut Names,
    undone: &mut Option<String>,
) -> Result<Vec<Event>, Error> {
    found.retain(|posted| posted.run.is_none());
    let reversed: Vec<MovementId> = found.iter().filter_map(|posted| posted.movement.reverses).collect();
    let originals = movement::by_ids(conn, tenant, &reversed)?;
    let runs: BTreeSet<String> = originals.iter().filter_map(|posted| posted.run.clone()).collect();
    let runs = run::by_uids(conn, tenant, runs)?;
    names.learn_runs(conn, tenant, &runs)?;
    names.learn_movements(conn, tenant, &found.iter().chain(&originals).collect::<Vec<_>>())?;
    let batches = found.iter().chain(&originals).map(|posted| BatchId(posted.number >> 20)).collect::<BTreeSet<_>>();
    let uids = header::uids(conn, tenant, batches)?;
    let uid = |posted: &Posted| uids.get(&BatchId(posted.number >> 20)).map_or("", String::as_str).to_owned();
    let originals: HashMap<i64, Posted> = originals.into_iter().map(|posted| (posted.number, posted)).collect();
    let runs: HashMap<&str, &Run> = runs.iter().map(|run| (run.uid.as_str(), run)).collect();
    let mut events = Vec::new();
    for posted in &found {
        if posted.movement.kind != MovementKind::Reversal {
            events.extend(mapping::of_movement(posted, &uid(posted), names));
            continue;
        }
        let Some(original) = posted.movement.reverses.and_then(|id| originals.get(&id.number())) else { continue };
        let mut wrong = match original.run.as_deref().and_then(|run| runs.get(run)) {
            Some(run) if undone.as_ref() == Some(&run.uid) => Vec::new(),
            Some(run) => {
                *undone = Some(run.uid.clone());
                mapping::of_run(run, names)
            }
            None => mapping::of_movement(original, &uid(original), names),
        };
        mapping::declare_wrong(&mut wrong, posted.booked_at);
        events.extend(wrong);
    }
    Ok(events)
}

impl Names {
    fn learn_runs(&mut self, conn: &mut Conn, tenant: TenantId, runs: &[Run]) -> Result<(), Error> {
        let lots = runs.iter().flat_map(|run| [run.lot, run.secondary_lot]);
        let products = runs.iter().flat_map(|run| [run.product, run.secondary_product]);
        self.learn(conn, tenant, lots.collect(), products.collect())
    }

    fn learn_movements(&mut self, conn: &mut Conn, tenant: TenantId, found: &[&Posted]) -> Result<(), Error> {
        let moved = || found.iter().map(|posted| &posted.movement);
        let variants = moved().map(|moved| moved.variant).filter(|id| id.0 != 0 && !self.variants.contains_key(id));
        let variants = codes::variants(conn, tenant, variants.collect::<BTreeSet<_>>())?;
        self.variants.extend(variants);
        let parties = moved().flat_map(|moved| [moved.customer, moved.supplier]);
        let parties = parties.filter(|id| id.0 != 0 && !self.parties.contains_key(id)).collect::<BTreeSet<_>>();
        self.parties.extend(codes::parties(conn, tenant, parties)?);
        let lots = moved().map(|moved| moved.lot).collect();
        self.learn(conn, tenant, lots, moved().map(|moved| moved.product).collect())
    }

    fn learn(
        &mut self,
        conn: &mut Conn,
        tenant: TenantId,
        mut lots: BTreeSet<LotId>,
        mut products: BTreeSet<ProductId>,
    ) -> Result<(), Error> {
        lots.retain(|id| id.0 != 0 && !self.lots.contains_key(id));
        products.retain(|id| id.0 != 0 && !self.products.contains_key(id));
        self.firsts.extend(movement::first_of_lots(conn, tenant, lots.iter().copied())?);
        self.lots.extend(catalog::lots(conn, tenant, lots)?.into_iter().map(|lot| (lot.id, lot)));
        self.products.extend(codes::products(conn, tenant, products)?);
        Ok(())
    }
}
