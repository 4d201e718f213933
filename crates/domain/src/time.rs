//! Time as microseconds since 1970-01-01T00:00Z.

/// An instant in microseconds UTC. Doors cut and print milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// 1900-01-01: the earliest date that a movement may carry.
    pub const EARLIEST: Self = Self(-2_208_988_800_000_000);
    /// 2200-01-01: movements are dated before it.
    pub const LATEST: Self = Self(7_258_118_400_000_000);
    /// Before every movement.
    pub const BEGINNING: Self = Self(i64::MIN);
    /// After every movement.
    pub const FOREVER: Self = Self(i64::MAX);

    /// Microseconds in a day.
    pub const DAY: i64 = 86_400_000_000;

    /// Whether a movement may be dated so.
    pub fn is_datable(self) -> bool {
        (Self::EARLIEST..Self::LATEST).contains(&self)
    }

    /// The calendar day in UTC: `(year, month, day)`.
    ///
    /// Days since the epoch to a civil date, by the usual era arithmetic of the proleptic
    /// Gregorian calendar.
    pub fn civil(self) -> (i64, i64, i64) {
        let days = self.0.div_euclid(Self::DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl std::fmt::Display for Time {
    /// ISO 8601 in UTC with milliseconds: `2010-12-01T08:26:00.000Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.civil();
        let millis = self.0.rem_euclid(Self::DAY) / 1000;
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_print_as_dates() {
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Time(1_593_151_453_637_000).to_string(), "2020-06-26T06:04:13.637Z");
        assert_eq!(Time::EARLIEST.to_string(), "1900-01-01T00:00:00.000Z");
        assert_eq!(Time(Time::LATEST.0 - 1).to_string(), "2199-12-31T23:59:59.999Z");
        assert_eq!(Time(951_782_400_000_000).to_string(), "2000-02-29T00:00:00.000Z");
    }
}
