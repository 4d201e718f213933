//! Enums: read as a number, a digit string, a name, or `"Name = number"`; printed as a digit string
//! or, by the setting `enumStyle`, as a number.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use super::wire::{Wrapped, parse_digits};

/// How enums are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnumStyle {
    /// `"1"`.
    #[default]
    Digits,
    /// `1`.
    Numbers,
}

impl EnumStyle {
    /// A value to be printed in this style.
    pub fn code(self, number: i64) -> Code {
        Code { number, style: self }
    }
}

/// A value of an enum, to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The value.
    pub number: i64,
    /// How to print it.
    pub style: EnumStyle,
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.style {
            EnumStyle::Digits => serializer.collect_str(&self.number),
            EnumStyle::Numbers => serializer.serialize_i64(self.number),
        }
    }
}

/// The kind of document that an entry comes from. Numbers without a name are kept as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceKind(pub i64);

impl SourceKind {
    /// The kinds that have a name.
    const NAMES: [(&str, i64); 1] = [("PurchaseDelivery", 1)];
}

impl Wrapped<'_> for SourceKind {}

impl<'de> Deserialize<'de> for SourceKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KindVisitor;
        impl Visitor<'_> for KindVisitor {
            type Value = SourceKind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a name")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<SourceKind, E> {
                Ok(SourceKind(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<SourceKind, E> {
                i64::try_from(value)
                    .map(SourceKind)
                    .map_err(|_| E::custom(format_args!("{value} does not fit in 64 bits")))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<SourceKind, E> {
                parse(text, &SourceKind::NAMES).map(SourceKind).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(KindVisitor)
    }
}

/// The number that a text stands for: digits, a name in any case, or `Name = number`.
fn parse(text: &str, names: &[(&str, i64)]) -> Result<i64, String> {
    if let Some(number) = parse_digits(text) {
        return Ok(number);
    }
    let (name, number) = match text.split_once('=') {
        Some((name, number)) => (name.trim(), Some(number.trim())),
        None => (text.trim(), None),
    };
    let known = || names.iter().map(|(name, number)| format!("{name} = {number}")).collect::<Vec<_>>().join(", ");
    let Some((_, value)) = names.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
        return Err(format!("{text:?} is unknown; take a number or one of: {}", known()));
    };
    match number {
        Some(number) if parse_digits(number) != Some(*value) => {
            Err(format!("{text:?} contradicts itself; take a number or one of: {}", known()))
        }
        _ => Ok(*value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_comes_in_every_form() {
        for (json, want) in [
            ("1", 1),
            (r#""1""#, 1),
            (r#""PurchaseDelivery""#, 1),
            (r#""purchasedelivery""#, 1),
            (r#""PurchaseDelivery = 1""#, 1),
            (r#""PurchaseDelivery=1""#, 1),
            ("17", 17),
            (r#""17""#, 17),
        ] {
            assert_eq!(serde_json::from_str::<SourceKind>(json).expect(json), SourceKind(want));
        }
        for json in
            [r#""Delivery""#, r#""PurchaseDelivery = 2""#, r#""Delivery = 1""#, r#""""#, "1.0", "true", "[]", "{}"]
        {
            assert!(serde_json::from_str::<SourceKind>(json).is_err(), "{json}");
        }
        let error = serde_json::from_str::<SourceKind>(r#""Sale""#).expect_err("unknown").to_string();
        assert!(error.starts_with(r#""Sale" is unknown; take a number or one of: PurchaseDelivery = 1"#), "{error}");
    }

    #[test]
    fn the_style_decides_how_a_code_is_printed() {
        assert_eq!(serde_json::to_string(&EnumStyle::Digits.code(11)).unwrap(), r#""11""#);
        assert_eq!(serde_json::to_string(&EnumStyle::Numbers.code(11)).unwrap(), "11");
    }
}
