//! Reservations of stories, on the engine.

use std::collections::BTreeSet;

use lotbook_domain::id::LotId;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Signal;
use lotbook_domain::time::Time;
use lotbook_engine::command::{ChangeReservation, Reach, ReservationAnswer, Reserve};
use lotbook_engine::table;
use lotbook_engine::write::Command;
use lotbook_story::{Booked, Hold, Outcome, Reservation};

use super::{OnEngine, failed};

/// How often the clock may be looked at before what is held briefly is over; each look is a microsecond.
const BRIEFLY: i64 = 10_000;

impl OnEngine {
    pub(super) fn say_reserved(&mut self, wish: &Reservation) -> Outcome {
        let house = &self.house;
        let until = wish.hold.map(|hold| match hold {
            Hold::Until(time) => time,
            Hold::Briefly => Time(house.engine.now().0 + BRIEFLY),
        });
        let lot = wish.lot.as_ref().map(|name| {
            let found = self.lot(self.names.products[&wish.product], name);
            found.map_or(LotId(i64::MAX), |lot| lot.id)
        });
        let draft = self.names.wish(wish, lot, until);
        let command = Reserve { drafts: vec![draft], violations: Vec::new(), reach: Reach::All };
        match house.engine.run(house.request(), Command::Reserve(command)) {
            Err(error) => failed(error),
            Ok(answer) => {
                let made: Vec<ReservationAnswer> = serde_json::from_str(&answer).expect("the answer is JSON");
                if let Some(label) = &wish.label {
                    let id = lotbook_domain::id::ReservationId(made[0].id);
                    self.names.reservations.insert(label.clone(), id);
                }
                Outcome::Booked(Booked::default())
            }
        }
    }

    pub(super) fn say_signal(&mut self, label: &str, signal: Signal) -> Outcome {
        let command = ChangeReservation { reservation: self.names.reservations[label], signal, reach: Reach::All };
        match self.house.engine.run(self.house.request(), Command::ChangeReservation(command)) {
            Err(error) => failed(error),
            Ok(_) => Outcome::Booked(Booked::default()),
        }
    }

    pub(super) fn look_reserved(&self, label: &str) -> (String, Quantity) {
        let ids = BTreeSet::from([self.names.reservations[label]]);
        let found = self.house.read(|conn| table::reservation::by_ids(conn, self.house.tenant, &ids, false)).remove(0);
        let told = ReservationAnswer::of(&found, String::new(), self.house.engine.now());
        (told.state, Quantity(told.open))
    }

    pub(super) fn let_time_pass(&self) {
        for _ in 0..BRIEFLY {
            self.house.engine.now();
        }
    }
}
