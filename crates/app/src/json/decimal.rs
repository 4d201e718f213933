//! Decimals between JSON and millionths, digit by digit.

use std::borrow::Cow;

use lotbook_domain::quantity::{DecimalFault, ONE_E6, format_e6, parse_e6};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// An exact decimal in millionths. Read from a JSON number or a decimal string, printed as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub i64);

/// A decimal as it came in: well formed, but maybe of more digits than are kept.
///
/// Such a number is a fault of the field and not of the text, so that it is told together with the
/// other faults of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecimalInput(pub Result<i64, DecimalFault>);

impl DecimalInput {
    /// Reads the text of one JSON value; `Err` where it is no decimal at all.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let text = match json.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Cow::Borrowed(json),
            Some(b'"') if json.contains('\\') => {
                Cow::Owned(serde_json::from_str(json).map_err(|error| error.to_string())?)
            }
            Some(b'"') => Cow::Borrowed(&json[1..json.len() - 1]),
            first => {
                let what = match first {
                    Some(b'{') => "an object",
                    Some(b'[') => "a list",
                    Some(b'n') => "null",
                    _ => "a boolean",
                };
                return Err(format!("expected a decimal number or a decimal string, got {what}"));
            }
        };
        match parse_e6(&text) {
            Err(DecimalFault::Malformed) => Err(format!("{:?} {}", super::shorten(&text, 40), DecimalFault::Malformed)),
            read => Ok(Self(read)),
        }
    }
}

impl<'de> Deserialize<'de> for DecimalInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Self::from_json(raw.get()).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let DecimalInput(read) = DecimalInput::deserialize(deserializer)?;
        read.map(Self).map_err(D::Error::custom)
    }
}

/// Whoever serialises an exact decimal writes text. By way of a `serde_json::Value`, which is what `json!` makes of
/// whatever is put into it, its digits would become those of a float; every test that comes across such a place
/// ends here. Put it into a type of its own and print that.
pub fn must_be_text<S>() {
    debug_assert!(
        !std::any::type_name::<S>().contains("::value::ser::"),
        "an exact decimal was put into a serde_json::Value, maybe by json!, and becomes a float there"
    );
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        must_be_text::<S>();
        if self.0 % ONE_E6 == 0 {
            return serializer.serialize_i64(self.0 / ONE_E6);
        }
        let text = format_e6(self.0);
        let raw: &RawValue = serde_json::from_str(&text).expect("a printed decimal is a JSON number");
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_strings_are_read_to_the_last_digit() {
        for (json, want) in [
            ("12.5", Ok(12_500_000)),
            (r#""12.5""#, Ok(12_500_000)),
            ("-0.000001", Ok(-1)),
            ("123456789012.345678", Ok(123_456_789_012_345_678)),
            (r#""123456789012.345678""#, Ok(123_456_789_012_345_678)),
            ("0.1e1", Ok(ONE_E6)),
            (r#""\u0031""#, Ok(ONE_E6)),
            ("1e400", Err(DecimalFault::TooLarge)),
            ("1e-400", Err(DecimalFault::TooPrecise)),
            ("0.1234567", Err(DecimalFault::TooPrecise)),
        ] {
            assert_eq!(DecimalInput::from_json(json), Ok(DecimalInput(want)), "{json}");
        }
        for json in [r#""""#, r#"" 1""#, r#""1,5""#, r#""NaN""#, r#""0x10""#, "true", "null", "[]", "{}"] {
            assert!(DecimalInput::from_json(json).is_err(), "{json}");
        }
    }

    #[test]
    #[should_panic(expected = "becomes a float")]
    fn a_decimal_does_not_go_by_way_of_a_float() {
        drop(serde_json::json!({ "count": Decimal(9_007_199_254_740_993) }));
    }

    #[test]
    fn a_decimal_is_printed_as_an_exact_number() {
        for (value, want) in
            [(0, "0"), (20_000_000, "20"), (-1, "-0.000001"), (123_456_789_012_345_678, "123456789012.345678")]
        {
            assert_eq!(serde_json::to_string(&Decimal(value)).unwrap(), want);
            assert_eq!(serde_json::from_str::<Decimal>(want).unwrap(), Decimal(value));
        }
    }
}
