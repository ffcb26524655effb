//! Small values that annotation formats share.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

/// Whether a value says something: `null`, `""`, `[]` and `{}` do not, `false` and `0` do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HasValue(pub(crate) bool);

/// The names of the members of an object that have a value; `null` is an object without members.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NamesWithValue(pub(crate) Vec<String>);

/// A name, which some programs write as a number; `null` is an empty name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Name(pub(crate) String);

/// Yes or no, which some programs write as 1 and 0; `null` is no.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) bool);

macro_rules! any_value {
    ($name:ident, $visitor:ident) => {
        struct $visitor;

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any($visitor)
            }
        }
    };
}

any_value!(HasValue, HasValueVisitor);
any_value!(NamesWithValue, NamesVisitor);
any_value!(Name, NameVisitor);
any_value!(Flag, FlagVisitor);

impl<'de> Visitor<'de> for HasValueVisitor {
    type Value = HasValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<HasValue, E> {
        Ok(HasValue(true))
    }

    fn visit_i64<E>(self, _: i64) -> Result<HasValue, E> {
        Ok(HasValue(true))
    }

    fn visit_u64<E>(self, _: u64) -> Result<HasValue, E> {
        Ok(HasValue(true))
    }

    fn visit_i128<E>(self, _: i128) -> Result<HasValue, E> {
        Ok(HasValue(true))
    }

    fn visit_u128<E>(self, _: u128) -> Result<HasValue, E> {
        Ok(HasValue(true))
    }

    fn visit_f64<E>(self, _: f64) -> Result<HasValue, E> {
        Ok(HasValue(true))
    }

    fn visit_str<E>(self, text: &str) -> Result<HasValue, E> {
        Ok(HasValue(!text.is_empty()))
    }

    fn visit_unit<E>(self) -> Result<HasValue, E> {
        Ok(HasValue(false))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<HasValue, A::Error> {
        let mut any = false;
        while values.next_element::<IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(HasValue(any))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<HasValue, A::Error> {
        let mut any = false;
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(HasValue(any))
    }
}

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = NamesWithValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<NamesWithValue, E> {
        Ok(NamesWithValue::default())
    }

    /// An empty list is how some languages write an empty object.
    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<NamesWithValue, A::Error> {
        match values.next_element::<IgnoredAny>()? {
            None => Ok(NamesWithValue::default()),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<NamesWithValue, A::Error> {
        let mut names = Vec::new();
        let mut all = std::collections::HashSet::new();
        while let Some((name, HasValue(has_value))) = members.next_entry::<String, HasValue>()? {
            if !all.insert(crate::stable_id::hash(&name)) {
                return Err(A::Error::custom(format!("`{}` is given twice", crate::read_fault::shortened(&name))));
            }
            if has_value {
                names.push(name);
            }
        }
        Ok(NamesWithValue(names))
    }
}

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or a whole number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Name, E> {
        Ok(Name(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Name, E> {
        Ok(Name(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Name, E> {
        Ok(Name(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Name, E> {
        Ok(Name(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Name, E> {
        Ok(Name::default())
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
        match number {
            0 => Ok(Flag(false)),
            1 => Ok(Flag(true)),
            _ => Err(E::custom(format!("expected true, false, 1 or 0, found {number}"))),
        }
    }

    fn visit_unit<E>(self) -> Result<Flag, E> {
        Ok(Flag(false))
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
            ("false", true),
            ("0", true),
            ("-1.5", true),
            (r#"" ""#, true),
            ("[null]", true),
            (r#"{"a":null}"#, true),
        ] {
            assert_eq!(serde_json::from_str::<HasValue>(json).unwrap(), HasValue(expected), "{json}");
        }
        let names: NamesWithValue = serde_json::from_str(r#"{"a":1,"b":"","c":[0]}"#).unwrap();
        assert_eq!(names.0, ["a", "c"]);
        assert!(serde_json::from_str::<NamesWithValue>(r#"{"a":1,"a":2}"#).is_err());
    }

    #[test]
    fn names_and_flags_are_read_as_other_programs_write_them() {
        assert_eq!(serde_json::from_str::<Name>("12").unwrap().0, "12");
        assert_eq!(serde_json::from_str::<Name>(r#""x""#).unwrap().0, "x");
        assert!(serde_json::from_str::<Name>("[]").is_err());
        assert!(serde_json::from_str::<Flag>("1").unwrap().0);
        assert!(!serde_json::from_str::<Flag>("null").unwrap().0);
        assert!(serde_json::from_str::<Flag>("2").is_err());
    }
}
