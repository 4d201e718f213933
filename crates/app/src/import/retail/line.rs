//! Lines of the files, read and checked.

use std::io::Read;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::{Quantity, parse_e6};
use lotbook_domain::time::Time;

use crate::import::Fault;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which of the files named, from 0.
    pub file: usize,
    /// Its line number there.
    pub number: u64,
    /// `InvoiceNo` as written: digits, or `C` or `A` and digits.
    pub invoice: String,
    /// The digits of the invoice number.
    pub digits: i64,
    /// `StockCode` as written, without blanks around it.
    pub code: String,
    /// `Description`; empty = none.
    pub description: String,
    /// How many, with its sign.
    pub quantity: Quantity,
    /// When; the files have no zone, UTC is taken.
    pub at: Time,
    /// The price of one; below 0 on adjustments of bad debt only.
    pub price: UnitCost,
    /// `CustomerID` without the `.0` of the files; empty = none.
    pub customer: String,
    /// `Country`.
    pub country: String,
}

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Goods go to the customer.
    Sale,
    /// Goods come back on a cancellation.
    Return,
    /// Goods are gone without a cancellation.
    WriteOff,
    /// A service or a fee: no goods move.
    Service,
    /// An adjustment of bad debt: no goods move.
    BadDebt,
    /// It says 0 pieces: no goods move.
    Nothing,
}

/// Codes that stand for services and fees, folded.
const SERVICES: [&str; 10] = ["post", "dot", "m", "d", "c2", "bank charges", "amazonfee", "s", "cruk", "pads"];
/// Gift vouchers by value.
const GIFT_VOUCHERS: &str = "gift_0001_";
const BAD_DEBT: &str = "b";

impl Line {
    /// The code as products are told apart: whatever the case.
    pub fn folded_code(&self) -> String {
        self.code.to_lowercase()
    }

    /// Whether the invoice cancels others.
    pub fn is_cancellation(&self) -> bool {
        self.invoice.starts_with(['C', 'c'])
    }

    /// What happens to it.
    pub fn fate(&self) -> Fate {
        let code = self.folded_code();
        if self.invoice.starts_with(['A', 'a']) || code == BAD_DEBT {
            Fate::BadDebt
        } else if SERVICES.contains(&code.as_str()) || code.starts_with(GIFT_VOUCHERS) {
            Fate::Service
        } else if self.quantity.0 > 0 {
            Fate::Sale
        } else if self.quantity.0 == 0 {
            Fate::Nothing
        } else if self.is_cancellation() {
            Fate::Return
        } else {
            Fate::WriteOff
        }
    }
}

/// The columns, in the order of [`Columns`].
const COLUMNS: [&str; 8] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

/// Reads a file, or lists every fault of it.
pub fn read(file: usize, name: &str, source: impl Read) -> Result<Vec<Line>, Vec<Fault>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
    let fault = |line: u64, message: String| Fault { file: name.to_owned(), line, message };
    let headers = reader.byte_headers().map_err(|error| vec![fault(1, error.to_string())])?.clone();
    let headers: Vec<String> =
        headers.iter().map(|header| text(header).trim_start_matches('\u{feff}').trim().to_lowercase()).collect();
    let mut places = [0; COLUMNS.len()];
    let mut faults = Vec::new();
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        match headers.iter().position(|header| *header == column.to_lowercase()) {
            Some(found) => *place = found,
            None => faults.push(fault(1, format!("has no column {column}; the columns are {}", COLUMNS.join(", ")))),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut lines = Vec::new();
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Err(error) => {
                // What cannot be read is at the end of what can be.
                faults.push(fault(reader.position().line(), format!("cannot be read: {error}")));
                break;
            }
            Ok(true) => {}
        }
        let number = record.position().map_or(0, csv::Position::line);
        let cells = places.map(|place| text(record.get(place).unwrap_or_default()).trim().to_owned());
        match line(file, number, cells) {
            Ok(line) => lines.push(line),
            Err(messages) => faults.extend(messages.into_iter().map(|message| fault(number, message))),
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

/// Some editions of the files are not UTF-8 but Latin-1, where each byte is a letter.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

fn line(file: usize, number: u64, cells: [String; COLUMNS.len()]) -> Result<Line, Vec<String>> {
    let [invoice, code, description, quantity, at, price, customer, country] = cells;
    let mut faults = Vec::new();
    let digits = invoice.strip_prefix(['C', 'c', 'A', 'a']).unwrap_or(&invoice);
    let digits = match digits.parse::<i64>() {
        Ok(digits) if digits >= 0 => digits,
        _ => {
            faults.push(format!("InvoiceNo {invoice:?} is neither a number nor C or A and a number"));
            0
        }
    };
    if code.is_empty() {
        faults.push("StockCode is missing".to_owned());
    }
    let quantity = quantity.parse::<Quantity>().unwrap_or_else(|fault| {
        faults.push(format!("Quantity {quantity:?} {fault}"));
        Quantity::ZERO
    });
    let price = parse_e6(&price).unwrap_or_else(|fault| {
        faults.push(format!("UnitPrice {price:?} {fault}"));
        0
    });
    let at = time(&at).unwrap_or_else(|| {
        faults.push(format!("InvoiceDate {at:?} is not a time such as 2010-12-01 08:26:00"));
        Time(0)
    });
    let customer = customer.strip_suffix(".0").unwrap_or(&customer).to_owned();
    let line = Line {
        file,
        number,
        invoice,
        digits,
        code,
        description,
        quantity,
        at,
        price: UnitCost(price),
        customer,
        country,
    };
    if price < 0 && line.fate() != Fate::BadDebt && line.fate() != Fate::Service {
        faults.push(format!("UnitPrice {} is below 0", Quantity(price)));
    }
    if faults.is_empty() { Ok(line) } else { Err(faults) }
}

/// `2010-12-01 08:26:00`, or `12/1/2010 8:26` as in other editions.
fn time(text: &str) -> Option<Time> {
    let at = if text.contains('/') {
        let (date, clock) = text.split_once(' ')?;
        let mut date = date.split('/').map(str::parse::<i16>);
        let (month, day, year) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
        let mut clock = clock.split(':').map(str::parse::<i8>);
        let (hour, minute) = (clock.next()?.ok()?, clock.next()?.ok()?);
        let second = clock.next().map_or(Ok(0), |second| second).ok()?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?.at(
            hour.clamp(0, 23),
            minute.clamp(0, 59),
            second.clamp(0, 59),
            0,
        )
    } else {
        text.parse::<DateTime>().ok()?
    };
    let at = Time(TimeZone::UTC.to_timestamp(at).ok()?.as_microsecond());
    at.is_datable().then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn one(line: &str) -> Line {
        read(0, "x.csv", format!("{HEAD}{line}\n").as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn a_line_is_read_exactly() {
        let line = one("536365,85123A, WHITE HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom");
        assert_eq!(line.number, 2);
        assert_eq!(line.digits, 536_365);
        assert_eq!(line.description, "WHITE HEART");
        assert_eq!(line.quantity, Quantity(6_000_000));
        assert_eq!(line.price, UnitCost(2_550_000));
        assert_eq!(line.at.to_string(), "2010-12-01T08:26:00.000Z");
        assert_eq!(line.customer, "17850");
        assert_eq!(one("536365,1,x,6,12/1/2010 8:26,0.123,,").at, line.at);
    }

    #[test]
    fn every_line_has_a_fate() {
        let fate = |line: &str| one(&format!("{line},2010-12-01 08:26:00,1.0,,UK")).fate();
        assert_eq!(fate("536365,85123A,x,6"), Fate::Sale);
        assert_eq!(fate("C536365,85123A,x,-6"), Fate::Return);
        assert_eq!(fate("536365,85123A,,-6"), Fate::WriteOff);
        assert_eq!(fate("536365,DCGS0003,,1"), Fate::Sale);
        assert_eq!(fate("536365,85123A,,0"), Fate::Nothing);
        for code in
            ["POST", "DOT", "M", "m", "D", "C2", "BANK CHARGES", "AMAZONFEE", "S", "CRUK", "PADS", "gift_0001_20"]
        {
            assert_eq!(fate(&format!("536365,{code},x,6")), Fate::Service, "{code}");
            assert_eq!(fate(&format!("C536365,{code},x,-6")), Fate::Service, "{code}");
        }
        assert_eq!(fate("A563185,B,Adjust bad debt,1"), Fate::BadDebt);
        assert_eq!(fate("563185,B,Adjust bad debt,1"), Fate::BadDebt);
    }

    #[test]
    fn all_faults_are_listed_with_their_lines() {
        let text = format!(
            "{HEAD}X1,,x,six,soon,1.2345678,,\n536365,85123A,x,6,2010-12-01 08:26:00,2.55,,\n536366,85123A,x,6,2010-13-01 08:26:00,-1,,\n"
        );
        let faults = read(0, "x.csv", text.as_bytes()).unwrap_err();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 7, "{told:#?}");
        assert!(told[..5].iter().all(|text| text.starts_with("x.csv line 2: ")), "{told:#?}");
        assert!(told[5..].iter().all(|text| text.starts_with("x.csv line 4: ")), "{told:#?}");
        assert!(read(0, "x.csv", "a,b\n".as_bytes()).unwrap_err()[0].to_string().contains("has no column InvoiceNo"));
    }
}
