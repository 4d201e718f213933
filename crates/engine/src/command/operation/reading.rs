//! What tags say: the values of an operation's expressions, and by how much its counter rose.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::counter::{Counter, CounterFault};
use lotbook_domain::expression::{Expression, Number, Reading, Surroundings, Value};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use super::{Hands, Said, invalid, told};
use crate::command::Reach;
use crate::error::Error;
use crate::table::operation::{Operation, State, Tag};

/// What expressions see: tags, and the time.
pub(in crate::command) struct Around<'t> {
    pub(in crate::command) tags: &'t BTreeMap<String, Tag>,
    pub(in crate::command) now: Time,
    pub(in crate::command) ahead: i64,
}

impl Surroundings for Around<'_> {
    fn tag(&self, path: &str) -> Reading {
        match self.tags.get(path) {
            Some(tag) => tag.reading.clone(),
            None => Reading::bad("never said anything"),
        }
    }

    fn now(&self) -> Time {
        self.now
    }

    fn ahead_of_utc(&self, _: Time) -> i64 {
        self.ahead
    }
}

/// What a stop would move by what tags say, or why it would not; `None` = it is not open, or people say how much.
pub fn so_far(
    operation: &Operation,
    tags: &BTreeMap<String, Tag>,
    now: Time,
    ahead: i64,
) -> Option<Result<Quantity, String>> {
    if !operation.state.is_open() || operation.quantity.0 != "EXPRESSION" || operation.kind == "SCRAP_ALL" {
        return None;
    }
    let (said, reach) = (Said::default(), Reach::All);
    let hands = Hands { operation, said: &said, reach: &reach, around: Around { tags, now, ahead } };
    let found = if operation.is_counter { hands.counted(&operation.state) } else { hands.direct() };
    Some(found.map_err(|error| match error {
        Error::Invalid(wrong) => told(&wrong),
        other => other.to_string(),
    }))
}

/// The tags that an operation's expressions read.
pub fn tags_of(operation: &Operation) -> BTreeSet<String> {
    [
        &operation.start.0,
        &operation.stop.0,
        &operation.material_expression,
        &operation.primary_lot.1,
        &operation.secondary_lot.1,
        &operation.inventory_name.2,
        &operation.quantity.1,
    ]
    .into_iter()
    .flatten()
    .filter_map(|text| Expression::parse(text).ok())
    .flat_map(|expression| expression.tags().to_vec())
    .collect()
}

impl Hands<'_> {
    /// The value of an expression, or what is wrong with it.
    pub(super) fn value(&self, field: &'static str, text: Option<&String>) -> Result<Value, Violation> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return Err(Violation::new(field, "required", "is missing; the operation takes the value from it"));
        };
        let reading = match Expression::parse(text) {
            Ok(expression) => expression.evaluate(&self.around),
            Err(fault) => return Err(Violation::new(field, "wrongExpression", fault.to_string())),
        };
        reading.usable().cloned().ok_or_else(|| Violation::new(field, "noReading", reading.complaint()))
    }

    fn number(&self) -> Result<Number, Error> {
        let value = self.value("quantityExpression", self.operation.quantity.1.as_ref());
        let value = value.map_err(|fault| Error::Invalid(vec![fault]))?;
        value.number().ok_or_else(|| invalid("quantityExpression", "noReading", &format!("is {}", value.noun())))
    }

    /// What the expression says now.
    pub(super) fn direct(&self) -> Result<Quantity, Error> {
        let number = self.number()?;
        if number.is_negative() {
            return Err(invalid("quantityExpression", "noReading", &format!("is {number}, below 0")));
        }
        number.to_quantity().ok_or_else(|| invalid("quantityExpression", "noReading", "leaves the range"))
    }

    /// What the counter rose since the start.
    pub(super) fn counted(&self, state: &State) -> Result<Quantity, Error> {
        let mut counter = state.counter.ok_or_else(|| {
            invalid("quantityExpression", "noReading", "said nothing at the start; give the quantity by hand")
        })?;
        let refused = |fault: CounterFault| invalid("quantityExpression", "noReading", &fault.to_string());
        counter.read(self.number()?).map_err(refused)?;
        counter.quantity().map_err(refused)
    }

    /// What the counter says at the start; without a reading, the quantity has to be said at the end.
    pub(super) fn first_reading(&self) -> Result<Option<Counter>, Error> {
        if self.operation.quantity.0 != "EXPRESSION" || !self.operation.is_counter || self.operation.kind == "SCRAP_ALL"
        {
            return Ok(None);
        }
        let overflow = self.operation.overflow.filter(|overflow| overflow.0 > 0).map(Number::of);
        match self.number() {
            Ok(number) => Ok(Some(Counter::start(number, overflow))),
            Err(Error::Invalid(_)) if self.operation.trigger_source != "EXPRESSION" => Ok(None),
            Err(error) => Err(error),
        }
    }
}
