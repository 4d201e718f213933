//! Ten thousand operations that wait for an edge of their tags.

use std::fmt::Write;
use std::time::{Duration, Instant};

use lotbook_engine::thing::kinds;

use super::client::Client;
use super::figure::{Figure, Times};
use super::machine::cpu_time;
use super::site::{Site, create, record, text};
use super::{Bench, Failure};

const NAME: &str = "triggers";
/// Operations, each with a tag of its own.
const OPERATIONS: usize = 10_000;
const CREATED_AT_ONCE: usize = 2_000;
/// So many tags change every second, a call for every twentieth of one.
const CHANGES: usize = 1_000;
const CALLS: usize = 20;
/// Of so many changes one is an edge, which starts or stops an operation.
const EDGES_OF: usize = 20;
/// In milliseconds, from the change to the committed start or stop.
const SLOW: f64 = 500.0;
/// Of one core; the clients are in it.
const BUSY: f64 = 0.5;

pub(super) fn run(bench: &Bench<'_>, site: &Site, tell: &mut dyn FnMut(Figure)) -> Result<(), Failure> {
    furnish(site)?;
    // Every trigger has seen a value, and what is edited or asked rarely is in memory.
    for first in (0..OPERATIONS).step_by(CREATED_AT_ONCE) {
        let body = samples((first..first + CREATED_AT_ONCE).map(|no| (no, 10)));
        bench.wait(put(site, &body))?;
    }
    let (mut times, busy) = bench.wait(load(site, bench.plan.seconds, EDGES_OF))?;
    let name = format!("{CHANGES} changes/s, {} edges/s, {OPERATIONS} triggers", CHANGES / EDGES_OF);
    tell(Figure::ms(NAME, format!("{name}: a change, p50"), times.median()));
    tell(Figure::ms(NAME, format!("{name}: a change, max"), times.max()).below(SLOW));
    tell(Figure::new(NAME, format!("{name}: one core"), busy, "busy").below(BUSY));
    let (mut times, busy) = bench.wait(load(site, bench.plan.seconds, 1))?;
    let name = format!("{CHANGES} changes/s, all of them edges");
    tell(Figure::ms(NAME, format!("{name}: a change, p50"), times.median()));
    tell(Figure::ms(NAME, format!("{name}: a change, max"), times.max()));
    tell(Figure::new(NAME, format!("{name}: one core"), busy, "busy"));
    Ok(())
}

fn furnish(site: &Site) -> Result<(), Failure> {
    create(
        &site.engine,
        &kinds::PRODUCTS,
        vec![record([("identifier", text("MILK")), ("name", text("Milk")), ("tracking", text("lot"))])],
    )?;
    for first in (0..OPERATIONS).step_by(CREATED_AT_ONCE) {
        let operations = (first..first + CREATED_AT_ONCE).map(|no| {
            let trigger = text(&format!("{{[default]T/{no}}} > 100"));
            record([
                ("name", text(&format!("Fill {no}"))),
                ("operationType", text("RECEIVE")),
                ("startTriggerExpression", trigger.clone()),
                ("stopTriggerExpression", trigger),
                ("quantityExpression", text(&format!("{{[default]T/{no}}}"))),
                ("quantityCalcType", text("DIRECT")),
                ("primaryLotResolutionStrategy", text("EXPRESSION")),
                ("primaryLotCodeExpression", text("'M1'")),
                ("createLotIfNotFound", lotbook_engine::thing::Value::Bool(true)),
                ("material", text("MILK")),
                ("destinationLocation", text(&format!("Shelf {}", no % 10 + 1))),
            ])
        });
        create(&site.engine, &kinds::OPERATIONS, operations.collect())?;
    }
    Ok(())
}

fn samples(values: impl Iterator<Item = (usize, i64)>) -> String {
    let mut body = String::from("[");
    for (no, value) in values {
        if body.len() > 1 {
            body.push(',');
        }
        let _ = write!(body, "{{\"path\":\"[default]T/{no}\",\"value\":{value}}}");
    }
    body.push(']');
    body
}

async fn put(site: &Site, body: &str) -> Result<(), Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    client.request("PUT", "/v1/tags", body).await
}

/// Changes tags at an even pace: how long each waited until it was handled, from the moment when it was due,
/// and how busy one core was.
async fn load(site: &Site, seconds: u64, edges_of: usize) -> Result<(Times, f64), Failure> {
    let mut client = Client::connect(site.address, &site.token).await?;
    let at_once = CHANGES / CALLS;
    let mut times = Times::default();
    let (began, busy_before) = (Instant::now(), cpu_time());
    for call in 0..CALLS * seconds as usize {
        let due = began + Duration::from_secs(1) * call as u32 / CALLS as u32;
        tokio::time::sleep_until(due.into()).await;
        let round = call * at_once / OPERATIONS;
        let value = |no: usize| {
            let is_edge = no.is_multiple_of(edges_of) && round.is_multiple_of(2);
            (no, if is_edge { 150 } else { 10 + (round % 50) as i64 })
        };
        let body = samples((0..at_once).map(|at| value((call * at_once + at) % OPERATIONS)));
        client.request("PUT", "/v1/tags", &body).await?;
        times.push(due.elapsed());
    }
    let busy = cpu_time().saturating_sub(busy_before).as_secs_f64() / began.elapsed().as_secs_f64();
    Ok((times, busy))
}
