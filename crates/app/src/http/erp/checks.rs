//! Collects what is wrong with a request, so that all of it is told at once.

use lotbook_domain::money::UnitCost;
use lotbook_domain::quantity::{DecimalFault, Quantity};
use lotbook_domain::violation::Violation;

use super::filter::Between;
use super::wire::{Object, Opt, Range};
use crate::json::DecimalInput;

/// Longest free text.
pub const TEXT_CHARS_MAX: usize = lotbook_domain::entry::TEXT_MAX;

/// Longest identifier, name or type of a reference.
pub const IDENTIFIER_CHARS_MAX: usize = lotbook_domain::entry::IDENTIFIER_MAX;

/// The violations so far, and the line that is being looked at.
#[derive(Debug, Default)]
pub struct Checks {
    index: Option<usize>,
    violations: Vec<Violation>,
}

impl Checks {
    /// What follows belongs to this line of the request's list.
    pub fn at_line(&mut self, index: usize) {
        self.index = Some(index);
    }

    /// Notes a violation.
    pub fn push(&mut self, field: &'static str, code: &'static str, message: impl Into<String>) {
        self.violations.push(Violation { index: self.index, field, code, message: message.into() });
    }

    /// The value of a field that must be there.
    pub fn required<T>(&mut self, field: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.push(field, "required", "is missing");
        }
        value
    }

    /// The millionths of a decimal that has not too many digits.
    pub fn decimal(&mut self, field: &'static str, input: DecimalInput) -> Option<i64> {
        input
            .0
            .map_err(|fault| {
                let code = match fault {
                    DecimalFault::TooLarge => "tooLarge",
                    DecimalFault::TooPrecise => "tooPrecise",
                    DecimalFault::Malformed => "malformed",
                };
                self.push(field, code, fault.to_string());
            })
            .ok()
    }

    /// A quantity.
    pub fn quantity(&mut self, field: &'static str, input: DecimalInput) -> Option<Quantity> {
        self.decimal(field, input).map(Quantity)
    }

    /// A price that may be left out.
    pub fn price(&mut self, field: &'static str, input: Opt<DecimalInput>) -> Option<UnitCost> {
        input.given().and_then(|input| self.decimal(field, input)).map(UnitCost)
    }

    /// A range of prices.
    pub fn prices(&mut self, field: &'static str, range: Opt<Object<Range<DecimalInput>>>) -> Between<UnitCost> {
        let Some(Object(range)) = range.given() else { return Between::default() };
        Between { from: self.price(field, range.from), to: self.price(field, range.to) }
    }

    /// A text within its limit and without NUL, which no database keeps.
    pub fn text(&mut self, field: &'static str, text: Opt<String>, chars_max: usize) -> Option<String> {
        let text = text.given()?;
        if text.contains('\0') {
            self.push(field, "illegalText", "contains the character NUL; remove it");
        }
        let length = text.chars().count();
        if length > chars_max {
            self.push(field, "tooLong", format!("has {length} characters; {chars_max} are allowed"));
        }
        Some(text)
    }

    /// The request, or everything that is wrong with it.
    pub fn finish<T>(self, request: T) -> Result<T, Vec<Violation>> {
        if self.violations.is_empty() { Ok(request) } else { Err(self.violations) }
    }

    /// Everything that is wrong.
    pub fn into_violations(self) -> Vec<Violation> {
        self.violations
    }
}
