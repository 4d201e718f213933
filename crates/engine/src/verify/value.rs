//! I7: what the pools of a product are worth by the definition, replayed from the first movement.

use std::collections::BTreeMap;

use lotbook_domain::catalog::Catalog;
use lotbook_domain::costing::Plan;
use lotbook_domain::id::{AccountId, LotId, MovementId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::Account;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::settlement::Replay;
use lotbook_domain::time::Time;

use super::Ticker;
use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::replay::{Walk, each_event};
use crate::store::{Arg, Conn};
use crate::structure::Structure;
use crate::table;

/// Circles of pools looked up together.
const CHUNK: i64 = 1_000;

pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(), Error> {
    let mut after = (ProductId(0), VariantId(0), LotId(i64::MIN));
    loop {
        let circles = table::scan::circles(conn, tenant, after, CHUNK)?;
        let Some(last) = circles.last() else { return Ok(()) };
        after = *last;
        let products = table::catalog::products(conn, tenant, circles.iter().map(|(product, _, _)| *product))?;
        let mut catalog = Catalog::default();
        catalog.products.extend(products.into_iter().map(|product| (product.id, product)));
        let variants = circles.iter().map(|(_, variant, _)| *variant).filter(|variant| variant.0 != 0);
        let variants = table::catalog::variants(conn, tenant, variants)?;
        catalog.variants.extend(variants.into_iter().map(|variant| (variant.id, variant)));
        for (product, variant, lot) in circles {
            let pools = table::account::select(
                conn,
                "a.tenant = $1 and a.product = $2 and a.kind = 2 and a.variant = $3 and a.lot = $4",
                &[Arg::Int(tenant.0), Arg::Int(product.0), Arg::Int(variant.0), Arg::Int(lot.0), Arg::Int(i64::MAX)],
            )?;
            // Correction travels between the pools of a circle, so they are settled together or not at all.
            if pools.iter().all(|pool| pool.unsettled_from.is_none()) {
                replay(conn, tenant, structure, catalog.costing(product, variant), &pools, found, ticker)?;
            }
        }
    }
}

fn replay(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    plan: Plan,
    pools: &[Account],
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(), Error> {
    let ids: Vec<AccountId> = pools.iter().map(|pool| pool.id).collect();
    let replay = Replay::new(plan, structure.catalog.policies.scale, BTreeMap::new(), Time::BEGINNING);
    let mut walk = Walk::new(conn, tenant, &ids, Time::BEGINNING, replay)?;
    let mut is_too_large = false;
    let read = each_event(conn, tenant, &ids, (Time::BEGINNING, Time::FOREVER), |event| {
        ticker.tick();
        is_too_large = is_too_large || walk.show(&event).is_none();
        drop(walk.replay.take_effects());
        Ok(())
    });
    match read {
        // A movement that cannot be read was told with its batch.
        Err(Error::Internal(_)) => return Ok(()),
        other => other?,
    }
    let Walk { mut replay, changed, .. } = walk;
    is_too_large = is_too_large || replay.end().is_none();
    // What is made of them has to have been told what they cost.
    let ids: Vec<MovementId> = changed.iter().map(|(id, _)| *id).collect();
    for (id, pool, _) in table::cost_link::taken_over(conn, tenant, &ids)? {
        let delta = changed.iter().find(|(of, _)| *of == id).map_or(0, |(_, delta)| *delta);
        found.differs(7, Thing::Movement(id, None), || {
            format!("costs {} more than was booked by now, which pool {pool} was not told", Quantity(delta))
        });
    }
    let defined = replay.finish();
    for pool in pools {
        found.checked(7, 1);
        let root = pool.timeline.root();
        let (quantity, value) = defined.get(&pool.id).map_or((0, 0), |pool| (pool.quantity, pool.value));
        if is_too_large {
            found.differs(7, Thing::Account(pool.id, pool.key), || "its value leaves the range of 64 bits".to_owned());
        } else if (root.quantity.0, root.amount.0) != (quantity, value) {
            found.differs(7, Thing::Account(pool.id, pool.key), || {
                format!(
                    "holds {} worth {}; by the definition it is {} worth {}",
                    root.quantity,
                    Quantity(root.amount.0),
                    Quantity(quantity),
                    Quantity(value)
                )
            });
        }
    }
    Ok(())
}
