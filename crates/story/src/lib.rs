//! Stories: stock histories in plain text, told alike by every floor of the program. For tests only.
//!
//! A story is a file in `tests/stories`. Its first line says the rule, the others tell what is done and
//! what comes of it:
//!
//! ```text
//! # FIFO takes the oldest cost first.
//! product  MILK unit l, fifo
//! location COLD
//! receive  MILK 10 at 2.00 into COLD
//! ship     MILK 15 from COLD            -> rejected insufficientStock, naming short by 5
//! balance  MILK at COLD                 -> 10, value 20.00
//! ```
//!
//! [`parse`](parse::parse) reads it, a [`Floor`] carries it out, [`tell`](tell::tell) compares. The words
//! are listed in `tests/stories/README.md`.

pub mod date;
pub mod memory;
pub mod naive;
pub mod names;
pub mod parse;
pub mod random;
pub mod tell;
pub mod thing;

use std::path::{Path, PathBuf};

use lotbook_domain::catalog::Costing;
use lotbook_domain::journal::JournalKind;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Signal;
use lotbook_domain::time::Time;

pub use parse::{Expect, Line, Step, Story, parse};
pub use tell::tell;
pub use thing::Thing;

/// One entry of a story; everything is named as the storekeeper names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The product.
    pub product: String,
    /// The variant.
    pub variant: Option<String>,
    /// How many, with the sign that the journal gives it.
    pub count: Quantity,
    /// The unit counted in; `None` = the base unit.
    pub unit: Option<String>,
    /// Serial numbers, where they are named.
    pub instances: Option<Vec<String>>,
    /// The location.
    pub place: String,
    /// The org unit that acts; `None` = that of the location.
    pub org_unit: Option<String>,
    /// The lot by name.
    pub lot: Option<String>,
    /// The cost of one.
    pub cost: Option<UnitCost>,
    /// The customer.
    pub customer: Option<String>,
    /// The supplier.
    pub supplier: Option<String>,
    /// The document that it fulfils.
    pub external: Option<(String, i64)>,
    /// The document that it cancels.
    pub credit_note: Option<(String, i64)>,
    /// The reservation that it fulfils, by its label.
    pub reservation: Option<String>,
    /// When it was true.
    pub at: Time,
}

/// Entries that are booked together, on one voucher of a journal of this kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// What they mean.
    pub kind: JournalKind,
    /// The entries in order.
    pub entries: Vec<Entry>,
}

/// A word on what the stock of a product is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revaluation {
    /// The product.
    pub product: String,
    /// A place in the org unit.
    pub place: String,
    /// What it is worth.
    pub value: Amount,
    /// From when on.
    pub at: Time,
}

/// A cost that lands on what a booking received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The booking, as [`Booked::handle`] names it.
    pub on: usize,
    /// These of its lines; `None` = all that brought something.
    pub lines: Option<Vec<i64>>,
    /// How much.
    pub amount: Amount,
    /// Whether it is shared out by value, else by quantity.
    pub by_value: bool,
}

/// A word on how a product is valued from a time on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostingChange {
    /// The product.
    pub product: String,
    /// The method.
    pub method: Costing,
    /// The standard cost of one unit.
    pub standard: Option<UnitCost>,
    /// From when on.
    pub at: Time,
}

/// Stock that is promised to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// How the story calls it from now on.
    pub label: Option<String>,
    /// The product.
    pub product: String,
    /// The variant.
    pub variant: Option<String>,
    /// The lot or instance; `None` = any.
    pub lot: Option<String>,
    /// At this place or below.
    pub place: String,
    /// How many.
    pub count: Quantity,
    /// The unit counted in; `None` = the base unit.
    pub unit: Option<String>,
    /// Until when, if nobody confirms it; `None` = without an end.
    pub hold: Option<Hold>,
    /// Whether it may exceed what is there.
    pub allow_backorder: bool,
}

/// Until when something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Until this time.
    Until(Time),
    /// Until the story says that time passes; see [`Floor::pass_time`].
    Briefly,
}

/// Why something was not done, or what it warns of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub message: String,
}

/// One movement that a booking made, places by name: a location's path, `supplier`, `inTransit` …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which entry of the booking made it, from 0.
    pub entry: usize,
    /// Where it left.
    pub from: String,
    /// Where it entered.
    pub to: String,
    /// The lot or instance.
    pub lot: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// The amount first booked with it.
    pub amount: Amount,
}

/// What was booked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booked {
    /// What [`Floor::reverse`] is told to undo it; each floor has its own way of counting.
    pub handle: usize,
    /// The number of the voucher.
    pub voucher: i64,
    /// The movements in the order of lines.
    pub movements: Vec<Moved>,
    /// What was counted: `(counted, expected)`.
    pub counts: Vec<(Quantity, Quantity)>,
    /// What a stricter policy would have refused.
    pub warnings: Vec<Fault>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the ledger.
    Booked(Booked),
    /// The entries are faulty by themselves and were not even drafted.
    Invalid(Vec<Fault>),
    /// The booking was rejected.
    Rejected(Vec<Fault>),
    /// The command does not apply.
    Refused(Fault),
}

/// What a story is carried out on: the domain in memory, the engine on a database, a server.
pub trait Floor {
    /// Adds something to the catalog, or sets something.
    fn define(&mut self, thing: &Thing);
    /// Drafts entries on a new voucher and books them; what is not booked is cleared away.
    fn book(&mut self, booking: &Booking) -> Outcome;
    /// Undoes a booking, or those of its lines.
    fn reverse(&mut self, handle: usize, lines: Option<&[i64]>, at: Option<Time>) -> Outcome;
    /// States what stock is worth.
    fn revalue(&mut self, revaluation: &Revaluation) -> Outcome;
    /// Lands a cost on what was received.
    fn land(&mut self, landing: &Landing) -> Outcome;
    /// Changes how a product is valued.
    fn cost(&mut self, change: &CostingChange) -> Outcome;
    /// Promises stock.
    fn reserve(&mut self, reservation: &Reservation) -> Outcome;
    /// Makes a reservation firm, or gives it up.
    fn signal(&mut self, label: &str, signal: Signal) -> Outcome;
    /// How far a reservation is, and how much of it is open.
    fn reserved(&mut self, label: &str) -> (String, Quantity);
    /// Lets the time of everything that is held briefly be over.
    fn pass_time(&mut self);
    /// The quantity at a place (of a lot, if one is named), and the value of the stock org unit's pool of
    /// the product (under specific cost: of that lot).
    fn balance(&mut self, question: &Question) -> (Quantity, Amount);
    /// The status of a lot, as people read it.
    fn status(&mut self, product: &str, lot: &str) -> String;
    /// Settles the values of everything that waits for it.
    fn settle(&mut self);
    /// Proves that everything derived follows from the movements.
    fn verify(&mut self);
}

/// What is asked for a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The product.
    pub product: String,
    /// The variant.
    pub variant: Option<String>,
    /// The lot or instance; `None` = all of them.
    pub lot: Option<String>,
    /// The location.
    pub place: String,
    /// As of when; `None` = after everything.
    pub as_of: Option<Time>,
    /// As it was known when this was booked, as [`Booked::handle`] names it; `None` = as it is known now.
    pub known_at: Option<usize>,
}

/// The folder of the stories, seen from a crate of the workspace.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/stories")
}

/// Every story, in the order of file names.
pub fn all() -> Vec<Story> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of the stories is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "story"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are stories");
    paths
        .iter()
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let text = std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            parse(&name, &text).unwrap_or_else(|fault| panic!("{fault}"))
        })
        .collect()
}

/// Tells every story, each on a floor of its own, and names all that fail.
pub fn tell_all<F: Floor>(what: &str, floor: impl FnMut(&Story) -> F) {
    tell_each(what, all(), floor);
}

/// Tells these stories, each on a floor of its own, and names all that fail.
pub fn tell_each<F: Floor>(what: &str, stories: Vec<Story>, mut floor: impl FnMut(&Story) -> F) {
    let mut failures = Vec::new();
    for story in stories {
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut floor = floor(&story);
            tell(&story, &mut floor)
        }));
        match told {
            Ok(Ok(())) => {}
            Ok(Err(why)) => failures.push(why),
            Err(panic) => {
                let why = panic
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
                    .unwrap_or_default();
                failures.push(format!("{}: panicked: {why}", story.name));
            }
        }
    }
    assert!(failures.is_empty(), "{what}: {} stories fail\n\n{}\n", failures.len(), failures.join("\n\n"));
}
