//! Objects of which each member is taken once.

use crate::error::shortened;
use crate::input::json::values::HasValue;
use crate::input::seen_names::SeenNames;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The names of the members of an object that have a value; `null` is an object without members.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NamesWithValue(pub(crate) Vec<String>);

/// What is made of the members of an object; `null` and `[]` are an object without members.
pub(crate) trait FromMembers: Default {
    /// Takes the value of the member with a name.
    fn take<'de, A: MapAccess<'de>>(&mut self, name: String, members: &mut A) -> Result<(), A::Error>;
}

impl FromMembers for NamesWithValue {
    fn take<'de, A: MapAccess<'de>>(&mut self, name: String, members: &mut A) -> Result<(), A::Error> {
        if members.next_value::<HasValue>()?.0 {
            self.0.push(name);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for NamesWithValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_members(deserializer)
    }
}

pub(crate) fn from_members<'de, T: FromMembers, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(MembersVisitor(PhantomData))
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: FromMembers> Visitor<'de> for MembersVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    /// An empty list is how some languages write an empty object.
    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<T, A::Error> {
        values.next_element::<NoElement>()?;
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let mut all = T::default();
        let mut names = SeenNames::default();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(&name) {
                return Err(A::Error::custom(format!("`{}` is given twice", shortened(&name))));
            }
            all.take(name, &mut members)?;
        }
        Ok(all)
    }
}

/// An element where there must be none. It is refused before it is read, so that the error has its place.
struct NoElement;

impl<'de> Deserialize<'de> for NoElement {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::invalid_type(Unexpected::Seq, &"an object"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_with_a_value_is_named_once() {
        for (json, expected) in
            [(r#"{"a":1,"b":"","c":[0],"d":[""]}"#, &["a", "c"][..]), ("null", &[]), ("[]", &[]), ("{}", &[])]
        {
            assert_eq!(serde_json::from_str::<NamesWithValue>(json).unwrap().0, expected, "{json}");
        }
        for (json, reason) in [
            (r#"{"a":1,"a":2}"#, "a name that comes twice"),
            ("[0]", "a list"),
            ("7", "a number"),
            (r#""a""#, "a text"),
            ("{\"a\":\"\u{7F}\"}", "NaN"),
        ] {
            assert!(serde_json::from_str::<NamesWithValue>(json).is_err(), "{reason}");
        }
    }
}
