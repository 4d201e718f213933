//! Decimals of an expression: twelve digits after the point, exact, bounded.

use std::fmt;

use crate::money;
use crate::quantity::Quantity;

/// One in the last place.
const ONE: i128 = 1_000_000_000_000;
/// Digits after the point.
const DIGITS: u32 = 12;
/// No value is larger: eighteen digits before the point.
const MAX: i128 = 1_000_000_000_000_000_000 * ONE;

/// A decimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i128);

impl Number {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE);

    /// A whole number.
    pub fn whole(value: i64) -> Option<Self> {
        bounded(i128::from(value) * ONE)
    }

    /// A quantity, exactly.
    pub fn of(quantity: Quantity) -> Self {
        Self(i128::from(quantity.0) * (ONE / 1_000_000))
    }

    /// As a quantity, rounded once, half to even, to the millionth.
    pub fn to_quantity(self) -> Option<Quantity> {
        money::round_sum(self.0).map(|rounded| Quantity(rounded.0))
    }

    /// Reads a number such as `-12.5`, `.5` or `1e-3`. Digits beyond the twelfth leave a trace, so that
    /// rounding later is as if all had been kept.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (is_negative, rest) = match bytes.first()? {
            b'-' => (true, &bytes[1..]),
            b'+' => (false, &bytes[1..]),
            _ => (false, bytes),
        };
        let (mantissa, exponent) = match rest.iter().position(|b| b.eq_ignore_ascii_case(&b'e')) {
            Some(at) => (&rest[..at], Some(std::str::from_utf8(&rest[at + 1..]).ok()?)),
            None => (rest, None),
        };
        let exponent: i64 = match exponent {
            Some(text) if text.trim_start_matches(['+', '-']).is_empty() => return None,
            Some(text) if text.len() > 6 => return None,
            Some(text) => text.parse().ok()?,
            None => 0,
        };
        let point = mantissa.iter().position(|b| *b == b'.').unwrap_or(mantissa.len());
        let (whole, fraction) = (&mantissa[..point], mantissa.get(point + 1..).unwrap_or_default());
        if whole.len() + fraction.len() == 0 || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
            return None;
        }
        let digits = whole.iter().chain(fraction).copied();
        // The place of a digit, counted from the last that is kept.
        let mut place = whole.len() as i64 - 1 + exponent + i64::from(DIGITS);
        let (mut value, mut is_cut) = (0_i128, false);
        for digit in digits.map(|b| i128::from(b - b'0')) {
            if digit != 0 {
                match u32::try_from(place) {
                    Ok(place) if place > 31 => return None,
                    Ok(place) => value += digit * 10_i128.pow(place),
                    Err(_) => is_cut = true,
                }
            }
            place -= 1;
        }
        let value = trace(value, is_cut);
        bounded(if is_negative { -value } else { value })
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        bounded(self.0 + other.0)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Option<Self> {
        bounded(self.0 - other.0)
    }

    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        let (a, b) = (self.0.abs(), other.0.abs());
        let (a_whole, a_rest, b_whole, b_rest) = (a / ONE, a % ONE, b / ONE, b % ONE);
        let wholes = a_whole.checked_mul(b_whole)?;
        if wholes > MAX / ONE {
            return None;
        }
        let rests = a_rest * b_rest;
        let value = wholes * ONE + a_whole * b_rest + a_rest * b_whole + rests / ONE;
        let value = trace(value, rests % ONE != 0);
        bounded(if (self.0 < 0) == (other.0 < 0) { value } else { -value })
    }

    /// The quotient; `None` also where `other` is 0.
    pub fn over(self, other: Self) -> Option<Self> {
        if other.0 == 0 {
            return None;
        }
        let (a, b) = (self.0.abs(), other.0.abs());
        let (mut value, mut rest) = (a / b, a % b);
        for _ in 0..DIGITS {
            if value > MAX {
                return None;
            }
            rest *= 10;
            value = value * 10 + rest / b;
            rest %= b;
        }
        let value = trace(value, rest != 0);
        bounded(if (self.0 < 0) == (other.0 < 0) { value } else { -value })
    }

    /// What is left of a division, with the sign of the dividend; `None` where `other` is 0.
    pub fn rest(self, other: Self) -> Option<Self> {
        (other.0 != 0).then(|| Self(self.0 % other.0))
    }

    /// What is left, from 0 up; `None` where `other` is 0.
    pub fn rest_upward(self, other: Self) -> Option<Self> {
        (other.0 != 0).then(|| Self(self.0.rem_euclid(other.0)))
    }

    /// The power with a whole exponent of at most four digits.
    pub fn power(self, exponent: Self) -> Option<Self> {
        let mut left = exponent.to_whole().filter(|whole| whole.abs() <= 9_999)?.unsigned_abs();
        let (mut base, mut power) = (self, Self::ONE);
        while left > 0 {
            if left & 1 == 1 {
                power = power.times(base)?;
            }
            left >>= 1;
            if left > 0 {
                base = base.times(base)?;
            }
        }
        if exponent.0 < 0 { Self::ONE.over(power) } else { Some(power) }
    }

    /// With the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The next whole number at or below.
    #[must_use]
    pub fn floor(self) -> Self {
        Self(self.0.div_euclid(ONE) * ONE)
    }

    /// The next whole number at or above.
    #[must_use]
    pub fn ceil(self) -> Self {
        self.negated().floor().negated()
    }

    /// Without what is behind the point.
    #[must_use]
    pub fn cut(self) -> Self {
        Self(self.0 / ONE * ONE)
    }

    /// With so many digits behind the point, half away from zero.
    #[must_use]
    pub fn rounded(self, digits: u32) -> Self {
        if digits >= DIGITS {
            return self;
        }
        let step = 10_i128.pow(DIGITS - digits);
        let up = (self.0.abs() + step / 2) / step * step;
        Self(if self.0 < 0 { -up } else { up })
    }

    /// The whole number that it is.
    pub fn to_whole(self) -> Option<i64> {
        if self.0 % ONE == 0 { i64::try_from(self.0 / ONE).ok() } else { None }
    }

    /// Whether it is 0.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below 0.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Marks that something non-zero was cut off behind a digit on which rounding turns.
fn trace(value: i128, is_cut: bool) -> i128 {
    if is_cut && value % 5 == 0 { value + 1 } else { value }
}

fn bounded(value: i128) -> Option<Number> {
    (value.abs() <= MAX).then_some(Number(value))
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0.abs() / ONE, self.0.abs() % ONE);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let text = format!("{rest:012}");
        write!(f, "{sign}{whole}.{}", text.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn numbers_are_read_and_printed() {
        for (text, want) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("2.5E-3", "0.0025"),
            ("+7", "7"),
            ("0.1234567890125", "0.123456789012"),
            ("0.10000000000000001", "0.100000000001"),
            ("999999999999999999", "999999999999999999"),
        ] {
            assert_eq!(number(text).to_string(), want, "{text}");
        }
        for text in ["", ".", "-", "e5", "1e", "1e+", "1e9999999", "1e40", "12a", "1,5", "NaN", "0x10", "1e18000"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn arithmetic_is_exact_where_it_can_be() {
        assert_eq!(number("0.1").plus(number("0.2")), Some(number("0.3")));
        assert_eq!(number("-1.5").times(number("2.000001")), Some(number("-3.0000015")));
        assert_eq!(
            number("123456789.123456").times(number("987654321")).unwrap().to_string(),
            "121932631234567120.853376"
        );
        assert_eq!(number("10").over(number("4")), Some(number("2.5")));
        assert_eq!(number("10").over(Number::ZERO), None);
        assert_eq!(number("-7").rest(number("3")), Some(number("-1")));
        assert_eq!(number("-7").rest_upward(number("3")), Some(number("2")));
        assert_eq!(number("2").power(number("10")), Some(number("1024")));
        assert_eq!(number("2").power(number("-2")), Some(number("0.25")));
        assert_eq!(number("2").power(number("0.5")), None);
        assert_eq!(number("10").power(number("9999")), None);
        assert_eq!(number("1e17").times(number("100")), None);
        assert_eq!(number("-2.5").rounded(0), number("-3"));
        assert_eq!(number("2.345").rounded(2), number("2.35"));
        assert_eq!((number("-2.5").floor(), number("-2.5").ceil(), number("-2.5").cut()), {
            (number("-3"), number("-2"), number("-2"))
        });
    }

    #[test]
    fn what_is_cut_off_still_decides_a_half() {
        assert_eq!(number("0.0000005").to_quantity(), Some(Quantity(0)));
        assert_eq!(number("0.00000050000000000000001").to_quantity(), Some(Quantity(1)));
        assert_eq!(
            number("1").over(number("3")).unwrap().times(number("3")).unwrap().to_quantity(),
            Some(Quantity(1_000_000))
        );
    }
}
