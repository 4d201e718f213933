//! Exact quantities: millionths in an `i64`.

use std::fmt;

/// One unit in millionths.
pub const ONE_E6: i64 = 1_000_000;

/// The largest quantity, price or amount that a request may carry: 12 digits before the point.
pub const INPUT_E6_MAX: i64 = 999_999_999_999_999_999;

/// A quantity in millionths of a unit. May be negative where it is a change or a balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(pub i64);

/// Why a text is not an exact decimal of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalFault {
    /// Not a decimal number at all.
    Malformed,
    /// More than 12 digits before the point.
    TooLarge,
    /// More than 6 digits after the point; never rounded silently.
    TooPrecise,
}

impl fmt::Display for DecimalFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "is not a decimal number",
            Self::TooLarge => "has more than 12 digits before the point",
            Self::TooPrecise => "has more than 6 digits after the point",
        })
    }
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One whole unit.
    pub const ONE: Self = Self(ONE_E6);

    /// Sum, or `None` where it leaves the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Difference, or `None` where it leaves the range.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Whether it counts whole units only.
    pub fn is_whole(self) -> bool {
        self.0 % ONE_E6 == 0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_e6(self.0))
    }
}

impl std::str::FromStr for Quantity {
    type Err = DecimalFault;

    fn from_str(text: &str) -> Result<Self, DecimalFault> {
        parse_e6(text).map(Self)
    }
}

/// Reads a decimal such as `-12.5`, `0.000001` or `1e3` into millionths, exactly.
///
/// The form is JSON's number form, with an optional leading `+`. At most 12 digits before and 6
/// after the point, trailing zeros not counted.
pub fn parse_e6(text: &str) -> Result<i64, DecimalFault> {
    let bytes = text.as_bytes();
    let (negative, mut rest) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let mut exponent: i64 = 0;
    if let Some(at) = rest.iter().position(|b| *b == b'e' || *b == b'E') {
        let digits = &rest[at + 1..];
        let (down, digits) = match digits.first() {
            Some(b'-') => (true, &digits[1..]),
            Some(b'+') => (false, &digits[1..]),
            _ => (false, digits),
        };
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(DecimalFault::Malformed);
        }
        // Beyond four digits the exponent alone decides; the cap keeps the arithmetic small.
        exponent = digits.iter().fold(0_i64, |sum, b| (sum * 10 + i64::from(b - b'0')).min(99_999));
        if down {
            exponent = -exponent;
        }
        rest = &rest[..at];
    }
    let point = rest.iter().position(|b| *b == b'.');
    let (whole, fraction) = match point {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &rest[..0]),
    };
    if whole.is_empty() || (point.is_some() && fraction.is_empty()) {
        return Err(DecimalFault::Malformed);
    }
    if !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return Err(DecimalFault::Malformed);
    }
    // digits × 10^power, leading and trailing zeros dropped.
    let digits: Vec<u8> = whole.iter().chain(fraction).copied().skip_while(|b| *b == b'0').collect();
    let zeros = digits.iter().rev().take_while(|b| **b == b'0').count();
    let digits = &digits[..digits.len() - zeros];
    if digits.is_empty() {
        return Ok(0);
    }
    let power = exponent - fraction.len() as i64 + zeros as i64;
    if digits.len() as i64 + power > 12 {
        return Err(DecimalFault::TooLarge);
    }
    if power < -6 {
        return Err(DecimalFault::TooPrecise);
    }
    let mut value: i64 = 0;
    for digit in digits {
        value = value * 10 + i64::from(digit - b'0');
    }
    value *= 10_i64.pow((power + 6) as u32);
    Ok(if negative { -value } else { value })
}

/// Prints millionths as the shortest exact decimal: `1.5`, `-0.000001`, `20`.
pub fn format_e6(value: i64) -> String {
    let whole = value.unsigned_abs() / ONE_E6 as u64;
    let fraction = value.unsigned_abs() % ONE_E6 as u64;
    let sign = if value < 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let text = format!("{sign}{whole}.{fraction:06}");
    text.trim_end_matches('0').to_owned()
}

/// The same of a sum, which may leave the range of one quantity.
pub fn format_sum_e6(sum: i128) -> String {
    if let Ok(value) = i64::try_from(sum) {
        return format_e6(value);
    }
    let (sign, size, one) = (if sum < 0 { "-" } else { "" }, sum.unsigned_abs(), u128::from(ONE_E6.unsigned_abs()));
    let text = format!("{sign}{}.{:06}", size / one, size % one);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_beyond_the_range() {
        let most = i128::from(i64::MAX);
        assert_eq!(format_sum_e6(most), "9223372036854.775807");
        assert_eq!(format_sum_e6(2 * most), "18446744073709.551614");
        assert_eq!(format_sum_e6(-20_000_000_000_000_000_000), "-20000000000000");
    }

    #[test]
    fn a_decimal_is_read_exactly_or_refused_with_the_reason() {
        for (text, want) in [
            ("0", Ok(0)),
            ("-0.0", Ok(0)),
            ("1", Ok(1_000_000)),
            ("+2.50", Ok(2_500_000)),
            ("0.000001", Ok(1)),
            ("-12.345678", Ok(-12_345_678)),
            ("1e3", Ok(1_000_000_000)),
            ("1.5E-6", Err(DecimalFault::TooPrecise)),
            ("15e-6", Ok(15)),
            ("0.10000000000000", Ok(100_000)),
            ("999999999999.999999", Ok(INPUT_E6_MAX)),
            ("1000000000000", Err(DecimalFault::TooLarge)),
            ("1e400", Err(DecimalFault::TooLarge)),
            ("0e400", Ok(0)),
            ("1e-400", Err(DecimalFault::TooPrecise)),
            ("0.0000001", Err(DecimalFault::TooPrecise)),
            ("", Err(DecimalFault::Malformed)),
            (".5", Err(DecimalFault::Malformed)),
            ("1.", Err(DecimalFault::Malformed)),
            ("NaN", Err(DecimalFault::Malformed)),
            ("--1", Err(DecimalFault::Malformed)),
            ("1e", Err(DecimalFault::Malformed)),
        ] {
            assert_eq!(parse_e6(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        for value in [0, 1, -1, 1_500_000, -2_000_000, INPUT_E6_MAX, -INPUT_E6_MAX] {
            assert_eq!(parse_e6(&format_e6(value)), Ok(value));
        }
        assert_eq!(format_e6(i64::MIN), "-9223372036854.775808");
    }
}
