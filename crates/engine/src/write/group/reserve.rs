//! Reservations in a group: checked, judged one after the other in memory, written together.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::booking::Wanted;
use lotbook_domain::catalog::Catalog;
use lotbook_domain::id::{LotId, ProductId, ReservationId, VariantId};
use lotbook_domain::ledger::{FreshIds, Missing, Trial};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::{
    Reservation, ReservationDraft, ReservationState, Scope, Signal, allocate, check, reservable,
};
use lotbook_domain::time::Time;
use lotbook_domain::violation::joined;

use super::{Answer, Command, Member, Work};
use crate::command::{ChangeReservation, ReservationAnswer, Reserve};
use crate::desk::ROUNDS_MAX;
use crate::error::Error;
use crate::table;
use crate::table::reservation::{Kept, Turn};
use crate::table::stamp::Stamp;

/// The reservations that a group names, makes and changes.
#[derive(Default)]
pub(super) struct Slips {
    /// Those that requests name, as they were found before anything was locked.
    known: BTreeMap<ReservationId, Kept>,
    /// What requests ask for, checked; by their place in the group.
    checked: BTreeMap<usize, Vec<Reservation>>,
    made: Vec<Kept>,
    /// What became of reservations, by the last word on each.
    changed: BTreeMap<ReservationId, Turn>,
}

impl Slips {
    /// Whether there is such a reservation.
    pub(super) fn is_known(&self, id: ReservationId) -> bool {
        self.known.contains_key(&id)
    }

    /// Adds what requests name to what is read of the catalog.
    pub(super) fn name(
        &self,
        members: &[Member<'_>],
        answers: &[Option<Answer>],
        products: &mut BTreeSet<ProductId>,
        variants: &mut BTreeSet<VariantId>,
        lots: &mut BTreeSet<LotId>,
    ) {
        products.extend(self.known.values().map(|kept| kept.reservation.scope.product));
        for (member, _) in members.iter().zip(answers).filter(|(_, answer)| answer.is_none()) {
            let Command::Reserve(command) = member.command else { continue };
            for draft in &command.drafts {
                products.extend(draft.product);
                variants.extend(draft.variant);
                lots.extend(draft.lot);
            }
        }
    }
}

impl Work<'_> {
    /// Reads the reservations that requests name, so that their products are known.
    pub(super) fn load_reservations(&mut self, answers: &[Option<Answer>]) -> Result<(), Error> {
        let mut ids: BTreeSet<ReservationId> = BTreeSet::new();
        let mut changed: BTreeSet<ReservationId> = BTreeSet::new();
        for (member, _) in self.members.iter().zip(answers).filter(|(_, answer)| answer.is_none()) {
            match member.command {
                Command::ChangeReservation(command) => drop(changed.insert(command.reservation)),
                Command::CreateEntries(command) => {
                    ids.extend(command.entries.iter().filter_map(|draft| draft.reservation));
                }
                _ => {}
            }
        }
        let mut found = table::reservation::by_ids(self.conn, self.desk.tenant, &ids, false)?;
        found.extend(table::reservation::with_allocations(self.conn, self.desk.tenant, &changed)?);
        for kept in found {
            self.reservations.known.insert(kept.reservation.id, kept);
        }
        Ok(())
    }

    pub(super) fn check_reservations(&mut self, answers: &mut [Option<Answer>]) {
        for (at, answer) in answers.iter_mut().enumerate() {
            let Command::Reserve(command) = self.members[at].command else { continue };
            if answer.is_none() {
                match self.check_reserve(at, command) {
                    Ok(checked) => drop(self.reservations.checked.insert(at, checked)),
                    Err(error) => *answer = Some(Err(error)),
                }
            }
        }
    }

    fn check_reserve(&self, at: usize, command: &Reserve) -> Result<Vec<Reservation>, Error> {
        let catalog = &self.desk.catalog;
        let mut found = Vec::new();
        let mut checked = Vec::with_capacity(command.drafts.len());
        for (index, draft) in command.drafts.iter().enumerate() {
            checked.extend(check(index, draft, catalog, self.members[at].request.now, &mut found));
        }
        let violations = joined(command.violations.clone(), found);
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        for reservation in &checked {
            self.require_reach(&command.reach, reservation)?;
        }
        Ok(checked)
    }

    fn require_reach(&self, reach: &crate::command::Reach, reservation: &Reservation) -> Result<(), Error> {
        let tree = &self.desk.catalog.locations;
        let org_unit = tree.org_unit_of(reservation.scope.place);
        if reach.includes(org_unit) {
            return Ok(());
        }
        Err(Error::Forbidden { message: format!("you may not reserve stock of {}", tree.name_of(org_unit)) })
    }

    /// Adds what reserving, confirming and releasing touches.
    pub(super) fn want_reservations(&mut self, all: &mut Wanted) -> Result<(), Error> {
        let slips = &self.reservations;
        let scopes: Vec<Scope> = slips.checked.values().flatten().map(|reservation| reservation.scope).collect();
        all.reserved.extend(scopes.iter().map(|scope| (scope.product, scope.variant)));
        for kept in slips.known.values() {
            all.reserved.insert((kept.reservation.scope.product, kept.reservation.scope.variant));
            all.reservations.insert(kept.reservation.id);
        }
        if !scopes.is_empty() {
            let now = self.engine.now();
            all.accounts.extend(self.desk.reservable_accounts(self.conn, &scopes, now)?);
        }
        Ok(())
    }

    pub(super) fn reserve(&mut self, at: usize, command: &Reserve) -> Answer {
        let request = self.members[at].request;
        let checked = self.reservations.checked.remove(&at).unwrap_or_default();
        let mut made: Vec<Kept> = Vec::with_capacity(checked.len());
        let mut answers: Vec<ReservationAnswer> = Vec::with_capacity(checked.len());
        for (index, (reservation, draft)) in checked.into_iter().zip(&command.drafts).enumerate() {
            let lines = match self.hold(index, &reservation, draft) {
                Ok(lines) => lines,
                Err(error) => {
                    // Nothing of this request was written; what it took in memory goes back.
                    for kept in &made {
                        self.desk.ledger.reserved.add(kept.reservation.scope, -kept.reservation.open.0);
                    }
                    return Err(error);
                }
            };
            let first = lines[0].id;
            let lines: Vec<Kept> = lines
                .into_iter()
                .map(|reservation| Kept {
                    reservation,
                    allocation: if draft.allocate.is_some() { first } else { ReservationId(0) },
                    uid: self.engine.uid(request.now),
                    description: draft.description.clone(),
                    created_at: request.now,
                    created_by: request.person,
                    modified_at: request.now,
                    modified_by: request.person,
                    version: 1,
                })
                .collect();
            let told = lines.iter().map(|kept| self.told(kept, request.now)).collect();
            let told = ReservationAnswer::together(told).expect("at least one line was made");
            answers.push(ReservationAnswer { location: reservation.scope.place.0, ..told });
            made.extend(lines);
        }
        let subject = match made.as_slice() {
            [one] => format!("reservation {}", one.reservation.id),
            several => format!("{} reservations", several.len()),
        };
        self.audit(request, "reserve", subject, None);
        self.reservations.made.extend(made);
        Ok(serde_json::to_string(&answers).expect("an answer is plain data"))
    }

    /// Holds in memory what a reservation asks for: as one, or shared out over lots and places.
    fn hold(
        &mut self,
        index: usize,
        reservation: &Reservation,
        draft: &ReservationDraft,
    ) -> Result<Vec<Reservation>, Error> {
        let picks = match draft.allocate {
            None => {
                self.make_room(index, reservation)?;
                vec![(reservation.scope, reservation.quantity)]
            }
            Some(picking) => {
                let near = draft.near.unwrap_or(reservation.scope.place);
                let found = self.look(|trial, catalog| {
                    allocate(trial, catalog, reservation.scope, reservation.quantity, picking, near)
                })?;
                if found.short.0 > 0 {
                    let available = Quantity(reservation.quantity.0 - found.short.0);
                    return Err(self.insufficient(index, reservation, available, "can be shared out over usable lots"));
                }
                found.picks
            }
        };
        let mut ids = Vec::with_capacity(picks.len());
        for _ in &picks {
            // Into how many parts a reservation falls nobody knew when numbers were leased.
            let id = match self.ids.reservations.next() {
                Some(id) => id,
                None => self.engine.counters.take_in(self.conn, self.desk.tenant.0, "reservation", 1, 1)?,
            };
            ids.push(ReservationId(id));
        }
        ids.sort_unstable();
        let lines: Vec<Reservation> = picks
            .into_iter()
            .zip(ids)
            .map(|((scope, quantity), id)| Reservation { id, scope, quantity, open: quantity, ..*reservation })
            .collect();
        for line in &lines {
            self.desk.ledger.reserved.add(line.scope, line.open.0);
        }
        Ok(lines)
    }

    /// Whether a reservation fits beside the others, or may exceed what is there.
    fn make_room(&mut self, index: usize, reservation: &Reservation) -> Result<(), Error> {
        let wanted = reservation.quantity;
        let open = self.desk.ledger.reserved.open.get(&reservation.scope).copied().unwrap_or_default();
        if open.0.checked_add(wanted.0).is_none() {
            return Err(Error::refused(
                "quantityTooLarge",
                format!("{wanted} and the {open} reserved there already leave the range; reserve less"),
            ));
        }
        if reservation.allow_backorder {
            return Ok(());
        }
        let available = self.reservable(reservation)?;
        if available >= wanted {
            return Ok(());
        }
        Err(self.insufficient(index, reservation, available, "can be reserved"))
    }

    fn insufficient(&self, index: usize, reservation: &Reservation, available: Quantity, what: &str) -> Error {
        let Scope { product, place, .. } = reservation.scope;
        let wanted = reservation.quantity;
        let short = Quantity(wanted.0 - available.0);
        Error::Refused {
            code: "insufficientStock",
            message: format!(
                "product {} at {}: {wanted} are wanted, but {available} {what}, short by {short}; reserve less or allow a backorder",
                self.desk.catalog.product_name(product),
                self.desk.catalog.locations.name_of(place),
            ),
            details: vec![
                ("index", (index as i64).into()),
                ("wanted", wanted.into()),
                ("available", available.into()),
                ("short", short.into()),
            ],
        }
    }

    fn reservable(&mut self, reservation: &Reservation) -> Result<Quantity, Error> {
        self.look(|trial, catalog| reservable(trial, catalog, reservation.scope, reservation.quantity))
    }

    /// Works something out on the desk, reading the parts of timelines that it asks for.
    fn look<T>(&mut self, work: impl Fn(&Trial<'_>, &Catalog) -> Result<T, Missing>) -> Result<T, Error> {
        for _ in 0..ROUNDS_MAX {
            let mut none = FreshIds::default();
            let trial = Trial::new(&self.desk.ledger, &mut none);
            match work(&trial, &self.desk.catalog) {
                Ok(found) => return Ok(found),
                Err(missing) => self.desk.supply(self.conn, self.engine, vec![missing])?,
            }
        }
        Err(Error::Internal("a reservation keeps asking for the same part of a timeline".to_owned()))
    }

    pub(super) fn change_reservation(&mut self, at: usize, command: &ChangeReservation) -> Answer {
        let request = self.members[at].request;
        let id = command.reservation;
        let missing = || Error::not_found("reservation", id);
        let allocation = self.reservations.known.get(&id).ok_or_else(missing)?.allocation;
        let mut together: Vec<ReservationId> = vec![id];
        if allocation.0 != 0 {
            let known = self.reservations.known.values().filter(|kept| kept.allocation == allocation);
            together = known.map(|kept| kept.reservation.id).collect();
        }
        let mut afters = Vec::with_capacity(together.len());
        let mut refusal = None;
        for id in &together {
            let found = *self.desk.ledger.reserved.named.get(id).ok_or_else(missing)?;
            self.require_reach(&command.reach, &found)?;
            match found.after(command.signal, request.now) {
                Ok(state) => afters.push((found, state)),
                Err(why) => refusal = refusal.or(Some(why)),
            }
        }
        // Of several that belong together, those that are done already keep nobody from the others.
        if afters.is_empty() {
            return Err(Error::refused("reservationNotOpen", refusal.unwrap_or_default()));
        }
        let mut has_changed = false;
        for (found, state) in afters {
            if state == found.state_at(request.now) {
                continue;
            }
            has_changed = true;
            let changes = self.reservations.changed.get(&found.id).map_or(0, |before| before.changes) + 1;
            let stamp = Stamp { at: request.now, person: request.person };
            self.reservations.changed.insert(found.id, Turn { reservation: found, state, stamp, changes });
            let named = self.desk.ledger.reserved.named.get_mut(&found.id).ok_or_else(missing)?;
            named.state = state;
            match command.signal {
                Signal::Confirm => named.hold_until = None,
                Signal::Release => {
                    named.open = Quantity::ZERO;
                    self.desk.ledger.reserved.add(found.scope, -found.open.0);
                }
            }
            let kept = self.reservations.known.get_mut(&found.id).ok_or_else(missing)?;
            kept.modified_at = request.now;
            kept.modified_by = request.person;
            kept.version += 1;
        }
        if has_changed {
            let action = if command.signal == Signal::Confirm { "confirmReservation" } else { "releaseReservation" };
            self.audit(request, action, format!("reservation {id}"), None);
        }
        let mut lines = Vec::with_capacity(together.len());
        for id in &together {
            let mut kept = self.reservations.known.get(id).cloned().ok_or_else(missing)?;
            kept.reservation = self.desk.ledger.reserved.named.get(id).copied().ok_or_else(missing)?;
            lines.push(self.told(&kept, request.now));
        }
        let answer = ReservationAnswer::together(lines).ok_or_else(missing)?;
        Ok(serde_json::to_string(&answer).expect("an answer is plain data"))
    }

    fn told(&self, kept: &Kept, now: Time) -> ReservationAnswer {
        ReservationAnswer::of(kept, self.desk.catalog.product_name(kept.reservation.scope.product), now)
    }

    /// Writes what was reserved and changed. What a booking of this group consumed has been written by now.
    pub(super) fn write_reservations(&mut self) -> Result<(), Error> {
        let tenant = self.desk.tenant;
        table::reservation::insert(self.conn, tenant, &self.reservations.made)?;
        let named = &self.desk.ledger.reserved.named;
        let changed: Vec<Turn> = self
            .reservations
            .changed
            .values()
            .filter_map(|turn| {
                let last = named.get(&turn.reservation.id)?;
                match turn.state {
                    // What was issued of it since is not open any more.
                    ReservationState::Confirmed if last.state == ReservationState::Consumed => None,
                    ReservationState::Confirmed => {
                        Some(Turn { reservation: Reservation { open: last.open, ..turn.reservation }, ..*turn })
                    }
                    _ => Some(*turn),
                }
            })
            .collect();
        table::reservation::change(self.conn, tenant, &changed)
    }
}
