//! Values of which the texts count, whatever they are.

use crate::input::non_numbers::{is_no_number, non_number};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::fmt;

/// Any value, of which a text or a number may become a part of a key: so it has no `NaN` or `Infinity` in it.
///
/// A plain [`Json`] would keep what the parser was given in their place, as if a person had typed it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CountedJson(pub(crate) Json);

/// The first `NaN` or `Infinity` in a value of which it is only known later whether it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NonNumber(pub(crate) Option<&'static str>);

impl<'de> Deserialize<'de> for CountedJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountedVisitor).map(Self)
    }
}

impl<'de> Deserialize<'de> for NonNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Json::deserialize(deserializer).map(|value| Self(first_in(&value)))
    }
}

fn first_in(value: &Json) -> Option<&'static str> {
    match value {
        Json::String(text) => non_number(text),
        Json::Array(values) => values.iter().find_map(first_in),
        Json::Object(members) => members.values().find_map(first_in),
        Json::Null | Json::Bool(_) | Json::Number(_) => None,
    }
}

struct CountedVisitor;

impl<'de> Visitor<'de> for CountedVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        match non_number(text) {
            Some(word) => Err(E::custom(is_no_number(word))),
            None => Ok(text.into()),
        }
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(CountedJson(value)) = values.next_element()? {
            all.push(value);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut all = Map::new();
        while let Some((name, CountedJson(value))) = members.next_entry::<String, _>()? {
            all.insert(name, value);
        }
        Ok(Json::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_the_file_has_unless_it_is_no_number() {
        for json in ["null", "true", "-7", "7", "1.5", r#""x""#, r#"[1,["a",null]]"#, r#"{"a":[{"b":"NaN"}]}"#] {
            let expected: Json = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::from_str::<CountedJson>(json).unwrap(), CountedJson(expected));
            assert_eq!(serde_json::from_str::<NonNumber>(json).unwrap(), NonNumber(None));
        }
        for json in ["#", "[1,[#]]", r#"{"a":[{"b":#}]}"#] {
            let json = json.replace('#', "\"\u{7F}\"");
            let error = serde_json::from_str::<CountedJson>(&json).unwrap_err().to_string();
            assert!(error.starts_with("NaN is no number"), "{error}");
            assert_eq!(serde_json::from_str::<NonNumber>(&json).unwrap(), NonNumber(Some("NaN")));
        }
    }
}
