//! JSON, pulled value by value: elements of bounded size, and the values that several formats share.

#[cfg(any(test, feature = "fuzz"))]
mod both_ways;
mod careful;
mod containers;
mod cursor;
mod deserializer;
mod error;
mod given_count;
mod items;
mod json_input;
mod key_values;
mod line_breaks;
mod members;
mod outline;
mod passing;
#[cfg(test)]
mod same_as_careful;
mod scalars;
mod shape_attributes;
mod source;
mod tokens;
mod values;

#[cfg(any(test, feature = "fuzz"))]
pub use both_ways::json_both_ways;
pub(crate) use given_count::GivenCount;
pub(crate) use items::JsonItems;
pub(crate) use json_input::{JsonInput, MemberNames};
pub(crate) use key_values::{CountedJson, NonNumber};
pub(crate) use members::{FromMembers, NamesWithValue, from_members};
pub(crate) use outline::JsonOutline;
pub(crate) use scalars::{Flag, Id, Name};
pub(crate) use shape_attributes::{ShapeAttributes, is_tool_value};
pub(crate) use values::{HasValue, IsGiven, TextOrValue};
