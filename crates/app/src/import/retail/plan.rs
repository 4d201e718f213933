//! What lines become: products, customers, opening deliveries, vouchers; plain data, decided once.

use std::collections::{BTreeMap, HashMap, HashSet};

use lotbook_domain::money::{UnitCost, mul_div_half_even};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;

use super::line::{Fate, Line};

/// In which order lines are posted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// In the order of time, over all files.
    #[default]
    Time,
    /// File by file as named, each in its own order: what is dated earlier arrives late.
    Given,
}

/// A product with what it has to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its code as first seen.
    pub identifier: String,
    /// Its description on the first sale at a price, else any, else the code.
    pub name: String,
    /// Just enough that the lines never sell what is not there, in the order of time.
    pub opening: Quantity,
    /// The highest price of its lines.
    pub price_max: UnitCost,
}

impl Product {
    /// The two deliveries it begins with: half, rounded up to whole pieces, at 0.5 × its highest price,
    /// the rest at 0.6 ×.
    pub fn deliveries(&self) -> [(Quantity, UnitCost); 2] {
        let half = (self.opening.0 / 2 + ONE_E6 - 1) / ONE_E6 * ONE_E6;
        let half = half.min(self.opening.0);
        let share = |tenths: i64| {
            UnitCost(mul_div_half_even(self.price_max.0, tenths, 10).expect("a part of a price is no larger"))
        };
        [(Quantity(half), share(5)), (Quantity(self.opening.0 - half), share(6))]
    }
}

/// What a voucher is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoucherKind {
    /// An invoice.
    Sale,
    /// A cancellation.
    CreditNote,
    /// Goods gone without a cancellation.
    WriteOff,
}

/// A voucher: the lines of one invoice that have the same fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// What it is.
    pub kind: VoucherKind,
    /// `InvoiceNo` as written.
    pub invoice: String,
    /// Its digits.
    pub digits: i64,
    /// The customer; empty = none.
    pub customer: String,
    /// The country.
    pub country: String,
    /// Its lines, by their place in what was planned, in posting order.
    pub lines: Vec<usize>,
}

/// Lines of one voucher that are posted together: of one instant where time decides, else all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The voucher, by its place.
    pub voucher: usize,
    /// The first of its lines, by its place in the voucher.
    pub from: usize,
    /// One after the last.
    pub to: usize,
}

/// Lines that are not booked, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotBooked {
    /// Services and fees.
    pub service: u64,
    /// Adjustments of bad debt.
    pub bad_debt: u64,
    /// Lines of 0 pieces.
    pub no_quantity: u64,
}

/// What lines become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Products in the order of folded codes.
    pub products: Vec<Product>,
    /// Customer codes in order.
    pub customers: Vec<String>,
    /// Vouchers in the order in which they begin.
    pub vouchers: Vec<Voucher>,
    /// What is posted, in order.
    pub parts: Vec<Part>,
    /// What is not booked.
    pub not_booked: NotBooked,
    /// When the first line is dated; openings come before it.
    pub first: Option<Time>,
}

/// Decides what lines become. Lines are those of all files in the order named. Openings are those of
/// the lines of vouchers that are not in `imported`, which have had theirs.
#[allow(clippy::implicit_hasher)] // nobody has a reason to bring another hasher
pub fn plan(lines: &[Line], order: Order, imported: &HashSet<(VoucherKind, String)>) -> Plan {
    let mut by_time: Vec<usize> = (0..lines.len()).collect();
    by_time.sort_by_key(|at| lines[*at].at);
    let posting: Vec<usize> = match order {
        Order::Time => by_time.clone(),
        Order::Given => (0..lines.len()).collect(),
    };
    let mut plan = Plan { products: products(lines, &by_time, imported), ..Plan::default() };
    let mut places: HashMap<(VoucherKind, &str), usize> = HashMap::new();
    for at in posting {
        let line = &lines[at];
        let Some(kind) = kind_of(line) else {
            match line.fate() {
                Fate::BadDebt => plan.not_booked.bad_debt += 1,
                Fate::Nothing => plan.not_booked.no_quantity += 1,
                _ => plan.not_booked.service += 1,
            }
            continue;
        };
        let place = *places.entry((kind, line.invoice.as_str())).or_insert_with(|| {
            plan.vouchers.push(Voucher {
                kind,
                invoice: line.invoice.clone(),
                digits: line.digits,
                customer: line.customer.clone(),
                country: line.country.clone(),
                lines: Vec::new(),
            });
            plan.vouchers.len() - 1
        });
        let voucher = &mut plan.vouchers[place];
        voucher.lines.push(at);
        let to = voucher.lines.len();
        // An invoice whose lines were written over two minutes may be interrupted by another.
        match plan.parts.last_mut() {
            Some(last) if last.voucher == place => last.to = to,
            _ => plan.parts.push(Part { voucher: place, from: to - 1, to }),
        }
    }
    let customers: std::collections::BTreeSet<&str> =
        plan.vouchers.iter().map(|voucher| voucher.customer.as_str()).filter(|code| !code.is_empty()).collect();
    plan.customers = customers.into_iter().map(str::to_owned).collect();
    plan.first = by_time.first().map(|at| lines[*at].at);
    plan
}

/// The voucher that a line belongs to, if it is booked.
pub fn kind_of(line: &Line) -> Option<VoucherKind> {
    match line.fate() {
        Fate::Sale => Some(VoucherKind::Sale),
        Fate::Return => Some(VoucherKind::CreditNote),
        Fate::WriteOff => Some(VoucherKind::WriteOff),
        Fate::Service | Fate::BadDebt | Fate::Nothing => None,
    }
}

fn products(lines: &[Line], by_time: &[usize], imported: &HashSet<(VoucherKind, String)>) -> Vec<Product> {
    struct Seen {
        product: Product,
        is_named_by_sale: bool,
        stands: i64,
    }
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for at in by_time {
        let line = &lines[*at];
        let Some(kind) = kind_of(line) else { continue };
        let found = seen.entry(line.folded_code()).or_insert_with(|| Seen {
            product: Product {
                identifier: line.code.clone(),
                name: String::new(),
                opening: Quantity::ZERO,
                price_max: UnitCost(0),
            },
            is_named_by_sale: false,
            stands: 0,
        });
        let product = &mut found.product;
        product.price_max = product.price_max.max(line.price);
        if !line.description.is_empty() && !found.is_named_by_sale {
            let is_sale = kind == VoucherKind::Sale && line.price.0 > 0;
            if is_sale || product.name.is_empty() {
                product.name.clone_from(&line.description);
            }
            found.is_named_by_sale = is_sale;
        }
        if !imported.contains(&(kind, line.invoice.clone())) {
            let change = match kind {
                VoucherKind::Sale | VoucherKind::CreditNote => -line.quantity.0,
                VoucherKind::WriteOff => line.quantity.0,
            };
            found.stands = found.stands.saturating_add(change);
            product.opening = product.opening.max(Quantity(found.stands.saturating_neg()));
        }
    }
    seen.into_values()
        .map(|found| {
            let mut product = found.product;
            if product.name.is_empty() {
                product.name.clone_from(&product.identifier);
            }
            product
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::line::read;
    use super::*;

    fn lines(rows: &[&str]) -> Vec<Line> {
        let head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
        let text = format!("{head}\n{}\n", rows.join("\n"));
        read(0, "x.csv", text.as_bytes()).unwrap()
    }

    fn all(rows: &[&str]) -> Plan {
        plan(&lines(rows), Order::Time, &HashSet::new())
    }

    #[test]
    fn a_product_begins_with_just_enough() {
        let plan = all(&[
            "1,a,ONE,6,2010-12-01 08:00:00,2.55,7,UK",
            "C2,A,ONE,-4,2010-12-01 09:00:00,2.55,7,UK",
            "3,A,ONE,3,2010-12-01 10:00:00,3.25,7,UK",
            "4,A,lost,-2,2010-12-01 11:00:00,0,,UK",
        ]);
        let [product] = &plan.products[..] else { panic!("{:?}", plan.products) };
        assert_eq!((product.identifier.as_str(), product.name.as_str()), ("a", "ONE"));
        // 6 go, 4 come back, 3 go, 2 are lost: 7 at the deepest.
        assert_eq!(product.opening, Quantity(7_000_000));
        assert_eq!(
            product.deliveries(),
            [(Quantity(4_000_000), UnitCost(1_625_000)), (Quantity(3_000_000), UnitCost(1_950_000))]
        );
    }

    #[test]
    fn one_piece_comes_in_one_delivery_and_what_only_returns_in_none() {
        let plan = all(&["1,a,x,1,2010-12-01 08:00:00,1,,UK", "C2,k,x,-4,2010-12-01 09:00:00,2.55,7,UK"]);
        assert_eq!(plan.products[0].deliveries()[0].0, Quantity(1_000_000));
        assert_eq!(plan.products[0].deliveries()[1].0, Quantity::ZERO);
        assert_eq!(plan.products[1].opening, Quantity::ZERO);
    }

    #[test]
    fn invoices_become_vouchers_in_the_order_of_time() {
        let plan = all(&[
            "3,a,x,1,2010-12-02 08:00:00,1,7,UK",
            "1,a,x,1,2010-12-01 08:00:00,1,7,UK",
            "2,a,x,1,2010-12-01 08:00:30,1,8,UK",
            "1,k,x,1,2010-12-01 08:01:00,1,7,UK",
            "1,POST,x,1,2010-12-01 08:01:00,1,7,UK",
            "C4,a,x,-1,2010-12-03 08:00:00,1,,UK",
            "5,a,x,-1,2010-12-03 08:00:00,0,,UK",
            "A6,B,x,1,2010-12-03 08:00:00,-10,,UK",
        ]);
        let invoices: Vec<_> = plan.vouchers.iter().map(|voucher| (voucher.kind, voucher.invoice.as_str())).collect();
        assert_eq!(
            invoices,
            [
                (VoucherKind::Sale, "1"),
                (VoucherKind::Sale, "2"),
                (VoucherKind::Sale, "3"),
                (VoucherKind::CreditNote, "C4"),
                (VoucherKind::WriteOff, "5")
            ]
        );
        // Invoice 1 is interrupted by invoice 2.
        assert_eq!(
            plan.parts[..3],
            [
                Part { voucher: 0, from: 0, to: 1 },
                Part { voucher: 1, from: 0, to: 1 },
                Part { voucher: 0, from: 1, to: 2 }
            ]
        );
        assert_eq!(plan.not_booked, NotBooked { service: 1, bad_debt: 1, no_quantity: 0 });
        assert_eq!(plan.customers, ["7", "8"]);
    }

    #[test]
    fn what_was_imported_needs_no_opening() {
        let rows = lines(&["1,a,x,5,2010-12-01 08:00:00,1,7,UK", "2,a,x,2,2010-12-02 08:00:00,1,7,UK"]);
        let imported = HashSet::from([(VoucherKind::Sale, "1".to_owned())]);
        let plan = plan(&rows, Order::Given, &imported);
        assert_eq!(plan.products[0].opening, Quantity(2_000_000));
        assert_eq!(plan.vouchers.len(), 2);
    }
}
