//! What the office of the shop does: it counts, promises stock, says what things are worth, and closes days.

use std::collections::BTreeSet;

use lotbook_domain::booking::stock_key;
use lotbook_domain::catalog::Costing;
use lotbook_domain::entry::EntryDraft;
use lotbook_domain::id::{JournalId, LocationId, LotId, ProductId, ReservationId, SheetId, VariantId, VoucherId};
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::reservation::{Picking, ReservationDraft, Signal};
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    ChangeCosting, ChangeReservation, CostingAnswer, EnterCounts, Entered, LandCost, LandedOn, MakeSheet, PostSheet,
    Posted, Reach, ReservationAnswer, Reserve, Revalue, SheetMade, Uncounted,
};
use lotbook_engine::query::value::ValueRecord;
use lotbook_engine::table::{account, count_sheet};
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::period::ClosePeriod;
use lotbook_engine::thing::reference::{Reference, find};
use lotbook_engine::{Error, tenant};

use super::clerk::{Clerk, fields, text};
use super::{HOUR, WEEKS, damaged};

/// Counts, promises and values, from the deliveries on.
pub(super) fn live(clerk: Clerk<'_>, begins: Time, deliveries: &[VoucherId]) -> Result<(), Error> {
    let office = Office { clerk, begins, now: clerk.0.now() };
    office.value(deliveries)?;
    office.close(deliveries)?;
    office.count()?;
    office.expect()?;
    office.promise()
}

struct Office<'e> {
    clerk: Clerk<'e>,
    begins: Time,
    now: Time,
}

impl Office<'_> {
    fn day(&self, day: i64) -> Time {
        Time(self.begins.0 + day * Time::DAY + 12 * HOUR)
    }

    fn product(&self, identifier: &str) -> Result<ProductId, Error> {
        let reference = Reference::Plain(identifier.to_owned());
        self.clerk.0.read(|conn| find(conn, tenant::DEFAULT, &kinds::PRODUCTS, &reference, 0)).map(ProductId)
    }

    fn place(&self, path: &str) -> Result<LocationId, Error> {
        let reference = Reference::Plain(path.to_owned());
        self.clerk.0.read(|conn| find(conn, tenant::DEFAULT, &kinds::LOCATIONS, &reference, 0)).map(LocationId)
    }

    /// Freight that came later, goods that are worth less, another way of valuing.
    fn value(&self, deliveries: &[VoucherId]) -> Result<(), Error> {
        for (product, value, day, reason) in
            [("K-190", 40, 30, "Scratched in the shop window"), ("T-150", 0, 36, "Past its best; goes to the staff")]
        {
            self.clerk.change::<ValueRecord>(Revalue {
                product: self.product(product)?,
                value: Amount(value * ONE_E6),
                at: Some(self.day(day)),
                reason: reason.to_owned(),
                ..Revalue::default()
            })?;
        }
        for (product, method, standard, day, reason) in [
            ("K-180", Some(Costing::Fifo), None, 21, "Prices of paper move; the oldest go first"),
            ("K-150", None, Some(5_800_000), 28, "New price list of the supplier"),
        ] {
            self.clerk.change::<CostingAnswer>(ChangeCosting {
                product: self.product(product)?,
                method,
                standard: standard.map(UnitCost),
                at: Some(self.day(day)),
                reason: reason.to_owned(),
                ..ChangeCosting::default()
            })?;
        }
        let last = deliveries.last().ok_or_else(|| damaged("deliveries"))?;
        self.land(*last, 96, "Forwarder, invoice 2207").map(drop)
    }

    fn land(&self, voucher: VoucherId, amount: i64, reason: &str) -> Result<ValueRecord, Error> {
        self.clerk.change(LandCost {
            on: LandedOn::Voucher(voucher),
            amount: Amount(amount * ONE_E6),
            by_value: true,
            reason: reason.to_owned(),
            violations: Vec::new(),
            reach: Reach::All,
        })
    }

    /// The first week is closed; a bill for its coffee comes after that, and what it changes waits to be approved.
    fn close(&self, deliveries: &[VoucherId]) -> Result<(), Error> {
        let until = Time(self.begins.0 + 6 * Time::DAY);
        let closed_until = text(until.to_string().split('T').next().unwrap_or_default());
        let org_unit = Some(Reference::Plain("Webshop".to_owned()));
        self.clerk.change::<serde_json::Value>(ClosePeriod { closed_until, org_unit })?;
        let first = deliveries.first().ok_or_else(|| damaged("deliveries"))?;
        self.land(*first, 54, "Customs duty on the first coffee, billed late").map(drop)
    }

    /// One shelf has been counted and posted, one is being counted.
    fn count(&self) -> Result<(), Error> {
        let tea = self.sheet("Shelf B, month's end", "Webshop/Shelf B", 1)?;
        self.enter(tea, usize::MAX, 2)?;
        let post = PostSheet { sheet: tea, uncounted: Uncounted::Refuse, reach: Reach::All };
        self.clerk.change::<Posted>(post)?;
        let coffee = self.sheet("Shelf A, blind count", "Webshop/Shelf A", 0)?;
        self.enter(coffee, 3, 1)
    }

    fn sheet(&self, name: &str, path: &str, tolerance: i64) -> Result<SheetId, Error> {
        let made: SheetMade = self.clerk.change(MakeSheet {
            name: Some(name.to_owned()),
            location: Some(self.place(path)?),
            category: None,
            product: None,
            due: None,
            tolerance: Quantity(tolerance * ONE_E6),
            tolerance_share: 0,
            violations: Vec::new(),
            reach: Reach::All,
        })?;
        Ok(SheetId(made.id))
    }

    /// What stands there, but for a piece of one line.
    fn enter(&self, sheet: SheetId, lines_max: usize, differs: usize) -> Result<(), Error> {
        let mut lines = self.clerk.0.read(|conn| count_sheet::lines(conn, tenant::DEFAULT, sheet, None, 0, 1_000))?;
        lines.truncate(lines_max);
        let key = |line: &count_sheet::Line| stock_key(line.product, line.variant, line.lot, line.location);
        let keys: BTreeSet<_> = lines.iter().map(key).collect();
        let accounts = self.clerk.0.read(|conn| account::by_keys(conn, tenant::DEFAULT, &keys, false))?;
        let stands = |line: &count_sheet::Line| {
            let found = accounts.iter().find(|stored| stored.account.key == key(line));
            found.map_or(0, |stored| stored.account.timeline.root().quantity.0)
        };
        let shop = Some(self.place("Webshop")?);
        let drafts = lines.iter().enumerate().map(|(index, line)| EntryDraft {
            org_unit: shop,
            product: Some(line.product),
            variant: Some(line.variant).filter(|variant| *variant != VariantId(0)),
            lot: Some(line.lot).filter(|lot| *lot != LotId(0)),
            location: Some(line.location),
            effective_at: Some(self.now),
            count: Some(Quantity((stands(line) - if index == differs { ONE_E6 } else { 0 }).max(0))),
            ..EntryDraft::default()
        });
        let drafts = drafts.collect();
        let enter = EnterCounts { sheet, drafts, violations: Vec::new(), reach: Reach::All };
        self.clerk.change::<Entered>(enter).map(drop)
    }

    /// What is on order.
    fn expect(&self) -> Result<(), Error> {
        let journal = fields(&[
            ("name", text("Expected deliveries")),
            ("kind", text("Delivery")),
            ("orgUnit", text("Webshop")),
            ("description", text("What suppliers have confirmed; booked when it is there")),
        ]);
        let made = self.clerk.make("journals", vec![journal])?;
        let journal = made.first().and_then(|made| made["id"].as_i64()).ok_or_else(|| damaged("journal"))?;
        let voucher = self.clerk.voucher(JournalId(journal), "Roastery, order of this month")?;
        let shelf = self.place("Webshop/Shelf A")?;
        let mut entries = Vec::new();
        for (identifier, day, count, cost) in
            [("C-110", 4, 24, 8_600_000), ("C-120", 6, 30, 5_200_000), ("C-110", 18, 24, 8_650_000)]
        {
            entries.push(EntryDraft {
                product: Some(self.product(identifier)?),
                org_unit: Some(self.place("Webshop")?),
                location: Some(shelf),
                effective_at: Some(Time(self.begins.0 + (7 * WEEKS + day) * Time::DAY + 9 * HOUR)),
                count: Some(Quantity(count * ONE_E6)),
                cost_price: Some(UnitCost(cost)),
                ..EntryDraft::default()
            });
        }
        self.clerk.enter(voucher, entries)
    }

    /// Stock that customers may count on.
    fn promise(&self) -> Result<(), Error> {
        let shop = Some(self.place("Webshop")?);
        let hold =
            |product: &str, pieces: i64, hours: Option<i64>, description: &str| -> Result<ReservationDraft, Error> {
                Ok(ReservationDraft {
                    product: Some(self.product(product)?),
                    variant: None,
                    place: shop,
                    lot: None,
                    quantity: Some(Quantity(pieces * ONE_E6)),
                    unit: None,
                    hold_until: hours.map(|hours| Time(self.now.0 + hours * HOUR)),
                    allow_backorder: false,
                    allocate: None,
                    near: None,
                    description: Some(description.to_owned()),
                })
            };
        let beans = ReservationDraft {
            allocate: Some(Picking::Fefo),
            ..hold("C-100", 2, None, "Café on the corner, by what expires first")?
        };
        let made: Vec<ReservationAnswer> = self.reserve(vec![
            hold("C-110", 2, Some(48), "Basket of a customer on the phone")?,
            hold("C-110", 1, Some(9 * 24), "Sample for the fair")?,
            hold("C-120", 2, Some(24), "Order 50911")?,
            beans,
        ])?;
        for (index, signal) in [(2, Signal::Confirm), (3, Signal::Confirm)] {
            let made = made.get(index).ok_or_else(|| damaged("reservations"))?;
            let change = ChangeReservation { reservation: ReservationId(made.id), signal, reach: Reach::All };
            self.clerk.run::<ReservationAnswer>(lotbook_engine::write::Command::ChangeReservation(change))?;
        }
        Ok(())
    }

    fn reserve(&self, drafts: Vec<ReservationDraft>) -> Result<Vec<ReservationAnswer>, Error> {
        let reserve = Reserve { drafts, violations: Vec::new(), reach: Reach::All };
        self.clerk.run(lotbook_engine::write::Command::Reserve(reserve))
    }
}
