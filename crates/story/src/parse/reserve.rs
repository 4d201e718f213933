//! Reading what is said of reservations.

use lotbook_domain::quantity::Quantity;
use lotbook_domain::reservation::Signal;

use super::{Called, Reader, Step, Words, decimal, next, product_ref, take, time};
use crate::names::MAIN;
use crate::{Hold, Reservation};

impl Reader {
    /// What is done with a reservation, or what is asked of it; `None` where the line is about something else.
    pub(super) fn reservation(&self, words: &mut Words) -> Result<Option<Step>, String> {
        let label = |words: &mut Words| next(words, "the label of a reservation");
        Ok(Some(if take(words, "reserve") {
            Step::Reserve(self.reserve(words)?)
        } else if take(words, "confirm") {
            Step::Signal { target: label(words)?, signal: Signal::Confirm }
        } else if take(words, "release") {
            Step::Signal { target: label(words)?, signal: Signal::Release }
        } else if take(words, "time passes") {
            Step::Pass
        } else if take(words, "reservation") {
            Step::Reserved(label(words)?)
        } else {
            return Ok(None);
        }))
    }

    /// `reserve MILK 4 at COLD lot A briefly as ORDER`
    fn reserve(&self, words: &mut Words) -> Result<Reservation, String> {
        let (product, variant) = product_ref(&next(words, "the product")?);
        let count = Quantity(decimal(&next(words, "the quantity")?)?);
        let is_unit = words.front().is_some_and(|word| self.called.get(word) == Some(&Called::Unit));
        let unit = if is_unit { words.pop_front() } else { None };
        let (label, lot, hold) = (None, None, None);
        let place = MAIN.to_owned();
        let mut wish = Reservation { label, product, variant, lot, place, count, unit, hold, allow_backorder: false };
        while let Some(word) = words.pop_front() {
            match word.as_str() {
                "at" | "in" => wish.place = self.named_place(words)?,
                "lot" => wish.lot = Some(next(words, "the lot")?),
                "until" => wish.hold = Some(Hold::Until(time(words)?)),
                "briefly" => wish.hold = Some(Hold::Briefly),
                "backorder" => wish.allow_backorder = true,
                "as" => wish.label = Some(next(words, "the label")?),
                other => return Err(format!("`{other}` is not understood here")),
            }
        }
        Ok(wish)
    }
}
