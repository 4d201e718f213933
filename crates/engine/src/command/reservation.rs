//! Reserving, confirming and releasing.

use lotbook_domain::id::ReservationId;
use lotbook_domain::reservation::{ReservationDraft, Signal};
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::table::reservation::Kept;

/// Reserves stock: all that is asked for, or nothing.
///
/// Errors: invalid; refused `insufficientStock` (details `wanted`, `available` and `short` in millionths,
/// `index`), `quantityTooLarge`.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// What is to be reserved; each sees those before it.
    pub drafts: Vec<ReservationDraft>,
    /// What the door could not read.
    pub violations: Vec<Violation>,
    /// Where the one who asks may reserve.
    pub reach: Reach,
}

/// Confirms or releases a reservation. To say the same twice changes nothing.
///
/// Errors: not found `reservation`; refused `reservationNotOpen`.
#[derive(Clone, Debug)]
pub struct ChangeReservation {
    /// Which.
    pub reservation: ReservationId,
    /// What is to become of it.
    pub signal: Signal,
    /// Where the one who asks may reserve.
    pub reach: Reach,
}

/// A reservation in an answer; quantities in millionths, times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationAnswer {
    /// Its id.
    pub id: i64,
    /// Its ULID.
    pub uid: String,
    /// The product.
    pub product: i64,
    /// The product as people write it.
    pub identifier: String,
    /// The variant; 0 = none.
    pub variant: i64,
    /// The lot; 0 = any.
    pub lot: i64,
    /// At this place or below.
    pub location: i64,
    /// How much was reserved.
    pub quantity: i64,
    /// How much of it is still to be issued.
    pub open: i64,
    /// How far it is.
    pub state: String,
    /// Until when it is held.
    pub hold_until: Option<i64>,
    /// Whether it may exceed what is there.
    pub allow_backorder: bool,
    /// Free text.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// By whom.
    pub created_by: i64,
    /// When it was last changed.
    pub modified_at: i64,
    /// By whom.
    pub modified_by: i64,
    /// Counts the changes.
    pub version: i64,
}

impl ReservationAnswer {
    /// What is told of a reservation at a time.
    pub fn of(kept: &Kept, identifier: String, now: lotbook_domain::time::Time) -> Self {
        let reservation = &kept.reservation;
        let is_open = reservation.is_open_at(now);
        Self {
            id: reservation.id.0,
            uid: kept.uid.clone(),
            product: reservation.scope.product.0,
            identifier,
            variant: reservation.scope.variant.0,
            lot: reservation.scope.lot.0,
            location: reservation.scope.place.0,
            quantity: reservation.quantity.0,
            open: if is_open { reservation.open.0 } else { 0 },
            state: reservation.state_at(now).name().to_owned(),
            hold_until: reservation.hold_until.map(|until| until.0),
            allow_backorder: reservation.allow_backorder,
            description: kept.description.clone(),
            created_at: kept.created_at.0,
            created_by: kept.created_by.0,
            modified_at: kept.modified_at.0,
            modified_by: kept.modified_by.0,
            version: kept.version,
        }
    }
}
