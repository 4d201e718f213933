//! I4: what is kept under idempotency keys is whole, and the bookings that it names took effect.

use lotbook_domain::id::{BookingId, TenantId};
use serde::Deserialize;

use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// Keys looked at together.
const CHUNK: i64 = 1_000;

/// What an answer that booked says.
#[derive(Deserialize)]
struct Answered {
    booking: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: i64,
}

/// The booking that an answer names. Lists name none, though the first of what they hold may be read as if it did.
fn booking_of(answer: &str) -> Option<i64> {
    if !answer.trim_start().starts_with('{') {
        return None;
    }
    serde_json::from_str::<Answered>(answer).ok()?.booking.map(|booking| booking.id)
}

pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let chunk = table::answered::after_key(conn, tenant, &after, CHUNK)?;
        let Some((last, _, _)) = chunk.last() else { return Ok(()) };
        after.clone_from(last);
        found.checked(4, chunk.len() as u64);
        let mut bookings: Vec<(i64, &str)> = Vec::new();
        for (key, hash, answer) in &chunk {
            let thing = || Thing::Other(format!("the answer under key {key}"));
            if hash.len() != 32 {
                let n = hash.len();
                found.differs(4, thing(), || format!("has a request hash of {n} bytes instead of 32"));
            }
            if serde_json::from_str::<serde::de::IgnoredAny>(answer).is_err() {
                found.differs(4, thing(), || format!("is not JSON but {} bytes of something else", answer.len()));
            } else if let Some(booking) = booking_of(answer) {
                bookings.push((booking, key));
            }
        }
        let known = table::booking::known(conn, tenant, bookings.iter().map(|(id, _)| BookingId(*id)))?;
        for (id, key) in bookings {
            if !known.contains(&id) {
                found.differs(4, Thing::Other(format!("the answer under key {key}")), || {
                    format!("promises booking {id}, which is not there")
                });
            }
        }
    }
}
