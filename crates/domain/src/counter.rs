//! Counters: how much an operation moved, by a number that rises while it runs.
//!
//! A machine's counter returns to 0 at its overflow value, maybe several times in one run, which two
//! readings cannot tell. So it is read at every change while the operation runs, and what it rose is
//! added up. The state is kept with the open run; it knows nothing of time, so that neither a restart nor
//! a clock set back counts anything twice.

use std::fmt;

use crate::expression::Number;
use crate::quantity::Quantity;

/// A counter while an operation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What it said at the start.
    pub first: Number,
    /// What it said last.
    pub last: Number,
    /// How much it rose in between, wraps included; without an overflow value, `last` − `first`.
    pub risen: Number,
    /// Where it returns to 0; `None` = it does not.
    pub overflow: Option<Number>,
}

/// Why a counter gives no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterFault {
    /// It ended below where it began, and has no overflow value.
    Fell {
        /// At the start.
        first: Number,
        /// At the end.
        last: Number,
    },
    /// The sum leaves the range.
    TooLarge,
}

impl fmt::Display for CounterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fell { first, last } => write!(
                f,
                "the counter fell from {first} to {last}; set the overflow value at which it returns to 0, or give the \
                 quantity by hand"
            ),
            Self::TooLarge => {
                f.write_str("the counter rose by more than a quantity can hold; give the quantity by hand")
            }
        }
    }
}

impl Counter {
    /// Begins at a reading. An overflow value of 0 or less means that there is none.
    pub fn start(at: Number, overflow: Option<Number>) -> Self {
        let overflow = overflow.filter(|overflow| !overflow.is_zero() && !overflow.is_negative());
        Self { first: at, last: at, risen: Number::ZERO, overflow }
    }

    /// Takes the next reading. Between two readings at most one wrap can be told.
    pub fn read(&mut self, now: Number) -> Result<(), CounterFault> {
        let risen = now.minus(self.last).ok_or(CounterFault::TooLarge)?;
        let risen = match self.overflow {
            Some(overflow) if risen.is_negative() => risen.rest_upward(overflow).ok_or(CounterFault::TooLarge)?,
            _ => risen,
        };
        self.risen = self.risen.plus(risen).ok_or(CounterFault::TooLarge)?;
        self.last = now;
        Ok(())
    }

    /// The quantity so far, rounded once, half to even, to the millionth.
    pub fn quantity(&self) -> Result<Quantity, CounterFault> {
        if self.risen.is_negative() {
            return Err(CounterFault::Fell { first: self.first, last: self.last });
        }
        self.risen.to_quantity().ok_or(CounterFault::TooLarge)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    fn counted(readings: &[&str], overflow: Option<&str>) -> Result<String, CounterFault> {
        let mut counter = Counter::start(number(readings[0]), overflow.map(number));
        for reading in &readings[1..] {
            counter.read(number(reading))?;
        }
        counter.quantity().map(|quantity| quantity.to_string())
    }

    #[test]
    fn a_counter_rises_and_wraps() {
        for (readings, overflow, want) in [
            (&["90", "10"][..], Some("100"), "20"),
            (&["90", "95", "5", "99", "1"], Some("100"), "111"),
            (&["7", "7"], None, "0"),
            (&["7", "9.5"], Some("0"), "2.5"),
            (&["5", "3", "8"], None, "3"),
            (&["0", "0.1", "0.30000000000001"], None, "0.3"),
        ] {
            assert_eq!(counted(readings, overflow).as_deref(), Ok(want), "{readings:?}");
        }
        let fell = counted(&["90", "10"], None).unwrap_err();
        assert!(fell.to_string().starts_with("the counter fell from 90 to 10;"), "{fell}");
    }

    proptest! {
        /// I11: kept between any two readings and taken up again, it counts the same.
        #[test]
        fn every_rise_is_counted_once(steps in proptest::collection::vec(0_i64..100, 1..200), start in 0_i64..100) {
            let whole = |value: i64| Number::whole(value).unwrap();
            let mut counter = Counter::start(whole(start), Some(whole(100)));
            let mut shown = start;
            for step in &steps {
                shown = (shown + step) % 100;
                let Counter { first, last, risen, overflow } = counter;
                counter = Counter { first, last, risen, overflow };
                counter.read(whole(shown)).unwrap();
                counter.read(whole(shown)).unwrap();
            }
            prop_assert_eq!(counter.quantity().unwrap(), Quantity(steps.iter().sum::<i64>() * 1_000_000));
        }
    }
}
