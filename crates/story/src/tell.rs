//! Telling a story on a floor: each line is done, and what comes of it is compared with what the story says.

use std::collections::HashMap;

use lotbook_domain::money::Amount;
use lotbook_domain::quantity::{Quantity, format_e6};

use crate::names::TRANSIT;
use crate::{Booked, Expect, Fault, Floor, Landing, Line, Moved, Outcome, Question, Step, Story};

/// Tells a story; the first line that comes out differently is named, with what came instead.
pub fn tell(story: &Story, floor: &mut impl Floor) -> Result<(), String> {
    let mut labels: HashMap<&str, usize> = HashMap::new();
    for line in &story.lines {
        step(line, floor, &mut labels)
            .map_err(|why| format!("{}:{}: {why}\n    {}\n    ({})", story.name, line.number, line.text, story.rule))?;
    }
    floor.verify();
    Ok(())
}

fn step<'s>(line: &'s Line, floor: &mut impl Floor, labels: &mut HashMap<&'s str, usize>) -> Result<(), String> {
    match &line.step {
        Step::Define(thing) => {
            floor.define(thing);
            Ok(())
        }
        Step::Book { booking, inner, label } => {
            let outcome = floor.book(booking);
            if let (Some(label), Outcome::Booked(booked)) = (label, &outcome) {
                labels.insert(label, booked.handle);
            }
            compare(&outcome, 0, &line.expected)?;
            for (number, entries, expected) in inner {
                if !expected.is_empty() {
                    let part = part_of(&outcome, entries);
                    compare(&part, entries.start, expected).map_err(|why| format!("(line {number}) {why}"))?;
                }
            }
            Ok(())
        }
        Step::Reverse { target, lines, at, label } => {
            let handle = *labels.get(target.as_str()).ok_or_else(|| format!("nothing was labelled {target}"))?;
            let lines = (!lines.is_empty()).then_some(lines.as_slice());
            let outcome = floor.reverse(handle, lines, *at);
            if let (Some(label), Outcome::Booked(booked)) = (label, &outcome) {
                labels.insert(label, booked.handle);
            }
            compare(&outcome, 0, &line.expected)
        }
        Step::Revalue { revaluation, label } => {
            let outcome = floor.revalue(revaluation);
            if let (Some(label), Outcome::Booked(booked)) = (label, &outcome) {
                labels.insert(label, booked.handle);
            }
            compare(&outcome, 0, &line.expected)
        }
        Step::Land { target, landing, label } => {
            let on = *labels.get(target.as_str()).ok_or_else(|| format!("nothing was labelled {target}"))?;
            let outcome = floor.land(&Landing { on, ..landing.clone() });
            if let (Some(label), Outcome::Booked(booked)) = (label, &outcome) {
                labels.insert(label, booked.handle);
            }
            compare(&outcome, 0, &line.expected)
        }
        Step::Cost(change) => compare(&floor.cost(change), 0, &line.expected),
        Step::Settle => {
            floor.settle();
            Ok(())
        }
        Step::Reserve(reservation) => compare(&floor.reserve(reservation), 0, &line.expected),
        Step::Signal { target, signal } => compare(&floor.signal(target, *signal), 0, &line.expected),
        Step::Pass => {
            floor.pass_time();
            Ok(())
        }
        Step::Reserved(label) => compare_reservation(floor.reserved(label), &line.expected),
        Step::Balance { question, known_at } => {
            let handle = |label: &String| {
                labels.get(label.as_str()).copied().ok_or_else(|| format!("nothing was labelled {label}"))
            };
            let known_at = known_at.as_ref().map(handle).transpose()?;
            let (quantity, value) = floor.balance(&Question { known_at, ..question.clone() });
            for expected in &line.expected {
                match expected {
                    Expect::Balance(wanted) if *wanted == quantity => {}
                    Expect::Balance(wanted) => return Err(format!("{wanted} were expected, {quantity} are there")),
                    Expect::Value(wanted) if *wanted == value => {}
                    Expect::Value(wanted) => {
                        return Err(format!("a value of {} was expected, it is {}", money(*wanted), money(value)));
                    }
                    other => return Err(format!("{other:?} is nothing that a balance has")),
                }
            }
            if line.expected.is_empty() { Err("what is the balance to be?".to_owned()) } else { Ok(()) }
        }
        Step::Status { product, lot } => {
            let status = floor.status(product, lot);
            match line.expected.as_slice() {
                [Expect::Status(wanted)] if *wanted == status => Ok(()),
                [Expect::Status(wanted)] => Err(format!("{wanted} was expected, the lot is {status}")),
                _ => Err("what is the status to be?".to_owned()),
            }
        }
    }
}

/// What is told of a reservation: its state, and what is open of it.
fn compare_reservation((state, open): (String, Quantity), expected: &[Expect]) -> Result<(), String> {
    for item in expected {
        match item {
            Expect::Reserved(wanted) if wanted.name() == state => {}
            Expect::Reserved(wanted) => return Err(format!("{} was expected, it is {state}", wanted.name())),
            Expect::Open(wanted) if *wanted == open => {}
            Expect::Open(wanted) => return Err(format!("{wanted} were to be open, {open} are")),
            other => return Err(format!("{other:?} is nothing that a reservation has")),
        }
    }
    if expected.is_empty() { Err("how far is the reservation to be?".to_owned()) } else { Ok(()) }
}

fn money(amount: Amount) -> String {
    format_e6(amount.0)
}

/// What came of some of a booking's entries.
fn part_of(outcome: &Outcome, entries: &std::ops::Range<usize>) -> Outcome {
    match outcome {
        Outcome::Booked(booked) => {
            let movements: Vec<Moved> =
                booked.movements.iter().filter(|moved| entries.contains(&moved.entry)).cloned().collect();
            Outcome::Booked(Booked { movements, ..booked.clone() })
        }
        other => other.clone(),
    }
}

fn said(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("{}: {}", fault.code, fault.message)).collect::<Vec<_>>().join("; ")
}

fn compare(outcome: &Outcome, first_entry: usize, expected: &[Expect]) -> Result<(), String> {
    let wants_failure =
        expected.iter().any(|item| matches!(item, Expect::Rejected(_) | Expect::Invalid(_) | Expect::Refused(_)));
    match outcome {
        Outcome::Booked(booked) => {
            if wants_failure {
                return Err("a refusal was expected, but it was booked".to_owned());
            }
            let warned = expected.iter().any(|item| matches!(item, Expect::Warns(_)));
            if !warned && !booked.warnings.is_empty() {
                return Err(format!("it was booked, with a warning: {}", said(&booked.warnings)));
            }
            expected.iter().try_for_each(|item| compare_booked(booked, first_entry, item))
        }
        Outcome::Rejected(faults) => compare_faults("rejected", faults, expected, |item| match item {
            Expect::Rejected(code) => Some(code),
            _ => None,
        }),
        Outcome::Invalid(faults) => compare_faults("invalid", faults, expected, |item| match item {
            Expect::Invalid(code) => Some(code),
            _ => None,
        }),
        Outcome::Refused(fault) => {
            compare_faults("refused", std::slice::from_ref(fault), expected, |item| match item {
                Expect::Refused(code) => Some(code),
                _ => None,
            })
        }
    }
}

fn compare_faults<'e>(
    what: &str,
    faults: &[Fault],
    expected: &'e [Expect],
    code_of: impl Fn(&'e Expect) -> Option<&'e String>,
) -> Result<(), String> {
    let mut named = false;
    let wanted = expected.iter().filter(|item| code_of(item).is_some()).count();
    for item in expected {
        match item {
            Expect::NothingElse if faults.len() == wanted => {}
            Expect::NothingElse => return Err(format!("more is told: {}", said(faults))),
            Expect::Naming(text) if faults.iter().any(|fault| fault.message.contains(text)) => {}
            Expect::Naming(text) => return Err(format!("nothing names `{text}`: {}", said(faults))),
            item => match code_of(item) {
                Some(code) if faults.iter().any(|fault| fault.code == *code) => named = true,
                _ => return Err(format!("{item:?} was expected, but it was {what}: {}", said(faults))),
            },
        }
    }
    if named { Ok(()) } else { Err(format!("it was {what}: {}", said(faults))) }
}

fn compare_booked(booked: &Booked, first_entry: usize, expected: &Expect) -> Result<(), String> {
    let moved = &booked.movements;
    let first = || moved.first().ok_or_else(|| "nothing moved".to_owned());
    let place = |name: &str| if name == "inTransit" { TRANSIT.to_owned() } else { name.to_owned() };
    match expected {
        Expect::Cost(wanted) => {
            let amounts = moved.iter().filter(|moved| moved.entry == first_entry).map(|moved| moved.amount.0);
            let cost = amounts.sum::<i64>();
            if cost == wanted.0 { Ok(()) } else { Err(format!("the cost is {}", format_e6(cost))) }
        }
        Expect::Moves(wanted) if moved.len() == *wanted => Ok(()),
        Expect::Moves(_) => Err(format!("there are {} movements", moved.len())),
        Expect::Lots(wanted) => {
            let found: Vec<_> =
                moved.iter().map(|moved| (moved.lot.clone().unwrap_or_default(), moved.quantity)).collect();
            if found == *wanted { Ok(()) } else { Err(format!("these lots moved: {found:?}")) }
        }
        Expect::LotOfVoucher => {
            let lot = first()?.lot.clone().unwrap_or_default();
            if lot == booked.voucher.to_string() { Ok(()) } else { Err(format!("the lot is {lot:?}")) }
        }
        Expect::ComesFrom(wanted) => {
            let from = place(&first()?.from);
            if from == *wanted { Ok(()) } else { Err(format!("it comes from {from}")) }
        }
        Expect::GoesTo(wanted) => {
            let to = place(&first()?.to);
            if to == *wanted { Ok(()) } else { Err(format!("it goes to {to}")) }
        }
        Expect::Counted(counted, instead) if booked.counts.contains(&(*counted, *instead)) => Ok(()),
        Expect::Counted(..) => Err(format!("the counts (counted, expected) are {:?}", booked.counts)),
        Expect::Warns(code) if booked.warnings.iter().any(|warning| warning.code == *code) => Ok(()),
        Expect::Warns(_) => Err(format!("the warnings are: {}", said(&booked.warnings))),
        Expect::Naming(text) if booked.warnings.iter().any(|warning| warning.message.contains(text)) => Ok(()),
        Expect::Naming(text) => Err(format!("nothing names `{text}`: {}", said(&booked.warnings))),
        other => Err(format!("{other:?} is nothing that a booking has")),
    }
}
