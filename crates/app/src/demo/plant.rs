//! A dairy plant: milk comes in by tanker, is separated, and leaves as cream and skim milk.
//!
//! Valves and meters say what they say by tags, people do the rest by hand, and what was made is sold
//! through a journal like anything else.

mod furniture;

use std::collections::BTreeSet;

use lotbook_domain::booking::stock_key;
use lotbook_domain::catalog::LotStatus;
use lotbook_domain::entry::{EntryDraft, Reference as Document};
use lotbook_domain::expression::{Number, Reading, Value as Said};
use lotbook_domain::id::{JournalId, LocationId, LotId, PartyId, ProductId, ReasonId, VariantId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{
    Action, ActionKind, Execute, Executed, LotNamed, Operate, OperateProcess, Operated, ProcessOperated, ProcessVerb,
    Reach, Sample, SetTags, TagsSet, Verb,
};
use lotbook_engine::table::account;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::reference::{Reference, find};
use lotbook_engine::thing::value::Value;
use lotbook_engine::{Error, command, tenant};

use super::clerk::{Clerk, Made, fields, text};
use super::{Dice, MINUTE, WEEKS, damaged};

const CATALOG: &str = include_str!("plant.json");

/// The meters of the bays go back to zero here.
const METER_MAX: i64 = 100_000;
/// Cups expire so many days after they were filled.
const CUP_DAYS: i64 = 21;
/// Milk is separated on these days of a week.
const BATCH_DAYS: [i64; 3] = [0, 2, 4];

/// Makes the catalog, and its history.
pub(super) fn live(clerk: Clerk<'_>, begins: Time) -> Result<(), Error> {
    let made = clerk.make_all(CATALOG)?;
    furniture::make(clerk)?;
    let mut plant = Plant { clerk, made, begins, meters: [0, 31_500, 87_250], dice: Dice(0xDA_1217), order: 70_000 };
    plant.close_valves()?;
    plant.buy(0)?;
    for week in 0..WEEKS {
        if week == 3 {
            plant.buy(1)?;
        }
        for (of_week, day) in BATCH_DAYS.into_iter().enumerate() {
            plant.separate(week * 3 + of_week as i64 + 1, week * 7 + day)?;
        }
        plant.look_after(week)?;
        plant.sell(week)?;
    }
    plant.tonight()?;
    plant.plan()
}

struct Plant<'e> {
    clerk: Clerk<'e>,
    made: Made,
    begins: Time,
    /// What the meters of the raw silos say.
    meters: [i64; 3],
    dice: Dice,
    /// The number of the last customer order.
    order: i64,
}

/// What a batch came to, in pounds; cups in pieces.
struct Yield {
    fed: [i64; 2],
    cream: i64,
    skim: i64,
}

impl Plant<'_> {
    fn at(&self, day: i64, clock: &str) -> Time {
        let (hours, minutes) = clock.split_once(':').expect("a clock shows hours and minutes");
        let number = |text: &str| text.parse::<i64>().expect("a clock shows numbers");
        Time(self.begins.0 + day * Time::DAY + (number(hours) * 60 + number(minutes)) * MINUTE)
    }

    fn product(&self, identifier: &str) -> Result<ProductId, Error> {
        self.made.find("products", "identifier", identifier).map(ProductId)
    }

    fn place(&self, path: &str) -> Result<LocationId, Error> {
        self.made.find("locations", "path", &format!("Plant/{path}")).map(LocationId)
    }

    fn lot(&self, product: &str, name: &str) -> Result<LotId, Error> {
        let (id, reference) = (self.product(product)?, Reference::Plain(name.to_owned()));
        let found = self.clerk.0.read(|conn| find(conn, tenant::DEFAULT, &kinds::LOTS, &reference, id.0));
        found.map(LotId)
    }

    /// What stands of a lot at a place, in whole units.
    fn stands(&self, product: &str, lot: LotId, path: &str) -> Result<i64, Error> {
        let key = stock_key(self.product(product)?, VariantId(0), lot, self.place(path)?);
        let accounts =
            self.clerk.0.read(|conn| account::by_keys(conn, tenant::DEFAULT, &BTreeSet::from([key]), false))?;
        Ok(accounts.first().map_or(0, |stored| stored.account.timeline.root().quantity.0 / ONE_E6))
    }

    /// Hands over what tags say; a whole number, a text, or yes and no.
    fn say(&self, samples: &[(&str, Said, Time)]) -> Result<(), Error> {
        let samples = samples.iter().map(|(path, value, at)| Sample {
            path: format!("[default]Plant/{path}"),
            reading: Reading::good(value.clone()),
            at: *at,
            is_arrival: false,
        });
        self.clerk.change::<TagsSet>(SetTags { samples: samples.collect() }).map(drop)
    }

    fn operate(&self, name: &str, verb: Verb, said: command::Said) -> Result<Operated, Error> {
        let operation = Reference::Plain(name.to_owned());
        let done: Operated = self.clerk.change(Operate { operation, verb, said, reach: Reach::All })?;
        if done.faults.is_empty() { Ok(done) } else { Err(damaged(&format!("{name}: {:?}", done.faults))) }
    }

    /// Executes an operation of some pounds (or pieces) at a time.
    fn execute(&self, name: &str, quantity: Option<i64>, lots: [Option<String>; 2], at: Time) -> Result<(), Error> {
        let [lot, secondary_lot] = lots;
        let quantity = quantity.map(|whole| Quantity(whole * ONE_E6));
        let times = (Some(Time(at.0 - 5 * MINUTE)), Some(at));
        let said = command::Said {
            lot,
            secondary_lot,
            quantity,
            started_at: times.0,
            ended_at: times.1,
            ..Default::default()
        };
        self.operate(name, Verb::Execute, said).map(drop)
    }

    fn act(&self, action: Action) -> Result<(), Error> {
        self.clerk.change::<Executed>(Execute { actions: vec![action], reach: Reach::All }).map(drop)
    }

    /// A direct action of a kind on a lot.
    fn action(&self, kind: RunKind, product: &str, lot: &str, at: Time) -> Result<Action, Error> {
        Ok(Action {
            kind: Some(ActionKind::Run(kind)),
            product: Some(self.product(product)?),
            lot: LotNamed::Name(lot.to_owned()),
            started_at: Some(at),
            ..Action::default()
        })
    }

    /// An edge needs something before it.
    fn close_valves(&self) -> Result<(), Error> {
        let mut tags: Vec<String> = (1..=3)
            .flat_map(|silo| [format!("Receiving/Silo{silo}/Valve"), format!("Processing/Feed{silo}/Valve")])
            .chain((1..=2).flat_map(|tank| {
                [format!("Processing/CreamSilo{tank}/Valve"), format!("Processing/SkimSilo{tank}/Valve")]
            }))
            .collect();
        tags.push("Processing/SaltPoint/Running".to_owned());
        let closed: Vec<_> = tags.into_iter().map(|tag| (tag, Said::Bool(false), self.at(0, "3:00"))).collect();
        self.say(&borrowed(&closed))
    }

    /// Milk runs into a silo; the meter is read now and then.
    fn receive(&mut self, batch: i64, amount: i64, day: i64, clocks: [&str; 4]) -> Vec<(String, Said, Time)> {
        let silo = (batch % 3) as usize;
        let mut samples = vec![self.silo_says(silo, "Lot", text_of(format!("RAW-{batch:04}")), day, clocks[0])];
        for (part, clock) in clocks.into_iter().enumerate() {
            if part > 0 {
                self.meters[silo] = (self.meters[silo] + amount / 3) % METER_MAX;
            }
            samples.push(self.silo_says(silo, "Meter", number(self.meters[silo]), day, clock));
            match part {
                0 => samples.push(self.silo_says(silo, "Valve", Said::Bool(true), day, clock)),
                3 => samples.push(self.silo_says(silo, "Valve", Said::Bool(false), day, clock)),
                _ => {}
            }
        }
        samples
    }

    fn silo_says(&self, silo: usize, tag: &str, value: Said, day: i64, clock: &str) -> (String, Said, Time) {
        (format!("Receiving/Silo{}/{tag}", silo + 1), value, self.at(day, clock))
    }

    /// A batch, from the tanker to the dock.
    fn separate(&mut self, batch: i64, day: i64) -> Result<(), Error> {
        let (silo, tank) = (batch % 3 + 1, batch % 2 + 1);
        let third = 12_000 + 100 * self.dice.roll(20) as i64;
        let received = self.receive(batch, 3 * third, day, ["5:00", "5:20", "5:35", "5:55"]);
        self.say(&borrowed(&received))?;
        let first = third + 50 * self.dice.roll(100) as i64;
        let fed = [first, 3 * third - first - 200];
        let given_back = if batch % 5 == 0 { 500 } else { 0 };
        // A tenth becomes cream; some stays in the separator.
        let through = fed[0] + fed[1] + 25 + 10 - given_back;
        let cream = through / 10;
        let skim = through - cream - 120;
        self.begin(batch, day, "5:58", (through / 10) / 50 * 50)?;
        self.run_separator(batch, day, &Yield { fed, cream, skim })?;
        if given_back > 0 {
            let lots = [Some(format!("RAW-{batch:04}")), Some(wip(batch))];
            self.execute(&format!("Feed back to Silo{silo}"), Some(given_back), lots, self.at(day, "10:05"))?;
        }
        self.finish(batch, day, cream, skim)?;
        self.process(ProcessVerb::Stop, self.at(day, "10:30"))?;
        self.execute(&format!("Clean Silo{silo}"), None, [None, None], self.at(day, "15:00"))?;
        self.execute("Clean separator", None, [None, None], self.at(day, "15:10"))?;
        let cream_lot = Some(cream_lot(batch));
        self.execute(&format!("Sample CreamSilo{tank}"), Some(2), [cream_lot.clone(), None], self.at(day, "12:00"))?;
        let tanker = [cream_lot.clone(), Some(format!("CT-{batch:04}"))];
        self.execute(&format!("Ship CreamSilo{tank}"), Some(cream - 850), tanker, self.at(day, "13:00"))?;
        let cups = self.cups(batch, day)?;
        self.execute(
            &format!("Fill cups from CreamSilo{tank}"),
            Some(1_600),
            [Some(cups), cream_lot],
            self.at(day, "14:00"),
        )?;
        let tanker = [Some(skim_lot(batch)), Some(format!("ST-{batch:04}"))];
        self.execute(&format!("Ship SkimSilo{tank}"), Some(skim - 300), tanker, self.at(day, "14:30"))?;
        Ok(())
    }

    /// An order for a batch, and the separator begins with it.
    fn begin(&self, batch: i64, day: i64, clock: &str, pounds: i64) -> Result<(), Error> {
        self.order_cream(batch, day, pounds, "IDLE")?;
        let order = Some(Reference::Plain(order_of(batch)));
        self.process(ProcessVerb::Start(order), self.at(day, clock))
    }

    fn order_cream(&self, batch: i64, day: i64, pounds: i64, status: &str) -> Result<(), Error> {
        let order = fields(&[
            ("name", text(order_of(batch))),
            ("product", text("Cream")),
            ("customer", text(if batch % 2 == 0 { "K-2003" } else { "K-2001" })),
            ("location", text("Plant/Processing/Separator")),
            ("status", text(status)),
            ("schedulePriority", text(if batch % 7 == 0 { "HIGH" } else { "NORMAL" })),
            ("quantity", Value::Number(pounds.to_string())),
            ("unitOfMeasure", text("lb")),
            ("startDate", text(self.at(day, "5:45").to_string())),
            ("dueDate", text(self.at(day + 1, "4:00").to_string())),
        ]);
        self.clerk.make("production-orders", vec![order]).map(drop)
    }

    fn process(&self, verb: ProcessVerb, at: Time) -> Result<(), Error> {
        let process = Reference::Plain("Separate milk".to_owned());
        let operate = OperateProcess { process, verb, at: Some(at), reach: Reach::All };
        self.clerk.change::<ProcessOperated>(operate).map(drop)
    }

    /// What is to be made next.
    fn plan(&self) -> Result<(), Error> {
        let next = 3 * WEEKS + 2;
        for (number, pounds) in [3_700, 3_900, 3_600].into_iter().enumerate() {
            let number = number as i64;
            let status = if number == 0 { "SCHEDULED" } else { "IDLE" };
            self.order_cream(next + number, 7 * WEEKS + 1 + 2 * number, pounds, status)?;
        }
        Ok(())
    }

    /// Makes a lot of cups with its date, and answers its name.
    fn cups(&self, batch: i64, day: i64) -> Result<String, Error> {
        let expires = Time(self.at(day, "0:00").0 + CUP_DAYS * Time::DAY);
        let name = cup_lot(batch);
        let lot = fields(&[("product", text(CUPS)), ("name", text(&*name)), ("expiresAt", text(expires.to_string()))]);
        self.clerk.make("lots", vec![lot])?;
        Ok(name)
    }

    /// Feeds the separator in two runs, with a pause in which a filter is changed.
    fn run_separator(&self, batch: i64, day: i64, amounts: &Yield) -> Result<(), Error> {
        let (silo, tank) = (batch % 3 + 1, batch % 2 + 1);
        let (feed, meter) = (format!("Processing/Feed{silo}/Valve"), format!("Processing/Feed{silo}/Meter"));
        let (cream, skim) = (format!("Processing/CreamSilo{tank}"), format!("Processing/SkimSilo{tank}"));
        let salt = "Processing/SaltPoint/Running";
        let tag = |path: &str, name: &str| format!("{path}/{name}");
        let (cream_valve, cream_meter, cream_name) = (tag(&cream, "Valve"), tag(&cream, "Meter"), tag(&cream, "Lot"));
        let (skim_valve, skim_meter, skim_name) = (tag(&skim, "Valve"), tag(&skim, "Meter"), tag(&skim, "Lot"));
        let at = |clock: &str| self.at(day, clock);
        let [first, second] = amounts.fed;
        self.say(&[
            ("Processing/Separator/Batch", text_of(wip(batch)), at("6:00")),
            (&meter, number(0), at("6:00")),
            (&feed, Said::Bool(true), at("6:05")),
            (&meter, number(first / 2), at("7:00")),
            (&meter, number(first), at("7:58")),
            (&feed, Said::Bool(false), at("8:00")),
            ("Processing/SaltPoint/Dose", number(25), at("8:20")),
            (salt, Said::Bool(true), at("8:21")),
            (salt, Said::Bool(false), at("8:25")),
            (&feed, Said::Bool(true), at("8:30")),
            (&meter, number(first + second), at("9:55")),
            (&feed, Said::Bool(false), at("10:00")),
        ])?;
        self.execute("Add culture", Some(10), [None, Some(wip(batch))], at("9:00"))?;
        self.say(&[
            (&cream_name, text_of(cream_lot(batch)), at("6:10")),
            (&skim_name, text_of(skim_lot(batch)), at("6:10")),
            (&cream_meter, number(0), at("6:10")),
            (&skim_meter, number(0), at("6:10")),
            (&cream_valve, Said::Bool(true), at("6:20")),
            (&skim_valve, Said::Bool(true), at("6:20")),
            (&cream_meter, number(amounts.cream / 2), at("8:10")),
            (&skim_meter, number(amounts.skim / 2), at("8:10")),
        ])
    }

    /// The separator runs empty.
    fn finish(&self, batch: i64, day: i64, cream: i64, skim: i64) -> Result<(), Error> {
        let tank = batch % 2 + 1;
        let tag = |silo: &str, name: &str| format!("Processing/{silo}{tank}/{name}");
        let at = |clock: &str| self.at(day, clock);
        self.say(&[
            (&tag("CreamSilo", "Meter"), number(cream), at("10:19")),
            (&tag("CreamSilo", "Valve"), Said::Bool(false), at("10:20")),
            (&tag("SkimSilo", "Meter"), number(skim), at("10:24")),
            (&tag("SkimSilo", "Valve"), Said::Bool(false), at("10:25")),
        ])
    }

    /// Cultures come by parcel, on a voucher.
    fn buy(&self, number: i64) -> Result<(), Error> {
        let at = self.at(number * 21, "4:00");
        let name = format!("CU-{:02}", number + 1);
        let expires = Time(at.0 + 60 * Time::DAY);
        let lot =
            fields(&[("product", text("Culture")), ("name", text(&*name)), ("expiresAt", text(expires.to_string()))]);
        self.clerk.make("lots", vec![lot])?;
        let entry = EntryDraft {
            org_unit: Some(self.made.find("locations", "path", "Plant").map(LocationId)?),
            effective_at: Some(at),
            product: Some(self.product("Culture")?),
            lot_name: Some(name),
            location: Some(self.place("Stores/Cultures")?),
            count: Some(Quantity(110 * ONE_E6)),
            cost_price: Some(UnitCost(14_500_000 + number * 350_000)),
            supplier: Some(self.party("S-50")?),
            source_identifier: Some(format!("CH-{}", 4_411 + number * 83)),
            ..EntryDraft::default()
        };
        let journal = self.journal("Dairy purchasing")?;
        self.clerk.note(journal, &format!("Cultures, parcel {}", number + 1), vec![entry])
    }

    fn party(&self, code: &str) -> Result<PartyId, Error> {
        self.made.find("parties", "code", code).map(PartyId)
    }

    fn journal(&self, name: &str) -> Result<JournalId, Error> {
        self.made.find("journals", "name", name).map(JournalId)
    }

    /// The week's tankers and cups go to customers, by lot; the last week's order for cups waits.
    fn sell(&mut self, week: i64) -> Result<(), Error> {
        let day = week * 7 + 5;
        let journal = self.journal("Dairy sales")?;
        let tankers: [(&str, &str, &str, i64); 2] =
            [("CT", "Cream by tanker", "K-2001", 1_620_000), ("ST", "Skim milk by tanker", "K-2002", 340_000)];
        let mut entries = Vec::new();
        for batch in week * 3 + 1..=week * 3 + 3 {
            for (letters, product, customer, price) in tankers {
                let lot = self.lot(product, &format!("{letters}-{batch:04}"))?;
                let there = self.stands(product, lot, "Shipping/Dock")?;
                entries.push(self.sale((product, lot), ("Shipping/Dock", there), (customer, price), day)?);
            }
        }
        self.clerk.note(journal, &format!("Tankers of week {}", week + 1), entries)?;
        let mut entries = Vec::new();
        for batch in week * 3 - 1..=week * 3 + 2 {
            if batch < 1 || batch == 8 || batch == 15 {
                continue;
            }
            let lot = self.lot(CUPS, &cup_lot(batch))?;
            let there = self.stands(CUPS, lot, "Stores/Cold store")?;
            for (customer, share) in [("K-2003", 3), ("K-2004", 2)] {
                let count = there / share - self.dice.roll(40) as i64;
                if count > 0 {
                    let from = ("Stores/Cold store", count / 24 * 24);
                    entries.push(self.sale((CUPS, lot), from, (customer, 1_950_000), day)?);
                }
            }
        }
        let voucher = self.clerk.voucher(journal, &format!("Cups of week {}", week + 1))?;
        self.clerk.enter(voucher, entries)?;
        if week + 1 < WEEKS { self.clerk.book(journal) } else { Ok(()) }
    }

    fn sale(
        &mut self,
        (product, lot): (&str, LotId),
        (path, count): (&str, i64),
        (customer, price): (&str, i64),
        day: i64,
    ) -> Result<EntryDraft, Error> {
        self.order += 1;
        Ok(EntryDraft {
            org_unit: Some(self.made.find("locations", "path", "Plant").map(LocationId)?),
            effective_at: Some(self.at(day, "16:00")),
            product: Some(self.product(product)?),
            lot: Some(lot),
            location: Some(self.place(path)?),
            count: Some(Quantity(-count * ONE_E6)),
            sales_price: Some(UnitCost(price)),
            customer: Some(self.party(customer)?),
            external: Some(Document { kind: "invoice".to_owned(), id: self.order }),
            ..EntryDraft::default()
        })
    }

    /// What quality and the stores do in a week.
    fn look_after(&self, week: i64) -> Result<(), Error> {
        let day = week * 7 + 5;
        let at = |clock: &str| self.at(day, clock);
        let reason = |name: &str| self.made.find("reason-codes", "name", name).map(ReasonId);
        let cold = Some(self.place("Stores/Cold store")?);
        let of_week = |number: i64| cup_lot(week * 3 + number);
        // A part of a tanker goes to the laboratory.
        let tanker = format!("CT-{:04}", week * 3 + 1);
        let kept = format!("{tanker}-R");
        let dock = Some(self.place("Shipping/Dock")?);
        self.act(Action {
            quantity: Some(Quantity(5 * ONE_E6)),
            from: dock,
            secondary_lot: LotNamed::Name(kept.clone()),
            ..self.action(RunKind::Split, "Cream by tanker", &tanker, at("8:00"))?
        })?;
        self.act(Action {
            quantity: Some(Quantity(5 * ONE_E6)),
            from: dock,
            to: Some(self.place("Stores/Laboratory")?),
            ..self.action(RunKind::Move, "Cream by tanker", &kept, at("8:10"))?
        })?;
        let status = |lot: &str, status: LotStatus, clock: &str| -> Result<(), Error> {
            let action = self.action(RunKind::StatusChange, CUPS, lot, at(clock))?;
            self.act(Action { new_status: Some(status), ..action })
        };
        match week {
            0 => {
                // Some of the culture had thawed.
                let lots = [Some("CU-01".to_owned()), None];
                self.execute("Return culture", Some(10), lots, at("9:00"))?;
                self.operate(
                    "Sample CreamSilo1",
                    Verb::Start,
                    command::Said { lot: Some(cream_lot(2)), started_at: Some(at("9:10")), ..Default::default() },
                )?;
                self.operate("Sample CreamSilo1", Verb::Cancel, command::Said::default())?;
            }
            1 => {
                // A valve is tried while nothing flows: a run of nothing.
                let valve = "Receiving/Silo1/Valve";
                self.say(&[(valve, Said::Bool(true), at("9:00")), (valve, Said::Bool(false), at("9:02"))])?;
                status(&of_week(1), LotStatus::QaHold, "9:10")?;
                status(&of_week(1), LotStatus::Available, "11:40")?;
            }
            2 => {
                self.act(Action {
                    product: Some(self.product(CUPS)?),
                    secondary_lot: LotNamed::Name(of_week(2)),
                    from: cold,
                    ..self.action(RunKind::Merge, CUPS, &of_week(3), at("9:00"))?
                })?;
                let dropped = self.action(RunKind::Scrap, CUPS, &of_week(1), at("9:20"))?;
                self.act(Action {
                    quantity: Some(Quantity(24 * ONE_E6)),
                    from: cold,
                    reason: reason("damaged")?,
                    notes: Some("a crate was dropped".to_owned()),
                    ..dropped
                })?;
            }
            3 => {
                let counted = self.action(RunKind::Edit, "Culture", "CU-02", at("9:00"))?;
                let there = self.stands("Culture", self.lot("Culture", "CU-02")?, "Stores/Cultures")?;
                self.act(Action {
                    quantity: Some(Quantity((there - 1) * ONE_E6)),
                    from: Some(self.place("Stores/Cultures")?),
                    notes: Some("counted".to_owned()),
                    ..counted
                })?;
            }
            4 => {
                // Swollen lids: on hold, and out of the way.
                status(&of_week(3), LotStatus::QaHold, "9:00")?;
                let lot = self.lot(CUPS, &of_week(3))?;
                let there = self.stands(CUPS, lot, "Stores/Cold store")?;
                self.act(Action {
                    quantity: Some(Quantity(there * ONE_E6)),
                    from: cold,
                    to: Some(self.place("Stores/Quarantine")?),
                    ..self.action(RunKind::Move, CUPS, &of_week(3), at("9:15"))?
                })?;
            }
            _ => {}
        }
        self.throw_away(week, reason("past its date")?)
    }

    /// Cups past their date are marked, and most of them thrown away.
    fn throw_away(&self, week: i64, reason: ReasonId) -> Result<(), Error> {
        let day = week * 7 + 6;
        for batch in 1..=week * 3 {
            let filled = (batch - 1) / 3 * 7 + BATCH_DAYS[((batch - 1) % 3) as usize];
            if !(filled + CUP_DAYS..filled + CUP_DAYS + 7).contains(&day) {
                continue;
            }
            let lot = self.lot(CUPS, &cup_lot(batch))?;
            let there = self.stands(CUPS, lot, "Stores/Cold store")?;
            let expired = self.action(RunKind::StatusChange, CUPS, &cup_lot(batch), self.at(day, "7:00"))?;
            self.act(Action { new_status: Some(LotStatus::Expired), ..expired })?;
            if there > 0 && batch % 4 != 0 {
                let scrapped = self.action(RunKind::Scrap, CUPS, &cup_lot(batch), self.at(day, "7:30"))?;
                let (quantity, from) = (Some(Quantity(there * ONE_E6)), Some(self.place("Stores/Cold store")?));
                self.act(Action { quantity, from, reason, ..scrapped })?;
            }
        }
        Ok(())
    }

    /// Last evening a tanker is being emptied and the separator runs; so they do still.
    fn tonight(&mut self) -> Result<(), Error> {
        let day = 7 * WEEKS - 1;
        let batch = 3 * WEEKS + 1;
        let (silo, tank) = (batch % 3 + 1, batch % 2 + 1);
        let received = self.receive(batch, 36_000, day, ["17:00", "17:25", "17:40", "18:00"]);
        let mut next = self.receive(batch + 1, 39_000, day, ["22:40", "22:55", "23:10", "23:25"]);
        // The valve is open yet, and the meter has not been read again.
        next.truncate(next.len() - 2);
        self.say(&borrowed(&received))?;
        self.say(&borrowed(&next))?;
        let tag = |place: &str, name: &str| format!("Processing/{place}/{name}");
        let (feed, cream, skim) = (format!("Feed{silo}"), format!("CreamSilo{tank}"), format!("SkimSilo{tank}"));
        let at = |clock: &str| self.at(day, clock);
        self.begin(batch, day, "19:58", 3_600)?;
        self.say(&[
            (&tag("Separator", "Batch"), text_of(wip(batch)), at("20:00")),
            (&tag(&feed, "Meter"), number(0), at("20:00")),
            (&tag(&feed, "Valve"), Said::Bool(true), at("20:05")),
            (&tag(&cream, "Lot"), text_of(cream_lot(batch)), at("20:10")),
            (&tag(&skim, "Lot"), text_of(skim_lot(batch)), at("20:10")),
            (&tag(&cream, "Meter"), number(0), at("20:10")),
            (&tag(&skim, "Meter"), number(0), at("20:10")),
            (&tag(&cream, "Valve"), Said::Bool(true), at("20:15")),
            (&tag(&skim, "Valve"), Said::Bool(true), at("20:15")),
            (&tag(&feed, "Meter"), number(21_400), at("23:20")),
            (&tag(&cream, "Meter"), number(2_130), at("23:21")),
            (&tag(&skim, "Meter"), number(19_100), at("23:21")),
        ])
    }
}

fn borrowed(samples: &[(String, Said, Time)]) -> Vec<(&str, Said, Time)> {
    samples.iter().map(|(path, value, at)| (path.as_str(), value.clone(), *at)).collect()
}

const CUPS: &str = "Cream cup 8 oz";

fn order_of(batch: i64) -> String {
    format!("CREAM-{batch:04}")
}

fn wip(batch: i64) -> String {
    format!("B-{batch:04}")
}

/// A silo's lot keeps its name for a week.
fn cream_lot(batch: i64) -> String {
    format!("CREAM-{}-W{}", batch % 2 + 1, (batch - 1) / 3 + 1)
}

fn skim_lot(batch: i64) -> String {
    format!("SKIM-{}-W{}", batch % 2 + 1, (batch - 1) / 3 + 1)
}

fn cup_lot(batch: i64) -> String {
    format!("CUP-{batch:04}")
}

fn number(whole: i64) -> Said {
    Number::whole(whole).map_or(Said::Null, Said::Number)
}

fn text_of(text: String) -> Said {
    Said::Text(text)
}
