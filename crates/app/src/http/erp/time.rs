//! Times: ISO 8601 with any offset; without one they are meant in the tenant's zone. Printed in UTC
//! with milliseconds.

use std::fmt;

use jiff::civil::{self, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use lotbook_domain::time::Time;
use lotbook_engine::zone::last_of_millisecond;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use super::wire::Wrapped;

/// A time as it was sent. Which instant it is may depend on a zone that the request does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeInput {
    /// With an offset.
    Instant(Time),
    /// Without one.
    Local(DateTime),
    /// A date alone.
    Day(civil::Date),
}

impl TimeInput {
    /// Reads ISO 8601: a date, or a date and a time, with an offset or without.
    pub fn parse(text: &str) -> Result<Self, String> {
        let no_time = || format!("{text:?} is not a time; write it as 2020-06-26T06:04:13.637Z");
        let pieces = Pieces::parse(text).map_err(|_| no_time())?;
        if pieces.time_zone_annotation().is_some() {
            return Err(format!("{text:?} names a zone in brackets; give an offset such as +02:00 instead"));
        }
        if pieces.time().is_none() && pieces.to_numeric_offset().is_none() {
            return Ok(Self::Day(pieces.date()));
        }
        let local = DateTime::from_parts(pieces.date(), pieces.time().unwrap_or(civil::Time::midnight()));
        match pieces.to_numeric_offset() {
            None => Ok(Self::Local(local)),
            Some(offset) => {
                let instant = offset.to_timestamp(local).map_err(|_| no_time())?;
                Ok(Self::Instant(Time(instant.as_microsecond())))
            }
        }
    }

    /// The instant. Where the clock of the zone shows a time twice, the first; where it jumps over
    /// it, as much later as it jumps. A date alone is its first moment.
    pub fn at(self, zone: &TimeZone) -> Time {
        match self {
            Self::Instant(time) => time,
            Self::Day(date) => Self::Local(date.at(0, 0, 0, 0)).at(zone),
            Self::Local(local) => match zone.to_ambiguous_timestamp(local).compatible() {
                Ok(instant) => Time(instant.as_microsecond()),
                // Only within a day of the ends of the calendar, which are no dates of stock.
                Err(_) if local.year() < 0 => Time(i64::MIN),
                Err(_) => Time::FOREVER,
            },
        }
    }
}

impl TimeInput {
    /// The last instant of what is named: of a date alone its last moment, of a time that of its millisecond.
    pub fn until(self, zone: &TimeZone) -> Time {
        match self {
            Self::Day(date) => match date.tomorrow() {
                Ok(next) => Time(Self::Day(next).at(zone).0 - 1),
                Err(_) => Time::FOREVER,
            },
            other => last_of_millisecond(other.at(zone)),
        }
    }
}

impl Wrapped<'_> for TimeInput {}

impl<'de> Deserialize<'de> for TimeInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;
        impl Visitor<'_> for TimeVisitor {
            type Value = TimeInput;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time such as \"2020-06-26T06:04:13.637Z\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<TimeInput, E> {
                TimeInput::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(TimeVisitor)
    }
}

/// A time of a reply: `"2020-06-26T06:04:13.637Z"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOutput(pub Time);

impl Serialize for TimeOutput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).expect("a zone of the bundled database");
        TimeInput::parse(text).unwrap_or_else(|error| panic!("{error}")).at(&zone).to_string()
    }

    #[test]
    fn an_offset_counts_and_without_one_the_zone() {
        for (text, zone, want) in [
            ("2020-06-26T06:04:13.637Z", "Europe/Berlin", "2020-06-26T06:04:13.637Z"),
            ("2020-06-26T06:04:13.6379999Z", "UTC", "2020-06-26T06:04:13.637Z"),
            ("2020-06-26T08:04:13+02:00", "UTC", "2020-06-26T06:04:13.000Z"),
            ("2020-06-26T08:04:13.5+0200", "UTC", "2020-06-26T06:04:13.500Z"),
            ("2020-06-25T20:34-09:30", "UTC", "2020-06-26T06:04:00.000Z"),
            ("2020-06-26T06:04:13", "UTC", "2020-06-26T06:04:13.000Z"),
            ("2020-06-26T06:04:13", "Europe/Berlin", "2020-06-26T04:04:13.000Z"),
            ("2020-01-26T06:04:13", "Europe/Berlin", "2020-01-26T05:04:13.000Z"),
            ("2020-06-26", "Europe/Berlin", "2020-06-25T22:00:00.000Z"),
            ("2020-06-26 06:04", "UTC", "2020-06-26T06:04:00.000Z"),
            ("2020-03-29T02:30:00", "Europe/Berlin", "2020-03-29T01:30:00.000Z"),
            ("2020-10-25T02:30:00", "Europe/Berlin", "2020-10-25T00:30:00.000Z"),
            ("0001-01-01T00:00:00Z", "UTC", "0001-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(at(text, zone), want, "{text} in {zone}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "now",
            "2020",
            "2020-13-01T00:00:00Z",
            "2020-02-30",
            "2020-06-26T25:00:00Z",
            "26.06.2020",
            "06/26/2020",
            "1593151453637",
            "2020-06-26T06:04:13Z and more",
            "2020-06-26T06:04:13+02:00[Europe/Berlin]",
            "99999-01-01T00:00:00Z",
        ] {
            assert!(TimeInput::parse(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<TimeInput>("1593151453637").is_err());
    }

    #[test]
    fn the_ends_of_the_calendar_are_instants_that_stock_cannot_have() {
        let zone = TimeZone::get("Pacific/Auckland").expect("a zone of the bundled database");
        for text in ["-009999-01-01T00:00:00", "9999-12-31T23:59:59"] {
            assert!(!TimeInput::parse(text).expect(text).at(&zone).is_datable(), "{text}");
        }
    }
}
