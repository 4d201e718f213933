//! Pages: `offset`, `count`, `includeOverallEntryCount` in; `entries` and the total out.

use serde::{Deserialize, Serialize};

use super::checks::Checks;
use super::wire::{self, Id, Opt};
use crate::json::JsonFault;

/// Entries of a page where the request does not say how many.
pub const COUNT_DEFAULT: i64 = 100;

/// A page has at most so many entries; a greater wish is cut.
pub const COUNT_MAX: i64 = 1_000;

/// The part of a request that says which page is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Paging {
    offset: Opt<Id>,
    count: Opt<Id>,
    include_overall_entry_count: Opt<bool>,
}

/// Which page is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many entries to pass over, 0 or more.
    pub offset: i64,
    /// How many entries to give, 0 to [`COUNT_MAX`].
    pub count: i64,
    /// Whether to count all entries.
    pub with_total: bool,
}

/// Reads the body of a call that pages: the call's own properties and the paging.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<(T, Paging), JsonFault> {
    Ok((wire::read(body)?, wire::read(body)?))
}

impl Paging {
    /// The page; an offset or a count below 0 is a violation.
    pub fn page(self, checks: &mut Checks) -> Page {
        let mut number = |field, value: Opt<Id>, default: i64| {
            let Id(number) = value.given().unwrap_or(Id(default));
            if number < 0 {
                checks.push(field, "negative", format!("is {number}; it must be 0 or more"));
            }
            number
        };
        Page {
            offset: number("offset", self.offset, 0),
            count: number("count", self.count, COUNT_DEFAULT).min(COUNT_MAX),
            with_total: self.include_overall_entry_count == Opt::Given(true),
        }
    }
}

/// A page of a reply.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageReply<T> {
    /// The entries, in the order of their ids.
    pub entries: Vec<T>,
    /// How many there are on all pages, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overall_entry_count: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> (Page, Vec<&'static str>) {
        #[derive(Default, Deserialize)]
        struct Nothing {}
        let (Nothing {}, paging) = read(body.as_bytes()).expect(body);
        let mut checks = Checks::default();
        let page = paging.page(&mut checks);
        (page, checks.into_violations().into_iter().map(|found| found.field).collect())
    }

    #[test]
    fn a_page_has_defaults_and_bounds() {
        for (body, offset, count, with_total) in [
            ("", 0, 100, false),
            (r#"{"offset":null,"count":null}"#, 0, 100, false),
            (r#"{"offset":20,"count":10,"includeOverallEntryCount":true}"#, 20, 10, true),
            (r#"{"offset":"20","count":{"value":5},"includeOverallEntryCount":{"value":true}}"#, 20, 5, true),
            (r#"{"count":0}"#, 0, 0, false),
            (r#"{"count":5000}"#, 0, 1000, false),
        ] {
            assert_eq!(page(body), (Page { offset, count, with_total }, vec![]), "{body}");
        }
        assert_eq!(page(r#"{"offset":-1,"count":-5}"#).1, ["offset", "count"]);
    }

    #[test]
    fn the_total_stands_there_when_asked_for() {
        let mut reply = PageReply { entries: vec![1], overall_entry_count: None };
        assert_eq!(serde_json::to_string(&reply).unwrap(), r#"{"entries":[1]}"#);
        reply.overall_entry_count = Some(7);
        assert_eq!(serde_json::to_string(&reply).unwrap(), r#"{"entries":[1],"overallEntryCount":7}"#);
    }
}
