//! The attributes of a shape, in files into which a tool writes values of its own beside those that people gave.

use crate::input::json::members::{FromMembers, from_members};
use crate::input::json::scalars::Flag;
use crate::input::json::values::{HasValue, IsGiven};
use serde::de::{Deserialize, Deserializer, Error, MapAccess};
use serde_json::Value;

const OUTSIDE: &str = "outside";

/// What CVAT and Datumaro write among the attributes without an annotator's answer, but for `outside`.
const TOOL_VALUES: [&str; 6] = ["occluded", "keyframe", "track_id", "rotation", "z_order", "is_crowd"];

/// Whether an attribute of this name is written by the tool.
pub(crate) fn is_tool_value(name: &str) -> bool {
    name == OUTSIDE || TOOL_VALUES.contains(&name)
}

/// What the `attributes` of a shape say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ShapeAttributes {
    /// The names of those that people gave a value.
    pub(crate) names: Vec<String>,
    /// How many have a value that the tool wrote.
    pub(crate) tool_values: u64,
    /// Whether the shape is marked as outside: nothing is visible there.
    pub(crate) is_outside: bool,
}

impl FromMembers for ShapeAttributes {
    fn take<'de, A: MapAccess<'de>>(&mut self, name: String, members: &mut A) -> Result<(), A::Error> {
        if name == OUTSIDE {
            let value: Value = members.next_value()?;
            let IsGiven(is_given) = IsGiven::deserialize(&value).map_err(A::Error::custom)?;
            let Flag(is_outside) = Flag::deserialize(&value).map_err(A::Error::custom)?;
            self.tool_values += u64::from(is_given);
            self.is_outside = is_outside;
        } else if TOOL_VALUES.contains(&name.as_str()) {
            self.tool_values += u64::from(members.next_value::<IsGiven>()?.0);
        } else if members.next_value::<HasValue>()?.0 {
            self.names.push(name);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for ShapeAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_members(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tool_wrote_is_distinguished_from_what_people_gave() {
        let json = r#"{"color":"red","occluded":false,"outside":false,"keyframe":true,"track_id":0,"rotation":0.0,
            "z_order":null,"is_crowd":"","note":"","Occluded":true}"#;
        let expected = ShapeAttributes {
            names: vec!["color".to_owned(), "Occluded".to_owned()],
            tool_values: 5,
            is_outside: false,
        };
        assert_eq!(serde_json::from_str::<ShapeAttributes>(json).unwrap(), expected);
    }

    #[test]
    fn outside_is_yes_or_no_however_it_is_written() {
        for (value, is_outside, tool_values) in [
            ("true", true, 1),
            ("1", true, 1),
            ("1.0", true, 1),
            (r#""True""#, true, 1),
            (r#""1""#, true, 1),
            ("false", false, 1),
            ("0", false, 1),
            (r#""False""#, false, 1),
            ("null", false, 0),
            (r#""""#, false, 0),
        ] {
            let read: ShapeAttributes = serde_json::from_str(&format!(r#"{{"outside":{value}}}"#)).unwrap();
            assert_eq!(read, ShapeAttributes { names: Vec::new(), tool_values, is_outside }, "{value}");
        }
        assert!(serde_json::from_str::<ShapeAttributes>(r#"{"outside":"perhaps"}"#).is_err());
    }
}
