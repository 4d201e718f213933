//! Exact money, and the only place that rounds.
//!
//! Amounts and unit costs are millionths of the tenant's currency in an `i64`. Intermediate
//! products use 128 bits; a result that leaves the range is `None`, which callers turn into the
//! named fault `amountTooLarge` or `quantityTooLarge`.

use crate::quantity::{ONE_E6, Quantity};

/// An amount of money in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub i64);

/// The cost or price of one unit in millionths; never below 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitCost(pub i64);

/// How many digits after the point an amount keeps: 0 to 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u8);

impl Scale {
    /// The scale of a tenant that has chosen none.
    pub const DEFAULT: Self = Self(4);

    /// A scale of 0 to 6 digits.
    pub fn try_new(digits: u8) -> Option<Self> {
        (digits <= 6).then_some(Self(digits))
    }

    /// The number of digits.
    pub fn digits(self) -> u8 {
        self.0
    }

    /// The smallest amount of this scale, in millionths.
    pub fn step_e6(self) -> i64 {
        10_i64.pow(u32::from(6 - self.0))
    }
}

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Sum, or `None` where it leaves the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

/// `round(a × b / c)`, half to even, in 128 bits; `None` where the result leaves 64 bits or `c` is 0. What is given may be
/// a sum that leaves 64 bits itself.
pub fn mul_div_half_even(a: impl Into<i128>, b: impl Into<i128>, c: impl Into<i128>) -> Option<i64> {
    i64::try_from(div_half_even(a.into().checked_mul(b.into())?, c.into())?).ok()
}

fn div_half_even(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let (numerator, denominator) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let floor = numerator.div_euclid(denominator);
    let twice = numerator.rem_euclid(denominator) * 2;
    Some(match twice.cmp(&denominator) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + (floor & 1),
    })
}

/// `quantity × unit cost`, rounded half to even to the scale.
pub fn extend(quantity: Quantity, cost: UnitCost, scale: Scale) -> Option<Amount> {
    let step = i128::from(scale.step_e6());
    let exact = i128::from(quantity.0) * i128::from(cost.0);
    let steps = div_half_even(exact, i128::from(ONE_E6) * step)?;
    i64::try_from(steps * step).ok().map(Amount)
}

/// A sum of quantities times unit costs, in millionths of millionths, rounded half to even to the
/// millionth; `None` where it leaves the range.
pub fn round_sum(exact_e12: i128) -> Option<Amount> {
    i64::try_from(div_half_even(exact_e12, i128::from(ONE_E6))?).ok().map(Amount)
}

/// The share `value × part / whole`, rounded half to even to the scale.
pub fn share(value: Amount, part: Quantity, whole: Quantity, scale: Scale) -> Option<Amount> {
    share_of_sum(value.0, part, whole.0, scale)
}

/// The same of sums, in millionths, that may leave the range themselves: what was sold under a document, in any number of
/// lines. `None` also where so much is summed up that 128 bits do not do.
pub fn share_of_sum(
    value_e6: impl Into<i128>,
    part: Quantity,
    whole_e6: impl Into<i128>,
    scale: Scale,
) -> Option<Amount> {
    let (value, part, whole, step) =
        (value_e6.into(), i128::from(part.0), whole_e6.into(), i128::from(scale.step_e6()));
    let divisor = whole.checked_mul(step)?;
    let steps = match value.checked_mul(part) {
        Some(exact) => div_half_even(exact, divisor)?,
        // What each whole unit takes, first: an even number of steps, so that halves still go where they should, and the
        // rest is small enough.
        None if whole > 0 => {
            let of_units = value.div_euclid(whole).checked_mul(part)?;
            let odd = of_units.rem_euclid(2 * step);
            let rest = odd.checked_mul(whole)?.checked_add(value.rem_euclid(whole).checked_mul(part)?)?;
            ((of_units - odd) / step).checked_add(div_half_even(rest, divisor)?)?
        }
        None => return None,
    };
    i64::try_from(steps.checked_mul(step)?).ok().map(Amount)
}

/// Splits an amount by weights, each part rounded half to even to the scale; the last takes the rest. `None`
/// where a part leaves the range or nothing weighs anything.
pub fn split(amount: Amount, weights: &[i64], scale: Scale) -> Option<Vec<Amount>> {
    // Of weights that each are in the range the sum need not be.
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if whole <= 0 {
        return None;
    }
    let mut left = amount.0;
    let mut parts = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let part = if at + 1 == weights.len() {
            Amount(left)
        } else {
            share_of_sum(amount.0, Quantity(*weight), whole, scale)?
        };
        left = left.checked_sub(part.0)?;
        parts.push(part);
    }
    Some(parts)
}

/// The unit cost `value / quantity`, rounded half to even to the millionth: for showing, never for
/// computing on. `None` where the quantity is 0 or the rate leaves the range.
pub fn rate(value: Amount, quantity: Quantity) -> Option<UnitCost> {
    mul_div_half_even(value.0, ONE_E6, quantity.0).map(UnitCost)
}

/// Converts an entered quantity to the base unit by an exact ratio; one rounding, half to even, to
/// the millionth.
pub fn convert(quantity: Quantity, numerator: i64, denominator: i64) -> Option<Quantity> {
    mul_div_half_even(quantity.0, numerator, denominator).map(Quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_loses_nothing() {
        let parts = split(Amount(100_000_000), &[1, 1, 1], Scale::DEFAULT).unwrap();
        assert_eq!(parts, [Amount(33_333_300), Amount(33_333_300), Amount(33_333_400)]);
        assert_eq!(split(Amount(1), &[0, 0], Scale::DEFAULT), None);
        let heavy = split(Amount(3_000_000), &[i64::MAX, i64::MAX, i64::MAX], Scale::DEFAULT).unwrap();
        assert_eq!(heavy, [Amount(1_000_000); 3]);
        assert_eq!(split(Amount(-1_000_000), &[3, 1], Scale::DEFAULT).unwrap(), [Amount(-750_000), Amount(-250_000)]);
    }

    #[test]
    fn halves_go_to_the_even_neighbour_on_both_sides_of_zero() {
        for (a, b, c, want) in [
            (1, 1, 2, 0),
            (3, 1, 2, 2),
            (5, 1, 2, 2),
            (-1, 1, 2, 0),
            (-3, 1, 2, -2),
            (-5, 1, 2, -2),
            (7, 1, 3, 2),
            (8, 1, 3, 3),
            (7, 1, -2, -4),
        ] {
            assert_eq!(mul_div_half_even(a, b, c), Some(want), "{a}×{b}/{c}");
        }
        assert_eq!(mul_div_half_even(i64::MAX, 2, 1), None);
        assert_eq!(mul_div_half_even(i128::MAX, 2, 1), None);
        assert_eq!(mul_div_half_even(3 * i128::from(i64::MAX), ONE_E6, 4 * i128::from(i64::MAX)), Some(750_000));
        assert_eq!(mul_div_half_even(1, 1, 0), None);
    }

    #[test]
    fn a_sum_is_rounded_once() {
        let half = i128::from(ONE_E6) / 2;
        assert_eq!(round_sum(half), Some(Amount(0)));
        assert_eq!(round_sum(3 * half), Some(Amount(2)));
        assert_eq!(round_sum(-3 * half), Some(Amount(-2)));
        // Three times 0.0000005 are 0.0000015, not three times nothing.
        assert_eq!(round_sum(half + half + half), Some(Amount(2)));
        assert_eq!(round_sum(i128::MAX), None);
    }

    #[test]
    fn a_share_of_sums_is_exact_beyond_the_range() {
        let (most, scale) = (i128::from(i64::MAX), Scale::DEFAULT);
        let part = Quantity(999_999_999_999_999_999);
        // At 2.5 a piece, whatever it is a part of; what fits into 128 bits at once, and what does not.
        for lines in [2, 20, 2_000_000_000] {
            let found = share_of_sum(5 * most * lines, Quantity(3 * ONE_E6), 2 * most * lines, scale);
            assert_eq!(found, Some(Amount(7_500_000)), "{lines}");
        }
        assert_eq!(share_of_sum(20 * most, part, 20 * most, scale), Some(Amount(1_000_000_000_000_000_000)));
        // Halves of a step go to the even one, at 2.5 a piece, though the product leaves 128 bits.
        let digits = Scale::try_new(6).expect("amounts keep six digits");
        for (pieces, worth) in
            [(900_000_000_000_000_001, 2_250_000_000_000_000_002), (900_000_000_000_000_003, 2_250_000_000_000_000_008)]
        {
            assert_eq!(share_of_sum(80 * most, Quantity(pieces), 32 * most, digits), Some(Amount(worth)));
        }
        assert_eq!(share_of_sum(i128::MAX, part, 1, scale), None);
        assert_eq!(share_of_sum(i128::MAX, part, 0, scale), None);
    }

    #[test]
    fn three_for_ten_leaves_the_rest_in_the_pool() {
        let scale = Scale::DEFAULT;
        let ten = Amount(10_000_000);
        let one = share(ten, Quantity(ONE_E6), Quantity(3 * ONE_E6), scale).unwrap();
        assert_eq!(one, Amount(3_333_300));
        assert_eq!(extend(Quantity(18_000_000), UnitCost(3_300_000), scale), Some(Amount(59_400_000)));
    }
}
