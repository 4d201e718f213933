//! How single values look in the dialect.
//!
//! An optional value is wrapped: `{"value": X}`. Left out or `null` means not given,
//! `{"value": null}` explicitly none; a bare `X` where a wrapper belongs is taken too. Wrappers stand
//! inside each other. An object never stands for a list, nor a list for an object.

use std::fmt;
use std::marker::PhantomData;

use lotbook_domain::id::LocationId;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::value::RawValue;

use crate::json::{self, DecimalInput, JsonFault};

/// The root org unit, as the dialect numbers it.
pub const ROOT_NUMBER: i64 = -1;

/// The root org unit, as it is kept.
const ROOT: LocationId = LocationId(1);

/// The org unit that a number of the dialect means: `-1` is the root.
pub fn org_unit(number: i64) -> LocationId {
    if number == ROOT_NUMBER { ROOT } else { LocationId(number) }
}

/// The number by which the dialect calls an org unit.
pub fn org_unit_number(id: LocationId) -> i64 {
    if id == ROOT { ROOT_NUMBER } else { id.0 }
}

/// Reads the body of a call: one object; an empty body counts as `{}`.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, JsonFault> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    json::read(body).map(|Object(request)| request)
}

/// An optional value of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opt<T> {
    /// Left out, or `null`, or a wrapper without a value.
    #[default]
    Missing,
    /// `{"value": null}`: explicitly none.
    Null,
    /// `{"value": X}` or a bare `X`.
    Given(T),
}

impl<T> Opt<T> {
    /// The value, if there is one.
    pub fn given(self) -> Option<T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Missing | Self::Null => None,
        }
    }
}

impl Opt<NumberOrText> {
    /// As a text.
    pub fn text(self) -> Opt<String> {
        match self {
            Self::Missing => Opt::Missing,
            Self::Null => Opt::Null,
            Self::Given(NumberOrText(text)) => Opt::Given(text),
        }
    }
}

/// A type that may stand in a wrapper.
pub trait Wrapped<'de>: Deserialize<'de> {
    /// The properties of an object type: by them a bare object is told from a wrapper.
    const FIELDS: &'static [&'static str] = &[];

    /// Reads the wrapper, or the bare value.
    fn read_wrapped<D: Deserializer<'de>>(deserializer: D) -> Result<Opt<Self>, D::Error> {
        deserializer.deserialize_any(WrapperVisitor(PhantomData))
    }
}

impl<'de, T: Wrapped<'de>> Deserialize<'de> for Opt<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_wrapped(deserializer)
    }
}

/// A text that clients also send as a whole number, such as the number of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberOrText(pub String);

impl<'de> Deserialize<'de> for NumberOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = NumberOrText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<NumberOrText, E> {
                Ok(NumberOrText(text.to_owned()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<NumberOrText, E> {
                Ok(NumberOrText(number.to_string()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<NumberOrText, E> {
                Ok(NumberOrText(number.to_string()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl Wrapped<'_> for NumberOrText {}
impl Wrapped<'_> for bool {}
impl Wrapped<'_> for String {}
impl Wrapped<'_> for Id {}
impl Wrapped<'_> for Vec<Id> {}

/// A decimal's bare form needs its digits, which the general way has already made a binary number of.
impl<'de> Wrapped<'de> for DecimalInput {
    fn read_wrapped<D: Deserializer<'de>>(deserializer: D) -> Result<Opt<Self>, D::Error> {
        #[derive(serde::Deserialize)]
        struct Wrapper {
            #[serde(default, deserialize_with = "present")]
            value: Opt<DecimalInput>,
        }
        fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Opt<DecimalInput>, D::Error> {
            Ok(Option::deserialize(deserializer)?.map_or(Opt::Null, Opt::Given))
        }

        let raw = <&RawValue>::deserialize(deserializer)?;
        match raw.get().as_bytes().first() {
            Some(b'n') => Ok(Opt::Missing),
            Some(b'{') => json::read_nested(raw).map(|wrapper: Wrapper| wrapper.value),
            _ => Self::from_json(raw.get()).map(Opt::Given).map_err(D::Error::custom),
        }
    }
}

struct WrapperVisitor<T>(PhantomData<T>);

impl<'de, T: Wrapped<'de>> Visitor<'de> for WrapperVisitor<T> {
    type Value = Opt<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or {\"value\": …}")
    }

    fn visit_unit<E: Error>(self) -> Result<Opt<T>, E> {
        Ok(Opt::Missing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Opt<T>, E> {
        T::deserialize(value.into_deserializer()).map(Opt::Given)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Opt<T>, E> {
        T::deserialize(value.into_deserializer()).map(Opt::Given)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Opt<T>, E> {
        T::deserialize(value.into_deserializer()).map(Opt::Given)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Opt<T>, E> {
        // No type of the dialect takes one; this words the refusal.
        T::deserialize(value.into_deserializer()).map(Opt::Given)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Opt<T>, E> {
        T::deserialize(value.into_deserializer()).map(Opt::Given)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Opt<T>, E> {
        T::deserialize(BorrowedStrDeserializer::new(value)).map(Opt::Given)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Opt<T>, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(list)).map(Opt::Given)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Opt<T>, A::Error> {
        let mut found = Opt::Missing;
        while let Some(key) = map.next_key_seed(KeySeed(T::FIELDS))? {
            match key {
                Key::Value => found = map.next_value::<Option<T>>()?.map_or(Opt::Null, Opt::Given),
                Key::Field(first) => {
                    let bare = BareObject { first: Some(first), rest: map };
                    return T::deserialize(MapAccessDeserializer::new(bare)).map(Opt::Given);
                }
                Key::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

enum Key {
    Value,
    Field(&'static str),
    Unknown,
}

struct KeySeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(match self.0.iter().find(|field| **field == key) {
            _ if key == "value" => Key::Value,
            Some(field) => Key::Field(field),
            None => Key::Unknown,
        })
    }
}

/// An object without a wrapper, whose first property had to be read to see that.
struct BareObject<A> {
    first: Option<&'static str>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for BareObject<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

/// The properties of a type that may stand in a wrapper.
pub trait Fields {
    /// Their names.
    const FIELDS: &'static [&'static str];
}

/// A struct that is written as an object and never as a list of its properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

impl<'de, T: Deserialize<'de> + Fields> Wrapped<'de> for Object<T> {
    const FIELDS: &'static [&'static str] = T::FIELDS;
}

/// Both ends are included; a missing end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(bound = "T: Wrapped<'de>")]
pub struct Range<T> {
    /// The lowest.
    #[serde(default)]
    pub from: Opt<T>,
    /// The highest.
    #[serde(default)]
    pub to: Opt<T>,
}

impl<T> Fields for Range<T> {
    const FIELDS: &'static [&'static str] = &["from", "to"];
}

/// An id or another whole number: a JSON integer or a string of digits. `1.0` is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of 64 bits")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Id, E> {
                Ok(Id(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Id, E> {
                i64::try_from(value).map(Id).map_err(|_| E::custom(format_args!("{value} does not fit in 64 bits")))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                parse_digits(text)
                    .map(Id)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &"a whole number of 64 bits"))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

/// Digits, with a minus sign or without.
pub(super) fn parse_digits(text: &str) -> Option<i64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// An optional value of a reply: `{"value": X}`, or `null` where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrap<T>(pub Option<T>);

impl<T: Serialize> Serialize for Wrap<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(value) = &self.0 else { return serializer.serialize_none() };
        let mut wrapper = serializer.serialize_struct("Wrap", 1)?;
        wrapper.serialize_field("value", value)?;
        wrapper.end()
    }
}

impl<T> From<Option<T>> for Wrap<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotbook_domain::quantity::DecimalFault;

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Body {
        id: Option<Id>,
        opt_id: Opt<Id>,
        text: Opt<String>,
        flag: Opt<bool>,
        price: Opt<DecimalInput>,
        ids: Opt<Vec<Id>>,
        range: Opt<Object<Range<DecimalInput>>>,
        inner: Opt<Object<Inner>>,
    }

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Inner {
        source_type: Option<String>,
        source_id: Opt<Id>,
    }

    impl Fields for Inner {
        const FIELDS: &'static [&'static str] = &["sourceType", "sourceId"];
    }

    fn body(text: &str) -> Body {
        read(text.as_bytes()).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
    }

    fn e6(value: i64) -> DecimalInput {
        DecimalInput(Ok(value))
    }

    #[test]
    fn an_optional_value_comes_in_every_form() {
        for (text, want) in [
            ("{}", Opt::Missing),
            (r#"{"optId":null}"#, Opt::Missing),
            (r#"{"optId":{}}"#, Opt::Missing),
            (r#"{"optId":{"modelType":"x"}}"#, Opt::Missing),
            (r#"{"optId":{"value":null}}"#, Opt::Null),
            (r#"{"optId":{"value":7}}"#, Opt::Given(Id(7))),
            (r#"{"optId":{"modelType":{"a":[1]},"value":"7","sort":1}}"#, Opt::Given(Id(7))),
            (r#"{"optId":7}"#, Opt::Given(Id(7))),
            (r#"{"optId":"-7"}"#, Opt::Given(Id(-7))),
        ] {
            assert_eq!(body(text).opt_id, want, "{text}");
        }
        for (text, want) in [
            (r#"{"price":null}"#, Opt::Missing),
            (r#"{"price":{}}"#, Opt::Missing),
            (r#"{"price":{"value":null}}"#, Opt::Null),
            (r#"{"price":{"value":1.25}}"#, Opt::Given(e6(1_250_000))),
            (r#"{"price":{"x":1,"value":"1.25"}}"#, Opt::Given(e6(1_250_000))),
            (r#"{"price": 123456789012.345678}"#, Opt::Given(e6(123_456_789_012_345_678))),
            (r#"{"price":"1.25"}"#, Opt::Given(e6(1_250_000))),
            (r#"{"price":{"value":1e400}}"#, Opt::Given(DecimalInput(Err(DecimalFault::TooLarge)))),
        ] {
            assert_eq!(body(text).price, want, "{text}");
        }
        assert_eq!(body(r#"{"text":{"value":"a\u0062"}}"#).text, Opt::Given("ab".into()));
        assert_eq!(body(r#"{"text":""}"#).text, Opt::Given(String::new()));
        assert_eq!(body(r#"{"flag":{"value":true}}"#).flag, Opt::Given(true));
        assert_eq!(body(r#"{"flag":false}"#).flag, Opt::Given(false));
        assert_eq!(body(r#"{"ids":{"value":[]}}"#).ids, Opt::Given(vec![]));
        assert_eq!(body(r#"{"ids":[1,"2"]}"#).ids, Opt::Given(vec![Id(1), Id(2)]));
        assert_eq!(body(r#"{"id":null}"#).id, None);
        assert_eq!(body(r#"{"id":"12"}"#).id, Some(Id(12)));
        assert_eq!(body("").id, None);
        assert_eq!(body(" \r\n").id, None);
    }

    #[test]
    fn wrappers_stand_inside_each_other() {
        let want = Inner { source_type: Some("invoice".into()), source_id: Opt::Given(Id(5)) };
        for text in [
            r#"{"inner":{"value":{"sourceType":"invoice","sourceId":{"value":5}}}}"#,
            r#"{"inner":{"value":{"sourceType":"invoice","sourceId":5}}}"#,
            r#"{"inner":{"modelType":1,"sourceType":"invoice","x":[],"sourceId":{"value":5}}}"#,
        ] {
            assert_eq!(body(text).inner.given().expect(text).0, want);
        }
        let range = body(r#"{"range":{"value":{"from":1.5,"to":{"value":"2"}}}}"#).range.given().unwrap().0;
        assert_eq!((range.from, range.to), (Opt::Given(e6(1_500_000)), Opt::Given(e6(2_000_000))));
        let range = body(r#"{"range":{"to":null,"from":1}}"#).range.given().unwrap().0;
        assert_eq!((range.from, range.to), (Opt::Given(e6(1_000_000)), Opt::Missing));
    }

    #[test]
    fn a_wrong_type_is_refused_with_its_path() {
        for (text, path) in [
            ("[]", "$"),
            ("null", "$"),
            ("5", "$"),
            (r#"{"id":1.0}"#, "$.id"),
            (r#"{"id":1e2}"#, "$.id"),
            (r#"{"id":"1.0"}"#, "$.id"),
            (r#"{"id":"+1"}"#, "$.id"),
            (r#"{"id":""}"#, "$.id"),
            (r#"{"id":9223372036854775808}"#, "$.id"),
            (r#"{"id":1e400}"#, "$.id"),
            (r#"{"id":true}"#, "$.id"),
            (r#"{"id":{"value":1}}"#, "$.id"),
            (r#"{"optId":{"value":1.0}}"#, "$.optId.value"),
            (r#"{"optId":1.0}"#, "$.optId"),
            (r#"{"optId":{"value":{"value":1}}}"#, "$.optId.value"),
            (r#"{"text":{"value":5}}"#, "$.text.value"),
            (r#"{"text":5}"#, "$.text"),
            (r#"{"flag":{"value":"true"}}"#, "$.flag.value"),
            (r#"{"flag":1}"#, "$.flag"),
            (r#"{"price":{"value":"ten"}}"#, "$.price.value"),
            (r#"{"price":{"value":[1]}}"#, "$.price.value"),
            (r#"{"price":"ten"}"#, "$.price"),
            (r#"{"price":[1]}"#, "$.price"),
            (r#"{"ids":{"value":[1,null]}}"#, "$.ids.value[1]"),
            (r#"{"ids":{"value":{"a":1}}}"#, "$.ids.value"),
            (r#"{"range":{"value":{"from":"x"}}}"#, "$.range.value.from"),
            (r#"{"range":{"value":{"from":{"value":{}}}}}"#, "$.range.value.from.value"),
            (r#"{"range":{"value":[1,2]}}"#, "$.range.value"),
            (r#"{"inner":{"value":{"sourceId":{"value":"x"}}}}"#, "$.inner.value.sourceId.value"),
            (r#"{"inner":{"sourceType":"a","sourceId":"x"}}"#, "$.inner.sourceId"),
            (r#"{"unknown":{"a":1,"a":1}}"#, "$.unknown.a"),
        ] {
            let fault = read::<Body>(text.as_bytes()).expect_err(text);
            assert_eq!(fault.path, path, "{text}: {}", fault.message);
        }
    }

    #[test]
    fn the_root_org_unit_has_a_number_of_its_own() {
        assert_eq!(org_unit(-1), LocationId(1));
        assert_eq!(org_unit(1), LocationId(1));
        assert_eq!(org_unit(7), LocationId(7));
        assert_eq!(org_unit_number(LocationId(1)), -1);
        assert_eq!(org_unit_number(LocationId(7)), 7);
    }

    #[test]
    fn a_reply_wraps_what_there_is() {
        assert_eq!(serde_json::to_string(&Wrap(Some(5))).unwrap(), r#"{"value":5}"#);
        assert_eq!(serde_json::to_string(&Wrap(None::<i64>)).unwrap(), "null");
    }
}
