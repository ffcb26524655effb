//! How many values there are that are not counted, but reported.

use crate::input::json::values::IsGiven;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How many members of an object, or elements of a list, have a value as described at [`IsGiven`]; of any other value,
/// whether it has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct GivenCount(pub(crate) u64);

impl<'de> Deserialize<'de> for GivenCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GivenVisitor).map(Self)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<u64, E> {
        Ok(1)
    }

    fn visit_i64<E>(self, _: i64) -> Result<u64, E> {
        Ok(1)
    }

    fn visit_u64<E>(self, _: u64) -> Result<u64, E> {
        Ok(1)
    }

    fn visit_f64<E>(self, _: f64) -> Result<u64, E> {
        Ok(1)
    }

    fn visit_str<E>(self, text: &str) -> Result<u64, E> {
        Ok(u64::from(!text.is_empty()))
    }

    fn visit_unit<E>(self) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<u64, A::Error> {
        let mut given = 0;
        while let Some(IsGiven(is_given)) = values.next_element()? {
            given += u64::from(is_given);
        }
        Ok(given)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<u64, A::Error> {
        let mut given = 0;
        while let Some((IgnoredAny, IsGiven(is_given))) = members.next_entry()? {
            given += u64::from(is_given);
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_value_is_counted_one_by_one() {
        for (json, expected) in [
            (r#"{"a":1,"b":"","c":[0],"d":null,"e":false,"f":{"g":[1,2]}}"#, 4),
            (r#"[{"name":"a"},{},"x"]"#, 2),
            ("{}", 0),
            ("[]", 0),
            ("null", 0),
            (r#""""#, 0),
            (r#""x""#, 1),
            ("0", 1),
            ("-1", 1),
            ("1.5", 1),
            ("false", 1),
        ] {
            assert_eq!(serde_json::from_str::<GivenCount>(json).unwrap(), GivenCount(expected), "{json}");
        }
    }
}
