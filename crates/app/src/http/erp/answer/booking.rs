//! Booking a draft, and how far a booking is.

use lotbook_domain::id::{BookingId, LocationId};
use lotbook_engine::command::{BookingOutcome, Reach, RequestBooking};
use lotbook_engine::table;
use lotbook_engine::table::booking::{Booking, BookingState};
use lotbook_engine::table::entry::BookingFilter;

use super::{Answer, engine_answer};
use crate::http::erp::asking::{Asking, widen};
use crate::http::erp::booking::{BookRequest, BookingReply, OperationStateReply, Progress, StateReply, StateRequest};
use crate::http::erp::fault::{Fault, reply};
use crate::http::erp::wire;

/// Asks for a booking.
pub(super) async fn book(asking: Asking) -> Answer {
    let draft = asking
        .read_body(|body, _| {
            let request: BookRequest = wire::read(body)?;
            request.into_draft().map_err(Fault::validation)
        })
        .await?;
    let (reach, style) = (asking.reach(), asking.manner.style);
    let numbers = |ids: Vec<LocationId>| ids.into_iter().map(|id| id.0).collect();
    let org_units = match reach {
        Reach::All | Reach::Open => draft.places.org_units,
        // Nobody books what belongs to others, also where a draft is everybody's.
        Reach::Only(_) => widen(&draft.places, &reach, &asking.manner.structure).org_units,
    };
    let filter = BookingFilter {
        categories: draft.places.categories.map(|ids| ids.into_iter().map(|id| id.0).collect()),
        locations: draft.places.locations.map(numbers),
        org_units: org_units.map(numbers),
        ids: None,
    };
    let answer = asking.change(RequestBooking { journal: draft.journal, filter, reach }).await?;
    let outcome: BookingOutcome = engine_answer(&answer)?;
    Ok(reply(&BookingReply::new(&outcome, style)))
}

/// Tells how far a booking is.
pub(super) async fn state(asking: Asking) -> Answer {
    let id = asking
        .read_body(|body, _| {
            let request: StateRequest = wire::read(body)?;
            request.into_booking().map_err(Fault::validation)
        })
        .await?;
    let (reach, style) = (asking.reach(), asking.manner.style);
    let found = asking
        .read(move |conn, tenant, structure| {
            let found = table::booking::by_id(conn, tenant, id)?;
            Ok(found.filter(|booking| structure.journal(booking.journal, &reach).is_some()))
        })
        .await?;
    let state = found.map(|booking| {
        let progress = progress(&asking, id, &booking);
        let outcome = BookingOutcome {
            id: booking.id.0,
            state: booking.state,
            result_code: booking.result_code,
            faulted_number: booking.faulted_number,
            faults: booking.faults,
        };
        StateReply::new(&outcome, style).with_progress(progress)
    });
    Ok(reply(&OperationStateReply::new(state, style)))
}

fn progress(asking: &Asking, id: BookingId, booking: &Booking) -> Progress {
    let total = booking.entry_count;
    match booking.state {
        BookingState::Booked => Progress { done: total, total },
        BookingState::Rejected => Progress { done: 0, total },
        BookingState::Waiting => {
            let running = asking.app.engine.progress(asking.caller.tenant(), id);
            running.map_or(Progress { done: 0, total }, |running| Progress { done: running.done, total: running.total })
        }
    }
}
