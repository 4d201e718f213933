//! Reading what comes of a step.

use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::ReservationState;

use super::{Words, decimal, lot_status, next, nothing_left, take, whole, words};

/// What is expected of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// `cost 35.00`: the amounts of the first entry's movements.
    Cost(Amount),
    /// `rejected CODE`: the booking has this fault.
    Rejected(String),
    /// `invalid CODE`: the entry is faulty by itself.
    Invalid(String),
    /// `refused CODE`: the command does not apply.
    Refused(String),
    /// `naming TEXT`: a fault or warning says this.
    Naming(String),
    /// `nothing else`: as many faults as are expected, and no more.
    NothingElse,
    /// `warns CODE`: booked, with this warning.
    Warns(String),
    /// `lots A 3 B 2`: these lots or instances moved, in this order.
    Lots(Vec<(String, Quantity)>),
    /// `lot named after the voucher`
    LotOfVoucher,
    /// `comes from supplier`: where the first movement left.
    ComesFrom(String),
    /// `goes to customer`: where the first movement entered.
    GoesTo(String),
    /// `moves nothing`, `moves 3 times`: how many movements there are.
    Moves(usize),
    /// `counted 7 instead of 5`: one of the counts.
    Counted(Quantity, Quantity),
    /// A bare number: the balance.
    Balance(Quantity),
    /// `value 15.00`
    Value(Amount),
    /// The status of a lot.
    Status(String),
    /// `held`, `consumed` …: how far a reservation is.
    Reserved(ReservationState),
    /// `open 4`: how much of a reservation is still to be issued.
    Open(Quantity),
}

/// Reads expectations, separated by commas.
pub(super) fn expects(text: &str) -> Result<Vec<Expect>, String> {
    text.split(',').map(|item| expect(words(item))).collect()
}

fn expect(mut words: Words) -> Result<Expect, String> {
    let first = next(&mut words, "what comes of it")?;
    let found = match first.as_str() {
        "cost" => Expect::Cost(Amount(decimal(&next(&mut words, "the cost")?)?)),
        "value" => Expect::Value(Amount(decimal(&next(&mut words, "the value")?)?)),
        "rejected" => Expect::Rejected(next(&mut words, "the code")?),
        "invalid" => Expect::Invalid(next(&mut words, "the code")?),
        "refused" => Expect::Refused(next(&mut words, "the code")?),
        "warns" => Expect::Warns(next(&mut words, "the code")?),
        "nothing" if take(&mut words, "else") => Expect::NothingElse,
        "naming" => Expect::Naming(Vec::from(std::mem::take(&mut words)).join(" ")),
        "lot" if take(&mut words, "named after the voucher") => Expect::LotOfVoucher,
        "lots" => {
            let mut lots = Vec::new();
            while let Some(name) = words.pop_front() {
                lots.push((name, Quantity(decimal(&next(&mut words, "how many")?)?)));
            }
            Expect::Lots(lots)
        }
        "comes" if take(&mut words, "from") => Expect::ComesFrom(next(&mut words, "the place")?),
        "goes" if take(&mut words, "to") => Expect::GoesTo(next(&mut words, "the place")?),
        "moves" if take(&mut words, "nothing") => Expect::Moves(0),
        "moves" => {
            let times = whole(&next(&mut words, "how often")?)?;
            take(&mut words, "times");
            Expect::Moves(usize::try_from(times).map_err(|_| format!("{times} is not a number of movements"))?)
        }
        "counted" => {
            let counted = decimal(&next(&mut words, "the count")?)?;
            if !take(&mut words, "instead of") {
                return Err("`instead of` is missing".to_owned());
            }
            Expect::Counted(Quantity(counted), Quantity(decimal(&next(&mut words, "what was expected")?)?))
        }
        "open" => Expect::Open(Quantity(decimal(&next(&mut words, "how much")?)?)),
        status if lot_status(status).is_some() => Expect::Status(status.to_owned()),
        other => match ReservationState::ALL.into_iter().find(|state| state.name() == other) {
            Some(state) => Expect::Reserved(state),
            None => Expect::Balance(Quantity(decimal(other)?)),
        },
    };
    nothing_left(&words)?;
    Ok(found)
}
