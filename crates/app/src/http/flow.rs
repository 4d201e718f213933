//! The journal flow and the ledger, natively: vouchers, entries, bookings, movements, balances,
//! availability, values, reservations, counts, reversals. References may be given by id, ULID or name.

mod balance;
mod board;
mod booking;
mod costing;
mod count;
pub mod describe;
mod draft;
pub mod entry;
pub mod feed;
mod form;
mod ledger;
mod movement;
mod operation;
mod process;
pub mod reference;
mod reservation;
mod reversal;
mod run;
mod sheet;
mod trace;
mod value;
mod voucher;

use axum::Router;
use lotbook_domain::id::LocationId;
use lotbook_engine::Error;
use lotbook_engine::command::Reach;
use lotbook_engine::security::{Access, OrgUnits};
use lotbook_engine::structure::Structure;

use crate::app::Shared;
use crate::http::problem::Problem;

/// Every route of the flow.
pub fn routes() -> Router<Shared> {
    Router::new()
        .merge(voucher::routes())
        .merge(entry::routes())
        .merge(draft::routes())
        .merge(booking::routes())
        .merge(count::routes())
        .merge(sheet::routes())
        .merge(movement::routes())
        .merge(feed::routes())
        .merge(ledger::routes())
        .merge(balance::routes())
        .merge(reservation::routes())
        .merge(reversal::routes())
        .merge(value::routes())
        .merge(costing::routes())
        .merge(run::routes())
        .merge(trace::routes())
        .merge(operation::routes())
        .merge(process::routes())
        .merge(board::routes())
}

/// Where somebody may use a permission; refused where that is nowhere.
pub fn reach(access: &Access, permission: &str, structure: &Structure) -> Result<Reach, Error> {
    access.require_somewhere(permission)?;
    Ok(match access.org_units_for(permission) {
        OrgUnits::All => Reach::All,
        some @ OrgUnits::Below(_) => match some.expand(&structure.catalog.locations) {
            None => Reach::All,
            Some(units) => Reach::Only(units.into_iter().collect()),
        },
    })
}

/// The id in an address; what is not a number names nothing.
fn id_of(kind: &'static str, text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Error::not_found(kind, text).into())
}

/// The places that somebody may look at, of those that are asked for; `None` = all.
pub fn visible(asked: Option<Vec<LocationId>>, reach: &Reach, structure: &Structure) -> Option<Vec<LocationId>> {
    let tree = &structure.catalog.locations;
    let asked = asked.map(|roots| tree.with_descendants(&roots));
    match reach {
        Reach::All => asked,
        Reach::Only(units) => {
            let candidates = asked.unwrap_or_else(|| tree.all().into_iter().map(|node| node.id).collect());
            Some(candidates.into_iter().filter(|id| units.contains(&tree.org_unit_of(*id))).collect())
        }
    }
}
