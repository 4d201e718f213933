//! The journal flow and the ledger, natively: vouchers, entries, bookings, movements, balances,
//! availability, values, reservations, counts, reversals. References may be given by id, ULID or name.

mod adjustment;
mod balance;
mod batch;
mod board;
mod booking;
mod costing;
mod count;
mod count_plan;
pub mod describe;
mod draft;
pub mod entry;
pub mod feed;
pub mod form;
mod ledger;
mod movement;
mod operation;
mod posting;
mod process;
pub mod reference;
mod report;
mod reservation;
mod reversal;
mod run;
mod sheet;
mod trace;
mod value;
mod voucher;

use axum::Router;
use lotbook_domain::id::{LotId, ProductId, VariantId};
use lotbook_engine::Error;

pub use crate::table::asked::{reach, visible};

use crate::app::Shared;
use crate::http::call::Call;
use crate::http::problem::Problem;
use crate::table::names::Names;

/// Every route of the flow.
pub fn routes() -> Router<Shared> {
    Router::new()
        .merge(voucher::routes())
        .merge(entry::routes())
        .merge(draft::routes())
        .merge(booking::routes())
        .merge(count::routes())
        .merge(sheet::routes())
        .merge(count_plan::routes())
        .merge(movement::routes())
        .merge(feed::routes())
        .merge(ledger::routes())
        .merge(balance::routes())
        .merge(posting::routes())
        .merge(report::routes())
        .merge(reservation::routes())
        .merge(reversal::routes())
        .merge(value::routes())
        .merge(adjustment::routes())
        .merge(costing::routes())
        .merge(run::routes())
        .merge(trace::routes())
        .merge(operation::routes())
        .merge(process::routes())
        .merge(board::routes())
}

/// A product, a variant and a lot; 0 = none.
type Parts = (ProductId, VariantId, LotId);

/// What the variants and lots of an answer are called. Nothing is read where there are none.
async fn names_of(call: &Call, parts: impl Iterator<Item = Parts>) -> Result<Names, Problem> {
    let keys: Vec<Parts> = parts.filter(|(_, variant, lot)| (variant.0, lot.0) != (0, 0)).collect();
    if keys.is_empty() {
        return Ok(Names::default());
    }
    let tenant = call.caller.tenant();
    call.read(move |conn| Names::load(conn, tenant, keys.iter().copied())).await
}

/// The id in an address; what is not a number names nothing.
fn id_of(kind: &'static str, text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Error::not_found(kind, text).into())
}
