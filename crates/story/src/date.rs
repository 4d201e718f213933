//! Dates as stories write them.

use lotbook_domain::time::Time;

/// Reads `2024-03-05` or `2024-03-05T14:30` as UTC.
pub fn read(text: &str) -> Option<Time> {
    let (date, clock) = text.split_once('T').unwrap_or((text, "00:00"));
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let (hour, minute) = clock.split_once(':')?;
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    let minutes = days(year, month, day) * 1440 + hour * 60 + minute;
    let time = Time(minutes * 60_000_000);
    (time.civil() == (year, month, day) && hour < 24 && minute < 60).then_some(time)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_as_it_prints() {
        for text in ["2024-02-29", "1970-01-01", "1999-12-31"] {
            assert_eq!(read(text).map(|time| time.to_string()), Some(format!("{text}T00:00:00.000Z")));
        }
        assert_eq!(read("2024-03-05T14:30").map(|time| time.to_string()), Some("2024-03-05T14:30:00.000Z".to_owned()));
        assert_eq!(read("2023-02-29"), None);
        assert_eq!(read("soon"), None);
    }
}
