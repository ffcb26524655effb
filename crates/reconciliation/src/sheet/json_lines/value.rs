//! The values of a JSON object, with exact numbers.

use crate::sheet::table::cell::Cell;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A value, as far as it can be a name or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Nothing,
    Integer(i64),
    Text(Cow<'a, str>),
    Members(Members<'a>),
    /// In words: `a list`.
    Other(&'static str),
}

/// Names and values of an object, in the order of the file.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

/// The members of the object that a line is.
pub(super) fn members(line: &str) -> Result<Members<'_>, serde_json::Error> {
    match serde_json::from_str(line)? {
        Value::Members(members) => Ok(members),
        Value::Nothing | Value::Integer(_) | Value::Text(_) | Value::Other(_) => {
            Err(serde::de::Error::custom("expected an object"))
        }
    }
}

impl Value<'_> {
    /// The same as a table has it.
    pub(super) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Nothing => Cell::Blank,
            Self::Integer(number) => Cell::Integer(*number),
            Self::Text(text) => Cell::text(text),
            Self::Members(_) => Cell::Other("an object"),
            Self::Other(what) => Cell::Other(what),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// A name of a member, borrowed unless it is escaped.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Other("true or false"))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).map_or(Value::Other("a number that is too large"), Value::Integer))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Other("a number with decimals, with an exponent or too large"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Name(name), value)) = object.next_entry()? {
            members.push((name, value));
        }
        Ok(Value::Members(members))
    }
}
