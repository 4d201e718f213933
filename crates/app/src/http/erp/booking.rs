//! Booking a draft's entries, and asking how far it is.

use lotbook_domain::id::{BookingId, JournalId};
use lotbook_domain::violation::Violation;
use lotbook_engine::command::BookingOutcome;
use serde::{Deserialize, Serialize};

use super::checks::Checks;
use super::enumeration::{Code, EnumStyle};
use super::filter::PlaceFilter;
use super::html;
use super::wire::{Id, Opt};

/// The request of `BookStockDraftEntries`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BookRequest {
    stock_draft_id: Option<Id>,
    product_category_ids: Opt<Vec<Id>>,
    product_location_ids: Opt<Vec<Id>>,
    organizational_unit_ids: Opt<Vec<Id>>,
}

/// What to book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookDraft {
    /// The draft.
    pub journal: JournalId,
    /// Which of its entries.
    pub places: PlaceFilter,
}

impl BookRequest {
    /// What to book, or all that is wrong.
    pub fn into_draft(self) -> Result<BookDraft, Vec<Violation>> {
        let mut checks = Checks::default();
        let journal = checks.required("journal", self.stock_draft_id).unwrap_or_default();
        let places =
            PlaceFilter::new(self.product_category_ids, self.product_location_ids, self.organizational_unit_ids);
        checks.finish(BookDraft { journal: JournalId(journal.0), places })
    }
}

/// The request of `GetStockBookingOperationState`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StateRequest {
    id: Option<Id>,
}

impl StateRequest {
    /// The booking that is asked about.
    pub fn into_booking(self) -> Result<BookingId, Vec<Violation>> {
        let mut checks = Checks::default();
        let id = checks.required("id", self.id).unwrap_or_default();
        checks.finish(BookingId(id.0))
    }
}

/// Whether a booking that was asked about exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lookup {
    Found = 11,
    Unknown = 12,
}

/// Where a booking stands, as a reply says it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateReply {
    state: Code,
    result_code: Code,
    faulted_appendix_no: i64,
    html_error_message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
}

/// How many entries of a booking are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// So many are done.
    pub done: i64,
    /// Of so many.
    pub total: i64,
}

impl StateReply {
    /// How a booking stands. The engine counts states and results as the dialect does, and its faults
    /// become HTML that is safe to show; of a booking that went through, they are warnings.
    pub fn new(outcome: &BookingOutcome, style: EnumStyle) -> Self {
        let lines = outcome.faults.iter().map(|fault| match fault.voucher_number {
            0 => fault.message.clone(),
            number => format!("appendix {number}: {}", fault.message),
        });
        Self {
            state: style.code(outcome.state.code()),
            result_code: style.code(outcome.result_code),
            faulted_appendix_no: outcome.faulted_number,
            html_error_message: html::fault_list(lines, outcome.faults.len()),
            progress: None,
        }
    }

    /// The same, with how far it is.
    #[must_use]
    pub fn with_progress(self, progress: Progress) -> Self {
        Self { progress: Some(progress), ..self }
    }
}

/// The reply of `BookStockDraftEntries`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingReply {
    /// The booking, to ask about.
    pub requisition_id: i64,
    /// Where it stands.
    pub state: StateReply,
}

/// The reply of `GetStockBookingOperationState`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationStateReply {
    result_code: Code,
    value: Option<StateReply>,
}

impl BookingReply {
    /// What the engine answered.
    pub fn new(outcome: &BookingOutcome, style: EnumStyle) -> Self {
        Self { requisition_id: outcome.id, state: StateReply::new(outcome, style) }
    }
}

impl OperationStateReply {
    /// The booking, or that there is none with that id.
    pub fn new(found: Option<StateReply>, style: EnumStyle) -> Self {
        let lookup = if found.is_some() { Lookup::Found } else { Lookup::Unknown };
        Self { result_code: style.code(lookup as i64), value: found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::erp::fault::reply;
    use crate::http::erp::wire;
    use lotbook_domain::id::{CategoryId, LocationId};
    use lotbook_engine::table::booking::{BookingState, KeptFault};

    #[test]
    fn a_booking_is_asked_for_in_its_described_forms() {
        let short: BookRequest = wire::read(br#"{"stockDraftId": 1}"#).unwrap();
        assert_eq!(short.into_draft(), Ok(BookDraft { journal: JournalId(1), places: PlaceFilter::default() }));
        let long: BookRequest = wire::read(
            br#"{"stockDraftId": 1, "productCategoryIds": {"value": [5]}, "productLocationIds": {"value": [6]},
            "organizationalUnitIds": {"value": [-1]}}"#,
        )
        .unwrap();
        let places = PlaceFilter {
            categories: Some(vec![CategoryId(5)]),
            locations: Some(vec![LocationId(6)]),
            org_units: Some(vec![LocationId(1)]),
        };
        assert_eq!(long.into_draft(), Ok(BookDraft { journal: JournalId(1), places }));
        assert!(BookRequest::default().into_draft().is_err());
        let state: StateRequest = wire::read(br#"{"id": "17"}"#).unwrap();
        assert_eq!(state.into_booking(), Ok(BookingId(17)));
        assert!(StateRequest::default().into_booking().is_err());
    }

    fn outcome(state: BookingState) -> BookingOutcome {
        BookingOutcome { id: 1, state, result_code: 1, faulted_number: 0, faults: vec![] }
    }

    #[test]
    fn replies_have_the_described_shape() {
        let style = EnumStyle::Digits;
        assert_eq!(
            reply(&BookingReply::new(&outcome(BookingState::Waiting), style)),
            r#"{"errorOrValue":{"error":null,"value":{"requisitionId":1,"state":{"state":"1","resultCode":"1","faultedAppendixNo":0,"htmlErrorMessage":""}}}}"#
        );
        let fault = KeptFault {
            entry: 5,
            voucher_number: 12,
            code: "insufficientStock".into(),
            message: "<i> is short".into(),
        };
        let failed = BookingOutcome {
            result_code: 3,
            faulted_number: 12,
            faults: vec![fault],
            ..outcome(BookingState::Rejected)
        };
        let failed = StateReply::new(&failed, style).with_progress(Progress { done: 0, total: 3 });
        assert_eq!(
            reply(&OperationStateReply::new(Some(failed), style)),
            r#"{"errorOrValue":{"error":null,"value":{"resultCode":"11","value":{"state":"3","resultCode":"3","faultedAppendixNo":12,"htmlErrorMessage":"<ul><li>appendix 12: &lt;i&gt; is short</li></ul>","progress":{"done":0,"total":3}}}}}"#
        );
        assert_eq!(
            reply(&OperationStateReply::new(None, style)),
            r#"{"errorOrValue":{"error":null,"value":{"resultCode":"12","value":null}}}"#
        );
        let numbers = StateReply::new(&outcome(BookingState::Booked), EnumStyle::Numbers);
        assert_eq!(
            serde_json::to_string(&numbers).unwrap(),
            r#"{"state":2,"resultCode":1,"faultedAppendixNo":0,"htmlErrorMessage":""}"#
        );
    }
}
