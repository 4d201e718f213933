//! What is wrong with a request: all of it, by field.

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
