//! Business days: where a tenant's day ends.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use lotbook_domain::time::Time;

/// The zone of a name, or why there is none.
pub fn named(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| format!("{name} is not a time zone; take an IANA name such as Europe/Madrid"))
}

/// The first instant after what a text names: a date ends with its day in the zone, an instant with
/// itself.
pub fn end_of(text: &str, zone_name: &str) -> Result<Time, String> {
    let zone = named(zone_name)?;
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Time(instant.as_microsecond() + 1));
    }
    let refuse = |_| format!("{text} is neither a date (2011-01-31) nor a time (2011-01-31T23:59:59Z)");
    if text.contains('T') || text.contains(' ') {
        let local: DateTime = text.parse().map_err(refuse)?;
        let instant = zone.to_timestamp(local).map_err(refuse)?;
        return Ok(Time(instant.as_microsecond() + 1));
    }
    let date: Date = text.parse().map_err(refuse)?;
    let next = date.tomorrow().map_err(refuse)?;
    let instant = zone.to_timestamp(next.at(0, 0, 0, 0)).map_err(refuse)?;
    Ok(Time(instant.as_microsecond()))
}

/// The first instant of what a text names: a date begins with its day in the zone.
pub fn start_of(text: &str, zone_name: &str) -> Result<Time, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Time(instant.as_microsecond()));
    }
    let refuse = |_| format!("{text} is neither a date (2011-01-31) nor a time (2011-01-31T23:59:59Z)");
    let local: DateTime = text.parse().map_err(refuse)?;
    let instant = named(zone_name)?.to_timestamp(local).map_err(refuse)?;
    Ok(Time(instant.as_microsecond()))
}

/// The instant that a text names: with an offset as it stands; without one in the zone; a date alone is
/// its first instant there.
pub fn instant(text: &str, zone_name: &str) -> Result<Time, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Time(instant.as_microsecond()));
    }
    let zone = named(zone_name)?;
    let refuse = |_| format!("{text:?} is neither a date (2011-01-31) nor a time (2011-01-31T23:59:59Z)");
    let local: DateTime = match text.parse::<Date>() {
        Ok(date) if !text.contains('T') && !text.contains(' ') => date.at(0, 0, 0, 0),
        _ => text.parse().map_err(refuse)?,
    };
    Ok(Time(zone.to_timestamp(local).map_err(refuse)?.as_microsecond()))
}

/// The last instant that a text names: of a date alone, that of its day in the zone; of a time, that of its
/// millisecond, for times are shown in milliseconds, and whoever asks up to one that they were shown means it.
pub fn last_instant(text: &str, zone_name: &str) -> Result<Time, String> {
    match text.parse::<Date>() {
        Ok(_) if !text.contains('T') && !text.contains(' ') => Ok(Time(end_of(text, zone_name)?.0 - 1)),
        _ => instant(text, zone_name).map(last_of_millisecond),
    }
}

/// The last instant of the millisecond that begins at a time; a time inside of one is itself.
pub fn last_of_millisecond(at: Time) -> Time {
    if at.0 % 1_000 == 0 { Time(at.0.saturating_add(999)) } else { at }
}

/// How far local time is ahead of UTC then, in microseconds; 0 in a zone that nobody knows.
pub fn ahead_of_utc(at: Time, zone_name: &str) -> i64 {
    let offset = named(zone_name).ok().zip(Timestamp::from_microsecond(at.0).ok());
    offset.map_or(0, |(zone, at)| i64::from(zone.to_offset(at).seconds()) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_date_ends_with_the_tenants_day() {
        assert_eq!(end_of("2010-12-31", "UTC").unwrap().to_string(), "2011-01-01T00:00:00.000Z");
        assert_eq!(end_of("2010-12-31", "Europe/Madrid").unwrap().to_string(), "2010-12-31T23:00:00.000Z");
        assert_eq!(end_of("2010-12-31T12:00:00Z", "UTC").unwrap(), Time(1_293_796_800_000_001));
        assert_eq!(last_instant("2010-12-31", "Europe/Madrid").unwrap(), Time(1_293_836_399_999_999));
        assert_eq!(last_instant("2010-12-31T12:00:00Z", "UTC").unwrap(), Time(1_293_796_800_000_999));
        assert_eq!(last_instant("2010-12-31T12:00:00.000001Z", "UTC").unwrap(), Time(1_293_796_800_000_001));
        assert_eq!(last_instant("2010-12-31T13:00", "Europe/Madrid").unwrap(), Time(1_293_796_800_000_999));
        assert!(last_instant("soon", "UTC").is_err());
        assert!(end_of("soon", "UTC").is_err());
        assert!(end_of("2010-12-31", "Middle/Earth").is_err());
    }
}
