//! Small values that annotation formats share.

use crate::input::json::deserializer::VALUE_TEXT;
use crate::input::non_numbers::{is_no_number, non_number};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Whether a value that counts says something: `null`, `""`, `[]` and `{}` do not, nor does a list of nothing else;
/// `false` and `0` do. `NaN` and `Infinity` are refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HasValue(pub(crate) bool);

/// Whether there is a value, as for [`HasValue`], that is not counted itself, such as the points of a shape: `NaN` and
/// `Infinity` do no harm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct IsGiven(pub(crate) bool);

impl<'de> Deserialize<'de> for HasValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AnyValue { counts: true }.deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for IsGiven {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(VALUE_TEXT, ValueOrText).map(Self)
    }
}

/// A number of fewer digits, without an exponent, is none that is too large.
const FINITE_DIGITS: usize = 300;

/// Decides for a value, or for its text, whether it says something.
struct ValueOrText;

impl<'de> Visitor<'de> for ValueOrText {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        AnyValue { counts: false }.deserialize(deserializer)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        match first_leaf(text.as_bytes()) {
            Some(leaf @ [b'-' | b'0'..=b'9', ..]) => {
                let end = leaf.iter().position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
                let number = leaf.get(..end.unwrap_or(leaf.len())).unwrap_or_default();
                if is_finite(number) { Ok(true) } else { Err(E::custom("a number that is too large")) }
            }
            leaf => Ok(leaf.is_some()),
        }
    }
}

/// Whether a number is not too large to be read.
fn is_finite(number: &[u8]) -> bool {
    let is_short = number.len() < FINITE_DIGITS && !number.iter().any(|byte| matches!(byte, b'e' | b'E'));
    is_short || std::str::from_utf8(number).is_ok_and(|number| number.parse().is_ok_and(f64::is_finite))
}

/// The text of a valid value from the first part on that says something.
fn first_leaf(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        let passed = match text {
            [b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']', ..] => 1,
            [b'"', b'"', ..] => 2,
            [b'n', ..] => 4,
            [b'{', rest @ ..] => {
                let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if rest.get(blanks) != Some(&b'}') {
                    return Some(text);
                }
                blanks + 2
            }
            [] => return None,
            _ => return Some(text),
        };
        text = text.get(passed..).unwrap_or_default();
    }
}

/// Decides for any value whether it says something.
#[derive(Clone, Copy)]
struct AnyValue {
    counts: bool,
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_i128<E>(self, _: i128) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_u128<E>(self, _: u128) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        match non_number(text) {
            Some(word) if self.counts => Err(E::custom(is_no_number(word))),
            _ => Ok(!text.is_empty()),
        }
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<bool, A::Error> {
        let mut any = false;
        while self.counts || !any {
            let Some(has_value) = values.next_element_seed(self)? else { return Ok(any) };
            any |= has_value;
        }
        // The many points of a shape are passed over.
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(any)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let mut any = false;
        while members.next_key::<IgnoredAny>()?.is_some() {
            any = true;
            if self.counts {
                members.next_value_seed(self)?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(any)
    }
}

/// A value, as its text where the parser has it in memory: what has the same text need not be parsed again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TextOrValue {
    Text(Box<str>),
    Value(Value),
}

struct TextOrValueVisitor;

impl<'de> Deserialize<'de> for TextOrValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(VALUE_TEXT, TextOrValueVisitor)
    }
}

impl<'de> Visitor<'de> for TextOrValueVisitor {
    type Value = TextOrValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<TextOrValue, D::Error> {
        Value::deserialize(deserializer).map(TextOrValue::Value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<TextOrValue, E> {
        Ok(TextOrValue::Text(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_null_and_what_is_empty_has_no_value() {
        for (json, expected) in [
            ("null", false),
            (r#""""#, false),
            ("[]", false),
            ("{}", false),
            ("[null]", false),
            (r#"[""]"#, false),
            (r#"["",[[],{}],[null,[""]]]"#, false),
            ("false", true),
            ("0", true),
            ("-1.5", true),
            (r#"" ""#, true),
            ("[0]", true),
            (r#"["",[[],[false]],""]"#, true),
            (r#"[{"a":null}]"#, true),
            (r#"{"a":null}"#, true),
        ] {
            assert_eq!(serde_json::from_str::<HasValue>(json).unwrap(), HasValue(expected), "{json}");
            assert_eq!(serde_json::from_str::<IsGiven>(json).unwrap(), IsGiven(expected), "{json}");
        }
    }

    #[test]
    fn a_value_that_counts_is_no_nan_wherever_it_stands_in_it() {
        for json in ["#", "[#]", "[1,#]", "[[#,1]]", r#"{"a":#}"#, r#"[{"a":[1,#]}]"#] {
            let json = json.replace('#', "\"\u{7F}\"");
            let error = serde_json::from_str::<HasValue>(&json).unwrap_err().to_string();
            assert!(error.starts_with("NaN is no number"), "{json}: {error}");
            assert_eq!(serde_json::from_str::<IsGiven>(&json).unwrap(), IsGiven(true), "{json}");
        }
    }
}
