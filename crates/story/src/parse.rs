//! Reading a story.

mod expect;
mod reserve;

use std::collections::{HashMap, VecDeque};

use lotbook_domain::catalog::{Costing, LotStatus, Tracking};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LotUse;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::{Quantity, parse_e6};
use lotbook_domain::reservation::Signal;
use lotbook_domain::time::Time;

pub use expect::Expect;
use expect::expects;

use crate::names::{MAIN, TRANSIT};
use crate::thing::Product;
use crate::{Booking, CostingChange, Entry, Landing, Question, Reservation, Revaluation, Thing, date};

/// A story that was read.
#[derive(Clone, Debug)]
pub struct Story {
    /// The name of its file.
    pub name: String,
    /// Its first line: the rule.
    pub rule: String,
    /// What is done, in order.
    pub lines: Vec<Line>,
}

/// A line of a story.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where it stands in the file, from 1.
    pub number: usize,
    /// The line itself, for messages.
    pub text: String,
    /// What is done.
    pub step: Step,
    /// What comes of it.
    pub expected: Vec<Expect>,
}

/// What is done in a line.
#[derive(Clone, Debug)]
pub enum Step {
    /// Something is defined or set.
    Define(Thing),
    /// Entries are booked together.
    Book {
        /// The booking.
        booking: Booking,
        /// What is expected of each line of a `book` block: its number, its entries, its expectations.
        inner: Vec<(usize, std::ops::Range<usize>, Vec<Expect>)>,
        /// How the story calls it from now on.
        label: Option<String>,
    },
    /// A booking is undone.
    Reverse {
        /// How the story called it.
        target: String,
        /// These of its lines; empty = all.
        lines: Vec<i64>,
        /// When.
        at: Option<Time>,
        /// How the story calls the reversal from now on.
        label: Option<String>,
    },
    /// Stock is worth so much from a time on.
    Revalue {
        /// What is said.
        revaluation: Revaluation,
        /// How the story calls it from now on.
        label: Option<String>,
    },
    /// A cost lands on what was received.
    Land {
        /// How the story called the booking.
        target: String,
        /// What is said; the booking is looked up when it is told.
        landing: Landing,
        /// How the story calls it from now on.
        label: Option<String>,
    },
    /// A product is valued differently from a time on.
    Cost(CostingChange),
    /// Values are settled.
    Settle,
    /// Stock is promised.
    Reserve(Reservation),
    /// A reservation is made firm, or given up.
    Signal {
        /// How the story called it.
        target: String,
        /// What is to become of it.
        signal: Signal,
    },
    /// What is held briefly is over.
    Pass,
    /// A reservation is looked at.
    Reserved(String),
    /// A balance is read.
    Balance {
        /// What is asked; the booking is looked up when it is told.
        question: Question,
        /// As it was known when this was booked.
        known_at: Option<String>,
    },
    /// A lot's status is read.
    Status {
        /// The product.
        product: String,
        /// The lot.
        lot: String,
    },
}

/// The time at which stories begin; acts without a date follow one another by the minute.
const DAWN: &str = "2024-01-01";
const MINUTE: i64 = 60_000_000;

/// Reads a story; says what is wrong with which line.
pub fn parse(name: &str, text: &str) -> Result<Story, String> {
    let rule = text.lines().next().and_then(|line| line.strip_prefix('#')).map(str::trim).unwrap_or_default();
    if rule.is_empty() {
        return Err(format!("{name}:1: a story begins with `# ` and the rule it tells"));
    }
    let mut reader = Reader::new();
    let mut lines: Vec<Line> = Vec::new();
    for (at, text) in text.lines().enumerate() {
        let number = at + 1;
        let told = text.split('#').next().unwrap_or_default();
        if told.trim().is_empty() {
            continue;
        }
        let failed = |why: String| format!("{name}:{number}: {why}\n    {}", text.trim());
        let (act, expected) = match told.split_once("->") {
            Some((act, expected)) => (act, expects(expected).map_err(failed)?),
            None => (told, Vec::new()),
        };
        let is_inner = told.starts_with(char::is_whitespace);
        if act.trim().is_empty() {
            lines.last_mut().ok_or_else(|| failed("there is nothing before it".to_owned()))?.expected.extend(expected);
        } else if is_inner {
            let Some(Line { step: Step::Book { booking, inner, .. }, .. }) = lines.last_mut() else {
                return Err(failed("only lines of a `book` block are indented".to_owned()));
            };
            let (kind, entries, _) = reader.entries(words(act)).map_err(failed)?;
            if !booking.entries.is_empty() && booking.kind != kind {
                return Err(failed("the lines of one block belong to one kind of journal".to_owned()));
            }
            booking.kind = kind;
            let from = booking.entries.len();
            booking.entries.extend(entries);
            inner.push((number, from..booking.entries.len(), expected));
        } else {
            let step = reader.step(words(act)).map_err(failed)?;
            lines.push(Line { number, text: text.trim().to_owned(), step, expected });
        }
    }
    Ok(Story { name: name.to_owned(), rule: rule.to_owned(), lines })
}

type Words = VecDeque<String>;

fn words(text: &str) -> Words {
    text.replace('[', " [ ").replace(']', " ] ").split_whitespace().map(str::to_owned).collect()
}

fn next(words: &mut Words, what: &str) -> Result<String, String> {
    words.pop_front().ok_or_else(|| format!("{what} is missing"))
}

/// Takes these words if they come next.
fn take(words: &mut Words, wanted: &str) -> bool {
    let wanted: Vec<&str> = wanted.split(' ').collect();
    let fits = words.len() >= wanted.len() && wanted.iter().zip(words.iter()).all(|(wanted, word)| wanted == word);
    if fits {
        words.drain(..wanted.len());
    }
    fits
}

fn decimal(text: &str) -> Result<i64, String> {
    parse_e6(text).map_err(|fault| format!("{text} {fault}"))
}

fn whole(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text} is not a whole number"))
}

fn time(words: &mut Words) -> Result<Time, String> {
    let text = next(words, "the date")?;
    date::read(&text).ok_or_else(|| format!("{text} is not a date such as 2024-03-05 or 2024-03-05T14:30"))
}

fn nothing_left(words: &Words) -> Result<(), String> {
    match words.front() {
        None => Ok(()),
        Some(word) => Err(format!("`{word}` is not understood here")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Called {
    Place,
    Customer,
    Supplier,
    Unit,
}

/// What was named so far, and what time it is.
struct Reader {
    called: HashMap<String, Called>,
    clock: Time,
}

impl Reader {
    fn new() -> Self {
        let places = [MAIN, TRANSIT].map(|name| (name.to_owned(), Called::Place));
        let mut called = HashMap::from(places);
        called.insert("pcs".to_owned(), Called::Unit);
        Self { called, clock: date::read(DAWN).expect("it is a date") }
    }

    fn call(&mut self, words: &mut Words, what: Called) -> Result<String, String> {
        let name = next(words, "the name")?;
        if self.called.insert(name.clone(), what).is_some() {
            return Err(format!("{name} is there already"));
        }
        Ok(name)
    }

    fn step(&mut self, mut words: Words) -> Result<Step, String> {
        if let Some(thing) = self.thing(&mut words)? {
            nothing_left(&words)?;
            return Ok(Step::Define(thing));
        }
        if take(&mut words, "book") {
            let label = if take(&mut words, "as") { Some(next(&mut words, "the label")?) } else { None };
            nothing_left(&words)?;
            let booking = Booking { kind: JournalKind::Delivery, entries: Vec::new() };
            return Ok(Step::Book { booking, inner: Vec::new(), label });
        }
        if take(&mut words, "reverse") {
            return reverse(words);
        }
        if take(&mut words, "revalue") {
            return self.revalue(words);
        }
        if take(&mut words, "land") {
            return land(words);
        }
        if take(&mut words, "costing") {
            return self.costing(words);
        }
        if take(&mut words, "settle") {
            nothing_left(&words)?;
            return Ok(Step::Settle);
        }
        if let Some(step) = self.reservation(&mut words)? {
            nothing_left(&words)?;
            return Ok(step);
        }
        if take(&mut words, "balance") {
            return self.balance(words);
        }
        if take(&mut words, "status") {
            let (product, lot) = pair(&mut words)?;
            nothing_left(&words)?;
            return Ok(Step::Status { product, lot });
        }
        let (kind, entries, label) = self.entries(words)?;
        Ok(Step::Book { booking: Booking { kind, entries }, inner: Vec::new(), label })
    }

    fn thing(&mut self, words: &mut Words) -> Result<Option<Thing>, String> {
        Ok(Some(if take(words, "unit") {
            Thing::Unit { name: self.call(words, Called::Unit)? }
        } else if take(words, "convert") {
            conversion(words)?
        } else if take(words, "product") {
            product(words)?
        } else if take(words, "variant") {
            let (product, name) = pair(words)?;
            let cost = if take(words, "cost") { Some(UnitCost(decimal(&next(words, "the cost")?)?)) } else { None };
            Thing::Variant { product, name, cost }
        } else if take(words, "org unit") {
            let name = self.call(words, Called::Place)?;
            let mut parent = None;
            let mut stock_of = None;
            while let Some(word) = attribute(words) {
                match word.as_str() {
                    "under" => parent = Some(next(words, "the org unit above")?),
                    "uses" if take(words, "stock of") => stock_of = Some(next(words, "the org unit")?),
                    other => return Err(format!("`{other}` is nothing that an org unit has")),
                }
            }
            Thing::OrgUnit { name, parent, stock_of }
        } else if take(words, "location") {
            self.location(words)?
        } else if take(words, "lot") {
            lot(words)?
        } else if take(words, "instance") {
            let (product, name) = pair(words)?;
            let cost = if take(words, "cost") { Some(UnitCost(decimal(&next(words, "the cost")?)?)) } else { None };
            Thing::Instance { product, name, cost }
        } else if take(words, "customer") {
            Thing::Party { name: self.call(words, Called::Customer)?, is_supplier: false }
        } else if take(words, "supplier") {
            Thing::Party { name: self.call(words, Called::Supplier)?, is_supplier: true }
        } else if take(words, "setting") {
            let key = next(words, "the setting")?;
            let value = next(words, "its value")?;
            Thing::Setting { key, value, org_unit: for_whom(words)? }
        } else if take(words, "close until") {
            let until = next(words, "the date")?;
            Thing::Setting { key: "closedUntil".to_owned(), value: format!("\"{until}\""), org_unit: for_whom(words)? }
        } else {
            return Ok(None);
        }))
    }

    fn location(&mut self, words: &mut Words) -> Result<Thing, String> {
        let name = self.call(words, Called::Place)?;
        let (mut parent, mut allow_negative, mut is_default, mut lot_use) = (None, None, false, LotUse::Fifo);
        while let Some(word) = attribute(words) {
            match word.as_str() {
                "in" => parent = Some(next(words, "where it is")?),
                "allow" => allow_negative = Some(true),
                "forbid" => allow_negative = Some(false),
                "default" => is_default = true,
                "takes" => {
                    lot_use = match next(words, "fifo, fefo or lifo")?.as_str() {
                        "fifo" => LotUse::Fifo,
                        "fefo" => LotUse::Fefo,
                        "lifo" => LotUse::Lifo,
                        other => return Err(format!("{other} is not fifo, fefo or lifo")),
                    }
                }
                other => return Err(format!("`{other}` is nothing that a location has")),
            }
        }
        Ok(Thing::Location { name, parent, allow_negative, is_default, lot_use })
    }

    /// The entries of an act: one, or both sides of a transfer.
    fn entries(&mut self, mut words: Words) -> Result<(JournalKind, Vec<Entry>, Option<String>), String> {
        let verb = next(&mut words, "a verb")?;
        let mut act = self.act(words)?;
        let unsigned = act.entry.count;
        let minus = |count: Quantity| Quantity(-count.0);
        let place = |places: Vec<String>| match <[String; 1]>::try_from(places) {
            Ok([place]) => Ok(place),
            Err(other) => Err(format!("one location is wanted, {} are named", other.len())),
        };
        let label = act.label.take();
        let (kind, adds) = match verb.as_str() {
            "receive" => (JournalKind::Delivery, true),
            "ship" => (JournalKind::Delivery, false),
            "count" => (JournalKind::Settlement, true),
            "use" => (JournalKind::InternalUse, true),
            "lose" => (JournalKind::Shrinkage, true),
            // A complaint comes `into` a location, or goes `from` it.
            "complaint" => (JournalKind::Complaint, act.places_to.len() == 1),
            "transfer" => {
                let mut entries = Vec::new();
                for (places, count) in [(act.places_from, minus(unsigned)), (act.places_to, unsigned)] {
                    entries.extend(places.into_iter().map(|place| Entry { count, place, ..act.entry.clone() }));
                }
                if entries.is_empty() || entries.len() > 2 {
                    return Err("a transfer goes from one location, to one, or both".to_owned());
                }
                return Ok((JournalKind::InternalTransfer, entries, label));
            }
            other => return Err(format!("`{other}` is not a verb that stories know")),
        };
        act.entry.place = place(act.places_from.into_iter().chain(act.places_to).collect())?;
        act.entry.count = if adds { unsigned } else { minus(unsigned) };
        Ok((kind, vec![act.entry], label))
    }

    fn act(&mut self, mut words: Words) -> Result<Act, String> {
        let mut act = Act::default();
        (act.entry.product, act.entry.variant) = product_ref(&next(&mut words, "the product")?);
        if take(&mut words, "[") {
            let mut names = Vec::new();
            while !take(&mut words, "]") {
                names.push(next(&mut words, "`]`")?);
            }
            act.entry.count = Quantity(i64::try_from(names.len()).expect("a line is short") * 1_000_000);
            act.entry.instances = Some(names);
        } else {
            act.entry.count = Quantity(decimal(&next(&mut words, "the quantity")?)?);
            if let Some(word) = words.front()
                && self.called.get(word) == Some(&Called::Unit)
            {
                act.entry.unit = words.pop_front();
            }
        }
        let mut at = None;
        while let Some(word) = words.pop_front() {
            match word.as_str() {
                "at" | "into" | "in" | "to" | "from" | "and" => {
                    let name = next(&mut words, "a name or a cost")?;
                    match self.called.get(&name) {
                        Some(Called::Place) if word == "from" => act.places_from.push(name),
                        Some(Called::Place) => act.places_to.push(name),
                        Some(Called::Customer) => act.entry.customer = Some(name),
                        Some(Called::Supplier) => act.entry.supplier = Some(name),
                        _ => act.entry.cost = Some(UnitCost(decimal(&name)?)),
                    }
                }
                "lot" => act.entry.lot = Some(next(&mut words, "the lot")?),
                "by" => act.entry.org_unit = Some(next(&mut words, "the org unit")?),
                "for" => act.entry.external = Some(document(&mut words)?),
                "against" => act.entry.credit_note = Some(document(&mut words)?),
                "of" => act.entry.reservation = Some(next(&mut words, "the reservation")?),
                "on" => at = Some(time(&mut words)?),
                "as" => act.label = Some(next(&mut words, "the label")?),
                other => return Err(format!("`{other}` is not understood here")),
            }
        }
        act.entry.at = self.moment(at);
        Ok(act)
    }

    /// `revalue MILK 40.00 at COLD on 2024-03-05 as LABEL`
    fn revalue(&mut self, mut words: Words) -> Result<Step, String> {
        let product = next(&mut words, "the product")?;
        let value = Amount(decimal(&next(&mut words, "the value")?)?);
        let (mut place, mut at, mut label) = (MAIN.to_owned(), None, None);
        while let Some(word) = words.pop_front() {
            match word.as_str() {
                "at" | "in" => place = next(&mut words, "the place")?,
                "on" => at = Some(time(&mut words)?),
                "as" => label = Some(next(&mut words, "the label")?),
                other => return Err(format!("`{other}` is not understood here")),
            }
        }
        let revaluation = Revaluation { product, place, value, at: self.moment(at) };
        Ok(Step::Revalue { revaluation, label })
    }

    /// `costing MILK standard 3.30 on 2024-03-05`
    fn costing(&mut self, mut words: Words) -> Result<Step, String> {
        let product = next(&mut words, "the product")?;
        let method = match next(&mut words, "the method")?.as_str() {
            "average" => Costing::Average,
            "fifo" => Costing::Fifo,
            "standard" => Costing::Standard,
            other => return Err(format!("`{other}` is no method that stories change to")),
        };
        let (mut standard, mut at) = (None, None);
        while let Some(word) = words.pop_front() {
            match word.as_str() {
                "on" => at = Some(time(&mut words)?),
                number => standard = Some(UnitCost(decimal(number)?)),
            }
        }
        Ok(Step::Cost(CostingChange { product, method, standard, at: self.moment(at) }))
    }

    /// The date given, or a minute later than before; the clock goes with it.
    fn moment(&mut self, at: Option<Time>) -> Time {
        let at = at.unwrap_or(Time(self.clock.0 + MINUTE));
        self.clock = self.clock.max(at);
        at
    }

    fn named_place(&self, words: &mut Words) -> Result<String, String> {
        let name = next(words, "the place")?;
        match self.called.get(&name) {
            Some(Called::Place) => Ok(name),
            _ => Err(format!("there is no location {name}")),
        }
    }

    fn balance(&self, mut words: Words) -> Result<Step, String> {
        let (product, variant) = product_ref(&next(&mut words, "the product")?);
        let mut question =
            Question { product, variant, lot: None, place: MAIN.to_owned(), as_of: None, known_at: None };
        let mut known_at = None;
        while let Some(word) = words.pop_front() {
            match word.as_str() {
                "lot" => question.lot = Some(next(&mut words, "the lot")?),
                "at" | "in" => question.place = self.named_place(&mut words)?,
                "as" if take(&mut words, "of") => question.as_of = Some(time(&mut words)?),
                "known" if take(&mut words, "at") => known_at = Some(next(&mut words, "the booking")?),
                other => return Err(format!("`{other}` is not understood here")),
            }
        }
        Ok(Step::Balance { question, known_at })
    }
}

fn reverse(mut words: Words) -> Result<Step, String> {
    let target = next(&mut words, "what is undone")?;
    let (mut lines, mut at, mut label) = (Vec::new(), None, None);
    while let Some(word) = words.pop_front() {
        match word.as_str() {
            "line" => lines.push(whole(&next(&mut words, "the line")?)? - 1),
            "on" => at = Some(time(&mut words)?),
            "as" => label = Some(next(&mut words, "the label")?),
            other => return Err(format!("`{other}` is not understood here")),
        }
    }
    Ok(Step::Reverse { target, lines, at, label })
}

/// `land 456.70 on RECEIPT by quantity, line 2 as LABEL`
fn land(mut words: Words) -> Result<Step, String> {
    let amount = Amount(decimal(&next(&mut words, "the amount")?)?);
    if !take(&mut words, "on") {
        return Err("`on` and what it lands on is missing".to_owned());
    }
    let target = next(&mut words, "what it lands on")?;
    let (mut lines, mut by_value, mut label) = (Vec::new(), false, None);
    while let Some(word) = attribute(&mut words) {
        match word.as_str() {
            "by" => {
                by_value = match next(&mut words, "quantity or value")?.as_str() {
                    "quantity" => false,
                    "value" => true,
                    other => return Err(format!("{other} is not quantity or value")),
                }
            }
            "line" => lines.push(whole(&next(&mut words, "the line")?)? - 1),
            "as" => label = Some(next(&mut words, "the label")?),
            other => return Err(format!("`{other}` is not understood here")),
        }
    }
    let lines = (!lines.is_empty()).then_some(lines);
    Ok(Step::Land { target, landing: Landing { on: 0, lines, amount, by_value }, label })
}

#[derive(Default)]
struct Act {
    entry: Entry,
    places_from: Vec<String>,
    places_to: Vec<String>,
    label: Option<String>,
}

/// `SHIRT/RED` is a variant of SHIRT.
fn product_ref(text: &str) -> (String, Option<String>) {
    match text.split_once('/') {
        Some((product, variant)) => (product.to_owned(), Some(variant.to_owned())),
        None => (text.to_owned(), None),
    }
}

fn pair(words: &mut Words) -> Result<(String, String), String> {
    let text = next(words, "PRODUCT/NAME")?;
    let (product, name) = text.split_once('/').ok_or_else(|| format!("{text} is not PRODUCT/NAME"))?;
    Ok((product.to_owned(), name.to_owned()))
}

/// The next attribute; commas between attributes are for the eye.
fn attribute(words: &mut Words) -> Option<String> {
    for word in words.iter_mut() {
        if let Some(bare) = word.strip_suffix(',') {
            *word = bare.to_owned();
        }
    }
    words.pop_front()
}

fn for_whom(words: &mut Words) -> Result<Option<String>, String> {
    Ok(if take(words, "for") { Some(next(words, "the org unit")?) } else { None })
}

fn document(words: &mut Words) -> Result<(String, i64), String> {
    Ok((next(words, "the kind of document")?, whole(&next(words, "its number")?)?))
}

/// `1 box = 12 pcs [of BEANS]`
fn conversion(words: &mut Words) -> Result<Thing, String> {
    let denominator = whole(&next(words, "how many")?)?;
    let from = next(words, "the unit")?;
    if !take(words, "=") {
        return Err("`=` is missing".to_owned());
    }
    let numerator = whole(&next(words, "how many")?)?;
    let to = next(words, "the unit")?;
    let product = if take(words, "of") { Some(next(words, "the product")?) } else { None };
    Ok(Thing::Conversion { product, from, to, numerator, denominator })
}

fn product(words: &mut Words) -> Result<Thing, String> {
    let mut product = Product { name: attribute(words).ok_or("the name is missing")?, ..Product::default() };
    while let Some(word) = attribute(words) {
        match word.as_str() {
            "unit" => product.unit = Some(next(words, "the unit")?),
            "lots" => product.tracking = Tracking::Lot,
            "instances" => product.tracking = Tracking::Serial,
            "variants" => product.has_variants = true,
            "fifo" => product.costing = Costing::Fifo,
            "standard" => product.costing = Costing::Standard,
            "specific" => product.costing = Costing::Specific,
            "cost" => product.cost = Some(UnitCost(decimal(&next(words, "the cost")?)?)),
            "default" if take(words, "cost") => {
                product.default_cost = Some(UnitCost(decimal(&next(words, "the cost")?)?));
            }
            other => return Err(format!("`{other}` is nothing that a product has")),
        }
    }
    Ok(Thing::Product(product))
}

fn lot(words: &mut Words) -> Result<Thing, String> {
    let first = attribute(words).ok_or("PRODUCT/NAME is missing")?;
    words.push_front(first);
    let (product, name) = pair(words)?;
    let (mut expires_at, mut status, mut cost) = (None, LotStatus::Available, None);
    while let Some(word) = attribute(words) {
        match word.as_str() {
            "expires" => expires_at = Some(time(words)?),
            "cost" => cost = Some(UnitCost(decimal(&next(words, "the cost")?)?)),
            name => status = lot_status(name).ok_or_else(|| format!("`{name}` is nothing that a lot has"))?,
        }
    }
    Ok(Thing::Lot { product, name, expires_at, status, cost })
}

fn lot_status(name: &str) -> Option<LotStatus> {
    use LotStatus::{Available, Closed, Expired, Open, QaHold, Shipped};
    [Open, Available, QaHold, Expired, Shipped, Closed].into_iter().find(|status| status.name() == name)
}
