//! What became of a lot, where a million edges are known.

use std::time::Instant;

use lotbook_domain::id::LotId;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_engine::command::{Action, ActionKind, Execute, LotNamed, Reach};
use lotbook_engine::query::trace::{Limits, Way, trace};
use lotbook_engine::raw::run as raw;
use lotbook_engine::tenant;
use lotbook_engine::thing::kinds;

use super::figure::{Figure, Times};
use super::site::{Site, create, record, text};
use super::{Bench, Failure};

const NAME: &str = "trace";
/// Families of lots, each of which begins with one lot …
const FAMILIES: i64 = 100;
/// … that goes into so many, each of which goes on into another, so many times.
const WIDTH: i64 = 1_000;
const LEVELS: i64 = 10;
/// A lot that goes into so many orders.
const ORDERS: i64 = 1_300;
const TIMES: usize = 20;
/// In milliseconds.
const DEEP: f64 = 300.0;
const WIDE: f64 = 50.0;

/// Beyond the lots that exist.
const FROM: i64 = 1 << 40;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    let product = record([("identifier", text("RAW")), ("name", text("Raw")), ("tracking", text("lot"))]);
    let product = create(&site.engine, &kinds::PRODUCTS, vec![product])?[0];
    let action = Action {
        kind: Some(ActionKind::Run(RunKind::Receive)),
        quantity: Some(Quantity(1_000_000)),
        product: Some(product.into()),
        lot: LotNamed::None,
        to: Some(site.locations[0]),
        makes_lots: true,
        ..Action::default()
    };
    site.engine.change(site.request(), Execute { actions: vec![action], reach: Reach::All })?;
    let store = site.engine.store();
    let (_, runs) = raw::last_runs(store, tenant::DEFAULT, 1)?;
    let like = runs.first().ok_or_else(|| Failure("nothing was received".to_owned()))?;
    let lot = |family: i64, level: i64, no: i64| {
        LotId(FROM + (family * (LEVELS + 1) + level) * WIDTH + if level == 0 { 0 } else { no })
    };
    let edges = (0..FAMILIES).flat_map(|family| {
        (0..LEVELS).flat_map(move |level| {
            // Neighbours in a plant's life are not neighbours in its lots.
            (0..WIDTH).map(move |no| (lot(family, level, no * 7 % WIDTH), lot(family, level + 1, no)))
        })
    });
    let popular = LotId(FROM - 1);
    let orders = (0..ORDERS).map(|no| (popular, LotId(FROM - 2 - no)));
    raw::write_edges(store, tenant::DEFAULT, like, edges.chain(orders))?;
    bench.look_up()?;

    let far = Limits { depth: LEVELS, nodes: 10_000 };
    let follow = |root: LotId, depth: i64, wanted: i64| {
        let found = site.engine.read(|conn| trace(conn, tenant::DEFAULT, root, Way::Output, depth, None, far))?;
        if found.nodes.len() as i64 == wanted {
            Ok(())
        } else {
            Err(Failure(format!("{} lots were found, not {wanted}", found.nodes.len())))
        }
    };
    let deep = timed(|turn| follow(lot(turn * 13 % FAMILIES, 0, 0), LEVELS, WIDTH * LEVELS))?;
    let name = format!("{} lots, {LEVELS} levels, of {} edges", WIDTH * LEVELS, FAMILIES * WIDTH * LEVELS);
    tell(Figure::ms(NAME, name, deep).below(DEEP));
    let scan = timed(|_| raw::scan_edges(store, tenant::DEFAULT, popular).map(|_| ()).map_err(Failure::from))?;
    let wide = timed(|_| follow(popular, 1, ORDERS))?;
    let ratio = wide.as_secs_f64() / scan.as_secs_f64();
    tell(
        Figure::ms(NAME, format!("a lot in {ORDERS} orders"), wide).beside(scan.as_secs_f64() * 1e3, ratio).below(WIDE),
    );
    Ok(())
}

fn timed(mut ask: impl FnMut(i64) -> Result<(), Failure>) -> Result<std::time::Duration, Failure> {
    let mut times = Times::default();
    for turn in 0..=TIMES {
        let started = Instant::now();
        ask(turn as i64)?;
        if turn > 0 {
            times.push(started.elapsed());
        }
    }
    Ok(times.median())
}
