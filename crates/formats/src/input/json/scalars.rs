//! Names, ids and flags, as programs write them.

use crate::input::non_numbers::{is_no_number, non_number};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use std::fmt;

/// A name, which some programs write as a number or as true or false; `null` is an empty name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Name(pub(crate) String);

/// What identifies a thing: a text or a whole number; `null` is an empty id. Of a fraction programs keep more
/// or less, and two could become one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Id(pub(crate) String);

/// Up to this, 2^53, numbers with a point or an exponent are read as they are written; beyond they are rounded.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Yes or no, which some programs write as 1 and 0, as 1.0 and 0.0 or as text; `null` and an empty text are no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor { is_id: false }).map(Self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor { is_id: true }).map(Self)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct NameVisitor {
    is_id: bool,
}

struct FlagVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_id { "a string or a whole number" } else { "a string or a number" })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<String, E> {
        match non_number(&text) {
            Some(word) => Err(E::custom(is_no_number(word))),
            None => Ok(text),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        if self.is_id { Err(E::invalid_type(Unexpected::Bool(value), &self)) } else { Ok(value.to_string()) }
    }

    fn visit_i64<E>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<String, E> {
        if self.is_id || number.abs() > EXACT {
            return Err(E::invalid_type(Unexpected::Float(number), &self));
        }
        Ok(number.to_string())
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok(String::new())
    }
}

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("true, false, 1 or 0")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
        flag_of(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Flag, E> {
        flag_of(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Flag, E> {
        flag_of(number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Flag, E> {
        if let Some(word) = non_number(text) {
            return Err(E::custom(is_no_number(word)));
        }
        let word = text.trim().to_ascii_lowercase();
        match (word.as_str(), word.parse::<f64>().ok().map(|number| number.to_string()).as_deref()) {
            ("" | "false" | "no", _) | (_, Some("0" | "-0")) => Ok(Flag(false)),
            ("true" | "yes", _) | (_, Some("1")) => Ok(Flag(true)),
            _ => Err(E::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    fn visit_unit<E>(self) -> Result<Flag, E> {
        Ok(Flag(false))
    }
}

/// Yes or no as a number of any kind.
fn flag_of<E: Error>(number: impl fmt::Display) -> Result<Flag, E> {
    match number.to_string().as_str() {
        "0" | "-0" => Ok(Flag(false)),
        "1" => Ok(Flag(true)),
        other => Err(E::custom(format!("expected true, false, 1 or 0, found {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_a_number_or_a_flag_and_an_id_a_whole_number() {
        for (json, name) in [("12", "12"), ("-1", "-1"), (r#""x""#, "x"), ("null", ""), (r#""NaN""#, "NaN")] {
            assert_eq!(serde_json::from_str::<Name>(json).unwrap().0, name);
            assert_eq!(serde_json::from_str::<Id>(json).unwrap().0, name);
        }
        for (json, name) in [("7.5", "7.5"), ("1e2", "100"), ("7.0", "7"), ("true", "true"), ("false", "false")] {
            assert_eq!(serde_json::from_str::<Name>(json).unwrap().0, name);
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
        }
        for (json, reason) in [
            ("[]", "a list"),
            ("{}", "an object"),
            ("18446744073709551616", "a number past 64 bits, which would be rounded"),
            ("1e300", "a number that would be rounded"),
            ("\"\u{7F}\"", "NaN"),
        ] {
            assert!(serde_json::from_str::<Name>(json).is_err(), "{reason}");
            assert!(serde_json::from_str::<Id>(json).is_err(), "{reason}");
        }
    }

    #[test]
    fn yes_and_no_are_read_as_other_programs_write_them() {
        for json in [
            "true",
            "1",
            "1.0",
            "1e0",
            r#""true""#,
            r#""True""#,
            r#""TRUE""#,
            r#""1""#,
            r#"" 1""#,
            r#""1.0""#,
            r#""Yes ""#,
        ] {
            assert_eq!(serde_json::from_str::<Flag>(json).unwrap(), Flag(true), "{json}");
        }
        for json in [
            "false",
            "0",
            "-0",
            "0.0",
            "-0.0",
            r#""false""#,
            r#""False""#,
            r#""0""#,
            r#""""#,
            r#"" 0 ""#,
            r#""0.0""#,
            r#""no""#,
            r#""NO""#,
            r#"" ""#,
            "null",
        ] {
            assert_eq!(serde_json::from_str::<Flag>(json).unwrap(), Flag(false), "{json}");
        }
    }

    #[test]
    fn what_is_neither_yes_nor_no_is_reported() {
        for (json, expected) in [
            ("2", "expected true, false, 1 or 0, found 2"),
            ("-1", "expected true, false, 1 or 0, found -1"),
            ("0.5", "expected true, false, 1 or 0, found 0.5"),
            (r#""maybe""#, r#"invalid type: string "maybe", expected true, false, 1 or 0"#),
            (r#""0.5""#, r#"invalid type: string "0.5", expected true, false, 1 or 0"#),
            (r#""nan""#, r#"invalid type: string "nan", expected true, false, 1 or 0"#),
            ("[]", "invalid type: sequence, expected true, false, 1 or 0"),
            ("{}", "invalid type: map, expected true, false, 1 or 0"),
            ("\"\u{7F}\"", "NaN is no number"),
        ] {
            let error = serde_json::from_str::<Flag>(json).unwrap_err().to_string();
            assert_eq!(error.split(" at line").next(), Some(expected), "{json}");
        }
    }
}
