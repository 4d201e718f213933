//! Reserving, confirming and releasing.

use lotbook_domain::id::ReservationId;
use lotbook_domain::reservation::{ReservationDraft, ReservationState, Signal};
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::table::reservation::Kept;

/// Reserves stock: all that is asked for, or nothing.
///
/// Errors: invalid; refused `insufficientStock` (details `wanted`, `available` and `short`,
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

/// Confirms or releases a reservation, with all that was shared out together with it. To say the same twice changes nothing.
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
    /// Where it was shared out over lots and places: the id of the first of them; 0 = it stands alone.
    #[serde(default)]
    pub allocation: i64,
    /// What it was shared out into; empty where it stands alone or is shown as one of those.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Self>,
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
            allocation: kept.allocation.0,
            lines: Vec::new(),
            description: kept.description.clone(),
            created_at: kept.created_at.0,
            created_by: kept.created_by.0,
            modified_at: kept.modified_at.0,
            modified_by: kept.modified_by.0,
            version: kept.version,
        }
    }

    /// Several that were shared out together, as one: their sums, the first one's id, and the state of the
    /// one that has the longest way to go.
    pub fn together(mut lines: Vec<Self>) -> Option<Self> {
        lines.sort_by_key(|line| line.id);
        let mut whole = lines.first()?.clone();
        if whole.allocation == 0 && lines.len() == 1 {
            return Some(whole);
        }
        let sum = |of: fn(&Self) -> i64| lines.iter().map(of).fold(0_i64, i64::saturating_add);
        (whole.quantity, whole.open) = (sum(|line| line.quantity), sum(|line| line.open));
        let is_same = |of: fn(&Self) -> i64| lines.iter().all(|line| of(line) == of(&lines[0]));
        whole.lot = if is_same(|line| line.lot) { whole.lot } else { 0 };
        let states = ReservationState::ALL.into_iter().map(ReservationState::name);
        let mut states = states.filter(|name| lines.iter().any(|line| line.state == *name));
        states.next().unwrap_or_default().clone_into(&mut whole.state);
        let newest = lines.iter().max_by_key(|line| line.modified_at)?;
        (whole.modified_at, whole.modified_by) = (newest.modified_at, newest.modified_by);
        whole.version = lines.iter().map(|line| line.version).max().unwrap_or_default();
        whole.lines = lines;
        Some(whole)
    }
}
