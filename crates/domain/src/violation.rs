//! What is wrong with a request: all of it, by field.

use std::collections::BTreeMap;

/// One thing wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Place in the request's list, counting from 0; `None` where the request is not a list.
    pub index: Option<usize>,
    /// The field as the native dialect names it; other doors translate.
    pub field: &'static str,
    /// A stable code in camelCase.
    pub code: &'static str,
    /// A sentence that names the thing, gives the numbers and says what to do.
    pub message: String,
}

impl Violation {
    /// A violation of a single request.
    pub fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { index: None, field, code, message: message.into() }
    }

    /// A violation of line `index` of a list.
    pub fn at(index: usize, field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { index: Some(index), field, code, message: message.into() }
    }
}

/// What is wrong with a request that was read and then checked. What could not be read is said by the field
/// alone, for checking it anew says nothing; a name that nothing bears is said as it was given, unless checking
/// found something else to be wrong there: "there is no variant RED" helps nobody whose product has none.
/// In the order of lines.
pub fn joined(read: Vec<Violation>, checked: Vec<Violation>) -> Vec<Violation> {
    let place = |violation: &Violation| (violation.index, violation.field);
    let said: BTreeMap<_, _> = read.iter().map(|violation| (place(violation), violation.code)).collect();
    let mut further: BTreeMap<_, Vec<Violation>> = BTreeMap::new();
    let mut outcome = Vec::new();
    for violation in checked {
        match said.get(&place(&violation)) {
            None => outcome.push(violation),
            Some(code) if code.starts_with("unknown") => {
                further.entry(place(&violation)).or_default().push(violation);
            }
            Some(_) => {}
        }
    }
    for violation in read {
        match further.remove(&place(&violation)) {
            Some(found) if found.iter().all(|other| other.code != violation.code) => outcome.extend(found),
            Some(_) | None => outcome.push(violation),
        }
    }
    outcome.sort_by_key(|violation| violation.index);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nothing_bears_is_said_as_it_was_given_unless_something_else_is_wrong() {
        let read = || {
            vec![
                Violation::at(1, "variant", "unknownVariant", "the product has no variant RED"),
                Violation::at(0, "product", "unknownProduct", "there is no product BREAD"),
                Violation::at(2, "count", "wrongNumber", "is two"),
            ]
        };
        let checked = vec![
            Violation::at(0, "product", "unknownProduct", "there is no product 99"),
            Violation::at(0, "stockDate", "required", "is missing"),
            Violation::at(1, "variant", "variantNotAllowed", "product TEA has no variants"),
            Violation::at(2, "count", "required", "is missing"),
        ];
        let outcome = joined(read(), checked);
        let said: Vec<_> = outcome.iter().map(|found| (found.index, found.code, found.message.as_str())).collect();
        assert_eq!(
            said,
            [
                (Some(0), "required", "is missing"),
                (Some(0), "unknownProduct", "there is no product BREAD"),
                (Some(1), "variantNotAllowed", "product TEA has no variants"),
                (Some(2), "wrongNumber", "is two"),
            ]
        );
        assert_eq!(joined(read(), Vec::new()).len(), 3);
    }
}
