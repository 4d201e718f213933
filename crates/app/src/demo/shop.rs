//! A webshop for coffee and tea.

use std::collections::HashMap;

use lotbook_domain::entry::{EntryDraft, Reference as Document};
use lotbook_domain::id::{JournalId, LocationId, LotId, PartyId, ProductId, ReasonId, VariantId, VoucherId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::{ONE_E6, Quantity, parse_e6};
use lotbook_domain::time::Time;
use lotbook_engine::Error;
use lotbook_engine::command::{BookingOutcome, CreateEntries, CreateVoucher, EntriesCreated, VoucherCreated};
use lotbook_engine::table::booking::BookingState;
use lotbook_engine::table::voucher::VoucherSource;
use lotbook_engine::thing::value::Value;
use lotbook_engine::write::Command;

use super::clerk::{Clerk, fields, text};
use super::{Dice, HOUR, WEEKS, damaged};

const CATALOG: &str = include_str!("shop.json");

/// The journals of the catalog, in its order.
const GOODS: JournalId = JournalId(1);
const ORDERS: JournalId = JournalId(2);
const STOCKTAKING: JournalId = JournalId(3);
const TRANSFERS: JournalId = JournalId(4);
const OWN_USE: JournalId = JournalId(5);
const BREAKAGE: JournalId = JournalId(6);
const COMPLAINTS: JournalId = JournalId(7);

/// Makes the catalog, and its history.
///
/// Answers with the vouchers of the deliveries.
pub(super) fn live(clerk: Clerk<'_>, begins: Time) -> Result<Vec<VoucherId>, Error> {
    let mut shop = Shop::open(clerk, begins)?;
    shop.live()?;
    Ok(shop.deliveries)
}

/// A product with what the history needs to know of it.
#[derive(Clone)]
struct Goods {
    id: ProductId,
    identifier: String,
    cost: UnitCost,
    price: UnitCost,
    shelf: LocationId,
    supplier: PartyId,
    variants: Vec<VariantId>,
}

struct Shop<'e> {
    clerk: Clerk<'e>,
    org_unit: LocationId,
    goods: Vec<Goods>,
    customers: Vec<PartyId>,
    machines: Vec<LotId>,
    packing: LocationId,
    broken: ReasonId,
    tasting: ReasonId,
    begins: Time,
    deliveries: Vec<VoucherId>,
    /// Pieces that should be there.
    stock: HashMap<(ProductId, VariantId), i64>,
}

impl<'e> Shop<'e> {
    /// Makes the catalog.
    fn open(clerk: Clerk<'e>, begins: Time) -> Result<Self, Error> {
        let made = clerk.make_all(CATALOG)?;
        let find = |kind: &str, field: &str, name: &str| made.find(kind, field, name);
        let place = |path: &str| find("locations", "path", &format!("Webshop/{path}")).map(LocationId);
        let espresso = find("products", "identifier", "M-100")?;
        let machines = (1..=12).map(|number| {
            fields(&[
                ("product", Value::Number(espresso.to_string())),
                ("identifier", text(format!("UNO-{number:04}"))),
            ])
        });
        let machines = clerk.make("instances", machines.collect())?;
        let nero = find("products", "identifier", "C-100")?;
        let lots = (0..WEEKS).map(|week| {
            let expires = Time(begins.0 + (week * 7 + 180) * Time::DAY);
            fields(&[
                ("product", Value::Number(nero.to_string())),
                ("name", text(lot_name(week))),
                ("expiresAt", text(expires.to_string())),
            ])
        });
        clerk.make("lots", lots.collect())?;

        let mut goods = Vec::new();
        for product in made.all("products") {
            let identifier = product["identifier"].as_str().unwrap_or_default().to_owned();
            let (shelf, supplier) = match identifier.as_bytes() {
                b"C-100" => ("Cool room", "S-10"),
                [b'C', ..] => ("Shelf A", "S-10"),
                [b'T', ..] => ("Shelf B", "S-20"),
                [b'K', ..] => ("Shelf C", "S-30"),
                _ => ("Cabinet", "S-40"),
            };
            let id = ProductId(product["id"].as_i64().unwrap_or_default());
            let variants = made.all("variants").iter().filter(|variant| variant["product"]["id"] == id.0);
            goods.push(Goods {
                id,
                cost: price(&product["costPrice"])?,
                price: price(&product["salesPrice"])?,
                shelf: place(shelf)?,
                supplier: PartyId(find("parties", "code", supplier)?),
                variants: variants.filter_map(|variant| variant["id"].as_i64().map(VariantId)).collect(),
                identifier,
            });
        }
        let customers =
            made.all("parties").iter().filter(|party| party["code"].as_str().is_some_and(|c| c.starts_with('K')));
        Ok(Self {
            clerk,
            org_unit: LocationId(find("locations", "path", "Webshop")?),
            customers: customers.filter_map(|party| party["id"].as_i64().map(PartyId)).collect(),
            machines: machines.iter().filter_map(|machine| machine["id"].as_i64().map(LotId)).collect(),
            packing: place("Packing table")?,
            broken: ReasonId(find("reason-codes", "name", "broken")?),
            tasting: ReasonId(find("reason-codes", "name", "tasting")?),
            goods,
            begins,
            deliveries: Vec::new(),
            stock: HashMap::new(),
        })
    }

    /// Week after week: deliveries, orders day by day, and what else happens in a shop.
    fn live(&mut self) -> Result<(), Error> {
        let mut dice = Dice(0x10_7B00C);
        let mut order_number = 50_000;
        let mut sold_machines = 0;
        for week in 0..WEEKS {
            self.deliver(week)?;
            for day in week * 7..week * 7 + 6 {
                let mut orders = Vec::new();
                for number in 0..6 + dice.roll(6) {
                    let at = Time(self.begins.0 + day * Time::DAY + 8 * HOUR + number as i64 * HOUR);
                    order_number += 1;
                    let customer = self.customers[dice.roll(self.customers.len())];
                    let mut entries = Vec::new();
                    for _ in 0..=dice.roll(3) {
                        entries.extend(self.ordered(&mut dice, at));
                    }
                    if number == 0 && sold_machines < self.machines.len() && day % 5 == 0 {
                        entries.push(self.machine(at, &self.machines[sold_machines..=sold_machines], -1));
                        sold_machines += 1;
                    }
                    for entry in &mut entries {
                        entry.customer = Some(customer);
                        entry.external = Some(Document { kind: "order".to_owned(), id: order_number });
                    }
                    if !entries.is_empty() {
                        orders.push((order_number, entries));
                    }
                }
                self.book_orders(orders)?;
            }
            self.look_after(week, order_number)?;
        }
        // What arrived this morning is still to be checked.
        let voucher = self.clerk.voucher(GOODS, "Delivery of this morning, to be checked")?;
        let today = Time(self.begins.0 + 7 * WEEKS * Time::DAY);
        let waiting = self.goods.iter().filter(|goods| goods.identifier.starts_with('T'));
        self.clerk.enter(voucher, waiting.map(|goods| self.received(goods, today, 12, WEEKS)).collect())
    }

    /// A delivery of each supplier, booked together.
    fn deliver(&mut self, week: i64) -> Result<(), Error> {
        let at = Time(self.begins.0 + week * 7 * Time::DAY + 6 * HOUR);
        let mut suppliers: Vec<PartyId> = self.goods.iter().map(|goods| goods.supplier).collect();
        suppliers.dedup();
        for supplier in suppliers {
            let voucher = self.clerk.voucher(GOODS, &format!("Delivery of week {}", week + 1))?;
            self.deliveries.push(voucher);
            let mut entries = Vec::new();
            // A first stock, then about what is sold.
            let count = if week == 0 { 24 } else { 6 };
            for goods in self.goods.iter().filter(|goods| goods.supplier == supplier) {
                match goods.identifier.as_str() {
                    "M-100" if week == 0 => entries.push(self.machine(at, &self.machines, 1)),
                    "M-100" => {}
                    "C-100" => {
                        let lot_name = Some(lot_name(week));
                        entries.push(EntryDraft { lot_name, ..self.received(goods, at, count, week) });
                    }
                    _ if goods.variants.is_empty() => entries.push(self.received(goods, at, count, week)),
                    _ => entries.extend(goods.variants.iter().map(|variant| EntryDraft {
                        variant: Some(*variant),
                        ..self.received(goods, at, count / 2, week)
                    })),
                }
            }
            for entry in &entries {
                *self.stock.entry(key(entry)).or_default() += count_of(entry);
            }
            self.clerk.enter(voucher, entries)?;
        }
        self.clerk.book(GOODS)
    }

    /// Own use, breakage, a transfer; now and then a count and a complaint.
    fn look_after(&mut self, week: i64, order_number: i64) -> Result<(), Error> {
        let at = Time(self.begins.0 + (week * 7 + 6) * Time::DAY + 10 * HOUR);
        let goods = |identifier: &str| {
            self.goods.iter().find(|goods| goods.identifier == identifier).ok_or_else(|| damaged(identifier))
        };
        let of = |goods: &Goods, count: i64| self.entry(goods, at, count);
        let mut lost = Vec::new();
        let tasting = EntryDraft { reason: Some(self.tasting), ..of(goods("C-160")?, 1) };
        lost.push(key(&tasting));
        self.clerk.note(OWN_USE, "Tasting", vec![tasting])?;
        let broken = EntryDraft { reason: Some(self.broken), ..of(goods("K-100")?, 1) };
        lost.push(key(&broken));
        self.clerk.note(BREAKAGE, "Dropped while unpacking", vec![broken])?;
        let papers = goods("K-180")?;
        let arrives = EntryDraft { location: Some(self.packing), ..of(papers, 1) };
        lost.push(key(&arrives));
        self.clerk.note(TRANSFERS, "Filter papers for the packing table", vec![of(papers, -1), arrives])?;
        if week == 3 {
            // A strainer is missing, and the teapots are all there.
            let (strainers, teapots) = (of(goods("K-140")?, 0), of(goods("K-130")?, 0));
            let there = |entry: &EntryDraft| self.stock.get(&key(entry)).copied().unwrap_or_default();
            let missing = i64::from(there(&strainers) > 0);
            let counted = vec![of(goods("K-140")?, there(&strainers) - missing), of(goods("K-130")?, there(&teapots))];
            if missing > 0 {
                lost.push(key(&strainers));
            }
            self.clerk.note(STOCKTAKING, "Count of Shelf C", counted)?;
        }
        if week % 2 == 1 {
            let back = EntryDraft {
                customer: self.customers.first().copied(),
                credit_note: Some(Document { kind: "order".to_owned(), id: order_number }),
                description: Some("too dark a roast".to_owned()),
                ..of(goods("C-110")?, 1)
            };
            self.clerk.note(COMPLAINTS, "Sent back", vec![back])?;
        }
        for key in lost {
            *self.stock.entry(key).or_default() -= 1;
        }
        Ok(())
    }

    fn entry(&self, goods: &Goods, at: Time, count: i64) -> EntryDraft {
        EntryDraft {
            org_unit: Some(self.org_unit),
            effective_at: Some(at),
            product: Some(goods.id),
            location: Some(goods.shelf),
            count: Some(Quantity(count * ONE_E6)),
            ..EntryDraft::default()
        }
    }

    /// A receipt; suppliers ask a cent more each week.
    fn received(&self, goods: &Goods, at: Time, count: i64, week: i64) -> EntryDraft {
        let cost = UnitCost(goods.cost.0 + week * ONE_E6 / 100);
        EntryDraft { supplier: Some(goods.supplier), cost_price: Some(cost), ..self.entry(goods, at, count) }
    }

    /// A line of an order: something that is neither a machine with a serial number nor sold out. One
    /// piece stays, for what else may happen to it.
    fn ordered(&mut self, dice: &mut Dice, at: Time) -> Option<EntryDraft> {
        let goods = &self.goods[dice.roll(self.goods.len())];
        let count = 1 + dice.roll(2) as i64;
        let variant = (!goods.variants.is_empty()).then(|| goods.variants[dice.roll(goods.variants.len())]);
        let entry = EntryDraft { variant, sales_price: Some(goods.price), ..self.entry(goods, at, -count) };
        if goods.identifier == "M-100" || self.stock.get(&key(&entry)).is_none_or(|there| *there <= count) {
            return None;
        }
        *self.stock.entry(key(&entry)).or_default() -= count;
        Some(entry)
    }

    /// Machines with their serial numbers, in (1) or out (-1).
    fn machine(&self, at: Time, machines: &[LotId], sign: i64) -> EntryDraft {
        let goods = self.goods.iter().find(|goods| goods.identifier == "M-100").expect("the catalog has machines");
        let entry = self.entry(goods, at, sign * machines.len() as i64);
        let (supplier, price) = if sign > 0 { (Some(goods.supplier), None) } else { (None, Some(goods.price)) };
        EntryDraft { instances: Some(machines.to_vec()), supplier, sales_price: price, ..entry }
    }

    /// Vouchers and entries of a day's orders, each kind handed over together, as a webshop does with
    /// many customers at once.
    fn book_orders(&self, orders: Vec<(i64, Vec<EntryDraft>)>) -> Result<(), Error> {
        let vouchers = orders.iter().map(|(number, _)| {
            Command::CreateVoucher(CreateVoucher {
                journal: ORDERS,
                source: VoucherSource {
                    kind: Some("webshop".to_owned()),
                    id: Some(*number),
                    ..VoucherSource::default()
                },
                ..CreateVoucher::default()
            })
        });
        let vouchers: Vec<VoucherCreated> = self.clerk.all(vouchers.collect())?;
        let entries = orders.into_iter().zip(vouchers).map(|((_, entries), voucher)| {
            Command::CreateEntries(CreateEntries {
                voucher: VoucherId(voucher.id),
                entries,
                ..CreateEntries::default()
            })
        });
        for created in self.clerk.all::<EntriesCreated>(entries.collect())? {
            booked(created.booking)?;
        }
        Ok(())
    }
}

fn key(entry: &EntryDraft) -> (ProductId, VariantId) {
    (entry.product.unwrap_or_default(), entry.variant.unwrap_or_default())
}

fn count_of(entry: &EntryDraft) -> i64 {
    entry.count.unwrap_or_default().0 / ONE_E6
}

fn booked(outcome: Option<BookingOutcome>) -> Result<(), Error> {
    match outcome {
        Some(outcome) if outcome.state != BookingState::Rejected => Ok(()),
        other => Err(Error::Internal(format!("an order of the demo was not booked: {other:?}"))),
    }
}

fn price(number: &serde_json::Value) -> Result<UnitCost, Error> {
    parse_e6(&number.to_string()).map(UnitCost).map_err(|_| damaged("a price"))
}

fn lot_name(week: i64) -> String {
    format!("NERO-{:02}", week + 1)
}
