//! What the filters of a request narrow a choice to.

use jiff::tz::TimeZone;
use lotbook_domain::id::{CategoryId, LocationId};
use lotbook_domain::time::Time;

use super::time::TimeInput;
use super::wire::{self, Id, Object, Opt, Range};

/// From one value to another, both included; a missing end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<T> {
    /// The lowest.
    pub from: Option<T>,
    /// The highest.
    pub to: Option<T>,
}

impl<T> Default for Between<T> {
    fn default() -> Self {
        Self { from: None, to: None }
    }
}

/// Which places and kinds of products are meant; each part that is given narrows the choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceFilter {
    /// In one of these categories or below.
    pub categories: Option<Vec<CategoryId>>,
    /// At one of these locations or below.
    pub locations: Option<Vec<LocationId>>,
    /// Of one of these org units or below.
    pub org_units: Option<Vec<LocationId>>,
}

impl PlaceFilter {
    /// The filters as they were sent.
    pub fn new(categories: Opt<Vec<Id>>, locations: Opt<Vec<Id>>, org_units: Opt<Vec<Id>>) -> Self {
        Self { categories: ids(categories), locations: ids(locations), org_units: self::org_units(org_units) }
    }
}

/// A range of times, both ends included; a date alone ends with its day.
pub fn times(range: Opt<Object<Range<TimeInput>>>, zone: &TimeZone) -> Between<Time> {
    let Some(Object(range)) = range.given() else { return Between::default() };
    Between { from: range.from.given().map(|time| time.at(zone)), to: range.to.given().map(|time| time.until(zone)) }
}

/// Ids of a kind; an empty list stays one: it matches nothing.
pub fn ids<T: From<i64>>(list: Opt<Vec<Id>>) -> Option<Vec<T>> {
    Some(list.given()?.into_iter().map(|Id(id)| T::from(id)).collect())
}

/// An id of a kind.
pub fn id<T: From<i64>>(id: Opt<Id>) -> Option<T> {
    id.given().map(|Id(id)| T::from(id))
}

/// Org units, `-1` being the root.
pub fn org_units(list: Opt<Vec<Id>>) -> Option<Vec<LocationId>> {
    Some(list.given()?.into_iter().map(|Id(id)| wire::org_unit(id)).collect())
}
