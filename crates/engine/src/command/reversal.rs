//! Undoing what is booked, by linked counter-movements.

use lotbook_domain::booking::Wanted;
use std::collections::BTreeSet;

use lotbook_domain::entry::{TEXT_MAX, check_text};
use lotbook_domain::id::{BatchId, BookingId, LotId, MovementId};
use lotbook_domain::movement::Movement;
use lotbook_domain::reversal::{Stop, reverse, wanted};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::append::{Batch, append};
use crate::desk::{Desk, ROUNDS_MAX};
use crate::error::Error;
use crate::table;
use crate::table::header::BatchKind;
use crate::write::{Change, Tx};

/// What is to be undone.
#[derive(Clone, Debug)]
pub enum ReverseWhat {
    /// A booking, or those of its lines.
    Booking(BookingId, Option<Vec<i64>>),
    /// One movement.
    Movement(MovementId),
}

/// Undoes a booking, some of its lines, or one movement.
///
/// Errors: not found `booking` or `movement`; refused `notBooked`, `alreadyReversed`, `isReversal`,
/// `periodClosed`, `insufficientStock`, `instanceNotHere`, `instanceElsewhere` (naming the first date that would break).
#[derive(Clone, Debug)]
pub struct Reverse {
    /// What.
    pub what: ReverseWhat,
    /// When it takes effect; `None` = at the movements' own times, or on the first open instant.
    pub at: Option<Time>,
    /// Why.
    pub reason: String,
    /// Where the one who asks may undo.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversed {
    /// The batch that undoes.
    pub batch: i64,
    /// Its position in the ledger.
    pub position: i64,
    /// The ids of the movements that undo.
    pub movements: Vec<i64>,
}

impl Change for Reverse {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        self.check()?;
        let movements = self.movements(tx)?;
        let ids: Vec<MovementId> = movements.iter().map(|(id, _)| *id).collect();
        if let Some(done) = table::movement::reversed(tx.conn, tx.tenant, &ids)?.first() {
            return Err(Error::refused(
                "alreadyReversed",
                format!("movement {} was undone already; a movement is undone once", done.number()),
            ));
        }
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let mut desk = Desk::new(tx.tenant, structure, true);
        let products = movements.iter().map(|(_, movement)| movement.product).collect();
        let lots = movements.iter().map(|(_, movement)| movement.lot).collect();
        desk.load_catalog(tx.conn, products, BTreeSet::new(), lots, BTreeSet::new())?;
        desk.load_accounts_by_id(tx.conn, &wanted(&movements))?;
        // An instance may be in one place only, so the others where it has been are looked at too.
        let is_serial = |lot: &LotId| desk.catalog.lots.get(lot).is_some_and(|lot| lot.is_serial);
        let instances = movements.iter().map(|(_, movement)| movement.lot).filter(is_serial).collect();
        desk.load_accounts(tx.conn, tx.engine, &Wanted { instances, ..Wanted::default() }, &[])?;
        let reserved = movements.iter().map(|(_, movement)| (movement.product, movement.variant)).collect();
        desk.load_reserved(tx.conn, &reserved, &BTreeSet::new(), tx.now)?;
        for _ in 0..ROUNDS_MAX {
            let mut fresh = std::mem::take(&mut desk.ids);
            let decided = reverse(&desk.ledger, &desk.catalog, &movements, self.at, &mut fresh);
            desk.ids = fresh;
            match decided {
                Err(Stop::Missing(missing)) => desk.supply(tx.conn, tx.engine, missing)?,
                Err(Stop::Refused(refusals)) => {
                    let first = refusals.first().map_or("refused", |refusal| refusal.code);
                    return Err(Error::refused(
                        first,
                        refusals.iter().map(|refusal| refusal.message.as_str()).take(20).collect::<Vec<_>>().join("; "),
                    ));
                }
                Ok(decided) => return self.write(tx, decided),
            }
        }
        Err(Error::Internal("a reversal keeps asking for the same part of a timeline".to_owned()))
    }
}

impl Reverse {
    fn check(&self) -> Result<(), Error> {
        if let Err((code, message)) = check_text(&self.reason, TEXT_MAX) {
            return Err(Error::Invalid(vec![Violation::new("reason", code, message)]));
        }
        if let Some(at) = self.at
            && !at.is_datable()
        {
            let message = format!("{at} is not between 1900-01-01 and 2199-12-31");
            return Err(Error::Invalid(vec![Violation::new("at", "dateOutOfRange", message)]));
        }
        Ok(())
    }

    fn movements(&self, tx: &mut Tx<'_>) -> Result<Vec<(MovementId, Movement)>, Error> {
        let found = match &self.what {
            ReverseWhat::Movement(id) => {
                let found = table::movement::of_batch(tx.conn, tx.tenant, id.batch, Some(&[id.line]))?;
                if found.is_empty() {
                    return Err(Error::not_found("movement", id.number()));
                }
                found
            }
            ReverseWhat::Booking(id, lines) => {
                let booking =
                    table::booking::by_id(tx.conn, tx.tenant, *id)?.ok_or_else(|| Error::not_found("booking", id))?;
                if booking.batch == BatchId(0) {
                    return Err(Error::refused(
                        "notBooked",
                        format!("booking {id} has booked nothing; there is nothing to undo"),
                    ));
                }
                let found = table::movement::of_batch(tx.conn, tx.tenant, booking.batch, lines.as_deref())?;
                if let Some(lines) = lines
                    && found.len() < lines.len()
                {
                    return Err(Error::not_found("line", format!("{lines:?} of booking {id}")));
                }
                if found.is_empty() {
                    return Err(Error::refused(
                        "notBooked",
                        format!("booking {id} moved nothing; there is nothing to undo"),
                    ));
                }
                found
            }
        };
        if found.iter().any(|(_, movement)| !self.reach.includes(movement.org_unit)) {
            return Err(Error::Forbidden {
                message: "some of these movements belong to org units where you may not undo bookings".to_owned(),
            });
        }
        Ok(found)
    }

    fn write(&self, tx: &mut Tx<'_>, decided: lotbook_domain::reversal::Reversed) -> Result<String, Error> {
        let batch = BatchId(tx.ids("batch", 1)?);
        let batches = [Batch {
            id: batch,
            kind: BatchKind::Reversal,
            booking: BookingId(0),
            movements: decided.movements,
            counts: Vec::new(),
            value_entries: Vec::new(),
            new_lots: Vec::new(),
            lot_changes: Vec::new(),
            booked_by: tx.person,
            reason: Some(self.reason.clone()),
            uses: Vec::new(),
        }];
        append(tx.conn, tx.engine, tx.tenant, &batches, &decided.touched, tx.now, |_| {})?;
        let subject = match &self.what {
            ReverseWhat::Booking(id, _) => format!("booking {id}"),
            ReverseWhat::Movement(id) => format!("movement {}", id.number()),
        };
        tx.audit("reverse", subject, Some(self.reason.clone()));
        let answer = Reversed {
            batch: batch.0,
            position: table::header::position(tx.conn, tx.tenant)?,
            movements: batches[0]
                .movements
                .iter()
                .map(|movement| MovementId { batch, line: movement.line }.number())
                .collect(),
        };
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }
}
