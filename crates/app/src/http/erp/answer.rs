//! Answers to calls: what was asked goes to the engine in plain types, what the engine says comes back
//! as the dialect prints it.

mod booking;
mod catalog;
mod draft;
mod entries;
mod stock;

use lotbook_engine::Error;

use super::asking::Asking;
use super::fault::Fault;
use super::route::Call;

/// The body of a reply, or why there is no value.
pub type Answer = Result<String, Fault>;

/// Answers a call of somebody who is known. Logging in and out is not among them.
pub async fn answer(asking: Asking) -> Answer {
    let call = asking.call();
    match call {
        Call::GetAllStockDraftsDescriptors => draft::descriptors(asking).await,
        Call::CreateStockAppendix => draft::create_appendix(asking).await,
        Call::ClearStockDraft => draft::clear(asking).await,
        Call::CreateStockDraftEntries => entries::create(asking).await,
        Call::GetStockDraftEntriesPage => entries::page(asking).await,
        Call::RemoveStockDraftEntry => entries::remove(asking).await,
        Call::BookStockDraftEntries => booking::book(asking).await,
        Call::GetStockBookingOperationState => booking::state(asking).await,
        Call::GetProductPage => catalog::products(asking).await,
        Call::GetProductVariants => catalog::variants(asking).await,
        Call::GetProductInstancesPage => catalog::instances(asking).await,
        Call::GetProductCategories => catalog::categories(asking).await,
        Call::GetProductLocations => catalog::locations(asking).await,
        Call::GetOrganizationalUnits => catalog::org_units(asking).await,
        Call::GetActorsPage => catalog::actors(asking).await,
        Call::GetProductAvailability => stock::availability(asking).await,
        Call::GetProductAvailabilityPage => stock::availability_page(asking).await,
        Call::GetStockEntriesPage => stock::entries_page(asking).await,
        Call::Login | Call::LoginWithRefreshToken | Call::Logout => {
            Err(Error::Internal(format!("{} is answered at the door", call.names()[2])).into())
        }
    }
}

/// Reads what the engine answered as JSON.
fn engine_answer<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|fault| Error::Internal(format!("the engine's answer is unreadable: {fault}")))
}
